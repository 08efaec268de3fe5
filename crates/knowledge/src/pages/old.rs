//! Old addresses of a MediaWiki: what stood there before leads to what stands here now.
//!
//! The forms are those of MediaWiki's manual: `/wiki/Title`, `/Title`, `/index.php?title=Title`,
//! `/index.php/Title`, `Special:…` in each of them, and `/images/…` for files.

use super::{Answer, absent_page, name_of, named};
use crate::model::{Kind, Name, SITE};
use crate::tables;
use site::{Context, Problem, Response, encode, encode_title};

/// The number of MediaWiki's namespace of pages that are made when asked for.
const SPECIAL: i32 = -1;

/// Special pages by their names in lower case without blanks, and what answers instead.
/// Source of the names: MediaWiki's `MessagesEn.php` and `MessagesEs.php`, the table of special pages' aliases.
const SPECIALS: &[(&[&str], &str)] = &[
    (
        &["recentchanges", "newpages", "cambiosrecientes", "log"],
        "/changes",
    ),
    (
        &[
            "random",
            "randompage",
            "aleatoria",
            "aleatorio",
            "páginaaleatoria",
        ],
        "/random",
    ),
    (
        &["allpages", "prefixindex", "todas", "todaslaspáginas"],
        "/all",
    ),
    (
        &["categories", "mostlinkedcategories", "categorías"],
        "/themes",
    ),
    (&["brokenredirects", "redireccionesrotas"], "/care/missing"),
    (&["doubleredirects", "listredirects"], "/care"),
    (&["deadendpages", "páginassinsalida"], "/care/dead-ends"),
    (&["lonelypages", "páginashuérfanas"], "/care/orphans"),
    (&["wantedpages", "páginasrequeridas"], "/care/wanted"),
    (&["statistics", "estadísticas"], "/"),
    (&["specialpages", "páginasespeciales"], "/care"),
];

/// Returns what answers instead of a special page.
fn special(cx: &Context<'_>, title: &str) -> Option<String> {
    let (name, rest) = title.split_once('/').unwrap_or((title, ""));
    let name = name.to_lowercase().replace([' ', '_'], "");
    match name.as_str() {
        "search" | "buscar" => {
            let words = cx.request.param("search").unwrap_or(rest);
            Some(format!("/search?q={}", encode(words)))
        }
        "whatlinkshere" | "loqueenlazaaquí" => {
            let target = cx.request.param("target").unwrap_or(rest);
            Some(format!("/links/{}", encode_title(target)))
        }
        _ => SPECIALS
            .iter()
            .find(|(names, _)| names.contains(&name.as_str()))
            .map(|(_, href)| (*href).to_owned()),
    }
}

/// Sends the reader of an old address to the page that it meant.
fn moved(cx: &Context<'_>, title: &str) -> Answer {
    if let Ok(title) = SITE.title(title, 0)
        && title.namespace == SPECIAL
        && let Some(to) = special(cx, &title.text)
    {
        return Ok(Response::redirect(301, &to));
    }
    let name = name_of(cx, title)?;
    match named(cx, &name)? {
        Some(page) => Ok(Response::redirect(301, &page.name.href())),
        None if name.kind() == Kind::Category => {
            Ok(Response::redirect(301, &name.first_upper().href()))
        }
        None => absent_page(cx, &name),
    }
}

pub(crate) fn old_wiki(cx: &Context<'_>) -> Answer {
    old_index(cx)
}

pub(crate) fn old_index(cx: &Context<'_>) -> Answer {
    let param = |name: &str| cx.request.param(name);
    // `/wiki/Title` and `/index.php/Title` say it in their path.
    let title = param("title").or(Some(cx.rest).filter(|rest| !rest.is_empty()));
    let to = match (title, param("search")) {
        // Only the old wiki knew its numbers.
        (None, _)
            if ["curid", "oldid", "diff"]
                .iter()
                .any(|name| param(name).is_some()) =>
        {
            return Err(Problem::not_found(cx.words.t("no-such-revision")));
        }
        (None, None) => "/".to_owned(),
        (None, Some(words)) => format!("/search?q={}", encode(words)),
        (Some(title), _) if param("action") == Some("raw") => {
            format!("/source/{}?raw=1", encode_title(title))
        }
        // A revision by a number that only the old wiki knew: all that are here.
        (Some(title), _)
            if param("action") == Some("history")
                || param("oldid").is_some()
                || param("diff").is_some() =>
        {
            format!("/history/{}", encode_title(title))
        }
        (Some(title), _) => return moved(cx, title),
    };
    Ok(Response::redirect(301, &to))
}

/// A file, or one of its smaller forms: `/images/a/ab/Barn.png`, `/images/thumb/a/ab/Barn.png/120px-Barn.png`.
pub(crate) fn old_image(cx: &Context<'_>) -> Answer {
    let mut parts: Vec<&str> = cx.rest.split('/').collect();
    if parts.first() == Some(&"thumb") {
        parts.pop();
    }
    let title = parts.last().copied().unwrap_or_default();
    let name = Name::new(Kind::File, title)
        .map_err(|_| Problem::not_found(cx.words.t("file-missing")))?
        .first_upper();
    match tables::by_name(cx.db, cx.viewer, &name)? {
        Some(page) if !page.blob.is_empty() => {
            Ok(Response::redirect(301, &format!("/blobs/{}", page.blob)))
        }
        Some(page) => Ok(Response::redirect(301, &page.name.href())),
        None => absent_page(cx, &name),
    }
}

/// Answers where no route does: `/Title` of an old wiki.
pub(crate) fn old_address(cx: &Context<'_>) -> Answer {
    let path = site::decode(cx.request.path.trim_start_matches('/'));
    if cx.request.path.starts_with("/api/") {
        return Err(Problem::not_found(path));
    }
    name_of(cx, &path).map_err(|_| Problem::not_found(path.clone()))?;
    moved(cx, &path)
}
