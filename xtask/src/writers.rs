//! Many people who write at once: how long a save takes, and whether anything of it is lost.
//!
//! Each is a program with a token of its own. It reads a page, adds a line of its own at a place of its own, saves it,
//! thinks, and begins again; where somebody else was faster at the same place it reads the page anew. At the end every
//! line that was acknowledged has to stand in its page.

use crate::json::Json;
use crate::node::{Serving, bare};
use crate::process::{Dice, Scratch};
use crate::{Outcome, Stop, failed};
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How many people.
pub(crate) const PEOPLE: usize = 500;
/// How many of them write one page.
const PER_PAGE: usize = 5;
/// How long somebody thinks between two saves, in milliseconds: half of it at least, one and a half of it at most.
const THINKS_MS: usize = 8_000;
/// How long an answer may take before it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Microseconds of each save that was acknowledged, sorted.
    micros: Vec<u32>,
    /// Saves that came upon another one at the same place, and were made again.
    again: usize,
    /// Saves that were merged with another one.
    merged: usize,
    seconds: f64,
}

impl Told {
    /// Returns the milliseconds within which `percent` of a hundred saves were acknowledged.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.micros.len() * percent).div_ceil(100).max(1);
        let micros = self.micros.get(rank - 1);
        micros.map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} saves in {:.0} s, p50 {:.1} ms, p99 {:.1} ms, slowest {:.0} ms; {} merged, {} made again, none lost",
            self.micros.len(),
            self.seconds,
            self.percentile(50),
            self.percentile(99),
            self.percentile(100),
            self.merged,
            self.again
        )
    }
}

/// Lets [`PEOPLE`] write for so long, on SQLite or on a PostgreSQL server.
pub(crate) fn story(program: &Path, database: Option<&str>, seconds: u64) -> Outcome<Told> {
    let scratch = Scratch::on_disk("writers")?;
    let data = scratch.join("data");
    let command = || {
        let mut command = bare(program);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        command
    };
    let serving = Serving::by(&mut command(), &data)?;
    let made = command()
        .args(["load", "people", "--count", &PEOPLE.to_string(), "--data"])
        .arg(&data)
        .stderr(Stdio::inherit())
        .output()?;
    let tokens: Vec<String> = String::from_utf8_lossy(&made.stdout)
        .lines()
        .map(str::to_owned)
        .collect();
    if tokens.len() != PEOPLE {
        return failed(format!(
            "{} people were made instead of {PEOPLE}",
            tokens.len()
        ));
    }
    let address = serving.address();
    let pages = PEOPLE.div_ceil(PER_PAGE);
    for page in 0..pages {
        // A paragraph for each of its writers, so that most saves can be merged.
        let text: String = (0..PER_PAGE)
            .map(|seat| format!("Seat {seat} begins.\n\n"))
            .collect();
        let body = format!(
            "{{\"text\": {}, \"language\": \"en\", \"licence\": \"CC-BY-SA-4.0\"}}",
            quoted(&text)
        );
        let mut line = Line::open(address)?;
        let (status, answer) = line.ask("POST", &path(page), &tokens[page * PER_PAGE], &body)?;
        if status != 201 {
            return failed(format!("page {page} was not begun: {status} {answer:.200}"));
        }
    }
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let results: Vec<Outcome<Writer>> = std::thread::scope(|scope| {
        let writers: Vec<_> = tokens
            .iter()
            .enumerate()
            .map(|(number, token)| {
                std::thread::Builder::new()
                    .stack_size(256 << 10)
                    .spawn_scoped(scope, move || {
                        Writer::new(number).write(address, token, until)
                    })
            })
            .collect();
        writers
            .into_iter()
            .map(
                |writer| match writer.map(std::thread::ScopedJoinHandle::join) {
                    Ok(Ok(result)) => result,
                    _ => failed("a writer's thread ended"),
                },
            )
            .collect()
    });
    let mut told = Told {
        seconds: began.elapsed().as_secs_f64(),
        ..Told::default()
    };
    let mut texts = Vec::with_capacity(pages);
    for page in 0..pages {
        texts.push(read(&mut Line::open(address)?, page, &tokens[0])?.1);
    }
    for result in results {
        let writer = result?;
        let text = &texts[writer.number / PER_PAGE];
        for save in 0..writer.saves {
            let line = writer.line(save);
            if !text.contains(&line) {
                return failed(format!("“{}” was acknowledged and is lost", line.trim()));
            }
        }
        told.micros.extend(writer.micros);
        told.again += writer.again;
        told.merged += writer.merged;
    }
    told.micros.sort_unstable();
    Ok(told)
}

