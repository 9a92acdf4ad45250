//! Item 9. Present where the interventions are told with their administration: for drugs dose, route and duration or
//! number of cycles; partial where something of it is missing.

use casemill_plugin_sdk::model::{ActionStatus, Fact, ItemStatus, Severity, Treatment, TreatmentKind};

use super::{Item, Rule, has_patient, per_patient};
use crate::cues::Cue;
use crate::reading::{Patient, Reading, facts};
use crate::verdict::{Head, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("9", "Therapeutic intervention"),
    judge: |reading| per_patient(reading, HEADS, parts, whole),
    rule: Rule {
        code: "CR009",
        name: "intervention-missing",
        severity: Severity::Warning,
        page: include_str!("therapeutic_intervention.md"),
        message: "no treatment is reported, nor that there was none",
        help: "say which interventions were made, how, and why they were changed; or that there were none",
        expected: has_patient,
    },
};

const HEADS: [Head; 3] = [
    ("9a", "Types of intervention"),
    ("9b", "Administration: dose, strength, duration"),
    ("9c", "Changes of the intervention, with reasons"),
];

fn parts(reading: &Reading<'_>, patient: Patient<'_>) -> [Verdict; 3] {
    let treatments = &patient.case.treatments;
    let given: Vec<&Fact<Treatment>> = treatments.iter().filter(|t| t.value.status == ActionStatus::Given).collect();
    let mut kinds = Verdict::shown("interventions", facts(given.iter().copied()));
    if given.is_empty() && !treatments.is_empty() {
        // What was considered, planned or declined is an answer, too.
        kinds = Verdict::shown("what was not given", facts(treatments.iter()));
    }
    [kinds, administration(&given), changes(reading, patient)]
}

fn administration(given: &[&Fact<Treatment>]) -> Verdict {
    let drugs: Vec<&Fact<Treatment>> = given
        .iter()
        .copied()
        .filter(|t| t.value.kind == TreatmentKind::Drug && !t.value.agent.ends_with("(class)"))
        .collect();
    if drugs.is_empty() {
        return match given.iter().find(|t| t.value.kind == TreatmentKind::Regimen) {
            Some(_) => Verdict::absent("doses"),
            None => Verdict::not_applicable("no drug"),
        };
    }
    let dosed: Vec<&Fact<Treatment>> = drugs.iter().copied().filter(|t| !t.value.doses.is_empty()).collect();
    let lasting =
        |t: &&Fact<Treatment>| t.value.cycles.is_some() || !t.value.durations.is_empty() || t.value.stop.is_some();
    let routed = dosed.iter().copied().filter(|t| t.value.doses.iter().any(|d| d.route.is_some()));
    let parts = [
        Verdict::shown("doses", facts(dosed.iter().copied())),
        Verdict::shown("routes", facts(routed)),
        Verdict::shown("duration or cycles", facts(drugs.iter().copied().filter(lasting))),
    ];
    let mut verdict = Verdict::of(parts);
    // Most drugs, not one of many.
    if verdict.is_present() && dosed.len() * 2 < drugs.len() {
        verdict = verdict.part(Verdict::absent("doses of most drugs")).status(ItemStatus::Partial);
    }
    verdict
}

fn changes(reading: &Reading<'_>, patient: Patient<'_>) -> Verdict {
    let sentences = || reading.of(patient).filter(|s| s.cues.has(Cue::Change));
    let reasons = facts(patient.case.treatments.iter().filter(|t| t.value.stop_reason.is_some()));
    let mut shown = reading.with(sentences(), Cue::Because);
    shown.extend(reasons);
    if !shown.is_empty() {
        return Verdict::shown("changes with reasons", shown);
    }
    let changed = reading.with(sentences(), Cue::Change);
    if changed.is_empty() {
        return Verdict::not_applicable("no change stated");
    }
    Verdict::shown("changes", changed).part(Verdict::absent("reasons of changes")).status(ItemStatus::Partial)
}

fn whole(parts: &[Verdict; 3]) -> Verdict {
    let [kinds, administration, changes] = parts;
    let verdict = parts.iter().filter(|p| p.status != ItemStatus::NotApplicable).cloned();
    let good = |v: &Verdict| matches!(v.status, ItemStatus::Present | ItemStatus::NotApplicable);
    verdict.fold(Verdict::default(), Verdict::part).status(if kinds.is_absent() {
        ItemStatus::Absent
    } else if good(administration) && good(changes) {
        ItemStatus::Present
    } else {
        ItemStatus::Partial
    })
}
