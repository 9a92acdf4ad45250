use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Coding, FactId, SectionKind, Span, Timing};

words! {
    /// Whether the text says that something is so.
    Assertion {
        /// The text says so.
        Present = "present",
        /// The text says it is not so.
        Absent = "absent",
        /// The text leaves it open ("possible", "seemed to", "suspected").
        Uncertain = "uncertain",
    }
}

words! {
    /// Whom a statement is about. Only `patient` may reach a patient field of an export.
    Scope {
        /// The patient of the case.
        Patient = "patient",
        /// A relative of the patient.
        Family = "family",
        /// Another patient than the one of the case.
        OtherPatient = "other_patient",
        /// The literature: studies, guidelines, what is generally known.
        Literature = "literature",
        /// A possibility, a plan of others, a risk.
        Hypothetical = "hypothetical",
    }
}

/// Words of the text that back a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// Where the words stand in the repaired text.
    pub span: Span,
    /// The words, letter for letter: `document.text[span]`.
    pub quote: String,
    /// Where they stand in the bytes that the user gave. Filled in by the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Span>,
    /// The section they stand in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionKind>,
    /// What produced the reading: `plugin/module` or a lexicon entry.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// A part of a fact that is best left in the words of the text: a reason, a result, a modifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// Where the words stand in the repaired text.
    pub span: Span,
    /// The words, letter for letter.
    pub quote: String,
}

impl Statement {
    /// The words of `text` at `span`. Empty when the span does not fit the text.
    pub fn of(text: &str, span: Span) -> Self {
        Self { span, quote: span.of(text).unwrap_or_default().to_owned() }
    }
}

/// How a value that is not written in the text follows from values that are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Derivation {
    /// The reasoning, readable: `6 mo = 5 mo + 1 mo`.
    pub formula: String,
    /// The facts it starts from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<FactId>,
}

/// A value with what makes it a fact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact<T> {
    /// Name of the fact, unique in the report.
    pub id: FactId,
    /// What is stated.
    pub value: T,
    /// Whether it is stated to be so.
    #[serde(default)]
    pub assertion: Assertion,
    /// Whom it is about. In the lists of a [`Case`](crate::Case) always the patient, but for the family history.
    #[serde(default)]
    pub scope: Scope,
    /// When; for what lasts, when it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// Codes of the value, the most specific first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codings: Vec<Coding>,
    /// The words that back it, the clearest mention first. At least one.
    pub evidence: Vec<Evidence>,
    /// Set when the value is not written but follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<Derivation>,
    /// Facts that cannot hold together with this one. Never resolved, always shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts_with: Vec<FactId>,
}

impl<T> Fact<T> {
    /// The span of the first evidence.
    pub fn span(&self) -> Span {
        self.evidence.first().map(|e| e.span).unwrap_or_default()
    }

    /// The words of the first evidence.
    pub fn quote(&self) -> &str {
        self.evidence.first().map_or("", |e| &e.quote)
    }

    /// The first code of a terminology.
    pub fn coding(&self, prefix: &str) -> Option<&Coding> {
        self.codings.iter().find(|c| c.prefix() == prefix)
    }

    /// True if the text says that it is so.
    pub fn is_present(&self) -> bool {
        self.assertion == Assertion::Present
    }
}

/// What all values of a case have in common.
pub trait FactValue {
    /// The list it stands in and the first part of its ids: `finding`, `marker_test`, ...
    const KIND: &'static str;

    /// A short name for tables and ids.
    fn label(&self) -> Cow<'_, str>;

    /// Calls `visit` with every further statement that the value holds.
    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        let _ = visit;
    }

    /// Calls `visit` with every time that the value holds beside the time of the fact.
    fn timings(&self, visit: &mut dyn FnMut(&Timing)) {
        let _ = visit;
    }

    /// Like [`timings`](Self::timings), for changing them.
    fn timings_mut(&mut self, visit: &mut dyn FnMut(&mut Timing)) {
        let _ = visit;
    }

    /// Calls `visit` with every fact that the value names.
    fn references(&self, visit: &mut dyn FnMut(&FactId)) {
        let _ = visit;
    }

    /// Like [`references`](Self::references), for changing them.
    fn references_mut(&mut self, visit: &mut dyn FnMut(&mut FactId)) {
        let _ = visit;
    }
}
