//! The tags that people may write, what becomes of them, and which attributes pass.

/// An element of the tree. What HTML no longer has is mapped to what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    // The two roots: of a page (paragraphs are made) and of a line (nothing but inline).
    Root,
    Line,
    // Paragraph-like: hold only inline content.
    P,
    Pre,
    Heading(u8),
    // Containers.
    Div,
    Center,
    Blockquote,
    // Lists.
    Ul,
    Ol,
    Dl,
    Li,
    Dt,
    Dd,
    // Tables.
    Table,
    Caption,
    Tr,
    Td,
    Th,
    // Without content.
    Br,
    Hr,
    Wbr,
    // Inline.
    A,
    Abbr,
    B,
    Bdi,
    Bdo,
    Cite,
    Code,
    Del,
    Dfn,
    Em,
    I,
    Ins,
    Kbd,
    Mark,
    Q,
    Rp,
    Rt,
    Ruby,
    S,
    Samp,
    Small,
    Span,
    Strong,
    Sub,
    Sup,
    U,
    Var,
    /// `thead`, `tbody`, `tfoot`, `colgroup`, `col`: known, and dropped.
    Nothing,
}

/// How an element may nest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    /// A root.
    Root,
    /// Holds only inline content, and is closed by any block.
    Paragraph,
    /// Holds anything.
    Container,
    /// Holds only items.
    List,
    /// An item of a list.
    Item,
    /// `table`.
    Table,
    /// `tr`.
    Row,
    /// `td`, `th`, `caption`.
    Cell,
    /// No content.
    Void,
    /// Formatting.
    Inline,
}

impl Tag {
    /// Returns how this element may nest.
    pub(crate) fn model(self) -> Model {
        match self {
            Tag::Root | Tag::Line => Model::Root,
            Tag::P | Tag::Pre | Tag::Heading(_) => Model::Paragraph,
            Tag::Div | Tag::Center | Tag::Blockquote => Model::Container,
            Tag::Ul | Tag::Ol | Tag::Dl => Model::List,
            Tag::Li | Tag::Dt | Tag::Dd => Model::Item,
            Tag::Table => Model::Table,
            Tag::Tr => Model::Row,
            Tag::Td | Tag::Th | Tag::Caption => Model::Cell,
            Tag::Br | Tag::Hr | Tag::Wbr | Tag::Nothing => Model::Void,
            _ => Model::Inline,
        }
    }

    /// Whether HTML lets the end tag be left out, so that its lack is no problem.
    pub(crate) fn ends_by_itself(self) -> bool {
        matches!(self, Tag::P | Tag::Tr)
            || matches!(self.model(), Model::Item | Model::Cell | Model::Void)
    }

    /// Returns the element's name in HTML.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Tag::Root | Tag::Line | Tag::Nothing => "",
            Tag::P => "p",
            Tag::Pre => "pre",
            Tag::Heading(1 | 2) => "h2",
            Tag::Heading(3) => "h3",
            Tag::Heading(4) => "h4",
            Tag::Heading(5) => "h5",
            Tag::Heading(_) => "h6",
            Tag::Div | Tag::Center => "div",
            Tag::Blockquote => "blockquote",
            Tag::Ul => "ul",
            Tag::Ol => "ol",
            Tag::Dl => "dl",
            Tag::Li => "li",
            Tag::Dt => "dt",
            Tag::Dd => "dd",
            Tag::Table => "table",
            Tag::Caption => "caption",
            Tag::Tr => "tr",
            Tag::Td => "td",
            Tag::Th => "th",
            Tag::Br => "br",
            Tag::Hr => "hr",
            Tag::Wbr => "wbr",
            Tag::A => "a",
            Tag::Abbr => "abbr",
            Tag::B => "b",
            Tag::Bdi => "bdi",
            Tag::Bdo => "bdo",
            Tag::Cite => "cite",
            Tag::Code => "code",
            Tag::Del => "del",
            Tag::Dfn => "dfn",
            Tag::Em => "em",
            Tag::I => "i",
            Tag::Ins => "ins",
            Tag::Kbd => "kbd",
            Tag::Mark => "mark",
            Tag::Q => "q",
            Tag::Rp => "rp",
            Tag::Rt => "rt",
            Tag::Ruby => "ruby",
            Tag::S => "s",
            Tag::Samp => "samp",
            Tag::Small => "small",
            Tag::Span => "span",
            Tag::Strong => "strong",
            Tag::Sub => "sub",
            Tag::Sup => "sup",
            Tag::U => "u",
            Tag::Var => "var",
        }
    }
}

/// Elements whose content the parser does not read as part of the page around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ext {
    Nowiki,
    Pre,
    Math,
    Source,
    Poem,
    Gallery,
    Ref,
    References,
    Imagemap,
    /// `<includeonly>`: not of this page.
    Hidden,
    /// Active or foreign content, left out by its name (an index into [`LEFT_OUT`]).
    LeftOut(u8),
}

