//! Text as HTML: no character of a report can end the text or attribute that it stands in, hide, or turn its
//! surroundings round.

use std::fmt::{self, Write};

use askama::filters::Escaper;

/// Escapes markup and makes characters visible that HTML forbids or that reorder the line (`⟨U+202E⟩`).
///
/// HTML forbids control characters and noncharacters (HTML Standard §13.2.3.5). Overrides, embeddings and isolates of
/// the direction of writing (UAX #9 §2) are allowed, but with them a hostile text can show words in another order than
/// that in which they are quoted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: Write>(&self, mut out: W, text: &str) -> fmt::Result {
        let mut written = 0;
        let mut at = 0;
        while let Some(step) = text.as_bytes()[at..].iter().position(|b| SUSPECT[usize::from(*b)]) {
            at += step;
            let Some(c) = text[at..].chars().next() else { break };
            let next = at + c.len_utf8();
            if let Some(entity) = entity(c) {
                out.write_str(&text[written..at])?;
                out.write_str(entity)?;
                written = next;
            } else if is_unfit(c) {
                out.write_str(&text[written..at])?;
                write!(out, "⟨U+{:04X}⟩", u32::from(c))?;
                written = next;
            }
            at = next;
        }
        out.write_str(&text[written..])
    }
}

/// Appends text to HTML that is written without a template.
pub(crate) fn push(out: &mut String, text: &str) {
    // Writing into a string cannot fail.
    let _ = Visible.write_escaped_str(out, text);
}

fn entity(c: char) -> Option<&'static str> {
    Some(match c {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => return None,
    })
}

fn is_unfit(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}' => true,
        _ => c.is_control() || u32::from(c) & 0xfffe == 0xfffe,
    }
}

/// Bytes with which a character may start that needs care; all others are copied without a look.
static SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'\t' | b'\n' | b'\r' => false,
            0..0x20 | b'<' | b'>' | b'&' | b'"' | b'\'' | 0x7f => true,
            // C1 controls; signs of direction; noncharacters in the basic and in further planes.
            0xc2 | 0xe2 | 0xef | 0xf0..=0xf4 => true,
            _ => false,
        };
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        push(&mut out, text);
        out
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(escaped("<a href=\"x\" id='y'>&"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
    }

    #[test]
    fn what_is_hidden_becomes_visible() {
        assert_eq!(escaped("a\u{202e}b\u{2066}c"), "a⟨U+202E⟩b⟨U+2066⟩c");
        assert_eq!(escaped("\0\u{7f}\u{85}\u{fffe}\u{1ffff}"), "⟨U+0000⟩⟨U+007F⟩⟨U+0085⟩⟨U+FFFE⟩⟨U+1FFFF⟩");
    }

    #[test]
    fn ordinary_text_is_copied() {
        let text = "6 × 4 cm – “girl” naïve\tµg\n𝛼 ≥ 5 عربي";
        assert_eq!(escaped(text), text);
    }
}
