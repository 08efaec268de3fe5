//! The desk: what is local to this node, can be deleted, and enters no record, log line, index or export.

use super::{damaged, short_at};
use record::{Did, Timestamp};
use store::{Db, Row, StoreError, params};

/// The id of an account: 16 random bytes.
pub type AccountId = [u8; 16];

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Active,
    /// A steward has not let it in yet.
    Waiting,
}

impl Status {
    /// Returns the word in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Waiting => "waiting",
        }
    }
}

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name of its key.
    pub did: Did,
    /// The address of its person.
    pub handle: String,
    /// The name of its person.
    pub name: String,
    /// Whether it may be used.
    pub status: Status,
    /// An address of mail, or empty.
    pub mail: String,
    /// The password as argon2id keeps it, or empty.
    pub password: String,
    /// The key, sealed; empty where its owner keeps it.
    pub sealed: Vec<u8>,
    /// What they said to the stewards when they asked to be let in.
    pub words: String,
    /// The languages that they will say they read, once they are let in: BCP 47 tags.
    pub languages: Vec<String>,
    /// The record of themselves that they signed with a key of their own, until they are let in; empty otherwise.
    pub person: Vec<u8>,
    /// When it was made.
    pub created: Timestamp,
}

const ACCOUNT: &str = "a.id, a.did, a.handle, a.name, a.status, a.mail, a.password, a.sealed, a.words, a.created, a.languages, a.person";

fn account_at(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: short_at(row, 0)?,
        did: Did::parse(&row.get::<String>(1)?).map_err(|e| damaged(e.to_string()))?,
        handle: row.get(2)?,
        name: row.get(3)?,
        status: if row.get::<String>(4)? == "waiting" {
            Status::Waiting
        } else {
            Status::Active
        },
        mail: row.get(5)?,
        password: row.get(6)?,
        sealed: row.get(7)?,
        words: row.get(8)?,
        created: Timestamp::from_millis(row.get(9)?),
        languages: row
            .get::<String>(10)?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        person: row.bytes(11)?.to_vec(),
    })
}

/// Returns an account by its id.
///
/// # Errors
/// From the database.
pub fn account(db: &Db<'_>, id: &AccountId) -> Result<Option<Account>, StoreError> {
    db.first(
        &format!("SELECT {ACCOUNT} FROM accounts a WHERE a.id = $1"),
        params![id],
        account_at,
    )
}

/// Returns an account by its person's address.
///
/// # Errors
/// From the database.
pub fn account_of(db: &Db<'_>, handle: &str) -> Result<Option<Account>, StoreError> {
    db.first(
        &format!("SELECT {ACCOUNT} FROM accounts a WHERE a.handle = $1"),
        params![handle],
        account_at,
    )
}

/// Returns the addresses of the accounts with this name, at most two.
///
/// # Errors
/// From the database.
pub fn handles_named(db: &Db<'_>, name: &str) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT a.handle FROM accounts a WHERE a.name = $1 ORDER BY a.handle LIMIT 2",
        params![name],
        |row| row.get(0),
    )
}

/// Returns an account by the name of its key.
///
/// # Errors
/// From the database.
pub fn account_by_did(db: &Db<'_>, did: &str) -> Result<Option<Account>, StoreError> {
    db.first(
        &format!("SELECT {ACCOUNT} FROM accounts a WHERE a.did = $1"),
        params![did],
        account_at,
    )
}

/// Returns every account, by address.
///
/// # Errors
/// From the database.
pub fn every_account(db: &Db<'_>) -> Result<Vec<Account>, StoreError> {
    db.all(
        &format!("SELECT {ACCOUNT} FROM accounts a ORDER BY a.handle"),
        &[],
        account_at,
    )
}

/// Returns the accounts that wait to be let in, oldest first.
///
/// # Errors
/// From the database.
pub fn waiting(db: &Db<'_>, limit: i64) -> Result<Vec<Account>, StoreError> {
    db.all(
        &format!(
            "SELECT {ACCOUNT} FROM accounts a WHERE a.status = 'waiting' ORDER BY a.created LIMIT $1"
        ),
        params![limit],
        account_at,
    )
}

