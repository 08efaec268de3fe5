//! ed25519-speccheck: twelve signatures on which implementations disagree.

use record::multikey::{Codec, encode};
use record::{Did, parse_strict};

use crate::corpus::{self, hex, hex_vec};

#[test]
fn the_edge_cases_are_refused_as_verify_strict_does() {
    let Some(text) = corpus::read("ed25519-speccheck/cases.json") else {
        return;
    };
    let cases = parse_strict(text.as_bytes()).unwrap();
    let answers: String = cases
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            let field = |name: &str| case[name].as_str().unwrap();
            // As a DID, since that is how a key comes from elsewhere: nothing but its encoding is
            // looked at before the signature is.
            let key = encode(Codec::Ed25519Public, &hex::<32>(field("pub_key")));
            let did = Did::from_multikey(&key).unwrap();
            match did.verify(&hex_vec(field("message")), &hex(field("signature"))) {
                Ok(()) => 'V',
                Err(_) => 'X',
            }
        })
        .collect();
    assert_eq!(answers, "XXXVXXXXXXXX");
}
