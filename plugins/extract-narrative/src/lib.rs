//! Extraction from the narrative of a case report.
//!
//! ```text
//! Document ──Reading──> tokens, mentions, context ──scopes──> whom each sentence is about
//!          ──modules (finding, marker, genomics, treatment, ...)──> drafts per patient ──assemble──> Case
//! ```
//!
//! A module is a grammar over the mentions of a sentence; it knows nothing of other modules and nothing of any one
//! report. What a word means stands in `lexicons/`; whom a sentence is about is decided in one place, [`scope`], before any
//! module runs, so that what the text says of the literature never reaches a patient.

#![forbid(unsafe_code)]

mod adverse;
mod assemble;
mod claim;
mod class;
mod compose;
mod disease;
mod draft;
mod finding;
#[cfg(test)]
mod fixtures;
mod follow_up;
mod genomics;
mod imaging;
mod imported;
mod lexicon;
mod marker;
mod measurement;
mod reading;
mod response;
mod scope;
mod site;
mod size;
mod stage;
mod subject;
mod time;
mod timing;
mod treatment;

use std::collections::HashSet;

use case_model::{Case, Extraction, IdSource};
use casemill_plugin_sdk::prelude::*;

use crate::adverse::Recent;
use crate::draft::{Maker, Pad, View};
use crate::lexicon::Vocabulary;
use crate::reading::{Buffers, Reading};
use crate::scope::{About, scopes};
use crate::subject::Subject;

/// The extractor.
#[derive(Debug, Default)]
struct Narrative {
    vocabulary: Vocabulary,
    buffers: Buffers,
}

impl Extractor for Narrative {
    const NAME: &'static str = "narrative";
    const SUMMARY: &'static str =
        "patients, findings, markers, genomics, treatments, responses, adverse events, follow-up";

    fn configure(&mut self, _: &Options) -> Result<()> {
        self.vocabulary = Vocabulary::with_imported()?;
        Ok(())
    }

    fn extract(&mut self, document: &Document) -> Result<Extraction> {
        let reading = Reading::new(document, self.vocabulary, &mut self.buffers);
        Ok(extract(&reading))
    }
}

export_plugin!(extractor: Narrative);

/// What is gathered of one patient over the sentences.
#[derive(Default)]
struct Gathering {
    subject: Subject,
    pad: Pad,
    recent: Vec<Recent>,
    /// Paragraph of the last sentence about a marker panel.
    panel: Option<usize>,
}

fn extract(reading: &Reading<'_>) -> Extraction {
    let scopes = scopes(reading);
    let mut patients: Vec<Gathering> = scopes.patients.iter().map(|_| Gathering::default()).collect();
    for (number, sentence) in reading.sentences.iter().enumerate() {
        trace!("{}", reading.tell(sentence, &format!("{:?}", scopes.about[number])));
        let About::Patient(patient) = scopes.about[number] else { continue };
        let Some(gathering) = patients.get_mut(patient) else { continue };
        let times = time::times(reading, sentence);
        let looks_back = scopes.looks_back[number];
        gathering.read(View { reading, number, sentence, times: &times, looks_back });
    }
    let mut maker = Maker { reading, ids: IdSource::new() };
    let mut cases: Vec<Case> = Vec::new();
    for (number, gathering) in patients.into_iter().enumerate() {
        let Gathering { subject, pad, .. } = gathering;
        cases.push(assemble::case(&mut maker, number, &scopes.patients[number], subject, pad, &scopes));
    }
    let claims = claim::claims(&mut maker, &scopes.about);
    let labels = labels_of(&cases);
    let background = claim::background(&mut maker, &scopes.about, |concept| {
        labels.contains(&reading.vocabulary.concept(concept).label.to_lowercase())
    });
    let mut out = Extraction { cases, claims, background, ..Extraction::default() };
    out.terminologies = reading.vocabulary.terminologies(&prefixes(&out));
    out
}

impl Gathering {
    fn read(&mut self, view: View<'_, '_>) {
        let paragraph = view.sentence.paragraph;
        self.subject.read(view);
        let before = self.pad.findings.len();
        finding::read(view, &mut self.pad.findings, &mut self.pad.microscopy);
        compose::read(view, &mut self.pad.findings);
        for draft in &self.pad.findings[before..] {
            if draft.assertion == case_model::Assertion::Present {
                self.recent.push(Recent {
                    label: draft.value.label.clone(),
                    span: draft.span,
                    sentence: view.number,
                    codings: draft.codings.clone(),
                    time: draft.time.clone(),
                    reporter: draft.value.reporter.clone(),
                    paragraph,
                });
            }
        }
        let first_marker = self.pad.markers.len();
        if marker::read(view, self.panel == Some(paragraph), &mut self.pad.markers) {
            self.panel = Some(paragraph);
        }
        let taken = marker::spans(&self.pad.markers[first_marker..], view.number);
        genomics::read(view, &taken, &mut self.pad.genomics);
        disease::read(view, &mut self.pad.diagnoses, &mut self.pad.family, &mut self.pad.stages);
        site::read(view, &mut self.pad.sites);
        size::read(view, &mut self.pad.sizes);
        imaging::studies(view, &mut self.pad.imaging);
        imaging::procedures(view, &mut self.pad.procedures);
        measurement::read(view, &mut self.pad.measurements);
        treatment::read(view, &mut self.pad.treatments);
        response::read(view, &mut self.pad.responses);
        adverse::read(view, &self.recent, &self.pad.treatments, &mut self.pad.adverse);
        follow_up::read(view, &mut self.pad.ends);
    }
}

/// Labels of what the patients have, so that background leaves them out.
fn labels_of(cases: &[Case]) -> HashSet<String> {
    let mut out = HashSet::new();
    for case in cases {
        case.visit(&mut |_, fact| {
            out.insert(fact.label().to_lowercase());
            out.extend(fact.codings().iter().map(|c| c.label.to_lowercase()));
        });
        for gene in case.genomic_findings.iter().flat_map(|g| &g.value.genes) {
            out.insert(gene.symbol.to_lowercase());
        }
    }
    out
}

/// Prefixes of all codes used.
fn prefixes(extraction: &Extraction) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |code: &case_model::Coding| {
        if !out.iter().any(|p| p == code.prefix()) {
            out.push(code.prefix().to_owned());
        }
    };
    for case in &extraction.cases {
        case.visit(&mut |_, fact| fact.codings().iter().for_each(&mut add));
        case.genomic_findings.iter().flat_map(|g| &g.value.genes).filter_map(|g| g.coding.as_ref()).for_each(&mut add);
        case.findings.iter().flat_map(|f| &f.value.modifiers).filter_map(|m| m.coding.as_ref()).for_each(&mut add);
    }
    extraction.background.iter().flat_map(|b| &b.codings).for_each(&mut add);
    out
}
