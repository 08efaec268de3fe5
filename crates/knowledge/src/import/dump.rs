//! MediaWiki's XML, pulled page by page.
//!
//! Source of the format: MediaWiki's export schema 0.10 and 0.11.

use super::stream;
use crate::model::{Name, SITE};
use quick_xml::events::Event;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// One revision of a page in the dump.
#[derive(Clone, Debug, Default)]
pub(super) struct DumpRevision {
    pub(super) id: String,
    pub(super) timestamp: String,
    pub(super) contributor: String,
    pub(super) comment: String,
    pub(super) minor: bool,
    pub(super) format: String,
    pub(super) text: String,
    /// How many bytes the text has if it is too long for a record; then none of it is kept.
    pub(super) too_long: Option<usize>,
    /// Whether the wiki keeps its text from readers.
    pub(super) hidden: bool,
}

/// One page of the dump.
#[derive(Clone, Debug, Default)]
pub(super) struct DumpPage {
    pub(super) title: String,
    pub(super) namespace: i32,
    pub(super) revisions: Vec<DumpRevision>,
    /// What was met while reading it.
    pub(super) problems: Vec<(&'static str, String)>,
    /// The name that it gets here; none if its title cannot be one.
    pub(super) name: Option<Name>,
}

/// What the dump says of its wiki.
#[derive(Clone, Debug, Default)]
pub(super) struct SiteInfo {
    pub(super) name: String,
    pub(super) language: String,
    pub(super) namespaces: HashMap<i32, String>,
    /// Those of the namespaces that other wikis do not have, or call otherwise.
    pub(super) own: Vec<(i32, String)>,
}

impl SiteInfo {
    /// Finds out which namespaces markup cannot be read by without being told.
    fn find_own(&mut self) {
        self.own = self
            .namespaces
            .iter()
            .filter(|(key, name)| **key > 0 && !name.is_empty())
            .filter(|(key, name)| {
                let read = SITE.title(&format!("{name}:X"), 0);
                read.map_or(true, |title| title.namespace != **key)
            })
            .map(|(key, name)| (*key, name.clone()))
            .collect();
        self.own.sort();
    }
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
pub(super) struct Dump {
    reader: quick_xml::Reader<Characters>,
    buffer: Vec<u8>,
    since: Arc<AtomicU64>,
    /// How many bytes were no UTF-8 so far; a page's own replacement characters are not counted.
    broken: Arc<AtomicU64>,
    /// How many elements are open.
    depth: u32,
    /// Whether a page's first tag has been read already.
    begun: bool,
    /// How many bytes the last text had that were too many to keep.
    left_out: usize,
}

impl Dump {
    /// Begins to read unpacked XML, on a thread of its own. `length` is that of the file before it was
    /// unpacked, in bytes.
    pub(super) fn of(inner: Box<dyn Read + Send>, length: u64) -> io::Result<Self> {
        let since = Arc::new(AtomicU64::new(0));
        let broken = Arc::new(AtomicU64::new(0));
        let guarded = Guarded {
            inner,
            since: since.clone(),
            left: length.saturating_mul(UNPACKED).max(UNPACKED_LEAST),
        };
        let source = Lossy {
            inner: BufReader::with_capacity(1 << 16, stream::Ahead::start(Box::new(guarded))?),
            kept: Vec::new(),
            at: 0,
            broken: broken.clone(),
        };
        let characters = BufReader::with_capacity(1 << 16, source);
        let mut reader = quick_xml::Reader::from_reader(characters);
        reader.config_mut().check_end_names = true;
        reader.config_mut().expand_empty_elements = true;
        Ok(Self {
            reader,
            buffer: Vec::new(),
            since,
            broken,
            depth: 0,
            begun: false,
            left_out: 0,
        })
    }

    /// Reads up to the end of `<siteinfo>`, or to the first page of a dump without one.
    pub(super) fn site_info(&mut self) -> Result<SiteInfo, String> {
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
                    "page" if opened => {
                        self.begun = true;
                        site.find_own();
                        return Ok(site);
                    }
                    "siteinfo" | "namespaces" | "dbname" | "base" | "generator" | "case" => {}
                    other if !opened => {
                        return Err(format!(
                            "its first element is <{other}>, expected <mediawiki>"
                        ));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "siteinfo" => {
                    site.find_own();
                    return Ok(site);
                }
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

    /// Reads what follows the dump's end: nothing may, and a checksum is only seen there.
    fn rest(&mut self) -> Result<(), String> {
        loop {
            self.buffer.clear();
            let event = self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|e| said(&e))?;
            match event {
                Event::Eof => return Ok(()),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Comment(_) => {}
                _ => {
                    return Err(
                        "something follows after </mediawiki>; import each dump by itself"
                            .to_owned(),
                    );
                }
            }
            self.since.store(0, Ordering::Relaxed);
        }
    }

    /// Reads the next page; none at the dump's end.
    pub(super) fn page(&mut self) -> Result<Option<DumpPage>, String> {
        let mut page = std::mem::take(&mut self.begun).then(DumpPage::default);
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
                        "mediawiki" => return self.rest().map(|()| None),
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
            if let (Event::Start(tag), Some(revision)) = (&event, revision.as_mut())
                && name == "text"
            {
                revision.hidden = tag.try_get_attribute("deleted").is_ok_and(|a| a.is_some());
            }
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
