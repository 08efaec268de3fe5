//! The history of a page and what changed between two revisions.

use super::article::{machine, tabs};
use super::{Answer, PART, count_text, find, kind_word, name_of};
use crate::{blame, diff, tables};
use people::Person;
use record::Hash;
use site::{Context, Markup, PageHead, PreEscaped, Problem, encode_title, html, pager, when};
use std::collections::BTreeMap;

/// The most revisions that are read to tell who wrote what.
const MOST_BLAMED: i64 = 2_000;

pub(crate) fn history(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx, cx.rest)?)?;
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
    // Of the first revision all is new; what came before the last of a part is in the next one.
    let grown: Vec<Option<i64>> = list
        .iter()
        .enumerate()
        .map(|(at, revision)| {
            let before = list.get(at + 1..).unwrap_or_default();
            match before.iter().find(|one| !one.withdrawn) {
                Some(before) => Some(revision.length - before.length),
                None if !more => Some(revision.length),
                None => None,
            }
        })
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
    let people = people::labels(
        cx.db,
        cx.viewer,
        list.iter().map(|revision| revision.author.as_str()),
    )?;
    let writes = cx.asker.is_some_and(|asker| asker.writes);
    let compares = list.iter().filter(|revision| !revision.withdrawn).count() > 1;
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) } p.lead { (count_text(cx, "count-revisions", total)) } (tabs(cx, &page.name, "history")) }
        p { a href={ "/blame/" (title_path) } { (w.t("blame-link")) } " · " a href={ "/feeds/pages/" (title_path) } { (w.t("as-feed")) } @if cx.settings.accounts { " · " a href={ "/rename/" (title_path) } rel="nofollow" { (w.t("rename-link")) } } }
        form action={ "/diff/" (title_path) } {
            @if compares { p.actions { button { (w.t("compare-chosen")) } } }
            ol.timeline {
                @for (index, (revision, previous)) in list.iter().zip(&previous).enumerate() {
                    li aria-current=[(revision.hash == page.hash).then_some("true")] {
                        @if compares && !revision.withdrawn { (pickers(cx, revision, index)) }
                        p { b { @if revision.withdrawn { (when(cx.lang(), revision.at)) } @else { a href={ (page.name.href()) "?revision=" (short(&revision.hash)) } rel="nofollow" { (when(cx.lang(), revision.at)) } } }
                            @if !revision.withdrawn { " " (author_link(cx, &people, &revision.author)) } @if revision.minor { " " span.badge { (w.t("minor")) } } @if revision.hash == page.hash { " " span.badge data-tone="yes" { (w.t("shown")) } } }
                        @if revision.withdrawn { p { (w.t("withdrawn")) @if let Some(why) = tables::why_withdrawn(cx.db, &revision.hash)? { @if !why.is_empty() { " " (w.tf("quoted", &[("text", why.as_str().into())])) "." } } " " a.small href="/decisions" { (w.t("foot-decisions")) } } }
                        @else {
                            @if !revision.summary.is_empty() { p { (super::summaries::told(cx, &revision.summary)) } }
                            p.small.quiet { (provenance(cx, revision)) " · " (revision.licence) " · " (w.tf("bytes", &[("count", revision.length.into())]))
                                @if let Some(Some(grown)) = grown.get(index) { " (" (super::lists::bytes_change(cx, *grown)) ")" }
                                @if let Some(previous) = previous { " · " a href={ "/diff/" (title_path) "?from=" (short(previous)) "&to=" (short(&revision.hash)) } { (w.t("compare")) } }
                                @if writes {
                                    @if revision.hash != page.hash { " · " a rel="nofollow" href={ "/edit/" (title_path) "?revision=" (short(&revision.hash)) } { (w.t("revert-to")) } }
                                    @if previous.is_some() { " · " a rel="nofollow" href={ "/edit/" (title_path) "?undo=" (short(&revision.hash)) } { (w.t("undo-this")) } }
                                } }
                        }
                    }
                }
            }
        }
        (pager(cx, &count_text(cx, "count-revisions", total), next.as_deref()))
        (super::stewardship::page_box(cx, &page)?)
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

pub(crate) fn author<'t>(cx: &'t Context<'_>, text: &'t str) -> &'t str {
    if text.is_empty() {
        return cx.words.t("author-unknown");
    }
    // A key's name is long; its end tells it from others.
    text.strip_prefix("did:key:")
        .map_or(text, |key| key.get(..12).unwrap_or(key))
}

