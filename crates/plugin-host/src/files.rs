//! Output files: whole or not at all.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::pipeline::{ExportOutcome, Failure, PipelineError, Stage, Written};
use crate::session::CallError;

/// Held for reading while a file is written, so that the program can end between two files.
static WRITING: RwLock<()> = RwLock::new(());

/// Waits for files that are being written and lets no other begin, for the rest of the process.
pub(crate) fn close() {
    std::mem::forget(WRITING.write().unwrap_or_else(PoisonError::into_inner));
}

/// Why an output could not be written.
#[derive(Debug)]
pub struct OutputError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    pub error: io::Error,
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be written: {}", self.path.display(), self.error)?;
        match self.error.kind() {
            io::ErrorKind::StorageFull => f.write_str("; free some space or choose another folder with -o"),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                f.write_str("; choose another folder with -o")
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                f.write_str("; a file is in its way, choose another folder with -o")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for OutputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// The output folder of a run. Copies of it are the same folder.
#[derive(Clone, Debug)]
pub struct Outputs {
    folder: PathBuf,
    /// Files that plugins do not get: inputs, what the program itself writes, what another plugin wrote in this run.
    taken: Arc<Mutex<HashMap<PathBuf, String>>>,
}

impl Outputs {
    /// The folder, made if it does not exist.
    ///
    /// # Errors
    /// A file in its place, no permission.
    pub fn open(folder: &Path) -> Result<Self, OutputError> {
        fs::create_dir_all(folder).map_err(|error| OutputError { path: folder.to_owned(), error })?;
        Ok(Self { folder: folder.to_owned(), taken: Arc::default() })
    }

    /// Keeps plugins from writing over the inputs, which may lie in the output folder.
    pub fn protect<'p>(&self, inputs: impl IntoIterator<Item = &'p Path>) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.extend(inputs.into_iter().filter_map(|f| Some((key(f.canonicalize().ok()?), "an input".to_owned()))));
    }

    /// Keeps files of the output folder for the program itself.
    pub fn reserve(&self, names: impl IntoIterator<Item = String>) {
        let Ok(folder) = self.folder.canonicalize() else { return };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.extend(names.into_iter().map(|n| (key(folder.join(n)), "casemill's own".to_owned())));
    }

    /// Gives the files that an exporter wants written to it: all of them or, with the reason, none.
    ///
    /// # Errors
    /// One of them is an input, belongs to the program or another exporter, was written for an earlier report, or lies
    /// beyond a link.
    pub fn claim(&self, outcome: &ExportOutcome) -> Result<(), Failure> {
        let refused = |path: &str, why: &str| {
            let error = CallError::Contract(format!("it wants to write {path}, {why}"));
            Failure { stage: Stage::Export, error: PipelineError::Plugin { plugin: outcome.plugin.clone(), error } }
        };
        let folder = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for Written { path, .. } in &outcome.files {
            if let Some(owner) = taken.get(&key(folder.join(path))) {
                return Err(refused(path, &format!("which is {owner}")));
            }
            if let Some(why) = self.in_the_way(Path::new(path)) {
                return Err(refused(path, &why));
            }
        }
        let owner = format!("already written in this run by {}", outcome.plugin);
        taken.extend(outcome.files.iter().map(|f| (key(folder.join(&f.path)), owner.clone())));
        Ok(())
    }

    /// What keeps a file from being written where its path says.
    fn in_the_way(&self, relative: &Path) -> Option<String> {
        let mut path = self.folder.clone();
        let mut parts = relative.components().peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            let Ok(metadata) = fs::symlink_metadata(&path) else { return None };
            let last = parts.peek().is_none();
            if metadata.is_symlink() && !last {
                return Some(format!("but {} is a link that may lead out of the output folder", path.display()));
            }
            if metadata.is_dir() == last {
                return Some(format!("but {} is a {}", path.display(), if last { "folder" } else { "file" }));
            }
        }
        None
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file: to a temporary name beside it, then renamed. Returns its path. It is not forced to the disk: what a
    /// power failure takes can be made again from the same input, and waiting for the disk takes longer than all the rest.
    ///
    /// # Errors
    /// Nothing of the file is left behind, and a file that was there before stays as it was.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<PathBuf, OutputError> {
        let _writing = WRITING.read().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join(relative);
        let wrong = |error| OutputError { path: path.clone(), error };
        let parent = path.parent().unwrap_or(&self.folder);
        if parent != self.folder {
            fs::create_dir_all(parent).map_err(wrong)?;
        }
        let mut file =
            tempfile::Builder::new().prefix(".casemill-").suffix(".tmp").tempfile_in(parent).map_err(wrong)?;
        file.write_all(bytes).map_err(wrong)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // A temporary file is private; an output has the permissions that the user's umask leaves.
            let mask = umask();
            file.as_file().set_permissions(fs::Permissions::from_mode(0o666 & !mask)).map_err(wrong)?;
        }
        file.persist(&path).map_err(|e| wrong(e.error))?;
        Ok(path)
    }
}

/// By what two paths are known to be the same file.
fn key(path: PathBuf) -> PathBuf {
    if cfg!(any(windows, target_vendor = "apple")) {
        // Names that differ in case only are the same file.
        PathBuf::from(path.to_string_lossy().to_lowercase())
    } else {
        path
    }
}

