//! A small index to ask.

use search::{Document, Indexes, Query, Results, Texts};
use std::collections::HashMap;
use std::sync::Mutex;
use tempfile::TempDir;

pub const SPACE: &str = "public";

pub struct World {
    pub indexes: Indexes,
    pub dir: TempDir,
    texts: Mutex<HashMap<String, String>>,
}

impl Texts for World {
    fn text(&self, space: &str, id: &str) -> Option<String> {
        self.texts
            .lock()
            .unwrap()
            .get(&format!("{space} {id}"))
            .cloned()
    }
}

/// The texts of nothing.
pub fn no_texts(_space: &str, _id: &str) -> Option<String> {
    None
}

/// A document named by its title.
pub fn page(language: &str, title: &str, body: &str) -> Document {
    Document {
        id: title.to_owned(),
        kind: "article".to_owned(),
        language: language.to_owned(),
        title: title.to_owned(),
        url: format!("/{title}"),
        body: body.to_owned(),
        ..Document::default()
    }
}

impl World {
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            indexes: Indexes::open(dir.path()).unwrap(),
            dir,
            texts: Mutex::default(),
        }
    }

    pub fn of(documents: &[Document]) -> Self {
        let world = Self::empty();
        world.put(SPACE, documents, 1);
        world
    }

    pub fn put(&self, space: &str, documents: &[Document], position: i64) {
        let mut writer = self.indexes.writer(space).unwrap();
        for document in documents {
            writer.put(document).unwrap();
            let name = format!("{space} {}", document.id);
            self.texts
                .lock()
                .unwrap()
                .insert(name, document.body.clone());
        }
        writer.commit(position).unwrap();
        writer.finish().unwrap();
        self.indexes.reload();
    }

    pub fn ask(&self, text: &str) -> Results {
        self.search(&Query {
            text: text.to_owned(),
            limit: 50,
            ..Query::default()
        })
    }

    pub fn search(&self, query: &Query) -> Results {
        self.indexes.search(&[SPACE], query, self).unwrap()
    }

    /// Titles found, best first.
    pub fn titles(&self, text: &str) -> Vec<String> {
        self.ask(text)
            .hits
            .into_iter()
            .map(|hit| hit.title)
            .collect()
    }

    /// Titles found, in the order of the alphabet.
    pub fn found(&self, text: &str) -> String {
        let mut titles = self.titles(text);
        titles.sort();
        titles.join(" ")
    }
}
