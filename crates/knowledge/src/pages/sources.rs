//! The fields by which a source is cited while a text is written.

use crate::cite::{Source, SourceError};
use site::form::{Field, Mistakes};
use site::{Form, Markup, Words, html};

/// The fields, in their order: name, word, hint.
const FIELDS: [(&str, &str, &str); 7] = [
    ("cite-author", "cite-author", ""),
    ("cite-title", "cite-title", ""),
    ("cite-published", "cite-published", "cite-published-hint"),
    ("cite-year", "cite-year", ""),
    ("cite-doi", "cite-doi", "cite-doi-hint"),
    ("cite-isbn", "cite-isbn", ""),
    ("cite-url", "cite-url", ""),
];

/// Reads what stands in the fields.
pub(super) fn read(form: &Form) -> Source {
    let text = |name: &str| form.text(name).to_owned();
    Source {
        author: text("cite-author"),
        title: text("cite-title"),
        published: text("cite-published"),
        year: text("cite-year"),
        doi: text("cite-doi"),
        isbn: text("cite-isbn"),
        url: text("cite-url"),
    }
}

/// Notes what is wrong with a source at its fields.
pub(super) fn mistakes(w: &Words, wrong: &[SourceError], mistakes: &mut Mistakes) {
    for one in wrong {
        let (field, word) = match one {
            SourceError::Empty => ("cite-title", "cite-empty"),
            SourceError::Doi => ("cite-doi", "cite-doi-wrong"),
            SourceError::Isbn => ("cite-isbn", "cite-isbn-wrong"),
            SourceError::Url => ("cite-url", "cite-url-wrong"),
        };
        mistakes.add(field, w.t(word));
    }
}

/// Draws the fields and the button, open where something is to be mended.
pub(super) fn draw(w: &Words, source: &Source, wrong: &Mistakes) -> Markup {
    let values = [
        &source.author,
        &source.title,
        &source.published,
        &source.year,
        &source.doi,
        &source.isbn,
        &source.url,
    ];
    let open = FIELDS.iter().any(|(name, ..)| wrong.at(name).is_some());
    html! {
        details open[open] { summary { (w.t("cite")) }
            p.hint { (w.t("cite-how")) }
            input type="hidden" name="pen" value="";
            @for ((name, word, hint), value) in FIELDS.iter().zip(values) {
                (Field { name, label: w.t(word), hint: if hint.is_empty() { "" } else { w.t(hint) }, value, ..Field::default() }.draw(w, wrong))
            }
            p.actions { button name="do" value="cite" formnovalidate { (w.t("cite-button")) } }
        }
    }
}
