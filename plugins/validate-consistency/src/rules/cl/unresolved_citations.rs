//! Citation marks without a reference list.
//!
//! The text cites by number and the input holds no list of references, or a number is beyond its end.
//!
//! ## Why it matters
//!
//! What the text says of the literature cannot be traced. Often the list was lost when the text was copied.
//!
//! ## Example
//!
//! ... seems promising.1-5
//!
//! ## What to write
//!
//! Give casemill the whole article.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CL004", name: "unresolved-citations", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let document = reading.document;
    let numbered = document.citations.iter().filter(|c| !c.numbers.is_empty());
    if document.references.is_empty() {
        let (marks, highest) = numbered.clone().fold((0, 0), |(n, high), c| (n + 1, high.max(c.numbers.iter().copied().max().unwrap_or(0))));
        if marks < 3 {
            return;
        }
        let mut found = RULE.found(format!("{marks} citation marks up to number {highest} and no list of references"));
        // The marks with the most references, for a look.
        let mut shown: Vec<_> = numbered.collect();
        shown.sort_by_key(|c| std::cmp::Reverse(c.numbers.len()));
        shown.truncate(3);
        shown.sort_by_key(|c| c.span);
        for mark in shown {
            found = found.at(mark.span, "refers to nothing");
        }
        found.push(out);
        return;
    }
    let Some(last) = document.references.iter().filter_map(|r| r.number).max() else { return };
    if let Some(mark) = numbered.into_iter().find(|c| c.numbers.iter().any(|n| *n > last)) {
        RULE.found(format!("the list of references ends at {last}")).at(mark.span, "beyond its end").push(out);
    }
}
