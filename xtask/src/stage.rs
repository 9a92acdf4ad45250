//! `cargo xtask stage`: the program with its plugins beside it, as it is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::pin::pin;

/// Ending of plugin files.
const EXTENSION: &str = "cmplugin";

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
    let built = build(release)?;
    let target = built.program.parent().ok_or("the program lies nowhere")?;
    // One place whatever the profile: what was staged last.
    let folder = target.parent().unwrap_or(target).join("stage");
    built.put(folder)
}

/// What cargo built: the program and each plugin by name.
pub(crate) struct Built {
    program: PathBuf,
    plugins: Vec<(String, PathBuf)>,
}

/// Builds the program and all plugins.
pub(crate) fn build(release: bool) -> Result<Built> {
    let plugins = plugins()?;
    let mut command = cargo();
    command.args(["build", "--quiet", "--message-format=json-render-diagnostics", "-p", "casemill"]);
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
    let artifacts = artifacts(&output.stdout);
    let file = |name: &str| artifacts.iter().find(|(n, _)| n == name).map(|(_, path)| path.clone());
    let program = file("casemill").ok_or("cargo built no program")?;
    let plugins = plugins
        .into_iter()
        .map(|plugin| match file(&plugin.replace('-', "_")) {
            Some(library) => Ok((plugin, library)),
            None => Err(format!("cargo built no library for {plugin}")),
        })
        .collect::<Result<_, _>>()?;
    Ok(Built { program, plugins })
}

impl Built {
    /// Puts program and plugins into a folder as casemill expects them; plugins of an earlier time go.
    pub(crate) fn put(&self, folder: PathBuf) -> Result<Staged> {
        let plugins = folder.join("plugins");
        fs::create_dir_all(&plugins)?;
        // The lock of an earlier time does not fit the files that come now.
        let _ = fs::remove_file(plugins.join("plugins.lock"));
        let mut wanted = Vec::new();
        for (name, library) in &self.plugins {
            let file = plugins.join(format!("{name}.{EXTENSION}"));
            replace(library, &file)?;
            wanted.push(file);
        }
        for entry in fs::read_dir(&plugins)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == EXTENSION) && !wanted.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        casemill_plugin_scaffold::sdk::copy(root(), &folder.join("sdk"))?;
        let staged = Staged { folder };
        replace(&self.program, &staged.program())?;
        pin(&staged.program(), &wanted)?;
        Ok(staged)
    }
}

/// Cargo, the one that runs this, in the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
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
    // Of its own for each process: two of them may put the same files into place.
    let temporary = to.with_extension(format!("new-{}", std::process::id()));
    fs::copy(from, &temporary)?;
    fs::rename(&temporary, to)?;
    Ok(())
}
