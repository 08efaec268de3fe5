//! The HTML of the knowledge commons.

use crate::model::{Kind, Name, SITE, language_name};
use crate::redirects::{self, End};
use crate::tables::{self, Page};
use crate::{api, diff};
use record::Hash;
use site::{
    Context, Feed, Markup, PageHead, PreEscaped, Problem, Response, Route, day, encode,
    encode_title, html, number, pager, when,
};
use store::StoreError;

type Answer = Result<Response, Problem>;

/// Every address of the capability.
pub const ROUTES: &[Route] = &[
    Route::get("/", home, "What the commons holds"),
    Route::get("/knowledge", knowledge, "Articles by theme and language"),
    Route::get("/articles/*", |cx| page(cx, Kind::Article), "One article"),
    Route::get("/categories/*", |cx| page(cx, Kind::Category), "One theme"),
    Route::get("/files/*", |cx| page(cx, Kind::File), "The page of a file"),
    Route::get(
        "/users/*",
        |cx| page(cx, Kind::User),
        "A page of a person, from a wiki",
    ),
    Route::get(
        "/templates/*",
        |cx| page(cx, Kind::Template),
        "A template of a wiki",
    ),
    Route::get(
        "/pages/*",
        |cx| page(cx, Kind::Project),
        "A page about the wiki itself",
    ),
    Route::get("/history/*", history, "The revisions of a page"),
    Route::get("/diff/*", difference, "What changed between two revisions"),
    Route::get("/links/*", links_here, "What links to a page"),
    Route::get("/source/*", source, "The text of a page as it was written"),
    Route::get("/themes", themes, "Every theme"),
    Route::get("/all", all, "Every page, A to Z"),
    Route::get("/changes", changes, "Recent changes"),
    Route::get("/random", random, "Some article"),
    Route::get("/care", care, "What needs care"),
    Route::get("/care/*", care_list, "One list of what needs care"),
    Route::get("/wiki/*", old_wiki, "Old addresses of a wiki"),
    Route::get("/index.php", old_index, "Old addresses of a wiki"),
    Route::get("/blobs/*", blob, "A file by its SHA-256"),
    Route::get(
        "/feeds/changes.atom",
        api::changes_feed,
        "Recent changes as a feed",
    ),
    Route::get(
        "/feeds/categories/*",
        api::category_feed,
        "A theme's newest pages as a feed",
    ),
    Route::get("/sitemap.xml", api::sitemap_index, "The list of sitemaps"),
    Route::get("/sitemaps/*", api::sitemap, "One sitemap"),
    Route::get("/api/v1/articles/*", api::article, "One article as JSON"),
    Route::get(
        "/api/v1/changes",
        api::changes,
        "The signed records, in order",
    ),
];

/// How many rows a list shows before the next part.
const PART: i64 = 100;

/// Reads the name of a page out of the rest of a path such as `/history/Category:Food`.
fn name_of(text: &str) -> Result<Name, Problem> {
    let title = SITE
        .title(text, 0)
        .map_err(|e| Problem::bad("bad_title", format!("“{text}” cannot be a title: {e}"), ""))?;
    Name::of_wiki(&title)
        .ok_or_else(|| Problem::bad("bad_title", format!("“{text}” cannot be a title"), ""))
}

/// Returns the page that a path names, or 404 with titles that are near.
fn find(cx: &Context<'_>, name: &Name) -> Result<Page, Problem> {
    tables::by_name(cx.db, cx.viewer, name)?.ok_or_else(|| absent(cx, name))
}

fn absent(cx: &Context<'_>, name: &Name) -> Problem {
    Problem::not_found(
        cx.words
            .tf("no-page", &[("title", name.wiki_title().as_str().into())]),
    )
}

/// Shows that there is no page of this name, and what is near.
fn absent_page(cx: &Context<'_>, name: &Name) -> Answer {
    if cx.request.prefers("application/ld+json") || cx.request.prefers("application/json") {
        return Err(absent(cx, name));
    }
    let w = cx.words;
    let spaces = spaces(cx);
    let near = cx.search.near_titles(&spaces, name.title(), 8);
    let mentioned = tables::count_linking(cx.db, cx.viewer, "mentions", &name.key())?;
    let title = w.tf("no-page", &[("title", name.wiki_title().as_str().into())]);
    let main = html! {
        div.head { h1 { (title) } }
        div.empty {
            h2.h3 { (w.t("no-page-invite")) }
            p { @if mentioned > 0 { (w.tf("no-page-mentioned", &[("count", mentioned.into())])) " " } (w.t("no-page-why")) }
            p.actions.center {
                a.button.main href={ "/search?q=" (encode(name.title())) } { (w.t("search-this")) }
                @if mentioned > 0 { a.button href={ "/links/" (encode_title(&name.wiki_title())) } { (w.t("links-here")) } }
            }
        }
        @if !near.is_empty() {
            section aria-labelledby="h-near" {
                h2 #h-near { (w.t("near-titles")) }
                ul.rows { @for hit in &near { li { h3 { a href=(hit.url) lang=(hit.lang) { (hit.title) } } } } }
            }
        }
    };
    Ok(cx
        .page(
            &PageHead {
                title: &title,
                noindex: true,
                ..PageHead::default()
            },
            &main,
        )
        .status(404))
}

fn spaces<'a>(cx: &'a Context<'_>) -> Vec<&'a str> {
    cx.viewer
        .spaces()
        .iter()
        .map(record::Space::as_str)
        .collect()
}

fn kind_word(cx: &Context<'_>, kind: Kind) -> String {
    cx.words
        .t(match kind {
            Kind::Article => "kind-article",
            Kind::Category => "kind-category",
            Kind::File => "kind-file",
            Kind::User => "kind-user",
            Kind::Template => "kind-template",
            Kind::Project => "kind-project",
        })
        .to_owned()
}

