//! The second pass: lines become blocks.
//!
//! Reads a level of [`Mark`]s line by line, tells the [`Builder`] what it sees, and goes down into
//! what marks enclose. Each level is read once, and levels are at most [`MAX_DEPTH`] deep, so the
//! whole takes time in proportion to the text.

use crate::builder::{Builder, Origin};
use crate::lexer::{Bracket, Kind, Lexed, Mark, lex};
use crate::site::CATEGORY;
use crate::tags::{Ext, Model, Tag, whitelisted};
use crate::title::{LinkTarget, Title};
use crate::tree::{Node, Span};
use crate::{Problem, Site};

/// How deep the tree may be. Deeper brackets are shown as text; deeper elements and lists stay at
/// the last level. People nest perhaps ten levels.
pub(crate) const MAX_DEPTH: usize = 64;

/// How many lines may be read inside each other (the text of a link in an argument in a caption …).
pub(crate) const MAX_LINES: usize = 24;

/// Problems that are told of one page; a page with more is not repaired by reading all of them.
const MAX_PROBLEMS: usize = 500;

/// A line of leading space longer than this, without further runs of blanks, is prose: MediaWiki
/// shows it in one endless line of typewriter letters, which nobody meant. Code seldom has lines of
/// more than a hundred characters.
const LONGEST_PRE_LINE: usize = 100;

/// How many lines of a block are looked at beforehand, so that a long one costs no more than its length.
const MOST_LINES_AHEAD: usize = 12;

/// A stretch of text with its marks.
#[derive(Clone, Copy)]
pub(crate) struct Level<'m> {
    /// All marks of the text that was lexed.
    pub marks: &'m [Mark],
    /// The first mark of this stretch, and the first after it.
    pub lo: usize,
    pub hi: usize,
    pub start: usize,
    pub end: usize,
}

impl<'m> Level<'m> {
    pub(crate) fn of(lexed: &'m Lexed, start: usize, end: usize) -> Self {
        Self {
            marks: &lexed.marks,
            lo: 0,
            hi: lexed.marks.len(),
            start,
            end,
        }
    }

    /// Returns the marks of this level, without those inside others, with their indices.
    pub(crate) fn top(self) -> impl Iterator<Item = (usize, Mark)> {
        let mut at = self.lo;
        std::iter::from_fn(move || {
            if at >= self.hi {
                return None;
            }
            let (here, mark) = (at, self.marks[at]);
            at = mark.next as usize;
            Some((here, mark))
        })
    }

    /// Returns the part of this level from `start` to `end`.
    pub(crate) fn part(self, start: usize, end: usize) -> Self {
        let lo =
            self.lo + self.marks[self.lo..self.hi].partition_point(|m| (m.start as usize) < start);
        let hi =
            self.lo + self.marks[self.lo..self.hi].partition_point(|m| (m.start as usize) < end);
        Self {
            lo,
            hi,
            start,
            end: end.max(start),
            ..self
        }
    }
}

/// What a page was found to hold, besides its tree.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub links: Vec<LinkTarget>,
    pub categories: Vec<(Title, String)>,
    pub templates: Vec<FoundTemplate>,
    pub files: Vec<String>,
    pub external: Vec<String>,
    pub interwiki: Vec<LinkTarget>,
    pub languages: Vec<LinkTarget>,
    pub default_sort: Option<String>,
    pub toc: Option<bool>,
}

/// A template with its arguments, as places in the text.
#[derive(Debug)]
pub(crate) struct FoundTemplate {
    pub name: String,
    pub at: u32,
    pub params: Vec<(Span, Span)>,
}

