//! Records of every version ever released verify for ever, byte for byte.
//!
//! `tests/data/records/` holds them, and in `index.txt` what each of them says. A new version adds
//! files; no file is ever changed.

use std::fmt::Write;
use std::path::PathBuf;

use record::{
    Checkpoint, Delegation, Hash, Record, Scope, Space, Tombstone, canonical, parse_strict,
};

use crate::make::{article, at, key, revision, signed, signing};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/records")
}

/// One line a file: its name, and what it says.
fn index() -> String {
    let mut names: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    let mut index = String::new();
    for name in names {
        let bytes = std::fs::read(folder().join(&name)).unwrap();
        if name.contains("checkpoint") {
            let checkpoint = Checkpoint::verify(&parse_strict(&bytes).unwrap()).unwrap();
            writeln!(index, "{name} {} {}", checkpoint.size, checkpoint.root).unwrap();
            continue;
        }
        let record = Record::verify(&bytes, Some(at("2026-12-01T00:00:00Z"))).unwrap();
        assert_eq!(Record::trusted(&bytes).unwrap(), record, "{name}");
        assert_eq!(record.bytes(), bytes, "{name}");
        writeln!(
            index,
            "{name} {} {} {} {}\n    {}\n    thing {}\n    author {} signer {}\n    {} replaces {:?} body {}",
            record.hash(),
            record.type_name(),
            record.version(),
            record.published(),
            record.id(),
            record.thing(),
            record.author(),
            record.signer(),
            record.space(),
            record.replaces(),
            record.body().len(),
        )
        .unwrap();
    }
    index
}

#[test]
fn every_record_ever_released_still_says_the_same() {
    let expected = std::fs::read_to_string(folder().join("index.txt")).unwrap();
    assert_eq!(index(), expected);
}

#[test]
fn what_was_signed_then_is_signed_so_now() {
    for (name, bytes) in version_1() {
        let released = std::fs::read(folder().join(name)).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            String::from_utf8(released).unwrap(),
            "{name}"
        );
    }
}

/// The records of the first release. Never change it: add another function for another version.
fn version_1() -> Vec<(&'static str, Vec<u8>)> {
    let first = signed(article());
    let device = key(3);
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    let scope = Scope::Kinds(vec!["article".to_owned()]);
    let delegation = Delegation::sign(&key(1), &device.did(), scope, from, until).unwrap();
    let left = revision(first.id(), &[first.hash()])
        .sign(&key(1), signing(2))
        .unwrap();
    let right = revision(first.id(), &[first.hash()])
        .sign_delegated(&device, &delegation, signing(3))
        .unwrap();
    let merged = revision(first.id(), &[left.hash(), right.hash()])
        .sign(&key(2), signing(4))
        .unwrap();
    let withdrawn = |stone: Tombstone, number| {
        stone
            .draft(key(2).did(), Space::public(), at("2026-11-23T08:30:00.25Z"))
            .sign(&key(1), signing(number))
            .unwrap()
    };
    let one = withdrawn(
        Tombstone::of_record(left.hash(), first.id().clone(), "por error"),
        5,
    );
    let all = withdrawn(Tombstone::of_thing(first.id().clone(), ""), 6);
    let records: Vec<Hash> = [&first, &left, &right, &merged, &one, &all]
        .map(Record::hash)
        .to_vec();
    let checkpoint = Checkpoint {
        space: Space::public(),
        node: key(5).did(),
        size: 6,
        root: record::merkle::root(&records),
        at: at("2026-11-23T09:00:00Z"),
    };
    vec![
        ("1-first.json", first.bytes().to_vec()),
        (
            "1-first-not-canonical.json",
            serde_json::to_vec_pretty(first.body()).unwrap(),
        ),
        ("1-revision.json", left.bytes().to_vec()),
        ("1-revision-by-device.json", right.bytes().to_vec()),
        ("1-merge-by-another.json", merged.bytes().to_vec()),
        ("1-tombstone-of-record.json", one.bytes().to_vec()),
        ("1-tombstone-of-thing.json", all.bytes().to_vec()),
        (
            "1-checkpoint.json",
            canonical(&checkpoint.sign(&key(5)).unwrap()),
        ),
    ]
}

#[test]
#[ignore = "writes the golden files, once for each release"]
fn write_the_golden_files() {
    for (name, bytes) in version_1() {
        let file = folder().join(name);
        assert!(!file.exists(), "{name} was released: it never changes");
        std::fs::write(file, bytes).unwrap();
    }
    std::fs::write(folder().join("index.txt"), index()).unwrap();
}
