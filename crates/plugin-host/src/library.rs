//! Shared libraries as plugins. Everything that crosses the boundary in this process is here.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use casemill_plugin_abi::message::OpenConfig;
use casemill_plugin_abi::{
    ABI_MINOR, Bytes, CallFn, CloseFn, DescribeFn, Host, MAGIC, OpenFn, Plugin, SYMBOL, Sink, Status,
};

/// Why a file is not a plugin that can be used.
#[derive(Debug)]
pub enum LoadError {
    /// The system cannot load it: not a library, cut off, for another machine, or lacking what it links to.
    Library(String),
    /// It does not export `casemill_plugin_v1`.
    Symbol,
    /// The table does not start with the magic number.
    Magic(u32),
    /// The table is shorter than that of ABI 1.
    Size(u32),
    /// A function of the table is missing.
    Missing(&'static str),
    /// The file cannot be read.
    Unreadable(String),
    /// The file ends before the library does.
    CutOff {
        /// Bytes that are there.
        length: u64,
        /// Bytes that its headers promise.
        promised: u64,
    },
    /// The file is no longer the one that was looked at.
    Changed,
    /// What a worker said of it, one of the above.
    Worker(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library(why) => write!(f, "cannot be loaded as a library: {why}"),
            Self::Symbol => f.write_str(
                "is a library but not a plugin for this casemill: it does not export `casemill_plugin_v1` (built for another ABI, or \
                 without `export_plugin!`)",
            ),
            Self::Magic(found) => write!(f, "has a damaged plugin table: it starts with {found:#010x}, not {MAGIC:#010x}"),
            Self::Size(found) => {
                write!(f, "has a plugin table of {found} bytes, ABI 1 has {}; rebuild it", size_of::<Plugin>())
            }
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::CutOff { length, promised } => {
                write!(f, "is cut off or damaged: {length} bytes of at least {promised}; copy or build it again")
            }
            Self::Changed => f.write_str("was exchanged while casemill ran, or behind the back of its lock, and is not loaded"),
            Self::Worker(why) => f.write_str(why),
            Self::Missing(name) => write!(f, "has no `{name}` function in its plugin table"),
        }
    }
}

impl std::error::Error for LoadError {}

/// A loaded plugin. It is never unloaded: code of it may live on in threads and thread-local destructors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Library {
    describe: DescribeFn,
    open: OpenFn,
    call: CallFn,
    close: CloseFn,
    abi_minor: u32,
}

/// An instance of a component.
#[derive(Debug)]
pub(crate) struct Instance {
    library: Library,
    raw: *mut c_void,
}

// SAFETY: by contract the functions may be called from any thread, one call at a time; `&mut self` sees to the latter.
unsafe impl Send for Instance {}

/// What a call gave: status as the plugin returned it, head and blob.
#[derive(Debug, Default)]
pub(crate) struct RawReply {
    pub(crate) status: i32,
    pub(crate) head: Vec<u8>,
    pub(crate) blob: Vec<u8>,
    /// With a description: minor version of the ABI that the plugin is built for.
    pub(crate) abi_minor: u32,
}

/// What the host's functions need; the host table points to it.
struct Context {
    log: LogFn,
    /// Files by the name that plugins ask for.
    resources: BTreeMap<String, String>,
}

/// Takes log records of a plugin: level, target, JSON.
pub(crate) type LogFn = fn(u32, &[u8], &[u8]);

static CANCELLED: AtomicBool = AtomicBool::new(false);

/// When the call of this worker must be done, in milliseconds since [`start`]; 0 is never.
static DEADLINE: AtomicU64 = AtomicU64::new(0);

fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

