//! Followers: work done after the COMMIT, each with its own saved position, idempotent.

use crate::{Db, StoreError, params};
use record::{Record, RecordId, Space, Tombstone, TombstoneTarget};
use std::collections::HashSet;

/// Something that reads the log behind the commits: search, notices, delivery.
pub trait Follower: Send {
    /// Returns the name under which its positions are saved.
    fn name(&self) -> &'static str;

    /// Takes in what is new in every space; returns how many rows it read.
    ///
    /// # Errors
    /// A sentence for the log; the same rows come again.
    fn catch_up(&mut self) -> Result<u64, Box<dyn std::error::Error + Send + Sync>>;
}

/// Returns the last sequence number of `space` that follower `name` has taken in, 0 for none.
///
/// # Errors
/// From the database.
pub fn position(db: &Db<'_>, name: &str, space: &Space) -> Result<i64, StoreError> {
    db.number(
        "SELECT seq FROM followers WHERE name = $1 AND space = $2",
        params![name, space.as_str()],
    )
}

/// Saves the position of a follower.
///
/// # Errors
/// From the database.
pub fn set_position(db: &Db<'_>, name: &str, space: &Space, seq: i64) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO followers (name, space, seq) VALUES ($1, $2, $3)
         ON CONFLICT (name, space) DO UPDATE SET seq = excluded.seq",
        params![name, space.as_str(), seq],
    )?;
    Ok(())
}

/// What some rows of the log tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The number of the last of them.
    pub next: i64,
    /// The ids of the things that they are of, or say something about, each once.
    pub things: Vec<String>,
    /// Whether there is a tombstone among them.
    pub withdrawn: bool,
    /// Whether there is a tombstone among them that does not say of which thing its record was.
    pub unknown: bool,
}

/// Reads up to `most` rows of a space's log behind `since`, and returns which things they changed.
///
/// # Errors
/// From the database.
pub fn changed(db: &Db<'_>, space: &Space, since: i64, most: i64) -> Result<Changed, StoreError> {
    let mut found = Changed {
        next: since,
        ..Changed::default()
    };
    let mut seen = HashSet::new();
    crate::rows(db, space, since, most, |row| {
        found.next = row.seq;
        let thing = match row.bytes.as_deref().map(Record::trusted) {
            Some(Ok(record)) => match Tombstone::of(&record) {
                Ok(tombstone) => {
                    found.withdrawn = true;
                    match (tombstone.thing, tombstone.target) {
                        (Some(thing), _) | (None, TombstoneTarget::Thing(thing)) => {
                            Some(thing.as_str().to_owned())
                        }
                        (None, TombstoneTarget::Record(_)) => {
                            found.unknown = true;
                            None
                        }
                    }
                }
                Err(_) => {
                    // What says something of another thing may change it too.
                    let about = record.get("about").and_then(serde_json::Value::as_str);
                    if let Some(about) = about.and_then(|id| RecordId::parse(id).ok())
                        && seen.insert(about.as_str().to_owned())
                    {
                        found.things.push(about.as_str().to_owned());
                    }
                    Some(record.thing().as_str().to_owned())
                }
            },
            // Withdrawn: its thing is known by the id if it was the first of it.
            _ => Some(row.id),
        };
        if let Some(thing) = thing
            && seen.insert(thing.clone())
        {
            found.things.push(thing);
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(found)
}
