//! The filters of subscriptions, and who may publish where: the core's tables against the functions' code and settings.

use std::collections::{BTreeMap, BTreeSet};

use boma_core::{
    event::{
        catalog::{EventType, Topic},
        subscription::{CONSUMERS, Consumer, REPLAY_FOR, Subscription, TYPE, is_shared},
    },
    protocol::function::Trigger,
};
use boma_functions::ALL;

/// Pub/Sub's limit.
const MAX_FILTER_BYTES: usize = 256;

fn attributes(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What Pub/Sub would say of the filter's text, for the two forms that are written here.
fn passes(filter: &str, attributes: &BTreeMap<String, String>) -> bool {
    filter.split(" OR ").any(|term| {
        if let Some((name, value)) = term.split_once(" = ") {
            let name = name.strip_prefix("attributes.").expect("an attribute");
            return attributes.get(name).is_some_and(|it| format!("\"{it}\"") == value);
        }
        let term = term.strip_prefix("hasPrefix(attributes.").and_then(|term| term.strip_suffix("\")")).expect(term);
        let (name, prefix) = term.split_once(", \"").expect("a prefix");
        attributes.get(name).is_some_and(|it| it.starts_with(prefix))
    })
}

#[test]
fn every_function_of_messages_is_a_consumer() {
    let consumers: Vec<_> = CONSUMERS.iter().map(|consumer| consumer.name).collect();
    let mut functions: Vec<_> =
        ALL.iter().filter(|it| matches!(it.trigger, Trigger::Message { .. })).map(|it| it.name).collect();
    functions.sort_unstable();
    assert_eq!(consumers, functions);
}

#[test]
fn each_type_of_a_shared_topic_passes_the_filter_of_the_one_that_hears_it_and_of_no_other() {
    let mut seen = 0;
    for event_type in EventType::ALL.iter().copied().filter(|it| is_shared(it.topic())) {
        let topic = event_type.topic();
        let attributes = attributes(&[(TYPE, event_type.name())]);
        let given: BTreeSet<_> = CONSUMERS
            .iter()
            .filter(|it| it.filter(topic).is_some_and(|filter| passes(&filter, &attributes)))
            .map(|it| it.name)
            .collect();
        let hears: BTreeSet<_> = ALL.iter().filter(|it| it.hears().contains(&event_type)).map(|it| it.name).collect();
        assert_eq!(given, hears, "{event_type}");
        assert_eq!(hears.len(), 1, "{event_type}");
        // By this the function `operator` finds the record of a command.
        assert_eq!(Consumer::of(topic, event_type).map(|it| it.name), hears.first().copied());
        seen += 1;
    }
    assert!(seen >= 16, "{seen}");
}

#[test]
fn a_replay_passes_the_filter_of_the_one_that_it_is_for() {
    for consumer in CONSUMERS.iter().filter(|it| it.name != "dead-letters") {
        let attributes = attributes(&[(REPLAY_FOR, consumer.name), (TYPE, "KycReviewed")]);
        let passing =
            CONSUMERS.iter().filter(|it| it.filter(Topic::Replays).is_some_and(|it| passes(&it, &attributes)));
        assert_eq!(passing.map(|it| it.name).collect::<Vec<_>>(), [consumer.name]);
    }
}

#[test]
fn a_filter_says_what_the_table_says_and_is_short_enough() {
    let some = [
        attributes(&[]),
        attributes(&[(TYPE, "Kyc")]),
        attributes(&[(TYPE, "kycReviewed")]),
        attributes(&[(TYPE, "AccountClosed")]),
        attributes(&[(TYPE, "WithdrawalExpired"), (REPLAY_FOR, "kyc-request")]),
    ];
    for (consumer, topic) in CONSUMERS.iter().flat_map(|it| Topic::ALL.iter().map(move |topic| (it, *topic))) {
        let Some(filter) = consumer.filter(topic) else { continue };
        assert!(is_shared(topic), "{} on {topic}", consumer.name);
        assert!(filter.len() <= MAX_FILTER_BYTES, "{filter}");
        for attributes in &some {
            assert_eq!(passes(&filter, attributes), consumer.is_given(topic, attributes), "{filter}: {attributes:?}");
        }
    }
}

#[test]
fn dead_letters_is_given_all_of_a_shared_topic() {
    let files_the_rest = Consumer::named("dead-letters").expect("a consumer");
    for topic in Topic::ALL.iter().copied().filter(|topic| is_shared(*topic)) {
        assert_eq!(files_the_rest.filter(topic), None, "{topic}");
    }
}

#[test]
fn a_subscription_beside_another_is_known_by_its_name_too() {
    let of = |name| Subscription::from_name(name).map(|it| (it.consumer, it.topic));
    assert_eq!(of("kyc.operations"), Some(("kyc", Topic::Operations)));
    assert_eq!(of("kyc.operations.next"), Some(("kyc", Topic::Operations)));
    for name in ["kyc.operations.last", "kyc.next", "kyc", ".kyc", "KYC.kyc", "kyc.kyc.next.next"] {
        assert_eq!(of(name), None, "{name}");
    }
}
