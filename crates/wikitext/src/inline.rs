//! The inside of a line: bold and italic, external links, behaviour switches, and what marks hold.

use crate::builder::Builder;
use crate::lexer::{Kind, Mark};
use crate::parser::{Level, MAX_LINES, Parser};
use crate::tags::{Attr, Meaning, Model, Tag, attributes, meaning, whitelisted};
use crate::tree::{Node, Span, Url};
use crate::url;

/// A piece of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token {
    Text(usize, usize),
    /// A run of apostrophes; `plain` of them are characters.
    Quotes {
        at: usize,
        plain: usize,
        style: Style,
    },
    /// A mark, by its index.
    Mark(usize),
    /// A link and the letters that follow it at once.
    Link(usize, usize, usize),
    /// `[address` of a link with a text.
    Open(usize, usize),
    /// `]` of such a link.
    Close,
    /// `[address]`.
    Numbered(usize, usize),
    /// An address.
    Bare(usize, usize),
}

/// What a run of apostrophes switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Italic,
    Bold,
    Both,
}

/// Switches that change nothing here. Source: the double-underscore words of MediaWiki's
/// `MagicWordFactory`.
const SWITCHES: &[&str] = &[
    "NOTOC",
    "TOC",
    "FORCETOC",
    "NOEDITSECTION",
    "NEWSECTIONLINK",
    "NONEWSECTIONLINK",
    "NOGALLERY",
    "HIDDENCAT",
    "EXPECTUNUSEDCATEGORY",
    "EXPECTUNUSEDTEMPLATE",
    "NOCONTENTCONVERT",
    "NOCC",
    "NOTITLECONVERT",
    "NOTC",
    "INDEX",
    "NOINDEX",
    "STATICREDIRECT",
    "NOGLOBAL",
    "DISAMBIG",
    "START",
    "END",
];

const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    let bytes = b"'[]:_";
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// Looks for the next `]` of a line; never goes back, so all searches together read it once.
struct Closer<'m> {
    level: Level<'m>,
    at: usize,
    mark: usize,
    /// The last answer: a `]`, or a line end (or the end) before which there is none.
    found: Option<usize>,
    barred: usize,
}

impl Closer<'_> {
    fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if from < self.barred {
            return self.found.filter(|&at| at >= from);
        }
        self.at = self.at.max(from);
        loop {
            while self.mark < self.level.hi {
                let mark = self.level.marks[self.mark];
                let flat = matches!(mark.kind, Kind::Pipe | Kind::Open(_));
                if !flat && mark.start as usize > self.at {
                    break;
                }
                if !flat {
                    self.at = self.at.max(mark.end as usize);
                }
                self.mark = mark.next as usize;
            }
            let to = match self.level.marks.get(self.mark) {
                Some(mark) if self.mark < self.level.hi => {
                    (mark.start as usize).min(self.level.end)
                }
                _ => self.level.end,
            };
            let seen = bytes[self.at.min(to)..to]
                .iter()
                .position(|b| matches!(b, b']' | b'\n'));
            match seen {
                Some(length) => {
                    let here = self.at + length;
                    self.at = here + 1;
                    self.barred = here + 1;
                    self.found = (bytes[here] == b']').then_some(here);
                    return self.found;
                }
                None if self.mark >= self.level.hi || to >= self.level.end => {
                    self.at = self.level.end;
                    self.barred = usize::MAX;
                    self.found = None;
                    return None;
                }
                None => self.at = to,
            }
        }
    }
}

