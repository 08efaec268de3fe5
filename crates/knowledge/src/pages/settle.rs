//! What two people changed at once, settled place by place.

use crate::diff;
use crate::merge::{self, Keep, Part};
use crate::write::Conflict;
use site::form::choice;
use site::{Acting, Context, Markup, PreEscaped, html};

/// Tells that two people changed the same places, or that an undoing meets what was changed since.
pub(super) fn notice(cx: &Context<'_>, conflict: &Conflict) -> Markup {
    let w = cx.words;
    let undoes = cx.request.param("undo").is_some();
    let count = conflict.merged.conflicts();
    let many = count > merge::MOST_PLACES;
    html! {
        div.notice data-tone="ask" role="alert" tabindex="-1" autofocus {
            h2 { (w.t(if undoes { "conflict-undo" } else { "conflict-title" })) }
            p { (w.tf(if many { "conflict-many" } else { "conflict-how" }, &[("count", count.into())])) }
            @if !undoes { p { (w.t("form-kept")) } }
        }
    }
}

/// The places that two people changed, each with what may be kept of it.
pub(super) fn places(cx: &Context<'_>, conflict: &Conflict) -> Markup {
    let w = cx.words;
    let (ours_word, theirs_word) = match cx.request.param("undo") {
        Some(_) => ("conflict-now", "conflict-before"),
        None => ("conflict-mine", "conflict-theirs"),
    };
    let all = conflict.merged.conflicts();
    let parts = conflict.merged.parts.iter();
    let clashes = parts.filter_map(|part| match part {
        Part::Conflict { base, ours, theirs } => Some((base, ours, theirs)),
        Part::Same(_) => None,
    });
    let side = |base: &str, side: &str| -> Markup {
        html! {
            @if side.trim().is_empty() { p.quiet { (w.t("conflict-nothing")) } }
            @else { div.prose.small { p { @for part in &diff::words(base, side).parts { (PreEscaped(part)) } } } }
        }
    };
    html! {
        @if all <= merge::MOST_PLACES {
            @for (n, (base, ours, theirs)) in clashes.enumerate() {
                @let name = format!("place-{n}");
                fieldset.field { legend { (w.tf("conflict-place", &[("number", (n + 1).into()), ("count", all.into())])) }
                    div.even {
                        div { (choice("radio", &name, "ours", false, &html! { b { (w.t(ours_word)) } })) (side(base, ours)) }
                        div { (choice("radio", &name, "theirs", false, &html! { b { (w.t(theirs_word)) } })) (side(base, theirs)) }
                    }
                    (choice("radio", &name, "both", true, &html! { b { (w.t("conflict-both")) } " " (w.t("conflict-both-what")) }))
                }
            }
            p.actions { button.main name="do" value="settle" { (w.t("conflict-settle")) } }
            hr;
        }
    }
}

/// Returns a text with its marks taken out, as was chosen of each place; of what was not chosen, both.
pub(super) fn settled(acting: &Acting<'_>, text: &str) -> String {
    merge::settle(text, |place| {
        match acting.field(&format!("place-{place}")) {
            "ours" => Keep::Ours,
            "theirs" => Keep::Theirs,
            _ => Keep::Both,
        }
    })
}
