//! Units as reports print them, to UCUM.

use crate::token::{Token, TokenKind};

/// A unit and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// UCUM code.
    pub ucum: String,
    /// Last token of the unit.
    pub last: usize,
}

/// Printed atoms and their UCUM codes (The Unified Code for Units of Measure, version 2.1, §§ 28-46). Case matters.
const ATOMS: &[(&str, &str)] = &[
    ("AU", "[arb'U]"),
    ("Bq", "Bq"),
    ("CGy", "cGy"),
    ("Ci", "Ci"),
    ("Da", "u"),
    ("GBq", "GBq"),
    ("GPL", "[GPL'U]"),
    ("Gpt", "10*9{cells}"),
    ("Gy", "Gy"),
    ("HU", "[hnsf'U]"),
    ("Hz", "Hz"),
    ("IU", "[iU]"),
    ("IUs", "[iU]"),
    ("J", "J"),
    ("K", "K"),
    ("L", "L"),
    ("MBq", "MBq"),
    ("MPL", "[MPL'U]"),
    ("Mb", "Mb"),
    ("U", "U"),
    ("cGy", "cGy"),
    ("cGys", "cGy"),
    ("cc", "mL"),
    ("cells", "{cells}"),
    ("cell", "{cells}"),
    ("cm", "cm"),
    ("cm2", "cm2"),
    ("cm3", "cm3"),
    ("cms", "cm"),
    ("copies", "{copies}"),
    ("d", "d"),
    ("dL", "dL"),
    ("day", "d"),
    ("days", "d"),
    ("dl", "dL"),
    ("fL", "fL"),
    ("fl", "fL"),
    ("ft", "[ft_i]"),
    ("g", "g"),
    ("gm", "g"),
    ("gms", "g"),
    ("gr", "g"),
    ("gram", "g"),
    ("grams", "g"),
    ("h", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("hr", "h"),
    ("hrs", "h"),
    ("id", "d"),
    ("in", "[in_i]"),
    ("kBq", "kBq"),
    ("kDa", "ku"),
    ("kIU", "k[iU]"),
    ("kU", "kU"),
    ("kcal", "kcal"),
    ("kg", "kg"),
    ("kgs", "kg"),
    ("l", "L"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("liter", "L"),
    ("litre", "L"),
    ("liters", "L"),
    ("litres", "L"),
    ("m", "m"),
    ("m2", "m2"),
    ("m²", "m2"),
    ("mCi", "mCi"),
    ("mEq", "meq"),
    ("meq", "meq"),
    ("mIU", "m[iU]"),
    ("mL", "mL"),
    ("mOsm", "mosm"),
    ("mcg", "ug"),
    ("mg", "mg"),
    ("mgs", "mg"),
    ("mIU", "m[iU]"),
    ("microg", "ug"),
    ("micrograms", "ug"),
    ("milligram", "mg"),
    ("milligrams", "mg"),
    ("milliliters", "mL"),
    ("min", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("mins", "min"),
    ("ml", "mL"),
    ("mm", "mm"),
    ("mm2", "mm2"),
    ("mm3", "mm3"),
    ("mm³", "mm3"),
    ("mmHg", "mm[Hg]"),
    ("mmol", "mmol"),
    ("mo", "mo"),
    ("mol", "mol"),
    ("month", "mo"),
    ("ms", "ms"),
    ("msec", "ms"),
    ("mU", "mU"),
    ("ng", "ng"),
    ("nm", "nm"),
    ("nmol", "nmol"),
    ("pg", "pg"),
    ("pmol", "pmol"),
    ("s", "s"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("u", "U"),
    ("ug", "ug"),
    ("uL", "uL"),
    ("ul", "uL"),
    ("units", "U"),
    ("unit", "U"),
    ("week", "wk"),
    ("wk", "wk"),
    ("year", "a"),
    ("µIU", "u[iU]"),
    ("µL", "uL"),
    ("µU", "uU"),
    ("µg", "ug"),
    ("µkat", "ukat"),
    ("µl", "uL"),
    ("µm", "um"),
    ("µmol", "umol"),
];

/// Units that are time: they make a duration, not a quantity, unless they stand behind a slash.
const TIMES: &[&str] = &["d", "h", "min", "mo", "s", "wk", "a", "ms"];

fn atom(word: &str) -> Option<&'static str> {
    ATOMS.iter().find(|(printed, _)| *printed == word).map(|(_, ucum)| *ucum)
}

/// Reads a unit that starts at token `i`: `mg/m2`, `× 10^9/L`, `109/L`, `%`, `°C`, `mm Hg`, `beats per minute`.
///
/// Units of time alone are left to durations.
pub fn unit_at(text: &str, tokens: &[Token], i: usize) -> Option<Unit> {
    let token = tokens.get(i)?;
    match token.kind {
        TokenKind::Sign('%') => {
            // "cells per" or "% BSA" keep the sign alone.
            return Some(Unit { ucum: "%".into(), last: i });
        }
        TokenKind::Sign('°' | '℃' | 'º') => {
            if token.is('℃') {
                return Some(Unit { ucum: "Cel".into(), last: i });
            }
            return match tokens.get(i + 1).map(|t| t.text(text)) {
                Some("C") => Some(Unit { ucum: "Cel".into(), last: i + 1 }),
                Some("F") => Some(Unit { ucum: "[degF]".into(), last: i + 1 }),
                _ => None,
            };
        }
        TokenKind::Sign('×' | 'x' | '*' | '⁎' | '·') | TokenKind::Word if power_sign(text, token) => {
            let (digits, at) = match token.text(text) {
                "x" | "X" => (tokens.get(i + 1).filter(|t| t.is_number())?.text(text), i + 1),
                glued if token.is_word() => (&glued[1..], i),
                _ => (tokens.get(i + 1).filter(|t| t.is_number())?.text(text), i + 1),
            };
            let (power, last) = power_of(text, tokens, digits, at)?;
            return Some(after_power(text, tokens, power, last));
        }
        TokenKind::Sign('/') => {
            // "4,400/µL": a count per volume.
            let (below, last) = denominator(text, tokens, i + 1)?;
            return Some(Unit { ucum: format!("/{below}"), last });
        }
        TokenKind::Word => {}
        _ => return None,
    }
    let word = token.text(text);
    // "beats per minute", "breaths/min", "bpm"
    if matches!(word, "beats" | "breaths" | "beat" | "pulses") {
        let per = tokens.get(i + 1)?;
        let is_per = per.is('/') || per.is_word() && per.text(text) == "per";
        return (is_per && matches!(tokens.get(i + 2)?.text(text), "minute" | "min"))
            .then(|| Unit { ucum: "/min".into(), last: i + 2 });
    }
    if word == "bpm" {
        return Some(Unit { ucum: "/min".into(), last: i });
    }
    if word == "mm" && tokens.get(i + 1).is_some_and(|t| t.text(text) == "Hg") {
        return Some(Unit { ucum: "mm[Hg]".into(), last: i + 1 });
    }
    let (head, mut last) = square(text, tokens, i, atom(word)?);
    let mut ucum = head;
    let mut parts = 0;
    while parts < 2
        && let Some((below, end)) = slash_at(text, tokens, last + 1)
    {
        ucum = format!("{ucum}/{below}");
        last = end;
        parts += 1;
    }
    if parts == 0 && TIMES.contains(&ucum.as_str()) {
        return None;
    }
    // "mg/kg/dose" has no UCUM code beyond mg/kg.
    Some(Unit { ucum, last })
}

/// `m` followed by a flattened `2`: "mg/m 2", "cm 3".
fn square(text: &str, tokens: &[Token], i: usize, head: &str) -> (String, usize) {
    if matches!(head, "m" | "cm" | "mm")
        && let Some(next) = tokens.get(i + 1)
        && (matches!(next.kind, TokenKind::Sign('²' | '³')) || next.is('^'))
    {
        let power = match next.kind {
            TokenKind::Sign('²') => Some(("2", i + 1)),
            TokenKind::Sign('³') => Some(("3", i + 1)),
            _ => tokens.get(i + 2).map(|t| t.text(text)).filter(|p| matches!(*p, "2" | "3")).map(|p| (p, i + 2)),
        };
        if let Some((power, last)) = power {
            return (format!("{head}{power}"), last);
        }
    }
    (head.to_owned(), i)
}

fn slash_at(text: &str, tokens: &[Token], i: usize) -> Option<(String, usize)> {
    let token = tokens.get(i)?;
    let is_per = token.is('/') || token.is_word() && token.text(text) == "per";
    if !is_per {
        return None;
    }
    denominator(text, tokens, i + 1)
}

fn denominator(text: &str, tokens: &[Token], i: usize) -> Option<(String, usize)> {
    let token = tokens.get(i)?;
    if token.is_number() {
        // "20 mL/min/1.73 m2", "per 100 mL"
        let number = token.text(text);
        if number == "1.73" {
            let next = tokens.get(i + 1)?;
            let (area, last) = if next.text(text) == "qm" || next.text(text) == "sqm" {
                ("m2".to_owned(), i + 1)
            } else {
                let (a, l) = square(text, tokens, i + 1, atom(next.text(text))?);
                (a, l)
            };
            return (area == "m2").then(|| ("{1.73_m2}".to_owned(), last));
        }
        return None;
    }
    if !token.is_word() {
        return None;
    }
    let word = token.text(text);
    if word == "dose" || word == "fraction" || word == "cycle" {
        return None;
    }
    if matches!(word, "hpf" | "HPF") {
        return Some(("[HPF]".to_owned(), i));
    }
    let (below, last) = square(text, tokens, i, atom(word)?);
    Some((below, last))
}

/// `×` or the letter that prints in its place.
fn power_sign(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Sign('×' | '*' | '⁎' | '·') => true,
        // "x", or "x10" as one word.
        TokenKind::Word => {
            token.text(text).strip_prefix(['x', 'X']).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()))
        }
        _ => false,
    }
}

