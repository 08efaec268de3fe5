//! Forms: fields with a label, a hint and what is wrong with them, and the summary above.

use crate::Words;
use maud::{Markup, html};

/// What is to be mended in a form, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    said: Vec<(&'static str, String)>,
    /// Where what a mistake is about can be seen, by field.
    seen: Vec<(&'static str, String)>,
    /// Whether nothing was written yet that could have been lost.
    blank: bool,
}

impl Mistakes {
    /// Notes a mistake at a field.
    pub fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.said.push((field, text.into()));
    }

    /// Notes a mistake at a field, and the address of what is in its way.
    pub fn add_seen(&mut self, field: &'static str, text: impl Into<String>, href: String) {
        self.add(field, text);
        self.seen.push((field, href));
    }

    /// Notes that nothing was written yet: then nobody is told that nothing was lost.
    pub fn nothing_written(&mut self) {
        self.blank = true;
    }

    /// Returns whether there is nothing to mend.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Returns every mistake: field and sentence.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.said.iter().map(|(field, text)| (*field, &**text))
    }

    /// Returns what is wrong with a field.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<&str> {
        let found = self.said.iter().find(|(name, _)| *name == field);
        found.map(|(_, text)| &**text)
    }

    /// Draws the summary that stands above the form, with a link to each field.
    #[must_use]
    pub fn summary(&self, words: &Words) -> Markup {
        html! {
            @if !self.said.is_empty() {
                div.notice data-tone="no" role="alert" tabindex="-1" autofocus aria-labelledby="h-mistakes" {
                    h2 #h-mistakes { (words.tf("form-mistakes", &[("count", self.said.len().into())])) }
                    ul { @for (field, text) in &self.said { li { a href={ "#" (field) } { (text) }
                        @for (_, href) in self.seen.iter().filter(|(at, _)| at == field) { " " a href=(href) target="_blank" { (words.t("form-see")) } } } } }
                    @if !self.blank { p { (words.t("form-kept")) } }
                }
            }
        }
    }
}

/// One field of text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// The id of a list on the page from which it proposes, or empty.
    pub list: &'a str,
    /// Its name in the form, and its id on the page.
    pub name: &'a str,
    /// What it is for.
    pub label: &'a str,
    /// How to fill it in, or empty.
    pub hint: &'a str,
    /// What stands in it.
    pub value: &'a str,
    /// `text` if empty, `password`, `email`, `url`, …
    pub kind: &'a str,
    /// What a browser may fill in: `username`, `new-password`, …
    pub autocomplete: &'a str,
    /// Rows of a text of several lines; 0 for a single one.
    pub rows: u32,
    /// Whether it may be left empty, which its label says.
    pub optional: bool,
    /// Whether what is written is code: an address, markup.
    pub code: bool,
    /// The language of what stands in it, where that is not the page's.
    pub lang: &'a str,
}

impl Field<'_> {
    /// Draws the field with what is wrong with it.
    #[must_use]
    pub fn draw(&self, words: &Words, mistakes: &Mistakes) -> Markup {
        let wrong = mistakes.at(self.name);
        let said = |part: &str| format!("{}-{part}", self.name);
        let mut described = Vec::new();
        if !self.hint.is_empty() {
            described.push(said("h"));
        }
        if wrong.is_some() {
            described.push(said("e"));
        }
        let described = Some(described.join(" ")).filter(|ids| !ids.is_empty());
        let some = |text: &'static str, on: bool| on.then_some(text);
        let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
        html! {
            div.field {
                label for=(self.name) { (self.label) @if self.optional { " " span.quiet { (words.t("form-optional")) } } }
                @if !self.hint.is_empty() { p.hint #(said("h")) { (self.hint) } }
                @if let Some(text) = wrong { p.problem #(said("e")) { (text) } }
                @if self.rows > 0 {
                    textarea class=[some("code", self.code)] #(self.name) name=(self.name) rows=(self.rows) lang=[given(self.lang)]
                        aria-invalid=[some("true", wrong.is_some())] aria-describedby=[described] { "\n" (self.value) }
                } @else {
                    input class=[some("code", self.code)] #(self.name) name=(self.name) value=(self.value) type=[given(self.kind)] lang=[given(self.lang)]
                        list=[given(self.list)]
                        autocomplete=[given(self.autocomplete)] autocapitalize=[some("none", self.code)] spellcheck=[some("false", self.code)]
                        aria-invalid=[some("true", wrong.is_some())] aria-describedby=[described];
                }
            }
        }
    }
}

/// Draws a box to tick.
#[must_use]
pub fn tick(name: &str, value: &str, on: bool, label: &Markup) -> Markup {
    choice("checkbox", name, value, on, label)
}

/// Draws one choice of several.
#[must_use]
pub fn choice(kind: &str, name: &str, value: &str, on: bool, label: &Markup) -> Markup {
    let id = if kind == "checkbox" && value == "yes" {
        name.to_owned()
    } else {
        format!("{name}-{value}")
    };
    html! {
        div.choice { input #(id) type=(kind) name=(name) value=(value) checked[on]; label for=(id) { (label) } }
    }
}
