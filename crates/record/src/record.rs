//! The record: what somebody asserts, signed, and never changed.
//!
//! A [`Draft`] becomes a [`Record`] when it is signed; received bytes become one when they are
//! verified. There is no other way to get one, so nobody can forget to verify.

use std::sync::OnceLock;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::context::{self, context};
use crate::delegation::Delegation;
use crate::json::parse_strict;
use crate::proof::{CanonicalObject, Proof, Signature, sign_document};
use crate::refused::{Refused, VerifyCode, excerpt};
use crate::text::{from_hex, to_hex};
use crate::{Did, DidError, Hash, IdError, RecordId, SecretKey, Space, Timestamp};

/// Bytes of the longest record: 8 MiB. The longest wiki pages have 2 MiB of text, which escapes
/// may double; what is longer is a file, and files are blobs.
pub const MAX_RECORD_BYTES: usize = 8 << 20;

/// The names of the envelope, which no body may use.
pub const ENVELOPE: &[&str] = &[
    "@context",
    "id",
    "type",
    "version",
    "attributedTo",
    "commons",
    "space",
    "thing",
    "replaces",
    "published",
    "nonce",
    "delegation",
    "proof",
];

/// What somebody is about to assert.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The kind as it stands in ids and addresses: `article`.
    pub kind: String,
    /// The type as it stands in JSON: `Article`.
    pub type_name: String,
    /// The version of the body's shape, from 1.
    pub version: u32,
    /// The home of the record: who may revise it is a rule of that commons.
    pub commons: Did,
    /// Who the record is for.
    pub space: Space,
    /// The thing it is about; none if it begins one.
    pub thing: Option<RecordId>,
    /// The revisions that it replaces: two or more for a merge. Their order does not matter.
    pub replaces: Vec<Hash>,
    /// When it is said.
    pub published: Timestamp,
    /// The kind's own fields. Names of the [`ENVELOPE`] and those with `@` are refused.
    pub body: Map<String, Value>,
}

/// What chance adds to a draft; given by the caller, so that signing is deterministic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The last part of the id, of version 7: see [`crate::uuid_v7`].
    pub uuid: Uuid,
    /// 16 random bytes, by which the hash of a record tells nothing of its content.
    pub nonce: [u8; 16],
}

impl Signing {
    /// Makes both from a moment and 26 random bytes.
    #[must_use]
    pub fn new(at: Timestamp, entropy: [u8; 26]) -> Self {
        let mut for_uuid = [0; 10];
        for_uuid.copy_from_slice(&entropy[..10]);
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&entropy[10..]);
        Self {
            uuid: crate::uuid_v7(at, for_uuid),
            nonce,
        }
    }
}

/// Why a draft cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The kind or the UUID does not fit into an id.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The body uses a name of the envelope.
    #[error("a body cannot have the field “{0}”")]
    Reserved(String),
    /// Any verifier would refuse the record, for this reason.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl Draft {
    /// Signs the draft as its author.
    ///
    /// # Errors
    /// [`DraftError`] says what of it cannot be signed.
    pub fn sign(self, key: &SecretKey, signing: Signing) -> Result<Record, DraftError> {
        self.sign_as(key, None, signing)
    }

    /// Signs the draft with a device's key, in the name of the one who delegated to it.
    ///
    /// # Errors
    /// [`DraftError`] says what of it cannot be signed, or that the delegation, at the moment
    /// `published`, does not allow it.
    pub fn sign_delegated(
        self,
        key: &SecretKey,
        delegation: &Delegation,
        signing: Signing,
    ) -> Result<Record, DraftError> {
        let at = Some(self.published);
        delegation.check(delegation.issuer(), &key.did(), &self.kind, at)?;
        self.sign_as(key, Some(delegation), signing)
    }

    fn sign_as(
        mut self,
        key: &SecretKey,
        delegation: Option<&Delegation>,
        signing: Signing,
    ) -> Result<Record, DraftError> {
        if let Some(name) = self.body.keys().find(|name| is_reserved(name)) {
            return Err(DraftError::Reserved(name.clone()));
        }
        self.replaces.sort_unstable();
        self.replaces.dedup();
        let author = delegation.map_or_else(|| key.did(), |d| d.issuer().clone());
        let id = RecordId::new(&author, &self.kind, signing.uuid)?;

        let mut object = Map::new();
        let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
        set("@context", context().clone());
        set("id", id.as_str().into());
        set("type", self.type_name.into());
        set("version", self.version.into());
        set("attributedTo", author.as_str().into());
        set("commons", self.commons.as_str().into());
        set("space", self.space.as_str().into());
        if let Some(thing) = &self.thing {
            set("thing", thing.as_str().into());
        }
        if !self.replaces.is_empty() {
            set(
                "replaces",
                self.replaces.iter().map(Hash::to_string).collect(),
            );
        }
        set("published", self.published.to_string().into());
        set("nonce", to_hex(&signing.nonce).into());
        if let Some(delegation) = delegation {
            set("delegation", delegation.to_json());
        }
        object.extend(self.body);
        let object = sign_document(object, key, &Signature::at(self.published));

        // Read back as everybody will: whatever the body holds, a record is strict JSON.
        let bytes = CanonicalObject::of(&object, 4096).bytes;
        let object = read_object(&bytes)?;
        let envelope = Envelope::read(&object, Trust::Known)?;
        let hash = Hash::of(&bytes);
        Ok(Record::new(envelope, object, bytes, Some(hash)))
    }
}

