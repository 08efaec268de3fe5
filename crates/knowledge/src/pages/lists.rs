//! Lists of everything: themes, pages from A to Z, changes, and one page by chance.

use super::revisions::author_link;
use super::{Answer, PART, category_href, changes_feed, count_text, patrol};
use crate::model::Kind;
use crate::tables;
use site::form::{Field, Mistakes, tick};
use site::{
    Context, PageHead, Response, encode, encode_title, html, language_name, number, pager, when,
};
use std::collections::HashMap;

pub(crate) fn themes(cx: &Context<'_>) -> Answer {
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

pub(crate) fn all(cx: &Context<'_>) -> Answer {
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
    // Only what differs from the rest of the list is worth a word.
    let mut tally: HashMap<&str, usize> = HashMap::new();
    for item in &list {
        *tally.entry(&item.language).or_default() += 1;
    }
    let usual = tally
        .iter()
        .max_by_key(|(code, n)| (**n, **code))
        .map(|(code, _)| *code);
    let said = count_text(cx, "count-pages", total);
    let title = w.t("all-title");
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (w.t("loom-knowledge")) } h1 { (title) } p.lead { (said) " " (w.t("without-redirects")) }
            nav.tabs aria-label=(w.t("kinds")) { @for other in Kind::ALL { a href={ "/all?kind=" (other.as_str()) } aria-current=[(other == kind).then_some("page")] { (kinds_word(cx, other)) } } }
        }
        ul.tags { @for (letter, n) in letters.iter().filter(|(l, _)| !l.trim().is_empty()) { li { a href={ "/all?kind=" (kind.as_str()) "&from=" (encode(letter)) } { (letter.to_uppercase()) " " span.quiet { (number(cx.lang(), *n)) } } } } }
        @if list.is_empty() { div.empty { h2.h3 { (w.t("none-here")) } p { (w.t("home-empty-why")) } } }
        section { ul.plain { @for item in &list { li { a href=(item.name.href()) lang=(item.language) { (item.name.title()) } @if Some(item.language.as_str()) != usual { " " span.small.quiet { (language_name(&item.language)) } } } } } }
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

fn kinds_word<'a>(cx: &Context<'a>, kind: Kind) -> &'a str {
    cx.words.t(match kind {
        Kind::Article => "kinds-article",
        Kind::Category => "kinds-category",
        Kind::File => "kinds-file",
        Kind::User => "kinds-user",
        Kind::Template => "kinds-template",
        Kind::Project => "kind-project",
    })
}

