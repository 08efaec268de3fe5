//! Writing a page: the form, its preview, what two people wrote at once, drafts.

use super::aligned;
use super::article::tabs;
use super::{Answer, drafts, name_of, settle, sources};
use crate::cite::Source;
use crate::merge;
use crate::model::{Article, Kind, Media, Name};
use crate::sections;
use crate::tables::{self, Draft, DraftFields, DraftOf, Page};
use crate::write::{self, Conflict, Edit, WriteError};
use crate::{cite, diff, draw};
use people::Pen;
use record::Hash;
use site::form::{Field, Mistakes, choice, tick};
use site::{
    Acting, Asker, Context, Markup, PageHead, PreEscaped, Problem, Response, Words, encode,
    encode_title, html, language_code, language_list, language_said, when,
};
use store::Node;

/// Licences that are offered for a new text, the usual one first.
pub(crate) const LICENCES: &[&str] = &["CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0", "PPL"];

/// The setting with the licence that new texts usually have here.
const SETTING_LICENCE: &str = "licence";

/// The longest summary in characters.
const LONGEST_SUMMARY: usize = 300;

/// Bytes of the longest text that a form takes: records end at 8 MiB, and escapes may double a text.
pub(super) const LONGEST_TEXT: usize = crate::rules::LONGEST_TEXT;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Filled {
    /// The page's name as others mention it, empty for a new one whose title is still to be given.
    page: String,
    title: String,
    base: String,
    section: String,
    text: String,
    summary: String,
    minor: bool,
    follow: bool,
    provenance: String,
    machine: String,
    attribution: String,
    categories: String,
    language: String,
    licence: String,
    takes_in: String,
    takes_in_hash: String,
    source: Source,
    /// The title under which a draft of a new page was kept already, after a mark that there is one.
    kept_as: String,
}

impl Filled {
    fn of(acting: &Acting<'_>) -> Self {
        let form = &acting.request.form;
        let text = |name: &str| form.text(name).to_owned();
        Self {
            page: text("page"),
            title: text("title"),
            base: text("base"),
            section: text("section"),
            text: aligned::text(form),
            summary: text("summary"),
            minor: form.has("minor"),
            follow: form.has("follow"),
            provenance: text("provenance"),
            machine: text("machine"),
            attribution: text("attribution"),
            categories: text("categories"),
            language: language_code(&text("language")),
            licence: text("licence"),
            takes_in: text("takes-in"),
            takes_in_hash: text("takes-in-hash"),
            source: sources::read(form),
            kept_as: text("kept-as"),
        }
    }

    /// What a draft of this is kept as.
    fn draft_of(&self) -> DraftOf {
        if self.page.is_empty() {
            DraftOf::New(drafts::short(&self.title))
        } else {
            DraftOf::Page(self.page.clone())
        }
    }

    /// What an earlier draft of the same form was kept as, where that is another place.
    fn drafted_before(&self) -> Option<DraftOf> {
        let before = self.kept_as.strip_prefix(drafts::KEPT_MARK)?;
        let before = DraftOf::New(before.to_owned());
        (self.page.is_empty() && before != self.draft_of()).then_some(before)
    }

    /// Fills in what a draft holds.
    fn take(&mut self, draft: Draft) {
        if let DraftOf::New(title) = &draft.of {
            self.kept_as = format!("{}{title}", drafts::KEPT_MARK);
            self.title.clone_from(title);
        }
        self.text = draft.text;
        self.summary = draft.summary;
        if !draft.base.is_empty() {
            self.base = draft.base;
        }
        let Some(fields) = draft.fields else {
            return;
        };
        self.categories = fields.categories;
        self.language = fields.language;
        self.provenance = fields.provenance;
        self.attribution = fields.attribution;
        self.machine = fields.machine;
        self.takes_in = fields.takes_in;
        self.takes_in_hash = fields.takes_in_hash;
        self.minor = fields.minor;
        self.follow = !fields.unfollowed;
        if !fields.licence.is_empty() {
            self.licence = fields.licence;
        }
    }

    /// What is kept as a draft.
    fn draft(&self) -> Draft {
        Draft {
            of: self.draft_of(),
            base: drafts::short(&self.base),
            text: self.text.clone(),
            summary: drafts::short(&self.summary),
            fields: Some(DraftFields {
                title: String::new(),
                categories: drafts::bounded(&self.categories, drafts::LONGEST_THEMES),
                language: drafts::short(&self.language),
                licence: drafts::short(&self.licence),
                provenance: drafts::short(&self.provenance),
                attribution: drafts::short(&self.attribution),
                machine: drafts::short(&self.machine),
                revision: String::new(),
                takes_in: drafts::short(&self.takes_in),
                takes_in_hash: drafts::short(&self.takes_in_hash),
                minor: self.minor,
                unfollowed: !self.follow,
            }),
            at: Node::now().as_millis(),
        }
    }
}

/// What is shown beside the form.
#[derive(Default)]
struct Beside {
    /// The drawn text, and what is new in it.
    preview: Option<(String, Option<diff::Changed>)>,
    conflict: Option<Conflict>,
    /// When the draft that is shown was kept.
    draft: Option<i64>,
    /// A line that is to be mended: its number, and what stands there.
    line: Option<(usize, String)>,
    /// Whether the places of a conflict were just put together.
    settled: bool,
}

/// The page that a form is about, as it is now.
pub(crate) struct Before {
    pub(crate) page: Page,
    pub(crate) shown: Article,
}

