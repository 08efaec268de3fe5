//! Integration tests, one binary.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests say what they find"
)]

mod basemap;
mod prop_index;
