//! What one person wrote, and what stewards do about texts: withdraw a revision, protect a page, undo everything by one.

use super::edit::problem;
use super::{Answer, PART, count_text, name_of};
use crate::tables::{self, Page};
use crate::write;
use people::{Act, Decision, Pen};
use record::{Did, Hash, Tombstone};
use site::form::{Field, Mistakes};
use site::{
    Acting, Asker, Context, Markup, PageHead, Problem, Response, Words, encode_title, html, pager,
    when,
};
use store::{Node, Outcome};

pub(super) fn require_steward<'a>(acting: &'a Acting<'_>) -> Result<&'a Asker, Problem> {
    let asker = acting.asker()?;
    if asker.steward && asker.allows("steward") {
        return Ok(asker);
    }
    Err(not_a_steward(acting.words))
}

fn not_a_steward(w: &Words) -> Problem {
    Problem::forbidden(
        "not_a_steward",
        w.t("rule-not-a-steward"),
        w.t("rule-not-a-steward-remedy"),
    )
}

/// Returns the reason that was given, or the page that asks for it; `send` is what its button says.
fn reason(acting: &Acting<'_>, send: &str) -> Result<Result<String, Response>, Problem> {
    let text: String = acting.field("reason").chars().take(1_000).collect();
    if !text.is_empty() {
        return Ok(Ok(text));
    }
    let w = acting.words;
    let mut mistakes = Mistakes::default();
    mistakes.add("reason", w.t("rule-no-reason"));
    mistakes.nothing_written();
    site::ask_again(acting, &the_reason(w), w.t(send), &mistakes).map(Err)
}

fn the_reason(w: &Words) -> Field<'_> {
    Field {
        name: "reason",
        label: w.t("field-reason"),
        hint: w.t("field-reason-hint"),
        ..Field::default()
    }
}

fn reason_field(w: &Words) -> Markup {
    the_reason(w).draw(w, &Mistakes::default())
}

/// What a steward can do about a page, beneath its history; nothing for others.
pub(super) fn page_box(cx: &Context<'_>, page: &Page) -> Result<Markup, Problem> {
    let w = cx.words;
    if !cx.asker.is_some_and(|asker| asker.steward) || page.space != record::Space::public() {
        return Ok(html! {});
    }
    let id = tables::full_id(cx.db, &page.id)?;
    let protected = people::is_protected(cx.db, &cx.node.keys().commons_did(), &id)?;
    let (act, word) = if protected.is_some() {
        ("unprotect", "act-unprotect")
    } else {
        ("protect", "act-protect")
    };
    let path = encode_title(&page.name.wiki_title());
    Ok(html! {
        section aria-labelledby="h-stewards" { h2 #h-stewards { (w.t("stewards-decide")) }
            form.narrow method="post" action={ "/protect/" (path) } { (cx.guarded()) (reason_field(w)) p.actions { button name="act" value=(act) { (w.t(word)) } } }
            p { (withdraw_link(cx, page)) }
        }
    })
}

/// Links a steward to the page that withdraws another; nothing for others.
pub(super) fn withdraw_link(cx: &Context<'_>, page: &Page) -> Markup {
    let path = encode_title(&page.name.wiki_title());
    html! {
        @if cx.asker.is_some_and(|asker| asker.steward) && page.space == record::Space::public() {
            a href={ "/withdraw/" (path) } rel="nofollow" { (cx.words.t("withdraw-page")) }
        }
    }
}

