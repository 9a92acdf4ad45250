//! Plugins in processes of their own.
//!
//! The host starts its own executable with [`WORKER_COMMAND`]; the two talk over the worker's standard input and output
//! in frames. In the worker these two are moved to private descriptors before any plugin code runs, and standard output
//! is pointed at standard error, so that a plugin that prints disturbs nothing. The bytes of the plugin are there from
//! the start: a worker inherits them.

mod client;
mod frame;
mod server;

use std::sync::OnceLock;

use crate::discover::printable;

pub(crate) use client::{Worker, end_all};
pub use server::serve;

/// First argument that makes the program a worker. Not for people.
pub const WORKER_COMMAND: &str = "__plugin-worker";

/// Longest log record that is passed on, in bytes.
const LOG_RECORD: usize = 64 << 10;

/// Most detailed level that the host wants, as a number of the contract.
pub(crate) fn log_level() -> u32 {
    static LEVEL: OnceLock<u32> = OnceLock::new();
    *LEVEL.get_or_init(|| {
        use tracing::level_filters::LevelFilter;
        match LevelFilter::current() {
            LevelFilter::OFF => 0,
            LevelFilter::ERROR => 1,
            LevelFilter::WARN => 2,
            LevelFilter::INFO => 3,
            LevelFilter::DEBUG => 4,
            _ => 5,
        }
    })
}

/// Hands a log record of a plugin to `tracing` in this process.
pub(crate) fn log_here(level: u32, target: &[u8], record: &[u8]) {
    if record.len().max(target.len()) > LOG_RECORD {
        tracing::warn!(target: "plugin", "a log record of {} bytes is left out", record.len().max(target.len()));
        return;
    }
    let plugin = printable(&String::from_utf8_lossy(target));
    let fields: serde_json::Value = serde_json::from_slice(record).unwrap_or_default();
    let message = fields.get("message").and_then(|m| m.as_str()).map(printable).unwrap_or_default();
    let mut rest = String::new();
    for (key, value) in fields.as_object().into_iter().flatten().filter(|(key, _)| *key != "message") {
        rest.push_str(&printable(&format!(" {key}={value}")));
    }
    match level {
        1 => tracing::error!(target: "plugin", "{plugin}: {message}{rest}"),
        2 => tracing::warn!(target: "plugin", "{plugin}: {message}{rest}"),
        3 => tracing::info!(target: "plugin", "{plugin}: {message}{rest}"),
        4 => tracing::debug!(target: "plugin", "{plugin}: {message}{rest}"),
        _ => tracing::trace!(target: "plugin", "{plugin}: {message}{rest}"),
    }
}
