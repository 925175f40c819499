//! Whatever happens to a customer in whatever order: an approval is in force only while it is valid and nothing suspends it.

use std::collections::BTreeSet;

use boma_core::{
    domain::kyc::{
        documents::kyc_case,
        facts::{CheckDecision, CheckFact, CheckResult, ClaimFact, KycFact, ReviewDecision},
        machine::{Case, Check, Standing, Status, Step, Suspensions, Taken, Told, step},
    },
    kernel::{
        ids::{EventId, Id, SuspensionId, UserId},
        timestamp::Timestamp,
    },
    store::{
        document::Document,
        value::{Map, map},
        write::Write,
    },
};
use property::check_some;
use proptest::prelude::*;

const HOUR: i64 = 3_600_000_000;

/// Where the stories begin, in hours since 1970.
const BEGIN: i64 = 490_000;

fn hour(number: i64) -> Timestamp {
    Timestamp::from_micros(number * HOUR).expect("a moment in our time")
}

fn customer() -> UserId {
    UserId::parse("a0000000-0000-4000-8000-000000000001").expect("an id")
}

fn event(number: usize) -> EventId {
    EventId::parse(&format!("e0000000-0000-4000-8000-{number:012}")).expect("an id")
}

fn suspension(number: usize) -> SuspensionId {
    SuspensionId::parse(&format!("50000000-0000-4000-8000-{number:012}")).expect("an id")
}

#[derive(Clone, Debug)]
enum Happening {
    /// So many hours go by, and the clock looks who is due.
    Clock(i64),
    /// A fact that is so many hours old. Its validUntil, if it names one, lies so many hours from now.
    Fact { template: KycFact, hours_old: i64, valid_hours: Option<i64> },
}

fn result(decision: CheckDecision, review: usize) -> CheckResult {
    CheckResult {
        decision,
        provider: "sumsub".to_owned(),
        review_id: format!("r-{review}"),
        cycle: None,
        reasons: vec!["SANCTIONS".to_owned(), "PEP".to_owned()],
        valid_until: None,
    }
}

fn facts() -> impl Strategy<Value = KycFact> {
    let decisions = (prop::sample::select(CheckDecision::ALL), 0..6usize);
    let named = prop::option::of((0..3usize).prop_map(suspension));
    let reviewed = |decision| CheckFact::Reviewed { decision, reason: None, valid_until: None };
    let reason = || "court order".to_owned();
    let operator = |number: usize| format!("op-{number}");
    let check = prop_oneof![
        12 => decisions.prop_map(|(decision, review)| CheckFact::Completed(result(decision, review))),
        3 => Just(CheckFact::Submitted),
        3 => prop::sample::select(ReviewDecision::ALL).prop_map(reviewed),
        1 => Just(CheckFact::Held { reason: reason() }),
        1 => Just(CheckFact::Released),
        2 => Just(CheckFact::Restarted),
        2 => Just(CheckFact::Appealed),
        4 => named.clone().prop_map(move |id| CheckFact::Suspended { id, reason: reason() }),
        6 => named.prop_map(|id| CheckFact::Reinstated { id, reason: None }),
        1 => Just(CheckFact::SuspensionConfirmed),
        // A deadline that anybody may have made up.
        1 => (0..9i64).prop_map(|kyc_version| CheckFact::Expired { kyc_version }),
        1 => (0..9i64).prop_map(|kyc_version| CheckFact::Lapsed { kyc_version }),
    ];
    prop_oneof![
        20 => check.prop_map(KycFact::Check),
        1 => (0..2usize).prop_map(move |number| KycFact::Claim(ClaimFact::Claimed { operator: operator(number) })),
    ]
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let fact = (facts(), 0..48i64, prop::option::of(-60..900i64));
    let fact = fact.prop_map(|(template, hours_old, valid_hours)| Happening::Fact { template, hours_old, valid_hours });
    let one = prop_oneof![8 => fact, 1 => (0..900i64).prop_map(Happening::Clock)];
    prop::collection::vec(one, 1..60)
}

/// What a second pair of eyes knows: which suspensions are open, which reviews are old, and what was announced last.
#[derive(Debug)]
struct Story {
    standing: Standing,
    now: i64,
    events: usize,
    open: BTreeSet<SuspensionId>,
    of_this_cycle: BTreeSet<String>,
    of_earlier_cycles: BTreeSet<String>,
    may_trade: bool,
}

impl Story {
    fn new() -> Story {
        let standing = Standing {
            check: Check::Pending,
            suspensions: Suspensions::default(),
            version: 0,
            case: Case::default().begun(hour(BEGIN)),
        };
        Story {
            standing,
            now: BEGIN,
            events: 0,
            open: BTreeSet::new(),
            of_this_cycle: BTreeSet::new(),
            of_earlier_cycles: BTreeSet::new(),
            may_trade: false,
        }
    }

    fn happens(&mut self, happening: &Happening) -> Result<(), TestCaseError> {
        match happening {
            Happening::Clock(hours) => {
                self.now += hours;
                self.clock_runs()?;
                let until = self.standing.case.valid_until;
                let holds = until.is_none_or(|until| until > hour(self.now));
                prop_assert!(self.standing.check != Check::Approved || holds, "approved until {until:?}");
            }
            Happening::Fact { template, hours_old, valid_hours } => {
                let until = valid_hours.map(|hours| hour(self.now + hours));
                self.hears(&with_end(template, until), hour(self.now - hours_old))?;
            }
        }
        self.must_hold()
    }

