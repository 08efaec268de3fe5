//! The map, drawn by the server, and the page of an initiative.

use crate::api;
use crate::ask::{Asked, FACETS, cursor, hex, unhex};
use crate::export::{self, Format, Taken};
use crate::kinds;
use crate::model::{Confirmation, Initiative, Status};
use crate::tables::{self, Here, Revision};
use crate::write;
use atlas::basemap::{Basemap, View, built_in};
use atlas::bounds::Bounds;
use atlas::index::{Cluster, Found};
use atlas::{activities, countries};
use people::{LegalForm, Pen};
use site::form::{Field, Mistakes, choice};
use site::{
    Acting, Context, Markup, PageHead, PreEscaped, Problem, Response, Route, encode, html,
    language_name, number, when,
};
use store::{Node, Outcome};

type Answer = Result<Response, Problem>;

pub(crate) const ROUTES: &[Route] = &[
    Route::get(
        "/map",
        map,
        "Initiatives on the map, with the list that equals it",
    ),
    Route::get("/initiatives", list, "Initiatives, as the map shows them"),
    Route::get("/initiatives/*", page, "One initiative"),
    Route::get(
        "/map/export",
        take,
        "What the map shows, to take away: GeoJSON, CSV, KML, JSON Lines",
    )
    .waiting(),
    Route::get("/new/initiative", write::new_page, "Describe an initiative"),
    Route::post("/new/initiative", write::begin, "Publish a new initiative"),
    Route::get(
        "/edit-initiative/*",
        write::edit_page,
        "Change what an initiative says",
    ),
    Route::post(
        "/edit-initiative/*",
        write::change,
        "Publish what was changed of an initiative",
    ),
    Route::post("/confirm/*", confirm, "Say whether an initiative is alive"),
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
];

/// How many are listed beside the map.
const PART: usize = 20;
/// How many revisions a page lists.
const MOST_REVISIONS: i64 = 50;
/// Units of the wide picture and of the narrow one.
const SIZES: [(f64, f64); 2] = [(680.0, 560.0), (340.0, 380.0)];
/// Units within which things are one lozenge.
const CELL: f64 = 64.0;

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
        "area" => built_in()
            .area(value)
            .map(|area| if spanish { &*area.spanish } else { &*area.name }),
        _ => None,
    };
    found.unwrap_or(value).to_owned()
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Alive => "status-alive",
        Status::Paused => "status-paused",
        Status::Gone => "status-gone",
    }
}

fn facet_word(facet: &str) -> &'static str {
    match facet {
        "kind" => "initiative-kind",
        "theme" => "initiative-theme",
        "country" => "initiative-country",
        "area" => "initiative-area",
        "activity" => "initiative-activity",
        "form" => "initiative-form",
        _ => "initiative-status",
    }
}

fn list(cx: &Context<'_>) -> Answer {
    let asked = Asked::of(cx, PART)?;
    Ok(Response::redirect(
        302,
        &asked.href("/map", asked.bounds.as_ref()),
    ))
}

/// The box around what is found, or the world.
fn around(clusters: &[Cluster]) -> Bounds {
    let boxes = clusters.iter().map(|cluster| cluster.around);
    let whole = boxes.reduce(|a, b| {
        [
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[2].max(b[2]),
            a[3].max(b[3]),
        ]
    });
    let Some(whole) = whole else {
        return Bounds::WORLD;
    };
    let [west, south, east, north] = whole.map(|micro| f64::from(micro) / 1e6);
    // A single place has a neighbourhood.
    let edge = ((east - west).max(north - south) * 0.04).max(0.02);
    Bounds::from_degrees(
        (west - edge).max(-180.0),
        (south - edge).max(-85.0),
        (east + edge).min(180.0),
        (north + edge).min(85.0),
    )
    .unwrap_or(Bounds::WORLD)
}

