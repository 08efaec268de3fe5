//! The figures of `docs/benchmarks.md`, measured on the corpus with the release build.
//!
//! The load comes from this process, on the same machine: the server has the cores that are left.

use crate::args::Args;
use crate::load::{self, Load, Until, fetch, request};
use crate::node::{Build, Serving, answer, import, minga};
use crate::postgres::Postgres;
use crate::process::{Scratch, on_path, printed, target};
use crate::{Outcome, corpus, crash, diffs, failed, sprint, writers};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// As many as a browser or two open per reader, for a handful of readers at the same moment.
const CONNECTIONS: usize = 16;
const KILLS: usize = 200;
const CUTS: usize = 50;

struct Part {
    name: &'static str,
    run: fn(&mut Bench) -> Outcome,
}

const PARTS: &[Part] = &[
    Part {
        name: "import",
        run: whole_import,
    },
    Part {
        name: "start",
        run: start,
    },
    Part {
        name: "articles",
        run: articles,
    },
    Part {
        name: "search",
        run: search,
    },
    Part {
        name: "lists",
        run: lists,
    },
    Part {
        name: "diffs",
        run: diffs,
    },
    Part {
        name: "bundle",
        run: bundle,
    },
    Part {
        name: "writers",
        run: writers,
    },
    Part {
        name: "sprint",
        run: mapping,
    },
    Part {
        name: "crash",
        run: kills,
    },
];

/// How long people write: ten minutes.
const WRITE_SECONDS: u64 = 600;

fn writers(bench: &mut Bench) -> Outcome {
    let told = writers::story(&bench.program, None, WRITE_SECONDS)?;
    bench.row(
        format!("{} people who write at once, SQLite", writers::PEOPLE),
        told.to_string(),
    );
    if let Some(server) = Postgres::start()? {
        let told = writers::story(&bench.program, Some(server.url()), WRITE_SECONDS)?;
        bench.row("the same on PostgreSQL", told.to_string());
    }
    Ok(())
}

fn mapping(bench: &mut Bench) -> Outcome {
    let told = sprint::story(&bench.program, None, WRITE_SECONDS)?;
    bench.row("a sprint, SQLite", told.to_string());
    if let Some(server) = Postgres::start()? {
        let told = sprint::story(&bench.program, Some(server.url()), WRITE_SECONDS)?;
        bench.row("the same on PostgreSQL", told.to_string());
    }
    Ok(())
}

fn diffs(bench: &mut Bench) -> Outcome {
    let (length, compared) = diffs::story(&bench.program, bench.serving()?)?;
    for one in compared {
        let (fastest, slowest) = (one.millis.first(), one.millis.last());
        let middle = one.millis.get(one.millis.len() / 2);
        let figure = |at: Option<&f64>| at.copied().unwrap_or(f64::NAN);
        bench.row(
            format!("longest page, {} kB: {}", length / 1_000, one.what),
            format!(
                "{:.0} ms, {:.0} to {:.0} ms",
                figure(middle),
                figure(fastest),
                figure(slowest)
            ),
        );
    }
    Ok(())
}

struct Bench {
    program: PathBuf,
    dump: PathBuf,
    /// The data folder with the whole wiki. It stays for the next run with `--only`.
    data: PathBuf,
    scratch: Scratch,
    rows: Vec<[String; 2]>,
}

impl Bench {
    fn row(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        let row = [what.into(), figure.into()];
        println!("   {}: {}", row[0], row[1]);
        self.rows.push(row);
    }

    fn load(&mut self, what: &str, load: &Load) {
        let refused = match load.refused {
            0 => String::new(),
            n => format!(", **{n} refused**"),
        };
        self.row(
            what,
            format!(
                "{:.0} answers/s, p50 {:.2} ms, p99 {:.2} ms, {} kB each{refused}",
                load.per_second(),
                load.percentile(50),
                load.percentile(99),
                load.mean_bytes().div_ceil(1_000)
            ),
        );
    }

    fn memory(&mut self, what: &str, held: Option<(u64, u64)>) {
        let figure = match held {
            Some((own, all)) => format!("{}; {} with mapped files", megabytes(own), megabytes(all)),
            None => "the system does not tell".to_owned(),
        };
        self.row(what, figure);
    }

