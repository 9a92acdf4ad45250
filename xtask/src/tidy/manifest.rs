//! Dependencies are declared once, with the reason, and used.

use std::fs;

use super::Breach;
use super::workspace::Workspace;
use crate::Result;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Breach>> {
    let file = workspace.root.join("Cargo.toml");
    let text = fs::read_to_string(&file)?;
    let mut breaches = Vec::new();
    for declared in declared(&text) {
        let used = workspace.packages.values().any(|p| p.dependencies.iter().any(|d| d.name == declared.name));
        if !used {
            breaches.push(Breach::new(&file, format!("nobody uses the dependency {}", declared.name)));
        }
        if !declared.member && !declared.reason {
            let what = format!("the dependency {} has no comment that says what it is for", declared.name);
            breaches.push(Breach::new(&file, what));
        }
    }
    for package in workspace.packages.values() {
        for (number, line) in fs::read_to_string(&package.manifest)?.lines().enumerate() {
            if is_version(line) {
                let what = format!("line {}: dependencies get their version from the workspace", number + 1);
                breaches.push(Breach::new(&package.manifest, what));
            }
        }
    }
    Ok(breaches)
}

/// An entry of `[workspace.dependencies]`.
#[derive(Debug, PartialEq, Eq)]
struct Declared {
    name: String,
    /// True for a member of the workspace, which needs no reason.
    member: bool,
    reason: bool,
}

fn declared(manifest: &str) -> Vec<Declared> {
    let lines = manifest.lines().skip_while(|l| l.trim() != "[workspace.dependencies]").skip(1);
    lines
        .take_while(|l| !l.starts_with('['))
        .filter(|l| !l.trim_start().starts_with('#'))
        .filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            let reason = value.rsplit_once('#').is_some_and(|(_, reason)| reason.trim().len() > 3);
            Some(Declared { name: name.trim().to_owned(), member: value.contains("path = "), reason })
        })
        .collect()
}

/// True for a line like `serde = "1"` or `serde = { version = "1" }`: a name that no key of a manifest has.
fn is_version(line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else { return false };
    let value = value.trim();
    let bare =
        value.strip_prefix('"').is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit() || "^~=".contains(c)));
    let table = value.starts_with('{') && value.contains("version =");
    (bare || table) && !matches!(key.trim(), "version" | "edition" | "rust-version" | "resolver")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_needs_a_reason() {
        let manifest = "[workspace.dependencies]\na = { path = \"a\" }\n# group\nb = \"1\" # for b\nc = \"1\"\n[profile.dev]\nd = 1\n";
        let declared = declared(manifest);
        let names: Vec<_> = declared.iter().map(|d| (d.name.as_str(), d.member, d.reason)).collect();
        assert_eq!(names, [("a", true, false), ("b", false, true), ("c", false, false)]);
    }

    #[test]
    fn versions_stand_in_the_root_alone() {
        for line in ["serde = \"1\"", "serde = { version = \"1\", features = [] }", "x = \"=1.2\""] {
            assert!(is_version(line), "{line}");
        }
        for line in ["serde.workspace = true", "version = \"0.1.0\"", "name = \"x\"", "serde = { workspace = true }"] {
            assert!(!is_version(line), "{line}");
        }
    }
}
