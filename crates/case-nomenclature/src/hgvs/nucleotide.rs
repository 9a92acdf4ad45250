//! Changes of DNA and RNA.

use super::{Change, accession, sequence as kind_of_sequence};
use crate::Refused;
use crate::cursor::{Cursor, Read};

/// Kind of reference sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// Coding DNA, `c.`.
    Coding,
    /// Genomic, linear, `g.`.
    Genomic,
    /// Mitochondrial, `m.`.
    Mitochondrial,
    /// Non-coding DNA, `n.`.
    NonCoding,
    /// Genomic, circular, `o.`.
    Circular,
    /// RNA, `r.`.
    Rna,
    /// Protein, `p.`.
    Protein,
}

impl Sequence {
    const ALL: [(char, Self); 7] = [
        ('c', Self::Coding),
        ('g', Self::Genomic),
        ('m', Self::Mitochondrial),
        ('n', Self::NonCoding),
        ('o', Self::Circular),
        ('r', Self::Rna),
        ('p', Self::Protein),
    ];

    /// The kind that a letter stands for.
    pub fn of(letter: char) -> Option<Self> {
        Self::ALL.iter().find(|(l, _)| *l == letter).map(|(_, s)| *s)
    }

    /// Its letter.
    pub fn letter(self) -> char {
        Self::ALL.iter().find(|(_, s)| *s == self).map_or('?', |(l, _)| *l)
    }

    /// Positions may count from the start and the stop codon: `-14`, `*46`.
    fn has_codons(self) -> bool {
        matches!(self, Self::Coding | Self::Rna)
    }

    /// Positions may lie in introns: `93+1`.
    fn has_introns(self) -> bool {
        matches!(self, Self::Coding | Self::NonCoding | Self::Rna)
    }
}

/// What a position counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The first base of the reference, or of the start codon.
    Start,
    /// Backwards from the start codon: `-14`.
    BeforeStart,
    /// The last base of the stop codon: `*46`.
    Stop,
}

/// Distance into an intron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offset {
    /// In the exon.
    #[default]
    Exon,
    /// `+1`, `+?`.
    Behind(Option<u64>),
    /// `-2`, `-?`.
    Before(Option<u64>),
}

/// A position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// `?`.
    Unknown,
    /// `93+1`, `*46`.
    At {
        /// What it counts from.
        origin: Origin,
        /// The number, from 1.
        base: u64,
        /// Distance into the intron.
        offset: Offset,
    },
}

/// An end of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Known.
    At(Position),
    /// Somewhere between two positions: `(4_6)`.
    Between(Position, Position),
}

/// Where a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The place, or the start of the range.
    pub start: Bound,
    /// The end of the range.
    pub end: Option<Bound>,
}

impl Location {
    /// Reads a location: `76`, `76_78`, `(4_6)_(245_?)`.
    ///
    /// # Errors
    /// [`Refused`] with the furthest place that could be read.
    pub fn parse(text: &str, sequence: Sequence) -> Result<Self, Refused> {
        Cursor::new(text).whole(|cursor| location(cursor, sequence))
    }

    /// True for a single known or unknown position.
    pub fn is_point(&self) -> bool {
        matches!(self, Self { start: Bound::At(_), end: None })
    }
}

/// What is taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Removed {
    /// Not written, as recommended.
    #[default]
    Unstated,
    /// The bases.
    Bases(String),
    /// How many.
    Length(u64),
}

/// How often something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So often.
    Exactly(u64),
    /// Between two numbers.
    Between(u64, u64),
    /// Not known.
    Unknown,
}

/// What is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// Bases, and how often they are repeated: `CAG`, `N[12]`.
    Bases(String, Option<Count>),
    /// A stretch of the same reference, inverted or not: `858_895inv`.
    Copied(Location, bool),
    /// A stretch of another reference: `NC_000022.10:g.35788169_35788352`.
    Foreign(String, Sequence, Location, bool),
}

