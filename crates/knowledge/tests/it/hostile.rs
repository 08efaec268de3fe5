//! People who sign records themselves get no further than the forms; what they bring costs nobody else their time.

use crate::world::{Browser, World, plain, stories};
use knowledge::{Article, Kind, Source};
use record::{Draft, SecretKey, Signing, Space};
use site::{Form, Method};
use std::time::{Duration, Instant};
use store::{Node, Outcome};

stories! {
    nobody_writes_in_anothers_name_or_out_of_reach,
    a_page_keeps_its_kind_whatever_it_is_called,
    nothing_of_an_erased_account_is_left_in_the_database,
    whoever_acts_no_more_lets_nobody_in_and_governs_nothing,
    a_commons_always_has_somebody_who_can_act,
    a_members_invitations_are_few_and_open_no_door_that_stewards_keep,
    no_program_reads_what_its_owner_has_not_published,
    nothing_that_was_written_is_lost_when_the_page_went_meanwhile,
    marks_of_a_conflict_are_published_nowhere,
    nobody_is_told_of_who_waited_and_left,
    what_is_said_within_an_hour_is_counted_by_when_it_came,
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

fn account(world: &World, handle: &str) -> people::desk::Account {
    let found = world
        .node()
        .store()
        .read(|db| people::desk::account_of(db, handle));
    found.expect("read").expect("an account")
}

fn join_by(world: &World, name: &str, code: &str) -> crate::world::Answer {
    let fields = [
        ("name", name),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
        ("code", code),
    ];
    world.browser().send("/join", &fields)
}

/// Sends a form that no page shows any more to whoever is signed in, with a token of theirs.
fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> crate::world::Answer {
    let page = browser.get("/me").body;
    let token = page.split("name=\"form-token\" value=\"").nth(1);
    let token = token
        .and_then(|rest| rest.split('"').next())
        .expect("a token");
    let mut request = browser.request(Method::Post, path);
    let shown = [(Form::TOKEN, token)];
    let fields = fields.iter().chain(&shown);
    request.form.fields = fields
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    browser.ask(&request)
}

fn whoever_acts_no_more_lets_nobody_in_and_governs_nothing(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bea = world.member("Bea Sol");
    let mut cy = world.member("Cy Ross");
    let bea_did = account(&world, "bea-sol").did.to_string();
    let cy_did = account(&world, "cy-ross").did.to_string();
    let mut decide = |act: &str, about: &str| {
        let asked = format!("/stewards/decide?act={act}&about={about}");
        let answer = ana.send_from(
            &asked,
            "/stewards/decide",
            &[("act", act), ("about", about), ("reason", "said so")],
        );
        assert_eq!(answer.status, 303, "{act}: {}", answer.body);
    };
    decide("appoint", &bea_did);
    let node = world.node();
    let invite = |handle: &str, role: &str| {
        people::accounts::invite(node, account(&world, handle).id, role, "", 3, 7).expect("a link")
    };
    let (by_bea, by_cy) = (invite("bea-sol", "steward"), invite("cy-ross", "member"));
    assert_eq!(join_by(&world, "Dee Fox", &by_cy).status, 200);
    decide("block", &bea_did);
    decide("block", &cy_did);
    for (who, code) in [("Eli Sun", &by_bea), ("Flor Mar", &by_cy)] {
        let refused = join_by(&world, who, code);
        assert_eq!(refused.status, 422, "{who}: {}", refused.body);
    }
    for (path, fields) in [
        ("/stewards/joining", [("joining", "approval")]),
        ("/stewards/commons", [("name", "Bea's")]),
        ("/limits", [("per-hour", "1")]),
    ] {
        assert_eq!(post(&mut bea, path, &fields).status, 403, "{path}");
    }
    assert_eq!(bea.get("/stewards").status, 403);
    // Unblocked she is a steward again, and dismissed her link of before makes none.
    decide("unblock", &bea_did);
    assert_eq!(bea.get("/stewards").status, 200);
    decide("dismiss", &bea_did);
    assert_eq!(join_by(&world, "Gil Rio", &by_bea).status, 422);
    decide("unblock", &cy_did);
    assert_eq!(join_by(&world, "Hana Lim", &by_cy).status, 200);
    assert_eq!(cy.get("/stewards").status, 403);
    world.assert_rebuilt();
}

fn a_commons_always_has_somebody_who_can_act(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let _xena = world.member("Xena Oro");
    let did = |handle: &str| account(&world, handle).did;
    let mut decide = |act: &str, about: &record::Did| {
        let asked = format!("/stewards/decide?act={act}&about={about}");
        let fields = [
            ("act", act),
            ("about", about.as_str()),
            ("reason", "said so"),
        ];
        ana.send_from(&asked, "/stewards/decide", &fields)
    };
    let (own, other) = (did("ana-paz"), did("xena-oro"));
    // Alone she neither goes nor takes her own key back by a slip of the hand.
    for act in ["dismiss", "revoke"] {
        let answer = decide(act, &own);
        assert_eq!(answer.status, 403, "{act}: {}", answer.body);
        assert!(
            answer.body.contains("one steward at least"),
            "{}",
            answer.body
        );
    }
    assert_eq!(decide("appoint", &other).status, 303);
    assert_eq!(decide("revoke", &other).status, 303);
    // A steward whose key was taken back is none who stays.
    assert_eq!(decide("dismiss", &own).status, 403);
    assert!(decide("dismiss", &other).status == 303);
    // Whoever keeps the node may take back a key that was stolen; then the first link opens the commons again.
    assert_eq!(
        people::accounts::first_link(world.node()).expect("read"),
        None
    );
    people::accounts::revoke(world.node(), own, "stolen").expect("taken back");
    assert!(
        people::accounts::first_link(world.node())
            .expect("read")
            .is_some()
    );
    world.assert_rebuilt();
}

fn a_members_invitations_are_few_and_open_no_door_that_stewards_keep(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut cy = world.member("Cy Ross");
    for _ in 0..5 {
        assert_eq!(
            post(&mut cy, "/me/invite", &[("note", "a friend")]).status,
            200
        );
    }
    let many = post(&mut cy, "/me/invite", &[("note", "one more")]).body;
    assert!(many.contains("You have 5 open invitations"), "{many}");
    let none = post(&mut ana, "/me/invite", &[("uses", "0"), ("note", "nobody")]).body;
    assert!(none.contains("Write a number from 1 to 1,000"), "{none}");
    let node = world.node();
    let link = |handle: &str, uses: i64| {
        people::accounts::invite(node, account(&world, handle).id, "member", "", uses, 7)
            .expect("a link")
    };
    let (crowd, room) = (link("cy-ross", 100), link("ana-paz", 100));
    let names = [
        "Dee Fox", "Eli Sun", "Flor Mar", "Gil Rio", "Hana Lim", "Ivo Paz", "Jun Oro", "Kai Sol",
    ];
    let let_in = |code: &str, part: std::ops::Range<usize>| -> Vec<u16> {
        names[part]
            .iter()
            .map(|name| join_by(&world, name, code).status)
            .collect()
    };
    assert_eq!(let_in(&crowd, 0..6), [200, 200, 200, 200, 200, 422]);
    assert_eq!(let_in(&room, 6..8), [200, 200]);
    // Where stewards let people in, a member's word is heard, and theirs is the decision.
    assert_eq!(
        post(&mut ana, "/stewards/joining", &[("joining", "approval")]).status,
        303
    );
    let (by_dee, by_ana) = (link("dee-fox", 1), link("ana-paz", 1));
    for (name, code, status) in [
        ("Lia Mar", &by_ana, people::desk::Status::Active),
        ("Mia Sol", &by_dee, people::desk::Status::Waiting),
    ] {
        assert_eq!(join_by(&world, name, code).status, 200, "{name}");
        let handle = name.to_lowercase().replace(' ', "-");
        assert_eq!(account(&world, &handle).status, status, "{name}");
    }
    assert!(ana.get("/stewards").body.contains("Dee Fox (@dee-fox)"));
    world.assert_rebuilt();
}

fn no_program_reads_what_its_owner_has_not_published(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let draft = [
        ("title", "Secret mill"),
        ("text", "Nobody reads this yet."),
        ("do", "draft"),
        ("language", "en"),
        ("licence", "CC0-1.0"),
        ("provenance", "written"),
    ];
    ana.send("/new", &draft);
    assert!(ana.get("/drafts").body.contains("Secret mill"));
    let id = account(&world, "ana-paz").id;
    for scopes in ["profile", "write", "steward"] {
        let token = people::accounts::make_token(world.node(), id, "a program", scopes);
        let bearer = format!("Bearer {}", token.expect("a token"));
        for path in ["/drafts", "/new?title=Secret%20mill", "/new"] {
            let mut program = world.browser();
            let mut request = program.request(Method::Get, path);
            request.authorization.clone_from(&bearer);
            let told = program.ask(&request).body;
            assert!(!told.contains("Nobody reads"), "{scopes} at {path}: {told}");
        }
    }
}

/// Writes a page and opens its form; returns the fields of the form.
fn begun(browser: &mut Browser<'_>, title: &str) -> String {
    let fields = [
        ("title", title),
        ("text", "One.\n\nTwo.\n"),
        ("do", "publish"),
        ("language", "en"),
        ("licence", "CC-BY-SA-4.0"),
        ("provenance", "written"),
    ];
    let made = browser.send("/new", &fields);
    assert_eq!(made.status, 303, "{}", made.body);
    let form = browser.get(&format!("/edit/{title}")).body;
    let base = form.split("name=\"base\" value=\"").nth(1);
    base.and_then(|rest| rest.split('"').next())
        .expect("a base")
        .to_owned()
}

fn nothing_that_was_written_is_lost_when_the_page_went_meanwhile(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let edit = |page: &'static str, base: &str, text: &'static str, act: &'static str| {
        vec![
            ("page", page.to_owned()),
            ("base", base.to_owned()),
            ("text", text.to_owned()),
            ("do", act.to_owned()),
            ("language", "en".to_owned()),
            ("licence", "CC-BY-SA-4.0".to_owned()),
            ("provenance", "written".to_owned()),
            ("title", page.to_owned()),
        ]
    };
    let send = |browser: &mut Browser<'_>, path: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        post(browser, path, &fields)
    };
    // Renamed while somebody else writes: it is found under its new name.
    let base = begun(&mut ana, "Mill");
    let mut bo = world.member("Bo Lee");
    let renamed = ana.send_from("/rename/Mill", "/rename/Mill", &[("title", "Water mill")]);
    assert_eq!(renamed.status, 303, "{}", renamed.body);
    let fields = edit("Mill", &base, "One.\n\nTwo.\n\nThree.\n", "publish");
    let saved = send(&mut bo, "/edit/Mill", &fields);
    assert_eq!(
        (saved.status, &*saved.to),
        (303, "/articles/Water_mill"),
        "{}",
        saved.body
    );
    assert!(world.get("/articles/Water_mill").body.contains("Three."));
    // Withdrawn: the text comes back.
    let base = begun(&mut ana, "Oven");
    let gone = ana.send_from(
        "/withdraw/Oven",
        "/withdraw/Oven",
        &[("reason", "Not mine")],
    );
    assert_eq!(gone.status, 303, "{}", gone.body);
    for act in ["publish", "preview"] {
        let fields = edit("Oven", &base, "A long text of mine.\n", act);
        let told = send(&mut bo, "/edit/Oven", &fields);
        assert!(
            told.body.contains("A long text of mine."),
            "{act}: {}",
            told.body
        );
        assert!(
            told.body.contains("not here any more"),
            "{act}: {}",
            told.body
        );
    }
}

