//! Ids of records and hashes of bytes.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::text::{from_hex, is_path_part, to_hex, written_as_text};
use crate::{Did, DidError, Timestamp};

/// Why a text is not the id of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not `ap://<did>/<kind>/<uuid>`.
    #[error("an id is ap://<did:key>/<kind>/<uuid>")]
    Shape,
    /// The authority is not an Ed25519 `did:key`.
    #[error("the authority of the id is not an Ed25519 did:key")]
    Authority(#[source] DidError),
    /// The kind is not a path part.
    #[error("a kind is 1–40 of a-z, 0-9 and -, beginning with a letter")]
    Kind,
    /// The last part is not a UUID of version 7 in lower case with hyphens.
    #[error("an id ends with a UUID of version 7, in lower case, with hyphens")]
    Uuid,
}

/// The id of a record, and of the thing that it begins: `ap://<author>/<kind>/<uuidv7>`.
///
/// No server stands in it. Source: FEP-ef61; RFC 9562 §5.7 for UUIDs of version 7.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(Box<str>);

impl RecordId {
    const SCHEME: &str = "ap://";

    /// Makes an id from its parts.
    ///
    /// # Errors
    /// [`IdError::Kind`] or [`IdError::Uuid`].
    pub fn new(author: &Did, kind: &str, uuid: Uuid) -> Result<Self, IdError> {
        if !is_path_part(kind) {
            return Err(IdError::Kind);
        }
        if !is_version_7(uuid) {
            return Err(IdError::Uuid);
        }
        Ok(Self(
            format!("{}{author}/{kind}/{}", Self::SCHEME, uuid.as_hyphenated()).into(),
        ))
    }

    /// Reads an id. An id has one text only: no query, no fragment, no upper case in the UUID.
    ///
    /// # Errors
    /// [`IdError`] says which part is not as it should be.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Self::read(text, Did::parse)
    }

    /// Reads an id that was checked when it was first accepted: the key in it is not looked at again.
    ///
    /// # Errors
    /// [`IdError`] for another form.
    pub fn parse_known(text: &str) -> Result<Self, IdError> {
        Self::read(text, Did::parse_known)
    }

    fn read(text: &str, did: fn(&str) -> Result<Did, DidError>) -> Result<Self, IdError> {
        let rest = text.strip_prefix(Self::SCHEME).ok_or(IdError::Shape)?;
        let mut parts = rest.split('/');
        let (Some(author), Some(kind), Some(uuid), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(IdError::Shape);
        };
        did(author).map_err(IdError::Authority)?;
        if !is_path_part(kind) {
            return Err(IdError::Kind);
        }
        let lower = uuid.len() == 36 && !uuid.bytes().any(|b| b.is_ascii_uppercase());
        match Uuid::try_parse(uuid) {
            Ok(read) if lower && is_version_7(read) => Ok(Self(text.into())),
            _ => Err(IdError::Uuid),
        }
    }

    /// Returns the whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the short form by which tables refer to what has this id; see [`short_id`].
    #[must_use]
    pub fn short(&self) -> [u8; 16] {
        short_id(&self.0)
    }

    fn part(&self, number: usize) -> &str {
        self.0
            .strip_prefix(Self::SCHEME)
            .and_then(|rest| rest.split('/').nth(number))
            .unwrap_or("")
    }

    /// Returns the author's DID as text.
    #[must_use]
    pub fn author_str(&self) -> &str {
        self.part(0)
    }

    /// Returns whose id this is.
    #[must_use]
    pub fn author(&self) -> Did {
        Did::known(self.part(0))
    }

    /// Returns the kind, as it stands in the path: `article`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.part(1)
    }

    /// Returns the UUID as text.
    #[must_use]
    pub fn uuid_str(&self) -> &str {
        self.part(2)
    }

    /// Returns the UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        Uuid::try_parse(self.part(2)).unwrap_or_default()
    }
}

/// Returns the first 16 bytes of the SHA-256 of an id.
///
/// An id has some 100 bytes; rows that refer to it hold these instead. Nobody can find two ids that
/// share them in fewer than about 2^64 tries, and the log compares whole ids.
#[must_use]
pub fn short_id(id: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(id)[..16]);
    short
}

/// RFC 9562: version 7, and the variant of that RFC.
fn is_version_7(uuid: Uuid) -> bool {
    uuid.get_version_num() == 7 && uuid.get_variant() == uuid::Variant::RFC4122
}

/// Returns the UUID of version 7 for a moment and 10 random bytes.
///
/// Moments before 1970 count as 1970: the field has no sign.
#[must_use]
pub fn uuid_v7(at: Timestamp, entropy: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy).into_uuid()
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written_as_text!(RecordId, IdError);

/// Why a text or bytes are not a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is sha256: and 64 lower-case hexadecimal digits, or 32 bytes")]
pub struct HashError;

/// A SHA-256, written `sha256:<64 hexadecimal digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    const PREFIX: &str = "sha256:";

    /// Hashes `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Wraps 32 bytes that are a SHA-256.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Wraps a slice, as it comes from a table.
    ///
    /// # Errors
    /// [`HashError`] unless there are 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError)
    }

    /// Reads `sha256:…`.
    ///
    /// # Errors
    /// [`HashError`] for any other form.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        text.strip_prefix(Self::PREFIX)
            .and_then(from_hex)
            .map(Self)
            .ok_or(HashError)
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the 64 digits alone, for file names and addresses.
    #[must_use]
    pub fn to_hex(&self) -> String {
        to_hex(&self.0)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

written_as_text!(Hash, HashError);
