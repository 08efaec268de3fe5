//! Persons, their traits, what stewards decided, and who stands how.

use super::{damaged, hash_at, short_at};
use crate::model::{Act, Decision, Profile, skeleton};
use crate::rules::Standing;
use record::{Did, Hash, Record, RecordId};
use std::collections::BTreeMap;
use store::{
    Db, Judged, Link, Refusal, Row, StoreError, Thing, Viewer, forget_thing, params, put_links,
    put_thing,
};
use unicode_normalization::UnicodeNormalization;

/// A person, as lists show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The short form of the id of their first record.
    pub id: [u8; 16],
    /// The name of their key.
    pub did: Did,
    /// Their address in the commons.
    pub handle: String,
    /// What they want to be called.
    pub name: String,
    /// The record that is shown.
    pub hash: Hash,
    /// Where, as they say it.
    pub place: String,
    /// The beginning of what they say they do.
    pub lead: String,
    /// When they last changed it, in milliseconds since 1970.
    pub updated: i64,
}

impl Person {
    /// Returns the address of their page, from the root.
    #[must_use]
    pub fn href(&self) -> String {
        href(&self.handle)
    }
}

/// Returns the address of a person's page, from the root.
pub(crate) fn href(handle: &str) -> String {
    format!("/people/{handle}")
}

const PERSON: &str = "p.thing, p.did, p.handle, p.name, p.hash, p.place, p.lead, p.updated";

fn person_at(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: short_at(row, 0)?,
        did: Did::parse(&row.get::<String>(1)?).map_err(|e| damaged(e.to_string()))?,
        handle: row.get(2)?,
        name: row.get(3)?,
        hash: hash_at(row, 4)?,
        place: row.get(5)?,
        lead: row.get(6)?,
        updated: row.get(7)?,
    })
}

