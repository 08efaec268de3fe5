//! Who speaks for an organisation, who belongs to it, and what others may attest.

use crate::model::{Claim, Membership};
use store::Refusal;

/// How somebody stands to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    /// What they do in it.
    pub role: String,
    /// Whether they speak for it, once both sides said that they belong to it.
    pub coordinates: bool,
    /// Whether they said so.
    pub by_member: bool,
    /// Whether the organisation said so.
    pub by_organization: bool,
}

impl Belonging {
    /// Returns whether both sides said so.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.by_member && self.by_organization
    }
}

/// One statement on a membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whether the person themselves made it, and not the organisation.
    pub by_member: bool,
    /// What they do in it, or empty.
    pub role: String,
    /// Whether they speak for it.
    pub coordinates: bool,
    /// Whether it ends.
    pub ends: bool,
}

/// Returns what follows from all that was said of one person and one organisation, in the order of the log.
/// Whoever founded it belongs to it and speaks for it.
#[must_use]
pub fn belonging(founder: bool, said: &[Said]) -> Option<Belonging> {
    let mut now = founder.then(|| Belonging {
        role: String::new(),
        coordinates: true,
        by_member: true,
        by_organization: true,
    });
    for statement in said {
        if statement.ends {
            now = None;
            continue;
        }
        let one = now.get_or_insert(Belonging {
            role: String::new(),
            coordinates: false,
            by_member: false,
            by_organization: false,
        });
        if !statement.role.is_empty() {
            one.role.clone_from(&statement.role);
        }
        if statement.by_member {
            one.by_member = true;
        } else {
            one.by_organization = true;
            one.coordinates = statement.coordinates;
        }
    }
    now
}

/// What is known when somebody says that somebody belongs to an organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saying {
    /// Whether it is about themselves.
    pub about_self: bool,
    /// Whether they speak for the organisation: as a coordinator, or as a steward.
    pub speaks: bool,
    /// Whether whom it is about is a person of this commons.
    pub known: bool,
    /// Whether it takes from the organisation the only one who speaks for it.
    pub last_coordinator: bool,
    /// Whether others than whom it is about belong to the organisation.
    pub others: bool,
    /// How much they said of this kind within the last hour.
    pub within_hour: i64,
}

/// How often somebody may say that somebody belongs to an organisation, within an hour.
const PER_HOUR: i64 = 60;

/// Judges what somebody says of a membership.
///
/// # Errors
/// The refusal, with its rule: `not_a_coordinator`, `unknown_person`, `last_coordinator`, `many_memberships`.
pub fn say(statement: &Membership, saying: Saying) -> Result<(), Refusal> {
    if !saying.about_self && !saying.speaks {
        return Err(not_a_coordinator());
    }
    if !statement.ends && !saying.known {
        return Err(Refusal::new(
            "unknown_person",
            "nobody of this commons has this key",
            "they join it first",
        ));
    }
    // Alone with it somebody leaves as they like; nobody takes it from them, or leaves others without a voice.
    if saying.last_coordinator && (saying.others || !saying.about_self) {
        return Err(Refusal::new(
            "last_coordinator",
            "nobody else speaks for this organisation",
            "name another coordinator first",
        ));
    }
    if saying.within_hour >= PER_HOUR {
        return Err(Refusal::new(
            "many_memberships",
            format!("nobody says more than {PER_HOUR} memberships an hour here"),
            "go on a little later",
        ));
    }
    Ok(())
}

/// The refusal where somebody does not speak for an organisation.
#[must_use]
pub fn not_a_coordinator() -> Refusal {
    Refusal::new(
        "not_a_coordinator",
        "only its coordinators speak for an organisation",
        "ask one of them",
    )
}

/// What is known when somebody attests something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attesting {
    /// Whether its author is a steward, or the commons itself.
    pub steward: bool,
    /// Whether its author is whom it is about, or belongs to what it is about.
    pub own: bool,
    /// Whether the commons itself says it.
    pub by_commons: bool,
    /// Where it is made for an organisation: whether its author speaks for that.
    pub speaks: bool,
    /// Where it is made for an organisation: whether that one's own form is attested.
    pub peer_attested: bool,
    /// Whether whom it is about claims this.
    pub claimed: bool,
    /// Whether it is attested to somebody else already.
    pub anothers: bool,
}

