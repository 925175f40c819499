//! Faults of the sources: duplicates, other bytes, used ids, malformed messages, poison messages.

use boma_core::event::catalog::{EventType, Topic};
use serde_json::json;

use super::Author;
use crate::{
    chance::PerTenThousand,
    content::{Claim, Flaw, Moment, Poison, consumers, is_heard},
    plan::FaultKind,
    pubsub::rfc3339,
};

/// Every type requires at least one of these fields, and not as a number.
const REQUIRED: &[&str] = &[
    "alertId",
    "amount",
    "country",
    "decision",
    "disputeId",
    "email",
    "kind",
    "kycVersion",
    "leadId",
    "operator",
    "price",
    "reason",
    "refundId",
    "region",
];

/// A version of a customer's KYC that none comes to.
const FAR_AHEAD: i64 = 1_000_000;

/// Injects faults around one correct event.
pub(super) fn around(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str, content: usize) {
    let claim = author.history.contents[content].claim.clone().expect("it was said properly");
    if author.hits(FaultKind::PublishedTwice) {
        let again_ms = author.later(at_ms);
        author.plan_message(again_ms, topic, key, content);
    }
    if author.hits(FaultKind::Reworded) {
        let text = serde_json::to_string_pretty(&claim.event()).expect("JSON");
        let reworded = author.history.content(text.into_bytes(), Some(claim.clone()), Flaw::None);
        let again_ms = author.later(at_ms);
        author.plan_message(again_ms, topic, key, reworded);
    }
    if author.hits(FaultKind::Conflict) {
        conflicts(author, at_ms, topic, key, &claim);
    }
    if author.hits(FaultKind::Malformed) {
        publishes_malformed(author, at_ms, topic, key, &claim);
        forges(author, at_ms, topic, key);
    }
    // An event of several consumers triggers bugs of several of them.
    let is_heard_by_two =
        claim.kind == "UserRegistered" && (author.hits(FaultKind::Poison) || author.hits(FaultKind::Poison));
    if author.hits(FaultKind::Poison) || is_heard_by_two {
        poisons(author, content, &claim.kind);
    }
    if author.hits(FaultKind::HoldsUp) {
        let heard: Vec<_> = consumers().filter(|consumer| is_heard(consumer, &claim.kind)).collect();
        let consumer = heard[author.chance.index(heard.len())];
        let is_mended_later = !author.chance.one_in(5);
        let poison = Poison { consumer, moment: Moment::Always, rate: 10_000, is_mended_later };
        author.history.contents[content].poison = Some(poison);
    }
}

/// Another claim under the same id. It differs in a field that handlers ignore, which the digest covers.
fn conflicts(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str, claim: &Claim) {
    let mut data = serde_json::Value::Object(claim.data.clone());
    data["note"] = author.chance.below(1_000).into();
    let other = Claim::new(claim.id.clone(), &claim.kind, &claim.subject, claim.time.clone(), data);
    let text = other.event().to_string().into_bytes();
    let content = author.history.content(text, Some(other), Flaw::None);
    let again_ms = author.later(at_ms);
    author.plan_message(again_ms, topic, key, content);
}

fn publishes_malformed(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str, claim: &Claim) {
    let id = author.chance.uuid();
    let content = if author.chance.one_in(2) {
        let mut text = claim.event().to_string().replace(&claim.id, &id).into_bytes();
        text.truncate(text.len() - 1 - author.chance.index(20));
        author.history.content(text, None, Flaw::NotAnEvent)
    } else {
        let mut data = serde_json::Value::Object(claim.data.clone());
        let is_ahead = author.chance.one_in(3);
        for required in REQUIRED.iter().filter(|_| !is_ahead) {
            data[*required] = json!(7.5);
        }
        let time = if is_ahead { "9999-01-01T00:00:00Z".to_owned() } else { claim.time.clone() };
        let flawed = Claim::new(id, &claim.kind, &claim.subject, time, data);
        let text = flawed.event().to_string().into_bytes();
        // These types require none of the fields.
        let flaw = match claim.kind.as_str() {
            "KycSubmitted" | "KycRestarted" if !is_ahead => return,
            _ => Flaw::InItsData,
        };
        author.history.content(text, Some(flawed), flaw)
    };
    let soon_ms = author.later(at_ms);
    author.plan_message(soon_ms, topic, key, content);
}

/// A source says what its topic may not say, or somebody has the rights of a function and says what only `kyc` can know.
fn forges(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str) {
    // Of a lead or a market there is no such event.
    if matches!(topic, Topic::Leads | Topic::MarketData) {
        return;
    }
    let (kind, data) = match author.chance.below(4) {
        0 => ("UserActive", json!({ "version": FAR_AHEAD })),
        1 => ("KycReviewed", json!({ "decision": "APPROVED", "operator": "nobody" })),
        2 => ("KycReinstated", json!({ "operator": "nobody" })),
        _ => ("UserRestricted", json!({ "version": FAR_AHEAD })),
    };
    let own = EventType::from_name(kind).expect("a type that the catalogue knows");
    let is_in_place = own.topic() == Topic::UserLifecycle && author.chance.one_in(2);
    let (topic, flaw) = if is_in_place { (own.topic(), Flaw::None) } else { (topic, Flaw::OutOfPlace) };
    if topic == own.topic() && flaw == Flaw::OutOfPlace {
        return;
    }
    let claim = Claim::new(author.chance.uuid(), kind, key, rfc3339(at_ms), data);
    let text = claim.event().to_string().into_bytes();
    let content = author.history.content(text, Some(claim), flaw);
    let soon_ms = author.later(at_ms);
    author.plan_message(soon_ms, topic, key, content);
}

fn poisons(author: &mut Author<'_>, content: usize, kind: &str) {
    let mut consumers: Vec<_> = consumers().filter(|consumer| is_heard(consumer, kind)).collect();
    if author.chance.one_in(8) {
        consumers = vec!["dead-letters"];
    }
    let rates: [PerTenThousand; 4] = [10_000, 10_000, 5_000, 2_000];
    let poison = Poison {
        consumer: consumers[author.chance.index(consumers.len())],
        moment: *author.chance.pick(&[Moment::Arriving, Moment::Reading, Moment::EventProcessor]),
        rate: *author.chance.pick(&rates),
        is_mended_later: !author.chance.one_in(5),
    };
    author.history.contents[content].poison = Some(poison);
}
