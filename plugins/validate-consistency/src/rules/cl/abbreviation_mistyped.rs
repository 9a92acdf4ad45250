//! An abbreviation with two letters exchanged.
//!
//! A capital word is a defined abbreviation with two neighbouring letters exchanged, is defined nowhere itself and is much rarer: "ITM"
//! in a text on "IMT".
//!
//! ## Why it matters
//!
//! Searches and programs miss the sentence, or take it for another entity.
//!
//! ## Example
//!
//! Inflammatory myofibroblastic tumour (IMT) (...) in 86% of patients with ITM
//!
//! ## What to write
//!
//! The abbreviation as defined.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CL002", name: "abbreviation-mistyped", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for abbreviation in &reading.document.abbreviations {
        for variant in &abbreviation.variants {
            RULE.found(format!("\"{}\" is probably \"{}\"", reading.words(*variant), abbreviation.short))
                .at(*variant, "letters exchanged?")
                .at(abbreviation.span, "defined here")
                .push(out);
        }
    }
}