/// Returns how many accounts there are.
///
/// # Errors
/// From the database.
pub fn count_accounts(db: &Db<'_>) -> Result<i64, StoreError> {
    db.number("SELECT COUNT(*) FROM accounts", &[])
}

/// Returns the handle and name of an account that has this address, or one that looks like it.
///
/// # Errors
/// From the database.
pub fn looks_like(db: &Db<'_>, skeleton: &str) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM accounts WHERE skeleton = $1 UNION ALL SELECT 1 FROM persons WHERE skeleton = $1
         UNION ALL SELECT 1 FROM organizations WHERE skeleton = $1 LIMIT 1",
        params![skeleton],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

/// Returns the names that look like this one.
///
/// # Errors
/// From the database.
pub fn names_like(db: &Db<'_>, alike: &str) -> Result<Vec<String>, StoreError> {
    db.all(
        "SELECT name FROM accounts WHERE alike = $1 UNION SELECT name FROM persons WHERE alike = $1
         UNION SELECT name FROM organizations WHERE alike = $1",
        params![alike],
        |row| row.get(0),
    )
}

/// Enters a new account.
///
/// # Errors
/// From the database; also where the key or the address is another's.
pub fn add_account(
    db: &Db<'_>,
    account: &Account,
    skeleton: &str,
    alike: &str,
    language: &str,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO accounts (id, did, handle, skeleton, name, alike, status, language, mail, password, sealed,
           words, created, languages, person)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            &account.id,
            account.did.as_str(),
            &account.handle,
            skeleton,
            &account.name,
            alike,
            account.status.as_str(),
            language,
            &account.mail,
            &account.password,
            &account.sealed,
            &account.words,
            account.created.as_millis(),
            account.languages.join(" "),
            &account.person
        ],
    )?;
    Ok(())
}

/// Lets an account in.
///
/// # Errors
/// From the database.
pub fn activate(db: &Db<'_>, id: &AccountId) -> Result<(), StoreError> {
    db.execute(
        "UPDATE accounts SET status = 'active', words = '', languages = '', person = NULL WHERE id = $1",
        params![id],
    )?;
    Ok(())
}

/// Changes how a person is called, beside what they publish of it.
///
/// # Errors
/// From the database.
pub fn rename(
    db: &Db<'_>,
    id: &AccountId,
    handle: &str,
    skeleton: &str,
    name: &str,
    alike: &str,
) -> Result<(), StoreError> {
    db.execute(
        "UPDATE accounts SET handle = $2, skeleton = $3, name = $4, alike = $5 WHERE id = $1",
        params![id, handle, skeleton, name, alike],
    )?;
    Ok(())
}

/// Changes the password; empty takes it away.
///
/// # Errors
/// From the database.
pub fn set_password(db: &Db<'_>, id: &AccountId, hash: &str) -> Result<(), StoreError> {
    db.execute(
        "UPDATE accounts SET password = $2 WHERE id = $1",
        params![id, hash],
    )?;
    Ok(())
}

/// Changes the address of mail; empty takes it away. Another one is not confirmed, and what was written to the one
/// before is not sent any more.
///
/// # Errors
/// From the database.
pub fn set_mail(db: &Db<'_>, id: &AccountId, mail: &str) -> Result<(), StoreError> {
    db.execute(
        "UPDATE accounts SET mail = $2 WHERE id = $1",
        params![id, mail],
    )?;
    super::mails::unconfirm(db, id)
}

/// The id of the notice that somebody waits to be let in.
pub(crate) fn joins(account: &AccountId) -> Vec<u8> {
    [b"joins".as_slice(), account].concat()
}

