//! The same length of treatment told in two ways.
//!
//! The text states how long a treatment lasted more than once, and no length satisfies all statements.
//!
//! ## Why it matters
//!
//! Reviews copy the length from the abstract or the discussion; dose intensity and outcome hang on it.
//!
//! ## Example
//!
//! Crizotinib was given for 6 months. (...) Our patient, who received crizotinib for 9 months, is well.
//!
//! ## What to write
//!
//! One length; if courses were interrupted, the length of each.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::{Nature, nature};

pub(crate) const RULE: Rule = Rule { code: "CT003", name: "length-told-twice", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, timeline) in reading.cases() {
        for conflict in &timeline.conflicts {
            if nature(case, conflict) != Nature::ToldTwice {
                continue;
            }
            let Some(treatment) = case.treatments.iter().find(|t| conflict.facts.contains(&t.id)) else { continue };
            let agent = &treatment.value.agent;
            let mut found = RULE.found(format!("the length of {agent} is told in different ways")).case(case);
            for span in &conflict.statements {
                found = found.at(*span, agent.clone());
            }
            found.push(out);
        }
    }
}
