//! The command line, run as a person would.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

pub fn minga(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_minga"))
        .args(args)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

pub fn last_json(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_else(|| {
        panic!(
            "no answer; stderr: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    serde_json::from_str(line).expect("JSON")
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A small wiki of our own, with the faults that real ones have.
pub fn dump(pages: &[(&str, i32, &str)]) -> String {
    let mut xml = String::from(
        "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\" xml:lang=\"en\"><siteinfo><sitename>Test</sitename>\
         <namespaces><namespace key=\"0\" case=\"first-letter\" /><namespace key=\"6\">File</namespace><namespace key=\"14\">Category</namespace></namespaces></siteinfo>\n",
    );
    for (index, (title, namespace, text)) in pages.iter().enumerate() {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        xml.push_str(&format!(
            "<page><title>{title}</title><ns>{namespace}</ns><id>{index}</id><revision><id>{index}</id><timestamp>2026-05-17T00:00:00Z</timestamp>\
             <contributor><username>ana</username></contributor><text>{text}</text></revision></page>\n"
        ));
    }
    xml.push_str("</mediawiki>\n");
    xml
}

pub const WIKI: &[(&str, i32, &str)] = &[
    (
        "Commons",
        0,
        "The '''commons''' is held together by [[Care]].\n\n== Water ==\nSee [[Missing page]].\n[[Category:Basics]]",
    ),
    (
        "Care",
        0,
        "Looking after things & people. [[Commons]] <script>alert(1)</script>\n[[Category:Basics]]",
    ),
    ("Commons/es", 0, "El '''comunal''' se sostiene con cuidado."),
    ("Old name", 0, "#REDIRECT [[Commons]]"),
    ("Round", 0, "#REDIRECT [[Round trip]]"),
    ("Round trip", 0, "#REDIRECT [[Round]]"),
    ("Broken", 0, "#REDIRECT [[a|b]]"),
    ("Nowhere", 0, "#REDIRECT [[Gone]]"),
    ("IPhone", 0, "One."),
    ("iPhone", 0, "Another."),
    ("Category:Basics", 14, "What one needs first."),
    ("File:Pump.png", 6, "A pump."),
];

pub fn import(data: &Path, file: &Path, more: &[&str]) -> Output {
    let file = file.display().to_string();
    let mut args = vec![
        "import",
        "mediawiki",
        &file,
        "--licence",
        "CC-BY-SA-3.0",
        "--attribution",
        "Test people",
        "--json",
    ];
    args.extend(more);
    minga(data, &args)
}

#[test]
fn a_wiki_is_imported_once_and_its_faults_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(WIKI)).expect("written");
    let report = last_json(&import(&data, &file, &[]));
    assert_eq!(
        (
            report["read"].as_u64(),
            report["added"].as_u64(),
            report["refused"].as_u64()
        ),
        (Some(12), Some(12), Some(0)),
        "{report}"
    );
    let codes: Vec<&str> = report["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|p| p["code"].as_str())
        .collect();
    for code in [
        "redirect_cycle",
        "redirect_missing",
        "redirect_malformed",
        "colliding_title",
    ] {
        assert!(codes.contains(&code), "{code} is not told: {codes:?}");
    }
    let again = last_json(&import(&data, &file, &[]));
    assert_eq!(
        (again["added"].as_u64(), again["unchanged"].as_u64()),
        (Some(0), Some(12))
    );
    std::fs::write(
        &file,
        dump(WIKI).replace("El '''comunal'''", "Lo '''común'''"),
    )
    .expect("written");
    let newer = last_json(&import(&data, &file, &[]));
    assert_eq!(
        (newer["updated"].as_u64(), newer["unchanged"].as_u64()),
        (Some(1), Some(11)),
        "{newer}"
    );
    let check = minga(&data, &["check", "--json"]);
    assert_eq!(last_json(&check)["ok"], true, "{}", said(&check));
}

#[test]
fn packed_dumps_are_read_and_damaged_ones_say_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let xml = dump(WIKI);
    let packed = zstd::bulk::compress(xml.as_bytes(), 3).expect("zstd");
    let zst = folder.path().join("wiki.xml.zst");
    std::fs::write(&zst, &packed).expect("written");
    let report = last_json(&import(&folder.path().join("a"), &zst, &[]));
    assert_eq!(report["added"].as_u64(), Some(12));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "cut.xml",
            xml.as_bytes()[..xml.len() - 400].to_vec(),
            "is damaged after the page",
        ),
        (
            "cut.xml.zst",
            packed[..packed.len() / 2].to_vec(),
            "cut.xml.zst",
        ),
        (
            "broken.xml",
            xml.replace("</revision>", "</wrong>").into_bytes(),
            "the XML is broken",
        ),
        ("text.xml", b"hello".to_vec(), "is not a MediaWiki export"),
        (
            "html.xml",
            b"<html><body>x</body></html>".to_vec(),
            "expected <mediawiki>",
        ),
        ("empty.xml", Vec::new(), "is not a MediaWiki export"),
    ];
    for (name, bytes, expected) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("written");
        let output = import(&folder.path().join(format!("data-{name}")), &file, &[]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(
            said(&output).contains(expected),
            "{name}: {}",
            said(&output)
        );
    }
    let absent = import(
        &folder.path().join("b"),
        &folder.path().join("nowhere.xml"),
        &[],
    );
    assert!(
        said(&absent).contains("cannot be opened"),
        "{}",
        said(&absent)
    );
    let plain = folder.path().join("plain.xml");
    std::fs::write(&plain, &xml).expect("written");
    let plain = plain.to_string_lossy();
    let no_licence = minga(&folder.path().join("b"), &["import", "mediawiki", &plain]);
    assert_eq!(no_licence.status.code(), Some(3));
    assert!(said(&no_licence).contains("--licence"));
}

#[test]
fn bytes_that_are_no_utf8_cost_one_character() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wiki.xml");
    let mut bytes = dump(&[("Page", 0, "caf@ abierto")]).into_bytes();
    let at = bytes.iter().position(|b| *b == b'@').expect("the mark");
    bytes[at] = 0xe9;
    std::fs::write(&file, bytes).expect("written");
    let report = last_json(&import(&folder.path().join("data"), &file, &[]));
    assert_eq!(report["added"].as_u64(), Some(1));
    assert!(
        report["problems"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|p| p["code"] == "invalid_utf8"),
        "{report}"
    );
}

