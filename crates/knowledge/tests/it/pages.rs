//! Pages as readers meet them.

use crate::world::World;

/// The smallest PNG that says how large it is.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";

fn barn() -> World {
    let world = World::new();
    world.import(
        &[
            (
                "Barn",
                0,
                "A barn keeps the harvest dry until somebody needs it. See [[Draft:Bread oven]], [[barn:rules]] and \
                 [[Project:Rules]].\n\n[[File:barn.png|thumb|The barn from the '''south''']]\n\n\
                 == Sizes ==\n{|\n! a !! b\n|-\n| 1 || 2\n|}\n\n{|\n! c !! d\n|-\n| 3 || 4\n|}\n\
                 [[Category:Buildings]][[Category:Wood]]",
            ),
            ("Barn/eu", 0, "Ukuilua."),
            ("Draft:Bread oven", 118, "Back to the [[barn]]."),
            ("Barn:Rules", 4, "Be kind."),
            ("File:Barn.png", 6, "{{Cc-by-sa-3.0}}"),
            ("Ring", 0, "#REDIRECT [[Ring road]]"),
            ("Ring road", 0, "#REDIRECT [[Ring]]"),
            ("Piped", 0, "#REDIRECT [[Barn|the barn]]"),
        ],
        None,
    );
    world
}

#[test]
fn a_picture_is_drawn_as_soon_as_its_file_is_here() {
    let world = barn();
    let before = world.get("/articles/Barn");
    assert_eq!(before.status, 200);
    assert!(
        before.body.contains("Missing picture: Barn.png"),
        "{}",
        before.body
    );
    let missing = world.get("/care/files").body;
    assert!(missing.contains("File:Barn.png"), "{missing}");
    let using = world.get("/links/File:Barn.png");
    assert_eq!(using.status, 200);
    assert!(
        using.body.contains("One page shows or uses it."),
        "{}",
        using.body
    );
    assert!(
        using.body.contains("href=\"/articles/Barn\""),
        "{}",
        using.body
    );
    let files = world.folder().join("files");
    std::fs::create_dir(&files).expect("a folder");
    std::fs::write(files.join("Barn.png"), PNG).expect("written");
    let again = [("File:Barn.png", 6, "{{Cc-by-sa-3.0}}")];
    assert_eq!(world.import(&again, Some(&files)).updated, 1);
    let after = world.get("/articles/Barn").body;
    let picture = after.split("<figure>").nth(1).expect("a figure");
    assert!(
        picture.starts_with("<a href=\"/files/Barn.png\"><img src=\"/blobs/"),
        "{picture}"
    );
    assert!(
        picture.contains("alt=\"The barn from the south\" width=\"320\" height=\"240\""),
        "{picture}"
    );
    let address = picture.split('"').nth(3).expect("an address");
    assert_eq!(world.get(address).status, 200);
    assert!(
        world
            .get("/files/Barn.png")
            .body
            .contains("licenses/by-sa/3.0/")
    );
    let missing = world.get("/care/files").body;
    assert!(!missing.contains("File:Barn.png"), "{missing}");
    // The same folder a third time brings nothing.
    assert_eq!(world.import(&again, Some(&files)).unchanged, 1);
}

#[test]
fn a_wikis_own_namespaces_lead_to_the_pages_that_were_imported() {
    let world = barn();
    let body = world.get("/articles/Barn").body;
    assert!(
        body.contains("<a href=\"/pages/Draft:Bread_oven\">"),
        "{body}"
    );
    assert_eq!(
        body.matches("<a href=\"/pages/Barn:Rules\">").count(),
        2,
        "{body}"
    );
    assert!(
        world
            .get("/links/Draft:Bread_oven")
            .body
            .contains("href=\"/articles/Barn\"")
    );
    let old = world.get("/wiki/Draft:Bread_oven");
    assert_eq!(
        (old.status, old.to.as_str()),
        (301, "/pages/Draft:Bread_oven")
    );
    assert_eq!(world.get("/history/Draft:Bread_oven").status, 200);
}

#[test]
fn tables_are_told_apart_and_one_theme_is_the_way_up() {
    let body = barn().get("/articles/Barn").body;
    for name in ["Table 1: Sizes", "Table 2: Sizes"] {
        assert!(body.contains(&format!("aria-label=\"{name}\"")), "{body}");
    }
    let crumbs = body.split("class=\"crumbs\"").nth(1).expect("a way up");
    let crumbs = crumbs.split("</nav>").next().expect("its end");
    assert_eq!(crumbs.matches("<li>").count(), 2, "{crumbs}");
}

