//! What is compared of initiatives, to find those that may be one.

use super::{Short, short_at};
use crate::duplicates::{self, Book, Pair, Row};
use crate::model::Initiative;
use atlas::bounds::Bounds;
use atlas::index::Question;
use atlas::live;
use record::{Place, Space};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Db, Node, StoreError, Value, Viewer, params};

/// How many are compared with a new one, at most.
const MOST_NEAR: usize = 400;
/// Degrees from north to south within which a new one is compared with those that are there: 5 km.
const NEAR_DEGREES: f64 = 0.045;

/// Reads what is compared: of every initiative, or of some.
fn rows(
    db: &Db<'_>,
    viewer: &Viewer,
    some: Option<&HashSet<Short>>,
) -> Result<Vec<Row>, StoreError> {
    let mut found: BTreeMap<Short, Row> = BTreeMap::new();
    // One by one where few are asked for, in one go where all are.
    let asked: Vec<Vec<Value<'_>>> = match some {
        Some(ids) => ids.iter().map(|id| vec![Value::from(id)]).collect(),
        None => vec![Vec::new()],
    };
    let only = |column: &str| {
        if some.is_some() {
            format!("{column} = $1")
        } else {
            "1 = 1".to_owned()
        }
    };
    for params in &asked {
        let sql = format!(
            "SELECT i.thing, i.title FROM initiatives i WHERE {} AND i.merged = '' AND {}",
            only("i.thing"),
            viewer.sql("i.space")
        );
        db.each(&sql, params, |row| {
            let id = short_at(row, 0)?;
            let names = vec![row.get(1)?];
            let row = Row {
                id,
                names,
                ..Row::default()
            };
            found.insert(id, row);
            Ok::<_, StoreError>(())
        })?;
        let sql = format!(
            "SELECT p.thing, p.latitude, p.longitude FROM places p WHERE {}",
            only("p.thing")
        );
        db.each(&sql, params, |row| {
            let (latitude, longitude): (i64, i64) = (row.get(1)?, row.get(2)?);
            let point = i32::try_from(latitude)
                .ok()
                .zip(i32::try_from(longitude).ok())
                .and_then(|(y, x)| Place::from_microdegrees(y, x).ok());
            if let Some(row) = found.get_mut(&short_at(row, 0)?) {
                row.points.extend(point);
            }
            Ok::<_, StoreError>(())
        })?;
        let sql = format!(
            "SELECT s.thing, s.site FROM initiative_sites s WHERE {}",
            only("s.thing")
        );
        db.each(&sql, params, |row| {
            let site = row.get(1)?;
            if let Some(row) = found.get_mut(&short_at(row, 0)?) {
                row.sites.push(site);
            }
            Ok::<_, StoreError>(())
        })?;
        let sql = format!(
            "SELECT m.thing, m.value FROM marks m WHERE {} AND m.facet = 'country'",
            only("m.thing")
        );
        db.each(&sql, params, |row| {
            let country = row.get(1)?;
            if let Some(row) = found.get_mut(&short_at(row, 0)?) {
                row.countries.push(country);
            }
            Ok::<_, StoreError>(())
        })?;
    }
    Ok(found.into_values().collect())
}

/// Returns which pairs somebody said to be two.
fn told_apart(db: &Db<'_>) -> Result<HashSet<(Short, Short)>, StoreError> {
    let pairs: Vec<(Short, Short)> = db.all("SELECT one, other FROM distinctions", &[], |row| {
        Ok::<_, StoreError>((short_at(row, 0)?, short_at(row, 1)?))
    })?;
    Ok(pairs.into_iter().collect())
}

/// Who said that two are two, when in milliseconds since 1970, and how they know.
pub(crate) struct ToldApart {
    /// Who.
    pub author: String,
    /// When.
    pub at: i64,
    /// How they know.
    pub note: String,
}

/// Returns who said that two are two.
pub(crate) fn who_told_apart(
    db: &Db<'_>,
    a: &Short,
    b: &Short,
) -> Result<Option<ToldApart>, StoreError> {
    let (one, other) = if a < b { (a, b) } else { (b, a) };
    db.first(
        "SELECT author, at, note FROM distinctions WHERE one = $1 AND other = $2 ORDER BY at, thing LIMIT 1",
        params![one, other],
        |row| {
            Ok(ToldApart {
                author: row.get(0)?,
                at: row.get(1)?,
                note: row.get(2)?,
            })
        },
    )
}

/// The pairs that were found when the log was so long.
type Found = (HashMap<Space, i64>, Arc<Vec<Pair>>);

