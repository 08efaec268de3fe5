//! What needs care.

use super::article::target_fault;
use super::{Answer, PART, count_text, mend};
use crate::model::{Article, Name};
use crate::{redirects, sections, tables};
use site::{Context, Markup, PageHead, Problem, Words, encode, encode_title, html, number, pager};
use store::StoreError;

/// The lists of the care page: address, word, sentence.
const CARE: [(&str, &str, &str); 11] = [
    ("cycles", "care-cycles", "care-cycles-why"),
    ("missing", "care-missing", "care-missing-why"),
    ("malformed", "care-malformed", "care-malformed-why"),
    ("conflicts", "care-conflicts", "care-conflicts-why"),
    ("titles", "care-titles", "care-titles-why"),
    ("faults", "care-faults", "care-faults-why"),
    ("same", "care-same", "care-same-why"),
    ("wanted", "care-wanted", "care-wanted-why"),
    ("files", "care-files", "care-files-why"),
    ("dead-ends", "care-dead", "care-dead-why"),
    ("orphans", "care-orphans", "care-orphans-why"),
];

/// The most rows of a list that has no further parts: nobody mends more at once.
const MOST: i64 = 300;

fn faults(cx: &Context<'_>) -> Result<redirects::Faults, StoreError> {
    let all = tables::redirects(cx.db, cx.viewer)?;
    Ok(redirects::faults(&all, |key| {
        tables::leads(cx.db, cx.viewer, key).unwrap_or(false)
    }))
}

pub(crate) fn care(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let found = faults(cx)?;
    let conflicts = tables::conflicts(cx.db, cx.viewer, 10_000)?.len() as i64;
    let titles = tables::shared_titles(cx.db, cx.viewer, 10_000)?.len() as i64;
    let within = tables::count_faults(cx.db, cx.viewer)?;
    let title = w.t("menu-care");
    let count = |list: &str| -> Option<i64> {
        match list {
            "cycles" => Some(found.cycles.len() as i64),
            "missing" => Some(found.missing.len() as i64),
            "malformed" => Some(found.malformed.len() as i64),
            "conflicts" => Some(conflicts),
            "titles" => Some(titles),
            "faults" => Some(within),
            _ => None,
        }
    };
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (w.t("loom-knowledge")) } h1 { (title) } p.lead { (w.t("care-lead")) } }
        @if cx.settings.accounts { p { @if cx.asker.is_some() { a href="/changes?waits=yes" { (w.t("care-waits")) } " · " a href="/reports" { (w.t("reports-title")) } " · " } a href="/limits" { (w.t("care-limits")) } " · " a href="/decisions" { (w.t("foot-decisions")) } } }
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

