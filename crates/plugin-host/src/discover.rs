//! Which plugins there are.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use case_model::MODEL_VERSION;
use casemill_plugin_abi::EXTENSION;
use casemill_plugin_abi::message::{Component, Description, Signature};

use crate::session::{CallError, Limits, Transport, describe_here, describe_in};
use crate::sniff;
use crate::worker::Worker;

/// Where plugins are looked for, in order of precedence. The current directory is never searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPath {
    /// Files named by the user.
    pub files: Vec<PathBuf>,
    /// Folders.
    pub folders: Vec<PathBuf>,
}

impl SearchPath {
    /// Adds the usual places: `CASEMILL_PLUGIN_PATH`, `plugins` beside the executable, the user's data folder.
    #[must_use]
    pub fn with_usual_places(mut self) -> Self {
        if let Some(list) = std::env::var_os("CASEMILL_PLUGIN_PATH") {
            self.folders.extend(std::env::split_paths(&list).filter(|p| !p.as_os_str().is_empty()));
        }
        let executable = std::env::current_exe().and_then(|p| p.canonicalize());
        self.folders.extend(executable.ok().and_then(|p| Some(p.parent()?.join("plugins"))));
        let data = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")));
        self.folders.extend(data.map(|p| p.join("casemill/plugins")));
        self
    }
}

/// A plugin file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginFile {
    /// Absolute path.
    pub path: PathBuf,
    /// True if the user named the file itself.
    pub named: bool,
}

/// A plugin that can be used.
#[derive(Clone, Debug, PartialEq)]
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

/// A file that looks like a plugin and cannot be used.
#[derive(Debug)]
pub struct Trouble {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
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
    /// Files that cannot be used.
    pub troubles: Vec<Trouble>,
}

impl Registry {
    /// Looks for plugins and asks each what it is. What cannot be used is listed, not an error.
    pub fn discover(search: &SearchPath, transport: Transport, limits: &Limits) -> Self {
        let mut registry = Self::default();
        let files = registry.files(search);
        let mut worker: Option<Worker> = None;
        let mut by_id: HashMap<String, PathBuf> = HashMap::new();
        for file in files {
            let described = match transport {
                Transport::InProcess => describe_here(&file.path, limits),
                Transport::Worker => describe_with(&mut worker, &file.path, limits),
            };
            match described.map_err(trouble).and_then(acceptable) {
                Ok(description) => match by_id.get(&description.id) {
                    Some(by) => {
                        let id = description.id;
                        registry.shadowed.push(Shadowed { path: file.path, id, by: by.clone() });
                    }
                    None => {
                        by_id.insert(description.id.clone(), file.path.clone());
                        registry.plugins.push(Plugin { file, description });
                    }
                },
                Err(reason) => registry.troubles.push(Trouble { path: file.path, reason }),
            }
        }
        registry.plugins.sort_by(|a, b| a.description.id.cmp(&b.description.id));
        registry
    }

    fn files(&mut self, search: &SearchPath) -> Vec<PluginFile> {
        let mut out: Vec<PluginFile> = Vec::new();
        let mut add = |path: PathBuf, named: bool| {
            if !out.iter().any(|f| f.path == path) {
                out.push(PluginFile { path, named });
            }
        };
        for file in &search.files {
            match file.canonicalize() {
                Ok(path) => add(path, true),
                Err(error) => {
                    self.troubles.push(Trouble { path: file.clone(), reason: format!("cannot be opened: {error}") })
                }
            }
        }
        for folder in &search.folders {
            // A folder that does not exist has no plugins.
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            let mut found: Vec<PathBuf> = entries
                .filter_map(|e| e.ok()?.path().canonicalize().ok())
                .filter(|p| p.extension().is_some_and(|e| e == EXTENSION) && p.is_file())
                .collect();
            found.sort();
            found.into_iter().for_each(|path| add(path, false));
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

fn describe_with(worker: &mut Option<Worker>, path: &Path, limits: &Limits) -> Result<Description, CallError> {
    let running = match worker {
        Some(running) => running,
        None => worker.insert(Worker::start(path).map_err(CallError::Start)?),
    };
    let described = describe_in(running, path, limits);
    if let Err(CallError::Died { .. } | CallError::Deadline(_) | CallError::Contract(_)) = &described {
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
fn acceptable(description: Description) -> Result<Description, String> {
    let id_ok = !description.id.is_empty()
        && description.id.len() <= 64
        && description.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !id_ok {
        return Err(format!("its id {:?} is not made of small letters, digits and hyphens", description.id));
    }
    let version = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let (Some(theirs), Some(ours)) = (version(&description.model), version(MODEL_VERSION)) else {
        return Err(format!("its model version {:?} is not MAJOR.MINOR", description.model));
    };
    if theirs.0 != ours.0 || theirs.1 > ours.1 {
        return Err(format!(
            "it is built for model version {}, this casemill has {MODEL_VERSION}; use a matching plugin or casemill",
            description.model
        ));
    }
    if let Some(c) = description.components.iter().find(|c| c.kind == "exporter" && c.format.is_none()) {
        return Err(format!("its exporter {:?} does not say which format it writes", c.id));
    }
    Ok(description)
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
        let description = |model: &str| Description { id: "x".into(), model: model.into(), ..Description::default() };
        assert!(acceptable(description("1.0")).is_ok());
        assert!(acceptable(description("2.0")).unwrap_err().contains("model version 2.0"));
        assert!(acceptable(description("1.9")).is_err());
        assert!(acceptable(description("one")).is_err());
        assert!(
            acceptable(Description { id: "No Good".into(), model: "1.0".into(), ..Description::default() }).is_err()
        );
    }
}
