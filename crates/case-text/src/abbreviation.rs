//! Abbreviations that a text defines, after Schwartz and Hearst (Pac Symp Biocomput 2003, 451-62).

use std::collections::HashMap;

use case_model::{Abbreviation, Span};

/// Finds the abbreviations defined in `text`: `long form (SHORT)`, `SHORT (long form)` and lists `SHORT, long form;`.
/// Each short form once, with its first definition, and with the places of its likely misspellings.
pub fn abbreviations(text: &str) -> Vec<Abbreviation> {
    let mut found = Found::default();
    let bytes = text.as_bytes();
    for (open, _) in text.match_indices('(') {
        let inner = &text[open + 1..];
        let Some(close) = inner.bytes().take(120).position(|b| matches!(b, b')' | b'(' | b'\n')) else { continue };
        if inner.as_bytes()[close] != b')' {
            continue;
        }
        let inside = inner[..close].split([',', ';']).next().unwrap_or_default().trim_end();
        let before = text[..open].trim_end();
        if before.len() + 2 < open || bytes[open.saturating_sub(1)] == b'\n' {
            continue;
        }
        if is_short(inside) {
            if let Some(long) = long_before(text, before.len(), inside) {
                let start = open as u32 + 1;
                found.add(text, Span::new(start, start + inside.len() as u32), long);
            }
        } else if inside.contains(' ') || inside.len() > 6 {
            // "WHO (World Health Organization)": the short form before the bracket.
            let start = before
                .rfind(|c: char| !(c.is_alphanumeric() || c == '-'))
                .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
            let short = &before[start..];
            if is_short(short) && matches_letters(short, inside) == Some(0) {
                let long = open as u32 + 1;
                found.add(
                    text,
                    Span::new(start as u32, before.len() as u32),
                    Span::new(long, long + inside.len() as u32),
                );
            }
        }
    }
    listed(text, &mut found);
    misspelled(text, &mut found);
    found.list
}

/// Abbreviations in the order of their definitions, and where each short form stands among them.
#[derive(Default)]
struct Found<'t> {
    list: Vec<Abbreviation>,
    numbers: HashMap<&'t str, usize>,
}

impl<'t> Found<'t> {
    fn add(&mut self, text: &'t str, span: Span, long_span: Span) {
        let short = span.of(text).unwrap_or_default();
        self.numbers.entry(short).or_insert_with(|| {
            self.list.push(Abbreviation {
                short: short.to_owned(),
                long: long_span.of(text).unwrap_or_default().to_owned(),
                span,
                long_span,
                variants: Vec::new(),
            });
            self.list.len() - 1
        });
    }
}

/// Two to ten characters, starts with a letter or digit, holds a capital; at most two words.
fn is_short(words: &str) -> bool {
    (2..=12).contains(&words.len())
        && words.starts_with(char::is_alphanumeric)
        && words.chars().any(char::is_uppercase)
        && words.split_whitespace().count() <= 2
        && words.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !words.starts_with("Fig")
        && !words.starts_with("Table")
}

/// The long form that ends at byte `end`: at most min(|A|+5, 2|A|) words back, matched from the right.
fn long_before(text: &str, end: usize, short: &str) -> Option<Span> {
    let letters = short.chars().filter(|c| c.is_alphanumeric()).count();
    let limit = (letters + 5).min(letters * 2);
    let from = text[..end].rfind(['\n', '.', ';', '(']).map_or(0, |i| i + 1);
    let stretch = &text[from..end];
    let mut start = stretch.len();
    for _ in 0..limit {
        let head = stretch[..start].trim_end();
        if head.is_empty() {
            break;
        }
        start = head.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    }
    let candidate = &stretch[start..];
    let at = matches_letters(short, candidate)?;
    let long = &candidate[at..];
    // A long form is longer than its short form and does not hold it.
    (long.len() > short.len() && !long.split_whitespace().any(|w| w == short))
        .then(|| Span::new((from + start + at) as u32, end as u32))
}

/// Matches the letters of `short` in `long` from right to left, the first at the start of a word; returns where.
fn matches_letters(short: &str, long: &str) -> Option<usize> {
    let short: Vec<char> = short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let long_chars: Vec<(usize, char)> = long.char_indices().collect();
    let mut at = long_chars.len();
    for (i, letter) in short.iter().enumerate().rev() {
        loop {
            at = at.checked_sub(1)?;
            let (_, c) = long_chars[at];
            let starts_word = at == 0 || !long_chars[at - 1].1.is_alphanumeric();
            if c.to_lowercase().next() == Some(*letter) && (i > 0 || starts_word) {
                break;
            }
        }
    }
    Some(long_chars[at].0)
}

