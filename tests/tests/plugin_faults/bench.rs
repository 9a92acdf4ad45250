//! A folder with three reports, a good plugin and a bad one.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Stands where a plugin's behaviour is written.
const MARK: &[u8] = b"casemill-hostile-behaviour:";

/// The longest a command may take: far beyond all deadlines of these tests.
const PATIENCE: Duration = Duration::from_secs(40);

/// Program and plugin for tests, as cargo built them.
struct Built {
    program: PathBuf,
    hostile: Vec<u8>,
}

fn built() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let test = std::env::current_exe().expect("a test has a path");
        // target/debug/deps/plugin_faults-…
        let target = test.ancestors().nth(3).expect("a test lies in the target folder");
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .env("CARGO_TARGET_DIR", target)
            .args(["build", "--quiet", "--message-format=json", "-p", "casemill", "-p", "casemill-hostile"])
            .output()
            .expect("cargo can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut program = None;
        let mut hostile = None;
        for message in String::from_utf8_lossy(&output.stdout).lines() {
            let message: Value = serde_json::from_str(message).expect("cargo writes JSON");
            match message["target"]["name"].as_str() {
                Some("casemill") if message["executable"].is_string() => {
                    program = message["executable"].as_str().map(PathBuf::from)
                }
                Some("casemill_hostile") => hostile = message["filenames"][0].as_str().map(PathBuf::from),
                _ => {}
            }
        }
        let hostile = fs::read(hostile.expect("cargo says where the plugin is")).expect("the plugin can be read");
        Built { program: program.expect("cargo says where the program is"), hostile }
    })
}

/// The library of the hostile plugin as built.
pub(crate) fn library() -> &'static [u8] {
    &built().hostile
}

/// Where in the library the behaviour stands.
fn marks() -> &'static [usize] {
    static MARKS: OnceLock<Vec<usize>> = OnceLock::new();
    MARKS.get_or_init(|| {
        let dotted = [MARK, b"."].concat();
        let found: Vec<usize> = library()
            .windows(dotted.len())
            .enumerate()
            .filter(|(_, w)| w[0] == dotted[0] && *w == dotted)
            .map(|(i, _)| i + MARK.len())
            .collect();
        assert!(!found.is_empty(), "the plugin has no place for its behaviour");
        found
    })
}

/// The library with that behaviour.
pub(crate) fn with_behaviour(behaviour: &str) -> Vec<u8> {
    assert!(behaviour.len() < 36, "no room for {behaviour:?}");
    let mut library = library().to_vec();
    for at in marks() {
        library[*at..*at + behaviour.len()].copy_from_slice(behaviour.as_bytes());
    }
    library
}

/// Seconds for a call: few where words say that they will run out, many where a busy machine must not spoil a test.
pub(crate) fn patience(words: &[&str]) -> &'static str {
    if words.contains(&LATE) { "2" } else { "30" }
}

/// What is said of a call that took longer than [`patience`].
pub(crate) const LATE: &str = "did not answer within 2 s";

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A folder of its own for one test.
pub(crate) struct Bench {
    folder: TempDir,
}

pub(crate) const BEFORE: &str = "José, a 40-year-old man, had a cough for two weeks.\n";
pub(crate) const POISON: &str = "José, a 41-year-old man, had a cough after POISON.\n";
pub(crate) const AFTER: &str = "José, a 42-year-old man, had a cough and was treated.\n";

