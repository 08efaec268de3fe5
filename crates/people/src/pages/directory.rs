//! The directory of people and organisations, and the page of a person.

use super::Answer;
use super::organizations::form_badge;
use super::profile::profile_of;
use crate::model::{LegalForm, Profile};
use crate::tables::directory::{self, Agents, Listed};
use crate::tables::organizations::{self, Here};
use crate::tables::{self, Person};
use site::form::{Field, Mistakes};
use site::{
    Context, Markup, PageHead, PreEscaped, Problem, Response, encode, html, language_name, number,
    pager,
};

/// How many agents are shown before the next part.
const PART: i64 = 60;
/// How many values of a trait are offered to narrow by.
const OFFERED: i64 = 12;
/// The traits by which people are found, in the order in which they are shown.
pub(crate) const OF_PEOPLE: [&str; 5] = ["called", "theme", "skill", "place", "language"];
/// The traits by which organisations are found.
pub(crate) const OF_ORGANIZATIONS: [&str; 6] =
    ["called", "form", "theme", "skill", "place", "language"];

pub(super) fn trait_word<'w>(cx: &'w Context<'_>, what: &str) -> &'w str {
    cx.words.t(match what {
        "called" => "trait-called",
        "form" => "trait-form",
        "theme" => "trait-theme",
        "skill" => "trait-skill",
        "place" => "trait-place",
        _ => "trait-language",
    })
}

fn shown_value(cx: &Context<'_>, what: &str, text: &str) -> String {
    match what {
        "language" => language_name(text).to_owned(),
        "form" => LegalForm::parse(text).map_or_else(
            || text.to_owned(),
            |form| cx.words.t(form.word()).to_owned(),
        ),
        _ => text.to_owned(),
    }
}

fn address(agents: Agents, wanted: &[(String, String)]) -> String {
    let query: Vec<String> = wanted
        .iter()
        .map(|(what, text)| format!("{what}={}", encode(text)))
        .collect();
    if query.is_empty() {
        agents.path().to_owned()
    } else {
        format!("{}?{}", agents.path(), query.join("&"))
    }
}

pub(super) fn people(cx: &Context<'_>) -> Answer {
    list(cx, Agents::People, &OF_PEOPLE)
}

pub(super) fn organizations(cx: &Context<'_>) -> Answer {
    list(cx, Agents::Organizations, &OF_ORGANIZATIONS)
}

/// What a reader asks the directory for, and where the part after this one begins.
pub(crate) fn asked_for(cx: &Context<'_>, traits: &[&str]) -> Vec<(String, String)> {
    cx.request
        .query
        .iter()
        .filter(|(what, text)| traits.contains(&&**what) && !text.trim().is_empty())
        .take(8)
        .map(|(what, text)| (what.clone(), text.trim().to_owned()))
        .collect()
}

