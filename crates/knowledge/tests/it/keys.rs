//! Keys, and what is taken for said with them.

use crate::world::{World, stories};
use people::{Act, Decision, Profile, accounts};
use record::{Draft, Record, SecretKey, Signing, Timestamp};
use store::{Node, Outcome};

stories! {
    what_a_persons_record_says_beside_is_no_decision,
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_bytes([seed; 32])
}

fn signing(at: Timestamp) -> Signing {
    Signing::new(at, people::secrets::random().expect("chance"))
}

fn sign(draft: Draft, key: &SecretKey) -> Record {
    draft.sign(key, signing(Node::now())).expect("signed")
}

/// Publishes a record, and returns the rule that refused it, `known`, or nothing.
fn published(world: &World, record: &Record) -> String {
    let outcome = world.node().publish_all(vec![record.clone()]);
    match outcome.expect("written").pop().expect("an outcome") {
        Outcome::Accepted(_) => String::new(),
        Outcome::Known(_) => "known".to_owned(),
        Outcome::Refused(refusal) => refusal.rule.to_owned(),
    }
}

fn person(world: &World, handle: &str, name: &str, at: Timestamp) -> Draft {
    let profile = Profile {
        handle: handle.to_owned(),
        name: name.to_owned(),
        ..Profile::default()
    };
    profile.draft(world.node().keys().commons_did(), at, None, Vec::new())
}

/// Lets somebody in who keeps their key themselves.
fn own_key(world: &World, key: &SecretKey, handle: &str) {
    let handle = people::Handle::parse(handle).expect("a handle");
    let name = people::PersonName::parse(handle.as_str()).expect("a name");
    accounts::let_join_with_key(world.node(), handle, &name, key.did()).expect("an account");
}

fn what_a_persons_record_says_beside_is_no_decision(make: fn() -> World) {
    let world = make();
    let _ana = world.member("Ana Paz");
    let nina = key(21);
    own_key(&world, &nina, "nina");
    let mut draft = person(&world, "nina", "nina", Node::now());
    let did = nina.did().to_string();
    for (name, value) in [
        ("act", "appoint"),
        ("about", did.as_str()),
        ("reason", "me"),
    ] {
        draft.body.insert(name.to_owned(), value.into());
    }
    draft.body.insert("key".to_owned(), did.as_str().into());
    assert_eq!(published(&world, &sign(draft, &nina)), "");
    let commons = world.node().keys().commons_did();
    let standing = world
        .node()
        .store()
        .read(|db| people::standing(db, &commons, &nina.did()))
        .expect("read");
    assert!(standing.member && !standing.steward);
    // Nor does a decision hide under another kind, to be withdrawn one day.
    let decision = Decision {
        act: Act::Dismiss,
        about: did,
        reason: "x".to_owned(),
    };
    let mut draft = decision.draft(commons, Node::now());
    draft.kind = "note".to_owned();
    assert_eq!(published(&world, &sign(draft, &nina)), "other_kind");
    world.assert_rebuilt();
}
