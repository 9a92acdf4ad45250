//! Printing in the recommended form: amino acids of three letters, `Ter`, counts in square brackets.

use std::fmt::{Display, Formatter, Result, Write as _};

use super::{
    Allele, AminoAcid, Bound, Change, Count, Description, Edit, Extension, Inserted, Joint, Location, Offset, Origin,
    Position, Reference, Removed, Residue, ResidueEdit, Sequence, Stop, Variant,
};

impl Display for Sequence {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}.", self.letter())
    }
}

impl Display for AminoAcid {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.three())
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.accession)?;
        self.gene.as_ref().map_or(Ok(()), |gene| write!(f, "({gene})"))
    }
}

impl Display for Variant {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(reference) = &self.reference {
            write!(f, "{reference}:")?;
        }
        write!(f, "{}", self.sequence)?;
        match &self.description {
            Description::One(change) => write!(f, "{change}"),
            // Of unknown phase, no bracket says that they are on one molecule.
            Description::Alleles(alleles) => match &alleles[..] {
                [only] if !only.more.is_empty() && only.more.iter().all(|(j, _)| *j == Joint::PhaseUnknown) => {
                    only.parts(f)
                }
                _ => alleles.iter().enumerate().try_for_each(|(i, allele)| {
                    f.write_str(if i > 0 { ";[" } else { "[" })?;
                    allele.parts(f)?;
                    f.write_char(']')
                }),
            },
        }
    }
}

impl Allele {
    fn parts(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.first)?;
        self.more.iter().try_for_each(|(joint, change)| {
            let joint = match joint {
                Joint::Cis => ";",
                Joint::PhaseUnknown => "(;)",
                Joint::Mosaic => "/",
                Joint::Chimeric => "//",
            };
            write!(f, "{joint}{change}")
        })
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Nucleotide { location, edit, uncertain: false } => write!(f, "{location}{edit}"),
            Self::Nucleotide { location, edit, uncertain: true } => write!(f, "{location}({edit})"),
            Self::Protein { start, end, edit, uncertain } => {
                write!(f, "{start}")?;
                if let Some(end) = end {
                    write!(f, "_{end}")?;
                }
                if *uncertain { write!(f, "({edit})") } else { write!(f, "{edit}") }
            }
            Self::Unchanged => f.write_char('='),
            Self::Nothing => f.write_char('0'),
            Self::MaybeNothing => f.write_str("0?"),
            Self::Unknown => f.write_char('?'),
            Self::Splice => f.write_str("spl"),
            Self::Predicted(inner) => write!(f, "({inner})"),
        }
    }
}

impl Display for Position {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self::At { origin, base, offset } = self else { return f.write_char('?') };
        f.write_str(match origin {
            Origin::Start => "",
            Origin::BeforeStart => "-",
            Origin::Stop => "*",
        })?;
        write!(f, "{base}")?;
        let (sign, distance) = match offset {
            Offset::Exon => return Ok(()),
            Offset::Behind(distance) => ('+', distance),
            Offset::Before(distance) => ('-', distance),
        };
        match distance {
            Some(distance) => write!(f, "{sign}{distance}"),
            None => write!(f, "{sign}?"),
        }
    }
}

impl Display for Bound {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::At(position) => write!(f, "{position}"),
            Self::Between(first, last) => write!(f, "({first}_{last})"),
        }
    }
}

impl Display for Location {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.start)?;
        self.end.as_ref().map_or(Ok(()), |end| write!(f, "_{end}"))
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Exactly(count) => write!(f, "[{count}]"),
            Self::Between(least, most) => write!(f, "[({least}_{most})]"),
            Self::Unknown => f.write_str("[?]"),
        }
    }
}

impl Display for Removed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Unstated => Ok(()),
            Self::Bases(bases) => f.write_str(bases),
            Self::Length(length) => write!(f, "{length}"),
        }
    }
}

impl Display for Inserted {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let inverted = match self {
            Self::Bases(bases, None) => return f.write_str(bases),
            Self::Bases(bases, Some(count)) => return write!(f, "{bases}{count}"),
            Self::Copied(location, inverted) => {
                write!(f, "{location}")?;
                inverted
            }
            Self::Foreign(accession, kind, location, inverted) => {
                write!(f, "{accession}:{kind}{location}")?;
                inverted
            }
        };
        f.write_str(if *inverted { "inv" } else { "" })
    }
}

impl Display for Edit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Substitution(from, to) => write!(f, "{from}>{to}"),
            Self::Deletion(removed) => write!(f, "del{removed}"),
            Self::Insertion(inserted) => write!(f, "ins{inserted}"),
            Self::DeletionInsertion(removed, inserted) => write!(f, "del{removed}ins{inserted}"),
            Self::Duplication(bases) => write!(f, "dup{bases}"),
            Self::Inversion => f.write_str("inv"),
            Self::Conversion(accession, kind, location) => write!(f, "con{accession}:{kind}{location}"),
            Self::Unchanged(bases) => write!(f, "{bases}="),
            Self::Repeat(units) => units.iter().try_for_each(|(unit, count)| write!(f, "{unit}{count}")),
            Self::Copies(count) => write!(f, "copy{count}"),
        }
    }
}

impl Display for Residue {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.acid, self.number)
    }
}

impl Display for Stop {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Unstated => Ok(()),
            Self::Somewhere => f.write_str("Ter"),
            Self::At(number) => write!(f, "Ter{number}"),
            Self::Unknown => f.write_str("Ter?"),
        }
    }
}

impl Display for ResidueEdit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let all = |f: &mut Formatter<'_>, acids: &[AminoAcid]| acids.iter().try_for_each(|a| write!(f, "{a}"));
        let new = |f: &mut Formatter<'_>, acid: &Option<AminoAcid>| acid.map_or(Ok(()), |a| write!(f, "{a}"));
        match self {
            Self::Substitution(acid) => write!(f, "{acid}"),
            Self::Deletion => f.write_str("del"),
            Self::Duplication => f.write_str("dup"),
            Self::Insertion(acids, count) => {
                f.write_str("ins")?;
                all(f, acids)?;
                count.map_or(Ok(()), |count| write!(f, "{count}"))
            }
            Self::DeletionInsertion(acids) => {
                f.write_str("delins")?;
                all(f, acids)
            }
            Self::Frameshift(acid, stop) => {
                new(f, acid)?;
                write!(f, "fs{stop}")
            }
            Self::Extension(acid, extension) => {
                new(f, acid)?;
                f.write_str("ext")?;
                match extension {
                    Extension::End(stop) => write!(f, "{stop}"),
                    Extension::Start(first, number) => {
                        new(f, first)?;
                        write!(f, "-{number}")
                    }
                }
            }
            Self::Repeat(count) => write!(f, "{count}"),
            Self::Unchanged => f.write_char('='),
            Self::Unknown => f.write_char('?'),
        }
    }
}
