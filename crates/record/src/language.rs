//! Languages, as pages and contents name them.

use std::fmt;

use crate::text::written_as_text;

/// Why a text is not a language tag that Minga uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a language is two or three letters, and perhaps a script and a region: es, es-EC, zh-Hant"
)]
pub struct LanguageError;

/// A language: `es`, `qu`, `qug-EC`, `zh-Hant`, `es-419`.
///
/// The part of BCP 47 (RFC 5646) in use on pages: language, then perhaps script, then perhaps
/// region. Letters take the case that RFC 5646 §2.1.1 recommends, whatever case came in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Box<str>);

impl Language {
    /// Reads a tag, in any case.
    ///
    /// # Errors
    /// [`LanguageError`] for other subtags (variants, extensions, private use) and other shapes.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let letters = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|b| b.is_ascii_alphabetic())
        };
        let mut parts = text.split('-');
        let primary = parts.next().filter(|p| letters(p, 2) || letters(p, 3));
        let mut tag = primary.ok_or(LanguageError)?.to_ascii_lowercase();
        let mut next = parts.next();
        if let Some(script) = next.filter(|p| letters(p, 4)) {
            let script = script.to_ascii_lowercase();
            tag.push('-');
            tag.push_str(&script[..1].to_ascii_uppercase());
            tag.push_str(&script[1..]);
            next = parts.next();
        }
        if let Some(region) = next {
            let digits = region.len() == 3 && region.bytes().all(|b| b.is_ascii_digit());
            if !digits && !letters(region, 2) {
                return Err(LanguageError);
            }
            tag.push('-');
            tag.push_str(&region.to_ascii_uppercase());
            next = parts.next();
        }
        if next.is_some() {
            Err(LanguageError)
        } else {
            Ok(Self(tag.into()))
        }
    }

    /// Returns the tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the language alone, without script and region: `es`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written_as_text!(Language, LanguageError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_takes_its_usual_case() {
        for (given, tag) in [
            ("ES", "es"),
            ("es-ec", "es-EC"),
            ("ZH-hANT", "zh-Hant"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("qug", "qug"),
        ] {
            assert_eq!(
                Language::parse(given).map(|l| l.to_string()).as_deref(),
                Ok(tag)
            );
        }
        assert_eq!(Language::parse("zh-Hant-TW").unwrap().primary(), "zh");
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in [
            "",
            "e",
            "espa",
            "es-",
            "es-E",
            "es-EC-x",
            "es_EC",
            "es-EC-Latn",
            "e1",
            "é",
        ] {
            assert!(Language::parse(text).is_err(), "{text}");
        }
    }
}
