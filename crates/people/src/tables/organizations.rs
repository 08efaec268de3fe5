//! Organisations, who belongs to them, and what is attested.

use super::persons::{self, fold, judge_names, put_traits, standing};
use super::{damaged, hash_at, short_at};
use crate::model::{Attestation, Claim, Handle, LegalForm, Membership, Organization, skeleton};
use crate::rules::organization::{self as rules, Attesting, Belonging, Said, Saying};
use record::{Did, Hash, Record, RecordId};
use std::collections::BTreeSet;
use store::{Db, Judged, Refusal, Row, StoreError, Viewer, Withdrawn, forget_thing, params};

/// The short form of the id of an organisation.
type Short = [u8; 16];

/// How many organisations somebody may found within a day.
const PER_DAY: i64 = 10;

/// An organisation, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    /// The short form of the id of its first record.
    pub id: Short,
    /// Whose key founded it.
    pub founder: String,
    /// Its address in the commons.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// The record that is shown.
    pub hash: Hash,
    /// The beginning of what it says it does.
    pub lead: String,
    /// What it claims to be.
    pub form: LegalForm,
}

impl Here {
    /// Returns the address of its page, from the root.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/organizations/{}", self.handle)
    }
}

const HERE: &str = "o.thing, o.founder, o.handle, o.name, o.hash, o.lead, o.form";

fn here_at(row: &Row<'_>) -> Result<Here, StoreError> {
    let form: String = row.get(6)?;
    Ok(Here {
        id: short_at(row, 0)?,
        founder: row.get(1)?,
        handle: row.get(2)?,
        name: row.get(3)?,
        hash: hash_at(row, 4)?,
        lead: row.get(5)?,
        form: LegalForm::parse(&form).ok_or_else(|| damaged(format!("the form {form}")))?,
    })
}

/// Judges what is said of an organisation.
pub(super) fn judge(db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let organization = match Organization::of(record) {
        Ok(organization) => organization,
        Err(reason) => return Ok(Err(Refusal::new("not_an_organization", reason, ""))),
    };
    if !judged.is_ours() || judged.by_keeper {
        return Ok(Ok(()));
    }
    if !judged.is_by_commons() {
        if record.is_first() {
            let since = judged.now.as_millis() - 24 * 60 * 60 * 1_000;
            let founded = db.number(
                "SELECT COUNT(*) FROM organizations o JOIN things t ON t.thing = o.thing
                 JOIN log l ON l.id = t.id WHERE o.founder = $1 AND l.accepted_at > $2",
                params![record.author().as_str(), since],
            )?;
            if founded >= PER_DAY {
                return Ok(Err(Refusal::new(
                    "many_organizations",
                    format!("nobody founds more than {PER_DAY} organisations a day here"),
                    "go on tomorrow",
                )));
            }
        } else if !speaks(
            db,
            record.commons(),
            &record.thing().short(),
            record.author(),
        )? {
            return Ok(Err(rules::not_a_coordinator()));
        }
    }
    judge_names(db, record, &organization.profile, "")
}

/// Enters what is said of an organisation: the last word counts.
pub(super) fn enter(
    db: &Db<'_>,
    record: &Record,
    organization: &Organization,
) -> Result<(), StoreError> {
    let profile = &organization.profile;
    let handle = Handle::parse(&profile.handle).map(|handle| handle.skeleton());
    let id = record.thing().short();
    let there = is_here(db, &id, record.space().as_str())?;
    db.execute(
        "INSERT INTO organizations (thing, founder, handle, skeleton, name, alike, sort, space, commons, hash, place,
           lead, form, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (thing) DO UPDATE SET handle = excluded.handle, skeleton = excluded.skeleton,
           name = excluded.name, alike = excluded.alike, sort = excluded.sort, hash = excluded.hash,
           place = excluded.place, lead = excluded.lead, form = excluded.form, updated = excluded.updated",
        params![
            &id,
            record.thing().author().as_str(),
            &profile.handle,
            handle.unwrap_or_default(),
            &profile.name,
            skeleton(&profile.name),
            fold(&profile.name),
            record.space().as_str(),
            record.commons().as_str(),
            record.hash().as_bytes(),
            &profile.place,
            &profile.lead(),
            organization.form.as_str(),
            record.published().as_millis()
        ],
    )?;
    put_traits(db, record, Organization::KIND, profile)?;
    if there {
        return Ok(());
    }
    settle_all(db, &id, record.thing().author().as_str())
}

