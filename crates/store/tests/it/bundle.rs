use crate::world::{World, tables};
use record::{Space, Tombstone};
use std::io::{Read, Write};

fn filled() -> World {
    let world = World::sqlite();
    let first = world.note("first");
    let second = world.revision("second", &first);
    let gone = world.note("gone");
    world
        .node
        .publish_all(vec![first, second, gone.clone(), world.note("last")])
        .expect("published");
    world
        .node
        .publish_all(vec![
            world.tombstone(&Tombstone::of_thing(gone.id().clone(), "asked to")),
        ])
        .expect("published");
    world
}

#[test]
fn a_bundle_gives_an_empty_node_the_same_tables() {
    let world = filled();
    let file = world.folder.path().join("all.bundle");
    let exported = world
        .node
        .export(&[Space::public()], &file)
        .expect("exported");
    assert_eq!(exported.records, 5);
    let verified = store::verify(&file).expect("whole");
    assert_eq!(
        (verified.records, verified.valid),
        (5, 5),
        "{:?}",
        verified.invalid
    );
    World::each(|empty| {
        let taken = empty.node.import_bundle(&file, |_| {}).expect("taken in");
        assert_eq!(
            (taken.added, taken.refused.len()),
            (4, 0),
            "{:?}",
            taken.refused
        );
        let here = world.node.check(tables).expect("checked");
        let there = empty.node.check(tables).expect("checked");
        assert_eq!(here.digests, there.digests);
        assert!(there.differences.is_empty(), "{:?}", there.differences);
        let again = empty.node.import_bundle(&file, |_| {}).expect("taken in");
        assert_eq!((again.added, again.unchanged), (0, 4));
    });
}

#[test]
fn a_changed_bundle_changes_nothing_and_says_where() {
    let world = filled();
    let file = world.folder.path().join("all.bundle");
    world
        .node
        .export(&[Space::public()], &file)
        .expect("exported");
    let mut text = Vec::new();
    zstd::stream::read::Decoder::new(std::fs::File::open(&file).expect("open"))
        .expect("zstd")
        .read_to_end(&mut text)
        .expect("read");
    let text = String::from_utf8(text).expect("text");
    let cases: Vec<(&str, String)> = vec![
        (
            "cut off",
            text.lines().take(3).map(|l| format!("{l}\n")).collect(),
        ),
        ("a word changed", text.replace("last", "lost")),
        (
            "a line dropped",
            text.lines()
                .enumerate()
                .filter(|(n, _)| *n != 2)
                .map(|(_, l)| format!("{l}\n"))
                .collect(),
        ),
        ("another file", "hello\n".to_owned()),
        (
            "a later version",
            text.replace("\"version\":1,\"commons\"", "\"version\":9,\"commons\""),
        ),
    ];
    for (what, changed) in cases {
        let path = world.folder.path().join("changed.bundle");
        let mut out =
            zstd::stream::write::Encoder::new(std::fs::File::create(&path).expect("create"), 1)
                .expect("zstd");
        out.write_all(changed.as_bytes()).expect("written");
        out.finish().expect("finished");
        let empty = World::sqlite();
        let error = empty
            .node
            .import_bundle(&path, |_| {})
            .expect_err(what)
            .to_string();
        assert!(error.contains("is not a whole bundle"), "{what}: {error}");
        assert_eq!(empty.texts(), Vec::<String>::new(), "{what}");
        assert!(store::verify(&path).is_err(), "{what}");
    }
    let bytes = std::fs::read(&file).expect("read");
    let cut = world.folder.path().join("cut.bundle");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    assert!(store::verify(&cut).is_err());
}

#[test]
fn what_was_withdrawn_after_a_backup_is_withdrawn_in_what_is_restored() {
    let world = World::sqlite();
    let (kept, gone) = (world.note("kept"), world.note("a private matter"));
    world
        .node
        .publish_all(vec![kept, gone.clone()])
        .expect("published");
    let backup = world.folder.path().join("backup");
    world.node.backup(&backup, true).expect("backed up");
    let tombstone = Tombstone::of_thing(gone.thing().clone(), "a wish");
    world
        .node
        .publish_all(vec![world.tombstone(&tombstone), world.note("later")])
        .expect("published");
    let bundle = world.folder.path().join("later.bundle");
    world
        .node
        .export(&[Space::public()], &bundle)
        .expect("exported");
    let data = world.folder.path().join("restored");
    store::restore(&backup, &data).expect("restored");
    let options = store::Options {
        data,
        ..world.options.clone()
    };
    let restored = store::Node::open(options, tables).expect("opened");
    let texts = |node: &store::Node| -> Vec<String> {
        node.store()
            .read(|db| {
                db.all("SELECT text FROM notes ORDER BY text", &[], |row| {
                    row.get(0)
                })
            })
            .expect("texts")
    };
    assert_eq!(texts(&restored), ["a private matter", "kept"]);
    let taken = restored.import_withdrawals(&bundle).expect("taken");
    assert_eq!((taken.added, taken.refused.len()), (1, 0));
    assert_eq!(texts(&restored), ["kept"], "and nothing else came along");
    let bytes = restored
        .store()
        .read(|db| store::bytes_of(db, &gone.hash()))
        .expect("asked");
    assert_eq!(bytes, None, "its bytes are gone");
    let again = restored.import_withdrawals(&bundle).expect("taken");
    assert_eq!((again.added, again.unchanged), (0, 1));
}
