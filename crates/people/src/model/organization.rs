//! Organisations, who belongs to them, and what others attest.

use super::{Profile, cut, text_of};
use record::{Did, Draft, Hash, Record, RecordId, Space, Timestamp};
use serde_json::{Map, Value};

/// What an organisation is before the law, or without it: what licences will ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LegalForm {
    /// Owned and governed by those who work in it.
    WorkerCooperative,
    /// Owned and governed by others of its members: users, producers, dwellers.
    OtherCooperative,
    /// An association, foundation or other body that distributes no profit.
    Nonprofit,
    /// A body of the state.
    PublicBody,
    /// A university or school.
    University,
    /// An indigenous or traditional community.
    Community,
    /// People who act together without a legal form.
    Collective,
    /// A company.
    Company,
}

impl LegalForm {
    /// Every form, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::WorkerCooperative,
        Self::OtherCooperative,
        Self::Nonprofit,
        Self::PublicBody,
        Self::University,
        Self::Community,
        Self::Collective,
        Self::Company,
    ];

    /// Returns the word in JSON and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WorkerCooperative => "worker-cooperative",
            Self::OtherCooperative => "other-cooperative",
            Self::Nonprofit => "nonprofit",
            Self::PublicBody => "public-body",
            Self::University => "university",
            Self::Community => "community",
            Self::Collective => "collective",
            Self::Company => "company",
        }
    }

    /// Parses what [`LegalForm::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == text)
    }

    /// Returns the key of its name in the catalogues.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::WorkerCooperative => "form-worker-cooperative",
            Self::OtherCooperative => "form-other-cooperative",
            Self::Nonprofit => "form-nonprofit",
            Self::PublicBody => "form-public-body",
            Self::University => "form-university",
            Self::Community => "form-community",
            Self::Collective => "form-collective",
            Self::Company => "form-company",
        }
    }
}

/// What an organisation says of itself: the body of a record `Organization`, signed by one of its coordinators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Address, name, place and the rest, as with people.
    pub profile: Profile,
    /// What it claims to be.
    pub form: LegalForm,
}

impl Organization {
    /// The type as it stands in JSON: ActivityStreams' word.
    pub const TYPE: &'static str = "Organization";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "organization";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let word = text_of(record, "legalForm");
        let form =
            LegalForm::parse(&word).ok_or_else(|| format!("“{}” is no legal form", cut(&word)))?;
        Ok(Self {
            profile: Profile::of(record)?,
            form,
        })
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(
        self,
        commons: Did,
        published: Timestamp,
        thing: Option<RecordId>,
        replaces: Vec<Hash>,
    ) -> Draft {
        let mut draft = self.profile.draft(commons, published, thing, replaces);
        draft.kind = Self::KIND.into();
        draft.type_name = Self::TYPE.into();
        let form = Value::from(self.form.as_str());
        draft.body.insert("legalForm".to_owned(), form);
        draft
    }
}

/// What one side says of somebody's belonging to an organisation: the body of a record `Membership`.
///
/// Somebody belongs where both sides said so: they themselves, and a coordinator. Either side ends it alone. The
/// words are those of the W3C's Organization Ontology.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub organization: RecordId,
    /// Who belongs to it.
    pub member: Did,
    /// What they do in it, in a few words, or empty: at most [`Membership::LONGEST`] characters.
    pub role: String,
    /// Whether they speak for it. Only the organisation's side says so.
    pub coordinates: bool,
    /// Whether it ends.
    pub ends: bool,
}

