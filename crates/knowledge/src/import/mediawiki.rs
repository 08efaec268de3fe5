//! MediaWiki's XML export, read as a stream.
//!
//! Source of the format: MediaWiki's export schema 0.10 and 0.11. Three steps run beside one another:
//! one thread unpacks and parses, two sign and analyse, and the caller's publishes batch after batch.

use super::dump::{Dump, DumpPage, DumpRevision, SiteInfo};
use super::forms::{self, Form};
use super::history::{self, Here, Written};
use super::{Report, stream};
use crate::model::{Article, Attachment, Kind, LANGUAGES, Media, Name, Source};
use crate::picture;
use crate::redirects::{self, Unreadable};
use crate::tables::{self, Imported, KeptOut, Seen};
use crossbeam_channel::{Receiver, Sender, bounded};
use md5::Md5;
use record::{Hash, RecordId, Space, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use store::{Db, Node, Outcome, Ready, StoreError, Viewer};

/// What the importer is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The licence of the whole, as an SPDX identifier.
    pub licence: String,
    /// Who is to be named as the authors.
    pub attribution: String,
    /// A folder with the media of the file pages.
    pub files: Option<PathBuf>,
    /// The names of templates that somebody else reads: their uses on articles come with the report.
    pub forms: Vec<&'static str>,
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
        "{file} is damaged {place}: {reason}. What came before is kept ({pages} read); get the file again and repeat the command, it goes on from there"
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

/// What earlier imports left of a wiki.
struct Known {
    /// By namespace and title: what came in last, and the numbers of all revisions that did.
    pages: HashMap<(i32, String), (Imported, Vec<u64>)>,
    kept_out: KeptOut,
    seen: Seen,
}

impl Known {
    fn read(db: &Db<'_>, site: &str) -> Result<Self, StoreError> {
        let mut pages = HashMap::new();
        tables::imported(db, site, |namespace, title, imported| {
            let number: Option<u64> = imported.revision.parse().ok();
            match pages.entry((namespace, title)) {
                Entry::Vacant(page) => {
                    page.insert((imported, Vec::from_iter(number)));
                }
                Entry::Occupied(mut page) => {
                    let (last, numbers) = page.get_mut();
                    *last = imported;
                    numbers.extend(number);
                }
            }
        })?;
        Ok(Self {
            pages,
            kept_out: KeptOut::read(db)?,
            seen: Seen::read(db)?,
        })
    }
}

/// A page made ready to publish.
struct ReadyPage {
    place: String,
    kind: Verdict,
    records: Vec<(Ready, Hash, RecordId)>,
    /// What is to be remembered as seen: namespace, title, number.
    seen: Option<(i32, String, u64)>,
}

impl ReadyPage {
    /// A page that brings no record.
    fn without(place: String, kind: Verdict) -> Self {
        Self {
            place,
            kind,
            records: Vec::new(),
            seen: None,
        }
    }
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
    forms: Vec<Form>,
    /// What stops the import: a disk that takes no more files.
    failed: Option<StoreError>,
}

/// A batch is closed at this many bytes of text, so that memory stays bounded,
const BATCH_BYTES: usize = 1 << 20;
/// or at this many pages, so that others get their turn at the database.
const BATCH_PAGES: usize = 200;

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
    let mut dump = Dump::of(opened.reader, length).map_err(|e| ImportError::Open {
        file: shown.clone(),
        reason: e.to_string(),
    })?;
    let site = dump.site_info().map_err(|reason| ImportError::Format {
        file: shown.clone(),
        reason,
    })?;
    let known = node.store().read(|db| Known::read(db, &site.name))?;
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
            match publish(node, &site.name, batch, &mut report) {
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
    faults_within(node, &site.name, &mut report)?;
    other_licences(node, &site.name, &options.licence, &mut report)?;
    redirect_problems(node, &mut report)?;
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// Notes what was not understood within the pages of a wiki, whether they came now or earlier.
fn faults_within(node: &Node, site: &str, report: &mut Report) -> Result<(), StoreError> {
    let found = node
        .store()
        .read(|db| tables::faults(db, &Viewer::public(), Some(site), None, "", i64::MAX))?;
    for fault in found {
        let what = format!("line {}: {}", fault.line, fault.what);
        report.problem(fault.source, fault.code, what);
    }
    Ok(())
}

/// Notes pages of the wiki that stand here under another licence than this import was told.
fn other_licences(
    node: &Node,
    site: &str,
    licence: &str,
    report: &mut Report,
) -> Result<(), StoreError> {
    let found = node
        .store()
        .read(|db| tables::other_licences(db, site, licence))?;
    for (other, pages) in found {
        let what = format!("{pages} pages of it stand here under {other}, and not {licence}");
        report.problem(site, "other_licence", what);
    }
    Ok(())
}

/// Notes the redirects of the commons that lead nowhere.
fn redirect_problems(node: &Node, report: &mut Report) -> Result<(), StoreError> {
    let viewer = Viewer::public();
    node.store().read(|db| {
        let all = tables::redirects(db, &viewer)?;
        let found = redirects::faults(&all, |key| tables::leads(db, &viewer, key).unwrap_or(false));
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
        for (from, kept) in found.malformed {
            let why = match Unreadable::read(&kept) {
                (Unreadable::None, _) => "it names no page".to_owned(),
                (Unreadable::Unclosed, to) => format!("“{to}” is not closed by two brackets"),
                (Unreadable::Piped, to) => format!("“{to}” has a “|” inside"),
                (Unreadable::Title, to) => format!("“{to}” cannot be a title"),
            };
            report.problem(
                title(&from),
                "redirect_malformed",
                format!("the target of its redirect cannot be read: {why}"),
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
fn publish(node: &Node, site: &str, batch: Batch, report: &mut Report) -> Result<(), StoreError> {
    for (place, code, what) in batch.problems {
        report.problem(place, code, what);
    }
    report.forms.extend(batch.forms);
    if let Some(error) = batch.failed {
        return Err(error);
    }
    let mut ready = Vec::new();
    let mut owners = Vec::new();
    let mut verdicts: Vec<Judged> = Vec::new();
    let mut seen = Vec::new();
    for page in batch.pages {
        seen.extend(page.seen);
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
    if !ready.is_empty() || !seen.is_empty() {
        let site = site.to_owned();
        let outcomes = node.accept(ready, Node::now(), move |db| {
            for (namespace, title, number) in seen {
                tables::keep_seen(db, &site, namespace, &title, number)?;
            }
            Ok(())
        })?;
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
            // A later import finds each of them again by what it is called here.
            page.title = format!("{} ({number})", page.title);
            return;
        }
    }
}

/// Compares pages with what is here, and makes records of what is new.
fn make_ready(
    node: &Node,
    site: &SiteInfo,
    known: &Known,
    options: &Options,
    take: &Receiver<Vec<DumpPage>>,
    give: &Sender<Batch>,
) {
    for pages in take {
        let mut batch = Batch {
            pages: Vec::with_capacity(pages.len()),
            problems: Vec::new(),
            forms: Vec::new(),
            failed: None,
        };
        for mut page in pages {
            sort_revisions(&mut page.revisions);
            // What stands in the wiki by now, whether the page comes in now or came before.
            let mut newest = page.revisions.iter().rev();
            let shown = newest.find(|revision| !revision.hidden && revision.too_long.is_none());
            let found = shown
                .filter(|_| page.namespace == 0 && !options.forms.is_empty())
                .map(|shown| forms::of_page(&site.name, &page.title, &shown.text, &options.forms));
            match one_page(node, site, known, options, page, &mut batch.problems) {
                Ok(made) => {
                    if made.kind != Verdict::Refused {
                        batch.forms.extend(found.unwrap_or_default());
                    }
                    batch.pages.push(made);
                }
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
    known: &Known,
    options: &Options,
    page: DumpPage,
    problems: &mut Vec<(String, &'static str, String)>,
) -> Result<ReadyPage, StoreError> {
    let place = page.title.clone();
    let before = known.pages.get(&(page.namespace, page.title.clone()));
    let mut page = page;
    let hidden = page.revisions.iter().filter(|r| r.hidden).count();
    page.revisions.retain(|revision| !revision.hidden);
    if hidden > 0 {
        let what = format!(
            "{hidden} of its revisions have no text in the dump: the wiki keeps it from readers"
        );
        problems.push((place.clone(), "hidden_text", what));
    }
    for (code, what) in &page.problems {
        problems.push((place.clone(), code, what.clone()));
    }
    let refused = |place: String| Ok(ReadyPage::without(place, Verdict::Refused));
    let Some(name) = page.name.clone() else {
        return refused(place);
    };
    let kept_out = &known.kept_out;
    if kept_out.page(&site.name, page.namespace, &page.title) {
        let what = "it was withdrawn here, and stays withdrawn".to_owned();
        problems.push((place.clone(), "withdrawn", what));
        return refused(place);
    }
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
    let digested = |revision: DumpRevision| {
        let sha256 = hex(&Sha256::digest(revision.text.as_bytes()));
        (revision, sha256)
    };
    let (gone, kept): (Vec<_>, Vec<_>) = page
        .revisions
        .into_iter()
        .map(digested)
        .partition(|(_, sha256)| kept_out.text(&site.name, page.namespace, &page.title, sha256));
    if !gone.is_empty() {
        let what = "a text of it was withdrawn here, and stays withdrawn".to_owned();
        problems.push((place.clone(), "withdrawn", what));
        if kept.is_empty() {
            return match before {
                Some(_) => Ok(ReadyPage::without(place, Verdict::Unchanged)),
                None => refused(place),
            };
        }
    }
    let (revisions, hashes): (Vec<_>, Vec<_>) = kept.into_iter().unzip();
    let page = DumpPage { revisions, ..page };
    if hashes.is_empty() {
        problems.push((
            place.clone(),
            "no_revision",
            "the page has no text".to_owned(),
        ));
        return refused(place);
    };
    let times: Vec<Timestamp> = page
        .revisions
        .iter()
        .map(|revision| written_at(revision, &place, problems))
        .collect();
    let written: Vec<Written<'_>> = page
        .revisions
        .iter()
        .zip(&hashes)
        .zip(&times)
        .map(|((revision, sha256), at)| Written {
            number: revision.id.parse().ok(),
            at: at.as_millis(),
            sha256,
        })
        .collect();
    let here = before.map(|(last, numbers)| Here {
        last: Written {
            number: last.revision.parse().ok(),
            at: last.at,
            sha256: &last.sha256,
        },
        numbers,
        seen: known.seen.of(&site.name, page.namespace, &page.title),
    });
    let brings = history::compare(&written, here);
    if brings.older {
        let what =
            "its newest revision there is older than the one here, which stays shown".to_owned();
        problems.push((place.clone(), "older_dump", what));
        return Ok(ReadyPage::without(place, Verdict::Unchanged));
    }
    if brings.left_out > 0 {
        let what = format!(
            "{} of its revisions there are older than those here and stay out: a history is only added to at its end",
            brings.left_out
        );
        problems.push((place.clone(), "older_history", what));
    }
    let before = before.map(|(last, _)| last);
    let attachment = match (&options.files, name.kind()) {
        (Some(folder), Kind::File) => attach(node, folder, name.title(), &place, problems)?,
        _ => None,
    };
    let mut new = brings.new;
    if let (Some(before), true) = (before, new.is_empty()) {
        // The text is the one that is here; the file may have come only now.
        if !brings_file(node, before, attachment.as_ref()) {
            let mut unchanged = ReadyPage::without(place, Verdict::Unchanged);
            unchanged.seen = brings
                .seen
                .map(|number| (page.namespace, page.title.clone(), number));
            return Ok(unchanged);
        }
        new.push(hashes.len() - 1);
    }
    let language = name
        .translation()
        .map(|(_, code)| code.to_owned())
        .or_else(|| {
            LANGUAGES
                .iter()
                .find(|c| **c == site.language)
                .map(|c| (*c).to_owned())
        })
        .unwrap_or_else(|| {
            if site.language.is_empty() {
                "und".to_owned()
            } else {
                site.language.clone()
            }
        });
    let (mut thing, mut replaces) = match before {
        Some(before) => (Some(before.thing.clone()), vec![before.hash]),
        None => (None, Vec::new()),
    };
    let commons = node.keys().commons_did();
    let mut records = Vec::new();
    let dumped = page.revisions.into_iter().zip(hashes).zip(times);
    for (at, ((revision, sha256), published)) in dumped.enumerate() {
        // They are in order.
        if new.binary_search(&at).is_err() {
            continue;
        }
        let length = revision.text.len();
        let markdown = revision.format == "text/markdown";
        let namespaces = own_namespaces(site, &revision.text);
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
            original: None,
            machine: String::new(),
            namespaces: Vec::new(),
            categories: Vec::new(),
            source: Some(Source {
                site: site.name.clone(),
                namespace: page.namespace,
                title: page.title.clone(),
                revision: revision.id,
                sha256,
                namespaces,
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
    let kind = if before.is_some() {
        Verdict::Updated
    } else {
        Verdict::Added
    };
    Ok(ReadyPage {
        place,
        kind,
        records,
        seen: None,
    })
}

/// Puts revisions in the order in which they were written: by their numbers, or else by their times.
fn sort_revisions(revisions: &mut [DumpRevision]) {
    let numbers: Option<Vec<u64>> = revisions.iter().map(|r| r.id.parse().ok()).collect();
    if numbers.is_some() {
        revisions.sort_by_key(|r| r.id.parse::<u64>().unwrap_or(0));
        return;
    }
    let times: Option<Vec<Timestamp>> = revisions
        .iter()
        .map(|r| Timestamp::parse(&r.timestamp).ok())
        .collect();
    if times.is_some() {
        revisions.sort_by_key(|r| Timestamp::parse(&r.timestamp).map_or(0, |at| at.as_millis()));
    }
}

/// Returns when a revision was written, or now where the dump names no time that can be.
fn written_at(
    revision: &DumpRevision,
    place: &str,
    problems: &mut Vec<(String, &'static str, String)>,
) -> Timestamp {
    const DAY: i64 = 86_400_000;
    let now = Node::now();
    match Timestamp::parse(&revision.timestamp) {
        Ok(at) if at.as_millis() <= now.as_millis() + DAY => at,
        _ => {
            let shown: String = revision.timestamp.chars().take(40).collect();
            let what =
                format!("“{shown}” is no time at which it was written; it stands as of today");
            problems.push((place.to_owned(), "bad_time", what));
            now
        }
    }
}

/// Whether a file page gets a file that it does not have yet.
fn brings_file(node: &Node, before: &Imported, file: Option<&Attachment>) -> bool {
    let Some(file) = file else { return false };
    let shown = node
        .store()
        .read(|db| tables::by_id(db, &Viewer::public(), before.thing.as_str()));
    matches!(shown, Ok(Some(page)) if page.blob != file.sha256)
}

/// Returns the namespaces that a text links into and that not every wiki has, or calls so.
fn own_namespaces(site: &SiteInfo, text: &str) -> Vec<(i32, String)> {
    let mut found: Vec<(i32, String)> = Vec::new();
    if site.own.is_empty() {
        return found;
    }
    for (at, _) in text.match_indices("[[") {
        let link = text[at + 2..].trim_start_matches([' ', ':', '_']);
        for (key, name) in &site.own {
            let names = [name.as_str(), if *key == 4 { "Project" } else { name }];
            if names.iter().any(|name| begins_with(link, name))
                && !found.iter().any(|(known, _)| known == key)
            {
                found.push((*key, name.clone()));
            }
        }
    }
    found.sort();
    found
}

/// Whether a link's text begins with a namespace, in any case, `_` for a space.
fn begins_with(link: &str, namespace: &str) -> bool {
    let mut rest = link.chars().flat_map(char::to_lowercase);
    let same = namespace
        .chars()
        .flat_map(char::to_lowercase)
        .all(|c| rest.next().map(|r| if r == '_' { ' ' } else { r }) == Some(c));
    same && rest.find(|c| !matches!(c, ' ' | '_')) == Some(':')
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
    // Beside one another, or as MediaWiki keeps them: in folders by the MD5 of the name.
    let stored = title.replace(' ', "_");
    let digest = hex(&Md5::digest(stored.as_bytes()));
    let path = [
        folder.join(title),
        folder.join(&stored),
        folder.join(&digest[..1]).join(&digest[..2]).join(&stored),
    ]
    .into_iter()
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
        Ok((hash, length)) => {
            let seen = picture::look(&path);
            Ok(Some(Attachment {
                sha256: hash.to_string(),
                media_type: seen.media_type.to_owned(),
                length,
                width: seen.width,
                height: seen.height,
            }))
        }
        // The page would count as unchanged next time, and its file would be missing for good.
        Err(error @ (StoreError::Full { .. } | StoreError::Unwritable { .. })) => Err(error),
        Err(error) => {
            problems.push((place.to_owned(), "file_unread", error.to_string()));
            Ok(None)
        }
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
