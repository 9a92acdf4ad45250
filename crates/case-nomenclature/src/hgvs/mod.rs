//! Sequence variants: HGVS Nomenclature (varnomen.hgvs.org, version 21).
//!
//! ```
//! use case_nomenclature::hgvs::Variant;
//!
//! let variant = Variant::parse("NM_004333.6(BRAF):c.1799T>A").unwrap();
//! assert_eq!(variant.to_string(), "NM_004333.6(BRAF):c.1799T>A");
//! let short = Variant::parse("p.V600E").unwrap();
//! assert_eq!(short.to_string(), "p.Val600Glu");
//! assert_eq!(Variant::parse("c.1799T>").unwrap_err().at, 8);
//! ```

mod nucleotide;
mod print;
mod protein;

pub use nucleotide::{Bound, Count, Edit, Inserted, Location, Offset, Origin, Position, Removed, Sequence};
pub use protein::{AminoAcid, Extension, Residue, ResidueEdit, Stop};

use crate::Refused;
use crate::cursor::{Cursor, Read};

/// A reference sequence: accession with version, and the gene in brackets behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `NM_004333.6`, `ENST00000288602.11`, `LRG_199t1`.
    pub accession: String,
    /// `BRAF`.
    pub gene: Option<String>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A change of DNA or RNA at a place.
    Nucleotide {
        /// Where.
        location: Box<Location>,
        /// What.
        edit: Box<Edit>,
        /// The change stands in brackets: it is uncertain (`c.76(A>C)`).
        uncertain: bool,
    },
    /// A change of protein at a place.
    Protein {
        /// First residue.
        start: Residue,
        /// Last residue, of a range.
        end: Option<Residue>,
        /// What.
        edit: ResidueEdit,
        /// The change stands in brackets.
        uncertain: bool,
    },
    /// No change: `=`.
    Unchanged,
    /// Nothing is made: `0`.
    Nothing,
    /// Probably nothing is made: `0?`.
    MaybeNothing,
    /// Unknown: `?`.
    Unknown,
    /// Splicing is changed, the result is not known: `r.spl`.
    Splice,
    /// All of it is predicted, not shown by experiment: `p.(Val600Glu)`, `r.(1799u>a)`.
    Predicted(Box<Change>),
}

/// How a change stands to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// On the same molecule: `;`.
    Cis,
    /// Not known whether on the same molecule: `(;)`.
    PhaseUnknown,
    /// Mosaic: `/`.
    Mosaic,
    /// Chimeric: `//`.
    Chimeric,
}

/// Changes of one molecule in square brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allele {
    /// The first change.
    pub first: Change,
    /// The others, each with its joint.
    pub more: Vec<(Joint, Change)>,
}

/// What a variant consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Description {
    /// One change.
    One(Change),
    /// Alleles in square brackets: `c.[76A>T;77G>T]`, `c.[76A>C];[283G>C]`.
    Alleles(Vec<Allele>),
}

/// A sequence variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The reference, where given.
    pub reference: Option<Reference>,
    /// The kind of sequence: `c`, `g`, `m`, `n`, `o`, `r`, `p`.
    pub sequence: Sequence,
    /// The change or changes.
    pub description: Description,
}

impl Variant {
    /// Reads a variant with or without reference.
    ///
    /// # Errors
    /// [`Refused`] with the furthest place that could be read.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        Cursor::new(text).whole(|cursor| {
            let reference = prefix(cursor)?;
            let sequence = sequence(cursor)?;
            Ok(Self { reference, sequence, description: description(cursor, sequence)? })
        })
    }

    /// The single change; `None` for alleles. A prediction is looked through.
    pub fn change(&self) -> Option<&Change> {
        match &self.description {
            Description::One(Change::Predicted(inner)) => Some(inner),
            Description::One(change) => Some(change),
            Description::Alleles(_) => None,
        }
    }
}

/// A place on a reference without a change: `NM_004006.2:c.93+1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On DNA or RNA.
    Nucleotide(Reference, Sequence, Location),
    /// On a protein.
    Protein(Reference, Residue, Option<Residue>),
}

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// [`Refused`] with the furthest place that could be read.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        Cursor::new(text).whole(|cursor| {
            let Some(reference) = prefix(cursor)? else { return cursor.fail("a reference") };
            match sequence(cursor)? {
                Sequence::Protein => {
                    let (start, end) = protein::residues(cursor)?;
                    Ok(Self::Protein(reference, start, end))
                }
                sequence => Ok(Self::Nucleotide(reference, sequence, nucleotide::location(cursor, sequence)?)),
            }
        })
    }

    /// The kind of sequence.
    pub fn sequence(&self) -> Sequence {
        match self {
            Self::Nucleotide(_, sequence, _) => *sequence,
            Self::Protein(..) => Sequence::Protein,
        }
    }
}

/// Reads residues without a change: `Met1`, `Met1_Gly10`, `(Met1_Gly10)`.
///
/// # Errors
/// [`Refused`] with the furthest place that could be read.
pub fn parse_residues(text: &str) -> Result<(Residue, Option<Residue>), Refused> {
    Cursor::new(text).whole(protein::residues)
}

