//! Accounts: joining, signing in, recovering, and the key that signs what somebody publishes.

use crate::model::{Act, Decision, Handle, PersonName, Profile, Remark, Revocation, skeleton};
use crate::rules;
use crate::secrets;
use crate::tables::desk::{self, Account, AccountId, Invitation, Status};
use crate::tables::{self, fold};
use record::{Delegation, Did, Draft, Record, Scope, SecretKey, Timestamp, Tombstone};
use site::{Asker, Shown};
use store::{Db, Node, Outcome, Refusal, StoreError};

/// How people come in: a setting of the stewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// Whoever wants to.
    Open,
    /// Whoever a member invited.
    Invitation,
    /// Whoever a steward lets in.
    Approval,
}

impl Joining {
    /// The setting's name.
    pub const SETTING: &'static str = "joining";
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Open, Self::Invitation, Self::Approval];

    /// Returns the word of the setting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Approval => "approval",
        }
    }

    /// Parses the word of the setting.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// Returns how people come in here; open, unless stewards said otherwise.
    ///
    /// # Errors
    /// From the database.
    pub fn here(db: &Db<'_>, commons: &Did) -> Result<Self, StoreError> {
        let word = tables::setting(db, commons, Self::SETTING)?;
        Ok(word
            .and_then(|word| Self::parse(&word))
            .unwrap_or(Self::Open))
    }
}

/// Why an account was not made, or not opened.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The address is somebody's, or looks like it.
    #[error("“{0}” is somebody else's address, or looks like one")]
    HandleTaken(Handle),
    /// The name looks like somebody's, and is not theirs.
    #[error("“{0}” looks like somebody else's name and is not it")]
    NameLooksAlike(String),
    /// The invitation is not known, was used, or ended.
    #[error("the invitation is not known, was used, or has ended")]
    NoInvitation,
    /// Only who was invited may join.
    #[error("only who was invited may join")]
    InvitationOnly,
    /// The key has an account here.
    #[error("this key has an account here already")]
    HasAccount,
    /// The record by which somebody joins does not say what it has to; what of it.
    #[error("{0}")]
    NoPerson(String),
    /// Nobody has this address with this password, passkey or code.
    #[error("nobody has this address with this password")]
    Wrong,
    /// Whoever waited has left meanwhile.
    #[error("whoever waited has left meanwhile")]
    Left,
    /// Too many attempts; how many minutes to wait.
    #[error("too many attempts; wait {0} minutes")]
    TooMany(i64),
    /// A rule of the commons said no.
    #[error("{0}")]
    Refused(Refusal),
    /// The database or a key.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How somebody will sign in.
#[derive(Clone, Debug)]
pub enum Way {
    /// With a password, as it is kept.
    Password(String),
    /// With a passkey.
    Passkey(desk::Passkey),
    /// With neither yet: a steward or the command line made the account.
    None,
}

/// What is needed to make an account.
#[derive(Clone, Debug)]
pub struct Joins {
    /// The address.
    pub handle: Handle,
    /// The name.
    pub name: PersonName,
    /// Languages that they read.
    pub languages: Vec<String>,
    /// An address of mail, or empty.
    pub mail: String,
    /// How they will sign in.
    pub way: Way,
    /// The code of an invitation, or empty.
    pub code: String,
    /// What they say to the stewards, where those let people in.
    pub words: String,
    /// The language of the interface.
    pub language: String,
}

/// An account that was made.
#[derive(Clone, Debug)]
pub struct Joined {
    /// Its id.
    pub id: AccountId,
    /// Whether it may be used at once.
    pub status: Status,
    /// The recovery codes, which are shown once.
    pub codes: Vec<String>,
}

/// Makes an account: a key, sealed; its person's first record, once it may publish; ten recovery codes.
///
/// # Errors
/// [`AccountError`]; then nothing was made.
pub fn join(node: &Node, joins: Joins) -> Result<Joined, AccountError> {
    join_as(node, joins, false)
}

/// Makes an account for somebody, as whoever keeps the node: no invitation is asked for.
///
/// # Errors
/// [`AccountError`]; then nothing was made.
pub fn let_join(node: &Node, joins: Joins) -> Result<Joined, AccountError> {
    join_as(node, joins, true)
}

/// Makes an account for somebody who keeps their key themselves, as whoever keeps the node. Their person is what they
/// publish of themselves with that key; the account has no way in but its recovery codes.
///
/// # Errors
/// [`AccountError`]; then nothing was made.
pub fn let_join_with_key(
    node: &Node,
    handle: Handle,
    name: &PersonName,
    did: Did,
) -> Result<Joined, AccountError> {
    let id: AccountId = secrets::random()?;
    let codes = secrets::recovery_codes()?;
    let hashes: Vec<[u8; 32]> = codes.iter().map(|code| secrets::kept(code)).collect();
    let account = Account {
        id,
        did,
        handle: handle.as_str().to_owned(),
        name: name.as_str().to_owned(),
        status: Status::Active,
        mail: String::new(),
        password: String::new(),
        sealed: Vec::new(),
        words: String::new(),
        languages: Vec::new(),
        person: Vec::new(),
        created: Node::now(),
    };
    node.write(move |unit| {
        require_free(unit.db, &handle, &account.name, None)?;
        if desk::account_by_did(unit.db, account.did.as_str())?.is_some() {
            return Err(AccountError::HandleTaken(handle));
        }
        let alike = skeleton(&account.name);
        desk::add_account(unit.db, &account, &handle.skeleton(), &alike, "")?;
        desk::set_codes(unit.db, &id, &hashes)?;
        Ok(())
    })?;
    Ok(Joined {
        id,
        status: Status::Active,
        codes,
    })
}

