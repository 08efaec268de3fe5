//! Persons, their traits, what stewards decided, and who stands how.

use super::{damaged, hash_at, short_at};
use crate::model::{Act, Decision, Handle, PersonName, Profile, skeleton};
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
    if !judged.is_ours() || judged.by_keeper {
        // Where it was said, it was judged.
        return Ok(Ok(()));
    }
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
    judge_names(db, record, profile, did.as_str())
}

/// Refuses an address that is somebody else's, and a name that only looks like somebody else's.
pub(super) fn judge_names(
    db: &Db<'_>,
    record: &Record,
    profile: &Profile,
    own: &str,
) -> Result<Result<(), Refusal>, StoreError> {
    if let Err(error) = PersonName::parse(&profile.name) {
        return Ok(Err(Refusal::new(
            "not_a_name",
            error.to_string(),
            "write it otherwise",
        )));
    }
    let thing = record.thing().short();
    let handle = Handle::parse(&profile.handle).map(|handle| handle.skeleton());
    // Somebody who has an account and has published nothing of themselves yet has an address too.
    let taken = db.first(
        "SELECT 1 FROM persons WHERE skeleton = $1 AND thing <> $2
         UNION ALL SELECT 1 FROM organizations WHERE skeleton = $1 AND thing <> $2
         UNION ALL SELECT 1 FROM accounts WHERE skeleton = $1 AND did <> $3 LIMIT 1",
        params![handle.unwrap_or_default(), &thing, own],
        |_| Ok::<_, StoreError>(()),
    )?;
    if taken.is_some() {
        return Ok(Err(Refusal::new(
            "handle_taken",
            format!(
                "“{}” is somebody else's address, or looks like one",
                profile.handle
            ),
            "choose another one",
        )));
    }
    // Two may bear one name; but one that only looks like another is there to deceive.
    let alike: Vec<String> = db.all(
        "SELECT name FROM persons WHERE alike = $1 AND thing <> $2
         UNION SELECT name FROM organizations WHERE alike = $1 AND thing <> $2",
        params![skeleton(&profile.name), &thing],
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
    let handle = Handle::parse(&profile.handle).map(|handle| handle.skeleton());
    let lead = profile.lead();
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
            record.space().as_str(),
            record.commons().as_str(),
            record.hash().as_bytes(),
            &profile.place,
            &lead,
            &profile.seeking,
            &profile.offering,
            record.published().as_millis()
        ],
    )?;
    put_traits(db, record, Profile::KIND, profile)
}

