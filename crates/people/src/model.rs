//! The nouns: addresses of people, what they say of themselves, and what stewards decide.

mod organization;

pub use organization::{Attestation, Claim, LegalForm, Membership, Organization};

use crate::selector::Quote;
use record::{Did, Draft, Record, RecordId, Space, Timestamp};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;
use unicode_security::MixedScript;

/// A person's address in a commons: 3–40 of `a-z`, `0-9` and `-`, beginning with a letter, with no `-` at its end
/// and no two in a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(Box<str>);

/// Why a text is no address of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// Under 3 or over 40 characters.
    #[error("an address has 3 to 40 characters")]
    Length,
    /// A sign that is not allowed, or not there.
    #[error("an address is made of a-z, 0-9 and single hyphens, and begins with a letter")]
    Signs,
    /// A word by which the program itself is addressed.
    #[error("this word is kept for the commons itself")]
    Kept,
}

/// Words that would look as if the commons spoke.
const KEPT: &[&str] = &[
    "admin",
    "administrator",
    "api",
    "commons",
    "me",
    "minga",
    "moderator",
    "node",
    "root",
    "steward",
    "stewards",
    "support",
    "system",
];

impl Handle {
    /// Reads an address; upper case is taken as lower case.
    ///
    /// # Errors
    /// [`HandleError`] says what is not as it should be.
    pub fn parse(text: &str) -> Result<Self, HandleError> {
        let text = text.trim().trim_start_matches('@').to_ascii_lowercase();
        if text.len() < 3 || text.len() > 40 {
            return Err(HandleError::Length);
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.chars().all(plain)
            || !text.starts_with(|c: char| c.is_ascii_lowercase())
            || text.ends_with('-')
            || text.contains("--")
        {
            return Err(HandleError::Signs);
        }
        if KEPT.contains(&&*text) {
            return Err(HandleError::Kept);
        }
        Ok(Self(text.into()))
    }

    /// Makes an address out of a name, as a proposal: `María José` gives `maria-jose`.
    #[must_use]
    pub fn propose(name: &str) -> Option<Self> {
        let mut text = String::new();
        for c in name.nfkd().flat_map(char::to_lowercase) {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                text.push(c);
            } else if (c.is_whitespace() || c == '-') && !text.is_empty() && !text.ends_with('-') {
                text.push('-');
            }
        }
        text.truncate(40);
        Self::parse(text.trim_end_matches('-')).ok()
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form in which two addresses that look alike are equal.
    ///
    /// Source: Unicode Technical Standard 39, section 4; and hyphens, which nobody hears, are left out.
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.0.replace('-', ""))
    }
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the form in which two texts that look alike are equal (UTS 39, section 4), without their case, the ways in
/// which a letter can be dressed up (NFKC), blanks and punctuation.
#[must_use]
pub fn skeleton(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    // `l`, `1` and `I` look alike, and so do `0` and `O`: the case is folded before and after.
    let like: String = unicode_security::skeleton(&lower).collect();
    let folded: String = like.chars().flat_map(char::to_lowercase).collect();
    let like: String = unicode_security::skeleton(&folded).collect();
    let letters: String = like.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() { like } else { letters }
}

/// What somebody wants to be called: 1–80 characters of one script (Latin beside Han, Kana or Hangul counts as
/// one), without signs that cannot be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(Box<str>);

/// Why a text is no name of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing, or over 80 characters.
    #[error("a name has 1 to 80 characters")]
    Length,
    /// Signs that cannot be seen, or that turn the writing around.
    #[error("a name has no signs that cannot be seen")]
    Unseen,
    /// Letters of several scripts, which look alike.
    #[error("a name mixes letters of several scripts, which look alike")]
    Scripts,
}

