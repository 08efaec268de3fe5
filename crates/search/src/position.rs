//! How far an index has followed the log, read without opening it.

use crate::{Indexes, schema};
use serde_json::Value;

impl Indexes {
    /// Returns the position that the last commit of a space's index was given, 0 if there is none.
    #[must_use]
    pub fn position(&self, space: &str) -> i64 {
        let meta = schema::folder_of(&self.dir, space).join("meta.json");
        std::fs::read(meta)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
            .and_then(|meta| meta.get("payload")?.as_str()?.parse().ok())
            .unwrap_or(0)
    }
}
