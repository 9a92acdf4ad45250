//! A finding that is said and later denied.
//!
//! The case says that the patient has a finding, and a later sentence denies the same words without another time, in passing
//! ("Although the patient had no ocular involvement, ...", "She never had fever").
//!
//! ## Why it matters
//!
//! A finding cannot be present and absent; the treatment that follows rests on one of the two.
//!
//! ## Example
//!
//! Evaluation determined that she did have ocular involvement. (...) Although the patient had no ocular involvement, ...
//!
//! ## What to write
//!
//! The time at which each was so.

use casemill_plugin_sdk::model::{Assertion, Diagnostic, Fact, Finding, SectionKind, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX009", name: "said-and-denied", severity: Severity::Error };

const IN_PASSING: &[&str] = &["although", "though", "despite", "never", "albeit"];
const TIMES: &[&str] = &[
    "initially", "initial", "later", "then", "subsequently", "after", "before", "now", "longer", "at", "on", "during", "until", "previously",
    "since", "when", "resolved", "recurrence", "further", "new", "history",
];

fn timeless(reading: &Reading<'_>, fact: &Fact<Finding>) -> bool {
    fact.timing.is_none()
        && reading.sentence(fact.span().start).is_some_and(|s| {
            // Up to the finding, and a little behind it.
            let end = (reading.token_at(fact.span().end) + 4).min(s.tokens.end);
            !reading.has_any(s.tokens.start + 1..end, TIMES)
        })
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for denied in case.findings.iter().filter(|f| f.assertion == Assertion::Absent) {
            let words = reading.lower(denied.span());
            let Some(sentence) = reading.sentence(denied.span().start) else { continue };
            let before = sentence.tokens.start..reading.token_at(denied.span().start);
            let passing = reading.has_any(before.clone(), IN_PASSING) && before.len() < 10;
            if !passing || !sentence.is_prose() || !timeless(reading, denied) {
                continue;
            }
            let said = case.findings.iter().find(|f| {
                f.is_present()
                    && f.value.site == denied.value.site
                    && f.span().start < denied.span().start
                    && reading.lower(f.span()) == words
                    && *reading.section(f.span().start) != SectionKind::Caption
                    && timeless(reading, f)
            });
            if let Some(said) = said {
                RULE.found(format!("{words} is said and denied"))
                    .case(case)
                    .at(denied.span(), "denied")
                    .at(said.span(), "said")
                    .push(out);
            }
        }
    }
}
