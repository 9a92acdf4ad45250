//! `diseases`: what the patient has, had, or was shown not to have.

use casemill_plugin_sdk::model::{
    Assertion, Certainty, Diagnosis, DiagnosisRole, Fact, FactId, Response, ResponseCategory, Scope, Site, SiteRole,
};

use crate::codes;
use crate::export::Export;
use crate::schema::{Disease, OntologyClass, TimeElement};
use crate::words;

/// The diseases, and the one that the report is about.
#[derive(Debug, Default)]
pub(crate) struct Diseases {
    /// The elements.
    pub(crate) elements: Vec<Disease>,
    /// Diagnoses that have no code of a disease but one of HPO; they become features.
    pub(crate) features: Vec<FactId>,
    /// The disease that the report is about: the first confirmed one with a code, else the first suspected one.
    pub(crate) main: Option<MainDisease>,
}

/// The disease that the report is about.
#[derive(Clone, Debug)]
pub(crate) struct MainDisease {
    /// Its diagnosis.
    pub(crate) fact: FactId,
    /// Its term.
    pub(crate) term: OntologyClass,
    /// True for a neoplasm.
    pub(crate) neoplasm: bool,
}

/// All diseases of the case.
pub(crate) fn diseases(export: &mut Export<'_>) -> Diseases {
    let mut out = Diseases { main: main_disease(export), ..Diseases::default() };
    for fact in &export.case.diagnoses {
        let Some(excluded) = excluded(export, fact) else { continue };
        let Some(term) = export.class(&fact.codings, codes::DISEASE) else {
            if export.class(&fact.codings, codes::FEATURE).is_some() {
                out.features.push(fact.id.clone());
            } else {
                let reason = export.no_class(&fact.codings, codes::DISEASE);
                export.losses.whole(fact, reason);
            }
            continue;
        };
        let is_main = out.main.as_ref().is_some_and(|m| m.fact == fact.id);
        disease(export, &mut out.elements, fact, term, excluded, is_main);
    }
    out
}

/// Adds a disease. Two statements on one disease, such as a suspicion and its confirmation, are one element, unless
/// they tell two beginnings.
fn disease(
    export: &mut Export<'_>,
    elements: &mut Vec<Disease>,
    fact: &Fact<Diagnosis>,
    term: OntologyClass,
    excluded: bool,
    is_main: bool,
) {
    let told = fact.timing.as_ref().filter(|_| !excluded).and_then(|t| export.ages.at(t)).map(|t| t.element);
    let same = elements.iter().position(|d| {
        let one_beginning = told.is_none() || d.onset.is_none() || d.onset == told;
        d.term == term && d.excluded == excluded && one_beginning
    });
    let index = same.unwrap_or(elements.len());
    let pointer = format!("/diseases/{index}");
    export.trace.fact(&pointer, fact);
    lost_parts(export, fact);
    let laterality = fact.value.laterality.as_ref().and_then(words::side).map(OntologyClass::from);
    if same.is_none() {
        let bare = Disease { term, excluded, onset: None, resolution: None, primary_site: None, laterality: None };
        elements.push(bare);
    }
    let element = &mut elements[index];
    // The time that is told comes before the one that is derived from presentation.
    if !excluded && (told.is_some() || element.onset.is_none()) {
        element.onset = onset(export, &format!("{pointer}/onset"), fact, is_main);
    }
    element.laterality = laterality.or(element.laterality.take());
    if is_main {
        element.resolution = resolution(export, &format!("{pointer}/resolution"));
        element.primary_site = primary_site(export, &format!("{pointer}/primarySite"));
    }
}

fn main_disease(export: &Export<'_>) -> Option<MainDisease> {
    let candidates = || {
        export.case.diagnoses.iter().filter(|d| {
            d.value.role == DiagnosisRole::Primary && d.scope == Scope::Patient && d.assertion != Assertion::Absent
        })
    };
    [Certainty::Confirmed, Certainty::Suspected].iter().find_map(|certainty| {
        candidates().filter(|d| d.value.certainty == *certainty).find_map(|fact| {
            let term = export.class(&fact.codings, codes::DISEASE)?;
            Some(MainDisease { fact: fact.id.clone(), term, neoplasm: fact.value.neoplasm })
        })
    })
}

