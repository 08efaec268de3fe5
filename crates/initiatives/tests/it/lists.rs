//! Lists that are brought in.

use crate::world::{World, stories};
use initiatives::import::Options;
use std::path::PathBuf;

stories! {
    a_list_comes_in_once_and_what_people_wrote_stays,
    what_is_wrong_in_a_list_is_told_by_row,
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

#[test]
fn the_shared_lists_all_come_in() {
    let folder = std::env::var_os("MINGA_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(files) = std::fs::read_dir(folder.join("initiatives")) else {
        println!("skipped: no corpus");
        return;
    };
    let world = World::new();
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "jsonl"));
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
