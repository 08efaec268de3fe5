//! Titles of pages: how they are written, compared and refused.

use crate::entity;
use std::borrow::Cow;

/// The longest title that MediaWiki's database column holds, in bytes.
pub const MAX_TITLE_BYTES: usize = 255;

/// The name of a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Title {
    /// The number of its namespace; 0 for articles.
    pub namespace: i32,
    /// The name without its namespace: spaces instead of underscores, first letter raised where
    /// the wiki does so. Empty only in a link to a place of the same page.
    pub text: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkTarget {
    /// The prefix of another wiki; then `title.text` is the name there, unread.
    pub interwiki: Option<String>,
    /// The page.
    pub title: Title,
    /// The place in the page, as written after `#`, with spaces.
    pub anchor: Option<String>,
}

/// Why a text is not the title of a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TitleError {
    /// Nothing is left.
    #[error("the title is empty")]
    Empty,
    /// Longer than [`MAX_TITLE_BYTES`].
    #[error("the title has {bytes} bytes, and 255 is the most")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A character that MediaWiki allows in no title.
    #[error("“{found}” cannot stand in the title “{title}”")]
    Character {
        /// The character.
        found: char,
        /// The text that holds it.
        title: String,
    },
    /// `.`, `..`, `./x`, `x/../y`.
    #[error("“{title}” is a relative path")]
    Relative {
        /// The text.
        title: String,
    },
    /// Three tildes, which MediaWiki would sign.
    #[error("“{title}” holds a signature (~~~)")]
    Signature {
        /// The text.
        title: String,
    },
    /// A redirect without a `[[…]]`.
    #[error("the redirect names no page")]
    NoTarget,
    /// A redirect whose `]]` is missing.
    #[error("the redirect to “{title}” is not closed")]
    Unclosed {
        /// What follows `[[` on the line.
        title: String,
    },
    /// A redirect with a `|` inside.
    #[error("the redirect to “{title}” has a “|” inside")]
    Piped {
        /// What stands before the `|`.
        title: String,
    },
}

/// Decodes entities and `%XX`, makes blanks one space, and trims.
pub(crate) fn clean(raw: &str) -> Result<Cow<'_, str>, TitleError> {
    let mut text = Cow::Borrowed(raw.trim());
    if text.contains('&') {
        text = Cow::Owned(entity::decode_all(&text));
    }
    if text.contains('%') {
        text = Cow::Owned(percent_decode(&text));
    }
    let plain =
        text.bytes().all(|b| (b' '..0x7f).contains(&b) && b != b'_') && !text.contains("  ");
    if !plain {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '_'
                | '\u{a0}'
                | '\u{1680}'
                | '\u{2000}'..='\u{200a}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}'
                | '\u{3000}'
                | ' '
                | '\t' => {
                    if !out.ends_with(' ') && !out.is_empty() {
                        out.push(' ');
                    }
                }
                // MediaWiki strips direction marks from titles. Controls are what copying from
                // other programs left behind; nobody sees them.
                '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => {}
                c if c.is_control() => {}
                c => out.push(c),
            }
        }
        while out.ends_with(' ') {
            out.pop();
        }
        text = Cow::Owned(out);
    }
    if text.is_empty() {
        return Err(TitleError::Empty);
    }
    Ok(text)
}

/// Returns a link's target as it is shown where the link has no text of its own.
pub(crate) fn shown(raw: &str) -> String {
    let raw = raw.strip_prefix(':').unwrap_or(raw).trim();
    let mut text = entity::decode_all(&raw.replace('_', " "));
    if text.contains('%') {
        text = percent_decode(&text);
    }
    text
}

