//! Whatever is asked, in whatever order things came and went, the index answers what a look at every thing gives.

use atlas::bounds::Bounds;
use atlas::index::{Entry, Index, Question, Short};
use proptest::prelude::*;
use record::Place;
use std::collections::{BTreeMap, HashSet};

#[derive(Clone, Debug)]
struct Thing {
    id: Short,
    sort: String,
    places: Vec<Place>,
    marks: Vec<(String, String)>,
}

fn short(number: u16) -> Short {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    id
}

fn place() -> impl Strategy<Value = Place> {
    // Coarse steps, so that places fall onto the edges of boxes; the corners of the globe too.
    (-18_i32..=18, -36_i32..=36).prop_map(|(latitude, longitude)| {
        Place::from_microdegrees(latitude * 5_000_000, longitude * 5_000_000).expect("on the globe")
    })
}

fn thing() -> impl Strategy<Value = Thing> {
    let mark = (0..4_usize, 0..5_usize).prop_map(|(facet, value)| {
        (
            ["kind", "theme", "country", "form"][facet].to_owned(),
            format!("v{value}"),
        )
    });
    let places = prop::collection::vec(place(), 0..3);
    let marks = prop::collection::hash_set(mark, 0..6);
    (0_u16..60, "[a-c]{0,10}", places, marks).prop_map(|(id, sort, places, marks)| Thing {
        id: short(id),
        sort,
        places,
        marks: marks.into_iter().collect(),
    })
}

fn bounds() -> impl Strategy<Value = Option<Bounds>> {
    let edge = |most: i32| (-most..=most).prop_map(|step| f64::from(step) * 2.5);
    let longitudes = (edge(100), edge(100));
    let latitudes = (edge(36), edge(36));
    prop::option::of((longitudes, latitudes).prop_map(|((west, east), (a, b))| {
        Bounds::from_degrees(west, f64::min(a, b), east, f64::max(a, b)).expect("a box")
    }))
}

#[derive(Clone, Debug)]
struct Asked {
    bounds: Option<Bounds>,
    filters: Vec<(String, Vec<String>)>,
    among: Option<HashSet<Short>>,
    limit: usize,
    zoom: u8,
}

fn asked() -> impl Strategy<Value = Asked> {
    let values = prop::collection::vec((0..6_usize).prop_map(|v| format!("v{v}")), 1..3);
    let filters = prop::collection::btree_map(0..5_usize, values, 0..3).prop_map(|map| {
        let name = |at: usize| ["kind", "theme", "country", "form", "nothing"][at].to_owned();
        map.into_iter()
            .map(|(at, values)| (name(at), values))
            .collect()
    });
    let among = prop::option::of(prop::collection::hash_set(
        (0_u16..60).prop_map(short),
        0..50,
    ));
    (bounds(), filters, among, 1_usize..20, 0_u8..12).prop_map(
        |(bounds, filters, among, limit, zoom)| Asked {
            bounds,
            filters,
            among,
            limit,
            zoom,
        },
    )
}

fn lies_within(place: &Place, bounds: &Bounds) -> bool {
    let [west, south, east, north] = bounds.degrees();
    let (latitude, longitude) = (place.latitude(), place.longitude());
    let along = [-360.0, 0.0, 360.0]
        .iter()
        .any(|turn| (west..=east).contains(&(longitude + turn)));
    latitude >= south && latitude <= north && along
}

fn meets(thing: &Thing, (facet, values): &(String, Vec<String>)) -> bool {
    thing
        .marks
        .iter()
        .any(|(name, value)| name == facet && values.contains(value))
}

