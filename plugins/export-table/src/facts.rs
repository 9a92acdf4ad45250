//! The columns of each kind of fact.
//!
//! A table's header is made of the same code as its rows: the names of the cells of an empty value.

use casemill_plugin_sdk::model::{
    AdverseEvent, Age, Decimal, Diagnosis, Fact, FactValue, FamilyHistory, Finding, FollowUp, GenomicFinding,
    ImagingStudy, MarkerTest, Measurement, Morphology, PluginFact, Procedure, Response, Sex, Site, Specimen, Treatment,
    TumourSize,
};

use crate::cells::Cells;

/// Something that is cells of a row.
pub(crate) trait Columns {
    /// Adds its cells, the same names for every value.
    fn columns(&self, cells: &mut Cells);
}

/// A fact: what it says, how it is stated, its first code, its time and its first mention.
impl<T: FactValue + Columns> Columns for Fact<T> {
    fn columns(&self, cells: &mut Cells) {
        cells.text("fact", self.id.as_str());
        cells.text("label", self.value.label());
        self.value.columns(cells);
        cells.word("assertion", &self.assertion);
        cells.word("scope", &self.scope);
        cells.coding(self.codings.first());
        cells.timing("at", self.timing.as_ref());
        let mention = self.evidence.first();
        cells.maybe("quote", mention.map(|e| e.quote.as_str()));
        cells.span("text", mention.map(|e| e.span));
        cells.span("origin", mention.and_then(|e| e.origin));
        cells.maybe_word("section", mention.and_then(|e| e.section.as_ref()));
        cells.maybe("derived_formula", self.derived.as_ref().map(|d| d.formula.as_str()));
    }
}

impl Columns for Age {
    fn columns(&self, cells: &mut Cells) {
        cells.number("age_years", Some(self.value.in_years()));
        cells.flag("approximate", self.approximate);
    }
}

impl Columns for Sex {
    fn columns(&self, cells: &mut Cells) {
        cells.word("sex", self);
    }
}

impl Columns for Finding {
    fn columns(&self, cells: &mut Cells) {
        cells.word("kind", &self.kind);
        cells.maybe("severity", self.severity.as_deref());
        cells.maybe_word("laterality", self.laterality.as_ref());
        cells.maybe("site", self.site.as_deref());
        cells.maybe("reporter", self.reporter.as_deref());
        cells.timing("resolved", self.resolved.as_ref());
    }
}

impl Columns for Measurement {
    fn columns(&self, cells: &mut Cells) {
        cells.quantity(self.quantity.as_ref());
        cells.words("result", self.text.as_ref());
        let reference = self.reference.as_ref();
        cells.decimal("reference_low", reference.and_then(|r| r.low.as_ref()));
        cells.decimal("reference_high", reference.and_then(|r| r.high.as_ref()));
        cells.words("reference_printed", reference.map(|r| &r.printed));
        cells.maybe_word("abnormality", self.abnormality.as_ref());
        cells.maybe("specimen", self.specimen.as_deref());
    }
}

impl Columns for ImagingStudy {
    fn columns(&self, cells: &mut Cells) {
        cells.text("modality", &self.modality);
        cells.maybe("region", self.region.as_deref());
        cells.maybe("contrast", self.contrast.as_deref());
        cells.maybe("figure", self.figure.as_deref());
    }
}

impl Columns for Site {
    fn columns(&self, cells: &mut Cells) {
        cells.word("role", &self.role);
        cells.maybe_word("laterality", self.laterality.as_ref());
    }
}

/// Length of a size in centimetres.
pub(crate) fn centimetres(size: &TumourSize, dimension: &Decimal) -> Option<f64> {
    match size.unit.as_str() {
        "cm" => Some(dimension.value()),
        "mm" => Some(dimension.value() / 10.0),
        _ => None,
    }
}

impl Columns for TumourSize {
    fn columns(&self, cells: &mut Cells) {
        let largest = self.dimensions.iter().filter_map(|d| centimetres(self, d)).max_by(f64::total_cmp);
        cells.number("largest_cm", largest);
        cells.text("unit", &self.unit);
        cells.text("lesion", &self.lesion);
        cells.flag("metastasis", self.metastasis);
        cells.maybe("site", self.site.as_deref());
        cells.maybe("modality", self.modality.as_deref());
        cells.maybe("figure", self.figure.as_deref());
    }
}

impl Columns for Specimen {
    fn columns(&self, cells: &mut Cells) {
        cells.maybe("site", self.site.as_deref());
        cells.maybe("method", self.method.as_deref());
    }
}

