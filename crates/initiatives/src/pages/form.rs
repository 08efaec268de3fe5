//! The form by which somebody describes an initiative, or goes on from what others wrote.

use super::map::everything;
use super::{Answer, island, require, same};
use crate::ask::hex;
use crate::duplicates::Pair;
use crate::kinds::kinds;
use crate::merge;
use crate::model::{Initiative, Whereabouts};
use crate::tables::{self, Here, alike};
use crate::write;
use atlas::{basemap, countries};
use people::LegalForm;
use record::{Hash, Place, RecordId};
use site::form::{Field, Mistakes, tick};
use site::{Acting, Context, Markup, PageHead, PreEscaped, Problem, html, language_code};
use store::{Node, Outcome};

/// How exact a place can be said to be, in metres.
const RADII: [(&str, &str); 4] = [
    ("0", "radius-exact"),
    ("500", "radius-near"),
    ("5000", "radius-town"),
    ("50000", "radius-region"),
];

/// The farthest that something may be from its point, in metres: half the globe has twenty times that.
const MOST_RADIUS: u32 = 1_000_000;

/// How sure it is, of a hundred, that something is here already, for whoever describes it anew to be asked.
const SURE: u8 = 60;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled {
    pub(super) said: Initiative,
    /// The language in which name and text are written: its own, or that of a translation.
    language: String,
    /// The coordinates as they were written.
    pub(super) at: String,
    radius: String,
    pub(super) themes: String,
    pub(super) links: String,
    /// The revision from which the form began.
    base: String,
}

impl Filled {
    pub(super) fn of(said: Initiative, base: String) -> Self {
        let first = said.places.first();
        Self {
            at: first
                .and_then(|place| place.point)
                .map_or_else(String::new, |point| point.to_string()),
            radius: first.map_or(0, |place| place.radius).to_string(),
            themes: said.themes.join(", "),
            links: said.links.join("\n"),
            language: said.language.clone(),
            said,
            base,
        }
    }
}

/// `GET /new/initiative`.
pub(super) fn new_page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let said = Initiative {
        language: cx.lang().tag().to_owned(),
        kind: "collective".to_owned(),
        licence: "CC-BY-SA-4.0".to_owned(),
        ..Initiative::default()
    };
    draw(
        cx,
        None,
        &Filled::of(said, String::new()),
        &Mistakes::default(),
        &[],
    )
}

/// `GET /edit-initiative/…`.
pub(super) fn edit_page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let opened = require(cx, cx.rest)?;
    let here = tables::survivor(cx.db, cx.viewer, &opened.id)?.unwrap_or(opened);
    let said = tables::shown(cx.db, &here)?.unwrap_or_default();
    let mut filled = Filled::of(said, here.hash.to_string());
    if let Some(to) = cx.request.param("to").map(language_code) {
        let parsed = record::Language::parse(&to);
        parsed.map_err(|_| Problem::bad("bad_language", cx.words.t("translate-which"), ""))?;
        filled.language = to;
    }
    draw(cx, Some(&here), &filled, &Mistakes::default(), &[])
}