/// Folds a text for comparing: lower case, without accents, single spaces.
pub(crate) fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Judges what a person says of themselves.
pub(super) fn judge(
    db: &Db<'_>,
    judged: &Judged<'_>,
    profile: &Profile,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let did = record.author();
    if record.thing().author() != *did {
        return Ok(Err(Refusal::new(
            "not_yours",
            "a person is described by themselves alone",
            "describe yourself",
        )));
    }
    let other = db.first(
        "SELECT 1 FROM persons WHERE did = $1 AND commons = $2 AND thing <> $3",
        params![
            did.as_str(),
            record.commons().as_str(),
            &record.thing().short()
        ],
        |_| Ok::<_, StoreError>(()),
    )?;
    if other.is_some() {
        return Ok(Err(Refusal::new(
            "second_person",
            "this key describes somebody here already",
            "revise that description",
        )));
    }
    let handle = crate::model::Handle::parse(&profile.handle).map(|handle| handle.skeleton());
    let taken = db.first(
        "SELECT 1 FROM persons WHERE skeleton = $1 AND thing <> $2",
        params![handle.unwrap_or_default(), &record.thing().short()],
        |_| Ok::<_, StoreError>(()),
    )?;
    // Somebody who has an account and has published nothing of themselves yet has an address too.
    let skeleton_of = crate::model::Handle::parse(&profile.handle).map(|handle| handle.skeleton());
    let kept = db.first(
        "SELECT 1 FROM accounts WHERE skeleton = $1 AND did <> $2",
        params![skeleton_of.unwrap_or_default(), did.as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    if taken.is_some() || kept.is_some() {
        return Ok(Err(Refusal::new(
            "handle_taken",
            format!(
                "“{}” is somebody else's address, or looks like one",
                profile.handle
            ),
            "choose another one",
        )));
    }
    // Two people may bear one name; but one that only looks like another is there to deceive.
    let alike: Vec<String> = db.all(
        "SELECT name FROM persons WHERE alike = $1 AND thing <> $2",
        params![skeleton(&profile.name), &record.thing().short()],
        |row| row.get(0),
    )?;
    let mine = fold(&profile.name);
    if alike.iter().any(|name| fold(name) != mine) {
        return Ok(Err(Refusal::new(
            "name_looks_alike",
            format!(
                "“{}” looks like somebody else's name and is not it",
                profile.name
            ),
            "write it otherwise",
        )));
    }
    Ok(Ok(()))
}

/// Enters what a person says of themselves: the last word counts.
pub(super) fn enter(db: &Db<'_>, record: &Record, profile: &Profile) -> Result<(), StoreError> {
    let thing = record.thing().short();
    let handle = crate::model::Handle::parse(&profile.handle).map(|handle| handle.skeleton());
    let lead = profile.lead();
    let space = record.space().as_str();
    db.execute(
        "INSERT INTO persons (thing, did, handle, skeleton, name, alike, sort, space, commons, hash, place, lead,
           seeking, offering, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (thing) DO UPDATE SET handle = excluded.handle, skeleton = excluded.skeleton,
           name = excluded.name, alike = excluded.alike, sort = excluded.sort, hash = excluded.hash,
           place = excluded.place, lead = excluded.lead, seeking = excluded.seeking,
           offering = excluded.offering, updated = excluded.updated",
        params![
            &thing,
            record.author().as_str(),
            &profile.handle,
            handle.unwrap_or_default(),
            &profile.name,
            skeleton(&profile.name),
            fold(&profile.name),
            space,
            record.commons().as_str(),
            record.hash().as_bytes(),
            &profile.place,
            &lead,
            &profile.seeking,
            &profile.offering,
            record.published().as_millis()
        ],
    )?;
    put_thing(
        db,
        &Thing {
            id: record.thing(),
            space: record.space(),
            kind: Profile::KIND,
            key: &format!("person:{}", profile.handle),
            title: &profile.name,
            sort: &fold(&profile.name),
            language: profile.languages.first().map_or("und", String::as_str),
            updated: record.published().as_millis(),
        },
    )?;
    let themes: Vec<Link> = profile
        .themes
        .iter()
        .map(|theme| Link {
            relation: "works on",
            to_key: format!("category:{theme}"),
        })
        .collect();
    put_links(db, record.thing(), record.space(), &themes, false)?;
    db.execute("DELETE FROM traits WHERE thing = $1", params![&thing])?;
    let places: Vec<String> = profile
        .place
        .split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    for (what, list) in [
        ("language", &profile.languages),
        ("skill", &profile.skills),
        ("theme", &profile.themes),
        ("place", &places),
    ] {
        for text in list {
            db.execute(
                "INSERT INTO traits (thing, what, fold, text, space) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (thing, what, fold) DO NOTHING",
                params![&thing, what, fold(text), text, space],
            )?;
        }
    }
    Ok(())
}

/// Shows, after one of a person's records was withdrawn, the last that is left.
pub(super) fn show_again(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    let last: Option<Hash> = db.first(
        "SELECT s.hash FROM statements s JOIN log l ON l.hash = s.hash
         WHERE s.thing = $1 AND s.withdrawn = 0 AND l.body IS NOT NULL ORDER BY l.seq DESC LIMIT 1",
        params![&thing.short()],
        |row| hash_at(row, 0),
    )?;
    let bytes = match last {
        Some(hash) => store::bytes_of(db, &hash)?,
        None => None,
    };
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    match record.and_then(|record| Profile::of(&record).ok().map(|profile| (record, profile))) {
        Some((record, profile)) => enter(db, &record, &profile),
        None => forget(db, thing),
    }
}

/// Takes a person out of the tables.
pub(super) fn forget(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    let id = thing.short();
    db.execute("DELETE FROM traits WHERE thing = $1", params![&id])?;
    db.execute("DELETE FROM persons WHERE thing = $1", params![&id])?;
    forget_thing(db, thing)
}

/// Enters a decision.
pub(super) fn decide(db: &Db<'_>, record: &Record, decision: &Decision) -> Result<(), StoreError> {
    let commons = record.commons().as_str();
    db.execute(
        "INSERT INTO decisions (hash, commons, act, about, decider, reason, at, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            record.hash().as_bytes(),
            commons,
            decision.act.as_str(),
            &decision.about,
            record.author().as_str(),
            &decision.reason,
            record.published().as_millis(),
            record.space().as_str()
        ],
    )?;
    let (what, on) = match decision.act {
        Act::Appoint => ("steward", true),
        Act::Dismiss => ("steward", false),
        Act::Block => ("blocked", true),
        Act::Unblock => ("blocked", false),
        Act::Protect => ("protected", true),
        Act::Unprotect => ("protected", false),
        Act::Hide | Act::RollBack => return Ok(()),
    };
    if on {
        db.execute(
            "INSERT INTO standings (commons, about, what, reason) VALUES ($1, $2, $3, $4)
             ON CONFLICT (commons, about, what) DO UPDATE SET reason = excluded.reason",
            params![commons, &decision.about, what, &decision.reason],
        )?;
    } else {
        db.execute(
            "DELETE FROM standings WHERE commons = $1 AND about = $2 AND what = $3",
            params![commons, &decision.about, what],
        )?;
    }
    Ok(())
}

/// Returns how somebody stands in a commons.
///
/// # Errors
/// From the database.
pub fn standing(db: &Db<'_>, commons: &Did, did: &Did) -> Result<Standing, StoreError> {
    let mut standing = Standing::default();
    let status: Option<String> = db.first(
        "SELECT status FROM accounts WHERE did = $1",
        params![did.as_str()],
        |row| row.get(0),
    )?;
    standing.member = status.as_deref() == Some("active");
    standing.waiting = status.as_deref() == Some("waiting");
    let words: Vec<String> = db.all(
        "SELECT what FROM standings WHERE commons = $1 AND about = $2",
        params![commons.as_str(), did.as_str()],
        |row| row.get(0),
    )?;
    standing.steward = words.iter().any(|word| word == "steward");
    standing.blocked = words.iter().any(|word| word == "blocked");
    standing.revoked = super::is_revoked(db, commons, did, did)?;
    Ok(standing)
}

/// Returns the reason for which a thing may be changed by stewards alone; none if every member may.
///
/// # Errors
/// From the database.
pub fn is_protected(
    db: &Db<'_>,
    commons: &Did,
    thing: &RecordId,
) -> Result<Option<String>, StoreError> {
    db.first(
        "SELECT reason FROM standings WHERE commons = $1 AND about = $2 AND what = 'protected'",
        params![commons.as_str(), thing.as_str()],
        |row| row.get(0),
    )
}

pub(super) fn count_stewards(db: &Db<'_>, commons: &Did) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM standings WHERE commons = $1 AND what = 'steward'",
        params![commons.as_str()],
    )
}

