//! Documents of text that needs no repair.

use case_model::{Document, Repair, RepairKind, Section, SectionKind, Source, Span};

/// The document of plain text: `input` from byte `start` on, as one section, with sentences and paragraphs.
///
/// What stands before `start` (a byte order mark, a line of metadata) is left out of the text; every place in the text
/// leads back to its place in the input.
///
/// ```
/// use casemill_plugin_sdk::{model::Span, plain_document, prelude::Source};
///
/// let document = plain_document(&Source::default(), "#note\nA boy had fever. He recovered.", 6);
/// assert_eq!(document.text, "A boy had fever. He recovered.");
/// assert_eq!(document.sentences.len(), 2);
/// assert_eq!(document.origin().first(Span::new(2, 5)), Span::new(8, 11));
/// ```
///
/// # Panics
/// If `start` is not on a character boundary of `input`.
pub fn plain_document(source: &Source, input: &str, start: usize) -> Document {
    let text = &input[start..];
    let repairs = if start == 0 {
        Vec::new()
    } else {
        let origin = Span::new(0, start as u32);
        vec![Repair {
            span: Span::new(0, 0),
            origin,
            kind: RepairKind::Markup,
            original: Some(input[..start].to_owned()),
        }]
    };
    let whole = Span::new(0, text.len() as u32);
    Document {
        source: source.clone(),
        sections: vec![Section { kind: SectionKind::Body, span: whole, ..Section::default() }],
        sentences: sentences(text),
        repairs,
        text: text.to_owned(),
        ..Document::default()
    }
}

/// Sentences: they end with a line, or with `.`, `!` or `?` before a space and a character that is not a small letter.
fn sentences(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let mut from = start;
        for (at, _) in line.match_indices(['.', '!', '?']) {
            let mut rest = line[at + 1..].chars();
            if rest.next() == Some(' ') && rest.next().is_some_and(|c| !c.is_lowercase()) {
                push(&mut out, text, from, start + at + 1);
                from = start + at + 1;
            }
        }
        push(&mut out, text, from, end);
        start = end;
    }
    out
}

fn push(out: &mut Vec<Span>, text: &str, from: usize, to: usize) {
    let words = &text[from..to];
    let trimmed = words.trim();
    if !trimmed.is_empty() {
        let start = from + (words.len() - words.trim_start().len());
        out.push(Span::new(start as u32, (start + trimmed.len()) as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_end() {
        let text = "He had 2.5 mg i.v. daily. \u{5e9}\u{5dc}\u{5d5}\u{5dd}. Better?\n\n  Yes! 😀 Done";
        let words: Vec<&str> = sentences(text).into_iter().filter_map(|s| s.of(text)).collect();
        assert_eq!(words, ["He had 2.5 mg i.v. daily.", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}.", "Better?", "Yes!", "😀 Done"]);
    }
}
