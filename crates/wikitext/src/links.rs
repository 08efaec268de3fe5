//! What stands in double brackets: pages, categories, files, other languages and other wikis.

use crate::builder::Builder;
use crate::lexer::{Kind, Mark};
use crate::parser::{Level, Parser};
use crate::site::{self, CATEGORY, FILE, MEDIA};
use crate::tags::Tag;
use crate::title::LinkTarget;
use crate::tree::{File, Link, Node, Span};
use crate::url;

/// The widest that a page may ask for, in pixels; more is a typing error.
const WIDEST: u32 = 4096;

impl Parser<'_> {
    /// Reads the link `marks[index]`; `trail` is the letters right behind it. Whether it took them.
    pub(crate) fn link(
        &mut self,
        b: &mut Builder<'_>,
        marks: &[Mark],
        index: usize,
        trail: (usize, usize),
    ) -> bool {
        let mark = marks[index];
        let (start, end) = (mark.start as usize, mark.end as usize);
        let inside = Level {
            marks,
            lo: index + 1,
            hi: mark.next as usize,
            start: start + 2,
            end: end - 2,
        };
        let pipe = inside
            .top()
            .find(|(_, m)| m.kind == Kind::Pipe)
            .map(|(_, m)| m.start as usize);
        let target = inside.part(inside.start, pipe.unwrap_or(inside.end));
        let label = pipe.map(|pipe| inside.part(pipe + 1, inside.end));
        let raw = &self.text[target.start..target.end];
        if b.room() < 6 {
            self.problem("too_deep", start, self.glimpse(start));
            b.text(start, end);
            return false;
        }
        if target
            .top()
            .any(|(_, m)| matches!(m.kind, Kind::Template | Kind::Param))
        {
            // A title that only a template knows: what can be read of it.
            self.inline(b, label.unwrap_or(target), false);
            return false;
        }
        let shown = raw.trim();
        if url::bracketed_scheme(shown).is_some() && !shown.starts_with("//") {
            self.doubled(b, inside, target, label);
            return false;
        }
        if let Some((property, value)) = shown.split_once("::") {
            return self.property(b, property, value, target, label);
        }
        let bad = |parser: &mut Self, b: &mut Builder<'_>, what: String| {
            parser.problem("bad_link", start, what);
            b.text(start, start + 2);
            parser.inline(b, inside, false);
            b.text(end - 2, end);
            false
        };
        if shown.contains('\n')
            || target
                .top()
                .any(|(_, m)| !matches!(m.kind, Kind::Comment | Kind::Dropped))
        {
            return bad(self, b, "a line end or markup in the title".to_owned());
        }
        let clean;
        let shown = if target.lo == target.hi {
            shown
        } else {
            clean = self.without_marks(target);
            clean.trim()
        };
        let link = match self.site.target(shown, self.page) {
            Ok(link) => link,
            Err(error) => return bad(self, b, error.to_string()),
        };
        let colon = shown.starts_with(':');
        if let Some(prefix) = &link.interwiki {
            if !colon && site::is_language(prefix) && self.site.interwiki_of(prefix).is_some() {
                self.found.languages.push(link);
                return false;
            }
        } else if !colon && shown.contains(':') {
            match link.title.namespace {
                CATEGORY => {
                    let sort =
                        label.map_or(String::new(), |l| self.without_marks(l).trim().to_owned());
                    self.found.categories.push((link.title, sort));
                    return false;
                }
                FILE => {
                    let mut file = self.file(link.title.text, inside, pipe, b.room() - 4);
                    self.found.files.push(file.name.clone());
                    if b.is_line() {
                        file.block = false;
                    }
                    match file.block {
                        true => b.figure(Node::File(Box::new(file))),
                        false => b.inline(Node::File(Box::new(file))),
                    }
                    return false;
                }
                MEDIA => {
                    self.found.files.push(link.title.text.clone());
                    let caption = match label {
                        Some(label) => self.label(label, b.room() - 4),
                        None => vec![Node::Made(crate::title::shown(shown).into())],
                    };
                    let file = File {
                        name: link.title.text,
                        link_only: true,
                        caption,
                        ..File::default()
                    };
                    b.inline(Node::File(Box::new(file)));
                    return false;
                }
                _ => {}
            }
        }
        let mut children = match label {
            Some(label) if !self.text[label.start..label.end].trim().is_empty() => {
                self.label(label, b.room() - 4)
            }
            Some(_) => vec![Node::Made(pipe_trick(shown).into())],
            None if shown.starts_with("../") => vec![Node::Made(link.title.text.as_str().into())],
            None if shown.starts_with('/') && shown.ends_with('/') => {
                vec![Node::Made(
                    crate::title::shown(shown.trim_matches('/')).into(),
                )]
            }
            None => vec![Node::Made(crate::title::shown(shown).into())],
        };
        if trail.0 < trail.1 {
            children.push(Node::Text(Span::new(trail.0, trail.1)));
        }
        self.add_link(b, link, children);
        true
    }

    /// Reads the text of a link.
    fn label(&mut self, level: Level<'_>, room: usize) -> Vec<Node> {
        let outer = std::mem::replace(&mut self.in_link, true);
        let nodes = self.run(level, room);
        self.in_link = outer;
        nodes
    }

    /// Adds a link to a page of this or another wiki; inside a link only its text.
    fn add_link(&mut self, b: &mut Builder<'_>, target: LinkTarget, children: Vec<Node>) {
        let url = target.interwiki.as_ref().and_then(|prefix| {
            let mut url = self.site.interwiki_url(prefix, &target.title.text)?;
            if let Some(anchor) = &target.anchor {
                url.push('#');
                url.push_str(&url::encode_title(anchor));
            }
            url::safe(&url)
        });
        if target.interwiki.is_some() {
            self.found.interwiki.push(target.clone());
        } else if !target.title.text.is_empty() {
            self.found.links.push(target.clone());
        }
        b.inline(Node::Link(Box::new(Link {
            target,
            url,
            children,
        })));
        self.after_link(b);
    }

    /// `[[http://… text]]`: one bracket too many, shown as MediaWiki shows it.
    fn doubled(
        &mut self,
        b: &mut Builder<'_>,
        inside: Level<'_>,
        target: Level<'_>,
        label: Option<Level<'_>>,
    ) {
        let text = &self.text[target.start..target.end];
        let from = target.start + (text.len() - text.trim_start().len());
        let to = from + url::length(&self.text[from..target.end]);
        self.problem("doubled_brackets", inside.start - 2, &self.text[from..to]);
        if self.bytes[inside.start..inside.end]
            .iter()
            .any(|b| matches!(b, b'[' | b']'))
        {
            // Several links within a bracket, and not one link twice in it.
            b.text(inside.start - 2, inside.start - 1);
            let links = Level {
                start: inside.start - 1,
                end: inside.end + 1,
                ..inside
            };
            self.inline(b, links, false);
            b.text(inside.end + 1, inside.end + 2);
            return;
        }
        let label = label.unwrap_or_else(|| target.part(to, target.end));
        let href = url::safe(&self.text[from..to]).filter(|_| !self.in_link);
        // A number has brackets of its own.
        let numbered = self.text[label.start..label.end].trim().is_empty();
        if !numbered {
            b.text(inside.start - 1, inside.start);
        }
        match href {
            Some(href) => {
                self.found.external.push(href.clone());
                if numbered {
                    b.inline(Node::Url(Box::new(crate::tree::Url { href, text: None })));
                } else {
                    let blank = self.bytes[label.start..label.end]
                        .iter()
                        .take_while(|c| **c == b' ')
                        .count();
                    let outer = std::mem::replace(&mut self.in_link, true);
                    b.format(Tag::A, vec![(crate::tags::Attr::Href, href)], true);
                    self.inline(b, label.part(label.start + blank, label.end), false);
                    b.unformat(Tag::A);
                    self.in_link = outer;
                    self.after_link(b);
                }
            }
            None => self.inline(b, label, false),
        }
        if !numbered {
            b.text(inside.end, inside.end + 1);
        }
    }

    /// `[[property::value|text]]` of Semantic MediaWiki: a link to the value.
    fn property(
        &mut self,
        b: &mut Builder<'_>,
        property: &str,
        value: &str,
        target: Level<'_>,
        label: Option<Level<'_>>,
    ) -> bool {
        self.problem(
            "semantic_property",
            target.start - 2,
            property.trim().trim_start_matches(':'),
        );
        let value = value.trim();
        if let Some(label) = label {
            if self.text[label.start..label.end].trim().is_empty() {
                return false;
            }
            self.inline(b, label, false);
        } else if let Ok(link) = self.site.target(value, self.page)
            && link.interwiki.is_none()
            && url::bracketed_scheme(value).is_none()
        {
            self.add_link(b, link, vec![Node::Made(value.into())]);
        } else {
            let from = target.end
                - self.text[target.start..target.end]
                    .trim_end()
                    .len()
                    .min(value.len());
            self.inline(b, target.part(from.max(target.start), target.end), false);
        }
        false
    }

    /// Returns the characters of a level without comments and tags.
    pub(crate) fn without_marks(&self, level: Level<'_>) -> String {
        let mut out = String::new();
        let mut at = level.start;
        for (_, mark) in level.top() {
            if matches!(mark.kind, Kind::Pipe | Kind::Open(_)) {
                continue;
            }
            out.push_str(self.text.get(at..mark.start as usize).unwrap_or(""));
            at = mark.end as usize;
        }
        out.push_str(self.text.get(at..level.end).unwrap_or(""));
        out
    }

    /// Reads the options of a file; what is no option is the caption, and the last one counts.
    fn file(&mut self, name: String, inside: Level<'_>, pipe: Option<usize>, room: usize) -> File {
        let mut file = File {
            name,
            ..File::default()
        };
        let mut caption: Option<Level<'_>> = None;
        let Some(pipe) = pipe else { return file };
        let mut from = pipe + 1;
        let mut ends: Vec<usize> = Vec::new();
        let after = inside.part(from, inside.end);
        ends.extend(
            after
                .top()
                .filter(|(_, m)| m.kind == Kind::Pipe)
                .map(|(_, m)| m.start as usize),
        );
        ends.push(inside.end);
        for end in ends {
            let part = inside.part(from, end);
            from = end + 1;
            let text = self.text[part.start..part.end].trim();
            if !option(&mut file, text) {
                caption = Some(part);
            }
        }
        if let Some(caption) = caption {
            file.caption = self.run(caption, room);
        }
        file
    }

    /// Reads the lines of a gallery.
    pub(crate) fn gallery(&mut self, from: usize, to: usize, room: usize) -> Vec<File> {
        let lexed = self.lex(from, to);
        let mut files = Vec::new();
        let mut start = from;
        for line in self.text[from..to].split('\n') {
            let level = Level::of(&lexed, from, to).part(start, start + line.len());
            start += line.len() + 1;
            if !line.trim().is_empty() && !line.trim_start().starts_with("<!--") {
                files.extend(self.listed_file(level, room));
            }
        }
        files
    }

    /// Reads a line that names a file, then its options and caption: `File:a.png|100px|A loom`.
    pub(crate) fn listed_file(&mut self, line: Level<'_>, room: usize) -> Option<File> {
        let text = &self.text[line.start..line.end];
        let name = text.split('|').next().unwrap_or("");
        let title = match self.site.title(name, FILE) {
            Ok(title) if title.namespace == FILE => title,
            Ok(_) => return None,
            Err(error) => {
                self.problem("bad_link", line.start, error.to_string());
                return None;
            }
        };
        self.found.files.push(title.text.clone());
        let mut file = File {
            name: title.text,
            ..File::default()
        };
        let mut from = line.start + name.len() + 1;
        // The caption begins with the first piece that is no option; pipes in it are its own.
        while from < line.end {
            let piece = self.text[from..line.end].split('|').next().unwrap_or("");
            if !option(&mut file, piece.trim()) {
                file.caption = self.run(line.part(from, line.end), room);
                break;
            }
            from += piece.len() + 1;
        }
        file.block = true;
        file.small |= file.width.is_none();
        Some(file)
    }
}

