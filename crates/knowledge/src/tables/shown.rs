//! Which revision of a page is shown, and under which title.
//!
//! Both follow from what the log still holds and not from the order of events: once a record is withdrawn,
//! the tables are as if it had never come. A replay, which lacks its bytes, gives the same.

use super::sources::keep_out;
use super::tallies::{self, Counted};
use super::{FORGET_FILE, REDRAW, full_id, hash_at, is_held, short_at};
use crate::draw::{self, Analysis};
use crate::model::{Article, Name, fold};
use crate::rules::Line;
use record::{Hash, Record, RecordId};
use store::{
    Applied, Db, StoreError, Thing, Viewer, Withdrawn, forget_thing, outbox, params, put_links,
    put_thing,
};

/// The code in `care` of a revision that waits beside the shown one.
pub(super) const CONFLICT: &str = "conflict";

/// Enters a revision; it becomes the shown one if it is the first, or goes on from the shown one.
pub(super) fn enter(
    db: &Db<'_>,
    applied: &Applied<'_>,
    article: &Article,
    analysis: &Analysis,
) -> Result<(), StoreError> {
    let record = applied.record;
    let thing = record.thing().short();
    let hash = record.hash();
    // Whoever brought an old text in is not its author.
    let author = if article.contributor.is_empty() && article.source.is_none() {
        record.author().to_string()
    } else {
        article.contributor.clone()
    };
    db.execute(
        "INSERT INTO revisions (hash, thing, first, space, title, author, at, summary, minor, length,
           licence, provenance, machine, withdrawn)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)",
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
            &article.provenance,
            &article.machine
        ],
    )?;
    if let Some(source) = &article.source {
        db.execute(
            "INSERT INTO sources (hash, thing, site, namespace, title, sha256, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                hash.as_bytes(),
                &thing,
                &source.site,
                source.namespace,
                &source.title,
                &source.sha256,
                &source.revision
            ],
        )?;
    }
    if let Some(file) = &article.attachment {
        db.execute(
            "INSERT INTO files (hash, blob, space) VALUES ($1, $2, $3)",
            params![hash.as_bytes(), &file.sha256, record.space().as_str()],
        )?;
    }
    let shown = shown_hash(db, &thing)?;
    let first = record.is_first() && shown.is_none();
    let mut line = Line::of(shown);
    let taken = line.take(hash, record.replaces(), || {
        goes_on_from_withdrawn(db, record, applied.seq)
    })?;
    for replaced in record.replaces() {
        db.execute(
            "DELETE FROM care WHERE thing = $1 AND code = $2 AND about = $3",
            params![&thing, CONFLICT, replaced.to_string()],
        )?;
    }
    if taken {
        show(db, record, article, analysis, first)
    } else {
        wait(db, &thing, &hash, record.space().as_str())
    }
}

/// Takes a withdrawn record out of the tables.
pub(super) fn withdraw(db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
    if gone.whole_thing {
        let Some(id) = &gone.thing else {
            return Ok(());
        };
        let hashes = db.all(
            "SELECT hash FROM revisions WHERE thing = $1",
            params![&id.short()],
            |row| hash_at(row, 0),
        )?;
        forget_sources(db, &hashes, true)?;
        db.execute(
            "DELETE FROM revisions WHERE thing = $1",
            params![&id.short()],
        )?;
        remember(db, &id.short(), id.as_str())?;
        return forget(db, id);
    }
    forget_sources(db, &[gone.hash], false)?;
    let held: Option<[u8; 16]> = db.first(
        "SELECT thing FROM revisions WHERE hash = $1",
        params![gone.hash.as_bytes()],
        |row| short_at(row, 0),
    )?;
    db.execute(
        "DELETE FROM revisions WHERE hash = $1",
        params![gone.hash.as_bytes()],
    )?;
    if let Some(id) = &gone.thing {
        // History keeps that there was a revision, and nothing of what it said.
        db.execute(
            "INSERT INTO revisions (hash, thing, first, space, title, author, at, summary, minor, length,
               licence, provenance, machine, withdrawn)
             VALUES ($1, $2, $3, $4, '', '', $5, '', 0, 0, '', '', '', 1)",
            params![
                gone.hash.as_bytes(),
                &id.short(),
                gone.id == *id,
                gone.space.as_str(),
                gone.at.as_millis()
            ],
        )?;
    }
    match held {
        Some(thing) => judge_again(db, &thing, &gone.hash),
        None => Ok(()),
    }
}

