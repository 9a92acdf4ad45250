//! The input as text, for underlining: what the user gave, not what repair made of it.

use std::borrow::Cow;

use case_text::decode::{Encoding, decode};

/// The input as text. Offsets of [`case_model::Place`] count in it.
pub(crate) fn as_text<'b>(bytes: &'b [u8], encoding: &str) -> Cow<'b, str> {
    match Encoding::from_name(encoding) {
        Some(encoding) if encoding != Encoding::Utf8 => {
            decode(bytes, encoding).unwrap_or_else(|_| String::from_utf8_lossy(bytes))
        }
        _ => String::from_utf8_lossy(bytes),
    }
}
