//! Whatever is typed, an answer comes, and soon.

use proptest::prelude::*;
use search::{Query, SearchError};

use crate::world::{SPACE, World, page};

fn world() -> World {
    World::of(&[
        page(
            "en",
            "A",
            "commons and seeds, it's 100% “free” \u{0} <script>alert(1)</script>",
        ),
        page("es", "B", "🌱 semillas 🌱 común"),
        page("fr", "", ""),
        page("xx-invalid-tag", "\u{202e}D", &"y".repeat(400)),
    ])
}

#[test]
fn nonsense_finds_everything_or_nothing() {
    let world = world();
    for text in [
        "",
        " ",
        "-",
        "\"",
        "\"\"",
        "- - -",
        "***",
        "🌱",
        "\u{0}\u{7}",
        "()[]{}",
    ] {
        assert_eq!(world.ask(text).total, 4, "{text:?} has no word");
    }
    for text in [
        "-\"",
        "\"commons",
        "seeds\"",
        "“seeds",
        "title:title:a",
        "a\u{301}\u{301}\u{301}",
    ] {
        world.ask(text);
    }
}

#[test]
fn words_beyond_the_fortieth_are_counted() {
    let world = world();
    let text = (0..10_000)
        .map(|number| format!("w{number} "))
        .collect::<String>();
    let results = world.ask(&text);
    assert_eq!(results.ignored_words, 9_960);
    assert_eq!(world.ask(&text.replace(' ', "-")).ignored_words, 9_960);
    assert_eq!(world.ask(&"seeds ".repeat(40)).ignored_words, 0);
}

#[test]
fn a_very_long_word_is_found_and_shown() {
    let world = world();
    let results = world.ask(&"y".repeat(400));
    assert_eq!(results.total, 1);
    assert!(results.hits[0].excerpt_html.starts_with("<mark>"));
    world.ask(&"z".repeat(1_000_000));
    world
        .indexes
        .suggest(&[SPACE], &"z".repeat(100_000), 5)
        .unwrap();
    assert!(
        world
            .indexes
            .near_titles(&[SPACE], &"z ".repeat(100_000), 5)
            .is_empty()
    );
}

#[test]
fn markup_in_a_text_is_shown_as_text() {
    let html = world().ask("commons").hits[0].excerpt_html.clone();
    assert!(html.contains("&lt;script&gt;"), "{html}");
    assert!(!html.contains('\u{0}'));
}

#[test]
fn a_page_key_that_was_never_given_is_refused() {
    let world = world();
    for key in [
        "",
        "x",
        "zzzzzzzz0",
        "00000000",
        "é0000000",
        "+00000000",
        "000000000000000000000000000000000",
    ] {
        let query = Query {
            after: Some(key.to_owned()),
            limit: 1,
            ..Query::default()
        };
        assert!(
            matches!(
                world.indexes.search(&[SPACE], &query, &world),
                Err(SearchError::Page { .. })
            ),
            "{key:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_indexed_and_asked_for(texts in prop::collection::vec(any::<String>(), 1..12)) {
        let languages = ["es", "en", "fr", "pt", "de", "it", "nl", "ar"];
        let pages: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| page(languages[at % languages.len()], text, text))
            .collect();
        let world = World::of(&pages);
        for text in &texts {
            world.ask(text);
            world.indexes.suggest(&[SPACE], text, 5).unwrap();
            let _ = world.indexes.near_titles(&[SPACE], text, 5);
        }
    }
}
