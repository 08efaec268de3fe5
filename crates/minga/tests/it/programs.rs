//! What a program does for somebody with a token, and what whoever keeps the node does for people.

use crate::cli::{Serving, last_json, minga, said};
use crate::publish::{post, text};
use serde_json::{Value, json};

const JSON: &str =
    "Content-Type: application/json\r\nAccept: application/json\r\nAccept-Language: en\r\n";

/// Sends fields as JSON with a token.
fn act(serving: &Serving, token: &str, path: &str, fields: &Value) -> (u16, Value) {
    let headers = format!("{JSON}Authorization: Bearer {token}\r\n");
    let (status, body) = post(serving, path, &headers, &fields.to_string());
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

fn read(serving: &Serving, path: &str) -> Value {
    let body = crate::pages::get(serving, path, "Accept: application/json\r\n").body;
    serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"))
}

#[test]
fn a_program_does_what_the_forms_of_the_pages_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serving = Serving::start(&data);
    let person = |args: &[&str]| {
        let all: Vec<&str> = ["person", "--json"].iter().chain(args).copied().collect();
        minga(&data, &all)
    };
    let token = |handle: &str, scope: &str| {
        let made = person(&["token", handle, "--label", "test", "--scope", scope]);
        last_json(&made)["token"]
            .as_str()
            .expect("a token")
            .to_owned()
    };
    for (handle, name) in [("ana", "Ana Paz"), ("bob", "Bob Lee")] {
        let made = person(&["add", handle, "--name", name]);
        assert!(made.status.success(), "{}", said(&made));
    }
    assert!(person(&["steward", "ana"]).status.success());
    let (bo, writes) = (token("bob", "profile"), token("bob", "write"));
    // What is to be mended comes field by field.
    let (status, answer) = act(&serving, &bo, "/new/organization", &json!({"name": ""}));
    assert_eq!(status, 422, "{answer}");
    let fields: Vec<&str> = answer["mistakes"]
        .as_array()
        .expect("mistakes")
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    assert_eq!(fields, ["name", "form"], "{answer}");
    let loom = json!({"name": "Tejido Libre", "form": "worker-cooperative", "place": "Peguche, Otavalo", "themes": "Weaving"});
    let (status, answer) = act(&serving, &writes, "/new/organization", &loom);
    assert_eq!(status, 403, "another scope: {answer}");
    let (status, answer) = act(&serving, &bo, "/new/organization", &loom);
    assert_eq!(
        (status, &answer["location"]),
        (200, &json!("/organizations/tejido-libre")),
        "{answer}"
    );
    let (status, answer) = act(&serving, "nothing", "/new/organization", &loom);
    assert!(status == 401 || status == 403, "{status} {answer}");
    let (status, _) = post(
        &serving,
        "/new/organization",
        &format!("{JSON}Authorization: Bearer {bo}\r\n"),
        "[1]",
    );
    assert_eq!(status, 400);
    // A program that names its media type where it sends nothing is answered all the same.
    assert_eq!(
        crate::pages::get(&serving, "/organizations", JSON).status,
        200
    );
    // Read by name, place and form; the total is always said.
    let list = read(&serving, "/api/v1/organizations?place=otavalo&limit=1");
    assert_eq!(
        (&list["total"], &list["organizations"][0]["attested"]),
        (&json!(1), &json!(false)),
        "{list}"
    );
    let vouched = person(&["attest", "tejido-libre", "--reason", "Register 12-7, read"]);
    assert!(vouched.status.success(), "{}", said(&vouched));
    let one = read(&serving, "/api/v1/organizations/tejido-libre");
    assert_eq!(one["attested"], json!(true), "{one}");
    assert_eq!(one["members"][0]["handle"], json!("bob"), "{one}");
    assert_eq!(
        one["attestations"][0]["reason"],
        json!("Register 12-7, read"),
        "{one}"
    );
    let who = read(&serving, "/api/v1/people/bob");
    assert_eq!(
        who["organizations"][0]["handle"],
        json!("tejido-libre"),
        "{who}"
    );
    let people = read(&serving, "/api/v1/people?limit=1");
    let next = people["next"].as_str().expect("a next part");
    assert_eq!(people["total"], json!(2));
    assert_eq!(read(&serving, next)["people"][0]["handle"], json!("bob"));
    // Stewards' acts take a scope of their own.
    let plain = token("ana", "write");
    let decides = json!({"act": "block", "about": who["did"], "reason": "a trial"});
    assert_eq!(act(&serving, &plain, "/stewards/decide", &decides).0, 403);
    let steward = token("ana", "steward");
    let (status, answer) = act(&serving, &steward, "/stewards/decide", &decides);
    assert_eq!(
        (status, &answer["location"]),
        (200, &json!("/decisions")),
        "{answer}"
    );
    assert_eq!(read(&serving, "/api/v1/people/bob")["blocked"], json!(true));
    let (status, answer) = act(
        &serving,
        &bo,
        "/membership",
        &json!({"organization": "00", "do": "ask"}),
    );
    assert!(
        status == 404 && answer["detail"].is_string(),
        "{status} {answer}"
    );
    // Each action is described, with what it takes and gives.
    let document = read(&serving, "/api/v1/openapi.json");
    for path in [
        "/new/organization",
        "/membership",
        "/attest",
        "/report",
        "/mend",
        "/stewards/decide",
        "/edit/{name}",
    ] {
        assert!(
            document["paths"][path]["post"]["summary"].is_string(),
            "{path}"
        );
    }
    assert!(document["paths"]["/me/password"].is_null());
    // Taken along, and erased.
    let bundle = folder.path().join("bo.bundle");
    let made = person(&["export", "bob", text(&bundle)]);
    assert!(made.status.success(), "{}", said(&made));
    assert!(
        !person(&["export", "bob", text(&bundle)]).status.success(),
        "a file is not written over"
    );
    assert!(minga(&data, &["verify", text(&bundle)]).status.success());
    assert!(
        !person(&["erase", "nobody", "--choice", "keep"])
            .status
            .success()
    );
    let gone = person(&["erase", "bob", "--choice", "nameless"]);
    assert!(gone.status.success(), "{}", said(&gone));
    assert_eq!(
        crate::pages::get(&serving, "/api/v1/people/bob", "").status,
        404
    );
    assert_eq!(
        crate::pages::get(&serving, "/problems/not_a_coordinator", "").status,
        200
    );
    // What was refused is counted by its rule, with no name in it.
    let figures = crate::pages::get(&serving, "/metrics", "").body;
    for (what, code) in [
        ("request", "mistakes"),
        ("request", "out_of_scope"),
        ("request", "not_a_steward"),
    ] {
        let line = format!("minga_refused_total{{what=\"{what}\",code=\"{code}\"}} ");
        assert!(figures.contains(&line), "{figures}");
    }
    let (status, _) = post(&serving, "/api/v1/records", "", "{}");
    assert_eq!(status, 403);
    assert!(
        crate::pages::get(&serving, "/metrics", "")
            .body
            .contains("what=\"record\"")
    );
    drop(serving);
    let checked = minga(&data, &["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
}
