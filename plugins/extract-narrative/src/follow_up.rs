//! The end of observation: how long, alive or dead, with or without disease.

use case_model::{FollowUp, Statement, VitalStatus};
use case_text::context::Context;

use crate::class::Class;
use crate::draft::{Draft, View};
use crate::reading::Mention;

const BY: &str = "narrative/follow-up";

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<FollowUp>>) {
    let reading = view.reading;
    let of_patient = |m: &&Mention| !view.context(m).any(Context::ELSEWHERE | Context::HYPOTHETICAL | Context::NEGATED);
    let find = |class: Class| view.mentions().iter().filter(|m| m.says(class)).find(of_patient);
    let died = find(Class::Died).filter(|m| is_of_patient(view, m));
    let alive = find(Class::Alive);
    let lost = find(Class::Lost);
    let free = view.mentions().iter().find(|m| {
        m.says(Class::Response) && reading.vocabulary.concept(m.concept).attr("category") == Some("NED") && !m.nested
    });
    let watched = find(Class::FollowUp);
    let anchor = died.or(alive).or(lost).or_else(|| free.filter(|_| watched.is_some() || !view.times.is_empty()));
    let Some(anchor) = anchor else { return };
    let status = if died.is_some() {
        VitalStatus::Dead
    } else if alive.is_some() || free.is_some() {
        VitalStatus::Alive
    } else {
        VitalStatus::Unknown
    };
    let time = view
        .time_of(anchor.first, anchor.last, &[])
        .or_else(|| view.times.iter().find(|t| t.extent.is_some() && !t.is_length).cloned());
    // "treated for 9 months only, has now been off treatment for 18 months": the length behind the word, not that of what
    // went before.
    let lengths = || view.times.iter().filter(|t| t.is_length && t.extent.is_some());
    let length = lengths()
        .find(|t| t.first > anchor.last)
        .or_else(|| lengths().next())
        .filter(|_| watched.is_some() || alive.is_some());
    let duration = time.as_ref().and_then(|t| t.extent.clone()).or_else(|| length.and_then(|t| t.extent.clone()));
    let value = FollowUp {
        duration,
        vital_status: status,
        disease_status: free.map(|m| Statement::of(reading.text, view.span(m))),
        lost: lost.is_some(),
        cause_of_death: died.and_then(|m| cause(view, m)),
    };
    let mut draft = Draft::new(value, view.span(anchor), view.number, BY);
    draft.time = time;
    out.push(draft);
}

/// True unless somebody else's death is told: "cell death", "death of tumour cells".
fn is_of_patient(view: View<'_, '_>, mention: &Mention) -> bool {
    let before = mention.first.checked_sub(1).map(|i| view.reading.word(i)).unwrap_or_default();
    let next = view.reading.word(mention.last + 1);
    let words = view.words(mention).to_ascii_lowercase();
    !(matches!(before, "cell" | "programmed" | "Programmed" | "cause")
        || next == "ligand"
        || words == "fatal"
        || words == "fatal outcome" && next == "in")
}

fn cause(view: View<'_, '_>, died: &Mention) -> Option<Statement> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let words = view.words(died).to_ascii_lowercase();
    let start = if words.ends_with(" of") || words.ends_with(" from") {
        died.last + 1
    } else {
        (died.last + 1..(died.last + 6).min(end)).find(|i| matches!(reading.word(*i), "of" | "from" | "due"))? + 1
    };
    let stop = (start..end)
        .find(|i| {
            let token = &reading.tokens[*i];
            token.is('.') || token.is(',') || token.is('(') || token.is_number()
        })
        .unwrap_or(end);
    (stop > start).then(|| Statement::of(reading.text, reading.span(start, stop - 1)))
}

/// Statements on the end: repeated ones merged, and nothing that comes before a death.
pub(crate) fn merge(drafts: Vec<Draft<FollowUp>>) -> Vec<Draft<FollowUp>> {
    let mut out: Vec<Draft<FollowUp>> = Vec::new();
    for draft in drafts {
        let key = |d: &Draft<FollowUp>| {
            (d.value.vital_status.clone(), d.value.duration.as_ref().map(|e| e.value.to_string()))
        };
        match out.iter_mut().find(|o| {
            key(o) == key(&draft)
                || o.value.vital_status == VitalStatus::Dead && draft.value.vital_status == VitalStatus::Dead
        }) {
            Some(known) => {
                known.absorb(&draft);
                if known.value.duration.is_none() {
                    known.value.duration = draft.value.duration;
                    known.time = known.time.take().or(draft.time);
                }
                known.value.disease_status = known.value.disease_status.take().or(draft.value.disease_status);
                known.value.cause_of_death = known.value.cause_of_death.take().or(draft.value.cause_of_death);
            }
            None => out.push(draft),
        }
    }
    if let Some(dead) = out.iter().position(|d| d.value.vital_status == VitalStatus::Dead) {
        // "discharged", "alive and well" before it were steps on the way.
        let dead = out.swap_remove(dead);
        out.clear();
        out.push(dead);
    }
    out
}
