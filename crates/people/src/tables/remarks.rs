//! What people say of things.

use super::{damaged, short_at};
use crate::model::Remark;
use crate::selector::Quote;
use record::{Record, RecordId};
use store::{Db, Judged, Refusal, Row, StoreError, Viewer, Withdrawn, params};

/// How many remarks somebody may make within an hour.
const PER_HOUR: i64 = 60;

/// A remark, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remarked {
    /// Its id.
    pub id: RecordId,
    /// The short form of the id of the thing that it is about.
    pub about: [u8; 16],
    /// The id of the remark that it answers, or empty.
    pub answers: String,
    /// Who said it.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What was said.
    pub text: String,
    /// Its language.
    pub language: String,
    /// The passage that it is about.
    pub quote: Option<Quote>,
}

const REMARK: &str = "r.id, r.about, r.answers, r.author, r.at, r.text, r.language, r.exact, r.prefix, r.suffix, r.start";

fn remark_at(row: &Row<'_>) -> Result<Remarked, StoreError> {
    let exact: String = row.get(7)?;
    let quote = Quote {
        exact,
        prefix: row.get(8)?,
        suffix: row.get(9)?,
        start: usize::try_from(row.get::<i64>(10)?).unwrap_or(0),
    };
    Ok(Remarked {
        id: RecordId::parse_known(&row.get::<String>(0)?).map_err(|e| damaged(e.to_string()))?,
        about: short_at(row, 1)?,
        answers: row.get(2)?,
        author: row.get(3)?,
        at: row.get(4)?,
        text: row.get(5)?,
        language: row.get(6)?,
        quote: Some(quote).filter(|quote| !quote.exact.is_empty()),
    })
}

/// Judges a remark.
pub(super) fn judge(db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let remark = match Remark::of(record) {
        Ok(remark) => remark,
        Err(reason) => return Ok(Err(Refusal::new("not_a_remark", reason, ""))),
    };
    if !record.is_first() {
        return Ok(Err(Refusal::new(
            "remarks_stay",
            "a remark is answered or withdrawn, not changed",
            "withdraw it and say it anew",
        )));
    }
    if !judged.is_ours() || judged.by_keeper {
        // What it is about may have been withdrawn since it was said.
        return Ok(Ok(()));
    }
    let there = db.first(
        "SELECT 1 FROM things WHERE thing = $1 AND space = $2",
        params![&remark.about.short(), record.space().as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    if there.is_none() {
        return Ok(Err(Refusal::new(
            "unknown_thing",
            "what it is about is not here",
            "",
        )));
    }
    if let Some(answers) = &remark.answers {
        let there = db.first(
            "SELECT 1 FROM remarks WHERE id = $1 AND about = $2",
            params![answers.as_str(), &remark.about.short()],
            |_| Ok::<_, StoreError>(()),
        )?;
        if there.is_none() {
            return Ok(Err(Refusal::new(
                "unknown_thing",
                "what it answers is not here",
                "",
            )));
        }
    }
    if !judged.is_by_commons() {
        let since = judged.now.as_millis() - 60 * 60 * 1_000;
        let said = db.number(
            "SELECT COUNT(*) FROM remarks r JOIN log l ON l.id = r.id WHERE r.author = $1 AND l.accepted_at > $2",
            params![record.author().as_str(), since],
        )?;
        if said >= PER_HOUR {
            return Ok(Err(Refusal::new(
                "many_remarks",
                format!("nobody says more than {PER_HOUR} things an hour here"),
                "go on a little later",
            )));
        }
    }
    Ok(Ok(()))
}

/// Enters a remark.
pub(super) fn enter(db: &Db<'_>, record: &Record, remark: &Remark) -> Result<(), StoreError> {
    let none = Quote::default();
    let quote = remark.quote.as_ref().unwrap_or(&none);
    db.execute(
        "INSERT INTO remarks (thing, id, about, answers, author, at, text, language, exact, prefix, suffix, start, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            &record.thing().short(),
            record.id().as_str(),
            &remark.about.short(),
            remark.answers.as_ref().map_or("", RecordId::as_str),
            record.author().as_str(),
            record.published().as_millis(),
            &remark.text,
            &remark.language,
            &quote.exact,
            &quote.prefix,
            &quote.suffix,
            quote.start as i64,
            record.space().as_str()
        ],
    )?;
    Ok(())
}

/// Takes out a withdrawn remark; answers to it stay, and say what they answered.
pub(super) fn withdraw(db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM remarks WHERE thing = $1",
        params![&gone.id.short()],
    )?;
    Ok(())
}

/// Returns what is said of a thing, oldest first.
///
/// # Errors
/// From the database.
pub fn remarks(
    db: &Db<'_>,
    viewer: &Viewer,
    about: &[u8; 16],
    limit: i64,
) -> Result<Vec<Remarked>, StoreError> {
    db.all(
        &format!(
            "SELECT {REMARK} FROM remarks r WHERE r.about = $1 AND {} ORDER BY r.at, r.id LIMIT $2",
            viewer.sql("r.space")
        ),
        params![about, limit],
        remark_at,
    )
}

/// Returns how much is said of a thing.
///
/// # Errors
/// From the database.
pub fn count_remarks(db: &Db<'_>, viewer: &Viewer, about: &[u8; 16]) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM remarks r WHERE r.about = $1 AND {}",
            viewer.sql("r.space")
        ),
        params![about],
    )
}

/// Returns the ids of what somebody said.
///
/// # Errors
/// From the database.
pub fn remarks_by(db: &Db<'_>, viewer: &Viewer, author: &str) -> Result<Vec<RecordId>, StoreError> {
    db.all(
        &format!(
            "SELECT r.id FROM remarks r WHERE r.author = $1 AND {} ORDER BY r.id",
            viewer.sql("r.space")
        ),
        params![author],
        |row| RecordId::parse_known(&row.get::<String>(0)?).map_err(|e| damaged(e.to_string())),
    )
}
