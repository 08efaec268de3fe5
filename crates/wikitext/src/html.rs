//! Draws a page as HTML that is safe and well-formed by construction.
//!
//! Everything that came from the page goes through [`escape`]; elements and attributes come from the
//! enums of [`crate::tags`]; addresses were checked when they were read. What is open is closed by
//! the same function that opened it.

use crate::builder::is_block;
use crate::context::{Context, FileRef, LinkState, Rendered, TocEntry};
use crate::document::Document;
use crate::entity;
use crate::tags::{Attr, Model, Tag};
use crate::templates::{Field, Holds, TemplateKind};
use crate::text::{of_nodes, preformatted};
use crate::title::Title;
use crate::tree::{Element, File, LeftOut, Link, Node, Param, Ref, Template, Url};
use crate::words::{Word, Words};
use std::collections::HashMap;

/// Ids that the page around uses itself; no heading or anchor of a drawn page has them.
pub const RESERVED_IDS: &[&str] = &["main", "q", "menu", "toc", "skip", "rev", "lic", "ib", "hr"];

/// The width at which a small picture is drawn where the page gives none, in pixels: MediaWiki's
/// thumbnails have 220 to 300, on screens that were coarser.
const SMALL: u32 = 320;

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
        captions: 0,
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

/// A note that was met.
struct Note<'d> {
    group: usize,
    /// Its number in its group.
    number: usize,
    body: &'d [Node],
    uses: usize,
    listed: bool,
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
    captions: usize,
    in_anchor: bool,
    in_note: bool,
    counted: usize,
}