fn count_text(cx: &Context<'_>, key: &str, n: i64) -> String {
    cx.words.tf(key, &[("count", n.into())])
}

// ---------------------------------------------------------------------------------------------------

fn home(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let articles = tables::count(cx.db, cx.viewer, Kind::Article)?;
    let languages = tables::languages(cx.db, cx.viewer)?;
    let theme_count = tables::count_themes(cx.db, cx.viewer)?;
    let themes = tables::themes(cx.db, cx.viewer, 14)?;
    let recent = tables::changes(cx.db, cx.viewer, i64::MAX, 6)?;
    let fresh = tables::recent_articles(cx.db, cx.viewer, 4)?;
    let wanted = tables::wanted(cx.db, cx.viewer, 1)?;
    let title = w.t("home-title");
    let main = html! {
        div.head.even {
            h1 { (title) }
            p.lead { (w.tf("home-lead", &[("articles", articles.into()), ("themes", theme_count.into()), ("languages", languages.len().into())])) }
        }
        @if cx.settings.starter {
            div.notice data-tone="info" {
                h2 { (w.t("starter-notice")) }
                p { (w.t("starter-notice-how")) " " code { "minga import mediawiki" } }
            }
        }
        ul.loom {
            (loom(cx, "knowledge", "loom-knowledge", Some("/knowledge"), &count_text(cx, "count-articles", articles)))
            (loom(cx, "initiative", "loom-map", None, w.t("not-yet-map")))
            (loom(cx, "design", "loom-designs", None, w.t("not-yet-designs")))
            (loom(cx, "workshop", "loom-workshops", None, w.t("not-yet-workshops")))
            (loom(cx, "value", "loom-value", None, w.t("not-yet-value")))
            (loom(cx, "policy", "loom-decide", None, w.t("not-yet-decide")))
        }
        div.split {
            div {
                section aria-labelledby="h-read" {
                    h2 #h-read { (w.t("home-read")) }
                    @if fresh.is_empty() {
                        div.empty { h3 { (w.t("home-empty")) } p { (w.t("home-empty-why")) } }
                    } @else {
                        ul.rows {
                            @for page in &fresh {
                                li {
                                    span.kind data-kind="knowledge" { (kind_word(cx, Kind::Article)) " · " (language_name(&page.language)) }
                                    h3 { a href=(page.name.href()) lang=(page.language) { (page.name.title()) } }
                                    p lang=(page.language) { (page.lead) }
                                }
                            }
                        }
                        p { a href="/all" { (count_text(cx, "all-articles", articles)) } }
                    }
                }
                @if let Some(item) = wanted.first() {
                    section aria-labelledby="h-miss" {
                        h2 #h-miss { (w.t("home-missing")) }
                        div.empty {
                            h3 { (w.tf("home-missing-title", &[("title", item.name.wiki_title().as_str().into())])) }
                            p { (w.tf("home-missing-why", &[("count", item.about.parse::<i64>().unwrap_or(0).into())])) }
                            p.actions.center { a.button.main href={ "/links/" (encode_title(&item.name.wiki_title())) } { (w.t("home-missing-see")) } a.button href="/care/wanted" { (w.t("home-missing-others")) } }
                        }
                    }
                }
            }
            aside aria-labelledby="h-new" {
                h2 #h-new .h3 { (w.t("home-new")) }
                ol.timeline {
                    @for change in &recent {
                        @if let Some(name) = &change.name {
                            li {
                                p.small.quiet { (day(cx.lang(), change.revision.at)) }
                                p { a href=(name.href()) { (name.wiki_title()) } @if !change.revision.summary.is_empty() { ": " (change.revision.summary) } }
                            }
                        }
                    }
                }
                p.small { a href="/changes" { (w.t("all-changes")) } }
                @if !themes.is_empty() {
                    h2.h3 { (w.t("by-theme")) }
                    ul.tags {
                        @for theme in &themes { li { a href=(category_href(&theme.title)) { (theme.title) " " (number(cx.lang(), theme.pages)) } } }
                        li { a href="/themes" { (count_text(cx, "all-themes", theme_count)) } }
                    }
                }
                @if languages.len() > 1 {
                    h2.h3 { (w.t("by-language")) }
                    dl.facts { @for (code, n) in languages.iter().take(10) { dt lang=(code) { (language_name(code)) } dd { a href={ "/search?lang=" (code) "&q=*" } { (number(cx.lang(), *n)) } } } }
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            canonical: Some("/".to_owned()),
            feed: Some(changes_feed(cx)),
            ..PageHead::default()
        },
        &main,
    ))
}

fn loom(cx: &Context<'_>, kind: &str, word: &str, href: Option<&str>, text: &str) -> Markup {
    let w = cx.words;
    html! {
        li data-kind=(kind) {
            h2 { @if let Some(href) = href { a href=(href) { (w.t(word)) } } @else { (w.t(word)) } }
            p { (text) }
        }
    }
}

fn changes_feed(cx: &Context<'_>) -> Feed {
    Feed {
        title: cx.words.t("menu-changes").to_owned(),
        href: "/feeds/changes.atom".to_owned(),
    }
}

fn category_href(title: &str) -> String {
    format!("{}{}", Kind::Category.path(), encode_title(title))
}

fn knowledge(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let articles = tables::count(cx.db, cx.viewer, Kind::Article)?;
    let themes = tables::themes(cx.db, cx.viewer, 60)?;
    let theme_count = tables::count_themes(cx.db, cx.viewer)?;
    let languages = tables::languages(cx.db, cx.viewer)?;
    let letters = tables::letters(cx.db, cx.viewer, Kind::Article)?;
    let title = w.t("menu-knowledge");
    let main = html! {
        div.head {
            span.kind data-kind="knowledge" { (w.t("loom-knowledge")) }
            h1 { (title) }
            p.lead { (w.tf("home-lead", &[("articles", articles.into()), ("themes", theme_count.into()), ("languages", languages.len().into())])) }
        }
        section aria-labelledby="h-themes" {
            h2 #h-themes { (w.t("by-theme")) }
            ul.tags { @for theme in &themes { li { a href=(category_href(&theme.title)) { (theme.title) " " (number(cx.lang(), theme.pages)) } } } }
            p { a href="/themes" { (count_text(cx, "all-themes", theme_count)) } }
        }
        section aria-labelledby="h-az" {
            h2 #h-az { (w.t("a-to-z")) }
            ul.tags { @for (letter, n) in &letters { @if !letter.trim().is_empty() { li { a href={ "/all?from=" (encode(letter)) } { (letter.to_uppercase()) " " (number(cx.lang(), *n)) } } } } }
        }
        section aria-labelledby="h-lang" {
            h2 #h-lang { (w.t("by-language")) }
            dl.facts { @for (code, n) in &languages { dt lang=(code) { (language_name(code)) } dd { a href={ "/search?lang=" (code) "&q=*" } { (number(cx.lang(), *n)) } } } }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/knowledge",
            canonical: Some("/knowledge".to_owned()),
            ..PageHead::default()
        },
        &main,
    ))
}

