//! What is allowed and why not: pure functions over facts.

use crate::kinds;
use crate::model::{Initiative, Origin};
use store::Refusal;

/// How much somebody may say of initiatives within an hour, stewards and the commons aside.
pub const PER_HOUR: i64 = 120;

/// What the tables know about the initiative that a record speaks of.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether the record is a later revision of a thing that is not known here.
    pub unknown_thing: bool,
    /// Whether a member of this commons says it, now: what was accepted elsewhere, or once, stays readable.
    pub by_member: bool,
    /// Why stewards alone may change it, where a decision says so.
    pub protected: Option<String>,
    /// How much its author said of this kind within the last hour; 0 where that does not matter.
    pub within_hour: i64,
    /// A list from which it is said to come, and which no revision here came from.
    pub unknown_origin: Option<Origin>,
    /// Whether it is shown by now as another revision than the one that this one goes on from; asked only of what is
    /// said now, in this commons.
    pub is_behind: bool,
    /// Whether what it is said to be the same as is here, and is not itself.
    pub survivor_is_here: bool,
}

/// Judges a description.
///
/// # Errors
/// The refusal, with its rule: `unknown_thing`, `unknown_kind`, `unknown_form`, `unknown_activity`, `unknown_country`,
/// `no_web_address`, `protected`, `unknown_origin`, `unseen_name`, `behind`, `many_initiatives`.
pub fn judge(initiative: &Initiative, facts: &Facts) -> Result<(), Refusal> {
    if facts.unknown_thing {
        return Err(Refusal::new(
            "unknown_thing",
            "the initiative that it revises is not here",
            "send its first record before",
        ));
    }
    if facts.is_behind {
        return Err(behind());
    }
    if !facts.by_member {
        return Ok(());
    }
    if let Some(reason) = &facts.protected {
        return Err(Refusal::new(
            "protected",
            format!("stewards alone change it: {reason}"),
            "discuss what should be changed",
        ));
    }
    let mut names = initiative.name_map.values();
    if names.any(|name| !people::is_seen(name) || name.chars().any(people::turns)) {
        return Err(Refusal::new(
            "unseen_name",
            "a name has signs that cannot be seen, or that turn the direction of writing",
            "write it without them",
        ));
    }
    if kinds::kind(&initiative.kind).is_none() {
        let reason = format!("“{}” is no kind of initiative", initiative.kind);
        return Err(Refusal::new(
            "unknown_kind",
            reason,
            "choose one of the list",
        ));
    }
    if !initiative.form.is_empty() && initiative.legal_form().is_none() {
        let reason = format!("“{}” is no legal form", initiative.form);
        return Err(Refusal::new(
            "unknown_form",
            reason,
            "choose one of the list",
        ));
    }
    let activities = initiative.activities.iter();
    if let Some(key) = activities
        .clone()
        .find(|key| atlas::activities::by_key(key).is_none())
    {
        let reason = format!("“{key}” is no human activity of ISIC or ICATUS");
        return Err(Refusal::new(
            "unknown_activity",
            reason,
            "choose one of the list",
        ));
    }
    let countries = initiative.places.iter().map(|place| &place.country);
    if let Some(code) = countries
        .filter(|code| !code.is_empty())
        .find(|code| atlas::countries::by_code(code).is_none())
    {
        let reason = format!("“{code}” is no code of a country");
        return Err(Refusal::new(
            "unknown_country",
            reason,
            "write it by ISO 3166, as EC",
        ));
    }
    if let Some(link) = initiative
        .links
        .iter()
        .find(|link| !people::is_web_address(link))
    {
        let reason = format!("“{link}” is no web address");
        return Err(Refusal::new(
            "no_web_address",
            reason,
            "begin it with https://",
        ));
    }
    if let Some(origin) = &facts.unknown_origin {
        return Err(Refusal::new(
            "unknown_origin",
            format!(
                "nothing here came from “{}” of {}",
                origin.id, origin.source
            ),
            "leave its sources as they were",
        ));
    }
    if !initiative.merged_into.is_empty() && !facts.survivor_is_here {
        return Err(Refusal::new(
            "unknown_thing",
            "what it is said to be the same as is not here, or is this one",
            "name another initiative of this commons",
        ));
    }
    judge_pace(facts.within_hour)
}

/// The refusal of a revision that goes on from another one than the one that is shown.
pub fn behind() -> Refusal {
    Refusal::new(
        "behind",
        "somebody changed it meanwhile",
        "look at it, and say it again",
    )
}

/// Judges how much somebody says of initiatives: `within_hour` is how much they said within the last one.
///
/// # Errors
/// The refusal `many_initiatives`.
pub fn judge_pace(within_hour: i64) -> Result<(), Refusal> {
    if within_hour >= PER_HOUR {
        return Err(Refusal::new(
            "many_initiatives",
            format!("nobody says more than {PER_HOUR} things of initiatives an hour here"),
            "go on a little later, or ask a steward to bring in a list",
        ));
    }
    Ok(())
}