/// A name of JSON-LD's kind: a capital letter, then letters and digits, 1–40 in all.
fn is_type(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_reserved(name: &str) -> bool {
    name.starts_with('@') || ENVELOPE.contains(&name)
}

/// A signed record, whose proof was verified or made here.
#[derive(Clone, Debug)]
pub struct Record {
    envelope: Envelope,
    object: Map<String, Value>,
    bytes: Box<[u8]>,
    hash: OnceLock<Hash>,
}

impl Record {
    fn new(
        envelope: Envelope,
        object: Map<String, Value>,
        bytes: Vec<u8>,
        hash: Option<Hash>,
    ) -> Self {
        let hash = hash.map_or_else(OnceLock::new, OnceLock::from);
        Self {
            envelope,
            object,
            bytes: bytes.into(),
            hash,
        }
    }

    /// Verifies received bytes: strict JSON, the envelope, the proof, and that the signer is the
    /// author or has a delegation that was valid at `at` (without it, expiry is not looked at).
    ///
    /// Costs about 85 µs for 4 kB, three quarters of it the signature; see `examples/speed.rs`.
    ///
    /// # Errors
    /// [`Refused`] with the first reason found.
    pub fn verify(bytes: &[u8], at: Option<Timestamp>) -> Result<Self, Refused> {
        let object = read_object(bytes)?;
        let envelope = Envelope::read(&object, Trust::Nothing)?;
        let proof = Proof::read(&object)?;
        if proof.created().is_none() {
            return Err(Refused::new(
                VerifyCode::MalformedCreated,
                "the proof has no created",
            ));
        }
        if proof.context() != object.get("@context") {
            return Err(Refused::new(
                VerifyCode::WrongProofContext,
                "the proof's @context is not the record's",
            ));
        }
        proof.check_expiry(at)?;
        let signer = proof.did_signer()?;
        match &envelope.delegation {
            None if signer != envelope.author => {
                return Err(Refused::new(
                    VerifyCode::AuthorityNotDelegated,
                    format!("{} is the author, and {signer} signed", envelope.author),
                ));
            }
            None => {}
            Some(delegation) => {
                delegation.check(&envelope.author, &signer, envelope.id.kind(), at)?;
            }
        }
        let canonical = CanonicalObject::of(&object, bytes.len());
        let (hash, without_proof) = canonical.hash_both();
        proof.check_signature(&signer, &without_proof)?;
        // Nothing but allocation differs: canonical bytes are kept where they are.
        let bytes = if canonical.bytes == bytes {
            canonical.bytes
        } else {
            bytes.to_vec()
        };
        Ok(Self::new(envelope, object, bytes, Some(hash)))
    }

    /// Reads bytes that this node's own log accepted before: the envelope is read, the proof is
    /// not verified. Never for bytes that come from elsewhere.
    ///
    /// # Errors
    /// [`Refused`] if they are not a record, that is, if the log is damaged.
    pub fn trusted(bytes: &[u8]) -> Result<Self, Refused> {
        let object = read_object(bytes)?;
        let envelope = Envelope::read(&object, Trust::Known)?;
        Ok(Self::new(envelope, object, bytes.to_vec(), None))
    }

    /// Returns the record's own id.
    #[must_use]
    pub fn id(&self) -> &RecordId {
        &self.envelope.id
    }

    /// Returns the thing it is about: its own id, if it begins it.
    #[must_use]
    pub fn thing(&self) -> &RecordId {
        self.envelope.thing.as_ref().unwrap_or(&self.envelope.id)
    }

    /// Returns whether it begins a thing.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.envelope.thing.is_none()
    }

    /// Returns the kind as it stands in the id: `article`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.envelope.id.kind()
    }

    /// Returns the type as it stands in JSON: `Article`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.text("type")
    }

    /// Returns the version of the body's shape.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.envelope.version
    }

    /// Returns who says it.
    #[must_use]
    pub fn author(&self) -> &Did {
        &self.envelope.author
    }

    /// Returns whose key signed it: the author's, or that of a device it delegated to.
    #[must_use]
    pub fn signer(&self) -> &Did {
        self.envelope
            .delegation
            .as_ref()
            .map_or(&self.envelope.author, Delegation::device)
    }

    /// Returns its home.
    #[must_use]
    pub fn commons(&self) -> &Did {
        &self.envelope.commons
    }

    /// Returns who it is for.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.envelope.space
    }

    /// Returns the revisions that it replaces, in ascending order.
    #[must_use]
    pub fn replaces(&self) -> &[Hash] {
        &self.envelope.replaces
    }

    /// Returns when it says that it was said.
    #[must_use]
    pub fn published(&self) -> Timestamp {
        self.envelope.published
    }

    /// Returns its 16 random bytes.
    #[must_use]
    pub fn nonce(&self) -> &[u8; 16] {
        &self.envelope.nonce
    }

    /// Returns the delegation it embeds, if a device signed it.
    #[must_use]
    pub fn delegation(&self) -> Option<&Delegation> {
        self.envelope.delegation.as_ref()
    }

    /// Returns the whole object, envelope and proof included.
    #[must_use]
    pub fn body(&self) -> &Map<String, Value> {
        &self.object
    }

    /// Returns a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.object.get(name)
    }

    /// Returns a field of text, or nothing of another type.
    fn text(&self, name: &str) -> &str {
        self.object.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// Returns the bytes exactly as they were received or made.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns SHA-256 over the canonical bytes of the whole record, proof included: equal for
    /// every way to write the same record. After [`Record::trusted`] it is computed when first
    /// asked for.
    #[must_use]
    pub fn hash(&self) -> Hash {
        *self
            .hash
            .get_or_init(|| Hash::of(&CanonicalObject::of(&self.object, self.bytes.len()).bytes))
    }
}

