//! Keys: devices that sign in somebody's name, keys that are taken back, and joining with one's own.

use crate::world::{Answer, Browser, World, plain, stories};
use knowledge::Kind;
use people::{Act, Decision, Profile, Revocation, accounts};
use record::{Delegation, Draft, Record, Scope, SecretKey, Signing, Space, Timestamp, Tombstone};
use site::Method;
use store::{Node, Outcome};

stories! {
    what_a_persons_record_says_beside_is_no_decision,
    a_device_writes_in_a_members_name_until_it_is_taken_back,
    a_device_takes_over_nothing,
    a_stolen_key_ends_with_all_that_it_let_sign,
    a_key_ends_by_itself_and_a_strangers_fills_no_log,
    whoever_has_a_key_joins_as_the_commons_lets_people_in,
    a_record_of_somebody_who_left_opens_no_door,
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_bytes([seed; 32])
}

fn signing(at: Timestamp) -> Signing {
    Signing::new(at, people::secrets::random().expect("chance"))
}

fn sign(draft: Draft, key: &SecretKey) -> Record {
    draft.sign(key, signing(Node::now())).expect("signed")
}

/// Publishes a record, and returns the rule that refused it, `known`, or nothing.
fn published(world: &World, record: &Record) -> String {
    let outcome = world.node().publish_all(vec![record.clone()]);
    match outcome.expect("written").pop().expect("an outcome") {
        Outcome::Accepted(_) => String::new(),
        Outcome::Known(_) => "known".to_owned(),
        Outcome::Refused(refusal) => refusal.rule.to_owned(),
    }
}

fn text(world: &World, title: &str) -> Draft {
    let article = plain(Kind::Article, title, "Written far away.\n");
    let commons = world.node().keys().commons_did();
    article.draft(commons, Space::public(), Node::now(), None, Vec::new())
}

fn revocation(world: &World, key: &SecretKey, reason: &str) -> Draft {
    let revocation = Revocation {
        key: key.did(),
        reason: reason.to_owned(),
    };
    revocation.draft(world.node().keys().commons_did(), Node::now())
}

fn person(world: &World, handle: &str, name: &str, at: Timestamp) -> Draft {
    let profile = Profile {
        handle: handle.to_owned(),
        name: name.to_owned(),
        ..Profile::default()
    };
    profile.draft(world.node().keys().commons_did(), at, None, Vec::new())
}

/// Lets somebody in who keeps their key themselves.
fn own_key(world: &World, key: &SecretKey, handle: &str) {
    let handle = people::Handle::parse(handle).expect("a handle");
    let name = people::PersonName::parse(handle.as_str()).expect("a name");
    accounts::let_join_with_key(world.node(), handle, &name, key.did()).expect("an account");
}

fn lend(world: &World, owner: &SecretKey, device: &SecretKey, kinds: &[&str]) -> Delegation {
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let _ = world;
    accounts::delegate(owner, &device.did(), kinds, 1).expect("a delegation")
}

fn delegated(draft: Draft, key: &SecretKey, delegation: &Delegation) -> Record {
    draft
        .sign_delegated(key, delegation, signing(Node::now()))
        .expect("signed")
}

fn shown_delegation(answer: &Answer) -> Delegation {
    let area = answer.body.split("id=\"delegation\"").nth(1);
    let text = area.unwrap_or_else(|| panic!("no delegation: {}", answer.body));
    let text = text.split_once('>').expect("a text").1;
    let text = text.split("</textarea>").next().expect("its end");
    let json = text.trim().replace("&quot;", "\"");
    let value = serde_json::from_str(&json).expect("JSON");
    Delegation::verify(&value).expect("signed by its issuer")
}

/// Lets a device sign for whoever uses a browser, by the form on their page.
fn lend_by_form(browser: &mut Browser<'_>, device: &SecretKey, days: &str) -> Answer {
    let did = device.did();
    let fields = [
        ("device", did.as_str()),
        ("device-label", "The field phone"),
        ("days", days),
        // The form of the first device on the page has this, the one that makes them does not.
        ("end", ""),
    ];
    browser.send_from("/me", "/me/device", &fields)
}

