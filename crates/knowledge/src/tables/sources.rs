//! What earlier imports left.

use super::{damaged, hash_at};
use record::{Hash, RecordId};
use store::{Db, StoreError, params};

/// What an earlier import left of a page: its thing, its revision's hash, its text's SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The thing.
    pub thing: RecordId,
    /// The imported revision.
    pub hash: Hash,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// Its number in the wiki.
    pub revision: String,
}

/// Calls `each` with every revision that was imported from a wiki, those that came later after those before
/// them: namespace, title, what is left of it.
///
/// # Errors
/// From the database.
pub fn imported(
    db: &Db<'_>,
    site: &str,
    mut each: impl FnMut(i32, String, Imported),
) -> Result<(), StoreError> {
    db.each(
        "SELECT s.namespace, s.title, t.id, s.hash, s.sha256, s.revision
         FROM sources s JOIN things t ON t.thing = s.thing JOIN log l ON l.hash = s.hash
         WHERE s.site = $1 ORDER BY l.seq",
        params![site],
        |row| {
            let imported = Imported {
                thing: RecordId::parse(&row.get::<String>(2)?)
                    .map_err(|e| damaged(e.to_string()))?,
                hash: hash_at(row, 3)?,
                sha256: row.get(4)?,
                revision: row.get(5)?,
            };
            each(row.get::<i64>(0)? as i32, row.get(1)?, imported);
            Ok::<_, StoreError>(())
        },
    )
}
