//! What bounds those who are not known here for long, and what stewards protect.

use crate::model::Article;
use crate::rules::{Limits, Newcomer};
use record::Did;
use std::collections::HashSet;
use store::{Db, Judged, StoreError, params};

/// The setting with the limits for newcomers: after how many revisions somebody is known,
/// how many a newcomer may publish an hour, how many of one page, how many new addresses each may bring, with spaces
/// between; `off` for none.
pub const SETTING_LIMITS: &str = "limits";

/// How long is looked back: an hour.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Returns how the setting says some limits; none for no limits at all.
#[must_use]
pub fn kept(limits: Option<Limits>) -> String {
    limits.map_or_else(
        || "off".to_owned(),
        |limits| {
            format!(
                "{} {} {} {}",
                limits.known_after, limits.per_hour, limits.per_hour_here, limits.new_links
            )
        },
    )
}

/// Returns the limits that stewards set, or the usual ones.
///
/// # Errors
/// From the database.
pub fn here(db: &Db<'_>, commons: &Did) -> Result<Limits, StoreError> {
    let text = people::setting(db, commons, SETTING_LIMITS)?.unwrap_or_default();
    if text == "off" {
        return Ok(Limits {
            known_after: 0,
            per_hour: i64::MAX,
            per_hour_here: i64::MAX,
            new_links: usize::MAX,
        });
    }
    let numbers: Vec<i64> = text.split(' ').filter_map(|one| one.parse().ok()).collect();
    Ok(match numbers.as_slice() {
        [known_after, per_hour, per_hour_here, new_links] => Limits {
            known_after: *known_after,
            per_hour: *per_hour,
            per_hour_here: *per_hour_here,
            new_links: usize::try_from(*new_links).unwrap_or(0),
        },
        _ => Limits::default(),
    })
}

/// Returns whether what a record says is bound by no limit: the commons speaks, or another one's record comes in.
fn is_free(judged: &Judged<'_>) -> bool {
    !judged.is_ours() || judged.is_by_commons() || judged.by_keeper
}

/// Returns why stewards alone may change the page, if its author is none.
pub(super) fn protected(db: &Db<'_>, judged: &Judged<'_>) -> Result<Option<String>, StoreError> {
    if is_free(judged) || judged.record.is_first() {
        return Ok(None);
    }
    let reason = people::is_protected(db, judged.ours, judged.record.thing())?;
    if reason.is_some() && people::standing(db, judged.ours, judged.record.author())?.steward {
        return Ok(None);
    }
    Ok(reason)
}

/// Returns what its author did lately, if they are not known here for long.
pub(super) fn newcomer(
    db: &Db<'_>,
    judged: &Judged<'_>,
    article: &Article,
) -> Result<Option<Newcomer>, StoreError> {
    if is_free(judged) {
        return Ok(None);
    }
    let limits = here(db, judged.ours)?;
    let record = judged.record;
    let author = record.author();
    let count = db.number(
        "SELECT COUNT(*) FROM (SELECT 1 FROM revisions WHERE author = $1 AND withdrawn = 0 LIMIT $2) AS few",
        params![author.as_str(), limits.known_after],
    )?;
    if count >= limits.known_after || people::standing(db, judged.ours, author)?.steward {
        return Ok(None);
    }
    let since = judged.now.as_millis() - HOUR_MS;
    let thing = record.thing().short();
    let (last_hour, last_hour_here) = db
        .first(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN r.thing = $3 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM revisions r JOIN log l ON l.hash = r.hash WHERE r.author = $1 AND l.accepted_at > $2",
            params![author.as_str(), since, &thing],
            |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)),
        )?
        .unwrap_or_default();
    let mut known = HashSet::new();
    for replaced in record.replaces() {
        if let Ok(before) = super::article_of(db, replaced) {
            known.extend(addresses(&before.content).map(str::to_owned));
        }
    }
    let new: HashSet<&str> = addresses(&article.content)
        .filter(|address| !known.contains(*address))
        .collect();
    Ok(Some(Newcomer {
        last_hour,
        last_hour_here,
        new_links: new.len(),
    }))
}

/// Returns the addresses of other sites that a text mentions, whatever its markup.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, _)| {
        let (before, after) = text.split_at(at);
        if !before.ends_with("http") && !before.ends_with("https") {
            return None;
        }
        let end = after.find(|c: char| c.is_whitespace() || "<>[]()|\"'".contains(c));
        Some(after.get(3..end.unwrap_or(after.len())).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_found_in_any_markup() {
        let text = "[http://a.example x] <https://b.example/c> [y](https://d.example) ftp://no https://e.example";
        assert_eq!(
            addresses(text).collect::<Vec<_>>(),
            ["a.example", "b.example/c", "d.example", "e.example"]
        );
    }
}
