//! A node whose database is a PostgreSQL server's.

use crate::cli::{Serving, WIKI, dump, import, last_json, minga, said};
use crate::pages::get;
use postgres::{Client, NoTls};

/// A database of its own on the server of `MINGA_TEST_POSTGRES`, dropped at the end.
struct Database {
    server: Client,
    name: String,
    url: String,
}

impl Database {
    fn make() -> Option<Self> {
        let url = std::env::var("MINGA_TEST_POSTGRES").ok()?;
        let mut server = Client::connect(&url, NoTls).expect("the server of MINGA_TEST_POSTGRES");
        let name = format!("minga_serves_{}", std::process::id());
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
    let Some(mut database) = Database::make() else {
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
