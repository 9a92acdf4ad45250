//! The parts of the article as they are found, in places of the text laid bare, and the document made of them.

use case_text::structure;
use casemill_plugin_sdk::model::{
    Citation, Figure, FigureCall, Identifier, Panel, Reference, ReportKind, Section, SectionKind, Table, Title,
};
use casemill_plugin_sdk::prelude::{Document, Source, Span};

use crate::flat::{Finished, Flat};

/// What is known of the article besides its text.
#[derive(Debug, Default)]
pub(crate) struct About {
    pub(crate) language: String,
    pub(crate) kind: ReportKind,
    pub(crate) identifiers: Vec<Identifier>,
}

/// The parts found so far.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) titles: Vec<Title>,
    pub(crate) sections: Vec<Section>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) tables: Vec<Table>,
    pub(crate) calls: Vec<FigureCall>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) references: Vec<Reference>,
    /// True if the next words start a section, whatever stands before them.
    pub(crate) fresh: bool,
}

impl Outline {
    /// Adds words to the section they belong to.
    pub(crate) fn add(&mut self, span: Span, kind: &SectionKind, language: Option<&str>) {
        let fresh = std::mem::take(&mut self.fresh);
        match self.sections.last_mut() {
            Some(last) if !fresh && last.kind == *kind && last.language.as_deref() == language => {
                last.span.end = span.end
            }
            _ => self.sections.push(Section {
                kind: kind.clone(),
                heading: None,
                span,
                language: language.map(str::to_owned),
            }),
        }
    }

    /// Starts a section with words that are or start with its heading.
    pub(crate) fn head(&mut self, span: Span, heading: Span, kind: &SectionKind, language: Option<&str>) {
        self.fresh = true;
        self.add(span, kind, language);
        if let Some(section) = self.sections.last_mut() {
            section.heading = Some(heading);
        }
    }

    /// Makes the document: repairs the text, moves all places, finds sentences and abbreviations.
    pub(crate) fn document(self, flat: Flat<'_>, about: About, source: Source) -> Document {
        let done = flat.finish();
        let blocks = done.blocks();
        let mut document = self.moved(&done);
        document.source = source;
        document.identifiers = about.identifiers;
        (document.text, document.repairs) = done.into_text();
        document.language = match about.language {
            unknown if unknown.is_empty() => case_text::language::of(&document.text).to_owned(),
            known => known,
        };
        let language = document.language.clone();
        for title in document.titles.iter_mut().filter(|t| t.language.is_empty()) {
            title.language.clone_from(&language);
        }
        for section in &mut document.sections {
            section.language = section.language.take().filter(|l| *l != language);
        }
        add_panels(&mut document);
        add_calls(&mut document);
        document.kind = match about.kind {
            ReportKind::Unknown => structure::report_kind(&document),
            known => known,
        };
        case_text::complete(&mut document, &blocks);
        document
    }

    /// The parts in places of the repaired text.
    fn moved(self, done: &Finished) -> Document {
        let at = |span: Span| done.span(span);
        let titles = self.titles.into_iter().map(|t| Title { span: at(t.span), ..t });
        let sections = self.sections.into_iter().map(|s| Section { heading: s.heading.map(at), span: at(s.span), ..s });
        let figures = self.figures.into_iter().map(|figure| {
            let panels = figure.panels.into_iter().map(|p| Panel { span: at(p.span), ..p }).collect();
            Figure { span: at(figure.span), panels, ..figure }
        });
        let tables = self.tables.into_iter().map(|table| Table {
            span: at(table.span),
            caption: table.caption.map(at),
            rows: table.rows.into_iter().map(|row| row.into_iter().map(at).collect()).collect(),
            ..table
        });
        let calls = self.calls.into_iter().map(|c| FigureCall { span: at(c.span), ..c });
        let citations = self.citations.into_iter().map(|c| Citation { span: at(c.span), ..c });
        let references = self.references.into_iter().map(|r| Reference { span: at(r.span), ..r });
        Document {
            titles: titles.collect(),
            sections: sections.collect(),
            figures: figures.collect(),
            tables: tables.collect(),
            figure_calls: calls.filter(|c| !c.span.is_empty()).collect(),
            citations: citations.filter(|c| !c.span.is_empty()).collect(),
            references: references.collect(),
            ..Document::default()
        }
    }
}

/// Panels that a caption names in its words.
fn add_panels(document: &mut Document) {
    for figure in document.figures.iter_mut().filter(|f| f.panels.is_empty()) {
        figure.panels = structure::panels(&document.text, figure.span, 0);
    }
}

/// Call-outs that the file does not mark.
fn add_calls(document: &mut Document) {
    let marked = std::mem::take(&mut document.figure_calls);
    let unmarked = structure::figure_calls(&document.text, &document.sections);
    document.figure_calls = unmarked;
    // Both stand in the order of the text; those that the file marks know their figure.
    let mut next = 0;
    document.figure_calls.retain(|call| {
        while marked.get(next).is_some_and(|m| m.span.end <= call.span.start) {
            next += 1;
        }
        !marked.get(next).is_some_and(|m| m.span.overlaps(call.span))
    });
    document.figure_calls.extend(marked);
    document.figure_calls.sort_by_key(|c| c.span);
}
