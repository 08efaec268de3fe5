//! `minga export` and `minga verify`.

use crate::cli::PlaceArgs;
use crate::output::{self, Failure, Status};
use clap::Args;
use record::Space;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is exported, and where to.
#[derive(Args)]
pub struct ExportArgs {
    /// `bundle` (everything, signed) or `mediawiki` (XML that a MediaWiki reads)
    #[arg(default_value = "bundle", value_parser = ["bundle", "mediawiki"])]
    format: String,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes what is public into a file.
///
/// # Errors
/// When the file cannot be written.
pub fn export(place: &PlaceArgs, args: &ExportArgs) -> Result<Status, Failure> {
    let node = place.open_existing(2)?;
    if args.format == "mediawiki" {
        let (pages, bytes) = knowledge::export::mediawiki(&node, &args.out)?;
        output::say(&format!(
            "wrote {pages} pages, {bytes} bytes, to {}",
            args.out.display()
        ));
        if place.json {
            output::line(&json!({"records": pages, "blobs": 0, "bytes": bytes}).to_string())?;
        }
        return Ok(Status::Done);
    }
    let done = node.export(&[Space::public()], &args.out)?;
    output::say(&format!(
        "wrote {} records and {} files, {} bytes, to {}",
        done.records,
        done.blobs,
        done.bytes,
        args.out.display()
    ));
    if place.json {
        output::line(
            &json!({"records": done.records, "blobs": done.blobs, "bytes": done.bytes}).to_string(),
        )?;
    }
    crate::upkeep::files_are_there(&node)
}

/// Verifies a bundle.
///
/// # Errors
/// When it is not whole.
pub fn verify(place: &PlaceArgs, file: &Path) -> Result<Status, Failure> {
    let began = Instant::now();
    let found = store::verify(file)?;
    let seconds = began.elapsed().as_secs_f64();
    output::say(&format!(
        "{} of {} records are valid, in {seconds:.1} s",
        found.valid, found.records
    ));
    for (id, code) in found.invalid.iter().take(20) {
        output::say(&format!("  {id}: {code}"));
    }
    if place.json {
        let invalid: Vec<_> = found
            .invalid
            .iter()
            .map(|(id, code)| json!({"id": id, "code": code}))
            .collect();
        output::line(&json!({"records": found.records, "valid": found.valid, "invalid": invalid, "seconds": seconds}).to_string())?;
    }
    Ok(if found.invalid.is_empty() {
        Status::Done
    } else {
        Status::Failed
    })
}
