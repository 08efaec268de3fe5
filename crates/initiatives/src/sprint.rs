//! The nouns of a wikisprint: the event, what was entered in it, and whether that fits.

use record::{Did, Draft, Hash, Place, Record, RecordId, Space, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How long after its end a sprint still takes what was written on the way, in milliseconds: two days.
pub const LATE_MS: i64 = 2 * 24 * 60 * 60 * 1_000;
/// The longest sprint, in milliseconds: 400 days.
const LONGEST_MS: i64 = 400 * 24 * 60 * 60 * 1_000;

/// A team that maps somewhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Team {
    /// The city, or what it calls itself: 1–100 characters.
    pub name: String,
    /// Where it is, in WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<Place>,
}

/// An event in which people map together: the body of a record `Sprint`. Every revision is the whole of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sprint {
    /// Its name, by language (BCP 47): at least one, each of 1–200 characters.
    pub name_map: BTreeMap<String, String>,
    /// What it is about and what belongs in it, in Markdown, by language: each of at most 10,000 characters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub content_map: BTreeMap<String, String>,
    /// The language in which it was written.
    pub language: String,
    /// When it begins.
    pub begins: Option<Timestamp>,
    /// When it ends.
    pub ends: Option<Timestamp>,
    /// What it is about: names of themes, which its entries bear too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// Who maps where; at most 300.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<Team>,
}

impl Sprint {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "Sprint";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "sprint";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let sprint: Self = read(record, "a sprint")?;
        sprint.check()?;
        Ok(sprint)
    }

    /// Checks what bounds its fields.
    ///
    /// # Errors
    /// A sentence that names the field.
    pub fn check(&self) -> Result<(), String> {
        if self.name_map.values().all(|name| name.trim().is_empty()) {
            return Err("a sprint has a name".to_owned());
        }
        for (field, map, most) in [
            ("nameMap", &self.name_map, 200),
            ("contentMap", &self.content_map, 10_000),
        ] {
            if map.len() > 60 || map.values().any(|text| text.chars().count() > most) {
                return Err(format!("the field “{field}” is too long"));
            }
            for language in map.keys() {
                record::Language::parse(language)
                    .map_err(|error| format!("the language “{language}”: {error}"))?;
            }
        }
        record::Language::parse(&self.language)
            .map_err(|error| format!("the language “{}”: {error}", self.language))?;
        let (Some(begins), Some(ends)) = (self.begins, self.ends) else {
            return Err("a sprint begins and ends".to_owned());
        };
        let lasts = ends.as_millis() - begins.as_millis();
        if !(1..=LONGEST_MS).contains(&lasts) {
            return Err("a sprint ends after it began, and within 400 days".to_owned());
        }
        if self.themes.len() > 60 || self.themes.iter().any(|theme| theme.chars().count() > 200) {
            return Err("the field “themes” is too long".to_owned());
        }
        let bad = |team: &Team| !(1..=100).contains(&team.name.trim().chars().count());
        if self.teams.len() > 300 || self.teams.iter().any(bad) {
            return Err("the field “teams” has over 300 entries, or one without a name of at most 100 characters".to_owned());
        }
        Ok(())
    }

    /// Returns its name in a language, or the one in which it was written.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        crate::model::said(&self.name_map, language, &self.language).map_or("", |(_, name)| name)
    }

    /// Returns what it is about, with the language that the text is in.
    #[must_use]
    pub fn content(&self, language: &str) -> Option<(&str, &str)> {
        crate::model::said(&self.content_map, language, &self.language)
    }

    /// Returns the draft of its record.
    ///
    /// # Errors
    /// From JSON: never.
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
            body: crate::model::body(self)?,
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(record: &Record, what: &str) -> Result<T, String> {
    let body = Value::Object(record.body().clone());
    serde_json::from_value(body).map_err(|error| format!("{what}: {error}"))
}

/// Somebody brought a thing to a sprint: the body of a record `SprintEntry`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The id of the sprint.
    pub sprint: String,
    /// The id of the thing: an initiative, an article, whatever the commons holds.
    pub about: String,
    /// The team, as the sprint names it; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub team: String,
}

impl Entry {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "SprintEntry";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "sprintentry";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let entry: Self = read(record, "an entry of a sprint")?;
        let sprint = RecordId::parse(&entry.sprint).map_err(|error| error.to_string())?;
        RecordId::parse(&entry.about).map_err(|error| error.to_string())?;
        if sprint.kind() != Sprint::KIND {
            return Err("an entry is one of a sprint".to_owned());
        }
        if entry.team.chars().count() > 100 {
            return Err("the team has over 100 characters".to_owned());
        }
        Ok(entry)
    }

    /// Returns the draft of its record.
    ///
    /// # Errors
    /// From JSON: never.
    pub fn draft(&self, commons: Did, published: Timestamp) -> Result<Draft, serde_json::Error> {
        crate::model::remark(Self::KIND, Self::TYPE, self, commons, published)
    }
}

/// Whoever looks after a sprint says whether an entry fits: the body of a record `SprintReview`. The last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The id of the entry.
    pub entry: String,
    /// The id of the thing that was entered.
    pub about: String,
    /// Whether it belongs in the sprint.
    pub fits: bool,
    /// Why not: at most 300 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Review {
    /// The type as it stands in JSON.
    pub const TYPE: &'static str = "SprintReview";
    /// The kind as it stands in ids.
    pub const KIND: &'static str = "sprintreview";

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let review: Self = read(record, "a review")?;
        let entry = RecordId::parse(&review.entry).map_err(|error| error.to_string())?;
        if entry.kind() != Entry::KIND {
            return Err("a review is about an entry of a sprint".to_owned());
        }
        RecordId::parse(&review.about).map_err(|error| error.to_string())?;
        if review.reason.chars().count() > 300 {
            return Err("the reason has over 300 characters".to_owned());
        }
        if !review.fits && review.reason.trim().is_empty() {
            return Err("whoever leaves something out says why".to_owned());
        }
        Ok(review)
    }

    /// Returns the draft of its record.
    ///
    /// # Errors
    /// From JSON: never.
    pub fn draft(&self, commons: Did, published: Timestamp) -> Result<Draft, serde_json::Error> {
        crate::model::remark(Self::KIND, Self::TYPE, self, commons, published)
    }
}
