//! Digests of tables: equal on two nodes that hold the same records, whatever the order of rows.

use crate::{Db, StoreError, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Returns the digest of each table, as hexadecimal.
///
/// The digest is the sum, modulo 2^256, of the SHA-256 of each row, so that no sorting is needed and
/// the order in which a database gives its rows does not matter.
///
/// # Errors
/// From the database.
pub fn digests(db: &Db<'_>, tables: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
    tables
        .iter()
        .map(|table| Ok(((*table).to_owned(), digest(db, table)?)))
        .collect()
}

fn digest(db: &Db<'_>, table: &str) -> Result<String, StoreError> {
    let mut sum = [0_u64; 4];
    db.each(&format!("SELECT * FROM {table}"), &[], |row| {
        let mut hasher = Sha256::new();
        for column in 0..row.width() {
            match row.value(column)? {
                Value::Null => hasher.update([0]),
                Value::Int(n) => {
                    hasher.update([1]);
                    hasher.update(n.to_le_bytes());
                }
                Value::Text(text) => part(&mut hasher, 2, text.as_bytes()),
                Value::Blob(bytes) => part(&mut hasher, 3, &bytes),
            }
        }
        let hash = hasher.finalize();
        let mut carry = 0_u128;
        for (limb, chunk) in sum.iter_mut().zip(hash.chunks_exact(8)) {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            carry += u128::from(*limb) + u128::from(u64::from_le_bytes(word));
            *limb = carry as u64;
            carry >>= 64;
        }
        Ok::<(), StoreError>(())
    })?;
    Ok(sum
        .iter()
        .flat_map(|limb| limb.to_le_bytes())
        .map(|b| format!("{b:02x}"))
        .collect())
}

fn part(hasher: &mut Sha256, mark: u8, bytes: &[u8]) {
    hasher.update([mark]);
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}
