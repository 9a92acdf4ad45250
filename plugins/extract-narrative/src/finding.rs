//! Findings: symptoms, signs, abnormalities in words, what investigations show.

use case_model::{Assertion, Coding, Finding, FindingKind, Laterality, Modifier};
use case_text::context::Context;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View, assertion, is_elsewhere};
use crate::reading::Mention;

const BY: &str = "narrative/finding";

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Finding>>) {
    let mentions = view.mentions();
    for (i, mention) in mentions.iter().enumerate() {
        if !mention.is(Kind::Finding) || mention.ambiguous || is_covered(mentions, i) {
            continue;
        }
        let context = view.context(mention);
        if is_elsewhere(context) {
            continue;
        }
        let site = site_beside(view, mention);
        if mention.info.has(Info::BROAD) && site.is_none() && !is_shown(view, mention) {
            continue;
        }
        let concept = view.reading.vocabulary.concept(mention.concept);
        let mut span = view.span(mention);
        if let Some(site) = site.filter(|_| mention.info.has(Info::BROAD)) {
            span = span.hull(view.span(site));
        }
        let value = Finding {
            label: label_of(concept.label, view.words(mention)),
            kind: kind_of(mention, view),
            severity: word_before(view, mention, Class::Severity),
            laterality: side_beside(view, mention),
            site: site.map(|s| view.words(s).to_owned()),
            modifiers: modifiers(view, mention),
            resolved: None,
            reporter: reporter(view),
        };
        let mut draft = Draft::new(value, span, view.number, BY);
        draft.assertion = assertion(context);
        if draft.assertion == Assertion::Present && is_normal(view, mention) {
            draft.assertion = Assertion::Absent;
        }
        draft.codings = view.reading.vocabulary.codings(mention.concept);
        draft.time = view.time_of(mention.first, mention.last, &[]);
        out.push(draft);
    }
}

/// The label of a concept; a row without a code has the words of its own.
fn label_of(label: &str, words: &str) -> String {
    if label.is_empty() { words.to_owned() } else { label.to_owned() }
}

/// True if a longer or weightier mention takes the words: a finding within a longer finding, a word within the name of a
/// disease, "recurrence" within "no evidence of recurrence".
pub(crate) fn is_covered(mentions: &[Mention], i: usize) -> bool {
    let own = mentions[i];
    let width = own.last - own.first;
    mentions.iter().enumerate().any(|(j, other)| {
        let holds = other.first <= own.first && own.last <= other.last && other.last - other.first > width;
        let stronger = matches!(
            other.info.kind,
            Kind::Finding | Kind::Disease | Kind::Tumour | Kind::Drug | Kind::Regimen | Kind::Procedure | Kind::Imaging
        ) || other.says(Class::Response);
        let same = other.first == own.first && other.last == own.last && j != i;
        let twin = same && matches!(other.info.kind, Kind::Tumour) && own.info.kind != Kind::Tumour;
        holds && stronger && !other.ambiguous || twin && !other.ambiguous && !other.info.has(Info::ROLE)
    })
}

fn kind_of(mention: &Mention, view: View<'_, '_>) -> FindingKind {
    match mention.info.class {
        Class::Sign => FindingKind::Sign,
        Class::Lab => FindingKind::Laboratory,
        Class::ImagingFinding => FindingKind::Imaging,
        Class::Histology => FindingKind::Histology,
        Class::Course => FindingKind::Course,
        _ if view.mentions().iter().any(|m| m.is(Kind::Imaging) && m.first < mention.first) => FindingKind::Imaging,
        _ => FindingKind::Symptom,
    }
}

/// A site that belongs to the mention: right before it, or behind "of", "in", "at".
pub(crate) fn site_beside<'r>(view: View<'r, '_>, mention: &Mention) -> Option<&'r Mention> {
    let reading = view.reading;
    view.mentions().iter().filter(|m| m.is(Kind::Site) && !m.ambiguous).find(|site| {
        let before = site.last < mention.first && mention.first - site.last <= 2;
        let behind = site.first > mention.last
            && site.first - mention.last <= 6
            && (mention.last + 1..site.first).any(|i| {
                matches!(reading.word(i), "of" | "in" | "at" | "involving" | "over" | "on" | "from" | "within" | "to")
            })
            && !(mention.last + 1..site.first).any(|i| {
                reading.tokens[i].is(',') || reading.tokens[i].is(';') || matches!(reading.word(i), "and" | "with")
            });
        before && !(site.last + 1..mention.first).any(|i| reading.tokens[i].is(',') || reading.word(i) == "and")
            || behind
    })
}

/// True for a broad word that an examination or image found: "MRI found a mass".
fn is_shown(view: View<'_, '_>, mention: &Mention) -> bool {
    let shown = view.sentence.tokens.clone().take_while(|i| *i < mention.first).any(|i| {
        matches!(
            view.reading.word(i),
            "found"
                | "showed"
                | "revealed"
                | "demonstrated"
                | "disclosed"
                | "detected"
                | "identified"
                | "noted"
                | "palpable"
                | "showing"
                | "noticed"
        )
    });
    shown && mention.first - view.sentence.tokens.start > 1
}

/// `normal mouth opening`, `chest was unremarkable`: the finding's normal state.
fn is_normal(view: View<'_, '_>, mention: &Mention) -> bool {
    let before = mention.first.checked_sub(1).map(|i| view.reading.word(i)).unwrap_or_default();
    matches!(before, "normal" | "unremarkable")
}