/// How old or how far ahead the record may be by which somebody joins: as [`crate::rules::MOST_AHEAD_MS`]. Whoever finds
/// a record of somebody who left cannot come in with it.
const FRESH_MS: i64 = rules::MOST_AHEAD_MS;

/// Makes an account for somebody who keeps their key themselves: what they say of themselves, signed with it, shows
/// that they have it, and is published with the account. Where a steward lets people in, the account waits, and the
/// record with it, to be published when it is let in.
///
/// # Errors
/// [`AccountError`]; then nothing was made.
pub fn join_with_key(
    node: &Node,
    record: Record,
    code: &str,
    language: &str,
) -> Result<Joined, AccountError> {
    let said = |reason: &str| AccountError::NoPerson(reason.to_owned());
    if record.type_name() != Profile::TYPE || record.kind() != Profile::KIND {
        return Err(said("the record is not what a person says of themselves"));
    }
    let commons = node.keys().commons_did();
    if *record.commons() != commons {
        return Err(AccountError::NoPerson(format!(
            "it is of {}, and this is {commons}",
            record.commons()
        )));
    }
    if record.delegation().is_some() || !record.is_first() || !record.space().is_public() {
        return Err(said(
            "it is signed with one's own key, public, and the first of oneself",
        ));
    }
    let now = Node::now();
    if (record.published().as_millis() - now.as_millis()).abs() > FRESH_MS {
        return Err(said("it was signed more than ten minutes ago, or ahead"));
    }
    let profile = Profile::of(&record).map_err(AccountError::NoPerson)?;
    let handle = Handle::parse(&profile.handle).map_err(|error| said(&error.to_string()))?;
    let entering = Entering {
        account: Account {
            id: secrets::random()?,
            did: record.author().clone(),
            handle: profile.handle,
            name: profile.name,
            status: Status::Active,
            mail: String::new(),
            password: String::new(),
            sealed: Vec::new(),
            words: String::new(),
            languages: Vec::new(),
            person: Vec::new(),
            created: now,
        },
        handle,
        passkey: None,
        person: node.ready(record),
        code: code.to_owned(),
        words: profile.about.chars().take(1_000).collect(),
        languages: Vec::new(),
        language: language.to_owned(),
        by_keeper: false,
    };
    enter(node, entering)
}

/// An account that is about to be made.
struct Entering {
    account: Account,
    handle: Handle,
    passkey: Option<desk::Passkey>,
    person: store::Ready,
    code: String,
    words: String,
    languages: Vec<String>,
    language: String,
    by_keeper: bool,
}

fn join_as(node: &Node, joins: Joins, by_keeper: bool) -> Result<Joined, AccountError> {
    let id: AccountId = secrets::random()?;
    let key = SecretKey::from_bytes(secrets::random()?);
    let sealed = node.keys().seal(&key.to_bytes(), &id)?;
    let now = Node::now();
    let commons = node.keys().commons_did();
    let profile = Profile {
        handle: joins.handle.as_str().to_owned(),
        name: joins.name.as_str().to_owned(),
        languages: joins.languages.clone(),
        ..Profile::default()
    };
    let draft = profile.draft(commons, now, None, Vec::new());
    let person = node.ready(node.sign(draft, &key)?);
    let (password, passkey) = match joins.way {
        Way::Password(hash) => (hash, None),
        Way::Passkey(passkey) => (String::new(), Some(passkey)),
        Way::None => (String::new(), None),
    };
    let account = Account {
        id,
        did: key.did(),
        handle: joins.handle.as_str().to_owned(),
        name: joins.name.as_str().to_owned(),
        status: Status::Active,
        mail: joins.mail,
        password,
        sealed,
        words: String::new(),
        languages: Vec::new(),
        person: Vec::new(),
        created: now,
    };
    let entering = Entering {
        account,
        handle: joins.handle,
        passkey,
        person,
        code: joins.code,
        words: joins.words,
        languages: joins.languages,
        language: joins.language,
        by_keeper,
    };
    enter(node, entering)
}

