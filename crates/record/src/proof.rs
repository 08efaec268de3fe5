//! Data Integrity proofs by `eddsa-jcs-2022`, over any JSON object.
//!
//! Verified offline, from what is given alone:
//!
//! - A **method** `did:key:z6Mk…#z6Mk…` is its own key. A method that is a web address (FEP-8b32)
//!   is looked up in the actors' documents that the caller gives ([`verify_with`]), as FEP-521a
//!   has it: the actor whose id it begins with must list it under `assertionMethod`. Nothing in
//!   the signed document itself vouches for a web address.
//! - The **authority** is who the document says it is by: the DID of an `ap://` `id`, and `actor`,
//!   `attributedTo` and `issuer`, where they are there. Each of them must be the signer, or have
//!   delegated to it in an embedded `delegation`. An `actor` or `attributedTo` that is a web
//!   address must have a given document that lists the key. An `issuer` that is a web address is
//!   left to the caller, as W3C's own test vector has one: the answer says which key signed, and
//!   whether that issuer uses that key is for the issuer's site to say.
//! - `signature` of the older Linked Data Signatures is not covered (FEP-8b32, *Backward
//!   compatibility*).
//!
//! Sources: W3C Verifiable Credential Data Integrity 1.0 §4.4; Data Integrity EdDSA Cryptosuites
//! 1.0 §3.3; FEP-8b32; FEP-521a; FEP-ef61.

use std::ops::Range;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::delegation::Delegation;
use crate::json::{canonical, parse_strict, write_object, write_value};
use crate::multikey::Multikey;
use crate::refused::{Refused, VerifyCode, excerpt};
use crate::{Did, DidError, Hash, SecretKey, Timestamp};

/// Verifies a document from nothing but itself, and returns whose key signed it.
///
/// `at` is the moment at which proof and delegation must not have expired; without it, expiry is
/// not looked at. See the [module](self) for what counts as authority.
///
/// # Errors
/// [`Refused`] with the first reason found.
pub fn verify_document(document: &Value, at: Option<Timestamp>) -> Result<Did, Refused> {
    verify_with(document, at, &[])
}

/// Verifies a document as it was received: strict JSON, then as [`verify_document`].
///
/// # Errors
/// [`Refused`] with the first reason found.
pub fn verify_bytes(bytes: &[u8], at: Option<Timestamp>) -> Result<Did, Refused> {
    verify_document(&parse_strict(bytes)?, at)
}

/// Verifies a document with the help of `actors`: documents of actors, fetched by the caller from
/// where they live, whose `assertionMethod` lists their keys.
///
/// # Errors
/// [`Refused`] with the first reason found.
pub fn verify_with(
    document: &Value,
    at: Option<Timestamp>,
    actors: &[Value],
) -> Result<Did, Refused> {
    let map = document
        .as_object()
        .ok_or_else(|| Refused::new(VerifyCode::NotAnObject, "a signed document is an object"))?;
    let proof = Proof::read(map)?;
    proof.check_context(map.get("@context"))?;
    proof.check_expiry(at)?;
    let signer = proof.signer(actors)?;
    check_authority(map, &proof, &signer, at, actors)?;
    proof.check_signature(&signer, &covered_hash(map, &proof))?;
    Ok(signer)
}

/// When and with what a document is signed.
#[derive(Clone, Debug)]
pub struct Signature<'a> {
    /// Stands in the proof as `created`.
    pub created: Timestamp,
    /// From when on the proof is no longer valid.
    pub expires: Option<Timestamp>,
    /// The address of the key; without it, the `did:key` of the key itself.
    pub method: Option<&'a str>,
}

impl Signature<'_> {
    /// A proof by the key's own `did:key`, without end.
    #[must_use]
    pub const fn at(created: Timestamp) -> Self {
        Self {
            created,
            expires: None,
            method: None,
        }
    }
}

