//! The arrows between crates, and what is absent from them.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Which workspace crates each may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("record", &[]),
    ("wikitext", &[]),
    ("search", &[]),
    ("store", &["record"]),
    ("atlas", &["record", "store", "site"]),
    ("site", &["record", "store", "search"]),
    ("people", &["record", "store", "search", "site"]),
    (
        "knowledge",
        &["record", "store", "search", "site", "wikitext", "people"],
    ),
    (
        "initiatives",
        &["record", "store", "search", "site", "people", "atlas"],
    ),
    (
        "minga",
        &[
            "record",
            "store",
            "search",
            "site",
            "people",
            "knowledge",
            "atlas",
            "initiatives",
        ],
    ),
    ("xtask", &[]),
];

/// Which crates alone may name a library.
const OWNERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("postgres", &["store"]),
    ("axum", &["site"]),
    ("tokio", &["site", "minga"]),
    ("tantivy", &["search"]),
    ("lettre", &["minga"]),
    ("ed25519-dalek", &["record"]),
];

#[test]
fn arrows_between_crates_run_down_only() {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("cargo metadata");
    let members: Vec<String> = metadata
        .packages
        .iter()
        .map(|p| p.name.to_string())
        .collect();
    for package in &metadata.packages {
        let (_, allowed) = ARROWS
            .iter()
            .find(|(name, _)| *name == package.name.as_str())
            .unwrap_or_else(|| panic!("{} has no row in ARROWS: draw its arrows", package.name));
        for dependency in &package.dependencies {
            if members.contains(&dependency.name) && !allowed.contains(&dependency.name.as_str()) {
                panic!(
                    "{} uses {}, which no arrow allows",
                    package.name, dependency.name
                );
            }
            if let Some((_, owners)) = OWNERS.iter().find(|(name, _)| *name == dependency.name) {
                let tests_only = dependency.kind == cargo_metadata::DependencyKind::Development;
                assert!(
                    tests_only || owners.contains(&package.name.as_str()),
                    "{} names {}, which is the business of {owners:?}",
                    package.name,
                    dependency.name
                );
            }
        }
    }
}

/// Words that pure modules may not name.
const IMPURE: &[&str] = &[
    "rusqlite",
    "postgres::",
    "axum",
    "tokio",
    "std::fs",
    "std::net",
    "SystemTime::now",
    "getrandom",
    "std::env",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn pure_modules_name_no_world() {
    let mut files = Vec::new();
    for folder in [
        "crates/record/src",
        "crates/wikitext/src",
        "crates/atlas/src",
    ] {
        sources(&root().join(folder), &mut files);
    }
    for name in ["model.rs", "rules.rs"] {
        files.push(root().join("crates/people/src").join(name));
    }
    for name in ["model.rs", "rules.rs", "redirects.rs"] {
        files.push(root().join("crates/knowledge/src").join(name));
    }
    assert!(files.len() > 20, "the pure modules were not found");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        for word in IMPURE {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn sql_stands_in_tables_and_in_the_store_alone() {
    let mut files = Vec::new();
    sources(&root().join("crates/knowledge/src"), &mut files);
    sources(&root().join("crates/people/src"), &mut files);
    sources(&root().join("crates/search/src"), &mut files);
    sources(&root().join("crates/minga/src"), &mut files);
    for file in files {
        if file.components().any(|part| part.as_os_str() == "tables") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        for word in ["INSERT INTO ", "SELECT ", "UPDATE ", "DELETE FROM "] {
            assert!(!text.contains(word), "{} holds SQL: {word}", file.display());
        }
    }
}

#[test]
fn no_capability_takes_a_word_of_another() {
    for tag in ["es", "en"] {
        let sources: Vec<&'static str> = ["site", "people", "knowledge"]
            .into_iter()
            .map(|name| {
                let file = root().join(format!("crates/{name}/words/{tag}.ftl"));
                &*std::fs::read_to_string(file).expect("a catalogue").leak()
            })
            .collect();
        let lang = site::Lang::parse(tag).expect("a language");
        let (_, problems) = site::Words::new(lang, &sources);
        assert!(problems.is_empty(), "{problems:?}");
    }
}

#[test]
fn both_languages_have_the_same_words() {
    for folder in [
        "crates/site/words",
        "crates/people/words",
        "crates/knowledge/words",
    ] {
        let keys = |lang: &str| -> Vec<String> {
            let text =
                std::fs::read_to_string(root().join(folder).join(lang)).expect("a catalogue");
            let mut keys: Vec<String> = text
                .lines()
                .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
                .collect();
            keys.sort();
            // A message that cannot be parsed is shown by its key; two of one name are one.
            let tag = lang.trim_end_matches(".ftl");
            let lang = site::Lang::parse(tag).expect("a language");
            let (_, problems) = site::Words::new(lang, &[text.leak()]);
            assert!(problems.is_empty(), "{folder}: {problems:?}");
            keys
        };
        assert_eq!(keys("es.ftl"), keys("en.ftl"), "{folder}");
    }
}
