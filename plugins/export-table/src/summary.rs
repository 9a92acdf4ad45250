//! `cases.csv`: a case in one row.

use casemill_plugin_sdk::model::{
    ActionStatus, Assertion, Case, Certainty, DayInterval, Diagnosis, DiagnosisRole, Fact, FollowUp, GenomicFinding,
    GenomicKind, GenomicResult, IsoDuration, Report, Response, ResponseCategory, Scope, Severity, Site, SiteRole,
    Treatment, TreatmentRole, TumourSize, VitalStatus,
};

use crate::cells::Cells;
use crate::facts::{Columns, centimetres};

/// A case in one row. Each field is chosen from the facts that are said to be so of the patient; the choice is told
/// with it, and the long tables hold what was not chosen.
#[derive(Debug, Default)]
pub(crate) struct Summary<'a> {
    report: Option<&'a Report>,
    case: Option<&'a Case>,
    /// Diagnostics by gravity: info, warning, error.
    diagnostics: [usize; 3],
}

impl<'a> Summary<'a> {
    /// The row of a case. Diagnostics count where they name the case, or where the report has no other.
    pub(crate) fn new(report: &'a Report, case: &'a Case) -> Self {
        let of_case = |named: Option<&str>| named.map_or(report.cases.len() == 1, |id| id == case.id);
        let mut diagnostics = [0; 3];
        for diagnostic in report.audit.diagnostics.iter().filter(|d| of_case(d.case.as_deref())) {
            diagnostics[match diagnostic.severity {
                Severity::Info => 0,
                Severity::Warning => 1,
                Severity::Error => 2,
            }] += 1;
        }
        Self { report: Some(report), case: Some(case), diagnostics }
    }
}

impl Columns for Summary<'_> {
    fn columns(&self, cells: &mut Cells) {
        let empty = Case::default();
        let case = self.case.unwrap_or(&empty);
        cells.words("case_label", case.label.as_ref());
        for scheme in ["doi", "pmid"] {
            let mut identifiers = self.report.iter().flat_map(|r| &r.document.identifiers);
            cells.maybe(scheme, identifiers.find(|i| i.scheme == scheme).map(|i| i.value.as_str()));
        }
        subject(case, cells);
        disease(case, cells);
        treatment(case, cells);
        outcome(case, cells);
        for (i, level) in ["infos", "warnings", "errors"].into_iter().enumerate() {
            cells.count(level, self.case.map(|_| self.diagnostics[i]));
        }
    }
}

/// True if a fact is said to be so of the patient.
fn holds<T>(fact: &&Fact<T>) -> bool {
    fact.scope == Scope::Patient && fact.assertion == Assertion::Present
}

fn subject(case: &Case, cells: &mut Cells) {
    let age = case.age().filter(holds);
    cells.number("age_years", age.map(|a| a.value.value.in_years()));
    cells.maybe_flag("age_approximate", age.map(|a| a.value.approximate));
    cells.maybe_word("sex", case.sex().filter(holds).map(|s| &s.value));
}

fn disease(case: &Case, cells: &mut Cells) {
    let diagnosis = primary_diagnosis(case);
    cells.maybe("diagnosis", diagnosis.map(|d| d.value.label.as_str()));
    let coding = diagnosis.and_then(|d| d.codings.first());
    cells.maybe("diagnosis_code", coding.map(|c| c.code.as_str()));
    cells.maybe("diagnosis_code_label", coding.map(|c| c.label.as_str()));
    cells.maybe_word("diagnosis_certainty", diagnosis.map(|d| &d.value.certainty));
    let stages = diagnosis.map_or(&[][..], |d| &d.value.stages);
    let group = stages.iter().find(|s| s.system != "TNM");
    cells.maybe("stage_system", group.map(|s| s.system.as_str()));
    cells.maybe("stage", group.map(|s| s.value.as_str()));
    cells.maybe("tnm", stages.iter().find(|s| s.system == "TNM").map(|s| s.value.as_str()));
    let site = primary_site(case);
    cells.maybe("site", site.map(|s| s.value.label.as_str()));
    cells.maybe("site_code", site.and_then(|s| s.codings.first()).map(|c| c.code.as_str()));
    cells.number("largest_size_cm", largest_size(case));
    let present = case.findings.iter().filter(holds).count();
    cells.count("findings_present", Some(present));
    let detected: Vec<&Fact<GenomicFinding>> =
        case.genomic_findings.iter().filter(holds).filter(|g| g.value.result == GenomicResult::Detected).collect();
    cells.count("genomic_findings_detected", Some(detected.len()));
    cells.maybe("key_genomic_finding", key_finding(&detected).map(|g| g.value.label.as_str()));
}

