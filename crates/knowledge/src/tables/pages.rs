//! One page: found by its key or id, with its text and its drawing.

use super::{damaged, hash_at, short_at};
use crate::draw;
use crate::drawn::Drawn;
use crate::model::{Article, Attachment, Kind, Name};
use crate::redirects::{self, End};
use record::{Hash, Record, RecordId, Space};
use store::{Db, Row, StoreError, Viewer, params};

/// What is known of a page without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The thing's id in its short form; [`full_id`] gives the whole.
    pub id: [u8; 16],
    /// Kind and title.
    pub name: Name,
    /// Its space.
    pub space: Space,
    /// Its language.
    pub language: String,
    /// Its licence.
    pub licence: String,
    /// Its original authors as text.
    pub attribution: String,
    /// How its text is written.
    pub media: String,
    /// `written`, `imported`, …
    pub provenance: String,
    /// Which machine helped, or empty.
    pub machine: String,
    /// The key that it redirects to, [`Unreadable::kept`](crate::redirects::Unreadable::kept), or empty.
    pub redirect: String,
    /// The key of the page that it translates, or empty.
    pub translates: String,
    /// The shown revision.
    pub hash: Hash,
    /// The text's length in bytes.
    pub length: i64,
    /// The number of words.
    pub words: i64,
    /// The first sentences.
    pub lead: String,
    /// The wiki that it was imported from, or empty.
    pub site: String,
    /// The SHA-256 of the file that it describes, or empty.
    pub blob: String,
    /// When the shown revision was published, in milliseconds since 1970.
    pub updated: i64,
}

pub(super) const PAGE: &str =
    "a.thing, a.key, a.space, a.language, a.licence, a.attribution, a.media, a.provenance,
    a.machine, a.redirect, a.translates, a.hash, a.length, a.words, a.lead, a.site, a.blob, a.updated";

pub(super) fn page_at(row: &Row<'_>) -> Result<Page, StoreError> {
    let key: String = row.get(1)?;
    Ok(Page {
        id: short_at(row, 0)?,
        name: Name::parse_key(&key).ok_or_else(|| damaged(format!("the key {key}")))?,
        space: Space::parse(&row.get::<String>(2)?).map_err(|e| damaged(e.to_string()))?,
        language: row.get(3)?,
        licence: row.get(4)?,
        attribution: row.get(5)?,
        media: row.get(6)?,
        provenance: row.get(7)?,
        machine: row.get(8)?,
        redirect: row.get(9)?,
        translates: row.get(10)?,
        hash: hash_at(row, 11)?,
        length: row.get(12)?,
        words: row.get(13)?,
        lead: row.get(14)?,
        site: row.get(15)?,
        blob: row.get(16)?,
        updated: row.get(17)?,
    })
}

/// Returns the page with this key.
pub fn by_key(db: &Db<'_>, viewer: &Viewer, key: &str) -> Result<Option<Page>, StoreError> {
    db.first(
        &format!(
            "SELECT {PAGE} FROM articles a WHERE a.key = $1 AND {}",
            viewer.sql("a.space")
        ),
        params![key],
        page_at,
    )
}

/// Returns the page with this name, or with its first letter upper-case.
pub fn by_name(db: &Db<'_>, viewer: &Viewer, name: &Name) -> Result<Option<Page>, StoreError> {
    if let Some(page) = by_key(db, viewer, &name.key())? {
        return Ok(Some(page));
    }
    let upper = name.first_upper();
    if upper == *name {
        Ok(None)
    } else {
        by_key(db, viewer, &upper.key())
    }
}

/// Returns the whole id of a page.
///
/// # Errors
/// From the database; [`StoreError::Damaged`] if the page is in no list of things.
pub fn full_id(db: &Db<'_>, id: &[u8; 16]) -> Result<RecordId, StoreError> {
    let found: Option<String> = db.first(
        "SELECT id FROM things WHERE thing = $1",
        params![id],
        |row| row.get(0),
    )?;
    RecordId::parse_known(&found.unwrap_or_default()).map_err(|e| damaged(e.to_string()))
}

/// Returns the page with this id.
pub fn by_id(db: &Db<'_>, viewer: &Viewer, id: &str) -> Result<Option<Page>, StoreError> {
    by_short(db, viewer, &record::short_id(id))
}

