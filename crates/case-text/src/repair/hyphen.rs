//! Words divided at the end of a line.

use std::collections::HashSet;

/// What to do with a hyphen at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Division {
    /// The word was divided: join it.
    Join,
    /// The hyphen belongs to the word: keep it.
    Keep,
}

/// First parts that stand with a hyphen before a word of their own: "low-grade", "six-month", "self-limited".
///
/// A closed class: adjectives and numerals that make compounds, and prefixes that house styles set with a hyphen.
const COMPOUNDING: &[&str] = &[
    "all",
    "anti",
    "broad",
    "cell",
    "clear",
    "close",
    "cross",
    "dark",
    "deep",
    "dose",
    "double",
    "early",
    "eight",
    "end",
    "ever",
    "fast",
    "few",
    "fine",
    "first",
    "five",
    "follow",
    "four",
    "full",
    "good",
    "half",
    "hard",
    "heavy",
    "high",
    "ill",
    "in",
    "intermediate",
    "large",
    "late",
    "left",
    "life",
    "light",
    "line",
    "long",
    "low",
    "middle",
    "mild",
    "multi",
    "near",
    "new",
    "nine",
    "non",
    "off",
    "old",
    "one",
    "open",
    "out",
    "over",
    "pale",
    "poor",
    "poorly",
    "post",
    "pre",
    "quick",
    "rapid",
    "rapidly",
    "right",
    "second",
    "self",
    "semi",
    "seven",
    "severe",
    "short",
    "single",
    "six",
    "slow",
    "slowly",
    "small",
    "soft",
    "spindle",
    "ten",
    "thick",
    "thin",
    "third",
    "three",
    "triple",
    "twelve",
    "two",
    "ultra",
    "well",
    "wide",
    "year",
];

/// Words of the document as evidence for how it writes a divided word.
#[derive(Debug, Default)]
pub(super) struct WordEvidence {
    words: HashSet<u64>,
}

impl WordEvidence {
    /// Gathers the words of `text`, hyphenated ones as written.
    pub(super) fn gather(text: &str) -> Self {
        let mut words = HashSet::with_capacity(text.len() / 12);
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphabetic() {
                at += 1;
                continue;
            }
            let start = at;
            while at < bytes.len()
                && (bytes[at].is_ascii_alphabetic()
                    || (bytes[at] == b'-' && at + 1 < bytes.len() && bytes[at + 1].is_ascii_alphabetic()))
            {
                at += 1;
            }
            words.insert(fold(&bytes[start..at], &[]));
        }
        Self { words }
    }

    /// How to read `first`, hyphen, end of line, `second`.
    pub(super) fn divide(&self, first: &str, second: &str) -> Division {
        let seen = |a: &str, b: &str| self.words.contains(&fold(a.as_bytes(), b.as_bytes()));
        let whole_parts: String = [first, "-"].concat();
        if !first.bytes().all(|b| b.is_ascii_alphabetic()) || !second.starts_with(|c: char| c.is_lowercase()) {
            // "PET-⏎CT", "CK-⏎20", "IL-2-⏎based": signs, numbers, capitals.
            return if first.chars().all(char::is_alphabetic)
                && second.starts_with(char::is_lowercase)
                && first.chars().any(char::is_lowercase)
            {
                Division::Join
            } else {
                Division::Keep
            };
        }
        if seen(first, second) {
            return Division::Join;
        }
        if seen(&whole_parts, second) {
            return Division::Keep;
        }
        let upper = first.bytes().filter(u8::is_ascii_uppercase).count();
        if upper >= 2 && upper == first.len() {
            // "ALK-⏎positive".
            return Division::Keep;
        }
        if COMPOUNDING.binary_search(&first.to_ascii_lowercase().as_str()).is_ok() && second.len() >= 3 {
            return Division::Keep;
        }
        Division::Join
    }
}

/// FNV-1a over both parts, folded to lower case.
fn fold(first: &[u8], second: &[u8]) -> u64 {
    first.iter().chain(second).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounding_is_sorted() {
        assert!(COMPOUNDING.is_sorted());
    }

    #[test]
    fn the_document_decides_first() {
        let evidence = WordEvidence::gather("a follow-up visit; the preoperative scan; poststenotic");
        assert_eq!(evidence.divide("follow", "up"), Division::Keep);
        assert_eq!(evidence.divide("pre", "operative"), Division::Join);
        assert_eq!(evidence.divide("posi", "tive"), Division::Join);
        assert_eq!(evidence.divide("low", "grade"), Division::Keep);
        assert_eq!(evidence.divide("PET", "CT"), Division::Keep);
        assert_eq!(evidence.divide("ALK", "positive"), Division::Keep);
    }
}