impl Parser<'_> {
    /// Reads a line. `term` says that its first `:` begins a definition.
    pub(crate) fn inline(&mut self, builder: &mut Builder<'_>, level: Level<'_>, term: bool) {
        if self.lines >= MAX_LINES {
            self.problem("too_deep", level.start, self.glimpse(level.start));
            builder.text(level.start, level.end);
            return;
        }
        self.lines += 1;
        let mut tokens = self.pool.pop().unwrap_or_default();
        self.tokens(level, &mut tokens);
        settle_quotes(self.bytes, &mut tokens, level.start);
        let colon = if term {
            self.colon(level, &tokens)
        } else {
            None
        };
        self.emit(builder, level, &tokens, colon);
        tokens.clear();
        self.pool.push(tokens);
        self.lines -= 1;
    }

    fn tokens(&mut self, level: Level<'_>, tokens: &mut Vec<Token>) {
        let bytes = self.bytes;
        let mut at = level.start;
        let mut text = at;
        let mut mark = level.lo;
        let mut closer = Closer {
            level,
            at,
            mark,
            found: None,
            barred: 0,
        };
        let mut close: Option<usize> = None;
        let flush = |tokens: &mut Vec<Token>, from: usize, to: usize| {
            if from < to {
                tokens.push(Token::Text(from, to));
            }
        };
        loop {
            while mark < level.hi && matches!(level.marks[mark].kind, Kind::Pipe | Kind::Open(_)) {
                mark = level.marks[mark].next as usize;
            }
            let here = (mark < level.hi).then(|| level.marks[mark]);
            let limit = here.map_or(level.end, |m| (m.start as usize).min(level.end));
            while at < limit {
                let Some(ahead) = bytes[at..limit]
                    .iter()
                    .position(|&b| SPECIAL[usize::from(b)])
                else {
                    break;
                };
                at += ahead;
                match bytes[at] {
                    b'\'' => {
                        let run = bytes[at..limit].iter().take_while(|&&b| b == b'\'').count();
                        if run >= 2 {
                            flush(tokens, text, at);
                            let (plain, style) = match run {
                                2 => (0, Style::Italic),
                                3 => (0, Style::Bold),
                                4 => (1, Style::Bold),
                                _ => (run - 5, Style::Both),
                            };
                            tokens.push(Token::Quotes { at, plain, style });
                            text = at + run;
                        }
                        at += run;
                    }
                    b'[' if close.is_none() && !self.in_link => {
                        let Some(scheme) = url::bracketed_scheme(&self.text[at + 1..limit]) else {
                            at += 1;
                            continue;
                        };
                        let from = at + 1;
                        let to = from + url::length(&self.text[from..limit]);
                        let end = if to > from + scheme {
                            closer.next(bytes, to)
                        } else {
                            None
                        };
                        let Some(end) = end else {
                            at += 1;
                            continue;
                        };
                        flush(tokens, text, at);
                        let words = to
                            + bytes[to..end]
                                .iter()
                                .take_while(|b| matches!(b, b' ' | b'\t'))
                                .count();
                        if words == end {
                            tokens.push(Token::Numbered(from, to));
                            at = end + 1;
                        } else {
                            tokens.push(Token::Open(from, to));
                            close = Some(end);
                            at = words.min(limit);
                        }
                        text = at;
                    }
                    b']' if close == Some(at) => {
                        flush(tokens, text, at);
                        tokens.push(Token::Close);
                        close = None;
                        at += 1;
                        text = at;
                    }
                    b':' if close.is_none() && !self.in_link => {
                        let letters = bytes[text..at]
                            .iter()
                            .rev()
                            .take(7)
                            .take_while(|b| b.is_ascii_alphabetic())
                            .count();
                        let from = at - letters;
                        let word = from > level.start && bytes[from - 1].is_ascii_alphanumeric();
                        let scheme = if word || letters < 3 {
                            None
                        } else {
                            url::bare_scheme(&self.text[from..limit])
                        };
                        let Some(scheme) = scheme else {
                            at += 1;
                            continue;
                        };
                        let length = url::length(&self.text[from..limit]);
                        let length = url::without_punctuation(&self.text[from..from + length]);
                        if length <= scheme {
                            at += 1;
                            continue;
                        }
                        flush(tokens, text, from);
                        tokens.push(Token::Bare(from, from + length));
                        at = from + length;
                        text = at;
                    }
                    b'_' => match self.switch(at, limit) {
                        Some(length) => {
                            flush(tokens, text, at);
                            at += length;
                            text = at;
                        }
                        None => at += bytes[at..limit].iter().take_while(|&&b| b == b'_').count(),
                    },
                    _ => at += 1,
                }
            }
            flush(tokens, text, limit.max(text));
            let Some(here) = here else { break };
            at = here.end as usize;
            if here.kind == Kind::Link {
                let rest = &self.text[at.min(level.end)..level.end];
                let letters = rest
                    .chars()
                    .take_while(|c| c.is_lowercase())
                    .map(char::len_utf8)
                    .sum::<usize>();
                tokens.push(Token::Link(mark, at, at + letters));
                at += letters;
            } else {
                tokens.push(Token::Mark(mark));
            }
            text = at;
            mark = here.next as usize;
        }
        if close.is_some() {
            tokens.push(Token::Close);
        }
    }

    /// Reads `__WORD__`; returns its length if it is a switch.
    fn switch(&mut self, at: usize, limit: usize) -> Option<usize> {
        let rest = &self.bytes[at..limit];
        if !rest.starts_with(b"__") {
            return None;
        }
        let letters = rest[2..]
            .iter()
            .take(24)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if !rest[2 + letters..].starts_with(b"__") {
            return None;
        }
        let word = &self.text[at + 2..at + 2 + letters];
        let known = SWITCHES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(word))?;
        match *known {
            "NOTOC" if self.found.toc.is_none() => self.found.toc = Some(false),
            "TOC" | "FORCETOC" => self.found.toc = Some(true),
            _ => {}
        }
        Some(letters + 4)
    }

    /// Finds the `:` that ends a term: the first outside of elements and links.
    fn colon(&self, level: Level<'_>, tokens: &[Token]) -> Option<usize> {
        let mut depth = 0i32;
        for token in tokens {
            match *token {
                Token::Text(from, to) if depth <= 0 => {
                    if let Some(at) = self.bytes[from..to].iter().position(|&b| b == b':') {
                        return Some(from + at);
                    }
                }
                Token::Open(..) => depth += 1,
                Token::Close => depth -= 1,
                Token::Mark(mark) => match level.marks[mark].kind {
                    Kind::Start {
                        paired: true,
                        empty: false,
                        ..
                    } => depth += 1,
                    Kind::End { paired: true, .. } => depth -= 1,
                    _ => {}
                },
                _ => {}
            }
        }
        None
    }

    fn emit(
        &mut self,
        b: &mut Builder<'_>,
        level: Level<'_>,
        tokens: &[Token],
        colon: Option<usize>,
    ) {
        let (mut bold, mut italic) = (None, None);
        let mut link = false;
        for (index, token) in tokens.iter().enumerate() {
            match *token {
                Token::Text(from, to) => match colon {
                    Some(colon) if (from..to).contains(&colon) => {
                        b.text(from, colon);
                        b.definition();
                        let blank = self.bytes[colon + 1..to]
                            .iter()
                            .take_while(|&&c| c == b' ')
                            .count();
                        b.text(colon + 1 + blank, to);
                    }
                    _ => b.text(from, to),
                },
                Token::Quotes { at, plain, style } => {
                    b.text(at, at + plain);
                    let mut switch = |b: &mut Builder<'_>, tag: Tag| {
                        let state = if tag == Tag::B {
                            &mut bold
                        } else {
                            &mut italic
                        };
                        if state.take().is_some() {
                            b.unformat(tag);
                        } else {
                            *state = Some(at);
                            b.format(tag, Vec::new(), true);
                        }
                    };
                    match style {
                        Style::Italic => switch(b, Tag::I),
                        Style::Bold => switch(b, Tag::B),
                        Style::Both => {
                            // What ends first goes inside.
                            let next = tokens[index + 1..].iter().find_map(|t| match t {
                                Token::Quotes { style, .. } => Some(*style),
                                _ => None,
                            });
                            let order = if next == Some(Style::Bold) {
                                [Tag::I, Tag::B]
                            } else {
                                [Tag::B, Tag::I]
                            };
                            switch(b, order[0]);
                            switch(b, order[1]);
                        }
                    }
                }
                Token::Open(from, to) => {
                    if let Some(href) = self.external(from, to) {
                        b.format(Tag::A, vec![(Attr::Href, href)], true);
                        self.in_link = true;
                        link = true;
                    }
                }
                Token::Close => {
                    if link {
                        b.unformat(Tag::A);
                        self.in_link = false;
                        link = false;
                        self.after_link(b);
                    }
                }
                Token::Numbered(from, to) => {
                    if let Some(href) = self.external(from, to) {
                        b.inline(Node::Url(Box::new(Url { href, text: None })));
                    }
                }
                Token::Bare(from, to) => match self.external(from, to) {
                    Some(href) => {
                        let text = Some(Span::new(from, to));
                        b.inline(Node::Url(Box::new(Url { href, text })));
                    }
                    None => b.text(from, to),
                },
                Token::Link(mark, from, to) => {
                    if !self.link(b, level.marks, mark, (from, to)) {
                        b.text(from, to);
                    }
                }
                Token::Mark(mark) => self.mark(b, level.marks, mark),
            }
        }
        for (tag, state, code) in [
            (Tag::I, italic, "unclosed_italic"),
            (Tag::B, bold, "unclosed_bold"),
        ] {
            if let Some(at) = state {
                b.unformat(tag);
                self.problem(code, at, self.glimpse(at));
            }
        }
    }

    fn external(&mut self, from: usize, to: usize) -> Option<String> {
        let href = url::safe(&self.text[from..to])?;
        self.found.external.push(href.clone());
        Some(href)
    }

    /// Notes that stood inside a link come behind it.
    pub(crate) fn after_link(&mut self, b: &mut Builder<'_>) {
        if !self.in_link {
            for node in std::mem::take(&mut self.postponed) {
                b.inline(node);
            }
        }
    }

    fn mark(&mut self, b: &mut Builder<'_>, marks: &[Mark], index: usize) {
        let mark = marks[index];
        let (start, end) = (mark.start as usize, mark.end as usize);
        match mark.kind {
            Kind::Comment | Kind::Dropped | Kind::Pipe | Kind::Open(_) | Kind::Link => {}
            Kind::Start { tag, paired, empty } => self.start_tag(b, mark, tag, paired, empty),
            Kind::End { tag, paired } => {
                let ended = match tag.model() {
                    Model::Inline => b.unformat(tag),
                    _ => b.close(tag),
                };
                if !ended && !paired && !tag.ends_by_itself() {
                    self.problem("unopened_tag", start, self.glimpse(start));
                }
            }
            Kind::Template => self.template(b, marks, index, false),
            Kind::Param => self.param(b, marks, index),
            Kind::Ext {
                ext,
                inner,
                inner_end,
            } => {
                self.extension(b, mark, ext, inner as usize, inner_end as usize);
            }
            Kind::Image => self.outside_image(b, start, end),
            Kind::Anchor { end: false } => {
                let href = attributes(&self.text[start + 2..end - 1])
                    .find(|(name, _)| name.eq_ignore_ascii_case("href"))
                    .and_then(|(_, value)| url::safe(value));
                if let Some(href) = href
                    && !self.in_link
                {
                    self.found.external.push(href.clone());
                    b.format(Tag::A, vec![(Attr::Href, href)], false);
                }
            }
            Kind::Anchor { end: true } => {
                b.unformat(Tag::A);
            }
        }
    }

    fn start_tag(&mut self, b: &mut Builder<'_>, mark: Mark, tag: Tag, paired: bool, empty: bool) {
        let (start, end) = (mark.start as usize, mark.end as usize);
        match tag {
            Tag::Br | Tag::Wbr => return b.inline(Node::Void(tag)),
            Tag::Hr => {
                if !b.is_line() {
                    b.block(Node::Void(tag));
                    b.wants_paragraph = true;
                }
                return;
            }
            _ => {}
        }
        let text = &self.text[start + 1..end - 1];
        let name = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
        debug_assert!(matches!(
            meaning(&text.as_bytes()[..name]),
            Some(Meaning::Html(_))
        ));
        let mut attrs = whitelisted(tag, &text[name..]);
        if tag.model() != Model::Inline {
            if !empty {
                b.open(tag, attrs, paired, start);
            }
            return;
        }
        let id = attrs.iter().position(|(attr, _)| *attr == Attr::Id);
        if let Some((_, id)) = id.map(|at| attrs.swap_remove(at)) {
            b.inline(Node::Anchor(id.into()));
        }
        if empty {
            return;
        }
        if !paired {
            self.problem("unclosed_tag", start, self.glimpse(start));
        }
        b.format(tag, attrs, paired);
    }

    /// A picture of another site is never fetched; the reader gets a link.
    fn outside_image(&mut self, b: &mut Builder<'_>, start: usize, end: usize) {
        let text = &self.text[start + 4..end - 1];
        let source = attributes(text).find(|(name, _)| name.eq_ignore_ascii_case("src"));
        let href = source.and_then(|(_, value)| url::safe(value));
        self.problem(
            "outside_image",
            start,
            source.map_or("", |(_, value)| value),
        );
        if let Some(href) = href
            && !self.in_link
        {
            self.found.external.push(href.clone());
            b.inline(Node::Url(Box::new(Url { href, text: None })));
        }
    }
}

