//! The lock of an installation: what the plugins beside the program are, so that nobody has to ask them.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;

/// Writes `plugins.lock` beside plugins, with the program that will use them.
pub(crate) fn pin(program: &Path, plugins: &[impl AsRef<Path>]) -> Result {
    let Some(folder) = plugins.first().and_then(|p| p.as_ref().parent()) else { return Ok(()) };
    let status = Command::new(program)
        .args(["plugins", "trust", "--lock"])
        .arg(folder.join("plugins.lock"))
        .args(plugins.iter().map(AsRef::as_ref))
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err("the plugins cannot be pinned".into()) }
}
