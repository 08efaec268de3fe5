//! Markdown: what a text mentions, its plain text, and its HTML.
//!
//! Any text is drawn in a time that grows with its length: what is nested deeper than anybody reads is taken out
//! of its nest, and what would still cost too much is shown as it was written.

use crate::draw::{Around, Entry, contents, escape, keys, without_tags, words_of};
use crate::drawn::Drawn;
use crate::model::{Article, Attachment, Kind, Name, SITE};
use comrak::nodes::{AstNode, NodeLink, NodeValue};
use comrak::{Arena, Options};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// How deep quotations and lists may stand within one another: beyond, they end. Cleaning HTML looks through all
/// open elements for each that begins.
const DEEPEST: usize = 32;

/// Bytes of the longest text that is read as Markdown: 1 MiB, four times the longest page known. Each sign can become
/// a node of some hundred bytes; what is longer is shown as it was written.
const LONGEST: usize = 1 << 20;

/// Bytes of HTML beyond which a text is shown as it was written: a few signs can stand for thousands of footnotes.
const LONGEST_HTML: usize = 12 << 20;

/// How many bytes may be looked at again while HTML is written, each some 20 ps: half a second.
///
/// Source: html5ever 0.40 looks, for each `&` and each letter from U+0080 to U+00BF, through the rest of its piece of
/// text.
const MOST_AGAIN: usize = 20_000_000_000;

/// What is found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The pages that it links to, and the files (`true`) that it shows.
    pub names: Vec<(Name, bool)>,
    /// Its words.
    pub text: String,
    /// The words of its first paragraph.
    pub first_paragraph: String,
}

/// How a text is read.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.superscript = true;
    options.extension.wikilinks_title_after_pipe = true;
    options.render.r#unsafe = false;
    options.parse.smart = true;
    options
}

/// Parses a text; what is nested too deep is taken out of its nest. Of a text over [`LONGEST`] nothing is read.
pub fn parse<'a>(arena: &'a Arena<'a>, content: &str) -> &'a AstNode<'a> {
    let content = if content.len() > LONGEST { "" } else { content };
    let root = comrak::parse_document(arena, &without_spaces(content), &options());
    let mut deep = Vec::new();
    // By hand, since nobody knows how deep.
    let mut waiting: Vec<(&AstNode<'_>, usize)> = vec![(root, 0)];
    while let Some((node, depth)) = waiting.pop() {
        let nests = matches!(
            node.data.borrow().value,
            NodeValue::BlockQuote
                | NodeValue::List(_)
                | NodeValue::Item(_)
                | NodeValue::Emph
                | NodeValue::Strong
                | NodeValue::Strikethrough
                | NodeValue::Superscript
        );
        if nests && depth >= DEEPEST {
            deep.push(node);
        }
        let depth = depth + usize::from(nests);
        waiting.extend(node.children().map(|child| (child, depth)));
    }
    for node in deep {
        while let Some(child) = node.first_child() {
            node.insert_before(child);
        }
        node.detach();
    }
    root
}

/// Writes the spaces in the target of a link to a page as `_`, since Markdown ends an address at a space:
/// `[rota](wiki:Turnos de riego)`. Each stands for one byte, so that every place in the text stays.
fn without_spaces(content: &str) -> Cow<'_, str> {
    const BEGIN: &str = "](wiki:";
    if !content.contains(BEGIN) {
        return Cow::Borrowed(content);
    }
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        out.push_str(BEGIN);
        let line = after.split('\n').next().unwrap_or_default();
        // A title in quotes may follow the address.
        let address = line.split(" \"").next().unwrap_or_default();
        let mut open = 0_usize;
        let end = address.bytes().position(|byte| match byte {
            b'(' => {
                open += 1;
                false
            }
            b')' if open == 0 => true,
            b')' => {
                open -= 1;
                false
            }
            _ => false,
        });
        let address = &address[..end.unwrap_or(if address.len() < line.len() {
            address.len()
        } else {
            0
        })];
        out.push_str(&address.replace(' ', "_"));
        rest = &after[address.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Returns the page that a link of the form `wiki:Title` names.
fn wiki_link(url: &str) -> Option<Name> {
    let title = url.strip_prefix("wiki:")?;
    let title = title.split('#').next().unwrap_or(title);
    let parsed = SITE.title(&site::decode(title), 0).ok()?;
    Name::of_wiki(&parsed)
}

/// Returns the page that a link of the form `[[Title]]` names.
fn double_link(url: &str) -> Option<Name> {
    let title = url.split('#').next().unwrap_or(url);
    Name::of_wiki(&SITE.title(title, 0).ok()?)
}

/// Reads a text for what it mentions and says.
#[must_use]
pub fn read(content: &str) -> Read {
    if content.len() > LONGEST {
        return Read {
            text: content.to_owned(),
            first_paragraph: content.lines().next().unwrap_or_default().to_owned(),
            ..Read::default()
        };
    }
    let arena = Arena::new();
    let root = parse(&arena, content);
    let mut read = Read::default();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Link(link) => {
                read.names
                    .extend(wiki_link(&link.url).map(|name| (name, false)));
            }
            NodeValue::WikiLink(link) => {
                read.names
                    .extend(double_link(&link.url).map(|name| (name, false)));
            }
            NodeValue::Image(image) => {
                let file = wiki_link(&image.url).filter(|name| name.kind() == Kind::File);
                read.names.extend(file.map(|name| (name, true)));
            }
            _ => {}
        }
        plain(node, &mut read.text);
    }
    let first = root
        .children()
        .find(|block| matches!(block.data.borrow().value, NodeValue::Paragraph));
    for node in first.into_iter().flat_map(AstNode::descendants) {
        plain(node, &mut read.first_paragraph);
    }
    read
}

