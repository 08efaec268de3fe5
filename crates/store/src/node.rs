//! A node: one data folder with its database, keys and blobs; the only way into the log.

use crate::log::{self, LogRow, Outcome};
use crate::tables::{Applied, OWN_DERIVED, Tables};
use crate::{Blobs, BucketAddress, Db, Keys, Refusal, Store, StoreError, digests, files, params};
use record::{Draft, Record, SecretKey, Signing, Space, Timestamp};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many records one unit of work of a rebuild reads before the next batch.
const BATCH: i64 = 2_000;

/// Where a node keeps its data, and how wide its pool of readers is.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// `postgres://…`; none for SQLite in the data folder.
    pub database: Option<String>,
    /// The file of the key that seals members' keys, where several processes share it; none for `keys/seal`.
    pub seal_key: Option<PathBuf>,
    /// Where blobs are kept; none for a folder beside the database.
    pub bucket: Option<BucketAddress>,
    /// How many units of work may read at once.
    pub readers: usize,
    /// How long a unit of work waits for another process's lock on the database.
    pub patience: Duration,
    /// Told, in one sentence, what takes long while the node is opened, and what fails while it serves.
    pub told: fn(&str),
}

/// A node on its data folder. Cheap to clone.
#[derive(Clone)]
pub struct Node {
    store: Store,
    keys: Arc<Keys>,
    blobs: Blobs,
    data: PathBuf,
    options: Options,
    held: Arc<Held>,
}

/// What capabilities hold in memory beside the tables, one value of each type.
type Held = Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>;

/// A record with what takes long already done.
pub struct Ready {
    pub(crate) record: Record,
    pub(crate) packed: Vec<u8>,
    pub(crate) prepared: Option<Box<dyn Any + Send>>,
}

impl Ready {
    /// Returns the record.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Returns what its capability prepared.
    #[must_use]
    pub fn prepared(&self) -> Option<&(dyn Any + Send)> {
        self.prepared.as_deref()
    }
}

/// One unit of work that writes and publishes.
pub struct Unit<'a> {
    /// The database.
    pub db: &'a Db<'a>,
    tables: &'a [Box<dyn Tables>],
    door: log::Door<'a>,
}

impl Unit<'_> {
    /// Judges a record, and gives it its place in the log if the rules allow it.
    ///
    /// # Errors
    /// [`StoreError`] from the database. A refusal is an [`Outcome`], and undoes nothing that came before it.
    pub fn publish(&self, ready: &Ready) -> Result<Outcome, StoreError> {
        self.db
            .savepoint(|db| log::accept(db, self.tables, ready, &self.door))
    }

    /// Removes from every desk what belongs to an account that is erased.
    ///
    /// # Errors
    /// From the database.
    pub fn forget_account(&self, account: &[u8; 16]) -> Result<(), StoreError> {
        for part in self.tables {
            part.forget_account(self.db, account)?;
        }
        Ok(())
    }

    /// Returns the time at which the unit of work began.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.door.now
    }
}

/// What `check` found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Tables that a replay of the log would make otherwise, and records that are damaged.
    pub differences: Vec<String>,
    /// How many of the differences are damaged records, which no rebuild mends.
    pub damaged: usize,
    /// The digest of each derived table.
    pub digests: BTreeMap<String, String>,
    /// How many records the log holds.
    pub records: u64,
}

impl Node {
    /// Opens the node in its data folder, creating what is missing: folder, database and keys.
    ///
    /// # Errors
    /// [`StoreError`] that names the file or folder, and what is wrong with it.
    pub fn open(
        options: Options,
        tables: fn() -> Vec<Box<dyn Tables>>,
    ) -> Result<Self, StoreError> {
        Self::open_with(options, tables, false)
    }

