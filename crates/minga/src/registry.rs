//! The capabilities of this program, each in one line.

use site::{Capability, Route};
use store::Tables;

/// Returns the capabilities' pages, in the order of the menu.
#[must_use]
pub fn capabilities() -> Vec<Capability> {
    vec![
        common(),
        knowledge::capability(),
        initiatives::capability(),
        atlas::capability(),
        people::capability(),
    ]
}

/// Returns the capabilities' tables.
#[must_use]
pub fn tables() -> Vec<Box<dyn Tables>> {
    vec![
        Box::new(people::People),
        Box::new(knowledge::Articles),
        Box::new(initiatives::Initiatives),
    ]
}

/// The addresses that belong to no capability: searching, and the description of all the others.
fn common() -> Capability {
    Capability {
        name: "site",
        routes: ROUTES,
        menu: &[],
        begin: None,
        words: ["", ""],
        fallback: None,
        text: None,
        address: None,
        beside: None,
        of_person: None,
        own: None,
        identify: None,
        openapi: include_str!("openapi.json"),
    }
}

const ROUTES: &[Route] = &{
    let mut routes = [crate::openapi::ROUTE; site::find::ROUTES.len() + 1];
    let mut index = 0;
    while index < site::find::ROUTES.len() {
        routes[index + 1] = site::find::ROUTES[index];
        index += 1;
    }
    routes
};
