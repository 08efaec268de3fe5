//! The follower behind the log: what changed is entered into the search index, and drawn.

use crate::draw;
use crate::model::{Kind, Name};
use crate::tables;
use record::Space;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use store::{Changed, Db, Node, StoreError, Viewer};

/// How many rows of the log one round reads.
const ROUND: i64 = 1_000;
/// After how many documents the index is committed, so that little is repeated after a crash.
const COMMIT_EVERY: u64 = 20_000;

/// Why the follower stopped; the same rows come again.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed.
    #[error(transparent)]
    Search(#[from] search::SearchError),
}

/// Takes in what is new in every space; returns how many rows of the log it read.
///
/// `progress` is told, after each round, how many rows are done and how many there are.
///
/// # Errors
/// [`FollowError`]; what was committed before stays.
pub fn catch_up(
    node: &Node,
    indexes: &search::Indexes,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, FollowError> {
    let heads = node.store().read(store::heads)?;
    let mut done = 0;
    for (space, head) in heads {
        if indexes.position(space.as_str()) >= head {
            continue;
        }
        let mut writer = indexes.writer(space.as_str())?;
        let before = done;
        let read = fill(
            node,
            &space,
            head,
            &mut writer,
            COMMIT_EVERY,
            stop,
            &mut |read, all| {
                done = before + read;
                progress(read, all);
            },
        )?;
        writer.commit(read.safe)?;
        indexes.reload();
        // A writer that is dropped takes its merges with it: they would begin again each time, and never end.
        writer.finish()?;
        if read.safe < read.position {
            // Only then are the tombstones done with.
            let mut writer = indexes.writer(space.as_str())?;
            writer.purge()?;
            writer.commit(read.position)?;
            writer.finish()?;
        }
    }
    indexes.reload();
    redraw(node, stop)?;
    forget_files(node, stop)?;
    Ok(done)
}

/// Makes the index of every space anew; until it is whole, searches find what the old one has.
///
/// # Errors
/// [`FollowError`]; then the old index stays.
pub fn index_anew(
    node: &Node,
    indexes: &search::Indexes,
    stop: &AtomicBool,
) -> Result<(), FollowError> {
    use search::SearchError::{Damaged, Outdated};
    for (space, head) in node.store().read(store::heads)? {
        let mut writer = match indexes.writer(space.as_str()) {
            Err(Damaged { .. } | Outdated { .. }) => {
                indexes.clear(space.as_str())?;
                indexes.writer(space.as_str())?
            }
            other => other?,
        };
        writer.begin_again()?;
        let read = fill(
            node,
            &space,
            head,
            &mut writer,
            u64::MAX,
            stop,
            &mut |_, _| {},
        )?;
        if read.position < head {
            // Stopped: what was not committed never was.
            return Ok(());
        }
        writer.commit(read.position)?;
        indexes.reload();
        writer.finish()?;
    }
    indexes.reload();
    Ok(())
}

/// How far a space's rows were read.
struct Reached {
    /// The last row that was read.
    position: i64,
    /// The last row before the first tombstone: from there on the rows come again until the index was purged.
    safe: i64,
}

/// Enters a space's rows into its index from the writer's position up to `head`; returns how far it came.
/// It commits after so many documents, and leaves the last COMMIT to the caller.
fn fill(
    node: &Node,
    space: &Space,
    head: i64,
    writer: &mut search::Writer,
    commit_every: u64,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Reached, FollowError> {
    let begun = writer.position();
    let mut position = begun;
    let mut safe = None;
    let mut since_commit = 0;
    while position < head && !stop.load(Ordering::Relaxed) {
        let Changed {
            next,
            things,
            withdrawn,
            ..
        } = changed(node, space, position)?;
        if next == position {
            break;
        }
        if withdrawn {
            safe.get_or_insert(position);
        }
        since_commit += things.len() as u64;
        let found = documents(node, space, &things)?;
        node.store().write_later(move |db| {
            for (id, hash, body) in found.drawn {
                tables::keep_drawn(db, &id, &hash, &body)?;
            }
            Ok(())
        });
        for (id, document) in found.documents {
            match document {
                Some(document) => writer.put(&document)?,
                None => writer.remove(&id)?,
            }
        }
        position = next;
        if since_commit >= commit_every {
            writer.commit(safe.unwrap_or(position))?;
            since_commit = 0;
        }
        progress((position - begun) as u64, (head - begun) as u64);
    }
    let safe = safe.unwrap_or(position);
    Ok(Reached { position, safe })
}

/// Draws anew the pages that were asked for because a name that they mention came or went.
fn redraw(node: &Node, stop: &AtomicBool) -> Result<(), StoreError> {
    while !stop.load(Ordering::Relaxed) {
        let asked = node
            .store()
            .read(|db| store::outbox::asked(db, tables::REDRAW, ROUND))?;
        if asked.is_empty() {
            break;
        }
        let everywhere = Viewer::of(
            node.store()
                .read(store::heads)?
                .into_iter()
                .map(|(space, _)| space)
                .collect(),
        );
        let drawn = node.store().read(|db| {
            let mut drawn = Vec::new();
            for id in &asked {
                if let Some(page) = tables::by_id(db, &everywhere, id)? {
                    // It may mention only what its own space's readers see.
                    let viewer = Viewer::of(vec![page.space.clone()]);
                    document(db, &viewer, &page, &mut drawn)?;
                }
            }
            Ok::<_, StoreError>(drawn)
        })?;
        node.store().write(move |db| {
            for (id, hash, body) in drawn {
                tables::keep_drawn(db, &id, &hash, &body)?;
            }
            store::outbox::done(db, tables::REDRAW, &asked)
        })?;
    }
    Ok(())
}

/// Reads the next rows of the log; pages whose title came free or was taken by them changed too.
fn changed(node: &Node, space: &Space, since: i64) -> Result<Changed, StoreError> {
    node.store().read(|db| {
        let mut found = store::changed(db, space, since, ROUND)?;
        let seen: HashSet<String> = found.things.iter().cloned().collect();
        let moved = tables::moved(db, space.as_str(), since, found.next)?;
        found
            .things
            .extend(moved.into_iter().filter(|thing| !seen.contains(thing)));
        Ok(found)
    })
}

/// Removes the files that no record cites any more.
fn forget_files(node: &Node, stop: &AtomicBool) -> Result<(), StoreError> {
    while !stop.load(Ordering::Relaxed) {
        let asked = node
            .store()
            .read(|db| store::outbox::asked(db, tables::FORGET_FILE, ROUND))?;
        if asked.is_empty() {
            break;
        }
        for sha256 in &asked {
            // It may have come again meanwhile.
            let held = node.store().read(|db| tables::is_held(db, sha256))?;
            if let (false, Some(hash)) = (held, store::BlobHash::parse(sha256)) {
                node.blobs().remove(&hash)?;
            }
        }
        node.store()
            .write(move |db| store::outbox::done(db, tables::FORGET_FILE, &asked))?;
    }
    Ok(())
}

/// Returns what is searched of a thing by its id, as far as the viewer may see it; none for another capability's.
pub type DocumentOf = fn(&Db<'_>, &Viewer, &str) -> Result<Option<search::Document>, StoreError>;

/// What other capabilities have searched, by their names.
#[derive(Default)]
struct Others(Mutex<BTreeMap<&'static str, DocumentOf>>);

/// Lets the things of another capability be searched too, from now on.
pub fn also(node: &Node, name: &'static str, document: DocumentOf) {
    let others = node.held::<Others>();
    let mut others = others.0.lock().unwrap_or_else(PoisonError::into_inner);
    others.insert(name, document);
}

/// Returns what is searched of a thing that is no page.
fn document_elsewhere(
    node: &Node,
    db: &Db<'_>,
    viewer: &Viewer,
    id: &str,
) -> Result<Option<search::Document>, StoreError> {
    if let Some(found) = people::document(db, viewer, id)? {
        return Ok(Some(found));
    }
    let others = node.held::<Others>();
    let others = others
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    for document in others.values() {
        if let Some(found) = document(db, viewer, id)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What became of some things: their documents, and the pages drawn on the way.
#[derive(Default)]
struct Found {
    documents: Vec<(String, Option<search::Document>)>,
    drawn: Vec<([u8; 16], record::Hash, Vec<u8>)>,
}

/// Makes the documents of some things, on two threads; a thing that is gone has none.
fn documents(node: &Node, space: &Space, things: &[String]) -> Result<Found, StoreError> {
    let next = AtomicU64::new(0);
    let viewer = Viewer::of(vec![space.clone()]);
    let work = || -> Result<Found, StoreError> {
        let mut found = Found::default();
        loop {
            let at = next.fetch_add(16, Ordering::Relaxed) as usize;
            let Some(part) = things
                .get(at..(at + 16).min(things.len()))
                .filter(|p| !p.is_empty())
            else {
                return Ok(found);
            };
            node.store().read(|db| {
                for id in part {
                    let document = match tables::by_id(db, &viewer, id)? {
                        Some(page) => document(db, &viewer, &page, &mut found.drawn)?,
                        None => document_elsewhere(node, db, &viewer, id)?,
                    };
                    found.documents.push((id.clone(), document));
                }
                Ok::<_, StoreError>(())
            })?;
        }
    };
    if things.len() < 32 {
        return work();
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut found = work()?;
        match other.join() {
            Ok(more) => {
                let more = more?;
                found.documents.extend(more.documents);
                found.drawn.extend(more.drawn);
            }
            Err(_) => return Err(StoreError::Stopped),
        }
        Ok(found)
    })
}

/// Makes the document of a page, and draws the page on the way. A redirect has none.
fn document(
    db: &Db<'_>,
    viewer: &Viewer,
    page: &tables::Page,
    drawn: &mut Vec<([u8; 16], record::Hash, Vec<u8>)>,
) -> Result<Option<search::Document>, StoreError> {
    if !page.redirect.is_empty() {
        return Ok(None);
    }
    let article = tables::article_of(db, &page.hash)?;
    let (picture, body) = draw::draw_and_text(
        &article,
        draw::Around {
            exists: &|name| tables::stands(db, viewer, name),
            file: &|name| tables::file_of(db, viewer, name),
        },
    );
    drawn.push((page.id, page.hash, picture.pack()));
    let categories = tables::linked(db, &page.id, "category")?
        .iter()
        .filter_map(|key| Name::parse_key(key))
        .map(|name| name.title().to_owned())
        .collect();
    let links = tables::count_linking(db, viewer, "mentions", &page.name.key())?;
    Ok(Some(search::Document {
        id: tables::full_id(db, &page.id)?.as_str().to_owned(),
        kind: page.name.kind().as_str().to_owned(),
        language: page.language.clone(),
        title: if page.name.kind() == Kind::Article {
            page.name.title().to_owned()
        } else {
            page.name.wiki_title()
        },
        url: page.name.href(),
        body,
        categories,
        rank: links as u32,
    }))
}

/// A stop flag that is never set, for callers that do not stop.
#[must_use]
pub fn never() -> AtomicBool {
    AtomicBool::new(false)
}
