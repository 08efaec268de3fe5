//! What may be there twice: the list, two side by side, joining them, and saying that they are two.

use super::{Answer, name_of, require};
use crate::ask::{hex, unhex};
use crate::duplicates::Pair;
use crate::merge::{self, Clash};
use crate::model::{Distinction, Initiative, Whereabouts};
use crate::tables::{self, Here, alike};
use crate::write;
use record::Hash;
use site::form::{Field, Mistakes, choice};
use site::{Acting, Context, Markup, PageHead, Problem, html, language_name, when};
use std::collections::HashSet;
use store::{Node, Viewer};

/// How many pairs one page lists.
const PART: usize = 50;

/// `GET /duplicates`: pairs that may be one, the surest first.
pub(super) fn list(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let pairs = alike::proposed(cx.node, cx.db)?;
    let from: usize = match cx.request.param("after") {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Problem::bad("bad_cursor", w.t("bad-map-cursor"), ""))?,
    };
    let count = w.tf("count-pairs", &[("count", (pairs.len() as i64).into())]);
    let mut rows = Vec::new();
    for pair in pairs.iter().skip(from).take(PART) {
        let one = tables::by_id(cx.db, cx.viewer, &pair.one)?;
        let other = tables::by_id(cx.db, cx.viewer, &pair.other)?;
        if let (Some(one), Some(other)) = (one, other) {
            rows.push((one, other, pair));
        }
    }
    let next = from.saturating_add(PART);
    let next = (next < pairs.len()).then(|| format!("/duplicates?after={next}"));
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } } }
        div.head { h1 { (w.t("pairs-title")) } p.lead { (w.t("pairs-lead")) } }
        @if pairs.is_empty() { div.empty { h2 { (w.t("pairs-none")) } p { (w.t("pairs-none-why")) } p { a.button href="/map" { (w.t("map-title")) } } } }
        @else {
            p { b { (count) } }
            ol.rows { @for (one, other, pair) in &rows { li {
                h2 { a href=(href(&one.id, &other.id)) { (one.title) " — " (other.title) } }
                p.small.quiet { (because(cx, pair)) }
            } } }
            (site::pager(cx, &count, next.as_deref()))
        }
    };
    let head = PageHead {
        title: w.t("pairs-title"),
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main))
}

fn href(one: &tables::Short, other: &tables::Short) -> String {
    format!("/same/{}/{}", hex(one), hex(other))
}

/// Why two may be one, in words.
pub(super) fn because(cx: &Context<'_>, pair: &Pair) -> String {
    let w = cx.words;
    let mut said = vec![w.tf("pair-names", &[("percent", i64::from(pair.name).into())])];
    if let Some(metres) = pair.metres {
        let metres = metres.round() as i64;
        said.push(if metres < 1_000 {
            w.tf("pair-metres", &[("metres", metres.into())])
        } else {
            w.tf(
                "pair-kilometres",
                &[("kilometres", (metres / 1_000).into())],
            )
        });
    }
    if let Some(site) = &pair.site {
        said.push(w.tf("pair-site", &[("site", site.as_str().into())]));
    }
    said.join(" · ")
}

/// Draws those that may be the same as one, each with a way to compare them.
pub(super) fn proposals(
    cx: &Context<'_>,
    id: &tables::Short,
    pairs: &[Pair],
    most: usize,
) -> Result<Markup, Problem> {
    let mut rows = Vec::new();
    for pair in pairs.iter().take(most) {
        let other = if pair.one == *id {
            pair.other
        } else {
            pair.one
        };
        if let Some(here) = tables::by_id(cx.db, cx.viewer, &other)? {
            rows.push((here, pair));
        }
    }
    Ok(
        html! { ul { @for (here, pair) in &rows { li { a href=(here.href()) { (here.title) } " · " span.small { (because(cx, pair)) } } } } },
    )
}

/// The two of an address.
fn both(cx: &Context<'_>) -> Result<(Here, Option<Here>), Problem> {
    let (one, other) = cx.rest.split_once('/').unwrap_or((cx.rest, ""));
    let here = require(cx, one)?;
    if other.is_empty() {
        return Ok((here, None));
    }
    Ok((here, Some(require(cx, other)?)))
}

