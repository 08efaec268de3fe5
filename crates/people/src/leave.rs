//! Taking one's own along, and leaving.

use crate::accounts::{AccountError, open_key, own_key};
use crate::mail;
use crate::model::{Act, Attestation, Decision, Membership, Organization, Profile, Revocation};
use crate::tables::{self, desk};
use record::{Record, RecordId, Tombstone};
use site::Asker;
use std::collections::{BTreeMap, BTreeSet};
use store::{Node, Outcome, Ready, StoreError};

/// What becomes of what somebody published, when they leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It stays, under their name.
    Keep,
    /// It stays, and nobody is told whose it was.
    Nameless,
    /// It is withdrawn, as far as it is theirs alone to withdraw.
    Withdraw,
}

impl Choice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Nameless, Self::Withdraw];

    /// Returns the word in the form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Nameless => "nameless",
            Self::Withdraw => "withdraw",
        }
    }

    /// Parses what [`Choice::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// How many tombstones are published in one COMMIT.
const BATCH: usize = 200;

/// Returns whether a record of somebody's goes with them. What they did for others as a steward, or as one who speaks
/// for an organisation, stays.
fn goes(record: &Record, choice: Choice) -> bool {
    let kind = record.kind();
    let own_membership =
        || Membership::of(record).is_ok_and(|said| said.member == *record.author());
    match kind {
        "tombstone" | Decision::KIND | Attestation::KIND | Revocation::KIND => false,
        Membership::KIND => own_membership(),
        // What says who they are and where they belong goes with their name.
        _ => choice == Choice::Withdraw || kind == Profile::KIND,
    }
}

/// Returns what is to be withdrawn for a choice: whole things that nobody else wrote in, and single records.
fn withdrawals(node: &Node, asker: &Asker, choice: Choice) -> Result<Vec<Tombstone>, StoreError> {
    if choice == Choice::Keep {
        return Ok(Vec::new());
    }
    node.store().read(|db| {
        let mut things: BTreeMap<RecordId, Vec<record::Hash>> = BTreeMap::new();
        for own in store::records_by(db, &asker.did)? {
            let bytes = store::bytes_of(db, &own.hash)?.unwrap_or_default();
            let Ok(record) = Record::trusted(&bytes) else {
                continue;
            };
            if !goes(&record, choice) {
                continue;
            }
            things
                .entry(record.thing().clone())
                .or_default()
                .push(own.hash);
        }
        let mut tombstones = Vec::new();
        for (thing, own) in things {
            let mut all = BTreeSet::new();
            for part in node.store().tables() {
                all.extend(part.records_of(db, &thing)?);
            }
            let mine: BTreeSet<record::Hash> = own.iter().copied().collect();
            // An organisation stays as long as anybody else belongs to it.
            let others = thing.kind() == Organization::KIND
                && tables::organizations::has_others(db, &thing.short(), asker.did.as_str())?;
            if thing.author() == asker.did && all.is_subset(&mine) && !others {
                tombstones.push(Tombstone::of_thing(thing, ""));
            } else if !others {
                tombstones.extend(
                    own.into_iter()
                        .map(|hash| Tombstone::of_record(hash, thing.clone(), "")),
                );
            }
        }
        Ok(tombstones)
    })
}

/// Erases an account: what was chosen of its records is withdrawn first, with its own key; then the desk is cleared.
///
/// Whoever is interrupted in between begins again: what was withdrawn stays so.
///
/// # Errors
/// [`AccountError`]: the last steward stays, and who keeps their key themselves withdraws with it.
pub fn leave(node: &Node, asker: &Asker, choice: Choice) -> Result<(), AccountError> {
    let id = asker.account;
    let found = node.store().read(|db| desk::account(db, &id))?;
    let account = found.ok_or(AccountError::Wrong)?;
    let key = open_key(node, &account)?;
    let tombstones = withdrawals(node, asker, choice)?;
    let commons = node.keys().commons_did();
    let mut records: Vec<Ready> = Vec::new();
    let sign = |draft| match &key {
        Some(key) => Ok(node.ready(node.sign(draft, key)?)),
        None => Err(own_key()),
    };
    if asker.steward {
        let resign = Decision {
            act: Act::Dismiss,
            about: asker.did.to_string(),
            value: String::new(),
            reason: "leaves".to_owned(),
        };
        records.push(sign(resign.draft(commons.clone(), Node::now()))?);
    }
    for tombstone in tombstones {
        records.push(sign(tombstone.draft(
            commons.clone(),
            record::Space::public(),
            Node::now(),
        ))?);
    }
    let mut records = records.into_iter();
    loop {
        let batch: Vec<Ready> = records.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        node.write(move |unit| {
            for ready in &batch {
                match unit.publish(ready)? {
                    Outcome::Accepted(_) | Outcome::Known(_) => {}
                    // Withdrawn before: there is nothing left to do.
                    Outcome::Refused(refusal) if refusal.rule == "withdrawn" => {}
                    Outcome::Refused(refusal) => return Err(AccountError::Refused(refusal)),
                }
            }
            Ok(())
        })?;
    }
    node.write(move |unit| {
        unit.forget_account(&id)?;
        Ok::<_, StoreError>(())
    })?;
    Ok(())
}

