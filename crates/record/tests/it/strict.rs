//! One row for each thing that the verifier refuses, with its code.

use std::collections::BTreeSet;

use record::multikey::{Codec, encode};
use record::proof::{Signature, sign_document, verify_bytes};
use record::{
    Delegation, MAX_RECORD_BYTES, Record, RecordId, Refused, Scope, Timestamp, VerifyCode,
    canonical,
};
use serde_json::{Value, json};

use crate::make::{article, at, key, object, revision, signed, signing};

const NOW: &str = "2026-12-01T00:00:00Z";

/// A good record, as the rows change it.
fn good() -> Value {
    Value::Object(signed(article()).body().clone())
}

/// A good revision.
fn later() -> Value {
    let first = signed(article());
    let draft = revision(first.id(), &[first.hash()]);
    Value::Object(draft.sign(&key(1), signing(2)).unwrap().body().clone())
}

/// A good record by a device.
fn by_device() -> Value {
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    let kinds = Scope::Kinds(vec!["article".to_owned()]);
    let delegation = Delegation::sign(&key(1), &key(3).did(), kinds, from, until).unwrap();
    let record = article()
        .sign_delegated(&key(3), &delegation, signing(1))
        .unwrap();
    Value::Object(record.body().clone())
}

fn bytes(value: &Value) -> Vec<u8> {
    canonical(value)
}

/// Changes a record and signs it again with the key `signer`: nothing but the change is wrong.
fn signed_anew(mut value: Value, signer: u8, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    change(&mut value);
    let how = Signature::at(at("2026-11-22T10:00:00Z"));
    bytes(&Value::Object(sign_document(
        object(value),
        &key(signer),
        &how,
    )))
}

/// Changes a signed record and leaves it at that.
fn changed(mut value: Value, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    change(&mut value);
    bytes(&value)
}

/// Changes the text of a good record.
fn text(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes(&good())).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn set(name: &'static str, to: impl Into<Value>) -> impl FnOnce(&mut Value) {
    let to = to.into();
    move |value| value[name] = to
}

fn without(name: &'static str) -> impl FnOnce(&mut Value) {
    move |value| drop(value.as_object_mut().unwrap().shift_remove(name))
}

fn proof(name: &'static str, to: impl Into<Value>) -> Vec<u8> {
    let to = to.into();
    changed(good(), |value| value["proof"][name] = to)
}

/// Signs a record whose proof ends, or carries anything else that `sign_document` does not make.
fn with_options(value: Value, how: &Signature<'_>) -> Vec<u8> {
    bytes(&Value::Object(sign_document(object(value), &key(1), how)))
}