fn draw_withdraw(cx: &Context<'_>, page: &Page, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let wiki_title = page.name.wiki_title();
    let title = w.tf("withdraw-title", &[("title", wiki_title.as_str().into())]);
    let revisions = tables::count_revisions(cx.db, &page.id)?;
    let links = tables::count_linking(cx.db, cx.viewer, "mentions", &page.name.key())?;
    let main = html! {
        div.head { h1 { (title) } }
        (mistakes.summary(w))
        p { (w.tf("withdraw-what", &[("count", revisions.into())])) }
        ul { li { (w.t("withdraw-address")) }
            @if links > 0 { li { a href={ "/links/" (encode_title(&wiki_title)) } { (w.tf("withdraw-links", &[("count", links.into())])) } } }
            li { (w.t("withdraw-public")) } li { (w.t("withdraw-forever")) } }
        form.narrow method="post" action={ "/withdraw/" (encode_title(&wiki_title)) } { (cx.guarded())
            (Field { name: "reason", label: w.t("field-reason"), hint: w.t("field-reason-hint"), ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("withdraw-page")) } a href=(page.name.href()) { (w.t("withdraw-not")) } } }
    };
    let head = PageHead {
        title: &title,
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// `GET /withdraw/…`: what follows where a page is withdrawn, before it is.
pub(crate) fn withdraw_page(cx: &Context<'_>) -> Answer {
    if !cx.asker()?.steward {
        return Err(not_a_steward(cx.words));
    }
    let page = super::find(cx, &name_of(cx, cx.rest)?)?;
    draw_withdraw(cx, &page, &Mistakes::default())
}

/// `POST /withdraw/…`: withdraws a whole page for the commons, and says so among the decisions.
pub(crate) fn withdraw(acting: &Acting<'_>) -> Answer {
    let asker = require_steward(acting)?;
    let (page, thing) = acting.read(|cx| {
        let page = super::find(cx, &name_of(cx, cx.rest)?)?;
        let thing = tables::full_id(cx.db, &page.id)?;
        Ok((page, thing))
    })?;
    let reason: String = acting.field("reason").chars().take(1_000).collect();
    if reason.is_empty() {
        let mut mistakes = Mistakes::default();
        mistakes.add("reason", acting.words.t("rule-no-reason"));
        mistakes.nothing_written();
        return acting.read(|cx| draw_withdraw(cx, &page, &mistakes));
    }
    let (commons, now) = (acting.node.keys().commons_did(), Node::now());
    let decision = Decision {
        act: Act::Hide,
        about: thing.to_string(),
        value: String::new(),
        reason: reason.clone(),
    };
    let tombstone = Tombstone::of_thing(thing, &reason);
    let drafts = vec![
        decision.draft(commons.clone(), now),
        tombstone.draft(commons, record::Space::public(), now),
    ];
    publish_all(acting, asker, drafts)?;
    // Its address says that it is withdrawn, by whom and why.
    Ok(acting.see(&page.name.href()))
}

/// What a steward can do about one revision; nothing for others.
pub(super) fn revision_box(cx: &Context<'_>, page: &Page, hash: &Hash) -> Markup {
    let w = cx.words;
    html! {
        @if cx.asker.is_some_and(|asker| asker.steward) && page.space == record::Space::public() {
            section aria-labelledby="h-hide" { h2 #h-hide { (w.t("stewards-decide")) }
                p { (w.t("hide-why")) }
                form.narrow method="post" action={ "/hide/" (encode_title(&page.name.wiki_title())) } { (cx.guarded())
                    input type="hidden" name="revision" value=(hash); (reason_field(w)) p.actions { button { (w.t("act-hide")) } } }
            }
        }
    }
}

/// Publishes records of a steward together, all or none.
fn publish_all(
    acting: &Acting<'_>,
    asker: &Asker,
    drafts: Vec<record::Draft>,
) -> Result<(), Problem> {
    let (node, w) = (acting.node, acting.words);
    let pen = node.store().read(|db| Pen::of(node, db, asker))?;
    let pen = pen.ok_or_else(|| problem(w, write::WriteError::OwnKey))?;
    let mut ready = Vec::new();
    for draft in drafts {
        ready.push(node.ready(pen.sign(node, draft)?));
    }
    let done = node.write(move |unit| {
        for one in &ready {
            if let Outcome::Refused(refusal) = unit.publish(one)? {
                return Ok(Some(refusal));
            }
        }
        Ok::<_, store::StoreError>(None)
    })?;
    done.map_or(Ok(()), |refusal| Err(Problem::refused(w, refusal)))
}

/// `POST /hide/…`: withdraws a revision for the commons, and says so among the decisions.
pub(crate) fn hide(acting: &Acting<'_>) -> Answer {
    let asker = require_steward(acting)?;
    let w = acting.words;
    let reason = match reason(acting, "act-hide")? {
        Ok(reason) => reason,
        Err(asks) => return Ok(asks),
    };
    let Ok(hash) = Hash::parse(acting.field("revision")) else {
        return Err(Problem::not_found(w.t("no-such-revision")));
    };
    let (thing, title) = acting.read(|cx| {
        let page = super::find(cx, &name_of(cx, cx.rest)?)?;
        if !tables::is_revision(cx.db, cx.viewer, &page.id, &hash)? {
            return Err(Problem::not_found(w.t("no-such-revision")));
        }
        Ok((tables::full_id(cx.db, &page.id)?, page.name.wiki_title()))
    })?;
    let (commons, now) = (acting.node.keys().commons_did(), Node::now());
    let decision = Decision {
        act: Act::Hide,
        about: hash.to_string(),
        value: thing.to_string(),
        reason: reason.clone(),
    };
    let tombstone = Tombstone::of_record(hash, thing, &reason);
    let drafts = vec![
        decision.draft(commons.clone(), now),
        tombstone.draft(commons, record::Space::public(), now),
    ];
    publish_all(acting, asker, drafts)?;
    // Where nothing of the page is left, its address says so.
    let name = acting.read(|cx| {
        let name = name_of(cx, &title)?;
        Ok((!tables::exists(cx.db, cx.viewer, &name.key())?).then_some(name))
    })?;
    let to = match name {
        Some(name) => name.href(),
        None => format!("/history/{}", encode_title(&title)),
    };
    Ok(acting.see(&to))
}

/// `POST /protect/…`: lets stewards alone change a page, or every member again.
pub(crate) fn protect(acting: &Acting<'_>) -> Answer {
    let asker = require_steward(acting)?;
    let (act, send) = if acting.field("act") == "unprotect" {
        (Act::Unprotect, "act-unprotect")
    } else {
        (Act::Protect, "act-protect")
    };
    let reason = match reason(acting, send)? {
        Ok(reason) => reason,
        Err(asks) => return Ok(asks),
    };
    let (thing, title) = acting.read(|cx| {
        let page = super::find(cx, &name_of(cx, cx.rest)?)?;
        Ok((tables::full_id(cx.db, &page.id)?, page.name.wiki_title()))
    })?;
    let decision = Decision {
        act,
        about: thing.to_string(),
        value: String::new(),
        reason,
    };
    publish_all(
        acting,
        asker,
        vec![decision.draft(acting.node.keys().commons_did(), Node::now())],
    )?;
    Ok(acting.see(&format!("/history/{}", encode_title(&title))))
}

/// `GET /contributions/…`: what one person wrote.
pub(crate) fn contributions(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let handle = cx.rest.to_lowercase();
    let Some(person) = people::by_handle(cx.db, cx.viewer, &handle)? else {
        if let Some(now) = people::who_was(cx.db, cx.viewer, people::Profile::KIND, &handle)? {
            return Ok(Response::redirect(302, &format!("/contributions/{now}")));
        }
        return Err(Problem::not_found(
            w.tf("no-person", &[("handle", cx.rest.into())]),
        ));
    };
    let before = cx
        .request
        .param("before")
        .and_then(|text| text.parse().ok())
        .unwrap_or(i64::MAX);
    // What they wrote elsewhere is theirs too, where a steward attests it.
    let mut names = people::names_attested(cx.db, cx.viewer, &person.id)?;
    let elsewhere = names.join(", ");
    names.push(person.did.to_string());
    let mut list = tables::changes_by(cx.db, cx.viewer, &names, before, PART + 1)?;
    let total = tables::count_changes_by(cx.db, cx.viewer, &names)?;
    let more = list.len() as i64 > PART;
    list.truncate(PART as usize);
    let next = list.last().filter(|_| more).map(|last| {
        format!(
            "/contributions/{}?before={}",
            person.handle, last.revision.seq
        )
    });
    let title = w.tf("contributions-of", &[("name", person.name.as_str().into())]);
    let count = count_text(cx, "count-changes", total);
    let steward = cx
        .asker
        .is_some_and(|asker| asker.steward && asker.did != person.did);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-in")) { ol { li { a href=(person.href()) { (person.name) } } } }
        div.head { h1 { (title) } p.lead { (count) @if !elsewhere.is_empty() { " " (w.tf("contributions-elsewhere", &[("names", elsewhere.as_str().into())])) } " " a href={ "/feeds/people/" (person.handle) } { (w.t("as-feed")) } }
            @if cx.asker.is_some_and(|asker| asker.did == person.did) { p { a href="/drafts" { (w.t("drafts-title")) } } } }
        @if list.is_empty() { div.empty { h2.h3 { (w.t("changes-none")) } p { a href=(person.href()) { (person.name) } } } }
        ol.timeline { @for change in &list { li {
            p.small.quiet { (when(cx.lang(), change.revision.at)) }
            p { @match &change.name {
                Some(name) => { a href=(name.href()) { (name.wiki_title()) } @if change.first { " " span.badge data-tone="yes" { (w.t("new-page")) } } " " a.small href={ "/diff/" (encode_title(&name.wiki_title())) "?to=" (change.revision.hash.to_string().trim_start_matches("sha256:")) } { (w.t("compare")) } }
                None => { (w.t("page-gone")) }
            } }
            @if !change.revision.summary.is_empty() { p.small.quiet { (super::summaries::told(cx, &change.revision.summary)) } }
        } } }
        (pager(cx, &count, next.as_deref()))
        @if steward { section aria-labelledby="h-stewards" { h2 #h-stewards { (w.t("stewards-decide")) }
            p { (w.t("roll-back-why")) }
            form.narrow method="post" action={ "/contributions/" (person.handle) } { (cx.guarded()) (reason_field(w)) p.actions { button { (w.t("act-roll-back")) } } }
        } }
    };
    Ok(cx.page(
        &PageHead {
            title: &title,
            menu: "/people",
            noindex: true,
            ..PageHead::default()
        },
        &main,
    ))
}

