//! Quantities: a number with its unit, or the dimensions of a thing.

use case_model::{Comparator, Decimal, Quantity};

use crate::number::number_at;
use crate::token::{Token, TokenKind};
use crate::unit::{bare_power_at, unit_at};

/// A quantity and where it stands, as indices of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityAt {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The quantity. Without unit for a bare number.
    pub quantity: Quantity,
}

/// One to three dimensions and where they stand.
#[derive(Clone, Debug, PartialEq)]
pub struct DimensionsAt {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The numbers in the order of the text.
    pub dimensions: Vec<Decimal>,
    /// `cm` or `mm`.
    pub unit: &'static str,
}

/// Reads a number at token `i` with the unit behind it, if one is there.
pub fn quantity_at(text: &str, tokens: &[Token], i: usize) -> Option<QuantityAt> {
    let number = number_at(text, tokens, i)?;
    let mut at = number.last + 1;
    // "5-mg tablets"
    if tokens.get(at).is_some_and(|t| t.is_hyphen() && !t.spaced)
        && tokens.get(at + 1).is_some_and(|t| t.is_word() && !t.spaced)
    {
        at += 1;
    }
    let unit = unit_at(text, tokens, at)
        .or_else(|| bare_power_at(text, tokens, at))
        .filter(|_| !number.in_words || at > number.last + 1 || !tokens[at].is('/'));
    let (last, ucum, printed) = match unit {
        Some(unit) => {
            let printed = text[tokens[at].span.start as usize..tokens[unit.last].span.end as usize].to_owned();
            (unit.last, Some(unit.ucum), printed)
        }
        None => (number.last, None, String::new()),
    };
    Some(QuantityAt {
        first: number.first,
        last,
        quantity: Quantity {
            value: number.value,
            upper: number.upper,
            comparator: number.comparator,
            unit: ucum,
            printed_unit: printed,
        },
    })
}

fn length_unit(word: &str) -> Option<&'static str> {
    match word {
        "cm" | "cms" | "centimeter" | "centimeters" | "centimetre" | "centimetres" | "cm2" | "cm3" | "CM" => Some("cm"),
        "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" | "mm2" | "mm3" => Some("mm"),
        _ => None,
    }
}

/// Reads dimensions at token `i`: `6 × 4 × 6 cm`, `3.5-cm`, `2 cm x 3 cm`, `31*21mm`, `4- × 3-× 2.5-cm3`.
pub fn dimensions_at(text: &str, tokens: &[Token], i: usize) -> Option<DimensionsAt> {
    let number = number_at(text, tokens, i).filter(|n| !n.in_words)?;
    let mut dimensions = vec![number.value];
    let mut unit = None;
    let mut last = number.last;
    let mut at = last + 1;
    let is_times = |t: &Token| match t.kind {
        TokenKind::Sign('×' | '*' | '⁎' | '✕' | '⨯' | '·') => true,
        TokenKind::Word => matches!(t.text(text), "x" | "X" | "by"),
        _ => false,
    };
    loop {
        // A unit, glued by a hyphen or not, may stand behind each number.
        let mut next = at;
        if tokens.get(next).is_some_and(Token::is_hyphen) {
            next += 1;
        }
        if let Some(found) = tokens.get(next).filter(|t| t.is_word()).and_then(|t| length_unit(t.text(text))) {
            unit = Some(found);
            last = next;
            at = next + 1;
            // "cm³"
            if tokens.get(at).is_some_and(|t| t.is('³') || t.is('²')) {
                last = at;
                at += 1;
            }
        } else if next > at && tokens.get(next).is_some_and(is_times) {
            at = next;
        }
        let Some(times) = tokens.get(at).filter(|t| is_times(t)) else { break };
        let Some(value) =
            tokens.get(at + 1).filter(|t| t.is_number()).and_then(|t| crate::token::decimal(t.text(text)))
        else {
            // "x4" as one word
            let glued = times.text(text).strip_prefix(['x', 'X']).filter(|d| !d.is_empty());
            match glued.and_then(crate::token::decimal) {
                Some(value) => {
                    dimensions.push(value);
                    last = at;
                    at += 1;
                    continue;
                }
                None => break,
            }
        };
        dimensions.push(value);
        last = at + 1;
        at += 2;
        if dimensions.len() > 3 {
            return None;
        }
    }
    // "2×2 cm-sized": the unit may come once, behind the last number.
    let unit = unit?;
    (number.upper.is_none() && number.comparator != Comparator::Less).then_some(DimensionsAt {
        first: number.first,
        last,
        dimensions,
        unit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn dims(text: &str) -> Option<String> {
        let d = dimensions_at(text, &tokenize(text), 0)?;
        let list: Vec<&str> = d.dimensions.iter().map(Decimal::as_str).collect();
        Some(format!("{} {}", list.join("x"), d.unit))
    }

    #[test]
    fn dimensions() {
        for (text, read) in [
            ("6 × 4 × 6 cm", "6x4x6 cm"),
            ("3.5 cm left", "3.5 cm"),
            ("3.5-cm mass", "3.5 cm"),
            ("2 cm x 3 cm", "2x3 cm"),
            ("31*21mm", "31x21 mm"),
            ("4- × 3-× 2.5-cm3 lesion", "4x3x2.5 cm"),
            ("1.7 × 1.4 ×1.3 cm3", "1.7x1.4x1.3 cm"),
            ("5×3.6×5-cm well", "5x3.6x5 cm"),
            ("2×2 cm-sized", "2x2 cm"),
        ] {
            assert_eq!(dims(text).as_deref(), Some(read), "{text}");
        }
        for none in ["5 mg", "6 × 4", "400 x", "16.3 × 109/L", "2 to 3 cm"] {
            assert_eq!(dims(none), None, "{none}");
        }
    }

    fn read(text: &str) -> Option<String> {
        let q = quantity_at(text, &tokenize(text), 0)?.quantity;
        Some(format!(
            "{}{} {}",
            q.value,
            q.upper.map(|u| format!("-{u}")).unwrap_or_default(),
            q.unit.unwrap_or_default()
        ))
    }

    #[test]
    fn quantities() {
        for (text, value) in [
            ("200 mg daily", "200 mg"),
            ("16.3 × 109/L", "16.3 10*9/L"),
            ("11.6-15.0 g/dL", "11.6-15.0 g/dL"),
            ("3,300–8,600/µL", "3300-8600 /uL"),
            ("40.5°C", "40.5 Cel"),
            ("60%-140%", "60 %"),
            ("1.6 on admission", "1.6 "),
            ("81 × 103/mm3", "81 10*3/mm3"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text}");
        }
    }
}
