#![doc = include_str!("../README.md")]

mod api;
mod blame;
mod cite;
mod diff;
mod draw;
mod drawn;
pub mod export;
mod feeds;
pub mod follow;
pub mod import;
mod markdown;
mod merge;
mod model;
mod pages;
mod picture;
mod redirects;
mod rules;
mod sections;
pub mod starter;
mod tables;
mod upload;
pub mod write;

pub use model::{Article, Attachment, Kind, Media, Name, Original, Source};
pub use rules::ArticleProblem;
pub use tables::{Articles, SETTING_LIMITS, SETTING_STARTER_HIDDEN};
pub use write::edit_some;

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
        begin: Some(MenuEntry {
            word: "menu-write",
            href: "/new",
        }),
        words: [
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ],
        fallback: Some(pages::old_address),
        text: Some(text),
        address: Some(|key| Name::parse_key(key).map(|name| name.href())),
        beside: None,
        of_person: Some(site::OfPerson {
            word: "contributions-link",
            path: "/contributions/",
        }),
        own: Some(MenuEntry {
            word: "drafts-title",
            href: "/drafts",
        }),
        identify: None,
        openapi: include_str!("openapi.json"),
    }
}

/// Returns the plain text of a page, for what a search shows of it.
fn text(cx: &site::Context<'_>, id: &str, most: usize) -> Option<String> {
    tables::text(cx.db, cx.viewer, cx.node.store(), id, most).ok()?
}
