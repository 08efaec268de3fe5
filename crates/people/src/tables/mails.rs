//! The desk's mail: which addresses are confirmed, who wants notices by mail, links that were mailed, and what waits to be sent.

use super::desk::{AccountId, Notice};
use super::short_at;
use record::Timestamp;
use store::{Db, Row, StoreError, params};

/// How often somebody wants their notices by mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Often {
    /// Never.
    #[default]
    Never,
    /// At once.
    AtOnce,
    /// Once a day.
    Daily,
}

impl Often {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Never, Self::AtOnce, Self::Daily];

    /// Returns the word in the table and in the form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
        }
    }

    /// Parses what [`Often::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Whom a mail is for, and what they chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The account.
    pub account: AccountId,
    /// The address in this commons.
    pub handle: String,
    /// The name.
    pub name: String,
    /// The address of mail, or empty.
    pub mail: String,
    /// The language of the interface.
    pub language: String,
    /// Whether the address of mail was confirmed.
    pub confirmed: bool,
    /// How often they want their notices by mail.
    pub often: Often,
}

/// Returns an address of mail as it is compared.
#[must_use]
pub fn folded(mail: &str) -> String {
    mail.to_lowercase()
}

/// Returns whom a mail to an account is for.
///
/// # Errors
/// From the database.
pub fn addressee(db: &Db<'_>, id: &AccountId) -> Result<Option<Addressee>, StoreError> {
    db.first(
        "SELECT a.id, a.handle, a.name, a.mail, a.language, m.mail, m.often
         FROM accounts a LEFT JOIN mailings m ON m.account = a.id WHERE a.id = $1",
        params![id],
        |row| {
            let mail: String = row.get(3)?;
            let confirmed: Option<String> = row.get(5)?;
            let often: Option<String> = row.get(6)?;
            Ok(Addressee {
                account: short_at(row, 0)?,
                handle: row.get(1)?,
                name: row.get(2)?,
                language: row.get(4)?,
                confirmed: !mail.is_empty()
                    && confirmed.is_some_and(|known| known == folded(&mail)),
                often: often
                    .and_then(|word| Often::parse(&word))
                    .unwrap_or_default(),
                mail,
            })
        },
    )
}

/// Returns the accounts whose confirmed address of mail this is.
///
/// # Errors
/// From the database.
pub fn accounts_of(db: &Db<'_>, mail: &str, limit: i64) -> Result<Vec<AccountId>, StoreError> {
    db.all(
        "SELECT account FROM mailings WHERE mail = $1 ORDER BY account LIMIT $2",
        params![folded(mail), limit],
        |row| short_at(row, 0),
    )
}

/// Remembers that the owner of an address of mail confirmed it.
///
/// # Errors
/// From the database.
pub fn confirm(db: &Db<'_>, id: &AccountId, mail: &str) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO mailings (account, mail, often, due) VALUES ($1, $2, 'never', 0)
         ON CONFLICT (account) DO UPDATE SET mail = excluded.mail",
        params![id, folded(mail)],
    )?;
    Ok(())
}

/// Forgets that an address was confirmed, and what was written to it: the account has another one now.
///
/// # Errors
/// From the database.
pub fn unconfirm(db: &Db<'_>, id: &AccountId) -> Result<(), StoreError> {
    db.execute(
        "UPDATE mailings SET mail = '' WHERE account = $1",
        params![id],
    )?;
    for table in ["mail_links", "mails"] {
        db.execute(
            &format!("DELETE FROM {table} WHERE account = $1"),
            params![id],
        )?;
    }
    Ok(())
}

/// Says how often somebody wants their notices by mail. What they were told while they wanted none is not mailed.
///
/// # Errors
/// From the database.
pub fn choose(db: &Db<'_>, id: &AccountId, often: Often, due: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "UPDATE notices SET mailed = 1 WHERE account = $1 AND mailed = 0
           AND EXISTS (SELECT 1 FROM mailings WHERE account = $1 AND often = 'never')",
        params![id],
    )?;
    db.execute(
        "UPDATE mailings SET often = $2, due = $3 WHERE account = $1",
        params![id, often.as_str(), due.as_millis()],
    )?;
    if often == Often::Never {
        db.execute(
            "DELETE FROM mails WHERE account = $1 AND stop <> ''",
            params![id],
        )?;
    }
    Ok(())
}

