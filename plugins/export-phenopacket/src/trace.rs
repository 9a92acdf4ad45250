//! The evidence file: which fact and which words stand behind each element of the packet.

use std::collections::HashSet;

use casemill_plugin_sdk::model::{AnyFact, Coding, Evidence, FactId, Report, SectionKind, Span, Statement, Timing};
use serde::Serialize;

/// The evidence file of a packet.
#[derive(Debug, Serialize)]
pub(crate) struct Trace {
    /// The packet's file.
    phenopacket: String,
    /// What the user gave.
    source: Source,
    /// The case within the report.
    case: String,
    /// What licences ask for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notices: Vec<&'static str>,
    /// Elements in the order in which they were made.
    elements: Vec<Element>,
}

#[derive(Debug, Serialize)]
struct Source {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sha256: String,
}

/// An element and a fact behind it.
#[derive(Debug, Serialize)]
struct Element {
    /// JSON pointer into the packet (RFC 6901).
    pointer: String,
    /// The fact.
    fact: FactId,
    /// The words that back it; spans are bytes of the repaired text, origins bytes of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Quote>,
    /// All codes of the fact, for the element holds one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codings: Vec<Coding>,
    /// How the element follows where it is not written.
    #[serde(skip_serializing_if = "String::is_empty")]
    derived: String,
}

#[derive(Debug, Serialize)]
struct Quote {
    quote: String,
    span: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<SectionKind>,
}

impl From<&Evidence> for Quote {
    fn from(evidence: &Evidence) -> Self {
        Self {
            quote: evidence.quote.clone(),
            span: evidence.span,
            origin: evidence.origin,
            section: evidence.section.clone(),
        }
    }
}

impl From<&Statement> for Quote {
    fn from(statement: &Statement) -> Self {
        Self { quote: statement.quote.clone(), span: statement.span, origin: None, section: None }
    }
}

impl Trace {
    /// An empty evidence file.
    pub(crate) fn new(report: &Report, case: &str, name: &str) -> Self {
        let source = &report.document.source;
        Self {
            phenopacket: format!("{name}.phenopacket.json"),
            source: Source { name: source.name.clone(), sha256: source.sha256.clone() },
            case: case.to_owned(),
            notices: Vec::new(),
            elements: Vec::new(),
        }
    }

    /// Notes that a fact stands behind an element, with the fact's own derivation.
    pub(crate) fn fact(&mut self, pointer: impl Into<String>, fact: &dyn AnyFact) {
        self.derived(pointer, fact, fact.derived().map(|d| d.formula.clone()).unwrap_or_default());
    }

    /// Notes that an element follows from a fact, and how.
    pub(crate) fn derived(&mut self, pointer: impl Into<String>, fact: &dyn AnyFact, derived: impl Into<String>) {
        let evidence = fact.evidence().iter().map(Quote::from).collect();
        self.push(pointer.into(), fact, evidence, fact.codings().to_vec(), derived.into());
    }

    /// Notes that an element follows from the time of a fact, and how.
    pub(crate) fn time(
        &mut self,
        pointer: impl Into<String>,
        fact: &dyn AnyFact,
        timing: &Timing,
        derived: impl Into<String>,
    ) {
        let words = timing.span.map(|span| Statement { span, quote: timing.quote.clone() });
        let evidence = words.iter().map(Quote::from).collect();
        self.push(pointer.into(), fact, evidence, Vec::new(), derived.into());
    }

    /// Notes that words within a fact stand behind an element.
    pub(crate) fn statement(
        &mut self,
        pointer: impl Into<String>,
        fact: &dyn AnyFact,
        statement: &Statement,
        derived: impl Into<String>,
    ) {
        self.push(pointer.into(), fact, vec![Quote::from(statement)], Vec::new(), derived.into());
    }

    fn push(
        &mut self,
        pointer: String,
        fact: &dyn AnyFact,
        evidence: Vec<Quote>,
        codings: Vec<Coding>,
        derived: String,
    ) {
        self.elements.push(Element { pointer, fact: fact.id().clone(), evidence, codings, derived });
    }

    /// True if a fact stands behind an element of a list.
    pub(crate) fn is_in(&self, list: &str, fact: &FactId) -> bool {
        self.elements.iter().any(|e| e.fact == *fact && e.pointer.starts_with(list))
    }

    /// The facts that stand behind some element.
    pub(crate) fn facts(&self) -> HashSet<&FactId> {
        self.elements.iter().map(|e| &e.fact).collect()
    }
}
