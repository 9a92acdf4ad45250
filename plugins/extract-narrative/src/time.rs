//! Times as a sentence states them: `after 4 months of treatment`, `1 month later`, `on hospital day 2`, `in June 2020`.

use std::borrow::Cow;

use case_model::{AnchorKind, Extent, IsoDuration, PartialDate, Relation, Span};
use case_text::token;
use case_text::when::{date_at, length_at};

use crate::class::{Class, Kind};
use crate::reading::{Reading, Sentence};

/// What a stated time counts from, as far as its own words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Nothing is said: the event told before, or the anchor of the time before it in the sentence.
    Open,
    /// A kind of event.
    Kind(&'static str),
    /// The start of the treatment named by the mention with this first token.
    StartOf(usize),
    /// The end of the treatment named by the mention with this first token.
    EndOf(usize),
    /// The start of the treatment under way.
    Treatment,
    /// The end of the treatment under way.
    TreatmentEnd,
    /// The event told just before.
    Previous,
}

/// A stated time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stated {
    /// First token.
    pub(crate) first: usize,
    /// Last token.
    pub(crate) last: usize,
    /// Relation to the anchor.
    pub(crate) relation: Relation,
    /// Distance or length.
    pub(crate) extent: Option<Extent>,
    /// Date.
    pub(crate) date: Option<PartialDate>,
    /// Age.
    pub(crate) age: Option<IsoDuration>,
    /// Anchor.
    pub(crate) hint: Hint,
    /// True for a length ("for 6 months", "6-month course"), which is no point in time.
    pub(crate) is_length: bool,
    /// Its bytes.
    pub(crate) span: Span,
}

/// Anchors that have no fact of their own, by the names used in [`Hint::Kind`].
pub(crate) fn anchor_kind(name: &str) -> AnchorKind {
    AnchorKind::from(name)
}

/// All times that a sentence states, in order.
pub(crate) fn times(reading: &Reading<'_>, sentence: &Sentence) -> Vec<Stated> {
    let range = sentence.tokens.clone();
    let mut out: Vec<Stated> = Vec::new();
    let mut i = range.start;
    while i < range.end {
        match at(reading, sentence, i) {
            Some(stated) if stated.last < range.end => {
                i = stated.last + 1;
                out.push(stated);
            }
            _ => i += 1,
        }
    }
    out
}

fn lower<'d>(reading: &Reading<'d>, i: usize) -> Cow<'d, str> {
    token::lower(reading.word(i))
}

/// Reads a time that starts at token `i`.
fn at(reading: &Reading<'_>, sentence: &Sentence, i: usize) -> Option<Stated> {
    let text = reading.text;
    let tokens = &reading.tokens;
    let token = tokens.get(i)?;
    if token.is_number() || token.is_word() {
        if let Some(date) = date_at(text, tokens, i) {
            return Some(make(reading, i, date.last, Relation::At, None, Some(date.date), Hint::Open));
        }
        if let Some(age) = reading.age_at(i) {
            // An age in running text ("at the age of 7 years") is the time of what happened then.
            let word = lower(reading, i);
            if word == "age" {
                let mut stated = make(reading, i, age.last, Relation::At, None, None, Hint::Kind("birth"));
                stated.age = Some(age.age);
                return Some(stated);
            }
            // "6-year-old" is the patient's age, not a time.
            return Some(Stated {
                is_length: true,
                ..make(reading, i, age.last, Relation::For, None, None, Hint::Kind("birth"))
            });
        }
        if let Some(day) = numbered_day(reading, i) {
            return Some(day);
        }
        if let Some(length) = length_at(text, tokens, i) {
            return Some(around_length(
                reading,
                sentence,
                length.first,
                length.last,
                length.extent,
                length.attributive,
            ));
        }
    }
    baseline(reading, sentence, i).or_else(|| after_cycles(reading, sentence, i))
}

