//! Revisions: of one page, and of all.

use super::pages::{Page, by_short};
use super::{hash_at, short_at};
use crate::model::Name;
use record::{Did, Hash};
use std::collections::BTreeMap;
use store::{Db, Row, StoreError, Viewer, params};

/// One revision in a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its hash.
    pub hash: Hash,
    /// The page's title in it.
    pub title: String,
    /// Who made it, as text.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What was changed.
    pub summary: String,
    /// Whether the change was small.
    pub minor: bool,
    /// The text's length in bytes.
    pub length: i64,
    /// Its licence.
    pub licence: String,
    /// `written`, `imported`, …
    pub provenance: String,
    /// Which machine helped, or empty.
    pub machine: String,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Its number in the log.
    pub seq: i64,
}

fn revision_at(row: &Row<'_>) -> Result<Revision, StoreError> {
    Ok(Revision {
        hash: hash_at(row, 0)?,
        title: row.get(1)?,
        author: row.get(2)?,
        at: row.get(3)?,
        summary: row.get(4)?,
        minor: row.get(5)?,
        length: row.get(6)?,
        licence: row.get(7)?,
        provenance: row.get(8)?,
        machine: row.get(9)?,
        withdrawn: row.get(10)?,
        seq: row.get(11)?,
    })
}

// What was withdrawn has lost its own date: it is told by when it was taken in.
const REVISION: &str = "r.hash, r.title, r.author,
    CASE WHEN r.withdrawn = 1 THEN l.accepted_at ELSE r.at END, r.summary, r.minor, r.length, r.licence,
    r.provenance, r.machine, r.withdrawn, l.seq";

/// Returns a page's revisions before a number in the log, newest first.
pub fn history(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &[u8; 16],
    before: i64,
    limit: i64,
) -> Result<Vec<Revision>, StoreError> {
    db.all(
        &format!(
            "SELECT {REVISION} FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND l.seq < $2 AND {} ORDER BY l.seq DESC LIMIT $3",
            viewer.sql("r.space")
        ),
        params![id, before, limit],
        revision_at,
    )
}

/// Returns a revision of a page by its hash.
pub fn revision(db: &Db<'_>, id: &[u8; 16], hash: &Hash) -> Result<Option<Revision>, StoreError> {
    db.first(
        &format!(
            "SELECT {REVISION} FROM revisions r JOIN log l ON l.hash = r.hash WHERE r.hash = $1 AND r.thing = $2"
        ),
        params![hash.as_bytes(), id],
        revision_at,
    )
}

/// Returns whether a visible revision of a page has this hash.
pub fn is_revision(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &[u8; 16],
    hash: &Hash,
) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) FROM revisions r WHERE r.hash = $1 AND r.thing = $2 AND r.withdrawn = 0 AND {}",
        viewer.sql("r.space")
    );
    Ok(db.number(&sql, params![hash.as_bytes(), id])? > 0)
}

/// Returns the page of which a visible revision has this hash, under the name that it has by now.
pub fn page_of_revision(
    db: &Db<'_>,
    viewer: &Viewer,
    hash: &Hash,
) -> Result<Option<Page>, StoreError> {
    let sql = format!(
        "SELECT r.thing FROM revisions r WHERE r.hash = $1 AND r.withdrawn = 0 AND {}",
        viewer.sql("r.space")
    );
    let thing: Option<[u8; 16]> =
        db.first(&sql, params![hash.as_bytes()], |row| short_at(row, 0))?;
    match thing {
        Some(thing) => by_short(db, viewer, &thing),
        None => Ok(None),
    }
}

/// Returns who wrote a page's revisions, whoever wrote first first.
pub fn authors(db: &Db<'_>, viewer: &Viewer, id: &[u8; 16]) -> Result<Vec<String>, StoreError> {
    db.all(
        &format!(
            "SELECT r.author FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND r.withdrawn = 0 AND {} GROUP BY r.author ORDER BY MIN(l.seq)",
            viewer.sql("r.space")
        ),
        params![id],
        |row| row.get(0),
    )
}

/// Returns the hash of the revision that came after one, or before it, and is not withdrawn.
pub fn beside(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &[u8; 16],
    seq: i64,
    later: bool,
) -> Result<Option<Hash>, StoreError> {
    let (than, order) = if later { (">", "ASC") } else { ("<", "DESC") };
    db.first(
        &format!(
            "SELECT r.hash FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND r.withdrawn = 0 AND l.seq {than} $2 AND {} ORDER BY l.seq {order} LIMIT 1",
            viewer.sql("r.space")
        ),
        params![id, seq],
        |row| hash_at(row, 0),
    )
}

