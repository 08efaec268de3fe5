//! What is shown of an initiative: the last revision that was not withdrawn, and what was last said of its being alive.

use super::{Short, hash_at, said, short_at, sprints};
use crate::duplicates::site;
use crate::model::{Confirmation, Distinction, Initiative};
use record::{Hash, Record, RecordId};
use store::{
    Db, Link, Located, Mark, StoreError, Thing, Withdrawn, forget_thing, params, put_links,
    put_marks, put_places, put_thing,
};

/// Enters a revision: it is shown from now on.
pub(super) fn enter(
    db: &Db<'_>,
    record: &Record,
    initiative: &Initiative,
) -> Result<(), StoreError> {
    let (hash, thing) = (record.hash(), record.thing().short());
    db.execute(
        "INSERT INTO initiative_revisions (hash, thing, space, author, at, summary, provenance, withdrawn)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
        params![
            hash.as_bytes(),
            &thing,
            record.space().as_str(),
            record.author().as_str(),
            record.published().as_millis(),
            &initiative.summary,
            &initiative.provenance
        ],
    )?;
    for origin in &initiative.sources {
        db.execute(
            "INSERT INTO initiative_sources (hash, source, id, sha256, thing) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (hash, source, id) DO NOTHING",
            params![hash.as_bytes(), &origin.source, &origin.id, &origin.sha256, &thing],
        )?;
    }
    show(db, record, initiative)
}

/// Enters what somebody says of its being alive.
pub(super) fn confirm(db: &Db<'_>, record: &Record, said: &Confirmation) -> Result<(), StoreError> {
    let about = record::short_id(&said.about);
    db.execute(
        "INSERT INTO confirmations (thing, hash, about, author, at, status, note, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            &record.thing().short(),
            record.hash().as_bytes(),
            &about,
            record.author().as_str(),
            record.published().as_millis(),
            said.status.as_str(),
            &said.note,
            record.space().as_str()
        ],
    )?;
    show_again(db, &about)
}

/// Enters that two are two.
pub(super) fn tell_apart(
    db: &Db<'_>,
    record: &Record,
    said: &Distinction,
) -> Result<(), StoreError> {
    let mut about = said.about.each_ref().map(|id| record::short_id(id));
    about.sort_unstable();
    db.execute(
        "INSERT INTO distinctions (thing, hash, one, other, author, at, note, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            &record.thing().short(),
            record.hash().as_bytes(),
            &about[0],
            &about[1],
            record.author().as_str(),
            record.published().as_millis(),
            &said.note,
            record.space().as_str()
        ],
    )?;
    Ok(())
}

/// Takes a withdrawn record out of the tables.
pub(super) fn withdraw(db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
    if gone.id.kind() == Confirmation::KIND {
        let id = gone.id.short();
        let about: Option<Short> = db.first(
            "DELETE FROM confirmations WHERE thing = $1 RETURNING about",
            params![&id],
            |row| short_at(row, 0),
        )?;
        return about.map_or(Ok(()), |about| show_again(db, &about));
    }
    if gone.id.kind() == Distinction::KIND {
        db.execute(
            "DELETE FROM distinctions WHERE thing = $1",
            params![&gone.id.short()],
        )?;
        return Ok(());
    }
    let Some(thing) = gone
        .thing
        .as_ref()
        .filter(|thing| thing.kind() == Initiative::KIND)
    else {
        return Ok(());
    };
    let id = thing.short();
    if gone.whole_thing {
        db.execute(
            "INSERT INTO initiatives_withdrawn (thing, id) VALUES ($1, $2) ON CONFLICT (thing) DO NOTHING",
            params![&id, thing.as_str()],
        )?;
        keep_out(db, "thing", &id)?;
        db.execute(
            "DELETE FROM initiative_sources WHERE thing = $1",
            params![&id],
        )?;
        db.execute(
            "DELETE FROM initiative_revisions WHERE thing = $1",
            params![&id],
        )?;
        return forget(db, thing);
    }
    db.execute(
        "DELETE FROM initiative_sources WHERE hash = $1",
        params![gone.hash.as_bytes()],
    )?;
    db.execute(
        "DELETE FROM initiative_revisions WHERE hash = $1",
        params![gone.hash.as_bytes()],
    )?;
    // History keeps that there was a revision, and nothing of what it said.
    db.execute(
        "INSERT INTO initiative_revisions (hash, thing, space, author, at, summary, provenance, withdrawn)
         VALUES ($1, $2, $3, '', $4, '', '', 1)",
        params![
            gone.hash.as_bytes(),
            &id,
            gone.space.as_str(),
            gone.at.as_millis()
        ],
    )?;
    match last(db, &id)? {
        Some(hash) => match record_of(db, &hash)? {
            Some((record, initiative)) => show(db, &record, &initiative),
            None => Ok(()),
        },
        None => forget(db, thing),
    }
}

