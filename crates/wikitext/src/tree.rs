//! The tree that a page becomes.

use crate::tags::{Attr, Tag};
use crate::title::{LinkTarget, Title};

/// A stretch of the page's text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let at = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            start: at(start),
            end: at(end.max(start)),
        }
    }

    /// Returns what stands there.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A piece of a page. Its nesting is bounded (see `parser::MAX_DEPTH`), so it is walked and dropped
/// by plain recursion.
#[derive(Debug)]
pub(crate) enum Node {
    /// Characters of the page; references like `&amp;` still stand in them.
    Text(Span),
    /// Characters that the parser made.
    Made(Box<str>),
    /// An element.
    Element(Box<Element>),
    /// `<br>`, `<hr>`, `<wbr>`.
    Void(Tag),
    /// `[[page]]`.
    Link(Box<Link>),
    /// An address on its own.
    Url(Box<Url>),
    /// `[[File:…]]`.
    File(Box<File>),
    /// `<gallery>`.
    Gallery(Box<[File]>),
    /// `{{…}}`.
    Template(Box<Template>),
    /// `{{{…}}}`: its name, and its default.
    Param(Box<(Span, Vec<Node>)>),
    /// `{{PAGENAME}}` and such, to be answered where the page is drawn.
    Magic(Box<str>),
    /// `<ref>`.
    Ref(Box<Ref>),
    /// `<references/>`, with the notes defined inside.
    References(Box<References>),
    /// `<pre>`, `<syntaxhighlight>`: a block of characters.
    Preformatted(Span),
    /// `<math>`, `<syntaxhighlight inline>`: characters in a line.
    Code(Span),
    /// Something that is not shown.
    LeftOut(Box<LeftOut>),
    /// An anchor: `<span id="…">`.
    Anchor(Box<str>),
}

/// An element with its content.
#[derive(Debug)]
pub(crate) struct Element {
    pub tag: Tag,
    pub attrs: Vec<(Attr, String)>,
    pub children: Vec<Node>,
}

/// A link to a page; without children it shows `label`.
#[derive(Debug)]
pub(crate) struct Link {
    pub target: LinkTarget,
    /// The address, for a link to another wiki.
    pub url: Option<String>,
    pub children: Vec<Node>,
}

/// An external link without a text of its own.
#[derive(Debug)]
pub(crate) struct Url {
    /// A safe address.
    pub href: String,
    /// What the page says: the address, or nothing for `[url]`, which is numbered.
    pub text: Option<Span>,
}

/// A use of a file.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// Its name without namespace.
    pub name: String,
    /// Whether it stands between paragraphs, as a figure.
    pub block: bool,
    /// `[[Media:…]]`: only a link to the file.
    pub link_only: bool,
    /// The width that the page asks for, in pixels.
    pub width: Option<u32>,
    /// `upright`, `thumb` and such ask for a small picture.
    pub small: bool,
    /// `alt=`.
    pub alt: Option<String>,
    pub caption: Vec<Node>,
}

/// The use of a template.
#[derive(Debug)]
pub(crate) struct Template {
    /// Its name as the wiki would file it, without `Template:`; a parser function keeps its `#`.
    pub name: String,
    /// Whether it stands between paragraphs.
    pub block: bool,
    pub params: Vec<Param>,
    /// The page that `{{:Page}}` would repeat.
    pub page: Option<Title>,
}

/// An argument of a template.
#[derive(Debug)]
pub(crate) struct Param {
    /// Its name; the empty span for one that is only counted.
    pub name: Span,
    pub value: Span,
    pub nodes: Vec<Node>,
    /// The pages or categories that the value names, for templates that link them.
    pub titles: Vec<Title>,
}

/// A note.
#[derive(Debug)]
pub(crate) struct Ref {
    pub group: String,
    pub name: String,
    /// Empty where another use of the same name holds the text.
    pub children: Vec<Node>,
}

/// The place for the notes of a group.
#[derive(Debug)]
pub(crate) struct References {
    pub group: String,
    pub defined: Vec<Ref>,
}

/// What is not shown, and an address that was found in it.
#[derive(Debug)]
pub(crate) struct LeftOut {
    /// The name of the element or extension.
    pub what: String,
    pub url: Option<String>,
    pub block: bool,
}