/// Enters an account as the commons lets people in, with its person, in one unit of work.
fn enter(node: &Node, entering: Entering) -> Result<Joined, AccountError> {
    let codes = secrets::recovery_codes()?;
    let hashes: Vec<[u8; 32]> = codes.iter().map(|code| secrets::kept(code)).collect();
    let now = Node::now();
    let commons = node.keys().commons_did();
    let id = entering.account.id;
    let hash = secrets::kept(&entering.code);
    // Who invited a steward is told to everybody; the keeper of the node has no account.
    let inviter = node
        .store()
        .read(|db| match desk::invitation(db, &hash, now)? {
            Some(invitation) => desk::account(db, &invitation.inviter),
            None => Ok(None),
        })?;
    let appoint = Decision {
        act: Act::Appoint,
        about: entering.account.did.to_string(),
        value: inviter.map_or_else(String::new, |one| one.did.to_string()),
        reason: String::new(),
    };
    let appoint = appoint.draft(commons.clone(), now);
    let appoint = node.ready(node.sign(appoint, node.keys().commons())?);
    let status = node.write(move |unit| {
        let db = unit.db;
        let Entering {
            mut account,
            handle,
            passkey,
            person,
            code,
            words,
            languages,
            language,
            by_keeper,
        } = entering;
        let invitation = if code.is_empty() {
            None
        } else {
            let hash = secrets::kept(&code);
            let found = invited(db, &commons, &hash, now)?.ok_or(AccountError::NoInvitation)?;
            desk::use_invitation(db, &hash)?;
            Some(found)
        };
        let inviter = match &invitation {
            Some(one) => desk::account(db, &one.inviter)?,
            None => None,
        };
        let freely = match &invitation {
            Some(one) => invites_freely(db, &commons, one, inviter.as_ref())?,
            None => false,
        };
        match Joining::here(db, &commons)? {
            _ if by_keeper || freely => {}
            Joining::Open => {}
            Joining::Invitation if invitation.is_some() => {}
            Joining::Invitation => return Err(AccountError::InvitationOnly),
            Joining::Approval => {
                account.status = Status::Waiting;
                account.languages = languages;
                // Where the key is elsewhere, the record waits that it signed.
                if account.sealed.is_empty() {
                    account.person = person.record().bytes().to_vec();
                }
                // Stewards read who knows them, before what they say themselves.
                account.words = match inviter {
                    Some(inviter) => format!("← {} (@{}). {words}", inviter.name, inviter.handle),
                    None => words,
                };
            }
        }
        if desk::account_by_did(db, account.did.as_str())?.is_some() {
            return Err(AccountError::HasAccount);
        }
        require_free(db, &handle, &account.name, None)?;
        let alike = skeleton(&account.name);
        desk::add_account(db, &account, &handle.skeleton(), &alike, &language)?;
        // A key that was taken back, or kept from publishing, does not come in by waiting either.
        let mut standing = tables::standing(db, &commons, &account.did)?;
        (standing.member, standing.waiting) = (true, false);
        rules::gate(standing, rules::Said::Other, 0).map_err(AccountError::Refused)?;
        if let Some(passkey) = &passkey {
            desk::add_passkey(db, &id, passkey)?;
        }
        desk::set_codes(db, &id, &hashes)?;
        if account.status == Status::Active {
            match unit.publish(&person)? {
                Outcome::Accepted(_) => {}
                // What is here already was sent by somebody else, who read it here.
                Outcome::Known(_) => return Err(AccountError::HasAccount),
                Outcome::Refused(refusal) => return Err(AccountError::Refused(refusal)),
            }
        } else {
            tell_stewards(db, &commons, &id, &account.name, now)?;
        }
        if invitation.is_some_and(|invitation| invitation.role == "steward") {
            require(unit.publish(&appoint)?)?;
        }
        Ok(account.status)
    })?;
    Ok(Joined { id, status, codes })
}

/// Whoever keeps the node, as the one who invites.
pub const KEEPER: AccountId = [0; 16];

/// Returns an invitation that is still good, and whose maker may still let people in by it: what they were when they
/// made it does not count any more.
///
/// # Errors
/// From the database.
pub(crate) fn invited(
    db: &Db<'_>,
    commons: &Did,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let Some(invitation) = desk::invitation(db, hash, now)? else {
        return Ok(None);
    };
    if invitation.inviter == KEEPER {
        return Ok(Some(invitation));
    }
    let Some(inviter) = desk::account(db, &invitation.inviter)? else {
        return Ok(None);
    };
    let standing = tables::standing(db, commons, &inviter.did)?;
    let may = match invitation.role.as_str() {
        "steward" => standing.acts(),
        _ => standing.publishes(),
    };
    Ok(Some(invitation).filter(|_| may))
}

/// Tells every steward that somebody waits to be let in.
fn tell_stewards(
    db: &Db<'_>,
    commons: &Did,
    about: &AccountId,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    for did in tables::stewards(db, commons)? {
        if let Some(steward) = desk::account_by_did(db, &did)? {
            let notice = desk::Notice {
                id: desk::joins(about),
                at: now.as_millis(),
                kind: "notice-joins".to_owned(),
                about: "/stewards".to_owned(),
                text: name.to_owned(),
                seen: false,
            };
            desk::tell(db, &steward.id, &notice)?;
        }
    }
    Ok(())
}

/// Refuses an address or a name that is taken or looks like another's.
fn require_free(
    db: &Db<'_>,
    handle: &Handle,
    name: &str,
    own: Option<(&str, &str)>,
) -> Result<(), AccountError> {
    let own_skeleton = own.and_then(|(handle, _)| Handle::parse(handle).ok());
    let same = own_skeleton.is_some_and(|own| own.skeleton() == handle.skeleton());
    if !same && desk::looks_like(db, &handle.skeleton())? {
        return Err(AccountError::HandleTaken(handle.clone()));
    }
    let mine = fold(name);
    let own_name = own.map(|(_, name)| name);
    for other in desk::names_like(db, &skeleton(name))? {
        if Some(&*other) != own_name && fold(&other) != mine {
            return Err(AccountError::NameLooksAlike(name.to_owned()));
        }
    }
    Ok(())
}

fn require(outcome: Outcome) -> Result<(), AccountError> {
    match outcome {
        Outcome::Refused(refusal) => Err(AccountError::Refused(refusal)),
        Outcome::Accepted(_) | Outcome::Known(_) => Ok(()),
    }
}

