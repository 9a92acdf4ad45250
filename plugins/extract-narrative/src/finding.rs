//! Findings: symptoms, signs, abnormalities in words, what investigations show.

use std::collections::HashMap;

use case_model::{Assertion, Coding, Finding, FindingKind, Laterality, Modifier, Morphology};
use case_text::context::Context;

use crate::class::{Class, Info, Kind, Quality};
use crate::compose;
use crate::draft::{Draft, View, assertion, is_elsewhere};
use crate::reading::Mention;

const BY: &str = "narrative/finding";

/// Takes a sentence about the patient: findings, and what the microscope shows.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Finding>>, microscopy: &mut Vec<Draft<Morphology>>) {
    let mentions = view.mentions();
    for (i, mention) in mentions.iter().enumerate() {
        let named = mention.is(Kind::Finding)
            && (!mention.info.has(Info::OUTCOME) || is_absent_toxicity(view, mention))
            || is_sign(view, mention)
            || is_absent_tumour(view, mention);
        if !named || mention.ambiguous || mention.composed || is_covered(mentions, i) {
            continue;
        }
        let context = view.context(mention);
        if is_elsewhere(context) {
            continue;
        }
        if mention.info.class == Class::Histology && view.reading.vocabulary.concept(mention.concept).code.is_empty() {
            microscopy.push(morphology(view, mention));
            continue;
        }
        let sites = sites_beside(view, mention);
        if compose(view, mention, &sites, out) {
            continue;
        }
        let site = sites.first().copied();
        let concept = view.reading.vocabulary.concept(mention.concept);
        // "a mass" alone says too little; "no masses" says something.
        if mention.info.has(Info::BROAD)
            && !context.has(Context::NEGATED)
            && (concept.code.is_empty() || site.is_none() && !is_shown(view, mention))
        {
            continue;
        }
        let mut span = view.span(mention);
        if let Some(site) = site.filter(|_| mention.info.has(Info::BROAD)) {
            span = span.hull(view.span(site));
        }
        let value = Finding {
            label: label_of(concept.label, view.words(mention)),
            kind: kind_of(mention, view),
            site: site.map(|s| view.words(s).to_owned()),
            ..Finding::default()
        };
        let mut draft = Draft::new(value, span, view.number, BY);
        draft.codings = view.reading.codings(mention.concept);
        if mention.is(Kind::Disease) {
            // The phenotype before the disease.
            draft.codings.sort_by_key(|c| c.prefix() != "HP");
            if let Some(first) = draft.codings.first() {
                draft.value.label.clone_from(&first.label);
            }
        }
        describe(view, mention, &mut draft);
        out.push(draft);
    }
}

/// Fills in what the words around a finding say of it.
fn describe(view: View<'_, '_>, mention: &Mention, draft: &mut Draft<Finding>) {
    draft.assertion = assertion(view.context(mention));
    if draft.assertion == Assertion::Present && is_normal(view, mention) {
        draft.assertion = Assertion::Absent;
    }
    draft.value.severity = word_before(view, mention, Class::Severity);
    draft.value.laterality = side_beside(view, mention).or(draft.value.laterality.take());
    draft.value.modifiers = modifiers(view, mention);
    draft.value.reporter = reporter(view);
    draft.time = view.time_of(mention.first, mention.last, &[]);
}

/// The findings that a broad word and its sites make: "a mass in the mesentery", "lymphadenopathy in the mediastinal and
/// cervical chains". False where there are none.
fn compose(view: View<'_, '_>, mention: &Mention, sites: &[&Mention], out: &mut Vec<Draft<Finding>>) -> bool {
    let quality = mention.info.quality;
    if quality == Quality::None {
        return false;
    }
    let vocabulary = view.reading.vocabulary;
    let nodal = vocabulary.concept(mention.concept).attr("of").is_some_and(|of| of.contains("lymph node"));
    let carried: Vec<&Mention> = if sites.is_empty() { carried_sites(view, mention) } else { Vec::new() };
    let from_elsewhere = sites.is_empty();
    let mut any = false;
    for (site, concept) in compose::stationed(view, if from_elsewhere { &carried } else { sites }) {
        let concept = if nodal { vocabulary.station(concept).unwrap_or(concept) } else { concept };
        let Some(found) = vocabulary.composed(concept, quality).filter(|f| *f != mention.concept) else { continue };
        let own = view.span(mention);
        let span = if from_elsewhere { own } else { own.hull(view.span(site)) };
        let mut draft = compose::draft(view, found, if span.len() <= 90 { span } else { own }, site);
        describe(view, mention, &mut draft);
        out.push(draft);
        any = true;
    }
    any
}

