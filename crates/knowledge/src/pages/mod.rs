//! The HTML of the knowledge commons: its addresses, and what its pages share.

mod aligned;
mod article;
mod blobs;
mod care;
mod drafts;
mod edit;
mod home;
mod links;
mod lists;
mod mend;
mod old;
mod patrol;
mod revisions;
mod settle;
mod sources;
mod stewardship;
mod summaries;
mod translate;
mod upload;
mod write_api;

use crate::model::{Kind, Name, SITE};
use crate::tables::{self, Gone, Page};
use crate::{api, feeds};
use record::Did;
use site::{Context, Feed, PageHead, Problem, Response, Route, encode, encode_title, html};
use store::StoreError;

pub(crate) use article::licence_url;
pub(crate) use old::old_address;

type Answer = Result<Response, Problem>;

/// Every address of the capability.
pub const ROUTES: &[Route] = &[
    Route::get("/", home::home, "What the commons holds"),
    Route::get(
        "/knowledge",
        home::knowledge,
        "Articles by theme and language",
    ),
    Route::get(
        "/articles/*",
        |cx| article::page(cx, Kind::Article),
        "One article",
    ),
    Route::get(
        "/categories/*",
        |cx| article::page(cx, Kind::Category),
        "One theme",
    ),
    Route::get(
        "/files/*",
        |cx| article::page(cx, Kind::File),
        "The page of a file",
    ),
    Route::get(
        "/users/*",
        |cx| article::page(cx, Kind::User),
        "A page of a person, from a wiki",
    ),
    Route::get(
        "/templates/*",
        |cx| article::page(cx, Kind::Template),
        "A template of a wiki",
    ),
    Route::get(
        "/pages/*",
        |cx| article::page(cx, Kind::Project),
        "A page about the wiki itself",
    ),
    Route::get("/edit/*", edit::edit_page, "Write a page"),
    Route::post(
        "/edit/*",
        edit::save,
        "Publish a page, or see how it would look",
    ),
    Route::post(
        "/starter/hide",
        home::hide_starter,
        "Hide the texts that a new commons begins with",
    ),
    Route::get("/new", edit::new_page, "Begin a page"),
    Route::post("/new", edit::save, "Publish a new page"),
    Route::post(
        "/preview",
        edit::preview,
        "How a text would look, for the script",
    ),
    Route::get(
        "/drafts",
        drafts::page,
        "What one writes and has not published",
    ),
    Route::post("/drafts", edit::drafts, "Keep a draft, for the script"),
    Route::post(
        "/drafts/translation",
        translate::draft,
        "Keep a draft of a translation, for the script",
    ),
    Route::post("/drafts/drop", drafts::drop_one, "Drop a draft"),
    Route::get(
        "/translate/*",
        translate::page,
        "Translate a page, side by side",
    ),
    Route::post("/translate/*", translate::save, "Publish a translation"),
    Route::post(
        "/hide/*",
        stewardship::hide,
        "Withdraw a revision for the commons",
    ),
    Route::get(
        "/withdraw/*",
        stewardship::withdraw_page,
        "What follows where a page is withdrawn",
    ),
    Route::post(
        "/withdraw/*",
        stewardship::withdraw,
        "Withdraw a page for the commons",
    ),
    Route::post(
        "/protect/*",
        stewardship::protect,
        "Protect a page, or open it again",
    ),
    Route::get(
        "/contributions/*",
        stewardship::contributions,
        "What one person wrote",
    ),
    Route::post(
        "/contributions/*",
        stewardship::roll_back,
        "Undo everything by one person",
    ),
    Route::get("/upload", upload::page, "Bring a picture or a document"),
    Route::post("/upload", upload::save, "Bring a picture or a document").large(),
    Route::get("/rename/*", edit::rename_page, "Give a page another title"),
    Route::post("/rename/*", edit::rename, "Give a page another title"),
    Route::get("/history/*", revisions::history, "The revisions of a page"),
    Route::get("/blame/*", revisions::blame, "Who wrote which paragraph").waiting(),
    Route::get(
        "/diff/*",
        revisions::difference,
        "What changed between two revisions",
    ),
    Route::get("/links/*", links::links_here, "What links to a page"),
    Route::get(
        "/source/*",
        article::source,
        "The text of a page as it was written",
    ),
    Route::get("/themes", lists::themes, "Every theme"),
    Route::get("/all", lists::all, "Every page, A to Z"),
    Route::get("/changes", lists::changes, "Recent changes"),
    Route::get("/random", lists::random, "Some article"),
    Route::get("/care", care::care, "What needs care").waiting(),
    Route::get("/care/*", care::care_list, "One list of what needs care").waiting(),
    Route::post("/mend", mend::redirect, "Mend a redirect"),
    Route::get(
        "/limits",
        mend::limits_page,
        "What bounds those who are new here",
    ),
    Route::post("/limits", mend::limits, "Bound those who are new here"),
    Route::post("/patrol", patrol::look, "Mark a change as looked at"),
    Route::get("/wiki/*", old::old_wiki, "Old addresses of a wiki"),
    Route::get("/index.php", old::old_index, "Old addresses of a wiki"),
    Route::get("/index.php/*", old::old_index, "Old addresses of a wiki"),
    Route::get(
        "/images/*",
        old::old_image,
        "Old addresses of a wiki's files",
    ),
    // It may come from a bucket.
    Route::get("/blobs/*", blobs::blob, "A file by its SHA-256").waiting(),
    Route::get(
        "/feeds/changes.atom",
        feeds::changes,
        "Recent changes as a feed",
    ),
    Route::get(
        "/feeds/categories/*",
        feeds::category,
        "A theme's newest pages as a feed",
    ),
    Route::get(
        "/feeds/pages/*",
        feeds::page,
        "The revisions of a page as a feed",
    ),
    Route::get(
        "/feeds/people/*",
        feeds::person,
        "What one person writes as a feed",
    ),
    Route::get(
        "/feeds/following/*",
        feeds::following,
        "What changed of what somebody follows, as a feed",
    ),
    Route::get("/sitemap.xml", api::sitemap_index, "The list of sitemaps"),
    Route::get("/sitemaps/*", api::sitemap, "One sitemap").waiting(),
    Route::get("/api/v1/articles/*", api::article, "One article as JSON"),
    Route::post(
        "/api/v1/articles/*",
        write_api::save,
        "Publish an article as JSON",
    ),
    Route::get(
        "/api/v1/changes",
        api::changes,
        "The signed records, in order",
    )
    .waiting(),
];

