//! The log: records in the order in which this node accepted them, one sequence per space.

use crate::node::Ready;
use crate::refused::refused;
use crate::tables::{Applied, Judged, Tables, Withdrawn};
use crate::{Db, Refusal, StoreError, params};
use record::{Did, Hash, Record, RecordId, Space, Timestamp, Tombstone, TombstoneTarget};
use std::cell::RefCell;

/// What became of a record that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has a place in the log now.
    Accepted(Accepted),
    /// It had one before; nothing changed.
    Known(Accepted),
    /// A rule said no.
    Refused(Refusal),
}

/// A record's place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The space.
    pub space: Space,
    /// The number within the space, from 1.
    pub seq: i64,
    /// The record's id.
    pub id: RecordId,
    /// The record's hash.
    pub hash: Hash,
}

/// One row of the log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// The number within the space, from 1.
    pub seq: i64,
    /// The record's id.
    pub id: String,
    /// The record's hash.
    pub hash: Hash,
    /// When this node accepted it.
    pub accepted_at: Timestamp,
    /// The record's bytes as they were received; none once a tombstone took them.
    pub bytes: Option<Vec<u8>>,
}

/// How a body is stored: a first byte, then the bytes. Never change a meaning; add one.
mod codec {
    pub(super) const RAW: u8 = 0;
    pub(super) const ZSTD: u8 = 1;
    pub(super) const ZSTD_ENVELOPE_1: u8 = 2;
    pub(super) const ZSTD_ENVELOPE_2: u8 = 3;
}

/// Text that most records share, so that even a short one compresses well.
const ENVELOPE_1: &[u8] = include_bytes!("envelope-1.txt");
/// The same, after the words that are most frequent in Spanish and English.
const ENVELOPE_2: &[u8] = include_bytes!("envelope-2.txt");

/// zstd level: on the real wiki, 4 takes 3 % less than 3 and half as long again; 6 takes 2 % less than 4
/// and as long again.
const LEVEL: i32 = 4;

/// A record of which a reader says that it is longer than this is damaged: 64 MiB.
const MOST: usize = 64 << 20;

thread_local! {
    static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Unpacker>> = const { RefCell::new(None) };
    static UNPACKER_1: RefCell<Option<Unpacker>> = const { RefCell::new(None) };
}

type Unpacker = zstd::bulk::Decompressor<'static>;

/// Compresses the bytes of a record for the log.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    let packed = PACKER.with_borrow_mut(|packer| {
        if packer.is_none() {
            *packer = zstd::bulk::Compressor::with_dictionary(LEVEL, ENVELOPE_2).ok();
        }
        packer
            .as_mut()
            .and_then(|packer| packer.compress(bytes).ok())
    });
    let (mark, body) = match &packed {
        Some(packed) if packed.len() < bytes.len() => (codec::ZSTD_ENVELOPE_2, packed.as_slice()),
        _ => (codec::RAW, bytes),
    };
    let mut out = Vec::with_capacity(body.len() + 5);
    out.push(mark);
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// Stores the bytes of a record as they are: for a log that does not last.
pub(crate) fn store_raw(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 5);
    out.push(codec::RAW);
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
    out
}

/// Returns the bytes of a record from what [`pack`] made.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    let (head, body) = packed
        .split_at_checked(5)
        .ok_or("a body of under five bytes")?;
    let mut length = [0; 4];
    length.copy_from_slice(&head[1..5]);
    let length = u32::from_le_bytes(length) as usize;
    if length > MOST {
        return Err(format!("a body that says it has {length} bytes"));
    }
    match head[0] {
        codec::RAW => Ok(body.to_vec()),
        codec::ZSTD => zstd::bulk::decompress(body, length).map_err(|e| e.to_string()),
        codec::ZSTD_ENVELOPE_2 => {
            UNPACKER.with_borrow_mut(|unpacker| unpack_with(unpacker, ENVELOPE_2, body, length))
        }
        codec::ZSTD_ENVELOPE_1 => {
            UNPACKER_1.with_borrow_mut(|unpacker| unpack_with(unpacker, ENVELOPE_1, body, length))
        }
        other => Err(format!("a body stored in the unknown way {other}")),
    }
}

