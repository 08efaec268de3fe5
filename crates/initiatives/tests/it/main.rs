//! Initiatives through the store: what is shown, what lists become, and what a replay gives.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests say what they find"
)]

mod lists;
mod stories;
mod world;
