//! What somebody writes and has not published: a list of it, and how the forms keep it.

use super::edit::{LONGEST_TEXT, invite, require_writer};
use super::{Answer, count_text};
use crate::rules;
use crate::tables::{self, Draft, DraftOf};
use site::{
    Acting, Asker, Context, Markup, PageHead, Problem, Response, encode, encode_title, html,
    language_name, when,
};
use store::StoreError;

/// What stands before the title under which a draft of a new page was kept, in its form.
pub(super) const KEPT_MARK: char = '=';

/// Characters of the longest field beside text and themes.
const LONGEST_FIELD: usize = 500;

/// Characters of the longest list of themes.
pub(super) const LONGEST_THEMES: usize = 3_000;

/// Returns the beginning of what stands in a field.
pub(super) fn bounded(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Returns what stands in a short field.
pub(super) fn short(text: &str) -> String {
    bounded(text.trim(), LONGEST_FIELD)
}

/// Whether somebody asks in person: what they have not published is for no program, whatever its token allows.
fn in_person(asker: &Asker) -> bool {
    asker.scopes.is_empty()
}

/// Returns the asker's draft of something.
pub(super) fn of(cx: &Context<'_>, of: &DraftOf) -> Result<Option<Draft>, Problem> {
    match cx.asker.filter(|asker| in_person(asker)) {
        Some(asker) => Ok(tables::draft(cx.db, &asker.account, of)?),
        None => Ok(None),
    }
}

/// Links to the asker's drafts, where there are some.
pub(super) fn link(cx: &Context<'_>) -> Result<Markup, Problem> {
    let count = match cx.asker.filter(|asker| in_person(asker)) {
        Some(asker) => tables::count_drafts(cx.db, &asker.account)?,
        None => 0,
    };
    Ok(html! { @if count > 0 { " " a href="/drafts" { (count_text(cx, "count-drafts", count)) } } })
}

/// Keeps a draft, in the place of what the same form kept under another title before.
pub(super) fn keep(
    acting: &Acting<'_>,
    asker: &Asker,
    draft: Draft,
    instead: Option<DraftOf>,
) -> Result<(), Problem> {
    if draft.text.len() > LONGEST_TEXT {
        let said = acting.words.t("text-too-long");
        return Err(Problem::bad("text_too_long", said, ""));
    }
    let account = asker.account;
    let may_write = asker.writes || asker.waits;
    let kept = acting.node.store().write(move |db| {
        let known = tables::draft(db, &account, &draft.of)?.is_some();
        let moved = match &instead {
            Some(instead) => tables::draft(db, &account, instead)?.is_some(),
            None => false,
        };
        let count = tables::count_drafts(db, &account)?;
        if let Err(refusal) = rules::keep_draft(count, known || moved, may_write) {
            return Ok(Err(refusal));
        }
        if let Some(instead) = &instead {
            tables::drop_draft(db, &account, instead)?;
        }
        tables::keep_draft(db, &account, &draft)?;
        Ok::<_, StoreError>(Ok(()))
    })?;
    kept.map_err(|refusal| Problem::refused(acting.words, refusal))
}

/// Drops drafts.
pub(super) fn drop(acting: &Acting<'_>, asker: &Asker, all: Vec<DraftOf>) -> Result<(), Problem> {
    let account = asker.account;
    acting.node.store().write(move |db| {
        for one in &all {
            tables::drop_draft(db, &account, one)?;
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(())
}

/// Returns where a draft is written on.
fn address(of: &DraftOf) -> String {
    match of {
        DraftOf::Page(page) => format!("/edit/{}", encode_title(page)),
        DraftOf::New(title) if title.is_empty() => "/new".to_owned(),
        DraftOf::New(title) => format!("/new?title={}", encode(title)),
        DraftOf::Translation(page, language) => {
            format!("/translate/{}?to={}", encode_title(page), encode(language))
        }
    }
}

/// `GET /drafts`: what somebody writes and has not published.
pub(crate) fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let title = w.t("drafts-title");
    let Some(asker) = cx.asker else {
        return invite(cx, title);
    };
    if !in_person(asker) {
        return Err(Problem::forbidden(
            "needs_session",
            w.t("needs-session"),
            "",
        ));
    }
    let all = tables::drafts(cx.db, &asker.account)?;
    let main = html! {
        div.head { h1 { (title) } p.lead { (w.t("drafts-lead")) } }
        @if all.is_empty() { div.empty { h2.h3 { (w.t("drafts-none")) } p.actions.center { a.button.main href="/new" { (w.t("menu-write")) } } } }
        ul.rows { @for draft in &all { li {
            h2.h3 { a href=(address(&draft.of)) { @match &draft.of {
                DraftOf::Page(page) => { (page) }
                DraftOf::New(title) if title.is_empty() => { (w.t("draft-untitled")) }
                DraftOf::New(title) => { (title) }
                DraftOf::Translation(page, language) => { (page) " → " span lang=(language) { (language_name(language)) } }
            } } @if matches!(draft.of, DraftOf::New(_)) { " " span.badge { (w.t("new-page")) } } }
            p { (bounded(&draft.text, 200)) }
            p.small.quiet { (w.tf("draft-from", &[("when", when(cx.lang(), draft.at).as_str().into())])) }
            form method="post" action="/drafts/drop" { (cx.guarded())
                @for (name, value) in draft.of.fields() { input type="hidden" name=(name) value=(value); }
                p.actions { a.button href=(address(&draft.of)) { (w.t("draft-go-on")) } button { (w.t("draft-drop")) } }
            }
        } } }
    };
    let head = PageHead {
        title,
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

/// `POST /drafts/drop`: drops one.
pub(crate) fn drop_one(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let field = |name: &str| acting.request.form.raw(name);
    let Some(of) = DraftOf::parse(field("kind"), field("page"), field("language")) else {
        return Err(Problem::not_found(acting.words.t("no-such-draft")));
    };
    drop(acting, asker, vec![of])?;
    Ok::<Response, _>(acting.see("/drafts"))
}
