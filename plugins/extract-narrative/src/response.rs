//! Responses: named categories, and what reports say instead of one.

use case_model::{Response, ResponseCategory, Statement};
use case_text::context::Context;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View};
use crate::reading::Mention;
use crate::size;
use crate::time::Stated;
use crate::timing::{Course, under_way};

const BY: &str = "narrative/response";

/// Kinds of responses that are none of the disease to its treatment.
const OTHER_RESPONSES: &[&str] = &[
    "antibody",
    "autoimmune",
    "cell",
    "cellular",
    "humoral",
    "immune",
    "inflammatory",
    "physiologic",
    "rapid",
    "stress",
    "vaccine",
    "verbal",
];

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Response>>) {
    let mentions = view.mentions();
    let start = out.len();
    let words: Vec<_> = mentions.iter().filter(|m| m.says(Class::Response) && !m.nested).collect();
    let places: Vec<(usize, usize)> = words.iter().map(|m| (m.first, m.last)).collect();
    let mut last: Option<usize> = None;
    for word in words {
        if last.is_some_and(|l| word.first <= l) {
            continue;
        }
        let context = view.context(word);
        if context.any(Context::ELSEWHERE | Context::HYPOTHETICAL) {
            continue;
        }
        // "ER 90%, PR 20%": the receptor.
        let acronym = view.words(word).len() == 2;
        if acronym && view.reading.tokens.get(word.last + 1).is_some_and(|t| t.is_number() || t.is('+') || t.is('-')) {
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
        let guess = context.has(Context::UNCERTAIN) && category == ResponseCategory::Progression;
        if guess || is_attributive(view, word) || is_of_other_disease(view, word) {
            continue;
        }
        last = Some(word.last);
        let rivals: Vec<(usize, usize)> = places.iter().copied().filter(|p| *p != (word.first, word.last)).collect();
        push(view, word, word.last, category, &rivals, out);
    }
    shrinkage(view, out);
    let found = keep_clearest(out.split_off(start));
    // The only response of a sentence has the only time of it, wherever that stands.
    let alone = found.len() == 1;
    out.extend(found.into_iter().map(|mut draft| {
        let mut points = view.times.iter().filter(|t| !t.is_length && (t.extent.is_some() || t.date.is_some()));
        if let (true, None, Some(time), None) = (alone, &draft.time, points.next(), points.next())
            && time.span.end <= draft.span.start
        {
            draft.time = Some(time.clone());
        }
        draft
    }));
}

fn push(
    view: View<'_, '_>,
    word: &Mention,
    last: usize,
    category: ResponseCategory,
    rivals: &[(usize, usize)],
    out: &mut Vec<Draft<Response>>,
) {
    let value = Response {
        category,
        criteria: criteria(view),
        modalities: modalities(view, word.first),
        treatment: None,
        change: change(view, last),
    };
    let mut draft = Draft::new(value, view.reading.span(word.first, last), view.number, BY);
    draft.time = view.time_of(word.first, last, rivals);
    out.push(draft);
}

/// What happened to lesions, without a name for it: "disappearance of the tumour", "the metastasis had decreased".
fn shrinkage(view: View<'_, '_>, out: &mut Vec<Draft<Response>>) {
    let reading = view.reading;
    let is_lesion = |m: &&Mention| m.says(Class::Lesion) || m.is(Kind::Tumour);
    for word in view.mentions().iter().filter(|m| m.says(Class::Resolved) || m.says(Class::Improved)) {
        let context = view.context(word);
        let span = view.span(word);
        if context.any(Context::ELSEWHERE | Context::HYPOTHETICAL | Context::NEGATED)
            || out.iter().any(|d| d.sentence == view.number && d.span.overlaps(span))
        {
            continue;
        }
        let words = view.words(word).to_ascii_lowercase();
        let gone = words.starts_with("disappear") || words.starts_with("vanish");
        let smaller = matches!(words.as_str(), "decreased" | "regressed" | "shrank" | "shrunk");
        let clause = view.clause(word.first);
        let object = view.mentions().iter().filter(is_lesion).find(|m| m.first > word.last && m.first - word.last <= 3);
        let subject = view
            .mentions()
            .iter()
            .filter(is_lesion)
            .rfind(|m| m.last < word.first && word.first - m.last <= 4 && clause.contains(&m.first));
        match (gone, smaller) {
            (true, _) => {
                if let Some(object) = object.filter(|_| words.ends_with(" of")) {
                    push(view, word, object.last, ResponseCategory::Complete, &[], out);
                } else if subject.is_some() {
                    push(view, word, word.last, ResponseCategory::Complete, &[], out);
                }
            }
            // "the size of the node decreased from 3.6 cm to 2.1 cm"
            (_, true) => {
                let to = (word.last + 1..(word.last + 9).min(view.sentence.tokens.end))
                    .take_while(|_| matches!(reading.word(word.last + 1), "from" | "to" | "by"))
                    .take_while(|i| !reading.tokens[*i].is('.') && !reading.tokens[*i].is(','))
                    .last();
                if subject.is_some() || to.is_some() && clause.clone().any(|i| reading.word(i) == "size") {
                    push(view, word, word.last, ResponseCategory::Unclassified, &[], out);
                }
            }
            _ => {}
        }
    }
}

/// Of what one sentence says, the category with most weight: a named one before an unnamed answer, that before better
/// symptoms, and a progression before the lesions that stood still.
fn keep_clearest(drafts: Vec<Draft<Response>>) -> Vec<Draft<Response>> {
    use ResponseCategory as R;
    let has = |list: &[R], time: &Option<Stated>| {
        drafts
            .iter()
            .any(|d| list.contains(&d.value.category) && (d.time == *time || d.time.is_none() || time.is_none()))
    };
    let weaker = |d: &Draft<Response>| match d.value.category {
        R::Unclassified => has(&[R::Complete, R::Partial, R::Stable, R::Progression], &d.time),
        R::Symptomatic => has(&[R::Unclassified], &d.time),
        R::Stable => has(&[R::Progression], &d.time),
        _ => false,
    };
    let drop: Vec<bool> = drafts.iter().map(weaker).collect();
    drafts.into_iter().zip(drop).filter(|(_, drop)| !drop).map(|(d, _)| d).collect()
}

/// `the wound infection progressed`, `hyperthyroidism that had responded`: the course of another disease. `a rapid response
/// was called` is none at all.
fn is_of_other_disease(view: View<'_, '_>, word: &Mention) -> bool {
    let words = view.words(word).to_ascii_lowercase();
    let verb = words.ends_with("ed") || words.ends_with("ing");
    let clause = view.clause(word.first);
    let subject = view
        .mentions()
        .iter()
        .filter(|m| m.last < word.first && clause.contains(&m.first))
        .filter(|m| m.is(Kind::Disease) || m.is(Kind::Tumour) || m.is(Kind::Finding) || m.says(Class::Lesion))
        .rfind(|m| !m.nested);
    let is_lesion = |m: &Mention| {
        view.mentions().iter().any(|o| o.first == m.first && (o.says(Class::Lesion) || o.is(Kind::Tumour)))
    };
    let other = subject
        .is_some_and(|m| m.is(Kind::Disease) || m.is(Kind::Finding) && (!m.info.has(Info::BROAD) || !is_lesion(m)));
    // "immune response", "a rapid response was called"
    let kind = word.first.checked_sub(1).map(|i| view.reading.word(i)).unwrap_or_default();
    let of_body = words == "response" && OTHER_RESPONSES.contains(&kind);
    verb && other || of_body
}

/// `relapsed disease`, `recurrent setting`, `progressive worsening`: a word that only describes another.
fn is_attributive(view: View<'_, '_>, word: &Mention) -> bool {
    let next = view.reading.word(word.last + 1).to_ascii_lowercase();
    let words = view.words(word).to_ascii_lowercase();
    // "was started on X for refractory disease" gives the reason for X.
    if word.first.checked_sub(1).is_some_and(|i| view.reading.word(i) == "for") {
        // "was discontinued after 3 months for progression"
        let stopped = view.mentions().iter().any(|m| m.says(Class::Stopped) && m.last < word.first);
        return !(stopped && words.contains("progress"));
    }
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
        if !mention.info.has(Info::PART) && !out.contains(&modality) {
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
        .take_while(|i| {
            let token = &reading.tokens[*i];
            !(token.is(',') || token.is('.') || token.is(';'))
                && !matches!(reading.word(*i), "after" | "at" | "on" | "with")
        })
        .last()?;
    Some(Statement::of(reading.text, reading.span(start, stop)))
}

/// Repeated mentions of a response are one when they have the same time, when one of them looks back, or when the disease
/// is still in the same state; a second worsening or bettering is one of its own.
pub(crate) fn merge(drafts: Vec<Draft<Response>>, courses: &[Course], looks_back: &[bool]) -> Vec<Draft<Response>> {
    use ResponseCategory as R;
    let mut out: Vec<Draft<Response>> = Vec::new();
    let course = |d: &Draft<Response>| under_way(courses, d.span.start).map(|c| c.fact.clone());
    let named = drafts.iter().any(|d| !matches!(d.value.category, R::Unclassified | R::Symptomatic));
    for draft in drafts {
        // Looking back, "an excellent response" sums up what was told.
        if looks_back[draft.sentence] && named && matches!(draft.value.category, R::Unclassified | R::Symptomatic) {
            continue;
        }
        let is_state = matches!(draft.value.category, R::Complete | R::Partial | R::Stable | R::NoEvidence);
        let same = out.iter_mut().find(|o| {
            let times = match (&o.time, &draft.time) {
                (Some(a), Some(b)) => {
                    Some(a.extent.as_ref().map(|e| &e.value) == b.extent.as_ref().map(|e| &e.value) && a.date == b.date)
                }
                _ => None,
            };
            o.value.category == draft.value.category
                && match times {
                    Some(equal) => equal,
                    None => {
                        looks_back[draft.sentence]
                            || looks_back[o.sentence]
                            || draft.sentence == o.sentence
                            || is_state && draft.time.is_none() && course(o) == course(&draft)
                    }
                }
        });
        match same {
            Some(known) => {
                known.absorb(&draft);
                known.time = known.time.take().or(draft.time);
                for modality in draft.value.modalities {
                    if !known.value.modalities.contains(&modality) {
                        known.value.modalities.push(modality);
                    }
                }
            }
            None => out.push(draft),
        }
    }
    out
}