/// Removes an account and everything of it from the desk.
///
/// # Errors
/// From the database.
pub fn erase(db: &Db<'_>, id: &AccountId) -> Result<(), StoreError> {
    for table in [
        "sessions",
        "passkeys",
        "recovery_codes",
        "tokens",
        "notices",
        "follows",
        "delegations",
        "mailings",
        "mail_links",
        "mails",
    ] {
        db.execute(
            &format!("DELETE FROM {table} WHERE account = $1"),
            params![id],
        )?;
    }
    super::care::erase(db, id)?;
    // Stewards were told that they wait, by name.
    db.execute("DELETE FROM notices WHERE id = $1", params![&joins(id)])?;
    db.execute("DELETE FROM invitations WHERE inviter = $1", params![id])?;
    db.execute("DELETE FROM accounts WHERE id = $1", params![id])?;
    Ok(())
}

/// An open session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of its token.
    pub token: Vec<u8>,
    /// What kind of browser it is.
    pub agent: String,
    /// When it was opened.
    pub created: i64,
    /// When it was last used, to the hour.
    pub seen: i64,
}

/// Opens a session.
///
/// # Errors
/// From the database.
pub fn add_session(
    db: &Db<'_>,
    token: &[u8; 32],
    id: &AccountId,
    agent: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO sessions (token, account, agent, created, seen) VALUES ($1, $2, $3, $4, $4)",
        params![token, id, agent, now.as_millis()],
    )?;
    Ok(())
}

/// Returns the account of a session that was used since `since`, and when it was last seen.
///
/// # Errors
/// From the database.
pub fn session(
    db: &Db<'_>,
    token: &[u8; 32],
    since: Timestamp,
) -> Result<Option<(AccountId, Timestamp)>, StoreError> {
    db.first(
        "SELECT account, seen FROM sessions WHERE token = $1 AND seen > $2",
        params![token, since.as_millis()],
        |row| Ok((short_at(row, 0)?, Timestamp::from_millis(row.get(1)?))),
    )
}

/// Remembers that a session was used.
///
/// # Errors
/// From the database.
pub fn seen(db: &Db<'_>, token: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "UPDATE sessions SET seen = $2 WHERE token = $1",
        params![token, now.as_millis()],
    )?;
    Ok(())
}

/// Returns an account's open sessions, the one used last first.
///
/// # Errors
/// From the database.
pub fn sessions(db: &Db<'_>, id: &AccountId, since: Timestamp) -> Result<Vec<Session>, StoreError> {
    db.all(
        "SELECT token, agent, created, seen FROM sessions WHERE account = $1 AND seen > $2
         ORDER BY seen DESC, created DESC",
        params![id, since.as_millis()],
        |row| {
            Ok(Session {
                token: row.get(0)?,
                agent: row.get(1)?,
                created: row.get(2)?,
                seen: row.get(3)?,
            })
        },
    )
}

/// Ends a session of an account.
///
/// # Errors
/// From the database.
pub fn end_session(db: &Db<'_>, id: &AccountId, token: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM sessions WHERE account = $1 AND token = $2",
        params![id, token],
    )?;
    Ok(())
}

/// Ends all sessions of an account but one.
///
/// # Errors
/// From the database.
pub fn end_other_sessions(db: &Db<'_>, id: &AccountId, token: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM sessions WHERE account = $1 AND token <> $2",
        params![id, token],
    )?;
    Ok(())
}

/// A way to sign in without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id, as its device knows it.
    pub id: Vec<u8>,
    /// What its owner calls it.
    pub label: String,
    /// What it takes to verify it, as JSON.
    pub body: String,
    /// When it was added.
    pub created: i64,
    /// When it was last used, 0 for never.
    pub used: i64,
}

/// Adds a passkey.
///
/// # Errors
/// From the database; also where it is another account's.
pub fn add_passkey(db: &Db<'_>, id: &AccountId, key: &Passkey) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO passkeys (id, account, label, body, created, used) VALUES ($1, $2, $3, $4, $5, $6)",
        params![&key.id, id, &key.label, &key.body, key.created, key.used],
    )?;
    Ok(())
}

