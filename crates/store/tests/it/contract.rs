use crate::world::{World, tables};
use record::Tombstone;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Outcome, StoreError, Viewer, params};

fn rule(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused(refusal) => refusal.rule,
        Outcome::Accepted(_) => "accepted",
        Outcome::Known(_) => "known",
    }
}

#[test]
fn a_record_is_accepted_once_and_known_afterwards() {
    World::each(|world| {
        let note = world.note("hello");
        let outcomes = world
            .node
            .publish_all(vec![note.clone(), note.clone()])
            .expect("published");
        assert_eq!(rule(&outcomes[0]), "accepted");
        assert_eq!(rule(&outcomes[1]), "known");
        assert_eq!(
            rule(&world.node.publish_all(vec![note]).expect("published")[0]),
            "known"
        );
        assert_eq!(world.texts(), ["hello"]);
    });
}

#[test]
fn a_refusal_stops_only_its_own_record() {
    World::each(|world| {
        let batch = vec![world.note("one"), world.note(""), world.note("two")];
        let outcomes = world.node.publish_all(batch).expect("published");
        let rules: Vec<&str> = outcomes.iter().map(rule).collect();
        assert_eq!(rules, ["accepted", "empty", "accepted"]);
        let numbers: Vec<i64> = outcomes
            .iter()
            .filter_map(|o| {
                if let Outcome::Accepted(a) = o {
                    Some(a.seq)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(numbers, [1, 2], "a refused record takes no number");
    });
}

#[test]
fn numbers_have_no_gaps_when_many_publish_at_once() {
    World::each(|world| {
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for n in 0..25 {
                        let note = world.note(&format!("{thread}-{n}"));
                        assert_eq!(
                            rule(&world.node.publish_all(vec![note]).expect("published")[0]),
                            "accepted"
                        );
                    }
                });
            }
        });
        let (count, last) = world
            .node
            .store()
            .read(|db| {
                Ok::<_, StoreError>((
                    db.number("SELECT COUNT(*) FROM log", params![])?,
                    db.number("SELECT MAX(seq) FROM log", params![])?,
                ))
            })
            .expect("numbers");
        assert_eq!((count, last), (200, 200));
    });
}

#[test]
fn a_unit_that_fails_undoes_only_itself() {
    World::each(|world| {
        let store = world.node.store().clone();
        let failed: Result<(), StoreError> = store.write(|db| {
            db.execute(
                "INSERT INTO settings (name, value) VALUES ($1, $2)",
                params!["a", "1"],
            )?;
            Err(StoreError::Stopped)
        });
        assert!(failed.is_err());
        store
            .write(|db| {
                db.execute(
                    "INSERT INTO settings (name, value) VALUES ($2, $1)",
                    params!["2", "b"],
                )
            })
            .expect("written");
        let found: Vec<(String, String)> = store
            .read(|db| {
                db.all("SELECT name, value FROM settings", &[], |row| {
                    Ok::<_, StoreError>((row.get(0)?, row.get(1)?))
                })
            })
            .expect("read");
        assert_eq!(found, [("b".to_owned(), "2".to_owned())]);
    });
}

#[test]
fn a_tombstone_takes_the_bytes_and_keeps_the_place() {
    World::each(|world| {
        let first = world.note("first");
        let second = world.revision("second", &first);
        let other = world.note("other");
        world
            .node
            .publish_all(vec![first.clone(), second.clone(), other.clone()])
            .expect("published");
        let grave = world.tombstone(&Tombstone::of_record(
            second.hash(),
            first.id().clone(),
            "a name in it",
        ));
        let thing = world.tombstone(&Tombstone::of_thing(other.id().clone(), "asked to"));
        let outcomes = world
            .node
            .publish_all(vec![grave, thing])
            .expect("published");
        assert!(
            outcomes.iter().all(|o| rule(o) == "accepted"),
            "{outcomes:?}"
        );
        let kept = world
            .node
            .store()
            .read(|db| db.number("SELECT COUNT(*) FROM log WHERE body IS NULL", params![]))
            .expect("count");
        assert_eq!(kept, 2);
        assert_eq!(world.texts(), ["first"]);
        let again = world
            .node
            .publish_all(vec![world.revision("third", &other)])
            .expect("published");
        assert_eq!(rule(&again[0]), "withdrawn");
        let checked = world.node.check(tables).expect("checked");
        assert_eq!(checked.differences, Vec::<String>::new());
    });
}

