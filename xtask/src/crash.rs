//! Two stories of sudden ends: a node that is killed at any moment, or loses its power, loses nothing that
//! was acknowledged and doubles nothing.
//!
//! Acknowledged is what the program said: an import prints after each COMMIT how many pages it kept, and
//! `load edits` the id of each edit.

use crate::args::Args;
use crate::json::Json;
use crate::load::fetch;
use crate::node::{Build, Serving, answer, import, minga};
use crate::powercut::{self, Layer};
use crate::process::{Dice, Scratch};
use crate::{Outcome, Stop, corpus, failed};
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
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
    let cuts = args.number("--cuts", 50)?;
    let pages = args.number("--pages", PAGES)?;
    let seed = args.number("--seed", seed())? as u64;
    let build = if args.flag("--release") {
        Build::Release
    } else {
        Build::Debug
    };
    args.done()?;
    let program = build.program()?;
    if kills > 0 {
        match story(&program, kills, pages, seed)? {
            Some(told) => println!("{told}"),
            None => println!("kills skipped: no corpus"),
        }
    }
    if cuts > 0 {
        match power_cuts(&program, cuts, pages, seed)? {
            Some(told) => println!("{told}"),
            None => println!("cuts skipped: {NO_CUTS}"),
        }
    }
    Ok(())
}

/// Kills an import `kills` times, and looks after each; none without a corpus.
pub(crate) fn story(
    program: &Path,
    kills: usize,
    pages: usize,
    seed: u64,
) -> Outcome<Option<Told>> {
    let scratch = Scratch::on_disk("crash")?;
    let Some(dump) = dump(&scratch, pages)? else {
        return Ok(None);
    };
    let began = Instant::now();

    // Once undisturbed: how long it takes, and what it must come to.
    let data = scratch.join("undisturbed");
    let undisturbed = answer(&mut importing(program, &data, &dump))?;
    let pages = undisturbed.count("read")?;
    let holds = Holds::look(program, &data, &scratch)?;
    std::fs::remove_dir_all(&data)?;
    let whole = (undisturbed.seconds * 1_000.0) as usize;

    println!(
        "{pages} pages; {holds}; undisturbed {:.1} s; seed {seed}",
        undisturbed.seconds
    );
    let mut dice = Dice::new(seed);
    let (mut killed, mut completed, mut life, mut before) = (0, 0, 0, 0);
    let mut data = scratch.join("data-0");
    loop {
        let mut said = Said::new(&scratch);
        let mut child = said.by(&mut importing(program, &data, &dump))?.spawn()?;
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
            holds.again(program, &data, &dump, &scratch)?;
            completed += 1;
            if killed >= kills {
                break;
            }
            std::fs::remove_dir_all(&data)?;
            life += 1;
            before = 0;
            data = scratch.join(format!("data-{life}"));
            continue;
        }
        if status.code().is_some() {
            return failed(format!(
                "after {killed} kills the import ended by itself with {status}"
            ));
        }
        killed += 1;
        before = whole_again(program, &data, before + said.kept()?)?;
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

/// Why there are no cuts.
pub(crate) const NO_CUTS: &str = "they need the corpus, Linux and a C compiler";

/// What came of the cuts.
#[derive(Debug)]
pub(crate) struct Cut {
    cuts: usize,
    completed: usize,
    edits: usize,
    unsynced: usize,
    lost: usize,
    seconds: f64,
}

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            cuts,
            completed,
            edits,
            unsynced,
            lost,
            seconds,
        } = self;
        write!(
            f,
            "{cuts} power cuts in {seconds:.0} s took {lost} of {unsynced} unsynced writes and nothing acknowledged; {completed} imports completed, {edits} edits told; a disk that lies is found out"
        )
    }
}

