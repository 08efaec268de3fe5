//! The follower that tells people what happened to what they follow, and what was said to them.

use crate::model::{Act, Attestation, Decision, Membership, Profile, Remark};
use crate::tables::desk::{self, AccountId, Notice};
use crate::tables::{self, organizations};
use record::{Did, Record, RecordId, Space, Tombstone, TombstoneTarget};
use std::collections::BTreeSet;
use store::{Db, Node, StoreError, Viewer};

/// The name under which its position is saved.
const NAME: &str = "notices";

/// How many rows of the log one unit of work reads.
const BATCH: i64 = 500;

/// Tells what is new in the log since it was last read; returns how many rows that were.
///
/// It may be repeated: the same thing is told to the same account once.
///
/// # Errors
/// From the database.
pub fn catch_up(node: &Node) -> Result<u64, StoreError> {
    let space = Space::public();
    let commons = node.keys().commons_did();
    let mut done = 0;
    loop {
        let (since, head, anybody) = node.store().read(|db| {
            let heads = store::heads(db)?;
            let head = heads
                .iter()
                .find(|(one, _)| *one == space)
                .map_or(0, |(_, head)| *head);
            Ok::<_, StoreError>((
                store::position(db, NAME, &space)?,
                head,
                desk::count_accounts(db)? > 0,
            ))
        })?;
        if since >= head {
            return Ok(done);
        }
        let (space, commons) = (space.clone(), commons.clone());
        let read = node.store().write(move |db| {
            if !anybody {
                // A wiki that was brought in before anybody came is news to nobody.
                store::set_position(db, NAME, &space, head)?;
                return Ok::<_, StoreError>(0);
            }
            let mut rows = Vec::new();
            store::rows(db, &space, since, BATCH, |row| {
                rows.push(row);
                Ok::<_, StoreError>(())
            })?;
            let mut last = since;
            for row in &rows {
                last = row.seq;
                if let Some(Ok(record)) = row.bytes.as_deref().map(Record::trusted) {
                    tell_of(db, &commons, &record, row.accepted_at.as_millis())?;
                }
            }
            store::set_position(db, NAME, &space, last)?;
            Ok(rows.len() as u64)
        })?;
        if read == 0 {
            return Ok(done);
        }
        done += read;
    }
}

fn address_of(thing: &RecordId) -> String {
    format!("/things/{}", site::encode(thing.as_str()))
}

