//! What needs care.

use super::damaged;
use super::shown::CONFLICT;
use crate::model::Name;
use store::{Db, Row, StoreError, Viewer, params};

/// A page of the care list: its name, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareItem {
    /// The page.
    pub name: Name,
    /// Another page, a title, or a number, as the list needs.
    pub about: String,
}

fn care_at(row: &Row<'_>) -> Result<CareItem, StoreError> {
    let key: String = row.get(0)?;
    Ok(CareItem {
        name: Name::parse_key(&key).ok_or_else(|| damaged(format!("the key {key}")))?,
        about: row.get(1)?,
    })
}

/// Returns every redirect with its target's key, by the key of the page.
pub fn redirects(db: &Db<'_>, viewer: &Viewer) -> Result<Vec<(String, String)>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, a.redirect FROM articles a WHERE a.redirect <> '' AND {} ORDER BY a.key",
            viewer.sql("a.space")
        ),
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Returns the articles that mention no other page and are in no theme: dead ends.
pub fn dead_ends(
    db: &Db<'_>,
    viewer: &Viewer,
    after: &str,
    limit: i64,
) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, '' FROM articles a WHERE a.kind = 'article' AND a.redirect = '' AND a.key > $1 AND {}
             AND NOT EXISTS (SELECT 1 FROM links l WHERE l.thing = a.thing AND l.relation = 'mentions')
             ORDER BY a.key LIMIT $2",
            viewer.sql("a.space")
        ),
        params![after, limit],
        care_at,
    )
}

/// Returns the articles that no other page mentions: orphans.
pub fn orphans(
    db: &Db<'_>,
    viewer: &Viewer,
    after: &str,
    limit: i64,
) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, '' FROM articles a WHERE a.kind = 'article' AND a.redirect = '' AND a.key > $1 AND {}
             AND NOT EXISTS (SELECT 1 FROM links l WHERE l.to_key = a.key
                             AND l.relation IN ('mentions', 'redirects') AND l.thing <> a.thing)
             ORDER BY a.key LIMIT $2",
            viewer.sql("a.space")
        ),
        params![after, limit],
        care_at,
    )
}

/// Returns pairs of pages whose titles differ only in case, accents or punctuation at their start.
pub fn same_but_case(
    db: &Db<'_>,
    viewer: &Viewer,
    limit: i64,
) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, b.key FROM things a JOIN things b
               ON b.kind = a.kind AND b.space = a.space AND b.sort = a.sort AND b.key > a.key
             WHERE a.kind IN ('article', 'category') AND {} ORDER BY a.sort, a.key LIMIT $1",
            viewer.sql("a.space")
        ),
        params![limit],
        care_at,
    )
}

/// Returns the pages on which a revision waits beside the shown one.
pub fn conflicts(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, c.about FROM care c JOIN articles a ON a.thing = c.thing
             WHERE c.code = '{CONFLICT}' AND {} ORDER BY a.key LIMIT $1",
            viewer.sql("c.space")
        ),
        params![limit],
        care_at,
    )
}

/// Returns the pages that stand aside, with the key of the page that has their title.
pub fn shared_titles(
    db: &Db<'_>,
    viewer: &Viewer,
    limit: i64,
) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, s.key FROM shared_titles s JOIN articles a ON a.thing = s.thing
             WHERE {} ORDER BY s.key, a.key LIMIT $1",
            viewer.sql("s.space")
        ),
        params![limit],
        care_at,
    )
}

/// Returns the files that pages show and that are not here, those that most pages show first, and by how many.
///
/// # Errors
/// From the database.
pub fn missing_files(
    db: &Db<'_>,
    viewer: &Viewer,
    limit: i64,
) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT l.to_key, CAST(COUNT(*) AS TEXT) FROM links l
             WHERE l.to_key > 'file:' AND l.to_key < 'file;' AND l.relation = 'uses' AND {}
             AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.key = l.to_key AND a.blob <> '' AND {})
             GROUP BY l.to_key ORDER BY COUNT(*) DESC, l.to_key LIMIT $1",
            viewer.sql("l.space"),
            viewer.sql("a.space")
        ),
        params![limit],
        care_at,
    )
}

/// Something within a page that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The page.
    pub name: Name,
    /// The page's title in the wiki that it came from; empty where it was written here.
    pub source: String,
    /// What kind of fault, as `wikitext` calls it.
    pub code: String,
    /// The number of the line, from 1.
    pub line: u32,
    /// What stands there.
    pub what: String,
}

impl Fault {
    /// Returns how the table keeps the line and what stands there.
    #[must_use]
    pub fn kept(line: usize, what: &str) -> String {
        let what: String = what.chars().take(MOST_QUOTED).collect();
        format!("{line:06}:{what}")
    }

    /// Returns where the list goes on after this one.
    #[must_use]
    pub fn cursor(&self) -> String {
        format!(
            "{}\n{}\n{}",
            self.name.key(),
            self.code,
            Self::kept(self.line as usize, &self.what)
        )
    }
}

/// The most characters of a page that a fault quotes.
const MOST_QUOTED: usize = 300;

/// Returns what was not understood within pages, by their keys, after a [`Fault::cursor`].
/// With `site`, only what came from that wiki as it stands; with `code`, only that kind of fault.
///
/// # Errors
/// From the database.
pub fn faults(
    db: &Db<'_>,
    viewer: &Viewer,
    site: Option<&str>,
    code: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Fault>, StoreError> {
    let mut after = after.splitn(3, '\n');
    let mut part = || after.next().unwrap_or("");
    db.all(
        &format!(
            "SELECT a.key, COALESCE(s.title, ''), c.code, c.about
             FROM care c JOIN articles a ON a.thing = c.thing LEFT JOIN sources s ON s.hash = a.hash
             WHERE c.code <> '{CONFLICT}' AND {} AND ($1 = '' OR s.site = $1) AND ($6 = '' OR c.code = $6)
               AND (a.key > $2 OR (a.key = $2 AND (c.code > $3 OR (c.code = $3 AND c.about > $4))))
             ORDER BY a.key, c.code, c.about LIMIT $5",
            viewer.sql("c.space")
        ),
        params![
            site.unwrap_or(""),
            part(),
            part(),
            part(),
            limit,
            code.unwrap_or("")
        ],
        |row| {
            let key: String = row.get(0)?;
            let about: String = row.get(3)?;
            let (line, what) = about.split_once(':').unwrap_or(("", &about));
            Ok(Fault {
                name: Name::parse_key(&key).ok_or_else(|| damaged(format!("the key {key}")))?,
                source: row.get(1)?,
                code: row.get(2)?,
                line: line.parse().unwrap_or(0),
                what: what.to_owned(),
            })
        },
    )
}

/// Returns how many faults there are within pages.
///
/// # Errors
/// From the database.
pub fn count_faults(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM care c WHERE c.code <> '{CONFLICT}' AND {}",
            viewer.sql("c.space")
        ),
        &[],
    )
}

/// Returns the kinds of faults within pages, those of which there are most first, and how many.
///
/// # Errors
/// From the database.
pub fn kinds_of_faults(db: &Db<'_>, viewer: &Viewer) -> Result<Vec<(String, i64)>, StoreError> {
    db.all(
        &format!(
            "SELECT c.code, COUNT(*) FROM care c JOIN articles a ON a.thing = c.thing
             WHERE c.code <> '{CONFLICT}' AND {} GROUP BY c.code ORDER BY COUNT(*) DESC, c.code",
            viewer.sql("c.space")
        ),
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
