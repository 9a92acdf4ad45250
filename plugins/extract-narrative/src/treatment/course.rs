//! How long a treatment lasted, when and why it ended, and which mentions are the same treatment.

use case_model::{ActionStatus, Statement, TreatmentKind, TreatmentRole};
use case_text::context::Context;
use case_text::token::lower;

use super::Given;
use super::status::reason_behind;
use crate::class::Class;
use crate::draft::{Draft, View};
use crate::time::{Hint, Stated};

/// Lengths ("for 6 months", "total duration of treatment of 6 months") and ends of the treatments that the sentence names,
/// or of the one under way where it says "treatment", "it", "the drug".
pub(super) fn lengths_and_stops(view: View<'_, '_>, out: &mut [Draft<Given>]) {
    let reading = view.reading;
    let stop = view.mentions().iter().find(|m| {
        (m.says(Class::Stopped) || m.says(Class::Completed))
            && !m.nested
            && !view.context(m).any(Context::NEGATED | Context::HYPOTHETICAL)
    });
    let lengths: Vec<&Stated> =
        view.times.iter().filter(|t| t.is_length && t.extent.is_some() && t.hint != Hint::Kind("birth")).collect();
    let until = view.times.iter().find(|t| {
        !t.is_length
            && (t.first.saturating_sub(4).max(view.sentence.tokens.start)..t.first)
                .any(|i| matches!(reading.word(i), "until" | "till"))
    });
    if stop.is_none() && lengths.is_empty() && until.is_none() {
        return;
    }
    let named: Vec<usize> = out
        .iter()
        .enumerate()
        .filter(|(_, d)| d.sentence == view.number && d.value.treatment.status == ActionStatus::Given)
        .map(|(i, _)| i)
        .collect();
    let anaphor = view.mentions().iter().any(|m| m.says(Class::Treatment))
        || matches!(reading.word(view.sentence.tokens.start), "It" | "This");
    let under_way = out
        .iter()
        .enumerate()
        .rev()
        .find(|(_, d)| {
            d.value.treatment.status == ActionStatus::Given && d.value.treatment.role == TreatmentRole::Anticancer
        })
        .map(|(i, _)| i);
    for length in lengths {
        // The name nearest to the length; without a name the treatment under way, if the words are about treatment.
        let nearest = named
            .iter()
            .copied()
            .min_by_key(|i| out[*i].value.token.abs_diff(length.first))
            .filter(|i| out[*i].value.token.abs_diff(length.first) <= 14);
        let about_treatment = is_length_of_treatment(view, length);
        let Some(i) = nearest
            .filter(|i| about_treatment || follows_for(view, length, out[*i].value.token))
            .or_else(|| under_way.filter(|_| anaphor && about_treatment))
        else {
            continue;
        };
        out[i].value.lengths.push(length.clone());
    }
    // "from March 2019 until progression in January 2020"
    if let Some(until) = until
        && let Some(i) = named.iter().copied().rfind(|i| out[*i].value.token < until.first)
        && view.clause(until.first).contains(&out[i].value.token)
    {
        let given = &mut out[i].value;
        given.stop = given.stop.take().or_else(|| Some(until.clone()));
    }
    if let Some(word) = stop {
        let nearest = named.iter().copied().min_by_key(|i| out[*i].value.token.abs_diff(word.first));
        let nearest = nearest.filter(|i| view.clause(word.first).contains(&out[*i].value.token));
        if let Some(i) = nearest.or_else(|| under_way.filter(|_| anaphor)) {
            let time = view.time_of(word.first, word.last, &[]);
            let reason = reason_behind(view, word.last);
            let given = &mut out[i].value;
            given.stop = given.stop.take().or(time);
            if let Some(span) = reason {
                given.treatment.stop_reason.get_or_insert_with(|| Statement::of(reading.text, span));
            }
            let span = reading.span(word.first, word.last);
            if out[i].sentence != view.number {
                out[i].more.push((span, view.number));
            }
        }
    }
}

