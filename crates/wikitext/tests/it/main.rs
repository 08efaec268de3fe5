//! Tests of the crate as its users see it.

mod cases;
mod check;
mod corpus;
mod dump;
mod fuzz;
mod hostile;
mod hostile_texts;
mod properties;
mod wiki;
