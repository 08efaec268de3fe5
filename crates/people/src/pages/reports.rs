//! Reports: what readers tell the stewards, and what those answer.

use super::{Answer, hex, own_page, unhex};
use crate::accounts;
use crate::secrets;
use crate::tables::care::{self, NOBODY, Report};
use crate::tables::{self, desk};
use site::form::{Field, Mistakes};
use site::{Acting, Context, Markup, Problem, html, when};
use store::Node;

/// How many reports a list shows.
const MOST: i64 = 200;
/// How many characters a report or an answer may have.
const LONGEST: usize = 4_000;

/// Returns how a reader knows a page: by its title, as its address has it; by its path where that has none.
fn called(place: &str) -> String {
    let path = place.split(['?', '#']).next().unwrap_or_default();
    match path.trim_start_matches('/').split_once('/') {
        Some((_, title)) if !title.is_empty() => site::decode(title).replace('_', " "),
        _ => site::decode(place),
    }
}

/// Returns the path of a page of this node that a report may be about.
fn place(text: &str) -> Option<String> {
    let path = super::back_to(text);
    (path == text && path.chars().count() <= 1_000 && !path.chars().any(char::is_control))
        .then_some(path)
}

fn draw(cx: &Context<'_>, about: &str, reason: &str, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let main = html! {
        div.head { h1 { (w.t("report-title")) } p.lead { (w.t("report-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action="/report" { (cx.guarded())
            input type="hidden" name="about" value=(about);
            p { (w.t("report-about")) " " a href=(about) { (called(about)) } }
            (Field { name: "reason", label: w.t("field-report"), hint: w.t("field-report-hint"), value: reason, rows: 5, ..Field::default() }.draw(w, mistakes))
            @if cx.asker.is_none() { p.hint { (w.t("report-nameless")) } }
            p.actions { button.main { (w.t("report-button")) } " " a href=(about) { (w.t("leave")) } }
        }
    };
    Ok(own_page(cx, w.t("report-title"), "/care", &main).mending(mistakes))
}

/// `GET /report?about=…`: the form.
pub(super) fn form(cx: &Context<'_>) -> Answer {
    let about = place(cx.request.param("about").unwrap_or("/")).unwrap_or("/".to_owned());
    draw(cx, &about, "", &Mistakes::default())
}

/// `POST /report`: tells the stewards.
pub(super) fn send(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let about = place(acting.field("about")).unwrap_or("/".to_owned());
    let reason = acting.field("reason").to_owned();
    let length = reason.chars().count();
    if !(3..=LONGEST).contains(&length) {
        let mut mistakes = Mistakes::default();
        mistakes.add("reason", w.tf("report-length", &[("most", LONGEST.into())]));
        return acting.read(|cx| draw(cx, &about, &reason, &mistakes));
    }
    accounts::count_report(acting.node, &acting.request.address)
        .map_err(|error| super::problem(w, error))?;
    let report = Report {
        id: secrets::random()?,
        account: acting.asker.map_or(NOBODY, |asker| asker.account),
        place: about,
        reason,
        at: Node::now().as_millis(),
        answer: String::new(),
        answered_by: String::new(),
        answered: 0,
    };
    let path = format!("/reports/{}", hex(&report.id));
    let commons = acting.node.keys().commons_did();
    let mine = report.account;
    let about = path.clone();
    acting.node.store().write(move |db| {
        care::add_report(db, &report)?;
        for did in tables::stewards(db, &commons)? {
            if let Some(steward) = desk::account_by_did(db, &did)?
                && steward.id != mine
            {
                let notice = desk::Notice {
                    id: [b"report".as_slice(), &report.id].concat(),
                    at: report.at,
                    kind: "notice-report".to_owned(),
                    about: about.clone(),
                    text: called(&report.place),
                    seen: false,
                };
                desk::tell(db, &steward.id, &notice)?;
            }
        }
        Ok::<_, store::StoreError>(())
    })?;
    Ok(acting.see(&path))
}

fn row(cx: &Context<'_>, report: &Report) -> Markup {
    let w = cx.words;
    html! {
        h3 { a href={ "/reports/" (hex(&report.id)) } { (called(&report.place)) } " "
            @if report.answered > 0 { span.badge data-tone="yes" { (w.t("report-answered")) } } @else { span.badge data-tone="ask" { (w.t("report-open")) } } }
        p { (report.reason.chars().take(240).collect::<String>()) }
        p.small.quiet { (when(cx.lang(), report.at)) }
    }
}

/// `GET /reports`: what I reported; for stewards, everything.
pub(super) fn list(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let asker = cx.asker()?;
    let own = care::reports_of(cx.db, &asker.account, MOST)?;
    // A program that writes for a steward reads what it is let, and no reports.
    let sees = asker.steward && asker.allows("steward");
    let (open, answered) = if sees {
        (
            care::reports(cx.db, true, MOST)?,
            care::reports(cx.db, false, MOST)?,
        )
    } else {
        (Vec::new(), Vec::new())
    };
    let section = |id: &str, title: &str, none: &str, list: &[Report]| {
        html! { section aria-labelledby=(id) { h2 #(id) { (w.t(title)) }
        @if list.is_empty() { p.quiet { (w.t(none)) } }
        ul.rows { @for report in list { li { (row(cx, report)) } } } } }
    };
    let main = html! {
        div.head { h1 { (w.t("reports-title")) } p.lead { (w.t("reports-lead")) } }
        @if sees {
            (section("h-open", "reports-open", "reports-open-none", &open))
        }
        (section("h-own", "reports-own", "reports-own-none", &own))
        @if sees && !answered.is_empty() { (section("h-answered", "reports-answered", "reports-open-none", &answered)) }
    };
    Ok(own_page(cx, w.t("reports-title"), "/care", &main))
}

fn found(cx: &Context<'_>) -> Result<Report, Problem> {
    let id = <[u8; 16]>::try_from(unhex(cx.rest)).ok();
    let report = match id {
        Some(id) => care::report(cx.db, &id)?,
        None => None,
    };
    report.ok_or_else(|| Problem::not_found(cx.words.t("report-unknown")))
}

/// `GET /reports/{id}`: one report, for whoever knows its address.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    let report = found(cx)?;
    one(cx, &report, "", &Mistakes::default())
}

fn one(cx: &Context<'_>, report: &Report, answer: &str, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let steward = cx
        .asker
        .is_some_and(|asker| asker.steward && asker.allows("steward"));
    let who = match desk::account(cx.db, &report.account)? {
        Some(account) if steward => Some(account),
        _ => None,
    };
    let by = tables::by_handle(cx.db, cx.viewer, &report.answered_by)?;
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { li { a href="/reports" { (w.t("reports-title")) } } } }
        div.head { h1 { (w.t("report-one")) } p.lead { a href=(report.place) { (called(&report.place)) } } }
        (mistakes.summary(w))
        div.prose {
            p.small.quiet { (when(cx.lang(), report.at))
                @if let Some(who) = who { " · " a href={ "/people/" (who.handle) } { (who.name) } } }
            @for line in report.reason.lines().filter(|line| !line.trim().is_empty()) { p { (line) } }
        }
        @if report.answered > 0 {
            section aria-labelledby="h-answer" { h2 #h-answer { (w.t("report-answer")) }
                @for line in report.answer.lines().filter(|line| !line.trim().is_empty()) { p { (line) } }
                p.small.quiet { (when(cx.lang(), report.answered)) @if let Some(by) = by { " · " a href=(by.href()) { (by.name) } } }
            }
        } @else if steward {
            form.narrow method="post" action={ "/reports/" (hex(&report.id)) } { (cx.guarded())
                (Field { name: "answer", label: w.t("field-answer"), hint: w.t("field-answer-hint"), value: answer, rows: 4, ..Field::default() }.draw(w, mistakes))
                p.actions { button.main { (w.t("report-answer-button")) } }
            }
        } @else {
            div.notice data-tone="info" { h2 { (w.t("report-sent")) }
                p { (w.t(if cx.asker.is_some() { "report-sent-inbox" } else { "report-sent-link" })) } }
        }
    };
    Ok(own_page(cx, w.t("report-one"), "/care", &main).mending(mistakes))
}

/// `POST /reports/{id}`: a steward answers.
pub(super) fn answer(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = acting.asker()?;
    super::stewards::require_steward(w, asker)?;
    let report = acting.read(found)?;
    let text = acting.field("answer").to_owned();
    let length = text.chars().count();
    if !(2..=LONGEST).contains(&length) {
        let mut mistakes = Mistakes::default();
        mistakes.add("answer", w.tf("report-length", &[("most", LONGEST.into())]));
        return acting.read(|cx| one(cx, &report, &text, &mistakes));
    }
    let (handle, now) = (asker.handle.clone(), Node::now());
    let path = format!("/reports/{}", hex(&report.id));
    let about = path.clone();
    acting.node.store().write(move |db| {
        let done = care::answer_report(db, &report.id, &text, &handle, now)?;
        if done && report.account != NOBODY {
            let notice = desk::Notice {
                id: [b"answer".as_slice(), &report.id].concat(),
                at: now.as_millis(),
                kind: "notice-report-answered".to_owned(),
                about,
                text: called(&report.place),
                seen: false,
            };
            desk::tell(db, &report.account, &notice)?;
        }
        Ok::<_, store::StoreError>(())
    })?;
    Ok(acting.see(&path))
}
