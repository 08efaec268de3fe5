//! The SQL of people: how records change the tables, the desk, and the queries that return views.

pub mod desk;
pub mod mails;
mod persons;
mod remarks;

pub(crate) use persons::fold;
pub use persons::{
    Named, Person, by_did, by_handle, count_decisions, count_people, decisions, full_id,
    is_protected, listed, names, standing, stewards, thing, thing_of, traits,
};

use crate::model::{Decision, Profile, Remark};
use crate::rules::{self, Said};
pub use remarks::{Remarked, count_remarks, remarks, remarks_by};

use record::{Did, Hash, Record, RecordId, Tombstone, TombstoneTarget};
use std::any::Any;
use store::{Applied, Db, Judged, Migration, Refusal, Row, StoreError, Tables, Withdrawn, params};

/// The tables of people and collectives.
pub struct People;

impl Tables for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn migrations(&self) -> &'static [Migration] {
        const STEPS: &[Migration] = &[
            Migration::tables(include_str!("../../migrations/0001.sql")),
            // Remarks on things, and who follows what.
            Migration::tables(include_str!("../../migrations/0002.sql")),
            // Mail: confirmed addresses, notices by mail, what waits to be sent.
            Migration::tables(include_str!("../../migrations/0005.sql")),
        ];
        STEPS
    }

    fn derived(&self) -> &'static [&'static str] {
        &[
            "statements",
            "persons",
            "traits",
            "decisions",
            "standings",
            "remarks",
        ]
    }

    fn types(&self) -> &'static [&'static str] {
        &[Profile::TYPE, Decision::TYPE, Remark::TYPE]
    }

    fn prepare(&self, _record: &Record) -> Option<Box<dyn Any + Send>> {
        None
    }

    fn gate(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        if !judged.is_ours() || judged.is_by_commons() || judged.by_keeper {
            return Ok(Ok(()));
        }
        let standing = standing(db, judged.ours, record.author())?;
        let ahead = record.published().as_millis() - judged.now.as_millis();
        if let Some(delegation) = record.delegation()
            && let Err(refused) = delegation.check(
                record.author(),
                record.signer(),
                record.kind(),
                Some(judged.now),
            )
        {
            return Ok(Err(Refusal::new("delegation", refused.to_string(), "")));
        }
        Ok(rules::gate(standing, said(db, record)?, ahead))
    }

    fn is_steward(&self, db: &Db<'_>, commons: &Did, who: &Did) -> Result<bool, StoreError> {
        Ok(standing(db, commons, who)?.steward)
    }

    fn check(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        if record.type_name() == Decision::TYPE {
            let decision = match Decision::of(record) {
                Ok(decision) => decision,
                Err(reason) => return Ok(Err(Refusal::new("not_a_decision", reason, ""))),
            };
            let by = standing(db, record.commons(), record.author())?;
            let about_self = decision.about == record.author().as_str();
            let stewards = persons::count_stewards(db, record.commons())?;
            return Ok(rules::decide(
                &decision,
                by,
                judged.is_by_commons(),
                about_self,
                stewards,
            ));
        }
        if record.type_name() == Remark::TYPE {
            return remarks::judge(db, judged);
        }
        match Profile::of(record) {
            Ok(profile) => persons::judge(db, judged, &profile),
            Err(reason) => Ok(Err(Refusal::new("not_a_person", reason, ""))),
        }
    }

    fn apply(&self, db: &Db<'_>, applied: &Applied<'_>) -> Result<(), StoreError> {
        let record = applied.record;
        db.execute(
            "INSERT INTO statements (hash, thing, kind, withdrawn) VALUES ($1, $2, $3, 0)",
            params![
                record.hash().as_bytes(),
                &record.thing().short(),
                record.kind()
            ],
        )?;
        if let Ok(decision) = Decision::of(record) {
            return persons::decide(db, record, &decision);
        }
        if let Ok(remark) = Remark::of(record) {
            return remarks::enter(db, record, &remark);
        }
        match Profile::of(record) {
            Ok(profile) => persons::enter(db, record, &profile),
            // What cannot be read was refused at acceptance; a later version may read it.
            Err(_) => Ok(()),
        }
    }

    fn records_of(&self, db: &Db<'_>, thing: &RecordId) -> Result<Vec<Hash>, StoreError> {
        db.all(
            "SELECT hash FROM statements WHERE thing = $1",
            params![&thing.short()],
            |row| hash_at(row, 0),
        )
    }

    fn blobs(&self, _db: &Db<'_>) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    fn forget_account(&self, db: &Db<'_>, account: &[u8; 16]) -> Result<(), StoreError> {
        desk::erase(db, account)
    }

    fn withdraw(&self, db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
        if gone.id.kind() == Remark::KIND {
            db.execute(
                "DELETE FROM statements WHERE hash = $1",
                params![gone.hash.as_bytes()],
            )?;
            return remarks::withdraw(db, gone);
        }
        if gone.id.kind() != Profile::KIND {
            return Ok(());
        }
        let Some(thing) = &gone.thing else {
            return Ok(());
        };
        if gone.whole_thing {
            db.execute(
                "DELETE FROM statements WHERE thing = $1",
                params![&thing.short()],
            )?;
            return persons::forget(db, thing);
        }
        db.execute(
            "INSERT INTO statements (hash, thing, kind, withdrawn) VALUES ($1, $2, $3, 1)
             ON CONFLICT (hash) DO UPDATE SET withdrawn = 1",
            params![gone.hash.as_bytes(), &thing.short(), gone.id.kind()],
        )?;
        persons::show_again(db, thing)
    }
}

/// Returns what a record is, as far as the gate looks at it.
fn said(db: &Db<'_>, record: &Record) -> Result<Said, StoreError> {
    if record.type_name() != Tombstone::TYPE {
        return Ok(Said::Other);
    }
    let Ok(tombstone) = Tombstone::of(record) else {
        return Ok(Said::Other);
    };
    let target = match &tombstone.target {
        TombstoneTarget::Thing(id) => Some(id.clone()),
        TombstoneTarget::Record(hash) => {
            let id: Option<String> = db.first(
                "SELECT id FROM log WHERE hash = $1",
                params![hash.as_bytes()],
                |row| row.get(0),
            )?;
            id.and_then(|id| RecordId::parse_known(&id).ok())
        }
    };
    Ok(match target {
        Some(id) if id.kind() == Decision::KIND => Said::WithdrawalOfDecision,
        Some(id) if id.author() == *record.author() => Said::Withdrawal,
        _ => Said::Other,
    })
}

fn damaged(reason: String) -> StoreError {
    StoreError::Damaged {
        place: "a table of people".to_owned(),
        reason,
    }
}

fn hash_at(row: &Row<'_>, index: usize) -> Result<Hash, StoreError> {
    Hash::from_slice(row.bytes(index)?).map_err(|e| damaged(e.to_string()))
}

fn short_at(row: &Row<'_>, index: usize) -> Result<[u8; 16], StoreError> {
    let bytes = row.bytes(index)?;
    bytes
        .try_into()
        .map_err(|_| damaged(format!("a reference of {} bytes", bytes.len())))
}
