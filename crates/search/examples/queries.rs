//! Indexes a MediaWiki dump and measures: `speed <dump.xml> [index folder]`.
//!
//! The dump is read crudely, since this measures the index and not the reader of wikis.
#![allow(clippy::print_stdout, reason = "a program that prints figures")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use search::{Document, Indexes, Query};

const QUERIES: [&str; 50] = [
    "commons",
    "peer to peer",
    "\"peer to peer\"",
    "peer-to-peer production",
    "open source hardware",
    "the commons of the city",
    "\"commons based peer production\"",
    "economia solidaria",
    "economía solidaria",
    "cooperativas",
    "l'économie sociale",
    "economie sociale et solidaire",
    "logiciel libre",
    "bien commun",
    "bienes comunes",
    "software libre",
    "energia",
    "agua",
    "comons",
    "colaborative economy",
    "economcs",
    "cooperitive",
    "goverance",
    "sustainabilty",
    "p2p",
    "blockchain",
    "bitcoin -blockchain",
    "title:manifesto",
    "manifesto",
    "ostrom",
    "\"elinor ostrom\"",
    "michel bauwens",
    "platform cooperativism",
    "coop*",
    "fab lab",
    "3d printing",
    "urban gardening",
    "seed library",
    "basic income",
    "time banks",
    "licence",
    "creative commons license",
    "is",
    "the",
    "of the",
    "in",
    "transition town totnes",
    "mutual credit clearing",
    "zapatistas",
    "wikipedia governance policy",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let dump = PathBuf::from(arguments.next().ok_or("speed <dump.xml> [index folder]")?);
    let temporary = tempfile::tempdir()?;
    let dir = arguments
        .next()
        .map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let indexes = Indexes::open(&dir)?;
    if indexes.documents("public") == 0 {
        index(&indexes, &dump, &dir)?;
    }
    let started = Instant::now();
    println!(
        "{} documents, opened in {:?}",
        indexes.documents("public"),
        started.elapsed()
    );
    measure(&indexes)?;
    Ok(())
}

fn index(indexes: &Indexes, dump: &Path, dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut documents = Vec::new();
    let mut characters = 0usize;
    pages(dump, |document| {
        characters += document.body.len() + document.title.len();
        documents.push(document);
    })?;
    println!(
        "read {} pages, {} MB of text, RSS {} MB",
        documents.len(),
        characters / 1_000_000,
        peak_mb()
    );
    let held = peak_mb();
    let before = processor_seconds();
    let started = Instant::now();
    let mut writer = indexes.writer("public")?;
    let count = documents.len();
    for (at, document) in documents.into_iter().enumerate() {
        writer.put(&document)?;
        if (at + 1) % 5_000 == 0 {
            writer.commit(at as i64)?;
        }
    }
    let put = started.elapsed();
    writer.commit(count as i64)?;
    let committed = started.elapsed();
    writer.finish()?;
    let finished = started.elapsed();
    println!(
        "put {put:.1?}, committed {committed:.1?}, finished {finished:.1?}: {:.1} MB/s; processor {:.1} s ({:.1} MB/s of it); RSS {} MB above the {held} MB held",
        characters as f64 / 1e6 / finished.as_secs_f64(),
        processor_seconds() - before,
        characters as f64 / 1e6 / (processor_seconds() - before),
        peak_mb().saturating_sub(held),
    );
    println!("on disk {:.1} MB", size(dir)? as f64 / 1e6);
    let mut by_kind = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(dir.join("public"))? {
        let entry = entry?;
        let path = entry.path();
        let end = path
            .extension()
            .map(|end| end.to_string_lossy().into_owned())
            .unwrap_or_default();
        let (files, bytes) = by_kind.entry(end).or_insert((0, 0));
        *files += 1;
        *bytes += entry.metadata()?.len();
    }
    for (end, (files, bytes)) in by_kind {
        println!("  .{end}: {files} files, {:.1} MB", bytes as f64 / 1e6);
    }
    Ok(())
}

/// Excerpts are left empty: what they cost depends on where the texts are.
fn no_texts(_space: &str, _id: &str) -> Option<String> {
    None
}

