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

use casemill_plugin_sdk::model::{Diagnostic, Measurement, Severity};

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
}