/// Returns the reason that the tombstone of a revision gives.
pub fn why_withdrawn(db: &Db<'_>, hash: &Hash) -> Result<Option<String>, StoreError> {
    db.first(
        "SELECT reason FROM tombstones WHERE target = $1",
        params![hash.to_string().as_str()],
        |row| row.get(0),
    )
}

/// Returns how many revisions a page has.
pub fn count_revisions(db: &Db<'_>, id: &[u8; 16]) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM revisions WHERE thing = $1",
        params![id],
    )
}

/// A change, in the list of what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The revision.
    pub revision: Revision,
    /// The page as it is called now; none if it is gone.
    pub name: Option<Name>,
    /// Whether it is the page's first revision.
    pub first: bool,
    /// The short id of the page.
    pub thing: [u8; 16],
}

/// Which changes are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Pages that were begun alone.
    pub new_pages: bool,
    /// Small changes are left out.
    pub no_minor: bool,
    /// What was brought in from elsewhere is left out.
    pub no_imports: bool,
    /// What nobody has looked at yet alone; what was brought in and what stewards wrote is left out.
    pub waits: bool,
    /// What an account follows alone.
    pub followed_by: Option<[u8; 16]>,
    /// What was written under one of these names alone; where there are none, by whomever.
    pub by: Vec<String>,
    /// Pages in one language alone; where it is empty, in any.
    pub language: String,
}

impl Wanted {
    /// Returns the condition that narrows revisions, beginning with `AND`, empty for all; and its values, the first of
    /// which is parameter `from`.
    fn sql(&self, from: usize) -> (String, Vec<store::Value<'_>>) {
        let mut sql = String::new();
        let mut values: Vec<store::Value<'_>> = Vec::new();
        if self.waits {
            sql.push_str(" AND r.provenance <> 'imported' AND r.withdrawn = 0");
            sql.push_str(&people::care::waits_sql("r.hash", "r.author"));
        }
        if let Some(account) = &self.followed_by {
            sql.push_str(&people::care::follows_sql(&format!("${from}"), "r.thing"));
            values.push(account.into());
        }
        if !self.by.is_empty() {
            sql.push_str(" AND ");
            sql.push_str(&by_one_of(&self.by, from + values.len()));
            values.extend(self.by.iter().map(store::Value::from));
        }
        if !self.language.is_empty() {
            sql.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM articles w WHERE w.thing = r.thing AND w.language = ${})",
                from + values.len()
            ));
            values.push((&self.language).into());
        }
        for (on, condition) in [
            (self.new_pages, " AND r.first = 1"),
            (self.no_minor, " AND r.minor = 0"),
            (self.no_imports, " AND r.provenance <> 'imported'"),
        ] {
            if on {
                sql.push_str(condition);
            }
        }
        (sql, values)
    }
}

fn change_at(row: &Row<'_>) -> Result<Change, StoreError> {
    let key: Option<String> = row.get(12)?;
    Ok(Change {
        revision: revision_at(row)?,
        name: key.and_then(|key| Name::parse_key(&key)),
        first: row.get(13)?,
        thing: short_at(row, 14)?,
    })
}

/// Returns the changes of a space before a number in its log, newest first.
pub fn changes(
    db: &Db<'_>,
    viewer: &Viewer,
    wanted: &Wanted,
    before: i64,
    limit: i64,
) -> Result<Vec<Change>, StoreError> {
    let (narrowed, more) = wanted.sql(3);
    let mut values = vec![store::Value::from(before), store::Value::from(limit)];
    values.extend(more);
    db.all(
        &format!(
            "SELECT {REVISION}, t.key, r.first, r.thing FROM log l JOIN revisions r ON r.hash = l.hash
             LEFT JOIN things t ON t.thing = r.thing
             WHERE l.seq < $1 AND {}{} ORDER BY l.seq DESC LIMIT $2",
            viewer.sql("l.space"),
            narrowed
        ),
        &values,
        change_at,
    )
}