fn what_a_persons_record_says_beside_is_no_decision(make: fn() -> World) {
    let world = make();
    let _ana = world.member("Ana Paz");
    let nina = key(21);
    own_key(&world, &nina, "nina");
    let mut draft = person(&world, "nina", "nina", Node::now());
    let did = nina.did().to_string();
    for (name, value) in [
        ("act", "appoint"),
        ("about", did.as_str()),
        ("reason", "me"),
    ] {
        draft.body.insert(name.to_owned(), value.into());
    }
    draft.body.insert("key".to_owned(), did.as_str().into());
    assert_eq!(published(&world, &sign(draft, &nina)), "");
    let commons = world.node().keys().commons_did();
    let standing = world
        .node()
        .store()
        .read(|db| people::standing(db, &commons, &nina.did()))
        .expect("read");
    assert!(standing.member && !standing.steward && !standing.revoked);
    // Nor does a decision hide under another kind, to be withdrawn one day.
    let decision = Decision {
        act: Act::Dismiss,
        about: did,
        value: String::new(),
        reason: "x".to_owned(),
    };
    let mut draft = decision.draft(commons, Node::now());
    draft.kind = "note".to_owned();
    assert_eq!(published(&world, &sign(draft, &nina)), "other_kind");
    world.assert_rebuilt();
}

fn a_device_writes_in_a_members_name_until_it_is_taken_back(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    let phone = key(31);
    for (did, days, said) in [
        ("did:key:nothing", "90", "This is no name of a key"),
        (
            phone.did().as_str(),
            "366",
            "a number of days from 1 to 365",
        ),
    ] {
        let fields = [("device", did), ("device-label", "x"), ("days", days)];
        let wrong = bo.send_from("/me", "/me/device", &fields);
        assert!(
            wrong.status == 422 && wrong.body.contains(said),
            "{}",
            wrong.body
        );
        assert!(wrong.body.contains(did), "what was written is still there");
    }
    let made = lend_by_form(&mut bo, &phone, "30");
    assert_eq!(made.status, 200, "{}", made.body);
    let delegation = shown_delegation(&made);
    let did = delegation.issuer().clone();
    assert!(bo.get("/me").body.contains("The field phone"));
    assert!(
        !bo.get("/me").body.contains("id=\"delegation\""),
        "shown once"
    );
    let own = lend_by_form(&mut bo, &phone, "30");
    assert_eq!(own.status, 200, "a second one takes its place");
    // It writes, and what it wrote is Bo's.
    let first = delegated(text(&world, "Well"), &phone, &delegation);
    assert_eq!(published(&world, &first), "");
    assert_eq!(published(&world, &first), "known");
    assert!(world.get("/history/Well").body.contains("Bo Lee"));
    // The reasons for which it may not: another kind, another device, another issuer, too late.
    let node = world.node();
    let stranger = key(32);
    let other = text(&world, "Other").sign_delegated(&stranger, &delegation, signing(Node::now()));
    assert!(other.is_err(), "another device");
    let forged = lend(&world, &stranger, &phone, &["article"]);
    let forged = delegated(text(&world, "Forged"), &phone, &forged);
    assert_eq!(published(&world, &forged), "not_a_member");
    let long_ago = Timestamp::from_millis(Node::now().as_millis() - 10_000);
    let ended = Timestamp::from_millis(Node::now().as_millis() - 5_000);
    let nina = key(33);
    own_key(&world, &nina, "nina");
    let kinds = Scope::Kinds(vec!["article".to_owned()]);
    let expired = Delegation::sign(&nina, &phone.did(), kinds, long_ago, ended).expect("made");
    let mut late = text(&world, "Late");
    late.published = long_ago;
    let late = delegated(late, &phone, &expired);
    assert!(Record::verify(late.bytes(), Some(Node::now())).is_err());
    assert_eq!(published(&world, &late), "delegation", "also by no door");
    // A form of somebody else's takes back nothing of Bo's.
    let theirs = [("end", phone.did().to_string())];
    let fields: Vec<(&str, &str)> = theirs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(ana.send_from("/me", "/me/device", &fields).status, 303);
    assert_eq!(
        published(
            &world,
            &delegated(text(&world, "Still"), &phone, &delegation)
        ),
        ""
    );
    // Taken back: it does nothing more, not even withdraw; Bo's own key goes on.
    assert_eq!(bo.send_from("/me", "/me/device", &fields).status, 303);
    assert!(!bo.get("/me").body.contains("The field phone"));
    let stolen = delegated(text(&world, "Stolen"), &phone, &delegation);
    assert_eq!(published(&world, &stolen), "key_revoked");
    let gone = Tombstone::of_thing(first.thing().clone(), "");
    let gone = gone.draft(node.keys().commons_did(), Space::public(), Node::now());
    assert_eq!(
        published(&world, &delegated(gone, &phone, &delegation)),
        "key_revoked"
    );
    assert_eq!(
        world.get("/articles/Well").status,
        200,
        "what was accepted stays"
    );
    let fields = [
        ("title", "Barn"),
        ("text", "A barn."),
        ("language", "en"),
        ("do", "publish"),
    ];
    assert_eq!(bo.send("/new", &fields).status, 303);
    let again = lend_by_form(&mut bo, &phone, "30");
    assert!(again.status == 422 && again.body.contains("This key was taken back"));
    // In another's name it may still sign, if they let it.
    let theirs = lend(&world, &nina, &phone, &["article"]);
    assert_eq!(
        published(&world, &delegated(text(&world, "Shared"), &phone, &theirs)),
        ""
    );
    // Nobody takes a revocation back.
    let taken = node
        .store()
        .read(|db| store::records_by(db, &did))
        .expect("read");
    let taken = taken.iter().find(|own| own.id.kind() == Revocation::KIND);
    let taken = taken.expect("a revocation").id.clone();
    let undo = Tombstone::of_thing(taken, "");
    let undo = undo.draft(node.keys().commons_did(), Space::public(), Node::now());
    let by_commons = sign(undo, node.keys().commons());
    assert_eq!(published(&world, &by_commons), "revocations_stay");
    world.assert_rebuilt();
    // An erased account leaves no device on the desk.
    let cut = lend_by_form(&mut bo, &key(34), "1");
    assert_eq!(cut.status, 200);
    let fields = [("choice", "keep"), ("phrase", "cuatro caballos comen")];
    assert_eq!(bo.send("/me/leave", &fields).status, 200);
    let left = node
        .store()
        .read(|db| db.number("SELECT COUNT(*) FROM delegations", &[]))
        .expect("read");
    assert_eq!(left, 0);
}

