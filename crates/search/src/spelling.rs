//! Typing errors: the words of the index nearest to one that is not in it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::SearchError;
use crate::reader::{Dictionary, Reader};

/// A word of the index that somebody may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    pub word: String,
    /// How many documents have it.
    pub documents: u64,
}

/// Shorter words have too many neighbours for any to be meant.
const SHORTEST: usize = 4;
/// From this length on two errors are forgiven.
const LONG: usize = 8;
/// A rare word is taken for an error only if a neighbour is this much more frequent.
const TIMES: u64 = 20;
/// Corrections searched for at once.
const MOST: usize = 3;
/// Words whose corrections are remembered until the next commit.
const MOST_REMEMBERED: usize = 5_000;

/// Times for a word that is not rare but in this part of all documents at most: large indexes hold
/// most errors several times. It is only asked about, not replaced.
const TIMES_IF_ASKED: u64 = 100;
const PART_IF_ASKED: u64 = 1_000;

/// What to do about a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It is a word of this index.
    None,
    /// It may be an error: ask.
    Some,
    /// It is taken for an error if a neighbour is much more frequent.
    Strong,
}

/// Returns whether a word in so many documents may be an error.
pub(crate) fn doubt(readers: &[Arc<Reader>], documents: u64) -> Doubt {
    let all: u64 = readers.iter().map(|reader| reader.documents()).sum();
    match documents {
        0 | 1 => Doubt::Strong,
        few if few <= all / PART_IF_ASKED => Doubt::Some,
        _ => Doubt::None,
    }
}

/// Returns what `word`, found in `documents` documents, may stand for, best first.
pub(crate) fn corrections(
    readers: &[Arc<Reader>],
    word: &str,
    documents: u64,
) -> Result<Arc<Vec<Correction>>, SearchError> {
    let length = word.chars().count();
    if length < SHORTEST || word.chars().any(|c| !c.is_alphabetic()) {
        return Ok(Arc::default());
    }
    // What one set of spaces taught must not show in another: only single spaces remember.
    let memory = match readers {
        [reader] => Some(&reader.corrections),
        _ => None,
    };
    let known = memory
        .and_then(|memory| memory.lock().ok())
        .and_then(|memory| memory.get(word).map(Arc::clone));
    if let Some(known) = known {
        return Ok(known);
    }
    let found = Arc::new(look(readers, word, length, documents)?);
    if let Some(mut memory) = memory.and_then(|memory| memory.lock().ok()) {
        if memory.len() >= MOST_REMEMBERED {
            memory.clear();
        }
        memory.insert(word.to_owned(), Arc::clone(&found));
    }
    Ok(found)
}

fn look(
    readers: &[Arc<Reader>],
    word: &str,
    length: usize,
    documents: u64,
) -> Result<Vec<Correction>, SearchError> {
    // The first letter is rarely wrong, and holding it fast makes the walk many times shorter.
    let (mut tries, times) = match documents {
        0 | 1 => (vec![(1, true), (1, false)], TIMES),
        _ => (vec![(1, true)], TIMES_IF_ASKED),
    };
    if length >= LONG {
        tries.insert(1, (2, true));
    }
    for (distance, same_initial) in tries {
        let mut near = near(readers, Dictionary::Words, word, distance, same_initial)?;
        near.retain(|one| one.word != word && one.documents >= (documents * times).max(1));
        // A word of one document beside others of many is itself an error.
        let best = near.first().map_or(0, |one| one.documents);
        near.retain(|one| one.documents * 4 >= best);
        near.truncate(MOST);
        if !near.is_empty() {
            return Ok(near);
        }
    }
    Ok(Vec::new())
}

/// Returns the terms near `word`, most frequent first.
pub(crate) fn near(
    readers: &[Arc<Reader>],
    which: Dictionary,
    word: &str,
    distance: u8,
    same_initial: bool,
) -> Result<Vec<Correction>, SearchError> {
    let mut found: HashMap<String, u64> = HashMap::new();
    for reader in readers {
        for segment in &reader.segments {
            segment
                .near(which, word, distance, same_initial, |term, documents| {
                    if let Some(count) = found.get_mut(term) {
                        *count += u64::from(documents);
                    } else {
                        found.insert(term.to_owned(), u64::from(documents));
                    }
                })
                .map_err(|error| SearchError::of(&reader.space, error))?;
        }
    }
    let mut near: Vec<Correction> = found
        .into_iter()
        .map(|(word, documents)| Correction { word, documents })
        .collect();
    near.sort_by(|a, b| {
        b.documents
            .cmp(&a.documents)
            .then_with(|| a.word.cmp(&b.word))
    });
    Ok(near)
}
