//! Bundles: everything of some spaces in one file that anybody can verify without a server.
//!
//! A zstd stream of lines. The first says what it is; then come the records of each space in the log's
//! order, one a line, a withdrawn one by its id and hash alone; then the blobs in parts; the last line is
//! the manifest, signed by the node's key, with a checkpoint for each space and the SHA-256 of all lines before.

use crate::log::{self, LogRow};
use crate::{BlobHash, Db, Keys, Node, StoreError, params};
use record::merkle::Growing;
use record::proof::{Signature, sign_document, verify_document};
use record::{Checkpoint, Did, Hash, Record, RecordId, Space, Timestamp};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records.
    pub records: u64,
    /// Blobs.
    pub blobs: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// Records read.
    pub records: u64,
    /// Records that verify.
    pub valid: u64,
    /// Those that do not: id or place, and code.
    pub invalid: Vec<(String, String)>,
}

/// Why a bundle cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file cannot be opened.
    #[error("{file} cannot be opened: {source}")]
    Open {
        /// The path.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is no bundle, or breaks off.
    #[error("{file} is not a whole bundle: {reason}; get it again")]
    Broken {
        /// The path.
        file: String,
        /// What was found, and in which line.
        reason: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The longest line: a record of 64 MiB.
const LONGEST_LINE: usize = 64 << 20;
/// How the canonical form of every record begins: `@` sorts before the letters.
const RECORD: &[u8] = b"{\"@context\"";
/// How many bytes of a blob stand in one line.
const BLOB_PART: usize = 1 << 20;

type BundleLines<W> = Lines<zstd::stream::write::Encoder<'static, std::io::BufWriter<W>>>;

struct Lines<W: Write> {
    out: W,
    hasher: Sha256,
}

impl<W: Write> Lines<W> {
    fn line(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hasher.update(bytes);
        self.hasher.update(b"\n");
        self.out.write_all(bytes)?;
        self.out.write_all(b"\n")
    }
}

impl Node {
    /// Writes a bundle of some spaces to a file that must not exist yet.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be written; then it is removed.
    pub fn export(&self, spaces: &[Space], file: &Path) -> Result<Exported, StoreError> {
        self.write_file(file, |handle| self.export_to(spaces, file, handle))
    }

    /// Writes a file of the user's as a whole: what stood there stays until the new one is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`] for a place in the node's data folder, and for one that holds something else
    /// than a file; whatever `work` returns.
    pub fn write_file<T>(
        &self,
        file: &Path,
        work: impl FnOnce(File) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        crate::files::write_whole(file, self.data(), work)
    }

    fn export_to(
        &self,
        spaces: &[Space],
        file: &Path,
        handle: File,
    ) -> Result<Exported, StoreError> {
        let io = |e| StoreError::io(file, e);
        let (handle, mut exported) = self.write_bundle(handle, file, None, |lines, exported| {
            let checkpoints = self.store().read(|db| {
                let mut checkpoints = Vec::new();
                for space in spaces {
                    let mut since = 0;
                    loop {
                        let before = since;
                        crate::rows(db, space, since, 1_000, |row| {
                            since = row.seq;
                            exported.records += 1;
                            write_row(space, row, lines, file)
                        })?;
                        if since == before {
                            break;
                        }
                    }
                    checkpoints.push(crate::checkpoint(db, self.keys(), space)?);
                }
                Ok::<_, StoreError>(checkpoints)
            })?;
            for hash in self.cited_blobs()? {
                if self.write_blob(&hash, lines, file)? {
                    exported.blobs += 1;
                }
            }
            Ok(checkpoints)
        })?;
        handle.sync_all().map_err(io)?;
        exported.bytes = handle.metadata().map_err(io)?.len();
        Ok(exported)
    }

    /// Returns a bundle of what `author` said, and of what it goes on from, so that another node can take it in.
    /// Its manifest says whose it is, and claims to hold nothing else.
    ///
    /// # Errors
    /// From the database, the blobs, or a damaged record.
    pub fn export_of(&self, author: &Did) -> Result<Vec<u8>, StoreError> {
        let place = Path::new("what is taken along");
        let (bundle, _) =
            self.write_bundle(Vec::new(), place, Some(author), |lines, exported| {
                let rows = self.store().read(|db| log::with_ancestors(db, author))?;
                let mut cited = BTreeSet::new();
                for (space, row) in rows {
                    exported.records += 1;
                    let record = row.bytes.as_deref().map(Record::trusted);
                    if let Some(Ok(record)) = record {
                        cited.extend(cited_by(&record));
                    }
                    write_row(&space, row, lines, place)?;
                }
                for hash in cited.iter().filter_map(|text| BlobHash::parse(text)) {
                    if self.write_blob(&hash, lines, place)? {
                        exported.blobs += 1;
                    }
                }
                Ok(Vec::new())
            })?;
        Ok(bundle)
    }

    /// Writes a bundle around the lines that `body` writes; it returns the checkpoints.
    fn write_bundle<W: Write>(
        &self,
        out: W,
        place: &Path,
        extract_of: Option<&Did>,
        body: impl FnOnce(&mut BundleLines<W>, &mut Exported) -> Result<Vec<Value>, StoreError>,
    ) -> Result<(W, Exported), StoreError> {
        let io = |e| StoreError::io(place, e);
        let mut out =
            zstd::stream::write::Encoder::new(std::io::BufWriter::new(out), 3).map_err(io)?;
        out.include_checksum(true).map_err(io)?;
        let mut lines = Lines {
            out,
            hasher: Sha256::new(),
        };
        let mut exported = Exported::default();
        let head = json!({"type": "Bundle", "version": 1, "commons": self.keys().commons_did().as_str(),
            "node": self.keys().node().did().as_str()});
        lines.line(head.to_string().as_bytes()).map_err(io)?;
        let checkpoints = body(&mut lines, &mut exported)?;
        let hasher = lines.hasher.clone();
        let manifest = manifest(self.keys(), checkpoints, &exported, extract_of, hasher);
        let manifest = json!({"manifest": manifest});
        lines
            .out
            .write_all(manifest.to_string().as_bytes())
            .map_err(io)?;
        lines.out.write_all(b"\n").map_err(io)?;
        let inner = lines.out.finish().map_err(io)?;
        let out = inner.into_inner().map_err(|e| io(e.into_error()))?;
        Ok((out, exported))
    }

    pub(crate) fn cited_blobs(&self) -> Result<Vec<BlobHash>, StoreError> {
        self.store().read(|db| {
            let mut found = Vec::new();
            for part in self.store().tables() {
                found.extend(
                    part.blobs(db)?
                        .iter()
                        .filter_map(|text| BlobHash::parse(text)),
                );
            }
            Ok(found)
        })
    }

    fn write_blob<W: Write>(
        &self,
        hash: &BlobHash,
        lines: &mut BundleLines<W>,
        file: &Path,
    ) -> Result<bool, StoreError> {
        let io = |e| StoreError::io(file, e);
        let Some(mut blob) = self.blobs().get(hash)? else {
            return Ok(false);
        };
        let mut at = 0_u64;
        loop {
            let mut part = Vec::new();
            (&mut blob)
                .take(BLOB_PART as u64)
                .read_to_end(&mut part)
                .map_err(io)?;
            let last = part.len() < BLOB_PART;
            let line = json!({"type": "Blob", "sha256": hash.to_string(), "at": at, "last": last, "hex": hex(&part)});
            lines.line(line.to_string().as_bytes()).map_err(io)?;
            at += part.len() as u64;
            if last {
                return Ok(true);
            }
        }
    }

    /// Takes in a bundle: verifies its manifest and every record, then publishes them in the bundle's order.
    ///
    /// `each` is told after every batch how many records were added, were here already, and were refused.
    ///
    /// # Errors
    /// [`BundleError`] when the bundle is not whole; then nothing was taken in.
    pub fn import_bundle(
        &self,
        file: &Path,
        mut each: impl FnMut(&Taken),
    ) -> Result<Taken, BundleError> {
        const BATCH: usize = 300;
        // First the whole of it is read once, so that a broken bundle changes nothing.
        read(file, |_, _| Ok(()))?;
        let mut taken = Taken::default();
        let mut batch: Vec<Incoming> = Vec::new();
        let mut blob: Option<(String, Vec<u8>)> = None;
        read(file, |number, line| {
            match line {
                Line::Record(bytes) => match Record::verify(bytes, None) {
                    Ok(record) => batch.push(Incoming::Record(Box::new(record))),
                    Err(error) => taken.refused.push((
                        format!("line {number}"),
                        error.code.to_string(),
                        error.to_string(),
                    )),
                },
                Line::Withdrawn { space, id, hash } => {
                    batch.push(Incoming::Withdrawn { space, id, hash });
                }
                Line::Blob {
                    sha256,
                    last,
                    bytes,
                } => {
                    let (name, whole) = blob.get_or_insert_with(|| (sha256.clone(), Vec::new()));
                    if *name != sha256 {
                        return Err(format!("the parts of blob {name} are mixed up"));
                    }
                    whole.extend_from_slice(&bytes);
                    if last {
                        if BlobHash::of(whole).to_string() != sha256 {
                            return Err(format!("blob {sha256} has another hash"));
                        }
                        self.blobs()
                            .put(&mut whole.as_slice())
                            .map_err(|e| e.to_string())?;
                        blob = None;
                    }
                }
                Line::Head | Line::Manifest(_) => {}
            }
            if batch.len() >= BATCH {
                self.take_in(std::mem::take(&mut batch), &mut taken)
                    .map_err(|e| e.to_string())?;
                each(&taken);
            }
            Ok(())
        })?;
        self.take_in(batch, &mut taken)?;
        Ok(taken)
    }

    /// Takes only the tombstones out of a bundle: what was withdrawn since a backup was made is withdrawn in
    /// what was restored from it too.
    ///
    /// # Errors
    /// [`BundleError`] when the bundle is not whole; then nothing was taken in.
    pub fn import_withdrawals(&self, file: &Path) -> Result<Taken, BundleError> {
        read(file, |_, _| Ok(()))?;
        let mut taken = Taken::default();
        let mut tombstones = Vec::new();
        read(file, |number, line| {
            let Line::Record(bytes) = line else {
                return Ok(());
            };
            // Most records are no tombstones, and need not be verified to be left alone.
            let tombstone = Record::trusted(bytes)
                .is_ok_and(|record| record.type_name() == record::Tombstone::TYPE);
            if tombstone {
                match Record::verify(bytes, None) {
                    Ok(record) => tombstones.push(record),
                    Err(error) => taken.refused.push((
                        format!("line {number}"),
                        error.code.to_string(),
                        error.to_string(),
                    )),
                }
            }
            Ok(())
        })?;
        self.count(tombstones, &mut taken)?;
        Ok(taken)
    }

    fn take_in(&self, batch: Vec<Incoming>, taken: &mut Taken) -> Result<(), StoreError> {
        let mut records = Vec::new();
        for item in batch {
            match item {
                Incoming::Record(record) => records.push(*record),
                Incoming::Withdrawn { space, id, hash } => {
                    self.count(std::mem::take(&mut records), taken)?;
                    let now = Self::now();
                    self.store()
                        .write(move |db| reserve(db, &space, &id, &hash, now))?;
                    taken.read += 1;
                }
            }
        }
        self.count(records, taken)
    }

    fn count(&self, records: Vec<Record>, taken: &mut Taken) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = records.iter().map(|r| r.id().to_string()).collect();
        let ready = records
            .into_iter()
            .map(|record| self.ready(record))
            .collect();
        for (id, outcome) in ids.into_iter().zip(self.accept_from_file(ready)?) {
            taken.read += 1;
            match outcome {
                crate::Outcome::Accepted(_) => taken.added += 1,
                crate::Outcome::Known(_) => taken.unchanged += 1,
                crate::Outcome::Refused(refusal) => {
                    taken
                        .refused
                        .push((id, refusal.rule.to_owned(), refusal.to_string()));
                }
            }
        }
        Ok(())
    }
}

enum Incoming {
    Record(Box<Record>),
    Withdrawn {
        space: Space,
        id: RecordId,
        hash: Hash,
    },
}

/// What became of a bundle's records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Records read.
    pub read: u64,
    /// Records that were not here.
    pub added: u64,
    /// Records that were here.
    pub unchanged: u64,
    /// Records that were refused: where, code, sentence.
    pub refused: Vec<(String, String, String)>,
}