fn unpack_with(
    unpacker: &mut Option<Unpacker>,
    dictionary: &[u8],
    body: &[u8],
    length: usize,
) -> Result<Vec<u8>, String> {
    let unpacker = match unpacker {
        Some(unpacker) => unpacker,
        None => unpacker
            .insert(Unpacker::with_dictionary(dictionary).map_err(|error| error.to_string())?),
    };
    unpacker
        .decompress(body, length)
        .map_err(|error| error.to_string())
}

/// By which door a record comes in.
pub(crate) struct Door<'a> {
    pub(crate) now: Timestamp,
    pub(crate) ours: &'a Did,
    pub(crate) by_keeper: bool,
}

/// Judges one record and, if the rules allow it, appends it and lets its capability apply it.
/// Runs within the writer's transaction.
pub(crate) fn accept(
    db: &Db<'_>,
    tables: &[Box<dyn Tables>],
    item: &Ready,
    door: &Door<'_>,
) -> Result<Outcome, StoreError> {
    let record = &item.record;
    let hash = record.hash();
    if let Some(known) = db.first(
        "SELECT space, seq, hash FROM log WHERE id = $1",
        params![record.id().as_str()],
        |row| {
            Ok::<_, StoreError>((
                row.get::<String>(0)?,
                row.get::<i64>(1)?,
                row.get::<Vec<u8>>(2)?,
            ))
        },
    )? {
        let (space, seq, found) = known;
        if found == hash.as_bytes() {
            return Ok(Outcome::Known(Accepted {
                space: Space::parse(&space).map_err(|e| StoreError::Record {
                    space: space.clone(),
                    seq,
                    reason: e.to_string(),
                })?,
                seq,
                id: record.id().clone(),
                hash,
            }));
        }
        return Ok(refused(Refusal::new(
            "id_taken",
            format!("{} is already the id of another record", record.id()),
            "sign it again under a new id",
        )));
    }
    for target in [record.thing().as_str(), &hash.to_string()] {
        let buried = db.first(
            "SELECT reason, record FROM tombstones WHERE target = $1",
            params![target],
            |row| Ok::<_, StoreError>((row.get::<String>(0)?, row.get::<String>(1)?)),
        )?;
        if let Some((reason, by)) = buried
            && binds(db, &by, record, door.ours)?
        {
            return Ok(refused(Refusal::new(
                "withdrawn",
                format!("{target} was withdrawn here: {reason}"),
                "",
            )));
        }
    }
    let judged = Judged {
        record,
        now: door.now,
        ours: door.ours,
        by_keeper: door.by_keeper,
    };
    for part in tables {
        if let Err(refusal) = part.gate(db, &judged)? {
            return Ok(refused(refusal));
        }
    }
    if record.type_name() == Tombstone::TYPE {
        if let Err(refusal) = judge_tombstone(db, tables, &judged)? {
            return Ok(refused(refusal));
        }
    } else {
        // A kind that only a later version knows is kept and passed on untouched.
        let part = tables
            .iter()
            .find(|part| part.types().contains(&record.type_name()));
        if let Some(part) = part
            && let Err(refusal) = part.check(db, &judged)?
        {
            return Ok(refused(refusal));
        }
    }
    let seq = next(db, record.space())?;
    db.execute(
        "INSERT INTO log (space, seq, id, hash, accepted_at, body) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            record.space().as_str(),
            seq,
            record.id().as_str(),
            hash.as_bytes(),
            door.now.as_millis(),
            &item.packed
        ],
    )?;
    apply(
        db,
        tables,
        &Applied {
            record,
            seq,
            prepared: item.prepared.as_deref(),
        },
    )?;
    Ok(Outcome::Accepted(Accepted {
        space: record.space().clone(),
        seq,
        id: record.id().clone(),
        hash,
    }))
}