/// `GET /same/…/…`: two side by side; with one alone, what may be the same.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    match both(cx)? {
        (here, None) => one_page(cx, &here, &Mistakes::default()),
        (here, Some(other)) => draw(cx, &here, &other, &Mistakes::default()),
    }
}

/// What may be the same as one, and a field for another.
fn one_page(cx: &Context<'_>, here: &Here, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    if let Some(text) = cx
        .request
        .param("with")
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        let end = text
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(text);
        if let Some(other) = super::found(cx, end)?
            && other.id != here.id
        {
            return Ok(site::Response::redirect(302, &href(&here.id, &other.id)));
        }
        if mistakes.is_empty() {
            let mut mistakes = Mistakes::default();
            mistakes.add("with", w.tf("same-unknown", &[("text", text.into())]));
            return Ok(one_page(cx, here, &mistakes)?.status(404));
        }
    }
    let said = tables::shown(cx.db, here)?.unwrap_or_default();
    let pairs = alike::like(cx.node, cx.db, cx.viewer, here.id, &said)?;
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } li { a href=(here.href()) { (here.title) } } } }
        div.head { h1 { (w.t("same-one-title")) } p.lead { (w.t("same-one-lead")) } }
        (mistakes.summary(w))
        @if pairs.is_empty() { p.quiet { (w.t("same-nothing")) } }
        @else { ol.rows { @for pair in &pairs {
            @let other = if pair.one == here.id { pair.other } else { pair.one };
            @if let Some(other) = tables::by_id(cx.db, cx.viewer, &other)? { li { h2 { a href=(href(&here.id, &other.id)) { (other.title) } } p.small.quiet { (because(cx, pair)) } } } } } }
        form.narrow action={ "/same/" (hex(&here.id)) } {
            (Field { name: "with", label: w.t("field-same-with"), hint: w.t("field-same-with-hint"), value: cx.request.param("with").unwrap_or_default(), code: true, ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("same-compare")) } }
        }
    };
    let head = PageHead {
        title: w.t("same-one-title"),
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// One line of the comparison.
struct Line {
    label: String,
    left: String,
    right: String,
    /// The field, where both say something else and somebody has to choose.
    field: Option<String>,
    /// The language of both texts, where they have one.
    language: String,
}

fn places(cx: &Context<'_>, places: &[Whereabouts]) -> String {
    let line = |place: &Whereabouts| {
        let point = place
            .point
            .map(|point| point.to_string())
            .unwrap_or_default();
        let country = if place.country.is_empty() {
            String::new()
        } else {
            name_of(cx, "country", &place.country)
        };
        let parts = [
            &place.address,
            &place.locality,
            &place.region,
            &country,
            &point,
        ];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(", ")
    };
    places.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// All that is compared, in the order of the form.
fn lines(cx: &Context<'_>, left: &Initiative, right: &Initiative, clashes: &[Clash]) -> Vec<Line> {
    let w = cx.words;
    let mut lines = Vec::new();
    let mut add = |label: String, field: &str, language: &str, left: String, right: String| {
        if left.is_empty() && right.is_empty() {
            return;
        }
        let clash = clashes.iter().any(|clash| clash.field == field);
        lines.push(Line {
            label,
            left,
            right,
            field: clash.then(|| field.to_owned()),
            language: language.to_owned(),
        });
    };
    let languages = |map: fn(&Initiative) -> &std::collections::BTreeMap<String, String>| {
        let all = map(left).keys().chain(map(right).keys());
        let mut all: Vec<&String> = all.collect();
        all.sort();
        all.dedup();
        all
    };
    let of = |map: &std::collections::BTreeMap<String, String>, language: &String| {
        map.get(language).cloned().unwrap_or_default()
    };
    for language in languages(|one| &one.name_map) {
        let label = format!("{} ({})", w.t("same-name"), language_name(language));
        let field = format!("nameMap.{language}");
        add(
            label,
            &field,
            language,
            of(&left.name_map, language),
            of(&right.name_map, language),
        );
    }
    for language in languages(|one| &one.content_map) {
        let label = format!("{} ({})", w.t("same-text"), language_name(language));
        let field = format!("contentMap.{language}");
        add(
            label,
            &field,
            language,
            of(&left.content_map, language),
            of(&right.content_map, language),
        );
    }
    let kind = |one: &Initiative| name_of(cx, "kind", &one.kind);
    add(
        w.t("initiative-kind").to_owned(),
        "initiativeKind",
        "",
        kind(left),
        kind(right),
    );
    let place = |one: &Initiative| places(cx, &one.places);
    add(
        w.t("initiative-where").to_owned(),
        "location",
        "",
        place(left),
        place(right),
    );
    let form = |one: &Initiative| {
        one.legal_form()
            .map_or_else(|| one.form.clone(), |form| w.t(form.word()).to_owned())
    };
    add(
        w.t("initiative-form").to_owned(),
        "legalForm",
        "",
        form(left),
        form(right),
    );
    let themes = |one: &Initiative| one.themes.join(", ");
    add(
        w.t("initiative-theme").to_owned(),
        "themes",
        "",
        themes(left),
        themes(right),
    );
    let activities = |one: &Initiative| {
        let names: Vec<String> = one
            .activities
            .iter()
            .map(|key| name_of(cx, "activity", key))
            .collect();
        names.join(", ")
    };
    add(
        w.t("initiative-activity").to_owned(),
        "activities",
        "",
        activities(left),
        activities(right),
    );
    let links = |one: &Initiative| one.links.join(" ");
    add(
        w.t("initiative-links").to_owned(),
        "url",
        "",
        links(left),
        links(right),
    );
    for (word, field, text) in [
        (
            "initiative-offers",
            "offering",
            (|one| &one.offering) as fn(&Initiative) -> &String,
        ),
        ("initiative-needs", "seeking", |one| &one.seeking),
        ("initiative-hours", "openingHours", |one| &one.hours),
        ("initiative-since", "since", |one| &one.since),
        ("initiative-licence", "licence", |one| &one.licence),
    ] {
        add(
            w.t(word).to_owned(),
            field,
            "",
            text(left).clone(),
            text(right).clone(),
        );
    }
    let sources = |one: &Initiative| {
        let names: Vec<&str> = one
            .sources
            .iter()
            .map(|origin| origin.source.as_str())
            .collect();
        names.join(", ")
    };
    add(
        w.t("initiative-sources").to_owned(),
        "sources",
        "",
        sources(left),
        sources(right),
    );
    lines
}

fn draw(cx: &Context<'_>, here: &Here, other: &Here, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let missing = || Problem::not_found(w.t("no-initiative"));
    let left = tables::shown(cx.db, here)?.ok_or_else(missing)?;
    let right = tables::shown(cx.db, other)?.ok_or_else(missing)?;
    let (_, clashes) = merge::join(&left, &right, &HashSet::new()).map_err(|_| missing())?;
    let lines = lines(cx, &left, &right, &clashes);
    let pair = alike::compare((here.id, &left), (other.id, &right));
    let apart = alike::who_told_apart(cx.db, &here.id, &other.id)?;
    let joined =
        !here.merged_into.is_empty() || !other.merged_into.is_empty() || here.id == other.id;
    // The one that was here first, by its history, is proposed to stay.
    let first = |here: &Here| -> Result<i64, Problem> {
        let all = tables::revisions(cx.db, cx.viewer, &here.id, i64::MAX)?;
        Ok(all.last().map_or(i64::MAX, |one| one.at))
    };
    let chosen = |name: &str| cx.request.form.text(name).to_owned();
    let stays = match chosen("stay") {
        text if text.is_empty() => {
            if first(other)? < first(here)? {
                other.id
            } else {
                here.id
            }
        }
        text => unhex(&text).filter(|id| *id == other.id).unwrap_or(here.id),
    };
    let picked = |field: &str| unhex(&chosen(&format!("pick-{field}"))).unwrap_or(stays);
    let cell = |line: &Line, own: &Here, text: &str| -> Markup {
        let lang = Some(line.language.as_str()).filter(|tag| !tag.is_empty());
        html! { @if let Some(field) = &line.field {
            (choice("radio", &format!("pick-{field}"), &hex(&own.id), picked(field) == own.id, &html! { span lang=[lang] { (text) } }))
        } @else { span lang=[lang] { (text) } } }
    };
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } li { a href="/duplicates" { (w.t("pairs-title")) } } } }
        div.head { h1 { (w.t("same-title")) } p.lead { @match &pair { Some(pair) => { (because(cx, pair)) } None => { (w.t("same-unlike")) } } } }
        (mistakes.summary(w))
        @if let Some(said) = &apart {
            @let people = people::labels(cx.db, cx.viewer, std::iter::once(said.author.as_str()))?;
            div.notice data-tone="info" { h2 { (w.t("same-told-apart")) } p { (when(cx.lang(), said.at)) @if let Some(person) = people.get(&said.author) { " · " a href=(person.href()) { (person.name) } } } @if !said.note.is_empty() { p { (said.note) } } }
        }
        @if joined { div.notice data-tone="info" { h2 { (w.t("same-joined-already")) } p { a href=(here.href()) { (w.t("same-see")) } } } }
        @else {
            form method="post" action=(href(&here.id, &other.id)) { (cx.guarded())
                input type="hidden" name="base-one" value=(here.hash.to_string()); input type="hidden" name="base-other" value=(other.hash.to_string());
                div.scroll role="region" tabindex="0" aria-labelledby="h-compare" { table {
                    caption #h-compare { (w.tf("same-caption", &[("count", (clashes.len() as i64).into())])) }
                    thead { tr { td {} @for one in [here, other] { th scope="col" { a href=(one.href()) { (one.title) } } } } }
                    tbody {
                        tr { th scope="row" { (w.t("same-stays")) } @for one in [here, other] { td { (choice("radio", "stay", &hex(&one.id), stays == one.id, &html! { (w.t("same-stays-this")) })) } } }
                        @for line in &lines { tr {
                            th scope="row" { (line.label) @if line.field.is_some() { " " span.badge data-tone="ask" { (w.t("same-choose")) } } }
                            td { (cell(line, here, &line.left)) } td { (cell(line, other, &line.right)) }
                        } }
                    }
                } }
                p.small.quiet { (w.t("same-kept")) }
                div.narrow {
                    (Field { name: "note", label: w.t("field-same-note"), hint: w.t("confirm-note-hint"), value: &chosen("note"), optional: true, ..Field::default() }.draw(w, mistakes))
                    p.actions { button.main name="do" value="join" { (w.t("same-join")) } " " button name="do" value="apart" { (w.t("same-apart")) } }
                }
            }
        }
    };
    let head = PageHead {
        title: w.t("same-title"),
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// Publishes what somebody says, together; returns the problem where a rule refuses it.
fn publish(acting: &Acting<'_>, drafts: Vec<record::Draft>) -> Result<Option<Problem>, Problem> {
    let refused = write::publish(acting.node, &people::pen(acting)?, drafts)?;
    Ok(refused
        .err()
        .map(|refusal| Problem::refused(acting.words, refusal)))
}

/// `POST /same/…/…`: joins two, or says that they are two.
pub(super) fn decide(acting: &Acting<'_>) -> Answer {
    let (w, node) = (acting.words, acting.node);
    people::require_scope(acting, "write")?;
    let missing = || Problem::not_found(w.t("no-initiative"));
    let (here, other) = acting.read(both)?;
    let other = other
        .filter(|other| other.id != here.id)
        .ok_or_else(missing)?;
    if !here.merged_into.is_empty() || !other.merged_into.is_empty() {
        return acting.read(|cx| Ok(draw(cx, &here, &other, &Mistakes::default())?.status(409)));
    }
    let again = |field: &'static str, text: String, status: u16| {
        let mut mistakes = Mistakes::default();
        mistakes.add(field, text);
        let page = acting.read(|cx| draw(cx, &here, &other, &mistakes))?;
        Ok(page.status(status))
    };
    let base = |name: &str| Hash::parse(acting.field(name)).ok();
    if base("base-one") != Some(here.hash) || base("base-other") != Some(other.hash) {
        return again("note", w.t("same-changed").to_owned(), 409);
    }
    let (one_id, other_id) =
        acting.read(|cx| Ok((tables::id_of(cx.db, &here)?, tables::id_of(cx.db, &other)?)))?;
    let commons = node.keys().commons_did();
    let note: String = acting.field("note").chars().take(300).collect();
    if acting.field("do") == "apart" {
        let said = Distinction {
            about: [one_id.to_string(), other_id.to_string()],
            note,
        };
        let draft = said.draft(commons, Node::now()).map_err(|_| missing())?;
        return match publish(acting, vec![draft])? {
            Some(problem) => again("note", problem.sentences(), problem.status),
            None => Ok(acting.see(&href(&here.id, &other.id))),
        };
    }
    let keep_other = unhex(acting.field("stay")).is_some_and(|id| id == other.id);
    let (stay, stay_id, gone, gone_id) = if keep_other {
        (&other, other_id, &here, one_id)
    } else {
        (&here, one_id, &other, other_id)
    };
    let (stays, goes) =
        acting.read(|cx| Ok((tables::shown(cx.db, stay)?, tables::shown(cx.db, gone)?)))?;
    let (stays, goes) = (stays.ok_or_else(missing)?, goes.ok_or_else(missing)?);
    let (_, clashes) = merge::join(&stays, &goes, &HashSet::new()).map_err(|_| missing())?;
    let from_other: HashSet<String> = clashes
        .into_iter()
        .map(|clash| clash.field)
        .filter(|field| unhex(acting.field(&format!("pick-{field}"))) == Some(gone.id))
        .collect();
    let (mut joined, _) = merge::join(&stays, &goes, &from_other).map_err(|_| missing())?;
    let why = |word: &str, title: &str| {
        let said = w.tf(word, &[("title", title.into())]);
        let said = if note.is_empty() {
            said
        } else {
            format!("{said}: {note}")
        };
        said.chars().take(300).collect::<String>()
    };
    joined.summary = why("same-summary-stays", &gone.title);
    joined.provenance = "written".to_owned();
    joined.takes_in.push(gone_id.to_string());
    let leads = Initiative {
        merged_into: stay_id.to_string(),
        summary: why("same-summary-goes", &stay.title),
        provenance: "written".to_owned(),
        ..goes
    };
    let drafts = [
        joined.draft(commons.clone(), Node::now(), Some(stay_id), vec![stay.hash]),
        leads.draft(commons, Node::now(), Some(gone_id), vec![gone.hash]),
    ];
    let drafts: Result<Vec<_>, _> = drafts.into_iter().collect();
    match publish(acting, drafts.map_err(|_| missing())?)? {
        Some(problem) => again("note", problem.sentences(), problem.status),
        None => Ok(acting.see(&format!("{}#h-history", stay.href()))),
    }
}

