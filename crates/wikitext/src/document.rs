//! A page that was read: its lists, its problems, and the ways to show it.

use crate::parser::{Found, Level, MAX_DEPTH, Parser};
use crate::title::{LinkTarget, Title, TitleError};
use crate::tree::Node;
use crate::{Context, Rendered, Site};
use std::collections::HashMap;

/// The longest text that is read; places in it are kept in 32 bits. What is longer is cut.
const MAX_BYTES: usize = u32::MAX as usize - 1;

/// Words that make a page a redirect. Source: the `redirect` magic word in MediaWiki's messages for
/// en, es, fr, de, pt, it and nl.
const REDIRECT: &[&str] = &[
    "REDIRECT",
    "REDIRECCIÓN",
    "REDIRECCION",
    "REDIRECTION",
    "WEITERLEITUNG",
    "REDIRECIONAMENTO",
    "RINVIA",
    "RINVIO",
    "RIMANDO",
    "DOORVERWIJZING",
];

/// Something in a page that could not be read as it was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable name: `unclosed_link`, `unknown_template`, `left_out`, … (the README lists all).
    pub code: &'static str,
    /// Where, in bytes.
    pub at: usize,
    /// The line, from 1.
    pub line: usize,
    /// The text in question, or what is wrong with it.
    pub what: String,
}

/// A link to another page, with how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// The page.
    pub title: Title,
    /// The place in it.
    pub anchor: Option<String>,
    /// How often this page links there.
    pub count: usize,
}

/// A use of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateUse<'d> {
    /// Its name, as [`known_template`](crate::known_template) takes it; parser functions begin with `#`.
    pub name: &'d str,
    /// Where, in bytes.
    pub at: usize,
    /// The arguments in order: name and value as written, without blanks around them. Those without
    /// a name are called by their number.
    pub params: Vec<(String, &'d str)>,
}

impl TemplateUse<'_> {
    /// Returns the value of an argument; empty ones count as absent.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().rev().find(|(known, _)| known == name);
        found
            .map(|(_, value)| *value)
            .filter(|value| !value.is_empty())
    }
}

/// A page of wikitext, read. Made by [`parse`] and [`parse_page`].
#[derive(Debug)]
pub struct Document {
    pub(crate) text: Box<str>,
    pub(crate) root: Vec<Node>,
    pub(crate) found: Found,
    pub(crate) page: Option<(Title, String)>,
    redirect: Option<Result<LinkTarget, TitleError>>,
    problems: Vec<Problem>,
}

/// Reads a page whose own title does not matter. Never fails.
pub fn parse(text: &str, site: &Site) -> Document {
    read(text, site, None)
}

/// Reads the page `title`: `[[/es]]` and `{{PAGENAME}}` are understood. Never fails.
pub fn parse_page(text: &str, title: &Title, site: &Site) -> Document {
    read(text, site, Some(title))
}

fn read(text: &str, site: &Site, title: Option<&Title>) -> Document {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let mut parser = Parser::new(text, site, title);
    let redirect = redirect(text, site, title);
    // The line of a redirect is not text.
    let start = match &redirect {
        Some((_, after)) => *after,
        None => 0,
    };
    let lexed = parser.lex(start, end);
    let root = parser.blocks(Level::of(&lexed, start, end), MAX_DEPTH);
    let Parser {
        found,
        mut problems,
        more_problems,
        ..
    } = parser;
    if let Some((Err(error), _)) = &redirect {
        problems.push(Problem {
            code: "bad_redirect",
            at: 0,
            line: 0,
            what: error.to_string(),
        });
    }
    if more_problems > 0 {
        problems.push(Problem {
            code: "more_problems",
            at: end,
            line: 0,
            what: more_problems.to_string(),
        });
    }
    problems.sort_by_key(|problem| problem.at);
    let (mut line, mut from) = (1, 0);
    for problem in &mut problems {
        let at = problem.at.min(end).max(from);
        line += text.as_bytes()[from..at]
            .iter()
            .filter(|&&b| b == b'\n')
            .count();
        from = at;
        problem.line = line;
    }
    Document {
        text: text.into(),
        root,
        found,
        page: title.map(|title| {
            (
                title.clone(),
                site.namespace_name(title.namespace).to_owned(),
            )
        }),
        redirect: redirect.map(|(target, _)| target),
        problems,
    }
}

