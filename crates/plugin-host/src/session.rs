//! A component at work, wherever it runs.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use casemill_plugin_abi::Status;
use casemill_plugin_abi::message::{Description, OpenConfig};

use crate::library::{FLOODED, Instance, Library, LoadError, RawReply};
use crate::worker::Worker;

/// Where plugins run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// Each in a process of its own, which may crash or hang without harm.
    #[default]
    Worker,
    /// In this process, for debuggers. A crash is a crash.
    InProcess,
}

/// Limits of a call.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest time for a call.
    pub deadline: Duration,
    /// Longest head or blob in bytes.
    pub reply: usize,
    /// Deaths after which a plugin is not started again in this run.
    pub deaths: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(60), reply: 512 << 20, deaths: 3 }
    }
}

/// Why a call gave nothing.
#[derive(Debug)]
pub enum CallError {
    /// The plugin said that it could not, and why.
    Failed {
        /// What went wrong.
        message: String,
        /// The way out.
        help: Option<String>,
    },
    /// The plugin cannot be loaded.
    Load(LoadError),
    /// The plugin's process could not be started.
    Start(std::io::Error),
    /// The plugin's process ended within the call.
    Died {
        /// How: `killed by SIGSEGV`, `exited with status 1`.
        how: String,
        /// The last it printed.
        printed: String,
    },
    /// The call took too long; the process was ended.
    Deadline(Duration),
    /// The plugin died too often and is not started again in this run.
    Quarantined(u32),
    /// The plugin panicked.
    Panicked(String),
    /// The plugin wrote more than is allowed.
    Flooded(usize),
    /// The plugin broke the contract: a status or reply that it does not have.
    Contract(String),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { message, .. } => f.write_str(message),
            Self::Load(error) => error.fmt(f),
            Self::Start(error) => write!(f, "its process could not be started: {error}"),
            Self::Died { how, printed } if printed.is_empty() => write!(f, "its process was {how}"),
            Self::Died { how, printed } => write!(f, "its process was {how}; it printed: {printed}"),
            Self::Deadline(limit) => write!(f, "it did not answer within {} s and was stopped", limit.as_secs_f64()),
            Self::Quarantined(deaths) => write!(f, "it died {deaths} times and is not started again in this run"),
            Self::Panicked(message) => write!(f, "it {message}"),
            Self::Flooded(limit) => write!(f, "it wrote more than {} MiB in one reply", limit >> 20),
            Self::Contract(what) => write!(f, "it broke the plugin contract: {what}"),
        }
    }
}

impl std::error::Error for CallError {}

impl CallError {
    /// The way out, where the plugin named one.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Failed { help, .. } => help.as_deref(),
            _ => None,
        }
    }

    /// True if the fault is the plugin's and not that of its input.
    pub fn is_plugin_fault(&self) -> bool {
        !matches!(self, Self::Failed { .. })
    }
}

/// Turns the raw reply of a plugin into head and blob.
fn accept(reply: RawReply, limit: usize) -> Result<(Vec<u8>, Vec<u8>), CallError> {
    if reply.status == FLOODED {
        return Err(CallError::Flooded(limit));
    }
    let failure = || serde_json::from_slice::<casemill_plugin_abi::message::Failure>(&reply.head);
    match Status::from_raw(reply.status) {
        Some(Status::Ok) => Ok((reply.head, reply.blob)),
        Some(Status::Panicked) => Err(CallError::Panicked(failure().map_or_else(|_| "panicked".into(), |f| f.message))),
        Some(status) => match failure() {
            Ok(failure) if status == Status::Failed && !failure.message.is_empty() => {
                Err(CallError::Failed { message: failure.message, help: failure.help })
            }
            Ok(failure) => Err(CallError::Contract(format!("it answered {status:?}: {}", failure.message))),
            Err(_) => Err(CallError::Contract(format!("it answered {status:?} without a message"))),
        },
        None => Err(CallError::Contract(format!("it answered with status {}, which does not exist", reply.status))),
    }
}

enum Connection {
    Closed,
    Worker(Worker),
    InProcess(Instance),
}

