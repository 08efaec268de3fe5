//! A node with people and initiatives.

use initiatives::import::{self, Options, Report};
use record::{Draft, RecordId, SecretKey, Tombstone};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Node, Outcome, Viewer};

pub struct World {
    pub folder: tempfile::TempDir,
    pub node: Node,
    /// Dropped last: the node is done with it by then.
    _database: Option<Database>,
}

/// Tells each story on SQLite and on PostgreSQL.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite { $( #[test] fn $name() { super::$name(crate::world::World::new); } )* }
        mod on_postgresql { $( #[test] fn $name() { crate::world::with_postgresql(super::$name); } )* }
    };
}
pub(crate) use stories;

/// Tells a story on PostgreSQL, where a server is named.
pub fn with_postgresql(story: fn(fn() -> World)) {
    if std::env::var("MINGA_TEST_POSTGRES").is_err() {
        println!("skipped: MINGA_TEST_POSTGRES is not set");
        return;
    }
    story(|| World::on(Database::make()));
}

/// A database of its own on the server of `MINGA_TEST_POSTGRES`, dropped at the end.
pub struct Database {
    server: postgres::Client,
    name: String,
    url: String,
}

impl Database {
    /// Makes one; none where no server is named.
    fn make() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var("MINGA_TEST_POSTGRES").ok()?;
        let mut server = postgres::Client::connect(&url, postgres::NoTls).expect("the server");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("minga_initiatives_{}_{number}", std::process::id());
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        server.batch_execute(&sql).expect("a database");
        let (base, query) = url.split_once('?').unwrap_or((&url, ""));
        let root = base.rsplit_once('/').expect("a database's name").0;
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{root}/{name}{mark}{query}");
        Some(Self { server, name, url })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = self.server.batch_execute(&sql);
    }
}

fn tables() -> Vec<Box<dyn store::Tables>> {
    vec![Box::new(people::People), Box::new(initiatives::Initiatives)]
}

impl World {
    pub fn new() -> Self {
        Self::on(None)
    }

    fn on(database: Option<Database>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = store::Options {
            data: folder.path().join("data"),
            database: database.as_ref().map(|database| database.url.clone()),
            seal_key: None,
            bucket: None,
            readers: 2,
            patience: std::time::Duration::from_secs(20),
            told: |_| {},
        };
        let node = Node::open(options, tables).expect("a node");
        Self {
            folder,
            node,
            _database: database,
        }
    }

    /// Somebody who has an account, with the key that signs for them.
    pub fn member(&self, handle: &str) -> SecretKey {
        let seed = handle
            .bytes()
            .fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        let key = SecretKey::from_bytes([seed; 32]);
        let name = people::PersonName::parse(handle).expect("a name");
        let handle = people::Handle::parse(handle).expect("an address");
        people::accounts::let_join_with_key(&self.node, handle, &name, key.did())
            .expect("an account");
        key
    }

    /// Publishes; returns the id, or the rule that refused it.
    pub fn publish(&self, draft: Draft, key: &SecretKey) -> Result<RecordId, String> {
        match self.node.publish(draft, key).expect("published") {
            Outcome::Accepted(accepted) | Outcome::Known(accepted) => Ok(accepted.id),
            Outcome::Refused(refusal) => Err(refusal.rule.to_owned()),
        }
    }

    pub fn withdraw(&self, tombstone: &Tombstone, key: &SecretKey) -> Result<RecordId, String> {
        let commons = self.node.keys().commons_did();
        self.publish(
            tombstone.draft(commons, record::Space::public(), Node::now()),
            key,
        )
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    pub fn import(&self, file: &Path, options: &Options) -> Report {
        import::import(&self.node, file, options, &mut |_| {}).expect("imported")
    }

    pub fn by_source(&self, source: &str, id: &str) -> Option<initiatives::Here> {
        let found = self
            .node
            .store()
            .read(|db| initiatives::by_source(db, &Viewer::public(), source, id));
        found.expect("read")
    }

    pub fn shown(&self, here: &initiatives::Here) -> initiatives::Initiative {
        let found = self.node.store().read(|db| initiatives::shown(db, here));
        found.expect("read").expect("an initiative")
    }

    pub fn here(&self, id: &RecordId) -> initiatives::Here {
        let found = self
            .node
            .store()
            .read(|db| initiatives::by_id(db, &Viewer::public(), &id.short()));
        found.expect("read").expect("an initiative")
    }

    /// What the initiative with a name says.
    pub fn the_only(&self, name: &str) -> initiatives::Initiative {
        let id: Vec<u8> = self
            .node
            .store()
            .read(|db| {
                let found = db.first(
                    "SELECT thing FROM things WHERE title = $1",
                    store::params![name],
                    |row| row.get(0),
                );
                found.map(|id: Option<Vec<u8>>| id.expect("a thing"))
            })
            .map_err(|error: store::StoreError| error)
            .expect("read");
        let id: [u8; 16] = id.try_into().expect("an id");
        let here = self
            .node
            .store()
            .read(|db| initiatives::by_id(db, &Viewer::public(), &id));
        self.shown(&here.expect("read").expect("an initiative"))
    }

    pub fn count(&self) -> i64 {
        let found = self
            .node
            .store()
            .read(|db| initiatives::count(db, &Viewer::public()));
        found.expect("read")
    }

    /// Checks that a replay of the log gives the same tables.
    pub fn assert_rebuilt(&self) {
        let found = self.node.check(tables).expect("checked");
        assert_eq!(found.differences, Vec::<String>::new());
    }
}