/// Lists as they stand under figures and tables: `ALB, albumin; ALT, alanine aminotransferase`.
fn listed<'t>(text: &'t str, found: &mut Found<'t>) {
    let mut at = 0;
    for line in text.split('\n') {
        if line.matches(';').count() >= 1 && line.contains(", ") {
            let mut start = 0;
            for part in line.split(';') {
                let lead = part.len() - part.trim_start().len();
                let words = part.trim_start();
                let words = words.strip_prefix("Abbreviations: ").unwrap_or(words);
                let skipped = lead + part.trim_start().len() - words.len();
                if let Some((short, long)) = words.split_once([',', ':', '='])
                    && is_short(short.trim())
                    && (3..=80).contains(&long.trim().trim_end_matches('.').len())
                    && !short.contains(' ')
                {
                    let long_words = long.trim().trim_end_matches('.');
                    let short_at = at + start + skipped;
                    let long_at = short_at + short.len() + 1 + (long.len() - long.trim_start().len());
                    let span = Span::new(short_at as u32, (short_at + short.len()) as u32);
                    if matches_letters(short, long_words).is_some() {
                        found.add(text, span, Span::new(long_at as u32, (long_at + long_words.len()) as u32));
                    }
                }
                start += part.len() + 1;
            }
        }
        at += line.len() + 1;
    }
}

/// Finds capital words that are a defined abbreviation with two neighbouring letters exchanged, defined nowhere
/// themselves and rarer than the abbreviation: `ITM` for `IMT`.
fn misspelled(text: &str, found: &mut Found<'_>) {
    let Found { list: out, numbers } = found;
    let mut exchanged: HashMap<String, usize> = HashMap::new();
    for (i, abbreviation) in out.iter().enumerate() {
        let letters: Vec<char> = abbreviation.short.chars().collect();
        if letters.len() < 3 || !letters.iter().all(|c| c.is_ascii_uppercase()) {
            continue;
        }
        for j in 1..letters.len() {
            let mut other = letters.clone();
            other.swap(j - 1, j);
            if other != letters {
                exchanged.insert(other.into_iter().collect(), i);
            }
        }
    }
    if exchanged.is_empty() {
        return;
    }
    for short in numbers.keys() {
        exchanged.remove(*short);
    }
    let mut counts = vec![0usize; out.len()];
    let mut places: Vec<(usize, Span)> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_uppercase() || (at > 0 && bytes[at - 1].is_ascii_alphanumeric()) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        let mut word = &text[start..at];
        if word.len() > 3 && word.ends_with('s') {
            word = &word[..word.len() - 1];
        }
        if let Some(i) = numbers.get(word) {
            counts[*i] += 1;
        } else if let Some(i) = exchanged.get(word) {
            places.push((*i, Span::new(start as u32, (start + word.len()) as u32)));
        }
    }
    let mut same = vec![0usize; out.len()];
    places.iter().for_each(|(i, _)| same[*i] += 1);
    for (i, span) in &places {
        if same[*i] * 2 < counts[*i] {
            out[*i].variants.push(*span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        abbreviations(text).into_iter().map(|a| (a.short, a.long)).collect()
    }

    fn pair(short: &str, long: &str) -> (String, String) {
        (short.to_owned(), long.to_owned())
    }

    #[test]
    fn definitions_in_brackets() {
        assert_eq!(
            pairs("Inflammatory myofibroblastic tumour (IMT) is rare."),
            [pair("IMT", "Inflammatory myofibroblastic tumour")]
        );
        assert_eq!(
            pairs("positive for ALK (anaplastic lymphoma kinase)."),
            [pair("ALK", "anaplastic lymphoma kinase")]
        );
        assert_eq!(pairs("of 55% (CT) and (A) left"), []);
        assert_eq!(pairs("a white blood cell (WBC) count"), [pair("WBC", "white blood cell")]);
    }

    #[test]
    fn lists_under_tables() {
        assert_eq!(
            pairs("ALB, albumin; ALT, alanine transaminase."),
            [pair("ALB", "albumin"), pair("ALT", "alanine transaminase")]
        );
    }

    #[test]
    fn exchanged_letters_are_reported() {
        let text = "inflammatory myofibroblastic tumour (IMT). IMT is rare. IMTs occur. Patients with ITM.";
        let found = abbreviations(text);
        assert_eq!(found[0].variants.len(), 1);
        assert_eq!(found[0].variants[0].of(text), Some("ITM"));
    }
}
