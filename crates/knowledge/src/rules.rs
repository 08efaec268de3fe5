//! What is allowed and why not: pure functions over facts.

use crate::model::Article;
use record::Hash;
use std::collections::BTreeSet;
use store::Refusal;

/// What the tables know about the page that a record speaks of.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The id of another thing that has this title already.
    pub title_taken_by: Option<String>,
    /// Whether the record is a later revision of a thing that is not known here.
    pub unknown_thing: bool,
    /// The shown revision's licence, if there is one.
    pub licence: Option<String>,
}

/// Why a record of an article is refused.
pub type ArticleProblem = Refusal;

/// Judges one revision of an article.
///
/// # Errors
/// The refusal, with its rule: `title_taken`, `unknown_thing`, `no_licence`, `licence_changed`.
pub fn judge(article: &Article, facts: &Facts) -> Result<(), Refusal> {
    if facts.unknown_thing {
        return Err(Refusal::new(
            "unknown_thing",
            format!(
                "this is a later revision of “{}”, whose first one is not here",
                article.name.title()
            ),
            "send its earlier revisions first",
        ));
    }
    if let Some(other) = &facts.title_taken_by {
        return Err(Refusal::new(
            "title_taken",
            format!(
                "“{}” is already the title of another page ({other})",
                article.name.title()
            ),
            "choose another title, or revise that page",
        ));
    }
    if article.licence.is_empty() {
        return Err(Refusal::new(
            "no_licence",
            format!("“{}” names no licence", article.name.title()),
            "say under which licence others may use the text",
        ));
    }
    match &facts.licence {
        Some(before) if !keeps(before, &article.licence) => Err(Refusal::new(
            "licence_changed",
            format!(
                "the text is under {before}; {} is neither that nor a later version of it",
                article.licence
            ),
            format!("publish the revision under {before}"),
        )),
        _ => Ok(()),
    }
}

/// Returns whether a text under `before` may be published on under `after`: the same licence, or a later
/// version of the same Creative Commons licence. Source: CC BY-SA 3.0 §4(b)(ii).
fn keeps(before: &str, after: &str) -> bool {
    if before == after {
        return true;
    }
    let split = |text: &str| -> Option<(String, f32)> {
        let (name, version) = text.rsplit_once('-')?;
        Some((name.to_owned(), version.parse().ok()?))
    };
    match (split(before), split(after)) {
        (Some((a, old)), Some((b, new))) => a == b && a.starts_with("CC-BY") && new >= old,
        _ => false,
    }
}

/// The revisions of one page, taken in the log's order: one is shown, and those wait that went on from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    shown: Option<Hash>,
    waiting: BTreeSet<Hash>,
}

impl Line {
    /// Begins with the revision that is shown, if one is.
    #[must_use]
    pub fn of(shown: Option<Hash>) -> Self {
        Self {
            shown,
            waiting: BTreeSet::new(),
        }
    }

    /// Takes the next revision; returns whether it is shown from now on.
    ///
    /// It is if nothing was, or if it replaces what was. It is also if it replaces a revision that was withdrawn
    /// (`goes_on`, asked only where it matters): what that one had replaced, nobody knows any more.
    ///
    /// # Errors
    /// What `goes_on` returns.
    pub fn take<E>(
        &mut self,
        hash: Hash,
        replaces: &[Hash],
        goes_on: impl FnOnce() -> Result<bool, E>,
    ) -> Result<bool, E> {
        for replaced in replaces {
            self.waiting.remove(replaced);
        }
        let taken = match &self.shown {
            Some(shown) => replaces.contains(shown) || goes_on()?,
            None => true,
        };
        if taken {
            self.shown = Some(hash);
        } else {
            self.waiting.insert(hash);
        }
        Ok(taken)
    }

    /// Returns the revision that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<Hash> {
        self.shown
    }

    /// Returns the revisions that wait for somebody to merge them.
    pub fn waiting(&self) -> impl Iterator<Item = &Hash> {
        self.waiting.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, keeps};
    use record::Hash;

    #[test]
    fn siblings_wait_and_what_goes_on_from_a_withdrawn_revision_is_shown() {
        let [a, b, c, d] = [b"a", b"b", b"c", b"d"].map(|text| Hash::of(text));
        let no = || Ok::<_, ()>(false);
        let mut line = Line::default();
        assert_eq!(line.take(a, &[], no), Ok(true));
        assert_eq!(line.take(b, &[a], no), Ok(true));
        assert_eq!(
            line.take(c, &[a], no),
            Ok(false),
            "a sibling of what is shown"
        );
        assert_eq!(line.waiting().collect::<Vec<_>>(), [&c]);
        assert_eq!(line.take(d, &[b, c], no), Ok(true), "a merge");
        assert_eq!(line.waiting().count(), 0);

        let mut line = Line::of(Some(a));
        assert_eq!(line.take(d, &[c], || Ok::<_, ()>(true)), Ok(true));
        assert_eq!(line.shown(), Some(d));
    }

    #[test]
    fn a_licence_may_be_raised_within_its_family_and_not_changed() {
        assert!(keeps("CC-BY-SA-3.0", "CC-BY-SA-4.0"));
        assert!(!keeps("CC-BY-SA-4.0", "CC-BY-SA-3.0"));
        assert!(!keeps("CC-BY-SA-3.0", "CC-BY-4.0"));
        assert!(keeps("PPL", "PPL"));
    }
}