/// Shows, after one of its records was withdrawn, the last that is left.
pub(super) fn show_again(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    persons::handles_again(db, thing)?;
    match persons::last_said(db, thing)? {
        Some(record) => match Organization::of(&record) {
            Ok(organization) => enter(db, &record, &organization),
            Err(_) => forget(db, thing),
        },
        None => forget(db, thing),
    }
}

/// Takes an organisation out of the tables. What was said of its members stays said.
pub(super) fn forget(db: &Db<'_>, thing: &RecordId) -> Result<(), StoreError> {
    let id = thing.short();
    db.execute("DELETE FROM traits WHERE thing = $1", params![&id])?;
    db.execute("DELETE FROM handles WHERE thing = $1", params![&id])?;
    db.execute("DELETE FROM organizations WHERE thing = $1", params![&id])?;
    db.execute(
        "DELETE FROM memberships WHERE organization = $1",
        params![&id],
    )?;
    forget_thing(db, thing)
}

/// Judges what one side says of a membership.
pub(super) fn judge_membership(
    db: &Db<'_>,
    judged: &Judged<'_>,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let said = match Membership::of(record) {
        Ok(said) => said,
        Err(reason) => return Ok(Err(Refusal::new("not_a_membership", reason, ""))),
    };
    if !record.is_first() {
        return Ok(Err(statements_stay()));
    }
    if !judged.is_ours() || judged.by_keeper {
        // What it is about may have been withdrawn since.
        return Ok(Ok(()));
    }
    let id = said.organization.short();
    if !is_here(db, &id, record.space().as_str())? {
        return Ok(Err(unknown_thing()));
    }
    if judged.is_by_commons() {
        return Ok(Ok(()));
    }
    let author = record.author();
    let since = judged.now.as_millis() - 60 * 60 * 1_000;
    let known = db.first(
        "SELECT 1 FROM persons WHERE did = $1",
        params![said.member.as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    let coordinators = coordinators(db, &id)?;
    let gives_up = said.ends || !said.coordinates && said.member != *author;
    let members = db.number(
        "SELECT COUNT(*) FROM memberships WHERE organization = $1 AND member <> $2 AND by_member <> 0 AND by_organization <> 0",
        params![&id, said.member.as_str()],
    )?;
    let saying = Saying {
        last_coordinator: gives_up
            && matches!(coordinators.as_slice(), [one] if one == said.member.as_str()),
        others: members > 0,
        about_self: said.member == *author,
        speaks: speaks(db, record.commons(), &id, author)?,
        known: known.is_some(),
        within_hour: db.number(
            "SELECT COUNT(*) FROM membership_statements WHERE author = $1 AND at > $2",
            params![author.as_str(), since],
        )?,
    };
    Ok(rules::say(&said, saying))
}

/// Enters what one side says of a membership.
pub(super) fn enter_membership(
    db: &Db<'_>,
    record: &Record,
    said: &Membership,
    seq: i64,
) -> Result<(), StoreError> {
    let id = said.organization.short();
    db.execute(
        "INSERT INTO membership_statements (hash, organization, member, author, role, coordinates, ends, seq, at, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            record.hash().as_bytes(),
            &id,
            said.member.as_str(),
            record.author().as_str(),
            &said.role,
            said.coordinates,
            said.ends,
            seq,
            record.published().as_millis(),
            record.space().as_str()
        ],
    )?;
    settle(db, &id, said.member.as_str())
}

/// Takes out a withdrawn statement.
pub(super) fn withdraw_membership(db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
    let pair: Option<(Short, String)> = db.first(
        "SELECT organization, member FROM membership_statements WHERE hash = $1",
        params![gone.hash.as_bytes()],
        |row| Ok::<_, StoreError>((short_at(row, 0)?, row.get(1)?)),
    )?;
    let Some((id, member)) = pair else {
        return Ok(());
    };
    db.execute(
        "DELETE FROM membership_statements WHERE hash = $1",
        params![gone.hash.as_bytes()],
    )?;
    settle(db, &id, &member)
}

