//! The SQL of articles: how a record changes the tables, and the queries that return views.

use crate::draw::{self, Analysis, Drawn};
use crate::model::{Article, Attachment, Kind, Name, fold};
use crate::rules::{self, Facts};
use record::{Hash, Record, RecordId, Space};
use std::any::Any;
use store::{
    Applied, Db, Migration, Refusal, Row, StoreError, Tables, Thing, Viewer, Withdrawn,
    forget_thing, params, put_links, put_thing,
};

/// The setting that hides the starter commons for good: any value.
pub const SETTING_STARTER_HIDDEN: &str = "starter_hidden";

/// The tables of the knowledge commons.
pub struct Articles;

impl Tables for Articles {
    fn name(&self) -> &'static str {
        "knowledge"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            sql: include_str!("../migrations/0001.sql"),
        }]
    }

    fn derived(&self) -> &'static [&'static str] {
        &["articles", "revisions", "sources", "care"]
    }

    fn types(&self) -> &'static [&'static str] {
        &[Article::TYPE]
    }

    fn prepare(&self, record: &Record) -> Option<Box<dyn Any + Send>> {
        let article = Article::of(record).ok()?;
        let analysis = draw::analyse(&article);
        Some(Box::new((article, analysis)))
    }

    fn check(&self, db: &Db<'_>, record: &Record) -> Result<Result<(), Refusal>, StoreError> {
        let article = match Article::of(record) {
            Ok(article) => article,
            Err(reason) => return Ok(Err(Refusal::new("not_an_article", reason, ""))),
        };
        let shown: Option<String> = db.first(
            "SELECT licence FROM articles WHERE id = $1",
            params![record.thing().as_str()],
            |row| row.get(0),
        )?;
        let holder: Option<String> = db.first(
            "SELECT id FROM things WHERE key = $1 AND space = $2",
            params![article.name.key(), record.space().as_str()],
            |row| row.get(0),
        )?;
        let facts = Facts {
            title_taken_by: holder.filter(|id| id != record.thing().as_str()),
            unknown_thing: !record.is_first() && shown.is_none(),
            licence: shown,
            author_may: record.author() == record.commons(),
        };
        Ok(rules::judge(&article, &facts))
    }

    fn apply(&self, db: &Db<'_>, applied: &Applied<'_>) -> Result<(), StoreError> {
        let record = applied.record;
        match applied
            .prepared
            .and_then(|any| any.downcast_ref::<(Article, Analysis)>())
        {
            Some((article, analysis)) => enter(db, record, article, analysis),
            None => {
                // What cannot be read was refused at acceptance; a later version may read it.
                let Ok(article) = Article::of(record) else {
                    return Ok(());
                };
                let analysis = draw::analyse(&article);
                enter(db, record, &article, &analysis)
            }
        }
    }

    fn records_of(&self, db: &Db<'_>, thing: &RecordId) -> Result<Vec<Hash>, StoreError> {
        db.all(
            "SELECT hash FROM revisions WHERE thing = $1",
            params![thing.as_str()],
            |row| hash_at(row, 0),
        )
    }

    fn blobs(&self, db: &Db<'_>) -> Result<Vec<String>, StoreError> {
        db.all(
            "SELECT DISTINCT blob FROM articles WHERE blob <> '' ORDER BY blob",
            &[],
            |row| row.get(0),
        )
    }

    fn withdraw(&self, db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
        let Some(thing) = &gone.thing else {
            return Ok(());
        };
        db.execute(
            "DELETE FROM rendered WHERE id = $1",
            params![thing.as_str()],
        )?;
        if gone.whole_thing {
            for table in ["revisions", "care", "sources"] {
                db.execute(
                    &format!("DELETE FROM {table} WHERE thing = $1"),
                    params![thing.as_str()],
                )?;
            }
            db.execute(
                "DELETE FROM articles WHERE id = $1",
                params![thing.as_str()],
            )?;
            return forget_thing(db, thing);
        }
        // History keeps that there was a revision, and nothing of what it said.
        db.execute(
            "INSERT INTO revisions (hash, thing, record, space, title, author, at, summary, minor, length,
               licence, provenance, withdrawn)
             VALUES ($1, $2, $3, $4, '', '', $5, '', 0, 0, '', '', 1)
             ON CONFLICT (hash) DO UPDATE SET title = '', author = '', at = excluded.at, summary = '',
               minor = 0, length = 0, licence = '', provenance = '', withdrawn = 1",
            params![
                gone.hash.as_bytes(),
                thing.as_str(),
                gone.id.as_str(),
                gone.space.as_str(),
                gone.at.as_millis()
            ],
        )?;
        db.execute(
            "DELETE FROM care WHERE thing = $1 AND about = $2",
            params![thing.as_str(), gone.hash.to_string()],
        )?;
        db.execute(
            "DELETE FROM sources WHERE hash = $1",
            params![gone.hash.as_bytes()],
        )?;
        let shown: Option<Hash> = db.first(
            "SELECT hash FROM articles WHERE id = $1",
            params![thing.as_str()],
            |row| hash_at(row, 0),
        )?;
        if shown.is_none_or(|shown| shown != gone.hash) {
            return Ok(());
        }
        // The revision before it is shown again: the last one in the log that is still there.
        let before: Option<Vec<u8>> = db.first(
            "SELECT r.hash FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY l.seq DESC LIMIT 1",
            params![thing.as_str()],
            |row| row.get(0),
        )?;
        let bytes = match before {
            Some(hash) => store::bytes_of(
                db,
                &Hash::from_slice(&hash).map_err(|e| damaged(e.to_string()))?,
            )?,
            None => None,
        };
        match bytes.as_deref().map(Record::trusted) {
            Some(Ok(record)) => {
                let Ok(article) = Article::of(&record) else {
                    return Ok(());
                };
                show(db, &record, &article, &draw::analyse(&article), false)
            }
            _ => {
                db.execute(
                    "DELETE FROM articles WHERE id = $1",
                    params![thing.as_str()],
                )?;
                forget_thing(db, thing)
            }
        }
    }
}

