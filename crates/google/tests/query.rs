//! What a query answers: a page of documents, whoever wrote them.

use boma_google::{HostConfig, decode_rows};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{Document, RunQueryResponse};
use prost::Message as _;

const ROOT: &str = "projects/p/databases/(default)/documents";

fn answer(id: &str) -> Vec<u8> {
    let update_time = Some(prost_types::Timestamp { seconds: 1_000, nanos: 0 });
    let document = Document { name: format!("{ROOT}/leads/{id}"), update_time, ..Document::default() };
    RunQueryResponse { document: Some(document), ..RunQueryResponse::default() }.encode_to_vec()
}

#[test]
fn a_document_whose_id_no_function_writes_has_its_place_in_the_page() {
    let config = HostConfig::new("p", "(default)");
    let longest = "y".repeat(1_500);
    let ids = ["__id7__", "a", "a%2Fb", "with space", "käse", "🦀", "a\nb", &longest, "z"];
    let rows = decode_rows(&config, &ids.map(answer)).expect("an answer");
    assert_eq!(rows.iter().map(|row| row.path.id()).collect::<Vec<_>>(), ids);
}
