//! `phenotypicFeatures`: what was found in the patient, and what was looked for and not found.
//!
//! Histological findings belong to the biosample (documentation of `Biosample.phenotypic_features`), where the case has
//! one. A term that is present at one time is never written as excluded for another: without a time, `excluded` reads
//! as "never", and one term both present and excluded is an error for every reader.

use std::collections::HashSet;

use casemill_plugin_sdk::model::{
    AdverseEvent, AnyFact, Assertion, Coding, Evidence as Mention, Fact, Finding, FindingKind, Laterality, Scope,
    Timing,
};

use crate::biosamples::Samples;
use crate::codes;
use crate::diseases::{self, Diseases};
use crate::export::{Export, described};
use crate::metadata;
use crate::schema::{Evidence, ExternalReference, OntologyClass, PhenotypicFeature};
use crate::words;

/// All features of the patient; those of a biosample go there.
pub(crate) fn features(
    export: &mut Export<'_>,
    diseases: &Diseases,
    samples: &mut Samples<'_>,
) -> Vec<PhenotypicFeature> {
    let present = present_terms(export, diseases);
    let mut out = Vec::new();
    let mut written: Vec<Written<'_>> = Vec::new();
    for fact in &export.case.findings {
        let Some((term, excluded)) = term(export, fact, &present) else { continue };
        let sample = samples.only().filter(|_| fact.value.kind == FindingKind::Histology);
        let (list, path) = match sample {
            Some(index) => {
                (&mut samples.element(index).phenotypic_features, format!("/biosamples/{index}/phenotypicFeatures"))
            }
            None => (&mut out, "/phenotypicFeatures".to_owned()),
        };
        if let Some(same) = written.iter().find(|w| w.path == path && list[w.index].term == term && w.same_as(fact)) {
            export.trace.fact(format!("{path}/{}", same.index), fact);
            list[same.index].evidence.extend(evidence(export, fact));
            continue;
        }
        let index = list.len();
        list.push(finding(export, &format!("{path}/{index}"), fact, term, excluded));
        written.push(Written { fact, path, index });
    }
    diagnosed(export, diseases, &present, &mut out);
    events(export, &mut out);
    out
}

/// A finding that is a feature already.
struct Written<'a> {
    fact: &'a Fact<Finding>,
    path: String,
    index: usize,
}

impl Written<'_> {
    /// True if the feature of another finding would be the same but for its evidence: two names of one concept.
    fn same_as(&self, other: &Fact<Finding>) -> bool {
        let times = |f: &Fact<Finding>| {
            let when = |t: Option<&Timing>| t.map(|t| (t.interval, t.date, t.age));
            (when(f.timing.as_ref()), when(f.value.resolved.as_ref()))
        };
        let parts = |f: &Fact<Finding>| {
            (f.assertion.clone(), f.value.severity.clone(), f.value.laterality.clone(), f.value.modifiers.clone())
        };
        times(self.fact) == times(other) && parts(self.fact) == parts(other)
    }
}

/// Terms that are present at some time, as a finding, a diagnosis or an adverse event.
fn present_terms(export: &Export<'_>, diseases: &Diseases) -> HashSet<String> {
    let mut present = HashSet::new();
    let mut note = |fact: &dyn AnyFact, is_present: bool| {
        if is_present && *fact.scope() == Scope::Patient {
            present.extend(export.class(fact.codings(), codes::FEATURE).map(|class| class.id));
        }
    };
    export.case.findings.iter().for_each(|f| note(f, f.is_present()));
    export.case.adverse_events.iter().for_each(|e| note(e, e.is_present()));
    let diagnoses = export.case.diagnoses.iter().filter(|d| diseases.features.contains(&d.id));
    diagnoses.for_each(|d| note(d, diseases::is_excluded(d) == Some(false)));
    present
}

/// The term of a finding and whether it is excluded; `None` if it cannot be a feature.
fn term(export: &mut Export<'_>, fact: &Fact<Finding>, present: &HashSet<String>) -> Option<(OntologyClass, bool)> {
    if !export.of_patient(fact) {
        return None;
    }
    let excluded = match &fact.assertion {
        Assertion::Present => false,
        Assertion::Absent => true,
        other => {
            export.losses.whole(fact, format!("it is stated as {other}; a feature is present or excluded"));
            return None;
        }
    };
    let Some(class) = export.class(&fact.codings, codes::FEATURE) else {
        let reason = export.no_class(&fact.codings, codes::FEATURE);
        export.losses.whole(fact, reason);
        return None;
    };
    (!excluded || may_be_excluded(export, fact, &class, present)).then_some((class, excluded))
}

/// True unless the term is present at another time, which loses the fact.
fn may_be_excluded(
    export: &mut Export<'_>,
    fact: &dyn AnyFact,
    class: &OntologyClass,
    present: &HashSet<String>,
) -> bool {
    let contradicts = present.contains(&class.id);
    if contradicts {
        let reason = format!("{} is present at another time, and one term cannot be both", class.id);
        export.losses.whole(fact, reason);
    }
    !contradicts
}

