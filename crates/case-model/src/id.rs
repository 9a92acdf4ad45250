use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Span;

/// Name of a fact within its report, derived from what the fact says and where it stands: `finding-4k2v7q1c`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct FactId(String);

impl FactId {
    /// An id as read from elsewhere.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Gives out [`FactId`]s: the same content in the same place gets the same id in every run.
///
/// The id holds 40 bits of FNV-1a (Fowler, Noll, Vo; RFC 9923) over kind, label, span and words. Two facts that share
/// all of these are told apart by an ordinal.
#[derive(Debug, Default)]
pub struct IdSource {
    given: HashMap<String, u32>,
}

impl IdSource {
    /// A source that has given out nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An id for a fact of `kind` that says `label` with the words `quote` at `span`.
    pub fn id(&mut self, kind: &str, label: &str, span: Span, quote: &str) -> FactId {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut feed = |bytes: &[u8]| {
            for byte in bytes.iter().chain(&[0xff]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        feed(kind.as_bytes());
        feed(label.as_bytes());
        feed(quote.as_bytes());
        feed(&span.start.to_le_bytes());
        let mut id = String::with_capacity(kind.len() + 9);
        id.push_str(kind);
        id.push('-');
        // Crockford's base 32 without letters that look like digits.
        let bits = hash ^ (hash >> 40);
        for i in 0..8 {
            id.push(char::from(b"0123456789abcdefghjkmnpqrstvwxyz"[(bits >> (5 * i) & 31) as usize]));
        }
        let count = self.given.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            id.push('-');
            id.push_str(&count.to_string());
        }
        FactId(id)
    }
}
