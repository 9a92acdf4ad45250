//! Doses, frequencies and routes.

use case_model::{Dose, Span, Statement};
use case_text::quantity::quantity_at;
use case_text::token::lower;

use super::kind_of;
use crate::draft::View;

/// Units of a dose.
fn is_dose_unit(unit: &str) -> bool {
    let head = unit.split(['/', '.']).next().unwrap_or_default();
    matches!(
        head,
        "mg" | "g"
            | "ug"
            | "ng"
            | "[iU]"
            | "k[iU]"
            | "U"
            | "mL"
            | "meq"
            | "mmol"
            | "Gy"
            | "cGy"
            | "MBq"
            | "GBq"
            | "kBq"
            | "mCi"
            | "Ci"
            | "m[iU]"
            | "Bq"
    ) && !unit.ends_with("/dL")
        && !unit.ends_with("/mL")
        && !unit.ends_with("/L")
}

/// The dose that stands with a name: behind it ("crizotinib (200 mg daily)", "cisplatin 80 mg/m2") or before it ("10 mg of
/// prednisone", "3-mg alemtuzumab").
pub(super) fn dose_beside(view: View<'_, '_>, first: usize, last: usize) -> Option<Dose> {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    // The next name ends what belongs to this one.
    let next_name = view
        .mentions()
        .iter()
        .find(|m| m.first > last && kind_of(m).is_some() && !m.ambiguous)
        .map_or(range.end, |m| m.first);
    // "radiation therapy (right axilla, arm, thenar muscle, and liver, 36 Gy)": a bracket is read to its end.
    let bracket = (last + 1 < range.end && reading.tokens[last + 1].is('('))
        .then(|| (last + 1..(last + 30).min(range.end)).find(|i| reading.tokens[*i].is(')')))
        .flatten();
    let reach = (last + 10).max(bracket.unwrap_or(0)).min(next_name).min(range.end);
    let quantity = |i: usize| {
        let token = &reading.tokens[i];
        if !token.is_number() || i > 0 && reading.tokens[i - 1].is_number() {
            return None;
        }
        quantity_at(reading.text, &reading.tokens, i)
            .filter(|q| q.last < range.end && q.quantity.unit.as_deref().is_some_and(is_dose_unit))
    };
    let behind = (last + 1..reach)
        .take_while(|i| !reading.tokens[*i].is(';') && !matches!(reading.word(*i), "but" | "because"))
        .find_map(quantity);
    let before = || {
        let from = first.saturating_sub(6).max(range.start);
        let previous = view
            .mentions()
            .iter()
            .filter(|m| m.last < first && kind_of(m).is_some() && !m.ambiguous)
            .map(|m| m.last + 1)
            .next_back()
            .unwrap_or(from);
        (from.max(previous)..first).find_map(quantity).filter(|q| {
            (q.last + 1..first).all(|i| {
                reading.tokens[i].is_hyphen()
                    || matches!(
                        reading.word(i),
                        "of" | "daily"
                            | "oral"
                            | "orally"
                            | "intravenous"
                            | "IV"
                            | "dose"
                            | "doses"
                            | "subcutaneous"
                            | "twice"
                            | "once"
                            | "weekly"
                            | "per"
                            | "day"
                            | "a"
                    )
            })
        })
    };
    if let Some(area) = (last + 1..reach).find_map(|i| area_under_curve(view, i)) {
        return Some(area);
    }
    let found = behind.or_else(before)?;
    let frequency = frequency(view, found.last + 1).or_else(|| frequency(view, last + 1));
    let route = route(view, first, found.last.max(last));
    Some(Dose {
        printed: Statement::of(reading.text, reading.span(found.first, found.last)),
        amount: found.quantity,
        frequency: frequency.map(|span| Statement::of(reading.text, span)),
        route,
    })
}

/// `AUC 5`, `AUC of 6`: the dose of carboplatin, in mg/mL x min (Calvert et al., J Clin Oncol 1989;7:1748-56).
fn area_under_curve(view: View<'_, '_>, at: usize) -> Option<Dose> {
    let reading = view.reading;
    if reading.word(at) != "AUC" {
        return None;
    }
    let number = (at + 1..(at + 4).min(view.sentence.tokens.end)).find(|i| reading.tokens[*i].is_number())?;
    let mut amount = quantity_at(reading.text, &reading.tokens, number)?.quantity;
    amount.unit = Some("mg/mL.min".to_owned());
    amount.printed_unit = "AUC".to_owned();
    Some(Dose {
        printed: Statement::of(reading.text, reading.span(at, number)),
        amount,
        frequency: frequency(view, number + 1).map(|span| Statement::of(reading.text, span)),
        route: None,
    })
}