/// The state of reading one page.
pub(crate) struct Parser<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub site: &'a Site,
    pub page: Option<&'a Title>,
    pub found: Found,
    pub problems: Vec<Problem>,
    /// How many more there were than are listed.
    pub more_problems: usize,
    /// Inside a link, where no other link can be.
    pub in_link: bool,
    /// Notes that stand inside a link and go behind it.
    pub postponed: Vec<Node>,
    /// How many lines are being read inside each other.
    pub lines: usize,
    /// Buffers to use again.
    pub pool: Vec<Vec<crate::inline::Token>>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, site: &'a Site, page: Option<&'a Title>) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            site,
            page,
            found: Found::default(),
            problems: Vec::new(),
            more_problems: 0,
            in_link: false,
            postponed: Vec::new(),
            lines: 0,
            pool: Vec::new(),
        }
    }

    pub(crate) fn problem(&mut self, code: &'static str, at: usize, what: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem {
                code,
                at,
                line: 0,
                what: what.into(),
            });
        } else {
            self.more_problems += 1;
        }
    }

    /// Returns the first characters at `at`, for a message.
    pub(crate) fn glimpse(&self, at: usize) -> String {
        let rest = self.text.get(at..).unwrap_or("");
        rest.chars().take(40).take_while(|&c| c != '\n').collect()
    }

    /// Lexes `text[start..end]` and tells what is broken in it.
    pub(crate) fn lex(&mut self, start: usize, end: usize) -> Lexed {
        let lexed = lex(self.text, start, end);
        if let Some(at) = lexed.open_comment {
            self.problem(
                "unclosed_comment",
                at as usize,
                "a comment is not closed and hides the rest",
            );
        }
        for &at in &lexed.open_ext {
            let what = self.glimpse(at as usize);
            self.problem("unclosed_tag", at as usize, what);
        }
        for &(at, end) in &lexed.unknown {
            let what = self
                .text
                .get(at as usize + 1..end as usize)
                .unwrap_or("")
                .to_owned();
            self.problem("unknown_tag", at as usize, what);
        }
        for &(at, bracket) in &lexed.stray {
            let code = match bracket {
                Bracket::Brace => "unopened_template",
                Bracket::Square => "unopened_link",
            };
            self.problem(code, at as usize, self.glimpse(at as usize));
        }
        for mark in &lexed.marks {
            if let Kind::Open(bracket) = mark.kind {
                let code = match bracket {
                    Bracket::Brace => "unclosed_template",
                    Bracket::Square => "unclosed_link",
                };
                self.problem(code, mark.start as usize, self.glimpse(mark.start as usize));
            }
        }
        lexed
    }

    /// Reads a level as paragraphs, lists, tables and so on.
    pub(crate) fn blocks(&mut self, level: Level<'_>, room: usize) -> Vec<Node> {
        let mut builder = Builder::blocks(self.text, room);
        let mut lines = Lines {
            level,
            at: level.start,
            mark: level.lo,
            done: false,
        };
        while let Some(line) = lines.next(self.bytes) {
            self.line(&mut builder, line);
        }
        self.finish(builder)
    }

    /// Reads a level as the content of one line; line ends in it are blanks.
    pub(crate) fn run(&mut self, level: Level<'_>, room: usize) -> Vec<Node> {
        let mut builder = Builder::line(self.text, room);
        self.inline(&mut builder, level, false);
        self.finish(builder)
    }

    /// Reads a level as blocks if it has several lines or begins one, else as a line.
    pub(crate) fn either(&mut self, level: Level<'_>, room: usize) -> Vec<Node> {
        let text = &self.bytes[level.start..level.end];
        let starts = matches!(
            text,
            [b'*' | b'#' | b':' | b';' | b'=', ..] | [b'{', b'|', ..]
        );
        if starts || text.contains(&b'\n') {
            let mut nodes = self.blocks(level, room);
            unwrap_paragraph(&mut nodes);
            nodes
        } else {
            self.run(level, room)
        }
    }

    fn finish(&mut self, builder: Builder<'_>) -> Vec<Node> {
        let (nodes, unclosed) = builder.finish();
        for open in unclosed {
            let code = match open.origin {
                Origin::Wiki => "unclosed_table",
                Origin::Html => "unclosed_tag",
            };
            self.problem(code, open.at as usize, self.glimpse(open.at as usize));
        }
        nodes
    }

    fn line(&mut self, builder: &mut Builder<'_>, line: Level<'_>) {
        let mut line = line;
        let newline = line.start.wrapping_sub(1);
        let mut comments = 0;
        // Comments and tags without a trace do not hide what begins the line.
        while line.lo < line.hi {
            let mark = line.marks[line.lo];
            let traceless =
                matches!(mark.kind, Kind::Comment | Kind::Dropped) && mark.end > mark.start;
            if mark.start as usize != line.start || !traceless {
                break;
            }
            comments += usize::from(mark.kind == Kind::Comment);
            line.start = mark.end as usize;
            line.lo = mark.next as usize;
        }
        let rest = &self.bytes[line.start..line.end];
        let indent = rest
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'))
            .count();
        let content = &rest[indent..];
        if content.is_empty() || self.only_comments(line) {
            // A line of nothing but comments is not even empty.
            if comments == 0 && content.is_empty() {
                builder.blank_line();
            }
            return;
        }
        if builder.in_table() && self.table_line(builder, line, indent) {
            return;
        }
        let marks = content.iter().take_while(|&&b| b == b':').count();
        let after = &content[marks..];
        let gap = after
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        if after[gap..].starts_with(b"{|") {
            builder.end_lists();
            if marks > 0 && indent == 0 {
                builder.list_item(&content[..marks.min(8)]);
            }
            if builder.table(line.start) {
                return;
            }
        }
        match content[0] {
            b'=' if indent == 0 && self.heading(builder, line) => {}
            b'-' if indent == 0 && rest.starts_with(b"----") => {
                let dashes = rest.iter().take_while(|&&b| b == b'-').count();
                builder.blank_line();
                builder.block(Node::Void(Tag::Hr));
                builder.wants_paragraph = true;
                self.inline(builder, line.part(line.start + dashes, line.end), false);
            }
            b'*' | b'#' | b':' | b';' if indent == 0 => {
                let marks = rest
                    .iter()
                    .take_while(|b| matches!(b, b'*' | b'#' | b':' | b';'))
                    .count();
                builder.list_item(&rest[..marks.min(MAX_DEPTH / 3)]);
                let term = rest[marks - 1] == b';';
                self.inline(builder, line.part(line.start + marks, line.end), term);
                builder.end_item();
            }
            _ if rest[0] == b' ' && self.is_preformatted(builder, line) => {
                builder.pre_line(newline);
                self.inline(builder, line.part(line.start + 1, line.end), false);
            }
            _ => {
                builder.text_line(newline);
                let line = line.part(line.start + indent, line.end);
                if !self.lone_templates(builder, line) && !self.broken_category(line) {
                    self.inline(builder, line, false);
                }
            }
        }
    }

    /// Whether `line` has a comment and, besides, only blanks.
    fn only_comments(&self, line: Level<'_>) -> bool {
        let mut at = line.start;
        let mut any = false;
        let blank =
            |from: usize, to: usize| self.bytes[from..to].iter().all(u8::is_ascii_whitespace);
        for (_, mark) in line.top() {
            if mark.kind != Kind::Comment || !blank(at, mark.start as usize) {
                return false;
            }
            any = true;
            at = mark.end as usize;
        }
        any && blank(at, line.end)
    }

    /// Whether a line with leading space is shown as it is typed.
    fn is_preformatted(&self, builder: &Builder<'_>, line: Level<'_>) -> bool {
        let block = |mark: Mark| match mark.kind {
            Kind::Start { tag, .. } | Kind::End { tag, .. } => {
                !matches!(tag.model(), Model::Inline) && tag != Tag::Br
            }
            Kind::Ext { ext, .. } => !matches!(ext, Ext::Nowiki | Ext::Math | Ext::Ref),
            Kind::Template => true,
            _ => false,
        };
        if builder.in_quotation() || line.top().any(|(_, mark)| block(mark)) {
            return false;
        }
        // What began as it is typed goes on so; a block is prose only if each of its lines is.
        let typed = |text: &[u8]| {
            let text = text.trim_ascii();
            text.len() <= LONGEST_PRE_LINE || text.windows(3).any(|w| w == b"   ")
        };
        let mut following = self.bytes[line.end..]
            .split(|&b| b == b'\n')
            .skip(1)
            .take(MOST_LINES_AHEAD)
            .take_while(|text| text.first() == Some(&b' ') && !text.trim_ascii().is_empty());
        builder.in_typed_lines() || typed(&self.bytes[line.start..line.end]) || following.any(typed)
    }

    /// `== text ==`; whether it is one.
    fn heading(&mut self, builder: &mut Builder<'_>, line: Level<'_>) -> bool {
        let mut end = line.end;
        let mut marks: Vec<Mark> = Vec::new();
        if self.bytes[line.start..line.end].last() != Some(&b'=') {
            marks.extend(line.top().map(|(_, mark)| mark));
        }
        // Comments and blanks may follow.
        loop {
            end = line.start + self.bytes[line.start..end].trim_ascii_end().len();
            match marks.pop() {
                Some(mark)
                    if mark.end as usize == end
                        && matches!(mark.kind, Kind::Comment | Kind::Dropped) =>
                {
                    end = mark.start as usize;
                }
                Some(mark) if mark.start as usize >= end => {}
                _ => break,
            }
        }
        let text = &self.bytes[line.start..end];
        let before = text.iter().take_while(|&&b| b == b'=').count();
        let after = text.iter().rev().take_while(|&&b| b == b'=').count();
        let level = if before == text.len() {
            (before.saturating_sub(1) / 2).min(6)
        } else {
            before.min(after).min(6)
        };
        if level == 0 {
            return false;
        }
        let inner = line.part(line.start + level, end - level);
        if self.bytes[inner.start..inner.end].trim_ascii().is_empty() {
            return true;
        }
        builder.heading(u8::try_from(level).unwrap_or(6));
        builder.wants_paragraph = false;
        self.inline(builder, inner, false);
        builder.end_paragraph();
        true
    }

    /// A line inside `{| |}`; whether it is one of the table's own.
    fn table_line(&mut self, builder: &mut Builder<'_>, line: Level<'_>, indent: usize) -> bool {
        let start = line.start + indent;
        // Only the line's own characters count, not the first of a template.
        if line.lo < line.hi
            && line.marks[line.lo].start as usize == start
            && line.marks[line.lo].kind != Kind::Pipe
        {
            return false;
        }
        let rest = &self.bytes[start..line.end];
        match rest {
            [b'|', b'}', ..] => {
                builder.end_table();
                let after = line.part(start + 2, line.end);
                self.inline(builder, after, false);
            }
            [b'|', b'-', ..] => builder.row(),
            [b'|', b'+', ..] => {
                builder.caption();
                let caption = self
                    .cells(line.part(start + 2, line.end), false)
                    .into_iter()
                    .next();
                if let Some(cell) = caption {
                    self.inline(builder, line.part(cell.start, line.end), false);
                }
            }
            [sign @ (b'|' | b'!'), ..] => {
                let head = *sign == b'!';
                let tag = if head { Tag::Th } else { Tag::Td };
                for cell in self.cells(line.part(start + 1, line.end), head) {
                    builder.cell(tag, whitelisted(tag, cell.attrs.of(self.text)));
                    self.inline(builder, line.part(cell.start, cell.end), false);
                }
            }
            _ => return false,
        }
        true
    }

    /// Splits a line of a table into cells: at `||`, in heads also at `!!`.
    fn cells(&self, line: Level<'_>, head: bool) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut cell = Cell {
            attrs: Span::new(0, 0),
            start: line.start,
            end: line.end,
        };
        let mut may_have_attrs = true;
        let mut at = line.start;
        let mut marks = line
            .top()
            .map(|(_, mark)| mark)
            .filter(|m| !matches!(m.kind, Kind::Pipe | Kind::Open(_)));
        let mut mark = marks.next();
        while at < line.end {
            if let Some(here) = mark
                && here.start as usize <= at
            {
                may_have_attrs &= here.kind != Kind::Link;
                at = at.max(here.end as usize);
                mark = marks.next();
                continue;
            }
            let pair = (self.bytes[at], self.bytes[..line.end].get(at + 1).copied());
            match pair {
                (b'|', Some(b'|')) => {
                    cell.end = at;
                    at += 2;
                    cells.push(cell);
                    cell = Cell {
                        attrs: Span::new(0, 0),
                        start: at,
                        end: line.end,
                    };
                    may_have_attrs = true;
                }
                (b'!', Some(b'!')) if head => {
                    cell.end = at;
                    at += 2;
                    cells.push(cell);
                    cell = Cell {
                        attrs: Span::new(0, 0),
                        start: at,
                        end: line.end,
                    };
                    may_have_attrs = true;
                }
                (b'|', _) => {
                    if may_have_attrs {
                        cell.attrs = Span::new(cell.start, at);
                        cell.start = at + 1;
                        may_have_attrs = false;
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
        cells.push(cell);
        cells
    }

    /// `[[Category:X]` or `[[Category:X` alone on its line: one bracket was forgotten, and nothing
    /// else can be meant. MediaWiki shows it as text. Whether the line is one.
    fn broken_category(&mut self, line: Level<'_>) -> bool {
        let text = self.text[line.start..line.end].trim_end();
        let Some(inner) = text.strip_prefix("[[") else {
            return false;
        };
        let inner = inner.strip_suffix(']').unwrap_or(inner);
        let Some((prefix, _)) = inner.split_once(':') else {
            return false;
        };
        let open = matches!(
            line.top().next(),
            Some((
                _,
                Mark {
                    kind: Kind::Open(_),
                    ..
                }
            ))
        );
        if !open || self.site.namespace(prefix.trim()) != Some(CATEGORY) {
            return false;
        }
        let (name, sort) = inner.split_once('|').unwrap_or((inner, ""));
        let Ok(title) = self.site.title(name, CATEGORY) else {
            return false;
        };
        self.found.categories.push((title, sort.trim().to_owned()));
        true
    }

    /// A line of nothing but templates stands between paragraphs; whether it is one.
    fn lone_templates(&mut self, builder: &mut Builder<'_>, line: Level<'_>) -> bool {
        let mut at = line.start;
        let mut any = false;
        let blank =
            |from: usize, to: usize| self.bytes[from..to].iter().all(u8::is_ascii_whitespace);
        for (_, mark) in line.top() {
            let quiet = matches!(mark.kind, Kind::Comment | Kind::Dropped);
            if !(mark.kind == Kind::Template || quiet)
                || !blank(at.min(mark.start as usize), mark.start as usize)
            {
                return false;
            }
            any |= !quiet;
            at = mark.end as usize;
        }
        if !any || !blank(at, line.end) {
            return false;
        }
        for (index, mark) in line.top() {
            if mark.kind == Kind::Template {
                self.template(builder, line.marks, index, true);
            }
        }
        true
    }
}

/// A cell of a table's line.
struct Cell {
    attrs: Span,
    start: usize,
    end: usize,
}

/// Cuts a level into lines; a line end inside a bracket or comment is none.
struct Lines<'m> {
    level: Level<'m>,
    at: usize,
    mark: usize,
    done: bool,
}

impl<'m> Lines<'m> {
    fn next(&mut self, bytes: &[u8]) -> Option<Level<'m>> {
        if self.done {
            return None;
        }
        let (start, lo) = (self.at, self.mark);
        let mut from = start;
        loop {
            let mark = (self.mark < self.level.hi).then(|| self.level.marks[self.mark]);
            let to = mark
                .map_or(self.level.end, |m| (m.start as usize).min(self.level.end))
                .max(from);
            if let Some(length) = bytes[from..to].iter().position(|&b| b == b'\n') {
                let end = from + length;
                self.at = end + 1;
                return Some(Level {
                    lo,
                    hi: self.mark,
                    start,
                    end,
                    ..self.level
                });
            }
            let Some(mark) = mark else {
                self.done = true;
                return Some(Level {
                    lo,
                    hi: self.mark,
                    start,
                    end: self.level.end.max(start),
                    ..self.level
                });
            };
            from = from.max(mark.end as usize);
            self.mark = mark.next as usize;
        }
    }
}

/// Takes the text out of a paragraph that is alone.
pub(crate) fn unwrap_paragraph(nodes: &mut Vec<Node>) {
    if let [Node::Element(element)] = nodes.as_mut_slice()
        && element.tag == Tag::P
    {
        *nodes = std::mem::take(&mut element.children);
    }
}