#[test]
fn only_the_author_or_the_commons_may_withdraw() {
    World::each(|world| {
        let note = world.note("mine");
        world
            .node
            .publish_all(vec![note.clone()])
            .expect("published");
        let stranger = record::SecretKey::from_bytes([7; 32]);
        let draft = Tombstone::of_thing(note.id().clone(), "").draft(
            world.node.keys().commons_did(),
            record::Space::public(),
            note.published(),
        );
        let forged = world.node.sign(draft, &stranger).expect("signed");
        assert_eq!(
            rule(&world.node.publish_all(vec![forged]).expect("published")[0]),
            "not_yours"
        );
        assert_eq!(world.texts(), ["mine"]);
    });
}

#[test]
fn a_rebuild_gives_the_same_tables_and_check_finds_what_was_tampered_with() {
    World::each(|world| {
        let first = world.note("first");
        let second = world.revision("second", &first);
        world
            .node
            .publish_all(vec![first, second, world.note("x")])
            .expect("published");
        let before = world.node.check(tables).expect("checked");
        assert!(before.differences.is_empty());
        assert_eq!(world.node.rebuild().expect("rebuilt"), 3);
        assert_eq!(
            world.node.check(tables).expect("checked").digests,
            before.digests
        );
        world
            .node
            .store()
            .write(|db| db.execute("UPDATE notes SET text = 'forged' WHERE text = 'x'", &[]))
            .expect("tampered");
        let after = world.node.check(tables).expect("checked");
        assert_eq!(
            after.differences,
            ["table notes differs from a replay of the log"]
        );
        world.node.rebuild().expect("rebuilt");
        assert_eq!(world.texts(), ["second", "x"]);
    });
}

#[test]
fn a_damaged_record_is_named() {
    World::each(|world| {
        world
            .node
            .publish_all(vec![world.note("one"), world.note("two")])
            .expect("published");
        world
            .node
            .store()
            .write(|db| {
                db.execute(
                    "UPDATE log SET hash = $1 WHERE seq = 2",
                    params![&[9_u8; 32]],
                )
            })
            .expect("damaged");
        let found = world.node.check(tables).expect("checked").differences;
        assert!(
            found
                .iter()
                .any(|d| d.contains("record 2 of space public has another hash")),
            "{found:?}"
        );
        // Nothing is made of it: the tables stay, and no bundle carries it on.
        let rebuilt = world.node.rebuild().expect_err("it is damaged").to_string();
        assert!(rebuilt.contains("record 2 of space public"), "{rebuilt}");
        assert_eq!(world.texts(), ["one", "two"]);
        let bundle = world.folder.path().join("all.bundle");
        let exported = world.node.export(&[record::Space::public()], &bundle);
        let exported = exported.expect_err("it is damaged").to_string();
        assert!(exported.contains("record 2 of space public"), "{exported}");
        assert!(!bundle.exists());
    });
}

#[test]
fn a_viewer_sees_only_its_spaces() {
    World::each(|world| {
        let mut hidden = world.draft("hidden", None);
        hidden.space = record::Space::parse("circle").expect("a space");
        let hidden = world
            .node
            .sign(hidden, world.node.keys().commons())
            .expect("signed");
        world
            .node
            .publish_all(vec![hidden, world.note("open")])
            .expect("published");
        let count = |viewer: &Viewer| {
            let sql = format!(
                "SELECT COUNT(*) FROM things t WHERE {}",
                viewer.sql("t.space")
            );
            world
                .node
                .store()
                .read(|db| db.number(&sql, &[]))
                .expect("count")
        };
        assert_eq!(count(&Viewer::public()), 1);
        assert_eq!(count(&Viewer::of(vec![])), 0);
        let both = Viewer::of(vec![
            record::Space::public(),
            record::Space::parse("circle").expect("a space"),
        ]);
        assert_eq!(count(&both), 2);
    });
}