/// Takes the next number of a space. The row stays locked until the COMMIT, which gives gap-free
/// numbers in the order of commits.
pub(crate) fn next(db: &Db<'_>, space: &Space) -> Result<i64, StoreError> {
    let taken = db.first(
        "INSERT INTO log_head (space, next) VALUES ($1, 2)
         ON CONFLICT (space) DO UPDATE SET next = log_head.next + 1 RETURNING next",
        params![space.as_str()],
        |row| row.get::<i64>(0),
    )?;
    Ok(taken.unwrap_or(2) - 1)
}

/// Applies an accepted record to the tables: at acceptance, and again in a rebuild.
pub(crate) fn apply(
    db: &Db<'_>,
    tables: &[Box<dyn Tables>],
    applied: &Applied<'_>,
) -> Result<(), StoreError> {
    let record = applied.record;
    if record.type_name() == Tombstone::TYPE {
        return bury(db, tables, record);
    }
    match tables
        .iter()
        .find(|part| part.types().contains(&record.type_name()))
    {
        Some(part) => part.apply(db, applied),
        None => Ok(()),
    }
}

fn judge_tombstone(
    db: &Db<'_>,
    tables: &[Box<dyn Tables>],
    judged: &Judged<'_>,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let Ok(tombstone) = Tombstone::of(record) else {
        return Ok(Err(Refusal::new(
            "tombstone_body",
            "the tombstone does not say what it withdraws",
            "",
        )));
    };
    let of_tombstone = |id: &RecordId| id.kind() == Tombstone::KIND;
    let target_id = match &tombstone.target {
        TombstoneTarget::Thing(id) => Some(id.clone()),
        TombstoneTarget::Record(hash) => db
            .first(
                "SELECT id FROM log WHERE hash = $1",
                params![hash.as_bytes()],
                |row| row.get::<String>(0),
            )?
            .and_then(|id| RecordId::parse_known(&id).ok()),
    };
    if target_id.as_ref().is_some_and(of_tombstone) {
        return Ok(Err(Refusal::new(
            "withdrawals_stay",
            "what was withdrawn does not come back, so its withdrawal stays",
            "publish it anew",
        )));
    }
    // Whoever follows the log knows only from the tombstone in which history to look.
    if let TombstoneTarget::Record(hash) = &tombstone.target {
        let thing = match bytes_of(db, hash)?.as_deref().map(Record::trusted) {
            Some(Ok(target)) => Some(target.thing().clone()),
            _ => tombstone.thing.clone(),
        };
        if thing.is_none() || thing != tombstone.thing {
            return Ok(Err(Refusal::new(
                "tombstone_thing",
                "the tombstone does not name the thing that the record is of",
                match &thing {
                    Some(thing) => format!("name {thing} as its thing"),
                    None => "name it as the tombstone's thing".to_owned(),
                },
            )));
        }
    }
    // The author's tombstone binds everyone; that of the commons or of a steward, that commons, and on its own node
    // whatever is shown there.
    let authors: Vec<String> = match &tombstone.target {
        TombstoneTarget::Record(hash) => db.all(
            "SELECT id FROM log WHERE hash = $1",
            params![hash.as_bytes()],
            |row| row.get::<String>(0),
        )?,
        TombstoneTarget::Thing(id) => vec![id.as_str().to_owned()],
    };
    let by_author = authors
        .iter()
        .any(|id| RecordId::parse(id).is_ok_and(|id| id.author() == *record.author()));
    let mut may = by_author;
    if !may && (judged.is_ours() || is_of(db, &tombstone.target, record.commons())?) {
        may = judged.is_by_commons();
        for part in tables {
            may = may || part.is_steward(db, record.commons(), record.author())?;
        }
    }
    if may {
        Ok(Ok(()))
    } else {
        Ok(Err(Refusal::new(
            "not_yours",
            "only its author or a steward of this commons may withdraw it",
            "ask a steward",
        )))
    }
}