/// A word of the class right before the mention.
pub(crate) fn word_before(view: View<'_, '_>, mention: &Mention, class: Class) -> Option<String> {
    view.mentions()
        .iter()
        .find(|m| m.says(class) && m.last < mention.first && mention.first - m.last <= 2)
        .filter(|m| {
            (m.last + 1..mention.first).all(|i| view.reading.tokens[i].is_word() || view.reading.tokens[i].is(','))
        })
        .map(|m| view.words(m).to_owned())
}

/// The side that stands before the mention or its site.
pub(crate) fn side_beside(view: View<'_, '_>, mention: &Mention) -> Option<Laterality> {
    let reading = view.reading;
    let side = view.mentions().iter().find(|m| {
        let before = m.last < mention.first && mention.first - m.last <= 3;
        let behind = m.first > mention.last
            && m.first - mention.last <= 4
            && (mention.last + 1..m.first).any(|i| matches!(reading.word(i), "of" | "in" | "on" | "the"));
        m.says(Class::Side) && (before || behind)
    })?;
    let side = reading.vocabulary.concept(side.concept).attr("side")?;
    Some(Laterality::from(side))
}

/// HPO clinical modifiers by the words that reports use.
const MODIFIERS: &[(&str, &str, &str)] = &[
    ("intermittent", "HP:0031796", "Recurrent"),
    ("recurrent", "HP:0031796", "Recurrent"),
    ("unilateral", "HP:0012833", "Unilateral"),
    ("bilateral", "HP:0012832", "Bilateral"),
    ("localised", "HP:0012838", "Localized"),
    ("localized", "HP:0012838", "Localized"),
    ("generalised", "HP:0012837", "Generalized"),
    ("generalized", "HP:0012837", "Generalized"),
    ("diffuse", "HP:0020034", "Diffuse"),
    ("acute", "HP:0011009", "Acute"),
    ("chronic", "HP:0011010", "Chronic"),
    ("progressive", "HP:0003676", "Progressive"),
];

/// Modifiers in the run of adjectives before the mention.
fn modifiers(view: View<'_, '_>, mention: &Mention) -> Vec<Modifier> {
    let reading = view.reading;
    let mut out = Vec::new();
    let start = view.sentence.tokens.start;
    for i in (start..mention.first).rev().take(8) {
        let token = &reading.tokens[i];
        if token.is(',') || token.is_word() && matches!(reading.word(i), "and") {
            continue;
        }
        let word = reading.word(i).to_ascii_lowercase();
        match MODIFIERS.iter().find(|(w, ..)| *w == word) {
            Some((_, code, label)) => {
                out.insert(0, Modifier { label: reading.word(i).to_owned(), coding: Some(Coding::new(*code, *label)) });
            }
            None => break,
        }
    }
    out
}

/// Who told it: "the caregivers reported".
fn reporter(view: View<'_, '_>) -> Option<String> {
    let reading = view.reading;
    let verb = view
        .sentence
        .tokens
        .clone()
        .find(|i| matches!(reading.word(*i), "reported" | "noticed" | "noted" | "complained" | "observed"))?;
    (view.sentence.tokens.start..verb).rev().take(2).find_map(|i| {
        let word = reading.word(i);
        matches!(
            word,
            "caregivers" | "parents" | "mother" | "father" | "patient" | "wife" | "husband" | "family" | "caregiver"
        )
        .then(|| word.to_owned())
    })
}

/// Merges mentions of the same finding: one fact with several evidences, unless their times differ.
pub(crate) fn merge(drafts: Vec<Draft<Finding>>) -> Vec<Draft<Finding>> {
    let mut out: Vec<Draft<Finding>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let code = |d: &Draft<Finding>| d.codings.first().map(|c| c.code.clone());
        let same = out.iter_mut().find(|o| {
            o.assertion == draft.assertion
                && (code(o).is_some() && code(o) == code(&draft)
                    || o.value.label.eq_ignore_ascii_case(&draft.value.label))
                && (o.value.site == draft.value.site || o.value.site.is_none() || draft.value.site.is_none())
                && (o.time.is_none()
                    || draft.time.is_none()
                    || o.time.as_ref().map(|t| (&t.extent, &t.date))
                        == draft.time.as_ref().map(|t| (&t.extent, &t.date)))
        });
        match same {
            Some(known) => {
                known.absorb(&draft);
                let Finding { severity, laterality, site, .. } = draft.value;
                known.value.severity = known.value.severity.take().or(severity);
                known.value.laterality = known.value.laterality.take().or(laterality);
                known.value.site = known.value.site.take().or(site);
                known.time = known.time.take().or(draft.time);
            }
            None => out.push(draft),
        }
    }
    out
}

/// True if a mention of a finding is said of the patient at all, for modules that look for findings in a sentence.
pub(crate) fn is_of_patient(view: View<'_, '_>, mentions: &[Mention], i: usize) -> bool {
    let mention = &mentions[i];
    let named = mention.is(Kind::Finding) || mention.is(Kind::Disease);
    named
        && !mention.ambiguous
        && !is_covered(mentions, i)
        && !is_elsewhere(view.context(mention))
        && !view.context(mention).has(Context::NEGATED)
}
