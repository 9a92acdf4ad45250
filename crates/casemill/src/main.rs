//! The command line of casemill: clap commands, rendering and exit codes; nothing else.

#![forbid(unsafe_code)]

#[macro_use]
mod stream;

mod cli;
mod commands;
mod config;
mod exit;
mod inputs;
mod interrupt;
mod logging;
mod render;
mod sources;
mod suggest;
mod table;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|a| a == casemill_plugin_host::WORKER_COMMAND) {
        return casemill_plugin_host::serve();
    }
    if std::env::args_os().nth(1).is_some_and(|a| a == casemill_plugin_host::PROBE_COMMAND) {
        let folder = std::env::args_os().nth(2).unwrap_or_default();
        return casemill_plugin_host::serve_probe(folder.as_ref());
    }
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { exit::Exit::Usage.into() } else { exit::Exit::Clean.into() };
        }
    };
    logging::start(cli.verbose);
    commands::dispatch(cli).into()
}
