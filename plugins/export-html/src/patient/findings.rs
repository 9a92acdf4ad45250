//! Symptoms, signs and other findings; measured values.

use std::borrow::Cow;

use case_timeline::Moment;
use casemill_plugin_sdk::model::{Assertion, Fact, Finding, Measurement};

use super::{Chart, grouped};
use crate::topic::Topic;
use crate::view::{Cell, Codes, Part, Table, joined, maybe, note, value};
use crate::wording;

/// Findings by what the text says of them: present, left open, absent.
pub(super) fn findings<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let order = [Assertion::Present, Assertion::Uncertain, Assertion::Absent];
    let key = |f: &'a Fact<Finding>| (f.assertion.clone(), wording::badge::assertion(&f.assertion));
    let groups = grouped(&chart.case.findings, key, &order, |f| {
        let head = chart.head(f, wording::sentence(&f.value.label)).noted(wording::plain(f.value.kind.as_str()));
        let onset = chart.when(f, f.timing.as_ref(), Moment::Start);
        let gone = chart.when(f, f.value.resolved.as_ref(), Moment::End);
        chart.row(f, head, vec![details(&f.value), onset, gone])
    });
    let columns = ("Finding", &["Details", "Onset or time", "Resolved"][..]);
    Table::new(chart.part("findings"), "Findings", Topic::Finding, columns, groups)
}

fn details(finding: &Finding) -> Cell<'_> {
    let side = wording::side(finding.laterality.as_ref());
    let place = [finding.site.as_deref().unwrap_or_default().into(), side.unwrap_or_default()];
    let mut cell = maybe(joined(place, ", "));
    cell.extend(finding.severity.iter().map(|s| note(format!("severity: {s}"))));
    for modifier in &finding.modifiers {
        cell.push(note(modifier.label.as_str()));
        if let Some(coding) = &modifier.coding {
            cell.push(Part::Codes(Codes(std::slice::from_ref(coding))));
        }
    }
    cell.extend(finding.reporter.iter().map(|who| note(format!("reported by: {who}"))));
    cell
}

/// Measured values with their reference.
pub(super) fn measurements<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.measurements.iter().filter_map(|m| {
        let head = chart.head(m, wording::sentence(&m.value.analyte));
        let flag = m.value.abnormality.iter().map(|a| Part::Badge(wording::badge::abnormality(a))).collect();
        let reference = chart.said(m.value.reference.as_ref().map(|r| &r.printed));
        let when = chart.when(m, m.timing.as_ref(), Moment::Start);
        let specimen = maybe(m.value.specimen.as_deref());
        chart.row(m, head, vec![result(chart, &m.value), flag, reference, specimen, when])
    });
    let columns = ("Analyte", &["Result", "Flag", "Reference", "Specimen", "When"][..]);
    Table::plain(chart.part("measurements"), "Measurements", Topic::Finding, columns, rows.collect())
}

fn result<'a>(chart: &Chart<'a>, measurement: &'a Measurement) -> Cell<'a> {
    let mut cell = Vec::new();
    if let Some(quantity) = &measurement.quantity {
        cell.push(value(wording::quantity(quantity)));
        let coded = quantity.unit.as_deref().filter(|unit| *unit != quantity.printed_unit);
        cell.extend(coded.map(|unit| note(Cow::Owned(format!("UCUM: {unit}")))));
    }
    cell.extend(measurement.text.iter().map(|words| chart.context.said("", words)));
    cell
}