fn path(page: usize) -> String {
    format!("/api/v1/articles/Writers_{page}")
}

/// Reads a page: its revision and its text.
fn read(line: &mut Line, page: usize, token: &str) -> Outcome<(String, String)> {
    let (status, body) = line.ask("GET", &path(page), token, "")?;
    let json = Json::parse(&body).unwrap_or(Json::Null);
    match (json.at("revision").text(), json.at("text").text()) {
        (Some(revision), Some(text)) if status == 200 => Ok((revision.to_owned(), text.to_owned())),
        _ => failed(format!("page {page} answers {status}")),
    }
}

/// One of the people.
struct Writer {
    number: usize,
    saves: usize,
    micros: Vec<u32>,
    again: usize,
    merged: usize,
}

impl Writer {
    fn new(number: usize) -> Self {
        Self {
            number,
            saves: 0,
            micros: Vec::new(),
            again: 0,
            merged: 0,
        }
    }

    fn line(&self, save: usize) -> String {
        format!("Person {} says their sentence {save}.\n", self.number)
    }

    fn write(mut self, address: SocketAddr, token: &str, until: Instant) -> Outcome<Self> {
        let mut line = Line::open(address)?;
        let mut dice = Dice::new(self.number as u64 + 1);
        let page = self.number / PER_PAGE;
        // Not all press the button in the same moment.
        std::thread::sleep(Duration::from_millis(dice.below(THINKS_MS) as u64));
        while Instant::now() < until {
            let (base, text) = read(&mut line, page, token)?;
            // While somebody writes, others save.
            std::thread::sleep(Duration::from_millis(
                (THINKS_MS / 2 + dice.below(THINKS_MS)) as u64,
            ));
            let place = format!("Seat {} begins.\n", self.number % PER_PAGE);
            let own = self.line(self.saves);
            let text = text.replacen(&place, &format!("{place}{own}"), 1);
            let body = format!(
                "{{\"text\": {}, \"base\": {}}}",
                quoted(&text),
                quoted(&base)
            );
            let began = Instant::now();
            let (status, answer) = line.ask("POST", &path(page), token, &body)?;
            let took = began.elapsed();
            match status {
                200 => {
                    self.micros
                        .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
                    self.saves += 1;
                    self.merged += usize::from(answer.contains("\"merged\":true"));
                }
                409 => self.again += 1,
                _ => return failed(format!("a save answers {status}: {answer:.300}")),
            }
        }
        Ok(self)
    }
}

/// Writes a text as JSON does.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A connection that is kept.
pub(crate) struct Line {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Line {
    pub(crate) fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            address,
        })
    }

    /// Asks for something with a token; returns the status and the body.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        body: &str,
    ) -> Outcome<(u16, String)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut status = 0;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return failed("the node closed the connection");
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest
                    .get(..3)
                    .and_then(|code| code.parse().ok())
                    .unwrap_or(0);
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value
                    .trim()
                    .parse()
                    .map_err(|_| Stop::Failed(format!("a length of {value}")))?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use crate::json::Json;

    #[test]
    fn a_text_is_written_as_json_reads_it() {
        let text = "a \"b\" \\ c\nd\u{1}é";
        assert_eq!(
            Json::parse(&quoted(text))
                .and_then(|json| json.text().map(str::to_owned))
                .as_deref(),
            Some(text)
        );
    }
}
