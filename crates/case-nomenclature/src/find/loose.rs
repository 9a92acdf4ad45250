//! Variants in the forms of papers: without the kind of sequence, spaced, with arrows of all kinds.

use super::variant::{Form, Variation, amino_acid, ends_word, point};
use crate::hgvs::AminoAcid;

/// A change of nucleotides: where it ends, normalised, whether it inserts or deletes.
pub(super) struct Change {
    pub(super) end: usize,
    pub(super) hgvs: String,
    pub(super) is_indel: bool,
}

/// A variant of a loose form at the beginning of a word.
pub(super) fn at(text: &str, at: usize, first: char, before: Option<char>) -> Option<Variation> {
    match first {
        'r' => db_snp(text, at),
        'I' if text[at..].starts_with("IVS") => intron(text, at),
        'd' | 'D' | 'Δ' | '∆' => delta(text, at).or_else(|| spaced_protein(text, at)),
        '(' => bracketed_alleles(text, at),
        '+' | '-' | '−' | '*'
            if before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | ',' | ';' | '/')) =>
        {
            position_first(text, at)
        }
        c if c.is_ascii_digit() => position_first(text, at),
        c if c.is_ascii_alphabetic() => {
            spaced_protein(text, at).or_else(|| base_first(text, at)).or_else(|| alleles(text, at))
        }
        _ => None,
    }
}

