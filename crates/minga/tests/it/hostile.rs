//! Files and requests that mean harm, or were damaged on the way: one clear sentence, bounded time and
//! memory, and nothing lost that was there.

use crate::cli::{Serving, WIKI, dump, import, last_json, minga, said};
use crate::pages::get;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const HEAD: &str = "<mediawiki xml:lang=\"en\"><siteinfo><sitename>Test</sitename></siteinfo>\n";

fn page(title: &str, more: &str) -> String {
    format!(
        "<page><title>{title}</title><ns>0</ns><id>1</id><revision><id>1</id><timestamp>2026-05-17T00:00:00Z</timestamp>{more}</revision></page>\n"
    )
}

type Packer = (&'static str, fn(&[u8]) -> Vec<u8>);

const PACKERS: &[Packer] = &[
    ("gz", |bytes| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).expect("packed");
        out.finish().expect("packed")
    }),
    ("bz2", |bytes| {
        let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        out.write_all(bytes).expect("packed");
        out.finish().expect("packed")
    }),
    ("zst", |bytes| {
        zstd::bulk::compress(bytes, 1).expect("packed")
    }),
];

#[test]
fn cut_and_corrupt_archives_say_where_and_keep_what_came_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut dice = 7_u32;
    let mut word = || {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!("{dice:x} ")
    };
    let texts: Vec<(String, String)> = (0..300)
        .map(|n| (format!("Page {n}"), (0..300).map(|_| word()).collect()))
        .collect();
    let pages: Vec<(&str, i32, &str)> = texts
        .iter()
        .map(|(title, text)| (title.as_str(), 0, text.as_str()))
        .collect();
    let xml = dump(&pages);
    for (kind, pack) in PACKERS {
        let whole = pack(xml.as_bytes());
        let mut corrupt = whole.clone();
        let middle = corrupt.len() * 3 / 4;
        corrupt[middle..middle + 64].fill(0x55);
        let cut = whole[..whole.len() * 3 / 4].to_vec();
        for (fault, bytes) in [("cut", cut), ("corrupt", corrupt)] {
            let data = folder.path().join(format!("{kind}-{fault}"));
            let file = folder.path().join(format!("{fault}.xml.{kind}"));
            std::fs::write(&file, bytes).expect("written");
            let output = import(&data, &file, &[]);
            let words = said(&output);
            assert_eq!(output.status.code(), Some(1), "{kind} {fault}: {words}");
            let last = words.lines().last().unwrap_or_default();
            assert!(
                last.contains(&format!("{fault}.xml.{kind} is damaged after the page “")),
                "{kind} {fault}: {words}"
            );
            assert!(!words.contains("panicked"), "{words}");
            let check = last_json(&minga(&data, &["check", "--json"]));
            let kept = check["records"].as_u64().expect("a count");
            assert!(
                last.contains(&format!("What came before is kept ({kept} read)")),
                "{last}"
            );
            std::fs::write(&file, &whole).expect("written");
            let rest = last_json(&import(&data, &file, &[]));
            let count = |name: &str| rest[name].as_u64().expect("a count");
            assert_eq!(count("refused"), 0, "{kind} {fault}");
            // Damage can come through before the checksum that tells of it: that is mended now.
            if fault == "cut" {
                assert_eq!(
                    (count("unchanged"), count("added")),
                    (kept, 300 - kept),
                    "{kind} {fault}"
                );
            }
        }
    }
}

/// Runs an import and returns what it said, its exit status, and the most memory that it held in MB.
fn watched(data: &Path, file: &Path) -> (String, Option<i32>, u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_minga"))
        .args(["import", "mediawiki"])
        .arg(file)
        .args(["--licence", "CC0-1.0", "--attribution", "Nobody", "--data"])
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        // Where there is no /proc, only the time is watched.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held: Option<u64> = line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok());
        peak = held.unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("its output");
    (said(&output), output.status.code(), peak / 1_000)
}