fn marks_of_a_conflict_are_published_nowhere(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begun(&mut ana, "Mill");
    let fields = [
        ("title", "Molino"),
        (
            "text",
            "<<<<<<< yours\nUno.\n=======\nDos.\n>>>>>>> theirs\n",
        ),
        ("language", "es"),
        ("provenance", "translated"),
        ("do", "publish"),
    ];
    let told = ana.send_from("/translate/Mill?to=es", "/translate/Mill?to=es", &fields);
    assert_ne!(told.status, 303, "{}", told.body);
    assert_eq!(world.get("/articles/Molino").status, 404);
}

fn nobody_is_told_of_who_waited_and_left(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    post(&mut ana, "/stewards/joining", &[("joining", "approval")]);
    let fields = [
        ("name", "Wes Waiter"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
        ("words", "I mend radios."),
    ];
    let mut wes = world.browser();
    assert_eq!(wes.send("/join", &fields).status, 200);
    assert!(ana.get("/inbox").body.contains("Wes Waiter"));
    let id = account(&world, "wes-waiter").id;
    let left = post(
        &mut wes,
        "/me/leave",
        &[("choice", "keep"), ("phrase", "cuatro caballos comen")],
    );
    assert!(
        left.body.contains("erased") || left.status == 303,
        "{}",
        left.body
    );
    assert!(!ana.get("/inbox").body.contains("Wes Waiter"));
    // Who left is let in no more, and it is said why.
    let answer = post(
        &mut ana,
        "/stewards/waiting",
        &[
            (
                "account",
                &id.iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect::<String>(),
            ),
            ("answer", "yes"),
        ],
    );
    assert_eq!(answer.status, 404, "{}", answer.body);
    assert!(answer.body.contains("has left"), "{}", answer.body);
}

fn what_is_said_within_an_hour_is_counted_by_when_it_came(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begun(&mut ana, "Mill");
    let key = SecretKey::from_bytes([83; 32]);
    let handle = people::Handle::parse("olmo").expect("a handle");
    let name = people::PersonName::parse("Olmo").expect("a name");
    people::accounts::let_join_with_key(world.node(), handle, &name, key.did()).expect("joined");
    let about = world
        .node()
        .store()
        .read(|db| {
            db.first(
                "SELECT id FROM things WHERE key = 'article:Mill'",
                &[],
                |row| row.get::<String>(0),
            )
        })
        .map_err(|error: store::StoreError| error)
        .expect("read")
        .expect("an id");
    let about = record::RecordId::parse(&about).expect("an id");
    let ago = record::Timestamp::from_millis(Node::now().as_millis() - 7_200_000);
    let mut told = Vec::new();
    for n in 0..120 {
        let remark = people::Remark {
            about: about.clone(),
            answers: None,
            text: format!("Remark {n}"),
            language: "en".to_owned(),
            quote: None,
        };
        let draft = remark.draft(world.node().keys().commons_did(), ago);
        told.push(published(&world, draft, &key));
    }
    assert!(told.iter().any(|rule| rule == "many_remarks"), "{told:?}");
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