/// Keeps the place of a withdrawn record in the log, so that what follows has the same numbers.
fn reserve(
    db: &Db<'_>,
    space: &Space,
    id: &RecordId,
    hash: &Hash,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = db.number(
        "SELECT COUNT(*) FROM log WHERE id = $1",
        params![id.as_str()],
    )?;
    if known > 0 {
        return Ok(());
    }
    let seq = log::next(db, space)?;
    db.execute(
        "INSERT INTO log (space, seq, id, hash, accepted_at) VALUES ($1, $2, $3, $4, $5)",
        params![
            space.as_str(),
            seq,
            id.as_str(),
            hash.as_bytes(),
            now.as_millis()
        ],
    )?;
    Ok(())
}

fn line_of(space: &Space, row: LogRow) -> Vec<u8> {
    match row.bytes {
        // Received bytes may be written in another way; their canonical form is the same record.
        Some(bytes) if !bytes.starts_with(RECORD) || bytes.contains(&b'\n') => match record::parse_strict(&bytes) {
            Ok(value) => record::canonical(&value),
            Err(_) => bytes.into_iter().filter(|b| *b != b'\n').collect(),
        },
        Some(bytes) => bytes,
        None => json!({"type": "Withdrawn", "id": row.id, "hash": row.hash.to_string(), "space": space.as_str()})
            .to_string()
            .into_bytes(),
    }
}