impl Bench {
    /// Three reports and a good plugin that lacks what `lacks` names.
    pub(crate) fn new(lacks: &str) -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("there is room for a temporary folder") };
        bench.write("before.txt", BEFORE.as_bytes());
        bench.write("poison.txt", POISON.as_bytes());
        bench.write("after.txt", AFTER.as_bytes());
        let good = if lacks.is_empty() { String::new() } else { format!("good/no-{lacks}") };
        bench.write("good/good.cmplugin", &with_behaviour(&good));
        bench
    }

    /// With a hostile plugin of that behaviour beside.
    pub(crate) fn hostile(lacks: &str, behaviour: &str) -> Self {
        let bench = Self::new(lacks);
        bench.write("bad/hostile.cmplugin", &with_behaviour(behaviour));
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        // As the program shows it.
        self.folder.path().canonicalize().expect("the folder exists").join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::File::create(path).and_then(|mut f| f.write_all(bytes)).expect("a file can be written");
    }

    /// Runs casemill in the folder, with settings and data folders of its own.
    pub(crate) fn casemill(&self, arguments: &[&str]) -> Ended {
        self.casemill_with(arguments, &[])
    }

    pub(crate) fn casemill_with(&self, arguments: &[&str], environment: &[(&str, &Path)]) -> Ended {
        let out = self.path("stdout");
        let err = self.path("stderr");
        let mut command = Command::new(&built().program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("CASEMILL_PLUGIN_PATH")
            .env_remove("CASEMILL_LOG")
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("PLANTED_SECRET", "x")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            // Files and not pipes: a process that a plugin leaves behind would hold a pipe open.
            .stdout(fs::File::create(&out).expect("a file for stdout"))
            .stderr(fs::File::create(&err).expect("a file for stderr"));
        let mut child = command.spawn().expect("casemill can be started");
        let end = Instant::now() + PATIENCE;
        let status = loop {
            match child.try_wait().expect("casemill can be waited for") {
                Some(status) => break status.code(),
                None if Instant::now() > end => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break None;
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let text = |path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
        Ended { status, stdout: text(out), stderr: text(err) }
    }

    /// Handles the three reports with the good plugin and what `more` adds.
    pub(crate) fn run(&self, formats: &str, more: &[&str]) -> Ended {
        let mut arguments = vec!["run", "before.txt", "poison.txt", "after.txt", "-o", "out", "--to", formats];
        arguments.extend(["--no-default-plugins", "--plugin-dir", "good", "--jobs", "1"]);
        arguments.extend(more);
        self.casemill(&arguments)
    }

    /// What was written to the output folder.
    pub(crate) fn output(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path("out").join(name)).ok()
    }

    /// What is wrong with the record and the line of a report, if anything.
    pub(crate) fn flaw(&self, name: &str, text: &str) -> Option<String> {
        let Some(record) = self.output(&format!("{name}.json")) else { return Some(format!("{name}.json is missing")) };
        let record: Value = match serde_json::from_str(&record) {
            Ok(record) => record,
            Err(error) => return Some(format!("{name}.json: {error}")),
        };
        let quote = &record["cases"][0]["findings"][0]["evidence"][0]["quote"];
        if record["document"]["text"] != text || quote != "cough" {
            return Some(format!("{name}.json lacks its text or its finding: {quote}"));
        }
        match self.output(&format!("{name}.line")) {
            Some(line) if line == format!("{} bytes\n", text.len()) => None,
            other => Some(format!("{name}.line is {other:?}")),
        }
    }

    /// The report on the run.
    pub(crate) fn run_report(&self) -> Value {
        serde_json::from_str(&self.output("casemill-run.json").unwrap_or_default()).unwrap_or_default()
    }
}

/// Checks each line of a table, several at once, and tells of all that fail.
pub(crate) fn each<T: Sync + std::fmt::Debug>(table: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(line) = table.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = check(line) {
                        failed.lock().unwrap().push(format!("{line:?}\n{why}"));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), table.len(), failed.join("\n\n"));
}

/// An error with what the command said.
pub(crate) fn wrong<T>(ended: &Ended, why: impl std::fmt::Display) -> Result<T, String> {
    Err(format!("{why}\nstatus {:?}\nstdout: {}\nstderr: {}", ended.status, ended.stdout, ended.stderr))
}

/// Errors unless standard error holds all of these, on lines that hold no control characters.
pub(crate) fn says(ended: &Ended, words: &[&str]) -> Result<(), String> {
    for word in words {
        if !ended.stderr.contains(word) {
            return wrong(ended, format!("it does not say {word:?}"));
        }
    }
    if ended.stderr.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return wrong(ended, "control characters reach the terminal");
    }
    Ok(())
}