/// Reads one option of a file; whether it was one.
///
/// Source: the image options of MediaWiki's English, Spanish, French, German and Portuguese messages.
fn option(file: &mut File, text: &str) -> bool {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "thumb" | "thumbnail" | "miniatura" | "miniaturadeimagen" | "mini" | "vignette"
        | "miniatur" | "miniaturaimagem" | "min" => {
            file.block = true;
            file.small = true;
        }
        "frame" | "framed" | "enframed" | "marco" | "cadre" | "enmarcado" | "enmarcada"
        | "gerahmt" | "left" | "right" | "center" | "centre" | "none" | "izquierda" | "izda"
        | "derecha" | "dcha" | "centro" | "centrado" | "centrada" | "centrar" | "gauche"
        | "droite" | "centré" | "links" | "rechts" | "zentriert" | "esquerda" | "direita"
        | "no" | "ninguna" => file.block = true,
        "frameless" | "border" | "sinmarco" | "borde" | "baseline" | "sub" | "super" | "top"
        | "text-top" | "middle" | "bottom" | "text-bottom" | "" => {}
        "upright" => file.small = true,
        _ => {
            if let Some((key, value)) = text.split_once('=') {
                match key.trim().to_lowercase().as_str() {
                    "alt" => file.alt = Some(crate::entity::decode_all(value.trim())),
                    "thumb" | "thumbnail" => {
                        file.block = true;
                        file.small = true;
                    }
                    "upright" => file.small = true,
                    "link" | "enlace" | "lien" | "class" | "lang" | "page" | "start" | "end" => {}
                    _ => return false,
                }
                return true;
            }
            let Some(size) = lower.strip_suffix("px") else {
                return false;
            };
            let width = size.split('x').next().unwrap_or("").trim();
            if !size
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'x' || b == b' ')
            {
                return false;
            }
            file.width = width
                .parse()
                .ok()
                .filter(|w| (1..=WIDEST).contains(w))
                .or(file.width);
        }
    }
    true
}

/// `[[Help:Loom (tool)|]]` shows “Loom”. Source: MediaWiki's help on links, “pipe trick”.
fn pipe_trick(title: &str) -> String {
    let name = title.trim_start_matches(':');
    let name = name.split_once(':').map_or(name, |(_, rest)| rest).trim();
    let name = match name.rsplit_once(" (") {
        Some((before, after)) if after.ends_with(')') && !before.is_empty() => before,
        _ => name.split_once(", ").map_or(name, |(before, _)| before),
    };
    crate::title::shown(name)
}