fn list(cx: &Context<'_>, agents: Agents, traits: &[&'static str]) -> Answer {
    let w = cx.words;
    let wanted = asked_for(cx, traits);
    let total = directory::count(cx.db, cx.viewer, agents, &wanted)?;
    let after = cx.request.param("after").unwrap_or_default();
    let after = after.split_once('~').unwrap_or_default();
    let mut list = directory::listed(cx.db, cx.viewer, agents, &wanted, after, PART + 1)?;
    let more = list.len() as i64 > PART;
    list.truncate(PART as usize);
    let next = list.last().filter(|_| more).map(|last| {
        let mark = format!("{}~{}", tables::fold(&last.name), last.handle);
        let join = if wanted.is_empty() { '?' } else { '&' };
        format!("{}{join}after={}", address(agents, &wanted), encode(&mark))
    });
    let of_people = agents == Agents::People;
    let word = |people: &'static str, organizations: &'static str| {
        w.t(if of_people { people } else { organizations })
    };
    let count = w.tf(
        if of_people {
            "count-people"
        } else {
            "count-organizations"
        },
        &[("count", total.into())],
    );
    let title = word("people-title", "organizations-title");
    let mistakes = Mistakes::default();
    let mut boxes = Vec::new();
    for what in traits.iter().filter(|what| **what != "called") {
        boxes.push(facet(cx, agents, what, &wanted)?);
    }
    let facets = html! { @for one in &boxes { (one) } };
    let main = html! {
        div.head { h1 { (title) } p.lead { (count) }
            nav.tabs aria-label=(w.t("menu-people")) {
                a href="/people" aria-current=[of_people.then_some("page")] { (w.t("people-title")) }
                a href="/organizations" aria-current=[(!of_people).then_some("page")] { (w.t("organizations-title")) }
            }
            @if !of_people && cx.asker.is_some() { p.actions { a.button href="/new/organization" { (w.t("organization-new")) } } }
        }
        form.find.own action=(agents.path()) {
            @for (what, text) in wanted.iter().filter(|(what, _)| what != "called") { input type="hidden" name=(what) value=(text); }
            label.hush for="called" { (w.t("people-find-name")) }
            input #called type="search" name="called" value=(value_of(&wanted, "called")) placeholder=(w.t("people-find-name"));
            button { (w.t("people-find")) }
        }
        div.side {
            aside.facets aria-label=(w.t("people-narrow")) {
                details.only-narrow open[wanted.iter().any(|(what, _)| what != "called")] { summary { (w.t("people-narrow")) } (facets) }
                div.only-wide { (facets) }
            }
            div {
                @if !wanted.is_empty() {
                    ul.tags { @for (index, (what, text)) in wanted.iter().enumerate() {
                        @let rest: Vec<(String, String)> = wanted.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, one)| one.clone()).collect();
                        @let shown = shown_value(cx, what, text);
                        li { a href=(address(agents, &rest)) aria-label=(w.tf("people-without", &[("text", shown.as_str().into())])) { (shown) " ×" } }
                    } }
                }
                @if list.is_empty() {
                    div.empty { h2.h3 { (if wanted.is_empty() { word("people-none", "organizations-none") } else { word("people-none-such", "organizations-none-such") }) }
                        p { (word("people-none-why", "organizations-none-why")) }
                        p.actions.center {
                            @if !wanted.is_empty() { a.button.main href=(agents.path()) { (word("people-all", "organizations-all")) } }
                            @else if cx.asker.is_none() { a.button.main href="/join" { (w.t("menu-join")) } }
                            @else if !of_people { a.button.main href="/new/organization" { (w.t("organization-new")) } }
                        } }
                } @else {
                    ul.rows { @for agent in &list { li { (row(cx, agents, agent)?) } } }
                    (pager(cx, &count, next.as_deref()))
                }
                details { summary { (w.t("people-find-otherwise")) }
                    form.narrow action=(agents.path()) {
                        @for what in traits.iter().filter(|what| !matches!(**what, "called" | "form")) {
                            (Field { name: what, label: trait_word(cx, what), value: value_of(&wanted, what), optional: true, ..Field::default() }.draw(w, &mistakes))
                        }
                        @if !value_of(&wanted, "form").is_empty() { input type="hidden" name="form" value=(value_of(&wanted, "form")); }
                        p.actions { button { (w.t("people-find")) } }
                    }
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/people",
            canonical: Some(address(agents, &wanted)),
            noindex: !wanted.is_empty(),
            ..PageHead::default()
        },
        &main,
    ))
}

fn value_of<'w>(wanted: &'w [(String, String)], what: &str) -> &'w str {
    let found = wanted.iter().find(|(name, _)| name == what);
    found.map_or("", |(_, text)| text)
}

fn facet(
    cx: &Context<'_>,
    agents: Agents,
    what: &str,
    wanted: &[(String, String)],
) -> Result<Markup, Problem> {
    let values = directory::traits(cx.db, cx.viewer, agents, what, OFFERED)?;
    Ok(html! {
        @if !values.is_empty() {
            section aria-label=(trait_word(cx, what)) { h2 { (trait_word(cx, what)) }
                ul { @for value in &values {
                    @let on = wanted.iter().any(|(name, text)| name == what && tables::fold(text) == tables::fold(&value.text));
                    @let narrowed = [wanted, &[(what.to_owned(), value.text.clone())]].concat();
                    li { a href=(address(agents, if on { wanted } else { &narrowed })) aria-current=[on.then_some("true")] rel="nofollow" { span { (shown_value(cx, what, &value.text)) } " " span { (number(cx.lang(), value.agents)) } } }
                } }
            }
        }
    })
}

fn row(cx: &Context<'_>, agents: Agents, agent: &Listed) -> Result<Markup, Problem> {
    let form = LegalForm::parse(&agent.form);
    let badge = match form {
        Some(form) => {
            let attested = organizations::attested_form(cx.db, &agent.id)?;
            form_badge(cx, form, attested == Some(form))
        }
        None => html! {},
    };
    Ok(html! {
        h3 { a href={ (agents.path()) "/" (agent.handle) } { (agent.name) } }
        @if !agent.lead.is_empty() { p { (agent.lead) } }
        p.small.quiet { (badge) @if form.is_some() { " " } "@" (agent.handle) @if !agent.place.is_empty() { " · " (agent.place) } }
    })
}