/// Returns the accounts that have notices to be mailed by now.
///
/// # Errors
/// From the database.
pub fn expecting(db: &Db<'_>, now: Timestamp, limit: i64) -> Result<Vec<AccountId>, StoreError> {
    db.all(
        "SELECT m.account FROM mailings m WHERE m.often <> 'never' AND m.mail <> '' AND m.due <= $1 AND EXISTS (
           SELECT 1 FROM notices n WHERE n.account = m.account AND n.seen = 0 AND n.mailed = 0)
         ORDER BY m.account LIMIT $2",
        params![now.as_millis(), limit],
        |row| short_at(row, 0),
    )
}

/// Returns the notices of an account that were neither seen nor mailed, oldest first.
///
/// # Errors
/// From the database.
pub fn unmailed(db: &Db<'_>, id: &AccountId, limit: i64) -> Result<Vec<Notice>, StoreError> {
    db.all(
        "SELECT id, at, kind, about, text FROM notices WHERE account = $1 AND seen = 0 AND mailed = 0
         ORDER BY at, id LIMIT $2",
        params![id, limit],
        |row| {
            Ok(Notice {
                id: row.get(0)?,
                at: row.get(1)?,
                kind: row.get(2)?,
                about: row.get(3)?,
                text: row.get(4)?,
                seen: false,
            })
        },
    )
}

/// Marks a notice as mailed; returns whether it was neither seen nor mailed until now.
///
/// # Errors
/// From the database.
pub fn mark_mailed(db: &Db<'_>, id: &AccountId, notice: &[u8]) -> Result<bool, StoreError> {
    Ok(db.execute(
        "UPDATE notices SET mailed = 1 WHERE account = $1 AND id = $2 AND seen = 0 AND mailed = 0",
        params![id, notice],
    )? > 0)
}

/// Says when an account's next notices may be mailed, if its owner still wants any.
///
/// # Errors
/// From the database.
pub fn put_off(db: &Db<'_>, id: &AccountId, due: Timestamp) -> Result<bool, StoreError> {
    Ok(db.execute(
        "UPDATE mailings SET due = $2 WHERE account = $1 AND often <> 'never' AND mail <> ''",
        params![id, due.as_millis()],
    )? > 0)
}

/// What a link that was mailed is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm an address.
    Confirm,
    /// To set a new phrase.
    Recover,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Recover => "recover",
        }
    }
}

/// Keeps the hash of a link that is mailed to `mail`.
///
/// # Errors
/// From the database.
pub fn add_link(
    db: &Db<'_>,
    hash: &[u8; 32],
    purpose: Purpose,
    (account, mail): (&AccountId, &str),
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM mail_links WHERE expires < $1",
        params![now.as_millis()],
    )?;
    db.execute(
        "INSERT INTO mail_links (hash, account, what, mail, expires) VALUES ($1, $2, $3, $4, $5)",
        params![
            hash,
            account,
            purpose.as_str(),
            folded(mail),
            expires.as_millis()
        ],
    )?;
    Ok(())
}

fn link_at(row: &Row<'_>) -> Result<(AccountId, String), StoreError> {
    Ok((short_at(row, 0)?, row.get(1)?))
}

