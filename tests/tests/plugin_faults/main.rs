//! A bad plugin harms nobody: whatever a plugin does, casemill lives, names the plugin and what it did, finishes the
//! other reports, and ends with the right status.
//!
//! The bad plugin is `tests/hostile`; a test chooses what it does by writing over a mark in a copy of the library. Where
//! there is a C compiler the same is done to it in C.

#![forbid(unsafe_code)]

mod bench;
mod call;
mod files;
mod in_c;
mod load;
mod open;
mod records;
mod trust;
