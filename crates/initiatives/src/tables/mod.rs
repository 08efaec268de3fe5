//! The SQL of initiatives: how records change the tables, and the queries that return views.

pub(crate) mod alike;
mod shown;
pub(crate) mod sprints;

use crate::model::{Confirmation, Distinction, Initiative};
use crate::rules::{self, Facts};
use crate::sprint::{Entry, Review, Sprint};
use record::{Hash, Place, Record, RecordId};
use std::any::Any;
use std::collections::{HashMap, HashSet};
use store::{
    Applied, Db, Judged, Migration, Refusal, Row, StoreError, Tables, Viewer, Withdrawn, params,
};

/// The short form of the id of a thing.
pub type Short = [u8; 16];

/// The tables of initiatives.
pub struct Initiatives;

impl Tables for Initiatives {
    fn name(&self) -> &'static str {
        "initiatives"
    }

    fn migrations(&self) -> &'static [Migration] {
        const STEPS: &[Migration] = &[
            Migration::tables(include_str!("../../migrations/0001.sql")),
            // Where each is on the web, and which two are two.
            Migration::replayed(include_str!("../../migrations/0002.sql")),
            // Sprints, and what became of the forms that phones sent.
            Migration::tables(include_str!("../../migrations/0003.sql")),
            // Which ones were withdrawn, so that their addresses say so. A replay has nothing of them: it stays beside.
            Migration::tables(include_str!("../../migrations/0004.sql")),
        ];
        STEPS
    }

    fn derived(&self) -> &'static [&'static str] {
        &[
            "initiatives",
            "initiative_revisions",
            "initiative_sources",
            "confirmations",
            "initiative_sites",
            "distinctions",
            "sprints",
            "sprint_revisions",
            "sprint_entries",
            "sprint_reviews",
        ]
    }

    fn types(&self) -> &'static [&'static str] {
        &[
            Initiative::TYPE,
            Confirmation::TYPE,
            Distinction::TYPE,
            Sprint::TYPE,
            Entry::TYPE,
            Review::TYPE,
        ]
    }

    fn prepare(&self, record: &Record) -> Option<Box<dyn Any + Send>> {
        (record.type_name() == Initiative::TYPE)
            .then(|| Initiative::of(record).ok())
            .flatten()
            .map(|initiative| Box::new(initiative) as _)
    }

    fn check(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        if record.kind() != record.type_name().to_ascii_lowercase() {
            let reason = format!("“{}” is no kind “{}”", record.type_name(), record.kind());
            return Ok(Err(Refusal::new("other_kind", reason, "")));
        }
        match record.type_name() {
            Confirmation::TYPE => {
                let said = Confirmation::of(record).map(|said| vec![said.about]);
                return judge_remark(db, judged, "not_a_confirmation", said);
            }
            Distinction::TYPE => {
                let said = Distinction::of(record).map(|said| said.about.to_vec());
                return judge_remark(db, judged, "not_a_distinction", said);
            }
            Sprint::TYPE => return sprints::judge_sprint(db, judged),
            Entry::TYPE => return sprints::judge_entry(db, judged),
            Review::TYPE => return sprints::judge_review(db, judged),
            _ => {}
        }
        let initiative = match Initiative::of(record) {
            Ok(initiative) => initiative,
            Err(reason) => return Ok(Err(Refusal::new("not_an_initiative", reason, ""))),
        };
        let unknown_thing = !record.is_first() && !begins(db, record.thing())?;
        let by_member = judged.is_ours() && !judged.by_keeper && !judged.is_by_commons();
        let mut facts = Facts {
            unknown_thing,
            by_member,
            ..Facts::default()
        };
        if judged.is_ours() && !judged.by_keeper && !record.is_first() {
            let shown = by_id(db, &Viewer::public(), &record.thing().short())?;
            facts.is_behind = shown.is_some_and(|shown| !record.replaces().contains(&shown.hash));
        }
        if by_member {
            let steward = people::standing(db, judged.ours, record.author())?.steward;
            if !steward {
                facts.protected = people::is_protected(db, judged.ours, record.thing())?;
                facts.within_hour = within_hour(db, judged)?;
            }
            for origin in &initiative.sources {
                if thing_of(db, &origin.source, &origin.id)?.is_none() {
                    facts.unknown_origin = Some(origin.clone());
                }
            }
            if !initiative.merged_into.is_empty() {
                let into = record::short_id(&initiative.merged_into);
                let last = survivor(db, &Viewer::public(), &into)?;
                facts.survivor_is_here = last.is_some_and(|last| last.id != record.thing().short());
            }
        }
        Ok(rules::judge(&initiative, &facts))
    }

    fn apply(&self, db: &Db<'_>, applied: &Applied<'_>) -> Result<(), StoreError> {
        let record = applied.record;
        match record.type_name() {
            Confirmation::TYPE => {
                return Confirmation::of(record)
                    .map_or(Ok(()), |said| shown::confirm(db, record, &said));
            }
            Distinction::TYPE => {
                return Distinction::of(record)
                    .map_or(Ok(()), |said| shown::tell_apart(db, record, &said));
            }
            Sprint::TYPE => {
                return Sprint::of(record)
                    .map_or(Ok(()), |said| sprints::enter_sprint(db, record, &said));
            }
            Entry::TYPE => {
                return Entry::of(record)
                    .map_or(Ok(()), |said| sprints::enter_entry(db, record, &said));
            }
            Review::TYPE => {
                return Review::of(record)
                    .map_or(Ok(()), |said| sprints::enter_review(db, record, &said));
            }
            _ => {}
        }
        let prepared = applied
            .prepared
            .and_then(|any| any.downcast_ref::<Initiative>());
        // What cannot be read was refused at acceptance; a later version may read it.
        match prepared {
            Some(initiative) => shown::enter(db, record, initiative),
            None => Initiative::of(record)
                .map_or(Ok(()), |initiative| shown::enter(db, record, &initiative)),
        }
    }

    fn records_of(&self, db: &Db<'_>, thing: &RecordId) -> Result<Vec<Hash>, StoreError> {
        if matches!(thing.kind(), Sprint::KIND | Entry::KIND | Review::KIND) {
            return sprints::records_of(db, &thing.short());
        }
        db.all(
            "SELECT hash FROM initiative_revisions WHERE thing = $1
             UNION ALL SELECT hash FROM confirmations WHERE thing = $1
             UNION ALL SELECT hash FROM distinctions WHERE thing = $1",
            params![&thing.short()],
            |row| hash_at(row, 0),
        )
    }

    fn blobs(&self, _db: &Db<'_>) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    fn withdraw(&self, db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
        let kind = gone.thing.as_ref().map_or(gone.id.kind(), RecordId::kind);
        if matches!(kind, Sprint::KIND | Entry::KIND | Review::KIND) {
            return sprints::withdraw(db, gone);
        }
        shown::withdraw(db, gone)
    }

    fn forget_account(&self, db: &Db<'_>, account: &[u8; 16]) -> Result<(), StoreError> {
        sprints::forget_submitted(db, account)
    }
}