/// Decides which apostrophes of a line are bold, italic, or characters.
///
/// Where a line has an odd number of both, one bold is an apostrophe and an italic: the first after
/// a word of one letter (`l'''amour''`), else after a longer word, else after a blank.
/// Source: `Parser::doQuotes` of MediaWiki.
fn settle_quotes(bytes: &[u8], tokens: &mut [Token], start: usize) {
    let (mut bolds, mut italics) = (0u32, 0u32);
    for token in tokens.iter() {
        if let Token::Quotes { style, .. } = token {
            bolds += u32::from(*style != Style::Italic);
            italics += u32::from(*style != Style::Bold);
        }
    }
    if bolds % 2 == 0 || italics % 2 == 0 {
        return;
    }
    let (mut letter, mut word, mut blank) = (None, None, None);
    for (index, token) in tokens.iter().enumerate() {
        let Token::Quotes {
            at,
            plain,
            style: Style::Bold,
        } = *token
        else {
            continue;
        };
        let before = |back: usize| (at + plain >= start + back).then(|| bytes[at + plain - back]);
        if before(1) == Some(b' ') {
            blank = blank.or(Some(index));
        } else if before(2) == Some(b' ') {
            letter = letter.or(Some(index));
        } else {
            word = word.or(Some(index));
        }
    }
    if let Some(index) = letter.or(word).or(blank)
        && let Token::Quotes { plain, style, .. } = &mut tokens[index]
    {
        *plain += 1;
        *style = Style::Italic;
    }
}