// ---------------------------------------------------------------------------------------------------

fn page(cx: &Context<'_>, kind: Kind) -> Answer {
    let name = Name::new(kind, cx.rest).map_err(|reason| Problem::bad("bad_title", reason, ""))?;
    let Some(found) = tables::by_name(cx.db, cx.viewer, &name)? else {
        // A theme without a page of its own still has pages in it.
        if kind == Kind::Category {
            let upper = name.first_upper();
            if tables::count_linking(cx.db, cx.viewer, "category", &upper.key())? > 0 {
                return category(cx, &upper, None);
            }
        }
        return absent_page(cx, &name);
    };
    if found.name.href() != cx.request.path && found.name != name {
        return Ok(Response::redirect(301, &found.name.href()));
    }
    if !found.redirect.is_empty() && cx.request.param("redirect") != Some("no") {
        return followed(cx, &found);
    }
    if cx.request.prefers("application/ld+json") {
        return api::article_ld(cx, &found);
    }
    if kind == Kind::Category {
        return category(cx, &found.name, Some(&found));
    }
    shown(cx, &found)
}

/// Follows a redirect: sends the reader on, or explains why it leads nowhere.
fn followed(cx: &Context<'_>, from: &Page) -> Answer {
    let w = cx.words;
    let end = redirects::follow(&from.name.key(), |key| {
        tables::by_key(cx.db, cx.viewer, key)
            .ok()
            .flatten()
            .map(|page| page.redirect)
            .filter(|target| !target.is_empty() && !target.starts_with('?'))
    });
    let explained = |title: &str, text: Markup| {
        let main = html! {
            div.head { span.kind data-kind="knowledge" { (w.t("kind-redirect")) } h1 { (from.name.title()) } }
            div.notice data-tone="ask" { h2 { (title) } (text)
                p { a href={ "/source/" (encode_title(&from.name.wiki_title())) } { (w.t("see-source")) } " · " a href={ "/links/" (encode_title(&from.name.wiki_title())) } { (w.t("links-here")) } " · " a href={ "/search?q=" (encode(from.name.title())) } { (w.t("search-this")) } }
            }
        };
        Ok(cx.page(
            &PageHead {
                title: from.name.title(),
                noindex: true,
                ..PageHead::default()
            },
            &main,
        ))
    };
    match end {
        End::Cycle(keys) => explained(
            w.t("redirect-cycle"),
            html! { p { (w.t("redirect-cycle-why")) } ol { @for name in keys.iter().filter_map(|key| Name::parse_key(key)) { li { a href={ (name.href()) "?redirect=no" } { (name.wiki_title()) } } } } },
        ),
        End::At(key) if key == from.name.key() => explained(
            w.t("redirect-malformed"),
            html! { p { (w.tf("redirect-malformed-why", &[("what", from.redirect.trim_start_matches('?').into())])) } },
        ),
        End::At(key) => match (
            tables::by_key(cx.db, cx.viewer, &key)?,
            Name::parse_key(&key),
        ) {
            (Some(page), _) if page.redirect.starts_with('?') => {
                Ok(Response::redirect(302, &page.name.href()))
            }
            (Some(page), _) => Ok(Response::redirect(
                302,
                &format!(
                    "{}?from={}",
                    page.name.href(),
                    encode(&from.name.wiki_title())
                ),
            )),
            (None, Some(name)) if name.kind() == Kind::Category => {
                Ok(Response::redirect(302, &name.href()))
            }
            (None, Some(name)) => explained(
                w.t("redirect-missing"),
                html! { p { (w.tf("redirect-missing-why", &[("title", name.wiki_title().as_str().into())])) } },
            ),
            (None, None) => Err(absent(cx, &from.name)),
        },
    }
}

/// The notice that a reader came by a redirect.
fn came_from(cx: &Context<'_>) -> Markup {
    html! {
        @if let Some(from) = cx.request.param("from") {
            @if let Ok(name) = name_of(from) {
                p.small.quiet { (cx.words.t("redirected-from")) " " a href={ (name.href()) "?redirect=no" } { (name.wiki_title()) } }
            }
        }
    }
}