impl Membership {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Membership";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "membership";
    /// How many characters a role may have.
    pub const LONGEST: usize = 80;

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let organization = RecordId::parse(&text_of(record, "organization"))
            .map_err(|error| format!("the field “organization”: {error}"))?;
        let member = Did::parse(&text_of(record, "member"))
            .map_err(|error| format!("the field “member”: {error}"))?;
        let role = text_of(record, "role");
        if role.chars().count() > Self::LONGEST || role.chars().any(char::is_control) {
            return Err(format!(
                "a role has at most {} characters on one line",
                Self::LONGEST
            ));
        }
        let is = |name: &str| record.get(name).and_then(Value::as_bool) == Some(true);
        Ok(Self {
            organization,
            member,
            role,
            coordinates: is("coordinates"),
            ends: is("ends"),
        })
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(self, commons: Did, published: Timestamp) -> Draft {
        let mut body = Map::new();
        body.insert("organization".to_owned(), self.organization.as_str().into());
        body.insert("member".to_owned(), self.member.as_str().into());
        if !self.role.is_empty() {
            body.insert("role".to_owned(), self.role.into());
        }
        for (name, on) in [("coordinates", self.coordinates), ("ends", self.ends)] {
            if on {
                body.insert(name.to_owned(), true.into());
            }
        }
        first(Self::KIND, Self::TYPE, commons, published, body)
    }
}

/// What can be attested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// That an organisation has the legal form that it claims.
    Form(LegalForm),
    /// That a person is who wrote under this name in a history that was brought in.
    AuthorName(String),
}

impl Claim {
    /// Returns the word in JSON and tables, and the value.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Form(form) => ("legal-form", form.as_str()),
            Self::AuthorName(name) => ("author-name", name),
        }
    }

    /// Reads what [`Claim::parts`] gives.
    #[must_use]
    pub fn parse(word: &str, value: &str) -> Option<Self> {
        match word {
            "legal-form" => LegalForm::parse(value).map(Self::Form),
            "author-name" if !value.is_empty() => Some(Self::AuthorName(value.to_owned())),
            _ => None,
        }
    }
}

/// What somebody vouches for: the body of a record `Attestation`. Its author withdraws it by a tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The organisation or person that it is about.
    pub about: RecordId,
    /// What is attested.
    pub claim: Claim,
    /// The organisation for which its author speaks; none where a steward does for the commons.
    pub behalf: Option<RecordId>,
    /// What was seen, for everybody to read: 1–1,000 characters.
    pub reason: String,
}

impl Attestation {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Attestation";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "attestation";
    /// How many characters the reason may have.
    pub const LONGEST: usize = 1_000;

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let about = RecordId::parse(&text_of(record, "about"))
            .map_err(|error| format!("the field “about”: {error}"))?;
        let behalf = match record.get("onBehalfOf").and_then(Value::as_str) {
            Some(id) => Some(
                RecordId::parse(id).map_err(|error| format!("the field “onBehalfOf”: {error}"))?,
            ),
            None => None,
        };
        let (word, value) = (text_of(record, "claim"), text_of(record, "value"));
        let claim = Claim::parse(&word, &value)
            .ok_or_else(|| format!("“{}: {}” can not be attested", cut(&word), cut(&value)))?;
        let reason = text_of(record, "reason");
        if reason.chars().count() > Self::LONGEST {
            return Err(format!("a reason has at most {} characters", Self::LONGEST));
        }
        Ok(Self {
            about,
            claim,
            behalf,
            reason,
        })
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(self, commons: Did, published: Timestamp) -> Draft {
        let mut body = Map::new();
        let (word, value) = self.claim.parts();
        for (name, text) in [
            ("about", self.about.as_str()),
            ("claim", word),
            ("value", value),
            (
                "onBehalfOf",
                self.behalf.as_ref().map_or("", RecordId::as_str),
            ),
            ("reason", &self.reason),
        ] {
            if !text.is_empty() {
                body.insert(name.to_owned(), text.into());
            }
        }
        first(Self::KIND, Self::TYPE, commons, published, body)
    }
}

/// Returns the draft of a record that revises nothing.
fn first(
    kind: &'static str,
    type_name: &'static str,
    commons: Did,
    published: Timestamp,
    body: Map<String, Value>,
) -> Draft {
    Draft {
        kind: kind.into(),
        type_name: type_name.into(),
        version: 1,
        commons,
        space: Space::public(),
        thing: None,
        replaces: Vec::new(),
        published,
        body,
    }
}