/// Returns whether what a tombstone names is of a commons, as far as that is known: of what came withdrawn already,
/// nothing is.
fn is_of(db: &Db<'_>, target: &TombstoneTarget, commons: &Did) -> Result<bool, StoreError> {
    let hash = match target {
        TombstoneTarget::Record(hash) => Some(*hash),
        TombstoneTarget::Thing(id) => db.first(
            "SELECT hash FROM log WHERE id = $1",
            params![id.as_str()],
            |row| {
                Hash::from_slice(row.bytes(0)?).map_err(|e| StoreError::Damaged {
                    place: "the log".to_owned(),
                    reason: e.to_string(),
                })
            },
        )?,
    };
    let bytes = match hash {
        Some(hash) => bytes_of(db, &hash)?,
        None => None,
    };
    let known = bytes
        .as_deref()
        .and_then(|bytes| Record::trusted(bytes).ok());
    Ok(known.is_none_or(|known| known.commons() == commons))
}

/// Returns whether the tombstone with this id binds a record that comes in: that of its author, of its own commons, or
/// of this node's.
fn binds(db: &Db<'_>, by: &str, record: &Record, ours: &Did) -> Result<bool, StoreError> {
    let hash = db.first("SELECT hash FROM log WHERE id = $1", params![by], |row| {
        row.get::<Vec<u8>>(0)
    })?;
    let hash = hash.and_then(|hash| Hash::from_slice(&hash).ok());
    let bytes = match hash {
        Some(hash) => bytes_of(db, &hash)?,
        None => None,
    };
    let Some(tombstone) = bytes
        .as_deref()
        .and_then(|bytes| Record::trusted(bytes).ok())
    else {
        return Ok(true);
    };
    let commons = tombstone.commons();
    Ok(tombstone.author() == record.author() || commons == record.commons() || commons == ours)
}

/// Carries out a tombstone: the log keeps number, id and hash, and drops the bytes.
fn bury(db: &Db<'_>, tables: &[Box<dyn Tables>], record: &Record) -> Result<(), StoreError> {
    let Ok(tombstone) = Tombstone::of(record) else {
        return Ok(());
    };
    let target = match &tombstone.target {
        TombstoneTarget::Record(hash) => hash.to_string(),
        TombstoneTarget::Thing(id) => id.as_str().to_owned(),
    };
    db.execute(
        "INSERT INTO tombstones (target, record, reason, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (target) DO NOTHING",
        params![
            &target,
            record.id().as_str(),
            &tombstone.reason,
            record.published().as_millis()
        ],
    )?;
    let rows: Vec<(String, Vec<u8>, String)> = match &tombstone.target {
        TombstoneTarget::Record(hash) => db.all(
            "SELECT id, hash, space FROM log WHERE hash = $1",
            params![hash.as_bytes()],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?,
        TombstoneTarget::Thing(id) => {
            let mut rows = Vec::new();
            for part in tables {
                for hash in part.records_of(db, id)? {
                    rows.extend(db.all(
                        "SELECT id, hash, space FROM log WHERE hash = $1",
                        params![hash.as_bytes()],
                        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?, row.get(2)?)),
                    )?);
                }
            }
            rows
        }
    };
    let thing = match &tombstone.target {
        TombstoneTarget::Thing(id) => Some(id.clone()),
        TombstoneTarget::Record(_) => tombstone.thing.clone(),
    };
    for (id, hash, space) in rows {
        db.execute("UPDATE log SET body = NULL WHERE hash = $1", params![&hash])?;
        let (Ok(id), Ok(hash), Ok(space)) = (
            RecordId::parse(&id),
            Hash::from_slice(&hash),
            Space::parse(&space),
        ) else {
            continue;
        };
        let withdrawn = Withdrawn {
            id,
            thing: thing.clone(),
            hash,
            space,
            at: record.published(),
            whole_thing: matches!(tombstone.target, TombstoneTarget::Thing(_)),
        };
        for part in tables {
            part.withdraw(db, &withdrawn)?;
        }
    }
    Ok(())
}