/// Cuts the power `cuts` times, two thirds in an import and one third while somebody edits.
pub(crate) fn power_cuts(
    program: &Path,
    cuts: usize,
    pages: usize,
    seed: u64,
) -> Outcome<Option<Cut>> {
    let Some(library) = powercut::compile()? else {
        return Ok(None);
    };
    let scratch = Scratch::on_disk("cuts")?;
    let Some(dump) = dump(&scratch, pages)? else {
        return Ok(None);
    };
    let began = Instant::now();

    let data = scratch.join("undisturbed");
    let layer = Layer::around(&library, &scratch, &data)?;
    let mut command = importing(program, &data, &dump);
    layer.on(&mut command, None, false)?;
    answer(&mut command)?;
    let whole = layer.operations()?;
    let holds = Holds::look(program, &data, &scratch)?;
    std::fs::remove_dir_all(&data)?;
    found_out(program, &library, &scratch, &dump, whole)?;

    println!("{holds}; {whole} operations on files; seed {seed}");
    let mut dice = Dice::new(seed);
    let mut told = Cut {
        cuts: 0,
        completed: 0,
        edits: 0,
        unsynced: 0,
        lost: 0,
        seconds: 0.0,
    };
    let (mut life, mut before) = (0, 0);
    let mut data = scratch.join("data-0");
    let in_imports = cuts - cuts / 3;
    loop {
        // Counted from the first operation, and more often early: what is resumed has fewer.
        let most = dice.below(whole) + 1;
        let after = (told.cuts < in_imports).then(|| dice.below(most));
        let layer = Layer::around(&library, &scratch, &data)?;
        let mut said = Said::new(&scratch);
        let mut command = importing(program, &data, &dump);
        layer.on(&mut command, after, false)?;
        let status = said.by(&mut command)?.status()?;
        if status.success() {
            holds.again(program, &data, &dump, &scratch)?;
            told.completed += 1;
            if told.cuts >= in_imports {
                break;
            }
            std::fs::remove_dir_all(&data)?;
            (life, before) = (life + 1, 0);
            data = scratch.join(format!("data-{life}"));
            continue;
        }
        was_killed(status, &said)?;
        told.take(layer.cut(&mut dice)?);
        let least = before + said.kept()?;
        before = whole_again(program, &data, least).map_err(|stop| {
            stop.within(&format!("cut {} before operation {after:?}", told.cuts))
        })?;
    }
    let mut ids: HashSet<String> = HashSet::new();
    while told.cuts < cuts {
        let layer = Layer::around(&library, &scratch, &data)?;
        let mut said = Said::new(&scratch);
        let words = ["load", "edits", "--rate", "1000", "--tell"];
        let mut command = minga(program, &data, &words);
        let after = dice.below(4_000);
        layer.on(&mut command, Some(after), false)?;
        let status = said.by(&mut command)?.status()?;
        was_killed(status, &said)?;
        told.take(layer.cut(&mut dice)?);
        ids.extend(said.ids()?);
        whole_again(program, &data, 0)?;
        let there = all_ids(program, &data)?;
        if let Some(gone) = ids.iter().find(|id| !there.contains(*id)) {
            return failed(format!(
                "after cut {} before operation {after} the acknowledged edit {gone} is gone",
                told.cuts
            ));
        }
    }
    told.edits = ids.len();
    told.seconds = began.elapsed().as_secs_f64();
    Ok(Some(told))
}

impl Cut {
    fn take(&mut self, lost: powercut::Lost) {
        self.cuts += 1;
        self.unsynced += lost.unsynced;
        self.lost += lost.lost;
        if self.cuts.is_multiple_of(10) {
            println!("{} cuts", self.cuts);
        }
    }
}

/// Shows that the story can fail: on a disk that only says that it has synced, a cut is found out.
fn found_out(
    program: &Path,
    library: &Path,
    scratch: &Scratch,
    dump: &Path,
    whole: usize,
) -> Outcome {
    let data = scratch.join("deaf");
    let layer = Layer::around(library, scratch, &data)?;
    let mut said = Said::new(scratch);
    let mut command = import(program, &data, dump);
    layer.on(&mut command, Some(whole / 4 * 3), true)?;
    let status = said.by(&mut command)?.status()?;
    was_killed(status, &said)?;
    layer.cut_all()?;
    let kept = said.kept()?;
    let outcome = whole_again(program, &data, kept);
    let _ = std::fs::remove_dir_all(&data);
    match outcome {
        Err(Stop::Failed(_)) if kept > 0 => Ok(()),
        _ => failed(format!(
            "a disk that lies about syncing lost {kept} acknowledged pages and nobody noticed"
        )),
    }
}

/// Makes the dump that is imported, with files; none without a corpus.
fn dump(scratch: &Scratch, pages: usize) -> Outcome<Option<PathBuf>> {
    if corpus::dump().is_none() {
        return Ok(None);
    }
    let dump = scratch.join("cut.xml");
    let found = corpus::cut_with_files(pages, &dump, &dump.with_extension("files"))?;
    Ok(found.map(|_| dump))
}

/// Returns the command that imports such a dump.
fn importing(program: &Path, data: &Path, dump: &Path) -> Command {
    let mut command = import(program, data, dump);
    command.arg("--files").arg(dump.with_extension("files"));
    command
}

/// What a program prints, kept also when it is killed.
struct Said {
    file: PathBuf,
    errors: PathBuf,
}

impl Said {
    fn new(scratch: &Scratch) -> Self {
        Self {
            file: scratch.join("said"),
            errors: scratch.join("errors"),
        }
    }

