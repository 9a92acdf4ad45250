//! Compiled vocabularies in a folder: one file each, `NAME.cmvocab`, written whole or not at all.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::file::{FormatError, Lexicon};

/// Ending of a compiled vocabulary.
pub const EXTENSION: &str = "cmvocab";

/// Why a vocabulary cannot be used or kept.
#[derive(Debug)]
pub enum StoreError {
    /// The system.
    Io(PathBuf, io::Error),
    /// The file is damaged or of another version.
    Format(PathBuf, FormatError),
    /// There is none of that name.
    Missing(String, PathBuf),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Format(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Missing(name, folder) => {
                write!(
                    f,
                    "there is no vocabulary {name} in {}; `casemill vocab list` shows what there is",
                    folder.display()
                )
            }
        }
    }
}

impl std::error::Error for StoreError {}

/// The folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// A vocabulary of the store.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// File.
    pub path: PathBuf,
}

impl Entry {
    /// Its bytes, checked: frame and checksum.
    ///
    /// The file is read and not mapped: a map of a file that another process cuts off ends this one, which safe code
    /// cannot rule out, and reading the compiled HPO takes a few milliseconds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn read(&self) -> Result<Vec<u8>, StoreError> {
        let bytes = fs::read(&self.path).map_err(|e| StoreError::Io(self.path.clone(), e))?;
        Lexicon::new(&bytes).and_then(|l| l.verify()).map_err(|e| StoreError::Format(self.path.clone(), e))?;
        Ok(bytes)
    }
}

impl Store {
    /// The vocabularies under a data folder; the folder need not exist.
    pub fn new(data: &Path) -> Self {
        Self { folder: data.join("vocab") }
    }

    /// Where they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All vocabularies by name.
    ///
    /// # Errors
    /// The folder exists and cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, StoreError> {
        let wrong = |e| StoreError::Io(self.folder.clone(), e);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(wrong(error)),
        };
        let mut out = Vec::new();
        for entry in entries {
            let path = entry.map_err(wrong)?.path();
            let name = path.file_stem().and_then(|s| s.to_str()).filter(|n| is_name(n));
            if path.extension().is_some_and(|e| e == EXTENSION)
                && let Some(name) = name
            {
                out.push(Entry { name: name.to_owned(), path });
            }
        }
        out.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(out)
    }

    /// One vocabulary.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        self.list()?
            .into_iter()
            .find(|e| e.name == name)
            .ok_or_else(|| StoreError::Missing(name.to_owned(), self.folder.clone()))
    }

    /// Keeps a vocabulary: to a temporary file beside it, to the disk, then renamed.
    ///
    /// # Errors
    /// What the system says; an earlier file of that name stays as it was.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.folder.join(format!("{name}.{EXTENSION}"));
        let wrong = |error| StoreError::Io(path.clone(), error);
        fs::create_dir_all(&self.folder).map_err(|e| StoreError::Io(self.folder.clone(), e))?;
        let mut file = tempfile::Builder::new().prefix(".vocab-").tempfile_in(&self.folder).map_err(wrong)?;
        file.write_all(bytes).map_err(wrong)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // A temporary file is private; a vocabulary of a shared folder is for all.
            file.as_file().set_permissions(fs::Permissions::from_mode(0o644)).map_err(wrong)?;
        }
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(&path).map_err(|e| wrong(e.error))?;
        Ok(path)
    }
}

/// True for a name of a vocabulary: small letters, digits, `-` and `_`.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 40
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}
