//! Old addresses of a MediaWiki: what stood there before leads to what stands here now.
//!
//! The forms are those of MediaWiki's manual: `/wiki/Title`, `/Title`, `/index.php?title=Title`,
//! `/index.php/Title`, `Special:…` in each of them, and `/images/…` for files.

use super::{Answer, absent_page, name_of, named};
use crate::model::{Kind, Name, SITE};
use crate::tables;
use site::{Context, Problem, Response, encode, encode_title};
use store::StoreError;
use wikitext::Title;

/// The number of MediaWiki's namespace of pages that are made when asked for.
const SPECIAL: i32 = -1;

/// The number of its namespace of people's pages.
const USER: i32 = 2;

/// Addresses of other programs, by which people and programs look for what this one has elsewhere, and where that is.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["login", "signin", "log-in"], "/sign-in"),
    (&["signup", "sign-up", "register"], "/join"),
    (&["logout", "account", "settings"], "/me"),
];

/// Addresses of other programs that have no counterpart.
const NOTHING: &[&str] = &[
    "export",
    "api",
    "api.php",
    "rest.php",
    "load.php",
    "xmlrpc.php",
    "wp-login.php",
    "admin",
    "opensearch_desc.php",
    "thumb.php",
];

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
    (
        &["watchlist", "listadeseguimiento"],
        "/changes?followed=yes",
    ),
    (&["userlogin", "entrar"], "/sign-in"),
    (&["createaccount", "crearcuenta"], "/join"),
    (&["upload", "subir"], "/upload"),
    (&["brokenredirects", "redireccionesrotas"], "/care/missing"),
    (&["doubleredirects", "listredirects"], "/care"),
    (&["deadendpages", "páginassinsalida"], "/care/dead-ends"),
    (&["lonelypages", "páginashuérfanas"], "/care/orphans"),
    (&["wantedpages", "páginasrequeridas"], "/care/wanted"),
    (&["statistics", "estadísticas"], "/"),
    (&["specialpages", "páginasespeciales"], "/care"),
];

/// Returns what answers instead of a special page.
fn special(cx: &Context<'_>, title: &str) -> Result<Option<String>, StoreError> {
    let (name, rest) = title.split_once('/').unwrap_or((title, ""));
    let name = name.to_lowercase().replace([' ', '_'], "");
    Ok(match name.as_str() {
        "contributions" | "contribuciones" => {
            let named = cx.request.param("target").unwrap_or(rest);
            writer(cx, named)?.map(|person| format!("/contributions/{}", person.handle))
        }
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
    })
}

/// Returns the person whose name this was in a wiki, or whose address it is here.
fn writer(cx: &Context<'_>, named: &str) -> Result<Option<people::Person>, StoreError> {
    let name = named.replace('_', " ");
    if let Some(person) = people::who_wrote_as(cx.db, cx.viewer, name.trim())? {
        return Ok(Some(person));
    }
    people::by_handle(cx.db, cx.viewer, &named.trim().to_lowercase())
}

/// Returns where a title in a namespace that is no page's own leads: a talk page to the discussion, a person's page to
/// whoever had that name.
fn beside(cx: &Context<'_>, title: &Title) -> Result<Option<String>, Problem> {
    if title.namespace == USER
        && let Some(person) = people::who_wrote_as(cx.db, cx.viewer, &title.text)?
    {
        return Ok(Some(person.href()));
    }
    // The odd numbers are what is said of the even ones before them.
    if title.namespace < 1 || title.namespace % 2 == 0 {
        return Ok(None);
    }
    if let Some(own) = Name::of_wiki(title)
        && named(cx, &own)?.is_some()
    {
        return Ok(None);
    }
    let about = Title {
        namespace: title.namespace - 1,
        ..title.clone()
    };
    let Some(about) = Name::of_wiki(&about) else {
        return Ok(None);
    };
    let page = named(cx, &about)?;
    Ok(page.map(|page| format!("/discussion/{}", encode_title(&page.name.key()))))
}

/// Sends the reader of an old address to the page that it meant.
fn moved(cx: &Context<'_>, title: &str) -> Answer {
    if let Ok(title) = SITE.title(title, 0) {
        let to = match title.namespace {
            SPECIAL => special(cx, &title.text)?,
            _ => beside(cx, &title)?,
        };
        if let Some(to) = to {
            return Ok(Response::redirect(301, &to));
        }
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
        (Some(title), _) if matches!(param("action"), Some("edit" | "submit")) => {
            format!("/edit/{}", encode_title(title))
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
    let name = name_of(cx, &path).map_err(|_| Problem::not_found(path.clone()))?;
    let lower = path.to_lowercase();
    if named(cx, &name)?.is_none() {
        let here = ELSEWHERE.iter().find(|(paths, _)| paths.contains(&&*lower));
        if let Some((_, href)) = here {
            return Ok(Response::redirect(302, href));
        }
        if NOTHING.contains(&&*lower) {
            let mut problem = Problem::not_found(cx.words.tf(
                "problem-404-path",
                &[("path", cx.request.path.as_str().into())],
            ));
            cx.words.t("programs-here").clone_into(&mut problem.remedy);
            return Err(problem);
        }
    }
    moved(cx, &path)
}
