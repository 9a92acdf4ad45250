//! Which plugin files may run, and what is known of them without running them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use casemill_plugin_abi::message::Description;

use crate::discover::{Trouble, acceptable, installed_folder};
use crate::image::{Contents, Stamp};
use crate::lock::{LOCK_FILE, Lock, LockError, Pin};
use crate::session::{CallError, Described, Limits, describe_in};
use crate::worker::Worker;

/// Version that descriptions are kept for.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How a plugin file came into sight. It decides whether the file needs a pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user named the file: it runs; without a pin there is a warning.
    Named,
    /// It lies beside the program and is part of the installation: who can write there can exchange the program.
    Installed,
    /// The user named its folder on this command line.
    Folder,
    /// It lies in a folder that is searched without being named: it needs a pin.
    Found,
}

impl Origin {
    /// One word for lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Installed => "installed",
            Self::Folder => "folder",
            Self::Found => "found",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is to be done with a plugin file.
#[derive(Debug)]
pub(crate) struct Decision {
    /// The bytes that may be loaded.
    pub(crate) contents: Contents,
    /// True if a lock pins these bytes.
    pub(crate) pinned: bool,
    /// What a lock knows of the plugin, if this version of casemill asked.
    pub(crate) known: Option<Described>,
    /// What the user should hear of it.
    pub(crate) warning: Option<String>,
}

/// Why a plugin file must not run, or cannot.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    /// True if nothing says that it may run; false if it cannot even be read.
    pub(crate) refused: bool,
}

/// The locks that count.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    user: Lock,
    installed: Lock,
    /// Locks beside plugins by folder.
    beside: BTreeMap<PathBuf, Lock>,
    /// Locks that cannot be used.
    pub(crate) errors: Vec<LockError>,
}

impl Locks {
    /// Reads the user's lock and that of the installation.
    pub(crate) fn read() -> Self {
        let mut locks = Self::default();
        if let Some(path) = Lock::of_user() {
            locks.user = locks.load(&path);
        }
        if let Some(folder) = installed_folder() {
            locks.installed = locks.load(&folder.join(LOCK_FILE));
        }
        locks
    }

    fn load(&mut self, path: &Path) -> Lock {
        Lock::read(path).unwrap_or_else(|error| {
            self.errors.push(error);
            Lock::default()
        })
    }

