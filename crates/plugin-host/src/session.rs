//! A component at work, wherever it runs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use casemill_plugin_abi::Status;
use casemill_plugin_abi::message::{Description, OpenConfig};

use crate::discover::Plugin;
use crate::image::Contents;
use crate::library::{FLOODED, Instance, Library, LoadError, NULL_WRITE, RawReply};
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
    /// Most memory of a worker in bytes.
    pub memory: u64,
    /// Deaths after which a plugin is not started again in this run.
    pub deaths: u32,
}

/// Longest description: rules bring their manual pages.
pub(crate) const DESCRIPTION: usize = 16 << 20;

/// Longest time to say what it is; nothing is computed for it.
const DESCRIBE: Duration = Duration::from_secs(10);

/// Longest message of a plugin that is passed on, in characters.
const MESSAGE: usize = 2000;

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(60), reply: 512 << 20, memory: 2 << 30, deaths: 3 }
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
    /// The plugin asked for more memory than it may have.
    Memory(u64),
    /// The plugin wrote into the connection between its worker and the host.
    Connection,
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
            Self::Memory(limit) => write!(
                f,
                "it asked for more memory than its worker may have, {} MiB, and was stopped (--memory sets the limit)",
                limit >> 20
            ),
            Self::Connection => f.write_str("it wrote into the connection of its worker and was stopped"),
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
fn accept(reply: RawReply, limit: usize, limits: &Limits) -> Result<(Vec<u8>, Vec<u8>), CallError> {
    if reply.status == FLOODED {
        return Err(CallError::Flooded(limit));
    }
    if reply.status == NULL_WRITE {
        return Err(CallError::Contract("it gave a null pointer as the place of its output".into()));
    }
    let failure = || {
        serde_json::from_slice::<casemill_plugin_abi::message::Failure>(&reply.head).map(|mut failure| {
            for text in std::iter::once(&mut failure.message).chain(&mut failure.help) {
                if let Some((end, _)) = text.char_indices().nth(MESSAGE) {
                    text.truncate(end);
                }
            }
            failure
        })
    };
    match Status::from_raw(reply.status) {
        Some(Status::Ok) => Ok((reply.head, reply.blob)),
        // It stopped because its time was up.
        Some(Status::Cancelled) => Err(CallError::Deadline(limits.deadline)),
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

/// Deaths of plugins in a run, counted over all their instances.
#[derive(Debug, Default)]
pub struct Casualties(Mutex<BTreeMap<String, Casualty>>);

/// How a plugin fared.
#[derive(Clone, Debug, Default)]
pub struct Casualty {
    /// How often its process ended or had to be ended.
    pub deaths: u32,
    /// The last time, in words.
    pub last: String,
}

impl Casualties {
    fn note(&self, plugin: &str, error: &CallError) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let casualty = all.entry(plugin.to_owned()).or_default();
        casualty.deaths += 1;
        casualty.last = crate::discover::printable(&error.to_string());
    }

    fn deaths(&self, plugin: &str) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(plugin).map_or(0, |c| c.deaths)
    }

    /// Plugins that died at least once, by id.
    pub fn list(&self) -> BTreeMap<String, Casualty> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

enum Connection {
    Closed,
    Worker(Worker),
    InProcess(Instance),
}

/// An instance of one component of one plugin. Started when first used; started again after a death.
pub struct Session {
    plugin: String,
    contents: Arc<Contents>,
    config: OpenConfig,
    transport: Transport,
    limits: Limits,
    casualties: Arc<Casualties>,
    connection: Connection,
    /// A process that was started ahead of its first use.
    launched: Option<Worker>,
    /// True if an instance was lost with what it had gathered.
    lost: bool,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("plugin", &self.plugin)
            .field("component", &self.config.component)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session; nothing is started yet.
    pub fn new(
        plugin: &Plugin,
        config: OpenConfig,
        transport: Transport,
        limits: Limits,
        casualties: Arc<Casualties>,
    ) -> Self {
        Self {
            plugin: plugin.description.id.clone(),
            contents: Arc::clone(&plugin.file.contents),
            config,
            transport,
            limits,
            casualties,
            connection: Connection::Closed,
            launched: None,
            lost: false,
        }
    }

    /// True if an instance was lost, so that what it had gathered is gone.
    pub fn lost_state(&self) -> bool {
        self.lost
    }

    /// Starts the process, without waiting for it, if nothing is running.
    pub(crate) fn launch(&mut self) {
        if self.transport == Transport::Worker
            && matches!(self.connection, Connection::Closed)
            && self.launched.is_none()
        {
            self.launched = self.new_worker().ok();
        }
    }

    /// A worker that has the bytes of the plugin.
    fn new_worker(&self) -> Result<Worker, CallError> {
        self.contents.image().map_err(CallError::Load)?;
        Worker::start(&self.limits).map_err(CallError::Start)
    }

    /// Starts the process and makes the instance, if that is not done.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn start(&mut self) -> Result<(), CallError> {
        let deaths = self.casualties.deaths(&self.plugin);
        if deaths >= self.limits.deaths {
            return Err(CallError::Quarantined(deaths));
        }
        if !matches!(self.connection, Connection::Closed) {
            return Ok(());
        }
        let config = serde_json::to_vec(&self.config).map_err(|e| CallError::Contract(e.to_string()))?;
        match self.transport {
            Transport::Worker => {
                let mut worker = match self.launched.take() {
                    Some(worker) => worker,
                    None => self.new_worker()?,
                };
                let image = self.contents.image().map_err(CallError::Load)?;
                let opened = worker.open(image, &config, &self.limits);
                if let Err(error) = opened.and_then(|reply| accept(reply, self.limits.reply, &self.limits)) {
                    if worker.is_gone() {
                        self.casualties.note(&self.plugin, &error);
                    }
                    return Err(error);
                }
                self.connection = Connection::Worker(worker);
            }
            Transport::InProcess => {
                let image = self.contents.image().map_err(CallError::Load)?;
                let library = Library::load(&image.path_for(std::process::id())).map_err(CallError::Load)?;
                let (reply, instance) =
                    library.open(&config, crate::worker::log_here, crate::worker::log_level(), self.limits.reply);
                accept(reply, self.limits.reply, &self.limits)?;
                let instance = instance.ok_or_else(|| CallError::Contract("`open` gave no instance".into()))?;
                self.connection = Connection::InProcess(instance);
            }
        }
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
        let result = reply.and_then(|reply| accept(reply, self.limits.reply, &self.limits));
        if let Err(error) = &result {
            let gone = matches!(&self.connection, Connection::Worker(worker) if worker.is_gone());
            if gone {
                self.casualties.note(&self.plugin, error);
            }
            if gone || matches!(error, CallError::Panicked(_)) {
                self.connection = Connection::Closed;
                self.lost = true;
            }
        }
        result
    }
}

