//! Times in words: as stated, and as days from the presentation where they could be worked out.

use casemill_plugin_sdk::model::{Age, Anchor, AnchorKind, DayInterval, Extent, IsoDuration, Relation, Timing};

use super::plain;

/// A length of time: `1 year 6 months`. Hours and less keep their own units.
pub(crate) fn duration(duration: IsoDuration) -> String {
    let parts = [
        (duration.years, "year"),
        (duration.months, "month"),
        (duration.weeks, "week"),
        (duration.days, "day"),
        (duration.hours, "hour"),
        (duration.minutes, "minute"),
        (duration.seconds, "second"),
    ];
    let words: Vec<String> = parts.iter().filter(|(n, _)| *n != 0.0).map(|(n, unit)| units(*n, unit)).collect();
    if words.is_empty() { "0 days".to_owned() } else { words.join(" ") }
}

fn units(n: f64, unit: &str) -> String {
    if n == 1.0 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// An age: `14 years`, `about 60 years`.
pub(crate) fn age(age: &Age) -> String {
    let about = if age.approximate { "about " } else { "" };
    format!("{about}{}", duration(age.value))
}

/// A stated length, with the upper end of a range.
pub(crate) fn extent(extent: &Extent) -> String {
    let about = if extent.approximate { "about " } else { "" };
    match extent.upper {
        Some(upper) => format!("{about}{} to {}", duration(extent.value), duration(upper)),
        None => format!("{about}{}", duration(extent.value)),
    }
}

/// A time as relation, length and anchor: `2 months after the start of larotrectinib`. `event` is the name of the fact
/// that the anchor names. Empty when the text gives nothing of this.
pub(crate) fn relation(timing: &Timing, event: Option<&str>) -> String {
    let anchor = anchor(&timing.anchor, event);
    let length = timing.offset.as_ref().map(extent);
    match (&timing.relation, length) {
        (Relation::At, None) if timing.span.is_none() && event.is_none() => String::new(),
        (Relation::At, None) => format!("at {anchor}"),
        (Relation::At, Some(length)) => format!("{length} after {anchor}"),
        (Relation::During, None) => format!("during {anchor}"),
        (Relation::During, Some(length)) => format!("within {length} of {anchor}"),
        (Relation::For, Some(length)) => format!("for {length}"),
        (Relation::For, None) => String::new(),
        (relation, None) => format!("{} {anchor}", plain(relation.as_str())),
        (Relation::Since, Some(length)) => format!("{length}, since {anchor}"),
        (Relation::Until, Some(length)) => format!("up to {length} before {anchor}"),
        (relation, Some(length)) => format!("{length} {} {anchor}", plain(relation.as_str())),
    }
}

fn anchor(anchor: &Anchor, event: Option<&str>) -> String {
    let of = |what: &str, other: &str| event.map_or_else(|| other.to_owned(), |e| format!("{what} {e}"));
    match &anchor.kind {
        AnchorKind::TreatmentStart => of("the start of", "the start of treatment"),
        AnchorKind::TreatmentStop => of("the end of", "the end of treatment"),
        AnchorKind::PreviousEvent | AnchorKind::Event => event.unwrap_or("the event told before").to_owned(),
        AnchorKind::Diagnosis => "diagnosis".to_owned(),
        AnchorKind::LastFollowUp => "the last follow-up".to_owned(),
        AnchorKind::Writing => "the time of writing".to_owned(),
        other => plain(other.as_str()).into_owned(),
    }
}

/// Days from the presentation: `day −107 to −76`.
pub(crate) fn days(days: DayInterval) -> String {
    let round = |d: f64| format!("{:.0}", d.round() + 0.0).replace('-', "−");
    let (min, max) = (round(days.min), round(days.max));
    if min == max { format!("day {min}") } else { format!("day {min} to {max}") }
}

/// Days from an origin in the unit that fits: `1.5 to 2.5 months after presentation`.
///
/// Both ends are rounded to a tenth of a month or year; the exact bounds are in the record.
pub(crate) fn interval(days: DayInterval, origin: &str) -> String {
    let (unit, length) = unit(days);
    let round = |d: f64| {
        let tenths = if length > 1.0 { 10.0 } else { 1.0 };
        // Adding zero turns a negative zero into a positive one.
        (d / length * tenths).round() / tenths + 0.0
    };
    let (min, max) = (round(days.min), round(days.max));
    let plural = |n: f64| if n == 1.0 { "" } else { "s" };
    if min == 0.0 && max == 0.0 {
        format!("at {origin}")
    } else if min == max {
        let side = if min < 0.0 { "before" } else { "after" };
        format!("{} {unit}{} {side} {origin}", min.abs(), plural(min.abs()))
    } else if min >= 0.0 {
        format!("{min} to {max} {unit}s after {origin}")
    } else if max <= 0.0 {
        format!("{} to {} {unit}s before {origin}", -min, -max)
    } else {
        format!("between {} {unit}{} before and {max} {unit}{} after {origin}", -min, plural(-min), plural(max))
    }
}

fn unit(days: DayInterval) -> (&'static str, f64) {
    let reach = days.min.abs().max(days.max.abs());
    if reach < 28.0 {
        ("day", 1.0)
    } else if reach < 36.0 * IsoDuration::MONTH {
        ("month", IsoDuration::MONTH)
    } else {
        ("year", IsoDuration::YEAR)
    }
}

#[cfg(test)]
mod tests {
    use casemill_plugin_sdk::model::FactId;

    use super::*;

    #[test]
    fn lengths_are_words() {
        assert_eq!(duration("P1Y6M".parse().unwrap()), "1 year 6 months");
        assert_eq!(duration("P1.5M".parse().unwrap()), "1.5 months");
        assert_eq!(duration("P0D".parse().unwrap()), "0 days");
        let range = Extent { upper: Some("PT10M".parse().unwrap()), ..Extent::exact("PT5M".parse().unwrap()) };
        assert_eq!(extent(&range), "5 minutes to 10 minutes");
    }

    #[test]
    fn times_name_what_they_count_from() {
        let mut timing = Timing {
            relation: Relation::After,
            offset: Some(Extent::exact(IsoDuration::from_months(2.0))),
            anchor: Anchor { kind: AnchorKind::TreatmentStart, fact: Some(FactId::new("x")) },
            ..Timing::default()
        };
        assert_eq!(relation(&timing, Some("alectinib")), "2 months after the start of alectinib");
        assert_eq!(relation(&timing, None), "2 months after the start of treatment");
        timing.anchor.kind = AnchorKind::Event;
        assert_eq!(relation(&timing, Some("hepatitis")), "2 months after hepatitis");
        assert_eq!(relation(&Timing::default(), None), "");
    }

    #[test]
    fn intervals_take_the_unit_that_fits() {
        let words = |min, max| interval(DayInterval { min, max }, "presentation");
        assert_eq!(words(0.0, 0.0), "at presentation");
        assert_eq!(words(1.0, 1.0), "1 day after presentation");
        assert_eq!(words(-76.1, -45.7), "2.5 to 1.5 months before presentation");
        assert_eq!(words(-15.2, 30.4), "between 0.5 months before and 1 month after presentation");
        assert_eq!(words(1461.0, 1826.0), "4 to 5 years after presentation");
        assert_eq!(days(DayInterval { min: -107.2, max: -0.1 }), "day −107 to 0");
    }
}