/// `after 4 cycles`, `following the first dose of X`: a point in a treatment that no clock gives.
fn after_cycles(reading: &Reading<'_>, sentence: &Sentence, i: usize) -> Option<Stated> {
    if !matches!(lower(reading, i).as_ref(), "after" | "following") {
        return None;
    }
    let mut at = i + 1;
    if matches!(reading.word(at), "the" | "only" | "completing") {
        at += 1;
    }
    let token = reading.tokens.get(at)?;
    let word = lower(reading, at);
    let counted = token.is_number()
        || case_text::number::in_words(&word).is_some()
        || case_text::number::ordinal(&word).is_some()
        || matches!(word.as_ref(), "first" | "initial" | "a" | "several");
    // "the 2nd cycle"
    let noun = at + 1 + usize::from(token.is_number() && matches!(reading.word(at + 1), "st" | "nd" | "rd" | "th"));
    let is_cycle = matches!(
        lower(reading, noun).as_ref(),
        "cycle"
            | "cycles"
            | "course"
            | "courses"
            | "dose"
            | "doses"
            | "infusion"
            | "infusions"
            | "injection"
            | "injections"
    );
    if !counted || !is_cycle || noun >= sentence.tokens.end {
        return None;
    }
    let drug = reading
        .mentions_of(sentence)
        .iter()
        .find(|m| m.first == noun + 2 && reading.word(noun + 1) == "of" && (m.is(Kind::Drug) || m.is(Kind::Regimen)));
    let (last, hint) = drug.map_or((noun, Hint::Treatment), |d| (d.last, Hint::StartOf(d.first)));
    Some(make(reading, i, last, Relation::After, None, None, hint))
}

fn make(
    reading: &Reading<'_>,
    first: usize,
    last: usize,
    relation: Relation,
    extent: Option<Extent>,
    date: Option<PartialDate>,
    hint: Hint,
) -> Stated {
    Stated { first, last, relation, extent, date, age: None, hint, is_length: false, span: reading.span(first, last) }
}

/// `at presentation`, `on admission`, `at diagnosis`.
fn baseline(reading: &Reading<'_>, sentence: &Sentence, i: usize) -> Option<Stated> {
    let mention = reading.mentions_of(sentence).iter().find(|m| m.first == i && m.says(Class::Baseline))?;
    let words = reading.words(mention.first, mention.last).to_ascii_lowercase();
    let kind = if words.contains("admission") || words.contains("arrival") {
        "admission"
    } else if words.contains("diagnosis") {
        "diagnosis"
    } else {
        "presentation"
    };
    Some(make(reading, mention.first, mention.last, Relation::At, None, None, Hint::Kind(kind)))
}

/// `day 10`, `hospital day 2`, `day +81`, `postoperative day 23`, `POD 3`, `the 28th day`, `27th week`.
fn numbered_day(reading: &Reading<'_>, i: usize) -> Option<Stated> {
    let text = reading.text;
    let tokens = &reading.tokens;
    let word = lower(reading, i);
    let number = |at: usize| tokens.get(at).filter(|t| t.is_number()).and_then(|t| t.text(text).parse::<f64>().ok());
    let post = matches!(word.as_ref(), "postoperative" | "postop")
        || word == "post" && lower(reading, i + 2).starts_with("operative");
    // "POD 3", "HD 5"
    if matches!(reading.word(i), "POD" | "HD") && number(i + 1).is_some() {
        let n = number(i + 1)?;
        let (hint, days) =
            if reading.word(i) == "POD" { (Hint::Kind("surgery"), n) } else { (Hint::Kind("admission"), n - 1.0) };
        return Some(day(reading, i, i + 1, days, hint));
    }
    let (at, hint) = if post {
        (if word == "post" { i + 3 } else { i + 1 }, Hint::Kind("surgery"))
    } else if matches!(word.as_ref(), "hospital" | "hospitalization" | "hospitalisation" | "admission") {
        (i + 1, Hint::Kind("admission"))
    } else {
        (i, Hint::Open)
    };
    if matches!(lower(reading, at).as_ref(), "day" | "days") {
        let plus = usize::from(tokens.get(at + 1).is_some_and(|t| t.is('+')));
        if let Some(n) = number(at + 1 + plus).filter(|_| lower(reading, at) == "day") {
            // "day 4 of hospitalization", "day 10 after administration of pazopanib", "day +81"
            let last = at + 1 + plus;
            let (after, end) = behind(reading, last + 1);
            let hint = match (hint, after) {
                (Hint::Open, Some(after)) => after,
                (Hint::Open, None) if plus == 1 => Hint::Kind("transplantation"),
                (hint, _) => hint,
            };
            let counted_from_one = matches!(hint, Hint::Kind("admission")) && plus == 0;
            return Some(day(reading, i, end.unwrap_or(last), if counted_from_one { n - 1.0 } else { n }, hint));
        }
        return None;
    }
    // "the 28th day after hospital admission", "At 9th week after the start of chemotherapy"
    let ordinal = number(i).filter(|_| matches!(reading.word(i + 1), "st" | "nd" | "rd" | "th"));
    let (n, unit) = match ordinal {
        Some(n) => (n, i + 2),
        None => (f64::from(case_text::number::ordinal(reading.word(i))?), i + 1),
    };
    let value = match (lower(reading, unit).as_ref(), reading.word(unit)) {
        ("day", _) => IsoDuration::from_days(n),
        (_, "HD") => {
            return Some(day(reading, i, unit, n - 1.0, Hint::Kind("admission")));
        }
        ("week", _) => IsoDuration::from_weeks(n),
        ("month", _) => IsoDuration::from_months(n),
        ("year", _) => IsoDuration::from_years(n),
        _ => return None,
    };
    let (after, end) = behind(reading, unit + 1);
    Some(make(
        reading,
        i,
        end.unwrap_or(unit),
        Relation::After,
        Some(Extent::exact(value)),
        None,
        after.unwrap_or(Hint::Previous),
    ))
}