/// Judges anew, from the revisions that are still there, which one is shown and which ones wait.
fn judge_again(db: &Db<'_>, thing: &[u8; 16], withdrawn: &Hash) -> Result<(), StoreError> {
    let before = shown_hash(db, thing)?;
    let left: Vec<(i64, Hash)> = db.all(
        "SELECT l.seq, r.hash FROM revisions r JOIN log l ON l.hash = r.hash
         WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY l.seq",
        params![thing],
        |row| Ok::<_, StoreError>((row.get(0)?, hash_at(row, 1)?)),
    )?;
    let mut line = Line::default();
    let mut space = String::new();
    for (seq, hash) in left {
        let Some(record) = record_of(db, &hash)? else {
            continue;
        };
        record.space().as_str().clone_into(&mut space);
        line.take(hash, record.replaces(), || {
            goes_on_from_withdrawn(db, &record, seq)
        })?;
    }
    db.execute(
        "DELETE FROM care WHERE thing = $1 AND code = $2",
        params![thing, CONFLICT],
    )?;
    for hash in line.waiting() {
        wait(db, thing, hash, &space)?;
    }
    let shown = match line.shown() {
        shown if shown == before => return Ok(()),
        Some(hash) => record_of(db, &hash)?,
        None => None,
    };
    match shown.map(|record| (Article::of(&record), record)) {
        Some((Ok(article), record)) => show(db, &record, &article, &draw::analyse(&article), false),
        _ => {
            remember(db, thing, &withdrawn.to_string())?;
            forget(db, &full_id(db, thing)?)
        }
    }
}

