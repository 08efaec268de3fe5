//! RFC 9421 appendix B.2.6: an Ed25519 signature over the base of an HTTP message.

use record::{Did, SecretKey, parse_strict};

use crate::corpus;

/// Base64 of either alphabet, padded or not.
fn base64(text: &str) -> Vec<u8> {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for digit in text.bytes().filter(|b| *b != b'=') {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}

#[test]
fn the_signature_of_b_2_6_is_made_and_verified() {
    let Some(text) = corpus::read("rfc9421/b26-ed25519.json") else {
        return;
    };
    let vector = parse_strict(text.as_bytes()).unwrap();
    let field = |name: &str| vector[name].as_str().unwrap();
    let key = SecretKey::from_bytes(base64(field("private_key_d")).try_into().unwrap());
    let public: [u8; 32] = base64(field("public_key_x")).try_into().unwrap();
    assert_eq!(Did::from_public_bytes(&public), Ok(key.did()));

    let base = field("signature_base").as_bytes();
    let signature = field("signature").split(':').nth(1).unwrap();
    let signature: [u8; 64] = base64(signature).try_into().unwrap();
    assert_eq!(key.sign(base), signature);
    assert_eq!(key.did().verify(base, &signature), Ok(()));
    assert!(key.did().verify(&base[1..], &signature).is_err());
}
