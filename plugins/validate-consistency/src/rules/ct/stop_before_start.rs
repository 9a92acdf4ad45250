//! A treatment that stops before it starts.
//!
//! Start and stop of the same treatment are both stated, and the latest day of the stop lies before the earliest day of the
//! start.
//!
//! ## Why it matters
//!
//! One of the two dates is wrong, most often a year copied from the neighbouring sentence.
//!
//! ## Example
//!
//! Imatinib was started in March 2020 and stopped in January 2020.
//!
//! ## What to write
//!
//! The dates of the record, or the interval between them.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::{Nature, nature};

pub(crate) const RULE: Rule = Rule { code: "CT002", name: "stop-before-start", severity: Severity::Error };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, timeline) in reading.cases() {
        for conflict in &timeline.conflicts {
            if nature(case, conflict) != Nature::StopBeforeStart {
                continue;
            }
            let Some(treatment) = case.treatments.iter().find(|t| conflict.facts.contains(&t.id)) else { continue };
            let mut found =
                RULE.found(format!("{} is stopped before it is started", treatment.value.agent)).case(case);
            for span in &conflict.statements {
                let is_stop = treatment.value.stop.as_ref().is_some_and(|s| s.span == Some(*span));
                found = found.at(*span, if is_stop { "stopped" } else { "started" });
            }
            found.push(out);
        }
    }
}
