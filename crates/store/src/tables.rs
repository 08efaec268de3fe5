//! What a capability gives the store: its tables, its rules, and how its records change them.

use crate::{Db, Refusal, StoreError, params};
use record::{Did, Hash, Record, RecordId, Space, Timestamp};
use std::any::Any;

/// One step of a schema, run once, in order, and never changed after a release.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Statements for both databases, separated by semicolons. `WITHOUT ROWID`, which lets SQLite keep a
    /// table in its primary key alone, is left out for PostgreSQL.
    pub sql: &'static str,
    /// Whether it empties derived tables, so that the log must be replayed into them.
    pub replay: bool,
}

impl Migration {
    /// A step that loses nothing.
    #[must_use]
    pub const fn tables(sql: &'static str) -> Self {
        Self { sql, replay: false }
    }

    /// A step that drops derived tables and makes them anew: the log is replayed when it has run.
    #[must_use]
    pub const fn replayed(sql: &'static str) -> Self {
        Self { sql, replay: true }
    }
}

/// A record that was given its place in the log.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its number within its space.
    pub seq: i64,
    /// What [`Tables::prepare`] made of it, if it was asked.
    pub prepared: Option<&'a (dyn Any + Send)>,
}

/// A record that asks for a place in the log.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The record.
    pub record: &'a Record,
    /// The time now, by this node's clock.
    pub now: Timestamp,
    /// The commons of this node: records of another one were judged at their home.
    pub ours: &'a Did,
    /// Whether whoever keeps the node hands it in from a file: a bundle's records were judged where it was made.
    pub by_keeper: bool,
}

impl Judged<'_> {
    /// Returns whether the record is of this node's commons.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.record.commons() == self.ours
    }

    /// Returns whether the commons itself says it.
    #[must_use]
    pub fn is_by_commons(&self) -> bool {
        self.record.author() == self.record.commons()
    }
}

/// A record whose bytes a tombstone took away.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    /// The record's id.
    pub id: RecordId,
    /// The thing that it was about, where known.
    pub thing: Option<RecordId>,
    /// The record's hash.
    pub hash: Hash,
    /// Its space.
    pub space: Space,
    /// When the tombstone says that it was withdrawn.
    pub at: Timestamp,
    /// Whether the thing went with all its records.
    pub whole_thing: bool,
}

/// The tables of one capability.
pub trait Tables: Send + Sync {
    /// Returns the capability's name, under which its schema version is kept.
    fn name(&self) -> &'static str;

    /// Returns every migration, oldest first.
    fn migrations(&self) -> &'static [Migration];

