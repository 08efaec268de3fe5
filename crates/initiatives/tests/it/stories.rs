//! What people say of initiatives.

use crate::world::{World, stories};
use initiatives::sprint::{Entry, Review, Sprint, Team};
use initiatives::{Confirmation, Distinction, Initiative, Origin, Status, Whereabouts};
use record::{Place, RecordId, Tombstone};
use std::collections::BTreeMap;
use store::{Node, Viewer};

stories! {
    members_describe_confirm_and_withdraw,
    what_is_no_initiative_is_refused_with_a_reason,
    what_is_the_same_as_another_leads_there_and_no_list_brings_it_back,
    nothing_is_joined_in_a_circle_and_two_that_are_two_are_told_apart,
    a_revision_goes_on_from_what_is_shown_and_an_hour_counts_by_arrival,
    a_long_row_of_joinings_leads_to_its_end,
    a_sprint_counts_what_was_entered_and_whoever_called_it_says_what_fits,
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

fn nothing_is_joined_in_a_circle_and_two_that_are_two_are_told_apart(make: fn() -> World) {
    let world = make();
    let ana = world.member("ana");
    let commons = world.node.keys().commons_did();
    let say = |initiative: &Initiative, thing: Option<RecordId>| {
        let shown = thing.as_ref().map(|id| world.here(id).hash);
        let draft = initiative
            .draft(
                commons.clone(),
                Node::now(),
                thing,
                shown.into_iter().collect(),
            )
            .expect("a draft");
        world.publish(draft, &ana)
    };
    let ids: Vec<RecordId> = ["Horno", "Horno común", "El horno"]
        .into_iter()
        .map(|name| {
            let mut one = oven();
            one.name_map.insert("es".to_owned(), name.to_owned());
            one.links.push("https://www.horno.example/".to_owned());
            say(&one, None).expect("published")
        })
        .collect();
    let into = |at: usize, to: usize| {
        let one = Initiative {
            merged_into: ids[to].to_string(),
            ..oven()
        };
        say(&one, Some(ids[at].clone())).map(drop)
    };
    assert_eq!(into(0, 0), Err("unknown_thing".to_owned()));
    assert_eq!(into(0, 1), Ok(()));
    assert_eq!(into(1, 2), Ok(()));
    // The last one stands; back to the first it may not lead, nor to one on the way.
    assert_eq!(into(2, 0), Err("unknown_thing".to_owned()));
    assert_eq!(into(2, 1), Err("unknown_thing".to_owned()));
    world.assert_rebuilt();
    // Two that are two: once, about two, of this commons.
    let apart = |about: [String; 2]| {
        let said = Distinction {
            about,
            note: "Seen".to_owned(),
        };
        let draft = said.draft(commons.clone(), Node::now()).expect("a draft");
        world.publish(draft, &ana)
    };
    let name = |at: usize| ids[at].to_string();
    assert_eq!(
        apart([name(0), name(0)]),
        Err("not_a_distinction".to_owned())
    );
    assert_eq!(
        apart([name(0), ana.did().to_string()]),
        Err("not_a_distinction".to_owned())
    );
    let said = apart([name(2), name(0)]).expect("said");
    world.assert_rebuilt();
    world
        .withdraw(&Tombstone::of_thing(said, "I was wrong"), &ana)
        .expect("withdrawn");
    world.assert_rebuilt();
}

fn a_revision_goes_on_from_what_is_shown_and_an_hour_counts_by_arrival(make: fn() -> World) {
    let world = make();
    let (ana, bo) = (world.member("ana"), world.member("bob"));
    let commons = world.node.keys().commons_did();
    let draft = |one: &Initiative, thing: Option<RecordId>, replaces: Vec<record::Hash>| {
        one.draft(commons.clone(), Node::now(), thing, replaces)
            .expect("a draft")
    };
    let id = world
        .publish(draft(&oven(), None, Vec::new()), &ana)
        .expect("published");
    let first = world.here(&id).hash;
    let said = |since: &str, replaces: Vec<record::Hash>, key| {
        let one = Initiative {
            since: since.to_owned(),
            ..oven()
        };
        world.publish(draft(&one, Some(id.clone()), replaces), key)
    };
    let behind = Err("behind".to_owned());
    assert_eq!(said("2011", Vec::new(), &bo), behind);
    said("2012", vec![first], &bo).expect("published");
    assert_eq!(said("2013", vec![first], &ana), behind);
    assert_eq!(world.shown(&world.here(&id)).since, "2012");
    // What cannot be seen is no name.
    for name in ["\u{200b}", "\u{202e}evitcelloc", "a\u{1}"] {
        let mut one = oven();
        one.name_map.insert("es".to_owned(), name.to_owned());
        let told = world.publish(draft(&one, None, Vec::new()), &ana);
        assert_eq!(told, Err("unseen_name".to_owned()), "{name:?}");
    }
    // Written two hours ago, it says, and it came now.
    let mut told = Vec::new();
    for n in 0..125 {
        let mut one = oven();
        one.name_map.insert("es".to_owned(), format!("Horno {n}"));
        let ago = record::Timestamp::from_millis(Node::now().as_millis() - 7_200_000);
        let draft = one
            .draft(commons.clone(), ago, None, Vec::new())
            .expect("a draft");
        told.extend(world.publish(draft, &ana).err());
    }
    assert!(told.iter().all(|rule| rule == "many_initiatives"));
    assert_eq!(told.len(), 6);
}

fn a_long_row_of_joinings_leads_to_its_end(make: fn() -> World) {
    let world = make();
    let ana = world.member("ana");
    let commons = world.node.keys().commons_did();
    let ids: Vec<RecordId> = (0..30)
        .map(|n| {
            let mut one = oven();
            one.name_map.insert("es".to_owned(), format!("Horno {n}"));
            let draft = one
                .draft(commons.clone(), Node::now(), None, Vec::new())
                .expect("a draft");
            world.publish(draft, &ana).expect("published")
        })
        .collect();
    for pair in ids.windows(2) {
        let one = Initiative {
            merged_into: pair[1].to_string(),
            ..oven()
        };
        let shown = vec![world.here(&pair[0]).hash];
        let draft = one
            .draft(commons.clone(), Node::now(), Some(pair[0].clone()), shown)
            .expect("a draft");
        world.publish(draft, &ana).expect("published");
    }
    let end = world
        .node
        .store()
        .read(|db| initiatives::survivor(db, &Viewer::public(), &ids[0].short()));
    assert_eq!(
        end.expect("read").map(|here| here.id),
        Some(ids[29].short())
    );
    assert_eq!(world.count(), 1);
}

fn a_sprint_counts_what_was_entered_and_whoever_called_it_says_what_fits(make: fn() -> World) {
    let world = make();
    let (ana, bo) = (world.member("ana"), world.member("bob"));
    let commons = world.node.keys().commons_did();
    let hours = |from: i64, to: i64| {
        let at = |hours: i64| {
            let millis = Node::now().as_millis() + hours * 3_600_000;
            Some(record::Timestamp::from_millis(millis))
        };
        Sprint {
            name_map: BTreeMap::from([("es".to_owned(), "Minga de mapas".to_owned())]),
            language: "es".to_owned(),
            begins: at(from),
            ends: at(to),
            teams: vec![Team {
                name: "Quito".to_owned(),
                point: Place::from_degrees(-0.22, -78.51).ok(),
            }],
            ..Sprint::default()
        }
    };
    let call = |sprint: &Sprint, thing: Option<RecordId>, replaces: Vec<record::Hash>, key| {
        let draft = sprint
            .draft(commons.clone(), Node::now(), thing, replaces)
            .expect("a draft");
        world.publish(draft, key)
    };
    assert_eq!(
        call(&hours(2, 1), None, Vec::new(), &ana),
        Err("not_a_sprint".to_owned())
    );
    let id = call(&hours(-1, 1), None, Vec::new(), &ana).expect("called");
    let over = call(&hours(-100, -60), None, Vec::new(), &ana).expect("called");
    let coming = call(&hours(1, 2), None, Vec::new(), &ana).expect("called");
    let oven = {
        let draft = oven()
            .draft(commons.clone(), Node::now(), None, Vec::new())
            .expect("a draft");
        world.publish(draft, &bo).expect("published")
    };
    let enter = |sprint: &RecordId, about: &RecordId, key| {
        let entry = Entry {
            sprint: sprint.to_string(),
            about: about.to_string(),
            team: "Quito".to_owned(),
        };
        world.publish(
            entry.draft(commons.clone(), Node::now()).expect("a draft"),
            key,
        )
    };
    assert_eq!(enter(&over, &oven, &bo), Err("sprint_over".to_owned()));
    assert_eq!(
        enter(&coming, &oven, &bo),
        Err("sprint_not_begun".to_owned())
    );
    let entry = enter(&id, &oven, &bo).expect("entered");
    assert_eq!(enter(&id, &oven, &bo), Err("entered_already".to_owned()));
    // A sprint can be brought another thing: a sprint, whatever the commons holds.
    enter(&id, &coming, &ana).expect("entered");
    let count = || {
        let counted = world
            .node
            .store()
            .read(|db| initiatives::sprint_counts(db, &id.short()));
        counted.expect("counted")
    };
    assert_eq!(count(), (2, 2, 2, 0));
    world.assert_rebuilt();
    let review = |fits, reason: &str, key| {
        let said = Review {
            entry: entry.to_string(),
            about: oven.to_string(),
            fits,
            reason: reason.to_owned(),
        };
        world.publish(
            said.draft(commons.clone(), Node::now()).expect("a draft"),
            key,
        )
    };
    assert_eq!(review(false, "no", &bo), Err("not_the_convenor".to_owned()));
    assert_eq!(review(false, "", &ana), Err("not_a_review".to_owned()));
    let out = review(false, "It is a shop", &ana).expect("reviewed");
    assert_eq!(count(), (1, 1, 1, 1));
    world.assert_rebuilt();
    world
        .withdraw(&Tombstone::of_thing(out, "I was wrong"), &ana)
        .expect("withdrawn");
    assert_eq!(count(), (2, 2, 2, 0));
    assert_eq!(
        call(&hours(-1, 2), Some(id.clone()), Vec::new(), &ana),
        Err("behind".to_owned())
    );
    world
        .withdraw(&Tombstone::of_thing(entry, "a mistake"), &bo)
        .expect("withdrawn");
    assert_eq!(count().0, 1);
    world.assert_rebuilt();
    world
        .withdraw(&Tombstone::of_thing(id.clone(), "cancelled"), &ana)
        .expect("withdrawn");
    world.assert_rebuilt();
}