/// Two records are equal if their content is, however their bytes are written.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

impl Eq for Record {}

fn read_object(bytes: &[u8]) -> Result<Map<String, Value>, Refused> {
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(Refused::new(
            VerifyCode::TooLarge,
            format!("{} bytes, of at most {MAX_RECORD_BYTES}", bytes.len()),
        ));
    }
    match parse_strict(bytes)? {
        Value::Object(object) => Ok(object),
        _ => Err(Refused::new(
            VerifyCode::NotAnObject,
            "a record is a JSON object",
        )),
    }
}

/// How much of an envelope is checked.
#[derive(Clone, Copy)]
enum Trust {
    /// Everything: the bytes come from elsewhere.
    Nothing,
    /// What takes long was checked when the bytes were first accepted: encodings and proofs.
    Known,
}

impl Trust {
    fn id(self, text: &str) -> Result<RecordId, IdError> {
        match self {
            Self::Nothing => RecordId::parse(text),
            Self::Known => RecordId::parse_known(text),
        }
    }

    fn did(self, text: &str) -> Result<Did, DidError> {
        match self {
            Self::Nothing => Did::parse(text),
            Self::Known => Did::parse_known(text),
        }
    }

    fn delegation(self, value: &Value) -> Result<Delegation, Refused> {
        match self {
            Self::Nothing => Delegation::verify(value),
            Self::Known => Delegation::read(value),
        }
    }
}

/// The fields that every record has.
#[derive(Clone, Debug)]
struct Envelope {
    id: RecordId,
    version: u32,
    author: Did,
    commons: Did,
    space: Space,
    thing: Option<RecordId>,
    replaces: Vec<Hash>,
    published: Timestamp,
    nonce: [u8; 16],
    delegation: Option<Delegation>,
}

