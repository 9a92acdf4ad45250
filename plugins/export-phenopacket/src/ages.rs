//! Times of events as ages.
//!
//! A case report says "6-year-old", "2-month history", "after 4 months of treatment"; the timeline turns that into days
//! from presentation. An event's age is the stated age plus the middle of those days, as if the patient had turned that
//! age on the day of presentation: the convention of curated packets, which write P6Y for a six-year-old and P5Y10M for
//! what began two months before. The interval that the words leave open goes into the evidence file.
//!
//! Where the days are known to no better than [`WIDEST_POINT`], the age is a range. An age that is itself a guess ("in
//! her sixties") counts nothing.

use casemill_plugin_sdk::model::{
    Age as StatedAge, Assertion, Case, DayInterval, Fact, IsoDuration, PartialDate, Relation, Scope, Timing,
};
use jiff::civil::Date;

use crate::schema::{Age, TimeElement, TimeInterval};

/// Width in days up to which a time is written as one age: a time counted in years, half a year either way, and the
/// imprecision of what it counts from.
const WIDEST_POINT: f64 = 1.5 * IsoDuration::YEAR;

/// A time of the packet and how it follows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timed {
    /// The time.
    pub(crate) element: TimeElement,
    /// The reasoning; empty where the time is written as it is.
    pub(crate) derivation: String,
}

/// What ages count from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ages<'a> {
    stated: Option<&'a Fact<StatedAge>>,
}

impl<'a> Ages<'a> {
    /// Ages of a case.
    pub(crate) fn new(case: &'a Case) -> Self {
        let of_patient = |age: &&Fact<StatedAge>| age.scope == Scope::Patient && age.assertion == Assertion::Present;
        Self { stated: case.age().filter(of_patient) }
    }

    /// The stated age at presentation, if ages can count from it.
    pub(crate) fn exact(&self) -> Option<&'a Fact<StatedAge>> {
        self.stated.filter(|age| !age.value.approximate)
    }

    /// The age at presentation as a time.
    pub(crate) fn at_presentation(&self) -> Option<TimeElement> {
        let stated = self.exact()?.value.value;
        let whole = [stated.years, stated.months, stated.weeks, stated.days].iter().all(|n| n.fract() == 0.0);
        let text = if whole { Some(stated.to_string()) } else { iso(stated.days(), stated.grain()) };
        Some(TimeElement::Age(Age { iso8601duration: text? }))
    }

    /// When something began or was, as an age or a date.
    pub(crate) fn at(&self, timing: &Timing) -> Option<Timed> {
        if matches!(timing.relation, Relation::For | Relation::Until) {
            return None;
        }
        self.point(timing)
    }

    /// When something was over, as an age or a date.
    pub(crate) fn end(&self, timing: &Timing) -> Option<Timed> {
        if timing.relation == Relation::For { None } else { self.point(timing) }
    }

    fn point(&self, timing: &Timing) -> Option<Timed> {
        if let Some(age) = timing.age {
            let element = TimeElement::Age(Age { iso8601duration: age.to_string() });
            return Some(Timed { element, derivation: String::new() });
        }
        let counted = timing.interval.and_then(|interval| self.counted(interval));
        counted.or_else(|| dated(timing.date?))
    }

    fn counted(&self, interval: DayInterval) -> Option<Timed> {
        let stated = self.exact()?.value.value;
        let age = |days: f64| Some(Age { iso8601duration: iso(stated.days() + days, stated.grain())? });
        let DayInterval { min, max } = interval;
        if max - min <= WIDEST_POINT {
            let age = age(interval.middle())?;
            let derivation = format!(
                "{} = {stated} {:+} d; the text allows {} to {} d from presentation",
                age.iso8601duration,
                whole(interval.middle()),
                whole(min),
                whole(max)
            );
            return Some(Timed { element: TimeElement::Age(age), derivation });
        }
        let derivation =
            format!("{stated} {:+} d to {stated} {:+} d, counted from presentation", whole(min), whole(max));
        Some(Timed { element: TimeElement::AgeRange { start: age(min)?, end: age(max)? }, derivation })
    }

    /// The patient's age that many days after presentation, as the range that completed units leave open: a six-year-old
    /// is six to seven.
    pub(crate) fn range_after(&self, interval: DayInterval) -> Option<Timed> {
        let stated = self.exact()?.value.value;
        let (days, grain) = (interval.middle(), stated.grain());
        let age = |days: f64| Some(Age { iso8601duration: iso(days, grain)? });
        let (start, end) = (age(stated.days() + days)?, age(stated.days() + grain + days)?);
        let derivation = format!(
            "{stated} in completed units, and {} d after presentation; the text allows {} to {} d",
            whole(days),
            whole(interval.min),
            whole(interval.max)
        );
        Some(Timed { element: TimeElement::AgeRange { start, end }, derivation })
    }

    /// Why a time is neither age nor date.
    pub(crate) fn why_not(&self, timing: &Timing) -> &'static str {
        match (timing.interval, self.stated) {
            _ if matches!(timing.relation, Relation::For | Relation::Until) => "a length of time has no beginning",
            (Some(_), None) => "no age is stated from which it could be counted",
            (Some(_), Some(age)) if age.value.approximate => "the stated age is approximate, so no age follows from it",
            _ => "neither an age nor a date follows from it",
        }
    }
}

