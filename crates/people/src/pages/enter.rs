//! Coming in: joining, signing in and out, recovering.

use super::{Answer, back_to, own_page, script_answer, sentence};
use crate::accounts::{self, AccountError, Joining, Joins, Way};
use crate::model::{Handle, HandleError, NameError, PersonName};
use crate::passkeys;
use crate::secrets::{self, PhraseError};
use crate::tables::desk::{self, Account, Status};
use site::form::{Field, Mistakes, choice, tick};
use site::{Acting, Asker, Context, Markup, Problem, Response, Words, html, language_name};
use store::{Node, StoreError};

/// Languages that are offered to tick: those of the interface, and of the Andes.
const OFFERED: &[&str] = &["es", "qu", "en", "pt", "fr"];

/// What a form of joining holds, as it was filled in.
#[derive(Default)]
struct Filled {
    name: String,
    handle: String,
    with_password: bool,
    languages: Vec<String>,
    mail: String,
    code: String,
    words: String,
}

impl Filled {
    fn of(acting: &Acting<'_>) -> Self {
        Self {
            name: acting.field("name").to_owned(),
            handle: acting.field("handle").to_owned(),
            with_password: acting.field("way") != "passkey",
            languages: acting.request.form.every("languages"),
            mail: acting.field("mail").to_owned(),
            code: acting.field("code").to_owned(),
            words: acting.field("words").to_owned(),
        }
    }
}

pub(super) fn join_page(cx: &Context<'_>) -> Answer {
    let code = cx.request.param("code").unwrap_or_default();
    if let Some(asker) = cx.asker {
        return if code.is_empty() {
            Ok(Response::redirect(303, "/me"))
        } else {
            draw_is_in(cx, asker)
        };
    }
    let filled = Filled {
        with_password: passkeys::origin(cx.settings, cx.request).is_none(),
        languages: vec![cx.lang().tag().to_owned()],
        code: code.to_owned(),
        ..Filled::default()
    };
    draw_join(cx, &filled, &Mistakes::default())
}

/// Tells somebody who opened an invitation that they are in already.
fn draw_is_in(cx: &Context<'_>, asker: &Asker) -> Answer {
    let w = cx.words;
    let code = cx.request.param("code").unwrap_or_default();
    let next = format!("/join?code={}", site::encode(code));
    let main = html! {
        div.head { h1 { (w.tf("join-is-in", &[("name", asker.name.as_str().into())])) } p.lead { (w.t("join-is-in-how")) } }
        div.actions { a.button.main href="/me" { (w.t("me-title")) } (super::button(cx, "/sign-out", &[("next", &next)], w.t("sign-out"))) }
    };
    Ok(own_page(cx, w.t("join-title"), "/join", &main))
}

fn draw_join(cx: &Context<'_>, filled: &Filled, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let commons = cx.node.keys().commons_did();
    let joining = Joining::here(cx.db, &commons)?;
    let invitation = if filled.code.is_empty() {
        None
    } else {
        accounts::invited(cx.db, &commons, &secrets::kept(&filled.code), Node::now())?
    };
    // Whom a steward invited is let in by that.
    let freely = match &invitation {
        Some(invitation) => {
            let inviter = desk::account(cx.db, &invitation.inviter)?;
            accounts::invites_freely(cx.db, &commons, invitation, inviter.as_ref())?
        }
        None => false,
    };
    let waits = joining == Joining::Approval && !freely;
    let title = match &invitation {
        Some(invitation) if invitation.role == "steward" => w.t("join-steward"),
        _ => w.t("join-title"),
    };
    let lost = !filled.code.is_empty() && invitation.is_none();
    let closed = joining == Joining::Invitation && invitation.is_none();
    let origin = passkeys::origin(cx.settings, cx.request);
    let main = html! {
        div.split {
            div {
                div.head { h1 { (title) } p.lead { (w.t("join-lead")) } }
                (mistakes.summary(w))
                @if lost { div.notice data-tone="no" role="alert" { h2 { (w.t("no-invitation")) } p { (w.t("no-invitation-remedy")) } } }
                @if closed && lost {
                    p { (w.t("invitation-only-remedy")) }
                } @else if closed {
                    div.notice data-tone="ask" { h2 { (w.t("invitation-only")) } p { (w.t("invitation-only-remedy")) } }
                } @else {
                    @if waits { div.notice data-tone="info" { h2 { (w.t("approval")) } p { (w.t("approval-how")) } } }
                    (join_form(cx, filled, if lost { "" } else { &filled.code }, mistakes, origin.is_some(), waits))
                }
            }
            aside {
                section.infobox aria-labelledby="ib-kept" { h2 #ib-kept { (w.t("what-we-keep")) }
                    dl.facts {
                        dt { (w.t("kept-public")) } dd { (w.t("kept-public-what")) }
                        dt { (w.t("kept-here")) } dd { (w.t("kept-here-what")) }
                        dt { (w.t("kept-never")) } dd { (w.t("kept-never-what")) }
                    }
                    p { (w.t("kept-yours")) " " a href="/privacy" { (w.t("foot-privacy")) } }
                }
            }
        }
    };
    Ok(own_page(cx, title, "/join", &main).mending(mistakes))
}

