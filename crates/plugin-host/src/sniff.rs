//! What an input looks like, by its first bytes.

use std::borrow::Cow;

/// As much of an input as signatures are compared with.
const HEAD: usize = 8192;

/// The beginning of an input. Of UTF-16 the ASCII characters are kept and others become `?`: readers get the input as it
/// is, and one that does not know UTF-16 can say how to read it.
pub(crate) fn head(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let Some((marked, unit)) = utf16(head) else { return head.into() };
    let units = head[if marked { 2 } else { 0 }..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    units.map(|unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect()
}

/// How two bytes make a number.
type Unit = fn([u8; 2]) -> u16;

/// UTF-16 by its mark, or because every second byte is zero, as in western text.
fn utf16(head: &[u8]) -> Option<(bool, Unit)> {
    match head {
        [0xff, 0xfe, ..] => return Some((true, u16::from_le_bytes)),
        [0xfe, 0xff, ..] => return Some((true, u16::from_be_bytes)),
        _ => {}
    }
    let half = head.len() / 2;
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    match (zeros(0), zeros(1)) {
        (0, odd) if half > 1 && odd * 4 > half * 3 => Some((false, u16::from_le_bytes)),
        (even, 0) if half > 1 && even * 4 > half * 3 => Some((false, u16::from_be_bytes)),
        _ => None,
    }
}

/// True for files whose first bytes are text and which are none: a reader of text would read their markup.
pub(crate) fn only_seems_text(head: &[u8]) -> bool {
    head.starts_with(b"%PDF-") || head.starts_with(b"{\\rtf")
}

/// True for a byte that text does not have: control characters but white space and the escape of old terminals.
pub(crate) fn is_control(byte: &u8) -> bool {
    *byte < 0x09 || (0x0e..0x20).contains(byte) && *byte != 0x1b || *byte == 0x7f
}

/// The way out where nothing better is known.
pub(crate) const TEXT: &str = "give the text of the report";

/// What a file is that no reader knows, and what to do with it.
pub(crate) fn looks_like(bytes: &[u8]) -> Option<(String, &'static str)> {
    const UNPACK: &str = "unpack it and give the files in it";
    const KINDS: [(&[u8], &str, &str); 16] = [
        (b"%PDF-", "a PDF", "convert it to text, for instance with pdftotext -layout"),
        (b"PK\x03\x04", "a ZIP archive or an office document", "save it as text, or unpack it"),
        (b"\xd0\xcf\x11\xe0", "an office document", "save it as text"),
        (b"{\\rtf", "rich text", "save it as text"),
        (b"\x1f\x8b", "compressed by gzip", UNPACK),
        (b"BZh", "compressed by bzip2", UNPACK),
        (b"\xfd7zXZ\0", "compressed by xz", UNPACK),
        (b"\x28\xb5\x2f\xfd", "compressed by zstd", UNPACK),
        (b"\x89PNG", "a PNG image", TEXT),
        (b"\xff\xd8\xff", "a JPEG image", TEXT),
        (b"GIF8", "a GIF image", TEXT),
        (b"II*\0", "a TIFF image", TEXT),
        (b"MM\0*", "a TIFF image", TEXT),
        (b"\x7fELF", "a program", TEXT),
        (b"MZ", "a program", TEXT),
        (b"SQLite format 3\0", "a database", TEXT),
    ];
    if let Some((_, what, way_out)) = KINDS.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Some(((*what).to_owned(), way_out));
    }
    let offset = head(bytes).iter().position(is_control)?;
    Some((format!("not text: offset {offset} is a control character"), TEXT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_seen_through() {
        let text = "<article> \u{3b1}";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(&*head(&le), b"<article> ?");
        assert_eq!(&*head(&be), b"<article> ?");
        assert_eq!(&*head("fi\u{e8}vre".as_bytes()), "fi\u{e8}vre".as_bytes());
        assert_eq!(&*head(b"\0\0\0\0"), b"\0\0\0\0");
        assert_eq!(&*head(b"x"), b"x");
    }

    #[test]
    fn kinds_are_known_by_their_first_bytes() {
        assert!(
            looks_like(b"%PDF-1.7").is_some_and(|(what, way_out)| what == "a PDF" && way_out.contains("pdftotext"))
        );
        assert_eq!(looks_like(b"PDF"), None);
    }
}
