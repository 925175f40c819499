//! Why an event is refused, as its dead letter says it. The meanings are matches over the machines' own enums: a refusal that is new
//! doesn't compile until it has one.

use std::fmt::Display;

use boma_core::domain::{
    IllegalTransition,
    customer::{access::machine::VersionAhead, profile::machine::AlreadyRegistered},
    kyc::machine::Refusal as OfKyc,
    market::{facts::MOST_ALERTS, machine as market},
    notes::machine::TextMismatch,
    payments::machine::Refusal as OfPayments,
};

/// What a table of states doesn't list, whatever the machine.
const ILLEGAL: IllegalTransition = IllegalTransition { from: "from", event: "event" };

pub(crate) fn table() -> String {
    let rows: String =
        all().into_iter().map(|(name, because, by)| format!("| `{name}` | {because} | {by} |\n")).collect();
    format!("| reason | because | by |\n|---|---|---|\n{rows}")
}

/// The name, what it means, and which functions say so.
fn all() -> Vec<(String, String, &'static str)> {
    let payments = [
        OfPayments::AmountMismatch,
        OfPayments::CurrencyMismatch,
        OfPayments::ForeignTransaction,
        OfPayments::WrongKind,
        OfPayments::NotRestricted,
        OfPayments::NotYetExpired,
        OfPayments::BalanceOverflow,
    ];
    let kyc = [
        OfKyc::AlreadyExpired,
        OfKyc::WhichSuspension,
        OfKyc::NoSuchSuspension,
        OfKyc::TooManySuspensions,
        OfKyc::AlreadyClaimed,
    ];
    let market = [market::Refusal::AlreadySet, market::Refusal::TooManyAlerts];
    let others = [
        (name_of(&AlreadyRegistered), "the customer is there; what has changed is a ProfileChanged", "profile"),
        (name_of(&VersionAhead), "the customer's KYC hasn't come to that version", "access"),
        (name_of(&TextMismatch), "the note is there with another text", "notes"),
        ("NotOneAddress".to_owned(), "the customer's address, of an earlier release, is more than one", "notify"),
    ];
    let illegal = OfPayments::Illegal(ILLEGAL);
    [(name_of(&illegal), of_payments(&illegal), "kyc, leads, payments")]
        .into_iter()
        .chain(payments.map(|it| (name_of(&it), of_payments(&it), "payments")))
        .chain(kyc.map(|it| (name_of(&it), of_kyc(&it).to_owned(), "kyc")))
        .chain(others.map(|(name, because, by)| (name, because.to_owned(), by)))
        .chain(market.map(|it| (name_of(&it), of_market(it), "price-alerts")))
        .collect()
}

/// Without what it says of one event.
pub(crate) fn name_of(reason: &impl Display) -> String {
    let text = reason.to_string();
    text.split('{').next().map_or_else(String::new, str::to_owned)
}

fn of_payments(refusal: &OfPayments) -> String {
    match refusal {
        OfPayments::Illegal(_) => {
            "the table of its states has no such edge: mostly what comes before is missing, or was refused; \
             the reason names state and event"
        }
        OfPayments::AmountMismatch => "what is there has another amount, direction or payment",
        OfPayments::CurrencyMismatch => "what is there has another currency",
        OfPayments::ForeignTransaction => "the transaction, or the payment that it is of, is another customer's",
        OfPayments::WrongKind => "the id is that of another kind: a refund's, say, or a payment that can't be refunded",
        OfPayments::NotRestricted => "the customer is neither closed nor suspended, and may ask for a withdrawal",
        OfPayments::NotYetExpired => "`expiresAt` of the withdrawal is yet to come",
        OfPayments::BalanceOverflow => "no integer of 64 bits would hold the balance",
        OfPayments::AmountUnreadable(rule) => return format!("malformed, in fact: {rule}"),
    }
    .to_owned()
}

fn of_kyc(refusal: &OfKyc) -> &'static str {
    match refusal {
        OfKyc::Illegal(_) => "the table of its states has no such edge",
        OfKyc::AlreadyExpired => "`validUntil` of the approval isn't after the event's own `time`",
        OfKyc::WhichSuspension => "several are open, and it names none",
        OfKyc::NoSuchSuspension => "the suspension that it names isn't open",
        OfKyc::TooManySuspensions => "as many are open as a customer may have",
        OfKyc::AlreadyClaimed => "another operator has the review",
    }
}

fn of_market(refusal: market::Refusal) -> String {
    match refusal {
        market::Refusal::AlreadySet => "the alert is open, with another threshold or direction".to_owned(),
        market::Refusal::TooManyAlerts => {
            format!(
                "{} alerts of the customer are open at this symbol, or {MOST_ALERTS} of everybody",
                market::MOST_OF_ONE_CUSTOMER
            )
        }
    }
}
