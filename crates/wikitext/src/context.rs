//! What drawing a page must be told of the world around it.

use crate::templates::{TemplateKind, known_template};
use crate::title::Title;
use crate::words::Words;

/// Whether a linked page is there, and its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It is there.
    Exists {
        /// Where.
        url: String,
    },
    /// It is not written yet.
    Missing {
        /// Where it can be begun.
        url: String,
    },
}

/// A file that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    /// Where it is, on this site.
    pub url: String,
    /// Its width in pixels; 0 if it is not a picture or not known.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its media type: `image/png`.
    pub mime: String,
}

/// What drawing a page asks of the site.
pub trait Context {
    /// Returns whether the page `title` is there, and its address.
    fn link(&self, title: &Title) -> LinkState;

    /// Returns the file `name` (without namespace), or `None`: then a placeholder is drawn.
    fn file(&self, name: &str) -> Option<FileRef>;

    /// Returns how the template `name` is drawn, or `None` for a box that names it.
    fn template(&self, name: &str) -> Option<TemplateKind> {
        known_template(name)
    }

    /// Answers a word like `SITENAME` or `NUMBEROFPAGES`. The names of the page itself need no
    /// answer if it was read by [`parse_page`](crate::parse_page).
    fn magic(&self, word: &str) -> Option<String> {
        let _ = word;
        None
    }

    /// Returns the words of the interface, in the page's language.
    fn words(&self) -> &Words;
}

/// A page, drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The page's body: safe and well-formed, headings from `h2` on.
    pub html: String,
    /// The headings.
    pub toc: Vec<TocEntry>,
    /// Whether MediaWiki would show the contents: more than three headings, or as the page asks.
    pub show_toc: bool,
    /// How many notes the page has.
    pub notes: usize,
    /// How many words a reader reads.
    pub words: usize,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TocEntry {
    /// Its depth, from 1; never more than one deeper than the entry before.
    pub level: u8,
    /// Its id in the page.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Its text, escaped for HTML.
    pub html: String,
}
