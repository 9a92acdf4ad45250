//! Measured values: in prose, in brackets, in tables.

use case_model::{Abnormality, Comparator, Measurement, Quantity, ReferenceRange, Statement};
use case_text::context::Context;
use case_text::quantity::quantity_at;
use case_text::token::lower;

use crate::class::{Class, Kind, Quality};
use crate::draft::{Draft, View};
use crate::reading::Mention;

const BY: &str = "narrative/measurement";

/// Words that may stand between an analyte and its value.
const LINKS: &[&str] = &[
    "a",
    "about",
    "an",
    "approximately",
    "as",
    "at",
    "being",
    "concentration",
    "concentrations",
    "count",
    "counts",
    "decreased",
    "dropped",
    "elevated",
    "fell",
    "from",
    "further",
    "high",
    "in",
    "increased",
    "index",
    "is",
    "level",
    "levels",
    "low",
    "measured",
    "normal",
    "of",
    "only",
    "peaked",
    "persistently",
    "raised",
    "ratio",
    "reached",
    "reached",
    "remained",
    "rise",
    "rose",
    "serum",
    "showed",
    "still",
    "the",
    "then",
    "to",
    "up",
    "value",
    "values",
    "was",
    "were",
    "with",
];

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Measurement>>) {
    let mentions = view.mentions();
    let mut last_end = 0;
    for mention in mentions.iter().filter_map(|m| subject(view, m)) {
        let mention = &mention;
        if mention.first < last_end || view.context(mention).any(Context::ELSEWHERE | Context::HYPOTHETICAL) {
            continue;
        }
        if let Some((draft, end)) = value_behind(view, mention) {
            last_end = end;
            out.push(draft);
        }
    }
    for mention in mentions.iter().filter(|m| m.is(Kind::Scale) && !m.nested && !m.ambiguous) {
        let scored = matches!(mention.info.class, Class::Performance | Class::Prognosis | Class::Grade);
        let marker = mentions.iter().any(|m| m.is(Kind::Marker) && m.first == mention.first);
        if scored && !marker && !view.context(mention).any(Context::ELSEWHERE | Context::HYPOTHETICAL) {
            out.extend(score_behind(view, mention));
        }
    }
}

/// `ECOG performance status was 2`, `Karnofsky index of 70%`, `Gleason score 4 + 3 = 7`: points on a scale.
fn score_behind(view: View<'_, '_>, mention: &Mention) -> Option<Draft<Measurement>> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let at = (mention.last + 1..(mention.last + 7).min(end)).find(|i| reading.tokens[*i].is_number())?;
    let links = (mention.last + 1..at).all(|i| {
        let token = &reading.tokens[i];
        token.is(':')
            || token.is('(')
            || token.is('=')
            || token.is(',')
            || matches!(
                reading.word(i),
                "was"
                    | "of"
                    | "is"
                    | "score"
                    | "scores"
                    | "status"
                    | "index"
                    | "grade"
                    | "at"
                    | "a"
                    | "estimated"
                    | "rated"
                    | "were"
            )
    });
    if !links {
        return None;
    }
    // A sum of two patterns, or a range: as printed.
    let last = (at + 1..(at + 6).min(end))
        .take_while(|i| {
            let token = &reading.tokens[*i];
            token.is('+') || token.is('=') || token.is('/') || token.is_hyphen() || token.is_number()
        })
        .filter(|i| reading.tokens[*i].is_number())
        .last();
    let found = quantity_at(reading.text, &reading.tokens, at).filter(|q| q.last < end)?;
    let unitless = found.quantity.unit.as_deref().is_none_or(|u| u == "%");
    if !unitless {
        return None;
    }
    let value = Measurement {
        analyte: reading.vocabulary.concept(mention.concept).label.to_owned(),
        quantity: last.is_none().then(|| found.quantity.clone()),
        text: last.map(|last| Statement::of(reading.text, reading.span(at, last))),
        ..Measurement::default()
    };
    let mut draft = Draft::new(value, reading.span(mention.first, last.unwrap_or(found.last)), view.number, BY);
    draft.codings = reading.vocabulary.codings(mention.concept);
    draft.time = view.time_of(mention.first, at, &[]);
    Some(draft)
}

