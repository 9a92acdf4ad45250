//! Lengths of time, ages and dates.

use case_model::{Comparator, Extent, IsoDuration, PartialDate};

use crate::number::{Number, number_at};
use crate::token::{Token, TokenKind, lower};

/// A length of time and where it stands, as indices of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Length {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// How long.
    pub extent: Extent,
    /// True for "6-month", "two-week": it modifies the word behind it.
    pub attributive: bool,
}

/// An age.
#[derive(Clone, Debug, PartialEq)]
pub struct AgeAt {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The age.
    pub age: IsoDuration,
    /// True for "in her sixties", "about 60".
    pub approximate: bool,
}

/// A date.
#[derive(Clone, Debug, PartialEq)]
pub struct DateAt {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The date as far as it is given.
    pub date: PartialDate,
}

#[derive(Clone, Copy, PartialEq)]
enum Grain {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
}

impl Grain {
    fn of(self, n: f64) -> IsoDuration {
        match self {
            Self::Year => IsoDuration::from_years(n),
            Self::Month => IsoDuration::from_months(n),
            Self::Week => IsoDuration::from_weeks(n),
            Self::Day => IsoDuration::from_days(n),
            Self::Hour => IsoDuration::from_hours(n),
            Self::Minute => IsoDuration::from_minutes(n),
        }
    }
}

fn grain(word: &str) -> Option<Grain> {
    // Nothing shorter or longer names a unit of time; most words are turned away here.
    if word.len() > 7 || !word.as_bytes().first().is_some_and(|b| b"ymwdhMYWDHn".contains(b)) {
        return None;
    }
    Some(match lower(word).as_ref() {
        "year" | "years" | "yr" | "yrs" | "y" => Grain::Year,
        "month" | "months" | "mo" | "mos" | "mth" | "mths" => Grain::Month,
        "week" | "weeks" | "wk" | "wks" => Grain::Week,
        "day" | "days" | "d" | "night" | "nights" => Grain::Day,
        "hour" | "hours" | "h" | "hr" | "hrs" => Grain::Hour,
        "minute" | "minutes" | "min" | "mins" => Grain::Minute,
        _ => return None,
    })
}

fn word<'t>(text: &'t str, tokens: &[Token], i: usize) -> Option<&'t str> {
    tokens.get(i).filter(|t| t.is_word()).map(|t| t.text(text))
}

/// Reads a length of time at token `i`: `5 months`, `a 2-month`, `six weeks`, `1 year and 3 months`, `several days`.
pub fn length_at(text: &str, tokens: &[Token], i: usize) -> Option<Length> {
    if let Some(vague) = vague_length(text, tokens, i) {
        return Some(vague);
    }
    let number = number_at(text, tokens, i)?;
    let mut at = number.last + 1;
    let mut attributive = false;
    if tokens.get(at).is_some_and(Token::is_hyphen) {
        attributive = true;
        at += 1;
    }
    let unit = grain(word(text, tokens, at)?)?;
    let single_letter = tokens[at].span.len() == 1;
    // "5 d" is five days; "5 D" or "5 h/day" is not read here.
    if single_letter && (attributive || tokens.get(at + 1).is_some_and(|t| t.is('/'))) {
        return None;
    }
    if attributive
        && word(text, tokens, at)
            .is_some_and(|w| w.len() > 1 && w.ends_with('s') && !number.in_words && tokens[at].span.len() > 6)
    {
        attributive = false;
    }
    let mut value = unit.of(number.as_f64());
    let mut upper = number.upper.as_ref().map(|u| unit.of(u.value()));
    let mut last = at;
    // "1 year and 3 months", "2 years 6 months"
    if upper.is_none() && !attributive {
        let mut next = last + 1;
        if word(text, tokens, next) == Some("and") || tokens.get(next).is_some_and(|t| t.is(',')) {
            next += 1;
        }
        if let Some(more) =
            number_at(text, tokens, next).filter(|n| n.comparator == Comparator::Equal && n.upper.is_none())
            && let Some(smaller) = word(text, tokens, more.last + 1).and_then(grain)
        {
            match (unit, smaller) {
                (Grain::Year, Grain::Month) if more.as_f64() < 12.0 => value.months = more.as_f64(),
                (Grain::Month, Grain::Week) => value.weeks = more.as_f64(),
                (Grain::Month | Grain::Week, Grain::Day) => value.days = more.as_f64(),
                (Grain::Hour, Grain::Minute) => value.minutes = more.as_f64(),
                _ => return done(&number, last, value, upper, attributive),
            }
            last = more.last + 1;
        }
    }
    // "two and a half years" after the fact: "2 and a half"
    if upper.is_none()
        && unit == Grain::Year
        && value.years.fract() == 0.0
        && word(text, tokens, last + 1) == Some("and")
        && word(text, tokens, last + 2) == Some("a")
        && word(text, tokens, last + 3) == Some("half")
    {
        value.years += 0.5;
        last += 3;
    }
    upper = upper.filter(|u| u.days() >= value.days());
    done(&number, last, value, upper, attributive)
}

