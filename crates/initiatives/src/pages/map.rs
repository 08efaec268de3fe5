//! The map, drawn by the server, with the list that equals it, and what is taken away from it.

use super::{Answer, facet_word, island, name_of, row};
use crate::ask::{Asked, FACETS, cursor};
use crate::export::{self, Format, Taken};
use crate::tables;
use atlas::basemap::{Basemap, View, built_in};
use atlas::bounds::Bounds;
use atlas::index::{Cluster, Found};
use serde_json::json;
use site::{Context, Markup, PageHead, Problem, Response, encode, html, number};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many are listed beside the map.
const PART: usize = 20;
/// Units of the wide picture and of the narrow one.
const SIZES: [(f64, f64); 2] = [(680.0, 560.0), (340.0, 380.0)];
/// Units within which things are one lozenge.
pub(super) const CELL: f64 = 64.0;

pub(super) fn list(cx: &Context<'_>) -> Answer {
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

/// Returns the box around all that is there, in degrees: west, south, east, north.
pub(super) fn everything(cx: &Context<'_>) -> Result<[f64; 4], Problem> {
    let all = Asked {
        limit: 1,
        ..Asked::default()
    };
    Ok(around(&all.find(cx, Some(2))?.clusters).degrees())
}

/// `GET /map`: what is asked for, drawn and listed.
pub(super) fn map(cx: &Context<'_>) -> Answer {
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
        div.head { h1 { (title) } p.lead { (w.t("map-lead")) " " a href="/areas" { (w.t("areas-title")) } " · " a href="/sprints" { (w.t("sprints-title")) } " · " a href="/network" { (w.t("network-title")) } } p.actions { a.button href="/new/initiative" rel="nofollow" { (w.t("initiative-new")) } } }
        (filters(cx, &asked, &found))
        p.spread #map-scope aria-live="polite" { span { b { (count) } @if let Some(total) = total { " " (w.t("map-in-box")) " " (w.tf("map-of", &[("count", (total as i64).into())])) } }
            @if here.is_some() || !asked.filters.is_empty() || !asked.text.is_empty() { span.small { @if here.is_some() { a href=(everywhere.href("/map", None)) { (w.t("map-everywhere")) } } @if !asked.filters.is_empty() || !asked.text.is_empty() { " " a href=(Asked { bounds: asked.bounds, ..Asked::default() }.href("/map", here)) { (w.t("map-all")) } } } } }
        div.mapview {
            div {
                @for (class, view, found) in [("only-wide", &views[0], &pictures[0]), ("only-narrow", &views[1], &pictures[1])] {
                    @let lozenges = lozenges(cx, &asked, view, found)?;
                    div class={ "map " (class) } data-map=(told(&asked, view, &lozenges)) { (picture(&asked, view, &lozenges, cx, &count)) (pan(cx, &asked, view)) }
                }
                p.small.quiet { (w.t(if built_in().is_empty() { "map-no-land" } else { "map-about" })) }
                (island::parts())
            }
            section #map-list aria-labelledby="h-list" { h2 #h-list { (count) }
                @if found.total == 0 { div.empty { h3 { (w.t("map-empty")) } p { (w.t("map-empty-why")) } } }
                @else { ol.rows { @for id in &found.list { @if let Some(here) = tables::by_id(cx.db, cx.viewer, id)? { li { (row(cx, &here)?) } } } } }
                (site::pager(cx, &count, next.as_deref()))
                @if found.total > 0 { p.small { (w.t("map-take")) @for format in Format::ALL { " " a href={ (with_query(&asked.href("/map/export", here))) "format=" (format.end()) } rel="nofollow" { (format.end()) } } }
                @if cx.asker.is_some() { p.small { a href="/duplicates" rel="nofollow" { (w.t("pairs-title")) } } } }
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

/// How many may take away at once: each holds a connection to the database for as long as it takes.
const MOST_AT_ONCE: usize = 2;

/// How many take away now.
#[derive(Default)]
struct Taking(AtomicUsize);

/// A turn at taking away; given back when it is dropped.
struct Turn(Arc<Taking>);

impl Turn {
    fn take(taking: Arc<Taking>) -> Option<Self> {
        let others = taking.0.fetch_add(1, Ordering::AcqRel);
        let turn = Self(taking);
        (others < MOST_AT_ONCE).then_some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// `GET /map/export?format=…`: all that the same address shows on the map.
pub(super) fn take(cx: &Context<'_>) -> Answer {
    let word = cx.request.param("format").unwrap_or("geojson");
    let Some(format) = Format::parse(word) else {
        let said = [("text", word.into())];
        return Err(Problem::bad(
            "bad_format",
            cx.words.tf("bad-format", &said),
            cx.words.t("bad-format-remedy"),
        ));
    };
    let Some(_turn) = Turn::take(cx.node.held::<Taking>()) else {
        return Err(Problem {
            status: 503,
            code: "busy",
            detail: cx.words.t("take-busy").to_owned(),
            remedy: cx.words.t("take-busy-remedy").to_owned(),
        });
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
        form.filters #map-filters action="/map" {
            div { label for="map-q" { (w.t("map-text")) } input #map-q name="q" type="search" value=(asked.text); }
            button.main { (w.t("map-filter")) }
            details open data-chosen[!asked.filters.is_empty()] { summary { (w.t("map-filters")) } div.filters { @for facet in FACETS {
                @let values = values(facet);
                @if !values.is_empty() { div { label for={ "f-" (facet) } { (w.t(facet_word(facet))) }
                    select #{ "f-" (facet) } name=(facet) { option value="" { (w.t("map-any")) }
                        @for (value, name, count) in &values { option value=(value) selected[asked.value(facet) == value] { (name) " (" (number(cx.lang(), *count as i64)) ")" } } } } }
            } } }
            @if let Some(bounds) = &asked.bounds { input type="hidden" name="bbox" value=(bounds.text()); }
        }
    }
}

/// What lies near in one place of a picture.
pub(super) struct Lozenge {
    x: f64,
    y: f64,
    /// Half its width, in the picture's units.
    r: f64,
    href: String,
    name: String,
    cluster: Cluster,
}

/// Returns what is found, as lozenges in a picture, the largest first, so that small ones are not hidden.
pub(super) fn lozenges(
    cx: &Context<'_>,
    asked: &Asked,
    view: &View,
    found: &Found,
) -> Result<Vec<Lozenge>, Problem> {
    let mut lozenges = Vec::new();
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
        let cluster = *cluster;
        lozenges.push(Lozenge {
            x,
            y,
            r,
            href,
            name,
            cluster,
        });
    }
    Ok(lozenges)
}

fn chosen(asked: &Asked) -> Option<&str> {
    let chosen = [asked.value("area"), asked.value("country")];
    chosen.into_iter().find(|code| !code.is_empty())
}

/// What the same picture shows, for a map that is moved by hand.
fn told(asked: &Asked, view: &View, lozenges: &[Lozenge]) -> String {
    let clusters: Vec<serde_json::Value> = lozenges
        .iter()
        .map(|one| {
            let at = one.cluster.at;
            let near = one.cluster.places > 1;
            let around = near.then(|| around(std::slice::from_ref(&one.cluster)).degrees());
            json!({
                "at": [at.latitude(), at.longitude()], "places": one.cluster.places, "href": one.href, "name": one.name,
                "around": around,
            })
        })
        .collect();
    let towns = built_in().named(view);
    let towns: Vec<serde_json::Value> = towns
        .into_iter()
        .map(|(x, y, name)| {
            let (latitude, longitude) = view.globe(x, y);
            let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
            json!([round(latitude), round(longitude), name])
        })
        .collect();
    let shown = asked
        .bounds
        .map_or_else(|| view.degrees(), |bounds| bounds.degrees());
    json!({"view": shown, "chosen": chosen(asked).unwrap_or_default(), "clusters": clusters, "towns": towns}).to_string()
}

/// Draws land, towns and what is found.
pub(super) fn picture(
    asked: &Asked,
    view: &View,
    lozenges: &[Lozenge],
    cx: &Context<'_>,
    count: &str,
) -> Markup {
    let base: &Basemap = built_in();
    let drawn = base.draw(view, chosen(asked));
    html! {
        svg viewBox={ "0 0 " (view.width) " " (view.height) } role="group" aria-label=(count) {
            rect.sea width=(view.width) height=(view.height) {}
            path.land d=(drawn.land) {} path.chosen d=(drawn.chosen) {}
            @for (x, y, name) in &drawn.towns { text.t2.halo x=(x.round() + 5.0) y=(y.round() + 4.0) font-size="12" { (name) } circle.t2 cx=(x.round()) cy=(y.round()) r="2" {} }
            @for Lozenge { x, y, r, href, name, cluster } in lozenges {
                a href=(href) aria-label=(name) { title { (name) }
                    path.f-moss d=(format!("M{x:.0} {:.0}L{:.0} {y:.0} {x:.0} {:.0} {:.0} {y:.0}Z", y - r, x + r, y + r, x - r)) {}
                    @if cluster.places > 1 { text x=(x.round()) y=(y.round() + 4.0) text-anchor="middle" font-size="12" class="on-dye" { (number(cx.lang(), cluster.places as i64)) } }
                }
            }
        }
    }
}

/// The ways to move the view and to come nearer.
fn pan(cx: &Context<'_>, asked: &Asked, view: &View) -> Markup {
    let w = cx.words;
    let to = |right: f64, down: f64, larger: f64| {
        asked.href("/map", Some(&view.moved(right, down, larger).bounds()))
    };
    html! {
        ul.pan {
            @for (word, right, down, larger) in [
                ("in", 0.0, 0.0, 2.0), ("out", 0.0, 0.0, 0.5), ("west", -0.5, 0.0, 1.0), ("east", 0.5, 0.0, 1.0),
                ("north", 0.0, -0.5, 1.0), ("south", 0.0, 0.5, 1.0),
            ] { li { a.button href=(to(right, down, larger)) data-way=(word) rel="nofollow" { (w.t(&format!("map-{word}"))) } } }
        }
    }
}
