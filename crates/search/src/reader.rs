//! One space's index as searches see it: a fixed set of segments, with small columns in memory.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::StrColumn;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Value;
use tantivy::{DocAddress, ReloadPolicy, Searcher, SegmentReader, TantivyDocument, Term};

use crate::schema::{self, Fields};
use crate::spelling::Correction;
use crate::{Document, SearchError, Suggestion, Texts};

/// Decompressed blocks of stored documents kept per segment, of about 16 kB each.
const BLOCKS_KEPT: usize = 128;

/// The three kinds of labels that are counted.
pub(crate) const LANGUAGE: usize = 0;
pub(crate) const CATEGORY: usize = 1;
pub(crate) const KIND: usize = 2;

/// A space's index at one commit.
pub(crate) struct Reader {
    pub space: String,
    pub fields: Fields,
    pub segments: Vec<Segment>,
    /// The names behind the counted numbers: languages, categories, kinds.
    pub names: [Vec<String>; 3],
    /// What changes with each commit.
    pub stamp: Vec<u8>,
    /// Corrections found since this commit.
    pub corrections: Mutex<HashMap<String, Arc<Vec<Correction>>>>,
    /// What was suggested since this commit for one or two letters, which many titles begin with.
    pub suggested: Mutex<HashMap<(String, usize), Vec<Suggestion>>>,
    /// Documents shown lately, kept over commits.
    shown: Arc<Mutex<Shown>>,
    searcher: Searcher,
}

/// Documents with their texts as searches showed them lately: the best hits are often the same, and
/// fetching a text takes longer than finding its page.
#[derive(Default)]
struct Shown {
    /// A document of a segment never changes.
    documents: HashMap<(SegmentId, u32), Arc<Document>>,
    bytes: usize,
}

/// Bytes of text that are remembered in all.
const MOST_SHOWN: usize = 16 << 20;

/// A part of an index, written at once.
pub(crate) struct Segment {
    pub reader: SegmentReader,
    pub words: Arc<InvertedIndexReader>,
    pub stems: Arc<InvertedIndexReader>,
    pub title_words: Arc<InvertedIndexReader>,
    pub title_stems: Arc<InvertedIndexReader>,
    pub title_key: Arc<InvertedIndexReader>,
    pub labels: [Arc<InvertedIndexReader>; 3],
    pub norms: FieldNormReader,
    pub title_norms: FieldNormReader,
    pub columns: Arc<Columns>,
    /// From a column's numbers to the positions in [`Reader::names`].
    pub numbers: [Vec<u32>; 3],
    id: SegmentId,
}

/// Labels and ranks of a segment's documents.
#[derive(Default)]
pub(crate) struct Columns {
    pub language: Vec<u32>,
    pub kind: Vec<u32>,
    /// The categories of document `d` are `categories[starts[d]..starts[d + 1]]`.
    pub starts: Vec<u32>,
    pub categories: Vec<u32>,
    /// The logarithm of one more than each document's rank.
    pub links: Vec<f32>,
    names: [Vec<String>; 3],
}

impl Columns {
    fn read(reader: &SegmentReader) -> tantivy::Result<Self> {
        let documents = reader.max_doc();
        let mut columns = Self::default();
        let fast = reader.fast_fields();
        let ranks = fast.u64("rank")?;
        columns.links = (0..documents)
            .map(|doc| (1.0 + ranks.first(doc).unwrap_or(0) as f32).ln())
            .collect();
        let single = |name: &str, names: &mut Vec<String>| -> tantivy::Result<Vec<u32>> {
            let Some(column) = fast.str(name)? else {
                return Ok(vec![u32::MAX; documents as usize]);
            };
            *names = names_of(&column)?;
            Ok((0..documents)
                .map(|doc| {
                    column
                        .ords()
                        .first(doc)
                        .map_or(u32::MAX, |number| number as u32)
                })
                .collect())
        };
        columns.language = single("language", &mut columns.names[LANGUAGE])?;
        columns.kind = single("kind", &mut columns.names[KIND])?;
        columns.starts = Vec::with_capacity(documents as usize + 1);
        columns.starts.push(0);
        if let Some(column) = fast.str("category")? {
            columns.names[CATEGORY] = names_of(&column)?;
            for doc in 0..documents {
                columns.categories.extend(
                    column
                        .ords()
                        .values_for_doc(doc)
                        .map(|number| number as u32),
                );
                columns.starts.push(columns.categories.len() as u32);
            }
        } else {
            columns.starts.resize(documents as usize + 1, 0);
        }
        Ok(columns)
    }
}

fn names_of(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let mut names = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        names.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(names)
}

/// Which dictionary a term is looked up in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dictionary {
    Words,
    Stems,
    TitleWords,
    TitleStems,
}

impl Segment {
    pub(crate) fn dictionary(&self, which: Dictionary) -> &InvertedIndexReader {
        match which {
            Dictionary::Words => &self.words,
            Dictionary::Stems => &self.stems,
            Dictionary::TitleWords => &self.title_words,
            Dictionary::TitleStems => &self.title_stems,
        }
    }

    pub(crate) fn find(&self, which: Dictionary, term: &str) -> std::io::Result<Option<TermInfo>> {
        self.dictionary(which).terms().get(term)
    }

    /// Returns where the documents of all terms that begin with `prefix` are listed.
    pub(crate) fn beginning_with(
        &self,
        which: Dictionary,
        prefix: &str,
    ) -> std::io::Result<Vec<TermInfo>> {
        let mut infos = Vec::new();
        let mut range = self.dictionary(which).terms().range().ge(prefix);
        // The first text after all those with the prefix: its last byte plus one, which exists
        // because UTF-8 never uses the byte 255.
        let mut end = prefix.as_bytes().to_vec();
        if let Some(last) = end.last_mut() {
            *last += 1;
            range = range.lt(&end);
        }
        let mut stream = range.into_stream()?;
        while stream.advance() {
            infos.push(stream.value().clone());
        }
        Ok(infos)
    }

