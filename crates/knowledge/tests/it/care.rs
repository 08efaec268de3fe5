//! Looking after the commons together: what was looked at, reported, followed, and mended.

use crate::world::{Browser, World, stories};
use site::{Form, Method};

stories! {
    changes_are_looked_at_by_others_than_their_author,
    what_is_reported_is_answered,
    whoever_follows_hears_of_it,
    a_circle_of_redirects_is_mended_in_two_clicks,
    stewards_set_the_limits,
    an_address_that_was_given_up_leads_on,
    two_of_one_name_are_told_apart,
    what_stewards_set_is_decided_in_public,
    who_waited_is_let_in_in_public_with_what_they_said,
    a_fault_leads_to_the_section_where_it_is_mended,
}

fn field(body: &str, from: &str, name: &str) -> String {
    let at = body
        .find(from)
        .unwrap_or_else(|| panic!("no {from} in {body}"));
    let found = body[at..]
        .split(&format!("name=\"{name}\" value=\""))
        .nth(1);
    let value = found.unwrap_or_else(|| panic!("no field {name} in {body}"));
    value.split('"').next().unwrap_or_default().to_owned()
}

/// Posts fields with the token of the account's page, or of the form to sign in.
fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> crate::world::Answer {
    let mut page = browser.get("/me");
    if page.status != 200 {
        page = browser.get("/sign-in");
    }
    let token = field(&page.body, "<main", Form::TOKEN);
    let mut request = browser.request(Method::Post, path);
    request.form.fields = std::iter::once((Form::TOKEN, token.as_str()))
        .chain(fields.iter().copied())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    browser.ask(&request)
}

