//! Payments in and out of one balance: a payment that counts twice, or not at all, shows there.

use boma_core::{
    event::{catalog::EventType, outbox::Message},
    kernel::ids::{EventId, Id as _, TransactionId},
    store::path::DocumentPath,
};
use in_memory_store::InMemoryStore;
use serde_json::json;

use crate::{
    consumer::Consumer,
    scenario::{Scenario, event, event_id, user},
};

/// In minor units, with their sign. The second takes the balance below zero, which publishes a notification.
const AMOUNTS: [i64; 3] = [10_000, -15_000, 7_000];

pub fn money(events: usize) -> Scenario {
    let events = AMOUNTS.iter().enumerate().take(events).map(|(index, amount)| payment(index + 1, *amount)).collect();
    Scenario { adds_up, ..Scenario::new("money", Consumer::Payments, events) }
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

/// The balance is the sum of the recorded payments, and each transaction appears together with its record.
fn adds_up(store: &InMemoryStore) -> bool {
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
