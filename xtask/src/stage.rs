//! `cargo xtask stage`: the program with its plugins beside it, as it is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

/// A staged program.
#[derive(Debug)]
pub(crate) struct Staged {
    folder: PathBuf,
}

impl Staged {
    /// The program.
    pub(crate) fn program(&self) -> PathBuf {
        self.folder.join(format!("casemill{}", std::env::consts::EXE_SUFFIX))
    }

    /// The folder that can be copied anywhere.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// Names of the plugin crates: the folders of `plugins` with a manifest.
pub(crate) fn plugins() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("plugins"))? {
        let path = entry?.path();
        if path.join("Cargo.toml").is_file()
            && let Some(name) = path.file_name().and_then(|n| n.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The target folder.
pub(crate) fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let profile = program.parent().ok_or("the program lies nowhere")?;
    Ok(profile.parent().unwrap_or(profile).to_owned())
}

/// Builds everything and puts program and plugins into `stage` in the target folder.
pub(crate) fn stage(release: bool) -> Result<Staged> {
    let plugins = plugins()?;
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args([
        "build",
        "--quiet",
        "--message-format=json-render-diagnostics",
        "-p",
        "casemill",
    ]);
    for plugin in &plugins {
        command.args(["-p", plugin]);
    }
    if release {
        command.arg("--release");
    }
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the build failed".into());
    }
    let built = artifacts(&output.stdout);
    let program =
        built.iter().find(|(name, _)| name == "casemill").map(|(_, path)| path).ok_or("cargo built no program")?;
    let target = program.parent().ok_or("the program lies nowhere")?;
    // One place whatever the profile: what was staged last.
    let folder = target.parent().unwrap_or(target).join("stage");
    fs::create_dir_all(folder.join("plugins"))?;
    let mut wanted = Vec::new();
    for plugin in &plugins {
        let crate_name = plugin.replace('-', "_");
        let library = built.iter().find(|(name, _)| *name == crate_name).map(|(_, path)| path);
        let library = library.ok_or_else(|| format!("cargo built no library for {plugin}"))?;
        let file = folder.join("plugins").join(format!("{plugin}.cmplugin"));
        replace(library, &file)?;
        wanted.push(file);
    }
    // Plugins of an earlier stage that are gone.
    for entry in fs::read_dir(folder.join("plugins"))? {
        let path = entry?.path();
        if !wanted.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    let staged = Staged { folder };
    replace(program, &staged.program())?;
    Ok(staged)
}

/// Files that cargo says it built: name of the target and path.
fn artifacts(messages: &[u8]) -> Vec<(String, PathBuf)> {
    let mut out = Vec::new();
    for message in serde_json::Deserializer::from_slice(messages).into_iter::<serde_json::Value>().flatten() {
        if message["reason"] != "compiler-artifact" {
            continue;
        }
        let name = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        let kinds = message["target"]["kind"].to_string();
        let path =
            if kinds.contains("cdylib") { message["filenames"][0].as_str() } else { message["executable"].as_str() };
        if let Some(path) = path {
            out.push((name, PathBuf::from(path)));
        }
    }
    out
}

/// Copies a file into place without ever leaving half of it: a program or library that runs keeps its old file.
fn replace(from: &Path, to: &Path) -> Result {
    let temporary = to.with_extension("new");
    fs::copy(from, &temporary)?;
    fs::rename(&temporary, to)?;
    Ok(())
}
