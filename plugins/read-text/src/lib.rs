//! Reader of plain text. The work is that of `case-text`: decoding, repair, structure.

#![forbid(unsafe_code)]

use case_text::decode::{Encoding, decode};
use casemill_plugin_sdk::prelude::*;

/// Text, also text that came out of a PDF.
#[derive(Debug, Default)]
struct Text;

impl Reader for Text {
    const NAME: &'static str = "text";
    const SUMMARY: &'static str = "plain text, also out of a PDF: repaired, with sections and sentences";

    fn signatures() -> Vec<Signature> {
        vec![Signature { media_type: "text/plain".into(), text: true, ..Signature::default() }]
    }

    fn read(&mut self, source: &Source, bytes: &[u8]) -> Result<Document> {
        let encoding = Encoding::from_name(&source.encoding)
            .ok_or_else(|| Error::new(format!("{} is not an encoding that can be read", source.encoding)))?;
        let text = decode(bytes, encoding)?;
        let source = Source { encoding: encoding.name().to_owned(), ..source.clone() };
        Ok(case_text::read_text(&text, source))
    }
}

export_plugin!(reader: Text);
