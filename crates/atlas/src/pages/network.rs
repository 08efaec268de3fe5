//! The network: what a thing is connected with, how two are connected, what holds together.

use super::Answer;
use crate::graph::{Node as Number, layout};
use crate::net::{Knot, Net, net};
use serde_json::{Value, json};
use site::form::{Field, Mistakes};
use site::{Context, Markup, PageHead, Problem, Response, encode, encode_title, html, number};
use std::sync::Arc;

/// How many things the wide picture shows, and the narrow one.
const SHOWN: [usize; 2] = [60, 22];
/// How many of them have their names written beside them.
const NAMED: [usize; 2] = [16, 8];
/// Units of the wide picture and of the narrow one.
const SIZES: [(f64, f64); 2] = [(680.0, 560.0), (340.0, 400.0)];
/// How many links away a picture reaches.
const FAR: u32 = 2;
/// How many communities, bridges are listed.
const MOST_LISTED: usize = 25;
/// A bridge on which less hangs is a twig: every page with one link has one.
const LEAST_BRIDGE: u32 = 5;

fn held(cx: &Context<'_>) -> Result<Arc<Net>, Problem> {
    Ok(net(cx.node, cx.db, cx.viewer)?)
}

fn href(knot: &Knot) -> String {
    format!("/network/of/{}", encode_title(&knot.key))
}

fn kind_word(kind: &str) -> &'static str {
    match kind {
        "article" => "network-article",
        "category" => "network-category",
        "initiative" => "network-initiative",
        "person" => "network-person",
        "organization" => "network-organization",
        _ => "network-other",
    }
}

/// The dye of a kind in pictures.
fn dye(kind: &str) -> &'static str {
    match kind {
        "initiative" => "f-moss",
        "person" | "organization" => "f-cochineal",
        _ => "f-indigo",
    }
}

/// How one thing is linked with the next, in words.
fn relation(cx: &Context<'_>, net: &Net, one: Number, other: Number) -> String {
    let Some((relation, forth)) = net.relation(one, other) else {
        return String::new();
    };
    let word = match (relation, forth) {
        ("mentions", true) => "relation-mentions",
        ("mentions", false) => "relation-mentioned",
        ("category", true) | ("works on", true) => "relation-theme",
        ("category", false) | ("works on", false) => "relation-theme-of",
        ("translates", _) => "relation-translates",
        _ => "relation-in",
    };
    cx.words.t(word).to_owned()
}

/// `GET /network`: communities, bridges, and how two things are connected.
pub(super) fn overview(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let net = held(cx)?;
    let given = |name: &str| cx.request.param(name).map(str::trim).unwrap_or_default();
    let (from, to) = (given("from"), given("to"));
    let mut mistakes = Mistakes::default();
    let mut way = None;
    if !from.is_empty() || !to.is_empty() {
        let look = |field: &'static str, text: &str, mistakes: &mut Mistakes| {
            let found = net.find(text);
            if found.is_none() {
                mistakes.add(field, w.tf("network-unknown", &[("text", text.into())]));
            }
            found
        };
        let (one, other) = (
            look("from", from, &mut mistakes),
            look("to", to, &mut mistakes),
        );
        if let (Some(one), Some(other)) = (one, other) {
            way = Some((one, other, net.graph.path(one, other)));
        }
    }
    let parted = net.parted();
    let count = |n: usize| number(cx.lang(), n as i64);
    let bridges: Vec<_> = parted
        .bridges
        .iter()
        .take_while(|(.., hangs)| *hangs >= LEAST_BRIDGE)
        .take(MOST_LISTED)
        .collect();
    let name = |node: Number| -> Markup {
        html! { @if let Some(knot) = net.knot(node) { a href=(href(knot)) { (knot.title) } } }
    };
    let main = html! {
        div.head { h1 { (w.t("network-title")) } p.lead { (w.tf("network-lead", &[("things", (net.knots.len() as i64).into()), ("links", (net.graph.links() as i64).into())])) } }
        section aria-labelledby="h-way" { h2 #h-way { (w.t("network-way")) }
            (mistakes.summary(w))
            form.narrow action="/network" {
                (Field { name: "from", label: w.t("network-from"), hint: w.t("network-hint"), value: from, ..Field::default() }.draw(w, &mistakes))
                (Field { name: "to", label: w.t("network-to"), value: to, ..Field::default() }.draw(w, &mistakes))
                p.actions { button.main { (w.t("network-find")) } }
            }
            @if let Some((one, other, path)) = &way { (drawn_way(cx, &net, *one, *other, path.as_deref())) }
        }
        section { h2 #h-communities { (w.tf("network-communities", &[("count", (parted.members.len() as i64).into())])) }
            p { (w.t("network-communities-what")) }
            @if net.knots.is_empty() { div.empty { h3 { (w.t("network-empty")) } p { (w.t("network-empty-why")) } } }
            @else { div.scroll role="region" tabindex="0" aria-labelledby="h-communities" { table {
                thead { tr { th scope="col" { (w.t("network-around-what")) } th.num scope="col" { (w.t("network-things")) } th scope="col" { (w.t("network-kinds")) } } }
                tbody { @for members in parted.members.iter().take(MOST_LISTED).filter(|members| members.len() > 1) { tr {
                    th scope="row" { @for (n, one) in members.iter().take(3).enumerate() { @if n > 0 { ", " } (name(*one)) } }
                    td.num { (count(members.len())) }
                    td { (kinds(cx, &net, members)) }
                } } }
            } } }
        }
        section { h2 #h-between { (w.t("network-between")) }
            p { (w.t("network-between-what")) }
            @if !parted.between.is_empty() { div.scroll role="region" tabindex="0" aria-labelledby="h-between" { table {
                thead { tr { th scope="col" { (w.t("network-thing")) } th.num scope="col" { (w.t("network-touches")) } th.num scope="col" { (w.t("network-links")) } } }
                tbody { @for (node, _, touches) in &parted.between { tr { th scope="row" { (name(*node)) } td.num { (count(*touches)) } td.num { (count(net.graph.neighbours(*node).len())) } } } }
            } } }
        }
        section { h2 #h-bridges { (w.t("network-bridges")) }
            p { (w.t("network-bridges-what")) }
            @if bridges.is_empty() { p.quiet { (w.t("network-no-bridges")) } }
            @else { div.scroll role="region" tabindex="0" aria-labelledby="h-bridges" { table {
                thead { tr { th scope="col" { (w.t("network-one")) } th scope="col" { (w.t("network-other-end")) } th.num scope="col" { (w.t("network-hangs")) } } }
                tbody { @for (one, other, hangs) in bridges { tr { td { (name(*one)) } td { (name(*other)) } td.num { (count(*hangs as usize)) } } } }
            } } }
        }
    };
    let head = PageHead {
        title: w.t("network-title"),
        menu: "/map",
        canonical: cx.request.query.is_empty().then(|| "/network".to_owned()),
        noindex: !cx.request.query.is_empty(),
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(&mistakes))
}