/// A power of ten in one of its printed forms: `10^9`, `10⁹`, `10*9`, `109` (flattened), `10 9`.
fn power_at(text: &str, tokens: &[Token], i: usize) -> Option<(u32, usize)> {
    power_of(text, tokens, tokens.get(i).filter(|t| t.is_number())?.text(text), i)
}

/// The power that `digits`, which end with token `i`, and the tokens behind it make.
fn power_of(text: &str, tokens: &[Token], digits: &str, i: usize) -> Option<(u32, usize)> {
    if digits == "10" {
        let next = tokens.get(i + 1)?;
        if next.is('^') || next.is('*') || next.is('⁎') {
            let power = tokens.get(i + 2)?.text(text).parse().ok()?;
            return Some((power, i + 2));
        }
        if let TokenKind::Sign(c) = next.kind {
            let mut power = superscript(c)?;
            let mut last = i + 1;
            if let Some(TokenKind::Sign(c)) = tokens.get(i + 2).map(|t| t.kind)
                && let Some(more) = superscript(c)
            {
                power = power * 10 + more;
                last += 1;
            }
            return Some((power, last));
        }
        // "10 9/L"
        if next.is_number() && tokens.get(i + 2).is_some_and(|t| t.is('/')) {
            return Some((next.text(text).parse().ok().filter(|p| *p <= 12)?, i + 1));
        }
        return None;
    }
    // Flattened: 103, 104, 106, 109, 1012.
    let power = digits.strip_prefix("10")?.parse().ok().filter(|p| matches!(p, 3..=6 | 9 | 12))?;
    Some((power, i))
}

