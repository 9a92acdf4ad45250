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

use casemill_plugin_sdk::model::{ActionStatus, Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD001", name: "dose-unit-missing", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for treatment in case.treatments.iter().filter(|t| t.value.status == ActionStatus::Given) {
            for dose in &treatment.value.doses {
                if dose.amount.unit.is_none() && dose.amount.printed_unit.is_empty() && !dose.printed.quote.is_empty() {
                    RULE.found(format!("a dose of {} without a unit", treatment.value.agent))
                        .case(case)
                        .at(dose.printed.span, "which unit?")
                        .push(out);
                }
            }
        }
    }
}
