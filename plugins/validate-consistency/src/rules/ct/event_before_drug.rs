//! An adverse event before the drug it is ascribed to.
//!
//! All suspects of an adverse event were started after the event began, by dates or by distances from the same event.
//!
//! ## Why it matters
//!
//! A cause precedes its effect: temporality is the first question of every causality assessment (Naranjo, WHO-UMC).
//!
//! ## Example
//!
//! In March 2020 he noticed a rash, ascribed to nivolumab. Nivolumab was started in May 2020.
//!
//! ## What to write
//!
//! Onset of the event counted from the first dose.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::is_before;

pub(crate) const RULE: Rule = Rule { code: "CT007", name: "event-before-drug", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for event in &case.adverse_events {
            let Some(onset) = &event.timing else { continue };
            let Some(onset_at) = onset.span else { continue };
            let mut late = Vec::new();
            let mut all = !event.value.suspects.is_empty();
            for suspect in &event.value.suspects {
                let drug = suspect.treatment.as_ref().and_then(|id| case.treatments.iter().find(|t| t.id == *id));
                let start = drug.and_then(|d| d.timing.as_ref());
                match start.and_then(|t| Some((t, t.span?))) {
                    Some((from, span)) if is_before(onset, from) && span != onset_at => late.push((&suspect.agent, span)),
                    _ => all = false,
                }
            }
            if all {
                let mut found = RULE
                    .found(format!("{} is told before the drug it is ascribed to", event.value.label))
                    .case(case)
                    .at(onset_at, event.value.label.clone());
                for (agent, span) in late {
                    found = found.at(span, format!("start of {agent}"));
                }
                found.push(out);
            }
        }
    }
}
