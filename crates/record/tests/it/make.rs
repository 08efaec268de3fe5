//! Keys and records for tests. The golden files are made of them, so what is here stays.

use record::{Draft, Hash, Record, RecordId, SecretKey, Signing, Space, Timestamp};
use serde_json::{Map, Value, json};

/// A key for each number; never for use outside tests.
pub fn key(number: u8) -> SecretKey {
    SecretKey::from_bytes([number; 32])
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// What chance would add, for each number.
pub fn signing(number: u8) -> Signing {
    Signing::new(at("2026-11-22T10:00:00Z"), [number; 26])
}

/// An article by the key 1, at home in the commons of the key 2.
pub fn article() -> Draft {
    Draft {
        kind: "article".to_owned(),
        type_name: "Article".to_owned(),
        version: 1,
        commons: key(2).did(),
        space: Space::public(),
        thing: None,
        replaces: Vec::new(),
        published: at("2026-11-22T10:00:00Z"),
        body: object(json!({
            "name": "Secado solar de alimentos",
            "content": "Tres días al sol.\n\nDe \"80 %\" a 12 % \\ \u{1f31e}",
            "mediaType": "text/markdown",
            "language": "es",
            "licence": "CC-BY-SA-4.0",
            "provenance": "written",
            "location": {"type": "Place", "latitude": -0.220_164, "longitude": -78.512_327},
            "tag": ["secado", "solar", true, null, 0, -1, 1.5e-7],
        })),
    }
}

/// A revision of `thing` that replaces `old`.
pub fn revision(thing: &RecordId, old: &[Hash]) -> Draft {
    Draft {
        thing: Some(thing.clone()),
        replaces: old.to_vec(),
        ..article()
    }
}

pub fn signed(draft: Draft) -> Record {
    draft.sign(&key(1), signing(1)).unwrap()
}

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}