pub(crate) fn before(cx: &Context<'_>, name: &str) -> Result<Option<Before>, Problem> {
    if name.is_empty() {
        return Ok(None);
    }
    let name = name_of(cx, name)?;
    let Some(page) = tables::by_name(cx.db, &store::Viewer::public(), &name)? else {
        return Ok(None);
    };
    let shown = tables::article_of(cx.db, &page.hash)?;
    Ok(Some(Before { page, shown }))
}

/// Shows who has no account how to get one, and leads back afterwards.
pub(crate) fn invite(cx: &Context<'_>, title: &str) -> Answer {
    let w = cx.words;
    let mut here = cx.request.path.clone();
    if !cx.request.query.is_empty() {
        let query: Vec<String> = cx
            .request
            .query
            .iter()
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect();
        here = format!("{here}?{}", query.join("&"));
    }
    let main = html! {
        div.head { h1 { (title) } }
        div.empty { h2.h3 { (w.t("write-sign-in")) } p { (w.t("write-sign-in-why")) }
            p.actions.center { a.button.main href={ "/sign-in?next=" (encode(&here)) } { (w.t("menu-sign-in")) } a.button href="/join" { (w.t("menu-join")) } } }
    };
    Ok(cx.page(
        &PageHead {
            title,
            menu: "/knowledge",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

/// `GET /edit/…`: a page that is there, as it is now, as it was in a revision, or with a revision undone.
pub(crate) fn edit_page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let name = name_of(cx, cx.rest)?;
    let found = before(cx, &name.wiki_title())?;
    let Some(Before { page, shown }) = found else {
        return Ok(Response::redirect(
            302,
            &format!("/new?title={}", encode(&name.wiki_title())),
        ));
    };
    let title = w.tf(
        "edit-title",
        &[("title", page.name.wiki_title().as_str().into())],
    );
    if cx.asker.is_none() {
        return invite(cx, &title);
    }
    let mut filled = Filled {
        page: page.name.wiki_title(),
        base: page.hash.to_string(),
        text: shown.content.clone(),
        provenance: "written".to_owned(),
        follow: true,
        categories: shown.categories.join(", "),
        language: shown.language.clone(),
        licence: shown.licence.clone(),
        section: cx.request.param("section").unwrap_or_default().to_owned(),
        ..Filled::default()
    };
    let mut beside = Beside::default();
    if let Some(hash) = revision_param(cx, &page, "revision")? {
        let old = tables::article_of(cx.db, &hash)?;
        filled.text = old.content;
        filled.summary = w.tf(
            "summary-revert",
            &[(
                "when",
                when(cx.lang(), at_of(cx, &page, &hash)?).as_str().into(),
            )],
        );
    } else if let Some(hash) = revision_param(cx, &page, "undo")? {
        let undone = tables::article_of(cx.db, &hash)?;
        let parent = parent_of(cx, &hash)?;
        let parent = match parent {
            Some(parent) => tables::article_of(cx.db, &parent)?.content,
            None => String::new(),
        };
        let merged = merge::merge(&undone.content, &shown.content, &parent);
        filled.summary = w.tf(
            "summary-undo",
            &[(
                "when",
                when(cx.lang(), at_of(cx, &page, &hash)?).as_str().into(),
            )],
        );
        match merged.text() {
            Some(text) => filled.text = text,
            None => {
                filled.text = merged.with_marks(w.t("mark-now"), w.t("mark-before"));
                beside.conflict = Some(Conflict {
                    shown: page.hash,
                    theirs: parent,
                    merged,
                });
            }
        }
    } else if let Some(into) = cx.request.param("takes-in") {
        let Some(other) = before(cx, into)? else {
            let mut mistakes = Mistakes::default();
            mistakes.add(
                "takes-in",
                w.tf("takes-in-absent", &[("title", into.into())]),
            );
            return draw_rename(cx, &page.name, "", "", into, &mistakes);
        };
        if other.page.id == page.id
            || tables::leads_to(cx.db, cx.viewer, &other.page.name, &page.name)
        {
            let mut mistakes = Mistakes::default();
            mistakes.add("takes-in", w.t("rule-takes-in-itself"));
            mistakes.nothing_written();
            return draw_rename(cx, &page.name, "", "", into, &mistakes);
        }
        filled.takes_in = other.page.name.wiki_title();
        filled.takes_in_hash = other.page.hash.to_string();
        filled.text = format!("{}\n\n{}", shown.content.trim_end(), other.shown.content);
        filled.summary = w.tf(
            "summary-takes-in",
            &[("title", filled.takes_in.as_str().into())],
        );
    } else if !filled.section.is_empty() || cx.request.param("line").is_some() {
        match sections::find(&shown, &filled.section) {
            Some(range) => filled.text = shown.content.get(range).unwrap_or_default().to_owned(),
            None => filled.section.clear(),
        }
        let number = cx.request.param("line").and_then(|line| line.parse().ok());
        beside.line = number.and_then(|number: usize| {
            let line = shown.content.lines().nth(number.checked_sub(1)?)?;
            Some((number, line.chars().take(300).collect()))
        });
    } else if let Some(draft) = drafts::of(cx, &filled.draft_of())? {
        beside.draft = Some(draft.at);
        filled.take(draft);
    }
    draw_form(cx, &filled, &Mistakes::default(), &beside)
}

fn revision_param(cx: &Context<'_>, page: &Page, name: &str) -> Result<Option<Hash>, Problem> {
    let Some(text) = cx.request.param(name) else {
        return Ok(None);
    };
    let hash = Hash::parse(&format!("sha256:{text}"));
    let known = match hash {
        Ok(hash) => tables::is_revision(cx.db, cx.viewer, &page.id, &hash)?.then_some(hash),
        Err(_) => None,
    };
    known
        .map(Some)
        .ok_or_else(|| Problem::not_found(cx.words.t("no-such-revision")))
}

fn parent_of(cx: &Context<'_>, hash: &Hash) -> Result<Option<Hash>, Problem> {
    let bytes = store::bytes_of(cx.db, hash)?;
    let record = bytes.and_then(|bytes| record::Record::trusted(&bytes).ok());
    Ok(record.and_then(|record| record.replaces().first().copied()))
}

fn at_of(cx: &Context<'_>, page: &Page, hash: &Hash) -> Result<i64, Problem> {
    Ok(tables::revision(cx.db, &page.id, hash)?.map_or(0, |revision| revision.at))
}

/// `GET /new`: a page that is not there yet.
pub(crate) fn new_page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    if cx.asker.is_none() {
        return invite(cx, w.t("new-title"));
    }
    let title = cx.request.param("title").unwrap_or_default();
    let language = cx.request.param("language").unwrap_or(cx.lang().tag());
    let licence = store::setting(cx.db, SETTING_LICENCE)?;
    let mut filled = Filled {
        title: title.to_owned(),
        provenance: "written".to_owned(),
        follow: true,
        language: language.to_owned(),
        licence: licence.unwrap_or_else(|| LICENCES[0].to_owned()),
        ..Filled::default()
    };
    let mut beside = Beside::default();
    if let Some(draft) = drafts::of(cx, &filled.draft_of())? {
        beside.draft = Some(draft.at);
        filled.take(draft);
    }
    draw_form(cx, &filled, &Mistakes::default(), &beside)
}

fn draw_form(cx: &Context<'_>, filled: &Filled, mistakes: &Mistakes, beside: &Beside) -> Answer {
    let w = cx.words;
    let found = before(cx, &filled.page)?;
    let title = match &found {
        Some(found) => w.tf(
            "edit-title",
            &[("title", found.page.name.wiki_title().as_str().into())],
        ),
        None => w.t("new-title").to_owned(),
    };
    let wikitext = found
        .as_ref()
        .is_some_and(|found| found.shown.media == Media::Wikitext);
    let field = |field: Field<'_>| field.draw(w, mistakes);
    let protected = match (&found, cx.asker) {
        (Some(found), Some(asker)) if !asker.steward => {
            let id = tables::full_id(cx.db, &found.page.id)?;
            people::is_protected(cx.db, &cx.node.keys().commons_did(), &id)?
        }
        _ => None,
    };
    let withdrawn = match Name::new(Kind::Article, &filled.title) {
        Ok(name) if found.is_none() => {
            super::gone(cx, &name)?.map(|gone| super::gone_said(cx, &name, &gone))
        }
        _ => None,
    };
    let lang = if filled.language.is_empty() {
        ""
    } else {
        &filled.language
    };
    let action = match &found {
        Some(found) => format!("/edit/{}", encode_title(&found.page.name.wiki_title())),
        None => "/new".to_owned(),
    };
    let joins = !filled.takes_in.is_empty();
    let title = if joins {
        let args = [
            ("title", filled.takes_in.as_str().into()),
            (
                "into",
                found
                    .as_ref()
                    .map_or("", |found| found.page.name.title())
                    .into(),
            ),
        ];
        w.tf("takes-in-heading", &args)
    } else {
        title
    };
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href="/knowledge" { (w.t("menu-knowledge")) } } @if let Some(found) = &found { li { a href=(found.page.name.href()) { (found.page.name.title()) } } } } }
        div.head { h1 { (title) }
            p.quiet { @if found.is_some() { @if joins { (w.t("takes-in-below")) } @else if filled.section.is_empty() { (w.t("edit-whole")) } @else { (w.t("edit-section")) } " " } span data-draft-said { @if let Some(at) = beside.draft { (w.tf("draft-from", &[("when", when(cx.lang(), at).as_str().into())])) } } (drafts::link(cx)?) }
            @if let Some(found) = &found { (tabs(cx, &found.page.name, "edit"))
                @if cx.asker.is_some() { p.small { a href={ "/rename/" (encode_title(&found.page.name.wiki_title())) } rel="nofollow" { (w.t("rename-link")) } } } } }
        @if let Some((number, line)) = &beside.line { div.notice data-tone="info" { h2 { (w.tf("edit-line", &[("line", (*number).into())])) } p { code { (line) } } } }
        @if joins { div.notice data-tone="info" { h2 { (w.tf("takes-in-said", &[("title", filled.takes_in.as_str().into())])) } p { (w.t("takes-in-then")) } } }
        @if found.is_none() && let Some(said) = &withdrawn { div.notice data-tone="ask" { h2 { (said) } p { (w.t("gone-anew")) } } }
        @if let Some(reason) = &protected { div.notice data-tone="ask" { h2 { (w.t("rule-protected")) } p { (reason) } } }
        @if let Some(asker) = cx.asker {
            @if asker.waits { div.notice data-tone="info" { h2 { (w.t("rule-waiting")) } p { (w.t("rule-waiting-remedy")) } } }
            @else if !asker.writes { div.notice data-tone="ask" { h2 { (w.t("write-not-now")) } p { a href="/decisions" { (w.t("foot-decisions")) } } } }
            @else if !asker.signs_here { div.notice data-tone="ask" { h2 { (w.t("write-own-key")) } p { (w.t("write-own-key-how")) " " code { "minga publish" } } } }
        }
        (mistakes.summary(w))
        @if beside.settled { div.notice data-tone="info" role="status" { h2 { (w.t("conflict-settled")) } p { (w.t("conflict-settled-how")) } } }
        @if let Some(conflict) = &beside.conflict { (settle::notice(cx, conflict)) }
        form method="post" action=(action) data-draft="/drafts" data-preview="/preview" enctype="application/x-www-form-urlencoded" {
            (cx.guarded())
            @for (name, value) in [("page", &filled.page), ("base", &filled.base), ("section", &filled.section), ("takes-in", &filled.takes_in), ("takes-in-hash", &filled.takes_in_hash), ("kept-as", &filled.kept_as)] { input type="hidden" name=(name) value=(value); }
            @if let Some(conflict) = &beside.conflict { (settle::places(cx, conflict)) }
            @if found.is_none() {
                (field(Field { name: "title", label: w.t("field-title"), hint: w.t("field-title-hint"), value: &filled.title, lang, ..Field::default() }))
            }
            div.even {
                div {
                    (field(Field { name: "text", label: w.t("field-text"), hint: w.t(if wikitext { "field-text-wikitext" } else { "field-text-markdown" }), value: &filled.text, rows: 22, code: true, lang, ..Field::default() }))
                    p.small { a href="/upload" target="_blank" { (w.t("upload-link")) } }
                    p.actions { button name="do" value="preview" { (w.t(if beside.preview.is_some() { "preview-again" } else { "preview" })) } button name="do" value="draft" { (w.t("draft-keep")) } @if beside.draft.is_some() { button name="do" value="drop" { (w.t("draft-drop")) } } }
                    (sources::draw(w, &filled.source, mistakes))
                }
                section aria-labelledby="h-pre" { h2.h3 #h-pre { (w.t("preview-title")) }
                    div.preview aria-live="off" { div.prose data-preview-here lang=(lang) {
                        @match &beside.preview { Some((body, _)) => { (PreEscaped(body)) } None => { p.quiet { (w.t("preview-none")) } } }
                    } }
                    @if let Some((_, Some(changed))) = &beside.preview { (changes(cx, changed)) }
                }
            }
            hr;
            div.even {
                (provenance_fields(cx, filled, mistakes))
                div {
                    (field(Field { name: "summary", label: w.t("field-summary"), hint: w.t("field-summary-hint"), value: &filled.summary, optional: true, ..Field::default() }))
                    @if !wikitext { (field(Field { name: "categories", label: w.t("themes"), hint: w.t("field-themes-hint"), value: &filled.categories, optional: true, ..Field::default() })) }
                    (field(Field { name: "language", label: w.t("field-language"), hint: w.t("field-language-hint"), value: language_said(&filled.language), list: "languages", ..Field::default() }))
                    (language_list())
                    @if found.is_none() {
                        div.field { label for="licence" { (w.t("licence")) } p.hint { (w.t("field-licence-hint")) }
                            select #licence name="licence" { (licence_options(w, &filled.licence)) } }
                    } @else {
                        input type="hidden" name="licence" value=(filled.licence);
                        (tick("minor", "yes", filled.minor, &html! { b { (w.t("field-minor")) } " " (w.t("field-minor-hint")) }))
                    }
                    (tick("follow", "yes", filled.follow, &html! { b { (w.t("field-follow")) } }))
                    p.small.quiet { @if found.is_none() { (w.t("publish-under-chosen")) } @else { (w.tf("publish-under", &[("licence", filled.licence.as_str().into())])) } }
                    p.actions { button.main name="do" value="publish" { (w.t("publish")) } @if let Some(found) = &found { a href=(found.page.name.href()) { (w.t("leave-unpublished")) } } @else { a href="/knowledge" { (w.t("leave-unpublished")) } } }
                }
            }
        }
    };
    let status = match (&beside.conflict, mistakes.is_empty()) {
        (Some(_), _) => 409,
        (None, false) => 422,
        (None, true) => 200,
    };
    let head = PageHead {
        title: &title,
        menu: "/knowledge",
        noindex: true,
        script: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes).status(status))
}

