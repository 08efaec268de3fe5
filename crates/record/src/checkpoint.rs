//! Checkpoints: a node signs how far the log of a space goes, and what is in it.

use serde_json::{Map, Value};

use crate::context::{self, context};
use crate::proof::{Signature, sign_document, verify_document};
use crate::refused::{Refused, VerifyCode};
use crate::{Did, Hash, SecretKey, Space, Timestamp};

/// A node's word on the log of one space: so many records, under this Merkle root, at this moment.
///
/// Two checkpoints of one node and space that are not consistent ([`crate::merkle`]) prove that
/// the node showed different logs to different people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub space: Space,
    /// Whose: the node's checkpoint key.
    pub node: Did,
    /// How many records, withdrawn ones included.
    pub size: u64,
    /// The root of the tree over their hashes, in the log's order.
    pub root: Hash,
    /// When.
    pub at: Timestamp,
}

impl Checkpoint {
    const TYPE: &str = "Checkpoint";
    /// 2^53: the largest integer of strict JSON.
    const MAX_SIZE: u64 = 1 << 53;

    /// Returns the checkpoint as a signed JSON object.
    ///
    /// # Errors
    /// [`VerifyCode::MalformedCheckpoint`] if `key` is not that of `node`, or the size beyond 2^53.
    pub fn sign(&self, key: &SecretKey) -> Result<Value, Refused> {
        if key.did() != self.node || self.size > Self::MAX_SIZE {
            return Err(Refused::new(
                VerifyCode::MalformedCheckpoint,
                format!(
                    "{} cannot sign {} records of {}",
                    key.did(),
                    self.size,
                    self.node
                ),
            ));
        }
        let mut object = Map::new();
        for (name, value) in [
            ("@context", context().clone()),
            ("type", Self::TYPE.into()),
            ("attributedTo", self.node.as_str().into()),
            ("space", self.space.as_str().into()),
            ("size", self.size.into()),
            ("root", self.root.to_string().into()),
            ("published", self.at.to_string().into()),
        ] {
            object.insert(name.to_owned(), value);
        }
        Ok(Value::Object(sign_document(
            object,
            key,
            &Signature::at(self.at),
        )))
    }

    /// Reads a checkpoint and verifies that its node signed it.
    ///
    /// # Errors
    /// [`VerifyCode::MalformedCheckpoint`], or as [`verify_document`].
    pub fn verify(document: &Value) -> Result<Self, Refused> {
        let malformed = |name: &str| {
            Refused::new(
                VerifyCode::MalformedCheckpoint,
                format!("{name} is not as it should be"),
            )
        };
        let text = |name: &str| {
            document
                .get(name)
                .and_then(Value::as_str)
                .ok_or_else(|| malformed(name))
        };
        if !document.get("@context").is_some_and(context::is_known) {
            return Err(malformed("@context"));
        }
        if text("type")? != Self::TYPE {
            return Err(malformed("type"));
        }
        let checkpoint = Self {
            space: Space::parse(text("space")?).map_err(|_| malformed("space"))?,
            node: Did::parse(text("attributedTo")?).map_err(|_| malformed("attributedTo"))?,
            size: document
                .get("size")
                .and_then(Value::as_u64)
                .ok_or_else(|| malformed("size"))?,
            root: Hash::parse(text("root")?).map_err(|_| malformed("root"))?,
            at: Timestamp::parse_canonical(text("published")?)
                .map_err(|_| malformed("published"))?,
        };
        let signer = verify_document(document, None)?;
        // A checkpoint key delegates to nobody.
        if signer != checkpoint.node {
            return Err(malformed("the signer"));
        }
        Ok(checkpoint)
    }

    /// Checks that `record` is number `index` in the log that this checkpoint covers.
    ///
    /// # Errors
    /// [`VerifyCode::BadMerkleProof`].
    pub fn check_inclusion(
        &self,
        index: u64,
        record: &Hash,
        proof: &[Hash],
    ) -> Result<(), Refused> {
        if crate::merkle::includes(&self.root, self.size, index, record, proof) {
            return Ok(());
        }
        Err(Refused::new(
            VerifyCode::BadMerkleProof,
            format!(
                "nothing shows that {record} is number {index} of {}",
                self.size
            ),
        ))
    }

    /// Checks that this only adds to `older`, a checkpoint of the same node and space.
    ///
    /// # Errors
    /// [`VerifyCode::BadMerkleProof`].
    pub fn check_extends(&self, older: &Self, proof: &[Hash]) -> Result<(), Refused> {
        let same = self.space == older.space && self.node == older.node;
        if same
            && crate::merkle::is_consistent(&older.root, older.size, &self.root, self.size, proof)
        {
            return Ok(());
        }
        Err(Refused::new(
            VerifyCode::BadMerkleProof,
            format!(
                "nothing shows that {} records only add to {}",
                self.size, older.size
            ),
        ))
    }
}