/// Draws what somebody is found by, in boxes beside what they say.
pub(super) fn boxes(cx: &Context<'_>, agents: Agents, profile: &Profile) -> Markup {
    let w = cx.words;
    let tags = |what: &str, list: &[String]| {
        html! { @if !list.is_empty() {
            section.infobox aria-label=(trait_word(cx, what)) { h2 { (trait_word(cx, what)) }
                ul.tags { @for text in list { li { a href=(address(agents, &[(what.to_owned(), text.clone())])) { (shown_value(cx, what, text)) } } } } }
        } }
    };
    html! {
        (tags("theme", &profile.themes))
        (tags("skill", &profile.skills))
        (tags("language", &profile.languages))
        @if !profile.links.is_empty() { section.infobox aria-labelledby="ib-links" { h2 #ib-links { (w.t("field-links")) }
            ul.plain { @for link in &profile.links { li { a href=(link) rel="nofollow noopener ugc" { (link) } } } } } }
    }
}

pub(super) fn person(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let handle = cx.rest.trim_start_matches('@').to_lowercase();
    // Lists of things know people by their ids.
    let found = match super::id_of(&handle) {
        Some(id) => tables::by_id(cx.db, cx.viewer, &id)?,
        None => tables::by_handle(cx.db, cx.viewer, &handle)?,
    };
    let Some(person) = found else {
        if let Some(now) = tables::who_was(cx.db, cx.viewer, Profile::KIND, &handle)? {
            return Ok(Response::redirect(302, &format!("/people/{now}")));
        }
        return Err(Problem::not_found(
            w.tf("no-person", &[("handle", handle.as_str().into())]),
        ));
    };
    let profile = profile_of(cx, &person)?.unwrap_or_default();
    let standing = tables::standing(cx.db, &cx.node.keys().commons_did(), &person.did)?;
    let own = cx.asker.is_some_and(|asker| asker.did == person.did);
    let belongs = organizations::organizations_of(cx.db, cx.viewer, person.did.as_str())?;
    let names = names_box(cx, &person, &profile, own)?;
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { li { a href="/people" { (w.t("people-title")) } } } }
        div.head {
            span.kind data-kind="initiative" { (w.t("kind-person")) }
            h1 { (person.name) }
            p.lead { "@" (person.handle) @if !person.place.is_empty() { " · " (person.place) } }
            @if standing.steward || standing.blocked || standing.revoked { p { @if standing.steward { span.badge data-tone="info" { (w.t("steward")) } } @if standing.blocked { " " span.badge data-tone="no" { (w.t("blocked")) } } @if standing.revoked { " " span.badge data-tone="no" { (w.t("key-taken-back")) } } } }
            div.actions { @for one in &cx.settings.of_person { a.button href={ (one.path) (person.handle) } { (w.t(one.word)) } " " } @if own { a.button href="/me/profile" { (w.t("profile-change")) } } @else { (super::follow_button(cx, &person.id)?) } }
        }
        div.split {
            div.prose {
                @if profile.about.is_empty() { p.quiet { (w.t(if own { "person-empty-own" } else { "person-empty" })) } }
                @else { (PreEscaped(markdown(&profile.about))) }
                @if !profile.seeking.is_empty() { h2 { (w.t("field-seeking")) } p { (profile.seeking) } }
                @if !profile.offering.is_empty() { h2 { (w.t("field-offering")) } p { (profile.offering) } }
            }
            aside {
                (organizations_box(cx, &belongs, own))
                (boxes(cx, Agents::People, &profile))
                (names)
                section.infobox aria-labelledby="ib-key" { h2 #ib-key { (w.t("person-key")) }
                    details { summary { (w.t("person-key-what")) } p.small.code { (person.did) } } }
                @if cx.asker.is_some_and(|asker| asker.steward) && !own { (steward_box(cx, &person, standing)) }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title: &person.name,
            menu: "/people",
            description: Some(&person.lead)
                .filter(|lead| !lead.is_empty())
                .map(String::as_str),
            canonical: Some(person.href()),
            ..PageHead::default()
        },
        &main,
    ))
}

/// The organisations that somebody belongs to; for themselves, also those where one side has not said so yet.
fn organizations_box(
    cx: &Context<'_>,
    belongs: &[(Here, crate::rules::organization::Belonging)],
    own: bool,
) -> Markup {
    let w = cx.words;
    let shown: Vec<_> = belongs
        .iter()
        .filter(|(_, one)| own || one.is_confirmed())
        .collect();
    html! {
        @if !shown.is_empty() || own { section.infobox aria-labelledby="ib-orgs" { h2 #ib-orgs { (w.t("organizations-title")) }
            @if shown.is_empty() { p.small.quiet { (w.t("organizations-own-none")) " " a href="/organizations" { (w.t("organizations-look")) } } }
            @else { ul.plain { @for (one, belonging) in shown { li {
                a href=(one.href()) { (one.name) }
                @if !belonging.role.is_empty() { span.small.quiet { " · " (belonging.role) } }
                @if !belonging.is_confirmed() { " " span.badge data-tone="ask" { (w.t(if belonging.by_member { "membership-asked" } else { "membership-offered" })) } }
            } } } }
        } }
    }
}

