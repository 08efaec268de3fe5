//! Organisations, who belongs to them, and what others attest.

use crate::world::{Browser, World, stories};
use site::{Form, Method};

stories! {
    what_stewards_withdrew_stays_so_wherever_it_goes,
    people_and_organizations_are_found_by_the_search,
    an_organization_is_what_both_sides_and_others_say_of_it,
    a_name_elsewhere_is_claimed_and_attested,
    organizations_are_refused_where_they_would_deceive,
}

/// Returns the value of the first hidden field of this name on a page.
fn hidden(body: &str, name: &str) -> String {
    let found = body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = found.unwrap_or_else(|| panic!("no field {name} in {body}"));
    value.split('"').next().unwrap_or_default().to_owned()
}

fn found(browser: &mut Browser<'_>, name: &str, form: &str) -> crate::world::Answer {
    browser.send("/new/organization", &[("name", name), ("form", form)])
}

/// Sends a form of an organisation's page, as it stands there.
fn act(
    browser: &mut Browser<'_>,
    page: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> crate::world::Answer {
    let body = browser.get(page).body;
    if path != "/membership" {
        return browser.send_from(page, path, fields);
    }
    assert!(body.contains("action=\"/membership\""), "{body}");
    let id = hidden(&body, "organization");
    let mut all = fields.to_vec();
    all.push(("organization", &id));
    post(browser, path, &all)
}

/// Posts fields that no form of one's own holds.
fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> crate::world::Answer {
    let token = hidden(&browser.get("/me").body, Form::TOKEN);
    let mut request = browser.request(Method::Post, path);
    request.form.fields = std::iter::once((Form::TOKEN, token.as_str()))
        .chain(fields.iter().copied())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    browser.ask(&request)
}

fn told(world: &World, browser: &mut Browser<'_>, text: &str) {
    people::notices::catch_up(world.node()).expect("told");
    let inbox = browser.get("/inbox").body;
    assert!(inbox.contains(text), "no “{text}” in {inbox}");
}

fn did(world: &World, handle: &str) -> String {
    let found = world.node().store().read(|db| {
        people::by_handle(db, &store::Viewer::public(), handle)
            .map(|person| person.map(|person| person.did.to_string()))
    });
    found.expect("read").expect("a person")
}

fn an_organization_is_what_both_sides_and_others_say_of_it(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz"); // The steward.
    let mut bo = world.member("Bo Lee");
    let mut cy = world.member("Cy Ross");
    assert_eq!(world.get("/organizations").status, 200);
    assert_eq!(
        found(&mut bo, "Tejido Libre", "worker-cooperative").status,
        303
    );
    let page = "/organizations/tejido-libre";
    let shown = world.get(page).body;
    assert!(
        shown.contains("Bo Lee") && shown.contains("speaks for it"),
        "{shown}"
    );
    assert!(
        shown.contains(">claimed<") && !shown.contains(">attested<"),
        "{shown}"
    );
    // Cy says so, and Bo confirms it.
    assert_eq!(
        act(
            &mut cy,
            page,
            "/membership",
            &[("do", "ask"), ("role", "weaver")]
        )
        .status,
        303
    );
    assert!(
        !world.get(page).body.contains("Cy Ross"),
        "one side alone is shown to nobody else"
    );
    assert!(!world.get("/people/cy-ross").body.contains("Tejido Libre"));
    told(&world, &mut bo, "asks to belong");
    let cy_did = did(&world, "cy-ross");
    let refused = act(
        &mut cy,
        page,
        "/membership",
        &[("do", "take"), ("member", &cy_did), ("coordinates", "yes")],
    );
    assert_eq!(
        refused.status, 303,
        "one's own word is one's own side: {}",
        refused.body
    );
    assert!(
        !world.get(page).body.contains("Cy Ross"),
        "and confirms nothing"
    );
    assert_eq!(
        act(
            &mut bo,
            page,
            "/membership",
            &[("do", "take"), ("member", &cy_did)]
        )
        .status,
        303
    );
    let shown = world.get(page).body;
    assert!(
        shown.contains("Cy Ross") && shown.contains("weaver"),
        "{shown}"
    );
    assert!(world.get("/people/cy-ross").body.contains("Tejido Libre"));
    told(&world, &mut cy, "Both sides confirmed");
    // Only who speaks for it changes it or takes others in.
    let refused = cy.send_from(
        "/edit-organization/tejido-libre",
        "/edit-organization/tejido-libre",
        &[("name", "Mine"), ("form", "company")],
    );
    assert_eq!(refused.status, 403, "{}", refused.body);
    let ana_did = did(&world, "ana-paz");
    let refused = act(
        &mut cy,
        page,
        "/membership",
        &[("do", "take"), ("member", &ana_did)],
    );
    assert_eq!(refused.status, 403, "{}", refused.body);
    // The steward vouches for it, with what was seen.
    let none = act(&mut ana, page, "/attest", &[("reason", "")]);
    assert_eq!(none.status, 422, "{}", none.body);
    assert_eq!(
        act(
            &mut ana,
            page,
            "/attest",
            &[("reason", "Register 12-7, read")]
        )
        .status,
        303
    );
    let shown = world.get(page).body;
    assert!(
        shown.contains(">attested<") && shown.contains("Register 12-7, read"),
        "{shown}"
    );
    // An attested one vouches for another; one that is not may not.
    let mut dee = world.member("Dee Fox");
    assert_eq!(
        found(&mut dee, "Casa del Pan", "other-cooperative").status,
        303
    );
    let other = "/organizations/casa-del-pan";
    let form = |world: &World, handle: &str| {
        world
            .node()
            .store()
            .read(|db| {
                let viewer = store::Viewer::public();
                let here = people::organization(db, &viewer, handle)?.expect("here");
                Ok::<_, store::StoreError>((people::attested_form(db, &here.id)?, here.id))
            })
            .expect("read")
    };
    let (attested, tejido) = form(&world, "tejido-libre");
    assert_eq!(attested, Some(people::LegalForm::WorkerCooperative));
    let hex: String = tejido.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        act(
            &mut bo,
            other,
            "/attest",
            &[("reason", "We bake together"), ("behalf", &hex)]
        )
        .status,
        303
    );
    assert_eq!(
        form(&world, "casa-del-pan").0,
        Some(people::LegalForm::OtherCooperative)
    );
    assert!(world.get(other).body.contains("Tejido Libre"));
    let mut eli = world.member("Eli Sun");
    assert_eq!(found(&mut eli, "Humo", "nonprofit").status, 303);
    // What hangs on a withdrawn attestation alone is claimed again.
    let withdrawn = ana.get(page).body;
    let id = hidden(&withdrawn, "withdraw");
    assert_eq!(
        ana.send_from(page, "/attest", &[("withdraw", &id)]).status,
        303
    );
    assert_eq!(form(&world, "tejido-libre").0, None);
    assert_eq!(form(&world, "casa-del-pan").0, None);
    // Another form is another claim.
    assert_eq!(
        act(&mut ana, page, "/attest", &[("reason", "Seen again")]).status,
        303
    );
    assert_eq!(
        form(&world, "casa-del-pan").0,
        Some(people::LegalForm::OtherCooperative)
    );
    let page_of_change = "/edit-organization/tejido-libre";
    let changed = bo.send(
        page_of_change,
        &[
            ("name", "Tejido Libre"),
            ("handle", "tejido-libre"),
            ("form", "company"),
            ("place", "Peguche, Otavalo"),
            ("themes", "Weaving"),
        ],
    );
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_eq!(form(&world, "tejido-libre").0, None);
    assert!(
        world
            .get("/organizations?place=otavalo&form=company")
            .body
            .contains("Tejido Libre")
    );
    assert!(
        !world
            .get("/organizations?form=nonprofit")
            .body
            .contains("Tejido Libre")
    );
    assert!(
        world
            .get("/organizations?called=tej")
            .body
            .contains("Tejido Libre")
    );
    assert!(world.get("/people?called=ro").body.contains("Cy Ross"));
    assert!(!world.get("/people?called=oss").body.contains("Cy Ross"));
    // Who began from an older description is told so, once, and loses nothing of what they wrote.
    let stale = format!("sha256:{}", "0".repeat(64));
    let late = [("base", stale.as_str()), ("about", "Late words.")];
    let told = bo.send(page_of_change, &late);
    assert!(
        told.status == 422
            && told.body.contains("Somebody changed it")
            && told.body.contains("Late words."),
        "{}",
        told.body
    );
    // Either side ends it.
    assert_eq!(
        act(
            &mut cy,
            page,
            "/membership",
            &[("do", "end"), ("member", &cy_did)]
        )
        .status,
        303
    );
    assert!(!world.get(page).body.contains("Cy Ross"));
    // Whoever brought it in takes their own along, and it stays for the others.
    assert_eq!(
        act(&mut cy, page, "/membership", &[("do", "ask")]).status,
        303
    );
    let alone = bo.get("/me/leave").body;
    assert!(
        alone.contains("Nobody else speaks for these")
            && alone.contains(&format!("href=\"{page}\"")),
        "{alone}"
    );
    assert_eq!(
        act(
            &mut bo,
            page,
            "/membership",
            &[("do", "take"), ("member", &cy_did), ("coordinates", "yes")]
        )
        .status,
        303
    );
    assert!(!bo.get("/me/leave").body.contains("Nobody else speaks"));
    let gone = bo.send(
        "/me/leave",
        &[("choice", "withdraw"), ("phrase", "cuatro caballos comen")],
    );
    assert_eq!(gone.status, 200, "{}", gone.body);
    let shown = world.get(page);
    assert!(
        shown.status == 200 && shown.body.contains("Cy Ross"),
        "{}",
        shown.body
    );
    world.assert_rebuilt();
}

