//! An event after death or after the last follow-up.
//!
//! Death, or the last time the patient was seen, has a time; another event of the patient lies later. After death this is an
//! error, after the last follow-up a warning. Autopsy findings are no events of this kind.
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

pub(crate) const RULE: Rule = Rule { code: "CT006", name: "event-after-end", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let ends = case.follow_up.iter().filter(|f| f.value.vital_status == VitalStatus::Dead);
        let Some(end) = ends.clone().next().or(case.follow_up.last()) else { continue };
        let Some(timing) = &end.timing else { continue };
        let (Some(last), Some(end_at)) = (timing.interval, timing.span) else { continue };
        let dead = end.value.vital_status == VitalStatus::Dead;
        let mut findings: Vec<Diagnostic> = Vec::new();
        case.visit(&mut |list, fact| {
            let tissue = matches!(list, "marker_tests" | "morphology" | "genomic_findings" | "specimens" | "procedures");
            if tissue || matches!(list, "follow_up" | "age" | "sex" | "family_history") {
                return;
            }
            let Some(timing) = fact.timing() else { return };
            let (Some(interval), Some(span)) = (timing.interval, timing.span) else { return };
            let same = findings.iter().any(|d| d.labels[0].span == span);
            if interval.min > last.max && span != end_at && !same {
                let what = if dead { "death" } else { "the last follow-up" };
                RULE.found(format!("{} is told for a time after {what}", fact.label()))
                    .level(if dead { Severity::Error } else { Severity::Warning })
                    .case(case)
                    .at(span, fact.label())
                    .at(end_at, what)
                    .push(&mut findings);
            }
        });
        out.append(&mut findings);
    }
}
