//! Lists that exist elsewhere, brought in: JSON Lines, JSON, GeoJSON, CSV, profiles.
//!
//! A row is known by its list and what it is called there. One that says what it said is left alone; one that changed is
//! merged with what people wrote here since, who win where both changed the same.

pub mod fetch;
mod fields;
mod read;
mod wiki;

pub use fields::{FIELDS, Note};
pub use wiki::{WIKI_FORMS, WikiForm, forms};

use crate::merge;
use crate::model::Initiative;
use crate::tables::{self, Imported, Standing};
use crossbeam_channel::bounded;
use fields::Row;
use record::{Hash, RecordId};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use store::{Node, Outcome, Ready, StoreError, Viewer};

/// What the importer is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the list is called where its rows do not say so; else the file's name without its ending.
    pub source: Option<String>,
    /// The licence of the list, where its rows do not say so.
    pub licence: String,
    /// Who is to be named as its authors.
    pub attribution: String,
    /// Which columns hold which of [`FIELDS`], where their names do not tell.
    pub columns: BTreeMap<String, String>,
    /// Set to stop after the batch at hand.
    pub stop: Arc<AtomicBool>,
}

/// Something of a row that was not taken as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The row, from 1.
    pub row: u64,
    /// What is wrong: one of a few words.
    pub code: &'static str,
    /// What was found, and what was made of it.
    pub what: String,
}

