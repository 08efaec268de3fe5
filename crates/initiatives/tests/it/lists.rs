//! Lists that are brought in.

use crate::world::{World, stories};
use initiatives::import::Options;
use std::path::PathBuf;

stories! {
    a_list_comes_in_once_and_what_people_wrote_stays,
    what_is_wrong_in_a_list_is_told_by_row,
    a_row_that_no_record_takes_costs_no_other,
    what_was_taken_away_comes_back_to_itself,
    a_profile_is_known_by_its_address,
    tables_and_geojson_say_the_same_under_other_names,
}

fn codes(report: &initiatives::import::Report) -> Vec<(u64, &'static str)> {
    report
        .problems
        .iter()
        .map(|one| (one.row, one.code))
        .collect()
}

fn a_list_comes_in_once_and_what_people_wrote_stays(make: fn() -> World) {
    let world = make();
    let list = |since: &str, site: &str| {
        format!(
            "{{\"id\": \"1\", \"name\": \"Taller del río\", \"kind\": \"repair\", \"lat\": -0.2, \"lon\": -78.5, \"country\": \"Ecuador\", \
             \"website\": \"{site}\", \"since\": \"{since}\", \"email\": \"x@example.org\", \"tags\": [\"agua\"]}}\n\
             {{\"id\": \"2\", \"name\": \"Molino\", \"kind\": \"cooperative\"}}\n"
        )
    };
    let file = world.file("loma.jsonl", list("2013", "https://rio.example"));
    let options = Options::default();
    let report = world.import(&file, &options);
    assert_eq!(
        (report.read, report.added, report.left_out),
        (2, 2, 1),
        "{:?}",
        report.problems
    );
    let again = world.import(&file, &options);
    assert_eq!((again.added, again.unchanged), (0, 2));
    let here = world.by_source("loma", "1").expect("the first");
    let first = world.shown(&here);
    assert_eq!(first.places[0].country, "EC");
    assert_eq!(first.original["country"], "Ecuador");
    assert_eq!(first.themes, ["Agua"]);
    assert!(
        !format!("{first:?}").contains("example.org\""),
        "no mail: {first:?}"
    );
    // Somebody changes it here; the list changes too, in one field of its own and in the same one.
    let key = world.member("ana");
    let mut written = first.clone();
    written.since = "2014".to_owned();
    written.offering = "Tornos".to_owned();
    let commons = world.node.keys().commons_did();
    let id = world
        .node
        .store()
        .read(|db| people::full_id(db, &here.id))
        .expect("read");
    let draft = written
        .draft(commons, store::Node::now(), id, vec![here.hash])
        .expect("a draft");
    world.publish(draft, &key).expect("published");
    let file = world.file("loma.jsonl", list("2012", "https://taller.example"));
    let report = world.import(&file, &options);
    assert_eq!(
        (report.updated, report.unchanged),
        (1, 1),
        "{:?}",
        report.problems
    );
    assert_eq!(codes(&report), [(1, "kept")]);
    let now = world.shown(&world.by_source("loma", "1").expect("the first"));
    assert_eq!(now.since, "2014");
    assert_eq!(now.offering, "Tornos");
    assert_eq!(now.links, ["https://taller.example"]);
    assert_eq!(world.import(&file, &options).unchanged, 2);
    world.assert_rebuilt();
}

fn what_is_wrong_in_a_list_is_told_by_row(make: fn() -> World) {
    let world = make();
    let file = world.file(
        "wrong.jsonl",
        concat!(
            "{\"id\": \"swapped\", \"name\": \"A\", \"country\": \"EC\", \"lat\": -78.5, \"lon\": -0.2}\n",
            "{\"id\": \"null\", \"name\": \"B\", \"lat\": 0, \"lon\": 0}\n",
            "{\"id\": \"pole\", \"name\": \"C\", \"lat\": 91, \"lon\": 10}\n",
            "{\"id\": \"nan\", \"name\": \"D\", \"lat\": \"NaN\", \"lon\": 10}\n",
            "{\"id\": \"land\", \"name\": \"E\", \"country\": \"Atlantis\"}\n",
            "{\"id\": \"nameless\"}\n",
            "nothing\n",
            "{\"id\": \"swapped\", \"name\": \"A again\"}\n",
            "{\"id\": \"date line\", \"name\": \"F\", \"lat\": -17, \"lon\": 180}\n",
        ),
    );
    let report = world.import(&file, &Options::default());
    assert_eq!((report.read, report.added, report.refused), (9, 6, 3));
    let mut found = codes(&report);
    // Without the map of the world nobody knows where a country lies.
    let has_map = !atlas::basemap::built_in().is_empty();
    if has_map {
        assert!(found.contains(&(1, "coordinates")), "{:?}", report.problems);
        let here = world.by_source("wrong", "swapped").expect("here");
        let point = world.shown(&here).places[0].point.expect("a point");
        assert_eq!((point.latitude(), point.longitude()), (-0.2, -78.5));
    }
    found.retain(|one| one.0 > 1);
    assert_eq!(
        found,
        [
            (2, "coordinates"),
            (3, "coordinates"),
            (4, "coordinates"),
            (5, "country"),
            (6, "unreadable"),
            (7, "unreadable"),
            (8, "twice"),
        ]
    );
    world.assert_rebuilt();
}

