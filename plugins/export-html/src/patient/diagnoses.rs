//! Diagnoses: confirmed, suspected, differential, ruled out.

use case_timeline::Moment;
use casemill_plugin_sdk::model::{Certainty, Diagnosis};

use super::{Chart, sorted, summary};
use crate::topic::Topic;
use crate::view::{Cell, Part, Table, joined, maybe, value};
use crate::wording;

/// From the surest to the excluded.
const CERTAINTY: [Certainty; 4] =
    [Certainty::Confirmed, Certainty::Suspected, Certainty::Differential, Certainty::RuledOut];

/// Diagnoses by certainty.
pub(super) fn diagnoses<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let facts = sorted(&chart.case.diagnoses, |d| &d.certainty, &CERTAINTY);
    let rows = facts.into_iter().filter_map(|d| {
        let mut head = chart.head(d, wording::sentence(&d.value.label));
        if d.value.certainty == Certainty::RuledOut {
            // "Ruled out" in the next cell says it.
            head.badge = None;
        }
        head = head.noted(wording::plain(d.value.role.as_str()));
        if d.value.neoplasm {
            head = head.noted("neoplasm");
        }
        let certainty = vec![Part::Badge(wording::badge::certainty(&d.value.certainty))];
        let when = chart.when(d, d.timing.as_ref(), Moment::Start);
        chart.row(d, head, vec![certainty, extent(&d.value), when])
    });
    let columns = ("Diagnosis", &["Certainty", "Site, stage and grade", "When"][..]);
    Table::plain(chart.part("diagnoses"), "Diagnoses", Topic::Diagnosis, columns, rows.collect())
}

fn extent(diagnosis: &Diagnosis) -> Cell<'_> {
    let side = wording::side(diagnosis.laterality.as_ref()).unwrap_or_default();
    let site = joined([diagnosis.site.as_deref().unwrap_or_default().into(), side], ", ");
    let stages = diagnosis.stages.iter().map(|s| value(summary::stage(s)));
    maybe(site).into_iter().chain(stages).chain(diagnosis.grade.iter().map(|g| value(format!("grade: {g}")))).collect()
}