/// Names who made a revision, with a link to their page where they have one.
pub(crate) fn author_link(
    cx: &Context<'_>,
    people: &BTreeMap<String, Person>,
    text: &str,
) -> Markup {
    html! { span.quiet { @match people.get(text) {
        Some(person) if text.starts_with("did:key:") => { a href=(person.href()) { (person.name) } }
        // A name of elsewhere, of which a steward attests whose it is.
        Some(person) => { a href=(person.href()) title=(person.name) { (text) } }
        None if text.starts_with("did:key:") && text != cx.node.keys().commons_did().as_str() => { (cx.words.t("author-gone")) }
        None => { (author(cx, text)) }
    } } }
}

/// The two marks by which a revision is chosen to be compared with another.
fn pickers(cx: &Context<'_>, revision: &tables::Revision, index: usize) -> Markup {
    let w = cx.words;
    let hash = short(&revision.hash);
    let at = when(cx.lang(), revision.at);
    html! {
        span.line.small {
            label { input type="radio" name="from" value=(hash) checked[index == 1] aria-label=(w.tf("compare-from", &[("when", at.as_str().into())])); " " (w.t("older")) }
            label { input type="radio" name="to" value=(hash) checked[index == 0] aria-label=(w.tf("compare-to", &[("when", at.as_str().into())])); " " (w.t("newer")) }
        }
    }
}

fn provenance(cx: &Context<'_>, revision: &tables::Revision) -> String {
    cx.words
        .t(match &*revision.provenance {
            "imported" => "provenance-imported",
            "translated" => "provenance-translated",
            "machine-assisted" => return machine(cx, &revision.machine),
            _ => "provenance-written",
        })
        .to_owned()
}

/// `GET /blame/…`: who wrote which paragraph.
pub(crate) fn blame(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx, cx.rest)?)?;
    let title_path = encode_title(&page.name.wiki_title());
    let all = tables::history(cx.db, cx.viewer, &page.id, i64::MAX, MOST_BLAMED)?;
    let mut told = blame::Blame::new();
    for (index, revision) in all.iter().enumerate().rev() {
        if !revision.withdrawn {
            told.push(index, &tables::article_of(cx.db, &revision.hash)?.content);
        }
    }
    let people = people::labels(
        cx.db,
        cx.viewer,
        all.iter().map(|revision| revision.author.as_str()),
    )?;
    let title = w.tf(
        "blame-of",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) } p.lead { (w.t("blame-lead")) } (tabs(cx, &page.name, "history")) }
        table.stack role="table" {
            caption.hush { (title) }
            thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { (w.t("blame-text")) } th scope="col" role="columnheader" { (w.t("blame-who")) } } }
            tbody role="rowgroup" { @for paragraph in told.paragraphs() {
                @if let Some(revision) = all.get(paragraph.since) {
                    tr role="row" {
                        td role="cell" data-label=(w.t("blame-text")) lang=(page.language) { pre.lines { (paragraph.text) } }
                        td role="cell" data-label=(w.t("blame-who")) { span { (author_link(cx, &people, &revision.author)) " " a.small href={ "/diff/" (title_path) "?to=" (short(&revision.hash)) } { (when(cx.lang(), revision.at)) } } }
                    }
                }
            } }
        }
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

/// Shows a page as it was in one of its revisions.
pub(super) fn as_of(cx: &Context<'_>, page: &tables::Page, wanted: &str) -> Answer {
    let w = cx.words;
    let hash = Hash::parse(&format!("sha256:{wanted}")).map_err(|_| {
        Problem::bad(
            "bad_revision",
            w.tf("bad-revision", &[("text", wanted.into())]),
            "",
        )
    })?;
    if !tables::is_revision(cx.db, cx.viewer, &page.id, &hash)? {
        return Err(Problem::not_found(w.t("no-such-revision")));
    }
    let Some(revision) = tables::revision(cx.db, &page.id, &hash)? else {
        return Err(Problem::not_found(w.t("no-such-revision")));
    };
    let article = tables::article_of(cx.db, &hash)?;
    let people = people::labels(cx.db, cx.viewer, std::iter::once(revision.author.as_str()))?;
    let path = encode_title(&page.name.wiki_title());
    let step = |later: bool| tables::beside(cx.db, cx.viewer, &page.id, revision.seq, later);
    let (before, after) = (step(false)?, step(true)?);
    let at = |hash: &Hash| format!("{}?revision={}", page.name.href(), short(hash));
    let title = article.name.wiki_title();
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) } (tabs(cx, &page.name, "history")) }
        div.notice data-tone=(if hash == page.hash { "info" } else { "ask" }) {
            h2 { (w.tf("as-of", &[("when", when(cx.lang(), revision.at).as_str().into())])) }
            p { (author_link(cx, &people, &revision.author)) @if !revision.summary.is_empty() { ": " (super::summaries::told(cx, &revision.summary)) } " · " (provenance(cx, &revision)) " · " (revision.licence) }
            p.actions {
                @if let Some(hash) = &before { a.button rel="prev nofollow" href=(at(hash)) { (w.t("diff-before")) } }
                @if let Some(hash) = &after { a.button rel="next nofollow" href=(at(hash)) { (w.t("diff-after")) } }
                a.button rel="nofollow" href={ "/diff/" (path) "?from=" (short(&hash)) } { (w.t("as-of-compare")) }
                a.button href=(page.name.href()) { (w.t("as-of-now")) }
            }
        }
        article.prose lang=(article.language) { (PreEscaped(super::edit::drawn(cx, &article))) }
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

