//! The form by which somebody describes an initiative, or goes on from what others wrote.

use crate::ask::hex;
use crate::kinds::kinds;
use crate::merge;
use crate::model::{Initiative, Whereabouts};
use crate::pages::require;
use crate::tables::{self, Here};
use atlas::{basemap, countries};
use people::{LegalForm, Pen};
use record::{Hash, Place, RecordId};
use site::form::{Field, Mistakes, tick};
use site::{Acting, Context, Markup, PageHead, Problem, Response, html, language_code};
use store::{Node, Outcome};

type Answer = Result<Response, Problem>;

/// How exact a place can be said to be, in metres.
const RADII: [(&str, &str); 4] = [
    ("0", "radius-exact"),
    ("500", "radius-near"),
    ("5000", "radius-town"),
    ("50000", "radius-region"),
];

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Filled {
    said: Initiative,
    /// The coordinates as they were written.
    at: String,
    radius: String,
    themes: String,
    links: String,
    /// The revision from which the form began.
    base: String,
}

impl Filled {
    fn of(said: Initiative, base: String) -> Self {
        let first = said.places.first();
        Self {
            at: first
                .and_then(|place| place.point)
                .map_or_else(String::new, |point| point.to_string()),
            radius: first.map_or(0, |place| place.radius).to_string(),
            themes: said.themes.join(", "),
            links: said.links.join("\n"),
            said,
            base,
        }
    }
}

/// `GET /new/initiative`.
pub(crate) fn new_page(cx: &Context<'_>) -> Answer {
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
    )
}

/// `GET /edit-initiative/…`.
pub(crate) fn edit_page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let here = require(cx, cx.rest)?;
    let said = tables::shown(cx.db, &here)?.unwrap_or_default();
    draw(
        cx,
        Some(&here),
        &Filled::of(said, here.hash.to_string()),
        &Mistakes::default(),
    )
}