/// Computes anew how somebody stands to an organisation, from all that was said of it and is left.
fn settle(db: &Db<'_>, id: &Short, member: &str) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM memberships WHERE organization = $1 AND member = $2",
        params![id, member],
    )?;
    let there: Option<(String, String)> = db.first(
        "SELECT founder, space FROM organizations WHERE thing = $1",
        params![id],
        |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
    )?;
    let Some((founder, space)) = there else {
        return Ok(());
    };
    let said = db.all(
        "SELECT author, role, coordinates, ends FROM membership_statements
         WHERE organization = $1 AND member = $2 ORDER BY seq",
        params![id, member],
        |row| {
            Ok::<_, StoreError>(Said {
                by_member: row.get::<String>(0)? == member,
                role: row.get(1)?,
                coordinates: row.get(2)?,
                ends: row.get(3)?,
            })
        },
    )?;
    if let Some(one) = rules::belonging(founder == member, &said) {
        db.execute(
            "INSERT INTO memberships (organization, member, role, coordinates, by_member, by_organization, space)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                id,
                member,
                &one.role,
                one.coordinates,
                one.by_member,
                one.by_organization,
                &space
            ],
        )?;
    }
    Ok(())
}

/// Computes anew how everybody stands to an organisation that came, or came back.
fn settle_all(db: &Db<'_>, id: &Short, founder: &str) -> Result<(), StoreError> {
    let members: Vec<String> = db.all(
        "SELECT DISTINCT member FROM membership_statements WHERE organization = $1 AND member <> $2",
        params![id, founder],
        |row| row.get(0),
    )?;
    for member in members {
        settle(db, id, &member)?;
    }
    settle(db, id, founder)
}

fn is_here(db: &Db<'_>, id: &Short, space: &str) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM organizations WHERE thing = $1 AND space = $2",
        params![id, space],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// Returns whether somebody speaks for an organisation: as its coordinator, or as a steward of the commons.
fn speaks(db: &Db<'_>, commons: &Did, id: &Short, who: &Did) -> Result<bool, StoreError> {
    let own = belonging(db, id, who.as_str())?;
    Ok(own.is_some_and(|own| own.is_confirmed() && own.coordinates)
        || standing(db, commons, who)?.steward)
}

fn statements_stay() -> Refusal {
    Refusal::new(
        "statements_stay",
        "a statement is withdrawn or made anew, not changed",
        "say it anew",
    )
}

fn unknown_thing() -> Refusal {
    Refusal::new("unknown_thing", "what it is about is not here", "")
}

/// Judges an attestation.
pub(super) fn judge_attestation(
    db: &Db<'_>,
    judged: &Judged<'_>,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let said = match Attestation::of(record) {
        Ok(said) => said,
        Err(reason) => return Ok(Err(Refusal::new("not_an_attestation", reason, ""))),
    };
    if !record.is_first() {
        return Ok(Err(statements_stay()));
    }
    if !judged.is_ours() || judged.by_keeper {
        return Ok(Ok(()));
    }
    let id = said.about.short();
    let (author, commons) = (record.author(), record.commons());
    let mut known = Attesting {
        by_commons: judged.is_by_commons(),
        steward: judged.is_by_commons() || standing(db, commons, author)?.steward,
        ..Attesting::default()
    };
    match &said.claim {
        Claim::Form(form) => {
            let claimed: Option<String> = db.first(
                "SELECT form FROM organizations WHERE thing = $1 AND space = $2",
                params![&id, record.space().as_str()],
                |row| row.get(0),
            )?;
            let Some(claimed) = claimed else {
                return Ok(Err(unknown_thing()));
            };
            known.claimed = claimed == form.as_str();
            known.own = belonging(db, &id, author.as_str())?.is_some()
                || said.behalf.as_ref().is_some_and(|one| one.short() == id);
        }
        Claim::AuthorName(name) => {
            let claims = db.first(
                "SELECT 1 FROM traits WHERE thing = $1 AND what = 'author name' AND fold = $2",
                params![&id, name],
                |_| Ok::<_, StoreError>(()),
            )?;
            known.claimed = claims.is_some();
            known.own = said.about.author() == *author;
            let others: Vec<Short> = db.all(
                "SELECT about FROM attestations WHERE claim = 'author-name' AND value = $1",
                params![name],
                |row| short_at(row, 0),
            )?;
            known.anothers = others.iter().any(|other| *other != id);
        }
    }
    if let Some(behalf) = &said.behalf {
        let own = belonging(db, &behalf.short(), author.as_str())?;
        known.speaks = own.is_some_and(|own| own.is_confirmed() && own.coordinates);
        known.peer_attested = attested_form(db, &behalf.short())?.is_some();
    }
    Ok(rules::attest(
        &said.claim,
        said.behalf.is_some(),
        &said.reason,
        known,
    ))
}

