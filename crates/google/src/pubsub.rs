//! Publishing follow-up events.

use crate::{
    host::HostConfig,
    rpc::{CallKind, Rpc, Target, routing},
};
use boma_core::event::outbox::Batch;
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::{PublishRequest, PubsubMessage};
use prost::Message as _;

/// One Publish: the real service refuses mixed ordering keys, and a batch has one.
pub fn publish_request(config: &HostConfig, batch: Batch, timeout_ms: u32) -> Rpc {
    let topic = config.topic_name(batch.topic);
    let to_proto = |message: boma_core::event::outbox::Message| PubsubMessage {
        data: message.data,
        attributes: message.attributes,
        ordering_key: message.key,
        ..Default::default()
    };
    let messages = batch.messages.into_iter().map(to_proto).collect();
    Rpc {
        target: Target::PubSub,
        path: "/google.pubsub.v1.Publisher/Publish",
        kind: CallKind::Unary,
        timeout_ms,
        metadata: vec![routing("topic", &topic)],
        bytes: PublishRequest { topic, messages }.encode_to_vec(),
    }
}
