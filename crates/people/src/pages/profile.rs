//! What somebody says of themselves.

use super::enter::{name_mistake, own_account};
use super::{Answer, own_page, sentence};
use crate::accounts::{self, AccountError};
use crate::model::{Handle, PersonName, Profile};
use crate::tables;
use record::Record;
use site::form::{Field, Mistakes};
use site::{Acting, Context, Form, Markup, Problem, Words, html, language_code, language_said};

/// Returns what a person said of themselves last.
pub(super) fn profile_of(
    cx: &Context<'_>,
    person: &tables::Person,
) -> Result<Option<Profile>, Problem> {
    let bytes = store::bytes_of(cx.db, &person.hash)?;
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    Ok(record.and_then(|record| Profile::of(&record).ok()))
}

pub(super) fn page(cx: &Context<'_>) -> Answer {
    let account = own_account(cx)?;
    let person = tables::by_did(cx.db, cx.viewer, account.did.as_str())?;
    let said = match &person {
        Some(person) => profile_of(cx, person)?,
        None => None,
    };
    let profile = said.unwrap_or(Profile {
        handle: account.handle,
        name: account.name,
        ..Profile::default()
    });
    draw(cx, &profile, &Mistakes::default())
}

fn draw(cx: &Context<'_>, profile: &Profile, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let main = html! {
        div.head {
            h1 { (w.t("profile-title")) } p.lead { (w.t("profile-lead")) }
            nav.tabs aria-label=(w.t("me-title")) {
                a href="/me" { (w.t("me-title")) }
                a href="/me/profile" aria-current="page" { (w.t("profile-title")) }
                a href={ "/people/" (profile.handle) } { (w.t("me-seen")) }
                @for one in &cx.settings.own { a href=(one.href) { (w.t(one.word)) } }
            }
        }
        (mistakes.summary(w))
        form.narrow method="post" action="/me/profile" {
            (cx.guarded())
            (fields(cx, profile, false, mistakes))
            p.actions { button.main { (w.t("profile-save")) } " " a href="/me" { (w.t("leave")) } }
        }
    };
    Ok(own_page(cx, w.t("profile-title"), "/me", &main).mending(mistakes))
}

/// Draws the fields that people and organisations have.
pub(super) fn fields(
    cx: &Context<'_>,
    profile: &Profile,
    of_organization: bool,
    mistakes: &Mistakes,
) -> Markup {
    let w = cx.words;
    let field = |field: Field<'_>| field.draw(w, mistakes);
    let joined = |list: &[String]| list.join(", ");
    let word = |own: &'static str, its: &'static str| w.t(if of_organization { its } else { own });
    html! {
        @if of_organization {
            (field(Field { name: "name", label: w.t("field-organization-name"), value: &profile.name, autocomplete: "organization", ..Field::default() }))
        } @else {
            (field(Field { name: "name", label: w.t("field-name"), hint: w.t("field-name-hint"), value: &profile.name, autocomplete: "name", ..Field::default() }))
        }
        (field(Field { name: "handle", label: w.t("field-handle"), hint: word("field-handle-change", "field-handle-hint"), value: &profile.handle, autocomplete: if of_organization { "off" } else { "username" }, code: true, optional: of_organization, ..Field::default() }))
        (field(Field { name: "about", label: word("field-about", "field-organization-about"), hint: w.t("field-about-hint"), value: &profile.about, rows: 6, optional: true, ..Field::default() }))
        (field(Field { name: "place", label: w.t("field-place"), hint: w.t("field-place-hint"), value: &profile.place, optional: true, ..Field::default() }))
        (field(Field { name: "languages", label: word("field-languages", "field-organization-languages"), hint: w.t("field-languages-hint"), value: &profile.languages.iter().map(|code| language_said(code)).collect::<Vec<_>>().join(", "), optional: true, ..Field::default() }))
        (field(Field { name: "skills", label: word("field-skills", "field-organization-skills"), hint: w.t("field-list-hint"), value: &joined(&profile.skills), optional: true, ..Field::default() }))
        (field(Field { name: "themes", label: word("field-themes", "field-organization-themes"), hint: w.t("field-list-hint"), value: &joined(&profile.themes), optional: true, ..Field::default() }))
        (field(Field { name: "seeking", label: word("field-seeking", "field-organization-seeking"), value: &profile.seeking, rows: 2, optional: true, ..Field::default() }))
        (field(Field { name: "offering", label: word("field-offering", "field-organization-offering"), value: &profile.offering, rows: 2, optional: true, ..Field::default() }))
        (field(Field { name: "links", label: w.t("field-links"), hint: w.t("field-links-hint"), value: &profile.links.join("\n"), rows: 3, optional: true, code: true, ..Field::default() }))
        @if !of_organization {
            (field(Field { name: "author_names", label: w.t("field-author-names"), hint: w.t("field-author-names-hint"), value: &profile.author_names.join("\n"), rows: 2, optional: true, ..Field::default() }))
        }
    }
}

