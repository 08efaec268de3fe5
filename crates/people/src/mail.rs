//! Mail, where the node sends any: a link to confirm an address, a link to get back in, and notices.
//!
//! What is written here waits on the desk; whoever keeps a connection to a mail server takes it from there
//! ([`deliver`]). An address that its owner did not confirm gets the link to confirm it, and nothing else.

use crate::accounts::{self, AccountError};
use crate::secrets;
use crate::tables::desk::{self, Account, AccountId};
use crate::tables::mails::{self, Purpose};
pub use crate::tables::mails::{Addressee, Mail, Often, addressee, folded, hurry, waiting};
use record::Timestamp;
use site::{Acting, Catalogues, Lang, Words};
use store::{Db, Node, StoreError};

/// What it takes to write a mail: the node, how the commons is called and reached, and the words.
#[derive(Clone, Copy)]
pub struct Office<'a> {
    /// The node.
    pub node: &'a Node,
    /// The commons' name.
    pub commons: &'a str,
    /// The address of the node as others reach it, without a slash at its end.
    pub url: &'a str,
    /// The words of every language.
    pub words: &'a Catalogues,
}

impl<'a> Office<'a> {
    /// Returns the office of the node at which somebody acts; none where it sends no mail.
    #[must_use]
    pub fn of(acting: &Acting<'a>) -> Option<Self> {
        acting.settings.mail.then_some(Self {
            node: acting.node,
            commons: &acting.settings.name,
            url: &acting.settings.public_url,
            words: acting.catalogues,
        })
    }
}

const MINUTE_MS: i64 = 60 * 1_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// How long a link to set a new phrase is good.
pub const RECOVER_MS: i64 = 30 * MINUTE_MS;
/// How long a link to confirm an address is good.
pub const CONFIRM_MS: i64 = 3 * DAY_MS;
/// How long notices that could not be sent are tried: longer than all the pauses together.
const NOTICES_MS: i64 = 2 * DAY_MS;
/// How long after a mail with notices the next one may follow for who wants them at once: a lively page is one mail
/// and not fifty.
const AT_ONCE_MS: i64 = 5 * MINUTE_MS;
/// The same for who wants them once a day.
const DAILY_MS: i64 = DAY_MS;

/// How long to wait after each try to send a mail; after the last it is given up.
const PAUSES_MS: [i64; 5] = [
    MINUTE_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    120 * MINUTE_MS,
    720 * MINUTE_MS,
];

fn after(now: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(now.as_millis() + millis)
}

/// Returns a text in one line: no name or title begins a paragraph, or a header, of its own.
#[must_use]
pub fn one_line(text: &str) -> String {
    let plain = text.split(|c: char| c.is_whitespace() || c.is_control());
    plain
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Says some of the words of mails in the addressee's language.
struct Writer<'a> {
    office: Office<'a>,
    words: &'a Words,
    to: &'a Addressee,
}

impl<'a> Writer<'a> {
    fn new(office: Office<'a>, to: &'a Addressee) -> Self {
        let lang = Lang::parse(&to.language).unwrap_or(Lang::Es);
        Self {
            words: office.words.of(lang),
            office,
            to,
        }
    }

    /// Returns a message in which commons, name and handle may stand.
    fn say(&self, key: &str) -> String {
        let (commons, name) = (one_line(self.office.commons), one_line(&self.to.name));
        let known = [
            ("commons", (&commons).into()),
            ("name", (&name).into()),
            ("handle", (&self.to.handle).into()),
        ];
        self.words.tf(key, &known)
    }

    /// Puts a mail together, sealed.
    fn mail(
        &self,
        subject: &str,
        paragraphs: &[String],
        stop: String,
        (now, expires): (Timestamp, Timestamp),
    ) -> Result<Mail, StoreError> {
        let id = secrets::random()?;
        // Whoever gave somebody else's address has no words of their own brought there.
        let hello = if self.to.confirmed {
            "mail-hello"
        } else {
            "mail-hello-plain"
        };
        let text = format!(
            "{}\n\n{}\n\n-- \n{}\n{}\n",
            self.say(hello),
            paragraphs.join("\n\n"),
            one_line(self.office.commons),
            self.office.url
        );
        Ok(Mail {
            id,
            account: self.to.account,
            to: self.to.mail.clone(),
            subject: one_line(&self.say(subject)),
            body: self.office.node.keys().seal(text.as_bytes(), &id)?,
            stop,
            created: now,
            expires,
            tries: 0,
        })
    }
}

