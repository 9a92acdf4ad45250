//! The same length of treatment told in two ways.
//!
//! The text states how long a treatment lasted more than once, at least once as a whole ("a total of 6 months") or looking back on it from
//! another section, and no length satisfies both.
//!
//! ## Why it matters
//!
//! Reviews copy the length from the abstract or the discussion; dose intensity and outcome hang on it.
//!
//! ## Example
//!
//! Crizotinib was given for a total of 6 months. (...) Our patient, who received crizotinib for 9 months, is well.
//!
//! ## What to write
//!
//! One length; if courses were interrupted, the length of each.

use casemill_plugin_sdk::model::{Diagnostic, SectionKind, Severity, Timing, TreatmentRole};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::is_time_without;

pub(crate) const RULE: Rule = Rule { code: "CT003", name: "length-told-twice", severity: Severity::Warning };

const WHOLE: &[&str] = &["total", "overall", "altogether", "whole", "entire", "totalling", "only", "totaling"];

/// True if the sentence speaks of the whole, close before or behind the length.
fn is_whole(reading: &Reading<'_>, length: &Timing) -> bool {
    let Some(span) = length.span else { return false };
    let at = reading.token_at(span.start);
    reading.sentence(span.start).is_some_and(|s| {
        reading.has_any(at.saturating_sub(6).max(s.tokens.start)..(at + 5).min(s.tokens.end), WHOLE)
    })
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for treatment in case.treatments.iter().filter(|t| t.value.role == TreatmentRole::Anticancer) {
            let lengths: Vec<&Timing> = treatment
                .value
                .durations
                .iter()
                .filter(|d| d.span.is_some_and(|s| !is_time_without(reading, s)) && d.offset.is_some())
                .collect();
            for (i, first) in lengths.iter().enumerate() {
                for second in &lengths[i + 1..] {
                    let (Some(a), Some(b)) = (first.offset.as_ref(), second.offset.as_ref()) else { continue };
                    let (a, b) = (a.bounds(), b.bounds());
                    let (Some(here), Some(there)) = (first.span, second.span) else { continue };
                    let looks_back = *reading.section(here.start) != *reading.section(there.start)
                        && matches!(
                            reading.section(there.start),
                            SectionKind::Discussion | SectionKind::Conclusion | SectionKind::Abstract | SectionKind::Case
                        );
                    let apart = a.1 < b.0 || b.1 < a.0;
                    if apart && (looks_back || is_whole(reading, first) && is_whole(reading, second)) {
                        RULE.found(format!("the length of {} is told in different ways", treatment.value.agent))
                            .case(case)
                            .at(here, first.quote.clone())
                            .at(there, second.quote.clone())
                            .push(out);
                    }
                }
            }
        }
    }
}