/// Draws the licences that are offered, each with what it asks.
pub(crate) fn licence_options(w: &Words, chosen: &str) -> Markup {
    html! { @for one in LICENCES {
        option value=(one) selected[*one == chosen] { (one) " · " (w.t(match *one { "CC0-1.0" => "licence-gives-all", "CC-BY-4.0" => "licence-names", "PPL" => "licence-peers", _ => "licence-shares-alike" })) }
    } }
}

fn provenance_fields(cx: &Context<'_>, filled: &Filled, mistakes: &Mistakes) -> Markup {
    let w = cx.words;
    let one = |value: &str, label: &str, hint: &str| {
        choice(
            "radio",
            "provenance",
            value,
            filled.provenance == value,
            &html! { b { (w.t(label)) } " " (w.t(hint)) },
        )
    };
    html! {
        fieldset.field { legend { (w.t("provenance-where")) } p.hint { (w.t("provenance-where-hint")) }
            (one("written", "provenance-i-wrote", "provenance-i-wrote-hint"))
            (one("translated", "provenance-i-translated", "provenance-i-translated-hint"))
            (one("imported", "provenance-i-brought", "provenance-i-brought-hint"))
            div.sub { (Field { name: "attribution", label: w.t("field-attribution"), value: &filled.attribution, ..Field::default() }.draw(w, mistakes)) }
            (one("machine-assisted", "provenance-machine-helped", "provenance-machine-helped-hint"))
            div.sub { (Field { name: "machine", label: w.t("field-machine"), value: &filled.machine, ..Field::default() }.draw(w, mistakes)) }
        }
    }
}

