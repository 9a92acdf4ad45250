//! `biosamples`: tissue that was taken, and what was seen in it.
//!
//! Each specimen of the record is a biosample. Results of a case that names no specimen, or several without saying
//! which, belong to one more biosample, `tissue`: the tissue that the pathologist had, of which the report says no more.

use casemill_plugin_sdk::model::{
    AnyFact, Case, Diagnosis, DiagnosisRole, Fact, FactId, GenomicFinding, MarkerTest, Scope, Site, SiteRole, Specimen,
    Stage,
};

use crate::codes::{self, Code};
use crate::diseases::{self, Diseases, MainDisease};
use crate::export::Export;
use crate::schema::{Biosample, Measurement, MeasurementValue, OntologyClass, PhenotypicFeature, Procedure, Value};
use crate::words;
use crate::{interpretations, measurements};

/// The biosamples with the specimens behind them; the one without is the tissue that no specimen names.
#[derive(Debug, Default)]
pub(crate) struct Samples<'a> {
    list: Vec<(Option<&'a Fact<Specimen>>, Biosample)>,
}

impl<'a> Samples<'a> {
    /// The biosample, if there is one only.
    pub(crate) fn only(&self) -> Option<usize> {
        (self.list.len() == 1).then_some(0)
    }

    /// A biosample.
    pub(crate) fn element(&mut self, index: usize) -> &mut Biosample {
        &mut self.list[index].1
    }

    /// The biosample from which a result comes: the specimen that `words` name, or the only one; else the tissue that
    /// no specimen names.
    pub(crate) fn of(&self, words: Option<&str>) -> Option<usize> {
        let specimen = named(self.specimens(), words);
        self.list.iter().position(|(s, _)| s.map(|s| &s.id) == specimen)
    }

    fn specimens(&self) -> impl Iterator<Item = &'a Fact<Specimen>> + '_ {
        self.list.iter().filter_map(|(specimen, _)| *specimen)
    }

    /// Id of a biosample.
    pub(crate) fn id(&self, index: usize) -> &str {
        &self.list[index].1.id
    }

    /// The elements.
    pub(crate) fn into_elements(self) -> Vec<Biosample> {
        self.list.into_iter().map(|(_, sample)| sample).collect()
    }
}

/// The one specimen that words name; without words the only one.
fn named<'a>(specimens: impl Iterator<Item = &'a Fact<Specimen>>, words: Option<&str>) -> Option<&'a FactId> {
    let fits = |s: &&Fact<Specimen>| words.is_none_or(|words| is_called(&s.value, words));
    let mut fitting = specimens.filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Some(&one.id),
        _ => None,
    }
}

fn is_called(specimen: &Specimen, words: &str) -> bool {
    let words = words.to_lowercase();
    let names = [Some(&specimen.label), specimen.site.as_ref(), specimen.method.as_ref()];
    let names = names.into_iter().flatten().map(|n| n.to_lowercase()).filter(|n| !n.is_empty());
    names.into_iter().any(|name| name.contains(&words) || words.contains(&name))
}

/// All biosamples, with what the specimens and the microscopy say of them.
pub(crate) fn biosamples<'a>(export: &mut Export<'a>, diseases: &Diseases) -> Samples<'a> {
    let case = export.case;
    let specimens: Vec<&Fact<Specimen>> = case.specimens.iter().filter(|s| export.holds(*s)).collect();
    let mut samples = Samples::default();
    for fact in &specimens {
        let pointer = format!("/biosamples/{}", samples.list.len());
        let sample = from_specimen(export, &pointer, fact);
        samples.list.push((Some(*fact), sample));
    }
    if unnamed_results(case, &specimens) {
        let pointer = format!("/biosamples/{}", samples.list.len());
        let sample = tissue(export, &pointer, diseases.main.as_ref());
        samples.list.push((None, sample));
    }
    diagnosis(export, diseases, &mut samples);
    morphology(export, diseases, &mut samples);
    samples
}

/// True if some result of tissue belongs to none of the specimens.
fn unnamed_results(case: &Case, specimens: &[&Fact<Specimen>]) -> bool {
    let of_patient = |fact: &dyn AnyFact| *fact.scope() == Scope::Patient;
    let markers = case.marker_tests.iter().filter(|m| of_patient(*m)).map(|m| m.value.specimen.as_deref());
    let variants = case.genomic_findings.iter().filter(|g| of_patient(*g) && interpretations::is_of_tissue(&g.value));
    let variants = variants.map(|g| g.value.specimen.as_deref());
    let microscopy = case.morphology.iter().filter(|m| of_patient(*m)).map(|_| None);
    markers.chain(variants).chain(microscopy).any(|words| named(specimens.iter().copied(), words).is_none())
}

