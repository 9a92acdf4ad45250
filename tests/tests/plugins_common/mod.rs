//! A program with plugins beside it, and crates that are made with it.

#![allow(dead_code, missing_docs)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Plugins of the product that the tests run with.
const PRODUCT: [&str; 6] =
    ["read-text", "read-jats", "extract-narrative", "export-html", "export-phenopacket", "export-table"];

/// The examples in Rust.
pub const EXAMPLES: [&str; 3] = ["plain-summary", "tumour-board", "extract-exposure"];

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

/// The target folder, and the name of the profile that the tests are built in.
fn target() -> (PathBuf, String) {
    let program = std::env::current_exe().expect("a test has a path");
    let profile = program.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    (profile.parent().expect("target").to_owned(), profile.file_name().unwrap().to_string_lossy().into_owned())
}

/// Crates that are made outside the repository share what they are built of.
pub fn crates_target() -> PathBuf {
    target().0.join("plugins-test/crates")
}

pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.env("CARGO_NET_OFFLINE", "true").env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    command
}

pub struct Bench {
    /// The program, with the plugins of the product in `plugins` beside it.
    pub program: PathBuf,
    /// The examples, not beside it.
    pub examples: PathBuf,
}

/// Builds program, plugins and examples, and puts them together as they are installed.
pub fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let (target, profile) = target();
        let mut command = cargo();
        command.current_dir(repository()).args(["build", "--quiet", "-p", "casemill"]).arg("--target-dir").arg(&target);
        PRODUCT.iter().chain(&EXAMPLES).for_each(|plugin| _ = command.args(["-p", plugin]));
        if profile == "release" {
            command.arg("--release");
        }
        assert!(command.status().expect("cargo runs").success(), "the build failed");
        let folder = target.join("plugins-test").join(&profile);
        let library = |name: &str| target.join(&profile).join(library(name));
        for name in PRODUCT {
            place(&library(name), &folder.join("plugins").join(format!("{name}.cmplugin")));
        }
        for name in EXAMPLES {
            place(&library(name), &folder.join("examples").join(format!("{name}.cmplugin")));
        }
        let file = format!("casemill{}", std::env::consts::EXE_SUFFIX);
        place(&target.join(&profile).join(&file), &folder.join(&file));
        Bench { program: folder.join(file), examples: folder.join("examples") }
    })
}

/// Name of the shared library of a crate.
pub fn library(name: &str) -> String {
    format!("{}{}{}", std::env::consts::DLL_PREFIX, name.replace('-', "_"), std::env::consts::DLL_SUFFIX)
}

fn place(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    let temporary = to.with_extension(format!("{}.new", std::process::id()));
    fs::copy(from, &temporary).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    fs::rename(&temporary, to).unwrap();
}

pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

pub fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the program in a folder, with no plugins of the user.
pub fn casemill<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Ran {
    let mut command = Command::new(&bench().program);
    command.current_dir(folder).args(arguments).env("XDG_DATA_HOME", folder.join("no-data")).env("NO_COLOR", "1");
    command.env_remove("CASEMILL_PLUGIN_PATH").env_remove("CASEMILL_LOG");
    ran(command.output().expect("the program runs"))
}

impl Ran {
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 0, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn fails(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.out, self.err);
        self
    }
}

pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The C compiler, or none and a line that says what is left out.
pub fn c_compiler(what: &str) -> Option<String> {
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    match Command::new(&compiler).arg("--version").output() {
        Ok(output) if output.status.success() => Some(compiler),
        _ => {
            eprintln!("skipped: {what}: there is no C compiler {compiler}");
            None
        }
    }
}
