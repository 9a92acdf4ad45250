//! Standard output and standard error, written without panics.
//!
//! `println!` panics when nobody reads: `casemill schema | head -1`, `casemill run in 2>&1 | head`. Here a reader that has
//! seen enough is no error, and any other failure of standard output is kept until the end of the command.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

/// What kept standard output from being written.
static FAILED: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes a line to standard output, in colour where the terminal has it.
macro_rules! outln {
    ($($arguments:tt)*) => { $crate::stream::out(format_args!("{}\n", format_args!($($arguments)*))) };
}

/// Writes a line to standard error, in colour where the terminal has it.
macro_rules! errln {
    ($($arguments:tt)*) => { $crate::stream::err(format_args!("{}\n", format_args!($($arguments)*))) };
}

/// Writes text to standard output.
pub(crate) fn out(text: fmt::Arguments<'_>) {
    let mut stream = anstream::stdout().lock();
    note(stream.write_fmt(text).and_then(|()| stream.flush()));
}

/// Writes bytes to standard output as they are.
pub(crate) fn out_bytes(bytes: &[u8]) {
    let mut stream = io::stdout().lock();
    note(stream.write_all(bytes).and_then(|()| stream.flush()));
}

/// Writes text to standard error, which has no buffer, at once. Where that fails there is nobody left to tell.
pub(crate) fn err(text: fmt::Arguments<'_>) {
    let _ = anstream::stderr().lock().write_all(text.to_string().as_bytes());
}

fn note(result: io::Result<()>) {
    if let Err(error) = result {
        FAILED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// True when nobody reads standard output any more.
pub(crate) fn nobody_reads() -> bool {
    let failed = FAILED.lock().unwrap_or_else(PoisonError::into_inner);
    failed.as_ref().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Fails if standard output could not be written for another reason than that its reader had seen enough.
pub(crate) fn check() -> Result<(), String> {
    match &*FAILED.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}
