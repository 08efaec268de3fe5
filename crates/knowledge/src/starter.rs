//! The starter commons: a few texts in a space of their own, so that no page is empty on the first day.

use crate::model::{Article, Kind, Media, Name};
use record::{Space, Timestamp};
use serde::Deserialize;
use store::{Node, StoreError};

/// The texts, compiled into the program: file name and content.
const TEXTS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/starter.rs"));

/// The name of the starter's space.
pub const SPACE: &str = "starter";

/// The day on which these texts were written, so that loading them anywhere gives the same revisions.
const WRITTEN: &str = "2026-11-22T12:00:00Z";

#[derive(Deserialize)]
struct Front {
    title: String,
    language: String,
    slug: String,
    #[serde(default)]
    original: bool,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    summary: String,
}

fn parse(file: &str, text: &str) -> Result<(Front, String), String> {
    let rest = text
        .strip_prefix("+++\n")
        .ok_or_else(|| format!("{file} does not begin with +++"))?;
    let (front, body) = rest
        .split_once("\n+++\n")
        .ok_or_else(|| format!("{file} does not close its +++"))?;
    let front = toml::from_str(front).map_err(|e| format!("{file}: {e}"))?;
    Ok((front, body.trim().to_owned()))
}

/// Returns the starter's space.
#[must_use]
pub fn space() -> Space {
    Space::parse(SPACE).unwrap_or_else(|_| Space::public())
}

/// Loads the starter into a node that has nothing yet; returns how many texts it loaded.
///
/// # Errors
/// From the database.
pub fn load(node: &Node) -> Result<usize, StoreError> {
    if !node.store().read(store::heads)?.is_empty() {
        return Ok(0);
    }
    let mut texts = Vec::new();
    for (file, text) in TEXTS {
        texts.push(parse(file, text).map_err(|reason| StoreError::Record {
            space: SPACE.to_owned(),
            seq: 0,
            reason,
        })?);
    }
    let written = Timestamp::parse(WRITTEN).unwrap_or_else(|_| Node::now());
    let mut records = Vec::new();
    for (front, body) in &texts {
        let original = texts
            .iter()
            .find(|(other, _)| other.slug == front.slug && other.original)
            .filter(|_| !front.original)
            .map(|(other, _)| other.title.clone());
        let Ok(name) = Name::new(Kind::Article, &front.title) else {
            continue;
        };
        let article = Article {
            name,
            content: body.clone(),
            media: Media::Markdown,
            language: front.language.clone(),
            licence: "CC-BY-SA-4.0".to_owned(),
            provenance: if front.original {
                "written"
            } else {
                "translated"
            }
            .to_owned(),
            summary: front.summary.clone(),
            attribution: "Minga".to_owned(),
            contributor: "Minga".to_owned(),
            minor: false,
            translation_of: original,
            original: None,
            machine: String::new(),
            namespaces: Vec::new(),
            categories: front.categories.clone(),
            source: None,
            attachment: None,
        };
        let draft = article.draft(
            node.keys().commons_did(),
            space(),
            written,
            None,
            Vec::new(),
        );
        records.push(node.sign(draft, node.keys().commons())?);
    }
    let count = records.len();
    node.publish_all(records)?;
    Ok(count)
}

/// Returns whether the starter is to be shown: the commons has no article of its own, and nobody hid it.
///
/// # Errors
/// From the database.
pub fn shown(node: &Node) -> Result<bool, StoreError> {
    node.store().read(|db| {
        let own = crate::tables::has_article(db, &Space::public())?;
        Ok(!own && store::setting(db, crate::SETTING_STARTER_HIDDEN)?.is_none())
    })
}
