//! Bytes of a source to text: unpacked, UTF-8, without a byte order mark.

use std::borrow::Cow;
use std::io::Read as _;

use super::{ImportError, LARGEST};

/// The text of a source.
pub(super) fn open(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::at(0, "the file is empty"));
    }
    let bytes: Cow<'_, [u8]> = if bytes.starts_with(&[0x1f, 0x8b]) { unpack(bytes)?.into() } else { bytes.into() };
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(ImportError::at(1, "it is UTF-16; a vocabulary is UTF-8").with_help("save it as UTF-8"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ImportError::at(0, "it is a zip archive").with_help("unpack it and import the file within"));
    }
    if bytes.starts_with(&0x584c_4d43_u32.to_le_bytes()) {
        return Err(ImportError::at(0, "it is a vocabulary that casemill has compiled already")
            .with_help("import the file that its makers publish"));
    }
    let text = match bytes {
        Cow::Borrowed(bytes) => {
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|e| not_utf8(bytes, e.valid_up_to()))
        }
        Cow::Owned(bytes) => {
            String::from_utf8(bytes).map(Cow::Owned).map_err(|e| not_utf8(e.as_bytes(), e.utf8_error().valid_up_to()))
        }
    }?;
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) if text.starts_with('\u{feff}') => Cow::Owned(text['\u{feff}'.len_utf8()..].to_owned()),
        owned => owned,
    };
    if text.trim().is_empty() {
        return Err(ImportError::at(0, "the file holds nothing but white space"));
    }
    if let Some(at) = text.bytes().position(|b| b == 0) {
        return Err(ImportError::at(line_at(&text, at), "holds a NUL character; it is no text"));
    }
    Ok(text)
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let mut out = Vec::with_capacity(bytes.len() * 8);
    let mut reader = flate2::bufread::MultiGzDecoder::new(bytes).take(LARGEST + 1);
    match reader.read_to_end(&mut out) {
        Ok(_) if out.len() as u64 > LARGEST => Err(too_large()),
        Ok(_) if out.is_empty() => Err(ImportError::at(0, "the packed file is empty")),
        Ok(_) => Ok(out),
        Err(error) => {
            let line = out.iter().filter(|b| **b == b'\n').count() + 1;
            let how = if error.kind() == std::io::ErrorKind::UnexpectedEof { "is cut off" } else { "is damaged" };
            Err(ImportError::at(line, format!("the packed file {how} within this line ({error})"))
                .with_help("download it again"))
        }
    }
}

fn too_large() -> ImportError {
    ImportError::at(0, format!("it is larger than {} MiB unpacked", LARGEST >> 20))
}

fn not_utf8(bytes: &[u8], at: usize) -> ImportError {
    let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    ImportError::at(line, format!("is not UTF-8 (byte {:#04x})", bytes[at])).with_help("save it as UTF-8")
}

/// The line of an offset.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

/// Lines of ascending offsets, counted once.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of a part of the text that lies behind the part asked for before.
    pub(super) fn of(&mut self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if offset >= self.at && offset <= self.text.len() {
            self.line += self.text.as_bytes()[self.at..offset].iter().filter(|b| **b == b'\n').count();
            self.at = offset;
        }
        self.line
    }
}
