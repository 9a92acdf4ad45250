//! Adverse events, in the terms of ICH E2B(R3): suspect, onset, action, dechallenge, outcome.

use case_timeline::Moment;
use casemill_plugin_sdk::model::{AdverseEvent, Fact};

use super::Chart;
use crate::topic::Topic;
use crate::view::{Cell, Head, Part, Table, note, value};
use crate::wording;

/// Adverse events in the order of the text.
pub(super) fn adverse_events<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.adverse_events.iter().filter_map(|a| {
        let onset = chart.when(a, a.timing.as_ref(), Moment::Start);
        chart.row(a, event(chart, a), vec![suspects(chart, &a.value), onset, outcome(chart, a)])
    });
    let columns = ("Event", &["Suspect and cause", "Onset", "Action and outcome"][..]);
    Table::plain(chart.part("adverse-events"), "Adverse events", Topic::AdverseEvent, columns, rows.collect())
}

fn event<'a>(chart: &Chart<'a>, fact: &'a Fact<AdverseEvent>) -> Head<'a> {
    let mut head = chart.head(fact, wording::sentence(&fact.value.label));
    head.parts.push(match fact.value.grade {
        Some(grade) => value(format!("CTCAE grade {grade}")),
        None => note("CTCAE grade not reported"),
    });
    head.parts.extend(fact.value.severity.iter().map(|s| note(format!("severity: {s}"))));
    head.parts.extend(fact.value.reporter.iter().map(|who| note(format!("reported by: {who}"))));
    let same = fact.value.finding.as_ref().and_then(|id| chart.context.link(id));
    head.parts.extend(same.map(|link| Part::Fact("same as finding", link)));
    head
}

fn suspects<'a>(chart: &Chart<'a>, event: &'a AdverseEvent) -> Cell<'a> {
    let mut cell = Vec::new();
    for suspect in &event.suspects {
        cell.push(match suspect.treatment.as_ref().and_then(|id| chart.context.link(id)) {
            Some(link) => Part::Jump(link, suspect.agent.as_str().into()),
            None => value(suspect.agent.as_str()),
        });
    }
    if cell.is_empty() {
        cell.push(note("suspect not reported"));
    }
    cell.extend(event.causality.iter().map(|words| chart.context.said("", words)));
    cell
}

/// What was done with the drug, what stopping or restarting it showed, and how the event ended.
fn outcome<'a>(chart: &Chart<'a>, fact: &'a Fact<AdverseEvent>) -> Cell<'a> {
    let AdverseEvent { action, dechallenge, rechallenge, outcome, outcome_words, resolved, .. } = &fact.value;
    let mut cell: Cell<'a> = action.iter().map(|words| chart.context.said("action:", words)).collect();
    for (what, result) in [("dechallenge", dechallenge), ("rechallenge", rechallenge)] {
        cell.extend(result.as_ref().map(|r| Part::Badge(wording::badge::challenge(what, r))));
    }
    match outcome {
        Some(outcome) => cell.push(value(wording::plain(outcome))),
        None if outcome_words.is_none() => cell.push(note("outcome not reported")),
        None => {}
    }
    cell.extend(outcome_words.iter().map(|words| chart.context.said("", words)));
    cell.extend(chart.when(fact, resolved.as_ref(), Moment::End));
    cell
}