/// The analyte that a mention names, also by a finding: "leukocytosis (18 x 10^9/L)", "CA 19-9 was elevated at 1,250 U/mL".
fn subject(view: View<'_, '_>, mention: &Mention) -> Option<Mention> {
    match mention.info.kind {
        Kind::Analyte => Some(*mention),
        Kind::Finding => {
            view.reading.vocabulary.measured(mention.concept).map(|concept| Mention { concept, ..*mention })
        }
        _ => None,
    }
}

fn value_behind(view: View<'_, '_>, mention: &Mention) -> Option<(Draft<Measurement>, usize)> {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    let mut at = mention.last + 1;
    let mut steps = 0;
    // "hemoglobin (Hgb) of 6.9"
    if reading.tokens.get(at).filter(|_| at < range.end).is_some_and(|t| t.is('('))
        && let Some(close) = (at + 1..(at + 5).min(range.end)).find(|i| reading.tokens[*i].is(')'))
        && !(at + 1..close).any(|i| reading.tokens[i].is_number() && reading.tokens[i - 1].is('('))
    {
        at = close + 1;
    }
    while at < range.end && steps < 7 {
        let token = &reading.tokens[at];
        let link = token.is_word() && LINKS.binary_search(&lower(token.text(reading.text)).as_ref()).is_ok();
        if link || token.is(':') || token.is(',') && steps == 0 || token.is('(') || token.is('=') {
            at += 1;
            steps += 1;
        } else {
            break;
        }
    }
    if at >= range.end {
        return None;
    }
    let found = quantity_at(reading.text, &reading.tokens, at).filter(|q| q.last < range.end)?;
    let concept = reading.vocabulary.concept(mention.concept);
    let mut quantity = found.quantity;
    // A number without unit right behind an ambiguous letter ("K 5") says nothing.
    if quantity.unit.is_none() && mention.ambiguous {
        return None;
    }
    // "PR 20%" is no heart rate.
    if mention.ambiguous && quantity.unit.as_deref() == Some("%") && concept.attr("unit").is_none_or(|u| u != "%") {
        return None;
    }
    let in_words = reading.tokens[found.first].is_word() && quantity.unit.is_none();
    // "day 5", "2 months", "5 patients": no value of an analyte.
    let next = reading.word(found.last + 1);
    if in_words
        || quantity.unit.is_none()
            && matches!(
                next,
                "months"
                    | "month"
                    | "days"
                    | "day"
                    | "weeks"
                    | "week"
                    | "years"
                    | "year"
                    | "patients"
                    | "cycles"
                    | "hours"
                    | "h"
                    | "and"
                    | "times"
            )
            && next != "and"
    {
        return None;
    }
    let reference = reference_behind(view, found.last + 1, &mut quantity);
    let abnormality = reference.as_ref().and_then(|r| against(&quantity, r)).or_else(|| match mention.info.quality {
        Quality::High => Some(Abnormality::High),
        Quality::Low => Some(Abnormality::Low),
        _ => by_words(view, mention, at),
    });
    let end = found.last + 1;
    let value = Measurement {
        analyte: concept.attr("name").unwrap_or(concept.label).to_owned(),
        quantity: Some(quantity),
        text: None,
        reference,
        abnormality,
        specimen: None,
    };
    let mut draft = Draft::new(value, reading.span(mention.first, found.last), view.number, BY);
    draft.codings = reading.vocabulary.codings(mention.concept);
    draft.time = view.time_of(mention.first, found.last, &[]);
    Some((draft, end))
}

