//! One article in several languages: which page translates which, and what has changed since.

use super::pages::{PAGE, Page, by_key, page_at};
use super::{damaged, hash_at};
use crate::model::Name;
use record::Hash;
use std::collections::BTreeMap;
use store::{Db, StoreError, Viewer, params};

/// A page in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Kind and title.
    pub name: Name,
    /// Its language.
    pub language: String,
    /// Whether the others are translations of it.
    pub original: bool,
    /// Whether the original was changed since it was translated.
    pub behind: bool,
}

/// What a page is a translation of.
#[derive(Clone, Debug)]
pub struct Source {
    /// The original as it is now.
    pub page: Page,
    /// The revision that was translated; none where only the titles say so.
    pub revision: Option<Hash>,
}

impl Source {
    /// Returns whether the original was changed since it was translated.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.revision
            .is_some_and(|revision| revision != self.page.hash)
    }
}

/// Returns what a page is a translation of, if it is one and the original can be seen.
///
/// # Errors
/// From the database.
pub fn source_of(db: &Db<'_>, viewer: &Viewer, page: &Page) -> Result<Option<Source>, StoreError> {
    let found = db.first(
        &format!(
            "SELECT {PAGE}, o.revision FROM originals o JOIN articles a ON a.thing = o.original
             WHERE o.thing = $1 AND {}",
            viewer.sql("a.space")
        ),
        params![&page.id],
        |row| {
            Ok::<_, StoreError>(Source {
                page: page_at(row)?,
                revision: Some(hash_at(row, PAGE.split(',').count())?),
            })
        },
    )?;
    if found.is_some() || page.translates.is_empty() {
        return Ok(found);
    }
    let by_title = by_key(db, viewer, &page.translates)?;
    Ok(by_title.map(|page| Source {
        page,
        revision: None,
    }))
}

/// Returns the same article in other languages, by language: of one language the page that was found first.
///
/// # Errors
/// From the database.
pub fn translations(
    db: &Db<'_>,
    viewer: &Viewer,
    page: &Page,
) -> Result<Vec<Translation>, StoreError> {
    let source = source_of(db, viewer, page)?;
    let original = source.as_ref().map_or(page, |source| &source.page);
    let mut found: Vec<Translation> = db.all(
        &format!(
            "SELECT a.key, a.language, o.revision FROM originals o JOIN articles a ON a.thing = o.thing
             WHERE o.original = $1 AND a.redirect = '' AND {} ORDER BY a.language, a.key",
            viewer.sql("a.space")
        ),
        params![&original.id],
        |row| {
            Ok::<_, StoreError>(Translation {
                name: name_at(&row.get::<String>(0)?)?,
                language: row.get(1)?,
                original: false,
                behind: hash_at(row, 2)? != original.hash,
            })
        },
    )?;
    found.extend(db.all(
        &format!(
            "SELECT a.key, a.language FROM articles a
             WHERE a.translates = $1 AND a.translates <> '' AND a.redirect = '' AND {} ORDER BY a.language, a.key",
            viewer.sql("a.space")
        ),
        params![original.name.key()],
        |row| {
            Ok::<_, StoreError>(Translation {
                name: name_at(&row.get::<String>(0)?)?,
                language: row.get(1)?,
                original: false,
                behind: false,
            })
        },
    )?);
    if source.is_some() {
        found.push(Translation {
            name: original.name.clone(),
            language: original.language.clone(),
            original: true,
            behind: false,
        });
    }
    found.retain(|other| other.name != page.name);
    found.sort_by(|a, b| {
        (&a.language, !a.original, &a.name).cmp(&(&b.language, !b.original, &b.name))
    });
    Ok(found)
}

fn name_at(key: &str) -> Result<Name, StoreError> {
    Name::parse_key(key).ok_or_else(|| damaged(format!("the key {key}")))
}

/// Returns, for the pages that a page mentions, where they stand in a language: by the address that is mentioned.
///
/// # Errors
/// From the database.
pub fn mentioned_in(
    db: &Db<'_>,
    viewer: &Viewer,
    page: &Page,
    language: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let pairs = db.all(
        &format!(
            "SELECT m.key, a.key FROM links l JOIN articles m ON m.key = l.to_key
             JOIN originals o ON o.original = m.thing JOIN articles a ON a.thing = o.thing
             WHERE l.thing = $1 AND l.relation = 'mentions' AND a.language = $2 AND a.redirect = '' AND {}",
            viewer.sql("a.space")
        ),
        params![&page.id, language],
        |row| Ok::<_, StoreError>((name_at(&row.get::<String>(0)?)?, name_at(&row.get::<String>(1)?)?)),
    )?;
    Ok(pairs
        .into_iter()
        .map(|(from, to)| (from.href(), to.href()))
        .collect())
}

/// Returns the how-manieth revision of its page a revision is, from 1.
///
/// # Errors
/// From the database.
pub fn number_of(db: &Db<'_>, id: &[u8; 16], hash: &Hash) -> Result<i64, StoreError> {
    db.number(
        "SELECT COUNT(*) FROM revisions r JOIN log l ON l.hash = r.hash
         WHERE r.thing = $1 AND l.seq <= (SELECT seq FROM log WHERE hash = $2)",
        params![id, hash.as_bytes()],
    )
}