/// Returns by how many bytes each of some changes made its text longer; of a change that is not here, nothing.
///
/// # Errors
/// From the database.
pub fn grown(db: &Db<'_>, list: &[Change]) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut grown = BTreeMap::new();
    let mut pages: BTreeMap<[u8; 16], (i64, i64)> = BTreeMap::new();
    for change in list {
        let seq = change.revision.seq;
        let (last, count) = pages.entry(change.thing).or_insert((seq, 0));
        *last = (*last).max(seq);
        *count += 1;
    }
    for (thing, (last, count)) in pages {
        // One more: what stood before the first of them. Between them others may stand that the list leaves out.
        let lengths: Vec<(i64, i64)> = db.all(
            "SELECT l.seq, r.length FROM revisions r JOIN log l ON l.hash = r.hash
             WHERE r.thing = $1 AND r.withdrawn = 0 AND l.seq <= $2 ORDER BY l.seq DESC LIMIT $3",
            params![&thing, last, count * 4 + 40],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
        )?;
        let end = (lengths.len() as i64) < count * 4 + 40;
        for (at, (seq, length)) in lengths.iter().enumerate() {
            match lengths.get(at + 1) {
                Some((_, before)) => grown.insert(*seq, length - before),
                None if end => grown.insert(*seq, *length),
                None => None,
            };
        }
    }
    Ok(grown)
}

/// Returns how many revisions of all pages are visible.
pub fn count_changes(db: &Db<'_>, viewer: &Viewer, wanted: &Wanted) -> Result<i64, StoreError> {
    let (narrowed, values) = wanted.sql(1);
    db.number(
        &format!(
            "SELECT COUNT(*) FROM revisions r WHERE {}{}",
            viewer.sql("r.space"),
            narrowed
        ),
        &values,
    )
}

/// Returns the condition on `r` for revisions by one of these authors, whose values begin at parameter `from`.
fn by_one_of(authors: &[String], from: usize) -> String {
    let places: Vec<String> = (0..authors.len())
        .map(|at| format!("${}", from + at))
        .collect();
    format!("r.author IN ({})", places.join(", "))
}

/// Returns the changes by an author, under one name at least, before a number in the log, newest first.
///
/// # Errors
/// From the database.
pub fn changes_by(
    db: &Db<'_>,
    viewer: &Viewer,
    authors: &[String],
    before: i64,
    limit: i64,
) -> Result<Vec<Change>, StoreError> {
    let mut values = vec![store::Value::from(before), store::Value::from(limit)];
    values.extend(authors.iter().map(store::Value::from));
    db.all(
        &format!(
            "SELECT {REVISION}, t.key, r.first, r.thing FROM revisions r JOIN log l ON l.hash = r.hash
             LEFT JOIN things t ON t.thing = r.thing
             WHERE {} AND l.seq < $1 AND {} ORDER BY l.seq DESC LIMIT $2",
            by_one_of(authors, 3),
            viewer.sql("r.space")
        ),
        &values,
        change_at,
    )
}

/// Returns how many revisions by an author, under one name at least, are visible.
///
/// # Errors
/// From the database.
pub fn count_changes_by(
    db: &Db<'_>,
    viewer: &Viewer,
    authors: &[String],
) -> Result<i64, StoreError> {
    let values: Vec<store::Value<'_>> = authors.iter().map(store::Value::from).collect();
    db.number(
        &format!(
            "SELECT COUNT(*) FROM revisions r WHERE {} AND {}",
            by_one_of(authors, 1),
            viewer.sql("r.space")
        ),
        &values,
    )
}

/// Returns who made a visible revision.
///
/// # Errors
/// From the database.
pub fn author_of(db: &Db<'_>, viewer: &Viewer, hash: &Hash) -> Result<Option<String>, StoreError> {
    db.first(
        &format!(
            "SELECT r.author FROM revisions r WHERE r.hash = $1 AND {}",
            viewer.sql("r.space")
        ),
        params![hash.as_bytes()],
        |row| row.get(0),
    )
}

/// Returns whether somebody published as much as makes a newcomer one who is known.
///
/// # Errors
/// From the database.
pub fn is_known(db: &Db<'_>, commons: &Did, author: &str) -> Result<bool, StoreError> {
    let enough = super::limits::here(db, commons)?.known_after;
    let count = db.number(
        "SELECT COUNT(*) FROM (SELECT 1 FROM revisions WHERE author = $1 AND withdrawn = 0 LIMIT $2) AS few",
        params![author, enough],
    )?;
    Ok(count >= enough)
}

/// Returns the last revision of a page that is not by an author and was not withdrawn.
///
/// # Errors
/// From the database.
pub fn last_by_others(
    db: &Db<'_>,
    id: &[u8; 16],
    author: &str,
) -> Result<Option<Hash>, StoreError> {
    db.first(
        "SELECT r.hash FROM revisions r JOIN log l ON l.hash = r.hash
         WHERE r.thing = $1 AND r.author <> $2 AND r.withdrawn = 0 ORDER BY l.seq DESC LIMIT 1",
        params![id, author],
        |row| hash_at(row, 0),
    )
}
