//! Forms of a wiki: templates that this crate does not understand, handed to whoever does.
//!
//! Wikis hold data as uses of templates: `{{Workshop|Name=…|City=…}}`. Whoever knows such a template names it in
//! [`super::mediawiki::Options::forms`], and finds its uses in [`super::Report::forms`].

use wikitext::Site;

/// A use of a template, on a page that came in now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What the wiki calls itself.
    pub site: String,
    /// The title of the page, as the wiki has it.
    pub page: String,
    /// The name of the template, as it was asked for.
    pub template: String,
    /// Its fields, in order.
    pub fields: Vec<FormField>,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// What stands in it, without markup: a paragraph per line.
    pub text: String,
    /// What stands in it, as it is written.
    pub source: String,
}

/// Returns the uses of templates with some names in a page: without regard to case, `_` as a space.
pub(super) fn of_page(wiki: &str, title: &str, text: &str, names: &[&str]) -> Vec<Form> {
    let same = |name: &str, used: &str| name.eq_ignore_ascii_case(&used.replace('_', " "));
    // Most pages have none: they are not read for it.
    let lower = |text: &str, name: &str| {
        text.split("{{").skip(1).any(|rest| {
            let begin = rest.trim_start();
            begin
                .get(..name.len())
                .is_some_and(|begin| same(name, begin))
        })
    };
    if !names.iter().any(|name| lower(text, name)) {
        return Vec::new();
    }
    let site = Site::default();
    let document = wikitext::parse(text, &site);
    let uses = document.templates().into_iter();
    uses.filter_map(|found| {
        let template = names.iter().find(|name| same(name, found.name))?;
        let fields = found.params.iter().map(|(name, value)| FormField {
            name: name.clone(),
            text: wikitext::parse(value, &site).plain_text().trim().to_owned(),
            source: (*value).to_owned(),
        });
        Some(Form {
            site: wiki.to_owned(),
            page: title.to_owned(),
            template: (*template).to_owned(),
            fields: fields.collect(),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::of_page;

    #[test]
    fn forms_are_found_by_name_and_read_without_markup() {
        let text = "Before\n{{ Work_shop |Name='''Loom'''|Site=[https://loom.example here]\n|Details=One\n\n* two\n}}\n{{Other|Name=x}}";
        let found = of_page("A wiki", "A page", text, &["work shop"]);
        assert_eq!(found.len(), 1);
        let fields: Vec<(&str, &str)> = found[0]
            .fields
            .iter()
            .map(|field| (&*field.name, &*field.text))
            .collect();
        assert_eq!(fields[0], ("Name", "Loom"));
        assert!(
            fields[2].1.contains("two") && !fields[2].1.contains('*'),
            "{fields:?}"
        );
        assert!(found[0].fields[1].source.contains("https://loom.example"));
        assert_eq!(found[0].template, "work shop");
        assert!(of_page("A wiki", "A page", text, &["work"]).is_empty());
        assert!(of_page("A wiki", "A page", "{{work shop", &["work shop"]).is_empty());
    }
}
