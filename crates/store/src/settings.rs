//! Settings of a node: local, small, by name.

use crate::{Db, StoreError, Viewer, params};

/// Returns a setting.
///
/// # Errors
/// From the database.
pub fn setting(db: &Db<'_>, name: &str) -> Result<Option<String>, StoreError> {
    db.first(
        "SELECT value FROM settings WHERE name = $1",
        params![name],
        |row| row.get(0),
    )
}

/// Changes a setting.
///
/// # Errors
/// From the database.
pub fn set_setting(db: &Db<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO settings (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )?;
    Ok(())
}

/// Returns how many records the log holds of what a viewer sees.
///
/// # Errors
/// From the database.
pub fn count_records(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT CAST(SUM(h.next - 1) AS BIGINT) FROM log_head h WHERE {}",
        viewer.sql("h.space")
    );
    db.number(&sql, &[])
}
