//! Sites and what they have to do with the disease: where the tumour is, where it has spread to, what it touches.
//!
//! Sites that are listed together have one role. It comes from the word for spread, contact or tumour nearest to the list.

use case_model::{Site, SiteRole};
use case_text::context::Context;

use crate::class::{Class, Info, Kind, Quality};
use crate::compose;
use crate::draft::{Draft, View, is_elsewhere};
use crate::finding::side_beside;
use crate::reading::Mention;

const BY: &str = "narrative/site";

/// Words for a tumour that touches its surroundings.
const CONTACT: &[&str] = &[
    "abutting",
    "adjacent",
    "compressing",
    "contact",
    "displace",
    "displaced",
    "displacing",
    "encasing",
    "extending",
    "extension",
    "impair",
    "infiltrated",
    "infiltrating",
    "infiltration",
    "invaded",
    "invading",
    "invasion",
    "involved",
    "involvement",
    "involving",
    "surrounding",
];

/// Words for a tumour that is elsewhere.
const SPREAD: &[&str] = &[
    "disseminated",
    "metastasized",
    "metastasised",
    "metastasize",
    "progression",
    "recurrence",
    "recurrent",
    "recurred",
    "spread",
];

/// Words for where a tumour is: "it was located within the mesentery".
const LOCATED: &[&str] =
    &["arising", "arose", "centered", "centred", "located", "originated", "originating", "situated"];

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Site>>) {
    let reading = view.reading;
    for group in groups(view) {
        let Some(role) = role(view, &group) else { continue };
        for (place, concept) in compose::stationed(view, &group) {
            let context = view.context(place);
            if is_elsewhere(context) || context.has(Context::NEGATED) || place.info.has(Info::BROAD) {
                continue;
            }
            // "lymphadenopathy in the mediastinal and cervical chains"
            let nodal = role == SiteRole::Involved && is_nodal(view, &group);
            let concept = if nodal { reading.vocabulary.station(concept).unwrap_or(concept) } else { concept };
            let value = Site {
                label: reading.vocabulary.concept(concept).label.to_owned(),
                role: role.clone(),
                laterality: side_beside(view, place),
            };
            let mut draft = Draft::new(value, view.span(place), view.number, BY);
            draft.codings = reading.vocabulary.codings(concept);
            out.push(draft);
        }
    }
}

/// Sites of the sentence by lists.
fn groups<'r>(view: View<'r, '_>) -> Vec<Vec<&'r Mention>> {
    let mut out: Vec<Vec<&Mention>> = Vec::new();
    let mut covered = 0;
    for site in view.mentions().iter().filter(|m| m.is(Kind::Site) && !m.ambiguous && !m.nested) {
        if site.first < covered {
            continue;
        }
        let mut group = vec![site];
        group.extend(compose::listed_behind(view, site.last).into_iter().filter(|m| m.is(Kind::Site)));
        covered = group.last().map_or(0, |m| m.last + 1);
        out.push(group);
    }
    out
}

/// How far a token is from a list.
fn distance(group: &[&Mention], first: usize, last: usize) -> usize {
    let (start, end) = (group[0].first, group[group.len() - 1].last);
    if last < start { start - last } else { first.saturating_sub(end) }
}

/// True for lymph nodes, by their name or by what is said of them.
fn is_nodal(view: View<'_, '_>, group: &[&Mention]) -> bool {
    group.iter().any(|m| m.info.has(Info::NODE)) || enlargement(view, group).is_some_and(|d| d <= 6)
}

/// Distance to a word for enlarged lymph nodes.
fn enlargement(view: View<'_, '_>, group: &[&Mention]) -> Option<usize> {
    let lymph = |m: &Mention| {
        let of = || view.reading.vocabulary.concept(m.concept).attr("of");
        m.is(Kind::Finding) && m.info.quality == Quality::Enlarged && of().is_some_and(|of| of.contains("lymph node"))
    };
    view.mentions().iter().filter(|m| lymph(m)).map(|m| distance(group, m.first, m.last)).min()
}

/// The role of a list of sites by the nearest word that gives it one.
fn role(view: View<'_, '_>, group: &[&Mention]) -> Option<SiteRole> {
    let reading = view.reading;
    let clause = view.clause(group[0].first);
    let near = |test: &dyn Fn(&Mention) -> bool| {
        view.mentions()
            .iter()
            .filter(|m| clause.contains(&m.first) && test(m))
            .map(|m| distance(group, m.first, m.last))
            .min()
    };
    let word = |list: &[&str]| {
        clause.clone().filter(|i| list.contains(&reading.word(*i))).map(|i| distance(group, i, i)).min()
    };
    let is_group = |m: &Mention| group.iter().any(|g| m.first >= g.first && m.last <= g.last);
    let metastasis = near(&|m| {
        m.is(Kind::Tumour) && reading.vocabulary.concept(m.concept).attr("role") == Some("metastasis")
            || m.says(Class::Metastatic)
    });
    let lesion = near(&|m| m.says(Class::Lesion) && !is_group(m) && !is_node_word(view, m));
    let biopsy = near(&|m| m.is(Kind::Procedure) && m.info.class == Class::Biopsy);
    let tumour = near(&|m| m.is(Kind::Tumour) && !m.info.has(Info::ROLE) && !is_group(m));
    let nodal = is_nodal(view, group);
    let candidates = [
        (metastasis, SiteRole::Metastasis, 6),
        (word(SPREAD), SiteRole::Metastasis, 6),
        (biopsy, SiteRole::Biopsy, 4),
        (word(CONTACT), SiteRole::Involved, 8),
        (enlargement(view, group), SiteRole::Involved, 6),
        (Some(2).filter(|_| group.iter().any(|m| m.info.has(Info::NODE))), SiteRole::Involved, 6),
        (lesion.filter(|_| !nodal), SiteRole::Primary, 6),
        (word(LOCATED).filter(|_| !nodal && tells_of_lesion(view)), SiteRole::Primary, 10),
        (tumour.filter(|_| !nodal), SiteRole::Primary, 5),
    ];
    candidates
        .into_iter()
        .filter_map(|(d, role, reach)| d.filter(|d| *d <= reach).map(|d| (d, role)))
        .min_by_key(|(d, _)| *d)
        .map(|(_, role)| role)
}

/// True if the sentence is about a lesion, or goes on with "it" from one that was.
fn tells_of_lesion(view: View<'_, '_>) -> bool {
    let it = view.reading.word(view.sentence.tokens.start) == "It";
    it || view.mentions().iter().any(|m| m.says(Class::Lesion) || m.is(Kind::Tumour))
}

fn is_node_word(view: View<'_, '_>, mention: &Mention) -> bool {
    let words = view.words(mention).to_ascii_lowercase();
    words.contains("node") || words.contains("adenopathy")
}

/// Merges repeated sites.
pub(crate) fn merge(drafts: Vec<Draft<Site>>) -> Vec<Draft<Site>> {
    let mut out: Vec<Draft<Site>> = Vec::new();
    for draft in drafts {
        match out.iter_mut().find(|o| o.value.label == draft.value.label && o.value.role == draft.value.role) {
            Some(known) => {
                known.absorb(&draft);
                known.value.laterality = known.value.laterality.take().or(draft.value.laterality);
            }
            None => out.push(draft),
        }
    }
    out
}
