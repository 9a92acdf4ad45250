//! Sequence variants as reports write them: HGVS (varnomen.hgvs.org, version 21), with or without reference and `p.`, and
//! the short forms of papers (`V600E`, `exon 19 deletion`, `R691fs*10`).

use super::loose;
use crate::hgvs::AminoAcid;

/// How a variant is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With the kind of sequence: `c.1799T>A`, `p.V600E`.
    Hgvs,
    /// Without it, as papers write: `V600E`, `677C>T`, `IVS14+1G>A`, `exon 19 deletion`. It could be something else: a
    /// gene must stand near.
    Short,
    /// Alleles without a place (`C>T`), or with the place in words (`G-->C substitution at position 135`).
    Alleles,
    /// An entry of dbSNP: `rs113488022`.
    DbSnp,
}

/// A variant found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variation {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The expression, white space removed and `p.` added where it is understood.
    pub hgvs: String,
    /// True for insertions, deletions, duplications and frameshifts.
    pub is_indel: bool,
    /// How it is written.
    pub form: Form,
    /// Old residue, number and new residue, for a substitution of one amino acid or base by letter: `V`, 600, `E`.
    pub point: Option<(char, u64, char)>,
}

/// Finds the variants of a sentence, in the order of the text.
pub fn variants(text: &str) -> Vec<Variation> {
    let bytes = text.as_bytes();
    let mut out: Vec<Variation> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let boundary = before.is_none_or(|c| !c.is_alphanumeric() && c != '.');
        let found = if boundary { at_boundary(text, at, first, before) } else { None };
        match found {
            Some(found) => {
                at = found.end;
                out.push(found);
            }
            None if first.is_ascii_alphanumeric() => {
                while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
                    at += 1;
                }
            }
            None => at += first.len_utf8(),
        }
    }
    out
}

/// A variant at the beginning of a word.
fn at_boundary(text: &str, at: usize, first: char, before: Option<char>) -> Option<Variation> {
    let next = text.as_bytes().get(at + 1);
    let prefixed = match first {
        'c' | 'g' | 'm' | 'n' if next == Some(&b'.') => nucleotide(text, at),
        'p' if matches!(next, Some(b'.' | b'(')) => protein_with_prefix(text, at),
        'e' => exon(text, at),
        'E' => exon(text, at).or_else(|| bare_protein(text, at)),
        c if c.is_ascii_uppercase() => bare_protein(text, at),
        _ => None,
    };
    prefixed.or_else(|| loose::at(text, at, first, before))
}

pub(super) fn ends_word(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_none_or(|c| !c.is_alphanumeric())
}

/// `c.1799T>A`, `c.2236_2250del15`, `c.35delG`, `c.4375C>T`, `g.123A>G`, `c.100+1G>A`.
fn nucleotide(text: &str, start: usize) -> Option<Variation> {
    let mut at = start + 2;
    at += usize::from(text[at..].starts_with(' '));
    let loose::Change { end, hgvs, is_indel } = loose::nucleotide_change(text, at)?;
    let hgvs = format!("{}{hgvs}", &text[start..start + 2]);
    Some(Variation { start, end, hgvs, is_indel, form: Form::Hgvs, point: None })
}

/// `p.V600E`, `p.(His374Tyr)`, `p(His374Tyr)`, `p.Glu746_Ala750del`.
fn protein_with_prefix(text: &str, start: usize) -> Option<Variation> {
    let mut at = start + 1;
    at += usize::from(text[at..].starts_with('.'));
    at += usize::from(text[at..].starts_with(' '));
    let bracket = text[at..].starts_with('(');
    at += usize::from(bracket);
    let (change, end, is_indel) = protein(text, at)?;
    let end = if bracket { end + usize::from(text[end..].starts_with(')')) } else { end };
    let hgvs = if bracket { format!("p.({change})") } else { format!("p.{change}") };
    Some(Variation { start, end, hgvs, is_indel, form: Form::Hgvs, point: point(&change) })
}

/// `V600E`, `Val600Glu`, `R691fs*10`, `E746_A750del` without prefix.
fn bare_protein(text: &str, start: usize) -> Option<Variation> {
    let (change, end, is_indel) = protein(text, start)?;
    // "T1N0", "H3K27M" (a histone mark and a variant), "P53S" are not told apart by form: a gene must stand near.
    let digits = change.bytes().filter(u8::is_ascii_digit).count();
    if digits < 2 || !ends_word(text, end) && !text[end..].starts_with('-') {
        return None;
    }
    let point = point(&change);
    Some(Variation { start, end, hgvs: format!("p.{change}"), is_indel, form: Form::Short, point })
}

/// An amino acid at `at`: its text.
pub(super) fn amino_acid(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    if AminoAcid::three_at(rest).is_some_and(is_definite) {
        return rest.get(..3);
    }
    let one = rest.chars().next()?;
    (one == 'X' || AminoAcid::of(one).is_some_and(is_definite)).then(|| &rest[..1])
}

/// An amino acid that a gene encodes, or the stop.
fn is_definite(acid: AminoAcid) -> bool {
    !matches!(acid.one(), 'B' | 'Z' | 'X' | 'U')
}

