//! A measured value without a unit.
//!
//! A number is given for an analyte that is measured in units, and no unit is printed with it, in its reference range or in the
//! head of its table.
//!
//! ## Why it matters
//!
//! C-reactive protein of 117 is high in mg/L and extreme in mg/dL; creatinine differs by a factor of 88 between mg/dL and µmol/L.
//!
//! ## Example
//!
//! CRP was 117 and LDH 789.
//!
//! ## What to write
//!
//! CRP was 117 mg/L and LDH 789 U/L.
//!
//! ## Reference
//!
//! ICMJE Recommendations, section IV.A.3.h: units of measurement.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN006", name: "unit-missing", severity: Severity::Info };

/// Starts of the names of analytes that have a unit wherever they are reported.
const MEASURED: &[&str] = &[
    "albumin", "alanine", "alkaline phosphatase", "alpha-fetoprotein", "ammonia", "amylase", "aspartate", "bilirubin",
    "blood urea", "c-reactive", "c reactive", "ca 125", "ca-125", "ca 19-9", "ca19-9", "ca125", "calcium", "carcinoembryonic",
    "carbohydrate antigen", "cea", "creatinine", "crp", "d-dimer", "ferritin", "fibrinogen", "free t", "gamma-glutamyl", "glucose",
    "haemoglobin", "hemoglobin", "lactate dehydrogenase", "ldh", "lipase", "phosphate", "platelet", "potassium", "procalcitonin",
    "prostate-specific", "psa", "sodium", "thyroglobulin", "thyrotropin", "triglyceride", "troponin", "urea", "uric acid",
    "erythrocyte sedimentation", "white blood cell", "leukocyte", "neutrophil", "lymphocyte",
];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let mut found: Option<crate::rule::Found> = None;
        for value in &case.measurements {
            let Some(quantity) = &value.value.quantity else { continue };
            let printed = quantity.unit.is_some() || !quantity.printed_unit.is_empty();
            let name = value.value.analyte.to_ascii_lowercase();
            let ratio = name.contains("ratio") || name.contains("index");
            if printed || ratio || !MEASURED.iter().any(|m| name.starts_with(m)) {
                continue;
            }
            let range = value.value.reference.as_ref().is_some_and(|r| r.printed.quote.contains(char::is_alphabetic));
            // Other values in the sentence may share one unit at the end; a table states it in its head.
            let prose = reading.sentence(value.span().start).is_some_and(crate::reading::Sentence::is_prose);
            // "3-5/high power field", "1+", "362 µ mol"
            let next = reading.word(reading.token_at(value.span().end));
            let other_unit = matches!(next, "/" | "+" | "µ" | "μ" | "x" | "×");
            if range || !prose || other_unit || unit_follows(reading, value.span().end) {
                continue;
            }
            let message = "a measured value without a unit";
            let next = found.take().unwrap_or_else(|| RULE.found(message).case(case));
            found = Some(next.at(value.span(), format!("{}: which unit?", value.value.analyte)));
        }
        if let Some(found) = found {
            found.push(out);
        }
    }
}

/// True if a unit stands close behind: "12, 15 and 17 mg/dL", "117 (normal <5 mg/L)".
fn unit_follows(reading: &Reading<'_>, offset: u32) -> bool {
    let from = reading.token_at(offset);
    let end = reading.sentence(offset.saturating_sub(1)).map_or(from, |s| s.tokens.end).min(from + 10);
    let behind_number = |i: usize| i > from && (reading.tokens[i - 1].is_number() || reading.tokens[i - 1].is('%'));
    (from..end).any(|i| behind_number(i) && case_text::unit::unit_at(reading.text, &reading.tokens, i).is_some())
}
