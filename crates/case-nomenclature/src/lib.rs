//! Nomenclatures of genomic findings.
//!
//! - [`hgvs`]: sequence variants (HGVS Nomenclature, varnomen.hgvs.org, version 21): parsed to a tree and printed in
//!   the recommended form.
//! - [`iscn`]: karyotypes and rearrangements (ISCN 2020, An International System for Human Cytogenomic Nomenclature).
//! - [`find`]: both in running text, where papers shorten, space and misspell them.
//!
//! Parsing is strict and says where it stops ([`Refused`]); finding is lenient and gives places. Printing what was parsed
//! and parsing it again gives the same tree.

#![forbid(unsafe_code)]

mod cursor;
pub mod find;
pub mod hgvs;
pub mod iscn;

use std::fmt;

/// Why a text is no expression of the nomenclature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The byte at which reading stopped.
    pub at: usize,
    /// What would have to stand there.
    pub expected: &'static str,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at byte {}", self.expected, self.at)
    }
}

impl std::error::Error for Refused {}
