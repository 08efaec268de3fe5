//! Lists of pages: by title, by theme, by what links where.

use super::damaged;
use super::pages::{PAGE, Page, page_at};
use crate::model::{Kind, Name};
use record::Space;
use store::{Db, Row, StoreError, Viewer, params};

/// A page in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Kind and title.
    pub name: Name,
    /// Its language.
    pub language: String,
    /// How the list is sorted, for the next part.
    pub sort: String,
    /// When it last changed.
    pub updated: i64,
}

fn listed_at(row: &Row<'_>) -> Result<Listed, StoreError> {
    let key: String = row.get(0)?;
    Ok(Listed {
        name: Name::parse_key(&key).ok_or_else(|| damaged(format!("the key {key}")))?,
        language: row.get(1)?,
        sort: row.get(2)?,
        updated: row.get(3)?,
    })
}

const LISTED: &str = "t.key, t.language, t.sort, t.updated";

/// Returns the pages of a kind from a sort key on, in order; redirects are left out.
pub fn listed_from(
    db: &Db<'_>,
    viewer: &Viewer,
    kind: Kind,
    from: &str,
    after_key: &str,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    db.all(
        &format!(
            "SELECT {LISTED} FROM things t JOIN articles a ON a.thing = t.thing
             WHERE t.kind = $1 AND (t.sort, t.key) > ($2, $3) AND a.redirect = '' AND {}
             ORDER BY t.sort, t.key LIMIT $4",
            viewer.sql("t.space")
        ),
        params![kind.as_str(), from, after_key, limit],
        listed_at,
    )
}

/// Returns the pages that mention a key in one way, in order, after one of them.
pub fn linking(
    db: &Db<'_>,
    viewer: &Viewer,
    relation: &str,
    key: &str,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    db.all(
        &format!(
            "SELECT {LISTED} FROM links l JOIN things t ON t.thing = l.thing
             WHERE l.to_key = $1 AND l.relation = $2 AND (t.sort, t.key) > ($3, $4) AND {}
             ORDER BY t.sort, t.key LIMIT $5",
            viewer.sql("l.space")
        ),
        params![key, relation, after.0, after.1, limit],
        listed_at,
    )
}

/// Returns how many pages mention a key in one way.
pub fn count_linking(
    db: &Db<'_>,
    viewer: &Viewer,
    relation: &str,
    key: &str,
) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM links l WHERE l.to_key = $1 AND l.relation = $2 AND {}",
            viewer.sql("l.space")
        ),
        params![key, relation],
    )
}

/// Returns the keys that a page mentions in one way.
pub fn linked(db: &Db<'_>, id: &[u8; 16], relation: &str) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT to_key FROM links WHERE thing = $1 AND relation = $2 ORDER BY to_key",
        params![id, relation],
        |row| row.get(0),
    )
}

/// Returns an article picked by a number, as evenly as short ids are spread.
///
/// # Errors
/// From the database.
pub fn random(db: &Db<'_>, viewer: &Viewer, pick: i64) -> Result<Option<Listed>, StoreError> {
    let from = record::short_id(&pick.to_string());
    // After the last one comes the first.
    for from in [from, [0; 16]] {
        let found = db.first(
            &format!(
                "SELECT {LISTED} FROM articles a JOIN things t ON t.thing = a.thing
                 WHERE a.kind = 'article' AND a.redirect = '' AND a.thing >= $1 AND {}
                 ORDER BY a.thing LIMIT 1",
                viewer.sql("a.space")
            ),
            params![&from],
            listed_at,
        )?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Returns the newest pages for the home page: those that were written at length, or any where those are few.
pub fn recent_articles(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<Page>, StoreError> {
    let newest = |least_words: i64| {
        db.all(
            &format!(
                "SELECT {PAGE} FROM things t JOIN articles a ON a.thing = t.thing
                 WHERE t.kind = 'article' AND a.redirect = '' AND a.words > $2 AND a.lead <> '' AND {}
                 ORDER BY t.updated DESC, t.thing DESC LIMIT $1",
                viewer.sql("t.space")
            ),
            params![limit, least_words],
            page_at,
        )
    };
    let long = newest(150)?;
    if long.len() as i64 == limit {
        return Ok(long);
    }
    newest(0)
}

/// Returns whether a space has an article.
pub fn has_article(db: &Db<'_>, space: &Space) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM things WHERE kind = 'article' AND space = $1 LIMIT 1",
        params![space.as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// Returns the pages of a theme that changed last.
pub fn newest_in(
    db: &Db<'_>,
    viewer: &Viewer,
    key: &str,
    limit: i64,
) -> Result<Vec<Page>, StoreError> {
    db.all(
        &format!(
            "SELECT {PAGE} FROM links l JOIN articles a ON a.thing = l.thing
             WHERE l.to_key = $1 AND l.relation = 'category' AND {} ORDER BY a.updated DESC, a.key LIMIT $2",
            viewer.sql("l.space")
        ),
        params![key, limit],
        page_at,
    )
}

/// Returns the keys after which each sitemap of articles begins; `~` stands for the first.
pub fn sitemap_starts(db: &Db<'_>, viewer: &Viewer, per: i64) -> Result<Vec<String>, StoreError> {
    let mut starts = vec!["~".to_owned()];
    starts.extend(db.all(
        &format!(
            "SELECT key FROM (SELECT a.key AS key, ROW_NUMBER() OVER (ORDER BY a.key) AS n FROM articles a
               WHERE a.kind IN ('article', 'category') AND a.redirect = '' AND {}) AS numbered
             WHERE n % $1 = 0 ORDER BY key",
            viewer.sql("a.space")
        ),
        params![per],
        |row| row.get(0),
    )?);
    Ok(starts)
}

/// Returns the articles and themes of one sitemap, after a key.
pub fn sitemap_part(
    db: &Db<'_>,
    viewer: &Viewer,
    after: &str,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    db.all(
        &format!(
            "SELECT a.key, a.language, a.key, a.updated FROM articles a
             WHERE a.kind IN ('article', 'category') AND a.redirect = '' AND a.key > $1 AND {}
             ORDER BY a.key LIMIT $2",
            viewer.sql("a.space")
        ),
        params![after, limit],
        listed_at,
    )
}
