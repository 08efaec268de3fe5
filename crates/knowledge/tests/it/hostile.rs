//! People who sign records themselves get no further than the forms; what they bring costs nobody else their time.

use crate::world::{World, plain, stories};
use knowledge::{Article, Kind, Source};
use record::{Draft, SecretKey, Signing, Space};
use std::time::{Duration, Instant};
use store::{Node, Outcome};

stories! {
    nobody_writes_in_anothers_name_or_out_of_reach,
    a_page_keeps_its_kind_whatever_it_is_called,
    nothing_of_an_erased_account_is_left_in_the_database,
}

/// Signs and publishes a draft; returns the rule that refused it, or nothing.
fn published(world: &World, draft: Draft, key: &SecretKey) -> String {
    let chance = people::secrets::random().expect("chance");
    let record = draft
        .sign(key, Signing::new(Node::now(), chance))
        .expect("signed");
    let outcome = world.node().publish_all(vec![record]);
    match outcome.expect("written").pop().expect("an outcome") {
        Outcome::Accepted(_) | Outcome::Known(_) => String::new(),
        Outcome::Refused(refusal) => refusal.rule.to_owned(),
    }
}

fn nobody_writes_in_anothers_name_or_out_of_reach(make: fn() -> World) {
    let world = make();
    let _ana = world.member("Ana Paz");
    let key = SecretKey::from_bytes([81; 32]);
    let handle = people::Handle::parse("olmo").expect("a handle");
    let name = people::PersonName::parse("Olmo").expect("a name");
    people::accounts::let_join_with_key(world.node(), handle, &name, key.did()).expect("joined");
    let commons = world.node().keys().commons_did();
    let rule = |change: &dyn Fn(&mut Article), bend: &dyn Fn(&mut Draft)| {
        let mut article = plain(Kind::Article, "Mill", "It grinds.\n");
        change(&mut article);
        let mut draft = article.draft(
            commons.clone(),
            Space::public(),
            Node::now(),
            None,
            Vec::new(),
        );
        bend(&mut draft);
        published(&world, draft, &key)
    };
    let as_it_is = |_: &mut Draft| ();
    let forged = |article: &mut Article| article.contributor = "Ana Paz".to_owned();
    assert_eq!(rule(&forged, &as_it_is), "in_anothers_name");
    let imported = |article: &mut Article| {
        article.source = Some(Source {
            site: "Wiki".to_owned(),
            namespace: 0,
            title: "Mill".to_owned(),
            revision: "7".to_owned(),
            sha256: String::new(),
            namespaces: Vec::new(),
        });
    };
    assert_eq!(rule(&imported, &as_it_is), "in_anothers_name");
    assert_eq!(
        rule(&|article| article.summary = "x".repeat(100_000), &as_it_is),
        "too_long"
    );
    assert_eq!(
        rule(&|article| article.content = "x".repeat(5 << 20), &as_it_is),
        "too_long"
    );
    assert_eq!(
        rule(&|article| article.licence = "<zzx>".to_owned(), &as_it_is),
        "bad_field"
    );
    for space in ["starter", "members"] {
        let elsewhere = |draft: &mut Draft| draft.space = Space::parse(space).expect("a space");
        assert_eq!(rule(&|_| (), &elsewhere), "closed_space");
    }
    assert_eq!(rule(&|_| (), &|draft| draft.version = 2), "not_an_article");
    assert_eq!(rule(&|_| (), &as_it_is), "");
    world.assert_rebuilt();
}

fn a_page_keeps_its_kind_whatever_it_is_called(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let began = ana.send(
        "/new",
        &[
            ("title", "Mill"),
            ("text", "It grinds.\n"),
            ("do", "publish"),
            ("language", "en"),
            ("licence", "CC0-1.0"),
            ("provenance", "written"),
        ],
    );
    assert_eq!(began.status, 303, "{}", began.body);
    for title in ["User:gone", "File:gone.png", "Category:Gone", "Mi\u{ad}ll"] {
        let answer = ana.send_from("/rename/Mill", "/rename/Mill", &[("title", title)]);
        assert_eq!(answer.status, 422, "{title}");
        assert!(
            answer.body.contains("pages of another kind"),
            "{}",
            answer.body
        );
    }
    assert_eq!(ana.get("/articles/Mill").status, 200);
}

fn nothing_of_an_erased_account_is_left_in_the_database(make: fn() -> World) {
    let world = make();
    if world.node().store().is_postgres() {
        // What the server has let go it overwrites in its own time.
        return;
    }
    let _steward = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let secret = "a word that nobody else knows ".repeat(400);
    let kept = bo.send(
        "/new",
        &[
            ("title", "Mill"),
            ("text", secret.as_str()),
            ("do", "draft"),
            ("language", "en"),
            ("licence", "CC0-1.0"),
            ("provenance", "written"),
        ],
    );
    assert!(kept.status == 200 || kept.status == 303, "{}", kept.body);
    let left = bo.send_from(
        "/me/leave",
        "/me/leave",
        &[("choice", "withdraw"), ("phrase", "cuatro caballos comen")],
    );
    assert!(
        left.body.contains("erased") || left.status == 303,
        "{}",
        left.body
    );
    let folder = world.close();
    let database = std::fs::read(folder.path().join("data/minga.db")).expect("the database");
    let word = b"a word that nobody else knows";
    assert!(!database.windows(word.len()).any(|part| part == word));
}

#[test]
fn a_page_of_a_thousand_equal_headings_is_drawn_at_once() {
    let world = World::new();
    let mut ana = world.member("Ana Paz");
    let text = "# a\n".repeat(4_000);
    let began = Instant::now();
    let answer = ana.send(
        "/new",
        &[
            ("title", "Mill"),
            ("text", text.as_str()),
            ("do", "publish"),
            ("language", "en"),
            ("licence", "CC0-1.0"),
            ("provenance", "written"),
        ],
    );
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(ana.get("/articles/Mill").status, 200);
    // A debug build: it took minutes.
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}
