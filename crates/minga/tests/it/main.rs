//! The program as others see it: its arrows, its command line, its pages.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests say what they find"
)]

mod cli;
mod hostile;
mod initiatives;
mod invariants;
mod keys;
mod mail;
mod pages;
mod postgres;
mod programs;
mod publish;
mod trouble;