fn shown(cx: &Context<'_>, page: &Page) -> Answer {
    let w = cx.words;
    let drawn = tables::drawn(cx.db, cx.viewer, cx.node.store(), page)?;
    let categories = &drawn.categories;
    let translations = tables::translations(cx.db, cx.viewer, page)?;
    let wiki_title = page.name.wiki_title();
    let minutes = i64::from(drawn.words / 200) + 1;
    let title = page.name.title();
    let main = html! {
        @if !categories.is_empty() {
            nav.crumbs aria-label=(w.t("you-are-in")) { ol {
                li { a href="/knowledge" { (w.t("menu-knowledge")) } }
                @for name in categories.iter().filter_map(|key| Name::parse_key(key)).take(2) { li { a href=(name.href()) { (name.title()) } } }
            } }
        }
        div.head {
            span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) }
            h1 lang=(page.language) { (title) }
            (came_from(cx))
            @if !translations.is_empty() {
                ul.line.small {
                    li { b lang=(page.language) { (language_name(&page.language)) } }
                    @for (name, code) in &translations { li { a href=(name.href()) lang=(code) hreflang=(code) { (language_name(code)) } @if name.key() == page.translates { " " span.quiet { "(" (w.t("original")) ")" } } } }
                }
            }
            (tabs(cx, &page.name, "read"))
        }
        div.book {
            nav.toc aria-label=(w.t("contents")) {
                @if drawn.sections > 0 {
                    details.only-narrow { summary { (w.tf("contents-summary", &[("sections", i64::from(drawn.sections).into()), ("minutes", minutes.into())])) } (PreEscaped(&drawn.toc)) }
                    div.only-wide { h2 { (w.t("contents")) } (PreEscaped(&drawn.toc)) }
                }
            }
            article.prose lang=(page.language) {
                @if !page.redirect.is_empty() {
                    div.notice data-tone="info" { h2 { (w.t("is-redirect")) } p { @if let Some(name) = Name::parse_key(&page.redirect) { a href=(name.href()) { (name.wiki_title()) } } @else { (page.redirect.trim_start_matches('?')) } } }
                }
                @if page.name.kind() == Kind::File { (file_box(cx, page)) }
                (PreEscaped(&drawn.body))
                @if drawn.body.trim().is_empty() && page.redirect.is_empty() { div.empty { h2.h3 { (w.t("page-empty")) } p { (w.t("page-empty-why")) } } }
            }
            aside {
                @if !categories.is_empty() {
                    section.infobox aria-labelledby="ib-themes" { h2 #ib-themes { (w.t("themes")) }
                        ul.tags { @for name in categories.iter().filter_map(|key| Name::parse_key(key)) { li { a href=(name.href()) { (name.title()) } } } }
                    }
                }
                section.infobox aria-labelledby="ib-lic" { h2 #ib-lic { (w.t("licence")) }
                    p { (licence_link(&page.licence)) @if !page.attribution.is_empty() { ". " (w.t("text-by")) " " (page.attribution) } "." }
                    details { summary { (w.t("how-to-cite")) } p.small { (citation(cx, page)) } }
                }
                section.infobox aria-labelledby="ib-rev" { h2 #ib-rev { (w.t("revision")) }
                    dl.facts {
                        dt { (w.t("shown-since")) } dd { (day(cx.lang(), page.updated)) }
                        dt { (w.t("origin")) } dd { (origin(cx, page)) }
                        dt { (w.t("length")) } dd { (w.tf("words-minutes", &[("words", i64::from(drawn.words).into()), ("minutes", minutes.into())])) }
                    }
                    p { a href={ "/history/" (encode_title(&wiki_title)) } { (w.t("see-history")) } }
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/knowledge",
            description: Some(&page.lead),
            canonical: Some(page.name.href()),
            feed: None,
            alternates: vec![("application/ld+json", page.name.href())],
            noindex: !page.redirect.is_empty(),
            ..PageHead::default()
        },
        &main,
    ))
}

fn origin(cx: &Context<'_>, page: &Page) -> String {
    let w = cx.words;
    match page.provenance.as_str() {
        "imported" if !page.site.is_empty() => {
            w.tf("imported-from", &[("site", page.site.as_str().into())])
        }
        "imported" => w.t("provenance-imported").to_owned(),
        "translated" => w.t("provenance-translated").to_owned(),
        "machine-assisted" => w.t("provenance-machine").to_owned(),
        _ => w.t("provenance-written").to_owned(),
    }
}

/// The tabs above a page.
fn tabs(cx: &Context<'_>, name: &Name, current: &str) -> Markup {
    let w = cx.words;
    let title = encode_title(&name.wiki_title());
    let tabs = [
        ("read", name.href(), "tab-read"),
        ("history", format!("/history/{title}"), "tab-history"),
        ("links", format!("/links/{title}"), "tab-links"),
        ("source", format!("/source/{title}"), "tab-source"),
    ];
    html! {
        nav.tabs aria-label=(w.t("this-page")) {
            @for (id, href, word) in &tabs { a href=(href) aria-current=[(*id == current).then_some("page")] { (w.t(word)) } }
        }
    }
}

/// Names a licence, with a link to its text where it is known.
/// Source of the addresses: creativecommons.org's own scheme of paths.
fn licence_link(licence: &str) -> Markup {
    let url = licence.strip_prefix("CC-").and_then(|rest| {
        let (name, version) = rest.rsplit_once('-')?;
        Some(format!(
            "https://creativecommons.org/licenses/{}/{version}/",
            name.to_lowercase()
        ))
    });
    let name = licence.strip_prefix("CC-").map_or_else(
        || licence.to_owned(),
        |rest| match rest.rsplit_once('-') {
            Some((name, version)) => format!("CC {name} {version}"),
            None => licence.to_owned(),
        },
    );
    html! { @if let Some(url) = url { a href=(url) rel="license noopener" { (name) } } @else { (name) } }
}

fn citation(cx: &Context<'_>, page: &Page) -> String {
    let authors = if page.attribution.is_empty() {
        cx.settings.name.as_str()
    } else {
        &page.attribution
    };
    format!(
        "{authors}: “{}”, {}, {}, {}. {}{} ({})",
        page.name.title(),
        cx.settings.name,
        day(cx.lang(), page.updated),
        page.licence,
        cx.base(),
        page.name.href(),
        &page.hash.to_string()[..19],
    )
}

