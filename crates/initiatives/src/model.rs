//! The nouns: an initiative, where it is, and whether it is alive.

use people::LegalForm;
use record::{Did, Draft, Hash, Place, Record, RecordId, Space, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Where an initiative is, as exactly as its people wish.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Whereabouts {
    /// The point, in WGS 84; none where only words are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<Place>,
    /// How far from the point it may be, in metres; 0 says that the point is exact.
    #[serde(skip_serializing_if = "is_zero")]
    pub radius: u32,
    /// Street and number, or a description of the way.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Town or parish.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub locality: String,
    /// Province or state.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// The country, by ISO 3166-1: two letters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A row of a list from which something of an initiative came.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// The list.
    pub source: String,
    /// What it is called in the list.
    pub id: String,
    /// SHA-256 of what the row said, in hexadecimal digits.
    pub sha256: String,
}

/// What people do together, where, and what they look for and offer: the body of a record `Initiative`.
///
/// Every revision is the whole description. Contact data of persons has no field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Initiative {
    /// Its name, by language (BCP 47): at least one, each of 1–200 characters.
    pub name_map: BTreeMap<String, String>,
    /// What it does, in Markdown, by language: each of at most 10,000 characters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub content_map: BTreeMap<String, String>,
    /// The language in which it describes itself; others are translations.
    pub language: String,
    /// What it is: a key of [`crate::kinds`].
    #[serde(rename = "initiativeKind")]
    pub kind: String,
    /// Where it is; at most 50.
    #[serde(rename = "location", skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Whereabouts>,
    /// Whether it works online.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
    /// What it is about: names of themes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// For which human activities it is: keys of `atlas::activities`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<String>,
    /// What it claims to be before the law.
    #[serde(rename = "legalForm", skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// People (DIDs) and collectives (ids) in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<String>,
    /// Where else it can be found: web addresses.
    #[serde(rename = "url", skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// What it offers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub offering: String,
    /// What it needs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seeking: String,
    /// When it is open, as its people say it.
    #[serde(rename = "openingHours", skip_serializing_if = "String::is_empty")]
    pub hours: String,
    /// Since when it exists: a year, or a day as `2013-05-01`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub since: String,
    /// The licence of this description, as an SPDX identifier or a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// Who is to be named as its authors, where that is somebody else.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub attribution: String,
    /// From which lists it came.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Origin>,
    /// What a list said in words of its own: its country, its region, whatever has no field here.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub original: BTreeMap<String, String>,
    /// The initiatives that were joined with this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub takes_in: Vec<String>,
    /// The initiative that this one is the same as: its address leads there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub merged_into: String,
    /// What was changed, and why: at most 300 characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Where the text comes from: `written`, `translated`, `imported`, `machine-assisted`.
    pub provenance: String,
}

impl Initiative {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Initiative";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "initiative";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let body = Value::Object(record.body().clone());
        let initiative: Self =
            serde_json::from_value(body).map_err(|error| format!("an initiative: {error}"))?;
        initiative.check()?;
        Ok(initiative)
    }

    /// Returns its name in a language, or the one in which it describes itself, or any.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        said(&self.name_map, language, &self.language).map_or("", |(_, name)| name)
    }

    /// Returns what it does, with the language that the text is in, as [`Initiative::name`] does.
    #[must_use]
    pub fn content(&self, language: &str) -> Option<(&str, &str)> {
        said(&self.content_map, language, &self.language)
    }

    /// Returns what it claims to be before the law.
    #[must_use]
    pub fn legal_form(&self) -> Option<LegalForm> {
        LegalForm::parse(&self.form)
    }

    /// Checks what bounds its fields.
    ///
    /// # Errors
    /// A sentence that names the field.
    pub fn check(&self) -> Result<(), String> {
        let long = |field: &str, text: &str, most: usize| {
            if text.chars().count() > most {
                return Err(format!("the field “{field}” has over {most} characters"));
            }
            Ok(())
        };
        let many = |field: &str, count: usize, most: usize| {
            if count > most {
                return Err(format!("the field “{field}” has over {most} entries"));
            }
            Ok(())
        };
        if self.name_map.values().all(|name| name.trim().is_empty()) {
            return Err("an initiative has a name".to_owned());
        }
        for (field, map, most) in [
            ("nameMap", &self.name_map, 200),
            ("contentMap", &self.content_map, 10_000),
        ] {
            many(field, map.len(), 60)?;
            for (language, text) in map {
                record::Language::parse(language)
                    .map_err(|error| format!("the language “{language}”: {error}"))?;
                long(field, text, most)?;
            }
        }
        record::Language::parse(&self.language)
            .map_err(|error| format!("the language “{}”: {error}", self.language))?;
        for (field, text, most) in [
            ("offering", &self.offering, 4_000),
            ("seeking", &self.seeking, 4_000),
            ("openingHours", &self.hours, 500),
            ("since", &self.since, 20),
            ("licence", &self.licence, 200),
            ("attribution", &self.attribution, 1_000),
            ("summary", &self.summary, 300),
            ("initiativeKind", &self.kind, 40),
            ("legalForm", &self.form, 40),
            ("provenance", &self.provenance, 40),
        ] {
            long(field, text, most)?;
        }
        for (field, list, most, longest) in [
            ("themes", &self.themes, 60, 200),
            ("activities", &self.activities, 30, 40),
            ("participants", &self.participants, 200, 300),
            ("url", &self.links, 30, 1_000),
            ("takesIn", &self.takes_in, 1_000, 300),
        ] {
            many(field, list.len(), most)?;
            for text in list {
                long(field, text, longest)?;
            }
        }
        many("location", self.places.len(), 50)?;
        for place in &self.places {
            for text in [&place.address, &place.locality, &place.region] {
                long("location", text, 300)?;
            }
            long("location.country", &place.country, 2)?;
        }
        many("sources", self.sources.len(), 60)?;
        many("original", self.original.len(), 60)?;
        for (key, text) in &self.original {
            long("original", key, 80)?;
            long("original", text, 2_000)?;
        }
        if !self.merged_into.is_empty() {
            RecordId::parse(&self.merged_into)
                .map_err(|error| format!("the field “mergedInto”: {error}"))?;
        }
        Ok(())
    }

    /// Returns the draft of its record.
    ///
    /// # Errors
    /// From JSON, which takes every initiative whose numbers are finite.
    pub fn draft(
        &self,
        commons: Did,
        published: Timestamp,
        thing: Option<RecordId>,
        replaces: Vec<Hash>,
    ) -> Result<Draft, serde_json::Error> {
        Ok(Draft {
            kind: Self::KIND.into(),
            type_name: Self::TYPE.into(),
            version: 1,
            commons,
            space: Space::public(),
            thing,
            replaces,
            published,
            body: body(self)?,
        })
    }
}

