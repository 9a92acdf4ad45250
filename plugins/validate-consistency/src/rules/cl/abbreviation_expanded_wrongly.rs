//! A laboratory abbreviation spelled out as another analyte.
//!
//! A common laboratory abbreviation is given a long form that is not its own: "ALT, alanine phosphatase".
//!
//! ## Why it matters
//!
//! Long forms are what translators and coders use.
//!
//! ## Example
//!
//! ALT, alanine phosphatase
//!
//! ## What to write
//!
//! ALT, alanine aminotransferase
//!
//! ## Reference
//!
//! LOINC component names.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule =
    Rule { code: "CL003", name: "abbreviation-expanded-wrongly", severity: Severity::Info };

/// Abbreviation, the word by which a wrong long form is told, and words of which a right one has at least one.
const KNOWN: &[(&str, &str, &[&str])] = &[
    ("ALT", "alanine", &["amino", "transaminase", "transferase"]),
    ("AST", "aspartate", &["amino", "transaminase", "transferase"]),
    ("ALP", "alkaline", &["phosphatase"]),
    ("LDH", "lact", &["dehydrogenase"]),
    ("GGT", "gamma", &["transferase", "transpeptidase"]),
    ("CRP", "reactive", &["protein"]),
    ("BUN", "blood", &["urea"]),
    ("ESR", "erythrocyte", &["sedimentation"]),
    ("AFP", "fetoprotein", &["alpha", "α"]),
    ("CEA", "carcinoembryonic", &["antigen"]),
    ("PSA", "prostate", &["antigen"]),
    ("APTT", "partial", &["thromboplastin"]),
    ("INR", "normal", &["international", "ratio"]),
];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for abbreviation in &reading.document.abbreviations {
        let long = abbreviation.long.to_lowercase();
        let wrong = KNOWN.iter().any(|(short, mark, right)| {
            abbreviation.short == *short && long.contains(mark) && !right.iter().any(|r| long.contains(r))
        });
        if wrong {
            let mut found = RULE
                .found(format!("{} does not stand for \"{}\"", abbreviation.short, abbreviation.long))
                .at(abbreviation.span.hull(abbreviation.long_span), "spelled out here");
            // Where it is used.
            let used = (0..reading.tokens.len())
                .find(|i| reading.written(*i) == abbreviation.short && !reading.tokens[*i].span.overlaps(abbreviation.span));
            if let Some(used) = used {
                found = found.at(reading.tokens[used].span, "used here");
            }
            found.push(out);
        }
    }
}
