//! Scratch folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// An empty folder that goes with the test.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Folder {
    /// Makes one.
    pub fn new() -> Self {
        Self(tempfile::Builder::new().prefix("casemill-e2e-").tempdir().expect("a temporary folder can be made"))
    }

    /// The folder, or what is called `name` in it.
    pub fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.0.path().to_owned() } else { self.0.path().join(name) }
    }

    /// The same as text, for arguments.
    pub fn arg(&self, name: &str) -> String {
        self.path(name).to_str().expect("names of tests are text").to_owned()
    }

    /// Writes a file, with the folders it lies in.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(&path, bytes).expect("a file can be written");
        self.arg(name)
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}; there is {:?}", files(&self.path(""))))
    }

    /// Reads a file of JSON.
    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&self.read(name)).unwrap_or_else(|e| panic!("{name} is not JSON: {e}"))
    }

    /// Names of all files in it, see [`files`].
    pub fn files(&self) -> Vec<String> {
        files(&self.path(""))
    }
}

/// Names of all files below a folder, sorted, hidden ones too.
pub fn files(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().collect()
}

fn contents(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut out = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|e| panic!("{}: {e}", next.display())).flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
                out.insert(name, path);
            }
        }
    }
    out
}

/// Fails unless two folders hold the same files with the same bytes.
pub fn same(left: &Path, right: &Path, what: &str) {
    let (a, b) = (contents(left), contents(right));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{what}: not the same files");
    assert!(!a.is_empty(), "{what}: there are no files");
    for (name, path) in &a {
        let bytes = |path: &Path| fs::read(path).expect("a file that was listed can be read");
        assert!(bytes(path) == bytes(&b[name]), "{what}: {name} differs");
    }
}