pub(crate) fn body(of: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(of)? {
        Value::Object(body) => Ok(body),
        _ => Ok(Map::new()),
    }
}

/// Returns a text in a language, or in the second one, or any, with the language that it is in.
pub(crate) fn said<'t>(
    map: &'t BTreeMap<String, String>,
    language: &str,
    or: &str,
) -> Option<(&'t str, &'t str)> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    let wanted = primary(language);
    let filled = || map.iter().filter(|(_, text)| !text.is_empty());
    let found = filled()
        .find(|(tag, _)| *tag == language)
        .or_else(|| filled().find(|(tag, _)| primary(tag) == wanted))
        .or_else(|| filled().find(|(tag, _)| *tag == or))
        .or_else(|| filled().next());
    found.map(|(tag, text)| (tag.as_str(), text.as_str()))
}

/// Whether an initiative is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is.
    Alive,
    /// It rests.
    Paused,
    /// It is no more.
    Gone,
}

impl Status {
    /// Returns the word in JSON and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alive => "alive",
            Self::Paused => "paused",
            Self::Gone => "gone",
        }
    }

    /// Parses what [`Status::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Alive, Self::Paused, Self::Gone]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// Somebody says whether an initiative is alive: the body of a record `Confirmation`. The last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The id of the initiative.
    pub about: String,
    /// Whether it is there.
    pub status: Status,
    /// How they know: at most 300 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Confirmation {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Confirmation";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "confirmation";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let body = Value::Object(record.body().clone());
        let said: Self =
            serde_json::from_value(body).map_err(|error| format!("a confirmation: {error}"))?;
        let about = RecordId::parse(&said.about).map_err(|error| error.to_string())?;
        if about.kind() != Initiative::KIND {
            return Err("a confirmation is about an initiative".to_owned());
        }
        if said.note.chars().count() > 300 {
            return Err("the note has over 300 characters".to_owned());
        }
        Ok(said)
    }

    /// Returns the draft of its record.
    ///
    /// # Errors
    /// From JSON: never.
    pub fn draft(&self, commons: Did, published: Timestamp) -> Result<Draft, serde_json::Error> {
        remark(Self::KIND, Self::TYPE, self, commons, published)
    }
}

/// Somebody says that two initiatives which look alike are two: the body of a record `Distinction`.
///
/// It is taken back by withdrawing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distinction {
    /// The ids of the two.
    pub about: [String; 2],
    /// How they know: at most 300 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Distinction {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Distinction";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "distinction";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let body = Value::Object(record.body().clone());
        let said: Self =
            serde_json::from_value(body).map_err(|error| format!("a distinction: {error}"))?;
        for about in &said.about {
            let about = RecordId::parse(about).map_err(|error| error.to_string())?;
            if about.kind() != Initiative::KIND {
                return Err("a distinction is about two initiatives".to_owned());
            }
        }
        if said.about[0] == said.about[1] {
            return Err("a distinction is about two initiatives, not one".to_owned());
        }
        if said.note.chars().count() > 300 {
            return Err("the note has over 300 characters".to_owned());
        }
        Ok(said)
    }

    /// Returns the draft of its record.
    ///
    /// # Errors
    /// From JSON: never.
    pub fn draft(&self, commons: Did, published: Timestamp) -> Result<Draft, serde_json::Error> {
        remark(Self::KIND, Self::TYPE, self, commons, published)
    }
}

/// The draft of a record that says something of an initiative, once.
pub(crate) fn remark(
    kind: &str,
    type_name: &str,
    said: &impl Serialize,
    commons: Did,
    published: Timestamp,
) -> Result<Draft, serde_json::Error> {
    Ok(Draft {
        kind: kind.into(),
        type_name: type_name.into(),
        version: 1,
        commons,
        space: Space::public(),
        thing: None,
        replaces: Vec::new(),
        published,
        body: body(said)?,
    })
}
