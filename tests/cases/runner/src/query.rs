//! Answers the queries that are asked here, on the real request bytes: equalities, bounds of the field that they are ordered by, a
//! cursor, a projection. Anything else is a panic, so that nothing passes for understood.

use std::{cmp::Ordering, collections::BTreeMap};

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    Document, RunQueryRequest, RunQueryResponse, StructuredQuery, Value,
    run_query_request::QueryType,
    structured_query::{
        Direction, FieldFilter, Filter, Order, Projection, composite_filter, field_filter::Operator, filter::FilterType,
    },
    value::ValueType,
};
use prost::Message as _;

use crate::indexes::Needs;

const NAME: &str = "__name__";

/// One message for each document, in order; and one with no document, as the real service sends where it found none.
pub(crate) fn found_by(documents: &BTreeMap<String, Document>, request: &RunQueryRequest) -> Vec<Vec<u8>> {
    let Some(QueryType::StructuredQuery(query)) = &request.query_type else { panic!("no structured query") };
    refuse_what_nobody_asks(request, query);
    let [from] = query.from.as_slice() else { panic!("one collection at a time") };
    assert!(!from.all_descendants, "one collection, and not all of its name");
    let prefix = format!("{}/{}/", request.parent, from.collection_id);
    let filters = filters(query.r#where.as_ref());
    let order: Vec<_> = query.order_by.iter().map(ordered_by).collect();
    assert_eq!(order.last(), Some(&NAME), "pages need an order that is total");
    needs(&from.collection_id, &filters, &order).assert_indexed();

    let below = documents.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix));
    // What is deeper belongs to other collections.
    let own = below.filter(|(name, _)| !name[prefix.len()..].contains('/'));
    let mut found: Vec<&Document> = own.map(|(_, document)| document).collect();
    found.retain(|document| filters.iter().all(|filter| passes(document, filter)));
    found.retain(|document| order.iter().all(|field| value_of(document, field).is_some()));
    found.sort_by(|a, b| compare_all(&order, a, b));
    if let Some(cursor) = &query.start_at {
        assert!(!cursor.before, "pages begin behind the cursor");
        found.retain(|document| is_behind(&order, document, &cursor.values));
    }
    let limit = query.limit.map_or(usize::MAX, |limit| usize::try_from(limit).expect("a limit"));
    let mut messages: Vec<_> =
        found.into_iter().take(limit).map(|document| message(Some(project(query, document)))).collect();
    if messages.is_empty() {
        messages.push(message(None));
    }
    messages
}

/// The name has its order by itself.
fn needs<'a>(collection: &'a str, filters: &[&'a FieldFilter], order: &[&'a str]) -> Needs<'a> {
    let mut needs = Needs { collection, ..Needs::default() };
    needs.ordered.extend(order.iter().filter(|field| **field != NAME));
    for filter in filters {
        let field = filter.field.as_ref().expect("a field").field_path.as_str();
        let fields = if filter.op() == Operator::Equal { &mut needs.equal } else { &mut needs.ordered };
        fields.insert(field);
    }
    // What is equal has no order.
    needs.ordered.retain(|field| !needs.equal.contains(field));
    needs
}

/// What would change the answer, and isn't looked at here.
fn refuse_what_nobody_asks(request: &RunQueryRequest, query: &StructuredQuery) {
    assert!(request.consistency_selector.is_none(), "a query in a transaction, or at a moment of its own");
    assert!(request.explain_options.is_none(), "a query that is to be explained");
    assert!(query.end_at.is_none() && query.find_nearest.is_none() && query.offset == 0, "a query of another kind");
}

fn message(document: Option<Document>) -> Vec<u8> {
    RunQueryResponse { document, ..Default::default() }.encode_to_vec()
}

fn filters(filter: Option<&Filter>) -> Vec<&FieldFilter> {
    match filter.and_then(|filter| filter.filter_type.as_ref()) {
        None => Vec::new(),
        Some(FilterType::FieldFilter(filter)) => vec![filter],
        Some(FilterType::CompositeFilter(all)) => {
            assert_eq!(all.op(), composite_filter::Operator::And, "all of the filters");
            all.filters.iter().flat_map(|filter| filters(Some(filter))).collect()
        }
        Some(FilterType::UnaryFilter(_)) => panic!("a unary filter"),
    }
}

fn ordered_by(order: &Order) -> &str {
    assert_eq!(order.direction, i32::from(Direction::Ascending));
    &order.field.as_ref().expect("a field").field_path
}

/// Only values of the same kind are compared; another kind passes no filter.
fn passes(document: &Document, filter: &FieldFilter) -> bool {
    let field = &filter.field.as_ref().expect("a field").field_path;
    let (Some(is), Some(wanted)) = (value_of(document, field), &filter.value) else { return false };
    let Some(ordering) = compare(&is, wanted) else { return false };
    match filter.op() {
        Operator::Equal => ordering == Ordering::Equal,
        Operator::LessThanOrEqual => ordering != Ordering::Greater,
        Operator::GreaterThan => ordering == Ordering::Greater,
        other @ (Operator::Unspecified
        | Operator::LessThan
        | Operator::GreaterThanOrEqual
        | Operator::NotEqual
        | Operator::ArrayContains
        | Operator::In
        | Operator::ArrayContainsAny
        | Operator::NotIn) => panic!("an operator that nobody asks with: {other:?}"),
    }
}

fn value_of(document: &Document, field: &str) -> Option<Value> {
    if field == NAME {
        return Some(Value { value_type: Some(ValueType::ReferenceValue(document.name.clone())) });
    }
    document.fields.get(field).cloned()
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a.value_type.as_ref()?, b.value_type.as_ref()?) {
        (ValueType::StringValue(a), ValueType::StringValue(b)) => Some(a.cmp(b)),
        (ValueType::ReferenceValue(a), ValueType::ReferenceValue(b)) => Some(a.cmp(b)),
        (ValueType::TimestampValue(a), ValueType::TimestampValue(b)) => {
            Some((a.seconds, a.nanos).cmp(&(b.seconds, b.nanos)))
        }
        _ => None,
    }
}

fn compare_all(order: &[&str], a: &Document, b: &Document) -> Ordering {
    let pairs = order.iter().map(|field| compare(&value_of(a, field)?, &value_of(b, field)?));
    pairs.map(|ordering| ordering.unwrap_or(Ordering::Equal)).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
}

fn is_behind(order: &[&str], document: &Document, values: &[Value]) -> bool {
    let pairs = order.iter().zip(values).map(|(field, at)| compare(&value_of(document, field)?, at));
    pairs.map(|ordering| ordering.unwrap_or(Ordering::Equal)).find(|it| it.is_ne()) == Some(Ordering::Greater)
}

fn project(query: &StructuredQuery, document: &Document) -> Document {
    let Some(Projection { fields }) = &query.select else { return document.clone() };
    let is_selected = |name: &String| fields.iter().any(|field| field.field_path == *name);
    let selected = document.fields.iter().filter(|(name, _)| is_selected(name));
    Document { fields: selected.map(|(name, value)| (name.clone(), value.clone())).collect(), ..document.clone() }
}
