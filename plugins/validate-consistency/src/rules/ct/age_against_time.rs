//! An age that does not fit the other times.
//!
//! The age of the patient, ages at other events and the intervals or dates between them leave no possible day of birth.
//!
//! ## Why it matters
//!
//! Age decides on dose, diagnosis and eligibility; age at onset and age at report are easily exchanged.
//!
//! ## Example
//!
//! A 30-year-old man presented in 2020. He had been operated on in 2010 at the age of 12.
//!
//! ## What to write
//!
//! Each age with the event it belongs to.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::{Nature, nature, said_of};

pub(crate) const RULE: Rule = Rule { code: "CT004", name: "age-against-time", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, timeline) in reading.cases() {
        for conflict in &timeline.conflicts {
            if nature(case, conflict) != Nature::Age {
                continue;
            }
            let mut found = RULE.found("these ages and times do not fit together").case(case);
            for span in &conflict.statements {
                found = found.at(*span, said_of(case, conflict, *span));
            }
            found.push(out);
        }
    }
}
