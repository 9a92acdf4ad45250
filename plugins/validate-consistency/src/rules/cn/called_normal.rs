//! A value outside its range that is called normal.
//!
//! A value lies outside the reference range printed with it, or among values told as abnormal, and the same analyte is called normal
//! elsewhere without another time.
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

use casemill_plugin_sdk::model::{Abnormality, Diagnostic, Fact, Measurement, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN009", name: "called-normal", severity: Severity::Warning };

/// Words that say that the normal value is of another time or the aim of something.
const OTHER_TIME: &[&str] = &[
    "later", "after", "subsequently", "returned", "became", "recovered", "normalised", "normalized", "until", "before", "previously",
    "follow", "months", "weeks", "days", "repeat", "repeated", "now", "initially", "baseline", "improved", "back", "returning",
    "remained", "range", "limit", "limits", "upper", "lower", "reference", "not", "near", "to", "if", "than", "times", "day",
];

fn outside(value: &Measurement) -> Option<f64> {
    let (quantity, range) = (value.quantity.as_ref()?, value.reference.as_ref()?);
    let number = quantity.value.value();
    let low = range.low.as_ref().is_some_and(|l| number < l.value());
    let high = range.high.as_ref().is_some_and(|h| number > h.value());
    (low || high).then_some(number)
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for value in &case.measurements {
            let abnormal = outside(&value.value).is_some()
                || value.value.reference.is_none() && value.value.quantity.is_some() && listed_abnormal(reading, value);
            if !abnormal {
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

/// True if the text says that the values of the list are abnormal.
fn listed_abnormal(reading: &Reading<'_>, value: &Fact<Measurement>) -> bool {
    matches!(value.value.abnormality, Some(Abnormality::High | Abnormality::Low | Abnormality::Abnormal))
        || reading.sentence(value.span().start).is_some_and(|s| {
            reading.has_any(s.tokens.clone(), &["abnormal", "abnormalities", "coagulopathy", "deranged", "abnormality"])
        })
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
        let near = normal.saturating_sub(14).max(tokens.start)..(normal + 6).min(tokens.end);
        if reading.word(normal + 1) == "," || reading.has_any(near.clone(), OTHER_TIME) || reading.word(normal.wrapping_sub(1)) == "(" {
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
