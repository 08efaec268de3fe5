//! A node whose database is a PostgreSQL server's.

use crate::cli::{Serving, WIKI, dump, import, last_json, minga, said};
use crate::pages::get;
use knowledge::{Article, Kind, Media, Name};
use postgres::{Client, NoTls};
use record::{Draft, Hash, RecordId, Space, Tombstone};
use store::{Node, Options, Outcome, Tables};

/// A database of its own on the server of `MINGA_TEST_POSTGRES`, dropped at the end.
pub struct Database {
    server: Client,
    name: String,
    pub url: String,
}

impl Database {
    pub fn make(what: &str) -> Option<Self> {
        let url = std::env::var("MINGA_TEST_POSTGRES").ok()?;
        let mut server = Client::connect(&url, NoTls).expect("the server of MINGA_TEST_POSTGRES");
        let name = format!("minga_{what}_{}", std::process::id());
        server
            .batch_execute(&format!(
                "CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            ))
            .expect("a database");
        let (base, query) = url.split_once('?').unwrap_or((&url, ""));
        let root = base.rsplit_once('/').expect("a database's name").0;
        let url = match query {
            "" => format!("{root}/{name}"),
            query => format!("{root}/{name}?{query}"),
        };
        Some(Self { server, name, url })
    }

    /// Ends every connection, as a server does that is started anew.
    fn hang_up(&mut self) {
        self.server
            .execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1",
                &[&self.name],
            )
            .expect("ended");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.hang_up();
        let _ = self.server.batch_execute(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
    }
}

#[test]
fn pages_are_answered_from_postgresql_also_after_it_hung_up() {
    let Some(mut database) = Database::make("serves") else {
        println!("skipped: MINGA_TEST_POSTGRES is not set");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(WIKI)).expect("written");
    let place = ["--database", &*database.url.clone()];
    let imported = import(&data, &file, &place);
    assert_eq!(
        last_json(&imported)["added"].as_u64(),
        Some(12),
        "{}",
        said(&imported)
    );
    let serving = Serving::start_with(&data, &place);
    let read = |when: &str| {
        for path in [
            "/",
            "/articles/Commons",
            "/search?q=commons",
            "/changes",
            "/care",
            "/care/faults",
            "/care/titles",
            "/api/v1/articles/Care",
            "/wiki/Old_name",
        ] {
            let answer = get(&serving, path, "Accept-Language: en\r\n");
            assert!(
                matches!(answer.status, 200 | 301),
                "{when}: {path}: {}",
                answer.body
            );
        }
    };
    read("at first");
    database.hang_up();
    read("after it hung up");
    let again = last_json(&import(&data, &file, &place));
    assert_eq!(again["unchanged"].as_u64(), Some(12));
    let checked = minga(&data, &["check", place[0], place[1]]);
    assert!(checked.status.success(), "{}", said(&checked));
}

fn tables() -> Vec<Box<dyn Tables>> {
    vec![Box::new(people::People), Box::new(knowledge::Articles)]
}

/// Publishes a page, or a later revision of one.
fn write(node: &Node, title: &str, of: Option<(&RecordId, Hash)>) -> (RecordId, Hash) {
    let article = Article {
        name: Name::new(Kind::Article, title).expect("a title"),
        content: "a [[link left open".to_owned(),
        media: Media::Wikitext,
        language: "en".to_owned(),
        licence: "CC-BY-SA-3.0".to_owned(),
        provenance: "written".to_owned(),
        summary: String::new(),
        attribution: String::new(),
        contributor: String::new(),
        minor: false,
        translation_of: None,
        original: None,
        machine: String::new(),
        namespaces: Vec::new(),
        categories: Vec::new(),
        source: None,
        attachment: None,
    };
    let (thing, replaces) = match of {
        Some((thing, hash)) => (Some(thing.clone()), vec![hash]),
        None => (None, Vec::new()),
    };
    let commons = node.keys().commons_did();
    publish(
        node,
        article.draft(commons, Space::public(), Node::now(), thing, replaces),
    )
}

fn publish(node: &Node, draft: Draft) -> (RecordId, Hash) {
    let record = node.sign(draft, node.keys().commons()).expect("signed");
    let (thing, hash) = (record.thing().clone(), record.hash());
    let outcomes = node.publish_all(vec![record]).expect("published");
    assert!(
        matches!(outcomes[..], [Outcome::Accepted(_)]),
        "{outcomes:?}"
    );
    (thing, hash)
}

#[test]
fn on_postgresql_too_a_withdrawn_title_is_as_if_it_had_never_been() {
    let Some(database) = Database::make("withdraws") else {
        println!("skipped: MINGA_TEST_POSTGRES is not set");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        data: folder.path().join("data"),
        database: Some(database.url.clone()),
        seal_key: None,
        bucket: None,
        readers: 2,
        patience: std::time::Duration::from_secs(20),
        told: |_| (),
    };
    let node = Node::open(options, tables).expect("a node");
    let (mill, first) = write(&node, "Mill", None);
    let (_, spite) = write(&node, "Mill of spite", Some((&mill, first)));
    let (steel, begun) = write(&node, "Mill", None);
    let withdrawn = Tombstone::of_record(spite, mill, "a name stood in it");
    publish(
        &node,
        withdrawn.draft(node.keys().commons_did(), Space::public(), Node::now()),
    );
    let titles = || -> Vec<String> {
        let sql = "SELECT title FROM things ORDER BY title";
        let read = |db: &store::Db<'_>| db.all(sql, &[], |row| row.get(0));
        node.store().read(read).expect("read")
    };
    let both = titles();
    assert!(
        both.len() == 2 && both[0] == "Mill" && both[1].starts_with("Mill ("),
        "{both:?}"
    );
    write(&node, "Steel mill", Some((&steel, begun)));
    assert_eq!(titles(), ["Mill", "Steel mill"]);
    let checked = node.check(tables).expect("checked");
    assert!(checked.differences.is_empty(), "{:?}", checked.differences);
}
