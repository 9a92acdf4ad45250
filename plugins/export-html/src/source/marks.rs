//! Stretches of the text that something on the page refers to.

use std::collections::HashMap;

use casemill_plugin_sdk::model::{AnyFact, Document, Report, Severity, Span};

use crate::context::Context;
use crate::index::{Entry, Index};

/// Who refers to a stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Owner {
    /// A fact, claim or background concept by its number: its evidence, or a part of it (a dose, a time, a reason).
    Fact { number: usize, evidence: bool },
    /// A diagnostic by its position in the audit.
    Diagnostic { position: usize, severity: Severity },
    /// A citation mark or call-out, with the place of what it cites where that stands in the text.
    Reference { target: Option<u32>, citation: bool },
}

/// A stretch with its owner. Never empty, always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) owner: Owner,
}

impl Mark {
    /// The fact that owns it.
    pub(super) fn entry<'a>(&self, index: &'a Index<'_>) -> Option<&'a Entry> {
        match self.owner {
            Owner::Fact { number, .. } => index.numbered(number),
            _ => None,
        }
    }
}

/// All marks of a report, by start, longer ones first.
pub(super) fn marks(context: &Context<'_>, report: &Report) -> Vec<Mark> {
    let mut marks = Vec::new();
    let text = &report.document.text;
    let mut add = |span: Span, owner: Owner| {
        if !span.is_empty() && span.of(text).is_some() {
            marks.push(Mark { start: span.start, end: span.end, owner });
        }
    };
    for case in &report.cases {
        case.visit(&mut |_, fact| fact_marks(context, fact, &mut add));
    }
    let claims = report.claims.iter().map(|c| (&c.id, &c.evidence));
    for (id, evidence) in claims.chain(report.background.iter().map(|b| (&b.id, &b.evidence))) {
        if let Some(number) = context.index.get(id).map(|entry| entry.number) {
            evidence.iter().for_each(|e| add(e.span, Owner::Fact { number, evidence: true }));
        }
    }
    for (position, diagnostic) in report.audit.diagnostics.iter().enumerate() {
        let owner = Owner::Diagnostic { position, severity: diagnostic.severity };
        diagnostic.labels.iter().for_each(|label| add(label.span, owner));
    }
    references(context, &report.document, &mut add);
    marks.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
    marks
}

fn fact_marks(context: &Context<'_>, fact: &dyn AnyFact, add: &mut impl FnMut(Span, Owner)) {
    let Some(number) = context.index.get(fact.id()).map(|entry| entry.number) else { return };
    fact.evidence().iter().for_each(|e| add(e.span, Owner::Fact { number, evidence: true }));
    let part = Owner::Fact { number, evidence: false };
    fact.statements(&mut |statement| add(statement.span, part));
    fact.timings(&mut |timing| timing.span.into_iter().for_each(|span| add(span, part)));
}

fn references(context: &Context<'_>, document: &Document, add: &mut impl FnMut(Span, Owner)) {
    let entries: HashMap<u32, Span> = document.references.iter().filter_map(|r| Some((r.number?, r.span))).collect();
    for citation in &document.citations {
        let entry = citation.numbers.first().and_then(|n| entries.get(n));
        let target = entry.and_then(|span| context.place(*span));
        add(citation.span, Owner::Reference { target, citation: !citation.numbers.is_empty() });
    }
    let figures = document.figures.iter().map(|f| (f.label.as_str(), f.span));
    let tables = document.tables.iter().map(|t| (t.label.as_str(), t.span));
    let targets: HashMap<&str, Span> = figures.chain(tables).filter(|(label, _)| !label.is_empty()).collect();
    for call in &document.figure_calls {
        let target = targets.get(call.target.as_str()).and_then(|span| context.place(*span));
        add(call.span, Owner::Reference { target, citation: false });
    }
}
