//! The desk of those who look after the commons: what was looked at, and what was reported.

use super::desk::AccountId;
use super::short_at;
use record::{Hash, Timestamp};
use std::collections::BTreeSet;
use store::{Db, Row, StoreError, params};

/// Whoever reports something without an account, and whoever left.
pub const NOBODY: AccountId = [0; 16];

/// Marks a record as looked at.
///
/// # Errors
/// From the database.
pub fn look(
    db: &Db<'_>,
    hash: &Hash,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO patrols (hash, account, at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
        params![hash.as_bytes(), account, now.as_millis()],
    )?;
    Ok(())
}

/// Returns at how many changes an account looked.
///
/// # Errors
/// From the database.
pub fn count_looked(db: &Db<'_>, account: &AccountId) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM patrols WHERE account = $1",
        params![account],
    )
}

/// Returns which of these records were looked at.
///
/// # Errors
/// From the database.
pub fn looked_at<'h>(
    db: &Db<'_>,
    hashes: impl Iterator<Item = &'h Hash>,
) -> Result<BTreeSet<Hash>, StoreError> {
    let mut found = BTreeSet::new();
    for hash in hashes {
        let row = db.first(
            "SELECT 1 FROM patrols WHERE hash = $1",
            params![hash.as_bytes()],
            |_| Ok::<_, StoreError>(()),
        )?;
        if row.is_some() {
            found.insert(*hash);
        }
    }
    Ok(found)
}

/// Returns the condition, beginning with `AND`, under which a record waits to be looked at: its hash and the key of
/// its author are the two columns named. What stewards publish waits for nobody.
#[must_use]
pub fn waits_sql(hash: &str, author: &str) -> String {
    format!(
        " AND NOT EXISTS (SELECT 1 FROM patrols pt WHERE pt.hash = {hash})
          AND NOT EXISTS (SELECT 1 FROM standings st WHERE st.about = {author} AND st.what = 'steward')"
    )
}

/// Returns the condition, beginning with `AND`, under which an account follows a thing: the parameter that holds the
/// account, and the column of the thing's short id.
#[must_use]
pub fn follows_sql(account: &str, thing: &str) -> String {
    format!(
        " AND EXISTS (SELECT 1 FROM follows fo WHERE fo.account = {account} AND fo.what = {thing})"
    )
}

/// Something that somebody reported to the stewards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its id: whoever knows it may read it.
    pub id: [u8; 16],
    /// Who reported it; [`NOBODY`] where they had no account.
    pub account: AccountId,
    /// The path of the page that it is about.
    pub place: String,
    /// What is wrong.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What a steward answered, or empty.
    pub answer: String,
    /// The address of the steward who answered.
    pub answered_by: String,
    /// When; 0 as long as nobody has.
    pub answered: i64,
}

const REPORT: &str = "id, account, place, reason, at, answer, answered_by, answered";

fn report_at(row: &Row<'_>) -> Result<Report, StoreError> {
    Ok(Report {
        id: short_at(row, 0)?,
        account: short_at(row, 1)?,
        place: row.get(2)?,
        reason: row.get(3)?,
        at: row.get(4)?,
        answer: row.get(5)?,
        answered_by: row.get(6)?,
        answered: row.get(7)?,
    })
}

/// Enters a report.
///
/// # Errors
/// From the database.
pub fn add_report(db: &Db<'_>, report: &Report) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO reports (id, account, place, reason, at, answer, answered_by, answered)
         VALUES ($1, $2, $3, $4, $5, '', '', 0)",
        params![
            &report.id,
            &report.account,
            &report.place,
            &report.reason,
            report.at
        ],
    )?;
    Ok(())
}

/// Answers a report that nobody has answered; returns whether it was one.
///
/// # Errors
/// From the database.
pub fn answer_report(
    db: &Db<'_>,
    id: &[u8; 16],
    answer: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = db.execute(
        "UPDATE reports SET answer = $2, answered_by = $3, answered = $4 WHERE id = $1 AND answered = 0",
        params![id, answer, by, now.as_millis()],
    )?;
    Ok(rows > 0)
}

/// Returns a report.
///
/// # Errors
/// From the database.
pub fn report(db: &Db<'_>, id: &[u8; 16]) -> Result<Option<Report>, StoreError> {
    db.first(
        &format!("SELECT {REPORT} FROM reports WHERE id = $1"),
        params![id],
        report_at,
    )
}

/// Returns what one account reported, newest first.
///
/// # Errors
/// From the database.
pub fn reports_of(db: &Db<'_>, account: &AccountId, limit: i64) -> Result<Vec<Report>, StoreError> {
    db.all(
        &format!("SELECT {REPORT} FROM reports WHERE account = $1 ORDER BY at DESC, id LIMIT $2"),
        params![account, limit],
        report_at,
    )
}

/// Returns what was reported: what nobody has answered, oldest first; or what somebody has, newest first.
///
/// # Errors
/// From the database.
pub fn reports(db: &Db<'_>, open: bool, limit: i64) -> Result<Vec<Report>, StoreError> {
    let (test, order) = if open {
        ("answered = 0", "at, id")
    } else {
        ("answered > 0", "answered DESC, id")
    };
    db.all(
        &format!("SELECT {REPORT} FROM reports WHERE {test} ORDER BY {order} LIMIT $1"),
        params![limit],
        report_at,
    )
}

/// Returns how many reports nobody has answered.
///
/// # Errors
/// From the database.
pub fn count_open_reports(db: &Db<'_>) -> Result<i64, StoreError> {
    db.number("SELECT COUNT(*) FROM reports WHERE answered = 0", &[])
}

/// Takes an account's name off what it looked at and removes what it reported.
///
/// # Errors
/// From the database.
pub(super) fn erase(db: &Db<'_>, account: &AccountId) -> Result<(), StoreError> {
    db.execute(
        "UPDATE patrols SET account = $2 WHERE account = $1",
        params![account, &NOBODY],
    )?;
    db.execute("DELETE FROM reports WHERE account = $1", params![account])?;
    Ok(())
}