fn day(reading: &Reading<'_>, first: usize, last: usize, days: f64, hint: Hint) -> Stated {
    make(reading, first, last, Relation::After, Some(Extent::exact(IsoDuration::from_days(days))), None, hint)
}

/// The words around a length decide what it is: a point after or before something, or how long something lasted.
fn around_length(
    reading: &Reading<'_>,
    sentence: &Sentence,
    first: usize,
    last: usize,
    extent: Extent,
    attributive: bool,
) -> Stated {
    // "after additional 9 months", "after about 3 weeks"
    let filler = |j: usize| {
        matches!(
            lower(reading, j).as_ref(),
            "about" | "additional" | "almost" | "another" | "approximately" | "further" | "just" | "nearly" | "only"
        )
    };
    let skipped = usize::from(first > sentence.tokens.start && filler(first - 1));
    let before = first.checked_sub(1 + skipped).map(|j| lower(reading, j)).unwrap_or_default();
    let next = lower(reading, last + 1);
    let end = sentence.tokens.end;
    let point = |from: usize, to: usize, relation: Relation, hint: Hint| {
        make(reading, from, to, relation, Some(extent.clone()), None, hint)
    };
    let length = |from: usize, to: usize| Stated {
        is_length: true,
        ..make(reading, from, to, Relation::For, Some(extent.clone()), None, Hint::Open)
    };

    // "2-month history of", "3 months' history"
    let history = (last + 1..(last + 4).min(end)).find(|j| lower(reading, *j) == "history");
    if let Some(history) = history.filter(|_| attributive || matches!(next.as_ref(), "history" | "'" | "’" | "'s")) {
        return Stated {
            relation: Relation::Before,
            is_length: false,
            hint: Hint::Kind("presentation"),
            ..point(first, history, Relation::Before, Hint::Kind("presentation"))
        };
    }
    if attributive {
        // "a 6-month course", "2-week history" is above.
        return length(first, last);
    }
    match next.as_ref() {
        "later" | "afterwards" | "thereafter" => return point(first, last + 1, Relation::After, Hint::Previous),
        "ago" => return point(first, last + 1, Relation::Before, Hint::Kind("presentation")),
        "earlier" | "previously" => return point(first, last + 1, Relation::Before, Hint::Kind("presentation")),
        "before" | "prior" => {
            let to = usize::from(next == "prior" && lower(reading, last + 2) == "to");
            let (hint, stop) = behind_anchor(reading, last + 2 + to);
            return match hint {
                Some(hint) => point(first, stop, Relation::Before, hint),
                None => point(first, last + 1, Relation::Before, Hint::Kind("presentation")),
            };
        }
        "after" | "following" | "post" | "since" | "from" => {
            let (hint, stop) = behind_anchor(reading, last + 2);
            if let Some(hint) = hint {
                return point(first, stop, Relation::After, hint);
            }
            if next != "from" {
                return point(first, last + 1, Relation::After, Hint::Previous);
            }
        }
        "of" => {
            // "at 1 month of treatment", "after 5 months of crizotinib", "at 6 months of follow-up"
            let (hint, stop) = of_treatment(reading, last + 2);
            if let Some(hint) = hint {
                let is_point = matches!(before.as_ref(), "at" | "after" | "within" | "by" | "until" | "following");
                return if is_point {
                    point(first - 1, stop, Relation::After, hint)
                } else {
                    Stated { hint, ..length(first, stop) }
                };
            }
        }
        "into" => {
            let (hint, stop) = of_treatment(reading, last + 2);
            return point(
                first,
                if hint.is_some() { stop } else { last + 1 },
                Relation::After,
                hint.unwrap_or(Hint::Treatment),
            );
        }
        "postoperatively" | "post-operatively" => {
            return point(first, last + 1, Relation::After, Hint::Kind("surgery"));
        }
        _ => {}
    }
    match before.as_ref() {
        "after" | "at" | "within" => {
            let relation = if before == "within" { Relation::During } else { Relation::After };
            let from =
                if before == "at" && lower(reading, first.saturating_sub(2)) == "at" { first } else { first - 1 };
            point(from, last, relation, Hint::Open)
        }
        "for" | "over" | "during" | "lasted" | "lasting" => {
            // "for the past 3 months" is handled below; "for 6 months".
            length(first - 1, last)
        }
        "past" | "last" | "previous" | "preceding" => {
            let from = (first - 1).saturating_sub(usize::from(lower(reading, first.saturating_sub(2)) == "the"));
            point(from, last, Relation::Before, Hint::Kind("presentation"))
        }
        "next" | "following" | "subsequent" | "first" | "initial" => length(first - 1, last),
        "of" if matches!(
            lower(reading, first.saturating_sub(2)).as_ref(),
            "duration" | "treatment" | "follow" | "period" | "up" | "total" | "survival"
        ) =>
        {
            length(first, last)
        }
        _ => length(first, last),
    }
}

