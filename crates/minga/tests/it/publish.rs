//! Publishing with a key of one's own, and with a token.

use crate::cli::{Serving, last_json, minga, said};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Output;

pub fn publish(serving: &Serving, data: &Path, args: &[&str]) -> Output {
    let node = format!("http://{}", serving.base);
    let all: Vec<&str> = ["publish", "--json", "--node", &node]
        .iter()
        .chain(args)
        .copied()
        .collect();
    minga(data, &all)
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Sends a body, and returns the status and the body of the answer.
pub fn post(serving: &Serving, path: &str, headers: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(&serving.base).expect("connected");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        serving.base,
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status.expect("a status"), body.to_owned())
}

#[test]
fn whoever_keeps_their_key_publishes_from_their_own_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serving = Serving::start(&data);
    let key = folder.path().join("my.key");
    let made = minga(&data, &["key", "new", text(&key), "--json"]);
    let did = last_json(&made)["did"].as_str().expect("a key").to_owned();
    assert!(
        !minga(&data, &["key", "new", text(&key)]).status.success(),
        "a key is not written over"
    );
    let file = folder.path().join("oven.md");
    std::fs::write(&file, "# Clay oven\n\nIt bakes bread.\n").expect("written");
    let by_key = [text(&file), "--key", text(&key), "--language", "en"];
    let stranger = publish(&serving, &data, &by_key);
    assert_eq!(stranger.status.code(), Some(3), "{}", said(&stranger));
    assert!(
        said(&stranger).contains("not_a_member"),
        "{}",
        said(&stranger)
    );
    let added = minga(
        &data,
        &[
            "person",
            "add",
            "nina",
            "--name",
            "Nina Quispe",
            "--did",
            &did,
        ],
    );
    assert!(added.status.success(), "{}", said(&added));
    let person = publish(
        &serving,
        &data,
        &[
            "--person",
            "Nina Quispe",
            "--handle",
            "nina",
            "--key",
            text(&key),
        ],
    );
    assert!(person.status.success(), "{}", said(&person));
    let first = publish(&serving, &data, &by_key);
    assert!(first.status.success(), "{}", said(&first));
    std::fs::write(&file, "# Clay oven\n\nIt bakes bread for a street.\n").expect("written");
    let second = publish(&serving, &data, &by_key);
    assert!(second.status.success(), "{}", said(&second));
    assert!(
        said(&second).contains(&format!("read it at http://{}/things/ap", serving.base)),
        "{}",
        said(&second)
    );
    let same = publish(&serving, &data, &by_key);
    assert!(
        same.status.success() && said(&same).contains("unchanged"),
        "{}",
        said(&same)
    );
    let tongueless = [text(&file), "--key", text(&key), "--title", "Another oven"];
    let tongueless = publish(&serving, &data, &tongueless);
    assert!(
        !tongueless.status.success() && said(&tongueless).contains("--language"),
        "{}",
        said(&tongueless)
    );
    let page = crate::pages::get(&serving, "/history/Clay_oven", "Accept-Language: en\r\n").body;
    assert!(
        page.contains("2 revisions") && page.contains("Nina Quispe"),
        "{page}"
    );
    // What is sent again is known; what was changed on the way, or signed by another key, is refused.
    let changes = crate::pages::get(&serving, "/api/v1/changes?limit=100", "").body;
    let record = changes
        .lines()
        .rev()
        .find(|line| line.contains("for a street"))
        .expect("the record")
        .to_owned();
    let (status, answer) = post(&serving, "/api/v1/records", "", &record);
    assert!(
        status == 200 && answer.contains("\"known\""),
        "{status} {answer}"
    );
    let forged = record.replace("for a street", "for a city");
    let (status, answer) = post(&serving, "/api/v1/records", "", &forged);
    assert!(
        status == 403 && answer.contains("\"refused\""),
        "{status} {answer}"
    );
    let (status, _) = post(&serving, "/api/v1/records", "", "");
    assert_eq!(status, 400);
    let blocked = minga(
        &data,
        &["person", "block", "nina", "--reason", "a stolen key"],
    );
    assert!(blocked.status.success(), "{}", said(&blocked));
    std::fs::write(&file, "# Clay oven\n\nBuy one.\n").expect("written");
    let refused = publish(&serving, &data, &by_key);
    assert_eq!(refused.status.code(), Some(3));
    assert!(said(&refused).contains("blocked"), "{}", said(&refused));
    drop(serving);
    let checked = minga(&data, &["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn a_program_writes_with_a_token_within_what_it_allows() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serving = Serving::start(&data);
    assert!(
        minga(&data, &["person", "add", "ana", "--name", "Ana Paz"])
            .status
            .success()
    );
    let token = |scope: &str| {
        let made = minga(
            &data,
            &[
                "person", "token", "ana", "--label", "test", "--scope", scope, "--json",
            ],
        );
        last_json(&made)["token"]
            .as_str()
            .expect("a token")
            .to_owned()
    };
    let (write, profile) = (token("write"), token("profile"));
    let send = |token: &str, title: &str, body: &str| {
        let headers =
            format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
        post(
            &serving,
            &format!("/api/v1/articles/{title}"),
            &headers,
            body,
        )
    };
    let new = r#"{"text": "A barn.\n", "language": "en", "licence": "CC-BY-SA-4.0"}"#;
    assert_eq!(send("no such token", "Barn", new).0, 401);
    assert_eq!(send(&profile, "Barn", new).0, 403);
    let (status, answer) = send(&write, "Barn", new);
    assert_eq!(status, 201, "{answer}");
    let begun: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let base = begun["revision"].as_str().expect("a revision").to_owned();
    let revise = |text: &str| {
        send(
            &write,
            "Barn",
            &serde_json::json!({"text": text, "base": base}).to_string(),
        )
    };
    let (status, answer) = revise("A red barn.\n");
    assert!(
        status == 200 && answer.contains("\"merged\":false"),
        "{status} {answer}"
    );
    let (status, answer) = revise("A blue barn.\n");
    assert!(
        status == 409 && answer.contains("A red barn.") && answer.contains("<<<<<<< yours"),
        "{status} {answer}"
    );
    let (status, answer) = send(&write, "Barn", r#"{"text": "x", "bse": "y"}"#);
    assert!(status == 400 && answer.contains("bse"), "{status} {answer}");
    // What is kept for one person alone is for no program.
    for path in [
        "/me",
        "/inbox",
        "/following",
        "/me/export",
        "/me/export/desk",
        "/me/leave",
        "/me/profile",
    ] {
        let answer = crate::pages::get(
            &serving,
            path,
            &format!("Authorization: Bearer {write}\r\n"),
        );
        assert_eq!(answer.status, 403, "{path}");
        assert_eq!(crate::pages::get(&serving, path, "").status, 401, "{path}");
    }
    // Without a token or a form of ours nothing is done.
    let (status, _) = post(
        &serving,
        "/api/v1/articles/Barn",
        "Content-Type: application/json\r\n",
        new,
    );
    assert_eq!(status, 403);
}
