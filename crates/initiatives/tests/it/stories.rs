//! What people say of initiatives.

use crate::world::{World, stories};
use initiatives::{Confirmation, Initiative, Origin, Status, Whereabouts};
use record::{Place, Tombstone};
use std::collections::BTreeMap;
use store::{Node, Viewer};

stories! {
    members_describe_confirm_and_withdraw,
    what_is_no_initiative_is_refused_with_a_reason,
    what_is_the_same_as_another_leads_there_and_no_list_brings_it_back,
}

fn oven() -> Initiative {
    Initiative {
        name_map: BTreeMap::from([("es".to_owned(), "Horno común".to_owned())]),
        content_map: BTreeMap::from([("es".to_owned(), "Pan para la calle.".to_owned())]),
        language: "es".to_owned(),
        kind: "food".to_owned(),
        places: vec![Whereabouts {
            point: Some(Place::from_degrees(-0.22, -78.51).expect("a place")),
            radius: 500,
            country: "EC".to_owned(),
            ..Whereabouts::default()
        }],
        provenance: "written".to_owned(),
        ..Initiative::default()
    }
}

fn members_describe_confirm_and_withdraw(make: fn() -> World) {
    let world = make();
    let (ana, bo) = (world.member("ana"), world.member("bob"));
    let commons = world.node.keys().commons_did();
    let draft = |initiative: &Initiative, thing, replaces| {
        initiative
            .draft(commons.clone(), Node::now(), thing, replaces)
            .expect("a draft")
    };
    let id = world
        .publish(draft(&oven(), None, Vec::new()), &ana)
        .expect("published");
    let read = || {
        let found = world
            .node
            .store()
            .read(|db| initiatives::by_id(db, &Viewer::public(), &id.short()));
        found.expect("read")
    };
    let here = read().expect("here");
    assert!(
        here.href().starts_with("/initiatives/horno-comun-"),
        "{}",
        here.href()
    );
    assert_eq!((&*here.lead, &*here.status), ("Pan para la calle.", ""));
    // Anybody goes on; the last word counts, and is withdrawn by whoever said it.
    let mut next = oven();
    next.seeking = "Leña".to_owned();
    world
        .publish(draft(&next, Some(id.clone()), vec![here.hash]), &bo)
        .expect("published");
    let second = read().expect("here");
    assert_eq!(world.shown(&second).seeking, "Leña");
    let gone = Tombstone::of_record(second.hash, id.clone(), "a mistake");
    assert_eq!(world.withdraw(&gone, &ana), Err("not_yours".to_owned()));
    world.withdraw(&gone, &bo).expect("withdrawn");
    assert_eq!(read().expect("here").hash, here.hash);
    world.assert_rebuilt();
    // Alive, says one; gone, says another later.
    let say = |status, key: &record::SecretKey| {
        let said = Confirmation {
            about: id.to_string(),
            status,
            note: "Seen".to_owned(),
        };
        world.publish(
            said.draft(commons.clone(), Node::now()).expect("a draft"),
            key,
        )
    };
    say(Status::Alive, &ana).expect("said");
    assert_eq!(read().expect("here").status, "alive");
    std::thread::sleep(std::time::Duration::from_millis(3));
    let last = say(Status::Gone, &bo).expect("said");
    let here = read().expect("here");
    assert_eq!(
        (&*here.status, here.confirmer),
        ("gone", bo.did().to_string())
    );
    world
        .withdraw(&Tombstone::of_thing(last, "I was wrong"), &bo)
        .expect("withdrawn");
    assert_eq!(read().expect("here").status, "alive");
    world.assert_rebuilt();
    world
        .withdraw(&Tombstone::of_thing(id.clone(), "moved away"), &ana)
        .expect("withdrawn");
    assert_eq!(read(), None);
    world.assert_rebuilt();
}

fn what_is_no_initiative_is_refused_with_a_reason(make: fn() -> World) {
    let world = make();
    let ana = world.member("ana");
    let commons = world.node.keys().commons_did();
    let rule = |change: fn(&mut Initiative)| {
        let mut one = oven();
        change(&mut one);
        let draft = one
            .draft(commons.clone(), Node::now(), None, Vec::new())
            .expect("a draft");
        world.publish(draft, &ana).err().unwrap_or_default()
    };
    assert_eq!(
        rule(|one| one.kind = "spaceship".to_owned()),
        "unknown_kind"
    );
    assert_eq!(rule(|one| one.form = "empire".to_owned()), "unknown_form");
    assert_eq!(
        rule(|one| one.places[0].country = "XX".to_owned()),
        "unknown_country"
    );
    assert_eq!(
        rule(|one| one.activities.push("isic:00".to_owned())),
        "unknown_activity"
    );
    assert_eq!(
        rule(|one| one.links.push("javascript:alert(1)".to_owned())),
        "no_web_address"
    );
    assert_eq!(rule(|one| one.name_map.clear()), "not_an_initiative");
    assert_eq!(
        rule(|one| one.language = "a language".to_owned()),
        "not_an_initiative"
    );
    assert_eq!(
        rule(|one| one.offering = "x".repeat(4_001)),
        "not_an_initiative"
    );
    let of_a_list = |one: &mut Initiative| {
        one.sources.push(Origin {
            source: "a list".to_owned(),
            id: "1".to_owned(),
            sha256: String::new(),
        });
    };
    assert_eq!(rule(of_a_list), "unknown_origin");
    assert_eq!(
        rule(|one| {
            one.merged_into = "ap://did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK/initiative/00000000-0000-7000-8000-000000000000".to_owned()
        }),
        "unknown_thing"
    );
    assert_eq!(world.count(), 0);
}

fn what_is_the_same_as_another_leads_there_and_no_list_brings_it_back(make: fn() -> World) {
    let world = make();
    let row = "{\"id\": \"1\", \"name\": \"Horno\", \"lat\": 1, \"lon\": 2}\n{\"id\": \"2\", \"name\": \"Horno comun\", \"lat\": 1, \"lon\": 2}\n";
    let file = world.file("ovens.jsonl", row);
    world.import(&file, &initiatives::import::Options::default());
    let ana = world.member("ana");
    let commons = world.node.keys().commons_did();
    let (one, two) = (
        world.by_source("ovens", "1").expect("one"),
        world.by_source("ovens", "2").expect("two"),
    );
    let id = |here: &initiatives::Here| {
        let found = world.node.store().read(|db| people::full_id(db, &here.id));
        found.expect("read").expect("an id")
    };
    let mut other = world.shown(&two);
    other.merged_into = id(&one).to_string();
    let draft = other
        .draft(commons, Node::now(), Some(id(&two)), vec![two.hash])
        .expect("a draft");
    world.publish(draft, &ana).expect("published");
    assert_eq!(world.count(), 1);
    assert_eq!(
        world.by_source("ovens", "2").map(|here| here.id),
        Some(one.id)
    );
    let again = world.import(
        &world.file("ovens.jsonl", row.replace("comun", "de todos")),
        &initiatives::import::Options::default(),
    );
    assert_eq!(
        (again.added, again.updated, again.unchanged),
        (0, 1, 1),
        "{:?}",
        again.problems
    );
    assert_eq!(world.count(), 1);
    world.assert_rebuilt();
    // What was withdrawn stays out too.
    world
        .withdraw(
            &Tombstone::of_thing(id(&one), "no more"),
            world.node.keys().commons(),
        )
        .expect("withdrawn");
    let again = world.import(
        &world.file("ovens.jsonl", row),
        &initiatives::import::Options::default(),
    );
    assert_eq!(again.added, 0, "{:?}", again.problems);
    world.assert_rebuilt();
}
