//! Looking after one another's changes: marks that somebody looked at a revision.

use super::Answer;
use super::edit::require_writer;
use crate::tables::{self, Revision};
use people::care;
use record::Hash;
use site::{Acting, Context, Markup, Problem, html};
use store::Node;

/// Returns whether whoever asks may mark changes as looked at: stewards, and everybody who is known here.
pub(super) fn may_look(cx: &Context<'_>) -> Result<bool, Problem> {
    let Some(asker) = cx.asker.filter(|asker| asker.writes) else {
        return Ok(false);
    };
    Ok(
        asker.steward
            || tables::is_known(cx.db, &cx.node.keys().commons_did(), asker.did.as_str())?,
    )
}

/// Draws the button by which a revision is marked as looked at; nothing for its own author.
pub(super) fn look_button(cx: &Context<'_>, revision: &Revision) -> Markup {
    let own = cx
        .asker
        .is_some_and(|asker| asker.did.as_str() == revision.author);
    html! {
        @if !own && !revision.withdrawn {
            form.line method="post" action="/patrol" { (cx.guarded())
                input type="hidden" name="revision" value=(revision.hash);
                input type="hidden" name="next" value=(next(cx));
                button { (cx.words.t("look")) }
            }
        }
    }
}

/// Where the reader was, with what narrowed the list.
fn next(cx: &Context<'_>) -> String {
    if cx.request.path != "/changes" {
        return "/changes?waits=yes".to_owned();
    }
    let query: Vec<String> = cx
        .request
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", site::encode(name), site::encode(value)))
        .collect();
    format!("/changes?{}", query.join("&"))
}

/// Draws, beneath a comparison, whether its newer side was looked at, or the button.
pub(super) fn line_of(cx: &Context<'_>, revision: Option<&Revision>) -> Result<Markup, Problem> {
    let w = cx.words;
    let Some(revision) = revision.filter(|one| one.provenance != "imported") else {
        return Ok(html! {});
    };
    let seen = care::looked_at(cx.db, std::iter::once(&revision.hash))?;
    if !seen.is_empty() {
        return Ok(html! { p { span.badge data-tone="yes" { (w.t("looked-at")) } } });
    }
    if !may_look(cx)? {
        return Ok(html! {});
    }
    Ok(look_button(cx, revision))
}

/// `POST /patrol`: marks a revision as looked at.
pub(crate) fn look(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = require_writer(acting)?;
    let unknown = || Problem::not_found(w.t("no-such-revision"));
    let hash = Hash::parse(acting.field("revision")).map_err(|_| unknown())?;
    let author = acting.read(|cx| {
        if !may_look(cx)? {
            return Err(Problem::forbidden(
                "not_known",
                w.t("look-not-known"),
                w.t("look-not-known-remedy"),
            ));
        }
        tables::author_of(cx.db, cx.viewer, &hash)?.ok_or_else(unknown)
    })?;
    if author == asker.did.as_str() {
        return Err(Problem::forbidden("own_change", w.t("look-own"), ""));
    }
    let (account, now) = (asker.account, Node::now());
    acting
        .node
        .store()
        .write(move |db| care::look(db, &hash, &account, now))?;
    let next = acting.field("next");
    let plain =
        next.starts_with("/changes") && !next.contains(|c: char| c == '\\' || c.is_control());
    Ok(acting.see(if plain { next } else { "/changes?waits=yes" }))
}
