//! Nothing of a case grows for ever, and no text of it is longer than an event may have one.

use boma_core::{
    domain::kyc::{
        facts::{CheckDecision, CheckFact, CheckResult, KycFact},
        machine::{Case, Check, MOST_SUSPENSIONS, Refusal, Standing, Step, Suspension, Suspensions, Told, step},
    },
    kernel::{
        ids::{EventId, Id, SuspensionId},
        timestamp::Timestamp,
    },
};

const NOW: &str = "2026-03-01T10:00:00Z";

fn now() -> Timestamp {
    Timestamp::parse(NOW).expect("a time")
}

fn standing(check: Check) -> Standing {
    Standing { check, suspensions: Suspensions::default(), version: 0, case: Case::default().begun(now()) }
}

fn suspension(number: usize) -> (SuspensionId, Suspension) {
    let id = SuspensionId::parse(&format!("50000000-0000-4000-8000-{number:012}")).expect("an id");
    (id, Suspension { reason: "court".to_owned(), since: now() })
}

fn result(decision: CheckDecision, review: usize) -> CheckResult {
    let (provider, review_id) = ("sumsub".to_owned(), format!("r-{review}"));
    CheckResult { decision, provider, review_id, cycle: None, reasons: Vec::new(), valid_until: None }
}

fn told(fact: &KycFact) -> Told<'_> {
    let event = EventId::parse("e0000000-0000-4000-8000-000000000001").expect("an id");
    Told { fact, event, at: now(), now: now() }
}

#[test]
fn there_are_at_most_a_hundred_suspensions_of_one_customer() {
    let mut standing = standing(Check::Pending);
    standing.suspensions = Suspensions((0..MOST_SUSPENSIONS).map(suspension).collect());
    let more = KycFact::Check(CheckFact::Suspended { id: None, reason: "court".to_owned() });
    assert_eq!(step(&standing, told(&more)), Err(Refusal::TooManySuspensions));
    standing.suspensions.0.pop_first();
    assert!(matches!(step(&standing, told(&more)), Ok(Step::Taken(_))));
}

#[test]
fn a_suspension_by_many_long_reasons_has_one_that_fits_an_event() {
    let standing = standing(Check::Approved);
    let reasons = vec!["ŽLUŤOUČKÝ".repeat(40), "KŮŇ".repeat(300)];
    let hit = CheckResult { reasons: reasons.clone(), ..result(CheckDecision::Rejected, 1) };
    let Ok(Step::Taken(taken)) = step(&standing, told(&KycFact::Check(CheckFact::Completed(hit)))) else {
        panic!("a hit suspends")
    };
    let (_, suspension) = taken.standing.suspensions.0.first_key_value().expect("one is open");
    assert!(reasons.join(", ").starts_with(&suspension.reason));
    assert!((1_020..=1_024).contains(&suspension.reason.len()), "{}", suspension.reason.len());
    let announced = taken.announcement.and_then(|announcement| announcement.reason);
    assert_eq!(announced.as_ref(), Some(&suspension.reason));
}

#[test]
fn the_newest_hundred_reviews_of_earlier_cycles_are_known() {
    let mut standing = standing(Check::Pending);
    let take = |standing: &Standing, fact: CheckFact| match step(standing, told(&KycFact::Check(fact))) {
        Ok(Step::Taken(taken)) => Some(taken.standing),
        Ok(Step::Stale | Step::Assigned(_)) | Err(_) => None,
    };
    for review in 0..150 {
        let rejected = CheckFact::Completed(result(CheckDecision::Rejected, review));
        standing = take(&standing, rejected).expect("a new review");
        standing = take(&standing, CheckFact::Appealed).expect("an appeal");
    }
    assert_eq!(standing.case.reviews.old.len(), 100);
    for review in [50, 149] {
        assert_eq!(take(&standing, CheckFact::Completed(result(CheckDecision::Approved, review))), None);
    }
    assert!(take(&standing, CheckFact::Completed(result(CheckDecision::Approved, 49))).is_some());
}
