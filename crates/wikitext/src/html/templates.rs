//! Templates: the known ones by their table, the others as a quiet box.

use super::{Drawing, count_words};
use crate::builder::is_block;
use crate::templates::{Field, Holds, TemplateKind, Terms, licence_version};
use crate::text::of_nodes;
use crate::tree::{Param, Template};
use crate::words::Word;

impl<'d> Drawing<'d> {
    pub(super) fn magic(&mut self, word: &str) {
        if let Some(answer) = self.context.magic(word).or_else(|| self.own_name(word)) {
            self.counted += count_words(&answer);
            self.say(&answer);
        } else {
            self.element("span", "template", |d| d.say(word));
        }
    }

    /// Answers a word about the page's own name.
    pub(super) fn own_name(&self, word: &str) -> Option<String> {
        let (title, namespace) = self.document.page.as_ref()?;
        let full = |text: &str| match namespace.as_str() {
            "" => text.to_owned(),
            name => format!("{name}:{text}"),
        };
        let text = title.text.as_str();
        Some(match word.to_ascii_uppercase().as_str() {
            "PAGENAME" => text.to_owned(),
            "PAGENAMEE" => text.replace(' ', "_"),
            "FULLPAGENAME" => full(text),
            "FULLPAGENAMEE" => full(text).replace(' ', "_"),
            "BASEPAGENAME" => text
                .rsplit_once('/')
                .map_or(text, |(base, _)| base)
                .to_owned(),
            "ROOTPAGENAME" => text
                .split_once('/')
                .map_or(text, |(root, _)| root)
                .to_owned(),
            "SUBPAGENAME" => text
                .rsplit_once('/')
                .map_or(text, |(_, sub)| sub)
                .to_owned(),
            "NAMESPACE" => namespace.clone(),
            _ => return None,
        })
    }

    pub(super) fn template(&mut self, template: &'d Template) {
        if let Some(page) = &template.page {
            self.element(if template.block { "p" } else { "span" }, "template", |d| {
                d.word(Word::See);
                d.out.push(' ');
                d.page(page, None, |d| d.say(&page.text));
            });
            return;
        }
        let kind = self.context.template(&template.name);
        match (kind, template.block) {
            (Some(TemplateKind::Hidden), _) => {}
            (Some(TemplateKind::References), _) => self.references(Some("")),
            (Some(kind), true) => self.known(template, kind),
            (Some(TemplateKind::Licence(terms)), false) => self.licence(template, terms),
            (_, false) => self.chip(template),
            (None, true) => self.unknown(template),
        }
    }

