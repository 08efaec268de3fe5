//! Publishing a new revision of a page with the commons' key.

use crate::tables;
use store::{Accepted, Node, Outcome, StoreError, Viewer};

/// Appends a line to some article, chosen by a number; none if there is no article. For load tests.
///
/// # Errors
/// From the database, or the refusal of a rule as a sentence.
pub fn edit_some(node: &Node, pick: i64) -> Result<Option<Accepted>, StoreError> {
    let viewer = Viewer::public();
    let found = node.store().read(|db| {
        let Some(listed) = tables::random(db, &viewer, pick)? else {
            return Ok(None);
        };
        let Some(page) = tables::by_key(db, &viewer, &listed.name.key())? else {
            return Ok(None);
        };
        let article = tables::article_of(db, &page.hash)?;
        let id = tables::full_id(db, &page.id)?;
        Ok::<_, StoreError>(Some((page, id, article)))
    })?;
    let Some((page, id, mut article)) = found else {
        return Ok(None);
    };
    article.content.push_str("\n\nOne more line.");
    article.summary = "one more line".to_owned();
    article.provenance = "written".to_owned();
    article.contributor = String::new();
    article.source = None;
    let draft = article.draft(
        node.keys().commons_did(),
        page.space.clone(),
        Node::now(),
        Some(id),
        vec![page.hash],
    );
    match node.publish(draft, node.keys().commons())? {
        Outcome::Refused(refusal) => Err(StoreError::Record {
            space: page.space.as_str().to_owned(),
            seq: 0,
            reason: refusal.to_string(),
        }),
        Outcome::Accepted(place) | Outcome::Known(place) => Ok(Some(place)),
    }
}
