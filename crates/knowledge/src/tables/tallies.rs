//! Counts that pages show, kept as pages change: kinds, languages, first letters, themes, wanted pages.
//!
//! Each is a row of `tallies`; one that falls to nothing is deleted, so that the table is the same
//! however it came about.

use super::care::CareItem;
use super::pages::exists;
use crate::model::{Kind, Name};
use std::collections::BTreeSet;
use store::{Db, StoreError, Viewer, params};

/// Pages of a kind, redirects left out.
const KIND: &str = "kind";
/// Articles in a language.
const LANGUAGE: &str = "language";
/// Pages in a theme, by the theme's key.
const THEME: &str = "theme";
/// Mentions of a page that does not exist, by its key.
const WANTED: &str = "wanted";

/// Pages of a kind by their first letter.
fn letter(kind: &str) -> String {
    format!("letter-{kind}")
}

/// What one page adds to the tallies.
#[derive(Debug, Default)]
pub(super) struct Counted {
    space: String,
    labels: BTreeSet<(String, String)>,
    mentions: BTreeSet<String>,
}

impl Counted {
    /// Returns what the page with these facts and links (relation, key) adds.
    pub(super) fn new<'l>(
        space: &str,
        kind: &str,
        language: &str,
        sort: &str,
        redirects: bool,
        links: impl Iterator<Item = (&'l str, &'l str)>,
    ) -> Self {
        let mut counted = Self {
            space: space.to_owned(),
            ..Self::default()
        };
        let mut label = |what: String, name: &str| {
            counted.labels.insert((what, name.to_owned()));
        };
        if !redirects {
            label(KIND.to_owned(), kind);
            let first = sort.chars().next().map_or(String::new(), String::from);
            label(letter(kind), &first);
            if kind == Kind::Article.as_str() {
                label(LANGUAGE.to_owned(), language);
            }
        }
        for (relation, key) in links {
            match relation {
                "category" => label(THEME.to_owned(), key),
                "mentions" => {
                    counted.mentions.insert(key.to_owned());
                }
                _ => {}
            }
        }
        counted
    }

    /// Returns what a page adds as the tables show it now; none if they do not.
    pub(super) fn shown(db: &Db<'_>, thing: &[u8; 16]) -> Result<Option<Self>, StoreError> {
        let links: Vec<(String, String)> = db.all(
            "SELECT relation, to_key FROM links WHERE thing = $1",
            params![thing],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
        )?;
        db.first(
            "SELECT t.space, t.kind, t.language, t.sort, a.redirect
             FROM things t JOIN articles a ON a.thing = t.thing WHERE t.thing = $1",
            params![thing],
            |row| {
                Ok(Self::new(
                    &row.get::<String>(0)?,
                    &row.get::<String>(1)?,
                    &row.get::<String>(2)?,
                    &row.get::<String>(3)?,
                    !row.get::<String>(4)?.is_empty(),
                    links.iter().map(|(relation, key)| (&**relation, &**key)),
                ))
            },
        )
    }

    /// Takes back what the page adds, before its rows are changed or deleted.
    pub(super) fn take_back(&self, db: &Db<'_>) -> Result<(), StoreError> {
        for (what, name) in &self.labels {
            add(db, what, name, &self.space, -1)?;
        }
        for key in &self.mentions {
            if !stands(db, &self.space, key)? {
                add(db, WANTED, key, &self.space, -1)?;
            }
        }
        Ok(())
    }

    /// Adds what the page adds, after its rows were written.
    pub(super) fn enter(&self, db: &Db<'_>) -> Result<(), StoreError> {
        for (what, name) in &self.labels {
            add(db, what, name, &self.space, 1)?;
        }
        for key in &self.mentions {
            if !stands(db, &self.space, key)? {
                add(db, WANTED, key, &self.space, 1)?;
            }
        }
        Ok(())
    }
}

/// Says that a page has this key from now on: nobody wants it any more.
pub(super) fn arrived(db: &Db<'_>, space: &str, key: &str) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM tallies WHERE what = $1 AND name = $2 AND space = $3",
        params![WANTED, key, space],
    )?;
    Ok(())
}

/// Says that no page has this key any more: all who mention it want it, `thing` not counted.
pub(super) fn left(
    db: &Db<'_>,
    space: &str,
    key: &str,
    thing: &[u8; 16],
) -> Result<(), StoreError> {
    let mentions = db.number(
        "SELECT COUNT(*) FROM links
         WHERE to_key = $1 AND relation = 'mentions' AND space = $2 AND thing <> $3",
        params![key, space, thing],
    )?;
    if mentions > 0 {
        add(db, WANTED, key, space, mentions)?;
    }
    Ok(())
}