    /// Calls `found` with every term at most `distance` edits from `word`, and in how many
    /// documents it is. With `same_initial` only those that begin with the same letter.
    pub(crate) fn near(
        &self,
        which: Dictionary,
        word: &str,
        distance: u8,
        same_initial: bool,
        mut found: impl FnMut(&str, u32),
    ) -> tantivy::Result<()> {
        // The field plays no part in the automaton.
        let field = tantivy::schema::Field::from_field_id(0);
        let automaton =
            FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true).automaton()?;
        let mut range = self.dictionary(which).terms().search(automaton);
        let initial = word
            .chars()
            .next()
            .map(char::len_utf8)
            .filter(|_| same_initial);
        if let Some(length) = initial {
            let begin = &word.as_bytes()[..length];
            let mut end = begin.to_vec();
            if let Some(last) = end.last_mut() {
                *last += 1;
            }
            range = range.ge(begin).lt(end);
        }
        let mut stream = range.into_stream()?;
        while stream.advance() {
            if let Ok(term) = std::str::from_utf8(stream.key()) {
                found(term, stream.value().doc_freq);
            }
        }
        Ok(())
    }
}

impl Reader {
    /// Opens the index as of its last commit, taking over columns of segments known already.
    pub(crate) fn open(
        folder: &Path,
        space: &str,
        previous: Option<&Self>,
    ) -> Result<Option<Self>, SearchError> {
        // Read before the segments: if a commit comes between, the next reload sees a change.
        let stamp = schema::stamp(folder).unwrap_or_default();
        let Some(index) = schema::open(folder, space)? else {
            return Ok(None);
        };
        Self::of(&index, space, stamp, previous)
            .map(Some)
            .map_err(|error| SearchError::of(space, error))
    }

    fn of(
        index: &tantivy::Index,
        space: &str,
        stamp: Vec<u8>,
        previous: Option<&Self>,
    ) -> tantivy::Result<Self> {
        let searcher = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(BLOCKS_KEPT)
            .try_into()?
            .searcher();
        let fields = Fields::schema().1;
        let mut names: [Vec<String>; 3] = Default::default();
        let mut known: [HashMap<String, u32>; 3] = Default::default();
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            let id = reader.segment_id();
            let columns = match previous.and_then(|old| old.segments.iter().find(|s| s.id == id)) {
                Some(segment) => Arc::clone(&segment.columns),
                None => Arc::new(Columns::read(reader)?),
            };
            let mut numbers: [Vec<u32>; 3] = Default::default();
            for which in 0..3 {
                for name in &columns.names[which] {
                    let number = *known[which].entry(name.clone()).or_insert_with(|| {
                        names[which].push(name.clone());
                        (names[which].len() - 1) as u32
                    });
                    numbers[which].push(number);
                }
            }
            segments.push(Segment {
                words: reader.inverted_index(fields.words)?,
                stems: reader.inverted_index(fields.stems)?,
                title_words: reader.inverted_index(fields.title_words)?,
                title_stems: reader.inverted_index(fields.title_stems)?,
                title_key: reader.inverted_index(fields.title_key)?,
                labels: [
                    reader.inverted_index(fields.language)?,
                    reader.inverted_index(fields.category)?,
                    reader.inverted_index(fields.kind)?,
                ],
                norms: reader.get_fieldnorms_reader(fields.words)?,
                title_norms: reader.get_fieldnorms_reader(fields.title_words)?,
                reader: reader.clone(),
                columns,
                numbers,
                id,
            });
        }
        Ok(Self {
            space: space.to_owned(),
            fields,
            segments,
            names,
            stamp,
            corrections: Mutex::default(),
            shown: previous.map_or_else(Arc::default, |old| Arc::clone(&old.shown)),
            suggested: Mutex::default(),
            searcher,
        })
    }

    pub(crate) fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Returns a document with the text to quote from.
    pub(crate) fn document(
        &self,
        segment: u32,
        doc: u32,
        texts: &dyn Texts,
    ) -> Result<Arc<Document>, SearchError> {
        let key = (self.segments[segment as usize].id, doc);
        let shown = || self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shown().documents.get(&key) {
            return Ok(Arc::clone(known));
        }
        let mut document = self.stored(segment, doc)?;
        let Some(text) = texts.text(&self.space, &document.id) else {
            return Ok(Arc::new(document));
        };
        document.body = text;
        let document = Arc::new(document);
        let mut shown = shown();
        if shown.bytes > MOST_SHOWN {
            *shown = Shown::default();
        }
        shown.bytes += document.body.len();
        shown.documents.insert(key, Arc::clone(&document));
        Ok(document)
    }

    /// Reads a stored document back, without its text.
    pub(crate) fn stored(&self, segment: u32, doc: u32) -> Result<Document, SearchError> {
        let stored: TantivyDocument = self
            .searcher
            .doc(DocAddress::new(segment, doc))
            .map_err(|error| SearchError::of(&self.space, error))?;
        let fields = &self.fields;
        let mut document = Document::default();
        for (field, value) in stored.field_values() {
            let Some(text) = value.as_str() else { continue };
            let text = text.to_owned();
            if field == fields.id {
                document.id = text;
            } else if field == fields.kind {
                document.kind = text;
            } else if field == fields.language {
                document.language = text;
            } else if field == fields.category {
                document.categories.push(text);
            } else if field == fields.title {
                document.title = text;
            } else if field == fields.url {
                document.url = text;
            }
        }
        Ok(document)
    }
}
