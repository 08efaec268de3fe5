//! Titles as one types, and titles like one that does not exist.

use search::Document;

use crate::world::{SPACE, World, page};

fn world() -> World {
    World::of(&[
        Document {
            rank: 5,
            ..page("es", "Economía solidaria", "")
        },
        Document {
            rank: 90,
            ..page("es", "Redes de economía", "")
        },
        Document {
            rank: 1,
            ..page("es", "Economía", "")
        },
        Document {
            rank: 200,
            ..page("en", "Solar drying", "")
        },
        Document {
            rank: 0,
            ..page("en", "Seed library", "")
        },
    ])
}

fn suggested(prefix: &str) -> Vec<String> {
    let found = world().indexes.suggest(&[SPACE], prefix, 3).unwrap();
    found.into_iter().map(|one| one.title).collect()
}

#[test]
fn any_word_of_a_title_may_begin_so() {
    assert_eq!(
        suggested("eco"),
        ["Redes de economía", "Economía solidaria", "Economía"]
    );
    assert_eq!(
        suggested("ECONOMÍA"),
        ["Economía", "Redes de economía", "Economía solidaria"]
    );
    assert_eq!(suggested("sol"), ["Solar drying", "Economía solidaria"]);
    assert_eq!(suggested("sol eco"), ["Economía solidaria"]);
    assert_eq!(suggested("seed l"), ["Seed library"]);
    assert!(suggested("").is_empty());
    assert!(suggested("- *").is_empty());
    assert!(suggested("zzz").is_empty());
}

#[test]
fn a_missing_page_is_answered_by_titles_like_it() {
    let world = world();
    let near = |title: &str| {
        world
            .indexes
            .near_titles(&[SPACE], title, 2)
            .into_iter()
            .map(|one| one.title)
            .next()
            .unwrap_or_default()
    };
    assert_eq!(near("Seed_Librarys"), "Seed library");
    assert_eq!(near("Seedlibrary"), "Seed library");
    assert_eq!(near("economia-solidria"), "Economía solidaria");
    assert_eq!(near("Drying (solar)"), "Solar drying");
    assert_eq!(near("Quantum chromodynamics"), "");
    assert_eq!(near(""), "");
}
