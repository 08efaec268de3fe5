//! Following things, and what one follows.

use super::{Answer, back_to, button, own_page};
use crate::tables::{self, desk};
use site::{Acting, Context, Markup, Problem, html};
use store::Node;

/// Draws the button by which a reader follows a thing, or follows it no longer; nothing for visitors.
///
/// # Errors
/// From the database.
pub fn follow_button(cx: &Context<'_>, thing: &[u8; 16]) -> Result<Markup, Problem> {
    let Some(asker) = cx.asker else {
        return Ok(html! {});
    };
    let on = desk::is_following(cx.db, &asker.account, thing)?;
    let (field, word) = if on {
        ("end", "unfollow")
    } else {
        ("begin", "follow")
    };
    let id = super::hex(thing);
    Ok(button(
        cx,
        "/follow",
        &[(field, &id), ("next", &cx.request.path)],
        cx.words.t(word),
    ))
}

/// `POST /follow`: follows a thing, or follows it no longer.
pub(super) fn follow(acting: &Acting<'_>) -> Answer {
    let asker = acting.asker()?;
    let form = &acting.request.form;
    let (begins, id) = if form.has("begin") {
        (true, form.text("begin"))
    } else {
        (false, form.text("end"))
    };
    let Ok(what) = <[u8; 16]>::try_from(super::unhex(id)) else {
        return Err(Problem::not_found(acting.words.t("rule-unknown-thing")));
    };
    let known = acting.read(|cx| Ok(tables::thing(cx.db, cx.viewer, &what)?))?;
    if begins && known.is_none() {
        return Err(Problem::not_found(acting.words.t("rule-unknown-thing")));
    }
    let (account, now) = (asker.account, Node::now());
    acting.node.store().write(move |db| {
        if begins {
            desk::follow(db, &account, &what, now)
        } else {
            desk::unfollow(db, &account, &what)
        }
    })?;
    Ok(acting.see(&back_to(form.text("next"))))
}

/// `GET /following`: what I follow.
pub(super) fn following(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let account = super::enter::own_account(cx)?;
    let mut things = Vec::new();
    for id in desk::following(cx.db, &account.id)? {
        things.extend(tables::thing(cx.db, cx.viewer, &id)?.map(|thing| (id, thing)));
    }
    let feed = crate::accounts::feed_key(cx.node, &account.id);
    let main = html! {
        div.head { h1 { (w.t("following-title")) } p.lead { (w.tf("count-following", &[("count", things.len().into())])) }
            nav.tabs aria-label=(w.t("menu-inbox")) { a href="/inbox" { (w.t("menu-inbox")) } a href="/following" aria-current="page" { (w.t("following-title")) } } }
        @if things.is_empty() { div.empty { h2.h3 { (w.t("following-empty")) } p { (w.t("following-empty-why")) } } }
        @else {
        p.actions { a.button href="/changes?followed=yes" { (w.t("following-changes")) } " " a href={ "/feeds/following/" (feed) } { (w.t("following-feed")) } }
        p.small.quiet { (w.t("following-feed-why")) }
        ul.rows { @for (id, thing) in &things { li.line {
            @if let Some(href) = cx.address_of(&thing.key) { a href=(href) { (thing.title) } } @else { span { (thing.title) } }
            (button(cx, "/follow", &[("end", &super::hex(id)), ("next", "/following")], w.t("unfollow")))
        } } } }
    };
    Ok(own_page(cx, w.t("following-title"), "/inbox", &main))
}
