//! Output files: whole or not at all.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

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

/// The output folder of a run.
#[derive(Clone, Debug)]
pub struct Outputs {
    folder: PathBuf,
    /// Files that are never written to.
    inputs: HashSet<PathBuf>,
}

impl Outputs {
    /// The folder, made if it does not exist.
    ///
    /// # Errors
    /// A file in its place, no permission.
    pub fn open(folder: &Path) -> Result<Self, OutputError> {
        fs::create_dir_all(folder).map_err(|error| OutputError { path: folder.to_owned(), error })?;
        Ok(Self { folder: folder.to_owned(), inputs: HashSet::new() })
    }

    /// Keeps these files from being written to: a format whose files end like the inputs must not replace them.
    pub fn protect<'a>(&mut self, inputs: impl IntoIterator<Item = &'a Path>) {
        self.inputs.extend(inputs.into_iter().filter_map(|p| p.canonicalize().ok()));
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file: to a temporary name beside it, to the disk, then renamed. Returns its path.
    ///
    /// # Errors
    /// Nothing of the file is left behind, and a file that was there before stays as it was.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<PathBuf, OutputError> {
        let _writing = WRITING.read().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join(relative);
        let wrong = |error| OutputError { path: path.clone(), error };
        if path.canonicalize().is_ok_and(|p| self.inputs.contains(&p)) {
            return Err(wrong(io::Error::other("it is an input of this run; choose another folder with -o")));
        }
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
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(&path).map_err(|e| wrong(e.error))?;
        Ok(path)
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
}
