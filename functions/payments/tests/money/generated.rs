//! Random events about few customers, transactions and amounts, so that many concern the same ones.

use boma_core::event::catalog::EventType;
use proptest::{prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::customers::{CUSTOMERS, customer};

#[derive(Clone, Copy, Debug)]
pub(crate) struct GeneratedEvent {
    kind: EventType,
    customer: usize,
    /// The number of a payment or withdrawal; `claim` is that of a refund or dispute of it.
    transaction: usize,
    claim: usize,
    amount: &'static str,
    currency: &'static str,
    method: &'static str,
    /// Of an adjustment, its direction; of the settlement of a refund, whether it names payment and amount.
    is_plain: bool,
}

/// Each customer has two deposits, two payments, two withdrawals, three refunds and three disputes. One in ten events
/// names another customer's, and one in ten what is of another kind.
pub(crate) fn generated_event() -> impl Strategy<Value = GeneratedEvent> {
    let off = |most: usize| prop_oneof![9 => Just(0), 1 => 1..most];
    let whose = (0..CUSTOMERS, off(CUSTOMERS), off(KINDS), 0..2usize, 0..3usize);
    let currencies = prop_oneof![30 => Just("CZK"), 1 => Just("EUR"), 1 => Just("JPY")];
    let amounts = select(&["0.01", "10.00", "40.00", "60.00", "100.00", "100.00", "250.00"][..]);
    let methods = select(&["CASH", "TRANSFER", "CARD"][..]);
    (kind(), whose, amounts, currencies, methods, any::<bool>()).prop_map(
        |(kind, (customer, off_by, of_another_kind, transaction, claim), amount, currency, method, is_plain)| {
            let owner = (customer + off_by) % CUSTOMERS;
            let transaction = (owner * KINDS + (kind_of(kind) + of_another_kind) % KINDS) * 2 + transaction;
            let amount = if currency == "JPY" { "100" } else { amount };
            GeneratedEvent { kind, customer, transaction, claim: owner * 3 + claim, amount, currency, method, is_plain }
        },
    )
}

/// Deposits, payments, withdrawals, fees, adjustments.
const KINDS: usize = 5;

fn kind_of(event_type: EventType) -> usize {
    match event_type.name() {
        "PaymentSent" => 1,
        name if name.starts_with("Withdrawal") => 2,
        "PayoutOrdered" => 2,
        "FeeCharged" => 3,
        "BalanceAdjusted" => 4,
        _ => 0,
    }
}

/// Events that begin something are as likely as all others together; those that seldom find what they end come more often.
fn kind() -> impl Strategy<Value = EventType> {
    use EventType::{
        BalanceAdjusted, DisputeLost, DisputeOpened, DisputeWon, FeeCharged, PaymentCanceled, PaymentFailed,
        PaymentInitiated, PaymentReceived, PaymentReversed, PaymentSent, PayoutOrdered, RefundFailed, RefundRequested,
        RefundSettled, WithdrawalCanceled, WithdrawalExpired, WithdrawalFailed, WithdrawalRequested, WithdrawalSettled,
    };
    let beginning = [PaymentReceived, PaymentReceived, PaymentReceived, PaymentSent, PaymentInitiated];
    let asking = [WithdrawalRequested, PayoutOrdered, RefundRequested, DisputeOpened, DisputeOpened];
    let ending = [PaymentFailed, PaymentCanceled, PaymentReversed, WithdrawalSettled, WithdrawalFailed];
    let direct = [FeeCharged, BalanceAdjusted, RefundSettled];
    let seldom = [WithdrawalCanceled, WithdrawalExpired, WithdrawalExpired, RefundFailed, DisputeWon, DisputeLost];
    prop_oneof![
        4 => select(beginning.to_vec()),
        5 => select(asking.to_vec()),
        3 => select(ending.to_vec()),
        1 => select(direct.to_vec()),
        5 => select(seldom.to_vec()),
    ]
}

impl GeneratedEvent {
    pub(crate) fn event_type(&self) -> EventType {
        self.kind
    }

    pub(crate) fn event(&self, number: usize) -> Json {
        let mut event = json!({
            "specversion": "1.0",
            "id": format!("00000000-0000-4000-8000-{number:012}"),
            "source": "//property",
            "type": self.kind.name(),
            "subject": customer(self.customer),
            "time": format!("2026-01-{:02}T{:02}:00:00Z", 1 + number / 24, number % 24),
            "data": {
                "transactionId": format!("d0000000-0000-4000-8000-{:012}", self.transaction),
                "refundId": format!("e0000000-0000-4000-8000-{:012}", self.claim),
                "disputeId": format!("f0000000-0000-4000-8000-{:012}", self.claim),
                "amount": self.amount,
                "currency": self.currency,
                "method": self.method,
                "reason": "a reason",
                "direction": if self.is_plain { "CREDIT" } else { "DEBIT" },
                "operator": "one@bank.example",
                "approvedBy": "two@bank.example",
            },
        });
        if self.kind == EventType::RefundSettled && self.is_plain {
            event["data"].as_object_mut().expect("an object").retain(|name, _| name == "refundId");
        }
        event
    }
}
