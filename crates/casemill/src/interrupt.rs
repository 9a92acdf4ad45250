//! Ctrl-C: nothing half-written, no process left behind.

/// Ends the program on Ctrl-C or termination, when no file is being written.
pub(crate) fn guard() {
    let installed = ctrlc::set_handler(|| {
        casemill_plugin_host::shut_down();
        errln!("interrupted; files that were finished are whole, run again with --resume to go on");
        std::process::exit(130);
    });
    if let Err(error) = installed {
        tracing::debug!("no handler for interrupts: {error}");
    }
}
