//! Output files: whole or not at all.

use std::collections::HashMap;
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
}

impl Outputs {
    /// The folder, made if it does not exist.
    ///
    /// # Errors
    /// A file in its place, no permission.
    pub fn open(folder: &Path) -> Result<Self, OutputError> {
        fs::create_dir_all(folder).map_err(|error| OutputError { path: folder.to_owned(), error })?;
        Ok(Self { folder: folder.to_owned() })
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

/// Names that outputs start with, one for each input and no two alike: the input's name without its ending, with it
/// where two inputs differ only in that, and with a number where even that is the same.
pub fn stem(inputs: &[String]) -> Vec<String> {
    let file_name = |input: &str| {
        let name = input.rsplit(['/', '\\']).next().unwrap_or(input);
        let name: String =
            name.chars().map(|c| if c.is_control() || "<>:\"|?*".contains(c) { '_' } else { c }).collect();
        let name = name.trim_start_matches('.').to_owned();
        if name.is_empty() || input == "-" { "stdin".to_owned() } else { name }
    };
    let short = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let names: Vec<String> = inputs.iter().map(|i| file_name(i)).collect();
    let mut count: HashMap<String, usize> = HashMap::new();
    names.iter().for_each(|n| *count.entry(short(n)).or_default() += 1);
    let mut taken: HashMap<String, usize> = HashMap::new();
    names
        .iter()
        .map(|name| {
            let stem = if count[&short(name)] > 1 { name.clone() } else { short(name) };
            let times = taken.entry(stem.clone()).or_default();
            *times += 1;
            if *times > 1 { format!("{stem}-{times}") } else { stem }
        })
        .collect()
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
