//! Changes of protein.

use super::Change;
use super::nucleotide::{Count, count};
use crate::cursor::{Cursor, Read};

/// An amino acid (IUPAC-IUB 1983), or the stop codon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AminoAcid(usize);

/// Three letters and one; the stop codon and what is not known last.
const ALPHABET: [(&str, char); 25] = [
    ("Ala", 'A'),
    ("Arg", 'R'),
    ("Asn", 'N'),
    ("Asp", 'D'),
    ("Cys", 'C'),
    ("Gln", 'Q'),
    ("Glu", 'E'),
    ("Gly", 'G'),
    ("His", 'H'),
    ("Ile", 'I'),
    ("Leu", 'L'),
    ("Lys", 'K'),
    ("Met", 'M'),
    ("Phe", 'F'),
    ("Pro", 'P'),
    ("Ser", 'S'),
    ("Thr", 'T'),
    ("Trp", 'W'),
    ("Tyr", 'Y'),
    ("Val", 'V'),
    ("Sec", 'U'),
    ("Asx", 'B'),
    ("Glx", 'Z'),
    ("Ter", '*'),
    ("Xaa", 'X'),
];

impl AminoAcid {
    /// The stop codon.
    pub const TER: Self = Self(23);
    /// Any amino acid.
    pub const XAA: Self = Self(24);

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..ALPHABET.len()).map(Self)
    }

    /// `Val`.
    pub fn three(self) -> &'static str {
        ALPHABET[self.0].0
    }

    /// `V`.
    pub fn one(self) -> char {
        ALPHABET[self.0].1
    }

    /// The amino acid of three letters at the start of a text.
    pub(crate) fn three_at(text: &str) -> Option<Self> {
        ALPHABET.iter().position(|(three, _)| text.starts_with(three)).map(Self)
    }

    /// The amino acid of a letter.
    pub(crate) fn of(letter: char) -> Option<Self> {
        ALPHABET.iter().position(|(_, one)| *one == letter).map(Self)
    }

    /// Asx and Glx: what sequencing left open. A residue of a reference is known.
    fn is_ambiguous(self) -> bool {
        matches!(self.one(), 'B' | 'Z')
    }
}

/// A residue of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residue {
    /// Which amino acid.
    pub acid: AminoAcid,
    /// Its number, from 1.
    pub number: u64,
}

/// Where the new stop codon of a frameshift or extension is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Not written: `fs`.
    Unstated,
    /// Written without number: `fs*`.
    Somewhere,
    /// At the nth codon: `fsTer9`.
    At(u64),
    /// There is none that is known: `fsTer?`.
    Unknown,
}

/// How a protein is extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// Behind its end, to a new stop.
    End(Stop),
    /// Before its start, from a codon so far upstream; the new first residue, where written: `extMet-5`.
    Start(Option<AminoAcid>, u64),
}

/// A change of protein.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResidueEdit {
    /// `Glu`, `Ter`.
    Substitution(AminoAcid),
    /// `del`.
    Deletion,
    /// `dup`.
    Duplication,
    /// `insGlnSer`; counted ones as `insXaa[10]`.
    Insertion(Vec<AminoAcid>, Option<Count>),
    /// `delinsTrp`.
    DeletionInsertion(Vec<AminoAcid>),
    /// `Trpfs*10`, with the first new residue where written.
    Frameshift(Option<AminoAcid>, Stop),
    /// `GlnextTer17`, with the new residue where written.
    Extension(Option<AminoAcid>, Extension),
    /// `[4]`.
    Repeat(Count),
    /// `=`.
    Unchanged,
    /// `?`.
    Unknown,
}

/// An amino acid. `X` alone was the stop codon and is any residue now: `stop` says which is meant.
fn acid(cursor: &mut Cursor<'_>, stop: bool) -> Option<AminoAcid> {
    let rest = cursor.rest();
    let found = AminoAcid::three_at(rest).map(|a| (a, 3)).or_else(|| {
        let letter = rest.chars().next()?;
        let acid = if letter == 'X' && stop { AminoAcid::TER } else { AminoAcid::of(letter)? };
        // "Ooo", "Jer": a word of letters is no amino acid of one letter.
        Some((acid, 1))
    });
    let (acid, length) = found?;
    cursor.back(cursor.at() + length);
    Some(acid)
}