fn draw(
    cx: &Context<'_>,
    here: Option<&Here>,
    filled: &Filled,
    mistakes: &Mistakes,
    like: &[Pair],
) -> Answer {
    let w = cx.words;
    let spanish = cx.lang().tag() == "es";
    let said = &filled.said;
    let place = said.places.first().cloned().unwrap_or_default();
    let title = w.t(if here.is_some() {
        "initiative-change"
    } else {
        "initiative-new"
    });
    let action = here.map_or_else(
        || "/new/initiative".to_owned(),
        |here| format!("/edit-initiative/{}", hex(&here.id)),
    );
    let field = |field: Field<'_>| field.draw(w, mistakes);
    let language = filled.language.as_str();
    let translates = here.is_some() && language != said.language;
    let name = said.name_map.get(language).map_or("", String::as_str);
    let text = said.content_map.get(language).map_or("", String::as_str);
    let chosen = |label: &str, name: &str, options: Vec<(String, String)>, value: &str| -> Markup {
        html! { div.field { label for=(name) { (label) } select #(name) name=(name) { @for (key, word) in &options { option value=(key) selected[key == value] { (word) } } } } }
    };
    let kinds = kinds().iter().map(|kind| {
        (
            kind.key.to_owned(),
            if spanish { kind.spanish } else { kind.english }.to_owned(),
        )
    });
    let none = std::iter::once((String::new(), w.t("choose-none").to_owned()));
    let all = countries::all().iter().map(|one| {
        (
            one.code.to_owned(),
            if spanish { one.spanish } else { one.english }.to_owned(),
        )
    });
    let mut all: Vec<(String, String)> = all.collect();
    all.sort_by_key(|(_, name)| countries::fold(name));
    let forms = LegalForm::ALL
        .iter()
        .map(|form| (form.as_str().to_owned(), w.t(form.word()).to_owned()));
    let mut radii: Vec<(String, String)> = RADII
        .iter()
        .map(|(metres, word)| ((*metres).to_owned(), w.t(word).to_owned()))
        .collect();
    // As exact as a list or a program said it.
    if radii.iter().all(|(metres, _)| *metres != filled.radius)
        && let Ok(metres) = filled.radius.parse::<u32>()
    {
        let said = [("metres", i64::from(metres).into())];
        radii.push((filled.radius.clone(), w.tf("initiative-rough", &said)));
    }
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } @if let Some(here) = here { li { a href=(here.href()) { (here.title) } } } } }
        div.head { h1 { (title) } p.lead { (w.t("initiative-form-lead")) } }
        (mistakes.summary(w))
        @if !like.is_empty() { (same::notice(cx, like)?) }
        form.narrow method="post" action=(action) { (cx.guarded())
            input type="hidden" name="base" value=(filled.base); input type="hidden" name="language" value=(language);
            @if translates { (original(cx, said, language)) }
            (field(Field { name: "name", label: w.t("field-initiative-name"), value: name, lang: language, ..Field::default() }))
            (chosen(w.t("initiative-kind"), "kind", kinds.collect(), &said.kind))
            (field(Field { name: "text", label: w.t("field-initiative-text"), hint: w.t("field-initiative-text-hint"), value: text, rows: 6, optional: true, lang: language, ..Field::default() }))
            (field(Field { name: "at", label: w.t("field-initiative-at"), hint: w.t("field-initiative-at-hint"), value: &filled.at, optional: true, code: true, ..Field::default() }))
            (island::pin(cx, "at", everything(cx)?))
            (chosen(w.t("field-initiative-radius"), "radius", radii, &filled.radius))
            (field(Field { name: "locality", label: w.t("field-initiative-locality"), value: &place.locality, optional: true, ..Field::default() }))
            (field(Field { name: "region", label: w.t("field-initiative-region"), value: &place.region, optional: true, ..Field::default() }))
            (chosen(w.t("initiative-country"), "country", none.clone().chain(all).collect(), &place.country))
            (tick("online", "yes", said.online, &html! { (w.t("field-initiative-online")) }))
            (field(Field { name: "themes", label: w.t("initiative-theme"), hint: w.t("field-initiative-themes-hint"), value: &filled.themes, optional: true, ..Field::default() }))
            (chosen(w.t("initiative-form"), "form", none.chain(forms).collect(), &said.form))
            (field(Field { name: "links", label: w.t("initiative-links"), hint: w.t("field-initiative-links-hint"), value: &filled.links, rows: 2, optional: true, code: true, ..Field::default() }))
            (field(Field { name: "offering", label: w.t("initiative-offers"), value: &said.offering, rows: 2, optional: true, ..Field::default() }))
            (field(Field { name: "seeking", label: w.t("initiative-needs"), value: &said.seeking, rows: 2, optional: true, ..Field::default() }))
            (field(Field { name: "hours", label: w.t("initiative-hours"), value: &said.hours, optional: true, ..Field::default() }))
            (field(Field { name: "since", label: w.t("initiative-since"), hint: w.t("field-initiative-since-hint"), value: &said.since, optional: true, ..Field::default() }))
            (field(Field { name: "summary", label: w.t("field-initiative-summary"), value: &said.summary, optional: true, ..Field::default() }))
            p.small.quiet { (w.t("initiative-public")) }
            p.actions { @if like.is_empty() { button.main { (w.t("initiative-publish")) } } @else { button.main name="anew" value="yes" { (w.t("initiative-publish-anew")) } } " " a href=(here.map_or_else(|| "/map".to_owned(), Here::href)) { (w.t("initiative-leave")) } }
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

/// What is to be translated, beside the fields for it.
fn original(cx: &Context<'_>, said: &Initiative, language: &str) -> Markup {
    let w = cx.words;
    let own = said.language.as_str();
    let names = [
        ("from", site::language_name(own).into()),
        ("to", site::language_name(language).into()),
    ];
    html! { div.notice data-tone="info" { h2 { (w.tf("initiative-translates", &names)) }
        p lang=(own) { b { (said.name(own)) } }
        @if let Some((lang, text)) = said.content(own) { div.prose lang=(lang) { (PreEscaped(people::markdown(text))) } }
    } }
}

/// Reads the form over what the initiative said when the form began.
pub(super) fn read(acting: &Acting<'_>, before: &Initiative, mistakes: &mut Mistakes) -> Filled {
    let w = acting.words;
    let field = |name: &str| acting.field(name).to_owned();
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let mut said = before.clone();
    let mut language = language_code(&field("language"));
    if record::Language::parse(&language).is_err() {
        language.clone_from(&before.language);
    }
    // The first words are the original, and what comes in another language is its translation.
    if before.name_map.is_empty() && !language.is_empty() {
        said.language.clone_from(&language);
    }
    let name = cut(&field("name"), 200);
    if name.is_empty() {
        mistakes.add("name", w.t("initiative-name-needed"));
    } else if !people::is_seen(&name) || name.chars().any(people::turns) {
        mistakes.add("name", w.t("rule-unseen-name"));
        said.name_map.insert(language.clone(), name);
    } else {
        said.name_map.insert(language.clone(), name);
    }
    let text = acting.request.form.raw("text").trim().to_owned();
    if text.chars().count() > 10_000 {
        mistakes.add("text", w.t("initiative-text-long"));
    }
    if text.is_empty() {
        said.content_map.remove(&language);
    } else {
        said.content_map.insert(language.clone(), text);
    }
    said.kind = field("kind");
    said.form = field("form");
    said.online = acting.request.form.has("online");
    let mut place = said.places.first().cloned().unwrap_or_default();
    place.locality = cut(&field("locality"), 300);
    place.region = cut(&field("region"), 300);
    place.country = field("country");
    match field("radius").as_str() {
        "" => place.radius = 0,
        text => match text.parse() {
            Ok(metres) if metres <= MOST_RADIUS => place.radius = metres,
            _ => mistakes.add("radius", w.t("initiative-radius-wrong")),
        },
    }
    let at = field("at");
    place.point = None;
    if !at.is_empty() {
        match Place::parse(&at) {
            Ok(point) if point.latitude() == 0.0 && point.longitude() == 0.0 => {
                mistakes.add("at", w.t("initiative-at-null"))
            }
            Ok(point) => {
                let elsewhere = basemap::built_in()
                    .area_at(point.latitude(), point.longitude())
                    .filter(|area| !place.country.is_empty() && area.country != place.country);
                match elsewhere {
                    Some(area) => mistakes.add(
                        "at",
                        w.tf(
                            "initiative-at-elsewhere",
                            &[(
                                "area",
                                if w.lang() == site::Lang::Es {
                                    area.spanish.as_str()
                                } else {
                                    area.name.as_str()
                                }
                                .into(),
                            )],
                        ),
                    ),
                    None => place.point = Some(point),
                }
            }
            Err(error) => mistakes.add(
                "at",
                w.tf(
                    "initiative-at-wrong",
                    &[("reason", error.to_string().as_str().into())],
                ),
            ),
        }
    }
    if place
        == (Whereabouts {
            radius: place.radius,
            ..Whereabouts::default()
        })
    {
        said.places.truncate(0);
    } else if said.places.is_empty() {
        said.places.push(place);
    } else {
        said.places[0] = place;
    }
    let themes = field("themes");
    said.themes = themes
        .split(',')
        .map(|theme| cut(theme.trim(), 200))
        .filter(|theme| !theme.is_empty())
        .collect();
    said.themes.dedup();
    let links = acting.request.form.raw("links").to_owned();
    said.links = Vec::new();
    for link in links.split_whitespace() {
        let whole = if link.contains("://") {
            link.to_owned()
        } else {
            format!("https://{link}")
        };
        if people::is_web_address(&whole) && whole.contains('.') {
            said.links.push(whole);
        } else {
            mistakes.add(
                "links",
                w.tf("initiative-link-wrong", &[("link", link.into())]),
            );
        }
    }
    for (name, to, most) in [
        ("offering", &mut said.offering, 4_000),
        ("seeking", &mut said.seeking, 4_000),
        ("hours", &mut said.hours, 500),
        ("since", &mut said.since, 20),
        ("summary", &mut said.summary, 300),
    ] {
        *to = cut(&field(name), most);
    }
    said.provenance = if language == said.language {
        "written"
    } else {
        "translated"
    }
    .to_owned();
    Filled {
        language,
        at,
        radius: field("radius"),
        themes,
        links,
        said,
        base: field("base"),
    }
}

/// `POST /new/initiative`.
pub(super) fn begin(acting: &Acting<'_>) -> Answer {
    people::require_scope(acting, "write")?;
    let mut mistakes = Mistakes::default();
    let before = Initiative {
        licence: "CC-BY-SA-4.0".to_owned(),
        ..Initiative::default()
    };
    let filled = read(acting, &before, &mut mistakes);
    if !mistakes.is_empty() {
        return acting.read(|cx| draw(cx, None, &filled, &mistakes, &[]));
    }
    if !acting.request.form.has("anew") {
        let page = acting.read(|cx| {
            let mut like = alike::like(cx.node, cx.db, cx.viewer, [0; 16], &filled.said)?;
            like.retain(|pair| pair.sure >= SURE);
            if like.is_empty() {
                return Ok(None);
            }
            if cx.request.prefers("application/json") {
                return Err(here_already(cx.words, like.len()));
            }
            let page = draw(cx, None, &filled, &mistakes, &like)?;
            Ok(Some(page.status(409)))
        })?;
        if let Some(page) = page {
            return Ok(page);
        }
    }
    let node = acting.node;
    let draft = draft(acting, &filled.said, None, Vec::new())?;
    let record = people::pen(acting)?.sign(node, draft)?;
    let id = record.thing().short();
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => refused(acting, None, &filled, refusal),
        _ => Ok(acting.see(&format!("/initiatives/{}", hex(&id)))),
    }
}

