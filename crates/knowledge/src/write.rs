//! Publishing what somebody wrote: merging it with what others published meanwhile, renaming, joining two pages.

use crate::merge::{self, Merged};
use crate::model::{Article, Media, Name};
use crate::rules;
use crate::tables::{self, Page};
use people::Pen;
use record::{Did, Hash, RecordId, Space, Tombstone};
use store::{Accepted, Node, Outcome, Ready, Refusal, StoreError, Unit, Viewer};

/// How often a text is merged anew with what was published in between, before its author is asked to try again.
/// Each try loses only to another one that was published.
const TRIES: usize = 40;

/// What somebody wants to publish.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The page as it was called when its author opened it; of a new page, its name.
    pub name: Name,
    /// The revision that its author began from; none for a new page.
    pub base: Option<Hash>,
    /// The page as it should be: its name may be another one.
    pub article: Article,
    /// A page that becomes a redirect to this one, and the revision of it whose text was taken over.
    pub takes_in: Option<(Name, Hash)>,
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where the page stands now.
    pub name: Name,
    /// The revision; none where nothing was changed.
    pub accepted: Option<Accepted>,
    /// Whether it was merged with what somebody else had published meanwhile.
    pub merged: bool,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A rule said no.
    #[error("{0}")]
    Refused(Refusal),
    /// Somebody changed the same place meanwhile.
    #[error("somebody changed the same place meanwhile")]
    Conflict(Box<Conflict>),
    /// There is a page of this name already.
    #[error("there is a page “{}” already", .0.title())]
    Exists(Name),
    /// The page, or the revision that was begun from, is not here any more.
    #[error("the page “{}” is not here any more", .0.title())]
    Gone(Name),
    /// Others publish so fast that no try came through.
    #[error("too many others write this page at the moment")]
    Busy,
    /// The key of the account is not on this node.
    #[error("the key of this account is not on this node")]
    OwnKey,
    /// The database or a key.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Two texts that cannot be merged without a person.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The revision that is shown now.
    pub shown: Hash,
    /// Its text.
    pub theirs: String,
    /// What could be merged, and what could not.
    pub merged: Merged,
}

/// What is found of a page before it is written.
struct Found {
    page: Page,
    thing: RecordId,
    shown: Article,
}

fn find(node: &Node, name: &Name) -> Result<Option<Found>, StoreError> {
    let viewer = Viewer::public();
    node.store().read(|db| {
        let Some(page) = tables::by_key(db, &viewer, &name.key())? else {
            return Ok(None);
        };
        let thing = tables::full_id(db, &page.id)?;
        let shown = tables::article_of(db, &page.hash)?;
        Ok(Some(Found { page, thing, shown }))
    })
}

/// Returns whether a page only leads to another, over however many steps.
fn leads_to(node: &Node, from: &Name, to: &Name) -> Result<bool, StoreError> {
    let viewer = Viewer::public();
    node.store()
        .read(|db| Ok(tables::leads_to(db, &viewer, from, to)))
}

