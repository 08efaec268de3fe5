#![doc = include_str!("../README.md")]

pub mod accounts;
mod api;
mod found;
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

pub use accounts::{DEVICE_KINDS, Joining, Pen};
pub use found::document;
pub use model::{
    Act, Attestation, Claim, Decision, Handle, HandleError, LegalForm, Membership, NameError,
    Organization, PersonName, Profile, Remark, Revocation, is_seen, is_unseen, is_web_address,
    turns,
};
pub use pages::{commons_says, follow_button, markdown, pen, require_scope, set};
pub use rules::{Standing, is_for_everybody};
pub use tables::care;
pub use tables::organizations::{
    attested_form, belonging, names_attested, organization, organizations_of, who_wrote_as,
};
pub use tables::{
    People, Person, by_did, by_handle, desk, full_id, is_protected, labels, names, remarks_by,
    setting, standing, stewards, who_was,
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
        begin: None,
        words: [
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ],
        fallback: None,
        text: Some(found::text),
        address: Some(|key| {
            let (kind, id) = key.split_once(':')?;
            match kind {
                Profile::KIND => Some(format!("/people/~{id}")),
                Organization::KIND => Some(format!("/organizations/~{id}")),
                _ => None,
            }
        }),
        beside: Some(site::Beside {
            count: pages::count_remarks,
            word: "tab-discussion",
            path: "/discussion/",
            in_margin: false,
        }),
        of_person: None,
        own: None,
        identify: Some(accounts::identify),
        openapi: include_str!("openapi.json"),
    }
}
