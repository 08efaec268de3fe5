//! One article in several languages: what is behind, and the page on which it is translated, side by side.

use super::aligned::{self, PART};
use super::article::tabs;
use super::edit::{before, drawn, invite, machine_fields, problem, publish_edit, require_writer};
use super::{Answer, drafts, name_of};
use crate::model::{Article, Media, Name, Original};
use crate::tables::{self, Draft, DraftFields, DraftOf, Page, Source, Translation};
use crate::write::{self, Edit, WriteError};
use crate::{diff, merge};
use record::Hash;
use site::form::{Field, Mistakes};
use site::{
    Acting, Context, Markup, PageHead, PreEscaped, Problem, Response, encode_title, html,
    language_code, language_list, language_name, when,
};
use store::Node;

/// Languages that are offered to translate into: those of the interface, and of the Andes.
const OFFERED: &[&str] = &["es", "en", "qu", "pt", "fr"];

/// Tells the reader of a page that its translation is behind, or that it stands in another language than theirs.
pub(super) fn told(
    cx: &Context<'_>,
    page: &Page,
    source: Option<&Source>,
    translations: &[Translation],
) -> Result<Markup, Problem> {
    let w = cx.words;
    let reads = cx.lang().tag();
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    let behind = match source {
        Some(source) if source.is_behind() => source.revision,
        _ => None,
    };
    let number = match (source, behind) {
        (Some(source), Some(revision)) => tables::number_of(cx.db, &source.page.id, &revision)?,
        _ => 0,
    };
    let own = translations
        .iter()
        .find(|one| primary(&one.language) == reads);
    let path = encode_title(
        &source
            .map_or(&page.name, |source| &source.page.name)
            .wiki_title(),
    );
    Ok(html! {
        @if let (Some(source), Some(revision)) = (source, behind) {
            div.notice data-tone="ask" lang=(reads) {
                h2 { (w.tf("translation-behind", &[("number", number.into())])) }
                p { a href={ "/diff/" (encode_title(&source.page.name.wiki_title())) "?from=" (hex(&revision)) "&to=" (hex(&source.page.hash)) } { (w.t("translation-behind-what")) } " · " a rel="nofollow" href={ "/translate/" (path) "?to=" (page.language) } { (w.t("translation-update")) } }
            }
        }
        @if primary(&page.language) != reads && cx.settings.accounts && page.redirect.is_empty() && page.name.kind() == crate::model::Kind::Article {
            @match own {
                Some(own) => { div.notice data-tone="info" lang=(reads) { h2 { (w.t("translation-there")) } p { a href=(own.name.href()) { (own.name.title()) } } } }
                None => { p.small.quiet lang=(reads) { (w.tf("translation-fallback", &[("language", super::language_word(cx, &page.language).as_str().into())])) " " a rel="nofollow" href={ "/translate/" (path) "?to=" (reads) } { (w.t("translate-link")) } } }
            }
        }
    })
}

fn hex(hash: &Hash) -> String {
    hash.to_string()[7..].to_owned()
}

/// What stands in the form.
#[derive(Clone, Default)]
struct Filled {
    language: String,
    title: String,
    text: String,
    base: String,
    revision: String,
    machine: String,
    summary: String,
    categories: String,
    /// When the draft that is shown was kept.
    draft: Option<i64>,
}

impl Filled {
    /// Fills in what a draft holds.
    fn take(&mut self, draft: Draft) {
        self.text = draft.text;
        self.summary = draft.summary;
        self.draft = Some(draft.at);
        if !draft.base.is_empty() {
            self.base = draft.base;
        }
        if let Some(fields) = draft.fields {
            if !fields.title.is_empty() {
                self.title = fields.title;
            }
            self.revision = fields.revision;
            self.machine = fields.machine;
            self.categories = fields.categories;
        }
    }

    /// What is kept as a draft.
    fn draft(&self, of: DraftOf) -> Draft {
        Draft {
            of,
            base: drafts::short(&self.base),
            text: self.text.clone(),
            summary: drafts::short(&self.summary),
            fields: Some(DraftFields {
                title: drafts::short(&self.title),
                revision: drafts::short(&self.revision),
                machine: drafts::short(&self.machine),
                categories: drafts::bounded(&self.categories, drafts::LONGEST_THEMES),
                ..DraftFields::default()
            }),
            at: Node::now().as_millis(),
        }
    }
}

