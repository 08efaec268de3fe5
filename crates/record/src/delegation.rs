//! Delegations: an author lets a device's key sign records for a while.
//!
//! A delegation is a JSON object signed by the author. A record that the device signs embeds it
//! as `delegation`, so that the record still verifies offline. Delegations are not passed on: its
//! issuer is the author, never another device.

use serde_json::{Map, Value, json};

use crate::context::{self, context};
use crate::proof::{Proof, Signature, covered_by, sign_document};
use crate::refused::{Refused, VerifyCode};
use crate::text::is_path_part;
use crate::{Did, SecretKey, Timestamp};

/// What records a device may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Records of every kind. Written `["*"]`.
    Every,
    /// Records of these kinds only, at least one.
    Kinds(Vec<String>),
}

impl Scope {
    /// Returns whether records of `kind` are within it.
    #[must_use]
    pub fn covers(&self, kind: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Kinds(kinds) => kinds.iter().any(|k| k == kind),
        }
    }
}

/// Why a delegation cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DelegationError {
    /// No kind, or one that is no path part.
    #[error("a delegation names at least one kind, each 1–40 of a-z, 0-9 and -")]
    Kinds,
    /// It would end before it begins.
    #[error("a delegation from {from} cannot end at {until}")]
    Period {
        /// Its beginning.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
    },
}

/// A verified delegation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    issuer: Did,
    device: Did,
    scope: Scope,
    from: Timestamp,
    until: Timestamp,
    object: Map<String, Value>,
}

impl Delegation {
    const TYPE: &str = "Delegation";

    /// Signs a delegation: the owner of `key` lets `device` sign from `from` on and before `until`.
    ///
    /// # Errors
    /// [`DelegationError`] for a scope or period that makes no sense.
    pub fn sign(
        key: &SecretKey,
        device: &Did,
        scope: Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Self, DelegationError> {
        if until <= from {
            return Err(DelegationError::Period { from, until });
        }
        let kinds = match &scope {
            Scope::Every => json!(["*"]),
            Scope::Kinds(kinds) => {
                if kinds.is_empty() || !kinds.iter().all(|kind| is_path_part(kind)) {
                    return Err(DelegationError::Kinds);
                }
                json!(kinds)
            }
        };
        let issuer = key.did();
        let mut object = Map::new();
        for (name, value) in [
            ("@context", context().clone()),
            ("type", Self::TYPE.into()),
            ("issuer", issuer.as_str().into()),
            ("device", device.as_str().into()),
            ("kinds", kinds),
            ("validFrom", from.to_string().into()),
            ("validUntil", until.to_string().into()),
        ] {
            object.insert(name.to_owned(), value);
        }
        let object = sign_document(object, key, &Signature::at(from));
        Ok(Self {
            issuer,
            device: device.clone(),
            scope,
            from,
            until,
            object,
        })
    }

    /// Reads a delegation and verifies that its issuer signed it.
    ///
    /// # Errors
    /// [`VerifyCode::MalformedDelegation`] or [`VerifyCode::DelegationUnproven`].
    pub fn verify(value: &Value) -> Result<Self, Refused> {
        let delegation = Self::read(value)?;
        let unproven = |why: Refused| {
            Refused::new(VerifyCode::DelegationUnproven, format!("its proof: {why}"))
        };
        let proof = Proof::read(&delegation.object).map_err(unproven)?;
        let signer = proof.did_signer().map_err(unproven)?;
        if signer != delegation.issuer || proof.context() != delegation.object.get("@context") {
            return Err(Refused::new(
                VerifyCode::DelegationUnproven,
                format!("its issuer is {}, its signer {signer}", delegation.issuer),
            ));
        }
        proof
            .check_signature(&signer, &covered_by(&delegation.object))
            .map_err(unproven)?;
        Ok(delegation)
    }

    /// Reads the fields of a delegation without looking at its proof.
    pub(crate) fn read(value: &Value) -> Result<Self, Refused> {
        let malformed = |what: &str| {
            Refused::new(
                VerifyCode::MalformedDelegation,
                format!("{what} is not as it should be"),
            )
        };
        let object = value.as_object().ok_or_else(|| malformed("delegation"))?;
        if !object.get("@context").is_some_and(context::is_known) {
            return Err(malformed("@context"));
        }
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        if text("type") != Some(Self::TYPE) {
            return Err(malformed("type"));
        }
        let did = |name: &str| {
            text(name)
                .and_then(|did| Did::parse(did).ok())
                .ok_or_else(|| malformed(name))
        };
        let moment = |name: &str| {
            text(name)
                .and_then(|moment| Timestamp::parse_canonical(moment).ok())
                .ok_or_else(|| malformed(name))
        };
        Ok(Self {
            issuer: did("issuer")?,
            device: did("device")?,
            scope: object
                .get("kinds")
                .and_then(read_scope)
                .ok_or_else(|| malformed("kinds"))?,
            from: moment("validFrom")?,
            until: moment("validUntil")?,
            object: object.clone(),
        })
    }

    /// Checks that this lets `signer` sign a record of `kind` for `author` at the moment `at`, or
    /// at any moment if there is none.
    ///
    /// # Errors
    /// [`Refused`] with one of the codes that begin with `delegation_`.
    pub fn check(
        &self,
        author: &Did,
        signer: &Did,
        kind: &str,
        at: Option<Timestamp>,
    ) -> Result<(), Refused> {
        let refuse = |code, detail: String| Err(Refused::new(code, detail));
        if self.issuer != *author {
            let issuer = &self.issuer;
            return refuse(
                VerifyCode::DelegationByOther,
                format!("{author} is the author, and the delegation is by {issuer}"),
            );
        }
        if self.device != *signer {
            let device = &self.device;
            return refuse(
                VerifyCode::DelegationForOther,
                format!("{signer} signed, and the delegation is for {device}"),
            );
        }
        if !self.scope.covers(kind) {
            return refuse(
                VerifyCode::DelegationOtherKind,
                format!("the delegation does not cover records of kind “{kind}”"),
            );
        }
        match at {
            Some(at) if at < self.from => refuse(
                VerifyCode::DelegationNotYetValid,
                format!("the delegation is valid from {}", self.from),
            ),
            Some(at) if at >= self.until => refuse(
                VerifyCode::DelegationExpired,
                format!("the delegation ended at {}", self.until),
            ),
            _ => Ok(()),
        }
    }

    /// Returns who delegates: the author of the records.
    #[must_use]
    pub fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// Returns the key that may sign.
    #[must_use]
    pub fn device(&self) -> &Did {
        &self.device
    }

    /// Returns what it may sign.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns the first moment at which it is valid.
    #[must_use]
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// Returns the first moment at which it is no longer valid.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Returns the signed object, as records embed it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Object(self.object.clone())
    }
}

fn read_scope(kinds: &Value) -> Option<Scope> {
    let kinds = kinds.as_array()?;
    if kinds.iter().eq(["*"]) {
        return Some(Scope::Every);
    }
    let read = |kind: &Value| kind.as_str().filter(|k| is_path_part(k)).map(str::to_owned);
    let kinds = kinds.iter().map(read).collect::<Option<Vec<_>>>()?;
    (!kinds.is_empty()).then_some(Scope::Kinds(kinds))
}
