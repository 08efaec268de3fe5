//! Titles as one types, and titles like one that does not exist.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use crate::reader::{Dictionary, Reader, Segment};
use crate::spelling::near;
use crate::words::{Stemmed, folded_words};
use crate::{SearchError, Suggestion};

/// Words of a title that are looked at.
const MOST_WORDS: usize = 12;

/// Beginnings of one or two letters whose suggestions are remembered until the next commit.
const MOST_REMEMBERED: usize = 1_000;

/// A term that a word may be, and how surely.
type Guess = (Dictionary, String, f32);

/// A title found: how good, and where.
type Scored = (f32, usize, u32, u32);

/// Returns titles that have words beginning like all of `prefix`'s words.
pub(crate) fn suggest(
    readers: &[Arc<Reader>],
    prefix: &str,
    limit: usize,
) -> Result<Vec<Suggestion>, SearchError> {
    let mut starts = folded_words(prefix);
    starts.truncate(MOST_WORDS);
    if starts.is_empty() {
        return Ok(Vec::new());
    }
    let whole = starts.join(" ");
    let memory = match readers {
        [reader] if whole.chars().count() <= 2 => Some(&reader.suggested),
        _ => None,
    };
    let asked = (whole, limit);
    let known = memory
        .and_then(|memory| memory.lock().ok())
        .and_then(|memory| memory.get(&asked).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let whole = &asked.0;
    let mut scored = Vec::new();
    for (at, reader) in readers.iter().enumerate() {
        for (number, segment) in reader.segments.iter().enumerate() {
            beginning(segment, &starts, whole)
                .map(|docs| {
                    scored.extend(
                        docs.into_iter()
                            .map(|(score, doc)| (score, at, number as u32, doc)),
                    );
                })
                .map_err(|error| SearchError::of(&reader.space, error.into()))?;
        }
    }
    let suggestions = best(readers, scored, limit)?;
    if let Some(mut memory) = memory.and_then(|memory| memory.lock().ok()) {
        if memory.len() >= MOST_REMEMBERED {
            memory.clear();
        }
        memory.insert(asked, suggestions.clone());
    }
    Ok(suggestions)
}

fn each(
    segment: &Segment,
    dictionary: Dictionary,
    info: &TermInfo,
    mut visit: impl FnMut(u32),
) -> std::io::Result<()> {
    let mut postings = segment
        .dictionary(dictionary)
        .read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    let mut doc = postings.doc();
    while doc != TERMINATED {
        visit(doc);
        doc = postings.advance();
    }
    Ok(())
}

fn beginning(
    segment: &Segment,
    starts: &[String],
    whole: &str,
) -> std::io::Result<Vec<(f32, u32)>> {
    let mut marks = vec![0u8; segment.reader.max_doc() as usize];
    let mut level = 0u8;
    for start in starts {
        let mut any = false;
        for info in segment.beginning_with(Dictionary::TitleWords, start)? {
            each(segment, Dictionary::TitleWords, &info, |doc| {
                let mark = &mut marks[doc as usize];
                if *mark == level {
                    *mark = level + 1;
                    any = true;
                }
            })?;
        }
        if !any {
            return Ok(Vec::new());
        }
        level += 1;
    }
    // Titles that begin with what was typed, and those that are it.
    let mut heads: HashMap<u32, f32> = HashMap::new();
    let mut range = segment.title_key.terms().range().ge(whole);
    let mut end = whole.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
        range = range.lt(&end);
    }
    let mut stream = range.into_stream()?;
    while stream.advance() {
        let better = if stream.key() == whole.as_bytes() {
            6.0
        } else {
            2.0
        };
        let mut postings = segment
            .title_key
            .read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            heads.insert(doc, better);
            doc = postings.advance();
        }
    }
    let alive = segment.reader.alive_bitset();
    Ok(marks
        .iter()
        .zip(0u32..)
        .filter(|(mark, doc)| **mark == level && alive.is_none_or(|alive| alive.is_alive(*doc)))
        .map(|(_, doc)| {
            let links = segment.columns.links[doc as usize];
            let short = 1.0 / segment.title_norms.fieldnorm(doc).max(1) as f32;
            (links + short + heads.get(&doc).copied().unwrap_or(0.0), doc)
        })
        .collect())
}

/// Reads the best back, best first, then by title; the same title and address once.
fn best(
    readers: &[Arc<Reader>],
    mut scored: Vec<Scored>,
    limit: usize,
) -> Result<Vec<Suggestion>, SearchError> {
    let order = |a: &Scored, b: &Scored| {
        b.0.total_cmp(&a.0)
            .then_with(|| (a.1, a.2, a.3).cmp(&(b.1, b.2, b.3)))
    };
    if scored.len() > limit {
        if limit == 0 {
            return Ok(Vec::new());
        }
        scored.select_nth_unstable_by(limit - 1, order);
        scored.truncate(limit);
    }
    scored.sort_unstable_by(order);
    let mut suggestions = Vec::new();
    for (_, reader, segment, doc) in scored {
        let document = readers[reader].stored(segment, doc)?;
        suggestions.push(Suggestion {
            title: document.title,
            url: document.url,
            kind: document.kind,
            lang: document.language,
        });
    }
    Ok(suggestions)
}

