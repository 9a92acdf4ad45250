//! A plugin that does what a plugin must not do. What that is stands in [`BEHAVIOUR`], which a test overwrites in a
//! copy of the library: `WHEN/WHAT`, for example `open/hang`. Without it the plugin is a good one: it reads text,
//! finds coughs, validates nothing and exports a line per report.
//!
//! In `call` it misbehaves only on reports that hold the word `POISON`, so that the others show whether the run went on.

mod deed;
mod describe;
mod reply;

use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};

use casemill_plugin_abi::message::{Failure, Request};
use casemill_plugin_abi::{ABI_MINOR, Bytes, Host, MAGIC, Plugin, Sink};

/// Marks where the behaviour stands.
const MARK: usize = b"casemill-hostile-behaviour:".len();

/// What the plugin does. A test looks for the mark with its dots and writes over the dots.
#[used]
#[unsafe(no_mangle)]
pub static BEHAVIOUR: [u8; 64] = *b"casemill-hostile-behaviour:.....................................";

/// The behaviour: when, and what.
fn behaviour() -> (String, String) {
    // SAFETY: a static of this size; volatile, because the compiler does not know that the file is changed.
    let bytes = unsafe { std::ptr::read_volatile(&raw const BEHAVIOUR) };
    let text = String::from_utf8_lossy(&bytes[MARK..]).trim_end_matches('.').to_owned();
    let (when, what) = text.split_once('/').unwrap_or(("good", ""));
    (when.to_owned(), what.to_owned())
}

/// What to do at this time, if anything.
fn at(time: &str) -> Option<String> {
    let (when, what) = behaviour();
    (when == time).then_some(what)
}

/// The table, which the constructor may spoil.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static mut casemill_plugin_v1: Plugin = Plugin {
    magic: MAGIC,
    struct_size: size_of::<Plugin>() as u32,
    abi_minor: ABI_MINOR,
    flags: 0,
    describe: Some(describe_it),
    open: Some(open),
    call: Some(call),
    close: Some(close),
};

#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static CONSTRUCTOR: extern "C" fn() = constructor;

extern "C" fn constructor() {
    let Some(what) = at("load") else { return };
    // SAFETY: constructors run one at a time, before anybody reads the table.
    let table = unsafe { &mut *(&raw mut casemill_plugin_v1) };
    match what.as_str() {
        "magic" => table.magic = 0x1234_5678,
        "small" => table.struct_size = 24,
        "no-describe" => table.describe = None,
        "no-open" => table.open = None,
        "no-call" => table.call = None,
        "no-close" => table.close = None,
        "newer" => (table.abi_minor, table.struct_size) = (7, 96),
        deed => deed::perform(deed, None),
    }
}

/// Writes into a sink of the host.
fn put(sink: *const Sink, bytes: &[u8]) -> bool {
    // SAFETY: the host keeps the sink valid for the call.
    let Some(sink) = (unsafe { sink.as_ref() }) else { return false };
    // SAFETY: function and context belong together.
    sink.write.is_some_and(|write| unsafe { write(sink.ctx, bytes.as_ptr(), bytes.len()) == 0 })
}

/// Writes bytes that are nowhere.
fn put_null(sink: *const Sink) {
    // SAFETY: the host must refuse a null pointer.
    if let Some(sink) = unsafe { sink.as_ref() }
        && let Some(write) = sink.write
    {
        // SAFETY: as above.
        unsafe { write(sink.ctx, std::ptr::null(), 8) };
    }
}

/// Writes until the host takes no more, and goes on for a while as if it had not noticed.
fn flood(sink: *const Sink) {
    let chunk = vec![b'['; 1 << 20];
    let mut refused = 0;
    while refused < 100 {
        refused += i32::from(!put(sink, &chunk));
    }
}

static HOST: AtomicPtr<Host> = AtomicPtr::new(std::ptr::null_mut());

fn host() -> Option<&'static Host> {
    // SAFETY: the host's table stays valid until the process ends.
    unsafe { HOST.load(Ordering::Acquire).as_ref() }
}

unsafe extern "C" fn describe_it(out: *const Sink) -> i32 {
    describe::describe(out)
}

unsafe extern "C" fn open(host: *const Host, _: Bytes, out: *const Sink, instance: *mut *mut c_void) -> i32 {
    HOST.store(host.cast_mut(), Ordering::Release);
    let mut status = 0;
    let mut made = 16 as *mut c_void;
    match at("open").as_deref() {
        None => {}
        Some("null") => made = std::ptr::null_mut(),
        Some("status") => status = 4711,
        Some("garbage") => {
            put(out, b"\xff\xfe{[");
            status = 1;
        }
        Some("refuse") => {
            put(out, &serde_json::to_vec(&Failure { message: "no licence\u{1b}[2J".into(), help: None }).unwrap());
            status = 1;
        }
        Some("flood") => flood(out),
        Some(deed) => deed::perform(deed, None),
    }
    // SAFETY: the host gives a place for one pointer.
    unsafe { *instance = made };
    status
}

unsafe extern "C" fn call(_: *mut c_void, request: Bytes, text: Bytes, out: *const Sink, blob: *const Sink) -> i32 {
    // SAFETY: the host keeps both ranges readable for this call.
    let (request, text) = unsafe { (request.as_slice(), text.as_slice()) };
    let request: Request = serde_json::from_slice(request).unwrap();
    let text = String::from_utf8_lossy(text);
    let poisoned = text.contains("POISON");
    if let Some(deed) = at("call").or_else(|| at("cohort")).filter(|_| poisoned) {
        match deed.as_str() {
            "status" => return 4711,
            "status-alone" => return 1,
            "garbage" => {
                put(out, b"\x00\xff not json");
                return 0;
            }
            "silent" => return 0,
            "deep" => {
                put(out, "[".repeat(1 << 20).as_bytes());
                return 0;
            }
            "panicked" => {
                put(out, br#"{"message":"panicked: index out of bounds"}"#);
                return 4;
            }
            "flood-head" => flood(out),
            "flood-blob" => flood(blob),
            "null" => put_null(out),
            "long-message" => {
                let message = "very sorry ".repeat(1 << 16);
                put(out, &serde_json::to_vec(&Failure { message, help: None }).unwrap());
                return 1;
            }
            "heed-cancel" => {
                while !deed::is_cancelled() {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
                return 5;
            }
            deed => deed::perform(deed, Some(&request)),
        }
    }
    let (head, bytes) = reply::reply(&request, &text, poisoned);
    i32::from(!(put(out, &head) && (bytes.is_empty() || put(blob, &bytes))))
}

unsafe extern "C" fn close(_: *mut c_void) {
    if let Some(deed) = at("close") {
        deed::perform(&deed, None);
    }
}