/// `POST /contributions/…`: undoes everything by one person that is still shown.
pub(crate) fn roll_back(acting: &Acting<'_>) -> Answer {
    let asker = require_steward(acting)?;
    let (node, w) = (acting.node, acting.words);
    let reason = match reason(acting, "act-roll-back")? {
        Ok(reason) => reason,
        Err(asks) => return Ok(asks),
    };
    let did: Did = acting.read(|cx| {
        let person = people::by_handle(cx.db, cx.viewer, &cx.rest.to_lowercase())?;
        person
            .map(|person| person.did)
            .ok_or_else(|| Problem::not_found(w.tf("no-person", &[("handle", cx.rest.into())])))
    })?;
    if did == asker.did {
        return Err(Problem::forbidden("own_block", w.t("roll-back-own"), ""));
    }
    let decision = Decision {
        act: Act::RollBack,
        about: did.to_string(),
        value: String::new(),
        reason: reason.clone(),
    };
    publish_all(
        acting,
        asker,
        vec![decision.draft(node.keys().commons_did(), Node::now())],
    )?;
    let pen = node.store().read(|db| Pen::of(node, db, asker))?;
    let pen = pen.ok_or_else(|| problem(w, write::WriteError::OwnKey))?;
    let undone = write::roll_back(node, &pen, &did, &reason).map_err(|error| problem(w, error))?;
    let main = html! {
        div.head { h1 { (w.t("rolled-back")) } p.lead { (w.tf("rolled-back-count", &[("count", undone.pages.into())])) } }
        @if !undone.left.is_empty() { p { (w.t("rolled-back-left")) } ul { @for name in &undone.left { li { a href=(name.href()) { (name.wiki_title()) } } } } }
        p.actions { a.button.main href="/decisions" { (w.t("foot-decisions")) } }
    };
    acting.read(|cx| {
        Ok(cx.page(
            &PageHead {
                title: w.t("rolled-back"),
                noindex: true,
                ..PageHead::default()
            },
            &main,
        ))
    })
}
