//! Numbers as written: digits, words, ranges, comparators.

use case_model::{Comparator, Decimal};

use crate::token::{Token, TokenKind, decimal, lower};

/// A number or range of numbers and where it stands, as indices of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// First token, comparator included.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The number, or the lower end of a range.
    pub value: Decimal,
    /// The upper end of a range.
    pub upper: Option<Decimal>,
    /// How it is meant.
    pub comparator: Comparator,
    /// True if written in words.
    pub in_words: bool,
}

impl Number {
    /// The value as floating-point number.
    pub fn as_f64(&self) -> f64 {
        self.value.value()
    }
}

/// Small numbers in words.
const WORDS: &[(&str, &str)] = &[
    ("eight", "8"),
    ("eighteen", "18"),
    ("eleven", "11"),
    ("fifteen", "15"),
    ("fifty", "50"),
    ("five", "5"),
    ("forty", "40"),
    ("four", "4"),
    ("fourteen", "14"),
    ("nine", "9"),
    ("nineteen", "19"),
    ("ninety", "90"),
    ("one", "1"),
    ("seven", "7"),
    ("seventeen", "17"),
    ("seventy", "70"),
    ("single", "1"),
    ("six", "6"),
    ("sixteen", "16"),
    ("sixty", "60"),
    ("ten", "10"),
    ("thirteen", "13"),
    ("thirty", "30"),
    ("three", "3"),
    ("twelve", "12"),
    ("twenty", "20"),
    ("two", "2"),
];

/// The value of a number word up to ninety.
pub fn in_words(word: &str) -> Option<&'static str> {
    let first = word.as_bytes().first()?.to_ascii_lowercase();
    if word.len() > 9 || !b"efnost".contains(&first) {
        return None;
    }
    WORDS.binary_search_by_key(&lower(word).as_ref(), |(w, _)| w).ok().map(|i| WORDS[i].1)
}

/// The value of an ordinal: `third`, `3rd`, `21st`. For digits the token is the number and `suffix` the word behind it.
pub fn ordinal(word: &str) -> Option<u32> {
    Some(match lower(word).as_ref() {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        _ => return None,
    })
}

/// Words before a number that make it approximate or bound it.
fn comparator_word(word: &str) -> Option<Comparator> {
    Some(match lower(word).as_ref() {
        "about" | "approximately" | "approx" | "around" | "roughly" | "nearly" | "almost" | "circa" | "ca" | "some" => {
            Comparator::About
        }
        "over" | "exceeding" => Comparator::More,
        "under" | "below" => Comparator::Less,
        _ => return None,
    })
}

/// Reads a number that starts at token `i`, comparator included.
pub fn number_at(text: &str, tokens: &[Token], i: usize) -> Option<Number> {
    let first = i;
    let mut at = i;
    let mut comparator = Comparator::Equal;
    match tokens.get(at)?.kind {
        TokenKind::Sign('<') => comparator = Comparator::Less,
        TokenKind::Sign('>') => comparator = Comparator::More,
        TokenKind::Sign('≤') => comparator = Comparator::AtMost,
        TokenKind::Sign('≥') => comparator = Comparator::AtLeast,
        TokenKind::Sign('~' | '≈' | '∼') => comparator = Comparator::About,
        _ => {}
    }
    if comparator != Comparator::Equal {
        at += 1;
        if tokens.get(at)?.is('=') {
            comparator = if comparator == Comparator::Less { Comparator::AtMost } else { Comparator::AtLeast };
            at += 1;
        }
    } else if tokens[at].is_word()
        && let Some(word) = comparator_word(tokens[at].text(text))
    {
        comparator = word;
        at += 1;
    }
    let (value, mut last, words) = value_at(text, tokens, at)?;
    // "10 to 15", "10-15", "10–15", "two or three", "between 2 and 3"
    let mut upper = None;
    if let Some(joint) = tokens.get(last + 1) {
        let dash = joint.is_hyphen();
        let word = joint.is_word() && matches!(joint.text(text), "to" | "or");
        if (dash || word)
            && let Some((high, end, high_words)) = value_at(text, tokens, last + 2)
            && high_words == words
            && (dash || value.value() < high.value())
            && value.value() <= high.value()
            // "CK 5-6" is no range, nor is a date "2019-05".
            && !(dash && (joint.spaced != tokens[last + 2].spaced))
        {
            upper = Some(high);
            last = end;
        }
    }
    Some(Number { first, last, value, upper, comparator, in_words: words })
}

fn value_at(text: &str, tokens: &[Token], at: usize) -> Option<(Decimal, usize, bool)> {
    let token = tokens.get(at)?;
    match token.kind {
        TokenKind::Number => Some((decimal(token.text(text))?, at, false)),
        TokenKind::Word => {
            let word = token.text(text);
            let tens = in_words(word)?;
            // "twenty-one"
            if tens.len() == 2
                && tens.ends_with('0')
                && tokens.get(at + 1).is_some_and(Token::is_hyphen)
                && let Some(ones) = tokens.get(at + 2).filter(|t| t.is_word()).and_then(|t| in_words(t.text(text)))
                && ones.len() == 1
            {
                return Some((Decimal::new(&format!("{}{ones}", &tens[..1]))?, at + 2, true));
            }
            Some((Decimal::new(tens)?, at, true))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn read(text: &str) -> Option<(String, Option<String>, Comparator)> {
        let n = number_at(text, &tokenize(text), 0)?;
        Some((n.value.to_string(), n.upper.map(|u| u.to_string()), n.comparator))
    }

    #[test]
    fn numbers_ranges_and_comparators() {
        let some = |v: &str, u: Option<&str>, c| Some((v.to_owned(), u.map(str::to_owned), c));
        assert_eq!(read("1,350 mg"), some("1350", None, Comparator::Equal));
        assert_eq!(read("10-15"), some("10", Some("15"), Comparator::Equal));
        assert_eq!(read("two to three"), some("2", Some("3"), Comparator::Equal));
        assert_eq!(read(">= 5"), some("5", None, Comparator::AtLeast));
        assert_eq!(read("≥5"), some("5", None, Comparator::AtLeast));
        assert_eq!(read("approximately 2 years"), some("2", None, Comparator::About));
        assert_eq!(read("twenty-one"), some("21", None, Comparator::Equal));
        assert_eq!(read("fever"), None);
    }

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted());
    }
}
