//! The HTML of people: coming in, one's own account, the directory, and what stewards do.

pub(crate) mod directory;
mod discussion;
mod enter;
mod follow;
mod join_api;
mod leave;
mod mail;
mod me;
mod organizations;
mod privacy;
mod profile;
mod records;
mod reports;
mod stewards;

use crate::accounts::{self, AccountError, Pen};
use crate::api;
use crate::tables;
use site::{Acting, Asker, Context, Markup, PageHead, Problem, Response, Route, Words, html};

pub use directory::markdown;
pub(crate) use discussion::count_remarks;
pub use follow::follow_button;
pub use stewards::{commons_says, set};

type Answer = Result<Response, Problem>;

/// Every address of the capability.
pub const ROUTES: &[Route] = &[
    Route::get("/join", enter::join_page, "Make an account"),
    Route::post("/join", enter::join, "Make an account"),
    Route::post(
        "/join/passkey",
        enter::join_passkey,
        "Begin to make an account with a passkey",
    ),
    Route::get("/sign-in", enter::sign_in_page, "Sign in"),
    Route::post("/sign-in", enter::sign_in, "Sign in"),
    Route::post(
        "/sign-in/passkey",
        enter::sign_in_passkey,
        "Begin to sign in with a passkey",
    ),
    Route::post("/sign-out", enter::sign_out, "End this session"),
    Route::get(
        "/recover",
        enter::recover_page,
        "Set a new password by a recovery code, or by a link that was mailed",
    ),
    Route::post(
        "/recover",
        enter::recover,
        "Set a new password by a recovery code, or by a link that was mailed",
    ),
    Route::post(
        "/recover/mail",
        mail::recover,
        "Have a link mailed that sets a new password",
    ),
    Route::get(
        "/confirm-mail",
        mail::confirm_page,
        "Confirm an address of mail",
    ),
    Route::post("/confirm-mail", mail::confirm, "Confirm an address of mail"),
    Route::get("/unsubscribe", mail::stop_page, "Get no notices by mail"),
    Route::post("/unsubscribe", mail::stop, "Get no notices by mail").signed(),
    Route::get("/me", me::page, "My account"),
    Route::post("/me/password", me::password, "Change my password"),
    Route::post("/me/codes", me::codes, "Make new recovery codes"),
    Route::post("/me/mail", me::mail, "Change my address of mail"),
    Route::post(
        "/me/notices",
        mail::choose,
        "Say how often I want notices by mail",
    ),
    Route::post(
        "/me/session",
        me::session,
        "End one of my sessions, or all others",
    ),
    Route::post(
        "/me/passkey/begin",
        me::begin_passkey,
        "Begin to add a passkey",
    ),
    Route::post("/me/passkey", me::passkey, "Add or remove a passkey"),
    Route::post(
        "/me/device",
        me::device,
        "Let a device sign for me, or no longer",
    ),
    Route::post("/me/token", me::token, "Make or end a token for a program"),
    Route::post("/me/invite", me::invite, "Make or end an invitation"),
    Route::get("/me/profile", profile::page, "What I say of myself"),
    Route::post("/me/profile", profile::save, "Change what I say of myself"),
    Route::get("/me/leave", leave::page, "Take my own along, or leave"),
    Route::post("/me/leave", leave::leave, "Erase my account"),
    Route::get("/me/export", leave::export, "What I published, as a bundle").waiting(),
    Route::get(
        "/me/export/desk",
        leave::export_desk,
        "What is kept for me alone",
    ),
    Route::get(
        "/people",
        directory::people,
        "People, by theme, skill, place and language",
    ),
    Route::get("/people/*", directory::person, "One person"),
    Route::get(
        "/organizations",
        directory::organizations,
        "Organisations, by form, theme, skill, place and language",
    ),
    Route::get("/organizations/*", organizations::page, "One organisation"),
    Route::get(
        "/new/organization",
        organizations::new_page,
        "Bring in an organisation",
    ),
    Route::post(
        "/new/organization",
        organizations::begin,
        "Bring in an organisation",
    ),
    Route::get(
        "/edit-organization/*",
        organizations::edit_page,
        "What an organisation says of itself",
    ),
    Route::post(
        "/edit-organization/*",
        organizations::change,
        "Change what an organisation says of itself",
    ),
    Route::post(
        "/membership",
        organizations::membership,
        "Ask to belong to an organisation, take somebody in, or end it",
    ),
    Route::post(
        "/attest",
        organizations::attest,
        "Vouch for a legal form or an author's name, or take that back",
    ),
    Route::get("/inbox", me::inbox, "What I was told"),
    Route::get("/report", reports::form, "Tell the stewards of something"),
    Route::post("/report", reports::send, "Tell the stewards of something"),
    Route::get(
        "/reports",
        reports::list,
        "What was reported, and the answers",
    ),
    Route::get("/reports/*", reports::page, "One report"),
    Route::post("/reports/*", reports::answer, "Answer a report"),
    Route::get("/stewards", stewards::page, "What stewards see to"),
    Route::post(
        "/stewards/commons",
        stewards::commons,
        "Say what the commons is called, and what it is",
    ),
    Route::post(
        "/stewards/joining",
        stewards::joining,
        "Say how people come in",
    ),
    Route::post(
        "/stewards/waiting",
        stewards::waiting,
        "Let somebody in, or not",
    ),
    Route::get(
        "/stewards/decide",
        stewards::decide_page,
        "What would follow from a decision, before it is made",
    ),
    Route::post(
        "/stewards/decide",
        stewards::decide,
        "Appoint, dismiss, block or unblock somebody",
    ),
    Route::get("/decisions", stewards::decisions, "What stewards decided"),
    Route::get("/discussion/*", discussion::page, "What is said of a thing"),
    Route::post("/discussion/*", discussion::say, "Say something of a thing"),
    Route::post(
        "/remarks/withdraw",
        discussion::withdraw,
        "Take back what was said",
    ),
    Route::get("/things/*", thing, "Where a thing stands, by its id"),
    Route::post("/follow", follow::follow, "Follow a thing, or no longer"),
    Route::get("/following", follow::following, "What I follow"),
    Route::post("/api/v1/records", records::publish, "Take signed records")
        .signed()
        .large(),
    Route::post(
        "/api/v1/join",
        join_api::join,
        "Make an account with a key of one's own",
    )
    .signed(),
    Route::get("/api/v1/people", api::people, "People as JSON"),
    Route::get("/api/v1/people/*", api::person, "One person as JSON"),
    Route::get(
        "/api/v1/organizations",
        api::organizations,
        "Organisations as JSON",
    ),
    Route::get(
        "/api/v1/organizations/*",
        api::organization,
        "One organisation as JSON",
    ),
    Route::get("/privacy", privacy::page, "What is stored, and what is not"),
];