/// A row: what is wrong, the bytes, and the code.
type Row = (&'static str, Vec<u8>, VerifyCode);

fn json_rows() -> Vec<Row> {
    use VerifyCode as C;
    let deep = format!("{{\"a\":{}{}", "[".repeat(64), "]".repeat(64));
    let long = vec![b' '; MAX_RECORD_BYTES + 1];
    let mut latin1 = bytes(&good());
    let place = latin1
        .windows(2)
        .position(|pair| pair == "í".as_bytes())
        .unwrap();
    latin1.splice(place..place + 2, [0xed]);
    vec![
        ("too long", long, C::TooLarge),
        ("Latin-1", latin1, C::InvalidUtf8),
        ("cut off", bytes(&good())[..500].to_vec(), C::JsonSyntax),
        (
            "two values",
            [bytes(&good()), b"{}".to_vec()].concat(),
            C::TrailingBytes,
        ),
        ("too deep", deep.into_bytes(), C::TooDeep),
        (
            "a field twice",
            text(
                "\"language\":\"es\"",
                "\"language\":\"es\",\"language\":\"es\"",
            ),
            C::DuplicateKey,
        ),
        (
            "twice, deep down",
            text("\"latitude\":", "\"latitude\":1,\"latitude\":"),
            C::DuplicateKey,
        ),
        (
            "twice, escaped",
            text(
                "\"language\":\"es\"",
                "\"language\":\"es\",\"l\\u0061nguage\":\"en\"",
            ),
            C::DuplicateKey,
        ),
        (
            "2^53 + 1",
            text("-78.512327", "9007199254740993"),
            C::IntegerOutOfRange,
        ),
        (
            "a large integer as a float",
            text("-78.512327", "1e16"),
            C::IntegerOutOfRange,
        ),
        ("infinite", text("-78.512327", "-1e999"), C::NumberNotFinite),
        ("denormal", text("-78.512327", "5e-324"), C::NumberDenormal),
        ("underflow", text("-78.512327", "1e-999"), C::NumberDenormal),
        ("half a pair", text("Tres", "\\ud83cTres"), C::LoneSurrogate),
        ("NUL", text("Tres", "\\u0000Tres"), C::NulCharacter),
        ("a list", b"[]".to_vec(), C::NotAnObject),
    ]
}

fn envelope_rows() -> Vec<Row> {
    use VerifyCode as C;
    let anew = |change: Box<dyn FnOnce(&mut Value)>| signed_anew(good(), 1, change);
    let later = |change: Box<dyn FnOnce(&mut Value)>| signed_anew(later(), 1, change);
    let id = |from: &str, to: &str| {
        let changed = good()["id"].as_str().unwrap().replace(from, to);
        signed_anew(good(), 1, set("id", changed))
    };
    let uuid = signed(article()).id().uuid_str().to_owned();
    let two = [
        format!("sha256:{}", "b".repeat(64)),
        format!("sha256:{}", "a".repeat(64)),
    ];
    vec![
        (
            "no context",
            anew(Box::new(without("@context"))),
            C::WrongContext,
        ),
        (
            "another context",
            anew(Box::new(|v| {
                v["@context"][2]["name"] = "minga:content".into()
            })),
            C::WrongContext,
        ),
        (
            "context in another order",
            anew(Box::new(|v| {
                v["@context"].as_array_mut().unwrap().reverse()
            })),
            C::WrongContext,
        ),
        (
            "a keyword of JSON-LD",
            anew(Box::new(set("@id", "https://evil.example"))),
            C::ReservedName,
        ),
        ("no id", anew(Box::new(without("id"))), C::MalformedId),
        (
            "a web address as id",
            anew(Box::new(set("id", "https://server.example/1"))),
            C::MalformedId,
        ),
        (
            "id with a query",
            id(&uuid, &format!("{uuid}?a")),
            C::MalformedId,
        ),
        (
            "id with a capital",
            id(&uuid, &uuid.to_uppercase()),
            C::MalformedId,
        ),
        ("UUID of version 4", id("-7", "-4"), C::MalformedId),
        (
            "kind with a capital",
            id("/article/", "/Article/"),
            C::MalformedId,
        ),
        ("no type", anew(Box::new(without("type"))), C::MalformedType),
        (
            "two types",
            anew(Box::new(set("type", json!(["Article", "Note"])))),
            C::MalformedType,
        ),
        (
            "type in lower case",
            anew(Box::new(set("type", "article"))),
            C::MalformedType,
        ),
        (
            "no version",
            anew(Box::new(without("version"))),
            C::MalformedVersion,
        ),
        (
            "version 0",
            anew(Box::new(set("version", 0))),
            C::MalformedVersion,
        ),
        (
            "version 1.5",
            anew(Box::new(set("version", 1.5))),
            C::MalformedVersion,
        ),
        (
            "version as text",
            anew(Box::new(set("version", "1"))),
            C::MalformedVersion,
        ),
        (
            "no author",
            anew(Box::new(without("attributedTo"))),
            C::MalformedAuthor,
        ),
        (
            "an author at a web address",
            anew(Box::new(set("attributedTo", "https://server.example/a"))),
            C::MalformedAuthor,
        ),
        (
            "another author than the id's",
            anew(Box::new(set("attributedTo", key(2).did().as_str()))),
            C::AuthorNotOfId,
        ),
        (
            "no commons",
            anew(Box::new(without("commons"))),
            C::MalformedCommons,
        ),
        (
            "commons by name",
            anew(Box::new(set("commons", "quito"))),
            C::MalformedCommons,
        ),
        (
            "no space",
            anew(Box::new(without("space"))),
            C::MalformedSpace,
        ),
        (
            "a space with a blank",
            anew(Box::new(set("space", "pub lic"))),
            C::MalformedSpace,
        ),
        (
            "thing is null",
            later(Box::new(set("thing", Value::Null))),
            C::MalformedThing,
        ),
        (
            "thing by name",
            later(Box::new(set("thing", "secado"))),
            C::MalformedThing,
        ),
        (
            "thing is itself",
            anew(Box::new(|v| v["thing"] = v["id"].clone())),
            C::ThingIsItself,
        ),
        (
            "replaces nothing",
            later(Box::new(set("replaces", json!([])))),
            C::MalformedReplaces,
        ),
        (
            "replaces a text",
            later(Box::new(set("replaces", two[0].as_str()))),
            C::MalformedReplaces,
        ),
        (
            "replaces no hash",
            later(Box::new(set("replaces", json!(["sha256:ab"])))),
            C::MalformedReplaces,
        ),
        (
            "replaces out of order",
            later(Box::new(set("replaces", json!(two)))),
            C::MalformedReplaces,
        ),
        (
            "replaces one twice",
            later(Box::new(set("replaces", json!([two[0], two[0]])))),
            C::MalformedReplaces,
        ),
        (
            "replaces, but begins",
            anew(Box::new(set("replaces", json!([two[0]])))),
            C::ReplacesWithoutThing,
        ),
        (
            "no moment",
            anew(Box::new(without("published"))),
            C::MalformedPublished,
        ),
        (
            "moment with an offset",
            anew(Box::new(set("published", "2026-11-22T10:00:00+00:00"))),
            C::MalformedPublished,
        ),
        (
            "moment with needless zeros",
            anew(Box::new(set("published", "2026-11-22T10:00:00.0Z"))),
            C::MalformedPublished,
        ),
        (
            "no nonce",
            anew(Box::new(without("nonce"))),
            C::MalformedNonce,
        ),
        (
            "short nonce",
            anew(Box::new(set("nonce", "00"))),
            C::MalformedNonce,
        ),
        (
            "nonce in capitals",
            anew(Box::new(set("nonce", "AB".repeat(16)))),
            C::MalformedNonce,
        ),
    ]
}

fn proof_rows() -> Vec<Row> {
    use VerifyCode as C;
    let did = key(1).did();
    let value = good()["proof"]["proofValue"].as_str().unwrap().to_owned();
    let ended = Signature {
        expires: Some(at("2026-11-30T00:00:00Z")),
        ..Signature::at(at("2026-11-22T10:00:00Z"))
    };
    let weak = format!(
        "did:key:{}",
        encode(Codec::Ed25519Public, &{
            let mut identity = [0; 32];
            identity[0] = 1;
            identity
        })
    );
    let off_curve = format!(
        "did:key:{}",
        encode(Codec::Ed25519Public, &{
            let mut two = [0; 32];
            two[0] = 2;
            two
        })
    );
    let as_key = |did: &str| {
        let url = format!("{did}#{}", did.trim_start_matches("did:key:"));
        let id = good()["id"]
            .as_str()
            .unwrap()
            .replace(key(1).did().as_str(), did);
        changed(good(), |v| {
            v["proof"]["verificationMethod"] = url.into();
            v["attributedTo"] = did.into();
            v["id"] = id.into();
        })
    };
    let shuffled = changed(good(), |v| {
        v["proof"]["@context"].as_array_mut().unwrap().reverse()
    });
    let beginning = changed(good(), |v| {
        drop(v["proof"]["@context"].as_array_mut().unwrap().pop())
    });
    let no_context = changed(good(), |v| {
        drop(v["proof"].as_object_mut().unwrap().shift_remove("@context"))
    });
    let no_created = changed(good(), |v| {
        drop(v["proof"].as_object_mut().unwrap().shift_remove("created"))
    });
    let other_key = key(2).did();
    vec![
        (
            "no proof",
            changed(good(), without("proof")),
            C::ProofMissing,
        ),
        (
            "a list of proofs",
            changed(good(), |v| v["proof"] = json!([v["proof"]])),
            C::ProofNotOne,
        ),
        (
            "an older type",
            proof("type", "Ed25519Signature2020"),
            C::WrongProofType,
        ),
        (
            "another cryptosuite",
            proof("cryptosuite", "eddsa-rdfc-2022"),
            C::WrongCryptosuite,
        ),
        (
            "an older cryptosuite",
            proof("cryptosuite", "jcs-eddsa-2022"),
            C::WrongCryptosuite,
        ),
        (
            "to authenticate",
            proof("proofPurpose", "authentication"),
            C::WrongPurpose,
        ),
        ("a chain", proof("previousProof", "urn:1"), C::ProofChained),
        ("context in another order", shuffled, C::WrongProofContext),
        (
            "only the beginning of the context",
            beginning,
            C::WrongProofContext,
        ),
        ("no context in the proof", no_context, C::WrongProofContext),
        ("not created", no_created, C::MalformedCreated),
        (
            "created on a day",
            proof("created", "2026-11-22"),
            C::MalformedCreated,
        ),
        (
            "created at a number",
            proof("created", 1),
            C::MalformedCreated,
        ),
        (
            "ends someday",
            proof("expires", "someday"),
            C::MalformedExpires,
        ),
        ("ended", with_options(good(), &ended), C::ProofExpired),
        (
            "ends elsewhere",
            proof("expires", "2099-01-01T00:00:00Z"),
            C::BadSignature,
        ),
        (
            "no method",
            proof("verificationMethod", Value::Null),
            C::MalformedMethod,
        ),
        (
            "a web address as method",
            proof("verificationMethod", "https://server.example/a#k"),
            C::MalformedDid,
        ),
        (
            "another DID method",
            proof("verificationMethod", "did:web:server.example#k"),
            C::MalformedDid,
        ),
        (
            "a secret key's codec",
            proof(
                "verificationMethod",
                format!("did:key:{0}#{0}", encode(Codec::Ed25519Secret, &[1; 32])),
            ),
            C::MalformedDid,
        ),
        (
            "a short key",
            proof(
                "verificationMethod",
                format!("did:key:{0}#{0}", encode(Codec::Ed25519Public, &[1; 31])),
            ),
            C::MalformedDid,
        ),
        (
            "a key with a needless 1",
            proof("verificationMethod", did.key_url().replace(":z6", ":z16")),
            C::MalformedDid,
        ),
        (
            "no fragment",
            proof("verificationMethod", did.as_str()),
            C::FragmentNotOfDid,
        ),
        (
            "another key's fragment",
            proof(
                "verificationMethod",
                format!("{did}#{}", other_key.multikey()),
            ),
            C::FragmentNotOfDid,
        ),
        (
            "a named fragment",
            proof("verificationMethod", format!("{did}#key-1")),
            C::FragmentNotOfDid,
        ),
        (
            "no value",
            proof("proofValue", Value::Null),
            C::MalformedMultibase,
        ),
        (
            "hexadecimal",
            proof("proofValue", "f00"),
            C::MalformedMultibase,
        ),
        (
            "no z",
            proof("proofValue", value[1..].to_owned()),
            C::MalformedMultibase,
        ),
        (
            "a digit that is none",
            proof("proofValue", format!("z0{}", &value[2..])),
            C::MalformedMultibase,
        ),
        (
            "a blank at the end",
            proof("proofValue", format!("{value} ")),
            C::MalformedMultibase,
        ),
        (
            "long and no digits",
            proof("proofValue", format!("z{}", "l".repeat(200))),
            C::MalformedMultibase,
        ),
        (
            "needless 1s before",
            proof("proofValue", format!("z1{}", &value[1..])),
            C::WrongSignatureLength,
        ),
        (
            "63 bytes",
            proof(
                "proofValue",
                format!("z{}", bs58::encode([7; 63]).into_string()),
            ),
            C::WrongSignatureLength,
        ),
        (
            "65 bytes",
            proof(
                "proofValue",
                format!("z{}", bs58::encode([7; 65]).into_string()),
            ),
            C::WrongSignatureLength,
        ),
        ("nothing", proof("proofValue", "z"), C::WrongSignatureLength),
        ("a key of small order", as_key(&weak), C::WeakKey),
        ("a key off the curve", as_key(&off_curve), C::WeakKey),
        (
            "another content",
            changed(good(), set("content", "otra cosa")),
            C::BadSignature,
        ),
        (
            "one field more",
            changed(good(), set("extra", 1)),
            C::BadSignature,
        ),
        (
            "one field less",
            changed(good(), without("licence")),
            C::BadSignature,
        ),
        (
            "created at another time",
            proof("created", "2026-11-22T10:00:01Z"),
            C::BadSignature,
        ),
        ("one option more", proof("nonce", "x"), C::BadSignature),
        (
            "another's key",
            signed_anew(good(), 2, |_| {}),
            C::AuthorityNotDelegated,
        ),
    ]
}

fn delegation_rows() -> Vec<Row> {
    use VerifyCode as C;
    let anew = |change: Box<dyn FnOnce(&mut Value)>| signed_anew(by_device(), 3, change);
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    let give = |owner: u8, device: u8, scope: Scope, from: Timestamp, until: Timestamp| {
        let delegation = Delegation::sign(&key(owner), &key(device).did(), scope, from, until);
        anew(Box::new(set("delegation", delegation.unwrap().to_json())))
    };
    let early = at("2026-11-02T00:00:00Z");
    let photos = Scope::Kinds(vec!["photo".to_owned()]);
    let stretched = anew(Box::new(|v| {
        v["delegation"]["validUntil"] = "2099-01-01T00:00:00Z".into()
    }));
    let named = anew(Box::new(|v| {
        v["delegation"]["issuer"] = key(3).did().as_str().into()
    }));
    vec![
        (
            "no delegation",
            anew(Box::new(without("delegation"))),
            C::AuthorityNotDelegated,
        ),
        (
            "a text",
            anew(Box::new(set("delegation", "yes"))),
            C::MalformedDelegation,
        ),
        (
            "no kinds",
            anew(Box::new(|v| v["delegation"]["kinds"] = json!([]))),
            C::MalformedDelegation,
        ),
        (
            "no device",
            anew(Box::new(|v| v["delegation"]["device"] = Value::Null)),
            C::MalformedDelegation,
        ),
        ("longer than given", stretched, C::DelegationUnproven),
        ("in another's name", named, C::DelegationUnproven),
        (
            "by another",
            give(2, 3, Scope::Every, from, until),
            C::DelegationByOther,
        ),
        (
            "by itself",
            give(3, 3, Scope::Every, from, until),
            C::DelegationByOther,
        ),
        (
            "for another",
            give(1, 4, Scope::Every, from, until),
            C::DelegationForOther,
        ),
        (
            "for photos",
            give(1, 3, photos, from, until),
            C::DelegationOtherKind,
        ),
        (
            "not yet",
            give(1, 3, Scope::Every, at("2026-12-02T00:00:00Z"), until),
            C::DelegationNotYetValid,
        ),
        (
            "ended",
            give(1, 3, Scope::Every, from, early),
            C::DelegationExpired,
        ),
        (
            "unused",
            signed_anew(by_device(), 1, |_| {}),
            C::DelegationForOther,
        ),
    ]
}

fn code<T>(result: Result<T, Refused>) -> Option<VerifyCode> {
    result.err().map(|refused| refused.code)
}

#[test]
fn good_records_are_verified() {
    for good in [good(), later(), by_device()] {
        assert_eq!(code(Record::verify(&bytes(&good), Some(at(NOW)))), None);
        assert_eq!(code(verify_bytes(&bytes(&good), Some(at(NOW)))), None);
    }
}

#[test]
fn each_thing_that_is_refused_has_its_code() {
    let mut seen = BTreeSet::new();
    for (what, bytes, expected) in [
        json_rows(),
        envelope_rows(),
        proof_rows(),
        delegation_rows(),
    ]
    .concat()
    {
        let told = code(Record::verify(&bytes, Some(at(NOW))));
        assert_eq!(told, Some(expected), "{what}");
        seen.insert(expected);
    }
    // These come from other doors than that of records; their tests are beside them.
    seen.extend([
        VerifyCode::MethodUnresolved,
        VerifyCode::AuthorityUnproven,
        VerifyCode::MalformedTombstone,
        VerifyCode::MalformedCheckpoint,
        VerifyCode::BadMerkleProof,
    ]);
    let missing: Vec<_> = VerifyCode::ALL
        .iter()
        .filter(|code| !seen.contains(code))
        .collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[test]
fn the_codes_are_stable_words() {
    let texts: BTreeSet<&str> = VerifyCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(texts.len(), VerifyCode::ALL.len(), "no code twice");
    for text in texts {
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        );
    }
}

#[test]
fn a_draft_that_nobody_would_verify_is_not_signed() {
    let told = |change: &dyn Fn(&mut record::Draft)| {
        let mut draft = article();
        change(&mut draft);
        draft
            .sign(&key(1), signing(1))
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(told(&|_| {}), Ok(()));
    for reserved in record::ENVELOPE.iter().chain(&["@id"]) {
        let said = told(&|draft| drop(draft.body.insert((*reserved).to_owned(), json!(1))));
        assert_eq!(
            said,
            Err(format!("a body cannot have the field “{reserved}”"))
        );
    }
    let refused = |change: &dyn Fn(&mut record::Draft), code: &str| {
        let said = told(change).unwrap_err();
        assert!(said.starts_with(code), "{said}");
    };
    refused(&|d| d.type_name = "article".to_owned(), "malformed_type");
    refused(&|d| d.version = 0, "malformed_version");
    refused(
        &|d| d.replaces = vec![record::Hash::of(b"")],
        "replaces_without_thing",
    );
    refused(
        &|d| d.thing = Some(signed(article()).id().clone()),
        "thing_is_itself",
    );
    refused(
        &|d| d.body["name"] = json!(1_u64 << 60),
        "integer_out_of_range",
    );
    refused(&|d| d.body["name"] = json!("a\0"), "nul_character");
    refused(
        &|d| d.body["name"] = json!("x".repeat(MAX_RECORD_BYTES)),
        "too_large",
    );
    refused(&|d| d.kind = "Article".to_owned(), "a kind is");
    let mut signing = signing(1);
    signing.uuid = record::Uuid::nil();
    assert!(article().sign(&key(1), signing).is_err());
    assert!(RecordId::new(&key(1).did(), "a", record::Uuid::max()).is_err());
}