/// `GET /map`: what is asked for, drawn and listed.
fn map(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let asked = Asked::of(cx, PART)?;
    // The picture shows the box that was asked for; without one, all that is found.
    let bounds = match asked.bounds {
        Some(bounds) => bounds,
        None => around(&asked.find(cx, Some(2))?.clusters),
    };
    let views = SIZES.map(|(width, height)| View::of(&bounds, width, height, 10.0));
    let found = asked.find(cx, None)?;
    // Where no box was asked for, the picture's own keeps the cells small, and holds all.
    let drawn = |view: &View| {
        let within = Asked {
            bounds: Some(asked.bounds.unwrap_or_else(|| view.bounds())),
            limit: 1,
            after: None,
            ..asked.clone()
        };
        within.find(cx, Some(view.zoom(CELL)))
    };
    let pictures = [drawn(&views[0])?, drawn(&views[1])?];
    let count = w.tf(
        "count-initiatives",
        &[("count", (found.total as i64).into())],
    );
    let title = match asked.value("area") {
        "" => w.t("map-title").to_owned(),
        area => name_of(cx, "area", area),
    };
    let here = asked.bounds.as_ref();
    let everywhere = Asked {
        bounds: None,
        ..asked.clone()
    };
    let total = match here {
        Some(_) => Some(everywhere.find(cx, None)?.total),
        None => None,
    };
    let next = found.next.as_ref().map(|next| {
        let href = with_query(&asked.href("/map", here));
        format!("{href}after={}#h-list", encode(&cursor(next)))
    });
    let main = html! {
        div.head { h1 { (title) } p.lead { (w.t("map-lead")) } p.actions { a.button href="/new/initiative" rel="nofollow" { (w.t("initiative-new")) } } }
        (filters(cx, &asked, &found))
        p.spread { span { b { (count) } @if let Some(total) = total { " " (w.t("map-in-box")) " " (w.tf("map-of", &[("count", (total as i64).into())])) } }
            @if here.is_some() || !asked.filters.is_empty() || !asked.text.is_empty() { span.small { @if here.is_some() { a href=(everywhere.href("/map", None)) { (w.t("map-everywhere")) } } @if !asked.filters.is_empty() || !asked.text.is_empty() { " " a href=(Asked { bounds: asked.bounds, ..Asked::default() }.href("/map", here)) { (w.t("map-all")) } } } } }
        div.mapview {
            div {
                @for (class, view, found) in [("only-wide", &views[0], &pictures[0]), ("only-narrow", &views[1], &pictures[1])] {
                    div class={ "map " (class) } { (picture(cx, &asked, view, found, &count)?) (pan(cx, &asked, view)) }
                }
                p.small.quiet { (w.t(if built_in().is_empty() { "map-no-land" } else { "map-about" })) }
            }
            section aria-labelledby="h-list" { h2 #h-list { (count) }
                @if found.total == 0 { div.empty { h3 { (w.t("map-empty")) } p { (w.t("map-empty-why")) } } }
                @else { ol.rows { @for id in &found.list { @if let Some(here) = tables::by_id(cx.db, cx.viewer, id)? { li { (row(cx, &here)?) } } } } }
                (site::pager(cx, &count, next.as_deref()))
                @if found.total > 0 { p.small { (w.t("map-take")) @for format in Format::ALL { " " a href={ (with_query(&asked.href("/map/export", here))) "format=" (format.end()) } rel="nofollow" { (format.end()) } } } }
            }
        }
    };
    let head = PageHead {
        title: &title,
        menu: "/map",
        canonical: cx.request.query.is_empty().then(|| "/map".to_owned()),
        noindex: !cx.request.query.is_empty(),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

/// Returns an address to which a field of a query can be added.
fn with_query(href: &str) -> String {
    format!("{href}{}", if href.contains('?') { '&' } else { '?' })
}

/// How many initiatives are taken away at once.
const MOST_TAKEN: usize = 100_000;

/// `GET /map/export?format=…`: all that the same address shows on the map.
fn take(cx: &Context<'_>) -> Answer {
    let word = cx.request.param("format").unwrap_or("geojson");
    let Some(format) = Format::parse(word) else {
        let said = [("text", word.into())];
        return Err(Problem::bad(
            "bad_format",
            cx.words.tf("bad-format", &said),
            cx.words.t("bad-format-remedy"),
        ));
    };
    let asked = Asked {
        limit: MOST_TAKEN,
        after: None,
        ..Asked::of(cx, PART)?
    };
    let found = asked.find(cx, None)?;
    let mut all = Vec::new();
    for id in &found.list {
        if let Some(here) = tables::by_id(cx.db, cx.viewer, id)?
            && let Some(said) = tables::shown(cx.db, &here)?
        {
            let href = format!("{}{}", cx.base(), here.href());
            all.push(Taken { here, href, said });
        }
    }
    let text = export::write(format, &all, cx.lang().tag());
    let name = format!("attachment; filename=\"initiatives.{}\"", format.end());
    Ok(Response::ok(format.media(), text.into_bytes()).with("content-disposition", name))
}

fn row(cx: &Context<'_>, here: &Here) -> Result<Markup, Problem> {
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

/// What can be chosen, each with how many there are.
fn filters(cx: &Context<'_>, asked: &Asked, found: &Found) -> Markup {
    const MOST: usize = 300;
    let w = cx.words;
    let values = |facet: &str| {
        let found = found.facets.iter().find(|(name, _)| name == facet);
        let mut values: Vec<(String, String, u64)> = found
            .map(|(_, values)| values.as_slice())
            .unwrap_or_default()
            .iter()
            .take(MOST)
            .map(|(value, count)| (value.clone(), name_of(cx, facet, value), *count))
            .collect();
        let chosen = asked.value(facet);
        if !chosen.is_empty() && !values.iter().any(|(value, ..)| value == chosen) {
            values.push((chosen.to_owned(), name_of(cx, facet, chosen), 0));
        }
        values
    };
    html! {
        form.filters action="/map" {
            div { label for="map-q" { (w.t("map-text")) } input #map-q name="q" type="search" value=(asked.text); }
            @for facet in FACETS {
                @let values = values(facet);
                @if !values.is_empty() { div { label for={ "f-" (facet) } { (w.t(facet_word(facet))) }
                    select #{ "f-" (facet) } name=(facet) { option value="" { (w.t("map-any")) }
                        @for (value, name, count) in &values { option value=(value) selected[asked.value(facet) == value] { (name) " (" (number(cx.lang(), *count as i64)) ")" } } } } }
            }
            @if let Some(bounds) = &asked.bounds { input type="hidden" name="bbox" value=(bounds.text()); }
            button.main { (w.t("map-filter")) }
        }
    }
}

/// Draws land, towns and what is found.
fn picture(cx: &Context<'_>, asked: &Asked, view: &View, found: &Found, count: &str) -> Answerable {
    let base: &Basemap = built_in();
    let chosen = [asked.value("area"), asked.value("country")];
    let drawn = base.draw(view, chosen.into_iter().find(|code| !code.is_empty()));
    let mut lozenges = Vec::new();
    // The largest first, so that small ones are not hidden.
    for cluster in &found.clusters {
        let (x, y) = view.place(cluster.at.latitude(), cluster.at.longitude());
        let r = if cluster.places == 1 {
            8.0
        } else {
            9.0 + 1.7 * (cluster.places as f64).log2().min(12.0)
        };
        if x < -r || y < -r || x > view.width + r || y > view.height + r {
            continue;
        }
        let single = match cluster.thing.filter(|_| cluster.places == 1) {
            Some(id) => tables::by_id(cx.db, cx.viewer, &id)?,
            None => None,
        };
        let (href, name) = match &single {
            Some(here) => (here.href(), here.title.clone()),
            None => {
                let bounds = around(std::slice::from_ref(cluster));
                let said = [("count", (cluster.places as i64).into())];
                (
                    asked.href("/map", Some(&bounds)),
                    cx.words.tf("map-nearer", &said),
                )
            }
        };
        lozenges.push((x, y, r, href, name, cluster.places));
    }
    Ok(html! {
        svg viewBox={ "0 0 " (view.width) " " (view.height) } role="group" aria-label=(count) {
            rect.sea width=(view.width) height=(view.height) {}
            path.land d=(drawn.land) {} path.chosen d=(drawn.chosen) {}
            @for (x, y, name) in &drawn.towns { text.t2.halo x=(x.round() + 5.0) y=(y.round() + 4.0) font-size="12" { (name) } circle.t2 cx=(x.round()) cy=(y.round()) r="2" {} }
            @for (x, y, r, href, name, places) in &lozenges {
                a href=(href) aria-label=(name) { title { (name) }
                    path.f-moss d=(format!("M{x:.0} {:.0}L{:.0} {y:.0} {x:.0} {:.0} {:.0} {y:.0}Z", y - r, x + r, y + r, x - r)) {}
                    @if *places > 1 { text x=(x.round()) y=(y.round() + 4.0) text-anchor="middle" font-size="12" class="on-dye" { (number(cx.lang(), *places as i64)) } }
                }
            }
        }
    })
}

type Answerable = Result<Markup, Problem>;

/// The ways to move the view and to come nearer.
fn pan(cx: &Context<'_>, asked: &Asked, view: &View) -> Markup {
    let w = cx.words;
    let to = |right: f64, down: f64, larger: f64| {
        asked.href("/map", Some(&view.moved(right, down, larger).bounds()))
    };
    html! {
        ul.pan {
            @for (word, right, down, larger) in [
                ("map-in", 0.0, 0.0, 2.0), ("map-out", 0.0, 0.0, 0.5), ("map-west", -0.5, 0.0, 1.0), ("map-east", 0.5, 0.0, 1.0),
                ("map-north", 0.0, -0.5, 1.0), ("map-south", 0.0, 0.5, 1.0),
            ] { li { a.button href=(to(right, down, larger)) rel="nofollow" { (w.t(word)) } } }
        }
    }
}

/// Finds an initiative by the end of its address.
pub(crate) fn found(cx: &Context<'_>, rest: &str) -> Result<Option<Here>, Problem> {
    if let Some(id) = unhex(rest) {
        return Ok(tables::by_id(cx.db, cx.viewer, &id)?);
    }
    let digits = rest.rsplit('-').next().unwrap_or_default();
    let padded = format!("{digits:0<32}");
    let Some(id) = unhex(&padded).filter(|_| digits.len() == 12) else {
        return Ok(None);
    };
    let mut from = [0_u8; 6];
    from.copy_from_slice(&id[..6]);
    Ok(tables::by_beginning(cx.db, cx.viewer, &from)?)
}

pub(crate) fn require(cx: &Context<'_>, rest: &str) -> Result<Here, Problem> {
    found(cx, rest)?.ok_or_else(|| Problem::not_found(cx.words.t("no-initiative")))
}

/// `GET /initiatives/…`.
fn page(cx: &Context<'_>) -> Answer {
    let here = require(cx, cx.rest)?;
    if !here.merged_into.is_empty() {
        let into = record::short_id(&here.merged_into);
        if let Some(other) = tables::by_id(cx.db, cx.viewer, &into)? {
            return Ok(Response::redirect(301, &other.href()));
        }
    }
    if here.href() != cx.request.path {
        return Ok(Response::redirect(302, &here.href()));
    }
    draw(cx, &here, &Mistakes::default())
}

fn draw(cx: &Context<'_>, here: &Here, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let lang = cx.lang().tag();
    let Some(said) = tables::shown(cx.db, here)? else {
        return Err(Problem::not_found(w.t("no-initiative")));
    };
    let name = said.name(lang);
    let points = tables::points(cx.db, &here.id)?;
    let revisions = tables::revisions(cx.db, cx.viewer, &here.id, MOST_REVISIONS)?;
    let authors = revisions
        .iter()
        .map(|one| one.author.as_str())
        .chain(std::iter::once(here.confirmer.as_str()));
    let people = people::labels(cx.db, cx.viewer, authors)?;
    let who = |did: &str| -> Markup {
        html! { @match people.get(did) {
            Some(person) => { a href=(person.href()) { (person.name) } }
            None if did == cx.node.keys().commons_did().as_str() => { (cx.settings.name) }
            None => { (w.t("person-gone")) }
        } }
    };
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } } }
        div.head {
            span.kind data-kind="initiative" { (name_of(cx, "kind", &said.kind)) }
            h1 { (name) }
            p.lead { (place_words(cx, &said)) }
            div.actions { a.button href={ "/edit-initiative/" (hex(&here.id)) } rel="nofollow" { (w.t("initiative-edit")) } " " (people::follow_button(cx, &here.id)?) }
        }
        div.split {
            div {
                (mistakes.summary(w))
                @match said.content(lang) {
                    Some((language, text)) => { article.prose lang=(language) { (PreEscaped(people::markdown(text))) } @if language != lang && language != "und" { p.small.quiet { (w.tf("initiative-in", &[("language", language_name(language).into())])) } } }
                    None => { p.quiet { (w.t("initiative-silent")) } }
                }
                @for (word, text) in [("initiative-offers", &said.offering), ("initiative-needs", &said.seeking)] { @if !text.is_empty() { section { h2 { (w.t(word)) } p { (text) } } } }
                @if let [(point, radius), ..] = points.as_slice() { (small_map(cx, *point, *radius)) }
                section aria-labelledby="h-alive" { h2 #h-alive { (w.t("initiative-alive")) }
                    @match Status::parse(&here.status) {
                        Some(status) => { p { b { (w.t(status_word(status))) } " · " (when(cx.lang(), here.confirmed)) " · " (who(&here.confirmer)) } }
                        None => { p.quiet { (w.t("initiative-unconfirmed")) } }
                    }
                    @if cx.asker.is_some() { details { summary { (w.t("confirm-open")) } (confirm_form(cx, here, mistakes)) } }
                    @else { p.small { a href={ "/sign-in?next=" (encode(&here.href())) } rel="nofollow" { (w.t("confirm-sign-in")) } } }
                }
                section aria-labelledby="h-history" { h2 #h-history { (w.t("initiative-history")) }
                    ol.timeline { @for one in &revisions { li { (revision(cx, one, &who)) } } } }
            }
            aside { (facts(cx, &said)) }
        }
    };
    let description: String = here.lead.chars().take(200).collect();
    let head = PageHead {
        title: name,
        menu: "/map",
        description: Some(description.as_str()).filter(|text| !text.is_empty()),
        canonical: Some(here.href()),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

fn revision(cx: &Context<'_>, one: &Revision, who: &dyn Fn(&str) -> Markup) -> Markup {
    let w = cx.words;
    html! {
        p { b { (when(cx.lang(), one.at)) } " " @if one.withdrawn { (w.t("initiative-withdrawn")) } @else { (who(&one.author)) } @if one.provenance == "imported" { " " span.badge { (w.t("initiative-imported")) } } }
        @if !one.summary.is_empty() { p { (one.summary) } }
    }
}

fn place_words(cx: &Context<'_>, said: &Initiative) -> String {
    let mut words = Vec::new();
    for place in said.places.iter().take(3) {
        let country = if place.country.is_empty() {
            String::new()
        } else {
            name_of(cx, "country", &place.country)
        };
        let parts = [&place.locality, &place.region, &country];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        if !parts.is_empty() {
            words.push(parts.join(", "));
        }
    }
    if said.online {
        words.push(cx.words.t("initiative-online").to_owned());
    }
    words.join(" · ")
}

fn facts(cx: &Context<'_>, said: &Initiative) -> Markup {
    let w = cx.words;
    let address = said
        .places
        .iter()
        .map(|place| place.address.as_str())
        .find(|text| !text.is_empty());
    html! {
        section.infobox aria-label=(w.t("initiative-facts")) { dl.facts {
            @if let Some(form) = said.legal_form() { dt { (w.t("initiative-form")) } dd { (w.t(form.word())) " " span.badge data-tone="ask" { (w.t("claimed")) } } }
            @if !said.themes.is_empty() { dt { (w.t("initiative-theme")) } dd { ul.tags { @for theme in &said.themes { li { a href={ "/map?theme=" (encode(theme)) } { (theme) } } } } } }
            @if !said.activities.is_empty() { dt { (w.t("initiative-activity")) } dd { @for key in &said.activities { p { a href={ "/map?activity=" (encode(key)) } { (name_of(cx, "activity", key)) } } } } }
            @if let Some(address) = address { dt { (w.t("initiative-address")) } dd { (address) } }
            @if !said.hours.is_empty() { dt { (w.t("initiative-hours")) } dd { (said.hours) } }
            @if !said.since.is_empty() { dt { (w.t("initiative-since")) } dd { (said.since) } }
            @if !said.links.is_empty() { dt { (w.t("initiative-links")) } dd { @for link in &said.links { p { a href=(link) rel="nofollow noopener ugc" { (link) } } } } }
            @if !said.licence.is_empty() { dt { (w.t("initiative-licence")) } dd { (said.licence) @if !said.attribution.is_empty() { ", " (said.attribution) } } }
            @if !said.sources.is_empty() { dt { (w.t("initiative-sources")) } dd { @for origin in &said.sources { p.small { (origin.source) } } } }
        } }
        @if !said.original.is_empty() { section.infobox aria-labelledby="ib-original" { h2 #ib-original { (w.t("initiative-original")) } dl.facts { @for (name, text) in &said.original { dt { (name) } dd { (text) } } } } }
    }
}

fn small_map(cx: &Context<'_>, point: record::Place, radius: i64) -> Markup {
    let w = cx.words;
    let (y, x) = (point.latitude(), point.longitude());
    let bounds = Bounds::from_degrees(
        (x - 1.2).max(-180.0),
        (y - 0.7).max(-85.0),
        (x + 1.2).min(180.0),
        (y + 0.7).min(85.0),
    );
    let Ok(bounds) = bounds else {
        return html! {};
    };
    let view = View::of(&bounds, 680.0, 300.0, 0.0);
    let drawn = built_in().draw(&view, None);
    let (px, py) = view.place(y, x);
    html! {
        section aria-labelledby="h-where" { h2 #h-where { (w.t("initiative-where")) }
            div.map { svg viewBox="0 0 680 300" role="img" aria-label={ (point) } {
                rect.sea width="680" height="300" {} path.land d=(drawn.land) {}
                @for (x, y, name) in &drawn.towns { text.t2.halo x=(x.round() + 5.0) y=(y.round() + 4.0) font-size="13" { (name) } circle.t2 cx=(x.round()) cy=(y.round()) r="2" {} }
                path.f-moss d=(format!("M{px:.0} {:.0}l10 10 -10 10 -10 -10Z", py - 10.0)) {}
            } }
            p.small.quiet { (point) @if radius > 0 { " · " (w.tf("initiative-rough", &[("metres", radius.into())])) } " · " a href={ "/map?bbox=" (bounds.text()) } { (w.t("initiative-near")) } }
        }
    }
}

fn confirm_form(cx: &Context<'_>, here: &Here, mistakes: &Mistakes) -> Markup {
    let w = cx.words;
    html! {
        form.narrow method="post" action={ "/confirm/" (hex(&here.id)) } { (cx.guarded())
            fieldset.field { legend { (w.t("confirm-legend")) }
                @for status in [Status::Alive, Status::Paused, Status::Gone] { (choice("radio", "status", status.as_str(), status == Status::Alive, &html! { (w.t(status_word(status))) })) } }
            (Field { name: "note", label: w.t("confirm-note"), hint: w.t("confirm-note-hint"), optional: true, ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("confirm-button")) } }
        }
    }
}

/// `POST /confirm/…`: somebody says whether an initiative is alive.
fn confirm(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = acting.asker()?;
    if !asker.allows("write") {
        return Err(Problem::forbidden(
            "out_of_scope",
            w.t("out-of-scope"),
            w.t("out-of-scope-remedy"),
        ));
    }
    let (here, id) = acting.read(|cx| {
        let here = require(cx, cx.rest)?;
        let id = people::full_id(cx.db, &here.id)?;
        Ok((here, id))
    })?;
    let gone = || Problem::not_found(w.t("no-initiative"));
    let about = id.ok_or_else(gone)?.to_string();
    let Some(status) = Status::parse(acting.field("status")) else {
        return Err(Problem::bad(
            "bad_status",
            w.t("bad-status"),
            w.t("bad-status-remedy"),
        ));
    };
    let note = acting.field("note").chars().take(300).collect();
    let node = acting.node;
    let pen = node.store().read(|db| Pen::of(node, db, asker))?;
    let own = || Problem::forbidden("own_key", w.t("rule-own-key"), w.t("rule-own-key-remedy"));
    let pen = pen.ok_or_else(own)?;
    let said = Confirmation {
        about,
        status,
        note,
    };
    let draft = said.draft(node.keys().commons_did(), Node::now());
    let draft = draft.map_err(|_| Problem::bad("bad_status", w.t("bad-status"), ""))?;
    let record = pen.sign(node, draft)?;
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => {
            let problem = Problem::refused(w, refusal);
            let mut mistakes = Mistakes::default();
            mistakes.add("note", problem.sentences());
            let page = acting.read(|cx| draw(cx, &here, &mistakes))?;
            Ok(page.status(problem.status))
        }
        _ => Ok(acting.see(&format!("{}#h-alive", here.href()))),
    }
}
