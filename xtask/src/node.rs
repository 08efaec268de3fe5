//! Minga itself: built, run, started and stopped.

use crate::corpus::{ATTRIBUTION, LICENCE};
use crate::json::Json;
use crate::process::{cargo, end, run, target};
use crate::{Outcome, Stop, failed};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    Debug,
    Release,
}

impl Build {
    /// Builds the program and returns where it is; `MINGA_BIN` names one that is built already, an older
    /// one to compare with for instance.
    pub(crate) fn program(self) -> Outcome<PathBuf> {
        if let Some(named) = std::env::var_os("MINGA_BIN") {
            return Ok(named.into());
        }
        let mut command = cargo();
        command.args(["build", "--locked"]);
        let folder = match self {
            // With the whole workspace's features, as the tests are built: then it is there already.
            Self::Debug => {
                command.args(["--workspace", "--bins"]);
                "debug"
            }
            Self::Release => {
                command.args(["-p", "minga", "--release"]);
                "release"
            }
        };
        run(&mut command)?;
        Ok(target().join(folder).join("minga"))
    }
}

/// Returns `minga WORDS… --data DIR --json`, to be run on that data folder.
pub(crate) fn minga(program: &Path, data: &Path, words: &[&str]) -> Command {
    let mut command = bare(program);
    command.args(words).arg("--data").arg(data).arg("--json");
    command
}

/// Returns the program, free of what this shell is set to: nobody's own node may be touched.
pub(crate) fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MINGA_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Returns the command that imports `file`.
pub(crate) fn import(program: &Path, data: &Path, file: &Path) -> Command {
    let file = file.to_string_lossy();
    minga(
        program,
        data,
        &[
            "import",
            "mediawiki",
            &file,
            "--licence",
            LICENCE,
            "--attribution",
            ATTRIBUTION,
        ],
    )
}

/// What a command of the program ended with.
pub(crate) struct Answer {
    /// The last line of its output.
    pub(crate) json: Json,
    /// Seconds by the clock, start of the process included.
    pub(crate) seconds: f64,
    /// The most memory that it ever held, in bytes; zero where the system does not tell.
    pub(crate) peak: u64,
}

impl Answer {
    /// Returns a count, which must be there.
    pub(crate) fn count(&self, name: &str) -> Outcome<u64> {
        self.json.at(name).count().ok_or_else(|| {
            Stop::Failed(format!(
                "the answer has no count “{name}”: {:.200?}",
                self.json
            ))
        })
    }
}

/// Runs a command of the program to its end and reads its answer.
pub(crate) fn answer(command: &mut Command) -> Outcome<Answer> {
    let began = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = std::thread::spawn(move || {
        out.and_then(|out| BufReader::new(out).lines().map_while(Result::ok).last())
    });
    let err = std::thread::spawn(move || {
        err.and_then(|err| {
            BufReader::new(err)
                .lines()
                .map_while(Result::ok)
                .filter(|l| !l.trim().is_empty())
                .last()
        })
    });
    let mut peak = 0;
    let status = loop {
        // The high-water mark never sinks, so asking now and then loses only the last moment.
        peak = memory(child.id(), "VmHWM").unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let seconds = began.elapsed().as_secs_f64();
    let said = err.join().ok().flatten().unwrap_or_default();
    let last = out.join().ok().flatten().unwrap_or_default();
    let words: Vec<_> = command
        .get_args()
        .take(2)
        .map(|w| w.to_string_lossy().into_owned())
        .collect();
    if !status.success() {
        return failed(format!(
            "`minga {}` ended with {status}: {said} {last:.300}",
            words.join(" ")
        ));
    }
    match Json::parse(&last) {
        Some(json) => Ok(Answer {
            json,
            seconds,
            peak,
        }),
        None => failed(format!(
            "`minga {}` printed no JSON: {last:.200}",
            words.join(" ")
        )),
    }
}

/// Returns one of a process's figures of memory in bytes, where the system has `/proc`.
pub(crate) fn memory(process: u32, figure: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(figure))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// A node that serves until this is dropped.
pub(crate) struct Serving {
    child: Child,
    /// Kept, so that a later line of the node finds somebody who takes it.
    _out: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Serving {
    /// Starts a node on a free port and waits until it listens.
    pub(crate) fn start(program: &Path, data: &Path) -> Outcome<Self> {
        Self::by(&mut bare(program), data)
    }

    /// Starts a node by a command that is only the program so far.
    pub(crate) fn by(command: &mut Command, data: &Path) -> Outcome<Self> {
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let Some(out) = child.stdout.take() else {
            return failed("the node has no output");
        };
        let mut out = BufReader::new(out);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let listening = Json::parse(line.trim()).and_then(|json| {
            json.at("listening")
                .text()?
                .strip_prefix("http://")?
                .parse()
                .ok()
        });
        match listening {
            Some(address) => Ok(Self {
                child,
                _out: out,
                address,
            }),
            None => {
                end(&mut child);
                failed(format!(
                    "the node does not start; it printed “{}”",
                    line.trim()
                ))
            }
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the bytes of memory that it holds now: its own, and those with the parts of files that
    /// it has mapped, which the system may take back at any time.
    pub(crate) fn memory(&self) -> Option<(u64, u64)> {
        let process = self.child.id();
        Some((memory(process, "RssAnon")?, memory(process, "VmRSS")?))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
