//! Who wrote which paragraph of a text.

use std::collections::HashMap;

/// A paragraph of the last text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph<T> {
    /// Its lines.
    pub text: String,
    /// The revision that brought it as it is.
    pub since: T,
}

/// Reads revisions, oldest first, and remembers which one first had each paragraph.
///
/// A paragraph, a block of lines between empty ones, is the same wherever it stands; one that comes back as it was
/// keeps the revision that first brought it.
#[derive(Clone, Debug)]
pub struct Blame<T> {
    first: HashMap<[u8; 32], T>,
    last: String,
}

impl<T: Clone> Default for Blame<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone> Blame<T> {
    /// Begins before the first revision.
    #[must_use]
    pub fn new() -> Self {
        Self {
            first: HashMap::new(),
            last: String::new(),
        }
    }

    /// Takes in the next revision.
    pub fn push(&mut self, revision: T, text: &str) {
        for paragraph in paragraphs(text) {
            self.first
                .entry(mark(&paragraph))
                .or_insert_with(|| revision.clone());
        }
        text.clone_into(&mut self.last);
    }

    /// Returns the paragraphs of the revision taken in last, in order.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<Paragraph<T>> {
        let all = paragraphs(&self.last).into_iter();
        all.filter_map(|text| {
            let since = self.first.get(&mark(&text))?.clone();
            Some(Paragraph { text, since })
        })
        .collect()
    }
}

fn mark(text: &str) -> [u8; 32] {
    *record::Hash::of(text.as_bytes()).as_bytes()
}

fn paragraphs(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end).chain([""]) {
        if !line.is_empty() {
            open.push(line);
        } else if !open.is_empty() {
            found.push(open.join("\n"));
            open.clear();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Blame;

    #[test]
    fn a_paragraph_belongs_to_who_first_wrote_it_so_even_if_it_moves_or_comes_back() {
        let mut blame = Blame::new();
        blame.push("ana", "One.\n\nTwo.\n");
        blame.push("bo", "Two.\n\nOne.\n\nThree.\n");
        blame.push("cy", "Two!\n\nThree.\n");
        blame.push("di", "Two.\n\nThree.\n");
        let told: Vec<_> = blame
            .paragraphs()
            .into_iter()
            .map(|p| (p.text, p.since))
            .collect();
        assert_eq!(
            told,
            [("Two.".to_owned(), "ana"), ("Three.".to_owned(), "bo")]
        );
    }
}