/// Refuses what MediaWiki refuses. Source: `$wgLegalTitleChars` and `MediaWikiTitleCodec`.
pub(crate) fn check(text: &str) -> Result<(), TitleError> {
    let bad = |c: char| {
        matches!(
            c,
            '[' | ']' | '{' | '}' | '|' | '#' | '<' | '>' | '\u{fffd}'
        ) || c.is_control()
    };
    if let Some(found) = text.chars().find(|&c| bad(c)) {
        return Err(TitleError::Character {
            found,
            title: text.to_owned(),
        });
    }
    if text.len() > MAX_TITLE_BYTES {
        return Err(TitleError::TooLong { bytes: text.len() });
    }
    if text.starts_with(':') {
        return Err(TitleError::Character {
            found: ':',
            title: text.to_owned(),
        });
    }
    if text.starts_with('.') || text.contains("/.") {
        let relative = text == "."
            || text == ".."
            || text.starts_with("./")
            || text.starts_with("../")
            || text.contains("/./")
            || text.contains("/../")
            || text.ends_with("/.")
            || text.ends_with("/..");
        if relative {
            return Err(TitleError::Relative {
                title: text.to_owned(),
            });
        }
    }
    if text.contains("~~~") {
        return Err(TitleError::Signature {
            title: text.to_owned(),
        });
    }
    Ok(())
}

/// Raises the first letter, where its capital is one character (`ß` stays).
pub(crate) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) if one != first => {
            let mut out = String::with_capacity(text.len());
            out.push(one);
            out.push_str(chars.as_str());
            out
        }
        _ => text.to_owned(),
    }
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%'
            && let Some(value) = text
                .get(at + 1..at + 3)
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            && !text[at + 1..].starts_with('+')
        {
            out.push(value);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Site;

    fn title(raw: &str) -> Result<String, TitleError> {
        let site = Site::default();
        site.title(raw, 0).map(|t| site.full(&t))
    }

    #[test]
    fn blanks_underscores_and_first_letters_are_one_way() {
        assert_eq!(
            title(" seed__bank _of  Quito_").as_deref(),
            Ok("Seed bank of Quito")
        );
        assert_eq!(title("élan").as_deref(), Ok("Élan"));
        assert_eq!(title("ßeta").as_deref(), Ok("ßeta"));
        assert_eq!(title("Caf%C3%A9 &amp; co").as_deref(), Ok("Café & co"));
        assert_eq!(title("100% wool").as_deref(), Ok("100% wool"));
        assert_eq!(title("\u{7f}Sol\u{200e}ar").as_deref(), Ok("Solar"));
    }

    #[test]
    fn namespaces_answer_in_seven_languages() {
        for raw in [
            "category:seeds",
            "Categoría:Seeds",
            "CATÉGORIE: seeds",
            "Kategorie:seeds",
        ] {
            assert_eq!(title(raw).as_deref(), Ok("Category:Seeds"), "{raw}");
        }
        assert_eq!(title("Imagen:a.png").as_deref(), Ok("File:A.png"));
        assert_eq!(
            title("Part one: the loom").as_deref(),
            Ok("Part one: the loom")
        );
    }

    #[test]
    fn what_is_refused_says_why() {
        assert_eq!(title(" _ "), Err(TitleError::Empty));
        assert_eq!(title("Category:"), Err(TitleError::Empty));
        assert_eq!(
            title(&"x".repeat(256)),
            Err(TitleError::TooLong { bytes: 256 })
        );
        assert!(matches!(
            title("a|b"),
            Err(TitleError::Character { found: '|', .. })
        ));
        assert!(matches!(
            title("a&#x5B;b"),
            Err(TitleError::Character { found: '[', .. })
        ));
        assert!(matches!(title("a/../b"), Err(TitleError::Relative { .. })));
        assert!(matches!(
            title("me ~~~~"),
            Err(TitleError::Signature { .. })
        ));
    }

    #[test]
    fn links_know_anchors_subpages_and_other_wikis() {
        let site = Site::default();
        let page = Title {
            namespace: 2,
            text: "Ana/loom".to_owned(),
        };
        let to = |raw: &str| {
            site.target(raw, Some(&page)).map(|t| {
                (
                    t.interwiki.unwrap_or_default(),
                    site.full(&t.title),
                    t.anchor.unwrap_or_default(),
                )
            })
        };
        let is = |a: &str, b: &str, c: &str| Ok((a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(to("#Some_place"), is("", "", "Some place"));
        assert_eq!(to("/es"), is("", "User:Ana/loom/es", ""));
        assert_eq!(to("../"), is("", "User:Ana", ""));
        assert_eq!(to("w:Loom#Use"), is("w", "Loom", "Use"));
        assert_eq!(to(":category:Looms"), is("", "Category:Looms", ""));
    }
}