/// Returns titles like `title`: misspelt, in another order, with a word more or less.
pub(crate) fn near_titles(
    readers: &[Arc<Reader>],
    title: &str,
    limit: usize,
) -> Result<Vec<Suggestion>, SearchError> {
    let mut words = folded_words(title);
    words.truncate(MOST_WORDS);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let documents: u64 = readers.iter().map(|reader| reader.documents()).sum();
    // For each word the terms it may be, with how sure that is.
    let mut wanted: Vec<(f32, Vec<Guess>)> = Vec::new();
    for word in &words {
        let mut terms = vec![(Dictionary::TitleWords, word.clone(), 1.0)];
        for stem in std::iter::once(word.clone()).chain(
            Stemmed::ALL
                .iter()
                .flat_map(|language| language.stems(word, word)),
        ) {
            if !terms
                .iter()
                .any(|(which, term, _)| *which == Dictionary::TitleStems && *term == stem)
            {
                terms.push((Dictionary::TitleStems, stem.clone(), 0.85));
                terms.push((Dictionary::TitleWords, stem, 0.85));
            }
        }
        let length = word.chars().count();
        if length >= 4 {
            for one in near(readers, Dictionary::TitleWords, word, 1, false)?
                .into_iter()
                .take(8)
            {
                terms.push((Dictionary::TitleWords, one.word, 0.75));
            }
        }
        if length >= 8 {
            for one in near(readers, Dictionary::TitleWords, word, 2, true)?
                .into_iter()
                .take(8)
            {
                terms.push((Dictionary::TitleWords, one.word, 0.6));
            }
        }
        let mut most = 0;
        for (which, term, _) in &terms {
            most = most.max(crate::matching::frequency(readers, *which, term)?);
        }
        // A word of no title weighs like one of one title.
        let rarity = (1.0 + documents as f32 / (most.max(1) as f32)).ln();
        wanted.push((rarity, terms));
    }
    let all: f32 = wanted.iter().map(|(rarity, _)| rarity).sum();
    let key = words.join(" ");
    let mut scored = Vec::new();
    for (at, reader) in readers.iter().enumerate() {
        let fail = |error: std::io::Error| SearchError::of(&reader.space, error.into());
        for (number, segment) in reader.segments.iter().enumerate() {
            // Sum so far, words met, the best of the present word.
            let mut sums: HashMap<u32, (f32, f32)> = HashMap::new();
            for (rarity, terms) in &wanted {
                let mut present: HashMap<u32, f32> = HashMap::new();
                for (which, term, sure) in terms {
                    if let Some(info) = segment.find(*which, term).map_err(fail)? {
                        each(segment, *which, &info, |doc| {
                            let best = present.entry(doc).or_default();
                            *best = best.max(*sure);
                        })
                        .map_err(fail)?;
                    }
                }
                for (doc, sure) in present {
                    let sum = sums.entry(doc).or_default();
                    sum.0 += rarity * sure / all;
                    sum.1 += 1.0;
                }
            }
            let mut scores: HashMap<u32, f32> = HashMap::new();
            for (doc, (share, met)) in sums {
                let length = segment.title_norms.fieldnorm(doc).max(1) as f32;
                // Half for the words found, half for the title's words that were asked for.
                let score = share * (0.5 + 0.5 * (met / length.max(words.len() as f32)));
                if score >= 0.3 {
                    scores.insert(doc, score);
                }
            }
            // The same but for one or two letters, blanks among them.
            if key.chars().count() >= 5 && key.len() <= 200 {
                let mut infos = Vec::new();
                for (distance, sure) in [(2u8, 0.8), (1, 0.95)] {
                    let field = tantivy::schema::Field::from_field_id(0);
                    let term = tantivy::Term::from_field_text(field, &key);
                    let fuzzy = tantivy::query::FuzzyTermQuery::new(term, distance, true);
                    let automaton = fuzzy
                        .automaton()
                        .map_err(|error| SearchError::of(&reader.space, error))?;
                    let mut stream = segment
                        .title_key
                        .terms()
                        .search(automaton)
                        .into_stream()
                        .map_err(fail)?;
                    while stream.advance() {
                        infos.push((stream.value().clone(), sure));
                    }
                }
                for (info, sure) in infos {
                    let mut postings = segment
                        .title_key
                        .read_postings_from_terminfo(&info, IndexRecordOption::Basic)
                        .map_err(fail)?;
                    let mut doc = postings.doc();
                    while doc != TERMINATED {
                        let score = scores.entry(doc).or_default();
                        *score = score.max(sure);
                        doc = postings.advance();
                    }
                }
            }
            let alive = segment.reader.alive_bitset();
            scored.extend(
                scores
                    .into_iter()
                    .filter(|(doc, _)| alive.is_none_or(|alive| alive.is_alive(*doc)))
                    .map(|(doc, score)| {
                        // Of equals, the one with more links.
                        let links = segment.columns.links[doc as usize];
                        (score + 0.02 * links, at, number as u32, doc)
                    }),
            );
        }
    }
    best(readers, scored, limit)
}
