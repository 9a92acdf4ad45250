//! `plugins.lock`: which plugin files are pinned, and what each says of itself.

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use casemill_plugin_abi::message::Description;
use serde::{Deserialize, Serialize};

use crate::image::Stamp;

/// Name of a lock.
pub const LOCK_FILE: &str = "plugins.lock";

/// Version of the form of locks.
const FORM: u32 = 1;

/// A pinned plugin file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// The file: its name if it lies in the folder of the lock, its absolute path otherwise.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// ABI that it is built for.
    pub abi: String,
    /// Size and time of change when it was hashed.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Version of casemill that asked the plugin what it is; another version asks again.
    pub casemill: String,
    /// What it said.
    pub description: Description,
}

/// A lock as it stands in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    path: PathBuf,
    pins: Vec<Pin>,
}

/// Why a lock cannot be used.
#[derive(Debug)]
pub struct LockError {
    /// The lock.
    pub path: PathBuf,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for LockError {}

#[derive(Serialize, Deserialize)]
struct File {
    form: u32,
    plugins: Vec<Pin>,
}

impl Lock {
    /// The user's lock: `casemill/plugins.lock` in `$XDG_CONFIG_HOME` or `~/.config`.
    ///
    /// It lies apart from every folder that is searched: who can put a plugin there must not be able to trust it, too.
    pub fn of_user() -> Option<PathBuf> {
        let config = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")));
        config.map(|c| c.join("casemill").join(LOCK_FILE))
    }

    /// Reads a lock; one that does not exist pins nothing.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn read(path: &Path) -> Result<Self, LockError> {
        let wrong = |reason: String| LockError { path: path.to_owned(), reason };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Self { path: path.to_owned(), pins: Vec::new() });
            }
            Err(error) => return Err(wrong(format!("cannot be read: {error}"))),
        };
        let file: File = serde_json::from_slice(&bytes)
            .map_err(|e| wrong(format!("is damaged: {e}; remove it and trust your plugins again")))?;
        if file.form != FORM {
            return Err(wrong(format!("has form {}, this casemill reads form {FORM}", file.form)));
        }
        Ok(Self { path: path.to_owned(), pins: file.plugins })
    }

    /// Writes the lock, whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn write(&self) -> Result<(), LockError> {
        let wrong =
            |error: io::Error| LockError { path: self.path.clone(), reason: format!("cannot be written: {error}") };
        let folder = self.folder();
        std::fs::create_dir_all(folder).map_err(wrong)?;
        let mut pins = self.pins.clone();
        pins.sort_by(|a, b| a.file.cmp(&b.file));
        let mut json = serde_json::to_vec_pretty(&File { form: FORM, plugins: pins }).unwrap_or_default();
        json.push(b'\n');
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
        file.write_all(&json).map_err(wrong)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // A lock beside plugins is read by all who use them; only its owner writes it.
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(wrong)?;
        }
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(&self.path).map_err(|e| wrong(e.error))?;
        Ok(())
    }

    /// The file of the lock.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// How the lock names a file.
    fn name_of(&self, file: &Path) -> String {
        let here = self.folder().canonicalize().ok();
        match file.file_name() {
            Some(name) if here.is_some() && file.parent() == here.as_deref() => name.to_string_lossy().into_owned(),
            _ => file.to_string_lossy().into_owned(),
        }
    }

    /// The pin that names this file, whatever its hash.
    pub fn naming(&self, file: &Path) -> Option<&Pin> {
        let name = self.name_of(file);
        self.pins.iter().find(|p| p.file == name)
    }

    /// The pin of these bytes, under whatever name: trust is in the bytes. The one that names `file` comes first.
    pub fn pinning(&self, file: &Path, sha256: &str) -> Option<&Pin> {
        let pins = || self.pins.iter().filter(|p| p.sha256 == sha256);
        let name = self.name_of(file);
        pins().find(|p| p.file == name).or_else(|| pins().next())
    }

    /// Adds a pin in place of one of the same file.
    pub fn pin(&mut self, file: &Path, mut pin: Pin) {
        pin.file = self.name_of(file);
        self.pins.retain(|p| p.file != pin.file);
        self.pins.push(pin);
    }

    /// Takes away the pins of a file. False if there was none.
    pub fn unpin(&mut self, file: &Path) -> bool {
        let (name, before) = (self.name_of(file), self.pins.len());
        self.pins.retain(|p| p.file != name);
        self.pins.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(sha256: &str) -> Pin {
        Pin {
            file: String::new(),
            sha256: sha256.into(),
            abi: "1.0".into(),
            stamp: Stamp::default(),
            casemill: "0.1.0".into(),
            description: Description { id: "a".into(), ..Description::default() },
        }
    }

    #[test]
    fn a_lock_is_written_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().canonicalize().unwrap();
        let path = here.join("deep").join(LOCK_FILE);
        let mut lock = Lock::read(&path).unwrap();
        assert!(lock.pinning(Path::new("/x/a.cmplugin"), "11").is_none());
        lock.pin(Path::new("/x/a.cmplugin"), pin("11"));
        lock.write().unwrap();
        lock.pin(&here.join("deep/b.cmplugin"), pin("22"));
        lock.pin(&here.join("deep/b.cmplugin"), pin("33"));
        lock.write().unwrap();
        let read = Lock::read(&path).unwrap();
        let names: Vec<&str> = read.pins.iter().map(|p| p.file.as_str()).collect();
        assert_eq!(names, ["/x/a.cmplugin", "b.cmplugin"]);
        assert_eq!(read.naming(&here.join("deep/b.cmplugin")).unwrap().sha256, "33");
        // The same bytes elsewhere are the same plugin.
        assert!(read.pinning(Path::new("/elsewhere.cmplugin"), "11").is_some());
        assert!(read.pinning(&here.join("deep/b.cmplugin"), "22").is_none());
        assert!(lock.unpin(Path::new("/x/a.cmplugin")) && !lock.unpin(Path::new("/x/a.cmplugin")));
    }

    #[test]
    fn a_damaged_lock_is_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(LOCK_FILE);
        std::fs::write(&path, "{\"form\":1,\"plug").unwrap();
        assert!(Lock::read(&path).unwrap_err().to_string().contains("is damaged"));
        std::fs::write(&path, "{\"form\":9,\"plugins\":[]}").unwrap();
        assert!(Lock::read(&path).unwrap_err().to_string().contains("form 9"));
    }
}
