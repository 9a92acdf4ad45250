//! The host's side: one worker process.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tempfile::TempDir;

use super::frame::{HEADER, Kind, header, parse, split};
use super::{WORKER_COMMAND, log_here, log_level};
use crate::library::{LoadError, RawReply};
use crate::session::{CallError, Limits};

/// Workers that run.
static LIVE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a worker and what its plugin started.
fn end_group(worker: u32) {
    if let Some(group) = i32::try_from(worker).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// Ends all workers and takes their folder away; the process is about to end.
pub(crate) fn end_all() {
    lock(&LIVE).iter().for_each(|worker| end_group(*worker));
    if let Some(folder) = lock(&SCRATCH).upgrade() {
        let _ = std::fs::remove_dir_all(folder.path());
    }
}

/// How much of what a plugin prints is kept for the message of its death.
const PRINTED: usize = 2000;

/// A worker process and the connection to it.
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    errors: Option<ChildStderr>,
    printed: Vec<u8>,
    received: Vec<u8>,
    path: Vec<u8>,
    _scratch: Arc<TempDir>,
}

impl Worker {
    /// Starts a worker for the plugin at `path`. It loads nothing until asked.
    pub(crate) fn start(path: &Path) -> io::Result<Self> {
        let program = std::env::current_exe()?;
        let scratch = scratch_folder()?;
        let mut command = Command::new(program);
        command
            .arg(WORKER_COMMAND)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| {
                matches!(
                    name.to_str(),
                    Some(
                        "PATH" | "LANG" | "LC_ALL" | "TZ" | "LD_LIBRARY_PATH" | "DYLD_LIBRARY_PATH" | "RUST_BACKTRACE"
                    )
                )
            }))
            .env("TMPDIR", scratch.path())
            .current_dir(scratch.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is for the host, which then ends its workers.
            .process_group(0);
        let mut child = command.spawn()?;
        lock(&LIVE).insert(child.id());
        let taken = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = taken else { return Err(io::ErrorKind::BrokenPipe.into()) };
        for end in [input.as_fd(), output.as_fd(), errors.as_fd()] {
            let flags = rustix::fs::fcntl_getfl(end)?;
            rustix::fs::fcntl_setfl(end, flags | rustix::fs::OFlags::NONBLOCK)?;
        }
        #[cfg(target_os = "linux")]
        for end in [input.as_fd(), output.as_fd()] {
            // Larger pipes mean fewer switches; a system that refuses has the smaller ones.
            let _ = rustix::pipe::fcntl_setpipe_size(end, 1 << 20);
        }
        Ok(Self {
            child,
            input,
            output,
            errors: Some(errors),
            printed: Vec::new(),
            received: Vec::new(),
            path: path.as_os_str().as_bytes().to_vec(),
            _scratch: scratch,
        })
    }

    /// Describes the plugin at `path`.
    pub(crate) fn describe(&mut self, path: &Path, limits: &Limits) -> Result<RawReply, CallError> {
        self.exchange(Kind::Describe, &[path.as_os_str().as_bytes()], limits)
    }

    /// Loads the plugin and makes an instance.
    pub(crate) fn open(&mut self, config: &[u8], limits: &Limits) -> Result<RawReply, CallError> {
        let path = std::mem::take(&mut self.path);
        let length = (path.len() as u32).to_le_bytes();
        let result = self.exchange(Kind::Open, &[&length, &path, &log_level().to_le_bytes(), config], limits);
        self.path = path;
        result
    }

    /// Serves a request.
    pub(crate) fn call(&mut self, request: &[u8], attachment: &[u8], limits: &Limits) -> Result<RawReply, CallError> {
        self.exchange(Kind::Call, &[&(request.len() as u32).to_le_bytes(), request, attachment], limits)
    }

    /// Sends a frame and waits for the answer; hands on log records and gathers what is printed meanwhile.
    fn exchange(&mut self, kind: Kind, parts: &[&[u8]], limits: &Limits) -> Result<RawReply, CallError> {
        let end = Instant::now() + limits.deadline;
        let length = parts.iter().map(|p| p.len()).sum();
        let head = header(kind, length);
        let mut pending: Vec<&[u8]> =
            std::iter::once(&head[..]).chain(parts.iter().copied()).filter(|p| !p.is_empty()).collect();
        pending.reverse();
        self.received.clear();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.kill();
                return Err(CallError::Deadline(limits.deadline));
            }
            match self.step(&mut pending, left) {
                Ok(true) => {}
                Ok(false) => return Err(self.died()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(self.died()),
            }
            if let Some(reply) = self.take_frames(limits)? {
                return Ok(reply);
            }
        }
    }

    /// Waits until something can be written or read, and does it. False when the worker has closed its side.
    fn step(&mut self, pending: &mut Vec<&[u8]>, left: Duration) -> io::Result<bool> {
        let timeout = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        let (write, read, print) = {
            let mut fds = Vec::with_capacity(3);
            fds.push(PollFd::new(&self.output, PollFlags::IN));
            fds.push(PollFd::new(&self.input, if pending.is_empty() { PollFlags::empty() } else { PollFlags::OUT }));
            if let Some(errors) = &self.errors {
                fds.push(PollFd::new(errors, PollFlags::IN));
            }
            poll(&mut fds, Some(&timeout))?;
            let gone = PollFlags::HUP | PollFlags::ERR;
            (
                fds[1].revents().intersects(PollFlags::OUT),
                fds[0].revents().intersects(PollFlags::IN | gone),
                fds.get(2).is_some_and(|f| f.revents().intersects(PollFlags::IN | gone)),
            )
        };
        if print {
            self.take_printed();
        }
        if write {
            while let Some(part) = pending.pop() {
                match self.input.write(part) {
                    Ok(n) if n == part.len() => {}
                    Ok(n) => {
                        pending.push(&part[n..]);
                        break;
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        pending.push(part);
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        if read {
            let mut chunk = [0; 1 << 16];
            loop {
                match self.output.read(&mut chunk) {
                    Ok(0) => return Ok(false),
                    Ok(n) => {
                        self.received.extend_from_slice(&chunk[..n]);
                        if n < chunk.len() {
                            break;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(true)
    }

    /// Handles whole frames among what was received; the reply, if it is there.
    fn take_frames(&mut self, limits: &Limits) -> Result<Option<RawReply>, CallError> {
        loop {
            if self.received.len() < HEADER {
                return Ok(None);
            }
            let Some((kind, length)) = parse(&self.received) else {
                self.kill();
                return Err(CallError::Contract("it wrote into the connection of its worker".into()));
            };
            if length > limits.reply.saturating_mul(2).saturating_add(64) {
                self.kill();
                return Err(CallError::Flooded(limits.reply));
            }
            if self.received.len() < HEADER + length {
                self.received.reserve(HEADER + length - self.received.len());
                return Ok(None);
            }
            let rest = self.received.split_off(HEADER + length);
            let frame = std::mem::replace(&mut self.received, rest);
            let payload = &frame[HEADER..];
            let broken = || CallError::Contract("it wrote into the connection of its worker".into());
            match kind {
                Kind::Reply => {
                    let (status, rest) = payload.split_first_chunk::<4>().ok_or_else(broken)?;
                    let (head, blob) = split(rest).ok_or_else(broken)?;
                    if head.len().max(blob.len()) > limits.reply {
                        return Err(CallError::Flooded(limits.reply));
                    }
                    return Ok(Some(RawReply {
                        status: i32::from_le_bytes(*status),
                        head: head.to_vec(),
                        blob: blob.to_vec(),
                    }));
                }
                Kind::Log => {
                    let (level, rest) = payload.split_first_chunk::<4>().ok_or_else(broken)?;
                    let (target, record) = split(rest).ok_or_else(broken)?;
                    log_here(u32::from_le_bytes(*level), target, record);
                }
                Kind::Unloadable => {
                    let why = String::from_utf8_lossy(payload).into_owned();
                    return Err(CallError::Load(LoadError::Worker(why)));
                }
                Kind::Describe | Kind::Open | Kind::Call => return Err(broken()),
            }
        }
    }

    fn take_printed(&mut self) {
        let Some(errors) = &mut self.errors else { return };
        let mut chunk = [0; 4096];
        loop {
            match errors.read(&mut chunk) {
                Ok(0) => {
                    self.errors = None;
                    return;
                }
                Ok(n) => {
                    tracing::debug!(target: "plugin", "printed: {}", String::from_utf8_lossy(&chunk[..n]).trim_end());
                    self.printed.extend_from_slice(&chunk[..n]);
                    let excess = self.printed.len().saturating_sub(PRINTED);
                    self.printed.drain(..excess);
                }
                Err(_) => return,
            }
        }
    }

    fn kill(&mut self) {
        end_group(self.child.id());
        let _ = self.child.kill();
        let _ = self.child.wait();
        lock(&LIVE).remove(&self.child.id());
    }

    /// How the worker ended.
    fn died(&mut self) -> CallError {
        // It closed its output; if it does not end by itself soon, it is made to.
        let mut status = None;
        for _ in 0..50 {
            if let Ok(Some(ended)) = self.child.try_wait() {
                status = Some(ended);
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.take_printed();
        let how = match status {
            Some(status) => describe_end(status),
            None => {
                self.kill();
                "cut off: it closed the connection to its worker".to_owned()
            }
        };
        let printed = String::from_utf8_lossy(&self.printed);
        let printed =
            printed.trim().lines().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" | ");
        CallError::Died { how, printed }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Closing the input ends a well-behaved worker; there is nothing to wait for.
        self.kill();
    }
}

fn describe_end(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => {
            let name = match signal {
                4 => "SIGILL",
                6 => "SIGABRT",
                7 => "SIGBUS",
                8 => "SIGFPE",
                9 => "SIGKILL",
                11 => "SIGSEGV",
                15 => "SIGTERM",
                24 => "SIGXCPU",
                31 => "SIGSYS",
                _ => return format!("killed by signal {signal}"),
            };
            format!("killed by {name}")
        }
        (None, Some(code)) => format!("ended by the plugin with exit status {code}"),
        (None, None) => "ended".to_owned(),
    }
}

/// The folder of [`scratch_folder`] while a worker uses it.
static SCRATCH: Mutex<Weak<TempDir>> = Mutex::new(Weak::new());

/// An empty folder that serves all workers as temporary and working directory, and goes with the last of them.
fn scratch_folder() -> io::Result<Arc<TempDir>> {
    let mut shared = lock(&SCRATCH);
    if let Some(folder) = shared.upgrade() {
        return Ok(folder);
    }
    let folder = Arc::new(tempfile::Builder::new().prefix("casemill-").tempdir()?);
    *shared = Arc::downgrade(&folder);
    Ok(folder)
}
