#![doc = include_str!("../README.md")]

pub mod accounts;
pub mod leave;
pub mod mail;
mod model;
pub mod notices;
mod pages;
mod passkeys;
mod rules;
pub mod secrets;
mod selector;
mod tables;

pub use accounts::{Joining, Pen};
pub use model::{
    Act, Decision, Handle, HandleError, NameError, PersonName, Profile, Remark, is_web_address,
};
pub use pages::follow_button;
pub use rules::Standing;
pub use tables::{
    People, Person, by_did, by_handle, desk, is_protected, names, remarks_by, standing, stewards,
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
        address: Some(|key| {
            let handle = key.strip_prefix("person:")?;
            Some(format!("/people/{handle}"))
        }),
        beside: Some(site::Beside {
            count: pages::count_remarks,
            word: "tab-discussion",
            path: "/discussion/",
        }),
        of_person: None,
        identify: Some(accounts::identify),
        openapi: include_str!("openapi.json"),
    }
}
