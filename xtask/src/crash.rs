//! The story of the kills: an import that is killed at any moment loses nothing and doubles nothing.

use crate::args::Args;
use crate::json::Json;
use crate::load::fetch;
use crate::node::{Build, Serving, answer, import, minga};
use crate::process::{Dice, Scratch};
use crate::{Outcome, corpus, failed};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Pages of the dump that are imported: enough for a dozen batches, few enough for hundreds of kills.
pub(crate) const PAGES: usize = 2_000;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Told {
    kills: usize,
    completed: usize,
    pages: u64,
    seconds: f64,
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            kills,
            completed,
            pages,
            seconds,
        } = self;
        write!(
            f,
            "{kills} kills in {seconds:.0} s, nothing lost; {completed} imports of {pages} pages completed, each page there once"
        )
    }
}

/// `cargo xtask crash`.
pub(crate) fn run(mut args: Args) -> Outcome {
    let kills = args.number("--kills", 200)?;
    let pages = args.number("--pages", PAGES)?;
    let build = if args.flag("--release") {
        Build::Release
    } else {
        Build::Debug
    };
    args.done()?;
    match story(&build.program()?, kills, pages)? {
        Some(told) => println!("{told}"),
        None => println!("skipped: no corpus"),
    }
    Ok(())
}

/// Kills an import `kills` times, and looks after each; none without a corpus.
pub(crate) fn story(program: &Path, kills: usize, pages: usize) -> Outcome<Option<Told>> {
    let scratch = Scratch::on_disk("crash")?;
    let dump = scratch.join("cut.xml");
    if corpus::cut(pages, &dump)?.is_none() {
        return Ok(None);
    }
    let began = Instant::now();

    // Once undisturbed: how long it takes, and what it must come to.
    let data = scratch.join("undisturbed");
    let undisturbed = answer(&mut import(program, &data, &dump))?;
    let pages = undisturbed.count("read")?;
    let holds = Holds::look(program, &data, &scratch)?;
    std::fs::remove_dir_all(&data)?;
    let whole = (undisturbed.seconds * 1_000.0) as usize;

    let seed = std::time::UNIX_EPOCH
        .elapsed()
        .map_or(1, |since| since.as_secs());
    println!(
        "{pages} pages; {holds}; undisturbed {:.1} s; seed {seed}",
        undisturbed.seconds
    );
    let mut dice = Dice::new(seed);
    let (mut killed, mut completed, mut life) = (0, 0, 0);
    let mut data = scratch.join("data-0");
    loop {
        let mut child = import(program, &data, &dump)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // After the last kill the import may run to its end.
        if killed < kills {
            // At any moment of the whole, and more often early: then an import is killed several
            // times before it gets through.
            let most = dice.below(whole) + 1;
            let delay = dice.below(most);
            std::thread::sleep(Duration::from_millis(delay as u64));
        } else {
            child.wait()?;
        }
        let status = match child.try_wait()? {
            Some(status) => status,
            None => {
                child.kill()?;
                child.wait()?
            }
        };
        if status.success() {
            let again = answer(&mut import(program, &data, &dump))?;
            let unchanged = again.count("unchanged")?;
            let doubled = again.count("added")? + again.count("updated")?;
            if unchanged != pages || doubled != 0 {
                return failed(format!(
                    "after {killed} kills a completed import holds {unchanged} of {pages} pages unchanged, {doubled} came again"
                ));
            }
            let now = Holds::look(program, &data, &scratch)?;
            if now != holds {
                return failed(format!(
                    "after {killed} kills a completed import has {now} instead of {holds}"
                ));
            }
            completed += 1;
            if killed >= kills {
                break;
            }
            std::fs::remove_dir_all(&data)?;
            life += 1;
            data = scratch.join(format!("data-{life}"));
            continue;
        }
        if status.code().is_some() {
            return failed(format!(
                "after {killed} kills the import ended by itself with {status}"
            ));
        }
        killed += 1;
        let check = answer(&mut minga(program, &data, &["check"]))?;
        if check.json.at("ok") != &Json::Bool(true) {
            return failed(format!(
                "after kill {killed} the tables differ: {:?}",
                check.json.at("differences")
            ));
        }
        if killed % 10 == 0 {
            println!(
                "{killed} kills, {completed} imports completed, {:.0} s",
                began.elapsed().as_secs_f64()
            );
        }
    }
    Ok(Some(Told {
        kills: killed,
        completed,
        pages,
        seconds: began.elapsed().as_secs_f64(),
    }))
}

/// What a reader can get at; equal for every completed import of the same file.
#[derive(Debug, PartialEq, Eq)]
struct Holds {
    records: u64,
    found: u64,
}

impl Holds {
    /// Counts what a data folder exports, and what its search finds.
    fn look(program: &Path, data: &Path, scratch: &Scratch) -> Outcome<Self> {
        let bundle = scratch.join("all.bundle");
        let _ = std::fs::remove_file(&bundle);
        let export = answer(&mut minga(
            program,
            data,
            &["export", "--out", &bundle.to_string_lossy()],
        ))?;
        let serving = Serving::start(program, data)?;
        let (status, text) = fetch(serving.address(), "/api/v1/search?q=*&limit=1")?;
        match Json::parse(&text).and_then(|json| json.at("total").count()) {
            Some(found) => Ok(Self {
                records: export.count("records")?,
                found,
            }),
            None => failed(format!("the search answers {status} and no total")),
        }
    }
}

impl std::fmt::Display for Holds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} records, {} found by search",
            self.records, self.found
        )
    }
}