#[test]
fn a_kind_that_is_not_known_is_kept_untouched() {
    World::each(|world| {
        let mut draft = world.draft("from the future", None);
        draft.type_name = "Hologram".into();
        let record = world
            .node
            .sign(draft, world.node.keys().commons())
            .expect("signed");
        assert_eq!(
            rule(
                &world
                    .node
                    .publish_all(vec![record.clone()])
                    .expect("published")[0]
            ),
            "accepted"
        );
        let bytes = world
            .node
            .store()
            .read(|db| store::bytes_of(db, &record.hash()))
            .expect("read");
        assert_eq!(bytes.as_deref(), Some(record.bytes()));
        assert!(
            world
                .node
                .check(tables)
                .expect("checked")
                .differences
                .is_empty()
        );
    });
}

#[test]
fn a_second_process_sees_what_the_first_wrote() {
    World::each(|world| {
        let other = store::Node::open(world.options.clone(), tables).expect("opened beside");
        assert_eq!(other.keys().commons_did(), world.node.keys().commons_did());
        world
            .node
            .publish_all(vec![world.note("shared")])
            .expect("published");
        let seen = other
            .store()
            .read(|db| db.number("SELECT COUNT(*) FROM notes", &[]))
            .expect("read");
        assert_eq!(seen, 1);
    });
}

#[test]
fn checkpoints_cover_the_log_and_grow_from_a_saved_state() {
    World::each(|world| {
        let public = record::Space::public();
        let notes: Vec<_> = (0..5).map(|n| world.note(&format!("{n}"))).collect();
        let hashes: Vec<_> = notes.iter().map(record::Record::hash).collect();
        world
            .node
            .publish_all(notes[..3].to_vec())
            .expect("published");
        let space = public.clone();
        world
            .node
            .store()
            .write(move |db| store::save_tree(db, &space))
            .expect("saved");
        world
            .node
            .publish_all(notes[3..].to_vec())
            .expect("published");
        let document = world
            .node
            .store()
            .read(|db| store::checkpoint(db, world.node.keys(), &public))
            .expect("a checkpoint");
        let checkpoint = record::Checkpoint::verify(&document).expect("verifies");
        assert_eq!(checkpoint.size, 5);
        assert_eq!(checkpoint.root, record::merkle::root(&hashes));
    });
}

#[test]
fn a_backup_is_a_node_again() {
    let world = World::sqlite();
    world
        .node
        .publish_all(vec![world.note("kept")])
        .expect("published");
    let (copy, data) = (
        world.folder.path().join("copy"),
        world.folder.path().join("again"),
    );
    world.node.backup(&copy, true).expect("backed up");
    let error = world
        .node
        .backup(&copy, true)
        .expect_err("twice into one folder");
    assert!(
        error.to_string().contains("already holds a backup"),
        "{error}"
    );
    store::restore(&copy, &data).expect("restored");
    let options = store::Options {
        seal_key: None,
        bucket: None,
        data,
        database: None,
        readers: 1,
        patience: std::time::Duration::from_secs(20),
        told: |_| (),
    };
    let node = store::Node::open(options, tables).expect("opened");
    assert_eq!(node.keys().commons_did(), world.node.keys().commons_did());
    assert_eq!(
        node.check(tables).expect("checked").digests,
        world.node.check(tables).expect("checked").digests
    );
}

#[test]
fn a_file_that_is_no_database_of_ours_is_named_and_left_alone() {
    let sevens: fn(&std::path::Path) = |file| {
        std::fs::write(file, vec![7_u8; 10_000]).expect("written");
    };
    let photos: fn(&std::path::Path) = |file| {
        let connection = rusqlite::Connection::open(file).expect("a database");
        connection
            .execute_batch("CREATE TABLE photos (name TEXT); INSERT INTO photos VALUES ('sea');")
            .expect("a table");
    };
    for (make, expected) in [(sevens, "restore a backup"), (photos, "another program")] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("minga.db");
        make(&file);
        let before = std::fs::read(&file).expect("read");
        let options = store::Options {
            seal_key: None,
            bucket: None,
            data: folder.path().to_owned(),
            database: None,
            readers: 1,
            patience: std::time::Duration::from_secs(20),
            told: |_| (),
        };
        let error = match store::Node::open(options, tables) {
            Ok(_) => panic!("opened it"),
            Err(error) => error.to_string(),
        };
        assert!(
            error.contains("minga.db") && error.contains(expected),
            "{error}"
        );
        assert_eq!(std::fs::read(&file).expect("read"), before);
        assert!(!folder.path().join("keys").exists(), "it got no keys");
    }
}

