//! Karyotypes and rearrangements as ISCN writes them (ISCN 2020: An International System for Human Cytogenomic
//! Nomenclature), also with the spaces that printing adds.

/// An expression found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rearranged {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The expression without white space.
    pub iscn: String,
    /// True if it names only gains and losses of chromosomes.
    pub numerical_only: bool,
}

/// Abnormalities that take chromosomes in brackets.
const REARRANGEMENTS: &[&str] = &["add", "del", "der", "dic", "dup", "i", "idic", "ins", "inv", "r", "t", "trp"];

/// Finds the expressions of a sentence: whole karyotypes, or single rearrangements.
pub fn karyotypes(text: &str) -> Vec<Rearranged> {
    let mut out: Vec<Rearranged> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|b| b.is_ascii_digit() || b.is_ascii_lowercase()).map(|i| i + at)
    {
        let boundary = next == 0 || !(bytes[next - 1].is_ascii_alphanumeric() || bytes[next - 1] == b')');
        if boundary {
            let found = if bytes[next].is_ascii_digit() { karyotype(text, next) } else { single(text, next) };
            if let Some(found) = found {
                at = found.end;
                out.push(found);
                continue;
            }
        }
        at = next + 1;
        while at < bytes.len() && boundary && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
    }
    out
}

fn space(text: &str, at: usize) -> usize {
    at + text[at..].bytes().take_while(u8::is_ascii_whitespace).count()
}

/// `47,XX,add(4)(q35),+8`.
fn karyotype(text: &str, start: usize) -> Option<Rearranged> {
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let count: u32 = text[start..start + digits].parse().ok().filter(|n| (20..=120).contains(n))?;
    let _ = count;
    let comma = space(text, start + digits);
    if text.as_bytes().get(comma) != Some(&b',') {
        return None;
    }
    let sex_at = space(text, comma + 1);
    let sex = text[sex_at..].bytes().take_while(|b| matches!(b, b'X' | b'Y')).count();
    if !(1..=4).contains(&sex) {
        return None;
    }
    let mut iscn = format!("{},{}", &text[start..start + digits], &text[sex_at..sex_at + sex]);
    let mut end = sex_at + sex;
    let mut structural = false;
    loop {
        let comma = space(text, end);
        if text.as_bytes().get(comma) != Some(&b',') {
            break;
        }
        let item = space(text, comma + 1);
        if let Some(found) = single(text, item) {
            iscn.push(',');
            iscn.push_str(&found.iscn);
            end = found.end;
            structural = true;
        } else if let Some(found) = numerical(text, item) {
            iscn.push(',');
            iscn.push_str(&text[item..found]);
            end = found;
        } else {
            break;
        }
    }
    // The number of cells: "[20]".
    let bracket = space(text, end);
    if text[bracket..].starts_with('[')
        && let Some(close) =
            text[bracket..].find(']').filter(|c| text[bracket + 1..bracket + c].bytes().all(|b| b.is_ascii_digit()))
    {
        iscn.push_str(&text[bracket..=bracket + close]);
        end = bracket + close + 1;
    }
    Some(Rearranged { start, end, iscn, numerical_only: !structural })
}

/// `+8`, `-7`.
fn numerical(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let sign = rest.chars().next().filter(|c| matches!(c, '+' | '-' | '−' | '–'))?;
    let body = &rest[sign.len_utf8()..];
    let length = body.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'X' | b'Y')).count();
    let marker = body.starts_with("mar").then_some(3);
    let length = marker.unwrap_or(length);
    (1..=3).contains(&length).then_some(at + sign.len_utf8() + length)
}

/// `t(2;17)(p23.2;q23.1)`, `inv(14)(q11.2q32)`, `del(13q14)`, `der(22)t(9;22)`.
fn single(text: &str, start: usize) -> Option<Rearranged> {
    let letters = text[start..].bytes().take_while(u8::is_ascii_lowercase).count();
    let name = &text[start..start + letters];
    if REARRANGEMENTS.binary_search(&name).is_err() {
        return None;
    }
    let mut end = start + letters;
    let mut iscn = name.to_owned();
    let mut groups = 0;
    loop {
        let open = if groups == 0 { end } else { space(text, end) };
        if text.as_bytes().get(open) != Some(&b'(') {
            break;
        }
        let Some(close) = text[open..].find(')').map(|i| i + open) else { break };
        let inner: String = text[open + 1..close].chars().filter(|c| !c.is_whitespace()).collect();
        if !is_group(&inner, groups) {
            break;
        }
        // Bands are written in small letters.
        iscn.push('(');
        iscn.push_str(&if groups > 0 { inner.to_ascii_lowercase() } else { inner });
        iscn.push(')');
        end = close + 1;
        groups += 1;
        if groups == 2 {
            break;
        }
    }
    (groups > 0).then_some(Rearranged { start, end, iscn, numerical_only: false })
}

/// Chromosomes (`2;17`, `X;18`, `13q14`) in the first group, bands (`p23.2;q23.1`) in the second.
fn is_group(inner: &str, groups: usize) -> bool {
    if inner.is_empty() || inner.len() > 40 {
        return false;
    }
    inner.split(';').all(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if groups == 0 {
            let chromosome =
                part[..digits].parse::<u32>().is_ok_and(|n| (1..=22).contains(&n)) || part.starts_with(['X', 'Y']);
            let rest = &part[if digits > 0 { digits } else { part.len().min(1) }..];
            chromosome && (rest.is_empty() || is_bands(rest))
        } else {
            is_bands(part)
        }
    })
}

/// `q11.2q32`, `p13`, `?`.
fn is_bands(text: &str) -> bool {
    text == "?"
        || text.starts_with(['p', 'q', 'P', 'Q'])
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'p' | b'q' | b'P' | b'Q' | b'.' | b'?' | b'~' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        karyotypes(text).into_iter().map(|f| f.iscn).collect()
    }

    #[test]
    fn karyotypes_and_rearrangements() {
        assert_eq!(all("a translocation t(2;17)(p23.2;q23.1)."), ["t(2;17)(p23.2;q23.1)"]);
        assert_eq!(
            all("showed 47, XX, add(4)(q35), +8, inv(14)(q11.2q32), add(20)(P13). 5"),
            ["47,XX,add(4)(q35),+8,inv(14)(q11.2q32),add(20)(p13)"]
        );
        assert_eq!(all("t(9; 22) and inv(16)(p13q22)"), ["t(9;22)", "inv(16)(p13q22)"]);
        assert_eq!(all("46,XY[20]"), ["46,XY[20]"]);
        assert_eq!(all("i(17q) and del(13q14)"), ["i(17q)", "del(13q14)"]);
        assert_eq!(all("in 46, 12 and 5 patients (t test); at (2), left (1)"), Vec::<String>::new());
    }

    #[test]
    fn names_are_sorted() {
        assert!(REARRANGEMENTS.is_sorted());
    }
}
