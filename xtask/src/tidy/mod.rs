//! `cargo xtask tidy`: the rules of the workspace that no compiler checks.

mod graph;
mod manifest;
mod snapshots;
mod unsafety;
mod workspace;

use std::path::{Path, PathBuf};

use crate::{Result, stage};
use workspace::Workspace;

/// A rule that is broken: the file, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    file: PathBuf,
    what: String,
}

impl Breach {
    fn new(file: impl AsRef<Path>, what: impl Into<String>) -> Self {
        Self { file: file.as_ref().to_owned(), what: what.into() }
    }
}

/// Checks everything and fails with all that is wrong.
pub(crate) fn tidy() -> Result {
    let workspace = Workspace::load(stage::root())?;
    let mut breaches = graph::check(&workspace);
    breaches.extend(manifest::check(&workspace)?);
    breaches.extend(unsafety::check(&workspace)?);
    breaches.extend(snapshots::check(&workspace)?);
    breaches.sort();
    if breaches.is_empty() {
        return Ok(());
    }
    for Breach { file, what } in &breaches {
        let file = file.strip_prefix(stage::root()).unwrap_or(file);
        eprintln!("{}: {what}", file.display());
    }
    Err(format!("the workspace breaks its rules in {} places", breaches.len()).into())
}

pub(crate) use snapshots::unreferenced;

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_keeps_its_rules() {
        super::tidy().unwrap();
    }
}
