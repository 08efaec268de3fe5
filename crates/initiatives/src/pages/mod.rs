//! Pages: the map and its list, an initiative, its form, and what may be the same.

mod area;
mod form;
mod initiative;
mod island;
mod map;
mod same;
mod sprint;
mod withdraw;

use crate::api;
use crate::ask::unhex;
use crate::kinds;
use crate::model::Status;
use crate::tables::{self, Here, sprints};
use atlas::basemap::built_in;
use atlas::{activities, countries};
use people::LegalForm;
use site::{Context, Markup, Problem, Response, Route, html, when};

type Answer = Result<Response, Problem>;

pub(crate) const ROUTES: &[Route] = &[
    Route::get(
        "/map",
        map::map,
        "Initiatives on the map, with the list that equals it",
    ),
    Route::get(
        "/initiatives",
        map::list,
        "Initiatives, as the map shows them",
    ),
    Route::get("/initiatives/*", initiative::page, "One initiative"),
    Route::get(
        "/map/export",
        map::take,
        "What the map shows, to take away: GeoJSON, CSV, KML, JSON Lines",
    )
    .waiting(),
    Route::get(
        "/map/assets/*",
        island::asset,
        "Parts of the program with which a browser draws the map",
    ),
    Route::get("/areas", area::list, "Countries, with what is there"),
    Route::get(
        "/areas/*",
        area::page,
        "A country or province, with what is there",
    ),
    Route::get(
        "/sprints/sw.js",
        island::worker,
        "What keeps the form of a sprint on a phone",
    ),
    Route::get(
        "/withdraw-initiative/*",
        withdraw::page,
        "What follows where an initiative is withdrawn",
    ),
    Route::post(
        "/withdraw-initiative/*",
        withdraw::withdraw,
        "Withdraw an initiative",
    ),
    Route::get("/sprints", sprint::list, "Sprints: mapping together"),
    Route::get(
        "/sprints/*",
        sprint::page,
        "A sprint: its board, its form, reviews, the report",
    )
    .waiting(),
    Route::post(
        "/sprints/*",
        sprint::act,
        "Add to a sprint, bring something to it, review what was entered",
    ),
    Route::get("/new/sprint", sprint::new_page, "Call a sprint"),
    Route::post("/new/sprint", sprint::call, "Publish a new sprint"),
    Route::get(
        "/api/v1/sprints/*",
        sprint::api,
        "What the board of a sprint counts",
    ),
    Route::get("/new/initiative", form::new_page, "Describe an initiative"),
    Route::post("/new/initiative", form::begin, "Publish a new initiative"),
    Route::get(
        "/edit-initiative/*",
        form::edit_page,
        "Change what an initiative says",
    ),
    Route::post(
        "/edit-initiative/*",
        form::change,
        "Publish what was changed of an initiative",
    ),
    Route::get(
        "/duplicates",
        same::list,
        "Initiatives that may be there twice",
    )
    .waiting(),
    Route::get("/same/*", same::page, "Two initiatives side by side").waiting(),
    Route::post(
        "/same/*",
        same::decide,
        "Join two initiatives, or say that they are two",
    ),
    Route::post(
        "/restore-initiative/*",
        same::restore,
        "Let an initiative say again what it said",
    ),
    Route::post(
        "/apart/*",
        same::part,
        "Take apart two initiatives that were joined",
    ),
    Route::post(
        "/confirm/*",
        initiative::confirm,
        "Say whether an initiative is alive",
    ),
    Route::get(
        "/api/v1/initiatives",
        api::list,
        "Initiatives in a box, counted and in parts",
    ),
    Route::get(
        "/api/v1/initiatives/*",
        api::one,
        "One initiative, as it describes itself",
    ),
    Route::get(
        "/api/v1/murmurations/*",
        api::profile,
        "An initiative as a profile of the Murmurations network",
    ),
];