/// Enters an attestation.
pub(super) fn enter_attestation(
    db: &Db<'_>,
    record: &Record,
    said: &Attestation,
) -> Result<(), StoreError> {
    let (claim, value) = said.claim.parts();
    let behalf = said.behalf.as_ref().map(|one| one.short().to_vec());
    db.execute(
        "INSERT INTO attestations (thing, id, hash, about, claim, value, behalf, author, reason, at, space)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            &record.thing().short(),
            record.id().as_str(),
            record.hash().as_bytes(),
            &said.about.short(),
            claim,
            value,
            &behalf.unwrap_or_default(),
            record.author().as_str(),
            &said.reason,
            record.published().as_millis(),
            record.space().as_str()
        ],
    )?;
    Ok(())
}

/// Takes out a withdrawn attestation.
pub(super) fn withdraw_attestation(db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM attestations WHERE thing = $1",
        params![&gone.id.short()],
    )?;
    Ok(())
}

/// Returns how somebody stands to an organisation; none if nobody said that they belong to it.
///
/// # Errors
/// From the database.
pub fn belonging(
    db: &Db<'_>,
    organization: &Short,
    member: &str,
) -> Result<Option<Belonging>, StoreError> {
    db.first(
        "SELECT role, coordinates, by_member, by_organization FROM memberships
         WHERE organization = $1 AND member = $2",
        params![organization, member],
        |row| belonging_at(row, 0),
    )
}

fn belonging_at(row: &Row<'_>, from: usize) -> Result<Belonging, StoreError> {
    Ok(Belonging {
        role: row.get(from)?,
        coordinates: row.get(from + 1)?,
        by_member: row.get(from + 2)?,
        by_organization: row.get(from + 3)?,
    })
}

/// Returns the organisation with this address.
///
/// # Errors
/// From the database.
pub fn organization(
    db: &Db<'_>,
    viewer: &Viewer,
    handle: &str,
) -> Result<Option<Here>, StoreError> {
    db.first(
        &format!(
            "SELECT {HERE} FROM organizations o WHERE o.handle = $1 AND {} ORDER BY o.thing LIMIT 1",
            viewer.sql("o.space")
        ),
        params![handle],
        here_at,
    )
}

/// Returns the organisation with this short id.
///
/// # Errors
/// From the database.
pub fn organization_by_id(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &Short,
) -> Result<Option<Here>, StoreError> {
    db.first(
        &format!(
            "SELECT {HERE} FROM organizations o WHERE o.thing = $1 AND {}",
            viewer.sql("o.space")
        ),
        params![id],
        here_at,
    )
}

/// Returns who belongs to an organisation, or was asked or asks to: by key, coordinators first.
///
/// # Errors
/// From the database.
pub fn members(
    db: &Db<'_>,
    viewer: &Viewer,
    organization: &Short,
    limit: i64,
) -> Result<Vec<(String, Belonging)>, StoreError> {
    db.all(
        &format!(
            "SELECT m.member, m.role, m.coordinates, m.by_member, m.by_organization FROM memberships m
             WHERE m.organization = $1 AND {} ORDER BY m.coordinates DESC, m.member LIMIT $2",
            viewer.sql("m.space")
        ),
        params![organization, limit],
        |row| Ok((row.get(0)?, belonging_at(row, 1)?)),
    )
}