    /// Decides on a file. The reason if it must not run.
    pub(crate) fn decide(&mut self, file: &Path, origin: Origin) -> Result<Decision, Refusal> {
        let unreadable = |reason: String| Refusal { reason, refused: false };
        let untrusted = |reason: String| Refusal { reason, refused: true };
        let stamp = Stamp::of(file).map_err(|e| unreadable(format!("cannot be read: {e}")))?;
        let placed = matches!(origin, Origin::Installed | Origin::Folder);
        let folder = file.parent().unwrap_or(file).to_owned();
        // A lock beside plugins says nothing in a folder that is only searched: who put the plugin there wrote it.
        if placed && !self.beside.contains_key(&folder) {
            let lock = self.load(&folder.join(LOCK_FILE));
            self.beside.insert(folder.clone(), lock);
        }
        let beside = self.beside.get(&folder).filter(|_| placed);
        let trusted = [&self.user, &self.installed];
        let all = || trusted.into_iter().chain(beside);

        // What needs no pin is loaded from where it lies; what needs one is taken into memory and hashed there.
        let mut contents = Contents::new(file);
        if placed {
            contents = contents.original();
        }
        // A file that has not been touched since it was hashed is listed without reading it.
        let mut named = all().filter_map(|l| l.naming(file)).peekable();
        let no_lock_names_it = named.peek().is_none();
        if let Some(pin) = named.find(|p| p.stamp == stamp) {
            contents = contents.expect(&pin.sha256);
        }
        if placed && no_lock_names_it {
            return Ok(Decision { contents, pinned: false, known: None, warning: None });
        }
        let sha256 = match contents.sha256() {
            Ok(sha256) => sha256.to_owned(),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let pin = all().find_map(|lock| lock.pinning(file, &sha256));
        let trust = || format!("`casemill plugins trust {}`", quoted(file));
        let other = |lock: &Lock| {
            lock.naming(file).map(|p| format!("sha256 {} then, {} now", short(&p.sha256), short(&sha256)))
        };
        let mut warning = None;
        if pin.is_none() {
            match origin {
                Origin::Found => {
                    return Err(untrusted(match other(&self.user) {
                        Some(hashes) => format!(
                            "has changed since it was trusted ({hashes}) and is not used; if the change is yours: {}",
                            trust()
                        ),
                        None => format!(
                            "is not trusted: it was found by search and no lock pins it; if you know what it is: {}",
                            trust()
                        ),
                    }));
                }
                Origin::Installed | Origin::Folder => {
                    if let Some(hashes) = beside.and_then(other) {
                        return Err(untrusted(format!(
                            "is not the file that {LOCK_FILE} beside it pins ({hashes}): damaged, exchanged or half \
                             upgraded, and not used; if the change is yours: {}",
                            trust()
                        )));
                    }
                }
                Origin::Named => {
                    let what = match other(&self.user) {
                        Some(hashes) => format!("has changed since it was trusted ({hashes})"),
                        None => "is not trusted".to_owned(),
                    };
                    warning = Some(format!("{what}; it runs because --plugin names it; to pin it: {}", trust()));
                }
            }
        }
        let known = pin.filter(|p| p.casemill == VERSION).and_then(|p| {
            let (_, minor) = p.abi.split_once('.')?;
            Some(Described { description: p.description.clone(), abi_minor: minor.parse().ok()? })
        });
        Ok(Decision { contents, pinned: pin.is_some(), known, warning })
    }
}

/// Enough of a hash to tell two apart.
fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+@%:,=".contains(&b)) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A plugin that was pinned.
#[derive(Clone, Debug)]
pub struct Trusted {
    /// Its file.
    pub path: PathBuf,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// What it says of itself.
    pub description: Description,
}

/// Asks each file what it is, in a worker, and pins it in the lock at `path`. All files or none: the lock is written
/// only if each is a plugin that can be used.
///
/// # Errors
/// The files that cannot be used, or what is wrong with the lock.
pub fn trust(path: &Path, files: &[PathBuf], limits: &Limits) -> Result<Vec<Trusted>, Vec<Trouble>> {
    let locked = |error: LockError| vec![Trouble::new(&error.path, error.reason)];
    let mut lock = Lock::read(path).map_err(locked)?;
    let (mut trusted, mut troubles) = (Vec::new(), Vec::new());
    for file in files {
        match examine(file, limits) {
            Ok((path, pin)) => {
                trusted.push(Trusted {
                    path: path.clone(),
                    sha256: pin.sha256.clone(),
                    description: pin.description.clone(),
                });
                lock.pin(&path, pin);
            }
            Err(reason) => troubles.push(Trouble::new(file, reason)),
        }
    }
    if !troubles.is_empty() {
        return Err(troubles);
    }
    lock.write().map_err(locked)?;
    Ok(trusted)
}

/// Takes the pins of files away from the lock at `path`.
///
/// # Errors
/// A file that is not pinned, or what is wrong with the lock.
pub fn distrust(path: &Path, files: &[PathBuf]) -> Result<(), Vec<Trouble>> {
    let locked = |error: LockError| vec![Trouble::new(&error.path, error.reason)];
    let mut lock = Lock::read(path).map_err(locked)?;
    let mut troubles = Vec::new();
    for file in files {
        // The file itself may be gone.
        let name = file.canonicalize().or_else(|_| std::path::absolute(file)).unwrap_or_else(|_| file.clone());
        if !lock.unpin(&name) {
            troubles.push(Trouble::new(file, format!("{} does not pin it", path.display())));
        }
    }
    if !troubles.is_empty() {
        return Err(troubles);
    }
    lock.write().map_err(locked)
}

fn examine(file: &Path, limits: &Limits) -> Result<(PathBuf, Pin), String> {
    let path = file.canonicalize().map_err(|e| format!("cannot be opened: {e}"))?;
    let stamp = Stamp::of(&path).map_err(|e| format!("cannot be read: {e}"))?;
    let contents = Contents::new(&path);
    let sha256 = contents.sha256().map_err(|e| e.to_string())?.to_owned();
    let describe = || -> Result<Described, CallError> {
        contents.image().map_err(CallError::Load)?;
        let mut worker = Worker::start(limits).map_err(CallError::Start)?;
        describe_in(&mut worker, &contents, limits)
    };
    let described = describe().map_err(|e| e.to_string()).and_then(acceptable)?;
    let pin = Pin {
        file: String::new(),
        sha256,
        abi: format!("1.{}", described.abi_minor),
        stamp,
        casemill: VERSION.to_owned(),
        description: described.description,
    };
    Ok((path, pin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        assert_eq!(quoted(Path::new("/a/b-1.cmplugin")), "/a/b-1.cmplugin");
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }

    #[test]
    fn a_lock_beside_a_plugin_pins_only_where_the_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().canonicalize().unwrap();
        let file = here.join("a.cmplugin");
        std::fs::write(&file, "bytes").unwrap();
        let pin = Pin {
            file: String::new(),
            sha256: Contents::new(&file).sha256().unwrap().to_owned(),
            abi: "1.0".into(),
            stamp: Stamp::of(&file).unwrap(),
            casemill: VERSION.into(),
            description: Description { id: "a".into(), ..Description::default() },
        };
        let mut lock = Lock::read(&here.join(LOCK_FILE)).unwrap();
        lock.pin(&file, pin.clone());
        lock.write().unwrap();

        let decide = |origin| Locks::default().decide(&file, origin);
        assert!(decide(Origin::Found).unwrap_err().reason.contains("is not trusted"));
        assert!(decide(Origin::Folder).unwrap().known.is_some());
        // A file of other bytes; another plugin beside it needs no pin.
        std::fs::write(&file, "other").unwrap();
        assert!(
            decide(Origin::Installed).unwrap_err().reason.contains("is not the file that plugins.lock beside it pins")
        );
        assert!(decide(Origin::Named).unwrap().warning.unwrap().contains("is not trusted"));
        std::fs::write(here.join("b.cmplugin"), "more").unwrap();
        let other = Locks::default().decide(&here.join("b.cmplugin"), Origin::Folder).unwrap();
        assert!(!other.pinned && other.known.is_none() && other.warning.is_none());

        // The user's own lock holds everywhere.
        let mut user = Lock::default();
        user.pin(&file, Pin { sha256: Contents::new(&file).sha256().unwrap().to_owned(), ..pin });
        for origin in [Origin::Found, Origin::Named, Origin::Installed] {
            let decision = Locks { user: user.clone(), ..Locks::default() }.decide(&file, origin).unwrap();
            assert!(decision.pinned && decision.warning.is_none(), "{origin}");
        }
        std::fs::write(&file, "a third").unwrap();
        let mut locks = Locks { user, ..Locks::default() };
        assert!(locks.decide(&file, Origin::Found).unwrap_err().reason.contains("has changed since it was trusted"));
    }
}
