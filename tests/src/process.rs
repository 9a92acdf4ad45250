//! The program as a process.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::stage;

/// No test may take longer for one run of the program.
const PATIENCE: Duration = Duration::from_secs(120);

/// A run of the program that is being put together.
#[derive(Debug)]
pub struct Casemill {
    command: Command,
    input: Vec<u8>,
}

/// The staged program with arguments.
pub fn casemill<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Casemill {
    casemill_at(&stage().join("casemill"), arguments)
}

/// A program at another place, with an environment that knows nothing of the user.
pub fn casemill_at<A: AsRef<OsStr>>(program: &Path, arguments: impl IntoIterator<Item = A>) -> Casemill {
    let mut command = Command::new(program);
    command.args(arguments);
    for name in ["CASEMILL_PLUGIN_PATH", "CASEMILL_LOG", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.env("HOME", "/nonexistent").env("XDG_DATA_HOME", "/nonexistent");
    Casemill { command, input: Vec::new() }
}

impl Casemill {
    /// More arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it in a folder.
    #[must_use]
    pub fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Gives it something to read from standard input.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Changes the command itself.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Command)) -> Self {
        change(&mut self.command);
        self
    }

    /// Starts it.
    pub fn start(mut self) -> Running {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let name = format!("{:?}", self.command);
        let mut child = self.command.spawn().unwrap_or_else(|e| panic!("{name} cannot be started: {e}"));
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let input = self.input;
        // The program need not read all that it is given.
        std::thread::spawn(move || {
            let _ = stdin.write_all(&input);
        });
        Running { child, name, started: Instant::now(), peak: 0 }
    }

    /// Runs it to its end.
    pub fn run(self) -> Ended {
        self.start().wait()
    }
}

/// A run under way.
#[derive(Debug)]
pub struct Running {
    /// The process.
    pub child: Child,
    name: String,
    started: Instant,
    peak: u64,
}

impl Running {
    /// Waits for its end; a run that hangs is ended and fails the test.
    pub fn wait(mut self) -> Ended {
        let gather = |pipe: Option<Box<dyn std::io::Read + Send>>| {
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                if let Some(mut pipe) = pipe {
                    let _ = pipe.read_to_end(&mut bytes);
                }
                bytes
            })
        };
        let out = gather(self.child.stdout.take().map(|p| Box::new(p) as _));
        let err = gather(self.child.stderr.take().map(|p| Box::new(p) as _));
        let status = loop {
            self.peak = self.peak.max(self.memory());
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                break status;
            }
            if self.started.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("{} did not end within {} s", self.name, PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let out = out.join().expect("output was gathered");
        let err = text(err.join().expect("messages were gathered"));
        Ended { status, out, err, peak: self.peak, name: self.name }
    }

    /// The most memory it has held so far, in bytes, by `/proc`; zero where there is none.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        peak.and_then(|p| p.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or_default() << 10
    }

    /// Sends a signal, as Ctrl-C does.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).expect("a child can be sent a signal");
    }
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit status.
    pub status: ExitStatus,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
    /// The most memory that the program itself held, in bytes.
    pub peak: u64,
    name: String,
}

impl Ended {
    /// Fails unless it ended with this exit status and without a panic.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        let Self { name, err, .. } = &self;
        assert_eq!(self.status.code(), Some(code), "{name}\n{err}\n{}", self.text());
        assert!(!err.contains("panicked at"), "{name} panicked:\n{err}");
        self
    }

    /// Fails unless the messages hold all these words.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "{} does not say {word:?}:\n{}", self.name, self.err);
        }
        self
    }

    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out)
            .unwrap_or_else(|e| panic!("{} did not print JSON: {e}\n{}\n{}", self.name, self.text(), self.err))
    }

    /// Messages without what differs from run to run: the folder of the test.
    pub fn told(&self, folder: &Path) -> String {
        let folder: PathBuf = folder.to_owned();
        self.err.replace(&*folder.to_string_lossy(), "[folder]")
    }
}
