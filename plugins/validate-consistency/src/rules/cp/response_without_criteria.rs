//! A response without its criteria.
//!
//! Responses are told, and no set of response criteria is named in the report.
//!
//! ## Why it matters
//!
//! Partial response means a decrease of 30% in the sum of diameters under RECIST, of half the product under WHO, of uptake under PERCIST. Without
//! criteria "partial" and "complete" are readings.
//!
//! ## Example
//!
//! a small residual lesion at 1 month and complete resolution at 4 months
//!
//! ## What to write
//!
//! partial response by RECIST 1.1 (sum of diameters from 60 to 20 mm)
//!
//! ## Reference
//!
//! Eisenhauer et al. RECIST 1.1. Eur J Cancer 2009;45:228-47.

use casemill_plugin_sdk::model::{Diagnostic, ResponseCategory, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CP004", name: "response-without-criteria", severity: Severity::Info };

/// Names of response criteria, and of bodies that define one for a disease.
const CRITERIA: &[&str] = &[
    "recist", "irecist", "mrecist", "percist", "lugano", "cheson", "imwg", "rano", "eortc", "choi", "iwg", "eln", "deauville", "iwcll",
    "inrc", "irrc", "swog",
];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    if reading.has_any(0..reading.tokens.len(), CRITERIA) {
        return;
    }
    for (case, _) in reading.cases() {
        let told: Vec<_> = case
            .responses
            .iter()
            .filter(|r| {
                matches!(
                    r.value.category,
                    ResponseCategory::Complete | ResponseCategory::Partial | ResponseCategory::Stable | ResponseCategory::Unclassified
                )
            })
            .collect();
        if told.is_empty() || told.iter().any(|r| r.value.criteria.is_some()) {
            continue;
        }
        let mut found = RULE.found("no response criteria are named").case(case);
        for response in told.iter().take(4) {
            found = found.at(response.span(), response.value.category.to_string());
            if let Some(change) = &response.value.change {
                found = found.at(change.span, "the change");
            }
        }
        found.push(out);
    }
}
