//! Snapshots belong to tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Breach;
use super::workspace::Workspace;
use crate::Result;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for file in workspace.files(".snap.new")? {
        breaches.push(Breach::new(
            file,
            "a snapshot that nobody accepted: read it, then rename it to .snap or fix the code",
        ));
    }
    for file in workspace.files(".snap")? {
        let text = fs::read_to_string(&file)?;
        match source(&text) {
            None => breaches.push(Breach::new(file, "does not say which test it belongs to")),
            Some(source) if !workspace.root.join(source).is_file() => {
                breaches.push(Breach::new(file, format!("belongs to {source}, which does not exist")));
            }
            Some(_) => {}
        }
    }
    Ok(breaches)
}

/// The test file that the head of a snapshot names.
fn source(snapshot: &str) -> Option<&str> {
    let head = snapshot.strip_prefix("---\n")?.split("\n---").next()?;
    head.lines().find_map(|l| l.strip_prefix("source: ")).map(|s| s.trim_matches('"'))
}

/// Snapshots that no test looked at, given the list of those that tests looked at, one path in each line.
pub(crate) fn unreferenced(referenced: &str) -> Result<Vec<PathBuf>> {
    let workspace = Workspace::load(crate::stage::root())?;
    let known: BTreeSet<PathBuf> = referenced.lines().filter_map(|l| Path::new(l).canonicalize().ok()).collect();
    let mut out = workspace.files(".snap")?;
    out.retain(|file| file.canonicalize().map_or(true, |f| !known.contains(&f)));
    Ok(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_head_names_the_test() {
        assert_eq!(super::source("---\nsource: a/b.rs\nexpression: x\n---\ntext"), Some("a/b.rs"));
        assert_eq!(super::source("---\nexpression: x\n---\nsource: a"), None);
    }
}
