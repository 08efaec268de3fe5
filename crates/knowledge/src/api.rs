//! The JSON and the sitemaps of the knowledge commons.

use crate::feeds::xml_text;
use crate::model::{Kind, Name};
use crate::pages::{find, licence_url, name_of};
use crate::tables::{self, Page};
use record::{Space, Timestamp};
use serde_json::{Value, json};
use site::{Context, Problem, Response, encode};
use std::fmt::Write;
use store::StoreError;

type Answer = Result<Response, Problem>;

/// `GET /api/v1/articles/{title}`.
pub(crate) fn article(cx: &Context<'_>) -> Answer {
    let page = find(cx, &name_of(cx, cx.rest)?)?;
    let drawn = tables::drawn(cx.db, cx.viewer, cx.node.store(), &page)?;
    let article = tables::article_of(cx.db, &page.hash)?;
    let categories: Vec<String> = titles(&tables::linked(cx.db, &page.id, "category")?);
    let links: Vec<String> = titles(&tables::linked(cx.db, &page.id, "mentions")?);
    let translations: Vec<Value> = tables::translations(cx.db, cx.viewer, &page)?
        .iter()
        .map(|one| json!({"title": one.name.wiki_title(), "lang": one.language, "url": one.name.href(), "original": one.original, "behind": one.behind}))
        .collect();
    let redirect = Name::parse_key(&page.redirect).map(|name| name.wiki_title());
    Ok(Response::json(&json!({
        "id": tables::full_id(cx.db, &page.id)?.as_str(),
        "title": page.name.wiki_title(),
        "kind": page.name.kind().as_str(),
        "lang": page.language,
        "revision": page.hash.to_string(),
        "updated": Timestamp::from_millis(page.updated).to_string(),
        "licence": page.licence,
        "attribution": page.attribution,
        "provenance": page.provenance,
        "redirect": redirect,
        "url": page.name.href(),
        "html": drawn.body,
        "media_type": page.media,
        "text": article.content,
        "source": article.source.map(|s| json!({"site": s.site, "namespace": s.namespace,
            "title": s.title, "revision": s.revision, "sha256": s.sha256})),
        "categories": categories,
        "translations": translations,
        "links": links,
    })))
}

fn titles(keys: &[String]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| Name::parse_key(key))
        .map(|name| {
            if name.kind() == Kind::Category {
                name.title().to_owned()
            } else {
                name.wiki_title()
            }
        })
        .collect()
}

/// An article as JSON-LD in schema.org's words.
pub(crate) fn article_ld(cx: &Context<'_>, page: &Page) -> Answer {
    let drawn = tables::drawn(cx.db, cx.viewer, cx.node.store(), page)?;
    let about: Vec<Value> = tables::linked(cx.db, &page.id, "category")?
        .iter()
        .filter_map(|key| Name::parse_key(key))
        .map(|name| json!({"@type": "Thing", "name": name.title(), "url": format!("{}{}", cx.base(), name.href())}))
        .collect();
    let translations: Vec<Value> = tables::translations(cx.db, cx.viewer, page)?
        .iter()
        .map(|one| json!({"@type": "Article", "inLanguage": one.language, "url": format!("{}{}", cx.base(), one.name.href())}))
        .collect();
    let licence = licence_url(&page.licence);
    let body = json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": tables::full_id(cx.db, &page.id)?.as_str(),
        "url": format!("{}{}", cx.base(), page.name.href()),
        "headline": page.name.title(),
        "inLanguage": page.language,
        "dateModified": Timestamp::from_millis(page.updated).to_string(),
        "license": licence.unwrap_or_else(|| page.licence.clone()),
        "creditText": page.attribution,
        "abstract": page.lead,
        "wordCount": drawn.words,
        "version": page.hash.to_string(),
        "about": about,
        "workTranslation": translations,
        "articleBody": drawn.body,
        "encodingFormat": "text/html",
    });
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    Ok(Response::ok("application/ld+json", bytes).with("vary", "accept, accept-language, cookie"))
}