fn file_box(cx: &Context<'_>, page: &Page) -> Markup {
    let w = cx.words;
    html! {
        @if page.blob.is_empty() {
            div.notice data-tone="ask" { h2 { (w.t("file-missing")) } p { (w.t("file-missing-why")) } }
        } @else {
            figure {
                @if page.name.title().to_lowercase().ends_with(".pdf") { p { a.button.main href={ "/blobs/" (page.blob) } { (w.t("file-open")) } } }
                @else { a href={ "/blobs/" (page.blob) } { img src={ "/blobs/" (page.blob) } alt=(page.name.title()); } }
                figcaption { (page.name.title()) ". " (page.licence) ". " (page.attribution) }
            }
        }
    }
}

fn category(cx: &Context<'_>, name: &Name, own: Option<&Page>) -> Answer {
    let w = cx.words;
    let key = name.key();
    let total = tables::count_linking(cx.db, cx.viewer, "category", &key)?;
    let after = (
        cx.request.param("after").unwrap_or(""),
        cx.request.param("key").unwrap_or(""),
    );
    let mut listed = tables::linking(cx.db, cx.viewer, "category", &key, after, PART + 1)?;
    let more = listed.len() as i64 > PART;
    listed.truncate(PART as usize);
    let next = listed.last().filter(|_| more).map(|last| {
        format!(
            "{}?after={}&key={}",
            name.href(),
            encode(&last.sort),
            encode(&last.name.key())
        )
    });
    let drawn = match own {
        Some(page) if after.0.is_empty() => {
            Some(tables::drawn(cx.db, cx.viewer, cx.node.store(), page)?)
        }
        _ => None,
    };
    let sub: Vec<_> = listed
        .iter()
        .filter(|l| l.name.kind() == Kind::Category)
        .collect();
    let rest: Vec<_> = listed
        .iter()
        .filter(|l| l.name.kind() != Kind::Category)
        .collect();
    let said = w.tf("category-total", &[("count", total.into())]);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/knowledge" { (w.t("menu-knowledge")) } } li { a href="/themes" { (w.t("menu-themes")) } } } }
        div.head {
            span.kind data-kind="knowledge" { (w.t("kind-category")) }
            h1 { (name.title()) }
            (came_from(cx))
            p.lead { (said) }
            (tabs(cx, name, "read"))
        }
        div.split {
            div {
                @if let Some(drawn) = &drawn { @if !drawn.body.trim().is_empty() { article.prose lang=[own.map(|p| p.language.as_str())] { (PreEscaped(&drawn.body)) } } }
                @if !sub.is_empty() { section aria-labelledby="h-sub" { h2 #h-sub { (w.t("subthemes")) } ul.tags { @for item in &sub { li { a href=(item.name.href()) { (item.name.title()) } } } } } }
                section aria-labelledby="h-pages" {
                    h2 #h-pages { (w.t("pages-in-theme")) }
                    @if rest.is_empty() { p.quiet { (w.t("none-here")) } }
                    ul.plain { @for item in &rest { li { a href=(item.name.href()) lang=(item.language) { (item.name.wiki_title()) } } } }
                    @if next.is_some() || !after.0.is_empty() { (pager(cx, &said, next.as_deref())) }
                }
            }
            aside {
                section.infobox aria-labelledby="ib-find" { h2 #ib-find { (w.t("search-in-theme")) }
                    form action="/search" { input type="hidden" name="category" value=(name.title());
                        div.field { label.hush for="q2" { (w.t("search")) } input #q2 type="search" name="q"; }
                        button { (w.t("search")) } }
                }
                p.small { a href={ "/feeds/categories/" (encode_title(name.title())) } { (w.t("feed-theme")) } }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title: name.title(),
            menu: "/themes",
            canonical: Some(name.href()),
            feed: Some(Feed {
                title: name.title().to_owned(),
                href: format!("/feeds/categories/{}", encode_title(name.title())),
            }),
            noindex: !after.0.is_empty(),
            ..PageHead::default()
        },
        &main,
    ))
}

// ---------------------------------------------------------------------------------------------------

fn history(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx.rest)?)?;
    let total = tables::count_revisions(cx.db, &page.id)?;
    let before = cx
        .request
        .param("before")
        .and_then(|b| b.parse().ok())
        .unwrap_or(i64::MAX);
    let mut list = tables::history(cx.db, cx.viewer, &page.id, before, PART + 1)?;
    let more = list.len() as i64 > PART;
    let title_path = encode_title(&page.name.wiki_title());
    let previous: Vec<Option<Hash>> = (0..list.len())
        .map(|i| list.get(i + 1).filter(|r| !r.withdrawn).map(|r| r.hash))
        .collect();
    list.truncate(PART as usize);
    let next = list
        .last()
        .filter(|_| more)
        .map(|last| format!("/history/{title_path}?before={}", last.seq));
    let title = w.tf(
        "history-of",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) } p.lead { (count_text(cx, "count-revisions", total)) } (tabs(cx, &page.name, "history")) }
        ol.timeline {
            @for (revision, previous) in list.iter().zip(&previous) {
                li aria-current=[(revision.hash == page.hash).then_some("true")] {
                    p { b { (when(cx.lang(), revision.at)) } " " span.quiet { (author(&revision.author)) } @if revision.minor { " " span.badge { (w.t("minor")) } } @if revision.hash == page.hash { " " span.badge data-tone="yes" { (w.t("shown")) } } }
                    @if revision.withdrawn { p { (w.t("withdrawn")) } }
                    @else {
                        @if !revision.summary.is_empty() { p { (revision.summary) } }
                        p.small.quiet { (provenance(cx, &revision.provenance)) " · " (revision.licence) " · " (w.tf("bytes", &[("count", revision.length.into())]))
                            @if let Some(previous) = previous { " · " a href={ "/diff/" (title_path) "?from=" (short(previous)) "&to=" (short(&revision.hash)) } { (w.t("compare")) } } }
                    }
                }
            }
        }
        (pager(cx, &count_text(cx, "count-revisions", total), next.as_deref()))
    };
    Ok(cx.page(
        &PageHead {
            title: &title,
            menu: "/knowledge",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

fn author(text: &str) -> &str {
    // A key's name is long; its end tells it from others.
    text.strip_prefix("did:key:")
        .map_or(text, |key| key.get(..12).unwrap_or(key))
}

fn provenance(cx: &Context<'_>, word: &str) -> String {
    cx.words
        .t(match word {
            "imported" => "provenance-imported",
            "translated" => "provenance-translated",
            "machine-assisted" => "provenance-machine",
            _ => "provenance-written",
        })
        .to_owned()
}

fn short(hash: &Hash) -> String {
    hash.to_string()[7..].to_owned()
}

fn difference(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx.rest)?)?;
    let wanted = |name: &str| -> Result<Option<Hash>, Problem> {
        match cx.request.param(name) {
            None => Ok(None),
            Some(text) => Hash::parse(&format!("sha256:{text}"))
                .map(Some)
                .map_err(|_| {
                    Problem::bad(
                        "bad_revision",
                        format!("“{text}” is no revision: {name} takes 64 hexadecimal digits"),
                        "",
                    )
                }),
        }
    };
    let list = tables::history(cx.db, cx.viewer, &page.id, i64::MAX, 2)?;
    let to = wanted("to")?.unwrap_or(page.hash);
    let from = wanted("from")?
        .or_else(|| list.get(1).map(|r| r.hash))
        .unwrap_or(page.hash);
    for hash in [&from, &to] {
        if !tables::is_revision(cx.db, cx.viewer, &page.id, hash)? {
            return Err(Problem::not_found(w.t("no-such-revision")));
        }
    }
    let (old, new) = (
        tables::article_of(cx.db, &from)?,
        tables::article_of(cx.db, &to)?,
    );
    let changed = diff::words(&old.content, &new.content);
    let title = w.tf(
        "diff-of",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) }
            p.lead { (w.tf("diff-said", &[("added", changed.added.into()), ("removed", changed.removed.into())])) }
            (tabs(cx, &page.name, "history")) }
        @if changed.parts.is_empty() { div.notice data-tone="info" { h2 { (w.t("diff-none")) } } }
        article.prose lang=(page.language) { @for part in &changed.parts { p { (PreEscaped(part)) } } }
    };
    Ok(cx.page(
        &PageHead {
            title: &title,
            menu: "/knowledge",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

fn links_here(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let name = name_of(cx.rest)?;
    let page = tables::by_name(cx.db, cx.viewer, &name)?;
    let name = page
        .as_ref()
        .map_or_else(|| name.first_upper(), |page| page.name.clone());
    let key = name.key();
    let total = tables::count_linking(cx.db, cx.viewer, "mentions", &key)?;
    let redirecting = tables::linking(cx.db, cx.viewer, "redirects", &key, ("", ""), PART)?;
    let after = (
        cx.request.param("after").unwrap_or(""),
        cx.request.param("key").unwrap_or(""),
    );
    let mut list = tables::linking(cx.db, cx.viewer, "mentions", &key, after, PART + 1)?;
    let more = list.len() as i64 > PART;
    list.truncate(PART as usize);
    let path = encode_title(&name.wiki_title());
    let next = list.last().filter(|_| more).map(|last| {
        format!(
            "/links/{path}?after={}&key={}",
            encode(&last.sort),
            encode(&last.name.key())
        )
    });
    let title = w.tf("links-to", &[("title", name.wiki_title().as_str().into())]);
    let said = count_text(cx, "count-links", total);
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, name.kind())) } h1 { (title) } p.lead { (said) } (tabs(cx, &name, "links")) }
        @if !redirecting.is_empty() { section aria-labelledby="h-red" { h2 #h-red { (w.t("redirects-here")) } ul.plain { @for item in &redirecting { li { a href={ (item.name.href()) "?redirect=no" } { (item.name.wiki_title()) } } } } } }
        @if total == 0 { div.empty { h2.h3 { (w.t("links-none")) } p { (w.t("links-none-why")) } } }
        @else { section aria-labelledby="h-men" { h2 #h-men { (w.t("mentions")) } ul.plain { @for item in &list { li { a href=(item.name.href()) lang=(item.language) { (item.name.wiki_title()) } } } } (pager(cx, &said, next.as_deref())) } }
    };
    Ok(cx
        .page(
            &PageHead {
                title: &title,
                menu: "/knowledge",
                noindex: true,
                ..PageHead::default()
            },
            &main,
        )
        .status(if page.is_some() || total > 0 {
            200
        } else {
            404
        }))
}

fn source(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx.rest)?)?;
    let article = tables::article_of(cx.db, &page.hash)?;
    if cx.request.param("raw").is_some() {
        return Ok(Response::ok(
            "text/plain; charset=utf-8",
            article.content.into_bytes(),
        ));
    }
    let title = w.tf(
        "source-of",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) } p.small.quiet { (page.media) " · " a href="?raw=1" { (w.t("source-raw")) } } (tabs(cx, &page.name, "source")) }
        pre.code tabindex="0" lang=(page.language) { (article.content) }
    };
    Ok(cx.page(
        &PageHead {
            title: &title,
            menu: "/knowledge",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

// ---------------------------------------------------------------------------------------------------

fn themes(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let total = tables::count_themes(cx.db, cx.viewer)?;
    let after = cx.request.param("after").unwrap_or("");
    let by_name = cx.request.param("order") == Some("name") || !after.is_empty();
    let mut list = if by_name {
        tables::themes_after(cx.db, cx.viewer, after, 301)?
    } else {
        tables::themes(cx.db, cx.viewer, 301)?
    };
    let more = list.len() > 300;
    list.truncate(300);
    let next = list
        .last()
        .filter(|_| more && by_name)
        .map(|last| format!("/themes?order=name&after={}", encode(&last.title)));
    let title = w.t("menu-themes");
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (w.t("loom-knowledge")) } h1 { (title) } p.lead { (count_text(cx, "count-themes", total)) } }
        div.spread.small { p { (w.t("order")) ": " @if by_name { a href="/themes" { (w.t("order-size")) } " · " b { (w.t("order-name")) } } @else { b { (w.t("order-size")) } " · " a href="/themes?order=name" { (w.t("order-name")) } } } }
        @if list.is_empty() { div.empty { h2.h3 { (w.t("themes-none")) } p { (w.t("themes-none-why")) } } }
        ul.tags { @for theme in &list { li { a href=(category_href(&theme.title)) { (theme.title) " " (number(cx.lang(), theme.pages)) } } } }
        @if by_name { (pager(cx, &count_text(cx, "count-themes", total), next.as_deref())) }
        @else if more { p { a href="/themes?order=name" { (w.t("themes-rest")) } } }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/themes",
            canonical: Some("/themes".to_owned()),
            ..PageHead::default()
        },
        &main,
    ))
}

