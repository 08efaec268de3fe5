//! Commits, kills, locks, damage.

use std::fs;
use std::path::Path;
use std::process::Command;

use search::{Indexes, SearchError};

use crate::world::{SPACE, World, no_texts, page};

#[test]
fn the_position_is_kept_with_the_commit() {
    let world = World::of(&[page("en", "A", "seeds")]);
    let mut writer = world.indexes.writer(SPACE).unwrap();
    assert_eq!(writer.position(), 1);
    writer.put(&page("en", "B", "seeds")).unwrap();
    writer.commit(-7).unwrap();
    writer.put(&page("en", "C", "seeds")).unwrap();
    drop(writer);
    world.indexes.reload();
    assert_eq!(
        world.found("seeds"),
        "A B",
        "what was not committed is gone"
    );
    assert_eq!(world.indexes.writer(SPACE).unwrap().position(), -7);
    assert_eq!(world.indexes.position(SPACE), -7);
    assert_eq!(world.indexes.position("nowhere"), 0);
    assert_eq!(world.indexes.writer("new").unwrap().position(), 0);
}

#[test]
fn one_id_is_one_document() {
    let world = World::of(&[page("en", "A", "old")]);
    let mut writer = world.indexes.writer(SPACE).unwrap();
    writer.remove("A").unwrap();
    writer.put(&page("en", "A", "first")).unwrap();
    writer.put(&page("en", "A", "second")).unwrap();
    writer.put(&page("en", "B", "first")).unwrap();
    writer.remove("B").unwrap();
    writer.commit(2).unwrap();
    writer.finish().unwrap();
    world.indexes.reload();
    assert_eq!(world.found("second"), "A");
    assert_eq!(world.ask("old").total, 0);
    assert_eq!(world.ask("first").total, 0);
    assert_eq!(world.indexes.documents(SPACE), 1);
}

#[test]
fn results_stay_as_they_are_until_reload() {
    let world = World::of(&[page("en", "A", "seeds")]);
    assert_eq!(world.ask("seeds").total, 1);
    let other = Indexes::open(world.dir.path()).unwrap();
    let mut writer = other.writer(SPACE).unwrap();
    writer.put(&page("en", "B", "seeds")).unwrap();
    writer.commit(2).unwrap();
    assert_eq!(world.ask("seeds").total, 1);
    world.indexes.reload();
    assert_eq!(world.ask("seeds").total, 2);
    writer.finish().unwrap();
    other.clear(SPACE).unwrap();
    world.indexes.reload();
    assert_eq!(world.ask("seeds").total, 0);
}

#[test]
fn one_writer_at_a_time() {
    let world = World::of(&[page("en", "A", "seeds")]);
    let other = Indexes::open(world.dir.path()).unwrap();
    let writer = world.indexes.writer(SPACE).unwrap();
    assert!(matches!(
        other.writer(SPACE),
        Err(SearchError::Locked { .. })
    ));
    assert!(matches!(
        other.clear(SPACE),
        Err(SearchError::Locked { .. })
    ));
    other.writer("another").unwrap();
    drop(writer);
    other.writer(SPACE).unwrap();
}

/// Not a test: what [`a_kill_loses_only_what_was_not_committed`] kills.
#[test]
#[ignore = "run by another test, in a process of its own"]
fn write_until_killed() {
    let Some(dir) = std::env::var_os("SEARCH_TEST_DIR") else {
        return;
    };
    let indexes = Indexes::open(Path::new(&dir)).unwrap();
    let mut writer = indexes.writer(SPACE).unwrap();
    for number in 1..1_000_000i64 {
        writer
            .put(&page("en", &format!("P{number}"), "seeds of all kinds"))
            .unwrap();
        if number % 50 == 0 {
            writer.commit(number).unwrap();
        }
    }
}