pub(crate) fn care_list(cx: &Context<'_>) -> Answer {
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
    let mut filter = html! {};
    let rows: Vec<Markup> = match list {
        "cycles" => {
            let mut rows = Vec::new();
            for cycle in faults(cx)?.cycles {
                let ways = mend::ways_out(cx, list, &cycle, "")?;
                rows.push(html! { p { @for key in &cycle { (row(key)) " → " } (row(&cycle[0])) } (ways) });
            }
            rows
        }
        "missing" => {
            let mut rows = Vec::new();
            for (from, to) in faults(cx)?.missing {
                let wanted = Name::parse_key(&to).map_or_else(String::new, |name| name.wiki_title());
                let ways = mend::ways_out(cx, list, std::slice::from_ref(&from), &wanted)?;
                rows.push(html! { p { (row(&from)) " → " (row(&to)) } (ways) });
            }
            rows
        }
        "malformed" => {
            let mut rows = Vec::new();
            for (from, what) in faults(cx)?.malformed {
                let wanted = redirects::Unreadable::read(&what).1;
                let ways = mend::ways_out(cx, list, std::slice::from_ref(&from), wanted)?;
                rows.push(html! { p { (row(&from)) ": " (target_fault(cx, &what)) } (ways) });
            }
            rows
        }
        "conflicts" => tables::conflicts(cx.db, cx.viewer, 1_000)?.iter().map(|item| html! { (row(&item.name.key())) ": " a href={ "/diff/" (encode_title(&item.name.wiki_title())) "?to=" (item.about.trim_start_matches("sha256:")) } { (w.t("compare")) } }).collect(),
        "titles" => tables::shared_titles(cx.db, cx.viewer, 1_000)?.iter().map(|item| html! { (row(&item.name.key())) " → " (row(&item.about)) }).collect(),
        "faults" => {
            let kind = cx.request.param("kind").filter(|kind| !kind.is_empty());
            let mut items = tables::faults(cx.db, cx.viewer, None, kind, after, PART + 1)?;
            let kinds = tables::kinds_of_faults(cx.db, cx.viewer)?;
            filter = kinds_of_faults(cx, &kinds, kind);
            let more = items.len() as i64 > PART;
            items.truncate(PART as usize);
            next = items.last().filter(|_| more).map(|last| format!("/care/{list}?kind={}&after={}", encode(kind.unwrap_or_default()), encode(&last.cursor())));
            let mut rows = Vec::new();
            let mut article = None;
            for fault in &items {
                rows.push(fault_row(cx, fault, &mut article)?);
            }
            rows
        }
        "same" => tables::same_but_case(cx.db, cx.viewer, 2_000)?.iter().map(|item| html! { (row(&item.name.key())) " · " (row(&item.about)) (join_links(cx, item)) }).collect(),
        "wanted" => tables::wanted(cx.db, cx.viewer, MOST)?.iter().map(|item| mentioned(cx, item, "count-links")).collect(),
        "files" => tables::missing_files(cx.db, cx.viewer, MOST)?.iter().map(|item| mentioned(cx, item, "count-uses")).collect(),
        _ => {
            let mut items = if list == "orphans" { tables::orphans(cx.db, cx.viewer, after, PART + 1)? } else { tables::dead_ends(cx.db, cx.viewer, after, PART + 1)? };
            let more = items.len() as i64 > PART;
            items.truncate(PART as usize);
            next = items.last().filter(|_| more).map(|last| format!("/care/{list}?after={}", encode(&last.name.key())));
            items.iter().map(|item| row(&item.name.key())).collect()
        }
    };
    let title = w.t(word);
    let cut = matches!(list, "wanted" | "files") && rows.len() as i64 == MOST;
    let count = if cut { "count-first" } else { "count-rows" };
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/care" { (w.t("menu-care")) } } } }
        div.head { h1 { (title) } p.lead { (w.t(why)) } }
        @if next.is_none() && !rows.is_empty() { p.small.quiet { (count_text(cx, count, rows.len() as i64)) } }
        (filter)
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

/// Links that take one of two pages into the other, for whoever may write.
fn join_links(cx: &Context<'_>, item: &tables::CareItem) -> Markup {
    let (Some(other), true) = (
        Name::parse_key(&item.about),
        cx.asker.is_some_and(|asker| asker.writes),
    ) else {
        return html! {};
    };
    let pair = [(&item.name, &other), (&other, &item.name)];
    html! { p.small { @for (at, (from, into)) in pair.into_iter().enumerate() {
        @if at > 0 { " · " }
        a rel="nofollow" href={ "/edit/" (encode_title(&into.wiki_title())) "?takes-in=" (encode(&from.wiki_title())) } {
            (cx.words.tf("join-into", &[("from", from.wiki_title().as_str().into()), ("into", into.wiki_title().as_str().into())])) }
    } } }
}

/// Links that narrow the list of faults to one kind, with how many there are.
fn kinds_of_faults(cx: &Context<'_>, kinds: &[(String, i64)], chosen: Option<&str>) -> Markup {
    let w = cx.words;
    let all = kinds.iter().map(|(_, count)| count).sum();
    html! { @if kinds.len() > 1 { nav aria-label=(w.t("fault-kinds")) { ul.tags {
        li { a href="/care/faults" aria-current=[chosen.is_none().then_some("true")] { (w.t("fault-all")) " " (number(cx.lang(), all)) } }
        @for (code, count) in kinds { li { a href={ "/care/faults?kind=" (encode(code)) } aria-current=[(chosen == Some(code)).then_some("true")] { (fault_word(w, code)) " " (number(cx.lang(), *count)) } } }
    } } } }
}

fn fault_word(w: &Words, code: &str) -> String {
    w.t(&format!("fault-{}", code.replace('_', "-"))).to_owned()
}

/// Draws a fault: its page, what it is, its line, what stands there, and where it is mended. `last` is the page of the
/// row before, which many rows share.
fn fault_row(
    cx: &Context<'_>,
    fault: &tables::Fault,
    last: &mut Option<(Name, Option<Article>)>,
) -> Result<Markup, Problem> {
    let w = cx.words;
    let line = w.tf("fault-line", &[("line", i64::from(fault.line).into())]);
    let writes = cx.asker.is_some_and(|asker| asker.writes);
    let mut edit = format!("/edit/{}", encode_title(&fault.name.wiki_title()));
    if writes {
        if last.as_ref().is_none_or(|(name, _)| *name != fault.name) {
            let page = tables::by_name(cx.db, cx.viewer, &fault.name)?;
            let article = page.and_then(|page| tables::article_of(cx.db, &page.hash).ok());
            *last = Some((fault.name.clone(), article));
        }
        let article = last.as_ref().and_then(|(_, article)| article.as_ref());
        let heading =
            article.and_then(|article| sections::heading_of_line(article, fault.line as usize));
        edit.push_str(&format!("?line={}", fault.line));
        if let Some(heading) = heading {
            edit.push_str(&format!("&section={}", encode(&heading)));
        }
    }
    Ok(html! {
        a href={ (fault.name.href()) "?redirect=no" } { (fault.name.wiki_title()) } ": " (fault_word(w, &fault.code)) ", "
        @if writes { a href=(edit) rel="nofollow" { (line) ", " (w.t("fault-mend")) } } @else { (line) }
        @if !fault.what.is_empty() { br; code { (fault.what) } }
    })
}

/// Draws a name that is mentioned and not here, with how often it is.
fn mentioned(cx: &Context<'_>, item: &tables::CareItem, count: &str) -> Markup {
    let title = item.name.wiki_title();
    let count = count_text(cx, count, item.about.parse().unwrap_or(0));
    html! {
        a href=(item.name.href()) { (title) } " "
        a.small href={ "/links/" (encode_title(&title)) } { (count) }
    }
}
