//! The same measurement by two modalities.
//!
//! The same dimensions stand in the text and in a caption or table, measured by different modalities.
//!
//! ## Why it matters
//!
//! Sizes by MRI, CT and ultrasound differ; response is followed by one of them.
//!
//! ## Example
//!
//! MRI found a mass of 6 × 4 × 6 cm. (...) Figure 1. PET-CT: mass measuring 6 × 4 × 6 cm.
//!
//! ## What to write
//!
//! The modality that gave the numbers.

use casemill_plugin_sdk::model::{Diagnostic, Fact, SectionKind, Severity, Span, TumourSize};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX005", name: "modality-differs", severity: Severity::Info };

const MODALITIES: &[(&str, &[&str])] = &[
    ("MRI", &["mri", "magnetic"]),
    ("CT", &["ct", "computed", "cect"]),
    ("ultrasound", &["ultrasound", "ultrasonography", "sonography", "echocardiography"]),
    ("X-ray", &["radiograph", "radiography"]),
    ("specimen", &["specimen", "macroscopically", "grossly", "resected"]),
];

/// The modality that stands nearest before a size, in its sentence or the one before it: name and place.
fn modality(reading: &Reading<'_>, size: &Fact<TumourSize>) -> Option<(&'static str, Span)> {
    let own = reading.sentence_at(size.span().start)?;
    let end = reading.token_at(size.span().start);
    let mut number = own;
    loop {
        let sentence = &reading.sentences[number];
        let tokens = sentence.tokens.start..if number == own { end } else { sentence.tokens.end };
        let found = tokens.clone().rev().find_map(|i| {
            let (name, _) = MODALITIES.iter().find(|(_, words)| words.contains(&reading.word(i)))?;
            // "PET-CT" and "(MRI)" with what stands before them.
            let first = if i >= 2 && reading.tokens[i - 1].is_hyphen() && reading.word(i - 2) == "pet" { i - 2 } else { i };
            Some((*name, reading.span(first, i)))
        });
        if found.is_some() || number == 0 || own - number == 2 || reading.sentences[number - 1].paragraph != sentence.paragraph {
            return found;
        }
        number -= 1;
    }
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let beside =
            |s: &Fact<TumourSize>| matches!(reading.section(s.span().start), SectionKind::Caption | SectionKind::Table);
        for there in case.tumour_sizes.iter().filter(|s| beside(s) && s.value.dimensions.len() > 1) {
            let same = |s: &&Fact<TumourSize>| {
                !beside(s) && s.value.dimensions == there.value.dimensions && s.value.unit == there.value.unit
            };
            let Some(here) = case.tumour_sizes.iter().find(same) else { continue };
            if let (Some((a, first)), Some((b, second))) = (modality(reading, here), modality(reading, there))
                && a != b
            {
                RULE.found(format!("the same measurement by {a} and by {b}"))
                    .case(case)
                    .at(second.hull(there.span()), b)
                    .at(first, a)
                    .at(here.span(), "the same size")
                    .push(out);
            }
        }
    }
}
