//! Chromosomes and bands.

use crate::cursor::{Cursor, Read};

/// A chromosome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chromosome {
    /// 1 to 22.
    Autosome(u8),
    /// X.
    X,
    /// Y.
    Y,
    /// Not identified: `?`.
    Unknown,
}

/// Arm of a chromosome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// Short.
    P,
    /// Long.
    Q,
}

/// A band as far as known: `q34`, `p11.2`, `q?`, `q21~24`, `pter`, `cen`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The arm; `None` for `cen` and `?`.
    pub arm: Option<Arm>,
    /// What stands behind the arm: `34`, `11.2`, `ter`, `?`, `21~24`, nothing for a whole arm.
    pub place: String,
}

/// Reads a chromosome.
pub(super) fn chromosome(cursor: &mut Cursor<'_>) -> Read<Chromosome> {
    for (name, chromosome) in [("X", Chromosome::X), ("Y", Chromosome::Y), ("?", Chromosome::Unknown)] {
        if cursor.eat(name) {
            return Ok(chromosome);
        }
    }
    let at = cursor.at();
    match cursor.number() {
        Some(number @ 1..=22) => Ok(Chromosome::Autosome(number as u8)),
        _ => {
            cursor.back(at);
            cursor.fail("a chromosome: 1 to 22, X, Y")
        }
    }
}

/// Reads a band.
pub(super) fn band(cursor: &mut Cursor<'_>) -> Read<Band> {
    if cursor.eat("cen") {
        return Ok(Band { arm: None, place: "cen".into() });
    }
    if cursor.eat("?") && !matches!(cursor.peek(), Some('p' | 'q')) {
        return Ok(Band { arm: None, place: "?".into() });
    }
    let arm = match cursor.peek() {
        Some('p' | 'P') => Arm::P,
        Some('q' | 'Q') => Arm::Q,
        _ => return cursor.fail("a band: p or q and its number"),
    };
    cursor.take_one();
    if cursor.eat("ter") {
        return Ok(Band { arm: Some(arm), place: "ter".into() });
    }
    let mut place = number(cursor);
    // "q21~24": somewhere between.
    if !place.is_empty() && cursor.eat("~") {
        place.push('~');
        cursor.take(|c| c == 'q' || c == 'p');
        let last = number(cursor);
        if last.is_empty() {
            return cursor.fail("the last band");
        }
        place.push_str(&last);
    }
    Ok(Band { arm: Some(arm), place })
}

/// `34`, `11.2`, `1?3`, `?`.
fn number(cursor: &mut Cursor<'_>) -> String {
    let mut out = cursor.take(|c| c.is_ascii_digit() || c == '?').to_owned();
    let at = cursor.at();
    if !out.is_empty() && cursor.eat(".") {
        let sub = cursor.take(|c| c.is_ascii_digit() || c == '?');
        if sub.is_empty() {
            cursor.back(at);
        } else {
            out.push('.');
            out.push_str(sub);
        }
    }
    out
}