/// How many of each kind there are, in words.
fn kinds(cx: &Context<'_>, net: &Net, members: &[Number]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for one in members {
        let kind = net.knot(*one).map_or("", |knot| &knot.kind);
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let said: Vec<String> = counts
        .into_iter()
        .map(|(kind, count)| {
            let word = format!("{}s", kind_word(kind));
            cx.words.tf(&word, &[("count", (count as i64).into())])
        })
        .collect();
    said.join(", ")
}

/// A shortest way from one thing to another, step by step.
fn drawn_way(
    cx: &Context<'_>,
    net: &Net,
    one: Number,
    other: Number,
    path: Option<&[Number]>,
) -> Markup {
    let w = cx.words;
    let title = |node: Number| net.knot(node).map_or("", |knot| &*knot.title);
    let ends = [("from", title(one).into()), ("to", title(other).into())];
    html! { @match path {
        None => { div.notice data-tone="info" role="status" { h3 { (w.tf("network-no-way", &ends)) } p { (w.t("network-no-way-why")) } } }
        Some(path) => {
            h3 role="status" { (w.tf("network-steps", &[("count", (path.len().saturating_sub(1) as i64).into())])) }
            ol.timeline { @for (n, node) in path.iter().enumerate() { @if let Some(knot) = net.knot(*node) { li {
                p { @if n > 0 { span.small.quiet { (relation(cx, net, path[n - 1], *node)) " " } } a href=(href(knot)) { b { (knot.title) } } " " span.small.quiet { (w.t(kind_word(&knot.kind))) } }
            } } } }
        }
    } }
}

