//! From an article's text: what it mentions, what a search finds in it, and its HTML.

use crate::drawn::Drawn;
use crate::model::{Article, Attachment, Kind, Media, Name, SITE, site_of};
use crate::redirects::Unreadable;
use crate::tables::Fault;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options};
use std::collections::BTreeSet;
use store::Link;

/// What the tables need to know of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// What it mentions: `mentions`, `category`, `redirects`, `translates`, `uses`.
    pub links: Vec<Link>,
    /// The key that it redirects to; [`Unreadable::kept`] for a target that cannot be read; or empty.
    pub redirect: String,
    /// The key of the page that it translates, or empty.
    pub translates: String,
    /// The number of words.
    pub words: usize,
    /// The first sentences, at most 320 characters.
    pub lead: String,
    /// What is wrong with the markup: code, and [`Fault::kept`].
    pub problems: Vec<(&'static str, String)>,
}

/// Longest lead in characters: three lines of a list.
const LEAD: usize = 320;

/// Reads a text for what it mentions.
#[must_use]
pub fn analyse(article: &Article) -> Analysis {
    let mut links = BTreeSet::new();
    let mut found = Analysis::default();
    let mention = |name: Name| Link {
        relation: "mentions",
        to_key: name.first_upper().key(),
    };
    match article.media {
        Media::Wikitext => {
            let site = site_of(article);
            let document = wikitext::parse(&article.content, &site);
            match document.redirect() {
                Some(Ok(target)) => match Name::of_site(&site, &target.title) {
                    Some(name) => {
                        found.redirect = name.key();
                        links.insert(Link {
                            relation: "redirects",
                            to_key: name.key(),
                        });
                    }
                    None => found.redirect = Unreadable::kept(&wikitext::TitleError::NoTarget),
                },
                Some(Err(problem)) => {
                    found.redirect = Unreadable::kept(&problem);
                }
                None => {}
            }
            for link in document.links() {
                if let Some(name) = Name::of_site(&site, &link.title)
                    && name != article.name
                {
                    links.insert(mention(name));
                }
            }
            for file in document.files() {
                if let Ok(name) = Name::new(Kind::File, file) {
                    links.insert(Link {
                        relation: "uses",
                        to_key: name.first_upper().key(),
                    });
                }
            }
            for (title, _) in document.categories() {
                if let Some(name) = Name::of_wiki(&title) {
                    links.insert(Link {
                        relation: "category",
                        to_key: name.key(),
                    });
                }
            }
            for call in document.templates() {
                if let Ok(name) = Name::new(Kind::Template, call.name) {
                    links.insert(Link {
                        relation: "uses",
                        to_key: name.first_upper().key(),
                    });
                }
            }
            for problem in document.problems() {
                let what = Fault::kept(problem.line, &problem.what);
                found.problems.push((problem.code, what));
            }
            if found.redirect.is_empty() {
                let text = document.plain_text();
                found.words = text.split_whitespace().count();
                found.lead = document.summary(LEAD);
            }
        }
        Media::Markdown => {
            let arena = Arena::new();
            let root = comrak::parse_document(&arena, &article.content, &options());
            let mut text = String::new();
            for node in root.descendants() {
                match &node.data.borrow().value {
                    NodeValue::Link(link) => {
                        if let Some(name) = wiki_link(&link.url)
                            && name != article.name
                        {
                            links.insert(mention(name));
                        }
                    }
                    NodeValue::Image(image) => {
                        if let Some(name) =
                            wiki_link(&image.url).filter(|name| name.kind() == Kind::File)
                        {
                            links.insert(Link {
                                relation: "uses",
                                to_key: name.first_upper().key(),
                            });
                        }
                    }
                    NodeValue::Text(part) => text.push_str(part),
                    NodeValue::Code(code) => text.push_str(&code.literal),
                    NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::Paragraph => {
                        text.push(' ');
                    }
                    _ => {}
                }
            }
            for title in &article.categories {
                if let Ok(name) = Name::new(Kind::Category, title) {
                    links.insert(Link {
                        relation: "category",
                        to_key: name.key(),
                    });
                }
            }
            found.words = text.split_whitespace().count();
            found.lead = shorten(&first_paragraph(&article.content), LEAD);
        }
    }
    let original = match &article.translation_of {
        Some(title) => Name::new(article.name.kind(), title).ok(),
        None => article.name.translation().map(|(name, _)| name),
    };
    if let Some(name) = original {
        found.translates = name.key();
        links.insert(Link {
            relation: "translates",
            to_key: name.key(),
        });
    }
    found.links = links.into_iter().collect();
    found
}

