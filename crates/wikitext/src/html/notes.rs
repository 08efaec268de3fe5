//! Footnotes: their marks in the text, and their lists.

use super::Drawing;
use crate::builder::is_block;
use crate::tree::{Node, Ref};
use crate::words::Word;

/// A note that was met.
pub(super) struct Note<'d> {
    group: usize,
    /// Its number in its group.
    number: usize,
    body: &'d [Node],
    uses: usize,
    listed: bool,
}

impl<'d> Drawing<'d> {
    pub(super) fn group(&mut self, name: &'d str) -> usize {
        if let Some(at) = self.groups.iter().position(|(known, _)| *known == name) {
            return at;
        }
        // A page has few groups; one with very many names keeps them all in the last.
        if self.groups.len() >= 64 {
            return 63;
        }
        if self.groups.is_empty() && !name.is_empty() {
            self.groups.push(("", 0));
        }
        self.groups.push((name, 0));
        self.groups.len() - 1
    }

    /// Returns the index of a note, new or met before.
    pub(super) fn note_index(&mut self, note: &'d Ref) -> usize {
        let group = self.group(&note.group);
        if !note.name.is_empty()
            && let Some(&index) = self.named.get(&(group, &*note.name))
            && !self.notes[index].listed
        {
            if self.notes[index].body.is_empty() {
                self.notes[index].body = &note.children;
            }
            return index;
        }
        self.groups[group].1 += 1;
        let number = self.groups[group].1;
        let index = self.notes.len();
        self.notes.push(Note {
            group,
            number,
            body: &note.children,
            uses: 0,
            listed: false,
        });
        if !note.name.is_empty() {
            self.named.insert((group, &note.name), index);
        }
        index
    }

    pub(super) fn note_id(&self, index: usize) -> String {
        let note = &self.notes[index];
        match note.group {
            0 => note.number.to_string(),
            group => format!("{group}.{}", note.number),
        }
    }

    pub(super) fn note_label(&self, index: usize) -> String {
        let note = &self.notes[index];
        match note.group {
            0 => note.number.to_string(),
            group => format!("{} {}", self.groups[group].0, note.number),
        }
    }

    /// Writes the mark of a note in the text.
    pub(super) fn note(&mut self, note: &'d Ref) {
        // A note in a note would be listed while the list is written.
        if self.in_note {
            self.out.push_str(" (");
            self.nodes(&note.children);
            self.out.push(')');
            return;
        }
        let index = self.note_index(note);
        self.notes[index].uses += 1;
        let (id, label) = (self.note_id(index), self.note_label(index));
        let place = match self.notes[index].uses {
            1 => format!("r{id}"),
            count => format!("r{id}-{count}"),
        };
        let name = format!("{} {label}", self.words.of(Word::Note));
        let href = format!("#n{id}");
        self.element("sup", "", |d| {
            d.anchor(
                &[("href", &href), ("id", &place), ("aria-label", &name)],
                |d| d.say(&label),
            );
        });
    }

    /// Takes the text of a note that is defined among the references.
    pub(super) fn define(&mut self, note: &'d Ref) {
        let group = self.group(&note.group);
        if let Some(&index) = self.named.get(&(group, &*note.name))
            && self.notes[index].body.is_empty()
        {
            self.notes[index].body = &note.children;
        }
    }

    /// Lists the notes of a group, or all that are not listed yet.
    pub(super) fn references(&mut self, group: Option<&'d str>) {
        // A list in a note would begin the list that is being written again.
        if self.in_note {
            return;
        }
        let group = group.map(|name| self.group(name));
        let wanted: Vec<usize> = (self.listed..self.notes.len())
            .filter(|&at| !self.notes[at].listed && group.is_none_or(|g| g == self.notes[at].group))
            .collect();
        if wanted.is_empty() {
            return;
        }
        self.out.push_str("<ol class=\"notes\"");
        let first = self.notes[wanted[0]].number;
        if first > 1 {
            self.attr("start", &first.to_string());
        }
        let words = self.words;
        self.attr("aria-label", words.of(Word::Notes));
        self.out.push('>');
        self.in_note = true;
        for index in wanted {
            let (id, label) = (self.note_id(index), self.note_label(index));
            self.out.push_str("<li");
            self.attr("id", &format!("n{id}"));
            self.out.push('>');
            let body = self.notes[index].body;
            if body.is_empty() {
                self.element("span", "quiet", |d| d.word(Word::EmptyNote));
            } else if body.iter().any(is_block) {
                self.flow(body);
            } else {
                self.nodes(body);
            }
            let uses = self.notes[index].uses;
            for count in 1..=uses {
                let place = if count == 1 {
                    format!("#r{id}")
                } else {
                    format!("#r{id}-{count}")
                };
                let mut name = format!("{} {label}", self.words.of(Word::BackToText));
                if uses > 1 {
                    name.push_str(&format!(", {count}"));
                }
                self.out.push(' ');
                self.anchor(&[("href", &place), ("aria-label", &name)], |d| {
                    if count == 1 {
                        d.word(Word::Back);
                    } else {
                        d.say(&count.to_string());
                    }
                });
            }
            self.out.push_str("</li>");
            self.notes[index].listed = true;
        }
        self.in_note = false;
        self.out.push_str("</ol>\n");
        while self.notes.get(self.listed).is_some_and(|note| note.listed) {
            self.listed += 1;
        }
    }
}