fn a_row_that_no_record_takes_costs_no_other(make: fn() -> World) {
    let world = make();
    let file = world.file(
        "odd.jsonl",
        concat!(
            "{\"id\": \"nul\", \"name\": \"A\\u0000B\", \"tags\": [\"ana@priv.org\", \"Bread\"], \"needs\": \"write to ana@priv.org or +593 2 255 5555\"}\n",
            "{\"id\": \"turned\", \"name\": \"\\u202eevil\", \"address\": \"ana@priv.org, Quito\", \"opening hours\": \"Tel. 02-255-5555\"}\n",
            "{\"id\": \"unseen\", \"name\": \"\\u200b\"}\n",
            "{\"id\": \"words\", \"name\": \"C\", \"language\": \"Spanish\", \"location\": \"-0.2, -78.5\", \"country\": \"Ecuador\"}\n",
        ),
    );
    let report = world.import(&file, &Options::default());
    assert_eq!(
        (report.read, report.added, report.refused),
        (4, 3, 1),
        "{:?}",
        report.problems
    );
    assert_eq!(report.left_out, 5);
    let shown = |id: &str| world.shown(&world.by_source("odd", id).expect("here"));
    let nul = shown("nul");
    assert_eq!(
        (nul.name("und"), &*nul.themes),
        ("AB", ["Bread".to_owned()].as_slice())
    );
    let turned = shown("turned");
    assert_eq!(turned.name("und"), "evil");
    for text in [&nul.seeking, &turned.places[0].address, &turned.hours] {
        assert!(
            !text.contains("@priv.org") && !text.contains("255"),
            "{text}"
        );
    }
    let words = shown("words");
    assert_eq!(
        (&*words.language, &*words.original["language"]),
        ("es", "Spanish")
    );
    assert_eq!(
        words.places[0]
            .point
            .map(|point| point.to_string())
            .as_deref(),
        Some("-0.2,-78.5")
    );
    // A shape across the date line lies there, and not on the other side of the globe.
    let shape = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"x","properties":{"name":"Reef"},
        "geometry":{"type":"Polygon","coordinates":[[[179,-17],[-179,-17],[-179,-16],[179,-16],[179,-17]]]}}]}"#;
    let file = world.file("reef.geojson", shape);
    world.import(&file, &Options::default());
    let point = world
        .shown(&world.by_source("reef", "x").expect("here"))
        .places[0]
        .point
        .expect("a point");
    assert_eq!((point.latitude(), point.longitude().abs()), (-16.5, 180.0));
    world.assert_rebuilt();
}

fn what_was_taken_away_comes_back_to_itself(make: fn() -> World) {
    let world = make();
    let file = world.file("a.jsonl", "{\"id\": \"1\", \"name\": \"Oven\"}\n");
    world.import(&file, &Options::default());
    let here = world.by_source("a", "1").expect("here");
    let row = format!(
        "{{\"id\": \"https://minga.example{}\", \"name\": \"Oven\"}}\n",
        here.href()
    );
    let report = world.import(&world.file("b.jsonl", row), &Options::default());
    assert_eq!((report.added, report.unchanged), (0, 1));
}