/// Signs a JSON object: adds a `proof`, in place of one that may be there.
///
/// The caller sees to it that the document names no other authority than the key, else nobody
/// will verify it.
#[must_use]
pub fn sign_document(
    mut document: Map<String, Value>,
    key: &SecretKey,
    signature: &Signature<'_>,
) -> Map<String, Value> {
    document.shift_remove("proof");
    let mut options = Map::new();
    if let Some(context) = document.get("@context") {
        options.insert("@context".to_owned(), context.clone());
    }
    let method = signature
        .method
        .map_or_else(|| key.did().key_url(), str::to_owned);
    for (name, text) in [
        ("type", PROOF_TYPE.to_owned()),
        ("cryptosuite", CRYPTOSUITE.to_owned()),
        ("created", signature.created.to_string()),
        ("verificationMethod", method),
        ("proofPurpose", PURPOSE.to_owned()),
    ] {
        options.insert(name.to_owned(), text.into());
    }
    if let Some(expires) = signature.expires {
        options.insert("expires".to_owned(), expires.to_string().into());
    }
    let options_hash = CanonicalObject::of(&options, 1024).hash_without("proofValue");
    let document_hash = CanonicalObject::of(&document, 4096).hash_without("proof");
    let signed = key.sign(&both(options_hash, document_hash));
    options.insert(
        "proofValue".to_owned(),
        format!("z{}", bs58::encode(signed).into_string()).into(),
    );
    document.insert("proof".to_owned(), Value::Object(options));
    document
}

const PROOF_TYPE: &str = "DataIntegrityProof";
const CRYPTOSUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";

fn both(options: [u8; 32], document: [u8; 32]) -> [u8; 64] {
    let mut input = [0; 64];
    input[..32].copy_from_slice(&options);
    input[32..].copy_from_slice(&document);
    input
}

/// A proof whose fields are all as they should be; nothing is said yet about its signature.
pub(crate) struct Proof<'a> {
    fields: &'a Map<String, Value>,
    method: &'a str,
    created: Option<Timestamp>,
    expires: Option<Timestamp>,
    signature: [u8; 64],
}