/// Reads a list that was written with commas between, or on lines of its own.
fn list(text: &str, between: &[char]) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for one in text.split(between) {
        let one = one.split_whitespace().collect::<Vec<_>>().join(" ");
        if !one.is_empty() && !list.contains(&one) {
            list.push(one);
        }
    }
    list
}

/// Reads languages that were named by their codes or their names.
fn languages(text: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for one in list(text, &[',', '\n']) {
        let code = language_code(&one);
        if record::Language::parse(&code).is_ok() {
            codes.push(code);
        } else {
            codes.extend(one.split(' ').map(language_code));
        }
    }
    let mut seen = std::collections::HashSet::new();
    codes.retain(|code| seen.insert(code.clone()));
    codes
}

/// Reads what [`fields`] drew, and says what is to be mended. An organisation's address may be left empty.
pub(super) fn read(words: &Words, form: &Form, of_organization: bool) -> (Profile, Mistakes) {
    let w = words;
    let mut profile = Profile {
        handle: form
            .text("handle")
            .trim_start_matches('@')
            .to_ascii_lowercase(),
        name: form.text("name").to_owned(),
        about: form.text("about").to_owned(),
        place: list(form.text("place"), &[',', '\n']).join(", "),
        languages: languages(form.text("languages")),
        skills: list(form.text("skills"), &[',', '\n']),
        themes: list(form.text("themes"), &[',', '\n']),
        links: list(form.text("links"), &[' ', '\n']),
        seeking: form.text("seeking").to_owned(),
        offering: form.text("offering").to_owned(),
        author_names: list(form.text("author_names"), &['\n']),
    };
    if of_organization && profile.handle.is_empty() {
        let proposed = Handle::propose(&profile.name);
        profile.handle = proposed.map_or_else(String::new, |handle| handle.as_str().to_owned());
    }
    let mut mistakes = Mistakes::default();
    match PersonName::parse(&profile.name) {
        Ok(name) => profile.name = name.as_str().to_owned(),
        Err(error) => mistakes.add("name", name_mistake(w, error)),
    }
    // Without a name no address could be made from it: one mistake, not two.
    let made = of_organization && profile.handle.is_empty() && !mistakes.is_empty();
    if !made && Handle::parse(&profile.handle).is_err() {
        mistakes.add("handle", w.t("handle-signs"));
    }
    for tag in &profile.languages {
        if record::Language::parse(tag).is_err() {
            mistakes.add(
                "languages",
                w.tf("language-wrong", &[("text", tag.as_str().into())]),
            );
        }
    }
    for link in &profile.links {
        if !crate::is_web_address(link) {
            mistakes.add(
                "links",
                w.tf("link-wrong", &[("text", link.as_str().into())]),
            );
        }
    }
    for (field, text) in [
        ("about", &profile.about),
        ("seeking", &profile.seeking),
        ("offering", &profile.offering),
    ] {
        if text.chars().count() > Profile::LONGEST {
            mistakes.add(
                field,
                w.tf("text-long", &[("most", Profile::LONGEST.into())]),
            );
        }
    }
    for (field, list) in [("skills", &profile.skills), ("themes", &profile.themes)] {
        if list.len() > Profile::MOST || list.iter().any(|one| one.chars().count() > 80) {
            mistakes.add(field, w.tf("list-long", &[("most", Profile::MOST.into())]));
        }
    }
    if mistakes.is_empty()
        && let Err(error) = profile.check()
    {
        mistakes.add("about", error);
    }
    (profile, mistakes)
}

pub(super) fn save(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = super::require_scope(acting, "profile")?;
    let (profile, mut mistakes) = read(w, &acting.request.form, false);
    if !mistakes.is_empty() {
        return acting.read(|cx| draw(cx, &profile, &mistakes));
    }
    match accounts::describe(acting.node, asker, profile.clone()) {
        Ok(()) => Ok(acting.see(&format!("/people/{}", profile.handle))),
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => {
            let field = match error {
                AccountError::HandleTaken(_) => "handle",
                _ => "name",
            };
            mistakes.add(field, sentence(w, &error));
            acting.read(|cx| draw(cx, &profile, &mistakes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn a_list_is_read_with_each_entry_once() {
        assert_eq!(
            list(" wood,  iron work ,, wood\nclay", &[',', '\n']),
            ["wood", "iron work", "clay"]
        );
    }
}
