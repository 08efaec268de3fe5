//! Mending what the care page lists: redirects that lead nowhere; and the limits for those who are new here.

use super::edit::{problem, require_writer};
use super::stewardship::require_steward;
use super::{Answer, find, name_of, spaces};
use crate::model::{Article, Kind, Name};
use crate::rules::Limits;
use crate::tables::{self, limits};
use crate::write::{self, Edit};
use crate::{draw, redirects};
use people::Pen;
use record::Hash;
use site::form::{Field, Mistakes, tick};
use site::{Acting, Context, Markup, PageHead, Problem, html, when};
use store::StoreError;

/// How many revisions of a page are looked at for one that was no redirect.
const LOOKED_AT: i64 = 40;
/// How many targets are proposed.
const PROPOSED: usize = 3;

/// A revision of a page that leads in a circle, or nowhere, and that had a text of its own.
struct Text {
    hash: Hash,
    at: i64,
    words: usize,
}

/// Returns the last revision of a page that was no redirect.
fn last_text(cx: &Context<'_>, name: &Name) -> Result<Option<Text>, StoreError> {
    let Some(page) = tables::by_key(cx.db, cx.viewer, &name.key())? else {
        return Ok(None);
    };
    for revision in tables::history(cx.db, cx.viewer, &page.id, i64::MAX, LOOKED_AT)? {
        if revision.withdrawn || revision.length == 0 {
            continue;
        }
        let article = tables::article_of(cx.db, &revision.hash)?;
        if draw::analyse(&article).redirect.is_empty() {
            return Ok(Some(Text {
                hash: revision.hash,
                at: revision.at,
                words: article.content.split_whitespace().count(),
            }));
        }
    }
    Ok(None)
}

/// Draws what can be done about the redirects `keys` that lead to one another, or nowhere: nothing for visitors.
pub(super) fn ways_out(
    cx: &Context<'_>,
    list: &str,
    keys: &[String],
    wanted: &str,
) -> Result<Markup, Problem> {
    let w = cx.words;
    if !cx.asker.is_some_and(|asker| asker.writes) {
        return Ok(html! {});
    }
    let hidden = |key: &str| {
        html! { (cx.guarded()) input type="hidden" name="page" value=(key); input type="hidden" name="list" value=(list); }
    };
    let mut restores = Vec::new();
    let mut proposals = Vec::new();
    for key in keys {
        let Some(name) = Name::parse_key(key) else {
            continue;
        };
        if let Some(text) = last_text(cx, &name)? {
            restores.push((key, name.clone(), text));
        }
        let title = if wanted.is_empty() {
            name.title()
        } else {
            wanted
        };
        for near in near(cx, title)? {
            if !keys.contains(&near.key()) && !proposals.contains(&near) {
                proposals.push(near);
            }
        }
    }
    proposals.truncate(PROPOSED);
    let first = keys.first().map_or("", String::as_str);
    Ok(html! {
        div.line {
            @for (key, name, text) in &restores {
                form.line method="post" action="/mend" { (hidden(key)) input type="hidden" name="revision" value=(text.hash);
                    button.main { (w.tf("mend-restore", &[("title", name.wiki_title().as_str().into()), ("when", when(cx.lang(), text.at).as_str().into()), ("count", text.words.into())])) } }
            }
            @for name in &proposals {
                form.line method="post" action="/mend" { (hidden(first)) input type="hidden" name="target" value=(name.wiki_title());
                    button { (w.tf("mend-lead", &[("title", name.wiki_title().as_str().into())])) } }
            }
        }
        details { summary { (w.t("mend-otherwise")) }
            form.narrow method="post" action="/mend" { (hidden(first))
                (Field { name: "target", label: w.t("mend-target"), value: wanted, ..Field::default() }.draw(w, &Mistakes::default()))
                p.actions { button { (w.t("mend-button")) } } }
        }
    })
}

/// Returns pages, themselves no redirects, whose titles are near.
fn near(cx: &Context<'_>, title: &str) -> Result<Vec<Name>, Problem> {
    let mut found = Vec::new();
    for hit in cx.search.near_titles(&spaces(cx), title, PROPOSED * 2) {
        let Ok(name) = name_of(cx, &hit.title) else {
            continue;
        };
        let page = tables::by_key(cx.db, cx.viewer, &name.key())?;
        if page.is_some_and(|page| page.redirect.is_empty()) && name.kind() == Kind::Article {
            found.push(name);
        }
    }
    Ok(found)
}

/// `POST /mend`: brings back a page's last text, or lets it lead to another page.
pub(crate) fn redirect(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let (node, w) = (acting.node, acting.words);
    let unknown = || Problem::not_found(w.t("page-gone"));
    let name = Name::parse_key(acting.field("page")).ok_or_else(unknown)?;
    let (base, article) = acting.read(|cx| {
        let page = find(cx, &name)?;
        let shown = tables::article_of(cx.db, &page.hash)?;
        let article = match Hash::parse(acting.field("revision")) {
            Ok(hash) => restored(cx, &page, &hash, &shown)?,
            Err(_) => led(cx, &name, &shown, acting.field("target"))?,
        };
        Ok((page.hash, article))
    })?;
    let pen = node.store().read(|db| Pen::of(node, db, asker))?;
    let pen = pen.ok_or_else(|| problem(w, write::WriteError::OwnKey))?;
    let edit = Edit {
        name,
        base: Some(base),
        article,
        takes_in: None,
    };
    let written = write::publish(node, &pen, &edit).map_err(|error| problem(w, error))?;
    match acting.field("list") {
        list @ ("cycles" | "missing" | "malformed") => Ok(acting.see(&format!("/care/{list}"))),
        _ => Ok(acting.see(&written.name.href())),
    }
}

