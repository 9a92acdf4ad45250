//! The SDK as it lies beside the installed program: what a plugin needs to be built, and nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The crates of the SDK.
const CRATES: [&str; 3] = ["case-model", "plugin-abi", "plugin-sdk"];

/// Copies the SDK out of the repository: its crates without their tests, a manifest that stands alone, the lock file, the C
/// header. What was in `to` before is replaced.
///
/// # Errors
/// What the system or the manifest refuses.
pub fn copy(repository: &Path, to: &Path) -> io::Result<()> {
    let temporary = to.with_extension(format!("{}.new", std::process::id()));
    let _ = fs::remove_dir_all(&temporary);
    for name in CRATES {
        let (from, to) = (repository.join("crates").join(name), temporary.join("crates").join(name));
        copy_folder(&from.join("src"), &to.join("src"))?;
        let manifest = fs::read_to_string(from.join("Cargo.toml"))?;
        fs::write(to.join("Cargo.toml"), without_dev_dependencies(&manifest)?)?;
        if from.join("include").is_dir() {
            copy_folder(&from.join("include"), &to.join("include"))?;
        }
    }
    let manifest = fs::read_to_string(repository.join("Cargo.toml"))?;
    fs::write(temporary.join("Cargo.toml"), manifest_alone(&manifest, &temporary)?)?;
    fs::copy(repository.join("Cargo.lock"), temporary.join("Cargo.lock"))?;
    fs::create_dir_all(temporary.join("include"))?;
    fs::write(temporary.join("include/casemill_plugin.h"), casemill_plugin_abi::HEADER)?;
    let _ = fs::remove_dir_all(to);
    fs::rename(&temporary, to)
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn invalid(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

fn without_dev_dependencies(manifest: &str) -> io::Result<String> {
    let mut table: toml::Table = manifest.parse().map_err(invalid)?;
    table.remove("dev-dependencies");
    toml::to_string_pretty(&table).map_err(invalid)
}

/// The workspace's manifest with the members and dependencies of the SDK alone.
fn manifest_alone(manifest: &str, sdk: &Path) -> io::Result<String> {
    let mut table: toml::Table = manifest.parse().map_err(invalid)?;
    let mut used = Vec::new();
    for name in CRATES {
        let manifest = fs::read_to_string(sdk.join("crates").join(name).join("Cargo.toml"))?;
        let manifest: toml::Table = manifest.parse().map_err(invalid)?;
        used.extend(
            manifest.get("dependencies").and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys().cloned()),
        );
    }
    let workspace = table.get_mut("workspace").and_then(|w| w.as_table_mut()).ok_or_else(|| invalid("no workspace"))?;
    workspace.insert("members".into(), toml::Value::from(vec!["crates/*"]));
    if let Some(dependencies) = workspace.get_mut("dependencies").and_then(|d| d.as_table_mut()) {
        dependencies.retain(|name, _| used.iter().any(|u| u == name));
    }
    table.retain(|name, _| name == "workspace");
    toml::to_string_pretty(&table).map_err(invalid)
}

/// Where the SDK lies: beside the program, as it is installed, or in the source that the program was built from.
pub fn find() -> Option<PathBuf> {
    let program = std::env::current_exe().and_then(|p| p.canonicalize()).ok();
    let folder = program.as_deref().and_then(Path::parent);
    let beside = folder
        .into_iter()
        .flat_map(|f| [f.join("sdk"), f.join("../share/casemill/sdk"), f.join("../lib/casemill/sdk")]);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_owned);
    beside.chain(source).find(|p| is_sdk(p)).and_then(|p| p.canonicalize().ok())
}

/// True if a folder holds the SDK.
pub fn is_sdk(folder: &Path) -> bool {
    CRATES.iter().all(|name| folder.join("crates").join(name).join("Cargo.toml").is_file())
}
