//! Findings that an entity and a quality make: "prothrombin time was prolonged", "increase in CRP and in LDH", "enlarged
//! retroperitoneal and mesenteric lymph nodes", "pain in the right thigh".

use case_model::{Assertion, Finding, FindingKind};
use case_text::quantity::dimensions_at;

use crate::class::{Class, Info, Kind, Quality};
use crate::draft::{Draft, View, assertion, is_elsewhere};
use crate::finding::{label_of, side_beside};
use crate::reading::Mention;

const BY: &str = "narrative/compose";

/// Words that may stand between a quality and what it is said of, or between two entities of a list.
const LINKS: &[&str] = &[
    "activity",
    "and",
    "at",
    "both",
    "circulating",
    "concentration",
    "concentrations",
    "count",
    "counts",
    "distal",
    "her",
    "his",
    "in",
    "intensity",
    "level",
    "levels",
    "lower",
    "of",
    "or",
    "plasma",
    "proximal",
    "serum",
    "signal",
    "the",
    "total",
    "upper",
    "urinary",
    "urine",
    "value",
    "values",
];

/// Words between an entity and a predicate: "was both found to be markedly elevated".
const COPULAS: &[&str] = &[
    "a",
    "all",
    "also",
    "are",
    "be",
    "been",
    "both",
    "either",
    "found",
    "further",
    "grossly",
    "had",
    "has",
    "is",
    "markedly",
    "mildly",
    "moderately",
    "noted",
    "persistently",
    "remained",
    "rose",
    "severely",
    "showed",
    "significantly",
    "slightly",
    "still",
    "strongly",
    "to",
    "was",
    "were",
];

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Finding>>) {
    for word in view.mentions().iter().filter(|m| !m.nested && !m.ambiguous) {
        let (quality, negative) = match word.info.quality {
            Quality::None if word.says(Class::Result) => match result(view, word) {
                Some("positive") => (Quality::Positive, false),
                Some("negative") => (Quality::Positive, true),
                _ => continue,
            },
            Quality::None => continue,
            quality if word.is(Kind::Word) => (quality, false),
            // "increased amylase and lipase": the words of a finding, and a list that goes on behind them.
            quality if word.is(Kind::Finding) && !word.info.has(Info::BROAD) => {
                let entities: Vec<&Mention> = listed_behind(view, word.last);
                if !is_elsewhere(view.context(word)) && goes_on(view, word.last) {
                    for (place, concept) in stationed(view, &entities) {
                        if place.is(Kind::Analyte) {
                            add(view, Some(word), place, concept, quality, false, out);
                        }
                    }
                }
                continue;
            }
            _ => continue,
        };
        // "increased to normal levels"
        let to_normal =
            quality == Quality::Normal && word.first.checked_sub(1).is_some_and(|i| view.reading.word(i) == "to");
        if is_elsewhere(view.context(word)) || to_normal {
            continue;
        }
        let mut entities = behind(view, word.last);
        if entities.is_empty() {
            entities = before(view, word.first);
        }
        for (place, concept) in stationed(view, &entities) {
            add(view, Some(word), place, concept, quality, negative, out);
        }
    }
    large_nodes(view, out);
    absent_antibodies(view, out);
}

/// True if a list goes on behind a token, brackets apart.
fn goes_on(view: View<'_, '_>, last: usize) -> bool {
    let reading = view.reading;
    let mut next = last + 1;
    while matches!(reading.word(next), "levels" | "level" | "values" | "at")
        || reading.tokens.get(next).is_some_and(|t| t.is_number())
    {
        next += 1;
    }
    view.sentence.tokens.contains(&next)
        && (reading.tokens[next].is(',') || reading.tokens[next].is('(') || matches!(reading.word(next), "and" | "or"))
}

fn result<'v>(view: View<'v, '_>, word: &Mention) -> Option<&'v str> {
    view.reading.vocabulary.concept(word.concept).attr("result")
}

fn is_entity(mention: &Mention) -> bool {
    (mention.is(Kind::Analyte) || mention.is(Kind::Site)) && !mention.ambiguous
}

/// The entity that starts at a token, the longest one.
fn entity_at<'r>(view: View<'r, '_>, token: usize) -> Option<&'r Mention> {
    view.mentions().iter().filter(|m| m.first == token && is_entity(m)).max_by_key(|m| m.last)
}

fn entity_ending<'r>(view: View<'r, '_>, token: usize) -> Option<&'r Mention> {
    view.mentions().iter().filter(|m| m.last == token && is_entity(m)).min_by_key(|m| m.first)
}

