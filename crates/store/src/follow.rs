//! Followers: work done after the COMMIT, each with its own saved position, idempotent.

use crate::{Db, StoreError, params};
use record::Space;

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
