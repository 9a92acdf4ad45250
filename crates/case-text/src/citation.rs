//! Citation marks: numbers in brackets, numbers glued to a word as superscripts lost their height, author and year.

use case_model::{Citation, Span};

/// Finds the citation marks of a text.
///
/// Bracketed numbers always count. Bare numbers count where they are glued to the punctuation that ends a phrase
/// (`recurrence).1 Surgical`), and where they stand between two sentences (`reported. 6 Genetic`) in a text that does
/// so at least twice.
pub fn citations(text: &str) -> Vec<Citation> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut between = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'[' => {
                if let Some((end, numbers)) = bracketed(text, at) {
                    out.push(Citation { span: Span::new(at as u32, end as u32), numbers });
                    at = end;
                    continue;
                }
            }
            b'(' => {
                if let Some(end) = author_year(text, at) {
                    out.push(Citation { span: Span::new(at as u32, end as u32), numbers: Vec::new() });
                    at = end;
                    continue;
                }
            }
            b'0'..=b'9' if at > 0 && !bytes[at - 1].is_ascii_digit() => {
                if let Some((end, numbers)) = list_of_numbers(text, at) {
                    if glued(text, at, end) {
                        out.push(Citation { span: Span::new(at as u32, end as u32), numbers });
                        at = end;
                        continue;
                    }
                    if between_sentences(text, at, end) {
                        between.push(Citation { span: Span::new(at as u32, end as u32), numbers });
                        at = end;
                        continue;
                    }
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if between.len() >= 2 {
        out.append(&mut between);
        out.sort_by_key(|c| c.span);
    }
    out
}

/// `[3]`, `[1, 2]`, `[4-7]`.
fn bracketed(text: &str, at: usize) -> Option<(usize, Vec<u32>)> {
    let close = at + 1 + text.as_bytes()[at + 1..].iter().take(60).position(|b| *b == b']')?;
    let (end, numbers) = list_of_numbers(text, at + 1 + leading_space(&text[at + 1..close]))?;
    text[end..close].trim().is_empty().then_some((close + 1, numbers))
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Numbers of at most three digits joined by commas and dashes, ranges written out. Returns where the list ends.
fn list_of_numbers(text: &str, start: usize) -> Option<(usize, Vec<u32>)> {
    let bytes = text.as_bytes();
    let mut numbers: Vec<u32> = Vec::new();
    let (mut at, mut end, mut range) = (start, start, false);
    loop {
        let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 3 {
            break;
        }
        let number: u32 = text[at..at + digits].parse().ok()?;
        match numbers.last() {
            Some(first) if range && number > *first && number - first < 40 => numbers.extend(first + 1..=number),
            _ if range => break,
            _ => numbers.push(number),
        }
        at += digits;
        end = at;
        let rest = &text[at..];
        let separator = rest.chars().next();
        range = matches!(separator, Some('-' | '–' | '—'));
        if !(range || matches!(separator, Some(',' | ';'))) {
            break;
        }
        at += separator.map_or(0, char::len_utf8);
        // Inside brackets a space may follow; a bare list has none.
        if bytes.get(at) == Some(&b' ')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && start > 0
            && bytes[start - 1] == b'['
        {
            at += 1;
        }
    }
    (!numbers.is_empty() && end > start).then_some((end, numbers))
}

/// True for numbers directly behind the punctuation that ends a phrase, or behind a word of prose, with no unit behind.
fn glued(text: &str, at: usize, end: usize) -> bool {
    let before = &text[..at];
    let after = &text[end..];
    let follows = after.chars().next();
    if follows == Some(')') {
        // "malignancy2).": a bracket that was never opened.
        let word = before.chars().rev().take_while(|c| c.is_alphabetic()).count();
        let phrase = before.rfind(['(', ')', '\n']);
        return (word >= 3 || before.ends_with("%")) && !phrase.is_some_and(|i| before[i..].starts_with('('));
    }
    if !follows.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ')' | ':')) {
        return false;
    }
    let mut back = before.chars().rev();
    match back.next() {
        Some('.' | ',' | ';') => {
            // "recurrence).1 Surgical", "patients.2", "Cho et al.17": a word or a closing bracket before the stop.
            // Not "3.5", not "i.v.5", not "p.12".
            let word: Vec<char> = back.take(4).collect();
            let stop_after_word = word.first().is_some_and(|c| matches!(c, ')' | ']' | '"' | '%'))
                || (word.len() >= 3 && word[..3].iter().all(|c| c.is_lowercase()))
                || word.starts_with(&['l', 'a', ' '])
                || (word.len() >= 3 && word[..2].iter().all(|c| c.is_uppercase()));
            stop_after_word
                && (before.ends_with('.')
                    || !follows.is_some_and(|c| c == '.' && after[1..].starts_with(|c: char| c.is_ascii_digit())))
        }
        // "progression1,2 and": at least five small letters before, and not a name such as "grade1".
        Some(c) if c.is_lowercase() => {
            let word: String = std::iter::once(c).chain(back.take_while(|c| c.is_alphabetic())).collect();
            word.chars().count() >= 6 && word.chars().all(char::is_lowercase) && text[at..end].contains([',', '-', '–'])
        }
        _ => false,
    }
}

