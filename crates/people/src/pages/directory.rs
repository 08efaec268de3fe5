//! The directory of people, and the page of each.

use super::Answer;
use super::profile::profile_of;
use crate::tables::{self, Person};
use site::form::Field;
use site::{
    Context, Markup, PageHead, PreEscaped, Problem, encode, html, language_name, number, pager,
};

/// How many people are shown before the next part.
const PART: i64 = 60;
/// How many values of a trait are offered to narrow by.
const OFFERED: i64 = 12;
/// The four traits, in the order in which they are shown.
const TRAITS: [&str; 4] = ["theme", "skill", "place", "language"];

fn trait_word<'w>(cx: &'w Context<'_>, what: &str) -> &'w str {
    cx.words.t(match what {
        "theme" => "trait-theme",
        "skill" => "trait-skill",
        "place" => "trait-place",
        _ => "trait-language",
    })
}

fn shown_value(what: &str, text: &str) -> String {
    if what == "language" {
        language_name(text).to_owned()
    } else {
        text.to_owned()
    }
}

fn address(wanted: &[(String, String)]) -> String {
    let query: Vec<String> = wanted
        .iter()
        .map(|(what, text)| format!("{what}={}", encode(text)))
        .collect();
    if query.is_empty() {
        "/people".to_owned()
    } else {
        format!("/people?{}", query.join("&"))
    }
}

pub(super) fn people(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let wanted: Vec<(String, String)> = cx
        .request
        .query
        .iter()
        .filter(|(what, text)| TRAITS.contains(&&**what) && !text.trim().is_empty())
        .take(8)
        .map(|(what, text)| (what.clone(), text.trim().to_owned()))
        .collect();
    let total = tables::count_people(cx.db, cx.viewer, &wanted)?;
    let after = cx.request.param("after").unwrap_or_default();
    let after = after.split_once('~').unwrap_or_default();
    let mut list = tables::listed(cx.db, cx.viewer, &wanted, after, PART + 1)?;
    let more = list.len() as i64 > PART;
    list.truncate(PART as usize);
    let next = list.last().filter(|_| more).map(|last| {
        let mark = format!("{}~{}", tables::fold(&last.name), last.handle);
        let join = if wanted.is_empty() { '?' } else { '&' };
        format!("{}{join}after={}", address(&wanted), encode(&mark))
    });
    let count = w.tf("count-people", &[("count", total.into())]);
    let empty_field = Field::default();
    let mistakes = site::form::Mistakes::default();
    let main = html! {
        div.head { h1 { (w.t("people-title")) } p.lead { (count) } }
        div.side {
            div {
                form.narrow action="/people" {
                    @for what in TRAITS {
                        @let value = wanted.iter().find(|(name, _)| name == what).map_or("", |(_, text)| text);
                        (Field { name: what, label: trait_word(cx, what), value, ..empty_field }.draw(w, &mistakes))
                    }
                    p.actions { button { (w.t("people-find")) } }
                }
                @for what in TRAITS { (facet(cx, what, &wanted)?) }
            }
            div {
                @if !wanted.is_empty() {
                    ul.tags { @for (index, (what, text)) in wanted.iter().enumerate() {
                        @let rest: Vec<(String, String)> = wanted.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, one)| one.clone()).collect();
                        li { a href=(address(&rest)) aria-label=(w.tf("people-without", &[("text", text.into())])) { (shown_value(what, text)) " ×" } }
                    } }
                }
                @if list.is_empty() {
                    div.empty { h2.h3 { (w.t(if wanted.is_empty() { "people-none" } else { "people-none-such" })) } p { (w.t("people-none-why")) }
                        p.actions.center { @if wanted.is_empty() { a.button.main href="/join" { (w.t("menu-join")) } } @else { a.button.main href="/people" { (w.t("people-all")) } } } }
                } @else {
                    ul.rows { @for person in &list { li { (row(person)) } } }
                    (pager(cx, &count, next.as_deref()))
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title: w.t("people-title"),
            menu: "/people",
            canonical: Some(address(&wanted)),
            noindex: !wanted.is_empty(),
            ..PageHead::default()
        },
        &main,
    ))
}

