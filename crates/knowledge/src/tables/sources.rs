//! What earlier imports left.

use super::{damaged, hash_at};
use record::{Hash, RecordId};
use std::collections::{HashMap, HashSet};
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
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
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
        "SELECT s.namespace, s.title, t.id, s.hash, s.sha256, s.revision, r.at
         FROM sources s JOIN things t ON t.thing = s.thing JOIN log l ON l.hash = s.hash
         JOIN revisions r ON r.hash = s.hash
         WHERE s.site = $1 ORDER BY l.seq",
        params![site],
        |row| {
            let imported = Imported {
                thing: RecordId::parse(&row.get::<String>(2)?)
                    .map_err(|e| damaged(e.to_string()))?,
                hash: hash_at(row, 3)?,
                sha256: row.get(4)?,
                revision: row.get(5)?,
                at: row.get(6)?,
            };
            each(row.get::<i64>(0)? as i32, row.get(1)?, imported);
            Ok::<_, StoreError>(())
        },
    )
}

/// What was withdrawn here and is not to come in again with the next dump of its wiki.
///
/// Kept by this node alone, outside the log: a tombstone does not say what it withdrew.
#[derive(Clone, Debug, Default)]
pub struct KeptOut(HashSet<Hash>);

impl KeptOut {
    /// Reads what is kept out.
    ///
    /// # Errors
    /// From the database.
    pub fn read(db: &Db<'_>) -> Result<Self, StoreError> {
        let marks = db.all("SELECT mark FROM kept_out", &[], |row| hash_at(row, 0))?;
        Ok(Self(marks.into_iter().collect()))
    }

    /// Returns whether a page of a wiki was withdrawn.
    #[must_use]
    pub fn page(&self, site: &str, namespace: i32, title: &str) -> bool {
        !self.0.is_empty()
            && self
                .0
                .contains(&mark(site, i64::from(namespace), title, ""))
    }

    /// Returns whether a text of such a page was withdrawn, by its SHA-256 in hexadecimal.
    #[must_use]
    pub fn text(&self, site: &str, namespace: i32, title: &str, sha256: &str) -> bool {
        !self.0.is_empty()
            && self
                .0
                .contains(&mark(site, i64::from(namespace), title, sha256))
    }
}

/// Sees to it that a withdrawn revision does not come in again; with `whole`, that nothing of its page does.
pub(super) fn keep_out(db: &Db<'_>, hash: &Hash, whole: bool) -> Result<(), StoreError> {
    let found = db.first(
        "SELECT site, namespace, title, sha256 FROM sources WHERE hash = $1",
        params![hash.as_bytes()],
        |row| {
            let text: String = if whole { String::new() } else { row.get(3)? };
            let (site, title): (String, String) = (row.get(0)?, row.get(2)?);
            Ok::<_, StoreError>(mark(&site, row.get(1)?, &title, &text))
        },
    )?;
    if let Some(mark) = found {
        db.execute(
            "INSERT INTO kept_out (mark) VALUES ($1) ON CONFLICT (mark) DO NOTHING",
            params![mark.as_bytes()],
        )?;
    }
    Ok(())
}

/// A page, or one text of it, by which it is known again and not read.
fn mark(site: &str, namespace: i64, title: &str, sha256: &str) -> Hash {
    Hash::of(format!("{site}\n{namespace}\n{title}\n{sha256}").as_bytes())
}

/// The greatest number of a revision that a dump had with the text that is here, for each page where that is
/// greater than the number of the revision that is here. Kept by this node alone, outside the log.
#[derive(Clone, Debug, Default)]
pub struct Seen(HashMap<Hash, i64>);

impl Seen {
    /// Reads what was seen.
    ///
    /// # Errors
    /// From the database.
    pub fn read(db: &Db<'_>) -> Result<Self, StoreError> {
        let rows = db.all("SELECT mark, revision FROM seen", &[], |row| {
            Ok::<_, StoreError>((hash_at(row, 0)?, row.get(1)?))
        })?;
        Ok(Self(rows.into_iter().collect()))
    }

    /// Returns the number that was seen of a page.
    #[must_use]
    pub fn of(&self, site: &str, namespace: i32, title: &str) -> Option<u64> {
        if self.0.is_empty() {
            return None;
        }
        let number = self.0.get(&mark(site, i64::from(namespace), title, ""))?;
        u64::try_from(*number).ok()
    }
}

/// Remembers the number of a revision that was seen of a page.
///
/// # Errors
/// From the database.
pub fn keep_seen(
    db: &Db<'_>,
    site: &str,
    namespace: i32,
    title: &str,
    number: u64,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO seen (mark, revision) VALUES ($1, $2)
         ON CONFLICT (mark) DO UPDATE SET revision = excluded.revision",
        params![
            mark(site, i64::from(namespace), title, "").as_bytes(),
            i64::try_from(number).unwrap_or(i64::MAX)
        ],
    )?;
    Ok(())
}

/// Returns the other licences under which pages of a wiki are shown, and how many pages each has.
///
/// # Errors
/// From the database.
pub fn other_licences(
    db: &Db<'_>,
    site: &str,
    licence: &str,
) -> Result<Vec<(String, i64)>, StoreError> {
    db.all(
        "SELECT licence, COUNT(*) FROM articles WHERE site = $1 AND licence <> $2 GROUP BY licence
         ORDER BY licence",
        params![site, licence],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Returns the wiki that most pages came from.
///
/// # Errors
/// From the database.
pub fn main_site(db: &Db<'_>) -> Result<Option<String>, StoreError> {
    db.first(
        "SELECT site FROM articles WHERE site <> '' GROUP BY site ORDER BY COUNT(*) DESC, site LIMIT 1",
        &[],
        |row| row.get(0),
    )
}
