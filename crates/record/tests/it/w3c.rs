//! The eddsa-jcs-2022 vectors of W3C Data Integrity EdDSA Cryptosuites.

use record::proof::{Signature, sign_document, verify_bytes};
use record::{Hash, SecretKey, VerifyCode, canonical, parse_strict};
use serde_json::Value;

use crate::corpus::{self, hex, hex_vec};
use crate::make::{at, object};

fn file(name: &str) -> Option<String> {
    corpus::read(&format!("w3c-vc-di-eddsa/{name}"))
}

#[test]
fn every_step_of_the_vector_is_reproduced() {
    let Some(unsigned) = file("unsigned.json") else {
        return;
    };
    let step = |name: &str| {
        file(&format!("eddsa-jcs-2022/{name}"))
            .unwrap()
            .trim()
            .to_owned()
    };
    let read = |text: &str| parse_strict(text.as_bytes()).unwrap();
    let keys = read(&file("keyPair.json").unwrap());
    let key = SecretKey::from_multibase(keys["privateKeyMultibase"].as_str().unwrap()).unwrap();
    assert_eq!(key.did().multikey(), keys["publicKeyMultibase"]);

    let document = canonical(&read(&unsigned));
    let proof = canonical(&read(&step("proofConfigJCS.json")));
    assert_eq!(
        String::from_utf8(document.clone()).unwrap(),
        step("canonDocJCS.txt")
    );
    assert_eq!(
        String::from_utf8(proof.clone()).unwrap(),
        step("proofCanonJCS.txt")
    );
    assert_eq!(Hash::of(&document).to_hex(), step("docHashJCS.txt"));
    assert_eq!(Hash::of(&proof).to_hex(), step("proofHashJCS.txt"));
    let combined = [
        *Hash::of(&proof).as_bytes(),
        *Hash::of(&document).as_bytes(),
    ]
    .concat();
    assert_eq!(combined, hex_vec(&step("combinedHashJCS.txt")));
    let signature: [u8; 64] = hex(&step("sigHexJCS.txt"));
    assert_eq!(key.sign(&combined), signature);
    assert_eq!(key.did().verify(&combined, &signature), Ok(()));

    let how = Signature::at(at("2023-02-24T23:36:38Z"));
    let signed = Value::Object(sign_document(object(read(&unsigned)), &key, &how));
    assert_eq!(signed["proof"]["proofValue"], step("sigBTC58JCS.txt"));
    assert_eq!(signed, read(&step("signedJCS.json")));
    // The issuer is a web address: the answer says which key signed, the issuer's site whether it
    // is the issuer's.
    assert_eq!(
        verify_bytes(step("signedJCS.json").as_bytes(), None),
        Ok(key.did())
    );
    let other = step("signedJCS.json").replace("Alumni Credential", "Teacher Credential");
    let refused = verify_bytes(other.as_bytes(), None).unwrap_err();
    assert_eq!(refused.code, VerifyCode::BadSignature);
}
