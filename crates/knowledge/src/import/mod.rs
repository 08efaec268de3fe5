//! Formats that the knowledge commons reads.

mod dump;
mod forms;
mod history;
pub mod mediawiki;
mod report;
pub(crate) mod stream;

pub use forms::{Form, FormField};
pub use report::{Problem, Report};
