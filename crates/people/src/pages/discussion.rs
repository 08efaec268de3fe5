//! What is said of a thing: threads, with the passages that they are about.

use super::directory::markdown;
use super::{Answer, own_page};
use crate::model::Remark;
use crate::selector::{Found, LONGEST, Quote, spaced};
use crate::tables::{self, Person, Remarked, desk};
use record::{RecordId, Tombstone};
use site::form::{Field, Mistakes, tick};
use site::{Acting, Context, Markup, PreEscaped, Problem, encode, html, when};
use std::collections::BTreeMap;
use store::{Node, Outcome};

/// How many remarks one page shows: a thing of which more is said has them still in its feed of records.
const MOST: i64 = 1_000;

/// Bytes of the text in which passages are looked for.
const TEXT: usize = 2 << 20;

/// Returns how much is said of a thing.
pub(crate) fn count_remarks(cx: &Context<'_>, thing: &[u8; 16]) -> Result<i64, Problem> {
    Ok(tables::count_remarks(cx.db, cx.viewer, thing)?)
}

fn thing(cx: &Context<'_>) -> Result<tables::Named, Problem> {
    let found = tables::thing_of(cx.db, cx.viewer, cx.rest)?;
    found.ok_or_else(|| {
        let path = [("path", cx.request.path.as_str().into())];
        Problem::not_found(cx.words.tf("problem-404-path", &path))
    })
}

/// What somebody is about to say.
#[derive(Clone, Default)]
struct Filled {
    text: String,
    passage: String,
    answers: String,
    follow: bool,
}

pub(super) fn page(cx: &Context<'_>) -> Answer {
    let param = |name: &str| cx.request.param(name).unwrap_or_default().to_owned();
    let filled = Filled {
        text: String::new(),
        passage: param("passage"),
        answers: param("answers"),
        follow: true,
    };
    draw(cx, &filled, &Mistakes::default())
}

fn draw(cx: &Context<'_>, filled: &Filled, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let thing = thing(cx)?;
    let list = tables::remarks(cx.db, cx.viewer, &thing.id.short(), MOST)?;
    let people = tables::labels(cx.db, cx.viewer, list.iter().map(|one| one.author.as_str()))?;
    let text = if list.iter().any(|one| one.quote.is_some()) {
        cx.texts
            .iter()
            .find_map(|text| text(cx, thing.id.as_str(), TEXT))
    } else {
        None
    };
    let text = text.map(|text| spaced(&text));
    let title = w.tf("discussion-of", &[("title", thing.title.as_str().into())]);
    let href = cx.address_of(&thing.key);
    let threads = Threads {
        cx,
        list: &list,
        people: &people,
        text: text.as_deref(),
        href: href.as_deref(),
        here: format!("/discussion/{}", site::encode_title(&thing.key)),
    };
    let count = w.tf("count-remarks", &[("count", list.len().into())]);
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { @if let Some(href) = &href { li { a href=(href) { (thing.title) } } } } }
        div.head { h1 { (title) } p.lead { (count) } }
        @if list.is_empty() { div.empty { h2.h3 { (w.t("discussion-empty")) } p { (w.t("discussion-empty-why")) } } }
        @else { ol.remarks { @for one in list.iter().filter(|one| threads.is_root(one)) { (threads.draw(one, 0)) } } }
        section aria-labelledby="h-say" { h2 #h-say { (w.t("discussion-say")) }
            @if cx.asker.is_some() { (mistakes.summary(w)) (form(cx, &threads.here, filled, mistakes, &list)) }
            @else { p { (w.t("discussion-sign-in")) " " a href={ "/sign-in?next=" (encode(&threads.here)) } { (w.t("menu-sign-in")) } } }
        }
    };
    Ok(own_page(cx, &title, "", &main).mending(mistakes))
}