#[test]
fn what_is_asked_in_the_outbox_stays_until_it_is_done() {
    World::each(|world| {
        let store = world.node.store();
        let note = world.note("kept");
        world
            .node
            .publish_with(vec![note], |db| {
                store::outbox::ask(db, "tell", "b")?;
                store::outbox::ask(db, "tell", "a")?;
                store::outbox::ask(db, "tell", "a")?;
                store::outbox::ask(db, "other", "c")
            })
            .expect("published");
        let lost = world.node.publish_with(vec![world.note("lost")], |db| {
            store::outbox::ask(db, "tell", "z")?;
            Err(StoreError::Stopped)
        });
        assert!(lost.is_err());
        let asked = || {
            store
                .read(|db| store::outbox::asked(db, "tell", 9))
                .expect("asked")
        };
        assert_eq!(
            asked(),
            ["a", "b"],
            "nothing for a record that was not kept"
        );
        store
            .write(|db| store::outbox::done(db, "tell", &["a".to_owned()]))
            .expect("done");
        assert_eq!(asked(), ["b"]);
    });
}

/// Notes as a later version has them: their derived table was made anew.
struct NotesTwo;

impl store::Tables for NotesTwo {
    fn name(&self) -> &'static str {
        crate::world::Notes.name()
    }
    fn migrations(&self) -> &'static [store::Migration] {
        const STEPS: &[store::Migration] = &[
            store::Migration::tables(""),
            store::Migration::replayed(
                "DROP TABLE notes;
                 CREATE TABLE notes (text TEXT NOT NULL, hash BYTEA NOT NULL, id TEXT NOT NULL PRIMARY KEY)",
            ),
        ];
        STEPS
    }
    fn derived(&self) -> &'static [&'static str] {
        crate::world::Notes.derived()
    }
    fn types(&self) -> &'static [&'static str] {
        crate::world::Notes.types()
    }
    fn prepare(&self, record: &record::Record) -> Option<Box<dyn std::any::Any + Send>> {
        crate::world::Notes.prepare(record)
    }
    fn check(
        &self,
        db: &store::Db<'_>,
        judged: &store::Judged<'_>,
    ) -> Result<Result<(), store::Refusal>, StoreError> {
        crate::world::Notes.check(db, judged)
    }
    fn apply(&self, db: &store::Db<'_>, applied: &store::Applied<'_>) -> Result<(), StoreError> {
        crate::world::Notes.apply(db, applied)
    }
    fn records_of(
        &self,
        db: &store::Db<'_>,
        thing: &record::RecordId,
    ) -> Result<Vec<record::Hash>, StoreError> {
        crate::world::Notes.records_of(db, thing)
    }
    fn blobs(&self, db: &store::Db<'_>) -> Result<Vec<String>, StoreError> {
        crate::world::Notes.blobs(db)
    }
    fn withdraw(&self, db: &store::Db<'_>, withdrawn: &store::Withdrawn) -> Result<(), StoreError> {
        crate::world::Notes.withdraw(db, withdrawn)
    }
}

#[test]
fn a_later_version_replays_the_log_into_the_tables_that_it_made_anew() {
    World::each(|world| {
        let first = world.note("first");
        let gone = world.note("gone");
        let revised = world.revision("second", &first);
        world
            .node
            .publish_all(vec![first, gone.clone(), revised])
            .expect("published");
        let tombstone = world.tombstone(&Tombstone::of_thing(gone.thing().clone(), "a wish"));
        world.node.publish_all(vec![tombstone]).expect("published");
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        let before = TOLD.load(Ordering::SeqCst);
        let options = store::Options {
            told: |text| {
                assert!(text.contains("4 records"), "{text}");
                TOLD.fetch_add(1, Ordering::SeqCst);
            },
            ..world.options.clone()
        };
        let later =
            store::Node::open(options, || vec![Box::new(NotesTwo)]).expect("the later version");
        assert_eq!(TOLD.load(Ordering::SeqCst), before + 1, "it takes long");
        let texts: Vec<String> = later
            .store()
            .read(|db| {
                db.all("SELECT text FROM notes ORDER BY text", &[], |row| {
                    row.get(0)
                })
            })
            .expect("texts");
        assert_eq!(texts, ["second"]);
        let older = store::Node::open(world.options.clone(), tables);
        assert!(
            matches!(older, Err(StoreError::TooNew { .. })),
            "an older version does not touch it"
        );
    });
}
