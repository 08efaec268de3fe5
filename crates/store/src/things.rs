//! What every capability shares: the things of the commons, and the links between them.
//!
//! A link points at a *key*, the name by which others mention a thing (`article:Commons`), so that it
//! can be written before the thing exists; a thing is found by its key when the link is followed.

use crate::{Db, StoreError, params};
use record::{Place, RecordId, Space};

/// One thing, as lists, maps and graphs show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing<'a> {
    /// Its id: that of its first record.
    pub id: &'a RecordId,
    /// Where it can be seen.
    pub space: &'a Space,
    /// What it is: `article`, `category`, …
    pub kind: &'a str,
    /// The name by which others mention it, unique in its space.
    pub key: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// The title folded for sorting.
    pub sort: &'a str,
    /// Its language, as a BCP 47 tag.
    pub language: &'a str,
    /// When it last changed, in milliseconds since 1970.
    pub updated: i64,
}

/// A mention of one thing by another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// What kind of mention: `mentions`, `category`, `redirects`, `translates`, …
    pub relation: &'static str,
    /// The key of what is mentioned, whether it exists or not.
    pub to_key: String,
}

/// Where a thing is: as exactly as its people wish to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// The point.
    pub point: Place,
    /// How far from it the thing may be, in metres; 0 says that the point is exact.
    pub accuracy_m: u32,
}

/// Something that things are counted by: `kind` and `cooperative`, `activity` and `isic:01`, …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Which property: one of few words.
    pub facet: &'static str,
    /// Its value.
    pub value: String,
}

/// Enters a thing, or replaces what was known of it.
///
/// # Errors
/// From the database; also when another thing of the space has the same key.
pub fn put_thing(db: &Db<'_>, thing: &Thing<'_>) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO things (thing, id, space, kind, key, title, sort, language, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (thing) DO UPDATE SET space = excluded.space, kind = excluded.kind,
           key = excluded.key, title = excluded.title, sort = excluded.sort,
           language = excluded.language, updated = excluded.updated",
        params![
            &thing.id.short(),
            thing.id.as_str(),
            thing.space.as_str(),
            thing.kind,
            thing.key,
            thing.title,
            thing.sort,
            thing.language,
            thing.updated
        ],
    )?;
    Ok(())
}

/// Replaces all links from a thing. `links` may hold duplicates.
///
/// # Errors
/// From the database.
pub fn put_links(
    db: &Db<'_>,
    from: &RecordId,
    space: &Space,
    links: &[Link],
    known_empty: bool,
) -> Result<(), StoreError> {
    let thing = from.short();
    if !known_empty {
        db.execute("DELETE FROM links WHERE thing = $1", params![&thing])?;
    }
    for link in links {
        db.execute(
            "INSERT INTO links (thing, relation, to_key, space) VALUES ($1, $2, $3, $4)
             ON CONFLICT (thing, relation, to_key) DO NOTHING",
            params![&thing, link.relation, &link.to_key, space.as_str()],
        )?;
    }
    Ok(())
}

/// Replaces all places of a thing. They keep their order: the first is the one that it is sorted by on a map.
///
/// # Errors
/// From the database.
pub fn put_places(
    db: &Db<'_>,
    id: &RecordId,
    space: &Space,
    places: &[Located],
) -> Result<(), StoreError> {
    let thing = id.short();
    db.execute("DELETE FROM places WHERE thing = $1", params![&thing])?;
    for (n, place) in (0_i64..).zip(places) {
        db.execute(
            "INSERT INTO places (thing, n, latitude, longitude, accuracy, space) VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                &thing,
                n,
                i64::from(place.point.latitude_microdegrees()),
                i64::from(place.point.longitude_microdegrees()),
                i64::from(place.accuracy_m),
                space.as_str()
            ],
        )?;
    }
    Ok(())
}

/// Replaces all marks of a thing. `marks` may hold duplicates.
///
/// # Errors
/// From the database.
pub fn put_marks(
    db: &Db<'_>,
    id: &RecordId,
    space: &Space,
    marks: &[Mark],
) -> Result<(), StoreError> {
    let thing = id.short();
    db.execute("DELETE FROM marks WHERE thing = $1", params![&thing])?;
    for mark in marks {
        db.execute(
            "INSERT INTO marks (thing, facet, value, space) VALUES ($1, $2, $3, $4)
             ON CONFLICT (thing, facet, value) DO NOTHING",
            params![&thing, mark.facet, &mark.value, space.as_str()],
        )?;
    }
    Ok(())
}

/// Removes a thing, its places, its marks and the links from it.
///
/// # Errors
/// From the database.
pub fn forget_thing(db: &Db<'_>, id: &RecordId) -> Result<(), StoreError> {
    let thing = id.short();
    for table in ["links", "places", "marks", "things"] {
        db.execute(
            &format!("DELETE FROM {table} WHERE thing = $1"),
            params![&thing],
        )?;
    }
    Ok(())
}
