//! Finds, scores and counts the documents of a query: one pass over each segment.
//!
//! A segment is worked through word by word, not document by document: scores lie in a plain array
//! by document number, and each list of documents is decoded once from front to back, or skipped
//! through where few candidates are left. All matches are visited anyway, since totals and facets
//! are exact, and this visits them in a few nanoseconds each.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use crate::SearchError;
use crate::reader::{CATEGORY, Dictionary, KIND, LANGUAGE, Reader, Segment};

/// Saturation and length weight of BM25, as usual.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// What a stem counts beside the very word.
pub(crate) const STEM_WEIGHT: f32 = 0.5;

/// One spelling under which a word is looked up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub dictionary: Dictionary,
    pub term: String,
    pub weight: f32,
}

/// A word of the query with everything it may be found under; a document has it if it has any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub forms: Vec<Form>,
    /// The same in titles, for ranking only.
    pub title_forms: Vec<Form>,
    /// All terms of this dictionary that begin so.
    pub prefix: Option<(Dictionary, String)>,
}

/// Words that must stand one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub dictionary: Dictionary,
    /// For each place the terms that may stand there (several when spelling was corrected).
    pub places: Vec<Vec<String>>,
}

/// A query ready to run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub groups: Vec<Group>,
    /// Whether one group is enough.
    pub any: bool,
    pub phrases: Vec<Phrase>,
    pub excluded: Vec<Group>,
    pub excluded_phrases: Vec<Phrase>,
    /// Exact values of language, category and kind.
    pub filters: [Option<String>; 3],
    /// The folded title that comes before everything else.
    pub title_key: String,
}

/// A place in the order of results: greater is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    score: u32,
    address: Reverse<u64>,
}

impl Key {
    fn new(score: f32, reader: usize, segment: usize, doc: u32) -> Self {
        // Positive floats are ordered like their bits.
        let address = ((reader as u64) << 52) | ((segment as u64) << 32) | u64::from(doc);
        Self {
            score: score.max(0.0).to_bits(),
            address: Reverse(address),
        }
    }

    pub(crate) fn score(self) -> f32 {
        f32::from_bits(self.score)
    }

    /// Reader, segment and document.
    pub(crate) fn address(self) -> (usize, u32, u32) {
        let address = self.address.0;
        (
            (address >> 52) as usize,
            ((address >> 32) & 0xF_FFFF) as u32,
            address as u32,
        )
    }

    /// Writes the place down, with the mark of the query in whose order it is.
    pub(crate) fn write(self, query: u16) -> String {
        format!("{query:04x}{:08x}{:x}", self.score, self.address.0)
    }

    /// Reads a place in the order of the query with this mark.
    pub(crate) fn read(text: &str, query: u16) -> Option<Self> {
        // Numbers of 16, 32 and 64 bits.
        if text.len() > 28 {
            return None;
        }
        let text = text.strip_prefix(&format!("{query:04x}"))?;
        let hex = |part: Option<&str>| {
            let part = part.filter(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            u64::from_str_radix(part, 16).ok()
        };
        Some(Self {
            score: u32::try_from(hex(text.get(..8))?).ok()?,
            address: Reverse(hex(text.get(8..))?),
        })
    }
}

/// What a query found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub total: u64,
    /// The best, best first: at most one more than asked for.
    pub best: Vec<Key>,
    /// Per reader, counts by position in [`Reader::names`].
    pub counts: Vec<[Vec<u64>; 3]>,
}

/// A list of documents to go through.
struct List {
    info: TermInfo,
    dictionary: Option<Dictionary>,
    /// Which label's dictionary, if it is a filter.
    label: usize,
    weight: f32,
}

#[derive(Clone, Copy, Default)]
struct InTitle {
    share: f32,
    groups: u8,
    last: u8,
}

/// Arrays by document number, kept from query to query by each thread.
#[derive(Default)]
struct Scratch {
    marks: Vec<u8>,
    scores: Vec<f32>,
    titles: Vec<InTitle>,
}

thread_local! {
    static SCRATCH: std::cell::RefCell<Scratch> = std::cell::RefCell::default();
}

/// Document counts and lengths over all spaces of a query: what BM25 needs.
struct Statistics {
    documents: f32,
    /// By length code, `K1 * (1 - B + B * length / average length)`.
    lengths: Vec<f32>,
}