impl PersonName {
    /// Reads a name: runs of spaces become one, the text is NFC.
    ///
    /// # Errors
    /// [`NameError`] says what is not as it should be.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Self::read(text, is_unseen)
    }

    /// Reads a name as records hold it: some were published while fewer signs were known that nobody sees, and they
    /// are read for ever.
    fn published(text: &str) -> Result<Self, NameError> {
        Self::read(text, |c| {
            c.is_control()
                || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{061C}')
        })
    }

    fn read(text: &str, is_unseen: fn(char) -> bool) -> Result<Self, NameError> {
        let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let clean: String = clean.nfc().collect();
        if clean.is_empty() || clean.chars().count() > 80 {
            return Err(NameError::Length);
        }
        if clean.chars().any(is_unseen) {
            return Err(NameError::Unseen);
        }
        let letters: String = clean.chars().filter(|c| c.is_alphabetic()).collect();
        if letters.is_empty() && !clean.chars().any(char::is_alphanumeric) {
            return Err(NameError::Length);
        }
        if !letters.is_single_script() {
            return Err(NameError::Scripts);
        }
        Ok(Self(clean.into()))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns whether a sign leaves no mark, or turns the direction of what follows.
///
/// Source: Unicode's property Default_Ignorable_Code_Point, with the filler letters of Hangul and Braille's blank.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// What a person says of themselves: the body of a record `Person`.
///
/// Each list has at most [`Profile::MOST`] entries of at most 80 characters; the longer texts have at most 4,000.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Their address in this commons.
    pub handle: String,
    /// What they want to be called.
    pub name: String,
    /// What they do, in Markdown.
    pub about: String,
    /// Where, as roughly as they wish: parts from the nearest to the widest, with commas between.
    pub place: String,
    /// Languages that they read, as BCP 47 tags.
    pub languages: Vec<String>,
    /// What they know how to do.
    pub skills: Vec<String>,
    /// What they care about.
    pub themes: Vec<String>,
    /// Where else they can be found: `https` addresses.
    pub links: Vec<String>,
    /// What they look for.
    pub seeking: String,
    /// What they offer.
    pub offering: String,
    /// Names under which they wrote in histories that were brought in from elsewhere.
    pub author_names: Vec<String>,
}

