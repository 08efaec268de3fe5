//! A page as plain text: for search, cards and snippets.

use crate::Document;
use crate::entity;
use crate::tags::{Model, Tag};
use crate::templates::{Holds, TemplateKind, known_template};
use crate::tree::{Element, File, Node, Template};
use crate::words::Word;

/// Paragraphs with fewer letters say little of a page: “See also”, a date, a name.
const REAL_PARAGRAPH: usize = 40;

/// Which parts of a tree are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    /// All that can be found by searching.
    Everything,
    /// What reads on in a line: no notes, no boxes, no figures.
    Sentence,
}

struct Writer<'d> {
    text: &'d str,
    want: Want,
    out: String,
    notes: String,
}

/// Returns the text of the whole page.
pub(crate) fn plain(document: &Document) -> String {
    let capacity = document.text.len();
    let mut writer = Writer {
        text: &document.text,
        want: Want::Everything,
        out: String::with_capacity(capacity),
        notes: String::new(),
    };
    writer.nodes(&document.root);
    writer.end_line();
    let Writer { mut out, notes, .. } = writer;
    out.push_str(&notes);
    let end = out.trim_end().len();
    out.truncate(end);
    out
}

/// Returns the text of nodes in one line, as it is read: for ids, alternative texts, contents.
pub(crate) fn of_nodes(nodes: &[Node], text: &str) -> String {
    let mut writer = Writer {
        text,
        want: Want::Sentence,
        out: String::new(),
        notes: String::new(),
    };
    writer.nodes(nodes);
    squeeze(&writer.out)
}

/// Returns the first real paragraph.
pub(crate) fn summary(document: &Document, max_chars: usize) -> String {
    let mut fallback = String::new();
    let found = first_paragraph(&document.root, &document.text, &mut fallback);
    let mut said = found.unwrap_or(fallback);
    if said.is_empty() {
        said = squeeze(&plain(document));
    }
    shorten(without_signs(&said), max_chars)
}

/// Returns the text of a paragraph if it says enough; keeps the first that does not.
fn consider(nodes: &[Node], text: &str, fallback: &mut String) -> Option<String> {
    let said = of_nodes(nodes, text);
    let letters = said
        .chars()
        .filter(|c| c.is_alphabetic())
        .take(REAL_PARAGRAPH)
        .count();
    if letters == REAL_PARAGRAPH && !said.ends_with(':') {
        return Some(said);
    }
    if letters > 0 && fallback.is_empty() {
        *fallback = said;
    }
    None
}