/// How many rows a list shows before the next part.
const PART: i64 = 100;

/// Reads the name of a page out of the rest of a path such as `/history/Category:Food`.
pub(crate) fn name_of(cx: &Context<'_>, text: &str) -> Result<Name, Problem> {
    // A page's own links first; then whatever people type.
    if let Some(name) = Name::exactly(text)
        && tables::exists(cx.db, cx.viewer, &name.key())?
    {
        return Ok(name);
    }
    let title = SITE.title(text, 0).map_err(|_| no_title(cx, text))?;
    Name::of_wiki(&title).ok_or_else(|| no_title(cx, text))
}

pub(crate) fn no_title(cx: &Context<'_>, text: &str) -> Problem {
    // Enough to know it by.
    let shown: String = match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    };
    let said = cx
        .words
        .tf("bad-title", &[("title", shown.as_str().into())]);
    Problem::bad("bad_title", said, cx.words.t("bad-title-rule"))
}

/// Returns the page that a path names, or 404 with titles that are near.
pub(crate) fn find(cx: &Context<'_>, name: &Name) -> Result<Page, Problem> {
    named(cx, name)?.ok_or_else(|| absent(cx, name))
}

/// Returns the page of a name; of `Draft:Bread`, also where the wiki that it came from has such a namespace.
fn named(cx: &Context<'_>, name: &Name) -> Result<Option<Page>, StoreError> {
    let found = tables::by_name(cx.db, cx.viewer, name)?;
    if found.is_some() || name.kind() != Kind::Article || !name.title().contains(':') {
        return Ok(found);
    }
    match Name::new(Kind::Project, name.title()) {
        Ok(project) => tables::by_name(cx.db, cx.viewer, &project),
        Err(_) => Ok(None),
    }
}