fn a_profile_is_known_by_its_address(make: fn() -> World) {
    let world = make();
    let profile = |mission: &str| {
        format!(
            r#"{{"linked_schemas":["organizations_schema-v1.0.0"],"name":"Oven","primary_url":"https://oven.example","expires":1893456000,
            "urls":[{{"name":"More","url":"https://more.example"}}],"geolocation":{{"lat":-0.22,"lon":-78.51}},"country_iso_3166":"EC",
            "full_address":"Calle Uno, Quito","tags":["Bread"],"starts_at":1363737600,"description":"{mission}","telephone":"+593 2 255 5555"}}"#
        )
    };
    let bring = |text: &str| {
        initiatives::import::profile(
            &world.node,
            "https://oven.example/p.json",
            text,
            &Options::default(),
        )
        .expect("brought in")
    };
    assert_eq!(bring(&profile("Bread")).added, 1);
    assert_eq!(bring(&profile("Bread")).unchanged, 1);
    assert_eq!(bring(&profile("Bread and clay")).updated, 1);
    let said = world.shown(
        &world
            .by_source("Murmurations", "https://oven.example/p.json")
            .expect("here"),
    );
    assert_eq!(said.links, ["https://oven.example", "https://more.example"]);
    assert_eq!(
        (&*said.since, &*said.places[0].address),
        ("2013-03-20", "Calle Uno, Quito")
    );
    assert!(
        said.places[0].point.is_some() && said.original.is_empty(),
        "{:?}",
        said.original
    );
    assert!(
        initiatives::import::profile(&world.node, "https://x.example", "[]", &Options::default())
            .is_err()
    );
}

fn tables_and_geojson_say_the_same_under_other_names(make: fn() -> World) {
    let world = make();
    let head = "Nombre;Tipo;País;Latitud;Longitud;Página web;Teléfono\n";
    let text = format!("{head}Peña Ñandú;Cooperative;España;40,4;-3,7;example.org;+34 600\n");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let mut wide: Vec<u8> = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    for (name, bytes) in [
        ("a.csv", latin.to_vec()),
        ("b.csv", wide),
        ("c.csv", text.clone().into_bytes()),
    ] {
        let report = world.import(&world.file(name, bytes), &Options::default());
        assert_eq!(
            (report.added, report.left_out),
            (1, 1),
            "{name}: {:?}",
            report.problems
        );
    }
    let geojson = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-3.7, 40.4]}, "properties": {"name": "Peña", "country": "ES"}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0,10],[2,10],[2,12],[0,12]]]}, "properties": {"name": "Campo"}}]}"#;
    let report = world.import(&world.file("d.geojson", geojson), &Options::default());
    assert_eq!(report.added, 2, "{:?}", report.problems);
    // A first line that is longer than what is looked at to tell what the file is.
    let long = format!(
        "{{\"name\": \"Larga\", \"note\": \"{}\"}}\n{{\"name\": \"Corta\"}}\n",
        "x".repeat(200_000)
    );
    let report = world.import(&world.file("h.jsonl", long), &Options::default());
    assert_eq!((report.read, report.added), (2, 2), "{:?}", report.problems);
    let broken = world.file("i.json", "[{\"name\": \"Uno\"}, {\"name\": ");
    let refused =
        initiatives::import::import(&world.node, &broken, &Options::default(), &mut |_| {});
    assert!(
        refused
            .expect_err("refused")
            .to_string()
            .contains("i.json cannot be read: EOF")
    );
    // How to reach persons is left out under whatever name, and within texts.
    let reach = "name,E-mail (2),Tel. móvil,Notas,description\nHuerto,a@b.example,+593 99,escriba a rosa@huerto.example hoy,De rosa@huerto.example.\n";
    let report = world.import(&world.file("g.csv", reach), &Options::default());
    assert_eq!(
        (report.added, report.left_out),
        (1, 4),
        "{:?}",
        report.problems
    );
    let said = world.the_only("Huerto");
    let said = format!("{said:?}");
    assert!(
        !said.contains("huerto.example") && !said.contains("b.example") && !said.contains("593"),
        "{said}"
    );
    assert!(said.contains("escriba a … hoy"), "{said}");
    // A column under a name of its own is named by hand; what is no field is refused before anything is read.
    let table = world.file("e.csv", "what,where\nMill,Quito\n");
    let mut options = Options::default();
    options.columns.insert("what".to_owned(), "name".to_owned());
    options
        .columns
        .insert("where".to_owned(), "locality".to_owned());
    assert_eq!(world.import(&table, &options).added, 1);
    options
        .columns
        .insert("where".to_owned(), "planet".to_owned());
    let refused = initiatives::import::import(&world.node, &table, &options, &mut |_| {});
    assert!(
        refused
            .expect_err("refused")
            .to_string()
            .contains("“planet” is no field")
    );
    let wide = format!("name{}\nx\n", ",a".repeat(1_000_000));
    let refused = initiatives::import::import(
        &world.node,
        &world.file("f.csv", wide),
        &Options::default(),
        &mut |_| {},
    );
    assert!(
        refused
            .expect_err("refused")
            .to_string()
            .contains("1000001 columns")
    );
    assert_eq!(world.count(), 10);
    world.assert_rebuilt();
}

/// The shared lists; none where there is no corpus.
fn shared_lists() -> Option<Vec<PathBuf>> {
    let folder = std::env::var_os("MINGA_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let files = std::fs::read_dir(folder.join("initiatives")).ok()?;
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "jsonl"));
    Some(files)
}

