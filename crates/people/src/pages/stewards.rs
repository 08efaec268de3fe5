//! What stewards see to, and what everybody can read of it.

use super::{Answer, hex, own_page, pen, problem, unhex};
use crate::accounts::{self, Joining};
use crate::model::{Act, Decision, PersonName, Revocation, turns};
use crate::tables::{self, desk};
use record::{Did, RecordId};
use site::form::{Field, Mistakes, choice};
use site::{Acting, Context, Markup, PageHead, Problem, encode, html, pager, when};
use std::collections::HashMap;
use store::{Db, Node, Outcome, StoreError};

/// How many decisions are shown before the next part.
const PART: i64 = 100;

pub(super) fn require_steward(words: &site::Words, asker: &site::Asker) -> Result<(), Problem> {
    if asker.steward && asker.allows("steward") {
        return Ok(());
    }
    Err(Problem::forbidden(
        "not_a_steward",
        words.t("rule-not-a-steward"),
        words.t("rule-not-a-steward-remedy"),
    ))
}

fn joining_word(joining: Joining) -> &'static str {
    match joining {
        Joining::Open => "joining-open",
        Joining::Invitation => "joining-invitation",
        Joining::Approval => "joining-approval",
    }
}

pub(super) fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    require_steward(w, cx.asker()?)?;
    let commons = cx.node.keys().commons_did();
    let joining = Joining::here(cx.db, &commons)?;
    let waiting = desk::waiting(cx.db, 200)?;
    let accounts = desk::count_accounts(cx.db)?;
    let open = tables::care::count_open_reports(cx.db)?;
    let said = commons_says(cx.db, &commons)?;
    // What is so by now stands in the form; that it was kept is said once.
    let kept = match cx.request.param("saved") {
        Some("commons") => {
            let name = said.0.as_deref().unwrap_or(&cx.settings.name);
            Some(w.tf("stewards-kept-commons", &[("name", name.into())]))
        }
        Some("joining") => Some(format!(
            "{}: {}.",
            w.t("stewards-joining-how"),
            w.t(joining_word(joining))
        )),
        _ => None,
    };
    let main = html! {
        @if let Some(kept) = &kept { div.notice data-tone="yes" role="status" { h2 { (w.t("stewards-kept")) " " (kept) } } }
        div.head {
            h1 { (w.t("stewards-title")) }
            p.lead { (w.tf("stewards-lead", &[("count", accounts.into())])) }
        }
        @if open > 0 { div.notice data-tone="ask" { h2 { a href="/reports" { (w.tf("stewards-reports", &[("count", open.into())])) } } } }
        section aria-labelledby="h-waiting" { h2 #h-waiting { (w.t("stewards-waiting")) }
            @if waiting.is_empty() { p.quiet { (w.t("stewards-waiting-none")) } }
            @else { ul.rows { @for account in &waiting { li {
                h3 { (account.name) } p.small.quiet { "@" (account.handle) " · " (when(cx.lang(), account.created.as_millis())) }
                @if !account.words.is_empty() { p { (account.words) } }
                form.line method="post" action="/stewards/waiting" { (cx.guarded()) input type="hidden" name="account" value=(hex(&account.id));
                    button.main name="answer" value="yes" { (w.t("let-in")) } button name="answer" value="no" { (w.t("let-in-not")) } }
            } } } }
        }
        (super::organizations::claims(cx)?)
        section aria-labelledby="h-commons" { h2 #h-commons { (w.t("stewards-commons")) }
            (commons_form(cx, said.0.as_deref().unwrap_or(&cx.settings.name), said.1.as_deref().unwrap_or_default(), &Mistakes::default()))
        }
        section aria-labelledby="h-joining" { h2 #h-joining { (w.t("stewards-joining")) }
            form method="post" action="/stewards/joining" { (cx.guarded())
                fieldset.field { legend { (w.t("stewards-joining-how")) }
                    @for one in Joining::ALL { (choice("radio", "joining", one.as_str(), one == joining, &html! { (w.t(joining_word(one))) })) }
                }
                p.actions { button { (w.t("save")) } }
            }
        }
        p { a href="/decisions" { (w.t("foot-decisions")) } " · " a href="/people" { (w.t("people-title")) } " · " a href="/care" { (w.t("stewards-care")) } " · " a href="/reports" { (w.t("reports-title")) }
            " · " a href="/limits" { (w.t("stewards-limits")) } " · " a href="/changes?waits=yes" { (w.t("stewards-unseen")) } " · " a href="/me#h-invite" { (w.t("stewards-invite")) } }
    };
    Ok(own_page(cx, w.t("stewards-title"), "/me", &main))
}

