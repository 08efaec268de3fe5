//! Lists around one page: what is in a theme and what links to a page.

use super::article::{came_from, tabs};
use super::{Answer, PART, count_text, kind_word, name_of, named};
use crate::model::{Kind, Name};
use crate::tables::{self, Page};
use site::{Context, Feed, PageHead, PreEscaped, encode, encode_title, html, pager};

pub(crate) fn category(cx: &Context<'_>, name: &Name, own: Option<&Page>) -> Answer {
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
                @if let Some(page) = own.filter(|page| page.space == record::Space::public()) { (people::follow_button(cx, &page.id)?) }
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

pub(crate) fn links_here(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let name = name_of(cx, cx.rest)?;
    let page = named(cx, &name)?;
    let name = page
        .as_ref()
        .map_or_else(|| name.first_upper(), |page| page.name.clone());
    let key = name.key();
    // Files are shown by pages, and templates used by them; either may be mentioned too.
    let used = matches!(name.kind(), Kind::File | Kind::Template);
    let (relation, count, heading) = if used {
        ("uses", "count-uses", "used-by")
    } else {
        ("mentions", "count-links", "mentions")
    };
    let total = tables::count_linking(cx.db, cx.viewer, relation, &key)?;
    let mentioning = if used {
        tables::linking(cx.db, cx.viewer, "mentions", &key, ("", ""), PART)?
    } else {
        Vec::new()
    };
    let redirecting = tables::linking(cx.db, cx.viewer, "redirects", &key, ("", ""), PART)?;
    let after = (
        cx.request.param("after").unwrap_or(""),
        cx.request.param("key").unwrap_or(""),
    );
    let mut list = tables::linking(cx.db, cx.viewer, relation, &key, after, PART + 1)?;
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
    let said = count_text(cx, count, total);
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, name.kind())) } h1 { (title) } p.lead { (said) } (tabs(cx, &name, "links")) }
        @if !redirecting.is_empty() { section aria-labelledby="h-red" { h2 #h-red { (w.t("redirects-here")) } ul.plain { @for item in &redirecting { li { a href={ (item.name.href()) "?redirect=no" } { (item.name.wiki_title()) } } } } } }
        @if !mentioning.is_empty() { section aria-labelledby="h-also" { h2 #h-also { (w.t("mentions")) } ul.plain { @for item in &mentioning { li { a href=(item.name.href()) lang=(item.language) { (item.name.wiki_title()) } } } } } }
        @if total == 0 { @if !used { div.empty { h2.h3 { (w.t("links-none")) } p { (w.t("links-none-why")) } } } }
        @else { section aria-labelledby="h-men" { h2 #h-men { (w.t(heading)) } ul.plain { @for item in &list { li { a href=(item.name.href()) lang=(item.language) { (item.name.wiki_title()) } } } } (pager(cx, &said, next.as_deref())) } }
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
        .status(if page.is_some() || total > 0 || !mentioning.is_empty() {
            200
        } else {
            404
        }))
}