    /// As the function `clock` does: whoever is due by the case.
    fn clock_runs(&mut self) -> Result<(), TestCaseError> {
        let Some(at) = self.standing.case.due_at.filter(|due_at| *due_at <= hour(self.now)) else { return Ok(()) };
        let kyc_version = self.standing.version;
        let ended = match self.standing.check.name() {
            "APPROVED" => CheckFact::Expired { kyc_version },
            "PENDING" | "RESUBMISSION_REQUIRED" => CheckFact::Lapsed { kyc_version },
            other => return Err(TestCaseError::fail(format!("dueAt, but time ends no {other}"))),
        };
        self.hears(&KycFact::Check(ended), at)
    }

    fn hears(&mut self, fact: &KycFact, at: Timestamp) -> Result<(), TestCaseError> {
        self.events += 1;
        let told = Told { fact, event: event(self.events), at, now: hour(self.now) };
        match step(&self.standing, told) {
            Ok(Step::Taken(taken)) => self.takes(fact, *taken),
            Ok(Step::Assigned(claim)) => {
                self.standing.case.claim = claim;
                Ok(())
            }
            Ok(Step::Stale) | Err(_) => Ok(()),
        }
    }

    fn takes(&mut self, fact: &KycFact, taken: Taken) -> Result<(), TestCaseError> {
        let Taken { standing, announcement, .. } = taken;
        let KycFact::Check(fact) = fact else { return Err(TestCaseError::fail("a claim counts no edge")) };
        self.note(fact, &standing)?;
        prop_assert_eq!(standing.version, self.standing.version + 1);
        let open: BTreeSet<_> = standing.suspensions.0.keys().copied().collect();
        prop_assert_eq!(&open, &self.open, "after {:?}", fact);
        if let Some(announcement) = announcement {
            prop_assert_ne!(announcement.may_trade, self.may_trade, "told twice");
            self.may_trade = announcement.may_trade;
        }
        self.standing = standing;
        Ok(())
    }

    fn note(&mut self, fact: &CheckFact, after: &Standing) -> Result<(), TestCaseError> {
        match fact {
            CheckFact::Suspended { id, .. } => {
                self.open.insert(id.unwrap_or(SuspensionId::of_event(event(self.events))));
            }
            CheckFact::Reinstated { id: Some(id), .. } => {
                prop_assert!(self.open.remove(id));
            }
            CheckFact::Reinstated { id: None, .. } => {
                prop_assert_eq!(self.open.len(), 1);
                self.open.clear();
            }
            CheckFact::SuspensionConfirmed | CheckFact::AccountClosed { .. } => self.open.clear(),
            CheckFact::Completed(result) => {
                prop_assert!(!self.of_earlier_cycles.contains(&result.review_id), "an old review");
                self.of_this_cycle.insert(result.review_id.clone());
                if result.decision == CheckDecision::Rejected && self.standing.check == Check::Approved {
                    self.open.insert(SuspensionId::of_event(event(self.events)));
                }
            }
            CheckFact::Restarted | CheckFact::Appealed => {
                self.of_earlier_cycles.append(&mut self.of_this_cycle);
                let Case { last_result, reasons, valid_until, cycle, attempt, .. } = &after.case;
                prop_assert_eq!((last_result, reasons.len(), valid_until), (&None, 0, &None));
                prop_assert_eq!((*cycle, *attempt), (self.standing.case.cycle + 1, 1));
            }
            CheckFact::Submitted
            | CheckFact::Reviewed { .. }
            | CheckFact::Held { .. }
            | CheckFact::Released
            | CheckFact::Lapsed { .. }
            | CheckFact::Expired { .. } => {}
        }
        Ok(())
    }

    fn must_hold(&self) -> Result<(), TestCaseError> {
        let status = self.standing.status();
        prop_assert_eq!(status == Status::Approved, self.may_trade);
        prop_assert!(status != Status::Approved || self.open.is_empty(), "approved with {:?} open", self.open);
        prop_assert_eq!(status == Status::Suspended, !self.open.is_empty() && self.standing.check != Check::Closed);
        if self.standing.check == Check::Approved {
            prop_assert_eq!(self.standing.case.due_at, self.standing.case.valid_until);
        }
        let stored = read_back(&self.standing).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&stored, &self.standing);
        Ok(())
    }
}

fn with_end(template: &KycFact, until: Option<Timestamp>) -> KycFact {
    let mut fact = template.clone();
    if let KycFact::Check(
        CheckFact::Completed(CheckResult { valid_until, .. }) | CheckFact::Reviewed { valid_until, .. },
    ) = &mut fact
    {
        *valid_until = until;
    }
    fact
}

/// Through the documents and back.
fn read_back(standing: &Standing) -> Result<Standing, String> {
    let Standing { check, suspensions, version, case } = standing;
    let write = kyc_case::write(customer(), *check, suspensions, case.clone());
    let user = map([("kycStatus", standing.status().name().into()), ("kycVersion", (*version).into())]);
    let case = Document { fields: fields_of(write) };
    kyc_case::standing(customer(), &Document { fields: user }, Some(&case)).map_err(|it| it.to_string())
}

fn fields_of(write: Write) -> Map {
    write.changes.into_iter().filter_map(|change| Some((change.field[0].clone(), change.value?))).collect()
}

#[test]
fn an_approval_is_in_force_only_while_it_is_valid_and_nothing_suspends_it() {
    check_some(3_000, happenings(), |happenings| {
        let mut story = Story::new();
        happenings.iter().try_for_each(|happening| story.happens(happening))
    });
}