/// Decides on settings of the commons, with a steward's pen, or as whoever keeps the node: each pair is a name and what
/// it is to be. What is so already is not decided again.
///
/// # Errors
/// [`AccountError::Refused`] where a rule says no; then nothing is changed.
pub fn set(node: &Node, by: Option<&Pen>, pairs: &[(&str, String)]) -> Result<(), AccountError> {
    let commons = node.keys().commons_did();
    let key = by.map_or(node.keys().commons(), |pen| &pen.key);
    let mut ready = Vec::new();
    for (name, value) in pairs {
        let before = node
            .store()
            .read(|db| tables::setting(db, &commons, name))?;
        if before.unwrap_or_default() == *value {
            continue;
        }
        let decision = Decision {
            act: Act::Set,
            about: (*name).to_owned(),
            value: value.clone(),
            reason: String::new(),
        };
        ready.push(node.ready(node.sign(decision.draft(commons.clone(), Node::now()), key)?));
    }
    node.write(move |unit| {
        for one in &ready {
            require(unit.publish(one)?)?;
        }
        Ok(())
    })
}

/// Lets in somebody who waited: now their person is published, by themselves where they keep their key, and that a
/// steward, or whoever keeps the node, let them in.
///
/// # Errors
/// [`AccountError`]; then they still wait.
pub fn let_in(node: &Node, id: &AccountId, by: Option<&Pen>) -> Result<(), AccountError> {
    let Some(account) = node.store().read(|db| desk::account(db, id))? else {
        return Err(AccountError::Left);
    };
    if account.status == Status::Active {
        return Ok(());
    }
    let now = Node::now();
    let profile = Profile {
        handle: account.handle.clone(),
        name: account.name.clone(),
        languages: account.languages.clone(),
        ..Profile::default()
    };
    let commons = node.keys().commons_did();
    let decision = Decision {
        act: Act::LetIn,
        about: account.did.to_string(),
        value: String::new(),
        reason: String::new(),
    };
    let key = by.map_or(node.keys().commons(), |pen| &pen.key);
    let decision = node.ready(node.sign(decision.draft(commons.clone(), now), key)?);
    let draft = profile.draft(commons, now, None, Vec::new());
    let person = match open_key(node, &account)? {
        Some(key) => Some(node.ready(node.sign(draft, &key)?)),
        None => Record::trusted(&account.person)
            .ok()
            .map(|record| node.ready(record)),
    };
    node.write(move |unit| {
        // Two stewards may say so at once, and whoever waits may have left.
        match desk::account(unit.db, &account.id)? {
            Some(now) if now.status == Status::Active => return Ok(()),
            Some(_) => {}
            None => return Err(AccountError::Left),
        }
        desk::activate(unit.db, &account.id)?;
        let notice = desk::Notice {
            id: b"let in".to_vec(),
            at: now.as_millis(),
            kind: "notice-let-in".to_owned(),
            about: "/me".to_owned(),
            text: String::new(),
            seen: false,
        };
        desk::tell(unit.db, &account.id, &notice)?;
        if let Some(person) = person {
            require(unit.publish(&person)?)?;
        }
        require(unit.publish(&decision)?)
    })
}

/// Returns an account's key; none where its owner keeps it.
///
/// # Errors
/// [`StoreError::Key`] when it was sealed with another node's key.
pub fn open_key(node: &Node, account: &Account) -> Result<Option<SecretKey>, StoreError> {
    if account.sealed.is_empty() {
        return Ok(None);
    }
    let bytes = node.keys().open_sealed(&account.sealed, &account.id)?;
    let seed: [u8; 32] = bytes.try_into().map_err(|_| StoreError::Key {
        place: "an account".to_owned(),
        reason: "its key has another length than a key has".to_owned(),
    })?;
    Ok(Some(SecretKey::from_bytes(seed)))
}

/// Signs what somebody publishes, with their key.
pub struct Pen {
    key: SecretKey,
}

impl Pen {
    /// Takes up the pen of whoever asks; none where they keep their key themselves.
    ///
    /// # Errors
    /// From the database, or [`StoreError::Key`].
    pub fn of(node: &Node, db: &Db<'_>, asker: &Asker) -> Result<Option<Self>, StoreError> {
        match desk::account(db, &asker.account)? {
            Some(account) => Ok(open_key(node, &account)?.map(|key| Self { key })),
            None => Ok(None),
        }
    }

    /// Signs a draft, as of now.
    ///
    /// # Errors
    /// [`StoreError`] when the system gives no randomness or the draft is not well formed.
    pub fn sign(&self, node: &Node, draft: Draft) -> Result<Record, StoreError> {
        node.sign(draft, &self.key)
    }
}

/// The kinds of records that a device signs if its owner names none: what people write, what they withdraw of it, and
/// that the device itself is taken back.
pub const DEVICE_KINDS: &[&str] = &["article", Remark::KIND, Tombstone::KIND, Revocation::KIND];

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Signs, for an owner, that a device signs in their name from now on, for so many days.
///
/// # Errors
/// [`record::DelegationError`] for kinds or days that make no sense.
pub fn delegate(
    key: &SecretKey,
    device: &Did,
    kinds: Vec<String>,
    days: i64,
) -> Result<Delegation, record::DelegationError> {
    let now = Node::now();
    let until = Timestamp::from_millis(now.as_millis().saturating_add(days * DAY_MS));
    Delegation::sign(key, device, Scope::Kinds(kinds), now, until)
}

