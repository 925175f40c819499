//! Access and profile.

use crate::table::{Edge, Named, edge, walk};
use boma_core::domain::{
    IllegalTransition,
    customer::{
        access::{facts::AccessFact, machine as access},
        profile::{
            facts::{Profile, ProfileFact},
            machine::{self as profile, AlreadyRegistered},
        },
    },
};

#[test]
fn access_takes_only_a_version_above_the_last() {
    const VERSION: i64 = 5;
    // The version applied last, and that of the customer's KYC.
    let states = [
        ((4, 5), "an older version"),
        ((4, i64::MAX), "an older version"),
        ((5, 5), "the same version"),
        ((5, 4), "the same version"),
        ((6, 6), "a newer version"),
        ((i64::MAX, 4), "a newer version"),
        ((3, 4), "behind KYC's version"),
        ((0, 0), "behind KYC's version"),
    ];
    let inputs = [(true, "UserActive"), (false, "UserRestricted")];
    let inputs = inputs.map(|(may_trade, event)| Named { input: may_trade, row: event.to_owned(), event });
    for one_by_one in states {
        let of_state = include_str!("access.csv").lines().filter(|line| line.starts_with(one_by_one.1));
        let csv: Vec<_> = std::iter::once("from,event,to,also").chain(of_state).collect();
        let walked =
            walk::<_, _, IllegalTransition>(&csv.join("\n"), &[one_by_one], &inputs, |(applied, kyc), may_trade| {
                Ok(match access::transition(applied, kyc, AccessFact { may_trade, version: VERSION }) {
                    Ok(access::Step::Set { trading_enabled, version: VERSION }) => {
                        edge(&trading_enabled.to_string(), "")
                    }
                    Ok(access::Step::Set { .. }) => edge("another version", ""),
                    Ok(access::Step::Stale) => edge("unchanged", "stale"),
                    Err(ahead) => edge("unchanged", &format!("refused: {ahead}")),
                })
            });
        assert_eq!(walked, (2, 0), "{one_by_one:?}");
    }
}

/// The refusals of a profile. It has no state in which an event is illegal.
#[derive(Debug, PartialEq, Eq)]
enum No {
    AlreadyRegistered,
    Illegal(IllegalTransition),
}

impl From<IllegalTransition> for No {
    fn from(illegal: IllegalTransition) -> No {
        // The one pair without a row.
        let expected = IllegalTransition { from: "user", event: "UserRegistered" };
        if illegal == expected { No::AlreadyRegistered } else { No::Illegal(illegal) }
    }
}

#[test]
fn a_profile_is_created_once_and_then_changed() {
    let profile = Profile { email: "a@b.c".into(), full_name: "A".into(), fields: vec![("region", "Prague".into())] };
    let facts = [ProfileFact::Registered(profile.clone()), ProfileFact::Changed(vec![("region", "Brno".into())])];
    let events = ["UserRegistered", "ProfileChanged"];
    let inputs = [0, 1].map(|index| Named { input: index, row: events[index].to_owned(), event: events[index] });
    let states = [(false, "no user"), (true, "user")];
    let as_edge = |step: profile::Step| -> Edge {
        match step {
            profile::Step::Create(created) if created == profile => edge("user", "created whole"),
            profile::Step::Create(_) => edge("user", "other than registered"),
            profile::Step::Change(fields) if fields == [("region", "Brno".into())] => edge("user", "the named fields"),
            profile::Step::Change(_) => edge("user", "other fields"),
            profile::Step::AwaitRegistration => edge("no user", "awaits"),
        }
    };
    let walked = walk::<_, _, No>(include_str!("profile.csv"), &states, &inputs, |registered, index| {
        profile::transition(registered, facts[index].clone())
            .map(as_edge)
            .map_err(|AlreadyRegistered| No::AlreadyRegistered)
    });
    assert_eq!(walked, (3, 1), "2 states x 2 events");
}