impl Profile {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Person";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "person";
    /// How many entries a list may have.
    pub const MOST: usize = 30;
    /// How many characters a longer text may have.
    pub const LONGEST: usize = 4_000;

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let text = |name: &str| text_of(record, name);
        let profile = Self {
            handle: text("preferredUsername"),
            name: text("name"),
            about: text("summary"),
            place: record
                .get("location")
                .and_then(|place| place.get("name"))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            languages: list_of(record, "languages"),
            skills: list_of(record, "skills"),
            themes: list_of(record, "themes"),
            links: list_of(record, "url"),
            seeking: text("seeking"),
            offering: text("offering"),
            author_names: list_of(record, "authorNames"),
        };
        Handle::parse(&profile.handle)
            .ok()
            .filter(|handle| handle.as_str() == profile.handle)
            .ok_or_else(|| format!("“{}” is no address of a person", profile.handle))?;
        PersonName::published(&profile.name)
            .ok()
            .filter(|name| name.as_str() == profile.name)
            .ok_or("the field “name” is no name of a person")?;
        profile.check()?;
        Ok(profile)
    }

    /// Returns the beginning of what they say they do, without Markdown's signs: at most 240 characters.
    #[must_use]
    pub fn lead(&self) -> String {
        let line = self
            .about
            .lines()
            .find(|line| line.contains(char::is_alphanumeric));
        let plain = line
            .unwrap_or_default()
            .trim_start_matches(['#', '>', '-', '*', ' ']);
        let plain = plain.replace("**", "").replace("__", "").replace('`', "");
        plain.chars().take(240).collect()
    }

    /// Checks what bounds its fields.
    ///
    /// # Errors
    /// A sentence that names the field.
    pub fn check(&self) -> Result<(), String> {
        for (field, text) in [
            ("summary", &self.about),
            ("seeking", &self.seeking),
            ("offering", &self.offering),
        ] {
            if text.chars().count() > Self::LONGEST {
                return Err(format!(
                    "the field “{field}” has over {} characters",
                    Self::LONGEST
                ));
            }
        }
        if self.place.chars().count() > 200 {
            return Err("the place has over 200 characters".to_owned());
        }
        for (field, list) in [
            ("languages", &self.languages),
            ("skills", &self.skills),
            ("themes", &self.themes),
            ("url", &self.links),
            ("authorNames", &self.author_names),
        ] {
            let most = match field {
                "url" => 300,
                "authorNames" => 255,
                _ => 80,
            };
            if list.len() > Self::MOST {
                return Err(format!(
                    "the field “{field}” has over {} entries",
                    Self::MOST
                ));
            }
            if let Some(long) = list
                .iter()
                .find(|one| one.is_empty() || one.chars().count() > most)
            {
                return Err(format!(
                    "“{}” in the field “{field}” is empty or too long",
                    cut(long)
                ));
            }
        }
        for link in &self.links {
            if !is_web_address(link) {
                return Err(format!(
                    "“{}” is no address that begins with https://",
                    cut(link)
                ));
            }
        }
        for tag in &self.languages {
            record::Language::parse(tag)
                .map_err(|error| format!("the language “{}”: {error}", cut(tag)))?;
        }
        Ok(())
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(
        self,
        commons: Did,
        published: Timestamp,
        thing: Option<RecordId>,
        replaces: Vec<record::Hash>,
    ) -> Draft {
        let mut body = Map::new();
        let mut put = |name: &str, text: String| {
            if !text.is_empty() {
                body.insert(name.to_owned(), Value::String(text));
            }
        };
        put("preferredUsername", self.handle);
        put("name", self.name);
        put("summary", self.about);
        put("seeking", self.seeking);
        put("offering", self.offering);
        if !self.place.is_empty() {
            body.insert(
                "location".to_owned(),
                json!({"type": "Place", "name": self.place}),
            );
        }
        for (name, list) in [
            ("languages", self.languages),
            ("skills", self.skills),
            ("themes", self.themes),
            ("url", self.links),
            ("authorNames", self.author_names),
        ] {
            if !list.is_empty() {
                body.insert(name.to_owned(), list.into());
            }
        }
        Draft {
            kind: Self::KIND.into(),
            type_name: Self::TYPE.into(),
            version: 1,
            commons,
            space: Space::public(),
            thing,
            replaces,
            published,
            body,
        }
    }
}

/// Returns whether a text is a web address that may stand as a link: `https` or `http`, with a host.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// Returns whether a sign steers how others are shown without being seen: a control sign, or one that turns the direction
/// of writing.
///
/// Source: Unicode Technical Report 36, “bidirectional text spoofing”.
#[must_use]
pub fn turns(sign: char) -> bool {
    let ends_line = matches!(sign, '\n' | '\t' | '\r');
    (sign.is_control() && !ends_line)
        || matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Returns whether a text has a sign that can be seen.
#[must_use]
pub fn is_seen(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_unseen(c))
}

/// What a steward does in the name of the commons: the body of a record `Decision`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is done.
    pub act: Act,
    /// To whom or what: a DID, the id of a thing, the hash of a record, or the name of a setting, as the act says.
    pub about: String,
    /// What more there is to say, as the act says; mostly empty. At most 1,000 characters.
    pub value: String,
    /// Why, for everybody to read.
    pub reason: String,
}

