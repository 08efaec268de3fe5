//! `minga record verify`: any signed JSON object, one a line, one row each.

use crate::output::{self, Failure, Status};
use record::{Record, Timestamp};
use serde_json::json;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The longest line that is read: 64 MiB.
const LONGEST: u64 = 64 << 20;

/// Verifies each line of a file; a file that is one object written over several lines is one.
///
/// # Errors
/// When the file cannot be read, or `at` is no time.
pub fn records(file: &Path, at: Option<&str>) -> Result<Status, Failure> {
    let at = match at {
        Some(text) => Timestamp::parse(text).map_err(|e| format!("--at {text}: {e}"))?,
        None => store::Node::now(),
    };
    let input: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(|e| format!("{}: {e}", file.display()))?)
    };
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut all_valid = true;
    let mut first = Vec::new();
    (&mut input).take(LONGEST).read_until(b'\n', &mut first)?;
    if serde_json::from_slice::<serde::de::IgnoredAny>(&first).is_err() && !first.is_empty() {
        // Not one object a line: perhaps one object over many lines.
        let mut whole = first.clone();
        (&mut input).take(LONGEST).read_to_end(&mut whole)?;
        if serde_json::from_slice::<serde::de::IgnoredAny>(&whole).is_ok() {
            all_valid &= row(&whole, 1, at)?;
        } else {
            let lines = whole.split(|byte| *byte == b'\n').zip(1..);
            for (line, number) in lines.filter(|(line, _)| !blank(line)) {
                all_valid &= row(line, number, at)?;
            }
        }
    } else {
        let (mut line, mut number) = (first, 1);
        while !line.is_empty() {
            if !blank(&line) {
                all_valid &= row(line.trim_ascii(), number, at)?;
            }
            line.clear();
            number += 1;
            (&mut input).take(LONGEST).read_until(b'\n', &mut line)?;
        }
    }
    Ok(if all_valid {
        Status::Done
    } else {
        Status::Failed
    })
}

fn blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// Writes the row of the object that begins in a line, from 1; returns whether it is valid.
fn row(bytes: &[u8], line: u64, at: Timestamp) -> Result<bool, Failure> {
    let verdict = match Record::verify(bytes, Some(at)) {
        Ok(_) => Ok(()),
        // Not one of ours: any object with such a proof is verified by the same rules.
        Err(_) if is_foreign(bytes) => record::proof::verify_bytes(bytes, Some(at))
            .map(|_| ())
            .map_err(|e| e.code),
        Err(error) => Err(error.code),
    };
    let code = match &verdict {
        Ok(()) => "valid".to_owned(),
        Err(code) => code.to_string(),
    };
    let row = json!({"valid": verdict.is_ok(), "code": code, "at": at.to_string(), "line": line});
    output::line(&row.to_string())?;
    Ok(verdict.is_ok())
}

/// A record of this project says its commons, space and version; what says none of them is somebody else's.
fn is_foreign(bytes: &[u8]) -> bool {
    match record::parse_strict(bytes) {
        Ok(value) => ["commons", "space", "version"]
            .iter()
            .all(|name| value.get(name).is_none()),
        Err(_) => false,
    }
}