fn a_name_elsewhere_is_claimed_and_attested(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let mut cy = world.member("Cy Ross");
    for (browser, name, handle) in [
        (&mut bo, "Bo Lee", "bo-lee"),
        (&mut cy, "Cy Ross", "cy-ross"),
    ] {
        let fields = [
            ("name", name),
            ("handle", handle),
            ("author_names", "Bo (old wiki)"),
        ];
        assert_eq!(browser.send("/me/profile", &fields).status, 303);
    }
    let owner = |world: &World| {
        world
            .node()
            .store()
            .read(|db| people::who_wrote_as(db, &store::Viewer::public(), "Bo (old wiki)"))
            .expect("read")
            .map(|person| person.handle)
    };
    assert_eq!(owner(&world), None);
    assert!(ana.get("/stewards").body.contains("Bo (old wiki)"));
    let page = "/people/bo-lee";
    // Nobody attests their own, and only stewards attest names.
    let body = ana.get(page).body;
    let about = hidden(
        &body[body.find("action=\"/attest\"").expect("the form")..],
        "about",
    );
    let fields = [
        ("claim", "author-name"),
        ("value", "Bo (old wiki)"),
        ("about", about.as_str()),
        ("reason", "Mail from the old address"),
    ];
    assert_eq!(post(&mut bo, "/attest", &fields).status, 403);
    assert_eq!(post(&mut cy, "/attest", &fields).status, 403);
    assert_eq!(ana.send_from(page, "/attest", &fields).status, 303);
    assert_eq!(owner(&world).as_deref(), Some("bo-lee"));
    told(&world, &mut bo, "vouched for");
    for (old, new) in [
        ("/wiki/User:Bo_(old_wiki)", "/people/bo-lee"),
        (
            "/wiki/Special:Contributions/Bo_(old_wiki)",
            "/contributions/bo-lee",
        ),
    ] {
        let answer = world.get(old);
        assert_eq!((answer.status, &*answer.to), (301, new), "{old}");
    }
    // It is nobody else's any more.
    let body = ana.get("/people/cy-ross").body;
    let other = hidden(
        &body[body.find("action=\"/attest\"").expect("the form")..],
        "about",
    );
    let mut fields = fields;
    fields[2].1 = &other;
    assert_eq!(post(&mut ana, "/attest", &fields).status, 403);
    // Who claims it no longer has it no longer.
    assert_eq!(
        bo.send(
            "/me/profile",
            &[
                ("name", "Bo Lee"),
                ("handle", "bo-lee"),
                ("author_names", "")
            ]
        )
        .status,
        303
    );
    assert_eq!(owner(&world), None);
    world.assert_rebuilt();
}

