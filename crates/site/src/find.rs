//! The search page, as a person and as a program see it; it is the same for every kind of thing.

use crate::{
    Context, Markup, PageHead, PreEscaped, Problem, Response, Route, Words, encode, html,
    language_name, number,
};
use search::{Query, Results};
use serde_json::json;
use std::time::Duration;

type Answer = Result<Response, Problem>;

/// The addresses of searching, and those that belong to no capability.
pub const ROUTES: &[Route] = &[
    Route::get("/search", page, "Search everything"),
    Route::get("/api/v1/search", api, "Search everything, as JSON"),
    Route::get("/api/v1/suggest", suggest, "Titles that begin as typed"),
    Route::get("/opensearch.xml", opensearch, "How a browser searches here"),
    Route::get("/robots.txt", robots, "What crawlers are told"),
    Route::get("/readyz", ready, "Whether the node can answer"),
    Route::get("/about", about, "What this commons is"),
    Route::get("/api/v1/commons", commons, "Which commons this node hosts"),
    Route::get("/problems/*", problem, "What a problem's type means"),
];

/// How long `/readyz` waits for the database: shorter than monitors do.
const PROBE: Duration = Duration::from_secs(2);

/// How many hits one page shows.
const PART: usize = 20;

/// The most hits that a program may ask for at once.
const MOST: usize = 100;

fn query(cx: &Context<'_>) -> Result<Query, Problem> {
    let request = cx.request;
    let limit = cx.limit(PART, MOST)?;
    let text = request.param("q").unwrap_or("").trim();
    Ok(Query {
        text: text.to_owned(),
        kind: request.param("kind").map(str::to_owned),
        language: request.param("lang").map(str::to_owned),
        category: request.param("category").map(str::to_owned),
        limit,
        after: request.param("after").map(str::to_owned),
    })
}

