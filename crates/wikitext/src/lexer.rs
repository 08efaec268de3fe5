//! The first pass: which brackets, tags and comments belong together.
//!
//! One scan over the text pairs `{{ }}`, `{{{ }}}` and `[[ ]]` with a stack, cuts out what wikitext
//! does not apply to (comments, `<nowiki>`, `<ref>` …) and notes tags and pipes. The result is a
//! flat list of [`Mark`]s in the order of the text; a mark that spans others says where they end
//! ([`Mark::next`]), so that whoever reads one level steps over the levels below it. Every byte is
//! looked at a bounded number of times, whatever the text:
//! - a search for an end tag that fails is not repeated for that name;
//! - a tag ends at the next `<` at the latest;
//! - at most [`MAX_OPEN`] brackets are open; older ones count as never closed.

use crate::tags::{Ext, Meaning, Tag, meaning};
use std::collections::VecDeque;

/// Brackets that can be open at a time. Deeper nesting is not read anyway (see `parser::MAX_DEPTH`),
/// and without a bound a page of opening brackets would fill the memory.
const MAX_OPEN: usize = 1_000;

/// Braces of one run that can open something; the ones before are text.
const MAX_RUN: usize = 16;

/// Something in the text that is not only characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The index of the first mark after it; marks between lie inside it.
    pub next: u32,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Mark`] is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `{{…}}`.
    Template,
    /// `{{{…}}}`.
    Param,
    /// `[[…]]`.
    Link,
    /// `|`, while some bracket is open.
    Pipe,
    /// A tag of an element that may be used. `paired` says that its other half is there.
    Start { tag: Tag, paired: bool, empty: bool },
    /// An end tag.
    End { tag: Tag, paired: bool },
    /// An element that is read on its own; its content is `inner..inner_end`.
    Ext {
        ext: Ext,
        inner: u32,
        inner_end: u32,
    },
    /// `<img …>`.
    Image,
    /// `<a …>` and `</a>`.
    Anchor { end: bool },
    /// A comment.
    Comment,
    /// A tag that leaves no trace (`<noinclude>`).
    Dropped,
    /// An opening bracket that nothing closes: text.
    Open(Bracket),
}

/// The two kinds of brackets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bracket {
    /// `{{` or `{{{`.
    Brace,
    /// `[[`.
    Square,
}

/// A part of the text that has been through [`lex`].
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// All marks, by where they start.
    pub marks: Vec<Mark>,
    /// Closing brackets that close nothing, with what they are.
    pub stray: Vec<(u32, Bracket)>,
    /// Starts of comments that nothing ends.
    pub open_comment: Option<u32>,
    /// Starts of elements like `<ref>` that nothing ends.
    pub open_ext: Vec<u32>,
    /// What looks like a tag and has a name that nobody knows.
    pub unknown: Vec<(u32, u32)>,
}

/// An open bracket on the stack.
struct Frame {
    bracket: Bracket,
    /// Where the run starts; the braces that are still open are the first `count`.
    start: u32,
    count: u32,
    /// The marks kept ready for it, from the outermost: `first..first + free`.
    first: u32,
    free: u32,
    /// Whether a pipe stood in it: the title of a link ends there.
    piped: bool,
}

/// Finds what belongs together in `text[from..to]`.
pub(crate) fn lex(text: &str, from: usize, to: usize) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: &text.as_bytes()[..to],
        at: from,
        out: Lexed::default(),
        open: VecDeque::new(),
        braces: 0,
        never: Vec::new(),
    };
    lexer.run();
    let mut out = lexer.out;
    pair_tags(&mut out.marks);
    out
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    out: Lexed,
    open: VecDeque<Frame>,
    /// How many of `open` are braces.
    braces: usize,
    /// Names whose end tag does not occur after here.
    never: Vec<&'t [u8]>,
}

const INTERESTING: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    let bytes = b"<{}[]|\n";
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

fn offset(at: usize) -> u32 {
    // `parse` cuts texts at 4 GiB.
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'t> Lexer<'t> {
    fn run(&mut self) {
        while let Some(ahead) = self.bytes[self.at..]
            .iter()
            .position(|&b| INTERESTING[usize::from(b)])
        {
            self.at += ahead;
            match self.bytes[self.at] {
                b'<' => self.angle(),
                b'{' => self.open_braces(),
                b'}' => self.close_braces(),
                b'[' => self.open_squares(),
                b']' => self.close_squares(),
                b'|' => {
                    if let Some(frame) = self.open.back_mut() {
                        frame.piped = true;
                        self.mark(self.at, self.at + 1, Kind::Pipe);
                    }
                    self.at += 1;
                }
                _ => {
                    self.at += 1;
                    self.end_of_line();
                }
            }
        }
    }

    fn mark(&mut self, start: usize, end: usize, kind: Kind) {
        let next = offset(self.out.marks.len() + 1);
        self.out.marks.push(Mark {
            start: offset(start),
            end: offset(end),
            next,
            kind,
        });
    }

    fn run_length(&self, byte: u8) -> usize {
        self.bytes[self.at..]
            .iter()
            .take_while(|&&b| b == byte)
            .count()
    }

    fn push(&mut self, frame: Frame) {
        if self.open.len() == MAX_OPEN
            && let Some(oldest) = self.open.pop_front()
            && oldest.bracket == Bracket::Brace
        {
            self.braces -= 1;
        }
        if frame.bracket == Bracket::Brace {
            self.braces += 1;
        }
        self.open.push_back(frame);
    }

    fn pop(&mut self) {
        if self
            .open
            .pop_back()
            .is_some_and(|frame| frame.bracket == Bracket::Brace)
        {
            self.braces -= 1;
        }
    }

    /// No title of a link goes past the end of its line, and no text of one past an empty line.
    fn end_of_line(&mut self) {
        let square = |frame: &Frame| frame.bracket == Bracket::Square;
        while self
            .open
            .back()
            .is_some_and(|frame| square(frame) && !frame.piped)
        {
            self.pop();
        }
        if !self.open.back().is_some_and(square) {
            return;
        }
        let line = &self.bytes[self.at..];
        let blank = line
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'))
            .count();
        if matches!(line.get(blank), None | Some(b'\n')) {
            while self.open.back().is_some_and(square) {
                self.pop();
            }
        }
    }

    fn open_braces(&mut self) {
        let run = self.run_length(b'{');
        self.at += run;
        if run < 2 {
            return;
        }
        let count = run.min(MAX_RUN);
        let start = self.at - count;
        let first = self.out.marks.len();
        // Two braces open something, so a run can open half as many; the spare marks are text.
        for k in 0..count / 2 {
            self.mark(start + k, start + k, Kind::Open(Bracket::Brace));
        }
        self.push(Frame {
            bracket: Bracket::Brace,
            start: offset(start),
            count: offset(count),
            first: offset(first),
            free: offset(count / 2),
            piped: false,
        });
    }

    fn close_braces(&mut self) {
        let mut run = self.run_length(b'}');
        while run >= 2 && self.braces > 0 {
            // What was opened inside and not closed is text: a template wins over a link.
            while self
                .open
                .back()
                .is_some_and(|frame| frame.bracket == Bracket::Square)
            {
                self.pop();
            }
            let Some(frame) = self.open.back_mut() else {
                break;
            };
            let take = if frame.count >= 3 && run >= 3 { 3 } else { 2 };
            frame.count -= take;
            frame.free -= 1;
            let (start, index) = (
                frame.start + frame.count,
                (frame.first + frame.free) as usize,
            );
            self.at += take as usize;
            run -= take as usize;
            let next = offset(self.out.marks.len());
            let kind = if take == 3 {
                Kind::Param
            } else {
                Kind::Template
            };
            self.out.marks[index] = Mark {
                start,
                end: offset(self.at),
                next,
                kind,
            };
            if let Some(&Frame {
                count: 0 | 1,
                first,
                free,
                ..
            }) = self.open.back()
            {
                for spare in &mut self.out.marks[first as usize..][..free as usize] {
                    spare.kind = Kind::Dropped;
                }
                self.pop();
            }
        }
        if run >= 2 {
            self.out.stray.push((offset(self.at), Bracket::Brace));
        }
        self.at += run;
    }

    fn open_squares(&mut self) {
        let run = self.run_length(b'[');
        self.at += run;
        if run < 2 {
            return;
        }
        let start = self.at - 2;
        if run >= 4 {
            self.mark(start - 2, start - 2, Kind::Open(Bracket::Square));
        }
        let first = self.out.marks.len();
        self.mark(start, start, Kind::Open(Bracket::Square));
        self.push(Frame {
            bracket: Bracket::Square,
            start: offset(start),
            count: 2,
            first: offset(first),
            free: 1,
            piped: false,
        });
    }

    fn close_squares(&mut self) {
        if self.bytes.get(self.at + 1) != Some(&b']') {
            self.at += 1;
            return;
        }
        match self.open.back() {
            Some(Frame {
                bracket: Bracket::Square,
                start,
                first,
                ..
            }) => {
                let (start, index) = (*start, *first as usize);
                self.at += 2;
                let next = offset(self.out.marks.len());
                let end = offset(self.at);
                self.out.marks[index] = Mark {
                    start,
                    end,
                    next,
                    kind: Kind::Link,
                };
                self.pop();
            }
            _ => {
                self.out.stray.push((offset(self.at), Bracket::Square));
                self.at += self.run_length(b']');
            }
        }
    }

    fn angle(&mut self) {
        let start = self.at;
        let bytes = self.bytes;
        let rest = &bytes[start..];
        if rest.starts_with(b"<!--") {
            self.comment(start);
            return;
        }
        self.at += 1;
        let closing = rest.get(1) == Some(&b'/');
        let name_at = start + 1 + usize::from(closing);
        let name = &bytes[name_at.min(bytes.len())..];
        let length = name
            .iter()
            .take(17)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        let name = &name[..length];
        let after = name_at + length;
        let Some(meaning) = meaning(name) else {
            if matches!(name, [b'a'..=b'z' | b'A'..=b'Z', ..])
                && matches!(self.bytes.get(after), Some(b'>' | b'/'))
            {
                self.out.unknown.push((offset(start), offset(after)));
            }
            return;
        };
        if !matches!(
            self.bytes.get(after),
            Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r')
        ) {
            return;
        }
        let Some(length) = self.bytes[after..]
            .iter()
            .position(|b| matches!(b, b'>' | b'<'))
        else {
            return;
        };
        let end = after + length + 1;
        if self.bytes[end - 1] == b'<' {
            return;
        }
        let empty = self.bytes[end - 2] == b'/' && !closing;
        self.at = end;
        match meaning {
            Meaning::Html(tag @ (Tag::Br | Tag::Hr | Tag::Wbr)) => {
                self.mark(
                    start,
                    end,
                    Kind::Start {
                        tag,
                        paired: true,
                        empty: true,
                    },
                );
            }
            Meaning::Html(Tag::Nothing) | Meaning::Dropped => self.mark(start, end, Kind::Dropped),
            Meaning::Html(tag) if closing => {
                self.mark(start, end, Kind::End { tag, paired: false })
            }
            Meaning::Html(tag) => self.mark(
                start,
                end,
                Kind::Start {
                    tag,
                    paired: false,
                    empty,
                },
            ),
            Meaning::Image => {
                self.mark(
                    start,
                    end,
                    if closing { Kind::Dropped } else { Kind::Image },
                );
            }
            Meaning::Anchor => self.mark(start, end, Kind::Anchor { end: closing }),
            // An end tag whose start was not understood.
            Meaning::Ext(_) if closing => self.mark(start, end, Kind::Dropped),
            Meaning::Ext(ext) if empty => {
                let inner = offset(end);
                self.mark(
                    start,
                    end,
                    Kind::Ext {
                        ext,
                        inner,
                        inner_end: inner,
                    },
                );
            }
            Meaning::Ext(ext) => self.element(start, end, name, ext),
        }
    }

    fn comment(&mut self, start: usize) {
        let body = start + 4;
        let end = self.text[..self.bytes.len()]
            .get(body..)
            .and_then(|rest| rest.find("-->"));
        self.at = match end {
            Some(length) => body + length + 3,
            None => {
                self.out.open_comment = Some(offset(start));
                self.bytes.len()
            }
        };
        self.mark(start, self.visible_end(), Kind::Comment);
    }

    /// Returns where what was read ends; blanks at the very end belong to nothing, because whoever
    /// reads a part of the text trims it.
    fn visible_end(&self) -> usize {
        match self.at == self.bytes.len() {
            true => self.text[..self.at].trim_end().len(),
            false => self.at,
        }
    }

    /// Looks for `</name>`; without it only elements that need no content are understood.
    fn element(&mut self, start: usize, end: usize, name: &'t [u8], ext: Ext) {
        let inner = offset(end);
        if !self
            .never
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            if let Some((inner_end, after)) = find_end(self.bytes, end, name) {
                self.at = after;
                let kind = Kind::Ext {
                    ext,
                    inner,
                    inner_end: offset(inner_end),
                };
                self.mark(start, after, kind);
                return;
            }
            self.never.push(name);
        }
        self.out.open_ext.push(offset(start));
        match ext {
            // People forget the slash of `<references />`.
            Ext::References => {
                self.mark(
                    start,
                    end,
                    Kind::Ext {
                        ext,
                        inner,
                        inner_end: inner,
                    },
                );
            }
            // MediaWiki hides what follows.
            Ext::Hidden => {
                self.at = self.bytes.len();
                let kind = Kind::Ext {
                    ext,
                    inner,
                    inner_end: offset(self.at),
                };
                self.mark(start, self.at, kind);
            }
            // `<link>`, `<input>`, an `<iframe>` that is never closed: the tag alone is left out.
            Ext::LeftOut(_) => {
                self.mark(
                    start,
                    end,
                    Kind::Ext {
                        ext,
                        inner,
                        inner_end: inner,
                    },
                );
            }
            _ => self.mark(start, end, Kind::Dropped),
        }
    }
}

/// Finds `</name` (any case), then its `>`: where the content ends and where the tag ends.
fn find_end(bytes: &[u8], from: usize, name: &[u8]) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(|&b| b == b'<')?;
        let rest = &bytes[at..];
        if rest.get(1) == Some(&b'/')
            && rest
                .get(2..2 + name.len())
                .is_some_and(|n| n.eq_ignore_ascii_case(name))
        {
            let tail = &rest[2 + name.len()..];
            let blank = tail.iter().take_while(|b| b.is_ascii_whitespace()).count();
            if tail.get(blank) == Some(&b'>') {
                return Some((at, at + 2 + name.len() + blank + 1));
            }
        }
        at += 1;
    }
}

/// Says of every start tag whether its end tag follows in the same bracket, and the reverse.
fn pair_tags(marks: &mut [Mark]) {
    // Open tags, each with the bracket it is in, as indices.
    let mut open: Vec<(Tag, Vec<(usize, usize)>)> = Vec::new();
    let mut scopes: Vec<usize> = Vec::new();
    for at in 0..marks.len() {
        while scopes
            .last()
            .is_some_and(|&scope| marks[scope].next as usize <= at)
        {
            scopes.pop();
        }
        let scope = scopes.last().copied().unwrap_or(usize::MAX);
        match marks[at].kind {
            Kind::Template | Kind::Param | Kind::Link => scopes.push(at),
            Kind::Start {
                tag, empty: false, ..
            } => match open.iter_mut().find(|(t, _)| *t == tag) {
                Some((_, list)) => list.push((at, scope)),
                None => open.push((tag, vec![(at, scope)])),
            },
            Kind::End { tag, .. } => {
                let Some((_, list)) = open.iter_mut().find(|(t, _)| *t == tag) else {
                    continue;
                };
                while let Some(&(start, inside)) = list.last() {
                    if inside == scope {
                        list.pop();
                        marks[at].kind = Kind::End { tag, paired: true };
                        marks[start].kind = Kind::Start {
                            tag,
                            paired: true,
                            empty: false,
                        };
                        break;
                    }
                    if inside == usize::MAX || marks[inside].next as usize > at {
                        break;
                    }
                    list.pop();
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brackets written out as they were understood: `(` `)` for templates, `<` `>` for parameters,
    /// `«` `»` for links, `/` for pipes.
    fn tell(text: &str) -> String {
        let lexed = lex(text, 0, text.len());
        let mut signs: Vec<(u32, bool, u32, char, char)> = Vec::new();
        let mut told = String::new();
        for mark in &lexed.marks {
            let pair = match mark.kind {
                Kind::Template => ('(', ')'),
                Kind::Param => ('<', '>'),
                Kind::Link => ('«', '»'),
                Kind::Pipe => ('/', '/'),
                _ => continue,
            };
            signs.push((mark.start, true, mark.end, pair.0, pair.1));
        }
        let bytes: Vec<char> = text.chars().collect();
        for at in 0..=bytes.len() {
            let here = offset(at);
            for sign in signs.iter().rev().filter(|s| s.2 == here && s.4 != '/') {
                told.push(sign.4);
            }
            for sign in signs.iter().filter(|s| s.0 == here) {
                told.push(sign.3);
            }
            if let Some(c) = bytes.get(at)
                && c.is_alphanumeric()
            {
                told.push(*c);
            }
        }
        told
    }

    #[test]
    fn brackets_pair_as_mediawiki_pairs_them() {
        for (text, told) in [
            ("a {{b|c}} d", "a(b/c)d"),
            ("{{a|{{b}}|[[c|d]]}}", "(a/(b)/«c/d»)"),
            ("{{{a|b}}}", "<a/b>"),
            ("{{{{{a}}}}}", "(<a>)"),
            ("{{a", "a"),
            ("{{a|[[b}}c", "(a/b)c"),
            ("[[a [[b]] c", "a«b»c"),
            ("[[[a]]]", "«a»"),
            ("[[a\nb]]", "ab"),
            ("[[a|b\nc]]", "«a/bc»"),
            ("[[a|b\n\nc]]", "a/bc"),
            ("{{a}}}}", "(a)"),
        ] {
            assert_eq!(tell(text), told, "{text}");
        }
    }

    #[test]
    fn tags_pair_inside_one_bracket() {
        let lexed = lex("<b>x {{a|</b>}} <i>y</i>", 0, 24);
        let paired: Vec<bool> = lexed
            .marks
            .iter()
            .filter_map(|m| match m.kind {
                Kind::Start { paired, .. } | Kind::End { paired, .. } => Some(paired),
                _ => None,
            })
            .collect();
        assert_eq!(paired, [false, false, true, true]);
    }
}