fn done(
    number: &Number,
    last: usize,
    value: IsoDuration,
    upper: Option<IsoDuration>,
    attributive: bool,
) -> Option<Length> {
    let approximate = number.comparator != Comparator::Equal;
    Some(Length { first: number.first, last, extent: Extent { value, upper, approximate }, attributive })
}

/// `several months`, `a few days`, `half a year`, `a week`, `the next day`.
fn vague_length(text: &str, tokens: &[Token], i: usize) -> Option<Length> {
    let first = word(text, tokens, i)?;
    let (mut at, n, high) = match lower(first).as_ref() {
        "several" => (i + 1, 3.0, Some(7.0)),
        "few" => (i + 1, 2.0, Some(5.0)),
        "a" if word(text, tokens, i + 1) == Some("few") => (i + 2, 2.0, Some(5.0)),
        "a" if word(text, tokens, i + 1) == Some("couple") && word(text, tokens, i + 2) == Some("of") => {
            (i + 3, 2.0, Some(3.0))
        }
        "a" | "an" => (i + 1, 1.0, None),
        "half" if matches!(word(text, tokens, i + 1), Some("a" | "an")) => (i + 2, 0.5, None),
        _ => return None,
    };
    // "a half year"
    let mut n = n;
    if n == 1.0 && word(text, tokens, at) == Some("half") {
        n = 0.5;
        at += 1;
    }
    let unit = grain(word(text, tokens, at)?)?;
    if tokens[at].span.len() == 1 {
        return None;
    }
    let value = if n == 0.5 && unit == Grain::Year { IsoDuration::from_months(6.0) } else { unit.of(n) };
    Some(Length {
        first: i,
        last: at,
        extent: Extent { value, upper: high.map(|h| unit.of(h)), approximate: high.is_some() },
        attributive: false,
    })
}