#[test]
fn a_kill_loses_only_what_was_not_committed() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "safety::write_until_killed"])
        .env("SEARCH_TEST_DIR", dir.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let indexes = Indexes::open(dir.path()).unwrap();
    while indexes.documents(SPACE) < 300 {
        assert!(child.try_wait().unwrap().is_none(), "the writer ended");
        std::thread::yield_now();
        indexes.reload();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let indexes = Indexes::open(dir.path()).unwrap();
    indexes.check(SPACE).unwrap();
    let mut writer = indexes.writer(SPACE).unwrap();
    let position = writer.position();
    assert!(position >= 300);
    assert_eq!(indexes.documents(SPACE), position as u64);
    writer.put(&page("en", "after", "seeds")).unwrap();
    writer.commit(position + 1).unwrap();
    writer.finish().unwrap();
    indexes.reload();
    assert_eq!(indexes.documents(SPACE), position as u64 + 1);
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir.join(SPACE))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "lock"))
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
        .collect();
    files.sort();
    files
}

/// Says of a fresh process whether a search there finds the damage.
fn finds_damage(dir: &Path) -> bool {
    let indexes = Indexes::open(dir).unwrap();
    let query = search::Query {
        text: "seeds".to_owned(),
        limit: 5,
        ..search::Query::default()
    };
    matches!(
        indexes
            .search(&[SPACE], &query, &no_texts)
            .map(|_| ())
            .and_then(|()| indexes.check(SPACE)),
        Err(SearchError::Damaged { .. })
    )
}

#[test]
fn damage_is_told_and_can_be_cleared() {
    let pages: Vec<_> = (0..50)
        .map(|number| page("en", &format!("P{number}"), "seeds and gardens"))
        .collect();
    let count = files(World::of(&pages).dir.path()).len();
    assert!(count >= 7);
    for number in 0..count {
        for how in ["missing", "empty", "half", "changed"] {
            let world = World::of(&pages);
            let file = files(world.dir.path())[number].clone();
            let mut bytes = fs::read(&file).unwrap();
            // Replaced, not changed in place: a reader still has the old one mapped.
            fs::remove_file(&file).unwrap();
            match how {
                "missing" => {}
                "empty" => fs::write(&file, b"").unwrap(),
                "half" => fs::write(&file, &bytes[..bytes.len() / 2]).unwrap(),
                _ => {
                    let middle = bytes.len() / 3;
                    bytes[middle] ^= 0x55;
                    fs::write(&file, &bytes).unwrap();
                }
            }
            let json = file.extension().is_some_and(|end| end == "json");
            // One letter of meta.json may be one of a name that nobody compares.
            if !(json && how == "changed") {
                assert!(finds_damage(world.dir.path()), "{how} {}", file.display());
            }
            let indexes = Indexes::open(world.dir.path()).unwrap();
            indexes.clear(SPACE).unwrap();
            assert_eq!(indexes.writer(SPACE).unwrap().position(), 0);
            assert_eq!(indexes.documents(SPACE), 0);
        }
    }
}

#[test]
fn an_index_of_another_version_is_outdated() {
    let world = World::of(&[page("en", "A", "seeds")]);
    let meta = world.dir.path().join(SPACE).join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    fs::write(&meta, text.replace("\"minga-1\"", "\"minga-0\"")).unwrap();
    let indexes = Indexes::open(world.dir.path()).unwrap();
    let query = search::Query::default();
    assert!(matches!(
        indexes.search(&[SPACE], &query, &no_texts),
        Err(SearchError::Outdated { .. })
    ));
    assert!(matches!(
        indexes.writer(SPACE),
        Err(SearchError::Outdated { .. })
    ));
    indexes.clear(SPACE).unwrap();
    indexes.writer(SPACE).unwrap();
}

#[test]
fn names_of_spaces_are_safe_folder_names() {
    let world = World::empty();
    let long = "x".repeat(500);
    let names = [
        "..",
        "",
        ".",
        "a/b",
        "A",
        "a",
        "ap://did:key:z6Mk/x",
        "ñ",
        "%",
        long.as_str(),
    ];
    for (at, name) in names.iter().enumerate() {
        world.put(name, &[page("en", &format!("T{at}"), "seeds")], 1);
    }
    for (at, name) in names.iter().enumerate() {
        let found = world.indexes.suggest(&[name], "t", 5).unwrap();
        assert_eq!(found.len(), 1, "{name:?}");
        assert_eq!(found[0].title, format!("T{at}"));
    }
    assert_eq!(fs::read_dir(world.dir.path()).unwrap().count(), names.len());
}
