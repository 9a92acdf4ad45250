//! `cargo xtask test`: everything that must hold, in one command.

use std::fs;

use crate::{Result, generate, stage, tidy};

/// Stages, runs all tests against the stage, then looks for snapshots that no test uses and generated files that are old.
///
/// The rules of `cargo xtask tidy` are a test of this crate and run with the others.
pub(crate) fn test(filter: &[String]) -> Result {
    step("stage");
    let staged = stage::stage(false)?;
    step("test");
    let references = stage::target()?.join("snapshot-references.txt");
    if references.exists() {
        fs::remove_file(&references)?;
    }
    let all = ["--workspace".to_owned()];
    let status = stage::cargo()
        .args(["test", "--no-fail-fast", "--quiet"])
        .args(if filter.is_empty() { &all } else { filter })
        .env("CASEMILL_STAGE", staged.folder())
        .env("INSTA_SNAPSHOT_REFERENCES_FILE", &references)
        .status()?;
    let mut wrong = Vec::new();
    if !status.success() {
        wrong.push("tests failed".to_owned());
    } else if filter.is_empty() {
        step("snapshots");
        for file in tidy::unreferenced(&fs::read_to_string(&references).unwrap_or_default())? {
            wrong.push(format!("no test uses {}", file.display()));
        }
    }
    step("generated files");
    if let Err(error) = generate::generate(&staged.program(), true) {
        wrong.push(error.to_string());
    }
    if wrong.is_empty() {
        step("all is well");
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

fn step(name: &str) {
    eprintln!("== {name}");
}