/// What keeps a unit of work from being kept.
enum Stop {
    /// Another revision came in between: merge anew.
    Moved,
    Refused(Refusal),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Publishes an edit, signed with `pen`.
///
/// # Errors
/// [`WriteError`]; then nothing was published.
pub fn publish(node: &Node, pen: &Pen, edit: &Edit) -> Result<Written, WriteError> {
    for _ in 0..TRIES {
        let (records, expected, written) = match &edit.base {
            None => begin(node, pen, edit)?,
            Some(base) => revise(node, pen, edit, base)?,
        };
        if records.is_empty() {
            return Ok(written);
        }
        let done = node.write(move |unit| {
            for (key, hash) in &expected {
                if tables::shown_of(unit.db, key)? != *hash {
                    return Err(Stop::Moved);
                }
            }
            publish_each(unit, &records)
        });
        match done {
            Ok(accepted) => {
                return Ok(Written {
                    accepted,
                    ..written
                });
            }
            Err(Stop::Moved) => {}
            Err(Stop::Refused(refusal)) => return Err(WriteError::Refused(refusal)),
            Err(Stop::Store(error)) => return Err(error.into()),
        }
    }
    Err(WriteError::Busy)
}

/// Publishes records, all or none; returns the place of the last.
fn publish_each(unit: &Unit<'_>, records: &[Ready]) -> Result<Option<Accepted>, Stop> {
    let mut last = None;
    for ready in records {
        match unit.publish(ready)? {
            Outcome::Accepted(place) | Outcome::Known(place) => last = Some(place),
            Outcome::Refused(refusal) => return Err(Stop::Refused(refusal)),
        }
    }
    Ok(last)
}

/// Records to publish together, what must be shown before, and what is answered then.
type Prepared = (Vec<Ready>, Vec<(String, Option<Hash>)>, Written);

fn begin(node: &Node, pen: &Pen, edit: &Edit) -> Result<Prepared, WriteError> {
    let name = edit.article.name.clone();
    if find(node, &name)?.is_some() {
        return Err(WriteError::Exists(name));
    }
    let draft = edit.article.clone().draft(
        node.keys().commons_did(),
        Space::public(),
        Node::now(),
        None,
        Vec::new(),
    );
    let ready = node.ready(pen.sign(node, draft)?);
    let written = Written {
        name: name.clone(),
        accepted: None,
        merged: false,
    };
    Ok((vec![ready], vec![(name.key(), None)], written))
}

fn revise(node: &Node, pen: &Pen, edit: &Edit, base: &Hash) -> Result<Prepared, WriteError> {
    let gone = || WriteError::Gone(edit.name.clone());
    let found = find(node, &edit.name)?.ok_or_else(gone)?;
    let before = node
        .store()
        .read(|db| tables::article_of(db, base))
        .map_err(|_| gone())?;
    let mut article = edit.article.clone();
    let merged = found.page.hash != *base;
    if merged {
        article = combine(&before, &article, &found)?;
    }
    let renamed = article.name != found.shown.name;
    if edit.takes_in.is_none() && !renamed && is_same(&article, &found.shown) {
        let written = Written {
            name: article.name,
            accepted: None,
            merged: false,
        };
        return Ok((Vec::new(), Vec::new(), written));
    }
    let commons = node.keys().commons_did();
    let mut expected = vec![(found.page.name.key(), Some(found.page.hash))];
    let mut records = Vec::new();
    let (old, new) = (found.page.name.clone(), article.name.clone());
    let mut over = None;
    if renamed {
        let there = find(node, &new)?;
        match there {
            None => expected.push((new.key(), None)),
            Some(there) if leads_to(node, &new, &old)? => over = Some(there),
            Some(_) => return Err(WriteError::Exists(new)),
        }
    }
    let mut sign = |article: Article, thing: Option<RecordId>, replaces: Vec<Hash>| {
        let draft = article.draft(
            commons.clone(),
            Space::public(),
            Node::now(),
            thing,
            replaces,
        );
        let record = pen.sign(node, draft)?;
        let hash = record.hash();
        records.push(node.ready(record));
        Ok::<_, StoreError>(hash)
    };
    // The page that led here from the new title goes aside, and then to the old one: no title is free in between.
    let mut stepped = None;
    if let Some(there) = &over {
        let aside = Name::new(
            new.kind(),
            &format!("{} ({})", old.title(), &there.page.hash.to_string()[7..15]),
        )
        .map_err(|_| WriteError::Exists(new.clone()))?;
        let mut redirect = redirect_to(&there.shown, &aside, &new);
        redirect.summary = String::new();
        let hash = sign(
            redirect.clone(),
            Some(there.thing.clone()),
            vec![there.page.hash],
        )?;
        stepped = Some((hash, redirect, there.thing.clone()));
        expected.push((new.key(), Some(there.page.hash)));
    }
    let licence = article.licence.clone();
    let language = article.language.clone();
    sign(article, Some(found.thing.clone()), vec![found.page.hash])?;
    if renamed {
        match stepped {
            Some((hash, mut redirect, thing)) => {
                redirect.name = old.clone();
                sign(redirect, Some(thing), vec![hash])?;
            }
            None => {
                let mut redirect = redirect_to(&found.shown, &old, &new);
                redirect.licence.clone_from(&licence);
                redirect.language = language;
                sign(redirect, None, Vec::new())?;
            }
        }
    }
    if let Some((other, hash)) = &edit.takes_in {
        let taken = find(node, other)?.ok_or_else(|| WriteError::Gone(other.clone()))?;
        if taken.page.id == found.page.id || leads_to(node, &taken.page.name, &old)? {
            return Err(WriteError::Refused(Refusal::new(
                "takes_in_itself",
                format!("“{}” is this page already", other.title()),
                "name another page",
            )));
        }
        if taken.page.hash != *hash {
            return Err(WriteError::Gone(other.clone()));
        }
        if !rules::keeps(&taken.shown.licence, &licence) {
            return Err(WriteError::Refused(Refusal::new(
                "licence_other",
                format!(
                    "“{}” is under {}, and its text cannot be published under {licence}",
                    other.title(),
                    taken.shown.licence
                ),
                "link to it instead",
            )));
        }
        expected.push((other.key(), Some(*hash)));
        let redirect = redirect_to(&taken.shown, other, &new);
        sign(redirect, Some(taken.thing.clone()), vec![*hash])?;
    }
    let written = Written {
        name: new,
        accepted: None,
        merged,
    };
    Ok((records, expected, written))
}

/// Merges what its author wrote with what is shown by now.
fn combine(before: &Article, mine: &Article, found: &Found) -> Result<Article, WriteError> {
    let theirs = &found.shown;
    let merged = merge::merge(&before.content, &mine.content, &theirs.content);
    let Some(text) = merged.text() else {
        return Err(WriteError::Conflict(Box::new(Conflict {
            shown: found.page.hash,
            theirs: theirs.content.clone(),
            merged,
        })));
    };
    let mut article = mine.clone();
    article.content = text;
    // What its author left as it was is as others left it.
    if mine.categories == before.categories {
        article.categories.clone_from(&theirs.categories);
    }
    if mine.name == before.name {
        article.name = theirs.name.clone();
    }
    if mine.language == before.language {
        article.language.clone_from(&theirs.language);
    }
    if mine.licence == before.licence {
        article.licence.clone_from(&theirs.licence);
    }
    if mine.original == before.original {
        article.original.clone_from(&theirs.original);
    }
    article.attribution.clone_from(&theirs.attribution);
    article.attachment.clone_from(&theirs.attachment);
    Ok(article)
}

fn is_same(a: &Article, b: &Article) -> bool {
    a.content == b.content
        && a.categories == b.categories
        && a.language == b.language
        && a.licence == b.licence
        && a.original == b.original
        && a.attachment == b.attachment
}

/// Returns the revision by which a page only leads to another.
pub(crate) fn redirect_to(page: &Article, name: &Name, to: &Name) -> Article {
    Article {
        name: name.clone(),
        content: format!("#REDIRECT [[{}]]\n", to.wiki_title()),
        media: Media::Wikitext,
        language: page.language.clone(),
        licence: page.licence.clone(),
        provenance: "written".to_owned(),
        summary: format!("→ {}", to.wiki_title()),
        attribution: String::new(),
        contributor: String::new(),
        minor: true,
        translation_of: None,
        categories: Vec::new(),
        original: None,
        machine: String::new(),
        namespaces: page.own_namespaces().to_vec(),
        source: None,
        attachment: None,
    }
}

/// Returns an article as its next revision begins: the same, said by nobody yet.
#[must_use]
pub fn next_of(article: &Article) -> Article {
    Article {
        namespaces: article.own_namespaces().to_vec(),
        provenance: "written".to_owned(),
        summary: String::new(),
        contributor: String::new(),
        machine: String::new(),
        minor: false,
        source: None,
        ..article.clone()
    }
}

/// What was undone of what one person did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// How many pages.
    pub pages: usize,
    /// Pages that could not be undone: somebody has to look.
    pub left: Vec<Name>,
}

