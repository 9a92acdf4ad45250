//! Words, numbers and signs.
//!
//! A tokenizer for clinical prose, where `CD45±`, `13q14.3`, `mg/m2` and `6-year-old` are ordinary words. It splits
//! finely and lets grammars join: hyphens and slashes are signs of their own, a run that starts with a digit ends
//! before its first letter, a run that starts with a letter goes on over digits.

use std::borrow::Cow;

use case_model::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Starts with a letter: `tumour`, `CD45`, `V600E`, `µg`.
    Word,
    /// Digits with inner groups and decimals: `6`, `1,350`, `10.5`.
    Number,
    /// The possessive or genitive ending `'s` of the word before it.
    Possessive,
    /// A single other character.
    Sign(char),
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// True if white space stands before it (or it starts the text).
    pub spaced: bool,
}

impl Token {
    /// Its characters.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.span.start as usize..self.span.end as usize]
    }

    /// True for that sign.
    pub fn is(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }

    /// True for `-` and the dashes that print in its place.
    pub fn is_hyphen(&self) -> bool {
        matches!(self.kind, TokenKind::Sign('-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2212}'))
    }

    /// True for a word.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// True for a number.
    pub fn is_number(&self) -> bool {
        self.kind == TokenKind::Number
    }
}

/// A word in small ASCII letters; most words are so already and are not copied.
pub fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|b| b.is_ascii_uppercase()) { word.to_ascii_lowercase().into() } else { word.into() }
}

/// Splits `text` into tokens, in order.
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 5 + 4);
    tokenize_into(text, Span::new(0, text.len() as u32), &mut out);
    out
}

/// Appends the tokens of `text` within `span`. Offsets count from the start of `text`.
pub fn tokenize_into(text: &str, span: Span, out: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let end = span.end as usize;
    let mut at = span.start as usize;
    let mut spaced = true;
    while at < end {
        let start = at;
        let byte = bytes[at];
        let kind = match CLASS[byte as usize] {
            Class::Space => {
                at += 1;
                spaced = true;
                continue;
            }
            Class::Letter => {
                at = word_end(text, at + 1, end);
                TokenKind::Word
            }
            Class::Digit => {
                at = number_end(bytes, at + 1, end);
                TokenKind::Number
            }
            Class::Sign => {
                if byte == b'\'' && possessive(bytes, at, end) && follows_word(out, at) {
                    at += 2;
                    TokenKind::Possessive
                } else {
                    at += 1;
                    TokenKind::Sign(char::from(byte))
                }
            }
            Class::Multibyte => {
                let c = text[at..].chars().next().expect("a token starts on a character boundary");
                at += c.len_utf8();
                if c.is_whitespace() {
                    spaced = true;
                    continue;
                }
                if c.is_alphabetic() || is_mark(c) {
                    at = word_end(text, at, end);
                    TokenKind::Word
                } else if c == '\u{2019}' && possessive(bytes, at - 1, end) && follows_word(out, start) {
                    at += 1;
                    TokenKind::Possessive
                } else {
                    TokenKind::Sign(c)
                }
            }
        };
        out.push(Token { span: Span::new(start as u32, at as u32), kind, spaced });
        spaced = false;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    Sign,
    Multibyte,
}

const CLASS: [Class; 256] = {
    let mut table = [Class::Sign; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        table[i] = if b.is_ascii_alphabetic() {
            Class::Letter
        } else if b.is_ascii_digit() {
            Class::Digit
        } else if b.is_ascii_whitespace() || b == 0x0b || b == 0 {
            Class::Space
        } else if b >= 0x80 {
            Class::Multibyte
        } else {
            Class::Sign
        };
        i += 1;
    }
    table
};

fn word_end(text: &str, mut at: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    while at < end {
        match CLASS[bytes[at] as usize] {
            Class::Letter | Class::Digit => at += 1,
            Class::Multibyte => {
                let c = text[at..].chars().next().expect("on a character boundary");
                if !(c.is_alphabetic() || is_mark(c)) {
                    break;
                }
                at += c.len_utf8();
            }
            _ => break,
        }
    }
    at
}

/// Combining marks belong to the word they modify.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn number_end(bytes: &[u8], mut at: usize, end: usize) -> usize {
    loop {
        while at < end && bytes[at].is_ascii_digit() {
            at += 1;
        }
        // A point or comma belongs to the number if digits follow.
        if at + 1 < end && matches!(bytes[at], b'.' | b',') && bytes[at + 1].is_ascii_digit() {
            at += 1;
        } else {
            return at;
        }
    }
}