/// Tells a program that what it describes may be here already.
pub(super) fn here_already(w: &site::Words, count: usize) -> Problem {
    let count = [("count", (count as i64).into())];
    Problem {
        status: 409,
        code: "here_already",
        detail: w.tf("same-here-already", &count),
        remedy: w.t("same-here-already-program").to_owned(),
    }
}

/// What a change goes on from.
struct Begun {
    /// The initiative that stands by now: where the one of the form was joined with another, the other.
    here: Here,
    id: RecordId,
    now: Initiative,
    /// As it was when the form was opened.
    before: Initiative,
}

fn begun(cx: &Context<'_>, base: &str) -> Result<Begun, Problem> {
    let opened = require(cx, cx.rest)?;
    let here = tables::survivor(cx.db, cx.viewer, &opened.id)?.unwrap_or_else(|| opened.clone());
    let id = tables::id_of(cx.db, &here)?;
    let now = tables::shown(cx.db, &here)?.unwrap_or_default();
    let known = Hash::parse(base).ok();
    let known = match known {
        Some(hash) if tables::is_revision(cx.db, &[opened.id, here.id], &hash)? => {
            tables::said(cx.db, &hash)?
        }
        _ => None,
    };
    let before = known.unwrap_or_else(|| now.clone());
    Ok(Begun {
        here,
        id,
        now,
        before,
    })
}

