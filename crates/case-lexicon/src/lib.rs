//! Vocabularies: from rows that a curator edits to hits in a text.
//!
//! ```text
//! *.tsv ──rows──> Row ──Compiler──> bytes (word table, trie of words, concepts) ──Lexicon──> Hit
//! ```
//!
//! Matching is by words, not by characters. A word is folded once (letter case, accents, Greek letters) and looked up in
//! one table, in which its spelling variants and plurals were entered when the vocabulary was compiled; the trie is then
//! walked over word numbers. That is several times faster than a character automaton and respects word borders for
//! free. All vocabularies are matched in the same pass; the longest match at each word wins.

#![forbid(unsafe_code)]

mod annotate;
mod bag;
mod compile;
mod family;
mod file;
mod fold;
mod rows;
mod scan;
mod variants;

#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "import")]
pub mod lock;
#[cfg(feature = "import")]
pub mod store;
#[cfg(feature = "import")]
pub mod vocabulary;

pub use annotate::{Annotator, Found, is_exactly};
pub use compile::Compiler;
pub use file::{Concept, Form, FormatError, Lexicon, stated_checksum};
pub use fold::fold_word;
pub use rows::{Case, LexiconFile, Row, RowError, Synonym, parse};
pub use scan::{Hit, Scanner};
pub use variants::variants;
