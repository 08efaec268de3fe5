//! What is allowed and why not: pure functions over facts.

pub mod organization;

use crate::accounts::Joining;
use crate::model::{Act, Decision, PersonName, Revocation, cut};
use store::Refusal;

/// What the tables know of whoever says something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// They have an account that is active.
    pub member: bool,
    /// They act for the commons.
    pub steward: bool,
    /// They may not publish any more.
    pub blocked: bool,
    /// The key that signed, or the author's own, was taken back.
    pub revoked: bool,
    /// They wait to be let in.
    pub waiting: bool,
    /// They have no account, and said something here before, or their key is a member's device.
    pub known: bool,
}

impl Standing {
    /// Returns whether they act for the commons now: stewards who can publish.
    #[must_use]
    pub const fn acts(self) -> bool {
        self.steward && self.member && !self.blocked && !self.revoked
    }

    /// Returns whether they let others in now: whoever can publish.
    #[must_use]
    pub const fn publishes(self) -> bool {
        self.member && !self.blocked && !self.revoked
    }
}

/// What a record is, as far as the gate looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Something of their own is withdrawn: nobody may be kept from that.
    Withdrawal,
    /// A decision was to be withdrawn: those are answered by other decisions.
    WithdrawalOfDecision,
    /// A revocation was to be withdrawn: a key that was stolen once is nobody's any more.
    WithdrawalOfRevocation,
    /// A key is taken back: nobody who is known here may be kept from that.
    Revocation,
    /// Anything else.
    Other,
}

/// What a device's key signs in the name of whoever delegated to it, as far as that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByDevice {
    /// A text, a remark: what people write.
    Writing,
    /// Something is withdrawn.
    Withdrawal {
        /// The same author said it.
        own: bool,
        /// It is what they say of themselves.
        of_person: bool,
    },
    /// A key is taken back.
    Revocation {
        /// It is the device's own.
        of_itself: bool,
    },
    /// Who people are, and what stewards decide.
    OfPeople,
}

/// How many keys somebody may take back within a day who is no steward; beside the one that signs.
pub const MOST_REVOCATIONS: i64 = 20;

/// The longest that a record may be ahead of the node's clock: 10 minutes, as clocks of phones go.
pub const MOST_AHEAD_MS: i64 = 10 * 60 * 1_000;

/// Judges who says something in this commons, whatever it is about.
///
/// # Errors
/// The refusal, with its rule: `key_revoked`, `not_a_member`, `waiting`, `blocked`, `ahead_of_time`, and those
/// of [`stays`].
pub fn gate(standing: Standing, said: Said, ahead_ms: i64) -> Result<(), Refusal> {
    stays(said)?;
    if standing.revoked {
        return Err(Refusal::new(
            "key_revoked",
            "this key was taken back",
            "sign with another key",
        ));
    }
    if ahead_ms > MOST_AHEAD_MS {
        return Err(Refusal::new(
            "ahead_of_time",
            "it says that it is published later than now",
            "set the clock of the machine that signs",
        ));
    }
    let known = standing.member || standing.waiting || standing.known;
    if said == Said::Withdrawal || said == Said::Revocation && known {
        return Ok(());
    }
    if standing.waiting {
        return Err(Refusal::new(
            "waiting",
            "a steward has not let this account in yet",
            "wait for the answer, which comes to the inbox",
        ));
    }
    if !standing.member {
        return Err(Refusal::new(
            "not_a_member",
            "only people with an account may write in this commons",
            "join it",
        ));
    }
    if standing.blocked {
        return Err(Refusal::new(
            "blocked",
            "a steward decided that this account may not publish",
            "read the reason among the decisions, and answer a steward",
        ));
    }
    Ok(())
}

/// The refusal of what a person publishes for others than everybody: who belongs to a space is not told yet.
#[must_use]
pub fn closed_space() -> Refusal {
    Refusal::new(
        "closed_space",
        "people publish for everybody here, in the space “public”",
        "sign it with the space “public”",
    )
}