/// Returns the page with the short form of an id.
///
/// # Errors
/// From the database.
pub fn by_short(db: &Db<'_>, viewer: &Viewer, id: &[u8; 16]) -> Result<Option<Page>, StoreError> {
    db.first(
        &format!(
            "SELECT {PAGE} FROM articles a WHERE a.thing = $1 AND {}",
            viewer.sql("a.space")
        ),
        params![id],
        page_at,
    )
}

/// Returns the pages whose shown revision is by an author.
///
/// # Errors
/// From the database.
pub fn shown_by(db: &Db<'_>, viewer: &Viewer, author: &str) -> Result<Vec<Page>, StoreError> {
    db.all(
        &format!(
            "SELECT {PAGE} FROM revisions r JOIN articles a ON a.hash = r.hash
             WHERE r.author = $1 AND a.thing = r.thing AND {} ORDER BY a.key",
            viewer.sql("a.space")
        ),
        params![author],
        page_at,
    )
}

/// Returns the revision that is shown at a key of the public space.
///
/// # Errors
/// From the database.
pub fn shown_of(db: &Db<'_>, key: &str) -> Result<Option<Hash>, StoreError> {
    db.first(
        "SELECT hash FROM articles WHERE key = $1 AND space = $2",
        params![key, Space::public().as_str()],
        |row| hash_at(row, 0),
    )
}

/// Returns whether something visible has this key.
pub fn exists(db: &Db<'_>, viewer: &Viewer, key: &str) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 FROM things t WHERE t.key = $1 AND {}",
        viewer.sql("t.space")
    );
    Ok(db
        .first(&sql, params![key], |row| {
            row.get::<i64>(0).or(Ok::<_, StoreError>(1))
        })?
        .is_some())
}

/// Returns whether a reader finds something at this key: a page, or a theme that nobody wrote of yet.
///
/// # Errors
/// From the database.
pub fn leads(db: &Db<'_>, viewer: &Viewer, key: &str) -> Result<bool, StoreError> {
    let theme = || {
        let name = Name::parse_key(key).filter(|name| name.kind() == Kind::Category);
        name.map_or(Ok(0), |_| super::count_linking(db, viewer, "category", key))
    };
    Ok(exists(db, viewer, key)? || theme()? > 0)
}

/// Returns whether a page only leads to another, over however many steps.
pub(crate) fn leads_to(db: &Db<'_>, viewer: &Viewer, from: &Name, to: &Name) -> bool {
    let end = redirects::follow(&from.key(), |key| {
        let page = by_key(db, viewer, key).ok().flatten()?;
        Some(page.redirect).filter(|to| !to.is_empty() && !to.starts_with('?'))
    });
    from != to && end == End::At(to.key())
}

/// Calls `each` with every page, in the order of their keys.
pub fn every_page(
    db: &Db<'_>,
    viewer: &Viewer,
    each: impl FnMut(Page) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut each = each;
    let sql = format!(
        "SELECT {PAGE} FROM articles a WHERE {} ORDER BY a.key",
        viewer.sql("a.space")
    );
    db.each(&sql, &[], |row| each(page_at(row)?))
}

/// Returns the drawn text of a page, drawing and keeping it if it is not there yet.
///
/// # Errors
/// From the database; [`StoreError::Record`] if the page's record cannot be read.
pub fn drawn(
    db: &Db<'_>,
    viewer: &Viewer,
    store: &store::Store,
    page: &Page,
) -> Result<Drawn, StoreError> {
    let kept = db.first(
        "SELECT hash, body FROM rendered WHERE thing = $1",
        params![&page.id],
        |row| {
            if row.bytes(0)? == page.hash.as_bytes() {
                Ok::<_, StoreError>(Drawn::unpack(row.bytes(1)?))
            } else {
                Ok(None)
            }
        },
    )?;
    if let Some(drawn) = kept.flatten() {
        return Ok(drawn);
    }
    let article = article_of(db, &page.hash)?;
    let around = draw::Around {
        exists: &|name| stands(db, viewer, name),
        file: &|name| file_of(db, viewer, name),
    };
    let drawn = site::aside(|| draw::draw(&article, around));
    let (id, hash, body) = (page.id, page.hash, drawn.pack());
    store.write_later(move |db| keep_drawn(db, &id, &hash, &body));
    Ok(drawn)
}

/// Returns whether a page of a name, or of the name with its first letter upper-case, is visible.
pub(crate) fn stands(db: &Db<'_>, viewer: &Viewer, name: &Name) -> bool {
    exists(db, viewer, &name.key()).unwrap_or(false)
        || exists(db, viewer, &name.first_upper().key()).unwrap_or(false)
}

