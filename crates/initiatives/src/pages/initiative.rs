//! The page of an initiative, and whether it is alive.

use super::{Answer, name_of, require, same, status_word};
use crate::ask::hex;
use crate::export;
use crate::model::{Confirmation, Initiative, Status};
use crate::tables::{self, Here, Revision};
use atlas::basemap::{View, built_in};
use atlas::bounds::Bounds;
use site::form::{Field, Mistakes, choice};
use site::{
    Acting, Context, Markup, PageHead, PreEscaped, Problem, Response, encode, html, language_name,
    when,
};
use store::{Node, Outcome};

/// How many revisions a page lists.
const MOST_REVISIONS: i64 = 50;

/// `GET /initiatives/…`.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    let here = require(cx, cx.rest)?;
    if !here.merged_into.is_empty() {
        let into = record::short_id(&here.merged_into);
        if let Some(other) = tables::survivor(cx.db, cx.viewer, &into)? {
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
    if cx.request.prefers("application/ld+json") {
        let href = format!("{}{}", cx.base(), here.href());
        let one = export::Taken {
            here: here.clone(),
            href,
            said,
        };
        let text = export::schema_org(&one, lang).to_string();
        return Ok(Response::ok("application/ld+json", text.into_bytes())
            .with("vary", "accept, accept-language, cookie"));
    }
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
            (beside(cx, here))
            div.actions { a.button href={ "/edit-initiative/" (hex(&here.id)) } rel="nofollow" { (w.t("initiative-edit")) } " " (people::follow_button(cx, &here.id)?) }
        }
        div.split {
            div {
                (mistakes.summary(w))
                @match said.content(lang) {
                    Some((language, text)) => { article.prose lang=(language) { (PreEscaped(people::markdown(text))) } @if language != lang && language != "und" { p.small.quiet { (w.tf("initiative-in", &[("language", language_name(language).into())])) } } }
                    None => { p.quiet { (w.t("initiative-silent")) } }
                }
                (languages(cx, here, &said, lang))
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
                (same::joined(cx, here)?)
                section aria-labelledby="h-history" { h2 #h-history { (w.t("initiative-history")) }
                    ol.timeline { @for one in &revisions { li { (revision(cx, here, one, &who)) } } }
                    @if cx.asker.is_some() { p.small { a href={ "/same/" (hex(&here.id)) } rel="nofollow" { (w.t("same-ask")) }
                        @if may_withdraw(cx, &revisions) { " · " a href={ "/withdraw-initiative/" (hex(&here.id)) } rel="nofollow" { (w.t("withdraw-initiative")) } } } } }
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
        alternates: vec![
            ("application/ld+json", here.href()),
            (
                "application/json",
                format!("/api/v1/murmurations/{}", hex(&here.id)),
            ),
        ],
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// What it says in other languages, and a way to say it in one more.
fn languages(cx: &Context<'_>, here: &Here, said: &Initiative, shown: &str) -> Markup {
    let w = cx.words;
    let shown = said.content(shown).map_or(shown, |(language, _)| language);
    let others: Vec<&String> = said
        .name_map
        .keys()
        .filter(|language| *language != shown && *language != "und")
        .collect();
    html! { section aria-labelledby="h-languages" { h2 #h-languages { (w.t("initiative-languages")) }
        @for language in &others { details { summary lang=(language) { (language_name(language)) ": " (said.name_map.get(*language).map_or("", String::as_str)) }
            @if let Some(text) = said.content_map.get(*language) { article.prose lang=(language) { (PreEscaped(people::markdown(text))) } }
        } }
        @if cx.asker.is_some() { form.narrow action={ "/edit-initiative/" (hex(&here.id)) } {
            (Field { name: "to", label: w.t("field-initiative-to"), hint: w.t("field-initiative-to-hint"), ..Field::default() }.draw(w, &Mistakes::default()))
            p.actions { button { (w.t("initiative-translate")) } }
        } }
        @else if others.is_empty() { p.quiet { (w.t("initiative-one-language")) } }
    } }
}

/// The tabs of what other capabilities say of it: discussion, network.
fn beside(cx: &Context<'_>, here: &Here) -> Markup {
    let all = cx.settings.beside.iter().map(|beside| {
        let count = (beside.count)(cx, &here.id).unwrap_or(0);
        let href = format!("{}initiative:{}", beside.path, hex(&here.id));
        (href, cx.words.t(beside.word), count)
    });
    html! { nav.tabs aria-label=(cx.words.t("this-page")) {
        a href=(here.href()) aria-current="page" { (cx.words.t("kind-initiative")) }
        @for (href, word, count) in all { a href=(href) { (word) @if count > 0 { " (" (count) ")" } } }
    } }
}

/// Whether somebody may withdraw it: who described it first, and stewards.
fn may_withdraw(cx: &Context<'_>, revisions: &[Revision]) -> bool {
    cx.asker.is_some_and(|asker| {
        let first = revisions.last().map(|one| one.author.as_str());
        asker.steward || first == Some(asker.did.as_str())
    })
}

fn revision(cx: &Context<'_>, here: &Here, one: &Revision, who: &dyn Fn(&str) -> Markup) -> Markup {
    let w = cx.words;
    html! {
        p { b { (when(cx.lang(), one.at)) } " " @if one.withdrawn { (w.t("initiative-withdrawn")) } @else { (who(&one.author)) } @if one.provenance == "imported" { " " span.badge { (w.t("initiative-imported")) } } }
        @if !one.summary.is_empty() { p { (one.summary) } }
        @if cx.asker.is_some() && !one.withdrawn && one.hash != here.hash { form method="post" action={ "/restore-initiative/" (hex(&here.id)) "/" (one.hash) } { (cx.guarded()) p { button { (w.t("restore")) } } } }
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
            @if !said.links.is_empty() { dt { (w.t("initiative-links")) } dd { @for link in &said.links { p { @if people::is_web_address(link) { a href=(link) rel="nofollow noopener ugc" { (link) } } @else { (link) } } } } }
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
pub(super) fn confirm(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    people::require_scope(acting, "write")?;
    let (here, id) = acting.read(|cx| {
        let opened = require(cx, cx.rest)?;
        let here = tables::survivor(cx.db, cx.viewer, &opened.id)?.unwrap_or(opened);
        let id = tables::id_of(cx.db, &here)?;
        Ok((here, id))
    })?;
    let about = id.to_string();
    let Some(status) = Status::parse(acting.field("status")) else {
        return Err(Problem::bad(
            "bad_status",
            w.t("bad-status"),
            w.t("bad-status-remedy"),
        ));
    };
    let note = acting.field("note").chars().take(300).collect();
    let node = acting.node;
    let pen = people::pen(acting)?;
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