/// What became of the rows.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Initiatives that are new here.
    pub added: u64,
    /// Initiatives that the list describes otherwise than before.
    pub updated: u64,
    /// Rows that say what they said.
    pub unchanged: u64,
    /// Rows that are not taken: they cannot be read, or were withdrawn here.
    pub refused: u64,
    /// Contact data of persons that was left out.
    pub left_out: u64,
    /// What was not taken as it was.
    pub problems: Vec<Problem>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Why an import ended early. What was published before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{file} cannot be read: {reason}")]
    Read {
        /// The path.
        file: String,
        /// What the system said, or what is wrong with it.
        reason: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many rows are decided on together.
const BATCH: usize = 200;

/// What became of one row.
enum Verdict {
    New,
    Changed,
    Same,
    Refused,
}

struct Done {
    row: u64,
    verdict: Verdict,
    record: Option<Ready>,
    notes: Vec<Note>,
    left_out: u64,
}

/// What came in before, by list.
type Known = HashMap<String, HashMap<String, Imported>>;

/// Brings a file into the public space of the commons, signed by the commons' key. `progress` is told, after each batch,
/// how many rows are done.
///
/// # Errors
/// [`ImportError`]; what was published before stays, and the next run goes on from there.
pub fn import(
    node: &Node,
    file: &Path,
    options: &Options,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, ImportError> {
    let shown = file.display().to_string();
    let rows = read::open(file, &options.columns).map_err(|reason| ImportError::Read {
        file: shown.clone(),
        reason,
    })?;
    let source = options.source.clone().unwrap_or_else(|| stem(file));
    bring(
        node,
        (&shown, &source),
        options,
        |take| rows.each(take),
        progress,
    )
}

/// Whoever takes a row, by its number from 1; returns whether more are wanted.
type Take<'t> = dyn FnMut(u64, Result<Row, String>) -> bool + 't;

/// Brings rows in; `file` is where problems are said to be, `source` what the list is called.
fn bring(
    node: &Node,
    (file, source): (&str, &str),
    options: &Options,
    rows: impl FnOnce(&mut Take<'_>) -> Result<(), String> + Send,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, ImportError> {
    let began = Instant::now();
    let shown = file.to_owned();
    let known: Mutex<Known> = Mutex::new(HashMap::new());
    let mut report = Report::default();
    let (give_rows, take_rows) = bounded::<Vec<(u64, Result<Row, String>)>>(4);
    let (give_done, take_done) = bounded::<Result<Vec<Done>, StoreError>>(4);
    let ended: Result<(), ImportError> = std::thread::scope(|scope| {
        let (known, stop) = (&known, &options.stop);
        let reader = scope.spawn(move || {
            let mut batch = Vec::new();
            let end = rows(&mut |number, row| {
                batch.push((number, row));
                if batch.len() < BATCH {
                    return true;
                }
                give_rows.send(std::mem::take(&mut batch)).is_ok() && !stop.load(Ordering::Relaxed)
            });
            // Whoever takes them may have stopped.
            drop(give_rows.send(batch));
            end
        });
        for _ in 0..2 {
            let (take, give) = (take_rows.clone(), give_done.clone());
            scope.spawn(move || {
                for batch in &take {
                    let done: Result<Vec<Done>, StoreError> = batch
                        .into_iter()
                        .map(|(number, row)| decide(node, known, number, row, source, options))
                        .collect();
                    if give.send(done).is_err() {
                        return;
                    }
                }
            });
        }
        drop((take_rows, give_done));
        let mut failed = None;
        for batch in &take_done {
            if failed.is_some() {
                continue;
            }
            match batch.and_then(|batch| publish(node, &shown, batch, &mut report)) {
                Ok(()) => progress(report.read),
                Err(error) => {
                    options.stop.store(true, Ordering::Relaxed);
                    failed = Some(error);
                }
            }
        }
        let end = reader.join();
        if let Some(error) = failed {
            return Err(error.into());
        }
        match end {
            Ok(Ok(())) => Ok(()),
            Ok(Err(reason)) => Err(ImportError::Read {
                file: shown.clone(),
                reason,
            }),
            Err(_) => Err(ImportError::Read {
                file: shown.clone(),
                reason: "the reader failed".to_owned(),
            }),
        }
    });
    ended?;
    report.problems.sort_by_key(|problem| problem.row);
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// Brings in a profile that somebody keeps at an address: `text` is what stands there.
///
/// # Errors
/// [`ImportError`].
pub fn profile(
    node: &Node,
    address: &str,
    text: &str,
    options: &Options,
) -> Result<Report, ImportError> {
    let told = |reason: String| ImportError::Read {
        file: address.to_owned(),
        reason,
    };
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|error| told(format!("it is no profile: {error}")))?;
    let mut row = read::row_of(object);
    // A profile is known by its address, whatever it calls itself.
    row.fields.insert("id".to_owned(), address.into());
    let source = options
        .source
        .clone()
        .unwrap_or_else(|| "Murmurations".to_owned());
    let rows = move |take: &mut Take<'_>| {
        take(1, Ok(row));
        Ok(())
    };
    bring(node, (address, &source), options, rows, &mut |_| {})
}

/// Returns the beginning of the id of an initiative that the address of a page ends with.
fn own_address(text: &str) -> Option<[u8; 6]> {
    let (_, end) = text.split_once("/initiatives/")?;
    let digits = end.rsplit('-').next().filter(|digits| digits.len() == 12)?;
    let number = u64::from_str_radix(digits, 16).ok()?;
    let [_, _, id @ ..] = number.to_be_bytes();
    Some(id)
}

fn stem(file: &Path) -> String {
    let stem = PathBuf::from(file.file_stem().unwrap_or_default());
    stem.display().to_string()
}

/// Decides what becomes of a row, and signs what is new.
fn decide(
    node: &Node,
    known: &Mutex<Known>,
    number: u64,
    row: Result<Row, String>,
    source: &str,
    options: &Options,
) -> Result<Done, StoreError> {
    let mut done = Done {
        row: number,
        verdict: Verdict::Refused,
        record: None,
        notes: Vec::new(),
        left_out: 0,
    };
    let mut read = match row.and_then(|row| row.initiative(source, options)) {
        Ok(read) => read,
        Err(what) => {
            done.notes.push(Note {
                code: "unreadable",
                what,
            });
            return Ok(done);
        }
    };
    done.notes = std::mem::take(&mut read.notes);
    done.left_out = read.left_out;
    let Some(origin) = read.initiative.sources.first().cloned() else {
        return Ok(done);
    };
    let before = {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(&origin.source) {
            let rows = node
                .store()
                .read(|db| tables::imported(db, &origin.source))?;
            known.insert(origin.source.clone(), rows);
        }
        let rows = known.entry(origin.source.clone()).or_default();
        let before = rows.get(&origin.id).cloned();
        let twice = before
            .as_ref()
            .is_some_and(|before| before.sha256.is_empty());
        if twice {
            let what = format!(
                "“{}” was in the list before; this row is left out",
                origin.id
            );
            done.notes.push(Note {
                code: "twice",
                what,
            });
            return Ok(done);
        }
        // From now on it was in this list.
        let mark = Imported {
            thing: [0; 16],
            sha256: String::new(),
            hash: Hash::of(b""),
        };
        rows.insert(origin.id.clone(), mark);
        before
    };
    let commons = node.keys().commons_did();
    let publish = |initiative: &Initiative, thing: Option<RecordId>, replaces: Vec<Hash>| {
        let draft = initiative
            .draft(commons.clone(), Node::now(), thing, replaces)
            .map_err(|error| StoreError::Damaged {
                place: "an initiative".to_owned(),
                reason: error.to_string(),
            })?;
        match node.sign(draft, node.keys().commons()) {
            Ok(record) => Ok(Ok(node.ready(record))),
            // Something in the row that no record takes: that row, and no other.
            Err(StoreError::Draft(reason)) => Ok(Err(reason.to_string())),
            Err(error) => Err(error),
        }
    };
    let unsigned = |mut done: Done, what: String| {
        done.verdict = Verdict::Refused;
        done.notes.push(Note {
            code: "unreadable",
            what,
        });
        Ok(done)
    };
    let Some(before) = before else {
        // What was taken away from here comes back to itself: its page's address is what it is called.
        if let Some(digits) = own_address(&origin.id) {
            let here = node
                .store()
                .read(|db| tables::by_beginning(db, &Viewer::public(), &digits))?;
            if here.is_some() {
                done.verdict = Verdict::Same;
                return Ok(done);
            }
        }
        let out = node
            .store()
            .read(|db| tables::is_kept_out(db, &origin.source, &origin.id))?;
        if out {
            let what = format!("“{}” was withdrawn here and stays out", origin.id);
            done.notes.push(Note {
                code: "withdrawn",
                what,
            });
            return Ok(done);
        }
        done.verdict = Verdict::New;
        match publish(&read.initiative, None, Vec::new())? {
            Ok(record) => done.record = Some(record),
            Err(what) => return unsigned(done, what),
        }
        return Ok(done);
    };
    if before.sha256 == origin.sha256 {
        done.verdict = Verdict::Same;
        return Ok(done);
    }
    let found = node.store().read(|db| tables::standing_of(db, &before))?;
    let Some(Standing {
        base,
        here,
        now,
        id,
    }) = found
    else {
        let what = format!("“{}” was withdrawn here and stays out", origin.id);
        done.notes.push(Note {
            code: "withdrawn",
            what,
        });
        return Ok(done);
    };
    let merged = merge::merge(&base.unwrap_or_else(|| now.clone()), &now, &read.initiative);
    let (mut merged, clashes) = match merged {
        Ok(merged) => merged,
        Err(error) => {
            let what = error.to_string();
            done.notes.push(Note {
                code: "unreadable",
                what,
            });
            return Ok(done);
        }
    };
    for clash in clashes {
        let what = format!(
            "“{}” of “{}”: the list says {}, people here wrote {}, which stays",
            clash.field, here.title, clash.theirs, clash.ours
        );
        done.notes.push(Note { code: "kept", what });
    }
    merged.summary = String::new();
    merged.provenance = "imported".to_owned();
    done.verdict = Verdict::Changed;
    match publish(&merged, Some(id), vec![here.hash])? {
        Ok(record) => done.record = Some(record),
        Err(what) => return unsigned(done, what),
    }
    Ok(done)
}

fn publish(
    node: &Node,
    file: &str,
    batch: Vec<Done>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut ready = Vec::new();
    let mut owners = Vec::new();
    let mut refused = HashSet::new();
    let mut note = |row: u64, code: &'static str, what: String| {
        report.problems.push(Problem {
            file: file.to_owned(),
            row,
            code,
            what,
        });
    };
    let mut verdicts = Vec::new();
    for done in batch {
        for one in done.notes {
            note(done.row, one.code, one.what);
        }
        report.left_out += done.left_out;
        if let Some(record) = done.record {
            owners.push(done.row);
            ready.push(record);
        }
        verdicts.push((done.row, done.verdict));
    }
    if !ready.is_empty() {
        let outcomes = node.accept(ready, Node::now(), |_| Ok(()))?;
        for (row, outcome) in owners.into_iter().zip(outcomes) {
            if let Outcome::Refused(refusal) = outcome {
                note(row, refusal.rule, refusal.to_string());
                refused.insert(row);
            }
        }
    }
    for (row, verdict) in verdicts {
        report.read += 1;
        match verdict {
            _ if refused.contains(&row) => report.refused += 1,
            Verdict::New => report.added += 1,
            Verdict::Changed => report.updated += 1,
            Verdict::Same => report.unchanged += 1,
            Verdict::Refused => report.refused += 1,
        }
    }
    Ok(())
}