/// `NM_004333.6(BRAF):`
fn prefix(cursor: &mut Cursor<'_>) -> Read<Option<Reference>> {
    // "c.100_101insNM_1.1:c.5_9": a colon further on belongs to what is inserted.
    let mut head = cursor.rest().chars();
    let bare = head.next().is_some_and(|c| Sequence::of(c).is_some()) && head.next() == Some('.');
    if bare || !cursor.rest().contains(':') {
        return Ok(None);
    }
    let accession = accession(cursor)?;
    let gene = if cursor.eat("(") {
        let gene = gene(cursor)?;
        cursor.need(")", "`)` behind the gene")?;
        Some(gene)
    } else {
        None
    };
    cursor.need(":", "`:` behind the reference")?;
    Ok(Some(Reference { accession, gene }))
}

/// Letters and digits, `_` and more of them, a version of digits.
pub(crate) fn accession(cursor: &mut Cursor<'_>) -> Read<String> {
    let start = cursor.rest();
    let from = cursor.at();
    if !cursor.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
        return cursor.fail("an accession");
    }
    cursor.take(|c| c.is_ascii_alphanumeric());
    if cursor.eat("_") && cursor.take(|c| c.is_ascii_alphanumeric()).is_empty() {
        return cursor.fail("the number of the accession");
    }
    if cursor.eat(".") && cursor.number().is_none() {
        return cursor.fail("the version of the accession");
    }
    Ok(start[..cursor.at() - from].to_owned())
}

fn gene(cursor: &mut Cursor<'_>) -> Read<String> {
    if !cursor.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
        return cursor.fail("a gene symbol");
    }
    Ok(cursor.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).to_owned())
}

/// `c.`
pub(crate) fn sequence(cursor: &mut Cursor<'_>) -> Read<Sequence> {
    let letter = cursor.peek().and_then(Sequence::of);
    let Some(sequence) = letter else { return cursor.fail("one of c. g. m. n. o. r. p.") };
    cursor.eat(sequence.letter().encode_utf8(&mut [0; 4]));
    cursor.need(".", "`.` behind the kind of sequence")?;
    Ok(sequence)
}

fn description(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Description> {
    if cursor.peek() != Some('[') {
        let first = change(cursor, sequence)?;
        // "c.76A>C(;)283G>C": the phase is not known, so there are no brackets.
        let mut more = Vec::new();
        while cursor.eat("(;)") {
            more.push((Joint::PhaseUnknown, change(cursor, sequence)?));
        }
        return Ok(match more.is_empty() {
            true => Description::One(first),
            false => Description::Alleles(vec![Allele { first, more }]),
        });
    }
    let mut alleles = vec![allele(cursor, sequence)?];
    while cursor.eat(";") {
        alleles.push(allele(cursor, sequence)?);
    }
    Ok(Description::Alleles(alleles))
}

fn allele(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Allele> {
    cursor.need("[", "`[`")?;
    let first = change(cursor, sequence)?;
    let mut more = Vec::new();
    loop {
        let joint = if cursor.eat(";") {
            Joint::Cis
        } else if cursor.eat("(;)") {
            Joint::PhaseUnknown
        } else if cursor.eat("//") {
            Joint::Chimeric
        } else if cursor.eat("/") {
            Joint::Mosaic
        } else {
            break;
        };
        more.push((joint, change(cursor, sequence)?));
    }
    cursor.need("]", "`]` or `;`")?;
    Ok(Allele { first, more })
}

fn change(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Change> {
    // What is predicted of DNA is stated of the sequence itself, so brackets around it belong to its position.
    let may_predict = matches!(sequence, Sequence::Protein | Sequence::Rna);
    let start = cursor.at();
    if may_predict && cursor.eat("(") {
        let inner = cursor.attempt(|cursor| {
            let inner = plain(cursor, sequence)?;
            // "p.(?)" says no more than "p.?".
            if matches!(inner, Change::Unknown) && sequence == Sequence::Protein {
                return cursor.fail("a change");
            }
            cursor.need(")", "`)` behind the prediction")?;
            Ok(inner)
        });
        if let Some(inner) = inner {
            return Ok(Change::Predicted(Box::new(inner)));
        }
        cursor.back(start);
    } else if cursor.eat("(") {
        // In an allele a whole change may be uncertain: "c.[76A>C];[(76A>C)]".
        let inner = cursor.attempt(|cursor| {
            let inner = plain(cursor, sequence)?;
            cursor.need(")", "`)`")?;
            if cursor.peek() == Some(']') { Ok(inner) } else { cursor.fail("`]`") }
        });
        if let Some(inner) = inner {
            return Ok(Change::Predicted(Box::new(inner)));
        }
        cursor.back(start);
    }
    plain(cursor, sequence)
}

fn plain(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Change> {
    let ends = |cursor: &Cursor<'_>, n: usize| {
        cursor.rest()[n..]
            .chars()
            .next()
            .is_none_or(|c| matches!(c, ']' | ';' | '/' | ')') || cursor.rest()[n..].starts_with("(;)"))
    };
    for (word, change) in [
        ("=", Change::Unchanged),
        ("0?", Change::MaybeNothing),
        ("0", Change::Nothing),
        ("?", Change::Unknown),
        ("spl", Change::Splice),
    ] {
        let fits = !matches!(change, Change::Splice) || sequence == Sequence::Rna;
        if fits && cursor.rest().starts_with(word) && ends(cursor, word.len()) {
            cursor.eat(word);
            return Ok(change);
        }
    }
    match sequence {
        Sequence::Protein => protein::change(cursor),
        _ => nucleotide::change(cursor, sequence),
    }
}
