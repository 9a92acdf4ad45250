//! The columns of what a fact has several of.

use casemill_plugin_sdk::model::{
    AnyFact, Coding, Decimal, Dose, Evidence, FactId, GeneInvolved, Modifier, PluginFact, Stage, Suspect, Terminology,
    Timing, TumourSize,
};

use crate::cells::Cells;
use crate::facts::{Columns, centimetres};

impl Columns for Modifier {
    fn columns(&self, cells: &mut Cells) {
        cells.text("modifier", &self.label);
        cells.coding(self.coding.as_ref());
    }
}

impl Columns for GeneInvolved {
    fn columns(&self, cells: &mut Cells) {
        cells.text("symbol", &self.symbol);
        cells.word("role", &self.role);
        cells.coding(self.coding.as_ref());
        cells.maybe("band", self.band.as_deref());
        cells.maybe("exon", self.exon.as_deref());
    }
}

impl Columns for Stage {
    fn columns(&self, cells: &mut Cells) {
        cells.text("system", &self.system);
        cells.text("stage", &self.value);
    }
}

impl Columns for Dose {
    fn columns(&self, cells: &mut Cells) {
        cells.words("printed", Some(&self.printed));
        cells.quantity(Some(&self.amount));
        cells.words("frequency", self.frequency.as_ref());
        cells.maybe("route", self.route.as_deref());
    }
}

impl Columns for Suspect {
    fn columns(&self, cells: &mut Cells) {
        cells.text("agent", &self.agent);
        cells.fact("treatment", self.treatment.as_ref());
    }
}

/// A dimension of a size.
#[derive(Debug, Default)]
pub(crate) struct Dimension {
    digits: Decimal,
    unit: String,
    centimetres: Option<f64>,
}

impl Dimension {
    /// The dimensions of a size, in the order of the text.
    pub(crate) fn of(size: &TumourSize) -> impl Iterator<Item = Self> + '_ {
        size.dimensions.iter().map(|digits| Self {
            digits: digits.clone(),
            unit: size.unit.clone(),
            centimetres: centimetres(size, digits),
        })
    }
}

impl Columns for Dimension {
    fn columns(&self, cells: &mut Cells) {
        cells.decimal("value", Some(&self.digits));
        cells.text("unit", &self.unit);
        cells.number("size_cm", self.centimetres);
    }
}

/// A field of a fact that a plugin adds.
#[derive(Debug, Default)]
pub(crate) struct Field {
    name: String,
    value: String,
}

impl Field {
    /// The fields of a fact, by name.
    pub(crate) fn of(fact: &PluginFact) -> impl Iterator<Item = Self> + '_ {
        fact.fields.iter().map(|(name, value)| Self {
            name: name.clone(),
            value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        })
    }
}

impl Columns for Field {
    fn columns(&self, cells: &mut Cells) {
        cells.text("field", &self.name);
        cells.text("value", &self.value);
    }
}

/// A stated length of a treatment.
#[derive(Debug)]
pub(crate) struct Length<'a>(pub(crate) Option<&'a Timing>);

impl Columns for Length<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.timing("duration", self.0);
    }
}

/// A text.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    /// Name of the column.
    pub(crate) column: &'static str,
    /// The text.
    pub(crate) text: &'a str,
}

impl Columns for Text<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.text(self.column, self.text);
    }
}

/// Another fact.
#[derive(Debug)]
pub(crate) struct Other<'a> {
    /// Name of the column.
    pub(crate) column: &'static str,
    /// The fact.
    pub(crate) fact: Option<&'a FactId>,
}

impl Columns for Other<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.fact(self.column, self.fact);
    }
}

/// A code of a fact, with the release of its terminology.
#[derive(Debug, Default)]
pub(crate) struct Code<'a> {
    /// List of the fact.
    pub(crate) list: &'a str,
    /// The code.
    pub(crate) coding: Option<&'a Coding>,
    /// Releases that the report names.
    pub(crate) terminologies: &'a [Terminology],
}

impl Columns for Code<'_> {
    fn columns(&self, cells: &mut Cells) {
        let prefix = self.coding.map(Coding::prefix);
        let release = self.terminologies.iter().find(|t| Some(t.prefix.as_str()) == prefix).map(|t| t.release.as_str());
        cells.text("list", self.list);
        cells.maybe("terminology", prefix);
        cells.maybe("release", release);
        cells.coding(self.coding);
    }
}

/// A mention of a fact.
#[derive(Debug, Default)]
pub(crate) struct Mention<'a> {
    /// List of the fact.
    pub(crate) list: &'a str,
    /// The mention.
    pub(crate) evidence: Option<&'a Evidence>,
}

impl Columns for Mention<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.text("list", self.list);
        cells.maybe("quote", self.evidence.map(|e| e.quote.as_str()));
        cells.span("text", self.evidence.map(|e| e.span));
        cells.span("origin", self.evidence.and_then(|e| e.origin));
        cells.maybe_word("section", self.evidence.and_then(|e| e.section.as_ref()));
        cells.maybe("by", self.evidence.map(|e| e.by.as_str()));
    }
}

/// Codes, mentions, conflicts and inputs of any fact: the parts that all kinds have.
pub(crate) fn common<'a>(
    list: &'a str,
    fact: &'a dyn AnyFact,
    terminologies: &'a [Terminology],
) -> impl Iterator<Item = (&'static str, usize, Box<dyn Columns + 'a>)> {
    fn boxed<'a>(part: impl Columns + 'a) -> Box<dyn Columns + 'a> {
        Box::new(part)
    }
    let codings = fact.codings().iter().map(move |c| boxed(Code { list, coding: Some(c), terminologies }));
    let mentions = fact.evidence().iter().map(move |e| boxed(Mention { list, evidence: Some(e) }));
    let conflicts = fact.conflicts_with().iter().map(|f| boxed(Other { column: "conflicts_with", fact: Some(f) }));
    let inputs = fact.derived().map_or(&[][..], |d| &d.from);
    let inputs = inputs.iter().map(|f| boxed(Other { column: "derived_from", fact: Some(f) }));
    let numbered = |table: &'static str| move |(i, part)| (table, i + 1, part);
    let codings = codings.enumerate().map(numbered("codings"));
    let mentions = mentions.enumerate().map(numbered("evidence"));
    let conflicts = conflicts.enumerate().map(numbered("conflicts"));
    codings.chain(mentions).chain(conflicts).chain(inputs.enumerate().map(numbered("derivations")))
}