/// Returns whether a record's bytes are those that were accepted.
pub(crate) fn is_intact(bytes: &[u8], hash: &Hash) -> bool {
    // Most are in canonical form, whose hash it is; others are brought into it.
    Hash::of(bytes) == *hash || Record::trusted(bytes).is_ok_and(|record| record.hash() == *hash)
}

/// Calls `each` with the rows of a space's log after `since`, at most `limit`, in order.
///
/// # Errors
/// From the database, or what `each` returns.
pub fn rows<E: From<StoreError>>(
    db: &Db<'_>,
    space: &Space,
    since: i64,
    limit: i64,
    mut each: impl FnMut(LogRow) -> Result<(), E>,
) -> Result<(), E> {
    db.each(
        "SELECT seq, id, hash, accepted_at, body FROM log WHERE space = $1 AND seq > $2
         ORDER BY seq LIMIT $3",
        params![space.as_str(), since, limit],
        |row| {
            let seq = row.get(0)?;
            let damaged = |reason: String| StoreError::Record {
                space: space.as_str().to_owned(),
                seq,
                reason,
            };
            let packed = row.bytes(4)?;
            let bytes = if packed.is_empty() {
                None
            } else {
                Some(unpack(packed).map_err(damaged)?)
            };
            each(LogRow {
                seq,
                id: row.get(1)?,
                hash: Hash::from_slice(row.bytes(2)?).map_err(|e| damaged(e.to_string()))?,
                accepted_at: Timestamp::from_millis(row.get(3)?),
                bytes,
            })
        },
    )
}

/// Returns what somebody says of themselves: their records of the kind `person`.
fn profiles_of(db: &Db<'_>, author: &Did) -> Result<Vec<Hash>, StoreError> {
    let (from, to) = (
        format!("ap://{author}/person/"),
        format!("ap://{author}/person0"),
    );
    db.all(
        "SELECT hash FROM log WHERE id >= $1 AND id < $2 AND body IS NOT NULL",
        params![from, to],
        |row| {
            Hash::from_slice(row.bytes(0)?).map_err(|e| StoreError::Record {
                space: String::new(),
                seq: 0,
                reason: e.to_string(),
            })
        },
    )
}

/// Returns what `author` said and what it goes on from, with who wrote that, in the order of the log: tombstones are left out.
pub(crate) fn with_ancestors(
    db: &Db<'_>,
    author: &Did,
) -> Result<Vec<(Space, LogRow)>, StoreError> {
    let mut wanted: Vec<Hash> = records_by(db, author)?
        .into_iter()
        .map(|own| own.hash)
        .collect();
    let mut found = std::collections::BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    let mut named = std::collections::HashSet::new();
    while let Some(hash) = wanted.pop() {
        if !seen.insert(hash) {
            continue;
        }
        let row = db.first(
            "SELECT space, seq, id, accepted_at, body FROM log WHERE hash = $1",
            params![hash.as_bytes()],
            |row| {
                let space = row.get::<String>(0)?;
                let seq = row.get(1)?;
                let damaged = |reason: String| StoreError::Record {
                    space: space.clone(),
                    seq,
                    reason,
                };
                let packed = row.bytes(4)?;
                let bytes = if packed.is_empty() {
                    None
                } else {
                    Some(unpack(packed).map_err(damaged)?)
                };
                let row = LogRow {
                    seq,
                    id: row.get(2)?,
                    hash,
                    accepted_at: Timestamp::from_millis(row.get(3)?),
                    bytes,
                };
                let space = Space::parse(&space).map_err(|e| damaged(e.to_string()))?;
                Ok::<_, StoreError>((space, row))
            },
        )?;
        let Some((space, row)) = row else { continue };
        if let Some(Ok(record)) = row.bytes.as_deref().map(Record::trusted) {
            // Whoever wrote along is named by what they say of themselves.
            if record.author() != author && named.insert(record.author().clone()) {
                wanted.extend(profiles_of(db, record.author())?);
            }
            if record.type_name() == Tombstone::TYPE {
                continue;
            }
            wanted.extend(record.replaces());
            if !record.is_first() {
                wanted.extend(db.first(
                    "SELECT hash FROM log WHERE id = $1",
                    params![record.thing().as_str()],
                    |row| {
                        Hash::from_slice(row.bytes(0)?).map_err(|e| StoreError::Record {
                            space: space.as_str().to_owned(),
                            seq: 0,
                            reason: e.to_string(),
                        })
                    },
                )?);
            }
        }
        found.insert((space.as_str().to_owned(), row.seq), (space, row));
    }
    Ok(found.into_values().collect())
}