/// Remembers, by marks that tell nothing, which rows of lists were withdrawn, so that no import brings them back.
fn keep_out(db: &Db<'_>, column: &str, value: &[u8]) -> Result<(), StoreError> {
    let rows: Vec<(String, String)> = db.all(
        &format!("SELECT DISTINCT source, id FROM initiative_sources WHERE {column} = $1"),
        params![value],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
    )?;
    for (source, id) in rows {
        db.execute(
            "INSERT INTO initiatives_gone (mark) VALUES ($1) ON CONFLICT (mark) DO NOTHING",
            params![mark(&source, &id).as_bytes()],
        )?;
    }
    Ok(())
}

fn mark(source: &str, id: &str) -> Hash {
    Hash::of(format!("row\n{source}\n{id}").as_bytes())
}

/// Returns whether a row of a list was withdrawn here.
pub(super) fn is_kept_out(db: &Db<'_>, source: &str, id: &str) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM initiatives_gone WHERE mark = $1",
        params![mark(source, id).as_bytes()],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

fn forget(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    for table in ["initiatives", "initiative_sites"] {
        db.execute(
            &format!("DELETE FROM {table} WHERE thing = $1"),
            params![&thing.short()],
        )?;
    }
    forget_thing(db, thing)
}

/// Returns the last revision that was not withdrawn.
fn last(db: &Db<'_>, thing: &Short) -> Result<Option<Hash>, StoreError> {
    db.first(
        "SELECT r.hash FROM initiative_revisions r JOIN log l ON l.hash = r.hash
         WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY l.seq DESC LIMIT 1",
        params![thing],
        |row| hash_at(row, 0),
    )
}

fn record_of(db: &Db<'_>, hash: &Hash) -> Result<Option<(Record, Initiative)>, StoreError> {
    let bytes = store::bytes_of(db, hash)?;
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    Ok(match (record, said(db, hash)?) {
        (Some(record), Some(initiative)) => Some((record, initiative)),
        _ => None,
    })
}

pub(super) fn show_again(db: &Db<'_>, thing: &Short) -> Result<(), StoreError> {
    let shown: Option<Hash> = db.first(
        "SELECT hash FROM initiatives WHERE thing = $1",
        params![thing],
        |row| hash_at(row, 0),
    )?;
    let found = match shown {
        Some(hash) => record_of(db, &hash)?,
        None => None,
    };
    found.map_or(Ok(()), |(record, initiative)| {
        show(db, &record, &initiative)
    })
}

/// Returns a name as addresses have it: at most 60 letters, digits and hyphens.
pub(super) fn slug(name: &str) -> String {
    let folded = atlas::countries::fold(name);
    let mut slug = String::new();
    for c in folded.chars().take(60) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "x" } else { slug }.to_owned()
}

/// Returns the first words of a text, without the signs of Markdown: at most 240 characters.
fn lead(text: &str) -> String {
    let line = text
        .lines()
        .find(|line| line.contains(char::is_alphanumeric))
        .unwrap_or_default();
    let plain = line.trim_start_matches(['#', '>', '-', '*', ' ']);
    plain
        .replace("**", "")
        .replace('`', "")
        .chars()
        .take(240)
        .collect()
}

