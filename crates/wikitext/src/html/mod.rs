//! Draws a page as HTML that is safe and well-formed by construction.
//!
//! Everything that came from the page goes through [`escape`]; elements and attributes come from the
//! enums of [`crate::tags`]; addresses were checked when they were read. What is open is closed by
//! the same function that opened it.

mod escape;
mod ids;
mod links;
mod lists;
mod notes;
mod templates;

use crate::builder::is_block;
use crate::context::{Context, Rendered, TocEntry};
use crate::document::Document;
use crate::tags::{Attr, Model, Tag};
use crate::text::{of_nodes, preformatted};
use crate::tree::{Element, Node};
use crate::words::{Word, Words};
use escape::{escape, escape_source};
use ids::Ids;
use notes::Note;
use std::collections::HashMap;

pub use ids::RESERVED_IDS;

/// MediaWiki shows contents from the fourth heading on.
const HEADINGS_FOR_CONTENTS: usize = 4;

/// Draws `document`.
pub(crate) fn render(document: &Document, context: &dyn Context) -> Rendered {
    let mut drawing = Drawing {
        document,
        text: &document.text,
        context,
        words: context.words(),
        out: String::with_capacity(document.text.len() * 5 / 4 + 64),
        ids: Ids::default(),
        toc: Vec::new(),
        levels: Vec::new(),
        notes: Vec::new(),
        groups: Vec::new(),
        named: HashMap::new(),
        listed: 0,
        addresses: 0,
        tables: 0,
        regions: 0,
        in_anchor: false,
        in_note: false,
        counted: 0,
    };
    drawing.flow(&document.root);
    drawing.references(None);
    let Drawing {
        out,
        toc,
        notes,
        counted,
        ..
    } = drawing;
    let show_toc = document
        .found
        .toc
        .unwrap_or(toc.len() >= HEADINGS_FOR_CONTENTS);
    Rendered {
        html: out,
        toc,
        show_toc,
        notes: notes.len(),
        words: counted,
    }
}

