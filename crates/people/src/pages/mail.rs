//! Addresses of mail: confirming them, getting back in through them, and how often notices go there.

use super::enter::{entered, phrase_mistake};
use super::{Answer, button, me, own_page, sentence, unhex};
use crate::accounts::AccountError;
use crate::mail::{self, Office, Often};
use crate::secrets;
use crate::tables::desk::{Account, AccountId};
use site::form::{Field, Mistakes, choice};
use site::{Acting, Context, Markup, Problem, Response, html};

/// Mails a link to the address of an account, if the node sends mail and the address is not confirmed.
pub(super) fn ask_to_confirm(acting: &Acting<'_>, id: &AccountId) -> Result<(), AccountError> {
    match Office::of(acting) {
        Some(office) => mail::ask_to_confirm(office, id, &acting.request.address),
        None => Ok(()),
    }
}

/// Draws, below the address of an account, whether it is confirmed, and how often notices go there.
pub(super) fn of_account(
    cx: &Context<'_>,
    account: &Account,
    mistakes: &Mistakes,
) -> Result<Markup, Problem> {
    let w = cx.words;
    let found = mail::addressee(cx.db, &account.id)?;
    let Some(to) = found.filter(|to| cx.settings.mail && !to.mail.is_empty()) else {
        return Ok(html! {});
    };
    if !to.confirmed {
        return Ok(html! {
            div.notice data-tone="ask" { p { (w.tf("mail-unconfirmed", &[("mail", to.mail.as_str().into())])) } }
            (button(cx, "/me/mail", &[("mail", &to.mail)], w.t("mail-again")))
        });
    }
    Ok(html! {
        p { (w.tf("mail-confirmed", &[("mail", to.mail.as_str().into())])) }
        form.narrow method="post" action="/me/notices" { (cx.guarded())
            fieldset.field { legend { (w.t("mail-often")) }
                @if let Some(text) = mistakes.at("often") { p.problem { (text) } }
                @for one in Often::ALL {
                    @let label = match one { Often::Never => "mail-often-never", Often::AtOnce => "mail-often-at-once", Often::Daily => "mail-often-daily" };
                    (choice("radio", "often", one.as_str(), to.often == one, &html! { (w.t(label)) }))
                }
            }
            p.actions { button { (w.t("save")) } }
        }
    })
}

/// `POST /me/notices`: how often notices go by mail.
pub(super) fn choose(acting: &Acting<'_>) -> Answer {
    let account = me::account(acting)?;
    let w = acting.words;
    let Some(often) = Often::parse(acting.field("often")) else {
        return me::again(acting, "often", w.t("mail-often-choose").to_owned());
    };
    if !mail::choose(acting.node, account.id, often)? {
        return me::again(acting, "mail", w.t("mail-confirm-first").to_owned());
    }
    me::saved(acting)
}

/// Draws the form by which a link is mailed to whoever lost every way in.
pub(super) fn lost_form(cx: &Context<'_>) -> Markup {
    let w = cx.words;
    html! {
        section aria-labelledby="h-lost" { h2 #h-lost { (w.t("recover-mail")) }
            p { (w.t("recover-mail-how")) }
            form.narrow method="post" action="/recover/mail" { (cx.guarded())
                (Field { name: "who", label: w.t("field-who"), autocomplete: "username", code: true, ..Field::default() }.draw(w, &Mistakes::default()))
                p.actions { button { (w.t("recover-mail-button")) } }
            }
        }
    }
}

/// `POST /recover/mail`: the same answer, whether or not there is such an account.
pub(super) fn recover(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let Some(office) = Office::of(acting) else {
        let path = [("path", acting.request.path.as_str().into())];
        return Err(Problem::not_found(w.tf("problem-404-path", &path)));
    };
    let (said, status) = match mail::recover(office, acting.field("who"), &acting.request.address) {
        Ok(()) => (w.t("recover-mail-sent").to_owned(), 200),
        Err(AccountError::Store(error)) => return Err(error.into()),
        Err(error) => (sentence(w, &error), 429),
    };
    acting.read(|cx| Ok(say(cx, w.t("recover-title"), &said).status(status)))
}

/// Draws a page that says one thing.
fn say(cx: &Context<'_>, title: &str, said: &str) -> Response {
    let main = html! {
        div.head { h1 { (title) } p.lead role="status" { (said) } }
        p.actions { a href="/" { (cx.words.t("problem-home")) } }
    };
    own_page(cx, title, "/sign-in", &main)
}

/// Draws what is said of a link that is not known, was used, or has ended.
fn ended(cx: &Context<'_>, title: &str) -> Response {
    say(cx, title, cx.words.t("mail-link-ended")).status(410)
}

