//! An event after death.
//!
//! Death has a date, or a distance from an event; another event of the patient has a later one. Autopsy findings are no events of
//! this kind.
//!
//! ## Why it matters
//!
//! Survival and duration of response are counted to these days.
//!
//! ## Example
//!
//! He died in March 2020. (...) In June 2020 CT showed progression.
//!
//! ## What to write
//!
//! The day of death, and the events before it with theirs.

use casemill_plugin_sdk::model::{Diagnostic, Severity, VitalStatus};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::is_before;

pub(crate) const RULE: Rule = Rule { code: "CT006", name: "event-after-death", severity: Severity::Error };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let mut ends = case.follow_up.iter().filter(|f| f.value.vital_status == VitalStatus::Dead);
        let Some((death, end_at)) = ends.by_ref().filter_map(|e| e.timing.as_ref()).find_map(|t| Some((t, t.span?))) else { continue };
        let mut findings: Vec<Diagnostic> = Vec::new();
        case.visit(&mut |list, fact| {
            let tissue = matches!(list, "marker_tests" | "morphology" | "genomic_findings" | "specimens" | "procedures");
            if tissue || matches!(list, "follow_up" | "age" | "sex" | "family_history") {
                return;
            }
            let Some(timing) = fact.timing() else { return };
            let Some(span) = timing.span else { return };
            let same = findings.iter().any(|d| d.labels[0].span == span);
            if is_before(death, timing) && span != end_at && !same {
                RULE.found(format!("{} is told for a time after death", fact.label()))
                    .case(case)
                    .at(span, fact.label())
                    .at(end_at, "death")
                    .push(&mut findings);
            }
        });
        out.append(&mut findings);
    }
}
