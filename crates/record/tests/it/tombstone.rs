//! Tombstones go through a record and come back.

use record::{Space, Tombstone, VerifyCode};
use serde_json::json;

use crate::make::{article, at, key, revision, signed, signing};

#[test]
fn a_tombstone_names_a_record_or_a_thing() {
    let first = signed(article());
    let second = revision(first.id(), &[first.hash()])
        .sign(&key(1), signing(2))
        .unwrap();
    let draft =
        |stone: &Tombstone| stone.draft(key(2).did(), Space::public(), at("2026-11-23T00:00:00Z"));

    let one = Tombstone::of_record(second.hash(), first.id().clone(), "sin permiso");
    let record = signed(draft(&one));
    assert_eq!(
        record.thing(),
        first.id(),
        "so that the thing's history shows it"
    );
    assert_eq!(Tombstone::of(&record), Ok(one.clone()));
    assert!(one.withdraws(&second) && !one.withdraws(&first));

    let all = Tombstone::of_thing(first.id().clone(), "");
    let record = signed(draft(&all));
    assert!(record.is_first() && record.get("reason").is_none());
    assert_eq!(Tombstone::of(&record), Ok(all.clone()));
    assert!(all.withdraws(&second) && all.withdraws(&first) && !all.withdraws(&record));
}

#[test]
fn what_does_not_say_what_it_withdraws_is_no_tombstone() {
    let first = signed(article());
    let good = Tombstone::of_thing(first.id().clone(), "why").draft(
        key(2).did(),
        Space::public(),
        at("2026-11-23T00:00:00Z"),
    );
    let told = |change: &dyn Fn(&mut record::Draft)| {
        let mut draft = good.clone();
        change(&mut draft);
        Tombstone::of(&signed(draft))
            .err()
            .map(|refused| refused.code)
    };
    assert_eq!(told(&|_| {}), None);
    let malformed = Some(VerifyCode::MalformedTombstone);
    assert_eq!(
        told(&|draft| draft.type_name = "Article".to_owned()),
        malformed
    );
    assert_eq!(told(&|draft| draft.kind = "article".to_owned()), malformed);
    assert_eq!(told(&|draft| draft.version = 2), malformed);
    assert_eq!(told(&|draft| drop(draft.body.remove("object"))), malformed);
    assert_eq!(
        told(&|draft| draft.body["object"] = json!("sha256:00")),
        malformed
    );
    assert_eq!(
        told(&|draft| draft.body["reason"] = json!(["a"])),
        malformed
    );
}
