//! A Ki-67 index without a percent sign.
//!
//! Ki-67 is a share of cells; it is given as a bare number.
//!
//! ## Why it matters
//!
//! "Ki-67: 3" may be 3%, 3+ or 30%.
//!
//! ## Example
//!
//! Ki-67 index 34
//!
//! ## What to write
//!
//! Ki-67 index 34%
//!
//! ## Reference
//!
//! Dowsett et al. Assessment of Ki67 in breast cancer. J Natl Cancer Inst 2011;103:1656-64.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CP002", name: "ki67-without-percent", severity: Severity::Info };

const BETWEEN: &[&str] = &["index", "labeling", "labelling", "proliferation", "proliferative", "was", "of", "is", "=", ":", "score", "(", ",", "approximately", "about"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for i in 0..reading.tokens.len() {
        let end = match (reading.word(i), reading.word(i + 1), reading.word(i + 2)) {
            ("ki67" | "mib1", ..) => i + 1,
            ("ki" | "mib", "-", "67" | "1") => i + 3,
            ("ki", "67", _) => i + 2,
            _ => continue,
        };
        let value = (end..(end + 6).min(reading.tokens.len())).find(|j| !BETWEEN.contains(&reading.word(*j)));
        let Some(value) = value.filter(|v| reading.tokens[*v].is_number()) else { continue };
        // 10%, 10–15%, 10 to 15 %, 3+, 10 per cent, 3/10
        let behind = value + 1..(value + 5).min(reading.tokens.len());
        let told = reading.has_any(behind, &["%", "percent", "per", "/", "+", "cells", "hpf", "x", "×"]);
        if !told && !reading.word(value).starts_with('0') {
            RULE.found("a Ki-67 index without a percent sign").at(reading.span(i, value), "per cent?").push(out);
        }
    }
}
