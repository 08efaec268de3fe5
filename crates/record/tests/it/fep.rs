//! The test vectors of FEP-8b32 (its forms of 2024 and 2025) and FEP-521a.

use record::multikey::{Codec, Multikey, encode};
use record::proof::{Signature, sign_document, verify_document, verify_with};
use record::{Did, SecretKey, VerifyCode, parse_strict};
use serde_json::{Value, json};

use crate::corpus;
use crate::make::{at, object};

/// The JSON documents of a `.feature` file, in order.
fn documents(feature: &str) -> Vec<Value> {
    let blocks = feature.split("\"\"\"").skip(1).step_by(2);
    blocks
        .map(|block| parse_strict(block.as_bytes()).unwrap())
        .collect()
}

/// The text in quotation marks after `before`.
fn quoted<'a>(feature: &'a str, before: &str) -> &'a str {
    let start = feature.find(before).unwrap() + before.len();
    feature[start..].split('"').nth(1).unwrap()
}

#[test]
fn both_forms_of_fep_8b32_are_signed_and_verified() {
    for file in ["fep-8b32-2024-v1-context.feature", "fep-8b32.feature"] {
        let Some(feature) = corpus::read(&format!("fep/{file}")) else {
            return;
        };
        let [unsigned, signed, given, actor] = documents(&feature).try_into().unwrap();
        let key = SecretKey::from_multibase(quoted(&feature, "secret key ")).unwrap();
        let how = Signature {
            created: at(quoted(&feature, "current time ")),
            expires: None,
            method: Some(quoted(&feature, "for key ")),
        };
        assert_eq!(
            Value::Object(sign_document(object(unsigned), &key, &how)),
            signed,
            "{file}"
        );

        assert_eq!(
            verify_with(&given, None, std::slice::from_ref(&actor)),
            Ok(key.did()),
            "{file}"
        );
        // The key is a web address: without the actor's document nothing says which key it is.
        let alone = verify_document(&given, None).unwrap_err();
        assert_eq!(alone.code, VerifyCode::MethodUnresolved);

        let mut other = given.clone();
        other["object"]["content"] = "Hello World".into();
        let refused = verify_with(&other, None, std::slice::from_ref(&actor)).unwrap_err();
        assert_eq!(refused.code, VerifyCode::BadSignature);

        // Somebody else's document may list the key, but cannot speak for Alice.
        let mut stranger = actor.clone();
        stranger["id"] = "https://server.example/users/mallory".into();
        let refused = verify_with(&given, None, &[stranger]).unwrap_err();
        assert_eq!(refused.code, VerifyCode::MethodUnresolved);
        let mut unlisted = actor;
        unlisted["assertionMethod"] = json!([]);
        let refused = verify_with(&given, None, &[unlisted]).unwrap_err();
        assert_eq!(refused.code, VerifyCode::MethodUnresolved);
    }
}

#[test]
fn keys_are_shown_as_fep_521a_has_them() {
    let Some(feature) = corpus::read("fep/fep-521a.feature") else {
        return;
    };
    let [ed25519, rsa] = documents(&feature).try_into().unwrap();
    let public = corpus::hex(quoted(&feature, "Ed25519 public key as a hex string "));
    let key = Did::from_public_bytes(&public).unwrap();
    let shown = Multikey {
        id: "https://server.example/users/alice#ed25519-key".to_owned(),
        controller: quoted(&feature, "actor ID ").to_owned(),
        key: key.clone(),
    };
    assert_eq!(shown.to_json(), ed25519);
    assert_eq!(Multikey::parse(&ed25519), Some(shown));
    assert_eq!(key.public_bytes(), Ok(public));

    let public = corpus::hex_vec(quoted(
        &feature,
        "RSA public key in PKCS#1 DER format as a hex string ",
    ));
    assert_eq!(rsa["publicKeyMultibase"], encode(Codec::RsaPublic, &public));
    assert_eq!(
        Multikey::parse(&rsa),
        None,
        "only Ed25519 keys verify proofs"
    );
}
