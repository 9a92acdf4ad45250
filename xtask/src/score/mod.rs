//! Measuring on public gold sets.
pub(crate) mod negation;
