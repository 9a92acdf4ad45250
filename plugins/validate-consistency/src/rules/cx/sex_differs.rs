//! A patient of two sexes.
//!
//! Words that name the sex of the one patient of the report contradict each other: "a 45-year-old man" in the abstract, "a woman" in the case.
//!
//! ## Why it matters
//!
//! Sex is one of the few fields that every consumer of a case reads.
//!
//! ## Example
//!
//! Abstract: a 45-year-old man. Case: A 45-year-old woman presented.
//!
//! ## What to write
//!
//! One of them; where gender and sex differ, both with their names.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX002", name: "sex-differs", severity: Severity::Warning };

const NOUNS: &[&str] =
    &["man", "woman", "boy", "girl", "male", "female", "gentleman", "lady", "men", "women"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    if let Some((case, twin)) = reading.told_in_abstract() {
        let (Some(there), Some(here)) = (twin.sex(), case.sex()) else { return };
        if there.value != here.value {
            RULE.found(format!("the patient is {} here and {} there", there.value, here.value))
                .case(case)
                .at(there.span(), there.quote())
                .at(here.span(), here.quote())
                .push(out);
        }
        return;
    }
    if reading.report.cases.len() != 1 {
        return;
    }
    for (case, _) in reading.cases() {
        // Nouns only: a pronoun may be of a relative or a doctor.
        let mut named = case.subject.sex.iter().filter_map(|s| {
            let noun = s.evidence.iter().find(|e| NOUNS.contains(&e.quote.to_ascii_lowercase().as_str()))?;
            Some((&s.value, noun))
        });
        if let (Some((a, first)), Some((b, second))) = (named.next(), named.next())
            && a != b
        {
            RULE.found(format!("the patient is {a} here and {b} there"))
                .case(case)
                .at(first.span, first.quote.clone())
                .at(second.span, second.quote.clone())
                .push(out);
        }
    }
}