impl Columns for Morphology {
    fn columns(&self, cells: &mut Cells) {
        cells.maybe("grade", self.grade.as_deref());
        cells.words("mitoses", self.mitoses.as_ref());
    }
}

impl Columns for MarkerTest {
    fn columns(&self, cells: &mut Cells) {
        cells.text("name", &self.name);
        cells.word("result", &self.result);
        cells.maybe("clone", self.clone.as_deref());
        cells.maybe("extent", self.extent.as_deref());
        cells.maybe("intensity", self.intensity.as_deref());
        cells.maybe("localisation", self.localisation.as_deref());
        cells.maybe("score", self.score.as_deref());
        cells.text("method", if self.method.is_empty() { "IHC" } else { &self.method });
        cells.maybe("specimen", self.specimen.as_deref());
    }
}

impl Columns for GenomicFinding {
    fn columns(&self, cells: &mut Cells) {
        cells.word("kind", &self.kind);
        cells.word("result", &self.result);
        cells.maybe("iscn", self.iscn.as_deref());
        cells.maybe("assay", self.assay.as_deref());
        cells.word("origin", &self.origin);
        cells.maybe("zygosity", self.zygosity.as_deref());
        cells.maybe("fraction", self.fraction.as_deref());
        cells.maybe("value", self.value.as_deref());
        cells.maybe("classification", self.classification.as_deref());
        cells.maybe("specimen", self.specimen.as_deref());
    }
}

impl Columns for Diagnosis {
    fn columns(&self, cells: &mut Cells) {
        cells.word("certainty", &self.certainty);
        cells.word("role", &self.role);
        cells.flag("neoplasm", self.neoplasm);
        cells.maybe("site", self.site.as_deref());
        cells.maybe_word("laterality", self.laterality.as_ref());
        cells.maybe("grade", self.grade.as_deref());
    }
}

impl Columns for Treatment {
    fn columns(&self, cells: &mut Cells) {
        cells.maybe("written", self.written.as_deref());
        cells.word("kind", &self.kind);
        cells.word("status", &self.status);
        cells.word("role", &self.role);
        cells.count("line", self.line);
        cells.maybe("intent", self.intent.as_deref());
        cells.count("cycles", self.cycles);
        cells.flag("ongoing", self.ongoing);
        cells.words("reason", self.reason.as_ref());
        cells.words("stop_reason", self.stop_reason.as_ref());
        cells.maybe("regimen", self.regimen.as_deref());
        cells.timing("stop", self.stop.as_ref());
    }
}

impl Columns for Procedure {
    fn columns(&self, cells: &mut Cells) {
        cells.word("status", &self.status);
        cells.maybe("site", self.site.as_deref());
        cells.words("reason", self.reason.as_ref());
    }
}

impl Columns for Response {
    fn columns(&self, cells: &mut Cells) {
        cells.word("category", &self.category);
        cells.maybe("criteria", self.criteria.as_deref());
        cells.fact("treatment", self.treatment.as_ref());
        cells.words("change", self.change.as_ref());
    }
}

impl Columns for AdverseEvent {
    fn columns(&self, cells: &mut Cells) {
        cells.fact("finding", self.finding.as_ref());
        cells.count("ctcae_grade", self.grade);
        cells.maybe("severity", self.severity.as_deref());
        cells.words("causality", self.causality.as_ref());
        cells.words("action", self.action.as_ref());
        cells.maybe_word("dechallenge", self.dechallenge.as_ref());
        cells.maybe_word("rechallenge", self.rechallenge.as_ref());
        cells.maybe("outcome", self.outcome.as_deref());
        cells.words("outcome_words", self.outcome_words.as_ref());
        cells.maybe("reporter", self.reporter.as_deref());
        cells.timing("resolved", self.resolved.as_ref());
    }
}

impl Columns for FollowUp {
    fn columns(&self, cells: &mut Cells) {
        cells.extent("duration", self.duration.as_ref());
        cells.word("vital_status", &self.vital_status);
        cells.words("disease_status", self.disease_status.as_ref());
        cells.flag("lost_to_follow_up", self.lost);
        cells.words("cause_of_death", self.cause_of_death.as_ref());
    }
}

impl Columns for PluginFact {
    fn columns(&self, cells: &mut Cells) {
        let (plugin, name) = self.owner_and_type();
        cells.text("plugin", plugin);
        cells.text("type", name);
    }
}

impl Columns for FamilyHistory {
    fn columns(&self, cells: &mut Cells) {
        cells.maybe("relative", self.relative.as_deref());
    }
}
