//! Writing by programs: JSON in, JSON out, with a token.

use super::edit::{problem, publish_edit, require_writer};
use super::{Answer, name_of};
use crate::model::{Article, Kind, Name};
use crate::tables;
use crate::write::{self, Conflict, Edit, WriteError};
use record::Hash;
use serde::Deserialize;
use serde_json::json;
use site::{Acting, Problem, Response, Words};

/// What a program wants to publish.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The whole text.
    text: String,
    /// The revision that it was made from; for a new page, none.
    base: Option<String>,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    minor: bool,
    language: Option<String>,
    licence: Option<String>,
    categories: Option<Vec<String>>,
    provenance: Option<String>,
    #[serde(default)]
    machine: String,
    #[serde(default)]
    attribution: String,
}

/// `POST /api/v1/articles/{title}`: publishes a new page, or the next revision of one.
pub(crate) fn save(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let w = acting.words;
    let wanted: Wanted = serde_json::from_slice(&acting.request.body)
        .map_err(|error| Problem::bad("bad_json", format!("the body: {error}"), ""))?;
    let base = match &wanted.base {
        None => None,
        Some(text) => Some(Hash::parse(text).map_err(|_| {
            Problem::bad(
                "bad_revision",
                w.tf("bad-revision", &[("text", text.into())]),
                "",
            )
        })?),
    };
    let (name, begun) = acting.read(|cx| {
        let name = name_of(cx, cx.rest)?;
        let Some(base) = base else {
            return Ok((name.first_upper(), None));
        };
        let page = super::find(cx, &name)?;
        if !tables::is_revision(cx.db, cx.viewer, &page.id, &base)? {
            return Err(Problem::not_found(w.t("no-such-revision")));
        }
        Ok((page.name, Some(tables::article_of(cx.db, &base)?)))
    })?;
    let article = article(acting, wanted, name.clone(), begun.as_ref())?;
    let edit = Edit {
        name,
        base,
        article,
        takes_in: None,
    };
    match publish_edit(acting, asker, &edit) {
        Ok(written) => {
            let page =
                acting.read(|cx| Ok(tables::by_key(cx.db, cx.viewer, &written.name.key())?))?;
            let answer = json!({
                "title": written.name.wiki_title(),
                "url": written.name.href(),
                "revision": page.map(|page| page.hash.to_string()),
                "changed": written.accepted.is_some(),
                "merged": written.merged,
            });
            let status = if begun.is_none() { 201 } else { 200 };
            Ok(Response::json(&answer)
                .status(status)
                .with("cache-control", "no-store"))
        }
        Err(WriteError::Conflict(conflict)) => Ok(self::conflict(w, &conflict)),
        Err(error) => Err(problem(w, error)),
    }
}

/// Tells a program that somebody changed the same place meanwhile, with both texts.
pub(super) fn conflict(w: &Words, conflict: &Conflict) -> Response {
    let said = json!({
        "type": "/problems/conflict", "title": w.t("problem-4xx"), "status": 409, "detail": w.t("conflict-title"),
        "remedy": w.t("conflict-remedy"), "revision": conflict.shown.to_string(), "text": conflict.theirs,
        "merged": conflict.merged.with_marks("yours", "theirs"),
    });
    Response::json(&said)
        .status(409)
        .with("content-type", "application/problem+json")
}

fn article(
    acting: &Acting<'_>,
    wanted: Wanted,
    name: Name,
    begun: Option<&Article>,
) -> Result<Article, Problem> {
    let w = acting.words;
    let bad = |code, text: &str| Err(Problem::bad(code, text, ""));
    let mut article = match begun {
        Some(begun) => write::next_of(begun),
        None => Article::blank(name.clone()),
    };
    if begun.is_none() && name.kind() != Kind::Article && name.kind() != Kind::Category {
        return bad("bad_title", w.t("bad-title-rule"));
    }
    article.name = name;
    if wanted.text.trim().is_empty() {
        return bad("no_text", w.t("text-needed"));
    }
    article.content = wanted.text;
    if let Some(language) = wanted.language {
        article.language = language;
    }
    if record::Language::parse(&article.language).is_err() {
        return bad("bad_language", w.t("language-needed"));
    }
    if let Some(licence) = wanted.licence {
        article.licence = licence;
    }
    if let Some(categories) = wanted.categories {
        article.categories = categories;
    }
    article.summary = wanted.summary.chars().take(300).collect();
    article.minor = wanted.minor;
    article.provenance = match wanted.provenance.as_deref() {
        None | Some("written") => "written",
        Some("translated") => "translated",
        Some("imported") if !wanted.attribution.is_empty() => "imported",
        Some("imported") => return bad("no_attribution", w.t("attribution-needed")),
        Some("machine-assisted") if !wanted.machine.is_empty() => "machine-assisted",
        Some("machine-assisted") => return bad("no_machine", w.t("machine-needed")),
        Some(_) => return bad("bad_provenance", w.t("provenance-needed")),
    }
    .to_owned();
    if article.provenance == "imported" {
        article.attribution = wanted.attribution;
    }
    if article.provenance == "machine-assisted" {
        article.machine = wanted.machine;
    }
    Ok(article)
}
