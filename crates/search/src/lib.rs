#![doc = include_str!("../README.md")]

mod error;
mod excerpt;
mod matching;
mod position;
mod query;
mod reader;
mod schema;
mod search;
mod spelling;
mod suggest;
mod words;
mod writer;

use std::collections::HashMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

pub use error::SearchError;
pub use excerpt::QUOTED_BYTES;
pub use writer::Writer;

use reader::Reader;
use tantivy::TantivyError;

/// What can be found: one page of a space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Names the document in its space: putting the same id again replaces it.
    pub id: String,
    /// What it is, such as `article`: to filter and count by.
    pub kind: String,
    /// BCP 47 tag of its language: its first part decides the stemming, the whole is what
    /// [`Query::language`] compares.
    pub language: String,
    /// The title.
    pub title: String,
    /// Where it is shown.
    pub url: String,
    /// Plain text. All of it is searched, none of it stored.
    pub body: String,
    /// Names of its categories: to filter and count by.
    pub categories: Vec<String>,
    /// How many links lead to it: among pages found alike, the more linked come first.
    pub rank: u32,
}

/// Where the plain texts of documents are, for excerpts: an index does not keep them.
///
/// The text may differ from [`Document::body`] in blanks and in what stands between passages; words
/// that it lacks are not highlighted.
pub trait Texts {
    /// Returns the text of a document of a space; none leaves its excerpt empty.
    fn text(&self, space: &str, id: &str) -> Option<String>;
}

impl<F: Fn(&str, &str) -> Option<String>> Texts for F {
    fn text(&self, space: &str, id: &str) -> Option<String> {
        self(space, id)
    }
}

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What was typed: words, `"a phrase"`, `-without`, `begin*`, `title:word`.
    ///
    /// Without any word, everything that the filters let through is found, most linked first.
    pub text: String,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this language, exactly as in [`Document::language`].
    pub language: Option<String>,
    /// Only this category.
    pub category: Option<String>,
    /// Hits wanted, at most 1,000.
    pub limit: usize,
    /// [`Results::next`] of the page before.
    pub after: Option<String>,
}

/// One page of what was found, and what is true of all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// How many documents match, exactly.
    pub total: u64,
    /// The best of them after [`Query::after`], best first.
    pub hits: Vec<Hit>,
    /// Counts over all matches.
    pub facets: Facets,
    /// The query with typing errors corrected, if some word may be one.
    pub did_you_mean: Option<String>,
    /// Whether `hits` already answers `did_you_mean`, because no document or only one has the word
    /// as typed; else it is a question, about a word that is rare beside one spelt like it.
    pub corrected: bool,
    /// Whether no document has all the words, so that these have some of them.
    pub relaxed: bool,
    /// Words beyond the 40th, which were not looked for.
    pub ignored_words: usize,
    /// The key of the next page, if there is one. On an unchanged index, pages neither repeat nor
    /// skip a document.
    pub next: Option<String>,
}

/// How many of all matches have which label, most first, then by name.
///
/// They are counted with every filter of the query applied, that of their own dimension too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Languages.
    pub language: Vec<(String, u64)>,
    /// The 30 most frequent categories; a document may count in several.
    pub category: Vec<(String, u64)>,
    /// Kinds.
    pub kind: Vec<(String, u64)>,
    /// How many further categories the matches have.
    pub more_categories: u64,
}

/// A document found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hit {
    /// [`Document::id`].
    pub id: String,
    /// [`Document::kind`].
    pub kind: String,
    /// [`Document::title`], as plain text.
    pub title: String,
    /// [`Document::url`].
    pub url: String,
    /// [`Document::language`].
    pub language: String,
    /// [`Document::categories`].
    pub categories: Vec<String>,
    /// About 220 characters of the first 60 kB of the text, escaped as HTML, with the words found in `<mark>`.
    pub excerpt_html: String,
    /// From 4: the title is the query. From 2: the title has all its words. Below: the text has.
    pub score: f32,
}

/// A title that may be meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// [`Document::title`].
    pub title: String,
    /// [`Document::url`].
    pub url: String,
    /// [`Document::kind`].
    pub kind: String,
    /// [`Document::language`].
    pub lang: String,
}

/// The indexes of all spaces, each in a folder of its own.
///
/// Searches answer as of the last [`Indexes::reload`] (or of the first use of a space), however
/// much is being written meanwhile. Cheap to share between threads behind an `Arc`.
pub struct Indexes {
    dir: PathBuf,
    readers: RwLock<HashMap<String, Arc<Reader>>>,
}