/// Lets a device sign in a member's name, with the key that is kept here, and notes it on the desk.
///
/// # Errors
/// [`AccountError::Refused`] where the key is not kept here (`own_key`), is the member's or the commons' own
/// (`not_a_device`), or was taken back (`key_revoked`).
pub fn add_device(
    node: &Node,
    asker: &Asker,
    device: &Did,
    label: String,
    days: i64,
) -> Result<Delegation, AccountError> {
    let commons = node.keys().commons_did();
    let (account, revoked) = node.store().read(|db| {
        let revoked = tables::is_revoked(db, &commons, &asker.did, device)?
            || tables::is_revoked(db, &commons, &asker.did, &asker.did)?;
        Ok::<_, StoreError>((desk::account(db, &asker.account)?, revoked))
    })?;
    let account = account.ok_or(AccountError::Wrong)?;
    let key = open_key(node, &account)?.ok_or_else(own_key)?;
    if *device == account.did || *device == commons {
        return Err(AccountError::Refused(Refusal::new(
            "not_a_device",
            "this is no key of a device",
            "make one on the device: minga key new",
        )));
    }
    if revoked {
        return Err(AccountError::Refused(Refusal::new(
            "key_revoked",
            "this key was taken back",
            "make a new one on the device: minga key new",
        )));
    }
    let kinds = DEVICE_KINDS.iter().map(|kind| (*kind).to_owned()).collect();
    let delegation = delegate(&key, device, kinds, days).map_err(|error| StoreError::Key {
        place: "a delegation".to_owned(),
        reason: error.to_string(),
    })?;
    let kept = desk::Device {
        key: device.to_string(),
        label,
        created: delegation.from().as_millis(),
        expires: delegation.until().as_millis(),
    };
    node.store()
        .write(move |db| desk::add_device(db, &account.id, &kept))?;
    Ok(delegation)
}

/// Takes a device of a member back: that its key signs in their name no more is published, and the desk forgets it.
///
/// # Errors
/// [`AccountError::Refused`] where a rule says no, or the key is not kept here.
pub fn remove_device(node: &Node, asker: &Asker, device: Did) -> Result<(), AccountError> {
    let id = asker.account;
    let found = node.store().read(|db| desk::account(db, &id))?;
    let account = found.ok_or(AccountError::Wrong)?;
    let key = open_key(node, &account)?.ok_or_else(own_key)?;
    let revocation = Revocation {
        key: device.clone(),
        reason: String::new(),
    };
    let draft = revocation.draft(node.keys().commons_did(), Node::now());
    let ready = node.ready(node.sign(draft, &key)?);
    node.write(move |unit| {
        // One that is not on the list was taken back by another click, or is none of theirs.
        let devices = desk::devices(unit.db, &id)?;
        if !devices.iter().any(|one| one.key == device.as_str()) {
            return Ok(());
        }
        desk::remove_device(unit.db, &id, device.as_str())?;
        require(unit.publish(&ready)?)
    })
}

/// Takes a key back for everybody, with the key of the commons, as whoever keeps the node.
///
/// # Errors
/// [`AccountError::Refused`] where a rule says no.
pub fn revoke(node: &Node, key: Did, reason: &str) -> Result<(), AccountError> {
    let reason = reason.to_owned();
    let draft = Revocation { key, reason }.draft(node.keys().commons_did(), Node::now());
    match node.publish(draft, node.keys().commons())? {
        Outcome::Refused(refusal) => Err(AccountError::Refused(refusal)),
        Outcome::Accepted(_) | Outcome::Known(_) => Ok(()),
    }
}

/// How long attempts are counted together: 15 minutes.
const WINDOW_MS: i64 = 15 * 60 * 1_000;
/// How many attempts one address of the network may make at one account within it.
const MOST_TRIES: i64 = 8;
/// How many attempts may be made at one account, from anywhere: so many that nobody is locked out for fun.
const MOST_TRIES_ANYWHERE: i64 = 100;
/// How many attempts one address of the network may make at all accounts: a room full of people shares one.
const MOST_TRIES_FROM: i64 = 300;
/// How many mails of one purpose may go to one account, or to one address that nobody confirmed, within it.
pub(crate) const MOST_MAILS: i64 = 3;
/// How many mails to addresses that nobody confirmed may be asked for from one address of the network within it.
const MOST_MAILS_FROM: i64 = 60;
/// How many accounts may be made from one address of the network within it.
const MOST_JOINS: i64 = 10;
/// How many invited people may join from one address of the network within it: a large room.
const MOST_INVITED_FROM: i64 = 200;
/// How many people a member's invitations may let in within it, stewards' aside.
const MOST_INVITED_BY_MEMBER: i64 = 5;
/// How many accounts may be made in all within it.
const MOST_JOINS_ANYWHERE: i64 = 300;
/// How many reports may come from one address of the network within it.
const MOST_REPORTS: i64 = 10;
/// How many reports may come in all within it.
const MOST_REPORTS_ANYWHERE: i64 = 200;

/// What is counted, so that it cannot be told from the table: neither addresses nor names stand in it.
pub(crate) fn mark(node: &Node, what: &str, about: &[&str]) -> [u8; 32] {
    let key = node.keys().derived("minga 2026-11 marks of attempts");
    *blake3::keyed_hash(&key, [&[what], about].concat().join("\0").as_bytes()).as_bytes()
}

pub(crate) fn slot(now: Timestamp) -> i64 {
    now.as_millis() / WINDOW_MS
}

/// Counts one attempt under each mark; refuses where one was made too often.
fn count(node: &Node, marks: Vec<([u8; 32], i64)>) -> Result<(), AccountError> {
    let now = Node::now();
    node.write(move |unit| {
        let mut over = false;
        for (mark, most) in &marks {
            over |= desk::attempt(unit.db, mark, slot(now))? > *most;
        }
        Ok::<_, StoreError>(over)
    })
    .map_err(AccountError::from)
    .and_then(|over| {
        if over {
            let left = WINDOW_MS - now.as_millis() % WINDOW_MS;
            return Err(AccountError::TooMany(left / 60_000 + 1));
        }
        Ok(())
    })
}