fn measure(indexes: &Indexes) -> Result<(), Box<dyn std::error::Error>> {
    let query = |text: &str| Query {
        text: text.to_owned(),
        limit: 20,
        ..Query::default()
    };
    println!("\nfirst run (nothing remembered):");
    for text in QUERIES {
        let started = Instant::now();
        let results = indexes.search(&["public"], &query(text), &no_texts)?;
        let first = started.elapsed();
        let started = Instant::now();
        indexes.search(&["public"], &query(text), &no_texts)?;
        println!(
            "{:>8.2?} {:>8.2?} {:>6} {}{text:<32} {:.60} {}",
            first,
            started.elapsed(),
            results.total,
            if results.relaxed { "(some) " } else { "" },
            results
                .hits
                .first()
                .map(|hit| hit.title.as_str())
                .unwrap_or_default(),
            results
                .did_you_mean
                .map(|text| format!("→ {text}"))
                .unwrap_or_default(),
        );
    }
    let mut times = Vec::new();
    for _ in 0..20 {
        for text in QUERIES {
            let started = Instant::now();
            indexes.search(&["public"], &query(text), &no_texts)?;
            times.push(started.elapsed());
        }
    }
    times.sort();
    println!(
        "\none connection: p50 {:.2?}, p99 {:.2?}, slowest {:.2?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1]
    );
    let next = AtomicUsize::new(0);
    let before = processor_seconds();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while started.elapsed() < Duration::from_secs(5) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let _ =
                        indexes.search(&["public"], &query(QUERIES[at % QUERIES.len()]), &no_texts);
                }
            });
        }
    });
    let done = next.load(Ordering::Relaxed) as f64;
    println!(
        "two threads: {:.0} queries/s, {:.2} ms of processor time each",
        done / started.elapsed().as_secs_f64(),
        (processor_seconds() - before) * 1e3 / done
    );
    for prefix in ["c", "co", "commons", "peer pro", "econom", "the s"] {
        let started = Instant::now();
        let found = indexes.suggest(&["public"], prefix, 10)?;
        let titles: Vec<String> = found.into_iter().map(|one| one.title).collect();
        println!(
            "suggest {:>8.2?} {prefix:<10} {}",
            started.elapsed(),
            titles.join(" | ")
        );
    }
    for title in [
        "Seed_Librarys",
        "Mikhel Bauwens",
        "Economics of P2P",
        "Open Sorce Hardware",
    ] {
        let started = Instant::now();
        let found = indexes.near_titles(&["public"], title, 5);
        let titles: Vec<String> = found.into_iter().map(|one| one.title).collect();
        println!(
            "near {:>8.2?} {title:<20} {}",
            started.elapsed(),
            titles.join(" | ")
        );
    }
    println!("peak RSS {} MB", peak_mb());
    Ok(())
}

fn pages(dump: &Path, mut found: impl FnMut(Document)) -> std::io::Result<()> {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(dump)?);
    let mut line = String::new();
    let mut title = String::new();
    let mut text: Option<String> = None;
    let mut number = 0;
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if let Some(text) = &mut text {
            text.push_str(&line);
        } else if let Some(at) = line.find("<title>") {
            title = unescape(line[at + 7..].trim_end().trim_end_matches("</title>"));
        } else if let Some(at) = line.find("<text ") {
            let begin = line[at..]
                .find('>')
                .map_or(line.len(), |found| at + found + 1);
            text = Some(line[begin..].to_owned());
        }
        if text
            .as_deref()
            .is_some_and(|text| text.trim_end().ends_with("</text>"))
        {
            let raw = text.take().unwrap_or_default();
            let raw = unescape(raw.trim_end().trim_end_matches("</text>"));
            number += 1;
            found(document(number, &title, &raw));
        }
    }
}

fn document(number: u32, title: &str, raw: &str) -> Document {
    let mut categories = Vec::new();
    let mut body = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['[', '{', '\'', '=', '<', '|', ']', '}', '*']) {
        body.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(link) = rest.strip_prefix("[[Category:") {
            let end = link.find("]]").unwrap_or(link.len());
            categories.push(
                link[..end]
                    .split('|')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_owned(),
            );
            rest = link.get(end + 2..).unwrap_or_default();
        } else if rest.starts_with("'''") {
            rest = &rest[3..];
        } else if rest.starts_with('\'') {
            body.push('\'');
            rest = &rest[1..];
        } else {
            body.push(' ');
            rest = &rest[1..];
        }
    }
    body.push_str(rest);
    // A crude guess, so that there is something to count.
    let score = |words: &[&str]| {
        words
            .iter()
            .map(|word| body.matches(word).count())
            .sum::<usize>()
    };
    let (en, es, fr) = (
        score(&[" the ", " of "]),
        score(&[" el ", " que ", " los "]),
        score(&[" les ", " est ", " des "]),
    );
    let language = if es > en && es > fr {
        "es"
    } else if fr > en {
        "fr"
    } else {
        "en"
    };
    Document {
        id: format!("ap://page/{number}"),
        kind: if title.contains(':') {
            "page"
        } else {
            "article"
        }
        .to_owned(),
        language: language.to_owned(),
        title: title.to_owned(),
        url: format!("/en/{}", title.replace(' ', "_")),
        body,
        categories,
        rank: (raw.len() / 1_000) as u32,
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn size(dir: &Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        sum += if meta.is_dir() {
            size(&entry.path())?
        } else {
            meta.len()
        };
    }
    Ok(sum)
}

fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|part| part.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

fn peak_mb() -> usize {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmHWM:")?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        })
        .map_or(0, |kilobytes: usize| kilobytes / 1024)
}
