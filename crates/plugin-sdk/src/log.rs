//! `tracing` events of a plugin go to the host: a shared library has its own copy of the dispatcher.

use std::ffi::c_void;
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use casemill_plugin_abi::{Bytes, Host, Sink, Status};
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::error::{Error, Result};

static HOST: AtomicPtr<Host> = AtomicPtr::new(std::ptr::null_mut());

/// Sends `tracing` events to `host` from now on. Called by every `open`; the first one installs the bridge.
///
/// # Safety
/// `host` is null or points to a host table that stays valid until the process ends.
pub(crate) unsafe fn install(host: *const Host) {
    let first = HOST.swap(host.cast_mut(), Ordering::AcqRel).is_null();
    if first && !host.is_null() {
        // Another instance in this process may have been quicker; then the bridge stands already.
        let _ = tracing::subscriber::set_global_default(Bridge { next: AtomicU64::new(1) });
    }
}

fn host() -> Option<&'static Host> {
    // SAFETY: `install` was given a table that stays valid until the process ends.
    unsafe { HOST.load(Ordering::Acquire).as_ref() }
}

/// True if the host asks the plugin to stop.
pub(crate) fn is_cancelled() -> bool {
    host().and_then(|h| Some((h.is_cancelled?, h.ctx))).is_some_and(|(is_cancelled, ctx)| {
        // SAFETY: the function and its context come from the same table.
        unsafe { is_cancelled(ctx) != 0 }
    })
}

/// A resource of the host by name; `None` if it has none of that name.
///
/// `vocabulary/NAME` is a compiled vocabulary that the user imported; a name that ends in `/` gives the names below it, one
/// a line.
///
/// # Errors
/// The host has it and could not read it.
pub fn resource(name: &str) -> Result<Option<Vec<u8>>> {
    let Some((resource, ctx)) = host().and_then(|h| Some((h.resource?, h.ctx))) else { return Ok(None) };
    let mut bytes: Vec<u8> = Vec::new();
    let sink = Sink { ctx: (&raw mut bytes).cast(), write: Some(gather) };
    // SAFETY: the function and its context come from the same table; name and sink live through the call.
    let status = unsafe { resource(ctx, Bytes::of(name.as_bytes()), &raw const sink) };
    match Status::from_raw(status) {
        Some(Status::Ok) => Ok(Some(bytes)),
        Some(Status::Unsupported) => Ok(None),
        _ => Err(Error::new(format!("the host could not read {name}"))),
    }
}

unsafe extern "C" fn gather(ctx: *mut c_void, p: *const u8, n: usize) -> i32 {
    // SAFETY: `ctx` is the vector of the `resource` call that is under way.
    let Some(bytes) = (unsafe { ctx.cast::<Vec<u8>>().as_mut() }) else { return 1 };
    if n > 0 && !p.is_null() {
        // SAFETY: the host promises `n` readable bytes at `p`.
        bytes.extend_from_slice(unsafe { std::slice::from_raw_parts(p, n) });
    }
    0
}

const fn number(level: &Level) -> u32 {
    match *level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

/// A message that does not come from a `tracing` macro (a caught panic).
pub(crate) fn say(level: Level, target: &str, message: &str) {
    let mut record = Map::new();
    record.insert("message".into(), message.into());
    send(&level, target, &record);
}

fn send(level: &Level, target: &str, record: &Map<String, Value>) {
    let Some(host) = host() else { return };
    let Some(log) = host.log else { return };
    let json = serde_json::to_vec(record).unwrap_or_default();
    // SAFETY: the function and its context come from the same table; both byte ranges live through the call.
    unsafe { log(host.ctx, number(level), Bytes::of(target.as_bytes()), Bytes::of(&json)) }
}

struct Bridge {
    next: AtomicU64,
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        self.0.insert(field.name().to_owned(), text.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Subscriber for Bridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        host().is_some_and(|h| number(metadata.level()) <= h.max_log_level)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        send(event.metadata().level(), event.metadata().target(), &fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