fn residue(cursor: &mut Cursor<'_>) -> Read<Residue> {
    let start = cursor.at();
    let acid = match acid(cursor, true) {
        Some(acid) if !acid.is_ambiguous() => acid,
        _ => {
            cursor.back(start);
            return cursor.fail("an amino acid");
        }
    };
    match cursor.number() {
        Some(number) if number > 0 => Ok(Residue { acid, number }),
        _ => cursor.fail("the number of the residue"),
    }
}

/// One or two residues, in brackets or not.
pub(super) fn residues(cursor: &mut Cursor<'_>) -> Read<(Residue, Option<Residue>)> {
    let bracket = cursor.eat("(");
    let start = residue(cursor)?;
    let end = if cursor.eat("_") { Some(residue(cursor)?) } else { None };
    if bracket {
        cursor.need(")", "`)`")?;
    }
    Ok((start, end))
}

pub(super) fn change(cursor: &mut Cursor<'_>) -> Read<Change> {
    let start = residue(cursor)?;
    let end = if cursor.eat("_") { Some(residue(cursor)?) } else { None };
    let bracket = cursor.eat("(");
    let edit = edit(cursor, end.is_some())?;
    if bracket {
        cursor.need(")", "`)`")?;
    }
    Ok(Change::Protein { start, end, edit, uncertain: bracket })
}

/// Amino acids, all of three letters or all of one, a stop only at the end.
fn acids(cursor: &mut Cursor<'_>) -> Read<Vec<AminoAcid>> {
    let three = AminoAcid::three_at(cursor.rest()).is_some();
    let mut out = Vec::new();
    loop {
        let next = if three {
            AminoAcid::three_at(cursor.rest()).map(|a| (a, 3))
        } else {
            cursor.peek().and_then(AminoAcid::of).map(|a| (a, 1))
        };
        let Some((acid, length)) = next else { break };
        cursor.back(cursor.at() + length);
        out.push(acid);
        if acid == AminoAcid::TER {
            break;
        }
    }
    if out.is_empty() { cursor.fail("amino acids") } else { Ok(out) }
}

/// `*`, `Ter9`, `X?`, or nothing.
fn stop(cursor: &mut Cursor<'_>) -> Stop {
    if !(cursor.eat("Ter") || cursor.eat("*") || cursor.eat("X")) {
        return Stop::Unstated;
    }
    match cursor.number() {
        Some(number) => Stop::At(number),
        None if cursor.eat("?") => Stop::Unknown,
        None => Stop::Somewhere,
    }
}

/// What stands behind `ext`.
fn extension(cursor: &mut Cursor<'_>) -> Read<Extension> {
    let upstream = cursor.attempt(|cursor| {
        let first = if cursor.peek() == Some('-') { None } else { acid(cursor, true) };
        cursor.need("-", "`-`")?;
        match cursor.number() {
            Some(number) => Ok(Extension::Start(first, number)),
            None => cursor.fail("the distance upstream"),
        }
    });
    Ok(upstream.unwrap_or_else(|| Extension::End(stop(cursor))))
}

fn edit(cursor: &mut Cursor<'_>, is_range: bool) -> Read<ResidueEdit> {
    if cursor.eat("delins") {
        return acids(cursor).map(ResidueEdit::DeletionInsertion);
    }
    if cursor.eat("del") {
        return Ok(ResidueEdit::Deletion);
    }
    if cursor.eat("dup") {
        return Ok(ResidueEdit::Duplication);
    }
    if is_range && cursor.eat("ins") {
        let acids = acids(cursor)?;
        let count = if cursor.peek() == Some('[') { Some(count(cursor)?) } else { None };
        return Ok(ResidueEdit::Insertion(acids, count));
    }
    if cursor.peek() == Some('[') {
        return count(cursor).map(ResidueEdit::Repeat);
    }
    if is_range {
        return cursor.fail("del, dup, ins, delins");
    }
    if cursor.eat("=") {
        return Ok(ResidueEdit::Unchanged);
    }
    if cursor.eat("?") {
        return Ok(ResidueEdit::Unknown);
    }
    let new =
        if cursor.rest().starts_with("fs") || cursor.rest().starts_with("ext") { None } else { acid(cursor, true) };
    if cursor.eat("fs") {
        return Ok(ResidueEdit::Frameshift(new, stop(cursor)));
    }
    if cursor.eat("ext") {
        return Ok(ResidueEdit::Extension(new, extension(cursor)?));
    }
    match new {
        Some(acid) => Ok(ResidueEdit::Substitution(acid)),
        None => cursor.fail("the new amino acid, del, dup, ins, delins, fs, ext, = or ?"),
    }
}
