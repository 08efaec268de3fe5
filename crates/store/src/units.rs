//! Units of work: one writer's thread with group commit, and a pool of readers.

use crate::{Db, StoreError, postgres, sqlite};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
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
            Self::Sqlite(connection) => connection
                .execute_batch("BEGIN IMMEDIATE")
                .map_err(|error| sqlite::of(connection, error)),
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
    /// When the last COMMIT was made.
    committed: Arc<Mutex<Option<Instant>>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = unbounded();
        let committed = Arc::new(Mutex::new(None));
        let last = committed.clone();
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || write_loop(&connection, &jobs, &last))
            .map_err(StoreError::Thread)?;
        Ok(Self {
            queue: Some(queue),
            committed,
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
    pub(crate) fn probe(&self, patience: Duration) -> Result<(), StoreError> {
        let fresh = self.committed.lock().is_ok_and(|last| {
            last.is_some_and(|last: Instant| last.elapsed() < Duration::from_secs(1))
        });
        if fresh {
            return Ok(());
        }
        let (done, acknowledged) = bounded(1);
        let queue = self.queue.as_ref().ok_or(StoreError::Stopped)?;
        let job: Job = Box::new(|db| {
            let now = jiff::Timestamp::now().to_string();
            crate::set_setting(db, "probed", &now)
        });
        queue
            .send(Queued { job, done })
            .map_err(|_| StoreError::Stopped)?;
        match acknowledged.recv_timeout(patience) {
            Ok(answer) => answer,
            // The writer waits: for another process, or for a long unit of work.
            Err(RecvTimeoutError::Timeout) => Err(StoreError::Locked),
            Err(RecvTimeoutError::Disconnected) => Err(StoreError::Stopped),
        }
    }

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
fn write_loop(
    connection: &Connection,
    jobs: &Receiver<Queued>,
    committed: &Mutex<Option<Instant>>,
) {
    let db = connection.db();
    while let Ok(first) = jobs.recv() {
        let began = Instant::now();
        if let Err(error) = connection.begin_writing() {
            // Those who wait behind it would each wait as long again, to hear the same.
            for waiting in jobs.try_iter() {
                let _ = waiting.done.send(Err(error.again()));
            }
            let _ = first.done.send(Err(error));
            continue;
        }
        let mut kept = Vec::new();
        let mut cause = None;
        let mut next = Some(first);
        while let Some(Queued { job, done }) = next {
            match db.savepoint(job) {
                Ok(()) => kept.push(done),
                Err(error) => {
                    // Nothing of the others is kept either once the transaction is gone.
                    if !db.is_open() {
                        cause = Some(error.again());
                    }
                    let _ = done.send(Err(error));
                }
            }
            if cause.is_some() {
                break;
            }
            next = if began.elapsed() < GATHER {
                jobs.try_recv().ok()
            } else {
                None
            };
        }
        if cause.is_none() {
            cause = db.batch("COMMIT").err();
        }
        match &cause {
            Some(_) => connection.settle(),
            None => {
                if let Ok(mut committed) = committed.lock() {
                    *committed = Some(Instant::now());
                }
            }
        }
        for done in kept {
            let _ = done.send(cause.as_ref().map_or(Ok(()), |cause| Err(cause.again())));
        }
    }
    if !db.is_postgres() {
        // Housekeeping, which waits for nobody: another process that writes will do it.
        let _ =
            db.batch("PRAGMA busy_timeout = 0; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
    }
}

/// The readers. The one used last is lent first, since the pages that it holds are most likely wanted.
pub(crate) struct Pool {
    idle: Mutex<Idle>,
    returned: Condvar,
}

struct Idle {
    connections: Vec<Connection>,
    /// How many threads wait for one: to tell nobody costs a call of the system too.
    waiting: usize,
}

impl Pool {
    pub(crate) fn new(connections: Vec<Connection>) -> Self {
        Self {
            idle: Mutex::new(Idle {
                connections,
                waiting: 0,
            }),
            returned: Condvar::new(),
        }
    }

    fn lend(&self) -> Lent<'_> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = idle.connections.pop() {
                return Lent {
                    connection: Some(connection),
                    pool: self,
                };
            }
            idle.waiting += 1;
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
            idle.waiting -= 1;
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
            idle.connections.push(connection);
            if idle.waiting > 0 {
                self.pool.returned.notify_one();
            }
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