/// From now on plugins of this process are asked to stop once that time is over.
pub(crate) fn cancel_after(time: Duration) {
    let end = start().elapsed() + time;
    DEADLINE.store(u64::try_from(end.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
}

impl Library {
    /// Loads a plugin. Constructors of the library run: this belongs into a worker.
    pub(crate) fn load(path: &Path) -> Result<Self, LoadError> {
        // SAFETY: loading runs the library's constructors; the user chose to trust the file.
        let library = unsafe { open_library(path) }?;
        // SAFETY: the symbol is a data symbol of type `Plugin` by its name.
        let symbol = unsafe { library.get::<*const Plugin>(SYMBOL) }.map_err(|_| LoadError::Symbol)?;
        let table: *const Plugin = *symbol;
        // SAFETY: magic and size are within the first 8 bytes of the exported object.
        let (magic, size) =
            unsafe { (std::ptr::read(&raw const (*table).magic), std::ptr::read(&raw const (*table).struct_size)) };
        if magic != MAGIC {
            return Err(LoadError::Magic(magic));
        }
        if (size as usize) < size_of::<Plugin>() {
            return Err(LoadError::Size(size));
        }
        // SAFETY: magic and size say that a whole table stands there.
        let table = unsafe { &*table };
        let loaded = Self {
            describe: table.describe.ok_or(LoadError::Missing("describe"))?,
            open: table.open.ok_or(LoadError::Missing("open"))?,
            call: table.call.ok_or(LoadError::Missing("call"))?,
            close: table.close.ok_or(LoadError::Missing("close"))?,
            abi_minor: table.abi_minor,
        };
        std::mem::forget(library);
        Ok(loaded)
    }

    /// Asks the plugin what it is.
    pub(crate) fn describe(self, limit: usize) -> RawReply {
        let mut head = Buffer::new(limit);
        // SAFETY: the sink lives through the call.
        let status = unsafe { (self.describe)(&head.sink()) };
        RawReply { status: head.status(status), head: head.bytes, blob: Vec::new(), abi_minor: self.abi_minor }
    }

    /// Makes an instance.
    pub(crate) fn open(self, config: &[u8], log: LogFn, level: u32, limit: usize) -> (RawReply, Option<Instance>) {
        let resources = serde_json::from_slice::<OpenConfig>(config).map(|c| c.resources).unwrap_or_default();
        let context: &'static Context = Box::leak(Box::new(Context { log, resources }));
        let host: &'static Host = Box::leak(Box::new(Host {
            struct_size: size_of::<Host>() as u32,
            abi_minor: ABI_MINOR,
            max_log_level: level,
            reserved: 0,
            ctx: std::ptr::from_ref(context).cast_mut().cast(),
            log: Some(host_log),
            is_cancelled: Some(host_is_cancelled),
            resource: Some(host_resource),
        }));
        let mut head = Buffer::new(limit);
        let mut raw = std::ptr::null_mut();
        // SAFETY: host table is leaked, config and sink live through the call, `raw` is a place for one pointer.
        let status = unsafe { (self.open)(host, Bytes::of(config), &head.sink(), &raw mut raw) };
        let status = head.status(status);
        let instance = (status == 0 && !raw.is_null()).then_some(Instance { library: self, raw });
        (RawReply { status, head: head.bytes, ..RawReply::default() }, instance)
    }
}

/// Asks all plugins of this process to stop.
pub(crate) fn cancel() {
    set_cancelled(true);
}

/// Asks all plugins of this process to stop, or no longer.
pub(crate) fn set_cancelled(wanted: bool) {
    CANCELLED.store(wanted, Ordering::Relaxed);
}

impl Instance {
    /// Serves one request.
    pub(crate) fn call(&mut self, request: &[u8], attachment: &[u8], limit: usize) -> RawReply {
        let (mut head, mut blob) = (Buffer::new(limit), Buffer::new(limit));
        // SAFETY: the instance came from `open` of the same library and `&mut self` keeps calls apart; inputs and sinks
        // live through the call.
        let status = unsafe {
            (self.library.call)(self.raw, Bytes::of(request), Bytes::of(attachment), &head.sink(), &blob.sink())
        };
        let status = blob.status(head.status(status));
        RawReply { status, head: head.bytes, blob: blob.bytes, abi_minor: 0 }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the instance came from `open`, is closed once, and no call is under way.
        unsafe { (self.library.close)(self.raw) }
    }
}

/// Status given in place of the plugin's when it wrote more than is allowed.
pub(crate) const FLOODED: i32 = i32::MIN;

/// Status given in place of the plugin's when it wrote bytes from nowhere.
pub(crate) const NULL_WRITE: i32 = i32::MIN + 1;