/// Judges what is said once about initiatives: `about` are their ids.
fn judge_remark(
    db: &Db<'_>,
    judged: &Judged<'_>,
    rule: &'static str,
    about: Result<Vec<String>, String>,
) -> Result<Result<(), Refusal>, StoreError> {
    let about = match about {
        Ok(_) if !judged.record.is_first() => {
            let reason = "what was said of an initiative is not changed: say it anew";
            return Ok(Err(Refusal::new(rule, reason, "")));
        }
        Ok(about) => about,
        Err(reason) => return Ok(Err(Refusal::new(rule, reason, ""))),
    };
    if !judged.is_ours() || judged.by_keeper || judged.is_by_commons() {
        return Ok(Ok(()));
    }
    for id in &about {
        if !is_here(db, &record::short_id(id))? {
            let reason = "the initiative that it is about is not here";
            return Ok(Err(Refusal::new("unknown_thing", reason, "")));
        }
    }
    let within_hour = within_hour(db, judged)?;
    Ok(rules::judge_pace(within_hour))
}

/// Returns how much an author said of initiatives within the last hour.
fn within_hour(db: &Db<'_>, judged: &Judged<'_>) -> Result<i64, StoreError> {
    let since = judged.now.as_millis() - 60 * 60 * 1_000;
    // When it came in counts, and not when its author says that it was written.
    db.number(
        "SELECT (SELECT COUNT(*) FROM initiative_revisions r JOIN log l ON l.hash = r.hash WHERE r.author = $1 AND l.accepted_at > $2)
           + (SELECT COUNT(*) FROM confirmations c JOIN log l ON l.hash = c.hash WHERE c.author = $1 AND l.accepted_at > $2)
           + (SELECT COUNT(*) FROM distinctions d JOIN log l ON l.hash = d.hash WHERE d.author = $1 AND l.accepted_at > $2)
           + (SELECT COUNT(*) FROM sprint_revisions s JOIN log l ON l.hash = s.hash WHERE s.author = $1 AND l.accepted_at > $2)",
        params![judged.record.author().as_str(), since],
    )
}