fn join_form(
    cx: &Context<'_>,
    filled: &Filled,
    code: &str,
    mistakes: &Mistakes,
    has_passkeys: bool,
    asks: bool,
) -> Markup {
    let w = cx.words;
    let field = |field: Field<'_>| field.draw(w, mistakes);
    html! {
        form method="post" action="/join" data-passkey="/join/passkey" {
            (cx.guarded())
            input type="hidden" name="code" value=(code);
            input type="hidden" name="ceremony"; input type="hidden" name="credential";
            (field(Field { name: "name", label: w.t("field-name"), hint: w.t("field-name-hint"), value: &filled.name, autocomplete: "name", ..Field::default() }))
            (field(Field { name: "handle", label: w.t("field-handle"), hint: w.t("field-handle-hint"), value: &filled.handle, autocomplete: "username", code: true, ..Field::default() }))
            @if has_passkeys {
                fieldset.field { legend { (w.t("field-way")) }
                    (choice("radio", "way", "passkey", !filled.with_password, &html! { b { (w.t("way-passkey")) } " " (w.t("way-passkey-hint")) }))
                    (choice("radio", "way", "password", filled.with_password, &html! { b { (w.t("way-password")) } " " (w.t("way-password-hint")) }))
                    noscript { p.hint { (w.t("way-no-script")) } }
                }
            }
            (field(Field { name: "phrase", label: w.t(if has_passkeys { "field-phrase-if" } else { "field-phrase" }), hint: w.t("field-phrase-hint"), kind: "password", autocomplete: "new-password", ..Field::default() }))
            @if !has_passkeys { p.small.quiet { (w.t("me-passkeys-nowhere")) } }
            fieldset.field { legend { (w.t("field-languages")) }
                div.line { @for code in OFFERED { (tick("languages", code, filled.languages.iter().any(|one| one == code), &html! { span lang=(code) { (language_name(code)) } })) } }
            }
            // An address is asked for where mail goes out, and nowhere else.
            @if cx.settings.mail || !filled.mail.is_empty() { (field(Field { name: "mail", label: w.t("field-mail"), hint: w.t("field-mail-hint"), value: &filled.mail, kind: "email", autocomplete: "email", optional: true, ..Field::default() })) }
            @if asks { (field(Field { name: "words", label: w.t("field-words"), hint: w.t("field-words-hint"), value: &filled.words, rows: 3, ..Field::default() })) }
            p.actions { button.main { (w.t("join-button")) } " " a href="/sign-in" { (w.t("join-have-one")) } }
        }
    }
}

fn handle_mistake(words: &Words, error: HandleError) -> String {
    words
        .t(match error {
            HandleError::Length => "handle-length",
            HandleError::Signs => "handle-signs",
            HandleError::Kept => "handle-kept",
        })
        .to_owned()
}

