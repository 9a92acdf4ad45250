//! Drives the staged program as a user would: arguments, files and pipes in; files, text and exit status out.
//!
//! The stage is the folder named by `CASEMILL_STAGE`, which `cargo xtask test` sets, or a fresh one that is made once for
//! all tests by calling `cargo xtask stage`.

#![forbid(unsafe_code)]

mod folder;
mod process;
mod record;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub use folder::{Folder, files, same};
pub use process::{Casemill, Ended, Running, casemill, casemill_at};
pub use record::{facts_by_kind, wrong_quotes};

/// A report with one patient, short enough to be handled in no time.
pub const SHORT: &str = "A 34-year-old woman presented with a dry cough and fever. A chest CT showed a mass in the left lung. \
The tumour was positive for ALK. She was treated with alectinib 600 mg twice daily. After 3 months she had a partial \
response. She is alive 12 months after diagnosis.\n";

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace")
}

/// The example report of the repository.
pub fn letter() -> PathBuf {
    root().join("tests/reports/ntrk-letter.txt")
}

/// Cargo in the workspace, with the target folder that this test was built in.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    let test = std::env::current_exe().ok();
    // target/debug/deps/e2e-…
    if let Some(target) = test.as_deref().and_then(|t| t.ancestors().nth(3)).filter(|t| t.join("debug").is_dir()) {
        command.env("CARGO_TARGET_DIR", target);
    }
    command
}

/// Runs a task of the workspace and gives what it prints.
pub fn xtask(arguments: &[&str]) -> String {
    let output = cargo()
        .args(["run", "--quiet", "--package", "xtask", "--"])
        .args(arguments)
        .output()
        .unwrap_or_else(|e| panic!("cargo cannot be started: {e}"));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo xtask {}: {told}", arguments.join(" "));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The folder with the staged program and its plugins.
pub fn stage() -> &'static Path {
    static STAGE: OnceLock<PathBuf> = OnceLock::new();
    STAGE.get_or_init(|| match std::env::var_os("CASEMILL_STAGE") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let printed = xtask(&["stage"]);
            let program = Path::new(printed.trim());
            program.parent().expect("the staged program lies in a folder").to_owned()
        }
    })
}

/// The validator of `plugins/flags.rs` as a plugin file.
pub fn flags() -> &'static Path {
    static FLAGS: OnceLock<PathBuf> = OnceLock::new();
    FLAGS.get_or_init(|| {
        let build = ["build", "--quiet", "-p", "casemill-tests", "--example", "flags", "--message-format=json"];
        let output = cargo().args(build).output().unwrap_or_else(|e| panic!("cargo cannot be started: {e}"));
        assert!(output.status.success(), "the plugin for tests: {}", String::from_utf8_lossy(&output.stderr));
        let library = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|m| m["target"]["name"] == "flags")
            .find_map(|m| m["filenames"][0].as_str().map(str::to_owned))
            .expect("cargo says where the plugin is");
        // Beside the library, so that nothing is left behind; renamed, because another run may be using it.
        let file = PathBuf::from(&library).with_extension("cmplugin");
        let copy = file.with_extension(format!("new-{}", std::process::id()));
        std::fs::copy(library, &copy).expect("the plugin can be copied");
        std::fs::rename(&copy, &file).expect("the plugin can be renamed");
        file
    })
}

/// The program as a user who may not do everything: this one, or nobody where this one is root. `folder` becomes readable
/// for that user and holds a copy of the stage. `None` where that cannot be done.
pub fn unprivileged(folder: &Folder) -> Option<Command> {
    use std::os::unix::fs::PermissionsExt as _;
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(""), open).expect("rights can be set");
    if !rustix::process::geteuid().is_root() {
        return Some(Command::new(stage().join("casemill")));
    }
    for file in files(stage()) {
        let target = folder.path("stage").join(&file);
        std::fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
        std::fs::copy(stage().join(&file), target).expect("a file can be copied");
    }
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    Command::new("setpriv").args(nobody).arg("true").status().ok().filter(std::process::ExitStatus::success)?;
    let mut command = Command::new("setpriv");
    command.args(nobody).arg(folder.path("stage/casemill")).env("XDG_DATA_HOME", "/nonexistent");
    Some(command)
}

/// Says that a test could not do its work here. It is seen even when tests are silent.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
