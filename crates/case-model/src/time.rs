//! Times as case reports state them: relative, imprecise, rarely a date.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::word::words;
use crate::{FactId, Span};

/// An ISO 8601-1 §5.5.2 duration, signed (ISO 8601-2), with at most one fractional component: `P6Y`, `-P2M`, `P1.5M`.
///
/// Months and years have no fixed length; [`days`](Self::days) uses the mean Gregorian month (30.4375 days).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IsoDuration {
    /// Years, may be fractional when no smaller component is set.
    pub years: f64,
    /// Months.
    pub months: f64,
    /// Weeks.
    pub weeks: f64,
    /// Days.
    pub days: f64,
    /// Hours.
    pub hours: f64,
    /// Minutes.
    pub minutes: f64,
    /// Seconds.
    pub seconds: f64,
    /// True for a duration that counts backwards (`-P2M`: two months before).
    pub negative: bool,
}

/// What is wrong with the text of a duration or date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError {
    text: String,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is neither an ISO 8601 duration such as `P6Y2M` nor a date such as `2019-05`", self.text)
    }
}

impl std::error::Error for DurationError {}

impl IsoDuration {
    /// Length of a mean Gregorian year in days.
    pub const YEAR: f64 = 365.25;
    /// Length of a mean Gregorian month in days.
    pub const MONTH: f64 = 30.4375;

    /// A duration of `n` years.
    pub fn from_years(n: f64) -> Self {
        Self { years: n, ..Self::default() }
    }

    /// A duration of `n` months.
    pub fn from_months(n: f64) -> Self {
        Self { months: n, ..Self::default() }
    }

    /// A duration of `n` weeks.
    pub fn from_weeks(n: f64) -> Self {
        Self { weeks: n, ..Self::default() }
    }

    /// A duration of `n` days.
    pub fn from_days(n: f64) -> Self {
        Self { days: n, ..Self::default() }
    }

    /// A duration of `n` hours.
    pub fn from_hours(n: f64) -> Self {
        Self { hours: n, ..Self::default() }
    }

    /// A duration of `n` minutes.
    pub fn from_minutes(n: f64) -> Self {
        Self { minutes: n, ..Self::default() }
    }

    /// The same length backwards.
    #[must_use]
    pub fn before(self) -> Self {
        Self { negative: !self.negative, ..self }
    }

    /// Signed length in days.
    pub fn days(self) -> f64 {
        let length = self.years * Self::YEAR
            + self.months * Self::MONTH
            + self.weeks * 7.0
            + self.days
            + self.hours / 24.0
            + self.minutes / 1440.0
            + self.seconds / 86400.0;
        if self.negative { -length } else { length }
    }

    /// Length in years, for ages.
    pub fn in_years(self) -> f64 {
        self.days() / Self::YEAR
    }

    /// Length in days of the smallest unit that is written: the grain of the statement ("4 months": 30.4375).
    pub fn grain(self) -> f64 {
        let units = [
            (self.seconds, 1.0 / 86400.0),
            (self.minutes, 1.0 / 1440.0),
            (self.hours, 1.0 / 24.0),
            (self.days, 1.0),
            (self.weeks, 7.0),
            (self.months, Self::MONTH),
            (self.years, Self::YEAR),
        ];
        units.iter().find(|(n, _)| *n != 0.0).map_or(1.0, |(_, length)| *length)
    }
}

impl fmt::Display for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negative && self.days() != 0.0 { "-P" } else { "P" })?;
        let date = [(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')];
        let time = [(self.hours, 'H'), (self.minutes, 'M'), (self.seconds, 'S')];
        let has_time = time.iter().any(|(n, _)| *n != 0.0);
        for (n, unit) in date.iter().filter(|(n, _)| *n != 0.0) {
            write!(f, "{n}{unit}")?;
        }
        if has_time {
            f.write_str("T")?;
            for (n, unit) in time.iter().filter(|(n, _)| *n != 0.0) {
                write!(f, "{n}{unit}")?;
            }
        } else if date.iter().all(|(n, _)| *n == 0.0) {
            f.write_str("0D")?;
        }
        Ok(())
    }
}

impl FromStr for IsoDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let wrong = || DurationError { text: text.to_owned() };
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let rest = rest.strip_prefix('P').ok_or_else(wrong)?;
        let mut out = Self { negative, ..Self::default() };
        let (date, time) = match rest.split_once('T') {
            Some((date, time)) if !time.is_empty() => (date, time),
            Some(_) => return Err(wrong()),
            None => (rest, ""),
        };
        if date.is_empty() && time.is_empty() {
            return Err(wrong());
        }
        let mut read = |part: &str, units: &[(char, usize)]| -> Option<()> {
            let slots = [
                &mut out.years,
                &mut out.months,
                &mut out.weeks,
                &mut out.days,
                &mut out.hours,
                &mut out.minutes,
                &mut out.seconds,
            ];
            let mut values = [None::<f64>; 7];
            let (mut rest, mut next) = (part, 0);
            while !rest.is_empty() {
                let at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
                let number: f64 = rest[..at].parse().ok()?;
                let unit = rest[at..].chars().next()?;
                let order = units.iter().position(|(u, _)| *u == unit).filter(|i| *i >= next)?;
                values[units[order].1] = Some(number);
                next = order + 1;
                rest = &rest[at + unit.len_utf8()..];
            }
            for (slot, value) in slots.into_iter().zip(values) {
                if let Some(value) = value {
                    *slot = value;
                }
            }
            Some(())
        };
        read(date, &[('Y', 0), ('M', 1), ('W', 2), ('D', 3)]).ok_or_else(wrong)?;
        read(time, &[('H', 4), ('M', 5), ('S', 6)]).ok_or_else(wrong)?;
        Ok(out)
    }
}