fn markdown_text(content: &str) -> String {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, content, &options());
    let mut text = String::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(part) => text.push_str(part),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::CodeBlock(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            NodeValue::Paragraph
            | NodeValue::Heading(_)
            | NodeValue::Item(_)
            | NodeValue::TableRow(_) => text.push('\n'),
            NodeValue::TableCell => text.push(' '),
            _ => {}
        }
    }
    text
}

fn first_paragraph(content: &str) -> String {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, content, &options());
    let mut text = String::new();
    for block in root.children() {
        if !matches!(block.data.borrow().value, NodeValue::Paragraph) {
            continue;
        }
        for node in block.descendants() {
            match &node.data.borrow().value {
                NodeValue::Text(part) => text.push_str(part),
                NodeValue::Code(code) => text.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                _ => {}
            }
        }
        break;
    }
    text
}

/// Shortens a text at the end of a word.
fn shorten(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let cut = &text[..end];
    let cut = cut.rsplit_once(' ').map_or(cut, |(before, _)| before);
    format!("{}…", cut.trim_end_matches([',', ';', ':', '.']))
}

/// What drawing asks of the commons around a page.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Whether a page of a name stands here.
    pub exists: &'a dyn Fn(&Name) -> bool,
    /// The file that belongs to a file page, if it is here.
    pub file: &'a dyn Fn(&Name) -> Option<Attachment>,
}

/// Draws an article.
#[must_use]
pub fn draw(article: &Article, around: Around<'_>) -> Drawn {
    draw_and_text(article, around).0
}

/// Draws an article and gives its plain text too, reading the markup once.
#[must_use]
pub fn draw_and_text(article: &Article, around: Around<'_>) -> (Drawn, String) {
    match article.media {
        Media::Wikitext => {
            let site = site_of(article);
            let document = wikitext::parse(&article.content, &site);
            (
                draw_document(&document, article, &site, around),
                document.plain_text(),
            )
        }
        Media::Markdown => (
            draw_markdown(article, around),
            markdown_text(&article.content),
        ),
    }
}

struct World<'a> {
    around: Around<'a>,
    site: &'a wikitext::Site,
    words: wikitext::Words,
}

impl wikitext::Context for World<'_> {
    fn link(&self, title: &wikitext::Title) -> wikitext::LinkState {
        let exists = self.around.exists;
        match Name::of_site(self.site, title) {
            Some(name) => {
                let upper = name.first_upper();
                if exists(&name) {
                    wikitext::LinkState::Exists { url: name.href() }
                } else if upper != name && exists(&upper) {
                    wikitext::LinkState::Exists { url: upper.href() }
                } else {
                    wikitext::LinkState::Missing { url: upper.href() }
                }
            }
            None => wikitext::LinkState::Missing {
                url: "/search".to_owned(),
            },
        }
    }

    fn file(&self, name: &str) -> Option<wikitext::FileRef> {
        let name = Name::new(Kind::File, name).ok()?.first_upper();
        let file = (self.around.file)(&name)?;
        Some(wikitext::FileRef {
            url: format!("/blobs/{}", file.sha256),
            width: file.width,
            height: file.height,
            mime: file.media_type,
        })
    }

    fn words(&self) -> &wikitext::Words {
        &self.words
    }
}

/// The words of the program within a text, in the text's language as far as there are any.
fn words_of(article: &Article) -> wikitext::Words {
    if article.language == "es" {
        wikitext::Words::spanish()
    } else {
        wikitext::Words::english()
    }
}