pub(super) fn name_mistake(words: &Words, error: NameError) -> String {
    words
        .t(match error {
            NameError::Length => "name-length",
            NameError::Unseen => "name-unseen",
            NameError::Scripts => "name-scripts",
        })
        .to_owned()
}

pub(super) fn phrase_mistake(words: &Words, error: PhraseError) -> String {
    words
        .t(match error {
            PhraseError::Short => "phrase-short",
            PhraseError::Long => "phrase-long",
            PhraseError::Guessed => "phrase-guessed",
        })
        .to_owned()
}

/// Reads what can be judged without the database.
fn read_join(acting: &Acting<'_>, filled: &Filled, mistakes: &mut Mistakes) -> Option<Joins> {
    let w = acting.words;
    let name = PersonName::parse(&filled.name);
    if let Err(error) = &name {
        mistakes.add("name", name_mistake(w, *error));
    }
    let handle = if filled.handle.is_empty() {
        Handle::propose(&filled.name).ok_or(HandleError::Length)
    } else {
        Handle::parse(&filled.handle)
    };
    // Where there is no name to propose one from, the name is what is to be mended.
    let no_name = name.is_err() && filled.handle.is_empty();
    if let Err(error) = &handle
        && !no_name
    {
        mistakes.add("handle", handle_mistake(w, *error));
    }
    let phrase = acting.request.form.raw("phrase");
    if filled.with_password {
        let around = [filled.name.as_str(), filled.handle.as_str()];
        if let Err(error) = secrets::judge_phrase(phrase, &around) {
            mistakes.add("phrase", phrase_mistake(w, error));
        }
    }
    if !filled.mail.is_empty() && !is_mail(&filled.mail) {
        mistakes.add("mail", w.t("mail-wrong"));
    }
    let languages = filled.languages.iter().take(10);
    let languages: Vec<String> = languages
        .filter(|tag| record::Language::parse(tag).is_ok())
        .cloned()
        .collect();
    match (name, handle) {
        (Ok(name), Ok(handle)) if mistakes.is_empty() => Some(Joins {
            handle,
            name,
            languages,
            mail: filled.mail.clone(),
            way: Way::None,
            code: filled.code.clone(),
            words: filled.words.chars().take(1_000).collect(),
            language: acting.lang().tag().to_owned(),
        }),
        _ => None,
    }
}

/// Returns whether a text may be an address of mail: only its server can say more.
pub(super) fn is_mail(text: &str) -> bool {
    let plain = text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    plain
        && text.split_once('@').is_some_and(|(who, host)| {
            !who.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
        })
}

/// Puts what went wrong to the field that it is about.
fn note(words: &Words, mistakes: &mut Mistakes, error: &AccountError) {
    let field = match error {
        AccountError::HandleTaken(_) => "handle",
        AccountError::NameLooksAlike(_) => "name",
        _ => "name",
    };
    let mut text = sentence(words, error);
    if let AccountError::HandleTaken(handle) = error {
        let free: Vec<String> = ["-k", "-2", "-otra"]
            .iter()
            .map(|end| format!("{handle}{end}"))
            .collect();
        text = format!(
            "{text} {}",
            words.tf(
                "handle-others",
                &[("others", free.join(", ").as_str().into())]
            )
        );
    }
    mistakes.add(field, text);
}

