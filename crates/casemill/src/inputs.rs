//! INPUT arguments to a list of inputs, and inputs to bytes.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// An input as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// Name for messages and outputs.
    pub(crate) name: String,
    /// The file; `None` for standard input.
    pub(crate) path: Option<PathBuf>,
    /// True if it was found in a folder: then it is passed over when no reader knows it.
    pub(crate) from_folder: bool,
}

/// Why an input gives no bytes.
#[derive(Debug)]
pub(crate) enum InputError {
    /// The system cannot open or read it.
    Io(io::Error),
    /// A folder or pattern without files.
    Nothing(&'static str),
    /// A pattern that is none.
    Pattern(String),
    /// It is larger than allowed.
    TooLarge {
        /// Its size, if known.
        size: Option<u64>,
        /// The limit.
        limit: u64,
    },
    /// There is nothing in it.
    Empty,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                f.write_str("there is no such file or folder")
            }
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::Nothing(what) => write!(f, "{what}"),
            Self::Pattern(error) => write!(f, "is not a pattern: {error}"),
            Self::TooLarge { size, limit } => {
                let mib = |n: u64| n as f64 / f64::from(1 << 20);
                match size {
                    Some(size) => write!(f, "has {:.1} MiB", mib(*size))?,
                    None => f.write_str("goes on")?,
                }
                write!(
                    f,
                    " and the limit for one report is {:.1} MiB; if it is one report, raise the limit with --max-size",
                    mib(*limit)
                )
            }
            Self::Empty => f.write_str("the input is empty"),
        }
    }
}

/// Inputs in the order in which they are handled, and arguments that name none.
pub(crate) fn find(arguments: &[PathBuf]) -> (Vec<Input>, Vec<(String, InputError)>) {
    let mut found: Vec<Input> = Vec::new();
    let mut failed = Vec::new();
    for path in arguments {
        let argument = name(path);
        if argument == "-" {
            match found.iter().any(|i| i.path.is_none()) {
                true => failed.push((argument, InputError::Nothing("it can be read only once"))),
                false => found.push(Input { name: argument, path: None, from_folder: false }),
            }
        } else if path.is_dir() {
            match files_of(path) {
                Ok(files) if files.is_empty() => {
                    failed.push((argument, InputError::Nothing("the folder holds no file")))
                }
                Ok(files) => {
                    found.extend(files.into_iter().map(|p| Input { name: name(&p), path: Some(p), from_folder: true }))
                }
                Err(error) => failed.push((argument, InputError::Io(error))),
            }
        } else if fs::symlink_metadata(path).is_err() && argument.contains(['*', '?', '[']) {
            match glob::glob(&argument) {
                Ok(paths) => {
                    let mut files: Vec<PathBuf> = paths.flatten().filter(|p| p.is_file()).collect();
                    files.sort();
                    if files.is_empty() {
                        failed.push((argument, InputError::Nothing("no file fits the pattern")));
                    }
                    found.extend(files.into_iter().map(|p| Input {
                        name: name(&p),
                        path: Some(p),
                        from_folder: false,
                    }));
                }
                Err(error) => failed.push((argument, InputError::Pattern(error.to_string()))),
            }
        } else {
            found.push(Input { name: argument, path: Some(path.to_owned()), from_folder: false });
        }
    }
    (found, failed)
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Files of a folder and its folders by name, without hidden ones and without what an earlier run wrote there.
fn files_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    gather(folder, &mut HashSet::new(), &mut out)?;
    Ok(out)
}

fn gather(folder: &Path, written: &mut HashSet<PathBuf>, out: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<_>>()?;
    entries.sort();
    written.extend(casemill_plugin_host::written(folder));
    for path in entries {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden || written.contains(&path) {
            continue;
        }
        // Links are not followed into folders: they may lead back.
        let kind = fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            gather(&path, written, out)?;
        } else if path.is_file() {
            out.push(path);
        }
    }
    Ok(())
}

impl Input {
    /// Its bytes, at most `limit` of them: a larger input is refused before it is in memory.
    pub(crate) fn read(&self, limit: u64) -> Result<Vec<u8>, InputError> {
        let mut bytes = Vec::new();
        match &self.path {
            Some(path) => {
                let metadata = fs::metadata(path).map_err(InputError::Io)?;
                if metadata.is_file() && metadata.len() > limit {
                    return Err(InputError::TooLarge { size: Some(metadata.len()), limit });
                }
                let file = fs::File::open(path).map_err(InputError::Io)?;
                bytes.reserve(usize::try_from(metadata.len().min(limit)).unwrap_or(0) + 1);
                file.take(limit + 1).read_to_end(&mut bytes).map_err(InputError::Io)?;
            }
            None => {
                io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map_err(InputError::Io)?;
            }
        }
        if bytes.len() as u64 > limit {
            return Err(InputError::TooLarge { size: None, limit });
        }
        if bytes.is_empty() {
            return Err(InputError::Empty);
        }
        Ok(bytes)
    }
}