fn facet(cx: &Context<'_>, what: &str, wanted: &[(String, String)]) -> Result<Markup, Problem> {
    let values = tables::traits(cx.db, cx.viewer, what, OFFERED)?;
    Ok(html! {
        @if !values.is_empty() {
            section.facets aria-label=(trait_word(cx, what)) { h2 { (trait_word(cx, what)) }
                ul { @for value in &values {
                    @let on = wanted.iter().any(|(name, text)| name == what && tables::fold(text) == tables::fold(&value.text));
                    @let narrowed = [wanted, &[(what.to_owned(), value.text.clone())]].concat();
                    li { a href=(address(if on { wanted } else { &narrowed })) aria-current=[on.then_some("true")] rel="nofollow" { span { (shown_value(what, &value.text)) } " " span { (number(cx.lang(), value.people)) } } }
                } }
            }
        }
    })
}

fn row(person: &Person) -> Markup {
    html! {
        h3 { a href=(person.href()) { (person.name) } }
        @if !person.lead.is_empty() { p { (person.lead) } }
        p.small.quiet { "@" (person.handle) @if !person.place.is_empty() { " · " (person.place) } }
    }
}

pub(super) fn person(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let handle = cx.rest.trim_start_matches('@').to_lowercase();
    let Some(person) = tables::by_handle(cx.db, cx.viewer, &handle)? else {
        return Err(Problem::not_found(
            w.tf("no-person", &[("handle", handle.as_str().into())]),
        ));
    };
    let profile = profile_of(cx, &person)?.unwrap_or_default();
    let standing = tables::standing(cx.db, &cx.node.keys().commons_did(), &person.did)?;
    let own = cx.asker.is_some_and(|asker| asker.did == person.did);
    let tags = |what: &str, list: &[String]| {
        html! { @if !list.is_empty() {
            section.infobox aria-label=(trait_word(cx, what)) { h2 { (trait_word(cx, what)) }
                ul.tags { @for text in list { li { a href=(address(&[(what.to_owned(), text.clone())])) { (shown_value(what, text)) } } } } }
        } }
    };
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { li { a href="/people" { (w.t("people-title")) } } } }
        div.head {
            span.kind data-kind="initiative" { (w.t("kind-person")) }
            h1 { (person.name) }
            p.lead { "@" (person.handle) @if !person.place.is_empty() { " · " (person.place) } }
            @if standing.steward || standing.blocked || standing.revoked { p { @if standing.steward { span.badge data-tone="info" { (w.t("steward")) } } @if standing.blocked { " " span.badge data-tone="no" { (w.t("blocked")) } } @if standing.revoked { " " span.badge data-tone="no" { (w.t("key-taken-back")) } } } }
            p.actions { @for one in &cx.settings.of_person { a.button href={ (one.path) (person.handle) } { (w.t(one.word)) } } @if own { a.button href="/me/profile" { (w.t("profile-change")) } } }
        }
        div.split {
            div.prose {
                @if profile.about.is_empty() { p.quiet { (w.t(if own { "person-empty-own" } else { "person-empty" })) } }
                @else { (PreEscaped(markdown(&profile.about))) }
                @if !profile.seeking.is_empty() { h2 { (w.t("field-seeking")) } p { (profile.seeking) } }
                @if !profile.offering.is_empty() { h2 { (w.t("field-offering")) } p { (profile.offering) } }
            }
            aside {
                (tags("theme", &profile.themes))
                (tags("skill", &profile.skills))
                (tags("language", &profile.languages))
                @if !profile.links.is_empty() { section.infobox aria-labelledby="ib-links" { h2 #ib-links { (w.t("field-links")) }
                    ul.plain { @for link in &profile.links { li { a href=(link) rel="nofollow noopener ugc" { (link) } } } } } }
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
            form method="post" action="/stewards/decide" { (cx.guarded())
                input type="hidden" name="about" value=(person.did);
                (Field { name: "reason", label: w.t("field-reason"), hint: w.t("field-reason-hint"), rows: 2, ..Field::default() }.draw(w, &site::form::Mistakes::default()))
                p.actions { @for (act, word) in acts { button name="act" value=(act) { (w.t(word)) } " " } }
                @if !standing.revoked { p.hint { (w.t("act-revoke-hint")) } p.actions { button name="act" value="revoke" { (w.t("act-revoke")) } } }
            }
        }
    }
}

/// Draws what somebody wrote of themselves: CommonMark without HTML and pictures.
pub(super) fn markdown(text: &str) -> String {
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