fn stands(db: &Db<'_>, space: &str, key: &str) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM things WHERE key = $1 AND space = $2",
        params![key, space],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

fn add(db: &Db<'_>, what: &str, name: &str, space: &str, pages: i64) -> Result<(), StoreError> {
    if pages > 0 {
        db.execute(
            "INSERT INTO tallies (what, name, space, pages) VALUES ($1, $2, $3, $4)
             ON CONFLICT (what, name, space) DO UPDATE SET pages = tallies.pages + excluded.pages",
            params![what, name, space, pages],
        )?;
        return Ok(());
    }
    db.execute(
        "UPDATE tallies SET pages = pages + $4 WHERE what = $1 AND name = $2 AND space = $3",
        params![what, name, space, pages],
    )?;
    db.execute(
        "DELETE FROM tallies WHERE what = $1 AND name = $2 AND space = $3 AND pages <= 0",
        params![what, name, space],
    )?;
    Ok(())
}

/// Returns how many pages of a kind there are, redirects left out.
pub fn count(db: &Db<'_>, viewer: &Viewer, kind: Kind) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT CAST(SUM(pages) AS BIGINT) FROM tallies WHERE what = $1 AND name = $2 AND {}",
            viewer.sql("space")
        ),
        params![KIND, kind.as_str()],
    )
}

/// Returns the names of one tally with their counts, as `order` says; `limit` below 0 for all.
fn named(
    db: &Db<'_>,
    viewer: &Viewer,
    what: &str,
    after: &str,
    order: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    db.all(
        &format!(
            "SELECT name, CAST(SUM(pages) AS BIGINT) FROM tallies
             WHERE what = $1 AND name > $2 AND {} GROUP BY name ORDER BY {order} LIMIT $3",
            viewer.sql("space")
        ),
        params![what, after, if limit < 0 { i64::MAX } else { limit }],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Most first; by name where as many.
const MOST: &str = "2 DESC, 1";

/// Returns how many articles each language has, most first.
///
/// # Errors
/// From the database.
pub fn languages(db: &Db<'_>, viewer: &Viewer) -> Result<Vec<(String, i64)>, StoreError> {
    named(db, viewer, LANGUAGE, "", MOST, -1)
}

/// Returns the first letters that pages of a kind begin with, and how many pages each has.
///
/// # Errors
/// From the database.
pub fn letters(db: &Db<'_>, viewer: &Viewer, kind: Kind) -> Result<Vec<(String, i64)>, StoreError> {
    named(db, viewer, &letter(kind.as_str()), "", "1", -1)
}

/// A theme with the number of pages in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its name.
    pub title: String,
    /// How many pages are in it.
    pub pages: i64,
    /// Whether somebody wrote its page.
    pub exists: bool,
}

/// Returns the themes, those with most pages first.
///
/// # Errors
/// From the database.
pub fn themes(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<Theme>, StoreError> {
    with_pages(db, viewer, named(db, viewer, THEME, "", MOST, limit)?)
}

/// Returns all themes by name, after one name.
///
/// # Errors
/// From the database.
pub fn themes_after(
    db: &Db<'_>,
    viewer: &Viewer,
    after: &str,
    limit: i64,
) -> Result<Vec<Theme>, StoreError> {
    let after = format!("{}:{after}", Kind::Category.as_str());
    with_pages(db, viewer, named(db, viewer, THEME, &after, "1", limit)?)
}

fn with_pages(
    db: &Db<'_>,
    viewer: &Viewer,
    found: Vec<(String, i64)>,
) -> Result<Vec<Theme>, StoreError> {
    found
        .into_iter()
        .filter_map(|(key, pages)| {
            let name = Name::parse_key(&key)?;
            Some(exists(db, viewer, &key).map(|exists| Theme {
                title: name.title().to_owned(),
                pages,
                exists,
            }))
        })
        .collect()
}

/// Returns how many themes have a page in them.
///
/// # Errors
/// From the database.
pub fn count_themes(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(DISTINCT name) FROM tallies WHERE what = $1 AND {}",
            viewer.sql("space")
        ),
        params![THEME],
    )
}

/// Returns the names that are mentioned most and do not exist: wanted pages.
///
/// # Errors
/// From the database.
pub fn wanted(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<CareItem>, StoreError> {
    Ok(named(db, viewer, WANTED, "", MOST, limit)?
        .into_iter()
        .filter_map(|(key, mentions)| {
            Some(CareItem {
                name: Name::parse_key(&key)?,
                about: mentions.to_string(),
            })
        })
        .collect())
}
