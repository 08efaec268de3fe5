//! Citations: the footnotes of a text, and the sources that they name.

use crate::model::Media;
use std::collections::HashSet;

/// A footnote that is cited and has no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The line that cites it, from 1.
    pub line: usize,
    /// Its mark: `2` of `[^2]`.
    pub label: String,
}

/// Returns the footnotes that are cited in a Markdown text and that no line defines, each once.
#[must_use]
pub fn missing(text: &str) -> Vec<Missing> {
    let mut defined = HashSet::new();
    let mut cited: Vec<Missing> = Vec::new();
    let mut seen = HashSet::new();
    let mut fence: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                continue;
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                continue;
            }
            (Some(_), _) => continue,
            (None, None) => {}
        }
        let mut rest = line;
        if let Some(after) = trimmed.strip_prefix("[^")
            && let Some((label, after)) = after.split_once("]:")
        {
            defined.insert(label.to_lowercase());
            rest = after;
        }
        for (index, part) in rest.split('`').enumerate() {
            // Between marks of code nothing is cited.
            if index % 2 == 1 {
                continue;
            }
            for after in part.split("[^").skip(1) {
                let Some((label, _)) = after.split_once(']') else {
                    continue;
                };
                if label.is_empty() || label.contains(char::is_whitespace) {
                    continue;
                }
                let label = label.to_lowercase();
                if seen.insert(label.clone()) {
                    cited.push(Missing {
                        line: number + 1,
                        label,
                    });
                }
            }
        }
    }
    cited.retain(|one| !defined.contains(&one.label));
    cited
}

/// A source, as a reader gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Who wrote it.
    pub author: String,
    /// What it is called.
    pub title: String,
    /// Where it came out: a publisher, a journal with its number, a place.
    pub published: String,
    /// When: a year, or more exactly.
    pub year: String,
    /// Its DOI, as `10.1000/182`.
    pub doi: String,
    /// Its ISBN, as it was written.
    pub isbn: String,
    /// Where it is on the web.
    pub url: String,
}

/// What is wrong with a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceError {
    /// Neither a title nor an address is given.
    Empty,
    /// This is no DOI.
    Doi,
    /// This is no ISBN, or a digit of it is wrong.
    Isbn,
    /// This is no address of the web.
    Url,
}

impl Source {
    /// Checks a source, and puts its DOI and ISBN into their usual forms.
    ///
    /// # Errors
    /// What is wrong, at least one.
    pub fn checked(mut self) -> Result<Self, Vec<SourceError>> {
        let mut wrong = Vec::new();
        for text in [
            &mut self.author,
            &mut self.title,
            &mut self.published,
            &mut self.year,
            &mut self.url,
        ] {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if !self.doi.is_empty() {
            match doi(&self.doi) {
                Some(doi) => self.doi = doi,
                None => wrong.push(SourceError::Doi),
            }
        }
        if !self.isbn.is_empty() && !is_isbn(&self.isbn) {
            wrong.push(SourceError::Isbn);
        }
        let plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '[' | ']' | '|' | '"');
        let good = people::is_web_address(&self.url) && self.url.chars().all(plain);
        if !self.url.is_empty() && !good {
            wrong.push(SourceError::Url);
        }
        if [&self.title, &self.doi, &self.isbn, &self.url]
            .iter()
            .all(|text| text.is_empty())
        {
            wrong.push(SourceError::Empty);
        }
        if wrong.is_empty() {
            Ok(self)
        } else {
            Err(wrong)
        }
    }

