//! The SQL of articles: how a record changes the tables, and the queries that return views.

mod care;
mod history;
mod lists;
mod pages;
mod sources;
mod tallies;

pub use care::{conflicts, dead_ends, orphans, redirects, same_but_case};
pub use history::{changes, count_changes, count_revisions, history, is_revision};
pub use lists::{
    count_linking, linked, linking, listed_from, newest_in, random, recent_articles, sitemap_part,
    sitemap_starts, translations,
};
pub use pages::{
    Page, article_of, by_id, by_key, by_name, drawn, every_page, exists, full_id, is_cited, text,
};
pub(crate) use pages::{file_of, keep_drawn, stands};
pub use sources::{Imported, imported};
pub use tallies::{count, count_themes, languages, letters, themes, themes_after, wanted};

use crate::draw::{self, Analysis};
use crate::model::{Article, fold};
use crate::rules::{self, Facts};
use record::{Hash, Record, RecordId};
use std::any::Any;
use store::{
    Applied, Db, Migration, Refusal, Row, StoreError, Tables, Thing, Withdrawn, forget_thing,
    outbox, params, put_links, put_thing,
};
use tallies::Counted;

/// The setting that hides the starter commons for good: any value.
pub const SETTING_STARTER_HIDDEN: &str = "starter_hidden";

/// Asks the follower, through the outbox, to draw a page anew, by its id.
pub(crate) const REDRAW: &str = "redraw";

/// The tables of the knowledge commons.
pub struct Articles;

impl Tables for Articles {
    fn name(&self) -> &'static str {
        "knowledge"
    }

    fn migrations(&self) -> &'static [Migration] {
        const STEPS: &[Migration] = &[
            Migration::tables(include_str!("../../migrations/0001.sql")),
            Migration::replayed(include_str!("../../migrations/0002.sql")),
            // Redirects that cannot be read are kept as `?word:target`.
            Migration::replayed(""),
        ];
        STEPS
    }

    fn derived(&self) -> &'static [&'static str] {
        &["articles", "revisions", "sources", "care", "tallies"]
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
            "SELECT licence FROM articles WHERE thing = $1",
            params![&record.thing().short()],
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
            params![&thing.short()],
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
        let Some(id) = &gone.thing else {
            return Ok(());
        };
        let thing = id.short();
        db.execute("DELETE FROM rendered WHERE thing = $1", params![&thing])?;
        if gone.whole_thing {
            for table in ["revisions", "care", "sources"] {
                db.execute(
                    &format!("DELETE FROM {table} WHERE thing = $1"),
                    params![&thing],
                )?;
            }
            return forget(db, id, gone.space.as_str());
        }
        // History keeps that there was a revision, and nothing of what it said.
        db.execute(
            "INSERT INTO revisions (hash, thing, first, space, title, author, at, summary, minor, length,
               licence, provenance, withdrawn)
             VALUES ($1, $2, $3, $4, '', '', $5, '', 0, 0, '', '', 1)
             ON CONFLICT (hash) DO UPDATE SET title = '', author = '', at = excluded.at, summary = '',
               minor = 0, length = 0, licence = '', provenance = '', withdrawn = 1",
            params![
                gone.hash.as_bytes(),
                &thing,
                gone.id == *id,
                gone.space.as_str(),
                gone.at.as_millis()
            ],
        )?;
        db.execute(
            "DELETE FROM care WHERE thing = $1 AND about = $2",
            params![&thing, gone.hash.to_string()],
        )?;
        db.execute(
            "DELETE FROM sources WHERE hash = $1",
            params![gone.hash.as_bytes()],
        )?;
        let shown: Option<Hash> = db.first(
            "SELECT hash FROM articles WHERE thing = $1",
            params![&thing],
            |row| hash_at(row, 0),
        )?;
        if shown.is_none_or(|shown| shown != gone.hash) {
            return Ok(());
        }
        // The revision before it is shown again: the last one in the log that is still there.
        let before: Option<Vec<u8>> = db.first(
            "SELECT r.hash FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY l.seq DESC LIMIT 1",
            params![&thing],
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
            _ => forget(db, id, gone.space.as_str()),
        }
    }
}

