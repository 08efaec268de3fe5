//! SQLite: how its connections are opened.

use crate::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

pub(crate) fn open_writer(file: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let connection = Connection::open(file).map_err(|error| at(file, error))?;
    connection.busy_timeout(patience)?;
    require_ours(&connection, file).map_err(|error| why_unwritable(file, error))?;
    connection
        .execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;
             PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(|error| why_unwritable(file, at(file, error)))?;
    settle_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

pub(crate) fn open_reader(file: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|error| at(file, error))?;
    connection.busy_timeout(patience)?;
    connection
        .execute_batch(
            "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;",
        )
        .map_err(|error| at(file, error))?;
    settle_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Looks whether a file is a whole database of this program; reads all of it, and writes nothing.
pub(crate) fn require_whole(file: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|error| at(file, error))?;
    let no = |reason: &str| StoreError::Damaged {
        place: file.display().to_string(),
        reason: reason.to_owned(),
    };
    require_ours(&connection, file)?;
    let records = connection.query_row("SELECT count(*) FROM log", [], |row| row.get::<_, i64>(0));
    if records.is_err() {
        return Err(no("it has no log"));
    }
    let found: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| at(file, error))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(no(&found))
    }
}

/// Leaves the tables of another program alone.
fn require_ours(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let (all, ours): (i64, i64) = connection
        .query_row(
            "SELECT count(*), count(*) FILTER (WHERE name = 'schema_versions')
             FROM sqlite_master WHERE type = 'table'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(|error| at(file, error))?;
    if all > 0 && ours == 0 {
        return Err(StoreError::Damaged {
            place: file.display().to_string(),
            reason: "it holds the tables of another program".to_owned(),
        });
    }
    Ok(())
}

/// Keeps a statement's plan whatever is bound to it. Without this SQLite parses and plans a statement
/// anew at each use where a parameter stands beside a partial index.
fn settle_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Names the file in an error of a connection.
pub(crate) fn of(connection: &Connection, error: rusqlite::Error) -> StoreError {
    match connection.path() {
        Some(path) if !path.is_empty() => at(Path::new(path), error),
        _ => error.into(),
    }
}

/// Says of a folder that cannot be written what the system says, where SQLite only says that it failed.
fn why_unwritable(file: &Path, error: StoreError) -> StoreError {
    let (StoreError::Unwritable { .. }, Some(folder)) = (&error, file.parent()) else {
        return error;
    };
    let probe = folder.join(format!("probe-{}", std::process::id()));
    match std::fs::File::create_new(&probe) {
        Ok(_) => {
            let _ = std::fs::remove_file(&probe);
            error
        }
        Err(system) => StoreError::Unwritable {
            place: folder.display().to_string(),
            reason: format!(
                "{system}; a node writes even where it is only read, so copy the folder to a place that can be \
                 written and name that with --data"
            ),
        },
    }
}

pub(crate) fn at(file: &Path, error: rusqlite::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Full { .. } => StoreError::Full {
            place: file.display().to_string(),
        },
        StoreError::Unwritable { reason, .. } => StoreError::Unwritable {
            place: file.display().to_string(),
            reason,
        },
        StoreError::Damaged { reason, .. } => StoreError::Damaged {
            place: file.display().to_string(),
            reason,
        },
        other => other,
    }
}
