//! Running other programs, and the folders they work in.

use crate::{Outcome, failed};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Returns the workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Returns the folder that cargo builds into. This program stands in its `debug` or `release`.
pub(crate) fn target() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|exe| exe.parent()?.parent().map(Path::to_path_buf))
        .unwrap_or_else(|| root().join("target"))
}

/// Returns the cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // Cargo tells a program that it runs about the program's package; a build must not see that.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Returns where a program is, if it is on the path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Returns whether an automatic run asks: then nothing may be left out in silence.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Returns whether we may do everything on this machine.
pub(crate) fn is_root() -> bool {
    printed(Command::new("id").arg("-u")).is_ok_and(|uid| uid.trim() == "0")
}

/// Returns the command as a person would type it.
fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let mut words = vec![name.to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

fn started(command: &mut Command) -> Outcome<Child> {
    match command.spawn() {
        Ok(child) => Ok(child),
        Err(error) => failed(format!("`{}` does not start: {error}", shown(command))),
    }
}

/// Runs a command with its output in view.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = started(command.stdin(Stdio::null()))?.wait()?;
    if status.success() {
        return Ok(());
    }
    failed(format!("`{}` ended with {status}", shown(command)))
}

/// Runs a command with its output in view, and shows each line of it to `seen` as well.
pub(crate) fn watched(command: &mut Command, mut seen: impl FnMut(&str)) -> Outcome {
    if std::io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        command
            .env("CARGO_TERM_COLOR", "always")
            .env("FORCE_COLOR", "1");
    }
    let mut child = started(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
    )?;
    let (give, take) = std::sync::mpsc::channel();
    let pipes: [(Option<Box<dyn Read + Send>>, bool); 2] = [
        (
            child
                .stdout
                .take()
                .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
            true,
        ),
        (
            child
                .stderr
                .take()
                .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
            false,
        ),
    ];
    for (pipe, to_stdout) in pipes {
        let (Some(pipe), give) = (pipe, give.clone()) else {
            continue;
        };
        std::thread::spawn(move || {
            let mut lines = BufReader::new(pipe);
            let mut line = Vec::new();
            while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
                // Nobody can be told if our own output is closed; the command goes on.
                let _ = if to_stdout {
                    std::io::stdout().write_all(&line)
                } else {
                    std::io::stderr().write_all(&line)
                };
                if give.send(plain(&String::from_utf8_lossy(&line))).is_err() {
                    break;
                }
                line.clear();
            }
        });
    }
    drop(give);
    for line in take {
        seen(&line);
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    failed(format!("`{}` ended with {status}", shown(command)))
}

/// Returns a line without the codes that colour it.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line.trim_end();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after
            .split_once(|c: char| c.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// Runs a command that says little, and returns what it printed.
pub(crate) fn printed(command: &mut Command) -> Outcome<String> {
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => return failed(format!("`{}` does not start: {error}", shown(command))),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        let tail = said
            .char_indices()
            .rev()
            .nth(1_500)
            .map_or(said, |(at, _)| &said[at..]);
        return failed(format!(
            "`{}` ended with {}: {tail}",
            shown(command),
            output.status
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Ends a process kindly, and with force if it has not ended after ten seconds.
pub(crate) fn end(child: &mut Child) {
    let id = child.id().to_string();
    let _ = Command::new("kill")
        .args(["-INT", &id])
        .stderr(Stdio::null())
        .status();
    for _ in 0..200 {
        if matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A folder of our own, removed when it is no longer used.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes a folder within `parent`.
    pub(crate) fn within(parent: &Path, what: &str) -> Outcome<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("minga-{what}-{}-{number}", std::process::id()));
        // The folder itself must be new: in a shared parent somebody else might have put it there.
        let made = std::fs::create_dir_all(parent).and_then(|()| std::fs::create_dir(&folder));
        if let Err(error) = made {
            return failed(format!("{} cannot be made: {error}", folder.display()));
        }
        Ok(Self(folder))
    }

    /// Makes a folder on the disk that builds go to: figures must not come from a disk in memory.
    pub(crate) fn on_disk(what: &str) -> Outcome<Self> {
        Self::within(&target().join("scratch"), what)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.0.join(Path::new(name.as_ref()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Random enough numbers from a seed (xorshift64*, Vigna 2016), so that a run can be repeated.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // The state must not be zero; the constant is 2^64 divided by the golden ratio.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        (drawn % most.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, plain};

    #[test]
    fn a_line_loses_its_colours_only() {
        assert_eq!(
            plain("\u{1b}[32;1m  Summary\u{1b}[0m 3 tests\n"),
            "  Summary 3 tests"
        );
        assert_eq!(plain("a[1] b"), "a[1] b");
    }

    #[test]
    fn dice_reach_every_face() {
        let mut dice = Dice::new(0);
        let mut seen = [0; 6];
        for _ in 0..600 {
            seen[dice.below(6)] += 1;
        }
        assert!(seen.iter().all(|n| *n > 60), "{seen:?}");
    }
}