/// What stewards can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A person becomes a steward.
    Appoint,
    /// A steward is one no longer.
    Dismiss,
    /// A person may not publish any more.
    Block,
    /// A person may publish again.
    Unblock,
    /// A thing may be changed by stewards alone.
    Protect,
    /// A thing may be changed by every member again.
    Unprotect,
    /// A revision was withdrawn for the commons, of the thing that the value names; or a whole thing.
    Hide,
    /// Everything by one person was undone.
    RollBack,
    /// Somebody who waited may publish from now on.
    LetIn,
    /// A setting of the commons has another value.
    Set,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 10] = [
        Self::Appoint,
        Self::Dismiss,
        Self::Block,
        Self::Unblock,
        Self::Protect,
        Self::Unprotect,
        Self::Hide,
        Self::RollBack,
        Self::LetIn,
        Self::Set,
    ];

    /// Returns the word in JSON and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Appoint => "appoint",
            Self::Dismiss => "dismiss",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Protect => "protect",
            Self::Unprotect => "unprotect",
            Self::Hide => "hide",
            Self::RollBack => "roll-back",
            Self::LetIn => "let-in",
            Self::Set => "set",
        }
    }

    /// Parses what [`Act::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == text)
    }
}

impl Decision {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Decision";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "decision";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let word = text_of(record, "act");
        let decision = Self {
            act: Act::parse(&word)
                .ok_or_else(|| format!("“{}” is no act of stewards", cut(&word)))?,
            about: text_of(record, "about"),
            value: text_of(record, "value"),
            reason: text_of(record, "reason"),
        };
        if decision.about.is_empty() {
            return Err("the field “about” is missing".to_owned());
        }
        if decision.reason.chars().count() > 1_000 {
            return Err("the reason has over 1000 characters".to_owned());
        }
        if decision.value.chars().count() > 1_000 {
            return Err("the value has over 1000 characters".to_owned());
        }
        match decision.act {
            Act::Appoint
            | Act::Dismiss
            | Act::Block
            | Act::Unblock
            | Act::RollBack
            | Act::LetIn => {
                Did::parse(&decision.about).map_err(|error| error.to_string())?;
            }
            Act::Protect | Act::Unprotect => {
                RecordId::parse(&decision.about).map_err(|error| error.to_string())?;
            }
            Act::Hide if decision.about.starts_with("ap://") => {
                RecordId::parse(&decision.about).map_err(|error| error.to_string())?;
            }
            Act::Hide => {
                record::Hash::parse(&decision.about).map_err(|error| error.to_string())?;
            }
            Act::Set => {
                let sign = |c: char| c.is_ascii_lowercase() || c == '_';
                if decision.about.len() > 40 || !decision.about.chars().all(sign) {
                    let about = cut(&decision.about);
                    return Err(format!("“{about}” is no name of a setting"));
                }
            }
        }
        Ok(decision)
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(self, commons: Did, published: Timestamp) -> Draft {
        let mut body = Map::new();
        body.insert("act".to_owned(), self.act.as_str().into());
        body.insert("about".to_owned(), self.about.into());
        for (name, text) in [("value", self.value), ("reason", self.reason)] {
            if !text.is_empty() {
                body.insert(name.to_owned(), text.into());
            }
        }
        Draft {
            kind: Self::KIND.into(),
            type_name: Self::TYPE.into(),
            version: 1,
            commons,
            space: Space::public(),
            thing: None,
            replaces: Vec::new(),
            published,
            body,
        }
    }
}

/// A key is taken back: the body of a record `Revocation`. It holds from its acceptance on; what was accepted before
/// stays.
///
/// For whom the key signs no more, its author and its reason tell ([`crate::is_for_everybody`]): whoever signs with the
/// key itself, the commons, and a steward who says why, take it back for everybody; anybody else, a device's key that
/// signs in their own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The key.
    pub key: Did,
    /// Why, for everybody to read; empty if nothing is said.
    pub reason: String,
}

