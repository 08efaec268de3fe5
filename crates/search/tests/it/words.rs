//! What finds what.

use search::{Document, Query};

use crate::world::{World, page};

fn languages() -> World {
    World::of(&[
        page(
            "es",
            "A",
            "La economía solidaria y los seminarios de las cooperativas",
        ),
        page(
            "fr",
            "B",
            "L’économie sociale et solidaire, l'usine d'aujourd'hui",
        ),
        page(
            "en",
            "C",
            "Peer-to-peer production; don’t panic, p2p communities",
        ),
        page("de", "D", "Die Märkte und Straßen der Genossenschaften"),
        page("pt-BR", "E", "As organizações e a economia popular"),
        page("it", "F", "L'università dell'acqua"),
        page("nl", "G", "Fietsen en coöperaties"),
        page("qu", "H", "Ñukanchik ayllu llaktakuna"),
        page("ja", "I", "協同組合の歴史"),
    ])
}

#[test]
fn accents_and_case_never_matter() {
    let world = languages();
    assert_eq!(world.found("economia"), "A B E");
    assert_eq!(world.found("ECONOMÍA"), "A B E");
    assert_eq!(world.found("économie"), "A B E");
    assert_eq!(world.found("strassen"), "D");
    assert_eq!(world.found("straßen"), "D");
    assert_eq!(world.found("markte"), "D");
    assert_eq!(world.found("nukanchik"), "H");
    assert_eq!(world.found("universita"), "F");
    assert_eq!(world.found("cooperaties"), "G");
    // Letters and accents apart, as some keyboards and file systems write them.
    assert_eq!(world.found("economi\u{301}a"), "A B E");
}

#[test]
fn other_endings_are_found_in_each_language() {
    let world = languages();
    assert_eq!(world.found("seminario"), "A");
    assert_eq!(world.found("cooperativa"), "A");
    assert_eq!(world.found("community"), "C");
    assert_eq!(world.found("genossenschaft"), "D");
    assert_eq!(world.found("organização"), "E");
    assert_eq!(world.found("organizacao"), "E");
    assert_eq!(world.found("fiets"), "G");
    assert_eq!(world.found("productions"), "C");
    // No endings are known in Kichwa.
    assert_eq!(world.found("llakta"), "");
    assert_eq!(world.found("llakta*"), "H");
}

#[test]
fn the_very_word_comes_before_its_other_endings() {
    let world = World::of(&[
        page("en", "A", "many commons here and there"),
        page("en", "B", "nothing common here and there"),
    ]);
    assert_eq!(world.titles("commons"), ["A", "B"]);
    assert_eq!(world.titles("common"), ["B", "A"]);
}

#[test]
fn apostrophes_and_hyphens_are_seen_through() {
    let world = languages();
    assert_eq!(world.found("l'economie"), "A B E");
    assert_eq!(world.found("\"usine aujourd’hui\""), "B");
    assert_eq!(world.found("dont"), "C");
    assert_eq!(world.found("don't"), "C");
    assert_eq!(world.found("acqua"), "F");
    assert_eq!(world.found("peer-to-peer"), "C");
    assert_eq!(world.found("\"peer to peer\""), "C");
    assert_eq!(world.found("peer to peer"), "C");
    assert_eq!(world.found("P2P"), "C");
    assert_eq!(world.found("to-peer-peer"), "C", "relaxed");
    assert!(world.ask("to-peer-peer").relaxed);
}

#[test]
fn scripts_without_spaces_do_not_break() {
    let world = languages();
    assert_eq!(world.found("組合"), "I");
    assert_eq!(world.found("歴史"), "I");
}

#[test]
fn all_words_must_occur_else_some() {
    let world = languages();
    let both = world.ask("economía solidaria");
    assert!(!both.relaxed);
    assert_eq!(both.total, 1);
    let some = world.ask("solidaria universita");
    assert!(some.relaxed);
    assert_eq!(some.total, 2);
    assert!(!world.ask("zzzz yyyy").relaxed);
}

#[test]
fn phrases_keep_every_word_and_their_order() {
    let world = World::of(&[
        page("en", "A", "the commons of the city are ours"),
        page("en", "B", "the city of the commons are ours"),
        page("en", "C", "commons city the of the"),
    ]);
    assert_eq!(world.found("\"commons of the city\""), "A");
    assert_eq!(world.found("\"of the commons\""), "B");
    assert_eq!(world.found("-\"of the commons\" city"), "A C");
    assert_eq!(world.found("the commons of the city"), "A B C");
    assert_eq!(world.found("\"city\""), "A B C");
    assert_eq!(world.found("\"cities\""), "", "a quoted word is exact");
}