impl<'a> Proof<'a> {
    /// Reads the `proof` of a document.
    pub(crate) fn read(document: &'a Map<String, Value>) -> Result<Self, Refused> {
        let proof = document
            .get("proof")
            .ok_or_else(|| Refused::new(VerifyCode::ProofMissing, "there is no proof"))?;
        let fields = proof
            .as_object()
            .ok_or_else(|| Refused::new(VerifyCode::ProofNotOne, "the proof is not one object"))?;
        for (name, wanted, code) in [
            ("type", PROOF_TYPE, VerifyCode::WrongProofType),
            ("cryptosuite", CRYPTOSUITE, VerifyCode::WrongCryptosuite),
            ("proofPurpose", PURPOSE, VerifyCode::WrongPurpose),
        ] {
            if fields.get(name).and_then(Value::as_str) != Some(wanted) {
                return Err(Refused::new(code, format!("{name} is not {wanted}")));
            }
        }
        if fields.contains_key("previousProof") {
            return Err(Refused::new(
                VerifyCode::ProofChained,
                "the proof depends on another",
            ));
        }
        let moment = |name: &str, code| match fields.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(|text| Timestamp::parse(text).ok())
                .map(Some)
                .ok_or_else(|| Refused::new(code, format!("{name} is not a moment of RFC 3339"))),
        };
        let created = moment("created", VerifyCode::MalformedCreated)?;
        let expires = moment("expires", VerifyCode::MalformedExpires)?;
        let method = fields
            .get("verificationMethod")
            .and_then(Value::as_str)
            .ok_or_else(|| {
                Refused::new(
                    VerifyCode::MalformedMethod,
                    "verificationMethod is not a text",
                )
            })?;
        let signature = read_signature(fields.get("proofValue").and_then(Value::as_str))?;
        Ok(Self {
            fields,
            method,
            created,
            expires,
            signature,
        })
    }

    pub(crate) fn created(&self) -> Option<Timestamp> {
        self.created
    }

    pub(crate) fn context(&self) -> Option<&'a Value> {
        self.fields.get("@context")
    }

    /// The proof's context, where it has one, must begin the document's (EdDSA Cryptosuites 1.0
    /// §3.3.2): the document is then hashed with the proof's.
    fn check_context(&self, document: Option<&Value>) -> Result<(), Refused> {
        fn list(value: &Value) -> &[Value] {
            value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice)
        }
        let Some(own) = self.context() else {
            return Ok(());
        };
        if document.is_some_and(|whole| list(whole).starts_with(list(own))) {
            return Ok(());
        }
        Err(Refused::new(
            VerifyCode::WrongProofContext,
            "the document's @context does not begin with the proof's",
        ))
    }

    pub(crate) fn check_expiry(&self, at: Option<Timestamp>) -> Result<(), Refused> {
        match (self.expires, at) {
            (Some(expires), Some(at)) if at >= expires => Err(Refused::new(
                VerifyCode::ProofExpired,
                format!("the proof ended at {expires}"),
            )),
            _ => Ok(()),
        }
    }

    /// Returns the key that the method names.
    fn signer(&self, actors: &[Value]) -> Result<Did, Refused> {
        if self.method.starts_with("did:") {
            self.did_signer()
        } else {
            self.listed_signer(actors)
        }
    }

    /// Returns the key of a method that must be a `did:key`.
    pub(crate) fn did_signer(&self) -> Result<Did, Refused> {
        let (did, fragment) = self.method.split_once('#').unwrap_or((self.method, ""));
        let did = Did::parse(did).map_err(|error| {
            Refused::new(
                VerifyCode::MalformedDid,
                format!("{}: {error}", excerpt(self.method)),
            )
        })?;
        if fragment != did.multikey() {
            return Err(Refused::new(
                VerifyCode::FragmentNotOfDid,
                format!("{} does not end with its own key", excerpt(self.method)),
            ));
        }
        Ok(did)
    }

    fn listed_signer(&self, actors: &[Value]) -> Result<Did, Refused> {
        let owner = self
            .method
            .split_once('#')
            .map_or(self.method, |(owner, _)| owner);
        actors
            .iter()
            .filter(|actor| actor.get("id").and_then(Value::as_str) == Some(owner))
            .flat_map(methods)
            .filter_map(Multikey::parse)
            .find(|key| key.id == self.method && key.controller == owner)
            .map(|key| key.key)
            .ok_or_else(|| {
                Refused::new(
                    VerifyCode::MethodUnresolved,
                    format!("no given actor lists the key {}", excerpt(self.method)),
                )
            })
    }

    /// Verifies the signature over this proof's options and the document's hash.
    pub(crate) fn check_signature(&self, signer: &Did, document: &[u8; 32]) -> Result<(), Refused> {
        let options = CanonicalObject::of(self.fields, 1024).hash_without("proofValue");
        let input = both(options, *document);
        signer
            .verify(&input, &self.signature)
            .map_err(|error| match error {
                DidError::Weak | DidError::Point => {
                    Refused::new(VerifyCode::WeakKey, format!("{signer}: {error}"))
                }
                _ => Refused::new(
                    VerifyCode::BadSignature,
                    format!("{signer} did not sign this document with this proof"),
                ),
            })
    }
}