/// Remembers that a passkey was used, with its counter.
///
/// # Errors
/// From the database.
pub fn used_passkey(db: &Db<'_>, key: &[u8], body: &str, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "UPDATE passkeys SET body = $2, used = $3 WHERE id = $1",
        params![key, body, now.as_millis()],
    )?;
    Ok(())
}

/// Returns an account's passkeys, oldest first.
///
/// # Errors
/// From the database.
pub fn passkeys(db: &Db<'_>, id: &AccountId) -> Result<Vec<Passkey>, StoreError> {
    db.all(
        "SELECT id, label, body, created, used FROM passkeys WHERE account = $1 ORDER BY created, id",
        params![id],
        |row| {
            Ok(Passkey {
                id: row.get(0)?,
                label: row.get(1)?,
                body: row.get(2)?,
                created: row.get(3)?,
                used: row.get(4)?,
            })
        },
    )
}

/// Removes a passkey of an account.
///
/// # Errors
/// From the database.
pub fn remove_passkey(db: &Db<'_>, id: &AccountId, key: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM passkeys WHERE account = $1 AND id = $2",
        params![id, key],
    )?;
    Ok(())
}

/// Replaces an account's recovery codes.
///
/// # Errors
/// From the database.
pub fn set_codes(db: &Db<'_>, id: &AccountId, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
    db.execute("DELETE FROM recovery_codes WHERE account = $1", params![id])?;
    for hash in hashes {
        db.execute(
            "INSERT INTO recovery_codes (hash, account) VALUES ($1, $2)",
            params![hash, id],
        )?;
    }
    Ok(())
}

/// Returns how many recovery codes an account has left.
///
/// # Errors
/// From the database.
pub fn count_codes(db: &Db<'_>, id: &AccountId) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM recovery_codes WHERE account = $1",
        params![id],
    )
}

/// Uses a recovery code up; returns whether it was one of this account.
///
/// # Errors
/// From the database.
pub fn use_code(db: &Db<'_>, id: &AccountId, hash: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(db.execute(
        "DELETE FROM recovery_codes WHERE hash = $1 AND account = $2",
        params![hash, id],
    )? > 0)
}

/// An invitation that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The hash of its code.
    pub hash: Vec<u8>,
    /// `member` or `steward`.
    pub role: String,
    /// For whom, as its maker wrote it down.
    pub note: String,
    /// How many people may still come in by it.
    pub uses: i64,
    /// When it ends.
    pub expires: i64,
    /// Whose account made it; zeros for whoever keeps the node. Adding takes the one it is told.
    pub inviter: AccountId,
}

/// Adds an invitation.
///
/// # Errors
/// From the database.
pub fn add_invitation(
    db: &Db<'_>,
    invitation: &Invitation,
    inviter: &AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO invitations (hash, role, note, inviter, uses, created, expires)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            &invitation.hash,
            &invitation.role,
            &invitation.note,
            inviter,
            invitation.uses,
            now.as_millis(),
            invitation.expires
        ],
    )?;
    Ok(())
}

fn invitation_at(row: &Row<'_>) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        hash: row.get(0)?,
        role: row.get(1)?,
        note: row.get(2)?,
        uses: row.get(3)?,
        expires: row.get(4)?,
        inviter: short_at(row, 5)?,
    })
}

/// Returns an invitation that is still good.
///
/// # Errors
/// From the database.
pub fn invitation(
    db: &Db<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    db.first(
        "SELECT hash, role, note, uses, expires, inviter FROM invitations WHERE hash = $1 AND expires > $2",
        params![hash, now.as_millis()],
        invitation_at,
    )
}

/// Returns the invitations that somebody made and that are still good, newest first.
///
/// # Errors
/// From the database.
pub fn invitations(
    db: &Db<'_>,
    inviter: &AccountId,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    db.all(
        "SELECT hash, role, note, uses, expires, inviter FROM invitations WHERE inviter = $1 AND expires > $2 ORDER BY created DESC",
        params![inviter, now.as_millis()],
        invitation_at,
    )
}

