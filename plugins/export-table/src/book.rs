//! All tables of a run, as CSV text that grows case by case.

use casemill_plugin_sdk::model::{AnyFact, Case, Fact, FactValue, NotReported, Report, Span, Terminology};
use casemill_plugin_sdk::serde_json::{Value, json};
use casemill_plugin_sdk::{Error, Result};

use crate::cells::{Cell, Cells, Column};
use crate::facts::Columns;
use crate::parts::{self, Dimension, Field, Length, Other, Text};
use crate::summary::Summary;

/// A table: its header and the CSV text of its rows so far.
#[derive(Debug)]
struct Table {
    name: &'static str,
    header: Vec<Column>,
    text: csv::Writer<Vec<u8>>,
}

impl Table {
    fn new(name: &'static str, header: Cells) -> Result<Self> {
        let header = header.into_columns();
        let mut text = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        text.write_record(header.iter().map(|column| &column.name))?;
        Ok(Self { name, header, text })
    }

    fn push(&mut self, row: Cells, guard: bool) -> Result<()> {
        let cells: Vec<Cell> = row.into_cells(&self.header);
        Ok(self.text.write_record(cells.into_iter().map(|cell| cell.written(guard)))?)
    }
}

/// All tables.
#[derive(Debug, Default)]
pub(crate) struct Book {
    guard: bool,
    tables: Vec<Table>,
}

/// Which case a row belongs to.
#[derive(Clone, Copy)]
struct Key<'a> {
    input: &'a str,
    case: &'a str,
}

impl Key<'_> {
    const NONE: Key<'static> = Key { input: "", case: "" };

    fn row(self, columns: &dyn Columns) -> Cells {
        let mut cells = Cells::default();
        cells.text("input", self.input);
        cells.text("case", self.case);
        columns.columns(&mut cells);
        cells
    }
}

/// A part of a fact: the fact's id, the number of the part, its columns.
struct Part<'a> {
    fact: &'a str,
    number: usize,
    columns: &'a dyn Columns,
}

impl<'a> Part<'a> {
    /// A part for the sake of its header.
    fn header(columns: &'a dyn Columns) -> Self {
        Self { fact: "", number: 1, columns }
    }
}

impl Columns for Part<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.text("fact", self.fact);
        cells.count("part", Some(self.number));
        self.columns.columns(cells);
    }
}

/// Part of a case: a number and a text.
struct Figure<'a>(usize, &'a str);

impl Columns for Figure<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.count("part", Some(self.0));
        cells.text("figure", self.1);
    }
}

impl Columns for NotReported {
    fn columns(&self, cells: &mut Cells) {
        cells.text("field", &self.field);
        cells.text("reason", &self.reason);
    }
}

impl Columns for Terminology {
    fn columns(&self, cells: &mut Cells) {
        cells.text("terminology", &self.prefix);
        cells.text("release", &self.release);
    }
}

/// Declares the tables, their headers and how a case fills them, so that none can be forgotten.
macro_rules! tables {
    (
        lists { $($list:ident: $fact:ty,)+ }
        parts { $($parts:literal: $owner:ident, $empty:expr, |$value:ident| $items:expr;)+ }
    ) => {
        impl Book {
            /// All tables with their headers. With `guard`, texts that a spreadsheet would calculate are guarded.
            ///
            /// # Errors
            /// None that can happen: the text is written to memory.
            pub(crate) fn new(guard: bool) -> Result<Self> {
                let mut book = Self { guard, tables: Vec::new() };
                book.add("cases", &Summary::default())?;
                book.add("age", &Fact::<casemill_plugin_sdk::model::Age>::default())?;
                book.add("sex", &Fact::<casemill_plugin_sdk::model::Sex>::default())?;
                $(book.add(stringify!($list), &Fact::<$fact>::default())?;)+
                $(book.add($parts, &Part::header(&$empty))?;)+
                book.add_common()?;
                Ok(book)
            }

            /// Adds the rows of a case.
            ///
            /// # Errors
            /// None that can happen: the text is written to memory.
            pub(crate) fn case(&mut self, report: &Report, case: &Case) -> Result<()> {
                let key = Key { input: &report.document.source.name, case: &case.id };
                self.push("cases", key.row(&Summary::new(report, case)))?;
                self.facts("age", key, &case.subject.age)?;
                self.facts("sex", key, &case.subject.sex)?;
                $(self.facts(stringify!($list), key, &case.$list)?;)+
                $(for fact in &case.$owner {
                    let $value = &fact.value;
                    for (i, columns) in $items.enumerate() {
                        let part = Part { fact: fact.id.as_str(), number: i + 1, columns: &columns };
                        self.push($parts, key.row(&part))?;
                    }
                })+
                self.common(report, case, key)
            }
        }
    };
}