/// Reads `#REDIRECT [[target]]` at the start of a page; also returns where it ends.
fn redirect(
    text: &str,
    site: &Site,
    page: Option<&Title>,
) -> Option<(Result<LinkTarget, TitleError>, usize)> {
    let rest = text.trim_start().trim_start_matches('\u{feff}');
    let rest = rest.strip_prefix('#')?.trim_start_matches([' ', '\t']);
    let word: String = rest
        .chars()
        .take_while(|c| c.is_alphabetic())
        .take(24)
        .collect();
    let upper = word.to_uppercase();
    if !REDIRECT.contains(&upper.as_str()) {
        return None;
    }
    let rest = rest[word.len()..].trim_start();
    let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
    let at = |rest: &str| text.len() - rest.len();
    let line_end = |rest: &str| at(rest) + rest.find('\n').unwrap_or(rest.len());
    let Some(inner) = rest.strip_prefix("[[") else {
        // `#Redirect` in a sentence is no redirect; on a line of its own it was meant as one.
        let line = rest.lines().next().unwrap_or("").trim();
        let meant = line.is_empty() || line.starts_with('[') || word == upper;
        return meant.then(|| (Err(TitleError::NoTarget), line_end(rest)));
    };
    let line = &inner[..inner.find('\n').unwrap_or(inner.len())];
    let Some(close) = line.find("]]") else {
        let title = line.trim().trim_end_matches(']').to_owned();
        return Some((Err(TitleError::Unclosed { title }), line_end(inner)));
    };
    let raw = &line[..close];
    let end = at(inner) + close + 2;
    if let Some((title, _)) = raw.split_once('|') {
        return Some((
            Err(TitleError::Piped {
                title: title.trim().to_owned(),
            }),
            end,
        ));
    }
    let target = site
        .target(raw, page)
        .and_then(|target| match target.title.text.as_str() {
            "" => Err(TitleError::Empty),
            _ => Ok(target),
        });
    Some((target, end))
}

impl Document {
    /// Returns where the page redirects to, or what is wrong with its `#REDIRECT`; `None` if it is
    /// no redirect.
    pub fn redirect(&self) -> Option<Result<LinkTarget, TitleError>> {
        self.redirect.clone()
    }

    /// Returns the pages of this wiki that are linked, each place once, in the order of the text.
    /// Categories and files are in their own lists; `[[:Category:X]]` is a link.
    pub fn links(&self) -> Vec<PageLink> {
        let mut places: HashMap<(&Title, Option<&str>), usize> = HashMap::new();
        let mut links: Vec<PageLink> = Vec::new();
        for target in &self.found.links {
            let next = links.len();
            let place = *places
                .entry((&target.title, target.anchor.as_deref()))
                .or_insert(next);
            match links.get_mut(place) {
                Some(link) => link.count += 1,
                None => links.push(PageLink {
                    title: target.title.clone(),
                    anchor: target.anchor.clone(),
                    count: 1,
                }),
            }
        }
        links
    }

    /// Returns the categories of the page, each once, with its key for sorting (often empty).
    pub fn categories(&self) -> Vec<(Title, String)> {
        let default = self.found.default_sort.as_deref().unwrap_or("");
        let mut places: HashMap<&Title, usize> = HashMap::new();
        let mut categories: Vec<(Title, String)> = Vec::new();
        for (title, sort) in &self.found.categories {
            let next = categories.len();
            let place = *places.entry(title).or_insert(next);
            if place == next {
                categories.push((title.clone(), String::new()));
            }
            let key = &mut categories[place].1;
            if key.is_empty() {
                *key = if sort.is_empty() {
                    default.to_owned()
                } else {
                    sort.clone()
                };
            }
        }
        categories
    }

