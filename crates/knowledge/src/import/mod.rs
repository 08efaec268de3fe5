//! Formats that the knowledge commons reads.

mod dump;
mod history;
pub mod mediawiki;
mod report;
pub(crate) mod stream;

pub use report::{Problem, Report};