    /// Returns a node that serves the whole wiki.
    fn serving(&self) -> Outcome<Serving> {
        if !self.data.is_dir() {
            println!("   importing the whole wiki first");
            answer(&mut import(&self.program, &self.data, &self.dump))?;
        }
        let serving = Serving::start(&self.program, &self.data)?;
        let (status, _) = fetch(serving.address(), "/")?;
        if status == 200 {
            Ok(serving)
        } else {
            failed(format!("the first page answers {status}"))
        }
    }
}

/// `cargo xtask bench`.
pub(crate) fn run(mut args: Args) -> Outcome {
    let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
    let only = args.one_of("--only", &names)?;
    args.done()?;
    let Some(dump) = corpus::dump() else {
        return failed("there is no corpus: set MINGA_CORPUS, or put it into ../shared/data");
    };
    let program = Build::Release.program()?;
    let data = target().join("bench-wiki");
    let mut bench = Bench {
        program,
        dump,
        data,
        scratch: Scratch::on_disk("bench")?,
        rows: Vec::new(),
    };
    let mut ended = Ok(());
    for part in PARTS
        .iter()
        .filter(|part| only.as_ref().is_none_or(|name| name == part.name))
    {
        println!("== {}", part.name);
        ended = (part.run)(&mut bench);
        if ended.is_err() {
            break;
        }
    }
    println!("\n{}\n\n| what | measured |\n|---|---|", machine());
    for [what, figure] in &bench.rows {
        println!("| {what} | {figure} |");
    }
    ended
}

/// Returns one line about what this was measured on.
fn machine() -> String {
    let field = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_default();
        line.split_once(':')
            .map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kibibytes: u64 = field("/proc/meminfo", "MemTotal")
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let rust = printed(Command::new("rustc").arg("--version")).unwrap_or_default();
    format!(
        "Machine: {cores} cores of {}, {} GiB; {}; load and server share the cores.",
        field("/proc/cpuinfo", "model name"),
        kibibytes >> 20,
        rust.trim()
    )
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

fn size_on_disk(folder: &Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        // Blocks are of 512 bytes, whatever the file system's own are (POSIX, sys/stat.h).
        sum += if about.is_dir() {
            size_on_disk(&entry.path())?
        } else {
            about.blocks() * 512
        };
    }
    Ok(sum)
}

fn whole_import(bench: &mut Bench) -> Outcome {
    if bench.data.exists() {
        std::fs::remove_dir_all(&bench.data)?;
    }
    let first = answer(&mut import(&bench.program, &bench.data, &bench.dump))?;
    let pages = first.count("read")?;
    bench.row(
        format!("import of the whole wiki, {pages} pages, search index included"),
        format!(
            "{:.1} s, {} at most in memory",
            first.seconds,
            megabytes(first.peak)
        ),
    );
    let disk = size_on_disk(&bench.data)?;
    bench.row("data folder after it", megabytes(disk));
    let again = answer(&mut import(&bench.program, &bench.data, &bench.dump))?;
    bench.row(
        format!(
            "the same import again, {} unchanged",
            again.count("unchanged")?
        ),
        format!(
            "{:.1} s, {} at most in memory",
            again.seconds,
            megabytes(again.peak)
        ),
    );
    let check = answer(&mut minga(&bench.program, &bench.data, &["check"]))?;
    bench.row(
        "`minga check`: all tables computed aside and compared",
        format!("{:.1} s", check.seconds),
    );
    Ok(())
}

fn start(bench: &mut Bench) -> Outcome {
    drop(bench.serving()?);
    let mut millis = Vec::new();
    let mut idle = None;
    for round in 0..5 {
        let began = Instant::now();
        let serving = bench.serving()?;
        millis.push(began.elapsed().as_millis());
        if round == 4 {
            std::thread::sleep(Duration::from_secs(5));
            idle = serving.memory();
        }
    }
    millis.sort_unstable();
    bench.row(
        "start with the whole wiki, to the first answer (median of 5, files in the system's cache)",
        format!("{} ms", millis[2]),
    );
    bench.memory("memory held, idle, 5 s after the start", idle);
    Ok(())
}