/// `GET /network/of/…`: what lies around a thing.
pub(super) fn of(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let net = held(cx)?;
    let unknown = || Problem::not_found(w.tf("network-unknown", &[("text", cx.rest.into())]));
    let node = net.number(cx.rest).ok_or_else(unknown)?;
    let knot = net.knot(node).ok_or_else(unknown)?;
    let links = net.graph.neighbours(node).len();
    let around = net.graph.around(node, FAR, SHOWN[0]);
    let page = cx.address_of(&knot.key);
    let near = around.iter().filter(|(_, far)| *far == 1).count();
    let list = |far: u32| around.iter().filter(move |(_, at)| *at == far);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/network" { (w.t("network-title")) } } } }
        div.head { h1 { (w.tf("network-of", &[("title", (&*knot.title).into())])) } p.lead { (w.tf("network-count", &[("count", (links as i64).into())])) }
            p.actions { @if let Some(page) = &page { a.button href=(page) { (w.t("network-read")) } " " } a.button href={ "/network?from=" (encode(&knot.title)) "#h-way" } rel="nofollow" { (w.t("network-way")) } } }
        @if links == 0 { div.empty { h2 { (w.t("network-alone")) } p { (w.t("network-alone-why")) } } }
        @else {
            div.mapview {
                div {
                    (picture(cx, &net, node, 0)) (picture(cx, &net, node, 1))
                    p.small.quiet { (w.t("network-picture")) }
                }
                section aria-labelledby="h-list" {
                    h2 #h-list { (w.t("network-near")) }
                    ul.rows { @for (other, _) in list(1) { (row(cx, &net, node, *other)) } }
                    @if near < links { p.small { (w.tf("network-more", &[("count", ((links - near) as i64).into())])) @if let Some(page) = &page { " " a href=(page) { (w.t("network-read")) } } } }
                    @if list(2).next().is_some() { h2 { (w.t("network-farther")) } ul.tags { @for (other, _) in list(2) { @if let Some(knot) = net.knot(*other) { li { a href=(href(knot)) { (knot.title) } } } } } }
                }
            }
        }
    };
    let title = w.tf("network-of", &[("title", (&*knot.title).into())]);
    let head = PageHead {
        title: &title,
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

fn row(cx: &Context<'_>, net: &Net, node: Number, other: Number) -> Markup {
    html! { @if let Some(knot) = net.knot(other) { li {
        h3 { a href=(href(knot)) { (knot.title) } }
        p.small.quiet { (cx.words.t(kind_word(&knot.kind))) " · " (relation(cx, net, node, other)) }
    } } }
}

/// Draws a neighbourhood: each thing at the same place at every visit.
fn picture(cx: &Context<'_>, net: &Net, node: Number, size: usize) -> Markup {
    let (width, height) = SIZES[size];
    let nodes: Vec<Number> = net
        .graph
        .around(node, FAR, SHOWN[size])
        .into_iter()
        .map(|(node, _)| node)
        .collect();
    let links = net.graph.among(&nodes);
    let seed = |node: &Number| {
        let id = net.knot(*node).map(|knot| knot.id).unwrap_or_default();
        let mut first = [0; 8];
        first.copy_from_slice(&id[..8]);
        u64::from_be_bytes(first)
    };
    let seeds: Vec<u64> = nodes.iter().map(seed).collect();
    let places: Vec<(f64, f64)> = layout(&seeds, &links)
        .into_iter()
        .map(|(x, y)| (40.0 + x * (width - 80.0), 24.0 + y * (height - 48.0)))
        .collect();
    let mut named: Vec<usize> = (1..nodes.len()).collect();
    named.sort_by_key(|at| std::cmp::Reverse(net.graph.neighbours(nodes[*at]).len()));
    named.truncate(NAMED[size]);
    let class = if size == 0 {
        "map only-wide"
    } else {
        "map only-narrow"
    };
    let label = |title: &str| -> String {
        let short: String = title.chars().take(26).collect();
        if short.len() < title.len() {
            format!("{short}…")
        } else {
            short
        }
    };
    html! { div class=(class) { svg viewBox={ "0 0 " (width) " " (height) } role="group" aria-label=(cx.words.t("network-picture")) {
        @for (one, other) in &links { @let ((x, y), (x2, y2)) = (places[*one], places[*other]); path.s-thread d=(format!("M{x:.0} {y:.0}L{x2:.0} {y2:.0}")) fill="none" stroke="var(--thread)" {} }
        @for (at, node) in nodes.iter().enumerate() { @if let Some(knot) = net.knot(*node) {
            @let (x, y) = places[at]; @let r = if at == 0 { 12.0 } else { 7.0 };
            a href=(href(knot)) aria-label=(knot.title) { title { (knot.title) }
                path class=(dye(&knot.kind)) d=(format!("M{x:.0} {:.0}L{:.0} {y:.0} {x:.0} {:.0} {:.0} {y:.0}Z", y - r, x + r, y + r, x - r)) {} }
        } }
        @for at in std::iter::once(0).chain(named) { @if let Some(knot) = net.knot(nodes[at]) {
            @let (x, y) = places[at]; @let right = x < width * 0.62;
            text.halo2 x=(format!("{:.0}", if right { x + 12.0 } else { x - 12.0 })) y=(format!("{:.0}", y + 4.0)) font-size="12" text-anchor=(if right { "start" } else { "end" }) { (label(&knot.title)) }
        } }
    } } }
}

/// `GET /api/v1/network/{key}`: a neighbourhood, with where each thing is drawn.
pub(super) fn api(cx: &Context<'_>) -> Answer {
    let net = held(cx)?;
    let w = cx.words;
    let unknown = || Problem::not_found(w.tf("network-unknown", &[("text", cx.rest.into())]));
    let node = net.number(cx.rest).ok_or_else(unknown)?;
    let around = net.graph.around(node, FAR, SHOWN[0]);
    let nodes: Vec<Number> = around.iter().map(|(node, _)| *node).collect();
    let things: Vec<Value> = around
        .iter()
        .filter_map(|(node, far)| {
            let knot = net.knot(*node)?;
            Some(json!({"key": knot.key, "kind": knot.kind, "title": knot.title, "distance": far, "links": net.graph.neighbours(*node).len()}))
        })
        .collect();
    let links: Vec<Value> = net
        .graph
        .among(&nodes)
        .into_iter()
        .filter_map(|(one, other)| {
            let (relation, forth) = net.relation(nodes[one], nodes[other])?;
            let (from, to) = if forth { (one, other) } else { (other, one) };
            Some(json!({"from": from, "to": to, "relation": relation}))
        })
        .collect();
    let answer =
        json!({"links_in_all": net.graph.neighbours(node).len(), "things": things, "links": links});
    Ok(Response::json(&answer))
}
