//! Signed checkpoints: how far the log of a space goes, and what is in it.

use crate::{Db, Keys, StoreError, params};
use record::merkle::Growing;
use record::{Checkpoint, Hash, Space};
use serde_json::Value;

/// Returns a checkpoint over all of a space's log that this unit of work sees, signed by the node's key.
///
/// The tree grows from the last saved state ([`save_tree`]), so that the cost is that of the records since.
///
/// # Errors
/// From the database.
pub fn checkpoint(db: &Db<'_>, keys: &Keys, space: &Space) -> Result<Value, StoreError> {
    let tree = grow(db, space)?;
    let checkpoint = Checkpoint {
        space: space.clone(),
        node: keys.node().did(),
        size: tree.size(),
        root: tree.root(),
        at: crate::Node::now(),
    };
    checkpoint
        .sign(keys.node())
        .map_err(|error| StoreError::Record {
            space: space.as_str().to_owned(),
            seq: tree.size() as i64,
            reason: error.to_string(),
        })
}

fn grow(db: &Db<'_>, space: &Space) -> Result<Growing, StoreError> {
    let saved: Option<(i64, Vec<u8>)> = db.first(
        "SELECT size, tree FROM checkpoints WHERE space = $1",
        params![space.as_str()],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
    )?;
    let mut tree = saved
        .and_then(|(size, state)| Growing::restore(size as u64, &state))
        .unwrap_or_default();
    db.each(
        "SELECT hash FROM log WHERE space = $1 AND seq > $2 ORDER BY seq",
        params![space.as_str(), tree.size() as i64],
        |row| {
            let hash = Hash::from_slice(row.bytes(0)?).map_err(|error| StoreError::Damaged {
                place: "the log".to_owned(),
                reason: error.to_string(),
            })?;
            tree.push(&hash);
            Ok::<_, StoreError>(())
        },
    )?;
    Ok(tree)
}

/// Saves the state of a space's tree, so that the next checkpoint is quick.
///
/// # Errors
/// From the database.
pub fn save_tree(db: &Db<'_>, space: &Space) -> Result<(), StoreError> {
    let tree = grow(db, space)?;
    db.execute(
        "INSERT INTO checkpoints (space, size, tree) VALUES ($1, $2, $3)
         ON CONFLICT (space) DO UPDATE SET size = excluded.size, tree = excluded.tree",
        params![space.as_str(), tree.size() as i64, tree.state()],
    )?;
    Ok(())
}
