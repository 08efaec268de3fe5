//! The SQL of articles: how a record changes the tables, and the queries that return views.

mod care;
mod drafts;
mod history;
pub mod limits;
mod lists;
mod pages;
mod shown;
mod sources;
mod tallies;
mod translations;

pub use care::{
    CareItem, Fault, conflicts, count_faults, dead_ends, faults, kinds_of_faults, missing_files,
    orphans, redirects, same_but_case, shared_titles,
};
pub use drafts::{
    Draft, DraftFields, DraftOf, count_drafts, draft, drafts, drop_draft, keep_draft,
};
pub use history::{
    Change, Revision, Wanted, author_of, authors, beside, changes, changes_by, count_changes,
    count_changes_by, count_revisions, grown, history, is_known, is_revision, last_by_others,
    page_of_revision, revision, why_withdrawn,
};
pub use limits::SETTING_LIMITS;
pub use lists::{
    count_linking, has_article, linked, linking, listed_from, newest_in, random, recent_articles,
    sitemap_part, sitemap_starts,
};
pub use pages::{
    Page, article_of, brought_from, by_id, by_key, by_name, drawn, every_page, exists, full_id,
    is_cited, leads, pictures, shown_by, shown_of, text,
};
pub(crate) use pages::{file_of, is_held, keep_drawn, leads_to, stands};
pub(crate) use shown::moved;
pub use shown::{Gone, gone};
pub use sources::{Imported, KeptOut, Seen, imported, keep_seen, main_site, other_licences};
pub use tallies::{count, count_themes, languages, letters, themes, themes_after, wanted};
pub use translations::{Source, Translation, mentioned_in, number_of, source_of, translations};

use crate::draw::{self, Analysis};
use crate::model::Article;
use crate::rules::{self, Facts};
use record::{Hash, Record, RecordId};
use std::any::Any;
use store::{Applied, Db, Judged, Migration, Refusal, Row, StoreError, Tables, Withdrawn, params};

/// The setting that hides the starter commons for good: any value.
pub const SETTING_STARTER_HIDDEN: &str = "starter_hidden";

/// Asks the follower, through the outbox, to draw a page anew, by its id.
pub(crate) const REDRAW: &str = "redraw";

/// Asks the follower, through the outbox, to remove a file that no record cites any more, by its SHA-256.
pub(crate) const FORGET_FILE: &str = "forget file";

/// Has a file removed, unless a record cites it by then.
pub(crate) fn forget_file(db: &Db<'_>, sha256: &str) -> Result<(), StoreError> {
    if is_held(db, sha256)? {
        return Ok(());
    }
    store::outbox::ask(db, FORGET_FILE, sha256)
}

/// The tables of the knowledge commons.
pub struct Articles;

