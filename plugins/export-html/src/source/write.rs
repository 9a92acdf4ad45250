//! Blocks and segments as HTML.

use std::fmt::Write;

use casemill_plugin_sdk::model::{Report, Severity, Span};

use super::blocks::{Block, Shape};
use super::marks::{Mark, Owner};
use super::segments::{Segment, Segments};
use crate::context::{Context, language};
use crate::escape;
use crate::index::{Entry, Stance};
use crate::topic::Topic;

/// A link behind words: to a fact that no segment links to, or to a diagnostic.
#[derive(Clone, Copy, Debug)]
struct Tail {
    end: u32,
    owner: Owner,
}

/// Writes all blocks. `linked` are the offsets that the page links to, sorted.
pub(super) fn write(
    context: &Context<'_>,
    report: &Report,
    marks: &[Mark],
    segments: &Segments,
    blocks: &[Block<'_>],
    linked: &[u32],
) -> String {
    let tails = tails(context, marks, segments, report.document.text.len() as u32);
    let out = String::with_capacity(report.document.text.len() * 4 + 1024);
    let mut writer = Writer { context, report, marks, segments, linked, tails: &tails, out };
    for block in blocks {
        writer.block(block);
    }
    writer.anchors(u32::MAX);
    writer.tails(u32::MAX);
    writer.out
}

/// The mark that a segment links to: of the patient before others, the shortest, evidence before parts.
fn main_mark<'a>(context: &Context<'_>, marks: &'a [Mark], covering: &[usize]) -> Option<&'a Mark> {
    let facts = covering.iter().map(|p| &marks[*p]).filter(|m| matches!(m.owner, Owner::Fact { .. }));
    facts.min_by_key(|m| {
        let evidence = matches!(m.owner, Owner::Fact { evidence: true, .. });
        (m.entry(&context.index).is_some_and(|e| e.topic == Topic::Literature), m.end - m.start, !evidence)
    })
}

/// Links that stand behind words, by where they stand.
fn tails(context: &Context<'_>, marks: &[Mark], segments: &Segments, length: u32) -> Vec<Tail> {
    let mut linked: Vec<(usize, u32)> = Vec::new();
    for segment in segments.within(0, length) {
        let covering = segments.covering(segment);
        if let Some(Mark { owner: Owner::Fact { number, .. }, .. }) = main_mark(context, marks, covering) {
            linked.push((*number, segment.start));
        }
    }
    linked.sort_unstable();
    let reached = |number: usize, mark: &Mark| {
        let first = linked.partition_point(|l| *l < (number, mark.start));
        linked.get(first).is_some_and(|(n, start)| *n == number && *start < mark.end)
    };
    let mut tails: Vec<Tail> = Vec::new();
    for mark in marks {
        let behind = match mark.owner {
            Owner::Fact { number, evidence } => evidence && !reached(number, mark),
            Owner::Diagnostic { .. } => true,
            Owner::Reference { .. } => false,
        };
        if behind {
            tails.push(Tail { end: mark.end, owner: mark.owner });
        }
    }
    tails.sort_by_key(|t| t.end);
    tails
}

/// Class in the style sheet.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "d-e",
        Severity::Warning => "d-w",
        Severity::Info => "d-i",
    }
}

/// Class in the style sheet, which puts a sign before the words.
const fn stance(stance: Stance) -> Option<&'static str> {
    match stance {
        Stance::Holds => None,
        Stance::Open => Some("unsure"),
        Stance::Fails => Some("neg"),
    }
}

struct Writer<'a, 'b> {
    context: &'b Context<'a>,
    report: &'b Report,
    marks: &'b [Mark],
    segments: &'b Segments,
    /// Places not yet written.
    linked: &'b [u32],
    /// Links behind words not yet written.
    tails: &'b [Tail],
    out: String,
}

