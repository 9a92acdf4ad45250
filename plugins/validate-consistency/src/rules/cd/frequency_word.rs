//! A frequency word that does not fit its percentage.
//!
//! A side effect is called common, very common, uncommon or rare beside a percentage of another class: very common is 10% and more, common 1%
//! to less than 10%, uncommon 0.1% to less than 1%, rare 0.01% to less than 0.1%.
//!
//! ## Why it matters
//!
//! The words are defined in every product label of the European Union; a reader takes "common" for less than one in ten.
//!
//! ## Example
//!
//! Neuropathy is a common side effect (25%).
//!
//! ## What to write
//!
//! Neuropathy is a very common side effect (25%).
//!
//! ## Reference
//!
//! CIOMS Working Group III. Guidelines for preparing core clinical-safety information on drugs, 2nd ed., Geneva 1999; EC Guideline on
//! summary of product characteristics, 4.8.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD004", name: "frequency-word", severity: Severity::Warning };

const HARM: &[&str] = &["side", "adverse", "toxicity", "toxicities", "reaction", "reactions", "irae", "iraes"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for sentence in reading.sentences.iter().filter(|s| s.is_prose()) {
        let tokens = sentence.tokens.clone();
        for i in tokens.clone() {
            let word = reading.word(i);
            let before = if i > tokens.start { reading.word(i - 1) } else { "" };
            let (low, high) = match (before, word) {
                ("most" | "more" | "less" | "least" | "not" | "as" | "relatively", _) => continue,
                ("very", "common") => (10.0, 100.0),
                (_, "common") => (1.0, 10.0),
                (_, "uncommon") => (0.1, 1.0),
                ("very", "rare") => (0.0, 0.01),
                (_, "rare") => (0.01, 0.1),
                _ => continue,
            };
            // "common side effect (25%)": the noun of harm, then the percentage in brackets, without another word of frequency.
            let near = i + 1..(i + 5).min(tokens.end);
            let Some(harm) = reading.find_any(near, HARM) else { continue };
            let open = (harm + 1..(harm + 4).min(tokens.end)).find(|j| reading.word(*j) == "(");
            let Some(open) = open else { continue };
            let value = reading.tokens.get(open + 1).filter(|t| t.is_number());
            let Some(value) = value.and_then(|t| case_text::token::decimal(t.text(reading.text))) else { continue };
            if reading.word(open + 2) != "%" || reading.word(open + 3) != ")" {
                continue;
            }
            let percent = value.value();
            if percent < low || percent >= high && high < 100.0 {
                RULE.found(format!("{percent}% is not \"{}\"", reading.words(reading.span(if before == "very" { i - 1 } else { i }, i))))
                    .at(reading.span(i, open + 3), class(percent))
                    .at(reading.span(open, open + 3), "the percentage")
                    .push(out);
            }
        }
    }
}

/// The word for a percentage.
fn class(percent: f64) -> &'static str {
    match percent {
        p if p >= 10.0 => "10% and more is very common",
        p if p >= 1.0 => "1% to less than 10% is common",
        p if p >= 0.1 => "0.1% to less than 1% is uncommon",
        p if p >= 0.01 => "0.01% to less than 0.1% is rare",
        _ => "less than 0.01% is very rare",
    }
}