fn all(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let kind = cx
        .request
        .param("kind")
        .and_then(Kind::parse)
        .unwrap_or(Kind::Article);
    let total = tables::count(cx.db, cx.viewer, kind)?;
    let letters = tables::letters(cx.db, cx.viewer, kind)?;
    let from = cx.request.param("from").unwrap_or("");
    let from = crate::model::fold(from);
    let key = cx.request.param("key").unwrap_or("");
    let mut list = tables::listed_from(cx.db, cx.viewer, kind, &from, key, PART + 1)?;
    let more = list.len() as i64 > PART;
    list.truncate(PART as usize);
    let next = list.last().filter(|_| more).map(|last| {
        format!(
            "/all?kind={}&from={}&key={}",
            kind.as_str(),
            encode(&last.sort),
            encode(&last.name.key())
        )
    });
    let said = count_text(cx, "count-pages", total);
    let title = w.t("menu-all");
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, kind)) } h1 { (title) } p.lead { (said) " " (w.t("without-redirects")) }
            nav.tabs aria-label=(w.t("kinds")) { @for other in Kind::ALL { a href={ "/all?kind=" (other.as_str()) } aria-current=[(other == kind).then_some("page")] { (kind_word(cx, other)) } } }
        }
        ul.tags { @for (letter, n) in letters.iter().filter(|(l, _)| !l.trim().is_empty()) { li { a href={ "/all?kind=" (kind.as_str()) "&from=" (encode(letter)) } { (letter.to_uppercase()) " " span.quiet { (number(cx.lang(), *n)) } } } } }
        @if list.is_empty() { div.empty { h2.h3 { (w.t("none-here")) } p { (w.t("home-empty-why")) } } }
        section { ul.plain { @for item in &list { li { a href=(item.name.href()) lang=(item.language) { (item.name.title()) } @if item.language != cx.lang().tag() { " " span.small.quiet { (language_name(&item.language)) } } } } } }
        (pager(cx, &said, next.as_deref()))
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/all",
            canonical: Some("/all".to_owned()),
            noindex: !key.is_empty(),
            ..PageHead::default()
        },
        &main,
    ))
}