fn form(
    cx: &Context<'_>,
    here: &str,
    filled: &Filled,
    mistakes: &Mistakes,
    list: &[Remarked],
) -> Markup {
    let w = cx.words;
    let answered = list.iter().find(|one| one.id.as_str() == filled.answers);
    html! {
        form.narrow #say method="post" action=(here) { (cx.guarded())
            @if let Some(one) = answered {
                input type="hidden" name="answers" value=(one.id);
                p.quiet { (w.t("discussion-answers")) " " (cx.lang().quoted(&one.text.chars().take(120).collect::<String>())) " · " a href=(here) { (w.t("discussion-answers-not")) } }
            } @else {
                (Field { name: "passage", label: w.t("field-passage"), hint: w.t("field-passage-hint"), value: &filled.passage, rows: 2, optional: true, ..Field::default() }.draw(w, mistakes))
            }
            (Field { name: "text", label: w.t("field-remark"), hint: w.t("field-about-hint"), value: &filled.text, rows: 5, ..Field::default() }.draw(w, mistakes))
            (tick("follow", "yes", filled.follow, &html! { (w.t("discussion-follow")) }))
            p.actions { button.main { (w.t("discussion-button")) } }
        }
    }
}

struct Threads<'a> {
    cx: &'a Context<'a>,
    list: &'a [Remarked],
    people: &'a BTreeMap<String, Person>,
    text: Option<&'a [char]>,
    href: Option<&'a str>,
    here: String,
}

/// How deep answers are set in: deeper ones stand beneath one another.
const DEEPEST: usize = 4;