/// "A mass was found. It was located within the small bowel mesentery": the site that the next sentence gives.
fn carried_sites<'r>(view: View<'r, '_>, mention: &Mention) -> Vec<&'r Mention> {
    let reading = view.reading;
    let Some(next) = reading.sentences.get(view.number + 1).filter(|s| s.paragraph == view.sentence.paragraph) else {
        return Vec::new();
    };
    if !mention.info.has(Info::BROAD) {
        return Vec::new();
    }
    let start = next.tokens.start;
    let anaphor = matches!(reading.word(start), "It" | "They")
        || matches!(reading.word(start), "The" | "This")
            && matches!(reading.word(start + 1), "mass" | "lesion" | "tumor" | "tumour" | "nodule" | "swelling");
    let places = ["located", "situated", "within", "in", "arising", "involving", "at", "involved"];
    let Some(at) = next.tokens.clone().take(12).find(|i| anaphor && places.contains(&reading.word(*i))) else {
        return Vec::new();
    };
    reading
        .mentions_of(next)
        .iter()
        .filter(|m| m.is(Kind::Site) && !m.ambiguous && !m.nested && !m.info.has(Info::BROAD))
        .find(|m| m.first > at && m.first - at <= 12)
        .into_iter()
        .collect()
}

/// A disease that is told as a finding where it is new and not one of several considered.
pub(crate) fn is_sign(view: View<'_, '_>, mention: &Mention) -> bool {
    mention.is(Kind::Disease)
        && mention.info.has(Info::SIGN)
        && !view.context(mention).any(Context::HISTORICAL | Context::UNCERTAIN)
}

/// "no metastases", "negative for carcinoma": a tumour of no particular kind that was looked for and not found.
fn is_absent_tumour(view: View<'_, '_>, mention: &Mention) -> bool {
    mention.is(Kind::Tumour)
        && (mention.info.has(Info::BROAD) || mention.info.has(Info::ROLE))
        && view.context(mention).has(Context::NEGATED)
        && !view.looks_back
}

/// "without any adverse events" says something of the treatment; other outcomes that did not happen say nothing.
fn is_absent_toxicity(view: View<'_, '_>, mention: &Mention) -> bool {
    view.reading.vocabulary.concept(mention.concept).label.starts_with("Adverse")
        && view.context(mention).has(Context::NEGATED)
}

/// What the microscope shows.
fn morphology(view: View<'_, '_>, mention: &Mention) -> Draft<Morphology> {
    let label = view.reading.vocabulary.concept(mention.concept).label;
    let value = Morphology { pattern: label_of(label, view.words(mention)), ..Morphology::default() };
    let mut draft = Draft::new(value, view.span(mention), view.number, BY);
    draft.assertion = assertion(view.context(mention));
    draft.codings = view.reading.codings(mention.concept);
    draft
}

/// The label of a concept; a row without a code has the words of its own.
pub(crate) fn label_of(label: &str, words: &str) -> String {
    if label.is_empty() { words.to_owned() } else { label.to_owned() }
}

