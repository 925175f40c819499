//! Every state x event pair of the KYC and access machines, against the tables kept as data.

use std::collections::BTreeMap;

use boma_core::{
    facts::access::AccessFact,
    machines::{
        IllegalTransition,
        access::{self, Step},
        kyc::{Also, Input, Status, transition},
    },
};

/// (from, event) -> (to, also)
type Table = BTreeMap<(String, String), (String, String)>;

fn kyc_table() -> Table {
    let mut table = Table::new();
    for row in include_str!("tables/kyc.md").lines().skip(2) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [from, event, to, also] = cells[..] else { panic!("not four cells: {row}") };
        for from in from.split(", ") {
            let key = (from.to_owned(), event.to_owned());
            let before = table.insert(key, (to.to_owned(), also.to_owned()));
            assert!(before.is_none(), "{from} + {event} stands twice");
        }
    }
    table
}

fn event(input: Input) -> String {
    let validity = match input {
        Input::Reinstated { still_valid } if still_valid => ", still valid",
        Input::Reinstated { .. } => ", no longer valid",
        Input::Submitted
        | Input::Completed(_)
        | Input::Held
        | Input::Released
        | Input::Reviewed(_)
        | Input::Lapsed
        | Input::Restarted
        | Input::Appealed
        | Input::Expired
        | Input::Suspended
        | Input::SuspensionConfirmed
        | Input::AccountClosed => "",
    };
    format!("{}{validity}", input.name())
}

fn also(also: Also) -> &'static str {
    match also {
        Also::Nothing => "",
        Also::NextAttempt => "attempt + 1",
        Also::NextCycle => "cycle + 1",
        Also::Activate => "UserActive",
        Also::Restrict => "UserRestricted",
    }
}

#[test]
fn kyc_takes_the_edges_of_its_table_and_no_others() {
    let mut listed = kyc_table();
    let (mut taken, mut refused) = (0, 0);
    for from in Status::ALL {
        for input in Input::ALL {
            let expected = listed.remove(&(from.name().to_owned(), event(*input)));
            let actual = transition(*from, *input).map(|edge| (edge.to.name().to_owned(), also(edge.also).to_owned()));
            match expected {
                Some(edge) => assert_eq!(actual, Ok(edge), "{from} + {}", event(*input)),
                None => {
                    let illegal = IllegalTransition { from: from.name(), event: input.name() };
                    assert_eq!(actual, Err(illegal), "{from} + {}", event(*input));
                }
            }
            if actual.is_ok() { taken += 1 } else { refused += 1 }
        }
    }
    assert!(listed.is_empty(), "rows that no state or event has: {listed:?}");
    assert_eq!((taken, refused), (43, 155), "11 states x 18 inputs");
}

#[test]
fn access_takes_only_a_version_above_the_last() {
    for applied in 0..4 {
        for version in 0..4 {
            for may_trade in [true, false] {
                let step = access::transition(applied, AccessFact { may_trade, version });
                let expected =
                    if version > applied { Step::Set { trading_enabled: may_trade, version } } else { Step::Stale };
                assert_eq!(step, expected, "{applied} then {version}");
            }
        }
    }
}