/// Returns the file that a visible file page describes, if it was brought along.
pub(crate) fn file_of(db: &Db<'_>, viewer: &Viewer, name: &Name) -> Option<Attachment> {
    let page = by_key(db, viewer, &name.key()).ok().flatten()?;
    if page.blob.is_empty() {
        return None;
    }
    article_of(db, &page.hash).ok()?.attachment
}

/// Returns the pages of the files that a page shows and that are here, by their titles.
///
/// # Errors
/// From the database.
pub fn pictures(db: &Db<'_>, viewer: &Viewer, id: &[u8; 16]) -> Result<Vec<Page>, StoreError> {
    db.all(
        &format!(
            "SELECT {PAGE} FROM links l JOIN articles a ON a.key = l.to_key
             WHERE l.thing = $1 AND l.relation = 'uses' AND a.kind = 'file' AND a.blob <> '' AND {} ORDER BY a.key",
            viewer.sql("a.space")
        ),
        params![id],
        page_at,
    )
}

/// Returns the wiki that an earlier revision of a page was brought in from.
///
/// # Errors
/// From the database.
pub fn brought_from(db: &Db<'_>, id: &[u8; 16]) -> Result<Option<String>, StoreError> {
    db.first(
        "SELECT s.site FROM revisions r JOIN sources s ON s.hash = r.hash
         WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY s.site LIMIT 1",
        params![id],
        |row| row.get(0),
    )
}

/// Returns the beginning of the plain text of the page with this id, to about `most` bytes.
///
/// # Errors
/// From the database; [`StoreError::Record`] if the page's record cannot be read.
pub fn text(
    db: &Db<'_>,
    viewer: &Viewer,
    store: &store::Store,
    id: &str,
    most: usize,
) -> Result<Option<String>, StoreError> {
    let kept = db.first(
        &format!(
            "SELECT r.body FROM rendered r JOIN articles a ON a.thing = r.thing AND a.hash = r.hash
             WHERE r.thing = $1 AND {}",
            viewer.sql("a.space")
        ),
        params![&record::short_id(id)],
        |row| Ok::<_, StoreError>(Drawn::text(row.bytes(0)?, most)),
    )?;
    if let Some(text) = kept.flatten() {
        return Ok(Some(text));
    }
    match by_id(db, viewer, id)? {
        Some(page) => {
            let drawn = drawn(db, viewer, store, &page)?;
            Ok(Drawn::text(&drawn.pack(), most))
        }
        None => Ok(None),
    }
}

/// Keeps a drawn page, unless a later revision is shown by now.
pub(crate) fn keep_drawn(
    db: &Db<'_>,
    id: &[u8; 16],
    hash: &Hash,
    body: &[u8],
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO rendered (thing, hash, body) SELECT $1, $2, $3 FROM articles WHERE thing = $1 AND hash = $2
         ON CONFLICT (thing) DO UPDATE SET hash = excluded.hash, body = excluded.body",
        params![id, hash.as_bytes(), body],
    )?;
    Ok(())
}

/// Returns the article that a revision holds.
///
/// # Errors
/// [`StoreError::Record`] if it was withdrawn or cannot be read.
pub fn article_of(db: &Db<'_>, hash: &Hash) -> Result<Article, StoreError> {
    let unreadable = |reason: String| StoreError::Record {
        space: String::new(),
        seq: 0,
        reason,
    };
    let bytes =
        store::bytes_of(db, hash)?.ok_or_else(|| unreadable("it was withdrawn".to_owned()))?;
    let record = Record::trusted(&bytes).map_err(|e| unreadable(e.to_string()))?;
    Article::of(&record).map_err(unreadable)
}

/// Returns whether a visible revision cites a file.
pub fn is_cited(db: &Db<'_>, viewer: &Viewer, sha256: &str) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) FROM files f WHERE f.blob = $1 AND {}",
        viewer.sql("f.space")
    );
    Ok(db.number(&sql, params![sha256])? > 0)
}

/// Returns whether any revision of any space cites a file.
pub(crate) fn is_held(db: &Db<'_>, sha256: &str) -> Result<bool, StoreError> {
    Ok(db.number(
        "SELECT COUNT(*) FROM files WHERE blob = $1",
        params![sha256],
    )? > 0)
}
