//! One page of any kind, and its text as it was written.

use super::links::category;
use super::{Answer, absent, absent_page, find, kind_word, name_of, no_title};
use crate::api;
use crate::draw;
use crate::model::{Kind, Name};
use crate::redirects::{self, End, Unreadable};
use crate::tables::{self, Page};
use site::{
    Context, Markup, PageHead, PreEscaped, Problem, Response, day, encode, encode_title, html,
    language_name,
};
use std::collections::HashMap;

pub(crate) fn page(cx: &Context<'_>, kind: Kind) -> Answer {
    let name = Name::new(kind, cx.rest).map_err(|_| no_title(cx, cx.rest))?;
    let Some(found) = tables::by_name(cx.db, cx.viewer, &name)? else {
        // A theme without a page of its own still has pages in it.
        if kind == Kind::Category {
            let upper = name.first_upper();
            if tables::count_linking(cx.db, cx.viewer, "category", &upper.key())? > 0 {
                return category(cx, &upper, None);
            }
        }
        return absent_page(cx, &name);
    };
    if found.name.href() != cx.request.path && found.name != name {
        return Ok(Response::redirect(301, &found.name.href()));
    }
    if !found.redirect.is_empty() && cx.request.param("redirect") != Some("no") {
        return followed(cx, &found);
    }
    if cx.request.prefers("application/ld+json") {
        return api::article_ld(cx, &found);
    }
    if let Some(change) = cx.request.param("change") {
        let path = encode_title(&found.name.wiki_title());
        return Ok(Response::redirect(
            302,
            &format!("/diff/{path}?to={}", encode(change)),
        ));
    }
    if let Some(revision) = cx.request.param("revision") {
        return super::revisions::as_of(cx, &found, revision);
    }
    if kind == Kind::Category {
        return category(cx, &found.name, Some(&found));
    }
    shown(cx, &found)
}

/// Follows a redirect: sends the reader on, or explains why it leads nowhere.
fn followed(cx: &Context<'_>, from: &Page) -> Answer {
    let w = cx.words;
    let end = redirects::follow(&from.name.key(), |key| {
        tables::by_key(cx.db, cx.viewer, key)
            .ok()
            .flatten()
            .map(|page| page.redirect)
            .filter(|target| !target.is_empty() && !target.starts_with('?'))
    });
    let explained = |title: &str, text: Markup| {
        let main = html! {
            div.head { span.kind data-kind="knowledge" { (w.t("kind-redirect")) } h1 { (from.name.title()) } }
            div.notice data-tone="ask" { h2 { (title) } (text)
                p { a href={ "/source/" (encode_title(&from.name.wiki_title())) } { (w.t("see-source")) } " · " a href={ "/links/" (encode_title(&from.name.wiki_title())) } { (w.t("links-here")) } " · " a href={ "/search?q=" (encode(from.name.title())) } { (w.t("search-this")) } }
            }
        };
        Ok(cx.page(
            &PageHead {
                title: from.name.title(),
                noindex: true,
                ..PageHead::default()
            },
            &main,
        ))
    };
    match end {
        End::Cycle(keys) => explained(
            w.t("redirect-cycle"),
            html! { p { (w.t("redirect-cycle-why")) } ol { @for name in keys.iter().filter_map(|key| Name::parse_key(key)) { li { a href={ (name.href()) "?redirect=no" } { (name.wiki_title()) } } } } },
        ),
        End::At(key) if key == from.name.key() => explained(
            w.t("redirect-malformed"),
            html! { p { (target_fault(cx, &from.redirect)) } },
        ),
        End::At(key) => match (
            tables::by_key(cx.db, cx.viewer, &key)?,
            Name::parse_key(&key),
        ) {
            (Some(page), _) if page.redirect.starts_with('?') => {
                Ok(Response::redirect(302, &page.name.href()))
            }
            (Some(page), _) => Ok(Response::redirect(
                302,
                &format!(
                    "{}?from={}",
                    page.name.href(),
                    encode(&from.name.wiki_title())
                ),
            )),
            (None, Some(name)) if name.kind() == Kind::Category => {
                Ok(Response::redirect(302, &name.href()))
            }
            (None, Some(name)) => explained(
                w.t("redirect-missing"),
                html! { p { (w.tf("redirect-missing-why", &[("title", name.wiki_title().as_str().into())])) } },
            ),
            (None, None) => Err(absent(cx, &from.name)),
        },
    }
}

