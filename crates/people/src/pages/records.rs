//! Records that somebody signed with a key of their own.

use super::Answer;
use record::{MAX_RECORD_BYTES, Record};
use serde_json::{Value, json};
use site::{Acting, Problem, Response};
use store::{Node, Outcome};

/// How many records one request may bring.
const MOST: usize = 100;

/// `POST /api/v1/records`: takes signed records, one a line, each judged by itself.
///
/// Whose they are is shown by their proofs; that they may say something here, by the rules of this commons.
pub(super) fn publish(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let lines: Vec<&[u8]> = acting
        .request
        .body
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(MOST + 1)
        .collect();
    if lines.is_empty() || lines.len() > MOST {
        return Err(Problem::bad(
            "bad_records",
            w.tf("bad-records", &[("most", MOST.into())]),
            "",
        ));
    }
    if lines.iter().any(|line| line.len() > MAX_RECORD_BYTES) {
        return Err(Problem::bad(
            "record_too_large",
            w.t("record-too-large"),
            "",
        ));
    }
    let now = Node::now();
    let ours = acting.node.keys().commons_did();
    let mut rows: Vec<Value> = Vec::new();
    let mut signed = Vec::new();
    for line in lines {
        match Record::verify(line, Some(now)) {
            // What another commons said is taken in from its bundles and its feed.
            Ok(record) if *record.commons() != ours => rows.push(json!({"id": record.id().as_str(), "outcome": "refused",
                "rule": "other_commons", "reason": format!("it is of {}, and this is {ours}", record.commons()), "remedy": "publish it there"})),
            Ok(record) => {
                rows.push(json!({"id": record.id().as_str()}));
                signed.push((rows.len() - 1, record));
            }
            Err(refused) => {
                store::count_refused("record", &refused.code.to_string());
                rows.push(json!({"id": null, "outcome": "refused", "rule": refused.code.to_string(), "reason": refused.to_string(), "remedy": ""}));
            }
        }
    }
    let (places, records): (Vec<usize>, Vec<Record>) = signed.into_iter().unzip();
    let hashes: Vec<String> = records
        .iter()
        .map(|record| record.hash().to_string())
        .collect();
    let outcomes = acting.node.publish_all(records)?;
    for ((place, hash), outcome) in places.into_iter().zip(hashes).zip(outcomes) {
        let Some(row) = rows.get_mut(place) else {
            continue;
        };
        match outcome {
            Outcome::Accepted(accepted) => {
                row["outcome"] = "accepted".into();
                row["seq"] = accepted.seq.into();
                row["hash"] = hash.into();
            }
            Outcome::Known(accepted) => {
                row["outcome"] = "known".into();
                row["seq"] = accepted.seq.into();
                row["hash"] = hash.into();
            }
            Outcome::Refused(refusal) => {
                row["outcome"] = "refused".into();
                row["rule"] = refusal.rule.into();
                row["reason"] = refusal.reason.into();
                row["remedy"] = refusal.remedy.into();
            }
        }
    }
    let refused = rows
        .iter()
        .filter(|row| row["outcome"] == "refused")
        .count();
    let status = if refused == rows.len() { 403 } else { 200 };
    let answer = json!({"records": rows, "refused": refused});
    Ok(Response::json(&answer)
        .status(status)
        .with("cache-control", "no-store"))
}