fn damaged(reason: String) -> StoreError {
    StoreError::Damaged {
        place: "a table of the knowledge commons".to_owned(),
        reason,
    }
}

fn hash_at(row: &Row<'_>, index: usize) -> Result<Hash, StoreError> {
    Hash::from_slice(row.bytes(index)?).map_err(|e| damaged(e.to_string()))
}

/// Enters a revision; it becomes the shown one if it is the first, or replaces the shown one.
fn enter(
    db: &Db<'_>,
    record: &Record,
    article: &Article,
    analysis: &Analysis,
) -> Result<(), StoreError> {
    let thing = record.thing().as_str();
    let hash = record.hash();
    let author = if article.contributor.is_empty() {
        record.author().to_string()
    } else {
        article.contributor.clone()
    };
    db.execute(
        "INSERT INTO revisions (hash, thing, record, space, title, author, at, summary, minor, length,
           licence, provenance, withdrawn)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)",
        params![
            hash.as_bytes(),
            thing,
            record.id().as_str(),
            record.space().as_str(),
            article.name.title(),
            &author,
            record.published().as_millis(),
            &article.summary,
            article.minor,
            article.content.len() as i64,
            &article.licence,
            &article.provenance
        ],
    )?;
    if let Some(source) = &article.source {
        db.execute(
            "INSERT INTO sources (site, namespace, title, thing, hash, sha256, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (site, namespace, title) DO UPDATE SET thing = excluded.thing,
               hash = excluded.hash, sha256 = excluded.sha256, revision = excluded.revision",
            params![
                &source.site,
                source.namespace,
                &source.title,
                thing,
                hash.as_bytes(),
                &source.sha256,
                &source.revision
            ],
        )?;
    }
    let first = record.is_first();
    let shown: Option<Hash> = if first {
        None
    } else {
        db.first(
            "SELECT hash FROM articles WHERE id = $1",
            params![thing],
            |row| hash_at(row, 0),
        )?
    };
    match shown {
        Some(shown) if !record.replaces().contains(&shown) => {
            db.execute(
                "INSERT INTO care (thing, code, about, space) VALUES ($1, 'conflict', $2, $3)
                 ON CONFLICT (thing, code, about) DO NOTHING",
                params![thing, hash.to_string(), record.space().as_str()],
            )?;
            return Ok(());
        }
        Some(_) => {
            for replaced in record.replaces() {
                db.execute(
                    "DELETE FROM care WHERE thing = $1 AND about = $2",
                    params![thing, replaced.to_string()],
                )?;
            }
        }
        None => {}
    }
    show(db, record, article, analysis, first)
}