/// Takes a page out of every table but the history.
fn forget(db: &Db<'_>, id: &RecordId, space: &str) -> Result<(), StoreError> {
    let thing = id.short();
    if let Some(counted) = Counted::shown(db, &thing)? {
        counted.take_back(db)?;
    }
    let key: Option<String> = db.first(
        "SELECT key FROM articles WHERE thing = $1",
        params![&thing],
        |row| row.get(0),
    )?;
    db.execute("DELETE FROM articles WHERE thing = $1", params![&thing])?;
    forget_thing(db, id)?;
    match key {
        Some(key) => tallies::left(db, space, &key, &thing),
        None => Ok(()),
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

fn short_at(row: &Row<'_>, index: usize) -> Result<[u8; 16], StoreError> {
    let bytes = row.bytes(index)?;
    bytes
        .try_into()
        .map_err(|_| damaged(format!("a reference of {} bytes", bytes.len())))
}

/// Enters a revision; it becomes the shown one if it is the first, or replaces the shown one.
fn enter(
    db: &Db<'_>,
    record: &Record,
    article: &Article,
    analysis: &Analysis,
) -> Result<(), StoreError> {
    let thing = record.thing().short();
    let hash = record.hash();
    let author = if article.contributor.is_empty() {
        record.author().to_string()
    } else {
        article.contributor.clone()
    };
    db.execute(
        "INSERT INTO revisions (hash, thing, first, space, title, author, at, summary, minor, length,
           licence, provenance, withdrawn)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)",
        params![
            hash.as_bytes(),
            &thing,
            record.is_first(),
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
                &thing,
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
            "SELECT hash FROM articles WHERE thing = $1",
            params![&thing],
            |row| hash_at(row, 0),
        )?
    };
    match shown {
        Some(shown) if !record.replaces().contains(&shown) => {
            db.execute(
                "INSERT INTO care (thing, code, about, space) VALUES ($1, 'conflict', $2, $3)
                 ON CONFLICT (thing, code, about) DO NOTHING",
                params![&thing, hash.to_string(), record.space().as_str()],
            )?;
            return Ok(());
        }
        Some(_) => {
            for replaced in record.replaces() {
                db.execute(
                    "DELETE FROM care WHERE thing = $1 AND about = $2",
                    params![&thing, replaced.to_string()],
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
    let thing = record.thing().short();
    let key = article.name.key();
    let updated = record.published().as_millis();
    let hash = record.hash();
    let old: Option<(String, String)> = if first {
        None
    } else {
        db.first(
            "SELECT key, blob FROM articles WHERE thing = $1",
            params![&thing],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
        )?
    };
    if !first && let Some(counted) = Counted::shown(db, &thing)? {
        counted.take_back(db)?;
    }
    let sort = fold(article.name.title());
    let site = article
        .source
        .as_ref()
        .map_or("", |source| source.site.as_str());
    let blob = article
        .attachment
        .as_ref()
        .map_or("", |file| file.sha256.as_str());
    db.execute(
        "INSERT INTO articles (thing, space, key, kind, language, licence, attribution, media,
           provenance, redirect, translates, hash, length, words, lead, site, blob, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         ON CONFLICT (thing) DO UPDATE SET space = excluded.space, key = excluded.key, kind = excluded.kind,
           language = excluded.language, licence = excluded.licence,
           attribution = excluded.attribution, media = excluded.media, provenance = excluded.provenance,
           redirect = excluded.redirect, translates = excluded.translates, hash = excluded.hash,
           length = excluded.length, words = excluded.words, lead = excluded.lead, site = excluded.site,
           blob = excluded.blob, updated = excluded.updated",
        params![
            &thing,
            record.space().as_str(),
            &key,
            article.name.kind().as_str(),
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
            updated
        ],
    )?;
    put_thing(
        db,
        &Thing {
            id: record.thing(),
            space: record.space(),
            kind: article.name.kind().as_str(),
            key: &key,
            title: article.name.title(),
            sort: &sort,
            language: &article.language,
            updated,
        },
    )?;
    put_links(db, record.thing(), record.space(), &analysis.links, first)?;
    let space = record.space().as_str();
    let old_key = old.as_ref().map(|old| &old.0).filter(|old| **old != key);
    if old.is_none() || old_key.is_some() {
        tallies::arrived(db, space, &key)?;
        if let Some(old_key) = old_key {
            tallies::left(db, space, old_key, &thing)?;
        }
    }
    let links = analysis.links.iter();
    Counted::new(
        space,
        article.name.kind().as_str(),
        &article.language,
        &sort,
        !analysis.redirect.is_empty(),
        links.map(|link| (link.relation, link.to_key.as_str())),
    )
    .enter(db)?;
    db.execute("DELETE FROM rendered WHERE thing = $1", params![&thing])?;
    if old.as_ref().is_none_or(|old| old.0 != key || old.1 != blob) {
        // Pages that mention the name drew it as missing, as standing elsewhere, or without its file.
        for key in old_key.into_iter().chain([&key]) {
            let drawn: Vec<String> = db.all(
                "SELECT t.id FROM links l JOIN rendered r ON r.thing = l.thing
                 JOIN things t ON t.thing = l.thing WHERE l.to_key = $1",
                params![key],
                |row| row.get(0),
            )?;
            for id in drawn {
                outbox::ask(db, REDRAW, &id)?;
            }
            db.execute(
                "DELETE FROM rendered WHERE thing IN (SELECT thing FROM links WHERE to_key = $1)",
                params![key],
            )?;
        }
    }
    Ok(())
}

/// Returns what is wrong with the markup of a record that was made ready.
pub fn prepared_problems(ready: &store::Ready) -> Vec<(&'static str, String)> {
    ready
        .prepared()
        .and_then(|any| any.downcast_ref::<(Article, Analysis)>())
        .map(|(_, analysis)| analysis.problems.clone())
        .unwrap_or_default()
}
