use serde::{Deserialize, Serialize};

/// A concept of a public terminology, with the label that the release named in [`Report::terminologies`] gives it.
///
/// [`Report::terminologies`]: crate::Report::terminologies
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coding {
    /// Compact identifier `PREFIX:LOCAL` (`HP:0002027`, `HGNC:427`, `NCIT:C6481`).
    pub code: String,
    /// The release's label of that code, or a synonym of it.
    pub label: String,
    /// True if the label could not be compared with a copy of the terminology; exports leave such codes out by default.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Coding {
    /// A verified code.
    pub fn new(code: impl Into<String>, label: impl Into<String>) -> Self {
        Self { code: code.into(), label: label.into(), unverified: false }
    }

    /// The terminology, the part before the colon.
    pub fn prefix(&self) -> &str {
        self.code.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The identifier within the terminology, the part after the colon.
    pub fn local(&self) -> &str {
        self.code.split_once(':').map_or(&self.code, |(_, local)| local)
    }
}

/// A terminology release from which codes of the report come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Terminology {
    /// Prefix of its codes (`HP`).
    pub prefix: String,
    /// Release as its makers name it (`2024-08-13`), or `unverified`.
    pub release: String,
}