/// Counts an attempt to make an account.
///
/// # Errors
/// [`AccountError::TooMany`].
pub fn count_join(node: &Node, address: &str) -> Result<(), AccountError> {
    count(
        node,
        vec![
            (mark(node, "join", &[address]), MOST_JOINS),
            (mark(node, "joins", &[]), MOST_JOINS_ANYWHERE),
        ],
    )
}

/// Counts an attempt to make an account by an invitation: a whole room may stand behind one address, and a member's
/// links are for people whom they know.
///
/// # Errors
/// [`AccountError::TooMany`].
pub(crate) fn count_invited(
    node: &Node,
    invitation: &Invitation,
    address: &str,
) -> Result<(), AccountError> {
    let mut marks = vec![(mark(node, "invited", &[address]), MOST_INVITED_FROM)];
    let commons = node.keys().commons_did();
    let by_steward = node.store().read(|db| {
        let inviter = desk::account(db, &invitation.inviter)?;
        invites_freely(db, &commons, invitation, inviter.as_ref())
    })?;
    if !by_steward {
        let by: String = invitation
            .inviter
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        marks.push((mark(node, "invited by", &[&by]), MOST_INVITED_BY_MEMBER));
    }
    count(node, marks)
}

/// Returns whether an invitation lets people in at once where stewards let in: the keeper's or a steward's does.
pub(crate) fn invites_freely(
    db: &Db<'_>,
    commons: &Did,
    invitation: &Invitation,
    inviter: Option<&Account>,
) -> Result<bool, StoreError> {
    Ok(match inviter {
        Some(inviter) => tables::standing(db, commons, &inviter.did)?.acts(),
        None => invitation.inviter == KEEPER,
    })
}

/// Counts a report to the stewards.
///
/// # Errors
/// [`AccountError::TooMany`].
pub fn count_report(node: &Node, address: &str) -> Result<(), AccountError> {
    count(
        node,
        vec![
            (mark(node, "report", &[address]), MOST_REPORTS),
            (mark(node, "reports", &[]), MOST_REPORTS_ANYWHERE),
        ],
    )
}

/// Counts an attempt to get into an account.
///
/// # Errors
/// [`AccountError::TooMany`].
pub fn count_try(node: &Node, handle: &str, address: &str) -> Result<(), AccountError> {
    count(
        node,
        vec![
            (mark(node, "try", &[handle, address]), MOST_TRIES),
            (mark(node, "tries", &[handle]), MOST_TRIES_ANYWHERE),
            (mark(node, "tries from", &[address]), MOST_TRIES_FROM),
        ],
    )
}

/// Counts an attempt to have a way back in mailed: apart from those to sign in, which it cannot use up.
///
/// # Errors
/// [`AccountError::TooMany`].
pub fn count_lost(node: &Node, who: &str, address: &str) -> Result<(), AccountError> {
    count(
        node,
        vec![
            (mark(node, "lost", &[who, address]), MOST_TRIES),
            (mark(node, "losts", &[who]), MOST_TRIES_ANYWHERE),
            (mark(node, "tries from", &[address]), MOST_TRIES_FROM),
        ],
    )
}

/// Counts a mail to an address that nobody confirmed: strangers are not written to at will.
///
/// # Errors
/// [`AccountError::TooMany`].
pub fn count_confirmation(node: &Node, mail: &str, address: &str) -> Result<(), AccountError> {
    count(
        node,
        vec![
            (mark(node, "confirms", &[mail]), MOST_MAILS),
            (mark(node, "confirms from", &[address]), MOST_MAILS_FROM),
        ],
    )
}

/// Forgets the attempts of somebody who got in.
fn forget_tries(node: &Node, handle: &str, address: &str) {
    let mark = mark(node, "try", &[handle, address]);
    node.store()
        .write_later(move |db| desk::forget_attempts(db, &mark));
}

/// How long a session lasts after it was last used: 30 days.
pub const SESSION_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How exactly it is known when a session or token was last used: an hour.
const SEEN_MS: i64 = 60 * 60 * 1_000;

/// Returns the moment since which a session must have been used.
#[must_use]
pub fn since(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - SESSION_MS)
}

/// Opens a session; returns its token, which only the browser keeps.
///
/// # Errors
/// From the database.
pub fn open_session(node: &Node, id: AccountId, agent: &str) -> Result<String, StoreError> {
    let token = secrets::token()?;
    let (kept, agent, now) = (secrets::kept(&token), agent_name(agent), Node::now());
    node.store()
        .write(move |db| desk::add_session(db, &kept, &id, &agent, now))?;
    Ok(token)
}

/// Returns what kind of browser an agent is: enough to tell one's own apart, and no more.
#[must_use]
pub fn agent_name(agent: &str) -> String {
    let browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari", "curl"]
        .into_iter()
        .find(|name| agent.contains(name));
    let system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]
        .into_iter()
        .find(|name| agent.contains(name));
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// Signs in with a password.
///
/// # Errors
/// [`AccountError::Wrong`], whatever of it was wrong; [`AccountError::TooMany`].
pub fn sign_in(
    node: &Node,
    handle: &str,
    phrase: &str,
    address: &str,
) -> Result<Account, AccountError> {
    let handle = address_of(node, handle)?;
    count_try(node, &handle, address)?;
    let found = node.store().read(|db| desk::account_of(db, &handle))?;
    let kept = found.as_ref().map_or("", |account| &account.password);
    match (secrets::is_phrase(phrase, kept), found) {
        (true, Some(account)) => {
            forget_tries(node, &handle, address);
            Ok(account)
        }
        _ => Err(AccountError::Wrong),
    }
}