/// The field in which a machine that helped is named, where nothing else is asked.
pub(crate) fn machine_fields(cx: &Context<'_>, machine: &str, mistakes: &Mistakes) -> Markup {
    let w = cx.words;
    Field {
        name: "machine",
        label: w.t("field-machine"),
        hint: w.t("field-machine-hint"),
        value: machine,
        optional: true,
        ..Field::default()
    }
    .draw(w, mistakes)
}

fn changes(cx: &Context<'_>, changed: &diff::Changed) -> Markup {
    let w = cx.words;
    html! {
        details open { summary { (w.tf("diff-said", &[("added", changed.added.into()), ("removed", changed.removed.into())])) }
            div.prose.small { @for part in &changed.parts { p { (PreEscaped(part)) } } } }
    }
}

/// Puts together what was chosen of each place, and shows the whole text once more.
fn settled(acting: &Acting<'_>, mut filled: Filled) -> Answer {
    filled.text = settle::settled(acting, &filled.text);
    // More places than are told apart, or marks that somebody wrote over, are left for the pen.
    if filled.text.lines().any(merge::is_mark) {
        let mut mistakes = Mistakes::default();
        mistakes.add("text", acting.words.t("marks-left"));
        return acting.read(|cx| draw_form(cx, &filled, &mistakes, &Beside::default()));
    }
    acting.read(|cx| {
        let beside = Beside {
            settled: true,
            ..Beside::default()
        };
        draw_form(cx, &filled, &Mistakes::default(), &beside)
    })
}