/// A later dose of a drug: "increased to 800 mg daily", "the dose was reduced to 250 mg once daily".
pub(super) fn dose_steps(view: View<'_, '_>) -> Vec<(usize, Dose)> {
    const STEPS: &[&str] =
        &["decreased", "escalated", "increased", "lowered", "raised", "reduced", "tapered", "titrated", "uptitrated"];
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    let mut out = Vec::new();
    for at in range.clone().filter(|i| STEPS.contains(&reading.word(*i))) {
        let to = (at + 1..(at + 4).min(range.end)).find(|i| reading.word(*i) == "to");
        let Some(number) = to.map(|i| i + 1).filter(|i| *i < range.end && reading.tokens[*i].is_number()) else {
            continue;
        };
        let found = quantity_at(reading.text, &reading.tokens, number)
            .filter(|q| q.last < range.end && q.quantity.unit.as_deref().is_some_and(is_dose_unit));
        let Some(found) = found else { continue };
        let dose = Dose {
            printed: Statement::of(reading.text, reading.span(found.first, found.last)),
            amount: found.quantity,
            frequency: frequency(view, found.last + 1).map(|span| Statement::of(reading.text, span)),
            route: None,
        };
        out.push((at, dose));
    }
    out
}

/// `daily`, `twice a day`, `every 3 weeks`, `q3w`, `three times weekly`, `at night`, within a few words.
fn frequency(view: View<'_, '_>, at: usize) -> Option<Span> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let is = |i: usize, list: &[&str]| i < end && list.contains(&lower(reading.word(i)).as_ref());
    let period = ["day", "daily", "week", "weekly", "month", "monthly", "hour", "night", "nightly", "cycle"];
    for i in at..(at + 7).min(end) {
        let token = &reading.tokens[i];
        if token.is(';') || token.is('.') || is(i, &["and", "but", "for"]) && !is(i + 1, &["twice", "once"]) {
            return None;
        }
        // "twice daily", "three times a day", "once weekly", "thrice daily"
        let times = if is(i, &["once", "twice", "thrice"]) {
            Some(i)
        } else if is(i + 1, &["times"])
            && (reading.tokens[i].is_number() || case_text::number::in_words(reading.word(i)).is_some())
        {
            Some(i + 1)
        } else {
            None
        };
        if let Some(times) = times {
            let unit = (times + 1..(times + 4).min(end)).find(|j| is(*j, &period)).unwrap_or(times);
            return Some(reading.span(i, unit));
        }
        if is(i, &["every", "each"]) {
            let unit = (i + 1..(i + 5).min(end)).find(|j| {
                is(*j, &["hours", "hour", "h", "days", "day", "weeks", "week", "months", "month", "night", "morning"])
            })?;
            return Some(reading.span(i, unit));
        }
        if is(
            i,
            &["daily", "weekly", "monthly", "nightly", "bid", "tid", "qid", "qd", "biweekly", "hourly", "fortnightly"],
        ) || q_code(reading.word(i))
        {
            return Some(reading.span(i, i));
        }
        if is(i, &["a", "per"]) && is(i + 1, &["day", "week", "month"]) {
            return Some(reading.span(i, i + 1));
        }
        if is(i, &["at"]) && is(i + 1, &["night", "bedtime"]) {
            return Some(reading.span(i, i + 1));
        }
        if is(i, &["on"]) && is(i + 1, &["days", "day"]) && reading.tokens.get(i + 2).is_some_and(|t| t.is_number()) {
            let last = (i + 2..(i + 8).min(end))
                .take_while(|j| {
                    reading.tokens[*j].is_number()
                        || reading.tokens[*j].is_hyphen()
                        || reading.tokens[*j].is(',')
                        || is(*j, &["to", "and"])
                })
                .filter(|j| reading.tokens[*j].is_number())
                .last()?;
            return Some(reading.span(i, last));
        }
    }
    None
}

/// `q3w`, `q12h`, `q2wk`.
fn q_code(word: &str) -> bool {
    word.strip_prefix(['q', 'Q']).is_some_and(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && matches!(&rest[digits..], "w" | "h" | "d" | "wk" | "W" | "H" | "m")
    })
}

const ROUTES: &[&str] = &[
    "IV",
    "i.v",
    "intramuscular",
    "intramuscularly",
    "intraperitoneal",
    "intrathecal",
    "intrathecally",
    "intravenous",
    "intravenously",
    "intravesical",
    "inhaled",
    "iv",
    "oral",
    "orally",
    "po",
    "rectal",
    "rectally",
    "subcutaneous",
    "subcutaneously",
    "sublingual",
    "topical",
    "topically",
    "transdermal",
    "intravaginal",
];

fn route(view: View<'_, '_>, first: usize, last: usize) -> Option<String> {
    let reading = view.reading;
    let from = first.saturating_sub(2).max(view.sentence.tokens.start);
    let to = (last + 6).min(view.sentence.tokens.end);
    (from..to).find_map(|i| {
        let word = reading.word(i);
        if word == "by" && reading.word(i + 1) == "mouth" {
            return Some("by mouth".to_owned());
        }
        ROUTES.contains(&word).then(|| word.to_owned())
    })
}
