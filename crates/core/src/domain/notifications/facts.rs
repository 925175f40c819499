//! What a customer is to be told.

use serde_json::Value as Json;

use crate::{
    event::{
        catalog::EventType::{self, NotificationRequested},
        envelope::{Envelope, Subject},
        outbox::NewEvent,
        reader::Reader,
    },
    kernel::{ids::UserId, malformed::Malformed, names::names},
};

names! {
    /// Which text the customer gets.
    Template {
        KycApproved = "KYC_APPROVED",
        KycRejected = "KYC_REJECTED",
        KycResubmission = "KYC_RESUBMISSION",
        WithdrawalFailed = "WITHDRAWAL_FAILED",
        PaymentReversed = "PAYMENT_REVERSED",
        DisputeOpened = "DISPUTE_OPENED",
        DisputeClosed = "DISPUTE_CLOSED",
        AccountOverdrawn = "ACCOUNT_OVERDRAWN",
        PriceAlert = "PRICE_ALERT",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notification {
    pub template: Template,
    /// What the text mentions, by name.
    pub params: Vec<(String, String)>,
}

pub const FACTS: &[(EventType, Reader<Notification>)] = &[(NotificationRequested, requested)];

/// A mail stays under 200 KiB, because it triggers something: so many names and texts of 1 KiB each do, which is what it keeps of them.
pub const MOST_PARAMS: usize = 64;

/// The event that asks for it. `params` is a map of texts.
pub fn request(customer: UserId, template: Template, params: Json) -> NewEvent {
    NewEvent::new(NotificationRequested, Subject::User(customer))
        .with("template", template.name())
        .with("params", params)
}

fn requested(envelope: &Envelope) -> Result<Notification, Malformed> {
    let data = envelope.data();
    let template = data.one_of("template", Template::ALL, Template::name)?;
    let params = data.text_map("params", MOST_PARAMS)?;
    let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    Ok(Notification { template, params: params.into_iter().map(owned).collect() })
}