/// Judges an attestation.
///
/// # Errors
/// The refusal, with its rule: `no_reason`, `not_claimed`, `own_attestation`, `not_a_steward`, `not_a_coordinator`,
/// `not_a_peer`, `name_of_another`.
pub fn attest(
    claim: &Claim,
    for_peer: bool,
    reason: &str,
    known: Attesting,
) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "no_reason",
            "an attestation says what was seen",
            "say why",
        ));
    }
    if !known.claimed {
        return Err(Refusal::new(
            "not_claimed",
            "whom it is about does not claim this",
            "look at the page anew",
        ));
    }
    if known.own && !known.by_commons {
        return Err(Refusal::new(
            "own_attestation",
            "nobody attests what is their own",
            "ask another steward or an attested organisation",
        ));
    }
    match (claim, for_peer) {
        (Claim::Form(_), true) if !known.speaks => return Err(not_a_coordinator()),
        (Claim::Form(_), true) if !known.peer_attested => {
            return Err(Refusal::new(
                "not_a_peer",
                "only an organisation whose own form is attested attests another's",
                "let a steward attest yours first",
            ));
        }
        (Claim::Form(_), true) => {}
        _ if !known.steward => {
            return Err(Refusal::new(
                "not_a_steward",
                "only stewards decide for the commons",
                "ask one of them",
            ));
        }
        _ => {}
    }
    if known.anothers {
        return Err(Refusal::new(
            "name_of_another",
            "this name is attested to somebody else",
            "that attestation is withdrawn first",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Attesting, Said, Saying, attest, belonging, say};
    use crate::model::{Claim, LegalForm, Membership};
    use record::{RecordId, SecretKey};

    fn said(by_member: bool, role: &str, coordinates: bool, ends: bool) -> Said {
        Said {
            by_member,
            role: role.to_owned(),
            coordinates,
            ends,
        }
    }

    #[test]
    fn both_sides_say_that_somebody_belongs_and_either_ends_it() {
        let asks = said(true, "weaver", true, false);
        let takes = said(false, "", false, false);
        let asked = belonging(false, std::slice::from_ref(&asks)).expect("asked");
        assert!(asked.by_member && !asked.is_confirmed());
        assert!(!asked.coordinates, "nobody makes themselves a coordinator");
        let member = belonging(false, &[asks.clone(), takes.clone()]).expect("a member");
        assert!(member.is_confirmed() && member.role == "weaver" && !member.coordinates);
        for by_member in [true, false] {
            let ends = said(by_member, "", false, true);
            let mut all = vec![asks.clone(), takes.clone(), ends];
            assert_eq!(belonging(false, &all), None);
            all.push(asks.clone());
            assert!(!belonging(false, &all).expect("asked anew").is_confirmed());
        }
        let founder = belonging(true, &[]).expect("a founder");
        assert!(founder.is_confirmed() && founder.coordinates);
        let came_back = belonging(true, &[said(true, "", true, true), asks]);
        assert!(!came_back.expect("asked").is_confirmed());
    }

    #[test]
    fn only_oneself_and_who_speaks_for_it_say_who_belongs() {
        let did = SecretKey::from_bytes([7; 32]).did();
        let id = format!("ap://{did}/organization/0193a400-0000-7000-8000-000000000000");
        let statement = Membership {
            organization: RecordId::parse(&id).expect("an id"),
            member: did,
            role: String::new(),
            coordinates: false,
            ends: false,
        };
        let rule = |saying| say(&statement, saying).err().map_or("", |r| r.rule);
        let own = Saying {
            about_self: true,
            known: true,
            ..Saying::default()
        };
        assert_eq!(rule(own), "");
        assert_eq!(
            rule(Saying {
                known: false,
                ..own
            }),
            "unknown_person"
        );
        assert_eq!(
            rule(Saying {
                within_hour: 60,
                ..own
            }),
            "many_memberships"
        );
        let other = Saying {
            about_self: false,
            ..own
        };
        assert_eq!(rule(other), "not_a_coordinator");
        assert_eq!(
            rule(Saying {
                speaks: true,
                ..other
            }),
            ""
        );
        // The only one who speaks for it goes where nobody is left without a voice, and of their own will.
        let last = Saying {
            last_coordinator: true,
            speaks: true,
            ..own
        };
        assert_eq!(rule(last), "");
        let others = Saying {
            others: true,
            ..last
        };
        assert_eq!(rule(others), "last_coordinator");
        let taken = Saying {
            about_self: false,
            ..last
        };
        assert_eq!(rule(taken), "last_coordinator");
    }

    #[test]
    fn a_form_is_attested_by_stewards_and_attested_peers_and_never_by_its_own() {
        let form = Claim::Form(LegalForm::WorkerCooperative);
        let name = Claim::AuthorName("Ana".to_owned());
        let rule = |claim: &Claim, peer, known| {
            attest(claim, peer, "seen", known)
                .err()
                .map_or("", |r| r.rule)
        };
        let steward = Attesting {
            steward: true,
            claimed: true,
            ..Attesting::default()
        };
        assert_eq!(rule(&form, false, steward), "");
        assert_eq!(rule(&name, false, steward), "");
        let refused = attest(&form, false, " ", steward).expect_err("no reason");
        assert_eq!(refused.rule, "no_reason");
        assert_eq!(
            rule(
                &form,
                false,
                Attesting {
                    claimed: false,
                    ..steward
                }
            ),
            "not_claimed"
        );
        let own = Attesting {
            own: true,
            ..steward
        };
        assert_eq!(rule(&form, false, own), "own_attestation");
        assert_eq!(
            rule(
                &form,
                false,
                Attesting {
                    by_commons: true,
                    ..own
                }
            ),
            ""
        );
        assert_eq!(
            rule(
                &name,
                false,
                Attesting {
                    anothers: true,
                    ..steward
                }
            ),
            "name_of_another"
        );
        let peer = Attesting {
            speaks: true,
            peer_attested: true,
            steward: false,
            ..steward
        };
        assert_eq!(rule(&form, true, peer), "");
        assert_eq!(rule(&form, false, peer), "not_a_steward");
        assert_eq!(rule(&name, true, peer), "not_a_steward");
        assert_eq!(
            rule(
                &form,
                true,
                Attesting {
                    peer_attested: false,
                    ..peer
                }
            ),
            "not_a_peer"
        );
        assert_eq!(
            rule(
                &form,
                true,
                Attesting {
                    speaks: false,
                    ..peer
                }
            ),
            "not_a_coordinator"
        );
    }
}