/// Reads what a form holds into an edit, or says what is to be mended.
fn read(
    acting: &Acting<'_>,
    filled: &Filled,
    mistakes: &mut Mistakes,
) -> Result<Option<(Edit, Article)>, Problem> {
    let w = acting.words;
    let base = Hash::parse(&filled.base).ok();
    let found = acting.read(|cx| {
        // Where the page was renamed meanwhile, the revision tells which one it is.
        let renamed = match base.filter(|_| !filled.page.is_empty()) {
            Some(base) => tables::page_of_revision(cx.db, &store::Viewer::public(), &base)?,
            None => None,
        };
        match renamed {
            Some(page) => {
                let shown = tables::article_of(cx.db, &page.hash)?;
                Ok(Some(Before { page, shown }))
            }
            None => before(cx, &filled.page),
        }
    })?;
    // Somebody who wrote a text has it back, whatever became of the page; a program has it still.
    let has_text = !acting.request.prefers("application/json") && !filled.text.trim().is_empty();
    let (name, shown) = match (&found, base) {
        (Some(found), Some(base)) => {
            let begun = acting.read(|cx| {
                let known =
                    tables::is_revision(cx.db, &store::Viewer::public(), &found.page.id, &base)?;
                Ok(match known {
                    true => Some(tables::article_of(cx.db, &base)?),
                    false => None,
                })
            })?;
            match begun {
                Some(begun) => (found.page.name.clone(), begun),
                None if has_text => {
                    mistakes.add("text", w.t("text-revision-gone"));
                    return Ok(None);
                }
                None => return Err(Problem::not_found(w.t("no-such-revision"))),
            }
        }
        _ if filled.page.is_empty() => match Name::new(Kind::Article, &filled.title) {
            Ok(name) => {
                let name = acting.read(|cx| name_of(cx, name.title())).unwrap_or(name);
                (name.first_upper(), Article::blank(name))
            }
            Err(_) => {
                mistakes.add(
                    "title",
                    if filled.title.is_empty() {
                        w.t("title-needed")
                    } else {
                        w.t("bad-title-rule")
                    },
                );
                return Ok(None);
            }
        },
        (Some(_), None) => {
            mistakes.add("base", w.t("base-needed"));
            return Ok(None);
        }
        _ if has_text => {
            mistakes.add("text", w.t("text-page-gone"));
            return Ok(None);
        }
        _ => {
            let name = acting.read(|cx| name_of(cx, &filled.page))?;
            return Err(acting
                .read(|cx| Ok(super::absent(cx, &name)))
                .unwrap_or_else(|problem| problem));
        }
    };
    let mut article = write::next_of(&shown);
    article.name = name.clone();
    let mut text = filled.text.clone();
    if text.trim().is_empty() {
        mistakes.add("text", w.t("text-needed"));
    } else if !text.ends_with('\n') && (filled.page.is_empty() || shown.content.ends_with('\n')) {
        text.push('\n');
    }
    if text.lines().any(merge::is_mark) {
        mistakes.add("text", w.t("marks-left"));
    }
    if !filled.section.is_empty() {
        match sections::find(&shown, &filled.section) {
            Some(range) => {
                text = sections::replaced(&shown.content, range, &text);
            }
            None if has_text => mistakes.add("text", w.t("text-section-gone")),
            None => return Err(Problem::not_found(w.t("no-such-section"))),
        }
    }
    if text.len() > LONGEST_TEXT {
        mistakes.add("text", w.t("text-too-long"));
    }
    if article.media == Media::Markdown {
        for missing in cite::missing(&text) {
            let args = [
                ("line", missing.line.into()),
                ("note", missing.label.as_str().into()),
            ];
            mistakes.add("text", w.tf("footnote-missing", &args));
        }
        article.categories = themes(&filled.categories);
    }
    article.content = text;
    article.language = filled.language.clone();
    if record::Language::parse(&filled.language).is_err() {
        mistakes.add("language", w.t("language-needed"));
    }
    if filled.page.is_empty() {
        article.licence = filled.licence.clone();
        if !LICENCES.contains(&&*filled.licence) {
            mistakes.add("licence", w.t("rule-no-licence"));
        }
    }
    // A program knows the field by its name, a page by its first choice.
    let at = match acting.request.prefers("application/json") {
        true => "provenance",
        false => "provenance-written",
    };
    provenance(w, filled, at, &mut article, mistakes);
    if filled.summary.chars().count() > LONGEST_SUMMARY {
        mistakes.add(
            "summary",
            w.tf("summary-long", &[("most", LONGEST_SUMMARY.into())]),
        );
    }
    article.summary = filled.summary.clone();
    article.minor = filled.minor && !filled.page.is_empty();
    let takes_in = if filled.takes_in.is_empty() {
        None
    } else {
        let other = acting.read(|cx| name_of(cx, &filled.takes_in))?;
        Hash::parse(&filled.takes_in_hash)
            .ok()
            .map(|hash| (other, hash))
    };
    let base = if filled.page.is_empty() { None } else { base };
    Ok(Some((
        Edit {
            name,
            base,
            article,
            takes_in,
        },
        shown,
    )))
}