/// Uses an invitation once; the last use takes it away.
///
/// # Errors
/// From the database.
pub fn use_invitation(db: &Db<'_>, hash: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "UPDATE invitations SET uses = uses - 1 WHERE hash = $1",
        params![hash],
    )?;
    db.execute(
        "DELETE FROM invitations WHERE hash = $1 AND uses < 1",
        params![hash],
    )?;
    Ok(())
}

/// Ends an invitation that somebody made.
///
/// # Errors
/// From the database.
pub fn end_invitation(db: &Db<'_>, inviter: &AccountId, hash: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM invitations WHERE inviter = $1 AND hash = $2",
        params![inviter, hash],
    )?;
    Ok(())
}

/// Removes the invitations that the program itself made: the link of the first steward.
///
/// # Errors
/// From the database.
pub fn remove_first_links(db: &Db<'_>) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM invitations WHERE inviter = $1 AND role = 'steward'",
        params![&[0_u8; 16]],
    )?;
    Ok(())
}

/// Counts one more attempt in a window of time; returns how many there were in it, this one included.
///
/// # Errors
/// From the database.
pub fn attempt(db: &Db<'_>, what: &[u8; 32], slot: i64) -> Result<i64, StoreError> {
    db.execute("DELETE FROM attempts WHERE slot < $1", params![slot - 1])?;
    let tries = db.first(
        "INSERT INTO attempts (what, slot, tries) VALUES ($1, $2, 1)
         ON CONFLICT (what, slot) DO UPDATE SET tries = attempts.tries + 1 RETURNING tries",
        params![what, slot],
        |row| row.get::<i64>(0),
    )?;
    Ok(tries.unwrap_or(1))
}

/// Returns how many attempts there were in a window of time.
///
/// # Errors
/// From the database.
pub fn attempts(db: &Db<'_>, what: &[u8; 32], slot: i64) -> Result<i64, StoreError> {
    db.number(
        "SELECT tries FROM attempts WHERE what = $1 AND slot = $2",
        params![what, slot],
    )
}

/// Forgets the attempts of somebody who succeeded.
///
/// # Errors
/// From the database.
pub fn forget_attempts(db: &Db<'_>, what: &[u8; 32]) -> Result<(), StoreError> {
    db.execute("DELETE FROM attempts WHERE what = $1", params![what])?;
    Ok(())
}

/// Keeps what a passkey's ceremony needs until it ends.
///
/// # Errors
/// From the database.
pub fn begin_ceremony(
    db: &Db<'_>,
    id: &[u8; 32],
    body: &str,
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM ceremonies WHERE expires < $1",
        params![now.as_millis()],
    )?;
    db.execute(
        "INSERT INTO ceremonies (id, body, expires) VALUES ($1, $2, $3)",
        params![id, body, expires.as_millis()],
    )?;
    Ok(())
}

/// Takes out what a ceremony needs: each can end once.
///
/// # Errors
/// From the database.
pub fn end_ceremony(
    db: &Db<'_>,
    id: &[u8; 32],
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    db.first(
        "DELETE FROM ceremonies WHERE id = $1 AND expires >= $2 RETURNING body",
        params![id, now.as_millis()],
        |row| row.get(0),
    )
}

/// A token with which a program acts for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The hash of the token.
    pub hash: Vec<u8>,
    /// What its owner calls it.
    pub label: String,
    /// What it allows, with spaces between.
    pub scopes: String,
    /// When it was made.
    pub created: i64,
    /// When it was last used, to the hour; 0 for never.
    pub used: i64,
}

/// Adds a token.
///
/// # Errors
/// From the database.
pub fn add_token(db: &Db<'_>, id: &AccountId, token: &Token) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO tokens (hash, account, label, scopes, created, used) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            &token.hash,
            id,
            &token.label,
            &token.scopes,
            token.created,
            token.used
        ],
    )?;
    Ok(())
}