fn draw_document(
    document: &wikitext::Document,
    article: &Article,
    site: &wikitext::Site,
    around: Around<'_>,
) -> Drawn {
    let words = words_of(article);
    let rendered = document.render(&World {
        around,
        site,
        words,
    });
    let entries: Vec<Entry> = rendered
        .toc
        .into_iter()
        .map(|entry| Entry {
            level: entry.level,
            id: entry.id,
            html: entry.html,
        })
        .collect();
    let categories = document.categories().into_iter();
    Drawn {
        sections: entries.len() as u32,
        words: rendered.words as u32,
        categories: keys(categories.filter_map(|(title, _)| Name::of_wiki(&title))),
        toc: contents(&entries),
        body: rendered.html,
    }
}

/// The keys of names, sorted, each once.
fn keys(names: impl Iterator<Item = Name>) -> Vec<String> {
    let keys: BTreeSet<String> = names.map(|name| name.key()).collect();
    keys.into_iter().collect()
}

/// One heading, for the list of contents.
struct Entry {
    level: u8,
    id: String,
    html: String,
}

/// Draws the list of contents as nested lists.
fn contents(entries: &[Entry]) -> String {
    let mut html = String::new();
    let mut open: Vec<u8> = Vec::new();
    for entry in entries {
        while open.last().is_some_and(|level| *level > entry.level) && open.len() > 1 {
            html.push_str("</li></ol>");
            open.pop();
        }
        match open.last() {
            Some(level) if *level >= entry.level => html.push_str("</li>"),
            _ => {
                html.push_str("<ol>");
                open.push(entry.level);
            }
        }
        html.push_str("<li><a href=\"#");
        html.push_str(&site::encode(&entry.id));
        html.push_str("\">");
        html.push_str(&entry.html);
        html.push_str("</a>");
    }
    for _ in open {
        html.push_str("</li></ol>");
    }
    html
}

pub(crate) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.superscript = true;
    options.render.r#unsafe = false;
    options.parse.smart = true;
    options
}

/// Returns the page that a Markdown link of the form `wiki:Title` names.
fn wiki_link(url: &str) -> Option<Name> {
    let title = url.strip_prefix("wiki:")?;
    let title = title.split('#').next().unwrap_or(title);
    let parsed = SITE.title(&site::decode(title), 0).ok()?;
    Name::of_wiki(&parsed)
}

fn draw_markdown(article: &Article, around: Around<'_>) -> Drawn {
    let exists = around.exists;
    let arena = Arena::new();
    let options = options();
    let root = comrak::parse_document(&arena, &article.content, &options);
    let mut entries: Vec<Entry> = Vec::new();
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
        match &mut node.data.borrow_mut().value {
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
            let mut number = 2;
            while entries.iter().any(|entry| entry.id == id) {
                id = format!("{base}-{number}");
                number += 1;
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
    let _ = comrak::format_html(root, &options, &mut html);
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
    for href in missing {
        html = html.replace(
            &format!("<a href=\"{href}\""),
            &format!("<a class=\"new\" href=\"{href}\""),
        );
    }
    let words = markdown_text(&article.content).split_whitespace().count();
    let categories = article.categories.iter();
    Drawn {
        sections: entries.len() as u32,
        words: words as u32,
        categories: keys(categories.filter_map(|title| Name::new(Kind::Category, title).ok())),
        toc: contents(&entries),
        body: html,
    }
}

/// Makes a picture of the commons stand in a text, and of any other a link to it.
fn show_file<'a>(node: &'a comrak::nodes::AstNode<'a>, file: &dyn Fn(&Name) -> Option<Attachment>) {
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
    for (number, part) in html.split("<table>").enumerate() {
        if number > 0 {
            let mut name = format!("{word} {number}");
            let heading = out
                .rfind("</h")
                .and_then(|end| Some(&out[out[..end].rfind("<h")?..end]));
            if let Some((_, heading)) = heading.and_then(|h| h.split_once('>')) {
                name.push_str(": ");
                name.push_str(&without_tags(heading).replace('"', "&quot;"));
            }
            out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
            out.push_str(&name);
            out.push_str("\"><table>");
        }
        out.push_str(part);
    }
    out.replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">")
}

/// Returns the text between the tags of clean HTML.
pub(crate) fn without_tags(html: &str) -> String {
    html.split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect()
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

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