fn short(start: usize, change: Change) -> Variation {
    let Change { end, hgvs, is_indel } = change;
    Variation { start, end, hgvs, is_indel, form: Form::Short, point: None }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn bases(text: &str) -> usize {
    text.bytes().take_while(|b| b"ACGTUN".contains(b)).count()
}

fn spaces(text: &str) -> usize {
    usize::from(text.starts_with(' '))
}

/// `>`, `->`, `-->`, `→` with a space on either side: its length.
pub(super) fn arrow(text: &str) -> Option<usize> {
    let mut at = spaces(text);
    let rest = &text[at..];
    if rest.starts_with('→') {
        at += '→'.len_utf8();
    } else {
        let dashes = rest.bytes().take_while(|b| matches!(b, b'-' | b'=')).count();
        if rest[dashes..].starts_with('>') {
            at += dashes + 1;
        } else if dashes >= 2 {
            at += dashes;
        } else {
            return None;
        }
    }
    Some(at + spaces(&text[at..]))
}

/// A position and what happens there: `1799T>A`, `2236_2250del15`, `-308 G-->A`, `498 + 15 G>T`, `1009 delA`.
pub(super) fn nucleotide_change(text: &str, start: usize) -> Option<Change> {
    let mut at = start;
    let mut place = String::new();
    // Up to three numbers: a range, each end with its distance into the intron.
    for part in 0..4 {
        let mut next = at;
        let gap = if part > 0 { spaces(&text[next..]) } else { 0 };
        next += gap;
        let sign = text[next..].chars().next().filter(|c| matches!(c, '+' | '-' | '−' | '*' | '_' | '/' | '–' | '?'));
        if part > 0 && sign.is_none() {
            break;
        }
        if let Some(sign) = sign {
            next += sign.len_utf8();
        }
        next += if gap > 0 { spaces(&text[next..]) } else { 0 };
        // "_-14", "_*5"
        let second = text[next..].chars().next().filter(|c| sign == Some('_') && matches!(c, '-' | '*' | '?'));
        next += second.map_or(0, char::len_utf8);
        let number = digits(&text[next..]);
        let unknown = sign == Some('?') || second == Some('?');
        if number == 0 && !unknown || number > 9 {
            if part == 0 {
                return None;
            }
            break;
        }
        place.extend(sign.map(|c| if matches!(c, '−' | '–') { '-' } else { c }));
        place.extend(second);
        place.push_str(&text[next..next + number]);
        at = next + number;
    }
    if !place.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let gap = spaces(&text[at..]);
    let rest = &text[at + gap..];
    let from = bases(rest);
    let change = |length: usize, words: String, is_indel| {
        let end = at + gap + length;
        ends_word(text, end).then(|| Change { end, hgvs: format!("{place}{words}"), is_indel })
    };
    if from > 0 {
        let old = &rest[..from];
        let joint = arrow(&rest[from..]).or_else(|| rest[from..].starts_with('/').then_some(1));
        if let Some(joint) = joint {
            let to = bases(&rest[from + joint..]);
            let new = &rest[from + joint..from + joint + to];
            return if to > 0 { change(from + joint + to, format!("{old}>{new}"), false) } else { None };
        }
        if rest[from..].starts_with('=') {
            return change(from + 1, format!("{old}="), false);
        }
        return None;
    }
    if let Some(inner) = rest.strip_prefix('(') {
        let old = bases(inner);
        let joint = arrow(&inner[old..]).or_else(|| inner[old..].starts_with(['/', '-']).then_some(1))?;
        let new = bases(&inner[old + joint..]);
        let close = old + joint + new;
        let fits = old > 0 && new > 0 && inner[close..].starts_with(')');
        let words = format!("{}>{}", inner.get(..old)?, inner.get(old + joint..close)?);
        return if fits { change(close + 2, words, false) } else { None };
    }
    let word = ["delins", "indel", "del", "dup", "ins", "inv", "con"].into_iter().find(|w| rest.starts_with(w))?;
    let (length, mut words) = edited(rest, word)?;
    if word == "indel" {
        words = words.replacen("indel", "delins", 1);
    }
    change(length, words, word != "inv")
}

/// `del`, `delA`, `del 5 bp`, `delAAinsC`, `dup9`: length and words without white space.
fn edited(rest: &str, word: &str) -> Option<(usize, String)> {
    let mut at = word.len();
    let mut words = word.to_owned();
    loop {
        let gap = spaces(&rest[at..]);
        let tail = &rest[at + gap..];
        let letters = bases(tail);
        let number = digits(tail);
        if letters > 0 && (gap == 0 || ends_word(tail, letters)) {
            words.push_str(&tail[..letters]);
            at += gap + letters;
        } else if number > 0 {
            // "ins 5 bp", "del13": "del 5 patients" is none.
            let unit = &tail[number..];
            let unit_gap = spaces(unit);
            let unit = ["bp", "nt", "kb"]
                .into_iter()
                .find(|u| unit[unit_gap..].starts_with(u) && ends_word(unit, unit_gap + 2));
            match unit {
                Some(unit) => {
                    words.push_str(&tail[..number]);
                    at += gap + number + unit_gap + unit.len();
                }
                None if gap == 0 => {
                    words.push_str(&tail[..number]);
                    at += number;
                }
                None => {}
            }
        }
        if word.starts_with("del") && !words.contains("ins") && rest[at..].starts_with("ins") {
            words.push_str("ins");
            at += 3;
            continue;
        }
        return Some((at, words));
    }
}

/// `-308G>A`, `1936delG`.
fn position_first(text: &str, start: usize) -> Option<Variation> {
    nucleotide_change(text, start).map(|change| short(start, change))
}

/// `IVS7+37G-->A`, `IVS 14 + 1G>A`.
fn intron(text: &str, start: usize) -> Option<Variation> {
    let mut at = start + "IVS".len();
    at += usize::from(matches!(text.as_bytes().get(at), Some(b' ' | b'-')));
    let Change { end, hgvs, is_indel } = nucleotide_change(text, at)?;
    Some(short(start, Change { end, hgvs: format!("IVS{hgvs}"), is_indel }))
}

/// `A3243G`, `C-344T`, `G -308 A`: a base, a position with sign, a base. What has no sign reads as amino acids, too.
fn base_first(text: &str, start: usize) -> Option<Variation> {
    let from = bases(&text[start..]);
    if from != 1 {
        return None;
    }
    let mut at = start + 1;
    at += usize::from(text[at..].starts_with([' ', '(']));
    let sign = text[at..].chars().next().filter(|c| matches!(c, '-' | '+' | '−'));
    at += sign.map_or(0, char::len_utf8);
    let number = digits(&text[at..]);
    if sign.is_none() || number < 2 {
        return None;
    }
    let digits = &text[at..at + number];
    at += number;
    at += usize::from(text[at..].starts_with([' ', ')']));
    let to = bases(&text[at..]);
    let end = at + to;
    let sign = if sign == Some('+') { '+' } else { '-' };
    let hgvs = format!("{sign}{digits}{}>{}", &text[start..start + 1], &text[at..end]);
    (to == 1 && ends_word(text, end)).then(|| short(start, Change { end, hgvs, is_indel: false }))
}

/// `deltaF508`, `delta F508`, `ΔF508`.
fn delta(text: &str, start: usize) -> Option<Variation> {
    let word = ["delta", "Delta", "Δ", "∆"].into_iter().find(|w| text[start..].starts_with(w))?;
    let mut at = start + word.len();
    at += usize::from(text[at..].starts_with([' ', '-']));
    let acid = amino_acid(text, at).map_or(0, str::len);
    let number = digits(&text[at + acid..]);
    let end = at + acid + number;
    let hgvs = if acid > 0 { format!("p.{}del", &text[at..end]) } else { format!("del{}", &text[at..end]) };
    // "delta 14-reductase", "delta 11 bp": no residue.
    let bounded = acid > 0 || !text[end..].starts_with(['-', ' ']) || text[end..].starts_with(" mutation");
    ((2..=4).contains(&number) && bounded && ends_word(text, end))
        .then(|| short(start, Change { end, hgvs, is_indel: true }))
}

/// `rs113488022`.
fn db_snp(text: &str, start: usize) -> Option<Variation> {
    let number = text[start..].strip_prefix("rs").map(digits).filter(|n| (3..=11).contains(n))?;
    let end = start + 2 + number;
    let hgvs = text[start..end].to_owned();
    ends_word(text, end).then_some(Variation { start, end, hgvs, is_indel: false, form: Form::DbSnp, point: None })
}

/// Three letters in any case: `Gly`, `gly`.
fn three_letters(text: &str, at: usize) -> Option<AminoAcid> {
    let word = text.get(at..at + 3).filter(|w| w.is_ascii())?;
    let mut name = word.to_ascii_lowercase();
    name[..1].make_ascii_uppercase();
    // "GLn" is a slip of the pen, "gLY" is no word at all.
    let cased = word[2..].starts_with(|c: char| c.is_ascii_lowercase()) || word == word.to_ascii_uppercase();
    AminoAcid::three_at(&name).filter(|_| cased)
}

/// `Arg 1306 Trp`, `Gly122 > Ser`, `cys152 > arg`, `His-57-->Ala`, `Tyr64-->Ter`, `R467stop`, `Gly 12 to Val`.
fn spaced_protein(text: &str, start: usize) -> Option<Variation> {
    let (from, length) = match three_letters(text, start) {
        Some(acid) => (acid, 3),
        None => (text[start..].chars().next().filter(char::is_ascii_uppercase).and_then(AminoAcid::of)?, 1),
    };
    let mut at = start + length;
    let named = length == 3;
    let bracket = text[at..].starts_with('(');
    at += usize::from(bracket || named && text[at..].starts_with([' ', '-']));
    let number = digits(&text[at..]);
    if !(1..=5).contains(&number) || !named && number < 2 {
        return None;
    }
    let value: u64 = text[at..at + number].parse().ok()?;
    at += number;
    at += usize::from(bracket && text[at..].starts_with(')'));
    // One letter needs an arrow or "stop"; three may stand behind a space or hyphen.
    let joint = arrow(&text[at..]).or_else(|| {
        let rest = &text[at..];
        [" to ", "-to-"]
            .iter()
            .find(|w| rest.starts_with(**w))
            .map(|w| w.len())
            .or_else(|| named.then(|| usize::from(rest.starts_with([' ', '-']))))
    });
    let rest = &text[at + joint.unwrap_or(0)..];
    let stop = ["stop", "Stop", "STOP", "ter", "TER"].into_iter().find(|w| rest.starts_with(w));
    let (to, length) = match (stop, joint) {
        (Some(word), _) => (AminoAcid::TER, word.len()),
        (None, None) => return None,
        (None, Some(_)) if named => three_letters(rest, 0)
            .map(|a| (a, 3))
            .or_else(|| rest.starts_with(['X', '*']).then_some((AminoAcid::TER, 1)))?,
        (None, Some(_)) => (AminoAcid::of(rest.chars().next()?)?, 1),
    };
    let end = at + joint.unwrap_or(0) + length;
    // "Glu-361 to Ser-699": two residues, no change.
    let goes_on =
        text[end..].strip_prefix([' ', '-']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if !ends_word(text, end) || goes_on {
        return None;
    }
    let hgvs = format!("p.{from}{value}{to}");
    let point = point(&hgvs[2..]);
    Some(Variation { start, end, hgvs, is_indel: false, form: Form::Short, point })
}

/// `C>T`, `G-->A`, and with the place in words: `G-->C substitution at position 135`.
fn alleles(text: &str, start: usize) -> Option<Variation> {
    let from = bases(&text[start..]);
    let rest = &text[start + from..];
    let words = ["-to-", " to "].iter().find(|w| rest.starts_with(**w)).map(|w| w.len());
    let at = start + from + arrow(rest).or(words)?;
    let to = bases(&text[at..]);
    let end = at + to;
    if from == 0 || to == 0 || !ends_word(text, end) {
        return None;
    }
    let pair = format!("{}>{}", &text[start..start + from], &text[at..end]);
    let found = placed(text, start, end, &pair);
    // "A to C" is a variant only with its place.
    (words.is_none() || found.form == Form::Short).then_some(found)
}

/// `(C-->T) at position -158`.
fn bracketed_alleles(text: &str, start: usize) -> Option<Variation> {
    let inner = alleles(text, start + 1)?;
    let pair: String = inner.hgvs.chars().filter(|c| c.is_ascii_uppercase() || *c == '>').collect();
    if inner.end > start && text[inner.end..].starts_with(')') {
        let whole = placed(text, start, inner.end + 1, &pair);
        // Brackets belong to it only together with its place.
        return (whole.form == Form::Short).then_some(whole);
    }
    None
}

/// Takes in the place that stands behind alleles in words.
fn placed(text: &str, start: usize, end: usize, pair: &str) -> Variation {
    const WORDS: &[&str] = &[
        "substitution",
        "transition",
        "transversion",
        "mutation",
        "change",
        "polymorphism",
        "variant",
        "at",
        "in",
        "of",
        "the",
        "position",
        "nucleotides",
        "single",
        "positions",
        "nucleotide",
        "nt",
        "base",
        "bp",
        "cDNA",
        "codon",
        "residue",
    ];
    let mut at = end;
    let mut named = false;
    for _ in 0..6 {
        let Some(rest) = text[at..].strip_prefix(' ') else { break };
        let signed = usize::from(rest.starts_with(['-', '+']));
        let number = digits(&rest[signed..]);
        if number > 0 {
            let end = at + 1 + signed + number;
            if named && ends_word(text, end) {
                let hgvs = format!("{}{pair}", &text[at + 1..end]);
                return short(start, Change { end, hgvs, is_indel: false });
            }
            break;
        }
        let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if !WORDS.contains(&word) {
            break;
        }
        named |= matches!(word, "position" | "nucleotide" | "nt" | "base" | "codon" | "residue" | "at");
        at += 1 + word.len();
    }
    Variation { start, end, hgvs: pair.to_owned(), is_indel: false, form: Form::Alleles, point: None }
}
