//! `unsafe` stays where the plugin boundary is.

use std::fs;

use super::Breach;
use super::workspace::Workspace;
use crate::Result;

/// Crates that cross the boundary between program and plugin, and the plugin that breaks it.
const MAY: [&str; 4] = ["casemill-plugin-abi", "casemill-plugin-sdk", "casemill-plugin-host", "casemill-hostile"];

const FORBID: &str = "#![forbid(unsafe_code)]";

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for package in workspace.packages.values().filter(|p| !MAY.contains(&p.name.as_str())) {
        for target in &package.targets {
            let text = fs::read_to_string(&target.root)?;
            let forbidden = text.lines().any(|l| l.trim() == FORBID);
            // Tests, examples and build scripts need not say it, only keep to it.
            let ships = !matches!(target.kind.as_str(), "test" | "example" | "bench" | "custom-build");
            if ships && !forbidden {
                breaches.push(Breach::new(&target.root, format!("lacks {FORBID}")));
            } else if !forbidden && text.lines().any(uses) {
                breaches.push(Breach::new(&target.root, "uses unsafe code"));
            }
        }
    }
    Ok(breaches)
}

/// True for a line with the keyword in code that does something.
fn uses(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "unsafe("].iter().any(|form| code.contains(form))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_code_counts() {
        assert!(super::uses("    let x = unsafe { read() };"));
        assert!(super::uses("#[unsafe(no_mangle)]"));
        assert!(!super::uses("// unsafe { }"));
        assert!(!super::uses(super::FORBID));
    }
}
