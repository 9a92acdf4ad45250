//! Item 12. Present where a section or words give the patient's view; partial where only satisfaction or quality of life
//! is mentioned.

use casemill_plugin_sdk::model::{ItemStatus, SectionKind, Severity};

use super::{Item, Rule, has_patient, is_whole};
use crate::cues::Cue;
use crate::reading::{Part, Reading, Sentence};
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("12", "Patient perspective"),
    judge,
    rule: Rule {
        code: "CR012",
        name: "patient-perspective-missing",
        severity: Severity::Info,
        page: include_str!("patient_perspective.md"),
        message: "the patient's perspective is not given",
        help: "let the patient tell how they saw their illness and treatment, where that is possible",
        // A part of a publication says nothing of what stood behind it.
        expected: |reading| has_patient(reading) && is_whole(reading),
    },
};

fn judge(reading: &Reading<'_>) -> Judged {
    let told = |s: &&Sentence| {
        s.section == SectionKind::PatientPerspective
            || (s.cues.has(Cue::Perspective) && (s.is_ours() || s.part == Part::Back))
    };
    let shown: Vec<_> = reading.sentences.iter().filter(told).take(2).map(|s| reading.quote(s)).collect();
    if !shown.is_empty() {
        return Judged::once(Verdict::shown("the patient's view", shown));
    }
    let satisfied = reading.with(reading.sentences.iter().filter(|s| s.is_ours()), Cue::Satisfied);
    Judged::once(match satisfied.is_empty() {
        true => Verdict::absent("the patient's view"),
        false => Verdict::shown("satisfaction or quality of life", satisfied)
            .part(Verdict::absent("the patient's own view"))
            .status(ItemStatus::Partial),
    })
}