/// Writes to the address of an account, so that its owner confirms it; nothing where there is none, or it is confirmed.
/// `address` is that of the network from which it was asked for.
///
/// # Errors
/// [`AccountError::TooMany`] where that was asked for too often.
pub fn ask_to_confirm(
    office: Office<'_>,
    id: &AccountId,
    address: &str,
) -> Result<(), AccountError> {
    let node = office.node;
    let found = node.store().read(|db| addressee(db, id))?;
    let Some(to) = found.filter(|to| !to.mail.is_empty() && !to.confirmed) else {
        return Ok(());
    };
    accounts::count_confirmation(node, &folded(&to.mail), address)?;
    let (token, now) = (secrets::token()?, Node::now());
    let expires = after(now, CONFIRM_MS);
    let writer = Writer::new(office, &to);
    let mail = writer.mail(
        "mail-confirm-subject",
        &[
            writer.say("mail-confirm-why"),
            format!("{}/confirm-mail?link={token}", office.url),
            writer.say("mail-confirm-not"),
        ],
        String::new(),
        (now, expires),
    )?;
    let hash = secrets::kept(&token);
    node.store().write(move |db| {
        let whom = (&mail.account, mail.to.as_str());
        mails::add_link(db, &hash, Purpose::Confirm, whom, now, expires)?;
        mails::add(db, &mail)
    })?;
    Ok(())
}

/// Returns whom a link asks to confirm an address, and which.
///
/// # Errors
/// From the database.
pub fn confirming(db: &Db<'_>, token: &str) -> Result<Option<Addressee>, StoreError> {
    let hash = secrets::kept(token);
    let Some((id, mail)) = mails::link(db, &hash, Purpose::Confirm, Node::now())? else {
        return Ok(None);
    };
    Ok(addressee(db, &id)?.filter(|to| folded(&to.mail) == mail))
}

/// Confirms the address to which a link was mailed. The link may be opened again: it says the same.
///
/// # Errors
/// From the database.
pub fn confirm(node: &Node, token: &str) -> Result<Option<Addressee>, StoreError> {
    let token = token.to_owned();
    node.store().write(move |db| {
        let found = confirming(db, &token)?;
        if let Some(to) = &found {
            mails::confirm(db, &to.account, &to.mail)?;
        }
        Ok(found)
    })
}

/// How many accounts of one address of mail get a link at once: a family's, a workshop's.
const MOST_ACCOUNTS: i64 = 10;

/// Mails a link by which a new phrase can be set, where there is such an account with a confirmed address.
///
/// `who` is an address in this commons, or one of mail. Nothing that is returned, and next to nothing of the time it
/// takes, tells whether there is such an account.
///
/// # Errors
/// [`AccountError::TooMany`], counted whether or not there is one.
pub fn recover(office: Office<'_>, who: &str, address: &str) -> Result<(), AccountError> {
    let node = office.node;
    let who = who.trim().trim_start_matches('@').to_lowercase();
    accounts::count_lost(node, &who, address)?;
    let found: Vec<Addressee> = node.store().read(|db| {
        let ids = if who.contains('@') {
            mails::accounts_of(db, &who, MOST_ACCOUNTS)?
        } else {
            let account = desk::account_of(db, &who)?;
            account.map(|account| account.id).into_iter().collect()
        };
        let mut found = Vec::new();
        for id in ids {
            found.extend(addressee(db, &id)?.filter(|to| to.confirmed));
        }
        Ok::<_, StoreError>(found)
    })?;
    let now = Node::now();
    let expires = after(now, RECOVER_MS);
    let mut written = Vec::new();
    for to in &found {
        let token = secrets::token()?;
        let writer = Writer::new(office, to);
        let mail = writer.mail(
            "mail-recover-subject",
            &[
                writer.say("mail-recover-why"),
                format!("{}/recover?link={token}", office.url),
                writer.say("mail-recover-not"),
            ],
            String::new(),
            (now, expires),
        )?;
        let mark = accounts::mark(node, "lost mails", &[&to.handle]);
        written.push((secrets::kept(&token), mark, mail));
    }
    // Nobody waits for it: whoever asks could tell by the time whether there was something to write.
    node.store().write_later(move |db| {
        for (hash, mark, mail) in &written {
            if desk::attempt(db, mark, accounts::slot(now))? > accounts::MOST_MAILS {
                continue;
            }
            let whom = (&mail.account, mail.to.as_str());
            mails::add_link(db, hash, Purpose::Recover, whom, now, expires)?;
            mails::add(db, mail)?;
        }
        Ok(())
    });
    Ok(())
}

