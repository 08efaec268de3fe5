//! Merkle trees of any size: what is built step by step is what the definition says, proofs hold,
//! and nothing else passes for one.

use proptest::prelude::*;
use record::Hash;
use record::merkle::{
    Growing, consistency_proof, consistency_ranges, includes, inclusion_proof, is_consistent, root,
};

fn log(size: usize) -> Vec<Hash> {
    (0..size).map(|n| Hash::of(&n.to_be_bytes())).collect()
}

fn grown(records: &[Hash]) -> Growing {
    let mut tree = Growing::new();
    records.iter().for_each(|hash| tree.push(hash));
    tree
}

#[test]
fn every_small_tree_is_right_in_every_way() {
    let records = log(40);
    for size in 0..=records.len() {
        let now = &records[..size];
        let whole = root(now);
        assert_eq!(grown(now).root(), whole);
        for index in 0..size {
            let proof = inclusion_proof(now, index).unwrap();
            for claimed in 0..size {
                let right = includes(&whole, size as u64, claimed as u64, &now[index], &proof);
                assert_eq!(right, claimed == index, "{index} as {claimed} of {size}");
            }
        }
        for old in 0..=size {
            let before = root(&now[..old]);
            let proof = consistency_proof(now, old).unwrap();
            for claimed in 0..=size {
                let right = is_consistent(&before, claimed as u64, &whole, size as u64, &proof);
                assert_eq!(right, claimed == old, "{old} as {claimed} of {size}");
            }
        }
    }
    assert!(consistency_ranges(0, 5).is_empty() && consistency_ranges(5, 5).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_saved_tree_grows_on_as_if_it_had_not_been(size in 0_usize..300, more in 0_usize..300) {
        let records = log(size + more);
        let saved = grown(&records[..size]);
        let mut tree = Growing::restore(saved.size(), &saved.state()).unwrap();
        prop_assert_eq!(&tree, &saved);
        records[size..].iter().for_each(|hash| tree.push(hash));
        prop_assert_eq!(tree.root(), root(&records));
        prop_assert!(tree.state().len() <= 32 * 10);
        prop_assert_eq!(Growing::restore(saved.size() + 1, &saved.state()).is_some(),
            size.count_ones() == (size + 1).count_ones());
    }

    #[test]
    fn a_changed_proof_shows_nothing(
        size in 2_usize..300,
        index in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
    ) {
        let records = log(size);
        let whole = root(&records);
        let index = index.index(size);
        let mut proof = inclusion_proof(&records, index).unwrap();
        let (size64, index64) = (size as u64, index as u64);
        prop_assert!(includes(&whole, size64, index64, &records[index], &proof));
        let mut longer = proof.clone();
        longer.push(Hash::of(b"more"));
        prop_assert!(!includes(&whole, size64, index64, &records[index], &longer));
        let place = at.index(proof.len());
        proof[place] = Hash::of(b"other");
        prop_assert!(!includes(&whole, size64, index64, &records[index], &proof));
        proof.pop();
        prop_assert!(!includes(&whole, size64, index64, &records[index], &proof));

        let old = 1 + old.index(size - 1);
        let before = root(&records[..old]);
        let mut proof = consistency_proof(&records, old).unwrap();
        prop_assert!(is_consistent(&before, old as u64, &whole, size64, &proof));
        let mut longer = proof.clone();
        longer.push(Hash::of(b"more"));
        prop_assert!(!is_consistent(&before, old as u64, &whole, size64, &longer));
        let place = at.index(proof.len());
        proof[place] = Hash::of(b"other");
        prop_assert!(!is_consistent(&before, old as u64, &whole, size64, &proof));
    }
}
