//! Superscripts and subscripts as running text.
//!
//! Text has no raised characters, so what a superscript says must be said otherwise: `10<sup>9</sup>/L` is `10^9/L`
//! and not a number of three digits, `m<sup>2</sup>` is the unit `m2`, `<sup>177</sup>Lu` the isotope `177Lu`,
//! `CD8<sup>+</sup>` is `CD8+`, and `BRAF<sup>V600E</sup>` two words.

/// How a superscript is joined to what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    /// As it is: `m2`, `Ca2+`, `177Lu`, `1st`.
    Plain,
    /// Behind `^`, which says that it is raised: `10^9`, `R^2`, `Fy^a`.
    Caret,
    /// As a word of its own: `BRAF V600E`, `CD4 high`.
    Word,
    /// A citation mark that the file does not mark as one: `recurrence.<sup>12</sup>`.
    Mark,
}

/// Units of length, whose second and third powers are units of their own.
const LENGTHS: &[&str] = &["cm", "dm", "km", "m", "mm", "nm", "µm", "μm"];

/// Decides for a superscript with the words `script` behind `before`; `starts_word` tells that a letter or digit
/// follows.
pub(crate) fn superscript(before: &str, script: &str, starts_word: bool) -> Join {
    let Some(last) = before.chars().next_back() else { return Join::Plain };
    let has = |test: fn(&char) -> bool| script.chars().any(|c| test(&c));
    let letters = script.chars().filter(|c| c.is_alphabetic()).count();
    let digits = has(char::is_ascii_digit);
    // It starts a word: isotopes, and marks before a name.
    if last.is_whitespace() || matches!(last, '(' | '[' | '/' | '-' | '–') && starts_word {
        return Join::Plain;
    }
    if !digits && letters == 0 {
        // Charges, genotypes, marks of registration and of footnotes: signs never glue.
        return Join::Plain;
    }
    if digits && letters == 0 {
        return power(before, last, script);
    }
    if last.is_ascii_digit() && matches!(script, "st" | "nd" | "rd" | "th") {
        return Join::Plain;
    }
    if letters == 1 && !digits { Join::Caret } else { Join::Word }
}

/// A superscript of digits and signs.
fn power(before: &str, last: char, script: &str) -> Join {
    if script.ends_with(['+', '-', '−', '–', '⁺', '⁻']) && script.starts_with(|c: char| c.is_ascii_digit()) {
        // A charge: Ca2+.
        return if last.is_ascii_digit() { Join::Caret } else { Join::Plain };
    }
    if last.is_alphabetic() {
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        return match script {
            "2" | "3" if LENGTHS.contains(&word) => Join::Plain,
            _ if is_list(script) && word.chars().filter(|c| c.is_lowercase()).count() >= 4 => Join::Mark,
            _ => Join::Caret,
        };
    }
    if matches!(last, '.' | ',' | ';' | ':' | '"' | '”' | '’' | '?') && is_list(script) {
        return Join::Mark;
    }
    Join::Caret
}

/// True for numbers of at most three digits with commas and dashes between them.
fn is_list(script: &str) -> bool {
    script
        .split([',', '-', '–', '—', '‐'])
        .map(str::trim)
        .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The numbers of a list of citations, ranges written out: `1,3-5`. Nothing for what is no such list.
pub(crate) fn list_of_numbers(words: &str) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::new();
    let mut range = false;
    let mut digits = String::new();
    for c in words.chars().chain([',']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.parse().unwrap_or(u32::MAX);
            digits.clear();
            add_number(&mut out, number, std::mem::take(&mut range));
        }
        range |= matches!(c, '-' | '–' | '—' | '‐' | '−');
    }
    out
}

/// Widest range of citations that is written out.
const MAX_RANGE: u32 = 200;

/// Adds a number, with those between it and the last one if both are the ends of a range.
pub(crate) fn add_number(out: &mut Vec<u32>, number: u32, range: bool) {
    match out.last() {
        Some(last) if range && number > *last && number - last <= MAX_RANGE => out.extend(last + 1..=number),
        Some(last) if number == *last => {}
        _ => out.push(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superscripts_of_clinical_text() {
        for (before, script, starts_word, join) in [
            ("WBC 5 × 10", "9", false, Join::Caret),
            ("10", "−3", false, Join::Caret),
            ("75 mg/m", "2", false, Join::Plain),
            ("20 cm", "3", false, Join::Plain),
            ("I", "2", false, Join::Caret),
            ("mL h", "−1", false, Join::Caret),
            ("(", "18", true, Join::Plain),
            ("with ", "177", true, Join::Plain),
            ("CD8", "+", false, Join::Plain),
            ("Ca", "2+", false, Join::Plain),
            ("Fe", "2⁺", false, Join::Plain),
            ("p53", "-/-", false, Join::Plain),
            ("CD4", "high", false, Join::Word),
            ("BRAF", "V600E", false, Join::Word),
            ("1", "st", false, Join::Plain),
            ("Fy", "a", false, Join::Caret),
            ("hemoglobin", "a", false, Join::Caret),
            ("5.2", "*", false, Join::Plain),
            ("Keytruda", "®", false, Join::Plain),
            ("recurrence.", "12", false, Join::Mark),
            ("treatment", "1,3–5", false, Join::Mark),
            ("", "1", true, Join::Plain),
        ] {
            assert_eq!(superscript(before, script, starts_word), join, "{before}^{script}");
        }
    }

    #[test]
    fn lists_of_numbers() {
        assert_eq!(list_of_numbers("[1, 3–5]"), [1, 3, 4, 5]);
        assert_eq!(list_of_numbers("7,7"), [7]);
        assert_eq!(list_of_numbers("none"), [0_u32; 0]);
    }
}
