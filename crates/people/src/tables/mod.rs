//! The SQL of people: how records change the tables, the desk, and the queries that return views.

pub mod care;
pub mod desk;
pub mod directory;
mod keys;
pub mod mails;
pub mod organizations;
mod persons;
mod remarks;

pub use keys::{is_revoked, revocation_of, revoked_for_commons};
pub(crate) use persons::fold;
pub use persons::{
    Decided, Named, Person, by_did, by_handle, by_id, count_decisions, decisions, full_id,
    is_protected, labels, names, setting, standing, stewards, thing, thing_of, who_was,
};

use crate::model::{Attestation, Decision, Membership, Organization, Profile, Remark, Revocation};
use crate::rules::{self, ByDevice, Said};
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
            // Keys that were taken back, and what devices members let sign.
            Migration::tables(include_str!("../../migrations/0003.sql")),
            // Organisations, memberships, attestations; people are found by the words of their names.
            Migration::replayed(include_str!("../../migrations/0004.sql")),
            // Mail: confirmed addresses, notices by mail, what waits to be sent.
            Migration::tables(include_str!("../../migrations/0005.sql")),
            // What was looked at, and what was reported.
            Migration::tables(include_str!("../../migrations/0006.sql")),
            // Names are compared without blanks, punctuation and dressed-up letters.
            Migration::replayed(""),
            // Settings are decided too; what somebody says of themselves waits with them.
            Migration::tables(include_str!("../../migrations/0007.sql")),
            // Addresses that people and organisations had.
            Migration::replayed(include_str!("../../migrations/0008.sql")),
            // What whoever keeps their key signed of themselves waits with them.
            Migration::tables(include_str!("../../migrations/0009.sql")),
        ];
        STEPS
    }

    fn derived(&self) -> &'static [&'static str] {
        &[
            "statements",
            "persons",
            "traits",
            "handles",
            "decisions",
            "standings",
            "remarks",
            "organizations",
            "membership_statements",
            "memberships",
            "attestations",
            "revocations",
        ]
    }

    fn types(&self) -> &'static [&'static str] {
        &[
            Profile::TYPE,
            Decision::TYPE,
            Remark::TYPE,
            Organization::TYPE,
            Membership::TYPE,
            Attestation::TYPE,
            Revocation::TYPE,
        ]
    }

    fn prepare(&self, _record: &Record) -> Option<Box<dyn Any + Send>> {
        None
    }

    fn gate(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        let (said, withdrawn) = said(db, record)?;
        if let Err(refusal) = rules::stays(said) {
            return Ok(Err(refusal));
        }
        if !judged.is_ours() || judged.by_keeper {
            return Ok(Ok(()));
        }
        if judged.is_by_commons() && record.delegation().is_none() {
            return Ok(Ok(()));
        }
        if !record.space().is_public() {
            return Ok(Err(rules::closed_space()));
        }
        let author = record.author();
        if let Some(delegation) = record.delegation() {
            let (signer, kind) = (record.signer(), record.kind());
            let mut checked = delegation
                .check(author, signer, kind, Some(judged.now))
                .map_err(|refused| refused.to_string());
            // A delegation covers kinds: what is said under one of them must be of it.
            if kind != record.type_name().to_ascii_lowercase() {
                checked = Err(format!("“{}” is no kind “{kind}”", record.type_name()));
            }
            if let Err(reason) = checked {
                return Ok(Err(Refusal::new("delegation", reason, "")));
            }
            if let Err(refusal) = rules::by_device(self.by_device(record, said, withdrawn)) {
                return Ok(Err(refusal));
            }
        }
        let mut standing = standing(db, judged.ours, author)?;
        standing.member |= judged.is_by_commons();
        // The author's own key counts too: whoever has it can delegate.
        if record.delegation().is_some() {
            standing.revoked |= is_revoked(db, judged.ours, author, record.signer())?;
        }
        if said == Said::Revocation {
            standing.known = keys::is_known(db, author)?;
        }
        let ahead = record.published().as_millis() - judged.now.as_millis();
        Ok(rules::gate(standing, said, ahead))
    }

    fn is_steward(&self, db: &Db<'_>, commons: &Did, who: &Did) -> Result<bool, StoreError> {
        Ok(standing(db, commons, who)?.steward)
    }

    fn check(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        // What may be withdrawn, and what a device may sign, is told by the kind in the id.
        if record.kind() != record.type_name().to_ascii_lowercase() {
            let reason = format!("“{}” is no kind “{}”", record.type_name(), record.kind());
            return Ok(Err(Refusal::new("other_kind", reason, "")));
        }
        match record.type_name() {
            Decision::TYPE => judge_decision(db, judged),
            Revocation::TYPE => keys::judge(db, judged),
            Remark::TYPE => remarks::judge(db, judged),
            Organization::TYPE => organizations::judge(db, judged),
            Membership::TYPE => organizations::judge_membership(db, judged),
            Attestation::TYPE => organizations::judge_attestation(db, judged),
            _ => match Profile::of(record) {
                Ok(profile) => persons::judge(db, judged, &profile),
                Err(reason) => Ok(Err(Refusal::new("not_a_person", reason, ""))),
            },
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
        // By the type alone, as it was judged: a person's record may hold the fields of a decision, and is none.
        // What cannot be read was refused at acceptance; a later version may read it.
        match record.type_name() {
            Decision::TYPE => {
                Decision::of(record).map_or(Ok(()), |said| persons::decide(db, record, &said))
            }
            Remark::TYPE => {
                Remark::of(record).map_or(Ok(()), |said| remarks::enter(db, record, &said))
            }
            Revocation::TYPE => {
                Revocation::of(record).map_or(Ok(()), |said| keys::enter(db, record, &said))
            }
            Organization::TYPE => Organization::of(record)
                .map_or(Ok(()), |said| organizations::enter(db, record, &said)),
            Membership::TYPE => Membership::of(record).map_or(Ok(()), |said| {
                organizations::enter_membership(db, record, &said, applied.seq)
            }),
            Attestation::TYPE => Attestation::of(record).map_or(Ok(()), |said| {
                organizations::enter_attestation(db, record, &said)
            }),
            _ => Profile::of(record).map_or(Ok(()), |said| persons::enter(db, record, &said)),
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
        let kind = gone.id.kind();
        if matches!(kind, Remark::KIND | Membership::KIND | Attestation::KIND) {
            db.execute(
                "DELETE FROM statements WHERE hash = $1",
                params![gone.hash.as_bytes()],
            )?;
            return match kind {
                Remark::KIND => remarks::withdraw(db, gone),
                Membership::KIND => organizations::withdraw_membership(db, gone),
                _ => organizations::withdraw_attestation(db, gone),
            };
        }
        if kind == Revocation::KIND {
            db.execute(
                "DELETE FROM statements WHERE hash = $1",
                params![gone.hash.as_bytes()],
            )?;
            return keys::forget(db, &gone.hash);
        }
        if !matches!(kind, Profile::KIND | Organization::KIND) {
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
            return match kind {
                Profile::KIND => persons::forget(db, thing),
                _ => organizations::forget(db, thing),
            };
        }
        db.execute(
            "INSERT INTO statements (hash, thing, kind, withdrawn) VALUES ($1, $2, $3, 1)
             ON CONFLICT (hash) DO UPDATE SET withdrawn = 1",
            params![gone.hash.as_bytes(), &thing.short(), kind],
        )?;
        match kind {
            Profile::KIND => persons::show_again(db, thing),
            _ => organizations::show_again(db, thing),
        }
    }
}

/// Judges what a steward decides.
fn judge_decision(db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let decision = match Decision::of(record) {
        // One that were part of another thing would go with it.
        Ok(_) if !record.is_first() => {
            let reason = "a decision begins a thing of its own";
            return Ok(Err(Refusal::new("not_a_decision", reason, "")));
        }
        Ok(decision) => decision,
        Err(reason) => return Ok(Err(Refusal::new("not_a_decision", reason, ""))),
    };
    let by = standing(db, record.commons(), record.author())?;
    let target = rules::Target {
        itself: decision.about == record.author().as_str(),
        standing: match Did::parse(&decision.about) {
            Ok(did) => standing(db, record.commons(), &did)?,
            Err(_) => rules::Standing::default(),
        },
    };
    // Who has an account is known where the commons is at home.
    let stewards = match judged.is_ours() && !judged.by_keeper {
        true => Some(stewards(db, record.commons())?.len()),
        false => None,
    };
    Ok(rules::decide(
        &decision,
        by,
        judged.is_by_commons(),
        target,
        stewards,
    ))
}

impl People {
    /// Returns whether things of a kind say who people are and where they belong, which is nothing for a device.
    fn is_of_people(&self, kind: &str) -> bool {
        let mut types = self.types().iter();
        kind != Remark::KIND && types.any(|one| one.to_ascii_lowercase() == kind)
    }

    /// Returns what a device's record is, as far as that matters: what this crate keeps is of people, but for remarks.
    fn by_device(&self, record: &Record, said: Said, withdrawn: Option<RecordId>) -> ByDevice {
        match record.type_name() {
            Tombstone::TYPE => ByDevice::Withdrawal {
                own: said == Said::Withdrawal,
                of_person: withdrawn.is_none_or(|id| self.is_of_people(id.kind())),
            },
            Revocation::TYPE => ByDevice::Revocation {
                of_itself: Revocation::of(record).is_ok_and(|it| it.key == *record.signer()),
            },
            Remark::TYPE => ByDevice::Writing,
            other if self.types().contains(&other) => ByDevice::OfPeople,
            _ => ByDevice::Writing,
        }
    }
}

/// Returns what a record is, as far as the gate looks at it, and the id of what it withdraws, if it does.
fn said(db: &Db<'_>, record: &Record) -> Result<(Said, Option<RecordId>), StoreError> {
    if record.type_name() == Revocation::TYPE {
        return Ok((Said::Revocation, None));
    }
    if record.type_name() != Tombstone::TYPE {
        return Ok((Said::Other, None));
    }
    let Ok(tombstone) = Tombstone::of(record) else {
        return Ok((Said::Other, None));
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
    let said = match &target {
        Some(id) if id.kind() == Decision::KIND => Said::WithdrawalOfDecision,
        Some(id) if id.kind() == Revocation::KIND => Said::WithdrawalOfRevocation,
        Some(id) if id.author() == *record.author() => Said::Withdrawal,
        _ => Said::Other,
    };
    Ok((said, target))
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