/// Returns what a value of a facet is called.
pub(crate) fn name_of(cx: &Context<'_>, facet: &str, value: &str) -> String {
    let spanish = cx.lang().tag() == "es";
    let found = match facet {
        "kind" => kinds::kind(value).map(|kind| if spanish { kind.spanish } else { kind.english }),
        "country" => {
            countries::by_code(value).map(|one| if spanish { one.spanish } else { one.english })
        }
        "activity" => activities::by_key(value).map(|one| one.name(spanish)),
        "form" => LegalForm::parse(value).map(|form| cx.words.t(form.word())),
        "status" => Status::parse(value).map(|status| cx.words.t(status_word(status))),
        "sprint" => {
            let id = unhex(value);
            let found = id.and_then(|id| sprints::sprint(cx.db, cx.viewer, &id).ok()?);
            return found.map_or_else(|| value.to_owned(), |here| here.title);
        }
        "area" => built_in()
            .area(value)
            .map(|area| if spanish { &*area.spanish } else { &*area.name }),
        _ => None,
    };
    found.unwrap_or(value).to_owned()
}

pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Alive => "status-alive",
        Status::Paused => "status-paused",
        Status::Gone => "status-gone",
    }
}

pub(crate) fn facet_word(facet: &str) -> &'static str {
    match facet {
        "kind" => "initiative-kind",
        "theme" => "initiative-theme",
        "country" => "initiative-country",
        "area" => "initiative-area",
        "activity" => "initiative-activity",
        "form" => "initiative-form",
        "sprint" => "initiative-sprint",
        _ => "initiative-status",
    }
}

pub(crate) fn row(cx: &Context<'_>, here: &Here) -> Result<Markup, Problem> {
    let kinds = tables::values(cx.db, &here.id, "kind")?;
    let countries = tables::values(cx.db, &here.id, "country")?;
    let mut said: Vec<String> = kinds.iter().map(|kind| name_of(cx, "kind", kind)).collect();
    said.extend(countries.iter().map(|code| name_of(cx, "country", code)));
    if let Some(status) = Status::parse(&here.status) {
        said.push(format!(
            "{}, {}",
            cx.words.t(status_word(status)),
            when(cx.lang(), here.confirmed)
        ));
    }
    Ok(html! {
        h3 { a href=(here.href()) { (here.title) } }
        @if !here.lead.is_empty() { p { (here.lead) } }
        p.small.quiet { (said.join(" · ")) }
    })
}

/// Reads the end of an address of an initiative: twelve hexadecimal digits behind its name, or all thirty-two.
fn digits(rest: &str) -> Option<Vec<u8>> {
    if let Some(id) = unhex(rest) {
        return Some(id.to_vec());
    }
    let digits = rest.rsplit('-').next().unwrap_or_default();
    let id = unhex(&format!("{digits:0<32}")).filter(|_| digits.len() == 12);
    id.map(|id| id[..6].to_vec())
}

/// Finds an initiative by the end of its address.
pub(crate) fn found(cx: &Context<'_>, rest: &str) -> Result<Option<Here>, Problem> {
    let Some(bytes) = digits(rest) else {
        return Ok(None);
    };
    if let Ok(id) = <[u8; 16]>::try_from(bytes.as_slice()) {
        return Ok(tables::by_id(cx.db, cx.viewer, &id)?);
    }
    let mut from = [0_u8; 6];
    from.copy_from_slice(&bytes);
    Ok(tables::by_beginning(cx.db, cx.viewer, &from)?)
}

pub(crate) fn require(cx: &Context<'_>, rest: &str) -> Result<Here, Problem> {
    if let Some(here) = found(cx, rest)? {
        return Ok(here);
    }
    let gone = match digits(rest) {
        Some(bytes) => withdraw::gone(cx, &bytes)?,
        None => None,
    };
    Err(gone.unwrap_or_else(|| Problem::not_found(cx.words.t("no-initiative"))))
}
