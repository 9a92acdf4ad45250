//! Starts a plugin: files that build, are tested and run at once.
//!
//! The templates lie in `templates/`; `casemill plugins new` writes them outside the repository, `cargo xtask new` within.

#![forbid(unsafe_code)]

mod name;
pub mod sdk;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use name::{NameError, check_name};

/// What a plugin is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Writes a format
    Exporter,
    /// Checks reports
    Validator,
    /// Finds facts
    Extractor,
    /// Reads a kind of file
    Reader,
}

/// What it is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// A crate that uses the SDK
    #[default]
    Rust,
    /// A C file that uses the header of the contract; exporters only
    C,
}

/// Where a plugin is made.
#[derive(Clone, Copy, Debug)]
pub enum Home<'a> {
    /// Anywhere; the SDK lies here.
    Outside(&'a Path),
    /// In the folder `plugins` of the repository.
    Repository,
}

/// Why a plugin was not made.
#[derive(Debug)]
pub enum Error {
    /// Its name cannot be.
    Name(NameError),
    /// There is no template for it.
    NoTemplate(&'static str),
    /// The folder is there and holds something.
    Exists(PathBuf),
    /// The system refuses.
    Io(PathBuf, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => error.fmt(f),
            Self::NoTemplate(message) => f.write_str(message),
            Self::Exists(path) => write!(
                f,
                "{} is there already and nothing is ever overwritten; choose another name, or another folder with --path",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// A file to write: path within the folder, and text.
pub type File = (String, String);

macro_rules! template {
    ($path:literal) => {
        include_str!(concat!("../templates/", $path, ".in"))
    };
}

/// The files of a plugin.
///
/// # Errors
/// A name that cannot be, a kind that has no template in that language.
pub fn files(kind: Kind, language: Language, name: &str, home: Home<'_>) -> Result<Vec<File>, Error> {
    check_name(name).map_err(Error::Name)?;
    let fill = |template: &str| fill(template, kind, name, home);
    let mut out = Vec::new();
    if language == Language::C {
        if kind != Kind::Exporter {
            return Err(Error::NoTemplate(
                "--lang c makes exporters; write the others in Rust, or start from the exporter and docs/plugin-contract.md",
            ));
        }
        out.push((format!("{name}.c"), fill(template!("c/exporter.c"))));
        out.push(("casemill_plugin.h".into(), casemill_plugin_abi::HEADER.to_owned()));
        out.push(("Makefile".into(), fill(template!("c/Makefile"))));
        out.push(("README.md".into(), fill(template!("c/README.md"))));
        out.push((".gitignore".into(), fill(template!("c/gitignore"))));
        return Ok(out);
    }
    let (source, expected, file) = match kind {
        Kind::Exporter => (template!("rust/exporter.rs"), template!("rust/exporter.expected"), "sample.txt"),
        Kind::Validator => (template!("rust/validator.rs"), template!("rust/validator.expected"), "found.txt"),
        Kind::Extractor => (template!("rust/extractor.rs"), template!("rust/extractor.expected"), "found.txt"),
        Kind::Reader => (template!("rust/reader.rs"), template!("rust/reader.expected"), "sentences.txt"),
    };
    match home {
        Home::Outside(sdk) => {
            out.push(("Cargo.toml".into(), fill(template!("rust/Cargo.toml"))));
            out.push((".gitignore".into(), fill(template!("rust/gitignore"))));
            out.push(("README.md".into(), fill(template!("rust/README.md"))));
            // The versions with which the SDK was tested; cargo drops those that the plugin does not need.
            let lock = sdk.join("Cargo.lock");
            if let Ok(lock) = fs::read_to_string(&lock) {
                out.push(("Cargo.lock".into(), lock));
            }
        }
        Home::Repository => out.push(("Cargo.toml".into(), fill(template!("rust/Cargo.workspace.toml")))),
    }
    out.push(("src/lib.rs".into(), fill(source)));
    out.push((format!("tests/expected/{file}"), fill(expected)));
    Ok(out)
}

fn fill(template: &str, kind: Kind, name: &str, home: Home<'_>) -> String {
    let prefix = match kind {
        Kind::Exporter => "export-",
        Kind::Validator => "validate-",
        Kind::Extractor => "extract-",
        Kind::Reader => "read-",
    };
    let format = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).unwrap_or(name);
    let capitals = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect::<String>())
    };
    let type_name: String = name.split('-').map(capitals).collect();
    let letters: String = format.chars().filter(char::is_ascii_alphabetic).collect();
    let family: String = format!("{letters}XX").chars().take(2).collect::<String>().to_uppercase();
    let library = format!(
        "target/release/{}{}{}",
        std::env::consts::DLL_PREFIX,
        name.replace('-', "_"),
        std::env::consts::DLL_SUFFIX
    );
    let (description, run) = match kind {
        Kind::Exporter => (
            format!("Writes case records as {format}"),
            format!("casemill run letter.txt --plugin {library} --to {format} -o out"),
        ),
        Kind::Validator => {
            ("Checks case reports".to_owned(), format!("casemill validate letter.txt --plugin {library}"))
        }
        Kind::Extractor => {
            ("Adds facts to case records".to_owned(), format!("casemill run letter.txt --plugin {library} -o out"))
        }
        Kind::Reader => {
            (format!("Reads {format} files"), format!("casemill run letter.{format} --plugin {library} -o out"))
        }
    };
    let sdk = match home {
        Home::Outside(sdk) => sdk.to_string_lossy().replace('\\', "/"),
        Home::Repository => String::new(),
    };
    [
        ("{{name}}", name),
        ("{{type}}", &type_name),
        ("{{format}}", format),
        ("{{family}}", &family),
        ("{{library}}", &library),
        ("{{description}}", &description),
        ("{{try}}", &run),
        ("{{sdk}}", &sdk),
        ("{{model}}", case_model::MODEL_VERSION),
    ]
    .into_iter()
    .fold(template.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

/// Writes the files into a folder that does not exist or is empty.
///
/// # Errors
/// The folder holds something, or cannot be written; what was begun is taken away again.
pub fn write(folder: &Path, files: &[File]) -> Result<(), Error> {
    let io = |path: &Path, error| Error::Io(path.to_owned(), error);
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(Error::Exists(folder.to_owned()));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(Error::Exists(folder.to_owned())),
        Err(error) => return Err(io(folder, error)),
    }
    fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
    for (name, text) in files {
        let path = folder.join(name);
        let wrote = (|| {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()))
        })();
        if let Err(error) = wrote {
            // The folder was empty: everything in it is ours.
            let _ = fs::remove_dir_all(folder);
            return Err(io(&path, error));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn no_mark_is_left_unfilled() {
        for kind in Kind::value_variants() {
            for language in Language::value_variants() {
                for home in [Home::Outside(Path::new("/sdk")), Home::Repository] {
                    let Ok(files) = files(*kind, *language, "export-tumour-board", home) else {
                        assert_eq!((*language, *kind == Kind::Exporter), (Language::C, false));
                        continue;
                    };
                    for (name, text) in files {
                        assert!(!text.contains("{{"), "{name}: {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let made = files(Kind::Exporter, Language::Rust, "mine", Home::Repository).unwrap();
        let target = folder.path().join("mine");
        write(&target, &made).unwrap();
        let again = write(&target, &made).unwrap_err();
        assert!(matches!(again, Error::Exists(_)), "{again}");
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        assert!(matches!(write(&file, &made), Err(Error::Exists(_))));
    }
}