impl Revocation {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Revocation";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "revocation";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        if record.type_name() != Self::TYPE {
            return Err("the record is no revocation".to_owned());
        }
        let key = text_of(record, "key");
        let revocation = Self {
            key: Did::parse(&key).map_err(|error| format!("the key “{}”: {error}", cut(&key)))?,
            reason: text_of(record, "reason"),
        };
        if revocation.reason.chars().count() > 1_000 {
            return Err("the reason has over 1000 characters".to_owned());
        }
        Ok(revocation)
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(self, commons: Did, published: Timestamp) -> Draft {
        let mut body = Map::new();
        body.insert("key".to_owned(), self.key.as_str().into());
        if !self.reason.is_empty() {
            body.insert("reason".to_owned(), self.reason.into());
        }
        Draft {
            kind: Self::KIND.into(),
            type_name: Self::TYPE.into(),
            version: 1,
            commons,
            space: Space::public(),
            thing: None,
            replaces: Vec::new(),
            published,
            body,
        }
    }
}

/// What somebody says of a thing, or answers to somebody: the body of a record `Note`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The thing that it is about.
    pub about: RecordId,
    /// The remark that it answers, if it does.
    pub answers: Option<RecordId>,
    /// What is said, in Markdown: 1–10,000 characters.
    pub text: String,
    /// The language, as a BCP 47 tag.
    pub language: String,
    /// The passage that it is about, if it is about one.
    pub quote: Option<Quote>,
}

impl Remark {
    /// The type as it stands in JSON: ActivityStreams' word.
    pub const TYPE: &'static str = "Note";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "note";
    /// How many characters it may have.
    pub const LONGEST: usize = 10_000;

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let target = record.get("target");
        let source = target
            .and_then(|target| target.get("source"))
            .and_then(Value::as_str);
        let about = RecordId::parse(source.unwrap_or_default())
            .map_err(|error| format!("the field “target.source”: {error}"))?;
        let answers = match record.get("inReplyTo").and_then(Value::as_str) {
            Some(id) => Some(
                RecordId::parse(id).map_err(|error| format!("the field “inReplyTo”: {error}"))?,
            ),
            None => None,
        };
        let text = text_of(record, "content");
        if text.trim().is_empty() || text.chars().count() > Self::LONGEST {
            return Err(format!("a remark has 1 to {} characters", Self::LONGEST));
        }
        let language = text_of(record, "language");
        record::Language::parse(&language)
            .map_err(|error| format!("the language “{}”: {error}", cut(&language)))?;
        let selectors = target
            .and_then(|target| target.get("selector"))
            .and_then(Value::as_array);
        let quote = selectors.map(|list| {
            let field = |kind: &str, name: &str| {
                let found = list
                    .iter()
                    .find(|one| one.get("type").and_then(Value::as_str) == Some(kind));
                found.and_then(|one| one.get(name)).cloned()
            };
            let text = |name: &str| match field("TextQuoteSelector", name) {
                Some(Value::String(text)) => text,
                _ => String::new(),
            };
            let start = field("TextPositionSelector", "start").and_then(|start| start.as_u64());
            Quote {
                exact: text("exact"),
                prefix: text("prefix"),
                suffix: text("suffix"),
                start: usize::try_from(start.unwrap_or(0)).unwrap_or(0),
            }
        });
        if let Some(quote) = &quote
            && [&quote.exact, &quote.prefix, &quote.suffix]
                .iter()
                .any(|part| part.chars().count() > crate::selector::LONGEST)
        {
            return Err("the passage is too long".to_owned());
        }
        Ok(Self {
            about,
            answers,
            text,
            language,
            quote: quote.filter(|quote| !quote.exact.is_empty()),
        })
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(self, commons: Did, published: Timestamp) -> Draft {
        let mut body = Map::new();
        let mut target = json!({"type": "SpecificResource", "source": self.about.as_str()});
        if let Some(quote) = self.quote {
            let end = quote.start + quote.exact.chars().count();
            target["selector"] = json!([
                {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
                {"type": "TextPositionSelector", "start": quote.start, "end": end},
            ]);
        }
        body.insert("target".to_owned(), target);
        if let Some(answers) = &self.answers {
            body.insert("inReplyTo".to_owned(), answers.as_str().into());
        }
        body.insert("content".to_owned(), self.text.into());
        body.insert("mediaType".to_owned(), "text/markdown".into());
        body.insert("language".to_owned(), self.language.into());
        Draft {
            kind: Self::KIND.into(),
            type_name: Self::TYPE.into(),
            version: 1,
            commons,
            space: Space::public(),
            thing: None,
            replaces: Vec::new(),
            published,
            body,
        }
    }
}

/// Returns the beginning of a text, enough to know it by.
#[must_use]
pub fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(60)
        .map_or(text, |(at, _)| &text[..at])
}