/// Returns the keys of a commons' stewards.
///
/// # Errors
/// From the database.
pub fn stewards(db: &Db<'_>, commons: &Did) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT about FROM standings WHERE commons = $1 AND what = 'steward' ORDER BY about",
        params![commons.as_str()],
        |row| row.get(0),
    )
}

/// Returns the person with this address.
///
/// # Errors
/// From the database.
pub fn by_handle(db: &Db<'_>, viewer: &Viewer, handle: &str) -> Result<Option<Person>, StoreError> {
    db.first(
        &format!(
            "SELECT {PERSON} FROM persons p WHERE p.handle = $1 AND {}",
            viewer.sql("p.space")
        ),
        params![handle],
        person_at,
    )
}

/// Returns the person whose key this is.
///
/// # Errors
/// From the database.
pub fn by_did(db: &Db<'_>, viewer: &Viewer, did: &str) -> Result<Option<Person>, StoreError> {
    db.first(
        &format!(
            "SELECT {PERSON} FROM persons p WHERE p.did = $1 AND {}",
            viewer.sql("p.space")
        ),
        params![did],
        person_at,
    )
}

/// Returns the people whose keys these are, by key. Each is asked for once.
///
/// # Errors
/// From the database.
pub fn names<'t>(
    db: &Db<'_>,
    viewer: &Viewer,
    dids: impl Iterator<Item = &'t str>,
) -> Result<BTreeMap<String, Person>, StoreError> {
    let mut found = BTreeMap::new();
    let mut dids: Vec<&str> = dids.filter(|did| did.starts_with("did:key:")).collect();
    dids.sort_unstable();
    dids.dedup();
    for did in dids {
        if let Some(person) = by_did(db, viewer, did)? {
            found.insert(did.to_owned(), person);
        }
    }
    Ok(found)
}

/// Returns the whole id of a thing.
///
/// # Errors
/// From the database.
pub fn full_id(db: &Db<'_>, id: &[u8; 16]) -> Result<Option<RecordId>, StoreError> {
    let found: Option<String> = db.first(
        "SELECT id FROM things WHERE thing = $1",
        params![id],
        |row| row.get(0),
    )?;
    Ok(found.and_then(|id| RecordId::parse_known(&id).ok()))
}

/// What narrows the directory: `language`, `skill`, `theme` or `place`, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trait {
    /// Which of the four.
    pub what: String,
    /// As it was written most lately.
    pub text: String,
    /// How many people have it.
    pub people: i64,
}

/// Returns the condition that narrows the directory, and its values from `$from` on.
fn narrowed(wanted: &[(String, String)], from: usize) -> (String, Vec<String>) {
    let mut sql = String::new();
    let mut values = Vec::new();
    for (what, text) in wanted {
        let at = from + values.len();
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM traits t WHERE t.thing = p.thing AND t.what = ${at} AND t.fold = ${})",
            at + 1
        ));
        values.push(what.clone());
        values.push(fold(text));
    }
    (sql, values)
}

/// Returns how many people have all of the wanted traits.
///
/// # Errors
/// From the database.
pub fn count_people(
    db: &Db<'_>,
    viewer: &Viewer,
    wanted: &[(String, String)],
) -> Result<i64, StoreError> {
    let (sql, values) = narrowed(wanted, 1);
    let values: Vec<store::Value<'_>> = values.iter().map(store::Value::from).collect();
    db.number(
        &format!(
            "SELECT COUNT(*) FROM persons p WHERE {}{sql}",
            viewer.sql("p.space")
        ),
        &values,
    )
}