fn superscript(c: char) -> Option<u32> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|s| s == c).map(|i| i as u32)
}

fn after_power(text: &str, tokens: &[Token], power: u32, last: usize) -> Unit {
    let base = format!("10*{power}");
    // "× 10^9 cells/L"
    let mut at = last + 1;
    if tokens.get(at).is_some_and(|t| t.is_word() && matches!(t.text(text), "cells" | "cell" | "U" | "IU" | "copies"))
        && tokens.get(at + 1).is_some_and(|t| t.is('/'))
    {
        at += 1;
    }
    match slash_at(text, tokens, at) {
        Some((below, last)) => Unit { ucum: format!("{base}/{below}"), last },
        None => Unit { ucum: base, last },
    }
}

/// A flattened power printed without a sign of multiplication, as the whole of a unit: `109/L`, `10^9/L`, `103/µL`.
pub fn bare_power_at(text: &str, tokens: &[Token], i: usize) -> Option<Unit> {
    let (power, last) = power_at(text, tokens, i)?;
    let (below, last) = slash_at(text, tokens, last + 1)?;
    Some(Unit { ucum: format!("10*{power}/{below}"), last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn read(text: &str) -> Option<String> {
        unit_at(text, &tokenize(text), 0).map(|u| u.ucum)
    }

    #[test]
    fn printed_units() {
        for (printed, ucum) in [
            ("mg/m2", "mg/m2"),
            ("mg/kg/day", "mg/kg/d"),
            ("mg/kg/dose", "mg/kg"),
            ("× 109/L", "10*9/L"),
            ("x10^9/L", "10*9/L"),
            ("× 10⁹/L", "10*9/L"),
            ("× 104/µL", "10*4/uL"),
            ("/µL", "/uL"),
            ("%", "%"),
            ("°C", "Cel"),
            ("mm Hg", "mm[Hg]"),
            ("mmHg", "mm[Hg]"),
            ("beats per minute", "/min"),
            ("mL/min/1.73 m2", "mL/min/{1.73_m2}"),
            ("IU/L", "[iU]/L"),
            ("mcg/mL", "ug/mL"),
            ("mm/hour", "mm/h"),
            ("Gpt/L", "10*9{cells}/L"),
            ("cells/µL", "{cells}/uL"),
            ("mg daily", "mg"),
        ] {
            assert_eq!(read(printed).as_deref(), Some(ucum), "{printed}");
        }
        for none in ["months", "and", "days", "(x)"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
