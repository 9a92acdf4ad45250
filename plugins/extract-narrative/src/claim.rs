//! What the report says of others: claims on the literature, advice of the authors, concepts that belong to no patient.

use std::collections::HashMap;

use case_model::{Background, Claim, ClaimKind, ClaimValue, Scope, SectionKind};
use case_text::context::Context;
use case_text::token::lower;

use crate::class::{Info, Kind};
use crate::draft::Maker;
use crate::reading::{Mention, Reading, Sentence};
use crate::scope::About;

const BY: &str = "narrative/claim";

/// Claims of the sentences that are about no patient.
pub(crate) fn claims(maker: &mut Maker<'_, '_>, about: &[About]) -> Vec<Claim> {
    let reading = maker.reading;
    let mut out = Vec::new();
    for (i, sentence) in reading.sentences.iter().enumerate() {
        let readable = matches!(
            sentence.section,
            SectionKind::Body
                | SectionKind::Abstract
                | SectionKind::Introduction
                | SectionKind::Case
                | SectionKind::Discussion
                | SectionKind::Conclusion
        );
        if about[i] != About::Literature || !readable || sentence.heading || sentence.tokens.len() < 5 {
            continue;
        }
        let words = sentence.span.of(reading.text).unwrap_or_default();
        let id = maker.ids.id("claim", "", sentence.span, words);
        let marks = &reading.document.citations;
        let marks = marks[marks.partition_point(|c| c.span.start < sentence.span.start)..].iter();
        let within = marks.take_while(|c| c.span.start < sentence.span.end).filter(|c| sentence.span.contains(c.span));
        let mut citations: Vec<u32> = within.flat_map(|c| c.numbers.iter().copied()).collect();
        citations.dedup();
        out.push(Claim {
            id,
            kind: kind_of(reading, sentence),
            scope: Scope::Literature,
            subjects: subjects(reading, sentence),
            values: values(reading, sentence),
            population: population(reading, sentence),
            citations,
            evidence: vec![maker.evidence(sentence.span, i, BY)],
        });
    }
    out
}

fn has_words(reading: &Reading<'_>, sentence: &Sentence, list: &[&str]) -> bool {
    sentence.tokens.clone().any(|i| list.contains(&lower(reading.word(i)).as_ref()))
}

fn kind_of(reading: &Reading<'_>, sentence: &Sentence) -> ClaimKind {
    let has = |list: &[&str]| has_words(reading, sentence, list);
    let we = has(&["we", "our"]);
    let study = has(&["studies", "trials", "study", "trial", "research", "investigation", "cohorts"]);
    if study && has(&["needed", "required", "warranted", "necessary", "need", "should"]) && !has(&["showed", "found"]) {
        ClaimKind::ResearchNeed
    } else if has(&["unclear", "unknown", "question", "controversial", "controversy", "debated", "undetermined"]) {
        ClaimKind::OpenQuestion
    } else if we
        && has(&["recommend", "suggest", "propose", "challenge", "advise", "advocate", "emphasize", "highlight"])
        || has(&["should", "must"])
            && has(&["clinicians", "physicians", "patients", "considered", "aware", "providers"])
    {
        ClaimKind::Recommendation
    } else if we && has(&["believe", "think", "consider", "assume", "hypothesize", "argue"]) {
        ClaimKind::Opinion
    } else {
        ClaimKind::Statement
    }
}

/// Kind of background that a mention is, if it is worth noting.
fn background_kind(mention: &Mention) -> Option<&'static str> {
    if mention.ambiguous || mention.info.has(Info::BROAD) {
        return None;
    }
    Some(match mention.info.kind {
        Kind::Drug | Kind::DrugClass | Kind::Regimen => "drug",
        Kind::Gene => "gene",
        Kind::Finding => "finding",
        Kind::Disease | Kind::Tumour => "diagnosis",
        Kind::Procedure => "procedure",
        Kind::Inheritance => "inheritance",
        Kind::Qualifier => "qualifier",
        _ => return None,
    })
}