/// Returns the address that somebody means: as they wrote it, or where nobody has it, that of the one account with the
/// name that they wrote.
fn address_of(node: &Node, said: &str) -> Result<String, StoreError> {
    let handle = said.trim().trim_start_matches('@').to_lowercase();
    let name = said.split_whitespace().collect::<Vec<_>>().join(" ");
    node.store().read(|db| {
        if desk::account_of(db, &handle)?.is_some() {
            return Ok(handle);
        }
        let mut named = desk::handles_named(db, &name)?;
        Ok(match (named.pop(), named.is_empty()) {
            (Some(only), true) => only,
            _ => handle,
        })
    })
}

/// Sets a new password by a recovery code, which is used up; ends all sessions.
///
/// # Errors
/// [`AccountError::Wrong`], whatever of it was wrong; [`AccountError::TooMany`].
pub fn recover(
    node: &Node,
    handle: &str,
    code: &str,
    phrase: &str,
    address: &str,
) -> Result<Account, AccountError> {
    let handle = address_of(node, handle)?;
    count_try(node, &handle, address)?;
    let found = node.store().read(|db| desk::account_of(db, &handle))?;
    let hash = secrets::hash_phrase(phrase)?;
    let Some(account) = found else {
        return Err(AccountError::Wrong);
    };
    let (id, kept) = (account.id, secrets::kept(code));
    node.write(move |unit| {
        if !desk::use_code(unit.db, &id, &kept)? {
            return Err(AccountError::Wrong);
        }
        desk::set_password(unit.db, &id, &hash)?;
        desk::end_other_sessions(unit.db, &id, &[])?;
        Ok(())
    })?;
    forget_tries(node, &handle, address);
    Ok(account)
}

/// Makes a link by which people may join; returns its code.
///
/// # Errors
/// From the database.
pub fn invite(
    node: &Node,
    by: AccountId,
    role: &str,
    note: &str,
    uses: i64,
    days: i64,
) -> Result<String, StoreError> {
    let (code, invitation) = invitation(role, note, uses, days)?;
    let now = Node::now();
    node.store()
        .write(move |db| desk::add_invitation(db, &invitation, &by, now))?;
    Ok(code)
}

fn invitation(
    role: &str,
    note: &str,
    uses: i64,
    days: i64,
) -> Result<(String, Invitation), StoreError> {
    let code = secrets::invitation()?;
    let invitation = Invitation {
        hash: secrets::kept(&code).to_vec(),
        role: role.to_owned(),
        note: note.to_owned(),
        uses,
        inviter: KEEPER,
        expires: Node::now().as_millis() + days * 24 * 60 * 60 * 1_000,
    };
    Ok((code, invitation))
}

/// Makes the link of the first steward, as long as the commons has none who can act; the one before it ends.
///
/// It does not wait for the database to take writes: reading begins at once.
///
/// # Errors
/// From the database.
pub fn first_link(node: &Node) -> Result<Option<String>, StoreError> {
    let commons = node.keys().commons_did();
    let stewards = node.store().read(|db| tables::stewards(db, &commons))?;
    if !stewards.is_empty() {
        return Ok(None);
    }
    let (code, invitation) = invitation("steward", "", 1, 7)?;
    let now = Node::now();
    node.store().write_later(move |db| {
        desk::remove_first_links(db)?;
        desk::add_invitation(db, &invitation, &KEEPER, now)
    });
    Ok(Some(code))
}

/// What makes the address of somebody's feed unguessable.
fn feed_mark(node: &Node, account: &AccountId) -> String {
    let key = node.keys().derived("minga 2026-11 addresses of feeds");
    blake3::keyed_hash(&key, account).to_hex()[..32].to_owned()
}

/// Returns what names an account in the address of the feed of what it follows: whoever knows it may read the feed.
#[must_use]
pub fn feed_key(node: &Node, account: &AccountId) -> String {
    let id: String = account.iter().map(|byte| format!("{byte:02x}")).collect();
    id + &feed_mark(node, account)
}

/// Returns the account that [`feed_key`] names, if it is one.
///
/// # Errors
/// From the database.
pub fn account_of_feed(
    node: &Node,
    db: &Db<'_>,
    key: &str,
) -> Result<Option<AccountId>, StoreError> {
    if key.len() != 64 || !key.is_ascii() {
        return Ok(None);
    }
    let (id, mark) = key.split_at(32);
    let Ok(id) = AccountId::try_from(crate::pages::unhex(id)) else {
        return Ok(None);
    };
    if blake3::hash(feed_mark(node, &id).as_bytes()) != blake3::hash(mark.as_bytes()) {
        return Ok(None);
    }
    Ok(desk::account(db, &id)?.map(|account| account.id))
}

/// Makes a token for a program; returns it, to be shown once.
///
/// # Errors
/// From the database.
pub fn make_token(
    node: &Node,
    account: AccountId,
    label: &str,
    scopes: &str,
) -> Result<String, StoreError> {
    let secret = secrets::token()?;
    let token = desk::Token {
        hash: secrets::kept(&secret).to_vec(),
        label: label.to_owned(),
        scopes: scopes.to_owned(),
        created: Node::now().as_millis(),
        used: 0,
    };
    node.store()
        .write(move |db| desk::add_token(db, &account, &token))?;
    Ok(secret)
}