/// Judges what may be withdrawn by nobody, also not by the commons.
///
/// # Errors
/// The refusal, with its rule: `decisions_stay`, `revocations_stay`.
pub fn stays(said: Said) -> Result<(), Refusal> {
    match said {
        Said::WithdrawalOfDecision => Err(Refusal::new(
            "decisions_stay",
            "what stewards decided is not withdrawn, so that everybody can read it",
            "decide otherwise",
        )),
        Said::WithdrawalOfRevocation => Err(Refusal::new(
            "revocations_stay",
            "that a key was taken back is not withdrawn",
            "use a new key",
        )),
        Said::Withdrawal | Said::Revocation | Said::Other => Ok(()),
    }
}

/// Judges what a device's key signs: it writes in somebody's name, and withdraws what they wrote. It does not say who
/// they are, does not act as a steward, and takes back no key but itself, so that whoever finds the device cannot take
/// over the account.
///
/// # Errors
/// The refusal, with its rule: `device_key`.
pub fn by_device(says: ByDevice) -> Result<(), Refusal> {
    let may = match says {
        ByDevice::Writing => true,
        ByDevice::Withdrawal { own, of_person } => own && !of_person,
        ByDevice::Revocation { of_itself } => of_itself,
        ByDevice::OfPeople => false,
    };
    if may {
        return Ok(());
    }
    Err(Refusal::new(
        "device_key",
        "a device's key writes in somebody's name; it does not speak of who they are, nor act as a steward",
        "sign with your own key",
    ))
}

/// Who takes a key back, and whose it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taking {
    /// The key signs its own revocation.
    pub itself: bool,
    /// The commons, or a steward of it.
    pub for_commons: bool,
    /// It is the commons' own key.
    pub of_commons: bool,
    /// It is the own key of another member.
    pub of_member: bool,
    /// How many keys its author took back within a day.
    pub today: i64,
}

/// Returns whether a key that is taken back signs for nobody any more, and not only no more for who says it: it says
/// so itself, or the commons or a steward does and gives a reason.
#[must_use]
pub fn is_for_everybody(itself: bool, for_commons: bool, reason: &str) -> bool {
    itself || for_commons && !reason.trim().is_empty()
}

/// Judges a revocation.
///
/// # Errors
/// The refusal, with its rule: `commons_key`, `no_reason`, `many_revocations`.
pub fn revoke(revocation: &Revocation, taking: Taking) -> Result<(), Refusal> {
    if taking.of_commons {
        return Err(Refusal::new(
            "commons_key",
            "the commons' own key is taken back by no record",
            "ask whoever keeps the node",
        ));
    }
    if taking.itself {
        return Ok(());
    }
    if taking.for_commons && taking.of_member && revocation.reason.trim().is_empty() {
        return Err(Refusal::new(
            "no_reason",
            "a member's key is taken back with a reason that everybody can read",
            "say why",
        ));
    }
    if !taking.for_commons && taking.today >= MOST_REVOCATIONS {
        return Err(Refusal::new(
            "many_revocations",
            format!("nobody takes back more than {MOST_REVOCATIONS} keys a day here"),
            "go on tomorrow, or ask a steward",
        ));
    }
    Ok(())
}

/// To whom a decision applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// It is whoever decides.
    pub itself: bool,
    /// How they stand.
    pub standing: Standing,
}

/// Judges a decision; `stewards` is how many there are who can act, none where only their home knows that. That they
/// themselves can is told by the [`gate`].
///
/// # Errors
/// The refusal, with its rule: `not_a_steward`, `no_reason`, `bad_setting`, `last_steward`, `own_block`,
/// `no_such_steward`.
pub fn decide(
    decision: &Decision,
    by: Standing,
    by_commons: bool,
    target: Target,
    stewards: Option<usize>,
) -> Result<(), Refusal> {
    if !by_commons && !by.steward {
        return Err(Refusal::new(
            "not_a_steward",
            "only stewards decide for the commons",
            "ask one of them",
        ));
    }
    let tells_itself = matches!(decision.act, Act::Appoint | Act::LetIn | Act::Set);
    if decision.reason.trim().is_empty() && !tells_itself {
        return Err(Refusal::new(
            "no_reason",
            "a decision has a reason that everybody can read",
            "say why",
        ));
    }
    if decision.act == Act::Set && stewards.is_some() {
        setting(&decision.about, &decision.value)?;
    }
    if decision.act == Act::Block && target.itself {
        return Err(Refusal::new(
            "own_block",
            "a steward cannot block themselves",
            "",
        ));
    }
    // Bundles hold such decisions from before they were refused.
    if decision.act == Act::Dismiss && stewards.is_some() && !target.standing.steward {
        return Err(Refusal::new(
            "no_such_steward",
            "who is dismissed is no steward",
            "",
        ));
    }
    // Whoever keeps the node stops an account that was taken over, and opens the commons again by the first link.
    let loses = decision.act == Act::Dismiss || decision.act == Act::Block && !by_commons;
    if loses && target.standing.acts() && stewards.is_some_and(|stewards| stewards <= 1) {
        return Err(last_steward());
    }
    Ok(())
}

