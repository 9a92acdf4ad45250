//! The text layer of casemill.
//!
//! ```text
//! bytes ──decode──> text ──repair──> Document ──tokenize──> words, numbers, signs ──> context, quantities
//! ```
//!
//! Everything here works on any clinical report and knows no vocabulary but the function words of prose. All of it runs
//! in time linear in the length of the text.

#![forbid(unsafe_code)]

pub mod abbreviation;
pub mod citation;
pub mod context;
pub mod decode;
pub mod language;
pub mod number;
pub mod quantity;
pub mod repair;
pub mod sentence;
pub mod structure;
pub mod token;
pub mod unit;
pub mod when;

use case_model::{Document, Source, Span};
use repair::{Block, Repaired};

/// Makes a document of plain text: repairs it and finds its parts.
///
/// ```
/// let document = case_text::read_text("A  girl had a mass (Fig.  1).  It grew.", Default::default());
/// assert_eq!(document.text, "A girl had a mass (Fig. 1). It grew.");
/// assert_eq!(document.sentences.len(), 2);
/// assert_eq!(document.figure_calls[0].target, "Figure 1");
/// ```
pub fn read_text(text: &str, source: Source) -> Document {
    document(repair::repair(text), source)
}

/// Makes a document of text that is already repaired and cut into blocks, as a reader of markup gives it.
pub fn document(repaired: Repaired, source: Source) -> Document {
    let Repaired { text, repairs, blocks } = repaired;
    let mut document = Document { source, text, repairs, ..Document::default() };
    structure::describe(&mut document, &blocks);
    complete(&mut document, &blocks);
    document
}

/// Fills in what follows from text and sections: citations, sentences, abbreviations.
pub fn complete(document: &mut Document, blocks: &[Block]) {
    if document.citations.is_empty() {
        document.citations = citation::citations(&document.text);
    }
    document.abbreviations = abbreviation::abbreviations(&document.text);
    let mut sentences = Vec::with_capacity(document.text.len() / 100 + 1);
    for block in blocks {
        match block.kind {
            repair::BlockKind::Table => {
                let mut at = block.span.start;
                for row in block.span.of(&document.text).unwrap_or_default().split('\n') {
                    let trimmed = row.trim();
                    if !trimmed.is_empty() {
                        let start = at + (row.len() - row.trim_start().len()) as u32;
                        sentences.push(Span::new(start, start + trimmed.len() as u32));
                    }
                    at += row.len() as u32 + 1;
                }
            }
            repair::BlockKind::Heading => sentences.push(block.span),
            // The stops within an entry of the reference list end no sentences.
            _ if document.references.binary_search_by_key(&block.span, |r| r.span).is_ok() => {
                sentences.push(block.span);
            }
            repair::BlockKind::Paragraph | repair::BlockKind::Caption => {
                let run_in = document
                    .sections
                    .binary_search_by_key(&block.span.start, |s| s.span.start)
                    .ok()
                    .and_then(|i| document.sections[i].heading)
                    .filter(|h| h.end < block.span.end);
                let mut body = block.span;
                if let Some(heading) = run_in {
                    sentences.push(heading);
                    body.start = heading.end;
                }
                sentence::sentences(&document.text, body, &document.citations, &mut sentences);
            }
        }
    }
    document.sentences = sentences;
}