/// Runs a plan over readers.
pub(crate) fn run(
    readers: &[Arc<Reader>],
    plan: &Plan,
    limit: usize,
    after: Option<Key>,
) -> Result<Found, SearchError> {
    let mut documents = 0u64;
    let mut tokens = 0u64;
    for segment in readers.iter().flat_map(|reader| &reader.segments) {
        documents += u64::from(segment.reader.max_doc());
        tokens += segment.words.total_num_tokens();
    }
    let average = tokens as f32 / documents.max(1) as f32;
    let statistics = Statistics {
        documents: documents as f32,
        lengths: (0..=255u8)
            .map(|code| {
                let length = FieldNormReader::id_to_fieldnorm(code) as f32;
                K1 * (1.0 - B + B * length / average.max(1.0))
            })
            .collect(),
    };
    let weights = Weights::of(readers, plan, &statistics)?;
    let mut found = Found::default();
    let mut best: BinaryHeap<Reverse<Key>> = BinaryHeap::with_capacity(limit + 2);
    for (at, reader) in readers.iter().enumerate() {
        let mut counts = [
            vec![0u64; reader.names[LANGUAGE].len()],
            vec![0u64; reader.names[CATEGORY].len()],
            vec![0u64; reader.names[KIND].len()],
        ];
        for (number, segment) in reader.segments.iter().enumerate() {
            SCRATCH
                .with_borrow_mut(|scratch| {
                    let mut pass = Pass {
                        segment,
                        plan,
                        weights: &weights,
                        statistics: &statistics,
                        scratch,
                    };
                    let matches = pass.matches()?;
                    pass.titles()?;
                    let equal = pass.equal_titles()?;
                    found.total += matches.len() as u64;
                    count(segment, &matches, &mut counts);
                    for doc in matches {
                        let score = pass.score(doc, equal.binary_search(&doc).is_ok());
                        let key = Key::new(score, at, number, doc);
                        if after.is_some_and(|after| key >= after) {
                            continue;
                        }
                        if best.len() <= limit {
                            best.push(Reverse(key));
                        } else if best.peek().is_some_and(|worst| key > worst.0) {
                            best.pop();
                            best.push(Reverse(key));
                        }
                    }
                    Ok(())
                })
                .map_err(|error: std::io::Error| SearchError::of(&reader.space, error.into()))?;
        }
        found.counts.push(counts);
    }
    found.best = best
        .into_sorted_vec()
        .into_iter()
        .map(|key| key.0)
        .collect();
    Ok(found)
}

fn count(segment: &Segment, matches: &[u32], counts: &mut [Vec<u64>; 3]) {
    let columns = &segment.columns;
    let mut local = [
        vec![0u32; segment.numbers[LANGUAGE].len()],
        vec![0u32; segment.numbers[CATEGORY].len()],
        vec![0u32; segment.numbers[KIND].len()],
    ];
    for doc in matches {
        let doc = *doc as usize;
        if let Some(count) = local[LANGUAGE].get_mut(columns.language[doc] as usize) {
            *count += 1;
        }
        if let Some(count) = local[KIND].get_mut(columns.kind[doc] as usize) {
            *count += 1;
        }
        for number in
            &columns.categories[columns.starts[doc] as usize..columns.starts[doc + 1] as usize]
        {
            local[CATEGORY][*number as usize] += 1;
        }
    }
    for which in 0..3 {
        for (number, count) in segment.numbers[which].iter().zip(&local[which]) {
            counts[which][*number as usize] += u64::from(*count);
        }
    }
}

/// How much each form is worth, by how rare it is over all segments.
struct Weights {
    groups: Vec<Vec<f32>>,
    /// A word's part in a title's share, in sum 1.
    titles: Vec<f32>,
}

impl Weights {
    fn of(
        readers: &[Arc<Reader>],
        plan: &Plan,
        statistics: &Statistics,
    ) -> Result<Self, SearchError> {
        let rarity = |documents: u64| {
            let documents = documents as f32;
            (1.0 + (statistics.documents - documents + 0.5).max(0.0) / (documents + 0.5)).ln()
        };
        let mut groups = Vec::new();
        let mut titles = Vec::new();
        for group in &plan.groups {
            let mut weights = Vec::new();
            let mut rarest = 1.0f32;
            for form in &group.forms {
                let documents = frequency(readers, form.dictionary, &form.term)?;
                let rarity = rarity(documents);
                if documents > 0 {
                    rarest = if weights.is_empty() {
                        rarity
                    } else {
                        rarest.min(rarity)
                    };
                }
                weights.push(form.weight * rarity * (K1 + 1.0));
            }
            groups.push(weights);
            titles.push(rarest.max(0.05));
        }
        let sum: f32 = titles.iter().sum();
        for title in &mut titles {
            *title /= sum;
        }
        Ok(Self { groups, titles })
    }
}

