//! The programs that the check needs besides Rust, and how they are got.

use crate::Outcome;
use crate::args::Args;
use crate::process::{is_root, on_path, printed, run as run_command};
use std::path::{Path, PathBuf};
use std::process::Command;

/// `cargo xtask tools`.
pub(crate) fn run(args: Args) -> Outcome {
    args.done()?;
    let missing = missing();
    if missing.is_empty() {
        println!("nothing is missing");
        return Ok(());
    }
    println!("missing: {}", missing.join(", "));
    if install(&missing)? {
        return Ok(());
    }
    crate::failed(format!(
        "as root, install: apt-get install {}",
        missing.join(" ")
    ))
}

/// Returns the Debian packages of what is not on this machine.
fn missing() -> Vec<&'static str> {
    let mut packages = Vec::new();
    if postgres().is_none() {
        packages.push("postgresql");
    }
    if chromium().is_none() {
        packages.push("chromium");
    }
    // Pages are as wide as their letters; without these, Debian's Chromium draws with others.
    if !has_fonts() {
        packages.push("fonts-noto-core");
    }
    if on_path("npm").is_none() {
        packages.extend(["nodejs", "npm"]);
    }
    if on_path("bzcat").is_none() {
        packages.push("bzip2");
    }
    packages
}

/// Installs Debian packages if this machine has such and we may; returns whether it did.
pub(crate) fn install(packages: &[&str]) -> Outcome<bool> {
    if on_path("apt-get").is_none() || !is_root() {
        return Ok(false);
    }
    println!("installing {}", packages.join(", "));
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .arg("-qq")
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run_command(&mut apt(&["update"]))?;
    run_command(apt(&["install", "-y", "--no-install-recommends"]).args(packages))?;
    Ok(true)
}

/// Returns the folder of PostgreSQL's server programs, the newest if there are several.
pub(crate) fn postgres() -> Option<PathBuf> {
    let version = |folder: &Path| -> u32 {
        folder
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok())
            .unwrap_or(0)
    };
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .and_then(|folders| {
            folders
                .flatten()
                .map(|folder| folder.path())
                .filter(|folder| folder.join("bin/initdb").is_file())
                .max_by_key(|folder| version(folder))
                .map(|folder| folder.join("bin"))
        });
    // A link on the path leads to the folder where the others are, too.
    debian.or_else(|| {
        let initdb = on_path("initdb")?.canonicalize().ok()?;
        initdb
            .parent()
            .filter(|bin| bin.join("postgres").is_file())
            .map(Path::to_path_buf)
    })
}

/// Returns a Chromium.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| on_path(name))
}

fn has_fonts() -> bool {
    printed(Command::new("fc-list").args([":", "family"]))
        .is_ok_and(|list| list.contains("Noto Serif"))
}
