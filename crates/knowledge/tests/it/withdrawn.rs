//! What is withdrawn leaves no trace but that it was there, whatever happened since.

use crate::prop_tables::agree;
use crate::world::{World, plain, tables};
use knowledge::Kind;
use record::{Hash, RecordId, Space, Tombstone};
use std::path::{Path, PathBuf};
use store::Outcome;

/// A page that is written and changed: its id and its revisions.
struct Written {
    id: RecordId,
    hashes: Vec<Hash>,
}

/// Returns the files below a folder that hold some bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else {
            let all = std::fs::read(&path).expect("read");
            if all.windows(bytes.len()).any(|part| part == bytes) {
                found.push(path);
            }
        }
    }
    found
}

fn publish(world: &World, draft: record::Draft) -> (Outcome, RecordId, Hash) {
    let node = world.node();
    let record = node.sign(draft, node.keys().commons()).expect("signed");
    let outcome = node.publish_all(vec![record.clone()]).expect("published");
    let outcome = outcome.into_iter().next().expect("an outcome");
    (outcome, record.thing().clone(), record.hash())
}

fn write(world: &World, title: &str, text: &str) -> Written {
    let commons = world.node().keys().commons_did();
    let draft = plain(Kind::Article, title, text).draft(
        commons,
        Space::public(),
        store::Node::now(),
        None,
        Vec::new(),
    );
    let (outcome, id, hash) = publish(world, draft);
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    Written {
        id,
        hashes: vec![hash],
    }
}

impl Written {
    fn change(&mut self, world: &World, title: &str, text: &str) {
        let commons = world.node().keys().commons_did();
        let last = *self.hashes.last().expect("a revision");
        let draft = plain(Kind::Article, title, text).draft(
            commons,
            Space::public(),
            store::Node::now(),
            Some(self.id.clone()),
            vec![last],
        );
        let (outcome, _, hash) = publish(world, draft);
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        self.hashes.push(hash);
    }

