//! Integration tests, one binary.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "tests"
)]

mod checkpoint;
mod corpus;
mod delegation;
mod documents;
mod fep;
mod fuzz;
mod golden;
mod jcs;
mod make;
mod prop_json;
mod prop_merkle;
mod prop_record;
mod rfc9421;
mod speccheck;
mod strict;
mod strict_json;
mod tombstone;
mod w3c;