/// Returns whose a token is, what it allows, and when it was last used.
///
/// # Errors
/// From the database.
pub fn token(db: &Db<'_>, hash: &[u8; 32]) -> Result<Option<(AccountId, String, i64)>, StoreError> {
    db.first(
        "SELECT account, scopes, used FROM tokens WHERE hash = $1",
        params![hash],
        |row| Ok((short_at(row, 0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Remembers that a token was used.
///
/// # Errors
/// From the database.
pub fn used_token(db: &Db<'_>, hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "UPDATE tokens SET used = $2 WHERE hash = $1",
        params![hash, now.as_millis()],
    )?;
    Ok(())
}

/// Returns an account's tokens, newest first.
///
/// # Errors
/// From the database.
pub fn tokens(db: &Db<'_>, id: &AccountId) -> Result<Vec<Token>, StoreError> {
    db.all(
        "SELECT hash, label, scopes, created, used FROM tokens WHERE account = $1 ORDER BY created DESC, hash",
        params![id],
        |row| {
            Ok(Token {
                hash: row.get(0)?,
                label: row.get(1)?,
                scopes: row.get(2)?,
                created: row.get(3)?,
                used: row.get(4)?,
            })
        },
    )
}

/// Ends a token of an account.
///
/// # Errors
/// From the database.
pub fn end_token(db: &Db<'_>, id: &AccountId, hash: &[u8]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM tokens WHERE account = $1 AND hash = $2",
        params![id, hash],
    )?;
    Ok(())
}

/// A device's key that signs in a member's name for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The name of its key.
    pub key: String,
    /// What its owner calls it.
    pub label: String,
    /// When its delegation was made.
    pub created: i64,
    /// When that ends.
    pub expires: i64,
}

/// Notes a device that signs in a member's name; one that is there already gets the new label and end.
///
/// # Errors
/// From the database.
pub fn add_device(db: &Db<'_>, id: &AccountId, device: &Device) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO delegations (account, key, label, created, expires) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account, key) DO UPDATE SET label = excluded.label, created = excluded.created,
           expires = excluded.expires",
        params![
            id,
            &device.key,
            &device.label,
            device.created,
            device.expires
        ],
    )?;
    Ok(())
}

/// Returns the devices that sign in a member's name, newest first.
///
/// # Errors
/// From the database.
pub fn devices(db: &Db<'_>, id: &AccountId) -> Result<Vec<Device>, StoreError> {
    db.all(
        "SELECT key, label, created, expires FROM delegations WHERE account = $1 ORDER BY created DESC, key",
        params![id],
        |row| {
            Ok(Device {
                key: row.get(0)?,
                label: row.get(1)?,
                created: row.get(2)?,
                expires: row.get(3)?,
            })
        },
    )
}

/// Forgets a device that was taken back.
///
/// # Errors
/// From the database.
pub fn remove_device(db: &Db<'_>, id: &AccountId, key: &str) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM delegations WHERE account = $1 AND key = $2",
        params![id, key],
    )?;
    Ok(())
}

/// Something that somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id, by which the same thing is told once.
    pub id: Vec<u8>,
    /// When.
    pub at: i64,
    /// What kind of thing: the key of its sentence.
    pub kind: String,
    /// The address that it leads to.
    pub about: String,
    /// What stands in the sentence.
    pub text: String,
    /// Whether it was seen.
    pub seen: bool,
}

/// Tells an account something, once.
///
/// # Errors
/// From the database.
pub fn tell(db: &Db<'_>, account: &AccountId, notice: &Notice) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO notices (account, id, at, kind, about, text, seen) VALUES ($1, $2, $3, $4, $5, $6, 0)
         ON CONFLICT (account, id) DO NOTHING",
        params![
            account,
            &notice.id,
            notice.at,
            &notice.kind,
            &notice.about,
            &notice.text
        ],
    )?;
    Ok(())
}