/// Returns where to go after something was done: a path of this node and of nothing else.
fn back_to(text: &str) -> String {
    // Browsers leave tabs and line ends out of an address, and take `\` for `/`.
    let odd = |c: char| c == '\\' || c.is_control();
    let plain = text.starts_with('/') && !text.starts_with("//") && !text.contains(odd);
    if plain {
        text.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Returns who asks; a program's token must allow the scope.
///
/// # Errors
/// The problem, where nobody is signed in or the token allows less.
pub fn require_scope<'a>(acting: &'a Acting<'_>, scope: &str) -> Result<&'a Asker, Problem> {
    let (w, asker) = (acting.words, acting.asker()?);
    if asker.allows(scope) {
        return Ok(asker);
    }
    Err(Problem::forbidden(
        "out_of_scope",
        w.t("out-of-scope"),
        w.t("out-of-scope-remedy"),
    ))
}

/// Takes up the pen of whoever asks.
///
/// # Errors
/// The problem, where nobody is signed in or they keep their key themselves.
pub fn pen(acting: &Acting<'_>) -> Result<Pen, Problem> {
    let (node, asker) = (acting.node, acting.asker()?);
    let pen = node.store().read(|db| Pen::of(node, db, asker))?;
    pen.ok_or_else(|| problem(acting.words, accounts::own_key()))
}

/// `GET /things/{id}`: leads to the page of a thing.
fn thing(cx: &Context<'_>) -> Answer {
    let found = tables::thing(cx.db, cx.viewer, &record::short_id(cx.rest))?;
    let href = found.and_then(|found| cx.address_of(&found.key));
    match href {
        Some(href) => {
            let change = cx.request.param("change");
            let href = match change {
                Some(change) => format!("{href}?change={}", site::encode(change)),
                None => href,
            };
            Ok(Response::redirect(302, &href))
        }
        None => {
            let path = [("path", cx.request.path.as_str().into())];
            Err(Problem::not_found(cx.words.tf("problem-404-path", &path)))
        }
    }
}

/// Says what is wrong, in the reader's language.
fn sentence(words: &Words, error: &AccountError) -> String {
    match error {
        AccountError::HandleTaken(handle) => {
            words.tf("handle-taken", &[("handle", handle.as_str().into())])
        }
        AccountError::NameLooksAlike(name) => {
            words.tf("name-looks-alike", &[("name", name.into())])
        }
        AccountError::NoInvitation => words.t("no-invitation").to_owned(),
        AccountError::InvitationOnly => words.t("invitation-only").to_owned(),
        AccountError::HasAccount => words.t("has-account").to_owned(),
        AccountError::NoPerson(reason) => {
            words.tf("no-person-record", &[("reason", reason.into())])
        }
        AccountError::Wrong => words.t("sign-in-wrong").to_owned(),
        AccountError::Left => words.t("has-left").to_owned(),
        AccountError::TooMany(minutes) => words.tf("too-many", &[("minutes", (*minutes).into())]),
        AccountError::Refused(refusal) => {
            let key = format!("rule-{}", refusal.rule.replace('_', "-"));
            words.find(&key).unwrap_or(&refusal.reason).to_owned()
        }
        AccountError::Store(_) => words.t("problem-failed").to_owned(),
    }
}

/// Returns the problem that an error is where no form shows it.
fn problem(words: &Words, error: AccountError) -> Problem {
    let (status, code) = match &error {
        AccountError::HandleTaken(_) | AccountError::NameLooksAlike(_) => (409, "handle_taken"),
        AccountError::HasAccount => (409, "has_account"),
        AccountError::NoPerson(_) => (400, "not_a_person"),
        AccountError::NoInvitation | AccountError::InvitationOnly => (403, "invitation"),
        AccountError::Wrong => (403, "sign_in_wrong"),
        AccountError::Left => (404, "has_left"),
        AccountError::TooMany(_) => (429, "too_many"),
        AccountError::Refused(refusal) => return Problem::refused(words, refusal.clone()),
        AccountError::Store(_) => match error {
            AccountError::Store(error) => return Problem::from(error),
            _ => (500, "system"),
        },
    };
    Problem {
        status,
        code,
        detail: sentence(words, &error),
        remedy: String::new(),
    }
}

/// Draws a page that is for nobody's index, with the script.
fn own_page(cx: &Context<'_>, title: &str, menu: &str, main: &Markup) -> Response {
    cx.page(
        &PageHead {
            title,
            menu,
            noindex: true,
            script: true,
            ..PageHead::default()
        },
        main,
    )
}

/// Draws a form of one button.
fn button(cx: &Context<'_>, action: &str, fields: &[(&str, &str)], word: &str) -> Markup {
    html! {
        form.line method="post" action=(action) {
            (cx.guarded())
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button { (word) }
        }
    }
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads what [`hex`] wrote.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .map_while(|c| c.to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// Returns the id that the last part of an address names, as `~` and its digits.
fn id_of(text: &str) -> Option<[u8; 16]> {
    let digits = text.strip_prefix('~')?;
    unhex(digits).try_into().ok()
}

/// Answers a request of the script's.
fn script_answer<T: serde::Serialize>(
    acting: &Acting<'_>,
    asked: Result<T, AccountError>,
) -> Answer {
    match asked {
        Ok(asked) => Ok(Response::json(&asked).with("cache-control", "no-store")),
        Err(error) => {
            let status = if matches!(error, AccountError::TooMany(_)) {
                429
            } else {
                422
            };
            let said = serde_json::json!({"problem": sentence(acting.words, &error)});
            Ok(Response::json(&said).status(status))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{back_to, hex, unhex};

    #[test]
    fn the_way_back_stays_on_this_node() {
        assert_eq!(back_to("/articles/Bread?x=1"), "/articles/Bread?x=1");
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/a\u{b}b",
            "/\u{0}/x",
            "\t//evil.example",
            "",
            "articles",
        ] {
            assert_eq!(back_to(bad), "/", "{bad}");
        }
    }

    #[test]
    fn hexadecimal_digits_come_back() {
        assert_eq!(unhex(&hex(&[0, 255, 16])), [0, 255, 16]);
        assert!(unhex("zz").is_empty());
    }
}