/// Makes a revision the shown one.
fn show(
    db: &Db<'_>,
    record: &Record,
    article: &Article,
    analysis: &Analysis,
    first: bool,
) -> Result<(), StoreError> {
    let thing = record.thing();
    let key = article.name.key();
    let updated = record.published().as_millis();
    let hash = record.hash();
    let old: Option<(String, String)> = if first {
        None
    } else {
        db.first(
            "SELECT key, blob FROM articles WHERE id = $1",
            params![thing.as_str()],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
        )?
    };
    let site = article
        .source
        .as_ref()
        .map_or("", |source| source.site.as_str());
    let blob = article
        .attachment
        .as_ref()
        .map_or("", |file| file.sha256.as_str());
    db.execute(
        "INSERT INTO articles (id, space, key, kind, title, language, licence, attribution, media,
           provenance, redirect, translates, hash, length, words, lead, site, blob, created, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
         ON CONFLICT (id) DO UPDATE SET space = excluded.space, key = excluded.key, kind = excluded.kind,
           title = excluded.title, language = excluded.language, licence = excluded.licence,
           attribution = excluded.attribution, media = excluded.media, provenance = excluded.provenance,
           redirect = excluded.redirect, translates = excluded.translates, hash = excluded.hash,
           length = excluded.length, words = excluded.words, lead = excluded.lead, site = excluded.site,
           blob = excluded.blob, updated = excluded.updated",
        params![
            thing.as_str(),
            record.space().as_str(),
            &key,
            article.name.kind().as_str(),
            article.name.title(),
            &article.language,
            &article.licence,
            &article.attribution,
            article.media.as_str(),
            &article.provenance,
            &analysis.redirect,
            &analysis.translates,
            hash.as_bytes(),
            article.content.len() as i64,
            analysis.words as i64,
            &analysis.lead,
            site,
            blob,
            updated,
            updated
        ],
    )?;
    put_thing(
        db,
        &Thing {
            id: thing,
            space: record.space(),
            kind: article.name.kind().as_str(),
            key: &key,
            title: article.name.title(),
            sort: &fold(article.name.title()),
            language: &article.language,
            updated,
        },
    )?;
    put_links(db, thing, record.space(), &analysis.links, first)?;
    db.execute(
        "DELETE FROM rendered WHERE id = $1",
        params![thing.as_str()],
    )?;
    if old.as_ref().is_none_or(|old| old.0 != key || old.1 != blob) {
        // Pages that mention the name drew it as missing, as standing elsewhere, or without its file.
        let old_key = old.as_ref().map(|old| &old.0).filter(|old| **old != key);
        for key in old_key.into_iter().chain([&key]) {
            db.execute(
                "DELETE FROM rendered WHERE id IN (SELECT from_id FROM links WHERE to_key = $1)",
                params![key],
            )?;
        }
    }
    Ok(())
}

/// What is known of a page without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The thing's id.
    pub id: RecordId,
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
    /// The key that it redirects to, `?` and what stood there for a malformed one, or empty.
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

const PAGE: &str =
    "a.id, a.key, a.space, a.language, a.licence, a.attribution, a.media, a.provenance,
    a.redirect, a.translates, a.hash, a.length, a.words, a.lead, a.site, a.blob, a.updated";

fn page_at(row: &Row<'_>) -> Result<Page, StoreError> {
    let key: String = row.get(1)?;
    Ok(Page {
        id: RecordId::parse(&row.get::<String>(0)?).map_err(|e| damaged(e.to_string()))?,
        name: Name::parse_key(&key).ok_or_else(|| damaged(format!("the key {key}")))?,
        space: Space::parse(&row.get::<String>(2)?).map_err(|e| damaged(e.to_string()))?,
        language: row.get(3)?,
        licence: row.get(4)?,
        attribution: row.get(5)?,
        media: row.get(6)?,
        provenance: row.get(7)?,
        redirect: row.get(8)?,
        translates: row.get(9)?,
        hash: hash_at(row, 10)?,
        length: row.get(11)?,
        words: row.get(12)?,
        lead: row.get(13)?,
        site: row.get(14)?,
        blob: row.get(15)?,
        updated: row.get(16)?,
    })
}