fn draw(cx: &Context<'_>, here: Option<&Here>, filled: &Filled, mistakes: &Mistakes) -> Answer {
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
    let language = said.language.as_str();
    let name = said
        .name_map
        .get(language)
        .map_or_else(|| said.name(language), String::as_str);
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
    let radii = RADII
        .iter()
        .map(|(metres, word)| ((*metres).to_owned(), w.t(word).to_owned()));
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/map" { (w.t("map-title")) } } @if let Some(here) = here { li { a href=(here.href()) { (here.title) } } } } }
        div.head { h1 { (title) } p.lead { (w.t("initiative-form-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action=(action) { (cx.guarded())
            input type="hidden" name="base" value=(filled.base); input type="hidden" name="language" value=(said.language);
            (field(Field { name: "name", label: w.t("field-initiative-name"), value: name, lang: language, ..Field::default() }))
            (chosen(w.t("initiative-kind"), "kind", kinds.collect(), &said.kind))
            (field(Field { name: "text", label: w.t("field-initiative-text"), hint: w.t("field-initiative-text-hint"), value: text, rows: 6, optional: true, lang: language, ..Field::default() }))
            (field(Field { name: "at", label: w.t("field-initiative-at"), hint: w.t("field-initiative-at-hint"), value: &filled.at, optional: true, code: true, ..Field::default() }))
            (chosen(w.t("field-initiative-radius"), "radius", radii.collect(), &filled.radius))
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
            p.actions { button.main { (w.t("initiative-publish")) } " " a href=(here.map_or_else(|| "/map".to_owned(), Here::href)) { (w.t("initiative-leave")) } }
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

/// Reads the form over what the initiative said when the form began.
fn read(acting: &Acting<'_>, before: &Initiative, mistakes: &mut Mistakes) -> Filled {
    let w = acting.words;
    let field = |name: &str| acting.field(name).to_owned();
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let mut said = before.clone();
    let language = language_code(&field("language"));
    if record::Language::parse(&language).is_ok() {
        said.language = language.to_string();
    }
    let name = cut(&field("name"), 200);
    if name.is_empty() {
        mistakes.add("name", w.t("initiative-name-needed"));
    } else {
        said.name_map.insert(said.language.clone(), name);
    }
    let text = acting.request.form.raw("text").trim().to_owned();
    if text.chars().count() > 10_000 {
        mistakes.add("text", w.t("initiative-text-long"));
    }
    if text.is_empty() {
        said.content_map.remove(&said.language);
    } else {
        said.content_map.insert(said.language.clone(), text);
    }
    said.kind = field("kind");
    said.form = field("form");
    said.online = acting.request.form.has("online");
    let mut place = said.places.first().cloned().unwrap_or_default();
    place.locality = cut(&field("locality"), 300);
    place.region = cut(&field("region"), 300);
    place.country = field("country");
    place.radius = field("radius").parse().unwrap_or(0);
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
    said.provenance = "written".to_owned();
    Filled {
        at,
        radius: field("radius"),
        themes,
        links,
        said,
        base: field("base"),
    }
}

/// `POST /new/initiative`.
pub(crate) fn begin(acting: &Acting<'_>) -> Answer {
    let mut mistakes = Mistakes::default();
    let before = Initiative {
        licence: "CC-BY-SA-4.0".to_owned(),
        ..Initiative::default()
    };
    let filled = read(acting, &before, &mut mistakes);
    if !mistakes.is_empty() {
        return acting.read(|cx| draw(cx, None, &filled, &mistakes));
    }
    save(acting, None, &filled, None, Vec::new())
}

/// `POST /edit-initiative/…`: what others changed meanwhile is merged, field by field.
pub(crate) fn change(acting: &Acting<'_>) -> Answer {
    let (here, id, now, before) = acting.read(|cx| {
        let here = require(cx, cx.rest)?;
        let id = people::full_id(cx.db, &here.id)?;
        let now = tables::shown(cx.db, &here)?.unwrap_or_default();
        let base = Hash::parse(acting.field("base")).unwrap_or(here.hash);
        let known = tables::revisions(cx.db, cx.viewer, &here.id, i64::MAX)?;
        let base = if known.iter().any(|one| one.hash == base) {
            base
        } else {
            here.hash
        };
        let before = tables::said(cx.db, &base)?.unwrap_or_else(|| now.clone());
        Ok((here, id, now, before))
    })?;
    let mut mistakes = Mistakes::default();
    let filled = read(acting, &before, &mut mistakes);
    if !mistakes.is_empty() {
        return acting.read(|cx| draw(cx, Some(&here), &filled, &mistakes));
    }
    let merged = merge::merge(&before, &filled.said, &now);
    let (merged, clashes) =
        merged.map_err(|_| Problem::not_found(acting.words.t("no-initiative")))?;
    if let Some(clash) = clashes.first() {
        let theirs = clash
            .theirs
            .as_str()
            .map_or_else(|| clash.theirs.to_string(), str::to_owned);
        let said = [
            ("field", clash.field.as_str().into()),
            ("theirs", theirs.as_str().into()),
        ];
        mistakes.add("name", acting.words.tf("initiative-clash", &said));
        // Sent once more, what stands in the form is what stays.
        let again = Filled::of(merged, here.hash.to_string());
        let page = acting.read(|cx| draw(cx, Some(&here), &again, &mistakes))?;
        return Ok(page.status(409));
    }
    save(
        acting,
        Some(&here),
        &Filled {
            said: merged,
            ..filled
        },
        id,
        vec![here.hash],
    )
}

fn save(
    acting: &Acting<'_>,
    here: Option<&Here>,
    filled: &Filled,
    thing: Option<RecordId>,
    replaces: Vec<Hash>,
) -> Answer {
    let (w, node, asker) = (acting.words, acting.node, acting.asker()?);
    if !asker.allows("write") {
        return Err(Problem::forbidden(
            "out_of_scope",
            w.t("out-of-scope"),
            w.t("out-of-scope-remedy"),
        ));
    }
    let pen = node.store().read(|db| Pen::of(node, db, asker))?;
    let own = || Problem::forbidden("own_key", w.t("rule-own-key"), w.t("rule-own-key-remedy"));
    let pen = pen.ok_or_else(own)?;
    let draft = filled
        .said
        .draft(node.keys().commons_did(), Node::now(), thing, replaces);
    let draft = draft.map_err(|_| Problem::not_found(w.t("no-initiative")))?;
    let record = pen.sign(node, draft)?;
    let id = record.thing().short();
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => {
            let problem = Problem::refused(w, refusal);
            let mut mistakes = Mistakes::default();
            mistakes.add("name", problem.sentences());
            let page = acting.read(|cx| draw(cx, here, filled, &mistakes))?;
            Ok(page.status(problem.status))
        }
        _ => Ok(acting.see(&format!("/initiatives/{}", hex(&id)))),
    }
}