#[test]
fn a_decompression_bomb_stops_with_bounded_memory_and_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "<page><title>A</title><revision><text>";
    let cases = [
        ("one endless text", text, "a"),
        ("characters by number", text, "&#97;"),
        ("endless nesting", "", "<a>"),
        ("endless pages", "", "<page></page>"),
        (
            "endless pages with titles",
            "",
            "<page><title>x</title></page>",
        ),
        ("an endless comment", "<!--", "a"),
        ("an endless attribute", "<page a=\"", "a"),
        ("an endless name", "<", "a"),
        ("endless blanks", "", " "),
        ("endless zeros", "", "\0"),
        ("an endless title", "<page><title>", "a"),
        (
            "endless revisions",
            "<page><title>A</title>",
            "<revision><text>b</text></revision>",
        ),
        ("endless entities", "<!DOCTYPE x [", "<!ENTITY a \"b\">"),
    ];
    for (name, head, unit) in cases {
        // Frames may stand one after the other: 16 MiB each, 256 MiB together from some 10 kB.
        let mut bytes = zstd::bulk::compress(format!("{HEAD}{head}").as_bytes(), 1).expect("zstd");
        let block = unit.repeat((16 << 20) / unit.len());
        let frame = zstd::bulk::compress(block.as_bytes(), 1).expect("zstd");
        for _ in 0..16 {
            bytes.extend_from_slice(&frame);
        }
        let file = folder.path().join("bomb.xml.zst");
        std::fs::write(&file, &bytes).expect("written");
        let began = Instant::now();
        let (words, status, peak) = watched(&folder.path().join("data"), &file);
        let seconds = began.elapsed().as_secs();
        println!(
            "{name}: {} bytes, {seconds} s, {peak} MB: {words}",
            bytes.len()
        );
        assert_eq!(status, Some(1), "{name}: {words}");
        let last = words.lines().last().unwrap_or_default();
        assert!(last.contains("bomb.xml.zst is damaged"), "{name}: {words}");
        assert!(last.len() < 600, "{name}: {last}");
        assert!(!words.contains("panicked"), "{name}: {words}");
        assert!(peak < 600, "{name} took {peak} MB");
        assert!(seconds < 60, "{name} took {seconds} s");
    }
}

#[test]
fn a_page_that_no_record_can_hold_is_named_and_the_others_come_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    let text = |length: usize| format!("<text>{}</text>", "long words ".repeat(length / 11));
    let mut xml = HEAD.to_owned();
    xml.push_str(&page("Before", "<text>One.</text>"));
    xml.push_str(&page("Twenty", &text(20_000_000)));
    // Fits as text and not as a record: a line break is two characters in JSON.
    xml.push_str(&page(
        "Nearly",
        &format!("<text>{}</text>", "x\n".repeat(4_000_000)),
    ));
    xml.push_str(&page("Large", &text(3_000_000)));
    xml.push_str(&page("After", "<text>Two.</text>"));
    xml.push_str("</mediawiki>");
    std::fs::write(&file, xml).expect("written");
    let report = last_json(&import(&data, &file, &[]));
    assert_eq!(
        (report["added"].as_u64(), report["refused"].as_u64()),
        (Some(3), Some(2)),
        "{report}"
    );
    for name in ["Twenty", "Nearly"] {
        let problem = report["problems"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|p| p["where"] == name)
            .unwrap_or_else(|| panic!("{name} is not told: {report}"));
        assert_eq!(problem["code"], "too_large", "{problem}");
        let what = problem["what"].as_str().unwrap_or_default();
        assert!(what.contains("a record holds at most 8388 kB"), "{problem}");
    }
    let check = minga(&data, &["check", "--json"]);
    assert_eq!(last_json(&check)["ok"], true, "{}", said(&check));
}

#[test]
fn absurd_titles_are_refused_or_made_plain_and_every_page_can_be_reached() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    let long = "long ".repeat(2_000);
    let titles = [
        "",
        " \t\n ",
        &long,
        "../..",
        "..",
        "a/../b",
        "a\u{0}b",
        "ctrl\u{7}\u{1b}[31m",
        "plain\u{7}\u{1b}",
        "&#0;",
        "&#8238;txt.exe",
        "\u{2066}isolated\u{2069}",
        "\u{feff}bom",
        "\u{202e}",
        "a&lt;script&gt;alert(1)&lt;/script&gt;",
        "a#b",
        "a?b&amp;c=d%2e%2e",
        "//evil.example",
        "Back\\slash",
        "\u{1f9f5} thread",
        "javascript:alert(1)",
        "\"quoted\" 'twice'",
        "%00",
        "con",
        "Page:with:colons",
        "e\u{301}t\u{e9}",
        ".hidden",
        "-rf",
        "$(reboot)",
        "'; DROP TABLE log; --",
    ];
    let mut xml = HEAD.to_owned();
    for title in titles {
        xml.push_str(&page(title, "<text>Some text.</text>"));
    }
    xml.push_str("</mediawiki>");
    std::fs::write(&file, xml).expect("written");
    let output = import(&data, &file, &[]);
    let report = last_json(&output);
    let count = |name: &str| report[name].as_u64().expect("a count");
    assert_eq!(count("read"), titles.len() as u64, "{report}");
    assert_eq!(count("added") + count("refused"), count("read"), "{report}");
    for problem in report["problems"].as_array().expect("a list") {
        let length = problem.to_string().len();
        assert!(length < 2_000, "{problem}");
    }
    assert!(!said(&output).contains('\u{1b}'), "{:?}", said(&output));
    let check = minga(&data, &["check", "--json"]);
    assert_eq!(last_json(&check)["ok"], true, "{}", said(&check));
    let serving = Serving::start(&data);
    let sitemap = get(&serving, "/sitemaps/~.xml", "").body;
    let addresses: Vec<&str> = sitemap
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</loc>"))
        .map(|(address, _)| address)
        .collect();
    assert!(addresses.len() as u64 >= count("added"), "{sitemap}");
    for address in addresses {
        let path = address
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]))
            .expect("a path")
            .replace("&amp;", "&");
        assert!(
            !path.split('/').any(|step| matches!(step, "." | "..")),
            "{path}"
        );
        let answer = get(&serving, &path, "Accept-Language: en\r\n");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        for c in ['\u{202e}', '\u{2066}', '\u{0}', '\u{1b}', '\u{7}'] {
            assert!(!answer.body.contains(c), "{path} holds {c:?}");
        }
    }
}

