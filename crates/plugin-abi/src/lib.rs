//! The contract between casemill and its plugins, ABI 1.
//!
//! A plugin is a shared library that exports one data symbol, [`SYMBOL`], of type [`Plugin`]: four functions. What they
//! say to each other is JSON ([`message`]); what is large and needs no structure (a PDF, the text, a file to write) goes
//! beside it as raw bytes. Inputs are borrowed for the call, outputs are written into [`Sink`]s that copy; nothing is
//! freed across the boundary.
//!
//! `include/casemill_plugin.h` is the same contract for C. The major version is in the name of the symbol; within it
//! fields are only ever appended, and a reader looks at a field only if `struct_size` covers it.
//!
//! Authors in Rust use `casemill-plugin-sdk` and need nothing of this.

mod layout;
pub mod message;
pub mod options;

use std::ffi::c_void;

/// The one symbol of a plugin, with terminating zero.
pub const SYMBOL: &[u8] = b"casemill_plugin_v1\0";

/// File name ending of plugins.
pub const EXTENSION: &str = "cmplugin";

/// First field of [`Plugin`].
pub const MAGIC: u32 = u32::from_le_bytes(*b"MILL");

/// Minor version of this contract.
pub const ABI_MINOR: u32 = 0;

/// The C header of the contract.
pub const HEADER: &str = include_str!("../include/casemill_plugin.h");

/// Status of a call. A plugin that returns anything else breaks the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// Done; the head holds the reply.
    Ok = 0,
    /// Not done; the head holds a [`message::Failure`].
    Failed = 1,
    /// The plugin does not know this request.
    Unsupported = 2,
    /// The request is not of the contract's form.
    BadRequest = 3,
    /// The plugin panicked; the instance must not be used again.
    Panicked = 4,
    /// The plugin stopped because the host asked it to.
    Cancelled = 5,
}

impl Status {
    /// The status of that number.
    pub fn from_raw(raw: i32) -> Option<Self> {
        [Self::Ok, Self::Failed, Self::Unsupported, Self::BadRequest, Self::Panicked, Self::Cancelled]
            .into_iter()
            .find(|s| *s as i32 == raw)
    }
}

/// Bytes that the callee may read until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// First byte; may dangle when `len` is 0.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

impl Bytes {
    /// The bytes of a slice, borrowed as long as the slice lives.
    pub const fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes as a slice.
    ///
    /// # Safety
    /// The giver keeps `len` bytes at `ptr` readable and unchanged for `'a`.
    pub unsafe fn as_slice<'a>(self) -> &'a [u8] {
        if self.len == 0 || self.ptr.is_null() {
            &[]
        } else {
            // SAFETY: promised by the caller.
            unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
        }
    }
}

/// Function of a [`Sink`]: takes `n` bytes at `p`, copies them, returns 0 to go on.
pub type WriteFn = unsafe extern "C" fn(ctx: *mut c_void, p: *const u8, n: usize) -> i32;

/// Where the callee writes its output.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Sink {
    /// For `write`.
    pub ctx: *mut c_void,
    /// Takes bytes.
    pub write: Option<WriteFn>,
}

/// What the host offers a plugin; valid until the process ends.
#[repr(C)]
#[derive(Debug)]
pub struct Host {
    /// Bytes of this struct.
    pub struct_size: u32,
    /// Minor version of the host's contract.
    pub abi_minor: u32,
    /// Most detailed level that is wanted: 0 none, 1 error, 2 warn, 3 info, 4 debug, 5 trace.
    pub max_log_level: u32,
    /// 0.
    pub reserved: u32,
    /// For the functions below.
    pub ctx: *mut c_void,
    /// Takes a log record: a JSON object with `message` and fields.
    pub log: Option<unsafe extern "C" fn(ctx: *mut c_void, level: u32, target: Bytes, record_json: Bytes)>,
    /// Not 0 when the plugin should stop.
    pub is_cancelled: Option<unsafe extern "C" fn(ctx: *mut c_void) -> i32>,
    /// Writes a named resource of the host into `out`; [`Status`]. `vocabulary/NAME` is a compiled vocabulary, a name that
    /// ends in `/` the list of names below it, one a line; [`Status::Unsupported`] if there is none.
    pub resource: Option<unsafe extern "C" fn(ctx: *mut c_void, name: Bytes, out: *const Sink) -> i32>,
}

/// [`Plugin::describe`].
pub type DescribeFn = unsafe extern "C" fn(out: *const Sink) -> i32;
/// [`Plugin::open`].
pub type OpenFn =
    unsafe extern "C" fn(host: *const Host, config: Bytes, out: *const Sink, instance: *mut *mut c_void) -> i32;
/// [`Plugin::call`].
pub type CallFn = unsafe extern "C" fn(
    instance: *mut c_void,
    request: Bytes,
    attachment: Bytes,
    out: *const Sink,
    blob: *const Sink,
) -> i32;
/// [`Plugin::close`].
pub type CloseFn = unsafe extern "C" fn(instance: *mut c_void);

/// What a plugin exports as `casemill_plugin_v1`.
///
/// The functions may be called from any thread, but never two at once on the same instance.
#[repr(C)]
#[derive(Debug)]
pub struct Plugin {
    /// [`MAGIC`].
    pub magic: u32,
    /// Bytes of this struct.
    pub struct_size: u32,
    /// Minor version of the plugin's contract.
    pub abi_minor: u32,
    /// 0.
    pub flags: u32,
    /// Writes a [`message::Description`].
    pub describe: Option<DescribeFn>,
    /// Makes an instance of a component from a [`message::OpenConfig`].
    pub open: Option<OpenFn>,
    /// Serves a [`message::Request`].
    pub call: Option<CallFn>,
    /// Ends an instance.
    pub close: Option<CloseFn>,
}

// SAFETY: the table is never written to, and its functions may be called from any thread by contract.
unsafe impl Sync for Plugin {}
