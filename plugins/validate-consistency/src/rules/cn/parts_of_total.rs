//! Parts that do not add up to their total.
//!
//! "a total of 12 units (5 units of plasma and 6 units of red cells)": a total is followed by its parts in brackets, all counted in the
//! same unit, and their sum is another number.
//!
//! ## Why it matters
//!
//! A part is missing or a number is wrong.
//!
//! ## Example
//!
//! He received a total of 12 cycles (6 cycles of VAC and 5 cycles of IE).
//!
//! ## What to write
//!
//! All parts, or say that only some are listed ("including").

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN004", name: "parts-of-total", severity: Severity::Warning };

const PAIRS: &[(&str, &str)] = &[("men", "women"), ("male", "female"), ("males", "females"), ("boys", "girls")];

fn whole(reading: &Reading<'_>, i: usize) -> Option<u64> {
    let token = reading.tokens.get(i).filter(|t| t.is_number())?;
    case_text::token::decimal(token.text(reading.text))?.as_str().parse().ok()
}

fn stem(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for sentence in &reading.sentences {
        let tokens = sentence.tokens.clone();
        let Some(named) = reading.find_any(tokens.clone(), &["total", "altogether", "overall"]) else { continue };
        let Some((at, total)) =
            (named..(named + 8).min(tokens.end)).find_map(|i| Some((i, whole(reading, i)?)))
        else {
            continue;
        };
        let Some(open) = (at + 1..(at + 5).min(tokens.end)).find(|i| reading.word(*i) == "(") else { continue };
        let Some(close) = (open + 1..tokens.end).find(|i| matches!(reading.word(*i), ")" | "(")) else { continue };
        if reading.word(close) != ")" || reading.has_any(open..close, &["including", "per", "/", "each", "%", "of which"]) {
            continue;
        }
        let unit = reading.word(at + 1);
        let mut parts: Vec<(usize, u64)> = Vec::new();
        let mut nouns: Vec<&str> = Vec::new();
        let mut starts = true;
        let mut every = true;
        for i in open + 1..close {
            if matches!(reading.word(i), "," | ";" | "and") {
                starts = true;
                continue;
            }
            if starts {
                starts = false;
                match whole(reading, i) {
                    Some(n) => {
                        parts.push((i, n));
                        nouns.push(reading.word(i + 1));
                    }
                    None => every = false,
                }
            }
        }
        let same_unit = nouns.iter().all(|n| stem(n) == stem(unit));
        let pair = nouns.len() == 2 && PAIRS.iter().any(|(a, b)| nouns.contains(a) && nouns.contains(b));
        let sum: u64 = parts.iter().map(|(_, n)| n).sum();
        if every && parts.len() > 1 && (same_unit || pair) && sum != total {
            RULE.found(format!("the parts add up to {sum}, not to {total}"))
                .at(reading.span(at, at + 1), "total")
                .at(reading.span(open + 1, close - 1), format!("parts: {sum}"))
                .push(out);
        }
    }
}