fn from_specimen(export: &mut Export<'_>, pointer: &str, fact: &Fact<Specimen>) -> Biosample {
    export.trace.fact(pointer, fact);
    let Specimen { label, site, method } = &fact.value;
    let names = [Some(label.as_str()), method.as_deref()];
    let code = names.into_iter().flatten().find_map(words::procedure);
    if code.is_none() {
        export.losses.words(fact, "method", method.as_deref(), "no verified code; a procedure is nothing but a term");
    }
    let tissue = specimen_site(export, pointer, fact);
    if tissue.is_none() {
        export.losses.words(fact, "site", site.as_deref(), "no coded site is called so; sampledTissue is a term");
    }
    let pointer = format!("{pointer}/timeOfCollection");
    Biosample {
        description: fact.quote().to_owned(),
        sampled_tissue: tissue,
        time_of_collection: export.time(&pointer, fact, "time of collection", fact.timing.as_ref()),
        procedure: code.map(|code: Code| Procedure { code: code.into(), body_site: None, performed: None }),
        ..Biosample::new(fact.id.as_str(), &export.case.id)
    }
}

/// Code of a specimen's tissue: its own, that of the site of its name, or that of the only biopsied site.
fn specimen_site(export: &mut Export<'_>, pointer: &str, fact: &Fact<Specimen>) -> Option<OntologyClass> {
    if let Some(class) = export.class(&fact.codings, codes::SITE) {
        return Some(class);
    }
    let case = export.case;
    let called =
        |s: &&Fact<Site>| fact.value.site.as_deref().is_some_and(|site| s.value.label.eq_ignore_ascii_case(site));
    let mut biopsied = case.sites.iter().filter(|s| s.is_present() && s.value.role == SiteRole::Biopsy);
    let only_biopsied = biopsied.next().filter(|_| biopsied.next().is_none() && case.specimens.len() == 1);
    let site = case.sites.iter().filter(|s| s.is_present()).find(called).or(only_biopsied)?;
    let class = export.class(&site.codings, codes::SITE)?;
    export.trace.fact(format!("{pointer}/sampledTissue"), site);
    Some(class)
}

/// The tissue that no specimen names. It is that of the primary tumour where the case has no other.
fn tissue(export: &mut Export<'_>, pointer: &str, main: Option<&MainDisease>) -> Biosample {
    let mut sample = Biosample::new("tissue", &export.case.id);
    sample.description = "Tissue whose specimen the report does not name".to_owned();
    if main.is_some_and(|m| m.neoplasm) && !has_metastasis(export.case) {
        sample.sampled_tissue = diseases::primary_site(export, &format!("{pointer}/sampledTissue"));
        sample.tumor_progression = progression(export, pointer, main);
    }
    sample
}

/// The tissue of a case that has no metastasis is of the primary tumour.
fn progression(export: &mut Export<'_>, pointer: &str, main: Option<&MainDisease>) -> Option<OntologyClass> {
    let fact = export.case.diagnoses.iter().find(|d| main.is_some_and(|m| m.fact == d.id))?;
    if has_metastasis(export.case) {
        return None;
    }
    let derived = "the record has no metastasis, so the tissue is of the primary tumour";
    export.trace.derived(format!("{pointer}/tumorProgression"), fact, derived);
    Some(codes::PRIMARY_NEOPLASM.into())
}

/// True if the record has any metastasis, so that tissue may be from one.
fn has_metastasis(case: &Case) -> bool {
    let made = |d: &&Fact<Diagnosis>| diseases::is_excluded(d) == Some(false);
    let metastatic = |d: &Diagnosis| d.role == DiagnosisRole::Metastasis || d.stages.iter().any(is_metastatic);
    case.sites.iter().any(|s| s.is_present() && s.value.role == SiteRole::Metastasis)
        || case.tumour_sizes.iter().any(|s| s.is_present() && s.value.metastasis)
        || case.diagnoses.iter().filter(made).any(|d| metastatic(&d.value))
}

/// True for M1 and for stage IV, which in most systems means a metastasis and in none excludes one.
fn is_metastatic(stage: &Stage) -> bool {
    stage.value.contains("M1") || stage.value.starts_with("IV") || stage.value.starts_with('4')
}

/// The pathologist's diagnosis and grade, where it is clear which tissue they are of.
fn diagnosis(export: &mut Export<'_>, diseases: &Diseases, samples: &mut Samples<'_>) {
    let main = diseases.main.as_ref().filter(|m| m.neoplasm);
    if let Some((index, main)) = samples.only().zip(main) {
        histology(export, main, samples.element(index), &format!("/biosamples/{index}"));
    }
    let graded = samples.only().and(main).map(|m| &m.fact);
    for fact in &export.case.diagnoses {
        let words = fact.value.grade.as_deref();
        let held = graded == Some(&fact.id) && words.is_some_and(|w| words::grade(w).is_some());
        if !held && export.trace.facts().contains(&fact.id) {
            export.losses.words(fact, "grade", words, "tumorGrade is a term of one biosample, for numbered grades");
        }
    }
}

