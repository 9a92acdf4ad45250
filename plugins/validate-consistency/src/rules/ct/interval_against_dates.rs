//! An interval that does not fit the dates on both sides of it.
//!
//! "In 2015 ... Three years later (2019)": the interval is stated together with the date it leads to, and the date it starts from
//! stands in the same or the sentence before.
//!
//! ## Why it matters
//!
//! The reader can check it, and so does the reviewer; one of the three is wrong.
//!
//! ## Example
//!
//! In 2015 she was lost to follow-up. Three years later (2019) she returned.
//!
//! ## What to write
//!
//! Dates or intervals; where both, both from the record.

use case_text::when::{date_at, length_at};
use casemill_plugin_sdk::model::{Diagnostic, PartialDate, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CT010", name: "interval-against-dates", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let mut last: Option<(usize, PartialDate, usize, usize)> = None;
    for (number, sentence) in reading.sentences.iter().enumerate() {
        if !sentence.is_prose() {
            continue;
        }
        let mut i = sentence.tokens.start;
        let mut pending = None;
        while i < sentence.tokens.end {
            if let Some(length) = length_at(reading.text, &reading.tokens, i)
                && reading.word(length.last + 1) == "later"
            {
                pending = Some((length.first, length.last + 1, length.extent));
                i = length.last + 2;
                continue;
            }
            if let Some(date) = date_at(reading.text, &reading.tokens, i) {
                if let Some((first, end, extent)) = pending.take()
                    && date.first <= end + 3
                    && let Some((at, from, from_first, from_last)) = &last
                    && number <= at + 1
                    && let (Some((earliest, latest)), Some((min, max))) =
                        (between(*from, date.date), Some(extent.bounds()))
                    && (max < earliest || min > latest)
                {
                    RULE.found("the interval does not fit the dates before and after it")
                        .at(reading.span(first, end), "this long")
                        .at(reading.span(*from_first, *from_last), "from here")
                        .at(reading.span(date.first, date.last), "to here")
                        .push(out);
                }
                last = Some((number, date.date, date.first, date.last));
                i = date.last + 1;
                continue;
            }
            i += 1;
        }
    }
}

/// Fewest and most days between two dates as far as they are given.
fn between(from: PartialDate, to: PartialDate) -> Option<(f64, f64)> {
    let range = |d: PartialDate| {
        let first = f64::from(d.year) * 365.25 + f64::from(d.month.unwrap_or(1) - 1) * 30.4375 + f64::from(d.day.unwrap_or(1));
        let length = match (d.month, d.day) {
            (_, Some(_)) => 1.0,
            (Some(_), None) => 31.0,
            _ => 366.0,
        };
        (first, first + length)
    };
    let ((a, b), (c, d)) = (range(from), range(to));
    // Two days of rounding: months are taken as equal in length.
    (c >= a).then_some((c - b - 2.0, d - a + 2.0))
}