fn wordless(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

/// Names a language, or says that none is given.
fn language_of<'w>(w: &'w Words, code: &'w str) -> &'w str {
    match code {
        "und" => w.t("language-und"),
        code => language_name(code),
    }
}

fn found(cx: &Context<'_>, query: &Query) -> Result<Results, Problem> {
    let spaces: Vec<&str> = cx
        .viewer
        .spaces()
        .iter()
        .map(record::Space::as_str)
        .collect();
    // Signs alone ask for nothing; a star, or no text at all, for everything.
    if !matches!(query.text.as_str(), "" | "*") && wordless(&query.text) {
        return Ok(Results::default());
    }
    let texts = |_: &str, id: &str| {
        cx.texts
            .iter()
            .find_map(|text| text(cx, id, search::QUOTED_BYTES))
    };
    cx.search
        .search(&spaces, query, &texts)
        .map_err(|error| match error {
            search::SearchError::Page { .. } => Problem::bad(
                "bad_cursor",
                cx.words.t("bad-search-cursor"),
                cx.words.t("bad-search-cursor-remedy"),
            ),
            other => Problem {
                status: 503,
                code: "search_unavailable",
                detail: other.to_string(),
                remedy: String::new(),
            },
        })
}

fn api(cx: &Context<'_>) -> Answer {
    let query = query(cx)?;
    let found = found(cx, &query)?;
    let facet = |list: &[(String, u64)]| {
        list.iter()
            .map(|(value, count)| json!({"value": value, "count": count}))
            .collect::<Vec<_>>()
    };
    let hits: Vec<_> = found
        .hits
        .iter()
        .map(|hit| {
            json!({"id": hit.id, "kind": hit.kind, "title": hit.title, "url": hit.url, "lang": hit.language,
                   "categories": hit.categories, "excerpt_html": hit.excerpt_html, "score": hit.score})
        })
        .collect();
    Ok(Response::json(&json!({
        "total": found.total,
        "hits": hits,
        "facets": {"kind": facet(&found.facets.kind), "lang": facet(&found.facets.language),
                   "category": facet(&found.facets.category)},
        "did_you_mean": found.did_you_mean,
        "corrected": found.corrected,
        "relaxed": found.relaxed,
        "next": found.next,
    })))
}

fn suggest(cx: &Context<'_>) -> Answer {
    let spaces: Vec<&str> = cx
        .viewer
        .spaces()
        .iter()
        .map(record::Space::as_str)
        .collect();
    let prefix = cx.request.param("q").unwrap_or("");
    let list = cx.search.suggest(&spaces, prefix, 10).unwrap_or_default();
    // The form that browsers understand: what was typed, titles, descriptions, addresses.
    let titles: Vec<&str> = list.iter().map(|s| s.title.as_str()).collect();
    let kinds: Vec<&str> = list.iter().map(|s| s.kind.as_str()).collect();
    let urls: Vec<String> = list
        .iter()
        .map(|s| format!("{}{}", cx.base(), s.url))
        .collect();
    Ok(Response::json(&json!([prefix, titles, kinds, urls])))
}

fn link(query: &Query, change: (&str, Option<&str>)) -> String {
    let mut link = format!("/search?q={}", encode(&query.text));
    for (name, value) in [
        ("kind", &query.kind),
        ("lang", &query.language),
        ("category", &query.category),
    ] {
        let value = if change.0 == name {
            change.1
        } else {
            value.as_deref()
        };
        if let Some(value) = value {
            link.push_str(&format!("&{name}={}", encode(value)));
        }
    }
    link
}

fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let query = query(cx)?;
    let narrowed = query.kind.is_some() || query.language.is_some() || query.category.is_some();
    let everything = query.text == "*" || query.text.is_empty();
    // To choose among the facets is to ask too.
    if wordless(&query.text) && !narrowed && query.text != "*" {
        let title = w.t("search");
        let main = html! {
            div.head { h1 { (title) } p.lead { (w.t("search-empty")) } }
            dl.facts { @for (example, why) in [("search-example-1", "search-why-1"), ("search-example-2", "search-why-2"), ("search-example-3", "search-why-3"), ("search-example-4", "search-why-4")] {
                dt { code { (w.t(example)) } } dd { (w.t(why)) }
            } }
        };
        return Ok(cx.page(
            &PageHead {
                title,
                noindex: true,
                ..PageHead::default()
            },
            &main,
        ));
    }
    let found = found(cx, &query)?;
    let count = ("count", found.total.into());
    let title = if everything && found.total > 0 {
        w.tf("results-all", &[count])
    } else {
        w.tf(
            "results-title",
            &[count, ("query", query.text.as_str().into())],
        )
    };
    let facets = facets(cx, &query, &found);
    let next = found
        .next
        .as_ref()
        .map(|next| format!("{}&after={}", link(&query, ("", None)), encode(next)));
    let main = html! {
        div.head {
            h1 { (title) }
            @if let Some(better) = &found.did_you_mean {
                @let meant = html! { a href=(link(&Query { text: better.clone(), ..query.clone() }, ("", None))) { b { (better) } } };
                // The engine looked for it already only where hardly a page has what was typed.
                @if found.corrected { p { (w.t("also-searched")) " " (meant) "." } }
                @else { p { (w.t("did-you-mean")) " " (meant) "?" } }
            }
            @if found.total == 0 && !wordless(&query.text) { @if let Some(begin) = cx.settings.begin.first() {
                p.actions { a.button.main href={ (begin.href) "?title=" (encode(query.text.trim())) } rel="nofollow" { (w.tf("search-begin", &[("query", query.text.trim().into())])) } }
            } }
            @if found.relaxed { p { (w.t("search-relaxed")) } }
        }
        @if found.total == 0 {
            div.empty { h2.h3 { (w.t("search-none")) } p { (w.t("search-none-why")) }
                p.actions.center { @if narrowed { a.button.main href={ "/search?q=" (encode(&query.text)) } { (w.t("search-wider")) } } a.button href="/themes" { (w.t("search-themes")) } } }
        } @else {
            div.side {
                aside.facets aria-label=(w.t("narrow")) {
                    details.only-narrow { summary { (w.t("narrow-summary")) } (facets) }
                    div.only-wide { (facets) }
                }
                div {
                    p.small.quiet { (w.tf("results-best", &[("shown", found.hits.len().into()), ("count", found.total.into())])) }
                    ol.rows {
                        @for hit in &found.hits {
                            li.hit {
                                span.kind data-kind=(weave(&hit.kind)) { (w.t(kind_word(&hit.kind))) @if hit.language != w.lang().tag() { " · " (language_of(w, &hit.language)) } }
                                h2 { a href=(hit.url) lang=(hit.language) { (hit.title) } }
                                p lang=(hit.language) { (PreEscaped(&hit.excerpt_html)) }
                                @if !hit.categories.is_empty() { p.small.quiet { (hit.categories.iter().take(5).cloned().collect::<Vec<_>>().join(" · ")) } }
                            }
                        }
                    }
                    (crate::pager(cx, &w.tf("results-count", &[("count", found.total.into())]), next.as_deref()))
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title: &title,
            query: &query.text,
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

fn facets(cx: &Context<'_>, query: &Query, found: &Results) -> Markup {
    let w = cx.words;
    let lists = [
        ("kind", "facet-kind", &query.kind, &found.facets.kind),
        (
            "lang",
            "facet-language",
            &query.language,
            &found.facets.language,
        ),
        (
            "category",
            "facet-theme",
            &query.category,
            &found.facets.category,
        ),
    ];
    html! {
        @for (name, word, chosen, counts) in lists {
            @if !counts.is_empty() {
                h2 { (w.t(word)) }
                ul {
                    @if chosen.is_some() { li { a href=(link(query, (name, None))) { span { (w.t("facet-all")) } } } }
                    @for (value, count) in counts.iter().take(15) {
                        li { a href=(link(query, (name, Some(value)))) aria-current=[(chosen.as_deref() == Some(value)).then_some("true")] {
                            span { (match name { "kind" => w.t(kind_word(value)).to_owned(), "lang" => language_of(w, value).to_owned(), _ => value.clone() }) }
                            " " span.num { (number(cx.lang(), *count as i64)) }
                        } }
                    }
                }
            }
        }
    }
}

/// The weave of a kind of thing.
fn weave(kind: &str) -> &'static str {
    match kind {
        "initiative" => "initiative",
        "design" => "design",
        "workshop" => "workshop",
        "value" => "value",
        "policy" => "policy",
        "person" | "organization" => "initiative",
        _ => "knowledge",
    }
}

fn kind_word(kind: &str) -> &'static str {
    match kind {
        "article" => "kind-article",
        "category" => "kind-category",
        "file" => "kind-file",
        "user" => "kind-user",
        "template" => "kind-template",
        "person" => "kind-person",
        "organization" => "kind-organization",
        "initiative" => "kind-initiative",
        _ => "kind-project",
    }
}

fn opensearch(cx: &Context<'_>) -> Answer {
    let base = cx.base();
    let name: String = cx
        .settings
        .name
        .chars()
        .filter(|c| !matches!(c, '<' | '>' | '&'))
        .take(16)
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\
         <ShortName>{name}</ShortName><Description>{name}</Description><InputEncoding>UTF-8</InputEncoding>\
         <Url type=\"text/html\" template=\"{base}/search?q={{searchTerms}}\"/>\
         <Url type=\"application/x-suggestions+json\" template=\"{base}/api/v1/suggest?q={{searchTerms}}\"/>\
         </OpenSearchDescription>\n"
    );
    Ok(Response::ok(
        "application/opensearchdescription+xml",
        xml.into_bytes(),
    ))
}

fn robots(cx: &Context<'_>) -> Answer {
    let text = format!(
        "User-agent: *\nAllow: /\nSitemap: {}/sitemap.xml\n",
        cx.base()
    );
    Ok(Response::ok("text/plain; charset=utf-8", text.into_bytes()))
}

fn ready(cx: &Context<'_>) -> Answer {
    let found = store::heads(cx.db).and_then(|_| cx.node.store().probe(PROBE));
    let (status, text) = match found.map_err(Problem::from) {
        Ok(()) => (200, "ready\n".to_owned()),
        Err(problem) => (problem.status, format!("{}\n", problem.detail)),
    };
    Ok(Response::ok("text/plain; charset=utf-8", text.into_bytes()).status(status))
}

/// `GET /problems/{code}`: what RFC 9457's `type` leads to.
fn problem(cx: &Context<'_>) -> Answer {
    let code = cx.rest.replace('_', "-");
    let found = |word: &str, why: &str| Some((cx.words.find(word)?, cx.words.find(why)));
    // A type of its own, or a rule that says no.
    let said = found(&format!("type-{code}"), &format!("type-{code}-why"))
        .or_else(|| found(&format!("rule-{code}"), &format!("rule-{code}-remedy")));
    let Some((title, why)) = said else {
        let path = [("path", cx.request.path.as_str().into())];
        return Err(Problem::not_found(cx.words.tf("problem-404-path", &path)));
    };
    let main = html! {
        div.head { h1 { (title) } @if let Some(why) = why { p.lead { (why) } } }
        p.quiet { code { (cx.rest) } }
    };
    Ok(cx.page(
        &PageHead {
            title,
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

/// `GET /api/v1/commons`: which commons this node hosts, for whoever signs records for it.
fn commons(cx: &Context<'_>) -> Answer {
    Ok(Response::json(&serde_json::json!({
        "commons": cx.node.keys().commons_did().as_str(),
        "node": cx.node.keys().node().did().as_str(),
        "name": cx.settings.name,
        "version": env!("CARGO_PKG_VERSION"),
    })))
}

fn about(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let title = w.t("about-title");
    let records = store::count_records(cx.db, cx.viewer)?;
    let main = html! {
        div.head { h1 { @if cx.settings.name == "Minga" { (title) } @else { (cx.settings.name) } }
            @if !cx.settings.about.is_empty() { p.lead { (cx.settings.about) } }
            p.lead { (w.t("about-lead")) }
            @if cx.asker.is_some_and(|asker| asker.steward) { p.actions { a.button href="/stewards#h-commons" { (w.t("about-change")) } } }
        }
        div.prose {
            h2 { (w.t("about-use")) }
            p { (w.t("about-use-text")) }
            h2 { (w.t("about-kept")) }
            p { (w.t("about-kept-text")) }
            h2 { (w.t("about-check")) }
            p { (w.tf("about-check-text", &[("count", records.into())])) }
        }
        dl.facts {
            dt { (w.t("about-commons-key")) } dd.code { (cx.node.keys().commons_did()) }
            dt { (w.t("about-node-key")) } dd.code { (cx.node.keys().node().did()) }
            dt { (w.t("about-version")) } dd { (env!("CARGO_PKG_VERSION")) }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            canonical: Some("/about".to_owned()),
            ..PageHead::default()
        },
        &main,
    ))
}