pub(super) fn join(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let filled = Filled::of(acting);
    let mut mistakes = Mistakes::default();
    let joins = read_join(acting, &filled, &mut mistakes);
    let Some(mut joins) = joins else {
        return acting.read(|cx| draw_join(cx, &filled, &mistakes));
    };
    let handle = joins.handle.as_str().to_owned();
    let made = (|| {
        // Whoever was invited shares an address with a whole room, perhaps; a code that is none is not an invitation.
        let code = secrets::kept(&joins.code);
        let invited = acting.node.store().read(|db| {
            accounts::invited(db, &acting.node.keys().commons_did(), &code, Node::now())
        })?;
        match &invited {
            None => accounts::count_join(acting.node, &acting.request.address)?,
            Some(one) => accounts::count_invited(acting.node, one, &acting.request.address)?,
        }
        joins.way = if filled.with_password {
            Way::Password(secrets::hash_phrase(acting.request.form.raw("phrase"))?)
        } else {
            let origin =
                passkeys::origin(acting.settings, acting.request).ok_or(AccountError::Wrong)?;
            Way::Passkey(passkeys::end_making(
                acting.node,
                &origin,
                &acting.settings.name,
                acting.field("ceremony"),
                acting.field("credential"),
                &accounts::agent_name(&acting.request.user_agent),
            )?)
        };
        accounts::join(acting.node, joins)
    })();
    let joined = match made {
        Ok(joined) => joined,
        Err(AccountError::Store(error)) => return Err(error.into()),
        // The page says itself what is with the invitation, once.
        Err(AccountError::NoInvitation | AccountError::InvitationOnly)
            if !acting.request.prefers("application/json") =>
        {
            return acting.read(|cx| Ok(draw_join(cx, &filled, &mistakes)?.status(422)));
        }
        Err(error) => {
            note(w, &mut mistakes, &error);
            return acting.read(|cx| draw_join(cx, &filled, &mistakes));
        }
    };
    let token = accounts::open_session(acting.node, joined.id, &acting.request.user_agent)?;
    let waits = joined.status == Status::Waiting;
    let asked = match super::mail::ask_to_confirm(acting, &joined.id) {
        Ok(()) => acting.settings.mail && !filled.mail.is_empty(),
        Err(AccountError::Store(error)) => return Err(error.into()),
        // They are in, and can ask for it on their own page.
        Err(_) => false,
    };
    let page = acting.read(|cx| {
        let asker = accounts::asker_of(acting.node, cx.db, joined.id, Vec::new())?;
        let keeps = asker.as_ref().is_some_and(|asker| asker.steward);
        let cx = &cx.seen_by(asker.as_ref());
        let main = html! {
            div.head { h1 { (w.t("joined-title")) } p.lead { (w.t(if waits { "joined-waits" } else { "joined-lead" })) } }
            p { (w.t("joined-handle")) " " b.code { "@" (handle) } }
            @if keeps { div.notice data-tone="yes" { h2 { (w.t("joined-steward")) } p { (w.t("joined-steward-how")) }
                p.actions { a.button href="/stewards" { (w.t("stewards-title")) } } } }
            @if asked { p { (w.tf("mail-asked", &[("mail", filled.mail.as_str().into())])) } }
            (codes_list(w, &joined.codes))
            p.actions { a.button.main href="/me/profile" { (w.t("joined-next")) } " " a href="/" { (w.t("joined-home")) } }
        };
        Ok(own_page(cx, w.t("joined-title"), "/join", &main))
    })?;
    Ok(acting
        .with_session(page, &token, accounts::SESSION_MS / 1_000)
        .with("cache-control", "no-store"))
}

/// Draws recovery codes, which are shown once.
pub(super) fn codes_list(w: &Words, codes: &[String]) -> Markup {
    html! {
        section aria-labelledby="h-codes" {
            h2 #h-codes { (w.t("codes-title")) }
            p { (w.t("codes-why")) }
            ol.codes { @for code in codes { li { code { (code) } } } }
        }
    }
}

pub(super) fn join_passkey(acting: &Acting<'_>) -> Answer {
    let filled = Filled::of(acting);
    let mut mistakes = Mistakes::default();
    let Some(joins) = read_join(acting, &filled, &mut mistakes) else {
        let said = mistakes.iter().next().map(|(_, text)| text.to_owned());
        let said = serde_json::json!({"problem": said.unwrap_or_default(), "send": true});
        return Ok(Response::json(&said).status(422));
    };
    let asked = (|| {
        let origin =
            passkeys::origin(acting.settings, acting.request).ok_or(AccountError::Wrong)?;
        passkeys::begin_making(
            acting.node,
            &origin,
            &acting.settings.name,
            joins.handle.as_str(),
            joins.name.as_str(),
            &[],
        )
    })();
    script_answer(acting, asked)
}

