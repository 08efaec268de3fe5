//! The outbox: what a record's acceptance asks to be done after its COMMIT.
//!
//! It is written in the same unit of work as the record, so that nothing is asked for a record that was
//! not kept, and nothing is forgotten in a crash. A follower does it and then takes it out, so it may be
//! done twice: what is asked must bear that. Asking twice is asking once.

use crate::{Db, StoreError, params};

/// Asks for something: `topic` says which follower does it, `key` what it concerns.
///
/// # Errors
/// From the database.
pub fn ask(db: &Db<'_>, topic: &str, key: &str) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO outbox (topic, key) VALUES ($1, $2) ON CONFLICT (topic, key) DO NOTHING",
        params![topic, key],
    )?;
    Ok(())
}

/// Returns the keys of what is asked for under `topic`, at most `limit`.
///
/// # Errors
/// From the database.
pub fn asked(db: &Db<'_>, topic: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT key FROM outbox WHERE topic = $1 ORDER BY key LIMIT $2",
        params![topic, limit],
        |row| row.get(0),
    )
}

/// Takes out what was done.
///
/// # Errors
/// From the database.
pub fn done(db: &Db<'_>, topic: &str, keys: &[String]) -> Result<(), StoreError> {
    for key in keys {
        db.execute(
            "DELETE FROM outbox WHERE topic = $1 AND key = $2",
            params![topic, key],
        )?;
    }
    Ok(())
}