/// Writes one row of the log.
fn write_row<W: Write>(
    space: &Space,
    row: LogRow,
    lines: &mut BundleLines<W>,
    place: &Path,
) -> Result<(), StoreError> {
    if let Some(bytes) = &row.bytes
        && !log::is_intact(bytes, &row.hash)
    {
        return Err(crate::node::changed(space, row.seq));
    }
    lines
        .line(&line_of(space, row))
        .map_err(|e| StoreError::io(place, e))
}

/// Returns the SHA-256 of the file that a record cites: every kind that does has it as `file.sha256`.
fn cited_by(record: &Record) -> Option<String> {
    let file = record.get("file")?.get("sha256")?;
    file.as_str().map(str::to_owned)
}

fn manifest(
    keys: &Keys,
    checkpoints: Vec<Value>,
    exported: &Exported,
    extract_of: Option<&Did>,
    hasher: Sha256,
) -> Value {
    let mut object = Map::new();
    object.insert("@context".to_owned(), record::context().clone());
    object.insert("type".to_owned(), "Manifest".into());
    object.insert("attributedTo".to_owned(), keys.node().did().as_str().into());
    object.insert("records".to_owned(), exported.records.into());
    object.insert("blobs".to_owned(), exported.blobs.into());
    object.insert("sha256".to_owned(), hex(&hasher.finalize()).into());
    object.insert("checkpoints".to_owned(), Value::Array(checkpoints));
    if let Some(author) = extract_of {
        object.insert("extractOf".to_owned(), author.as_str().into());
    }
    Value::Object(sign_document(
        object,
        keys.node(),
        &Signature::at(Node::now()),
    ))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(text.get(i * 2..i * 2 + 2)?, 16).ok())
        .collect()
}