/// `POST /edit-initiative/…`: what others changed meanwhile is merged, field by field.
pub(super) fn change(acting: &Acting<'_>) -> Answer {
    people::require_scope(acting, "write")?;
    let w = acting.words;
    for _ in 0..write::TRIES {
        let Begun {
            here,
            id,
            now,
            before,
        } = acting.read(|cx| begun(cx, acting.field("base")))?;
        let mut mistakes = Mistakes::default();
        let mut filled = read(acting, &before, &mut mistakes);
        if !mistakes.is_empty() {
            return acting.read(|cx| draw(cx, Some(&here), &filled, &mistakes, &[]));
        }
        // Where they lead and what was joined with them is no matter of the form.
        filled.said.merged_into.clone_from(&now.merged_into);
        let base = Initiative {
            merged_into: now.merged_into.clone(),
            ..before
        };
        let merged = merge::merge(&base, &filled.said, &now);
        let (merged, clashes) = merged.map_err(|_| Problem::not_found(w.t("no-initiative")))?;
        if let Some(clash) = clashes.first() {
            let theirs = clash
                .theirs
                .as_str()
                .map_or_else(|| clash.theirs.to_string(), str::to_owned);
            let field = field_name(w, &clash.field);
            let said = [
                ("field", field.as_str().into()),
                ("theirs", theirs.as_str().into()),
            ];
            mistakes.add("name", w.tf("initiative-clash", &said));
            // Sent once more, what stands in the form is what stays.
            let mut again = Filled::of(merged, here.hash.to_string());
            again.language.clone_from(&filled.language);
            let page = acting.read(|cx| draw(cx, Some(&here), &again, &mistakes, &[]))?;
            return Ok(page.status(409));
        }
        let draft = draft(acting, &merged, Some(id), vec![here.hash])?;
        match write::publish(acting.node, &people::pen(acting)?, vec![draft])? {
            Ok(()) => return Ok(acting.see(&here.href())),
            Err(refusal) if refusal.rule == "behind" => {}
            Err(refusal) => {
                filled.said = merged;
                return refused(acting, Some(&here), &filled, refusal);
            }
        }
    }
    Err(Problem {
        status: 503,
        code: "busy",
        detail: w.t("initiative-busy").to_owned(),
        remedy: String::new(),
    })
}

