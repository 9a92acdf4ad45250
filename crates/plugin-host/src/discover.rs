//! Which plugins there are.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use case_model::MODEL_VERSION;
use casemill_plugin_abi::message::{Component, Description, Signature};
use casemill_plugin_abi::{ABI_MINOR, EXTENSION};

use crate::image::{Contents, Stamp};
use crate::session::{CallError, Described, Limits, Transport, describe_here, describe_in};
use crate::sniff;
use crate::trust::{Decision, Locks, Origin, Refusal};
use crate::worker::Worker;

/// Where plugins are looked for, in order of precedence. The current directory is never searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPath {
    /// Files named by the user.
    pub files: Vec<PathBuf>,
    /// Folders named by the user.
    pub folders: Vec<PathBuf>,
    /// Folders that nobody named.
    pub usual: Vec<(PathBuf, Origin)>,
}

impl SearchPath {
    /// Adds the usual places: `CASEMILL_PLUGIN_PATH`, `plugins` beside the executable, the user's data folder.
    #[must_use]
    pub fn with_usual_places(mut self) -> Self {
        if let Some(list) = std::env::var_os("CASEMILL_PLUGIN_PATH") {
            let named = std::env::split_paths(&list).filter(|p| !p.as_os_str().is_empty());
            self.usual.extend(named.map(|p| (p, Origin::Found)));
        }
        self.usual.extend(installed_folder().map(|p| (p, Origin::Installed)));
        let data = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")));
        self.usual.extend(data.map(|p| (p.join("casemill/plugins"), Origin::Found)));
        self
    }
}

/// `plugins` beside the executable.
pub(crate) fn installed_folder() -> Option<PathBuf> {
    let executable = std::env::current_exe().and_then(|p| p.canonicalize()).ok()?;
    Some(executable.parent()?.join("plugins"))
}

/// A plugin file.
#[derive(Clone, Debug)]
pub struct PluginFile {
    /// Absolute path.
    pub path: PathBuf,
    /// How it came into sight.
    pub origin: Origin,
    /// True if a lock pins its bytes.
    pub pinned: bool,
    pub(crate) contents: Arc<Contents>,
}

impl PluginFile {
    /// SHA-256 of the bytes; reads them if no lock knows it.
    pub fn sha256(&self) -> Option<&str> {
        self.contents.sha256().ok()
    }

    /// What tells this file from another build of the same version: its hash if that is known, or size and time of
    /// change.
    pub fn identity(&self) -> String {
        match self.contents.known_sha256() {
            Some(sha256) => sha256.to_owned(),
            None => Stamp::of(&self.path).map(|s| format!("{} {}", s.size, s.modified)).unwrap_or_default(),
        }
    }
}

/// A plugin that can be used.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// Its file.
    pub file: PluginFile,
    /// What it says of itself.
    pub description: Description,
}

/// A plugin that is not used because another with its id was found first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// Its file.
    pub path: PathBuf,
    /// The id.
    pub id: String,
    /// The file that is used.
    pub by: PathBuf,
}

/// A file that looks like a plugin and is not used, or something else to say of it.
#[derive(Debug)]
pub struct Trouble {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
    /// True if it was not even tried, because nothing says that it may run.
    pub refused: bool,
    /// True if the user named the file itself.
    pub named: bool,
}

impl Trouble {
    pub(crate) fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), reason: printable(&reason.into()), refused: false, named: false }
    }
}

/// Text of a plugin or of the system as one line that does nothing to a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// All plugins found.
#[derive(Debug, Default)]
pub struct Registry {
    /// Usable plugins by id.
    pub plugins: Vec<Plugin>,
    /// Plugins whose id was taken.
    pub shadowed: Vec<Shadowed>,
    /// Files that cannot be used or must not.
    pub troubles: Vec<Trouble>,
    /// What is to be told of files and locks although the plugins are used.
    pub warnings: Vec<Trouble>,
}

