//! Records that a device signs in its owner's name.

use record::{Delegation, Record, Scope, VerifyCode, parse_strict};
use serde_json::json;

use crate::make::{article, at, key, signing};

fn delegation() -> Delegation {
    let kinds = Scope::Kinds(vec!["article".to_owned(), "photo".to_owned()]);
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    Delegation::sign(&key(1), &key(3).did(), kinds, from, until).unwrap()
}

#[test]
fn a_device_signs_in_its_owners_name() {
    let record = article()
        .sign_delegated(&key(3), &delegation(), signing(1))
        .unwrap();
    assert_eq!(record.author(), &key(1).did());
    assert_eq!(record.signer(), &key(3).did());
    let again = Record::verify(record.bytes(), Some(at("2026-12-01T00:00:00Z"))).unwrap();
    assert_eq!(again.delegation(), Some(&delegation()));
    assert_eq!(again, record);
    let document = parse_strict(record.bytes()).unwrap();
    assert_eq!(
        record::proof::verify_document(&document, None),
        Ok(key(3).did())
    );
}

#[test]
fn its_period_is_judged_at_the_given_moment() {
    let record = article()
        .sign_delegated(&key(3), &delegation(), signing(1))
        .unwrap();
    let told = |moment| {
        Record::verify(record.bytes(), moment)
            .err()
            .map(|refused| refused.code)
    };
    assert_eq!(told(None), None);
    assert_eq!(told(Some(at("2026-11-01T00:00:00Z"))), None);
    assert_eq!(told(Some(at("2027-04-30T23:59:59.999Z"))), None);
    let early = Some(at("2026-10-31T23:59:59.999Z"));
    assert_eq!(told(early), Some(VerifyCode::DelegationNotYetValid));
    assert_eq!(
        told(Some(at("2027-05-01T00:00:00Z"))),
        Some(VerifyCode::DelegationExpired)
    );
}

#[test]
fn a_device_cannot_pass_its_delegation_on() {
    // The device 3 delegates to the device 4, which signs for the author 1 with that.
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    let passed = Delegation::sign(&key(3), &key(4).did(), Scope::Every, from, until).unwrap();
    let record = article()
        .sign_delegated(&key(4), &passed, signing(1))
        .unwrap();
    assert_eq!(
        record.author(),
        &key(3).did(),
        "it can only speak for the device itself"
    );

    // Nor may the issuer be another than the signer of the delegation.
    let mut forged = delegation().to_json();
    forged["device"] = key(4).did().as_str().into();
    assert_eq!(
        Delegation::verify(&forged).unwrap_err().code,
        VerifyCode::DelegationUnproven
    );
}

#[test]
fn a_delegation_that_makes_no_sense_is_not_made() {
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
    let sign = |scope, from, until| Delegation::sign(&key(1), &key(3).did(), scope, from, until);
    assert!(sign(Scope::Every, until, from).is_err());
    assert!(sign(Scope::Kinds(Vec::new()), from, until).is_err());
    assert!(sign(Scope::Kinds(vec!["Article".to_owned()]), from, until).is_err());
    let any = sign(Scope::Every, from, until).unwrap();
    assert_eq!(any.to_json()["kinds"], json!(["*"]));
    assert_eq!(Delegation::verify(&any.to_json()), Ok(any));
    let mut draft = article();
    draft.kind = "proposal".to_owned();
    assert!(
        draft
            .sign_delegated(&key(3), &delegation(), signing(1))
            .is_err()
    );
}