fn a_device_takes_over_nothing(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let (nina, phone) = (key(41), key(42));
    own_key(&world, &nina, "nina");
    let who = person(&world, "nina", "nina", Node::now());
    let who = sign(who, &nina);
    assert_eq!(published(&world, &who), "");
    let node = world.node();
    let commons = node.keys().commons_did();
    let appoint = |did: String| Decision {
        act: Act::Appoint,
        about: did,
        value: String::new(),
        reason: String::new(),
    };
    let by_commons = appoint(nina.did().to_string()).draft(commons.clone(), Node::now());
    assert_eq!(
        published(&world, &sign(by_commons, node.keys().commons())),
        ""
    );
    let fields = [
        ("title", "Barn"),
        ("text", "A barn."),
        ("language", "en"),
        ("do", "publish"),
    ];
    assert_eq!(ana.send("/new", &fields).status, 303);
    // Whatever its owner wrote into the delegation.
    let all = Delegation::sign(
        &nina,
        &phone.did(),
        Scope::Every,
        Timestamp::from_millis(Node::now().as_millis() - 1_000),
        Timestamp::from_millis(Node::now().as_millis() + 60_000),
    )
    .expect("a delegation");
    let tombstone = |record: record::RecordId| {
        let draft = Tombstone::of_thing(record, "");
        draft.draft(commons.clone(), Space::public(), Node::now())
    };
    let barn = node
        .store()
        .read(|db| {
            db.first(
                "SELECT id FROM things WHERE key = 'article:Barn'",
                &[],
                |row| row.get::<String>(0),
            )
        })
        .expect("read")
        .expect("a page");
    let barn = record::RecordId::parse(&barn).expect("an id");
    for draft in [
        person(&world, "nina-two", "nina", Node::now()),
        appoint(phone.did().to_string()).draft(commons.clone(), Node::now()),
        revocation(&world, &nina, ""),
        revocation(&world, &key(43), "stolen"),
        tombstone(who.thing().clone()),
        tombstone(barn),
    ] {
        let kind = draft.kind.clone();
        let record = delegated(draft, &phone, &all);
        assert_eq!(published(&world, &record), "device_key", "{kind}");
    }
    let well = delegated(text(&world, "Well"), &phone, &all);
    assert_eq!(published(&world, &well), "");
    // A kind says what it is of: under the one that is allowed nothing else comes in.
    let notes = lend(&world, &nina, &phone, &["note"]);
    let mut hidden = text(&world, "Hidden");
    hidden.kind = "note".to_owned();
    assert_eq!(
        published(&world, &delegated(hidden, &phone, &notes)),
        "delegation"
    );
    let gone = tombstone(well.thing().clone());
    assert_eq!(published(&world, &delegated(gone, &phone, &all)), "");
    // The device itself it may take back, and then it is nobody's.
    let end = revocation(&world, &phone, "");
    assert_eq!(published(&world, &delegated(end, &phone, &all)), "");
    let after = delegated(text(&world, "After"), &phone, &all);
    assert_eq!(published(&world, &after), "key_revoked");
    assert_eq!(published(&world, &sign(text(&world, "Own"), &nina)), "");
    world.assert_rebuilt();
}