/// Reads themes as a form takes them: between commas.
pub(super) fn themes(text: &str) -> Vec<String> {
    text.split([',', '\n'])
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .take(30)
        .collect()
}

/// Reads where a text comes from; `at` is the field at which it is said that nobody told.
fn provenance(
    w: &Words,
    filled: &Filled,
    at: &'static str,
    article: &mut Article,
    mistakes: &mut Mistakes,
) {
    let short = |text: &str| text.chars().take(300).collect::<String>();
    match &*filled.provenance {
        "translated" | "written" => article.provenance = filled.provenance.clone(),
        "imported" => {
            article.provenance = "imported".to_owned();
            if filled.attribution.is_empty() {
                mistakes.add("attribution", w.t("attribution-needed"));
            }
            let given = short(&filled.attribution);
            article.attribution = if article.attribution.is_empty() || article.attribution == given
            {
                given
            } else {
                format!("{}; {given}", article.attribution)
            };
        }
        "machine-assisted" => {
            article.provenance = "machine-assisted".to_owned();
            if filled.machine.is_empty() {
                mistakes.add("machine", w.t("machine-needed"));
            }
            article.machine = short(&filled.machine);
        }
        _ => mistakes.add(at, w.t("provenance-needed")),
    }
}

/// Shows the form again with a footnote more.
fn cite(acting: &Acting<'_>, mut filled: Filled) -> Answer {
    let mut mistakes = Mistakes::default();
    let (whole, media) = acting.read(|cx| {
        let found = before(cx, &filled.page)?;
        Ok(found.map_or((String::new(), Media::Markdown), |found| {
            (found.shown.content, found.shown.media)
        }))
    })?;
    match filled.source.clone().checked() {
        Ok(source) => {
            let pen = acting.field("pen").parse().ok();
            filled.text = cite::with_note(&filled.text, &whole, pen, media, &source);
            filled.source = Source::default();
        }
        Err(wrong) => sources::mistakes(acting.words, &wrong, &mut mistakes),
    }
    // What the text looks like stays in sight, as far as it can be read at all.
    let read = read(acting, &filled, &mut Mistakes::default())?;
    acting.read(|cx| {
        let beside = Beside {
            preview: read
                .as_ref()
                .map(|(edit, _)| (drawn(cx, &edit.article), None)),
            ..Beside::default()
        };
        draw_form(cx, &filled, &mistakes, &beside)
    })
}

/// `POST /edit/…` and `POST /new`: publishes, previews, keeps or drops a draft.
pub(crate) fn save(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let mut filled = Filled::of(acting);
    // A program says by the address which page it means.
    if filled.page.is_empty() && !acting.rest.is_empty() {
        filled.page = acting.read(|cx| Ok(name_of(cx, cx.rest)?.wiki_title()))?;
    }
    match acting.field("do") {
        "draft" => return keep(acting, asker, filled),
        "drop" => {
            drop_drafts(acting, asker, &filled)?;
            let to = if filled.page.is_empty() {
                "/new".to_owned()
            } else {
                format!("/edit/{}", encode_title(&filled.page))
            };
            return Ok(acting.see(&to));
        }
        "cite" => return cite(acting, filled),
        "settle" => return settled(acting, filled),
        _ => {}
    }
    let mut mistakes = Mistakes::default();
    let preview = acting.field("do") == "preview";
    if filled.title.is_empty() && filled.text.trim().is_empty() {
        mistakes.nothing_written();
    }
    let read = read(acting, &filled, &mut mistakes)?;
    let Some((edit, shown)) = read.filter(|_| mistakes.is_empty()) else {
        return acting.read(|cx| draw_form(cx, &filled, &mistakes, &Beside::default()));
    };
    if preview {
        return acting.read(|cx| {
            let body = drawn(cx, &edit.article);
            let changed = diff::words(&shown.content, &edit.article.content);
            let beside = Beside {
                // Of a new page all is new.
                preview: Some((body, (!filled.page.is_empty()).then_some(changed))),
                ..Beside::default()
            };
            draw_form(cx, &filled, &mistakes, &beside)
        });
    }
    let written = match publish_edit(acting, asker, &edit) {
        Ok(written) => written,
        Err(WriteError::Conflict(conflict)) if acting.request.prefers("application/json") => {
            return Ok(super::write_api::conflict(acting.words, &conflict));
        }
        Err(WriteError::Conflict(conflict)) => {
            let w = acting.words;
            let mut again = filled;
            again.section.clear();
            again.base = conflict.shown.to_string();
            again.text = conflict
                .merged
                .with_marks(w.t("mark-mine"), w.t("mark-theirs"));
            let beside = Beside {
                conflict: Some(*conflict),
                ..Beside::default()
            };
            return acting.read(|cx| draw_form(cx, &again, &mistakes, &beside));
        }
        Err(WriteError::Exists(name)) => {
            mistakes.add_seen(
                "title",
                acting
                    .words
                    .tf("title-exists", &[("title", name.title().into())]),
                name.href(),
            );
            return acting.read(|cx| draw_form(cx, &filled, &mistakes, &Beside::default()));
        }
        Err(WriteError::Refused(refusal)) => {
            // The form stays: nothing that was written is lost by a rule.
            let problem = Problem::refused(acting.words, refusal);
            mistakes.add("text", problem.sentences());
            let page = acting.read(|cx| draw_form(cx, &filled, &mistakes, &Beside::default()))?;
            return Ok(page.status(problem.status));
        }
        Err(error) => return Err(problem(acting.words, error)),
    };
    drop_drafts(acting, asker, &filled)?;
    if filled.follow {
        let found = acting.read(|cx| Ok(tables::by_key(cx.db, cx.viewer, &written.name.key())?))?;
        if let Some(page) = found {
            let (account, now) = (asker.account, Node::now());
            acting
                .node
                .store()
                .write(move |db| people::desk::follow(db, &account, &page.id, now))?;
        }
    }
    Ok(acting.see(&written.name.href()))
}

