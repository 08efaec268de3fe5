//! Pages of countries and provinces: what is there.

use super::{Answer, facet_word, map, name_of, row};
use crate::ask::{Asked, FACETS};
use crate::tables;
use atlas::basemap::{Area, View, built_in};
use atlas::countries::{self, fold};
use atlas::index::Found;
use site::{Context, Markup, PageHead, Problem, encode, html, number};
use std::collections::HashMap;

/// How many initiatives a page of an area lists; the map lists them all.
const PART: usize = 20;
/// How many values of a facet it lists.
const MOST_VALUES: usize = 12;

fn area_name(cx: &Context<'_>, area: &Area) -> String {
    name_of(cx, "area", &area.code)
}

/// How many initiatives each area has.
fn counts(cx: &Context<'_>, facet: &str) -> Result<HashMap<String, u64>, Problem> {
    let all = Asked {
        limit: 1,
        ..Asked::default()
    };
    let found = all.find(cx, None)?;
    let values = found.facets.into_iter().find(|(name, _)| name == facet);
    Ok(values
        .map(|(_, values)| values.into_iter().collect())
        .unwrap_or_default())
}

/// `GET /areas`: every country, with how many initiatives there are.
pub(super) fn list(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let counts = counts(cx, "country")?;
    let mut all: Vec<(String, &str, u64)> = countries::all()
        .iter()
        .map(|one| {
            let name = name_of(cx, "country", one.code);
            (name, one.code, counts.get(one.code).copied().unwrap_or(0))
        })
        .collect();
    all.sort_by_key(|(name, ..)| fold(name));
    let (there, empty): (Vec<_>, Vec<_>) = all.into_iter().partition(|(.., count)| *count > 0);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } } }
        div.head { h1 { (w.t("areas-title")) } p.lead { (w.t("areas-lead")) } }
        section aria-labelledby="h-there" { h2 #h-there { (w.tf("areas-there", &[("count", (there.len() as i64).into())])) }
            @if there.is_empty() { p.quiet { (w.t("areas-nowhere")) } }
            ul.tags { @for (name, code, count) in &there { li { a href={ "/areas/" (code) } { (name) " (" (number(cx.lang(), *count as i64)) ")" } } } } }
        section aria-labelledby="h-empty" { h2 #h-empty { (w.tf("areas-empty", &[("count", (empty.len() as i64).into())])) }
            details { summary { (w.t("areas-empty-open")) } ul.tags { @for (name, code, _) in &empty { li { a href={ "/areas/" (code) } { (name) } } } } } }
    };
    let head = PageHead {
        title: w.t("areas-title"),
        menu: "/map",
        canonical: Some("/areas".to_owned()),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

/// `GET /areas/…`: a country, by ISO 3166-1, or an area of one, by ISO 3166-2.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let code = cx.rest.to_uppercase();
    let area = built_in().area(&code);
    let country = countries::by_code(area.map_or(code.as_str(), |area| &area.country));
    let is_area = area.is_some();
    let name = match (area, country) {
        (Some(area), _) => area_name(cx, area),
        (None, Some(country)) => name_of(cx, "country", country.code),
        (None, None) => {
            return Err(Problem::not_found(
                w.tf("no-area", &[("code", cx.rest.into())]),
            ));
        }
    };
    let facet = if is_area { "area" } else { "country" };
    let asked = Asked {
        filters: vec![(facet, code.clone())],
        limit: PART,
        ..Asked::default()
    };
    let found = asked.find(cx, None)?;
    let on_map = asked.href("/map", None);
    let count = w.tf(
        "count-initiatives",
        &[("count", (found.total as i64).into())],
    );
    let parts = match country.filter(|_| !is_area) {
        Some(country) => provinces(cx, country.code)?,
        None => html! {},
    };
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } li { a href="/areas" { (w.t("areas-title")) } }
            @if let Some(country) = country.filter(|_| is_area) { li { a href={ "/areas/" (country.code) } { (name_of(cx, "country", country.code)) } } } } }
        div.head { h1 { (name) } p.lead { @if found.total == 0 { (w.t("area-none")) } @else { (count) } }
            p.actions { a.button href="/new/initiative" rel="nofollow" { (w.t("initiative-new")) } @if found.total > 0 { " " a.button href=(on_map) { (w.t("area-on-map")) } } } }
        div.mapview {
            div { (drawn(cx, &asked, &code, &count)?) }
            div {
                @if found.total == 0 { div.empty { h2 { (w.t("area-empty")) } p { (w.t("area-empty-why")) } } }
                @else { section aria-labelledby="h-list" { h2 #h-list { (w.t("area-there")) }
                    ol.rows { @for id in &found.list { @if let Some(here) = tables::by_id(cx.db, cx.viewer, id)? { li { (row(cx, &here)?) } } } }
                    @if found.total > PART as u64 { p { a href=(on_map) { (w.tf("area-all", &[("count", (found.total as i64).into())])) } } } } }
                (facts(cx, &asked, &found))
                p.small { a href={ "/search?q=" (encode(&name)) } { (w.tf("area-search", &[("name", name.as_str().into())])) } }
            }
        }
        (parts)
    };
    let head = PageHead {
        title: &name,
        menu: "/map",
        canonical: Some(format!("/areas/{code}")),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

/// Draws the area, with what is found in it.
fn drawn(cx: &Context<'_>, asked: &Asked, code: &str, count: &str) -> Result<Markup, Problem> {
    let around = built_in().around(code);
    let Some(bounds) = around else {
        return Ok(html! { p.quiet { (cx.words.t("map-no-land")) } });
    };
    let mut pictures = Vec::new();
    for (class, width, height) in [("only-wide", 680.0, 560.0), ("only-narrow", 340.0, 380.0)] {
        let view = View::of(&bounds, width, height, 14.0);
        let within = Asked {
            limit: 1,
            ..asked.clone()
        };
        let found = within.find(cx, Some(view.zoom(map::CELL)))?;
        let lozenges = map::lozenges(cx, asked, &view, &found)?;
        pictures.push((class, map::picture(asked, &view, &lozenges, cx, count)));
    }
    Ok(
        html! { @for (class, picture) in &pictures { div class={ "map " (class) } { (picture) } } p.small.quiet { (cx.words.t("map-about")) } },
    )
}

/// What is there, counted by each facet.
fn facts(cx: &Context<'_>, asked: &Asked, found: &Found) -> Markup {
    let facets = FACETS
        .into_iter()
        .filter(|facet| asked.value(facet).is_empty() && *facet != "country" && *facet != "area");
    let values = |facet: &str| {
        let found = found.facets.iter().find(|(name, _)| name == facet);
        found
            .map(|(_, values)| values.as_slice())
            .unwrap_or_default()
    };
    let href = |facet: &'static str, value: &str| {
        let mut more = asked.clone();
        more.filters.push((facet, value.to_owned()));
        more.href("/map", None)
    };
    html! { @for facet in facets { @let all = values(facet); @if !all.is_empty() {
        section aria-labelledby={ "h-" (facet) } { h3 #{ "h-" (facet) } { (cx.words.t(facet_word(facet))) }
            ul.tags { @for (value, count) in all.iter().take(MOST_VALUES) { li { a href=(href(facet, value)) { (name_of(cx, facet, value)) " (" (number(cx.lang(), *count as i64)) ")" } } } }
            @if all.len() > MOST_VALUES { p.small { a href=(asked.href("/map", None)) { (cx.words.tf("area-more", &[("count", ((all.len() - MOST_VALUES) as i64).into())])) } } } }
    } } }
}

/// Every province of a country, with how many initiatives each has, also those that have none.
fn provinces(cx: &Context<'_>, country: &str) -> Result<Markup, Problem> {
    let w = cx.words;
    let counts = counts(cx, "area")?;
    let mut all: Vec<(String, &str, u64)> = built_in()
        .areas_of(country)
        .into_iter()
        .map(|area| {
            (
                area_name(cx, area),
                area.code.as_str(),
                counts.get(&area.code).copied().unwrap_or(0),
            )
        })
        .collect();
    all.sort_by_key(|(name, ..)| fold(name));
    Ok(
        html! { @if !all.is_empty() { section aria-labelledby="h-provinces" { h2 #h-provinces { (w.tf("area-provinces", &[("count", (all.len() as i64).into())])) }
        ul.tags { @for (name, code, count) in &all { li { a href={ "/areas/" (code) } { (name) " (" (number(cx.lang(), *count as i64)) ")" } } } } } } },
    )
}