fn text_of(record: &Record, name: &str) -> String {
    record
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn list_of(record: &Record, name: &str) -> Vec<String> {
    let list = record.get(name).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Handle, HandleError, NameError, PersonName, is_web_address, skeleton};

    #[test]
    fn an_address_is_plain_and_proposed_from_a_name() {
        assert_eq!(
            Handle::parse(" @Saywa-K ").expect("good").as_str(),
            "saywa-k"
        );
        for bad in ["-ana", "ana-", "an--a", "añay", "9ana", "a b c"] {
            assert_eq!(Handle::parse(bad), Err(HandleError::Signs), "{bad}");
        }
        assert_eq!(Handle::parse("an"), Err(HandleError::Length));
        assert_eq!(Handle::parse("steward"), Err(HandleError::Kept));
        let proposed = Handle::propose("María José Ñusta").expect("a proposal");
        assert_eq!(proposed.as_str(), "maria-jose-nusta");
        assert_eq!(Handle::propose("李"), None);
    }

    #[test]
    fn addresses_that_look_alike_have_one_skeleton() {
        let like = |a: &str, b: &str| {
            let of = |text: &str| Handle::parse(text).expect("good").skeleton();
            of(a) == of(b)
        };
        assert!(like("maria", "rnaria"));
        assert!(like("paul1", "paull"));
        assert!(like("jo-ana", "joana"));
        assert!(like("boo", "b00"));
        assert!(!like("ana", "anna"));
        assert_eq!(
            skeleton("Ana"),
            skeleton("Аna"),
            "with a Cyrillic first letter"
        );
    }

    #[test]
    fn a_name_is_of_one_script_and_seen() {
        assert_eq!(
            PersonName::parse("  Ana   Pérez ").expect("good").as_str(),
            "Ana Pérez"
        );
        assert_eq!(PersonName::parse("Аna"), Err(NameError::Scripts));
        assert_eq!(
            PersonName::parse("Ana\u{202e}zeréP"),
            Err(NameError::Unseen)
        );
        for unseen in ["\u{3164}", "Ana\u{fe0f}", "Ana\u{115f}", "\u{2800}"] {
            assert!(PersonName::parse(unseen).is_err(), "{unseen:?}");
        }
        // What was published under such a name is read all the same.
        for published in ["Ana\u{fe0f}", "\u{3164}"] {
            assert!(PersonName::published(published).is_ok(), "{published:?}");
        }
        for like in [
            "Steward.Ana",
            "\u{1d412}teward Ana",
            "STEWARD ANA",
            "Steward-Ana",
            "\u{ff33}teward Ana",
        ] {
            assert_eq!(skeleton(like), skeleton("Steward Ana"), "{like}");
        }
        assert_ne!(skeleton("Ana Paz"), skeleton("Ana Pas"));
        assert_eq!(PersonName::parse("…"), Err(NameError::Length));
        assert!(PersonName::parse("山田 太郎").is_ok());
        assert!(PersonName::parse("Ana 2").is_ok());
    }

    #[test]
    fn a_link_leads_to_the_web() {
        assert!(is_web_address("https://example.org/ana"));
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https://a@b.example/",
            "ana",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
