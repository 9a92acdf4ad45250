//! Item 8. Present where two kinds of methods or more are told and another diagnosis was considered; challenges and
//! prognosis are told where there is something to tell, so that their absence alone takes nothing away.

use casemill_plugin_sdk::model::{Certainty, Diagnosis, Fact, ItemStatus, Severity};

use super::{Item, Rule, has_patient, per_patient, tumours};
use crate::cues::Cue;
use crate::reading::{Patient, Reading, facts};
use crate::verdict::{Head, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("8", "Diagnostic assessment"),
    judge: |reading| per_patient(reading, HEADS, parts, whole),
    rule: Rule {
        code: "CR008",
        name: "diagnostic-assessment-missing",
        severity: Severity::Warning,
        page: include_str!("diagnostic_assessment.md"),
        message: "no diagnostic method is reported: no laboratory, imaging or pathology",
        help: "say by which methods the diagnosis was made and which others were considered",
        expected: has_patient,
    },
};

const HEADS: [Head; 4] = [
    ("8a", "Diagnostic methods"),
    ("8b", "Diagnostic challenges"),
    ("8c", "Diagnostic reasoning, other diagnoses considered"),
    ("8d", "Prognostic characteristics"),
];

fn parts(reading: &Reading<'_>, patient: Patient<'_>) -> [Verdict; 4] {
    let challenge = reading.with(reading.of(patient), Cue::Challenge);
    let challenge = if challenge.is_empty() {
        Verdict::not_applicable("none stated")
    } else {
        Verdict::shown("challenges", challenge)
    };
    [methods(reading, patient), challenge, reasoning(reading, patient), prognosis(reading, patient)]
}

fn methods(reading: &Reading<'_>, patient: Patient<'_>) -> Verdict {
    let case = patient.case;
    let mut laboratory = facts(case.measurements.iter());
    if laboratory.is_empty() {
        laboratory = reading.with(reading.of(patient), Cue::Laboratory);
    }
    let mut pathology = facts(case.marker_tests.iter());
    pathology.extend(facts(case.morphology.iter()));
    if pathology.is_empty() {
        pathology = facts(case.procedures.iter().filter(|p| p.value.label.contains("biopsy")));
    }
    let methods = [
        Verdict::shown("laboratory values", laboratory),
        Verdict::shown("imaging", facts(case.imaging.iter())),
        Verdict::shown("pathology", pathology),
    ];
    let given = methods.iter().filter(|m| m.is_present()).count();
    let mut verdict = Verdict::of(methods);
    let genomics = Verdict::shown("molecular tests", facts(case.genomic_findings.iter()));
    if genomics.is_present() {
        verdict = verdict.part(genomics);
    }
    let status = match given {
        0 if verdict.has.is_empty() => ItemStatus::Absent,
        0 | 1 => ItemStatus::Partial,
        _ => ItemStatus::Present,
    };
    verdict.status(status)
}

/// Another diagnosis was considered if the record holds one, or words say so. Reasoning without an alternative
/// ("suggestive of", "consistent with") is part of it.
fn reasoning(reading: &Reading<'_>, patient: Patient<'_>) -> Verdict {
    let considered = |d: &&Fact<Diagnosis>| d.value.certainty == Certainty::Differential;
    let mut other = facts(patient.case.diagnoses.iter().filter(considered));
    other.extend(reading.with(reading.of(patient), Cue::Differential));
    if !other.is_empty() {
        return Verdict::shown("other diagnoses considered", other);
    }
    let missing = Verdict::absent("other diagnoses considered");
    match Verdict::shown("reasoning", reading.with(reading.of(patient), Cue::Reasoning)) {
        reasoning if reasoning.is_present() => reasoning.part(missing).status(ItemStatus::Partial),
        _ => missing,
    }
}

fn prognosis(reading: &Reading<'_>, patient: Patient<'_>) -> Verdict {
    if tumours(patient.case).next().is_none() {
        return Verdict::not_applicable("no tumour");
    }
    let mut staged =
        facts(patient.case.diagnoses.iter().filter(|d| !d.value.stages.is_empty() || d.value.grade.is_some()));
    staged.extend(reading.with(reading.of(patient), Cue::Prognostic));
    Verdict::shown("stage or other prognostic characteristics", staged)
}

fn whole(parts: &[Verdict; 4]) -> Verdict {
    let [methods, _, reasoning, _] = parts;
    let verdict = parts.iter().filter(|p| p.status != ItemStatus::NotApplicable).cloned();
    verdict.fold(Verdict::default(), Verdict::part).status(if methods.is_present() && reasoning.is_present() {
        ItemStatus::Present
    } else if methods.is_absent() {
        // Reasoning alone, without a method, is no assessment.
        ItemStatus::Absent
    } else {
        ItemStatus::Partial
    })
}
