//! Puts the pieces of a page together so that they always nest as HTML asks.
//!
//! The parser says what it meets (a paragraph begins, `</b>` stands here, a cell starts); the
//! builder decides what that means where it stands: which elements end, which are supplied, what is
//! ignored. Formatting is opened only when something comes that it applies to, so there are no empty
//! elements, and it is opened again after a block interrupted it.

use crate::tags::{Attr, Model, Tag};
use crate::tree::{Element, Node, Span};

/// Formatting that can be open in one place; more is ignored, so that a page of start tags cannot
/// make every word carry thousands of elements.
const MAX_FORMATS: usize = 16;

/// Who opened an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Wikitext: ends by the rules of lines.
    Wiki,
    /// A tag.
    Html,
}

/// An element that is open.
#[derive(Debug)]
struct Open {
    tag: Tag,
    origin: Origin,
    /// Whether its end tag follows.
    paired: bool,
    at: u32,
    attrs: Vec<(Attr, String)>,
    children: Vec<Node>,
    /// Where the formatting that applies in it starts in `Builder::formats`.
    formats: usize,
    /// The list marks (`*#:;`) of the list that is open in it.
    prefix: Vec<u8>,
}

/// Formatting that applies to what comes.
#[derive(Debug)]
struct Format {
    tag: Tag,
    attrs: Vec<(Attr, String)>,
    /// Whether its end follows; if not, it ends with its paragraph.
    paired: bool,
    /// How many of the same were opened inside each other.
    count: u32,
}

/// An element that nothing ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unclosed {
    pub origin: Origin,
    pub at: u32,
}

#[derive(Debug)]
pub(crate) struct Builder<'t> {
    text: &'t str,
    stack: Vec<Open>,
    formats: Vec<Format>,
    /// How many of the topmost elements are formatting.
    opened: usize,
    /// Figures that wait for the end of the paragraph they stand in.
    after: Vec<Node>,
    /// How deep the whole already is, and may become.
    room: usize,
    /// Whether the text of this line makes a paragraph.
    pub wants_paragraph: bool,
    pub unclosed: Vec<Unclosed>,
}

impl<'t> Builder<'t> {
    /// A page, or a part of one, in which paragraphs are made.
    pub(crate) fn blocks(text: &'t str, room: usize) -> Self {
        Self::new(text, Tag::Root, room)
    }

    /// A line in which nothing but inline content can stand.
    pub(crate) fn line(text: &'t str, room: usize) -> Self {
        Self::new(text, Tag::Line, room)
    }

    fn new(text: &'t str, root: Tag, room: usize) -> Self {
        let mut builder = Self {
            text,
            stack: Vec::new(),
            formats: Vec::new(),
            opened: 0,
            after: Vec::new(),
            room,
            wants_paragraph: false,
            unclosed: Vec::new(),
        };
        builder.push(root, Origin::Wiki, true, 0, Vec::new());
        builder
    }

    /// Returns how many levels may still be opened here.
    pub(crate) fn room(&self) -> usize {
        self.room.saturating_sub(self.stack.len())
    }

    /// Whether only inline content can stand here at all.
    pub(crate) fn is_line(&self) -> bool {
        self.stack[0].tag == Tag::Line
    }

    /// Closes everything and returns the tree.
    pub(crate) fn finish(mut self) -> (Vec<Node>, Vec<Unclosed>) {
        while self.stack.len() > 1 {
            self.pop();
        }
        let mut root = self
            .stack
            .pop()
            .map(|open| open.children)
            .unwrap_or_default();
        root.append(&mut self.after);
        (root, self.unclosed)
    }

    // ── the stack ──

