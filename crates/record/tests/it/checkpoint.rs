//! Signed checkpoints of a growing log.

use record::merkle::{Growing, consistency_proof, inclusion_proof};
use record::{Checkpoint, Hash, Space, VerifyCode};
use serde_json::{Value, json};

use crate::make::{at, key};

fn log(size: u64) -> Vec<Hash> {
    (0..size).map(|n| Hash::of(&n.to_be_bytes())).collect()
}

fn checkpoint(log: &[Hash]) -> Checkpoint {
    let mut tree = Growing::new();
    log.iter().for_each(|hash| tree.push(hash));
    Checkpoint {
        space: Space::public(),
        node: key(5).did(),
        size: tree.size(),
        root: tree.root(),
        at: at("2026-11-22T10:00:00Z"),
    }
}

#[test]
fn a_checkpoint_goes_out_signed_and_comes_back() {
    let checkpoint = checkpoint(&log(1000));
    let document = checkpoint.sign(&key(5)).unwrap();
    assert_eq!(Checkpoint::verify(&document), Ok(checkpoint.clone()));
    assert!(
        checkpoint.sign(&key(6)).is_err(),
        "only the node's own key signs it"
    );
    let told = |name: &str, value: Value| {
        let mut other = document.clone();
        other[name] = value;
        Checkpoint::verify(&other).unwrap_err().code
    };
    assert_eq!(told("size", json!(1001)), VerifyCode::BadSignature);
    assert_eq!(told("space", json!("starter")), VerifyCode::BadSignature);
    assert_eq!(told("size", json!(-1)), VerifyCode::MalformedCheckpoint);
    assert_eq!(
        told("type", json!("Article")),
        VerifyCode::MalformedCheckpoint
    );
    let other = key(6).did();
    assert_eq!(
        told("attributedTo", json!(other.as_str())),
        VerifyCode::AuthorityNotDelegated
    );
}

#[test]
fn records_and_growth_are_shown_with_a_few_hashes() {
    let records = log(1000);
    let (old, new) = (checkpoint(&records[..600]), checkpoint(&records));
    let proof = inclusion_proof(&records, 777).unwrap();
    assert!(proof.len() <= 10);
    assert_eq!(new.check_inclusion(777, &records[777], &proof), Ok(()));
    let refused = new.check_inclusion(776, &records[777], &proof).unwrap_err();
    assert_eq!(refused.code, VerifyCode::BadMerkleProof);

    let proof = consistency_proof(&records, 600).unwrap();
    assert_eq!(new.check_extends(&old, &proof), Ok(()));
    let mut rewritten = records.clone();
    rewritten[3] = Hash::of(b"another");
    let proof = consistency_proof(&rewritten, 600).unwrap();
    let refused = checkpoint(&rewritten)
        .check_extends(&old, &proof)
        .unwrap_err();
    assert_eq!(refused.code, VerifyCode::BadMerkleProof);
}
