//! A dose without a unit.
//!
//! A number is given as the dose of a drug, and no unit is printed with it.
//!
//! ## Why it matters
//!
//! Milligrams and grams differ by a thousand.
//!
//! ## Example
//!
//! prednisone 50 once daily
//!
//! ## What to write
//!
//! prednisone 50 mg once daily
//!
//! ## Reference
//!
//! ISMP list of error-prone abbreviations, symbols and dose designations.

use case_text::token::Token;
use casemill_plugin_sdk::model::{ActionStatus, Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD001", name: "dose-unit-missing", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for treatment in case.treatments.iter().filter(|t| t.value.status == ActionStatus::Given) {
            for evidence in &treatment.evidence {
                // "prednisone 50 once daily", "prednisone (50 daily)": a number, and behind it how often.
                let mut at = reading.token_at(evidence.span.end);
                if reading.word(at) == "(" {
                    at += 1;
                }
                let number = reading.tokens.get(at).is_some_and(Token::is_number);
                let often = matches!(
                    reading.word(at + 1),
                    "once" | "twice" | "thrice" | "daily" | "bid" | "tid" | "qid" | "weekly" | "nightly" | "qd" | "od" | "po" | "iv"
                );
                if number && often {
                    RULE.found(format!("a dose of {} without a unit", treatment.value.agent))
                        .case(case)
                        .at(reading.span(at, at + 1), "which unit?")
                        .at(evidence.span, "the drug")
                        .push(out);
                }
            }
        }
    }
}
