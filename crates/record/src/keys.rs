//! Ed25519 keys and the `did:key` names that are made of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::multikey::{self, Codec};
use crate::text::written_as_text;

/// Why a text is not an Ed25519 `did:key`, or a key not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DidError {
    /// Another method, or no DID at all.
    #[error("a DID here begins with did:key:")]
    Method,
    /// Not `z` and base58btc digits.
    #[error("a key is written as z and base58 digits")]
    Multibase,
    /// Another kind of key.
    #[error("the key is not an Ed25519 key")]
    Codec,
    /// Not 32 bytes.
    #[error("an Ed25519 key has 32 bytes")]
    Length,
    /// 32 bytes that are no point of the curve.
    #[error("the key is no point of the curve")]
    Point,
    /// A point of small order, for which signatures prove nothing.
    #[error("the key is of small order, so that its signatures prove nothing")]
    Weak,
    /// The signature is not this key's over these bytes.
    #[error("the signature is not by this key over these bytes")]
    Signature,
}

/// A secret Ed25519 key. It is wiped from memory when dropped, and never shown.
pub struct SecretKey {
    key: SigningKey,
    did: Did,
}

impl SecretKey {
    /// Makes the key whose seed is `seed`; 32 random bytes make a new one.
    #[must_use]
    pub fn from_bytes(seed: [u8; 32]) -> Self {
        let key = SigningKey::from_bytes(&seed);
        let did = Did::of(key.verifying_key().as_bytes());
        Self { key, did }
    }

    /// Reads a key in multibase, as W3C test vectors and other programs write it: `z3u2…`.
    ///
    /// # Errors
    /// [`DidError`] if `text` is not multibase for the seed of an Ed25519 key.
    pub fn from_multibase(text: &str) -> Result<Self, DidError> {
        Ok(Self::from_bytes(multikey::decode32(
            Codec::Ed25519Secret,
            text,
        )?))
    }

    /// Returns the seed, for the one who seals and stores it.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Returns the public name of this key.
    #[must_use]
    pub fn did(&self) -> Did {
        self.did.clone()
    }

    /// Signs any bytes (RFC 8032, deterministic). For JSON see [`crate::proof::sign_document`].
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {}, hidden)", self.did)
    }
}

thread_local! {
    /// DIDs that were read on this thread, and the points of those that were verified with: a bundle's
    /// records have few authors, and reading a key anew takes a tenth of verifying.
    static SEEN: RefCell<HashMap<Box<str>, Option<VerifyingKey>>> = RefCell::default();
}

/// How many DIDs a thread remembers, some 300 bytes each.
const MOST_SEEN: usize = 1_000;

fn remember(did: &str, key: Option<VerifyingKey>) {
    SEEN.with_borrow_mut(|seen| {
        if seen.len() >= MOST_SEEN {
            seen.clear();
        }
        seen.insert(did.into(), key);
    });
}

/// The public name of a key: `did:key:z6Mk…`, Ed25519 only, 56 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(Box<str>);

impl Did {
    /// Characters of every Ed25519 `did:key`: the prefix fixes the number of base58 digits.
    pub const LENGTH: usize = 56;
    const PREFIX: &str = "did:key:";

    /// Reads a DID. That its 32 bytes are a point of the curve is seen only at
    /// [`Did::verifying_key`], which costs ten times as much.
    ///
    /// # Errors
    /// [`DidError`] says what is not an Ed25519 `did:key` about it.
    pub fn parse(text: &str) -> Result<Self, DidError> {
        let key = text.strip_prefix(Self::PREFIX).ok_or(DidError::Method)?;
        if !SEEN.with_borrow(|seen| seen.contains_key(text)) {
            multikey::decode32(Codec::Ed25519Public, key)?;
            remember(text, None);
        }
        Ok(Self(text.into()))
    }

    /// Reads a DID that was checked when it was first accepted: only its shape is looked at.
    pub(crate) fn parse_known(text: &str) -> Result<Self, DidError> {
        let key = text.strip_prefix(Self::PREFIX).ok_or(DidError::Method)?;
        if text.len() != Self::LENGTH || !key.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(DidError::Length);
        }
        Ok(Self(text.into()))
    }

    /// Wraps the authority of an id that was read: a DID by construction.
    pub(crate) fn known(text: &str) -> Self {
        Self(text.into())
    }

    /// Reads the DID of a key in Multikey form: `z6Mk…`.
    ///
    /// # Errors
    /// As [`Did::parse`].
    pub fn from_multikey(text: &str) -> Result<Self, DidError> {
        multikey::decode32(Codec::Ed25519Public, text)?;
        Ok(Self(format!("{}{text}", Self::PREFIX).into()))
    }

    /// Returns the DID of 32 public key bytes, as they stand in other formats (RFC 8032 order).
    ///
    /// # Errors
    /// [`DidError::Point`] or [`DidError::Weak`].
    pub fn from_public_bytes(key: &[u8; 32]) -> Result<Self, DidError> {
        let did = Self::of(key);
        did.verifying_key()?;
        Ok(did)
    }

    fn of(key: &[u8; 32]) -> Self {
        let text = multikey::encode(Codec::Ed25519Public, key);
        Self(format!("{}{text}", Self::PREFIX).into())
    }

    /// Returns the whole DID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the key part alone, `z6Mk…`: a Multikey, and the fragment of its DID URL.
    #[must_use]
    pub fn multikey(&self) -> &str {
        self.0.strip_prefix(Self::PREFIX).unwrap_or(&self.0)
    }

    /// Returns the DID URL of the key itself, `did:key:z6Mk…#z6Mk…`, as proofs name it.
    #[must_use]
    pub fn key_url(&self) -> String {
        format!("{}#{}", self.0, self.multikey())
    }

    /// Returns the 32 bytes of the public key.
    ///
    /// # Errors
    /// None for a DID that was parsed; [`DidError`] otherwise.
    pub fn public_bytes(&self) -> Result<[u8; 32], DidError> {
        multikey::decode32(Codec::Ed25519Public, self.multikey())
    }

    /// Returns the key to verify with.
    ///
    /// # Errors
    /// [`DidError::Point`] if the bytes are no point of the curve, [`DidError::Weak`] if it is of
    /// small order.
    pub fn verifying_key(&self) -> Result<VerifyingKey, DidError> {
        let key = VerifyingKey::from_bytes(&self.public_bytes()?).map_err(|_| DidError::Point)?;
        if key.is_weak() {
            Err(DidError::Weak)
        } else {
            Ok(key)
        }
    }

    /// Verifies a signature by this key, strictly: neither key nor `R` of small order, and no
    /// second form of a signature (`verify_strict` of ed25519-dalek; in the terms of
    /// ed25519-speccheck: `XXXVXXXXXXXX`). Everything in Minga verifies here.
    ///
    /// # Errors
    /// [`DidError::Point`] or [`DidError::Weak`] for a bad key, [`DidError::Signature`] otherwise.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), DidError> {
        let seen = SEEN.with_borrow(|seen| seen.get(&self.0).copied().flatten());
        let key = match seen {
            Some(key) => key,
            None => {
                let bytes = self.public_bytes()?;
                let key = VerifyingKey::from_bytes(&bytes).map_err(|_| DidError::Point)?;
                remember(&self.0, Some(key));
                key
            }
        };
        key.verify_strict(message, &Signature::from_bytes(signature))
            .map_err(|_| {
                if key.is_weak() {
                    DidError::Weak
                } else {
                    DidError::Signature
                }
            })
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written_as_text!(Did, DidError);
