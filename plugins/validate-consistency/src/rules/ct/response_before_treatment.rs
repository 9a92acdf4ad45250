//! A response before the treatment it answers to.
//!
//! The response and the start of its treatment both have a date, or both count from the same event, and the response is over before the
//! treatment starts.
//!
//! ## Why it matters
//!
//! Either a time is wrong or the response belongs to an earlier treatment; both change what the report shows.
//!
//! ## Example
//!
//! Imatinib was started in May 2020. CT in March 2020 showed a partial response to imatinib.
//!
//! ## What to write
//!
//! The treatment that the response answers to, and the day of the examination.

use casemill_plugin_sdk::model::{ActionStatus, Diagnostic, ResponseCategory, Severity};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::is_before;

pub(crate) const RULE: Rule =
    Rule { code: "CT005", name: "response-before-treatment", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for response in &case.responses {
            if response.value.category == ResponseCategory::Progression {
                continue;
            }
            let Some(treatment) = response.value.treatment.as_ref().and_then(|id| {
                case.treatments.iter().find(|t| t.id == *id && t.value.status == ActionStatus::Given)
            }) else {
                continue;
            };
            let (Some(seen), Some(start)) = (&response.timing, &treatment.timing) else { continue };
            let (Some(seen_at), Some(start_at)) = (seen.span, start.span) else { continue };
            if is_before(seen, start) && seen_at != start_at {
                let agent = &treatment.value.agent;
                RULE.found(format!("a response to {agent} is told before {agent} is started"))
                    .case(case)
                    .at(seen_at, format!("response ({})", response.value.category))
                    .at(start_at, format!("start of {agent}"))
                    .at(response.span(), "the response")
                    .push(out);
            }
        }
    }
}