/// An instance of one component of one plugin. Started when first used; started again after a death.
pub struct Session {
    path: PathBuf,
    config: OpenConfig,
    transport: Transport,
    limits: Limits,
    connection: Connection,
    /// A process that was started ahead of its first use.
    launched: Option<Worker>,
    deaths: u32,
    /// Times the instance was made: an exporter that holds all reports of a run must not be made twice.
    opened: u32,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("path", &self.path)
            .field("component", &self.config.component)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session; nothing is started yet.
    pub fn new(path: PathBuf, config: OpenConfig, transport: Transport, limits: Limits) -> Self {
        Self { path, config, transport, limits, connection: Connection::Closed, launched: None, deaths: 0, opened: 0 }
    }

    /// True if the instance was lost and made again, so that what it had gathered is gone.
    pub fn lost_state(&self) -> bool {
        self.opened > 1
    }

    /// Starts the process, without waiting for it, if nothing is running.
    pub(crate) fn launch(&mut self) {
        if self.transport == Transport::Worker
            && matches!(self.connection, Connection::Closed)
            && self.launched.is_none()
        {
            self.launched = Worker::start(&self.path).ok();
        }
    }

    /// Starts the process and makes the instance, if that is not done.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn start(&mut self) -> Result<(), CallError> {
        if self.deaths >= self.limits.deaths {
            return Err(CallError::Quarantined(self.deaths));
        }
        if !matches!(self.connection, Connection::Closed) {
            return Ok(());
        }
        let config = serde_json::to_vec(&self.config).map_err(|e| CallError::Contract(e.to_string()))?;
        match self.transport {
            Transport::Worker => {
                let mut worker = match self.launched.take() {
                    Some(worker) => worker,
                    None => Worker::start(&self.path).map_err(CallError::Start)?,
                };
                let opened = worker.open(&config, &self.limits);
                match opened.and_then(|reply| accept(reply, self.limits.reply)) {
                    Ok(_) => self.connection = Connection::Worker(worker),
                    Err(error) => {
                        self.deaths += u32::from(matches!(error, CallError::Died { .. } | CallError::Deadline(_)));
                        return Err(error);
                    }
                }
            }
            Transport::InProcess => {
                let library = Library::load(&self.path).map_err(CallError::Load)?;
                let (reply, instance) =
                    library.open(&config, crate::worker::log_here, crate::worker::log_level(), self.limits.reply);
                accept(reply, self.limits.reply)?;
                let instance = instance.ok_or_else(|| CallError::Contract("`open` gave no instance".into()))?;
                self.connection = Connection::InProcess(instance);
            }
        }
        self.opened += 1;
        Ok(())
    }

    /// Serves one request: head and blob of the reply.
    ///
    /// # Errors
    /// [`CallError`]. After a death or panic the next call starts afresh.
    pub fn call(&mut self, request: &[u8], attachment: &[u8]) -> Result<(Vec<u8>, Vec<u8>), CallError> {
        self.start()?;
        let reply = match &mut self.connection {
            Connection::Worker(worker) => worker.call(request, attachment, &self.limits),
            Connection::InProcess(instance) => Ok(instance.call(request, attachment, self.limits.reply)),
            Connection::Closed => Err(CallError::Contract("not started".into())),
        };
        let result = reply.and_then(|reply| accept(reply, self.limits.reply));
        if let Err(error) = &result {
            match error {
                CallError::Died { .. } | CallError::Deadline(_) => {
                    self.deaths += 1;
                    self.connection = Connection::Closed;
                }
                CallError::Panicked(_) => self.connection = Connection::Closed,
                _ => {}
            }
        }
        result
    }
}

/// What a plugin says of itself.
pub(crate) fn parse_description(head: &[u8]) -> Result<Description, CallError> {
    serde_json::from_slice(head)
        .map_err(|e| CallError::Contract(format!("its description is not of the contract's form: {e}")))
}

/// Describes a plugin in this process.
pub(crate) fn describe_here(path: &std::path::Path, limits: &Limits) -> Result<Description, CallError> {
    let library = Library::load(path).map_err(CallError::Load)?;
    let (head, _) = accept(library.describe(limits.reply), limits.reply)?;
    parse_description(&head)
}

/// Describes a plugin in a worker that may already have described others.
pub(crate) fn describe_in(
    worker: &mut Worker,
    path: &std::path::Path,
    limits: &Limits,
) -> Result<Description, CallError> {
    let reply = worker.describe(path, limits)?;
    let (head, _) = accept(reply, limits.reply)?;
    parse_description(&head)
}
