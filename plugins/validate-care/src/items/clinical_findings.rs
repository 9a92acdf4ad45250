//! Item 6. Present where an examination is named with the patient, or signs are told in several sentences; partial with
//! signs in passing.

use casemill_plugin_sdk::model::{ItemStatus, Severity};

use super::{Item, Rule, has_patient};
use crate::cues::Cue;
use crate::reading::{Patient, Reading};
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("6", "Clinical findings"),
    judge,
    rule: Rule {
        code: "CR006",
        name: "examination-missing",
        severity: Severity::Info,
        page: include_str!("clinical_findings.md"),
        message: "no findings of a physical examination are reported",
        help: "describe the relevant findings of the physical examination, also the normal ones",
        expected: has_patient,
    },
};

/// Sentences with signs that stand for an examination that is not named.
const SIGNS: usize = 4;

fn judge(reading: &Reading<'_>) -> Judged {
    let mut whole: Vec<Verdict> = reading.patients().map(|p| patient(reading, p)).collect();
    if whole.is_empty() {
        whole.push(Verdict::absent("a patient"));
    }
    Judged { whole, parts: Vec::new() }
}

fn patient(reading: &Reading<'_>, patient: Patient<'_>) -> Verdict {
    let exam = reading.with(reading.of(patient), Cue::Exam);
    if !exam.is_empty() {
        return Verdict::shown("physical examination", exam);
    }
    let signs = reading.of(patient).filter(|s| s.cues.has(Cue::Sign)).count();
    // Signs of the record are left out: imaging, relatives and the patient find lumps and rashes, too.
    let verdict = Verdict::shown("signs", reading.with(reading.of(patient), Cue::Sign));
    match (verdict.is_present(), signs) {
        (true, 0..SIGNS) => verdict.part(Verdict::absent("a physical examination")).status(ItemStatus::Partial),
        (true, _) => verdict,
        (false, _) => Verdict::absent("a physical examination"),
    }
}
