//! A linter for case reports: does the report agree with itself?
//!
//! ```text
//! Report ──Reading──> tokens, sentences, whose sentence it is ──rules──> Diagnostics, each with the places that disagree
//! ```
//!
//! One rule is one file in `rules/`; the head of the file is its manual page. Rules compare what the text says with what
//! the text says; the few that need knowledge from outside name their source. A finding states what is written, never more,
//! and corrects nothing. A false alarm is as bad as a miss: a rule that cannot tell stays silent.

#![forbid(unsafe_code)]

mod reading;
mod rule;
mod rules;
#[cfg(test)]
mod tests;
mod times;

use casemill_plugin_sdk::prelude::*;

use crate::reading::Reading;
use crate::rules::RULES;

/// The validator.
#[derive(Debug, Default)]
struct Consistency;

impl Validator for Consistency {
    const NAME: &'static str = "consistency";
    const SUMMARY: &'static str = "contradictions of time, number, section, language, dose, genomics and pathology";

    fn rules() -> Vec<RuleInfo> {
        RULES.iter().map(|rule| rule.info()).collect()
    }

    fn validate(&mut self, report: &Report) -> Result<Findings> {
        let reading = Reading::new(report);
        let mut diagnostics = Vec::new();
        for rule in RULES {
            (rule.check)(&reading, &mut diagnostics);
        }
        Ok(Findings { diagnostics, ..Findings::default() })
    }
}

export_plugin!(validator: Consistency);
