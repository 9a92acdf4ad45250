//! Finds what a patient was exposed to at work or by habit, an entity type that the record does not have.
//!
//! Facts of the type `extract-exposure/exposure` stand among the facts of the case with the words that back them; every
//! exporter that shows facts shows them, too.

#![forbid(unsafe_code)]

use casemill_plugin_sdk::model::{Assertion, Evidence, IdSource, PluginFact, SectionKind};
use casemill_plugin_sdk::prelude::*;

/// Words, what they stand for, and the kind of exposure.
const WORDS: &[(&str, &str, &str)] = &[
    ("asbestos", "asbestos", "occupational"),
    ("benzene", "benzene", "occupational"),
    ("silica", "silica dust", "occupational"),
    ("tobacco", "tobacco smoke", "habit"),
    ("cigarettes", "tobacco smoke", "habit"),
    ("smoker", "tobacco smoke", "habit"),
    ("smoking", "tobacco smoke", "habit"),
    ("radon", "radon", "environmental"),
];

/// Words in front of these say that there was none.
const NEGATIONS: &[&str] = &["no ", "never ", "denied ", "without ", "non-", "not "];

/// Words in a sentence that speak of people in general.
const OTHERS: &[&str] = &["patients", "studies", "literature", "mother", "father", "husband", "wife", "cases"];

#[derive(Debug, Default)]
struct Exposures;

impl Extractor for Exposures {
    const NAME: &'static str = "exposure";
    const SUMMARY: &'static str = "what the patient was exposed to";

    fn extract(&mut self, document: &Document) -> Result<Extraction> {
        let mut ids = IdSource::new();
        let mut facts = Vec::new();
        for sentence in &document.sentences {
            let section = document.section_at(sentence.start).map_or(SectionKind::Body, |s| s.kind.clone());
            let text = document.words(*sentence);
            let lower = text.to_ascii_lowercase();
            let of_patient = matches!(section, SectionKind::Body | SectionKind::Case);
            if !of_patient || OTHERS.iter().any(|word| lower.contains(word)) {
                continue;
            }
            for (words, label, kind) in WORDS {
                let Some(at) = lower.find(words) else { continue };
                let start = sentence.start + at as u32;
                let span = Span::new(start, start + words.len() as u32);
                let quote = document.words(span);
                let value = PluginFact {
                    type_name: "extract-exposure/exposure".into(),
                    label: (*label).into(),
                    fields: [("kind".to_owned(), (*kind).into())].into(),
                };
                let denied = NEGATIONS.iter().any(|n| lower[..at].contains(n));
                facts.push(Fact {
                    id: ids.id("exposure", label, span, quote),
                    value,
                    assertion: if denied { Assertion::Absent } else { Assertion::Present },
                    evidence: vec![Evidence {
                        span,
                        quote: quote.into(),
                        section: Some(section.clone()),
                        ..Evidence::default()
                    }],
                    ..Fact::default()
                });
            }
        }
        let cases = match facts.is_empty() {
            true => vec![],
            false => vec![Case { id: "case-1".into(), plugin_facts: facts, ..Case::default() }],
        };
        Ok(Extraction { cases, ..Extraction::default() })
    }
}

export_plugin!(extractor: Exposures);

#[cfg(test)]
mod tests {
    use super::*;
    use casemill_plugin_sdk::{serde_json::json, testkit};

    #[test]
    fn exposures_are_found_where_they_stand() {
        let document = testkit::document(
            "A 61-year-old man had a cough. He had worked with Asbestos for 20 years. He had never smoked tobacco. \
             In other patients benzene is a risk.",
        );
        let found = testkit::extract::<Exposures>(&document, json!({})).unwrap();
        testkit::assert_expected("tests/expected/found.txt", &testkit::show_facts(&found));
    }

    #[test]
    fn a_text_that_says_nothing_gives_nothing() {
        let found = testkit::extract::<Exposures>(&testkit::document("A boy had fever."), json!({})).unwrap();
        assert_eq!(found.cases, []);
    }
}
