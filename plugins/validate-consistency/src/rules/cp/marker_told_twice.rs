//! A marker that is positive and negative in the same tissue.
//!
//! The same marker has both results for one specimen or cell population, or one result has none named and stands in a look back at the
//! other.
//!
//! ## Why it matters
//!
//! Lineage and differential diagnosis rest on the panel.
//!
//! ## Example
//!
//! Reed-Sternberg cells were positive for CD30. (...) The negative immunostaining for CD30 ruled out anaplastic lymphoma.
//!
//! ## What to write
//!
//! The result with its specimen and cells.

use casemill_plugin_sdk::model::{Diagnostic, MarkerResult, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CP005", name: "marker-told-twice", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for (i, first) in case.marker_tests.iter().enumerate() {
            for second in &case.marker_tests[i + 1..] {
                let (a, b) = (&first.value, &second.value);
                let opposed = matches!(
                    (&a.result, &b.result),
                    (MarkerResult::Positive, MarkerResult::Negative) | (MarkerResult::Negative, MarkerResult::Positive)
                );
                let same = a.marker == b.marker && a.method == b.method && a.specimen == b.specimen;
                let (x, y) = (first.span().start, second.span().start);
                if opposed && same && (same_tissue(reading, x, y) || refers_back(reading, x.max(y))) {
                    RULE.found(format!("{} is positive and negative", a.name))
                        .case(case)
                        .at(first.span(), a.result.to_string())
                        .at(second.span(), b.result.to_string())
                        .push(out);
                }
            }
        }
    }
}

/// True for "the negative immunostaining for CD30": a result told before, when the one told before is another.
fn refers_back(reading: &Reading<'_>, offset: u32) -> bool {
    let at = reading.token_at(offset);
    let Some(sentence) = reading.sentence(offset) else { return false };
    let before = at.saturating_sub(7).max(sentence.tokens.start)..at;
    before.clone().any(|i| {
        matches!(reading.word(i), "the" | "this")
            && matches!(reading.word(i + 1), "negative" | "positive" | "negativity" | "positivity" | "absence" | "lack" | "absent")
    })
}

/// True if nothing between the two tells of another specimen, cell or time: they stand in one paragraph or the next.
fn same_tissue(reading: &Reading<'_>, first: u32, second: u32) -> bool {
    let (Some(a), Some(b)) = (reading.sentence_at(first.min(second)), reading.sentence_at(first.max(second))) else {
        return false;
    };
    let near = reading.sentences[b].paragraph.abs_diff(reading.sentences[a].paragraph) <= 1;
    let other = reading.sentences[a..=b].iter().enumerate().any(|(i, s)| {
        let tokens = if i == 0 { reading.token_at(first.min(second))..s.tokens.end } else { s.tokens.clone() };
        reading.has_any(
            tokens,
            &[
                "background", "metastasis", "metastatic", "second", "other", "relapse", "recurrence", "repeat", "residual", "whereas", "while",
                "surrounding", "normal", "adjacent", "component", "population", "later", "previous", "another", "biopsies", "but",
                "specimen", "blood", "marrow", "node", "months", "weeks", "stroma", "epithelial", "subset", "some", "scattered", "both",
            ],
        )
    });
    a != b && near && !other
}