/// Returns whether a record replaces one that came before it and was withdrawn.
fn goes_on_from_withdrawn(db: &Db<'_>, record: &Record, seq: i64) -> Result<bool, StoreError> {
    for hash in record.replaces() {
        let found = db.first(
            "SELECT 1 FROM log WHERE hash = $1 AND space = $2 AND seq < $3 AND body IS NULL",
            params![hash.as_bytes(), record.space().as_str(), seq],
            |_| Ok::<_, StoreError>(()),
        )?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn wait(db: &Db<'_>, thing: &[u8; 16], hash: &Hash, space: &str) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO care (thing, code, about, space) VALUES ($1, $2, $3, $4)
         ON CONFLICT (thing, code, about) DO NOTHING",
        params![thing, CONFLICT, hash.to_string(), space],
    )?;
    Ok(())
}

fn shown_hash(db: &Db<'_>, thing: &[u8; 16]) -> Result<Option<Hash>, StoreError> {
    db.first(
        "SELECT hash FROM articles WHERE thing = $1",
        params![thing],
        |row| hash_at(row, 0),
    )
}

/// Returns a record that the log still holds.
fn record_of(db: &Db<'_>, hash: &Hash) -> Result<Option<Record>, StoreError> {
    let bytes = store::bytes_of(db, hash)?;
    Ok(bytes.and_then(|bytes| Record::trusted(&bytes).ok()))
}

/// Makes a revision the shown one, under its title.
///
/// No two pages are published under one title. But where a withdrawn revision had given one to another page,
/// the page falls back to a title that somebody else has by now. Then the page whose shown revision came last
/// has the title, and the others stand aside until it is free.
fn show(
    db: &Db<'_>,
    record: &Record,
    article: &Article,
    analysis: &Analysis,
    first: bool,
) -> Result<(), StoreError> {
    let (thing, space) = (record.thing().short(), record.space().as_str());
    let key = article.name.key();
    let wanted_before = if first { None } else { wanted_key(db, &thing)? };
    let rivals = rivals(db, &thing, &key, space)?;
    let mine = if rivals.is_empty() {
        0
    } else {
        seq_of(db, &record.hash())?
    };
    if rivals.iter().all(|rival| rival.seq < mine) {
        for rival in rivals.iter().filter(|rival| rival.holds) {
            place(db, &rival.thing, Place::Aside)?;
        }
        put(db, record, article, analysis, &article.name, first)?;
        db.execute(
            "DELETE FROM shared_titles WHERE thing = $1",
            params![&thing],
        )?;
    } else {
        let name = aside(db, &article.name, &thing, space)?;
        put(db, record, article, analysis, &name, first)?;
        share(db, &thing, &key, space)?;
        give_on(db, &key, space)?;
    }
    match wanted_before {
        Some(before) if before != key => give_on(db, &before, space),
        _ => Ok(()),
    }
}

/// Remembers under which title a page stood that is withdrawn: by a mark that the title cannot be read from.
fn remember(db: &Db<'_>, thing: &[u8; 16], target: &str) -> Result<(), StoreError> {
    let stood: Option<(String, String)> = db.first(
        "SELECT key, space FROM articles WHERE thing = $1",
        params![thing],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
    )?;
    let Some((key, space)) = stood else {
        return Ok(());
    };
    db.execute(
        "INSERT INTO gone (mark, thing, target) VALUES ($1, $2, $3)
         ON CONFLICT (mark) DO UPDATE SET thing = excluded.thing, target = excluded.target",
        params![gone_mark(&space, &key).as_bytes(), thing, target],
    )?;
    Ok(())
}

fn gone_mark(space: &str, key: &str) -> Hash {
    Hash::of(format!("gone\n{space}\n{key}").as_bytes())
}

/// What is known of a page that was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Whoever withdrew it.
    pub by: String,
    /// Their reason, or empty.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// Returns what is known of a page that stood under a key and was withdrawn.
///
/// # Errors
/// From the database.
pub fn gone(db: &Db<'_>, viewer: &Viewer, key: &str) -> Result<Option<Gone>, StoreError> {
    for space in viewer.spaces() {
        let found = db.first(
            "SELECT t.record, t.reason, t.at FROM gone g JOIN tombstones t ON t.target = g.target WHERE g.mark = $1",
            params![gone_mark(space.as_str(), key).as_bytes()],
            |row| {
                let record: String = row.get(0)?;
                Ok::<_, StoreError>(Gone {
                    by: RecordId::parse_known(&record)
                        .map_or_else(|_| String::new(), |id| id.author().as_str().to_owned()),
                    reason: row.get(1)?,
                    at: row.get(2)?,
                })
            },
        )?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Takes a page out of every table but the history.
fn forget(db: &Db<'_>, id: &RecordId) -> Result<(), StoreError> {
    let thing = id.short();
    if let Some(counted) = Counted::shown(db, &thing)? {
        counted.take_back(db)?;
    }
    let wanted = wanted_key(db, &thing)?;
    let stood: Option<(String, String)> = db.first(
        "SELECT key, space FROM articles WHERE thing = $1",
        params![&thing],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
    )?;
    for table in ["articles", "originals", "rendered", "care", "shared_titles"] {
        db.execute(
            &format!("DELETE FROM {table} WHERE thing = $1"),
            params![&thing],
        )?;
    }
    forget_thing(db, id)?;
    let Some((key, space)) = stood else {
        return Ok(());
    };
    tallies::left(db, &space, &key, &thing)?;
    match wanted {
        Some(wanted) => give_on(db, &wanted, &space),
        None => Ok(()),
    }
}

/// Another page that wants the same title.
struct Rival {
    thing: [u8; 16],
    /// The number in the log of its shown revision.
    seq: i64,
    /// Whether it has the title now.
    holds: bool,
}

/// Returns the other pages that want a title.
fn rivals(db: &Db<'_>, thing: &[u8; 16], key: &str, space: &str) -> Result<Vec<Rival>, StoreError> {
    db.all(
        "SELECT a.thing, l.seq, CAST(1 AS BIGINT) FROM articles a JOIN log l ON l.hash = a.hash
         WHERE a.key = $1 AND a.space = $2 AND a.thing <> $3
         UNION ALL
         SELECT a.thing, l.seq, CAST(0 AS BIGINT) FROM shared_titles s JOIN articles a ON a.thing = s.thing
         JOIN log l ON l.hash = a.hash WHERE s.key = $1 AND s.space = $2 AND s.thing <> $3",
        params![key, space, thing],
        |row| {
            Ok(Rival {
                thing: short_at(row, 0)?,
                seq: row.get(1)?,
                holds: row.get(2)?,
            })
        },
    )
}

/// Returns the key that a page's shown revision gives it, though it may stand aside.
fn wanted_key(db: &Db<'_>, thing: &[u8; 16]) -> Result<Option<String>, StoreError> {
    for table in ["shared_titles", "articles"] {
        let found = db.first(
            &format!("SELECT key FROM {table} WHERE thing = $1"),
            params![thing],
            |row| row.get(0),
        )?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn seq_of(db: &Db<'_>, hash: &Hash) -> Result<i64, StoreError> {
    db.number(
        "SELECT seq FROM log WHERE hash = $1",
        params![hash.as_bytes()],
    )
}

fn share(db: &Db<'_>, thing: &[u8; 16], key: &str, space: &str) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO shared_titles (thing, key, space) VALUES ($1, $2, $3)
         ON CONFLICT (thing) DO UPDATE SET key = excluded.key, space = excluded.space",
        params![thing, key, space],
    )?;
    Ok(())
}

/// Gives a title that nobody has to the page that wants it and whose shown revision came last.
fn give_on(db: &Db<'_>, key: &str, space: &str) -> Result<(), StoreError> {
    let rivals = rivals(db, &[0; 16], key, space)?;
    if rivals.iter().any(|rival| rival.holds) {
        return Ok(());
    }
    match rivals.iter().max_by_key(|rival| rival.seq) {
        Some(rival) => place(db, &rival.thing, Place::OwnTitle),
        None => Ok(()),
    }
}

enum Place {
    OwnTitle,
    Aside,
}

/// Puts a page that is shown under another title than now.
fn place(db: &Db<'_>, thing: &[u8; 16], place: Place) -> Result<(), StoreError> {
    let Some(hash) = shown_hash(db, thing)? else {
        return Ok(());
    };
    let Some(record) = record_of(db, &hash)? else {
        return Ok(());
    };
    let Ok(article) = Article::of(&record) else {
        return Ok(());
    };
    let (key, space) = (article.name.key(), record.space().as_str());
    let name = match place {
        Place::OwnTitle => article.name.clone(),
        Place::Aside => aside(db, &article.name, thing, space)?,
    };
    let analysis = draw::analyse(&article);
    put(db, &record, &article, &analysis, &name, false)?;
    // Its own records tell the search index nothing new.
    db.execute(
        "INSERT INTO moved (space, seq, thing) SELECT $1, next - 1, $2 FROM log_head WHERE space = $1
         ON CONFLICT (space, seq, thing) DO NOTHING",
        params![space, thing],
    )?;
    match place {
        Place::OwnTitle => db
            .execute("DELETE FROM shared_titles WHERE thing = $1", params![thing])
            .map(|_| ()),
        Place::Aside => share(db, thing, &key, space),
    }
}

/// Returns the title of a page that stands aside: its own, with the beginning of its short id.
fn aside(db: &Db<'_>, name: &Name, thing: &[u8; 16], space: &str) -> Result<Name, StoreError> {
    let id: String = thing.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut found = name.clone();
    for digits in [8, 32] {
        let mark = format!(" ({})", &id[..digits]);
        let mut title = name.title().to_owned();
        while title.len() + mark.len() > Name::LONGEST {
            title.pop();
        }
        found = Name::new(name.kind(), &(title + &mark)).unwrap_or(found);
        let taken = db.first(
            "SELECT 1 FROM articles WHERE key = $1 AND space = $2 AND thing <> $3",
            params![found.key(), space, thing],
            |_| Ok::<_, StoreError>(()),
        )?;
        if taken.is_none() {
            break;
        }
    }
    Ok(found)
}

/// Returns the ids of the pages of a space that another page's record moved, between two numbers of the log:
/// after the first, up to the second.
///
/// # Errors
/// From the database.
pub(crate) fn moved(
    db: &Db<'_>,
    space: &str,
    after: i64,
    to: i64,
) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT DISTINCT t.id FROM moved m JOIN things t ON t.thing = m.thing
         WHERE m.space = $1 AND m.seq > $2 AND m.seq <= $3",
        params![space, after, to],
        |row| row.get(0),
    )
}

/// Takes out where withdrawn revisions came from, and their files: those that nobody cites any more are
/// to be removed.
fn forget_sources(db: &Db<'_>, hashes: &[Hash], whole: bool) -> Result<(), StoreError> {
    for hash in hashes {
        keep_out(db, hash, whole)?;
        db.execute(
            "DELETE FROM sources WHERE hash = $1",
            params![hash.as_bytes()],
        )?;
        let blob: Option<String> = db.first(
            "SELECT blob FROM files WHERE hash = $1",
            params![hash.as_bytes()],
            |row| row.get(0),
        )?;
        let Some(blob) = blob else { continue };
        db.execute(
            "DELETE FROM files WHERE hash = $1",
            params![hash.as_bytes()],
        )?;
        if !is_held(db, &blob)? {
            outbox::ask(db, FORGET_FILE, &blob)?;
        }
    }
    Ok(())
}

/// Writes what the shown revision of a page is a translation of.
fn put_original(
    db: &Db<'_>,
    thing: &[u8; 16],
    article: &Article,
    space: &str,
    first: bool,
) -> Result<(), StoreError> {
    if !first {
        db.execute("DELETE FROM originals WHERE thing = $1", params![thing])?;
    }
    let Some(original) = &article.original else {
        return Ok(());
    };
    db.execute(
        "INSERT INTO originals (thing, original, revision, space) VALUES ($1, $2, $3, $4)",
        params![
            thing,
            &original.thing.short(),
            original.revision.as_bytes(),
            space
        ],
    )?;
    Ok(())
}

/// Writes the rows of a page's shown revision.
fn put(
    db: &Db<'_>,
    record: &Record,
    article: &Article,
    analysis: &Analysis,
    name: &Name,
    first: bool,
) -> Result<(), StoreError> {
    let thing = record.thing().short();
    let space = record.space().as_str();
    let key = name.key();
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
    if !first {
        if let Some(counted) = Counted::shown(db, &thing)? {
            counted.take_back(db)?;
        }
        db.execute(
            "DELETE FROM care WHERE thing = $1 AND code <> $2",
            params![&thing, CONFLICT],
        )?;
    }
    for (code, what) in &analysis.problems {
        db.execute(
            "INSERT INTO care (thing, code, about, space) VALUES ($1, $2, $3, $4)
             ON CONFLICT (thing, code, about) DO NOTHING",
            params![&thing, *code, what, space],
        )?;
    }
    let sort = fold(name.title());
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
           provenance, machine, redirect, translates, hash, length, words, lead, site, blob, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (thing) DO UPDATE SET space = excluded.space, key = excluded.key, kind = excluded.kind,
           language = excluded.language, licence = excluded.licence,
           attribution = excluded.attribution, media = excluded.media, provenance = excluded.provenance,
           machine = excluded.machine,
           redirect = excluded.redirect, translates = excluded.translates, hash = excluded.hash,
           length = excluded.length, words = excluded.words, lead = excluded.lead, site = excluded.site,
           blob = excluded.blob, updated = excluded.updated",
        params![
            &thing,
            space,
            &key,
            name.kind().as_str(),
            &article.language,
            &article.licence,
            &article.attribution,
            article.media.as_str(),
            &article.provenance,
            &article.machine,
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
    put_original(db, &thing, article, space, first)?;
    put_thing(
        db,
        &Thing {
            id: record.thing(),
            space: record.space(),
            kind: name.kind().as_str(),
            key: &key,
            title: name.title(),
            sort: &sort,
            language: &article.language,
            updated,
        },
    )?;
    put_links(db, record.thing(), record.space(), &analysis.links, first)?;
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
        name.kind().as_str(),
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
