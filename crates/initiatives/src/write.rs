//! Publishing what somebody says of initiatives: records that belong together are kept together, or none of them.

use people::Pen;
use record::Draft;
use store::{Node, Outcome, Ready, Refusal, StoreError};

/// How often what somebody changed is merged anew with what others published in between, before they are asked to try
/// again.
pub(crate) const TRIES: usize = 40;

/// What keeps a unit of work from being kept.
enum Stop {
    Refused(Refusal),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Signs drafts and publishes them: all, or where a rule refuses one, none.
///
/// # Errors
/// From the database or a key; the refusal is the inner answer.
pub(crate) fn publish(
    node: &Node,
    pen: &Pen,
    drafts: Vec<Draft>,
) -> Result<Result<(), Refusal>, StoreError> {
    let mut records: Vec<Ready> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        records.push(node.ready(pen.sign(node, draft)?));
    }
    let done = node.write(move |unit| {
        for record in &records {
            if let Outcome::Refused(refusal) = unit.publish(record)? {
                return Err(Stop::Refused(refusal));
            }
        }
        Ok(())
    });
    match done {
        Ok(()) => Ok(Ok(())),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Store(error)) => Err(error),
    }
}
