//! Spaces: who a record is for.

use std::fmt;

use crate::text::written_as_text;

/// Why a text is not the name of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a space is named by 1–200 characters without white space or control characters")]
pub struct SpaceError;

/// The audience that a record is for: `public`, `starter`, or the id of a community or agreement.
///
/// Each space has its own sequence, checkpoints, feed and search index.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Space(Box<str>);

impl Space {
    /// Returns the space that everybody sees.
    #[must_use]
    pub fn public() -> Self {
        Self("public".into())
    }

    /// Returns the space of the starter commons, which is never exported.
    #[must_use]
    pub fn starter() -> Self {
        Self("starter".into())
    }

    /// Reads a name: 1–200 characters, none of them white space or control.
    ///
    /// # Errors
    /// [`SpaceError`] otherwise.
    pub fn parse(text: &str) -> Result<Self, SpaceError> {
        // 200 characters leave room for an ap:// id (about 140) and stay a short database key.
        let length = text.chars().take(201).count();
        let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if plain && (1..=200).contains(&length) {
            Ok(Self(text.into()))
        } else {
            Err(SpaceError)
        }
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether everybody sees it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        &*self.0 == "public"
    }
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written_as_text!(Space, SpaceError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_is_short_and_has_no_blanks() {
        assert!(Space::parse("public").unwrap().is_public());
        assert!(Space::parse(&"ñ".repeat(200)).is_ok());
        for text in ["", "a b", "a\u{a0}b", "a\nb", "a\0b", &"x".repeat(201)] {
            assert!(Space::parse(text).is_err(), "{text:?}");
        }
    }
}