pub(crate) fn publish_edit(
    acting: &Acting<'_>,
    asker: &Asker,
    edit: &Edit,
) -> Result<write::Written, WriteError> {
    let node = acting.node;
    let pen = node
        .store()
        .read(|db| Pen::of(node, db, asker))?
        .ok_or(WriteError::OwnKey)?;
    write::publish(node, &pen, edit)
}

/// Returns who asks, who must be allowed to write.
pub(crate) fn require_writer<'a>(acting: &'a Acting<'_>) -> Result<&'a Asker, Problem> {
    people::require_scope(acting, "write")
}

/// Returns the problem that an error is where no form shows it.
pub(crate) fn problem(w: &Words, error: WriteError) -> Problem {
    let (status, code, detail) = match error {
        WriteError::Refused(refusal) => return Problem::refused(w, refusal),
        WriteError::Store(error) => return Problem::from(error),
        WriteError::Conflict(_) => (409, "conflict", w.t("conflict-title").to_owned()),
        WriteError::Exists(name) => (
            409,
            "title_taken",
            w.tf("title-exists", &[("title", name.title().into())]),
        ),
        WriteError::Gone(name) => (
            409,
            "page_gone",
            w.tf("page-left", &[("title", name.title().into())]),
        ),
        WriteError::Busy => (503, "page_busy", w.t("page-busy").to_owned()),
        WriteError::OwnKey => (403, "own_key", w.t("rule-own-key").to_owned()),
    };
    Problem {
        status,
        code,
        detail,
        remedy: String::new(),
    }
}

/// Draws a text that is not published, as its page would show it.
pub(crate) fn drawn(cx: &Context<'_>, article: &Article) -> String {
    let drawn = draw::draw(
        article,
        draw::Around {
            exists: &|name| tables::stands(cx.db, cx.viewer, name),
            file: &|name| tables::file_of(cx.db, cx.viewer, name),
        },
    );
    drawn.body
}

/// `POST /preview`: the drawn text, for the script.
pub(crate) fn preview(acting: &Acting<'_>) -> Answer {
    require_writer(acting)?;
    let filled = Filled::of(acting);
    let html = acting.read(|cx| {
        let mut article = match before(cx, &filled.page)? {
            Some(found) => write::next_of(&found.shown),
            None => Article::blank(
                Name::new(Kind::Article, &filled.title)
                    .or_else(|_| Name::new(Kind::Article, "?"))
                    .map_err(|_| Problem::not_found(""))?,
            ),
        };
        article.content = filled.text.chars().take(LONGEST_TEXT).collect();
        Ok(drawn(cx, &article))
    })?;
    Ok(Response::json(&serde_json::json!({ "html": html })).with("cache-control", "no-store"))
}

/// Keeps a draft and shows the form again.
fn keep(acting: &Acting<'_>, asker: &Asker, mut filled: Filled) -> Answer {
    // A section has no place of its own: with what stands around it, it is a draft of the page.
    if !filled.section.is_empty() {
        let shown = acting.read(|cx| Ok(before(cx, &filled.page)?.map(|found| found.shown)))?;
        if let Some(shown) = shown
            && let Some(range) = sections::find(&shown, &filled.section)
        {
            filled.text = sections::replaced(&shown.content, range, &filled.text);
            filled.section.clear();
        }
    }
    if let Err(problem) = keep_draft(acting, asker, &filled) {
        let mut mistakes = Mistakes::default();
        mistakes.add("text", problem.sentences());
        let page = acting.read(|cx| draw_form(cx, &filled, &mistakes, &Beside::default()))?;
        return Ok(page.status(problem.status));
    }
    if acting.request.prefers("application/json") {
        return Ok(acting.see("/drafts"));
    }
    if let DraftOf::New(title) = filled.draft_of() {
        filled.kept_as = format!("{}{title}", drafts::KEPT_MARK);
    }
    let beside = Beside {
        draft: Some(Node::now().as_millis()),
        ..Beside::default()
    };
    acting.read(|cx| draw_form(cx, &filled, &Mistakes::default(), &beside))
}

fn keep_draft(acting: &Acting<'_>, asker: &Asker, filled: &Filled) -> Result<(), Problem> {
    // What is published already is no draft: the script's last one may come behind the form.
    let published = acting.read(|cx| {
        let page = if filled.page.is_empty() {
            &filled.title
        } else {
            &filled.page
        };
        let found = before(cx, page).ok().flatten();
        Ok(found.is_some_and(|found| {
            found.shown.content.trim_end() == filled.text.trim_end()
                && (filled.page.is_empty()
                    || found.shown.language == filled.language
                        && found.shown.categories.join(", ") == filled.categories)
        }))
    })?;
    if published {
        return drop_drafts(acting, asker, filled);
    }
    drafts::keep(acting, asker, filled.draft(), filled.drafted_before())
}