/// The setting that holds the commons' name.
const SETTING_NAME: &str = "commons_name";
/// The setting that holds what the commons is, in a sentence.
const SETTING_ABOUT: &str = "commons_about";

/// Returns the name and the sentence that stewards gave the commons.
///
/// # Errors
/// From the database.
pub fn commons_says(
    db: &Db<'_>,
    commons: &Did,
) -> Result<(Option<String>, Option<String>), StoreError> {
    Ok((
        tables::setting(db, commons, SETTING_NAME)?.filter(|name| !name.is_empty()),
        tables::setting(db, commons, SETTING_ABOUT)?,
    ))
}

/// Decides on settings of the commons, for the steward who acts; what is so already is not decided again.
///
/// # Errors
/// The problem, where they are no steward or a rule says no.
pub fn set(acting: &Acting<'_>, pairs: &[(&str, String)]) -> Result<(), Problem> {
    require_steward(acting.words, acting.asker()?)?;
    accounts::set(acting.node, Some(&pen(acting)?), pairs).map_err(|e| problem(acting.words, e))
}

fn commons_form(cx: &Context<'_>, name: &str, about: &str, mistakes: &Mistakes) -> Markup {
    let w = cx.words;
    html! {
        form method="post" action="/stewards/commons" { (cx.guarded())
            (Field { name: "name", label: w.t("field-commons-name"), value: name, ..Field::default() }.draw(w, mistakes))
            (Field { name: "about", label: w.t("field-commons-about"), hint: w.t("field-commons-about-hint"), value: about, rows: 3, optional: true, ..Field::default() }.draw(w, mistakes))
            p.actions { button { (w.t("save")) } }
        }
    }
}

/// `POST /stewards/commons`: what the commons is called, and what it is.
pub(super) fn commons(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    require_steward(w, acting.asker()?)?;
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, about) = (plain(acting.field("name")), plain(acting.field("about")));
    let mut mistakes = Mistakes::default();
    // The same signs as in a person's name: what is not seen could pass for another commons.
    if PersonName::parse(&name).is_err() {
        mistakes.add("name", w.t("commons-name-wrong"));
    }
    if about.chars().count() > 300 {
        mistakes.add("about", w.t("commons-about-long"));
    } else if about.chars().any(turns) {
        mistakes.add("about", w.t("text-turns"));
    }
    if !mistakes.is_empty() {
        return acting.read(|cx| {
            let main = html! {
                div.head { h1 { (w.t("stewards-commons")) } }
                (mistakes.summary(w))
                (commons_form(cx, &name, &about, &mistakes))
            };
            Ok(own_page(cx, w.t("stewards-commons"), "/me", &main).mending(&mistakes))
        });
    }
    set(acting, &[(SETTING_NAME, name), (SETTING_ABOUT, about)])?;
    Ok(acting.see("/stewards?saved=commons"))
}

pub(super) fn joining(acting: &Acting<'_>) -> Answer {
    require_steward(acting.words, acting.asker()?)?;
    let Some(joining) = Joining::parse(acting.field("joining")) else {
        return Err(Problem::bad(
            "bad_joining",
            acting.words.t("bad-joining"),
            "",
        ));
    };
    set(acting, &[(Joining::SETTING, joining.as_str().to_owned())])?;
    Ok(acting.see("/stewards?saved=joining"))
}

pub(super) fn waiting(acting: &Acting<'_>) -> Answer {
    require_steward(acting.words, acting.asker()?)?;
    let id = unhex(acting.field("account"));
    let Ok(id) = <[u8; 16]>::try_from(id) else {
        return Err(Problem::bad(
            "bad_account",
            acting.words.t("bad-account"),
            "",
        ));
    };
    if acting.field("answer") == "yes" {
        accounts::let_in(acting.node, &id, Some(&pen(acting)?))
            .map_err(|error| problem(acting.words, error))?;
    } else {
        acting.node.store().write(move |db| {
            // Only those who wait: an account that was let in meanwhile stays.
            let waits =
                desk::account(db, &id)?.is_some_and(|one| one.status == desk::Status::Waiting);
            if waits { desk::erase(db, &id) } else { Ok(()) }
        })?;
    }
    Ok(acting.see("/stewards"))
}

/// What a steward may decide of somebody: the act, its word, and what follows from it.
const DECIDABLE: [(&str, &str, &str); 5] = [
    ("appoint", "act-appoint", "act-appoint-what"),
    ("dismiss", "act-dismiss", "act-dismiss-what"),
    ("block", "act-block", "act-block-what"),
    ("unblock", "act-unblock", "act-unblock-what"),
    ("revoke", "act-revoke", "act-revoke-hint"),
];