impl Registry {
    /// Looks for plugins and asks each what it is, unless a lock knows. What cannot be used is listed, not an error.
    pub fn discover(search: &SearchPath, transport: Transport, limits: &Limits) -> Self {
        let mut registry = Self::default();
        let found: Vec<Candidate> = registry.allowed(search);
        // Workers inherit the bytes of the plugins that were there when they started.
        for candidate in found.iter().filter(|c| c.known.is_none()) {
            let _ = candidate.file.contents.image();
        }
        let mut worker: Option<Worker> = None;
        let mut by_id: HashMap<String, PathBuf> = HashMap::new();
        for Candidate { file, known } in found {
            let described = match (known, transport) {
                (Some(known), _) => Ok(known),
                (None, Transport::InProcess) => describe_here(&file.contents, limits),
                (None, Transport::Worker) => describe_with(&mut worker, &file.contents, limits),
            };
            let described = match described.map_err(trouble).and_then(acceptable) {
                Ok(described) => described,
                Err(reason) => {
                    let named = file.origin == Origin::Named;
                    registry.troubles.push(Trouble { named, ..Trouble::new(&file.path, reason) });
                    continue;
                }
            };
            let Described { description, abi_minor } = described;
            if let Some(by) = by_id.get(&description.id) {
                registry.shadowed.push(Shadowed { path: file.path, id: description.id, by: by.clone() });
                continue;
            }
            if abi_minor > ABI_MINOR {
                let newer = format!(
                    "is built for plugin ABI 1.{abi_minor}, this casemill has 1.{ABI_MINOR}; what is newer in it is not used"
                );
                registry.warnings.push(Trouble::new(&file.path, newer));
            }
            by_id.insert(description.id.clone(), file.path.clone());
            registry.plugins.push(Plugin { file, description });
        }
        registry.plugins.sort_by(|a, b| a.description.id.cmp(&b.description.id));
        registry
    }

    /// Files that may run; the others are told.
    fn allowed(&mut self, search: &SearchPath) -> Vec<Candidate> {
        let mut locks = Locks::read();
        let mut out = Vec::new();
        for (path, origin) in self.files(search) {
            match locks.decide(&path, origin) {
                Ok(Decision { contents, pinned, known, warning }) => {
                    self.warnings.extend(warning.map(|w| Trouble::new(&path, w)));
                    let file = PluginFile { path, origin, pinned, contents: Arc::new(contents) };
                    out.push(Candidate { file, known });
                }
                Err(Refusal { reason, refused }) => {
                    let named = origin == Origin::Named;
                    self.troubles.push(Trouble { refused, named, ..Trouble::new(&path, reason) });
                }
            }
        }
        self.warnings.extend(locks.errors.iter().map(|e| Trouble::new(&e.path, e.reason.as_str())));
        out
    }

    fn files(&mut self, search: &SearchPath) -> Vec<(PathBuf, Origin)> {
        let mut out: Vec<(PathBuf, Origin)> = Vec::new();
        let mut add = |path: PathBuf, origin: Origin| {
            if !out.iter().any(|(p, _)| *p == path) {
                out.push((path, origin));
            }
        };
        for file in &search.files {
            match file.canonicalize() {
                Ok(path) => add(path, Origin::Named),
                Err(error) => {
                    let reason = format!("cannot be opened: {error}");
                    self.troubles.push(Trouble { named: true, ..Trouble::new(file, reason) });
                }
            }
        }
        let named = search.folders.iter().map(|f| (f, Origin::Folder));
        for (folder, origin) in named.chain(search.usual.iter().map(|(f, o)| (f, *o))) {
            // A folder that does not exist has no plugins.
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            let mut found: Vec<PathBuf> = entries
                .filter_map(|e| e.ok()?.path().canonicalize().ok())
                .filter(|p| p.extension().is_some_and(|e| e == EXTENSION) && p.is_file())
                .collect();
            found.sort();
            found.into_iter().for_each(|path| add(path, origin));
        }
        out
    }

    /// The plugin of that id.
    pub fn plugin(&self, id: &str) -> Option<&Plugin> {
        self.plugins.iter().find(|p| p.description.id == id)
    }

    /// All components of a kind with their plugins, in the order of plugin ids.
    pub fn components<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a Plugin, &'a Component)> {
        self.plugins
            .iter()
            .flat_map(|p| p.description.components.iter().map(move |c| (p, c)))
            .filter(move |(_, c)| c.kind == kind)
    }

    /// The exporter of a format.
    pub fn exporter(&self, format: &str) -> Option<(&Plugin, &Component)> {
        self.components("exporter").find(|(_, c)| c.format.as_ref().is_some_and(|f| f.name == format))
    }

    /// The reader whose signature fits the input best, with the media type that the signature stands for.
    pub fn reader_for(&self, bytes: &[u8]) -> Option<(&Plugin, &Component, &Signature)> {
        let head = sniff::head(bytes);
        let mut best: Option<(usize, (&Plugin, &Component, &Signature))> = None;
        for (plugin, component) in self.components("reader") {
            for signature in &component.signatures {
                if let Some(weight) = fits(signature, &head)
                    && best.as_ref().is_none_or(|(other, _)| weight > *other)
                {
                    best = Some((weight, (plugin, component, signature)));
                }
            }
        }
        best.map(|(_, found)| found)
    }
}