/// `GET /api/v1/changes?since=&space=`: the signed records of a space in order, one a line, then a cursor
/// with a signed checkpoint.
pub(crate) fn changes(cx: &Context<'_>) -> Answer {
    const MOST: usize = 1_000;
    let since = match cx.request.param("since") {
        None => 0,
        Some(text) => text
            .parse::<i64>()
            .ok()
            .filter(|n| *n >= 0)
            .ok_or_else(|| {
                Problem::bad(
                    "bad_cursor",
                    cx.words.tf("bad-since", &[("text", text.into())]),
                    cx.words.t("bad-since-remedy"),
                )
            })?,
    };
    let bad_space = |key: &str, text: &str| {
        let said = cx.words.tf(key, &[("space", text.into())]);
        Problem::bad("bad_space", said, "")
    };
    let space = match cx.request.param("space") {
        None => Space::public(),
        Some(text) => Space::parse(text).map_err(|_| bad_space("bad-space", text))?,
    };
    if !cx.viewer.sees(&space) {
        let said = [("space", space.as_str().into())];
        return Err(Problem::not_found(cx.words.tf("no-such-space", &said)));
    }
    let last = store::heads(cx.db)?
        .into_iter()
        .find_map(|(known, last)| (known == space).then_some(last))
        .unwrap_or(0);
    if since > last {
        // A log that is shorter than a mirror's copy was restored from a backup: it must not be passed over.
        return Err(Problem::bad(
            "bad_cursor",
            cx.words.tf(
                "since-beyond",
                &[
                    ("since", since.to_string().as_str().into()),
                    ("space", space.as_str().into()),
                    ("last", last.to_string().as_str().into()),
                ],
            ),
            cx.words.t("bad-since-remedy"),
        ));
    }
    let limit = cx.limit(MOST, MOST)? as i64;
    let mut out = Vec::new();
    let mut last = since;
    store::rows(cx.db, &space, since, limit, |row| {
        last = row.seq;
        match row.bytes {
            Some(bytes) => out.extend_from_slice(&bytes),
            None => {
                let line = json!({"type": "Withdrawn", "id": row.id, "hash": row.hash.to_string(), "seq": row.seq});
                out.extend_from_slice(line.to_string().as_bytes());
            }
        }
        out.push(b'\n');
        Ok::<_, StoreError>(())
    })?;
    let checkpoint = store::checkpoint(cx.db, cx.node.keys(), &space)?;
    let cursor =
        json!({"type": "Cursor", "space": space.as_str(), "since": last, "checkpoint": checkpoint});
    out.extend_from_slice(cursor.to_string().as_bytes());
    out.push(b'\n');
    Ok(Response::ok("application/x-ndjson", out))
}

/// How many addresses one sitemap holds; the protocol allows 50,000.
const PER_SITEMAP: i64 = 10_000;

/// `GET /sitemap.xml`: one sitemap for each 10,000 articles, named by the sort key that it begins after.
pub(crate) fn sitemap_index(cx: &Context<'_>) -> Answer {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">",
    );
    for start in tables::sitemap_starts(cx.db, cx.viewer, PER_SITEMAP)? {
        let _ = write!(
            xml,
            "<sitemap><loc>{}/sitemaps/{}.xml</loc></sitemap>",
            xml_text(cx.base()),
            encode(&start)
        );
    }
    xml.push_str("</sitemapindex>\n");
    Ok(Response::ok(
        "application/xml; charset=utf-8",
        xml.into_bytes(),
    ))
}

/// `GET /sitemaps/{start}.xml`.
pub(crate) fn sitemap(cx: &Context<'_>) -> Answer {
    let Some(start) = cx.rest.strip_suffix(".xml") else {
        let path = [("path", cx.request.path.as_str().into())];
        return Err(Problem::not_found(cx.words.tf("problem-404-path", &path)));
    };
    let start = start.strip_prefix('~').unwrap_or(start);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">",
    );
    for page in tables::sitemap_part(cx.db, cx.viewer, start, PER_SITEMAP)? {
        let at = Timestamp::from_millis(page.updated).to_string();
        let _ = write!(
            xml,
            "<url><loc>{}{}</loc><lastmod>{}</lastmod></url>",
            xml_text(cx.base()),
            xml_text(&page.name.href()),
            at.get(..10).unwrap_or(&at),
        );
    }
    xml.push_str("</urlset>\n");
    Ok(Response::ok(
        "application/xml; charset=utf-8",
        xml.into_bytes(),
    ))
}