    fn withdraw(&self, world: &World, revision: usize) {
        let outcome = withdraw(world, self.hashes[revision], &self.id);
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
}

fn withdraw(world: &World, hash: Hash, thing: &RecordId) -> Outcome {
    let commons = world.node().keys().commons_did();
    let tombstone = Tombstone::of_record(hash, thing.clone(), "a name stood in it");
    publish(
        world,
        tombstone.draft(commons, Space::public(), store::Node::now()),
    )
    .0
}

#[test]
fn withdrawing_a_revision_in_between_leaves_the_last_one_shown() {
    let world = World::new();
    let mut page = write(&world, "Dryer", "first words");
    page.change(&world, "Dryer", "vandalised words");
    page.change(&world, "Dryer", "mended words");
    page.withdraw(&world, 1);
    world.follow();
    let answer = world.get("/articles/Dryer");
    assert!(answer.body.contains("mended words"), "{}", answer.body);
    assert!(!world.get("/care/conflicts").body.contains("Dryer"));
    let history = world.get("/history/Dryer").body;
    assert!(history.contains("ithdrawn"), "{history}");
    agree(&world);
}

#[test]
fn a_page_whose_title_went_to_another_stands_aside_until_it_is_free() {
    let world = World::new();
    let mut old = write(&world, "Mill", "the old mill");
    old.change(&world, "Windmill of spite", "the old mill, spited");
    let mut new = write(&world, "Mill", "the new mill");
    old.withdraw(&world, 1);
    world.follow();
    agree(&world);
    assert!(world.get("/articles/Mill").body.contains("the new mill"));
    let care = world.get("/care/titles").body;
    let short = old.id.short();
    let aside = format!(
        "Mill ({})",
        short[..4]
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
    );
    assert!(care.contains(&aside), "{care}");
    let path = format!("/articles/{}", aside.replace(' ', "_"));
    assert!(world.get(&path).body.contains("the old mill"));
    let found = world.ask("/search?q=mill", "en", "application/json").body;
    assert!(
        found.contains(&aside) && !found.contains("spite"),
        "{found}"
    );

    new.change(&world, "Steel mill", "the new mill, renamed");
    world.follow();
    agree(&world);
    assert!(world.get("/articles/Mill").body.contains("the old mill"));
    assert_eq!(world.get(&path).status, 404);
    assert!(!world.get("/care/titles").body.contains(&aside));
    let found = world.ask("/search?q=mill", "en", "application/json").body;
    assert!(!found.contains(&aside), "{found}");
}

#[test]
fn a_title_that_is_free_again_is_taken_back() {
    let world = World::new();
    let mut old = write(&world, "Mill", "the old mill");
    old.change(&world, "Windmill", "the old mill, renamed");
    let mut new = write(&world, "Mill", "the new mill");
    new.change(&world, "Steel mill", "the new mill, renamed");
    old.withdraw(&world, 1);
    agree(&world);
    assert!(world.get("/articles/Mill").body.contains("the old mill"));
    // And a whole page that leaves gives its title on as well.
    let mut third = write(&world, "Loom", "a loom");
    third.change(&world, "Loom of spite", "a loom");
    let fourth = write(&world, "Loom", "another loom");
    third.withdraw(&world, 1);
    let commons = world.node().keys().commons_did();
    let tombstone = Tombstone::of_thing(fourth.id, "a wish");
    publish(
        &world,
        tombstone.draft(commons, Space::public(), store::Node::now()),
    );
    agree(&world);
    assert!(world.get("/articles/Loom").body.contains("a loom"));
}

#[test]
fn a_tombstone_names_the_thing_that_its_record_is_of() {
    let world = World::new();
    let mut page = write(&world, "Dryer", "first words");
    page.change(&world, "Dryer", "second words");
    let other = write(&world, "Oven", "hot");
    match withdraw(&world, page.hashes[1], &other.id) {
        Outcome::Refused(refusal) => assert_eq!(refusal.rule, "tombstone_thing"),
        other => panic!("{other:?}"),
    }
    assert!(world.get("/articles/Dryer").body.contains("second words"));
}

#[test]
fn a_bundle_comes_in_whole_though_its_first_revisions_were_withdrawn() {
    let world = World::new();
    let mut page = write(&world, "Dryer", "first words");
    page.change(&world, "Dryer", "second words");
    page.withdraw(&world, 0);
    let file = world.folder().join("all.bundle");
    world
        .node()
        .export(&[Space::public()], &file)
        .expect("exported");
    let other = World::new();
    let taken = other.node().import_bundle(&file, |_| ()).expect("taken in");
    assert!(taken.refused.is_empty(), "{:?}", taken.refused);
    assert!(other.get("/articles/Dryer").body.contains("second words"));
    agree(&other);
    let digests = |world: &World| world.node().check(tables).expect("checked").digests;
    assert_eq!(digests(&world), digests(&other));
}

#[test]
fn nothing_of_a_withdrawn_text_or_file_is_left_on_the_disk() {
    const NAME: &[u8] = b"qwxzvolcano";
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n of a face";
    // In the title, in the text, in a theme and a link, and in a file.
    let story = |withdraw: bool| {
        let world = World::new();
        let mut file = plain(Kind::File, "Face.png", "qwxzvolcano smiles");
        let (sha256, length) = world.node().blobs().put(&mut &*PICTURE).expect("kept");
        file.attachment = Some(knowledge::Attachment {
            sha256: sha256.to_string(),
            media_type: "image/png".to_owned(),
            length,
            width: 1,
            height: 1,
        });
        let commons = world.node().keys().commons_did();
        let now = store::Node::now();
        let draft = file.draft(commons.clone(), Space::public(), now, None, Vec::new());
        let (_, picture, _) = publish(&world, draft);
        let mut page = write(&world, "Dryer", "first words");
        page.change(
            &world,
            "Dryer of qwxzvolcano",
            "by qwxzvolcano, [[qwxzvolcano]] [[Category:qwxzvolcano]]",
        );
        for other in 0..20 {
            write(&world, &format!("Loom {other}"), "another text");
        }
        world.follow();
        assert_eq!(world.get("/files/Face.png").status, 200);
        assert_eq!(world.get(&format!("/blobs/{sha256}")).status, 200);
        if withdraw {
            page.withdraw(&world, 1);
            let tombstone = Tombstone::of_thing(picture, "a wish");
            publish(&world, tombstone.draft(commons, Space::public(), now));
            world.follow();
            assert_eq!(world.get(&format!("/blobs/{sha256}")).status, 404);
            assert!(world.get("/articles/Dryer").body.contains("first words"));
            agree(&world);
            // The index packs its words: what it removed only in name, its list of segments tells.
            let segments = world
                .folder()
                .join("index")
                .join("public")
                .join("meta.json");
            let segments = std::fs::read_to_string(segments).expect("read");
            assert!(!segments.contains("num_deleted_docs"), "{segments}");
        }
        let folder = world.close();
        let left = |bytes| -> Vec<String> {
            let found = holding(folder.path(), bytes);
            let names = found.iter().map(|path| path.display().to_string());
            names.collect()
        };
        (left(NAME), left(PICTURE))
    };
    let (names, pictures) = story(false);
    assert!(
        names.iter().any(|path| path.ends_with("minga.db")),
        "{names:?}"
    );
    assert_eq!(pictures.len(), 1, "{pictures:?}");
    let (names, pictures) = story(true);
    assert!(
        names.is_empty() && pictures.is_empty(),
        "{names:?} {pictures:?}"
    );
}

#[test]
fn what_was_withdrawn_does_not_come_in_again_with_the_next_dump() {
    let world = World::new();
    let first = [
        ("Person", 0, "all about one person"),
        ("Dryer", 0, "a dryer, by one person"),
        ("Loom", 0, "a loom"),
    ];
    assert_eq!(world.import(&first, None).added, 3);
    let record = |title: &str| -> (RecordId, Hash) {
        let body = world
            .ask(
                &format!("/api/v1/articles/{title}"),
                "en",
                "application/json",
            )
            .body;
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let text = |name: &str| body[name].as_str().expect("text").to_owned();
        (
            RecordId::parse(&text("id")).expect("an id"),
            Hash::parse(&text("revision")).expect("a hash"),
        )
    };
    let commons = world.node().keys().commons_did();
    let (person, _) = record("Person");
    let tombstone = Tombstone::of_thing(person, "a wish");
    publish(
        &world,
        tombstone.draft(commons, Space::public(), store::Node::now()),
    );
    let (dryer, text) = record("Dryer");
    withdraw(&world, text, &dryer);
    for _ in 0..2 {
        let report = world.import(&first, None);
        assert_eq!((report.added, report.unchanged, report.refused), (0, 1, 2));
        let told = report.problems.iter().filter(|p| p.code == "withdrawn");
        assert_eq!(told.count(), 2, "{:?}", report.problems);
        assert_eq!(world.get("/articles/Person").status, 410);
        assert_eq!(world.get("/articles/Dryer").status, 410);
        // What a replay makes does not forget it.
        world.node().rebuild().expect("rebuilt");
    }
    let later = [
        ("Person", 0, "all about that person, again"),
        ("Dryer", 0, "a dryer"),
        ("Loom", 0, "a loom"),
    ];
    let report = world.import(&later, None);
    assert_eq!((report.added, report.unchanged, report.refused), (1, 1, 1));
    assert!(world.get("/articles/Dryer").body.contains("a dryer"));
    agree(&world);
}
