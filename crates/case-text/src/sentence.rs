//! Sentences of clinical prose.
//!
//! A full stop ends a sentence unless it belongs to an abbreviation, an initial, a number or a formula; a citation mark
//! that is glued to it belongs to the sentence it closes.

use case_model::{Citation, Span};

/// Abbreviations whose stop does not end a sentence. Lower case, without the last stop.
const ABBREVIATIONS: &[&str] = &[
    "a.m", "al", "approx", "ca", "cf", "col", "corp", "dept", "dr", "drs", "e.g", "ed", "eds", "eg", "eq", "et", "fig",
    "figs", "i.c", "i.d", "i.e", "i.m", "i.p", "i.t", "i.v", "ie", "inc", "jr", "lt", "ltd", "mr", "mrs", "ms", "mt",
    "no", "nos", "p.m", "p.o", "pp", "prof", "q.d", "ref", "refs", "resp", "rt", "s.c", "sp", "spp", "sr", "ssp", "st",
    "u.k", "u.s", "u.s.a", "var", "viz", "vol", "vs", "wt",
];

/// Words that start sentences: after a lone capital letter only these show that a sentence begins.
const STARTERS: &[&str] = &[
    "A",
    "After",
    "Although",
    "An",
    "At",
    "Before",
    "Both",
    "By",
    "Due",
    "During",
    "For",
    "He",
    "Her",
    "His",
    "However",
    "In",
    "It",
    "No",
    "On",
    "One",
    "Our",
    "She",
    "Since",
    "The",
    "Their",
    "There",
    "Therefore",
    "These",
    "They",
    "This",
    "Thus",
    "Two",
    "We",
    "When",
    "While",
    "With",
];

/// No sentence has this many bytes. What goes on longer is a table or a list without stops; it is cut at a space, so that
/// work on one sentence is bounded whatever the text is.
const LONGEST: usize = 4000;

/// Splits a block of text at `span` into sentences. `citations` are those of the text, in order.
pub fn sentences(text: &str, span: Span, citations: &[Citation], out: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let end = span.end as usize;
    let mut start = span.start as usize;
    let mut at = start;
    while at < end {
        let byte = bytes[at];
        if byte == b' ' && stop_is_missing(&text[start..at], &text[at + 1..end]) {
            push(text, start, at, out);
            at += 1;
            start = at;
            continue;
        }
        if !matches!(byte, b'.' | b'!' | b'?') {
            if at - start > LONGEST && byte.is_ascii_whitespace() {
                push(text, start, at, out);
                start = at;
            }
            at += 1;
            continue;
        }
        match boundary(text, start, at, end, citations) {
            Some(next) => {
                push(text, start, next, out);
                start = next;
                at = next;
            }
            None => at += 1,
        }
    }
    push(text, start, end, out);
}

/// True where a sentence starts without a stop before it: "in the right lobe The lesion was".
fn stop_is_missing(before: &str, rest: &str) -> bool {
    const SUBJECTS: &[&str] = &["He ", "It ", "She ", "The ", "There ", "These ", "This "];
    // Words that go on to a name: "from The Netherlands", "and The Lancet"; a title has capitals behind it, too.
    const LINKS: &[&str] =
        &["and", "are", "called", "for", "from", "into", "named", "that", "the", "was", "were", "with"];
    if !rest.starts_with(['H', 'I', 'S', 'T']) {
        return false;
    }
    let Some(subject) = SUBJECTS.iter().find(|s| rest.starts_with(**s)) else { return false };
    let word = before.rsplit(' ').next().unwrap_or_default();
    word.len() >= 3
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && !LINKS.contains(&word)
        && rest[subject.len()..].starts_with(|c: char| c.is_ascii_lowercase())
}

fn push(text: &str, start: usize, end: usize, out: &mut Vec<Span>) {
    let words = &text[start..end];
    let lead = words.len() - words.trim_start().len();
    let body = words.trim();
    if !body.is_empty() {
        let from = start + lead;
        out.push(Span::new(from as u32, (from + body.len()) as u32));
    }
}

