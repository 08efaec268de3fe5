//! Wikisprints: calling one, entering what one finds, the board, reviews, the report.

use super::{Answer, form, found, island, name_of};
use crate::ask::{hex, unhex};
use crate::duplicates::Pair;
use crate::kinds::kinds;
use crate::model::Initiative;
use crate::sprint::{Entry, LATE_MS, Review, Sprint, Team};
use crate::tables::sprints::{self, Board, Entered, SprintHere};
use crate::tables::{Short, alike};
use crate::write;
use atlas::countries::fold;
use record::{Hash, Place, RecordId, Timestamp};
use serde_json::json;
use site::form::{Field, Mistakes};
use site::{
    Acting, Context, Markup, PageHead, PreEscaped, Problem, Response, Words, encode, html,
    language_name, number, when,
};
use store::{Node, Outcome, Ready, Refusal, StoreError, Viewer};

/// How many sprints are listed.
const MOST: i64 = 200;
/// How many entries the board shows, and the report.
const NEWEST: i64 = 20;
const ALL: i64 = 5_000;
/// How sure it is, of a hundred, that something is here already, for whoever enters it to be asked.
const SURE: u8 = 60;

fn require<'c>(cx: &Context<'c>) -> Result<(SprintHere, &'c str), Problem> {
    let (which, rest) = cx.rest.split_once('/').unwrap_or((cx.rest, ""));
    let missing = || Problem::not_found(cx.words.t("no-sprint"));
    let digits = which.rsplit('-').next().unwrap_or_default();
    let bytes: Option<Vec<u8>> = match digits.len() {
        32 => unhex(digits).map(|id| id.to_vec()),
        12 => unhex(&format!("{digits:0<32}")).map(|id| id[..6].to_vec()),
        _ => None,
    };
    let here = sprints::sprint(cx.db, cx.viewer, &bytes.ok_or_else(missing)?)?;
    Ok((here.ok_or_else(missing)?, rest))
}

/// Whether somebody looks after a sprint: whoever called it, and stewards.
fn looks_after(cx: &Context<'_>, here: &SprintHere) -> bool {
    cx.asker
        .is_some_and(|asker| asker.steward || asker.did.as_str() == here.convenor)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Coming,
    Open,
    Over,
}

fn state(here: &SprintHere) -> State {
    let now = Node::now().as_millis();
    if now < here.begins {
        State::Coming
    } else if now <= here.ends + LATE_MS {
        State::Open
    } else {
        State::Over
    }
}

fn hours(cx: &Context<'_>, here: &SprintHere) -> String {
    format!(
        "{} – {}",
        when(cx.lang(), here.begins),
        when(cx.lang(), here.ends)
    )
}

/// `GET /sprints`.
pub(super) fn list(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let all = sprints::sprints(cx.db, cx.viewer, MOST)?;
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } } }
        div.head { h1 { (w.t("sprints-title")) } p.lead { (w.t("sprints-lead")) } p.actions { a.button href="/new/sprint" rel="nofollow" { (w.t("sprint-new")) } } }
        @if all.is_empty() { div.empty { h2 { (w.t("sprints-none")) } p { (w.t("sprints-none-why")) } } }
        ul.rows { @for here in &all { li {
            h2 { a href=(here.href()) { (here.title) } }
            p.small.quiet { (hours(cx, here)) " · " (w.t(match state(here) { State::Coming => "sprint-coming", State::Open => "sprint-open", State::Over => "sprint-over" })) }
        } } }
    };
    let head = PageHead {
        title: w.t("sprints-title"),
        menu: "/map",
        canonical: Some("/sprints".to_owned()),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

/// What the form of a sprint holds, as it was written.
#[derive(Default)]
struct Filled {
    sprint: Sprint,
    begins: String,
    ends: String,
    themes: String,
    teams: String,
    base: String,
}

/// A time as the form has it: `2026-11-28T09:00`, in UTC.
fn written(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| at.to_string().chars().take(16).collect())
}

impl Filled {
    fn of(sprint: Sprint, base: String) -> Self {
        let team = |team: &Team| match team.point {
            Some(point) => format!("{} | {point}", team.name),
            None => team.name.clone(),
        };
        Self {
            begins: written(sprint.begins),
            ends: written(sprint.ends),
            themes: sprint.themes.join(", "),
            teams: sprint.teams.iter().map(team).collect::<Vec<_>>().join("\n"),
            base,
            sprint,
        }
    }

