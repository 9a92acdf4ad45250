//! Imaging studies, sites and sizes of the tumour.

use case_timeline::Moment;
use casemill_plugin_sdk::model::{SiteRole, TumourSize};

use super::Chart;
use crate::topic::Topic;
use crate::view::{Cell, Table, joined, maybe, note, value};
use crate::wording;

/// Imaging studies.
pub(super) fn studies<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.imaging.iter().filter_map(|i| {
        let head = chart.head(i, i.value.modality.as_str());
        let when = chart.when(i, i.timing.as_ref(), Moment::Start);
        let [region, contrast, figure] = [&i.value.region, &i.value.contrast, &i.value.figure];
        let cells = [region, contrast, figure].map(|part| maybe(part.as_deref()));
        chart.row(i, head, cells.into_iter().chain([when]).collect())
    });
    let columns = ("Modality", &["Region", "Contrast or tracer", "Figure", "When"][..]);
    Table::plain(chart.part("imaging"), "Imaging", Topic::Imaging, columns, rows.collect())
}

/// Sites of the disease.
pub(super) fn sites<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.sites.iter().filter_map(|s| {
        let role = match &s.value.role {
            SiteRole::Primary => "primary tumour".into(),
            SiteRole::Biopsy => "tissue taken here".into(),
            SiteRole::Spared => "said to be free".into(),
            other => wording::plain(other.as_str()),
        };
        let side = maybe(wording::side(s.value.laterality.as_ref()));
        chart.row(s, chart.head(s, wording::sentence(&s.value.label)), vec![vec![value(role)], side])
    });
    let columns = ("Site", &["Role", "Side"][..]);
    Table::plain(chart.part("sites"), "Sites", Topic::Imaging, columns, rows.collect())
}

/// Sizes as stated.
pub(super) fn sizes<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let rows = chart.case.tumour_sizes.iter().filter_map(|s| {
        let head = chart.head(s, size(&s.value));
        let when = chart.when(s, s.timing.as_ref(), Moment::Start);
        let TumourSize { site, modality, figure, .. } = &s.value;
        let cells = [site, modality, figure].map(|part| maybe(part.as_deref()));
        chart.row(s, head, std::iter::once(lesion(&s.value)).chain(cells).chain([when]).collect())
    });
    let columns = ("Size", &["Lesion", "Site", "Measured by", "Figure", "When"][..]);
    Table::plain(chart.part("sizes"), "Tumour size", Topic::Imaging, columns, rows.collect())
}

fn lesion(size: &TumourSize) -> Cell<'_> {
    let mut cell = maybe(joined([size.lesion.as_str().into()], ""));
    if size.metastasis {
        cell.push(note("metastasis"));
    }
    cell
}

/// The dimensions in the order of the text.
pub(super) fn size(size: &TumourSize) -> String {
    use casemill_plugin_sdk::model::FactValue;
    size.label().into_owned()
}