/// Returns the account for which a link sets a new phrase.
///
/// # Errors
/// From the database.
pub fn recovering(db: &Db<'_>, token: &str) -> Result<Option<Account>, StoreError> {
    let hash = secrets::kept(token);
    match mails::link(db, &hash, Purpose::Recover, Node::now())? {
        Some((id, _)) => desk::account(db, &id),
        None => Ok(None),
    }
}

/// Sets a new phrase by a link that was mailed, which is used up; ends all sessions, and all other such links.
///
/// # Errors
/// [`AccountError::Wrong`] where the link is not known, was used, or has ended.
pub fn recover_by_link(node: &Node, token: &str, phrase: &str) -> Result<Account, AccountError> {
    let found = node.store().read(|db| recovering(db, token))?;
    let account = found.ok_or(AccountError::Wrong)?;
    let (kept, hash) = (secrets::kept(token), secrets::hash_phrase(phrase)?);
    let id = account.id;
    node.write(move |unit| {
        let used = mails::use_link(unit.db, &kept, Purpose::Recover, Node::now())?;
        if used.is_none_or(|(whose, _)| whose != id) {
            return Err(AccountError::Wrong);
        }
        mails::end_links(unit.db, &id, Purpose::Recover)?;
        desk::set_password(unit.db, &id, &hash)?;
        desk::end_other_sessions(unit.db, &id, &[])?;
        Ok(())
    })?;
    Ok(account)
}

/// Says how often somebody wants their notices by mail; returns whether that could be: their address must be confirmed.
///
/// # Errors
/// From the database.
pub fn choose(node: &Node, id: AccountId, often: Often) -> Result<bool, StoreError> {
    node.store().write(move |db| {
        let confirmed = addressee(db, &id)?.is_some_and(|to| to.confirmed);
        if !confirmed && often != Often::Never {
            return Ok(false);
        }
        mails::choose(db, &id, often, Node::now())?;
        Ok(true)
    })
}

/// What shows that whoever holds a link was mailed it: bound to the account and the address.
fn stop_key(node: &Node, id: &AccountId, mail: &str) -> blake3::Hash {
    let key = node.keys().derived("minga 2026-11 links that end mails");
    blake3::keyed_hash(&key, &[id.as_slice(), folded(mail).as_bytes()].concat())
}

/// Returns the query of the link that ends mails to an account.
fn stop_query(node: &Node, to: &Addressee) -> String {
    let account: String = to.account.iter().map(|b| format!("{b:02x}")).collect();
    let key = stop_key(node, &to.account, &to.mail).to_hex();
    format!("account={account}&key={key}")
}

/// Returns whom a link that ends mails is for; none where it was not mailed to the address that they have now.
///
/// # Errors
/// From the database.
pub fn stopping(
    node: &Node,
    db: &Db<'_>,
    account: &[u8],
    key: &[u8],
) -> Result<Option<Addressee>, StoreError> {
    let (Ok(id), Ok(key)) = (AccountId::try_from(account), <[u8; 32]>::try_from(key)) else {
        return Ok(None);
    };
    let found = addressee(db, &id)?;
    // Compares without telling by the time it takes how much was right.
    Ok(found.filter(|to| stop_key(node, &id, &to.mail) == key))
}

/// How many accounts are written to in one go.
const ACCOUNTS: i64 = 50;
/// How many notices go into one mail, those that are only counted included.
const NOTICES: i64 = 200;
/// How many of them are told.
const TOLD: usize = 30;

/// A mail could not be written just now: what it would tell was changed meanwhile.
enum Late {
    Changed,
    Store(StoreError),
}