/// Where the next sentence starts, if the stop at `at` ends one.
fn boundary(text: &str, start: usize, at: usize, end: usize, citations: &[Citation]) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut next = at + 1;
    // Closing quotes and brackets belong to the sentence.
    while next < end && matches!(bytes[next], b'"' | b'\'' | b')' | b']' | b'.') {
        next += 1;
    }
    let glued = next;
    // So do citation marks, glued or after a space.
    let mut cited = false;
    loop {
        let gap = bytes[next..end].iter().take_while(|b| **b == b' ').count();
        let from = (next + gap) as u32;
        let i = citations.partition_point(|c| c.span.start < from);
        match citations.get(i) {
            Some(c) if c.span.start == from && c.span.end as usize <= end && closes(bytes[from as usize]) => {
                next = c.span.end as usize;
                cited = true;
                while next < end && matches!(bytes[next], b'.' | b')') {
                    next += 1;
                }
            }
            _ => break,
        }
    }
    if next >= end {
        return Some(end);
    }
    let rest = &text[next..end];
    let gap = rest.len() - rest.trim_start().len();
    let follower = rest[gap..].chars().next()?;
    if gap == 0 {
        // Glued: "symptoms.Fig. 1", "(Muntyanu et al., 2021) For"; never within a number, formula or name.
        let word_before = text[start..at].chars().rev().take_while(|c| c.is_lowercase()).count();
        let word_after = rest.chars().skip(1).take_while(|c| c.is_lowercase()).count();
        let is_new = follower.is_uppercase() && (word_before >= 3 || (cited && glued != next)) && word_after >= 2;
        return (is_new && bytes[at] == b'.').then_some(next);
    }
    let starts = follower.is_uppercase()
        || follower.is_ascii_digit()
        || matches!(follower, '(' | '"' | '[' | '\u{391}'..='\u{3c9}')
        || starts_with_symbol(&rest[gap..]);
    if !starts {
        return None;
    }
    if bytes[at] != b'.' || cited {
        return Some(next + gap);
    }
    let before = &text[start..at];
    let word_start = before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"')).map_or(0, |i| i + 1);
    let word = &before[word_start..];
    let lower = word.to_ascii_lowercase();
    if word.is_empty() {
        return Some(next + gap);
    }
    if ABBREVIATIONS.binary_search(&lower.as_str()).is_ok() {
        // "et al." before a capital goes on ("et al. used" does not come here); "No." and "Fig." need a number.
        return match lower.as_str() {
            "al" | "et" | "no" | "nos" | "fig" | "figs" | "ref" | "refs" | "vol" | "p" | "pp"
                if !follower.is_ascii_digit() =>
            {
                (lower == "no" || lower == "al" && is_starter(&rest[gap..])).then_some(next + gap)
            }
            "inc" | "ltd" | "corp" | "a.m" | "p.m" | "u.s" | "u.s.a" | "u.k" | "i.v" | "p.o" | "s.c" | "i.m"
                if is_starter(&rest[gap..]) =>
            {
                Some(next + gap)
            }
            _ => None,
        };
    }
    let mut letters = word.chars();
    if let (Some(initial), None) = (letters.next(), letters.next()) {
        if initial.is_uppercase() {
            // An initial, unless a sentence clearly starts: "hepatitis B. The".
            return is_starter(&rest[gap..]).then_some(next + gap);
        }
        if initial.is_ascii_digit() && word_start == 0 {
            // "1. Introduction" at the start of a block.
            return None;
        }
    }
    if follower.is_ascii_digit() && word.bytes().all(|b| b.is_ascii_digit()) && word_start == 0 {
        return None;
    }
    Some(next + gap)
}

/// True if a citation mark that starts with `first` belongs to the sentence before it. One that starts with a name
/// begins the next: "It is rare. Smith et al. (2020) found".
fn closes(first: u8) -> bool {
    first.is_ascii_digit() || matches!(first, b'[' | b'(')
}

fn is_starter(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    STARTERS.binary_search(&word).is_ok()
}

/// Symbols that start with a small letter and may start a sentence: "p53 was", "mTOR", "c-KIT".
fn starts_with_symbol(rest: &str) -> bool {
    let word = rest.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().nth(1).is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        && word.chars().any(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::citations;

    fn split(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        sentences(text, Span::new(0, text.len() as u32), &citations(text), &mut out);
        out.iter().map(|s| s.of(text).unwrap()).collect()
    }

    #[test]
    fn lists_are_sorted() {
        let mut sorted = ABBREVIATIONS.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, ABBREVIATIONS);
        assert!(STARTERS.is_sorted());
    }

    #[test]
    fn abbreviations_and_numbers_do_not_end_sentences() {
        for one in [
            "Pire et al. used FISH (Fig. 1) i.v. at 2.5 mg.",
            "A translocation t(2;17)(p23.2;q23.1) was found by Dr. J. C. Wu in No. 5 of ca. 20 cells vs. controls.",
            "Shah et al. [15] reported 8 of 19.",
            "It was 3.5 cm (e.g. Fig. 2A) in size.",
        ] {
            assert_eq!(split(one), [one]);
        }
    }

    #[test]
    fn citations_close_the_sentence_before_them() {
        assert_eq!(split("(15% of recurrence).1 Surgical resection"), ["(15% of recurrence).1", "Surgical resection"]);
        assert_eq!(split("is promising.1–5 However, it"), ["is promising.1–5", "However, it"]);
        assert_eq!(split("was reported [9, 10]. In these"), ["was reported [9, 10].", "In these"]);
        assert_eq!(split("It was seen. [3] We"), ["It was seen. [3]", "We"]);
    }

    #[test]
    fn what_has_no_stops_is_cut() {
        let list = "fever, ".repeat(2000);
        let sentences = split(&list);
        assert_eq!(sentences.len(), 4);
        assert!(sentences.iter().all(|s| s.len() < LONGEST + 10 && s.starts_with("fever") && s.ends_with("fever,")));
    }

    #[test]
    fn a_citation_by_name_begins_a_sentence() {
        let text = "It is rare. Smith et al. (2020) found it.";
        let name = Citation { span: Span::new(12, 31), numbers: vec![4] };
        let mut out = Vec::new();
        sentences(text, Span::new(0, text.len() as u32), &[name], &mut out);
        assert_eq!(out, [Span::new(0, 11), Span::new(12, 41)]);
    }

    #[test]
    fn sentences_without_stop_or_space() {
        assert_eq!(split("improvement in symptoms.Fig. 1 Rash"), ["improvement in symptoms.", "Fig. 1 Rash"]);
        assert_eq!(split("The findings were suggestive of an IMT"), ["The findings were suggestive of an IMT"]);
        assert_eq!(
            split("calcification in the right lobe The lesion was solid"),
            ["calcification in the right lobe", "The lesion was solid"]
        );
        assert_eq!(
            split("read with The lancet and The Cancer Genome Atlas"),
            ["read with The lancet and The Cancer Genome Atlas"]
        );
        assert_eq!(
            split("She had hepatitis B. The liver was normal."),
            ["She had hepatitis B.", "The liver was normal."]
        );
        assert_eq!(split("Ki-67 was 5%. p53 was lost."), ["Ki-67 was 5%.", "p53 was lost."]);
    }
}