/// Brings every page whose shown text is by `did` back to the last one that is not; withdraws those that nobody else
/// wrote in, and what they said of things.
///
/// # Errors
/// [`WriteError`] from the database; what was undone before stays undone.
pub fn roll_back(node: &Node, pen: &Pen, did: &Did, reason: &str) -> Result<Undone, WriteError> {
    let viewer = Viewer::public();
    let pages = node
        .store()
        .read(|db| tables::shown_by(db, &viewer, did.as_str()))?;
    let mut undone = Undone::default();
    for page in pages {
        let (thing, shown, before) = node.store().read(|db| {
            let thing = tables::full_id(db, &page.id)?;
            let shown = tables::article_of(db, &page.hash)?;
            let before = match tables::last_by_others(db, &page.id, did.as_str())? {
                Some(hash) => Some(tables::article_of(db, &hash)?),
                None => None,
            };
            Ok::<_, StoreError>((thing, shown, before))
        })?;
        let done = match before {
            Some(before) => {
                let mut article = next_of(&before);
                reason.clone_into(&mut article.summary);
                let edit = Edit {
                    name: shown.name,
                    base: Some(page.hash),
                    article,
                    takes_in: None,
                };
                publish(node, pen, &edit).map(|_| ())
            }
            None => withdraw(node, pen, thing, reason),
        };
        match done {
            Ok(()) => undone.pages += 1,
            Err(WriteError::Store(error)) => return Err(error.into()),
            Err(_) => undone.left.push(page.name),
        }
    }
    let said = node
        .store()
        .read(|db| people::remarks_by(db, &viewer, did.as_str()))?;
    for id in said {
        withdraw(node, pen, id, reason)?;
    }
    Ok(undone)
}