pub(super) fn sign_in_page(cx: &Context<'_>) -> Answer {
    let next = cx.request.param("next").unwrap_or_default();
    if cx.asker.is_some() {
        return Ok(Response::redirect(303, &back_to(next)));
    }
    draw_sign_in(cx, "", next, &Mistakes::default())
}

fn draw_sign_in(cx: &Context<'_>, handle: &str, next: &str, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let has_passkeys = passkeys::origin(cx.settings, cx.request).is_some();
    let main = html! {
        div.head { h1 { (w.t("sign-in-title")) } }
        (mistakes.summary(w))
        form.narrow method="post" action="/sign-in" data-passkey="/sign-in/passkey" {
            (cx.guarded())
            input type="hidden" name="next" value=(next);
            input type="hidden" name="ceremony"; input type="hidden" name="credential";
            (Field { name: "handle", label: w.t("field-handle-own"), value: handle, autocomplete: "username webauthn", code: true, ..Field::default() }.draw(w, mistakes))
            (Field { name: "phrase", label: w.t("field-phrase"), kind: "password", autocomplete: "current-password", ..Field::default() }.draw(w, mistakes))
            p.actions {
                button.main name="way" value="password" { (w.t("sign-in-button")) }
                @if has_passkeys { button name="way" value="passkey" hidden data-needs-script { (w.t("sign-in-passkey")) } }
            }
        }
        p { a href="/recover" { (w.t("sign-in-lost")) } " · " a href="/join" { (w.t("sign-in-none")) } }
    };
    Ok(own_page(cx, w.t("sign-in-title"), "/sign-in", &main).mending(mistakes))
}

pub(super) fn sign_in(acting: &Acting<'_>) -> Answer {
    let handle = acting.field("handle");
    let found: Result<Account, AccountError> = if acting.field("way") == "passkey" {
        passkey_account(acting)
    } else {
        accounts::sign_in(
            acting.node,
            handle,
            acting.request.form.raw("phrase"),
            &acting.request.address,
        )
    };
    match found {
        Ok(account) => entered(acting, &account),
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => {
            let mut mistakes = Mistakes::default();
            mistakes.add("handle", sentence(acting.words, &error));
            let status = if matches!(error, AccountError::TooMany(_)) {
                429
            } else {
                422
            };
            let page =
                acting.read(|cx| draw_sign_in(cx, handle, acting.field("next"), &mistakes))?;
            Ok(page.status(status))
        }
    }
}

fn passkey_account(acting: &Acting<'_>) -> Result<Account, AccountError> {
    let origin = passkeys::origin(acting.settings, acting.request).ok_or(AccountError::Wrong)?;
    let id = passkeys::end_signing_in(
        acting.node,
        &origin,
        &acting.settings.name,
        acting.field("ceremony"),
        acting.field("credential"),
    )?;
    let found = acting.node.store().read(|db| desk::account(db, &id))?;
    found.ok_or(AccountError::Wrong)
}

/// Opens a session and sends its owner on.
pub(super) fn entered(acting: &Acting<'_>, account: &Account) -> Answer {
    // Whoever was signed in with this browser is not any more.
    end_this_session(acting)?;
    let token = accounts::open_session(acting.node, account.id, &acting.request.user_agent)?;
    let answer = acting.see(&back_to(acting.field("next")));
    Ok(acting.with_session(answer, &token, accounts::SESSION_MS / 1_000))
}

pub(super) fn sign_in_passkey(acting: &Acting<'_>) -> Answer {
    let handle = acting
        .field("handle")
        .trim_start_matches('@')
        .to_lowercase();
    let asked = (|| {
        accounts::count_try(acting.node, &handle, &acting.request.address)?;
        let origin =
            passkeys::origin(acting.settings, acting.request).ok_or(AccountError::Wrong)?;
        passkeys::begin_signing_in(acting.node, &origin, &acting.settings.name, &handle)
    })();
    script_answer(acting, asked)
}