fn write(browser: &mut Browser<'_>, title: &str, text: &str) {
    let fields = [
        ("title", title),
        ("text", text),
        ("language", "en"),
        ("do", "publish"),
    ];
    let answer = browser.send("/new", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

fn changes_are_looked_at_by_others_than_their_author(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    write(&mut ana, "Loom", "By a steward.\n");
    write(&mut bo, "Kiln", "By a newcomer.\n");
    world.import(&[("Old", 0, "Brought in.")], None);
    let waits = ana.get("/changes?waits=yes").body;
    assert!(
        waits.contains("Kiln") && waits.contains("One change"),
        "{waits}"
    );
    assert!(
        !waits.contains("Loom") && !waits.contains(">Old<"),
        "{waits}"
    );
    let hash = field(&waits, "action=\"/patrol\"", "revision");
    // Neither the author, nor somebody new, nor a visitor, nor for a revision that is not there.
    let own = post(&mut bo, "/patrol", &[("revision", &hash)]);
    assert_eq!(own.status, 403, "{}", own.body);
    let mut cy = world.member("Cy Ross");
    assert_eq!(post(&mut cy, "/patrol", &[("revision", &hash)]).status, 403);
    assert_eq!(
        post(&mut world.browser(), "/patrol", &[("revision", &hash)]).status,
        401
    );
    let none = format!("sha256:{}", "0".repeat(64));
    assert_eq!(
        post(&mut ana, "/patrol", &[("revision", &none)]).status,
        404
    );
    let done = ana.send_from("/changes?waits=yes", "/patrol", &[]);
    assert_eq!(done.status, 303);
    assert_eq!(done.to, "/changes?waits=yes");
    assert!(!ana.get("/changes?waits=yes").body.contains("Kiln"));
    let diff = world.get(&format!("/diff/Kiln?to={}", &hash[7..])).body;
    assert!(
        diff.contains("looked at") && diff.contains("Bo Lee"),
        "{diff}"
    );
    // Another change of the page waits anew.
    assert_eq!(
        bo.send("/edit/Kiln", &[("text", "Hotter.\n"), ("do", "publish")])
            .status,
        303
    );
    assert!(ana.get("/changes?waits=yes").body.contains("Kiln"));
    world.assert_rebuilt();
}

fn what_is_reported_is_answered(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    write(&mut ana, "Loom", "Text.\n");
    assert!(
        world
            .get("/articles/Loom")
            .body
            .contains("/report?about=%2Farticles%2FLoom")
    );
    let fields = [("reason", "The picture shows my child")];
    let page = "/report?about=/articles/Loom";
    let sent = bo.send_from(page, "/report", &fields);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let at = sent.to;
    assert!(bo.get(&at).body.contains("answer comes to your inbox"));
    assert!(
        bo.get(&at)
            .body
            .contains("href=\"/articles/Loom\">Loom</a>"),
        "a page is known by its title"
    );
    // A visitor may tell too, and reads the answer at the report's address.
    let mut visitor = world.browser();
    let nameless = visitor.send_from(page, "/report", &[("reason", "It is false")]);
    let visited = nameless.to;
    assert_eq!(visitor.get(&visited).status, 200);
    assert_eq!(world.get("/reports").status, 401);
    let own = bo.get("/reports").body;
    assert!(
        own.contains("my child") && !own.contains("It is false"),
        "{own}"
    );
    assert_eq!(
        post(&mut bo, &at, &[("answer", "I am no steward")]).status,
        403
    );
    assert!(ana.get("/inbox").body.contains("Somebody reported"));
    assert!(ana.get("/stewards").body.contains("2 reports wait"));
    // A program that writes for a steward reads none of them.
    let reads = |scopes: &str| {
        let found = world
            .node()
            .store()
            .read(|db| people::desk::account_of(db, "ana-paz"));
        let ana = found.expect("read").expect("an account").id;
        let token = people::accounts::make_token(world.node(), ana, "a program", scopes);
        let mut program = world.browser();
        let mut request = program.request(Method::Get, "/reports");
        request.authorization = format!("Bearer {}", token.expect("a token"));
        program.ask(&request).body.contains("my child")
    };
    assert!(!reads("write") && reads("steward"));
    for one in [&at, &visited] {
        assert_eq!(ana.send(one, &[("answer", "")]).status, 422);
        assert_eq!(
            ana.send(one, &[("answer", "Taken out, with thanks")])
                .status,
            303
        );
    }
    assert!(bo.get("/inbox").body.contains("answered what you reported"));
    assert!(
        visitor
            .get(&visited)
            .body
            .contains("Taken out, with thanks")
    );
    // Nothing of it is public, and nothing leads away.
    assert!(!world.get("/decisions").body.contains("my child"));
    assert_eq!(world.get("/reports/00").status, 404);
    let away = bo.get("/report?about=//evil.example/").body;
    assert_eq!(field(&away, "action=\"/report\"", "about"), "/");
    assert_eq!(bo.send_from(page, "/report", &[("reason", "")]).status, 422);
    let script = [("reason", "<script>alert(1)</script>")];
    let sent = bo.send_from(page, "/report", &script).to;
    assert!(!ana.get(&sent).body.contains("<script>alert"));
    // Whoever sends too many is told to wait.
    let mut many = 303;
    for _ in 0..12 {
        many = bo
            .send_from(page, "/report", &[("reason", "again and again")])
            .status;
    }
    assert_eq!(many, 429);
    // They are in what is taken along, and go with the account.
    let desk = bo.get("/me/export/desk").body;
    assert!(
        desk.contains("my child") && desk.contains("Taken out, with thanks"),
        "{desk}"
    );
    let gone = bo.send(
        "/me/leave",
        &[("choice", "keep"), ("phrase", "cuatro caballos comen")],
    );
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_eq!(ana.get(&at).status, 404);
    world.assert_rebuilt();
}

fn whoever_follows_hears_of_it(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let mut cy = world.member("Cy Ross");
    write(&mut ana, "Category:Weaving", "Everything of weaving.\n");
    write(&mut ana, "Loom", "A loom.\n");
    assert_eq!(
        bo.send_from("/categories/Weaving", "/follow", &[]).status,
        303
    );
    assert_eq!(cy.send_from("/people/ana-paz", "/follow", &[]).status, 303);
    assert_eq!(cy.send_from("/articles/Loom", "/follow", &[]).status, 303);
    people::notices::catch_up(world.node()).expect("told");
    let shuttle = [
        ("title", "Shuttle"),
        ("text", "A shuttle.\n"),
        ("categories", "Weaving"),
        ("language", "en"),
        ("do", "publish"),
    ];
    assert_eq!(ana.send("/new", &shuttle).status, 303);
    people::notices::catch_up(world.node()).expect("told");
    for one in [&mut bo, &mut cy] {
        let inbox = one.get("/inbox").body;
        assert!(inbox.contains("New: Shuttle (Ana Paz)"), "{inbox}");
    }
    // What is withdrawn is told no longer.
    let address = bo.get("/inbox").body;
    let at = address.find("/things/ap%3A").expect("an address");
    let id = address[at + "/things/".len()..]
        .split('?')
        .next()
        .expect("an id");
    let id = id.replace("%3A", ":").replace("%2F", "/");
    let id = record::RecordId::parse(&id).expect("an id");
    let node = world.node();
    let commons = node.keys().commons_did();
    let withdrawn = record::Tombstone::of_thing(id, "a wish").draft(
        commons,
        record::Space::public(),
        store::Node::now(),
    );
    let withdrawn = node
        .publish(withdrawn, node.keys().commons())
        .expect("written");
    assert!(
        matches!(withdrawn, store::Outcome::Accepted(_)),
        "{withdrawn:?}"
    );
    people::notices::catch_up(node).expect("told");
    for one in [&mut bo, &mut cy] {
        let inbox = one.get("/inbox").body;
        assert!(!inbox.contains("Shuttle"), "{inbox}");
    }
    // A list of what changed, and a feed that needs no signing in.
    assert_eq!(
        ana.send(
            "/edit/Loom",
            &[("text", "A big loom.\n"), ("do", "publish")]
        )
        .status,
        303
    );
    let changed = cy.get("/changes?followed=yes").body;
    assert!(
        changed.contains(">Loom<") && !changed.contains(">Shuttle<"),
        "{changed}"
    );
    let following = cy.get("/following").body;
    let feed = following
        .split("href=\"/feeds/following/")
        .nth(1)
        .expect("the feed");
    let key = feed.split('"').next().expect("its end");
    let read = world.get(&format!("/feeds/following/{key}"));
    assert_eq!(read.status, 200);
    assert!(
        read.body.contains("<title>Loom</title>") && read.body.contains("Ana Paz"),
        "{}",
        read.body
    );
    let mut wrong = key.to_owned();
    let last = if wrong.ends_with('0') { '1' } else { '0' };
    wrong.pop();
    wrong.push(last);
    assert_eq!(world.get(&format!("/feeds/following/{wrong}")).status, 404);
    for feed in ["/feeds/pages/Loom", "/feeds/people/ana-paz"] {
        let body = world.get(feed).body;
        assert!(
            body.contains("<title>Loom</title>") && !body.contains("did:key"),
            "{feed}: {body}"
        );
    }
    world.assert_rebuilt();
}

fn a_circle_of_redirects_is_mended_in_two_clicks(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let page = |title: &'static str, text: &'static str| (title, 0, text);
    world.import(
        &[
            page("Barn", "#REDIRECT [[Shed]]"),
            page("Shed", "#REDIRECT [[Barn]]"),
            page("Self", "#REDIRECT [[Self]]"),
            page("Lost", "#REDIRECT [[Barnn]]"),
            page("Broken", "#REDIRECT [[Kiln|x]]"),
            page("Kiln", "A kiln of clay."),
        ],
        None,
    );
    world.follow();
    // No page had a text: it is led to a page that has.
    assert!(
        !world.get("/care/cycles").body.contains("/mend"),
        "visitors mend nothing"
    );
    let body = ana.get("/care/cycles").body;
    assert!(body.contains("Barn") && body.contains("Self"), "{body}");
    let mend = |browser: &mut Browser<'_>, page: &str, target: &str| {
        let fields = [("page", page), ("target", target), ("list", "cycles")];
        post(browser, "/mend", &fields)
    };
    for (target, status) in [("Shed", 400), ("Barn", 400), ("Nowhere", 404), ("[[", 400)] {
        assert_eq!(
            mend(&mut ana, "article:Barn", target).status,
            status,
            "{target}"
        );
    }
    assert_eq!(mend(&mut ana, "article:Barn", "Kiln").status, 303);
    assert_eq!(mend(&mut ana, "article:Self", "Kiln").status, 303);
    assert!(!ana.get("/care/cycles").body.contains("Barn"));
    // A page that had a text gets it back by the button that the list shows.
    assert_eq!(
        ana.send(
            "/edit/Kiln",
            &[("text", "#REDIRECT [[Shed]]\n"), ("do", "publish")]
        )
        .status,
        303
    );
    let body = ana.get("/care/cycles").body;
    assert!(
        body.contains("gets its text of") && body.contains("(4 words)"),
        "{body}"
    );
    let done = ana.send_from("/care/cycles", "/mend", &[]);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(world.get("/articles/Kiln").body.contains("A kiln of clay."));
    assert!(!ana.get("/care/cycles").body.contains("Kiln"));
    let body = ana.get("/care/malformed").body;
    assert!(
        body.contains("Broken") && body.contains("Let it lead to “Kiln”"),
        "{body}"
    );
    world.assert_rebuilt();
}

fn stewards_set_the_limits(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    assert!(world.get("/limits").body.contains("40"));
    let fields = [
        ("known_after", "3"),
        ("per_hour", "1"),
        ("per_hour_here", "1"),
        ("new_links", "0"),
    ];
    assert_eq!(post(&mut bo, "/limits", &fields).status, 403);
    let wrong = ana.send("/limits", &[("known_after", "many"), ("per_hour", "0")]);
    assert_eq!(wrong.status, 422);
    for said in [
        "“Revisions after which somebody is known”: write",
        "“Revisions an hour”: write",
    ] {
        assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
    }
    assert!(!wrong.body.contains("Nothing you wrote"), "{}", wrong.body);
    assert_eq!(ana.send("/limits", &fields).status, 303);
    write(&mut bo, "One", "Text.\n");
    let fields = [
        ("title", "Two"),
        ("text", "Text.\n"),
        ("language", "en"),
        ("do", "publish"),
    ];
    assert_ne!(bo.send("/new", &fields).status, 303);
    assert_eq!(ana.send("/limits", &[("off", "yes")]).status, 303);
    write(&mut bo, "Two", "Text.\n");
    world.assert_rebuilt();
}

fn a_fault_leads_to_the_section_where_it_is_mended(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let text = "A mill.\n\n== Wheel ==\n\nOf '''wood.\n\n== Race ==\n\nThe {{race\n";
    world.import(&[("Mill", 0, text)], None);
    let list = ana.get("/care/faults").body;
    assert!(
        list.contains("/edit/Mill?line=5&amp;section=Wheel"),
        "{list}"
    );
    assert!(list.contains("/care/faults?kind=unclosed_bold"), "{list}");
    assert!(!world.get("/care/faults").body.contains("/edit/Mill"));
    let bold = ana.get("/care/faults?kind=unclosed_bold").body;
    assert!(
        bold.contains("line=5") && !bold.contains("line=9"),
        "{bold}"
    );
    let form = ana.get("/edit/Mill?line=5&section=Wheel").body;
    assert!(form.contains("On line 5 of the page stands this"), "{form}");
    assert!(
        form.contains("== Wheel ==") && !form.contains("== Race =="),
        "{form}"
    );
}

fn what_stewards_set_is_decided_in_public(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let commons = [("name", "Loma"), ("about", "Orchards and mills.")];
    for _ in 0..2 {
        let set = ana.send_from("/stewards", "/stewards/commons", &commons);
        assert_eq!(set.status, 303, "{}", set.body);
    }
    let set = ana.send_from(
        "/stewards",
        "/stewards/joining",
        &[("joining", "invitation")],
    );
    assert_eq!(set.status, 303, "{}", set.body);
    assert_eq!(ana.send("/limits", &[("off", "yes")]).status, 303);
    let decided = world.get("/decisions").body;
    for said in [
        "Ana Paz</a> named the commons “Loma”",
        "said what the commons is: “Orchards and mills.”",
        "decided who may make an account: Whoever a member invited",
        "changed the limits for those who are new",
    ] {
        // What is so already is not decided again.
        assert_eq!(decided.matches(said).count(), 1, "{said}: {decided}");
    }
    assert!(world.get("/join").body.contains("by invitation here"));
    let commons = world.node().keys().commons_did();
    let said = world
        .node()
        .store()
        .read(|db| people::commons_says(db, &commons));
    let said = said.expect("read");
    assert_eq!(said.0.as_deref(), Some("Loma"));
    assert_eq!(said.1.as_deref(), Some("Orchards and mills."));
    assert_eq!(post(&mut bo, "/limits", &[("off", "yes")]).status, 403);
    world.assert_rebuilt();
}

fn who_waited_is_let_in_in_public_with_what_they_said(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let set = ana.send_from("/stewards", "/stewards/joining", &[("joining", "approval")]);
    assert_eq!(set.status, 303, "{}", set.body);
    let mut bo = world.browser();
    let joined = bo.send(
        "/join",
        &[
            ("name", "Bo Lee"),
            ("phrase", "cuatro caballos comen"),
            ("way", "password"),
            ("languages", "qu"),
            ("words", "A weaver."),
        ],
    );
    assert!(
        joined.body.contains("A steward will decide"),
        "{}",
        joined.body
    );
    assert!(!world.get("/decisions").body.contains("Bo Lee"), "not yet");
    let stewards = ana.get("/stewards").body;
    let account = field(&stewards, "action=\"/stewards/waiting\"", "account");
    let answer = post(
        &mut ana,
        "/stewards/waiting",
        &[("account", &account), ("answer", "yes")],
    );
    assert_eq!(answer.status, 303, "{}", answer.body);
    let decided = world.get("/decisions").body;
    assert!(
        decided.contains("Ana Paz</a> let in <a href=\"/people/bo-lee\">Bo Lee</a>"),
        "{decided}"
    );
    let profile = world.get("/people/bo-lee").body;
    assert!(profile.contains("/people?language=qu"), "{profile}");
    // A steward by invitation: everybody reads whose. Who is in already is told so, and what was used says it once.
    let node = world.node();
    let ana_account = node
        .store()
        .read(|db| people::desk::account_of(db, "ana-paz"));
    let inviter = ana_account.expect("read").expect("an account").id;
    let code = people::accounts::invite(node, inviter, "steward", "", 1, 7).expect("a link");
    let link = format!("/join?code={code}");
    let is_in = bo.get(&link).body;
    assert!(is_in.contains("You are Bo Lee here already"), "{is_in}");
    let mut cy = world.browser();
    let fields = [
        ("name", "Cy Ross"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
    ];
    let joined = cy.send(&link, &fields);
    assert_eq!(joined.status, 200, "{}", joined.body);
    let decided = world.get("/decisions").body;
    assert!(
        decided.contains("Cy Ross</a>, invited by <a href=\"/people/ana-paz\">Ana Paz</a>"),
        "{decided}"
    );
    let used = world.get(&link).body;
    assert_eq!(
        used.matches("This invitation was used").count(),
        1,
        "{used}"
    );
    world.assert_rebuilt();
}

fn two_of_one_name_are_told_apart(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    write(&mut ana, "Loom", "One.\n");
    assert!(!world.get("/changes").body.contains("(@ana-paz)"));
    let mut other = world.browser();
    let joined = other.send(
        "/join",
        &[
            ("name", "Ana Paz"),
            ("handle", "ana-del-valle"),
            ("phrase", "cuatro caballos comen"),
            ("way", "password"),
        ],
    );
    assert_eq!(joined.status, 200, "{}", joined.body);
    write(&mut other, "Kiln", "Two.\n");
    let changes = world.get("/changes").body;
    assert!(
        changes.contains("Ana Paz (@ana-paz)") && changes.contains("Ana Paz (@ana-del-valle)"),
        "{changes}"
    );
}

fn an_address_that_was_given_up_leads_on(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let rename = |who: &mut Browser<'_>, handle: &str| {
        let answer = who.send("/me/profile", &[("handle", handle)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
    };
    rename(&mut bo, "bo-of-the-mill");
    rename(&mut bo, "bo-mill");
    for (old, new) in [
        ("/people/bo-lee", "/people/bo-mill"),
        ("/people/bo-of-the-mill", "/people/bo-mill"),
        ("/contributions/bo-lee", "/contributions/bo-mill"),
        ("/api/v1/people/bo-lee", "/api/v1/people/bo-mill"),
    ] {
        let led = world.get(old);
        assert_eq!((led.status, &*led.to), (302, new), "{old}");
    }
    let founded = ana.send(
        "/new/organization",
        &[
            ("name", "Loom House"),
            ("handle", "looms"),
            ("form", "collective"),
        ],
    );
    assert_eq!(founded.status, 303, "{}", founded.body);
    let page = "/edit-organization/looms";
    let moved = ana.send(page, &[("handle", "loom-house")]);
    assert_eq!(moved.status, 303, "{}", moved.body);
    assert_eq!(
        world.get("/organizations/looms").to,
        "/organizations/loom-house"
    );
    // Whoever takes a free address has it, and it leads back when they give it up.
    rename(&mut ana, "bo-lee");
    assert_eq!(world.get("/people/bo-lee").status, 200);
    rename(&mut ana, "ana-paz");
    assert_eq!(world.get("/people/bo-lee").status, 404, "two had it");
    world.assert_rebuilt();
    // What is withdrawn leads nowhere.
    let gone = bo.send(
        "/me/leave",
        &[("choice", "withdraw"), ("phrase", "cuatro caballos comen")],
    );
    assert_eq!(gone.status, 200, "{}", gone.body);
    for old in ["/people/bo-mill", "/people/bo-of-the-mill"] {
        assert_eq!(world.get(old).status, 404, "{old}");
    }
    assert_eq!(world.get("/people/bo-lee").to, "/people/ana-paz");
    world.assert_rebuilt();
}