/// Entities listed behind a token: "levels of A, B (12 U/L) and C".
fn behind<'r>(view: View<'r, '_>, last: usize) -> Vec<&'r Mention> {
    listed(view, last, false)
}

/// Entities that go on a list whose last entity so far ends at a token.
pub(crate) fn listed_behind<'r>(view: View<'r, '_>, last: usize) -> Vec<&'r Mention> {
    listed(view, last, true)
}

fn listed<'r>(view: View<'r, '_>, last: usize, goes_on: bool) -> Vec<&'r Mention> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let mut out: Vec<&Mention> = Vec::new();
    let mut gap = 0;
    let mut i = last + 1;
    while i < end && gap <= 5 {
        if let Some(entity) = entity_at(view, i) {
            out.push(entity);
            i = entity.last + 1;
            gap = 0;
            continue;
        }
        let token = &reading.tokens[i];
        let word = reading.word(i);
        // "elevated, and CRP ...": what follows a comma or "and" straight away is told of something else.
        let opens = out.is_empty() && !goes_on && (token.is(',') || matches!(word, "and" | "or" | "at" | "with"));
        let side = view.mentions().iter().any(|m| m.first == i && m.says(Class::Side));
        if opens {
            break;
        } else if token.is('(') && (goes_on || !out.is_empty()) {
            i = (i..end).find(|j| reading.tokens[*j].is(')')).unwrap_or(end);
        } else if !(token.is(',')
            || token.is('/')
            || token.is_number()
            || side
            || token.is_hyphen()
            || LINKS.contains(&word))
        {
            break;
        }
        gap += 1;
        i += 1;
    }
    out
}

/// Entities that a predicate or a noun behind them is said of: "A (12 U/L) and B were both elevated", "LDH elevation".
pub(crate) fn before<'r>(view: View<'r, '_>, first: usize) -> Vec<&'r Mention> {
    let reading = view.reading;
    let start = view.sentence.tokens.start;
    let mut out: Vec<&Mention> = Vec::new();
    let mut copula = false;
    let mut gap = 0;
    let mut i = first;
    while i > start && gap <= 8 {
        i -= 1;
        if let Some(entity) = entity_ending(view, i) {
            // Without a verb only the noun right before: "LDH elevation".
            if out.is_empty() && !copula && gap > 0 {
                break;
            }
            out.insert(0, entity);
            i = entity.first;
            gap = 0;
            continue;
        }
        let token = &reading.tokens[i];
        let word = reading.word(i);
        if out.is_empty() && COPULAS.contains(&word) {
            copula = true;
        } else if token.is(')') && (copula || !out.is_empty()) {
            i = (start..i).rev().find(|j| reading.tokens[*j].is('(')).unwrap_or(start);
        } else if !(token.is(',') || token.is('/') || token.is_number() || token.is_hyphen() || LINKS.contains(&word)) {
            break;
        }
        gap += 1;
    }
    out
}

/// The concepts of listed entities; regions in front of a lymph node station are stations, too.
pub(crate) fn stationed<'r>(view: View<'_, '_>, entities: &[&'r Mention]) -> Vec<(&'r Mention, u32)> {
    let vocabulary = view.reading.vocabulary;
    let node = entities.iter().rposition(|m| m.info.has(Info::NODE));
    entities
        .iter()
        .enumerate()
        .map(|(i, entity)| {
            let station = node.filter(|n| i < *n && !entity.info.has(Info::NODE) && is_adjective(view.words(entity)));
            (*entity, station.and_then(|_| vocabulary.station(entity.concept)).unwrap_or(entity.concept))
        })
        .collect()
}

/// True for `mediastinal`, `para-aortic`, `porta hepatis`: words that name a region for what comes behind them. "Spleen,
/// liver and hilar lymph nodes" are three places.
fn is_adjective(words: &str) -> bool {
    const ENDINGS: &[&str] = &["al", "ar", "ary", "ic", "ian", "oid", "ous", "id", "is"];
    let last = words.rsplit([' ', '-']).next().unwrap_or(words).to_ascii_lowercase();
    last.len() > 4 && ENDINGS.iter().any(|e| last.ends_with(e))
}

