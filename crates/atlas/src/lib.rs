#![doc = include_str!("../README.md")]

pub mod activities;
pub mod basemap;
pub mod bounds;
pub mod countries;
pub mod graph;
pub mod index;
pub mod live;
pub mod net;
mod pages;
mod tables;

use site::{Beside, Capability};

/// Returns what the registry needs: routes, words, menu.
#[must_use]
pub fn capability() -> Capability {
    Capability {
        name: "atlas",
        routes: pages::ROUTES,
        // The map leads to it, and so does a tab above every page.
        menu: &[],
        begin: None,
        words: [
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ],
        fallback: None,
        text: None,
        address: None,
        beside: Some(Beside {
            count: |_, _| Ok(0),
            word: "tab-network",
            path: "/network/of/",
            in_margin: true,
        }),
        of_person: None,
        own: None,
        identify: None,
        openapi: include_str!("openapi.json"),
    }
}
