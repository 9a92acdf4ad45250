//! The source text with every mention marked.
//!
//! ```text
//! Report ──marks──> Mark* ──segments──> Segment* ┐
//! Document ──blocks──> Block* ───────────────────┴─write──> HTML
//! ```
//!
//! Marks overlap and nest; HTML elements cannot. A sweep over the sorted ends of all marks cuts the text into segments,
//! each with the marks that cover it. A segment links to the fact of its shortest mark; facts that are the shortest
//! nowhere (two facts on the same words) get a small link behind their words instead, so that each evidence has its way
//! back without a script. The work grows with the number of marks and the length of the text, not with their product.

mod blocks;
mod marks;
mod segments;
mod write;

use askama::Template;
use casemill_plugin_sdk::model::Report;

use crate::context::{Context, language};
use crate::index::Stance;
use crate::topic::Topic;

/// The part of the page with the text.
#[derive(Debug, Template)]
#[template(path = "source.html")]
pub(crate) struct SourceView<'a> {
    /// The text as HTML.
    pub(crate) html: String,
    /// Its language.
    pub(crate) language: Option<&'a str>,
    /// Topics that are marked in it.
    pub(crate) topics: Vec<Topic>,
    /// True if words for what is not so are marked in it.
    pub(crate) negatives: bool,
    /// True if words for what is left open are marked in it.
    pub(crate) unsure: bool,
    /// True if diagnostics are marked in it.
    pub(crate) findings: bool,
}

/// Makes the view. Comes last: by now the context knows all places that the page links to.
pub(crate) fn view<'a>(context: &Context<'a>, report: &'a Report) -> SourceView<'a> {
    let marks = marks::marks(context, report);
    let blocks = blocks::blocks(&report.document);
    let linked = context.linked();
    let cuts = blocks.iter().flat_map(blocks::Block::cuts).chain(linked.iter().copied());
    let segments = segments::segments(&marks, cuts, report.document.text.len() as u32);
    let used = |topic: &Topic| marks.iter().any(|m| m.entry(&context.index).is_some_and(|e| e.topic == *topic));
    let stands = |stance: Stance| marks.iter().any(|m| m.entry(&context.index).is_some_and(|e| e.stance == stance));
    SourceView {
        negatives: stands(Stance::Fails),
        unsure: stands(Stance::Open),
        topics: Topic::ALL.into_iter().filter(used).collect(),
        findings: report.audit.diagnostics.iter().any(|d| !d.labels.is_empty()),
        language: language(&report.document.language),
        html: write::write(context, report, &marks, &segments, &blocks, &linked),
    }
}
