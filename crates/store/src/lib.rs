#![doc = include_str!("../README.md")]

mod blobs;
mod bundle;
mod checkpoint;
mod db;
mod digest;
mod error;
mod files;
mod follow;
mod keys;
mod log;
mod node;
pub mod outbox;
mod postgres;
mod refused;
#[cfg(feature = "s3")]
mod s3;
mod settings;
mod sqlite;
mod tables;
mod things;
mod units;
mod viewer;

pub use blobs::{BlobHash, Blobs, BucketAddress};
pub use bundle::{BundleError, Exported, Taken, Verified, verify};
pub use checkpoint::{checkpoint, save_tree};
pub use db::{Column, Db, Row, Value};
pub use digest::digests;
pub use error::{Refusal, StoreError};
pub use follow::{Changed, Follower, changed, position, set_position};
pub use keys::Keys;
pub use log::{Accepted, LogRow, Outcome, Own, bytes_of, heads, records_by, rows};
pub use node::{Checked, Node, Options, Ready, Unit, restore};
pub use refused::{count_refused, refusals};
pub use settings::{count_records, set_setting, setting};
pub use tables::{Applied, Judged, Migration, Tables, Withdrawn};
pub use things::{
    Link, Located, Mark, Thing, forget_thing, put_links, put_marks, put_places, put_thing,
};
pub use viewer::Viewer;

use std::sync::Arc;
use std::time::Duration;
use units::{Pool, Writer};

/// The database of a node: SQLite in its data folder, or PostgreSQL.
///
/// Cheap to clone; all clones share one writer and one pool of readers.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    writer: Writer,
    readers: Pool,
    tables: Arc<[Box<dyn Tables>]>,
    postgres: bool,
}

impl Store {
    /// Opens a SQLite database file, creates what is missing, and runs the migrations.
    ///
    /// `patience` is how long a unit of work waits for another process's lock; `told` hears, in one sentence,
    /// of a migration that takes long.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened, is not a database, or is of a later version.
    pub fn sqlite(
        file: &std::path::Path,
        readers: usize,
        patience: Duration,
        tables: Vec<Box<dyn Tables>>,
        told: fn(&str),
    ) -> Result<Self, StoreError> {
        let writer = sqlite::open_writer(file, patience)?;
        tables::migrate(&Db::sqlite(&writer), &tables, told)?;
        let readers = (0..readers.max(1))
            .map(|_| sqlite::open_reader(file, patience).map(units::Connection::Sqlite))
            .collect::<Result<Vec<_>, _>>()?;
        Self::over(units::Connection::Sqlite(writer), readers, tables, false)
    }

    /// Connects to PostgreSQL (`postgres://…`), optionally within one schema, and runs the migrations.
    ///
    /// # Errors
    /// [`StoreError::Collation`] unless the database's collation is C; others when it cannot be reached.
    pub fn postgres(
        url: &str,
        schema: Option<&str>,
        readers: usize,
        patience: Duration,
        tables: Vec<Box<dyn Tables>>,
        told: fn(&str),
    ) -> Result<Self, StoreError> {
        let writer = postgres::Connection::open(url, schema, patience)?;
        writer.require_collation_c()?;
        tables::migrate(&Db::postgres(&writer), &tables, told)?;
        let readers = (0..readers.max(1))
            .map(|_| {
                postgres::Connection::open(url, schema, patience)
                    .map(|connection| units::Connection::Postgres(Box::new(connection)))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::over(
            units::Connection::Postgres(Box::new(writer)),
            readers,
            tables,
            true,
        )
    }

    fn over(
        writer: units::Connection,
        readers: Vec<units::Connection>,
        tables: Vec<Box<dyn Tables>>,
        postgres: bool,
    ) -> Result<Self, StoreError> {
        let writer = Writer::start(writer)?;
        let readers = Pool::new(readers);
        Ok(Self {
            shared: Arc::new(Shared {
                writer,
                readers,
                tables: tables.into(),
                postgres,
            }),
        })
    }

    /// Runs one unit of work that only reads, on one consistent view of the data.
    ///
    /// # Errors
    /// Whatever `work` returns, or [`StoreError`] from the database.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.shared.readers.read(work)
    }

    /// Runs one unit of work that writes; returns after the COMMIT that holds it.
    ///
    /// Units that wait together share a COMMIT, each within a savepoint of its own, so that one
    /// that fails undoes only itself.
    ///
    /// # Errors
    /// Whatever `work` returns, or [`StoreError`] from the database; then nothing of it was kept.
    pub fn write<T, E>(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.shared.writer.write(work)
    }

    /// Returns the capabilities' tables, in the order of the registry.
    #[must_use]
    pub fn tables(&self) -> &[Box<dyn Tables>] {
        &self.shared.tables
    }

    pub(crate) fn shared_tables(&self) -> Arc<[Box<dyn Tables>]> {
        self.shared.tables.clone()
    }

    /// Hands in a unit of work without waiting for it: for caches, whose loss costs nothing.
    pub fn write_later(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<(), StoreError> + Send + 'static,
    ) {
        self.shared.writer.write_later(work);
    }

    /// Finds out whether the database takes writes, and waits for the answer at most `patience`.
    ///
    /// Costs one small COMMIT, unless another was made within the last second.
    ///
    /// # Errors
    /// [`StoreError`] that says what is in the way: a full disk, another process's lock.
    pub fn probe(&self, patience: Duration) -> Result<(), StoreError> {
        self.shared.writer.probe(patience)
    }

    /// Returns whether the database is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.shared.postgres
    }
}