/// Returns how many belong to an organisation, with the word of both sides.
///
/// # Errors
/// From the database.
pub fn count_members(
    db: &Db<'_>,
    viewer: &Viewer,
    organization: &Short,
) -> Result<i64, StoreError> {
    db.number(
        &format!(
            "SELECT COUNT(*) FROM memberships m WHERE m.organization = $1 AND m.by_member = 1
             AND m.by_organization = 1 AND {}",
            viewer.sql("m.space")
        ),
        params![organization],
    )
}

/// Returns the organisations that somebody belongs to, or was asked or asks to, by name.
///
/// # Errors
/// From the database.
pub fn organizations_of(
    db: &Db<'_>,
    viewer: &Viewer,
    member: &str,
) -> Result<Vec<(Here, Belonging)>, StoreError> {
    db.all(
        &format!(
            "SELECT {HERE}, m.role, m.coordinates, m.by_member, m.by_organization FROM memberships m
             JOIN organizations o ON o.thing = m.organization
             WHERE m.member = $1 AND {} ORDER BY o.sort, o.handle",
            viewer.sql("m.space")
        ),
        params![member],
        |row| Ok((here_at(row)?, belonging_at(row, 7)?)),
    )
}

/// Returns the keys of those who speak for an organisation.
///
/// # Errors
/// From the database.
pub fn coordinators(db: &Db<'_>, organization: &Short) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT member FROM memberships WHERE organization = $1 AND coordinates = 1 AND by_member = 1
         AND by_organization = 1 ORDER BY member",
        params![organization],
        |row| row.get(0),
    )
}