/// What would run if it stood in a page as it is.
const SCRIPT: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'javascript:alert(1)";

fn harmless(body: &str, place: &str) {
    let lower = body.to_lowercase();
    // The site's own pages hold no script at all.
    for bad in ["<script", "<img src=x", "<svg onload", "href=\"javascript:"] {
        assert!(!lower.contains(bad), "{place}: {bad} in {body}");
    }
    // Within a tag, outside of what stands in quotes: there an attribute would take effect.
    for tag in lower.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let bare: String = tag.split('"').step_by(2).collect();
        assert!(!bare.contains("=alert("), "{place}: <{tag}>");
    }
}

#[test]
fn a_script_in_any_place_stays_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    let bad = SCRIPT
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("a folder");
    std::fs::write(files.join("Evil'\"&.svg"), "<svg onload=alert(1)>").expect("written");
    let xml = format!(
        "<mediawiki xml:lang=\"{bad}\"><siteinfo><sitename>{bad}</sitename><namespaces>\
         <namespace key=\"6\">File</namespace><namespace key=\"14\">Category</namespace></namespaces></siteinfo>\
         <page><title>'&quot; onmouseover=alert(1) x='</title><ns>0</ns><id>{bad}</id><revision><id>{bad}</id>\
         <timestamp>{bad}</timestamp><contributor><username>{bad}</username></contributor>\
         <comment>{bad}</comment><format>{bad}</format>\
         <text>{bad} {{{{Template|{bad}|a={bad}}}}} [[Category:&quot; onclick=alert(1)]] \
         [[File:Evil'&quot;&amp;.svg|{bad}]] [[a|{bad}]] [http://a.example/{bad} {bad}]</text></revision>\
         <revision><id>2</id><contributor><username>{bad}</username></contributor><comment>{bad}</comment>\
         <text>Another {bad} [[Category:&quot; onclick=alert(1)]]</text></revision></page>\
         <page><title>File:Evil'&quot;&amp;.svg</title><ns>6</ns><id>3</id><revision><id>3</id>\
         <text>{bad}</text></revision></page></mediawiki>"
    );
    std::fs::write(&file, xml).expect("written");
    let output = minga(
        &data,
        &[
            "import",
            "mediawiki",
            &file.display().to_string(),
            "--licence",
            "CC-BY-SA-4.0",
            "--attribution",
            SCRIPT,
            "--files",
            &files.display().to_string(),
            "--json",
        ],
    );
    let report = last_json(&output);
    assert_eq!(report["added"].as_u64(), Some(2), "{report}");
    let serving = Serving::start(&data);
    let title = "'%22_onmouseover=alert(1)_x='";
    let query = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E";
    for (path, status) in [
        (format!("/articles/{title}"), 200),
        (format!("/history/{title}"), 200),
        (format!("/diff/{title}"), 200),
        (format!("/source/{title}"), 200),
        (format!("/links/{title}"), 200),
        ("/files/Evil'%22&.svg".to_owned(), 200),
        ("/categories/%22_onclick=alert(1)".to_owned(), 200),
        ("/".to_owned(), 200),
        ("/all".to_owned(), 200),
        ("/changes".to_owned(), 200),
        ("/themes".to_owned(), 200),
        ("/care/wanted".to_owned(), 200),
        ("/about".to_owned(), 200),
        ("/search?q=alert".to_owned(), 200),
        (format!("/search?q={query}"), 200),
        (
            format!("/search?q=x&lang={query}&kind={query}&category={query}"),
            200,
        ),
        (format!("/search?q=x&after={query}"), 400),
        (format!("/articles/{query}"), 400),
        (format!("/{query}"), 404),
        (format!("/wiki/{query}"), 404),
        (format!("/index.php?title={query}&action={query}"), 404),
        (format!("/history/{query}"), 400),
        (format!("/diff/{title}?from={query}&to={query}"), 400),
        (format!("/all?from={query}&after={query}"), 200),
        (format!("/changes?after={query}&before={query}"), 200),
        (format!("/?lang={query}&theme={query}"), 200),
        (format!("/api/v1/changes?space={query}&since={query}"), 400),
        (format!("/feeds/categories/{query}"), 400),
    ] {
        for language in ["en", "es"] {
            let headers = format!("Accept: text/html\r\nAccept-Language: {language}\r\n");
            let answer = get(&serving, &path, &headers);
            // A refusal may be of either kind; what counts is that it is one, and harmless.
            let expected = answer.status == status || (status >= 400 && answer.status / 100 == 4);
            assert!(expected, "{path}: {} {}", answer.status, answer.body);
            if answer
                .header("content-type")
                .is_some_and(|t| t.starts_with("text/html"))
            {
                harmless(&answer.body, &path);
            }
        }
    }
    for feed in ["/feeds/changes.atom", "/sitemaps/~.xml", "/opensearch.xml"] {
        let answer = get(&serving, feed, "");
        assert_eq!(answer.status, 200, "{feed}");
        assert!(!answer.body.contains("<script"), "{feed}: {}", answer.body);
    }
    // What was put in as a file is given out where no script of it runs, never as a page of ours.
    let article = get(&serving, "/files/Evil'%22&.svg", "").body;
    let blob = article
        .split("href=\"/blobs/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("no link to the file: {article}"));
    let answer = get(&serving, &format!("/blobs/{blob}"), "");
    let media = answer.header("content-type").unwrap_or_default();
    assert!(!media.contains("html"), "{media}");
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert_eq!(
        policy, "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "{media}"
    );
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn texts_that_go_round_or_deep_are_pages_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    let deep: Vec<(String, String)> = [
        "[[", "{{", "{{a|[[", "{{{", "{|\n|\n", "<div>", "*", "'''''", "<ref>", "<!--", "[[a]]",
        "[http://", "<nowiki>", "=", ":", "{{{a|",
    ]
    .iter()
    .enumerate()
    .map(|(number, unit)| (format!("Deep {number}"), unit.repeat(10_000)))
    .collect();
    let mut pages = vec![
        (
            "Template:Self",
            10,
            "a {{Self}} {{Template:Self|{{Self}}}} b",
        ),
        ("Template:Ping", 10, "{{Pong}}"),
        ("Template:Pong", 10, "{{Ping}}"),
        ("Round", 0, "{{Self}} {{Ping}} {{Round}} {{:Round}}"),
    ];
    pages.extend(
        deep.iter()
            .map(|(title, text)| (title.as_str(), 0, text.as_str())),
    );
    std::fs::write(&file, dump(&pages)).expect("written");
    let began = Instant::now();
    let report = last_json(&import(&data, &file, &[]));
    let added = report["added"].as_u64();
    assert_eq!(added, Some(pages.len() as u64), "{report}");
    let serving = Serving::start(&data);
    for (title, namespace, _) in &pages {
        if *namespace == 0 {
            let path = format!("/articles/{}", title.replace(' ', "_"));
            let answer = get(&serving, &path, "Accept-Language: en\r\n");
            assert_eq!(answer.status, 200, "{title}");
            assert!(answer.body.contains("</html>"), "{title}");
        }
    }
    let taken = began.elapsed();
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}