/// `POST /apart/…`: takes apart what was joined. The one that led elsewhere stands by itself again, and what the other one
/// took from it goes, unless somebody changed it since.
pub(super) fn part(acting: &Acting<'_>) -> Answer {
    let (w, node) = (acting.words, acting.node);
    people::require_scope(acting, "write")?;
    let missing = || Problem::not_found(w.t("no-initiative"));
    let summary = w.t("same-summary-parted").to_owned();
    let commons = node.keys().commons_did();
    let (here, drafts) = acting.read(|cx| {
        let here = require(cx, cx.rest)?;
        let id = tables::id_of(cx.db, &here)?;
        if here.merged_into.is_empty() {
            return Ok((here, Vec::new()));
        }
        let said = tables::shown(cx.db, &here)?.ok_or_else(missing)?;
        let alone = Initiative {
            merged_into: String::new(),
            summary: summary.clone(),
            provenance: "written".to_owned(),
            ..said
        };
        let mut drafts = vec![alone.draft(
            commons.clone(),
            Node::now(),
            Some(id.clone()),
            vec![here.hash],
        )];
        let into = record::short_id(&here.merged_into);
        if let Some(other) = tables::by_id(cx.db, cx.viewer, &into)?
            && let Some(again) = without(cx, &other, &id.to_string())?
        {
            let again = Initiative {
                summary: summary.clone(),
                provenance: "written".to_owned(),
                ..again
            };
            let other_id = tables::id_of(cx.db, &other)?;
            drafts.push(again.draft(
                commons.clone(),
                Node::now(),
                Some(other_id),
                vec![other.hash],
            ));
        }
        let drafts: Result<Vec<_>, _> = drafts.into_iter().collect();
        Ok((here, drafts.map_err(|_| missing())?))
    })?;
    if !drafts.is_empty()
        && let Some(problem) = publish(acting, drafts)?
    {
        return Err(problem);
    }
    Ok(acting.see(&here.href()))
}