/// Returns, as JSON, what this node keeps of an account on its desk: what is public comes in a bundle.
///
/// # Errors
/// From the database.
pub fn desk_of(node: &Node, asker: &Asker) -> Result<serde_json::Value, StoreError> {
    let id = asker.account;
    node.store().read(|db| {
        let Some(account) = desk::account(db, &id)? else {
            return Ok(serde_json::Value::Null);
        };
        let sessions = desk::sessions(db, &id, record::Timestamp::from_millis(0))?;
        let at = |millis: i64| record::Timestamp::from_millis(millis).to_string();
        let commons = node.keys().commons_did();
        let mut follows = Vec::new();
        for what in desk::following(db, &id)? {
            follows.extend(tables::full_id(db, &what)?.map(|id| id.to_string()));
        }
        let mailing = mail::addressee(db, &id)?;
        let often = mailing.as_ref().map_or("never", |to| to.often.as_str());
        let mut kept = serde_json::json!({
            "handle": account.handle,
            "name": account.name,
            "did": account.did.as_str(),
            "commons": commons.as_str(),
            "mail": account.mail,
            "mail_confirmed": mailing.as_ref().is_some_and(|to| to.confirmed),
            "notices_by_mail": often,
            "mails_waiting": mail::waiting(db, &id)?.iter().map(|one| serde_json::json!({"to": one.to, "subject": one.subject, "written": one.created.to_string()})).collect::<Vec<_>>(),
            "joined": account.created.to_string(),
            "said_to_the_stewards": account.words,
            "languages_when_let_in": account.languages,
            "signed_of_oneself_when_let_in": String::from_utf8_lossy(&account.person),
            "has_password": !account.password.is_empty(),
            "standing": { "steward": tables::standing(db, &commons, &account.did)?.steward },
            "recovery_codes_left": desk::count_codes(db, &id)?,
            "sessions": sessions.iter().map(|one| serde_json::json!({"agent": one.agent, "opened": at(one.created), "seen": at(one.seen)})).collect::<Vec<_>>(),
            "devices": desk::passkeys(db, &id)?.iter().map(|one| serde_json::json!({"label": one.label, "added": at(one.created)})).collect::<Vec<_>>(),
            "programs": desk::tokens(db, &id)?.iter().map(|one| serde_json::json!({"label": one.label, "scopes": one.scopes, "made": at(one.created)})).collect::<Vec<_>>(),
            "signing_devices": desk::devices(db, &id)?.iter().map(|one| serde_json::json!({"label": one.label, "key": one.key, "made": at(one.created), "until": at(one.expires)})).collect::<Vec<_>>(),
            "following": follows,
            "reports": tables::care::reports_of(db, &id, i64::MAX)?.iter().map(|one| serde_json::json!({"about": one.place, "reason": one.reason, "at": at(one.at), "answer": one.answer})).collect::<Vec<_>>(),
            "looked_at": tables::care::count_looked(db, &id)?,
            "notices": desk::notices(db, &id, i64::MAX)?.iter().map(|one| serde_json::json!({"at": at(one.at), "kind": one.kind, "about": one.about, "text": one.text})).collect::<Vec<_>>(),
            "invitations": desk::invitations(db, &id, record::Timestamp::from_millis(0))?.iter().map(|one| serde_json::json!({"role": one.role, "note": one.note, "uses": one.uses, "until": at(one.expires)})).collect::<Vec<_>>(),
        });
        // What the other capabilities keep.
        for part in node.store().tables() {
            for (name, value) in part.kept_for(db, &id)? {
                kept[name] = value;
            }
        }
        Ok(kept)
    })
}
