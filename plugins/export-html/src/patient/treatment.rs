//! Treatments and procedures: given, planned, considered, declined, not given.

use case_timeline::Moment;
use casemill_plugin_sdk::model::{ActionStatus, AnyFact, Fact, Procedure, Treatment, TreatmentKind, TreatmentRole};

use super::{Chart, grouped};
use crate::topic::Topic;
use crate::view::{Badge, Cell, Head, Part, Table, maybe, note, value};
use crate::wording;

/// What took place first, then what did not.
const STATUS: [ActionStatus; 5] = [
    ActionStatus::Given,
    ActionStatus::Planned,
    ActionStatus::Considered,
    ActionStatus::Declined,
    ActionStatus::NotGiven,
];

/// Treatments by status.
pub(super) fn treatments<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let key = |t: &'a Fact<Treatment>| (t.value.status.clone(), wording::badge::action(&t.value.status));
    let groups = grouped(&chart.case.treatments, key, &STATUS, |t| {
        let head = facets(&t.value)
            .into_iter()
            .fold(action(chart, t, &t.value.agent, wording::badge::action(&t.value.status)), Head::noted);
        chart.row(t, head, vec![doses(chart, &t.value), course(chart, t), reasons(chart, &t.value)])
    });
    let columns = ("Treatment", &["Dose", "Start, stop, duration", "Reasons"][..]);
    Table::new(chart.part("treatments"), "Treatments", Topic::Treatment, columns, groups)
}

/// The head of a row, with the status in it unless it took place: a row may be read without the one above its group.
fn action<'a>(chart: &Chart<'a>, fact: &'a dyn AnyFact, name: &'a str, status: Badge<'a>) -> Head<'a> {
    let head = chart.head(fact, wording::sentence(name));
    if status.tone == "on" { head } else { head.badged(Some(status)) }
}

/// Line, intent, purpose and company of a treatment.
fn facets(treatment: &Treatment) -> Vec<String> {
    let Treatment { kind, role, line, intent, written, regimen, combined_with, .. } = treatment;
    let mut facets = Vec::new();
    facets.extend(written.as_ref().map(|name| format!("written: {name}")));
    facets.extend((*kind != TreatmentKind::Drug).then(|| wording::plain(kind.as_str()).into_owned()));
    facets.extend((*role != TreatmentRole::Anticancer).then(|| match role {
        TreatmentRole::AeManagement => "against an adverse event".to_owned(),
        other => wording::plain(other.as_str()).into_owned(),
    }));
    facets.extend(line.map(|n| format!("line {n}")));
    facets.extend(intent.clone());
    facets.extend(regimen.as_ref().map(|r| format!("part of {r}")));
    facets.extend((!combined_with.is_empty()).then(|| format!("with {}", combined_with.join(", "))));
    facets
}

fn doses<'a>(chart: &Chart<'a>, treatment: &'a Treatment) -> Cell<'a> {
    let mut cell = Vec::new();
    for dose in &treatment.doses {
        cell.push(value(wording::dose(dose)));
        cell.push(chart.context.said("", &dose.printed));
        cell.extend(dose.frequency.iter().map(|words| chart.context.said("", words)));
    }
    cell
}

/// Start, stop and length, each named, as the text may give any of them without the others.
fn course<'a>(chart: &Chart<'a>, fact: &'a Fact<Treatment>) -> Cell<'a> {
    let treatment = &fact.value;
    let mut stop = chart.when(fact, treatment.stop.as_ref(), Moment::End);
    if treatment.ongoing {
        stop.push(value("ongoing"));
    }
    let start = chart.when(fact, fact.timing.as_ref(), Moment::Start);
    let mut cell = Vec::new();
    for (name, part) in [("start", start), ("stop", stop), ("duration", chart.lengths(&treatment.durations))] {
        if !part.is_empty() {
            cell.push(Part::Term(name));
            cell.extend(part);
        }
    }
    cell.extend(treatment.cycles.map(|n| note(format!("cycles or doses: {n}"))));
    cell
}

fn reasons<'a>(chart: &Chart<'a>, treatment: &'a Treatment) -> Cell<'a> {
    let why = treatment.reason.iter().map(|words| chart.context.said("chosen:", words));
    let lead = if treatment.status == ActionStatus::Given { "stopped or changed:" } else { "because:" };
    why.chain(treatment.stop_reason.iter().map(|words| chart.context.said(lead, words))).collect()
}

/// Procedures by status.
pub(super) fn procedures<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let key = |p: &'a Fact<Procedure>| (p.value.status.clone(), wording::badge::procedure(&p.value.status));
    let groups = grouped(&chart.case.procedures, key, &STATUS, |p| {
        let head = action(chart, p, &p.value.label, wording::badge::procedure(&p.value.status));
        let when = chart.when(p, p.timing.as_ref(), Moment::Start);
        chart.row(p, head, vec![maybe(p.value.site.as_deref()), when, chart.said(p.value.reason.as_ref())])
    });
    let columns = ("Procedure", &["Site", "When", "Reason"][..]);
    Table::new(chart.part("procedures"), "Procedures", Topic::Treatment, columns, groups)
}
