//! Measuring against annotated sets that lie outside of the project.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::predict::predict;
use crate::stage::root;

pub(crate) mod care;
pub(crate) mod negation;

/// The folder with the gold reports: `--gold`, or beside the project.
pub(crate) fn gold(given: Option<PathBuf>) -> Result<PathBuf> {
    let folder = given.unwrap_or_else(|| root().join("../shared/gold"));
    if folder.join("facts").is_dir() {
        return Ok(folder);
    }
    Err(format!("{} holds no annotated reports (`facts` and `texts`); name the folder with --gold", folder.display())
        .into())
}

/// Predicts the gold reports and prints the scorer's page.
pub(crate) fn score(program: &Path, gold: &Path, output: &Path, arguments: &[String]) -> Result {
    if output.exists() {
        std::fs::remove_dir_all(output)?;
    }
    predict(program, &gold.join("texts"), output)?;
    let status = Command::new("python3")
        .arg(gold.join("score_case.py"))
        .arg(gold.join("facts"))
        .arg(output)
        .args(arguments)
        .status()
        .map_err(|e| format!("python3, which the scorer needs, does not start: {e}"))?;
    if status.success() { Ok(()) } else { Err("the scorer failed".into()) }
}
