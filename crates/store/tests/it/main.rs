//! The contract of the store: the same stories on SQLite and, where `MINGA_TEST_POSTGRES` names one, on PostgreSQL.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests say what they find"
)]

mod blobs;
mod bundle;
mod contract;
mod prop_log;
mod world;
