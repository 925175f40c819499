//! What BigQuery answers to appended rows.

use boma_core::protocol::step::{Failure, FailureClass, RefusedRow};
use boma_google::decode_append;
use googleapis_tonic_google_cloud_bigquery_storage_v1::google::cloud::bigquery::storage::v1::{
    AppendRowsResponse, RowError, StorageError,
    append_rows_response::{AppendResult, Response},
    row_error::RowErrorCode,
    storage_error::StorageErrorCode,
};
use googleapis_tonic_google_rpc::google::rpc::Status;
use prost::Message as _;
use prost_types::Any;

const INVALID_ARGUMENT: i32 = 3;
const UNAVAILABLE: i32 = 14;

fn error(code: i32, details: Vec<Any>) -> Response {
    Response::Error(Status { code, message: "with a value of somebody's in it".to_owned(), details })
}

fn decoded(response: Option<Response>, row_errors: Vec<RowError>) -> Result<Vec<RefusedRow>, Failure> {
    decode_append(&[AppendRowsResponse { response, row_errors, ..Default::default() }.encode_to_vec()])
}

#[test]
fn rows_that_are_taken_are_none_that_are_refused() {
    assert_eq!(decoded(Some(Response::AppendResult(AppendResult::default())), Vec::new()), Ok(Vec::new()));
}

#[test]
fn a_refused_row_is_known_by_its_place_and_by_a_code_without_its_value() {
    let row = RowError { index: 2, code: RowErrorCode::FieldsError.into(), message: "ada@example.com".to_owned() };
    let refused = RefusedRow { index: 2, reason: "BigQuery refuses the row: FIELDS_ERROR".to_owned() };
    assert_eq!(decoded(Some(error(INVALID_ARGUMENT, Vec::new())), vec![row]), Ok(vec![refused]));
}

#[test]
fn an_error_of_the_request_is_a_failure_with_bigquerys_own_word() {
    let of_storage = StorageError { code: StorageErrorCode::SchemaMismatchExtraFields.into(), ..Default::default() };
    let detail = Any {
        type_url: "type.googleapis.com/google.cloud.bigquery.storage.v1.StorageError".to_owned(),
        value: of_storage.encode_to_vec(),
    };
    let status = "INVALID_ARGUMENT SCHEMA_MISMATCH_EXTRA_FIELDS".to_owned();
    let failure = Failure { class: FailureClass::Permanent, status };
    assert_eq!(decoded(Some(error(INVALID_ARGUMENT, vec![detail])), Vec::new()), Err(failure));
    let failure = Failure { class: FailureClass::Unknown, status: "UNAVAILABLE".to_owned() };
    assert_eq!(decoded(Some(error(UNAVAILABLE, Vec::new())), Vec::new()), Err(failure));
}

#[test]
fn an_answer_that_says_nothing_may_have_been_carried_out() {
    for messages in [vec![], vec![Vec::new()], vec![vec![0xff, 0xff]]] {
        let failure = decode_append(&messages).expect_err("no answer");
        assert_eq!(failure.class, FailureClass::Unknown);
    }
}