/// Elements that are left out, with what is inside; the reader is told.
pub(crate) const LEFT_OUT: &[&str] = &[
    "html",
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "applet",
    "form",
    "video",
    "audio",
    "svg",
    "canvas",
    "template",
    "youtube",
    "widget",
    "dynamicpagelist",
    "dpl",
    "categorytree",
    "inputbox",
    "createbox",
    "createboxtrans",
    "googlemap",
    "display_map",
    "ask",
    "rss",
    "feed",
    "score",
    "timeline",
    "graph",
    "hiero",
    "videoflash",
    "mediaplayer",
    "flashmp3",
    "anyweb",
    "twitter",
    "tweet",
    "noscript",
    "frameset",
    "textarea",
    "select",
    "button",
    "title",
    "head",
    "link",
    "meta",
    "base",
    "input",
    "param",
];

/// What a tag's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An element that may be used, with this mapping.
    Html(Tag),
    /// An element with content of its own.
    Ext(Ext),
    /// `noinclude`, `onlyinclude`, `section`, …: the tag disappears and its content stays.
    Dropped,
    /// `<img>`: becomes a link to the picture.
    Image,
    /// `<a>`: becomes an external link.
    Anchor,
}

/// Returns what the tag `name` (any case) means, or `None` if it is only text.
pub(crate) fn meaning(name: &[u8]) -> Option<Meaning> {
    let mut lower = [0u8; 16];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let html = match &*lower {
        b"p" => Tag::P,
        b"h1" => Tag::Heading(1),
        b"h2" => Tag::Heading(2),
        b"h3" => Tag::Heading(3),
        b"h4" => Tag::Heading(4),
        b"h5" => Tag::Heading(5),
        b"h6" => Tag::Heading(6),
        b"div" | b"article" | b"aside" | b"header" | b"footer" => Tag::Div,
        b"center" => Tag::Center,
        b"blockquote" => Tag::Blockquote,
        b"ul" => Tag::Ul,
        b"ol" => Tag::Ol,
        b"dl" => Tag::Dl,
        b"li" => Tag::Li,
        b"dt" => Tag::Dt,
        b"dd" => Tag::Dd,
        b"table" => Tag::Table,
        b"caption" => Tag::Caption,
        b"tr" => Tag::Tr,
        b"td" => Tag::Td,
        b"th" => Tag::Th,
        b"br" => Tag::Br,
        b"hr" => Tag::Hr,
        b"wbr" => Tag::Wbr,
        b"abbr" | b"acronym" => Tag::Abbr,
        b"b" => Tag::B,
        b"bdi" => Tag::Bdi,
        b"bdo" => Tag::Bdo,
        b"cite" => Tag::Cite,
        b"code" | b"tt" => Tag::Code,
        b"del" => Tag::Del,
        b"dfn" => Tag::Dfn,
        b"em" => Tag::Em,
        b"i" => Tag::I,
        b"ins" => Tag::Ins,
        b"kbd" => Tag::Kbd,
        b"mark" => Tag::Mark,
        b"q" => Tag::Q,
        b"rp" => Tag::Rp,
        b"rb" => Tag::Span,
        b"rt" => Tag::Rt,
        b"ruby" => Tag::Ruby,
        b"s" | b"strike" => Tag::S,
        b"samp" => Tag::Samp,
        b"small" => Tag::Small,
        b"span" | b"font" | b"big" | b"time" | b"data" => Tag::Span,
        b"strong" => Tag::Strong,
        b"sub" => Tag::Sub,
        b"sup" => Tag::Sup,
        b"u" => Tag::U,
        b"var" => Tag::Var,
        b"thead" | b"tbody" | b"tfoot" | b"colgroup" | b"col" => Tag::Nothing,
        _ => return ext(lower),
    };
    Some(Meaning::Html(html))
}

fn ext(lower: &[u8]) -> Option<Meaning> {
    let ext = match lower {
        b"nowiki" => Ext::Nowiki,
        b"pre" => Ext::Pre,
        b"math" | b"ce" | b"chem" => Ext::Math,
        b"source" | b"syntaxhighlight" => Ext::Source,
        b"poem" => Ext::Poem,
        b"gallery" => Ext::Gallery,
        b"ref" => Ext::Ref,
        b"references" => Ext::References,
        b"imagemap" => Ext::Imagemap,
        b"includeonly" => Ext::Hidden,
        b"noinclude" | b"onlyinclude" | b"section" | b"tab" | b"tabs" | b"tabber"
        | b"translate" | b"languages" | b"nomobile" | b"mobileonly" | b"inline" | b"body" => {
            return Some(Meaning::Dropped);
        }
        b"img" => return Some(Meaning::Image),
        b"a" => return Some(Meaning::Anchor),
        _ => {
            let at = LEFT_OUT
                .iter()
                .position(|known| known.as_bytes() == lower)?;
            Ext::LeftOut(u8::try_from(at).ok()?)
        }
    };
    Some(Meaning::Ext(ext))
}

/// An attribute that may reach the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attr {
    Colspan,
    Dir,
    Href,
    Id,
    Lang,
    Rowspan,
    Scope,
    Start,
    Title,
    Type,
    Value,
}

