//! Feeds (Atom, RFC 4287): of all changes, of a theme, a page, a person, and of what somebody follows.

use crate::model::{Kind, Name};
use crate::pages::{find, name_of, no_title};
use crate::tables::{self, Change, Wanted};
use record::Timestamp;
use site::{Context, Problem, Response, encode_title};
use std::fmt::Write;

type Answer = Result<Response, Problem>;

/// How many entries a feed has.
const MOST: i64 = 50;

/// Draws a list of changes as a feed.
fn of_changes(cx: &Context<'_>, title: &str, own: &str, page: &str, list: &[Change]) -> Answer {
    let updated = list.first().map_or(0, |change| change.revision.at);
    let authors = list.iter().map(|change| change.revision.author.as_str());
    let people = people::labels(cx.db, cx.viewer, authors)?;
    let mut entries = String::new();
    for change in list.iter().filter(|change| !change.revision.withdrawn) {
        let Some(name) = &change.name else { continue };
        let revision = &change.revision;
        let author = match people.get(&revision.author) {
            Some(person) if revision.author.starts_with("did:key:") => person.name.as_str(),
            None if revision.author.is_empty() => cx.words.t("author-unknown"),
            None if revision.author.starts_with("did:key:") => "",
            _ => &revision.author,
        };
        let summary = &revision.summary;
        let hash = revision.hash.to_string();
        entry(&mut entries, cx, name, revision.at, author, summary, &hash);
    }
    Ok(feed(cx, title, own, page, updated, &entries))
}

/// `GET /feeds/changes.atom`.
pub(crate) fn changes(cx: &Context<'_>) -> Answer {
    let list = tables::changes(cx.db, cx.viewer, &Wanted::default(), i64::MAX, MOST)?;
    let title = cx.words.t("menu-changes");
    of_changes(cx, title, "/feeds/changes.atom", "/changes", &list)
}

/// `GET /feeds/pages/{title}`: the revisions of one page.
pub(crate) fn page(cx: &Context<'_>) -> Answer {
    let page = find(cx, &name_of(cx, cx.rest)?)?;
    let list: Vec<Change> = tables::history(cx.db, cx.viewer, &page.id, i64::MAX, MOST)?
        .into_iter()
        .map(|revision| Change {
            thing: page.id,
            revision,
            name: Some(page.name.clone()),
            first: false,
        })
        .collect();
    let title = page.name.wiki_title();
    let own = format!("/feeds/pages/{}", encode_title(&title));
    let history = format!("/history/{}", encode_title(&title));
    of_changes(cx, &title, &own, &history, &list)
}

/// `GET /feeds/people/{handle}`: what one person writes.
pub(crate) fn person(cx: &Context<'_>) -> Answer {
    let Some(person) = people::by_handle(cx.db, cx.viewer, &cx.rest.to_lowercase())? else {
        let words = [("handle", cx.rest.into())];
        return Err(Problem::not_found(cx.words.tf("no-person", &words)));
    };
    let mut names = people::names_attested(cx.db, cx.viewer, &person.id)?;
    names.push(person.did.to_string());
    let list = tables::changes_by(cx.db, cx.viewer, &names, i64::MAX, MOST)?;
    let own = format!("/feeds/people/{}", person.handle);
    let page = format!("/contributions/{}", person.handle);
    of_changes(cx, &person.name, &own, &page, &list)
}

/// `GET /feeds/following/{key}`: what changed of what somebody follows. Who knows the address may read it: a reader of
/// feeds does not sign in.
pub(crate) fn following(cx: &Context<'_>) -> Answer {
    let unknown = || Problem::not_found(cx.words.t("feed-unknown"));
    let account =
        people::accounts::account_of_feed(cx.node, cx.db, cx.rest)?.ok_or_else(unknown)?;
    let wanted = Wanted {
        followed_by: Some(account),
        ..Wanted::default()
    };
    let list = tables::changes(cx.db, cx.viewer, &wanted, i64::MAX, MOST)?;
    let own = format!("/feeds/following/{}", cx.rest);
    let answer = of_changes(cx, cx.words.t("following-title"), &own, "/following", &list)?;
    Ok(answer.with("cache-control", "no-store"))
}

/// `GET /feeds/categories/{title}`.
pub(crate) fn category(cx: &Context<'_>) -> Answer {
    let name = Name::new(Kind::Category, cx.rest)
        .map_err(|_| no_title(cx, cx.rest))?
        .first_upper();
    let pages = tables::newest_in(cx.db, cx.viewer, &name.key(), 50)?;
    // A theme without pages has a feed if somebody wrote about it: its first page may come.
    if pages.is_empty() {
        find(cx, &name)?;
    }
    let updated = pages.first().map_or(0, |page| page.updated);
    let mut entries = String::new();
    for page in &pages {
        entry(
            &mut entries,
            cx,
            &page.name,
            page.updated,
            &page.attribution,
            &page.lead,
            &page.hash.to_string(),
        );
    }
    let own = format!("/feeds/categories/{}", encode_title(name.title()));
    Ok(feed(
        cx,
        name.title(),
        &own,
        &name.href(),
        updated,
        &entries,
    ))
}

fn feed(
    cx: &Context<'_>,
    title: &str,
    own: &str,
    page: &str,
    updated: i64,
    entries: &str,
) -> Response {
    let base = cx.base();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\
         <title>{} · {}</title><id>{base}{own}</id><updated>{}</updated>\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{own}\"/>\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}{page}\"/>\
         <author><name>{}</name></author>{entries}</feed>\n",
        cx.lang().tag(),
        xml_text(title),
        xml_text(&cx.settings.name),
        Timestamp::from_millis(updated),
        xml_text(&cx.settings.name),
    );
    Response::ok("application/atom+xml; charset=utf-8", xml.into_bytes())
}

fn entry(
    out: &mut String,
    cx: &Context<'_>,
    name: &Name,
    at: i64,
    author: &str,
    text: &str,
    id: &str,
) {
    let author = if author.is_empty() {
        cx.settings.name.as_str()
    } else {
        author
    };
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<entry><title>{}</title><id>urn:{}</id><updated>{}</updated><link href=\"{}{}\"/>\
         <author><name>{}</name></author><summary>{}</summary></entry>",
        xml_text(&name.wiki_title()),
        xml_text(id),
        Timestamp::from_millis(at),
        cx.base(),
        xml_text(&name.href()),
        xml_text(author),
        xml_text(text),
    );
}

/// Escapes text for XML, leaving out the characters that XML cannot hold.
pub(crate) fn xml_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}
