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
    /// Why stewards alone may change the page, where a decision says so.
    pub protected: Option<String>,
    /// The key under which the page is shown, if it is.
    pub shown_key: Option<String>,
    /// Whether a person says it, of this commons: neither the commons itself nor another one.
    pub by_member: bool,
    /// How far its author is known here; none where that does not matter: the commons, its stewards, other commons.
    pub newcomer: Option<Newcomer>,
}

/// What somebody who is not known here for long did lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newcomer {
    /// How many revisions they published within the last hour.
    pub last_hour: i64,
    /// How many of them of this page.
    pub last_hour_here: i64,
    /// How many addresses of other sites the text has that the page had not.
    pub new_links: usize,
}

/// How much somebody may do who is not known here for long: settings of the stewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// After how many revisions somebody is known.
    pub known_after: i64,
    /// How many revisions a newcomer may publish within an hour.
    pub per_hour: i64,
    /// How many of them of one page.
    pub per_hour_here: i64,
    /// How many new addresses of other sites one of them may bring.
    pub new_links: usize,
}

impl Default for Limits {
    /// Enough for an afternoon of writing, and too little for a machine that advertises.
    fn default() -> Self {
        Self {
            known_after: 20,
            per_hour: 40,
            per_hour_here: 15,
            new_links: 8,
        }
    }
}

/// Why a record of an article is refused.
pub type ArticleProblem = Refusal;

