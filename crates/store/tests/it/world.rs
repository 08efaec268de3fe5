//! A small capability of notes, and nodes on which the stories are told.

use record::{Draft, Hash, Record, RecordId, Space, Timestamp};
use serde_json::{Map, json};
use std::any::Any;
use store::{
    Applied, Db, Judged, Migration, Node, Options, Refusal, StoreError, Tables, Thing, Withdrawn,
    forget_thing, params, put_thing,
};

pub struct Notes;

impl Tables for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }
    fn migrations(&self) -> &'static [Migration] {
        const STEPS: &[Migration] = &[Migration::tables(
            "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, hash BYTEA NOT NULL);
                  CREATE TABLE note_revisions (hash BYTEA NOT NULL PRIMARY KEY, thing TEXT NOT NULL, withdrawn BIGINT NOT NULL)",
        )];
        STEPS
    }
    fn derived(&self) -> &'static [&'static str] {
        &["notes", "note_revisions"]
    }
    fn types(&self) -> &'static [&'static str] {
        &["Note"]
    }
    fn prepare(&self, _record: &Record) -> Option<Box<dyn Any + Send>> {
        None
    }
    fn check(&self, _db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        Ok(match record.get("content").and_then(|v| v.as_str()) {
            Some("") | None => Err(Refusal::new("empty", "a note needs a text", "write one")),
            Some(_) => Ok(()),
        })
    }
    fn apply(&self, db: &Db<'_>, applied: &Applied<'_>) -> Result<(), StoreError> {
        let record = applied.record;
        db.execute(
            "INSERT INTO note_revisions (hash, thing, withdrawn) VALUES ($1, $2, 0)",
            params![record.hash().as_bytes(), record.thing().as_str()],
        )?;
        show(db, record)
    }
    fn records_of(&self, db: &Db<'_>, thing: &RecordId) -> Result<Vec<Hash>, StoreError> {
        db.all(
            "SELECT hash FROM note_revisions WHERE thing = $1",
            params![thing.as_str()],
            |row| Ok::<_, StoreError>(Hash::from_slice(row.bytes(0)?).expect("a hash")),
        )
    }
    fn blobs(&self, _db: &Db<'_>) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
    fn withdraw(&self, db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
        let thing = gone
            .thing
            .as_ref()
            .expect("notes are withdrawn with their thing");
        if gone.whole_thing {
            db.execute(
                "DELETE FROM note_revisions WHERE thing = $1",
                params![thing.as_str()],
            )?;
        } else {
            db.execute(
                "INSERT INTO note_revisions (hash, thing, withdrawn) VALUES ($1, $2, 1)
                 ON CONFLICT (hash) DO UPDATE SET withdrawn = 1",
                params![gone.hash.as_bytes(), thing.as_str()],
            )?;
            // What is left of the history is shown again, as its last record in the log says.
            let left: Option<Vec<u8>> = db.first(
                "SELECT r.hash FROM note_revisions r JOIN log l ON l.hash = r.hash
                 WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY l.seq DESC LIMIT 1",
                params![thing.as_str()],
                |row| row.get(0),
            )?;
            if let Some(hash) = left {
                let hash = Hash::from_slice(&hash).expect("a hash");
                let bytes = store::bytes_of(db, &hash)?.expect("its bytes");
                return show(db, &Record::trusted(&bytes).expect("a record"));
            }
        }
        db.execute("DELETE FROM notes WHERE id = $1", params![thing.as_str()])?;
        forget_thing(db, thing)
    }
}

fn show(db: &Db<'_>, record: &Record) -> Result<(), StoreError> {
    let text = record
        .get("content")
        .and_then(|v| v.as_str())
        .unwrap_or_default();
    db.execute(
        "INSERT INTO notes (id, text, hash) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET text = excluded.text, hash = excluded.hash",
        params![record.thing().as_str(), text, record.hash().as_bytes()],
    )?;
    put_thing(
        db,
        &Thing {
            id: record.thing(),
            space: record.space(),
            kind: "note",
            key: record.thing().as_str(),
            title: text,
            sort: text,
            language: "en",
            updated: record.published().as_millis(),
        },
    )
}

pub fn tables() -> Vec<Box<dyn Tables>> {
    vec![Box::new(Notes)]
}

/// A node of its own, gone when dropped.
pub struct World {
    pub node: Node,
    pub folder: tempfile::TempDir,
    pub options: Options,
}

impl World {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            data: folder.path().join("data"),
            database: None,
            seal_key: None,
            bucket: None,
            readers: 2,
            patience: std::time::Duration::from_secs(20),
            told: |_| (),
        };
        let node = Node::open(options.clone(), tables).expect("a node");
        Self {
            node,
            folder,
            options,
        }
    }

    /// A node on a PostgreSQL database made for it; none where no server is given.
    pub fn postgres() -> Option<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("MINGA_TEST_POSTGRES")
            .ok()
            .filter(|url| !url.is_empty())?;
        let name = format!(
            "minga_test_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let mut client = postgres::Client::connect(&server, postgres::NoTls)
            .expect("the server of MINGA_TEST_POSTGRES");
        client
            .batch_execute(&format!(
                "CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            ))
            .expect("a database");
        let (base, query) = server
            .split_once('?')
            .map_or((server.as_str(), ""), |(b, q)| (b, q));
        let root = base
            .rfind('/')
            .filter(|at| *at > "postgres://".len())
            .map_or(base, |at| &base[..at]);
        let url = format!(
            "{root}/{name}{}{query}",
            if query.is_empty() { "" } else { "?" }
        );
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            data: folder.path().join("data"),
            database: Some(url),
            seal_key: None,
            bucket: None,
            readers: 2,
            patience: std::time::Duration::from_secs(20),
            told: |_| (),
        };
        let node = Node::open(options.clone(), tables).expect("a node");
        Some(Self {
            node,
            folder,
            options,
        })
    }

    /// Tells a story on every database that there is.
    pub fn each(story: impl Fn(&Self)) {
        story(&Self::sqlite());
        match Self::postgres() {
            Some(world) => story(&world),
            None => println!("skipped on PostgreSQL: MINGA_TEST_POSTGRES is not set"),
        }
    }

    pub fn draft(&self, text: &str, thing: Option<&Record>) -> Draft {
        let mut body = Map::new();
        body.insert("content".to_owned(), json!(text));
        Draft {
            kind: "note".into(),
            type_name: "Note".into(),
            version: 1,
            commons: self.node.keys().commons_did(),
            space: Space::public(),
            thing: thing.map(|r| r.thing().clone()),
            replaces: thing.map(|r| vec![r.hash()]).unwrap_or_default(),
            published: Timestamp::from_millis(1_795_340_400_000),
            body,
        }
    }

    pub fn note(&self, text: &str) -> Record {
        self.node
            .sign(self.draft(text, None), self.node.keys().commons())
            .expect("signed")
    }

    pub fn revision(&self, text: &str, of: &Record) -> Record {
        self.node
            .sign(self.draft(text, Some(of)), self.node.keys().commons())
            .expect("signed")
    }

    pub fn tombstone(&self, tombstone: &record::Tombstone) -> Record {
        let draft = tombstone.draft(
            self.node.keys().commons_did(),
            Space::public(),
            Timestamp::from_millis(1_795_340_500_000),
        );
        self.node
            .sign(draft, self.node.keys().commons())
            .expect("signed")
    }

    pub fn texts(&self) -> Vec<String> {
        self.node
            .store()
            .read(|db| {
                db.all("SELECT text FROM notes ORDER BY text", &[], |row| {
                    row.get::<String>(0)
                })
            })
            .expect("texts")
    }
}
