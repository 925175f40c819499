//! Approvals: what a second person's answer does, and who may give it.

use crate::table::{Named, edge, walk};
use boma_core::{
    domain::{
        IllegalTransition,
        approvals::{
            facts::{COMMANDS, Decision, Matter, People, people_behind},
            machine::{Approval, Decided, Refusal, Status, Step, Told, step},
        },
    },
    event::catalog::{EventType, Topic},
    kernel::{
        digest::Digest,
        operator::{Operator, Role},
        timestamp::Timestamp,
    },
};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
const NOW: i64 = 20_000 * DAY;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("in range")
}

fn supervisor(email: &str) -> Operator {
    Operator { email: email.to_owned(), account: None, role: Role::Supervisor, signed_in_at: at(NOW - 60 * SECOND) }
}

fn approval(status: Status, asked_ago: i64, decided: Option<(&str, i64)>) -> Approval {
    let digest = Digest::stored("1:what was asked for");
    Approval {
        status,
        digest_now: digest.clone(),
        digest,
        requested_by: "olga@boma.test".to_owned(),
        requested_by_id: Some("account of olga".to_owned()),
        requested_at: at(NOW - asked_ago),
        decided: decided.map(|(by, ago)| Decided { by: by.to_owned(), at: at(NOW - ago) }),
    }
}

/// (status, asked how long ago, (decided by, how long ago))
type State = (Status, i64, Option<(&'static str, i64)>);

const SAME: &str = "Sven@boma.test";
const STATES: &[(State, &str)] = &[
    ((Status::Pending, 7 * DAY, None), "PENDING"),
    ((Status::Pending, 7 * DAY + 1, None), "PENDING for too long"),
    ((Status::Approved, 8 * DAY, Some((SAME, 7 * DAY))), "APPROVED by the same"),
    ((Status::Approved, 8 * DAY, Some((SAME, 7 * DAY + 1))), "APPROVED by the same long ago"),
    ((Status::Approved, DAY, Some(("sara@boma.test", 0))), "APPROVED"),
    ((Status::Rejected, 40 * DAY, Some((SAME, 39 * DAY))), "REJECTED by the same"),
    ((Status::Rejected, DAY, Some(("sara@boma.test", 0))), "REJECTED"),
    ((Status::Expired, 8 * DAY, None), "EXPIRED"),
];

/// What an answer is refused with that no row has: the status, and the answer.
#[derive(Debug, PartialEq, Eq)]
struct Closed(&'static str);

impl From<IllegalTransition> for Closed {
    fn from(IllegalTransition { from, .. }: IllegalTransition) -> Closed {
        Closed(from.split(' ').next().expect("a word"))
    }
}

#[test]
fn a_second_person_decides_once() {
    let sven = supervisor("sven@boma.test");
    let inputs: Vec<_> = Decision::ALL
        .iter()
        .map(|decision| Named { input: *decision, row: decision.name().to_owned(), event: decision.name() })
        .collect();
    let walked = walk::<State, _, Closed>(include_str!("approvals.csv"), STATES, &inputs, |state, decision| {
        let (status, asked_ago, decided) = state;
        let known = approval(status, asked_ago, decided);
        let told = Told { decision, digest: known.digest.as_str(), by: &sven, now: at(NOW) };
        match step(&known, told) {
            Ok(Step::Approve) => Ok(edge("APPROVED", "stored")),
            Ok(Step::Reject) => Ok(edge("REJECTED", "stored")),
            Ok(Step::Expire) => Ok(edge("EXPIRED", "stored")),
            Ok(Step::ApproveAgain) => Ok(edge(status.name(), "done once more")),
            Ok(Step::RejectAgain) => Ok(edge(status.name(), "answered again")),
            Err(Refusal::Closed(status)) => Err(Closed(status.name())),
            Err(refusal) => Ok(edge(status.name(), &format!("refused: {refusal}"))),
        }
    });
    assert_eq!(walked, (7, 9), "8 states x 2 answers");
}

#[test]
fn whatever_the_status_only_another_supervisor_who_has_just_signed_in_decides_on_what_was_seen() {
    let sven = supervisor("sven@boma.test");
    let operator = Operator { role: Role::Operator, ..sven.clone() };
    let herself = supervisor("OLGA@boma.test");
    let renamed = Operator { account: Some("account of olga".to_owned()), ..supervisor("olga+2@boma.test") };
    let namesake = Operator { account: Some("account of sven".to_owned()), ..supervisor("olga+2@boma.test") };
    let tired = Operator { signed_in_at: at(NOW - 15 * 60 * SECOND - 1), ..sven.clone() };
    let tired_herself = Operator { signed_in_at: tired.signed_in_at, ..herself.clone() };
    for ((status, asked_ago, decided), name) in STATES {
        for decision in Decision::ALL {
            let known = approval(*status, *asked_ago, *decided);
            let refused = |known: &Approval, by: &Operator, digest: &str| {
                step(known, Told { decision: *decision, digest, by, now: at(NOW) }).err()
            };
            let seen = known.digest.as_str();
            assert_eq!(refused(&known, &operator, "other"), Some(Refusal::NotSupervisor), "{name}");
            assert_eq!(refused(&known, &tired_herself, "other"), Some(Refusal::OwnRequest), "{name}");
            assert_eq!(refused(&known, &herself, seen), Some(Refusal::OwnRequest), "{name}");
            assert_eq!(refused(&known, &renamed, seen), Some(Refusal::OwnRequest), "{name}: with another address");
            assert_ne!(refused(&known, &namesake, seen), Some(Refusal::OwnRequest), "{name}");
            assert_eq!(refused(&known, &tired, seen), Some(Refusal::SignedInTooLongAgo), "{name}");
            assert_eq!(refused(&known, &sven, "other"), Some(Refusal::AnotherDigest), "{name}");
            let edited = Approval { digest_now: Digest::stored("1:something else"), ..known.clone() };
            assert_eq!(refused(&edited, &sven, seen), Some(Refusal::AnotherDigest), "{name}");
            let now = edited.digest_now.as_str().to_owned();
            assert_eq!(refused(&edited, &sven, &now), Some(Refusal::AnotherDigest), "{name}");
        }
    }
}

#[test]
fn every_type_of_operations_is_a_command_with_its_people() {
    let of_the_topic: Vec<_> =
        EventType::ALL.iter().copied().filter(|known| known.topic() == Topic::Operations).collect();
    let mut listed: Vec<_> = COMMANDS.iter().map(|(known, _)| *known).collect();
    listed.sort_unstable();
    assert_eq!(listed, of_the_topic);
    let two: Vec<_> = listed.into_iter().filter(|known| people_behind(*known) == People::Two).collect();
    let names =
        ["KycReinstated", "KycSuspensionConfirmed", "KycAppealed", "AccountClosed", "BalanceAdjusted", "PayoutOrdered"];
    assert_eq!(two.iter().map(|known| known.name()).collect::<Vec<_>>(), names);
    assert_eq!(people_behind(EventType::PaymentReceived), People::Two, "what is no command is nobody's alone");
    for known in EventType::ALL {
        assert_eq!(Matter::from_name(known.name()), Some(Matter::Command(*known)));
    }
    assert_eq!(Matter::from_name("LetterDiscarded"), Some(Matter::LetterDiscarded));
}