fn changes(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let before = cx
        .request
        .param("before")
        .and_then(|b| b.parse().ok())
        .unwrap_or(i64::MAX);
    let mut list = tables::changes(cx.db, cx.viewer, before, 51)?;
    let more = list.len() > 50;
    list.truncate(50);
    let next = list
        .last()
        .filter(|_| more)
        .map(|last| format!("/changes?before={}", last.revision.seq));
    let total = tables::count_changes(cx.db, cx.viewer)?;
    let title = w.t("menu-changes");
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (w.t("loom-knowledge")) } h1 { (title) } p.lead { (count_text(cx, "count-changes", total)) " " a href="/feeds/changes.atom" { (w.t("as-feed")) } } }
        @if list.is_empty() { div.empty { h2.h3 { (w.t("changes-none")) } p { (w.t("home-empty-why")) } } }
        ol.timeline {
            @for change in &list {
                li {
                    p.small.quiet { (when(cx.lang(), change.revision.at)) }
                    p { @if let Some(name) = &change.name { a href=(name.href()) { (name.wiki_title()) } " " @if change.first { span.badge data-tone="yes" { (w.t("new-page")) } " " } a.small href={ "/history/" (encode_title(&name.wiki_title())) } { (w.t("tab-history")) } }
                        @else { (w.t("page-gone")) } }
                    p.small.quiet { @if change.revision.withdrawn { (w.t("withdrawn")) } @else { (author(&change.revision.author)) @if !change.revision.summary.is_empty() { ": " (change.revision.summary) } } }
                }
            }
        }
        (pager(cx, &count_text(cx, "count-changes", total), next.as_deref()))
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/changes",
            feed: Some(changes_feed(cx)),
            noindex: before != i64::MAX,
            ..PageHead::default()
        },
        &main,
    ))
}

fn random(cx: &Context<'_>) -> Answer {
    // The clock's finest digits are random enough to pick a page to read.
    let pick = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| i64::from(d.subsec_nanos()));
    match tables::random(cx.db, cx.viewer, pick)? {
        Some(found) => {
            Ok(Response::redirect(302, &found.name.href()).with("cache-control", "no-store"))
        }
        None => Ok(Response::redirect(302, "/")),
    }
}

// ---------------------------------------------------------------------------------------------------

/// The lists of the care page: address, word, sentence.
const CARE: [(&str, &str, &str); 8] = [
    ("cycles", "care-cycles", "care-cycles-why"),
    ("missing", "care-missing", "care-missing-why"),
    ("malformed", "care-malformed", "care-malformed-why"),
    ("conflicts", "care-conflicts", "care-conflicts-why"),
    ("same", "care-same", "care-same-why"),
    ("wanted", "care-wanted", "care-wanted-why"),
    ("dead-ends", "care-dead", "care-dead-why"),
    ("orphans", "care-orphans", "care-orphans-why"),
];

