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
mod plugins_common;
mod plugins_examples;
mod plugins_new;
mod plugins_tutorial;
mod streams;
mod xml;
