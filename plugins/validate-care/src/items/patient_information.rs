//! Item 5. Present where demographics, concerns and a history are given that is more than the past diseases: with the
//! family's or the patient's circumstances.

use casemill_plugin_sdk::model::{DiagnosisRole, FindingKind, ItemStatus, Severity};

use super::{Item, Rule, has_patient, per_patient};
use crate::cues::Cue;
use crate::reading::{Patient, Reading, facts};
use crate::verdict::{Head, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("5", "Patient information"),
    judge: |reading| per_patient(reading, HEADS, parts, whole),
    rule: Rule {
        code: "CR005",
        name: "patient-information-missing",
        severity: Severity::Warning,
        page: include_str!("patient_information.md"),
        message: "nothing is said of who the patient is: no age, sex, concerns or history",
        help: "give age, sex, main concerns and the medical, family and psychosocial history",
        expected: has_patient,
    },
};

const HEADS: [Head; 4] = [
    ("5a", "Demographic information"),
    ("5b", "Main concerns and symptoms"),
    ("5c", "Medical, family and psychosocial history"),
    ("5d", "Relevant past interventions and their outcomes"),
];

fn parts(reading: &Reading<'_>, patient: Patient<'_>) -> [Verdict; 4] {
    let case = patient.case;
    let cue = |cue| reading.with(reading.of(patient), cue);
    let demographics = Verdict::of([
        Verdict::shown("age", facts(case.age().into_iter())),
        Verdict::shown("sex", facts(case.sex().into_iter())),
    ]);
    let mut symptoms = facts(case.findings.iter().filter(|f| f.is_present() && f.value.kind == FindingKind::Symptom));
    if symptoms.is_empty() {
        symptoms = cue(Cue::Presented);
    }
    let mut medical = facts(case.diagnoses.iter().filter(|d| d.value.role == DiagnosisRole::History));
    medical.extend(cue(Cue::Past));
    let mut family = facts(case.family_history.iter());
    family.extend(cue(Cue::Family));
    let medical = Verdict::shown("medical history", medical);
    let family = Verdict::shown("family history", family);
    let social = Verdict::shown("psychosocial history", cue(Cue::Social));
    let complete = medical.is_present() && (family.is_present() || social.is_present());
    let mut history = Verdict::of([medical, family, social]);
    if complete {
        history.status = ItemStatus::Present;
    }
    let past = Verdict::shown("past interventions", cue(Cue::PreviousIntervention));
    [demographics, Verdict::shown("concerns", symptoms), history, past]
}

fn whole(parts: &[Verdict; 4]) -> Verdict {
    let [demographics, concerns, history, past] = parts;
    let core = [demographics, concerns, history];
    let verdict = core
        .into_iter()
        .chain([past].into_iter().filter(|p| p.is_present()))
        .cloned()
        .fold(Verdict::default(), Verdict::part);
    verdict.status(if core.iter().all(|v| v.is_present()) {
        ItemStatus::Present
    } else if core.iter().all(|v| v.is_absent()) {
        ItemStatus::Absent
    } else {
        ItemStatus::Partial
    })
}