/// Returns the paths of all articles, from the sitemaps.
fn article_paths(serving: &Serving) -> Outcome<Vec<String>> {
    let locations = |path: &str| -> Outcome<Vec<String>> {
        let (status, text) = fetch(serving.address(), path)?;
        if status != 200 {
            return failed(format!("{path} answers {status}"));
        }
        let paths = text.split("<loc>").skip(1).filter_map(|rest| {
            let url = rest
                .split_once("</loc>")?
                .0
                .trim()
                .replace("&amp;", "&")
                .replace("&#39;", "'");
            let (_, after) = url.split_once("://")?;
            Some(after[after.find('/')?..].to_owned())
        });
        Ok(paths.collect())
    };
    let mut paths = Vec::new();
    for map in locations("/sitemap.xml")? {
        paths.extend(
            locations(&map)?
                .into_iter()
                .filter(|path| path.starts_with("/articles/")),
        );
    }
    if paths.is_empty() {
        failed("the sitemaps name no article")
    } else {
        Ok(paths)
    }
}

/// A process that ends with us.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn articles(bench: &mut Bench) -> Outcome {
    let serving = bench.serving()?;
    let paths = article_paths(&serving)?;
    let requests = |gzip| -> Vec<_> { paths.iter().map(|path| request(path, gzip)).collect() };
    let address = serving.address();
    let (plain, squeezed) = (requests(false), requests(true));
    let all = paths.len();
    let quiet = load::run(address, &plain, CONNECTIONS, Until::Seconds(20))?;
    bench.load(
        &format!("article pages, drawn from all {all}, {CONNECTIONS} connections"),
        &quiet,
    );
    let edits = minga(
        &bench.program,
        &bench.data,
        &["load", "edits", "--rate", "10", "--seconds", "25"],
    )
    .stdout(Stdio::null())
    .spawn()?;
    let mut beside = Beside(edits);
    // The first edits land before the measuring begins.
    std::thread::sleep(Duration::from_secs(2));
    let busy = load::run(address, &plain, CONNECTIONS, Until::Seconds(20))?;
    bench.load(
        "the same while another process makes 10 edits a second",
        &busy,
    );
    if !beside.0.wait()?.success() {
        return failed("`minga load edits` failed");
    }
    drop(beside);
    let gzip = load::run(address, &squeezed, CONNECTIONS, Until::Seconds(10))?;
    bench.load("article pages, asked for with gzip", &gzip);
    let hot = load::run(address, &plain[..1], CONNECTIONS, Until::Seconds(10))?;
    bench.load("one article again and again", &hot);
    bench.memory("memory held after these", serving.memory());
    Ok(())
}

fn search(bench: &mut Bench) -> Outcome {
    let serving = bench.serving()?;
    let queries: Vec<&str> = include_str!("../queries.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    for (what, path) in [
        ("search page", "/search?q="),
        ("search API", "/api/v1/search?q="),
    ] {
        let requests: Vec<_> = queries
            .iter()
            .map(|query| request(&format!("{path}{}", encoded(query)), false))
            .collect();
        let one = load::run(serving.address(), &requests, 1, Until::Requests(500))?;
        let count = queries.len();
        bench.load(
            &format!("{what}, {count} mixed queries in turn, one connection"),
            &one,
        );
        let many = load::run(
            serving.address(),
            &requests,
            CONNECTIONS,
            Until::Seconds(10),
        )?;
        bench.load(&format!("{what}, {CONNECTIONS} connections"), &many);
    }
    Ok(())
}

