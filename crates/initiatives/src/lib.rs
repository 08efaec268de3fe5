#![doc = include_str!("../README.md")]

mod api;
mod ask;
pub mod duplicates;
mod export;
pub mod import;
mod kinds;
pub mod merge;
mod model;
mod pages;
mod rules;
pub mod sprint;
mod tables;
mod write;

pub use kinds::{Kind, kind, kinds};
pub use model::{Confirmation, Distinction, Initiative, Origin, Status, Whereabouts};
pub use tables::sprints::sprint_counts;
pub use tables::{
    Here, Initiatives, by_id, by_source, count, document, revisions, shown, survivor,
};

use site::{Capability, MenuEntry};

/// Returns what the registry needs: routes, words, menu.
#[must_use]
pub fn capability() -> Capability {
    Capability {
        name: "initiatives",
        routes: pages::ROUTES,
        menu: &[MenuEntry {
            word: "menu-map",
            href: "/map",
        }],
        begin: Some(MenuEntry {
            word: "initiative-begin",
            href: "/new/initiative",
        }),
        words: [
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ],
        fallback: None,
        text: Some(|cx, id, most| {
            let document = document(cx.db, cx.viewer, id).ok()??;
            Some(document.body.chars().take(most).collect())
        }),
        address: Some(|key| {
            let (kind, hex) = key.split_once(':')?;
            match kind {
                "initiative" => Some(format!("/initiatives/{hex}")),
                "sprint" => Some(format!("/sprints/{hex}")),
                _ => None,
            }
        }),
        beside: None,
        of_person: None,
        own: None,
        identify: None,
        openapi: include_str!("openapi.json"),
    }
}
