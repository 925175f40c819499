//! Queries for documents.

use crate::{
    firestore::stored,
    host::HostConfig,
    rpc::{CallKind, Rpc, Target, routing},
    value::{timestamp_to_proto, to_proto},
};
use boma_core::store::{
    path::DocumentPath,
    query::{ALL_FIELDS, Comparison, Cursor, Filter, Query, Row},
    value::Value,
};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    Cursor as ProtoCursor, RunQueryRequest, RunQueryResponse, StructuredQuery, Value as ProtoValue,
    run_query_request::{ConsistencySelector, QueryType},
    structured_query::{
        CollectionSelector, CompositeFilter, Direction, FieldFilter, FieldReference, Filter as ProtoFilter, Order,
        Projection, composite_filter, field_filter::Operator, filter::FilterType,
    },
    value::ValueType,
};
use prost::Message as _;

/// The name of a document, as a field to select or to order by.
const NAME: &str = "__name__";

/// One RunQuery, without a transaction.
pub fn query_request(config: &HostConfig, query: &Query, timeout_ms: u32) -> Rpc {
    let parent = format!("{}/documents", config.database_name());
    // The selection of no field would be one of all.
    let selected = if query.fields.is_empty() { &[NAME] } else { query.fields };
    let selected = (query.fields != ALL_FIELDS)
        .then(|| Projection { fields: selected.iter().map(|field| reference(field)).collect() });
    let structured = StructuredQuery {
        select: selected,
        from: vec![CollectionSelector { collection_id: query.collection.to_owned(), all_descendants: false }],
        r#where: all_of(query.filters.iter().map(filter).collect()),
        order_by: query.order_by.into_iter().chain([NAME]).map(ascending).collect(),
        start_at: query.after.as_ref().map(|after| cursor(config, after)),
        end_at: query.up_to.as_ref().map(|path| cursor(config, &Cursor { value: None, path: path.clone() })),
        limit: i32::try_from(query.limit).ok(),
        ..Default::default()
    };
    let request = RunQueryRequest {
        parent: parent.clone(),
        query_type: Some(QueryType::StructuredQuery(structured)),
        consistency_selector: query.read_at.map(|at| ConsistencySelector::ReadTime(timestamp_to_proto(at))),
        ..Default::default()
    };
    Rpc {
        target: Target::Firestore,
        path: "/google.firestore.v1.Firestore/RunQuery",
        kind: CallKind::ServerStream,
        timeout_ms,
        metadata: vec![routing("parent", &parent), ("google-cloud-resource-prefix", config.database_name())],
        bytes: request.encode_to_vec(),
    }
}

/// What RunQuery streamed back, each document of it: a page that is full stays so, whoever wrote them. None if the bytes aren't an answer.
pub fn decode_rows(config: &HostConfig, messages: &[Vec<u8>]) -> Option<Vec<Row>> {
    let root = format!("{}/documents/", config.database_name());
    let mut rows = Vec::new();
    for message in messages {
        // One without a document has only a read time.
        let Some(document) = RunQueryResponse::decode(message.as_slice()).ok()?.document else { continue };
        let path = DocumentPath::named(document.name.strip_prefix(&root)?)?;
        rows.push(Row { path, stored: stored(document)? });
    }
    Some(rows)
}

fn reference(field: &str) -> FieldReference {
    FieldReference { field_path: field.to_owned() }
}

fn ascending(field: &str) -> Order {
    Order { field: Some(reference(field)), direction: Direction::Ascending.into() }
}

fn filter(filter: &Filter) -> ProtoFilter {
    let op = match filter.is {
        Comparison::Equal => Operator::Equal,
        Comparison::AtMost => Operator::LessThanOrEqual,
        Comparison::Above => Operator::GreaterThan,
    };
    let (field, value) = (Some(reference(filter.field)), Some(to_proto(filter.value.clone())));
    let filter = FieldFilter { field, op: op.into(), value };
    ProtoFilter { filter_type: Some(FilterType::FieldFilter(filter)) }
}

fn all_of(mut filters: Vec<ProtoFilter>) -> Option<ProtoFilter> {
    if filters.len() < 2 {
        return filters.pop();
    }
    let all = CompositeFilter { op: composite_filter::Operator::And.into(), filters };
    Some(ProtoFilter { filter_type: Some(FilterType::CompositeFilter(all)) })
}

fn cursor(config: &HostConfig, after: &Cursor) -> ProtoCursor {
    let name = ProtoValue { value_type: Some(ValueType::ReferenceValue(config.document_name(&after.path))) };
    let value: Option<Value> = after.value.clone();
    ProtoCursor { values: value.map(to_proto).into_iter().chain([name]).collect(), before: false }
}
