//! Merging three descriptions, field by field, and joining two of one initiative.
//!
//! What one side left as it was is taken from the other; lists are merged as sets; a field that both changed is a
//! clash, which a person settles.

use crate::model::Initiative;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A field that both sides changed, each otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// Where it stands: `nameMap.es`, `since`.
    pub field: String,
    /// As it was; null where it was not there.
    pub base: Value,
    /// As one side has it.
    pub ours: Value,
    /// As the other has it.
    pub theirs: Value,
}

/// Merges `ours` and `theirs`, both made from `base`. Of a clash, `ours` stays; every clash is returned too.
///
/// # Errors
/// From JSON: never, for descriptions that were read from it.
pub fn merge(
    base: &Initiative,
    ours: &Initiative,
    theirs: &Initiative,
) -> Result<(Initiative, Vec<Clash>), serde_json::Error> {
    let mut clashes = Vec::new();
    let merged = objects(
        "",
        &object(base)?,
        &object(ours)?,
        &object(theirs)?,
        &mut clashes,
    );
    let mut merged: Initiative = serde_json::from_value(Value::Object(merged))?;
    merged.summary.clone_from(&ours.summary);
    merged.provenance.clone_from(&ours.provenance);
    Ok((merged, clashes))
}

/// Joins two descriptions of one initiative: lists as sets, texts in each language, and what only one of them says. Where
/// both say something else, `stay` counts, unless `from_other` names the field. Returns what was joined, and these fields.
///
/// Places are not mixed: two lists seldom have the same point of the same door. Licences hold both, as an SPDX
/// expression, and so do the names that are to be given.
///
/// # Errors
/// From JSON: never, for descriptions that were read from it.
pub fn join(
    stay: &Initiative,
    other: &Initiative,
    from_other: &HashSet<String>,
) -> Result<(Initiative, Vec<Clash>), serde_json::Error> {
    let mut clashes = Vec::new();
    let (mut ours, mut theirs) = (object(stay)?, object(other)?);
    for both in [&mut ours, &mut theirs] {
        for field in ["location", "licence", "attribution", "mergedInto"] {
            both.shift_remove(field);
        }
    }
    theirs.insert("language".to_owned(), stay.language.clone().into());
    let mut merged = objects("", &Map::new(), &ours, &theirs, &mut clashes);
    // What a list said in its own words stays in the history of both.
    clashes.retain(|clash| !clash.field.starts_with("original."));
    for clash in clashes
        .iter()
        .filter(|clash| from_other.contains(&clash.field))
    {
        put(&mut merged, &clash.field, clash.theirs.clone());
    }
    let mut joined: Initiative = serde_json::from_value(Value::Object(merged))?;
    let differ = !stay.places.is_empty() && !other.places.is_empty() && stay.places != other.places;
    if differ {
        clashes.push(Clash {
            field: "location".to_owned(),
            base: Value::Null,
            ours: serde_json::to_value(&stay.places)?,
            theirs: serde_json::to_value(&other.places)?,
        });
    }
    let theirs = stay.places.is_empty() || differ && from_other.contains("location");
    joined
        .places
        .clone_from(if theirs { &other.places } else { &stay.places });
    joined.licence = both(&stay.licence, &other.licence, " AND ");
    joined.attribution = both(&stay.attribution, &other.attribution, "; ");
    Ok((joined, clashes))
}

fn both(one: &str, other: &str, between: &str) -> String {
    if other.is_empty() || one.split(between).any(|part| part == other) {
        one.to_owned()
    } else if one.is_empty() {
        other.to_owned()
    } else {
        format!("{one}{between}{other}")
    }
}

/// Puts a value at a path with dots.
fn put(map: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            map.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = map
                .entry(first)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn object(of: &Initiative) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(of)? {
        Value::Object(mut object) => {
            // They say of the revision how it came about, and nothing of the initiative.
            object.shift_remove("summary");
            object.shift_remove("provenance");
            Ok(object)
        }
        _ => Ok(Map::new()),
    }
}

fn objects(
    path: &str,
    base: &Map<String, Value>,
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
    clashes: &mut Vec<Clash>,
) -> Map<String, Value> {
    let mut merged = Map::new();
    let mut keys: Vec<&String> = base
        .keys()
        .chain(ours.keys())
        .chain(theirs.keys())
        .collect();
    keys.sort();
    keys.dedup();
    let at = |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or(Value::Null);
    for key in keys {
        let field = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        let (was, mine, yours) = (at(base, key), at(ours, key), at(theirs, key));
        let value = values(&field, was, mine, yours, clashes);
        if !value.is_null() {
            merged.insert(key.clone(), value);
        }
    }
    merged
}

fn values(field: &str, base: Value, ours: Value, theirs: Value, clashes: &mut Vec<Clash>) -> Value {
    if ours == theirs || theirs == base {
        return ours;
    }
    if ours == base {
        return theirs;
    }
    let empty_map = || Value::Object(Map::new());
    let empty_list = || Value::Array(Vec::new());
    let or = |value: Value, empty: Value| if value.is_null() { empty } else { value };
    let is = |test: fn(&Value) -> bool| {
        [&base, &ours, &theirs]
            .into_iter()
            .all(|value| value.is_null() || test(value))
    };
    if is(Value::is_object) {
        if let (Value::Object(base), Value::Object(ours), Value::Object(theirs)) = (
            or(base, empty_map()),
            or(ours, empty_map()),
            or(theirs, empty_map()),
        ) {
            return Value::Object(objects(field, &base, &ours, &theirs, clashes));
        }
        return Value::Null;
    }
    if is(Value::is_array) {
        if let (Value::Array(base), Value::Array(ours), Value::Array(theirs)) = (
            or(base, empty_list()),
            or(ours, empty_list()),
            or(theirs, empty_list()),
        ) {
            return Value::Array(lists(&base, &ours, theirs));
        }
        return Value::Null;
    }
    clashes.push(Clash {
        field: field.to_owned(),
        base,
        ours: ours.clone(),
        theirs,
    });
    ours
}