/// `GET /stewards/decide`: what will follow, before it is decided.
pub(super) fn decide_page(cx: &Context<'_>) -> Answer {
    require_steward(cx.words, cx.asker()?)?;
    let said = |name: &str| cx.request.param(name).unwrap_or_default();
    draw_decide(cx, said("act"), said("about"), "", &Mistakes::default())
}

fn draw_decide(
    cx: &Context<'_>,
    act: &str,
    about: &str,
    reason: &str,
    mistakes: &Mistakes,
) -> Answer {
    let w = cx.words;
    let Some((act, word, what)) = DECIDABLE.into_iter().find(|(one, ..)| *one == act) else {
        return Err(Problem::bad("bad_act", w.t("bad-act"), ""));
    };
    let Some(person) = tables::by_did(cx.db, cx.viewer, about)? else {
        return Err(Problem::not_found(w.t("person-gone")));
    };
    let title = format!("{}: {}", w.t(word), person.name);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { li { a href="/people" { (w.t("people-title")) } } li { a href=(person.href()) { (person.name) } } } }
        div.head { h1 { (title) } p.lead { (w.t(what)) } }
        (mistakes.summary(w))
        form.narrow method="post" action="/stewards/decide" { (cx.guarded())
            input type="hidden" name="about" value=(about); input type="hidden" name="act" value=(act);
            (Field { name: "reason", label: w.t("field-reason"), hint: w.t("field-reason-hint"), value: reason, rows: 3, ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t(word)) } " " a.button href=(person.href()) { (w.t("decide-not")) } }
        }
    };
    Ok(own_page(cx, &title, "/people", &main).mending(mistakes))
}

/// Publishes a decision of a steward, or that they take somebody's key back, signed with their own.
pub(super) fn decide(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = acting.asker()?;
    require_steward(w, asker)?;
    let node = acting.node;
    let bad_act = || Problem::bad("bad_act", w.t("bad-act"), "");
    let (commons, now) = (node.keys().commons_did(), Node::now());
    let reason = acting.field("reason").chars().take(1_000).collect();
    let draft = if acting.field("act") == "revoke" {
        let key = Did::parse(acting.field("about")).map_err(|_| bad_act())?;
        // A stolen key is taken back whatever follows (`minga person revoke`); by a slip of the hand it is not.
        let alone = acting.read(|cx| Ok(tables::stewards(cx.db, &commons)?))?;
        if matches!(alone.as_slice(), [one] if one == key.as_str()) {
            return Err(Problem::refused(w, crate::rules::last_steward()));
        }
        Revocation { key, reason }.draft(commons, now)
    } else {
        let act = Act::parse(acting.field("act"))
            .filter(|act| matches!(act, Act::Appoint | Act::Dismiss | Act::Block | Act::Unblock))
            .ok_or_else(bad_act)?;
        let about = acting.field("about").to_owned();
        let value = String::new();
        let decision = Decision {
            act,
            about,
            value,
            reason,
        };
        decision.draft(commons, now)
    };
    let record = pen(acting)?.sign(node, draft)?;
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => {
            let (act, about) = (acting.field("act"), acting.field("about"));
            let problem = Problem::refused(w, refusal);
            let known = DECIDABLE.iter().any(|(one, ..)| *one == act);
            let person = acting.read(|cx| Ok(tables::by_did(cx.db, cx.viewer, about)?))?;
            // A program is told by the problem, and so is who named nobody.
            if !known || person.is_none() || acting.request.prefers("application/json") {
                return Err(problem);
            }
            let mut mistakes = Mistakes::default();
            mistakes.add("reason", problem.sentences());
            let page =
                acting.read(|cx| draw_decide(cx, act, about, acting.field("reason"), &mistakes))?;
            Ok(page.status(problem.status))
        }
        _ => Ok(acting.see("/decisions")),
    }
}