#[cfg(unix)]
fn umask() -> u32 {
    static MASK: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *MASK.get_or_init(|| {
        // The mask can only be read by setting it.
        let mask = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        rustix::process::umask(mask);
        mask.as_raw_mode()
    })
}

/// Longest name that outputs start with, in bytes: file systems allow 255, and endings need room.
const LONGEST: usize = 200;

/// Names that outputs start with, one for each input and no two alike: the input's name without its ending, with it
/// where two inputs differ only in that, and with a number where even that is the same. Names that differ only in capital
/// letters count as the same, as they do on many file systems.
pub fn stem(inputs: &[String]) -> Vec<String> {
    let names: Vec<String> = inputs.iter().map(|input| file_name(input)).collect();
    let mut count: HashMap<String, usize> = HashMap::new();
    names.iter().for_each(|n| *count.entry(short(n).to_lowercase()).or_default() += 1);
    // The run's own report and journal.
    let mut taken = HashSet::from(["casemill-run".to_owned()]);
    names
        .iter()
        .map(|name| {
            let stem = if count[&short(name).to_lowercase()] > 1 { cut(name) } else { short(name) };
            let numbered = (2..).map(|i| format!("{stem}-{i}"));
            let mut all = std::iter::once(stem.to_owned()).chain(numbered);
            all.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
        })
        .collect()
}

/// The last part of an input's name, as a name that any file system takes.
fn file_name(input: &str) -> String {
    let name = input.rsplit(['/', '\\']).next().unwrap_or(input);
    let name: String = name.chars().map(|c| if c.is_control() || "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() || input == "-" { "stdin".to_owned() } else { name.to_owned() }
}

/// At most [`LONGEST`] bytes of a name.
fn cut(name: &str) -> &str {
    let end = (0..=LONGEST.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    &name[..end.unwrap_or_default()]
}

/// A name without its ending.
fn short(name: &str) -> &str {
    cut(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_do_not_collide() {
        let stems = |inputs: &[&str]| stem(&inputs.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(stems(&["a/letter.txt", "b/case.xml"]), ["letter", "case"]);
        assert_eq!(stems(&["letter.txt", "letter.xml"]), ["letter.txt", "letter.xml"]);
        assert_eq!(stems(&["a/x.txt", "b/x.txt", "-"]), ["x.txt", "x.txt-2", "stdin"]);
        assert_eq!(stems(&["../..", ".hidden.txt"]), ["stdin", "hidden"]);
        assert_eq!(stems(&["a/x.txt", "b/x.txt", "x.txt-2.md"]), ["x.txt", "x.txt-2", "x.txt-2-2"]);
        assert_eq!(stems(&["a/X.txt", "b/x.md", "casemill-run.txt"]), ["X.txt", "x.md", "casemill-run-2"]);
        let long = stems(&[&format!("{}.txt", "é".repeat(125)), &"é".repeat(125)]);
        assert!(long.iter().all(|s| s.len() < 210) && long[0] != long[1]);
    }

    #[test]
    fn a_file_is_whole_or_absent() {
        let folder = tempfile::tempdir().unwrap();
        let outputs = Outputs::open(&folder.path().join("out")).unwrap();
        outputs.write("a/b.txt", b"one").unwrap();
        outputs.write("a/b.txt", b"two").unwrap();
        assert_eq!(fs::read(folder.path().join("out/a/b.txt")).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path().join("out/a")).unwrap().count(), 1);
        fs::write(folder.path().join("file"), b"").unwrap();
        assert!(Outputs::open(&folder.path().join("file")).is_err());
        assert!(outputs.write("a/b.txt/c", b"").is_err());
    }

    #[test]
    fn plugins_do_not_write_over_inputs_records_and_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let outputs = Outputs::open(&out).unwrap();
        fs::write(out.join("letter.txt"), "input").unwrap();
        fs::create_dir(out.join("folder")).unwrap();
        outputs.protect([out.join("letter.txt").as_path()]);
        outputs.reserve(["letter.json".to_owned()]);
        let claim = |plugin: &str, paths: &[&str]| {
            let files = paths.iter().map(|p| Written { path: (*p).to_owned(), bytes: Vec::new() }).collect();
            let outcome = ExportOutcome { plugin: plugin.into(), format: "x".into(), files, losses: Vec::new() };
            outputs.claim(&outcome).map_err(|e| e.to_string())
        };
        claim("one", &["letter.html", "deep/er/a.csv"]).unwrap();
        for (path, why) in [
            ("letter.txt", "which is an input"),
            ("letter.json", "which is casemill's own"),
            ("letter.html", "already written in this run by one"),
            ("folder", "is a folder"),
            ("letter.txt/a", "is a file"),
        ] {
            let error = claim("two", &["new", path]).unwrap_err();
            assert!(error.contains(why) && error.contains("the plugin two"), "{error}");
        }
        // None of a refused reply is claimed.
        claim("three", &["new"]).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path(), out.join("link")).unwrap();
            assert!(claim("two", &["link/a"]).unwrap_err().contains("is a link"));
        }
    }
}
