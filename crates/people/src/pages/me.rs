//! One's own account: how to sign in, sessions, codes, tokens, invitations, and what one was told.

use super::enter::{codes_list, is_mail, own_account, phrase_mistake};
use super::{Answer, button, hex, own_page, problem, script_answer, sentence, unhex};
use crate::accounts::{self, AccountError, Joining};
use crate::passkeys;
use crate::secrets;
use crate::tables;
use crate::tables::desk::{self, Account, Status};
use record::{Delegation, Did};
use site::form::{Field, Mistakes, tick};
use site::{Acting, Context, Markup, Problem, html, when};
use store::Node;

/// What a token may be allowed: to read what its owner sees, to write texts, to look after one's own profile.
pub(crate) const SCOPES: &[&str] = &["write", "profile", "steward"];

pub(super) fn page(cx: &Context<'_>) -> Answer {
    draw(cx, &Mistakes::default(), None)
}

/// What was made just now and is shown once.
enum Fresh {
    Codes(Vec<String>),
    Token(String),
    Invitation(String),
    Delegation(Delegation),
}

/// For how many days a device signs, where nobody says otherwise, and at most.
const DAYS: (&str, i64) = ("90", 365);

fn draw(cx: &Context<'_>, mistakes: &Mistakes, fresh: Option<&Fresh>) -> Answer {
    let w = cx.words;
    let account = own_account(cx)?;
    let now = Node::now();
    let sessions = desk::sessions(cx.db, &account.id, accounts::since(now))?;
    let this = cx.session().map(secrets::kept);
    let keys = desk::passkeys(cx.db, &account.id)?;
    let codes = desk::count_codes(cx.db, &account.id)?;
    let tokens = desk::tokens(cx.db, &account.id)?;
    let devices = desk::devices(cx.db, &account.id)?;
    let taken_back = tables::revocation_of(cx.db, &cx.node.keys().commons_did(), &account.did)?;
    let invitations = desk::invitations(cx.db, &account.id, now)?;
    let steward = cx.asker()?.steward;
    let joining = Joining::here(cx.db, &cx.node.keys().commons_did())?;
    let lang = cx.lang();
    // What was refused is still there.
    let kept = |name: &str| {
        if mistakes.is_empty() {
            ""
        } else {
            cx.request.form.text(name)
        }
    };
    // A form that is seldom needed is folded, until something in it is to be mended.
    let wrong = |fields: &[&str]| fields.iter().any(|field| mistakes.at(field).is_some());
    let days = Some(kept("days")).filter(|days| !days.is_empty());
    let days = days.unwrap_or(DAYS.0);
    let main = html! {
        div.head {
            h1 { (account.name) }
            p.lead { (w.t("me-lead")) }
            div.actions { (button(cx, "/sign-out", &[], w.t("sign-out"))) }
            nav.tabs aria-label=(w.t("me-title")) {
                a href="/me" aria-current="page" { (w.t("me-title")) }
                a href="/me/profile" { (w.t("profile-title")) }
                a href={ "/people/" (account.handle) } { (w.t("me-seen")) }
                @for one in &cx.settings.own { a href=(one.href) { (w.t(one.word)) } }
                @if steward { a href="/stewards" { (w.t("stewards-title")) } }
            }
        }
        (mistakes.summary(w))
        @if account.status == Status::Waiting { div.notice data-tone="info" { h2 { (w.t("me-waits")) } p { (w.t("joined-waits")) } } }
        @if let Some(taken) = &taken_back { div.notice data-tone="no" { h2 { (w.t("me-key-revoked")) } @if !taken.reason.is_empty() { p { (taken.reason) } } p { (w.t("me-key-revoked-how")) } } }
        @match fresh {
            Some(Fresh::Codes(codes)) => { (codes_list(w, codes)) }
            Some(Fresh::Token(token)) => { div.notice data-tone="yes" role="status" { h2 { (w.t("token-made")) } p { code.code { (token) } } p { (w.t("token-made-how")) } } }
            Some(Fresh::Invitation(link)) => { div.notice data-tone="yes" role="status" { h2 { (w.t("invitation-made")) } p { code.code { (link) } } p { (w.t("invitation-made-how")) } @if is_of_this_machine(link) { p { (w.t("invitation-loopback")) } } } }
            Some(Fresh::Delegation(delegation)) => { (delegation_made(cx, delegation)) }
            None => {}
        }
        section aria-labelledby="h-ways" { h2 #h-ways { (w.t("me-ways")) }
            (passkey_list(cx, &keys, &account))
            h3 { (w.t(if account.password.is_empty() { "me-password-none" } else { "me-password" })) }
            details open[account.password.is_empty() || wrong(&["before", "phrase"])] { summary { (w.t("me-password-change")) }
            form.narrow method="post" action="/me/password" { (cx.guarded())
                @if !account.password.is_empty() { (Field { name: "before", label: w.t("field-phrase-now"), kind: "password", autocomplete: "current-password", ..Field::default() }.draw(w, mistakes)) }
                (Field { name: "phrase", label: w.t("field-phrase-new"), hint: w.t("field-phrase-hint"), kind: "password", autocomplete: "new-password", ..Field::default() }.draw(w, mistakes))
                p.actions { button { (w.t("me-password-set")) } }
            }
            }
            h3 { (w.t("codes-short")) }
            p { (w.tf("codes-left", &[("count", codes.into())])) }
            (button(cx, "/me/codes", &[], w.t("codes-new")))
        }
        section aria-labelledby="h-sessions" { h2 #h-sessions { (w.t("me-sessions")) }
            ul.rows { @for session in &sessions { li.line {
                span { b { @if session.agent.is_empty() { (w.t("session-unknown")) } @else { (session.agent) } } " " span.small.quiet { (w.t("session-seen")) " " (when(lang, session.seen)) } }
                @if this.is_some_and(|this| this[..] == session.token[..]) { span.badge data-tone="yes" { (w.t("session-this")) } }
                @else { (button(cx, "/me/session", &[("token", &hex(&session.token))], w.t("session-end"))) }
            } } }
            div.line { @if sessions.len() > 1 { (button(cx, "/me/session", &[("others", "yes")], w.t("sessions-end"))) } }
        }
        @if cx.settings.mail || !account.mail.is_empty() {
        section aria-labelledby="h-mail" { h2 #h-mail { (w.t("field-mail")) }
            form.narrow method="post" action="/me/mail" { (cx.guarded())
                (Field { name: "mail", label: w.t("field-mail"), hint: w.t("field-mail-hint"), value: &account.mail, kind: "email", autocomplete: "email", optional: true, ..Field::default() }.draw(w, mistakes))
                p.actions { button { (w.t("save")) } }
            }
            (super::mail::of_account(cx, &account, mistakes)?)
        }
        }
        @if joining != Joining::Open || steward {
            section aria-labelledby="h-invite" { h2 #h-invite { (w.t("me-invitations")) }
                @if !invitations.is_empty() { ul.rows { @for one in &invitations { li.line {
                    span { (one.note) " " span.small.quiet { (w.tf("invitation-uses", &[("count", one.uses.into())])) ", " (w.t("until")) " " (when(lang, one.expires)) } @if one.role == "steward" { " " span.badge { (w.t("steward")) } } }
                    (button(cx, "/me/invite", &[("end", &hex(&one.hash))], w.t("end")))
                } } } }
                details open[wrong(&["note"])] { summary { (w.t("invitation-make")) }
                form.narrow method="post" action="/me/invite" { (cx.guarded())
                    (Field { name: "note", label: w.t("invitation-note"), hint: w.t("invitation-note-hint"), optional: true, ..Field::default() }.draw(w, mistakes))
                    @if steward {
                        (Field { name: "uses", label: w.t("invitation-many"), value: "1", kind: "number", ..Field::default() }.draw(w, mistakes))
                        (tick("role", "steward", false, &html! { (w.t("invitation-steward")) }))
                    }
                    p.actions { button { (w.t("invitation-make")) } }
                }
                }
            }
        }
        section aria-labelledby="h-tokens" { h2 #h-tokens { (w.t("me-tokens")) }
            p { (w.t("me-tokens-why")) }
            @if !tokens.is_empty() { ul.rows { @for token in &tokens { li.line {
                span { b { (token.label) } " " span.small.quiet { (token.scopes) ", " @if token.used > 0 { (w.t("session-seen")) " " (when(lang, token.used)) } @else { (w.t("token-unused")) } } }
                (button(cx, "/me/token", &[("end", &hex(&token.hash))], w.t("end")))
            } } } }
            details open[wrong(&["label"])] { summary { (w.t("token-make")) }
            form.narrow method="post" action="/me/token" { (cx.guarded())
                (Field { name: "label", label: w.t("token-label"), ..Field::default() }.draw(w, mistakes))
                fieldset.field { legend { (w.t("token-scopes")) }
                    @for scope in SCOPES { @if *scope != "steward" || steward { (tick("scope", scope, *scope == "write", &html! { (w.t(match *scope { "profile" => "scope-profile", "steward" => "scope-steward", _ => "scope-write" })) })) } }
                }
                p.actions { button { (w.t("token-make")) } }
            }
            }
        }
        section aria-labelledby="h-devices" { h2 #h-devices { (w.t("me-devices")) }
            @if account.sealed.is_empty() {
                p { (w.t("me-devices-own")) }
                p.code { "minga key delegate did:key:… --key FILE > delegation.json\nminga key revoke did:key:… --key FILE --node " (cx.base()) }
            } @else {
                p { (w.t("me-devices-why")) }
                @if !devices.is_empty() { ul.rows { @for one in &devices { li.line {
                    span { b { (one.label) } " " span.small.quiet { (w.t(if one.expires > now.as_millis() { "until" } else { "device-ended" })) " " (when(lang, one.expires)) } br; span.small.code { (one.key) } }
                    (button(cx, "/me/device", &[("end", &one.key)], w.t("device-end")))
                } } } }
                details open[wrong(&["device", "device-label", "days"])] { summary { (w.t("device-make")) }
                form.narrow method="post" action="/me/device" { (cx.guarded())
                    (Field { name: "device", label: w.t("device-key"), hint: w.t("device-key-hint"), value: kept("device"), code: true, autocomplete: "off", ..Field::default() }.draw(w, mistakes))
                    (Field { name: "device-label", label: w.t("device-label"), value: kept("device-label"), autocomplete: "off", ..Field::default() }.draw(w, mistakes))
                    (Field { name: "days", label: w.t("device-days"), value: days, kind: "number", ..Field::default() }.draw(w, mistakes))
                    p.actions { button { (w.t("device-make")) } }
                }
                }
            }
        }
        section aria-labelledby="h-leave" { h2 #h-leave { (w.t("leave-title")) } p { (w.t("me-leave")) } p.actions { a.button href="/me/leave" { (w.t("me-leave-link")) } } }
        section aria-labelledby="h-key" { h2 #h-key { (w.t("me-key")) }
            p { (w.t(if account.sealed.is_empty() { "me-key-own" } else { "me-key-here" })) }
            p.code { (account.did) }
        }
    };
    Ok(own_page(cx, w.t("me-title"), "/me", &main).mending(mistakes))
}

/// Draws a delegation that was made just now: the node keeps none.
fn delegation_made(cx: &Context<'_>, delegation: &Delegation) -> Markup {
    let w = cx.words;
    html! {
        div.notice data-tone="yes" role="status" { h2 { (w.t("device-made")) } p { (w.t("device-made-how")) }
            div.field { label for="delegation" { (w.t("device-file")) }
                textarea.code #delegation rows="6" readonly { "\n" (delegation.to_json().to_string()) } }
            p.code { "minga publish FILE.md --key DEVICE.key --delegation delegation.json --node " (cx.base()) }
        }
    }
}

fn passkey_list(cx: &Context<'_>, keys: &[desk::Passkey], account: &Account) -> Markup {
    let w = cx.words;
    html! {
        h3 { (w.t("me-passkeys")) }
        @if keys.is_empty() { p { (w.t("me-passkeys-none")) } }
        @else { ul.rows { @for key in keys { li.line {
            span { b { @if key.label.is_empty() { (w.t("session-unknown")) } @else { (key.label) } } " " span.small.quiet { (w.t("added")) " " (when(cx.lang(), key.created)) } }
            // The last way to sign in is not taken away.
            @if keys.len() > 1 || !account.password.is_empty() { (button(cx, "/me/passkey", &[("remove", &hex(&key.id))], w.t("remove"))) }
        } } } }
        @if passkeys::origin(cx.settings, cx.request).is_some() {
            form method="post" action="/me/passkey" data-passkey="/me/passkey/begin" { (cx.guarded())
                input type="hidden" name="ceremony"; input type="hidden" name="credential";
                p.actions { button name="way" value="passkey" hidden data-needs-script { (w.t("me-passkey-add")) } }
                noscript { p.hint { (w.t("way-no-script")) } }
            }
        } @else { p.hint { (w.t("me-passkeys-nowhere")) } }
    }
}

pub(super) fn saved(acting: &Acting<'_>) -> Answer {
    Ok(acting.see("/me"))
}

pub(super) fn again(acting: &Acting<'_>, field: &'static str, text: String) -> Answer {
    let mut mistakes = Mistakes::default();
    mistakes.add(field, text);
    acting.read(|cx| draw(cx, &mistakes, None))
}

pub(super) fn account(acting: &Acting<'_>) -> Result<Account, Problem> {
    require_session(acting)?;
    acting.read(own_account)
}

/// What changes who may get in takes a session: no token may do it.
pub(super) fn require_session(acting: &Acting<'_>) -> Result<(), Problem> {
    let asker = acting.asker()?;
    if asker.scopes.is_empty() {
        return Ok(());
    }
    Err(Problem::forbidden(
        "needs_session",
        acting.words.t("needs-session"),
        "",
    ))
}

pub(super) fn password(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let form = &acting.request.form;
    let w = acting.words;
    if !account.password.is_empty() {
        accounts::count_try(acting.node, &account.handle, &acting.request.address)
            .map_err(|error| problem(w, error))?;
        if !secrets::is_phrase(form.raw("before"), &account.password) {
            return again(acting, "before", w.t("phrase-before-wrong").to_owned());
        }
    }
    let around = [
        account.name.as_str(),
        account.handle.as_str(),
        account.mail.as_str(),
    ];
    if let Err(error) = secrets::judge_phrase(form.raw("phrase"), &around) {
        return again(acting, "phrase", phrase_mistake(w, error));
    }
    let hash = secrets::hash_phrase(form.raw("phrase"))?;
    let this = acting.session().map(secrets::kept).unwrap_or_default();
    acting.node.store().write(move |db| {
        desk::set_password(db, &account.id, &hash)?;
        desk::end_other_sessions(db, &account.id, &this)
    })?;
    saved(acting)
}

pub(super) fn codes(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let codes = secrets::recovery_codes()?;
    let hashes: Vec<[u8; 32]> = codes.iter().map(|code| secrets::kept(code)).collect();
    acting
        .node
        .store()
        .write(move |db| desk::set_codes(db, &account.id, &hashes))?;
    let fresh = Fresh::Codes(codes);
    acting.read(|cx| draw(cx, &Mistakes::default(), Some(&fresh)))
}

pub(super) fn mail(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let mail = acting.field("mail").to_owned();
    if !mail.is_empty() && !is_mail(&mail) {
        return again(acting, "mail", acting.words.t("mail-wrong").to_owned());
    }
    if mail != account.mail {
        acting
            .node
            .store()
            .write(move |db| desk::set_mail(db, &account.id, &mail))?;
    }
    match super::mail::ask_to_confirm(acting, &account.id) {
        Ok(()) => saved(acting),
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => again(acting, "mail", sentence(acting.words, &error)),
    }
}

pub(super) fn session(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let form = &acting.request.form;
    let this = acting.session().map(secrets::kept).unwrap_or_default();
    let (others, token) = (form.has("others"), unhex(form.text("token")));
    acting.node.store().write(move |db| {
        if others {
            desk::end_other_sessions(db, &account.id, &this)
        } else {
            desk::end_session(db, &account.id, &token)
        }
    })?;
    saved(acting)
}

pub(super) fn begin_passkey(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let asked = (|| {
        let origin =
            passkeys::origin(acting.settings, acting.request).ok_or(AccountError::Wrong)?;
        let known = acting
            .node
            .store()
            .read(|db| desk::passkeys(db, &account.id))?;
        passkeys::begin_making(
            acting.node,
            &origin,
            &acting.settings.name,
            &account.handle,
            &account.name,
            &known,
        )
    })();
    script_answer(acting, asked)
}

pub(super) fn passkey(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let form = &acting.request.form;
    let w = acting.words;
    if form.has("remove") {
        let key = unhex(form.text("remove"));
        let others = acting
            .node
            .store()
            .read(|db| desk::passkeys(db, &account.id))?;
        if account.password.is_empty() && others.len() < 2 {
            return again(acting, "phrase", w.t("passkey-last").to_owned());
        }
        acting
            .node
            .store()
            .write(move |db| desk::remove_passkey(db, &account.id, &key))?;
        return saved(acting);
    }
    let Some(origin) = passkeys::origin(acting.settings, acting.request) else {
        return again(acting, "phrase", w.t("me-passkeys-nowhere").to_owned());
    };
    let label = accounts::agent_name(&acting.request.user_agent);
    let made = passkeys::end_making(
        acting.node,
        &origin,
        &acting.settings.name,
        form.text("ceremony"),
        form.text("credential"),
        &label,
    );
    match made {
        Ok(key) => {
            passkeys::add(acting.node, account.id, key)?;
            saved(acting)
        }
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(_) => again(acting, "phrase", w.t("passkey-wrong").to_owned()),
    }
}

pub(super) fn token(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let form = &acting.request.form;
    let w = acting.words;
    if form.has("end") {
        let hash = unhex(form.text("end"));
        acting
            .node
            .store()
            .write(move |db| desk::end_token(db, &account.id, &hash))?;
        return saved(acting);
    }
    let scopes: Vec<&str> = SCOPES
        .iter()
        .copied()
        .filter(|scope| form.every("scope").iter().any(|one| one == scope))
        .collect();
    let label: String = form.text("label").chars().take(80).collect();
    if label.is_empty() || scopes.is_empty() {
        return again(acting, "label", w.t("token-what").to_owned());
    }
    let secret = accounts::make_token(acting.node, account.id, &label, &scopes.join(" "))?;
    let fresh = Fresh::Token(secret);
    acting.read(|cx| draw(cx, &Mistakes::default(), Some(&fresh)))
}

pub(super) fn device(acting: &Acting<'_>) -> Answer {
    account(acting)?;
    let form = &acting.request.form;
    let (w, asker) = (acting.words, acting.asker()?);
    if form.has("end") {
        if let Ok(device) = Did::parse(form.text("end")) {
            accounts::remove_device(acting.node, asker, device)
                .map_err(|error| problem(w, error))?;
        }
        return saved(acting);
    }
    let mut mistakes = Mistakes::default();
    let device = Did::parse(form.text("device"));
    if device.is_err() {
        mistakes.add("device", w.t("device-key-wrong"));
    }
    let label: String = form.text("device-label").chars().take(80).collect();
    if label.is_empty() {
        mistakes.add("device-label", w.t("device-label-none"));
    }
    let days = form.text("days").parse::<i64>();
    let days = days.ok().filter(|days| (1..=DAYS.1).contains(days));
    if days.is_none() {
        mistakes.add("days", w.t("device-days-wrong"));
    }
    if let (Ok(device), Some(days)) = (device, days)
        && mistakes.is_empty()
    {
        match accounts::add_device(acting.node, asker, &device, label, days) {
            Ok(delegation) => {
                let fresh = Fresh::Delegation(delegation);
                return acting.read(|cx| draw(cx, &Mistakes::default(), Some(&fresh)));
            }
            Err(error @ AccountError::Refused(_)) => mistakes.add("device", sentence(w, &error)),
            Err(error) => return Err(problem(w, error)),
        }
    }
    acting.read(|cx| draw(cx, &mistakes, None))
}

/// How many invitations of a member are open at once: for people whom they know, not for a crowd.
const MOST_OPEN: usize = 5;

pub(super) fn invite(acting: &Acting<'_>) -> Answer {
    let account = account(acting)?;
    let form = &acting.request.form;
    if form.has("end") {
        let hash = unhex(form.text("end"));
        acting
            .node
            .store()
            .write(move |db| desk::end_invitation(db, &account.id, &hash))?;
        return saved(acting);
    }
    let asker = acting.asker()?;
    if !asker.writes {
        let word = if asker.waits {
            "joined-waits"
        } else {
            "rule-blocked"
        };
        return again(acting, "note", acting.words.t(word).to_owned());
    }
    let uses = match form.text("uses").parse::<i64>() {
        Ok(uses @ 1..=1_000) if asker.steward => uses,
        _ if asker.steward && form.has("uses") => {
            return again(
                acting,
                "uses",
                acting.words.t("invitation-many-wrong").to_owned(),
            );
        }
        _ => 1,
    };
    if !asker.steward {
        let open = acting.read(|cx| Ok(desk::invitations(cx.db, &account.id, Node::now())?))?;
        if open.len() >= MOST_OPEN {
            let most = [("most", MOST_OPEN.into())];
            return again(acting, "note", acting.words.tf("invitations-open", &most));
        }
    }
    let steward = asker.steward && form.text("role") == "steward";
    let note: String = form.text("note").chars().take(120).collect();
    let role = if steward { "steward" } else { "member" };
    let uses = if steward { 1 } else { uses };
    let code = accounts::invite(acting.node, account.id, role, &note, uses, 14)?;
    // Whoever has not said yet where the commons is found sees the address that they came by.
    let public_url = &acting.settings.public_url;
    let here = format!("http://{}", acting.request.host);
    let by_here = is_of_this_machine(public_url) && is_of_this_machine(&here);
    let base = if by_here { &here } else { public_url };
    let link = format!("{base}/join?code={code}");
    let fresh = Fresh::Invitation(link);
    acting.read(|cx| draw(cx, &Mistakes::default(), Some(&fresh)))
}

/// How many notices are shown: what is older can be found where it happened.
const NOTICES: i64 = 200;

pub(super) fn inbox(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let account = own_account(cx)?;
    let notices = desk::notices(cx.db, &account.id, NOTICES)?;
    if notices.iter().any(|notice| !notice.seen) {
        let id = account.id;
        cx.node
            .store()
            .write_later(move |db| desk::see_all(db, &id));
    }
    let main = html! {
        div.head { h1 { (w.t("menu-inbox")) } @if !notices.is_empty() { p.lead { (w.t("inbox-lead")) } }
            nav.tabs aria-label=(w.t("menu-inbox")) { a href="/inbox" aria-current="page" { (w.t("menu-inbox")) } a href="/following" { (w.t("following-title")) } } }
        @if notices.is_empty() { div.empty { h2.h3 { (w.t("inbox-empty")) } p { (w.t("inbox-empty-why")) } } }
        @else { ul.rows { @for notice in &notices { li {
            p { a href=(notice.about) { (w.tf(&notice.kind, &[("text", notice.text.as_str().into())])) } @if !notice.seen { " " span.badge data-tone="info" { (w.t("new")) } } }
            p.small.quiet { (when(cx.lang(), notice.at)) }
        } } } }
    };
    Ok(own_page(cx, w.t("menu-inbox"), "/inbox", &main))
}

/// Returns whether an address can be opened on the machine alone where the node runs.
fn is_of_this_machine(address: &str) -> bool {
    let url = url::Url::parse(address).ok();
    match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
