//! The workspace as cargo and the file system show it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Result, stage};

/// A member of the workspace.
#[derive(Debug, Default)]
pub(super) struct Package {
    pub(super) name: String,
    /// Its `Cargo.toml`.
    pub(super) manifest: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

/// A dependency as declared.
#[derive(Debug, Default)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// Neither for tests nor for build scripts.
    pub(super) normal: bool,
}

/// A library, program, test or build script.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) root: PathBuf,
    /// `lib`, `cdylib`, `bin`, `test`, `example`, `custom-build` …
    pub(super) kind: String,
    /// What is built: `lib`, `cdylib`, `rlib`, `bin` …
    pub(super) crate_types: Vec<String>,
}

/// All members and the root.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    pub(super) packages: BTreeMap<String, Package>,
}

impl Workspace {
    /// Asks cargo.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let output = stage::cargo()
            .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
            .stderr(std::process::Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err("cargo metadata failed".into());
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let packages = list(&metadata["packages"]).into_iter().map(|p| {
            let package = Package {
                name: text(&p["name"]),
                manifest: text(&p["manifest_path"]).into(),
                dependencies: list(&p["dependencies"])
                    .iter()
                    .map(|d| Dependency { name: text(&d["name"]), normal: d["kind"].is_null() })
                    .collect(),
                targets: list(&p["targets"])
                    .iter()
                    .map(|t| Target {
                        root: text(&t["src_path"]).into(),
                        kind: text(&t["kind"][0]),
                        crate_types: list(&t["crate_types"]).iter().map(text).collect(),
                    })
                    .collect(),
            };
            (package.name.clone(), package)
        });
        Ok(Self { root: root.to_owned(), packages: packages.collect() })
    }

    /// Members in `plugins`.
    pub(super) fn plugins(&self) -> impl Iterator<Item = &Package> {
        self.packages.values().filter(|p| self.is_plugin(p))
    }

    /// True for a member in `plugins`.
    pub(super) fn is_plugin(&self, package: &Package) -> bool {
        package.manifest.starts_with(self.root.join("plugins"))
    }

    /// Members that a member reaches through normal dependencies, itself not counted.
    pub(super) fn reached(&self, from: &str) -> Vec<&Package> {
        let mut reached: BTreeMap<&str, &Package> = BTreeMap::new();
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            let Some(package) = self.packages.get(name) else { continue };
            for dependency in package.dependencies.iter().filter(|d| d.normal) {
                if let Some(next) = self.packages.get(&dependency.name)
                    && reached.insert(&next.name, next).is_none()
                {
                    open.push(&next.name);
                }
            }
        }
        reached.into_values().collect()
    }

    /// All files with one of the endings, below the members and in no target folder.
    pub(super) fn files(&self, ending: &str) -> Result<Vec<PathBuf>> {
        let mut out = Vec::new();
        for folder in ["crates", "plugins", "tests", "xtask"] {
            walk(&self.root.join(folder), &mut |path| {
                if path.to_string_lossy().ends_with(ending) {
                    out.push(path.to_owned());
                }
            })?;
        }
        out.sort();
        Ok(out)
    }
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) -> Result {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            // A crate may have a target folder of its own when it was built alone.
            if entry.file_name() != "target" {
                walk(&path, visit)?;
            }
        } else {
            visit(&path);
        }
    }
    Ok(())
}