fn first_paragraph(nodes: &[Node], text: &str, fallback: &mut String) -> Option<String> {
    for node in nodes {
        let found = match node {
            Node::Element(element) => match element.tag {
                Tag::P | Tag::Li | Tag::Dd => consider(&element.children, text, fallback),
                Tag::Heading(_) | Tag::Table | Tag::Pre | Tag::Dt => None,
                _ => first_paragraph(&element.children, text, fallback),
            },
            Node::Template(template) => {
                let body = template_body(template, text);
                body.into_iter().find_map(|nodes| {
                    if nodes.iter().any(crate::builder::is_block) {
                        first_paragraph(nodes, text, fallback)
                    } else {
                        let said = of_nodes(nodes, text);
                        (!said.is_empty()).then_some(said)
                    }
                })
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Returns the arguments of a template that say what its page is about.
fn template_body<'d>(template: &'d Template, text: &str) -> Vec<&'d [Node]> {
    let param = |name: &str| {
        let found = template
            .params
            .iter()
            .find(|p| p.name.of(text) == name && !p.value.is_empty());
        found.map(|p| &*p.nodes)
    };
    match known_template(&template.name) {
        Some(TemplateKind::Facts(fields)) => fields
            .iter()
            .filter(|field| field.label == Word::Summary || field.holds == Holds::Section)
            .filter_map(|field| param(field.param))
            .collect(),
        Some(TemplateKind::Body) => template.params.iter().map(|p| &*p.nodes).collect(),
        _ => Vec::new(),
    }
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Text(span) => {
                let text = span.of(self.text);
                if text.contains('&') {
                    self.out.push_str(&entity::decode_all(text));
                } else {
                    self.out.push_str(text);
                }
            }
            Node::Made(text) => self.out.push_str(text),
            Node::Magic(_) | Node::Anchor(_) | Node::References(_) => {}
            Node::LeftOut(_) | Node::Url(_) => {}
            Node::Element(element) => self.element(element),
            Node::Void(Tag::Br) => self.out.push('\n'),
            Node::Void(Tag::Hr) => self.end_line(),
            Node::Void(_) => {}
            Node::Link(link) => self.nodes(&link.children),
            Node::File(file) => self.file(file),
            Node::Gallery(files) => {
                for file in files.iter() {
                    self.file(file);
                }
            }
            Node::Template(template) => self.template(template),
            Node::Param(param) => self.nodes(&param.1),
            Node::Ref(note) => {
                if self.want == Want::Everything {
                    let out = std::mem::take(&mut self.out);
                    self.nodes(&note.children);
                    self.end_line();
                    let text = std::mem::replace(&mut self.out, out);
                    self.notes.push_str(&text);
                }
            }
            Node::Preformatted(span) => {
                self.end_line();
                self.out
                    .push_str(entity::decode_all(span.of(self.text)).trim_matches('\n'));
                self.end_line();
            }
            Node::Code(span) => self.out.push_str(&entity::decode_all(span.of(self.text))),
        }
    }

    fn element(&mut self, element: &Element) {
        match element.tag.model() {
            Model::Inline => self.nodes(&element.children),
            Model::Cell if element.tag != Tag::Caption => {
                self.nodes(&element.children);
                self.out.push('\t');
            }
            _ => {
                self.end_line();
                self.nodes(&element.children);
                self.end_line();
            }
        }
    }

    fn file(&mut self, file: &File) {
        if self.want == Want::Sentence && file.block {
            return;
        }
        if file.block {
            self.end_line();
        }
        if self.want == Want::Everything
            && let Some(alt) = &file.alt
        {
            self.out.push_str(alt);
            self.out.push(' ');
        }
        if self.want == Want::Everything || file.link_only {
            self.nodes(&file.caption);
        }
        if file.block {
            self.end_line();
        }
    }

    fn template(&mut self, template: &Template) {
        let Some(kind) = known_template(&template.name) else {
            return;
        };
        if self.want == Want::Sentence && template.block {
            return;
        }
        let hidden = matches!(
            kind,
            TemplateKind::Licence(_) | TemplateKind::Hidden | TemplateKind::References
        );
        if hidden {
            return;
        }
        for param in &template.params {
            self.end_line();
            self.nodes(&param.nodes);
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        let end = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(end);
        let begin = self.out.rfind('\n').map_or(0, |at| at + 1);
        let line = &self.out[begin..];
        if says_nothing(line) {
            self.out.truncate(begin);
            return;
        }
        let signs = line.len() - without_signs(line).len();
        self.out.replace_range(begin..begin + signs, "");
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

/// Returns a line without the signs at its start: people write “= a definition”, and lists with a
/// star that is none.
fn without_signs(line: &str) -> &str {
    let line = line.trim_start();
    // A minus before a number, or an option of a command, is more than a sign.
    if line.starts_with('-') && !line.starts_with("- ") && !line.starts_with("--") {
        return line;
    }
    line.trim_start_matches(['=', '*', '-', '–', '—', ':', '|', ' ', '\t'])
}

/// Whether a line is only the label of an address that is left out (“URL =”), or only signs.
fn says_nothing(line: &str) -> bool {
    const LABELS: [&str; 8] = [
        "url", "urls", "website", "site", "web", "link", "links", "homepage",
    ];
    let label = line.trim_end().strip_suffix('=').map(without_signs);
    label.is_some_and(|label| {
        LABELS
            .iter()
            .any(|known| label.trim().eq_ignore_ascii_case(known))
    }) || (!line.is_empty()
        && !line.contains('\t')
        && !line.chars().any(|c| c.is_alphanumeric() || !c.is_ascii()))
}

/// Returns the characters of `<pre>`: the tags of `<nowiki>` are no part of them.
pub(crate) fn preformatted(source: &str) -> String {
    entity::decode_all(&source.replace("<nowiki>", "").replace("</nowiki>", ""))
}

/// Makes blanks one space.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Cuts `text` between words so that it has at most `max_chars` characters, the ellipsis included.
fn shorten(text: &str, max_chars: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(max_chars) else {
        return text.to_owned();
    };
    let head = &text[..cut];
    let room = head.char_indices().next_back().map_or(0, |(at, _)| at);
    let head = &head[..room];
    let end = match head.rfind(char::is_whitespace) {
        // A word as long as half the room is cut itself.
        Some(end) if end * 2 > head.len() => end,
        _ => head.len(),
    };
    if max_chars == 0 {
        return String::new();
    }
    format!(
        "{}…",
        head[..end].trim_end_matches(|c: char| c.is_whitespace() || ",;:–—-".contains(c))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_falls_between_words() {
        assert_eq!(shorten("wool and flax", 20), "wool and flax");
        assert_eq!(shorten("wool, and flax", 9), "wool…");
        assert_eq!(shorten("interdependencia", 6), "inter…");
        assert_eq!(shorten("ñandú ñandú", 0), "");
    }

    #[test]
    fn signs_that_mark_nothing_are_not_read() {
        let read = |text: &str| crate::parse(text, &crate::Site::default()).plain_text();
        assert_eq!(
            read("'''= a plot that many keep'''\n\nURL = http://example.org\n\nIt began."),
            "a plot that many keep\nIt began."
        );
        assert_eq!(
            read("=Uses=\n* * seed\n\n-5 °C at night"),
            "Uses\nseed\n-5 °C at night"
        );
    }
}