impl From<StoreError> for Late {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Writes to everybody who wants their notices by mail what they have not seen yet; returns how many mails that made.
///
/// A notice stands in one mail at most: it is marked in the same COMMIT.
///
/// # Errors
/// From the database.
pub fn collect(office: Office<'_>, now: Timestamp) -> Result<u64, StoreError> {
    let node = office.node;
    let expecting = node
        .store()
        .read(|db| mails::expecting(db, now, ACCOUNTS))?;
    let mut written = 0;
    for id in expecting {
        let (found, notices) = node.store().read(|db| {
            let notices = mails::unmailed(db, &id, NOTICES)?;
            Ok::<_, StoreError>((addressee(db, &id)?, notices))
        })?;
        let Some(to) = found.filter(|to| to.confirmed && !notices.is_empty()) else {
            continue;
        };
        let pause = match to.often {
            Often::Never => continue,
            Often::AtOnce => AT_ONCE_MS,
            Often::Daily => DAILY_MS,
        };
        let mail = notices_mail(office, &to, &notices, now)?;
        let done = node.write(move |unit| {
            if !mails::put_off(unit.db, &id, after(now, pause))? {
                return Err(Late::Changed);
            }
            for notice in &notices {
                if !mails::mark_mailed(unit.db, &id, &notice.id)? {
                    return Err(Late::Changed);
                }
            }
            mails::add(unit.db, &mail)?;
            Ok(())
        });
        match done {
            Ok(()) => written += 1,
            // It was seen, or another process was first: what is left comes next time.
            Err(Late::Changed) => {}
            Err(Late::Store(error)) => return Err(error),
        }
    }
    Ok(written)
}

fn notices_mail(
    office: Office<'_>,
    to: &Addressee,
    notices: &[desk::Notice],
    now: Timestamp,
) -> Result<Mail, StoreError> {
    let writer = Writer::new(office, to);
    let told = notices.iter().take(TOLD).map(|notice| {
        let text = [("text", notice.text.as_str().into())];
        let sentence = one_line(&writer.words.tf(&notice.kind, &text));
        format!("{sentence}\n{}{}", office.url, notice.about)
    });
    let mut paragraphs: Vec<String> = told.collect();
    let more = notices.len().saturating_sub(TOLD);
    if more > 0 {
        let more = [("count", more.into())];
        paragraphs.push(writer.words.tf("mail-notices-more", &more));
    }
    let stop = format!("{}/unsubscribe?{}", office.url, stop_query(office.node, to));
    paragraphs.push(format!(
        "{} {}/inbox\n{} {stop}",
        writer.say("mail-notices-all"),
        office.url,
        writer.say("mail-notices-stop"),
    ));
    writer.mail(
        "mail-notices-subject",
        &paragraphs,
        stop,
        (now, after(now, NOTICES_MS)),
    )
}

/// A mail as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id, the same at each try.
    pub id: String,
    /// The address that it goes to.
    pub to: String,
    /// Its subject, in one line.
    pub subject: String,
    /// Its text, with `\n` at the ends of lines.
    pub body: String,
    /// The address that ends mails like this one; none for those that somebody asked for.
    pub stop: Option<String>,
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The mail server took it.
    Taken,
    /// The mail server did not take it; why, in words that name no address.
    Refused(String),
    /// No mail server was reached, so that no other letter is tried either; why, in the same words.
    Unreached(String),
    /// It cannot be sent to such an address at all.
    Never,
}

/// What became of the letters that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many were sent.
    pub sent: u64,
    /// How many wait for another try.
    pub waiting: u64,
    /// How many were given up.
    pub dropped: u64,
    /// Why the last one that was not sent was not.
    pub reason: Option<String>,
}

/// How many letters are sent in one go.
const LETTERS: i64 = 20;