fn histology(export: &mut Export<'_>, main: &MainDisease, sample: &mut Biosample, pointer: &str) {
    let Some(fact) = export.case.diagnoses.iter().find(|d| d.id == main.fact) else { return };
    sample.histological_diagnosis = Some(main.term.clone());
    export.trace.fact(format!("{pointer}/histologicalDiagnosis"), fact);
    if let Some(code) = fact.value.grade.as_deref().and_then(words::grade) {
        sample.tumor_grade = Some(code.into());
        export.trace.fact(format!("{pointer}/tumorGrade"), fact);
    }
    if sample.tumor_progression.is_none() {
        sample.tumor_progression = progression(export, pointer, Some(main));
    }
}

/// Microscopy: a pattern with a code is a feature of the biosample, a numbered grade its grade.
fn morphology(export: &mut Export<'_>, diseases: &Diseases, samples: &mut Samples<'_>) {
    for fact in &export.case.morphology {
        if !export.holds(fact) {
            continue;
        }
        let Some(index) = samples.of(None) else { continue };
        let value = &fact.value;
        let grade = value.grade.as_deref().and_then(words::grade).filter(|_| diseases.main.is_some());
        let class = export.class(&fact.codings, codes::MORPHOLOGY);
        let sample = samples.element(index);
        if let Some(code) = grade.filter(|_| sample.tumor_grade.is_none()) {
            sample.tumor_grade = Some(code.into());
            export.trace.fact(format!("/biosamples/{index}/tumorGrade"), fact);
        } else {
            export.losses.words(fact, "grade", value.grade.as_deref(), "tumorGrade is one term, for numbered grades");
        }
        match class {
            Some(term) => {
                let list = &mut sample.phenotypic_features;
                let feature = PhenotypicFeature::new(term);
                // Lists of features must not repeat an element.
                let at = list.iter().position(|f| *f == feature).unwrap_or(list.len());
                export.trace.fact(format!("/biosamples/{index}/phenotypicFeatures/{at}"), fact);
                if at == list.len() {
                    list.push(feature);
                }
            }
            None => {
                let reason = export.no_class(&fact.codings, codes::MORPHOLOGY);
                export.losses.words(fact, "pattern", Some(&value.pattern), &reason);
            }
        }
        let mitoses = value.mitoses.as_ref().map(|m| m.quote.as_str());
        export.losses.words(fact, "mitoses", mitoses, "they are words, and a measurement is a number");
    }
}

/// Marker tests as measurements of their biosample: assay and whether the marker is present.
///
/// The assay is the fact's own LOINC or NCIt code; most markers have none, so it is immunohistochemistry or flow
/// cytometry, and the description names the marker.
pub(crate) fn markers(export: &mut Export<'_>, samples: &mut Samples<'_>) {
    for fact in &export.case.marker_tests {
        if !export.holds(fact) {
            continue;
        }
        let Some(assay) = assay(export, fact) else {
            let reason = format!("no verified code of an assay by `{}`", fact.value.method);
            export.losses.whole(fact, reason);
            continue;
        };
        let Some(value) = words::marker(&fact.value.result) else {
            export.losses.whole(fact, format!("a result `{}` is neither present nor absent", fact.value.result));
            continue;
        };
        let Some(index) = samples.of(fact.value.specimen.as_deref()) else { continue };
        let path = format!("/biosamples/{index}/measurements");
        let measurement = Measurement {
            description: described(&fact.value),
            assay,
            value: MeasurementValue::Value(Value::OntologyClass(value.into())),
            time_observed: None,
        };
        measurements::push(export, &mut samples.element(index).measurements, &path, fact, measurement);
    }
}

fn assay(export: &Export<'_>, fact: &Fact<MarkerTest>) -> Option<OntologyClass> {
    let by_method = match fact.value.method.as_str() {
        "" | "IHC" => Some(codes::IMMUNOHISTOCHEMISTRY),
        "flow cytometry" => Some(codes::FLOW_CYTOMETRY),
        _ => None,
    };
    export.class(&fact.codings, codes::ASSAY).or_else(|| by_method.map(Into::into))
}

/// A marker test in one line: `ALK: positive; clone D5F3; cytoplasmic`.
fn described(test: &MarkerTest) -> String {
    let name = if test.name.is_empty() { &test.marker } else { &test.name };
    let symbol = if *name == test.marker { String::new() } else { format!(" ({})", test.marker) };
    let clone = test.clone.as_ref().map(|c| format!("clone {c}"));
    let parts = [clone, test.score.clone(), test.intensity.clone(), test.extent.clone(), test.localisation.clone()];
    let parts: String = parts.into_iter().flatten().map(|p| format!("; {p}")).collect();
    format!("{name}{symbol}: {}{parts}", test.result)
}

/// The biosample of a genomic finding.
pub(crate) fn of_variant(samples: &Samples<'_>, fact: &Fact<GenomicFinding>) -> Option<usize> {
    samples.of(fact.value.specimen.as_deref())
}
