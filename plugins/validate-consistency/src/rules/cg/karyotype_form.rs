//! A karyotype that is not written as ISCN asks.
//!
//! White space within the karyotype ("47, XX, +8", "t(2;17) (p23.2;q23.1)") or an arm in capitals ("(P13)").
//!
//! ## Why it matters
//!
//! Parsers of karyotypes stop at the first space.
//!
//! ## Example
//!
//! 47, XX, add(4)(q35), +8, add(20)(P13)
//!
//! ## What to write
//!
//! 47,XX,add(4)(q35),+8,add(20)(p13)
//!
//! ## Reference
//!
//! ISCN 2020, 4.1: no spaces, arms in lower case.

use casemill_plugin_sdk::model::{Diagnostic, RepairKind, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CG002", name: "karyotype-form", severity: Severity::Info };

const CHANGES: &[&str] = &["t", "inv", "del", "dup", "add", "der", "ins", "i", "dic", "idic", "r", "mar"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let mut i = 0;
    while i + 2 < reading.tokens.len() {
        let Some((last, spaces, capital)) = karyotype_at(reading, i) else {
            i += 1;
            continue;
        };
        let span = reading.span(i, last);
        // Spaces that reading took out between the brackets.
        let repaired = reading
            .document
            .repairs
            .iter()
            .find(|r| r.kind == RepairKind::Spacing && span.start < r.span.start && r.span.start < span.end);
        if let Some(capital) = capital {
            RULE.found("an arm of a chromosome in capitals").at(span, "karyotype").at(capital, "lower case").push(out);
        } else if spaces || repaired.is_some() {
            let mut found = RULE.found("white space within a karyotype").at(span, "karyotype");
            if let Some(repair) = repaired {
                let rest = Span::new(repair.span.end, span.end);
                found = found.at(rest, "a space stands before this");
            }
            found.push(out);
        }
        i = last + 1;
    }
}

/// A karyotype that starts at token `i`: its last token, whether a space stands in it, and an arm in capitals.
fn karyotype_at(reading: &Reading<'_>, i: usize) -> Option<(usize, bool, Option<Span>)> {
    let whole = sex_at(reading, i);
    let mut last = match whole {
        Some(last) => last,
        None => change_at(reading, i)?,
    };
    loop {
        let comma = last + 1;
        if reading.word(comma) != "," && reading.word(comma) != ";" || whole.is_none() {
            break;
        }
        let next = comma + 1;
        let end = match reading.word(next) {
            "+" | "-" | "−" if reading.tokens.get(next + 1).is_some_and(|t| t.is_number() || matches!(reading.word(next + 1), "x" | "y" | "mar" | "der")) => {
                change_at(reading, next + 1).unwrap_or(next + 1)
            }
            _ => match change_at(reading, next) {
                Some(end) => end,
                None => break,
            },
        };
        last = end;
    }
    let spaces = (i + 1..=last).any(|j| reading.tokens[j].spaced);
    let capital = (i..=last).find(|j| {
        let written = reading.written(*j);
        let arm = written.strip_prefix(['P', 'Q']).is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
        arm && matches!(reading.word(j - 1), "(" | ";")
    });
    Some((last, spaces, capital.map(|j| {
        let close = if reading.word(j + 1) == ")" { j + 1 } else { j };
        reading.span(if reading.word(j - 1) == "(" { j - 1 } else { j }, close)
    })))
}

/// `47, XX`: the last token of the sex chromosomes.
fn sex_at(reading: &Reading<'_>, i: usize) -> Option<usize> {
    let count = reading.tokens.get(i).filter(|t| t.is_number())?.text(reading.text).parse::<u32>().ok()?;
    let sex = matches!(reading.written(i + 2), "X" | "XX" | "XY" | "XXY" | "Y" | "XYY" | "XXX");
    ((20..100).contains(&count) && reading.word(i + 1) == "," && sex).then_some(i + 2)
}

/// `t(2;17)(p23.2;q23.1)`: its last token.
fn change_at(reading: &Reading<'_>, i: usize) -> Option<usize> {
    let name = reading.written(i);
    if !CHANGES.contains(&name) || reading.word(i + 1) != "(" || reading.tokens[i + 1].spaced {
        return None;
    }
    let close = closing(reading, i + 1)?;
    // Chromosomes inside the first brackets, arms inside the second.
    let chromosomes = (i + 2..close).all(|j| {
        reading.tokens[j].is_number() || matches!(reading.word(j), ";" | "x" | "y" | "p" | "q" | ".") || reading.word(j).starts_with(['p', 'q'])
    });
    if !chromosomes || close == i + 2 {
        return None;
    }
    let arms = reading.word(close + 1) == "(" && reading.word(close + 2).starts_with(['p', 'q']);
    if arms { closing(reading, close + 1) } else { None }
}

fn closing(reading: &Reading<'_>, open: usize) -> Option<usize> {
    (open + 1..(open + 20).min(reading.tokens.len())).find(|j| reading.word(*j) == ")")
}