impl Envelope {
    fn read(object: &Map<String, Value>, trust: Trust) -> Result<Self, Refused> {
        let fields = Fields(object);
        if !object.get("@context").is_some_and(context::is_known) {
            return Err(Refused::new(
                VerifyCode::WrongContext,
                "@context is none of those that records have",
            ));
        }
        if let Some(name) = object
            .keys()
            .find(|name| name.starts_with('@') && *name != "@context")
        {
            return Err(Refused::new(
                VerifyCode::ReservedName,
                format!("“{}” means something else to JSON-LD", excerpt(name)),
            ));
        }
        let id = fields.read("id", VerifyCode::MalformedId, |text| trust.id(text))?;
        fields.read("type", VerifyCode::MalformedType, |name| {
            if is_type(name) {
                Ok(())
            } else {
                Err("not a capital letter, then letters and digits")
            }
        })?;
        let version = object.get("version").and_then(Value::as_u64);
        let version = version
            .and_then(|version| u32::try_from(version).ok())
            .filter(|version| *version > 0)
            .ok_or_else(|| {
                Refused::new(
                    VerifyCode::MalformedVersion,
                    "version is not an integer from 1",
                )
            })?;
        // Equal to the id's: then it needs no second reading.
        let author = id.author();
        if fields.text("attributedTo") != Some(author.as_str()) {
            let named = fields.read("attributedTo", VerifyCode::MalformedAuthor, |text| {
                trust.did(text)
            })?;
            return Err(Refused::new(
                VerifyCode::AuthorNotOfId,
                format!("attributedTo is {named}, and the id is of {author}"),
            ));
        }
        let commons = fields.read("commons", VerifyCode::MalformedCommons, |text| {
            trust.did(text)
        })?;
        let space = fields.read("space", VerifyCode::MalformedSpace, Space::parse)?;
        let thing = match object.get("thing") {
            None => None,
            Some(_) => {
                Some(fields.read("thing", VerifyCode::MalformedThing, |text| trust.id(text))?)
            }
        };
        if thing.as_ref() == Some(&id) {
            return Err(Refused::new(
                VerifyCode::ThingIsItself,
                "thing is the record's own id",
            ));
        }
        let replaces = read_replaces(object.get("replaces"))?;
        if thing.is_none() && !replaces.is_empty() {
            return Err(Refused::new(
                VerifyCode::ReplacesWithoutThing,
                "a first record replaces something",
            ));
        }
        let published = fields.read(
            "published",
            VerifyCode::MalformedPublished,
            Timestamp::parse_canonical,
        )?;
        let nonce = fields.read("nonce", VerifyCode::MalformedNonce, |text| {
            from_hex(text).ok_or("not 32 lower-case hexadecimal digits")
        })?;
        let delegation = object
            .get("delegation")
            .map(|value| trust.delegation(value))
            .transpose()?;
        Ok(Self {
            id,
            version,
            author,
            commons,
            space,
            thing,
            replaces,
            published,
            nonce,
            delegation,
        })
    }
}

struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Reads a field of text that must be there.
    fn read<T, E: std::fmt::Display>(
        &self,
        name: &str,
        code: VerifyCode,
        parse: impl Fn(&'a str) -> Result<T, E>,
    ) -> Result<T, Refused> {
        let text = self
            .text(name)
            .ok_or_else(|| Refused::new(code, format!("{name} is not there, or not a text")))?;
        parse(text)
            .map_err(|error| Refused::new(code, format!("{name} “{}”: {error}", excerpt(text))))
    }
}

/// Reads a list of hashes in strictly ascending order, so that one set has one text. Where there
/// is nothing to replace, the field is not there.
fn read_replaces(value: Option<&Value>) -> Result<Vec<Hash>, Refused> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let read = |item: &Value| item.as_str().and_then(|text| Hash::parse(text).ok());
    value
        .as_array()
        .filter(|items| !items.is_empty())
        .and_then(|items| items.iter().map(read).collect::<Option<Vec<_>>>())
        .filter(|hashes| hashes.is_sorted_by(|a, b| a < b))
        .ok_or_else(|| {
            Refused::new(
                VerifyCode::MalformedReplaces,
                "replaces is not a list of hashes in ascending order, each once",
            )
        })
}
