//! The C functions of a plugin: every pointer is checked, every panic is caught.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use case_model::MODEL_VERSION;
use casemill_plugin_abi::message::{self, Description, Failure, OpenConfig, Request};
use casemill_plugin_abi::{ABI_MINOR, Bytes, Host, MAGIC, Plugin, Sink, Status};

use crate::component::{ComponentEntry, Refusal, Serve};
use crate::log;

/// What [`export_plugin!`](crate::export_plugin) says of a plugin.
pub trait PluginEntry: 'static {
    /// Name of the crate.
    const ID: &'static str;
    /// Version of the crate.
    const VERSION: &'static str;
    /// Description of the crate.
    const SUMMARY: &'static str;

    /// Its components.
    fn components() -> Vec<ComponentEntry>;
}

/// The table of a plugin.
pub const fn table<P: PluginEntry>() -> Plugin {
    Plugin {
        magic: MAGIC,
        struct_size: size_of::<Plugin>() as u32,
        abi_minor: ABI_MINOR,
        flags: 0,
        describe: Some(describe::<P>),
        open: Some(open::<P>),
        call: Some(call::<P>),
        close: Some(close),
    }
}

struct Instance {
    component: Box<dyn Serve>,
    /// Set when the component panicked: its state cannot be trusted any more.
    broken: bool,
}

/// Writes into a sink of the host. False if the host takes no more.
///
/// # Safety
/// `sink` is null or points to a sink that is valid for this call.
unsafe fn put(sink: *const Sink, bytes: &[u8]) -> bool {
    // SAFETY: promised by the caller.
    let Some(sink) = (unsafe { sink.as_ref() }) else { return false };
    let Some(write) = sink.write else { return false };
    // SAFETY: function and context come from the same sink; the bytes live through the call.
    bytes.is_empty() || unsafe { write(sink.ctx, bytes.as_ptr(), bytes.len()) == 0 }
}

/// Runs `work`; a panic becomes a status and a message.
fn guarded(out: *const Sink, target: &str, work: impl FnOnce() -> Status) -> i32 {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(status) => status as i32,
        Err(payload) => {
            let words = payload
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "no message".to_owned());
            // Dropping the payload may panic in its turn.
            std::mem::forget(payload);
            let message = format!("panicked: {words}");
            log::say(tracing::Level::ERROR, target, &message);
            fail(out, Failure { message, help: None });
            Status::Panicked as i32
        }
    }
}

fn fail(out: *const Sink, failure: Failure) {
    let json = serde_json::to_vec(&failure).unwrap_or_default();
    // SAFETY: `out` was given to the function that failed, for its duration.
    unsafe { put(out, &json) };
}

fn refuse(out: *const Sink, status: Status, message: impl Into<String>) -> Status {
    fail(out, Failure { message: message.into(), help: None });
    status
}

unsafe extern "C" fn describe<P: PluginEntry>(out: *const Sink) -> i32 {
    guarded(out, P::ID, || {
        let description = Description {
            id: P::ID.into(),
            version: P::VERSION.into(),
            model: MODEL_VERSION.into(),
            summary: P::SUMMARY.into(),
            components: P::components().into_iter().map(|c| c.description).collect(),
        };
        let json = serde_json::to_vec(&description).unwrap_or_default();
        // SAFETY: the host keeps `out` valid for this call.
        if unsafe { put(out, &json) } { Status::Ok } else { Status::Failed }
    })
}

unsafe extern "C" fn open<P: PluginEntry>(
    host: *const Host,
    config: Bytes,
    out: *const Sink,
    instance: *mut *mut c_void,
) -> i32 {
    guarded(out, P::ID, || {
        if instance.is_null() {
            return refuse(out, Status::BadRequest, "no place for the instance");
        }
        // SAFETY: the host table stays valid until the process ends, by contract.
        unsafe { log::install(host) };
        // SAFETY: the host keeps `config` readable for this call.
        let config: OpenConfig = match serde_json::from_slice(unsafe { config.as_slice() }) {
            Ok(config) => config,
            Err(error) => return refuse(out, Status::BadRequest, format!("configuration: {error}")),
        };
        let Some(entry) = P::components().into_iter().find(|c| c.description.id == config.component) else {
            return refuse(out, Status::Unsupported, format!("no component {:?}", config.component));
        };
        match (entry.open)(config.options) {
            Ok(component) => {
                let boxed = Box::new(Instance { component, broken: false });
                // SAFETY: checked for null above; the host gives a place for one pointer.
                unsafe { *instance = Box::into_raw(boxed).cast() };
                Status::Ok
            }
            Err(error) => {
                fail(out, error.into_failure());
                Status::Failed
            }
        }
    })
}

unsafe extern "C" fn call<P: PluginEntry>(
    instance: *mut c_void,
    request: Bytes,
    attachment: Bytes,
    out: *const Sink,
    blob: *const Sink,
) -> i32 {
    // SAFETY: the host passes what `open` gave and never calls twice at once on it.
    let Some(instance) = (unsafe { instance.cast::<Instance>().as_mut() }) else {
        return refuse(out, Status::BadRequest, "no instance") as i32;
    };
    if instance.broken {
        return refuse(out, Status::Panicked, "the instance panicked before and must not be used again") as i32;
    }
    let status = guarded(out, P::ID, || {
        // SAFETY: the host keeps both ranges readable for this call.
        let (request, attachment) = unsafe { (request.as_slice(), attachment.as_slice()) };
        let request: Request = match message::parse(request) {
            Ok(request) => request,
            Err(error) => return refuse(out, Status::BadRequest, format!("request: {error}")),
        };
        if log::is_cancelled() {
            return refuse(out, Status::Cancelled, "cancelled");
        }
        match instance.component.serve(request, attachment) {
            // SAFETY: the host keeps both sinks valid for this call.
            Ok(reply) if unsafe { put(out, &reply.head) && put(blob, &reply.blob) } => Status::Ok,
            Ok(_) => Status::Failed,
            Err(Refusal::Unsupported) => refuse(out, Status::Unsupported, "this component does not serve that request"),
            Err(Refusal::BadRequest(message)) => refuse(out, Status::BadRequest, message),
            Err(Refusal::Failed(error)) => {
                fail(out, error.into_failure());
                Status::Failed
            }
        }
    });
    instance.broken = status == Status::Panicked as i32;
    status
}

unsafe extern "C" fn close(instance: *mut c_void) {
    if !instance.is_null() {
        // SAFETY: the host passes what `open` gave, once, and no call is under way on it.
        let boxed = unsafe { Box::from_raw(instance.cast::<Instance>()) };
        // A component that panics in its destructor must not take the host with it.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(boxed)));
    }
}
