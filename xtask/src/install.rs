//! `cargo xtask install`: program and plugins where a shell and the program find them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Result, stage};

/// Puts program and plugins into `ROOT/lib/casemill` and a link to the program into `ROOT/bin`.
///
/// The program looks for plugins beside the file it really is, so nothing else needs to be set.
pub(crate) fn install(root: Option<PathBuf>, debug: bool) -> Result {
    let root = std::path::absolute(root.map_or_else(default_root, Ok)?)?;
    let staged = stage::build(!debug)?.put(root.join("lib").join("casemill"))?;
    let bin = root.join("bin");
    fs::create_dir_all(&bin)?;
    let program = bin.join(staged.program().file_name().ok_or("the program has no name")?);
    link(&staged.program(), &program)?;
    println!("installed {}", program.display());
    println!("    with the plugins in {}", staged.folder().join("plugins").display());
    let on_path = std::env::var_os("PATH").is_some_and(|p| std::env::split_paths(&p).any(|p| p == bin));
    if !on_path {
        println!("{} is not on your PATH; add it to start casemill by its name", bin.display());
    }
    Ok(())
}

/// Where cargo installs programs: on the PATH wherever rustup set cargo up.
fn default_root() -> Result<PathBuf> {
    let folder = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    folder("CARGO_INSTALL_ROOT")
        .or_else(|| folder("CARGO_HOME"))
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .ok_or_else(|| "no home folder is known; name a folder with --root".into())
}

#[cfg(unix)]
fn link(program: &Path, link: &Path) -> Result {
    let temporary = link.with_extension(format!("new-{}", std::process::id()));
    std::os::unix::fs::symlink(program, &temporary)?;
    fs::rename(&temporary, link)?;
    Ok(())
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result {
    Err("installing needs symbolic links; copy the staged folder instead (`cargo xtask stage --release`)".into())
}