/// What a field of a description is called.
fn field_name(w: &site::Words, field: &str) -> String {
    let (first, language) = field.split_once('.').unwrap_or((field, ""));
    let word = match first {
        "nameMap" => "same-name",
        "contentMap" => "same-text",
        "initiativeKind" => "initiative-kind",
        "location" => "initiative-where",
        "legalForm" => "initiative-form",
        "offering" => "initiative-offers",
        "seeking" => "initiative-needs",
        "openingHours" => "initiative-hours",
        "since" => "initiative-since",
        "licence" => "initiative-licence",
        _ => return field.to_owned(),
    };
    match language {
        "" => w.t(word).to_owned(),
        language => format!("{} ({})", w.t(word), site::language_name(language)),
    }
}

fn draft(
    acting: &Acting<'_>,
    said: &Initiative,
    thing: Option<RecordId>,
    replaces: Vec<Hash>,
) -> Result<record::Draft, Problem> {
    let commons = acting.node.keys().commons_did();
    said.draft(commons, Node::now(), thing, replaces)
        .map_err(|_| Problem::not_found(acting.words.t("no-initiative")))
}

/// The form stays: nothing that was written is lost by a rule.
fn refused(
    acting: &Acting<'_>,
    here: Option<&Here>,
    filled: &Filled,
    refusal: store::Refusal,
) -> Answer {
    let problem = Problem::refused(acting.words, refusal);
    let mut mistakes = Mistakes::default();
    mistakes.add("name", problem.sentences());
    let page = acting.read(|cx| draw(cx, here, filled, &mistakes, &[]))?;
    Ok(page.status(problem.status))
}
