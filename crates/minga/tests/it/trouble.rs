//! What the world does to a node: another program's lock, folders and disks that cannot be used.

use crate::cli::{Serving, WIKI, dump, import, last_json, minga};
use crate::pages::get;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The one sentence that a failed command ends with.
fn sentence(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("panicked"), "{text}");
    text.lines().last().unwrap_or_default().to_owned()
}

/// Another program that holds the database's lock until this is dropped.
struct Holder(Child);

impl Holder {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_minga"))
            .args(["load", "hold", "--seconds", "60", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout"))
            .read_line(&mut line)
            .expect("a line");
        assert!(line.contains("holds"), "{line}");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_locked_database_is_read_and_says_so_to_who_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(&WIKI[..6])).expect("written");
    assert!(import(&data, &file, &[]).status.success());
    drop(Serving::start(&data));
    std::fs::write(&file, dump(WIKI)).expect("written");
    let holder = Holder::start(&data);
    let serving = Serving::start(&data);
    let refused = import(&data, &file, &["--wait", "1"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(
        sentence(&refused),
        "minga: the database is locked by another process; try again when it has finished"
    );
    assert_eq!(get(&serving, "/articles/Commons", "").status, 200);
    let ready = get(&serving, "/readyz", "");
    assert_eq!(
        (ready.status, ready.body.trim()),
        (
            503,
            "the database is locked by another process; try again when it has finished"
        )
    );
    let check = minga(&data, &["check", "--wait", "1"]);
    assert!(check.status.success(), "{}", sentence(&check));
    drop(holder);
    let began = Instant::now();
    while get(&serving, "/readyz", "").status != 200 {
        assert!(began.elapsed() < Duration::from_secs(30), "still not ready");
        std::thread::sleep(Duration::from_millis(100));
    }
    let report = last_json(&import(&data, &file, &[]));
    assert_eq!(
        (report["added"].as_u64(), report["unchanged"].as_u64()),
        (Some(6), Some(6))
    );
}
