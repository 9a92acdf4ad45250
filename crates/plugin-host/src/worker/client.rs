//! The host's side: one worker process.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tempfile::TempDir;

use super::frame::{HEADER, Kind, header, parse, split};
use super::{WORKER_COMMAND, log_here, log_level};
use crate::image::Image;
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
const PRINTED: usize = 16 << 10;

/// Time for a plugin that heeds the end of its time to say so, before its process is ended.
const GRACE: Duration = Duration::from_millis(300);

/// Most that is read at once before deadline and size are looked at again.
const AT_ONCE: usize = 1 << 20;

/// Log records of one call that are passed on.
const LOG_RECORDS: usize = 10_000;

/// A worker process and the connection to it.
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    errors: Option<ChildStderr>,
    printed: Vec<u8>,
    received: Vec<u8>,
    /// Bytes of `received` that are done with.
    taken: usize,
    /// Number of the last request.
    number: u32,
    /// Log records since the last request.
    logged: usize,
    gone: bool,
    _scratch: Arc<TempDir>,
}

impl Worker {
    /// Starts a worker. It has the bytes of all plugins that were read before, and loads nothing until asked.
    pub(crate) fn start(limits: &Limits) -> io::Result<Self> {
        let program = std::env::current_exe()?;
        let scratch = scratch_folder()?;
        let mut command = Command::new(program);
        command
            .arg(WORKER_COMMAND)
            .arg(limits.memory.to_string())
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
            taken: 0,
            number: 0,
            logged: 0,
            gone: false,
            _scratch: scratch,
        })
    }

    /// True if the process ended or was ended.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone
    }

    /// Describes a plugin.
    pub(crate) fn describe(&mut self, image: &Image, limits: &Limits) -> Result<RawReply, CallError> {
        let path = image.path_for(self.child.id());
        self.exchange(Kind::Describe, &[path.as_os_str().as_bytes()], limits)
    }

    /// Loads the plugin and makes an instance.
    pub(crate) fn open(&mut self, image: &Image, config: &[u8], limits: &Limits) -> Result<RawReply, CallError> {
        let path = image.path_for(self.child.id());
        let path = path.as_os_str().as_bytes();
        let length = (path.len() as u32).to_le_bytes();
        self.exchange(Kind::Open, &[&length, path, &log_level().to_le_bytes(), config], limits)
    }

    /// Serves a request.
    pub(crate) fn call(&mut self, request: &[u8], attachment: &[u8], limits: &Limits) -> Result<RawReply, CallError> {
        self.exchange(Kind::Call, &[&(request.len() as u32).to_le_bytes(), request, attachment], limits)
    }

    /// Sends a frame and waits for the answer; hands on log records and gathers what is printed meanwhile.
    fn exchange(&mut self, kind: Kind, parts: &[&[u8]], limits: &Limits) -> Result<RawReply, CallError> {
        let result = self.try_exchange(kind, parts, limits);
        if let Err(error) = &result
            && !matches!(error, CallError::Load(_))
        {
            self.kill();
        }
        result
    }

    fn try_exchange(&mut self, kind: Kind, parts: &[&[u8]], limits: &Limits) -> Result<RawReply, CallError> {
        if self.gone {
            return Err(self.died(limits));
        }
        let end = Instant::now() + limits.deadline + GRACE;
        self.number = self.number.wrapping_add(1);
        self.logged = 0;
        let time = u32::try_from(limits.deadline.as_millis()).unwrap_or(u32::MAX).to_le_bytes();
        let head = header(kind, self.number, time.len() + parts.iter().map(|p| p.len()).sum::<usize>());
        let mut pending: Vec<&[u8]> =
            [&head[..], &time].into_iter().chain(parts.iter().copied()).filter(|p| !p.is_empty()).collect();
        pending.reverse();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(CallError::Deadline(limits.deadline));
            }
            match self.step(&mut pending, left) {
                Ok(true) => {}
                Ok(false) => return Err(self.died(limits)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(self.died(limits)),
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
            // Not for ever: a plugin may write as fast as this reads.
            let mut chunk = [0; 1 << 16];
            for _ in 0..AT_ONCE / chunk.len() {
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
        let mut reply = None;
        while reply.is_none() {
            let rest = &self.received[self.taken..];
            if rest.len() < HEADER {
                break;
            }
            let (kind, number, length) = parse(rest).ok_or(CallError::Connection)?;
            if length > limits.reply.saturating_mul(2).saturating_add(64) {
                return Err(CallError::Flooded(limits.reply));
            }
            let Some(payload) = rest.get(HEADER..HEADER + length) else { break };
            self.taken += HEADER + length;
            match kind {
                Kind::Reply if number == self.number => reply = Some(read_reply(payload, limits)?),
                Kind::Unloadable if number == self.number => {
                    let why = String::from_utf8_lossy(payload).into_owned();
                    return Err(CallError::Load(LoadError::Worker(why)));
                }
                Kind::Log => {
                    let (level, rest) = payload.split_first_chunk::<4>().ok_or(CallError::Connection)?;
                    let (target, record) = split(rest).ok_or(CallError::Connection)?;
                    match self.logged {
                        0..LOG_RECORDS => log_here(u32::from_le_bytes(*level), target, record),
                        LOG_RECORDS => {
                            tracing::warn!(target: "plugin", "more than {LOG_RECORDS} log records in one call are left out");
                        }
                        _ => {}
                    }
                    self.logged += 1;
                }
                _ => return Err(CallError::Connection),
            }
        }
        self.received.drain(..self.taken);
        self.taken = 0;
        Ok(reply)
    }

    fn take_printed(&mut self) {
        let Some(errors) = &mut self.errors else { return };
        let mut chunk = [0; 4096];
        // Not for ever: a plugin may print as fast as this reads.
        for _ in 0..AT_ONCE / chunk.len() {
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
        if !self.gone {
            end_group(self.child.id());
            let _ = self.child.kill();
            let _ = self.child.wait();
            lock(&LIVE).remove(&self.child.id());
        }
        self.gone = true;
    }

    /// How the worker ended.
    fn died(&mut self, limits: &Limits) -> CallError {
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
            None => "cut off: it closed the connection to its worker".to_owned(),
        };
        self.kill();
        let printed = String::from_utf8_lossy(&self.printed);
        if printed.contains("memory allocation of") && status.is_some_and(|s| s.signal().is_some()) {
            return CallError::Memory(limits.memory);
        }
        let printed = excerpt(&printed);
        CallError::Died { how, printed }
    }
}

/// A reply out of the payload of its frame.
fn read_reply(payload: &[u8], limits: &Limits) -> Result<RawReply, CallError> {
    let (status, rest) = payload.split_first_chunk::<4>().ok_or(CallError::Connection)?;
    let (abi_minor, rest) = rest.split_first_chunk::<4>().ok_or(CallError::Connection)?;
    let (head, blob) = split(rest).ok_or(CallError::Connection)?;
    if head.len().max(blob.len()) > limits.reply {
        return Err(CallError::Flooded(limits.reply));
    }
    Ok(RawReply {
        status: i32::from_le_bytes(*status),
        head: head.to_vec(),
        blob: blob.to_vec(),
        abi_minor: u32::from_le_bytes(*abi_minor),
    })
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Closing the input ends a well-behaved worker; there is nothing to wait for.
        self.kill();
    }
}

/// Of what a plugin printed before its end, what is likely to say why: the first panic, or the last lines.
fn excerpt(printed: &str) -> String {
    const LINES: usize = 4;
    const LENGTH: usize = 500;
    let lines: Vec<&str> = printed.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let from = match lines.iter().position(|l| l.contains(" panicked at ")) {
        Some(panic) => &lines[panic..(panic + 2).min(lines.len())],
        None => &lines[lines.len().saturating_sub(LINES)..],
    };
    from.join(" | ").chars().take(LENGTH).collect()
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