#[test]
fn languages_have_names_and_pages_the_readers_words() {
    let world = barn();
    assert!(
        world
            .get("/articles/Barn")
            .body
            .contains("hreflang=\"eu\">Euskara</a>")
    );
    assert!(
        world
            .get("/search?q=*")
            .body
            .contains("<span>Euskara</span>")
    );
    let spanish = world.ask("/articles/Ring", "es", "text/html").body;
    assert!(
        spanish.contains("Esta página envía a quien lee en círculo"),
        "{spanish}"
    );
    let english = world.get("/articles/Ring").body;
    assert!(
        english.contains("sends its readers in a circle"),
        "{english}"
    );
    let piped = world.ask("/articles/Piped", "es", "text/html").body;
    assert!(
        piped.contains("Su destino, «Barn», tiene una «|»"),
        "{piped}"
    );
    let diff = world.ask("/diff/Barn?from=xyz", "es", "text/html");
    assert_eq!(diff.status, 400);
    assert!(
        diff.body.contains("«xyz» no es una revisión"),
        "{}",
        diff.body
    );
}

#[test]
fn a_misspelt_title_is_offered_what_is_near() {
    let absent = barn().get("/articles/Barnn");
    assert_eq!(absent.status, 404);
    assert!(
        absent.body.contains("href=\"/articles/Barn\""),
        "{}",
        absent.body
    );
}

#[test]
fn a_search_says_what_was_looked_for() {
    let world = barn();
    let misspelt = world.get("/search?q=harvets").body;
    assert!(misspelt.contains("These results also answer"), "{misspelt}");
    assert!(!misspelt.contains("Did you mean"));
    let signs = world.get("/search?q=%22%22%28%29").body;
    assert!(signs.contains("Type what you look for"), "{signs}");
    let everything = world.get("/search?q=*").body;
    assert!(everything.contains("pages</h1>"), "{everything}");
}

#[test]
fn programs_are_told_problems_as_documents() {
    let world = barn();
    for path in ["/api/v1/articles/Nobody", "/api/v1/search?q=a&after=zz"] {
        let answer = world.ask(path, "en", "application/json");
        assert!((400..500).contains(&answer.status), "{path}");
        for field in ["\"type\":", "\"title\":", "\"status\":", "\"detail\":"] {
            assert!(answer.body.contains(field), "{path}: {}", answer.body);
        }
    }
}

#[test]
fn no_word_of_a_reader_moves_the_page_into_its_head() {
    let world = barn();
    for path in [
        "/search?q=a%00b",
        "/search?q=%00",
        "/articles/a%00b",
        "/%00",
    ] {
        let body = world.get(path).body;
        let (head, rest) = body.split_once("<main").expect("a page");
        assert!(!head.contains("class=\"head\""), "{path}: {head}");
        assert!(rest.contains("<h1"), "{path}");
        assert_eq!(body.matches("<main").count(), 1, "{path}");
    }
}

#[test]
fn an_index_that_follows_many_edits_stays_in_few_segments() {
    let world = World::new();
    // Words of their own in each page, so that to merge takes a moment.
    let pages: Vec<(String, String)> = (0..120)
        .map(|page| {
            let words: Vec<String> = (0..600).map(|word| format!("w{page}x{word}")).collect();
            (format!("Page {page}"), words.join(" "))
        })
        .collect();
    let pages: Vec<_> = pages
        .iter()
        .map(|(title, text)| (title.as_str(), 0, text.as_str()))
        .collect();
    world.import(&pages, None);
    for round in 0..30 {
        knowledge::edit_some(world.node(), round)
            .expect("published")
            .expect("an article");
        world.follow();
    }
    // Each round commits a segment of its own; six of a size become one.
    assert!(world.segments() <= 12, "{} segments", world.segments());
    assert!(world.get("/search?q=w7x7").body.contains("Page 7"));
}

