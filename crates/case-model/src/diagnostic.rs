//! What validators find.

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Evidence, Span};

/// How grave a diagnostic is. The order is that of gravity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    #[default]
    Info,
    /// Likely a flaw of the report.
    Warning,
    /// A contradiction, or an invalid value.
    Error,
}

impl Severity {
    /// The word as written in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in the input, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// Bytes of the input.
    pub origin: Span,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A labelled span of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Label {
    /// Where, in the repaired text.
    pub span: Span,
    /// What this place says, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The same place in the input. Filled in by the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Label {
    /// A label at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), place: None }
    }
}

/// A finding on the report. It states what is in the text and corrects nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnostic {
    /// Code of the rule: `CT003`.
    pub rule: String,
    /// Gravity.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The places, the main one first. A contradiction has at least two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// What a reader or author can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The case it concerns, where it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

words! {
    /// State of a checklist item.
    ItemStatus {
        /// The report gives it.
        Present = "present",
        /// The report gives part of it.
        Partial = "partial",
        /// The report does not give it.
        Absent = "absent",
        /// It does not apply to this report.
        NotApplicable = "not_applicable",
    }
}

/// An item of a reporting guideline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChecklistItem {
    /// Number in the guideline: `5`, `5a`.
    pub number: String,
    /// Name in the guideline.
    pub title: String,
    /// State.
    pub status: ItemStatus,
    /// What is there and what is missing, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The words that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Sub-items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ChecklistItem>,
}

/// A reporting guideline held against the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checklist {
    /// Name for programs: `care-2013`.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Items in the guideline's order.
    pub items: Vec<ChecklistItem>,
}

/// What all validators found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Audit {
    /// Diagnostics in the order of the text.
    #[serde(default)]
    pub diagnostics: Vec<Diagnostic>,
    /// Checklists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<Checklist>,
    /// Codes of the rules that the user switched off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switched_off: Vec<String>,
}

words! {
    /// Life of a rule.
    RuleStatus {
        /// Part of the stable set.
        Stable = "stable",
        /// New, may change.
        Preview = "preview",
        /// To be removed.
        Deprecated = "deprecated",
    }
}

/// A rule as `casemill rule` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleInfo {
    /// Code: family and number, `CT003`.
    pub code: String,
    /// Name in words: `stop-before-start`.
    pub name: String,
    /// Usual severity.
    pub severity: Severity,
    /// Life.
    #[serde(default)]
    pub status: RuleStatus,
    /// Manual page, Markdown.
    pub page: String,
}