fn finding(
    export: &mut Export<'_>,
    pointer: &str,
    fact: &Fact<Finding>,
    term: OntologyClass,
    excluded: bool,
) -> PhenotypicFeature {
    export.trace.fact(pointer, fact);
    let value = &fact.value;
    let mut feature = bare(export, fact, term, excluded);
    feature.severity = severity(export, fact, value.severity.as_deref());
    feature.modifiers = modifiers(export, fact);
    export.losses.words(fact, "site", value.site.as_deref(), "a feature has no site beside its term");
    export.losses.words(fact, "reporter", value.reporter.as_deref(), "a feature does not say who noticed it");
    if excluded {
        let times = fact.timing.iter().chain(&value.resolved);
        times.for_each(|t| export.losses.part(fact, described("time", t), "an excluded feature has no time"));
        return feature;
    }
    feature.onset = export.time(&format!("{pointer}/onset"), fact, "onset", fact.timing.as_ref());
    feature.resolution = export.end(&format!("{pointer}/resolution"), fact, "resolution", value.resolved.as_ref());
    feature
}

/// A feature with its term and evidence.
fn bare(export: &Export<'_>, fact: &dyn AnyFact, term: OntologyClass, excluded: bool) -> PhenotypicFeature {
    PhenotypicFeature { excluded, evidence: evidence(export, fact), ..PhenotypicFeature::new(term) }
}

/// The report, and the words of each mention with the section they stand in.
fn evidence(export: &Export<'_>, fact: &dyn AnyFact) -> Vec<Evidence> {
    let report = metadata::references(export.report).into_iter().next().unwrap_or_default();
    let mention = |mention: &Mention| {
        let section = mention.section.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
        Evidence {
            evidence_code: codes::AUTHOR_STATEMENT.into(),
            reference: ExternalReference {
                id: report.id.clone(),
                reference: report.reference.clone(),
                description: format!("\"{}\"{section}", mention.quote),
            },
        }
    };
    fact.evidence().iter().map(mention).collect()
}

fn severity(export: &mut Export<'_>, fact: &dyn AnyFact, words: Option<&str>) -> Option<OntologyClass> {
    let severity = words.and_then(words::severity);
    if severity.is_none() {
        export.losses.words(fact, "severity", words, "HPO has no term for the word");
    }
    severity.map(Into::into)
}

/// HPO modifiers, the side among them.
fn modifiers(export: &mut Export<'_>, fact: &Fact<Finding>) -> Vec<OntologyClass> {
    let mut out: Vec<OntologyClass> = Vec::new();
    for modifier in &fact.value.modifiers {
        let coding: &[Coding] = modifier.coding.as_slice();
        match export.class(coding, codes::FEATURE) {
            Some(class) if !out.contains(&class) => out.push(class),
            Some(_) => {}
            None => {
                let reason = "it has no verified HPO code";
                export.losses.part(fact, format!("modifier `{}`", modifier.label), reason);
            }
        }
    }
    let side = fact.value.laterality.as_ref();
    match side.map(|side| (side, words::side(side).map(OntologyClass::from))) {
        Some((_, Some(class))) if !out.contains(&class) => out.push(class),
        Some((side @ (Laterality::Midline | Laterality::Other(_)), _)) => {
            export.losses.part(fact, format!("side `{side}`"), "HPO has no term for it");
        }
        _ => {}
    }
    out
}

/// Diagnoses that HPO names and no disease terminology does.
fn diagnosed(
    export: &mut Export<'_>,
    diseases: &Diseases,
    present: &HashSet<String>,
    out: &mut Vec<PhenotypicFeature>,
) {
    for fact in export.case.diagnoses.iter().filter(|d| diseases.features.contains(&d.id)) {
        let Some(excluded) = diseases::excluded(export, fact) else { continue };
        let Some(term) = export.class(&fact.codings, codes::FEATURE) else { continue };
        if excluded && !may_be_excluded(export, fact, &term, present) {
            continue;
        }
        let pointer = format!("/phenotypicFeatures/{}", out.len());
        export.trace.fact(&pointer, fact);
        diseases::lost_parts(export, fact);
        export.losses.words(fact, "grade", fact.value.grade.as_deref(), "a feature has no grade");
        let mut feature = bare(export, fact, term, excluded);
        if !excluded {
            feature.onset = export.time(&format!("{pointer}/onset"), fact, "onset", fact.timing.as_ref());
        }
        feature.modifiers = fact.value.laterality.iter().filter_map(words::side).map(Into::into).collect();
        out.push(feature);
    }
}

/// Adverse events that are no finding too: only a feature can say when they were.
fn events(export: &mut Export<'_>, out: &mut Vec<PhenotypicFeature>) {
    let written: HashSet<String> = out.iter().map(|feature| feature.term.id.clone()).collect();
    let stated = |e: &&Fact<AdverseEvent>| e.assertion == Assertion::Present && e.scope == Scope::Patient;
    for fact in export.case.adverse_events.iter().filter(stated).filter(|e| e.value.finding.is_none()) {
        let Some(term) = export.class(&fact.codings, codes::FEATURE).filter(|t| !written.contains(&t.id)) else {
            continue;
        };
        let pointer = format!("/phenotypicFeatures/{}", out.len());
        export.trace.fact(&pointer, fact);
        let mut feature = bare(export, fact, term, false);
        feature.severity = severity(export, fact, fact.value.severity.as_deref());
        feature.onset = export.time(&format!("{pointer}/onset"), fact, "onset", fact.timing.as_ref());
        let resolved = fact.value.resolved.as_ref();
        feature.resolution = export.end(&format!("{pointer}/resolution"), fact, "resolution", resolved);
        out.push(feature);
    }
}