/// Returns whether anybody but this one is said to belong to an organisation.
///
/// # Errors
/// From the database.
pub fn has_others(db: &Db<'_>, organization: &Short, but: &str) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM memberships WHERE organization = $1 AND member <> $2 LIMIT 1",
        params![organization, but],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// What somebody attested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The id of the attestation.
    pub id: RecordId,
    /// The short form of the id of whom or what it is about.
    pub about: Short,
    /// What is attested.
    pub claim: Claim,
    /// The organisation for which it was made; none where a steward made it for the commons.
    pub behalf: Option<Short>,
    /// The key of its author.
    pub author: String,
    /// What was seen.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

const ATTESTED: &str = "a.id, a.about, a.claim, a.value, a.behalf, a.author, a.reason, a.at";

fn attested_at(row: &Row<'_>) -> Result<Attested, StoreError> {
    let (word, value): (String, String) = (row.get(2)?, row.get(3)?);
    let behalf = row.bytes(4)?;
    Ok(Attested {
        id: RecordId::parse_known(&row.get::<String>(0)?).map_err(|e| damaged(e.to_string()))?,
        about: short_at(row, 1)?,
        claim: Claim::parse(&word, &value).ok_or_else(|| damaged(format!("the claim {word}")))?,
        behalf: if behalf.is_empty() {
            None
        } else {
            Some(short_at(row, 4)?)
        },
        author: row.get(5)?,
        reason: row.get(6)?,
        at: row.get(7)?,
    })
}

/// Returns what is attested of a person or an organisation, oldest first.
///
/// # Errors
/// From the database.
pub fn attestations(
    db: &Db<'_>,
    viewer: &Viewer,
    about: &Short,
) -> Result<Vec<Attested>, StoreError> {
    db.all(
        &format!(
            "SELECT {ATTESTED} FROM attestations a WHERE a.about = $1 AND {} ORDER BY a.at, a.id",
            viewer.sql("a.space")
        ),
        params![about],
        attested_at,
    )
}

/// Returns the legal form of an organisation, if what it claims is attested: by a steward, or by an organisation
/// whose own form is attested, and so on up to a steward. Where an attestation on the way is withdrawn, what hung on
/// it alone is claimed again.
///
/// # Errors
/// From the database.
pub fn attested_form(db: &Db<'_>, organization: &Short) -> Result<Option<LegalForm>, StoreError> {
    let mut seen = BTreeSet::from([*organization]);
    let mut next = vec![*organization];
    let mut own = None;
    // Upwards from whom it is about: whoever is reached is attested if any of those who vouch for it is.
    while let Some(id) = next.pop() {
        let form: Option<String> = db.first(
            "SELECT form FROM organizations WHERE thing = $1",
            params![&id],
            |row| row.get(0),
        )?;
        let Some(form) = form else {
            continue;
        };
        if id == *organization {
            own = LegalForm::parse(&form);
        }
        let vouching: Vec<Vec<u8>> = db.all(
            "SELECT behalf FROM attestations WHERE about = $1 AND claim = 'legal-form' AND value = $2",
            params![&id, &form],
            |row| row.get(0),
        )?;
        for behalf in vouching {
            match Short::try_from(behalf) {
                Ok(peer) if seen.insert(peer) => next.push(peer),
                Ok(_) => {}
                Err(_) => return Ok(own),
            }
        }
    }
    Ok(None)
}

/// Returns the person to whom a name in a history that was brought in is attested.
///
/// # Errors
/// From the database.
pub fn who_wrote_as(
    db: &Db<'_>,
    viewer: &Viewer,
    name: &str,
) -> Result<Option<persons::Person>, StoreError> {
    let about: Option<Short> = db.first(
        &format!(
            "SELECT a.about FROM attestations a JOIN traits t ON t.thing = a.about AND t.what = 'author name'
               AND t.fold = a.value WHERE a.claim = 'author-name' AND a.value = $1 AND {} ORDER BY a.at LIMIT 1",
            viewer.sql("a.space")
        ),
        params![name],
        |row| short_at(row, 0),
    )?;
    match about {
        Some(id) => persons::by_id(db, viewer, &id),
        None => Ok(None),
    }
}

/// Returns the names in histories that are attested to a person.
///
/// # Errors
/// From the database.
pub fn names_attested(
    db: &Db<'_>,
    viewer: &Viewer,
    person: &Short,
) -> Result<Vec<String>, StoreError> {
    db.all(
        &format!(
            "SELECT DISTINCT a.value FROM attestations a JOIN traits t ON t.thing = a.about AND t.what = 'author name'
               AND t.fold = a.value WHERE a.claim = 'author-name' AND a.about = $1 AND {} ORDER BY a.value",
            viewer.sql("a.space")
        ),
        params![person],
        |row| row.get(0),
    )
}

/// Returns claims that nobody has attested yet, for stewards: names that people say they wrote under.
///
/// # Errors
/// From the database.
pub fn names_claimed(
    db: &Db<'_>,
    viewer: &Viewer,
    limit: i64,
) -> Result<Vec<(String, persons::Person)>, StoreError> {
    let rows: Vec<(Short, String)> = db.all(
        &format!(
            "SELECT t.thing, t.text FROM traits t WHERE t.what = 'author name' AND {} AND NOT EXISTS
               (SELECT 1 FROM attestations a WHERE a.claim = 'author-name' AND a.value = t.fold)
             ORDER BY t.fold, t.thing LIMIT $1",
            viewer.sql("t.space")
        ),
        params![limit],
        |row| Ok::<_, StoreError>((short_at(row, 0)?, row.get(1)?)),
    )?;
    let mut claims = Vec::new();
    for (id, name) in rows {
        if let Some(person) = persons::by_id(db, viewer, &id)? {
            claims.push((name, person));
        }
    }
    Ok(claims)
}

/// Returns organisations whose form nobody vouches for directly, oldest first, for stewards.
///
/// # Errors
/// From the database.
pub fn forms_claimed(db: &Db<'_>, viewer: &Viewer, limit: i64) -> Result<Vec<Here>, StoreError> {
    db.all(
        &format!(
            "SELECT {HERE} FROM organizations o WHERE {} AND NOT EXISTS (SELECT 1 FROM attestations a
               WHERE a.about = o.thing AND a.claim = 'legal-form' AND a.value = o.form)
             ORDER BY o.updated, o.handle LIMIT $1",
            viewer.sql("o.space")
        ),
        params![limit],
        here_at,
    )
}
