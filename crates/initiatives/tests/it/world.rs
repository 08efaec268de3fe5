//! A node with people and initiatives.

use initiatives::import::{self, Options, Report};
use record::{Draft, RecordId, SecretKey, Tombstone};
use std::path::{Path, PathBuf};
use store::{Node, Outcome, Viewer};

pub struct World {
    pub folder: tempfile::TempDir,
    pub node: Node,
}

fn tables() -> Vec<Box<dyn store::Tables>> {
    vec![Box::new(people::People), Box::new(initiatives::Initiatives)]
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = store::Options {
            data: folder.path().join("data"),
            database: None,
            seal_key: None,
            bucket: None,
            readers: 2,
            patience: std::time::Duration::from_secs(20),
            told: |_| {},
        };
        let node = Node::open(options, tables).expect("a node");
        Self { folder, node }
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
