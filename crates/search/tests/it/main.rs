//! Integration tests, one binary.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod hostile;
mod prop_counts;
mod safety;
mod suggesting;
mod words;
mod world;
