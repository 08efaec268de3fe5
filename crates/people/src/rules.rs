//! What is allowed and why not: pure functions over facts.

pub mod organization;

use crate::model::{Act, Decision};
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
    /// The key that signed was taken back by its owner.
    pub revoked: bool,
    /// They wait to be let in.
    pub waiting: bool,
}

/// What a record is, as far as the gate looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Something of their own is withdrawn: nobody may be kept from that.
    Withdrawal,
    /// A decision was to be withdrawn: those are answered by other decisions.
    WithdrawalOfDecision,
    /// Anything else.
    Other,
}

/// The longest that a record may be ahead of the node's clock: 10 minutes, as clocks of phones go.
pub const MOST_AHEAD_MS: i64 = 10 * 60 * 1_000;

/// Judges who says something in this commons, whatever it is about.
///
/// # Errors
/// The refusal, with its rule: `key_revoked`, `not_a_member`, `waiting`, `blocked`, `ahead_of_time`, `decisions_stay`.
pub fn gate(standing: Standing, said: Said, ahead_ms: i64) -> Result<(), Refusal> {
    if said == Said::WithdrawalOfDecision {
        return Err(Refusal::new(
            "decisions_stay",
            "what stewards decided is not withdrawn, so that everybody can read it",
            "decide otherwise",
        ));
    }
    if standing.revoked {
        return Err(Refusal::new(
            "key_revoked",
            "its owner took this key back",
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
    if said == Said::Withdrawal {
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

/// Judges a decision.
///
/// # Errors
/// The refusal, with its rule: `not_a_steward`, `no_reason`, `last_steward`, `own_block`.
pub fn decide(
    decision: &Decision,
    by: Standing,
    by_commons: bool,
    about_self: bool,
    stewards: i64,
) -> Result<(), Refusal> {
    if !by_commons && !by.steward {
        return Err(Refusal::new(
            "not_a_steward",
            "only stewards decide for the commons",
            "ask one of them",
        ));
    }
    if decision.reason.trim().is_empty() && decision.act != Act::Appoint {
        return Err(Refusal::new(
            "no_reason",
            "a decision has a reason that everybody can read",
            "say why",
        ));
    }
    if decision.act == Act::Block && about_self {
        return Err(Refusal::new(
            "own_block",
            "a steward cannot block themselves",
            "",
        ));
    }
    if decision.act == Act::Dismiss && stewards <= 1 {
        return Err(Refusal::new(
            "last_steward",
            "a commons keeps one steward at least",
            "appoint another one first",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MOST_AHEAD_MS, Said, Standing, decide, gate};
    use crate::model::{Act, Decision};

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
        assert_eq!(rule(member, Said::WithdrawalOfDecision), "decisions_stay");
        let late = gate(member, Said::Other, MOST_AHEAD_MS + 1);
        assert_eq!(late.expect_err("ahead").rule, "ahead_of_time");
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
            reason: reason.to_owned(),
        };
        let rule = |decision: &Decision, by, own, stewards| {
            decide(decision, by, false, own, stewards)
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
            rule(&made(Act::Block, "spam"), Standing::default(), false, 1),
            "not_a_steward"
        );
    }
}
