//! Which types are facts about money, held against the types that `payments` reads and against LIFECYCLES' list of what is posted
//! whatever the customer's status.

use std::collections::BTreeSet;

use boma_core::{domain::payments::facts::FACTS, event::catalog::EventType};

/// Ask for money, or end the asking: these may be refused as a matter of business.
const REQUESTS: [EventType; 5] = [
    EventType::WithdrawalRequested,
    EventType::WithdrawalCanceled,
    EventType::WithdrawalExpired,
    EventType::RefundRequested,
    EventType::PayoutOrdered,
];

#[test]
fn what_payments_reads_is_a_fact_about_money_but_for_requests() {
    let read: BTreeSet<_> = FACTS.iter().map(|(event_type, _)| *event_type).collect();
    let told: BTreeSet<_> = EventType::ALL.iter().copied().filter(|kind| kind.is_fact_about_money()).collect();
    assert_eq!(told, &read - &BTreeSet::from(REQUESTS));
}