/// A record of somebody's that was not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its space.
    pub space: Space,
    /// Its id.
    pub id: RecordId,
    /// Its hash.
    pub hash: Hash,
}

/// Returns the records that somebody said and that were not withdrawn, in the order of their ids: by kind, then time.
///
/// # Errors
/// From the database.
pub fn records_by(db: &Db<'_>, author: &Did) -> Result<Vec<Own>, StoreError> {
    // An id begins with its author; `0` is the sign after `/`.
    let (from, to) = (format!("ap://{author}/"), format!("ap://{author}0"));
    db.all(
        "SELECT space, id, hash FROM log WHERE id > $1 AND id < $2 AND body IS NOT NULL ORDER BY id",
        params![&from, &to],
        |row| {
            let damaged = |reason: String| StoreError::Damaged {
                place: "the log".to_owned(),
                reason,
            };
            let space: String = row.get(0)?;
            let id: String = row.get(1)?;
            Ok(Own {
                space: Space::parse(&space).map_err(|e| damaged(e.to_string()))?,
                id: RecordId::parse_known(&id).map_err(|e| damaged(e.to_string()))?,
                hash: Hash::from_slice(row.bytes(2)?).map_err(|e| damaged(e.to_string()))?,
            })
        },
    )
}

/// Returns the bytes of the record with this hash, if the log holds them.
///
/// # Errors
/// From the database; [`StoreError::Record`] if they cannot be unpacked.
pub fn bytes_of(db: &Db<'_>, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
    let found = db.first(
        "SELECT body FROM log WHERE hash = $1",
        params![hash.as_bytes()],
        |row| {
            let packed = row.bytes(0)?;
            if packed.is_empty() {
                Ok(None)
            } else {
                unpack(packed)
                    .map(Some)
                    .map_err(|reason| StoreError::Record {
                        space: String::new(),
                        seq: 0,
                        reason,
                    })
            }
        },
    )?;
    Ok(found.flatten())
}

/// Returns every space with the number of its last record.
///
/// # Errors
/// From the database.
pub fn heads(db: &Db<'_>) -> Result<Vec<(Space, i64)>, StoreError> {
    db.all(
        "SELECT space, next - 1 FROM log_head ORDER BY space",
        &[],
        |row| {
            let space: String = row.get(0)?;
            let seq = row.get(1)?;
            let space = Space::parse(&space).map_err(|e| StoreError::Record {
                space,
                seq: 0,
                reason: e.to_string(),
            })?;
            Ok((space, seq))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn what_is_packed_comes_back_and_damage_is_said() {
        for text in ["", "x", &"the commons ".repeat(500)] {
            assert_eq!(
                unpack(&pack(text.as_bytes())).expect("sound"),
                text.as_bytes()
            );
        }
        assert!(unpack(&[]).is_err());
        assert!(unpack(&[9, 0, 0, 0, 0]).is_err());
        assert!(unpack(&[2, 255, 255, 255, 255, 1]).is_err());
    }
}
