//! Who the patient is, and the family.

use case_timeline::Moment;
use casemill_plugin_sdk::model::Sex;

use super::Chart;
use crate::topic::Topic;
use crate::view::{Row, Table, maybe, note, value};
use crate::wording;

/// Age and sex, every statement of them.
pub(super) fn patient<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let subject = &chart.case.subject;
    let sex = subject.sex.iter().filter_map(|sex| {
        let word = match sex.value {
            Sex::OtherSex => "neither female nor male".into(),
            ref other => wording::plain(other.as_str()),
        };
        chart.row(sex, chart.head(sex, "Sex"), vec![vec![value(word)]])
    });
    let age = subject.age.iter().filter_map(|age| {
        chart.row(age, chart.head(age, "Age at presentation"), vec![vec![value(wording::time::age(&age.value))]])
    });
    let rows: Vec<Row<'a>> = sex.chain(age).collect();
    Table::plain(chart.part("patient"), "Age and sex", Topic::Patient, ("Field", &["Value"]), rows)
}

/// Diseases of relatives.
pub(super) fn family<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.family_history.iter().filter_map(|fact| {
        let disease = if fact.value.label.is_empty() { "Family history" } else { &fact.value.label };
        chart.row(fact, chart.head(fact, wording::sentence(disease)), vec![maybe(fact.value.relative.as_deref())])
    });
    let columns = ("Disease", &["Relative"][..]);
    Table::plain(chart.part("family"), "Family history", Topic::Patient, columns, rows.collect())
}

/// Facts of types that plugins add: the type as a clinician would read it, and what it holds, name by name.
pub(super) fn added<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.plugin_facts.iter().filter_map(|fact| {
        let (plugin, name) = fact.value.owner_and_type();
        let fields = fact.value.fields.iter().map(|(name, field)| {
            let field = field.as_str().map_or_else(|| field.to_string(), str::to_owned);
            value(format!("{}: {field}", wording::plain(name)))
        });
        let kind = vec![value(wording::sentence(&wording::plain(name)).into_owned()), note(format!("by {plugin}"))];
        let head = chart.head(fact, wording::sentence(&fact.value.label));
        chart.row(fact, head, vec![kind, fields.collect(), chart.when(fact, fact.timing.as_ref(), Moment::Start)])
    });
    let columns = ("What", &["Kind", "Details", "When"][..]);
    Table::plain(chart.part("added"), "Further facts", Topic::Patient, columns, rows.collect())
}
