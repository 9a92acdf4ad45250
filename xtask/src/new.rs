//! `cargo xtask new`: a plugin of the product.

use casemill_plugin_scaffold::{Home, Kind, Language, files, write};

use crate::{Result, stage};

/// Makes `plugins/NAME`, which the workspace takes in and `cargo xtask stage` stages.
pub(crate) fn new(kind: Kind, name: &str) -> Result {
    let prefix = match kind {
        Kind::Exporter => "export-",
        Kind::Validator => "validate-",
        Kind::Extractor => "extract-",
        Kind::Reader => "read-",
    };
    if !name.starts_with(prefix) {
        return Err(format!("plugins of the product are named after what they do: `{prefix}{name}`").into());
    }
    let folder = stage::root().join("plugins").join(name);
    write(&folder, &files(kind, Language::Rust, name, Home::Repository)?)?;
    println!("made plugins/{name}; next: cargo test -p {name}, then cargo xtask stage");
    Ok(())
}