/// Returns whose a link is that is still good, and to which address it was mailed.
///
/// # Errors
/// From the database.
pub fn link(
    db: &Db<'_>,
    hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<(AccountId, String)>, StoreError> {
    db.first(
        "SELECT account, mail FROM mail_links WHERE hash = $1 AND what = $2 AND expires > $3",
        params![hash, purpose.as_str(), now.as_millis()],
        link_at,
    )
}

/// Uses a link up, as [`link`] finds it.
///
/// # Errors
/// From the database.
pub fn use_link(
    db: &Db<'_>,
    hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<(AccountId, String)>, StoreError> {
    db.first(
        "DELETE FROM mail_links WHERE hash = $1 AND what = $2 AND expires > $3 RETURNING account, mail",
        params![hash, purpose.as_str(), now.as_millis()],
        link_at,
    )
}

/// Ends all links of one purpose that were mailed to an account.
///
/// # Errors
/// From the database.
pub fn end_links(db: &Db<'_>, id: &AccountId, purpose: Purpose) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM mail_links WHERE account = $1 AND what = $2",
        params![id, purpose.as_str()],
    )?;
    Ok(())
}

/// A mail that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its id: 16 random bytes.
    pub id: AccountId,
    /// Whose it is.
    pub account: AccountId,
    /// The address that it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text, sealed: links stand in it.
    pub body: Vec<u8>,
    /// The address that ends mails like this one, or empty.
    pub stop: String,
    /// When it was written.
    pub created: Timestamp,
    /// When it is of no use any more.
    pub expires: Timestamp,
    /// How often it was tried to send it.
    pub tries: i64,
}

/// Adds a mail, to be sent at once.
///
/// # Errors
/// From the database.
pub fn add(db: &Db<'_>, mail: &Mail) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO mails (id, account, to_, subject, body, stop, created, expires, tries, next)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7)",
        params![
            &mail.id,
            &mail.account,
            &mail.to,
            &mail.subject,
            &mail.body,
            &mail.stop,
            mail.created.as_millis(),
            mail.expires.as_millis(),
            mail.tries
        ],
    )?;
    Ok(())
}

const MAIL: &str = "id, account, to_, subject, body, stop, created, expires, tries";

fn mail_at(row: &Row<'_>) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: short_at(row, 0)?,
        account: short_at(row, 1)?,
        to: row.get(2)?,
        subject: row.get(3)?,
        body: row.get(4)?,
        stop: row.get(5)?,
        created: Timestamp::from_millis(row.get(6)?),
        expires: Timestamp::from_millis(row.get(7)?),
        tries: row.get(8)?,
    })
}

/// Returns the mails that are to be sent by now, those that wait longest first.
///
/// # Errors
/// From the database.
pub fn due(db: &Db<'_>, now: Timestamp, limit: i64) -> Result<Vec<Mail>, StoreError> {
    db.all(
        &format!("SELECT {MAIL} FROM mails WHERE next <= $1 ORDER BY next, id LIMIT $2"),
        params![now.as_millis(), limit],
        mail_at,
    )
}

/// Returns an account's mails that wait to be sent, oldest first.
///
/// # Errors
/// From the database.
pub fn waiting(db: &Db<'_>, id: &AccountId) -> Result<Vec<Mail>, StoreError> {
    db.all(
        &format!("SELECT {MAIL} FROM mails WHERE account = $1 ORDER BY created, id"),
        params![id],
        mail_at,
    )
}

/// Takes a mail in hand: counts the try and says when the next one is. Returns false where somebody else did, or it is gone.
///
/// # Errors
/// From the database.
pub fn take(db: &Db<'_>, mail: &Mail, next: Timestamp) -> Result<bool, StoreError> {
    Ok(db.execute(
        "UPDATE mails SET tries = tries + 1, next = $3 WHERE id = $1 AND tries = $2",
        params![&mail.id, mail.tries, next.as_millis()],
    )? > 0)
}

/// Removes a mail, which was sent or given up.
///
/// # Errors
/// From the database.
pub fn remove(db: &Db<'_>, id: &[u8; 16]) -> Result<(), StoreError> {
    db.execute("DELETE FROM mails WHERE id = $1", params![id])?;
    Ok(())
}

/// Makes every mail due: whoever started the node anew may have mended what was in the way.
///
/// # Errors
/// From the database.
pub fn hurry(db: &Db<'_>, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "UPDATE mails SET next = $1 WHERE next > $1",
        params![now.as_millis()],
    )?;
    Ok(())
}