/// Draws the form for a new phrase that a link opens.
pub(super) fn draw_link(cx: &Context<'_>, link: &str, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let Some(account) = mail::recovering(cx.db, link)? else {
        return Ok(ended(cx, w.t("recover-title")));
    };
    let main = html! {
        div.head { h1 { (w.t("recover-title")) } p.lead { (w.tf("recover-link", &[("handle", account.handle.as_str().into())])) } }
        (mistakes.summary(w))
        form.narrow method="post" action="/recover" { (cx.guarded())
            input type="hidden" name="link" value=(link);
            (Field { name: "phrase", label: w.t("field-phrase-new"), hint: w.t("field-phrase-hint"), kind: "password", autocomplete: "new-password", ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("recover-button")) } }
        }
    };
    let status = if mistakes.is_empty() { 200 } else { 422 };
    Ok(own_page(cx, w.t("recover-title"), "/sign-in", &main).status(status))
}

/// `POST /recover` with a link: sets the new phrase.
pub(super) fn recover_by_link(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let (link, phrase) = (acting.field("link"), acting.request.form.raw("phrase"));
    let around = match acting.read(|cx| Ok(mail::recovering(cx.db, link)?))? {
        Some(account) => [account.name, account.handle, account.mail],
        None => return acting.read(|cx| Ok(ended(cx, w.t("recover-title")))),
    };
    let around: Vec<&str> = around.iter().map(String::as_str).collect();
    if let Err(error) = secrets::judge_phrase(phrase, &around) {
        let mut mistakes = Mistakes::default();
        mistakes.add("phrase", phrase_mistake(w, error));
        return acting.read(|cx| draw_link(cx, link, &mistakes));
    }
    match mail::recover_by_link(acting.node, link, phrase) {
        Ok(account) => entered(acting, &account),
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(_) => acting.read(|cx| Ok(ended(cx, w.t("recover-title")))),
    }
}

/// `GET /confirm-mail`: asks; whatever opens links on its own confirms nothing.
pub(super) fn confirm_page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let link = cx.request.param("link").unwrap_or_default();
    let Some(to) = mail::confirming(cx.db, link)? else {
        return Ok(ended(cx, w.t("confirm-title")));
    };
    let about = [
        ("mail", to.mail.as_str().into()),
        ("handle", to.handle.as_str().into()),
    ];
    let main = html! {
        div.head { h1 { (w.t("confirm-title")) } p.lead { (w.tf("confirm-lead", &about)) } }
        form.narrow method="post" action="/confirm-mail" { (cx.guarded())
            input type="hidden" name="link" value=(link);
            p.actions { button.main { (w.t("confirm-button")) } }
        }
    };
    Ok(own_page(cx, w.t("confirm-title"), "/me", &main))
}

/// `POST /confirm-mail`: confirms the address to which the link was mailed.
pub(super) fn confirm(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let confirmed = mail::confirm(acting.node, acting.field("link"))?;
    acting.read(|cx| {
        let Some(to) = &confirmed else {
            return Ok(ended(cx, w.t("confirm-title")));
        };
        let main = html! {
            div.head { h1 { (w.t("confirmed-title")) } p.lead role="status" { (w.tf("mail-confirmed", &[("mail", to.mail.as_str().into())])) } }
            p.actions { a.button.main href="/me#h-mail" { (w.t("confirm-next")) } " " a href="/" { (w.t("problem-home")) } }
        };
        Ok(own_page(cx, w.t("confirmed-title"), "/me", &main))
    })
}

/// Returns what a link that ends mails says: whose they are, and what shows that its holder may end them.
fn stop_link(request: &site::Request) -> (Vec<u8>, Vec<u8>) {
    let part = |name| unhex(request.param(name).unwrap_or_default());
    (part("account"), part("key"))
}

/// `GET /unsubscribe`: asks; whatever opens links on its own ends nothing.
pub(super) fn stop_page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let (account, key) = stop_link(cx.request);
    if mail::stopping(cx.node, cx.db, &account, &key)?.is_none() {
        return Ok(ended(cx, w.t("unsubscribe-title")));
    }
    let (account, key) = (super::hex(&account), super::hex(&key));
    let main = html! {
        div.head { h1 { (w.t("unsubscribe-title")) } p.lead { (w.t("unsubscribe-lead")) } }
        form.narrow method="post" action={ "/unsubscribe?account=" (account) "&key=" (key) } {
            input type="hidden" name="List-Unsubscribe" value="One-Click";
            p.actions { button.main { (w.t("unsubscribe-button")) } }
        }
    };
    Ok(own_page(cx, w.t("unsubscribe-title"), "/sign-in", &main))
}

/// `POST /unsubscribe`: ends the mails, signed in or not.
///
/// Source: RFC 8058, section 3.2: one request, without cookies, is enough.
pub(super) fn stop(acting: &Acting<'_>) -> Answer {
    let (account, key) = stop_link(acting.request);
    let found = acting.read(|cx| Ok(mail::stopping(cx.node, cx.db, &account, &key)?))?;
    if let Some(to) = &found {
        mail::choose(acting.node, to.account, Often::Never)?;
    }
    let w = acting.words;
    acting.read(|cx| match found {
        Some(_) => Ok(say(cx, w.t("unsubscribe-title"), w.t("unsubscribed"))),
        None => Ok(ended(cx, w.t("unsubscribe-title"))),
    })
}
