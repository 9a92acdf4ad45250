//! What a run has finished, so that it can go on where it was stopped.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::files::{OutputError, Outputs};

/// Name of the journal in the output folder.
const FILE: &str = "casemill-run.journal";

/// One finished input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The input as named.
    pub input: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Files written for it, relative to the output folder.
    pub files: Vec<String>,
    /// What the report of the run says of it.
    #[serde(default)]
    pub summary: serde_json::Value,
}

/// Name of the report of a run in the output folder.
pub const RUN_REPORT: &str = "casemill-run.json";

/// Files that an earlier run wrote into a folder, by its journal and its report; they are no inputs.
pub fn written(folder: &Path) -> HashSet<PathBuf> {
    let mut out = HashSet::from([folder.join(FILE), folder.join(RUN_REPORT)]);
    let read = |name| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let journal = read(FILE);
    let entries = journal.lines().filter_map(|line| serde_json::from_str::<JournalEntry>(line).ok());
    out.extend(entries.flat_map(|entry| entry.files).map(|file| folder.join(file)));
    let report: serde_json::Value = serde_json::from_str(&read(RUN_REPORT)).unwrap_or_default();
    let inputs = report["inputs"].as_array().into_iter().flatten();
    let lists = inputs.map(|input| &input["files"]).chain([&report["files"]]);
    out.extend(lists.flat_map(|l| l.as_array().into_iter().flatten()).filter_map(|f| Some(folder.join(f.as_str()?))));
    out
}

/// The journal: a line with the settings of the run, then a line of JSON for each finished input.
///
/// A line is written after the files it names; one that was cut off is not counted.
#[derive(Debug)]
pub struct Journal {
    outputs: Outputs,
    finished: HashMap<String, JournalEntry>,
    file: Mutex<File>,
}

impl Journal {
    /// Opens the journal of an output folder. With `resume` the entries of an earlier run with the same `settings` count;
    /// otherwise it starts afresh.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn open(outputs: &Outputs, settings: &str, resume: bool) -> Result<Self, OutputError> {
        outputs.reserve([FILE.to_owned()]);
        let path = outputs.folder().join(FILE);
        let wrong = |error: io::Error| OutputError { path: path.clone(), error };
        let header = format!("{}\n", serde_json::to_string(settings).unwrap_or_default());
        let earlier = if resume { std::fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
        let mut finished = HashMap::new();
        if let Some(lines) = earlier.strip_prefix(&header) {
            for entry in lines.lines().filter_map(|line| serde_json::from_str::<JournalEntry>(line).ok()) {
                finished.insert(entry.input.clone(), entry);
            }
            let mut file = OpenOptions::new().append(true).open(&path).map_err(wrong)?;
            if !earlier.ends_with('\n') {
                file.write_all(b"\n").map_err(wrong)?;
            }
            return Ok(Self { outputs: outputs.clone(), finished, file: Mutex::new(file) });
        }
        let mut file = File::create(&path).map_err(wrong)?;
        file.write_all(header.as_bytes()).map_err(wrong)?;
        Ok(Self { outputs: outputs.clone(), finished, file: Mutex::new(file) })
    }

    /// The hash by which the journal knows an input again.
    pub fn hash(bytes: &[u8]) -> String {
        crate::pipeline::hex(&Sha256::digest(bytes))
    }

    /// The entry of an input that an earlier run finished, if its bytes are the same and its files still there.
    pub fn finished(&self, input: &str, sha256: &str) -> Option<&JournalEntry> {
        let entry = self.finished.get(input).filter(|e| e.sha256 == sha256)?;
        entry.files.iter().all(|f| self.outputs.folder().join(f).is_file()).then_some(entry)
    }

    /// Notes that an input is finished.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn note(&self, entry: &JournalEntry) -> Result<(), OutputError> {
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line).map_err(|error| OutputError { path: self.outputs.folder().join(FILE), error })
    }
}