#[test]
fn a_folder_that_is_no_minga_folder_and_one_that_cannot_be_written_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |data: &Path, args: &[&str], expected: &str| {
        let output = minga(data, args);
        let words = said(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {words}");
        let last = words.lines().last().unwrap_or_default();
        let named = last.contains(&*folder.path().to_string_lossy());
        assert!(last.contains(expected) && named, "{args:?}: {words}");
        assert!(!words.contains("panicked"), "{words}");
    };
    // Somebody else's folder: nothing in it is touched, and nothing is added.
    let other = folder.path().join("other");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("holiday.jpg"), "a picture").expect("written");
    refused(&other, &["rebuild"], "holds no Minga data");
    refused(
        &other,
        &["serve", "--listen", "127.0.0.1:0"],
        "holds other things",
    );
    assert_eq!(std::fs::read_dir(&other).expect("a folder").count(), 1);
    // A slip in the folder's name makes no second node.
    let slip = folder.path().join("slip");
    for command in ["check", "rebuild"] {
        refused(&slip, &[command], "holds no Minga data");
    }
    assert!(!slip.exists());
    // A database of something else.
    let alien = folder.path().join("alien");
    std::fs::create_dir(&alien).expect("a folder");
    std::fs::write(alien.join("minga.db"), "no database at all ".repeat(900)).expect("written");
    refused(&alien, &["check"], "is damaged or not a Minga database");
    // A file where a folder should be.
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").expect("written");
    refused(&file, &["check"], "file");
    refused(&file.join("below"), &["check"], "file");
    for inner in ["keys", "blobs", "index"] {
        let data = folder.path().join(format!("with-{inner}"));
        drop(Serving::start(&data));
        std::fs::remove_dir_all(data.join(inner)).expect("removed");
        std::fs::write(data.join(inner), "in the way").expect("written");
        refused(&data, &["rebuild"], inner);
    }
    // A key that is none, a backup that is none, a bundle that is none.
    let keyless = folder.path().join("keyless");
    drop(Serving::start(&keyless));
    std::fs::write(keyless.join("keys/commons"), "no key").expect("written");
    refused(&keyless, &["check"], "does not hold a key");
    let (nothing, picture) = (other.display().to_string(), other.join("holiday.jpg"));
    let picture = picture.display().to_string();
    let new = folder.path().join("new");
    refused(&new, &["restore", &nothing], "holds no backup");
    refused(&new, &["import", "bundle", &picture], "holiday.jpg");
    refused(&new, &["verify", &picture], "holiday.jpg");
}

