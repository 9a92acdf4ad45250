//! Public terminologies, as their makers publish them, to one list of terms.
//!
//! ```text
//! bytes ──open──> text ──Format::of──> obographs | obo | oncotree | table ──> Terminology ──check──> Terminology
//! ```
//!
//! A file that is cut off, damaged or of another kind is refused with the line that is wrong; nothing of it is used.

mod graph;
mod obo;
mod obographs;
mod oncotree;
mod release;
mod table;
mod text;

use std::fmt;

pub use graph::Ancestry;

/// Largest source, unpacked.
pub const LARGEST: u64 = 1 << 30;

/// Form of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OBO graphs JSON (`hp.json`).
    OboGraphs,
    /// OBO 1.2 or 1.4 (`doid.obo`).
    Obo,
    /// OncoTree's tree, or the list its service gives.
    OncoTree,
    /// HGNC's table of genes.
    Hgnc,
    /// DrugBank's open vocabulary.
    DrugBank,
    /// A table with the columns code, label, synonyms, kind.
    Table,
    /// A lexicon of casemill.
    Lexicon,
}

impl Format {
    /// The name that `vocab info` prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::OboGraphs => "OBO graphs JSON",
            Self::Obo => "OBO",
            Self::OncoTree => "OncoTree JSON",
            Self::Hgnc => "HGNC table",
            Self::DrugBank => "DrugBank open vocabulary",
            Self::Table => "table",
            Self::Lexicon => "casemill lexicon",
        }
    }
}

/// How near a synonym is to its term, as OBO names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Means the same.
    Exact,
    /// Means less.
    Narrow,
    /// Means more.
    Broad,
    /// Means something near.
    Related,
}

/// Another name of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The words.
    pub words: String,
    /// How near it is.
    pub scope: Scope,
    /// True for one that its makers mark as an abbreviation.
    pub abbreviation: bool,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Line of the source on which it starts.
    pub line: usize,
    /// CURIE.
    pub code: String,
    /// Label.
    pub label: String,
    /// Other names.
    pub names: Vec<Name>,
    /// Codes of its parents.
    pub parents: Vec<String>,
    /// Kind that the source states.
    pub kind: String,
    /// Codes of other terminologies for the same concept.
    pub xrefs: Vec<String>,
    /// Attributes for the grammars: the band of a gene.
    pub attrs: Vec<(String, String)>,
}

impl Term {
    pub(crate) fn new(line: usize, code: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            line,
            code: code.into(),
            label: label.into(),
            names: Vec::new(),
            parents: Vec::new(),
            kind: String::new(),
            xrefs: Vec::new(),
            attrs: Vec::new(),
        }
    }

    /// Adds a name unless the term has it.
    pub(crate) fn add(&mut self, words: &str, scope: Scope) {
        let words = words.trim();
        if !words.is_empty() && words != self.label && !self.names.iter().any(|n| n.words == words) {
            self.names.push(Name { words: words.to_owned(), scope, abbreviation: false });
        }
    }

    /// Label and names.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.label.as_str()).chain(self.names.iter().map(|n| n.words.as_str()))
    }
}

/// A code that is no longer used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// The code.
    pub code: String,
    /// Its last label.
    pub label: String,
    /// The code to use now, if its makers name one.
    pub replaced_by: Option<String>,
}

/// A terminology as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminology {
    /// Form of the source.
    pub format: Format,
    /// Prefix of its codes.
    pub prefix: String,
    /// Release as its makers name it, if the source says so.
    pub release: Option<String>,
    /// Licence that the source names.
    pub licence: Option<String>,
    /// Terms in the order of the source.
    pub terms: Vec<Term>,
    /// Codes that are no longer used.
    pub retired: Vec<Retired>,
}

impl Terminology {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, prefix: String::new(), release: None, licence: None, terms: Vec::new(), retired: Vec::new() }
    }
}

/// Why a source is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl ImportError {
    pub(crate) fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into(), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ImportError {}

/// What the user says of a source.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Name of the file, for its release where the file itself names none.
    pub file: String,
    /// Name of the vocabulary; the prefix of bare codes.
    pub name: String,
}

/// Reads a source.
///
/// # Errors
/// What is wrong, and the line.
pub fn read(bytes: &[u8], hints: &Hints) -> Result<Terminology, ImportError> {
    let text = text::open(bytes)?;
    let format = format_of(&text)?;
    let mut terminology = match format {
        Format::OboGraphs => obographs::read(&text)?,
        Format::Obo => obo::read(&text)?,
        Format::OncoTree => oncotree::read(&text)?,
        Format::Hgnc | Format::DrugBank | Format::Table => table::read(&text, format, hints)?,
        Format::Lexicon => table::lexicon(&text, hints)?,
    };
    if terminology.terms.is_empty() {
        return Err(ImportError::at(0, format!("it is {} without a single term", format.name())));
    }
    if terminology.prefix.is_empty() {
        terminology.prefix = main_prefix(&terminology.terms);
    }
    graph::check(&terminology)?;
    if terminology.release.is_none() {
        terminology.release = release::of_file_name(&hints.file);
    }
    Ok(terminology)
}

/// The prefix of most codes; the first of several that are equally frequent.
fn main_prefix(terms: &[Term]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for term in terms {
        let prefix = term.code.split(':').next().unwrap_or_default();
        match counts.iter_mut().find(|(p, _)| *p == prefix) {
            Some((_, count)) => *count += 1,
            None => counts.push((prefix, 1)),
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map(|(p, _)| (*p).to_owned()).unwrap_or_default()
}

fn format_of(text: &str) -> Result<Format, ImportError> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        let head: String = start.chars().take(4000).collect();
        return if head.contains("\"graphs\"") {
            Ok(Format::OboGraphs)
        } else if head.contains("\"mainType\"") || head.contains("\"TISSUE\"") {
            Ok(Format::OncoTree)
        } else {
            Err(foreign(text, "JSON that is neither OBO graphs nor OncoTree"))
        };
    }
    let head = || text.lines().take(200).map(str::trim);
    if head().any(|l| l.starts_with("format-version:") || l == "[Term]") {
        return Ok(Format::Obo);
    }
    if start.starts_with('<') {
        return Err(foreign(text, "XML or HTML").with_help(
            "OWL in RDF/XML is not read; the makers of most ontologies offer the same release as OBO or OBO graphs JSON",
        ));
    }
    table::format_of(text).ok_or_else(|| foreign(text, "of no form that is known"))
}

fn foreign(text: &str, what: &str) -> ImportError {
    let line = text.lines().position(|l| !l.trim().is_empty()).map_or(0, |i| i + 1);
    let shown: String = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars().take(60).collect();
    ImportError::at(line, format!("it is {what}; it starts with {shown:?}")).with_help(
        "casemill imports OBO graphs JSON, OBO, HGNC tables, OncoTree JSON, the DrugBank open vocabulary, and tables with \
         the columns code and label (and synonyms, kind), each also as .gz",
    )
}
