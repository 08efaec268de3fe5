//! Why something was not verified: one stable code for each reason.

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// Why a document, record, delegation or checkpoint is refused.
        ///
        /// The texts are part of the interface: they never change, and no code is used twice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum VerifyCode {
            $($(#[doc = $doc])+ $name,)+
        }

        impl VerifyCode {
            /// Every code, in the order in which the verifier looks.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Returns the code as it stands in outputs: `bad_signature`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

codes! {
    // Bytes and JSON.
    /// More bytes than a record may have.
    TooLarge = "too_large",
    /// The bytes are not UTF-8.
    InvalidUtf8 = "invalid_utf8",
    /// Not JSON (RFC 8259).
    JsonSyntax = "json_syntax",
    /// Something follows the JSON value.
    TrailingBytes = "trailing_bytes",
    /// Arrays and objects nested deeper than 64.
    TooDeep = "too_deep",
    /// A name occurs twice in one object.
    DuplicateKey = "duplicate_key",
    /// An integer beyond ±2^53, which not every program reads alike.
    IntegerOutOfRange = "integer_out_of_range",
    /// A number too large for 64-bit floating point.
    NumberNotFinite = "number_not_finite",
    /// A number so small that programs read it differently, or as zero.
    NumberDenormal = "number_denormal",
    /// Half of a surrogate pair, which no UTF-8 can hold.
    LoneSurrogate = "lone_surrogate",
    /// The character U+0000, which no text column holds.
    NulCharacter = "nul_character",
    /// Not a JSON object.
    NotAnObject = "not_an_object",

    // The envelope of a record.
    /// `@context` is none of those that records have.
    WrongContext = "wrong_context",
    /// A field begins with `@`, which JSON-LD keeps for itself.
    ReservedName = "reserved_name",
    /// `id` is not `ap://<did>/<kind>/<uuidv7>`.
    MalformedId = "malformed_id",
    /// `type` is not one name.
    MalformedType = "malformed_type",
    /// `version` is not an integer from 1.
    MalformedVersion = "malformed_version",
    /// `attributedTo` is not a `did:key`.
    MalformedAuthor = "malformed_author",
    /// `attributedTo` is not the DID of the `id`.
    AuthorNotOfId = "author_not_of_id",
    /// `commons` is not a `did:key`.
    MalformedCommons = "malformed_commons",
    /// `space` is not the name of a space.
    MalformedSpace = "malformed_space",
    /// `thing` is not an id.
    MalformedThing = "malformed_thing",
    /// `thing` is the record's own id, which says the same as no `thing`.
    ThingIsItself = "thing_is_itself",
    /// `replaces` is not a list of hashes, each once, in ascending order, at least one.
    MalformedReplaces = "malformed_replaces",
    /// A first record replaces something.
    ReplacesWithoutThing = "replaces_without_thing",
    /// `published` is not a moment in its one canonical text.
    MalformedPublished = "malformed_published",
    /// `nonce` is not 32 lower-case hexadecimal digits.
    MalformedNonce = "malformed_nonce",

    // The proof.
    /// There is no `proof`.
    ProofMissing = "proof_missing",
    /// `proof` is not one object.
    ProofNotOne = "proof_not_one",
    /// `type` of the proof is not `DataIntegrityProof`.
    WrongProofType = "wrong_proof_type",
    /// `cryptosuite` is not `eddsa-jcs-2022`.
    WrongCryptosuite = "wrong_cryptosuite",
    /// `proofPurpose` is not `assertionMethod`.
    WrongPurpose = "wrong_purpose",
    /// The proof's `@context` is not the record's, or for other documents does not begin theirs.
    WrongProofContext = "wrong_proof_context",
    /// `previousProof`: chains of proofs are not verified.
    ProofChained = "proof_chained",
    /// `created` is not a moment, or in a record not there.
    MalformedCreated = "malformed_created",
    /// `expires` is not a moment.
    MalformedExpires = "malformed_expires",
    /// The proof had expired at the moment asked for.
    ProofExpired = "proof_expired",
    /// `verificationMethod` is not there, or not text.
    MalformedMethod = "malformed_method",
    /// The method is an address, and no given actor's document lists it as a key.
    MethodUnresolved = "method_unresolved",
    /// The method is not an Ed25519 `did:key`.
    MalformedDid = "malformed_did",
    /// The fragment of the method is not the key of its DID.
    FragmentNotOfDid = "fragment_not_of_did",
    /// `proofValue` is not `z` and base58 digits.
    MalformedMultibase = "malformed_multibase",
    /// `proofValue` does not hold 64 bytes in their one shortest form.
    WrongSignatureLength = "wrong_signature_length",
    /// The key is no point of the curve, or of small order.
    WeakKey = "weak_key",
    /// The signature is not by this key over this document.
    BadSignature = "bad_signature",

    // Authority.
    /// The signer is neither the named author, actor or issuer nor delegated by it.
    AuthorityNotDelegated = "authority_not_delegated",
    /// The named actor is a web address, and nothing given shows that the key is its own.
    AuthorityUnproven = "authority_unproven",
    /// `delegation` does not have the fields of one.
    MalformedDelegation = "malformed_delegation",
    /// The delegation is not signed by its issuer.
    DelegationUnproven = "delegation_unproven",
    /// The issuer of the delegation is not the author.
    DelegationByOther = "delegation_by_other",
    /// The delegation is for another key than the one that signed.
    DelegationForOther = "delegation_for_other",
    /// The delegation does not cover this kind of record.
    DelegationOtherKind = "delegation_other_kind",
    /// The delegation was not valid yet at the moment asked for.
    DelegationNotYetValid = "delegation_not_yet_valid",
    /// The delegation had ended at the moment asked for.
    DelegationExpired = "delegation_expired",

    // Bodies and proofs that other modules read.
    /// A tombstone that does not say what it withdraws.
    MalformedTombstone = "malformed_tombstone",
    /// A checkpoint without its fields.
    MalformedCheckpoint = "malformed_checkpoint",
    /// A Merkle proof that does not lead to the root.
    BadMerkleProof = "bad_merkle_proof",
}

impl fmt::Display for VerifyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal: the code for programs, the detail for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refused {
    /// The stable reason.
    pub code: VerifyCode,
    /// What was found, and where.
    pub detail: String,
}

impl Refused {
    /// Makes a refusal.
    pub fn new(code: VerifyCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

/// Shortens what a remote record holds to what a message can hold.
pub(crate) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
