//! What needs care.

use super::damaged;
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
             WHERE c.code = 'conflict' AND {} ORDER BY a.key LIMIT $1",
            viewer.sql("c.space")
        ),
        params![limit],
        care_at,
    )
}
