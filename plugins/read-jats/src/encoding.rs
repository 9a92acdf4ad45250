//! Bytes to text: by byte order mark, by the XML declaration, or as the user says.

use std::borrow::Cow;

use case_text::decode::{DecodeError, Encoding, decode};
use casemill_plugin_sdk::prelude::{Error, Result};

/// Reads the bytes of a file. An encoding that the user names counts more than what the file says of itself
/// (XML 1.0, appendix F.2).
///
/// # Errors
/// What the bytes are not, and the way out.
pub(crate) fn text<'b>(bytes: &'b [u8], named: &str) -> Result<(Cow<'b, str>, Encoding)> {
    let encoding = match (named, bytes) {
        ("", [0xff, 0xfe, ..]) => Encoding::Utf16Le,
        ("", [0xfe, 0xff, ..]) => Encoding::Utf16Be,
        ("", _) => declared(bytes)?,
        (name, _) => Encoding::from_name(name)
            .ok_or_else(|| Error::new(format!("{name} is not an encoding that can be read")).help(can_be_read()))?,
    };
    match decode(bytes, encoding) {
        Ok(text) => Ok((text, encoding)),
        // Without a mark, UTF-16 shows by its zeros.
        Err(DecodeError::OtherEncoding { encoding }) if named.is_empty() => Ok((decode(bytes, encoding)?, encoding)),
        Err(error) => Err(error.into()),
    }
}

fn can_be_read() -> String {
    format!("convert the file to UTF-8; {} can be read as they are", Encoding::NAMES.join(", "))
}

/// The encoding that the XML declaration names, UTF-8 where it names none.
fn declared(bytes: &[u8]) -> Result<Encoding> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]);
    let Some(name) = head.strip_prefix("<?xml").and_then(|h| h.split("?>").next()).and_then(value) else {
        return Ok(Encoding::Utf8);
    };
    match name.to_ascii_lowercase().as_str() {
        // The bytes have been read as ASCII so far, so they are not UTF-16 whatever they say.
        "us-ascii" | "ascii" | "utf-16" => Ok(Encoding::Utf8),
        "iso_8859-1" | "iso8859-1" | "l1" => Ok(Encoding::Windows1252),
        other => Encoding::from_name(other).ok_or_else(|| {
            Error::new(format!("line 1: the XML declaration says that the file is {name}, which cannot be read"))
                .help(format!("convert it, for instance with iconv -f {name} -t UTF-8, and change the declaration"))
        }),
    }
}

/// The value of `encoding` in an XML declaration.
fn value(declaration: &str) -> Option<String> {
    let rest = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(name, _)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], named: &str) -> String {
        match text(bytes, named) {
            Ok((text, encoding)) => format!("{}: {text}", encoding.name()),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn the_file_says_its_encoding() {
        assert_eq!(read("<a>é</a>".as_bytes(), ""), "utf-8: <a>é</a>");
        let latin = b"<?xml version='1.0' encoding = 'ISO-8859-1' ?><a>\xe9</a>";
        assert!(read(latin, "").starts_with("windows-1252: ") && read(latin, "").ends_with("<a>é</a>"));
        let utf16: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, ""), "utf-16le: \u{feff}<a>é</a>");
        assert_eq!(read(&utf16[2..], ""), "utf-16le: <a>é</a>");
        let wrong = b"<?xml version='1.0' encoding='Shift_JIS'?><a/>";
        assert_eq!(
            read(wrong, ""),
            "error: line 1: the XML declaration says that the file is Shift_JIS, which cannot be read"
        );
        assert!(read(b"<?xml version='1.0' encoding='UTF-8'?>\n<a>\xe9</a>", "").contains("line 2, byte 4"));
    }

    #[test]
    fn the_user_knows_better() {
        assert_eq!(read(b"<?xml version='1.0' encoding='UTF-8'?>\xe9", "windows-1252").chars().last(), Some('é'));
        assert_eq!(read(b"<a/>", "klingon"), "error: klingon is not an encoding that can be read");
    }
}