/// Judges one revision of an article.
///
/// # Errors
/// The refusal, with its rule: `title_taken`, `unknown_thing`, `no_licence`,
/// `licence_changed`, `protected`, `too_fast`, `many_links`, and those of [`by_member`].
pub fn judge(article: &Article, facts: &Facts, limits: &Limits) -> Result<(), Refusal> {
    if facts.by_member {
        by_member(article, facts)?;
    }
    if let Some(reason) = &facts.protected {
        return Err(Refusal::new(
            "protected",
            format!(
                "only stewards change “{}” at the moment: {reason}",
                article.name.title()
            ),
            "write to them in its discussion",
        ));
    }
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
    if let Some(newcomer) = &facts.newcomer {
        if newcomer.last_hour >= limits.per_hour || newcomer.last_hour_here >= limits.per_hour_here
        {
            return Err(Refusal::new(
                "too_fast",
                format!(
                    "new members publish at most {} revisions an hour, and {} of one page",
                    limits.per_hour, limits.per_hour_here
                ),
                "go on a little later, or ask a steward",
            ));
        }
        if newcomer.new_links > limits.new_links {
            return Err(Refusal::new(
                "many_links",
                format!(
                    "the text brings {} addresses of other sites, of at most {} for new members",
                    newcomer.new_links, limits.new_links
                ),
                "take some out, or ask a steward",
            ));
        }
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

/// Bytes of the longest text that a person publishes: 4 MiB. What is longer is a file.
pub const LONGEST_TEXT: usize = 4 << 20;

/// The words of where a text comes from that people may use.
const PROVENANCES: [&str; 4] = ["written", "translated", "imported", "machine-assisted"];

/// Judges what the forms would not let through, where somebody signs a record themselves.
///
/// # Errors
/// The refusal, with its rule: `in_anothers_name`, `title_kind`, `too_long`, `bad_field`.
pub fn by_member(article: &Article, facts: &Facts) -> Result<(), Refusal> {
    if !article.contributor.is_empty() || article.source.is_some() {
        return Err(Refusal::new(
            "in_anothers_name",
            "the fields “contributor” and “source” are the commons' own, for what it imports",
            "name the author in “attribution”, with the provenance “imported”",
        ));
    }
    if facts.shown_key.as_deref() != Some(&*article.name.key()) && !article.name.is_readable() {
        return Err(Refusal::new(
            "title_kind",
            format!(
                "“{}” would stand among pages of another kind, or has signs that nobody sees",
                article.name.title()
            ),
            "choose a title that does not begin like User:, File:, Category: or Template:",
        ));
    }
    let lengths = [
        ("content", article.content.len(), LONGEST_TEXT),
        ("summary", article.summary.chars().count(), 500),
        ("attribution", article.attribution.chars().count(), 2_000),
        ("assistedBy", article.machine.chars().count(), 500),
        ("licence", article.licence.len(), 100),
        ("categories", article.categories.len(), 200),
        ("namespaces", article.namespaces.len(), 200),
    ];
    if let Some((field, found, most)) = lengths.into_iter().find(|(_, found, most)| found > most) {
        return Err(Refusal::new(
            "too_long",
            format!("the field “{field}” has {found}, of at most {most}"),
            "make it shorter; a text that is longer is published as a file",
        ));
    }
    let wrong = |field: &str, value: &str| {
        let value: String = value.chars().take(60).collect();
        Err(Refusal::new(
            "bad_field",
            format!("“{value}” cannot stand in the field “{field}”"),
            "",
        ))
    };
    // An identifier of SPDX, or an expression of several.
    let is_licence = |c: char| c.is_ascii_alphanumeric() || ".+-() ".contains(c);
    if !article.licence.chars().all(is_licence) {
        return wrong("licence", &article.licence);
    }
    if !PROVENANCES.contains(&&*article.provenance) {
        return wrong("provenance", &article.provenance);
    }
    let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(file) = article
        .attachment
        .as_ref()
        .filter(|file| !is_hash(&file.sha256))
    {
        return wrong("file", &file.sha256);
    }
    match article
        .categories
        .iter()
        .find(|title| title.trim().is_empty() || title.len() > 255)
    {
        Some(title) => wrong("categories", title),
        None => Ok(()),
    }
}

/// How many drafts one account keeps.
pub(crate) const MOST_DRAFTS: i64 = 100;

/// Judges whether one more draft is kept beside `kept` others. What is kept already is always kept on.
///
/// # Errors
/// The refusal, with its rule: `draft_blocked`, `many_drafts`.
pub(crate) fn keep_draft(kept: i64, known: bool, may_write: bool) -> Result<(), Refusal> {
    if known {
        return Ok(());
    }
    if !may_write {
        return Err(Refusal::new(
            "draft_blocked",
            "who may not publish keeps no new drafts",
            "ask a steward",
        ));
    }
    if kept >= MOST_DRAFTS {
        return Err(Refusal::new(
            "many_drafts",
            format!("an account keeps at most {MOST_DRAFTS} drafts"),
            "drop some of them at /drafts, or publish them",
        ));
    }
    Ok(())
}

/// Returns whether a text under `before` may be published on under `after`: the same licence, or a later
/// version of the same Creative Commons licence. Source: CC BY-SA 3.0 §4(b)(ii).
pub(crate) fn keeps(before: &str, after: &str) -> bool {
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
    use super::{Facts, Line, MOST_DRAFTS, by_member, keep_draft, keeps};
    use crate::model::{Article, Kind, Name};
    use record::Hash;

    fn kiln(change: fn(&mut Article)) -> Article {
        let name = Name::new(Kind::Article, "Kiln").expect("a title");
        let mut article = Article {
            content: "Hot.".to_owned(),
            language: "en".to_owned(),
            licence: "CC-BY-SA-4.0".to_owned(),
            provenance: "written".to_owned(),
            ..Article::blank(name)
        };
        change(&mut article);
        article
    }

    #[test]
    fn what_a_person_signs_is_judged_as_their_forms_are() {
        let rule = |change| {
            by_member(&kiln(change), &Facts::default())
                .err()
                .map(|refusal| refusal.rule.to_string())
        };
        let refused = |rule: &str| Some(rule.to_owned());
        assert_eq!(rule(|_| {}), None);
        assert_eq!(
            rule(|one| one.contributor = "Ana".into()),
            refused("in_anothers_name")
        );
        for title in [
            "User:gone",
            "Category:Ovens",
            "File:a.png",
            "Kiln\u{ad}",
            "Kiln\u{3164}",
        ] {
            let mut one = kiln(|_| {});
            one.name = Name::new(Kind::Article, title).expect("a title");
            let told = by_member(&one, &Facts::default())
                .err()
                .map(|refusal| refusal.rule.to_string());
            assert_eq!(told, refused("title_kind"), "{title}");
            // What stands there already is revised under its title.
            let facts = Facts {
                shown_key: Some(one.name.key()),
                ..Facts::default()
            };
            assert!(by_member(&one, &facts).is_ok());
        }
        assert_eq!(
            rule(|one| one.summary = "x".repeat(501)),
            refused("too_long")
        );
        assert_eq!(
            rule(|one| one.categories = vec!["x".into(); 201]),
            refused("too_long")
        );
        assert_eq!(
            rule(|one| one.licence = "javascript:alert(1)".into()),
            refused("bad_field")
        );
        assert_eq!(rule(|one| one.licence = "MIT OR (Apache-2.0)".into()), None);
        assert_eq!(
            rule(|one| one.provenance = "dreamt".into()),
            refused("bad_field")
        );
        assert_eq!(
            rule(|one| one.categories = vec![" ".into()]),
            refused("bad_field")
        );
    }

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
    fn drafts_are_bounded_and_those_that_are_kept_stay() {
        let rule = |kept, known, may| keep_draft(kept, known, may).map_err(|no| no.rule);
        assert_eq!(rule(MOST_DRAFTS - 1, false, true), Ok(()));
        assert_eq!(rule(MOST_DRAFTS, false, true), Err("many_drafts"));
        assert_eq!(rule(MOST_DRAFTS, true, true), Ok(()));
        assert_eq!(rule(0, false, false), Err("draft_blocked"));
        assert_eq!(rule(1, true, false), Ok(()));
    }

    #[test]
    fn a_licence_may_be_raised_within_its_family_and_not_changed() {
        assert!(keeps("CC-BY-SA-3.0", "CC-BY-SA-4.0"));
        assert!(!keeps("CC-BY-SA-4.0", "CC-BY-SA-3.0"));
        assert!(!keeps("CC-BY-SA-3.0", "CC-BY-4.0"));
        assert!(keeps("PPL", "PPL"));
    }
}