/// Reads an age at token `i`: `6-year-old`, `42 years old`, `aged 42`, `age of 72 years`, `in her sixties`.
pub fn age_at(text: &str, tokens: &[Token], i: usize) -> Option<AgeAt> {
    match word(text, tokens, i).map(lower).as_deref() {
        Some("aged") => {
            let number = number_at(text, tokens, i + 1).filter(|n| n.upper.is_none())?;
            let (unit, last) = age_unit(text, tokens, number.last + 1).unwrap_or((Grain::Year, number.last));
            return age(i, last, unit, &number);
        }
        Some("age") => {
            // "age of 72", "age 42", "at the age of 7 years", "age: 42"
            let mut at = i + 1;
            if word(text, tokens, at) == Some("of") || tokens.get(at).is_some_and(|t| t.is(':')) {
                at += 1;
            }
            let number = number_at(text, tokens, at)
                .filter(|n| n.upper.is_none() && !n.in_words || tokens.get(at - 1).is_some())?;
            let (unit, last) = age_unit(text, tokens, number.last + 1).unwrap_or((Grain::Year, number.last));
            return age(i, last, unit, &number);
        }
        Some("in") if matches!(word(text, tokens, i + 1), Some("her" | "his" | "their")) => {
            // "in her 60s", "in his mid-fifties"
            let mut at = i + 2;
            if matches!(word(text, tokens, at), Some("early" | "mid" | "late")) {
                at += 1;
                if tokens.get(at).is_some_and(Token::is_hyphen) {
                    at += 1;
                }
            }
            let decade = match tokens.get(at)?.kind {
                TokenKind::Number if word(text, tokens, at + 1) == Some("s") => {
                    let digits = tokens[at].text(text).parse::<f64>().ok()?;
                    at += 1;
                    digits
                }
                TokenKind::Word => decade(tokens[at].text(text))?,
                _ => return None,
            };
            return Some(AgeAt { first: i, last: at, age: IsoDuration::from_years(decade), approximate: true });
        }
        _ => {}
    }
    let number = number_at(text, tokens, i).filter(|n| n.upper.is_none())?;
    let (unit, last) = age_unit(text, tokens, number.last + 1)?;
    // It must be said to be an age: "old", "yo", "y/o", "years of age".
    let end = match word(text, tokens, last).map(lower).as_deref() {
        Some("yo" | "y.o") => last,
        _ => {
            let mut at = last + 1;
            if tokens.get(at).is_some_and(Token::is_hyphen) {
                at += 1;
            }
            match word(text, tokens, at).map(lower).as_deref() {
                Some("old" | "olds") => at,
                Some("of") if word(text, tokens, at + 1) == Some("age") => at + 1,
                _ if tokens.get(at).is_some_and(|t| t.is('/')) && word(text, tokens, at + 1) == Some("o") => at + 1,
                _ => return None,
            }
        }
    };
    age(number.first, end, unit, &number)
}

fn age_unit(text: &str, tokens: &[Token], mut at: usize) -> Option<(Grain, usize)> {
    if tokens.get(at).is_some_and(Token::is_hyphen) {
        at += 1;
    }
    let name = word(text, tokens, at)?;
    if name.eq_ignore_ascii_case("yo") {
        return Some((Grain::Year, at));
    }
    grain(name).filter(|g| !matches!(g, Grain::Hour | Grain::Minute)).map(|g| (g, at))
}

fn age(first: usize, last: usize, unit: Grain, number: &Number) -> Option<AgeAt> {
    let value = number.as_f64();
    let age = unit.of(value);
    (age.in_years() < 125.0).then_some(AgeAt { first, last, age, approximate: number.comparator != Comparator::Equal })
}

fn decade(word: &str) -> Option<f64> {
    Some(match lower(word).as_ref() {
        "twenties" => 20.0,
        "thirties" => 30.0,
        "forties" => 40.0,
        "fifties" => 50.0,
        "sixties" => 60.0,
        "seventies" => 70.0,
        "eighties" => 80.0,
        "nineties" => 90.0,
        _ => return None,
    })
}

fn month(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if word.len() < 3 || !word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let abbreviated = lower.len() == 3 || lower == "sept";
    MONTHS.iter().position(|m| *m == lower || abbreviated && m.starts_with(&lower)).map(|i| i as u8 + 1)
}

fn year(text: &str, tokens: &[Token], i: usize) -> Option<i16> {
    let token = tokens.get(i).filter(|t| t.is_number() && t.span.len() == 4)?;
    token.text(text).parse().ok().filter(|y| (1900..=2099).contains(y))
}

fn day(text: &str, tokens: &[Token], i: usize) -> Option<(u8, usize)> {
    let token = tokens.get(i).filter(|t| t.is_number() && t.span.len() <= 2)?;
    let day = token.text(text).parse().ok().filter(|d| (1..=31).contains(d))?;
    let suffix = matches!(word(text, tokens, i + 1), Some("st" | "nd" | "rd" | "th")) && !tokens[i + 1].spaced;
    Some((day, if suffix { i + 1 } else { i }))
}

