//! Initiatives as readers and programs see them: brought in, on the map, on their pages.

use crate::cli::{Serving, last_json, minga, said};
use crate::pages::get;

#[test]
fn a_list_is_brought_in_and_stands_on_the_map() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let list = folder.path().join("loma.jsonl");
    let rows: Vec<String> = (0..30)
        .map(|n| {
            let (kind, country) = if n % 3 == 0 { ("repair", "EC") } else { ("cooperative", "Perú") };
            format!(
                "{{\"id\": \"{n}\", \"name\": \"Taller {n:02}\", \"kind\": \"{kind}\", \"country\": \"{country}\", \"lat\": {}, \"lon\": {}, \
                 \"description\": \"Hace **sillas**.\", \"tags\": [\"madera\"]}}",
                if n % 3 == 0 { -0.2 - f64::from(n) / 100.0 } else { -12.0 - f64::from(n) / 100.0 },
                if n % 3 == 0 { -78.5 } else { -76.9 },
            )
        })
        .collect();
    std::fs::write(&list, rows.join("\n")).expect("written");
    let path = list.to_str().expect("a path");
    let done = minga(&data, &["import", "initiatives", path, "--json"]);
    assert!(done.status.success(), "{}", said(&done));
    let report = last_json(&done);
    assert_eq!(
        (&report["added"], &report["refused"]),
        (&30.into(), &0.into())
    );
    let wrong = minga(&data, &["import", "initiatives", path, "--column", "name"]);
    assert!(said(&wrong).contains("COLUMN=FIELD"), "{}", said(&wrong));
    let serving = Serving::start(&data);
    let english = "Accept-Language: en\r\n";
    let json = |path: &str| -> serde_json::Value {
        let answer = get(
            &serving,
            path,
            "Accept: application/json\r\nAccept-Language: en\r\n",
        );
        serde_json::from_str(&answer.body).expect("JSON")
    };
    let all = json("/api/v1/initiatives?limit=7");
    assert_eq!(all["total"], 30);
    assert_eq!(all["items"].as_array().map(Vec::len), Some(7));
    assert_eq!(all["items"][0]["name"], "Taller 00");
    let count = |answer: &serde_json::Value, facet: &str, value: &str| {
        let values = answer["facets"][facet].as_array().expect("values");
        let found = values.iter().find(|one| one["value"] == value);
        found.and_then(|one| one["count"].as_u64())
    };
    assert_eq!(count(&all, "kind", "repair"), Some(10));
    assert_eq!(count(&all, "country", "PE"), Some(20));
    assert_eq!(count(&all, "theme", "Madera"), Some(30));
    // Box, filters and words together; the list goes on where it ended, and each is in it once.
    let box_of = "bbox=-80,-2,-77,0";
    assert_eq!(json(&format!("/api/v1/initiatives?{box_of}"))["total"], 10);
    assert_eq!(
        json(&format!("/api/v1/initiatives?{box_of}&kind=cooperative"))["total"],
        0
    );
    assert_eq!(
        json("/api/v1/initiatives?q=tall+mad&kind=repair")["total"],
        10
    );
    assert_eq!(json("/api/v1/initiatives?q=aller")["total"], 0);
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let part = json(&format!(
            "/api/v1/initiatives?limit=7&after={}",
            site::encode(&after)
        ));
        names.extend(
            part["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|one| one["name"].to_string()),
        );
        match part["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names.len(), 30);
    assert!(names.is_sorted());
    // What is no box, no number, no place in a list says so.
    for (query, code) in [
        ("bbox=1,2,3", "bad_bbox"),
        ("bbox=NaN,0,1,1", "bad_bbox"),
        ("bbox=0,5,1,1", "bad_bbox"),
        ("bbox=0,-95,1,1", "bad_bbox"),
        ("limit=0", "bad_limit"),
        ("after=x", "bad_cursor"),
    ] {
        let answer = json(&format!("/api/v1/initiatives?{query}"));
        assert_eq!(
            answer["type"],
            format!("/problems/{code}"),
            "{query}: {answer}"
        );
    }
    assert_eq!(
        json("/api/v1/initiatives?bbox=-180,-90,180,90")["total"],
        30
    );
    let map = get(&serving, &format!("/map?{box_of}"), english).body;
    assert!(
        map.contains("10 initiatives") && map.contains("30 in all") && map.contains("<svg"),
        "{map}"
    );
    let id = all["items"][0]["id"].as_str().expect("an id");
    let led = get(&serving, &format!("/things/{}", site::encode(id)), english);
    assert_eq!(led.status, 302, "{}", led.body);
    let href = all["items"][0]["href"].as_str().expect("an address");
    let path = href.split_once("/initiatives/").expect("a path").1;
    let page = get(&serving, &format!("/initiatives/{path}"), english).body;
    assert!(
        page.contains("<strong>sillas</strong>") && page.contains("Nobody has said so yet"),
        "{page}"
    );
    let one = json(&format!("/api/v1/initiatives/{path}"));
    assert_eq!(one["nameMap"]["und"], "Taller 00");
    assert_eq!(
        get(&serving, "/initiatives/nothing-000000000000", english).status,
        404
    );
    // What the map shows is taken away, and a node that takes it in has the same.
    let taken = get(
        &serving,
        &format!("/map/export?format=jsonl&{box_of}"),
        english,
    )
    .body;
    assert_eq!(taken.lines().count(), 10, "{taken}");
    let geojson: serde_json::Value =
        serde_json::from_str(&get(&serving, "/map/export?kind=repair", english).body)
            .expect("JSON");
    assert_eq!(geojson["features"].as_array().map(Vec::len), Some(10));
    assert_eq!(geojson["features"][0]["geometry"]["coordinates"][0], -78.5);
    let csv = get(&serving, "/map/export?format=csv", english).body;
    assert_eq!(csv.lines().count(), 31, "{csv}");
    assert_eq!(
        get(&serving, "/map/export?format=kml", english)
            .body
            .matches("<Placemark>")
            .count(),
        30
    );
    assert_eq!(get(&serving, "/map/export?format=exe", english).status, 400);
    let (other, file) = (
        folder.path().join("other"),
        folder.path().join("taken.jsonl"),
    );
    std::fs::write(&file, taken).expect("written");
    let again = minga(&other, &["import", "initiatives", path_of(&file), "--json"]);
    assert_eq!(last_json(&again)["added"], 10, "{}", said(&again));
    assert_eq!(
        last_json(&minga(
            &other,
            &["import", "initiatives", path_of(&file), "--json"]
        ))["unchanged"],
        10
    );
    // The search of the whole commons finds them too.
    let found = json("/api/v1/search?q=taller+07");
    assert_eq!(found["hits"][0]["title"], "Taller 07", "{found}");
    // What another process brings in is there at once.
    std::fs::write(&list, "{\"id\": \"new\", \"name\": \"Taller nuevo\"}\n").expect("written");
    let done = minga(&data, &["import", "initiatives", path_of(&list), "--json"]);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(json("/api/v1/initiatives")["total"], 31);
    drop(serving);
    let checked = minga(&data, &["check"]);
    assert!(checked.status.success(), "{}", said(&checked));
}

fn path_of(path: &std::path::Path) -> &str {
    path.to_str().expect("a path")
}