/// True if a longer or weightier mention takes the words: a finding within a longer finding, a word within the name of a
/// disease, "recurrence" within "no evidence of recurrence".
pub(crate) fn is_covered(mentions: &[Mention], i: usize) -> bool {
    let own = mentions[i];
    let width = own.last - own.first;
    mentions.iter().enumerate().any(|(j, other)| {
        let holds =
            !other.composed && other.first <= own.first && own.last <= other.last && other.last - other.first > width;
        let stronger = matches!(
            other.info.kind,
            Kind::Finding | Kind::Disease | Kind::Tumour | Kind::Drug | Kind::Regimen | Kind::Procedure | Kind::Imaging
        ) || other.says(Class::Response);
        let same = other.first == own.first && other.last == own.last && j != i;
        let twin = same && matches!(other.info.kind, Kind::Tumour) && own.info.kind != Kind::Tumour;
        // "large liver metastasis" is no large liver.
        let cuts = own.is(Kind::Finding)
            && matches!(other.info.kind, Kind::Tumour | Kind::Procedure)
            && other.first > own.first
            && other.first <= own.last
            && other.last > own.last;
        holds && stronger && !other.ambiguous
            || cuts && !other.ambiguous
            || twin && !other.ambiguous && !other.info.has(Info::ROLE)
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
                matches!(
                    reading.word(i),
                    "of" | "in" | "at" | "involving" | "over" | "on" | "from" | "within" | "to" | "along" | "around"
                )
            })
            && !(mention.last + 1..site.first).any(|i| {
                reading.tokens[i].is(',') || reading.tokens[i].is(';') || matches!(reading.word(i), "and" | "with")
            });
        before && !(site.last + 1..mention.first).any(|i| reading.tokens[i].is(',') || reading.word(i) == "and")
            || behind
    })
}

/// The site that belongs to the mention, and those listed with it.
fn sites_beside<'r>(view: View<'r, '_>, mention: &Mention) -> Vec<&'r Mention> {
    let Some(first) = site_beside(view, mention) else { return Vec::new() };
    if first.first > mention.last {
        let mut out = vec![first];
        out.extend(compose::listed_behind(view, first.last).into_iter().filter(|m| m.is(Kind::Site)));
        out
    } else {
        let mut out: Vec<&Mention> =
            compose::before(view, first.first).into_iter().filter(|m| m.is(Kind::Site)).collect();
        out.push(first);
        out
    }
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
        let before = m.last < mention.first
            && mention.first - m.last <= 3
            && !(m.last + 1..mention.first)
                .any(|i| reading.tokens[i].is(',') || matches!(reading.word(i), "and" | "or"));
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
    // Where drafts with a code or label stand in `out`.
    let mut named: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for draft in drafts {
        let code = draft.codings.first().map(|c| ("code", c.code.clone()));
        let names = [code, Some(("label", draft.value.label.to_ascii_lowercase()))];
        let mut known: Vec<usize> = names.iter().flatten().filter_map(|n| named.get(n)).flatten().copied().collect();
        known.sort_unstable();
        let same = known.into_iter().find(|i| {
            let o = &out[*i];
            o.assertion == draft.assertion
                && (o.value.site == draft.value.site || o.value.site.is_none() || draft.value.site.is_none())
                && (o.time.is_none()
                    || draft.time.is_none()
                    || o.time.as_ref().map(|t| (&t.extent, &t.date))
                        == draft.time.as_ref().map(|t| (&t.extent, &t.date)))
        });
        let Some(known) = same.map(|i| &mut out[i]) else {
            names.into_iter().flatten().for_each(|n| named.entry(n).or_default().push(out.len()));
            out.push(draft);
            continue;
        };
        known.absorb(&draft);
        let Finding { severity, laterality, site, .. } = draft.value;
        known.value.severity = known.value.severity.take().or(severity);
        known.value.laterality = known.value.laterality.take().or(laterality);
        known.value.site = known.value.site.take().or(site);
        known.time = known.time.take().or(draft.time);
    }
    out
}

/// Merges mentions of what the microscope shows.
pub(crate) fn merge_microscopy(drafts: Vec<Draft<Morphology>>) -> Vec<Draft<Morphology>> {
    let mut out: Vec<Draft<Morphology>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match out.iter_mut().find(|o| o.value.pattern == draft.value.pattern && o.assertion == draft.assertion) {
            Some(known) => known.absorb(&draft),
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
