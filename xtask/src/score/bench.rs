//! Running the program over the texts of a set and finding what it read in them.

use std::cell::Cell;
use std::fs;
use std::io::BufRead as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use case_model::{Case, Evidence, Report, Span};

use crate::{Result, shared};

/// Put before a text that is not a case report of its own (a sentence, a pathology report, an abstract): without a
/// patient nothing is read from a text. It names no fact.
pub(crate) const LEAD: &str = "Case report\n\nA patient was admitted to hospital.\n\n";

/// What an adapter works with.
pub(crate) struct Bench<'a> {
    /// The folder laid out like `../shared`.
    pub(crate) data: &'a Path,
    /// The program to measure.
    pub(crate) program: &'a Path,
    /// Scratch folder.
    pub(crate) work: &'a Path,
    /// Options for the scorer of the gold set.
    pub(crate) scorer: &'a [String],
    /// Texts given to the program and texts that it made a record of, since the last look.
    pub(crate) read: Cell<(usize, usize)>,
    /// Folder of imported vocabularies; without it what the environment says.
    pub(crate) vocabularies: Option<PathBuf>,
}

impl Bench<'_> {
    /// A folder of the corpora.
    pub(crate) fn corpus(&self, name: &str) -> PathBuf {
        self.data.join("corpora").join(name)
    }

    /// The same with the newest release of a terminology imported (`hp`), into a data folder of its own; `None` if neither the
    /// data folder nor the shared one holds the terminology.
    pub(crate) fn importing(&self, terminology: &str) -> Result<Option<Self>> {
        let Some(file) = [self.data.to_owned(), shared()].iter().find_map(|d| release_of(terminology, d)) else {
            return Ok(None);
        };
        let folder = self.work.join("vocabularies");
        fs::create_dir_all(&folder)?;
        let import =
            Command::new(self.program).args(["vocab", "import", "--data-dir"]).arg(&folder).arg(&file).output()?;
        if !import.status.success() {
            return Err(format!("{}: {}", file.display(), String::from_utf8_lossy(&import.stderr)).into());
        }
        Ok(Some(Self { vocabularies: Some(folder), read: Cell::default(), ..*self }))
    }

    /// Reads texts with the program; `None` for a text it makes nothing of.
    pub(crate) fn read(&self, set: &str, lead: &str, texts: &[&str]) -> Result<Vec<Option<Reading>>> {
        let folder = self.work.join(set);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let inputs = folder.join("texts");
        fs::create_dir_all(&inputs)?;
        for (number, text) in texts.iter().enumerate() {
            fs::write(inputs.join(format!("{number}.txt")), format!("{lead}{text}"))?;
        }
        let output = folder.join("records.ndjson");
        let mut program = Command::new(self.program);
        if let Some(folder) = &self.vocabularies {
            program.env("CASEMILL_DATA", folder);
        }
        let status = program
            .args(["extract", "--ndjson", "-o"])
            .arg(&output)
            .arg(&inputs)
            .stderr(Stdio::null())
            .status()
            .map_err(|e| format!("{} does not start: {e}", self.program.display()))?;
        // 1: findings of validators, 3: some texts hold no patient.
        if !matches!(status.code(), Some(0 | 1 | 3)) {
            return Err(format!("{} ended with {status} on {set}", self.program.display()).into());
        }
        let mut out: Vec<Option<Reading>> = texts.iter().map(|_| None).collect();
        if output.exists() {
            for line in std::io::BufReader::new(fs::File::open(&output)?).lines() {
                let report = Report::from_json(line?.as_bytes())?;
                let name = Path::new(&report.document.source.name).file_stem().and_then(|n| n.to_str());
                let slot = name.and_then(|n| n.parse::<usize>().ok()).and_then(|n| out.get_mut(n));
                *slot.ok_or("the program names a report that it was not given")? =
                    Some(Reading { report, lead: lead.len() });
            }
        }
        fs::remove_dir_all(&folder)?;
        let (given, made) = self.read.get();
        self.read.set((given + texts.len(), made + out.iter().flatten().count()));
        Ok(out)
    }
}

/// What the program read in one text.
pub(crate) struct Reading {
    /// The record.
    pub(crate) report: Report,
    lead: usize,
}

impl Reading {
    /// Patients.
    pub(crate) fn cases(&self) -> &[Case] {
        &self.report.cases
    }

    /// Where a span of the record stands in the text of the set, in bytes; `None` within the lead.
    pub(crate) fn place(&self, span: Span) -> Option<Range<usize>> {
        let origin = self.report.document.origin().first(span);
        let (start, end) = (origin.start as usize, origin.end as usize);
        (start >= self.lead && end > start).then(|| start - self.lead..end - self.lead)
    }

    /// Where evidence stands in the text of the set.
    pub(crate) fn evidence(&self, evidence: &[Evidence]) -> Vec<Range<usize>> {
        evidence.iter().filter_map(|e| self.place(e.span)).collect()
    }

    /// Where `words` stand nearest to `near`, within its sentence.
    pub(crate) fn words_near(&self, words: &str, near: Span) -> Option<Range<usize>> {
        let document = &self.report.document;
        let at = document.sentences.partition_point(|s| s.end <= near.start);
        let sentence = document.sentences.get(at).filter(|s| s.start <= near.start)?;
        let text = document.words(*sentence);
        let middle = (near.start - sentence.start) as usize;
        let (start, found) = text.match_indices(words).min_by_key(|(i, _)| i.abs_diff(middle))?;
        let start = sentence.start + start as u32;
        self.place(Span::new(start, start + found.len() as u32))
    }
}

/// Code points of a text to bytes: most sets count code points.
pub(crate) struct Offsets(Vec<usize>);

impl Offsets {
    /// The offsets of a text.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.char_indices().map(|(i, _)| i).chain([text.len()]).collect())
    }

    /// Bytes of a stretch of code points, if the text has it.
    pub(crate) fn bytes(&self, start: usize, end: usize) -> Option<Range<usize>> {
        Some(*self.0.get(start)?..*self.0.get(end)?).filter(|r| !r.is_empty())
    }
}

/// Files of a folder with an ending, sorted; the note on sources is none.
pub(crate) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.ends_with(ending) && !matches!(name, "SOURCE.txt" | "README.txt") {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// The newest file of a terminology (`hp.v2024-08-13.json.gz`) in the folder `terminologies` of a data folder.
fn release_of(terminology: &str, data: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(data.join("terminologies")).ok()?;
    let is_it = |path: &PathBuf| {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let graph = [".json", ".json.gz", ".obo", ".obo.gz"].iter().any(|ending| name.ends_with(ending));
        graph && name.strip_prefix(terminology).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    };
    entries.filter_map(|e| Some(e.ok()?.path())).filter(is_it).max()
}

/// Reads a file and names it if that fails.
pub(crate) fn text_of(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()).into())
}