/// Takes back what was told of one record.
///
/// # Errors
/// From the database.
pub fn untell(db: &Db<'_>, record: &[u8]) -> Result<(), StoreError> {
    db.execute("DELETE FROM notices WHERE id = $1", params![record])?;
    Ok(())
}

/// Takes back what leads to an address.
///
/// # Errors
/// From the database.
pub fn untell_of(db: &Db<'_>, address: &str) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM notices WHERE substr(about, 1, length($1)) = $1",
        params![address],
    )?;
    Ok(())
}

/// Returns how many notices an account has not seen.
///
/// # Errors
/// From the database.
pub fn count_unseen(db: &Db<'_>, id: &AccountId) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM notices WHERE account = $1 AND seen = 0",
        params![id],
    )
}

/// Returns an account's notices, newest first.
///
/// # Errors
/// From the database.
pub fn notices(db: &Db<'_>, id: &AccountId, limit: i64) -> Result<Vec<Notice>, StoreError> {
    db.all(
        "SELECT id, at, kind, about, text, seen FROM notices WHERE account = $1 ORDER BY at DESC, id LIMIT $2",
        params![id, limit],
        |row| {
            Ok(Notice {
                id: row.get(0)?,
                at: row.get(1)?,
                kind: row.get(2)?,
                about: row.get(3)?,
                text: row.get(4)?,
                seen: row.get(5)?,
            })
        },
    )
}

/// Marks all notices of an account as seen.
///
/// # Errors
/// From the database.
pub fn see_all(db: &Db<'_>, id: &AccountId) -> Result<(), StoreError> {
    db.execute(
        "UPDATE notices SET seen = 1 WHERE account = $1 AND seen = 0",
        params![id],
    )?;
    Ok(())
}

/// Follows a thing, by the short form of its id.
///
/// # Errors
/// From the database.
pub fn follow(
    db: &Db<'_>,
    account: &AccountId,
    what: &[u8; 16],
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO follows (account, what, at) VALUES ($1, $2, $3) ON CONFLICT (account, what) DO NOTHING",
        params![account, what, now.as_millis()],
    )?;
    Ok(())
}

/// Follows a thing no longer.
///
/// # Errors
/// From the database.
pub fn unfollow(db: &Db<'_>, account: &AccountId, what: &[u8; 16]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM follows WHERE account = $1 AND what = $2",
        params![account, what],
    )?;
    Ok(())
}

/// Returns whether an account follows a thing.
///
/// # Errors
/// From the database.
pub fn is_following(db: &Db<'_>, account: &AccountId, what: &[u8; 16]) -> Result<bool, StoreError> {
    Ok(db.number(
        "SELECT COUNT(*) FROM follows WHERE account = $1 AND what = $2",
        params![account, what],
    )? > 0)
}

/// Returns the things that an account follows, those followed last first.
///
/// # Errors
/// From the database.
pub fn following(db: &Db<'_>, account: &AccountId) -> Result<Vec<[u8; 16]>, StoreError> {
    db.all(
        "SELECT what FROM follows WHERE account = $1 ORDER BY at DESC, what",
        params![account],
        |row| short_at(row, 0),
    )
}

/// Returns the accounts that follow a thing.
///
/// # Errors
/// From the database.
pub fn followers(db: &Db<'_>, what: &[u8; 16]) -> Result<Vec<AccountId>, StoreError> {
    db.all(
        "SELECT account FROM follows WHERE what = $1 ORDER BY account",
        params![what],
        |row| short_at(row, 0),
    )
}

/// Returns who follows a theme that a thing is in.
///
/// # Errors
/// From the database.
pub fn followers_of_themes(db: &Db<'_>, thing: &[u8; 16]) -> Result<Vec<AccountId>, StoreError> {
    db.all(
        "SELECT DISTINCT f.account FROM links l JOIN things t ON t.key = l.to_key AND t.space = l.space
         JOIN follows f ON f.what = t.thing WHERE l.thing = $1 AND l.relation IN ('category', 'works on')",
        params![thing],
        |row| short_at(row, 0),
    )
}
