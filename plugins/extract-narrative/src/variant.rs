//! Sequence variants as reports write them: HGVS (varnomen.hgvs.org, version 21), with or without reference and `p.`, and
//! the short forms of papers (`V600E`, `exon 19 deletion`, `R691fs*10`).

/// A variant found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// The expression, white space removed and `p.` added where it is understood.
    pub(crate) hgvs: String,
    /// True for insertions, deletions, duplications and frameshifts.
    pub(crate) is_indel: bool,
    /// True if the form alone could be something else ("T790M" is clear, "A1B" is not).
    pub(crate) needs_gene: bool,
}

/// Three-letter amino acids (IUPAC-IUB 1983) and the stop.
const AMINO_ACIDS: &[(&str, char)] = &[
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
    ("Ter", '*'),
    ("Thr", 'T'),
    ("Trp", 'W'),
    ("Tyr", 'Y'),
    ("Val", 'V'),
];

/// Finds the variants of a sentence.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut out: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let boundary = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'.';
        if !boundary || !bytes[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let found = match bytes[at] {
            b'c' | b'g' | b'm' | b'n' if bytes.get(at + 1) == Some(&b'.') => nucleotide(text, at),
            b'p' if matches!(bytes.get(at + 1), Some(b'.' | b'(')) => protein_with_prefix(text, at),
            b'e' | b'E' => exon(text, at),
            b if b.is_ascii_uppercase() => bare_protein(text, at),
            _ => None,
        };
        match found {
            Some(found) => {
                at = found.end;
                out.push(found);
            }
            None => {
                at += 1;
                while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
                    at += 1;
                }
            }
        }
    }
    out
}

fn ends_word(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_none_or(|c| !c.is_alphanumeric())
}

/// `c.1799T>A`, `c.2236_2250del15`, `c.35delG`, `c.4375C>T`, `g.123A>G`, `c.100+1G>A`.
fn nucleotide(text: &str, start: usize) -> Option<Found> {
    let mut at = start + 2;
    let body = |at: usize| text[at..].bytes();
    let space = body(at).take_while(|b| *b == b' ').count();
    at += space.min(1);
    let position = body(at).take_while(|b| b.is_ascii_digit() || matches!(b, b'_' | b'+' | b'-' | b'*' | b'?')).count();
    if position == 0 || !body(at).take(position).any(|b| b.is_ascii_digit()) {
        return None;
    }
    at += position;
    let rest = &text[at..];
    let bases = |text: &str| text.bytes().take_while(|b| b"ACGTUN".contains(b)).count();
    let (length, is_indel) =
        if let Some(word) = ["delins", "del", "dup", "ins", "inv", "con"].into_iter().find(|w| rest.starts_with(w)) {
            let tail = &rest[word.len()..];
            let mut more = bases(tail).max(tail.bytes().take_while(u8::is_ascii_digit).count());
            if word == "del" && tail[bases(tail)..].starts_with("ins") {
                more = bases(tail) + 3 + bases(&tail[bases(tail) + 3..]);
            }
            (word.len() + more, true)
        } else {
            let from = bases(rest);
            let arrow = rest[from..].chars().next().filter(|c| matches!(c, '>' | '→'))?;
            let to = bases(&rest[from + arrow.len_utf8()..]);
            if from == 0 || to == 0 {
                return None;
            }
            (from + arrow.len_utf8() + to, false)
        };
    let end = at + length;
    let hgvs: String =
        text[start..end].chars().filter(|c| !c.is_whitespace()).map(|c| if c == '→' { '>' } else { c }).collect();
    ends_word(text, end).then_some(Found { start, end, hgvs, is_indel, needs_gene: false })
}

/// `p.V600E`, `p.(His374Tyr)`, `p(His374Tyr)`, `p.Glu746_Ala750del`.
fn protein_with_prefix(text: &str, start: usize) -> Option<Found> {
    let mut at = start + 1;
    at += usize::from(text[at..].starts_with('.'));
    at += usize::from(text[at..].starts_with(' '));
    let bracket = text[at..].starts_with('(');
    at += usize::from(bracket);
    let (change, end, is_indel) = protein(text, at)?;
    let end = if bracket { end + usize::from(text[end..].starts_with(')')) } else { end };
    let hgvs = if bracket { format!("p.({change})") } else { format!("p.{change}") };
    Some(Found { start, end, hgvs, is_indel, needs_gene: false })
}

/// `V600E`, `Val600Glu`, `R691fs*10`, `E746_A750del` without prefix.
fn bare_protein(text: &str, start: usize) -> Option<Found> {
    let (change, end, is_indel) = protein(text, start)?;
    // "T1N0", "H3K27M" (a histone mark and a variant), "P53S" are not told apart by form: a gene must stand near.
    let digits = change.bytes().filter(u8::is_ascii_digit).count();
    if digits < 2 || !ends_word(text, end) && !text[end..].starts_with('-') {
        return None;
    }
    Some(Found { start, end, hgvs: format!("p.{change}"), is_indel, needs_gene: true })
}

/// An amino acid at `at`: its text.
fn amino_acid(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    if let Some((three, _)) = AMINO_ACIDS.iter().find(|(three, _)| rest.starts_with(three)) {
        return rest.get(..three.len());
    }
    let one = rest.chars().next()?;
    (AMINO_ACIDS.iter().any(|(_, c)| *c == one) || one == 'X').then(|| &rest[..1])
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
fn exon(text: &str, start: usize) -> Option<Found> {
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
    (gap > 0 && ends_word(text, end)).then_some(Found { start, end, hgvs, is_indel: true, needs_gene: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        find(text).into_iter().map(|f| format!("{}{}", f.hgvs, if f.is_indel { "#" } else { "" })).collect()
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