impl Attr {
    /// Returns the attribute's name in HTML.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Attr::Colspan => "colspan",
            Attr::Dir => "dir",
            Attr::Href => "href",
            Attr::Id => "id",
            Attr::Lang => "lang",
            Attr::Rowspan => "rowspan",
            Attr::Scope => "scope",
            Attr::Start => "start",
            Attr::Title => "title",
            Attr::Type => "type",
            Attr::Value => "value",
        }
    }
}

/// Splits `name="value"` pairs; values without quotes end at a blank. Never fails.
pub(crate) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let blank = |c: char| c.is_whitespace() || c == '/';
        loop {
            rest = rest.trim_start_matches(blank);
            let end = rest
                .find(|c: char| blank(c) || c == '=')
                .unwrap_or(rest.len());
            if rest.is_empty() {
                return None;
            }
            let (name, after) = rest.split_at(end);
            let Some(value) = after.trim_start().strip_prefix('=') else {
                rest = after;
                return Some((name, ""));
            };
            let value = value.trim_start();
            let (value, after) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &value[1..];
                    match inner.find(quote) {
                        Some(end) => (&inner[..end], &inner[end + 1..]),
                        None => unquoted(value),
                    }
                }
                _ => unquoted(value),
            };
            rest = after;
            if !name.is_empty() {
                return Some((name, value));
            }
        }
    })
}

fn unquoted(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Returns the attributes of `text` that `tag` may keep, with safe values.
///
/// Cells keep their spans and scope, lists their counting, and everything a language, a direction,
/// a title (abbreviations) and an anchor. Classes, styles, colours, sizes and events never pass.
pub(crate) fn whitelisted(tag: Tag, text: &str) -> Vec<(Attr, String)> {
    let mut kept: Vec<(Attr, String)> = Vec::new();
    if !text.contains('=') {
        return kept;
    }
    for (name, value) in attributes(text) {
        let cell = matches!(tag, Tag::Td | Tag::Th);
        let decoded = crate::entity::decode_all(value);
        let value = decoded.trim();
        let pair = match name.to_ascii_lowercase().as_str() {
            "colspan" if cell => number(value, 1, 1000).map(|n| (Attr::Colspan, n)),
            "rowspan" if cell => number(value, 1, 65534).map(|n| (Attr::Rowspan, n)),
            "scope" if tag == Tag::Th => ["col", "row", "colgroup", "rowgroup"]
                .iter()
                .find(|known| known.eq_ignore_ascii_case(value))
                .map(|known| (Attr::Scope, (*known).to_owned())),
            "start" if tag == Tag::Ol => number(value, -99_999, 99_999).map(|n| (Attr::Start, n)),
            "value" if tag == Tag::Li => number(value, -99_999, 99_999).map(|n| (Attr::Value, n)),
            "type" if tag == Tag::Ol => ["1", "a", "A", "i", "I"]
                .contains(&value)
                .then(|| (Attr::Type, value.to_owned())),
            "lang" => is_language(value).then(|| (Attr::Lang, value.to_owned())),
            "dir" => ["ltr", "rtl", "auto"]
                .iter()
                .find(|known| known.eq_ignore_ascii_case(value))
                .map(|known| (Attr::Dir, (*known).to_owned())),
            "title" if matches!(tag, Tag::Abbr | Tag::Dfn | Tag::Span) && !value.is_empty() => {
                Some((Attr::Title, value.to_owned()))
            }
            // An anchor of the wiki; [`crate::html`] makes it unique and keeps it from the page's own.
            "id" => (!value.is_empty()).then(|| (Attr::Id, value.replace(' ', "_"))),
            _ => None,
        };
        if let Some(pair) = pair
            && !kept.iter().any(|(known, _)| *known == pair.0)
        {
            kept.push(pair);
        }
    }
    kept
}

fn number(value: &str, least: i32, most: i32) -> Option<String> {
    let value: i32 = value.parse().ok()?;
    (least..=most).contains(&value).then(|| value.to_string())
}

/// Whether `value` has the shape of a language tag (BCP 47), at most 35 characters.
fn is_language(value: &str) -> bool {
    value.len() <= 35
        && value
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_alphabetic)
        && value.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_browsers_read_them() {
        let read: Vec<_> = attributes(r#" a=1 b = "x y" c='"' checked d=/e/ ="lost" /"#).collect();
        assert_eq!(
            read,
            [
                ("a", "1"),
                ("b", "x y"),
                ("c", "\""),
                ("checked", ""),
                ("d", "/e/")
            ]
        );
    }

    #[test]
    fn only_harmless_attributes_pass() {
        let text = r#"colspan="3" rowspan=0 style="x" onclick="y" class=z lang="pt-BR" SCOPE=ROW"#;
        assert_eq!(
            whitelisted(Tag::Th, text),
            [
                (Attr::Colspan, "3".to_owned()),
                (Attr::Lang, "pt-BR".to_owned()),
                (Attr::Scope, "row".to_owned())
            ]
        );
        assert_eq!(whitelisted(Tag::Div, "colspan=3 lang=\"x y\""), []);
    }
}
