#![doc = include_str!("../README.md")]

mod api;
mod diff;
mod draw;
mod drawn;
mod edit;
pub mod export;
pub mod follow;
pub mod import;
mod model;
mod pages;
mod picture;
mod redirects;
mod rules;
pub mod starter;
mod tables;

pub use edit::edit_some;
pub use model::{Article, Attachment, Kind, Media, Name, Source};
pub use rules::ArticleProblem;
pub use tables::{Articles, SETTING_STARTER_HIDDEN};

use site::{Capability, MenuEntry};

/// Returns what the registry needs: routes, words, menu.
#[must_use]
pub fn capability() -> Capability {
    Capability {
        name: "knowledge",
        routes: pages::ROUTES,
        menu: &[
            MenuEntry {
                word: "menu-knowledge",
                href: "/knowledge",
            },
            MenuEntry {
                word: "menu-themes",
                href: "/themes",
            },
            MenuEntry {
                word: "menu-all",
                href: "/all",
            },
            MenuEntry {
                word: "menu-changes",
                href: "/changes",
            },
            MenuEntry {
                word: "menu-random",
                href: "/random",
            },
            MenuEntry {
                word: "menu-care",
                href: "/care",
            },
        ],
        words: [
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ],
        fallback: Some(pages::old_address),
        text: Some(text),
        identify: None,
        openapi: include_str!("openapi.json"),
    }
}

/// Returns the plain text of a page, for what a search shows of it.
fn text(cx: &site::Context<'_>, id: &str) -> Option<String> {
    tables::text(cx.db, cx.viewer, cx.node.store(), id, search::QUOTED_BYTES).ok()?
}
