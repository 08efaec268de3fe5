//! Reads every page of a MediaWiki export (`.xml` or `.xml.bz2`), says how fast and what was broken,
//! and checks what was drawn.
//!
//! `cargo run --release -p wikitext --example corpus -- DUMP [pages] [--no-check]`
//! `… DUMP --page TITLE` draws one page, with its text, summary and problems.
//! `… --hostile [bytes]` times texts made to be slow.

#[path = "../tests/it/check.rs"]
mod check;
#[path = "../tests/it/dump.rs"]
mod dump;
#[path = "../tests/it/hostile_texts.rs"]
mod hostile_texts;

use std::collections::{BTreeMap, HashMap};
use std::io::{Result, Write};
use std::time::{Duration, Instant};
use wikitext::{Context, Document, FileRef, LinkState, Rendered, Site, Title, Words, parse_page};

/// Pages that are read, then listed, then drawn, so that the clock is asked seldom.
const BATCH: usize = 500;

/// Faults that are told one by one.
const TOLD: usize = 40;

struct Wiki(Words);

impl Context for Wiki {
    fn link(&self, title: &Title) -> LinkState {
        LinkState::Exists {
            url: format!("/know/{}", title.text.replace(' ', "_")),
        }
    }

    fn file(&self, name: &str) -> Option<FileRef> {
        name.to_lowercase().ends_with(".png").then(|| FileRef {
            url: format!("/blobs/{}", name.len()),
            width: 640,
            height: 480,
            mime: "image/png".to_owned(),
        })
    }

    fn words(&self) -> &Words {
        &self.0
    }
}

/// Returns the time that this thread has run, where the system tells; else the time on the wall.
fn clock() -> Duration {
    let ran = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = ran.and_then(|text| text.split(' ').next()?.parse().ok());
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    nanos.map_or_else(
        || START.get_or_init(Instant::now).elapsed(),
        Duration::from_nanos,
    )
}

fn main() -> Result<()> {
    let mut out = std::io::stdout().lock();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = args.get(1).and_then(|n| n.parse().ok());
    let page = args
        .iter()
        .position(|arg| arg == "--page")
        .and_then(|at| args.get(at + 1));
    match (args.first().map(String::as_str), page) {
        (None, _) => writeln!(
            out,
            "usage: corpus DUMP [pages] [--no-check] [--page TITLE]"
        ),
        (Some("--hostile"), _) => hostile(&mut out, number.unwrap_or(20_000_000)),
        (Some(path), Some(title)) => show(&mut out, path, title),
        (Some(path), None) => {
            let checking = !args.iter().any(|arg| arg == "--no-check");
            measure(&mut out, path, number.unwrap_or(usize::MAX), checking)
        }
    }
}

fn site() -> Site {
    Site {
        namespaces: dump::namespaces(),
        ..Site::default()
    }
}

/// Draws one page.
fn show(out: &mut impl Write, path: &str, wanted: &str) -> Result<()> {
    let site = site();
    for page in dump::pages(path)?.filter(|page| page.title == wanted) {
        let title = site.title(&page.title, 0).map_err(std::io::Error::other)?;
        let document = parse_page(&page.text, &title, &site);
        writeln!(out, "{}", document.render(&Wiki(Words::english())).html)?;
        writeln!(
            out,
            "<!-- text\n{}\nsummary: {}",
            document.plain_text(),
            document.summary(200)
        )?;
        for problem in document.problems() {
            writeln!(
                out,
                "line {}: {} {}",
                problem.line, problem.code, problem.what
            )?;
        }
        writeln!(out, "-->")?;
    }
    Ok(())
}

/// What was counted.
#[derive(Default)]
struct Tally {
    pages: usize,
    bytes: usize,
    html: usize,
    words: usize,
    links: usize,
    notes: usize,
    redirects: [usize; 2],
    /// Parsing, listing, drawing, telling as text.
    spent: [Duration; 4],
    /// How often, on how many pages, and one example.
    problems: BTreeMap<&'static str, (usize, usize, String)>,
    unknown: HashMap<String, usize>,
    faults: Vec<String>,
}

fn measure(out: &mut impl Write, path: &str, limit: usize, checking: bool) -> Result<()> {
    let site = site();
    let wiki = Wiki(Words::english());
    let mut tally = Tally::default();
    let mut pages = dump::pages(path)?.take(limit);
    loop {
        let batch: Vec<dump::Page> = pages.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let titles: Vec<_> = batch
            .iter()
            .map(|page| site.title(&page.title, 0))
            .collect();
        let named = || {
            batch
                .iter()
                .zip(&titles)
                .filter_map(|(p, t)| Some((p, t.as_ref().ok()?)))
        };
        let started = clock();
        let documents: Vec<Document> = named()
            .map(|(page, title)| parse_page(&page.text, title, &site))
            .collect();
        let parsed = clock();
        for document in &documents {
            tally.links += document.links().len() + document.categories().len();
            std::hint::black_box((document.templates(), document.files()));
        }
        let listed = clock();
        let drawn: Vec<Rendered> = documents
            .iter()
            .map(|document| document.render(&wiki))
            .collect();
        let rendered = clock();
        for document in &documents {
            std::hint::black_box(document.plain_text());
        }
        let told = clock();
        let times = [
            parsed - started,
            listed - parsed,
            rendered - listed,
            told - rendered,
        ];
        for (sum, time) in tally.spent.iter_mut().zip(times) {
            *sum += time;
        }
        for ((page, _), (document, drawn)) in named().zip(documents.iter().zip(&drawn)) {
            count(&mut tally, page, document, drawn);
            if checking {
                inspect(&mut tally, page, document, drawn);
            }
        }
    }
    report(out, &tally, checking)?;
    if !tally.faults.is_empty() {
        std::process::exit(1);
    }
    Ok(())
}