    fn top(&mut self) -> &mut Open {
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    /// Returns the innermost element that is not formatting.
    fn block_tag(&self) -> Tag {
        self.stack[self.stack.len() - 1 - self.opened].tag
    }

    fn block_origin(&self) -> Origin {
        self.stack[self.stack.len() - 1 - self.opened].origin
    }

    fn push(
        &mut self,
        tag: Tag,
        origin: Origin,
        paired: bool,
        at: u32,
        attrs: Vec<(Attr, String)>,
    ) {
        let formats = match tag.model() {
            Model::Cell | Model::Root => self.formats.len(),
            _ => self.format_base(),
        };
        let prefix = Vec::new();
        let children = Vec::new();
        self.stack.push(Open {
            tag,
            origin,
            paired,
            at,
            attrs,
            children,
            formats,
            prefix,
        });
    }

    fn format_base(&self) -> usize {
        self.stack.last().map_or(0, |open| open.formats)
    }

    /// Ends the innermost element.
    fn pop(&mut self) {
        if self.stack.len() < 2 {
            return;
        }
        let Some(open) = self.stack.pop() else { return };
        let model = open.tag.model();
        if model == Model::Inline {
            self.opened = self.opened.saturating_sub(1);
        } else {
            let base = if model == Model::Cell {
                open.formats
            } else {
                self.format_base()
            };
            // Formatting that nothing ends stops with what it stands in.
            let mut at = 0;
            self.formats.retain(|format| {
                at += 1;
                at <= base || (format.paired && model != Model::Cell)
            });
            if !open.paired && !open.tag.ends_by_itself() {
                self.unclosed.push(Unclosed {
                    origin: open.origin,
                    at: open.at,
                });
            }
        }
        let Open {
            tag,
            attrs,
            mut children,
            ..
        } = open;
        match model {
            Model::Paragraph => trim(&mut children, self.text, tag == Tag::Pre),
            Model::Cell | Model::Item => tidy_container(&mut children, self.text, true),
            Model::Container => tidy_container(&mut children, self.text, false),
            _ => {}
        }
        // An empty cell holds its column, an empty container at most an anchor.
        let keep = !children.is_empty() || matches!(model, Model::Cell);
        let anchor = attrs
            .iter()
            .find(|(attr, _)| *attr == Attr::Id)
            .map(|(_, id)| id.clone());
        if keep {
            // Most elements hold one node, and a vector begins with room for four.
            children.shrink_to_fit();
            self.top().children.push(Node::Element(Box::new(Element {
                tag,
                attrs,
                children,
            })));
        } else if let Some(id) = anchor
            && matches!(
                self.stack[self.stack.len() - 1].tag.model(),
                Model::Root | Model::Paragraph | Model::Container | Model::Item | Model::Cell
            )
        {
            self.top().children.push(Node::Anchor(id.into()));
        }
        if model == Model::Paragraph && !self.after.is_empty() {
            let mut after = std::mem::take(&mut self.after);
            self.top().children.append(&mut after);
        }
    }

    fn pop_to(&mut self, length: usize) {
        while self.stack.len() > length.max(1) {
            self.pop();
        }
    }

    /// Suspends formatting: it is opened again by the next content.
    fn close_inline(&mut self) {
        while self.opened > 0 {
            self.pop();
        }
    }

    /// Returns the index of the element that wikitext lists and paragraphs live in.
    fn barrier(&self) -> usize {
        self.stack
            .iter()
            .rposition(|open| match open.tag.model() {
                Model::Root | Model::Container | Model::Cell => true,
                Model::Item => open.origin == Origin::Html,
                _ => false,
            })
            .unwrap_or(0)
    }

    /// Supplies what must stand between a list or table and content.
    fn ensure_container(&mut self) {
        loop {
            let inner = match self.block_tag() {
                Tag::Table => Tag::Tr,
                Tag::Tr => Tag::Td,
                Tag::Ul | Tag::Ol => Tag::Li,
                Tag::Dl => Tag::Dd,
                _ => return,
            };
            self.close_inline();
            self.push(inner, Origin::Html, true, 0, Vec::new());
        }
    }

    /// Makes the place ready for inline content.
    fn ready(&mut self) {
        self.ensure_container();
        let paragraph = match self.block_tag() {
            Tag::Root | Tag::Blockquote => true,
            tag => {
                self.wants_paragraph
                    && match tag.model() {
                        Model::Container | Model::Cell => tag != Tag::Caption,
                        Model::Item => self.block_origin() == Origin::Html && tag != Tag::Dt,
                        _ => false,
                    }
            }
        };
        if paragraph {
            self.close_inline();
            self.push(Tag::P, Origin::Wiki, true, 0, Vec::new());
        }
        let base = self.format_base();
        while base + self.opened < self.formats.len() {
            let format = &self.formats[base + self.opened];
            let (tag, attrs) = (format.tag, format.attrs.clone());
            self.opened += 1;
            self.stack.push(Open {
                tag,
                origin: Origin::Html,
                paired: true,
                at: 0,
                attrs,
                children: Vec::new(),
                formats: base,
                prefix: Vec::new(),
            });
        }
    }

    // ── inline content ──

    /// Adds characters of the page; blanks alone open nothing.
    pub(crate) fn text(&mut self, start: usize, end: usize) {
        if start >= end {
            return;
        }
        let blank = self.text.as_bytes()[start..end]
            .iter()
            .all(u8::is_ascii_whitespace);
        if blank {
            let inside = match self.block_tag().model() {
                Model::Paragraph | Model::Item | Model::Cell => true,
                Model::Root => self.is_line(),
                _ => false,
            };
            if inside {
                self.top().children.push(Node::Text(Span::new(start, end)));
            }
            return;
        }
        self.ready();
        self.top().children.push(Node::Text(Span::new(start, end)));
    }

    /// Adds an inline node.
    pub(crate) fn inline(&mut self, node: Node) {
        self.ready();
        self.top().children.push(node);
    }

    /// Adds a block between paragraphs.
    pub(crate) fn block(&mut self, node: Node) {
        if self.is_line() {
            self.inline(node);
            return;
        }
        self.end_paragraph();
        self.ensure_container();
        self.top().children.push(node);
    }

    /// Adds a figure: before the paragraph if it has not begun, else after it.
    pub(crate) fn figure(&mut self, node: Node) {
        if self.block_tag().model() == Model::Paragraph {
            self.after.push(node);
        } else {
            self.block(node);
        }
    }

    /// Opens formatting.
    pub(crate) fn format(&mut self, tag: Tag, attrs: Vec<(Attr, String)>, paired: bool) {
        let base = self.format_base();
        let open = &mut self.formats[base..];
        if let Some(same) = open.iter_mut().find(|f| f.tag == tag)
            && (attrs.is_empty() || tag == Tag::A)
            && !matches!(tag, Tag::Sub | Tag::Sup | Tag::Q)
        {
            same.count += 1;
            return;
        }
        if open.len() >= MAX_FORMATS || self.room() < 2 {
            return;
        }
        self.formats.push(Format {
            tag,
            attrs,
            paired,
            count: 1,
        });
    }

    /// Closes formatting; whether there was any.
    pub(crate) fn unformat(&mut self, tag: Tag) -> bool {
        let base = self.format_base();
        let Some(at) = self.formats[base..].iter().rposition(|f| f.tag == tag) else {
            return false;
        };
        let format = &mut self.formats[base + at];
        if format.count > 1 {
            format.count -= 1;
            return true;
        }
        while self.opened > at {
            self.pop();
        }
        self.formats.remove(base + at);
        true
    }

    // ── paragraphs and lines ──

    /// Ends the paragraph, heading or preformatted text that is open.
    pub(crate) fn end_paragraph(&mut self) {
        self.close_inline();
        if self.block_tag().model() == Model::Paragraph {
            self.pop();
        }
    }

    /// An empty line: ends paragraph and list.
    pub(crate) fn blank_line(&mut self) {
        self.end_paragraph();
        self.end_lists();
    }

    /// A line of text begins; `newline` is where the line before ended.
    pub(crate) fn text_line(&mut self, newline: usize) {
        self.end_lists();
        if self.block_tag() == Tag::Pre && self.block_origin() == Origin::Wiki {
            self.end_paragraph();
        }
        self.wants_paragraph = true;
        self.newline(newline);
    }

    fn newline(&mut self, at: usize) {
        let paragraph = self.block_tag().model() == Model::Paragraph;
        if paragraph && self.text.as_bytes().get(at) == Some(&b'\n') {
            self.top().children.push(Node::Text(Span::new(at, at + 1)));
        }
    }

    /// A line that begins with a space begins.
    pub(crate) fn pre_line(&mut self, newline: usize) {
        self.end_lists();
        if self.block_tag() == Tag::Pre {
            self.newline(newline);
            return;
        }
        self.end_paragraph();
        self.ensure_container();
        if self.room() > 2 {
            self.push(Tag::Pre, Origin::Wiki, true, 0, Vec::new());
        }
    }

    /// Whether the line before this one was shown as it is typed, for its leading space.
    pub(crate) fn in_typed_lines(&self) -> bool {
        self.block_tag() == Tag::Pre && self.block_origin() == Origin::Wiki
    }

    /// Whether a quotation is open, in which MediaWiki makes no preformatted lines.
    pub(crate) fn in_quotation(&self) -> bool {
        self.stack[self.barrier()].tag == Tag::Blockquote
    }

    /// A heading begins. Containers that nothing will close end before it, so that a forgotten
    /// `</div>` does not reach over the whole page.
    pub(crate) fn heading(&mut self, level: u8) {
        self.end_lists();
        self.end_paragraph();
        let barrier = self
            .stack
            .iter()
            .rposition(|o| matches!(o.tag.model(), Model::Cell | Model::Root));
        let from = barrier.unwrap_or(0) + 1;
        let forgotten = self.stack[from..].iter().position(|o| {
            !o.paired
                && o.origin == Origin::Html
                && matches!(o.tag.model(), Model::Container | Model::List | Model::Item)
        });
        if let Some(at) = forgotten {
            self.pop_to(from + at);
        }
        self.ensure_container();
        self.push(Tag::Heading(level), Origin::Wiki, true, 0, Vec::new());
    }

    // ── lists ──

    /// Ends the list that lines made.
    pub(crate) fn end_lists(&mut self) {
        let barrier = self.barrier();
        if !self.stack[barrier].prefix.is_empty() {
            self.close_inline();
            self.pop_to(barrier + 1);
            self.stack[barrier].prefix.clear();
        }
    }

    /// An item of a list begins; `prefix` is its marks (`*#:;`), at least one.
    ///
    /// Source: what MediaWiki's `BlockLevelPass` does with the prefix of a line and of the line before.
    pub(crate) fn list_item(&mut self, prefix: &[u8]) {
        self.wants_paragraph = false;
        if self.stack[self.barrier()].prefix.is_empty() {
            self.end_paragraph();
            self.ensure_container();
        }
        let barrier = self.barrier();
        let mut marks = std::mem::take(&mut self.stack[barrier].prefix);
        let twin = |b: u8| if b == b';' { b':' } else { b };
        let common = marks
            .iter()
            .zip(prefix)
            .take_while(|(a, b)| twin(**a) == twin(**b))
            .count();
        // Each level is two elements, list and item. A next item leaves its list open.
        let (levels, next) = if common == prefix.len() {
            (common - 1, true)
        } else {
            (common, false)
        };
        self.pop_to(barrier + 1 + 2 * levels + usize::from(next));
        marks.truncate(levels);
        if next {
            marks.push(prefix[levels]);
            self.open_item(prefix[levels]);
        } else {
            for &mark in &prefix[levels..] {
                if self.room() < 6 {
                    break;
                }
                let list = match mark {
                    b'*' => Tag::Ul,
                    b'#' => Tag::Ol,
                    _ => Tag::Dl,
                };
                self.push(list, Origin::Wiki, true, 0, Vec::new());
                self.open_item(mark);
                marks.push(mark);
            }
        }
        self.stack[barrier].prefix = marks;
    }

    /// The line of an item ends, and with it all that was opened in it.
    pub(crate) fn end_item(&mut self) {
        let barrier = self.barrier();
        let last = self
            .stack
            .iter()
            .rposition(|o| o.origin == Origin::Wiki && o.tag.model() == Model::Item);
        match last {
            // Something was left open in the item (`* <div>`).
            Some(item)
                if item < barrier && !matches!(self.stack[barrier].tag.model(), Model::Cell) =>
            {
                self.pop_to(item + 1);
            }
            Some(item) if item > barrier => self.pop_to(item + 1),
            _ => self.close_inline(),
        }
    }

    /// `; term : definition`: the definition begins.
    pub(crate) fn definition(&mut self) {
        self.close_inline();
        if self.block_tag() == Tag::Dt {
            self.pop();
            self.open_item(b':');
        }
    }

    fn open_item(&mut self, mark: u8) {
        let item = match mark {
            b';' => Tag::Dt,
            b':' => Tag::Dd,
            _ => Tag::Li,
        };
        self.push(item, Origin::Wiki, true, 0, Vec::new());
    }

    // ── tables of wikitext ──

    /// Whether a table that `{|` opened is open.
    pub(crate) fn in_table(&self) -> bool {
        self.stack
            .iter()
            .any(|o| o.tag == Tag::Table && o.origin == Origin::Wiki)
    }

    /// `{|`; whether there was room for it.
    pub(crate) fn table(&mut self, at: usize) -> bool {
        self.end_paragraph();
        self.ensure_container();
        let room = self.room() > 8 && !self.is_line();
        if room {
            self.push(
                Tag::Table,
                Origin::Wiki,
                false,
                Span::new(at, at).start,
                Vec::new(),
            );
        }
        room
    }

    /// Ends what is open in the table; `keep_row` leaves its row. Whether there is a table: the
    /// line itself may have ended it (`| </table> || x`).
    fn pop_to_table(&mut self, keep_row: bool) -> bool {
        let is_table = |o: &Open| o.tag == Tag::Table && o.origin == Origin::Wiki;
        let Some(table) = self.stack.iter().rposition(is_table) else {
            return false;
        };
        let row = self.stack.get(table + 1).is_some_and(|o| o.tag == Tag::Tr);
        self.pop_to(table + 1 + usize::from(row && keep_row));
        true
    }

    /// `|-`.
    pub(crate) fn row(&mut self) {
        self.pop_to_table(false);
    }

    /// `|+`.
    pub(crate) fn caption(&mut self) {
        if self.pop_to_table(false) {
            self.push(Tag::Caption, Origin::Wiki, true, 0, Vec::new());
            self.wants_paragraph = false;
        }
    }

    /// `|` or `!`.
    pub(crate) fn cell(&mut self, tag: Tag, attrs: Vec<(Attr, String)>) {
        if self.pop_to_table(true) {
            if self.top().tag == Tag::Table {
                self.push(Tag::Tr, Origin::Wiki, true, 0, Vec::new());
            }
            self.push(tag, Origin::Wiki, true, 0, attrs);
            self.wants_paragraph = false;
        }
    }

    /// `|}`.
    pub(crate) fn end_table(&mut self) {
        if self.pop_to_table(false) {
            self.top().paired = true;
            self.pop();
            self.wants_paragraph = true;
        }
    }

    // ── elements of HTML ──

    /// A start tag of a block.
    pub(crate) fn open(&mut self, tag: Tag, attrs: Vec<(Attr, String)>, paired: bool, at: usize) {
        if self.is_line() || self.room() < 8 {
            return;
        }
        let at = Span::new(at, at).start;
        match tag.model() {
            Model::Item => self.open_html_item(tag),
            Model::Cell | Model::Row => {
                let Some(table) = self.stack.iter().rposition(|o| o.tag == Tag::Table) else {
                    return;
                };
                let row = self.stack.get(table + 1).is_some_and(|o| o.tag == Tag::Tr);
                self.pop_to(
                    table
                        + 1
                        + usize::from(row && tag.model() == Model::Cell && tag != Tag::Caption),
                );
                if self.top().tag == Tag::Table && matches!(tag, Tag::Td | Tag::Th) {
                    self.push(Tag::Tr, Origin::Html, true, at, Vec::new());
                }
            }
            _ => {
                self.end_paragraph();
                self.ensure_container();
            }
        }
        self.push(tag, Origin::Html, paired, at, attrs);
        self.wants_paragraph = false;
    }

    fn open_html_item(&mut self, tag: Tag) {
        self.end_paragraph();
        let fits = |list: Tag| match tag {
            Tag::Li => matches!(list, Tag::Ul | Tag::Ol),
            _ => list == Tag::Dl,
        };
        for at in (0..self.stack.len()).rev() {
            let open = &self.stack[at];
            match open.tag.model() {
                // What lines made, only lines end.
                Model::List | Model::Item if open.origin == Origin::Wiki => break,
                Model::List if fits(open.tag) => {
                    self.pop_to(at + 1);
                    return;
                }
                Model::Item | Model::List | Model::Paragraph | Model::Inline => {}
                _ => break,
            }
        }
        self.ensure_container();
        let list = if tag == Tag::Li { Tag::Ul } else { Tag::Dl };
        self.push(list, Origin::Html, true, 0, Vec::new());
    }

    /// An end tag of a block; whether it ended something.
    pub(crate) fn close(&mut self, tag: Tag) -> bool {
        let table = matches!(tag.model(), Model::Table | Model::Row | Model::Cell);
        for at in (1..self.stack.len()).rev() {
            let open = self.stack[at].tag;
            let of_lines = self.stack[at].origin == Origin::Wiki
                && matches!(open.model(), Model::List | Model::Item);
            if of_lines {
                continue;
            }
            let same = open == tag
                || matches!((open, tag), (Tag::Heading(_), Tag::Heading(_)))
                || matches!(
                    (open, tag),
                    (Tag::Div, Tag::Center) | (Tag::Center, Tag::Div)
                ) && !self.stack[at].paired;
            if same {
                self.pop_to(at + 1);
                self.top().paired = true;
                self.pop();
                if tag.model() != Model::Cell {
                    self.wants_paragraph = false;
                }
                return true;
            }
            let wall = if table {
                open == Tag::Table
            } else {
                open.model() == Model::Cell
            };
            if wall {
                return false;
            }
        }
        false
    }
}

/// Whether `node` is only blanks, or a line break, with which people make space.
fn is_blank(node: &Node, text: &str) -> bool {
    match node {
        Node::Text(span) => span.of(text).bytes().all(|b| b.is_ascii_whitespace()),
        Node::Void(tag) => *tag == Tag::Br,
        _ => false,
    }
}

/// Takes blanks from the ends; those in front stay in preformatted text.
fn trim(children: &mut Vec<Node>, text: &str, keep_front: bool) {
    while children.last().is_some_and(|node| is_blank(node, text)) {
        children.pop();
    }
    if let Some(Node::Text(span)) = children.last_mut() {
        *span = Span::new(
            span.start as usize,
            span.start as usize + span.of(text).trim_ascii_end().len(),
        );
    }
    if keep_front {
        return;
    }
    let blank = children
        .iter()
        .take_while(|node| is_blank(node, text))
        .count();
    children.drain(..blank);
    if let Some(Node::Text(span)) = children.first_mut() {
        let blank = span.of(text).len() - span.of(text).trim_ascii_start().len();
        *span = Span::new(span.start as usize + blank, span.end as usize);
    }
}

/// Whether `node` stands between paragraphs.
pub(crate) fn is_block(node: &Node) -> bool {
    match node {
        Node::Element(element) => element.tag.model() != Model::Inline,
        Node::Void(tag) => *tag == Tag::Hr,
        Node::File(file) => file.block,
        Node::Template(template) => template.block,
        Node::LeftOut(left) => left.block,
        Node::Gallery(_) | Node::References(_) | Node::Preformatted(_) => true,
        _ => false,
    }
}

/// In an item or cell, one paragraph alone needs no `<p>`; and beside a paragraph, loose text gets
/// one, so that both look the same.
fn tidy_container(children: &mut Vec<Node>, text: &str, unwrap: bool) {
    trim(children, text, false);
    let paragraphs = children
        .iter()
        .filter(|node| matches!(node, Node::Element(element) if element.tag == Tag::P))
        .count();
    if paragraphs == 0 {
        return;
    }
    if unwrap && paragraphs == 1 && children.len() == 1 {
        if let Some(Node::Element(element)) = children.pop() {
            *children = element.children;
        }
        return;
    }
    let mut out = Vec::with_capacity(children.len());
    let mut loose: Vec<Node> = Vec::new();
    let flush = |loose: &mut Vec<Node>, out: &mut Vec<Node>| {
        trim(loose, text, false);
        if !loose.is_empty() {
            let children = std::mem::take(loose);
            let paragraph = Element {
                tag: Tag::P,
                attrs: Vec::new(),
                children,
            };
            out.push(Node::Element(Box::new(paragraph)));
        }
    };
    for node in children.drain(..) {
        if is_block(&node) {
            flush(&mut loose, &mut out);
            out.push(node);
        } else {
            loose.push(node);
        }
    }
    flush(&mut loose, &mut out);
    *children = out;
}
