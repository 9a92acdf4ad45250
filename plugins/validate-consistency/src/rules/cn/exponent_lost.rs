//! A power of ten that lost its height.
//!
//! "16.3 × 109/L" stands for 16.3 × 10⁹/L. Superscripts are lost when a text is copied out of a page.
//!
//! ## Why it matters
//!
//! Read as written, the value is a hundred times a hundred and nine. Extraction reads it as the power of ten it stands for; other
//! programs may not.
//!
//! ## Example
//!
//! leucocytes 16.3 × 109/L
//!
//! ## What to write
//!
//! 16.3 × 10^9/L, where superscripts cannot be kept.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::{Found, Rule};

pub(crate) const RULE: Rule = Rule { code: "CN010", name: "exponent-lost", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: Option<Found> = None;
    for i in 1..reading.tokens.len().saturating_sub(1) {
        let token = &reading.tokens[i];
        if !token.is_number() || !matches!(token.text(reading.text), "103" | "104" | "105" | "106" | "109" | "1010" | "1011" | "1012") {
            continue;
        }
        let times = matches!(reading.word(i - 1), "×" | "x" | "*" | "·" | "✕");
        if times && reading.word(i + 1) == "/" {
            let first = if i > 1 && reading.tokens[i - 2].is_number() { i - 2 } else { i - 1 };
            let last = (i + 2).min(reading.tokens.len() - 1);
            let next = found.take().unwrap_or_else(|| RULE.found("a power of ten printed as a plain number"));
            let exponent = &token.text(reading.text)[2..];
            found = Some(next.at(reading.span(first, last), format!("10^{exponent}")));
        }
    }
    if let Some(found) = found {
        found.push(out);
    }
}
