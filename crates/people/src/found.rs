//! What the full-text search knows of people and organisations: all that they say of themselves.

use crate::model::{Organization, Profile};
use crate::tables::{self, organizations};
use record::{Hash, Record};
use site::Context;
use store::{Db, StoreError, Viewer};

/// What stands for a person or an organisation in lists of what was found.
struct Said {
    kind: &'static str,
    url: String,
    profile: Profile,
}

fn said(db: &Db<'_>, viewer: &Viewer, id: &str) -> Result<Option<Said>, StoreError> {
    let short = record::short_id(id);
    let read = |hash: &Hash| -> Result<Option<Record>, StoreError> {
        let bytes = store::bytes_of(db, hash)?;
        Ok(bytes.and_then(|bytes| Record::trusted(&bytes).ok()))
    };
    if let Some(person) = tables::by_id(db, viewer, &short)? {
        let profile = read(&person.hash)?.and_then(|record| Profile::of(&record).ok());
        return Ok(profile.map(|profile| Said {
            kind: Profile::KIND,
            url: person.href(),
            profile,
        }));
    }
    let Some(here) = organizations::organization_by_id(db, viewer, &short)? else {
        return Ok(None);
    };
    let said = read(&here.hash)?.and_then(|record| Organization::of(&record).ok());
    Ok(said.map(|said| Said {
        kind: Organization::KIND,
        url: here.href(),
        profile: said.profile,
    }))
}

fn text_of(profile: &Profile) -> String {
    let lists = [&profile.skills, &profile.themes];
    let mut parts = vec![
        format!("@{}", profile.handle),
        profile.place.clone(),
        crate::pages::directory::plain(&profile.about),
        profile.seeking.clone(),
        profile.offering.clone(),
    ];
    parts.extend(lists.iter().map(|list| list.join(", ")));
    parts.retain(|part| !part.trim().is_empty());
    parts.join(". ")
}

/// Returns what is searched of a person or an organisation, by the id of the thing; none for anything else.
///
/// # Errors
/// From the database.
pub fn document(
    db: &Db<'_>,
    viewer: &Viewer,
    id: &str,
) -> Result<Option<search::Document>, StoreError> {
    Ok(said(db, viewer, id)?.map(|said| search::Document {
        id: id.to_owned(),
        kind: said.kind.to_owned(),
        language: said
            .profile
            .languages
            .first()
            .map_or("und", String::as_str)
            .to_owned(),
        title: said.profile.name.clone(),
        url: said.url,
        body: text_of(&said.profile),
        categories: said.profile.themes,
        rank: 0,
    }))
}

/// Returns the beginning of the text of a person or an organisation, for an excerpt.
pub(crate) fn text(cx: &Context<'_>, id: &str, most: usize) -> Option<String> {
    let said = said(cx.db, cx.viewer, id).ok().flatten()?;
    let text = text_of(&said.profile);
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))?;
    Some(text[..end].to_owned())
}
