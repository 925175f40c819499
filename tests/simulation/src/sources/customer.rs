//! One customer's life.

use serde_json::{Value as Json, json};

use super::Author;
use crate::{
    agenda::BEGINNING_MS,
    auditors::kyc_table::{self, State},
    plan::{DAY_MS, Mischief},
    pubsub::rfc3339,
};

pub(super) fn lives(author: &mut Author<'_>) {
    let user = author.chance.uuid();
    let lead = author.chance.one_in(2).then(|| author.chance.uuid());
    let registered_ms = BEGINNING_MS + author.chance.between(0, author.plan.span_ms / 3);
    let early = |author: &mut Author<'_>| {
        let is_early = author.hits(Mischief::Early) || author.hits(Mischief::Early);
        let before_ms = if is_early { author.chance.between(0, 100_000) } else { 0 };
        registered_ms.saturating_sub(before_ms).max(BEGINNING_MS)
    };
    registers(author, registered_ms, &user, lead.as_deref());
    if let Some(lead) = &lead {
        becomes_a_lead(author, registered_ms, lead);
    }
    let from_ms = early(author);
    passes_kyc(author, from_ms, &user);
    let from_ms = early(author);
    pays(author, from_ms, &user);
    let from_ms = early(author);
    moves(author, from_ms, &user);
    if let Some(lead) = &lead {
        is_worked_on(author, registered_ms, lead);
    }
}

fn registers(author: &mut Author<'_>, at_ms: u64, user: &str, lead: Option<&str>) {
    // Some never do, and everything else waits for them in vain.
    if author.hits(Mischief::Early) {
        return;
    }
    let mut data = json!({ "email": "a@b.cz", "fullName": "A B", "country": "CZ", "region": "Praha" });
    if let Some(lead) = lead {
        data["leadId"] = lead.into();
    }
    author.says(at_ms, "UserRegistered", user, data.clone());
    if author.hits(Mischief::Illegal) {
        let again_ms = author.later(at_ms);
        author.says(again_ms, "UserRegistered", user, data);
    }
}

fn becomes_a_lead(author: &mut Author<'_>, registered_ms: u64, lead: &str) {
    let created_ms = if author.hits(Mischief::Early) {
        author.later(registered_ms)
    } else {
        registered_ms.saturating_sub(author.chance.between(0, 10_000)).max(BEGINNING_MS)
    };
    let created = json!({ "leadId": lead, "region": "Praha", "channel": "web" });
    author.says(created_ms, "LeadCreated", lead, created.clone());
    if author.hits(Mischief::Illegal) {
        let at_ms = author.later(created_ms);
        author.says(at_ms, "LeadCreated", lead, created);
        let at_ms = author.later(created_ms);
        author.says(at_ms, "LeadContacted", lead, json!({ "leadId": lead, "channel": "phone" }));
    }
}

/// By people who don't look what others have done: some of it comes too late, or is not allowed.
fn is_worked_on(author: &mut Author<'_>, registered_ms: u64, lead: &str) {
    let mut at_ms = registered_ms.saturating_sub(10_000).max(BEGINNING_MS);
    for _ in 0..author.chance.between(0, 4) {
        at_ms = author.later(at_ms);
        let kind = *author.chance.pick(&["LeadContacted", "LeadQualified", "LeadLost", "LeadReopened"]);
        let data = json!({ "leadId": lead, "channel": "phone", "score": 40, "reason": "r", "operator": "o" });
        author.says(at_ms, kind, lead, data);
    }
}

/// Mostly what the present state allows.
fn passes_kyc(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    let mut state = State::default();
    for _ in 0..author.chance.between(0, 14) {
        at_ms = author.later(at_ms);
        let any = *author.chance.pick(kyc_table::EVENTS);
        let legal: Vec<_> =
            kyc_table::EVENTS.iter().copied().filter(|event| kyc_table::edge(&state.status, event).is_some()).collect();
        let is_illegal = legal.is_empty() || author.hits(Mischief::Illegal);
        let event = if is_illegal { any } else { *author.chance.pick(&legal) };
        let (kind, data) = kyc_event(author, event, at_ms, &state);
        state.take(kind, &data, &rfc3339(at_ms));
        author.says(at_ms, kind, user, data);
    }
}

fn kyc_event(author: &mut Author<'_>, event: &'static str, at_ms: u64, state: &State) -> (&'static str, Json) {
    let (kind, decision) = event.split_once(' ').unwrap_or((event, ""));
    let data = match kind {
        "KycCompleted" => {
            let review = if author.hits(Mischief::Illegal) { 1 } else { author.chance.draw() % 1_000_000 };
            let mut data = json!({ "decision": decision, "provider": "p", "reviewId": format!("r{review}") });
            if author.chance.one_in(3) {
                let until_ms = at_ms + author.chance.between(0, 2 * author.plan.span_ms.min(20 * DAY_MS));
                data["validUntil"] = rfc3339(until_ms).into();
            }
            data
        }
        "KycReviewed" => json!({ "decision": decision, "operator": "o" }),
        "KycExpired" | "KycLapsed" => {
            let behind = i64::from(author.chance.one_in(5));
            json!({ "kycVersion": (state.version - behind).max(0) })
        }
        _ => json!({ "operator": "o", "reason": "r" }),
    };
    (kind, data)
}

fn pays(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    let mut last = author.chance.uuid();
    for _ in 0..author.chance.between(0, 14) {
        at_ms = author.later(at_ms);
        if !author.hits(Mischief::Illegal) {
            last = author.chance.uuid();
        }
        let minor = author.chance.between(1, 500_000);
        let (currency, amount) = match author.chance.below(3) {
            0 => ("JPY", minor.to_string()),
            1 => ("BHD", format!("{}.{:03}", minor / 1_000, minor % 1_000)),
            _ => ("CZK", format!("{}.{:02}", minor / 100, minor % 100)),
        };
        let kind = *author.chance.pick(&["PaymentReceived", "PaymentReceived", "PaymentSent"]);
        let kind = if author.hits(Mischief::Illegal) { "WithdrawalSettled" } else { kind };
        let data = json!({ "transactionId": last, "amount": amount, "currency": currency, "method": "TRANSFER" });
        author.says(at_ms, kind, user, data);
    }
}

fn moves(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    for number in 0..author.chance.between(0, 5) {
        at_ms = author.later(at_ms);
        let data = match author.chance.below(3) {
            0 => json!({ "region": format!("region {number}") }),
            1 => json!({ "email": format!("{number}@b.cz") }),
            _ => json!({ "country": "AT", "region": format!("Wien {number}") }),
        };
        author.says(at_ms, "ProfileChanged", user, data);
    }
}
