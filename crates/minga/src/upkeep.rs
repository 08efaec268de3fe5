//! Rebuild, check, backup, restore.

use crate::cli::PlaceArgs;
use crate::output::{self, Failure, Status};
use crate::registry;
use crate::serve::open_indexes;
use serde_json::json;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Computes all tables anew from the log, then the search index.
///
/// # Errors
/// When the database fails; then the old tables stay.
pub fn rebuild(place: &PlaceArgs) -> Result<Status, Failure> {
    let began = Instant::now();
    let node = place.open_existing(3)?;
    let records = node.rebuild()?;
    let indexes = open_indexes(place, &node)?;
    knowledge::follow::index_anew(&node, &indexes, &AtomicBool::new(false))?;
    let seconds = began.elapsed().as_secs_f64();
    output::say(&format!(
        "rebuilt the tables from {records} records in {seconds:.1} s"
    ));
    if place.json {
        output::line(&json!({"records": records, "seconds": seconds}).to_string())?;
    }
    Ok(Status::Done)
}

/// Says which files are gone that pages cite; returns what is done if none is.
///
/// # Errors
/// When the database or the files cannot be read.
pub fn files_are_there(node: &store::Node) -> Result<Status, Failure> {
    Ok(say_missing(&node.missing_files()?))
}

fn say_missing(missing: &[store::BlobHash]) -> Status {
    let Some(first) = missing.first() else {
        return Status::Done;
    };
    output::say(&format!(
        "{} of the files that pages cite are missing, {first} for one; bring them back from a backup, or with \
         minga import mediawiki … --files",
        missing.len()
    ));
    Status::Failed
}

/// Replays the log aside and compares.
///
/// # Errors
/// When the database cannot be read.
pub fn check(place: &PlaceArgs) -> Result<Status, Failure> {
    let node = place.open_existing(2)?;
    let mut found = node.check(registry::tables)?;
    let tables_ok = found.differences.is_empty();
    let missing = node.missing_files()?;
    for hash in &missing {
        found
            .differences
            .push(format!("the file {hash} is missing"));
    }
    let ok = found.differences.is_empty();
    for (table, digest) in &found.digests {
        output::say(&format!("{digest}  {table}"));
    }
    for difference in &found.differences {
        output::say(difference);
    }
    output::say(if tables_ok {
        "the tables are what the log says"
    } else if found.damaged > 0 {
        "records of the log are damaged, which minga rebuild cannot mend; restore a backup"
    } else {
        "the tables differ from the log; minga rebuild makes them anew"
    });
    if place.json {
        output::line(
            &json!({"ok": ok, "records": found.records, "differences": found.differences, "digests": found.digests})
                .to_string(),
        )?;
    }
    let files = say_missing(&missing);
    Ok(if tables_ok { files } else { Status::Failed })
}

/// Writes a consistent copy.
///
/// # Errors
/// When the folder cannot be written.
pub fn backup(place: &PlaceArgs, dir: &Path, with_keys: bool) -> Result<Status, Failure> {
    let node = place.open_existing(1)?;
    node.backup(dir, with_keys)?;
    output::say(&format!(
        "copied the node to {}{}",
        dir.display(),
        if with_keys {
            ", with its keys"
        } else {
            "; its keys are not in it, keep them apart (--with-keys copies them)"
        }
    ));
    if place.json {
        output::line(&json!({"dir": dir.display().to_string(), "keys": with_keys}).to_string())?;
    }
    files_are_there(&node)
}

/// Brings a backup back.
///
/// # Errors
/// When the data folder holds something already, or the backup nothing.
pub fn restore(
    place: &PlaceArgs,
    dir: &Path,
    withdrawals: Option<&Path>,
) -> Result<Status, Failure> {
    if place.data().join("minga.db").exists() {
        return Err(format!(
            "{} holds a database already; name an empty folder with --data, or move that one away",
            place.data().display()
        )
        .into());
    }
    if !dir.join("minga.db").is_file() {
        return Err(format!(
            "{} holds no backup: there is no minga.db in it",
            dir.display()
        )
        .into());
    }
    // Whatever is wrong with it is found before anything is brought back.
    if let Some(bundle) = withdrawals {
        let found = store::verify(bundle)?;
        if let Some((line, code)) = found.invalid.first() {
            return Err(format!(
                "{}, {line}: {code}; nothing was restored, name a bundle that minga verify finds whole",
                bundle.display()
            )
            .into());
        }
    }
    let keys = place.data().join("keys").is_dir() || dir.join("keys").is_dir();
    store::restore(dir, place.data())?;
    let node = place.open_anew()?;
    if !keys {
        output::say(&format!(
            "the backup has no keys, so this node has new ones and speaks for a new commons, {}; to go on as the \
             old one, put its keys into {} before anything is published",
            node.keys().commons_did(),
            place.data().join("keys").display()
        ));
    }
    if let Some(bundle) = withdrawals {
        let taken = match node.import_withdrawals(bundle) {
            Ok(taken) => taken,
            Err(error) => {
                // What was withdrawn must not be served: the folder is without a database again.
                drop(node);
                for name in ["minga.db", "minga.db-wal", "minga.db-shm"] {
                    let _ = std::fs::remove_file(place.data().join(name));
                }
                return Err(format!("nothing was restored: {error}").into());
            }
        };
        output::say(&format!(
            "withdrawn since the backup, as {} says: {}",
            bundle.display(),
            taken.added
        ));
        for (place, _, what) in &taken.refused {
            output::say(&format!("{place}: {what}"));
        }
    }
    let indexes = open_indexes(place, &node)?;
    knowledge::follow::catch_up(&node, &indexes, &AtomicBool::new(false), &mut |_, _| {})?;
    output::say(&format!(
        "restored {} into {}",
        dir.display(),
        place.data().display()
    ));
    if place.json {
        output::line(&json!({"dir": place.data().display().to_string()}).to_string())?;
    }
    Ok(Status::Done)
}

/// Hides the starter's texts for good.
///
/// # Errors
/// When the database fails.
pub fn hide_starter(place: &PlaceArgs) -> Result<Status, Failure> {
    let node = place.open_existing(1)?;
    node.store()
        .write(|db| store::set_setting(db, knowledge::SETTING_STARTER_HIDDEN, "yes"))?;
    output::say("the starter's texts are hidden");
    Ok(Status::Done)
}