    /// Makes `command` print here.
    fn by<'c>(&mut self, command: &'c mut Command) -> Outcome<&'c mut Command> {
        let (out, errors) = (File::create(&self.file)?, File::create(&self.errors)?);
        Ok(command.stdin(Stdio::null()).stdout(out).stderr(errors))
    }

    fn lines(&self) -> Outcome<Vec<Json>> {
        let text = std::fs::read_to_string(&self.file)?;
        Ok(text.lines().filter_map(Json::parse).collect())
    }

    /// Returns how many pages an import said that it has kept.
    fn kept(&self) -> Outcome<u64> {
        let counts = self.lines()?;
        Ok(counts
            .iter()
            .filter_map(|line| line.at("kept").count())
            .max()
            .unwrap_or(0))
    }

    /// Returns the ids of the edits that were acknowledged.
    fn ids(&self) -> Outcome<Vec<String>> {
        let lines = self.lines()?;
        Ok(lines
            .iter()
            .filter_map(|line| line.at("id").text().map(str::to_owned))
            .collect())
    }
}

fn was_killed(status: ExitStatus, said: &Said) -> Outcome {
    if status.code().is_none() {
        return Ok(());
    }
    let errors = std::fs::read_to_string(&said.errors)?;
    failed(format!(
        "the program ended by itself with {status}: {}",
        errors.trim()
    ))
}

/// Checks a node that ended suddenly, and that it holds so many records at least; returns how many.
fn whole_again(program: &Path, data: &Path, least: u64) -> Outcome<u64> {
    if least == 0 && !data.join("minga.db").exists() {
        // It ended before it had made a node: nothing was told, and `check` makes none.
        return Ok(0);
    }
    let check = answer(&mut minga(program, data, &["check"]))?;
    if check.json.at("ok") != &Json::Bool(true) {
        return failed(format!(
            "the tables differ: {:?}",
            check.json.at("differences")
        ));
    }
    let records = check.count("records")?;
    if records < least {
        return failed(format!(
            "{least} records were acknowledged, {records} are there"
        ));
    }
    Ok(records)
}

/// Returns the ids of all public records, as a serving node gives them.
fn all_ids(program: &Path, data: &Path) -> Outcome<HashSet<String>> {
    let serving = Serving::start(program, data)?;
    let (mut ids, mut since) = (HashSet::new(), 0);
    loop {
        let (_, text) = fetch(serving.address(), &format!("/api/v1/changes?since={since}"))?;
        let last = text.lines().last().and_then(Json::parse);
        let Some(next) = last.and_then(|cursor| cursor.at("since").count()) else {
            return failed("the feed of changes has no cursor");
        };
        if next == since {
            return Ok(ids);
        }
        since = next;
        for line in text.lines() {
            let row = Json::parse(line);
            if let Some(id) = row.as_ref().and_then(|row| row.at("id").text()) {
                ids.insert(id.to_owned());
            }
        }
    }
}

/// Returns a seed that nobody has chosen.
pub(crate) fn seed() -> usize {
    std::time::UNIX_EPOCH
        .elapsed()
        .map_or(1, |since| since.as_secs() as usize)
}

/// What a reader can get at; equal for every completed import of the same file.
#[derive(Debug, PartialEq, Eq)]
struct Holds {
    pages: u64,
    records: u64,
    blobs: u64,
    found: u64,
}

impl Holds {
    /// Looks whether a completed import holds the same, each page once.
    fn again(&self, program: &Path, data: &Path, dump: &Path, scratch: &Scratch) -> Outcome {
        let again = answer(&mut importing(program, data, dump))?;
        let doubled = again.count("added")? + again.count("updated")?;
        if doubled != 0 {
            return failed(format!(
                "in a completed import {doubled} of {} pages come again",
                self.pages
            ));
        }
        let now = Self::look(program, data, scratch)?;
        if now == *self {
            return Ok(());
        }
        failed(format!("a completed import has {now} instead of {self}"))
    }

    /// Counts what a data folder holds, what it exports, and what its search finds.
    fn look(program: &Path, data: &Path, scratch: &Scratch) -> Outcome<Self> {
        let bundle = scratch.join("all.bundle");
        let _ = std::fs::remove_file(&bundle);
        let export = answer(&mut minga(
            program,
            data,
            &["export", "--out", &bundle.to_string_lossy()],
        ))?;
        let check = answer(&mut minga(program, data, &["check"]))?;
        if check.json.at("ok") != &Json::Bool(true) {
            return failed("the tables of a completed import differ from its log");
        }
        let serving = Serving::start(program, data)?;
        let (status, text) = fetch(serving.address(), "/api/v1/search?q=*&limit=1")?;
        match Json::parse(&text).and_then(|json| json.at("total").count()) {
            Some(found) => Ok(Self {
                pages: check.count("records")?,
                records: export.count("records")?,
                blobs: export.count("blobs")?,
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
            "{} records, {} files, {} found by search",
            self.records, self.blobs, self.found
        )
    }
}