/// Gathers what a plugin writes, up to a limit.
struct Buffer {
    bytes: Vec<u8>,
    limit: usize,
    /// Status in place of the plugin's.
    fault: Option<i32>,
}

impl Buffer {
    fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, fault: None }
    }

    fn sink(&mut self) -> Sink {
        Sink { ctx: (&raw mut *self).cast(), write: Some(buffer_write) }
    }

    fn status(&self, status: i32) -> i32 {
        self.fault.unwrap_or(status)
    }
}

unsafe extern "C" fn buffer_write(ctx: *mut c_void, p: *const u8, n: usize) -> i32 {
    // SAFETY: `ctx` is the buffer that made this sink, alive through the call the sink was given to.
    let Some(buffer) = (unsafe { ctx.cast::<Buffer>().as_mut() }) else { return 1 };
    if n == 0 {
        return 0;
    }
    if buffer.fault.is_none() {
        buffer.fault = match () {
            () if p.is_null() => Some(NULL_WRITE),
            () if n > buffer.limit - buffer.bytes.len() => Some(FLOODED),
            () => None,
        };
    }
    if buffer.fault.is_some() {
        return 1;
    }
    // SAFETY: the plugin promises `n` readable bytes at `p`.
    buffer.bytes.extend_from_slice(unsafe { std::slice::from_raw_parts(p, n) });
    0
}

unsafe extern "C" fn host_log(ctx: *mut c_void, level: u32, target: Bytes, record: Bytes) {
    // SAFETY: `ctx` is the context that `open` leaked.
    let Some(Context { log, .. }) = (unsafe { ctx.cast::<Context>().as_ref() }) else { return };
    // SAFETY: the plugin keeps both ranges readable for this call.
    let (target, record) = unsafe { (target.as_slice(), record.as_slice()) };
    log(level, target, record);
}

unsafe extern "C" fn host_is_cancelled(_: *mut c_void) -> i32 {
    let end = DEADLINE.load(Ordering::Relaxed);
    let late = end > 0 && start().elapsed().as_millis() >= u128::from(end);
    i32::from(late || CANCELLED.load(Ordering::Relaxed))
}

/// Writes a file in pieces, so that it is in memory once, with whoever asked for it.
unsafe extern "C" fn host_resource(ctx: *mut c_void, name: Bytes, out: *const Sink) -> i32 {
    // SAFETY: `ctx` is the context that `open` leaked; the plugin keeps name and sink readable for this call.
    let (context, name, out) = unsafe { (ctx.cast::<Context>().as_ref(), name.as_slice(), out.as_ref()) };
    let (Some(context), Ok(name), Some(out)) = (context, std::str::from_utf8(name), out) else {
        return Status::BadRequest as i32;
    };
    let Some(write) = out.write else { return Status::BadRequest as i32 };
    // SAFETY: function and context come from the same sink; the bytes live through the call.
    let put = |bytes: &[u8]| bytes.is_empty() || unsafe { write(out.ctx, bytes.as_ptr(), bytes.len()) } == 0;
    if name.ends_with('/') {
        let names: Vec<&str> = context.resources.keys().filter_map(|k| k.strip_prefix(name)).collect();
        return if put(names.join("\n").as_bytes()) { Status::Ok as i32 } else { Status::Failed as i32 };
    }
    let Some(path) = context.resources.get(name) else { return Status::Unsupported as i32 };
    let Ok(mut file) = std::fs::File::open(path) else { return Status::Failed as i32 };
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Status::Ok as i32,
            Ok(n) if put(&buffer[..n]) => {}
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            _ => return Status::Failed as i32,
        }
    }
}

#[cfg(unix)]
unsafe fn open_library(path: &Path) -> Result<libloading::Library, LoadError> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: passed on to the caller.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Into::into).map_err(|e| {
        // The path is that of the image and tells nobody anything.
        let why = cause(&e);
        let place = format!("{}: ", path.display());
        LoadError::Library(why.strip_prefix(&place).unwrap_or(&why).to_owned())
    })
}

#[cfg(not(unix))]
unsafe fn open_library(path: &Path) -> Result<libloading::Library, LoadError> {
    // SAFETY: passed on to the caller.
    unsafe { libloading::Library::new(path) }.map_err(|e| LoadError::Library(cause(&e)))
}

fn cause(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
