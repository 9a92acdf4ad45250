//! Lengths with the unit of a volume or an area.
//!
//! "1.7 × 1.4 × 1.3 cm3": three lengths are each in cm; their product would be in cm³, and that is another number.
//!
//! ## Why it matters
//!
//! A program, and a hurried reader, takes the numbers for a volume.
//!
//! ## Example
//!
//! a nodule of 1.7 × 1.4 × 1.3 cm3
//!
//! ## What to write
//!
//! 1.7 × 1.4 × 1.3 cm
//!
//! ## Reference
//!
//! NIST SP 811, 7.7: 51 mm × 51 mm × 25 mm, not 51 × 51 × 25 mm³.

use case_text::quantity::dimensions_at;
use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::{Found, Rule};

pub(crate) const RULE: Rule = Rule { code: "CN008", name: "length-as-volume", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: Option<Found> = None;
    let mut i = 0;
    while i < reading.tokens.len() {
        let size = reading.tokens[i].is_number().then(|| dimensions_at(reading.text, &reading.tokens, i)).flatten();
        let Some(size) = size else {
            i += 1;
            continue;
        };
        i = size.last + 1;
        if size.dimensions.len() > 1 && reading.written(size.last).ends_with(['2', '3', '²', '³']) {
            let next = found.take().unwrap_or_else(|| RULE.found("lengths with the unit of an area or volume"));
            found = Some(next.at(reading.span(size.first, size.last), "each of these is a length"));
        }
    }
    if let Some(found) = found {
        found.push(out);
    }
}