/// `reported. 6 Genetic`: number alone between a stop and a capital.
fn between_sentences(text: &str, at: usize, end: usize) -> bool {
    let before = text[..at].trim_end_matches(' ');
    let gap = at - before.len();
    let after = &text[end..];
    let capital = after.strip_prefix(' ').and_then(|rest| rest.chars().next());
    gap == 1
        && before.ends_with(['.', ')'])
        && before.trim_end_matches(['.', ')']).ends_with(|c: char| c.is_alphabetic() || c == ')' || c == '%')
        && (before.ends_with('.') || before.ends_with("al"))
        && (after.is_empty() || after.starts_with('\n') || capital.is_some_and(char::is_uppercase))
}

/// `(Smith et al., 2020)`, `(Smith and Jones 2019; Lee, 2021)`.
fn author_year(text: &str, at: usize) -> Option<usize> {
    let inner = &text[at + 1..];
    let close = inner
        .bytes()
        .take(300)
        .position(|b| matches!(b, b')' | b'(' | b'\n'))
        .filter(|i| inner.as_bytes()[*i] == b')')?;
    let words = &inner[..close];
    let starts_name = words.chars().next().is_some_and(char::is_uppercase);
    let year = words.as_bytes().windows(4).enumerate().rev().any(|(i, w)| {
        (w.starts_with(b"19") || w.starts_with(b"20"))
            && w.iter().all(u8::is_ascii_digit)
            && i + 6 >= words.len().min(i + 6)
            && words.len() - i <= 6
    });
    let last_part = words.rsplit(';').next().unwrap_or(words);
    let name = last_part.split(|c: char| c == ',' || c.is_ascii_digit()).next().unwrap_or_default().trim();
    let named = words.contains("et al")
        || name.split_whitespace().all(|w| {
            w.starts_with(|c: char| c.is_uppercase()) || matches!(w, "and" | "&" | "de" | "van" | "von" | "der" | "la")
        });
    (starts_name && year && named && !name.is_empty() && !is_month(name)).then_some(at + 1 + close + 1)
}

fn is_month(name: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    name.split_whitespace()
        .any(|w| MONTHS.contains(&w) || MONTHS.iter().any(|m| w.len() >= 3 && m.starts_with(w.trim_end_matches('.'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<(&str, Vec<u32>)> {
        citations(text).into_iter().map(|c| (c.span.of(text).unwrap(), c.numbers)).collect()
    }

    #[test]
    fn brackets_and_ranges() {
        assert_eq!(marks("as shown [1, 2] and [4-7]."), [("[1, 2]", vec![1, 2]), ("[4-7]", vec![4, 5, 6, 7])]);
        assert_eq!(marks("[sic] [12 months]"), []);
    }

    #[test]
    fn glued_superscripts() {
        assert_eq!(marks("recurrence).1 Surgical"), [("1", vec![1])]);
        assert_eq!(marks("seems promising.1–5 However"), [("1–5", vec![1, 2, 3, 4, 5])]);
        assert_eq!(marks("ALK-inhibitors,4,5 we"), [("4,5", vec![4, 5])]);
        assert_eq!(marks("Cho et al.17 concluded"), [("17", vec![17])]);
        assert_eq!(marks("in acute leukemia34). The (grade2) of IL2) it"), [("34", vec![34])]);
        assert_eq!(marks("a lesion of 3.5 cm, CD117, p53, 5.2,"), []);
        assert_eq!(marks("in the range of 1,350 to 2.5."), []);
    }

    #[test]
    fn numbers_between_sentences_need_company() {
        assert_eq!(marks("It was reported. 6 Genetic changes."), []);
        assert_eq!(marks("It was reported. 6 Genetic changes. 12 They occur.").len(), 2);
    }

    #[test]
    fn author_and_year() {
        assert_eq!(marks("reactions (Diep et al., 2022). In (July 1, 2019) and (MRI 2019)").len(), 2);
        assert_eq!(marks("managed (New, 2018).").len(), 1);
        assert_eq!(marks("(Figure 1) (Brasil) (12 mg, 2 times)"), []);
    }
}