fn absent(cx: &Context<'_>, name: &Name) -> Problem {
    if let Ok(Some(gone)) = gone(cx, name) {
        return Problem {
            status: 410,
            code: "withdrawn",
            detail: gone_said(cx, name, &gone),
            remedy: String::new(),
        };
    }
    Problem::not_found(
        cx.words
            .tf("no-page", &[("title", name.wiki_title().as_str().into())]),
    )
}

/// Returns what is known of a page of this name that was withdrawn.
fn gone(cx: &Context<'_>, name: &Name) -> Result<Option<Gone>, StoreError> {
    let found = tables::gone(cx.db, cx.viewer, &name.key())?;
    match found {
        Some(_) => Ok(found),
        None => tables::gone(cx.db, cx.viewer, &name.first_upper().key()),
    }
}

/// Says that a page was withdrawn, when, by whom and why.
fn gone_said(cx: &Context<'_>, name: &Name, gone: &Gone) -> String {
    let w = cx.words;
    let commons = cx.node.keys().commons_did();
    let by = Did::parse(&gone.by).ok();
    let steward = by.as_ref().is_some_and(|did| {
        *did == commons || people::standing(cx.db, &commons, did).is_ok_and(|it| it.steward)
    });
    let who = people::labels(cx.db, cx.viewer, std::iter::once(&*gone.by)).unwrap_or_default();
    let who = who.get(&gone.by).map(|person| person.name.clone());
    let who = who.unwrap_or_else(|| cx.settings.name.clone());
    let title = name.wiki_title();
    let when = site::when(cx.lang(), gone.at);
    let args = [
        ("title", title.as_str().into()),
        ("when", when.as_str().into()),
        ("name", who.as_str().into()),
    ];
    let said = w.tf(
        if steward {
            "gone-steward"
        } else {
            "gone-author"
        },
        &args,
    );
    if gone.reason.is_empty() {
        return said;
    }
    let reason = w.tf("gone-reason", &[("reason", gone.reason.as_str().into())]);
    format!("{said} {reason}")
}

/// What stands where a page was withdrawn: first that it was, and only then that somebody may write anew.
fn gone_page(cx: &Context<'_>, name: &Name, gone: &Gone) -> Answer {
    let w = cx.words;
    let title = w.tf(
        "gone-title",
        &[("title", name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { h1 { (title) } }
        div.notice data-tone="info" { h2 { (gone_said(cx, name, gone)) }
            p { (w.t("gone-what")) " " a href="/decisions" { (w.t("foot-decisions")) } } }
        @if cx.settings.accounts && name.kind() == Kind::Article {
            p { (w.t("gone-anew")) " " a href={ "/new?title=" (encode(&name.wiki_title())) } rel="nofollow" { (w.t("gone-write")) } }
        }
    };
    let head = PageHead {
        title: &title,
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).status(410))
}

/// Shows that there is no page of this name, and what is near.
fn absent_page(cx: &Context<'_>, name: &Name) -> Answer {
    if cx.request.prefers("application/ld+json") || cx.request.prefers("application/json") {
        return Err(absent(cx, name));
    }
    if let Some(gone) = gone(cx, name)? {
        return gone_page(cx, name, &gone);
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
                @if cx.settings.accounts && name.kind() == Kind::Article { a.button.main href={ "/new?title=" (encode(&name.wiki_title())) } rel="nofollow" { (w.t("write-it")) } }
                a.button href={ "/search?q=" (encode(name.title())) } { (w.t("search-this")) }
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

/// Names a language in the middle of a reader's sentence, in theirs where it has a word there.
fn language_word(cx: &Context<'_>, code: &str) -> String {
    let primary = code.split('-').next().unwrap_or_default();
    let own = cx.words.find(&format!("language-{primary}"));
    own.unwrap_or_else(|| site::language_name(code)).to_owned()
}

fn count_text(cx: &Context<'_>, key: &str, n: i64) -> String {
    cx.words.tf(key, &[("count", n.into())])
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