fn agrees(there: &BTreeMap<Short, Thing>, index: &Index, asked: &Asked) {
    let within: Vec<&Thing> = there
        .values()
        .filter(|thing| {
            let found = asked.bounds.as_ref();
            found.is_none_or(|bounds| thing.places.iter().any(|place| lies_within(place, bounds)))
        })
        .filter(|thing| {
            asked
                .among
                .as_ref()
                .is_none_or(|among| among.contains(&thing.id))
        })
        .collect();
    let mut found: Vec<&&Thing> = within
        .iter()
        .filter(|thing| asked.filters.iter().all(|filter| meets(thing, filter)))
        .collect();
    found.sort_by(|one, other| (&one.sort, one.id).cmp(&(&other.sort, other.id)));
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for thing in &within {
        for (facet, value) in &thing.marks {
            let others = asked.filters.iter().filter(|(name, _)| name != facet);
            if others.into_iter().all(|filter| meets(thing, filter)) {
                *counts.entry((facet.clone(), value.clone())).or_default() += 1;
            }
        }
    }
    if asked.filters.iter().any(|(name, _)| name == "nothing") {
        counts.clear();
    }
    let question = Question {
        bounds: asked.bounds,
        filters: asked
            .filters
            .iter()
            .map(|(name, values)| (&**name, values.iter().map(|v| &**v).collect()))
            .collect(),
        among: asked.among.as_ref(),
        limit: asked.limit,
        after: None,
        zoom: Some(asked.zoom),
    };
    let answer = index.find(&question);
    assert_eq!(answer.total, found.len() as u64);
    let counted: BTreeMap<(String, String), u64> = answer
        .facets
        .iter()
        .flat_map(|(facet, values)| {
            values
                .iter()
                .map(move |(v, n)| ((facet.clone(), v.clone()), *n))
        })
        .collect();
    assert_eq!(counted, counts);
    // Part after part the list is all that was found, in order.
    let mut listed = answer.list.clone();
    let mut next = answer.next.clone();
    while let Some((sort, id)) = next {
        let part = index.find(&Question {
            after: Some((&sort, id)),
            ..question.clone()
        });
        assert_eq!(part.total, answer.total);
        assert!(!part.list.is_empty());
        listed.extend(part.list);
        next = part.next;
    }
    assert_eq!(
        listed,
        found.iter().map(|thing| thing.id).collect::<Vec<_>>()
    );
    // Every place that was found lies in one cluster, and in the box.
    let places: Vec<&Place> = found
        .iter()
        .flat_map(|thing| &thing.places)
        .filter(|place| {
            asked
                .bounds
                .as_ref()
                .is_none_or(|bounds| lies_within(place, bounds))
        })
        .collect();
    let drawn: u64 = answer.clusters.iter().map(|cluster| cluster.places).sum();
    assert_eq!(drawn, places.len() as u64);
    for cluster in &answer.clusters {
        let [west, south, east, north] = cluster.around;
        assert!(west <= east && south <= north);
        let here = |place: &Place| {
            (south..=north).contains(&place.latitude_microdegrees())
                && (west..=east).contains(&place.longitude_microdegrees())
        };
        let held = |thing: &&&Thing| thing.places.iter().filter(|place| here(place)).count() as u64;
        match cluster.thing {
            Some(one) => assert!(
                found
                    .iter()
                    .any(|thing| thing.id == one && held(thing) >= cluster.places)
            ),
            None => assert!(found.iter().filter(|thing| held(thing) > 0).count() > 1),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn answers_are_what_a_look_at_every_thing_gives(
        things in prop::collection::vec((thing(), any::<bool>()), 0..120),
        asked in prop::collection::vec(asked(), 1..8),
    ) {
        let mut index = Index::default();
        let mut there = BTreeMap::new();
        for (thing, goes) in things {
            if goes {
                index.remove(&thing.id);
                there.remove(&thing.id);
                continue;
            }
            let marks: Vec<(&str, &str)> = thing.marks.iter().map(|(f, v)| (&**f, &**v)).collect();
            index.put(&Entry { id: thing.id, sort: &thing.sort, places: &thing.places, marks: &marks });
            there.insert(thing.id, thing);
        }
        prop_assert_eq!(index.len(), there.len());
        for asked in &asked {
            agrees(&there, &index, asked);
        }
    }
}