/// Adds the words of a node itself.
fn plain(node: &AstNode<'_>, text: &mut String) {
    match &node.data.borrow().value {
        NodeValue::Text(part) => text.push_str(part),
        NodeValue::Code(code) => text.push_str(&code.literal),
        NodeValue::CodeBlock(code) => text.push_str(&code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::TableCell => text.push(' '),
        NodeValue::Paragraph
        | NodeValue::Heading(_)
        | NodeValue::Item(_)
        | NodeValue::TableRow(_) => text.push('\n'),
        _ => {}
    }
}

/// Draws an article.
#[must_use]
pub fn draw(article: &Article, around: Around<'_>) -> Drawn {
    if article.content.len() > LONGEST {
        return as_written(article);
    }
    let exists = around.exists;
    let arena = Arena::new();
    let root = parse(&arena, &article.content);
    let mut entries: Vec<Entry> = Vec::new();
    let mut taken = HashSet::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut missing = BTreeSet::new();
    let lowest = root
        .descendants()
        .filter_map(|node| match &node.data.borrow().value {
            NodeValue::Heading(heading) => Some(heading.level),
            _ => None,
        })
        .min()
        .unwrap_or(2);
    // The page has its own first heading: the text's begin at the second level.
    let shift = 2_u8.saturating_sub(lowest);
    for node in root.descendants() {
        let mut title = None;
        show_file(node, around.file);
        let mut data = node.data.borrow_mut();
        let value = &mut data.value;
        if let NodeValue::WikiLink(link) = value {
            let url = std::mem::take(&mut link.url);
            // What can be no title stays an address that leads nowhere else.
            let url = double_link(&url)
                .map_or(String::new(), |name| format!("wiki:{}", name.wiki_title()));
            *value = NodeValue::Link(Box::new(NodeLink {
                url,
                title: String::new(),
            }));
        }
        match value {
            NodeValue::Link(link) => {
                if let Some(name) = wiki_link(&link.url) {
                    if !exists(&name) {
                        missing.insert(name.href());
                    }
                    link.url = name.href();
                }
            }
            NodeValue::Heading(heading) => {
                heading.level = (heading.level + shift).min(6);
                title = Some(heading.level);
            }
            _ => {}
        }
        drop(data);
        if let Some(level) = title {
            let mut text = String::new();
            for part in node.descendants() {
                match &part.data.borrow().value {
                    NodeValue::Text(part) => text.push_str(part),
                    NodeValue::Code(code) => text.push_str(&code.literal),
                    _ => {}
                }
            }
            let base = anchor(&text);
            let mut id = base.clone();
            while !taken.insert(id.clone()) {
                let number = numbers.entry(base.clone()).or_insert(1_u32);
                *number += 1;
                id = format!("{base}-{number}");
            }
            entries.push(Entry {
                level,
                id,
                html: escape(&text),
            });
        }
    }
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::format_html(root, &options(), &mut html);
    if html.len() > LONGEST_HTML || again(&html) > MOST_AGAIN {
        return as_written(article);
    }
    let mut clean = ammonia::Builder::default();
    clean
        .add_tags(["section"])
        .add_tag_attributes("li", ["id"])
        .add_tag_attributes("sup", ["id"])
        .add_tag_attributes("a", ["id", "href"])
        .add_allowed_classes("section", ["footnotes"])
        .add_allowed_classes("a", ["footnote-backref"])
        .link_rel(None)
        .id_prefix(Some("t-"))
        .url_relative(ammonia::UrlRelative::PassThrough);
    // Pictures from elsewhere would tell others who reads here.
    clean.attribute_filter(|tag, name, value| match (tag, name) {
        ("img", "src") if !value.starts_with("/blobs/") => None,
        _ => Some(value.into()),
    });
    let html = clean.clean(&html).to_string();
    let html = html.replace("href=\"#fn", "href=\"#t-fn");
    let html = with_heading_ids(&html, &entries);
    let html = wrap_tables(&html, &words_of(article).table);
    let mut html = html
        .replace("<pre>", "<pre tabindex=\"0\">")
        .replace("<section class=\"footnotes\">", "<section>")
        .replace("<section>\n<ol>", "<section>\n<ol class=\"notes\">");
    if !missing.is_empty() {
        html = with_missing(&html, &missing);
    }
    Drawn {
        toc: contents(&entries),
        sections: entries.len() as u32,
        ..around_body(article, html)
    }
}

/// What stands around the body of a text, without headings.
fn around_body(article: &Article, body: String) -> Drawn {
    let words = read(&article.content).text.split_whitespace().count();
    let categories = article.categories.iter();
    Drawn {
        sections: 0,
        words: words as u32,
        categories: keys(categories.filter_map(|title| Name::new(Kind::Category, title).ok())),
        toc: String::new(),
        body,
    }
}

/// Shows a text as it was written: what its markup would make of it is too much to draw.
fn as_written(article: &Article) -> Drawn {
    let body = format!(
        "<pre class=\"lines\" tabindex=\"0\">{}</pre>",
        escape(&article.content)
    );
    around_body(article, body)
}

/// Returns how many bytes are looked at again while HTML is written: see [`MOST_AGAIN`].
fn again(html: &str) -> usize {
    let pieces = html
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces
        .map(|text| {
            let signs = text
                .bytes()
                .filter(|byte| matches!(byte, b'&' | 0xC2))
                .count();
            signs.saturating_mul(text.len())
        })
        .fold(0, usize::saturating_add)
}

/// Marks the links to pages that nobody wrote.
fn with_missing(html: &str, missing: &BTreeSet<String>) -> String {
    const LINK: &str = "<a href=\"";
    let mut out = String::with_capacity(html.len() + missing.len() * 12);
    for (number, part) in html.split(LINK).enumerate() {
        if number > 0 {
            let href = part.split('"').next().unwrap_or_default();
            out.push_str(if missing.contains(href) {
                "<a class=\"new\" href=\""
            } else {
                LINK
            });
        }
        out.push_str(part);
    }
    out
}

/// Makes a picture of the commons stand in a text, and of any other a link to it.
fn show_file<'a>(node: &'a AstNode<'a>, file: &dyn Fn(&Name) -> Option<Attachment>) {
    let value = &mut node.data.borrow_mut().value;
    let NodeValue::Image(image) = value else {
        return;
    };
    let name = wiki_link(&image.url).filter(|name| name.kind() == Kind::File);
    let name = name.map(|name| name.first_upper());
    let here = name.as_ref().and_then(file);
    let pictured = here.filter(|file| file.media_type.starts_with("image/"));
    match (pictured, name) {
        (Some(file), _) => image.url = format!("/blobs/{}", file.sha256),
        (None, Some(name)) => {
            image.url = name.href();
            *value = NodeValue::Link(std::mem::take(image));
        }
        (None, None) => *value = NodeValue::Link(std::mem::take(image)),
    }
}

