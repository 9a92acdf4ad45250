//! What contradictions of the timeline are about.

use case_timeline::Conflict;
use casemill_plugin_sdk::model::{Case, FactId, Span, Timing};

/// What a set of statements that cannot all hold is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// A treatment that stops before it starts.
    StopBeforeStart,
    /// The length of one treatment told in two ways.
    ToldTwice,
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
    let lengths = treatment.value.durations.iter().filter(|d| is(d)).count();
    let (start, stop) = (treatment.timing.as_ref().is_some_and(is), treatment.value.stop.as_ref().is_some_and(is));
    match (lengths, start, stop) {
        (0, true, true) => Nature::StopBeforeStart,
        (2.., false, false) => Nature::ToldTwice,
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
