//! What the core says of topics and the programs in JavaScript read: `dist/topics.json`, the topic of each event type, and
//! `dist/authorities.json`, who may publish to each topic, the filters of subscriptions, and which types are facts about money.

use std::collections::BTreeMap;
use std::path::Path;

use boma_core::event::{
    catalog::{Authority, EventType, Topic},
    subscription::CONSUMERS,
};
use serde_json::{Value, json};

use crate::complaint::Complaint;
use crate::package;

pub fn write(dist: &Path) -> Result<(), Complaint> {
    let topics: BTreeMap<_, _> = EventType::ALL.iter().map(|kind| (kind.name(), kind.topic().name())).collect();
    written(&dist.join("topics.json"), &json!(topics))?;
    written(&dist.join("authorities.json"), &authorities())
}

/// `publishers` are functions, or `pubsub`. `openTo`: who may let somebody publish there directly; null: nobody may.
fn authorities() -> Value {
    let topic = |topic: &Topic| {
        let open_to = match topic.authority() {
            Authority::Sources => Some("sources"),
            Authority::Operators => Some("operators"),
            Authority::Internal => None,
        };
        (topic.name(), json!({ "publishers": topic.publishers(), "openTo": open_to }))
    };
    let filters = CONSUMERS.iter().flat_map(|consumer| {
        Topic::ALL.iter().filter_map(|topic| Some((format!("{}.{topic}", consumer.name), consumer.filter(*topic)?)))
    });
    json!({
        "topics": Topic::ALL.iter().map(topic).collect::<BTreeMap<_, _>>(),
        "filters": filters.collect::<BTreeMap<_, _>>(),
        "factsAboutMoney": EventType::ALL.iter().filter(|kind| kind.is_fact_about_money()).map(|kind| kind.name()).collect::<Vec<_>>(),
    })
}

fn written(path: &Path, value: &Value) -> Result<(), Complaint> {
    package::write_if_new(path, &format!("{value:#}\n"))
}