impl Tables for Articles {
    fn name(&self) -> &'static str {
        "knowledge"
    }

    fn migrations(&self) -> &'static [Migration] {
        const STEPS: &[Migration] = &[
            Migration::tables(include_str!("../../migrations/0001.sql")),
            Migration::replayed(include_str!("../../migrations/0002.sql")),
            // Redirects that cannot be read are kept as `?word:target`.
            Migration::replayed(""),
            // Sources of every revision, titles that several pages want, problems within pages.
            Migration::replayed(include_str!("../../migrations/0004.sql")),
            // Machines that helped, translations of a revision, whose revisions are whose.
            Migration::replayed(include_str!("../../migrations/0005.sql")),
            // Drafts with all that stands in their forms; pages that were withdrawn, by their titles.
            Migration::tables(include_str!("../../migrations/0006.sql")),
            // Markdown links pages by `[[Title]]`, and by titles with spaces.
            Migration::replayed(""),
        ];
        STEPS
    }

    fn derived(&self) -> &'static [&'static str] {
        &[
            "articles",
            "revisions",
            "sources",
            "care",
            "tallies",
            "shared_titles",
            "originals",
            "files",
        ]
    }

    fn types(&self) -> &'static [&'static str] {
        &[Article::TYPE]
    }

    fn prepare(&self, record: &Record) -> Option<Box<dyn Any + Send>> {
        let article = Article::of(record).ok()?;
        let analysis = draw::analyse(&article);
        Some(Box::new((article, analysis)))
    }

    fn check(&self, db: &Db<'_>, judged: &Judged<'_>) -> Result<Result<(), Refusal>, StoreError> {
        let record = judged.record;
        let article = match Article::of(record) {
            Ok(article) => article,
            Err(reason) => return Ok(Err(Refusal::new("not_an_article", reason, ""))),
        };
        let shown: Option<(String, String)> = db.first(
            "SELECT licence, key FROM articles WHERE thing = $1",
            params![&record.thing().short()],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
        )?;
        let by_member = judged.is_ours() && !judged.by_keeper && !judged.is_by_commons();
        if by_member && record.version() > Article::VERSION {
            let reason = format!(
                "this node reads articles up to version {}",
                Article::VERSION
            );
            return Ok(Err(Refusal::new("not_an_article", reason, "")));
        }
        // A page whose first record was withdrawn is known by the row that the log keeps.
        let unknown_thing = !record.is_first() && shown.is_none() && !begins(db, record)?;
        let holder: Option<String> = db.first(
            "SELECT id FROM things WHERE key = $1 AND space = $2",
            params![article.name.key(), record.space().as_str()],
            |row| row.get(0),
        )?;
        let mut holder = holder.filter(|id| id != record.thing().as_str());
        // A bundle's records were judged in their order where it was made. One that gave a title away may have been
        // withdrawn since: then two pages of that commons want the title, and `shown` tells which has it.
        if let Some(id) = holder.as_ref().filter(|_| judged.by_keeper)
            && commons_of(db, id)?.as_ref() == Some(record.commons())
        {
            holder = None;
        }
        let facts = Facts {
            title_taken_by: holder,
            unknown_thing,
            shown_key: shown.as_ref().map(|(_, key)| key.clone()),
            licence: shown.map(|(licence, _)| licence),
            by_member,
            protected: limits::protected(db, judged)?,
            newcomer: limits::newcomer(db, judged, &article)?,
        };
        Ok(rules::judge(
            &article,
            &facts,
            &limits::here(db, judged.ours)?,
        ))
    }

    fn apply(&self, db: &Db<'_>, applied: &Applied<'_>) -> Result<(), StoreError> {
        let record = applied.record;
        match applied
            .prepared
            .and_then(|any| any.downcast_ref::<(Article, Analysis)>())
        {
            Some((article, analysis)) => shown::enter(db, applied, article, analysis),
            None => {
                // What cannot be read was refused at acceptance; a later version may read it.
                let Ok(article) = Article::of(record) else {
                    return Ok(());
                };
                let analysis = draw::analyse(&article);
                shown::enter(db, applied, &article, &analysis)
            }
        }
    }

    fn records_of(&self, db: &Db<'_>, thing: &RecordId) -> Result<Vec<Hash>, StoreError> {
        db.all(
            "SELECT hash FROM revisions WHERE thing = $1",
            params![&thing.short()],
            |row| hash_at(row, 0),
        )
    }

    fn blobs(&self, db: &Db<'_>) -> Result<Vec<String>, StoreError> {
        db.all(
            "SELECT DISTINCT blob FROM files ORDER BY blob",
            &[],
            |row| row.get(0),
        )
    }

    fn forget_account(&self, db: &Db<'_>, account: &[u8; 16]) -> Result<(), StoreError> {
        drafts::forget_drafts(db, account)
    }

    fn kept_for(
        &self,
        db: &Db<'_>,
        account: &[u8; 16],
    ) -> Result<Vec<(&'static str, serde_json::Value)>, StoreError> {
        let kept: Vec<_> = drafts(db, account)?
            .iter()
            .map(|one| {
                let of = one.of.fields().map(|(name, value)| (name.to_owned(), value.into()));
                serde_json::json!({
                    "of": serde_json::Map::from_iter(of), "text": one.text, "summary": one.summary, "fields": one.fields,
                    "kept": record::Timestamp::from_millis(one.at).to_string(),
                })
            })
            .collect();
        Ok(vec![("drafts", kept.into())])
    }

    fn withdraw(&self, db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
        shown::withdraw(db, gone)
    }
}

/// Returns of which commons the page with an id is.
fn commons_of(db: &Db<'_>, id: &str) -> Result<Option<record::Did>, StoreError> {
    let shown = db.first(
        "SELECT hash FROM articles WHERE thing = $1",
        params![&record::short_id(id)],
        |row| hash_at(row, 0),
    )?;
    let bytes = match shown {
        Some(hash) => store::bytes_of(db, &hash)?,
        None => None,
    };
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    Ok(record.map(|record| record.commons().clone()))
}

/// Returns whether the log has the first record of the thing that a record is about.
fn begins(db: &Db<'_>, record: &Record) -> Result<bool, StoreError> {
    let found = db.first(
        "SELECT 1 FROM log WHERE id = $1",
        params![record.thing().as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    Ok(found.is_some())
}

fn damaged(reason: String) -> StoreError {
    StoreError::Damaged {
        place: "a table of the knowledge commons".to_owned(),
        reason,
    }
}

fn hash_at(row: &Row<'_>, index: usize) -> Result<Hash, StoreError> {
    Hash::from_slice(row.bytes(index)?).map_err(|e| damaged(e.to_string()))
}

fn short_at(row: &Row<'_>, index: usize) -> Result<[u8; 16], StoreError> {
    let bytes = row.bytes(index)?;
    bytes
        .try_into()
        .map_err(|_| damaged(format!("a reference of {} bytes", bytes.len())))
}