/// Withdraws a whole thing.
fn withdraw(node: &Node, pen: &Pen, thing: RecordId, reason: &str) -> Result<(), WriteError> {
    let draft = Tombstone::of_thing(thing, reason).draft(
        node.keys().commons_did(),
        Space::public(),
        Node::now(),
    );
    match node.publish_all(vec![pen.sign(node, draft)?])?.pop() {
        Some(Outcome::Refused(refusal)) if refusal.rule != "withdrawn" => {
            Err(WriteError::Refused(refusal))
        }
        _ => Ok(()),
    }
}

/// Appends a line to some article with the commons' key, chosen by a number; none if there is no article. For
/// load tests.
///
/// # Errors
/// From the database, or the refusal of a rule as a sentence.
pub fn edit_some(node: &Node, pick: i64) -> Result<Option<Accepted>, StoreError> {
    let viewer = Viewer::public();
    let found = node.store().read(|db| {
        let Some(listed) = tables::random(db, &viewer, pick)? else {
            return Ok(None);
        };
        let Some(page) = tables::by_key(db, &viewer, &listed.name.key())? else {
            return Ok(None);
        };
        let article = tables::article_of(db, &page.hash)?;
        let id = tables::full_id(db, &page.id)?;
        Ok::<_, StoreError>(Some((page, id, article)))
    })?;
    let Some((page, id, article)) = found else {
        return Ok(None);
    };
    let mut article = next_of(&article);
    article.content.push_str("\n\nOne more line.");
    article.summary = "one more line".to_owned();
    let commons: Did = node.keys().commons_did();
    let draft = article.draft(
        commons,
        page.space.clone(),
        Node::now(),
        Some(id),
        vec![page.hash],
    );
    match node.publish(draft, node.keys().commons())? {
        Outcome::Refused(refusal) => Err(StoreError::Record {
            space: page.space.as_str().to_owned(),
            seq: 0,
            reason: refusal.to_string(),
        }),
        Outcome::Accepted(place) | Outcome::Known(place) => Ok(Some(place)),
    }
}
