//! The page around what a capability draws: head, header with search and menu, footer.

use crate::form::{Field, Mistakes};
use crate::{Acting, Context, Form, Lang, Problem, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// What the head of a page says.
#[derive(Clone, Debug, Default)]
pub struct PageHead<'a> {
    /// The title, without the commons' name.
    pub title: &'a str,
    /// Which entry of the menu is the current one: its address.
    pub menu: &'a str,
    /// One sentence for search engines and previews.
    pub description: Option<&'a str>,
    /// The address that this page should be known by, from the root.
    pub canonical: Option<String>,
    /// A feed that belongs to the page.
    pub feed: Option<Feed>,
    /// The text in the search box.
    pub query: &'a str,
    /// Other forms of the same thing: media type and address.
    pub alternates: Vec<(&'static str, String)>,
    /// Whether the page has parts that the script makes more comfortable.
    pub script: bool,
    /// Whether search engines should leave the page out of their index.
    pub noindex: bool,
}

/// A feed that a page offers.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
}

const MARK: &str = r#"<svg width="34" height="34" viewBox="0 0 34 34" aria-hidden="true"><path class="f-indigo" d="M4 0h6v34H4zM14 0h6v34h-6zM24 0h6v34h-6z"/><path class="f-cochineal" d="M0 4h12v6H0zM22 4h12v6H22zM12 14h10v6H12zM0 14h2v6H0zM32 14h2v6h-2zM0 24h12v6H0zM22 24h12v6H22z"/></svg>"#;

/// Draws a whole page.
pub(crate) fn page(cx: &Context<'_>, head: &PageHead<'_>, main: &Markup) -> Response {
    // What is in the middle is most of the page: it is copied once, into its place. A reader's own words
    // stand before it at most, and so does any NUL in them.
    const MIDDLE: &str = "\u{0}";
    let around = document(cx, head, &PreEscaped(MIDDLE.to_owned())).into_string();
    let body = match around.rsplit_once(MIDDLE) {
        Some((before, after)) => [before, &main.0, after].concat(),
        None => around,
    };
    Response::ok("text/html; charset=utf-8", body.into_bytes())
}