#[test]
fn the_shared_lists_all_come_in() {
    let Some(files) = shared_lists() else {
        println!("skipped: no corpus");
        return;
    };
    let world = World::new();
    let (mut read, mut lost) = (0, 0);
    for file in &files {
        let report = world.import(file, &Options::default());
        read += report.read;
        lost += report.refused;
        assert_eq!(report.added, report.read, "{:?}", report.problems);
    }
    assert_eq!(lost, 0);
    assert_eq!(world.count(), i64::try_from(read).expect("a number"));
    // Whatever box is asked for: the count is what one counts by hand.
    let points: Vec<record::Place> = world
        .node
        .store()
        .read(|db| {
            db.all("SELECT latitude, longitude FROM places", &[], |row| {
                let (y, x): (i64, i64) = (row.get(0)?, row.get(1)?);
                let point = record::Place::from_microdegrees(y as i32, x as i32);
                Ok::<_, store::StoreError>(point.expect("a place"))
            })
        })
        .expect("read");
    let mut seed = 7_u64;
    let mut random = |from: f64, to: f64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        from + (to - from) * ((seed >> 33) as f64 / f64::from(1_u32 << 31))
    };
    for _ in 0..200 {
        let (west, south) = (random(-180.0, 150.0), random(-80.0, 70.0));
        let (east, north) = (west + random(0.1, 30.0), south + random(0.1, 15.0));
        let bounds = atlas::bounds::Bounds::from_degrees(west, south, east, north).expect("a box");
        let found = world.node.store().read(|db| {
            atlas::live::with(&world.node, db, &store::Viewer::public(), |held| {
                let question = atlas::index::Question {
                    bounds: Some(bounds),
                    ..atlas::index::Question::default()
                };
                held.index().find(&question).total
            })
        });
        let [west, south, east, north] = bounds.degrees();
        let within = |point: &&record::Place| {
            (south..=north).contains(&point.latitude())
                && (west..=east).contains(&point.longitude())
        };
        assert_eq!(
            found.expect("found"),
            points.iter().filter(within).count() as u64
        );
    }
}

/// A second hand writes the same initiative: a slip of the pen, another legal ending, sixty metres off, no site.
#[test]
fn what_a_second_hand_writes_of_a_real_initiative_is_proposed_as_the_same() {
    use initiatives::duplicates::{Book, Row, site};
    let Some(files) = shared_lists() else {
        println!("skipped: no corpus");
        return;
    };
    let mut rows = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).expect("a list");
        for line in text.lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row");
            let (Some(name), Some(lat), Some(lon)) = (
                row["name"].as_str(),
                row["lat"].as_f64(),
                row["lon"].as_f64(),
            ) else {
                continue;
            };
            let number = rows.len() as u128;
            rows.push(Row {
                id: number.to_be_bytes(),
                names: vec![name.to_owned()],
                points: record::Place::from_degrees(lat, lon).into_iter().collect(),
                sites: row["website"].as_str().and_then(site).into_iter().collect(),
                countries: Vec::new(),
            });
        }
    }
    let book = Book::of(rows.clone());
    let (mut tried, mut found) = (0, 0);
    for row in rows.iter().step_by(23).filter(|row| !row.points.is_empty()) {
        let mut letters: Vec<char> = row.names[0].chars().collect();
        // Two letters of the longest word change places.
        let longest = row.names[0]
            .split(' ')
            .max_by_key(|word| word.len())
            .unwrap_or_default();
        let at = row.names[0].find(longest).unwrap_or(0);
        let at = row.names[0][..at].chars().count() + longest.chars().count() / 2;
        if longest.chars().count() >= 6 && at + 1 < letters.len() {
            letters.swap(at, at + 1);
        }
        let name: String = letters.into_iter().collect();
        let name = name.replace(" Limited", " Ltd").replace(" & ", " and ");
        let point = row.points[0];
        let other = Row {
            id: [0xff; 16],
            names: vec![name],
            points: record::Place::from_degrees(
                (point.latitude() + 0.000_4).min(90.0),
                (point.longitude() + 0.000_3).min(180.0),
            )
            .into_iter()
            .collect(),
            sites: Vec::new(),
            countries: Vec::new(),
        };
        tried += 1;
        let pairs = book.like(&other);
        found += usize::from(pairs.iter().take(5).any(|pair| pair.one == row.id));
    }
    println!("{found} of {tried} are proposed");
    assert!(
        tried > 900 && found * 100 >= tried * 97,
        "{found} of {tried}"
    );
}