/// Reads a date at token `i`: `July 1, 2019`, `1 July 2019`, `July 2019`, `2019-07-01`, `01/07/2019`, `07/2019`, and after a
/// preposition a year alone.
pub fn date_at(text: &str, tokens: &[Token], i: usize) -> Option<DateAt> {
    let make = |last, year, month, day| Some(DateAt { first: i, last, date: PartialDate { year, month, day } });
    let token = tokens.get(i)?;
    if token.is_word() {
        let name = token.text(text);
        if let Some(month) = month(name) {
            let mut at = i + 1;
            if tokens.get(at).is_some_and(|t| t.is('.')) {
                at += 1;
            }
            // "July 1, 2019"
            if let Some((day, last)) = day(text, tokens, at) {
                let mut next = last + 1;
                if tokens.get(next).is_some_and(|t| t.is(',')) {
                    next += 1;
                }
                if let Some(year) = year(text, tokens, next) {
                    return make(next, year, Some(month), Some(day));
                }
            }
            // "July 2019", "July of 2019", "July, 2019"
            if word(text, tokens, at) == Some("of") || tokens.get(at).is_some_and(|t| t.is(',')) {
                at += 1;
            }
            return year(text, tokens, at).and_then(|year| make(at, year, Some(month), None));
        }
        return None;
    }
    if !token.is_number() {
        return None;
    }
    if let Some(year) = year(text, tokens, i) {
        // "2019-07-01", "2019/07"
        let joint = |j: usize| tokens.get(j).is_some_and(|t| (t.is_hyphen() || t.is('/')) && !t.spaced);
        if joint(i + 1)
            && let Some((month, last)) = day(text, tokens, i + 2).filter(|(m, _)| *m <= 12)
            && tokens[i + 2].span.len() == 2
        {
            if joint(last + 1)
                && let Some((day, last)) = day(text, tokens, last + 2)
            {
                return make(last, year, Some(month), Some(day));
            }
            return make(last, year, Some(month), None);
        }
        let before = i.checked_sub(1).and_then(|j| word(text, tokens, j)).map(lower);
        let introduced = matches!(
            before.as_deref(),
            Some(
                "in" | "since"
                    | "until"
                    | "from"
                    | "of"
                    | "during"
                    | "by"
                    | "to"
                    | "and"
                    | "early"
                    | "late"
                    | "mid"
                    | "between"
                    | "around"
                    | "year"
            )
        ) || i > 0 && (tokens[i - 1].is('(') || tokens[i - 1].is_hyphen());
        let ends = !tokens.get(i + 1).is_some_and(|t| t.is('/') || t.is('%') || t.is_number() || t.is('×'))
            && !word(text, tokens, i + 1).is_some_and(|w| {
                crate::unit::unit_at(text, tokens, i + 1).is_some() || matches!(w, "patients" | "cases" | "WHO")
            });
        return if introduced && ends && (1950..=2035).contains(&year) { make(i, year, None, None) } else { None };
    }
    let (first, last) = day(text, tokens, i)?;
    // "1 July 2019", "1st of July 2019", "15 Aug, 2019"
    let mut at = last + 1;
    if word(text, tokens, at) == Some("of") {
        at += 1;
    }
    if let Some(month) = word(text, tokens, at).and_then(month) {
        let mut next = at + 1;
        while tokens.get(next).is_some_and(|t| t.is(',') || t.is('.')) {
            next += 1;
        }
        return year(text, tokens, next).and_then(|year| make(next, year, Some(month), Some(first)));
    }
    // "15/08/2019": day first when it cannot be a month; otherwise only the year is certain.
    let joint = |j: usize, sign: char| tokens.get(j).is_some_and(|t| t.is(sign) && !t.spaced);
    for sign in ['/', '-', '.'] {
        if joint(last + 1, sign)
            && let Some((second, last)) = day(text, tokens, last + 2)
            && joint(last + 1, sign)
            && let Some(year) = year(text, tokens, last + 2)
        {
            return match (first, second) {
                (d, m) if d > 12 && m <= 12 => make(last + 2, year, Some(m), Some(d)),
                (m, d) if d > 12 && m <= 12 => make(last + 2, year, Some(m), Some(d)),
                (d, m) if sign == '.' && m <= 12 => make(last + 2, year, Some(m), Some(d)),
                _ => make(last + 2, year, None, None),
            };
        }
    }
    // "07/2019"
    if joint(last + 1, '/')
        && first <= 12
        && let Some(year) = year(text, tokens, last + 2)
    {
        return make(last + 2, year, Some(first), None);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn length(text: &str) -> Option<String> {
        let l = length_at(text, &tokenize(text), 0)?;
        let upper = l.extent.upper.map(|u| format!("/{u}")).unwrap_or_default();
        Some(format!(
            "{}{upper}{}{}",
            l.extent.value,
            if l.extent.approximate { "~" } else { "" },
            if l.attributive { "-" } else { "" }
        ))
    }

    #[test]
    fn lengths() {
        for (text, read) in [
            ("5 months", "P5M"),
            ("2-month history", "P2M-"),
            ("six weeks", "P6W"),
            ("two-week", "P2W-"),
            ("1 year and 3 months", "P1Y3M"),
            ("2 years 6 months", "P2Y6M"),
            ("2 to 3 weeks", "P2W/P3W"),
            ("2–3 days", "P2D/P3D"),
            ("several months", "P3M/P7M~"),
            ("a few days", "P2D/P5D~"),
            ("half a year", "P6M"),
            ("approximately 2 years", "P2Y~"),
            ("24 h", "PT24H"),
            ("1.5 months", "P1.5M"),
            ("a week", "P1W"),
        ] {
            assert_eq!(length(text).as_deref(), Some(read), "{text}");
        }
        for none in ["5 mg", "months", "5 cm", "10 mg/day", "a mass"] {
            assert_eq!(length(none), None, "{none}");
        }
    }

    fn age(text: &str) -> Option<String> {
        let tokens = tokenize(text);
        (0..tokens.len())
            .find_map(|i| age_at(text, &tokens, i))
            .map(|a| format!("{}{}", a.age, if a.approximate { "~" } else { "" }))
    }

    #[test]
    fn ages() {
        for (text, read) in [
            ("a 6-year-old girl", "P6Y"),
            ("a 72 year old woman", "P72Y"),
            ("was 42 years old", "P42Y"),
            ("an 18-month-old boy", "P18M"),
            ("aged 42 years", "P42Y"),
            ("aged 42,", "P42Y"),
            ("at the age of 7 years", "P7Y"),
            ("a 50 y/o man", "P50Y"),
            ("a 50yo man", "P50Y"),
            ("a man in his sixties", "P60Y~"),
            ("a woman in her 60s", "P60Y~"),
            ("a three-day-old neonate", "P3D"),
            ("66 years of age", "P66Y"),
        ] {
            assert_eq!(age(text).as_deref(), Some(read), "{text}");
        }
        assert_eq!(age("for 6 years and old habits"), None);
        assert_eq!(age("a 2-month history"), None);
    }

    fn date(text: &str) -> Option<String> {
        let tokens = tokenize(text);
        (0..tokens.len()).find_map(|i| date_at(text, &tokens, i)).map(|d| d.date.to_string())
    }

    #[test]
    fn dates() {
        for (text, read) in [
            ("on July 1, 2019", "2019-07-01"),
            ("on 20 January 2017", "2017-01-20"),
            ("on the 20th of January 2017", "2017-01-20"),
            ("in March of 2014", "2014-03"),
            ("in June 2020", "2020-06"),
            ("by the end of 2016", "2016"),
            ("in 2021", "2021"),
            ("2019-08-15", "2019-08-15"),
            ("15/08/2019", "2019-08-15"),
            ("05/06/2019", "2019"),
            ("in 08/2019", "2019-08"),
            ("on Sept 3, 2020", "2020-09-03"),
        ] {
            assert_eq!(date(text).as_deref(), Some(read), "{text}");
        }
        for none in ["of 2000 mg", "in 2019 patients", "may have", "2019 cells", "grade 3 of 4"] {
            assert_eq!(date(none), None, "{none}");
        }
    }
}