/// Returns the page with this key.
pub fn by_key(db: &Db<'_>, viewer: &Viewer, key: &str) -> Result<Option<Page>, StoreError> {
    db.first(
        &format!(
            "SELECT {PAGE} FROM things t JOIN articles a ON a.id = t.id WHERE t.key = $1 AND {}",
            viewer.sql("t.space")
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

/// Returns the page with this id.
pub fn by_id(db: &Db<'_>, viewer: &Viewer, id: &str) -> Result<Option<Page>, StoreError> {
    db.first(
        &format!(
            "SELECT {PAGE} FROM articles a WHERE a.id = $1 AND {}",
            viewer.sql("a.space")
        ),
        params![id],
        page_at,
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
        "SELECT hash, body FROM rendered WHERE id = $1",
        params![page.id.as_str()],
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
    let drawn = draw::draw(
        &article,
        draw::Around {
            exists: &|name| stands(db, viewer, name),
            file: &|name| file_of(db, viewer, name),
        },
    );
    let (id, hash, body) = (page.id.clone(), page.hash, drawn.pack());
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

/// Keeps a drawn page, unless a later revision is shown by now.
pub(crate) fn keep_drawn(
    db: &Db<'_>,
    id: &RecordId,
    hash: &Hash,
    body: &[u8],
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO rendered (id, hash, body) SELECT $1, $2, $3 FROM articles WHERE id = $1 AND hash = $2
         ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, body = excluded.body",
        params![id.as_str(), hash.as_bytes(), body],
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
            "SELECT {LISTED} FROM things t JOIN articles a ON a.id = t.id
             WHERE t.kind = $1 AND (t.sort, t.key) > ($2, $3) AND a.redirect = '' AND {}
             ORDER BY t.sort, t.key LIMIT $4",
            viewer.sql("t.space")
        ),
        params![kind.as_str(), from, after_key, limit],
        listed_at,
    )
}

/// Returns how many pages of a kind there are, redirects left out.
pub fn count(db: &Db<'_>, viewer: &Viewer, kind: Kind) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM articles a WHERE a.kind = $1 AND a.redirect = '' AND {}",
            viewer.sql("a.space")
        ),
        params![kind.as_str()],
    )
}

/// Returns how many articles each language has, most first.
pub fn languages(db: &Db<'_>, viewer: &Viewer) -> Result<Vec<(String, i64)>, StoreError> {
    db.all(
        &format!(
            "SELECT a.language, COUNT(*) FROM articles a WHERE a.kind = 'article' AND a.redirect = '' AND {}
             GROUP BY a.language ORDER BY 2 DESC, 1",
            viewer.sql("a.space")
        ),
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Returns the first letters that pages of a kind begin with, and how many pages each has.
pub fn letters(db: &Db<'_>, viewer: &Viewer, kind: Kind) -> Result<Vec<(String, i64)>, StoreError> {
    db.all(
        &format!(
            "SELECT SUBSTR(t.sort, 1, 1), COUNT(*) FROM things t JOIN articles a ON a.id = t.id
             WHERE t.kind = $1 AND a.redirect = '' AND {} GROUP BY SUBSTR(t.sort, 1, 1) ORDER BY 1",
            viewer.sql("t.space")
        ),
        params![kind.as_str()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
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
pub fn themes(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<Theme>, StoreError> {
    themes_where(
        db,
        viewer,
        "l.relation = 'category'",
        &[],
        "ORDER BY 2 DESC, 1",
        limit,
    )
}

/// Returns all themes by name, after one name.
pub fn themes_after(
    db: &Db<'_>,
    viewer: &Viewer,
    after: &str,
    limit: i64,
) -> Result<Vec<Theme>, StoreError> {
    let after = format!("category:{after}");
    themes_where(
        db,
        viewer,
        "l.relation = 'category' AND l.to_key > $1",
        params![&after],
        "ORDER BY 1",
        limit,
    )
}

fn themes_where(
    db: &Db<'_>,
    viewer: &Viewer,
    condition: &str,
    params: &[store::Value<'_>],
    order: &str,
    limit: i64,
) -> Result<Vec<Theme>, StoreError> {
    let found: Vec<(String, i64)> = db.all(
        &format!(
            "SELECT l.to_key, COUNT(*) FROM links l WHERE {condition} AND {} GROUP BY l.to_key {order} LIMIT {limit}",
            viewer.sql("l.space")
        ),
        params,
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
    )?;
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
pub fn count_themes(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(DISTINCT l.to_key) FROM links l WHERE l.relation = 'category' AND {}",
            viewer.sql("l.space")
        ),
        &[],
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
            "SELECT {LISTED} FROM links l JOIN things t ON t.id = l.from_id
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
pub fn linked(db: &Db<'_>, id: &RecordId, relation: &str) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT to_key FROM links WHERE from_id = $1 AND relation = $2 ORDER BY to_key",
        params![id.as_str(), relation],
        |row| row.get(0),
    )
}

/// Returns the translations of a page and its original, without itself: title and language.
pub fn translations(
    db: &Db<'_>,
    viewer: &Viewer,
    page: &Page,
) -> Result<Vec<(Name, String)>, StoreError> {
    let key = page.name.key();
    let original = if page.translates.is_empty() {
        &key
    } else {
        &page.translates
    };
    let found: Vec<Listed> = db.all(
        &format!(
            "SELECT {LISTED} FROM articles a JOIN things t ON t.id = a.id
             WHERE a.translates = $1 AND a.translates <> '' AND a.redirect = '' AND {}
             UNION ALL SELECT {LISTED} FROM things t WHERE t.key = $1 AND {}",
            viewer.sql("a.space"),
            viewer.sql("t.space")
        ),
        params![original],
        listed_at,
    )?;
    let mut found: Vec<(Name, String)> = found
        .into_iter()
        .filter(|l| l.name != page.name)
        .map(|l| (l.name, l.language))
        .collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}

/// One revision in a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its hash.
    pub hash: Hash,
    /// The page's title in it.
    pub title: String,
    /// Who made it, as text.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What was changed.
    pub summary: String,
    /// Whether the change was small.
    pub minor: bool,
    /// The text's length in bytes.
    pub length: i64,
    /// Its licence.
    pub licence: String,
    /// `written`, `imported`, …
    pub provenance: String,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Its number in the log.
    pub seq: i64,
}

fn revision_at(row: &Row<'_>) -> Result<Revision, StoreError> {
    Ok(Revision {
        hash: hash_at(row, 0)?,
        title: row.get(1)?,
        author: row.get(2)?,
        at: row.get(3)?,
        summary: row.get(4)?,
        minor: row.get(5)?,
        length: row.get(6)?,
        licence: row.get(7)?,
        provenance: row.get(8)?,
        withdrawn: row.get(9)?,
        seq: row.get(10)?,
    })
}

const REVISION: &str = "r.hash, r.title, r.author, r.at, r.summary, r.minor, r.length, r.licence,
    r.provenance, r.withdrawn, l.seq";

/// Returns a page's revisions before a number in the log, newest first.
pub fn history(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &RecordId,
    before: i64,
    limit: i64,
) -> Result<Vec<Revision>, StoreError> {
    db.all(
        &format!(
            "SELECT {REVISION} FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND l.seq < $2 AND {} ORDER BY l.seq DESC LIMIT $3",
            viewer.sql("r.space")
        ),
        params![id.as_str(), before, limit],
        revision_at,
    )
}

/// Returns whether a visible revision of a page has this hash.
pub fn is_revision(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &RecordId,
    hash: &Hash,
) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) FROM revisions r WHERE r.hash = $1 AND r.thing = $2 AND r.withdrawn = 0 AND {}",
        viewer.sql("r.space")
    );
    Ok(db.number(&sql, params![hash.as_bytes(), id.as_str()])? > 0)
}

/// Returns how many revisions a page has.
pub fn count_revisions(db: &Db<'_>, id: &RecordId) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM revisions WHERE thing = $1",
        params![id.as_str()],
    )
}

/// A change, in the list of what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The revision.
    pub revision: Revision,
    /// The page as it is called now; none if it is gone.
    pub name: Option<Name>,
    /// The page's id.
    pub thing: String,
    /// Whether it is the page's first revision.
    pub first: bool,
}

/// Returns the changes of a space before a number in its log, newest first.
pub fn changes(
    db: &Db<'_>,
    viewer: &Viewer,
    before: i64,
    limit: i64,
) -> Result<Vec<Change>, StoreError> {
    db.all(
        &format!(
            "SELECT {REVISION}, t.key, r.thing, r.record FROM log l JOIN revisions r ON r.hash = l.hash
             LEFT JOIN things t ON t.id = r.thing
             WHERE l.seq < $1 AND {} ORDER BY l.seq DESC LIMIT $2",
            viewer.sql("l.space")
        ),
        params![before, limit],
        |row| {
            let key: Option<String> = row.get(11)?;
            let thing: String = row.get(12)?;
            let first = row.get::<String>(13)? == thing;
            Ok(Change {
                revision: revision_at(row)?,
                name: key.and_then(|key| Name::parse_key(&key)),
                thing,
                first,
            })
        },
    )
}

/// Returns a page picked by a number between 0 and 1 000 000, evenly enough over all articles.
pub fn random(db: &Db<'_>, viewer: &Viewer, pick: i64) -> Result<Option<Listed>, StoreError> {
    let total = count(db, viewer, Kind::Article)?;
    let skip = if total > 0 {
        pick.rem_euclid(total)
    } else {
        return Ok(None);
    };
    db.first(
        &format!(
            "SELECT {LISTED} FROM articles a JOIN things t ON t.id = a.id
             WHERE a.kind = 'article' AND a.redirect = '' AND {} ORDER BY a.id LIMIT 1 OFFSET $1",
            viewer.sql("a.space")
        ),
        params![skip],
        listed_at,
    )
}

/// Returns the newest pages that were written at length: for the home page.
pub fn recent_articles(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<Page>, StoreError> {
    db.all(
        &format!(
            "SELECT {PAGE} FROM things t JOIN articles a ON a.id = t.id
             WHERE t.kind = 'article' AND a.redirect = '' AND a.words > 150 AND a.lead <> '' AND {}
             ORDER BY t.updated DESC, t.id DESC LIMIT $1",
            viewer.sql("t.space")
        ),
        params![limit],
        page_at,
    )
}

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
             AND NOT EXISTS (SELECT 1 FROM links l WHERE l.from_id = a.id AND l.relation = 'mentions')
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
                             AND l.relation IN ('mentions', 'redirects') AND l.from_id <> a.id)
             ORDER BY a.key LIMIT $2",
            viewer.sql("a.space")
        ),
        params![after, limit],
        care_at,
    )
}