    fn read(acting: &Acting<'_>, before: Sprint, mistakes: &mut Mistakes) -> Self {
        let w = acting.words;
        let field = |name: &str| acting.field(name).to_owned();
        let mut sprint = before;
        let language = site::language_code(&field("language"));
        if record::Language::parse(&language).is_ok() {
            sprint.language = language;
        }
        let name: String = field("name").chars().take(200).collect();
        if !people::is_seen(&name) || name.chars().any(people::turns) {
            mistakes.add("name", w.t("initiative-name-needed"));
        }
        sprint.name_map.insert(sprint.language.clone(), name);
        let text = acting.request.form.raw("text").trim().to_owned();
        if text.chars().count() > 10_000 {
            mistakes.add("text", w.t("initiative-text-long"));
        }
        if text.is_empty() {
            sprint.content_map.remove(&sprint.language);
        } else {
            sprint.content_map.insert(sprint.language.clone(), text);
        }
        let mut time = |name: &'static str| {
            let text = field(name);
            let whole = if text.len() == 16 {
                format!("{text}:00Z")
            } else {
                text
            };
            let at = Timestamp::parse(&whole).ok();
            if at.is_none() {
                mistakes.add(name, w.t("sprint-time-wrong"));
            }
            at
        };
        (sprint.begins, sprint.ends) = (time("begins"), time("ends"));
        if let (Some(begins), Some(ends)) = (sprint.begins, sprint.ends)
            && ends <= begins
        {
            mistakes.add("ends", w.t("sprint-ends-first"));
        }
        let themes = field("themes");
        sprint.themes = themes
            .split(',')
            .map(|theme| theme.trim().chars().take(200).collect::<String>())
            .filter(|theme| !theme.is_empty())
            .take(60)
            .collect();
        let teams = acting.request.form.raw("teams").to_owned();
        sprint.teams = Vec::new();
        for line in teams.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, at) = line.split_once('|').unwrap_or((line, ""));
            let point = Place::parse(at.trim()).ok();
            if !at.trim().is_empty() && point.is_none() {
                mistakes.add("teams", w.tf("sprint-team-wrong", &[("line", line.into())]));
            }
            sprint.teams.push(Team {
                name: name.trim().chars().take(100).collect(),
                point,
            });
        }
        if mistakes.is_empty()
            && let Err(reason) = sprint.check()
        {
            mistakes.add("name", reason);
        }
        Self {
            begins: field("begins"),
            ends: field("ends"),
            themes,
            teams,
            base: field("base"),
            sprint,
        }
    }
}

/// `GET /new/sprint`.
pub(super) fn new_page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let sprint = Sprint {
        language: cx.lang().tag().to_owned(),
        ..Sprint::default()
    };
    draw_form(
        cx,
        None,
        &Filled::of(sprint, String::new()),
        &Mistakes::default(),
    )
}