/// Encodes a value for the query part of an address.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            b' ' => "+".to_owned(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn lists(bench: &mut Bench) -> Outcome {
    let serving = bench.serving()?;
    let address = serving.address();
    let titles: Vec<String> = article_paths(&serving)?
        .iter()
        .filter_map(|path| path.strip_prefix("/articles/").map(str::to_owned))
        .collect();
    let changes = load::run(
        address,
        &[request("/changes", false)],
        1,
        Until::Requests(200),
    )?;
    bench.load("`/changes`, one connection", &changes);
    // Evenly over the alphabet.
    let some: Vec<&String> = titles
        .iter()
        .step_by(titles.len().div_ceil(200).max(1))
        .collect();
    let histories: Vec<_> = some
        .iter()
        .map(|title| request(&format!("/history/{title}"), false))
        .collect();
    let history = load::run(address, &histories, 1, Until::Requests(500))?;
    bench.load(
        "`/history/…` of articles from A to Z, one connection",
        &history,
    );
    let diffs = difference_paths(&serving)?;
    if diffs.is_empty() {
        bench.row(
            "`/diff/…`",
            "nothing was edited; run the part `articles` before",
        );
        return Ok(());
    }
    let requests: Vec<_> = diffs.iter().map(|path| request(path, false)).collect();
    let diff = load::run(address, &requests, 1, Until::Requests(500))?;
    bench.load(
        &format!(
            "`/diff/…` of {} edited articles, one connection",
            diffs.len()
        ),
        &diff,
    );
    Ok(())
}

/// Returns addresses of differences, from the histories of what changed last.
fn difference_paths(serving: &Serving) -> Outcome<Vec<String>> {
    let links = |text: &str, start: &str| -> Vec<String> {
        text.split("href=\"")
            .skip(1)
            .filter_map(|rest| {
                rest.split_once('"')
                    .map(|(href, _)| href.replace("&amp;", "&"))
            })
            .filter(|href| href.starts_with(start))
            .collect()
    };
    let mut diffs = Vec::new();
    for history in links(&fetch(serving.address(), "/changes")?.1, "/history/") {
        diffs.extend(
            links(&fetch(serving.address(), &history)?.1, "/diff/")
                .into_iter()
                .take(1),
        );
    }
    diffs.sort();
    diffs.dedup();
    Ok(diffs)
}

fn bundle(bench: &mut Bench) -> Outcome {
    drop(bench.serving()?);
    let file = bench.scratch.join("commons.bundle");
    // One core, so that the figure says what a record costs.
    let pinned = on_path("taskset");
    let on_one_core = |command: Command| -> Command {
        let Some(taskset) = &pinned else {
            return command;
        };
        let mut one = Command::new(taskset);
        one.args(["-c", "0"])
            .arg(command.get_program())
            .args(command.get_args())
            .stdin(Stdio::null());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => one.env(name, value),
                None => one.env_remove(name),
            };
        }
        one
    };
    let cores = if pinned.is_some() {
        "one core"
    } else {
        "all cores"
    };
    let words = file.to_string_lossy().into_owned();
    let export = answer(&mut on_one_core(minga(
        &bench.program,
        &bench.data,
        &["export", "--out", &words],
    )))?;
    let records = export.count("records")?;
    let size = std::fs::metadata(&file)?.len();
    bench.row(
        format!("`minga export`, {records} records, {cores}"),
        format!(
            "{:.1} s, {:.0} records/s, {}",
            export.seconds,
            records as f64 / export.seconds,
            megabytes(size)
        ),
    );
    let verify = answer(&mut on_one_core(minga(
        &bench.program,
        &bench.data,
        &["verify", &words],
    )))?;
    let valid = verify.count("valid")?;
    if valid != records {
        return failed(format!("{valid} of {records} exported records verify"));
    }
    bench.row(
        format!("`minga verify`, all {valid} valid, {cores}"),
        format!(
            "{:.1} s, {:.0} records/s",
            verify.seconds,
            records as f64 / verify.seconds
        ),
    );
    Ok(())
}

fn kills(bench: &mut Bench) -> Outcome {
    match crash::story(&bench.program, KILLS, crash::PAGES, crash::seed() as u64)? {
        Some(told) => bench.row(
            "an import killed at random moments, `minga check` after each",
            told.to_string(),
        ),
        None => bench.row(
            "an import killed at random moments",
            "skipped: bzcat is not here",
        ),
    }
    match crash::power_cuts(&bench.program, CUTS, crash::PAGES, crash::seed() as u64)? {
        Some(told) => bench.row(
            "power cut in imports and edits, `minga check` after each",
            told.to_string(),
        ),
        None => bench.row(
            "power cut in imports and edits",
            format!("skipped: {}", crash::NO_CUTS),
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_query_is_encoded_for_an_address() {
        assert_eq!(encoded("\"peer to\" café*"), "%22peer+to%22+caf%C3%A9%2A");
    }
}
