//! The worker's side.

use std::fs::File;
use std::io::{BufReader, IsTerminal as _, Read, Write};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};

use super::frame::{HEADER, Kind, header, parse, split};
use crate::library::{Instance, Library, RawReply};

/// Where replies and log records go.
static OUT: OnceLock<Mutex<File>> = OnceLock::new();

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
    OUT.get_or_init(|| Mutex::new(File::from(output)));
    Ok(File::from(input))
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
        let Some((kind, length)) = parse(&head) else { return ExitCode::from(2) };
        payload.clear();
        if input.by_ref().take(length as u64).read_to_end(&mut payload).is_err() || payload.len() != length {
            return ExitCode::from(2);
        }
        let sent = match kind {
            Kind::Describe => match Library::load(&path(&payload)) {
                Ok(library) => reply(&library.describe(LIMIT)),
                Err(error) => send(Kind::Unloadable, &[error.to_string().as_bytes()]),
            },
            Kind::Open => open(&payload, &mut instance),
            Kind::Call => match (split(&payload), &mut instance) {
                (Some((request, attachment)), Some(instance)) => reply(&instance.call(request, attachment, LIMIT)),
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

fn open(payload: &[u8], instance: &mut Option<Instance>) -> std::io::Result<()> {
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
                return send(Kind::Unloadable, &[b"says that it opened a component and gives no instance"]);
            }
            reply(&raw)
        }
        Err(error) => send(Kind::Unloadable, &[error.to_string().as_bytes()]),
    }
}

fn reply(raw: &RawReply) -> std::io::Result<()> {
    send(Kind::Reply, &[&raw.status.to_le_bytes(), &(raw.head.len() as u32).to_le_bytes(), &raw.head, &raw.blob])
}

/// Log records may come from any thread of a plugin.
fn log(level: u32, target: &[u8], record: &[u8]) {
    let _ = send(Kind::Log, &[&level.to_le_bytes(), &(target.len() as u32).to_le_bytes(), target, record]);
}

fn send(kind: Kind, parts: &[&[u8]]) -> std::io::Result<()> {
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let mut frame = Vec::with_capacity(HEADER + length);
    frame.extend_from_slice(&header(kind, length));
    parts.iter().for_each(|part| frame.extend_from_slice(part));
    let mut out = match OUT.get().map(Mutex::lock) {
        Some(Ok(out)) => out,
        Some(Err(poisoned)) => poisoned.into_inner(),
        None => return Err(std::io::ErrorKind::NotConnected.into()),
    };
    out.write_all(&frame)
}