/// A small node in a folder of its own.
fn small() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(WIKI)).expect("written");
    assert!(import(&data, &file, &[]).status.success());
    (folder, data)
}

fn fails(data: &Path, args: &[&str], expected: &str) {
    let output = minga(data, args);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {words}");
    let last = words.lines().last().unwrap_or_default();
    assert!(last.contains(expected), "{args:?}: {words}");
}

#[test]
fn an_export_replaces_files_alone_and_none_of_the_nodes_own() {
    let (folder, data) = small();
    for own in ["minga.db", "keys/commons", "new.bundle", "blobs/new.bundle"] {
        let out = data.join(own).display().to_string();
        for format in ["bundle", "mediawiki"] {
            fails(
                &data,
                &["export", format, "--out", &out],
                "among the node's own data",
            );
        }
    }
    let taken = folder.path().display().to_string();
    fails(&data, &["export", "--out", &taken], "it is a folder");
    fails(&data, &["export", "--out", "/dev/null"], "it is no file");
    // What is called almost the same stays, and a link stays a link.
    let part = folder.path().join("a.part");
    std::fs::write(&part, "mine").expect("written");
    let (real, link) = (folder.path().join("real"), folder.path().join("a.bundle"));
    std::fs::write(&real, "old").expect("written");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    let out = link.display().to_string();
    assert!(minga(&data, &["export", "--out", &out]).status.success());
    assert_eq!(std::fs::read_to_string(&part).expect("read"), "mine");
    assert!(link.is_symlink());
    let real = real.display().to_string();
    assert!(minga(&data, &["verify", &real]).status.success());
    assert!(minga(&data, &["check"]).status.success());
}

#[test]
fn what_follows_a_dump_and_a_wrong_checksum_are_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let xml = dump(WIKI);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(xml.as_bytes()).expect("packed");
    let packed = packed.finish().expect("packed");
    let mut wrong = packed.clone();
    let checksum = wrong.len() - 6;
    wrong[checksum] ^= 1;
    let twice = [packed.clone(), packed.clone()].concat();
    let cut = packed[..packed.len() - 8].to_vec();
    for (name, bytes, expected) in [
        ("wrong.xml.gz", wrong, "is damaged"),
        ("cut.xml.gz", cut, "is damaged"),
        ("twice.xml.gz", twice, "follows after </mediawiki>"),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("written");
        let output = import(&folder.path().join(format!("data-{name}")), &file, &[]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(
            said(&output).contains(expected),
            "{name}: {}",
            said(&output)
        );
        assert!(last_json(&output)["error"].is_string(), "{name}");
    }
    // A dump that says nothing of its wiki is read all the same.
    let (before, rest) = xml.split_once("<siteinfo>").expect("siteinfo");
    let plain = format!(
        "{before}{}",
        rest.split_once("</siteinfo>").expect("siteinfo").1
    );
    let file = folder.path().join("plain.xml");
    std::fs::write(&file, plain).expect("written");
    let report = last_json(&import(&folder.path().join("plain"), &file, &[]));
    assert_eq!(
        report["added"].as_u64(),
        Some(WIKI.len() as u64),
        "{report}"
    );
}