/// Finds out who asks.
///
/// # Errors
/// From the database.
pub fn identify(node: &Node, db: &Db<'_>, shown: &Shown<'_>) -> Result<Option<Asker>, StoreError> {
    let now = Node::now();
    let (id, scopes) = if let Some(bearer) = shown.bearer {
        let hash = secrets::kept(bearer);
        let Some((id, scopes, used)) = desk::token(db, &hash)? else {
            return Ok(None);
        };
        if now.as_millis() - used > SEEN_MS {
            node.store()
                .write_later(move |db| desk::used_token(db, &hash, now));
        }
        (id, scopes.split(' ').map(str::to_owned).collect())
    } else if let Some(session) = shown.session {
        let token = secrets::kept(session);
        let Some((id, seen)) = desk::session(db, &token, since(now))? else {
            return Ok(None);
        };
        if now.as_millis() - seen.as_millis() > SEEN_MS {
            node.store()
                .write_later(move |db| desk::seen(db, &token, now));
        }
        (id, Vec::new())
    } else {
        return Ok(None);
    };
    asker_of(node, db, id, scopes)
}

/// Returns whose account it is, as whoever asks; `scopes` is empty for a session.
pub(crate) fn asker_of(
    node: &Node,
    db: &Db<'_>,
    id: AccountId,
    scopes: Vec<String>,
) -> Result<Option<Asker>, StoreError> {
    let Some(account) = desk::account(db, &id)? else {
        return Ok(None);
    };
    let standing = tables::standing(db, &node.keys().commons_did(), &account.did)?;
    Ok(Some(Asker {
        account: id,
        unread: desk::count_unseen(db, &id)?,
        did: account.did,
        handle: account.handle,
        name: account.name,
        // Who is blocked, or whose key was taken back, signs no decision, and lets nobody in either.
        steward: standing.acts(),
        writes: standing.publishes(),
        waits: account.status == Status::Waiting,
        signs_here: !account.sealed.is_empty(),
        scopes,
    }))
}

/// Publishes a new word of a person on themselves, and keeps the desk's names in step.
///
/// # Errors
/// [`AccountError`]; then nothing changed.
pub fn describe(node: &Node, asker: &Asker, profile: Profile) -> Result<(), AccountError> {
    let id = asker.account;
    let now = Node::now();
    let commons = node.keys().commons_did();
    let (account, before, waiting) = node.store().read(|db| {
        let viewer = store::Viewer::public();
        let account = desk::account(db, &id)?;
        let before = tables::by_did(db, &viewer, asker.did.as_str())?;
        let thing = match &before {
            Some(person) => tables::full_id(db, &person.id)?,
            None => None,
        };
        let waiting = account
            .as_ref()
            .is_some_and(|a| a.status == Status::Waiting);
        Ok::<_, StoreError>((account, before.zip(thing), waiting))
    })?;
    let Some(account) = account else {
        return Err(AccountError::Wrong);
    };
    let handle = Handle::parse(&profile.handle).map_err(|_| AccountError::Wrong)?;
    let name = profile.name.clone();
    let (thing, replaces) = match before {
        Some((person, thing)) => (Some(thing), vec![person.hash]),
        None => (None, Vec::new()),
    };
    let draft = profile.draft(commons, now, thing, replaces);
    let key = open_key(node, &account)?.ok_or_else(own_key)?;
    let ready = node.ready(node.sign(draft, &key)?);
    node.write(move |unit| {
        require_free(
            unit.db,
            &handle,
            &name,
            Some((&account.handle, &account.name)),
        )?;
        desk::rename(
            unit.db,
            &id,
            handle.as_str(),
            &handle.skeleton(),
            &name,
            &skeleton(&name),
        )?;
        if waiting {
            return Ok(());
        }
        require(unit.publish(&ready)?)
    })
}

/// The refusal where somebody keeps their key themselves.
#[must_use]
pub fn own_key() -> AccountError {
    AccountError::Refused(Refusal::new(
        "own_key",
        "the key of this account is not on this node",
        "sign with it and send the record by “minga publish”",
    ))
}

/// Publishes a decision with the key of the commons, as whoever keeps the node.
///
/// # Errors
/// [`AccountError::Refused`] where a rule says no.
pub fn decide(node: &Node, decision: Decision) -> Result<(), AccountError> {
    let draft = decision.draft(node.keys().commons_did(), Node::now());
    match node.publish(draft, node.keys().commons())? {
        Outcome::Refused(refusal) => Err(AccountError::Refused(refusal)),
        Outcome::Accepted(_) | Outcome::Known(_) => Ok(()),
    }
}

/// Makes new recovery codes for somebody who lost every way in, and ends their sessions.
///
/// # Errors
/// [`AccountError::Wrong`] where nobody has this address.
pub fn reset(node: &Node, handle: &str) -> Result<Vec<String>, AccountError> {
    let found = node.store().read(|db| desk::account_of(db, handle))?;
    let id = found.ok_or(AccountError::Wrong)?.id;
    let codes = secrets::recovery_codes()?;
    let hashes: Vec<[u8; 32]> = codes.iter().map(|code| secrets::kept(code)).collect();
    node.store().write(move |db| {
        desk::set_codes(db, &id, &hashes)?;
        desk::end_other_sessions(db, &id, &[])
    })?;
    Ok(codes)
}
