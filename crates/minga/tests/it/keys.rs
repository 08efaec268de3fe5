//! Keys on the command line: joining with one's own, devices, and what is taken back.

use crate::cli::{Serving, last_json, minga, said};
use crate::publish::{post, publish, text};
use std::path::{Path, PathBuf};
use std::process::Output;

struct Desk {
    _folder: tempfile::TempDir,
    root: PathBuf,
    data: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().to_owned();
        let data = root.join("data");
        Self {
            _folder: folder,
            root,
            data,
        }
    }

    /// Makes a key; returns its file and its name.
    fn key(&self, name: &str) -> (PathBuf, String) {
        let file = self.root.join(format!("{name}.key"));
        let made = self.run(&["key", "new", text(&file), "--json"]);
        let did = last_json(&made)["did"].as_str().expect("a key").to_owned();
        (file, did)
    }

    fn run(&self, args: &[&str]) -> Output {
        minga(&self.data, args)
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let file = self.root.join(name);
        std::fs::write(&file, content).expect("written");
        file
    }

    /// Lets a device sign; returns the file of the delegation.
    fn delegate(&self, device: &str, key: &Path, more: &[&str]) -> PathBuf {
        let all = [&["key", "delegate", device, "--key", text(key)], more].concat();
        let made = self.run(&all);
        assert!(made.status.success(), "{}", said(&made));
        let json = String::from_utf8(made.stdout).expect("text");
        self.write("delegation.json", &json)
    }
}

fn refused(output: &Output, rule: &str) {
    let told = said(output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains(rule), "{rule} is not in {told}");
}