    /// Returns all uses of templates and parser functions, in the order in which they end.
    pub fn templates(&self) -> Vec<TemplateUse<'_>> {
        let uses = self.found.templates.iter().map(|found| {
            let mut number = 0;
            let params = found.params.iter().map(|(name, value)| {
                let name = if name.is_empty() {
                    number += 1;
                    number.to_string()
                } else {
                    name.of(&self.text).to_owned()
                };
                (name, value.of(&self.text))
            });
            TemplateUse {
                name: &found.name,
                at: found.at as usize,
                params: params.collect(),
            }
        });
        uses.collect()
    }

    /// Returns the names of the files that are shown or linked, each once, without namespace.
    pub fn files(&self) -> Vec<&str> {
        unique(self.found.files.iter().map(String::as_str))
    }

    /// Returns the addresses of other sites that are linked, each once.
    pub fn external_links(&self) -> Vec<&str> {
        unique(self.found.external.iter().map(String::as_str))
    }

    /// Returns the links to pages of other wikis, each once.
    pub fn interwiki(&self) -> Vec<&LinkTarget> {
        unique(self.found.interwiki.iter())
    }

    /// Returns the same page in other languages (`[[es:Minga]]`), each once.
    pub fn languages(&self) -> Vec<&LinkTarget> {
        unique(self.found.languages.iter())
    }

    /// Returns what was broken, unknown or left out, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the text that was read.
    pub fn source(&self) -> &str {
        &self.text
    }

    /// Returns readable text without markup, a line per block: for search.
    ///
    /// The arguments of known templates, captions and notes are in it; addresses of links are not.
    pub fn plain_text(&self) -> String {
        crate::text::plain(self)
    }

    /// Returns the first real paragraph, at most `max_chars` characters, cut between words.
    pub fn summary(&self, max_chars: usize) -> String {
        crate::text::summary(self, max_chars)
    }

    /// Draws the page.
    pub fn render(&self, context: &dyn Context) -> Rendered {
        crate::html::render(self, context)
    }
}

fn unique<T: Copy + Eq + std::hash::Hash>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = std::collections::HashSet::new();
    items.filter(|item| seen.insert(*item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(text: &str) -> Option<Result<String, TitleError>> {
        let site = Site::default();
        parse(text, &site)
            .redirect()
            .map(|to| to.map(|to| site.full(&to.title)))
    }

    #[test]
    fn redirects_are_read_in_seven_languages() {
        for text in [
            "#REDIRECT [[seed bank]]",
            " \n# redirect: [[Seed_bank]] and more",
            "#Redirección[[Seed bank]]",
            "#WEITERLEITUNG [[:Seed bank]]",
        ] {
            assert_eq!(to(text), Some(Ok("Seed bank".to_owned())), "{text}");
        }
        assert_eq!(
            to("#REDIRECT [[:Category:Seeds]]"),
            Some(Ok("Category:Seeds".to_owned()))
        );
        assert_eq!(to("# Redirect people to the hall"), None);
        assert_eq!(to("text #REDIRECT [[x]]"), None);
    }

    #[test]
    fn broken_redirects_say_what_is_wrong() {
        let error = |text: &str| to(text).and_then(Result::err);
        assert_eq!(error("#REDIRECT"), Some(TitleError::NoTarget));
        assert_eq!(error("#REDIRECT Seed bank"), Some(TitleError::NoTarget));
        assert!(matches!(
            error("#REDIRECT [[a|b]]"),
            Some(TitleError::Piped { .. })
        ));
        assert!(matches!(
            error("#REDIRECT [[a]\nb]]"),
            Some(TitleError::Unclosed { .. })
        ));
        assert_eq!(error("#REDIRECT [[#x]]"), Some(TitleError::Empty));
        assert!(matches!(
            error("#REDIRECT [[a<b]]"),
            Some(TitleError::Character { .. })
        ));
    }

    #[test]
    fn problems_know_their_line() {
        let document = parse("one\ntwo [[three\n\n{{four", &Site::default());
        let told: Vec<_> = document
            .problems()
            .iter()
            .map(|p| (p.code, p.line))
            .collect();
        assert_eq!(told, [("unclosed_link", 2), ("unclosed_template", 4)]);
    }
}
