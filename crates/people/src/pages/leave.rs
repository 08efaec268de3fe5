//! Taking one's own along, and leaving.

use super::enter::own_account;
use super::me::require_session;
use super::{Answer, own_page, sentence};
use crate::accounts::{self, AccountError};
use crate::leave::{self, Choice};
use crate::secrets;
use crate::tables::organizations;
use site::form::{Field, Mistakes, choice};
use site::{Acting, Context, Response, html};

pub(super) fn page(cx: &Context<'_>) -> Answer {
    draw(cx, None, &Mistakes::default())
}

fn draw(cx: &Context<'_>, chosen: Option<Choice>, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let account = own_account(cx)?;
    let records = store::records_by(cx.db, &account.did)?.len();
    let confirm = if account.password.is_empty() {
        "leave-confirm-handle"
    } else {
        "leave-confirm-phrase"
    };
    // Whose only voice they are: others could not name another one behind them.
    let mut alone = Vec::new();
    let did = account.did.as_str();
    for (one, belonging) in organizations::organizations_of(cx.db, cx.viewer, did)? {
        let speaks = belonging.coordinates && belonging.by_member && belonging.by_organization;
        if speaks
            && organizations::coordinators(cx.db, &one.id)? == [did]
            && organizations::has_others(cx.db, &one.id, did)?
        {
            alone.push(one);
        }
    }
    let main = html! {
        div.head { h1 { (w.t("leave-title")) }
            p.lead { (w.tf("leave-lead", &[("count", records.into())])) } }
        section aria-labelledby="h-along" { h2 #h-along { (w.t("leave-along")) }
            p { (w.t("leave-along-why")) }
            p.actions { a.button.main href="/me/export" download { (w.t("leave-export")) } a.button href="/me/export/desk" download { (w.t("leave-export-desk")) } }
        }
        section aria-labelledby="h-erase" { h2 #h-erase { (w.t("leave-erase")) }
            (mistakes.summary(w))
            @if !alone.is_empty() { div.notice data-tone="ask" { h3 { (w.t("leave-alone")) }
                ul { @for one in &alone { li { a href=(one.href()) { (one.name) } } } } p { (w.t("leave-alone-how")) } } }
            form.narrow method="post" action="/me/leave" { (cx.guarded())
                fieldset.field { legend { (w.t("leave-choice")) }
                    @for one in Choice::ALL {
                        @let (label, hint) = match one { Choice::Keep => ("leave-keep", "leave-keep-hint"), Choice::Nameless => ("leave-nameless", "leave-nameless-hint"), Choice::Withdraw => ("leave-withdraw", "leave-withdraw-hint") };
                        (choice("radio", "choice", one.as_str(), chosen == Some(one), &html! { b { (w.t(label)) } " " (w.t(hint)) }))
                    }
                }
                (Field { name: "phrase", label: w.t(confirm), kind: if account.password.is_empty() { "text" } else { "password" }, autocomplete: "off", ..Field::default() }.draw(w, mistakes))
                p.actions { button { (w.t("leave-button")) } a href="/me" { (w.t("leave-not")) } }
            }
        }
    };
    Ok(own_page(cx, w.t("leave-title"), "/me", &main).mending(mistakes))
}

/// `GET /me/export`: what I published, as a bundle.
pub(super) fn export(cx: &Context<'_>) -> Answer {
    own_account(cx)?;
    let asker = cx.asker()?;
    let bundle = cx.node.export_of(&asker.did)?;
    Ok(download(
        "application/zstd",
        &format!("{}.bundle", asker.handle),
        bundle,
    ))
}

/// `GET /me/export/desk`: what this node keeps for me alone, as JSON.
pub(super) fn export_desk(cx: &Context<'_>) -> Answer {
    own_account(cx)?;
    let asker = cx.asker()?;
    let desk = leave::desk_of(cx.node, asker)?;
    let text = serde_json::to_vec_pretty(&desk).unwrap_or_default();
    Ok(download(
        "application/json",
        &format!("{}.json", asker.handle),
        text,
    ))
}

fn download(media: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    Response::ok(media, bytes)
        .with(
            "content-disposition",
            format!("attachment; filename=\"{name}\""),
        )
        .with("cache-control", "private, no-store")
}

pub(super) fn leave(acting: &Acting<'_>) -> Answer {
    require_session(acting)?;
    let w = acting.words;
    let asker = acting.asker()?;
    let account = acting.read(own_account)?;
    let mut mistakes = Mistakes::default();
    let chosen = Choice::parse(acting.field("choice"));
    let Some(choice) = chosen else {
        mistakes.add("choice-keep", w.t("leave-choose"));
        return acting.read(|cx| draw(cx, None, &mistakes));
    };
    let typed = acting.request.form.raw("phrase");
    let confirmed = if account.password.is_empty() {
        typed.trim().trim_start_matches('@') == account.handle
    } else {
        let counted = accounts::count_try(acting.node, &account.handle, &acting.request.address);
        if let Err(error) = counted {
            mistakes.add("phrase", sentence(w, &error));
            return acting.read(|cx| draw(cx, chosen, &mistakes));
        }
        secrets::is_phrase(typed, &account.password)
    };
    if !confirmed {
        mistakes.add("phrase", w.t("leave-unconfirmed"));
        return acting.read(|cx| draw(cx, chosen, &mistakes));
    }
    match leave::leave(acting.node, asker, choice) {
        Ok(()) => {
            let main = html! {
                div.head { h1 { (w.t("left-title")) } p.lead { (w.t("left-lead")) } }
                p.actions { a.button.main href="/" { (w.t("problem-home")) } }
            };
            let page = acting.read(|cx| {
                let gone = cx.signed_out();
                Ok(own_page(&gone, w.t("left-title"), "", &main))
            })?;
            Ok(acting.with_session(page, "", 0))
        }
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => {
            mistakes.add("choice-keep", sentence(w, &error));
            acting.read(|cx| draw(cx, chosen, &mistakes))
        }
    }
}