/// The settings that stewards decide on: what the commons is called, what it is, who may come in, and what bounds those
/// who are new.
pub const SETTINGS: [&str; 4] = ["commons_name", "commons_about", "joining", "limits"];

/// Judges what a setting is to be.
fn setting(name: &str, value: &str) -> Result<(), Refusal> {
    let fits = match name {
        "commons_name" => PersonName::parse(value).is_ok(),
        "joining" => Joining::parse(value).is_some(),
        _ => SETTINGS.contains(&name),
    };
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        "bad_setting",
        format!("“{name}” cannot be set to “{}” here", cut(value)),
        format!("settings are {}", SETTINGS.join(", ")),
    ))
}

/// The refusal of what would leave the commons with nobody who can act for it.
#[must_use]
pub fn last_steward() -> Refusal {
    Refusal::new(
        "last_steward",
        "a commons keeps one steward at least who can act",
        "appoint another one first",
    )
}

#[cfg(test)]
mod tests {
    use super::{
        ByDevice, MOST_AHEAD_MS, MOST_REVOCATIONS, Said, Standing, Taking, Target, by_device,
        decide, gate, is_for_everybody, revoke,
    };
    use crate::model::{Act, Decision, Revocation};
    use record::SecretKey;

    fn rule(standing: Standing, said: Said) -> &'static str {
        gate(standing, said, 0)
            .err()
            .map_or("", |refusal| refusal.rule)
    }

    #[test]
    fn whoever_is_blocked_waits_or_is_not_here_may_only_withdraw() {
        let member = Standing {
            member: true,
            ..Standing::default()
        };
        let blocked = Standing {
            blocked: true,
            ..member
        };
        let waiting = Standing {
            waiting: true,
            ..Standing::default()
        };
        assert_eq!(rule(member, Said::Other), "");
        assert_eq!(rule(blocked, Said::Other), "blocked");
        assert_eq!(rule(waiting, Said::Other), "waiting");
        assert_eq!(rule(Standing::default(), Said::Other), "not_a_member");
        for one in [blocked, waiting, Standing::default()] {
            assert_eq!(rule(one, Said::Withdrawal), "");
        }
        let stolen = Standing {
            revoked: true,
            ..member
        };
        assert_eq!(rule(stolen, Said::Withdrawal), "key_revoked");
        assert_eq!(rule(stolen, Said::Revocation), "key_revoked");
        assert_eq!(rule(member, Said::WithdrawalOfDecision), "decisions_stay");
        assert_eq!(
            rule(member, Said::WithdrawalOfRevocation),
            "revocations_stay"
        );
        let late = gate(member, Said::Other, MOST_AHEAD_MS + 1);
        assert_eq!(late.expect_err("ahead").rule, "ahead_of_time");
    }

    #[test]
    fn nobody_who_is_known_is_kept_from_taking_a_key_back() {
        let of = |change: fn(&mut Standing)| {
            let mut standing = Standing::default();
            change(&mut standing);
            rule(standing, Said::Revocation)
        };
        assert_eq!(of(|one| one.waiting = true), "");
        assert_eq!(of(|one| one.known = true), "");
        let blocked = |one: &mut Standing| (one.member, one.blocked) = (true, true);
        assert_eq!(of(blocked), "");
        assert_eq!(of(|_| ()), "not_a_member");
        let known = Standing {
            known: true,
            ..Standing::default()
        };
        assert_eq!(rule(known, Said::Other), "not_a_member");
    }

    #[test]
    fn a_device_writes_and_takes_over_nothing() {
        let rule = |says| by_device(says).err().map_or("", |refusal| refusal.rule);
        let withdrawal = |own, of_person| ByDevice::Withdrawal { own, of_person };
        for (says, expected) in [
            (ByDevice::Writing, ""),
            (withdrawal(true, false), ""),
            (withdrawal(true, true), "device_key"),
            (withdrawal(false, false), "device_key"),
            (ByDevice::Revocation { of_itself: true }, ""),
            (ByDevice::Revocation { of_itself: false }, "device_key"),
            (ByDevice::OfPeople, "device_key"),
        ] {
            assert_eq!(rule(says), expected, "{says:?}");
        }
    }

    #[test]
    fn a_key_is_taken_back_by_its_owner_itself_or_for_the_commons_with_a_reason() {
        let rule = |reason: &str, taking| {
            let revocation = Revocation {
                key: SecretKey::from_bytes([7; 32]).did(),
                reason: reason.to_owned(),
            };
            let refused = revoke(&revocation, taking).err();
            refused.map_or("", |refusal| refusal.rule)
        };
        let member = Taking::default();
        assert_eq!(rule("", member), "");
        let busy = Taking {
            today: MOST_REVOCATIONS,
            ..member
        };
        assert_eq!(rule("", busy), "many_revocations");
        let itself = Taking {
            itself: true,
            ..busy
        };
        assert_eq!(rule("", itself), "", "whoever has it may always end it");
        let steward = Taking {
            for_commons: true,
            of_member: true,
            ..busy
        };
        assert_eq!(rule(" ", steward), "no_reason");
        assert_eq!(rule("stolen", steward), "");
        let of_commons = Taking {
            of_commons: true,
            ..steward
        };
        assert_eq!(rule("stolen", of_commons), "commons_key");
        // For whom it signs no more.
        assert!(is_for_everybody(true, false, ""));
        assert!(is_for_everybody(false, true, "stolen"));
        assert!(
            !is_for_everybody(false, true, " "),
            "a steward's own device"
        );
        assert!(!is_for_everybody(false, false, "stolen"));
    }

    #[test]
    fn stewards_decide_with_a_reason_and_one_stays() {
        let steward = Standing {
            member: true,
            steward: true,
            ..Standing::default()
        };
        let made = |act, reason: &str| Decision {
            act,
            about: String::new(),
            value: String::new(),
            reason: reason.to_owned(),
        };
        let rule = |decision: &Decision, by, itself, stewards| {
            let standing = if itself { by } else { Standing::default() };
            decide(
                decision,
                by,
                false,
                Target { itself, standing },
                Some(stewards),
            )
            .err()
            .map_or("", |refusal| refusal.rule)
        };
        assert_eq!(rule(&made(Act::Block, "spam"), steward, false, 1), "");
        assert_eq!(rule(&made(Act::Block, " "), steward, false, 1), "no_reason");
        assert_eq!(
            rule(&made(Act::Block, "spam"), steward, true, 1),
            "own_block"
        );
        assert_eq!(
            rule(&made(Act::Dismiss, "leaves"), steward, true, 1),
            "last_steward"
        );
        assert_eq!(rule(&made(Act::Dismiss, "leaves"), steward, true, 2), "");
        assert_eq!(
            rule(&made(Act::Dismiss, "leaves"), steward, false, 2),
            "no_such_steward"
        );
        assert_eq!(
            rule(&made(Act::Block, "spam"), Standing::default(), false, 1),
            "not_a_steward"
        );
        // Who is blocked, or whose key was taken back, acts for nobody: they are not the one who stays.
        for gone in [
            Standing {
                blocked: true,
                ..steward
            },
            Standing {
                revoked: true,
                ..steward
            },
            Standing {
                member: false,
                ..steward
            },
        ] {
            assert!(!gone.acts() && steward.acts());
            let target = Target {
                itself: false,
                standing: gone,
            };
            assert!(decide(&made(Act::Dismiss, "gone"), steward, false, target, Some(1)).is_ok());
            // What was decided before is taken in wherever it comes from.
            let nobody = Target::default();
            assert!(decide(&made(Act::Dismiss, "gone"), steward, false, nobody, None).is_ok());
        }
    }
}