impl<'b> Writer<'_, 'b> {
    fn block(&mut self, block: &Block<'_>) {
        let lang = block.language.and_then(language).map(|code| format!(" lang=\"{code}\"")).unwrap_or_default();
        let (open, close) = match &block.shape {
            Shape::Title => (format!("<p class=\"s-title\"{lang}>"), "</p>"),
            Shape::Heading => (format!("<h3{lang}>"), "</h3>"),
            Shape::Paragraph => (format!("<p{lang}>"), "</p>"),
            Shape::Caption => (format!("<p class=\"s-cap\"{lang}>"), "</p>"),
            Shape::Reference => (format!("<p class=\"s-ref\"{lang}>"), "</p>"),
            Shape::Table { caption, label, rows } => return self.table(*caption, label, rows, &lang),
        };
        self.out.push_str(&open);
        self.range(block.span);
        self.out.push_str(close);
        self.out.push('\n');
    }

    fn table(&mut self, caption: Option<Span>, label: &str, rows: &[Vec<Span>], lang: &str) {
        self.out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
        escape::push(&mut self.out, if label.is_empty() { "Table" } else { label });
        let _ = write!(self.out, "\"><table class=\"s-table\"{lang}>");
        if let Some(caption) = caption {
            self.out.push_str("<caption>");
            self.range(caption);
            self.out.push_str("</caption>");
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(1);
        for (i, row) in rows.iter().enumerate() {
            self.out.push_str("<tr>");
            for (j, cell) in row.iter().enumerate() {
                // Case reports print names of columns in the first row and what a row is about in the first cell.
                let (tag, scope) = match (i, j) {
                    _ if cell.is_empty() => ("td", ""),
                    (0, _) => ("th", " scope=\"col\""),
                    (_, 0) => ("th", " scope=\"row\""),
                    _ => ("td", ""),
                };
                let short = if j + 1 == row.len() { width - row.len() + 1 } else { 1 };
                let span = if short > 1 { format!(" colspan=\"{short}\"") } else { String::new() };
                let _ = write!(self.out, "<{tag}{scope}{span}>");
                self.range(*cell);
                let _ = write!(self.out, "</{tag}>");
            }
            self.out.push_str("</tr>");
        }
        self.out.push_str("</table></div>\n");
    }

    fn range(&mut self, span: Span) {
        let segments = self.segments;
        for segment in segments.within(span.start, span.end) {
            self.segment(segment);
        }
    }

    fn segment(&mut self, segment: &Segment) {
        let covering = self.segments.covering(segment);
        let text = self.context.document.words(Span::new(segment.start, segment.end));
        self.anchors(segment.start);
        let id = match self.linked.split_first() {
            Some((first, rest)) if *first == segment.start => {
                self.linked = rest;
                format!(" id=\"t:{}\"", segment.start)
            }
            _ => String::new(),
        };
        let classes = self.classes(covering, segment.start);
        let class = if classes.is_empty() { String::new() } else { format!(" class=\"{classes}\"") };
        let main = main_mark(self.context, self.marks, covering);
        let target = covering.iter().find_map(|p| match self.marks[*p].owner {
            Owner::Reference { target, .. } => target,
            _ => None,
        });
        match (main.and_then(|m| self.entry(m)), target) {
            (_, Some(target)) => {
                let _ = write!(self.out, "<a{class}{id} href=\"#t:{target}\">");
                escape::push(&mut self.out, text);
                self.out.push_str("</a>");
            }
            (Some(entry), None) => self.fact(entry, covering, &class, &id, text),
            (None, None) if class.is_empty() && id.is_empty() => escape::push(&mut self.out, text),
            (None, None) => {
                let _ = write!(self.out, "<span{class}{id}>");
                escape::push(&mut self.out, text);
                self.out.push_str("</span>");
            }
        }
        self.tails(segment.end);
    }

    fn fact(&mut self, entry: &Entry, covering: &[usize], class: &str, id: &str, text: &str) {
        let _ = write!(self.out, "<a{class}{id} href=\"#{}\" data-f=\"", entry.anchor);
        let mut named: Vec<usize> = Vec::new();
        for position in covering {
            if let Owner::Fact { number, .. } = self.marks[*position].owner
                && !named.contains(&number)
            {
                let gap = if named.is_empty() { "" } else { " " };
                let _ = write!(self.out, "{gap}{number}");
                named.push(number);
            }
        }
        self.out.push_str("\" title=\"");
        escape::push(&mut self.out, &entry.name);
        self.out.push_str("\">");
        escape::push(&mut self.out, text);
        self.out.push_str("</a>");
    }

    fn entry(&self, mark: &Mark) -> Option<&'b Entry> {
        mark.entry(&self.context.index)
    }

    /// Classes of the segment at `start`: of its main fact, of the gravest diagnostic, of a citation.
    fn classes(&self, covering: &[usize], start: u32) -> String {
        let mut classes: Vec<&str> = Vec::new();
        if let Some(mark) = main_mark(self.context, self.marks, covering) {
            let evidence = matches!(mark.owner, Owner::Fact { evidence: true, .. });
            classes.push(if evidence { "m" } else { "m p" });
            classes.extend(self.entry(mark).map(|entry| entry.topic.class()));
            // The sign stands once, before the first of the words.
            if evidence && mark.start == start {
                classes.extend(self.entry(mark).and_then(|entry| stance(entry.stance)));
            }
        }
        let gravest = covering.iter().filter_map(|p| match self.marks[*p].owner {
            Owner::Diagnostic { severity, .. } => Some(severity),
            _ => None,
        });
        classes.extend(gravest.max().into_iter().flat_map(|gravest| ["d", severity(gravest)]));
        let cites = |p: &usize| matches!(self.marks[*p].owner, Owner::Reference { citation: true, .. });
        if covering.iter().any(cites) {
            classes.push("cite");
        }
        classes.join(" ")
    }

    /// Targets of links to places before `offset` that no segment starts at: they lie between blocks.
    fn anchors(&mut self, offset: u32) {
        while let Some((first, rest)) = self.linked.split_first()
            && *first < offset
        {
            let _ = write!(self.out, "<span id=\"t:{first}\"></span>");
            self.linked = rest;
        }
    }

    /// Links behind words that end at or before `offset`.
    fn tails(&mut self, offset: u32) {
        while let Some((Tail { end, owner }, rest)) = self.tails.split_first()
            && *end <= offset
        {
            self.tails = rest;
            match *owner {
                Owner::Fact { number, .. } => self.also(number),
                Owner::Diagnostic { position, .. } => self.rule(position),
                Owner::Reference { .. } => {}
            }
        }
    }

    fn also(&mut self, number: usize) {
        let Some(entry) = self.context.index.numbered(number) else { return };
        let (class, anchor) = (entry.topic.class(), &entry.anchor);
        let _ = write!(self.out, "<sup class=\"also {class}\"><a href=\"#{anchor}\" data-f=\"{number}\" title=\"");
        escape::push(&mut self.out, &entry.name);
        self.out.push_str("\" aria-label=\"+ ");
        escape::push(&mut self.out, &entry.name);
        self.out.push_str("\">+</a></sup>");
    }

    fn rule(&mut self, position: usize) {
        let Some(diagnostic) = self.report.audit.diagnostics.get(position) else { return };
        let class = severity(diagnostic.severity);
        let _ = write!(self.out, "<sup class=\"rule {class}\"><a href=\"#d:{}\" title=\"", position + 1);
        escape::push(&mut self.out, &diagnostic.message);
        self.out.push_str("\">");
        escape::push(&mut self.out, &diagnostic.rule);
        self.out.push_str("</a></sup>");
    }
}