/// `(normal range, 0.27–4.2 µIU/mL)`, `(11.6-15.0 g/dL)`, `(N: 42–119 U/L)`, `(Ref: 75%-145%)`, `(<3.3 ng/mL)`.
fn reference_behind(view: View<'_, '_>, at: usize, quantity: &mut Quantity) -> Option<ReferenceRange> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let mut open = at;
    if reading.tokens.get(open).filter(|_| open < end).is_some_and(|t| t.is(',')) {
        open += 1;
    }
    let bracket = reading.tokens.get(open).filter(|_| open < end)?.is('(');
    let named = matches!(lower(reading.word(open)).as_ref(), "normal" | "reference");
    if !bracket && !named {
        return None;
    }
    let close = (open + 1..(open + 18).min(end))
        .find(|i| reading.tokens[*i].is(')') || reading.tokens[*i].is(';'))
        .unwrap_or((open + 10).min(end));
    let first =
        (open..close).find(|i| reading.tokens[*i].is_number() || matches!(reading.word(*i), "<" | ">" | "≤" | "≥"))?;
    // What stands before the numbers must be words for a reference.
    let words_fit = (open + 1..first).all(|i| {
        reading.tokens[i].is(',')
            || reading.tokens[i].is(':')
            || reading.tokens[i].is('.')
            || matches!(
                lower(reading.word(i)).as_ref(),
                "normal"
                    | "range"
                    | "reference"
                    | "ref"
                    | "n"
                    | "value"
                    | "values"
                    | "limit"
                    | "interval"
                    | "is"
                    | "was"
                    | "of"
                    | "upper"
                    | "nr"
                    | "rr"
            )
    });
    let found = quantity_at(reading.text, &reading.tokens, first)?;
    let range = found.quantity.upper.is_some() || found.quantity.comparator != Comparator::Equal;
    // "60%-140%" is a range whose numbers both carry the sign.
    let second = (found.last + 1 < close && reading.tokens[found.last + 1].is_hyphen())
        .then(|| quantity_at(reading.text, &reading.tokens, found.last + 2))
        .flatten();
    if !words_fit || !(range || second.is_some()) || found.last >= close {
        return None;
    }
    let last = second.as_ref().map_or(found.last, |s| s.last);
    if quantity.unit.is_none() {
        quantity.unit = found.quantity.unit.clone().or_else(|| second.as_ref().and_then(|s| s.quantity.unit.clone()));
        quantity.printed_unit = if found.quantity.printed_unit.is_empty() {
            second.as_ref().map(|s| s.quantity.printed_unit.clone()).unwrap_or_default()
        } else {
            found.quantity.printed_unit.clone()
        };
    }
    let (low, high) = match (&found.quantity.comparator, &found.quantity.upper, second) {
        (_, _, Some(second)) => (Some(found.quantity.value), Some(second.quantity.value)),
        (_, Some(upper), _) => (Some(found.quantity.value.clone()), Some(upper.clone())),
        (Comparator::Less | Comparator::AtMost, None, _) => (None, Some(found.quantity.value)),
        (_, None, _) => (Some(found.quantity.value), None),
    };
    Some(ReferenceRange { low, high, printed: Statement::of(reading.text, reading.span(first, last.min(close - 1))) })
}

fn against(quantity: &Quantity, reference: &ReferenceRange) -> Option<Abnormality> {
    let value = quantity.value.value();
    match (&reference.low, &reference.high) {
        (Some(low), _) if value < low.value() => Some(Abnormality::Low),
        (_, Some(high)) if value > high.value() => Some(Abnormality::High),
        (Some(_), Some(_)) => Some(Abnormality::Normal),
        _ => None,
    }
}

/// `elevated`, `low`, `normal` beside the analyte.
fn by_words(view: View<'_, '_>, mention: &Mention, value: usize) -> Option<Abnormality> {
    let reading = view.reading;
    let from = mention.first.saturating_sub(3).max(view.sentence.tokens.start);
    (from..value).find_map(|i| match reading.word(i) {
        "elevated" | "increased" | "high" | "raised" => Some(Abnormality::High),
        "low" | "decreased" | "reduced" => Some(Abnormality::Low),
        "normal" => Some(Abnormality::Normal),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn links_are_sorted() {
        assert!(super::LINKS.is_sorted());
    }
}