/// Returns whether a thing began here, even where its first record was withdrawn since.
fn begins(db: &Db<'_>, thing: &RecordId) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM log WHERE id = $1",
        params![thing.as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

fn is_here(db: &Db<'_>, thing: &Short) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM initiatives WHERE thing = $1",
        params![thing],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// An initiative, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// The short form of the id of its first record.
    pub id: Short,
    /// The record that is shown.
    pub hash: Hash,
    /// Its name, as an address has it: letters, digits and hyphens.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// The id of the initiative that it is the same as, or empty.
    pub merged_into: String,
    /// The beginning of what it says it does.
    pub lead: String,
    /// Whether it is alive, as somebody said last; empty where nobody did.
    pub status: String,
    /// When that was said, in milliseconds since 1970.
    pub confirmed: i64,
    /// Who said it.
    pub confirmer: String,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: i64,
}

impl Here {
    /// Returns the address of its page, from the root.
    #[must_use]
    pub fn href(&self) -> String {
        let hex: String = self.id[..6]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("/initiatives/{}-{hex}", self.slug)
    }
}

const HERE: &str = "i.thing, i.hash, i.slug, i.title, i.merged, i.lead, i.status, i.confirmed, i.confirmer, i.updated";

fn here_at(row: &Row<'_>) -> Result<Here, StoreError> {
    Ok(Here {
        id: short_at(row, 0)?,
        hash: hash_at(row, 1)?,
        slug: row.get(2)?,
        title: row.get(3)?,
        merged_into: row.get(4)?,
        lead: row.get(5)?,
        status: row.get(6)?,
        confirmed: row.get(7)?,
        confirmer: row.get(8)?,
        updated: row.get(9)?,
    })
}

/// Returns an initiative by the short form of its id, also one that is the same as another.
///
/// # Errors
/// From the database.
pub fn by_id(db: &Db<'_>, viewer: &Viewer, id: &Short) -> Result<Option<Here>, StoreError> {
    db.first(
        &format!(
            "SELECT {HERE} FROM initiatives i WHERE i.thing = $1 AND {}",
            viewer.sql("i.space")
        ),
        params![id],
        here_at,
    )
}

/// Returns how many initiatives can be seen, without those that are the same as another.
///
/// # Errors
/// From the database.
pub fn count(db: &Db<'_>, viewer: &Viewer) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM initiatives i WHERE i.merged = '' AND {}",
            viewer.sql("i.space")
        ),
        &[],
    )
}

