//! The store's queries: what is below a document belongs to another collection, and what isn't answered is refused loudly.

use boma_core::store::query::{Comparison, Filter, Query};
use boma_google::{HostConfig, query_request};
use case_runner::store::{OK, Store};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    RunQueryRequest, RunQueryResponse, StructuredQuery,
    run_query_request::{ConsistencySelector, QueryType},
    structured_query::{CompositeFilter, Filter as ProtoFilter, composite_filter::Operator, filter::FilterType},
};
use prost::Message as _;

const ROOT: &str = "projects/p/databases/(default)/documents/";

/// What a scheduled function asks, changed by somebody.
fn answered(change: impl FnOnce(&mut RunQueryRequest)) -> Vec<String> {
    let config = HostConfig::new("p", "(default)");
    let (filters, fields) = (vec![Filter::new("kind", Comparison::Equal, "AWAITED")], &["kind"]);
    let query = Query { collection: "users", filters, fields, limit: 10, ..Query::default() };
    let rpc = query_request(&config, &query, 1_000);
    let mut request = RunQueryRequest::decode(rpc.bytes.as_slice()).expect("a query");
    change(&mut request);
    let mut store = Store::default();
    for path in ["users/a", "users/a/timeline/b", "users_of_old/c"] {
        let kind =
            case_runner::typed_json::to_fields(serde_json::json!({ "kind": "AWAITED" }).as_object().expect("fields"));
        store.put(format!("{ROOT}{path}"), kind);
    }
    let answer = store.answer(rpc.path, &request.encode_to_vec());
    assert_eq!(answer.status, OK);
    let found = answer.messages.iter().map(|it| RunQueryResponse::decode(it.as_slice()).expect("an answer"));
    found.filter_map(|it| it.document).map(|it| it.name.replace(ROOT, "")).collect()
}

fn structured(request: &mut RunQueryRequest) -> &mut StructuredQuery {
    let Some(QueryType::StructuredQuery(query)) = &mut request.query_type else { panic!("a structured query") };
    query
}

#[test]
fn a_collection_is_not_what_is_below_its_documents() {
    assert_eq!(answered(|_| {}), ["users/a"]);
}

#[test]
#[should_panic(expected = "a query of another kind")]
fn an_offset_is_refused() {
    answered(|request| structured(request).offset = 1);
}

#[test]
#[should_panic(expected = "in a transaction")]
fn a_query_in_a_transaction_is_refused() {
    answered(|request| request.consistency_selector = Some(ConsistencySelector::Transaction(vec![1])));
}

#[test]
#[should_panic(expected = "not all of its name")]
fn a_query_of_all_collections_of_a_name_is_refused() {
    answered(|request| structured(request).from[0].all_descendants = true);
}

#[test]
#[should_panic(expected = "all of the filters")]
fn one_of_several_filters_is_refused() {
    answered(|request| {
        let query = structured(request);
        let filters = query.r#where.take().into_iter().collect();
        let any = CompositeFilter { op: Operator::Or.into(), filters };
        query.r#where = Some(ProtoFilter { filter_type: Some(FilterType::CompositeFilter(any)) });
    });
}
