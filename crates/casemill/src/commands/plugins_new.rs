//! `casemill plugins new`: a plugin that builds, is tested and runs at once.

use std::path::PathBuf;

use casemill_plugin_scaffold::{Home, Kind, Language, files, sdk, write};

use crate::cli::PluginsNew;
use crate::exit::Exit;

pub(super) fn run(args: &PluginsNew) -> Result<Exit, String> {
    let folder = args.path.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    // C needs the header alone, which the program carries.
    let sdk = match (&args.sdk, args.lang) {
        (Some(path), _) if sdk::is_sdk(path) => path.canonicalize().map_err(|e| format!("{}: {e}", path.display()))?,
        (Some(path), _) => {
            return Err(format!("{} does not hold the SDK: crates/plugin-sdk and what it needs", path.display()));
        }
        (None, Language::C) => PathBuf::new(),
        (None, Language::Rust) => sdk::find().ok_or(
            "the SDK is neither beside the program nor where the program was built; name its folder with --sdk (the folder \
             `sdk` of an installation, or the repository)",
        )?,
    };
    let made = files(args.kind, args.lang, &args.name, Home::Outside(&sdk)).map_err(|e| e.to_string())?;
    write(&folder, &made).map_err(|e| e.to_string())?;
    let shown = folder.display();
    anstream::println!("made {shown}:");
    for (name, _) in &made {
        anstream::println!("  {name}");
    }
    let steps = match args.lang {
        Language::C => format!("cd {shown} && make && make check"),
        Language::Rust => format!("cd {shown} && cargo test && cargo build --release"),
    };
    let what = match args.kind {
        Kind::Exporter => "writes a format",
        Kind::Validator => "checks reports",
        Kind::Extractor => "finds facts",
        Kind::Reader => "reads a kind of file",
    };
    anstream::println!("\nIt {what} as it stands. Next:\n  {steps}\nREADME.md says how to run and install it.");
    Ok(Exit::Clean)
}