/// Returns where a thing is, and how exact that is in metres.
pub(crate) fn points(db: &Db<'_>, id: &Short) -> Result<Vec<(Place, i64)>, StoreError> {
    let rows: Vec<(i64, i64, i64)> = db.all(
        "SELECT latitude, longitude, accuracy FROM places WHERE thing = $1 ORDER BY n",
        params![id],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let point = |(y, x, radius): (i64, i64, i64)| {
        let (y, x) = (i32::try_from(y).ok()?, i32::try_from(x).ok()?);
        Some((Place::from_microdegrees(y, x).ok()?, radius))
    };
    Ok(rows.into_iter().filter_map(point).collect())
}

/// Returns what a thing is counted by in one facet.
pub(crate) fn values(db: &Db<'_>, id: &Short, facet: &str) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT value FROM marks WHERE thing = $1 AND facet = $2 ORDER BY value",
        params![id, facet],
        |row| row.get(0),
    )
}

/// Returns the initiatives whose ids begin with six bytes, as addresses have them.
pub(crate) fn by_beginning(
    db: &Db<'_>,
    viewer: &Viewer,
    from: &[u8; 6],
) -> Result<Option<Here>, StoreError> {
    let (mut least, mut most) = ([0_u8; 16], [0xFF_u8; 16]);
    least[..6].copy_from_slice(from);
    most[..6].copy_from_slice(from);
    db.first(
        &format!(
            "SELECT {HERE} FROM initiatives i WHERE i.thing >= $1 AND i.thing <= $2 AND {} ORDER BY i.thing LIMIT 1",
            viewer.sql("i.space")
        ),
        params![&least, &most],
        here_at,
    )
}

/// Returns the whole id of an initiative, also of one that is the same as another.
pub(crate) fn id_of(db: &Db<'_>, here: &Here) -> Result<RecordId, StoreError> {
    let bytes = store::bytes_of(db, &here.hash)?;
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    let record =
        record.ok_or_else(|| damaged("what is shown of an initiative is no record".to_owned()))?;
    Ok(record.thing().clone())
}

