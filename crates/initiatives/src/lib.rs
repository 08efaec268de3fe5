#![doc = include_str!("../README.md")]

pub mod import;
mod kinds;
pub mod merge;
mod model;
mod rules;
mod tables;

pub use kinds::{Kind, kind, kinds};
pub use model::{Confirmation, Initiative, Origin, Status, Whereabouts};
pub use tables::{Here, Initiatives, by_id, by_source, count, revisions, shown};