pub(super) fn decisions(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let before = cx
        .request
        .param("before")
        .and_then(|text| text.parse().ok());
    let mut list = tables::decisions(cx.db, cx.viewer, before.unwrap_or(i64::MAX), PART + 1)?;
    let total = tables::count_decisions(cx.db, cx.viewer)?;
    let more = list.len() as i64 > PART;
    list.truncate(PART as usize);
    let next = list
        .last()
        .filter(|_| more)
        .map(|last| format!("/decisions?before={}", last.seq));
    let commons = cx.node.keys().commons_did();
    let stewards = tables::stewards(cx.db, &commons)?;
    let taken = tables::revoked_for_commons(cx.db, cx.viewer, PART)?;
    let dids = list
        .iter()
        .flat_map(|one| [one.by.as_str(), one.about.as_str(), one.value.as_str()])
        .chain(
            taken
                .iter()
                .flat_map(|one| [one.by.as_str(), one.key.as_str()]),
        );
    let people = tables::labels(
        cx.db,
        cx.viewer,
        dids.chain(stewards.iter().map(String::as_str)),
    )?;
    let who = |did: &str| -> Markup {
        html! { @match people.get(did) {
            Some(person) => { a href=(person.href()) { (person.name) } }
            None if did == commons.as_str() => { (cx.settings.name) }
            None if did.starts_with("did:key:") => { (w.t("person-gone")) }
            None => { (w.t("decided-revision")) }
        } }
    };
    // Things by their titles; what one that is gone was called, nobody keeps.
    let mut titles: HashMap<&str, String> = HashMap::new();
    for text in list.iter().flat_map(|one| [&*one.about, &*one.value]) {
        if let Ok(id) = RecordId::parse(text)
            && let Some(thing) = tables::thing(cx.db, cx.viewer, &id.short())?
        {
            titles.insert(text, thing.title);
        }
    }
    let page = |id: &str| -> Markup {
        html! { @match titles.get(id) {
            Some(title) => { a href={ "/things/" (encode(id)) } { (title) } }
            None => { (w.t("decided-gone")) }
        } }
    };
    let what = |one: &tables::Decided| -> Markup {
        let value = || {
            w.tf(
                match one.about.as_str() {
                    SETTING_NAME => "set-name",
                    SETTING_ABOUT if one.value.is_empty() => "set-about-none",
                    SETTING_ABOUT => "set-about",
                    Joining::SETTING => "set-joining",
                    "limits" => "set-limits",
                    _ => "set-other",
                },
                &[
                    ("name", one.about.as_str().into()),
                    (
                        "value",
                        match Joining::parse(&one.value) {
                            Some(joining) if one.about == Joining::SETTING => {
                                w.t(joining_word(joining)).into()
                            }
                            _ => one.value.as_str().into(),
                        },
                    ),
                ],
            )
        };
        html! { @match one.act {
            Act::Set if one.about == "limits" => { a href="/limits" { (value()) } }
            Act::Set => { (value()) }
            Act::Hide if one.about.starts_with("ap://") => { (w.t("did-hide")) " " (w.t("decided-whole")) }
            Act::Hide => { (w.t("did-hide")) " " (w.t("decided-revision")) @if !one.value.is_empty() { " " (w.t("decided-of")) " " (page(&one.value)) } }
            Act::Protect | Act::Unprotect => { (w.t(act_word(one.act))) " " (page(&one.about)) }
            Act::Appoint if !one.value.is_empty() => { (w.t("did-appoint")) " " (who(&one.about)) ", " (w.t("decided-invited")) " " (who(&one.value)) }
            _ => { (w.t(act_word(one.act))) " " (who(&one.about)) }
        } }
    };
    let count = w.tf("count-decisions", &[("count", total.into())]);
    let main = html! {
        div.head { h1 { (w.t("decisions-title")) } p.lead { (w.t("decisions-lead")) } }
        section aria-labelledby="h-stewards" { h2 #h-stewards { (w.t("stewards")) }
            @if stewards.is_empty() { p { (w.t("stewards-none")) } }
            @else { ul.tags { @for did in &stewards { li { (who(did)) } } } }
        }
        section aria-labelledby="h-decided" { h2 #h-decided { (count) }
            ol.timeline { @for one in &list { li {
                p { b { (when(cx.lang(), one.at)) } " " (who(&one.by)) " " (what(one)) }
                @if !one.reason.is_empty() { p { (one.reason) } }
            } } }
            (pager(cx, &count, next.as_deref()))
        }
        @if !taken.is_empty() { section aria-labelledby="h-keys" { h2 #h-keys { (w.t("keys-taken-back")) }
            ol.timeline { @for one in &taken { li {
                p { b { (when(cx.lang(), one.at)) } " " (who(&one.by)) " " (w.t("did-revoke")) " " @if people.contains_key(&one.key) { (who(&one.key)) } @else { span.code { (one.key) } } }
                p { (one.reason) }
            } } }
        } }
    };
    Ok(cx.page(
        &PageHead {
            title: w.t("decisions-title"),
            canonical: Some("/decisions".to_owned()),
            ..PageHead::default()
        },
        &main,
    ))
}

fn act_word(act: Act) -> &'static str {
    match act {
        Act::Appoint => "did-appoint",
        Act::Dismiss => "did-dismiss",
        Act::Block => "did-block",
        Act::Unblock => "did-unblock",
        Act::Protect => "did-protect",
        Act::Unprotect => "did-unprotect",
        Act::Hide => "did-hide",
        Act::RollBack => "did-roll-back",
        Act::LetIn => "did-let-in",
        Act::Set => "did-set",
    }
}