/// What is known of a plugin without making an instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Described {
    /// What it says of itself.
    pub(crate) description: Description,
    /// Minor version of the ABI that it is built for.
    pub(crate) abi_minor: u32,
}

fn described(reply: RawReply, limits: &Limits) -> Result<Described, CallError> {
    let abi_minor = reply.abi_minor;
    let (head, _) = accept(reply, DESCRIPTION, limits)?;
    if head.len() > DESCRIPTION {
        return Err(CallError::Flooded(DESCRIPTION));
    }
    let description = serde_json::from_slice(&head)
        .map_err(|e| CallError::Contract(format!("its description is not of the contract's form: {e}")))?;
    Ok(Described { description, abi_minor })
}

/// Describes a plugin in this process.
pub(crate) fn describe_here(contents: &Contents, limits: &Limits) -> Result<Described, CallError> {
    let image = contents.image().map_err(CallError::Load)?;
    let library = Library::load(&image.path_for(std::process::id())).map_err(CallError::Load)?;
    described(library.describe(DESCRIPTION), limits)
}

/// Describes a plugin in a worker that may already have described others.
pub(crate) fn describe_in(worker: &mut Worker, contents: &Contents, limits: &Limits) -> Result<Described, CallError> {
    let image = contents.image().map_err(CallError::Load)?;
    let limits = Limits { deadline: limits.deadline.min(DESCRIBE), ..*limits };
    described(worker.describe(image, &limits)?, &limits)
}
