#![doc = include_str!("../README.md")]

pub mod accounts;
pub mod leave;
mod model;
mod pages;
mod passkeys;
mod rules;
pub mod secrets;
mod tables;

pub use accounts::{Joining, Pen};
pub use model::{Act, Decision, Handle, PersonName, Profile, is_web_address};
pub use rules::Standing;
pub use tables::{
    People, Person, by_did, by_handle, desk, is_protected, names, standing, stewards,
};

use site::{Capability, MenuEntry};

/// Returns what the registry needs: routes, words, menu.
#[must_use]
pub fn capability() -> Capability {
    Capability {
        name: "people",
        routes: pages::ROUTES,
        menu: &[MenuEntry {
            word: "menu-people",
            href: "/people",
        }],
        words: [
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ],
        fallback: None,
        text: None,
        identify: Some(accounts::identify),
        openapi: "{}",
    }
}
