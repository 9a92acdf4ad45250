//! A figure or table that is cited and is not there.
//!
//! The text refers to a figure whose caption is missing, while other figures of the report have theirs.
//!
//! ## Why it matters
//!
//! A renumbered or dropped figure leaves the reader without the evidence.
//!
//! ## Example
//!
//! ... enhancement (Figure 3). The report ends with the captions of figures 1 and 2.
//!
//! ## What to write
//!
//! The right number, or the figure.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX008", name: "figure-missing", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let document = reading.document;
    if document.figures.is_empty() {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for call in document.figure_calls.iter().filter(|c| c.target.starts_with("Figure ")) {
        let plain = call.target["Figure ".len()..].bytes().all(|b| b.is_ascii_digit());
        let known = document.figures.iter().any(|f| f.label == call.target || f.span.overlaps(call.span));
        if plain && !known && !told.contains(&call.target.as_str()) {
            told.push(&call.target);
            RULE.found(format!("{} is cited and has no caption", call.target)).at(call.span, "cited here").push(out);
        }
    }
}