/// True if an apostrophe that ends before `at + 1` is followed by a lone `s`.
fn possessive(bytes: &[u8], at: usize, end: usize) -> bool {
    at + 1 < end
        && matches!(bytes[at + 1], b's' | b'S')
        && (at + 2 >= end || !matches!(CLASS[bytes[at + 2] as usize], Class::Letter | Class::Digit))
}

fn follows_word(out: &[Token], at: usize) -> bool {
    out.last().is_some_and(|t| t.kind == TokenKind::Word && t.span.end as usize == at)
}

/// Reads the number of a token, groups of thousands removed: `1,350` is 1350, `10.5` is 10.5, `0,5` is 0.5.
///
/// A comma followed by three digits separates thousands; any other comma is a decimal sign. `None` when the digits
/// cannot be one number (`12,15,3`, `1.2.3`).
pub fn decimal(digits: &str) -> Option<case_model::Decimal> {
    let thousands = |part: &str| part.len() == 3;
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    match (commas, points) {
        (0, 0 | 1) => case_model::Decimal::new(digits),
        (_, 0 | 1) => {
            let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
            let mut groups = whole.split(',');
            let head = groups.next().unwrap_or_default();
            let grouped = head.len() <= 3 && head != "0" && groups.all(thousands);
            if grouped && !fraction.is_some_and(|f| f.contains(',')) {
                let mut plain: String = whole.split(',').collect();
                if let Some(fraction) = fraction {
                    plain.push('.');
                    plain.push_str(fraction);
                }
                case_model::Decimal::new(&plain)
            } else if commas == 1 && points == 0 {
                case_model::Decimal::new(&digits.replace(',', "."))
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text).iter().map(|t| t.text(text)).collect()
    }

    #[test]
    fn clinical_words() {
        assert_eq!(words("CD45± and TTF-1"), ["CD45", "±", "and", "TTF", "-", "1"]);
        assert_eq!(words("13q14.3"), ["13", "q14", ".", "3"]);
        assert_eq!(words("the patient's 1,350 mg/dL."), ["the", "patient", "'s", "1,350", "mg", "/", "dL", "."]);
        assert_eq!(words("β-catenin, 5µg"), ["β", "-", "catenin", ",", "5", "µg"]);
        assert_eq!(words("Graves’ disease, Hodgkin’s"), ["Graves", "’", "disease", ",", "Hodgkin", "’s"]);
        assert_eq!(words("6.5."), ["6.5", "."]);
    }

    #[test]
    fn numbers_with_groups_and_decimals() {
        let read = |s| decimal(s).map(|d| d.to_string());
        assert_eq!(read("1,350").as_deref(), Some("1350"));
        assert_eq!(read("1,234,567.5").as_deref(), Some("1234567.5"));
        assert_eq!(read("0,5").as_deref(), Some("0.5"));
        assert_eq!(read("7.80").as_deref(), Some("7.80"));
        assert_eq!(read("12,15,3"), None);
        assert_eq!(read("1.2.3"), None);
    }

    proptest::proptest! {
        #[test]
        fn tokens_cover_everything_but_space(text in "\\PC{0,60}") {
            let tokens = tokenize(&text);
            let mut at = 0;
            for token in &tokens {
                proptest::prop_assert!(token.span.start >= at && !token.span.is_empty());
                proptest::prop_assert!(text[at as usize..token.span.start as usize].chars().all(char::is_whitespace));
                proptest::prop_assert!(token.span.of(&text).is_some());
                at = token.span.end;
            }
            proptest::prop_assert!(text[at as usize..].chars().all(char::is_whitespace));
        }
    }
}