fn a_stolen_key_ends_with_all_that_it_let_sign(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let (nina, phone, thief) = (key(51), key(52), key(53));
    own_key(&world, &nina, "nina");
    let delegation = lend(&world, &nina, &phone, &["article"]);
    assert_eq!(
        published(
            &world,
            &delegated(text(&world, "Well"), &phone, &delegation)
        ),
        ""
    );
    // A member's word on another's key says only that it does not sign for themselves.
    let other = key(54);
    own_key(&world, &other, "omar");
    assert_eq!(
        published(&world, &sign(revocation(&world, &nina, "mine"), &other)),
        ""
    );
    assert_eq!(published(&world, &sign(text(&world, "Spring"), &nina)), "");
    let commons = world.node().keys().commons_did();
    let unsaid = accounts::revoke(world.node(), nina.did(), " ");
    assert!(unsaid.is_err_and(|error| error.to_string().contains("reason")));
    let own = accounts::revoke(world.node(), commons, "no");
    assert!(own.is_err(), "the commons' own key");
    accounts::revoke(world.node(), nina.did(), "found in a café").expect("revoked");
    let later = lend(&world, &nina, &thief, &["article"]);
    for record in [
        sign(text(&world, "One"), &nina),
        delegated(text(&world, "Two"), &phone, &delegation),
        delegated(text(&world, "Three"), &thief, &later),
        sign(revocation(&world, &phone, ""), &nina),
    ] {
        assert_eq!(published(&world, &record), "key_revoked");
    }
    assert!(world.get("/decisions").body.contains("found in a café"));
    assert_eq!(world.get("/articles/Well").status, 200);
    // By a steward, on the person's page.
    let omar = sign(person(&world, "omar", "omar", Node::now()), &other);
    assert_eq!(published(&world, &omar), "");
    let asked = format!("/stewards/decide?act=revoke&about={}", other.did());
    assert!(ana.get("/people/omar").body.contains("value=\"revoke\""));
    let taken = [("act", "revoke"), ("reason", "")];
    let unsaid = ana.send_from(&asked, "/stewards/decide", &taken);
    assert_eq!(unsaid.status, 403, "{}", unsaid.body);
    let taken = [("act", "revoke"), ("reason", "sold with a laptop")];
    let done = ana.send_from(&asked, "/stewards/decide", &taken);
    assert_eq!(done.status, 303, "{}", done.body);
    let page = ana.get("/people/omar").body;
    assert!(page.contains("key taken back") && !page.contains("value=\"revoke\""));
    assert_eq!(
        published(&world, &sign(text(&world, "Four"), &other)),
        "key_revoked"
    );
    // Nobody comes in with such a key again, nor acts with an account of it on the web.
    let ana_did = ana.get("/me").body;
    let ana_did = ana_did.split("did:key:").last().expect("a key");
    let ana_did = format!("did:key:{}", ana_did.split('<').next().expect("its end"));
    let did = record::Did::parse(&ana_did).expect("a key");
    assert_eq!(ana.get("/stewards").status, 200);
    accounts::revoke(world.node(), did, "sealed on a disk that was lost").expect("revoked");
    assert!(
        ana.get("/me")
            .body
            .contains("sealed on a disk that was lost")
    );
    assert_eq!(ana.get("/stewards").status, 403);
    let device = lend_by_form(&mut ana, &key(55), "1");
    assert!(device.status == 422 && device.body.contains("This key was taken back"));
    world.assert_rebuilt();
}