/// What stands behind "after" and the like: the event counted from, and the last token of its name.
fn behind_anchor(reading: &Reading<'_>, at: usize) -> (Option<Hint>, usize) {
    let mut i = at;
    while matches!(
        lower(reading, i).as_ref(),
        "the"
            | "a"
            | "an"
            | "her"
            | "his"
            | "their"
            | "this"
            | "initial"
            | "first"
            | "last"
            | "second"
            | "third"
            | "previous"
            | "hospital"
    ) {
        i += 1;
    }
    let word = lower(reading, i);
    let (kind, last) = match word.as_ref() {
        "diagnosis" => (Hint::Kind("diagnosis"), i),
        "admission" | "hospitalization" | "hospitalisation" => (Hint::Kind("admission"), i),
        "presentation" | "onset" => (Hint::Kind("presentation"), i),
        "discharge" => (Hint::Kind("discharge"), i),
        "surgery" | "operation" | "resection" | "excision" | "surgical" => (Hint::Kind("surgery"), i),
        "transplantation" | "transplant" | "sct" | "hsct" => (Hint::Kind("transplantation"), i),
        "treatment" | "therapy" | "chemotherapy" | "immunotherapy" => {
            let ends =
                matches!(lower(reading, i + 1).as_ref(), "completion" | "discontinuation" | "cessation" | "withdrawal")
                    || (i + 1..i + 4).any(|j| {
                        matches!(
                            lower(reading, j).as_ref(),
                            "completed" | "stopped" | "discontinued" | "ended" | "finished"
                        )
                    });
            let last = (i + 1..i + 4).find(|j| {
                matches!(
                    lower(reading, *j).as_ref(),
                    "completed"
                        | "stopped"
                        | "discontinued"
                        | "ended"
                        | "finished"
                        | "completion"
                        | "discontinuation"
                        | "cessation"
                        | "withdrawal"
                        | "initiation"
                )
            });
            (if ends { Hint::TreatmentEnd } else { Hint::Treatment }, last.unwrap_or(i))
        }
        "stopping" | "discontinuation" | "discontinuing" | "cessation" | "completion" | "completing" | "withdrawal"
        | "end" | "finishing" | "ceasing" => {
            let named = (i + 1..i + 5).find(|j| is_drug(reading, *j));
            let last = named.map_or_else(|| treatment_word(reading, i + 1).unwrap_or(i), |j| last_of(reading, j));
            (named.map_or(Hint::TreatmentEnd, Hint::EndOf), last)
        }
        "start" | "starting" | "initiation" | "initiating" | "beginning" | "commencement" | "administration"
        | "introduction" | "receiving" => {
            let named = (i + 1..i + 5).find(|j| is_drug(reading, *j));
            let last = named.map_or_else(|| treatment_word(reading, i + 1).unwrap_or(i), |j| last_of(reading, j));
            (named.map_or(Hint::Treatment, Hint::StartOf), last)
        }
        _ if is_drug(reading, i) => (Hint::StartOf(i), last_of(reading, i)),
        _ => return (None, at),
    };
    (Some(kind), last)
}

