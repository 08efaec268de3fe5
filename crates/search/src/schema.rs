//! The fields of an index, its folder, and how it is opened.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, MmapDirectory};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, IndexSettings, TantivyError};

use crate::SearchError;

/// The name under which terms are split: part of the schema, so raising the number whenever
/// words are folded or stemmed differently makes older indexes [`SearchError::Outdated`].
const ANALYSIS: &str = "minga-1";

/// The fields, always in the same order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub id: Field,
    pub kind: Field,
    pub language: Field,
    pub category: Field,
    /// The whole title's folded words with single spaces between, as one term.
    pub title_key: Field,
    pub title_words: Field,
    pub title_stems: Field,
    /// Title and text.
    pub words: Field,
    pub stems: Field,
    pub rank: Field,
    pub title: Field,
    pub url: Field,
}

impl Fields {
    pub(crate) fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let key = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic),
        );
        let terms = |option: IndexRecordOption, norms: bool| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(ANALYSIS)
                    .set_fieldnorms(norms)
                    .set_index_option(option),
            )
        };
        let label = || key.clone().set_fast("raw").set_stored();
        let fields = Self {
            id: schema.add_text_field("id", key.clone().set_stored()),
            kind: schema.add_text_field("kind", label()),
            language: schema.add_text_field("language", label()),
            category: schema.add_text_field("category", label()),
            title_key: schema.add_text_field("title_key", key.clone()),
            title_words: schema.add_text_field(
                "title_words",
                terms(IndexRecordOption::WithFreqsAndPositions, true),
            ),
            title_stems: schema
                .add_text_field("title_stems", terms(IndexRecordOption::Basic, false)),
            words: schema.add_text_field(
                "words",
                terms(IndexRecordOption::WithFreqsAndPositions, true),
            ),
            stems: schema.add_text_field("stems", terms(IndexRecordOption::WithFreqs, false)),
            rank: schema.add_u64_field("rank", NumericOptions::default().set_fast()),
            title: schema.add_text_field("title", STORED),
            url: schema.add_text_field("url", STORED),
        };
        (schema.build(), fields)
    }
}

/// Names and addresses are stored, texts are not: whoever searches has them (see [`crate::Texts`]), and
/// a second copy of 41,582 wiki pages took 70 MB.
fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(3),
        }),
        docstore_blocksize: 16 * 1024,
        ..IndexSettings::default()
    }
}

fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(ANALYSIS, Spaces::default());
    manager
}

/// Returns the folder of a space's index.
///
/// Letters, digits, `-` and `_` stay; other bytes, capitals among them (some file systems do not
/// tell them apart), are written `%2f`. Long names end in a hash instead.
pub(crate) fn folder_of(dir: &Path, space: &str) -> PathBuf {
    let mut name = String::new();
    for byte in space.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(byte as char),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    if name.is_empty() {
        name.push('%');
    }
    if name.len() > 120 {
        name.truncate(80);
        name.push('~');
        name.push_str(&blake3::hash(space.as_bytes()).to_hex()[..32]);
    }
    dir.join(name)
}

fn directory(folder: &Path, space: &str) -> Result<MmapDirectory, SearchError> {
    MmapDirectory::open(folder).map_err(|error| SearchError::of(space, error.into()))
}

/// Opens a space's index; `None` if there is none.
pub(crate) fn open(folder: &Path, space: &str) -> Result<Option<Index>, SearchError> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let directory = directory(folder, space)?;
    let known = Index::exists(&directory).map_err(|error| SearchError::of(space, error.into()))?;
    if !known {
        // A crash may have come between making the folder and the first file that counts.
        let segments = fs::read_dir(folder)?
            .filter_map(Result::ok)
            .any(|entry| entry.path().extension().is_some_and(|end| end == "store"));
        if segments {
            let source = TantivyError::InternalError("meta.json is missing".to_owned());
            return Err(SearchError::Damaged {
                space: space.to_owned(),
                source: Box::new(source),
            });
        }
        return Ok(None);
    }
    let mut index = Index::open(directory).map_err(|error| match error {
        // A meta.json that cannot be parsed.
        TantivyError::InternalError(_) | TantivyError::InvalidArgument(_) => SearchError::Damaged {
            space: space.to_owned(),
            source: Box::new(error),
        },
        error => SearchError::of(space, error),
    })?;
    if index.schema() != Fields::schema().0 {
        return Err(SearchError::Outdated {
            space: space.to_owned(),
        });
    }
    index.set_tokenizers(tokenizers());
    Ok(Some(index))
}

/// Opens a space's index, making an empty one if there is none.
pub(crate) fn open_or_create(folder: &Path, space: &str) -> Result<Index, SearchError> {
    if let Some(index) = open(folder, space)? {
        return Ok(index);
    }
    fs::create_dir_all(folder)?;
    Index::builder()
        .schema(Fields::schema().0)
        .settings(settings())
        .tokenizers(tokenizers())
        .open_or_create(directory(folder, space)?)
        .map_err(|error| SearchError::of(space, error))
}

/// Returns the bytes that change with every commit.
pub(crate) fn stamp(folder: &Path) -> Option<Vec<u8>> {
    fs::read(folder.join("meta.json")).ok()
}

/// Compares every file with its checksum.
pub(crate) fn check(folder: &Path, space: &str) -> Result<(), SearchError> {
    let Some(index) = open(folder, space)? else {
        return Ok(());
    };
    let damaged = index
        .validate_checksum()
        .map_err(|error| SearchError::of(space, error))?;
    match damaged.into_iter().next() {
        None => Ok(()),
        Some(file) => {
            let comment = "its checksum is another".to_owned();
            let source = tantivy::error::DataCorruption::new(file, comment).into();
            Err(SearchError::Damaged {
                space: space.to_owned(),
                source: Box::new(source),
            })
        }
    }
}

/// Takes the lock that writers take.
pub(crate) fn lock(
    folder: &Path,
    space: &str,
) -> Result<tantivy::directory::DirectoryLock, SearchError> {
    directory(folder, space)?
        .acquire_lock(&tantivy::directory::INDEX_WRITER_LOCK)
        .map_err(|error| SearchError::of(space, TantivyError::LockFailure(error, None)))
}

/// Splits at spaces what [`crate::words::Analyser`] has put together.
#[derive(Clone, Default)]
struct Spaces {
    token: Token,
}

struct SpacesStream<'a> {
    text: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Spaces {
    type TokenStream<'a> = SpacesStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SpacesStream<'a> {
        self.token.reset();
        SpacesStream {
            text,
            token: &mut self.token,
        }
    }
}

impl TokenStream for SpacesStream<'_> {
    fn advance(&mut self) -> bool {
        let text = self.text.trim_start_matches(' ');
        if text.is_empty() {
            return false;
        }
        let end = text
            .as_bytes()
            .iter()
            .position(|byte| *byte == b' ')
            .unwrap_or(text.len());
        self.token.text.clear();
        self.token.text.push_str(&text[..end]);
        self.token.position = self.token.position.wrapping_add(1);
        self.text = &text[end..];
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
