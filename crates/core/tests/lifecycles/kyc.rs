//! KYC: the check's table, the suspensions' table, and both together, as they come to a customer's standing.

use std::collections::BTreeMap;

use crate::table::{Named as Row, edge, walk};
use boma_core::{
    domain::{
        IllegalTransition,
        kyc::{
            facts::{CheckDecision, CheckFact, CheckResult, KycFact, ReviewDecision},
            machine::{
                Announcement, Case, Change, Check, Edge, Input, Named, NoChange, Open, Refusal, SideEffect, Standing,
                Status, Step, Suspension, Suspensions, Taken, Told, change, step, transition,
            },
        },
    },
    kernel::{
        ids::{EventId, Id, SuspensionId},
        timestamp::Timestamp,
    },
};

#[test]
fn the_check_takes_the_edges_of_its_table_and_no_others() {
    let inputs: Vec<_> =
        Input::ALL.iter().map(|it| Row { input: *it, row: it.name().to_owned(), event: it.name() }).collect();
    let states: Vec<_> = Check::ALL.iter().map(|check| (*check, check.name())).collect();
    let walked = walk::<_, _, IllegalTransition>(include_str!("kyc.csv"), &states, &inputs, |from, input| {
        transition(from, input).map(|taken| edge(&to(taken), taken.also.name()))
    });
    assert_eq!(walked, (82, 88), "10 states x 17 inputs");
}

fn to(edge: Edge) -> String {
    if edge.or_expired { format!("{} or EXPIRED", edge.to) } else { edge.to.name().to_owned() }
}

#[test]
fn the_suspensions_come_to_their_table() {
    let mut listed: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    for line in include_str!("suspensions.csv").lines().skip(1) {
        let cells: Vec<_> = line.split(',').collect();
        let [open, event, named, comes_to] = cells[..] else { panic!("not four cells: {line}") };
        assert_eq!(listed.insert((open, event, named), comes_to), None, "{line} stands twice");
    }
    for (open, named, effect) in every_pair() {
        let comes_to = change(open, named, effect).map_or_else(NoChange::name, Change::name);
        let row = (open.name(), effect.name(), named.name());
        match effect {
            // The other events have nothing to do with suspensions, whatever they are.
            SideEffect::Nothing | SideEffect::NextAttempt | SideEffect::NextCycle | SideEffect::ClearValidity => {
                assert_eq!(comes_to, "kept", "{row:?}");
            }
            SideEffect::Suspend | SideEffect::Reinstate => {
                assert_eq!(listed.remove(&row), Some(comes_to), "{row:?}");
            }
            // They name none.
            SideEffect::Confirm | SideEffect::Close if named == Named::None => {
                assert_eq!(listed.remove(&row), Some(comes_to), "{row:?}");
            }
            SideEffect::Confirm | SideEffect::Close => {}
        }
    }
    assert!(listed.is_empty(), "rows that no event has: {listed:?}");
}

/// But for an open suspension where none is open.
fn every_pair() -> impl Iterator<Item = (Open, Named, SideEffect)> {
    let open = Open::ALL.iter().flat_map(|open| Named::ALL.iter().map(move |named| (*open, *named)));
    let open = open.filter(|pair| *pair != (Open::None, Named::Open));
    open.flat_map(|(open, named)| SideEffect::ALL.iter().map(move |effect| (open, named, *effect)))
}

const NOW: &str = "2026-03-01T10:00:00Z";
const VERSION: i64 = 7;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn suspension(number: usize) -> SuspensionId {
    SuspensionId::parse(&format!("50000000-0000-4000-8000-{number:012}")).expect("an id")
}

/// The event happened a day before it is decided.
fn told(fact: &KycFact) -> Told<'_> {
    let event = EventId::parse("e0000000-0000-4000-8000-000000000001").expect("an id");
    Told { fact, event, at: at("2026-02-28T10:00:00Z"), now: at(NOW) }
}

/// How long an approval holds, and how it is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Validity {
    Endless,
    AfterNow,
    BeforeNow,
    BeforeTheEvent,
}

impl Validity {
    const ALL: [Validity; 4] = [Validity::Endless, Validity::AfterNow, Validity::BeforeNow, Validity::BeforeTheEvent];

    fn until(self) -> Option<Timestamp> {
        match self {
            Validity::Endless => None,
            Validity::AfterNow => Some(at("2026-03-01T10:00:00.000001Z")),
            Validity::BeforeNow => Some(at(NOW)),
            Validity::BeforeTheEvent => Some(at("2026-02-28T10:00:00Z")),
        }
    }
}

fn standing(check: Check, open: usize, valid_until: Option<Timestamp>) -> Standing {
    let one = |number| (suspension(number), Suspension { reason: "court".to_owned(), since: at(NOW) });
    Standing {
        check,
        suspensions: Suspensions((0..open).map(one).collect()),
        version: VERSION,
        case: Case { valid_until, due_at: valid_until, ..Case::default() },
    }
}

fn fact(input: Input, id: Option<SuspensionId>, valid_until: Option<Timestamp>) -> KycFact {
    let reason = || "reason".to_owned();
    KycFact::Check(match input {
        Input::Submitted => CheckFact::Submitted,
        Input::Completed(decision) => CheckFact::Completed(CheckResult {
            decision,
            provider: "sumsub".to_owned(),
            review_id: "r-1".to_owned(),
            cycle: None,
            reasons: vec![reason()],
            valid_until,
        }),
        Input::Held => CheckFact::Held { reason: reason() },
        Input::Released => CheckFact::Released,
        Input::Reviewed(decision) => CheckFact::Reviewed { decision, reason: Some(reason()), valid_until },
        Input::Lapsed => CheckFact::Lapsed { kyc_version: VERSION },
        Input::Restarted => CheckFact::Restarted,
        Input::Appealed => CheckFact::Appealed,
        Input::Expired => CheckFact::Expired { kyc_version: VERSION },
        Input::Suspended => CheckFact::Suspended { id, reason: reason() },
        Input::Reinstated => CheckFact::Reinstated { id, reason: Some(reason()) },
        Input::SuspensionConfirmed => CheckFact::SuspensionConfirmed,
        Input::AccountClosed => CheckFact::AccountClosed { reason: reason() },
    })
}