fn faults(cx: &Context<'_>) -> Result<redirects::Faults, StoreError> {
    let all = tables::redirects(cx.db, cx.viewer)?;
    Ok(redirects::faults(&all, |key| {
        tables::exists(cx.db, cx.viewer, key).unwrap_or(false)
    }))
}

fn care(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let found = faults(cx)?;
    let conflicts = tables::conflicts(cx.db, cx.viewer, 10_000)?.len() as i64;
    let title = w.t("menu-care");
    let count = |list: &str| -> Option<i64> {
        match list {
            "cycles" => Some(found.cycles.len() as i64),
            "missing" => Some(found.missing.len() as i64),
            "malformed" => Some(found.malformed.len() as i64),
            "conflicts" => Some(conflicts),
            _ => None,
        }
    };
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (w.t("loom-knowledge")) } h1 { (title) } p.lead { (w.t("care-lead")) } }
        ul.rows {
            @for (list, word, why) in CARE {
                li { h2.h3 { a href={ "/care/" (list) } { (w.t(word)) } @if let Some(n) = count(list) { " " span.badge data-tone=(if n == 0 { "yes" } else { "ask" }) { (number(cx.lang(), n)) } } } p.quiet { (w.t(why)) } }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/care",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

fn care_list(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let Some((list, word, why)) = CARE.into_iter().find(|(list, ..)| *list == cx.rest) else {
        return Err(Problem::not_found(w.tf(
            "problem-404-path",
            &[("path", cx.request.path.as_str().into())],
        )));
    };
    let after = cx.request.param("after").unwrap_or("");
    let row = |key: &str| match Name::parse_key(key) {
        Some(name) => html! { a href={ (name.href()) "?redirect=no" } { (name.wiki_title()) } },
        None => html! { (key) },
    };
    let mut next = None;
    let rows: Vec<Markup> = match list {
        "cycles" => faults(cx)?.cycles.iter().map(|cycle| html! { @for key in cycle { (row(key)) " → " } (row(&cycle[0])) }).collect(),
        "missing" => faults(cx)?.missing.iter().map(|(from, to)| html! { (row(from)) " → " (row(to)) }).collect(),
        "malformed" => faults(cx)?.malformed.iter().map(|(from, what)| html! { (row(from)) ": " (what) }).collect(),
        "conflicts" => tables::conflicts(cx.db, cx.viewer, 1_000)?.iter().map(|item| html! { (row(&item.name.key())) ": " a href={ "/diff/" (encode_title(&item.name.wiki_title())) "?to=" (item.about.trim_start_matches("sha256:")) } { (w.t("compare")) } }).collect(),
        "same" => tables::same_but_case(cx.db, cx.viewer, 2_000)?.iter().map(|item| html! { (row(&item.name.key())) " · " (row(&item.about)) }).collect(),
        "wanted" => tables::wanted(cx.db, cx.viewer, 300)?.iter().map(|item| html! { (row(&item.name.key())) " " a.small href={ "/links/" (encode_title(&item.name.wiki_title())) } { (count_text(cx, "count-links", item.about.parse().unwrap_or(0))) } }).collect(),
        _ => {
            let mut items = if list == "orphans" { tables::orphans(cx.db, cx.viewer, after, PART + 1)? } else { tables::dead_ends(cx.db, cx.viewer, after, PART + 1)? };
            let more = items.len() as i64 > PART;
            items.truncate(PART as usize);
            next = items.last().filter(|_| more).map(|last| format!("/care/{list}?after={}", encode(&last.name.key())));
            items.iter().map(|item| row(&item.name.key())).collect()
        }
    };
    let title = w.t(word);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/care" { (w.t("menu-care")) } } } }
        div.head { h1 { (title) } p.lead { (w.t(why)) } }
        @if rows.is_empty() { div.notice data-tone="yes" { h2 { (w.t("care-nothing")) } } }
        ul.rows { @for row in &rows { li { (row) } } }
        (pager(cx, &count_text(cx, "count-rows", rows.len() as i64), next.as_deref()))
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/care",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

// ---------------------------------------------------------------------------------------------------

/// Sends the reader of an old address to the page that it meant.
fn moved(cx: &Context<'_>, title: &str) -> Answer {
    let name = name_of(title)?;
    match tables::by_name(cx.db, cx.viewer, &name)? {
        Some(page) => Ok(Response::redirect(301, &page.name.href())),
        None if name.kind() == Kind::Category => {
            Ok(Response::redirect(301, &name.first_upper().href()))
        }
        None => absent_page(cx, &name),
    }
}

fn old_wiki(cx: &Context<'_>) -> Answer {
    moved(cx, cx.rest)
}

fn old_index(cx: &Context<'_>) -> Answer {
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
    let name = name_of(&path).map_err(|_| Problem::not_found(path.clone()))?;
    if cx.request.path.starts_with("/api/") {
        return Err(Problem::not_found(path));
    }
    moved(cx, &name.wiki_title())
}

fn blob(cx: &Context<'_>) -> Answer {
    let hash = store::BlobHash::parse(cx.rest)
        .ok_or_else(|| Problem::bad("bad_hash", "a file is named by 64 hexadecimal digits", ""))?;
    // Only what a visible page cites is shown.
    if !tables::is_cited(cx.db, cx.viewer, cx.rest)? {
        return Err(Problem::not_found(cx.words.t("file-missing")));
    }
    let Some(mut file) = cx.node.blobs().get(&hash)? else {
        return Err(Problem::not_found(cx.words.t("file-missing")));
    };
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).map_err(|e| StoreError::Io {
        place: cx.rest.to_owned(),
        source: e,
    })?;
    let media = match bytes.get(..8).unwrap_or_default() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        _ => "application/octet-stream",
    };
    Ok(Response::ok(media, bytes)
        .with("cache-control", "public, max-age=31536000, immutable")
        .with("content-security-policy", "default-src 'none'; sandbox"))
}
