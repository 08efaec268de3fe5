//! Units of work: one writer's thread with group commit, and a pool of readers.

use crate::{Db, StoreError, postgres};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The longest that units of work are gathered into one COMMIT, so that the first waits little.
const GATHER: Duration = Duration::from_millis(20);

/// A connection to either database.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Connection>),
}

impl Connection {
    fn db(&self) -> Db<'_> {
        match self {
            Self::Sqlite(connection) => Db::sqlite(connection),
            Self::Postgres(connection) => Db::postgres(connection),
        }
    }

    fn begin_reading(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.db().execute("BEGIN", &[]).map(|_| ()),
            Self::Postgres(connection) => {
                connection.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
        }
    }

    fn end_reading(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.db().execute("COMMIT", &[]).map(|_| ()),
            Self::Postgres(connection) => connection.batch("COMMIT"),
        }
    }

    fn begin_writing(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch("BEGIN IMMEDIATE")?),
            Self::Postgres(connection) => connection.batch("BEGIN"),
        }
    }

    /// Ends whatever a unit of work left open, for instance because it panicked.
    fn settle(&self) {
        let open = match self {
            Self::Sqlite(connection) => !connection.is_autocommit(),
            Self::Postgres(_) => true,
        };
        if open {
            let _ = self.db().batch("ROLLBACK");
        }
    }
}

/// One unit of work on its way to the writer's thread.
type Job = Box<dyn FnOnce(&Db<'_>) -> Result<(), StoreError> + Send>;

struct Queued {
    job: Job,
    /// Answers once: after the COMMIT that made the job durable, or with what stopped it.
    done: Sender<Result<(), StoreError>>,
}

pub(crate) struct Writer {
    queue: Option<Sender<Queued>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = unbounded();
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || write_loop(&connection, &jobs))
            .map_err(StoreError::Thread)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(crate) fn write<T, E>(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (give, take) = bounded(1);
        let job: Job = Box::new(move |db| {
            let answer = work(db);
            let kept = if answer.is_ok() {
                Ok(())
            } else {
                Err(StoreError::RolledBack)
            };
            let _ = give.send(answer);
            kept
        });
        let (done, acknowledged) = bounded(1);
        let queue = self.queue.as_ref().ok_or(StoreError::Stopped)?;
        queue
            .send(Queued { job, done })
            .map_err(|_| StoreError::Stopped)?;
        match acknowledged.recv().map_err(|_| StoreError::Stopped)? {
            Ok(()) | Err(StoreError::RolledBack) => take.recv().map_err(|_| StoreError::Stopped)?,
            Err(error) => Err(error.into()),
        }
    }
}

impl Writer {
    pub(crate) fn write_later(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<(), StoreError> + Send + 'static,
    ) {
        let (done, _) = bounded(1);
        if let Some(queue) = &self.queue {
            let _ = queue.send(Queued {
                job: Box::new(work),
                done,
            });
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Takes queued units of work until the last [`crate::Store`] is dropped.
fn write_loop(connection: &Connection, jobs: &Receiver<Queued>) {
    let db = connection.db();
    while let Ok(first) = jobs.recv() {
        let began = Instant::now();
        if let Err(error) = connection.begin_writing() {
            let _ = first.done.send(Err(error));
            continue;
        }
        let mut kept = Vec::new();
        let mut next = Some(first);
        while let Some(Queued { job, done }) = next {
            match db.savepoint(job) {
                Ok(()) => kept.push(done),
                Err(error) => {
                    let _ = done.send(Err(error));
                }
            }
            next = if began.elapsed() < GATHER {
                jobs.try_recv().ok()
            } else {
                None
            };
        }
        let outcome = db.batch("COMMIT");
        if outcome.is_err() {
            connection.settle();
        }
        let mut cause = outcome.err();
        let failed = cause.is_some();
        for done in kept {
            // The first hears the cause, the others that nothing of theirs was kept.
            let _ = done.send(match cause.take() {
                Some(cause) => Err(cause),
                None if failed => Err(StoreError::Stopped),
                None => Ok(()),
            });
        }
    }
    if !db.is_postgres() {
        let _ = db.batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
    }
}

/// The readers. The one used last is lent first, since the pages that it holds are most likely wanted.
pub(crate) struct Pool {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Pool {
    pub(crate) fn new(connections: Vec<Connection>) -> Self {
        Self {
            idle: Mutex::new(connections),
            returned: Condvar::new(),
        }
    }

    fn lend(&self) -> Lent<'_> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = idle.pop() {
                return Lent {
                    connection: Some(connection),
                    pool: self,
                };
            }
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = self.lend();
        let Some(connection) = &lent.connection else {
            return Err(StoreError::Stopped.into());
        };
        connection.begin_reading()?;
        let db = connection.db();
        let answer = work(&db)?;
        connection.end_reading()?;
        Ok(answer)
    }
}

/// Brings a connection back to its pool, also when the work failed or panicked.
struct Lent<'p> {
    connection: Option<Connection>,
    pool: &'p Pool,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if std::thread::panicking() || !connection.is_settled() {
                connection.settle();
            }
            let mut idle = self
                .pool
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
            self.pool.returned.notify_one();
        }
    }
}

impl Connection {
    fn is_settled(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_autocommit(),
            // PostgreSQL only warns about a ROLLBACK outside a transaction, but each costs a trip:
            // the pool asks for one only after a failure.
            Self::Postgres(connection) => !connection.is_open(),
        }
    }
}