/// What an event comes to, in words.
fn comes_to(from: &Standing, fact: &KycFact) -> String {
    match step(from, told(fact)) {
        Err(Refusal::Illegal(_)) => "IllegalTransition".to_owned(),
        Err(refusal) => refusal.to_string(),
        Ok(Step::Stale) => "stale".to_owned(),
        Ok(Step::Assigned(_)) => "assigned".to_owned(),
        Ok(Step::Taken(taken)) => {
            let Taken { standing, announcement, notice } = *taken;
            assert_eq!(standing.version, VERSION + 1, "an edge counts once");
            let announced = announcement.as_ref().map(|it: &Announcement| it.may_trade);
            let (before, after) = (from.may_trade(), standing.may_trade());
            assert_eq!(announced, (before != after).then_some(after), "{from:?} {fact:?}");
            assert_eq!(after, standing.check == Check::Approved && standing.suspensions.is_empty());
            let told = notice.map(|it| it.template.name());
            let due = match standing.check.name() {
                same if same == from.check.name() => None,
                "APPROVED" => Some("KYC_APPROVED"),
                "REJECTED" => Some("KYC_REJECTED"),
                "RESUBMISSION_REQUIRED" => Some("KYC_RESUBMISSION"),
                _ => None,
            };
            assert_eq!(told, due, "{from:?} {fact:?}");
            format!("{} with {}, {}", standing.check, standing.suspensions.0.len(), standing.status())
        }
    }
}

/// The same, from the two tables as they are written down.
fn expected(check: Check, open: usize, input: Input, named: Named, validity: Validity) -> String {
    let row = format!("{check},{},", input.name());
    let Some(row) = include_str!("kyc.csv").lines().find_map(|line| line.strip_prefix(&row)) else {
        // What says once more what is so already.
        return if (check, input) == (Check::OnHold, Input::Held) { "stale" } else { "IllegalTransition" }.to_owned();
    };
    let (to, also) = row.split_once(',').expect("two cells");
    let count = ["none", "one", "several"][open];
    let after = match also {
        "opens a suspension" if named == Named::Open => return "stale".to_owned(),
        "opens a suspension" => open + 1,
        "lifts a suspension" | "closes all suspensions: there must be one" if open == 0 => {
            return "IllegalTransition".to_owned();
        }
        "lifts a suspension" => {
            let row = format!("{count},{also},{},", named.name());
            let lifts = include_str!("suspensions.csv").lines().find_map(|line| line.strip_prefix(&row));
            match lifts.expect("a row") {
                "the only one lifted" | "the named one lifted" => open - 1,
                refused => return refused.to_owned(),
            }
        }
        "closes all suspensions: there must be one" | "closes all suspensions" => 0,
        _ => open,
    };
    let to = match (to, validity) {
        ("APPROVED or EXPIRED", Validity::BeforeTheEvent) if input != Input::Reinstated => {
            return "AlreadyExpired".to_owned();
        }
        ("APPROVED or EXPIRED", Validity::Endless | Validity::AfterNow) => "APPROVED",
        ("APPROVED or EXPIRED", Validity::BeforeNow | Validity::BeforeTheEvent) => "EXPIRED",
        (to, _) => to,
    };
    let status = if after > 0 && to != "CLOSED" { "SUSPENDED" } else { to };
    format!("{to} with {after}, {status}")
}

#[test]
fn every_event_comes_to_what_both_tables_say_with_none_one_and_several_suspensions() {
    let mut walked = 0;
    for check in Check::ALL {
        // A closed account has none.
        for open in if *check == Check::Closed { 0..1 } else { 0..3 } {
            for (input, named, validity) in every_event(open) {
                let id = match named {
                    Named::None => None,
                    Named::Open => Some(suspension(0)),
                    Named::Other => Some(suspension(9)),
                };
                let fact = fact(input, id, validity.until());
                // What a result doesn't name, the case has.
                for kept in [None, validity.until()] {
                    let from = standing(*check, open, kept);
                    let told = format!("{check} with {open}, {input:?} {named:?} {validity:?}, {kept:?} kept");
                    let says_its_end = matches!(
                        input,
                        Input::Completed(CheckDecision::Approved) | Input::Reviewed(ReviewDecision::Approved)
                    );
                    let validity = if says_its_end || kept.is_some() { validity } else { Validity::Endless };
                    assert_eq!(comes_to(&from, &fact), expected(*check, open, input, named, validity), "{told}");
                    walked += 1;
                }
            }
        }
    }
    assert_eq!(walked, 4_544);
    assert_eq!(Status::ALL.len(), Check::ALL.len() + 1);
}

fn every_event(open: usize) -> impl Iterator<Item = (Input, Named, Validity)> {
    let events = Input::ALL.iter().flat_map(move |input| {
        let names_one = matches!(input, Input::Suspended | Input::Reinstated);
        let named = Named::ALL.iter().filter(move |named| match named {
            Named::None => true,
            Named::Open => names_one && open > 0,
            Named::Other => names_one,
        });
        named.map(move |named| (*input, *named))
    });
    events.flat_map(|(input, named)| Validity::ALL.map(|validity| (input, named, validity)))
}