/// Sends what is due, through `send`; what cannot be sent waits a minute, then longer and longer, and is given up
/// after the sixth try or when it is of no use any more.
///
/// Each letter is taken in hand before it is sent, so that two processes do not send the same.
///
/// # Errors
/// From the database.
pub fn deliver(
    node: &Node,
    now: Timestamp,
    send: &mut dyn FnMut(&Letter) -> Sent,
) -> Result<Delivered, StoreError> {
    let mut done = Delivered::default();
    for mail in node.store().read(|db| mails::due(db, now, LETTERS))? {
        let id = mail.id;
        let pause = usize::try_from(mail.tries)
            .ok()
            .and_then(|tries| PAUSES_MS.get(tries));
        let next = after(now, pause.copied().unwrap_or(PAUSES_MS[0]));
        let (is_last, is_stale) = (pause.is_none(), mail.expires <= now);
        let taken = node.store().write({
            let mail = mail.clone();
            move |db| mails::take(db, &mail, next)
        })?;
        if !taken {
            continue;
        }
        let sent = match letter(node, mail).filter(|_| !is_stale) {
            Some(letter) => send(&letter),
            None => Sent::Never,
        };
        match &sent {
            Sent::Taken => done.sent += 1,
            Sent::Refused(_) | Sent::Unreached(_) if !is_last => done.waiting += 1,
            Sent::Refused(_) | Sent::Unreached(_) | Sent::Never => done.dropped += 1,
        }
        let waits = !is_last && matches!(sent, Sent::Refused(_) | Sent::Unreached(_));
        if !waits {
            node.store().write(move |db| mails::remove(db, &id))?;
        }
        if let Sent::Refused(reason) | Sent::Unreached(reason) = &sent {
            done.reason = Some(reason.clone());
        }
        if matches!(sent, Sent::Unreached(_)) {
            break;
        }
    }
    Ok(done)
}