/// Adds what the quality of an entity means, if it means anything.
fn add(
    view: View<'_, '_>,
    word: Option<&Mention>,
    entity: &Mention,
    concept: u32,
    quality: Quality,
    negative: bool,
    out: &mut Vec<Draft<Finding>>,
) -> bool {
    let vocabulary = view.reading.vocabulary;
    // What a virus test says is a diagnosis made or excluded, not a finding.
    if vocabulary.concept(concept).attr("class") == Some("virology") {
        return false;
    }
    let (found, normal) = match quality {
        // "were all normal": the one abnormality that the entity can have is absent.
        Quality::Normal => {
            let mut list = [Quality::High, Quality::Low, Quality::Abnormal]
                .into_iter()
                .filter_map(|q| vocabulary.composed(concept, q));
            match (list.next(), list.next()) {
                (Some(only), None) => (only, true),
                _ => return false,
            }
        }
        quality => match vocabulary.composed(concept, quality) {
            Some(found) => (found, false),
            None => return false,
        },
    };
    let own = view.span(entity);
    let span = word.map_or(own, |w| view.span(w).hull(own));
    let span = if span.len() <= 90 { span } else { own };
    let mut draft = draft(view, found, span, entity);
    let context = word.map_or_else(|| view.context(entity), |w| view.context(w) | view.context(entity));
    draft.assertion = if normal || negative { Assertion::Absent } else { assertion(context) };
    let known = |d: &Draft<Finding>| {
        d.sentence == view.number && d.codings.first() == draft.codings.first() && d.value.label == draft.value.label
    };
    if !out.iter().any(known) {
        out.push(draft);
    }
    true
}

/// A finding of a concept that other words than its own name.
pub(crate) fn draft(view: View<'_, '_>, concept: u32, span: case_model::Span, entity: &Mention) -> Draft<Finding> {
    let vocabulary = view.reading.vocabulary;
    let label = vocabulary.concept(concept).label;
    let value = Finding {
        label: label_of(label, span.of(view.reading.text).unwrap_or_default()),
        kind: match vocabulary.info(concept).class {
            Class::Lab => FindingKind::Laboratory,
            Class::ImagingFinding => FindingKind::Imaging,
            Class::Symptom => FindingKind::Symptom,
            _ => FindingKind::Sign,
        },
        laterality: side_beside(view, entity),
        site: entity.is(Kind::Site).then(|| view.words(entity).to_owned()),
        ..Finding::default()
    };
    let mut draft = Draft::new(value, span, view.number, BY);
    draft.codings = vocabulary.codings(concept);
    draft.time = view.time_of(entity.first, entity.last, &[]);
    draft
}

/// A lymph node of a centimetre and more is enlarged: "a 2×2 cm-sized lymph node in the right axillary area".
fn large_nodes(view: View<'_, '_>, out: &mut Vec<Draft<Finding>>) {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    let mut i = range.start;
    while i < range.end {
        let size = reading.tokens[i].is_number().then(|| dimensions_at(reading.text, &reading.tokens, i)).flatten();
        let Some(size) = size.filter(|s| s.last < range.end && s.first == i) else {
            i += 1;
            continue;
        };
        i = size.last + 1;
        let factor = if size.unit == "mm" { 1.0 } else { 10.0 };
        let large = size.dimensions.iter().any(|d| d.value() * factor >= 10.0);
        let node = view.mentions().iter().filter(|m| is_entity(m) && m.info.has(Info::NODE)).find(|m| {
            m.first > size.last && m.first - size.last <= 5 || m.last < size.first && size.first - m.last <= 9
        });
        let Some(node) = node.filter(|n| large && !is_elsewhere(view.context(n))) else { continue };
        let places = if node_is_named(view, node) {
            let mut list = before(view, node.first);
            list.push(node);
            stationed(view, &list)
        } else {
            // "a lymph node in the right axillary area"
            let in_region = matches!(reading.word(node.last + 1), "in" | "of");
            let list = if in_region { behind(view, node.last + 1) } else { Vec::new() };
            list.into_iter().filter_map(|m| Some((m, reading.vocabulary.station(m.concept)?))).collect()
        };
        let mut any = false;
        for (place, concept) in places {
            any |= add(view, Some(node), place, concept, Quality::Enlarged, false, out);
        }
        if !any {
            add(view, None, node, node.concept, Quality::Enlarged, false, out);
        }
    }
}

/// True for a station, false for "lymph node" alone.
fn node_is_named(view: View<'_, '_>, node: &Mention) -> bool {
    view.reading.vocabulary.concept(node.concept).attr("part_of").is_some_and(|p| p.contains("lymph node"))
}

/// "No anti-GAD, anti-TPO or anti-Tg antibodies were found": what a list of antibodies is negated for.
fn absent_antibodies(view: View<'_, '_>, out: &mut Vec<Draft<Finding>>) {
    use case_text::context::Context;
    for analyte in view.mentions().iter().filter(|m| m.is(Kind::Analyte) && !m.nested) {
        if view.context(analyte).has(Context::NEGATED) {
            add(view, None, analyte, analyte.concept, Quality::Positive, true, out);
        }
    }
}