/// Returns what an initiative says without what it took from another when they were joined; none where that is not known
/// any more.
fn without(cx: &Context<'_>, here: &Here, taken: &str) -> Result<Option<Initiative>, Problem> {
    let now = tables::shown(cx.db, here)?;
    let mut joining = None;
    // Newest first: the last one that has it in it, and its predecessor has not, is the joining.
    for one in tables::revisions(cx.db, cx.viewer, &here.id, i64::MAX)? {
        let Some((said, replaces)) = tables::revision(cx.db, &one.hash)?.filter(|_| !one.withdrawn)
        else {
            continue;
        };
        if !said.takes_in.iter().any(|id| id == taken) {
            break;
        }
        joining = Some((said, replaces));
    }
    let (Some(now), Some((joined, replaces))) = (now, joining) else {
        return Ok(None);
    };
    let before = match replaces.first() {
        Some(hash) => tables::said(cx.db, hash)?,
        None => None,
    };
    let Some(before) = before else {
        return Ok(None);
    };
    // What was changed since stays as it was changed.
    Ok(merge::merge(&joined, &now, &before)
        .ok()
        .map(|(merged, _)| merged))
}

/// `POST /restore-initiative/…/…`: an initiative says again what it said in a revision.
pub(super) fn restore(acting: &Acting<'_>) -> Answer {
    let (w, node) = (acting.words, acting.node);
    people::require_scope(acting, "write")?;
    let missing = || Problem::not_found(w.t("no-initiative"));
    let (here, id, said, now, at) = acting.read(|cx| {
        let (which, revision) = cx.rest.split_once('/').ok_or_else(missing)?;
        let here = require(cx, which)?;
        let hash = Hash::parse(revision).map_err(|_| missing())?;
        let revisions = tables::revisions(cx.db, cx.viewer, &here.id, i64::MAX)?;
        let found = revisions
            .iter()
            .find(|one| one.hash == hash && !one.withdrawn);
        let at = found.ok_or_else(missing)?.at;
        let said = tables::said(cx.db, &hash)?.ok_or_else(missing)?;
        let now = tables::shown(cx.db, &here)?.ok_or_else(missing)?;
        let id = tables::id_of(cx.db, &here)?;
        Ok((here, id, said, now, at))
    })?;
    let day = when(acting.lang(), at);
    let said = Initiative {
        // From which lists it came and what leads to it is no matter of its text.
        sources: now.sources,
        takes_in: now.takes_in,
        merged_into: now.merged_into,
        summary: w.tf("restore-summary", &[("when", day.as_str().into())]),
        provenance: "written".to_owned(),
        ..said
    };
    let draft = said.draft(
        node.keys().commons_did(),
        Node::now(),
        Some(id),
        vec![here.hash],
    );
    match publish(acting, vec![draft.map_err(|_| missing())?])? {
        Some(problem) => Err(problem),
        None => Ok(acting.see(&format!("{}#h-history", here.href()))),
    }
}