#[test]
fn a_bundle_carries_the_commons_to_another_node() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(WIKI)).expect("written");
    import(&data, &file, &[]);
    let bundle = folder.path().join("all.minga").display().to_string();
    let exported = last_json(&minga(&data, &["export", "--out", &bundle, "--json"]));
    assert_eq!(exported["records"].as_u64(), Some(12));
    let verified = last_json(&minga(&data, &["verify", &bundle, "--json"]));
    assert_eq!(
        (verified["records"].as_u64(), verified["valid"].as_u64()),
        (Some(12), Some(12))
    );
    let other = folder.path().join("other");
    let taken = last_json(&minga(&other, &["import", "bundle", &bundle, "--json"]));
    assert_eq!(taken["added"].as_u64(), Some(12), "{taken}");
    let digests = |data: &Path| last_json(&minga(data, &["check", "--json"]))["digests"].clone();
    assert_eq!(digests(&data), digests(&other));
    let rebuilt = last_json(&minga(&other, &["rebuild", "--json"]));
    assert_eq!(rebuilt["records"].as_u64(), Some(12));
    assert_eq!(digests(&data), digests(&other));
    let back = folder.path().join("back.xml").display().to_string();
    minga(&data, &["export", "mediawiki", "--out", &back]);
    let known = last_json(&import(&data, Path::new(&back), &[]));
    assert_eq!(known["unchanged"].as_u64(), Some(12), "{known}");
    let third = folder.path().join("third");
    let report = last_json(&import(&third, Path::new(&back), &[]));
    assert_eq!(
        (report["added"].as_u64(), report["refused"].as_u64()),
        (Some(12), Some(0)),
        "{report}"
    );
}

#[test]
fn records_are_verified_one_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(&WIKI[..2])).expect("written");
    import(&data, &file, &[]);
    let bundle = folder.path().join("all.minga");
    minga(&data, &["export", "--out", &bundle.display().to_string()]);
    let bytes =
        zstd::stream::decode_all(std::fs::File::open(&bundle).expect("open")).expect("zstd");
    let text = String::from_utf8(bytes).expect("text");
    let good: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("{\"@context\""))
        .collect();
    let forged = good[0].replace("commons", "kommons");
    let rows = folder.path().join("rows.jsonl");
    let mut out = std::fs::File::create(&rows).expect("create");
    writeln!(out, "{}\n{forged}\nnot json", good[0]).expect("written");
    let output = minga(&data, &["record", "verify", &rows.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let rows: Vec<serde_json::Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    let valid: Vec<bool> = rows.iter().filter_map(|r| r["valid"].as_bool()).collect();
    assert_eq!(valid, [true, false, false], "{rows:?}");
    assert_eq!(rows[0]["code"], "valid");
    let lines: Vec<u64> = rows.iter().filter_map(|r| r["line"].as_u64()).collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[test]
fn a_folder_that_cannot_be_written_and_a_port_in_use_are_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "in the way").expect("written");
    let output = minga(&blocked, &["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("file"), "{}", said(&output));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = minga(
        &folder.path().join("data"),
        &["serve", "--listen", &address],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("is in use by another program; choose another with --listen"),
        "{}",
        said(&output)
    );
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

/// A serving node, ended when dropped.
pub struct Serving {
    child: Child,
    pub base: String,
}

impl Serving {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub fn start_with(data: &Path, more: &[&str]) -> Self {
        Self::start_telling(data, more, Stdio::null())
    }

    pub fn start_telling(data: &Path, more: &[&str], log: Stdio) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_minga"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout"))
            .read_line(&mut line)
            .expect("a line");
        let ready: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let base = ready["listening"]
            .as_str()
            .expect("an address")
            .trim_start_matches("http://")
            .to_owned();
        Self { child, base }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_killed_node_starts_again_and_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    drop(Serving::start(&data));
    drop(Serving::start(&data));
    let check = minga(&data, &["check", "--json"]);
    assert_eq!(last_json(&check)["ok"], true, "{}", said(&check));
}
