//! The JSON of people and organisations.

use crate::model::{Organization, Profile};
use crate::pages::directory::{OF_ORGANIZATIONS, OF_PEOPLE, asked_for};
use crate::tables;
use crate::tables::directory::{self, Agents};
use crate::tables::organizations::{self, Attested};
use record::{Hash, Record, Timestamp};
use serde_json::{Value, json};
use site::{Context, Problem, Response, encode};

type Answer = Result<Response, Problem>;

/// The most rows of one part.
const MOST: usize = 500;

/// `GET /api/v1/people`.
pub(crate) fn people(cx: &Context<'_>) -> Answer {
    list(cx, Agents::People, &OF_PEOPLE, "people")
}

/// `GET /api/v1/organizations`.
pub(crate) fn organizations(cx: &Context<'_>) -> Answer {
    list(
        cx,
        Agents::Organizations,
        &OF_ORGANIZATIONS,
        "organizations",
    )
}

fn list(cx: &Context<'_>, agents: Agents, traits: &[&str], name: &str) -> Answer {
    let wanted = asked_for(cx, traits);
    let limit = cx.limit(60, MOST)? as i64;
    let total = directory::count(cx.db, cx.viewer, agents, &wanted)?;
    let after = cx.request.param("after").unwrap_or_default();
    let after = after.split_once('~').unwrap_or_default();
    let mut rows = directory::listed(cx.db, cx.viewer, agents, &wanted, after, limit + 1)?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| {
        let mark = format!("{}~{}", tables::fold(&last.name), last.handle);
        let mut query = format!("after={}&limit={limit}", encode(&mark));
        for (what, text) in &wanted {
            query.push_str(&format!("&{what}={}", encode(text)));
        }
        format!("/api/v1/{name}?{query}")
    });
    let mut shown = Vec::new();
    for row in &rows {
        let mut one = json!({"handle": row.handle, "name": row.name, "place": row.place, "lead": row.lead,
            "url": format!("{}{}/{}", cx.base(), agents.path(), row.handle)});
        if agents == Agents::Organizations {
            one["legal_form"] = row.form.as_str().into();
            let attested = organizations::attested_form(cx.db, &row.id)?;
            one["attested"] = attested.is_some().into();
        }
        shown.push(one);
    }
    let mut answer = json!({"total": total, "next": next});
    answer[name] = shown.into();
    Ok(Response::json(&answer))
}

fn said(profile: &Profile) -> Value {
    json!({"handle": profile.handle, "name": profile.name, "about": profile.about, "place": profile.place,
        "languages": profile.languages, "skills": profile.skills, "themes": profile.themes, "links": profile.links,
        "seeking": profile.seeking, "offering": profile.offering})
}

fn record_of(cx: &Context<'_>, hash: &Hash) -> Result<Option<Record>, Problem> {
    let bytes = store::bytes_of(cx.db, hash)?;
    Ok(bytes.and_then(|bytes| Record::trusted(&bytes).ok()))
}

fn whole_id(cx: &Context<'_>, id: &[u8; 16]) -> Result<String, Problem> {
    let found = tables::full_id(cx.db, id)?;
    Ok(found.map_or_else(String::new, |id| id.to_string()))
}

fn attestation(cx: &Context<'_>, one: &Attested) -> Result<Value, Problem> {
    let (claim, value) = one.claim.parts();
    let behalf = match &one.behalf {
        Some(id) => Some(whole_id(cx, id)?),
        None => None,
    };
    Ok(
        json!({"id": one.id.as_str(), "claim": claim, "value": value, "by": one.author, "on_behalf_of": behalf,
        "reason": one.reason, "at": Timestamp::from_millis(one.at).to_string()}),
    )
}

/// `GET /api/v1/people/{handle}`.
pub(crate) fn person(cx: &Context<'_>) -> Answer {
    let handle = cx.rest.to_lowercase();
    let words = [("handle", handle.as_str().into())];
    let Some(person) = tables::by_handle(cx.db, cx.viewer, &handle)? else {
        return match tables::who_was(cx.db, cx.viewer, Profile::KIND, &handle)? {
            Some(now) => Ok(Response::redirect(302, &format!("/api/v1/people/{now}"))),
            None => Err(Problem::not_found(cx.words.tf("no-person", &words))),
        };
    };
    let record = record_of(cx, &person.hash)?;
    let profile = record.and_then(|record| Profile::of(&record).ok());
    let standing = tables::standing(cx.db, &cx.node.keys().commons_did(), &person.did)?;
    let mut belongs = Vec::new();
    for (here, one) in organizations::organizations_of(cx.db, cx.viewer, person.did.as_str())? {
        if one.is_confirmed() {
            belongs.push(json!({"id": whole_id(cx, &here.id)?, "handle": here.handle, "name": here.name, "role": one.role,
                "coordinates": one.coordinates}));
        }
    }
    let profile = profile.unwrap_or_default();
    let attested = organizations::names_attested(cx.db, cx.viewer, &person.id)?;
    let names: Vec<Value> = profile
        .author_names
        .iter()
        .map(|name| json!({"name": name, "attested": attested.contains(name)}))
        .collect();
    let mut answer = said(&profile);
    answer["id"] = whole_id(cx, &person.id)?.into();
    answer["did"] = person.did.as_str().into();
    answer["url"] = format!("{}{}", cx.base(), person.href()).into();
    answer["updated"] = Timestamp::from_millis(person.updated).to_string().into();
    answer["steward"] = standing.steward.into();
    answer["blocked"] = standing.blocked.into();
    answer["author_names"] = names.into();
    answer["organizations"] = belongs.into();
    Ok(Response::json(&answer))
}

/// `GET /api/v1/organizations/{handle}`.
pub(crate) fn organization(cx: &Context<'_>) -> Answer {
    let handle = cx.rest.to_lowercase();
    let words = [("handle", handle.as_str().into())];
    let here = organizations::organization(cx.db, cx.viewer, &handle)?
        .ok_or_else(|| Problem::not_found(cx.words.tf("no-organization", &words)))?;
    let record = record_of(cx, &here.hash)?;
    let said_of = record.and_then(|record| Organization::of(&record).ok());
    let profile = said_of.map(|said| said.profile).unwrap_or_default();
    let all = organizations::members(cx.db, cx.viewer, &here.id, MOST as i64)?;
    let people = tables::names(cx.db, cx.viewer, all.iter().map(|(did, _)| did.as_str()))?;
    let members: Vec<Value> = all
        .iter()
        .filter(|(_, one)| one.is_confirmed())
        .map(|(did, one)| {
            json!({"did": did, "handle": people.get(did).map(|person| person.handle.as_str()),
                "role": one.role, "coordinates": one.coordinates})
        })
        .collect();
    let mut attested = Vec::new();
    for one in organizations::attestations(cx.db, cx.viewer, &here.id)? {
        attested.push(attestation(cx, &one)?);
    }
    let mut answer = said(&profile);
    answer["id"] = whole_id(cx, &here.id)?.into();
    answer["url"] = format!("{}{}", cx.base(), here.href()).into();
    answer["legal_form"] = here.form.as_str().into();
    let form = organizations::attested_form(cx.db, &here.id)?;
    answer["attested"] = form.is_some().into();
    answer["attestations"] = attested.into();
    answer["count_members"] = organizations::count_members(cx.db, cx.viewer, &here.id)?.into();
    answer["members"] = members.into();
    Ok(Response::json(&answer))
}
