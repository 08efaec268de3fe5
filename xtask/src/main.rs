//! The chores of the workspace: `cargo xtask check`, `bench`, `crash`, `fuzz`, `tools`.
//!
//! Runs on Linux and macOS with nothing but the standard library; what else a chore needs (PostgreSQL,
//! Chromium, Node.js) it looks for on this machine.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod args;
mod bench;
mod check;
mod corpus;
mod crash;
mod deny;
mod diffs;
mod disk;
mod json;
mod load;
mod node;
mod postgres;
mod powercut;
mod process;
mod sprint;
mod tools;
mod writers;

use args::Args;
use std::process::ExitCode;

const HELP: &str = "\
Chores of the workspace.

  cargo xtask check [--no-browser] [--no-postgres] [--only STEP]
      what must pass before a change lands, step by step:
      fmt, clippy, doc, deny, tests, s3, doctests, crash,
      powercut, disk, browser
  cargo xtask bench [--only NAME]
      the figures of docs/benchmarks.md, as a Markdown table:
      import, start, articles, search, lists, bundle, crash
  cargo xtask crash [--kills N] [--cuts N] [--pages N] [--seed N] [--release]
      kills an import of the corpus N times (200) at random moments, and
      cuts the power under imports and edits N times (50): of what was not
      synced some is lost; looks each time whether anything else was
  cargo xtask fuzz [--seconds N]
      the fuzz loops of record and wikitext, N seconds each (60)
  cargo xtask tools
      installs what check needs: PostgreSQL, Chromium, fonts (Debian, as root)

  CI=true       what is missing is an error instead of a step left out
  MINGA_BIN     a program that is built already, to be looked at instead
  MINGA_CORPUS  the folder of the corpus; without it, ../shared/data
";

/// Why a chore ended early: one line for whoever ran it.
#[derive(Debug)]
enum Stop {
    /// The chore was asked for wrongly.
    Misuse(String),
    /// Something that must hold does not, or something needed is missing.
    Failed(String),
}

/// What a chore, or a part of one, ends with.
type Outcome<T = ()> = Result<T, Stop>;

impl Stop {
    /// Says where it happened.
    fn within(self, place: &str) -> Self {
        match self {
            Self::Failed(line) => Self::Failed(format!("{place}: {line}")),
            misuse @ Self::Misuse(_) => misuse,
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Returns the failure that `line` tells of.
fn failed<T>(line: impl Into<String>) -> Outcome<T> {
    Err(Stop::Failed(line.into()))
}

fn main() -> ExitCode {
    match run(Args::new(std::env::args().skip(1))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Misuse(line)) => {
            eprintln!("xtask: {line}\n\n{HELP}");
            ExitCode::from(2)
        }
        Err(Stop::Failed(line)) => {
            eprintln!("xtask: {line}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: Args) -> Outcome {
    match args.command().as_deref() {
        Some("check") => check::run(args),
        Some("bench") => bench::run(args),
        Some("crash") => crash::run(args),
        Some("fuzz") => check::fuzz(args),
        Some("tools") => tools::run(args),
        Some("help" | "--help" | "-h") | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Stop::Misuse(format!("there is no chore “{other}”"))),
    }
}
