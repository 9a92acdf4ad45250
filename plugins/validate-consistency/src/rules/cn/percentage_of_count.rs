//! A percentage that is not that of its counts.
//!
//! "3 of 12 patients (30%)", "30% (3/12)": count, total and percentage stand together, and the percentage is neither the rounded
//! nor the cut-off quotient.
//!
//! ## Why it matters
//!
//! One of the three numbers is wrong; summaries take any of them.
//!
//! ## Example
//!
//! Response was seen in 3 of 12 patients (30%).
//!
//! ## What to write
//!
//! Counts with the percentage that follows from them: 3 of 12 (25%).

use case_text::number::number_at;
use casemill_plugin_sdk::model::{Comparator, Decimal, Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CN003", name: "percentage-of-count", severity: Severity::Warning };

/// Words of scales whose "3/5" is no share.
const SCALES: &[&str] = &[
    "score", "grade", "allred", "ecog", "kps", "strength", "power", "apgar", "gleason", "murmur", "scale", "ratio", "stage",
    "pressure", "visual", "acuity", "week", "day", "cycle", "date",
];

struct Share {
    first: usize,
    last: usize,
    count: f64,
    total: f64,
}

/// `3 of 12`, `3 out of the 12`, `3/12`.
fn share_at(reading: &Reading<'_>, i: usize) -> Option<Share> {
    let whole = |i: usize| {
        let number = number_at(reading.text, &reading.tokens, i)?;
        let plain = number.upper.is_none() && number.comparator == Comparator::Equal && number.as_f64().fract() == 0.0;
        plain.then(|| (number.as_f64(), number.last))
    };
    let (count, mut last) = whole(i)?;
    last += 1;
    match reading.word(last) {
        "/" if reading.tokens.get(last).is_some_and(|t| !t.spaced) => {}
        "of" => {}
        "out" if reading.word(last + 1) == "of" => last += 1,
        _ => return None,
    }
    last += 1;
    if matches!(reading.word(last), "the" | "these" | "our" | "all") {
        last += 1;
    }
    let (total, end) = whole(last)?;
    // "1/2/2020"
    let dated = reading.word(end + 1) == "/" || i.checked_sub(1).is_some_and(|j| reading.word(j) == "/");
    (total >= count && total > 1.0 && count > 0.0 && !dated).then_some(Share { first: i, last: end, count, total })
}

/// `30%` and its digits behind the point.
fn percent_at(reading: &Reading<'_>, i: usize) -> Option<(f64, usize, usize)> {
    let token = reading.tokens.get(i).filter(|t| t.is_number())?;
    let value: Decimal = case_text::token::decimal(token.text(reading.text))?;
    let digits = value.as_str().split_once('.').map_or(0, |(_, d)| d.len());
    (reading.word(i + 1) == "%").then(|| (value.value(), digits, i + 1))
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for sentence in &reading.sentences {
        let end = sentence.tokens.end;
        let mut i = sentence.tokens.start;
        while i < end {
            let Some(share) = reading.tokens[i].is_number().then(|| share_at(reading, i)).flatten().or_else(|| {
                case_text::number::in_words(reading.word(i)).and_then(|_| share_at(reading, i))
            }) else {
                i += 1;
                continue;
            };
            i = share.last + 1;
            // Behind it in brackets, at most four words on; or before it, the share in brackets.
            let open = (share.last + 1..(share.last + 6).min(end)).find(|j| reading.word(*j) == "(");
            let behind = open.and_then(|j| percent_at(reading, j + 1)).filter(|(.., last)| closes(reading, last + 1));
            let before = (share.first >= 3 && reading.word(share.first - 1) == "(" && reading.word(share.first - 2) == "%")
                .then(|| percent_at(reading, share.first - 3))
                .flatten()
                .filter(|_| closes(reading, share.last + 1) || open.is_none());
            let scale = share.first.saturating_sub(5).max(sentence.tokens.start)..share.first;
            let Some((percent, digits, last)) = behind.or(before) else { continue };
            if reading.has_any(scale, SCALES) {
                continue;
            }
            let exact = share.count / share.total * 100.0;
            let grain = 10f64.powi(-(digits as i32));
            if (exact - percent).abs() >= grain * 1.000_1 {
                RULE.found(format!(
                    "{} of {} is {exact:.1}%, not {}%",
                    share.count,
                    share.total,
                    reading.written(last - 1)
                ))
                .at(reading.span(last - 1, last), "percentage")
                .at(reading.span(share.first, share.last), "counts")
                .push(out);
            }
        }
    }
}

fn closes(reading: &Reading<'_>, i: usize) -> bool {
    matches!(reading.word(i), ")" | ";" | ",")
}
