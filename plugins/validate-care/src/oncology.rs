//! What readers of a tumour case need beyond CARE: an add-on list of this plugin, no part of the guideline.
//!
//! The items follow what mCODE (HL7 FHIR, minimal Common Oncology Data Elements) and the reporting of trials hold to be
//! needed to compare cases: histology and stage, markers, molecular method, line and dose, response by named criteria
//! (RECIST, Lugano, IMWG, ...), adverse events by grade (CTCAE), length of follow-up.

use casemill_plugin_sdk::model::{
    ActionStatus, Case, Checklist, Evidence, Fact, ItemStatus, Treatment, TreatmentKind, TreatmentRole,
};

use crate::cues::Cue;
use crate::items::tumours;
use crate::reading::{Patient, Reading, facts};
use crate::verdict::{Head, Verdict, line};

const HEADS: [Head; 9] = [
    ("1", "Histology"),
    ("2", "Stage"),
    ("3", "Marker panel"),
    ("4", "Molecular findings and method"),
    ("5", "Line of treatment"),
    ("6", "Dose of anticancer drugs"),
    ("7", "Response and its criteria"),
    ("8", "Adverse events and their grade"),
    ("9", "Length of follow-up"),
];

/// The list, for the patients with a tumour; none where there is no such patient.
pub(crate) fn checklist(reading: &Reading<'_>) -> Option<Checklist> {
    let patients: Vec<Patient<'_>> = reading.patients().filter(|p| tumours(p.case).next().is_some()).collect();
    if patients.is_empty() {
        return None;
    }
    let judged: Vec<[Verdict; 9]> = patients.iter().map(|p| judge(reading, *p)).collect();
    let items = HEADS.iter().enumerate().map(|(i, head)| {
        let column: Vec<Verdict> = judged.iter().map(|row| row[i].clone()).collect();
        line(*head, &column)
    });
    Some(Checklist { id: "oncology-case".into(), title: "Oncology case (add-on)".into(), items: items.collect() })
}

fn judge(reading: &Reading<'_>, patient: Patient<'_>) -> [Verdict; 9] {
    let case = patient.case;
    let given: Vec<&Fact<Treatment>> = case
        .treatments
        .iter()
        .filter(|t| t.value.status == ActionStatus::Given && t.value.role == TreatmentRole::Anticancer)
        .collect();
    [
        histology(case),
        stage(reading, patient),
        Verdict::shown("markers", facts(case.marker_tests.iter())),
        molecular(case),
        treatment_line(&given),
        dose(&given),
        half(
            "responses",
            facts(case.responses.iter()),
            "criteria",
            facts(case.responses.iter().filter(|r| r.value.criteria.is_some())),
        ),
        events(case, &given),
        follow_up(case),
    ]
}

/// A thing and its detail: present with both, partial with the thing alone.
fn half(what: &'static str, shown: Vec<Evidence>, detail: &'static str, detailed: Vec<Evidence>) -> Verdict {
    if shown.is_empty() && detailed.is_empty() {
        return Verdict::absent(what);
    }
    let thing = Verdict { has: vec![what], evidence: shown, ..Verdict::new(ItemStatus::Present) };
    let detail = Verdict::shown(detail, detailed);
    let status = if detail.is_present() { ItemStatus::Present } else { ItemStatus::Partial };
    thing.part(detail).status(status)
}

fn histology(case: &Case) -> Verdict {
    let mut tissue = facts(case.morphology.iter());
    tissue.extend(facts(case.marker_tests.iter()));
    tissue.extend(facts(case.procedures.iter().filter(|p| p.value.label.contains("biopsy"))));
    half("tumour named", facts(tumours(case)), "tissue", tissue)
}

fn stage(reading: &Reading<'_>, patient: Patient<'_>) -> Verdict {
    let staged = facts(patient.case.diagnoses.iter().filter(|d| !d.value.stages.is_empty()));
    if !staged.is_empty() {
        return Verdict::shown("stage", staged);
    }
    match Verdict::shown("extent or risk", reading.with(reading.of(patient), Cue::Prognostic)) {
        extent if extent.is_present() => extent.part(Verdict::absent("a named stage")).status(ItemStatus::Partial),
        _ => Verdict::absent("stage"),
    }
}

fn molecular(case: &Case) -> Verdict {
    let method = case.genomic_findings.iter().filter(|g| g.value.assay.is_some());
    half("molecular findings", facts(case.genomic_findings.iter()), "method", facts(method))
}

fn treatment_line(given: &[&Fact<Treatment>]) -> Verdict {
    if given.is_empty() {
        return Verdict::not_applicable("no anticancer treatment");
    }
    let shown = facts(given.iter().copied().filter(|t| t.value.line.is_some()));
    if !shown.is_empty() {
        return Verdict::shown("line", shown);
    }
    match Verdict::shown("intent", facts(given.iter().copied().filter(|t| t.value.intent.is_some()))) {
        intent if intent.is_present() => intent.part(Verdict::absent("line")).status(ItemStatus::Partial),
        _ => Verdict::absent("line"),
    }
}

fn dose(given: &[&Fact<Treatment>]) -> Verdict {
    let drugs: Vec<&Fact<Treatment>> = given
        .iter()
        .copied()
        .filter(|t| t.value.kind == TreatmentKind::Drug && !t.value.agent.ends_with("(class)"))
        .collect();
    if drugs.is_empty() {
        return Verdict::not_applicable("no anticancer drug");
    }
    let dosed: Vec<&Fact<Treatment>> = drugs.iter().copied().filter(|t| !t.value.doses.is_empty()).collect();
    let verdict = Verdict::shown("doses", facts(dosed.iter().copied()));
    if verdict.is_present() && dosed.len() < drugs.len() {
        return verdict.part(Verdict::absent("doses of the other drugs")).status(ItemStatus::Partial);
    }
    verdict
}

fn events(case: &Case, given: &[&Fact<Treatment>]) -> Verdict {
    if given.is_empty() && case.adverse_events.is_empty() {
        return Verdict::not_applicable("no anticancer treatment");
    }
    let graded = case.adverse_events.iter().filter(|e| e.value.grade.is_some());
    half("adverse events", facts(case.adverse_events.iter()), "grade", facts(graded))
}

fn follow_up(case: &Case) -> Verdict {
    let lengths = case.follow_up.iter().filter(|f| f.value.duration.is_some());
    half("last state", facts(case.follow_up.iter()), "length", facts(lengths))
}
