//! Specimens, microscopy and the marker panel.

use case_timeline::Moment;
use casemill_plugin_sdk::model::{Fact, MarkerResult, MarkerTest};

use super::{Chart, sorted};
use crate::topic::Topic;
use crate::view::{Badge, Cell, Part, Table, joined, maybe, value};
use crate::wording;

/// Specimens.
pub(super) fn specimens<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.specimens.iter().filter_map(|s| {
        let head = chart.head(s, wording::sentence(&s.value.label));
        let when = chart.when(s, s.timing.as_ref(), Moment::Start);
        chart.row(s, head, vec![maybe(s.value.site.as_deref()), maybe(s.value.method.as_deref()), when])
    });
    let columns = ("Specimen", &["Site", "Taken by", "When"][..]);
    Table::plain(chart.part("specimens"), "Specimens", Topic::Pathology, columns, rows.collect())
}

/// Microscopy.
pub(super) fn morphology<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.morphology.iter().filter_map(|m| {
        let head = chart.head(m, wording::sentence(&m.value.pattern));
        let when = chart.when(m, m.timing.as_ref(), Moment::Start);
        chart.row(m, head, vec![maybe(m.value.grade.as_deref()), chart.said(m.value.mitoses.as_ref()), when])
    });
    let columns = ("Pattern", &["Grade", "Mitoses", "When"][..]);
    Table::plain(chart.part("morphology"), "Microscopy", Topic::Pathology, columns, rows.collect())
}

/// The order in which a panel is read.
const RESULTS: [MarkerResult; 5] = [
    MarkerResult::Positive,
    MarkerResult::Retained,
    MarkerResult::Equivocal,
    MarkerResult::Lost,
    MarkerResult::Negative,
];

/// The marker panel by result.
pub(super) fn markers<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let facts = sorted(&chart.case.marker_tests, |t| &t.result, &RESULTS);
    let rows = facts.into_iter().filter_map(|t| {
        let mut head = chart.head(t, wording::marker(&t.value));
        if t.value.result == MarkerResult::Negative {
            // "Negative" in the next cell says it.
            head.badge = None;
        }
        if t.value.marker != wording::marker(&t.value) {
            head = head.noted(t.value.marker.as_str());
        }
        let result = vec![Part::Badge(wording::badge::marker(&t.value.result))];
        let MarkerTest { extent, intensity, localisation, score, clone, specimen, .. } = &t.value;
        let cells = [extent, intensity, localisation, score, clone, specimen].map(|part| maybe(part.as_deref()));
        let rest = [method(&t.value), chart.when(t, t.timing.as_ref(), Moment::Start)];
        chart.row(t, head, std::iter::once(result).chain(cells).chain(rest).collect())
    });
    let columns = ["Result", "Extent", "Intensity", "Localisation", "Score", "Clone", "Specimen", "Method", "When"];
    Table::plain(chart.part("markers"), "Marker panel", Topic::Pathology, ("Marker", &columns), rows.collect())
}

fn method(test: &MarkerTest) -> Cell<'_> {
    // Empty means immunohistochemistry; a column that says so in each row would say nothing.
    joined([test.method.as_str().into()], "").map(value).into_iter().collect()
}

/// The panel in one line per result, as a pathologist dictates it: `+ positive` and the markers.
pub(super) fn panel<'a>(tests: &'a [Fact<MarkerTest>]) -> Vec<Cell<'a>> {
    let mut lines: Vec<(Badge<'a>, Vec<&str>)> = Vec::new();
    for test in tests.iter().filter(|t| t.is_present() || t.value.result == MarkerResult::Negative) {
        let badge = wording::badge::marker(&test.value.result);
        let name = wording::marker(&test.value);
        match lines.iter_mut().find(|(b, _)| *b == badge) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => lines.push((badge, vec![name])),
        }
    }
    lines.into_iter().map(|(badge, names)| vec![Part::Badge(badge), value(names.join(", "))]).collect()
}