/// Gives the headings, in order, the ids of the list of contents.
fn with_heading_ids(html: &str, entries: &[Entry]) -> String {
    let mut out = String::with_capacity(html.len() + entries.len() * 16);
    let mut rest = html;
    for entry in entries {
        let tag = format!("<h{}>", entry.level);
        let Some(at) = rest.find(&tag) else { break };
        out.push_str(&rest[..at]);
        out.push_str(&format!("<h{} id=\"{}\">", entry.level, escape(&entry.id)));
        rest = &rest[at + tag.len()..];
    }
    out.push_str(rest);
    out
}

/// A wide table scrolls within its own frame, by keyboard too; the frame is called by a number and the
/// heading above it.
fn wrap_tables(html: &str, word: &str) -> String {
    let mut out = String::with_capacity(html.len() + 256);
    let mut heading = String::new();
    for (number, part) in html.split("<table>").enumerate() {
        if number > 0 {
            let mut name = format!("{word} {number}");
            if !heading.is_empty() {
                name.push_str(": ");
                name.push_str(&heading);
            }
            out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
            out.push_str(&name);
            out.push_str("\"><table>");
        }
        out.push_str(part);
        let last = part
            .rfind("</h")
            .and_then(|end| Some(&part[part[..end].rfind("<h")?..end]));
        if let Some((_, last)) = last.and_then(|last| last.split_once('>')) {
            heading = without_tags(last).replace('"', "&quot;");
        }
    }
    out.replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">")
}

