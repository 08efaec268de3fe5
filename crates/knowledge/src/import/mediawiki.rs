//! MediaWiki's XML export, read as a stream.
//!
//! Source of the format: MediaWiki's export schema 0.10 and 0.11. Three steps run beside one another:
//! one thread unpacks and parses, two sign and analyse, and the caller's publishes batch after batch.

use super::{Report, stream};
use crate::model::{Article, Attachment, Kind, LANGUAGES, Media, Name, Source};
use crate::redirects;
use crate::tables::{self, Imported};
use crossbeam_channel::{Receiver, Sender, bounded};
use quick_xml::events::Event;
use record::{Hash, RecordId, Space, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use store::{Node, Outcome, Ready, StoreError, Viewer};

/// What the importer is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The licence of the whole, as an SPDX identifier.
    pub licence: String,
    /// Who is to be named as the authors.
    pub attribution: String,
    /// A folder with the media of the file pages.
    pub files: Option<PathBuf>,
    /// Set to stop after the batch at hand.
    pub stop: Arc<AtomicBool>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Pages done.
    pub pages: u64,
    /// Pages of which something new was kept; after a crash it is still there.
    pub kept: u64,
    /// Bytes of the file read, and its length.
    pub bytes: (u64, u64),
}

/// Why an import ended early. What was read before is kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("{file} cannot be opened: {reason}")]
    Open {
        /// The path.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The file is no MediaWiki export.
    #[error("{file} is not a MediaWiki export: {reason}")]
    Format {
        /// The path.
        file: String,
        /// What was found.
        reason: String,
    },
    /// The file ends or breaks off in the middle.
    #[error(
        "{file} is damaged {place}: {reason}. The {pages} pages before it are kept; get the file again and repeat the command, it goes on from there"
    )]
    Damaged {
        /// The path.
        file: String,
        /// After which page.
        place: String,
        /// What was found.
        reason: String,
        /// Pages read before.
        pages: u64,
    },
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// One revision of a page in the dump.
#[derive(Clone, Debug, Default)]
struct DumpRevision {
    id: String,
    timestamp: String,
    contributor: String,
    comment: String,
    minor: bool,
    format: String,
    text: String,
    /// How many bytes the text has if it is too long for a record; then none of it is kept.
    too_long: Option<usize>,
}