fn methods(actor: &Value) -> &[Value] {
    match actor.get("assertionMethod") {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// Reads a multibase signature. 64 bytes have one base58 text, so a longer one is refused.
fn read_signature(value: Option<&str>) -> Result<[u8; 64], Refused> {
    let malformed = || {
        Refused::new(
            VerifyCode::MalformedMultibase,
            "proofValue is not z and base58 digits",
        )
    };
    let length = || {
        Refused::new(
            VerifyCode::WrongSignatureLength,
            "proofValue does not hold 64 bytes",
        )
    };
    let digits = value
        .and_then(|text| text.strip_prefix('z'))
        .ok_or_else(malformed)?;
    // 64 bytes need at most 88 digits.
    if digits.len() > 88 {
        let plain = digits
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() && !b"0OIl".contains(&b));
        return Err(if plain { length() } else { malformed() });
    }
    let mut buffer = [0; 66];
    match bs58::decode(digits).onto(&mut buffer) {
        Ok(64) => {}
        Ok(_) | Err(bs58::decode::Error::BufferTooSmall) => return Err(length()),
        Err(_) => return Err(malformed()),
    }
    let mut signature = [0; 64];
    signature.copy_from_slice(&buffer[..64]);
    Ok(signature)
}

/// An object's canonical bytes, with the places of its members: so it is written once and never
/// copied, though a proof does not cover all of it.
pub(crate) struct CanonicalObject<'a> {
    pub(crate) bytes: Vec<u8>,
    members: Vec<(&'a str, Range<usize>)>,
}

impl<'a> CanonicalObject<'a> {
    /// Writes `map`; `capacity` is about how many bytes it takes.
    pub(crate) fn of(map: &'a Map<String, Value>, capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        let mut members = Vec::with_capacity(map.len());
        write_object(map, &mut bytes, |name, start, end| {
            members.push((name, start..end))
        });
        Self { bytes, members }
    }

    /// Returns SHA-256 of the object as if the members that `text` gives nothing for were not
    /// there, and the others were what it gives. It is told their names and texts.
    pub(crate) fn hash_of<'b>(
        &'b self,
        text: impl Fn(&str, &'b [u8]) -> Option<&'b [u8]>,
    ) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut before: &[u8] = b"{";
        for (name, place) in &self.members {
            if let Some(text) = text(name, &self.bytes[place.clone()]) {
                hash.update(before);
                hash.update(text);
                before = b",";
            }
        }
        hash.update(if before == b"{" { b"{}" as &[u8] } else { b"}" });
        hash.finalize().into()
    }

    /// Returns SHA-256 of the whole object, and of it without its proof. Most members sort before
    /// "proof", so most of the work is done once for both.
    pub(crate) fn hash_both(&self) -> (Hash, [u8; 32]) {
        let proof = self.members.iter().position(|(name, _)| *name == "proof");
        match proof.map(|at| &self.members[at].1) {
            // A member before it: it goes with the comma before it.
            Some(place) if place.start > 1 => {
                let (before, from) = self.bytes.split_at(place.start - 1);
                let shared = Sha256::new().chain_update(before);
                let whole = shared.clone().chain_update(from).finalize();
                let without = shared.chain_update(&self.bytes[place.end..]).finalize();
                (Hash::from_bytes(whole.into()), without.into())
            }
            _ => (Hash::of(&self.bytes), self.hash_without("proof")),
        }
    }

    /// Returns SHA-256 of the object without the member `name`.
    pub(crate) fn hash_without(&self, left_out: &str) -> [u8; 32] {
        self.hash_of(|name, text| (name != left_out).then_some(text))
    }
}

/// Hashes what the proof covers of a document: not itself, nor a Linked Data Signature; and with
/// the proof's own `@context`.
fn covered_hash(document: &Map<String, Value>, proof: &Proof<'_>) -> [u8; 32] {
    let context = proof.context().map(|value| {
        let mut text = b"\"@context\":".to_vec();
        write_value(value, &mut text);
        text
    });
    let linked_data = document
        .get("signature")
        .is_some_and(|value| value.get("signatureValue").is_some());
    CanonicalObject::of(document, 1024).hash_of(|name, text| match name {
        "proof" => None,
        "signature" if linked_data => None,
        "@context" => Some(context.as_deref().unwrap_or(text)),
        _ => Some(text),
    })
}

/// Hashes a signed object whose proof has the same `@context`.
pub(crate) fn covered_by(document: &Map<String, Value>) -> [u8; 32] {
    CanonicalObject::of(document, 1024).hash_without("proof")
}

