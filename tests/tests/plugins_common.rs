//! The examples as plugin files, and crates that are made with the program.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use casemill_tests::{skipped, stage};

/// The examples in Rust.
pub(crate) const EXAMPLES: [&str; 3] = ["plain-summary", "tumour-board", "extract-exposure"];

/// The target folder of the tests.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    // target/debug/deps/e2e-…
    test.ancestors().nth(3).expect("a test lies in the target folder").to_owned()
}

/// Crates that are made outside the repository share what they are built of.
pub(crate) fn crates_target() -> PathBuf {
    target().join("made-crates")
}

/// Cargo for a crate outside the repository, without the network.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.env("CARGO_NET_OFFLINE", "true").env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    command
}

/// The folder of the examples as plugin files, built once.
pub(crate) fn examples() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let mut command = casemill_tests::cargo();
        command.args(["build", "--quiet"]).env("CARGO_TARGET_DIR", target());
        EXAMPLES.iter().for_each(|plugin| _ = command.args(["-p", plugin]));
        assert!(command.status().expect("cargo runs").success(), "the examples cannot be built");
        let folder = target().join("examples");
        fs::create_dir_all(&folder).expect("a folder can be made");
        for name in EXAMPLES {
            let file = folder.join(format!("{name}.cmplugin"));
            let temporary = file.with_extension(format!("{}.new", std::process::id()));
            fs::copy(target().join("debug").join(library(name)), &temporary).expect("cargo built the example");
            fs::rename(&temporary, &file).expect("a file can be put in place");
        }
        folder
    })
}

/// Name of the shared library of a crate.
pub(crate) fn library(name: &str) -> String {
    format!("{}{}{}", std::env::consts::DLL_PREFIX, name.replace('-', "_"), std::env::consts::DLL_SUFFIX)
}

/// How a command ended.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the staged program in a folder.
pub(crate) fn casemill<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Ran {
    let ended = casemill_tests::casemill(arguments).within(folder).run();
    Ran { status: ended.status.code().unwrap_or(-1), out: ended.text(), err: ended.err }
}

impl Ran {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.fails(0)
    }

    #[track_caller]
    pub(crate) fn fails(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.out, self.err);
        self
    }
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A plugin of the product.
pub(crate) fn product(name: &str) -> String {
    stage().join("plugins").join(format!("{name}.cmplugin")).to_string_lossy().into_owned()
}

/// The C compiler, or none and a line that says what is left out.
pub(crate) fn c_compiler(what: &str) -> Option<String> {
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    match Command::new(&compiler).arg("--version").output() {
        Ok(output) if output.status.success() => Some(compiler),
        _ => {
            skipped(&format!("{what}: there is no C compiler {compiler}"));
            None
        }
    }
}