fn restored(
    cx: &Context<'_>,
    page: &tables::Page,
    hash: &Hash,
    shown: &Article,
) -> Result<Article, Problem> {
    let w = cx.words;
    if !tables::is_revision(cx.db, cx.viewer, &page.id, hash)? {
        return Err(Problem::not_found(w.t("no-such-revision")));
    }
    let old = tables::article_of(cx.db, hash)?;
    Ok(Article {
        name: shown.name.clone(),
        summary: w.t("mend-restored").to_owned(),
        namespaces: shown.own_namespaces().to_vec(),
        ..write::next_of(&old)
    })
}

fn led(cx: &Context<'_>, name: &Name, shown: &Article, target: &str) -> Result<Article, Problem> {
    let w = cx.words;
    let to = name_of(cx, target)?;
    let page = find(cx, &to)?;
    // Wherever the target leads in its turn, it must not be here.
    let next = |key: &str| {
        let found = tables::by_key(cx.db, cx.viewer, key).ok().flatten()?;
        Some(found.redirect).filter(|redirect| !redirect.is_empty())
    };
    let round = match redirects::follow(&to.key(), next) {
        redirects::End::At(end) => end == name.key(),
        redirects::End::Cycle(_) => true,
    };
    if to == *name || round || page.name == *name {
        let said = w.tf("mend-round", &[("title", to.wiki_title().as_str().into())]);
        return Err(Problem::bad(
            "redirect_round",
            said,
            w.t("mend-round-remedy"),
        ));
    }
    Ok(write::redirect_to(shown, name, &to))
}

/// `GET /limits`: what bounds those who are new here; everybody may read it.
pub(crate) fn limits_page(cx: &Context<'_>) -> Answer {
    let now = limits::here(cx.db, &cx.node.keys().commons_did())?;
    draw_limits(cx, now, &Mistakes::default())
}

fn draw_limits(cx: &Context<'_>, now: Limits, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let steward = cx.asker.is_some_and(|asker| asker.steward);
    let off = now.known_after == 0;
    let usual = Limits::default();
    let shown = if off { usual } else { now };
    let numbers = [
        ("known_after", "limits-known-after", shown.known_after),
        ("per_hour", "limits-per-hour", shown.per_hour),
        ("per_hour_here", "limits-per-hour-here", shown.per_hour_here),
        (
            "new_links",
            "limits-new-links",
            i64::try_from(shown.new_links).unwrap_or(i64::MAX),
        ),
    ];
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/care" { (w.t("menu-care")) } } } }
        @if cx.request.param("saved").is_some() { div.notice data-tone="yes" role="status" { h2 { (w.t("limits-kept")) } } }
        div.head { h1 { (w.t("limits-title")) } p.lead { (w.t("limits-lead")) } }
        (mistakes.summary(w))
        @if steward {
            form.narrow method="post" action="/limits" { (cx.guarded())
                @for (name, word, number) in numbers {
                    (Field { name, label: w.t(word), value: &number.to_string(), kind: "number", ..Field::default() }.draw(w, mistakes))
                }
                (tick("off", "yes", off, &html! { (w.t("limits-off")) }))
                p.actions { button.main { (w.t("save")) } }
            }
        } @else if off { p { (w.t("limits-none")) } }
        @else { dl { @for (_, word, number) in numbers { dt { (w.t(word)) } dd { (site::number(cx.lang(), number)) } } } }
    };
    Ok(cx
        .page(
            &PageHead {
                title: w.t("limits-title"),
                menu: "/care",
                noindex: true,
                ..PageHead::default()
            },
            &main,
        )
        .mending(mistakes))
}

/// `POST /limits`: a steward sets them.
pub(crate) fn limits(acting: &Acting<'_>) -> Answer {
    require_steward(acting)?;
    let w = acting.words;
    let mut mistakes = Mistakes::default();
    mistakes.nothing_written();
    let mut number = |name: &'static str, word: &str, least: i64| {
        let read = acting.field(name).parse::<i64>().ok();
        match read.filter(|number| (least..=1_000_000).contains(number)) {
            Some(number) => number,
            None => {
                let args = [("field", w.t(word).into()), ("least", least.into())];
                mistakes.add(name, w.tf("limits-wrong", &args));
                least
            }
        }
    };
    let set = Limits {
        known_after: number("known_after", "limits-known-after", 1),
        per_hour: number("per_hour", "limits-per-hour", 1),
        per_hour_here: number("per_hour_here", "limits-per-hour-here", 1),
        new_links: usize::try_from(number("new_links", "limits-new-links", 0)).unwrap_or(0),
    };
    if acting.request.form.has("off") {
        mistakes = Mistakes::default();
    }
    if !mistakes.is_empty() {
        return acting.read(|cx| draw_limits(cx, set, &mistakes));
    }
    let kept = limits::kept((!acting.request.form.has("off")).then_some(set));
    people::set(acting, &[(limits::SETTING_LIMITS, kept)])?;
    Ok(acting.see("/limits?saved=yes"))
}
