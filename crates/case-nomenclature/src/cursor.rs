//! A place in a text that is read from left to right.

use crate::Refused;

/// What reading gives.
pub(crate) type Read<T> = Result<T, Refused>;

/// A cursor. It remembers the furthest failure, which is where a reader looks first.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    furthest: Refused,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, furthest: Refused { at: 0, expected: "an expression" } }
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to an earlier place.
    pub(crate) fn back(&mut self, at: usize) {
        self.at = at;
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    /// Takes the words if they stand here.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let found = self.rest().starts_with(words);
        self.at += if found { words.len() } else { 0 };
        found
    }

    /// Takes the words or fails.
    pub(crate) fn need(&mut self, words: &str, expected: &'static str) -> Read<()> {
        if self.eat(words) { Ok(()) } else { self.fail(expected) }
    }

    /// Takes one character.
    pub(crate) fn take_one(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    /// Takes characters as long as they fit.
    pub(crate) fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Takes a number of at most 18 digits.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let start = self.at;
        let digits = self.take(|c| c.is_ascii_digit());
        let value = (digits.len() <= 18).then(|| digits.parse().ok()).flatten();
        if value.is_none() {
            self.at = start;
        }
        value
    }

    /// A failure here.
    pub(crate) fn fail<T>(&mut self, expected: &'static str) -> Read<T> {
        let here = Refused { at: self.at, expected };
        if here.at >= self.furthest.at {
            self.furthest = here.clone();
        }
        Err(here)
    }

    /// Tries to read; on failure nothing is taken.
    pub(crate) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Option<T> {
        let start = self.at;
        let value = read(self).ok();
        if value.is_none() {
            self.at = start;
        }
        value
    }

    /// Reads all of the text or says how far it got.
    pub(crate) fn whole<T>(mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let value = read(&mut self).and_then(|v| if self.is_done() { Ok(v) } else { self.fail("the end") });
        value.map_err(|_| self.furthest)
    }
}
