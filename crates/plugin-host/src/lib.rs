//! The host's side of plugins: finding them, running them without being harmed by them, and moving a report through
//! them.
//!
//! ```text
//! discover ──> Plugin (file, description) ──Session──> Transport: worker process | in process
//! Pipeline: bytes ──reader──> Document ──extractors──> Report ──validators──> Audit ──exporters──> files
//! ```
//!
//! Whatever a plugin does, the host goes on: each plugin runs in a worker process with a deadline, every reply is
//! checked (status, size, JSON, spans, quotes) before anything believes it, and a worker that dies is named and
//! replaced. A worker contains crashes; it is not a sandbox against malice.

mod batch;
pub mod check;
mod discover;
mod files;
mod image;
mod journal;
mod library;
mod lock;
mod merge;
pub mod options;
mod pipeline;
mod probe;
mod session;
mod sniff;
mod trust;
mod worker;

pub use batch::in_order;
pub use discover::{Plugin, PluginFile, Registry, SearchPath, Shadowed, Trouble};
pub use files::{OutputError, Outputs, stem};
pub use image::Stamp;
pub use journal::{Journal, JournalEntry, RUN_REPORT, written};
pub use library::LoadError;
pub use lock::{LOCK_FILE, Lock, LockError, Pin};
pub use merge::{HOST_RULES, merge};
pub use pipeline::{ExportOutcome, Failure, InputBytes, Lane, Pipeline, PipelineError, RuleLevel, Stage, Written};
pub use probe::{PROBE_COMMAND, Probe, Probed, probe, serve_probe};
pub use session::{CallError, Casualties, Casualty, Limits, Session, Transport};
pub use trust::{Origin, Trusted, distrust, trust};
pub use worker::{WORKER_COMMAND, serve};

/// Gets the process ready to end at once: waits for files that are being written, keeps new ones from being started, and
/// ends all workers.
pub fn shut_down() {
    library::cancel();
    files::close();
    worker::end_all();
}