    /// Returns the words of its footnote.
    #[must_use]
    pub fn note(&self, media: Media) -> String {
        let plain = |text: &str| match media {
            Media::Markdown => escaped(text, r"\`*_[]<>#|"),
            Media::Wikitext => text.replace(['[', ']', '{', '}', '|', '<', '>'], " "),
        };
        let mut parts = Vec::new();
        let who = match (self.author.is_empty(), self.year.is_empty()) {
            (false, false) => format!("{} ({})", plain(&self.author), plain(&self.year)),
            (false, true) => plain(&self.author),
            (true, _) => String::new(),
        };
        parts.push(who);
        let mark = match media {
            Media::Markdown => "*",
            Media::Wikitext => "''",
        };
        if !self.title.is_empty() {
            parts.push(format!("{mark}{}{mark}", plain(&self.title)));
        }
        let mut published = plain(&self.published);
        if self.author.is_empty() && !self.year.is_empty() {
            let join = if published.is_empty() { "" } else { ", " };
            published = format!("{published}{join}{}", plain(&self.year));
        }
        parts.push(published);
        let link = |url: &str, text: &str| match media {
            Media::Markdown => format!("[{text}](<{url}>)"),
            Media::Wikitext => format!("[{url} {text}]"),
        };
        if !self.doi.is_empty() {
            let url = format!("https://doi.org/{}", site::encode_title(&self.doi));
            parts.push(link(&url, &format!("doi:{}", plain(&self.doi))));
        }
        if !self.isbn.is_empty() {
            parts.push(format!("ISBN {}", self.isbn.trim()));
        }
        if !self.url.is_empty() {
            let host = self.url.split("://").nth(1).unwrap_or(&self.url);
            let host = host.split(['/', '?', '#']).next().unwrap_or(host);
            parts.push(link(&self.url, &plain(host)));
        }
        parts.retain(|part| !part.is_empty());
        let mut note = parts.join(". ");
        if !note.ends_with('.') {
            note.push('.');
        }
        note
    }
}

