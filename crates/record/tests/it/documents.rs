//! Signed documents that are no records: who stands behind them, and who may not.

use record::proof::{Signature, sign_document, verify_document, verify_with};
use record::{Delegation, Scope, VerifyCode};
use serde_json::{Value, json};

use crate::make::{at, key, object};

/// A note of ActivityStreams with these fields besides, signed by the key `signer`.
fn note(signer: u8, more: Value) -> Value {
    let mut note = object(json!({
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            "https://w3id.org/security/data-integrity/v2",
            "https://example.org/more",
        ],
        "type": "Note",
        "content": "Minga el sábado",
    }));
    note.extend(object(more));
    let signature = Signature::at(at("2026-11-22T10:00:00Z"));
    Value::Object(sign_document(note, &key(signer), &signature))
}

fn code(document: &Value) -> Option<VerifyCode> {
    verify_document(document, None)
        .err()
        .map(|refused| refused.code)
}

#[test]
fn every_named_authority_must_be_the_signer() {
    let did = key(1).did();
    let ap = format!("ap://{did}/objects/1");
    let gateway = format!("https://gate.example/.well-known/apgateway/{did}/objects/1");
    let encoded = ap.replace("did:key:", "did%3Akey%3A");
    let renamed = ap.replace("ap:", "AP+ef61:");
    let hinted = format!("{ap}?gateways=https%3A%2F%2Fgate.example");
    for own in [
        json!({"id": ap}),
        json!({"id": encoded}),
        json!({"id": gateway}),
        json!({"id": renamed}),
        json!({"id": "https://server.example/1", "actor": did.as_str()}),
        json!({"actor": {"id": hinted, "name": "Ana"}}),
        json!({"id": ap, "attributedTo": [did.as_str(), ap]}),
        json!({"issuer": did.as_str(), "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"}),
    ] {
        assert_eq!(code(&note(1, own.clone())), None, "{own}");
        let other = Some(VerifyCode::AuthorityNotDelegated);
        assert_eq!(code(&note(2, own.clone())), other, "{own}");
    }
    let mixed = json!({"id": ap, "attributedTo": [did.as_str(), key(2).did().as_str()]});
    assert_eq!(
        code(&note(1, mixed)),
        Some(VerifyCode::AuthorityNotDelegated)
    );
    for other in [
        json!({"actor": "did:web:server.example"}),
        json!({"id": "ap://did:web:server.example/1"}),
        json!({"id": ap.replace("ap:", "AP:").replace("did:", "DID:")}),
        json!({"id": key(2).did().as_str()}),
    ] {
        assert_eq!(
            code(&note(1, other)),
            Some(VerifyCode::AuthorityNotDelegated)
        );
    }
}

#[test]
fn an_actor_at_a_web_address_must_list_the_key() {
    let alice = "https://server.example/users/alice";
    let document = note(1, json!({"actor": alice}));
    assert_eq!(code(&document), Some(VerifyCode::AuthorityUnproven));
    assert_eq!(
        code(&note(1, json!({"attributedTo": alice}))),
        Some(VerifyCode::AuthorityUnproven)
    );
    assert_eq!(
        code(&note(1, json!({"attributedTo": 7}))),
        Some(VerifyCode::AuthorityUnproven)
    );

    let lists = |id: &str, method: Value| json!({"id": id, "assertionMethod": [method]});
    let told = |actor: Value| verify_with(&document, None, &[actor]).map_err(|r| r.code);
    assert_eq!(
        told(lists(alice, json!(key(1).did().key_url()))),
        Ok(key(1).did())
    );
    let unproven = Err(VerifyCode::AuthorityUnproven);
    assert_eq!(told(lists(alice, json!(key(2).did().key_url()))), unproven);
    assert_eq!(
        told(lists("https://evil.example", json!(key(1).did().key_url()))),
        unproven
    );
}

#[test]
fn a_delegation_speaks_for_documents_too() {
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    let delegation = Delegation::sign(&key(1), &key(3).did(), Scope::Every, from, until)
        .unwrap()
        .to_json();
    let own = json!({"actor": key(1).did().as_str(), "delegation": delegation});
    let document = note(3, own);
    assert_eq!(verify_document(&document, Some(from)), Ok(key(3).did()));
    let late = verify_document(&document, Some(until)).unwrap_err();
    assert_eq!(late.code, VerifyCode::DelegationExpired);
    let other = json!({"actor": key(2).did().as_str(), "delegation": delegation});
    assert_eq!(code(&note(3, other)), Some(VerifyCode::DelegationByOther));
}

#[test]
fn the_proofs_context_may_be_the_beginning_of_the_documents() {
    // A relay may add a context of its own at the end: what was signed is the beginning.
    let mut document = note(1, json!({}));
    document["@context"]
        .as_array_mut()
        .unwrap()
        .push("https://example.org/added".into());
    assert_eq!(code(&document), None);
    document["@context"] = document["@context"][0].clone();
    assert_eq!(code(&document), Some(VerifyCode::WrongProofContext));
    // Put before the others, it could give their words another meaning.
    let mut document = note(1, json!({}));
    document["@context"]
        .as_array_mut()
        .unwrap()
        .insert(0, "https://example.org/added".into());
    assert_eq!(code(&document), Some(VerifyCode::WrongProofContext));
}

#[test]
fn an_older_signature_beside_the_proof_is_not_covered() {
    let mut document = note(1, json!({"published": "2026-11-22T10:00:00Z"}));
    document["signature"] = json!({"type": "RsaSignature2017", "signatureValue": "…"});
    assert_eq!(code(&document), None);
    document["signature"] = json!({"type": "Note", "content": "slipped in"});
    assert_eq!(code(&document), Some(VerifyCode::BadSignature));
}

#[test]
fn a_proof_can_end() {
    let (created, expires) = (at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
    let how = Signature {
        expires: Some(expires),
        ..Signature::at(created)
    };
    let document = Value::Object(sign_document(
        object(json!({"type": "Note"})),
        &key(1),
        &how,
    ));
    assert_eq!(verify_document(&document, None), Ok(key(1).did()));
    assert_eq!(verify_document(&document, Some(created)), Ok(key(1).did()));
    let late = verify_document(&document, Some(expires)).unwrap_err();
    assert_eq!(late.code, VerifyCode::ProofExpired);
}

#[test]
fn the_smallest_documents_are_signed_too() {
    let how = Signature::at(at("2026-11-01T00:00:00Z"));
    for smallest in [
        json!({}),
        json!({"proof": "an old one"}),
        json!({"z": 1}),
        json!({"a": 1}),
    ] {
        let document = Value::Object(sign_document(object(smallest), &key(1), &how));
        assert_eq!(code(&document), None, "{document}");
    }
}
