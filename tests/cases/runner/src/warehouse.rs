//! BigQuery's Storage Write API in memory, behind the real request bytes. Each row is read by the descriptor that came with it, as
//! BigQuery reads it, and by nothing that wrote it.

use googleapis_tonic_google_cloud_bigquery_storage_v1::google::cloud::bigquery::storage::v1::{
    AppendRowsRequest, AppendRowsResponse, RowError,
    append_rows_request::Rows,
    append_rows_response::{AppendResult, Response},
    row_error::RowErrorCode,
};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};
use serde_json::{Value as Json, json};

use crate::store::{Answered, OK};

const INVALID_ARGUMENT: i32 = 3;

#[derive(Debug, Default)]
pub struct Warehouse {
    /// `{table, row}` of each.
    pub appended: Vec<Json>,
    refused: Refused,
}

/// The documents whose rows are refused.
#[derive(Debug)]
enum Refused {
    /// By their ids.
    These(Vec<String>),
    All,
}

impl Default for Refused {
    fn default() -> Refused {
        Refused::These(Vec::new())
    }
}

impl Warehouse {
    pub fn refusing(refused: Vec<String>) -> Warehouse {
        Warehouse { refused: Refused::These(refused), ..Warehouse::default() }
    }

    pub fn refusing_all() -> Warehouse {
        Warehouse { refused: Refused::All, ..Warehouse::default() }
    }

    /// All rows of the request, or none of them.
    pub fn append(&mut self, bytes: &[u8]) -> Answered {
        let request = AppendRowsRequest::decode(bytes).expect("an AppendRowsRequest");
        let table = table_of(&request.write_stream);
        let Some(Rows::ProtoRows(data)) = request.rows else { panic!("rows are protobuf") };
        let schema = data.writer_schema.expect("the first request of a stream has a schema");
        let descriptor = loaded(schema.proto_descriptor.expect("a descriptor"));
        let rows = data.rows.expect("rows").serialized_rows;
        let rows: Vec<_> = rows.iter().map(|row| read(&descriptor, row)).collect();
        let is_refused = |row: &Json| match &self.refused {
            Refused::All => true,
            Refused::These(ids) => row["id"].as_str().is_some_and(|id| ids.iter().any(|it| it == id)),
        };
        let row_errors: Vec<_> =
            (0..).zip(&rows).filter(|(_, row)| is_refused(row)).map(|(index, _)| error(index)).collect();
        let response = if row_errors.is_empty() {
            self.appended.extend(rows.into_iter().map(|row| json!({ "table": table, "row": row })));
            Response::AppendResult(AppendResult::default())
        } else {
            let (code, message) = (INVALID_ARGUMENT, "Errors found while processing rows".to_owned());
            Response::Error(googleapis_tonic_google_rpc::google::rpc::Status { code, message, details: Vec::new() })
        };
        let answer = AppendRowsResponse { response: Some(response), row_errors, ..Default::default() };
        Answered { messages: vec![answer.encode_to_vec()], status: OK }
    }
}

fn error(index: i64) -> RowError {
    RowError { index, code: RowErrorCode::FieldsError.into(), message: "with a value of the row in it".to_owned() }
}

/// `projects/p/datasets/d/tables/t/streams/_default`
fn table_of(stream: &str) -> String {
    let parts: Vec<_> = stream.split('/').collect();
    let ["projects", _, "datasets", dataset, "tables", table, "streams", "_default"] = parts[..] else {
        panic!("{stream}: no default stream");
    };
    format!("{dataset}.{table}")
}

fn loaded(descriptor: DescriptorProto) -> MessageDescriptor {
    let name = descriptor.name().to_owned();
    let file = FileDescriptorProto {
        name: Some("row.proto".to_owned()),
        syntax: Some("proto2".to_owned()),
        message_type: vec![descriptor],
        ..Default::default()
    };
    let pool = DescriptorPool::from_file_descriptor_set(FileDescriptorSet { file: vec![file] });
    pool.expect("a descriptor that is whole").get_message_by_name(&name).expect("its message")
}

fn read(descriptor: &MessageDescriptor, row: &[u8]) -> Json {
    let message = DynamicMessage::decode(descriptor.clone(), row).expect("a row of this descriptor");
    assert_eq!(message.unknown_fields().count(), 0, "the descriptor has each field of the row");
    let options = SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false);
    let options = options.stringify_64_bit_integers(true);
    let json = message.serialize_with_options(serde_json::value::Serializer, &options).expect("JSON");
    without_nulls(json)
}

/// A field that isn't there is null in its column.
fn without_nulls(json: Json) -> Json {
    match json {
        Json::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Json::Array(items) => items.into_iter().map(without_nulls).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json,
    }
}
