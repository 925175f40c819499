//! Money that comes and goes: what was counted twice, or not at all, shows in the balance.

use boma_core::{
    event::{catalog::EventType, outbox::Message},
    kernel::ids::{EventId, Id as _, TransactionId},
    store::path::DocumentPath,
};
use serde_json::json;

use crate::{
    queue::LaneName,
    scenario::{Scenario, event, event_id, user},
    store::Store,
};

/// In minor units, with their sign. The second takes the balance below zero, of which the customer is told.
const AMOUNTS: [i64; 3] = [10_000, -15_000, 7_000];

pub fn money(events: usize) -> Scenario {
    let events = AMOUNTS.iter().enumerate().take(events).map(|(index, amount)| payment(index + 1, *amount)).collect();
    Scenario { adds_up, ..Scenario::new("money", LaneName::Payments, events) }
}

fn payment(number: usize, amount: i64) -> Message {
    let event_type = if amount > 0 { EventType::PaymentReceived } else { EventType::PaymentSent };
    let (units, cents) = (amount.abs() / 100, amount.abs() % 100);
    let amount = format!("{units}.{cents:02}");
    let transaction = transaction_id(number);
    event(
        number,
        event_type,
        json!({ "amount": amount, "currency": "CZK", "method": "CARD", "transactionId": transaction }),
    )
}

fn transaction_id(number: usize) -> String {
    format!("75bf3740-301b-5051-b790-{number:012}")
}

/// The balance is the sum of what is recorded, and each payment's transaction is there with its record and not before.
fn adds_up(store: &Store) -> bool {
    let mut sum = 0;
    for (index, amount) in AMOUNTS.iter().enumerate() {
        let event = EventId::parse(&event_id(index + 1)).expect("an id");
        let transaction = TransactionId::parse(&transaction_id(index + 1)).expect("an id");
        let is_recorded = store.document(&DocumentPath::processed_event("payments", event)).is_some();
        if is_recorded != store.document(&DocumentPath::transaction(transaction)).is_some() {
            return false;
        }
        sum += if is_recorded { *amount } else { 0 };
    }
    let user = store.document(&user()).expect("the customer is registered");
    user.optional_int("balances.CZK.available").map(|held| held.unwrap_or(0)) == Ok(sum)
}