fn subjects(reading: &Reading<'_>, sentence: &Sentence) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for mention in reading.mentions_of(sentence).iter().filter(|m| !m.nested && background_kind(m).is_some()) {
        let label = reading.vocabulary.concept(mention.concept).label;
        if !out.iter().any(|o| o == label) {
            out.push(label.to_owned());
        }
    }
    out
}

/// Percentages and shares, with a few of the words around them.
fn values(reading: &Reading<'_>, sentence: &Sentence) -> Vec<ClaimValue> {
    let range = sentence.tokens.clone();
    let mut out = Vec::new();
    for i in range.clone() {
        if !reading.tokens[i].is('%') || i == range.start || !reading.tokens[i - 1].is_number() {
            continue;
        }
        let last = (i + 1..(i + 7).min(range.end)).take_while(|j| reading.tokens[*j].is_word()).last();
        let what = last.map_or("", |last| reading.words(i + 1, last));
        out.push(ClaimValue { value: reading.word(i - 1).replace(',', ""), unit: "%".into(), what: what.to_owned() });
    }
    out
}

/// `patients with metastatic disease`, `children under 5`.
fn population(reading: &Reading<'_>, sentence: &Sentence) -> Option<String> {
    let range = sentence.tokens.clone();
    let at = range.clone().find(|i| {
        matches!(reading.word(*i), "patients" | "children" | "adults" | "women" | "men" | "individuals" | "cases")
            && matches!(
                reading.word(*i + 1),
                "with" | "who" | "treated" | "receiving" | "undergoing" | "under" | "over" | "aged"
            )
    })?;
    let last = (at + 1..(at + 9).min(range.end))
        .take_while(|j| reading.tokens[*j].is_word() || reading.tokens[*j].is_hyphen())
        .last()?;
    Some(reading.words(at, last).to_owned())
}

/// Concepts that the text names without saying them of a patient. A concept that some patient has is left out.
pub(crate) fn background(
    maker: &mut Maker<'_, '_>,
    about: &[About],
    is_patients: impl Fn(u32) -> bool,
) -> Vec<Background> {
    let reading = maker.reading;
    let mut order: Vec<(u32, &'static str, Scope)> = Vec::new();
    let mut places: HashMap<u32, Vec<(usize, Mention)>> = HashMap::new();
    for (i, sentence) in reading.sentences.iter().enumerate() {
        if sentence.heading || matches!(about[i], About::Nobody) {
            continue;
        }
        for mention in reading.mentions_of(sentence).iter().filter(|m| !m.nested) {
            let Some(kind) = background_kind(mention) else { continue };
            let context = reading.context_of(mention);
            let scope = match about[i] {
                About::Literature => Scope::Literature,
                _ if context.has(Context::FAMILY) => Scope::Family,
                _ if context.has(Context::OTHER_PATIENT) => Scope::OtherPatient,
                _ if context.has(Context::HYPOTHETICAL) => Scope::Hypothetical,
                // How a disorder is inherited is said of the disorder.
                _ if mention.is(Kind::Inheritance) => Scope::Literature,
                _ => continue,
            };
            if is_patients(mention.concept) {
                continue;
            }
            let list = places.entry(mention.concept).or_default();
            if list.is_empty() {
                order.push((mention.concept, kind, scope));
            }
            if list.last().is_none_or(|(_, last)| last.first != mention.first) {
                list.push((i, *mention));
            }
        }
    }
    order
        .into_iter()
        .map(|(concept, kind, scope)| {
            let label = reading.vocabulary.concept(concept).label.to_owned();
            let evidence: Vec<_> =
                places[&concept].iter().map(|(i, m)| maker.evidence(reading.span(m.first, m.last), *i, BY)).collect();
            let id = maker.ids.id("background", &label, evidence[0].span, &evidence[0].quote);
            Background { id, kind: kind.to_owned(), label, scope, codings: reading.codings(concept), evidence }
        })
        .collect()
}

/// True for words of consent in the sentence.
pub(crate) fn gives_consent(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    has_words(reading, sentence, &["consent"])
        && has_words(reading, sentence, &["informed", "written", "obtained", "gave", "given", "provided"])
}
