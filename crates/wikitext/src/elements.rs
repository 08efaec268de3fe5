//! What stands in braces, and the elements that are read on their own.

use crate::builder::Builder;
use crate::lexer::{Kind, Mark};
use crate::parser::{FoundTemplate, Level, Parser};
use crate::site::{CATEGORY, TEMPLATE};
use crate::tags::{Ext, LEFT_OUT, Tag, attributes};
use crate::templates::{Builtin, Holds, TemplateKind, builtin, categories_of, known_template};
use crate::title::Title;
use crate::tree::{Element, LeftOut, Node, Param, Ref, References, Span, Template};
use crate::url;

impl Parser<'_> {
    /// Reads the template `marks[index]`; `lone` says that it stands between paragraphs.
    pub(crate) fn template(
        &mut self,
        b: &mut Builder<'_>,
        marks: &[Mark],
        index: usize,
        lone: bool,
    ) {
        let mark = marks[index];
        let (start, end) = (mark.start as usize, mark.end as usize);
        let inside = Level {
            marks,
            lo: index + 1,
            hi: mark.next as usize,
            start: start + 2,
            end: end - 2,
        };
        if b.room() < 6 {
            self.problem("too_deep", start, self.glimpse(start));
            b.text(start, end);
            return;
        }
        let mut parts: Vec<Level<'_>> = Vec::new();
        let mut from = inside.start;
        for (_, pipe) in inside.top().filter(|(_, m)| m.kind == Kind::Pipe) {
            parts.push(inside.part(from, pipe.start as usize));
            from = pipe.end as usize;
        }
        parts.push(inside.part(from, inside.end));
        let head = parts.remove(0);
        let (name, first) = self.template_name(head);
        let params: Vec<Level<'_>> = first.into_iter().chain(parts).collect();
        match builtin(&name) {
            Some(Builtin::Silent) => {
                if name.to_ascii_lowercase().starts_with("defaults")
                    && let Some(key) = params.first()
                {
                    self.found.default_sort = Some(self.text[key.start..key.end].trim().to_owned());
                }
                return;
            }
            Some(Builtin::Char(c)) => return b.inline(Node::Made(c.to_string().into())),
            Some(Builtin::Magic) => return b.inline(Node::Magic(name.into())),
            Some(Builtin::Passes) => {
                if let Some(text) = params.first() {
                    self.inline(b, *text, false);
                }
                return;
            }
            None => {}
        }
        let kind = known_template(&name);
        let block = !b.is_line() && (lone || kind.is_some_and(TemplateKind::is_block));
        let room = b.room() - 3;
        let function = name.starts_with('#');
        let mut read = Vec::with_capacity(params.len());
        for param in params {
            let (name, value) = if function {
                (Span::new(0, 0), param)
            } else {
                self.param_name(param)
            };
            let text = &self.text[value.start..value.end];
            let lead = text.len() - text.trim_start().len();
            let value = value.part(value.start + lead, value.start + lead + text.trim().len());
            let nodes = match block {
                true => self.either(value, room),
                false => self.run(value, room),
            };
            let value = Span::new(value.start, value.end);
            read.push(Param {
                name,
                value,
                nodes,
                titles: Vec::new(),
            });
        }
        if kind.is_none() {
            self.problem("unknown_template", start, name.as_str());
        }
        self.found.templates.push(FoundTemplate {
            name: name.clone(),
            at: mark.start,
            params: read.iter().map(|p| (p.name, p.value)).collect(),
        });
        self.implied(&name, kind, &mut read);
        let page = if name.starts_with(':') {
            self.page_named(&name)
        } else {
            None
        };
        if kind == Some(TemplateKind::Hidden) {
            return;
        }
        let node = if kind == Some(TemplateKind::References) && block {
            Node::References(Box::new(References {
                group: String::new(),
                defined: Vec::new(),
            }))
        } else {
            Node::Template(Box::new(Template {
                name,
                block,
                params: read,
                page,
            }))
        };
        if block { b.block(node) } else { b.inline(node) }
    }

    /// Returns a template's name, and the first argument of a function (`#if: this`).
    fn template_name<'m>(&mut self, head: Level<'m>) -> (String, Option<Level<'m>>) {
        let text = &self.text[head.start..head.end];
        let trimmed = text.trim_start();
        let lead = text.len() - trimmed.len();
        if let Some((_, mark)) = head.top().next()
            && matches!(mark.kind, Kind::Comment | Kind::Dropped)
            && mark.start as usize == head.start + lead
            && mark.end > mark.start
        {
            return self.template_name(head.part(mark.end as usize, head.end));
        }
        for prefix in ["safesubst:", "subst:", "msgnw:", "msg:", "int:"] {
            let is = trimmed
                .get(..prefix.len())
                .is_some_and(|p| p.eq_ignore_ascii_case(prefix));
            if is {
                return self.template_name(head.part(head.start + lead + prefix.len(), head.end));
            }
        }
        if let Some(colon) = trimmed.find(':') {
            let word = trimmed[..colon].trim();
            if word.starts_with('#') || builtin(word).is_some() || is_function(word) {
                let rest = head.part(head.start + lead + colon + 1, head.end);
                let name = if word.starts_with('#') {
                    word.to_owned()
                } else {
                    word.to_lowercase()
                };
                let name = if builtin(word).is_none() && !name.starts_with('#') {
                    format!("#{name}")
                } else {
                    name
                };
                return (tame(&name), Some(rest));
            }
        }
        let plain = self.without_marks(head);
        let plain = plain.trim();
        if builtin(plain).is_some() {
            return (plain.to_owned(), None);
        }
        match self.site.title(plain, TEMPLATE) {
            Ok(title) if title.namespace == TEMPLATE && !plain.starts_with(':') => {
                (title.text, None)
            }
            Ok(_) if !plain.is_empty() => {
                // `{{:Page}}`: another page, whole.
                let name = plain.trim_start_matches(':').trim();
                (format!(":{}", tame(name)), None)
            }
            _ => (tame(plain), None),
        }
    }

    /// Splits `name = value`.
    fn param_name<'m>(&self, param: Level<'m>) -> (Span, Level<'m>) {
        let mut at = param.start;
        let stops = param
            .top()
            .filter(|(_, m)| !matches!(m.kind, Kind::Open(_) | Kind::Pipe));
        let ends = stops.map(|(_, m)| (m.start as usize, m.end as usize));
        for (to, next) in ends.chain(std::iter::once((param.end, param.end))) {
            if let Some(length) = self.text.get(at..to).and_then(|text| text.find('=')) {
                let name = &self.text[param.start..at + length];
                let lead = name.len() - name.trim_start().len();
                let name = Span::new(param.start + lead, param.start + lead + name.trim().len());
                return (name, param.part(at + length + 1, param.end));
            }
            at = next;
        }
        (Span::new(0, 0), param)
    }

    /// Notes the categories and links that a known template makes, also in its arguments.
    fn implied(&mut self, name: &str, kind: Option<TemplateKind>, params: &mut [Param]) {
        let suffix = self
            .page
            .and_then(|page| page.text.rsplit_once('/'))
            .map(|(_, suffix)| suffix);
        for category in categories_of(name, suffix) {
            if let Ok(title) = self.site.title(category, CATEGORY) {
                self.found.categories.push((title, String::new()));
            }
        }
        let text = self.text;
        match kind {
            Some(TemplateKind::Facts(fields)) => {
                for field in fields {
                    let named = params.iter_mut().find(|p| p.name.of(text) == field.param);
                    let Some(param) = named else { continue };
                    let value = param.value.of(text);
                    let items = value
                        .split(',')
                        .map(str::trim)
                        .filter(|item| !item.is_empty());
                    match field.holds {
                        Holds::Categories => {
                            let titles =
                                items.filter_map(|item| self.site.title(item, CATEGORY).ok());
                            param.titles =
                                titles.filter(|title| title.namespace == CATEGORY).collect();
                            let categories = param.titles.iter().cloned();
                            self.found
                                .categories
                                .extend(categories.map(|title| (title, String::new())));
                        }
                        Holds::Pages if !value.contains(['[', ':', '<']) => {
                            param.titles = items.filter_map(|item| self.page_named(item)).collect();
                        }
                        _ => {}
                    }
                }
            }
            Some(TemplateKind::Navigation) => {
                for param in params.iter_mut().take(3) {
                    param.titles.extend(self.page_named(param.value.of(text)));
                }
            }
            Some(TemplateKind::TitledBox | TemplateKind::Excerpt) => {
                if let Some(param) = params.first_mut() {
                    param.titles.extend(self.page_named(param.value.of(text)));
                }
            }
            _ => {}
        }
    }

    /// Returns the page that `text` names, and notes the link to it.
    fn page_named(&mut self, text: &str) -> Option<Title> {
        let target = self.site.target(text, self.page).ok()?;
        if target.interwiki.is_some() || target.title.text.is_empty() {
            return None;
        }
        let title = target.title.clone();
        self.found.links.push(target);
        Some(title)
    }

    /// Reads `{{{name|default}}}`.
    pub(crate) fn param(&mut self, b: &mut Builder<'_>, marks: &[Mark], index: usize) {
        let mark = marks[index];
        let (start, end) = (mark.start as usize, mark.end as usize);
        let inside = Level {
            marks,
            lo: index + 1,
            hi: mark.next as usize,
            start: start + 3,
            end: end - 3,
        };
        let pipe = inside
            .top()
            .find(|(_, m)| m.kind == Kind::Pipe)
            .map(|(_, m)| m.start as usize);
        let name = &self.text[inside.start..pipe.unwrap_or(inside.end)];
        let lead = name.len() - name.trim_start().len();
        let name = Span::new(inside.start + lead, inside.start + lead + name.trim().len());
        let default = match pipe {
            Some(pipe) if b.room() > 8 => self.run(inside.part(pipe + 1, inside.end), b.room() - 8),
            _ => Vec::new(),
        };
        b.inline(Node::Param(Box::new((name, default))));
    }

    /// Reads an element with content of its own.
    pub(crate) fn extension(
        &mut self,
        b: &mut Builder<'_>,
        mark: Mark,
        ext: Ext,
        inner: usize,
        inner_end: usize,
    ) {
        let start = mark.start as usize;
        let span = Span::new(inner, inner_end);
        match ext {
            Ext::Hidden => {}
            Ext::Nowiki => b.text(inner, inner_end),
            Ext::Math => b.inline(Node::Code(span)),
            Ext::Pre if b.is_line() => b.inline(Node::Code(span)),
            Ext::Pre => b.block(Node::Preformatted(span)),
            Ext::Source => {
                let inline = self.attribute(start, inner, "inline").is_some() || b.is_line();
                if inline {
                    b.inline(Node::Code(span))
                } else {
                    b.block(Node::Preformatted(span))
                }
            }
            Ext::Poem => self.poem(b, inner, inner_end),
            Ext::Gallery => {
                let room = b.room().saturating_sub(6);
                let files = if room > 4 {
                    self.gallery(inner, inner_end, room)
                } else {
                    Vec::new()
                };
                if !b.is_line() && !files.is_empty() {
                    b.block(Node::Gallery(files.into()));
                }
            }
            Ext::Ref => {
                let note = self.note(start, inner, inner_end, b.room());
                let node = Node::Ref(Box::new(note));
                if self.in_link {
                    self.postponed.push(node)
                } else {
                    b.inline(node)
                }
            }
            Ext::References => {
                let group = self.attribute(start, inner, "group").unwrap_or_default();
                let defined = self.defined_notes(inner, inner_end, b.room());
                if !b.is_line() {
                    b.block(Node::References(Box::new(References { group, defined })));
                }
            }
            Ext::Imagemap => self.imagemap(b, inner, inner_end),
            Ext::LeftOut(which) => self.left_out(b, start, inner, inner_end, which),
        }
    }

    /// Returns the attribute `name` of the tag that starts at `start`.
    fn attribute(&self, start: usize, inner: usize, name: &str) -> Option<String> {
        let tag = self
            .text
            .get(start + 1..inner.saturating_sub(1))
            .unwrap_or("");
        let rest = tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        attributes(rest)
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| crate::entity::decode_all(value.trim()))
    }

    fn note(&mut self, start: usize, inner: usize, inner_end: usize, room: usize) -> Ref {
        let name = self.attribute(start, inner, "name").unwrap_or_default();
        let group = self.attribute(start, inner, "group").unwrap_or_default();
        let mut children = Vec::new();
        if room > 8 && !self.text[inner..inner_end].trim().is_empty() {
            let lexed = self.lex(inner, inner_end);
            let text = &self.text[inner..inner_end];
            let lead = text.len() - text.trim_start().len();
            let level = Level::of(&lexed, inner, inner_end)
                .part(inner + lead, inner + lead + text.trim().len());
            let outer = std::mem::replace(&mut self.in_link, false);
            children = self.either(level, room - 6);
            self.in_link = outer;
        }
        Ref {
            group,
            name,
            children,
        }
    }

    /// Reads the notes that `<references>` holds.
    fn defined_notes(&mut self, inner: usize, inner_end: usize, room: usize) -> Vec<Ref> {
        if self.text[inner..inner_end].trim().is_empty() || room < 8 {
            return Vec::new();
        }
        let lexed = self.lex(inner, inner_end);
        let mut notes = Vec::new();
        for (_, mark) in Level::of(&lexed, inner, inner_end).top() {
            if let Kind::Ext {
                ext: Ext::Ref,
                inner,
                inner_end,
            } = mark.kind
            {
                notes.push(self.note(
                    mark.start as usize,
                    inner as usize,
                    inner_end as usize,
                    room,
                ));
            }
        }
        notes
    }

    /// Keeps the lines of a poem.
    fn poem(&mut self, b: &mut Builder<'_>, from: usize, to: usize) {
        if b.room() < 10 || b.is_line() {
            return b.text(from, to);
        }
        let lexed = self.lex(from, to);
        let level = Level::of(&lexed, from, to);
        let mut inner = Builder::blocks(self.text, b.room() - 4);
        let mut start = from;
        let mut fresh = true;
        for line in self.text[from..to].split('\n') {
            let end = start + line.len();
            if line.trim().is_empty() {
                inner.end_paragraph();
                fresh = true;
            } else {
                if !fresh {
                    inner.inline(Node::Void(Tag::Br));
                }
                fresh = false;
                let marks = line.len() - line.trim_start_matches([':', ' ']).len();
                self.inline(&mut inner, level.part(start + marks, end), false);
            }
            start = end + 1;
        }
        let (children, _) = inner.finish();
        if !children.is_empty() {
            b.block(Node::Element(Box::new(Element {
                tag: Tag::Div,
                attrs: Vec::new(),
                children,
            })));
        }
    }

    /// Shows the picture of an image map, and its links as a list.
    fn imagemap(&mut self, b: &mut Builder<'_>, from: usize, to: usize) {
        if b.room() < 14 || b.is_line() {
            return;
        }
        let lexed = self.lex(from, to);
        let level = Level::of(&lexed, from, to);
        let mut items = Vec::new();
        let mut start = from;
        let mut first = true;
        for line in self.text[from..to].split('\n') {
            let end = start + line.len();
            let here = start;
            start = end + 1;
            if line.trim().is_empty() || line.trim_start().starts_with(['#', '<']) {
                continue;
            }
            if std::mem::take(&mut first) {
                if let Some(file) = self.listed_file(level.part(here, end), b.room() - 6) {
                    b.block(Node::File(Box::new(file)));
                }
                continue;
            }
            if let Some(bracket) = line.find('[') {
                let children = self.run(level.part(here + bracket, end), b.room() - 8);
                items.push(Node::Element(Box::new(Element {
                    tag: Tag::Li,
                    attrs: Vec::new(),
                    children,
                })));
            }
        }
        if !items.is_empty() {
            b.block(Node::Element(Box::new(Element {
                tag: Tag::Ul,
                attrs: Vec::new(),
                children: items,
            })));
        }
    }

    fn left_out(
        &mut self,
        b: &mut Builder<'_>,
        start: usize,
        inner: usize,
        inner_end: usize,
        which: u8,
    ) {
        let what = LEFT_OUT.get(usize::from(which)).copied().unwrap_or("");
        self.problem("left_out", start, format!("<{what}>"));
        // Tags of a head or a form say nothing to a reader.
        if matches!(
            what,
            "link" | "meta" | "base" | "param" | "input" | "head" | "title" | "style"
        ) {
            return;
        }
        let body = &self.text[start..inner_end.max(inner)];
        let url = find_url(body);
        if let Some(url) = &url {
            self.found.external.push(url.clone());
        }
        let block = !b.is_line();
        let node = Node::LeftOut(Box::new(LeftOut {
            what: what.to_owned(),
            url,
            block,
        }));
        if block { b.block(node) } else { b.inline(node) }
    }
}

/// Words before a colon that MediaWiki or a usual extension answers, and that have no `#`.
fn is_function(word: &str) -> bool {
    const FUNCTIONS: &[&str] = &[
        "localurl",
        "fullurl",
        "canonicalurl",
        "filepath",
        "ns",
        "plural",
        "grammar",
        "gender",
        "padleft",
        "padright",
        "tag",
        "special",
        "protectionlevel",
    ];
    FUNCTIONS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// Takes markup out of a name that is no title, and keeps it short.
fn tame(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '{' | '}' | '[' | ']' | '|' | '<' | '>') && !c.is_control())
        .take(80)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Returns the first safe address in `text`.
fn find_url(text: &str) -> Option<String> {
    let at = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()?;
    let rest = &text[at..];
    let end = rest.find(['\'', '\\']).unwrap_or(rest.len());
    let rest = &rest[..end];
    url::safe(&rest[..url::length(rest)])
}
