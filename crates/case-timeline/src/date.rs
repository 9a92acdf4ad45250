//! Calendar dates as days.

use case_model::PartialDate;
use jiff::civil::{Date, date};

/// First and last day that a date as far as it is given allows, counted from 2000-01-01; `None` for a date that does not
/// exist (30 February).
pub(crate) fn days(given: PartialDate) -> Option<(f64, f64)> {
    let epoch = date(2000, 1, 1);
    let count = |day: Date| Some(f64::from(epoch.until(day).ok()?.get_days()));
    let month = |m: u8| i8::try_from(m).ok();
    Some(match (given.month, given.day) {
        (Some(m), Some(d)) => {
            let day = count(Date::new(given.year, month(m)?, i8::try_from(d).ok()?).ok()?)?;
            (day, day + 1.0)
        }
        (Some(m), None) => {
            let first = Date::new(given.year, month(m)?, 1).ok()?;
            (count(first)?, count(first.last_of_month())? + 1.0)
        }
        (None, _) => (count(Date::new(given.year, 1, 1).ok()?)?, count(Date::new(given.year, 12, 31).ok()?)? + 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_intervals() {
        let read = |text: &str| days(text.parse().unwrap());
        assert_eq!(read("2000-01-01"), Some((0.0, 1.0)));
        assert_eq!(read("2000-02"), Some((31.0, 60.0)));
        assert_eq!(read("2001"), Some((366.0, 731.0)));
        assert_eq!(read("2001-02-30"), None);
    }
}
