//! What must pass before a change lands: step after step, stopping at the first that fails.

use crate::args::Args;
use crate::node::Build;
use crate::postgres::Postgres;
use crate::process::{cargo, in_ci, on_path, root, run as run_command, watched};
use crate::{Outcome, Stop, crash, deny, disk, failed, sprint, tools, writers};
use std::process::Command;
use std::time::Instant;

/// Kills and power cuts in one check. The whole story, two hundred and fifty, is told by `bench`.
const KILLS: usize = 20;
const CUTS: usize = 10;

/// What became of a step.
enum Ended {
    /// It ran; how, where that is not plain.
    Done(String),
    /// It could not run here, and why.
    LeftOut(String),
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Check) -> Outcome<Ended>,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the form of the code",
        run: fmt,
    },
    Step {
        name: "clippy",
        about: "lints, none may be left",
        run: clippy,
    },
    Step {
        name: "doc",
        about: "documentation, no broken link",
        run: doc,
    },
    Step {
        name: "deny",
        about: "licences, bans and sources of dependencies",
        run: dependencies,
    },
    Step {
        name: "tests",
        about: "tests, on SQLite and PostgreSQL",
        run: tests,
    },
    Step {
        name: "s3",
        about: "blobs in a bucket, which is built in only when asked for",
        run: bucket,
    },
    Step {
        name: "doctests",
        about: "the examples in the documentation",
        run: doctests,
    },
    Step {
        name: "crash",
        about: "an import killed at random moments",
        run: kills,
    },
    Step {
        name: "powercut",
        about: "imports and edits that lose their power",
        run: cuts,
    },
    Step {
        name: "disk",
        about: "a disk that is full",
        run: full_disk,
    },
    Step {
        name: "writers",
        about: "five hundred people who write at once",
        run: write_at_once,
    },
    Step {
        name: "browser",
        about: "pages in a browser",
        run: browser,
    },
];

/// Tests that ran, as their runners count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Counts {
    /// Reads the closing line of nextest, of `cargo test` or of Node's runner.
    fn add(&mut self, line: &str) {
        let line = line.trim();
        let closing = (line.starts_with("Summary [") && line.contains(" run:"))
            || line.starts_with("test result:");
        let words: Vec<&str> = line
            .split([' ', ',', ';', '(', ')'])
            .filter(|word| !word.is_empty())
            .collect();
        for pair in words.windows(2) {
            match (closing, pair[0], pair[1]) {
                (true, number, "passed") => self.passed += number.parse::<usize>().unwrap_or(0),
                (true, number, "failed") => self.failed += number.parse::<usize>().unwrap_or(0),
                (true, number, "skipped" | "ignored") => {
                    self.skipped += number.parse::<usize>().unwrap_or(0)
                }
                _ => {}
            }
        }
        if let ["ℹ" | "#", what, number] = words.as_slice() {
            let number = number.parse().unwrap_or(0);
            match *what {
                "pass" => self.passed += number,
                "fail" | "cancelled" => self.failed += number,
                "skipped" | "todo" => self.skipped += number,
                _ => {}
            }
        }
    }
}

struct Check {
    with_postgres: bool,
    counts: Counts,
}