/// Every authority that the document names must stand behind the signer.
fn check_authority(
    document: &Map<String, Value>,
    proof: &Proof<'_>,
    signer: &Did,
    at: Option<Timestamp>,
    actors: &[Value],
) -> Result<(), Refused> {
    let mut delegation = None;
    for name in ["id", "actor", "attributedTo", "issuer"] {
        let Some(value) = document.get(name) else {
            continue;
        };
        let owners = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for owner in owners {
            let owner = owner
                .as_str()
                .or_else(|| owner.get("id").and_then(Value::as_str));
            let Some(owner) = owner else {
                return Err(unproven(name, "something without an id"));
            };
            match authority(owner) {
                Authority::Key(did) if did == *signer => {}
                Authority::Key(did) => {
                    if delegation.is_none() {
                        delegation = document
                            .get("delegation")
                            .map(Delegation::verify)
                            .transpose()?;
                    }
                    let Some(delegation) = &delegation else {
                        return Err(Refused::new(
                            VerifyCode::AuthorityNotDelegated,
                            format!(
                                "{name} is {did}, the signer is {signer}, and nothing delegates"
                            ),
                        ));
                    };
                    delegation.check(&did, signer, kind_in(document), at)?;
                }
                // Where a document lives says nothing of whose it is, and an issuer's site is
                // asked by the caller.
                Authority::Address if name == "id" || name == "issuer" => {}
                Authority::Address => {
                    if !proof.is_listed_by(owner, actors) {
                        return Err(unproven(name, owner));
                    }
                }
                Authority::OtherDid => {
                    return Err(Refused::new(
                        VerifyCode::AuthorityNotDelegated,
                        format!("{name} is {}, and {signer} signed", excerpt(owner)),
                    ));
                }
            }
        }
    }
    Ok(())
}

fn unproven(name: &str, owner: &str) -> Refused {
    let owner = excerpt(owner);
    Refused::new(
        VerifyCode::AuthorityUnproven,
        format!("{name} is {owner}, whose key is not known"),
    )
}

impl Proof<'_> {
    /// Whether the document of the actor `owner` lists this proof's method.
    fn is_listed_by(&self, owner: &str, actors: &[Value]) -> bool {
        actors
            .iter()
            .filter(|actor| actor.get("id").and_then(Value::as_str) == Some(owner))
            .flat_map(methods)
            .any(|method| {
                let id = method
                    .as_str()
                    .or_else(|| method.get("id").and_then(Value::as_str));
                id == Some(self.method)
            })
    }
}

/// What stands behind a name in `id`, `actor`, `attributedTo` or `issuer`.
enum Authority {
    Key(Did),
    /// A DID of another method, or a malformed one: no key that could be checked.
    OtherDid,
    Address,
}

/// Finds the DID in `did:key:…`, in an `ap://` id and in the address of one at a gateway
/// (FEP-ef61, *Compatible identifiers*).
fn authority(name: &str) -> Authority {
    const GATEWAY: &str = "/.well-known/apgateway/";
    // Schemes have no case (RFC 3986 §3.1); `ap+ef61` is the name that FEP-ef61 may take on.
    let after = |scheme: &str| {
        let start = name.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &name[scheme.len()..])
    };
    let at_gateway = || {
        after("https://")
            .or_else(|| after("http://"))?
            .split_once(GATEWAY)
            .map(|(_, path)| path)
    };
    let portable = after("ap://")
        .or_else(|| after("ap+ef61://"))
        .or_else(at_gateway);
    let Some(authority) = portable.or_else(|| after("did:").map(|_| name)) else {
        return Authority::Address;
    };
    let end = authority.find(['/', '?', '#']).unwrap_or(authority.len());
    let did = authority[..end].replace("%3A", ":").replace("%3a", ":");
    Did::parse(&did).map_or(Authority::OtherDid, Authority::Key)
}

/// The kind of a record, as its id says; a delegation may be for some kinds only.
fn kind_in(document: &Map<String, Value>) -> &str {
    let id = document.get("id").and_then(Value::as_str).unwrap_or("");
    id.strip_prefix("ap://")
        .and_then(|rest| rest.split('/').nth(1))
        .unwrap_or("")
}

/// Returns SHA-256 of a JSON value's canonical form.
#[must_use]
pub fn canonical_hash(value: &Value) -> Hash {
    Hash::of(&canonical(value))
}
