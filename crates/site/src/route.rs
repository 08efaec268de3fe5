//! Routes, and what a capability hands in.

use crate::{Acting, Asker, Context, Method, Problem, Request, Response, Shown};
use std::collections::HashMap;

/// Answers a request within a unit of work that reads.
pub type Handler = fn(&Context<'_>) -> Result<Response, Problem>;

/// Answers a request that may change something: no unit of work is open while it waits for its COMMIT.
pub type Action = fn(&Acting<'_>) -> Result<Response, Problem>;

/// Finds out who asks, from the request's session or token; none where that is not valid any more.
pub type Identify =
    fn(&store::Node, &store::Db<'_>, &Shown<'_>) -> Result<Option<Asker>, store::StoreError>;

/// Who answers at an address.
#[derive(Clone, Copy)]
pub enum Answers {
    /// Shows something.
    Shows(Handler),
    /// Changes something.
    Acts(Action),
}

/// One address. A pattern ends in `*` where the rest of the path is the handler's to read.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// `/search`, `/articles/*`, …
    pub pattern: &'static str,
    /// Who answers.
    pub answers: Answers,
    /// What it is for, in one sentence: it stands in the OpenAPI document if the path begins with `/api/`.
    pub about: &'static str,
    /// Whether the handler may wait, for a COMMIT or another machine, or counts for long: then it gets a
    /// thread of its own, so that the others are answered meanwhile.
    pub waits: bool,
    /// Whether what is sent shows by itself whose it is: then neither a form's token nor a program's is asked for.
    pub signed: bool,
    /// The largest body that is read, in bytes.
    pub most_body: usize,
}

impl Route {
    /// Builds a route for GET.
    #[must_use]
    pub const fn get(pattern: &'static str, handler: Handler, about: &'static str) -> Self {
        Self {
            method: Method::Get,
            pattern,
            answers: Answers::Shows(handler),
            about,
            waits: false,
            signed: false,
            most_body: Request::MOST_FORM,
        }
    }

    /// Returns the same route with a handler that may wait.
    #[must_use]
    pub const fn waiting(mut self) -> Self {
        self.waits = true;
        self
    }

    /// Builds a route for POST.
    #[must_use]
    pub const fn post(pattern: &'static str, action: Action, about: &'static str) -> Self {
        Self {
            method: Method::Post,
            pattern,
            answers: Answers::Acts(action),
            about,
            waits: true,
            signed: false,
            most_body: Request::MOST_FORM,
        }
    }

    /// Returns the same route for what is larger than a form of texts: files, many records.
    #[must_use]
    pub const fn large(mut self) -> Self {
        self.most_body = Request::MOST_BODY;
        self
    }

    /// Returns the same route for what its sender signed: no cookie is looked at.
    #[must_use]
    pub const fn signed(mut self) -> Self {
        self.signed = true;
        self
    }
}

/// One entry of the menu: one word, and where it leads.
#[derive(Clone, Copy)]
pub struct MenuEntry {
    /// The key of its word.
    pub word: &'static str,
    /// The address.
    pub href: &'static str,
}

/// Returns the beginning of the plain text of a thing by its id, to about so many bytes, as far as the asker may see it.
pub type TextOf = fn(&Context<'_>, &str, usize) -> Option<String>;

/// Returns the address of the thing that others mention by a key, from the root; none for another capability's key.
pub type AddressOf = fn(&str) -> Option<String>;

/// What a capability says of any thing beside it: a tab above its page.
#[derive(Clone, Copy)]
pub struct Beside {
    /// Returns how much there is to read under the tab, by the short form of the thing's id.
    pub count: fn(&Context<'_>, &[u8; 16]) -> Result<i64, Problem>,
    /// The key of the tab's word.
    pub word: &'static str,
    /// What stands before the key in the address of the tab's page.
    pub path: &'static str,
    /// Whether it stands in the margin of a page that has tabs enough, instead of among them.
    pub in_margin: bool,
}

/// What a capability says of any person: a link on their page.
#[derive(Clone, Copy)]
pub struct OfPerson {
    /// The key of the link's word.
    pub word: &'static str,
    /// What stands before their address in the link.
    pub path: &'static str,
}

/// What a capability gives the site.
#[derive(Clone, Copy)]
pub struct Capability {
    /// Its name.
    pub name: &'static str,
    /// Its addresses.
    pub routes: &'static [Route],
    /// Its entries in the menu.
    pub menu: &'static [MenuEntry],
    /// Where something new of its kind is begun: one word, and the address.
    pub begin: Option<MenuEntry>,
    /// Its words: Spanish, English.
    pub words: [&'static str; 2],
    /// Who answers where no route does, for old addresses.
    pub fallback: Option<Handler>,
    /// The plain text of one of its things by id, for what a search shows of it; none for another's.
    pub text: Option<TextOf>,
    /// The addresses of its things.
    pub address: Option<AddressOf>,
    /// What it says of any thing.
    pub beside: Option<Beside>,
    /// What it says of any person.
    pub of_person: Option<OfPerson>,
    /// What it keeps for whoever is signed in: a tab on their own page.
    pub own: Option<MenuEntry>,
    /// Who finds out who asks; one capability at most has it.
    pub identify: Option<Identify>,
    /// Its operations in the OpenAPI document: a JSON object of `paths`.
    pub openapi: &'static str,
}

/// Addresses that are answered without a look at the routes.
const FIXED: [&str; 6] = [
    "/assets/minga.js",
    "/assets/minga.css",
    "/assets/mark.svg",
    "/favicon.ico",
    "/healthz",
    "/metrics",
];

/// Finds the route for a path: exact patterns first, then the longest that ends in `*`.
pub(crate) struct Router {
    exact: HashMap<&'static str, Vec<Route>>,
    /// What stands before the `*`, longest first.
    prefixes: Vec<(&'static str, Route)>,
}

impl Router {
    pub(crate) fn new(routes: impl Iterator<Item = Route>) -> Self {
        let mut exact: HashMap<_, Vec<_>> = HashMap::new();
        let mut prefixes = Vec::new();
        for route in routes {
            match route.pattern.strip_suffix('*') {
                Some(prefix) => prefixes.push((prefix, route)),
                None => exact.entry(route.pattern).or_default().push(route),
            }
        }
        prefixes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Self { exact, prefixes }
    }

    /// Returns the route and the rest of the path, still encoded.
    pub(crate) fn find<'p>(&self, method: Method, path: &'p str) -> Option<(&Route, &'p str)> {
        if let Some(found) = self.exact.get(path) {
            let route = found.iter().find(|route| route.method == method)?;
            return Some((route, ""));
        }
        self.prefixes
            .iter()
            .find(|(prefix, route)| {
                route.method == method && path.len() > prefix.len() && path.starts_with(prefix)
            })
            .map(|(prefix, route)| (route, &path[prefix.len()..]))
    }

    /// Returns the methods that are answered at this path, as the header `Allow` lists them.
    pub(crate) fn allowed(&self, path: &str) -> Option<&'static str> {
        let takes = |method| self.find(method, path).is_some();
        match (takes(Method::Get), takes(Method::Post)) {
            (true, true) => Some("GET, HEAD, POST"),
            (true, false) => Some("GET, HEAD"),
            (false, true) => Some("POST"),
            (false, false) => FIXED.contains(&path).then_some("GET, HEAD"),
        }
    }

    /// Returns how many bytes of a body are read: of what nobody takes, none.
    pub(crate) fn most_body(&self, method: Method, path: &str) -> usize {
        self.find(method, path)
            .map_or(0, |(route, _)| route.most_body)
    }

    /// Returns whether the answer may have to wait.
    pub(crate) fn waits(&self, method: Method, path: &str) -> bool {
        self.find(method, path)
            .map_or(method == Method::Post, |(route, _)| route.waits)
    }
}
