//! Imaging studies and procedures.

use case_model::{ActionStatus, ImagingStudy, Procedure, Statement};
use case_text::context::Context;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View};
use crate::finding::{is_covered, site_beside};
use crate::treatment::{self, Action};

const BY: &str = "narrative/imaging";

/// Imaging studies of a sentence about the patient.
pub(crate) fn studies(view: View<'_, '_>, out: &mut Vec<Draft<ImagingStudy>>) {
    let reading = view.reading;
    let mentions = view.mentions();
    for (i, mention) in mentions.iter().enumerate() {
        if !mention.is(Kind::Imaging) || mention.ambiguous || mention.nested || mention.info.has(Info::PART) {
            continue;
        }
        if view.context(mention).any(Context::ELSEWHERE | Context::HYPOTHETICAL) {
            continue;
        }
        // "magnetic resonance imaging (MRI)" is one study.
        let repeats = mentions[..i].iter().any(|m| {
            m.is(Kind::Imaging)
                && m.concept == mention.concept
                && mention.first - m.last <= 2
                && reading.tokens[mention.first - 1].is('(')
        });
        // "positron emission tomography (PET-CT)" is what its short form says.
        let short_form = mentions[i + 1..].iter().any(|m| {
            m.is(Kind::Imaging)
                && m.concept != mention.concept
                && m.first == mention.last + 2
                && reading.tokens[mention.last + 1].is('(')
                && view.words(m).bytes().any(|b| b.is_ascii_uppercase())
                && view.words(m).len() <= 10
        });
        if short_form {
            continue;
        }
        if repeats {
            if let Some(last) = out.last_mut() {
                last.span = last.span.hull(view.span(mention));
            }
            continue;
        }
        let concept = reading.vocabulary.concept(mention.concept);
        let contrast = mentions.iter().find(|m| m.is(Kind::Imaging) && m.info.has(Info::PART) && is_contrast(view, m));
        let value = ImagingStudy {
            modality: concept.attr("modality").unwrap_or(concept.label).to_owned(),
            region: region(view, mention),
            contrast: contrast.map(|m| view.words(m).to_owned()),
            figure: view.sentence.figure.and_then(|f| reading.document.figures.get(f)).map(|f| f.label.clone()),
        };
        let mut draft = Draft::new(value, view.span(mention), view.number, BY);
        draft.codings = reading.vocabulary.codings(mention.concept);
        draft.time = view.time_of(mention.first, mention.last, &[]);
        out.push(draft);
    }
}

fn is_contrast(view: View<'_, '_>, mention: &crate::reading::Mention) -> bool {
    let words = view.words(mention).to_ascii_lowercase();
    words.contains("gadolinium") || words.contains("contrast") || words.contains("fdg") || words.contains("iod")
}

/// The region: a site right before ("chest CT") or behind ("CT of the chest, abdomen and pelvis").
fn region(view: View<'_, '_>, mention: &crate::reading::Mention) -> Option<String> {
    let reading = view.reading;
    let before = view.mentions().iter().find(|m| m.is(Kind::Site) && m.last + 1 == mention.first);
    if let Some(site) = before {
        return Some(view.words(site).to_owned());
    }
    let start = site_beside(view, mention).filter(|s| s.first > mention.last)?;
    let mut last = start.last;
    // The sites joined to it.
    for site in view.mentions().iter().filter(|m| m.is(Kind::Site) && m.first > start.last) {
        let joined =
            (last + 1..site.first).all(|i| reading.tokens[i].is(',') || matches!(reading.word(i), "and" | "the"));
        if !joined {
            break;
        }
        last = site.last;
    }
    Some(reading.words(start.first, last).to_owned())
}

/// Procedures of a sentence about the patient, but for those that treat the tumour.
pub(crate) fn procedures(view: View<'_, '_>, out: &mut Vec<Draft<Procedure>>) {
    let mentions = view.mentions();
    for (i, mention) in mentions.iter().enumerate() {
        let treats = mention.info.has(Info::TUMOUR_DIRECTED) && mention.info.class != Class::Transplant;
        if !mention.is(Kind::Procedure) || mention.ambiguous || mention.nested || treats || is_covered(mentions, i) {
            continue;
        }
        if mention.info.class == Class::Radiotherapy
            || mentions
                .iter()
                .any(|m| (m.is(Kind::Drug) || m.is(Kind::DrugClass)) && m.first == mention.first && !m.ambiguous)
            || mention.info.has(Info::PART)
        {
            continue;
        }
        let context = view.context(mention);
        if context.any(Context::ELSEWHERE | Context::HYPOTHETICAL) {
            continue;
        }
        let (status, reason) = match treatment::action(view, mention) {
            Action::Done => (ActionStatus::Given, None),
            Action::Not(status, reason) => (status, reason.map(|span| Statement::of(view.reading.text, span))),
            Action::Held(reason) => (ActionStatus::NotGiven, reason.map(|span| Statement::of(view.reading.text, span))),
            Action::Imagined => continue,
        };
        let concept = view.reading.vocabulary.concept(mention.concept);
        let value = Procedure {
            label: concept.label.to_owned(),
            status,
            site: site_beside(view, mention).map(|s| view.words(s).to_owned()),
            reason,
        };
        let mut draft = Draft::new(value, view.span(mention), view.number, BY);
        draft.codings = view.reading.vocabulary.codings(mention.concept);
        draft.time = view.time_of(mention.first, mention.last, &[]);
        out.push(draft);
    }
}

/// Merges repeated procedures and studies that have no time of their own.
pub(crate) fn merge_procedures(drafts: Vec<Draft<Procedure>>) -> Vec<Draft<Procedure>> {
    let mut out: Vec<Draft<Procedure>> = Vec::new();
    for draft in drafts {
        let same = out.iter_mut().find(|o| {
            o.value.label == draft.value.label
                && o.value.status == draft.value.status
                && (draft.time.is_none() || o.time.is_none())
                && (draft.value.site.is_none() || o.value.site == draft.value.site)
        });
        match same {
            Some(known) => known.absorb(&draft),
            None => out.push(draft),
        }
    }
    out
}