/// Days as a whole number, for people.
fn whole(days: f64) -> i64 {
    days.round() as i64
}

/// An age in days as an ISO 8601 duration: in years and months, or in days where the stated age counts days or weeks.
/// `None` before birth.
fn iso(days: f64, grain: f64) -> Option<String> {
    if grain < IsoDuration::MONTH {
        return (days.round() >= 0.0).then(|| IsoDuration::from_days(days.round()).to_string());
    }
    let months = (days / IsoDuration::MONTH).round();
    let age = IsoDuration { years: (months / 12.0).floor(), months: months.rem_euclid(12.0), ..IsoDuration::default() };
    (months >= 0.0).then(|| age.to_string())
}

/// A date as far as it is given: a full date as the instant of its beginning, a month or year as the interval it spans.
pub(crate) fn dated(date: PartialDate) -> Option<Timed> {
    let (first, last) = days(date)?;
    let element = if date.day.is_some() {
        TimeElement::Timestamp(format!("{first}T00:00:00Z"))
    } else {
        TimeElement::Interval(TimeInterval { start: format!("{first}T00:00:00Z"), end: format!("{last}T23:59:59Z") })
    };
    Some(Timed { element, derivation: String::new() })
}

/// First and last day that a date allows. `None` for a date that does not exist.
fn days(date: PartialDate) -> Option<(Date, Date)> {
    let month = i8::try_from(date.month.unwrap_or(1)).ok()?;
    let day = i8::try_from(date.day.unwrap_or(1)).ok()?;
    let first = Date::new(date.year, month, day).ok()?;
    let last = match (date.month, date.day) {
        (_, Some(_)) => first,
        (Some(_), None) => first.last_of_month(),
        (None, None) => Date::new(date.year, 12, 31).ok()?,
    };
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(age: IsoDuration, approximate: bool) -> Case {
        let mut case = Case::default();
        case.subject.age.push(Fact { value: StatedAge { value: age, approximate }, ..Fact::default() });
        case
    }

    fn at(age: IsoDuration, min: f64, max: f64) -> Option<TimeElement> {
        let timing = Timing { interval: Some(DayInterval { min, max }), ..Timing::default() };
        Ages::new(&case(age, false)).at(&timing).map(|t| t.element)
    }

    fn age(text: &str) -> TimeElement {
        TimeElement::Age(Age { iso8601duration: text.into() })
    }

    #[test]
    fn an_event_before_presentation_has_a_smaller_age() {
        assert_eq!(at(IsoDuration::from_years(6.0), -76.1, -45.7), Some(age("P5Y10M")));
        assert_eq!(at(IsoDuration::from_years(6.0), -3.0, 2.0), Some(age("P6Y")));
        assert_eq!(at(IsoDuration::from_weeks(3.0), 9.5, 10.5), Some(age("P31D")));
        assert_eq!(at(IsoDuration::from_months(2.0), -200.0, -170.0), None);
    }

    #[test]
    fn a_loose_time_is_a_range() {
        let (start, end) = (Age { iso8601duration: "P7Y".into() }, Age { iso8601duration: "P10Y".into() });
        let range = at(IsoDuration::from_years(6.0), 365.25, 4.0 * 365.25);
        assert_eq!(range, Some(TimeElement::AgeRange { start, end }));
    }

    #[test]
    fn the_last_encounter_spans_the_unit_that_the_age_leaves_open() {
        let case = case(IsoDuration::from_years(6.0), false);
        let found = Ages::new(&case).range_after(DayInterval { min: 1445.0, max: 1841.0 }).unwrap().element;
        let (start, end) = (Age { iso8601duration: "P10Y6M".into() }, Age { iso8601duration: "P11Y6M".into() });
        assert_eq!(found, TimeElement::AgeRange { start, end });
    }

    #[test]
    fn an_approximate_age_counts_nothing() {
        let case = case(IsoDuration::from_years(60.0), true);
        let timing = Timing { interval: Some(DayInterval { min: 0.0, max: 1.0 }), ..Timing::default() };
        assert_eq!(Ages::new(&case).at(&timing), None);
        assert_eq!(Ages::new(&case).at_presentation(), None);
    }

    #[test]
    fn dates_keep_their_precision() {
        let written = |text: &str| dated(text.parse().unwrap()).map(|t| t.element);
        let interval = |start: &str, end: &str| {
            TimeElement::Interval(TimeInterval { start: format!("{start}T00:00:00Z"), end: format!("{end}T23:59:59Z") })
        };
        assert_eq!(written("2020-02"), Some(interval("2020-02-01", "2020-02-29")));
        assert_eq!(written("2019"), Some(interval("2019-01-01", "2019-12-31")));
        assert_eq!(written("2019-05-03"), Some(TimeElement::Timestamp("2019-05-03T00:00:00Z".into())));
        assert_eq!(written("2019-02-30"), None);
    }
}
