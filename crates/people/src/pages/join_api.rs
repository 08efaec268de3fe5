//! Joining with a key of one's own, from one's own machine.

use super::{Answer, problem};
use crate::accounts::{self, AccountError};
use crate::secrets;
use crate::tables::desk::Status;
use record::{MAX_RECORD_BYTES, Record};
use serde_json::json;
use site::{Acting, Problem, Response};
use store::Node;

/// `POST /api/v1/join?code=…`: makes an account for whoever signed the record of a person that is sent.
///
/// People come in as the stewards said, and as many as by the form: whoever has no invitation is counted.
pub(super) fn join(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let code = acting.request.param("code").unwrap_or_default();
    let kept = secrets::kept(code);
    let invited = acting
        .node
        .store()
        .read(|db| accounts::invited(db, &acting.node.keys().commons_did(), &kept, Node::now()))?;
    let counted = match &invited {
        None => accounts::count_join(acting.node, &acting.request.address),
        Some(one) => accounts::count_invited(acting.node, one, &acting.request.address),
    };
    counted.map_err(|error| problem(w, error))?;
    let body = acting.request.body.trim_ascii();
    if body.len() > MAX_RECORD_BYTES {
        return Err(Problem::bad(
            "record_too_large",
            w.t("record-too-large"),
            "",
        ));
    }
    let record = Record::verify(body, Some(Node::now()))
        .map_err(|refused| problem(w, AccountError::NoPerson(refused.to_string())))?;
    let did = record.author().clone();
    let handle = record
        .get("preferredUsername")
        .and_then(|handle| handle.as_str())
        .unwrap_or_default()
        .to_owned();
    let joined = accounts::join_with_key(acting.node, record, code, acting.lang().tag())
        .map_err(|error| problem(w, error))?;
    let waits = joined.status == Status::Waiting;
    // Only its owner can publish what was signed: the node keeps no record that it did not accept.
    let next = if waits { w.t("join-key-next") } else { "" };
    let answer = json!({
        "handle": handle,
        "did": did.as_str(),
        "status": joined.status.as_str(),
        "codes": joined.codes,
        "next": next,
    });
    Ok(Response::json(&answer)
        .status(201)
        .with("cache-control", "no-store"))
}