#[test]
fn old_addresses_of_a_wiki_lead_to_what_stands_here_now() {
    let world = barn();
    for (old, new) in [
        ("/wiki/Barn", "/articles/Barn"),
        ("/barn", "/articles/Barn"),
        ("/index.php?title=Barn", "/articles/Barn"),
        ("/index.php?title=Barn&action=edit", "/edit/Barn"),
        ("/wiki/Talk:Barn", "/discussion/article:Barn"),
        ("/index.php?title=Talk:Barn", "/discussion/article:Barn"),
        ("/wiki/Special:Watchlist", "/changes?followed=yes"),
        ("/index.php/Barn", "/articles/Barn"),
        ("/index.php?title=Barn&action=history", "/history/Barn"),
        ("/index.php?title=Barn&oldid=12", "/history/Barn"),
        ("/index.php?title=Barn&diff=13&oldid=12", "/history/Barn"),
        ("/index.php?title=Barn&action=raw", "/source/Barn?raw=1"),
        ("/index.php?search=dry+bread", "/search?q=dry%20bread"),
        (
            "/index.php?title=Special:Search&search=dry",
            "/search?q=dry",
        ),
        ("/wiki/Special:Search/dry", "/search?q=dry"),
        ("/wiki/Special:RecentChanges", "/changes"),
        ("/Especial:Cambios_recientes", "/changes"),
        ("/index.php?title=Special:AllPages", "/all"),
        ("/wiki/Special:WhatLinksHere/Barn", "/links/Barn"),
        ("/wiki/Special:WantedPages", "/care/wanted"),
        ("/wiki/Barn?action=history", "/history/Barn"),
        ("/wiki/Category:Wood", "/categories/Wood"),
        ("/wiki/File:Barn.png", "/files/Barn.png"),
        ("/images/a/ab/Barn.png", "/files/Barn.png"),
        (
            "/images/thumb/a/ab/Barn.png/120px-Barn.png",
            "/files/Barn.png",
        ),
        ("/index.php", "/"),
    ] {
        let answer = world.get(old);
        assert_eq!((answer.status, answer.to.as_str()), (301, new), "{old}");
    }
    assert_eq!(world.get("/login").to, "/sign-in");
    for path in ["/api.php", "/export"] {
        let answer = world.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            !answer.body.contains("Nobody has written"),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains("/api/v1/openapi.json"),
            "{}",
            answer.body
        );
    }
    for old in [
        "/wiki/Special:Contributions/Nobody",
        "/wiki/Talk:None",
        "/index.php?curid=5",
        "/wiki/Special:Nothing",
        "/images/a/ab/None.png",
        "/index.php?title=None",
    ] {
        assert_eq!(world.get(old).status, 404, "{old}");
    }
    // Once the file is here, its old address leads to its bytes.
    let files = world.folder().join("files");
    std::fs::create_dir(&files).expect("a folder");
    std::fs::write(files.join("Barn.png"), PNG).expect("written");
    world.import(&[("File:Barn.png", 6, "{{Cc-by-sa-3.0}}")], Some(&files));
    let image = world.get("/images/a/ab/Barn.png");
    assert!(image.to.starts_with("/blobs/"), "{}", image.to);
    assert_eq!(world.get(&image.to).status, 200);
}

#[test]
fn a_title_that_cannot_be_is_refused_with_the_rule() {
    let world = barn();
    let long = "a".repeat(300);
    for (path, language) in [
        ("/articles/a%7Cb", "en"),
        ("/api/v1/articles/a%7Cb", "en"),
        (&*format!("/history/{long}"), "es"),
    ] {
        let answer = world.ask(path, language, "text/html");
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.body.contains("255 bytes"), "{}", answer.body);
        assert!(!answer.body.contains(&format!("{long}»")), "{path}");
    }
    let draft = world.get("/api/v1/articles/Draft:Bread%20oven");
    assert_eq!(draft.status, 200);
    assert!(
        draft.body.contains("\"kind\":\"project\""),
        "{}",
        draft.body
    );
}

#[test]
fn a_limit_that_is_no_number_and_a_theme_that_is_not_here_are_told() {
    let world = barn();
    for path in [
        "/api/v1/search?q=barn&limit=abc",
        "/api/v1/search?q=barn&limit=0",
        "/api/v1/changes?limit=-1",
    ] {
        let answer = world.get(path);
        assert_eq!(answer.status, 400, "{path}");
        assert!(
            answer.body.contains("is no number from 1 to"),
            "{path}: {}",
            answer.body
        );
    }
    assert_eq!(world.get("/api/v1/search?q=barn&limit=5000").status, 200);
    assert_eq!(world.get("/feeds/categories/Wood").status, 200);
    assert_eq!(world.get("/feeds/categories/Nothing").status, 404);
}

#[test]
fn an_index_that_is_made_anew_is_searched_meanwhile() {
    use std::sync::atomic::AtomicBool;
    let world = barn();
    let found = || world.get("/api/v1/search?q=harvest").body;
    assert!(found().contains("\"total\":1"), "{}", found());
    // Stopped before it is whole: the old one stays.
    let stopped = AtomicBool::new(true);
    knowledge::follow::index_anew(world.node(), world.indexes(), &stopped).expect("stopped");
    assert!(found().contains("\"total\":1"), "{}", found());
    let on = AtomicBool::new(false);
    knowledge::follow::index_anew(world.node(), world.indexes(), &on).expect("made anew");
    assert!(found().contains("\"total\":1"), "{}", found());
    world.import(&[("Silo", 0, "The harvest again.")], None);
    assert!(found().contains("\"total\":2"), "{}", found());
}
