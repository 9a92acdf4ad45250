//! A fixed dose for a child whose weight and surface are not told.
//!
//! The patient is under 18, an anticancer drug is given as a fixed amount (mg, not mg/kg or mg/m²), and the report gives neither weight
//! nor body surface area.
//!
//! ## Why it matters
//!
//! Doses for children are set by weight or surface; without either the reader cannot tell a full dose from a half one. When no number
//! of doses a day is given, "200 mg daily" may also be one dose or the sum.
//!
//! ## Example
//!
//! a 6-year-old girl (...) crizotinib (200 mg daily) was initiated
//!
//! ## What to write
//!
//! crizotinib 280 mg/m² (200 mg, body surface 0.72 m²) twice daily
//!
//! ## Reference
//!
//! CARE 2013, item 9b: dosage, strength, duration. EMA Reflection paper on formulations of choice for the paediatric population,
//! EMEA/CHMP/PEG/194810/2005.

use casemill_plugin_sdk::model::{ActionStatus, Diagnostic, Severity, TreatmentRole};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD003", name: "child-dose-without-size", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let Some(age) = case.age().filter(|a| a.value.value.in_years() < 18.0) else { continue };
        if size_is_told(reading) {
            continue;
        }
        for treatment in &case.treatments {
            if treatment.value.status != ActionStatus::Given || treatment.value.role != TreatmentRole::Anticancer {
                continue;
            }
            let fixed = treatment.value.doses.iter().find(|d| {
                matches!(d.amount.unit.as_deref(), Some("mg" | "g" | "mg/d" | "g/d"))
            });
            if let Some(dose) = fixed {
                let span = treatment.evidence.iter().map(|e| e.span).rfind(|s| s.end <= dose.printed.span.start);
                let near = span.filter(|s| dose.printed.span.start - s.end < 40).unwrap_or(dose.printed.span);
                let mut found = RULE
                    .found(format!("a fixed dose of {} for a child, and neither weight nor body surface", treatment.value.agent))
                    .case(case)
                    .at(near.hull(dose.printed.span), "dose")
                    .at(age.span(), "age");
                if let Some(often) = dose.frequency.as_ref().filter(|f| f.quote.trim().eq_ignore_ascii_case("daily")) {
                    found = found.at(often.span, "the sum of a day, or one dose?");
                }
                found.push(out);
            }
        }
    }
}

/// True if a weight or surface of the patient is given anywhere: "weighed 20 kg", "weight of 20 kg", "BSA 0.8 m2".
fn size_is_told(reading: &Reading<'_>) -> bool {
    (0..reading.tokens.len()).any(|i| {
        let near = |from: usize, to: usize, list: &[&str]| reading.has_any(from..to.min(reading.tokens.len()), list);
        match reading.word(i) {
            "kg" => i > 0 && reading.tokens[i - 1].is_number() && reading.word(i + 1) != "/",
            "bsa" | "surface" => near(i + 1, i + 8, &["m2", "m²", "m"]),
            "weighing" | "weighed" => true,
            _ => false,
        }
    })
}