fn a_key_ends_by_itself_and_a_strangers_fills_no_log(make: fn() -> World) {
    let world = make();
    let _ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    let (nina, phone, stranger) = (key(61), key(62), key(63));
    own_key(&world, &nina, "nina");
    let by_stranger = sign(revocation(&world, &stranger, ""), &stranger);
    assert_eq!(published(&world, &by_stranger), "not_a_member");
    // A device that a member named on their page is known, and says for itself that it is lost.
    let made = lend_by_form(&mut bo, &phone, "1");
    let delegation = shown_delegation(&made);
    assert_eq!(
        published(&world, &sign(revocation(&world, &phone, ""), &phone)),
        ""
    );
    let after = delegated(text(&world, "After"), &phone, &delegation);
    assert_eq!(published(&world, &after), "key_revoked");
    // Also who is blocked ends their own key, once.
    let block = Decision {
        act: Act::Block,
        about: nina.did().to_string(),
        value: String::new(),
        reason: "a quarrel".to_owned(),
    };
    accounts::decide(world.node(), block).expect("blocked");
    assert_eq!(
        published(&world, &sign(text(&world, "No"), &nina)),
        "blocked"
    );
    assert_eq!(
        published(&world, &sign(revocation(&world, &nina, ""), &nina)),
        ""
    );
    assert_eq!(
        published(&world, &sign(revocation(&world, &nina, ""), &nina)),
        "key_revoked"
    );
    // Not in a space of one's own, and not as a part of something that can be withdrawn.
    let omar = key(64);
    own_key(&world, &omar, "omar");
    let well = sign(text(&world, "Well"), &omar);
    assert_eq!(published(&world, &well), "");
    let mut part = revocation(&world, &key(65), "");
    part.thing = Some(well.thing().clone());
    assert_eq!(published(&world, &sign(part, &omar)), "not_a_revocation");
    let mut aside = revocation(&world, &key(65), "");
    aside.space = Space::starter();
    assert_eq!(published(&world, &sign(aside, &omar)), "closed_space");
    world.assert_rebuilt();
}

/// Joins with a key; returns the status and what was answered.
fn join(world: &World, record: &Record, code: &str, address: &str) -> (u16, String) {
    let mut browser = world.browser();
    browser.address = address.to_owned();
    let mut request = browser.request(Method::Post, &format!("/api/v1/join?code={code}"));
    request.body = record.bytes().to_vec();
    request.accept = "application/json".to_owned();
    let answer = browser.ask(&request);
    (answer.status, answer.body)
}