/// Old residue, number and new residue of `V600E` or `Val600Glu`.
pub(super) fn point(change: &str) -> Option<(char, u64, char)> {
    let letter = |name: &str| AminoAcid::three_at(name).map(AminoAcid::one).or(name.chars().next());
    let from = amino_acid(change, 0)?;
    let digits = change[from.len()..].bytes().take_while(u8::is_ascii_digit).count();
    let (number, to) = change[from.len()..].split_at(digits);
    let to = amino_acid(to, 0).filter(|acid| acid.len() == to.len())?;
    Some((letter(from)?, number.parse().ok()?, letter(to)?))
}

/// A change of protein: normalised text, end, whether it is an insertion or deletion.
fn protein(text: &str, start: usize) -> Option<(String, usize, bool)> {
    let from = amino_acid(text, start)?;
    let mut at = start + from.len();
    let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 5 {
        return None;
    }
    at += digits;
    let mut change = text[start..at].to_owned();
    // A range: "E746_A750del".
    if text[at..].starts_with(['_', '-', '–'])
        && let Some(second) = amino_acid(text, at + text[at..].chars().next().map_or(1, char::len_utf8))
    {
        let joint = text[at..].chars().next().map_or(1, char::len_utf8);
        let number = text[at + joint + second.len()..].bytes().take_while(u8::is_ascii_digit).count();
        if number > 0 {
            let end = at + joint + second.len() + number;
            change.push('_');
            change.push_str(&text[at + joint..end]);
            at = end;
        }
    }
    let rest = &text[at..];
    let residues = |text: &str| {
        let mut length = 0;
        while let Some(next) = amino_acid(text, length) {
            length += next.len();
        }
        length
    };
    if let Some(word) =
        ["delins", "del", "dup", "ins", "insertion", "deletion"].into_iter().find(|w| rest.starts_with(w))
    {
        let short = match word {
            "insertion" => "ins",
            "deletion" => "del",
            word => word,
        };
        let tail = &rest[word.len()..];
        let more = if word.ends_with("ion") { 0 } else { residues(tail) };
        change.push_str(short);
        change.push_str(&tail[..more]);
        let end = at + word.len() + more;
        return ends_word(text, end).then_some((change, end, true));
    }
    // Frameshift: "fs", "fs*10", "fsTer10", "Gfs*12", "fsX10".
    let new = amino_acid(rest, 0).filter(|a| rest[a.len()..].starts_with("fs")).map_or(0, str::len);
    if rest[new..].starts_with("fs") {
        let tail = &rest[new + 2..];
        let stop = ["*", "Ter", "X"].into_iter().find(|s| tail.starts_with(s)).map_or(0, str::len);
        let number = tail[stop..].bytes().take_while(u8::is_ascii_digit).count();
        let end = at + new + 2 + if stop > 0 && number > 0 { stop + number } else { stop };
        change.push_str(&rest[..new]);
        change.push_str("fs");
        if stop > 0 {
            change.push('*');
            change.push_str(&tail[stop..stop + number]);
        }
        return ends_word(text, end).then_some((change, end, true));
    }
    let to = match rest.chars().next()? {
        '*' | '=' => &rest[..1],
        _ => amino_acid(rest, 0)?,
    };
    let end = at + to.len();
    change.push_str(to);
    ends_word(text, end).then_some((change, end, false))
}

/// `exon 19 deletion`, `exon 20 insertion`, `exon 14 skipping`.
fn exon(text: &str, start: usize) -> Option<Variation> {
    let rest = &text[start..];
    let name = ["exon ", "Exon "].into_iter().find(|n| rest.starts_with(n))?;
    let digits = rest[name.len()..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 2 {
        return None;
    }
    let tail = &rest[name.len() + digits..];
    let gap = tail.bytes().take_while(|b| matches!(b, b' ' | b'-')).count();
    let word = ["deletions", "deletion", "insertions", "insertion", "skipping", "duplication", "del", "ins"]
        .into_iter()
        .find(|w| tail[gap..].starts_with(w))?;
    let end = start + name.len() + digits + gap + word.len();
    let kind = word.trim_end_matches('s');
    let hgvs = format!("exon {} {kind}", &rest[name.len()..name.len() + digits]);
    (gap > 0 && ends_word(text, end)).then_some(Variation {
        start,
        end,
        hgvs,
        is_indel: true,
        form: Form::Short,
        point: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        variants(text).into_iter().map(|f| format!("{}{}", f.hgvs, if f.is_indel { "#" } else { "" })).collect()
    }

    #[test]
    fn forms_of_papers() {
        for (text, found) in [
            ("BRAF V600E", "p.V600E"),
            ("JAK1 p(His374Tyr)", "p.(His374Tyr)"),
            ("p.Val600Glu", "p.Val600Glu"),
            ("c.1799T>A", "c.1799T>A"),
            ("c.2236_2250del15 in", "c.2236_2250del15#"),
            ("c.100+1G>A", "c.100+1G>A"),
            ("BRCA1 Mutation R691fs*10", "p.R691fs*10#"),
            ("p.Glu746_Ala750del", "p.Glu746_Ala750del#"),
            ("EGFR exon 19 deletion", "exon 19 deletion#"),
            ("NTRK3 G623R are", "p.G623R"),
            ("R213* was", "p.R213*"),
        ] {
            assert_eq!(all(text), [found], "{text}");
        }
        for none in
            ["CD45 and T2", "cT1bN0M1", "in 2019", "TP53", "HER2", "c.", "p.m.", "vitamin B12 levels", "E. coli"]
        {
            assert_eq!(all(none), Vec::<String>::new(), "{none}");
        }
    }
}