fn draw_form(
    cx: &Context<'_>,
    here: Option<&SprintHere>,
    filled: &Filled,
    mistakes: &Mistakes,
) -> Answer {
    let w = cx.words;
    let said = &filled.sprint;
    let language = said.language.as_str();
    let title = w.t(if here.is_some() {
        "sprint-change"
    } else {
        "sprint-new"
    });
    let action = here.map_or_else(
        || "/new/sprint".to_owned(),
        |here| format!("{}/change", here.href()),
    );
    let name = said.name_map.get(language).map_or("", String::as_str);
    let text = said.content_map.get(language).map_or("", String::as_str);
    let field = |field: Field<'_>| field.draw(w, mistakes);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/sprints" { (w.t("sprints-title")) } } @if let Some(here) = here { li { a href=(here.href()) { (here.title) } } } } }
        div.head { h1 { (title) } p.lead { (w.t("sprint-form-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action=(action) { (cx.guarded())
            input type="hidden" name="base" value=(filled.base); input type="hidden" name="language" value=(language);
            (field(Field { name: "name", label: w.t("field-sprint-name"), value: name, lang: language, ..Field::default() }))
            (field(Field { name: "text", label: w.t("field-sprint-text"), hint: w.t("field-sprint-text-hint"), value: text, rows: 6, optional: true, lang: language, ..Field::default() }))
            (field(Field { name: "begins", label: w.t("field-sprint-begins"), hint: w.t("field-sprint-time-hint"), value: &filled.begins, kind: "datetime-local", ..Field::default() }))
            (field(Field { name: "ends", label: w.t("field-sprint-ends"), value: &filled.ends, kind: "datetime-local", ..Field::default() }))
            (field(Field { name: "themes", label: w.t("initiative-theme"), hint: w.t("field-initiative-themes-hint"), value: &filled.themes, optional: true, ..Field::default() }))
            (field(Field { name: "teams", label: w.t("field-sprint-teams"), hint: w.t("field-sprint-teams-hint"), value: &filled.teams, rows: 5, optional: true, ..Field::default() }))
            p.actions { button.main { (w.t("sprint-publish")) } }
        }
    };
    let head = PageHead {
        title,
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// `POST /new/sprint`.
pub(super) fn call(acting: &Acting<'_>) -> Answer {
    people::require_scope(acting, "write")?;
    let mut mistakes = Mistakes::default();
    let filled = Filled::read(acting, Sprint::default(), &mut mistakes);
    publish_sprint(acting, None, filled, mistakes)
}

fn publish_sprint(
    acting: &Acting<'_>,
    here: Option<(SprintHere, RecordId)>,
    filled: Filled,
    mut mistakes: Mistakes,
) -> Answer {
    let w = acting.words;
    let shown = here.as_ref().map(|(here, _)| here.clone());
    if !mistakes.is_empty() {
        return acting.read(|cx| draw_form(cx, shown.as_ref(), &filled, &mistakes));
    }
    let node = acting.node;
    let replaces: Vec<Hash> = Hash::parse(&filled.base).ok().into_iter().collect();
    let thing = here.map(|(_, id)| id);
    let draft = filled
        .sprint
        .draft(node.keys().commons_did(), Node::now(), thing, replaces);
    let draft = draft.map_err(|_| Problem::not_found(w.t("no-sprint")))?;
    let record = people::pen(acting)?.sign(node, draft)?;
    let id = record.thing().short();
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => {
            let problem = Problem::refused(w, refusal);
            mistakes.add("name", problem.sentences());
            let page = acting.read(|cx| draw_form(cx, shown.as_ref(), &filled, &mistakes))?;
            Ok(page.status(problem.status))
        }
        _ => Ok(acting.see(&format!("/sprints/{}", hex(&id)))),
    }
}

/// `GET /sprints/…`: the board, and what hangs on it.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    let (here, rest) = require(cx)?;
    match rest {
        "" if here.href() != cx.request.path => Ok(Response::redirect(302, &here.href())),
        "" => board_page(cx, &here, &Mistakes::default()),
        "add" => {
            cx.asker()?;
            let (sprint, _) = sprints::said(cx.db, &here)?;
            let said = Initiative {
                language: cx.lang().tag().to_owned(),
                kind: "collective".to_owned(),
                ..Initiative::default()
            };
            let fresh = Hash::of(&[&here.id[..], &fresh_bytes()].concat()).to_string();
            let mark: String = fresh.chars().rev().take(32).collect();
            draw_add(
                cx,
                &here,
                &sprint,
                &form::Filled::of(said, String::new()),
                &mark,
                "",
                &Mistakes::default(),
                &[],
            )
        }
        "change" => {
            cx.asker()?;
            if !looks_after(cx, &here) {
                return Err(not_yours(cx.words));
            }
            let (sprint, _) = sprints::said(cx.db, &here)?;
            draw_form(
                cx,
                Some(&here),
                &Filled::of(sprint, here.hash.to_string()),
                &Mistakes::default(),
            )
        }
        "review" => review_page(cx, &here),
        "report" => report(cx, &here),
        _ => Err(Problem::not_found(cx.words.t("no-sprint"))),
    }
}

/// Bytes that come once: a form sent twice is known by them.
fn fresh_bytes() -> [u8; 16] {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&Node::now().as_millis().to_be_bytes());
    bytes[8..].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

fn not_yours(w: &Words) -> Problem {
    Problem::forbidden(
        "not_the_convenor",
        w.t("rule-not-the-convenor"),
        w.t("rule-not-the-convenor-remedy"),
    )
}

fn crumbs(cx: &Context<'_>, here: Option<&SprintHere>) -> Markup {
    let w = cx.words;
    html! { nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/sprints" { (w.t("sprints-title")) } } @if let Some(here) = here { li { a href=(here.href()) { (here.title) } } } } } }
}

/// What the board counts, in words and tables; the script asks for it anew.
fn counted(
    cx: &Context<'_>,
    here: &SprintHere,
    board: &Board,
    most: usize,
) -> Result<Markup, Problem> {
    let w = cx.words;
    let people = people::labels(
        cx.db,
        cx.viewer,
        board.people.iter().take(most).map(|(did, _)| did.as_str()),
    )?;
    let count = |n: i64| number(cx.lang(), n);
    let said = [
        ("things", board.things.into()),
        ("people", (board.people.len() as i64).into()),
        ("countries", (board.countries.len() as i64).into()),
    ];
    Ok(html! {
        p.lead { b { (w.tf("sprint-counts", &said)) } }
        @if board.waiting > 0 || board.out > 0 { p.small.quiet { (w.tf("sprint-waiting", &[("waiting", board.waiting.into()), ("out", board.out.into())])) } }
        @if !board.teams.is_empty() { div.scroll role="region" tabindex="0" aria-labelledby="h-teams" { table {
            caption #h-teams { (w.t("sprint-teams")) }
            thead { tr { th scope="col" { (w.t("sprint-team")) } th.num scope="col" { (w.t("sprint-entries")) } } }
            tbody { @for (team, n) in &board.teams { tr { th scope="row" { @if team.is_empty() { (w.t("sprint-no-team")) } @else { (team) } } td.num { (count(*n)) } } } }
        } } }
        @if !board.countries.is_empty() { h3 { (w.t("sprint-countries")) } ul.tags { @for (code, n) in board.countries.iter().take(most) { li { a href={ "/map?sprint=" (hex(&here.id)) "&country=" (code) } { (name_of(cx, "country", code)) " (" (count(*n)) ")" } } } } }
        @if !board.people.is_empty() { h3 { (w.t("sprint-people")) } ul.tags { @for (did, n) in board.people.iter().take(most) { li { @match people.get(did) {
            Some(person) => { a href=(person.href()) { (person.name) " (" (count(*n)) ")" } }
            None => { span { (w.t("person-gone")) " (" (count(*n)) ")" } }
        } } } }
            @if board.people.len() > most { p.small { a href={ (here.href()) "/report" } { (w.tf("area-more", &[("count", ((board.people.len() - most) as i64).into())])) } } } }
    })
}

fn board_page(cx: &Context<'_>, here: &SprintHere, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let (sprint, _) = sprints::said(cx.db, here)?;
    let lang = cx.lang().tag();
    let board = sprints::board_now(cx.node, cx.db, &here.id)?;
    let newest = sprints::entered(cx.db, cx.viewer, &here.id, false, NEWEST)?;
    let state = state(here);
    let word = match state {
        State::Coming => "sprint-coming",
        State::Open => "sprint-open",
        State::Over => "sprint-over",
    };
    let main = html! {
        (crumbs(cx, None))
        div.head { h1 { (sprint.name(lang)) } p.lead { (hours(cx, here)) " · " (w.t(word)) }
            p.actions {
                @if state == State::Open { a.button.main href={ (here.href()) "/add" } rel="nofollow" { (w.t("sprint-add")) } " " }
                a.button href={ "/map?sprint=" (hex(&here.id)) } { (w.t("area-on-map")) } " " a.button href={ (here.href()) "/report" } { (w.t("sprint-report")) }
                @if looks_after(cx, here) { " " a.button href={ (here.href()) "/review" } rel="nofollow" { (w.t("sprint-review")) " (" (board.waiting) ")" } " " a.button href={ (here.href()) "/change" } rel="nofollow" { (w.t("initiative-edit")) } }
            } }
        (mistakes.summary(w))
        div.split {
            div {
                section #board aria-live="polite" data-board=(here.href()) { (counted(cx, here, &board, 40)?) }
                section #newest aria-labelledby="h-newest" { h2 #h-newest { (w.t("sprint-newest")) } (rows(cx, &newest)?) }
            }
            aside {
                @if let Some((language, text)) = sprint.content(lang) { article.prose lang=(language) { (PreEscaped(people::markdown(text))) } @if language != lang { p.small.quiet { (w.tf("initiative-in", &[("language", language_name(language).into())])) } } }
                @if !sprint.themes.is_empty() { ul.tags { @for theme in &sprint.themes { li { a href={ "/map?theme=" (encode(theme)) } { (theme) } } } } }
                @if state == State::Open && cx.asker.is_some() { form method="post" action={ (here.href()) "/bring" } { (cx.guarded())
                    (Field { name: "what", label: w.t("field-sprint-bring"), hint: w.t("field-sprint-bring-hint"), value: cx.request.form.text("what"), ..Field::default() }.draw(w, mistakes))
                    (teams(cx, &sprint, cx.request.form.text("team")))
                    p.actions { button { (w.t("sprint-bring")) } }
                } }
            }
        }
        (island::sprint_parts())
    };
    let title = sprint.name(lang);
    let head = PageHead {
        title,
        menu: "/map",
        canonical: Some(here.href()),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

fn rows(cx: &Context<'_>, entries: &[Entered]) -> Result<Markup, Problem> {
    let w = cx.words;
    let titles = sprints::titles(cx.db, cx.viewer, entries.iter().map(|one| one.about))?;
    let people = people::labels(
        cx.db,
        cx.viewer,
        entries.iter().map(|one| one.author.as_str()),
    )?;
    Ok(html! { ul.rows { @for one in entries { li {
        p { @match titles.get(&one.about) {
            Some((title, key)) => { b { a href=(cx.address_of(key).unwrap_or_else(|| format!("/network/of/{}", encode(key)))) { (title) } } }
            None => { i { (w.t("sprint-gone")) } }
        } @if let Some((false, reason)) = &one.review { " " span.badge data-tone="no" { (w.t("sprint-left-out")) } " " (reason) } }
        p.small.quiet { @match people.get(&one.author) { Some(person) => { a href=(person.href()) { (person.name) } } None => { (w.t("person-gone")) } } @if !one.team.is_empty() { " · " (one.team) } " · " (when(cx.lang(), one.at)) }
    } } } })
}

fn teams(cx: &Context<'_>, sprint: &Sprint, chosen: &str) -> Markup {
    let w = cx.words;
    html! { @if !sprint.teams.is_empty() { div.field { label for="team" { (w.t("sprint-team")) } select #team name="team" {
        option value="" { (w.t("sprint-no-team")) }
        @for team in &sprint.teams { option value=(team.name) selected[team.name == chosen] { (team.name) } }
    } } } }
}

#[expect(clippy::too_many_arguments, reason = "all that stands in the form")]
fn draw_add(
    cx: &Context<'_>,
    here: &SprintHere,
    sprint: &Sprint,
    filled: &form::Filled,
    mark: &str,
    team: &str,
    mistakes: &Mistakes,
    like: &[Pair],
) -> Answer {
    let w = cx.words;
    let spanish = cx.lang().tag() == "es";
    let said = &filled.said;
    let language = said.language.as_str();
    let name = said.name_map.get(language).map_or("", String::as_str);
    let text = said.content_map.get(language).map_or("", String::as_str);
    let field = |field: Field<'_>| field.draw(w, mistakes);
    let points: Vec<Place> = sprint.teams.iter().filter_map(|team| team.point).collect();
    let view = match points.as_slice() {
        [] => super::map::everything(cx)?,
        points => {
            let edge = |axis: fn(&Place) -> f64, more: fn(f64, f64) -> f64, start: f64| {
                points.iter().map(axis).fold(start, more)
            };
            [
                edge(|p| p.longitude(), f64::min, 180.0) - 0.5,
                edge(|p| p.latitude(), f64::min, 90.0) - 0.5,
                edge(|p| p.longitude(), f64::max, -180.0) + 0.5,
                edge(|p| p.latitude(), f64::max, -90.0) + 0.5,
            ]
        }
    };
    let added = cx.request.param("added").and_then(unhex);
    let added = match added {
        Some(id) => crate::tables::by_id(cx.db, cx.viewer, &id)?,
        None => None,
    };
    let words = json!({
        "waiting": w.t("sprint-queue"), "sent": w.t("sprint-sent"), "kept": w.t("sprint-kept"), "refused": w.t("sprint-refused"),
        "signed-out": w.t("sprint-signed-out"), "again": w.t("sprint-again"), "mend": w.t("sprint-mend"),
        "anew": w.t("initiative-publish-anew"), "drop": w.t("sprint-drop"),
    });
    let main = html! {
        (crumbs(cx, Some(here)))
        div.head { h1 { (w.t("sprint-add")) } p.lead { (w.t("sprint-add-lead")) } }
        @if let Some(added) = &added { div.notice data-tone="yes" role="status" { h2 { (w.t("sprint-added")) } p { a href=(added.href()) { (added.title) } } } }
        div #queue data-words=(words.to_string()) {}
        (mistakes.summary(w))
        @if !like.is_empty() { (super::same::notice(cx, like)?) }
        form.narrow #entry method="post" action={ (here.href()) "/add" } data-offline=(site::Form::TOKEN) { (cx.guarded())
            input type="hidden" name="mark" value=(mark); input type="hidden" name="language" value=(language); input type="hidden" name="radius" value="0";
            (field(Field { name: "name", label: w.t("field-initiative-name"), value: name, lang: language, ..Field::default() }))
            div.field { label for="kind" { (w.t("initiative-kind")) } select #kind name="kind" { @for kind in kinds() { option value=(kind.key) selected[kind.key == said.kind] { (if spanish { kind.spanish } else { kind.english }) } } } }
            (field(Field { name: "text", label: w.t("field-initiative-text"), value: text, rows: 3, optional: true, lang: language, ..Field::default() }))
            (field(Field { name: "at", label: w.t("field-initiative-at"), hint: w.t("field-initiative-at-hint"), value: &filled.at, optional: true, code: true, ..Field::default() }))
            (island::pin(cx, "at", view))
            (field(Field { name: "locality", label: w.t("field-initiative-locality"), value: said.places.first().map_or("", |place| &place.locality), optional: true, ..Field::default() }))
            (field(Field { name: "links", label: w.t("initiative-links"), value: &filled.links, optional: true, code: true, ..Field::default() }))
            (field(Field { name: "themes", label: w.t("initiative-theme"), hint: w.t("field-initiative-themes-hint"), value: &filled.themes, optional: true, ..Field::default() }))
            (teams(cx, sprint, team))
            p.small.quiet { (w.t("initiative-public")) }
            p.actions { @if like.is_empty() { button.main { (w.t("sprint-enter")) } } @else { button.main name="anew" value="yes" { (w.t("initiative-publish-anew")) } } }
        }
        (island::sprint_parts())
    };
    let head = PageHead {
        title: w.t("sprint-add"),
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// What keeps an entry from being kept.
enum Stop {
    Refused(Refusal),
    /// It came before, under the same mark: this became of it.
    Known(Short),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// `POST /sprints/…`: adding, bringing, reviewing, changing.
pub(super) fn act(acting: &Acting<'_>) -> Answer {
    people::require_scope(acting, "write")?;
    let (here, what) = acting.read(|cx| {
        let (here, what) = require(cx)?;
        Ok((here, what.to_owned()))
    })?;
    match what.as_str() {
        "add" => add(acting, &here),
        "bring" => bring(acting, &here),
        "review" => review(acting, &here),
        "change" => change(acting, here),
        _ => Err(Problem::not_found(acting.words.t("no-sprint"))),
    }
}

fn change(acting: &Acting<'_>, here: SprintHere) -> Answer {
    let (sprint, id) = acting.read(|cx| {
        if !looks_after(cx, &here) {
            return Err(not_yours(cx.words));
        }
        Ok(sprints::said(cx.db, &here)?)
    })?;
    let mut mistakes = Mistakes::default();
    let filled = Filled::read(acting, sprint, &mut mistakes);
    publish_sprint(acting, Some((here, id)), filled, mistakes)
}

fn add(acting: &Acting<'_>, here: &SprintHere) -> Answer {
    let (w, node) = (acting.words, acting.node);
    let asker = acting.asker()?;
    let (sprint, sprint_id) = acting.read(|cx| Ok(sprints::said(cx.db, here)?))?;
    let account = asker.account;
    let mark: String = acting
        .field("mark")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .collect();
    let team: String = acting.field("team").chars().take(100).collect();
    let program = acting.request.prefers("application/json");
    let done = |id: &Short, new: bool| -> Answer {
        if program {
            let answer = json!({"href": format!("/initiatives/{}", hex(id)), "new": new});
            return Ok(Response::json(&answer));
        }
        Ok(acting.see(&format!("{}/add?added={}", here.href(), hex(id))))
    };
    if !mark.is_empty()
        && let Some(id) = acting.read(|cx| Ok(sprints::submitted(cx.db, &account, &mark)?))?
    {
        return done(&id, false);
    }
    let mut mistakes = Mistakes::default();
    let before = Initiative {
        licence: "CC-BY-SA-4.0".to_owned(),
        ..Initiative::default()
    };
    let mut filled = form::read(acting, &before, &mut mistakes);
    for theme in &sprint.themes {
        if filled
            .said
            .themes
            .iter()
            .all(|known| fold(known) != fold(theme))
        {
            filled.said.themes.push(theme.clone());
        }
    }
    // Where the point lies tells the country; nobody is asked on the way.
    if let Some(place) = filled.said.places.first_mut()
        && place.country.is_empty()
        && let Some(point) = place.point
        && let Some(area) = atlas::basemap::built_in().area_at(point.latitude(), point.longitude())
    {
        place.country.clone_from(&area.country);
    }
    let again = |filled: &form::Filled, mistakes: &Mistakes, like: &[Pair], status: u16| {
        let page =
            acting.read(|cx| draw_add(cx, here, &sprint, filled, &mark, &team, mistakes, like))?;
        Ok(page.status(status))
    };
    if !mistakes.is_empty() {
        return again(&filled, &mistakes, &[], 422);
    }
    if !acting.request.form.has("anew") {
        let like = acting.read(|cx| {
            let mut like = alike::like(cx.node, cx.db, cx.viewer, [0; 16], &filled.said)?;
            like.retain(|pair| pair.sure >= SURE);
            Ok(like)
        })?;
        if !like.is_empty() && program {
            return Err(form::here_already(w, like.len()));
        }
        if !like.is_empty() {
            return again(&filled, &mistakes, &like, 409);
        }
    }
    let commons = node.keys().commons_did();
    let pen = people::pen(acting)?;
    let missing = || Problem::not_found(w.t("no-sprint"));
    let now = Node::now();
    let draft = filled
        .said
        .draft(commons.clone(), now, None, Vec::new())
        .map_err(|_| missing())?;
    let initiative = pen.sign(node, draft)?;
    let id = initiative.thing().clone();
    let entry = Entry {
        sprint: sprint_id.to_string(),
        about: id.to_string(),
        team: team.clone(),
    };
    let entry = pen.sign(node, entry.draft(commons, now).map_err(|_| missing())?)?;
    let records: Vec<Ready> = vec![node.ready(initiative), node.ready(entry)];
    let (short, kept) = (id.short(), mark.clone());
    let kept_all = node.write(move |unit| {
        if !kept.is_empty()
            && let Some(known) = sprints::submitted(unit.db, &account, &kept)?
        {
            return Err(Stop::Known(known));
        }
        for record in &records {
            if let Outcome::Refused(refusal) = unit.publish(record)? {
                return Err(Stop::Refused(refusal));
            }
        }
        if !kept.is_empty() {
            sprints::keep_submitted(unit.db, &account, &kept, &short, now.as_millis())?;
        }
        Ok(())
    });
    match kept_all {
        Ok(()) => done(&short, true),
        Err(Stop::Known(id)) => done(&id, false),
        Err(Stop::Store(error)) => Err(error.into()),
        Err(Stop::Refused(refusal)) => {
            let problem = Problem::refused(w, refusal);
            mistakes.add("name", problem.sentences());
            again(&filled, &mistakes, &[], problem.status)
        }
    }
}

/// Finds what somebody names: an address of this site, or a title.
fn named(cx: &Context<'_>, text: &str) -> Result<Option<RecordId>, Problem> {
    if let Some((_, end)) = text.split_once("/initiatives/")
        && let Some(here) = found(cx, end)?
    {
        return Ok(people::full_id(cx.db, &here.id)?);
    }
    let net = atlas::net::net(cx.node, cx.db, cx.viewer)?;
    let last = text
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(text);
    let title = site::decode(last).replace('_', " ");
    let knot = net
        .find(text)
        .or_else(|| net.find(&title))
        .and_then(|number| net.knot(number));
    match knot {
        Some(knot) => Ok(people::full_id(cx.db, &knot.id)?),
        None => Ok(None),
    }
}

fn bring(acting: &Acting<'_>, here: &SprintHere) -> Answer {
    let (w, node) = (acting.words, acting.node);
    let text = acting.field("what").to_owned();
    let mut mistakes = Mistakes::default();
    let about = acting.read(|cx| named(cx, &text))?;
    let (_, sprint) = acting.read(|cx| Ok(sprints::said(cx.db, here)?))?;
    let Some(about) = about.filter(|_| !text.is_empty()) else {
        mistakes.add(
            "what",
            w.tf("same-unknown", &[("text", text.as_str().into())]),
        );
        return acting.read(|cx| Ok(board_page(cx, here, &mistakes)?.status(404)));
    };
    let entry = Entry {
        sprint: sprint.to_string(),
        about: about.to_string(),
        team: acting.field("team").chars().take(100).collect(),
    };
    let draft = entry.draft(node.keys().commons_did(), Node::now());
    let draft = draft.map_err(|_| Problem::not_found(w.t("no-sprint")))?;
    match write::publish(node, &people::pen(acting)?, vec![draft])? {
        Ok(()) => Ok(acting.see(&here.href())),
        Err(refusal) => {
            let problem = Problem::refused(w, refusal);
            mistakes.add("what", problem.sentences());
            acting.read(|cx| Ok(board_page(cx, here, &mistakes)?.status(problem.status)))
        }
    }
}

fn review_page(cx: &Context<'_>, here: &SprintHere) -> Answer {
    let w = cx.words;
    cx.asker()?;
    if !looks_after(cx, here) {
        return Err(not_yours(w));
    }
    let waiting = sprints::entered(cx.db, cx.viewer, &here.id, true, 100)?;
    let titles = sprints::titles(cx.db, cx.viewer, waiting.iter().map(|one| one.about))?;
    let people = people::labels(
        cx.db,
        cx.viewer,
        waiting.iter().map(|one| one.author.as_str()),
    )?;
    let main = html! {
        (crumbs(cx, Some(here)))
        div.head { h1 { (w.t("sprint-review")) } p.lead { (w.t("sprint-review-lead")) } }
        @if waiting.is_empty() { div.empty { h2 { (w.t("sprint-reviewed")) } p { a.button href=(here.href()) { (w.t("sprint-board")) } } } }
        ul.rows { @for one in &waiting { li {
            @let title = titles.get(&one.about);
            h2 { @match title { Some((title, key)) => { a href=(cx.address_of(key).unwrap_or_default()) { (title) } } None => { (w.t("sprint-gone")) } } }
            p.small.quiet { @match people.get(&one.author) { Some(person) => { (person.name) } None => { (w.t("person-gone")) } } @if !one.team.is_empty() { " · " (one.team) } " · " (when(cx.lang(), one.at)) }
            form method="post" action={ (here.href()) "/review" } { (cx.guarded()) input type="hidden" name="entry" value=(hex(&one.id));
                @let field = format!("reason-{}", hex(&one.id));
                div.field { label for=(field) { (w.t("field-sprint-reason")) " " span.quiet { (w.t("form-optional")) } } input #(field) name="reason"; }
                p.actions { button name="fits" value="yes" { (w.t("sprint-fits")) } " " button name="fits" value="no" { (w.t("sprint-leave-out")) } }
            }
        } } }
    };
    let head = PageHead {
        title: w.t("sprint-review"),
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

fn review(acting: &Acting<'_>, here: &SprintHere) -> Answer {
    let (w, node) = (acting.words, acting.node);
    let missing = || Problem::not_found(w.t("sprint-gone"));
    let id = unhex(acting.field("entry")).ok_or_else(missing)?;
    let (entry, entered) = acting
        .read(|cx| Ok(sprints::entry(cx.db, &id)?))?
        .ok_or_else(missing)?;
    let fits = acting.field("fits") == "yes";
    let reason: String = acting.field("reason").chars().take(300).collect();
    if !fits && reason.is_empty() {
        return Err(Problem::bad(
            "reason_needed",
            w.t("sprint-reason-needed"),
            "",
        ));
    }
    let said = Review {
        entry: entry.to_string(),
        about: entered.about,
        fits,
        reason,
    };
    let draft = said
        .draft(node.keys().commons_did(), Node::now())
        .map_err(|_| missing())?;
    match write::publish(node, &people::pen(acting)?, vec![draft])? {
        Ok(()) => Ok(acting.see(&format!("{}/review", here.href()))),
        Err(refusal) => Err(Problem::refused(w, refusal)),
    }
}

/// The report: everything that was counted, everybody who took part, everything to take away.
fn report(cx: &Context<'_>, here: &SprintHere) -> Answer {
    let w = cx.words;
    let (sprint, _) = sprints::said(cx.db, here)?;
    let board = sprints::board_now(cx.node, cx.db, &here.id)?;
    let all = sprints::entered(cx.db, cx.viewer, &here.id, false, ALL)?;
    let digits = hex(&here.id);
    let title = w.tf(
        "sprint-report-of",
        &[("title", sprint.name(cx.lang().tag()).into())],
    );
    let main = html! {
        (crumbs(cx, Some(here)))
        div.head { h1 { (title) } p.lead { (hours(cx, here)) } }
        section #board { (counted(cx, here, &board, usize::MAX)?) }
        p { (w.t("map-take")) @for format in crate::export::Format::ALL { " " a href={ "/map/export?sprint=" (digits) "&format=" (format.end()) } rel="nofollow" { (format.end()) } } }
        section aria-labelledby="h-all" { h2 #h-all { (w.tf("sprint-all", &[("count", (all.len() as i64).into())])) } (rows(cx, &all)?) }
    };
    let head = PageHead {
        title: &title,
        menu: "/map",
        canonical: Some(format!("{}/report", here.href())),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

/// `GET /api/v1/sprints/{id}`: what the board counts.
pub(super) fn api(cx: &Context<'_>) -> Answer {
    let (here, _) = require(cx)?;
    let board = sprints::board_now(cx.node, cx.db, &here.id)?;
    let people = people::labels(
        cx.db,
        &Viewer::public(),
        board.people.iter().map(|(did, _)| did.as_str()),
    )?;
    let pairs = |all: &[(String, i64)], key: &str| -> Vec<serde_json::Value> {
        all.iter()
            .map(|(name, count)| json!({key: name, "entries": count}))
            .collect()
    };
    let contributors: Vec<serde_json::Value> = board
        .people
        .iter()
        .map(|(did, count)| json!({"id": did, "name": people.get(did).map(|person| &person.name), "entries": count}))
        .collect();
    let answer = json!({
        "title": here.title, "href": format!("{}{}", cx.base(), here.href()),
        "begins": Timestamp::from_millis(here.begins).to_string(), "ends": Timestamp::from_millis(here.ends).to_string(),
        "things": board.things, "entries": board.entries, "waiting": board.waiting, "left_out": board.out,
        "teams": pairs(&board.teams, "team"), "countries": pairs(&board.countries, "country"), "contributors": contributors,
    });
    Ok(Response::json(&answer))
}
