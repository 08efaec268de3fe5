//! From an article's text: what it mentions, what a search finds in it, and its HTML.

use crate::drawn::Drawn;
use crate::markdown;
use crate::model::{Article, Attachment, Kind, Media, Name, site_of};
use crate::redirects::Unreadable;
use crate::tables::Fault;
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
            let read = markdown::read(&article.content);
            for (name, is_file) in read.names {
                if is_file {
                    links.insert(Link {
                        relation: "uses",
                        to_key: name.first_upper().key(),
                    });
                } else if name != article.name {
                    links.insert(mention(name));
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
            found.words = read.text.split_whitespace().count();
            found.lead = shorten(&read.first_paragraph, LEAD);
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
            markdown::draw(article, around),
            markdown::read(&article.content).text,
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
pub(crate) fn words_of(article: &Article) -> wikitext::Words {
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
pub(crate) fn keys(names: impl Iterator<Item = Name>) -> Vec<String> {
    let keys: BTreeSet<String> = names.map(|name| name.key()).collect();
    keys.into_iter().collect()
}

/// One heading, for the list of contents.
pub(crate) struct Entry {
    pub(crate) level: u8,
    pub(crate) id: String,
    pub(crate) html: String,
}

/// Draws the list of contents as nested lists.
pub(crate) fn contents(entries: &[Entry]) -> String {
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

/// Returns the text between the tags of clean HTML.
pub(crate) fn without_tags(html: &str) -> String {
    html.split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect()
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
