//! Responses: named categories, and what reports say instead of one.

use case_model::{Response, ResponseCategory, Statement};
use case_text::context::Context;

use crate::class::{Class, Kind};
use crate::draft::{Draft, View};
use crate::size;

const BY: &str = "narrative/response";

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Response>>) {
    let mentions = view.mentions();
    let words: Vec<_> = mentions.iter().filter(|m| m.says(Class::Response) && !m.nested).collect();
    let places: Vec<(usize, usize)> = words.iter().map(|m| (m.first, m.last)).collect();
    let mut last: Option<usize> = None;
    for word in words {
        if last.is_some_and(|l| word.first <= l) {
            continue;
        }
        let context = view.context(word);
        if context.any(Context::HYPOTHETICAL | Context::FAMILY | Context::OTHER_PATIENT) {
            continue;
        }
        let stated = view.reading.vocabulary.concept(word.concept).attr("category").unwrap_or("other");
        let mut category = ResponseCategory::from(stated);
        if context.has(Context::NEGATED) && category != ResponseCategory::NoEvidence {
            match category {
                // "no response": the disease did not answer. "no progression" says nothing of its own.
                ResponseCategory::Unclassified => {}
                ResponseCategory::Progression => category = ResponseCategory::NoEvidence,
                _ => continue,
            }
        }
        if is_attributive(view, word) || context.has(Context::UNCERTAIN) && category == ResponseCategory::Progression {
            continue;
        }
        last = Some(word.last);
        let rivals: Vec<(usize, usize)> = places.iter().copied().filter(|p| *p != (word.first, word.last)).collect();
        let value = Response {
            category,
            criteria: criteria(view),
            modalities: modalities(view, word.first),
            treatment: None,
            change: change(view, word.last),
        };
        let mut draft = Draft::new(value, view.span(word), view.number, BY);
        draft.time = view.time_of(word.first, word.last, &rivals);
        out.push(draft);
    }
}

/// `relapsed disease`, `recurrent setting`, `progressive worsening`: a word that only describes another.
fn is_attributive(view: View<'_, '_>, word: &crate::reading::Mention) -> bool {
    let next = view.reading.word(word.last + 1).to_ascii_lowercase();
    let words = view.words(word).to_ascii_lowercase();
    let adjective = words.ends_with("ed") || words.ends_with("ing") || words.ends_with("ent") || words.ends_with("ive");
    adjective
        && matches!(
            next.as_str(),
            "setting" | "disease" | "metastatic" | "worsening" | "onset" | "course" | "free" | "survival"
        )
        && words != "progressive disease"
        || matches!(next.as_str(), "free" | "survival" | "rate" | "rates" | "criteria" | "assessment")
}

fn criteria(view: View<'_, '_>) -> Option<String> {
    view.mentions()
        .iter()
        .find(|m| m.is(Kind::Scale) && m.info.class == Class::Response && !m.ambiguous)
        .map(|m| view.words(m).to_owned())
}

/// Modalities of the sentence that stand before the response: "MRI and PET-CT showed".
fn modalities(view: View<'_, '_>, before: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for mention in
        view.mentions().iter().filter(|m| m.is(Kind::Imaging) && !m.ambiguous && !m.nested && m.first < before)
    {
        let concept = view.reading.vocabulary.concept(mention.concept);
        let modality = concept.attr("modality").unwrap_or(concept.label).to_owned();
        if !mention.info.has(crate::class::Info::PART) && !out.contains(&modality) {
            out.push(modality);
        }
    }
    if out.is_empty() {
        out.extend(size::modality(view, before));
    }
    out
}

/// `by 28%`, `from 3.6 cm to 2.1 cm` behind the word.
fn change(view: View<'_, '_>, last: usize) -> Option<Statement> {
    let reading = view.reading;
    let end = (last + 12).min(view.sentence.tokens.end);
    let start = (last + 1..end).find(|i| {
        matches!(reading.word(*i), "by" | "from") && reading.tokens.get(i + 1).is_some_and(|t| t.is_number())
    })?;
    let stop = (start + 1..end)
        .take_while(|i| !reading.tokens[*i].is(',') && !reading.tokens[*i].is('.') && !reading.tokens[*i].is(';'))
        .last()?;
    Some(Statement::of(reading.text, reading.span(start, stop)))
}
