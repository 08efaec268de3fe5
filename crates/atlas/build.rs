//! Builds the map beneath everything, which becomes part of the program: `basemap/basemap.mjs` writes its three files, and
//! `basemap/browser.mjs` packs them for browsers, with what draws them there.
//!
//! `MINGA_BASEMAP` names a folder in which they stand already. Where there is neither it nor Node, the program is
//! built without a map and says so; in CI that is an error.

use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: [&str; 8] = [
    "basemap.json",
    "world.json",
    "places.json",
    "maplibre-gl.mjs.gz",
    "maplibre-gl-worker.mjs.gz",
    "topojson-client.js.gz",
    "world.json.gz",
    "basemap.json.gz",
];

fn main() {
    println!("cargo:rerun-if-env-changed=MINGA_BASEMAP");
    println!("cargo:rerun-if-env-changed=CI");
    for name in ["basemap.mjs", "browser.mjs", "package-lock.json"] {
        println!("cargo:rerun-if-changed=basemap/{name}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo names OUT_DIR"));
    let made = match std::env::var_os("MINGA_BASEMAP") {
        Some(folder) => FILES.iter().try_for_each(|name| {
            let from = Path::new(&folder).join(name);
            std::fs::copy(&from, out.join(name))
                .map(drop)
                .map_err(|error| format!("{}: {error}", from.display()))
        }),
        None => build(Path::new("basemap"), &out),
    };
    if let Err(reason) = made {
        assert!(
            !std::env::var("CI").is_ok_and(|ci| ci == "true"),
            "the map: {reason}"
        );
        println!("cargo:warning=maps have no land: {reason}");
        for name in FILES {
            std::fs::write(out.join(name), "").expect("OUT_DIR can be written");
        }
    }
}

/// Installs what is asked for where it changed, and builds the files into a folder.
fn build(source: &Path, out: &Path) -> Result<(), String> {
    let lock = std::fs::read(source.join("package-lock.json")).map_err(|e| e.to_string())?;
    let mark = source.join("node_modules/.installed-lock");
    if std::fs::read(&mark).ok().as_ref() != Some(&lock) {
        let install = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        run(Command::new("npm").current_dir(source).args(install))?;
        std::fs::write(&mark, &lock).map_err(|e| e.to_string())?;
    }
    for script in ["basemap.mjs", "browser.mjs"] {
        run(Command::new("node")
            .current_dir(source)
            .arg(script)
            .arg(out))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            Err(format!(
                "{program} ended with {}: {}",
                done.status,
                said.trim()
            ))
        }
        Err(error) => Err(format!("{program} cannot be run: {error}")),
    }
}