/// Draws those that were joined with an initiative, each with its way back.
pub(super) fn joined(cx: &Context<'_>, here: &Here) -> Result<Markup, Problem> {
    let w = cx.words;
    let id = tables::id_of(cx.db, here)?;
    let all = tables::joined_with(cx.db, &Viewer::public(), &id)?;
    Ok(
        html! { @if !all.is_empty() { section aria-labelledby="h-joined" { h2 #h-joined { (w.t("same-joined")) }
        ul.rows { @for one in &all { li {
            p { b { (one.title) } }
            @if let Some(last) = tables::revisions(cx.db, cx.viewer, &one.id, 1)?.first() { p.small.quiet { (when(cx.lang(), last.at)) " · " (last.summary) } }
            @if cx.asker.is_some() { form method="post" action={ "/apart/" (hex(&one.id)) } { (cx.guarded()) p { button { (w.t("same-part")) } } } }
        } } } } } },
    )
}

/// Draws the notice that what somebody describes may be here already.
pub(super) fn notice(cx: &Context<'_>, pairs: &[Pair]) -> Result<Markup, Problem> {
    let w = cx.words;
    Ok(
        html! { div.notice data-tone="ask" role="alert" tabindex="-1" autofocus {
            h2 { (w.tf("same-here-already", &[("count", (pairs.len() as i64).into())])) }
            (proposals(cx, &[0; 16], pairs, 5)?)
            p { (w.t("same-here-already-what")) }
        } },
    )
}
