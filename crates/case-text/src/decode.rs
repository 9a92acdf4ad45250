//! Bytes to text.
//!
//! Nothing is guessed: without being told otherwise only UTF-8 is read. What the bytes seem to be goes into the error,
//! with the option that reads them.

use std::borrow::Cow;
use std::fmt;

/// A character encoding that can be read when it is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    #[default]
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// Windows-1252, the superset of Latin-1 (WHATWG Encoding Standard).
    Windows1252,
}

impl Encoding {
    /// All names that [`from_name`](Self::from_name) knows.
    pub const NAMES: &'static [&'static str] = &["utf-8", "utf-16le", "utf-16be", "windows-1252", "latin-1"];

    /// The encoding of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "" | "utf-8" | "utf8" => Some(Self::Utf8),
            "utf-16le" | "utf-16" => Some(Self::Utf16Le),
            "utf-16be" => Some(Self::Utf16Be),
            "windows-1252" | "cp1252" | "latin-1" | "latin1" | "iso-8859-1" => Some(Self::Windows1252),
            _ => None,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// Why bytes are not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// There is nothing.
    Empty,
    /// The bytes look like text in another encoding.
    OtherEncoding {
        /// What they look like.
        encoding: Encoding,
    },
    /// A byte that UTF-8 does not allow.
    InvalidUtf8 {
        /// Offset of the byte.
        offset: usize,
        /// The byte.
        byte: u8,
        /// Line, from 1.
        line: usize,
        /// Byte of the line, from 1.
        column: usize,
    },
    /// A NUL byte or so many control characters that it is not text.
    Binary {
        /// Offset of the first such byte.
        offset: usize,
    },
    /// An unpaired surrogate or an odd number of bytes in UTF-16.
    InvalidUtf16 {
        /// Offset of the byte.
        offset: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the input is empty"),
            Self::OtherEncoding { encoding } => write!(
                f,
                "the input is {name}, not UTF-8; read it with --encoding {name}, or convert it",
                name = encoding.name()
            ),
            Self::InvalidUtf8 { offset, byte, line, column } => write!(
                f,
                "line {line}, byte {column} (offset {offset}): 0x{byte:02X} is not valid UTF-8; if the text is Latin-1 \
                 or Windows-1252 read it with --encoding windows-1252, or convert it"
            ),
            Self::Binary { offset } => write!(
                f,
                "offset {offset}: a control character; this is a binary file, not text (give the text of the report, \
                 or name its encoding with --encoding)"
            ),
            Self::InvalidUtf16 { offset } => write!(f, "offset {offset}: not valid UTF-16; convert the input to UTF-8"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads `bytes` as text in `encoding`. UTF-8 is borrowed.
///
/// # Errors
/// One variant of [`DecodeError`] for each thing that can be wrong.
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<Cow<'_, str>, DecodeError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DecodeError::Empty);
    }
    let text: Cow<'_, str> = match encoding {
        Encoding::Utf8 => utf8(bytes)?.into(),
        Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes)?.into(),
        Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes)?.into(),
        Encoding::Windows1252 => bytes.iter().map(|b| windows_1252(*b)).collect::<String>().into(),
    };
    if let Some(offset) =
        text.bytes().position(|b| b == 0 || b == 0x7f || (b < 0x20 && !b"\t\n\r\x0b\x0c\x1b".contains(&b)))
    {
        return Err(DecodeError::Binary { offset });
    }
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    Ok(text)
}

fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    match bytes {
        [0xff, 0xfe, ..] => return Err(DecodeError::OtherEncoding { encoding: Encoding::Utf16Le }),
        [0xfe, 0xff, ..] => return Err(DecodeError::OtherEncoding { encoding: Encoding::Utf16Be }),
        _ => {}
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return Err(DecodeError::OtherEncoding { encoding });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        // A file full of such bytes and controls is no text in any encoding.
        let head = &bytes[..bytes.len().min(4096)];
        let odd = head.iter().filter(|b| **b < 0x09 || (0x0e..0x1b).contains(*b)).count();
        if odd * 50 > head.len() {
            return DecodeError::Binary { offset };
        }
        let line_start = bytes[..offset].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        DecodeError::InvalidUtf8 {
            offset,
            byte: bytes[offset],
            line: bytes[..offset].iter().filter(|b| **b == b'\n').count() + 1,
            column: offset - line_start + 1,
        }
    })
}

/// UTF-16 without byte order mark: in western text nearly every second byte is zero.
fn utf16_by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    if head.len() < 4 {
        return None;
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match head.len() / 2 {
        half if odd * 4 > half * 3 && even == 0 => Some(Encoding::Utf16Le),
        half if even * 4 > half * 3 && odd == 0 => Some(Encoding::Utf16Be),
        _ => None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    if bytes.len() % 2 == 1 {
        return Err(DecodeError::InvalidUtf16 { offset: bytes.len() - 1 });
    }
    let mut offset = 0;
    let mut out = String::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]))) {
        let c = c.map_err(|_| DecodeError::InvalidUtf16 { offset })?;
        offset += 2 * c.len_utf16();
        out.push(c);
    }
    Ok(out)
}

/// WHATWG Encoding Standard, index windows-1252.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf8_is_read_unasked() {
        assert_eq!(decode(b"fever", Encoding::Utf8).unwrap(), "fever");
        assert_eq!(decode(b" \n", Encoding::Utf8), Err(DecodeError::Empty));
        assert_eq!(decode("\u{feff} ".as_bytes(), Encoding::Utf8), Err(DecodeError::Empty));
        assert_eq!(decode(b"fever\0", Encoding::Utf8), Err(DecodeError::Binary { offset: 5 }));
        let latin = decode(b"a\nna\xefve", Encoding::Utf8).unwrap_err();
        assert_eq!(latin, DecodeError::InvalidUtf8 { offset: 4, byte: 0xef, line: 2, column: 3 });
        assert_eq!(decode(b"a\nna\xefve", Encoding::Windows1252).unwrap(), "a\nnaïve");
    }

    #[test]
    fn utf16_is_named_with_and_without_mark() {
        let le: Vec<u8> = "\u{feff}fièvre 𝛼".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let error = decode(&le, Encoding::Utf8).unwrap_err();
        assert_eq!(error, DecodeError::OtherEncoding { encoding: Encoding::Utf16Le });
        assert_eq!(decode(&le, Encoding::Utf16Le).unwrap(), "\u{feff}fièvre 𝛼");
        let be: Vec<u8> = "a fever".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let error = decode(&be, Encoding::Utf8).unwrap_err();
        assert_eq!(error, DecodeError::OtherEncoding { encoding: Encoding::Utf16Be });
        assert_eq!(decode(&le[..5], Encoding::Utf16Le), Err(DecodeError::InvalidUtf16 { offset: 4 }));
    }
}