fn document(cx: &Context<'_>, head: &PageHead<'_>, main: &Markup) -> Markup {
    let w = cx.words;
    let name = cx.settings.name.as_str();
    html! {
        (DOCTYPE)
        html lang=(w.lang().tag()) data-theme=[cx.theme()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (head.title) " · " (name) }
                @if let Some(text) = head.description { meta name="description" content=(text); }
                @if head.noindex { meta name="robots" content="noindex"; }
                @if let Some(path) = &head.canonical {
                    link rel="canonical" href={ (cx.base()) (path) };
                    @for lang in Lang::ALL {
                        link rel="alternate" hreflang=(lang.tag()) href={ (cx.base()) (path) "?lang=" (lang.tag()) };
                    }
                }
                @if let Some(feed) = &head.feed {
                    link rel="alternate" type="application/atom+xml" title=(feed.title) href=(feed.href);
                }
                @for (media, href) in &head.alternates {
                    link rel="alternate" type=(media) href=(href);
                }
                link rel="stylesheet" href=(cx.settings.style_href);
                @if head.script { script type="module" src=(cx.settings.script_href) {} }
                link rel="icon" href="/assets/mark.svg" type="image/svg+xml";
                link rel="search" type="application/opensearchdescription+xml" title=(name) href="/opensearch.xml";
            }
            body {
                a.skip href="#main" { (w.t("skip")) }
                header.top {
                    div.band {}
                    div.wrap {
                        a.brand href="/" { (PreEscaped(MARK)) " Minga" @if name != "Minga" { " " small { (name) } } }
                        form.find role="search" action="/search" {
                            label.hush for="q" { (w.t("search-label")) }
                            input #q name="q" type="search" placeholder=(w.t("search-hint")) value=[Some(head.query).filter(|q| !q.is_empty())];
                            button.main { (w.t("search")) }
                        }
                        button.menu popovertarget="menu" { (w.t("menu")) }
                        nav #menu popover aria-label=(w.t("menu-main")) {
                            ul {
                                @for entry in &cx.settings.menu {
                                    li { a href=(entry.href) aria-current=[(entry.href == head.menu).then_some("page")] { (w.t(entry.word)) } }
                                }
                            }
                            ul {
                                @if cx.settings.accounts { (account(cx, head.menu)) }
                                @for lang in Lang::ALL.into_iter().filter(|l| *l != w.lang()) {
                                    li { a href=(language_link(cx, lang)) lang=(lang.tag()) hreflang=(lang.tag()) rel="nofollow" { (lang.name()) } }
                                }
                            }
                        }
                    }
                }
                main #main .wrap { (main) }
                footer.foot {
                    div.band {}
                    div.wrap {
                        div {
                            p { b { (name) } }
                            p { (w.t("foot-about")) }
                        }
                        nav aria-label=(w.t("foot-take")) {
                            ul {
                                li { a href="/about" { (w.t("foot-commons")) } }
                                @if cx.settings.accounts {
                                    li { a href="/decisions" { (w.t("foot-decisions")) } }
                                    li { a href="/privacy" { (w.t("foot-privacy")) } }
                                    @if !cx.request.path.starts_with("/report") { li { a href={ "/report?about=" (crate::encode(&cx.request.path)) } rel="nofollow" { (w.t("foot-report")) } } }
                                }
                                li { a href="/api/v1/openapi.json" { (w.t("foot-api")) } }
                                li { a href="/feeds/changes.atom" { (w.t("foot-feed")) } }
                            }
                        }
                        nav aria-label=(w.t("foot-view")) {
                            ul {
                                li { a href=(same_page(cx, "theme", "light")) rel="nofollow" { (w.t("theme-light")) } }
                                li { a href=(same_page(cx, "theme", "dark")) rel="nofollow" { (w.t("theme-dark")) } }
                                li { a href=(same_page(cx, "theme", "auto")) rel="nofollow" { (w.t("theme-auto")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The entries of the menu that are about the reader.
fn account(cx: &Context<'_>, menu: &str) -> Markup {
    let w = cx.words;
    let current = |href: &str| (href == menu).then_some("page");
    html! {
        @for entry in &cx.settings.begin { li { a href=(entry.href) aria-current=[current(entry.href)] rel="nofollow" { (w.t(entry.word)) } } }
        @match cx.asker {
            Some(asker) => {
                li { a href="/me" aria-current=[current("/me")] { (asker.name) } }
                @if asker.steward { li { a href="/stewards" aria-current=[current("/stewards")] { (w.t("menu-stewards")) } } }
                li { a href="/inbox" aria-current=[current("/inbox")] { (w.t("menu-inbox")) @if asker.unread > 0 { " (" (asker.unread) ")" } } }
            }
            None => {
                li { a href="/sign-in" aria-current=[current("/sign-in")] rel="nofollow" { (w.t("menu-sign-in")) } }
                li { a href="/join" aria-current=[current("/join")] { (w.t("menu-join")) } }
            }
        }
    }
}

/// Fields whose content is shown to nobody.
const SECRET_FIELDS: [&str; 5] = [Form::TOKEN, "phrase", "code", "ceremony", "credential"];

/// Tells that a form did not come from a page of ours, and gives back what was written in it.
pub(crate) fn foreign_form(acting: &Acting<'_>) -> Response {
    let w = acting.words;
    let problem = Problem::forbidden(
        "foreign_form",
        w.t("problem-form"),
        w.t("problem-form-remedy"),
    );
    let written: Vec<&(String, String)> = acting
        .request
        .form
        .fields
        .iter()
        .filter(|(name, value)| !SECRET_FIELDS.contains(&&**name) && value.chars().count() > 40)
        .collect();
    let drawn = acting.read(|cx| {
        if cx.request.prefers("application/json") || cx.request.path.starts_with("/api/") {
            return Ok(cx.problem(&problem));
        }
        let title = w.t("problem-4xx");
        let main = html! {
            div.head { h1 { (title) } }
            div.notice data-tone="no" role="alert" { h2 { (problem.detail) } p { (problem.remedy) } }
            @if !written.is_empty() {
                section aria-labelledby="h-written" {
                    h2 #h-written { (w.t("problem-form-written")) }
                    @for (name, value) in &written {
                        div.field { label for={ "w-" (name) } { (name) } textarea.code #{ "w-" (name) } rows="12" readonly { "\n" (value) } }
                    }
                }
            }
        };
        Ok(cx.page(&PageHead { title, noindex: true, ..PageHead::default() }, &main))
    });
    drawn
        .map_or_else(
            |_| {
                Response::ok(
                    "text/plain; charset=utf-8",
                    w.t("problem-form").as_bytes().to_vec(),
                )
            },
            |page| page.with("cache-control", "no-store"),
        )
        .status(403)
}

/// Asks again for the one field that a short form lacked, on a page of its own, and keeps all else that was sent.
/// `send` is what its button says, and the page's title.
///
/// # Errors
/// From the database.
pub fn ask_again(
    acting: &Acting<'_>,
    field: &Field<'_>,
    send: &str,
    mistakes: &Mistakes,
) -> Result<Response, Problem> {
    acting.read(|cx| {
        let kept = acting.request.form.fields.iter();
        let kept = kept.filter(|(name, _)| !SECRET_FIELDS.contains(&&**name) && name != field.name);
        let main = html! {
            div.head { h1 { (send) } }
            (mistakes.summary(cx.words))
            form.narrow method="post" action=(cx.request.path) { (cx.guarded())
                @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                (field.draw(cx.words, mistakes))
                p.actions { button.main { (send) } }
            }
        };
        let head = PageHead {
            title: send,
            noindex: true,
            ..PageHead::default()
        };
        Ok(cx.page(&head, &main).mending(mistakes))
    })
}

/// The same page in another language of the interface. `ui`, since a search narrows by `lang`.
fn language_link(cx: &Context<'_>, lang: Lang) -> String {
    same_page(cx, "ui", lang.tag())
}

/// The address of this page with its query, and one choice more.
fn same_page(cx: &Context<'_>, name: &str, value: &str) -> String {
    let mut link = format!("{}?", cx.request.path);
    for (key, value) in cx.request.query.iter().filter(|(key, _)| key != name) {
        link.push_str(&format!("{}={}&", crate::encode(key), crate::encode(value)));
    }
    link.push_str(&format!("{name}={value}"));
    link
}

impl Context<'_> {
    fn theme(&self) -> Option<&'static str> {
        match self.request.cookie("theme") {
            Some("dark") => Some("dark"),
            Some("light") => Some("light"),
            _ => None,
        }
    }
}

/// Draws the way through a long list: a sentence, and the next part.
#[must_use]
pub fn pager(cx: &Context<'_>, said: &str, next: Option<&str>) -> Markup {
    html! {
        @if let Some(href) = next {
            nav.pager aria-label=(cx.words.t("pages")) {
                span.small.quiet { (said) }
                a.button href=(href) rel="next" { (cx.words.t("next")) }
            }
        }
    }
}

/// Tells a problem: a page for a person, a problem document (RFC 9457) for a program.
pub(crate) fn problem(cx: &Context<'_>, problem: &Problem) -> Response {
    let machine = cx.request.path.starts_with("/api/")
        || cx.request.prefers("application/json")
        || cx.request.prefers("application/problem+json")
        || cx.request.prefers("application/ld+json");
    let title = match problem.status {
        404 => "problem-404",
        410 => "problem-410",
        400..=499 => "problem-4xx",
        _ => "problem-5xx",
    };
    let (detail, remedy) = said(cx, problem);
    if machine {
        let body = serde_json::json!({
            "type": problem.kind(), "title": cx.words.t(title), "status": problem.status,
            "detail": detail, "remedy": if remedy.is_empty() { cx.words.t("problem-remedy") } else { &remedy },
        });
        return Response::json(&body)
            .status(problem.status)
            .with("content-type", "application/problem+json");
    }
    let signed_out = problem.code == "signed_out";
    let title = cx.words.t(if signed_out {
        "problem-401-title"
    } else {
        title
    });
    let main = html! {
        div.head { h1 { (title) } }
        @if signed_out {
            div.notice data-tone="ask" role="alert" { h2 { (detail) } p.actions {
                a.button.main href={ "/sign-in?next=" (crate::encode(&cx.request.path)) } rel="nofollow" { (cx.words.t("menu-sign-in")) }
                a.button href="/join" rel="nofollow" { (cx.words.t("menu-join")) }
            } }
        } @else { div.notice data-tone="no" role="alert" {
            h2 { (detail) }
            p { @if remedy.is_empty() { a href="/" { (cx.words.t("problem-home")) } } @else { (remedy) } }
        } }
    };
    cx.page(
        &PageHead {
            title,
            noindex: true,
            ..PageHead::default()
        },
        &main,
    )
    .status(problem.status)
}

/// Returns what is wrong and what to do, in the reader's language. Of a failure of the node itself readers
/// hear what it means for them; what the system said, with its paths, is for whoever keeps the node.
fn said(cx: &Context<'_>, problem: &Problem) -> (String, String) {
    if problem.status < 500 {
        return (problem.detail.clone(), problem.remedy.clone());
    }
    let key = match problem.code {
        "disk_full" | "unwritable" => "problem-no-room",
        "database_locked" | "stopping" => "problem-busy",
        "search_unavailable" => "problem-search",
        _ => "problem-failed",
    };
    let remedy = cx.words.t("problem-failed-remedy");
    (cx.words.t(key).to_owned(), remedy.to_owned())
}
