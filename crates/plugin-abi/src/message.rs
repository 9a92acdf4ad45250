//! The JSON messages.
//!
//! Unknown fields are ignored by both sides, so that either may be newer.

use std::collections::BTreeMap;

use std::borrow::Cow;

use case_model::{Checklist, Diagnostic, Document, FactId, Report, RuleInfo, Source};
use serde::{Deserialize, Serialize};

/// Reads a message. Its bytes are checked to be UTF-8 as a whole, which costs less than string by string.
///
/// # Errors
/// What `serde_json` says of bytes that are not a message of this kind.
pub fn parse<'a, T: Deserialize<'a>>(json: &'a [u8]) -> serde_json::Result<T> {
    match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    }
}

/// What a plugin says of itself: reply of `describe`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Id, unique among plugins: `export-phenopacket`. Lower-case letters, digits and hyphens.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Version of the case record it was built for: `1.0`. The host accepts its own major version, and minor versions
    /// up to its own.
    pub model: String,
    /// One line on what it does.
    #[serde(default)]
    pub summary: String,
    /// What it consists of.
    pub components: Vec<Component>,
}

/// A component of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// `reader`, `extractor`, `validator` or `exporter`. A host leaves out kinds that it does not know.
    pub kind: String,
    /// Name within the plugin; what `open` asks for.
    pub id: String,
    /// One line on what it does.
    #[serde(default)]
    pub summary: String,
    /// Readers: how to recognise their input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// Exporters: what they write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Exporters: true if `finish` writes files that hold all reports of the run. The host then calls one instance, in
    /// the order of the inputs; otherwise it may divide the reports among several instances.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cohort: bool,
    /// Validators: their rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleInfo>,
    /// JSON Schema of its options: an object schema whose properties have defaults.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub options: serde_json::Value,
}

/// How to recognise an input by its content.
///
/// All conditions that are given must hold. Among the readers whose signature holds the one with the most matched
/// bytes is taken; a signature without bytes (`text`) comes last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Media type that the match stands for.
    pub media_type: String,
    /// The input starts with this, white space and byte order mark in front not counted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub starts_with: String,
    /// The first 8192 bytes hold this.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contains: String,
    /// True if the input is to be text: no control characters in the first 8192 bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text: bool,
}

/// A format that an exporter writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// Name for `--to`: `phenopacket`.
    pub name: Cow<'static, str>,
    /// Media type of its main file.
    pub media_type: Cow<'static, str>,
    /// File name ending of its main file, without the leading dot.
    pub extension: Cow<'static, str>,
}

impl Format {
    /// A format.
    pub const fn new(name: &'static str, media_type: &'static str, extension: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), media_type: Cow::Borrowed(media_type), extension: Cow::Borrowed(extension) }
    }
}

/// What `open` is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenConfig {
    /// Component to make an instance of.
    pub component: String,
    /// Options by name; those left out have their defaults.
    #[serde(default)]
    pub options: serde_json::Map<String, serde_json::Value>,
    /// Version of the host.
    #[serde(default)]
    pub casemill: String,
    /// Files that the host table's `resource` gives, by name (`vocabulary/hp`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<String, String>,
}

/// What `call` is given.
///
/// | `op` | head | attachment | reply | blob |
/// |---|---|---|---|---|
/// | `read` | `source` | bytes of the input | [`ReadReply`] | text of the document |
/// | `extract` | `document` without text and repairs | its text | [`case_model::Extraction`] | |
/// | `validate` | `report`, document without text and repairs | its text | [`ValidateReply`] | |
/// | `export` | `report`, document without text and repairs; `name` | its text | [`ExportReply`] | bytes of the artifacts, one after the other |
/// | `finish` | | | [`ExportReply`] | the same |
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// What to do.
    pub op: String,
    /// `read`: the input. `encoding` names the character encoding that the user gave, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// `extract`: the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// `validate`, `export`: the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// `export`: name that artifacts start with, derived from the name of the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Reply to `read`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadReply {
    /// The document without its text.
    pub document: Document,
}

/// Reply to `validate`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValidateReply {
    /// What was found.
    #[serde(default)]
    pub diagnostics: Vec<Diagnostic>,
    /// Checklists.
    #[serde(default)]
    pub checklists: Vec<Checklist>,
}

/// A file to write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Relative path with `/`, without `..`.
    pub path: String,
    /// Media type.
    #[serde(default)]
    pub media_type: String,
    /// Number of its bytes in the blob.
    pub length: u64,
}

/// A fact that a format cannot hold, or not wholly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactId>,
    /// The case it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// What is lost: the fact, or a part of it.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// Reply to `export` and `finish`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportReply {
    /// Files, in the order of their bytes in the blob.
    #[serde(default)]
    pub artifacts: Vec<Artifact>,
    /// What the format cannot hold.
    #[serde(default)]
    pub losses: Vec<Loss>,
}

/// Head of a reply with status [`Failed`](crate::Status::Failed) or [`BadRequest`](crate::Status::BadRequest).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong, naming the place in the input where there is one.
    pub message: String,
    /// The way out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}