#[test]
fn an_import_is_alone_and_its_options_are_looked_at() {
    let (folder, data) = small();
    let file = folder.path().join("wiki.xml");
    let lock = std::fs::File::create(data.join("import.lock")).expect("a file");
    lock.lock().expect("locked");
    let busy = import(&data, &file, &[]);
    assert_eq!(busy.status.code(), Some(1));
    assert!(said(&busy).contains("another import"), "{}", said(&busy));
    drop(lock);
    assert!(import(&data, &file, &[]).status.success());
    let file = file.display().to_string();
    let with = |licence: &str, files: &str| {
        let args = [
            "import",
            "mediawiki",
            &file,
            "--licence",
            licence,
            "--attribution",
            "X",
            "--files",
            files,
        ];
        said(&minga(&data, &args))
    };
    let here = folder.path().display().to_string();
    assert!(with("Total nonsense", &here).contains("no SPDX identifier"));
    assert!(with("CC-BY-SA-3.0", &file).contains("is no folder"));
    let served = minga(&data, &["serve", "--public-url", "javascript:alert(1)"]);
    assert_eq!(served.status.code(), Some(2), "{}", said(&served));
}

#[test]
fn a_restore_that_fails_leaves_nothing_to_serve() {
    let (folder, data) = small();
    let place = |name: &str| folder.path().join(name);
    let text = |name: &str| place(name).display().to_string();
    assert!(minga(&data, &["backup", &text("copy")]).status.success());
    assert!(
        minga(&data, &["export", "--out", &text("all.bundle")])
            .status
            .success()
    );
    let bundle = std::fs::read(place("all.bundle")).expect("read");
    std::fs::write(place("cut.bundle"), &bundle[..bundle.len() / 2]).expect("written");
    let target = place("target");
    for (from, more, expected) in [
        ("copy", "cut.bundle", "is not a whole bundle"),
        ("copy", "absent.bundle", "cannot be opened"),
    ] {
        let args = ["restore", &text(from), "--withdrawals", &text(more)];
        fails(&target, &args, expected);
        assert!(!target.join("minga.db").exists(), "{more}");
    }
    std::fs::create_dir(place("empty")).expect("a folder");
    std::fs::write(place("empty").join("minga.db"), "").expect("written");
    fails(&target, &["restore", &text("empty")], "it has no log");
    std::fs::create_dir(place("photos")).expect("a folder");
    std::fs::write(place("photos").join("a.jpg"), "mine").expect("written");
    fails(
        &place("photos"),
        &["restore", &text("copy")],
        "holds other things",
    );
    let restored = minga(&target, &["restore", &text("copy")]);
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(said(&restored).contains("speaks for a new commons"));
    // What stands behind a bundle's manifest was signed by nobody.
    let twice = [bundle.clone(), bundle].concat();
    std::fs::write(place("twice.bundle"), twice).expect("written");
    fails(
        &target,
        &["verify", &text("twice.bundle")],
        "follows after its manifest",
    );
}

#[test]
fn a_bundle_of_nothing_but_invalid_records_takes_little_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bomb.bundle");
    let mut packed =
        zstd::stream::write::Encoder::new(std::fs::File::create(&file).expect("a file"), 3)
            .expect("zstd");
    packed
        .write_all(b"{\"type\":\"Bundle\",\"version\":1}\n")
        .expect("written");
    for _ in 0..20 {
        packed.write_all(&b"{}\n".repeat(10_000)).expect("written");
    }
    packed.finish().expect("written");
    let file = file.display().to_string();
    fails(
        folder.path(),
        &["verify", &file],
        "of its first 100002 lines are invalid",
    );
}

#[test]
fn titles_that_look_encoded_lead_to_all_their_pages() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(&[("A%252FB", 0, "One."), ("Plain", 0, "Two.")])).expect("written");
    assert!(import(&data, &file, &[]).status.success());
    let serving = Serving::start(&data);
    let all = get(&serving, "/all", "Accept-Language: en\r\n").body;
    let links: Vec<&str> = all
        .split("href=\"/articles/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(links.len() >= 2, "{all}");
    for link in links {
        for page in ["articles", "history", "links", "source", "api/v1/articles"] {
            let answer = get(
                &serving,
                &format!("/{page}/{link}"),
                "Accept-Language: en\r\n",
            );
            assert_eq!(answer.status, 200, "/{page}/{link}");
        }
    }
    for (path, status) in [
        ("/api/v1/changes?since=99999999", 400),
        ("/api/v1/search?q=%F0%9F%98%80", 200),
    ] {
        let answer = get(&serving, path, "");
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(!answer.body.contains("\"total\":2"), "{}", answer.body);
    }
}

