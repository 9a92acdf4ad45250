//! What contradictions of the timeline are about.

use case_timeline::Conflict;
use casemill_plugin_sdk::model::{AnchorKind, Case, FactId, PartialDate, Span, Timing};

use crate::reading::Reading;

/// What a set of statements that cannot all hold is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// A treatment that stops before it starts.
    StopBeforeStart,
    /// Lengths of one treatment alone.
    Lengths,
    /// An age that does not fit the rest.
    Age,
    /// Anything else.
    Other,
}

/// What a contradiction is about. Each belongs to one rule.
pub(crate) fn nature(case: &Case, conflict: &Conflict) -> Nature {
    let is_age = |id: &FactId| case.subject.age.iter().any(|a| a.id == *id);
    if conflict.facts.iter().any(is_age) {
        return Nature::Age;
    }
    let of_one = match &conflict.facts[..] {
        [one] => case.treatments.iter().find(|t| t.id == *one),
        _ => None,
    };
    let Some(treatment) = of_one else { return Nature::Other };
    let is = |timing: &Timing| timing.span.is_some_and(|s| conflict.statements.contains(&s));
    // Lengths of one treatment against each other are the matter of CT003, which knows courses.
    let lengths = treatment.value.durations.iter().filter(|d| is(d)).count();
    let (start, stop) = (treatment.timing.as_ref().is_some_and(is), treatment.value.stop.as_ref().is_some_and(is));
    match (lengths, start, stop) {
        (0, true, true) => Nature::StopBeforeStart,
        (2.., false, false) => Nature::Lengths,
        _ => Nature::Other,
    }
}

/// What the statement at `span` is said of: labels of the facts of the contradiction whose time it is.
pub(crate) fn said_of(case: &Case, conflict: &Conflict, span: Span) -> String {
    let mut names: Vec<String> = Vec::new();
    case.visit(&mut |_, fact| {
        if !conflict.facts.contains(fact.id()) {
            return;
        }
        let mut here = fact.evidence().iter().any(|e| e.span == span);
        fact.timings(&mut |t| here |= t.span == Some(span));
        let name = fact.label();
        if here && !names.iter().any(|n| *n == *name) {
            names.push(name.into_owned());
        }
    });
    names.truncate(3);
    names.join(", ")
}

/// True if `first` is over before `second` begins, by two dates or by two distances from the same event. Times that are
/// worked out over several events are too weak to accuse anybody.
pub(crate) fn is_before(first: &Timing, second: &Timing) -> bool {
    let (Some(a), Some(b)) = (first.interval, second.interval) else { return dated_before(first, second) };
    let dated = first.date.is_some() && second.date.is_some();
    let anchored = first.offset.is_some()
        && second.offset.is_some()
        && first.anchor == second.anchor
        && first.anchor.kind != AnchorKind::PreviousEvent;
    if dated { dated_before(first, second) } else { anchored && a.max < b.min }
}

fn dated_before(first: &Timing, second: &Timing) -> bool {
    let (Some(a), Some(b)) = (first.date, second.date) else { return false };
    let parts = |d: PartialDate| (d.year, d.month, d.day);
    let ((ay, am, ad), (by, bm, bd)) = (parts(a), parts(b));
    if ay != by {
        return ay < by;
    }
    match (am, bm) {
        (Some(x), Some(y)) if x != y => x < y,
        (Some(_), Some(_)) => matches!((ad, bd), (Some(x), Some(y)) if x < y),
        _ => false,
    }
}

/// True for a length without treatment: "off treatment for 4 years", "4 years since treatment was completed".
pub(crate) fn is_time_without(reading: &Reading<'_>, span: Span) -> bool {
    let at = reading.token_at(span.start);
    let Some(sentence) = reading.sentence(span.start) else { return false };
    let before = at.saturating_sub(5).max(sentence.tokens.start)..at + 1;
    let end = reading.token_at(span.end);
    reading.has_any(before, &["out", "off", "without", "free", "since", "until"])
        || reading.has_any(end..(end + 2).min(sentence.tokens.end), &["since", "after", "before", "off"])
}