fn end_this_session(acting: &Acting<'_>) -> Result<(), Problem> {
    let (Some(asker), Some(session)) = (acting.asker, acting.session()) else {
        return Ok(());
    };
    let (id, token) = (asker.account, secrets::kept(session));
    acting
        .node
        .store()
        .write(move |db| desk::end_session(db, &id, &token))?;
    Ok(())
}

pub(super) fn sign_out(acting: &Acting<'_>) -> Answer {
    end_this_session(acting)?;
    Ok(acting.with_session(acting.see(&back_to(acting.field("next"))), "", 0))
}

pub(super) fn recover_page(cx: &Context<'_>) -> Answer {
    match cx.request.param("link") {
        Some(link) => super::mail::draw_link(cx, link, &Mistakes::default()),
        None => draw_recover(cx, "", "", &Mistakes::default()),
    }
}

fn draw_recover(cx: &Context<'_>, handle: &str, code: &str, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let main = html! {
        div.head { h1 { (w.t("recover-title")) } p.lead { (w.t("recover-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action="/recover" {
            (cx.guarded())
            (Field { name: "handle", label: w.t("field-handle-own"), value: handle, autocomplete: "username", code: true, ..Field::default() }.draw(w, mistakes))
            (Field { name: "code", label: w.t("field-code"), hint: w.t("field-code-hint"), value: code, autocomplete: "one-time-code", code: true, ..Field::default() }.draw(w, mistakes))
            (Field { name: "phrase", label: w.t("field-phrase-new"), hint: w.t("field-phrase-hint"), kind: "password", autocomplete: "new-password", ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("recover-button")) } }
        }
        @if cx.settings.mail { (super::mail::lost_form(cx)) }
        p { (w.t("recover-none")) }
    };
    Ok(own_page(cx, w.t("recover-title"), "/sign-in", &main).mending(mistakes))
}

pub(super) fn recover(acting: &Acting<'_>) -> Answer {
    if acting.request.form.has("link") {
        return super::mail::recover_by_link(acting);
    }
    let w = acting.words;
    let (handle, phrase) = (acting.field("handle"), acting.request.form.raw("phrase"));
    let mut mistakes = Mistakes::default();
    if let Err(error) = secrets::judge_phrase(phrase, &[handle]) {
        mistakes.add("phrase", phrase_mistake(w, error));
        // The code was not used: it stays in its field.
        let code = acting.field("code");
        return acting.read(|cx| draw_recover(cx, handle, code, &mistakes));
    }
    match accounts::recover(
        acting.node,
        handle,
        acting.field("code"),
        phrase,
        &acting.request.address,
    ) {
        Ok(account) => entered(acting, &account),
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => {
            let said = match error {
                AccountError::Wrong => w.t("recover-wrong").to_owned(),
                _ => sentence(w, &error),
            };
            mistakes.add("code", said);
            acting.read(|cx| draw_recover(cx, handle, "", &mistakes))
        }
    }
}

/// Returns the account of whoever asks.
pub(super) fn own_account(cx: &Context<'_>) -> Result<Account, Problem> {
    let asker = cx.asker()?;
    // What is kept for one person alone is for no program, whatever its token allows.
    if !asker.scopes.is_empty() {
        return Err(Problem::forbidden(
            "needs_session",
            cx.words.t("needs-session"),
            "",
        ));
    }
    let found: Result<Option<Account>, StoreError> = desk::account(cx.db, &asker.account);
    found?.ok_or_else(|| Problem::signed_out(cx.words))
}

#[cfg(test)]
mod tests {
    use super::is_mail;

    #[test]
    fn an_address_of_mail_has_one_host() {
        assert!(is_mail("ana@example.org"));
        for bad in [
            "ana",
            "ana@",
            "@example.org",
            "ana@host",
            "ana@a.b@c.d",
            "a b@c.d",
            "ana@c.d\nBcc: x@y.z",
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }
}