#[test]
fn an_older_dump_takes_nothing_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let at = |revision: u32, text: &str| {
        let file = folder.path().join(format!("{revision}.xml"));
        let xml = format!(
            "{HEAD}<page><title>Well</title><ns>0</ns><id>1</id><revision><id>{revision}</id>\
             <timestamp>2026-05-17T00:00:00Z</timestamp><text>{text}</text></revision></page></mediawiki>"
        );
        std::fs::write(&file, xml).expect("written");
        last_json(&import(&data, &file, &[]))
    };
    assert_eq!(at(20, "A deep well.")["added"].as_u64(), Some(1));
    let older = at(10, "A hole.");
    assert_eq!(older["unchanged"].as_u64(), Some(1), "{older}");
    assert!(older.to_string().contains("older_dump"), "{older}");
    assert_eq!(at(30, "A deeper well.")["updated"].as_u64(), Some(1));
    let serving = Serving::start(&data);
    let page = get(&serving, "/articles/Well", "Accept-Language: en\r\n");
    assert!(page.body.contains("A deeper well."), "{}", page.body);
}

#[test]
fn titles_that_stand_twice_stay_apart_at_every_import() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    let twice = [("Dup", 0, "The one."), ("Dup", 0, "The other.")];
    std::fs::write(&file, dump(&twice)).expect("written");
    assert_eq!(
        last_json(&import(&data, &file, &[]))["added"].as_u64(),
        Some(2)
    );
    let again = last_json(&import(&data, &file, &[]));
    assert_eq!(again["unchanged"].as_u64(), Some(2), "{again}");
    let serving = Serving::start(&data);
    for (path, text) in [
        ("/articles/Dup", "The one."),
        ("/articles/Dup_(2)", "The other."),
    ] {
        let page = get(&serving, path, "Accept-Language: en\r\n");
        assert!(page.body.contains(text), "{path}: {}", page.body);
    }
}

#[test]
fn every_report_lists_what_is_wrong_within_pages_until_it_is_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    let faults = |pages: &[(&str, i32, &str)]| -> Vec<String> {
        std::fs::write(&file, dump(pages)).expect("written");
        let report = last_json(&import(&data, &file, &[]));
        let problems = report["problems"].as_array().expect("problems").clone();
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        problems
            .iter()
            .map(|p| {
                format!(
                    "{} {} {}",
                    text(&p["where"]),
                    text(&p["code"]),
                    text(&p["what"])
                )
            })
            .collect()
    };
    let broken = [
        ("Well", 0, "Deep.\n\nSee [[Rope"),
        ("Category:Water", 14, "'''Water"),
    ];
    let first = faults(&broken);
    assert_eq!(
        first,
        [
            "Well unclosed_link line 3: [[Rope",
            "Category:Water unclosed_bold line 1: '''Water"
        ]
    );
    assert_eq!(faults(&broken), first, "nothing changed");
    let serving = Serving::start(&data);
    let list = get(&serving, "/care/faults", "Accept-Language: es\r\n").body;
    assert!(
        list.contains("un enlace que no termina, línea 3") && list.contains("[[Rope"),
        "{list}"
    );
    let mended = [("Well", 0, "Deep.\n\nSee [[Rope]]"), broken[1]];
    assert_eq!(faults(&mended), &first[1..]);
    let list = get(&serving, "/care/faults", "Accept-Language: es\r\n").body;
    assert!(!list.contains("[[Rope") && list.contains("Water"), "{list}");
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_cannot_be_written_is_named_with_a_way_out() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(&[("Well", 0, "Deep.")])).expect("written");
    assert!(import(&data, &file, &[]).status.success());
    let open = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    open(folder.path(), 0o755);
    open(&data, 0o555);
    // Root writes everywhere: it becomes nobody, if nobody may run what was built here.
    let mut command = Command::new(env!("CARGO_BIN_EXE_minga"));
    command.arg("check").arg("--data").arg(&data);
    if std::fs::File::create(data.join("probe")).is_ok() {
        command.uid(65_534).gid(65_534);
    }
    match command.output() {
        Ok(output) => {
            let said = said(&output);
            assert!(!output.status.success(), "{said}");
            assert!(
                said.contains("cannot be written") && said.contains("--data"),
                "{said}"
            );
            assert_eq!(said.lines().count(), 1, "{said}");
        }
        Err(error) => println!("skipped: {error}"),
    }
    open(&data, 0o755);
}

/// A dump of one page with revisions: number, text; an empty text is one that the wiki hides.
fn history(title: &str, revisions: &[(u32, &str)]) -> String {
    let mut xml = format!("{HEAD}<page><title>{title}</title><ns>0</ns><id>1</id>");
    for (number, text) in revisions {
        let text = match *text {
            "" => "<text deleted=\"deleted\" />".to_owned(),
            text => format!("<text>{text}</text>"),
        };
        let day = number % 28 + 1;
        xml.push_str(&format!(
            "<revision><id>{number}</id><timestamp>2026-05-{day:02}T00:00:00Z</timestamp>{text}</revision>"
        ));
    }
    xml + "</page></mediawiki>"
}

