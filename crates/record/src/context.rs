//! The JSON-LD context of everything that Minga signs.
//!
//! It ships in the binary, and nothing ever fetches it. A verifier accepts exactly the contexts
//! listed here, so that no record can give a known name another meaning. When terms need more
//! than the vocabulary's default, a new context is added beside the old one, which stays.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// The namespace of Minga's own terms.
pub const NAMESPACE: &str = "https://w3id.org/minga#";

/// `@context` as a value.
static CONTEXT: LazyLock<Value> = LazyLock::new(|| {
    json!([
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/data-integrity/v2",
        {
            "minga": NAMESPACE,
            "@vocab": NAMESPACE,
            "commons": {"@id": "minga:commons", "@type": "@id"},
            "device": {"@id": "minga:device", "@type": "@id"},
            "thing": {"@id": "minga:thing", "@type": "@id"}
        }
    ])
});

/// Returns the `@context` of records, delegations and checkpoints.
#[must_use]
pub fn context() -> &'static Value {
    &CONTEXT
}

/// Returns whether `value` is a context that a record may have.
pub(crate) fn is_known(value: &Value) -> bool {
    value == &*CONTEXT
}
