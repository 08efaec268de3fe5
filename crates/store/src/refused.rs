//! How often something was refused since this process began: figures, and no names.

use crate::{Outcome, Refusal};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What was refused: `record` or `request`, and by which rule.
type Counts = BTreeMap<(&'static str, String), u64>;

static COUNTS: Mutex<Counts> = Mutex::new(Counts::new());

/// Counts something that was refused. `code` is a rule or a code of a problem, never anything that somebody sent.
pub fn count_refused(what: &'static str, code: &str) {
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    *counts.entry((what, code.to_owned())).or_default() += 1;
}

/// Returns how often each was refused since this process began.
#[must_use]
pub fn refusals() -> Vec<(&'static str, String, u64)> {
    let counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    counts
        .iter()
        .map(|((what, code), count)| (*what, code.clone(), *count))
        .collect()
}

/// Counts a record that is refused.
pub(crate) fn refused(refusal: Refusal) -> Outcome {
    count_refused("record", refusal.rule);
    Outcome::Refused(refusal)
}