/// What a draft of a translation is kept as.
fn draft_of(work: &Work, language: &str) -> DraftOf {
    DraftOf::Translation(work.page.name.wiki_title(), language.to_owned())
}

/// The article that is translated: an original is its own.
struct Work {
    page: Page,
    article: Article,
}

fn work(cx: &Context<'_>) -> Result<Work, Problem> {
    work_of(cx, cx.rest)
}

fn work_of(cx: &Context<'_>, named: &str) -> Result<Work, Problem> {
    let name = name_of(cx, named)?;
    let Some(found) = before(cx, &name.wiki_title())? else {
        return Err(super::absent(cx, &name));
    };
    let page = match tables::source_of(cx.db, cx.viewer, &found.page)? {
        Some(source) => source.page,
        None => found.page,
    };
    let article = tables::article_of(cx.db, &page.hash)?;
    Ok(Work { page, article })
}

/// Returns the page in a language, if there is one.
fn existing(cx: &Context<'_>, work: &Work, language: &str) -> Result<Option<Page>, Problem> {
    let all = tables::translations(cx.db, cx.viewer, &work.page)?;
    let found = all.into_iter().find(|one| one.language == language);
    Ok(match found {
        Some(one) => tables::by_name(cx.db, cx.viewer, &one.name)?,
        None => None,
    })
}

/// `GET /translate/…`.
pub(crate) fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let work = work(cx)?;
    let title = w.tf(
        "translate-title",
        &[("title", work.page.name.title().into())],
    );
    if cx.asker.is_none() {
        return invite(cx, &title);
    }
    let language = &*language_code(cx.request.param("to").unwrap_or_default());
    if record::Language::parse(language).is_err() || language == work.page.language {
        return choose(cx, &work, &title);
    }
    let there = existing(cx, &work, language)?;
    let mut filled = Filled {
        language: language.to_owned(),
        revision: work.page.hash.to_string(),
        ..Filled::default()
    };
    match &there {
        Some(page) => {
            filled.title = page.name.title().to_owned();
            filled.base = page.hash.to_string();
            let article = tables::article_of(cx.db, &page.hash)?;
            filled.categories = article.categories.join(", ");
            filled.text = article.content;
        }
        None => {
            filled.categories = work.article.categories.join(", ");
            filled.text.clone_from(&work.article.content);
        }
    }
    if let Some(draft) = drafts::of(cx, &draft_of(&work, language))? {
        filled.take(draft);
    }
    draw(cx, &work, &filled, &Mistakes::default(), None)
}

