//! Withdrawing a whole initiative: by who described it first, or by a steward, with a reason that everybody can read.

use super::{Answer, require};
use crate::ask::hex;
use crate::tables::{self, Here};
use crate::write;
use people::{Act, Decision};
use record::{Space, Tombstone};
use site::form::{Field, Mistakes};
use site::{Acting, Context, PageHead, Problem, html, when};
use store::Node;

/// `GET /withdraw-initiative/…`: what follows, before it is done.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let here = require(cx, cx.rest)?;
    draw(cx, &here, &Mistakes::default())
}

fn draw(cx: &Context<'_>, here: &Here, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let title = w.tf(
        "withdraw-initiative-title",
        &[("title", here.title.as_str().into())],
    );
    let main = html! {
        div.head { h1 { (title) } p.lead { (w.t("withdraw-initiative-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action={ "/withdraw-initiative/" (hex(&here.id)) } { (cx.guarded())
            (Field { name: "reason", label: w.t("withdraw-initiative-reason"), hint: w.t("confirm-note-hint"), ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("withdraw-initiative")) } " " a href=(here.href()) { (w.t("initiative-leave")) } }
        }
    };
    let head = PageHead {
        title: &title,
        menu: "/map",
        noindex: true,
        ..PageHead::default()
    };
    Ok(cx.page(&head, &main).mending(mistakes))
}

/// `POST /withdraw-initiative/…`.
pub(super) fn withdraw(acting: &Acting<'_>) -> Answer {
    let (w, node) = (acting.words, acting.node);
    let asker = people::require_scope(acting, "write")?;
    let (here, id) = acting.read(|cx| {
        let here = require(cx, cx.rest)?;
        let id = tables::id_of(cx.db, &here)?;
        Ok((here, id))
    })?;
    let reason: String = acting.field("reason").chars().take(1_000).collect();
    let mut mistakes = Mistakes::default();
    if reason.is_empty() {
        mistakes.add("reason", w.t("withdraw-initiative-why"));
        mistakes.nothing_written();
        return acting.read(|cx| draw(cx, &here, &mistakes));
    }
    let (commons, now) = (node.keys().commons_did(), Node::now());
    let mut drafts = Vec::new();
    // What a steward does in the name of the commons stands among the decisions.
    if asker.steward && asker.allows("steward") {
        let decision = Decision {
            act: Act::Hide,
            about: id.to_string(),
            value: String::new(),
            reason: reason.clone(),
        };
        drafts.push(decision.draft(commons.clone(), now));
    }
    drafts.push(Tombstone::of_thing(id, &reason).draft(commons, Space::public(), now));
    match write::publish(node, &people::pen(acting)?, drafts)? {
        // Its address says that it is withdrawn, when and why.
        Ok(()) => Ok(acting.see(&here.href())),
        Err(refusal) => {
            let problem = Problem::refused(w, refusal);
            mistakes.add("reason", problem.sentences());
            acting.read(|cx| Ok(draw(cx, &here, &mistakes)?.status(problem.status)))
        }
    }
}

/// The problem that an address of a withdrawn initiative answers with; none where nothing was withdrawn there.
pub(super) fn gone(cx: &Context<'_>, from: &[u8]) -> Result<Option<Problem>, Problem> {
    let w = cx.words;
    Ok(tables::withdrawn(cx.db, from)?.map(|(reason, at)| {
        let day = when(cx.lang(), at);
        let said = [
            ("when", day.as_str().into()),
            ("reason", reason.as_str().into()),
        ];
        Problem {
            status: 410,
            code: "withdrawn",
            detail: w.tf("initiative-gone", &said),
            remedy: w.t("initiative-gone-remedy").to_owned(),
        }
    }))
}
