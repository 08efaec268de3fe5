//! Initiatives through the store: what is shown, what lists become, and what a replay gives.

mod lists;
mod stories;
mod world;
