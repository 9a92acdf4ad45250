//! The worker's side.

use std::fs::File;
use std::io::{BufReader, IsTerminal as _, Read, Write};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use super::frame::{HEADER, Kind, header, parse, split};
use crate::library::{Instance, Library, RawReply, cancel_after};
use crate::session::DESCRIPTION;

/// Where replies and log records go.
static OUT: OnceLock<Mutex<File>> = OnceLock::new();

/// Longest frame taken from the host: a request with the text of a report beside it.
const FRAME: usize = 8 << 30;

/// Longest reply a worker takes from a plugin. The host has its own, smaller limit.
const LIMIT: usize = 512 << 20;

/// Runs as a worker until the host closes the connection.
pub fn serve() -> ExitCode {
    if std::io::stdin().is_terminal() {
        eprintln!("this command is how casemill runs plugins; it is not for people");
        return ExitCode::from(2);
    }
    match connect() {
        Ok(input) => run(input),
        Err(error) => {
            eprintln!("a plugin worker could not set up its connection: {error}");
            ExitCode::from(2)
        }
    }
}

/// Takes standard input and output away from plugins: input becomes empty, output goes to standard error.
fn connect() -> std::io::Result<File> {
    use rustix::io::fcntl_dupfd_cloexec;
    use rustix::stdio::{dup2_stdin, dup2_stdout, stderr, stdin, stdout};
    let input: OwnedFd = fcntl_dupfd_cloexec(stdin(), 10)?;
    let output: OwnedFd = fcntl_dupfd_cloexec(stdout(), 10)?;
    let null = File::open("/dev/null")?;
    dup2_stdin(&null)?;
    dup2_stdout(stderr())?;
    // A crash leaves no core file behind.
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    rustix::process::setrlimit(rustix::process::Resource::Core, none)?;
    limit_memory();
    OUT.get_or_init(|| Mutex::new(File::from(output)));
    Ok(File::from(input))
}

/// Holds the worker to the memory that the host named. Address space that is only reserved, as allocators do, and files
/// that are mapped to be read do not count where the system can tell them apart.
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Some(bytes) = std::env::args().nth(2).and_then(|a| a.parse::<u64>().ok()).filter(|b| *b > 0) else { return };
    let resource = if cfg!(any(target_os = "linux", target_os = "android")) { Resource::Data } else { Resource::As };
    // Never above what the process already has.
    let most = getrlimit(resource).maximum.map_or(bytes, |m| m.min(bytes));
    let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
}

fn run(input: File) -> ExitCode {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut instance: Option<Instance> = None;
    let mut payload = Vec::new();
    loop {
        let mut head = [0; HEADER];
        if input.read_exact(&mut head).is_err() {
            // The host is done, or gone.
            return ExitCode::SUCCESS;
        }
        let Some((kind, number, length)) = parse(&head).filter(|(_, _, n)| *n <= FRAME) else {
            return ExitCode::from(2);
        };
        payload.clear();
        if input.by_ref().take(length as u64).read_to_end(&mut payload).is_err() || payload.len() != length {
            return ExitCode::from(2);
        }
        let Some((time, payload)) = payload.split_first_chunk::<4>() else { return ExitCode::from(2) };
        cancel_after(Duration::from_millis(u32::from_le_bytes(*time).into()));
        let sent = match kind {
            Kind::Describe => match Library::load(&path(payload)) {
                Ok(library) => reply(number, &library.describe(DESCRIPTION)),
                Err(error) => send(Kind::Unloadable, number, &[error.to_string().as_bytes()]),
            },
            Kind::Open => open(number, payload, &mut instance),
            Kind::Call => match (split(payload), &mut instance) {
                (Some((request, attachment)), Some(instance)) => {
                    reply(number, &instance.call(request, attachment, LIMIT))
                }
                _ => return ExitCode::from(2),
            },
            Kind::Reply | Kind::Log | Kind::Unloadable => return ExitCode::from(2),
        };
        if sent.is_err() {
            return ExitCode::SUCCESS;
        }
    }
}

fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

fn open(number: u32, payload: &[u8], instance: &mut Option<Instance>) -> std::io::Result<()> {
    let Some((file, rest)) = split(payload) else { return Err(std::io::ErrorKind::InvalidData.into()) };
    let Some((level, config)) = rest.split_first_chunk::<4>() else {
        return Err(std::io::ErrorKind::InvalidData.into());
    };
    *instance = None;
    match Library::load(&path(file)) {
        Ok(library) => {
            let (raw, made) = library.open(config, log, u32::from_le_bytes(*level), LIMIT);
            let missing = raw.status == 0 && made.is_none();
            *instance = made;
            if missing {
                return send(Kind::Unloadable, number, &[b"says that it opened a component and gives no instance"]);
            }
            reply(number, &raw)
        }
        Err(error) => send(Kind::Unloadable, number, &[error.to_string().as_bytes()]),
    }
}

fn reply(number: u32, raw: &RawReply) -> std::io::Result<()> {
    let (status, abi_minor) = (raw.status.to_le_bytes(), raw.abi_minor.to_le_bytes());
    let length = (raw.head.len() as u32).to_le_bytes();
    send(Kind::Reply, number, &[&status, &abi_minor, &length, &raw.head, &raw.blob])
}

/// Log records may come from any thread of a plugin.
fn log(level: u32, target: &[u8], record: &[u8]) {
    let _ = send(Kind::Log, 0, &[&level.to_le_bytes(), &(target.len() as u32).to_le_bytes(), target, record]);
}

fn send(kind: Kind, number: u32, parts: &[&[u8]]) -> std::io::Result<()> {
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let mut frame = Vec::with_capacity(HEADER + length);
    frame.extend_from_slice(&header(kind, number, length));
    parts.iter().for_each(|part| frame.extend_from_slice(part));
    let mut out = match OUT.get().map(Mutex::lock) {
        Some(Ok(out)) => out,
        Some(Err(poisoned)) => poisoned.into_inner(),
        None => return Err(std::io::ErrorKind::NotConnected.into()),
    };
    out.write_all(&frame)
}
