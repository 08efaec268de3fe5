//! A reader of HTML that believes nothing: whether what was drawn is well-formed and harmless.

/// Elements without an end tag.
const VOID: &[&str] = &["br", "hr", "wbr", "img"];

/// All elements that a drawn page may hold.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// All attributes that it may hold.
const ATTRIBUTES: &[&str] = &[
    "alt",
    "aria-label",
    "aria-labelledby",
    "class",
    "colspan",
    "controls",
    "data-tone",
    "dir",
    "height",
    "href",
    "id",
    "lang",
    "loading",
    "preload",
    "rel",
    "role",
    "rowspan",
    "scope",
    "src",
    "start",
    "tabindex",
    "title",
    "type",
    "value",
    "width",
];

/// Elements that hold only inline content.
const INLINE_ONLY: &[&str] = &[
    "p", "pre", "h2", "h3", "h4", "h5", "h6", "a", "abbr", "b", "bdi", "bdo", "cite", "code",
    "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong",
    "sub", "sup", "u", "var", "summary", "ruby",
];

/// Elements that are blocks.
const BLOCKS: &[&str] = &[
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
    "caption",
];

/// What a drawn page was found to say.
#[derive(Default)]
pub struct Seen {
    /// Its text outside of `code`, `pre` and `var`.
    pub text: String,
    /// All its ids.
    pub ids: Vec<String>,
}

/// Reads `html`.
///
/// # Errors
/// The first thing that is not as it should be, in words.
pub fn check(html: &str) -> Result<Seen, String> {
    let mut seen = Seen::default();
    let mut open: Vec<&str> = Vec::new();
    let mut ids = std::collections::HashSet::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text(&rest[..at], &open, &mut seen)?;
        let end = rest[at..]
            .find('>')
            .ok_or_else(|| format!("no end: {:.60}", &rest[at..]))?
            + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop();
            if last != Some(name) {
                return Err(format!("</{name}> where {last:?} is open"));
            }
            continue;
        }
        let name = &tag[..tag.find(' ').unwrap_or(tag.len())];
        if !ELEMENTS.contains(&name) {
            return Err(format!("element {name}"));
        }
        nesting(name, &open)?;
        for (attr, value) in attributes(&tag[name.len()..])? {
            if !ATTRIBUTES.contains(&attr) {
                return Err(format!("attribute {attr} of {name}"));
            }
            if matches!(attr, "href" | "src") {
                address(attr, value)?;
            }
            if attr == "id" {
                if !ids.insert(value) {
                    return Err(format!("id {value} twice"));
                }
                seen.ids.push(value.to_owned());
            }
        }
        if !VOID.contains(&name) {
            open.push(name);
            if open.len() > 400 {
                return Err("too deep".to_owned());
            }
        }
    }
    text(rest, &open, &mut seen)?;
    match open.last() {
        Some(name) => Err(format!("{name} is not closed")),
        None => Ok(seen),
    }
}

fn text(text: &str, open: &[&str], seen: &mut Seen) -> Result<(), String> {
    if text.contains('>') {
        return Err(format!("a bare > in {text:.60}"));
    }
    for (at, _) in text.match_indices('&') {
        let end = text[at..]
            .find(';')
            .map_or("", |end| &text[at..at + end + 1]);
        if !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(&end) {
            return Err(format!("a bare & in {:.60}", &text[at..]));
        }
    }
    if text
        .chars()
        .any(|c| c.is_ascii_control() && !matches!(c, '\n' | '\t'))
    {
        return Err("a control character".to_owned());
    }
    let parent = open.last().copied().unwrap_or("");
    if matches!(
        parent,
        "table" | "tbody" | "thead" | "tr" | "ul" | "ol" | "dl"
    ) && !text.trim().is_empty()
    {
        return Err(format!("text in {parent}: {text:.60}"));
    }
    if !open
        .iter()
        .any(|name| matches!(*name, "code" | "pre" | "var"))
    {
        seen.text.push_str(text);
    }
    Ok(())
}

fn nesting(name: &str, open: &[&str]) -> Result<(), String> {
    let parent = open.last().copied().unwrap_or("");
    let wants: &[&str] = match name {
        "td" | "th" => &["tr"],
        "tr" => &["tbody", "thead"],
        "tbody" | "thead" | "caption" => &["table"],
        "li" => &["ul", "ol"],
        "dt" | "dd" => &["dl"],
        "figcaption" => &["figure"],
        "summary" => &["details"],
        _ => &[],
    };
    if !wants.is_empty() && !wants.contains(&parent) {
        return Err(format!("{name} in {parent}"));
    }
    let only: &[&str] = match parent {
        "table" => &["tbody", "thead", "caption"],
        "tbody" | "thead" => &["tr"],
        "tr" => &["td", "th"],
        "ul" | "ol" => &["li"],
        "dl" => &["dt", "dd"],
        _ => &[],
    };
    if !only.is_empty() && !only.contains(&name) {
        return Err(format!("{name} in {parent}"));
    }
    if BLOCKS.contains(&name)
        && let Some(inline) = open.iter().rev().find(|o| INLINE_ONLY.contains(*o))
    {
        return Err(format!("{name} in {inline} ({open:?})"));
    }
    if name == "a" && open.contains(&"a") {
        return Err("a link in a link".to_owned());
    }
    Ok(())
}

fn attributes(text: &str) -> Result<Vec<(&str, &str)>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(' ') {
        let Some((name, after)) = after.split_once('=') else {
            found.extend(after.split(' ').map(|name| (name, "")));
            return Ok(found);
        };
        if let Some((empty, name)) = name.split_once(' ') {
            found.push((empty, ""));
            rest = &rest[empty.len() + 1..];
            let _ = name;
            continue;
        }
        let value = after
            .strip_prefix('"')
            .ok_or_else(|| format!("no quote: {text:.80}"))?;
        let (value, after) = value
            .split_once('"')
            .ok_or_else(|| format!("no end quote: {text:.80}"))?;
        if found.iter().any(|(known, _)| *known == name) {
            return Err(format!("attribute {name} twice"));
        }
        found.push((name, value));
        rest = after;
    }
    if rest.is_empty() {
        Ok(found)
    } else {
        Err(format!("attributes {text:.80}"))
    }
}

fn address(attr: &str, value: &str) -> Result<(), String> {
    let lower = value.to_lowercase();
    let own = value.starts_with('/') && !value.starts_with("//") || value.starts_with('#');
    let schemes = [
        "http://", "https://", "ftp://", "irc://", "mailto:", "news:", "tel:",
    ];
    let fine = own || (attr == "href" && schemes.iter().any(|scheme| lower.starts_with(scheme)));
    if fine {
        Ok(())
    } else {
        Err(format!("address {value}"))
    }
}