/// Says what is wrong with the target of a redirect that cannot be read.
pub(crate) fn target_fault(cx: &Context<'_>, redirect: &str) -> String {
    let (why, target) = Unreadable::read(redirect);
    let word = match why {
        Unreadable::None => return cx.words.t("redirect-none").to_owned(),
        Unreadable::Unclosed => "redirect-unclosed",
        Unreadable::Piped => "redirect-piped",
        Unreadable::Title => "redirect-title",
    };
    cx.words.tf(word, &[("target", target.into())])
}

/// Returns a drawn text with a link at each heading that opens its section for writing.
fn with_section_links(cx: &Context<'_>, page: &Page, body: &str) -> String {
    let path = encode_title(&page.name.wiki_title());
    let word = cx.words.t("edit-this-section");
    let mut out = String::with_capacity(body.len() + 2_000);
    let mut rest = body;
    // One look through the text: to look for each level by itself would begin again at every heading.
    while let Some(at) = rest.find("<h") {
        let (before, heading) = rest.split_at(at);
        out.push_str(before);
        if !["<h2 id=\"", "<h3 id=\"", "<h4 id=\""]
            .iter()
            .any(|tag| heading.starts_with(tag))
        {
            out.push_str("<h");
            rest = &heading[2..];
            continue;
        }
        let Some((inner, after)) = heading.split_once("</h") else {
            rest = heading;
            break;
        };
        let text = draw::without_tags(inner.split_once('>').map_or("", |(_, text)| text));
        let text = text
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'");
        out.push_str(inner);
        out.push_str(&format!(
            " <a class=\"small pencil\" rel=\"nofollow\" href=\"/edit/{path}?section={}\">{word}</a></h",
            encode(text.trim())
        ));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns a drawn text whose links lead to other addresses, where those are given.
fn relinked(body: &str, to: &HashMap<&str, &str>) -> String {
    let mut out = String::with_capacity(body.len() + 64);
    for (number, part) in body.split("href=\"").enumerate() {
        if number == 0 {
            out.push_str(part);
            continue;
        }
        let (href, after) = part.split_once('"').unwrap_or((part, ""));
        out.push_str("href=\"");
        out.push_str(to.get(href).copied().unwrap_or(href));
        if part.len() > href.len() {
            out.push('"');
        }
        out.push_str(after);
    }
    out
}

/// The notice that a reader came by a redirect.
pub(crate) fn came_from(cx: &Context<'_>) -> Markup {
    // Only where a redirect stands: nobody's link puts words into the page.
    let redirect = |from: &str| {
        let name = name_of(cx, from).ok()?;
        let page = tables::by_name(cx.db, cx.viewer, &name).ok()??;
        (!page.redirect.is_empty()).then_some(page.name)
    };
    html! {
        @if let Some(from) = cx.request.param("from") {
            @if let Some(name) = redirect(from) {
                p.small.quiet { (cx.words.t("redirected-from")) " " a href={ (name.href()) "?redirect=no" } { (name.wiki_title()) } }
            }
        }
    }
}

fn shown(cx: &Context<'_>, page: &Page) -> Answer {
    let w = cx.words;
    let drawn = tables::drawn(cx.db, cx.viewer, cx.node.store(), page)?;
    let categories = &drawn.categories;
    let writes =
        cx.asker.is_some_and(|asker| asker.writes) && page.space == record::Space::public();
    let translations = tables::translations(cx.db, cx.viewer, page)?;
    let source = tables::source_of(cx.db, cx.viewer, page)?;
    let linked;
    let mut body = &drawn.body;
    if source.is_some() {
        // A translation leads on in its own language, where the pages that it mentions are translated too.
        let ours = tables::mentioned_in(cx.db, cx.viewer, page, &page.language)?;
        if !ours.is_empty() {
            let ours: HashMap<&str, &str> =
                ours.iter().map(|(from, to)| (&**from, &**to)).collect();
            linked = relinked(&drawn.body, &ours);
            body = &linked;
        }
    }
    let with_links;
    if writes && drawn.sections > 0 {
        with_links = with_section_links(cx, page, body);
        body = &with_links;
    }
    let pictures = tables::pictures(cx.db, cx.viewer, &page.id)?;
    let with_pictures;
    if !pictures.is_empty() {
        with_pictures = with_picture_links(body, &pictures);
        body = &with_pictures;
    }
    let told = super::translate::told(cx, page, source.as_ref(), &translations)?;
    let wiki_title = page.name.wiki_title();
    let minutes = i64::from(drawn.words / 200) + 1;
    let discuss = writes.then(|| format!("/discussion/{}", encode_title(&page.name.key())));
    let authors = authors(cx, page)?;
    let is_file = page.name.kind() == Kind::File;
    let original = match &source {
        Some(source) => Some(original(cx, source)?),
        None => None,
    };
    // Of what was brought in, the name of the wiki is told; of what was written here, its author.
    let author = match page.provenance.as_str() {
        "imported" => None,
        _ => tables::author_of(cx.db, cx.viewer, &page.hash)?,
    };
    let people = people::labels(cx.db, cx.viewer, author.as_deref().into_iter())?;
    let title = page.name.title();
    let main = html! {
        @if !categories.is_empty() {
            nav.crumbs aria-label=(w.t("you-are-in")) { ol {
                li { a href="/knowledge" { (w.t("menu-knowledge")) } }
                // Themes stand beside one another: one way up is shown, all of them are in the margin.
                @if let Some(name) = categories.iter().find_map(|key| Name::parse_key(key)) { li { a href=(name.href()) { (name.title()) } } }
            } }
        }
        div.head {
            span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) }
            h1 lang=(page.language) { (title) }
            (came_from(cx))
            @if !translations.is_empty() {
                ul.line.small {
                    li { b lang=(page.language) { (language_name(&page.language)) } }
                    @for one in &translations { li { a href=(one.name.href()) lang=(one.language) hreflang=(one.language) { (language_name(&one.language)) } @if one.original { " " span.quiet { "(" (w.t("original")) ")" } } @if one.behind { " " span.quiet { "(" (w.t("translation-old")) ")" } } } }
                    @if writes && page.name.kind() == Kind::Article { li { a href={ "/translate/" (encode_title(&wiki_title)) } rel="nofollow" { (w.t("translate-link")) } } }
                }
            } @else if writes && page.name.kind() == Kind::Article {
                p.small { a href={ "/translate/" (encode_title(&wiki_title)) } rel="nofollow" { (w.t("translate-link")) } }
            }
            (tabs_with(cx, &page.name, "read", Some(&page.id)))
        }
        div.book {
            nav.toc aria-label=(w.t("contents")) {
                @if drawn.sections > 0 {
                    details.only-narrow { summary { (w.tf("contents-summary", &[("sections", i64::from(drawn.sections).into()), ("minutes", minutes.into())])) } (PreEscaped(&drawn.toc)) }
                    div.only-wide { h2 { (w.t("contents")) } (PreEscaped(&drawn.toc)) }
                }
            }
            article.prose lang=(page.language) data-discuss=[discuss.as_deref()] data-discuss-word=[discuss.is_some().then(|| w.t("discuss-passage"))] {
                @if !page.redirect.is_empty() {
                    div.notice data-tone="info" { h2 { (w.t("is-redirect")) } p { @if let Some(name) = Name::parse_key(&page.redirect) { a href=(name.href()) { (name.wiki_title()) } } @else { (target_fault(cx, &page.redirect)) } } }
                }
                (told)
                @if page.name.kind() == Kind::File { (file_box(cx, page, &authors)?) }
                (PreEscaped(body))
                (picture_list(cx, &pictures)?)
                @if drawn.body.trim().is_empty() && page.redirect.is_empty() { div.empty { h2.h3 { (w.t("page-empty")) } p { (w.t("page-empty-why")) } } }
            }
            aside {
                @if !categories.is_empty() {
                    section.infobox aria-labelledby="ib-themes" { h2 #ib-themes { (w.t("themes")) }
                        ul.tags { @for name in categories.iter().filter_map(|key| Name::parse_key(key)) { li { a href=(name.href()) { (name.title()) } } } }
                    }
                }
                section.infobox aria-labelledby="ib-lic" { h2 #ib-lic { (w.t("licence")) }
                    p { (licence_link(&page.licence)) @if !page.attribution.is_empty() || page.provenance != "imported" { ". " (w.t(if is_file { "file-by" } else { "text-by" })) " " (named(&authors)) } "." }
                    @if let Some(original) = &original { p { (original) } }
                    details { summary { (w.t("how-to-cite")) } p.small { (citation(cx, page, &authors)) } }
                }
                section.infobox aria-labelledby="ib-rev" { h2 #ib-rev { (w.t("revision")) }
                    dl.facts {
                        dt { (w.t("shown-since")) } dd { (day(cx.lang(), page.updated)) }
                        @if let Some(author) = &author { dt { (w.t("revision-by")) } dd { (super::revisions::author_link(cx, &people, author)) } }
                        dt { (w.t("origin")) } dd { (origin(cx, page)?) }
                        @if !is_file { dt { (w.t("length")) } dd { (w.tf("words-minutes", &[("words", i64::from(drawn.words).into()), ("minutes", minutes.into())])) } }
                    }
                    ul.plain { li { a href={ "/history/" (encode_title(&wiki_title)) } { (w.t("see-history")) } } li { a href={ "/links/" (encode_title(&wiki_title)) } { (w.t("tab-links")) } } @for beside in cx.settings.beside.iter().filter(|beside| beside.in_margin) { li { a href={ (beside.path) (encode_title(&page.name.key())) } { (w.t(beside.word)) } } } li { a href={ "/source/" (encode_title(&wiki_title)) } { (w.t("tab-source")) } }
                        @if writes { li { a href={ "/rename/" (encode_title(&wiki_title)) } rel="nofollow" { (w.t("rename-or-join")) } } }
                        @if cx.asker.is_some_and(|asker| asker.steward) { li { (super::stewardship::withdraw_link(cx, page)) } } }
                    @if page.space == record::Space::public() { (people::follow_button(cx, &page.id)?) }
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/knowledge",
            description: Some(&page.lead),
            canonical: Some(page.name.href()),
            feed: None,
            alternates: vec![("application/ld+json", page.name.href())],
            noindex: !page.redirect.is_empty(),
            script: writes,
            ..PageHead::default()
        },
        &main,
    ))
}

/// Says what a translation is a translation of, and who wrote that.
fn original(cx: &Context<'_>, source: &tables::Source) -> Result<Markup, Problem> {
    let w = cx.words;
    let page = &source.page;
    let authors = authors(cx, page)?;
    let number = match &source.revision {
        Some(revision) => tables::number_of(cx.db, &page.id, revision)?,
        None => 0,
    };
    // Its text may be withdrawn by now.
    let shown = match &source.revision {
        Some(revision) => tables::is_revision(cx.db, cx.viewer, &page.id, revision)?,
        None => false,
    };
    let revision = source.revision.filter(|_| shown);
    Ok(html! {
        (w.t("translation-of")) " " a href=(page.name.href()) lang=(page.language) { (page.name.title()) }
        @if let Some(revision) = &revision { " (" a href={ (page.name.href()) "?revision=" (super::revisions::short(revision)) } rel="nofollow" { (w.tf("revision-number", &[("number", number.into())])) } ")" }
        ". " (w.t("text-by")) " " (named(&authors)) "."
    })
}

fn origin(cx: &Context<'_>, page: &Page) -> Result<String, Problem> {
    let w = cx.words;
    let now = match page.provenance.as_str() {
        "imported" if !page.site.is_empty() => {
            w.tf("imported-from", &[("site", page.site.as_str().into())])
        }
        "imported" => w.t("provenance-imported").to_owned(),
        "translated" => w.t("provenance-translated").to_owned(),
        "machine-assisted" => machine(cx, &page.machine),
        _ => w.t("provenance-written").to_owned(),
    };
    if page.provenance == "imported" || page.attribution.is_empty() {
        return Ok(now);
    }
    // Where a text was brought in, most of it stays so when somebody mends a word.
    let Some(site) = tables::brought_from(cx.db, &page.id)? else {
        return Ok(match page.provenance.as_str() {
            "written" => w.t("brought-revised").to_owned(),
            _ => now,
        });
    };
    let args = [("site", site.as_str().into())];
    Ok(match page.provenance.as_str() {
        "written" => w.tf("imported-revised", &args),
        _ => format!("{}; {now}", w.tf("imported-revised", &args)),
    })
}

/// Says that a machine helped, and which.
pub(crate) fn machine(cx: &Context<'_>, named: &str) -> String {
    if named.is_empty() {
        return cx.words.t("provenance-machine").to_owned();
    }
    cx.words
        .tf("provenance-machine-named", &[("machine", named.into())])
}

/// The tabs above a page.
pub(crate) fn tabs(cx: &Context<'_>, name: &Name, current: &str) -> Markup {
    tabs_with(cx, name, current, None)
}

/// The tabs above a page, with how much is to be read under those of other capabilities.
fn tabs_with(cx: &Context<'_>, name: &Name, current: &str, id: Option<&[u8; 16]>) -> Markup {
    let w = cx.words;
    let tabs = cx.settings.beside.iter().filter(|beside| !beside.in_margin);
    let beside = tabs.map(|beside| {
        let count = id.and_then(|id| (beside.count)(cx, id).ok()).unwrap_or(0);
        let href = format!("{}{}", beside.path, encode_title(&name.key()));
        (href, w.t(beside.word), count)
    });
    let title = encode_title(&name.wiki_title());
    let tabs = [
        ("read", name.href(), "tab-read"),
        ("edit", format!("/edit/{title}"), "tab-edit"),
        ("history", format!("/history/{title}"), "tab-history"),
        ("links", format!("/links/{title}"), "tab-links"),
        ("source", format!("/source/{title}"), "tab-source"),
    ];
    // A row of more would not fit on a phone: the rest is in the margin of the page.
    let is_shown = |id: &str| match id {
        "edit" => cx.settings.accounts,
        "links" | "source" => id == current,
        _ => true,
    };
    html! {
        nav.tabs aria-label=(w.t("this-page")) {
            @for (id, href, word) in tabs.iter().filter(|tab| is_shown(tab.0)) { a href=(href) aria-current=[(*id == current).then_some("page")] { (w.t(word)) } }
            @for (href, word, count) in beside { a href=(href) { (word) @if count > 0 { " (" (count) ")" } } }
        }
    }
}

/// Returns the address of a licence's text, where it is known.
/// Source of the addresses: creativecommons.org's own scheme of paths.
pub(crate) fn licence_url(licence: &str) -> Option<String> {
    if let Some(version) = licence.strip_prefix("CC0-") {
        return Some(format!(
            "https://creativecommons.org/publicdomain/zero/{version}/"
        ));
    }
    let (name, version) = licence.strip_prefix("CC-")?.rsplit_once('-')?;
    Some(format!(
        "https://creativecommons.org/licenses/{}/{version}/",
        name.to_lowercase()
    ))
}

/// Names a licence, with a link to its text where it is known.
fn licence_link(licence: &str) -> Markup {
    let url = licence_url(licence);
    let name = licence.strip_prefix("CC-").map_or_else(
        || licence.to_owned(),
        |rest| match rest.rsplit_once('-') {
            Some((name, version)) => format!("CC {name} {version}"),
            None => licence.to_owned(),
        },
    );
    html! { @if let Some(url) = url { a href=(url) rel="license noopener" { (name) } } @else { (name) } }
}

/// The most authors that a citation names.
const MOST_CITED: usize = 10;

/// Returns who wrote what is shown: the names that were brought in with it, then those of whoever wrote here, first
/// the first.
fn authors(cx: &Context<'_>, page: &Page) -> Result<Vec<String>, Problem> {
    let mut dids = tables::authors(cx.db, cx.viewer, &page.id)?;
    dids.retain(|did| did.starts_with("did:key:"));
    let people = people::labels(cx.db, cx.viewer, dids.iter().map(String::as_str))?;
    // Whoever brings a picture of somebody else's has not made it.
    if page.name.kind() == Kind::File && !page.attribution.is_empty() {
        return Ok(vec![page.attribution.clone()]);
    }
    let mut names: Vec<String> = Vec::new();
    if !page.attribution.is_empty() {
        names.push(page.attribution.clone());
    }
    names.extend(
        dids.iter()
            .filter_map(|did| people.get(did).map(|person| person.name.clone())),
    );
    if names.is_empty() && !dids.is_empty() {
        // Somebody else is not named in their place.
        names.push(cx.words.t("person-gone").to_owned());
    } else if names.is_empty() {
        names.push(cx.settings.name.clone());
    }
    Ok(names)
}

/// Names the first of them, as many as a citation does.
fn named(authors: &[String]) -> String {
    let mut named = authors
        .iter()
        .take(MOST_CITED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if authors.len() > MOST_CITED {
        named.push_str(" et al.");
    }
    named
}

fn citation(cx: &Context<'_>, page: &Page, authors: &[String]) -> String {
    let named = named(authors);
    format!(
        "{named}: {}, {}, {}, {}. {}{} ({})",
        cx.words.tf("quoted", &[("text", page.name.title().into())]),
        cx.settings.name,
        day(cx.lang(), page.updated),
        page.licence,
        cx.base(),
        page.name.href(),
        &page.hash.to_string()[..19],
    )
}

/// Leads from each picture to its page, where nothing else does.
fn with_picture_links(body: &str, pictures: &[Page]) -> String {
    let mut out = String::with_capacity(body.len() + 100 * pictures.len());
    let mut rest = body;
    let mut linked = false;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        match tag {
            "</a>" => linked = false,
            _ if tag.starts_with("<a ") => linked = true,
            _ => {}
        }
        let blob = tag
            .strip_prefix("<img ")
            .and_then(|tag| tag.split_once("src=\"/blobs/"))
            .and_then(|(_, blob)| blob.split('"').next());
        let page = blob.filter(|_| !linked).and_then(|blob| {
            let known = pictures.iter().find(|page| page.blob == blob);
            known.map(|page| page.name.href())
        });
        match page {
            Some(href) => {
                out.push_str(&html! { a href=(href) { (PreEscaped(tag)) } }.into_string());
            }
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Says below a text whose its pictures are, and under which licence.
fn picture_list(cx: &Context<'_>, pictures: &[Page]) -> Result<Markup, Problem> {
    let w = cx.words;
    let mut rows = Vec::new();
    for page in pictures {
        rows.push((page, authors(cx, page)?));
    }
    Ok(html! {
        @if !rows.is_empty() {
            section aria-labelledby="h-pictures" lang=(cx.lang().tag()) { h2.h3 #h-pictures { (w.t("pictures")) }
                ul.plain.small { @for (page, authors) in &rows { li { a href=(page.name.href()) lang=(page.language) { (page.name.title()) } ". " (named(authors)) ". " (licence_link(&page.licence)) } } }
            }
        }
    })
}

/// Returns what puts a file into a text.
fn snippet(w: &site::Words, name: &Name) -> String {
    let target = name.wiki_title().replace(' ', "_");
    let shows = w.t("file-shows");
    // Brackets would end the address before its end.
    if target.contains(['(', ')']) {
        format!("![{shows}](<wiki:{target}>)")
    } else {
        format!("![{shows}](wiki:{target})")
    }
}

/// Says how much a file is, in the unit that people use for it.
fn weight(cx: &Context<'_>, bytes: u64) -> String {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    let (key, count) = match bytes {
        0..1_000 => ("bytes", bytes),
        1_000..1_000_000 => ("kilobytes", (bytes + 500) / 1_000),
        _ => ("megabytes", (bytes + 500_000) / 1_000_000),
    };
    cx.words.tf(key, &[("count", count.into())])
}

fn file_box(cx: &Context<'_>, page: &Page, authors: &[String]) -> Result<Markup, Problem> {
    let w = cx.words;
    let file = match page.blob.is_empty() {
        true => None,
        false => tables::article_of(cx.db, &page.hash)?.attachment,
    };
    let Some(file) = file else {
        return Ok(html! {
            div.notice data-tone="ask" lang=(cx.lang().tag()) { h2 { (w.t("file-missing")) } p { (w.t("file-missing-why")) } }
        });
    };
    let address = format!("/blobs/{}", page.blob);
    let kind = file.media_type.rsplit('/').next().unwrap_or_default();
    let is_picture = file.media_type.starts_with("image/");
    Ok(html! {
        figure {
            @if is_picture { a href=(address) { img src=(address) alt=(page.name.title()); } }
            @else { p { a.button.main href=(address) { (w.t("file-open")) } } }
            figcaption { (page.name.title()) ". " (named(authors)) ". " (licence_link(&page.licence)) "." }
        }
        dl.facts lang=(cx.lang().tag()) {
            dt { (w.t("file-type")) } dd { (kind.to_uppercase()) }
            dt { (w.t("file-size")) } dd { (weight(cx, file.length)) }
            @if file.width > 0 && file.height > 0 { dt { (w.t("file-dimensions")) } dd { (file.width) " × " (file.height) " px" } }
            dt { (w.t("file-download")) } dd { a href=(address) download=(page.name.title()) { (page.name.title()) } }
            @if is_picture { dt { (w.t("file-snippet")) } dd { code.code { (snippet(w, &page.name)) } } }
        }
    })
}

pub(crate) fn source(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let page = find(cx, &name_of(cx, cx.rest)?)?;
    let article = tables::article_of(cx.db, &page.hash)?;
    if cx.request.param("raw").is_some() {
        return Ok(Response::ok(
            "text/plain; charset=utf-8",
            article.content.into_bytes(),
        ));
    }
    let title = w.tf(
        "source-of",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    let main = html! {
        div.head { span.kind data-kind="knowledge" { (kind_word(cx, page.name.kind())) } h1 { (title) } p.small.quiet { (page.media) " · " a href="?raw=1" { (w.t("source-raw")) } } (tabs(cx, &page.name, "source")) }
        pre.code tabindex="0" lang=(page.language) { (article.content) }
    };
    Ok(cx.page(
        &PageHead {
            title: &title,
            menu: "/knowledge",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}
