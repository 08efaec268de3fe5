//! Old addresses of a wiki.

use super::{Answer, absent_page, name_of, named};
use crate::model::Kind;

use site::{Context, Problem, Response, encode, encode_title};

/// Sends the reader of an old address to the page that it meant.
fn moved(cx: &Context<'_>, title: &str) -> Answer {
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
    moved(cx, cx.rest)
}

pub(crate) fn old_index(cx: &Context<'_>) -> Answer {
    match cx.request.param("title") {
        Some(title) if title.starts_with("Special:RecentChanges") => {
            Ok(Response::redirect(301, "/changes"))
        }
        Some(title) if title.starts_with("Special:Random") => {
            Ok(Response::redirect(301, "/random"))
        }
        Some(title) if title.starts_with("Special:AllPages") => Ok(Response::redirect(301, "/all")),
        Some(title) if title.starts_with("Special:Search") => Ok(Response::redirect(
            301,
            &format!(
                "/search?q={}",
                encode(cx.request.param("search").unwrap_or(""))
            ),
        )),
        Some(title) => match cx.request.param("action") {
            Some("history") => Ok(Response::redirect(
                301,
                &format!("/history/{}", encode_title(title)),
            )),
            Some("raw") => Ok(Response::redirect(
                301,
                &format!("/source/{}?raw=1", encode_title(title)),
            )),
            _ => moved(cx, title),
        },
        None => match cx.request.param("search") {
            Some(words) => Ok(Response::redirect(
                301,
                &format!("/search?q={}", encode(words)),
            )),
            None => Ok(Response::redirect(301, "/")),
        },
    }
}

/// Answers where no route does: `/Title` of an old wiki.
pub(crate) fn old_address(cx: &Context<'_>) -> Answer {
    let path = site::decode(cx.request.path.trim_start_matches('/'));
    let name = name_of(cx, &path).map_err(|_| Problem::not_found(path.clone()))?;
    if cx.request.path.starts_with("/api/") {
        return Err(Problem::not_found(path));
    }
    moved(cx, &name.wiki_title())
}
