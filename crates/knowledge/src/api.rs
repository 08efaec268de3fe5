//! The JSON, feeds and sitemaps of the knowledge commons.

use crate::model::{Kind, Name};
use crate::pages::{find, name_of, no_title};
use crate::tables::{self, Page};
use record::{Space, Timestamp};
use serde_json::{Value, json};
use site::{Context, Problem, Response, encode, encode_title};
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
    let licence = page.licence.strip_prefix("CC-").and_then(|rest| {
        let (name, version) = rest.rsplit_once('-')?;
        Some(format!(
            "https://creativecommons.org/licenses/{}/{version}/",
            name.to_lowercase()
        ))
    });
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

/// `GET /feeds/changes.atom`.
pub(crate) fn changes_feed(cx: &Context<'_>) -> Answer {
    let list = tables::changes(cx.db, cx.viewer, tables::Wanted::default(), i64::MAX, 50)?;
    let updated = list.first().map_or(0, |change| change.revision.at);
    let mut entries = String::new();
    for change in &list {
        let Some(name) = &change.name else { continue };
        let author = match change.revision.author.as_str() {
            "" => cx.words.t("author-unknown"),
            author => author,
        };
        entry(
            &mut entries,
            cx,
            name,
            change.revision.at,
            author,
            &change.revision.summary,
            &change.revision.hash.to_string(),
        );
    }
    Ok(feed(
        cx,
        cx.words.t("menu-changes"),
        "/feeds/changes.atom",
        "/changes",
        updated,
        &entries,
    ))
}

/// `GET /feeds/categories/{title}`.
pub(crate) fn category_feed(cx: &Context<'_>) -> Answer {
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
fn xml_text(text: &str) -> String {
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