fn count(tally: &mut Tally, page: &dump::Page, document: &Document, drawn: &Rendered) {
    tally.pages += 1;
    tally.bytes += page.text.len();
    tally.html += drawn.html.len();
    tally.words += drawn.words;
    tally.notes += drawn.notes;
    if let Some(redirect) = document.redirect() {
        tally.redirects[usize::from(redirect.is_err())] += 1;
    }
    let mut codes: Vec<&str> = Vec::new();
    for problem in document.problems() {
        let entry = tally.problems.entry(problem.code).or_insert_with(|| {
            (
                0,
                0,
                format!("{}:{} {}", page.title, problem.line, problem.what),
            )
        });
        entry.0 += 1;
        if !codes.contains(&problem.code) {
            codes.push(problem.code);
            entry.1 += 1;
        }
        if problem.code == "unknown_template" {
            *tally.unknown.entry(problem.what.clone()).or_default() += 1;
        }
    }
}

/// Checks that a page was drawn well-formed and harmless, and that no brackets are left in it but
/// those that were told as problems.
fn inspect(tally: &mut Tally, page: &dump::Page, document: &Document, drawn: &Rendered) {
    let mut fault = |what: String| tally.faults.push(format!("{}: {what}", page.title));
    let seen = match check::check(&drawn.html) {
        Ok(seen) => seen,
        Err(what) => return fault(what),
    };
    let told = |codes: &[&str]| {
        document
            .problems()
            .iter()
            .filter(|problem| codes.contains(&problem.code))
            .count()
    };
    let squares = told(&[
        "unclosed_link",
        "unopened_link",
        "doubled_brackets",
        "bad_link",
        "too_deep",
    ]);
    let braces = told(&[
        "unclosed_template",
        "unopened_template",
        "bad_link",
        "too_deep",
    ]);
    let raw = |sign: &str| seen.text.matches(sign).count();
    let source = page.text.to_lowercase();
    let quoted = source.contains("<nowiki") || source.contains("&#");
    if !quoted && (raw("[[") > squares || raw("{{") > braces) {
        fault(format!(
            "raw brackets: {} of {squares}, {} of {braces}",
            raw("[["),
            raw("{{")
        ));
    }
    let lower = drawn.html.to_lowercase();
    if lower.contains("<script") || lower.contains("javascript:") && !source.contains("javascript:")
    {
        fault("script".to_owned());
    }
    if seen
        .ids
        .iter()
        .any(|id| wikitext::RESERVED_IDS.contains(&id.to_lowercase().as_str()))
    {
        fault("an id of the page around".to_owned());
    }
}

fn report(out: &mut impl Write, tally: &Tally, checking: bool) -> Result<()> {
    let Tally {
        pages,
        bytes,
        html,
        words,
        links,
        notes,
        redirects,
        spent,
        ..
    } = tally;
    writeln!(
        out,
        "{pages} pages, {bytes} bytes of wikitext, {html} of HTML"
    )?;
    writeln!(
        out,
        "{words} words, {links} links and categories, {notes} notes"
    )?;
    writeln!(
        out,
        "{} redirects, {} malformed",
        redirects[0], redirects[1]
    )?;
    let total: Duration = spent[..3].iter().sum();
    let speed = *bytes as f64 / 1e6 / total.as_secs_f64();
    let [parse, list, render, plain] = spent;
    writeln!(
        out,
        "CPU: parse {parse:.2?}, lists {list:.2?}, render {render:.2?}, together {total:.2?}: {speed:.0} MB/s"
    )?;
    writeln!(out, "plain text {plain:.2?}")?;
    for (code, (count, on, example)) in &tally.problems {
        writeln!(
            out,
            "{code:>20} {count:>6} on {on:>5} pages, e.g. {example:.100}"
        )?;
    }
    let mut unknown: Vec<_> = tally.unknown.iter().collect();
    unknown.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
    let uses: usize = tally.unknown.values().sum();
    writeln!(
        out,
        "unknown templates: {} names, {uses} uses: {unknown:?}",
        unknown.len()
    )?;
    if checking {
        for fault in tally.faults.iter().take(TOLD) {
            writeln!(out, "! {fault}")?;
        }
        writeln!(out, "{} faults in what was drawn", tally.faults.len())?;
    }
    Ok(())
}

/// Times the texts that are made to be slow, the slowest first.
fn hostile(out: &mut impl Write, size: usize) -> Result<()> {
    let wiki = Wiki(Words::english());
    let mut times = Vec::new();
    for (name, text) in hostile_texts::hostile(size) {
        let started = clock();
        let document = wikitext::parse(&text, &Site::default());
        let parsed = clock() - started;
        let drawn = document.render(&wiki);
        let rendered = clock() - started;
        drop(document.plain_text());
        drop(document);
        times.push((
            rendered,
            parsed,
            clock() - started,
            name,
            text.len(),
            drawn.html.len(),
        ));
    }
    times.sort();
    for (rendered, parsed, whole, name, bytes, html) in times.iter().rev() {
        writeln!(
            out,
            "{rendered:>9.2?} (parse {parsed:>9.2?}, all {whole:>9.2?}) {bytes:>9} → {html:>10} bytes  {name}"
        )?;
    }
    Ok(())
}
