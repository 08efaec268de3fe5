//! The history of a page and what changed between two revisions.

use super::article::tabs;
use super::{Answer, PART, count_text, find, kind_word, name_of};
use crate::{diff, tables};
use record::Hash;
use site::{Context, PageHead, PreEscaped, Problem, encode_title, html, pager, when};

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
                    p { b { (when(cx.lang(), revision.at)) } " " span.quiet { (author(cx, &revision.author)) } @if revision.minor { " " span.badge { (w.t("minor")) } } @if revision.hash == page.hash { " " span.badge data-tone="yes" { (w.t("shown")) } } }
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

pub(crate) fn author<'t>(cx: &'t Context<'_>, text: &'t str) -> &'t str {
    if text.is_empty() {
        return cx.words.t("author-unknown");
    }
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