/// The names under which somebody wrote elsewhere, and whether a steward vouches for it.
fn names_box(
    cx: &Context<'_>,
    person: &Person,
    profile: &Profile,
    own: bool,
) -> Result<Markup, Problem> {
    let w = cx.words;
    let attested = organizations::attestations(cx.db, cx.viewer, &person.id)?;
    let steward = cx.asker.is_some_and(|asker| asker.steward) && !own;
    Ok(html! {
        @if !profile.author_names.is_empty() { section.infobox aria-labelledby="ib-names" { h2 #ib-names { (w.t("author-names")) }
            ul.plain { @for name in &profile.author_names {
                @let vouched = attested.iter().find(|one| one.claim == crate::Claim::AuthorName(name.clone()));
                li { (name) " "
                    @match vouched {
                        Some(one) => { span.badge data-tone="yes" { (w.t("attested")) } (super::organizations::voucher(cx, one)?) }
                        None => {
                            span.badge data-tone="ask" { (w.t("claimed")) }
                            @if steward { (super::organizations::attest_form(cx, &person.id, &[("claim", "author-name"), ("value", name)], &[], &person.href())) }
                        }
                    }
                }
            } }
        } }
    })
}

/// What a steward can decide of a person.
fn steward_box(cx: &Context<'_>, person: &Person, standing: crate::rules::Standing) -> Markup {
    let w = cx.words;
    let acts: &[(&str, &str)] = match (standing.blocked, standing.steward) {
        (true, _) => &[("unblock", "act-unblock")],
        (false, true) => &[("dismiss", "act-dismiss"), ("block", "act-block")],
        (false, false) => &[("appoint", "act-appoint"), ("block", "act-block")],
    };
    html! {
        section.infobox aria-labelledby="ib-steward" { h2 #ib-steward { (w.t("stewards-decide")) }
            form action="/stewards/decide" {
                input type="hidden" name="about" value=(person.did);
                p.actions { @for (act, word) in acts { button name="act" value=(act) { (w.t(word)) } " " } }
                @if !standing.revoked { p.actions { button name="act" value="revoke" { (w.t("act-revoke")) } } }
            }
        }
    }
}

/// Returns what somebody wrote of themselves without its markup.
pub(crate) fn plain(text: &str) -> String {
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, text, &comrak::Options::default());
    let mut plain = String::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            comrak::nodes::NodeValue::Text(text) => plain.push_str(text),
            comrak::nodes::NodeValue::Code(code) => plain.push_str(&code.literal),
            comrak::nodes::NodeValue::SoftBreak
            | comrak::nodes::NodeValue::LineBreak
            | comrak::nodes::NodeValue::Paragraph
            | comrak::nodes::NodeValue::Heading(_)
            | comrak::nodes::NodeValue::Item(_) => plain.push(' '),
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Draws what somebody wrote of themselves: CommonMark without HTML and pictures.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.render.escape = true;
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, text, &options);
    for node in root.descendants() {
        let mut data = node.data.borrow_mut();
        match &mut data.value {
            comrak::nodes::NodeValue::Heading(heading) => {
                heading.level = (heading.level + 1).clamp(2, 6)
            }
            comrak::nodes::NodeValue::Link(link)
                if !crate::is_web_address(&link.url) && !link.url.starts_with("mailto:") =>
            {
                link.url.clear();
            }
            // Pictures from elsewhere would tell others who reads here.
            comrak::nodes::NodeValue::Image(link) => link.url.clear(),
            _ => {}
        }
    }
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = comrak::format_html(root, &options, &mut html);
    html.replace(
        "<a href=\"http",
        "<a rel=\"nofollow noopener ugc\" href=\"http",
    )
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn what_somebody_writes_of_themselves_runs_nothing_and_fetches_nothing() {
        let html = markdown(
            "# Hi\n<script>alert(1)</script>\n\nSee <b></b> [x](javascript:alert(1)) ![p](https://evil.example/p.png) https://ok.example",
        );
        assert!(
            !html.contains("<script") && !html.contains("javascript:"),
            "{html}"
        );
        assert!(!html.contains("evil.example"), "{html}");
        assert!(
            html.contains("rel=\"nofollow noopener ugc\" href=\"https://ok.example\""),
            "{html}"
        );
        assert!(html.contains("<h2>"), "{html}");
    }
}