/// Shows a revision.
fn show(db: &Db<'_>, record: &Record, initiative: &Initiative) -> Result<(), StoreError> {
    let thing = record.thing();
    let id = thing.short();
    let title = initiative.name(&initiative.language);
    let confirmed: Option<(String, i64, String)> = db.first(
        "SELECT status, at, author FROM confirmations WHERE about = $1 ORDER BY at DESC, thing DESC LIMIT 1",
        params![&id],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let (status, at, by) = confirmed.unwrap_or_default();
    let lead = initiative
        .content(&initiative.language)
        .map_or_else(String::new, |(_, text)| lead(text));
    db.execute(
        "INSERT INTO initiatives (thing, hash, space, commons, slug, title, merged, lead, status, confirmed, confirmer, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (thing) DO UPDATE SET hash = excluded.hash, slug = excluded.slug, title = excluded.title,
           merged = excluded.merged, lead = excluded.lead, status = excluded.status, confirmed = excluded.confirmed,
           confirmer = excluded.confirmer, updated = excluded.updated",
        params![
            &id,
            record.hash().as_bytes(),
            record.space().as_str(),
            record.commons().as_str(),
            slug(title),
            title,
            &initiative.merged_into,
            &lead,
            &status,
            at,
            &by,
            record.published().as_millis()
        ],
    )?;
    db.execute(
        "DELETE FROM initiative_sites WHERE thing = $1",
        params![&id],
    )?;
    // What is the same as another is found there.
    if !initiative.merged_into.is_empty() {
        return forget_thing(db, thing);
    }
    for link in &initiative.links {
        if let Some(site) = site(link) {
            db.execute(
                "INSERT INTO initiative_sites (thing, site) VALUES ($1, $2) ON CONFLICT (thing, site) DO NOTHING",
                params![&id, &site],
            )?;
        }
    }
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    put_thing(
        db,
        &Thing {
            id: thing,
            space: record.space(),
            kind: Initiative::KIND,
            key: &format!("{}:{hex}", Initiative::KIND),
            title,
            sort: &atlas::countries::fold(title),
            language: &initiative.language,
            updated: record.published().as_millis(),
        },
    )?;
    let places: Vec<Located> = initiative
        .places
        .iter()
        .filter_map(|place| {
            Some(Located {
                point: place.point?,
                accuracy_m: place.radius,
            })
        })
        .collect();
    put_places(db, thing, record.space(), &places)?;
    let sprints = sprints::marks_of(db, &id)?;
    put_marks(
        db,
        thing,
        record.space(),
        &marks(initiative, &status, &sprints),
    )?;
    let themes = initiative.themes.iter().map(|theme| Link {
        relation: "works on",
        to_key: format!("category:{theme}"),
    });
    let people = initiative.participants.iter().map(|one| Link {
        relation: "in it",
        to_key: one.clone(),
    });
    let brought = sprints.iter().map(|id| Link {
        relation: "in it",
        to_key: format!("sprint:{id}"),
    });
    put_links(
        db,
        thing,
        record.space(),
        &themes.chain(people).chain(brought).collect::<Vec<_>>(),
        false,
    )
}

/// What an initiative is counted by.
fn marks(initiative: &Initiative, status: &str, sprints: &[String]) -> Vec<Mark> {
    let one = |facet: &'static str, value: &str| {
        (!value.is_empty()).then(|| Mark {
            facet,
            value: value.to_owned(),
        })
    };
    let countries = initiative.places.iter().map(|place| &*place.country);
    let activities = initiative.activities.iter().map(String::as_str);
    let online = if initiative.online { "yes" } else { "" };
    [
        one("kind", &initiative.kind),
        one("form", &initiative.form),
        one("status", status),
        one("online", online),
    ]
    .into_iter()
    .chain(activities.map(|key| one("activity", key)))
    .chain(countries.map(|code| one("country", code)))
    .chain(sprints.iter().map(|id| one("sprint", id)))
    .flatten()
    .collect()
}
