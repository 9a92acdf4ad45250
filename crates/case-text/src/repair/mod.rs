//! Text repair: what comes out of a PDF, made readable, with the way back.
//!
//! ```text
//! input ──slices──> lines in reading order ──blocks──> paragraphs, headings, captions, tables ──characters──> text
//! ```
//!
//! Each step only decides; the [`Builder`] writes. It keeps or replaces every byte of the input exactly once and logs
//! each replacement, so that the equal stretches and the log together give back the input.

mod blocks;
mod builder;
mod chain;
mod characters;
mod hyphen;
mod slices;

use case_model::{Repair, Span};

pub use builder::Builder;
pub use chain::{Forward, chain};
pub use characters::write_plain;

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading on a line of its own.
    Heading,
    /// Caption of a figure, or of a table where the input sets it apart from the rows.
    Caption,
    /// Caption, rows or notes of a table; cells are separated by tabs, rows by line breaks.
    Table,
}

/// A block of the repaired text. Blocks stand in order and are separated by an empty line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
}

/// Repaired text with its log and its blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repaired {
    /// The text.
    pub text: String,
    /// Every difference from the input, see [`Repair`].
    pub repairs: Vec<Repair>,
    /// Paragraphs, headings, captions and tables.
    pub blocks: Vec<Block>,
}

/// Repairs `input`. Runs in time linear in its length.
pub fn repair(input: &str) -> Repaired {
    let slices = slices::read(input);
    let plan = blocks::plan(input, slices);
    let mut builder = Builder::new(input, 0);
    blocks::write(&plan, &mut builder);
    builder.finish()
}

/// Gives back the input of a repair: the equal stretches of the text and the originals of the log, in the order of the
/// input. `None` if the log does not cover it without gap or overlap, or leaves out originals.
pub fn restore(text: &str, repairs: &[Repair]) -> Option<String> {
    let mut pieces: Vec<(u32, &str)> = Vec::with_capacity(repairs.len() * 2 + 1);
    let (mut at, mut input) = (0, 0);
    for repair in repairs {
        let equal = Span::new(at, repair.span.start).of(text)?;
        if !equal.is_empty() {
            pieces.push((input, equal));
        }
        pieces.push((repair.origin.start, repair.original.as_deref()?));
        at = repair.span.end;
        input = repair.origin.end;
    }
    let equal = Span::new(at, text.len() as u32).of(text)?;
    pieces.push((input, equal));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces.sort_by_key(|(start, _)| *start);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (start, piece) in pieces {
        if start as usize != out.len() {
            return None;
        }
        out.push_str(piece);
    }
    Some(out)
}
