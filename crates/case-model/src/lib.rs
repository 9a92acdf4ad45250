//! The case record: what a published case report says, patient by patient, every fact with its evidence.
//!
//! ```text
//! Report ── Document        the repaired text and the way back to the bytes the user gave
//!        ├─ Case*           one per patient; lists of Fact<Finding>, Fact<MarkerTest>, Fact<Treatment>, ...
//!        ├─ Claim*          what the report says of the literature, and what its authors recommend
//!        ├─ Background*     concepts that stand in the text but belong to no patient
//!        └─ Audit           diagnostics and checklists of the validators
//! ```
//!
//! A [`Fact`] is a value with an [`Assertion`], a [`Scope`], a [`Timing`] and at least one [`Evidence`]: a span of
//! [`Document::text`] and the words that stand there. [`check`] lists every way in which a report breaks these rules.
//!
//! Reading is tolerant of what a later minor version adds: unknown fields are ignored and unknown words of an
//! enumeration are kept as they are, so that they survive a round trip.

#![forbid(unsafe_code)]

mod case;
mod check;
mod coding;
mod diagnostic;
mod document;
mod entity;
mod fact;
mod id;
mod report;
#[cfg(feature = "schema")]
mod schema;
mod span;
mod time;
mod word;

pub use case::{AnyFact, Case, NotReported, PairVisitor, Subject};
pub use check::{Violation, check, check_extraction, is_plugin_id};
pub use coding::{Coding, Terminology};
pub use diagnostic::{
    Audit, Checklist, ChecklistItem, Diagnostic, ItemStatus, Label, Place, RuleInfo, RuleStatus, Severity,
};
pub use document::{
    Abbreviation, Citation, Document, Figure, FigureCall, Identifier, Origin, Panel, Reference, Repair, RepairKind,
    ReportKind, Section, SectionKind, Source, Table, Title,
};
pub use entity::*;
pub use fact::{Assertion, Derivation, Evidence, Fact, FactValue, Scope, Statement};
pub use id::{FactId, IdSource};
pub use report::{Background, Claim, ClaimKind, ClaimValue, Extraction, ModelError, PluginUse, Report};
#[cfg(feature = "schema")]
pub use schema::{report_schema, schema_of};
pub use span::Span;
pub use time::{Anchor, AnchorKind, DayInterval, DurationError, Extent, IsoDuration, PartialDate, Relation, Timing};

/// Version of the record, `MAJOR.MINOR`. A reader accepts every minor version of its own major version.
pub const MODEL_VERSION: &str = "1.0";
