//! What can go wrong: the world said no (failed), or a rule did (refused).

use std::borrow::Cow;

/// A failure of the database, the disk or the data; a later try may succeed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk is full: {place}; free some space and try again, nothing was lost")]
    Full {
        /// The file or database that could not grow.
        place: String,
    },
    /// Another process holds the database's write lock for too long.
    #[error("the database is locked by another process; try again when it has finished")]
    Locked,
    /// The file or folder may not be written.
    #[error("{place} cannot be written: {reason}")]
    Unwritable {
        /// The path.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// The folder is somebody else's.
    #[error("{place} holds other things and no Minga data; name an empty folder with --data")]
    Alien {
        /// The folder.
        place: String,
    },
    /// The file is not a database of this program, or was damaged.
    #[error("{place} is damaged or not a Minga database: {reason}; restore a backup")]
    Damaged {
        /// The path or the table.
        place: String,
        /// What was found.
        reason: String,
    },
    /// The database was written by a later version of the program.
    #[error(
        "the database has {what} version {found}, this program knows {known}; use a newer minga"
    )]
    TooNew {
        /// The capability whose tables are newer.
        what: String,
        /// Version found.
        found: i64,
        /// Latest version known.
        known: i64,
    },
    /// What only one process may do at a time is being done by another.
    #[error("another {what} into this commons is running; try again when it has ended")]
    Busy {
        /// What it is.
        what: &'static str,
    },
    /// There is no node in the folder, and the command makes none.
    #[error("{place} holds no Minga data; name its folder with --data")]
    Absent {
        /// The folder.
        place: String,
    },
    /// The database server cannot be reached, or its address cannot be read.
    #[error(
        "the database server cannot be reached: {reason}; look at --database (postgres://USER@HOST/NAME) and whether it runs"
    )]
    Server {
        /// What was said.
        reason: String,
    },
    /// PostgreSQL sorts by a language's rules, so lists would differ between nodes.
    #[error(
        "the PostgreSQL database sorts by collation “{found}”, Minga needs C; create it with: createdb --template=template0 --locale=C --encoding=UTF8 NAME"
    )]
    Collation {
        /// The collation found.
        found: String,
    },
    /// SQLite said something else.
    #[error("the database failed: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// PostgreSQL said something else.
    #[error("the database failed: {}", pg_text(.0))]
    Postgres(#[source] ::postgres::Error),
    /// A column held something that its reader did not expect.
    #[error("column {column} holds {found}, expected {expected}")]
    Type {
        /// Index of the column, from 0.
        column: usize,
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// A file could not be read or written.
    #[error("{place} cannot be used: {source}")]
    Io {
        /// The path.
        place: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A key file does not hold a key.
    #[error("{place} does not hold a key: {reason}")]
    Key {
        /// The path.
        place: String,
        /// What was found.
        reason: String,
    },
    /// A draft cannot become a record.
    #[error("it cannot be signed: {0}")]
    Draft(#[source] record::DraftError),
    /// A thread could not be started.
    #[error("the system gave no thread: {0}")]
    Thread(#[source] std::io::Error),
    /// A record in the log cannot be read back.
    #[error("record {seq} of space {space} cannot be read: {reason}")]
    Record {
        /// The space.
        space: String,
        /// Its number there.
        seq: i64,
        /// Why.
        reason: String,
    },
    /// The unit of work returned an error of its own and was undone.
    #[error("undone")]
    RolledBack,
    /// The store is shutting down.
    #[error("the store is shutting down")]
    Stopped,
}

fn pg_text(error: &::postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |db| db.message().to_owned())
}

impl StoreError {
    /// Wraps an I/O error, telling apart what a person would do about it.
    #[must_use]
    pub fn io(place: &std::path::Path, source: std::io::Error) -> Self {
        let in_the_way = place.is_file();
        let place = place.display().to_string();
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::Full { place }
            }
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Self::Unwritable {
                    place,
                    reason: source.to_string(),
                }
            }
            std::io::ErrorKind::AlreadyExists if in_the_way => Self::Unwritable {
                place,
                reason: "it is a file, and a folder is needed".to_owned(),
            },
            std::io::ErrorKind::NotADirectory => Self::Unwritable {
                place,
                reason: "what stands before it in the path is a file".to_owned(),
            },
            _ => Self::Io { place, source },
        }
    }
}

impl StoreError {
    /// Says the same to somebody else whom it concerns: those who shared a COMMIT that failed.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Full { place } => Self::Full {
                place: place.clone(),
            },
            Self::Locked => Self::Locked,
            Self::Unwritable { place, reason } => Self::Unwritable {
                place: place.clone(),
                reason: reason.clone(),
            },
            Self::Damaged { place, reason } => Self::Damaged {
                place: place.clone(),
                reason: reason.clone(),
            },
            _ => Self::Stopped,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let place = || "the database file".to_owned();
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::Full { place: place() },
            // The file that readers and writers share could not grow.
            Some(Code::SystemIoFailure)
                if error.sqlite_error().is_some_and(|found| {
                    found.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
                }) =>
            {
                Self::Full { place: place() }
            }
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked,
            Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => Self::Unwritable {
                place: place(),
                reason: error.to_string(),
            },
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged {
                place: place(),
                reason: error.to_string(),
            },
            _ => Self::Sqlite(error),
        }
    }
}

impl From<::postgres::Error> for StoreError {
    fn from(error: ::postgres::Error) -> Self {
        use ::postgres::error::SqlState;
        match error.code() {
            Some(code) if *code == SqlState::DISK_FULL => Self::Full {
                place: "the PostgreSQL server".into(),
            },
            Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => Self::Locked,
            _ => Self::Postgres(error),
        }
    }
}

/// A rule said no: which rule, why, and what would help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}{}{remedy}", if .remedy.is_empty() { "" } else { "; " })]
pub struct Refusal {
    /// Stable machine code in snake case.
    pub rule: &'static str,
    /// One sentence, lowercase, without a full stop.
    pub reason: Cow<'static, str>,
    /// What the asker can do, or empty.
    pub remedy: Cow<'static, str>,
}

impl Refusal {
    /// Builds a refusal.
    pub fn new(
        rule: &'static str,
        reason: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            rule,
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }
}
