//! The story of the full disk: whatever runs says so in one sentence, and nothing is lost.

use crate::json::Json;
use crate::load::fetch;
use crate::node::{Serving, answer, bare, import, minga};
use crate::powercut::{self, Disk};
use crate::process::{Dice, Scratch};
use crate::{Outcome, failed};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Pages of the wiki that is imported: enough for a few batches.
const PAGES: u64 = 500;

/// Tells the story; none where the layer cannot be compiled.
pub(crate) fn story(program: &Path) -> Outcome<Option<String>> {
    let Some(library) = powercut::compile()? else {
        return Ok(None);
    };
    let scratch = Scratch::on_disk("disk")?;
    let disk = Disk::new(&library, &scratch)?;
    std::fs::create_dir_all(disk.join(""))?;
    let dump = scratch.join("wiki.xml");
    std::fs::write(&dump, wiki())?;
    let mut ended = 0;
    let mut room = 0;
    // Full at the folder's first byte, then later and later, until the import gets through.
    while !import_with(program, &disk, &dump, room)? {
        ended += 1;
        room = room * 2 + 3_000;
    }
    serve_full(program, &disk)?;
    Ok(Some(format!(
        "{ended} imports stopped by a full disk went on afterwards; a serving node was read meanwhile"
    )))
}

/// Imports with so much room; returns whether it was enough. If not, the import must go on with more.
fn import_with(program: &Path, disk: &Disk, dump: &Path, room: u64) -> Outcome<bool> {
    let data = disk.join("data");
    let _ = std::fs::remove_dir_all(&data);
    let output = disk
        .on(&mut import(program, &data, dump), Some(room))
        .output()?;
    if output.status.success() {
        return Ok(true);
    }
    let place = format!("an import with {room} bytes of room");
    says_full(&output, disk, &place)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let kept = said
        .lines()
        .filter_map(|line| Json::parse(line)?.at("kept").count())
        .max()
        .unwrap_or(0);
    // With no room for a database there is no node, and `check` makes none.
    let there = if kept == 0 && !data.join("minga.db").exists() {
        0
    } else {
        let check = answer(&mut minga(program, &data, &["check"]))?;
        let there = check.count("records")?;
        if check.json.at("ok") != &Json::Bool(true) || there < kept {
            return failed(format!(
                "{place} kept {kept} pages, {there} are there; {:?}",
                check.json.at("differences")
            ));
        }
        there
    };
    let rest = answer(&mut import(program, &data, dump))?;
    if rest.count("added")? + there != PAGES || rest.count("unchanged")? != there {
        return failed(format!("{place} does not go on: {:?}", rest.json));
    }
    Ok(false)
}

/// A command that met a full disk ends with 1 and one sentence that says what and where.
fn says_full(output: &std::process::Output, disk: &Disk, place: &str) -> Outcome {
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    let folder = disk.join("");
    let named = last.contains("the disk is full: ")
        && (last.contains(&*folder.to_string_lossy()) || last.contains("the search index"));
    if output.status.code() == Some(1) && named && !said.contains("panicked") {
        return Ok(());
    }
    failed(format!(
        "{place} ended with {} and said: {said}",
        output.status
    ))
}

/// Fills the disk under a serving node, and makes room again.
fn serve_full(program: &Path, disk: &Disk) -> Outcome {
    let data = disk.join("data");
    let serving = Serving::by(disk.on(&mut bare(program), None), &data)?;
    let get = |path: &str| fetch(serving.address(), path);
    wait_for(&get, 200, "ready")?;
    disk.fill(true)?;
    let (mut told, output) = edits(program, disk, &data)?;
    says_full(&output, disk, "an edit")?;
    for path in ["/articles/Page_7", "/search?q=page", "/changes"] {
        let (status, _) = get(path)?;
        if status != 200 {
            return failed(format!("on a full disk {path} answers {status}"));
        }
    }
    wait_for(&get, 507, "the disk is full")?;
    for words in [
        &["backup", &*disk.join("backup").to_string_lossy()][..],
        &[
            "export",
            "--out",
            &disk.join("all.bundle").to_string_lossy(),
        ],
        &["check"],
    ] {
        let output = disk.on(&mut minga(program, &data, words), None).output()?;
        says_full(&output, disk, &words.join(" "))?;
    }
    if disk.join("all.bundle").exists() || disk.join("backup/minga.db").exists() {
        return failed("half an export or backup was left under its name");
    }
    disk.fill(false)?;
    wait_for(&get, 200, "ready")?;
    let (more, output) = edits(program, disk, &data)?;
    if !output.status.success() {
        return failed("after room was made an edit still fails");
    }
    told.extend(more);
    let mut feed = String::new();
    for since in [0, 1_000] {
        feed.push_str(&get(&format!("/api/v1/changes?since={since}"))?.1);
    }
    if let Some(gone) = told.iter().find(|id| !feed.contains(id.as_str())) {
        return failed(format!("the acknowledged edit {gone} is gone"));
    }
    drop(serving);
    let check = answer(&mut minga(program, &data, &["check"]))?;
    if check.json.at("ok") != &Json::Bool(true) {
        return failed("after a full disk the tables differ from the log");
    }
    Ok(())
}

/// Edits for a second; returns the ids that were acknowledged, and how it ended.
fn edits(program: &Path, disk: &Disk, data: &Path) -> Outcome<(Vec<String>, std::process::Output)> {
    let words = ["load", "edits", "--rate", "100", "--seconds", "1", "--tell"];
    let mut command: Command = minga(program, data, &words);
    let output = disk.on(&mut command, None).output()?;
    let ids = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| Some(Json::parse(line)?.at("id").text()?.to_owned()))
        .collect();
    Ok((ids, output))
}

/// Waits until `/readyz` answers so.
fn wait_for(get: &dyn Fn(&str) -> Outcome<(u16, String)>, status: u16, sentence: &str) -> Outcome {
    let began = Instant::now();
    loop {
        let (found, text) = get("/readyz")?;
        if found == status && text.contains(sentence) {
            return Ok(());
        }
        if began.elapsed() > Duration::from_secs(15) {
            return failed(format!(
                "/readyz answers {found} “{}” instead of {status} “{sentence}”",
                text.trim()
            ));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// A wiki of words drawn at random, so that it does not compress away.
fn wiki() -> String {
    let mut dice = Dice::new(7);
    let mut xml =
        String::from("<mediawiki xml:lang=\"en\"><siteinfo><sitename>Test</sitename></siteinfo>\n");
    for page in 0..PAGES {
        let mut text = String::new();
        for _ in 0..300 {
            let _ = write!(text, "{:x} ", dice.below(1 << 24));
        }
        let _ = writeln!(
            xml,
            "<page><title>Page {page}</title><ns>0</ns><id>{page}</id><revision><id>{page}</id>\
             <timestamp>2026-05-17T00:00:00Z</timestamp><text>{text}</text></revision></page>"
        );
    }
    xml.push_str("</mediawiki>\n");
    xml
}
