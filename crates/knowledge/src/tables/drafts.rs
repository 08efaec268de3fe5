//! Drafts: what somebody writes and has not published. On the desk: in no record, index or export.

use serde::{Deserialize, Serialize};
use store::{Db, Row, StoreError, params};

/// What a draft is of: of each there is one for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftOf {
    /// A page that is there, by its name as others mention it.
    Page(String),
    /// A page that is not there yet, by its title, which may be empty still.
    New(String),
    /// A page in another language: the name of the original, and the language.
    Translation(String, String),
}

impl DraftOf {
    /// Returns the columns that tell one draft of an account from another.
    fn columns(&self) -> (&'static str, &str, &str) {
        match self {
            Self::Page(page) => ("edit", page, ""),
            Self::New(title) => ("new", title, ""),
            Self::Translation(page, language) => ("translate", page, language),
        }
    }

    /// Reads what [`Self::columns`] wrote; none of anything else.
    #[must_use]
    pub fn parse(kind: &str, page: &str, language: &str) -> Option<Self> {
        let page = page.to_owned();
        match kind {
            "edit" => Some(Self::Page(page)),
            "new" => Some(Self::New(page)),
            "translate" => Some(Self::Translation(page, language.to_owned())),
            _ => None,
        }
    }

    /// Returns the fields by which a form names it.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 3] {
        let (kind, page, language) = self.columns();
        [("kind", kind), ("page", page), ("language", language)]
    }
}

/// What stands in a form beside the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftFields {
    /// The title of a translation that is not there yet.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The themes, as they were written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub categories: String,
    /// The language.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The licence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// Where the text comes from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provenance: String,
    /// Whose text it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub attribution: String,
    /// The machine that helped.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub machine: String,
    /// The revision of the original that is translated.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub revision: String,
    /// The page that is taken in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub takes_in: String,
    /// The revision of it that is taken in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub takes_in_hash: String,
    /// Whether the change is small.
    pub minor: bool,
    /// Whether its author does not want to follow the page.
    pub unfollowed: bool,
}

/// A text that was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is of.
    pub of: DraftOf,
    /// The revision that it was begun from, or empty.
    pub base: String,
    /// The text.
    pub text: String,
    /// The summary.
    pub summary: String,
    /// The rest of the form; nothing of a draft from before it was kept.
    pub fields: Option<DraftFields>,
    /// When it was kept, in milliseconds since 1970.
    pub at: i64,
}

const DRAFT: &str = "kind, page, language, base, text, summary, fields, at";

fn draft_at(row: &Row<'_>) -> Result<Draft, StoreError> {
    let (kind, page): (String, String) = (row.get(0)?, row.get(1)?);
    let language: String = row.get(2)?;
    let fields: String = row.get(6)?;
    Ok(Draft {
        of: DraftOf::parse(&kind, &page, &language)
            .ok_or_else(|| super::damaged(format!("a draft of the kind {kind}")))?,
        base: row.get(3)?,
        text: row.get(4)?,
        summary: row.get(5)?,
        fields: serde_json::from_str(&fields)
            .ok()
            .filter(|_| fields != "{}"),
        at: row.get(7)?,
    })
}

/// Keeps a draft in the place of the one before it.
///
/// # Errors
/// From the database.
pub fn keep_draft(db: &Db<'_>, account: &[u8; 16], draft: &Draft) -> Result<(), StoreError> {
    let (kind, page, language) = draft.of.columns();
    let fields = draft.fields.as_ref();
    let fields = fields.and_then(|fields| serde_json::to_string(fields).ok());
    let fields = fields.unwrap_or_else(|| "{}".to_owned());
    db.execute(
        "INSERT INTO kept_drafts (account, kind, page, language, base, text, summary, fields, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (account, kind, page, language) DO UPDATE SET base = excluded.base, text = excluded.text,
           summary = excluded.summary, fields = excluded.fields, at = excluded.at",
        params![
            account,
            kind,
            page,
            language,
            &draft.base,
            &draft.text,
            &draft.summary,
            &fields,
            draft.at
        ],
    )?;
    Ok(())
}

/// Returns somebody's draft.
///
/// # Errors
/// From the database.
pub fn draft(db: &Db<'_>, account: &[u8; 16], of: &DraftOf) -> Result<Option<Draft>, StoreError> {
    let (kind, page, language) = of.columns();
    db.first(
        &format!(
            "SELECT {DRAFT} FROM kept_drafts WHERE account = $1 AND kind = $2 AND page = $3 AND language = $4"
        ),
        params![account, kind, page, language],
        draft_at,
    )
}

/// Returns all drafts of somebody, the last kept first, with the beginning of their texts.
///
/// # Errors
/// From the database.
pub fn drafts(db: &Db<'_>, account: &[u8; 16]) -> Result<Vec<Draft>, StoreError> {
    db.all(
        "SELECT kind, page, language, base, substr(text, 1, 200), summary, fields, at FROM kept_drafts
         WHERE account = $1 ORDER BY at DESC, kind, page, language",
        params![account],
        draft_at,
    )
}

/// Returns how many drafts somebody has.
///
/// # Errors
/// From the database.
pub fn count_drafts(db: &Db<'_>, account: &[u8; 16]) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM kept_drafts WHERE account = $1",
        params![account],
    )
}

/// Drops a draft of somebody.
///
/// # Errors
/// From the database.
pub fn drop_draft(db: &Db<'_>, account: &[u8; 16], of: &DraftOf) -> Result<(), StoreError> {
    let (kind, page, language) = of.columns();
    db.execute(
        "DELETE FROM kept_drafts WHERE account = $1 AND kind = $2 AND page = $3 AND language = $4",
        params![account, kind, page, language],
    )?;
    Ok(())
}

/// Drops all drafts of an account.
///
/// # Errors
/// From the database.
pub(super) fn forget_drafts(db: &Db<'_>, account: &[u8; 16]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM kept_drafts WHERE account = $1",
        params![account],
    )?;
    Ok(())
}
