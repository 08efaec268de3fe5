//! Many people who map at once: whether every entry is there once, also of those whose connection broke, and whether the
//! board is right at the end.

use crate::json::Json;
use crate::node::{Serving, bare};
use crate::process::{Dice, Scratch};
use crate::writers::{Line, quoted};
use crate::{Outcome, failed};
use std::fmt;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How many people.
pub(crate) const PEOPLE: usize = 500;
/// How many entries each of them adds.
const EACH: usize = 3;
/// Of so many entries, the connection of one breaks.
const BREAKS: usize = 10;
const TEAMS: [&str; 5] = ["Quito", "Cuenca", "Loja", "Tena", "Ibarra"];

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Told {
    micros: Vec<u32>,
    broken: usize,
    seconds: f64,
    board_ms: f64,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |percent: usize| {
            let rank = (self.micros.len() * percent).div_ceil(100).max(1);
            f64::from(self.micros.get(rank - 1).copied().unwrap_or_default()) / 1_000.0
        };
        write!(
            f,
            "{} entries by {PEOPLE} people in {:.0} s, of {} the connection broke; none lost, none doubled, the board right at the end and answered in {:.1} ms; p50 {:.1} ms, p99 {:.1} ms, slowest {:.0} ms",
            PEOPLE * EACH,
            self.seconds,
            self.broken,
            self.board_ms,
            at(50),
            at(99),
            at(100)
        )
    }
}

/// Lets [`PEOPLE`] map for so long, on SQLite or on a PostgreSQL server.
pub(crate) fn story(program: &Path, database: Option<&str>, seconds: u64) -> Outcome<Told> {
    let scratch = Scratch::on_disk("sprint")?;
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
    let mut line = Line::open(address)?;
    let body = format!(
        "{{\"name\": \"All of us\", \"language\": \"en\", \"begins\": \"2020-01-01T00:00\", \"ends\": \"2020-12-31T00:00\", \"teams\": {}}}",
        quoted(&TEAMS.join("\n"))
    );
    // Its hours are those of the clock that runs now: a year around it.
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let year = 1970 + now / 31_556_952;
    let body = body
        .replace("2020-01-01", &format!("{year}-01-01"))
        .replace("2020-12-31", &format!("{}-01-30", year + 1));
    let (status, answer) = line.ask("POST", "/new/sprint", &tokens[0], &body)?;
    let Some(place) = Json::parse(&answer)
        .and_then(|json| json.at("location").text().map(str::to_owned))
        .filter(|_| status == 200)
    else {
        return failed(format!("the sprint was not called: {status} {answer:.300}"));
    };
    let digits = place.trim_start_matches("/sprints/").to_owned();
    let add = format!("/sprints/{digits}/add");
    let board = format!("/api/v1/sprints/{digits}");
    let began = Instant::now();
    let results: Vec<Outcome<(Vec<u32>, usize)>> = std::thread::scope(|scope| {
        let people: Vec<_> = tokens
            .iter()
            .enumerate()
            .map(|(number, token)| {
                let add = add.as_str();
                std::thread::Builder::new()
                    .stack_size(256 << 10)
                    .spawn_scoped(scope, move || maps(address, number, token, add, seconds))
            })
            .collect();
        people
            .into_iter()
            .map(|one| match one.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(result)) => result,
                _ => failed("somebody's thread ended"),
            })
            .collect()
    });
    let mut told = Told {
        seconds: began.elapsed().as_secs_f64(),
        ..Told::default()
    };
    for result in results {
        let (micros, broken) = result?;
        told.micros.extend(micros);
        told.broken += broken;
    }
    told.micros.sort_unstable();
    let asked = Instant::now();
    let (status, answer) = Line::open(address)?.ask("GET", &board, &tokens[0], "")?;
    told.board_ms = asked.elapsed().as_secs_f64() * 1_000.0;
    let json = Json::parse(&answer).unwrap_or(Json::Null);
    let whole = |name: &str| json.at(name).number().unwrap_or(-1.0);
    let all = (PEOPLE * EACH) as f64;
    if status != 200 || whole("entries") != all || whole("things") != all {
        return failed(format!(
            "the board counts {} entries and {} things instead of {all}: {answer:.200}",
            whole("entries"),
            whole("things")
        ));
    }
    let each: Vec<f64> = json
        .at("contributors")
        .items()
        .iter()
        .map(|one| one.at("entries").number().unwrap_or_default())
        .collect();
    if each.len() != PEOPLE || each.iter().any(|count| *count != EACH as f64) {
        return failed(format!("{} people are credited", each.len()));
    }
    // The map, which follows the log by itself, counts the same.
    let (_, answer) = Line::open(address)?.ask(
        "GET",
        &format!("/api/v1/initiatives?sprint={digits}&limit=1"),
        &tokens[0],
        "",
    )?;
    let json = Json::parse(&answer).unwrap_or(Json::Null);
    if json.at("total").number() != Some(all) {
        return failed(format!("the map counts otherwise: {answer:.200}"));
    }
    Ok(told)
}

/// What one person does: three entries, at moments of their own.
fn maps(
    address: SocketAddr,
    number: usize,
    token: &str,
    add: &str,
    seconds: u64,
) -> Outcome<(Vec<u32>, usize)> {
    let mut dice = Dice::new(number as u64 + 1);
    let (mut micros, mut broken) = (Vec::new(), 0);
    let pause = seconds * 1_000 / EACH as u64;
    for entry in 0..EACH {
        let before = dice.below(usize::try_from(pause).unwrap_or(1).max(1)) as u64;
        std::thread::sleep(Duration::from_millis(before));
        let (y, x) = (
            -4.0 + dice.below(5_000) as f64 / 1_000.0,
            -80.0 + dice.below(4_000) as f64 / 1_000.0,
        );
        let body = format!(
            "{{\"mark\": \"p{number}e{entry}\", \"name\": {}, \"kind\": \"collective\", \"language\": \"en\", \"at\": \"{y:.5},{x:.5}\", \"team\": \"{}\", \"anew\": \"yes\"}}",
            quoted(&format!("What person {number} knows, {entry}")),
            TEAMS[number % TEAMS.len()]
        );
        if dice.below(BREAKS) == 0 {
            // Half of them break while they send, half before they hear the answer.
            broken += 1;
            let request = format!(
                "POST {add} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let sent = if dice.below(2) == 0 {
                request.len() - body.len() / 2
            } else {
                request.len()
            };
            let mut stream = TcpStream::connect(address)?;
            stream.write_all(&request.as_bytes()[..sent])?;
            drop(stream);
            std::thread::sleep(Duration::from_millis(dice.below(400) as u64));
        }
        let began = Instant::now();
        let (status, answer) = Line::open(address)?.ask("POST", add, token, &body)?;
        let took = began.elapsed();
        if status != 200 || !answer.contains("\"href\"") {
            return failed(format!("an entry answers {status}: {answer:.300}"));
        }
        micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        let rest = pause.saturating_sub(before);
        std::thread::sleep(Duration::from_millis(rest));
    }
    Ok((micros, broken))
}
