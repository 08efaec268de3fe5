//! Who looks: the set of spaces that a query, search, feed or export may see.

use record::Space;

/// The spaces that somebody may see. Every read that answers a person takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    spaces: Vec<Space>,
}

impl Viewer {
    /// Returns the viewer who sees only what is public.
    #[must_use]
    pub fn public() -> Self {
        Self {
            spaces: vec![Space::public()],
        }
    }

    /// Returns a viewer who sees exactly `spaces`.
    #[must_use]
    pub fn of(mut spaces: Vec<Space>) -> Self {
        spaces.sort();
        spaces.dedup();
        Self { spaces }
    }

    /// Returns the spaces, sorted.
    #[must_use]
    pub fn spaces(&self) -> &[Space] {
        &self.spaces
    }

    /// Returns whether `space` may be seen.
    #[must_use]
    pub fn sees(&self, space: &Space) -> bool {
        self.spaces.contains(space)
    }

    /// Returns the SQL condition that keeps `column` within these spaces: `a.space IN ('public')`.
    ///
    /// A viewer of no space sees nothing.
    #[must_use]
    pub fn sql(&self, column: &str) -> String {
        if self.spaces.is_empty() {
            return "1 = 0".to_owned();
        }
        let mut sql = format!("{column} IN (");
        for (index, space) in self.spaces.iter().enumerate() {
            if index > 0 {
                sql.push(',');
            }
            sql.push('\'');
            sql.push_str(&space.as_str().replace('\'', "''").replace('$', ""));
            sql.push('\'');
        }
        sql.push(')');
        sql
    }
}
