//! What Boma says to Google, and hears: core's steps as gRPC requests, Google's answers as core's replies. Bytes in, bytes
//! out; the host carries them. Every protobuf type comes from the googleapis crates, none is written by hand.

mod caller;
mod conversation;
mod firestore;
mod host;
mod pubsub;
mod push;
mod query;
mod rpc;
mod settled;
mod status;
mod sweeping;
mod trigger;
mod value;

pub use self::{
    caller::{Expected, Presented, Stranger, judge},
    conversation::{Action, Answer, Conversation, Tick, open, open_after_trap},
    firestore::{commit_request, decode_read, read_request},
    host::HostConfig,
    pubsub::publish_request,
    push::read_push,
    query::{decode_rows, query_request},
    rpc::{CallKind, Rpc, Target},
    settled::{LogValue, Settled},
    status::{Call, classify},
    sweeping::{open_sweep, open_sweep_after_trap},
    trigger::{DocumentChange, read_trigger},
    value::{from_proto, to_proto},
};