#[test]
fn a_phrase_does_not_reach_from_title_into_text() {
    let world = World::of(&[page("en", "Seed", "library of tools")]);
    assert!(world.ask("\"seed library\"").relaxed);
}

#[test]
fn words_are_excluded_begun_and_looked_for_in_titles() {
    let world = World::of(&[
        page("en", "Seed library", "lending of seeds"),
        page("en", "Tools", "a library of cooperatives"),
        page("en", "Coops", "cooperation and libraries"),
    ]);
    assert_eq!(world.found("library -seeds"), "Coops Tools");
    assert_eq!(world.found("coop*"), "Coops Tools");
    assert_eq!(world.found("title:library"), "Seed library");
    assert_eq!(world.found("-title:seed library"), "Coops Tools");
    assert_eq!(world.found("-lib*"), "");
    assert_eq!(world.found("-coop*"), "Seed library");
}

#[test]
fn titles_come_before_texts() {
    let linked = Document {
        rank: 1_000,
        ..page("en", "Text", "commons commons commons economy")
    };
    let world = World::of(&[
        linked,
        page("en", "The commons economy of cities", "short"),
        page("en", "Commons economy", "short"),
        page("en", "Commons", "an economy"),
    ]);
    assert_eq!(
        world.titles("Commons Economy"),
        [
            "Commons economy",
            "The commons economy of cities",
            "Commons",
            "Text"
        ]
    );
}

#[test]
fn of_pages_alike_the_more_linked_comes_first() {
    let world = World::of(&[
        page("en", "A", "seed saving"),
        Document {
            rank: 40,
            ..page("en", "B", "seed saving")
        },
        Document {
            rank: 3,
            ..page("en", "C", "seed saving")
        },
    ]);
    assert_eq!(world.titles("saving"), ["B", "C", "A"]);
    assert_eq!(world.titles(""), ["B", "C", "A"], "no word: everything");
}

#[test]
fn typing_errors_are_forgiven() {
    let world = World::of(&[
        page("es", "A", "La economía solidaria"),
        page("es", "B", "Economía popular"),
        page("en", "C", "Cooperatives and gardens"),
    ]);
    let results = world.ask("econmia solidaria");
    assert_eq!(results.did_you_mean.as_deref(), Some("economía solidaria"));
    assert!(results.corrected);
    assert_eq!(results.hits[0].title, "A");
    assert!(
        results.hits[0]
            .excerpt_html
            .contains("<mark>economía</mark>")
    );
    assert_eq!(
        world.ask("coopeartivse").did_you_mean.as_deref(),
        Some("cooperatives")
    );
    assert_eq!(
        world.ask("\"econmia solidaria\"").total,
        1,
        "in phrases, too"
    );
    assert_eq!(
        world.ask("gradens").hits.len(),
        1,
        "two letters in each other's place"
    );
    assert_eq!(world.ask("economia").did_you_mean, None);
    // Too short, or too far from anything.
    assert_eq!(world.ask("abd").did_you_mean, None);
    assert_eq!(world.ask("xyzxyzxyz").total, 0);
}

#[test]
fn a_rare_word_beside_a_frequent_one_is_an_error() {
    let mut pages: Vec<Document> = (0..30)
        .map(|number| page("en", &format!("P{number}"), "seed commons"))
        .collect();
    pages.push(page("en", "Odd", "comons misspelt"));
    pages.push(page("en", "Rare", "reeds by the lake"));
    let world = World::of(&pages);
    let results = world.ask("comons");
    assert_eq!(results.did_you_mean.as_deref(), Some("commons"));
    assert_eq!(results.total, 31);
    // Its stem is another word's, in 30 documents: still the word as typed.
    assert_eq!(world.ask("lake").did_you_mean, None);
}

#[test]
fn a_misspelt_word_found_elsewhere_is_asked_about() {
    let mut pages: Vec<Document> = (0..3_000)
        .map(|number| page("en", &format!("P{number}"), "governance"))
        .collect();
    pages.push(page("en", "X", "goverance"));
    pages.push(page("en", "Y", "goverance"));
    let world = World::of(&pages);
    let results = world.ask("goverance");
    assert_eq!(results.total, 2);
    assert_eq!(results.did_you_mean.as_deref(), Some("governance"));
    assert!(!results.corrected);
}