impl std::fmt::Debug for Indexes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indexes")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl Indexes {
    /// Opens the indexes under `dir`, making the folder if needed. Each space's index is opened
    /// when it is first used, so a damaged one does not keep the others from being searched.
    ///
    /// # Errors
    /// [`SearchError::Folder`] if the folder cannot be made or read.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        fs::create_dir_all(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            readers: RwLock::default(),
        })
    }

    /// Makes what was committed since visible, by this process or another; to be called each
    /// second. Costs one small file read per space if nothing is new.
    ///
    /// A space whose index cannot be opened any more is closed, and its next search says why.
    pub fn reload(&self) {
        let known: Vec<Arc<Reader>> = self.lock_read().values().map(Arc::clone).collect();
        for old in known {
            let folder = schema::folder_of(&self.dir, &old.space);
            if schema::stamp(&folder).is_some_and(|stamp| stamp == old.stamp) {
                continue;
            }
            let spaces = [old.space.as_str()];
            let new = self.guarded(&spaces, || Reader::open(&folder, &old.space, Some(&old)));
            let mut readers = self.readers.write().unwrap_or_else(PoisonError::into_inner);
            match new {
                Ok(Some(reader)) => readers.insert(old.space.clone(), Arc::new(reader)),
                Ok(None) | Err(_) => readers.remove(&old.space),
            };
        }
    }

    /// Opens a space for writing, making its index if there is none.
    ///
    /// # Errors
    /// [`SearchError::Locked`] if another writer has it, here or in another process;
    /// [`SearchError::Damaged`] and [`SearchError::Outdated`] if it must be cleared first.
    pub fn writer(&self, space: &str) -> Result<Writer, SearchError> {
        let folder = schema::folder_of(&self.dir, space);
        self.guarded(&[space], || {
            Writer::open(&schema::open_or_create(&folder, space)?, space)
        })
    }

    /// Searches `spaces`, as if they were one; excerpts are taken from `texts`.
    ///
    /// # Errors
    /// [`SearchError::Page`] if `query.after` is no page's key; [`SearchError::Damaged`] and
    /// [`SearchError::Outdated`] if a space must be cleared and indexed anew.
    pub fn search(
        &self,
        spaces: &[&str],
        query: &Query,
        texts: &dyn Texts,
    ) -> Result<Results, SearchError> {
        self.guarded(spaces, || {
            search::search(&self.readers(spaces)?, query, texts)
        })
    }

    /// Returns titles with words that begin like those of `prefix`, case and accents aside: most
    /// linked first, titles that begin with it before others.
    ///
    /// # Errors
    /// As [`Indexes::search`].
    pub fn suggest(
        &self,
        spaces: &[&str],
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<Suggestion>, SearchError> {
        self.guarded(spaces, || {
            suggest::suggest(&self.readers(spaces)?, prefix, limit)
        })
    }

    /// Returns titles like one that does not exist, most alike first; none if an index cannot be
    /// read, since the page they are for is an error page already.
    #[must_use]
    pub fn near_titles(&self, spaces: &[&str], title: &str, limit: usize) -> Vec<Suggestion> {
        self.guarded(spaces, || {
            suggest::near_titles(&self.readers(spaces)?, title, limit)
        })
        .unwrap_or_default()
    }

    /// Returns how many documents a space has; 0 if it has no index that can be read.
    #[must_use]
    pub fn documents(&self, space: &str) -> u64 {
        self.guarded(&[space], || self.reader(space))
            .ok()
            .flatten()
            .map_or(0, |reader| reader.documents())
    }

    /// Deletes a space's index, damaged or not.
    ///
    /// # Errors
    /// [`SearchError::Locked`] if a writer has it; [`SearchError::Folder`] if it cannot be deleted.
    pub fn clear(&self, space: &str) -> Result<(), SearchError> {
        let folder = schema::folder_of(&self.dir, space);
        if folder.is_dir() {
            let lock = schema::lock(&folder, space)?;
            fs::remove_dir_all(&folder)?;
            drop(lock);
        }
        self.readers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(space);
        Ok(())
    }

    /// Reads every file of a space's index and compares checksums, which opening does not.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] if a file is not what was written.
    pub fn check(&self, space: &str) -> Result<(), SearchError> {
        schema::check(&schema::folder_of(&self.dir, space), space)
    }

    /// Runs `work`; if the engine panics over a file that is not what was written, as it does in
    /// places, says which space is damaged. Any other panic is a defect and goes on.
    fn guarded<T>(
        &self,
        spaces: &[&str],
        work: impl FnOnce() -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(result) => result,
            Err(panic) => {
                for space in spaces {
                    catch_unwind(AssertUnwindSafe(|| self.check(space))).unwrap_or_else(|_| {
                        Err(SearchError::Damaged {
                            space: (*space).to_owned(),
                            source: Box::new(TantivyError::InternalError(
                                "a file cannot be read".to_owned(),
                            )),
                        })
                    })?;
                }
                resume_unwind(panic)
            }
        }
    }

    fn lock_read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<String, Arc<Reader>>> {
        self.readers.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn readers(&self, spaces: &[&str]) -> Result<Vec<Arc<Reader>>, SearchError> {
        let mut readers: Vec<Arc<Reader>> = Vec::with_capacity(spaces.len());
        for space in spaces {
            if readers.iter().any(|reader| reader.space == *space) {
                continue;
            }
            readers.extend(self.reader(space)?);
        }
        Ok(readers)
    }

    fn reader(&self, space: &str) -> Result<Option<Arc<Reader>>, SearchError> {
        if let Some(reader) = self.lock_read().get(space) {
            return Ok(Some(Arc::clone(reader)));
        }
        let folder = schema::folder_of(&self.dir, space);
        let Some(reader) = Reader::open(&folder, space, None)? else {
            return Ok(None);
        };
        let reader = Arc::new(reader);
        let mut readers = self.readers.write().unwrap_or_else(PoisonError::into_inner);
        readers.insert(space.to_owned(), Arc::clone(&reader));
        Ok(Some(reader))
    }
}
