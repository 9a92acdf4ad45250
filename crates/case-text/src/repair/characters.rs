//! Repairs of single characters and of the space between them.

use case_model::RepairKind;
use unicode_normalization::char::compose;

use super::Builder;

/// Writes input bytes `start..end`, one line of running text or one cell, repaired character by character.
///
/// Line breaks within the range count as space.
pub fn write_plain(out: &mut Builder<'_>, start: usize, end: usize) {
    let input = out.input();
    let bytes = input.as_bytes();
    let mut at = start;
    // Start of the equal stretch not yet written.
    let mut kept = start;
    while at < end {
        let byte = bytes[at];
        if byte.is_ascii_graphic() {
            // A run of hyphens that prints as a dash: "1---5".
            if byte == b'-' && bytes[at..end].starts_with(b"--") {
                out.keep(kept, at);
                let from = at;
                while at < end && bytes[at] == b'-' {
                    at += 1;
                }
                // A rule of many hyphens is decoration and stays.
                if at - from <= 3 {
                    out.replace(from, at, "–", RepairKind::Plain);
                } else {
                    out.keep(from, at);
                }
                kept = at;
                continue;
            }
            at += 1;
            // A letter with a combining mark behind it.
            if at < end && bytes[at] >= 0x80 && byte.is_ascii_alphabetic() {
                let mark = input[at..].chars().next().expect("on a character boundary");
                if let Some(composed) = compose(char::from(byte), mark) {
                    out.keep(kept, at - 1);
                    at = compose_run(out, composed, at - 1, at + mark.len_utf8(), end);
                    kept = at;
                }
            }
            continue;
        }
        let c = input[at..].chars().next().expect("on a character boundary");
        if c.is_whitespace() || c == '\u{200b}' {
            let from = at;
            while at < end {
                let c = input[at..].chars().next().expect("on a character boundary");
                if !(c.is_whitespace() || is_invisible(c)) {
                    break;
                }
                at += c.len_utf8();
            }
            out.keep(kept, from);
            let with = if no_space_between(out.text(), &input[at..end]) { "" } else { " " };
            let kind = if with.is_empty() { RepairKind::Spacing } else { RepairKind::Spaces };
            out.replace(from, at, with, kind);
            kept = at;
            continue;
        }
        let width = c.len_utf8();
        if let Some((plain, kind)) = plain_form(c) {
            out.keep(kept, at);
            out.replace(at, at + width, plain, kind);
            at += width;
            kept = at;
            continue;
        }
        // Accents on letters outside ASCII.
        if let Some(mark) = input[at + width..end].chars().next()
            && let Some(composed) = compose(c, mark)
        {
            out.keep(kept, at);
            at = compose_run(out, composed, at, at + width + mark.len_utf8(), end);
            kept = at;
            continue;
        }
        at += width;
    }
    out.keep(kept, end);
}

/// Writes a letter composed with all marks that follow it; returns where the marks end.
fn compose_run(out: &mut Builder<'_>, mut composed: char, start: usize, mut at: usize, end: usize) -> usize {
    while let Some(mark) = out.input()[at..end].chars().next() {
        let Some(next) = compose(composed, mark) else { break };
        composed = next;
        at += mark.len_utf8();
    }
    out.replace(start, at, composed.encode_utf8(&mut [0; 4]), RepairKind::Composed);
    at
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

fn plain_form(c: char) -> Option<(&'static str, RepairKind)> {
    let plain = match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{02bc}' => return Some(("'", RepairKind::Plain)),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => return Some(("\"", RepairKind::Plain)),
        // The Greek letter is what the micro sign decomposes to; units use the sign.
        '\u{3bc}' => return Some(("µ", RepairKind::Plain)),
        '\u{2010}' | '\u{2011}' => return Some(("-", RepairKind::Plain)),
        '\u{fe62}' | '\u{ff0b}' => return Some(("+", RepairKind::Plain)),
        c if is_invisible(c) => return Some(("", RepairKind::Invisible)),
        _ => return None,
    };
    Some((plain, RepairKind::Ligature))
}

/// True where space was torn into a formula: between the parts of a rearrangement, `t(2;17) (p23.2;q23.1)`, or within
/// the numbers of one, `t(2; 17)`.
fn no_space_between(before: &str, after: &str) -> bool {
    let next = after.as_bytes();
    match (before.as_bytes().last(), next.first()) {
        // `t(2;17)` + `(p23.2;q23.1)`
        (Some(b')'), Some(b'(')) => {
            matches!(next.get(1), Some(b'p' | b'q'))
                && next.get(2).is_some_and(u8::is_ascii_digit)
                && rearrangement_open(before.trim_end_matches(')'))
        }
        // `t` + `(2;17)`
        (Some(last), Some(b'(')) if last.is_ascii_lowercase() => {
            let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            matches!(word, "t" | "inv" | "del" | "dup" | "ins" | "der" | "add" | "dic" | "idic")
                && next.get(1).is_some_and(|b| b.is_ascii_digit() || *b == b'X')
                && after[1..]
                    .find(')')
                    .is_some_and(|close| after[1..=close].bytes().all(|b| b.is_ascii_digit() || b" ;XY".contains(&b)))
        }
        // `t(2;` + `17)`
        (Some(b';'), Some(b)) if b.is_ascii_digit() || matches!(b, b'p' | b'q' | b'X' | b'Y') => {
            rearrangement_open(before.trim_end_matches(';'))
        }
        _ => false,
    }
}

/// True if the text ends within the parenthesis of a rearrangement: `t(2`, `inv(16)(p13`.
fn rearrangement_open(text: &str) -> bool {
    let bytes = text.as_bytes();
    let from = bytes.len().saturating_sub(40);
    let Some(open) = bytes[from..].iter().rposition(|b| *b == b'(').map(|i| i + from) else { return false };
    if !bytes[open + 1..].iter().all(|b| b.is_ascii_digit() || b"pqXY;.?".contains(b)) || open + 1 == bytes.len() {
        return false;
    }
    let head = &bytes[..open];
    if head.last() == Some(&b')') {
        return rearrangement_open(&text[..open - 1]);
    }
    let start = head.iter().rposition(|b| !b.is_ascii_lowercase()).map_or(0, |i| i + 1);
    matches!(&head[start..], b"t" | b"inv" | b"del" | b"dup" | b"ins" | b"der" | b"add" | b"dic" | b"idic")
}