fn is_length_of_treatment(view: View<'_, '_>, length: &Stated) -> bool {
    let reading = view.reading;
    let from = length.first.saturating_sub(6).max(view.sentence.tokens.start);
    let words = |range: std::ops::Range<usize>| {
        range.into_iter().any(|i| {
            matches!(lower(reading.word(i)).as_ref(), "treatment" | "therapy" | "treated" | "received" | "administered")
        })
    };
    // "out of treatment for 4 years", "off therapy for 18 months"
    let without = (from..length.first)
        .any(|i| matches!(reading.word(i), "out" | "off" | "without" | "free" | "stopping" | "discontinuation"));
    !without && (length.hint == Hint::Treatment || words(from..length.first))
}

/// `received X for 6 months`, `X for an initial 7 months`.
fn follows_for(view: View<'_, '_>, length: &Stated, token: usize) -> bool {
    let reading = view.reading;
    let word = reading.word(length.first);
    let inner = (length.first.saturating_sub(3)..length.first).any(|i| reading.word(i) == "for");
    token < length.first && (word == "for" || inner)
}

/// Merges repeated mentions of a treatment; a class or general word that stands for drugs already named is no treatment
/// of its own; a plan that was carried out is the treatment.
pub(crate) fn merge(drafts: Vec<Draft<Given>>, class_of: impl Fn(u32) -> Option<String>) -> Vec<Draft<Given>> {
    let mut out: Vec<Draft<Given>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let treatment = &draft.value.treatment;
        if draft.value.is_class && treatment.status == ActionStatus::Given {
            let label = treatment.agent.trim_end_matches(" (class)").to_owned();
            let stands_for = out.iter().any(|o| {
                (treatment.kind != TreatmentKind::Radiation || o.value.treatment.kind == TreatmentKind::Radiation)
                    && !o.value.is_class
                    && o.value.treatment.status == ActionStatus::Given
                    && (class_of(o.value.concept).as_deref() == Some(&label)
                        || o.value.treatment.role == TreatmentRole::Anticancer
                            && treatment.role == TreatmentRole::Anticancer)
            });
            if stands_for {
                continue;
            }
        }
        let same = out
            .iter_mut()
            .find(|o| o.value.treatment.agent == treatment.agent && o.value.treatment.status == treatment.status);
        match same {
            Some(known) => {
                known.absorb(&draft);
                known.time = known.time.take().or(draft.time.clone());
                join(&mut known.value, draft.value);
            }
            None => out.push(draft),
        }
    }
    // "was planned to receive X (2 mg/kg) ... X was given": the plan that was carried out is the treatment.
    let (plans, mut out): (Vec<_>, Vec<_>) =
        out.into_iter().partition(|d| d.value.treatment.status == ActionStatus::Planned);
    for plan in plans {
        let given = out.iter_mut().find(|d| {
            d.value.treatment.status == ActionStatus::Given && d.value.treatment.agent == plan.value.treatment.agent
        });
        match given {
            Some(given) => {
                given.absorb(&plan);
                join(&mut given.value, plan.value);
            }
            None => out.push(plan),
        }
    }
    out.sort_by_key(|d| d.span);
    out
}

/// Adds to a treatment what another mention of it says.
fn join(value: &mut Given, other: Given) {
    let Given { treatment: new, stop, lengths, .. } = other;
    for dose in new.doses {
        if !value.treatment.doses.iter().any(|d| {
            d.amount == dose.amount
                && d.frequency.as_ref().map(|f| &f.quote) == dose.frequency.as_ref().map(|f| &f.quote)
        }) {
            value.treatment.doses.push(dose);
        }
    }
    value.treatment.line = value.treatment.line.or(new.line);
    value.treatment.intent = value.treatment.intent.take().or(new.intent);
    value.treatment.cycles = value.treatment.cycles.or(new.cycles);
    value.treatment.regimen = value.treatment.regimen.take().or(new.regimen);
    value.treatment.stop_reason = value.treatment.stop_reason.take().or(new.stop_reason);
    value.stop = value.stop.take().or(stop);
    value.lengths.extend(lengths);
}