pub(super) fn short(hash: &Hash) -> String {
    hash.to_string()[7..].to_owned()
}

pub(crate) fn difference(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx, cx.rest)?)?;
    let wanted = |name: &str| -> Result<Option<Hash>, Problem> {
        match cx.request.param(name) {
            None => Ok(None),
            Some(text) => Hash::parse(&format!("sha256:{text}"))
                .map(Some)
                .map_err(|_| {
                    Problem::bad(
                        "bad_revision",
                        w.tf("bad-revision", &[("text", text.into())]),
                        "",
                    )
                }),
        }
    };
    let to = wanted("to")?.unwrap_or(page.hash);
    let seq = tables::revision(cx.db, &page.id, &to)?.map_or(i64::MAX, |revision| revision.seq);
    // The last before it that was not withdrawn.
    let before = tables::beside(cx.db, cx.viewer, &page.id, seq, false)?;
    // The first revision is compared with nothing: all of it is new.
    let from = wanted("from")?.or(before);
    for hash in from.iter().chain([&to]) {
        if !tables::is_revision(cx.db, cx.viewer, &page.id, hash)? {
            return Err(Problem::not_found(w.t("no-such-revision")));
        }
    }
    let old = match &from {
        Some(hash) => tables::article_of(cx.db, hash)?.content,
        None => String::new(),
    };
    let new = tables::article_of(cx.db, &to)?.content;
    let changed = diff::words(&old, &new);
    let older = match &from {
        Some(hash) if *hash != to => tables::revision(cx.db, &page.id, hash)?,
        _ => None,
    };
    let sides = [older, tables::revision(cx.db, &page.id, &to)?];
    let people = people::labels(
        cx.db,
        cx.viewer,
        sides.iter().flatten().map(|side| side.author.as_str()),
    )?;
    let path = encode_title(&page.name.wiki_title());
    let title = w.tf(
        "diff-of",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) }
            p.lead { (w.tf("diff-said", &[("added", changed.added.into()), ("removed", changed.removed.into())])) }
            (tabs(cx, &page.name, "history")) }
        ol.timeline { @for side in sides.iter().flatten() { li {
            p { b { (when(cx.lang(), side.at)) } " " (author_link(cx, &people, &side.author)) @if side.minor { " " span.badge { (w.t("minor")) } } }
            @if !side.summary.is_empty() { p { (super::summaries::told(cx, &side.summary)) } }
            p.small.quiet { (provenance(cx, side)) " · " (side.licence) }
        } } }
        @if let Some(newer) = &sides[1] {
            nav.actions aria-label=(w.t("diff-steps")) {
                @if let Some(hash) = tables::beside(cx.db, cx.viewer, &page.id, newer.seq, false)? { a.button rel="prev" href={ "/diff/" (path) "?to=" (short(&hash)) } { (w.t("diff-before")) } }
                @if let Some(hash) = tables::beside(cx.db, cx.viewer, &page.id, newer.seq, true)? { a.button rel="next" href={ "/diff/" (path) "?to=" (short(&hash)) } { (w.t("diff-after")) } }
                a.button href={ (page.name.href()) "?revision=" (short(&to)) } rel="nofollow" { (w.t("read-as-of")) }
                @if cx.asker.is_some_and(|asker| asker.writes) && from.is_some() { a.button rel="nofollow" href={ "/edit/" (path) "?undo=" (short(&to)) } { (w.t("undo-this")) } }
            }
        }
        (super::patrol::line_of(cx, sides[1].as_ref())?)
        @if changed.parts.is_empty() { div.notice data-tone="info" { h2 { (w.t("diff-none")) } } }
        article.prose lang=(page.language) { @for part in &changed.parts { p { (PreEscaped(part)) } } }
        (super::stewardship::revision_box(cx, &page, &to))
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