/// A change of DNA or RNA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// `A>C`.
    Substitution(String, String),
    /// `del`, `delA`, `del5`.
    Deletion(Removed),
    /// `insA`.
    Insertion(Inserted),
    /// `delinsTG`, `delAAinsC`.
    DeletionInsertion(Removed, Inserted),
    /// `dup`, `dupCAG`.
    Duplication(String),
    /// `inv`.
    Inversion,
    /// `conNM_004006.1:c.15_355`.
    Conversion(String, Sequence, Location),
    /// `=`, `T=`.
    Unchanged(String),
    /// `[4]`, `CAG[23]`, `TG[4]T[5]`: units with their counts; an empty unit is that of the location.
    Repeat(Vec<(String, Count)>),
    /// `copy2`: a form of some laboratories, now written `[2]`.
    Copies(u64),
}

fn position(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Position> {
    if cursor.eat("?") {
        return Ok(Position::Unknown);
    }
    let origin = match cursor.peek() {
        Some('-') if sequence.has_codons() => Origin::BeforeStart,
        Some('*') if sequence.has_codons() => Origin::Stop,
        _ => Origin::Start,
    };
    if origin != Origin::Start {
        cursor.take_one();
    }
    let at = cursor.at();
    let Some(base) = cursor.number() else { return cursor.fail("a position") };
    if base == 0 {
        cursor.back(at);
        return cursor.fail("a position from 1 on");
    }
    let offset = match cursor.peek() {
        Some(sign @ ('+' | '-')) if sequence.has_introns() => {
            cursor.take_one();
            let distance = cursor.number();
            if distance.is_none() && !cursor.eat("?") {
                return cursor.fail("the distance into the intron");
            }
            if sign == '+' { Offset::Behind(distance) } else { Offset::Before(distance) }
        }
        _ => Offset::Exon,
    };
    Ok(Position::At { origin, base, offset })
}

fn bound(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Bound> {
    if !cursor.eat("(") {
        return position(cursor, sequence).map(Bound::At);
    }
    let first = position(cursor, sequence)?;
    cursor.need("_", "`_`")?;
    let last = position(cursor, sequence)?;
    cursor.need(")", "`)` behind the uncertain position")?;
    Ok(Bound::Between(first, last))
}

pub(super) fn location(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Location> {
    let start = bound(cursor, sequence)?;
    let end = if cursor.eat("_") { Some(bound(cursor, sequence)?) } else { None };
    Ok(Location { start, end })
}

pub(super) fn change(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Change> {
    let location = Box::new(location(cursor, sequence)?);
    // "c.76(A>C)", but "c.1210-12T(5_9)" and "c.1032_1357(3)" are counts.
    let start = cursor.at();
    if cursor.eat("(") {
        let inner = cursor.attempt(|cursor| {
            let edit = edit(cursor, sequence)?;
            cursor.need(")", "`)`")?;
            Ok(edit)
        });
        if let Some(edit) = inner {
            return Ok(Change::Nucleotide { location, edit: Box::new(edit), uncertain: true });
        }
        cursor.back(start);
    }
    Ok(Change::Nucleotide { location, edit: Box::new(edit(cursor, sequence)?), uncertain: false })
}

/// Bases: IUPAC-IUB codes (1984), T in DNA and U in RNA; upper case for DNA, lower for RNA.
fn bases(cursor: &mut Cursor<'_>, sequence: Sequence) -> String {
    let rna = sequence == Sequence::Rna;
    let fits = |c: char| match c.to_ascii_uppercase() {
        'T' => !rna,
        'U' => rna,
        c => "ACGNBDHKMRSVWY".contains(c),
    };
    // "delins", "dup", "inv" and the like begin with letters that are bases too.
    let rest = cursor.rest();
    let mut length = 0;
    for (i, c) in rest.char_indices() {
        if !fits(c) || ["del", "dup", "ins", "inv", "con", "copy"].iter().any(|w| rest[i..].starts_with(w)) {
            break;
        }
        length = i + 1;
    }
    cursor.back(cursor.at() + length);
    if rna { rest[..length].to_ascii_lowercase() } else { rest[..length].to_ascii_uppercase() }
}

fn edit(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Edit> {
    if cursor.eat("del") {
        let removed = match cursor.number() {
            Some(length) => Removed::Length(length),
            None => {
                let bases = bases(cursor, sequence);
                if bases.is_empty() { Removed::Unstated } else { Removed::Bases(bases) }
            }
        };
        if cursor.eat("ins") {
            return Ok(Edit::DeletionInsertion(removed, inserted(cursor, sequence)?));
        }
        return Ok(Edit::Deletion(removed));
    }
    if cursor.eat("dup") {
        return Ok(Edit::Duplication(bases(cursor, sequence)));
    }
    if cursor.eat("inv") {
        return Ok(Edit::Inversion);
    }
    if cursor.eat("ins") {
        return Ok(Edit::Insertion(inserted(cursor, sequence)?));
    }
    if cursor.eat("copy") {
        return match cursor.number() {
            Some(count) => Ok(Edit::Copies(count)),
            None => cursor.fail("the number of copies"),
        };
    }
    if cursor.eat("con") {
        let (accession, kind, location) = foreign(cursor)?;
        return Ok(Edit::Conversion(accession, kind, location));
    }
    let from = bases(cursor, sequence);
    if cursor.eat("=") {
        return Ok(Edit::Unchanged(from));
    }
    if matches!(cursor.peek(), Some('[' | '(')) {
        let mut units = vec![(from, count(cursor)?)];
        while cursor.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            let unit = bases(cursor, sequence);
            if unit.is_empty() {
                return cursor.fail("a repeated unit");
            }
            units.push((unit, count(cursor)?));
        }
        return Ok(Edit::Repeat(units));
    }
    if from.is_empty() {
        return cursor.fail("a change: A>C, del, dup, ins, inv, =");
    }
    cursor.need(">", "`>`")?;
    let to = bases(cursor, sequence);
    if to.is_empty() { cursor.fail("the new base") } else { Ok(Edit::Substitution(from, to)) }
}

/// `[4]`, `[(5_9)]`, and the older `(4)`, `(5_9)`.
pub(super) fn count(cursor: &mut Cursor<'_>) -> Read<Count> {
    let square = cursor.eat("[");
    let round = cursor.eat("(");
    if !square && !round {
        return cursor.fail("a count in brackets");
    }
    let value = if cursor.eat("?") {
        Count::Unknown
    } else {
        let Some(first) = cursor.number() else { return cursor.fail("a number") };
        match cursor.eat("_") {
            false => Count::Exactly(first),
            true => match cursor.number() {
                Some(last) => Count::Between(first, last),
                None => return cursor.fail("a number"),
            },
        }
    };
    if round {
        cursor.need(")", "`)` behind the count")?;
    }
    if square {
        cursor.need("]", "`]` behind the count")?;
    }
    Ok(value)
}

fn inserted(cursor: &mut Cursor<'_>, sequence: Sequence) -> Read<Inserted> {
    if cursor.peek().is_some_and(|c| c.is_ascii_digit() || matches!(c, '*' | '-')) {
        let location = location(cursor, sequence)?;
        // A bare number would be a length, which says nothing of what is inserted.
        if location.end.is_none() {
            return cursor.fail("`_` and the end of what is copied");
        }
        return Ok(Inserted::Copied(location, cursor.eat("inv")));
    }
    if let Some((accession, kind, location)) = cursor.attempt(foreign) {
        return Ok(Inserted::Foreign(accession, kind, location, cursor.eat("inv")));
    }
    let bases = bases(cursor, sequence);
    if bases.is_empty() {
        return cursor.fail("the inserted bases");
    }
    let count = if matches!(cursor.peek(), Some('[')) { Some(count(cursor)?) } else { None };
    Ok(Inserted::Bases(bases, count))
}

/// `NM_004006.1:c.15_355`
fn foreign(cursor: &mut Cursor<'_>) -> Read<(String, Sequence, Location)> {
    let accession = accession(cursor)?;
    cursor.need(":", "`:` behind the accession")?;
    let kind = kind_of_sequence(cursor)?;
    if kind == Sequence::Protein {
        return cursor.fail("a nucleotide sequence");
    }
    Ok((accession, kind, location(cursor, kind)?))
}
