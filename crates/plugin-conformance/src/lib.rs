//! The conformance kit: does a plugin keep the contract (docs/plugin-contract.md)?
//!
//! ```text
//! describe ──> declared: formats, rules, options ──> opened: good and bad options
//!          ──> served: sample documents and cases, twice ──> probed: two at once, asked to stop
//! ```
//!
//! Every failure says what to do. Everything runs in workers: a plugin that crashes fails its checks, not the kit.

#![forbid(unsafe_code)]

mod declared;
mod inputs;
mod opened;
mod probed;
mod served;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casemill_plugin_abi::message::{Component, Description, OpenConfig};
use casemill_plugin_host::{CallError, Limits, Plugin, Registry, SearchPath, Session, Transport};
use serde::Serialize;
use serde_json::{Map, Value};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As the contract wants it.
    Passed,
    /// Not as the contract wants it.
    Failed,
    /// Allowed, and worth knowing.
    Note,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Part of the contract: `describe`, `open`, `exporter summary`.
    pub area: String,
    /// What was checked.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen, if it did not pass.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help: String,
}

/// What the kit found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Conformance {
    /// The plugin and its version, if it could say.
    pub plugin: String,
    /// All checks in the order in which they were made.
    pub checks: Vec<Check>,
    /// Longest call, in milliseconds.
    pub slowest_ms: u64,
}

impl Conformance {
    /// True if nothing failed.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|c| c.outcome != Outcome::Failed)
    }

    /// Number of checks that ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.checks.iter().filter(|c| c.outcome == outcome).count()
    }
}

/// What a check says when it does not pass: what was seen, and what to do.
type Fault = (String, &'static str);

/// Gathers checks on one plugin.
struct Kit<'a> {
    path: &'a Path,
    /// The plugin, once it described itself.
    plugin: Option<Plugin>,
    limits: Limits,
    area: String,
    out: Conformance,
    slowest: Duration,
}

impl Kit<'_> {
    fn area(&mut self, area: impl Into<String>) {
        self.area = area.into();
    }

    fn add(&mut self, name: impl Into<String>, outcome: Outcome, message: impl Into<String>, help: &str) {
        let (area, name) = (self.area.clone(), name.into());
        self.out.checks.push(Check { area, name, outcome, message: message.into(), help: help.to_owned() });
    }

    fn check(&mut self, name: impl Into<String>, result: Result<(), Fault>) {
        match result {
            Ok(()) => self.add(name, Outcome::Passed, "", ""),
            Err((message, help)) => self.add(name, Outcome::Failed, message, help),
        }
    }

    fn note(&mut self, name: impl Into<String>, message: impl Into<String>, help: &str) {
        self.add(name, Outcome::Note, message, help);
    }

    /// A session of a component in a worker.
    fn session(&self, component: &str, options: Map<String, Value>) -> Session {
        let config = OpenConfig {
            component: component.to_owned(),
            options,
            casemill: version().to_owned(),
            ..OpenConfig::default()
        };
        let plugin = self.plugin.as_ref().expect("sessions are opened once the plugin described itself");
        Session::new(plugin, config, Transport::Worker, self.limits, Arc::default())
    }

    /// A call, timed.
    fn call(
        &mut self,
        session: &mut Session,
        request: &[u8],
        attachment: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), CallError> {
        let start = Instant::now();
        let reply = session.call(request, attachment);
        self.slowest = self.slowest.max(start.elapsed());
        reply
    }
}

/// Version of the kit, told to plugins as that of the host.
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// What an error of a call means, and what to do about it.
fn fault(error: &CallError) -> Fault {
    let help = match error {
        CallError::Failed { .. } => "a sample that keeps the rules of the record must be served; see the message",
        CallError::Load(_) => "see `the binary` in docs/plugin-contract.md: the symbol, the magic number, the sizes",
        CallError::Start(_) => "the system could not start a process; try again",
        CallError::Died { .. } => "the plugin took its process down; run the call in a debugger with --in-process",
        CallError::Memory(_) => "use less memory: a report is a few hundred kilobytes",
        CallError::Connection => "write to the sinks only; the descriptors of the worker are not the plugin's",
        CallError::Deadline(_) => "answer in time: look for endless loops and for work that grows faster than the text",
        CallError::Quarantined(_) => "the plugin took its process down before; mend that first",
        CallError::Panicked(_) => "the panic was caught; handle what the message names instead of panicking",
        CallError::Flooded(_) => "write less in one reply; a format of the whole run writes in `finish`",
        CallError::Contract(_) => "see `messages` in docs/plugin-contract.md for the form of the reply",
    };
    (error.to_string(), help)
}

/// True if the plugin said no, with a message, and went on living.
fn is_refusal(error: &CallError) -> bool {
    match error {
        CallError::Failed { .. } => true,
        CallError::Contract(what) => {
            what.starts_with("it answered Unsupported: ") || what.starts_with("it answered BadRequest: ")
        }
        _ => false,
    }
}

/// Checks a plugin.
pub fn check(path: &Path, limits: Limits) -> Conformance {
    // A plugin that dies is to be seen dying in every check.
    let limits = Limits { deaths: u32::MAX, ..limits };
    let mut kit = Kit {
        path,
        plugin: None,
        limits,
        area: "describe".into(),
        out: Conformance::default(),
        slowest: Duration::ZERO,
    };
    if let Some(description) = describe(&mut kit) {
        kit.out.plugin = format!("{} {}", description.id, description.version);
        declared::check(&mut kit, &description);
        for component in &description.components {
            kit.area(format!("{} {}", component.kind, component.id));
            component_checks(&mut kit, component);
        }
        kit.area("describe");
        let help = "describe must not depend on time, chance or what was called before";
        let again = discover(&kit).map_err(|_| ("it cannot be described again".to_owned(), help));
        let again = again.and_then(|d| {
            if d.description == description {
                Ok(())
            } else {
                Err(("it describes itself differently".to_owned(), help))
            }
        });
        kit.check("the same description after everything else", again);
    }
    kit.out.slowest_ms = kit.slowest.as_millis().try_into().unwrap_or(u64::MAX);
    kit.out
}

fn component_checks(kit: &mut Kit<'_>, component: &Component) {
    if opened::check(kit, component) {
        served::check(kit, component);
        probed::check(kit, component);
    }
}

fn discover(kit: &Kit<'_>) -> Result<Plugin, String> {
    let search = SearchPath { files: vec![kit.path.to_owned()], ..SearchPath::default() };
    let mut registry = Registry::discover(&search, Transport::Worker, &kit.limits);
    match registry.plugins.pop() {
        Some(plugin) => Ok(plugin),
        None => Err(registry.troubles.first().map_or("it was not found".to_owned(), |t| t.reason.clone())),
    }
}

fn describe(kit: &mut Kit<'_>) -> Option<Description> {
    match discover(kit) {
        Ok(plugin) => {
            kit.add("loads and describes itself", Outcome::Passed, "", "");
            let description = plugin.description.clone();
            kit.plugin = Some(plugin);
            Some(description)
        }
        Err(why) => {
            let help = "build a shared library that exports `casemill_plugin_v1` for this machine and this casemill; \
                see docs/plugin-contract.md";
            kit.add("loads and describes itself", Outcome::Failed, why, help);
            None
        }
    }
}