fn drop_drafts(acting: &Acting<'_>, asker: &Asker, filled: &Filled) -> Result<(), Problem> {
    let all = filled
        .drafted_before()
        .into_iter()
        .chain([filled.draft_of()]);
    drafts::drop(acting, asker, all.collect())
}

/// `POST /drafts`: keeps what is being written, for the script.
pub(crate) fn drafts(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let filled = Filled::of(acting);
    // A section has no place in the whole page until it is published.
    if filled.section.is_empty()
        && let Err(problem) = keep_draft(acting, asker, &filled)
    {
        let said = serde_json::json!({ "said": problem.detail });
        return Ok(Response::json(&said)
            .status(problem.status)
            .with("cache-control", "no-store"));
    }
    let now = when(acting.lang(), Node::now().as_millis());
    let said = acting
        .words
        .tf("draft-kept", &[("when", now.as_str().into())]);
    let kept = match filled.draft_of() {
        DraftOf::New(title) => format!("{}{title}", drafts::KEPT_MARK),
        _ => String::new(),
    };
    let answer = serde_json::json!({ "said": said, "kept": kept });
    Ok(Response::json(&answer).with("cache-control", "no-store"))
}

/// `GET /rename/…`: another title, or a page that takes another one in.
pub(crate) fn rename_page(cx: &Context<'_>) -> Answer {
    let name = name_of(cx, cx.rest)?;
    draw_rename(cx, &name, "", "", "", &Mistakes::default())
}

fn draw_rename(
    cx: &Context<'_>,
    name: &Name,
    to: &str,
    reason: &str,
    takes_in: &str,
    mistakes: &Mistakes,
) -> Answer {
    let w = cx.words;
    let Some(Before { page, .. }) = before(cx, &name.wiki_title())? else {
        return Err(super::absent(cx, name));
    };
    let wiki_title = page.name.wiki_title();
    let title = w.tf("rename-title", &[("title", wiki_title.as_str().into())]);
    if cx.asker.is_none() {
        return invite(cx, &title);
    }
    let path = encode_title(&wiki_title);
    let to = if to.is_empty() { page.name.title() } else { to };
    let main = html! {
        div.head { h1 { (title) } (tabs(cx, &page.name, "edit")) }
        (mistakes.summary(w))
        form.narrow method="post" action={ "/rename/" (path) } {
            (cx.guarded())
            input type="hidden" name="base" value=(page.hash);
            (Field { name: "title", label: w.t("field-title-new"), hint: w.t("rename-hint"), value: to, ..Field::default() }.draw(w, mistakes))
            (Field { name: "summary", label: w.t("field-why"), value: reason, ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("rename-button")) } a href=(page.name.href()) { (w.t("leave-unpublished")) } }
        }
        section aria-labelledby="h-join" { h2 #h-join { (w.t("takes-in-title")) }
            p { (w.t("takes-in-why")) }
            form.narrow action={ "/edit/" (path) } {
                (Field { name: "takes-in", label: w.t("field-takes-in"), value: takes_in, ..Field::default() }.draw(w, mistakes))
                p.actions { button { (w.t("takes-in-button")) } }
            }
        }
    };
    Ok(cx
        .page(
            &PageHead {
                title: &title,
                menu: "/knowledge",
                noindex: true,
                ..PageHead::default()
            },
            &main,
        )
        .mending(mistakes))
}

/// `POST /rename/…`.
pub(crate) fn rename(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let w = acting.words;
    let name = acting.read(|cx| name_of(cx, acting.rest))?;
    let (to, reason) = (acting.field("title"), acting.field("summary"));
    let mut mistakes = Mistakes::default();
    let new = Name::new(name.kind(), to).map(|new| new.first_upper());
    let base = Hash::parse(acting.field("base")).ok();
    let (Ok(new), Some(base)) = (new, base) else {
        mistakes.add("title", w.t("bad-title-rule"));
        return acting.read(|cx| draw_rename(cx, &name, to, reason, "", &mistakes));
    };
    if !new.is_readable() {
        mistakes.add("title", w.t("rule-title-kind"));
        return acting.read(|cx| draw_rename(cx, &name, to, reason, "", &mistakes));
    }
    let article = acting.read(|cx| {
        let found = before(cx, &name.wiki_title())?.ok_or_else(|| super::absent(cx, &name))?;
        Ok(found.shown)
    })?;
    if new == article.name {
        mistakes.add("title", w.t("rename-same"));
        return acting.read(|cx| draw_rename(cx, &name, to, reason, "", &mistakes));
    }
    let before_name = article.name.clone();
    let mut article = write::next_of(&article);
    article.name = new;
    article.minor = true;
    article.summary = if reason.is_empty() {
        w.tf(
            "summary-rename",
            &[("title", before_name.wiki_title().as_str().into())],
        )
    } else {
        reason.chars().take(LONGEST_SUMMARY).collect()
    };
    let edit = Edit {
        name: before_name,
        base: Some(base),
        article,
        takes_in: None,
    };
    match publish_edit(acting, asker, &edit) {
        Ok(written) => Ok(acting.see(&written.name.href())),
        Err(WriteError::Exists(taken)) => {
            mistakes.add_seen(
                "title",
                w.tf("title-exists", &[("title", taken.title().into())]),
                taken.href(),
            );
            acting.read(|cx| draw_rename(cx, &name, to, reason, "", &mistakes))
        }
        Err(error) => Err(problem(w, error)),
    }
}
