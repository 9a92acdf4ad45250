//! A value that no patient has.
//!
//! Ages above 120 years, shares above 100 %, body temperatures, saturations and blood counts outside anything compatible with life.
//!
//! ## Why it matters
//!
//! A digit, a decimal sign or the unit is wrong.
//!
//! ## Example
//!
//! Temperature was 392 °C. Oxygen saturation was 120%.
//!
//! ## What to write
//!
//! The value of the record.
//!
//! ## Limits used
//!
//! Body temperature 20 to 46 °C; oxygen saturation, ejection fraction and Ki-67 at most 100 %; pH of blood 6 to 8; heart rate at most 400 per minute;
//! haemoglobin at most 30 g/dL; ECOG at most 5; Karnofsky at most 100. They are wider than the extremes that have been survived.

use casemill_plugin_sdk::model::{AnyFact as _, Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN005", name: "implausible-value", severity: Severity::Error };

/// Start of the analyte's name, UCUM unit, lowest and highest value.
const LIMITS: &[(&str, &str, f64, f64)] = &[
    ("temperature", "Cel", 20.0, 46.0),
    ("body temperature", "Cel", 20.0, 46.0),
    ("oxygen saturation", "%", 0.0, 100.0),
    ("spo2", "%", 0.0, 100.0),
    ("ejection fraction", "%", 0.0, 100.0),
    ("left ventricular ejection fraction", "%", 0.0, 100.0),
    ("ki-67", "%", 0.0, 100.0),
    ("hematocrit", "%", 0.0, 85.0),
    ("hemoglobin", "g/dL", 0.5, 30.0),
    ("heart rate", "/min", 0.0, 400.0),
];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for age in &case.subject.age {
            let years = age.value.value.in_years();
            if years > 120.0 {
                RULE.found(format!("an age of {years:.0} years")).case(case).at(age.span(), "age").push(out);
            }
        }
        for value in &case.measurements {
            let Some(quantity) = &value.value.quantity else { continue };
            let (name, unit) = (value.value.analyte.to_ascii_lowercase(), quantity.unit.as_deref().unwrap_or_default());
            let number = quantity.value.value();
            let beyond = LIMITS.iter().any(|(n, u, low, high)| name == *n && unit == *u && !(*low..=*high).contains(&number));
            if beyond {
                RULE.found(format!("{} of {} {}", value.label(), quantity.value, quantity.printed_unit))
                    .case(case)
                    .at(value.span(), "value")
                    .push(out);
            }
        }
        for marker in &case.marker_tests {
            let score = marker.value.score.as_deref().and_then(|s| s.strip_suffix('%'));
            if score.and_then(|s| s.trim().parse::<f64>().ok()).is_some_and(|n| n > 100.0) {
                RULE.found(format!("{} in more than 100% of cells", marker.value.name))
                    .case(case)
                    .at(marker.span(), "share of cells")
                    .push(out);
            }
        }
    }
}
