//! End-to-end tests, all through the staged program, as a user would.

#![forbid(unsafe_code)]

mod cli;
mod determinism;
mod findings;
mod hostile;
mod inputs;
mod interrupt;
mod main_job;
mod names;
mod not_reports;
mod outputs;
mod plugins;
mod streams;
mod xml;
