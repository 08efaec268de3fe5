//! What an action sees: the request, who asks, and units of work that it opens itself.

use crate::asker::Guard;
use crate::{
    Asker, Catalogues, Context, Lang, Problem, Request, Response, Settings, TextOf, Words,
};
use store::{Node, StoreError, Viewer};

/// Everything that an action may use to answer.
pub struct Acting<'a> {
    /// What the asker may see.
    pub viewer: &'a Viewer,
    /// The request.
    pub request: &'a Request,
    /// The words in the reader's language.
    pub words: &'a Words,
    /// The words in every language, for what is written to somebody else.
    pub catalogues: &'a Catalogues,
    /// The node, through which everything is published.
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
}

impl Acting<'_> {
    /// Runs one unit of work that only reads, and may draw pages.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Context<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let answered = self.node.store().read(|db| {
            let cx = Context {
                db,
                viewer: self.viewer,
                request: self.request,
                words: self.words,
                node: self.node,
                search: self.search,
                texts: self.texts,
                settings: self.settings,
                rest: self.rest,
                asker: self.asker,
                guard: self.guard,
                visit: std::cell::RefCell::default(),
            };
            Ok::<_, StoreError>(work(&cx))
        });
        answered?
    }

    /// Returns who asks, who must be signed in.
    ///
    /// # Errors
    /// 401 where nobody is.
    pub fn asker(&self) -> Result<&Asker, Problem> {
        self.asker.ok_or_else(|| Problem::signed_out(self.words))
    }

    /// Returns a field of the form, trimmed.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.request.form.text(name)
    }

    /// Returns the reader's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.words.lang()
    }

    /// Returns the session's cookie.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.guard.session(self.request)
    }

    /// Sends the reader to another address, as after everything that was done.
    #[must_use]
    pub fn see(&self, to: &str) -> Response {
        Response::redirect(303, to).with("cache-control", "no-store")
    }

    /// Adds the cookie of a new session to an answer.
    #[must_use]
    pub fn with_session(&self, answer: Response, token: &str, seconds: i64) -> Response {
        answer.with(
            "set-cookie",
            self.guard.cookie(crate::asker::SESSION, token, seconds),
        )
    }
}
