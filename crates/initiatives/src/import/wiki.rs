//! The forms of a wikisprint, as a wiki holds them: uses of a template on pages, handed over by the import of the wiki.

use super::fields::Row;
use super::{ImportError, Options, Report, bring};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::Node;

/// The templates whose uses are initiatives.
///
/// Source: the forms of the Hispanic and the Brazilian wikisprint of 20 March 2013, on the wiki of the P2P Foundation.
pub const WIKI_FORMS: &[&str] = &["WikiSprint-20M", "WikiSprint-Brazil"];

/// A use of one of [`WIKI_FORMS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WikiForm {
    /// The title of the page on which it stands.
    pub page: String,
    /// Its fields: name, text without markup with a paragraph per line, and the text as it is written.
    pub fields: Vec<(String, String, String)>,
}

/// What a field of the form is in a row of a list; others keep their names.
fn known(name: &str) -> Option<&'static str> {
    Some(match name.trim().to_lowercase().as_str() {
        "name" | "title/name" => "name",
        "main url" => "website",
        "location" => "coordinates",
        "city" => "locality",
        "topics" | "categories/tags" => "themes",
        "start date" => "since",
        _ => return None,
    })
}

/// Fields that say in one text what it does, in this order.
const SAYS: [&str; 3] = ["short description", "one sentence description", "details"];
/// Fields whose addresses lead to more about it.
const MORE: [&str; 2] = ["references/links", "lblreferences/links"];

/// Returns the addresses of a text of a wiki.
fn addresses(source: &str) -> impl Iterator<Item = &str> {
    let words = source.split(|c: char| c.is_whitespace() || "[]|<>\"'{}".contains(c));
    words
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .map(|word| word.trim_end_matches(['.', ',', ';', ')', ':']))
}

/// Returns the form as a row of a list.
fn row(form: &WikiForm) -> Row {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut says: [String; 3] = Default::default();
    for (name, text, source) in &form.fields {
        let lower = name.trim().to_lowercase();
        if text.is_empty() || lower.parse::<u32>().is_ok() {
            // Arguments without a name are what is left of a mistake in the form.
            continue;
        }
        if let Some(at) = SAYS.iter().position(|known| *known == lower) {
            says[at] = text.replace('\n', "\n\n");
        } else if MORE.contains(&lower.as_str()) {
            let links = fields.entry("website".to_owned()).or_default();
            links.extend(addresses(source).map(str::to_owned));
        } else if lower == "main url" {
            let first = addresses(source).next().unwrap_or(text);
            let links = fields.entry("website".to_owned()).or_default();
            links.insert(0, first.to_owned());
        } else {
            let field = known(name).unwrap_or(name.trim());
            let value = if field == "since" {
                text.replace('/', "-")
            } else {
                text.clone()
            };
            fields.entry(field.to_owned()).or_default().push(value);
        }
    }
    let says: Vec<String> = says.into_iter().filter(|text| !text.is_empty()).collect();
    if !says.is_empty() {
        fields.insert("description".to_owned(), vec![says.join("\n\n")]);
    }
    let bare = form
        .page
        .rsplit_once('/')
        .map_or(form.page.as_str(), |(title, end)| {
            if record::Language::parse(end).is_ok() {
                title
            } else {
                &form.page
            }
        });
    fields
        .entry("name".to_owned())
        .or_insert_with(|| vec![bare.to_owned()]);
    if let Some((_, end)) = form
        .page
        .rsplit_once('/')
        .filter(|(title, _)| *title == bare)
    {
        fields
            .entry("language".to_owned())
            .or_insert_with(|| vec![end.to_owned()]);
    }
    fields.insert("id".to_owned(), vec![form.page.clone()]);
    let fields: Map<String, Value> = fields
        .into_iter()
        .map(|(name, values)| {
            let between = if name == "website" { " " } else { ", " };
            (name, Value::String(values.join(between)))
        })
        .collect();
    Row { fields }
}

/// Brings the forms of a wiki in as initiatives; `source` is what the wiki is called, and each is known by its page.
///
/// # Errors
/// [`ImportError`]; what was published before stays.
pub fn forms(
    node: &Node,
    source: &str,
    forms: &[WikiForm],
    options: &Options,
) -> Result<Report, ImportError> {
    let rows = |take: &mut super::Take<'_>| {
        for (number, form) in (1..).zip(forms) {
            if !take(number, Ok(row(form))) {
                break;
            }
        }
        Ok(())
    };
    let mut report = bring(node, (source, source), options, rows, &mut |_| {})?;
    // Where a row is told by its number, a form is told by its page.
    for problem in &mut report.problems {
        let at = usize::try_from(problem.row).unwrap_or_default();
        if let Some(form) = at.checked_sub(1).and_then(|at| forms.get(at)) {
            problem.file.clone_from(&form.page);
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::{WikiForm, row};

    #[test]
    fn a_form_becomes_a_row() {
        let field = |name: &str, text: &str, source: &str| {
            (name.to_owned(), text.to_owned(), source.to_owned())
        };
        let form = WikiForm {
            page: "Telar abierto/es".to_owned(),
            fields: vec![
                field("Name", "Telar abierto", "'''Telar abierto'''"),
                field("Main URL", "telar", "[http://telar.example/a, telar]"),
                field("Details", "Uno\nDos", "Uno\n\nDos"),
                field("Short description", "Telares", "Telares"),
                field("References/Links", "x", "* x [https://more.example/y]"),
                field("Topics", "Craft", "Craft"),
                field("Categories/Tags", "Lana, Hilo", "Lana, Hilo"),
                field("Start date", "2012/06/01", "2012/06/01"),
                field("Location", "-0.2, -78.5", "-0.2, -78.5"),
                field("3", "lost", "lost"),
            ],
        };
        let row = row(&form);
        let of = |name: &str| row.fields.get(name).and_then(|value| value.as_str());
        assert_eq!(of("id"), Some("Telar abierto/es"));
        assert_eq!(of("language"), Some("es"));
        assert_eq!(
            of("website"),
            Some("http://telar.example/a https://more.example/y")
        );
        assert_eq!(of("description"), Some("Telares\n\nUno\n\nDos"));
        assert_eq!(of("themes"), Some("Craft, Lana, Hilo"));
        assert_eq!(of("since"), Some("2012-06-01"));
        assert_eq!(of("coordinates"), Some("-0.2, -78.5"));
        assert_eq!(of("3"), None);
    }
}