mod values {
    pub(crate) use casemill_plugin_sdk::model::{
        AdverseEvent, Diagnosis, Dose, FamilyHistory, Finding, FollowUp, GeneInvolved, GenomicFinding, ImagingStudy,
        MarkerTest, Measurement, Modifier, Morphology, PluginFact, Procedure, Response, Site, Specimen, Stage, Suspect,
        Treatment, TumourSize,
    };
}

tables! {
    lists {
        findings: values::Finding,
        measurements: values::Measurement,
        imaging: values::ImagingStudy,
        sites: values::Site,
        tumour_sizes: values::TumourSize,
        specimens: values::Specimen,
        morphology: values::Morphology,
        marker_tests: values::MarkerTest,
        genomic_findings: values::GenomicFinding,
        diagnoses: values::Diagnosis,
        treatments: values::Treatment,
        procedures: values::Procedure,
        responses: values::Response,
        adverse_events: values::AdverseEvent,
        follow_up: values::FollowUp,
        family_history: values::FamilyHistory,
        plugin_facts: values::PluginFact,
    }
    parts {
        "finding_modifiers": findings, values::Modifier::default(), |f| f.modifiers.iter().cloned();
        "tumour_size_dimensions": tumour_sizes, Dimension::default(), |s| Dimension::of(s);
        "genomic_genes": genomic_findings, values::GeneInvolved::default(), |g| g.genes.iter().cloned();
        "genomic_hgvs": genomic_findings, Text { column: "hgvs", text: "" },
            |g| g.hgvs.iter().map(|text| Text { column: "hgvs", text });
        "diagnosis_stages": diagnoses, values::Stage::default(), |d| d.stages.iter().cloned();
        "treatment_doses": treatments, values::Dose::default(), |t| t.doses.iter().cloned();
        "treatment_durations": treatments, Length(None), |t| t.durations.iter().map(|d| Length(Some(d)));
        "treatment_combinations": treatments, Text { column: "combined_with", text: "" },
            |t| t.combined_with.iter().map(|text| Text { column: "combined_with", text });
        "response_modalities": responses, Text { column: "modality", text: "" },
            |r| r.modalities.iter().map(|text| Text { column: "modality", text });
        "plugin_fact_fields": plugin_facts, Field::default(), |p| Field::of(p);
        "adverse_event_suspects": adverse_events, values::Suspect::default(), |e| e.suspects.iter().cloned();
    }
}

impl Book {
    fn add(&mut self, name: &'static str, columns: &dyn Columns) -> Result<()> {
        self.tables.push(Table::new(name, Key::NONE.row(columns))?);
        Ok(())
    }

    /// The tables of parts that every kind of fact has, and of what belongs to a case or report as a whole.
    fn add_common(&mut self) -> Result<()> {
        self.add("codings", &Part::header(&parts::Code::default()))?;
        self.add("evidence", &Part::header(&parts::Mention::default()))?;
        self.add("conflicts", &Part::header(&Other { column: "conflicts_with", fact: None }))?;
        self.add("derivations", &Part::header(&Other { column: "derived_from", fact: None }))?;
        self.add("figures", &Figure(1, ""))?;
        self.add("not_reported", &NotReported { field: String::new(), reason: String::new() })?;
        self.add("terminologies", &Terminology { prefix: String::new(), release: String::new() })?;
        self.add("diagnostics", &Finding::default())
    }

