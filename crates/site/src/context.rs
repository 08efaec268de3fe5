//! What a handler sees: one unit of work that reads, a viewer, the request, the words.

use crate::asker::Guard;
use crate::{
    Asker, Lang, Markup, PageHead, Problem, Request, Response, Settings, TextOf, Words, layout,
};
use maud::html;
use std::cell::RefCell;
use store::{Db, Node, Viewer};

/// Everything that a handler may use to answer.
pub struct Context<'a> {
    /// The database, within one unit of work that reads.
    pub db: &'a Db<'a>,
    /// What the asker may see.
    pub viewer: &'a Viewer,
    /// The request.
    pub request: &'a Request,
    /// The words in the reader's language.
    pub words: &'a Words,
    /// The node, for keys and blobs.
    pub node: &'a Node,
    /// The indexes of the spaces.
    pub search: &'a search::Indexes,
    /// Where the capabilities keep the plain texts of their things.
    pub texts: &'a [TextOf],
    /// The commons' name and the like.
    pub settings: &'a Settings,
    /// What the route's `*` stood for, decoded.
    pub rest: &'a str,
    /// Who asks, if they are signed in.
    pub asker: Option<&'a Asker>,
    pub(crate) guard: &'a Guard,
    /// The token of the page's forms, and the cookie to set for it, once a form was drawn.
    pub(crate) visit: RefCell<Option<(String, Option<String>)>>,
}

impl Context<'_> {
    /// Returns the reader's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.words.lang()
    }

    /// Returns a whole page around `main`.
    #[must_use]
    pub fn page(&self, head: &PageHead<'_>, main: &Markup) -> Response {
        layout::page(self, head, main)
    }

    /// Returns a problem as a page, or as a problem document where the reader is a program.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> Response {
        layout::problem(self, problem)
    }

    /// Returns the same context for a reader who is not signed in any more.
    #[must_use]
    pub fn signed_out(&self) -> Context<'_> {
        self.seen_by(None)
    }

    /// Returns the same context for whoever is signed in by now. Forms drawn with it carry the token of before.
    #[must_use]
    pub fn seen_by<'b>(&'b self, asker: Option<&'b Asker>) -> Context<'b> {
        Context {
            db: self.db,
            viewer: self.viewer,
            request: self.request,
            words: self.words,
            node: self.node,
            search: self.search,
            texts: self.texts,
            settings: self.settings,
            rest: self.rest,
            asker,
            guard: self.guard,
            visit: RefCell::default(),
        }
    }

    /// Returns who asks, who must be signed in.
    ///
    /// # Errors
    /// 401 where nobody is.
    pub fn asker(&self) -> Result<&Asker, Problem> {
        self.asker.ok_or_else(|| Problem::signed_out(self.words))
    }

    /// Returns the address of the thing that others mention by `key`.
    #[must_use]
    pub fn address_of(&self, key: &str) -> Option<String> {
        self.settings
            .addresses
            .iter()
            .find_map(|address| address(key))
    }

    /// Returns the token that every form of this page carries.
    #[must_use]
    pub fn form_token(&self) -> String {
        let mut visit = self.visit.borrow_mut();
        let (token, _) = visit.get_or_insert_with(|| self.guard.token(self.request, random_token));
        token.clone()
    }

    /// Draws the hidden field that every form that is sent by POST has.
    #[must_use]
    pub fn guarded(&self) -> Markup {
        html! { input type="hidden" name=(crate::Form::TOKEN) value=(self.form_token()); }
    }

    /// Returns the session's cookie, for the one who finds out who asks.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.guard.session(self.request)
    }

    /// Returns how many rows are asked for (`limit=`): `usual` unless said, `most` where it is more.
    ///
    /// # Errors
    /// 400 where it is no number from 1 on.
    pub fn limit(&self, usual: usize, most: usize) -> Result<usize, Problem> {
        let Some(text) = self.request.param("limit") else {
            return Ok(usual);
        };
        match text.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(limit.min(most)),
            _ => Err(Problem::bad(
                "bad_limit",
                self.words.tf(
                    "bad-limit",
                    &[
                        ("text", text.into()),
                        ("most", most.to_string().as_str().into()),
                    ],
                ),
                "",
            )),
        }
    }

    /// Returns the answer with the cookie that the page's forms need.
    pub(crate) fn with_visit(&self, answer: Response) -> Response {
        match self.visit.take() {
            // What holds a token of somebody is kept by nobody on the way.
            Some((_, Some(cookie))) => answer
                .with("set-cookie", cookie)
                .with("cache-control", "no-store"),
            Some((_, None)) => answer.with("cache-control", "no-store"),
            None => answer,
        }
    }

    /// Returns the address of this node as others reach it, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.settings.public_url
    }
}

/// Returns 32 random bytes as text: 64 hexadecimal digits.
pub(crate) fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    // A system without randomness signs nothing either; a page is still shown, its forms refused.
    if getrandom::fill(&mut bytes).is_err() {
        return String::new();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