/// Tells of one record to those whom it concerns.
fn tell_of(db: &Db<'_>, commons: &Did, record: &Record, at: i64) -> Result<(), StoreError> {
    let viewer = Viewer::public();
    let mut hears: BTreeSet<AccountId> = BTreeSet::new();
    let author = desk::account_by_did(db, record.author().as_str())?;
    let who = tables::by_did(db, &viewer, record.author().as_str())?;
    let who = who.map_or_else(String::new, |person| person.name);
    let (kind, about, text) = match record.type_name() {
        Remark::TYPE => {
            let Ok(remark) = Remark::of(record) else {
                return Ok(());
            };
            hears.extend(desk::followers(db, &remark.about.short())?);
            if let Some(answers) = &remark.answers {
                hears
                    .extend(desk::account_by_did(db, answers.author().as_str())?.map(|one| one.id));
            }
            let Some(thing) = tables::thing(db, &viewer, &remark.about.short())? else {
                return Ok(());
            };
            let address = format!("/discussion/{}", site::encode_title(&thing.key));
            ("notice-remark", address, format!("{} ({who})", thing.title))
        }
        Membership::TYPE => {
            let Ok(said) = Membership::of(record) else {
                return Ok(());
            };
            let id = said.organization.short();
            let Some(here) = organizations::organization_by_id(db, &viewer, &id)? else {
                return Ok(());
            };
            // Each side hears what the other said.
            let own = record.author() == &said.member;
            let dids = if own {
                organizations::coordinators(db, &id)?
            } else {
                vec![said.member.to_string()]
            };
            for did in dids {
                hears.extend(desk::account_by_did(db, &did)?.map(|one| one.id));
            }
            let both = organizations::belonging(db, &id, said.member.as_str())?
                .is_some_and(|one| one.is_confirmed());
            let kind = match (said.ends, both, own) {
                (true, _, _) => "notice-membership-ended",
                (false, true, _) => "notice-membership-both",
                (false, false, true) => "notice-membership-asked",
                (false, false, false) => "notice-membership-offered",
            };
            (kind, here.href(), format!("{who}: {}", here.name))
        }
        Attestation::TYPE => {
            let Ok(said) = Attestation::of(record) else {
                return Ok(());
            };
            let id = said.about.short();
            let Some(thing) = tables::thing(db, &viewer, &id)? else {
                return Ok(());
            };
            let mut dids = organizations::coordinators(db, &id)?;
            if said.about.kind() == Profile::KIND {
                dids.push(said.about.author().to_string());
            }
            for did in dids {
                hears.extend(desk::account_by_did(db, &did)?.map(|one| one.id));
            }
            let address = format!("/things/{}", site::encode(thing.id.as_str()));
            (
                "notice-attested",
                address,
                format!("{who}: {}", thing.title),
            )
        }
        Decision::TYPE => {
            let Ok(decision) = Decision::of(record) else {
                return Ok(());
            };
            hears.extend(desk::account_by_did(db, &decision.about)?.map(|one| one.id));
            let kind = match decision.act {
                Act::Block => "notice-blocked",
                Act::Unblock => "notice-unblocked",
                Act::Appoint => "notice-appointed",
                Act::Dismiss => "notice-dismissed",
                // Whoever is let in hears of it by what they may do now, and a setting is about nobody.
                Act::LetIn | Act::Set => return Ok(()),
                Act::Protect | Act::Unprotect | Act::Hide | Act::RollBack => "notice-decided",
            };
            (kind, "/decisions".to_owned(), decision.reason)
        }
        Tombstone::TYPE => {
            // What it said is gone from the desk too.
            return match Tombstone::of(record).map(|tombstone| tombstone.target) {
                Ok(TombstoneTarget::Record(hash)) => desk::untell(db, hash.as_bytes()),
                Ok(TombstoneTarget::Thing(id)) => desk::untell_of(db, &address_of(&id)),
                Err(_) => Ok(()),
            };
        }
        _ => {
            let small = record.get("minor").and_then(serde_json::Value::as_bool) == Some(true);
            if small || record.author() == commons || record.type_name() == Profile::TYPE {
                return Ok(());
            }
            let id = record.thing().short();
            let Some(thing) = tables::thing(db, &viewer, &id)? else {
                return Ok(());
            };
            let hash = record.hash().to_string();
            let address = format!(
                "{}?change={}",
                address_of(&thing.id),
                hash.trim_start_matches("sha256:")
            );
            let summary = record.get("summary").and_then(serde_json::Value::as_str);
            let mut text = format!("{} ({who})", thing.title);
            if let Some(summary) = summary.filter(|summary| !summary.is_empty()) {
                text.push_str(": ");
                text.extend(summary.chars().take(200));
            }
            if record.is_first() {
                // Whoever follows a person or a theme hears of what is new, not of each change.
                if let Some(author) = tables::by_did(db, &viewer, record.author().as_str())? {
                    hears.extend(desk::followers(db, &author.id)?);
                }
                hears.extend(desk::followers_of_themes(db, &id)?);
                ("notice-new", address, text)
            } else {
                hears.extend(desk::followers(db, &id)?);
                ("notice-changed", address, text)
            }
        }
    };
    if let Some(author) = author {
        hears.remove(&author.id);
    }
    for account in hears {
        let notice = Notice {
            id: record.hash().as_bytes().to_vec(),
            at,
            kind: kind.to_owned(),
            about: about.clone(),
            text: text.clone(),
            seen: false,
        };
        desk::tell(db, &account, &notice)?;
    }
    Ok(())
}
