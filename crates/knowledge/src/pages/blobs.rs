//! Files.

use super::Answer;
use crate::{picture, tables};
use site::{Context, Problem, Response};
use store::StoreError;

pub(crate) fn blob(cx: &Context<'_>) -> Answer {
    let hash = store::BlobHash::parse(cx.rest)
        .ok_or_else(|| Problem::bad("bad_hash", cx.words.t("bad-hash"), ""))?;
    // Only what a visible page cites is shown.
    if !tables::is_cited(cx.db, cx.viewer, cx.rest)? {
        return Err(Problem::not_found(cx.words.t("file-missing")));
    }
    let Some(mut file) = cx.node.blobs().get(&hash)? else {
        return Err(Problem::not_found(cx.words.t("file-missing")));
    };
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).map_err(|e| StoreError::Io {
        place: cx.rest.to_owned(),
        source: e,
    })?;
    Ok(Response::ok(picture::seen(&bytes).media_type, bytes)
        .with("cache-control", "public, max-age=31536000, immutable")
        .with(
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ))
}
