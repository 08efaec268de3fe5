//! The ids of a page: each once, and none that the page around it uses.

use std::collections::HashMap;

/// Ids that the page around uses itself; no heading or anchor of a drawn page has them.
pub const RESERVED_IDS: &[&str] = &["main", "q", "menu", "toc", "skip", "rev", "lic", "ib", "hr"];

/// Returns the id that MediaWiki would give to a heading `text`: blanks as underscores.
pub(super) fn anchor_id(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect()
}

/// Returns `anchor` as it follows `#` in an address.
pub(super) fn fragment(anchor: &str) -> String {
    anchor_id(anchor).replace('%', "%25")
}

/// The ids of a page: each once, and none that the page around it uses.
#[derive(Default)]
pub(super) struct Ids {
    /// Ids in lower case, with the number that the next of the same name gets.
    taken: HashMap<String, usize>,
}

impl Ids {
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let mut id = anchor_id(wanted.trim());
        if id.is_empty() {
            id.push_str("section");
        }
        if is_reserved(&id) {
            id.push('_');
        }
        let key = id.to_lowercase();
        let Some(next) = self.taken.get(&key).copied() else {
            self.taken.insert(key, 2);
            return id;
        };
        for number in next.. {
            let numbered = format!("{key}_{number}");
            if !self.taken.contains_key(&numbered) {
                self.taken.insert(numbered, 2);
                self.taken.insert(key, number + 1);
                return format!("{id}_{number}");
            }
        }
        id
    }
}

/// Whether the page around, or the notes, use `id` themselves: `n3`, `r3-2`.
fn is_reserved(id: &str) -> bool {
    let lower = id.to_lowercase();
    if RESERVED_IDS.contains(&lower.as_str()) {
        return true;
    }
    let rest = lower
        .strip_prefix("cap")
        .or_else(|| lower.strip_prefix(['n', 'r']));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'-' || b == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_are_unique_and_not_the_pages_own() {
        let mut ids = Ids::default();
        let taken: Vec<String> = ["Uses", "uses", "Uses_2", "Uses", "Main", "n1", "cap12", " "]
            .map(|id| ids.take(id))
            .into();
        assert_eq!(
            taken,
            [
                "Uses", "uses_2", "Uses_2_2", "Uses_3", "Main_", "n1_", "cap12_", "section"
            ]
        );
    }
}
