//! What programs read.

use crate::ask::{Asked, FACETS, cursor};
use crate::export::{self, Taken};
use crate::pages::{name_of, require};
use crate::tables;
use record::Timestamp;
use serde_json::{Value, json};
use site::{Context, Problem, Response};

/// How many values of a facet are listed, most first.
const MOST_VALUES: usize = 500;

/// `GET /api/v1/initiatives?bbox=w,s,e,n&q=&kind=&…&limit=&after=`: the true total, a part of the list, and how many there
/// are of each kind, theme, country, area, activity, legal form and status.
pub(crate) fn list(cx: &Context<'_>) -> Result<Response, Problem> {
    let asked = Asked::of(cx, 50)?;
    let found = asked.find(cx, None)?;
    let mut items = Vec::new();
    for id in &found.list {
        if let Some(here) = tables::by_id(cx.db, cx.viewer, id)? {
            let points: Vec<Value> = tables::points(cx.db, id)?
                .into_iter()
                .map(|(point, radius)| json!({"latitude": point.latitude(), "longitude": point.longitude(), "radius_m": radius}))
                .collect();
            let kinds = tables::values(cx.db, id, "kind")?;
            let countries = tables::values(cx.db, id, "country")?;
            items.push(json!({
                "id": people::full_id(cx.db, id)?.map(|id| id.to_string()), "name": here.title, "lead": here.lead,
                "href": format!("{}{}", cx.base(), here.href()), "kind": kinds.first(), "country": countries.first(),
                "status": here.status, "points": points, "updated": Timestamp::from_millis(here.updated).to_string(),
            }));
        }
    }
    let facets: serde_json::Map<String, Value> = FACETS
        .iter()
        .map(|facet| {
            let values = found.facets.iter().find(|(name, _)| name == facet);
            let values = values.map(|(_, values)| values.as_slice()).unwrap_or_default();
            let values: Vec<Value> = values
                .iter()
                .take(MOST_VALUES)
                .map(|(value, count)| json!({"value": value, "name": name_of(cx, facet, value), "count": count}))
                .collect();
            ((*facet).to_owned(), values.into())
        })
        .collect();
    let answer = json!({
        "total": found.total, "items": items, "facets": facets, "next": found.next.as_ref().map(cursor),
    });
    Ok(Response::json(&answer))
}

/// `GET /api/v1/initiatives/{id}`: what one says of itself, by 32 hexadecimal digits or the end of its page's address.
pub(crate) fn one(cx: &Context<'_>) -> Result<Response, Problem> {
    let here = require(cx, cx.rest)?;
    let said = tables::shown(cx.db, &here)?.unwrap_or_default();
    let mut answer = serde_json::to_value(&said).unwrap_or_default();
    if let Some(object) = answer.as_object_mut() {
        let id = people::full_id(cx.db, &here.id)?.map(|id| id.to_string());
        object.insert("id".to_owned(), id.into());
        object.insert(
            "href".to_owned(),
            format!("{}{}", cx.base(), here.href()).into(),
        );
        object.insert("revision".to_owned(), here.hash.to_string().into());
        object.insert("status".to_owned(), here.status.into());
        object.insert(
            "updated".to_owned(),
            Timestamp::from_millis(here.updated).to_string().into(),
        );
    }
    Ok(Response::json(&answer))
}

/// How many days a profile holds before an index has to look at it again.
const PROFILE_DAYS: i64 = 90;

/// `GET /api/v1/murmurations/{id}`: the profile of an initiative for the Murmurations network.
pub(crate) fn profile(cx: &Context<'_>) -> Result<Response, Problem> {
    const DAY: i64 = 24 * 60 * 60;
    let here = require(cx, cx.rest)?;
    if !here.merged_into.is_empty() {
        return Err(Problem::not_found(cx.words.t("no-initiative")));
    }
    let said = tables::shown(cx.db, &here)?.unwrap_or_default();
    let href = format!("{}{}", cx.base(), here.href());
    // The same for a day, so that its hash tells whether something changed.
    let today = store::Node::now().as_millis() / 1_000 / DAY;
    let one = Taken { here, href, said };
    let language = one.said.language.clone();
    let profile = export::murmurations(&one, &language, (today + PROFILE_DAYS) * DAY);
    Ok(Response::json(&profile).with("access-control-allow-origin", "*"))
}
