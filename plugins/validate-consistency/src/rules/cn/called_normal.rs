//! A value outside its range that is called normal.
//!
//! A value lies outside the reference range printed with it, or without one outside the range of any laboratory, and the same analyte
//! is called normal elsewhere without another time.
//!
//! ## Why it matters
//!
//! "Normal" in the discussion is what readers remember; here the argument rests on a value that was not.
//!
//! ## Example
//!
//! fibrinogen 456 mg/dL (200-393) (...) with normal levels of fibrinogen
//!
//! ## What to write
//!
//! The value with its range, and "slightly raised" where it is so.
//!
//! ## Limits used where none are printed
//!
//! Fibrinogen 150 to 450 mg/dL, haemoglobin 10 to 19 g/dL, platelets 100 to 600 10⁹/L, sodium 130 to 150 and potassium 3 to 5.8 mmol/L, albumin from
//! 3 g/dL, creatinine up to 1.8 mg/dL: wider than the reference values of Kratz et al. N Engl J Med 2004;351:1548-63.

use casemill_plugin_sdk::model::{Diagnostic, Fact, Measurement, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN009", name: "called-normal", severity: Severity::Warning };

/// Words that say that the normal value is of another time or the aim of something.
const OTHER_TIME: &[&str] = &[
    "later", "after", "subsequently", "returned", "became", "recovered", "normalised", "normalized", "until", "before", "previously",
    "follow", "months", "weeks", "days", "repeat", "repeated", "now", "initially", "baseline", "improved", "back", "returning",
    "remained", "range", "increasing", "increase",
    "restored", "limit", "limits", "upper", "lower", "reference", "not", "near", "to", "if", "than", "times", "day",
];

/// Analyte, UCUM unit, and limits that no laboratory's range exceeds.
const LIMITS: &[(&str, &str, f64, f64)] = &[
    ("fibrinogen", "mg/dL", 150.0, 450.0),
    ("haemoglobin", "g/dL", 10.0, 19.0),
    ("hemoglobin", "g/dL", 10.0, 19.0),
    ("platelet count", "10*9/L", 100.0, 600.0),
    ("sodium", "mmol/L", 130.0, 150.0),
    ("potassium", "mmol/L", 3.0, 5.8),
    ("albumin", "g/dL", 3.0, 6.0),
    ("creatinine", "mg/dL", 0.0, 1.8),
];

fn outside(value: &Measurement) -> Option<f64> {
    let quantity = value.quantity.as_ref()?;
    let number = quantity.value.value();
    let Some(range) = &value.reference else {
        let (_, _, low, high) = LIMITS
            .iter()
            .find(|(name, unit, ..)| value.analyte.eq_ignore_ascii_case(name) && quantity.unit.as_deref() == Some(unit))?;
        return (number < *low || number > *high).then_some(number);
    };
    let low = range.low.as_ref().is_some_and(|l| number < l.value());
    let high = range.high.as_ref().is_some_and(|h| number > h.value());
    (low || high).then_some(number)
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for value in &case.measurements {
            if outside(&value.value).is_none() {
                continue;
            }
            let names = [value.value.analyte.to_ascii_lowercase(), first_words(reading, value)];
            if let Some(span) = called_normal(reading, &names, value) {
                RULE.found(format!("{} is called normal, its value is not", value.value.analyte))
                    .case(case)
                    .at(span, "called normal")
                    .at(value.span(), "the value")
                    .push(out);
                break;
            }
        }
    }
}

/// The name of the analyte as written.
fn first_words(reading: &Reading<'_>, value: &Fact<Measurement>) -> String {
    let words = reading.lower(value.span());
    words.split(|c: char| c.is_ascii_digit() || c == ',' || c == ':' || c == '=').next().unwrap_or_default().trim().to_owned()
}

fn called_normal(reading: &Reading<'_>, names: &[String; 2], value: &Fact<Measurement>) -> Option<casemill_plugin_sdk::model::Span> {
    let own = reading.sentence_at(value.span().start)?;
    for (number, sentence) in reading.sentences.iter().enumerate() {
        let tokens = sentence.tokens.clone();
        if !sentence.is_told() || number == own {
            continue;
        }
        // Within the case the order of the story stands for time: only the next sentence, or a look back in the discussion.
        let looks_back = sentence.paragraph > reading.sentences[own].paragraph + 3;
        if !(number == own + 1 || looks_back) {
            continue;
        }
        let Some(normal) = reading.find_any(tokens.clone(), &["normal"]) else { continue };
        let near = normal.saturating_sub(12).max(tokens.start)..(normal + 6).min(tokens.end);
        let close = normal.saturating_sub(6).max(tokens.start)..near.end;
        if reading.word(normal + 1) == "," || reading.has_any(close, OTHER_TIME) || reading.word(normal.wrapping_sub(1)) == "(" {
            continue;
        }
        for name in names.iter().filter(|n| n.len() > 3) {
            let window = reading.span(near.start, near.end - 1);
            if let Some(at) = reading.lower(window).find(name.as_str()) {
                let at = window.start + at as u32;
                let word = casemill_plugin_sdk::model::Span::new(at, at + name.len() as u32);
                return Some(word.hull(reading.tokens[normal].span));
            }
        }
    }
    None
}
