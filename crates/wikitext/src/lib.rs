#![doc = include_str!("../README.md")]

mod builder;
mod context;
mod document;
mod elements;
mod entity;
mod html;
mod inline;
mod lexer;
mod links;
mod parser;
mod site;
mod tags;
mod templates;
mod text;
mod title;
mod tree;
mod url;
mod words;

pub use context::{Context, FileRef, LinkState, Rendered, TocEntry};
pub use document::{Document, PageLink, Problem, TemplateUse, parse, parse_page};
pub use html::RESERVED_IDS;
pub use site::{CATEGORY, FILE, MEDIA, Namespace, Site, TEMPLATE};
pub use templates::{Field, Holds, TemplateKind, Terms, known_template};
pub use title::{LinkTarget, MAX_TITLE_BYTES, Title, TitleError};
pub use words::{Word, Words};
