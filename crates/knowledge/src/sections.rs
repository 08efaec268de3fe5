//! The sections of a text as it is written: where each begins and ends, under the id that its drawn heading has.

use crate::model::{Article, Media};
use comrak::Arena;
use comrak::nodes::NodeValue;
use std::ops::Range;

/// One heading in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Heading {
    level: u8,
    /// Where its line begins.
    at: usize,
    text: String,
}

/// Returns where the section with this heading stands in the text, from its heading to the next one of the same
/// level or a higher one; none if it cannot be told, or if two headings say the same.
#[must_use]
pub fn find(article: &Article, heading: &str) -> Option<Range<usize>> {
    let headings = match article.media {
        Media::Markdown => markdown(&article.content),
        Media::Wikitext => wikitext(&article.content),
    };
    let wanted = plain(heading);
    let mut found = headings
        .iter()
        .enumerate()
        .filter(|(_, one)| plain(&one.text) == wanted);
    let (index, first) = found.next()?;
    if wanted.is_empty() || found.next().is_some() {
        return None;
    }
    let end = headings
        .iter()
        .skip(index + 1)
        .find(|next| next.level <= first.level);
    Some(first.at..end.map_or(article.content.len(), |next| next.at))
}

/// Returns the heading of the section in which a line stands, counted from 1; none where it stands in none, or where
/// [`find`] could not tell that section from another.
#[must_use]
pub fn heading_of_line(article: &Article, line: usize) -> Option<String> {
    let at: usize = article
        .content
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let headings = match article.media {
        Media::Markdown => markdown(&article.content),
        Media::Wikitext => wikitext(&article.content),
    };
    let heading = headings.into_iter().rev().find(|one| one.at <= at)?.text;
    find(article, &heading).map(|_| heading.trim().to_owned())
}

/// Returns a text with another section in the place of one. Empty lines before the next heading stay: a form's
/// text loses them easily, and a heading needs one before it.
#[must_use]
pub fn replaced(text: &str, section: Range<usize>, with: &str) -> String {
    let before = text.get(..section.start).unwrap_or_default();
    let after = text.get(section.end..).unwrap_or_default();
    let old = text.get(section).unwrap_or_default();
    let gap = &old[old.trim_end_matches(['\n', '\r']).len()..];
    let had = with.len() - with.trim_end_matches(['\n', '\r']).len();
    if after.is_empty() || with.trim().is_empty() || had >= gap.len() {
        return [before, with, after].concat();
    }
    [before, with.trim_end_matches(['\n', '\r']), gap, after].concat()
}

/// Folds a heading for comparing: letters and digits alone.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn markdown(text: &str) -> Vec<Heading> {
    let arena = Arena::new();
    let root = crate::markdown::parse(&arena, text);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut headings = Vec::new();
    for node in root.children() {
        let data = node.data.borrow();
        let NodeValue::Heading(heading) = &data.value else {
            continue;
        };
        let Some(at) = starts.get(data.sourcepos.start.line.saturating_sub(1)) else {
            continue;
        };
        let mut words = String::new();
        for part in node.descendants() {
            match &part.data.borrow().value {
                NodeValue::Text(part) => words.push_str(part),
                NodeValue::Code(code) => words.push_str(&code.literal),
                _ => {}
            }
        }
        headings.push(Heading {
            level: heading.level,
            at: *at,
            text: words,
        });
    }
    headings
}

/// Finds the lines between equal signs, outside of what is shown as it is typed and of comments.
fn wikitext(text: &str) -> Vec<Heading> {
    const TYPED: [(&str, &str); 5] = [
        ("<!--", "-->"),
        ("<nowiki>", "</nowiki>"),
        ("<pre", "</pre>"),
        ("<syntaxhighlight", "</syntaxhighlight>"),
        ("<source", "</source>"),
    ];
    let mut headings = Vec::new();
    let mut at = 0;
    let mut typed: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let lower = line.to_lowercase();
        let begun_within = typed.is_some();
        let mut rest = lower.as_str();
        loop {
            match typed {
                Some(end) => match rest.split_once(end) {
                    Some((_, after)) => {
                        typed = None;
                        rest = after;
                    }
                    None => break,
                },
                None => {
                    let first = TYPED
                        .iter()
                        .filter_map(|(begin, end)| Some((rest.find(begin)?, begin, end)))
                        .min_by_key(|(place, _, _)| *place);
                    match first {
                        Some((place, begin, end)) => {
                            typed = Some(end);
                            rest = rest.get(place + begin.len()..).unwrap_or_default();
                        }
                        None => break,
                    }
                }
            }
        }
        let shown = line.trim_end();
        let signs = |text: &str| text.bytes().take_while(|byte| *byte == b'=').count();
        let level = signs(shown)
            .min(shown.bytes().rev().take_while(|byte| *byte == b'=').count())
            .min(6);
        if !begun_within && level > 0 && shown.len() > 2 * level {
            let inner = shown.get(level..shown.len() - level).unwrap_or_default();
            let words = inner.replace("\'\'", "");
            headings.push(Heading {
                level: level as u8,
                at,
                text: linked(&words),
            });
        }
        at += line.len();
    }
    headings
}

/// Returns what a heading with links shows.
fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        out.push_str(before);
        match after.split_once("]]") {
            Some((link, after)) => {
                out.push_str(link.rsplit_once('|').map_or(link, |(_, shown)| shown));
                rest = after;
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Heading, linked, markdown, wikitext};

    fn told(headings: &[Heading]) -> Vec<(u8, usize, &str)> {
        headings
            .iter()
            .map(|one| (one.level, one.at, one.text.trim()))
            .collect()
    }

    #[test]
    fn headings_are_found_where_they_are_headings() {
        let wiki = "Intro\n== One ==\ntext\n<pre>\n== no ==\n</pre>\n=== [[Page|Two]] ===\n<!-- == no == -->\n= x\n";
        assert_eq!(told(&wikitext(wiki)), [(2, 6, "One"), (3, 43, "Two")]);
        assert_eq!(linked("a [[b]] [[c|d]] e"), "a b d e");
        let mark = "Intro\n\n# One\n\n```\n# no\n```\n\nTwo *and*\n---\n";
        assert_eq!(told(&markdown(mark)), [(1, 7, "One"), (2, 28, "Two and")]);
    }

    #[test]
    fn a_section_keeps_the_empty_line_before_the_next_heading() {
        let text = "# A\n\none\n\n## B\n\ntwo\n\n## C\n\nthree\n";
        let b = text.find("## B").unwrap()..text.find("## C").unwrap();
        let c = text.find("## C").unwrap()..text.len();
        let told = super::replaced(text, b.clone(), "## B\n\nzwei\n");
        assert_eq!(told, "# A\n\none\n\n## B\n\nzwei\n\n## C\n\nthree\n");
        // Nothing is added where the section is taken out, or the last, or has its own.
        assert_eq!(
            super::replaced(text, b.clone(), ""),
            "# A\n\none\n\n## C\n\nthree\n"
        );
        assert!(super::replaced(text, c, "## C\n\ndrei").ends_with("drei"));
        let more = super::replaced(text, b, "## B\n\nzwei\n\n\n");
        assert!(more.contains("zwei\n\n\n## C"));
    }
}