fn organizations_are_refused_where_they_would_deceive(make: fn() -> World) {
    let world = make();
    let _ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let visitor = world.browser().get("/new/organization").status;
    assert_eq!(visitor, 401);
    assert_eq!(found(&mut bo, "", "company").status, 422);
    assert_eq!(found(&mut bo, "Tejido", "kingdom").status, 422);
    let alike = bo.send(
        "/new/organization",
        &[
            ("name", "Tejido"),
            ("handle", "ana-paz"),
            ("form", "company"),
        ],
    );
    assert_eq!(alike.status, 422, "{}", alike.body);
    let alike = bo.send(
        "/new/organization",
        &[
            ("name", "Anа Paz"),
            ("handle", "anita"),
            ("form", "company"),
        ],
    );
    assert_eq!(alike.status, 422, "with a Cyrillic letter: {}", alike.body);
    // A name that is an organisation's is no account's.
    assert_eq!(found(&mut bo, "Tejido Libre", "collective").status, 303);
    let join = world.browser().send(
        "/join",
        &[
            ("name", "Tejido Libre"),
            ("handle", "tejido-libre"),
            ("way", "password"),
            ("phrase", "cuatro caballos comen"),
        ],
    );
    assert_eq!(join.status, 422, "{}", join.body);
    // What somebody writes runs nowhere.
    let evil = "<script>alert(1)</script>";
    let fields = [
        ("name", "Evil"),
        ("form", "company"),
        ("about", evil),
        ("place", evil),
        ("themes", evil),
        ("seeking", evil),
        ("links", "javascript:alert(1)"),
    ];
    assert_eq!(bo.send("/new/organization", &fields).status, 422);
    assert_eq!(bo.send("/new/organization", &fields[..6]).status, 303);
    for page in ["/organizations/evil", "/organizations"] {
        assert!(!world.get(page).body.contains("<script>alert"), "{page}");
    }
    for name in 0..7 {
        assert_eq!(
            found(&mut bo, &format!("Group {name}"), "collective").status,
            303
        );
    }
    let many = found(&mut bo, "Group many", "collective");
    assert_eq!(many.status, 303, "the tenth");
    let many = found(&mut bo, "Group too many", "collective");
    assert_eq!(many.status, 403, "{}", many.body);
    world.assert_rebuilt();
}