/// Makes an id of a heading: its letters and digits, the rest as `-`.
fn anchor(text: &str) -> String {
    let mut id = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() {
            id.extend(c.to_lowercase());
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() || matches!(id, "main" | "q" | "menu") {
        format!("s-{id}")
    } else {
        id.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn article(content: &str) -> Article {
        let name = Name::new(Kind::Article, "Kiln").expect("a title");
        Article {
            content: content.to_owned(),
            language: "en".to_owned(),
            ..Article::blank(name)
        }
    }

    fn drawn(content: &str) -> Drawn {
        draw(
            &article(content),
            Around {
                exists: &|name| name.title() == "Turnos de riego",
                file: &|_| None,
            },
        )
    }

    #[test]
    fn a_page_is_linked_by_its_title_with_spaces() {
        let text = "[one](wiki:Turnos de riego), [[Turnos de riego]], [[Turnos de riego|two]], [x](wiki:Nobody (yet) wrote), \
                    [y](wiki:Turnos de riego \"said\"), `[[code]]`";
        let body = drawn(text).body;
        assert_eq!(
            body.matches("<a href=\"/articles/Turnos_de_riego\"")
                .count(),
            4,
            "{body}"
        );
        assert!(
            body.contains("<a class=\"new\" href=\"/articles/Nobody_(yet)_wrote\">x</a>"),
            "{body}"
        );
        assert!(
            body.contains(">two</a>")
                && body.contains("title=\"said\"")
                && body.contains("<code>[[code]]</code>"),
            "{body}"
        );
        let names: Vec<String> = read(text)
            .names
            .iter()
            .map(|(name, _)| name.title().to_owned())
            .collect();
        assert_eq!(names.len(), 5);
        let file = read("![fall](wiki:File:La cascada grande.jpg)").names;
        assert_eq!(
            file.iter()
                .map(|(name, shows)| (name.title(), *shows))
                .collect::<Vec<_>>(),
            [("La cascada grande.jpg", true)]
        );
        assert!(
            !drawn("[[javascript:alert(1)]] [[<b>]] [[]]")
                .body
                .contains("href=\"javascript")
        );
    }

    #[test]
    fn headings_that_say_the_same_have_ids_of_their_own() {
        let drawn = drawn("# A\n\n# A\n\n# A-2\n\n# A\n");
        let ids: Vec<&str> = drawn
            .body
            .split("id=\"")
            .skip(1)
            .filter_map(|part| part.split('"').next())
            .collect();
        assert_eq!(ids, ["a", "a-2", "a-2-2", "a-3"]);
    }

    #[test]
    fn what_is_nested_deeper_than_anybody_reads_ends_there() {
        let quoted = drawn(&format!("{} deep\n", ">".repeat(5_000)));
        assert_eq!(quoted.body.matches("<blockquote>").count(), DEEPEST);
        assert!(quoted.body.contains("deep"));
        let list: String = (0..200)
            .map(|n| format!("{}- item {n}\n", "  ".repeat(n)))
            .collect();
        assert!(drawn(&list).body.contains("item 199"));
    }

    #[test]
    fn no_text_takes_long() {
        let many = |part: &str, bytes: usize| part.repeat(bytes / part.len());
        let notes: String = (0..3_000)
            .map(|n| format!("a[^{n}]\n\n[^{n}]: x\n\n"))
            .collect();
        let links: String = (0..5_000).map(|n| format!("[a](wiki:x{n})\n")).collect();
        for (name, text) in [
            ("headings", many("# a\n", 60_000)),
            ("quotes", many(">", 100_000)),
            ("quoted lists", many("- > ", 100_000)),
            (
                "one note",
                format!("{}\n\n[^1]: x\n", many("a[^1] ", 200_000)),
            ),
            ("notes", notes),
            ("tables", many("|a|\n|-|\n|x|\n\n", 100_000)),
            ("missing links", links),
            ("guillemets", many("«", 400_000)),
            ("ampersands", many("&amp;", 400_000)),
            ("brackets", many("[", 400_000)),
            ("addresses", many("a@b.c ", 100_000)),
            ("emphasis", many("*a _b ", 100_000)),
            ("signs", many("[", 4_000_000)),
        ] {
            let began = Instant::now();
            let drawn = drawn(&text);
            assert!(!drawn.body.is_empty(), "{name}");
            // The debug build is some ten times slower, and others work beside.
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{name} took {:?}",
                began.elapsed()
            );
        }
    }
}