/// How much of a signature the beginning of an input matches; `None` if it does not.
fn fits(signature: &Signature, head: &[u8]) -> Option<usize> {
    let body = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let holds = |needle: &str| needle.is_empty() || head.windows(needle.len()).any(|w| w == needle.as_bytes());
    let fits = body.starts_with(signature.starts_with.as_bytes())
        && holds(&signature.contains)
        && !(signature.text && (head.iter().any(sniff::is_control) || sniff::only_seems_text(head)));
    fits.then(|| signature.starts_with.len() + signature.contains.len())
}

/// A file that may run, with what a lock knows of it.
struct Candidate {
    file: PluginFile,
    known: Option<Described>,
}

fn describe_with(worker: &mut Option<Worker>, contents: &Contents, limits: &Limits) -> Result<Described, CallError> {
    contents.image().map_err(CallError::Load)?;
    let running = match worker {
        Some(running) => running,
        None => worker.insert(Worker::start(limits).map_err(CallError::Start)?),
    };
    let described = describe_in(running, contents, limits);
    if described.is_err() {
        // The next plugin gets a fresh worker.
        *worker = None;
    }
    described
}

/// Why a plugin could not be asked what it is.
fn trouble(error: CallError) -> String {
    match error {
        CallError::Died { .. } => format!("{error}; the file may be cut off or damaged"),
        error => error.to_string(),
    }
}

/// Refuses descriptions that the host cannot work with.
pub(crate) fn acceptable(mut described: Described) -> Result<Described, String> {
    let description = &mut described.description;
    let word = |text: &str| {
        !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !word(&description.id) {
        return Err(format!("its id {:?} is not made of small letters, digits and hyphens", cut(&description.id)));
    }
    let version = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let (Some(theirs), Some(ours)) = (version(&description.model), version(MODEL_VERSION)) else {
        return Err(format!("its model version {:?} is not MAJOR.MINOR", cut(&description.model)));
    };
    if theirs.0 != ours.0 || theirs.1 > ours.1 {
        return Err(format!(
            "it is built for model version {}, this casemill has {MODEL_VERSION}; use a matching plugin or casemill",
            description.model
        ));
    }
    for component in &description.components {
        if component.kind == "exporter" {
            let Some(format) = &component.format else {
                return Err(format!("its exporter {:?} does not say which format it writes", cut(&component.id)));
            };
            if !word(&format.name.replace(['_', '.'], "-")) {
                return Err(format!("its format {:?} is not a name for `--to`", cut(&format.name)));
            }
        }
    }
    // These go to terminals.
    let components = description.components.iter_mut().flat_map(|c| [&mut c.id, &mut c.kind, &mut c.summary]);
    for text in components.chain([&mut description.version, &mut description.summary]) {
        if text.contains(char::is_control) {
            *text = printable(text);
        }
    }
    Ok(described)
}

/// Not more of a plugin's words than a line holds.
fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_signature_wins() {
        let text = Signature { media_type: "text/plain".into(), text: true, ..Signature::default() };
        let xml = Signature { starts_with: "<".into(), contains: "<article".into(), ..Signature::default() };
        let input = b"\xef\xbb\xbf <?xml?><article>";
        assert_eq!(fits(&text, input), Some(0));
        assert_eq!(fits(&xml, input), Some(9));
        assert_eq!(fits(&xml, b"An <article"), None);
        assert_eq!(fits(&text, b"\x00\x01"), None);
    }

    #[test]
    fn descriptions_of_another_model_are_refused() {
        let accept = |id: &str, model: &str| {
            let description = Description { id: id.into(), model: model.into(), ..Description::default() };
            acceptable(Described { description, abi_minor: 0 })
        };
        assert!(accept("x", "1.0").is_ok());
        assert!(accept("x", "2.0").unwrap_err().contains("model version 2.0"));
        assert!(accept("x", "1.9").is_err());
        assert!(accept("x", "one").is_err());
        assert!(accept("No Good", "1.0").is_err());
    }
}
