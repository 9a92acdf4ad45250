//! What can only be seen in the process of a plugin: two instances at work at once, and being asked to stop.
//!
//! The conformance kit asks for it; the work is done in a process of its own, which a bad plugin may take down.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use casemill_plugin_abi::Status;
use casemill_plugin_abi::message::OpenConfig;
use serde::{Deserialize, Serialize};

use crate::library::{Instance, Library, RawReply, set_cancelled};
use crate::session::{CallError, Limits};

/// First argument that makes the program a probe. Not for people.
pub const PROBE_COMMAND: &str = "__plugin-probe";

/// Calls on each of two instances while the other is at work, too.
const ROUNDS: usize = 4;

/// What to probe: one component with one request.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The plugin.
    pub path: PathBuf,
    /// The component and its options.
    pub config: OpenConfig,
    /// Head of the request.
    pub request: Vec<u8>,
    /// Its attachment.
    pub attachment: Vec<u8>,
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// Status of the call alone.
    pub alone: i32,
    /// Replies that differ from the first one although the request is the same: of the same instance, of another
    /// instance, of two at once.
    pub again_differs: bool,
    /// As above, of an instance opened while the first was open.
    pub second_differs: bool,
    /// As above, of two instances called at once from two threads.
    pub together_differs: bool,
    /// Status of a call while the host asks to stop.
    pub cancelled: i32,
    /// True if a call after that, with nobody asking to stop, no longer gives the first reply.
    pub after_cancel_differs: bool,
}

#[derive(Serialize, Deserialize)]
struct Job {
    path: PathBuf,
    config: OpenConfig,
    reply: usize,
}

/// Probes a plugin.
///
/// # Errors
/// The probe could not be started, died, or took longer than the deadline.
pub fn probe(probe: &Probe, limits: &Limits) -> Result<Probed, CallError> {
    let folder = tempfile::Builder::new().prefix("casemill-probe-").tempdir().map_err(CallError::Start)?;
    let job = Job { path: probe.path.clone(), config: probe.config.clone(), reply: limits.reply };
    let wrote = (|| -> io::Result<fs::File> {
        fs::write(folder.path().join("job"), serde_json::to_vec(&job)?)?;
        fs::write(folder.path().join("request"), &probe.request)?;
        fs::write(folder.path().join("attachment"), &probe.attachment)?;
        fs::File::create(folder.path().join("printed"))
    })();
    let printed = wrote.map_err(CallError::Start)?;
    let mut child = std::env::current_exe()
        .and_then(|program| {
            Command::new(program)
                .arg(PROBE_COMMAND)
                .arg(folder.path())
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(printed.try_clone()?)
                .stderr(printed)
                .spawn()
        })
        .map_err(CallError::Start)?;
    let end = Instant::now() + limits.deadline;
    let status = loop {
        match child.try_wait().map_err(CallError::Start)? {
            Some(status) => break status,
            None if Instant::now() > end => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(CallError::Deadline(limits.deadline));
            }
            None => std::thread::sleep(std::time::Duration::from_millis(2)),
        }
    };
    let result = fs::read(folder.path().join("result")).ok().and_then(|json| serde_json::from_slice(&json).ok());
    result.ok_or_else(|| {
        let printed = fs::read(folder.path().join("printed")).unwrap_or_default();
        let printed = String::from_utf8_lossy(&printed[printed.len().saturating_sub(500)..]).trim().to_owned();
        CallError::Died { how: format!("ended ({status}) with two instances at work"), printed }
    })
}

/// Runs as a probe: the folder holds what to do and takes what was seen.
pub fn serve_probe(folder: &Path) -> ExitCode {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    match work(folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn work(folder: &Path) -> Result<(), String> {
    let read = |name: &str| fs::read(folder.join(name)).map_err(|e| format!("{name}: {e}"));
    let job: Job = serde_json::from_slice(&read("job")?).map_err(|e| e.to_string())?;
    let (request, attachment) = (read("request")?, read("attachment")?);
    let library = Library::load(&job.path).map_err(|e| e.to_string())?;
    let config = serde_json::to_vec(&job.config).map_err(|e| e.to_string())?;
    let open = || library.open(&config, |_, _, _| {}, 5, job.reply).1.ok_or("it gave no instance".to_owned());
    let call = |instance: &mut Instance| instance.call(&request, &attachment, job.reply);
    let mut seen = Probed::default();

    let mut first = open()?;
    let alone = call(&mut first);
    let differs =
        |reply: &RawReply| (reply.status, &reply.head, &reply.blob) != (alone.status, &alone.head, &alone.blob);
    seen.alone = alone.status;
    seen.again_differs = differs(&call(&mut first));
    let mut second = open()?;
    seen.second_differs = differs(&call(&mut second));
    seen.together_differs = std::thread::scope(|scope| {
        let threads =
            [&mut first, &mut second].map(|instance| scope.spawn(|| (0..ROUNDS).any(|_| differs(&call(instance)))));
        threads.into_iter().any(|thread| thread.join().unwrap_or(true))
    });
    set_cancelled(true);
    seen.cancelled = call(&mut first).status;
    set_cancelled(false);
    // An instance that stopped midway may be left as it is; a new one must not remember.
    let mut third = open()?;
    seen.after_cancel_differs = differs(&call(&mut third));
    drop((first, second, third));
    let json = serde_json::to_vec(&seen).map_err(|e| e.to_string())?;
    fs::write(folder.join("result"), json).map_err(|e| e.to_string())
}

impl Probed {
    /// True if the call was refused or served while the host asked to stop, and nothing else happened.
    pub fn stops(&self) -> bool {
        [Status::Ok, Status::Cancelled].iter().any(|s| *s as i32 == self.cancelled)
    }
}
