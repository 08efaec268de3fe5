//! The first page and the overview of the knowledge.

use super::{Answer, category_href, changes_feed, count_text, kind_word};
use crate::model::Kind;
use crate::tables;
use site::{
    Acting, Context, Markup, PageHead, Problem, day, encode, encode_title, html, language_name,
    number,
};

pub(crate) fn home(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let articles = tables::count(cx.db, cx.viewer, Kind::Article)?;
    let languages = tables::languages(cx.db, cx.viewer)?;
    let theme_count = tables::count_themes(cx.db, cx.viewer)?;
    let themes = tables::themes(cx.db, cx.viewer, 14)?;
    let recent = tables::changes(cx.db, cx.viewer, &tables::Wanted::default(), i64::MAX, 6)?;
    let fresh = tables::recent_articles(cx.db, cx.viewer, 4)?;
    let wanted = tables::wanted(cx.db, cx.viewer, 1)?;
    let title = w.t("home-title");
    let main = html! {
        div.head.even {
            h1 { (title) }
            div {
                @if !cx.settings.about.is_empty() { p.lead { (cx.settings.about) } }
                p.lead { (w.tf("home-lead", &[("articles", articles.into()), ("themes", theme_count.into()), ("languages", languages.len().into())])) }
            }
        }
        @if cx.settings.starter {
            div.notice data-tone="info" {
                h2 { (w.t("starter-notice")) }
                p { (w.t("starter-notice-how")) " " code { "minga import mediawiki" } }
                @if cx.asker.is_some_and(|asker| asker.steward) {
                    form.line method="post" action="/starter/hide" { (cx.guarded()) button { (w.t("starter-hide")) } }
                }
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
                        div.empty { h3 { (w.t("home-empty")) } p { (w.t("home-empty-why")) } (write_button(cx, "")) }
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
                            p.actions.center { a.button.main href={ "/new?title=" (encode(&item.name.wiki_title())) } rel="nofollow" { (w.t("write-it")) } a.button href={ "/links/" (encode_title(&item.name.wiki_title())) } { (w.t("home-missing-see")) } a.button href="/care/wanted" { (w.t("home-missing-others")) } }
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
                                p { a href=(name.href()) { (name.wiki_title()) } @if !change.revision.summary.is_empty() { ": " (super::summaries::told(cx, &change.revision.summary)) } }
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

/// Draws the button by which a page is begun.
fn write_button(cx: &Context<'_>, title: &str) -> Markup {
    let query = if title.is_empty() {
        String::new()
    } else {
        format!("?title={}", encode(title))
    };
    html! { p.actions.center { a.button.main href={ "/new" (query) } rel="nofollow" { (cx.words.t("write-page")) } } }
}

/// `POST /starter/hide`: a steward hides the starter's texts for good.
pub(crate) fn hide_starter(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = acting.asker()?;
    if !asker.steward || !asker.allows("steward") {
        return Err(Problem::forbidden(
            "not_a_steward",
            w.t("rule-not-a-steward"),
            w.t("rule-not-a-steward-remedy"),
        ));
    }
    acting
        .node
        .store()
        .write(|db| store::set_setting(db, tables::SETTING_STARTER_HIDDEN, "yes"))?;
    Ok(acting.see("/"))
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

pub(crate) fn knowledge(cx: &Context<'_>) -> Answer {
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
            p.actions { a.button.main href="/new" rel="nofollow" { (w.t("write-page")) } }
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
            ul.tags { @for (code, n) in &languages { li { a href={ "/search?lang=" (code) "&q=*" } { span lang=(code) { (language_name(code)) } " " (number(cx.lang(), *n)) } } } }
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
