//! Reads every page of a MediaWiki export (`.xml` or `.xml.bz2`), says how fast and what was broken,
//! and checks what was drawn.
//!
//! `cargo run --release -p wikitext --example corpus -- DUMP [pages] [--no-check] [--page TITLE]`
//! `cargo run --release -p wikitext --example corpus -- --hostile [bytes]` times texts made to be slow.

#[path = "../tests/it/check.rs"]
mod check;
#[path = "../tests/it/dump.rs"]
mod dump;
#[path = "../tests/it/hostile_texts.rs"]
mod hostile_texts;

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::time::{Duration, Instant};
use wikitext::{Context, FileRef, LinkState, Site, Title, Words, parse_page};

struct Wiki(Words);

impl Context for Wiki {
    fn link(&self, title: &Title) -> LinkState {
        LinkState::Exists { url: format!("/know/{}", title.text.replace(' ', "_")) }
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

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let checking = !args.iter().any(|arg| arg == "--no-check");
    let wanted = args.iter().position(|arg| arg == "--page").and_then(|at| args.get(at + 1));
    let Some(path) = args.first() else {
        return writeln!(out, "usage: corpus DUMP [pages] [--no-check] [--page TITLE]");
    };
    if path == "--hostile" {
        return hostile(&mut out, args.get(1).and_then(|n| n.parse().ok()).unwrap_or(20_000_000));
    }
    let limit = args.get(1).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let site = Site { namespaces: dump::namespaces(), ..Site::default() };
    let wiki = Wiki(Words::english());
    let mut problems: BTreeMap<&'static str, (usize, usize, String)> = BTreeMap::new();
    let mut unknown: HashMap<String, usize> = HashMap::new();
    let (mut pages, mut bytes, mut html, mut words, mut ill) = (0usize, 0usize, 0usize, 0usize, 0usize);
    let (mut links, mut notes, mut redirects, mut bad_redirects) = (0usize, 0usize, 0usize, 0usize);
    let mut spent = [Duration::ZERO; 4];
    let mut slowest = (Duration::ZERO, String::new());
    for page in dump::pages(path)? {
        if pages == limit {
            break;
        }
        let Ok(title) = site.title(&page.title, 0) else {
            writeln!(out, "title: {}", page.title)?;
            continue;
        };
        let start = Instant::now();
        let document = parse_page(&page.text, &title, &site);
        let parsed = start.elapsed();
        links += document.links().len() + document.categories().len();
        let listed = start.elapsed();
        let drawn = document.render(&wiki);
        let rendered = start.elapsed();
        let plain = document.plain_text();
        let told = start.elapsed();
        spent[0] += parsed;
        spent[1] += listed - parsed;
        spent[2] += rendered - listed;
        spent[3] += told - rendered;
        slowest = slowest.max((rendered, page.title.clone()));
        pages += 1;
        bytes += page.text.len();
        html += drawn.html.len();
        words += drawn.words;
        notes += drawn.notes;
        match document.redirect() {
            Some(Ok(_)) => redirects += 1,
            Some(Err(_)) => bad_redirects += 1,
            None => {}
        }
        let mut codes: Vec<&str> = Vec::new();
        for problem in document.problems() {
            let entry = problems.entry(problem.code).or_insert_with(|| {
                (0, 0, format!("{}:{} {}", page.title, problem.line, problem.what))
            });
            entry.0 += 1;
            if !codes.contains(&problem.code) {
                codes.push(problem.code);
                entry.1 += 1;
            }
            if problem.code == "unknown-template" {
                *unknown.entry(problem.what.clone()).or_default() += 1;
            }
        }
        if wanted.is_some_and(|wanted| *wanted == page.title) {
            writeln!(out, "{}\n--- plain\n{plain}\n--- summary\n{}", drawn.html, document.summary(200))?;
            for problem in document.problems() {
                writeln!(out, "{problem:?}")?;
            }
        }
        if checking {
            let mut fault = |what: String| {
                ill += 1;
                if ill < 40 { writeln!(out, "! {}: {what}", page.title) } else { Ok(()) }
            };
            match check::check(&drawn.html) {
                Err(what) => fault(what)?,
                Ok(seen) => {
                    let raw = |sign: &str| seen.text.matches(sign).count();
                    let told = |code: &str| document.problems().iter().filter(|p| p.code == code).count();
                    let quoted = page.text.to_lowercase().contains("<nowiki") || page.text.contains("&#");
                    let links = told("unclosed-link") + told("unopened-link") + told("doubled-brackets") + told("bad-link") + told("too-deep");
                    let braces = told("unclosed-template") + told("unopened-template") + told("too-deep") + told("bad-link");
                    if !quoted && (raw("[[") > links || raw("{{") > braces) {
                        fault(format!("raw brackets: {} of {links}, {} of {braces}", raw("[["), raw("{{")))?;
                    }
                    if seen.ids.iter().any(|id| ["main", "q", "menu"].contains(&id.as_str())) {
                        fault("an id of the page around".to_owned())?;
                    }
                }
            }
            let lower = drawn.html.to_lowercase();
            if lower.contains("<script") || lower.contains("javascript:") && !page.text.to_lowercase().contains("javascript:") {
                fault("script".to_owned())?;
            }
        }
    }
    let total: Duration = spent[..3].iter().sum();
    let speed = bytes as f64 / 1e6 / total.as_secs_f64();
    writeln!(out, "{pages} pages, {bytes} bytes of wikitext, {html} of HTML, {words} words, {links} links and categories, {notes} notes")?;
    writeln!(out, "{redirects} redirects, {bad_redirects} malformed")?;
    writeln!(out, "parse {:.2?}, lists {:.2?}, render {:.2?}: {total:.2?}, {speed:.0} MB/s; plain text {:.2?}", spent[0], spent[1], spent[2], spent[3])?;
    writeln!(out, "slowest {:.1?}: {}", slowest.0, slowest.1)?;
    for (code, (count, on, example)) in &problems {
        writeln!(out, "{code:>20} {count:>6} on {on:>5} pages, e.g. {example:.100}")?;
    }
    let mut unknown: Vec<_> = unknown.into_iter().collect();
    unknown.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
    writeln!(out, "unknown templates: {} names, {} uses: {:?}", unknown.len(), unknown.iter().map(|(_, n)| n).sum::<usize>(), &unknown[..unknown.len().min(40)])?;
    if checking {
        writeln!(out, "{ill} pages drawn wrongly")?;
        if ill > 0 {
            std::process::exit(1);
        }
    }
    Ok(())
}

/// Times the texts that are made to be slow, the slowest first.
fn hostile(out: &mut impl Write, size: usize) -> std::io::Result<()> {
    let wiki = Wiki(Words::english());
    let mut times = Vec::new();
    for (name, text) in hostile_texts::hostile(size) {
        let start = Instant::now();
        let document = wikitext::parse(&text, &Site::default());
        let parsed = start.elapsed();
        let drawn = document.render(&wiki);
        let _ = (document.links(), document.templates().len(), document.plain_text());
        drop(document);
        times.push((start.elapsed(), parsed, name, text.len(), drawn.html.len()));
    }
    times.sort();
    for (whole, parsed, name, bytes, html) in times.iter().rev() {
        writeln!(out, "{whole:>9.2?} (parse {parsed:>9.2?}) {bytes:>9} → {html:>10} bytes  {name}")?;
    }
    Ok(())
}
