//! Which keys were taken back, and by whom.

use crate::model::Revocation;
use crate::rules::{self, Taking};
use record::{Did, Hash, Record};
use store::{Db, Judged, Refusal, StoreError, Viewer, params};

/// Judges a revocation.
pub(super) fn judge(db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let malformed = |reason| Ok(Err(Refusal::new("not_a_revocation", reason, "")));
    let revocation = match Revocation::of(record) {
        Ok(revocation) => revocation,
        Err(reason) => return malformed(reason),
    };
    // A replay reads one space after the other: whom a revocation binds must follow from those before it in its own.
    if !record.is_first() || !record.space().is_public() {
        return malformed("it is public, and about no other record".to_owned());
    }
    let author = record.author();
    // Whose members they are, and how many in a day, was judged where it is at home.
    let here = judged.is_ours() && !judged.by_keeper;
    let since = judged.now.as_millis() - 24 * 60 * 60 * 1_000;
    let taking = Taking {
        itself: revocation.key == *record.signer(),
        for_commons: judged.is_by_commons() || is_steward(db, record.commons(), author)?,
        of_commons: revocation.key == *record.commons(),
        of_member: here && revocation.key != *author && is_member(db, &revocation.key)?,
        today: i64::from(here)
            * db.number(
                "SELECT COUNT(*) FROM revocations r JOIN log l ON l.hash = r.hash
             WHERE r.revoker = $1 AND l.accepted_at > $2",
                params![author.as_str(), since],
            )?,
    };
    Ok(rules::revoke(&revocation, taking))
}

/// Enters a revocation. Whom it binds is told by who was a steward when it was accepted, as the log has it before.
pub(super) fn enter(
    db: &Db<'_>,
    record: &Record,
    revocation: &Revocation,
) -> Result<(), StoreError> {
    let (author, commons) = (record.author(), record.commons());
    let for_commons = author == commons || is_steward(db, commons, author)?;
    let itself = revocation.key == *record.signer();
    let everybody = rules::is_for_everybody(itself, for_commons, &revocation.reason);
    db.execute(
        "INSERT INTO revocations (hash, commons, key, revoker, everybody, reason, at, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            record.hash().as_bytes(),
            commons.as_str(),
            revocation.key.as_str(),
            author.as_str(),
            i64::from(everybody),
            &revocation.reason,
            record.published().as_millis(),
            record.space().as_str()
        ],
    )?;
    Ok(())
}

/// Takes out a revocation whose bytes are gone, as a replay would.
pub(super) fn forget(db: &Db<'_>, hash: &Hash) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM revocations WHERE hash = $1",
        params![hash.as_bytes()],
    )?;
    Ok(())
}

fn is_steward(db: &Db<'_>, commons: &Did, did: &Did) -> Result<bool, StoreError> {
    Ok(db.number(
        "SELECT COUNT(*) FROM standings WHERE commons = $1 AND about = $2 AND what = 'steward'",
        params![commons.as_str(), did.as_str()],
    )? > 0)
}

fn is_member(db: &Db<'_>, did: &Did) -> Result<bool, StoreError> {
    Ok(db.number(
        "SELECT COUNT(*) FROM accounts WHERE did = $1",
        params![did.as_str()],
    )? > 0)
}

/// Returns whether a key may not sign in an author's name any more: it was taken back by them, or for everybody.
///
/// # Errors
/// From the database.
pub fn is_revoked(db: &Db<'_>, commons: &Did, author: &Did, key: &Did) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM revocations WHERE key = $1 AND commons = $2 AND (everybody = 1 OR revoker = $3) LIMIT 1",
        params![key.as_str(), commons.as_str(), author.as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// Returns whether somebody without an account said something here before, or is a member's device.
pub(super) fn is_known(db: &Db<'_>, did: &Did) -> Result<bool, StoreError> {
    // An id begins with its author; `0` is the sign after `/`.
    let found = db.first(
        "SELECT 1 FROM log WHERE id > $1 AND id < $2 UNION ALL SELECT 1 FROM delegations WHERE key = $3 LIMIT 1",
        params![format!("ap://{did}/"), format!("ap://{did}0"), did.as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// A key that was taken back for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The key.
    pub key: String,
    /// The key of who took it back.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

const REVOKED: &str = "r.key, r.revoker, r.reason, r.at";

fn revoked_at(row: &store::Row<'_>) -> Result<Revoked, StoreError> {
    Ok(Revoked {
        key: row.get(0)?,
        by: row.get(1)?,
        reason: row.get(2)?,
        at: row.get(3)?,
    })
}

/// Returns the keys that were taken back for the commons and not by their owners, newest first.
///
/// # Errors
/// From the database.
pub fn revoked_for_commons(
    db: &Db<'_>,
    viewer: &Viewer,
    limit: i64,
) -> Result<Vec<Revoked>, StoreError> {
    db.all(
        &format!(
            "SELECT {REVOKED} FROM revocations r JOIN log l ON l.hash = r.hash
             WHERE r.everybody = 1 AND r.reason <> '' AND r.revoker <> r.key AND {} ORDER BY l.seq DESC LIMIT $1",
            viewer.sql("r.space")
        ),
        params![limit],
        revoked_at,
    )
}

/// Returns how a key was taken back for everybody, if it was.
///
/// # Errors
/// From the database.
pub fn revocation_of(db: &Db<'_>, commons: &Did, key: &Did) -> Result<Option<Revoked>, StoreError> {
    db.first(
        &format!(
            "SELECT {REVOKED} FROM revocations r WHERE r.commons = $1 AND r.key = $2 AND r.everybody = 1
             ORDER BY r.at, r.hash LIMIT 1"
        ),
        params![commons.as_str(), key.as_str()],
        revoked_at,
    )
}
