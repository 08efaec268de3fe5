//! The SQL of the atlas: what lies somewhere or is counted by something, of whatever kind.

use crate::index::Short;
use crate::net::Knot;
use record::Place;
use std::collections::HashMap;
use store::{Db, Row, StoreError, Value, Viewer};

/// A thing as the tables have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Thing {
    /// Its kind: `initiative`, `organization`, …
    pub kind: String,
    /// Its title folded for sorting.
    pub sort: String,
    /// Where it is.
    pub places: Vec<Place>,
    /// What it is counted by, and its themes.
    pub marks: Vec<(String, String)>,
}

fn short_at(row: &Row<'_>, column: usize) -> Result<Short, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| StoreError::Damaged {
        place: "a table of things".to_owned(),
        reason: "an id has another length than ids have".to_owned(),
    })
}

/// Returns everything that lies somewhere or is counted by something, as far as it may be seen; or one such thing.
///
/// # Errors
/// From the database.
pub(crate) fn things(
    db: &Db<'_>,
    viewer: &Viewer,
    one: Option<&Short>,
) -> Result<HashMap<Short, Thing>, StoreError> {
    let asked: Vec<Value<'_>> = one.into_iter().map(Value::from).collect();
    let only = |column: &str| {
        if one.is_some() {
            format!("{column} = $1")
        } else {
            "1 = 1".to_owned()
        }
    };
    let mut found: HashMap<Short, Thing> = HashMap::new();
    let sql = format!(
        "SELECT p.thing, p.latitude, p.longitude FROM places p WHERE {} AND {} ORDER BY p.thing, p.n",
        only("p.thing"),
        viewer.sql("p.space")
    );
    db.each(&sql, &asked, |row| {
        let (latitude, longitude): (i64, i64) = (row.get(1)?, row.get(2)?);
        let point = i32::try_from(latitude)
            .ok()
            .zip(i32::try_from(longitude).ok())
            .and_then(|(y, x)| Place::from_microdegrees(y, x).ok());
        found
            .entry(short_at(row, 0)?)
            .or_default()
            .places
            .extend(point);
        Ok::<_, StoreError>(())
    })?;
    let sql = format!(
        "SELECT m.thing, m.facet, m.value FROM marks m WHERE {} AND {}",
        only("m.thing"),
        viewer.sql("m.space")
    );
    db.each(&sql, &asked, |row| {
        let mark = (row.get(1)?, row.get(2)?);
        found.entry(short_at(row, 0)?).or_default().marks.push(mark);
        Ok::<_, StoreError>(())
    })?;
    let sql = format!(
        "SELECT l.thing, l.to_key FROM links l WHERE l.relation = 'works on' AND l.to_key >= 'category:'
           AND l.to_key < 'category;' AND {} AND {}",
        only("l.thing"),
        viewer.sql("l.space")
    );
    db.each(&sql, &asked, |row| {
        let key: String = row.get(1)?;
        if let Some(thing) = found.get_mut(&short_at(row, 0)?) {
            let theme = key.trim_start_matches("category:").to_owned();
            thing.marks.push(("theme".to_owned(), theme));
        }
        Ok::<_, StoreError>(())
    })?;
    let sql = format!(
        "SELECT t.thing, t.kind, t.sort FROM things t WHERE {} AND {}",
        only("t.thing"),
        viewer.sql("t.space")
    );
    db.each(&sql, &asked, |row| {
        if let Some(thing) = found.get_mut(&short_at(row, 0)?) {
            (thing.kind, thing.sort) = (row.get(1)?, row.get(2)?);
        }
        Ok::<_, StoreError>(())
    })?;
    found.retain(|_, thing| !thing.kind.is_empty());
    Ok(found)
}

/// A link: from which thing, how, to what key.
pub(crate) type Told = (Short, String, String);

/// Returns every thing and every link, as far as they may be seen.
///
/// # Errors
/// From the database.
pub(crate) fn network(db: &Db<'_>, viewer: &Viewer) -> Result<(Vec<Knot>, Vec<Told>), StoreError> {
    let sql = format!(
        "SELECT t.thing, t.kind, t.key, t.title FROM things t WHERE {}",
        viewer.sql("t.space")
    );
    let knots: Vec<Knot> = db.all(&sql, &[], |row| {
        Ok::<_, StoreError>(Knot {
            id: short_at(row, 0)?,
            kind: row.get::<String>(1)?.into(),
            key: row.get::<String>(2)?.into(),
            title: row.get::<String>(3)?.into(),
        })
    })?;
    let sql = format!(
        "SELECT l.thing, l.relation, l.to_key FROM links l WHERE l.relation <> 'uses' AND {}",
        viewer.sql("l.space")
    );
    let links = db.all(&sql, &[], |row| {
        Ok::<_, StoreError>((short_at(row, 0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok((knots, links))
}
