//! Responses and the end of observation.

use std::borrow::Cow;

use case_timeline::Moment;
use casemill_plugin_sdk::model::{Fact, FollowUp, VitalStatus};

use super::Chart;
use crate::topic::Topic;
use crate::view::{Head, Part, Table, maybe};
use crate::wording;

/// Responses in the order of the text.
pub(super) fn responses<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.responses.iter().filter_map(|r| {
        let category = wording::response(&r.value.category);
        let head = chart.head(r, wording::sentence(&category).into_owned());
        let seen = (!r.value.modalities.is_empty()).then(|| r.value.modalities.join(", "));
        let to = r.value.treatment.as_ref().and_then(|id| chart.context.link(id));
        let to = to.map(|link| Part::Fact("", link)).into_iter().collect();
        let when = chart.when(r, r.timing.as_ref(), Moment::Start);
        let change = chart.said(r.value.change.as_ref());
        chart.row(r, head, vec![maybe(r.value.criteria.as_deref()), maybe(seen), to, change, when])
    });
    let columns = ("Response", &["Criteria", "Seen on", "To", "Change", "When"][..]);
    Table::plain(chart.part("responses"), "Responses", Topic::Outcome, columns, rows.collect())
}

/// Statements on the end of observation.
pub(super) fn follow_up<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.follow_up.iter().filter_map(|f| {
        let length = maybe(f.value.duration.as_ref().map(wording::time::extent));
        let disease = f.value.disease_status.iter().map(|words| chart.context.said("", words));
        let cause = f.value.cause_of_death.iter().map(|words| chart.context.said("cause of death:", words));
        let when = chart.when(f, f.timing.as_ref(), Moment::Start);
        chart.row(f, vital(chart, f), vec![length, disease.chain(cause).collect(), when])
    });
    let columns = ("Status", &["Duration", "Disease", "When"][..]);
    Table::plain(chart.part("follow-up"), "Follow-up", Topic::Outcome, columns, rows.collect())
}

fn vital<'a>(chart: &Chart<'a>, fact: &'a Fact<FollowUp>) -> Head<'a> {
    let head = chart.head(fact, vital_status(&fact.value.vital_status));
    if fact.value.lost { head.noted("lost to follow-up") } else { head }
}

/// Vital status in words.
pub(super) fn vital_status(status: &VitalStatus) -> Cow<'_, str> {
    match status {
        VitalStatus::Unknown => "Vital status not reported".into(),
        other => wording::sentence(other.as_str()),
    }
}
