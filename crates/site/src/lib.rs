#![doc = include_str!("../README.md")]

mod context;
pub mod find;
mod languages;
mod layout;
mod problem;
mod request;
mod response;
mod route;
mod server;
mod words;

pub use context::Context;
pub use languages::language_name;
pub use layout::{Feed, PageHead, pager};
pub use maud::{DOCTYPE, Markup, PreEscaped, html};
pub use problem::Problem;
pub use request::{Method, Request, decode, encode, encode_title};
pub use response::{Body, Response};
pub use route::{Capability, Handler, MenuEntry, Route, TextOf};
pub use server::{Settings, Site, threads};
pub use words::{Arg, Lang, Words, day, number, when};