#[test]
fn a_history_is_complete_whatever_comes_when() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wiki.xml");
    let bring = |data: &str, revisions: &[(u32, &str)]| {
        std::fs::write(&file, history("Well", revisions)).expect("written");
        last_json(&import(&folder.path().join(data), &file, &[]))
    };
    let shown = |data: &str| {
        let serving = Serving::start(&folder.path().join(data));
        let page = get(&serving, "/source/Well?raw=1", "");
        let past = get(&serving, "/history/Well", "Accept-Language: en\r\n").body;
        (page.body, past.matches("author not named").count())
    };
    let told = |report: &serde_json::Value, code: &str| {
        let problems = report["problems"].as_array().expect("problems");
        problems.iter().any(|problem| problem["code"] == code)
    };
    // A revert: its text is that which is here, and what was between is history all the same.
    bring("revert", &[(10, "good")]);
    assert_eq!(
        bring("revert", &[(10, "good"), (11, "spite"), (12, "good")])["updated"],
        1
    );
    let older = bring("revert", &[(10, "good"), (11, "spite")]);
    assert!(
        older["unchanged"] == 1 && told(&older, "older_dump"),
        "{older}"
    );
    assert_eq!(shown("revert"), ("good".to_owned(), 3));
    // The same where only the newest came.
    bring("newest", &[(10, "good")]);
    assert_eq!(bring("newest", &[(12, "good")])["unchanged"], 1);
    assert!(told(&bring("newest", &[(11, "spite")]), "older_dump"));
    assert_eq!(shown("newest"), ("good".to_owned(), 1));
    // What is older than what is here is told.
    let full = bring(
        "newest",
        &[(8, "first"), (9, "second"), (10, "good"), (12, "good")],
    );
    assert!(told(&full, "older_history"), "{full}");
    // Newest first, as some exports have it.
    bring("turned", &[(12, "third"), (11, "second"), (10, "first")]);
    let again = bring("turned", &[(10, "first"), (11, "second"), (12, "third")]);
    assert_eq!(again["unchanged"], 1, "{again}");
    assert_eq!(shown("turned"), ("third".to_owned(), 3));
    // A hidden text is not an empty one.
    bring("hidden", &[(10, "good")]);
    let hidden = bring("hidden", &[(10, "good"), (11, "")]);
    assert!(
        hidden["unchanged"] == 1 && told(&hidden, "hidden_text"),
        "{hidden}"
    );
    assert_eq!(shown("hidden"), ("good".to_owned(), 1));
}

#[test]
fn files_come_from_mediawikis_own_folders_and_are_missed_when_they_are_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    // The MD5 of “A_well.png” begins with its folders' names.
    let images = folder.path().join("images");
    let place = images.join(&WELL[..1]).join(&WELL[..2]);
    std::fs::create_dir_all(&place).expect("a folder");
    std::fs::write(place.join("A_well.png"), b"\x89PNG\r\n\x1a\n a well").expect("written");
    std::fs::write(&file, dump(&[("File:A well.png", 6, "Deep.")])).expect("written");
    let report = last_json(&import(
        &data,
        &file,
        &["--files", &images.display().to_string()],
    ));
    assert!(!report.to_string().contains("file_missing"), "{report}");
    assert!(minga(&data, &["check"]).status.success());
    let blobs = data.join("blobs");
    std::fs::remove_dir_all(&blobs).expect("removed");
    std::fs::create_dir(&blobs).expect("made");
    let (bundle, backup) = (folder.path().join("b.minga"), folder.path().join("backup"));
    for args in [
        &["check"][..],
        &["export", "--out", &bundle.display().to_string()],
        &["backup", &backup.display().to_string()],
    ] {
        let output = minga(&data, args);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(
            said.contains("1 of the files that pages cite"),
            "{args:?}: {said}"
        );
    }
    // What is there was exported and copied all the same.
    assert!(bundle.exists() && backup.join("minga.db").exists());
}

/// `printf A_well.png | md5sum`
const WELL: &str = "f2d87bfc0a6105c7a7014192ddcf417e";

#[test]
fn a_commons_without_its_key_is_no_other_commons() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(&[("Well", 0, "Deep.")])).expect("written");
    assert!(import(&data, &file, &[]).status.success());
    let (keys, aside) = (data.join("keys"), folder.path().join("keys"));
    std::fs::rename(&keys, &aside).expect("moved");
    for args in [
        &["check"][..],
        &["backup", "nowhere"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let output = minga(&data, args);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(
            said.contains("it is missing, and the commons has"),
            "{args:?}: {said}"
        );
        assert!(!keys.join("commons").exists());
    }
    std::fs::remove_dir_all(&keys).ok();
    std::fs::rename(&aside, &keys).expect("moved back");
    assert!(minga(&data, &["check"]).status.success());
}