impl Threads<'_> {
    /// Returns whether a remark begins a thread: it answers none, or one that is gone.
    fn is_root(&self, one: &Remarked) -> bool {
        one.answers.is_empty()
            || !self
                .list
                .iter()
                .any(|other| other.id.as_str() == one.answers)
    }

    fn draw(&self, one: &Remarked, depth: usize) -> Markup {
        let w = self.cx.words;
        let person = self.people.get(&one.author);
        let id = hex(&one.id.short());
        let own = self
            .cx
            .asker
            .is_some_and(|asker| asker.did.as_str() == one.author);
        let may_take = own || self.cx.asker.is_some_and(|asker| asker.steward);
        let answers: Vec<&Remarked> = self
            .list
            .iter()
            .filter(|other| other.answers == one.id.as_str())
            .collect();
        html! {
            li #{ "r-" (id) } .remark {
                p.small { b { @match person { Some(person) => { a href=(person.href()) { (person.name) } } None => { (w.t("person-gone")) } } } " " a.quiet href={ "#r-" (id) } { (when(self.cx.lang(), one.at)) } }
                @if !one.answers.is_empty() && self.is_root(one) { p.small.quiet { (w.t("answers-gone")) } }
                @if let Some(quote) = &one.quote { (self.quote(quote)) }
                div.prose lang=(one.language) { (PreEscaped(markdown(&one.text))) }
                div.line.small {
                    @if self.cx.asker.is_some() { a href={ (self.here) "?answers=" (encode(one.id.as_str())) "#say" } rel="nofollow" { (w.t("discussion-answer")) } }
                    @if may_take {
                        details { summary { (w.t("remark-withdraw")) }
                            form method="post" action="/remarks/withdraw" { (self.cx.guarded()) input type="hidden" name="remark" value=(one.id); input type="hidden" name="next" value=(self.here);
                                @if !own { (Field { name: "reason", label: w.t("field-reason"), hint: w.t("field-reason-hint"), ..Field::default() }.draw(w, &Mistakes::default())) }
                                p.actions { button { (w.t("remark-withdraw-really")) } } } }
                    }
                }
                @if depth < DEEPEST && !answers.is_empty() { ol.remarks { @for other in &answers { (self.draw(other, depth + 1)) } } }
            }
            @if depth >= DEEPEST { @for other in &answers { (self.draw(other, depth)) } }
        }
    }

    /// Draws the passage that a remark is about, and where it is by now.
    fn quote(&self, quote: &Quote) -> Markup {
        let w = self.cx.words;
        let found = self.text.map_or(Found::Orphan, |text| quote.find(text));
        let part = |range: &std::ops::Range<usize>| -> String {
            self.text
                .and_then(|text| text.get(range.clone()))
                .unwrap_or_default()
                .iter()
                .collect()
        };
        let link = |text: &str| {
            let text: String = text.chars().take(300).collect();
            self.href
                .map(|href| format!("{href}#:~:text={}", encode(&text)))
        };
        html! {
            blockquote { p { (quote.exact) }
                @match &found {
                    Found::Same(range) | Found::Moved(range) => { @if let Some(href) = link(&part(range)) { p.small { a href=(href) { (w.t("passage-there")) } } } }
                    Found::Changed(range) => { p.small { span.badge data-tone="ask" { (w.t("passage-changed")) } " " (w.t("passage-now")) " " @if let Some(href) = link(&part(range)) { a href=(href) { (self.cx.lang().quoted(&part(range))) } } } }
                    Found::Orphan => { p.small { span.badge data-tone="ask" { (w.t("passage-gone")) } " " (w.t("passage-gone-why")) } }
                }
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    super::hex(&bytes[..8.min(bytes.len())])
}

/// `POST /discussion/…`: says something.
pub(super) fn say(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = super::require_scope(acting, "write")?;
    let form = &acting.request.form;
    let node = acting.node;
    let pen = super::pen(acting)?;
    let thing = acting.read(thing)?;
    let here = format!("/discussion/{}", site::encode_title(&thing.key));
    let filled = Filled {
        text: form.text("text").to_owned(),
        passage: form.text("passage").to_owned(),
        answers: form.text("answers").to_owned(),
        follow: form.has("follow"),
    };
    let mut mistakes = Mistakes::default();
    let count = filled.text.chars().count();
    if count == 0 || count > Remark::LONGEST {
        mistakes.add(
            "text",
            w.tf("remark-length", &[("most", Remark::LONGEST.into())]),
        );
    }
    let mut quote = None;
    if !filled.passage.is_empty() && filled.answers.is_empty() {
        let text = acting.read(|cx| {
            Ok(cx
                .texts
                .iter()
                .find_map(|text| text(cx, thing.id.as_str(), TEXT)))
        })?;
        quote = Quote::locate(&spaced(&text.unwrap_or_default()), &filled.passage);
        if quote.is_none() {
            mistakes.add(
                "passage",
                w.tf("passage-not-found", &[("most", LONGEST.into())]),
            );
        }
    }
    if !mistakes.is_empty() {
        return acting.read(|cx| draw(cx, &filled, &mistakes));
    }
    let remark = Remark {
        about: thing.id.clone(),
        answers: RecordId::parse(&filled.answers).ok(),
        text: filled.text.clone(),
        language: acting.lang().tag().to_owned(),
        quote,
    };
    let record = pen.sign(node, remark.draft(node.keys().commons_did(), Node::now()))?;
    let mark = hex(&record.id().short());
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => {
            let problem = Problem::refused(w, refusal);
            mistakes.add("text", problem.sentences());
            acting.read(|cx| draw(cx, &filled, &mistakes))
        }
        _ => {
            if filled.follow {
                let (account, what, now) = (asker.account, thing.id.short(), Node::now());
                node.store()
                    .write(move |db| desk::follow(db, &account, &what, now))?;
            }
            Ok(acting.see(&format!("{here}#r-{mark}")))
        }
    }
}

/// `POST /remarks/withdraw`: takes back what one said, or, as a steward, what somebody said.
pub(super) fn withdraw(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = super::require_scope(acting, "write")?;
    let (form, node) = (&acting.request.form, acting.node);
    let id = RecordId::parse(form.text("remark"))
        .ok()
        .filter(|id| id.kind() == Remark::KIND);
    let Some(id) = id else {
        return Err(Problem::not_found(w.t("rule-unknown-thing")));
    };
    let own = id.author() == asker.did;
    let reason: String = form.text("reason").chars().take(1_000).collect();
    if !own && reason.is_empty() {
        return Err(Problem::forbidden(
            "no_reason",
            w.t("rule-no-reason"),
            w.t("rule-no-reason-remedy"),
        ));
    }
    let pen = super::pen(acting)?;
    let tombstone = Tombstone::of_thing(id, &reason);
    let draft = tombstone.draft(
        node.keys().commons_did(),
        record::Space::public(),
        Node::now(),
    );
    let record = pen.sign(node, draft)?;
    match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => Err(Problem::refused(w, refusal)),
        _ => Ok(acting.see(&super::back_to(form.text("next")))),
    }
}