/// Returns why and when, in milliseconds since 1970, the initiative was withdrawn whose id begins with some bytes.
pub(crate) fn withdrawn(db: &Db<'_>, from: &[u8]) -> Result<Option<(String, i64)>, StoreError> {
    let (mut least, mut most) = ([0_u8; 16], [0xFF_u8; 16]);
    let length = from.len().min(16);
    least[..length].copy_from_slice(&from[..length]);
    most[..length].copy_from_slice(&from[..length]);
    db.first(
        "SELECT t.reason, t.at FROM initiatives_withdrawn w JOIN tombstones t ON t.target = w.id
         WHERE w.thing >= $1 AND w.thing <= $2 ORDER BY w.thing LIMIT 1",
        params![&least, &most],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Returns whether a revision that was not withdrawn is one of some initiatives.
pub(crate) fn is_revision(db: &Db<'_>, of: &[Short], hash: &Hash) -> Result<bool, StoreError> {
    let thing: Option<Short> = db.first(
        "SELECT thing FROM initiative_revisions WHERE hash = $1 AND withdrawn = 0",
        params![hash.as_bytes()],
        |row| short_at(row, 0),
    )?;
    Ok(thing.is_some_and(|thing| of.contains(&thing)))
}

/// Returns what an initiative says of itself by now.
///
/// # Errors
/// From the database.
pub fn shown(db: &Db<'_>, here: &Here) -> Result<Option<Initiative>, StoreError> {
    said(db, &here.hash)
}

/// Returns what a revision says, and which ones it replaces.
pub(crate) fn revision(
    db: &Db<'_>,
    hash: &Hash,
) -> Result<Option<(Initiative, Vec<Hash>)>, StoreError> {
    let bytes = store::bytes_of(db, hash)?;
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    Ok(record.and_then(|record| {
        let initiative = Initiative::of(&record).ok()?;
        Some((initiative, record.replaces().to_vec()))
    }))
}

/// Returns what a revision says.
pub(crate) fn said(db: &Db<'_>, hash: &Hash) -> Result<Option<Initiative>, StoreError> {
    let bytes = store::bytes_of(db, hash)?;
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    Ok(record.and_then(|record| Initiative::of(&record).ok()))
}

/// Returns what is searched of an initiative, by its id; none for anything else.
///
/// # Errors
/// From the database.
pub fn document(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &str,
) -> Result<Option<search::Document>, StoreError> {
    let Some(here) =
        by_id(db, viewer, &record::short_id(id))?.filter(|here| here.merged_into.is_empty())
    else {
        return Ok(None);
    };
    let Some(said) = said(db, &here.hash)? else {
        return Ok(None);
    };
    let kind = crate::kinds::kind(&said.kind);
    let mut parts: Vec<&str> = said.content_map.values().map(String::as_str).collect();
    parts.extend(said.name_map.values().map(String::as_str));
    parts.extend([said.offering.as_str(), said.seeking.as_str()]);
    parts.extend(said.themes.iter().map(String::as_str));
    parts.extend(
        kind.into_iter()
            .flat_map(|kind| [kind.spanish, kind.english]),
    );
    for place in &said.places {
        parts.extend([place.locality.as_str(), place.region.as_str()]);
        let country = atlas::countries::by_code(&place.country);
        parts.extend(
            country
                .into_iter()
                .flat_map(|one| [one.spanish, one.english]),
        );
    }
    parts.retain(|part| !part.trim().is_empty());
    Ok(Some(search::Document {
        id: id.to_owned(),
        kind: Initiative::KIND.to_owned(),
        language: said.language.clone(),
        title: here.title.clone(),
        url: here.href(),
        body: parts.join(". "),
        categories: said.themes.clone(),
        rank: 0,
    }))
}

/// One revision in the history of an initiative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its hash.
    pub hash: Hash,
    /// Who made it; empty where it was withdrawn.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What was changed.
    pub summary: String,
    /// Where the text comes from.
    pub provenance: String,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// Returns the history of an initiative, newest first.
///
/// # Errors
/// From the database.
pub fn revisions(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &Short,
    limit: i64,
) -> Result<Vec<Revision>, StoreError> {
    db.all(
        &format!(
            "SELECT r.hash, r.author, r.at, r.summary, r.provenance, r.withdrawn FROM initiative_revisions r
             JOIN log l ON l.hash = r.hash WHERE r.thing = $1 AND {} ORDER BY l.seq DESC LIMIT $2",
            viewer.sql("r.space")
        ),
        params![id, limit],
        |row| {
            Ok(Revision {
                hash: hash_at(row, 0)?,
                author: row.get(1)?,
                at: row.get(2)?,
                summary: row.get(3)?,
                provenance: row.get(4)?,
                withdrawn: row.get::<i64>(5)? != 0,
            })
        },
    )
}

/// Returns the initiative that a row of a list became: where that is the same as another by now, the other.
///
/// # Errors
/// From the database.
pub fn by_source(
    db: &Db<'_>,
    viewer: &Viewer,
    source: &str,
    id: &str,
) -> Result<Option<Here>, StoreError> {
    match thing_of(db, source, id)? {
        Some(thing) => survivor(db, viewer, &thing),
        None => Ok(None),
    }
}

/// Follows what initiatives are the same as, to the one that is shown.
///
/// # Errors
/// From the database.
pub fn survivor(db: &Db<'_>, viewer: &Viewer, id: &Short) -> Result<Option<Here>, StoreError> {
    let mut found = by_id(db, viewer, id)?;
    let mut seen = HashSet::new();
    while let Some(here) = &found {
        // A circle ends too: then none of it stands.
        if here.merged_into.is_empty() || !seen.insert(here.id) {
            break;
        }
        found = by_id(db, viewer, &record::short_id(&here.merged_into))?;
    }
    Ok(found.filter(|here| here.merged_into.is_empty()))
}

/// Returns those that were joined with an initiative, and with those.
pub(crate) fn joined_with(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &RecordId,
) -> Result<Vec<Here>, StoreError> {
    let mut found: Vec<Here> = Vec::new();
    let mut waiting = vec![id.to_string()];
    while let Some(into) = waiting.pop() {
        let more = db.all(
            &format!(
                "SELECT {HERE} FROM initiatives i WHERE i.merged = $1 AND {} ORDER BY i.thing",
                viewer.sql("i.space")
            ),
            params![&into],
            here_at,
        )?;
        for here in more {
            if found.iter().all(|known| known.id != here.id) {
                waiting.push(id_of(db, &here)?.to_string());
                found.push(here);
            }
        }
    }
    Ok(found)
}

fn thing_of(db: &Db<'_>, source: &str, id: &str) -> Result<Option<Short>, StoreError> {
    db.first(
        "SELECT s.thing FROM initiative_sources s JOIN log l ON l.hash = s.hash
         WHERE s.source = $1 AND s.id = $2 ORDER BY l.seq DESC LIMIT 1",
        params![source, id],
        |row| short_at(row, 0),
    )
}

/// What an earlier import made of a row.
#[derive(Clone, Debug)]
pub(crate) struct Imported {
    /// The initiative.
    pub thing: Short,
    /// What the row said when it came in last.
    pub sha256: String,
    /// The first revision that came of it.
    pub hash: Hash,
}

/// Returns what came of a list, by what each is called there: the rows that came in last.
///
/// # Errors
/// From the database.
pub(crate) fn imported(db: &Db<'_>, source: &str) -> Result<HashMap<String, Imported>, StoreError> {
    let mut found: HashMap<String, Imported> = HashMap::new();
    let rows: Vec<(String, Imported)> = db.all(
        "SELECT s.id, s.thing, s.sha256, s.hash FROM initiative_sources s JOIN log l ON l.hash = s.hash
         WHERE s.source = $1 ORDER BY l.seq",
        params![source],
        |row| {
            let imported = Imported {
                thing: short_at(row, 1)?,
                sha256: row.get(2)?,
                hash: hash_at(row, 3)?,
            };
            Ok::<_, StoreError>((row.get(0)?, imported))
        },
    )?;
    for (id, one) in rows {
        // Later revisions carry the row along: the first that has it is what the import made.
        match found.get_mut(&id) {
            Some(known) if known.sha256 == one.sha256 => known.thing = one.thing,
            Some(known) => *known = one,
            None => {
                found.insert(id, one);
            }
        }
    }
    Ok(found)
}

/// Returns whether a row of a list was withdrawn here, and stays out.
pub(crate) fn is_kept_out(db: &Db<'_>, source: &str, id: &str) -> Result<bool, StoreError> {
    shown::is_kept_out(db, source, id)
}

/// What a row of a list became, and how it stands now.
pub(crate) struct Standing {
    /// What the import made of it, unless that was withdrawn.
    pub base: Option<Initiative>,
    /// The initiative that goes on from there.
    pub here: Here,
    /// What it says by now.
    pub now: Initiative,
    /// Its whole id.
    pub id: RecordId,
}

/// Returns how what a row became stands now; none where it was withdrawn.
pub(crate) fn standing_of(
    db: &Db<'_>,
    imported: &Imported,
) -> Result<Option<Standing>, StoreError> {
    let Some(here) = survivor(db, &Viewer::public(), &imported.thing)? else {
        return Ok(None);
    };
    let base = said(db, &imported.hash)?;
    let (Some(now), Some(id)) = (said(db, &here.hash)?, people::full_id(db, &here.id)?) else {
        return Ok(None);
    };
    Ok(Some(Standing {
        base,
        here,
        now,
        id,
    }))
}

fn short_at(row: &Row<'_>, column: usize) -> Result<Short, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes
        .try_into()
        .map_err(|_| damaged("an id has another length than ids have".to_owned()))
}

fn hash_at(row: &Row<'_>, column: usize) -> Result<Hash, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    let bytes: [u8; 32] = bytes
        .try_into()
        .map_err(|_| damaged("a hash has another length than hashes have".to_owned()))?;
    Ok(Hash::from_bytes(bytes))
}

fn damaged(reason: String) -> StoreError {
    StoreError::Damaged {
        place: "a table of initiatives".to_owned(),
        reason,
    }
}