/// One page of the dump.
#[derive(Clone, Debug, Default)]
struct DumpPage {
    title: String,
    namespace: i32,
    revisions: Vec<DumpRevision>,
    /// What was met while reading it.
    problems: Vec<(&'static str, String)>,
    /// The name that it gets here; none if its title cannot be one.
    name: Option<Name>,
}

/// What the dump says of its wiki.
#[derive(Clone, Debug, Default)]
struct SiteInfo {
    name: String,
    language: String,
    namespaces: HashMap<i32, String>,
}

/// A page made ready to publish.
struct ReadyPage {
    place: String,
    kind: Verdict,
    records: Vec<(Ready, Hash, RecordId)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Added,
    Updated,
    Unchanged,
    Refused,
}

/// A page's name in the dump, what became of it, and its last revision here.
type Judged = (String, Verdict, Option<(Hash, RecordId)>);

struct Batch {
    pages: Vec<ReadyPage>,
    problems: Vec<(String, &'static str, String)>,
    /// What stops the import: a disk that takes no more files.
    failed: Option<StoreError>,
}

/// A batch is closed at this many bytes of text, so that memory stays bounded,
const BATCH_BYTES: usize = 1 << 20;
/// or at this many pages, so that others get their turn at the database.
const BATCH_PAGES: usize = 200;
/// The most text that one page's history may hold in memory at once: 64 MiB.
const PAGE_BYTES: usize = 64 << 20;
/// The most bytes that one element may have before it is called a bomb: 64 MiB, far above any page.
const EVENT_BYTES: u64 = 64 << 20;
/// What is unpacked from a file may be so many times its length. Whole histories, which repeat themselves,
/// come to some hundreds.
const UNPACKED: u64 = 1_000;
/// So much may be unpacked from any file, however short: 16 MiB.
const UNPACKED_LEAST: u64 = 16 << 20;
/// How deep elements may be nested: an export has six levels.
const DEEPEST: u32 = 64;
/// The most bytes of text that are kept: no longer one fits into a record.
const TEXT_BYTES: usize = record::MAX_RECORD_BYTES;

/// Imports a dump into the public space of the commons, signed by the commons' key.
///
/// # Errors
/// [`ImportError`]; what was published before stays, and the next run goes on from there.
pub fn import(
    node: &Node,
    file: &Path,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ImportError> {
    let began = Instant::now();
    let shown = file.display().to_string();
    let opened = stream::open(file).map_err(|e| ImportError::Open {
        file: shown.clone(),
        reason: e.to_string(),
    })?;
    let (taken, length) = (opened.taken.clone(), opened.length);
    let since = Arc::new(AtomicU64::new(0));
    let guarded = Guarded {
        inner: opened.reader,
        since: since.clone(),
        left: length.saturating_mul(UNPACKED).max(UNPACKED_LEAST),
    };
    let ahead = stream::Ahead::start(Box::new(guarded)).map_err(|e| ImportError::Open {
        file: shown.clone(),
        reason: e.to_string(),
    })?;
    let broken = Arc::new(AtomicU64::new(0));
    let source = Lossy {
        inner: BufReader::with_capacity(1 << 16, ahead),
        kept: Vec::new(),
        at: 0,
        broken: broken.clone(),
    };
    let mut dump = Dump::new(BufReader::with_capacity(1 << 16, source), since, broken);
    let site = dump.site_info().map_err(|reason| ImportError::Format {
        file: shown.clone(),
        reason,
    })?;
    let mut known: HashMap<(i32, String), Imported> = HashMap::new();
    node.store().read(|db| {
        tables::imported(db, &site.name, |namespace, title, imported| {
            known.insert((namespace, title), imported);
        })
    })?;
    let mut report = Report::default();
    let (give_pages, take_pages) = bounded::<Vec<DumpPage>>(3);
    let (give_ready, take_ready) = bounded::<Batch>(3);
    let ended: Result<(), ImportError> = std::thread::scope(|scope| {
        let (site, known) = (&site, &known);
        let stop = options.stop.clone();
        let reader = scope.spawn(move || read_pages(&mut dump, site, &stop, &give_pages));
        for _ in 0..2 {
            let (take, give) = (take_pages.clone(), give_ready.clone());
            scope.spawn(move || make_ready(node, site, known, options, &take, &give));
        }
        drop((take_pages, give_ready));
        let mut failed = None;
        for batch in &take_ready {
            if failed.is_some() {
                continue;
            }
            match publish(node, batch, &mut report) {
                Ok(()) => progress(Progress {
                    pages: report.read,
                    kept: report.added + report.updated + report.conflicts,
                    bytes: (taken.load(Ordering::Relaxed), length),
                }),
                Err(error) => {
                    // What is read from here on is let go, so that the threads before end.
                    options.stop.store(true, Ordering::Relaxed);
                    failed = Some(error);
                }
            }
        }
        let read = reader.join();
        if let Some(error) = failed {
            return Err(error.into());
        }
        match read {
            Ok(Ok(())) => Ok(()),
            Ok(Err((place, reason))) => Err(ImportError::Damaged {
                file: shown.clone(),
                place,
                reason,
                pages: report.read,
            }),
            Err(_) => Err(ImportError::Format {
                file: shown.clone(),
                reason: "the reader failed".to_owned(),
            }),
        }
    });
    ended?;
    redirect_problems(node, &mut report)?;
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// Notes the redirects of the commons that lead nowhere.
fn redirect_problems(node: &Node, report: &mut Report) -> Result<(), StoreError> {
    let viewer = Viewer::public();
    node.store().read(|db| {
        let all = tables::redirects(db, &viewer)?;
        let found = redirects::faults(&all, |key| {
            tables::exists(db, &viewer, key).unwrap_or(false)
        });
        let title =
            |key: &str| Name::parse_key(key).map_or_else(|| key.to_owned(), |n| n.wiki_title());
        for cycle in found.cycles {
            let names: Vec<String> = cycle
                .iter()
                .chain(cycle.first())
                .map(|key| title(key))
                .collect();
            report.problem(title(&cycle[0]), "redirect_cycle", names.join(" → "));
        }
        for (from, to) in found.missing {
            report.problem(
                title(&from),
                "redirect_missing",
                format!("it redirects to “{}”, which does not exist", title(&to)),
            );
        }
        for (from, problem) in found.malformed {
            report.problem(
                title(&from),
                "redirect_malformed",
                format!("its target cannot be read: {problem}"),
            );
        }
        for item in tables::same_but_case(db, &viewer, 100_000)? {
            report.problem(
                item.name.wiki_title(),
                "same_but_case",
                format!(
                    "differs from “{}” only in case or accents",
                    title(&item.about)
                ),
            );
        }
        Ok(())
    })
}

/// Publishes a batch and counts what became of it.
fn publish(node: &Node, batch: Batch, report: &mut Report) -> Result<(), StoreError> {
    for (place, code, what) in batch.problems {
        report.problem(place, code, what);
    }
    if let Some(error) = batch.failed {
        return Err(error);
    }
    let mut ready = Vec::new();
    let mut owners = Vec::new();
    let mut verdicts: Vec<Judged> = Vec::new();
    for page in batch.pages {
        let last = page
            .records
            .last()
            .map(|(_, hash, thing)| (*hash, thing.clone()));
        for (item, ..) in page.records {
            ready.push(item);
            owners.push(verdicts.len());
        }
        verdicts.push((page.place, page.kind, last));
    }
    if !ready.is_empty() {
        let outcomes = node.accept(ready, Node::now(), |_| Ok(()))?;
        for (owner, outcome) in owners.into_iter().zip(outcomes) {
            if let Outcome::Refused(refusal) = outcome
                && let Some((place, verdict, _)) = verdicts.get_mut(owner)
                && *verdict != Verdict::Refused
            {
                *verdict = Verdict::Refused;
                report.problem(place.clone(), refusal.rule, refusal.to_string());
            }
        }
    }
    for (place, verdict, last) in verdicts {
        report.read += 1;
        match verdict {
            Verdict::Added => report.added += 1,
            Verdict::Unchanged => report.unchanged += 1,
            Verdict::Refused => report.refused += 1,
            Verdict::Updated => {
                let shown = match last {
                    Some((hash, thing)) => node.store().read(|db| {
                        let page = tables::by_id(db, &Viewer::public(), thing.as_str())?;
                        Ok::<_, StoreError>(page.is_some_and(|page| page.hash == hash))
                    })?,
                    None => true,
                };
                if shown {
                    report.updated += 1;
                } else {
                    report.conflicts += 1;
                    report.problem(
                        place,
                        "edited_here",
                        "somebody edited the page here; that text stays shown, and the page is on the care list",
                    );
                }
            }
        }
    }
    Ok(())
}

/// Reads page after page and gives them on in batches.
fn read_pages(
    dump: &mut Dump,
    site: &SiteInfo,
    stop: &AtomicBool,
    give: &Sender<Vec<DumpPage>>,
) -> Result<(), (String, String)> {
    let mut seen: HashSet<String> = HashSet::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    let mut last = String::new();
    let ended = loop {
        if stop.load(Ordering::Relaxed) {
            break Ok(());
        }
        match dump.page() {
            Ok(Some(mut page)) => {
                last.clone_from(&page.title);
                place(&mut page, site, &mut seen);
                bytes += page.revisions.iter().map(|r| r.text.len()).sum::<usize>();
                batch.push(page);
                if bytes >= BATCH_BYTES || batch.len() >= BATCH_PAGES {
                    if give.send(std::mem::take(&mut batch)).is_err() {
                        return Ok(());
                    }
                    bytes = 0;
                }
            }
            Ok(None) => break Ok(()),
            Err(reason) => {
                let place = if last.is_empty() {
                    "before its first page".to_owned()
                } else {
                    format!("after the page “{last}”")
                };
                break Err((place, reason));
            }
        }
    };
    let _ = give.send(batch);
    ended
}

/// Decides under which name a page stands here; of titles that collide, the first in the dump wins.
fn place(page: &mut DumpPage, site: &SiteInfo, seen: &mut HashSet<String>) {
    let kind = Kind::of_namespace(page.namespace);
    let bare = match site.namespaces.get(&page.namespace) {
        Some(prefix) if kind != Kind::Project && !prefix.is_empty() => page
            .title
            .strip_prefix(prefix.as_str())
            .and_then(|t| t.strip_prefix(':'))
            .unwrap_or(&page.title),
        _ => &page.title,
    };
    let name = match Name::new(kind, bare) {
        Ok(name) => name,
        Err(reason) => {
            page.problems.push(("bad_title", reason));
            return;
        }
    };
    let upper = name.first_upper();
    if seen.insert(upper.key()) {
        page.name = Some(upper);
        return;
    }
    if upper != name && seen.insert(name.key()) {
        page.problems.push((
            "colliding_title",
            format!("“{}” and “{}” are one title where the first letter may be either; kept apart as they are written", upper.title(), name.title()),
        ));
        page.name = Some(name);
        return;
    }
    // Written exactly alike, or the upper-case one came second: a number keeps them apart. Beyond some,
    // which only a made-up file reaches, the search for a free one would take the time.
    if seen.contains(&format!("{} (99)", upper.key())) {
        page.problems.push((
            "colliding_title",
            format!("“{}” is there more than 99 times", upper.title()),
        ));
        return;
    }
    for number in 2..100 {
        if let Ok(other) = Name::new(kind, &format!("{} ({number})", upper.title()))
            && seen.insert(other.key())
        {
            page.problems.push((
                "colliding_title",
                format!(
                    "“{}” is there twice; the second stands as “{}”",
                    upper.title(),
                    other.title()
                ),
            ));
            page.name = Some(other);
            return;
        }
    }
}

/// Compares pages with what is here, and makes records of what is new.
fn make_ready(
    node: &Node,
    site: &SiteInfo,
    known: &HashMap<(i32, String), Imported>,
    options: &Options,
    take: &Receiver<Vec<DumpPage>>,
    give: &Sender<Batch>,
) {
    for pages in take {
        let mut batch = Batch {
            pages: Vec::with_capacity(pages.len()),
            problems: Vec::new(),
            failed: None,
        };
        for page in pages {
            let before = known.get(&(page.namespace, page.title.clone()));
            match one_page(node, site, before, options, page, &mut batch.problems) {
                Ok(made) => batch.pages.push(made),
                Err(error) => {
                    batch.failed = Some(error);
                    break;
                }
            }
        }
        if give.send(batch).is_err() {
            return;
        }
    }
}

fn one_page(
    node: &Node,
    site: &SiteInfo,
    before: Option<&Imported>,
    options: &Options,
    page: DumpPage,
    problems: &mut Vec<(String, &'static str, String)>,
) -> Result<ReadyPage, StoreError> {
    let place = page.title.clone();
    for (code, what) in &page.problems {
        problems.push((place.clone(), code, what.clone()));
    }
    let refused = |place: String| {
        Ok(ReadyPage {
            place,
            kind: Verdict::Refused,
            records: Vec::new(),
        })
    };
    let Some(name) = page.name.clone() else {
        return refused(place);
    };
    let too_long = |bytes: usize| {
        format!(
            "its text has {} kB, and a record holds at most {} kB",
            bytes / 1_000,
            record::MAX_RECORD_BYTES / 1_000
        )
    };
    // What is shown is the newest text: without it the page would be another one than in the wiki.
    if let Some(bytes) = page.revisions.last().and_then(|newest| newest.too_long) {
        problems.push((place.clone(), "too_large", too_long(bytes)));
        return refused(place);
    }
    let (kept, long): (Vec<_>, Vec<_>) = page
        .revisions
        .into_iter()
        .partition(|revision| revision.too_long.is_none());
    for bytes in long.into_iter().filter_map(|revision| revision.too_long) {
        let what = format!("an older revision is left out: {}", too_long(bytes));
        problems.push((place.clone(), "too_large", what));
    }
    let page = DumpPage {
        revisions: kept,
        problems: Vec::new(),
        ..page
    };
    let hashes: Vec<String> = page
        .revisions
        .iter()
        .map(|r| hex(&Sha256::digest(r.text.as_bytes())))
        .collect();
    let Some(newest) = hashes.last() else {
        problems.push((
            place.clone(),
            "no_revision",
            "the page has no text".to_owned(),
        ));
        return refused(place);
    };
    let from = match before {
        Some(before) if before.sha256 == *newest => {
            return Ok(ReadyPage {
                place,
                kind: Verdict::Unchanged,
                records: Vec::new(),
            });
        }
        // Of a dump with history, what comes after the revision that is here.
        Some(before) => hashes
            .iter()
            .rposition(|hash| *hash == before.sha256)
            .map_or(hashes.len() - 1, |at| at + 1),
        None => 0,
    };
    let language = name
        .translation()
        .map(|(_, code)| code.to_owned())
        .or_else(|| {
            LANGUAGES
                .iter()
                .find(|(c, _)| *c == site.language)
                .map(|(c, _)| (*c).to_owned())
        })
        .unwrap_or_else(|| {
            if site.language.is_empty() {
                "und".to_owned()
            } else {
                site.language.clone()
            }
        });
    let attachment = match (&options.files, name.kind()) {
        (Some(folder), Kind::File) => attach(node, folder, name.title(), &place, problems)?,
        _ => None,
    };
    let (mut thing, mut replaces) = match before {
        Some(before) => (Some(before.thing.clone()), vec![before.hash]),
        None => (None, Vec::new()),
    };
    let commons = node.keys().commons_did();
    let mut records = Vec::new();
    let mut text_before = String::new();
    for (revision, sha256) in page.revisions.into_iter().zip(hashes).skip(from) {
        // A revision that changed nothing but its number is not worth a record.
        if sha256 == text_before {
            continue;
        }
        text_before.clone_from(&sha256);
        let published = Timestamp::parse(&revision.timestamp).unwrap_or_else(|_| Node::now());
        let length = revision.text.len();
        let markdown = revision.format == "text/markdown";
        let article = Article {
            name: name.clone(),
            content: revision.text,
            media: if markdown {
                Media::Markdown
            } else {
                Media::Wikitext
            },
            language: language.clone(),
            licence: options.licence.clone(),
            provenance: "imported".to_owned(),
            summary: revision.comment,
            attribution: options.attribution.clone(),
            contributor: revision.contributor,
            minor: revision.minor,
            translation_of: None,
            categories: Vec::new(),
            source: Some(Source {
                site: site.name.clone(),
                namespace: page.namespace,
                title: page.title.clone(),
                revision: revision.id,
                sha256,
            }),
            attachment: attachment.clone(),
        };
        let draft = article.draft(
            commons.clone(),
            Space::public(),
            published,
            thing.clone(),
            replaces,
        );
        let record = match node.sign(draft, node.keys().commons()) {
            Ok(record) => record,
            Err(StoreError::Draft(record::DraftError::Refused(why)))
                if why.code == record::VerifyCode::TooLarge =>
            {
                let what = format!("{}, with what belongs to it", too_long(length));
                problems.push((place.clone(), "too_large", what));
                return refused(place);
            }
            Err(error) => {
                problems.push((place.clone(), "not_signed", error.to_string()));
                return refused(place);
            }
        };
        let hash = record.hash();
        let id = record.thing().clone();
        thing = Some(id.clone());
        replaces = vec![hash];
        let ready = node.ready(record);
        records.push((ready, hash, id));
    }
    if let Some((ready, ..)) = records.last() {
        for (code, what) in tables::prepared_problems(ready) {
            problems.push((place.clone(), code, what));
        }
    }
    let kind = if before.is_some() {
        Verdict::Updated
    } else {
        Verdict::Added
    };
    Ok(ReadyPage {
        place,
        kind,
        records,
    })
}

/// Brings the file of a file page into the blobs.
fn attach(
    node: &Node,
    folder: &Path,
    title: &str,
    place: &str,
    problems: &mut Vec<(String, &'static str, String)>,
) -> Result<Option<Attachment>, StoreError> {
    // A title is no path: what could leave the folder is not looked for.
    if title.contains(['/', '\\']) || title.starts_with('.') {
        problems.push((
            place.to_owned(),
            "file_name",
            format!("“{title}” cannot be the name of a file"),
        ));
        return Ok(None);
    }
    let path = [title.to_owned(), title.replace(' ', "_")]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file());
    let Some(path) = path else {
        problems.push((
            place.to_owned(),
            "file_missing",
            format!("{title} is not in the folder of media"),
        ));
        return Ok(None);
    };
    let stored = std::fs::File::open(&path)
        .map_err(|e| StoreError::io(&path, e))
        .and_then(|mut file| node.blobs().put(&mut file));
    match stored {
        Ok((hash, length)) => Ok(Some(Attachment {
            sha256: hash.to_string(),
            media_type: media_type(&path).to_owned(),
            length,
        })),
        // The page would count as unchanged next time, and its file would be missing for good.
        Err(error @ (StoreError::Full { .. } | StoreError::Unwritable { .. })) => Err(error),
        Err(error) => {
            problems.push((place.to_owned(), "file_unread", error.to_string()));
            Ok(None)
        }
    }
}

/// Tells a file's media type by its first bytes.
fn media_type(path: &Path) -> &'static str {
    let mut start = [0; 16];
    let read = std::fs::File::open(path)
        .and_then(|mut file| file.read(&mut start))
        .unwrap_or(0);
    match &start[..read] {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)] as char);
        out.push(DIGITS[usize::from(byte & 15)] as char);
    }
    out
}

/// Fails instead of handing on an endless element: a decompression bomb.
struct Guarded<R> {
    inner: R,
    /// Bytes handed on since the parser last finished an element.
    since: Arc<AtomicU64>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        if self.left == 0 && read > 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!(
                    "it unpacks to more than {UNPACKED} times its length; this looks like a decompression bomb"
                ),
            ));
        }
        if self.since.fetch_add(read as u64, Ordering::Relaxed) > EVENT_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "one element has more than 64 MiB; this looks like a decompression bomb",
            ));
        }
        Ok(read)
    }
}

