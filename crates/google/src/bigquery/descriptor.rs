//! What a row's bytes mean: the protobuf descriptor of a table, made of the same file as the table.

use std::{collections::BTreeMap, sync::LazyLock};

use boma_core::warehouse::table::{Column, Kind, Table};
use googleapis_tonic_google_cloud_bigquery_storage_v1::google::cloud::bigquery::storage::v1::{
    ProtoSchema, append_rows_request::ProtoData,
};
use prost::Message as _;
use prost_types::{
    DescriptorProto, FieldDescriptorProto,
    field_descriptor_proto::{Label, Type},
};

use super::columns::{FIRST_OF_DOCUMENT, OF_THE_CHANGE, REST, REST_NUMBER, Scalar};

/// The part of a `ProtoData` that says it: the same for each row of the table.
pub(super) fn schema_of(table: &Table) -> &'static [u8] {
    static SCHEMAS: LazyLock<BTreeMap<&str, Vec<u8>>> = LazyLock::new(|| {
        let schema = |table| ProtoSchema { proto_descriptor: Some(descriptor(table)) };
        let part = |table| ProtoData { writer_schema: Some(schema(table)), rows: None }.encode_to_vec();
        Table::all().iter().map(|table| (table.collection.as_str(), part(table))).collect()
    });
    &SCHEMAS[table.collection.as_str()]
}

/// BigQuery matches its fields to columns by name.
fn descriptor(table: &Table) -> DescriptorProto {
    let mut message = DescriptorProto { name: Some("Row".to_owned()), ..Default::default() };
    for (number, (name, scalar)) in (1..).zip(OF_THE_CHANGE) {
        message.field.push(field(name, number, scalar.into(), Label::Optional));
    }
    message.field.push(field(REST, number_of(REST_NUMBER), Type::String, Label::Optional));
    for (number, column) in (FIRST_OF_DOCUMENT..).zip(&table.columns) {
        add(&mut message, number, column);
    }
    message
}

fn add(message: &mut DescriptorProto, number: u32, column: &Column) {
    let number = number_of(number);
    let (scalar, label, columns) = match &column.kind {
        // A NUMERIC and a JSON are texts, too.
        Kind::Text | Kind::Json | Kind::Money { .. } => (Scalar::Text, Label::Optional, None),
        Kind::Int | Kind::Time => (Scalar::Int, Label::Optional, None),
        Kind::Bool => (Scalar::Bool, Label::Optional, None),
        Kind::Texts { .. } => (Scalar::Text, Label::Repeated, None),
        Kind::Record(columns) => (Scalar::Text, Label::Optional, Some(columns)),
        Kind::Records { columns, .. } => (Scalar::Text, Label::Repeated, Some(columns)),
    };
    let Some(columns) = columns else {
        message.field.push(field(&column.name, number, scalar.into(), label));
        return;
    };
    let mut nested = DescriptorProto { name: Some(format!("Of{number}")), ..Default::default() };
    let type_name = nested.name.clone();
    for (number, column) in (1..).zip(columns) {
        add(&mut nested, number, column);
    }
    message.nested_type.push(nested);
    message.field.push(FieldDescriptorProto { type_name, ..field(&column.name, number, Type::Message, label) });
}

fn field(name: &str, number: i32, r#type: Type, label: Label) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(label.into()),
        r#type: Some(r#type.into()),
        ..Default::default()
    }
}

fn number_of(number: u32) -> i32 {
    i32::try_from(number).expect("a table has few columns")
}

impl From<Scalar> for Type {
    fn from(scalar: Scalar) -> Type {
        match scalar {
            Scalar::Text => Type::String,
            Scalar::Int => Type::Int64,
            Scalar::Bool => Type::Bool,
        }
    }
}