/// `cargo xtask check`.
pub(crate) fn run(mut args: Args) -> Outcome {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    let only = args.one_of("--only", &names)?;
    let with_browser = !args.flag("--no-browser");
    let mut check = Check {
        with_postgres: !args.flag("--no-postgres"),
        counts: Counts::default(),
    };
    args.done()?;
    let mut ended = Vec::new();
    let mut stopped = None;
    for step in STEPS {
        if only.as_ref().is_some_and(|name| name != step.name)
            || (step.name == "browser" && !with_browser)
        {
            continue;
        }
        println!("\n== {}: {}", step.name, step.about);
        let began = Instant::now();
        let mut outcome = (step.run)(&mut check);
        if let (Ok(Ended::LeftOut(why)), true) = (&outcome, in_ci()) {
            outcome = failed(format!("it may not be left out under CI: {why}"));
        }
        let seconds = began.elapsed().as_secs_f64();
        println!("-- {}: {seconds:.1} s", step.name);
        let said = match outcome {
            Ok(Ended::Done(how)) => how,
            Ok(Ended::LeftOut(why)) => format!("left out: {why}"),
            Err(Stop::Failed(why) | Stop::Misuse(why)) => {
                stopped = Some(format!("check stopped at {}: {why}", step.name));
                "FAILED".to_owned()
            }
        };
        ended.push((step.name, seconds, said));
        if stopped.is_some() {
            break;
        }
    }
    println!();
    for (name, seconds, said) in &ended {
        println!("{name:<10}{seconds:>8.1} s  {said}");
    }
    let Counts {
        passed,
        failed: lost,
        skipped,
    } = check.counts;
    if passed + lost + skipped > 0 {
        println!("{passed} passed, {lost} failed, {skipped} skipped");
    }
    stopped.map_or(Ok(()), failed)
}

fn done() -> Outcome<Ended> {
    Ok(Ended::Done(String::new()))
}

fn fmt(_: &mut Check) -> Outcome<Ended> {
    run_command(cargo().args(["fmt", "--all", "--check"]))?;
    done()
}