struct Drawing<'d> {
    document: &'d Document,
    text: &'d str,
    context: &'d dyn Context,
    words: &'d Words,
    out: String,
    ids: Ids,
    toc: Vec<TocEntry>,
    /// The levels, as written, of the headings that the next one is under.
    levels: Vec<u8>,
    notes: Vec<Note<'d>>,
    /// Names of the groups of notes; the first is the one without name.
    groups: Vec<(&'d str, usize)>,
    named: HashMap<(usize, &'d str), usize>,
    /// Notes before this one are all listed.
    listed: usize,
    addresses: usize,
    tables: usize,
    /// Frames around tables so far.
    regions: usize,
    in_anchor: bool,
    in_note: bool,
    counted: usize,
}

/// Counts words: runs without blanks that hold a letter or digit.
fn count_words(text: &str) -> usize {
    let (mut words, mut inside) = (0, false);
    for b in text.bytes() {
        if b <= b' ' {
            inside = false;
        } else if !inside && (b.is_ascii_alphanumeric() || b >= 0x80) {
            inside = true;
            words += 1;
        }
    }
    words
}

impl<'d> Drawing<'d> {
    // ── writing ──

    fn say(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    fn word(&mut self, word: Word) {
        let words = self.words;
        escape(&mut self.out, words.of(word));
    }

    fn attr(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value);
        self.out.push('"');
    }

    /// Writes `<name class="…">`, the content, and `</name>`.
    fn element(&mut self, name: &str, class: &str, content: impl FnOnce(&mut Self)) {
        self.out.push('<');
        self.out.push_str(name);
        if !class.is_empty() {
            self.attr("class", class);
        }
        self.out.push('>');
        content(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// Writes a link around `content`, or only the content where a link is open already.
    fn anchor(&mut self, attrs: &[(&str, &str)], content: impl FnOnce(&mut Self)) {
        if self.in_anchor {
            content(self);
            return;
        }
        self.in_anchor = true;
        self.out.push_str("<a");
        for (name, value) in attrs {
            self.attr(name, value);
        }
        self.out.push('>');
        content(self);
        self.out.push_str("</a>");
        self.in_anchor = false;
    }

    fn external(&mut self, href: &str, content: impl FnOnce(&mut Self)) {
        self.anchor(
            &[
                ("class", "external"),
                ("rel", "nofollow noopener"),
                ("href", href),
            ],
            content,
        );
    }

    // ── nodes ──

    /// Draws nodes where blocks may stand; loose text gets a paragraph.
    fn flow(&mut self, nodes: &'d [Node]) {
        let mut rest = nodes;
        while !rest.is_empty() {
            let loose = rest.iter().take_while(|node| !is_block(node)).count();
            if loose > 0 {
                let (inline, after) = rest.split_at(loose);
                rest = after;
                let blank = inline.iter().all(|node| match node {
                    Node::Text(span) => span.of(self.text).trim().is_empty(),
                    Node::Anchor(_) => false,
                    _ => false,
                });
                if !blank {
                    self.element("p", "", |d| d.nodes(inline));
                    self.out.push('\n');
                }
            } else if let Some((node, after)) = rest.split_first() {
                self.node(node);
                rest = after;
            }
        }
    }

    fn nodes(&mut self, nodes: &'d [Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &'d Node) {
        match node {
            Node::Text(span) => {
                let text = span.of(self.text);
                self.counted += count_words(text);
                escape_source(&mut self.out, text);
            }
            Node::Made(text) => {
                self.counted += count_words(text);
                self.say(text);
            }
            Node::Element(element) => self.tree_element(element),
            Node::Void(tag) => {
                self.out.push('<');
                self.out.push_str(tag.name());
                self.out.push('>');
                if *tag == Tag::Hr {
                    self.out.push('\n');
                }
            }
            Node::Link(link) => self.link(link),
            Node::Url(url) => self.url(url),
            Node::File(file) => self.file(file),
            Node::Gallery(files) => {
                self.element("div", "gallery", |d| {
                    for file in files.iter() {
                        d.file(file);
                    }
                });
                self.out.push('\n');
            }
            Node::Template(template) => self.template(template),
            Node::Param(param) => {
                let (name, default) = &**param;
                if default.is_empty() {
                    let name = name.of(self.text).replace(['{', '}', '[', ']'], "");
                    self.element("var", "", |d| d.say(&name));
                } else {
                    self.nodes(default);
                }
            }
            Node::Magic(word) => self.magic(word),
            Node::Ref(note) => self.note(note),
            Node::References(references) => {
                for note in &references.defined {
                    self.define(note);
                }
                self.references(Some(&references.group));
            }
            Node::Preformatted(span) => {
                let text = preformatted(span.of(self.text));
                let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
                self.counted += count_words(text);
                // What may scroll must be reachable by keyboard.
                self.out.push_str("<pre tabindex=\"0\">");
                self.say(text);
                self.out.push_str("</pre>\n");
            }
            Node::Code(span) => {
                let text = span.of(self.text).trim();
                self.counted += count_words(text);
                self.element("code", "", |d| escape_source(&mut d.out, text));
            }
            Node::LeftOut(left) => self.left_out(left),
            Node::Anchor(id) => self.own_anchor(id),
        }
    }

    fn tree_element(&mut self, element: &'d Element) {
        match element.tag {
            Tag::A => {
                let href = element.attrs.iter().find(|(attr, _)| *attr == Attr::Href);
                let href = href.map_or("", |(_, value)| value.as_str());
                self.external(href, |d| d.nodes(&element.children));
            }
            Tag::Heading(level) => self.heading(level, element),
            Tag::Table => self.table(element),
            Tag::Dl => self.definitions(element),
            Tag::Span | Tag::Center | Tag::Div if element.attrs.is_empty() => {
                match element.tag {
                    Tag::Span => self.nodes(&element.children),
                    // A box without a property of its own is only its content, if that is blocks.
                    _ if element.children.iter().all(is_block) => self.nodes(&element.children),
                    _ => {
                        self.element("div", "", |d| d.nodes(&element.children));
                        self.out.push('\n');
                    }
                }
            }
            // Lines with a leading space: kept as they are, but they may wrap.
            Tag::Pre => {
                self.element("pre", "lines", |d| d.nodes(&element.children));
                self.out.push('\n');
            }
            Tag::Tr | Tag::Td | Tag::Th | Tag::Caption => self.nodes(&element.children),
            tag => {
                self.open(tag, &element.attrs);
                self.nodes(&element.children);
                self.close(tag);
            }
        }
    }

    fn open(&mut self, tag: Tag, attrs: &[(Attr, String)]) {
        self.out.push('<');
        self.out.push_str(tag.name());
        for (attr, value) in attrs {
            if *attr == Attr::Id {
                let id = self.ids.take(value);
                self.attr("id", &id);
            } else {
                self.attr(attr.name(), value);
            }
        }
        self.out.push('>');
    }

    fn close(&mut self, tag: Tag) {
        self.out.push_str("</");
        self.out.push_str(tag.name());
        self.out.push('>');
        if !matches!(tag.model(), Model::Inline) {
            self.out.push('\n');
        }
    }

    /// The page has its `h1`: its first heading is `h2`, and none is more than one deeper than the
    /// one above it, however the page counts.
    fn heading(&mut self, written: u8, element: &'d Element) {
        while self.levels.last().is_some_and(|&above| above >= written) {
            self.levels.pop();
        }
        self.levels.push(written);
        let depth = u8::try_from(self.levels.len().min(5)).unwrap_or(5);
        let text = of_nodes(&element.children, self.text);
        let anchor = element.attrs.iter().find(|(attr, _)| *attr == Attr::Id);
        self.heading_of(depth, &text, |d| {
            if let Some((_, id)) = anchor {
                d.own_anchor(id);
            }
            d.nodes(&element.children);
        });
    }

    /// Writes the place to which an old anchor of the wiki leads.
    fn own_anchor(&mut self, id: &str) {
        let id = self.ids.take(id);
        self.out.push_str("<span");
        self.attr("id", &id);
        self.out.push_str("></span>");
    }

    fn heading_of(&mut self, depth: u8, text: &str, content: impl FnOnce(&mut Self)) {
        let id = self.ids.take(text);
        let tag = Tag::Heading(depth + 1);
        self.out.push('<');
        self.out.push_str(tag.name());
        self.attr("id", &id);
        self.out.push('>');
        content(self);
        self.close(tag);
        let mut html = String::with_capacity(text.len());
        escape(&mut html, text);
        self.toc.push(TocEntry {
            level: depth,
            id,
            text: text.to_owned(),
            html,
        });
    }
}
