//! Formats that the knowledge commons reads.

pub mod mediawiki;
mod report;
pub(crate) mod stream;

pub use report::{Problem, Report};