/// Returns the names that are mentioned most and do not exist: wanted pages.
pub fn wanted(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<CareItem>, StoreError> {
    db.all(
        &format!(
            "SELECT l.to_key, CAST(COUNT(*) AS TEXT) FROM links l WHERE l.relation = 'mentions' AND {}
             AND NOT EXISTS (SELECT 1 FROM things t WHERE t.key = l.to_key AND t.space = l.space)
             GROUP BY l.to_key ORDER BY COUNT(*) DESC, l.to_key LIMIT $1",
            viewer.sql("l.space")
        ),
        params![limit],
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
            "SELECT a.key, c.about FROM care c JOIN articles a ON a.id = c.thing
             WHERE c.code = 'conflict' AND {} ORDER BY a.key LIMIT $1",
            viewer.sql("c.space")
        ),
        params![limit],
        care_at,
    )
}

/// What an earlier import left of a page: its thing, its revision's hash, its text's SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The thing.
    pub thing: RecordId,
    /// The imported revision.
    pub hash: Hash,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// Its number in the wiki.
    pub revision: String,
}

/// Calls `each` with every page that was imported from a wiki: namespace, title, what is left of it.
pub fn imported(
    db: &Db<'_>,
    site: &str,
    mut each: impl FnMut(i32, String, Imported),
) -> Result<(), StoreError> {
    db.each(
        "SELECT namespace, title, thing, hash, sha256, revision FROM sources WHERE site = $1",
        params![site],
        |row| {
            let imported = Imported {
                thing: RecordId::parse(&row.get::<String>(2)?)
                    .map_err(|e| damaged(e.to_string()))?,
                hash: hash_at(row, 3)?,
                sha256: row.get(4)?,
                revision: row.get(5)?,
            };
            each(row.get::<i64>(0)? as i32, row.get(1)?, imported);
            Ok::<_, StoreError>(())
        },
    )
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
            "SELECT {PAGE} FROM links l JOIN articles a ON a.id = l.from_id
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

/// Returns how many revisions of all pages are visible.
pub fn count_changes(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM revisions r WHERE {}",
            viewer.sql("r.space")
        ),
        &[],
    )
}

/// Returns whether a visible page cites a file.
pub fn is_cited(db: &Db<'_>, viewer: &Viewer, sha256: &str) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) FROM articles a WHERE a.blob = $1 AND {}",
        viewer.sql("a.space")
    );
    Ok(db.number(&sql, params![sha256])? > 0)
}

/// Returns what is wrong with the markup of a record that was made ready.
pub fn prepared_problems(ready: &store::Ready) -> Vec<(&'static str, String)> {
    ready
        .prepared()
        .and_then(|any| any.downcast_ref::<(Article, Analysis)>())
        .map(|(_, analysis)| analysis.problems.clone())
        .unwrap_or_default()
}