/// Returns in how many documents a term is (deleted ones included until their segment is merged).
pub(crate) fn frequency(
    readers: &[Arc<Reader>],
    dictionary: Dictionary,
    term: &str,
) -> Result<u64, SearchError> {
    let mut documents = 0;
    for reader in readers {
        for segment in &reader.segments {
            let info = segment
                .find(dictionary, term)
                .map_err(|error| SearchError::of(&reader.space, error.into()))?;
            documents += info.map_or(0, |info| u64::from(info.doc_freq));
        }
    }
    Ok(documents)
}

/// One plan over one segment.
struct Pass<'a> {
    segment: &'a Segment,
    plan: &'a Plan,
    weights: &'a Weights,
    statistics: &'a Statistics,
    scratch: &'a mut Scratch,
}

/// Where so many times fewer candidates are left than a list is long, the list is skipped through.
const SKIP_FACTOR: usize = 16;
const EXCLUDED: u8 = u8::MAX;

impl Pass<'_> {
    /// Returns the matching documents in order, their scores left in the scratch.
    fn matches(&mut self) -> std::io::Result<Vec<u32>> {
        let documents = self.segment.reader.max_doc() as usize;
        self.scratch.marks.clear();
        self.scratch.marks.resize(documents, 0);
        self.scratch.scores.clear();
        self.scratch.scores.resize(documents, 0.0);

        let mut required: Vec<Vec<List>> = Vec::new();
        for (label, value) in self.plan.filters.iter().enumerate() {
            if let Some(value) = value {
                let info = self.segment.labels[label].terms().get(value)?;
                required.push(
                    info.into_iter()
                        .map(|info| List {
                            info,
                            dictionary: None,
                            label,
                            weight: 0.0,
                        })
                        .collect(),
                );
            }
        }
        let mut groups = Vec::new();
        for (at, group) in self.plan.groups.iter().enumerate() {
            groups.push(self.lists(group, Some(&self.weights.groups[at]))?);
        }
        if !self.plan.any {
            required.append(&mut groups);
        }
        let length = |lists: &Vec<List>| -> usize {
            lists.iter().map(|list| list.info.doc_freq as usize).sum()
        };
        required.sort_by_key(length);
        let mut candidates: Option<Vec<u32>> = None;
        let mut level = 0u8;
        for lists in &required {
            candidates = Some(self.narrow(lists, length(lists), level, candidates)?);
            level += 1;
        }
        if self.plan.any && !groups.is_empty() {
            for list in groups.iter().flatten() {
                self.widen(list, level)?;
            }
            candidates = Some(marked(&self.scratch.marks, level + 1));
        }
        let mut matches = candidates.unwrap_or_else(|| (0..documents as u32).collect());
        for phrase in &self.plan.phrases {
            let mut walk = Walk::of(self.segment, phrase)?;
            matches.retain(|doc| walk.holds(*doc));
        }
        for group in &self.plan.excluded {
            for list in self.lists(group, None)? {
                let mut postings = self.postings(&list)?;
                self.each(&list, &mut postings, |marks, _, doc, _| {
                    marks[doc] = EXCLUDED
                })?;
            }
        }
        if !self.plan.excluded.is_empty() {
            let marks = &self.scratch.marks;
            matches.retain(|doc| marks[*doc as usize] != EXCLUDED);
        }
        for phrase in &self.plan.excluded_phrases {
            let mut walk = Walk::of(self.segment, phrase)?;
            matches.retain(|doc| !walk.holds(*doc));
        }
        if let Some(alive) = self.segment.reader.alive_bitset() {
            matches.retain(|doc| alive.is_alive(*doc));
        }
        Ok(matches)
    }

    /// Looks a word's forms up.
    fn lists(&self, group: &Group, weights: Option<&Vec<f32>>) -> std::io::Result<Vec<List>> {
        let mut lists = Vec::new();
        for (at, form) in group.forms.iter().enumerate() {
            if let Some(info) = self.segment.find(form.dictionary, &form.term)? {
                let weight = weights
                    .and_then(|weights| weights.get(at))
                    .copied()
                    .unwrap_or(0.0);
                lists.push(List {
                    info,
                    dictionary: Some(form.dictionary),
                    label: 0,
                    weight,
                });
            }
        }
        if let Some((dictionary, prefix)) = &group.prefix {
            for info in self.segment.beginning_with(*dictionary, prefix)? {
                lists.push(List {
                    info,
                    dictionary: Some(*dictionary),
                    label: 0,
                    weight: 0.0,
                });
            }
        }
        Ok(lists)
    }

    fn postings(&self, list: &List) -> std::io::Result<SegmentPostings> {
        let inverted = match list.dictionary {
            Some(dictionary) => self.segment.dictionary(dictionary),
            None => &self.segment.labels[list.label],
        };
        let option = if list.weight > 0.0 {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        inverted.read_postings_from_terminfo(&list.info, option)
    }

    /// Calls `visit` with the arrays, each document of a list, and its score.
    #[inline]
    fn each(
        &mut self,
        list: &List,
        postings: &mut SegmentPostings,
        mut visit: impl FnMut(&mut [u8], &mut [f32], usize, f32),
    ) -> std::io::Result<()> {
        let scorer = Scorer {
            norms: &self.segment.norms,
            statistics: self.statistics,
            weight: list.weight,
        };
        let Scratch { marks, scores, .. } = &mut *self.scratch;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            let score = scorer.score(doc, postings);
            visit(marks, scores, doc as usize, score);
            doc = postings.advance();
        }
        Ok(())
    }

    /// Returns which candidates are in any of the lists, raising their marks from `level`.
    fn narrow(
        &mut self,
        lists: &[List],
        length: usize,
        level: u8,
        candidates: Option<Vec<u32>>,
    ) -> std::io::Result<Vec<u32>> {
        match candidates {
            Some(mut candidates) if candidates.len() * SKIP_FACTOR < length => {
                for list in lists {
                    let scorer = Scorer {
                        norms: &self.segment.norms,
                        statistics: self.statistics,
                        weight: list.weight,
                    };
                    let mut postings = self.postings(list)?;
                    for doc in &candidates {
                        if postings.doc() < *doc {
                            postings.seek(*doc);
                        }
                        if postings.doc() == *doc {
                            self.scratch.marks[*doc as usize] = level + 1;
                            self.scratch.scores[*doc as usize] += scorer.score(*doc, &postings);
                        }
                    }
                }
                candidates.retain(|doc| self.scratch.marks[*doc as usize] > level);
                Ok(candidates)
            }
            candidates => {
                for list in lists {
                    let mut postings = self.postings(list)?;
                    self.each(list, &mut postings, |marks, scores, doc, score| {
                        if marks[doc] >= level {
                            marks[doc] = level + 1;
                            scores[doc] += score;
                        }
                    })?;
                }
                Ok(match candidates {
                    Some(mut candidates) => {
                        candidates.retain(|doc| self.scratch.marks[*doc as usize] > level);
                        candidates
                    }
                    None => marked(&self.scratch.marks, level + 1),
                })
            }
        }
    }

    fn widen(&mut self, list: &List, level: u8) -> std::io::Result<()> {
        let mut postings = self.postings(list)?;
        self.each(list, &mut postings, |marks, scores, doc, score| {
            if marks[doc] >= level {
                marks[doc] = level + 1;
                scores[doc] += score;
            }
        })
    }

    /// Notes which documents have which of the query's words in their titles.
    fn titles(&mut self) -> std::io::Result<()> {
        self.scratch.titles.clear();
        if self.plan.groups.is_empty() {
            return Ok(());
        }
        self.scratch
            .titles
            .resize(self.segment.reader.max_doc() as usize, InTitle::default());
        for (at, group) in self.plan.groups.iter().enumerate() {
            let number = (at + 1) as u8;
            let mut lists = Vec::new();
            for form in &group.title_forms {
                if let Some(info) = self.segment.find(form.dictionary, &form.term)? {
                    lists.push(List {
                        info,
                        dictionary: Some(form.dictionary),
                        label: 0,
                        weight: form.weight,
                    });
                }
            }
            if let Some((_, prefix)) = &group.prefix {
                for info in self
                    .segment
                    .beginning_with(Dictionary::TitleWords, prefix)?
                {
                    let dictionary = Some(Dictionary::TitleWords);
                    lists.push(List {
                        info,
                        dictionary,
                        label: 0,
                        weight: 1.0,
                    });
                }
            }
            for list in lists {
                let share = self.weights.titles[at] * list.weight;
                let mut postings = self.postings(&List {
                    weight: 0.0,
                    ..list
                })?;
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    let title = &mut self.scratch.titles[doc as usize];
                    if title.last != number {
                        title.last = number;
                        title.groups += 1;
                        title.share += share;
                    }
                    doc = postings.advance();
                }
            }
        }
        Ok(())
    }

    fn equal_titles(&self) -> std::io::Result<Vec<u32>> {
        let mut documents = Vec::new();
        if self.plan.title_key.is_empty() {
            return Ok(documents);
        }
        if let Some(info) = self.segment.title_key.terms().get(&self.plan.title_key)? {
            let mut postings = self
                .segment
                .title_key
                .read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                documents.push(doc);
                doc = postings.advance();
            }
        }
        Ok(documents)
    }

    /// A match's final score: 4 and more if the title is the query, 2 to 4 if it has all words,
    /// below 2 if they are in the text; within each by the words' weight and by rank.
    fn score(&self, doc: u32, equal: bool) -> f32 {
        let at = doc as usize;
        let text = self.scratch.scores[at];
        // Between 0 and 1, near 1 for many rare words.
        let mut score = text / (text + 12.0);
        let links = self.segment.columns.links[at];
        score += 0.4 * links / (links + 4.0);
        if let Some(title) = self.scratch.titles.get(at).filter(|title| title.groups > 0) {
            if usize::from(title.groups) == self.plan.groups.len() {
                let length = self.segment.title_norms.fieldnorm(doc).max(1) as f32;
                let covered = f32::from(title.groups) / length;
                score += 2.0 + 0.6 * covered.min(1.0) * title.share;
            } else {
                score += 0.6 * title.share;
            }
        }
        if equal { score + 4.0 } else { score }
    }
}

