//! What a handler sees: one unit of work that reads, a viewer, the request, the words.

use crate::{Lang, Markup, PageHead, Problem, Request, Response, Settings, TextOf, Words, layout};
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

    /// Returns the address of this node as others reach it, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.settings.public_url
    }
}
