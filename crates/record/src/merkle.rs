//! The Merkle tree over the hashes of a log.
//!
//! It shows with a few dozen hashes that a record is in a log ([`inclusion_proof`]), and that a
//! later log only adds to an earlier one ([`consistency_proof`]). Withdrawn records keep their
//! hash, so the tree stays as it was.
//!
//! Source: RFC 9162 §2.1, whose tree is that of RFC 6962: SHA-256, leaves prefixed with 0x00 and
//! nodes with 0x01, so that neither can pass for the other.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::Hash;

/// Returns the hash of a leaf that holds a record's hash.
#[must_use]
pub fn leaf(record: &Hash) -> Hash {
    leaf_of_bytes(record.as_bytes())
}

fn leaf_of_bytes(bytes: &[u8]) -> Hash {
    Hash::from_bytes(
        Sha256::new()
            .chain_update([0])
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}

/// Returns the hash of the node over two others.
fn node(left: &Hash, right: &Hash) -> Hash {
    let both = Sha256::new().chain_update([1]);
    Hash::from_bytes(
        both.chain_update(left.as_bytes())
            .chain_update(right.as_bytes())
            .finalize()
            .into(),
    )
}

/// A tree that grows at its end: the roots of its complete subtrees, at most 64 of them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Growing {
    size: u64,
    /// One for each bit of `size`, the largest subtree first.
    peaks: Vec<Hash>,
}

impl Growing {
    /// Returns the empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the tree that [`Growing::state`] saved; none if `state` does not fit `size`.
    #[must_use]
    pub fn restore(size: u64, state: &[u8]) -> Option<Self> {
        if state.len() as u64 != u64::from(size.count_ones()) * 32 {
            return None;
        }
        let peaks = state
            .chunks_exact(32)
            .map(Hash::from_slice)
            .collect::<Result<_, _>>();
        Some(Self {
            size,
            peaks: peaks.ok()?,
        })
    }

    /// Returns what to save beside [`Growing::size`]: at most 64 × 32 bytes.
    #[must_use]
    pub fn state(&self) -> Vec<u8> {
        self.peaks
            .iter()
            .flat_map(|peak| peak.as_bytes())
            .copied()
            .collect()
    }

    /// Adds the hash of the next record. Costs two SHA-256 on average.
    pub fn push(&mut self, record: &Hash) {
        let mut top = leaf(record);
        // Every low bit that is set is a complete subtree as large as the one in hand.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                top = node(&left, &top);
            }
        }
        self.peaks.push(top);
        self.size += 1;
    }

    /// Returns how many records it covers.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root; for the empty tree SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node(&left, &right))
            .unwrap_or_else(|| Hash::of(b""))
    }
}

/// Returns the root of the tree over `records`.
#[must_use]
pub fn root(records: &[Hash]) -> Hash {
    match records {
        [] => Hash::of(b""),
        [only] => leaf(only),
        _ => {
            let (left, right) = records.split_at(split(records.len()));
            node(&root(left), &root(right))
        }
    }
}

/// Returns the largest power of two below `size`, which is at least 2.
const fn split(size: usize) -> usize {
    1 << (usize::BITS - 1 - (size - 1).leading_zeros())
}

/// Returns which ranges of records the hashes of an inclusion proof are roots of, in its order.
///
/// So that who keeps the roots of complete subtrees need not hash a whole log for one proof.
/// Empty if there is no record `index` among `size`.
#[must_use]
pub fn inclusion_ranges(index: usize, size: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if index < size {
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                ranges.push(middle..end);
                end = middle;
            } else {
                ranges.push(start..middle);
                start = middle;
            }
        }
        ranges.reverse();
    }
    ranges
}

/// Returns the proof that `records[index]` is in the tree over `records`; none if it is not there.
#[must_use]
pub fn inclusion_proof(records: &[Hash], index: usize) -> Option<Vec<Hash>> {
    records.get(index)?;
    inclusion_ranges(index, records.len())
        .into_iter()
        .map(|range| records.get(range).map(root))
        .collect()
}

/// Returns whether `proof` shows that `record` is number `index` in the tree of `size` records
/// with this `root`.
#[must_use]
pub fn includes(root: &Hash, size: u64, index: u64, record: &Hash, proof: &[Hash]) -> bool {
    // RFC 9162 §2.1.3.2.
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = leaf(record);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Returns which ranges of records the hashes of a consistency proof are roots of, in its order.
/// Empty unless 0 < `old` < `new`: then there is nothing to show.
#[must_use]
pub fn consistency_ranges(old: usize, new: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if old == 0 || old >= new {
        return ranges;
    }
    let (mut start, mut end) = (0, new);
    // RFC 9162 §2.1.4.1: down to the subtree that ends where the old tree ended.
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    // The old root itself needs no telling.
    if start > 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    ranges
}

/// Returns the proof that the tree over `records` only adds to the tree over the first `old` of
/// them; none if there are fewer.
#[must_use]
pub fn consistency_proof(records: &[Hash], old: usize) -> Option<Vec<Hash>> {
    records.get(..old)?;
    consistency_ranges(old, records.len())
        .into_iter()
        .map(|range| records.get(range).map(root))
        .collect()
}

/// Returns whether `proof` shows that the tree of `new_size` records only adds to that of
/// `old_size`.
#[must_use]
pub fn is_consistent(
    old_root: &Hash,
    old_size: u64,
    new_root: &Hash,
    new_size: u64,
    proof: &[Hash],
) -> bool {
    if old_size >= new_size {
        return old_size == new_size && old_root == new_root && proof.is_empty();
    }
    if old_size == 0 {
        // Everything adds to nothing.
        return *old_root == Hash::of(b"") && proof.is_empty();
    }
    // RFC 9162 §2.1.4.2.
    let mut rest = proof.iter();
    let first = if old_size.is_power_of_two() {
        Some(old_root)
    } else {
        rest.next()
    };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old = node(sibling, &old);
            new = node(sibling, &new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = node(&new, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old == *old_root && new == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_that_of_rfc_6962() {
        // Known answers of the published test data for Certificate Transparency.
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_of_bytes(entry)).collect();
        assert_eq!(
            leaves[0].to_hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        let over = |leaves: &[Hash]| {
            let mut level = leaves.to_vec();
            while level.len() > 1 {
                level = level
                    .chunks(2)
                    .map(|pair| node(&pair[0], &pair[1]))
                    .collect();
            }
            level[0].to_hex()
        };
        assert_eq!(
            over(&leaves),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }
}