/// Opens a mail; none where it was sealed with another node's key.
fn letter(node: &Node, mail: Mail) -> Option<Letter> {
    let body = node.keys().open_sealed(&mail.body, &mail.id).ok()?;
    Some(Letter {
        id: mail.id.iter().map(|b| format!("{b:02x}")).collect(),
        to: mail.to,
        subject: mail.subject,
        body: String::from_utf8(body).ok()?,
        stop: Some(mail.stop).filter(|stop| !stop.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::{
        CONFIRM_MS, DAILY_MS, Delivered, Letter, Office, Often, PAUSES_MS, RECOVER_MS, Sent, after,
        ask_to_confirm, choose, collect, deliver, one_line, recover,
    };
    use crate::accounts::{Joins, Way, let_join};
    use crate::model::{Handle, PersonName};
    use crate::tables::desk::{self, AccountId, Notice};
    use crate::tables::mails;
    use record::Timestamp;
    use site::Catalogues;
    use store::{Node, StoreError};

    /// A node in a folder of its own.
    struct World {
        _folder: tempfile::TempDir,
        node: Node,
        words: Catalogues,
    }

    impl World {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let options = store::Options {
                data: folder.path().join("data"),
                database: None,
                seal_key: None,
                bucket: None,
                readers: 2,
                patience: std::time::Duration::from_secs(20),
                told: |_| {},
            };
            let node = Node::open(options, || vec![Box::new(crate::People)]).expect("a node");
            Self {
                _folder: folder,
                node,
                words: Catalogues::new(&[[
                    include_str!("../words/es.ftl"),
                    include_str!("../words/en.ftl"),
                ]]),
            }
        }

        fn office(&self) -> Office<'_> {
            Office {
                node: &self.node,
                commons: "Barn",
                url: "https://barn.example",
                words: &self.words,
            }
        }

        fn join(&self, handle: &str, language: &str) -> AccountId {
            let joins = Joins {
                handle: Handle::parse(handle).expect("a handle"),
                name: PersonName::parse(&format!("Who is {handle}")).expect("a name"),
                languages: Vec::new(),
                mail: format!("{handle}@example.org"),
                way: Way::None,
                code: String::new(),
                words: String::new(),
                language: language.to_owned(),
            };
            let_join(&self.node, joins).expect("joined").id
        }

        fn confirm(&self, id: AccountId, handle: &str) {
            let mail = format!("{handle}@example.org");
            let done = self
                .node
                .store()
                .write(move |db| mails::confirm(db, &id, &mail));
            done.expect("written");
        }

        fn tell(&self, id: AccountId, text: &str) {
            let notice = Notice {
                id: text.as_bytes().to_vec(),
                at: Node::now().as_millis(),
                kind: "notice-remark".to_owned(),
                about: "/discussion/Bread".to_owned(),
                text: text.to_owned(),
                seen: false,
            };
            let done = self
                .node
                .store()
                .write(move |db| desk::tell(db, &id, &notice));
            done.expect("written");
        }

        /// Sends what is due, and returns what was sent.
        fn sent(&self, now: Timestamp) -> Vec<Letter> {
            let mut sent = Vec::new();
            let done = deliver(&self.node, now, &mut |letter| {
                sent.push(letter.clone());
                Sent::Taken
            });
            assert_eq!(done.expect("delivered").sent, sent.len() as u64);
            sent
        }

        fn refused(&self, now: Timestamp) -> Delivered {
            let no = |_: &Letter| Sent::Refused("no".to_owned());
            deliver(&self.node, now, &mut { no }).expect("delivered")
        }

        /// Waits for what is written behind the others.
        fn settle(&self) {
            let done = self.node.store().write(|_| Ok::<_, StoreError>(()));
            done.expect("written");
        }
    }

    #[test]
    fn what_cannot_be_sent_waits_longer_each_time_and_is_given_up() {
        let world = World::new();
        let ana = world.join("ana", "en");
        ask_to_confirm(world.office(), &ana, "").expect("written");
        let mut now = Node::now();
        for pause in PAUSES_MS {
            let done = world.refused(now);
            assert_eq!((done.waiting, done.dropped), (1, 0), "{pause}");
            let before = after(now, pause - 1);
            assert_eq!(world.refused(before), Delivered::default(), "{pause}");
            now = after(now, pause);
        }
        let done = world.refused(now);
        assert_eq!((done.waiting, done.dropped), (0, 1));
        assert!(world.sent(after(now, CONFIRM_MS - 1)).is_empty());
    }

    #[test]
    fn no_other_letter_is_tried_while_no_server_is_reached() {
        let world = World::new();
        for handle in ["ana", "bob"] {
            let id = world.join(handle, "en");
            ask_to_confirm(world.office(), &id, "").expect("written");
        }
        let mut tried = 0;
        let done = deliver(&world.node, Node::now(), &mut |_| {
            tried += 1;
            Sent::Unreached("away".to_owned())
        })
        .expect("delivered");
        assert_eq!((tried, done.waiting), (1, 1));
        assert_eq!(world.sent(Node::now()).len(), 1, "the other is due");
    }

    #[test]
    fn a_letter_in_one_hand_is_not_sent_by_another() {
        let world = World::new();
        let ana = world.join("ana", "en");
        ask_to_confirm(world.office(), &ana, "").expect("written");
        let mut sent = 0;
        deliver(&world.node, Node::now(), &mut |_| {
            sent += 1 + world.sent(Node::now()).len();
            Sent::Taken
        })
        .expect("delivered");
        assert_eq!(sent, 1);
    }

    #[test]
    fn a_link_is_mailed_to_a_confirmed_address_alone_and_not_after_it_ended() {
        let world = World::new();
        let ana = world.join("ana", "es");
        recover(world.office(), "ana", "").expect("counted");
        world.settle();
        assert!(world.sent(Node::now()).is_empty());
        world.confirm(ana, "ana");
        recover(world.office(), "Ana@Example.org", "").expect("counted");
        world.settle();
        let sent = world.sent(Node::now());
        let [letter] = &sent[..] else {
            panic!("{sent:?}")
        };
        assert_eq!(letter.subject, "Barn: un enlace para volver a entrar");
        assert!(
            letter.body.starts_with("Hola, Who is ana:\n\n"),
            "{}",
            letter.body
        );
        assert!(letter.body.contains("\nhttps://barn.example/recover?link="));
        recover(world.office(), "ana", "").expect("counted");
        world.settle();
        let done = deliver(&world.node, after(Node::now(), RECOVER_MS), &mut |_| {
            Sent::Taken
        });
        let done = done.expect("delivered");
        assert_eq!(
            (done.sent, done.dropped),
            (0, 1),
            "it is of no use any more"
        );
    }

    #[test]
    fn nobody_gets_more_than_a_few_links_whoever_asks_from_wherever() {
        let world = World::new();
        let ana = world.join("ana", "en");
        world.confirm(ana, "ana");
        for address in [
            "192.0.2.1",
            "192.0.2.2",
            "192.0.2.3",
            "192.0.2.4",
            "192.0.2.5",
        ] {
            recover(world.office(), "ana", address).expect("counted");
        }
        world.settle();
        assert_eq!(world.sent(Node::now()).len(), 3);
    }

    #[test]
    fn a_notice_is_mailed_once_to_who_asked_for_it() {
        let world = World::new();
        let (ana, bob) = (world.join("ana", "en"), world.join("bob", "en"));
        assert!(
            !choose(&world.node, ana, Often::AtOnce).expect("read"),
            "not confirmed"
        );
        world.confirm(ana, "ana");
        world.confirm(bob, "bob");
        world.tell(ana, "Before");
        assert!(choose(&world.node, ana, Often::AtOnce).expect("written"));
        let now = Node::now();
        let collected = |now| collect(world.office(), now).expect("collected");
        assert_eq!(collected(now), 0, "what was told before");
        world.tell(ana, "One\n\nTo: all");
        world.tell(bob, "Two");
        assert_eq!((collected(now), collected(now)), (1, 0));
        world.tell(ana, "Three");
        assert_eq!(collected(now), 0, "what comes soon comes together");
        world.tell(ana, "Four");
        let later = after(now, super::AT_ONCE_MS);
        assert_eq!(
            (collected(later), collected(after(later, DAILY_MS))),
            (1, 0)
        );
        let sent = world.sent(later);
        let bodies: Vec<&str> = sent.iter().map(|letter| &*letter.body).collect();
        assert_eq!(bodies.len(), 2);
        let [first, second] = [bodies[0], bodies[1]];
        let (first, second) = if first.contains("One") {
            (first, second)
        } else {
            (second, first)
        };
        assert!(first.contains("Discussion: One To: all\nhttps://barn.example/discussion/Bread\n"));
        assert!(second.contains("Three") && second.contains("Four") && !second.contains("One"));
        assert!(sent.iter().all(|letter| letter.to == "ana@example.org"));
        assert!(sent.iter().all(|letter| letter.stop.is_some()));
    }

    #[test]
    fn once_a_day_is_once_a_day_and_a_new_address_waits_to_be_confirmed() {
        let world = World::new();
        let ana = world.join("ana", "en");
        world.confirm(ana, "ana");
        choose(&world.node, ana, Often::Daily).expect("written");
        let now = Node::now();
        world.tell(ana, "One");
        assert_eq!(collect(world.office(), now).expect("collected"), 1);
        world.tell(ana, "Two");
        let soon = after(now, DAILY_MS - 1);
        assert_eq!(collect(world.office(), soon).expect("collected"), 0);
        let done = world
            .node
            .store()
            .write(move |db| desk::set_mail(db, &ana, "new@example.org"));
        done.expect("written");
        assert!(
            world.sent(now).is_empty(),
            "what was on its way to the one before"
        );
        let tomorrow = after(now, DAILY_MS);
        assert_eq!(collect(world.office(), tomorrow).expect("collected"), 0);
        world.confirm(ana, "new");
        assert_eq!(collect(world.office(), tomorrow).expect("collected"), 1);
        assert_eq!(world.sent(tomorrow)[0].to, "new@example.org");
        // What was seen meanwhile is not news.
        world.tell(ana, "Three");
        let done = world.node.store().write(move |db| desk::see_all(db, &ana));
        done.expect("written");
        let then = after(tomorrow, DAILY_MS);
        assert_eq!(collect(world.office(), then).expect("collected"), 0);
    }

    #[test]
    fn who_is_told_much_gets_a_mail_that_can_be_read() {
        let world = World::new();
        let ana = world.join("ana", "en");
        world.confirm(ana, "ana");
        choose(&world.node, ana, Often::AtOnce).expect("written");
        for number in 0..42 {
            world.tell(ana, &format!("Page {number}."));
        }
        assert_eq!(collect(world.office(), Node::now()).expect("collected"), 1);
        let sent = world.sent(Node::now());
        assert_eq!(sent[0].body.matches("Discussion:").count(), 30);
        assert!(
            sent[0].body.contains("And 12 more notices."),
            "{}",
            sent[0].body
        );
    }

    #[test]
    fn a_text_of_many_lines_is_one() {
        assert_eq!(one_line("A\r\nBcc: x@y.z\0\u{85}B\t "), "A Bcc: x@y.z B");
    }
}