/// Whether a diagnosis is excluded; `None` if it is neither made nor excluded, which is lost.
pub(crate) fn excluded(export: &mut Export<'_>, fact: &Fact<Diagnosis>) -> Option<bool> {
    if !export.of_patient(fact) {
        return None;
    }
    let excluded = is_excluded(fact);
    if excluded.is_none() {
        let reason = format!("its certainty is `{}`; a disease is present or excluded", fact.value.certainty);
        export.losses.whole(fact, reason);
    }
    excluded
}

/// Whether a diagnosis is excluded; `None` if it is neither made nor excluded.
pub(crate) fn is_excluded(fact: &Fact<Diagnosis>) -> Option<bool> {
    match (&fact.assertion, &fact.value.certainty) {
        (Assertion::Absent, _) | (_, Certainty::RuledOut) => Some(true),
        (_, Certainty::Confirmed | Certainty::Suspected) => Some(false),
        _ => None,
    }
}

/// Parts of a diagnosis that neither a disease nor a feature holds.
pub(crate) fn lost_parts(export: &mut Export<'_>, fact: &Fact<Diagnosis>) {
    let losses = &mut export.losses;
    if fact.value.certainty == Certainty::Suspected || fact.assertion == Assertion::Uncertain {
        losses.part(fact, "that the diagnosis is suspected", "a disease is present or excluded");
    }
    if fact.value.role != DiagnosisRole::Primary {
        losses.part(fact, format!("role `{}`", fact.value.role), "a disease has no role");
    }
    for stage in &fact.value.stages {
        let what = format!("stage `{} {}`", stage.system, stage.value).replace("` ", "`");
        losses.part(fact, what, "it is words; diseaseStage and clinicalTnmFinding are nothing but terms");
    }
    losses.words(fact, "site", fact.value.site.as_deref(), "it is words; the coded primary site is a fact of its own");
    if let Some(side) = fact.value.laterality.as_ref().filter(|side| words::side(side).is_none()) {
        losses.part(fact, format!("side `{side}`"), "HPO has no term for it");
    }
}

/// When the disease began. The disease that the patient presents with and whose time is not told began, as far as the
/// report goes, at presentation.
fn onset(export: &mut Export<'_>, pointer: &str, fact: &Fact<Diagnosis>, is_main: bool) -> Option<TimeElement> {
    if fact.timing.is_some() {
        return export.time(pointer, fact, "onset", fact.timing.as_ref());
    }
    let presentation = export.case.presentation.as_ref().filter(|_| is_main)?;
    let age = export.ages.exact()?;
    let derived = "the age at presentation: the patient presents with this disease and no other time is told";
    export.trace.derived(pointer, age, derived);
    export.trace.statement(pointer, age, presentation, "presentation");
    export.ages.at_presentation()
}

/// When the disease was gone: the first complete response with a time, unless the disease came back.
fn resolution(export: &mut Export<'_>, pointer: &str) -> Option<TimeElement> {
    let stated = |r: &&Fact<Response>| r.scope == Scope::Patient && r.assertion == Assertion::Present;
    let responses: Vec<&Fact<Response>> = export.case.responses.iter().filter(stated).collect();
    if responses.iter().any(|r| r.value.category == ResponseCategory::Progression) {
        return None;
    }
    let complete = responses.into_iter().filter(|r| r.value.category == ResponseCategory::Complete);
    complete.into_iter().find_map(|fact| {
        let timing = fact.timing.as_ref()?;
        let timed = export.ages.at(timing)?;
        export.trace.time(pointer, fact, timing, format!("complete response. {}", timed.derivation));
        Some(timed.element)
    })
}

/// The primary site, if the case has one coded one.
pub(crate) fn primary_site(export: &mut Export<'_>, pointer: &str) -> Option<OntologyClass> {
    let sites: Vec<&Fact<Site>> = export.case.sites.iter().filter(|s| is_primary(s)).collect();
    let mut coded = sites.into_iter().filter_map(|s| Some((s, export.class(&s.codings, codes::SITE)?)));
    let (fact, class) = coded.next()?;
    export.trace.fact(pointer, fact);
    if let Some(side) = &fact.value.laterality {
        let reason = "a site has no side, and the diagnosis states none";
        export.losses.part(fact, format!("side `{side}` of the site"), reason);
    }
    Some(class)
}

fn is_primary(site: &Fact<Site>) -> bool {
    site.value.role == SiteRole::Primary && site.scope == Scope::Patient && site.assertion == Assertion::Present
}