    /// Returns the names of the tables that are computed from the log alone.
    fn derived(&self) -> &'static [&'static str];

    /// Returns the types of records that it understands.
    fn types(&self) -> &'static [&'static str];

    /// Computes what [`Tables::apply`] will need and takes long: called on the caller's thread, outside
    /// the transaction, and never for a replay.
    fn prepare(&self, record: &Record) -> Option<Box<dyn Any + Send>>;

    /// Judges a record by the capability's rules; called once, at acceptance.
    ///
    /// # Errors
    /// From the database; a refusal is not an error.
    fn check(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError>;

    /// Judges who says it, whatever it is about: every record passes every capability's gate before
    /// [`Tables::check`].
    ///
    /// # Errors
    /// From the database; a refusal is not an error.
    fn gate(&self, _db: &Db<'_>, _judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        Ok(Ok(()))
    }

    /// Returns whether somebody acts for a commons, as its stewards do.
    ///
    /// # Errors
    /// From the database.
    fn is_steward(&self, _db: &Db<'_>, _commons: &Did, _who: &Did) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Enters a record into the tables. Never refuses.
    ///
    /// # Errors
    /// From the database.
    fn apply(&self, db: &Db<'_>, applied: &Applied<'_>) -> Result<(), StoreError>;

    /// Returns the hashes of the records that are about a thing of this capability.
    ///
    /// # Errors
    /// From the database.
    fn records_of(&self, db: &Db<'_>, thing: &RecordId) -> Result<Vec<Hash>, StoreError>;

    /// Returns the SHA-256, in hexadecimal, of the blobs that its records cite.
    ///
    /// # Errors
    /// From the database.
    fn blobs(&self, db: &Db<'_>) -> Result<Vec<String>, StoreError>;

    /// Removes what is on the desk for an account that is erased.
    ///
    /// # Errors
    /// From the database.
    fn forget_account(&self, _db: &Db<'_>, _account: &[u8; 16]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Returns what is on the desk for an account, by the names under which its owner takes it along.
    ///
    /// # Errors
    /// From the database.
    fn kept_for(
        &self,
        _db: &Db<'_>,
        _account: &[u8; 16],
    ) -> Result<Vec<(&'static str, serde_json::Value)>, StoreError> {
        Ok(Vec::new())
    }

    /// Takes a withdrawn record out of the tables; called again when the log is replayed.
    ///
    /// # Errors
    /// From the database.
    fn withdraw(&self, db: &Db<'_>, withdrawn: &Withdrawn) -> Result<(), StoreError>;
}

/// The store's own tables. `things` with what hangs on them, and `tombstones`, are derived; the rest is the log, or local.
pub(crate) const OWN_DERIVED: &[&str] = &["things", "links", "places", "marks", "tombstones"];

const OWN: &[Migration] = &[
    Migration::tables(
        "
    CREATE TABLE log_head (space TEXT NOT NULL PRIMARY KEY, next BIGINT NOT NULL);
    CREATE TABLE log (
      space TEXT NOT NULL, seq BIGINT NOT NULL, id TEXT NOT NULL, hash BYTEA NOT NULL,
      accepted_at BIGINT NOT NULL, body BYTEA, PRIMARY KEY (space, seq));
    CREATE UNIQUE INDEX log_id ON log (id);
    CREATE UNIQUE INDEX log_hash ON log (hash);
    CREATE TABLE things (
      id TEXT NOT NULL PRIMARY KEY, space TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
      title TEXT NOT NULL, sort TEXT NOT NULL, language TEXT NOT NULL, updated BIGINT NOT NULL);
    CREATE UNIQUE INDEX things_key ON things (key, space);
    CREATE INDEX things_sort ON things (kind, space, sort, id);
    CREATE INDEX things_updated ON things (space, updated, id);
    CREATE TABLE links (
      from_id TEXT NOT NULL, relation TEXT NOT NULL, to_key TEXT NOT NULL, space TEXT NOT NULL,
      PRIMARY KEY (from_id, relation, to_key));
    CREATE INDEX links_to ON links (to_key, relation, space, from_id);
    CREATE TABLE tombstones (
      target TEXT NOT NULL PRIMARY KEY, record TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL);
    CREATE TABLE outbox (
      space TEXT NOT NULL, seq BIGINT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL,
      PRIMARY KEY (topic, space, seq, key));
    CREATE TABLE followers (
      name TEXT NOT NULL, space TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (name, space));
    CREATE TABLE checkpoints (
      space TEXT NOT NULL PRIMARY KEY, size BIGINT NOT NULL, tree BYTEA NOT NULL);
    CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
    ",
    ),
    // Rows refer to a thing by 16 bytes instead of its id of some 100.
    Migration::replayed(
        "
    DROP TABLE things;
    DROP TABLE links;
    DROP TABLE outbox;
    CREATE TABLE outbox (topic TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID;
    CREATE TABLE things (
      thing BYTEA NOT NULL PRIMARY KEY, id TEXT NOT NULL, space TEXT NOT NULL, kind TEXT NOT NULL,
      key TEXT NOT NULL, title TEXT NOT NULL, sort TEXT NOT NULL, language TEXT NOT NULL,
      updated BIGINT NOT NULL);
    CREATE UNIQUE INDEX things_key ON things (key, space);
    CREATE INDEX things_sort ON things (kind, space, sort, key);
    CREATE INDEX things_updated ON things (space, updated, thing);
    CREATE TABLE links (
      thing BYTEA NOT NULL, relation TEXT NOT NULL, to_key TEXT NOT NULL, space TEXT NOT NULL,
      PRIMARY KEY (thing, relation, to_key)) WITHOUT ROWID;
    CREATE INDEX links_to ON links (to_key, relation, space, thing);
    ",
    ),
    // Where things are, and what they are counted by.
    Migration::tables(
        "
    CREATE TABLE places (
      thing BYTEA NOT NULL, n BIGINT NOT NULL, latitude BIGINT NOT NULL, longitude BIGINT NOT NULL,
      accuracy BIGINT NOT NULL, space TEXT NOT NULL, PRIMARY KEY (thing, n)) WITHOUT ROWID;
    CREATE TABLE marks (
      thing BYTEA NOT NULL, facet TEXT NOT NULL, value TEXT NOT NULL, space TEXT NOT NULL,
      PRIMARY KEY (thing, facet, value)) WITHOUT ROWID;
    ",
    ),
];

/// Brings every schema to its latest version; returns whether the log must be replayed.
pub(crate) fn migrate(
    db: &Db<'_>,
    tables: &[Box<dyn Tables>],
    told: fn(&str),
) -> Result<bool, StoreError> {
    // Only what has something to do takes the lock: a command that reads need not wait for a writer.
    if is_current(db, tables) {
        return Ok(false);
    }
    let begin = if db.is_postgres() {
        "BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    };
    db.batch(begin)?;
    let done = (|| {
        if db.is_postgres() {
            // Several processes may start at once: one migrates, the others wait.
            db.batch("SELECT pg_advisory_xact_lock(7236474)")?;
        }
        db.batch(
            "CREATE TABLE IF NOT EXISTS schema_versions (name TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)",
        )?;
        let mut replay = step(db, "store", OWN)?;
        for part in tables {
            replay |= step(db, part.name(), part.migrations())?;
        }
        if replay {
            // Derived tables that no step dropped hold rows already.
            let own = OWN_DERIVED.iter().copied();
            for table in own.chain(
                tables
                    .iter()
                    .flat_map(|part| part.derived().iter().copied()),
            ) {
                db.execute(&format!("DELETE FROM {table}"), &[])?;
            }
            let records = db.number("SELECT count(*) FROM log", &[])?;
            if records > 0 {
                told(&format!(
                    "this version keeps its tables otherwise: they are made anew from the {records} records of \
                     the log, once; do not stop it, or it begins again"
                ));
            }
            replay = crate::node::replay(db, tables)? > 0;
        }
        Ok(replay)
    })();
    db.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

/// Returns whether every schema is at its latest version; what cannot be told is not.
fn is_current(db: &Db<'_>, tables: &[Box<dyn Tables>]) -> bool {
    let at_latest = |name: &str, migrations: &[Migration]| {
        let found = db.number(
            "SELECT version FROM schema_versions WHERE name = $1",
            params![name],
        );
        found.is_ok_and(|found| found == migrations.len() as i64)
    };
    at_latest("store", OWN)
        && tables
            .iter()
            .all(|part| at_latest(part.name(), part.migrations()))
}

fn step(db: &Db<'_>, name: &str, migrations: &[Migration]) -> Result<bool, StoreError> {
    let found = db.number(
        "SELECT version FROM schema_versions WHERE name = $1",
        params![name],
    )?;
    let known = migrations.len() as i64;
    if found > known {
        return Err(StoreError::TooNew {
            what: name.to_owned(),
            found,
            known,
        });
    }
    let mut replay = false;
    for migration in migrations.iter().skip(found as usize) {
        replay |= migration.replay;
        if db.is_postgres() {
            db.batch(&migration.sql.replace(" WITHOUT ROWID", ""))?;
        } else {
            db.batch(migration.sql)?;
        }
    }
    if found < known {
        db.execute(
            "INSERT INTO schema_versions (name, version) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET version = excluded.version",
            params![name, known],
        )?;
    }
    Ok(replay)
}