#[test]
fn excerpts_show_the_best_passage_as_html() {
    let filler = "Unrelated words go on and on. ".repeat(40);
    let body = format!(
        "{filler}Gardens first. {filler}Some say <b>seeds & \"gardens\"</b> belong together. {filler}"
    );
    let world = World::of(&[page("en", "A", &body)]);
    let html = world.ask("seed garden").hits[0].excerpt_html.clone();
    assert!(html.starts_with('…') && html.ends_with('…'), "{html}");
    assert!(
        html.contains(
            "&lt;b&gt;<mark>seeds</mark> &amp; &quot;<mark>gardens</mark>&quot;&lt;/b&gt;"
        ),
        "{html}"
    );
    assert!(html.chars().count() < 330, "{html}");
}

#[test]
fn excerpts_mark_words_within_elisions_and_endings() {
    let world = languages();
    assert!(
        world.ask("economie sociale").hits[0]
            .excerpt_html
            .contains("L’<mark>économie</mark>")
    );
    assert!(
        world.ask("seminario").hits[0]
            .excerpt_html
            .contains("<mark>seminarios</mark>")
    );
    assert!(
        world.ask("組合").hits[0]
            .excerpt_html
            .contains("<mark>組</mark><mark>合</mark>")
    );
}

#[test]
fn filters_are_exact_and_facets_count_what_they_leave() {
    let labelled = |title: &str, kind: &str, language: &str, categories: &[&str]| Document {
        kind: kind.to_owned(),
        categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        ..page(language, title, "commons")
    };
    let world = World::of(&[
        labelled("A", "article", "es", &["Energy", "Food", "Food"]),
        labelled("B", "article", "en", &["Food"]),
        labelled("C", "design", "en", &[]),
        labelled("D", "design", "en-GB", &["energy"]),
    ]);
    let all = world.ask("commons");
    let counts = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
        list.iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    assert_eq!(
        all.facets.language,
        counts(&[("en", 2), ("en-GB", 1), ("es", 1)])
    );
    assert_eq!(all.facets.kind, counts(&[("article", 2), ("design", 2)]));
    assert_eq!(
        all.facets.category,
        counts(&[("Food", 2), ("Energy", 1), ("energy", 1)])
    );
    let food = world.search(&Query {
        text: "commons".to_owned(),
        category: Some("Food".to_owned()),
        language: Some("en".to_owned()),
        limit: 9,
        ..Query::default()
    });
    assert_eq!((food.total, food.hits[0].title.as_str()), (1, "B"));
    assert_eq!(food.facets.category, counts(&[("Food", 1)]));
    let none = world.search(&Query {
        text: "commons".to_owned(),
        kind: Some("Design".to_owned()),
        ..Query::default()
    });
    assert_eq!(none.total, 0);
}

#[test]
fn categories_beyond_thirty_are_counted() {
    let categories = (0..45).map(|number| format!("c{number:02}")).collect();
    let world = World::of(&[
        Document {
            categories,
            ..page("en", "A", "x")
        },
        Document {
            categories: vec!["c40".to_owned()],
            ..page("en", "B", "x")
        },
    ]);
    let facets = world.ask("").facets;
    assert_eq!(facets.category.len(), 30);
    assert_eq!(facets.category[0], ("c40".to_owned(), 2));
    assert_eq!(facets.category[1].0, "c00");
    assert_eq!(facets.more_categories, 15);
}

#[test]
fn several_spaces_are_searched_as_one_and_never_otherwise() {
    let world = World::of(&[page("en", "A", "seed commons")]);
    world.put("Board/Únicos", &[page("es", "B", "commons secretos")], 1);
    let query = Query {
        text: "commons".to_owned(),
        limit: 9,
        ..Query::default()
    };
    let both = world
        .indexes
        .search(
            &["public", "Board/Únicos", "public", "nowhere"],
            &query,
            &world,
        )
        .unwrap();
    assert_eq!(both.total, 2);
    assert_eq!(both.facets.kind, [("article".to_owned(), 2)]);
    assert_eq!(world.ask("commons").total, 1);
    // Words of another space are no corrections.
    assert_eq!(world.ask("secretso").did_you_mean, None);
    assert_eq!(world.indexes.search(&[], &query, &world).unwrap().total, 0);
    assert_eq!(world.indexes.documents("Board/Únicos"), 1);
    assert_eq!(world.indexes.documents("nowhere"), 0);
}
