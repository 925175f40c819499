//! What may go wrong where an event comes from.

use boma_core::event::catalog::Topic;
use serde_json::json;

use super::Author;
use crate::{
    chance::PerTenThousand,
    content::{CONSUMERS, Claim, Flaw, Moment, Poison, is_heard},
    plan::Mischief,
};

/// At least one of these must be there as something else than a number, whatever the type.
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

/// Around one event that was said properly.
pub(super) fn around(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str, content: usize) {
    let claim = author.chronicle.contents[content].claim.clone().expect("it was said properly");
    if author.hits(Mischief::PublishedTwice) {
        let again_ms = author.later(at_ms);
        author.speaks(again_ms, topic, key, content);
    }
    if author.hits(Mischief::Reworded) {
        let text = serde_json::to_string_pretty(&claim.event()).expect("JSON");
        let reworded = author.chronicle.content(text.into_bytes(), Some(claim.clone()), Flaw::None);
        let again_ms = author.later(at_ms);
        author.speaks(again_ms, topic, key, reworded);
    }
    if author.hits(Mischief::Conflict) {
        conflicts(author, at_ms, topic, key, &claim);
    }
    if author.hits(Mischief::Malformed) {
        says_nonsense(author, at_ms, topic, key, &claim);
    }
    // What several functions hear meets bugs of several.
    let is_heard_by_two =
        claim.kind == "UserRegistered" && (author.hits(Mischief::Poison) || author.hits(Mischief::Poison));
    if author.hits(Mischief::Poison) || is_heard_by_two {
        poisons(author, content, &claim.kind);
    }
}

/// Another claim under the same id. What the handlers don't know counts as well.
fn conflicts(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str, claim: &Claim) {
    let mut data = serde_json::Value::Object(claim.data.clone());
    data["note"] = author.chance.below(1_000).into();
    let other = Claim::new(claim.id.clone(), &claim.kind, &claim.subject, claim.time.clone(), data);
    let text = other.event().to_string().into_bytes();
    let content = author.chronicle.content(text, Some(other), Flaw::None);
    let again_ms = author.later(at_ms);
    author.speaks(again_ms, topic, key, content);
}

fn says_nonsense(author: &mut Author<'_>, at_ms: u64, topic: Topic, key: &str, claim: &Claim) {
    let id = author.chance.uuid();
    let content = if author.chance.one_in(2) {
        let mut text = claim.event().to_string().replace(&claim.id, &id).into_bytes();
        text.truncate(text.len() - 1 - author.chance.index(20));
        author.chronicle.content(text, None, Flaw::NotAnEvent)
    } else {
        let mut data = serde_json::Value::Object(claim.data.clone());
        for required in REQUIRED {
            data[*required] = json!(7.5);
        }
        let flawed = Claim::new(id, &claim.kind, &claim.subject, claim.time.clone(), data);
        let text = flawed.event().to_string().into_bytes();
        // Nothing of what a submission or a restart may carry is required.
        let flaw = match claim.kind.as_str() {
            "KycSubmitted" | "KycRestarted" => return,
            _ => Flaw::InItsData,
        };
        author.chronicle.content(text, Some(flawed), flaw)
    };
    let soon_ms = author.later(at_ms);
    author.speaks(soon_ms, topic, key, content);
}

fn poisons(author: &mut Author<'_>, content: usize, kind: &str) {
    let mut consumers: Vec<_> = CONSUMERS.into_iter().filter(|consumer| is_heard(consumer, kind)).collect();
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
    author.chronicle.contents[content].poison = Some(poison);
}