/// One line of a bundle.
enum Line<'a> {
    Head,
    Record(&'a [u8]),
    Withdrawn {
        space: Space,
        id: RecordId,
        hash: Hash,
    },
    Blob {
        sha256: String,
        last: bool,
        bytes: Vec<u8>,
    },
    Manifest(&'a Value),
}

/// After so many invalid records a bundle is read no further.
const MOST_INVALID: usize = 100_000;

/// The first bytes of every zstd frame (RFC 8878, section 3.1.1).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Reads a bundle line by line, and checks its manifest at the end.
fn read(
    file: &Path,
    mut each: impl FnMut(u64, Line<'_>) -> Result<(), String>,
) -> Result<(), BundleError> {
    let shown = file.display().to_string();
    let broken = |reason: String| BundleError::Broken {
        file: shown.clone(),
        reason,
    };
    let open = |source| BundleError::Open {
        file: shown.clone(),
        source,
    };
    let handle = File::open(file).map_err(open)?;
    if handle.metadata().map_err(open)?.is_dir() {
        return Err(broken("it is a folder".to_owned()));
    }
    let mut packed = BufReader::with_capacity(1 << 16, handle);
    // What a minga wrote begins so; an empty file has broken off at its first byte.
    let begins = packed.fill_buf().map_err(open)?;
    if !begins.is_empty() && !begins.starts_with(&ZSTD) {
        return Err(broken("it does not begin as a bundle does".to_owned()));
    }
    let decoder =
        zstd::stream::read::Decoder::with_buffer(packed).map_err(|e| broken(e.to_string()))?;
    let mut input = BufReader::with_capacity(1 << 18, decoder);
    let mut hasher = Sha256::new();
    let mut line = Vec::new();
    let (mut number, mut records) = (0_u64, 0_u64);
    loop {
        line.clear();
        let read = (&mut input)
            .take(LONGEST_LINE as u64)
            .read_until(b'\n', &mut line)
            .map_err(|e| broken(format!("line {}: {e}", number + 1)))?;
        if read == 0 {
            return Err(broken("it ends before its manifest".to_owned()));
        }
        number += 1;
        if line.last() != Some(&b'\n') {
            return Err(broken(format!("line {number} is cut off or too long")));
        }
        let text = &line[..line.len() - 1];
        // Records are many and long: they begin with their context, and are not parsed here.
        let other = if number > 1 && text.starts_with(RECORD) {
            Value::Null
        } else {
            serde_json::from_slice(text).map_err(|e| broken(format!("line {number}: {e}")))?
        };
        let (kind, is_manifest) = match other.get("manifest") {
            Some(manifest) => (manifest.clone(), true),
            None => (other, false),
        };
        let field = |name: &str| kind.get(name).and_then(Value::as_str).unwrap_or_default();
        if number == 1 {
            if field("type") != "Bundle" {
                return Err(broken(
                    "its first line does not say that it is a bundle".to_owned(),
                ));
            }
            if kind.get("version").and_then(Value::as_u64) != Some(1) {
                return Err(broken(
                    "it is of a version that this program does not know".to_owned(),
                ));
            }
            each(number, Line::Head).map_err(broken)?;
        } else if is_manifest {
            let signer =
                verify_document(&kind, None).map_err(|e| broken(format!("its manifest: {e}")))?;
            if field("attributedTo") != signer.as_str() {
                return Err(broken(
                    "its manifest is signed by another key than it says".to_owned(),
                ));
            }
            if field("sha256") != hex(&hasher.finalize()) {
                return Err(broken(
                    "its lines are not those that its manifest was signed for".to_owned(),
                ));
            }
            if kind.get("records").and_then(Value::as_u64) != Some(records) {
                return Err(broken(format!(
                    "it holds {records} records, its manifest says otherwise"
                )));
            }
            let more = input
                .fill_buf()
                .map_err(|e| broken(format!("after its manifest: {e}")))?;
            if !more.is_empty() {
                return Err(broken("something follows after its manifest".to_owned()));
            }
            return each(number, Line::Manifest(&kind)).map_err(broken);
        } else {
            match field("type") {
                "Withdrawn" => {
                    let bad = || broken(format!("line {number} names no record"));
                    let space = Space::parse(field("space")).map_err(|_| bad())?;
                    let id = RecordId::parse(field("id")).map_err(|_| bad())?;
                    let hash = Hash::parse(field("hash")).map_err(|_| bad())?;
                    records += 1;
                    each(number, Line::Withdrawn { space, id, hash }).map_err(broken)?;
                }
                "Blob" => {
                    let bytes = unhex(field("hex"))
                        .ok_or_else(|| broken(format!("line {number} holds no bytes")))?;
                    let last = kind.get("last").and_then(Value::as_bool).unwrap_or(true);
                    each(
                        number,
                        Line::Blob {
                            sha256: field("sha256").to_owned(),
                            last,
                            bytes,
                        },
                    )
                    .map_err(broken)?;
                }
                _ => {
                    records += 1;
                    each(number, Line::Record(text)).map_err(broken)?;
                }
            }
        }
        hasher.update(&line);
    }
}

fn grow(tree: &mut Vec<(Space, Growing)>, space: &Space, hash: &Hash) {
    if let Some((_, tree)) = tree.iter_mut().find(|(s, _)| s == space) {
        tree.push(hash);
    } else {
        let mut growing = Growing::new();
        growing.push(hash);
        tree.push((space.clone(), growing));
    }
}

/// Compares the manifest's checkpoints with the trees over the records that were read.
fn checkpoints_agree(manifest: &Value, trees: &[(Space, Growing)]) -> bool {
    let Some(list) = manifest.get("checkpoints").and_then(Value::as_array) else {
        return false;
    };
    // What somebody took along is no space's whole log, and its manifest says so.
    if manifest.get("extractOf").is_some() {
        return list.is_empty();
    }
    let checkpoints: Vec<Checkpoint> = list
        .iter()
        .filter_map(|c| Checkpoint::verify(c).ok())
        .collect();
    checkpoints.len() == list.len()
        && trees.iter().all(|(space, tree)| {
            checkpoints
                .iter()
                .any(|c| c.space == *space && c.size == tree.size() && c.root == tree.root())
        })
}

/// Verifies a bundle without a server and without a network.
///
/// # Errors
/// [`BundleError`] when it is not whole.
pub fn verify(file: &Path) -> Result<Verified, BundleError> {
    let mut found = Verified::default();
    let mut trees = Vec::new();
    read(file, |number, line| {
        match line {
            Line::Record(bytes) => {
                found.records += 1;
                match Record::verify(bytes, None) {
                    Ok(record) => {
                        found.valid += 1;
                        grow(&mut trees, record.space(), &record.hash());
                    }
                    Err(error) => {
                        if found.invalid.len() >= MOST_INVALID {
                            return Err(format!(
                                "more than {MOST_INVALID} of its first {number} lines are invalid"
                            ));
                        }
                        found
                            .invalid
                            .push((format!("line {number}"), error.code.to_string()));
                    }
                }
            }
            Line::Withdrawn { space, hash, .. } => {
                found.records += 1;
                found.valid += 1;
                grow(&mut trees, &space, &hash);
            }
            Line::Manifest(manifest) => {
                if !checkpoints_agree(manifest, &trees) {
                    found
                        .invalid
                        .push(("manifest".to_owned(), "checkpoint_differs".to_owned()));
                }
            }
            Line::Head | Line::Blob { .. } => {}
        }
        Ok(())
    })?;
    Ok(found)
}