/// Enters what an agent is found by: its thing, its themes as links, and its traits.
pub(super) fn put_traits(
    db: &Db<'_>,
    record: &Record,
    kind: &str,
    profile: &Profile,
) -> Result<(), StoreError> {
    let thing = record.thing().short();
    put_thing(
        db,
        &Thing {
            id: record.thing(),
            space: record.space(),
            kind,
            // Addresses can meet: when one who had left it comes back to it, or in what comes from other commons.
            key: &format!("{kind}:{}", crate::pages::hex(&thing)),
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
    put_handle(db, record, &profile.handle)?;
    db.execute("DELETE FROM traits WHERE thing = $1", params![&thing])?;
    let places: Vec<String> = profile
        .place
        .split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let mut called: Vec<String> = fold(&profile.name)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    called.push(profile.handle.clone());
    for (what, list) in [
        ("language", &profile.languages),
        ("skill", &profile.skills),
        ("theme", &profile.themes),
        ("place", &places),
        ("called", &called),
        ("author name", &profile.author_names),
    ] {
        for text in list {
            // A name in a history is told by every sign of it.
            let fold = if what == "author name" {
                text.clone()
            } else {
                fold(text)
            };
            db.execute(
                "INSERT INTO traits (thing, what, fold, text, space) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (thing, what, fold) DO NOTHING",
                params![&thing, what, &fold, text, record.space().as_str()],
            )?;
        }
    }
    Ok(())
}

fn put_handle(db: &Db<'_>, record: &Record, handle: &str) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO handles (handle, thing, space) VALUES ($1, $2, $3)
         ON CONFLICT (handle, thing) DO NOTHING",
        params![handle, &record.thing().short(), record.space().as_str()],
    )?;
    Ok(())
}

/// Forgets the addresses that a person or an organisation had, but for those in records that were not withdrawn.
pub(super) fn handles_again(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    let id = thing.short();
    db.execute("DELETE FROM handles WHERE thing = $1", params![&id])?;
    let left: Vec<Hash> = db.all(
        "SELECT s.hash FROM statements s JOIN log l ON l.hash = s.hash
         WHERE s.thing = $1 AND s.withdrawn = 0 AND l.body IS NOT NULL",
        params![&id],
        |row| hash_at(row, 0),
    )?;
    for hash in left {
        let bytes = store::bytes_of(db, &hash)?;
        if let Some(Ok(record)) = bytes.as_deref().map(Record::trusted)
            && let Some(handle) = record.get("preferredUsername")
            && let Some(handle) = handle.as_str()
        {
            put_handle(db, &record, handle)?;
        }
    }
    Ok(())
}

/// Returns the address that now has who once had this one, for a person or an organisation (`kind`); none where
/// several had it, or nobody.
///
/// # Errors
/// From the database.
pub fn who_was(
    db: &Db<'_>,
    viewer: &Viewer,
    kind: &str,
    handle: &str,
) -> Result<Option<String>, StoreError> {
    let table = if kind == Profile::KIND {
        "persons"
    } else {
        "organizations"
    };
    let found: Vec<String> = db.all(
        &format!(
            "SELECT p.handle FROM handles h JOIN {table} p ON p.thing = h.thing
             WHERE h.handle = $1 AND {} LIMIT 2",
            viewer.sql("h.space")
        ),
        params![handle],
        |row| row.get(0),
    )?;
    let mut found = found.into_iter();
    Ok(found.next().filter(|_| found.next().is_none()))
}

/// Returns the last record about a thing that was not withdrawn.
pub(super) fn last_said(db: &Db<'_>, thing: &RecordId) -> Result<Option<Record>, StoreError> {
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
    Ok(bytes.and_then(|bytes| Record::trusted(&bytes).ok()))
}

/// Shows, after one of a person's records was withdrawn, the last that is left.
pub(super) fn show_again(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    handles_again(db, thing)?;
    let record = last_said(db, thing)?;
    match record.and_then(|record| Profile::of(&record).ok().map(|profile| (record, profile))) {
        Some((record, profile)) => enter(db, &record, &profile),
        None => forget(db, thing),
    }
}

/// Takes a person out of the tables.
pub(super) fn forget(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    let id = thing.short();
    db.execute("DELETE FROM traits WHERE thing = $1", params![&id])?;
    db.execute("DELETE FROM handles WHERE thing = $1", params![&id])?;
    db.execute("DELETE FROM persons WHERE thing = $1", params![&id])?;
    forget_thing(db, thing)
}

/// Enters a decision.
pub(super) fn decide(db: &Db<'_>, record: &Record, decision: &Decision) -> Result<(), StoreError> {
    let commons = record.commons().as_str();
    db.execute(
        "INSERT INTO decisions (hash, commons, act, about, decider, reason, at, space, value)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            record.hash().as_bytes(),
            commons,
            decision.act.as_str(),
            &decision.about,
            record.author().as_str(),
            &decision.reason,
            record.published().as_millis(),
            record.space().as_str(),
            &decision.value
        ],
    )?;
    let (what, on) = match decision.act {
        Act::Appoint => ("steward", true),
        Act::Dismiss => ("steward", false),
        Act::Block => ("blocked", true),
        Act::Unblock => ("blocked", false),
        Act::Protect => ("protected", true),
        Act::Unprotect => ("protected", false),
        Act::Hide | Act::RollBack | Act::LetIn | Act::Set => return Ok(()),
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

/// Returns the keys of a commons' stewards who can act: they have an account, are not blocked, and their key was not
/// taken back.
///
/// # Errors
/// From the database.
pub fn stewards(db: &Db<'_>, commons: &Did) -> Result<Vec<String>, StoreError> {
    let appointed: Vec<String> = db.all(
        "SELECT about FROM standings WHERE commons = $1 AND what = 'steward' ORDER BY about",
        params![commons.as_str()],
        |row| row.get(0),
    )?;
    let mut acting = Vec::new();
    for key in appointed {
        let Ok(did) = Did::parse(&key) else { continue };
        if standing(db, commons, &did)?.acts() {
            acting.push(key);
        }
    }
    Ok(acting)
}

/// Returns the person with this address; of several, one who has an account here.
///
/// # Errors
/// From the database.
pub fn by_handle(db: &Db<'_>, viewer: &Viewer, handle: &str) -> Result<Option<Person>, StoreError> {
    db.first(
        &format!(
            "SELECT {PERSON} FROM persons p WHERE p.handle = $1 AND {} ORDER BY
               (SELECT COUNT(*) FROM accounts a WHERE a.did = p.did) DESC, p.thing LIMIT 1",
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

/// Returns the person with this short id.
///
/// # Errors
/// From the database.
pub fn by_id(db: &Db<'_>, viewer: &Viewer, id: &[u8; 16]) -> Result<Option<Person>, StoreError> {
    db.first(
        &format!(
            "SELECT {PERSON} FROM persons p WHERE p.thing = $1 AND {}",
            viewer.sql("p.space")
        ),
        params![id],
        person_at,
    )
}

/// Returns the people whose keys these are, or to whom these names in a history are attested, by key or name. Each is
/// asked for once.
///
/// # Errors
/// From the database.
pub fn names<'t>(
    db: &Db<'_>,
    viewer: &Viewer,
    authors: impl Iterator<Item = &'t str>,
) -> Result<BTreeMap<String, Person>, StoreError> {
    let mut found = BTreeMap::new();
    let mut authors: Vec<&str> = authors.filter(|author| !author.is_empty()).collect();
    authors.sort_unstable();
    authors.dedup();
    for author in authors {
        let person = if author.starts_with("did:key:") {
            by_did(db, viewer, author)?
        } else {
            super::organizations::who_wrote_as(db, viewer, author)?
        };
        if let Some(person) = person {
            found.insert(author.to_owned(), person);
        }
    }
    Ok(found)
}

/// Returns the same as [`names`], as they stand in lists: whose name another person bears too has their address beside
/// it.
///
/// # Errors
/// From the database.
pub fn labels<'t>(
    db: &Db<'_>,
    viewer: &Viewer,
    authors: impl Iterator<Item = &'t str>,
) -> Result<BTreeMap<String, Person>, StoreError> {
    let mut found = names(db, viewer, authors)?;
    let sql = format!(
        "SELECT 1 FROM persons p WHERE p.alike = $1 AND p.thing <> $2 AND {} LIMIT 1",
        viewer.sql("p.space")
    );
    for person in found.values_mut() {
        let alike = skeleton(&person.name);
        let shared = db.first(&sql, params![&alike, &person.id], |_| {
            Ok::<_, StoreError>(())
        })?;
        if shared.is_some() {
            person.name = format!("{} (@{})", person.name, person.handle);
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
    /// What more there is to say.
    pub value: String,
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
            "SELECT l.seq, d.act, d.about, d.decider, d.reason, d.at, d.value FROM decisions d
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
                value: row.get(6)?,
            })
        },
    )
}

/// Returns what stewards decided last on a setting of a commons; before they did, what this node's desk keeps.
///
/// # Errors
/// From the database.
pub fn setting(db: &Db<'_>, commons: &Did, name: &str) -> Result<Option<String>, StoreError> {
    let decided = db.first(
        "SELECT d.value FROM decisions d JOIN log l ON l.hash = d.hash
         WHERE d.about = $1 AND d.act = 'set' AND d.commons = $2 ORDER BY l.seq DESC LIMIT 1",
        params![name, commons.as_str()],
        |row| row.get(0),
    )?;
    match decided {
        Some(value) => Ok(Some(value)),
        None => store::setting(db, name),
    }
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