/// What ours has, without what theirs took out, and with what theirs added.
fn lists(base: &[Value], ours: &[Value], theirs: Vec<Value>) -> Vec<Value> {
    let mut merged: Vec<Value> = ours
        .iter()
        .filter(|one| !base.contains(one) || theirs.contains(one))
        .cloned()
        .collect();
    for one in theirs {
        if !base.contains(&one) && !merged.contains(&one) {
            merged.push(one);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::{join, merge};
    use crate::model::Initiative;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, HashSet};

    fn named(name: &str, since: &str, themes: &[String]) -> Initiative {
        Initiative {
            name_map: BTreeMap::from([("es".to_owned(), name.to_owned())]),
            language: "es".to_owned(),
            kind: "repair".to_owned(),
            since: since.to_owned(),
            themes: themes.to_vec(),
            ..Initiative::default()
        }
    }

    #[test]
    fn what_one_side_left_is_taken_from_the_other() {
        let base = named("Taller", "2013", &[]);
        let ours = named("Taller del río", "2013", &["Agua".to_owned()]);
        let mut theirs = named("Taller", "2014", &["Barro".to_owned()]);
        theirs
            .name_map
            .insert("en".to_owned(), "Workshop".to_owned());
        let (merged, clashes) = merge(&base, &ours, &theirs).expect("merged");
        assert_eq!(clashes, []);
        assert_eq!(merged.name("es"), "Taller del río");
        assert_eq!(merged.name("en"), "Workshop");
        assert_eq!(merged.since, "2014");
        assert_eq!(merged.themes, ["Agua", "Barro"]);
        let other = named("Taller del mar", "2013", &[]);
        let (merged, clashes) = merge(&base, &ours, &other).expect("merged");
        assert_eq!(merged.name("es"), "Taller del río");
        assert_eq!(clashes.len(), 1);
        assert_eq!(clashes[0].field, "nameMap.es");
    }

    #[test]
    fn joined_is_what_either_says_and_what_was_chosen() {
        let mut stay = named("Taller", "2013", &["Agua".to_owned()]);
        (stay.licence, stay.attribution) = ("CC0-1.0".to_owned(), "Uno".to_owned());
        let mut other = named(
            "El taller",
            "2014",
            &["Barro".to_owned(), "Agua".to_owned()],
        );
        (other.licence, other.attribution) = ("CC-BY-4.0".to_owned(), "Dos".to_owned());
        other
            .name_map
            .insert("en".to_owned(), "Workshop".to_owned());
        other.language = "en".to_owned();
        other.offering = "Torno".to_owned();
        other.places = vec![crate::Whereabouts {
            country: "EC".to_owned(),
            ..crate::Whereabouts::default()
        }];
        let (joined, clashes) = join(&stay, &other, &HashSet::new()).expect("joined");
        let fields: Vec<&str> = clashes.iter().map(|clash| clash.field.as_str()).collect();
        assert_eq!(fields, ["nameMap.es", "since"]);
        assert_eq!(
            (joined.name("es"), joined.name("en")),
            ("Taller", "Workshop")
        );
        assert_eq!(
            (&*joined.since, &*joined.offering, &*joined.language),
            ("2013", "Torno", "es")
        );
        assert_eq!(joined.themes, ["Agua", "Barro"]);
        assert_eq!(joined.licence, "CC0-1.0 AND CC-BY-4.0");
        assert_eq!(joined.attribution, "Uno; Dos");
        assert_eq!(joined.places, other.places);
        let chosen = HashSet::from(["nameMap.es".to_owned(), "since".to_owned()]);
        let (joined, _) = join(&stay, &other, &chosen).expect("joined");
        assert_eq!((joined.name("es"), &*joined.since), ("El taller", "2014"));
        // Joined once more, nothing comes twice.
        let (again, clashes) = join(&joined, &other, &HashSet::new()).expect("joined");
        assert_eq!((again, clashes), (joined, vec![]));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_that_neither_side_took_out(
            base in prop::collection::btree_set("[a-e]", 0..5), ours in prop::collection::btree_set("[a-g]", 0..6),
            theirs in prop::collection::btree_set("[a-g]", 0..6), since in prop::sample::select(vec!["", "2013", "2014"]),
        ) {
            let list = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
            let (b, o, t) = (named("A", "", &list(&base)), named("A", since, &list(&ours)), named("A", "", &list(&theirs)));
            let (merged, clashes) = merge(&b, &o, &t).expect("merged");
            prop_assert!(clashes.is_empty());
            prop_assert_eq!(&merged.since, since);
            for one in base.iter().chain(&ours).chain(&theirs) {
                let taken_out = base.contains(one) && (!ours.contains(one) || !theirs.contains(one));
                prop_assert_eq!(merged.themes.contains(one), !taken_out, "{}", one);
            }
            // A side that changed nothing is no side.
            prop_assert_eq!(merge(&b, &b, &t).expect("merged").0.themes.len(), theirs.len());
        }
    }
}
