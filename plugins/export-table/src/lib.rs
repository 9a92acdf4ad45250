//! Cohort tables as CSV: all cases of a run, in `tables/`.
//!
//! ```text
//! tables/cases.csv              one row per case: who, what, treated how, with which result
//! tables/<list>.csv             one row per fact, for each list of the case: findings, treatments, marker_tests, ...
//! tables/<fact>_<part>.csv      one row per part of a fact, where it has several: genomic_genes, treatment_doses, ...
//! tables/codings.csv            every code of every fact; genes and modifiers have theirs in their own tables
//! tables/evidence.csv           every mention of every fact
//! tables/conflicts.csv, derivations.csv, figures.csv, not_reported.csv, terminologies.csv, diagnostics.csv
//! tables/datapackage.json       names and types of all columns (Frictionless Tabular Data Package)
//! ```
//!
//! Rows are tied by `input` and `case`, parts by `fact`, and by `part`, their number from 1 in the order of the record.
//! Every table is there with its header, also where it has no rows, so that a script finds what it expects.
//!
//! - **Cells** hold one value. What a fact has several of is rows of its own table.
//! - **Unknown** is an empty cell, never `NA`.
//! - **Numbers** are digits with a `.`; their unit stands in the header (`age_years`, `size_cm`, `at_days_min`) or in a
//!   column beside them (`value`, `unit`). Days count from presentation, day 0, and are negative before it; `min` and
//!   `max` are the imprecision of the words.
//! - **Comparators** of numbers are words: `equal`, `less`, `at_most`, `more`, `at_least`, `about`.
//! - **Dates** are year, month and day in columns of their own, as far as the report gives them.
//! - **Yes and no** are `true` and `false`.
//! - **Places** are byte offsets, half-open: `text_start` to `text_end` in the repaired text, `origin_start` to
//!   `origin_end` in the input. They need no line numbers and survive any editor.
//! - **Form** is RFC 4180: UTF-8 without byte order mark, CRLF between rows, quotes where needed and doubled inside.
//!
//! # Cells that a spreadsheet would calculate
//!
//! A spreadsheet runs a text cell that starts with `=`, `+`, `-`, `@`, tab or line break as a formula, and words of a
//! report may start so ("+8", "=SUM(A1)"). Such a text gets an apostrophe in front, which spreadsheets take as "this is
//! text"; so does a text that starts with apostrophes and then one of those, so that taking away one apostrophe gives
//! back the text in every case. Numbers are written by the exporter and are never touched: -61 stays a number. The
//! option `formula_guard` switches this off for programs that read the files as they are.
//!
//! Nothing that a fact says is lost; of words within a fact (a reason, a result) the words are written and the place is
//! not. Facts of types that plugins add stand in `plugin_facts.csv`, their fields in `plugin_fact_fields.csv`. Data of plugins
//! that is not facts has no table, and is reported as lost.

#![forbid(unsafe_code)]

mod book;
mod cells;
mod facts;
mod parts;
mod summary;
#[cfg(test)]
mod tests;

use casemill_plugin_sdk::prelude::*;
use casemill_plugin_sdk::serde_json;

use crate::book::Book;

/// Writes tables.
#[derive(Debug, Default)]
struct Tables {
    book: Book,
}

impl Exporter for Tables {
    const FORMAT: Format = Format::new("csv", "text/csv", "csv");
    const COHORT: bool = true;
    const SUMMARY: &'static str =
        "CSV tables over all cases of the run: one row per case, and one long table per kind of fact";

    fn options() -> OptionSpecs {
        OptionSpecs::new().flag(
            "formula_guard",
            true,
            "put an apostrophe before a text that a spreadsheet would calculate",
        )
    }

    fn configure(&mut self, options: &Options) -> Result<()> {
        self.book = Book::new(options.flag("formula_guard"))?;
        Ok(())
    }

    fn export_report(&mut self, report: &Report, out: &mut Artifacts<'_>) -> Result<()> {
        for case in &report.cases {
            self.book.case(report, case)?;
            for plugin in case.extensions.keys() {
                let reason = "what a plugin adds beside the facts has no table";
                out.lost(
                    None,
                    format!("data of plugin `{plugin}` in {} of {}", case.id, report.document.source.name),
                    reason,
                );
            }
        }
        self.book.report(report)
    }

    fn finish(&mut self, out: &mut Artifacts<'_>) -> Result<()> {
        let book = std::mem::take(&mut self.book);
        let mut package = serde_json::to_vec_pretty(&book.package())?;
        package.push(b'\n');
        for (name, bytes) in book.into_files()? {
            out.add(format!("tables/{name}.csv"), "text/csv", bytes);
        }
        out.add("tables/datapackage.json", "application/json", package);
        Ok(())
    }
}

export_plugin!(exporter: Tables);
