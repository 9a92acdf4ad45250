//! `subject`: the patient.

use casemill_plugin_sdk::model::{
    AnyFact, Assertion, Case, DayInterval, Fact, FactValue, FollowUp, Scope, Sex as StatedSex, Statement, Timing,
    VitalStatus as Stated,
};

use crate::codes;
use crate::export::{Export, described};
use crate::schema::{Individual, Sex, TimeElement, Vital, VitalStatus};

/// The patient, known by the id of the case.
pub(crate) fn subject(export: &mut Export<'_>) -> Individual {
    Individual {
        id: export.case.id.clone(),
        time_at_last_encounter: last_encounter(export),
        vital_status: vital_status(export),
        sex: sex(export),
        taxonomy: codes::HUMAN.into(),
    }
}

fn sex(export: &mut Export<'_>) -> Sex {
    let Some(fact) = export.case.sex() else { return Sex::Unknown };
    if !export.holds(fact) {
        return Sex::Unknown;
    }
    let sex = match &fact.value {
        StatedSex::Female => Sex::Female,
        StatedSex::Male => Sex::Male,
        StatedSex::OtherSex => Sex::Other,
        StatedSex::Other(word) => {
            export.losses.whole(fact, format!("the schema has no word for `{word}`"));
            return Sex::Unknown;
        }
    };
    export.trace.fact("/subject/sex", fact);
    sex
}

const LAST_ENCOUNTER: &str = "/subject/timeAtLastEncounter";

/// When the patient was last seen: the latest follow-up, else the latest response or adverse event, else presentation.
fn last_encounter(export: &mut Export<'_>) -> Option<TimeElement> {
    let time = last_time(export);
    if let Some(age) = export.case.age()
        && export.holds(age)
    {
        if age.value.approximate {
            export.losses.whole(age, "an age is a duration or a range; an approximate one is neither");
        } else if time.is_some() {
            export.trace.fact(LAST_ENCOUNTER, age);
        } else {
            export.losses.whole(age, "the subject has the age at the last encounter, and that could not be counted");
        }
    }
    time
}

fn last_time(export: &mut Export<'_>) -> Option<TimeElement> {
    let last = latest(export.case);
    earlier_times(export, last);
    let Some(Last { fact, timing }) = last else { return export.ages.at_presentation() };
    let reached = match (timing.age, timing.interval) {
        (None, Some(interval)) => export.ages.range_after(interval),
        _ => export.ages.at(timing),
    };
    let Some(timed) = reached else {
        export.losses.part(fact, described("last encounter", timing), export.ages.why_not(timing));
        return None;
    };
    export.trace.time(LAST_ENCOUNTER, fact, timing, timed.derivation);
    Some(timed.element)
}

/// Times of follow-ups other than the last have no place.
fn earlier_times(export: &mut Export<'_>, last: Option<Last<'_>>) {
    for fact in &export.case.follow_up {
        let is_last = last.is_some_and(|last| *last.fact.id() == fact.id);
        if let Some(timing) = fact.timing.as_ref().filter(|_| !is_last) {
            let resolved = timing.interval.is_some() || timing.age.is_some();
            let reason = match (resolved, last) {
                (true, _) => "the subject has one last encounter",
                (false, Some(_)) => export.ages.why_not(timing),
                (false, None) => "it cannot be counted; the age at presentation stands for the last encounter",
            };
            export.losses.part(fact, described("follow-up", timing), reason);
        }
    }
}

/// The fact that tells when the patient was last seen.
#[derive(Clone, Copy)]
struct Last<'a> {
    fact: &'a dyn AnyFact,
    timing: &'a Timing,
}

impl<'a> Last<'a> {
    fn of<T: FactValue>(fact: &'a Fact<T>, timing: Option<&'a Timing>) -> Option<Self> {
        let stated = fact.scope == Scope::Patient && fact.assertion == Assertion::Present;
        Some(Self { fact, timing: timing.filter(|_| stated)? })
    }

    /// Days after presentation; a time that is known as an age only comes before all others.
    fn day(self) -> f64 {
        self.timing.interval.map_or(0.0, DayInterval::middle)
    }

    fn later(candidates: impl Iterator<Item = Self>) -> Option<Self> {
        candidates.max_by(|a, b| a.day().total_cmp(&b.day()))
    }
}

/// The latest follow-up, else the latest response or adverse event, after presentation.
fn latest(case: &Case) -> Option<Last<'_>> {
    let follow_up = case.follow_up.iter().filter_map(|f| Last::of(f, f.timing.as_ref()));
    let follow_up = follow_up.filter(|last| last.day() > 0.0 || last.timing.age.is_some());
    Last::later(follow_up).or_else(|| {
        let responses = case.responses.iter().filter_map(|r| Last::of(r, r.timing.as_ref()));
        let onsets = case.adverse_events.iter().filter_map(|e| Last::of(e, e.timing.as_ref()));
        let ends = case.adverse_events.iter().filter_map(|e| Last::of(e, e.value.resolved.as_ref()));
        Last::later(responses.chain(onsets).chain(ends).filter(|last| last.day() > 0.0))
    })
}

fn vital_status(export: &mut Export<'_>) -> Option<VitalStatus> {
    const POINTER: &str = "/subject/vitalStatus";
    let mut known = None;
    for fact in &export.case.follow_up {
        if !export.holds(fact) {
            continue;
        }
        lost_parts(export, fact);
        let status = match fact.value.vital_status {
            Stated::Alive => Vital::Alive,
            Stated::Dead => Vital::Deceased,
            Stated::Unknown | Stated::Other(_) => continue,
        };
        export.trace.fact(format!("{POINTER}/status"), fact);
        known = Some((status, fact));
    }
    let (status, fact) = known?;
    let death = fact.timing.as_ref().filter(|_| status == Vital::Deceased);
    let time_of_death = export.time(&format!("{POINTER}/timeOfDeath"), fact, "time of death", death);
    Some(VitalStatus { status, time_of_death })
}

fn lost_parts(export: &mut Export<'_>, fact: &Fact<FollowUp>) {
    let words = |s: &Option<Statement>| s.as_ref().map(|s| s.quote.clone());
    let FollowUp { disease_status, cause_of_death, lost, duration, .. } = &fact.value;
    let no_code = "it is words, and the element is nothing but a term";
    export.losses.words(fact, "disease status", words(disease_status).as_deref(), "a subject has no disease status");
    export.losses.words(fact, "cause of death", words(cause_of_death).as_deref(), no_code);
    if *lost {
        export.losses.part(fact, "lost to follow-up", "a subject has no such status");
    }
    let timed = fact.timing.as_ref().is_some_and(|t| t.interval.is_some() || t.age.is_some());
    if let Some(duration) = duration.as_ref().filter(|_| !timed) {
        export.losses.part(fact, format!("length of follow-up {}", duration.value), "no age follows from it");
    }
}
