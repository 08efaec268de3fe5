//! How long it takes to compare any two revisions of the longest page and to draw what changed.

use crate::json::Json;
use crate::node::{Serving, bare, minga};
use crate::process::{Dice, Scratch};
use crate::writers::{Line, quoted};
use crate::{Outcome, failed};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

/// How often each pair is compared.
const TIMES: usize = 7;

/// Two revisions and how long their comparison took.
pub(crate) struct Compared {
    /// What was done to the text between the two.
    pub(crate) what: String,
    /// Milliseconds until the whole page was read, sorted.
    pub(crate) millis: Vec<f64>,
}

/// Writes the longest page of a node three times anew on a node of its own, and compares every two of its
/// revisions; returns its length in bytes too.
pub(crate) fn story(program: &Path, whole: Serving) -> Outcome<(usize, Vec<Compared>)> {
    let scratch = Scratch::on_disk("diffs")?;
    let text = longest(&whole)?;
    drop(whole);
    let own = scratch.join("data");
    let serving = Serving::by(&mut bare(program), &own)?;
    let made = minga(program, &own, &["load", "people", "--count", "1"])
        .stderr(Stdio::inherit())
        .output()?;
    let token = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    let list = minga(program, &own, &["person", "list"]).output()?;
    let person = Json::parse(String::from_utf8_lossy(&list.stdout).trim()).unwrap_or(Json::Null);
    let Some(handle) = person.at("handle").text() else {
        return failed("nobody was made");
    };
    // Whoever is new may not bring in as many addresses as the longest page has.
    let named = minga(program, &own, &["person", "steward", handle]).output()?;
    if !named.status.success() {
        return failed("the writer did not become a steward");
    }
    let mut line = Line::open(serving.address())?;
    let path = "/api/v1/articles/Longest";
    let mut revisions: Vec<String> = Vec::new();
    let texts = [
        text.clone(),
        with_words(&text, 300),
        shuffled(&text),
        others(text.len()),
    ];
    for text in &texts {
        let base = revisions.last().map_or_else(
            || "\"language\": \"en\", \"licence\": \"CC-BY-SA-4.0\"".to_owned(),
            |base| format!("\"base\": {}", quoted(base)),
        );
        let body = format!("{{\"text\": {}, {base}}}", quoted(text));
        let (status, answer) = line.ask("POST", path, &token, &body)?;
        let json = Json::parse(&answer).unwrap_or(Json::Null);
        match json.at("revision").text() {
            Some(revision) if matches!(status, 200 | 201) => revisions.push(revision.to_owned()),
            _ => return failed(format!("a revision was not taken: {status} {answer:.300}")),
        }
    }
    let done = [
        "as it was",
        "300 words changed",
        "then its lines shuffled",
        "then all words others",
    ];
    let mut compared = Vec::new();
    for from in 0..revisions.len() {
        for to in from + 1..revisions.len() {
            let hash = |at: usize| revisions[at].trim_start_matches("sha256:");
            let path = format!("/diff/Longest?from={}&to={}", hash(from), hash(to));
            let mut millis = Vec::new();
            for _ in 0..TIMES {
                let began = Instant::now();
                let (status, answer) = line.ask("GET", &path, &token, "")?;
                if status != 200 {
                    return failed(format!("{path} answers {status}: {answer:.300}"));
                }
                millis.push(began.elapsed().as_secs_f64() * 1_000.0);
            }
            millis.sort_by(f64::total_cmp);
            let what = format!("{} – {}", done[from], done[to]);
            compared.push(Compared { what, millis });
        }
    }
    Ok((text.len(), compared))
}

/// Returns the longest text of a node's pages, out of its feed of records.
fn longest(serving: &Serving) -> Outcome<String> {
    let mut line = Line::open(serving.address())?;
    let mut longest = String::new();
    let mut since = 0;
    loop {
        let path = format!("/api/v1/changes?since={since}");
        let (status, body) = line.ask("GET", &path, "", "")?;
        let Some(cursor) = body.lines().last().and_then(Json::parse) else {
            return failed(format!("{path} answers {status}"));
        };
        for record in body.lines() {
            if record.len() > longest.len() && record.contains("\"type\":\"Article\"") {
                longest = record.to_owned();
            }
        }
        match cursor.at("since").count() {
            Some(next) if next > since => since = next,
            _ => break,
        }
    }
    let json = Json::parse(&longest).unwrap_or(Json::Null);
    match json.at("content").text() {
        Some(text) => Ok(text.to_owned()),
        None => failed("the feed holds no article"),
    }
}

/// Returns a text in which so many words are others.
fn with_words(text: &str, count: usize) -> String {
    let mut dice = Dice::new(1);
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for _ in 0..count {
        let at = dice.below(words.len());
        words[at].push('X');
    }
    words.join(" ")
}

/// Returns a text with its lines in another order.
fn shuffled(text: &str) -> String {
    let mut dice = Dice::new(2);
    let mut lines: Vec<&str> = text.lines().collect();
    for at in (1..lines.len()).rev() {
        lines.swap(at, dice.below(at + 1));
    }
    lines.join("\n")
}

/// Returns a text of about this length, of words drawn at random, in lines of 200 bytes.
fn others(length: usize) -> String {
    let mut dice = Dice::new(3);
    let mut text = String::with_capacity(length);
    let mut column = 0;
    while text.len() < length {
        let word = ["alpha", "beta", "gamma", "delta"][dice.below(4)];
        let word = format!("{word}{} ", dice.below(9_999));
        column += word.len();
        text.push_str(&word);
        if column > 200 {
            text.push('\n');
            column = 0;
        }
    }
    text
}