impl Serialize for IsoDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IsoDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A date as far as it is given: a year, a year and month, or a full date (ISO 8601-1 §5.2, reduced precision).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Year, Gregorian.
    pub year: i16,
    /// Month 1 to 12.
    pub month: Option<u8>,
    /// Day of the month, 1 to 31; only with a month.
    pub day: Option<u8>,
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let wrong = || DurationError { text: text.to_owned() };
        let mut parts = text.splitn(3, '-');
        let year = parts.next().filter(|y| y.len() == 4).and_then(|y| y.parse().ok()).ok_or_else(wrong)?;
        let mut small = |max: u8| -> Result<Option<u8>, DurationError> {
            parts.next().map(|p| p.parse().ok().filter(|n| (1..=max).contains(n)).ok_or_else(wrong)).transpose()
        };
        let month = small(12)?;
        let day = small(31)?;
        Ok(Self { year, month, day })
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
macro_rules! string_schema {
    ($type:ident, $description:literal, $pattern:literal) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "description": $description, "type": "string", "pattern": $pattern })
            }
        }
    };
}
#[cfg(feature = "schema")]
string_schema!(IsoDuration, "ISO 8601 duration, signed: `P6Y`, `-P2M`, `P1.5M`.", "^[-+]?P[0-9.YMWDTHS]+$");
#[cfg(feature = "schema")]
string_schema!(
    PartialDate,
    "Year, year-month or full date: `2019`, `2019-05`, `2019-05-03`.",
    "^\\d{4}(-\\d\\d){0,2}$"
);

/// A length of time as stated, with what the words leave open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Extent {
    /// The stated length, or the lower end of a stated range.
    pub value: IsoDuration,
    /// The upper end of a stated range ("5 to 10 minutes").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<IsoDuration>,
    /// True for "about", "approximately", "almost", "several".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

impl Extent {
    /// An exactly stated length.
    pub fn exact(value: IsoDuration) -> Self {
        Self { value, upper: None, approximate: false }
    }

    /// Shortest and longest length in days that the words allow.
    ///
    /// A count of units is true to half a unit either way ("4 months": 3.5 to 4.5), an approximate one to a quarter of
    /// its length or one unit, whichever is more.
    pub fn bounds(&self) -> (f64, f64) {
        let low = self.value.days();
        let high = self.upper.map_or(low, IsoDuration::days);
        let grain = self.value.grain().min(self.upper.map_or(f64::MAX, IsoDuration::grain));
        let slack = if self.approximate { (low.abs().max(high.abs()) * 0.25).max(grain) } else { grain * 0.5 };
        (low.min(high) - slack, low.max(high) + slack)
    }
}

words! {
    /// How a stated time relates to its anchor.
    Relation {
        /// At that time.
        At = "at",
        /// Some time earlier.
        Before = "before",
        /// Some time later.
        After = "after",
        /// From then on, still going on.
        Since = "since",
        /// Up to then.
        Until = "until",
        /// Within the length of the anchor or of the stated extent.
        During = "during",
        /// For as long as the stated extent.
        For = "for",
    }
}

words! {
    /// The event from which a relative time counts.
    AnchorKind {
        /// The patient presents: time zero of the case.
        Presentation = "presentation",
        /// Birth; ages count from it.
        Birth = "birth",
        /// The diagnosis is made.
        Diagnosis = "diagnosis",
        /// The patient is admitted to hospital.
        Admission = "admission",
        /// The patient leaves hospital.
        Discharge = "discharge",
        /// A treatment is started.
        TreatmentStart = "treatment_start",
        /// A treatment is stopped or completed.
        TreatmentStop = "treatment_stop",
        /// An operation.
        Surgery = "surgery",
        /// A transplantation.
        Transplantation = "transplantation",
        /// The event told just before.
        PreviousEvent = "previous_event",
        /// Another fact of the case, named in [`Anchor::fact`].
        Event = "event",
        /// The last time the patient was seen.
        LastFollowUp = "last_follow_up",
        /// Death.
        Death = "death",
        /// The time of writing ("at present", "to date").
        Writing = "writing",
    }
}

/// The event from which a relative time counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Anchor {
    /// What kind of event.
    pub kind: AnchorKind,
    /// The fact that is the event, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactId>,
}

/// Days from the presentation of the patient (day 0), negative before it; `[min, max]` with the imprecision of the words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayInterval {
    /// Earliest day.
    pub min: f64,
    /// Latest day.
    pub max: f64,
}

impl DayInterval {
    /// The middle of the interval.
    pub fn middle(self) -> f64 {
        f64::midpoint(self.min, self.max)
    }
}

impl Serialize for DayInterval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.min, self.max).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DayInterval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (min, max) = <(f64, f64)>::deserialize(deserializer)?;
        Ok(Self { min, max })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for DayInterval {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DayInterval".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Days [min, max] from the presentation (day 0), negative before it.",
            "type": "array",
            "items": { "type": "number" },
            "minItems": 2,
            "maxItems": 2
        })
    }
}

/// When something was, as the words say and, where that can be worked out, in days from the presentation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timing {
    /// Where the time is stated. Absent when it follows from the order of the narrative alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The words at `span`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// Relation to the anchor.
    #[serde(default)]
    pub relation: Relation,
    /// Stated distance from the anchor, or stated length for `for` and `during`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Extent>,
    /// What it counts from.
    #[serde(default)]
    pub anchor: Anchor,
    /// Calendar date, as far as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
    /// Age of the patient at that time, where the time is stated as an age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<IsoDuration>,
    /// Resolved by the timeline: days from presentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<DayInterval>,
}