fn clippy(_: &mut Check) -> Outcome<Ended> {
    run_command(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    done()
}

fn doc(_: &mut Check) -> Outcome<Ended> {
    run_command(
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    done()
}

fn dependencies(_: &mut Check) -> Outcome<Ended> {
    Ok(Ended::Done(deny::check()?.to_owned()))
}

fn tests(check: &mut Check) -> Outcome<Ended> {
    let postgres = if check.with_postgres {
        Postgres::start()?
    } else {
        None
    };
    let without = "without PostgreSQL: the contract tests ran on SQLite alone";
    let advice = "install PostgreSQL (Debian: apt-get install postgresql)";
    if check.with_postgres && postgres.is_none() {
        if in_ci() {
            return failed(format!("there is no PostgreSQL; {advice}"));
        }
        println!("{without}; {advice}");
    }
    let nextest = on_path("cargo-nextest").is_some();
    let mut command = cargo();
    match nextest {
        true => command.args([
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--no-fail-fast",
        ]),
        // Doc tests are a step of their own.
        false => command.args([
            "test",
            "--workspace",
            "--locked",
            "--lib",
            "--bins",
            "--tests",
        ]),
    };
    if let Some(postgres) = &postgres {
        command.env("MINGA_TEST_POSTGRES", postgres.url());
    }
    if std::env::var_os("FUZZ_SECONDS").is_none() {
        command.env("FUZZ_SECONDS", "10");
    }
    watched(&mut command, |line| check.counts.add(line))?;
    let runner = if nextest { "nextest" } else { "cargo test" };
    Ok(Ended::Done(match postgres {
        Some(_) => runner.to_owned(),
        None => format!("{runner}, {without}"),
    }))
}

fn bucket(check: &mut Check) -> Outcome<Ended> {
    let mut command = cargo();
    command.args([
        "test",
        "--package",
        "store",
        "--locked",
        "--features",
        "s3",
        "--test",
        "it",
        "blobs",
    ]);
    watched(&mut command, |line| check.counts.add(line))?;
    done()
}

fn doctests(check: &mut Check) -> Outcome<Ended> {
    watched(
        cargo().args(["test", "--doc", "--workspace", "--locked"]),
        |line| check.counts.add(line),
    )?;
    done()
}

fn kills(_: &mut Check) -> Outcome<Ended> {
    let program = Build::Debug.program()?;
    Ok(
        match crash::story(&program, KILLS, crash::PAGES, crash::seed() as u64)? {
            Some(told) => Ended::Done(told.to_string()),
            // The corpus is too large to be in the repository: not everybody has it, and that is no fault.
            None => Ended::Done("skipped: no corpus".to_owned()),
        },
    )
}

/// How long people write in one check; ten minutes of it are in `bench`.
const WRITE_SECONDS: u64 = 20;

/// How long people map in one check; ten minutes of it are in `bench`.
const MAP_SECONDS: u64 = 30;

fn write_at_once(check: &mut Check) -> Outcome<Ended> {
    let program = Build::Debug.program()?;
    let mut said = writers::story(&program, None, WRITE_SECONDS)?.to_string();
    if check.with_postgres
        && let Some(server) = Postgres::start()?
    {
        let told = writers::story(&program, Some(server.url()), WRITE_SECONDS)?;
        said.push_str(&format!("; on PostgreSQL {told}"));
    }
    let told = sprint::story(&program, None, MAP_SECONDS)?;
    said.push_str(&format!("; {told}"));
    Ok(Ended::Done(said))
}

fn cuts(_: &mut Check) -> Outcome<Ended> {
    let program = Build::Debug.program()?;
    let told = crash::power_cuts(&program, CUTS, crash::PAGES, crash::seed() as u64)?;
    Ok(Ended::Done(told.map_or_else(
        || format!("skipped: {}", crash::NO_CUTS),
        |told| told.to_string(),
    )))
}

fn full_disk(_: &mut Check) -> Outcome<Ended> {
    let program = Build::Debug.program()?;
    let told = disk::story(&program)?;
    Ok(Ended::Done(told.unwrap_or_else(|| {
        "skipped: it needs Linux and a C compiler".to_owned()
    })))
}

fn browser(check: &mut Check) -> Outcome<Ended> {
    if on_path("npm").is_none() {
        tools::install(&["nodejs", "npm"])?;
    }
    if tools::chromium().is_none() {
        tools::install(&["chromium", "fonts-noto-core"])?;
    }
    let (Some(_), Some(chromium)) = (on_path("npm"), tools::chromium()) else {
        return Ok(Ended::LeftOut(
            "install Node.js and Chromium (Debian: apt-get install nodejs npm chromium fonts-noto-core)".to_owned(),
        ));
    };
    let folder = root().join("e2e");
    let program = Build::Debug.program()?;
    run_command(
        Command::new("npm")
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .current_dir(&folder),
    )?;
    let mut hung = false;
    loop {
        let mut counts = check.counts;
        let mut hangs = false;
        let result = watched(
            Command::new("node")
                // A browser that hangs fails its test, and does not hold up the rest.
                .args(["--test", "--test-reporter=spec", "--test-timeout=240000"])
                .current_dir(&folder)
                .env("MINGA_BIN", &program)
                .env("CHROMIUM", &chromium),
            |line| {
                counts.add(line);
                hangs |= line.contains("test timed out after");
            },
        );
        // Chromium stops answering once in many runs on a busy machine; a page of ours that
        // hangs does so again.
        if result.is_err() && hangs && !hung {
            println!("xtask: a browser hung; its tests are run once more");
            hung = true;
            continue;
        }
        check.counts = counts;
        result?;
        return Ok(Ended::Done(if hung {
            "at the second try: a browser hung at the first".to_owned()
        } else {
            String::new()
        }));
    }
}

/// `cargo xtask fuzz`.
pub(crate) fn fuzz(mut args: Args) -> Outcome {
    let seconds = args.number("--seconds", 60)?;
    args.done()?;
    run_command(
        cargo()
            .args(["test", "--locked", "-p", "record", "-p", "wikitext", "fuzz"])
            .env("FUZZ_SECONDS", seconds.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_closing_lines_of_all_three_runners_are_counted() {
        let mut counts = Counts::default();
        for line in [
            "     Summary [   2.204s] 41 tests run: 39 passed (1 slow), 2 failed, 3 skipped",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "ℹ pass 7",
            "ℹ fail 1",
            "ℹ duration_ms 900",
            "# pass 2",
            "test the_12 passed ... ok",
        ] {
            counts.add(line);
        }
        assert_eq!(
            counts,
            Counts {
                passed: 53,
                failed: 3,
                skipped: 4
            }
        );
    }
}
