//! What Boma says to Google, and hears: core's steps as gRPC requests, Google's answers as core's replies. Bytes in, bytes
//! out; the host carries them. Every protobuf type comes from the googleapis crates, none is written by hand.

mod action;
mod adapter;
mod appending;
mod authentication;
mod bigquery;
mod fetch;
mod firestore;
mod host;
mod identity;
mod invocation;
mod pool;
mod pubsub;
mod push;
mod query;
mod rpc;
mod status;
mod trigger;
mod value;
mod waiting;

pub use self::{
    action::{Action, Answer, Invocation, Tick},
    authentication::{AuthError, Caller, authenticate},
    bigquery::{DATASET, append_request, decode_append},
    fetch::{Fetch, Fetched},
    firestore::{commit_request, decode_read, read_request},
    host::{HostConfig, Tokens},
    identity::TokenError,
    invocation::{Begin, Settings, begin_of, open, open_post},
    pubsub::publish_request,
    push::read_push,
    query::{decode_rows, query_request},
    rpc::{CallKind, Rpc, Target},
    status::{Call, classify},
    trigger::read_trigger,
    value::{from_proto, to_proto},
};
