//! What the program says: results on stdout, words for people on stderr, and the exit status.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How a command ended. The numbers are part of the program's doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was done.
    Done,
    /// It failed, or something verified is invalid or differs.
    Failed,
    /// A rule refused it.
    Refused,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Failed => 1,
            // 2 is misuse, which the parser of the command line says itself.
            Status::Refused => 3,
        })
    }
}

/// A failure, with its causes in one sentence.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Returns what failed and why, in one sentence; a cause that its effect has told already is not repeated.
#[must_use]
pub fn sentence(failure: &(dyn std::error::Error + 'static)) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(because) = cause {
        let more = because.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = because.source();
    }
    text
}

/// Says something to people.
pub fn say(text: &str) {
    // Nobody listens on a closed stderr: that is no reason to stop.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes one line for programs.
///
/// # Errors
/// When stdout is closed.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// A line that says how far a long work is; quiet where nobody watches.
pub struct Progress {
    began: Instant,
    shown: Option<Instant>,
    watched: bool,
}

impl Progress {
    /// Starts the clock.
    #[must_use]
    pub fn start() -> Self {
        Self {
            began: Instant::now(),
            shown: None,
            watched: std::io::stderr().is_terminal(),
        }
    }

    /// Shows how much is done, at most four times a second.
    pub fn show(&mut self, what: &str, done: u64, fraction: f64) {
        let pause = if self.watched {
            Duration::from_millis(250)
        } else {
            Duration::from_secs(5)
        };
        if self.shown.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        self.shown = Some(Instant::now());
        // What was read is not yet done: the end is when the line goes.
        let fraction = fraction.min(0.99);
        let seconds = self.began.elapsed().as_secs_f64();
        let rate = done as f64 / seconds.max(0.001);
        let left = if fraction > 0.01 {
            seconds / fraction - seconds
        } else {
            f64::NAN
        };
        let left = if left.is_finite() {
            format!(", {left:.0} s left")
        } else {
            String::new()
        };
        let text = format!(
            "{what}: {done} ({:.0} %), {rate:.0}/s{left}",
            fraction * 100.0
        );
        if self.watched {
            let width = 24;
            let full = (fraction * f64::from(width)) as usize;
            let bar: String = (0..width as usize)
                .map(|i| if i < full { '█' } else { '·' })
                .collect();
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K{bar} {text}");
        } else {
            say(&text);
        }
    }

    /// Ends the line.
    pub fn end(&self) {
        if self.watched && self.shown.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}