    fn push(&mut self, name: &str, row: Cells) -> Result<()> {
        let table = self.tables.iter_mut().find(|t| t.name == name);
        table.ok_or_else(|| Error::new(format!("no table `{name}`")))?.push(row, self.guard)
    }

    fn facts<T: FactValue + Columns>(&mut self, name: &str, key: Key<'_>, facts: &[Fact<T>]) -> Result<()> {
        facts.iter().try_for_each(|fact| self.push(name, key.row(fact)))
    }

    fn common(&mut self, report: &Report, case: &Case, key: Key<'_>) -> Result<()> {
        let mut facts: Vec<(&'static str, &dyn AnyFact)> = Vec::with_capacity(case.fact_count());
        case.visit(&mut |list, fact| facts.push((list, fact)));
        for (list, fact) in facts {
            for (table, number, columns) in parts::common(list, fact, &report.terminologies) {
                let part = Part { fact: fact.id().as_str(), number, columns: &*columns };
                self.push(table, key.row(&part))?;
            }
        }
        for (i, figure) in case.figures.iter().enumerate() {
            self.push("figures", key.row(&Figure(i + 1, figure)))?;
        }
        case.not_reported.iter().try_for_each(|field| self.push("not_reported", key.row(field)))
    }

    /// Adds what belongs to a report as a whole: releases of terminologies, and what the validators found.
    ///
    /// # Errors
    /// None that can happen: the text is written to memory.
    pub(crate) fn report(&mut self, report: &Report) -> Result<()> {
        let key = Key { input: &report.document.source.name, case: "" };
        report.terminologies.iter().try_for_each(|t| self.push("terminologies", key.row(t)))?;
        for diagnostic in &report.audit.diagnostics {
            let case = diagnostic.case.as_deref().unwrap_or_default();
            let key = Key { input: &report.document.source.name, case };
            let label = diagnostic.labels.first();
            let finding = Finding {
                rule: &diagnostic.rule,
                severity: diagnostic.severity.as_str(),
                message: &diagnostic.message,
                help: diagnostic.help.as_deref().unwrap_or_default(),
                quote: label.map(|l| report.document.words(l.span)).unwrap_or_default(),
                span: label.map(|l| l.span),
                origin: label.and_then(|l| l.place).map(|p| p.origin),
            };
            self.push("diagnostics", key.row(&finding))?;
        }
        Ok(())
    }

    /// The tables and the types of their columns as a Tabular Data Package (Frictionless Data, v1), so that no reader
    /// has to guess whether a column of digits is a number.
    pub(crate) fn package(&self) -> Value {
        let field = |column: &Column| json!({ "name": column.name, "type": column.kind.as_str() });
        let resource = |table: &Table| {
            json!({
                "profile": "tabular-data-resource",
                "name": table.name,
                "path": format!("{}.csv", table.name),
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": { "fields": table.header.iter().map(field).collect::<Vec<_>>(), "missingValues": [""] },
            })
        };
        json!({
            "profile": "tabular-data-package",
            "name": "casemill-tables",
            "resources": self.tables.iter().map(resource).collect::<Vec<_>>(),
        })
    }

    /// The files: name of the table and its bytes.
    ///
    /// # Errors
    /// None that can happen: the text is written to memory.
    pub(crate) fn into_files(self) -> Result<Vec<(&'static str, Vec<u8>)>> {
        let bytes = |table: Table| {
            let bytes = table.text.into_inner().map_err(|e| Error::new(format!("table `{}`: {e}", table.name)))?;
            Ok((table.name, bytes))
        };
        self.tables.into_iter().map(bytes).collect()
    }
}

/// What a validator found, with its main place.
#[derive(Debug, Default)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    help: &'a str,
    quote: &'a str,
    span: Option<Span>,
    origin: Option<Span>,
}

impl Columns for Finding<'_> {
    fn columns(&self, cells: &mut Cells) {
        cells.text("rule", self.rule);
        cells.text("severity", self.severity);
        cells.text("message", self.message);
        cells.text("help", self.help);
        cells.text("quote", self.quote);
        cells.span("text", self.span);
        cells.span("origin", self.origin);
    }
}
