//! The program as a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{FORMATS, clock};
use crate::Result;

/// Reports as files, and a place for what is made of them.
pub(super) struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    pub(super) fn write(texts: &[String]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let inputs = folder.path().join("in");
        fs::create_dir(&inputs)?;
        for (i, text) in texts.iter().enumerate() {
            fs::write(inputs.join(format!("report-{i:05}.txt")), text)?;
        }
        Ok(Self { folder })
    }

    fn inputs(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    /// Processor seconds of one `casemill run` over all files, in one lane.
    pub(super) fn run(&self, program: &Path, options: &[&str]) -> Result<f64> {
        let output = self.folder.path().join("out");
        let mut command = Command::new(program);
        command.args(["run", "--quiet", "--jobs", "1", "--deny", "none", "--to", &FORMATS.join(","), "-o"]);
        command.arg(&output).arg(self.inputs()).args(options).stdout(Stdio::null()).stderr(Stdio::null());
        let (seconds, status) = clock::children(|| Ok(command.status()?))?;
        // 3: some texts report no patient.
        if !matches!(status.code(), Some(0 | 3)) {
            return Err(format!("{command:?} ended with {status}").into());
        }
        fs::remove_dir_all(&output)?;
        Ok(seconds)
    }
}

/// Wall and processor seconds of one start with these arguments.
pub(super) fn start(program: &Path, arguments: &[&str]) -> Result<[f64; 2]> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (time, (seconds, status)) = clock::wall(|| clock::children(|| Ok(command.status()?)))?;
    if status.success() {
        Ok([time.as_secs_f64(), seconds])
    } else {
        Err(format!("{} {arguments:?} ended with {status}", program.display()).into())
    }
}