/// The documents with this mark, in order.
fn marked(marks: &[u8], mark: u8) -> Vec<u32> {
    marks
        .iter()
        .zip(0u32..)
        .filter(|(found, _)| **found == mark)
        .map(|(_, doc)| doc)
        .collect()
}

struct Scorer<'a> {
    norms: &'a FieldNormReader,
    statistics: &'a Statistics,
    weight: f32,
}

impl Scorer<'_> {
    #[inline]
    fn score(&self, doc: u32, postings: &SegmentPostings) -> f32 {
        if self.weight == 0.0 {
            return 0.0;
        }
        let times = postings.term_freq() as f32;
        let length = self.statistics.lengths[usize::from(self.norms.fieldnorm_id(doc))];
        self.weight * times / (times + length)
    }
}

/// Walks through the documents that have all words of a phrase, comparing positions.
struct Walk {
    places: Vec<Vec<SegmentPostings>>,
    starts: Vec<u32>,
    here: Vec<u32>,
}

impl Walk {
    fn of(segment: &Segment, phrase: &Phrase) -> std::io::Result<Self> {
        let inverted = segment.dictionary(phrase.dictionary);
        let mut places = Vec::new();
        for terms in &phrase.places {
            let mut lists = Vec::new();
            for term in terms {
                if let Some(info) = inverted.terms().get(term)? {
                    lists.push(inverted.read_postings_from_terminfo(
                        &info,
                        IndexRecordOption::WithFreqsAndPositions,
                    )?);
                }
            }
            places.push(lists);
        }
        Ok(Self {
            places,
            starts: Vec::new(),
            here: Vec::new(),
        })
    }

    /// Whether the phrase stands in `doc`; to be asked in rising order.
    fn holds(&mut self, doc: u32) -> bool {
        for lists in &mut self.places {
            let mut any = false;
            for postings in lists {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                any |= postings.doc() == doc;
            }
            if !any {
                return false;
            }
        }
        for (place, lists) in self.places.iter_mut().enumerate() {
            self.here.clear();
            for postings in lists.iter_mut().filter(|postings| postings.doc() == doc) {
                postings.append_positions_with_offset(0, &mut self.here);
            }
            if lists.len() > 1 {
                self.here.sort_unstable();
            }
            if place == 0 {
                std::mem::swap(&mut self.starts, &mut self.here);
            } else {
                let here = &self.here;
                self.starts
                    .retain(|start| here.binary_search(&(start + place as u32)).is_ok());
            }
            if self.starts.is_empty() {
                return false;
            }
        }
        true
    }
}
