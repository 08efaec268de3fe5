//! Records with any body: they go out and come back, and no change to them is accepted.

use proptest::prelude::*;
use record::{Draft, ENVELOPE, Record, canonical};
use serde_json::{Map, Value};

use crate::make::{article, at, key, signed, signing};
use crate::prop_json::{text, value};

fn body() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((text(), value()), 0..6).prop_map(|members| {
        let own = |name: &String| !name.starts_with('@') && !ENVELOPE.contains(&name.as_str());
        members.into_iter().filter(|(name, _)| own(name)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_body_is_signed_and_verified(body in body()) {
        let draft = Draft { body: body.clone(), ..article() };
        let record = draft.clone().sign(&key(1), signing(1)).unwrap();
        let again = Record::verify(record.bytes(), Some(at("2026-11-22T10:00:00Z"))).unwrap();
        prop_assert_eq!(again.bytes(), record.bytes());
        prop_assert_eq!(again.hash(), record.hash());
        prop_assert_eq!(again.body(), record.body());
        prop_assert_eq!(Record::trusted(record.bytes()).unwrap().hash(), record.hash());
        for (name, value) in &body {
            prop_assert_eq!(canonical(again.get(name).unwrap()), canonical(value));
        }
        // Deterministic, and written in another way it is the same record with its own bytes.
        let same = signed(draft);
        prop_assert_eq!(same.bytes(), record.bytes());
        let pretty = serde_json::to_vec_pretty(record.body()).unwrap();
        let other = Record::verify(&pretty, None).unwrap();
        prop_assert_eq!(other.hash(), record.hash());
        prop_assert_eq!(other.bytes(), pretty);
    }

    #[test]
    fn a_changed_byte_is_refused_or_changes_nothing(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        how in 0..3,
    ) {
        let record = signed(article());
        let mut bytes = record.bytes().to_vec();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
        if let Ok(other) = Record::verify(&bytes, None) {
            prop_assert_eq!(other.hash(), record.hash());
            prop_assert_eq!(other.body(), record.body());
        }
    }
}
