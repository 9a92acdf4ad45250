//! Who may depend on whom.

use super::Breach;
use super::workspace::{Package, Workspace};

/// The record's own dependencies: reading, writing and describing JSON, nothing that does anything.
const MODEL_MAY_USE: [&str; 3] = ["serde", "serde_json", "schemars"];

/// The crate of the host.
const HOST: &str = "casemill-plugin-host";

pub(super) fn check(workspace: &Workspace) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for program in ["casemill", HOST] {
        for package in workspace.reached(program).into_iter().filter(|p| workspace.is_plugin(p)) {
            let what = format!("{program} reaches the plugin {}; plugins are loaded, never linked", package.name);
            breaches.push(Breach::new(manifest(workspace, program), what));
        }
    }
    for plugin in workspace.plugins() {
        if workspace.reached(&plugin.name).iter().any(|p| p.name == HOST) {
            breaches.push(Breach::new(&plugin.manifest, format!("a plugin knows the SDK, not {HOST}")));
        }
        if !is_cdylib_only(plugin) {
            let what = "a plugin is a library with crate-type = [\"cdylib\"] alone, so that nothing can link it";
            breaches.push(Breach::new(&plugin.manifest, what));
        }
    }
    if let Some(model) = workspace.packages.get("case-model") {
        for d in model.dependencies.iter().filter(|d| d.normal && !MODEL_MAY_USE.contains(&d.name.as_str())) {
            let what = format!("case-model uses {}; it may use {}", d.name, MODEL_MAY_USE.join(", "));
            breaches.push(Breach::new(&model.manifest, what));
        }
    }
    for name in ["case-model", "casemill", HOST] {
        if !workspace.packages.contains_key(name) {
            breaches.push(Breach::new(workspace.root.join("Cargo.toml"), format!("no member is called {name}")));
        }
    }
    breaches
}

fn manifest(workspace: &Workspace, package: &str) -> std::path::PathBuf {
    workspace.packages.get(package).map_or_else(|| workspace.root.join("Cargo.toml"), |p| p.manifest.clone())
}

/// True if the only thing that others could link is a cdylib.
fn is_cdylib_only(plugin: &Package) -> bool {
    let mut libraries = plugin.targets.iter().filter(|t| t.crate_types.iter().any(|c| c != "bin"));
    libraries.next().is_some_and(|t| t.crate_types == ["cdylib"]) && libraries.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::workspace::{Dependency, Target};
    use super::*;

    fn package(folder: &str, name: &str, dependencies: &[&str], crate_type: &str) -> (String, Package) {
        let package = Package {
            name: name.to_owned(),
            manifest: format!("/w/{folder}/{name}/Cargo.toml").into(),
            dependencies: dependencies.iter().map(|d| Dependency { name: (*d).to_owned(), normal: true }).collect(),
            targets: vec![Target { crate_types: vec![crate_type.to_owned()], ..Target::default() }],
        };
        (name.to_owned(), package)
    }

    #[test]
    fn wrong_dependencies_are_found() {
        let packages = [
            package("crates", "casemill", &[HOST], "bin"),
            package("crates", HOST, &["export-x"], "lib"),
            package("crates", "case-model", &["serde", "tempfile"], "lib"),
            package("plugins", "export-x", &["casemill-plugin-host"], "rlib"),
        ];
        let workspace = Workspace { root: "/w".into(), packages: packages.into() };
        let found: Vec<String> = check(&workspace).into_iter().map(|b| b.what).collect();
        assert_eq!(
            found,
            [
                "casemill reaches the plugin export-x; plugins are loaded, never linked",
                "casemill-plugin-host reaches the plugin export-x; plugins are loaded, never linked",
                "a plugin knows the SDK, not casemill-plugin-host",
                "a plugin is a library with crate-type = [\"cdylib\"] alone, so that nothing can link it",
                "case-model uses tempfile; it may use serde, serde_json, schemars",
            ]
        );
    }
}