fn escaped(text: &str, signs: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if signs.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Reads a DOI, alone or within an address: `10.` and a registrant, `/`, and anything without spaces.
///
/// Source: DOI Handbook, section 2.2.
fn doi(text: &str) -> Option<String> {
    let text = text.trim();
    let from = text.find("10.")?;
    let before = text[..from].to_lowercase();
    if !matches!(
        before.trim_end(),
        "" | "doi:"
            | "https://doi.org/"
            | "http://doi.org/"
            | "https://dx.doi.org/"
            | "http://dx.doi.org/"
            | "doi.org/"
    ) {
        return None;
    }
    let doi = &text[from..];
    let (registrant, rest) = doi[3..].split_once('/')?;
    let good = registrant.len() >= 4
        && registrant.chars().all(|c| c.is_ascii_digit() || c == '.')
        && !rest.is_empty()
        && rest
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"'));
    good.then(|| doi.to_owned())
}

/// Returns whether a text is an ISBN of 10 or 13 digits whose check digit is right.
///
/// Source: ISO 2108.
fn is_isbn(text: &str) -> bool {
    let signs: Vec<char> = text
        .chars()
        .filter(|c| !matches!(c, '-' | ' ' | '–'))
        .collect();
    let digit = |c: &char| c.to_digit(10);
    match signs.len() {
        10 => {
            let mut sum = 0;
            for (at, c) in signs.iter().enumerate() {
                let value = match digit(c) {
                    Some(value) => value,
                    None if at == 9 && matches!(c, 'X' | 'x') => 10,
                    None => return false,
                };
                sum += value * (10 - at as u32);
            }
            sum.is_multiple_of(11)
        }
        13 => {
            let digits: Option<Vec<u32>> = signs.iter().map(digit).collect();
            let Some(digits) = digits else { return false };
            let sum: u32 = digits
                .iter()
                .enumerate()
                .map(|(at, value)| value * if at % 2 == 0 { 1 } else { 3 })
                .sum();
            sum.is_multiple_of(10)
        }
        _ => false,
    }
}

/// Returns a text with a footnote more: its mark stands where the pen was, counted in UTF-16 units as browsers count,
/// or at the end of the last paragraph that is no footnote. `whole` is all of the page, where `text` is a part of it.
#[must_use]
pub fn with_note(
    text: &str,
    whole: &str,
    pen: Option<usize>,
    media: Media,
    source: &Source,
) -> String {
    let note = source.note(media);
    let end = || {
        let notes = text
            .lines()
            .rev()
            .take_while(|line| line.trim().is_empty() || line.starts_with("[^"))
            .map(|line| line.len() + 1)
            .sum::<usize>();
        let body = text.len().saturating_sub(notes);
        let body = (0..=body)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text[..body].trim_end().len()
    };
    let at = pen.and_then(|pen| byte_at(text, pen)).unwrap_or_else(end);
    let (before, after) = text.split_at(at);
    match media {
        Media::Wikitext => format!("{before}<ref>{note}</ref>{after}"),
        Media::Markdown => {
            let label = (1..)
                .map(|number: u32| format!("[^{number}]"))
                .find(|label| !text.contains(label.as_str()) && !whole.contains(label.as_str()))
                .unwrap_or_default();
            let after = after.trim_end_matches('\n');
            let joined = format!("{before}{label}{after}");
            let last = joined.lines().last().unwrap_or_default();
            let gap = if last.starts_with("[^") { "\n" } else { "\n\n" };
            format!("{joined}{gap}{label}: {note}\n")
        }
    }
}

/// Returns the byte at which a UTF-16 unit begins; none beyond the end.
fn byte_at(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= unit {
            return Some(at);
        }
        units += c.len_utf16();
    }
    (units >= unit).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::{Missing, Source, SourceError, doi, is_isbn, missing, with_note};
    use crate::model::Media;

    #[test]
    fn a_footnote_that_is_cited_and_not_defined_is_named_with_its_line() {
        let text = "One.[^1]\n\nTwo.[^2] `[^x]`\n\n```\n[^code]\n```\n\n[^1]: A book.\n";
        assert_eq!(
            missing(text),
            [Missing {
                line: 3,
                label: "2".to_owned()
            }]
        );
        assert!(missing("Three.[^N]\n\n[^n]: There.\n").is_empty());
    }

    #[test]
    fn a_source_has_a_title_or_an_address_and_its_numbers_are_right() {
        for good in [
            "10.1000/182",
            "doi:10.1000/182",
            "https://doi.org/10.1000/182",
        ] {
            assert_eq!(doi(good).as_deref(), Some("10.1000/182"), "{good}");
        }
        for bad in [
            "10.1/x",
            "11.1000/182",
            "10.1000/",
            "10.1000/a b",
            "see 10.1000/182",
        ] {
            assert_eq!(doi(bad), None, "{bad}");
        }
        for good in ["978-0-306-40615-7", "0-306-40615-2", "080442957X"] {
            assert!(is_isbn(good), "{good}");
        }
        for bad in [
            "978-0-306-40615-8",
            "0-306-40615-3",
            "12",
            "x".repeat(13).as_str(),
        ] {
            assert!(!is_isbn(bad), "{bad}");
        }
        let wrong = Source {
            doi: "x".to_owned(),
            url: "javascript:alert(1)".to_owned(),
            ..Source::default()
        };
        assert_eq!(
            wrong.checked(),
            Err(vec![SourceError::Doi, SourceError::Url])
        );
        assert_eq!(Source::default().checked(), Err(vec![SourceError::Empty]));
    }

    #[test]
    fn a_footnote_stands_at_the_pen_with_a_number_of_its_own() {
        let source = Source {
            author: "Ana *Paz*".to_owned(),
            title: "Ovens".to_owned(),
            year: "2020".to_owned(),
            isbn: "0-306-40615-2".to_owned(),
            ..Source::default()
        };
        let source = source.checked().expect("a source");
        let text = "Héllo 🜁 world.[^1]\n\n[^1]: One.\n";
        let with = with_note(text, text, Some(8), Media::Markdown, &source);
        assert_eq!(
            with,
            "Héllo 🜁[^2] world.[^1]\n\n[^1]: One.\n[^2]: Ana \\*Paz\\* (2020). *Ovens*. ISBN 0-306-40615-2.\n"
        );
        assert!(missing(&with).is_empty());
        let last = with_note(text, "[^2]", None, Media::Markdown, &source);
        assert!(last.starts_with("Héllo 🜁 world.[^1][^3]\n"), "{last}");
        let wiki = with_note("A loom.", "", None, Media::Wikitext, &source);
        assert_eq!(
            wiki,
            "A loom.<ref>Ana *Paz* (2020). ''Ovens''. ISBN 0-306-40615-2.</ref>"
        );
        assert!(with_note("", "", Some(99), Media::Markdown, &source).starts_with("[^1]"));
    }
}