    /// A template that is not known, between paragraphs.
    pub(super) fn unknown(&mut self, template: &'d Template) {
        let said: Vec<(String, &'d Param)> = self.params(template);
        if said.is_empty() {
            self.element("p", "template", |d| d.template_name(template));
            self.out.push('\n');
            return;
        }
        self.element("details", "template", |d| {
            d.element("summary", "", |d| d.template_name(template));
            d.element("dl", "facts", |d| {
                for (name, param) in said {
                    d.element("dt", "", |d| d.say(&name));
                    d.element("dd", "", |d| d.nodes(&param.nodes));
                }
            });
        });
        self.out.push('\n');
    }

    /// A template that is not known, in a line.
    pub(super) fn chip(&mut self, template: &'d Template) {
        let said = self.params(template);
        self.element("span", "template", |d| {
            d.template_name(template);
            for (place, (_, param)) in said.iter().enumerate() {
                d.out.push_str(if place == 0 { ": " } else { " · " });
                d.nodes(&param.nodes);
            }
        });
    }

    pub(super) fn template_name(&mut self, template: &Template) {
        self.word(Word::Template);
        self.out.push_str(": ");
        self.say(&template.name);
    }

    /// Returns the arguments that say something, with their names or numbers.
    pub(super) fn params(&self, template: &'d Template) -> Vec<(String, &'d Param)> {
        let mut number = 0;
        let mut said = Vec::new();
        for param in &template.params {
            let name = if param.name.is_empty() {
                number += 1;
                number.to_string()
            } else {
                param.name.of(self.text).replace(['{', '}', '[', ']'], "")
            };
            if !param.nodes.is_empty() {
                said.push((name, param));
            }
        }
        said
    }

    pub(super) fn known(&mut self, template: &'d Template, kind: TemplateKind) {
        match kind {
            TemplateKind::Facts(fields) => self.facts(template, fields),
            TemplateKind::Licence(terms) => {
                self.element("p", "licence", |d| d.licence(template, terms));
            }
            TemplateKind::MoveCommons => self.element("p", "small", |d| {
                d.external("http://movecommons.org/", |d| d.word(Word::MoveCommons));
                for (place, (_, param)) in d.params(template).into_iter().enumerate() {
                    d.out.push_str(if place == 0 { ": " } else { ", " });
                    let said = of_nodes(&param.nodes, d.text);
                    d.say(&said);
                }
            }),
            TemplateKind::Navigation => self.element("ul", "line small", |d| {
                let words = [Word::Previous, Word::Next, Word::MoreAbout];
                for (word, param) in words.into_iter().zip(&template.params) {
                    let Some(title) = param.titles.first() else {
                        continue;
                    };
                    d.element("li", "", |d| {
                        d.word(word);
                        d.out.push_str(": ");
                        d.page(title, None, |d| d.say(&title.text));
                    });
                }
            }),
            TemplateKind::Body => {
                for param in &template.params {
                    self.flow(&param.nodes);
                }
                return;
            }
            TemplateKind::TitledBox => {
                if let Some(title) = template.params.first().and_then(|p| p.titles.first()) {
                    self.element("p", "", |d| {
                        d.element("b", "", |d| d.page(title, None, |d| d.say(&title.text)));
                    });
                }
                if let Some(param) = template.params.get(1) {
                    self.flow(&param.nodes);
                }
                return;
            }
            TemplateKind::Notice(word) => {
                self.out
                    .push_str("<div class=\"notice\" data-tone=\"info\"><p>");
                self.word(word);
                if let Some(param) = template
                    .params
                    .first()
                    .filter(|p| !p.nodes.iter().any(is_block))
                {
                    self.out.push_str(": ");
                    self.nodes(&param.nodes);
                }
                self.out.push_str("</p></div>");
            }
            TemplateKind::Excerpt => {
                let title = template.params.first().and_then(|p| p.titles.first());
                let Some(title) = title else {
                    return self.unknown(template);
                };
                self.element("p", "template", |d| {
                    d.word(Word::See);
                    d.out.push(' ');
                    d.page(title, None, |d| d.say(&title.text));
                });
            }
            TemplateKind::References | TemplateKind::Hidden => {}
        }
        self.out.push('\n');
    }

    pub(super) fn licence(&mut self, template: &'d Template, terms: Terms) {
        self.element("b", "", |d| d.word(Word::Licence));
        self.out.push_str(": ");
        match terms {
            Terms::Said(word) => self.word(word),
            Terms::Cc(code) => {
                let first = template.params.iter().find(|p| p.name.is_empty());
                let first = first.map(|p| p.value.of(self.text));
                let version = licence_version(&template.name, first);
                // Source of the addresses: creativecommons.org's own scheme of paths.
                let url = format!("https://creativecommons.org/licenses/{code}/{version}/");
                let name = format!("CC {} {version}", code.to_uppercase());
                self.external(&url, |d| d.say(&name));
            }
        }
    }

    /// A box of labelled facts, then the long parts under headings.
    pub(super) fn facts(&mut self, template: &'d Template, fields: &'static [Field]) {
        let given: Vec<(Field, &'d Param)> = fields
            .iter()
            .filter_map(|field| {
                let mut params = template.params.iter().rev();
                let param =
                    params.find(|p| p.name.of(self.text) == field.param && !p.value.is_empty())?;
                Some((*field, param))
            })
            .collect();
        let (long, short): (Vec<_>, Vec<_>) = given
            .into_iter()
            .partition(|(field, _)| field.holds == Holds::Section);
        if !short.is_empty() {
            let words = self.words;
            self.out.push_str("<section class=\"infobox\"");
            self.attr("aria-label", words.of(Word::InBrief));
            self.out.push('>');
            self.element("dl", "facts", |d| {
                for (field, param) in short {
                    d.element("dt", "", |d| d.word(field.label));
                    d.element("dd", "", |d| d.fact(field, param));
                }
            });
            self.out.push_str("</section>\n");
        }
        for (field, param) in long {
            self.levels.clear();
            self.levels.push(2);
            let label = self.words.of(field.label).to_owned();
            self.heading_of(1, &label, |d| d.say(&label));
            self.flow(&param.nodes);
        }
    }

    pub(super) fn fact(&mut self, field: Field, param: &'d Param) {
        let value = param.value.of(self.text);
        let linked = !param.titles.is_empty();
        match field.holds {
            Holds::Categories | Holds::Pages if linked => {
                for (place, title) in param.titles.iter().enumerate() {
                    if place > 0 {
                        self.out.push_str(", ");
                    }
                    self.page(title, None, |d| d.say(&title.text));
                }
            }
            Holds::Mail if is_mail(value) => {
                let href = format!("mailto:{value}");
                self.anchor(&[("href", &href)], |d| d.say(value));
            }
            _ => self.nodes(&param.nodes),
        }
    }
}

/// Whether `text` is one plain e-mail address.
fn is_mail(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
    };
    text.split_once('@')
        .is_some_and(|(name, host)| plain(name) && plain(host) && host.contains('.'))
}
