#![doc = include_str!("../README.md")]

mod acting;
mod asker;
mod context;
pub mod find;
pub mod form;
mod languages;
mod layout;
mod problem;
mod request;
mod response;
mod route;
mod server;
mod words;

pub use acting::Acting;
pub use asker::{Asker, Shown};
pub use context::Context;
pub use languages::{language_code, language_list, language_name, language_said};
pub use layout::{Feed, PageHead, ask_again, pager};
pub use maud::{DOCTYPE, Markup, PreEscaped, html};
pub use problem::Problem;
pub use request::{Form, Method, Request, Unread, Upload, decode, encode, encode_title};
pub use response::{Body, Response};
pub use route::{
    Action, AddressOf, Answers, Beside, Capability, Handler, Identify, MenuEntry, OfPerson, Route,
    TextOf,
};
pub use server::{Settings, Site, aside, threads};
pub use words::{Arg, Catalogues, Lang, Words, day, number, when};
