//! Whether a function's module can append to the warehouse: the code for that is a fifth of a module, and few functions need it.

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::step::{Failure, FailureClass, RefusedRow},
    warehouse::row::Row,
};

use crate::{
    bigquery::{append_request, decode_append},
    host::HostConfig,
    rpc::{CallKind, Rpc, Target},
};

pub(crate) trait Appending: 'static {
    fn request(config: &HostConfig, rows: &[Row], ingested_at: Timestamp, timeout_ms: u32) -> Rpc;

    fn decode(messages: &[Vec<u8>]) -> Result<Vec<RefusedRow>, Failure>;
}

pub(crate) struct ToBigQuery;

impl Appending for ToBigQuery {
    fn request(config: &HostConfig, rows: &[Row], ingested_at: Timestamp, timeout_ms: u32) -> Rpc {
        append_request(config, rows, ingested_at, timeout_ms)
    }

    fn decode(messages: &[Vec<u8>]) -> Result<Vec<RefusedRow>, Failure> {
        decode_append(messages)
    }
}

/// Of a function that doesn't say that it appends. If it does so all the same, the service answers that this is no request.
pub(crate) struct Nothing;

impl Appending for Nothing {
    fn request(_: &HostConfig, _: &[Row], _: Timestamp, timeout_ms: u32) -> Rpc {
        let (target, path, kind) = (Target::BigQuery, "/", CallKind::Unary);
        Rpc { target, path, kind, timeout_ms, metadata: Vec::new(), bytes: Vec::new() }
    }

    fn decode(_: &[Vec<u8>]) -> Result<Vec<RefusedRow>, Failure> {
        Err(Failure { class: FailureClass::Permanent, status: "UNIMPLEMENTED".to_owned() })
    }
}
