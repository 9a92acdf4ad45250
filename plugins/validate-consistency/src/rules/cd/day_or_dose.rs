//! A daily amount with a frequency of several times a day.
//!
//! "5 mg/kg/day twice a day" can be 5 mg/kg in all, in two doses, or twice 5 mg/kg.
//!
//! ## Why it matters
//!
//! The readings differ by a factor of two to four; mix-ups of this kind are among the most frequent serious dosing errors.
//!
//! ## Example
//!
//! cyclosporine 5 mg/kg/day by mouth twice a day
//!
//! ## What to write
//!
//! cyclosporine 2.5 mg/kg twice a day (5 mg/kg/day)
//!
//! ## Reference
//!
//! ISMP Guidelines for Safe Medication Use: total daily dose and dose per administration.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD002", name: "day-or-dose", severity: Severity::Info };

/// Phrases for several times a day.
const SEVERAL: &[&str] = &[
    "twice a day", "twice daily", "twice per day", "two times a day", "two times daily", "three times a day", "three times daily",
    "thrice daily", "four times a day", "four times daily", "bid", "tid", "qid", "every 12 hours", "every 12 h", "every 8 hours",
    "every 8 h", "every 6 hours", "every 6 h", "every twelve hours",
];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for sentence in reading.sentences.iter().filter(|s| s.is_prose()) {
        for i in sentence.tokens.clone() {
            // "/day", "/d", "/24 h", "per day" behind an amount with a unit of mass.
            let day = match (reading.word(i), reading.word(i + 1)) {
                ("/", "day" | "d") => i + 1,
                _ => continue,
            };
            let amount = sentence.tokens.start.max(i.saturating_sub(6))..i;
            let Some(mass) = reading.find_any(amount.clone(), &["mg", "g", "mcg", "µg", "iu", "units"]) else { continue };
            if !reading.tokens[mass.saturating_sub(1)].is_number() {
                continue;
            }
            let rest = day + 1..(day + 7).min(sentence.tokens.end);
            let Some(times) = reading.find_phrase(rest.start..(rest.end + 4).min(sentence.tokens.end), SEVERAL).filter(|t| t.start < rest.end) else { continue };
            // "in two divided doses", "(2.5 mg/kg twice daily)" say which; so does another amount in between.
            let between = day + 1..times.start;
            let clear = reading.has_any(day + 1..(times.end + 3).min(sentence.tokens.end), &["divided", "split", "in", "as", "i", "ie", "total"])
                || between.clone().any(|j| reading.tokens[j].is_number() || matches!(reading.word(j), "," | ";" | "and" | "then" | "("));
            if clear {
                continue;
            }
            RULE.found("the amount per day or per dose?")
                .at(reading.span(mass - 1, day), "an amount per day")
                .at(reading.span(times.start, times.end - 1), "several times a day")
                .help("give the amount of one dose and how often it is taken")
                .push(out);
        }
    }
}
