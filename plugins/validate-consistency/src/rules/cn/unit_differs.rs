//! The same value with two units.
//!
//! The same analyte has the same number twice, with units that do not measure the same amount ("5.9 mmol/L" in the text, "5.9 mg/dL" in the
//! table).
//!
//! ## Why it matters
//!
//! One unit is wrong, and with it the value.
//!
//! ## Example
//!
//! hyperphosphataemia (5.9 mmol/L) (...) Table 1: phosphate, mg/dL: 5.9
//!
//! ## What to write
//!
//! The unit of the laboratory, in text and table.

use case_text::quantity::quantity_at;
use case_text::unit::unit_at;
use casemill_plugin_sdk::model::{Diagnostic, Measurement, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN007", name: "unit-differs", severity: Severity::Error };

/// Units that are the same amount under another name.
fn plain(unit: &str) -> &str {
    match unit {
        "[IU]/L" | "[iU]/L" | "IU/L" => "U/L",
        "mmol/L" | "meq/L" => "mmol/L",
        "ng/mL" | "ug/L" => "ng/mL",
        "ug/mL" | "mg/L" => "mg/L",
        "pg/mL" | "ng/L" => "pg/mL",
        "10*9/L" | "10*3/uL" | "10*3/mm3" => "10*9/L",
        "10*6/uL" | "10*12/L" => "10*12/L",
        "/uL" | "/mm3" => "/uL",
        other => other,
    }
}

fn of(value: &Measurement) -> Option<(&str, &str)> {
    let quantity = value.quantity.as_ref().filter(|q| q.upper.is_none())?;
    Some((quantity.value.as_str(), plain(quantity.unit.as_deref()?)))
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for (i, first) in case.measurements.iter().enumerate() {
            let Some((number, unit)) = of(&first.value) else { continue };
            // A round number may be met twice by chance.
            if number.len() < 2 {
                continue;
            }
            let second = case.measurements[i + 1..].iter().find(|second| {
                second.value.analyte == first.value.analyte
                    && of(&second.value).is_some_and(|(n, u)| n == number && u != unit)
            });
            if let Some(second) = second {
                RULE.found(format!("{} of {number} in two units", first.value.analyte))
                    .case(case)
                    .at(first.span(), unit)
                    .at(second.span(), of(&second.value).map_or("", |(_, u)| u))
                    .push(out);
            }
        }
    }
    for table in &reading.document.tables {
        for row in &table.rows {
            against_text(reading, row, out);
        }
    }
}

/// What a row of a table is called in running text: the name in its first cell, and the stem of "hyper...aemia".
const CALLED: &[(&str, &[&str])] = &[
    ("p", &["phosphat", "phosphor"]),
    ("phosphate", &["phosphat"]),
    ("phosphorus", &["phosphat", "phosphor"]),
    ("k", &["kal", "potassium"]),
    ("potassium", &["kal", "potassium"]),
    ("na", &["natr", "sodium"]),
    ("sodium", &["natr", "sodium"]),
    ("ca", &["calc"]),
    ("calcium", &["calc"]),
    ("mg", &["magnes"]),
    ("magnesium", &["magnes"]),
    ("ua", &["uric"]),
    ("uric acid", &["uric"]),
    ("cr", &["creatinin"]),
    ("creatinine", &["creatinin"]),
    ("alb", &["albumin"]),
    ("albumin", &["albumin"]),
    ("glucose", &["glyc", "gluc"]),
    ("bilirubin", &["bilirubin"]),
    ("total bilirubin", &["bilirubin"]),
    ("crp", &["crp", "reactive"]),
    ("ldh", &["ldh", "lactate"]),
    ("hb", &["hemoglobin", "haemoglobin", "hb", "hgb"]),
    ("hemoglobin", &["hemoglobin", "haemoglobin", "hb", "hgb"]),
];

/// A row "P, mg/dL | 2.7-4.6 | 3.3 | 5.9" against "hyperphosphataemia (5.9 mmol/L)".
fn against_text(reading: &Reading<'_>, row: &[Span], out: &mut Vec<Diagnostic>) {
    let Some((head, cells)) = row.split_first() else { return };
    let words = reading.lower(*head);
    let (name, _) = words.split_once([',', '(', '[']).unwrap_or((words, ""));
    let Some((_, stems)) = CALLED.iter().find(|(n, _)| *n == name.trim()) else { return };
    let tokens = reading.token_at(head.start)..reading.tokens.partition_point(|t| t.span.start < head.end);
    let unit = tokens.skip(2).find_map(|i| unit_at(reading.text, &reading.tokens, i));
    let Some(unit) = unit else { return };
    for sentence in reading.sentences.iter().filter(|s| s.is_told()) {
        for i in sentence.tokens.clone() {
            let word = reading.word(i);
            if !reading.tokens[i].is_word() || !stems.iter().any(|s| word.contains(s)) {
                continue;
            }
            let value = (i + 1..(i + 5).min(sentence.tokens.end))
                .filter(|j| reading.tokens[*j].is_number())
                .find_map(|j| quantity_at(reading.text, &reading.tokens, j));
            let Some(value) = value.filter(|v| v.quantity.value.as_str().len() > 1) else { continue };
            let Some(printed) = value.quantity.unit.as_deref() else { continue };
            let number = value.quantity.value.value();
            let same = |c: &&Span| reading.words(**c).trim().parse::<f64>().is_ok_and(|n| n == number);
            let cell = cells.iter().find(same);
            if let Some(cell) = cell.filter(|_| plain(printed) != plain(&unit.ucum)) {
                RULE.found(format!("{} in two units", reading.words(reading.span(value.first, value.last))))
                    .at(reading.span(i, value.last), printed)
                    .at(head.hull(*cell), unit.ucum.clone())
                    .push(out);
                return;
            }
        }
    }
}
