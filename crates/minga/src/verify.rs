//! `minga record verify`: any signed JSON object, one a line, one row each.

use crate::output::{self, Failure, Status};
use record::{Record, Timestamp, VerifyCode};
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
            all_valid &= row(&whole, at)?;
        } else {
            for line in whole
                .split(|byte| *byte == b'\n')
                .filter(|line| !blank(line))
            {
                all_valid &= row(line, at)?;
            }
        }
    } else {
        let mut line = first;
        while !line.is_empty() {
            if !blank(&line) {
                all_valid &= row(line.trim_ascii(), at)?;
            }
            line.clear();
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

/// Writes the row of one object; returns whether it is valid.
fn row(bytes: &[u8], at: Timestamp) -> Result<bool, Failure> {
    let verdict = match Record::verify(bytes, Some(at)) {
        Ok(_) => Ok(()),
        // Not one of ours: any object with such a proof is verified by the same rules.
        Err(error) if is_foreign(bytes, &error.code) => {
            record::proof::verify_bytes(bytes, Some(at))
                .map(|_| ())
                .map_err(|e| e.code)
        }
        Err(error) => Err(error.code),
    };
    let code = match &verdict {
        Ok(()) => "valid".to_owned(),
        Err(code) => code.to_string(),
    };
    output::line(
        &json!({"valid": verdict.is_ok(), "code": code, "at": at.to_string()}).to_string(),
    )?;
    Ok(verdict.is_ok())
}

/// A record of this project says its commons, space and version; what says none of them is somebody else's.
fn is_foreign(bytes: &[u8], _code: &VerifyCode) -> bool {
    match record::parse_strict(bytes) {
        Ok(value) => ["commons", "space", "version"]
            .iter()
            .all(|name| value.get(name).is_none()),
        Err(_) => false,
    }
}