fn choose(cx: &Context<'_>, work: &Work, title: &str) -> Answer {
    let w = cx.words;
    let all = tables::translations(cx.db, cx.viewer, &work.page)?;
    let path = encode_title(&work.page.name.wiki_title());
    let missing = OFFERED.iter().filter(|code| {
        **code != work.page.language && !all.iter().any(|one| one.language == **code)
    });
    let main = html! {
        div.head { h1 { (title) } p.lead { (w.tf("translate-from", &[("language", super::language_word(cx, &work.page.language).as_str().into())])) } (tabs(cx, &work.page.name, "")) }
        @if !all.is_empty() { section aria-labelledby="h-there" { h2 #h-there { (w.t("translate-there")) }
            ul.rows { @for one in &all { li.line { span lang=(one.language) { (language_name(&one.language)) ": " a href=(one.name.href()) { (one.name.title()) } } @if one.behind { span.badge data-tone="ask" { (w.t("translation-old")) } } a href={ "/translate/" (path) "?to=" (one.language) } { (w.t(if one.behind { "translation-update" } else { "translation-revise" })) } } } } } }
        section aria-labelledby="h-missing" { h2 #h-missing { (w.t("translate-missing")) }
            ul.tags { @for code in missing { li { a href={ "/translate/" (path) "?to=" (code) } lang=(code) { (language_name(code)) } } } }
            form.narrow action={ "/translate/" (path) } {
                (Field { name: "to", label: w.t("translate-other"), hint: w.t("field-language-hint"), list: "languages", ..Field::default() }.draw(w, &Mistakes::default()))
                (language_list())
                p.actions { button { (w.t("translate-begin")) } }
            }
        }
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

fn draw(
    cx: &Context<'_>,
    work: &Work,
    filled: &Filled,
    mistakes: &Mistakes,
    preview: Option<&str>,
) -> Answer {
    let w = cx.words;
    let language = super::language_word(cx, &filled.language);
    let args = [
        ("title", work.page.name.title().into()),
        ("language", language.as_str().into()),
    ];
    let title = w.tf("translate-into", &args);
    let path = encode_title(&work.page.name.wiki_title());
    let there = existing(cx, work, &filled.language)?;
    let since = match &there {
        Some(page) => tables::source_of(cx.db, cx.viewer, page)?
            .and_then(|source| source.revision.filter(|_| source.is_behind())),
        None => None,
    };
    let base = match since {
        Some(revision) => Some(tables::article_of(cx.db, &revision)?.content),
        None => None,
    };
    let source = &*work.article.content;
    let changed = base.as_deref().map(|base| diff::words(base, source));
    let rows = aligned::rows(base.as_deref().unwrap_or(source), source, &filled.text);
    // As one field, where that was asked for, where there are too many, and where marks go over several.
    let whole = cx.request.param("whole").is_some()
        || cx.request.form.has("text")
        || rows.len() > aligned::MOST
        || filled.text.lines().any(merge::is_mark);
    let here = format!("/translate/{path}?to={}", site::encode(&filled.language));
    let field = |field: Field<'_>| field.draw(w, mistakes);
    let main = html! {
        div.head { h1 { (title) }
            p.quiet { span data-draft-said { @if let Some(at) = filled.draft { (w.tf("draft-from", &[("when", when(cx.lang(), at).as_str().into())])) } } (drafts::link(cx)?) }
            (tabs(cx, &work.page.name, "")) }
        (mistakes.summary(w))
        @if let Some(changed) = &changed {
            details open { summary { (w.t("translate-changed")) " " (w.tf("diff-said", &[("added", changed.added.into()), ("removed", changed.removed.into())])) }
                div.prose.small lang=(work.page.language) { @for part in &changed.parts { p { (PreEscaped(part)) } } } }
        }
        form method="post" action={ "/translate/" (path) } data-preview="/preview" data-draft="/drafts/translation" {
            (cx.guarded())
            @for (name, value) in [("language", &filled.language), ("base", &filled.base), ("revision", &filled.revision), ("page", &work.page.name.wiki_title())] { input type="hidden" name=(name) value=(value); }
            @if filled.base.is_empty() { (field(Field { name: "title", label: w.t("field-title"), hint: w.t("translate-title-hint"), value: &filled.title, lang: &filled.language, ..Field::default() })) }
            @if whole {
                div.even {
                    section aria-labelledby="h-from" { h2.h3 #h-from { (language_name(&work.page.language)) ": " (work.page.name.title()) }
                        pre.lines.code tabindex="0" lang=(work.page.language) { (source) } }
                    div { (field(Field { name: "text", label: language_name(&filled.language), hint: w.t("translate-text-hint"), value: &filled.text, rows: 28, code: true, lang: &filled.language, ..Field::default() })) }
                }
                @if rows.len() <= aligned::MOST { p.small { a href=(here) { (w.t("translate-by-part")) } } }
            } @else { (by_part(cx, work, filled, &rows, mistakes)) p.small { a href={ (here) "&whole=yes" } { (w.t("translate-whole")) } } }
            p.actions { button name="do" value="preview" { (w.t(if preview.is_some() { "preview-again" } else { "preview" })) } button name="do" value="draft" { (w.t("draft-keep")) } @if filled.draft.is_some() { button name="do" value="drop" { (w.t("draft-drop")) } } }
            section aria-labelledby="h-pre" { h2.h3 #h-pre { (w.t("preview-title")) }
                div.preview aria-live="off" { div.prose data-preview-here lang=(filled.language) {
                    @match preview { Some(body) => { (PreEscaped(body)) } None => { p.quiet { (w.t("preview-none")) } } }
                } }
            }
            @if work.article.media == Media::Markdown { (field(Field { name: "categories", label: w.t("themes"), hint: w.t("field-themes-hint"), value: &filled.categories, optional: true, lang: &filled.language, ..Field::default() })) }
            (machine_fields(cx, &filled.machine, mistakes))
            (field(Field { name: "summary", label: w.t("field-summary"), value: &filled.summary, optional: true, ..Field::default() }))
            p.small.quiet { (w.tf("publish-under", &[("licence", work.page.licence.as_str().into())])) }
            p.actions { button.main name="do" value="publish" { (w.t("publish")) } a href=(work.page.name.href()) { (w.t("leave-unpublished")) } }
        }
    };
    let head = PageHead {
        title: &title,
        menu: "/knowledge",
        noindex: true,
        script: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// The original and the translation, paragraph beside paragraph.
fn by_part(
    cx: &Context<'_>,
    work: &Work,
    filled: &Filled,
    rows: &[aligned::Row<'_>],
    mistakes: &Mistakes,
) -> Markup {
    let w = cx.words;
    let wrong = mistakes.at("text");
    html! {
        section #text tabindex="-1" aria-labelledby="h-parts" {
            h2.h3 #h-parts { (language_name(&work.page.language)) " · " (language_name(&filled.language)) }
            p.hint { (w.t("translate-parts-hint")) }
            @if let Some(text) = wrong { p.problem { (text) } }
            @for (n, row) in rows.iter().enumerate() {
                @let (id, target) = (format!("part-{}", n + 1), row.target.unwrap_or_default());
                @let height = row.source.map_or(0, height).max(height(target)).clamp(2, 40);
                div.even.parted {
                    div.behind[row.changed] {
                        @match row.source {
                            Some(source) => { pre.lines.code lang=(work.page.language) { (source) } }
                            None => { p.small.quiet { (w.t("translate-part-more")) } }
                        }
                        @if row.changed { p.small.quiet { (w.t(if target.is_empty() { "translate-part-new" } else if row.source.is_none() { "translate-part-gone" } else { "translate-part-changed" })) } }
                    }
                    div {
                        label.hush for=(id) { (w.tf("translate-part", &[("number", (n + 1).into())])) }
                        textarea.code #(id) name=(PART) rows=(height) lang=(filled.language) { "\n" (target) }
                    }
                }
            }
        }
    }
}

/// How many lines a text takes, about, in half a page.
fn height(text: &str) -> usize {
    text.lines().map(|line| 1 + line.chars().count() / 48).sum()
}

fn read(acting: &Acting<'_>) -> Filled {
    let form = &acting.request.form;
    let text = |name: &str| form.text(name).to_owned();
    Filled {
        language: text("language"),
        title: text("title"),
        text: aligned::text(form),
        base: text("base"),
        revision: text("revision"),
        machine: text("machine"),
        summary: text("summary"),
        categories: text("categories"),
        draft: None,
    }
}

/// `POST /drafts/translation`: keeps what is being translated, for the script.
pub(crate) fn draft(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let filled = read(acting);
    let work = acting.read(|cx| work_of(cx, acting.field("page")))?;
    let of = draft_of(&work, &filled.language);
    let (status, said) = match drafts::keep(acting, asker, filled.draft(of), None) {
        Ok(()) => {
            let now = when(acting.lang(), Node::now().as_millis());
            let now = [("when", now.as_str().into())];
            (200, acting.words.tf("draft-kept", &now))
        }
        Err(problem) => (problem.status, problem.detail),
    };
    let said = serde_json::json!({ "said": said });
    Ok(Response::json(&said)
        .status(status)
        .with("cache-control", "no-store"))
}

/// `POST /translate/…`: publishes a translation, or the next revision of one.
pub(crate) fn save(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let w = acting.words;
    let mut filled = read(acting);
    let mut mistakes = Mistakes::default();
    let (work, there, thing) = acting.read(|cx| {
        let work = work(cx)?;
        let there = existing(cx, &work, &filled.language)?;
        let thing = tables::full_id(cx.db, &work.page.id)?;
        Ok((work, there, thing))
    })?;
    let of = draft_of(&work, &filled.language);
    match acting.field("do") {
        "draft" => {
            match drafts::keep(acting, asker, filled.draft(of), None) {
                Ok(()) => filled.draft = Some(Node::now().as_millis()),
                Err(problem) => mistakes.add("text", problem.sentences()),
            }
            return acting.read(|cx| draw(cx, &work, &filled, &mistakes, None));
        }
        "drop" => {
            drafts::drop(acting, asker, vec![of])?;
            let path = encode_title(&work.page.name.wiki_title());
            return Ok(acting.see(&format!("/translate/{path}?to={}", filled.language)));
        }
        _ => {}
    }
    let again = |mistakes: &Mistakes| acting.read(|cx| draw(cx, &work, &filled, mistakes, None));
    if record::Language::parse(&filled.language).is_err() || filled.language == work.page.language {
        return Err(Problem::bad("bad_language", w.t("language-needed"), ""));
    }
    let revision = match Hash::parse(&filled.revision) {
        Ok(hash)
            if acting
                .read(|cx| Ok(tables::is_revision(cx.db, cx.viewer, &work.page.id, &hash)?))? =>
        {
            hash
        }
        _ => return Err(Problem::not_found(w.t("no-such-revision"))),
    };
    if filled.text.trim().is_empty() {
        mistakes.add("text", w.t("text-needed"));
    } else if filled.text.trim() == work.article.content.trim() {
        mistakes.add("text", w.t("translate-same"));
    }
    if filled.text.lines().any(merge::is_mark) {
        mistakes.add("text", w.t("marks-left"));
    }
    let mut article = match &there {
        Some(page) => {
            write::next_of(&acting.read(|cx| Ok(tables::article_of(cx.db, &page.hash)?))?)
        }
        None => {
            let mut article = write::next_of(&work.article);
            article.attachment = None;
            article.translation_of = None;
            match Name::new(work.page.name.kind(), &filled.title) {
                Ok(name) => article.name = name.first_upper(),
                Err(_) => mistakes.add(
                    "title",
                    if filled.title.is_empty() {
                        w.t("title-needed")
                    } else {
                        w.t("bad-title-rule")
                    },
                ),
            }
            article
        }
    };
    if article.media == Media::Markdown {
        for missing in crate::cite::missing(&filled.text) {
            let args = [
                ("line", missing.line.into()),
                ("note", missing.label.as_str().into()),
            ];
            mistakes.add("text", w.tf("footnote-missing", &args));
        }
    }
    if !mistakes.is_empty() {
        return again(&mistakes);
    }
    if acting.field("do") == "preview" {
        article.content = filled.text.clone();
        return acting.read(|cx| {
            let body = drawn(cx, &article);
            draw(cx, &work, &filled, &mistakes, Some(&body))
        });
    }
    article.content = filled.text.clone();
    article.language = filled.language.clone();
    article.summary = filled.summary.chars().take(300).collect();
    article.provenance = if filled.machine.is_empty() {
        "translated"
    } else {
        "machine-assisted"
    }
    .to_owned();
    article.machine = filled.machine.chars().take(300).collect();
    if article.media == Media::Markdown {
        article.categories = super::edit::themes(&filled.categories);
    }
    article.original = Some(Original { thing, revision });
    let edit = Edit {
        name: there
            .as_ref()
            .map_or_else(|| article.name.clone(), |page| page.name.clone()),
        base: match &there {
            Some(page) => Some(Hash::parse(&filled.base).unwrap_or(page.hash)),
            None => None,
        },
        article,
        takes_in: None,
    };
    match publish_edit(acting, asker, &edit) {
        Ok(written) => {
            drafts::drop(acting, asker, vec![of])?;
            // Whoever translates hears when the original changes.
            let (account, what, now) = (asker.account, work.page.id, Node::now());
            acting
                .node
                .store()
                .write(move |db| people::desk::follow(db, &account, &what, now))?;
            Ok(acting.see(&written.name.href()))
        }
        Err(WriteError::Exists(name)) => {
            let proposal = format!("{}/{}", work.page.name.title(), filled.language);
            let args = [
                ("title", name.title().into()),
                ("other", proposal.as_str().into()),
            ];
            mistakes.add("title", w.tf("translate-title-taken", &args));
            again(&mistakes)
        }
        Err(WriteError::Conflict(conflict)) => {
            mistakes.add("text", w.t("conflict-title"));
            let mut marked = filled.clone();
            marked.base = conflict.shown.to_string();
            marked.text = conflict
                .merged
                .with_marks(w.t("mark-mine"), w.t("mark-theirs"));
            let page = acting.read(|cx| draw(cx, &work, &marked, &mistakes, None))?;
            Ok(page.status(409))
        }
        Err(error) => Err(problem(w, error)),
    }
}
