//! A report: the document, its cases, and what it says of everybody else.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Audit, Case, Coding, Diagnostic, Document, Evidence, FactId, MODEL_VERSION, Scope, Terminology};

words! {
    /// What kind of statement a claim is.
    ClaimKind {
        /// A statement on the literature or on what is generally known.
        Statement = "statement",
        /// What the authors advise.
        Recommendation = "recommendation",
        /// An opinion of the authors.
        Opinion = "author_opinion",
        /// A question that the authors leave open.
        OpenQuestion = "open_question",
        /// What research the authors ask for.
        ResearchNeed = "research_need",
    }
}

/// A number in a claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimValue {
    /// The number as written.
    pub value: String,
    /// UCUM code of its unit, `%` for shares, empty for counts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What it is a number of, in the words around it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// A statement that is not about a patient of the report: literature, recommendation, opinion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Name within the report.
    pub id: FactId,
    /// Kind.
    #[serde(default)]
    pub kind: ClaimKind,
    /// Whom it is about.
    pub scope: Scope,
    /// What it is about: labels of the concepts it names, in the order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// Its numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ClaimValue>,
    /// Population as written ("patients with metastatic disease").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// Numbers of the references it cites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<u32>,
    /// The words; a statement that a caption or page break cuts has several.
    pub evidence: Vec<Evidence>,
}

/// A concept that the text names without saying it of a patient of the report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Background {
    /// Name within the report.
    pub id: FactId,
    /// What it is: `drug`, `gene`, `finding`, `diagnosis`, `procedure`, ...
    pub kind: String,
    /// Name of the concept.
    pub label: String,
    /// Whom the text says it of.
    pub scope: Scope,
    /// Codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codings: Vec<Coding>,
    /// Where it stands, every mention.
    pub evidence: Vec<Evidence>,
}

/// What an extractor makes of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Extraction {
    /// Patients.
    #[serde(default)]
    pub cases: Vec<Case>,
    /// Statements on others.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Concepts that belong to no patient.
    #[serde(default)]
    pub background: Vec<Background>,
    /// Releases of the codes used.
    #[serde(default)]
    pub terminologies: Vec<Terminology>,
    /// What the extractor wants to say about the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
}

/// A plugin that had a part in the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PluginUse {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
}

/// A report with everything found in it: the file that `casemill extract` writes and every exporter reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Version of the record, `MAJOR.MINOR`.
    pub model: String,
    /// Version of casemill that wrote it.
    #[serde(default)]
    pub casemill: String,
    /// Plugins that made it, in the order of their work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<PluginUse>,
    /// The text.
    pub document: Document,
    /// Patients.
    #[serde(default)]
    pub cases: Vec<Case>,
    /// Statements on others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// Concepts that belong to no patient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub background: Vec<Background>,
    /// Releases of the codes used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terminologies: Vec<Terminology>,
    /// What the validators found.
    #[serde(default)]
    pub audit: Audit,
}

/// Why a file is not a report this version can read.
#[derive(Debug)]
pub enum ModelError {
    /// Not JSON, or JSON of another shape. Holds line and column.
    Json(serde_json::Error),
    /// A report of another major version.
    Version {
        /// Version of the file.
        found: String,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not a casemill case record: {error}"),
            Self::Version { found } => write!(
                f,
                "the record is of model version {found:?}, this casemill reads {MODEL_VERSION} and later 1.x; \
                 extract it again from the report or use a matching casemill"
            ),
        }
    }
}

impl std::error::Error for ModelError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Version { .. } => None,
        }
    }
}

impl Report {
    /// A report made of a document and what was extracted from it.
    pub fn new(document: Document, extraction: Extraction) -> Self {
        Self {
            model: MODEL_VERSION.to_owned(),
            document,
            cases: extraction.cases,
            claims: extraction.claims,
            background: extraction.background,
            terminologies: extraction.terminologies,
            audit: Audit { diagnostics: extraction.diagnostics, ..Audit::default() },
            ..Self::default()
        }
    }

    /// Reads a report of this major version from JSON.
    ///
    /// # Errors
    /// [`ModelError::Json`] with line and column, or [`ModelError::Version`].
    pub fn from_json(json: &[u8]) -> Result<Self, ModelError> {
        #[derive(Deserialize)]
        struct Head {
            model: String,
        }
        // The version first: a record of another major version may have any shape.
        let head: Head = serde_json::from_slice(json).map_err(ModelError::Json)?;
        if head.model.split('.').next() != MODEL_VERSION.split('.').next() {
            return Err(ModelError::Version { found: head.model });
        }
        serde_json::from_slice(json).map_err(ModelError::Json)
    }
}
