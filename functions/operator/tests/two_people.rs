//! Whatever operators and supervisors press, in whichever order their requests' steps come, and wherever one of them breaks off: what
//! is published under an id is one thing, and two people have asked for it and agreed to it.

#[path = "two_people/world.rs"]
mod world;

use boma_core::kernel::operator::Role;
use world::{Pressed, World, every_interleaving};

const OLGA: (&str, Role) = ("olga@boma.test", Role::Operator);
const OTTO: (&str, Role) = ("otto@boma.test", Role::Operator);
const SVEN: (&str, Role) = ("sven@boma.test", Role::Supervisor);
const SARA: (&str, Role) = ("sara@boma.test", Role::Supervisor);

fn scenarios() -> Vec<Vec<Pressed>> {
    let asks = |who, amount| Pressed::Ask { who, amount };
    let approves = |who, of, amount| Pressed::Decide { who, decision: "APPROVE", of, amount };
    let rejects = |who, of, amount| Pressed::Decide { who, decision: "REJECT", of, amount };
    vec![
        // Two at once under one id, and an approver who has seen one of them.
        vec![asks(OLGA, 100), asks(OTTO, 900), approves(SVEN, OLGA, 100), approves(SVEN, OTTO, 900)],
        // The request edited under its id after it was looked at.
        vec![asks(OLGA, 100), asks(OLGA, 900), approves(SVEN, OLGA, 100), approves(SARA, OLGA, 100)],
        // One approves while another one rejects.
        vec![asks(OLGA, 100), approves(SVEN, OLGA, 100), rejects(SARA, OLGA, 100), approves(SVEN, OLGA, 100)],
        // A supervisor who asks, and approves: first alone, then with another one.
        vec![asks(SVEN, 100), approves(SVEN, SVEN, 100), approves(SARA, SVEN, 100), rejects(SVEN, SVEN, 100)],
        // An operator who approves, and everybody who presses twice.
        vec![
            asks(OLGA, 100),
            asks(OLGA, 100),
            approves(OTTO, OLGA, 100),
            approves(SVEN, OLGA, 100),
            approves(SVEN, OLGA, 100),
        ],
    ]
}

#[test]
fn nothing_is_published_that_two_people_did_not_agree_on() {
    for (number, pressed) in scenarios().into_iter().enumerate() {
        let found = every_interleaving(World::of(&pressed));
        assert_eq!(found.wrong, None, "scenario {number}");
        assert!(found.published > 0, "scenario {number} publishes in none of {} ends", found.ends);
        assert!(found.unpublished > 0, "scenario {number}: in some ends nothing may be published");
    }
}

/// The checker finds what it looks for: with commits that ask for no version, the slower of two decisions wins.
#[test]
fn without_the_versions_that_were_read_something_else_is_published() {
    let wrong =
        scenarios().into_iter().filter_map(|pressed| every_interleaving(World::of(&pressed).without_guards()).wrong);
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.len() >= 3, "{wrong:?}");
    assert!(wrong.iter().any(|why| why.contains("REJECTED")), "{wrong:?}");
}