fn whoever_has_a_key_joins_as_the_commons_lets_people_in(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let set = |way: &'static str| {
        let set = move |db: &store::Db<'_>| store::set_setting(db, people::Joining::SETTING, way);
        world.node().store().write(set).expect("set");
    };
    let signed = |seed: u8, handle: &str| {
        let name = format!("Person {seed}");
        sign(person(&world, handle, &name, Node::now()), &key(seed))
    };
    let (status, answer) = join(&world, &signed(71, "seventy"), "", "203.0.113.1");
    assert_eq!(status, 201, "{answer}");
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["did"], key(71).did().as_str());
    assert_eq!(
        (&answer["status"], &answer["next"]),
        (&"active".into(), &"".into())
    );
    assert_eq!(answer["codes"].as_array().map(Vec::len), Some(10));
    assert_eq!(world.get("/people/seventy").status, 200);
    assert_eq!(published(&world, &sign(text(&world, "Well"), &key(71))), "");
    // Twice, somebody else's address, another commons, too old, with a device, what is no person.
    let refused = |record: &Record, said: &str| {
        let (status, answer) = join(&world, record, "", "203.0.113.2");
        assert!(
            (400..410).contains(&status) && answer.contains(said),
            "{status} {answer}"
        );
    };
    refused(&signed(71, "another"), "has_account");
    refused(&signed(72, "seventy"), "handle_taken");
    let mut elsewhere = person(&world, "else", "Else", Node::now());
    elsewhere.commons = key(99).did();
    refused(&sign(elsewhere, &key(73)), "not_a_person");
    let old = Timestamp::from_millis(Node::now().as_millis() - 11 * 60 * 1_000);
    refused(
        &sign(person(&world, "olden", "Olden", old), &key(73)),
        "ten minutes",
    );
    let lent = lend(&world, &key(73), &key(74), &["person"]);
    let lent = delegated(person(&world, "lent", "Lent", Node::now()), &key(74), &lent);
    refused(&lent, "not_a_person");
    refused(&sign(text(&world, "Text"), &key(73)), "not_a_person");
    // Only who was invited; a code works once.
    set("invitation");
    refused(&signed(75, "uninvited"), "invitation");
    let code = accounts::invite(world.node(), [0; 16], "steward", "", 1, 1).expect("a code");
    assert_eq!(
        join(&world, &signed(75, "invited"), &code, "203.0.113.3").0,
        201
    );
    assert_eq!(
        join(&world, &signed(76, "late"), &code, "203.0.113.3").0,
        403
    );
    let commons = world.node().keys().commons_did();
    let standing = |seed: u8| {
        let did = key(seed).did();
        let read = world
            .node()
            .store()
            .read(|db| people::standing(db, &commons, &did));
        read.expect("read")
    };
    assert!(standing(75).steward, "by a steward's link");
    // By approval: the account waits, and what its owner signed is published when it is let in.
    set("approval");
    accounts::revoke(world.node(), key(77).did(), "stolen").expect("revoked");
    refused(&signed(77, "stolen"), "key_revoked");
    let (status, answer) = join(&world, &signed(78, "patient"), "", "203.0.113.4");
    assert!(
        status == 201 && answer.contains("\"waiting\"") && answer.contains("is published"),
        "{answer}"
    );
    assert_eq!(world.get("/people/patient").status, 404);
    assert_eq!(published(&world, &signed(78, "patient")), "waiting");
    assert!(ana.get("/inbox").body.contains("Person 78 waits"));
    let yes = [("answer", "yes")];
    assert_eq!(
        ana.send_from("/stewards", "/stewards/waiting", &yes).status,
        303
    );
    let profile = world.get("/people/patient");
    assert!(
        profile.status == 200 && profile.body.contains("Person 78"),
        "{}",
        profile.body
    );
    assert!(world.get("/decisions").body.contains(">Person 78</a>"));
    let kept = world
        .node()
        .store()
        .read(|db| people::desk::account_of(db, "patient"));
    assert!(kept.expect("read").expect("an account").person.is_empty());
    // As many as by the form.
    set("open");
    let many: Vec<u16> = (100..112)
        .map(|seed| {
            join(
                &world,
                &signed(seed, &format!("crowd{seed}x")),
                "",
                "203.0.113.5",
            )
            .0
        })
        .collect();
    assert_eq!((many[9], many[10]), (201, 429), "{many:?}");
    world.assert_rebuilt();
}

fn a_record_of_somebody_who_left_opens_no_door(make: fn() -> World) {
    let world = make();
    let _ana = world.member("Ana Paz");
    let nina = key(81);
    let mut draft = person(&world, "nina", "Nina", Node::now());
    draft
        .body
        .insert("summary".to_owned(), "I dig wells.".into());
    let record = sign(draft, &nina);
    assert_eq!(join(&world, &record, "", "203.0.113.1").0, 201);
    // She takes another address: then nobody has the one of the record.
    let mut revised = person(&world, "nina-q", "Nina", Node::now());
    revised.thing = Some(record.thing().clone());
    revised.replaces = vec![record.hash()];
    assert_eq!(published(&world, &sign(revised, &nina)), "");
    let account = world
        .node()
        .store()
        .read(|db| people::desk::account_by_did(db, nina.did().as_str()))
        .expect("read")
        .expect("an account");
    let id = account.id;
    let erase = move |unit: &store::Unit<'_>| unit.forget_account(&id);
    world.node().write(erase).expect("erased");
    // Everybody can read her record, and send it; she alone can sign another.
    let (status, answer) = join(&world, &record, "", "203.0.113.2");
    assert!(
        status == 409 && answer.contains("has_account"),
        "{status} {answer}"
    );
    world.assert_rebuilt();
}