fn people_and_organizations_are_found_by_the_search(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let fields = [
        ("name", "Ana Paz"),
        ("handle", "ana-paz"),
        ("about", "I mend **radios** in a shed."),
        ("skills", "soldering"),
        ("languages", "en"),
    ];
    assert_eq!(ana.send("/me/profile", &fields).status, 303);
    assert_eq!(found(&mut ana, "Tejido Libre", "collective").status, 303);
    world.follow();
    for (words, name) in [
        ("radios", "Ana Paz"),
        ("soldering", "Ana Paz"),
        ("tejido", "Tejido Libre"),
    ] {
        let body = world.get(&format!("/search?q={words}")).body;
        assert!(body.contains(name), "{words}: {body}");
    }
    let body = world.get("/search?q=radios").body;
    assert!(
        body.contains("href=\"/people/ana-paz\"")
            && body.contains("Person")
            && body.contains("<mark>radios</mark>"),
        "{body}"
    );
    // What they no longer say is found no more.
    let fields = [
        ("name", "Ana Paz"),
        ("handle", "ana-paz"),
        ("about", "I rest."),
        ("skills", ""),
    ];
    assert_eq!(ana.send("/me/profile", &fields).status, 303);
    world.follow();
    assert!(
        !world
            .get("/search?q=radios")
            .body
            .contains("/people/ana-paz")
    );
    let mut bo = world.member("Bo Lee");
    world.follow();
    assert!(
        world
            .get("/search?q=bo+lee")
            .body
            .contains("/people/bo-lee")
    );
    assert_eq!(
        bo.send(
            "/me/leave",
            &[("choice", "nameless"), ("phrase", "cuatro caballos comen")]
        )
        .status,
        200
    );
    world.follow();
    assert!(
        !world
            .get("/search?q=bo+lee")
            .body
            .contains("/people/bo-lee")
    );
}