/// Adds `text`, which holds no references, escaped.
pub(crate) fn escape(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, b) in text.bytes().enumerate() {
        let sign = match b {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            b'\t' | b'\n' => continue,
            // Other controls are not allowed in HTML.
            0..=0x1f | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(sign);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Adds `text`, in which references stand, escaped.
fn escape_source(out: &mut String, text: &str) {
    let mut from = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let sign = match bytes[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => {
                out.push_str(&text[from..at]);
                match entity::decode(&text[at..]) {
                    Some((c, length)) => {
                        escape(out, c.encode_utf8(&mut [0; 4]));
                        at += length;
                    }
                    None => {
                        out.push_str("&amp;");
                        at += 1;
                    }
                }
                from = at;
                continue;
            }
            b'\t' | b'\n' | 0x20..=0x7e | 0x80.. => {
                at += 1;
                continue;
            }
            _ => "",
        };
        out.push_str(&text[from..at]);
        out.push_str(sign);
        at += 1;
        from = at;
    }
    out.push_str(&text[from..]);
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

    // ── lists and tables ──

    /// A definition list; what is only indented is no definition.
    fn definitions(&mut self, element: &'d Element) {
        let is = |node: &Node, tag: Tag| matches!(node, Node::Element(e) if e.tag == tag);
        let mut rest: &[Node] = &element.children;
        let indented = rest.iter().take_while(|node| !is(node, Tag::Dt)).count();
        if indented > 0 {
            let (items, after) = rest.split_at(indented);
            rest = after;
            self.element("div", "indent", |d| {
                for item in items {
                    match item {
                        Node::Element(item) => {
                            d.open(Tag::Div, &item.attrs);
                            d.nodes(&item.children);
                            d.close(Tag::Div);
                        }
                        other => d.node(other),
                    }
                }
            });
            self.out.push('\n');
        }
        if !rest.is_empty() {
            self.open(Tag::Dl, &element.attrs);
            self.nodes(rest);
            self.close(Tag::Dl);
        }
    }

    fn table(&mut self, table: &'d Element) {
        let caption = elements(&table.children).find(|e| e.tag == Tag::Caption);
        let rows: Vec<&Element> = elements(&table.children)
            .filter(|e| e.tag == Tag::Tr)
            .collect();
        if rows.is_empty() {
            if let Some(caption) = caption {
                self.flow(&caption.children);
            }
            return;
        }
        // A table of one column sets a box around text; it has nothing to compare.
        let box_only = |row: &&Element| {
            elements(&row.children).count() <= 1
                && elements(&row.children).all(|c| c.tag == Tag::Td)
        };
        if caption.is_none() && rows.iter().all(box_only) {
            for cell in rows.iter().flat_map(|row| elements(&row.children)) {
                self.flow(&cell.children);
            }
            return;
        }
        let heads = |row: &&&Element| elements(&row.children).all(|cell| cell.tag == Tag::Th);
        let head = rows.iter().take_while(heads).count();
        let head = if head == rows.len() { 0 } else { head };
        // Inside a table nothing scrolls a second time.
        let scrolls = self.tables == 0;
        let caption_id = caption.map(|_| {
            self.captions += 1;
            format!("cap{}", self.captions)
        });
        if scrolls {
            self.out
                .push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
            match &caption_id {
                Some(id) => self.attr("aria-labelledby", id),
                None => {
                    let words = self.words;
                    self.attr("aria-label", words.of(Word::Table));
                }
            }
            self.out.push_str(">\n");
        }
        self.tables += 1;
        self.open(Tag::Table, &table.attrs);
        if let (Some(caption), Some(id)) = (caption, &caption_id) {
            self.out.push_str("<caption");
            self.attr("id", id);
            self.out.push('>');
            self.nodes(&caption.children);
            self.out.push_str("</caption>\n");
        }
        for (part, name) in [(&rows[..head], "thead"), (&rows[head..], "tbody")] {
            if part.is_empty() {
                continue;
            }
            self.element(name, "", |d| {
                for row in part {
                    d.row(row, name == "thead");
                }
            });
            self.out.push('\n');
        }
        self.out.push_str("</table>\n");
        self.tables -= 1;
        if scrolls {
            self.out.push_str("</div>\n");
        }
    }

    fn row(&mut self, row: &'d Element, head: bool) {
        self.open(Tag::Tr, &row.attrs);
        for cell in elements(&row.children) {
            if cell.tag == Tag::Th && !cell.attrs.iter().any(|(attr, _)| *attr == Attr::Scope) {
                let scope = (Attr::Scope, if head { "col" } else { "row" }.to_owned());
                let mut attrs = vec![scope];
                attrs.extend(cell.attrs.iter().cloned());
                self.open(cell.tag, &attrs);
            } else {
                self.open(cell.tag, &cell.attrs);
            }
            self.nodes(&cell.children);
            self.out.push_str(if cell.tag == Tag::Th {
                "</th>"
            } else {
                "</td>"
            });
        }
        self.close(Tag::Tr);
    }

    // ── links and files ──

    fn link(&mut self, link: &'d Link) {
        if let Some(url) = &link.url {
            self.external(url, |d| d.nodes(&link.children));
            return;
        }
        if link.target.interwiki.is_some() {
            self.nodes(&link.children);
            return;
        }
        let anchor = link.target.anchor.as_deref();
        if link.target.title.text.is_empty() {
            let href = format!("#{}", fragment(anchor.unwrap_or("")));
            self.anchor(&[("href", &href)], |d| d.nodes(&link.children));
            return;
        }
        self.page(&link.target.title, anchor, |d| d.nodes(&link.children));
    }

    /// Writes a link to a page of this wiki.
    fn page(&mut self, title: &Title, anchor: Option<&str>, content: impl FnOnce(&mut Self)) {
        let (mut href, missing) = match self.context.link(title) {
            LinkState::Exists { url } => (url, false),
            LinkState::Missing { url } => (url, true),
        };
        if let Some(anchor) = anchor {
            href.push('#');
            href.push_str(&fragment(anchor));
        }
        if missing {
            self.anchor(&[("class", "new"), ("href", &href)], content);
        } else {
            self.anchor(&[("href", &href)], content);
        }
    }

    fn url(&mut self, url: &'d Url) {
        match url.text {
            Some(text) => self.external(&url.href, |d| escape_source(&mut d.out, text.of(d.text))),
            None => {
                self.addresses += 1;
                let number = format!("[{}]", self.addresses);
                self.external(&url.href, |d| d.out.push_str(&number));
            }
        }
    }

    fn file(&mut self, file: &'d File) {
        let found = self.context.file(&file.name);
        if file.link_only {
            match found {
                Some(found) => self.anchor(&[("href", &found.url)], |d| d.nodes(&file.caption)),
                None => self.element("span", "missing-file", |d| d.nodes(&file.caption)),
            }
            return;
        }
        if !file.block {
            match found {
                Some(found) => self.media(file, &found),
                None => self.element("span", "missing-file", |d| d.placeholder(file)),
            }
            return;
        }
        let class = if found.is_some() { "" } else { "missing-file" };
        self.element("figure", class, |d| {
            match &found {
                Some(found) => d.media(file, found),
                None => d.element("p", "", |d| d.placeholder(file)),
            }
            if !file.caption.is_empty() {
                d.element("figcaption", "", |d| d.nodes(&file.caption));
            }
        });
        self.out.push('\n');
    }

    /// Says which file is not there, and in a line also its description.
    fn placeholder(&mut self, file: &'d File) {
        let name = file.name.to_lowercase();
        let picture = [
            "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "tif", "tiff",
        ];
        let is_picture = name
            .rsplit_once('.')
            .is_some_and(|(_, suffix)| picture.contains(&suffix));
        self.word(if is_picture {
            Word::MissingImage
        } else {
            Word::MissingFile
        });
        self.out.push_str(": ");
        self.say(&file.name);
        if !file.block && !file.caption.is_empty() {
            self.out.push_str(" (");
            self.nodes(&file.caption);
            self.out.push(')');
        }
    }

    fn media(&mut self, file: &'d File, found: &FileRef) {
        let described = || {
            let caption = of_nodes(&file.caption, self.text);
            let stem = || {
                file.name
                    .rsplit_once('.')
                    .map_or(&*file.name, |(stem, _)| stem)
                    .to_owned()
            };
            file.alt
                .clone()
                .filter(|alt| !alt.is_empty())
                .unwrap_or_else(|| if caption.is_empty() { stem() } else { caption })
        };
        let alt = described();
        let kind = found.mime.split('/').next().unwrap_or("");
        match kind {
            "image" => {
                let page = Title {
                    namespace: crate::FILE,
                    text: file.name.clone(),
                };
                let (width, height) = size(file, found);
                let image = |d: &mut Self| {
                    d.out.push_str("<img");
                    d.attr("src", &found.url);
                    d.attr("alt", &alt);
                    if width > 0 && height > 0 {
                        d.attr("width", &width.to_string());
                        d.attr("height", &height.to_string());
                    }
                    d.out.push_str(" loading=\"lazy\">");
                };
                self.page(&page, None, image);
            }
            "audio" | "video" if !self.in_anchor => {
                self.out.push('<');
                self.out.push_str(kind);
                self.out.push_str(" controls preload=\"none\"");
                self.attr("src", &found.url);
                self.attr("aria-label", &alt);
                self.out.push_str("></");
                self.out.push_str(kind);
                self.out.push('>');
            }
            _ => self.anchor(&[("href", &found.url)], |d| d.say(&alt)),
        }
    }

    fn left_out(&mut self, left: &'d LeftOut) {
        let name = if left.block { "p" } else { "span" };
        self.element(name, "left-out", |d| {
            d.word(Word::LeftOut);
            if !left.what.is_empty() {
                d.out.push_str(" (");
                d.say(&left.what);
                d.out.push(')');
            }
            if let Some(url) = &left.url {
                d.out.push_str(": ");
                d.external(url, |d| d.say(url));
            }
        });
        if left.block {
            self.out.push('\n');
        }
    }

    // ── notes ──

    fn group(&mut self, name: &'d str) -> usize {
        if let Some(at) = self.groups.iter().position(|(known, _)| *known == name) {
            return at;
        }
        // A page has few groups; one with very many names keeps them all in the last.
        if self.groups.len() >= 64 {
            return 63;
        }
        if self.groups.is_empty() && !name.is_empty() {
            self.groups.push(("", 0));
        }
        self.groups.push((name, 0));
        self.groups.len() - 1
    }

    /// Returns the index of a note, new or met before.
    fn note_index(&mut self, note: &'d Ref) -> usize {
        let group = self.group(&note.group);
        if !note.name.is_empty()
            && let Some(&index) = self.named.get(&(group, &*note.name))
            && !self.notes[index].listed
        {
            if self.notes[index].body.is_empty() {
                self.notes[index].body = &note.children;
            }
            return index;
        }
        self.groups[group].1 += 1;
        let number = self.groups[group].1;
        let index = self.notes.len();
        self.notes.push(Note {
            group,
            number,
            body: &note.children,
            uses: 0,
            listed: false,
        });
        if !note.name.is_empty() {
            self.named.insert((group, &note.name), index);
        }
        index
    }

    fn note_id(&self, index: usize) -> String {
        let note = &self.notes[index];
        match note.group {
            0 => note.number.to_string(),
            group => format!("{group}.{}", note.number),
        }
    }

    fn note_label(&self, index: usize) -> String {
        let note = &self.notes[index];
        match note.group {
            0 => note.number.to_string(),
            group => format!("{} {}", self.groups[group].0, note.number),
        }
    }

    /// Writes the mark of a note in the text.
    fn note(&mut self, note: &'d Ref) {
        // A note in a note would be listed while the list is written.
        if self.in_note {
            self.out.push_str(" (");
            self.nodes(&note.children);
            self.out.push(')');
            return;
        }
        let index = self.note_index(note);
        self.notes[index].uses += 1;
        let (id, label) = (self.note_id(index), self.note_label(index));
        let place = match self.notes[index].uses {
            1 => format!("r{id}"),
            count => format!("r{id}-{count}"),
        };
        let name = format!("{} {label}", self.words.of(Word::Note));
        let href = format!("#n{id}");
        self.element("sup", "", |d| {
            d.anchor(
                &[("href", &href), ("id", &place), ("aria-label", &name)],
                |d| d.say(&label),
            );
        });
    }

    /// Takes the text of a note that is defined among the references.
    fn define(&mut self, note: &'d Ref) {
        let group = self.group(&note.group);
        if let Some(&index) = self.named.get(&(group, &*note.name))
            && self.notes[index].body.is_empty()
        {
            self.notes[index].body = &note.children;
        }
    }

    /// Lists the notes of a group, or all that are not listed yet.
    fn references(&mut self, group: Option<&'d str>) {
        // A list in a note would begin the list that is being written again.
        if self.in_note {
            return;
        }
        let group = group.map(|name| self.group(name));
        let wanted: Vec<usize> = (self.listed..self.notes.len())
            .filter(|&at| !self.notes[at].listed && group.is_none_or(|g| g == self.notes[at].group))
            .collect();
        if wanted.is_empty() {
            return;
        }
        self.out.push_str("<ol class=\"notes\"");
        let first = self.notes[wanted[0]].number;
        if first > 1 {
            self.attr("start", &first.to_string());
        }
        let words = self.words;
        self.attr("aria-label", words.of(Word::Notes));
        self.out.push('>');
        self.in_note = true;
        for index in wanted {
            let (id, label) = (self.note_id(index), self.note_label(index));
            self.out.push_str("<li");
            self.attr("id", &format!("n{id}"));
            self.out.push('>');
            let body = self.notes[index].body;
            if body.is_empty() {
                self.element("span", "quiet", |d| d.word(Word::EmptyNote));
            } else if body.iter().any(is_block) {
                self.flow(body);
            } else {
                self.nodes(body);
            }
            let uses = self.notes[index].uses;
            for count in 1..=uses {
                let place = if count == 1 {
                    format!("#r{id}")
                } else {
                    format!("#r{id}-{count}")
                };
                let mut name = format!("{} {label}", self.words.of(Word::BackToText));
                if uses > 1 {
                    name.push_str(&format!(", {count}"));
                }
                self.out.push(' ');
                self.anchor(&[("href", &place), ("aria-label", &name)], |d| {
                    if count == 1 {
                        d.word(Word::Back);
                    } else {
                        d.say(&count.to_string());
                    }
                });
            }
            self.out.push_str("</li>");
            self.notes[index].listed = true;
        }
        self.in_note = false;
        self.out.push_str("</ol>\n");
        while self.notes.get(self.listed).is_some_and(|note| note.listed) {
            self.listed += 1;
        }
    }

    // ── templates ──

    fn magic(&mut self, word: &str) {
        if let Some(answer) = self.context.magic(word).or_else(|| self.own_name(word)) {
            self.counted += count_words(&answer);
            self.say(&answer);
        } else {
            self.element("span", "template", |d| d.say(word));
        }
    }

    /// Answers a word about the page's own name.
    fn own_name(&self, word: &str) -> Option<String> {
        let (title, namespace) = self.document.page.as_ref()?;
        let full = |text: &str| match namespace.as_str() {
            "" => text.to_owned(),
            name => format!("{name}:{text}"),
        };
        let text = title.text.as_str();
        Some(match word.to_ascii_uppercase().as_str() {
            "PAGENAME" => text.to_owned(),
            "PAGENAMEE" => text.replace(' ', "_"),
            "FULLPAGENAME" => full(text),
            "FULLPAGENAMEE" => full(text).replace(' ', "_"),
            "BASEPAGENAME" => text
                .rsplit_once('/')
                .map_or(text, |(base, _)| base)
                .to_owned(),
            "ROOTPAGENAME" => text
                .split_once('/')
                .map_or(text, |(root, _)| root)
                .to_owned(),
            "SUBPAGENAME" => text
                .rsplit_once('/')
                .map_or(text, |(_, sub)| sub)
                .to_owned(),
            "NAMESPACE" => namespace.clone(),
            _ => return None,
        })
    }

    fn template(&mut self, template: &'d Template) {
        if let Some(page) = &template.page {
            self.element(if template.block { "p" } else { "span" }, "template", |d| {
                d.word(Word::See);
                d.out.push(' ');
                d.page(page, None, |d| d.say(&page.text));
            });
            return;
        }
        let kind = self.context.template(&template.name);
        match (kind, template.block) {
            (Some(TemplateKind::Hidden), _) => {}
            (Some(TemplateKind::References), _) => self.references(Some("")),
            (Some(kind), true) => self.known(template, kind),
            (Some(TemplateKind::Licence { word, name, url }), false) => {
                self.licence(word, name, url);
            }
            (_, false) => self.chip(template),
            (None, true) => self.unknown(template),
        }
    }

    /// A template that is not known, between paragraphs.
    fn unknown(&mut self, template: &'d Template) {
        let said: Vec<(String, &'d Param)> = self.params(template);
        if said.is_empty() {
            self.element("p", "template", |d| d.template_name(template));
            self.out.push('\n');
            return;
        }
        self.element("details", "template", |d| {
            d.element("summary", "", |d| d.template_name(template));
            d.element("dl", "facts", |d| {
                for (name, param) in said {
                    d.element("dt", "", |d| d.say(&name));
                    d.element("dd", "", |d| d.nodes(&param.nodes));
                }
            });
        });
        self.out.push('\n');
    }

    /// A template that is not known, in a line.
    fn chip(&mut self, template: &'d Template) {
        let said = self.params(template);
        self.element("span", "template", |d| {
            d.template_name(template);
            for (place, (_, param)) in said.iter().enumerate() {
                d.out.push_str(if place == 0 { ": " } else { " · " });
                d.nodes(&param.nodes);
            }
        });
    }

    fn template_name(&mut self, template: &Template) {
        self.word(Word::Template);
        self.out.push_str(": ");
        self.say(&template.name);
    }

    /// Returns the arguments that say something, with their names or numbers.
    fn params(&self, template: &'d Template) -> Vec<(String, &'d Param)> {
        let mut number = 0;
        let mut said = Vec::new();
        for param in &template.params {
            let name = if param.name.is_empty() {
                number += 1;
                number.to_string()
            } else {
                param.name.of(self.text).replace(['{', '}', '[', ']'], "")
            };
            if !param.nodes.is_empty() {
                said.push((name, param));
            }
        }
        said
    }

    fn known(&mut self, template: &'d Template, kind: TemplateKind) {
        match kind {
            TemplateKind::Facts(fields) => self.facts(template, fields),
            TemplateKind::Licence { word, name, url } => {
                self.element("p", "licence", |d| d.licence(word, name, url));
            }
            TemplateKind::MoveCommons => self.element("p", "small", |d| {
                d.external("http://movecommons.org/", |d| d.word(Word::MoveCommons));
                for (place, (_, param)) in d.params(template).into_iter().enumerate() {
                    d.out.push_str(if place == 0 { ": " } else { ", " });
                    let said = of_nodes(&param.nodes, d.text);
                    d.say(&said);
                }
            }),
            TemplateKind::Navigation => self.element("ul", "line small", |d| {
                let words = [Word::Previous, Word::Next, Word::MoreAbout];
                for (word, param) in words.into_iter().zip(&template.params) {
                    let Some(title) = param.titles.first() else {
                        continue;
                    };
                    d.element("li", "", |d| {
                        d.word(word);
                        d.out.push_str(": ");
                        d.page(title, None, |d| d.say(&title.text));
                    });
                }
            }),
            TemplateKind::Body => {
                for param in &template.params {
                    self.flow(&param.nodes);
                }
                return;
            }
            TemplateKind::TitledBox => {
                if let Some(title) = template.params.first().and_then(|p| p.titles.first()) {
                    self.element("p", "", |d| {
                        d.element("b", "", |d| d.page(title, None, |d| d.say(&title.text)));
                    });
                }
                if let Some(param) = template.params.get(1) {
                    self.flow(&param.nodes);
                }
                return;
            }
            TemplateKind::Notice(word) => {
                self.out
                    .push_str("<div class=\"notice\" data-tone=\"info\"><p>");
                self.word(word);
                if let Some(param) = template
                    .params
                    .first()
                    .filter(|p| !p.nodes.iter().any(is_block))
                {
                    self.out.push_str(": ");
                    self.nodes(&param.nodes);
                }
                self.out.push_str("</p></div>");
            }
            TemplateKind::Excerpt => {
                let title = template.params.first().and_then(|p| p.titles.first());
                let Some(title) = title else {
                    return self.unknown(template);
                };
                self.element("p", "template", |d| {
                    d.word(Word::See);
                    d.out.push(' ');
                    d.page(title, None, |d| d.say(&title.text));
                });
            }
            TemplateKind::References | TemplateKind::Hidden => {}
        }
        self.out.push('\n');
    }

    fn licence(&mut self, word: Option<Word>, name: &str, url: &str) {
        self.element("b", "", |d| d.word(Word::Licence));
        self.out.push_str(": ");
        match word {
            Some(word) => self.word(word),
            None => self.external(url, |d| d.say(name)),
        }
    }

    /// A box of labelled facts, then the long parts under headings.
    fn facts(&mut self, template: &'d Template, fields: &'static [Field]) {
        let given: Vec<(Field, &'d Param)> = fields
            .iter()
            .filter_map(|field| {
                let mut params = template.params.iter().rev();
                let param =
                    params.find(|p| p.name.of(self.text) == field.param && !p.value.is_empty())?;
                Some((*field, param))
            })
            .collect();
        let (long, short): (Vec<_>, Vec<_>) = given
            .into_iter()
            .partition(|(field, _)| field.holds == Holds::Section);
        if !short.is_empty() {
            let words = self.words;
            self.out.push_str("<section class=\"infobox\"");
            self.attr("aria-label", words.of(Word::InBrief));
            self.out.push('>');
            self.element("dl", "facts", |d| {
                for (field, param) in short {
                    d.element("dt", "", |d| d.word(field.label));
                    d.element("dd", "", |d| d.fact(field, param));
                }
            });
            self.out.push_str("</section>\n");
        }
        for (field, param) in long {
            self.levels.clear();
            self.levels.push(2);
            let label = self.words.of(field.label).to_owned();
            self.heading_of(1, &label, |d| d.say(&label));
            self.flow(&param.nodes);
        }
    }

    fn fact(&mut self, field: Field, param: &'d Param) {
        let value = param.value.of(self.text);
        let linked = !param.titles.is_empty();
        match field.holds {
            Holds::Categories | Holds::Pages if linked => {
                for (place, title) in param.titles.iter().enumerate() {
                    if place > 0 {
                        self.out.push_str(", ");
                    }
                    self.page(title, None, |d| d.say(&title.text));
                }
            }
            Holds::Mail if is_mail(value) => {
                let href = format!("mailto:{value}");
                self.anchor(&[("href", &href)], |d| d.say(value));
            }
            _ => self.nodes(&param.nodes),
        }
    }
}

/// Returns those of `nodes` that are elements.
fn elements(nodes: &[Node]) -> impl Iterator<Item = &Element> {
    nodes.iter().filter_map(|node| match node {
        Node::Element(element) => Some(&**element),
        _ => None,
    })
}

/// Whether `text` is one plain e-mail address.
fn is_mail(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
    };
    text.split_once('@')
        .is_some_and(|(name, host)| plain(name) && plain(host) && host.contains('.'))
}

/// Returns width and height at which a picture is drawn: never larger than it is.
fn size(file: &File, found: &FileRef) -> (u32, u32) {
    let wanted = file
        .width
        .unwrap_or(if file.small { SMALL } else { found.width });
    let width = wanted.min(found.width);
    let height = u64::from(found.height) * u64::from(width) / u64::from(found.width.max(1));
    (
        width,
        u32::try_from(height)
            .unwrap_or(u32::MAX)
            .max(u32::from(found.height > 0)),
    )
}

/// Returns the id that MediaWiki would give to a heading `text`: blanks as underscores.
pub(crate) fn anchor_id(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect()
}

/// Returns `anchor` as it follows `#` in an address.
fn fragment(anchor: &str) -> String {
    anchor_id(anchor).replace('%', "%25")
}

/// The ids of a page: each once, and none that the page around it uses.
#[derive(Default)]
struct Ids {
    /// Ids in lower case, with the number that the next of the same name gets.
    taken: HashMap<String, usize>,
}

impl Ids {
    fn take(&mut self, wanted: &str) -> String {
        let mut id = anchor_id(wanted.trim());
        if id.is_empty() {
            id.push_str("section");
        }
        if is_reserved(&id) {
            id.push('_');
        }
        let key = id.to_lowercase();
        let Some(next) = self.taken.get(&key).copied() else {
            self.taken.insert(key, 2);
            return id;
        };
        for number in next.. {
            let numbered = format!("{key}_{number}");
            if !self.taken.contains_key(&numbered) {
                self.taken.insert(numbered, 2);
                self.taken.insert(key, number + 1);
                return format!("{id}_{number}");
            }
        }
        id
    }
}

/// Whether the page around, or the notes, use `id` themselves: `n3`, `r3-2`, `cap1`.
fn is_reserved(id: &str) -> bool {
    let lower = id.to_lowercase();
    if RESERVED_IDS.contains(&lower.as_str()) {
        return true;
    }
    let rest = lower
        .strip_prefix("cap")
        .or_else(|| lower.strip_prefix(['n', 'r']));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'-' || b == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_not_the_pages_own() {
        let mut ids = Ids::default();
        let taken: Vec<String> = ["Uses", "uses", "Uses_2", "Uses", "Main", "n1", "cap12", " "]
            .map(|id| ids.take(id))
            .into();
        assert_eq!(
            taken,
            [
                "Uses", "uses_2", "Uses_2_2", "Uses_3", "Main_", "n1_", "cap12_", "section"
            ]
        );
    }

    #[test]
    fn pictures_are_never_blown_up() {
        let found = FileRef {
            url: String::new(),
            width: 600,
            height: 300,
            mime: String::new(),
        };
        let file = |width, small| File {
            width,
            small,
            ..File::default()
        };
        assert_eq!(size(&file(None, false), &found), (600, 300));
        assert_eq!(size(&file(None, true), &found), (320, 160));
        assert_eq!(size(&file(Some(150), true), &found), (150, 75));
        assert_eq!(size(&file(Some(2000), false), &found), (600, 300));
    }

    #[test]
    fn references_are_decoded_and_escaped_again() {
        let mut out = String::new();
        escape_source(
            &mut out,
            "a < b &lt;script&gt; &amp;amp; &eacute; &bogus; \u{1}\"",
        );
        assert_eq!(out, "a &lt; b &lt;script&gt; &amp;amp; é &amp;bogus; \"");
    }
}