#[test]
fn a_device_signs_for_its_owner_until_its_key_is_taken_back() {
    let desk = Desk::new();
    let serving = Serving::start(&desk.data);
    let node = format!("http://{}", serving.base);
    let (own, did) = desk.key("nina");
    let (phone, phone_did) = desk.key("phone");
    let join = |key: &Path, handle: &str| {
        desk.run(&[
            "join",
            "--key",
            text(key),
            "--handle",
            handle,
            "--name",
            "Nina Quispe",
            "--node",
            &node,
            "--json",
        ])
    };
    let joined = join(&own, "nina");
    assert!(joined.status.success(), "{}", said(&joined));
    let answer = last_json(&joined);
    assert_eq!(
        (&answer["did"], &answer["status"]),
        (&did.into(), &"active".into())
    );
    refused(&join(&own, "nina-two"), "has_account");
    let taken = join(&phone, "nina");
    refused(&taken, "handle_taken");

    let file = desk.write("oven.md", "# Clay oven\n\nIt bakes bread.\n");
    let delegation = desk.delegate(&phone_did, &own, &["--days", "2"]);
    let by_phone = |file: &Path, delegation: &Path| {
        let (file, delegation) = (text(file).to_owned(), text(delegation).to_owned());
        let args = [
            &file,
            "--key",
            text(&phone),
            "--delegation",
            &delegation,
            "--language",
            "en",
        ];
        publish(&serving, &desk.data, &args)
    };
    let first = by_phone(&file, &delegation);
    assert!(first.status.success(), "{}", said(&first));
    let page = crate::pages::get(&serving, "/history/Clay_oven", "Accept-Language: en\r\n").body;
    assert!(page.contains("Nina Quispe"), "it is Nina's: {page}");
    // What is sent again is known; with a delegation that was tampered with, or for another kind, it comes to nothing.
    let changes = crate::pages::get(&serving, "/api/v1/changes?limit=100", "").body;
    let record = changes
        .lines()
        .rev()
        .find(|line| line.contains("bakes bread"))
        .expect("the record");
    let (status, answer) = post(&serving, "/api/v1/records", "", record);
    assert!(
        status == 200 && answer.contains("\"known\""),
        "{status} {answer}"
    );
    let forged = record.replace(
        "\"kinds\":[\"article\"",
        "\"kinds\":[\"person\",\"article\"",
    );
    assert_ne!(forged, record);
    let (status, answer) = post(&serving, "/api/v1/records", "", &forged);
    assert!(
        status == 403 && answer.contains("delegation_unproven"),
        "{status} {answer}"
    );
    let whole = std::fs::read_to_string(&delegation).expect("read");
    let longer = desk.write(
        "longer.json",
        &whole.replace("\"kinds\":[\"article\"", "\"kinds\":[\"x\",\"article\""),
    );
    let broken = by_phone(&file, &longer);
    assert_eq!(broken.status.code(), Some(1), "{}", said(&broken));
    let notes = desk.delegate(&phone_did, &own, &["--kind", "note"]);
    let other = by_phone(&file, &notes);
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).contains("does not cover"), "{}", said(&other));
    let person = desk.run(&[
        "key",
        "delegate",
        &phone_did,
        "--key",
        text(&own),
        "--kind",
        "person",
    ]);
    assert_eq!(person.status.code(), Some(1), "no account is given away");
    let delegation = desk.delegate(&phone_did, &own, &[]);

    // Stolen: it publishes nothing more; the owner's key goes on.
    let revoke = |key: &Path, taken: &str, more: &[&str]| {
        let all = [
            &["key", "revoke", taken, "--key", text(key), "--node", &node],
            more,
        ]
        .concat();
        desk.run(&all)
    };
    let ended = revoke(&own, &phone_did, &["--reason", "left on a bus"]);
    assert!(ended.status.success(), "{}", said(&ended));
    desk.write("oven.md", "# Clay oven\n\nBuy one.\n");
    refused(&by_phone(&file, &delegation), "key_revoked");
    refused(
        &revoke(&phone, &phone_did, &["--delegation", text(&delegation)]),
        "key_revoked",
    );
    desk.write("oven.md", "# Clay oven\n\nIt bakes bread for a street.\n");
    let own_text = publish(&serving, &desk.data, &[text(&file), "--key", text(&own)]);
    assert!(own_text.status.success(), "{}", said(&own_text));

    // A device that is still there ends itself, with its delegation; a key ends itself for good.
    let (tablet, tablet_did) = desk.key("tablet");
    let delegation = desk.delegate(&tablet_did, &own, &[]);
    let with = ["--delegation", text(&delegation)];
    refused(&revoke(&tablet, &phone_did, &with), "device_key");
    assert!(revoke(&tablet, &tablet_did, &with).status.success());
    refused(&revoke(&tablet, &tablet_did, &with), "key_revoked");
    assert!(revoke(&own, &did_of(&desk, &own), &[]).status.success());
    desk.write("oven.md", "# Clay oven\n\nIt bakes bread for a town.\n");
    refused(
        &publish(&serving, &desk.data, &[text(&file), "--key", text(&own)]),
        "key_revoked",
    );

    // Whoever keeps the node takes a key back, with a reason.
    let (omar, _) = desk.key("omar");
    let joined = desk.run(&[
        "join",
        "--key",
        text(&omar),
        "--handle",
        "omar",
        "--name",
        "Omar",
        "--node",
        &node,
    ]);
    assert!(joined.status.success(), "{}", said(&joined));
    refused(
        &desk.run(&["person", "revoke", "omar", "--reason", " "]),
        "reason",
    );
    let taken = desk.run(&[
        "person",
        "revoke",
        "omar",
        "--reason",
        "it was found",
        "--json",
    ]);
    assert!(taken.status.success(), "{}", said(&taken));
    assert!(
        desk.run(&["person", "revoke", &phone_did, "--reason", "found, too"])
            .status
            .success()
    );
    let listed = desk.run(&["person", "list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("omar\tOmar\tkey taken back"), "{listed}");
    refused(
        &publish(&serving, &desk.data, &[text(&file), "--key", text(&omar)]),
        "key_revoked",
    );
    let decided = crate::pages::get(&serving, "/decisions", "Accept-Language: en\r\n").body;
    assert!(decided.contains("it was found"), "{decided}");

    drop(serving);
    let before = desk.run(&["check", "--json"]);
    assert!(before.status.success(), "{}", said(&before));
    assert!(desk.run(&["rebuild"]).status.success());
    let after = desk.run(&["check", "--json"]);
    assert!(after.status.success(), "{}", said(&after));
    assert_eq!(last_json(&before)["digests"], last_json(&after)["digests"]);
    // Another node that takes it all in knows the same of the keys.
    let bundle = desk.root.join("all.minga");
    let exported = desk.run(&["export", "--out", text(&bundle)]);
    assert!(exported.status.success(), "{}", said(&exported));
    let other = desk.root.join("other");
    let taken = minga(&other, &["import", "bundle", text(&bundle)]);
    assert!(taken.status.success(), "{}", said(&taken));
    let there = last_json(&minga(&other, &["check", "--json"]));
    let here = last_json(&after);
    assert!(here["digests"]["revocations"].is_string(), "{here}");
    assert_eq!(
        there["digests"]["revocations"],
        here["digests"]["revocations"]
    );
}

fn did_of(desk: &Desk, key: &Path) -> String {
    let shown = desk.run(&["key", "show", text(key)]);
    String::from_utf8_lossy(&shown.stdout).trim().to_owned()
}

#[test]
fn what_whoever_waits_signed_is_published_when_they_are_let_in() {
    let desk = Desk::new();
    let serving = Serving::start(&desk.data);
    let node = format!("http://{}", serving.base);
    let (own, _) = desk.key("nina");
    let way = |way: &str| assert!(desk.run(&["person", "joining", way]).status.success());
    way("invitation");
    let join = |more: &[&str]| {
        let all = [
            &[
                "join",
                "--key",
                text(&own),
                "--handle",
                "nina",
                "--name",
                "Nina",
                "--node",
                &node,
                "--json",
            ],
            more,
        ];
        desk.run(&all.concat())
    };
    refused(&join(&[]), "People come in by invitation");
    refused(
        &join(&["--code", "not a & code"]),
        "This invitation was used",
    );
    way("approval");
    let waits = join(&["--about", "I dig wells."]);
    assert!(waits.status.success(), "{}", said(&waits));
    assert_eq!(last_json(&waits)["status"], "waiting");
    assert!(said(&waits).contains("is published"), "{}", said(&waits));
    let person = ["--person", "Nina", "--handle", "nina", "--key", text(&own)];
    refused(&publish(&serving, &desk.data, &person), "waiting");
    assert!(desk.run(&["person", "let-in", "nina"]).status.success());
    let page = crate::pages::get(&serving, "/people/nina", "Accept-Language: en\r\n").body;
    assert!(page.contains("I dig wells."), "{page}");
    let answer = post(&serving, "/api/v1/join", "", "{}");
    assert_eq!(answer.0, 400, "{}", answer.1);
}