/// Returns people who have all of the wanted traits, by name, after one that was shown before.
///
/// # Errors
/// From the database.
pub fn listed(
    db: &Db<'_>,
    viewer: &Viewer,
    wanted: &[(String, String)],
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Person>, StoreError> {
    let (sql, values) = narrowed(wanted, 4);
    let mut given = vec![
        store::Value::from(after.0),
        store::Value::from(after.1),
        store::Value::from(limit),
    ];
    given.extend(values.iter().map(store::Value::from));
    db.all(
        &format!(
            "SELECT {PERSON} FROM persons p WHERE (p.sort, p.handle) > ($1, $2) AND {}{sql}
             ORDER BY p.sort, p.handle LIMIT $3",
            viewer.sql("p.space")
        ),
        &given,
        person_at,
    )
}

/// Returns the traits that most people have, by kind of trait.
///
/// # Errors
/// From the database.
pub fn traits(
    db: &Db<'_>,
    viewer: &Viewer,
    what: &str,
    limit: i64,
) -> Result<Vec<Trait>, StoreError> {
    db.all(
        &format!(
            "SELECT MIN(t.text), COUNT(*) FROM traits t WHERE t.what = $1 AND {} GROUP BY t.fold
             ORDER BY COUNT(*) DESC, t.fold LIMIT $2",
            viewer.sql("t.space")
        ),
        params![what, limit],
        |row| {
            Ok(Trait {
                what: what.to_owned(),
                text: row.get(0)?,
                people: row.get(1)?,
            })
        },
    )
}

/// A decision, in the list that everybody can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its number in the log.
    pub seq: i64,
    /// What was done.
    pub act: Act,
    /// To whom or what.
    pub about: String,
    /// The key of who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// Returns decisions before a number in the log, newest first.
///
/// # Errors
/// From the database.
pub fn decisions(
    db: &Db<'_>,
    viewer: &Viewer,
    before: i64,
    limit: i64,
) -> Result<Vec<Decided>, StoreError> {
    db.all(
        &format!(
            "SELECT l.seq, d.act, d.about, d.decider, d.reason, d.at FROM decisions d
             JOIN log l ON l.hash = d.hash WHERE l.seq < $1 AND {} ORDER BY l.seq DESC LIMIT $2",
            viewer.sql("d.space")
        ),
        params![before, limit],
        |row| {
            let act: String = row.get(1)?;
            Ok(Decided {
                seq: row.get(0)?,
                act: Act::parse(&act).ok_or_else(|| damaged(format!("the act {act}")))?,
                about: row.get(2)?,
                by: row.get(3)?,
                reason: row.get(4)?,
                at: row.get(5)?,
            })
        },
    )
}

/// Returns how many decisions can be read.
///
/// # Errors
/// From the database.
pub fn count_decisions(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM decisions d WHERE {}",
            viewer.sql("d.space")
        ),
        &[],
    )
}

/// A thing, by what others call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: RecordId,
    /// The key by which others mention it.
    pub key: String,
    /// Its title.
    pub title: String,
}

fn named_at(row: &Row<'_>) -> Result<Named, StoreError> {
    Ok(Named {
        id: RecordId::parse_known(&row.get::<String>(0)?).map_err(|e| damaged(e.to_string()))?,
        key: row.get(1)?,
        title: row.get(2)?,
    })
}

/// Returns the thing that others mention by a key; spaces may be written as `_`.
///
/// # Errors
/// From the database.
pub fn thing_of(db: &Db<'_>, viewer: &Viewer, key: &str) -> Result<Option<Named>, StoreError> {
    let sql = format!(
        "SELECT t.id, t.key, t.title FROM things t WHERE t.key = $1 AND {}",
        viewer.sql("t.space")
    );
    let found = db.first(&sql, params![key], named_at)?;
    if found.is_some() || !key.contains('_') {
        return Ok(found);
    }
    db.first(&sql, params![key.replace('_', " ")], named_at)
}

/// Returns a thing by the short form of its id.
///
/// # Errors
/// From the database.
pub fn thing(db: &Db<'_>, viewer: &Viewer, id: &[u8; 16]) -> Result<Option<Named>, StoreError> {
    let sql = format!(
        "SELECT t.id, t.key, t.title FROM things t WHERE t.thing = $1 AND {}",
        viewer.sql("t.space")
    );
    db.first(&sql, params![id], named_at)
}
