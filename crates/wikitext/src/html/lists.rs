//! Definition lists and tables.

use super::Drawing;
use crate::tags::{Attr, Tag};
use crate::text::of_nodes;
use crate::tree::{Element, Node};
use crate::words::Word;

impl<'d> Drawing<'d> {
    /// A definition list; what is only indented is no definition.
    pub(super) fn definitions(&mut self, element: &'d Element) {
        let is = |node: &Node, tag: Tag| matches!(node, Node::Element(e) if e.tag == tag);
        let mut rest: &[Node] = &element.children;
        let indented = rest.iter().take_while(|node| !is(node, Tag::Dt)).count();
        if indented > 0 {
            let (items, after) = rest.split_at(indented);
            rest = after;
            self.element("div", "indent", |d| {
                for item in items {
                    match item {
                        Node::Element(item) => {
                            d.open(Tag::Div, &item.attrs);
                            d.nodes(&item.children);
                            d.close(Tag::Div);
                        }
                        other => d.node(other),
                    }
                }
            });
            self.out.push('\n');
        }
        if !rest.is_empty() {
            self.open(Tag::Dl, &element.attrs);
            self.nodes(rest);
            self.close(Tag::Dl);
        }
    }

    pub(super) fn table(&mut self, table: &'d Element) {
        let caption = elements(&table.children).find(|e| e.tag == Tag::Caption);
        let rows: Vec<&Element> = elements(&table.children)
            .filter(|e| e.tag == Tag::Tr)
            .collect();
        if rows.is_empty() {
            if let Some(caption) = caption {
                self.flow(&caption.children);
            }
            return;
        }
        // A table of one column sets a box around text; it has nothing to compare.
        let box_only = |row: &&Element| {
            elements(&row.children).count() <= 1
                && elements(&row.children).all(|c| c.tag == Tag::Td)
        };
        if caption.is_none() && rows.iter().all(box_only) {
            for cell in rows.iter().flat_map(|row| elements(&row.children)) {
                self.flow(&cell.children);
            }
            return;
        }
        let heads = |row: &&&Element| elements(&row.children).all(|cell| cell.tag == Tag::Th);
        let head = rows.iter().take_while(heads).count();
        let head = if head == rows.len() { 0 } else { head };
        // Inside a table nothing scrolls a second time.
        let scrolls = self.tables == 0;

        if scrolls {
            // A page may have many: each is told from the others by its number, and by what is near.
            self.regions += 1;
            let mut name = format!("{} {}", self.words.of(Word::Table), self.regions);
            let near = caption.map_or_else(
                || self.toc.last().map(|entry| entry.text.clone()),
                |caption| Some(of_nodes(&caption.children, self.text)),
            );
            if let Some(near) = near.filter(|near| !near.is_empty()) {
                name.push_str(": ");
                name.push_str(&near);
            }
            self.out
                .push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\"");
            self.attr("aria-label", &name);
            self.out.push_str(">\n");
        }
        self.tables += 1;
        self.open(Tag::Table, &table.attrs);
        if let Some(caption) = caption {
            self.element("caption", "", |d| d.nodes(&caption.children));
            self.out.push('\n');
        }
        for (part, name) in [(&rows[..head], "thead"), (&rows[head..], "tbody")] {
            if part.is_empty() {
                continue;
            }
            self.element(name, "", |d| {
                for row in part {
                    d.row(row, name == "thead");
                }
            });
            self.out.push('\n');
        }
        self.out.push_str("</table>\n");
        self.tables -= 1;
        if scrolls {
            self.out.push_str("</div>\n");
        }
    }

    pub(super) fn row(&mut self, row: &'d Element, head: bool) {
        self.open(Tag::Tr, &row.attrs);
        for cell in elements(&row.children) {
            // A heading that says nothing heads nothing: the corner of a table is a cell.
            let empty = of_nodes(&cell.children, self.text).is_empty()
                && !cell
                    .children
                    .iter()
                    .any(|node| matches!(node, Node::File(_)));
            if cell.tag == Tag::Th && empty {
                self.open(Tag::Td, &without_scope(&cell.attrs));
                self.nodes(&cell.children);
                self.out.push_str("</td>");
                continue;
            }
            if cell.tag == Tag::Th && !cell.attrs.iter().any(|(attr, _)| *attr == Attr::Scope) {
                let scope = (Attr::Scope, if head { "col" } else { "row" }.to_owned());
                let mut attrs = vec![scope];
                attrs.extend(cell.attrs.iter().cloned());
                self.open(cell.tag, &attrs);
            } else {
                self.open(cell.tag, &cell.attrs);
            }
            self.nodes(&cell.children);
            self.out.push_str(if cell.tag == Tag::Th {
                "</th>"
            } else {
                "</td>"
            });
        }
        self.close(Tag::Tr);
    }
}

/// Returns the attributes that a cell may have too.
fn without_scope(attrs: &[(Attr, String)]) -> Vec<(Attr, String)> {
    let kept = attrs.iter().filter(|(attr, _)| *attr != Attr::Scope);
    kept.cloned().collect()
}

/// Returns those of `nodes` that are elements.
fn elements(nodes: &[Node]) -> impl Iterator<Item = &Element> {
    nodes.iter().filter_map(|node| match node {
        Node::Element(element) => Some(&**element),
        _ => None,
    })
}
