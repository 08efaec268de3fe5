//! Tombstones: records that withdraw a record, or a whole thing.

use serde_json::{Map, Value};

use crate::refused::{Refused, VerifyCode};
use crate::{Did, Draft, Hash, Record, RecordId, Space, Timestamp};

/// What a tombstone withdraws. In JSON the field `object`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TombstoneTarget {
    /// One record, by its hash: the log may no longer hold anything else of it.
    Record(Hash),
    /// A thing with all its records, by its id.
    Thing(RecordId),
}

/// The content of a record that withdraws something.
///
/// Its author's binds everyone; a steward's binds that commons, with a public reason. Who may is
/// a rule of the commons, not of this type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// What is withdrawn.
    pub target: TombstoneTarget,
    /// The thing whose history a withdrawn record was in; stands as the envelope's `thing`, so
    /// that the history shows it. None where a whole thing is withdrawn.
    pub thing: Option<RecordId>,
    /// Why, in words that everybody may read; empty if none are given.
    pub reason: String,
}

impl Tombstone {
    /// The kind in its ids.
    pub const KIND: &str = "tombstone";
    /// The type in its JSON; it is also one of ActivityStreams.
    pub const TYPE: &str = "Tombstone";
    /// The version of its body.
    pub const VERSION: u32 = 1;

    /// Withdraws one record of the history of `thing`.
    #[must_use]
    pub fn of_record(hash: Hash, thing: RecordId, reason: &str) -> Self {
        let target = TombstoneTarget::Record(hash);
        Self {
            target,
            thing: Some(thing),
            reason: reason.to_owned(),
        }
    }

    /// Withdraws a thing.
    #[must_use]
    pub fn of_thing(thing: RecordId, reason: &str) -> Self {
        Self {
            target: TombstoneTarget::Thing(thing),
            thing: None,
            reason: reason.to_owned(),
        }
    }

    /// Returns the draft to sign.
    #[must_use]
    pub fn draft(&self, commons: Did, space: Space, published: Timestamp) -> Draft {
        let target = match &self.target {
            TombstoneTarget::Record(hash) => hash.to_string(),
            TombstoneTarget::Thing(id) => id.to_string(),
        };
        let mut body = Map::new();
        body.insert("object".to_owned(), target.into());
        if !self.reason.is_empty() {
            body.insert("reason".to_owned(), self.reason.as_str().into());
        }
        Draft {
            kind: Self::KIND.to_owned(),
            type_name: Self::TYPE.to_owned(),
            version: Self::VERSION,
            commons,
            space,
            thing: self.thing.clone(),
            replaces: Vec::new(),
            published,
            body,
        }
    }

    /// Reads a tombstone from its record.
    ///
    /// # Errors
    /// [`VerifyCode::MalformedTombstone`] for a record of another type or version, and for one
    /// that does not say what it withdraws.
    pub fn of(record: &Record) -> Result<Self, Refused> {
        let malformed = |what: &str| Err(Refused::new(VerifyCode::MalformedTombstone, what));
        if record.type_name() != Self::TYPE || record.kind() != Self::KIND {
            return malformed("the record is no tombstone");
        }
        if record.version() != Self::VERSION {
            return malformed("the version of the tombstone is not known");
        }
        let object = record.get("object").and_then(Value::as_str).unwrap_or("");
        let target = match (Hash::parse(object), RecordId::parse(object)) {
            (Ok(hash), _) => TombstoneTarget::Record(hash),
            (_, Ok(id)) => TombstoneTarget::Thing(id),
            _ => return malformed("object is neither a hash nor an id"),
        };
        let reason = match record.get("reason") {
            None => String::new(),
            Some(Value::String(reason)) => reason.clone(),
            Some(_) => return malformed("reason is not a text"),
        };
        let thing = (!record.is_first()).then(|| record.thing().clone());
        Ok(Self {
            target,
            thing,
            reason,
        })
    }

    /// Returns whether `record` is what this withdraws, or of it.
    #[must_use]
    pub fn withdraws(&self, record: &Record) -> bool {
        match &self.target {
            TombstoneTarget::Record(hash) => record.hash() == *hash,
            TombstoneTarget::Thing(id) => record.thing() == id,
        }
    }
}
