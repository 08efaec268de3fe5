//! Public and secret keys as text: multibase (base58btc) over a multicodec prefix.
//!
//! Sources: W3C Controlled Identifiers 1.0 §2.2.2 (Multikey); FEP-521a; the multicodec table.

use serde_json::{Map, Value};

use crate::{Did, DidError};

/// What kind of key the bytes after the prefix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// An Ed25519 public key, 32 bytes.
    Ed25519Public,
    /// An Ed25519 secret key (its seed), 32 bytes.
    Ed25519Secret,
    /// An RSA public key, PKCS#1 DER. Only ever shown for the `ActivityPub` servers that ask for it.
    RsaPublic,
}

impl Codec {
    /// The multicodec number as a varint: 0xed, 0x1300 and 0x1205.
    const fn prefix(self) -> [u8; 2] {
        match self {
            Self::Ed25519Public => [0xed, 0x01],
            Self::Ed25519Secret => [0x80, 0x26],
            Self::RsaPublic => [0x85, 0x24],
        }
    }
}

/// Returns `key` as multibase text: `z`, then base58btc of the codec's prefix and the key.
#[must_use]
pub fn encode(codec: Codec, key: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(2 + key.len());
    bytes.extend_from_slice(&codec.prefix());
    bytes.extend_from_slice(key);
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Returns the 32 bytes of an Ed25519 key that `text` holds under `codec`.
///
/// One key has one text: a base58 text with needless leading `1`s is longer, and refused.
///
/// # Errors
/// [`DidError::Multibase`], [`DidError::Codec`] or [`DidError::Length`].
pub fn decode32(codec: Codec, text: &str) -> Result<[u8; 32], DidError> {
    let digits = text.strip_prefix('z').ok_or(DidError::Multibase)?;
    // 34 bytes need 47 digits; the buffer leaves room for one byte too many.
    let mut buffer = [0; 36];
    if digits.len() > 48 {
        return Err(DidError::Length);
    }
    let length = match bs58::decode(digits).onto(&mut buffer) {
        Ok(length) => length,
        Err(bs58::decode::Error::BufferTooSmall) => return Err(DidError::Length),
        Err(_) => return Err(DidError::Multibase),
    };
    let (prefix, rest) = buffer.split_at(2);
    if prefix != codec.prefix() {
        return Err(DidError::Codec);
    }
    if length != 34 {
        return Err(DidError::Length);
    }
    let mut key = [0; 32];
    key.copy_from_slice(&rest[..32]);
    Ok(key)
}

/// A public key that an actor's document lists, as FEP-521a has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multikey {
    /// The key's own id, often `<actor>#<name>`.
    pub id: String,
    /// The actor it belongs to.
    pub controller: String,
    /// The Ed25519 key, as the DID that it is.
    pub key: Did,
}

impl Multikey {
    /// Reads a Multikey object; none if it is another type or not an Ed25519 key.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        if text("type") != Some("Multikey") {
            return None;
        }
        Some(Self {
            id: text("id")?.to_owned(),
            controller: text("controller")?.to_owned(),
            key: Did::from_multikey(text("publicKeyMultibase")?).ok()?,
        })
    }

    /// Returns the object for an actor's `assertionMethod`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        for (name, text) in [
            ("id", self.id.as_str()),
            ("type", "Multikey"),
            ("controller", &self.controller),
            ("publicKeyMultibase", self.key.multikey()),
        ] {
            object.insert(name.to_owned(), text.into());
        }
        Value::Object(object)
    }
}