pub(crate) fn changes(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let before = cx
        .request
        .param("before")
        .and_then(|b| b.parse().ok())
        .unwrap_or(i64::MAX);
    let on = |name: &str| cx.request.param(name) == Some("yes");
    let given = |name: &str| cx.request.param(name).unwrap_or_default().trim();
    let (handle, language) = (given("by").trim_start_matches('@'), given("language"));
    let mut mistakes = Mistakes::default();
    let mut by = Vec::new();
    if !handle.is_empty() {
        match people::by_handle(cx.db, cx.viewer, &handle.to_lowercase())? {
            Some(person) => {
                by = people::names_attested(cx.db, cx.viewer, &person.id)?;
                by.push(person.did.to_string());
            }
            None => mistakes.add("by", w.tf("no-person", &[("handle", handle.into())])),
        }
    }
    let languages = tables::languages(cx.db, cx.viewer)?;
    let wanted = tables::Wanted {
        new_pages: on("new"),
        no_minor: on("no-minor"),
        no_imports: on("no-imports"),
        waits: cx.asker.is_some() && on("waits"),
        followed_by: cx
            .asker
            .filter(|_| on("followed"))
            .map(|asker| asker.account),
        by,
        language: language.to_owned(),
    };
    let mut filters = vec![
        ("new", wanted.new_pages, "changes-new"),
        ("no-minor", wanted.no_minor, "changes-no-minor"),
        ("no-imports", wanted.no_imports, "changes-no-imports"),
    ];
    if cx.asker.is_some() {
        filters.push(("followed", wanted.followed_by.is_some(), "changes-followed"));
        filters.push(("waits", wanted.waits, "changes-waits"));
    }
    let mut list = match mistakes.is_empty() {
        true => tables::changes(cx.db, cx.viewer, &wanted, before, 51)?,
        false => Vec::new(),
    };
    let more = list.len() > 50;
    list.truncate(50);
    let next = list.last().filter(|_| more).map(|last| {
        let mut href = format!("/changes?before={}", last.revision.seq);
        for (name, _, _) in filters.iter().filter(|filter| filter.1) {
            href.push_str(&format!("&{name}=yes"));
        }
        for (name, value) in [("by", handle), ("language", language)] {
            if !value.is_empty() {
                href.push_str(&format!("&{name}={}", encode(value)));
            }
        }
        href
    });
    let total = match mistakes.is_empty() {
        true => tables::count_changes(cx.db, cx.viewer, &wanted)?,
        false => 0,
    };
    let grown = tables::grown(cx.db, &list)?;
    let authors = list.iter().map(|change| change.revision.author.as_str());
    let people = people::labels(cx.db, cx.viewer, authors)?;
    let looks = patrol::may_look(cx)?;
    let seen = people::care::looked_at(cx.db, list.iter().map(|change| &change.revision.hash))?;
    let title = w.t("menu-changes");
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (w.t("loom-knowledge")) } h1 { (title) } p.lead { (count_text(cx, "count-changes", total)) " " a href="/feeds/changes.atom" { (w.t("as-feed")) } } }
        form action="/changes" {
            div.line { @for (name, on, word) in &filters { (tick(name, "yes", *on, &html! { (w.t(word)) })) } }
            div.filters {
                (Field { name: "by", label: w.t("changes-by"), hint: w.t("changes-by-hint"), value: handle, optional: true, code: true, ..Field::default() }.draw(w, &mistakes))
                @if languages.len() > 1 || !language.is_empty() { div.field { label for="language" { (w.t("field-language")) }
                    select #language name="language" { option value="" { (w.t("changes-any-language")) }
                        @for (code, _) in languages.iter().filter(|(code, _)| code != "und") { option value=(code) selected[code == language] { (language_name(code)) } } } } }
            }
            p.actions { button { (w.t("changes-filter")) } }
        }
        @if list.is_empty() && wanted.waits { div.notice data-tone="yes" { h2 { (w.t("changes-all-looked-at")) } } }
        @else if list.is_empty() && wanted != tables::Wanted::default() { div.empty { h2.h3 { (w.t("changes-none-such")) } p { a href="/changes" { (w.t("all-changes")) } } } }
        @else if !mistakes.is_empty() {}
        @else if list.is_empty() { div.empty { h2.h3 { (w.t("changes-none")) } p { (w.t("home-empty-why")) } } }
        ol.timeline {
            @for change in &list {
                li {
                    p.small.quiet { (when(cx.lang(), change.revision.at)) }
                    p { @if let Some(name) = &change.name { a href=(name.href()) { (name.wiki_title()) } " " @if change.first { span.badge data-tone="yes" { (w.t("new-page")) } " " } @if !change.revision.withdrawn { @if let Some(grown) = grown.get(&change.revision.seq) { span.small.quiet { (bytes_change(cx, *grown)) } " " } } @if !change.revision.withdrawn { a.small href={ "/diff/" (encode_title(&name.wiki_title())) "?to=" (super::revisions::short(&change.revision.hash)) } { (w.t("compare")) } " · " } a.small href={ "/history/" (encode_title(&name.wiki_title())) } { (w.t("tab-history")) } }
                        @else { (w.t("page-gone")) } }
                    p.small.quiet { @if change.revision.withdrawn { (w.t("withdrawn")) } @else { (author_link(cx, &people, &change.revision.author)) @if !change.revision.summary.is_empty() { ": " (super::summaries::told(cx, &change.revision.summary)) } } }
                    @if seen.contains(&change.revision.hash) { p { span.badge data-tone="yes" { (w.t("looked-at")) } } }
                    @else if looks && wanted.waits { (patrol::look_button(cx, &change.revision)) }
                }
            }
        }
        (pager(cx, &count_text(cx, "count-changes", total), next.as_deref()))
    };
    let page = cx.page(
        &PageHead {
            title,
            menu: "/changes",
            feed: Some(changes_feed(cx)),
            noindex: before != i64::MAX || wanted != tables::Wanted::default(),
            ..PageHead::default()
        },
        &main,
    );
    Ok(page.mending(&mistakes))
}

/// Says by how much a change made a text longer or shorter: `+12 bytes`.
pub(super) fn bytes_change(cx: &Context<'_>, grown: i64) -> String {
    let sign = match grown {
        0 => "±",
        1.. => "+",
        _ => "−",
    };
    let change = format!("{sign}{}", number(cx.lang(), grown.abs()));
    let args = [("change", change.as_str().into())];
    cx.words.tf("bytes-change", &args)
}

pub(crate) fn random(cx: &Context<'_>) -> Answer {
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