/// Behind a numbered day: `of hospitalization`, `after administration of pazopanib`.
fn behind(reading: &Reading<'_>, at: usize) -> (Option<Hint>, Option<usize>) {
    match lower(reading, at).as_ref() {
        "of" | "after" | "following" | "from" | "since" | "post" => {
            let (hint, last) = if lower(reading, at) == "of" {
                match of_treatment(reading, at + 1) {
                    (None, _) => behind_anchor(reading, at + 1),
                    found => found,
                }
            } else {
                behind_anchor(reading, at + 1)
            };
            (hint, hint.map(|_| last))
        }
        _ => (None, None),
    }
}

/// `of treatment`, `of therapy`, `of crizotinib`, `of follow-up`.
fn of_treatment(reading: &Reading<'_>, at: usize) -> (Option<Hint>, usize) {
    let mut i = at;
    while matches!(lower(reading, i).as_ref(), "the" | "this" | "her" | "his" | "continued" | "continuous" | "initial")
    {
        i += 1;
    }
    if let Some(last) = treatment_word(reading, i) {
        return (Some(Hint::Treatment), last);
    }
    if is_drug(reading, i) {
        return (Some(Hint::StartOf(i)), last_of(reading, i));
    }
    if lower(reading, i) == "follow" || lower(reading, i) == "followup" {
        return (Some(Hint::Kind("previous_event")), if lower(reading, i) == "follow" { i + 2 } else { i });
    }
    (None, at)
}

/// A word for the treatment under way at token `i`, possibly after "of"; its last token.
fn treatment_word(reading: &Reading<'_>, i: usize) -> Option<usize> {
    let i = i + usize::from(lower(reading, i) == "of");
    let i = i + usize::from(matches!(lower(reading, i).as_ref(), "the" | "this"));
    matches!(
        lower(reading, i).as_ref(),
        "treatment" | "therapy" | "chemotherapy" | "immunotherapy" | "drug" | "medication" | "radiotherapy"
    )
    .then_some(i)
}

/// True if a drug, class or regimen is named at token `i`.
fn is_drug(reading: &Reading<'_>, i: usize) -> bool {
    drug_at(reading, i).is_some()
}

fn drug_at<'r>(reading: &'r Reading<'_>, i: usize) -> Option<&'r crate::reading::Mention> {
    let at = reading.mentions.partition_point(|m| m.first < i);
    reading.mentions[at..]
        .iter()
        .take_while(|m| m.first == i)
        .find(|m| m.is(Kind::Drug) || m.is(Kind::Regimen) || m.is(Kind::DrugClass))
}

fn last_of(reading: &Reading<'_>, i: usize) -> usize {
    drug_at(reading, i).map_or(i, |m| m.last)
}
