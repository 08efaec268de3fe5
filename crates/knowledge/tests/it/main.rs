//! Integration tests, one binary.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests say what they find"
)]

mod care;
mod hostile;
mod keys;
mod organizations;
mod pages;
mod prop_people;
mod prop_tables;
mod withdrawn;
mod world;
mod writing;