    /// Opens the node; one that has records and no key gets a new one, and speaks for a new commons.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub fn open_anew(
        options: Options,
        tables: fn() -> Vec<Box<dyn Tables>>,
    ) -> Result<Self, StoreError> {
        Self::open_with(options, tables, true)
    }

    fn open_with(
        options: Options,
        tables: fn() -> Vec<Box<dyn Tables>>,
        new_keys: bool,
    ) -> Result<Self, StoreError> {
        let data = options.data.clone();
        files::make_folder(&data)?;
        require_ours(&data)?;
        let store = match &options.database {
            Some(url) => Store::postgres(
                url,
                None,
                options.readers,
                options.patience,
                tables(),
                options.told,
            )?,
            None => Store::sqlite(
                &data.join("minga.db"),
                options.readers,
                options.patience,
                tables(),
                options.told,
            )?,
        };
        // After the database: a folder that has none of ours gets no keys, and a commons no second one.
        let ours = data.join("keys").join("commons");
        if !ours.exists() {
            let records = store.read(|db| db.number("SELECT count(*) FROM log", &[]))?;
            if records > 0 && !new_keys {
                return Err(StoreError::Key {
                    place: ours.display().to_string(),
                    reason: format!(
                        "it is missing, and the commons has {records} records here; put the folder of keys back, \
                         or restore a backup, which begins a new commons if it has no keys either"
                    ),
                });
            }
        }
        let keys = Keys::open(&data.join("keys"), options.seal_key.as_deref())?;
        let folder = data.join("blobs");
        let blobs = match &options.bucket {
            Some(address) => Blobs::bucket(address, &folder)?,
            None => Blobs::folder(&folder)?,
        };
        Ok(Self {
            store,
            keys: Arc::new(keys),
            blobs,
            data,
            options,
            held: Arc::default(),
        })
    }

    /// Returns whether there is a node in the data folder: its database, or its keys where a server has that.
    #[must_use]
    pub fn is_there(options: &Options) -> bool {
        match options.database {
            Some(_) => options.data.join("keys").is_dir(),
            None => options.data.join("minga.db").is_file(),
        }
    }

    /// Sees to it that only one process does something in this data folder, as long as the answer is held.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another one does it.
    pub fn alone(&self, what: &'static str) -> Result<std::fs::File, StoreError> {
        let file = self.data.join(format!("{what}.lock"));
        let io = |e| StoreError::io(&file, e);
        let lock = std::fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file)
            .map_err(io)?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Busy { what }),
            Err(std::fs::TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// Returns the database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns what a capability holds in memory for this node; made when it is asked for the first time. It must follow
    /// the log by itself: other processes may write too.
    #[must_use]
    pub fn held<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let value = held
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        let value = value.clone().downcast();
        value.unwrap_or_else(|_| Arc::new(T::default()))
    }

    /// Returns the keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Returns the blobs.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Returns the files that records cite and that are not among the blobs.
    ///
    /// # Errors
    /// [`StoreError`] from the database or the blobs.
    pub fn missing_files(&self) -> Result<Vec<crate::BlobHash>, StoreError> {
        let mut missing = Vec::new();
        for hash in self.cited_blobs()? {
            if self.blobs.get(&hash)?.is_none() {
                missing.push(hash);
            }
        }
        Ok(missing)
    }

    /// Returns the data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Tells whoever keeps the node something, in one sentence.
    pub fn tell(&self, text: &str) {
        (self.options.told)(text);
    }

    /// Returns the time now, by the system's clock.
    #[must_use]
    pub fn now() -> Timestamp {
        Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
    }

    /// Signs a draft with `key`, as of now.
    ///
    /// # Errors
    /// [`StoreError`] when the system gives no randomness or the draft is not well formed.
    pub fn sign(&self, draft: Draft, key: &SecretKey) -> Result<Record, StoreError> {
        let mut random = [0_u8; 26];
        getrandom::fill(&mut random).map_err(|e| StoreError::Key {
            place: "the system's randomness".to_owned(),
            reason: e.to_string(),
        })?;
        draft
            .sign(key, Signing::new(Self::now(), random))
            .map_err(StoreError::Draft)
    }

    /// Publishes signed and verified records, each judged by itself, in one COMMIT.
    ///
    /// # Errors
    /// [`StoreError`] from the database; then none of them was kept. A refusal is an [`Outcome`].
    pub fn publish_all(&self, records: Vec<Record>) -> Result<Vec<Outcome>, StoreError> {
        self.publish_with(records, |_| Ok(()))
    }

    /// Publishes records, and runs `also` within the same unit of work, after them.
    ///
    /// # Errors
    /// As [`Node::publish_all`], and what `also` returns: then none of them was kept.
    pub fn publish_with(
        &self,
        records: Vec<Record>,
        also: impl FnOnce(&Db<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Vec<Outcome>, StoreError> {
        let now = Self::now();
        let ready: Vec<Ready> = records
            .into_iter()
            .map(|record| self.ready(record))
            .collect();
        self.accept(ready, now, also)
    }

    /// Does, on the caller's thread, what publishing a record needs and takes long.
    #[must_use]
    pub fn ready(&self, record: Record) -> Ready {
        let packed = log::pack(record.bytes());
        let prepared = self
            .store
            .tables()
            .iter()
            .find(|part| part.types().contains(&record.type_name()))
            .and_then(|part| part.prepare(&record));
        Ready {
            record,
            packed,
            prepared,
        }
    }

    /// Publishes records that were made ready, and runs `also` within the same unit of work.
    ///
    /// # Errors
    /// As [`Node::publish_with`].
    pub fn accept(
        &self,
        ready: Vec<Ready>,
        now: Timestamp,
        also: impl FnOnce(&Db<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Vec<Outcome>, StoreError> {
        self.write_at(now, false, move |unit| {
            let mut outcomes = Vec::with_capacity(ready.len());
            for item in &ready {
                outcomes.push(unit.publish(item)?);
            }
            also(unit.db)?;
            Ok(outcomes)
        })
    }

    /// Publishes records that whoever keeps the node hands in from a file.
    ///
    /// # Errors
    /// As [`Node::publish_all`].
    pub(crate) fn accept_from_file(&self, ready: Vec<Ready>) -> Result<Vec<Outcome>, StoreError> {
        self.write_at(Self::now(), true, move |unit| {
            ready.iter().map(|item| unit.publish(item)).collect()
        })
    }

    /// Runs one unit of work that writes rows of its own and publishes records: all of it is kept, or nothing.
    ///
    /// # Errors
    /// Whatever `work` returns, or [`StoreError`] from the database; then nothing was kept.
    pub fn write<T, E>(
        &self,
        work: impl FnOnce(&Unit<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_at(Self::now(), false, work)
    }

    fn write_at<T, E>(
        &self,
        now: Timestamp,
        by_keeper: bool,
        work: impl FnOnce(&Unit<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // The tables are borrowed, not the store: its last clone must not die on the writer's thread.
        let tables = self.store.shared_tables();
        let ours = self.keys.commons_did();
        self.store.write(move |db| {
            work(&Unit {
                db,
                tables: &tables,
                door: log::Door {
                    now,
                    ours: &ours,
                    by_keeper,
                },
            })
        })
    }

    /// Publishes one draft, signed with `key`.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub fn publish(&self, draft: Draft, key: &SecretKey) -> Result<Outcome, StoreError> {
        let record = self.sign(draft, key)?;
        let outcome = self.publish_all(vec![record])?.pop();
        Ok(outcome.unwrap_or_else(|| {
            Outcome::Refused(Refusal::new("nothing", "there was nothing to publish", ""))
        }))
    }

    fn derived(&self) -> Vec<&'static str> {
        let own = OWN_DERIVED.iter().copied();
        own.chain(
            self.store
                .tables()
                .iter()
                .flat_map(|part| part.derived().iter().copied()),
        )
        .collect()
    }

    /// Empties the derived tables and replays the log in its order; returns how many records it read.
    ///
    /// Runs in one transaction: readers see the old tables until it is done.
    ///
    /// # Errors
    /// [`StoreError`] from the database or a damaged record; then the old tables stay.
    pub fn rebuild(&self) -> Result<u64, StoreError> {
        let tables = self.store.shared_tables();
        let derived = self.derived();
        self.store.write(move |db| {
            // Nobody may publish meanwhile, also no other process.
            db.execute("UPDATE log_head SET next = next", &[])?;
            for table in derived {
                db.execute(&format!("DELETE FROM {table}"), &[])?;
            }
            replay(db, &tables)
        })
    }

    /// Replays the log aside, compares every derived table, and verifies every record's hash.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read or the copy aside cannot be made.
    pub fn check(&self, tables: fn() -> Vec<Box<dyn Tables>>) -> Result<Checked, StoreError> {
        let mut found = Checked::default();
        let names = self.derived();
        let aside = Aside::new(&self.options, tables)?;
        let (mut damaged, mut heads) = (Vec::new(), Vec::new());
        let (here, records) = self.store.read(|db| {
            let here = digests(db, &names)?;
            for (space, last) in log::heads(db)? {
                let count = db.number(
                    "SELECT COUNT(*) FROM log WHERE space = $1",
                    params![space.as_str()],
                )?;
                heads.push((space, last, count));
            }
            let target = aside.store.clone();
            let records = copy_into(db, &target, &mut damaged)?;
            Ok::<_, StoreError>((here, records))
        })?;
        for (space, last, count) in heads {
            if last != count {
                found.differences.push(format!(
                    "space {space}: its log says {last} records and holds {count}"
                ));
            }
        }
        found.damaged = damaged.len();
        found.differences.append(&mut damaged);
        let there = aside.store.read(|db| digests(db, &names))?;
        for (table, digest) in &here {
            if there.get(table) != Some(digest) {
                found
                    .differences
                    .push(format!("table {table} differs from a replay of the log"));
            }
        }
        found.digests = here;
        found.records = records;
        Ok(found)
    }

    /// Writes a consistent copy of the database and the blobs into `folder`, while the node serves.
    ///
    /// # Errors
    /// [`StoreError`] when the folder is not empty or cannot be written, or on PostgreSQL, whose own
    /// tools do this.
    pub fn backup(&self, folder: &Path, with_keys: bool) -> Result<(), StoreError> {
        files::make_folder(folder)?;
        let file = folder.join("minga.db");
        // One that was broken off may be repeated.
        require_ours(folder)?;
        if file.exists() {
            return Err(StoreError::Unwritable {
                place: folder.display().to_string(),
                reason: "it already holds a backup; name an empty folder".to_owned(),
            });
        }
        if self.store.is_postgres() {
            return Err(StoreError::Unwritable {
                place: folder.display().to_string(),
                reason: "the records are in PostgreSQL; copy them with pg_dump".to_owned(),
            });
        }
        // The records come first: the blobs that they cite are all there by then. Their file gets its
        // name last: a folder without it is an unfinished backup, and can be repeated.
        let beside = folder.join("minga.db.part");
        let _ = std::fs::remove_file(&beside);
        let copied = self.copy_database(&beside).and_then(|()| {
            files::copy_folder(&self.data.join("blobs"), &folder.join("blobs"))?;
            if with_keys {
                files::copy_folder(&self.data.join("keys"), &folder.join("keys"))?;
            }
            std::fs::rename(&beside, &file).map_err(|e| StoreError::io(&file, e))?;
            files::sync_folder(folder)
        });
        if copied.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
        copied
    }

    fn copy_database(&self, to: &Path) -> Result<(), StoreError> {
        let source = rusqlite::Connection::open(self.data.join("minga.db"))?;
        source.busy_timeout(self.options.patience)?;
        let text = to.display().to_string();
        let copied = source.execute("VACUUM INTO ?1", [&text]);
        copied.map_err(|error| crate::sqlite::at(to, error))?;
        files::sync_file(to)
    }
}

/// Refuses a folder that holds other things than a node's: a mistyped path must not be filled.
fn require_ours(data: &Path) -> Result<(), StoreError> {
    const OURS: &[&str] = &["minga.db", "minga.db.part", "keys", "blobs", "index"];
    let mut strange = false;
    for entry in std::fs::read_dir(data).map_err(|e| StoreError::io(data, e))? {
        let name = entry.map_err(|e| StoreError::io(data, e))?.file_name();
        let name = name.to_string_lossy();
        if OURS.contains(&&*name) {
            return Ok(());
        }
        // Of a new disk, and of desktops.
        strange |= name != "lost+found" && !name.starts_with('.');
    }
    if strange {
        return Err(StoreError::Alien {
            place: data.display().to_string(),
        });
    }
    Ok(())
}

/// Says that a record is no longer what was accepted.
pub(crate) fn changed(space: &Space, seq: i64) -> StoreError {
    StoreError::Record {
        space: space.as_str().to_owned(),
        seq,
        reason: "its bytes were changed since it was accepted; restore a backup".to_owned(),
    }
}

/// Replays every space's log into the tables.
pub(crate) fn replay(db: &Db<'_>, tables: &[Box<dyn Tables>]) -> Result<u64, StoreError> {
    let mut count = 0;
    each_batch(db, |space, batch| {
        for row in batch {
            count += 1;
            let Some(bytes) = row.bytes else { continue };
            if !log::is_intact(&bytes, &row.hash) {
                return Err(changed(space, row.seq));
            }
            let record = Record::trusted(&bytes).map_err(|error| StoreError::Record {
                space: space.as_str().to_owned(),
                seq: row.seq,
                reason: error.to_string(),
            })?;
            log::apply(
                db,
                tables,
                &Applied {
                    record: &record,
                    seq: row.seq,
                    prepared: None,
                },
            )?;
        }
        Ok(())
    })?;
    Ok(count)
}

/// Calls `each` with the log's rows, batch by batch, space by space, in order.
fn each_batch(
    db: &Db<'_>,
    mut each: impl FnMut(&Space, Vec<LogRow>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for (space, _) in log::heads(db)? {
        let mut since = 0;
        loop {
            let mut batch = Vec::new();
            log::rows(db, &space, since, BATCH, |row| {
                batch.push(row);
                Ok::<_, StoreError>(())
            })?;
            let Some(last) = batch.last() else { break };
            since = last.seq;
            each(&space, batch)?;
        }
    }
    Ok(())
}

/// Copies the log into the store aside, without its bytes, applying each record as a rebuild would.
fn copy_into(from: &Db<'_>, into: &Store, damaged: &mut Vec<String>) -> Result<u64, StoreError> {
    let mut count = 0;
    each_batch(from, |space, batch| {
        count += batch.len() as u64;
        let tables = into.shared_tables();
        let name = space.clone();
        let mut found = into.write(move |db| {
            let mut found = Vec::new();
            for row in batch {
                // What a tombstone needs: number, id, hash; and the bytes, which it may ask for.
                let packed = row.bytes.as_deref().map(log::store_raw);
                db.execute(
                    "INSERT INTO log (space, seq, id, hash, accepted_at, body) VALUES ($1, $2, $3, $4, $5, $6)",
                    params![
                        name.as_str(),
                        row.seq,
                        &row.id,
                        row.hash.as_bytes(),
                        row.accepted_at.as_millis(),
                        packed.as_ref()
                    ],
                )?;
                let Some(bytes) = row.bytes else { continue };
                if !log::is_intact(&bytes, &row.hash) {
                    found.push(format!(
                        "record {} of space {name} has another hash than the log says",
                        row.seq
                    ));
                    continue;
                }
                match Record::trusted(&bytes) {
                    Ok(record) => {
                        let applied = Applied { record: &record, seq: row.seq, prepared: None };
                        log::apply(db, &tables, &applied)?;
                    }
                    Err(error) => found.push(format!(
                        "record {} of space {name} cannot be read: {error}",
                        row.seq
                    )),
                }
            }
            Ok::<_, StoreError>(found)
        })?;
        damaged.append(&mut found);
        Ok(())
    })?;
    Ok(count)
}

/// A second database beside the node's own, gone when dropped.
struct Aside {
    store: Store,
    folder: Option<PathBuf>,
    schema: Option<(String, String)>,
}

impl Aside {
    fn new(options: &Options, tables: fn() -> Vec<Box<dyn Tables>>) -> Result<Self, StoreError> {
        match &options.database {
            Some(url) => {
                let schema = format!("minga_check_{}", std::process::id());
                let store = Store::postgres(
                    url,
                    Some(&schema),
                    1,
                    options.patience,
                    tables(),
                    options.told,
                )?;
                Ok(Self {
                    store,
                    folder: None,
                    schema: Some((url.clone(), schema)),
                })
            }
            None => {
                let folder = options.data.join(format!("check-{}", std::process::id()));
                std::fs::create_dir_all(&folder).map_err(|e| StoreError::io(&folder, e))?;
                let file = folder.join("minga.db");
                let store = Store::sqlite(&file, 1, options.patience, tables(), options.told)?;
                Ok(Self {
                    store,
                    folder: Some(folder),
                    schema: None,
                })
            }
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
        if let Some((url, schema)) = &self.schema
            && let Ok(connection) =
                crate::postgres::Connection::open(url, None, Duration::from_secs(20))
        {
            let _ = connection.batch(&format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE"));
        }
    }
}

/// Brings a backup back into a data folder without a database: database, blobs, and keys where it has them.
///
/// # Errors
/// [`StoreError`] when something cannot be copied.
pub fn restore(from: &Path, data: &Path) -> Result<(), StoreError> {
    files::make_folder(data)?;
    require_ours(data)?;
    crate::sqlite::require_whole(&from.join("minga.db"))?;
    if from.join("keys").is_dir() {
        files::copy_folder(&from.join("keys"), &data.join("keys"))?;
    }
    files::copy_folder(&from.join("blobs"), &data.join("blobs"))?;
    // The database comes last: a data folder without one is an unfinished restore, and can be repeated.
    let beside = data.join("minga.db.part");
    files::copy_file(&from.join("minga.db"), &beside)?;
    let file = data.join("minga.db");
    std::fs::rename(&beside, &file).map_err(|e| StoreError::io(&file, e))?;
    files::sync_folder(data)
}
