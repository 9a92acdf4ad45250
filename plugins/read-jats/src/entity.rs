//! Characters written as references: `&#x3b1;`, `&alpha;`.
//!
//! The names are those of the ISO 8879 and ISO 9573-13 sets that the JATS and NLM DTDs declare, which HTML 5 took over
//! (HTML Living Standard, section 13.5), and the ISOgrk1 names. No entity of the document's own DTD is ever expanded.

use std::borrow::Cow;

/// `name TAB characters` per line, in the order of the names.
const NAMES: &str = include_str!("entities.tsv");

/// The characters that a reference stands for, `name` being what stands between `&` and `;`.
///
/// `None` for names that are not in the table and for numbers that are no character.
pub(crate) fn resolve(name: &str) -> Option<Cow<'static, str>> {
    match name {
        "amp" => Some("&".into()),
        "lt" => Some("<".into()),
        "gt" => Some(">".into()),
        _ => match name.strip_prefix('#') {
            Some(number) => character(number).map(|c| c.to_string().into()),
            None => named(name).map(Cow::from),
        },
    }
}

fn character(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (number, 10),
    };
    let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(digits, radix).ok().filter(|_| plain).and_then(char::from_u32).filter(|c| *c != '\0')
}

/// Halves the table until one line is left.
fn named(name: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, NAMES.len());
    while low < high {
        let middle = (low + high) / 2;
        let bytes = NAMES.as_bytes();
        let start = bytes[..middle].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let end = middle + bytes[middle..].iter().position(|b| *b == b'\n')?;
        let (found, characters) = NAMES[start..end].split_once('\t')?;
        match name.cmp(found) {
            std::cmp::Ordering::Equal => return Some(characters),
            std::cmp::Ordering::Less => high = start,
            std::cmp::Ordering::Greater => low = end + 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_is_found() {
        for line in NAMES.lines() {
            let (name, characters) = line.split_once('\t').unwrap();
            assert_eq!(named(name), Some(characters), "{name}");
            assert!(!characters.is_empty() && !characters.contains('\n'));
        }
    }

    #[test]
    fn numbers_names_and_nonsense() {
        let read = |name| resolve(name).map(Cow::into_owned);
        assert_eq!(read("#x3b1").as_deref(), Some("α"));
        assert_eq!(read("#945").as_deref(), Some("α"));
        assert_eq!(read("alpha").as_deref(), Some("α"));
        assert_eq!(read("agr").as_deref(), Some("α"));
        assert_eq!(read("lsqb").as_deref(), Some("["));
        for none in ["lol9", "", "#", "#x", "#xD800", "#+65", "#0", "#99999999999", "zzzz", "\u{1}"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
