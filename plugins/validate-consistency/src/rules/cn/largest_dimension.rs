//! A largest diameter that is not the largest dimension.
//!
//! Two or three dimensions and a "largest", "greatest" or "maximum" diameter of the same thing stand in one sentence and disagree.
//!
//! ## Why it matters
//!
//! Stage and response are read from the largest diameter.
//!
//! ## Example
//!
//! The mass measured 4.2 × 3.1 × 2.8 cm (largest diameter 4.8 cm).
//!
//! ## What to write
//!
//! The dimensions; the largest is then known.

use case_text::quantity::{DimensionsAt, dimensions_at};
use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN002", name: "largest-dimension", severity: Severity::Warning };

const LARGEST: &[&str] = &["largest", "greatest", "maximum", "maximal", "longest", "max"];
const DIAMETER: &[&str] = &["diameter", "dimension", "extent", "size", "axis"];

fn in_mm(d: &DimensionsAt) -> f64 {
    let most = d.dimensions.iter().map(|n| n.value()).fold(0.0, f64::max);
    if d.unit == "cm" { most * 10.0 } else { most }
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for sentence in &reading.sentences {
        let tokens = sentence.tokens.clone();
        let named = tokens.clone().find(|i| {
            LARGEST.contains(&reading.word(*i)) && reading.has_any(i + 1..(i + 3).min(tokens.end), DIAMETER)
        });
        let Some(named) = named else { continue };
        let mut sizes: Vec<DimensionsAt> = Vec::new();
        let mut i = tokens.start;
        while i < tokens.end {
            match dimensions_at(reading.text, &reading.tokens, i) {
                Some(size) => {
                    i = size.last + 1;
                    sizes.push(size);
                }
                None => i += 1,
            }
        }
        // Exactly one full size and one single number next to the words for "largest diameter".
        let full: Vec<&DimensionsAt> = sizes.iter().filter(|s| s.dimensions.len() > 1).collect();
        let single: Vec<&DimensionsAt> = sizes.iter().filter(|s| s.dimensions.len() == 1).collect();
        if let ([full], [single]) = (&full[..], &single[..])
            && single.first.abs_diff(named) <= 8
            && (in_mm(full) - in_mm(single)).abs() > 0.1 + in_mm(full) * 0.02
        {
            RULE.found("the largest diameter is not the largest of the dimensions")
                .at(reading.span(single.first, single.last), "largest diameter")
                .at(reading.span(full.first, full.last), "dimensions")
                .push(out);
        }
    }
}
