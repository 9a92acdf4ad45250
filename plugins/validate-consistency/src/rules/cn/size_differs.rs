//! The same tumour in two sizes.
//!
//! A size in a caption, a table or the abstract is nearly the size in the text: some dimensions agree and one does not, or the digits agree and the
//! unit does not. Sizes of other times ("after 3 months") and other lesions are left alone.
//!
//! ## Why it matters
//!
//! Stage, response and every comparison start from the size at diagnosis.
//!
//! ## Example
//!
//! CT showed a mass of 6 × 4 × 6 cm. (...) Figure 1. Mass measuring 6 × 4 × 5 cm.
//!
//! ## What to write
//!
//! The same size in all places, or the time and method of each.

use casemill_plugin_sdk::model::{Diagnostic, Fact, SectionKind, Severity, TumourSize};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN001", name: "size-differs", severity: Severity::Warning };

const OTHER_TIME: &[&str] = &[
    "after", "later", "months", "weeks", "follow", "decreased", "increased", "previous", "previously", "reduced", "regression", "residual",
    "recurrent", "recurrence", "progression", "shrank", "grew", "postoperative", "relapse", "prior", "before", "initially", "second",
];

fn in_mm(size: &TumourSize) -> Vec<f64> {
    let factor = if size.unit == "cm" { 10.0 } else { 1.0 };
    let mut out: Vec<f64> = size.dimensions.iter().map(|d| (d.value() * factor * 100.0).round() / 100.0).collect();
    out.sort_by(f64::total_cmp);
    out
}

fn head(size: &TumourSize) -> String {
    let lesion = size.lesion.to_lowercase();
    let head = lesion.rsplit(' ').next().unwrap_or_default();
    let head = head.strip_suffix('s').unwrap_or(head);
    match head {
        "tumor" | "tumour" | "mass" | "lesion" | "neoplasm" | "nodule" | "" => "mass".to_owned(),
        other => other.to_owned(),
    }
}

fn other_time(reading: &Reading<'_>, size: &Fact<TumourSize>) -> bool {
    size.timing.is_some() && size.timing.as_ref().is_some_and(|t| t.offset.is_some() || t.date.is_some())
        || reading.sentence(size.span().start).is_some_and(|s| {
            // Words close to the size; the rest of the sentence may tell of other things.
            let (first, last) = (reading.token_at(size.span().start), reading.token_at(size.span().end));
            let near = first.saturating_sub(8).max(s.tokens.start)..(last + 6).min(s.tokens.end);
            reading.has_any(near, OTHER_TIME)
        })
}

/// True if two sorted lists of equal length agree in all but one.
fn nearly(a: &[f64], b: &[f64]) -> bool {
    if a.len() != b.len() || a.len() < 2 {
        return false;
    }
    let mut rest: Vec<f64> = b.to_vec();
    let same = a.iter().filter(|n| rest.iter().position(|m| m == *n).map(|i| rest.remove(i)).is_some()).count();
    same + 1 == a.len()
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let beside = |s: &Fact<TumourSize>| {
            matches!(reading.section(s.span().start), SectionKind::Caption | SectionKind::Table | SectionKind::Abstract)
        };
        for there in case.tumour_sizes.iter().filter(|s| beside(s) && !other_time(reading, s)) {
            let b = in_mm(&there.value);
            let told = || case.tumour_sizes.iter().filter(|s| !beside(s));
            if told().any(|here| in_mm(&here.value) == b) {
                continue;
            }
            let near = told().find(|here| {
                let a = in_mm(&here.value);
                let same_digits = here.value.dimensions == there.value.dimensions && here.value.unit != there.value.unit;
                (nearly(&a, &b) || same_digits) && head(&here.value) == head(&there.value) && !other_time(reading, here)
            });
            if let Some(here) = near {
                RULE.found("the same tumour has two sizes")
                    .case(case)
                    .at(there.span(), "this size here")
                    .at(here.span(), "another in the text")
                    .push(out);
            }
        }
    }
}
