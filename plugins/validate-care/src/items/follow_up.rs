//! Item 10. Present where outcome, later tests and adverse events are told and it is said how the intervention was
//! tolerated, in words or by the grade of an event.

use casemill_plugin_sdk::model::{Fact, FollowUp, ItemStatus, Severity, VitalStatus};

use super::{Item, Rule, has_patient, per_patient};
use crate::cues::Cue;
use crate::reading::{Patient, Reading, facts};
use crate::verdict::{Head, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("10", "Follow-up and outcomes"),
    judge: |reading| per_patient(reading, HEADS, parts, whole),
    rule: Rule {
        code: "CR010",
        name: "outcome-missing",
        severity: Severity::Warning,
        page: include_str!("follow_up.md"),
        message: "no outcome is reported: no response, no follow-up, no vital status",
        help: "say how the patient fared, for how long, and by which tests that is known",
        expected: has_patient,
    },
};

const HEADS: [Head; 4] = [
    ("10a", "Outcomes assessed by clinician and patient"),
    ("10b", "Follow-up tests"),
    ("10c", "Adherence and tolerability"),
    ("10d", "Adverse and unanticipated events"),
];

fn parts(reading: &Reading<'_>, patient: Patient<'_>) -> [Verdict; 4] {
    let case = patient.case;
    let cue = |cue| reading.with(reading.of(patient), cue);
    let says = |f: &&Fact<FollowUp>| {
        f.value.vital_status != VitalStatus::Unknown || f.value.disease_status.is_some() || f.value.duration.is_some()
    };
    let mut outcome = facts(case.responses.iter());
    outcome.extend(facts(case.follow_up.iter().rev().filter(says)));
    let mut tests = facts(case.responses.iter().filter(|r| !r.value.modalities.is_empty()));
    tests.extend(cue(Cue::FollowUpTest));
    let events = facts(case.adverse_events.iter());
    let graded = facts(case.adverse_events.iter().filter(|e| e.value.grade.is_some()));
    let mut tolerability = cue(Cue::Tolerability);
    let named = !tolerability.is_empty();
    tolerability.extend(graded);
    let tolerability = match (Verdict::shown("tolerability", tolerability), named) {
        (verdict, false) if verdict.is_present() => Verdict { has: vec!["grades of events"], ..verdict }
            .part(Verdict::absent("adherence"))
            .status(ItemStatus::Partial),
        (verdict, _) if verdict.is_absent() => Verdict::absent("adherence, tolerability, grades of events"),
        (verdict, _) => verdict,
    };
    let mut untoward = Verdict::shown("adverse events", events);
    if untoward.is_absent() {
        let none = cue(Cue::NoEvent);
        untoward = match none.is_empty() {
            false => Verdict { has: vec!["that there were no adverse events"], ..Verdict::shown("", none) },
            true => match Verdict::shown("complications", cue(Cue::Event)) {
                told if told.is_present() => told,
                _ => untoward,
            },
        };
    }
    [Verdict::shown("outcome", outcome), Verdict::shown("follow-up tests", tests), tolerability, untoward]
}

fn whole(parts: &[Verdict; 4]) -> Verdict {
    let [outcome, tests, tolerability, events] = parts;
    parts.iter().cloned().fold(Verdict::default(), Verdict::part).status(
        if outcome.is_present() && tests.is_present() && tolerability.is_given() && events.is_present() {
            ItemStatus::Present
        } else if outcome.is_absent() && tests.is_absent() && events.is_absent() {
            ItemStatus::Absent
        } else {
            ItemStatus::Partial
        },
    )
}