/// The last pairs that were found, and who looks for them anew: one at a time.
#[derive(Default)]
struct Proposed {
    last: Mutex<Option<Found>>,
    looking: Mutex<()>,
}

/// Returns every pair of initiatives that may be one, the surest first; found anew where the log moved.
pub(crate) fn proposed(node: &Node, db: &Db<'_>) -> Result<Arc<Vec<Pair>>, StoreError> {
    let held = node.held::<Proposed>();
    let viewer = Viewer::public();
    let heads: HashMap<Space, i64> = store::heads(db)?
        .into_iter()
        .filter(|(space, _)| viewer.sees(space))
        .collect();
    let last = || {
        let last = held.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    };
    let before = last();
    if let Some((at, pairs)) = &before
        && *at == heads
    {
        return Ok(pairs.clone());
    }
    // While somebody looks, others are told what was found last instead of waiting.
    let _looking = match (held.looking.try_lock(), before) {
        (Ok(turn), _) => turn,
        (Err(_), Some((_, pairs))) => return Ok(pairs),
        (Err(_), None) => held.looking.lock().unwrap_or_else(PoisonError::into_inner),
    };
    if let Some((at, pairs)) = last()
        && at == heads
    {
        return Ok(pairs);
    }
    let pairs = Arc::new(Book::of(rows(db, &viewer, None)?).pairs(&told_apart(db)?));
    *held.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((heads, pairs.clone()));
    Ok(pairs)
}

/// Returns what is compared of a description.
fn row(id: Short, said: &Initiative) -> Row {
    let mut sites: Vec<String> = said
        .links
        .iter()
        .filter_map(|link| duplicates::site(link))
        .collect();
    sites.sort();
    sites.dedup();
    let countries = said.places.iter().map(|place| place.country.clone());
    Row {
        id,
        names: said.name_map.values().cloned().collect(),
        points: said.places.iter().filter_map(|place| place.point).collect(),
        sites,
        countries: countries.filter(|code| !code.is_empty()).collect(),
    }
}

/// Compares two descriptions; none where they are not alike.
pub(crate) fn compare(a: (Short, &Initiative), b: (Short, &Initiative)) -> Option<Pair> {
    let book = Book::of([row(b.0, b.1)]);
    book.like(&row(a.0, a.1)).pop()
}

/// Returns which of those that are here may be the same as a description, the surest first: `id` is its own, or zeros
/// where it is not here yet.
pub(crate) fn like(
    node: &Node,
    db: &Db<'_>,
    viewer: &Viewer,
    id: Short,
    said: &Initiative,
) -> Result<Vec<Pair>, StoreError> {
    let row = row(id, said);
    let mut near: HashSet<Short> = HashSet::new();
    for site in &row.sites {
        // The host alone, and what lies below it: `/` and the sign after it are the bounds.
        let host = site.split('/').next().unwrap_or(site);
        let (from, to) = (format!("{host}/"), format!("{host}0"));
        let same: Vec<Short> = db.all(
            "SELECT DISTINCT thing FROM initiative_sites WHERE site = $1 OR site = $2 OR (site >= $3 AND site < $4) ORDER BY thing LIMIT 50",
            params![site, host, &from, &to],
            |row| short_at(row, 0),
        )?;
        near.extend(same);
    }
    let boxes = row.points.iter().filter_map(|point| {
        let wide = NEAR_DEGREES / point.latitude().to_radians().cos().max(0.05);
        Bounds::from_degrees(
            (point.longitude() - wide).max(-180.0),
            (point.latitude() - NEAR_DEGREES).max(-90.0),
            (point.longitude() + wide).min(180.0),
            (point.latitude() + NEAR_DEGREES).min(90.0),
        )
        .ok()
    });
    let boxes: Vec<Bounds> = boxes.collect();
    let found = live::with(node, db, viewer, |held| {
        let mut found: HashSet<Short> = HashSet::new();
        for name in &row.names {
            found.extend(
                held.with_words(&duplicates::telling(name))
                    .into_iter()
                    .take(MOST_NEAR),
            );
        }
        for bounds in &boxes {
            let question = Question {
                bounds: Some(*bounds),
                filters: vec![("what", vec![Initiative::KIND])],
                limit: MOST_NEAR,
                ..Question::default()
            };
            found.extend(held.index().find(&question).list);
        }
        found
    })?;
    near.extend(found);
    let apart = told_apart(db)?;
    let mut pairs = Book::of(rows(db, viewer, Some(&near))?).like(&row);
    pairs.retain(|pair| !apart.contains(&(pair.one, pair.other)));
    Ok(pairs)
}
