//! Drafts: what somebody writes and has not published. On the desk: in no record, index or export.

use store::{Db, StoreError, params};

/// A text that was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The page's name as others mention it; empty for a page that is not there yet.
    pub page: String,
    /// The revision that it was begun from, or empty.
    pub base: String,
    /// The text.
    pub text: String,
    /// The summary.
    pub summary: String,
    /// When it was kept, in milliseconds since 1970.
    pub at: i64,
}

/// Keeps a draft in the place of the one before it.
///
/// # Errors
/// From the database.
pub fn keep_draft(db: &Db<'_>, account: &[u8; 16], draft: &Draft) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO drafts (account, page, base, text, summary, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account, page) DO UPDATE SET base = excluded.base, text = excluded.text,
           summary = excluded.summary, at = excluded.at",
        params![account, &draft.page, &draft.base, &draft.text, &draft.summary, draft.at],
    )?;
    Ok(())
}

/// Returns somebody's draft of a page.
///
/// # Errors
/// From the database.
pub fn draft(db: &Db<'_>, account: &[u8; 16], page: &str) -> Result<Option<Draft>, StoreError> {
    db.first(
        "SELECT page, base, text, summary, at FROM drafts WHERE account = $1 AND page = $2",
        params![account, page],
        |row| {
            Ok(Draft {
                page: row.get(0)?,
                base: row.get(1)?,
                text: row.get(2)?,
                summary: row.get(3)?,
                at: row.get(4)?,
            })
        },
    )
}

/// Drops somebody's draft of a page.
///
/// # Errors
/// From the database.
pub fn drop_draft(db: &Db<'_>, account: &[u8; 16], page: &str) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM drafts WHERE account = $1 AND page = $2",
        params![account, page],
    )?;
    Ok(())
}

/// Drops all drafts of an account.
///
/// # Errors
/// From the database.
pub(super) fn forget_drafts(db: &Db<'_>, account: &[u8; 16]) -> Result<(), StoreError> {
    db.execute("DELETE FROM drafts WHERE account = $1", params![account])?;
    Ok(())
}
