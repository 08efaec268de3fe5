//! Writing one space's index.

use tantivy::index::SegmentMeta;
use tantivy::indexer::{IndexWriterOptions, MergeCandidate, MergePolicy};
use tantivy::{IndexWriter, TantivyDocument, Term};

use crate::schema::Fields;
use crate::words::{Analyser, Stemmed};
use crate::{Document, SearchError};

/// Memory for documents that are not yet in a segment. One thread builds segments while the
/// caller's folds and stems, which keeps two cores busy and makes few segments.
const HEAP_BYTES: usize = 72 * 1024 * 1024;

/// The only hand that may change a space's index, from [`crate::Indexes::writer`].
///
/// Dropping it forgets what was put since the last [`Writer::commit`].
pub struct Writer {
    inner: IndexWriter<TantivyDocument>,
    space: String,
    fields: Fields,
    analyser: Analyser,
    position: i64,
    words: String,
    stems: String,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("space", &self.space)
            .field("position", &self.position)
            .finish()
    }
}

impl Writer {
    pub(crate) fn open(index: &tantivy::Index, space: &str) -> Result<Self, SearchError> {
        let fail = |error| SearchError::of(space, error);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(HEAP_BYTES)
            .num_merge_threads(1)
            .build();
        let inner: IndexWriter<TantivyDocument> =
            index.writer_with_options(options).map_err(fail)?;
        inner.set_merge_policy(Box::new(FewSegments));
        // Read under the lock: nobody else can commit any more.
        let payload = index.load_metas().map_err(fail)?.payload;
        Ok(Self {
            inner,
            space: space.to_owned(),
            fields: Fields::schema().1,
            analyser: Analyser::default(),
            position: payload
                .and_then(|payload| payload.parse().ok())
                .unwrap_or(0),
            words: String::new(),
            stems: String::new(),
        })
    }

    /// Adds a document, or replaces the one with the same id.
    ///
    /// # Errors
    /// [`SearchError::Full`] or [`SearchError::Index`] if the indexing thread has failed.
    pub fn put(&mut self, document: &Document) -> Result<(), SearchError> {
        let fields = self.fields;
        let language = Stemmed::of(&document.language);
        self.inner
            .delete_term(Term::from_field_text(fields.id, &document.id));
        let mut made = TantivyDocument::with_capacity(document.body.len() * 3);
        made.add_text(fields.id, &document.id);
        made.add_text(fields.kind, &document.kind);
        made.add_text(fields.language, &document.language);
        for (at, category) in document.categories.iter().enumerate() {
            if !document.categories[..at].contains(category) {
                made.add_text(fields.category, category);
            }
        }
        made.add_text(fields.title, &document.title);
        made.add_text(fields.url, &document.url);
        made.add_u64(fields.rank, u64::from(document.rank));

        self.words.clear();
        self.stems.clear();
        self.analyser
            .analyse(&document.title, language, &mut self.words, &mut self.stems);
        made.add_text(fields.title_key, self.words.trim_end());
        made.add_text(fields.title_words, &self.words);
        made.add_text(fields.title_stems, &self.stems);
        // Title and text are two values: no phrase reaches from one into the other.
        made.add_text(fields.words, &self.words);
        self.words.clear();
        self.analyser
            .analyse(&document.body, language, &mut self.words, &mut self.stems);
        made.add_text(fields.words, &self.words);
        made.add_text(fields.stems, &self.stems);
        match self.inner.add_document(made) {
            Ok(_) => Ok(()),
            // It says only that its thread has ended; the thread says why.
            Err(ended) => {
                let why = self.inner.prepare_commit().err().unwrap_or(ended);
                Err(SearchError::of(&self.space, why))
            }
        }
    }

    /// Removes the document with this id, if there is one.
    ///
    /// # Errors
    /// None today; writing may fail in [`Writer::commit`].
    pub fn remove(&mut self, id: &str) -> Result<(), SearchError> {
        self.inner
            .delete_term(Term::from_field_text(self.fields.id, id));
        Ok(())
    }

    /// Begins with an empty index and position 0; until the next commit the old one is searched.
    ///
    /// # Errors
    /// [`SearchError::Index`] if the engine refuses.
    pub fn begin_again(&mut self) -> Result<(), SearchError> {
        self.inner
            .delete_all_documents()
            .map_err(|error| SearchError::of(&self.space, error))?;
        self.position = 0;
        Ok(())
    }

    /// Makes everything since the last commit durable and visible, together with `position`.
    ///
    /// # Errors
    /// [`SearchError::Full`] or [`SearchError::Index`] if the files cannot be written; the earlier commit stays.
    pub fn commit(&mut self, position: i64) -> Result<(), SearchError> {
        let fail = |error| SearchError::of(&self.space, error);
        let mut prepared = self.inner.prepare_commit().map_err(fail)?;
        prepared.set_payload(&position.to_string());
        prepared.commit().map_err(fail)?;
        self.position = position;
        Ok(())
    }

    /// Writes anew what holds removed documents, so that nothing of them is left in the files. To be called before
    /// anything is put, since merges that a commit began would be in the way.
    ///
    /// # Errors
    /// [`SearchError::Full`] or [`SearchError::Index`] if the files cannot be written; what is searched stays.
    pub fn purge(&mut self) -> Result<(), SearchError> {
        let fail = |error| SearchError::of(&self.space, error);
        let metas = self
            .inner
            .index()
            .searchable_segment_metas()
            .map_err(fail)?;
        for segment in metas {
            if segment.num_deleted_docs() > 0 {
                self.inner.merge(&[segment.id()]).wait().map_err(fail)?;
            }
        }
        self.inner.garbage_collect_files().wait().map_err(fail)?;
        Ok(())
    }

    /// Returns the position of the last commit, 0 if there was none.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Waits until segments are merged, then gives the lock back. Commit first.
    ///
    /// # Errors
    /// [`SearchError::Index`] if a merge failed; the last commit is safe.
    pub fn finish(self) -> Result<(), SearchError> {
        let space = self.space;
        self.inner
            .wait_merging_threads()
            .map_err(|error| SearchError::of(&space, error))
    }
}

/// Merges segments of like size, so that there are never many and none is rewritten often.
///
/// Segments fall into classes, each eight times the size of the one below; six of a class become
/// one of the next. A bulk import of 40,000 pages ends with a handful and waits for no big merge.
#[derive(Debug)]
struct FewSegments;

const SMALLEST_CLASS: u32 = 64;
const CLASS_FACTOR: u32 = 8;
const MOST_IN_CLASS: usize = 6;

impl MergePolicy for FewSegments {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let class = |segment: &SegmentMeta| {
            let mut bound = SMALLEST_CLASS;
            let mut class = 0usize;
            while segment.num_docs() >= bound && bound < u32::MAX / CLASS_FACTOR {
                bound *= CLASS_FACTOR;
                class += 1;
            }
            class
        };
        let mut classes: Vec<Vec<&SegmentMeta>> = Vec::new();
        let mut candidates = Vec::new();
        for segment in segments {
            // A third deleted: worth rewriting alone.
            if segment.num_deleted_docs() * 3 > segment.max_doc() {
                candidates.push(MergeCandidate(vec![segment.id()]));
                continue;
            }
            let class = class(segment);
            if classes.len() <= class {
                classes.resize_with(class + 1, Vec::new);
            }
            classes[class].push(segment);
        }
        for of_class in classes {
            if of_class.len() >= MOST_IN_CLASS {
                candidates.push(MergeCandidate(
                    of_class.iter().map(|one| one.id()).collect(),
                ));
            }
        }
        candidates
    }
}