/// Replaces what is not UTF-8 by U+FFFD, so that one bad byte costs one character and not the page.
struct Lossy<R> {
    inner: R,
    kept: Vec<u8>,
    at: usize,
    broken: Arc<AtomicU64>,
}

impl<R: BufRead> Read for Lossy<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.kept.len() {
            self.kept.clear();
            self.at = 0;
            self.fill()?;
        }
        let some = buffer.len().min(self.kept.len() - self.at);
        buffer[..some].copy_from_slice(&self.kept[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

impl<R: BufRead> Lossy<R> {
    fn fill(&mut self) -> io::Result<()> {
        let block = self.inner.fill_buf()?;
        if block.is_empty() {
            return Ok(());
        }
        let used = match std::str::from_utf8(block) {
            Ok(_) => {
                self.kept.extend_from_slice(block);
                block.len()
            }
            Err(error) if error.valid_up_to() > 0 => {
                self.kept.extend_from_slice(&block[..error.valid_up_to()]);
                error.valid_up_to()
            }
            Err(error) => match error.error_len() {
                Some(bad) => {
                    self.kept.extend_from_slice("\u{FFFD}".as_bytes());
                    self.broken.fetch_add(1, Ordering::Relaxed);
                    bad
                }
                None => {
                    // A character cut by the block's end: take the rest of it byte by byte.
                    let mut start = block.to_vec();
                    let taken = start.len();
                    self.inner.consume(taken);
                    while start.len() < 4 {
                        let more = self.inner.fill_buf()?;
                        let Some(byte) = more.first().copied() else {
                            break;
                        };
                        start.push(byte);
                        match std::str::from_utf8(&start) {
                            Ok(_) => {
                                self.inner.consume(1);
                                self.kept.extend_from_slice(&start);
                                return Ok(());
                            }
                            Err(e) if e.error_len().is_some() => break,
                            Err(_) => self.inner.consume(1),
                        }
                    }
                    self.kept.extend_from_slice("\u{FFFD}".as_bytes());
                    self.broken.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
            },
        };
        self.inner.consume(used);
        Ok(())
    }
}

type Characters = BufReader<Lossy<BufReader<stream::Ahead>>>;

/// The pull parser over the dump's elements.
struct Dump {
    reader: quick_xml::Reader<Characters>,
    buffer: Vec<u8>,
    since: Arc<AtomicU64>,
    /// How many bytes were no UTF-8 so far; a page's own replacement characters are not counted.
    broken: Arc<AtomicU64>,
    /// How many elements are open.
    depth: u32,
    /// How many bytes the last text had that were too many to keep.
    left_out: usize,
}

impl Dump {
    fn new(source: Characters, since: Arc<AtomicU64>, broken: Arc<AtomicU64>) -> Self {
        let mut reader = quick_xml::Reader::from_reader(source);
        reader.config_mut().check_end_names = true;
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            since,
            broken,
            depth: 0,
            left_out: 0,
        }
    }

    /// Reads up to the end of `<siteinfo>`, or to the first page of a dump without one.
    fn site_info(&mut self) -> Result<SiteInfo, String> {
        let mut site = SiteInfo {
            name: "wiki".to_owned(),
            ..SiteInfo::default()
        };
        let mut opened = false;
        loop {
            self.buffer.clear();
            let event = self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|e| said(&e))?;
            deeper(&mut self.depth, &event)?;
            match event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "mediawiki" => {
                        opened = true;
                        for attribute in tag.attributes().flatten() {
                            if attribute.key.as_ref() == "xml:lang" {
                                // What is no language is none: the texts come in all the same.
                                let code = attribute.value.to_string();
                                site.language = record::Language::parse(&code)
                                    .map(|_| code)
                                    .unwrap_or_default();
                            }
                        }
                    }
                    "sitename" => site.name = self.text("sitename")?,
                    "namespace" => {
                        let mut key = None;
                        for attribute in tag.attributes().flatten() {
                            if attribute.key.as_ref() == "key" {
                                key = attribute.value.parse().ok();
                            }
                        }
                        let name = self.text("namespace")?;
                        if let Some(key) = key {
                            site.namespaces.insert(key, name);
                        }
                    }
                    "siteinfo" | "namespaces" | "dbname" | "base" | "generator" | "case" => {}
                    other if !opened => {
                        return Err(format!(
                            "its first element is <{other}>, expected <mediawiki>"
                        ));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "siteinfo" => return Ok(site),
                Event::Eof => {
                    return Err(if opened {
                        "it ends before its first page".to_owned()
                    } else {
                        "it holds no <mediawiki> element".to_owned()
                    });
                }
                Event::Text(text) if !opened && !text.trim().is_empty() => {
                    return Err("it does not begin as XML does".to_owned());
                }
                _ => {}
            }
            self.since.store(0, Ordering::Relaxed);
        }
    }

    /// Reads the next page; none at the dump's end.
    fn page(&mut self) -> Result<Option<DumpPage>, String> {
        let mut page: Option<DumpPage> = None;
        let mut revision: Option<DumpRevision> = None;
        let mut within_contributor = false;
        let mut bytes = 0;
        loop {
            self.buffer.clear();
            let event = self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|e| said(&e))?;
            deeper(&mut self.depth, &event)?;
            let name = match &event {
                Event::Start(tag) => tag.local_name().as_ref().to_owned(),
                Event::End(tag) => {
                    let name = tag.local_name();
                    match name.as_ref() {
                        "page" => return Ok(page),
                        "mediawiki" => return Ok(None),
                        "contributor" => within_contributor = false,
                        "revision" => {
                            if let (Some(page), Some(done)) = (page.as_mut(), revision.take()) {
                                bytes += done.text.len();
                                page.revisions.push(done);
                                if bytes > PAGE_BYTES && page.revisions.len() > 1 {
                                    let gone = page.revisions.remove(0);
                                    bytes -= gone.text.len();
                                    if !page.problems.iter().any(|(code, _)| *code == "history_cut")
                                    {
                                        page.problems.push(("history_cut", "its history has more than 64 MiB; the newest part is kept".to_owned()));
                                    }
                                }
                            }
                        }
                        _ => {}
                    }
                    continue;
                }
                Event::Eof => return Err("it ends in the middle".to_owned()),
                _ => continue,
            };
            self.since.store(0, Ordering::Relaxed);
            match name.as_str() {
                "page" => page = Some(DumpPage::default()),
                "revision" => revision = Some(DumpRevision::default()),
                "contributor" => within_contributor = true,
                "title" | "ns" | "id" | "timestamp" | "username" | "ip" | "comment" | "format"
                | "text" => {
                    let text = self.text(&name)?;
                    match (page.as_mut(), revision.as_mut()) {
                        (Some(_), Some(revision)) => match name.as_str() {
                            "id" if !within_contributor => revision.id = text,
                            "timestamp" => revision.timestamp = text,
                            "username" | "ip" => revision.contributor = text,
                            "comment" => revision.comment = text,
                            "format" => revision.format = text,
                            "text" => {
                                if text.contains('\u{FFFD}')
                                    && self.broken.load(Ordering::Relaxed) > 0
                                    && let Some(page) = page.as_mut()
                                {
                                    page.problems.push(("invalid_utf8", "some bytes are not UTF-8; each stands as the replacement character".to_owned()));
                                }
                                if self.left_out > 0 {
                                    revision.too_long = Some(text.len() + self.left_out);
                                } else {
                                    revision.text = text;
                                }
                            }
                            _ => {}
                        },
                        (Some(page), None) => match name.as_str() {
                            "title" => page.title = text,
                            "ns" => page.namespace = text.trim().parse().unwrap_or(0),
                            _ => {}
                        },
                        _ => {}
                    }
                }
                "minor" => {
                    if let Some(revision) = revision.as_mut() {
                        revision.minor = true;
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads an element's text, up to its end, with entities resolved.
    fn text(&mut self, element: &str) -> Result<String, String> {
        let mut text = String::new();
        let mut deep = 0;
        self.left_out = 0;
        loop {
            self.buffer.clear();
            let event = self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|e| said(&e))?;
            deeper(&mut self.depth, &event)?;
            match event {
                Event::Text(part) => keep(&mut text, &part, &mut self.left_out),
                Event::CData(part) => keep(&mut text, &part, &mut self.left_out),
                Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                    Ok(Some(c)) => keep(&mut text, c.encode_utf8(&mut [0; 4]), &mut self.left_out),
                    _ => match &*entity {
                        "amp" => text.push('&'),
                        "lt" => text.push('<'),
                        "gt" => text.push('>'),
                        "quot" => text.push('"'),
                        "apos" => text.push('\''),
                        // An entity of the file's own is never expanded: it stands as it is written.
                        other => {
                            text.push('&');
                            text.push_str(other);
                            text.push(';');
                        }
                    },
                },
                Event::Start(_) => deep += 1,
                Event::End(tag) => {
                    if deep == 0 && tag.local_name().as_ref() == element {
                        self.since.store(0, Ordering::Relaxed);
                        return Ok(text);
                    }
                    deep -= 1;
                }
                Event::Eof => return Err(format!("it ends within <{element}>")),
                _ => {}
            }
        }
    }
}

/// Counts the open elements.
fn deeper(depth: &mut u32, event: &Event<'_>) -> Result<(), String> {
    match event {
        Event::Start(_) if *depth == DEEPEST => {
            return Err(format!("elements are nested more than {DEEPEST} deep"));
        }
        Event::Start(_) => *depth += 1,
        Event::End(_) => *depth = depth.saturating_sub(1),
        _ => {}
    }
    Ok(())
}

/// Appends a part to a text, or counts it once the text is longer than any that can be kept. XML has no
/// control characters: those that stand there all the same, NUL above all, are let go.
fn keep(text: &mut String, part: &str, left_out: &mut usize) {
    let allowed = |c: char| !c.is_ascii_control() || matches!(c, '\t' | '\n' | '\r');
    if *left_out > 0 || text.len() + part.len() > TEXT_BYTES {
        *left_out += part.len();
    } else if part.chars().all(allowed) {
        text.push_str(part);
    } else {
        text.extend(part.chars().filter(|c| allowed(*c)));
    }
}

fn said(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(io) => io.to_string(),
        other => format!("the XML is broken: {other}"),
    }
}