/// The first confirmed primary diagnosis, else the first suspected one.
fn primary_diagnosis(case: &Case) -> Option<&Fact<Diagnosis>> {
    let of_patient = |d: &&Fact<Diagnosis>| {
        d.scope == Scope::Patient && d.assertion != Assertion::Absent && d.value.role == DiagnosisRole::Primary
    };
    [Certainty::Confirmed, Certainty::Suspected]
        .iter()
        .find_map(|certainty| case.diagnoses.iter().filter(of_patient).find(|d| d.value.certainty == *certainty))
}

/// The first site of the primary tumour.
fn primary_site(case: &Case) -> Option<&Fact<Site>> {
    case.sites.iter().filter(holds).find(|s| s.value.role == SiteRole::Primary)
}

/// The largest dimension of all lesions that are neither a metastasis nor a lymph node.
fn largest_size(case: &Case) -> Option<f64> {
    let is_node = |s: &TumourSize| s.lesion.to_lowercase().contains("node");
    let sizes = case.tumour_sizes.iter().filter(holds).map(|s| &s.value);
    let primary = sizes.filter(|s| !s.metastasis && !is_node(s));
    primary.flat_map(|s| s.dimensions.iter().filter_map(|d| centimetres(s, d))).max_by(f64::total_cmp)
}

/// The finding that a reader looks for first: a fusion, else the first one.
fn key_finding<'a>(detected: &[&'a Fact<GenomicFinding>]) -> Option<&'a Fact<GenomicFinding>> {
    let fusion = detected.iter().find(|g| g.value.kind == GenomicKind::Fusion);
    fusion.or(detected.first()).copied()
}

fn treatment(case: &Case, cells: &mut Cells) {
    let first = first_treatment(case);
    cells.maybe("first_line_treatment", first.map(|t| t.value.agent.as_str()));
    cells.maybe_word("first_line_treatment_kind", first.map(|t| &t.value.kind));
    let best = best_response(case);
    cells.maybe_word("best_response", best.map(|r| &r.value.category));
    let days = best.and_then(|r| r.timing.as_ref()?.interval);
    cells.number("best_response_days_min", days.map(|d| d.min));
    cells.number("best_response_days_max", days.map(|d| d.max));
    cells.count("adverse_events", Some(case.adverse_events.iter().filter(holds).count()));
}

/// The treatment against the tumour that the report calls first line, else the first one that was given.
fn first_treatment(case: &Case) -> Option<&Fact<Treatment>> {
    let given = |t: &&Fact<Treatment>| {
        holds(t) && t.value.status == ActionStatus::Given && t.value.role == TreatmentRole::Anticancer
    };
    let first_line = case.treatments.iter().filter(given).find(|t| t.value.line == Some(1));
    first_line.or_else(|| case.treatments.iter().find(given))
}

/// Categories from the best to the worst, as RECIST ranks them for a best overall response.
const BEST_FIRST: [ResponseCategory; 5] = [
    ResponseCategory::Complete,
    ResponseCategory::NoEvidence,
    ResponseCategory::Partial,
    ResponseCategory::Stable,
    ResponseCategory::Progression,
];

/// The first of the best responses.
fn best_response(case: &Case) -> Option<&Fact<Response>> {
    BEST_FIRST.iter().find_map(|best| case.responses.iter().filter(holds).find(|r| r.value.category == *best))
}

fn outcome(case: &Case, cells: &mut Cells) {
    let last = last_follow_up(case);
    let interval = last.and_then(after_presentation);
    cells.number("follow_up_months", interval.map(|i| i.middle() / IsoDuration::MONTH));
    cells.number("follow_up_days_min", interval.map(|i| i.min));
    cells.number("follow_up_days_max", interval.map(|i| i.max));
    let stated = last.and_then(|f| f.value.duration.as_ref());
    cells.number("follow_up_stated_months", stated.map(|d| d.value.days() / IsoDuration::MONTH));
    let known = |f: &&Fact<FollowUp>| holds(f) && f.value.vital_status != VitalStatus::Unknown;
    cells.maybe_word("vital_status", case.follow_up.iter().rev().find(known).map(|f| &f.value.vital_status));
    let told = |f: &&Fact<FollowUp>| holds(f) && f.value.disease_status.is_some();
    let status = case.follow_up.iter().rev().find(told);
    cells.words("disease_status", status.and_then(|f| f.value.disease_status.as_ref()));
}

/// Days of a follow-up, unless they lie before presentation.
fn after_presentation(fact: &Fact<FollowUp>) -> Option<DayInterval> {
    fact.timing.as_ref()?.interval.filter(|i| i.middle() >= 0.0)
}

/// The follow-up that lies furthest from presentation, else the last one that the text tells.
fn last_follow_up(case: &Case) -> Option<&Fact<FollowUp>> {
    let dated = case.follow_up.iter().filter(holds).filter_map(|f| Some((after_presentation(f)?.middle(), f)));
    let latest = dated.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, f)| f);
    latest.or_else(|| case.follow_up.iter().rfind(holds))
}
