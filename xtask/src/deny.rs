//! Licences, bans and sources of every dependency: `cargo deny`, by `deny.toml`.
//!
//! Advisories are left out: their database is a repository that not every machine can reach.

use crate::Outcome;
use crate::process::{cargo, on_path, root, run, target};
use std::path::PathBuf;
use std::process::Command;

/// The release that is built where none is installed; that takes about three minutes on two cores.
const RELEASE: &str = "cargo-deny@0.20.2";

/// Checks every dependency; returns what ran.
pub(crate) fn check() -> Outcome<String> {
    let (program, said) = match on_path("cargo-deny") {
        Some(found) => (found, "cargo-deny as installed".to_owned()),
        None => (built()?, format!("{RELEASE} from target/tools")),
    };
    run(Command::new(program).current_dir(root()).args([
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ]))?;
    Ok(said)
}

/// Returns a cargo-deny of our own in `target/tools`, built on first use.
fn built() -> Outcome<PathBuf> {
    let tools = target().join("tools");
    let program = tools.join("bin/cargo-deny");
    if !program.is_file() {
        println!(
            "cargo-deny is not installed; building it into {}",
            tools.display()
        );
        // Built apart from the workspace, with which its dependencies have nothing to do.
        run(cargo()
            .args(["install", "--quiet", "--locked", "--root"])
            .arg(&tools)
            .arg(RELEASE)
            .env_remove("CARGO_TARGET_DIR")
            .current_dir(std::env::temp_dir()))?;
    }
    Ok(program)
}
