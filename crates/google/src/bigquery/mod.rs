//! Appending rows to the warehouse: BigQuery's Storage Write API, on the default stream of each table. It takes what comes, at least
//! once; that a row may come twice is the views' matter.

mod columns;
mod descriptor;
mod row;

use self::{descriptor::schema_of, row::encoded};
use crate::{
    host::HostConfig,
    rpc::{CallKind, Rpc, Target, routing},
    status::{self, classify, undecodable},
};
use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::step::{Failure, RefusedRow},
    warehouse::{row::Row, table::Table},
};
use googleapis_tonic_google_cloud_bigquery_storage_v1::google::cloud::bigquery::storage::v1::{
    AppendRowsRequest, AppendRowsResponse, ProtoRows, StorageError, append_rows_request::ProtoData,
    append_rows_response::Response, row_error::RowErrorCode, storage_error::StorageErrorCode,
};
use googleapis_tonic_google_rpc::google::rpc::Status as RpcStatus;
use prost::{
    Message as _,
    encoding::{WireType, encode_key, encode_varint},
};

/// One request. The host keeps the stream by which it goes for those to the same table.
pub fn append_request(config: &HostConfig, rows: &[Row], ingested_at: Timestamp, timeout_ms: u32) -> Rpc {
    let stream = rows.first().map(|row| stream(config, row.table)).unwrap_or_default();
    let bytes = append_bytes(&stream, rows, ingested_at);
    Rpc {
        target: Target::BigQuery,
        path: "/google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows",
        kind: CallKind::Bidi,
        timeout_ms,
        metadata: vec![routing("write_stream", &stream)],
        bytes,
    }
}

/// An `AppendRowsRequest`. The schema's bytes are the same each time, and to encode them takes longer the more columns there are: so the
/// message that holds schema and rows is put together of their bytes.
fn append_bytes(stream: &str, rows: &[Row], ingested_at: Timestamp) -> Vec<u8> {
    const PROTO_ROWS: u32 = 4;
    let schema = rows.first().map(|row| schema_of(row.table)).unwrap_or_default();
    let serialized_rows = rows.iter().map(|row| encoded(row, ingested_at)).collect();
    let data = ProtoData { writer_schema: None, rows: Some(ProtoRows { serialized_rows }) };
    let mut bytes = AppendRowsRequest { write_stream: stream.to_owned(), ..Default::default() }.encode_to_vec();
    encode_key(PROTO_ROWS, WireType::LengthDelimited, &mut bytes);
    encode_varint((schema.len() + data.encoded_len()) as u64, &mut bytes);
    bytes.extend_from_slice(schema);
    data.encode_raw(&mut bytes);
    bytes
}

fn stream(config: &HostConfig, table: &Table) -> String {
    format!("projects/{}/datasets/{DATASET}/tables/{}/streams/_default", config.project, table.name())
}

/// Where the tables are.
pub const DATASET: &str = "boma";

/// Which rows are refused for good, or why none was appended now. The words of a row's error may repeat its values: its code is kept.
pub fn decode_append(messages: &[Vec<u8>]) -> Result<Vec<RefusedRow>, Failure> {
    let answer = messages.first().and_then(|bytes| AppendRowsResponse::decode(bytes.as_slice()).ok());
    let answer = answer.ok_or_else(undecodable)?;
    if !answer.row_errors.is_empty() {
        return Ok(answer
            .row_errors
            .iter()
            .map(|error| RefusedRow {
                index: usize::try_from(error.index).unwrap_or(usize::MAX),
                reason: format!("BigQuery refuses the row: {}", reason(error.code)),
            })
            .collect());
    }
    match answer.response {
        Some(Response::AppendResult(_)) => Ok(Vec::new()),
        Some(Response::Error(error)) => Err(failure(&error)),
        None => Err(undecodable()),
    }
}

/// With BigQuery's own word for it: a missing column, a wrong type and a partition that it doesn't take are all invalid arguments.
fn failure(error: &RpcStatus) -> Failure {
    let mut failure = classify(status::Call::Append, error.code).unwrap_or_else(undecodable);
    let of_storage = error.details.iter().find(|detail| detail.type_url.ends_with("StorageError"));
    if let Some(storage) = of_storage.and_then(|detail| StorageError::decode(detail.value.as_slice()).ok()) {
        let word = StorageErrorCode::try_from(storage.code).map_or("", |code| code.as_str_name());
        failure.status = format!("{} {word}", failure.status).trim_end().to_owned();
    }
    failure
}

fn reason(code: i32) -> &'static str {
    RowErrorCode::try_from(code).map_or("for a reason that this release doesn't know", |code| code.as_str_name())
}