/// Signs and publishes a draft; says why not.
fn publish(
    node: &store::Node,
    draft: record::Draft,
    key: &record::SecretKey,
) -> Result<record::Record, String> {
    let record = node.sign(draft, key).expect("signed");
    match node
        .publish_all(vec![record.clone()])
        .expect("published")
        .pop()
    {
        Some(store::Outcome::Refused(refusal)) => Err(refusal.rule.to_owned()),
        _ => Ok(record),
    }
}

fn what_stewards_withdrew_stays_so_wherever_it_goes(make: fn() -> World) {
    let world = make();
    let node = world.node();
    let (commons, own) = (node.keys().commons_did(), node.keys().commons());
    let steward = record::SecretKey::from_bytes([7; 32]);
    let handle = people::Handle::parse("ana-paz").expect("an address");
    let name = people::PersonName::parse("Ana Paz").expect("a name");
    people::accounts::let_join_with_key(node, handle, &name, steward.did()).expect("joined");
    let now = store::Node::now;
    let public = record::Space::public;
    let appoint = people::Decision {
        act: people::Act::Appoint,
        about: steward.did().to_string(),
        value: String::new(),
        reason: String::new(),
    };
    let appointed = publish(node, appoint.draft(commons.clone(), now()), own).expect("appointed");
    let article = crate::world::plain(knowledge::Kind::Article, "Loom", "A secret.");
    let draft = article.draft(commons.clone(), public(), now(), None, Vec::new());
    let page = publish(node, draft, own).expect("published");
    let withdraw = |target: &record::Record, home: &record::Did| {
        record::Tombstone::of_record(target.hash(), target.thing().clone(), "a wish").draft(
            home.clone(),
            public(),
            now(),
        )
    };
    // Another commons and its stewards have no word here, even where their file is taken in by whoever keeps the node.
    let hostile = make();
    let foreign = hostile.node().keys().commons();
    publish(hostile.node(), withdraw(&page, &foreign.did()), foreign).expect("withdrawn there");
    let file = world.folder().join("hostile.bundle");
    hostile.node().export(&[public()], &file).expect("exported");
    let taken = node.import_bundle(&file, |_| ()).expect("read");
    assert_eq!(taken.refused.len(), 1, "{taken:?}");
    assert_eq!(world.get("/articles/Loom").status, 200);
    let elsewhere = make();
    let gone = publish(node, withdraw(&page, &commons), &steward).expect("withdrawn");
    assert_eq!(world.get("/articles/Loom").status, 410);
    // What was withdrawn does not come back by withdrawing that, and neither are decisions.
    assert_eq!(
        publish(node, withdraw(&gone, &commons), &steward)
            .err()
            .as_deref(),
        Some("withdrawals_stay")
    );
    assert_eq!(
        publish(node, withdraw(&gone, &commons), own)
            .err()
            .as_deref(),
        Some("withdrawals_stay")
    );
    assert_eq!(
        publish(node, withdraw(&appointed, &commons), own)
            .err()
            .as_deref(),
        Some("decisions_stay")
    );
    // A node that takes the bundle in knows that she was a steward, and what she withdrew.
    let file = world.folder().join("all.bundle");
    node.export(&[public()], &file).expect("exported");
    let taken = elsewhere
        .node()
        .import_bundle(&file, |_| ())
        .expect("taken in");
    assert!(taken.refused.is_empty(), "{taken:?}");
    assert_eq!(elsewhere.get("/articles/Loom").status, 404);
    for one in [&world, &elsewhere] {
        one.assert_rebuilt();
    }
}
