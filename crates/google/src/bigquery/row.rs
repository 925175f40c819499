//! A row as the protobuf message of its table's descriptor.

use boma_core::{
    kernel::timestamp::Timestamp,
    warehouse::row::{Cell, Row},
};
use prost::encoding::{WireType, encode_key, encode_varint};

use super::columns::{FIRST_OF_DOCUMENT, REST_NUMBER};

pub(super) fn encoded(row: &Row, ingested_at: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    text(&mut bytes, 1, &row.id);
    int(&mut bytes, 2, row.version.micros);
    bool(&mut bytes, 3, row.version.is_deleted);
    int(&mut bytes, 4, row.change_time.micros());
    if let Some(at) = row.event_time {
        int(&mut bytes, 5, at.micros());
    }
    for (number, value) in [(6, &row.old_status), (7, &row.new_status), (8, &row.trace)] {
        value.iter().for_each(|value| text(&mut bytes, number, value));
    }
    int(&mut bytes, 9, ingested_at.micros());
    if !row.rest.is_empty() {
        let rest = serde_json::to_string(&row.rest).unwrap_or_default();
        text(&mut bytes, REST_NUMBER, &rest);
    }
    record(&mut bytes, FIRST_OF_DOCUMENT, &row.cells);
    bytes
}

fn record(bytes: &mut Vec<u8>, first: u32, cells: &[Cell]) {
    for (number, cell) in (first..).zip(cells) {
        one(bytes, number, cell);
    }
}

fn one(bytes: &mut Vec<u8>, number: u32, cell: &Cell) {
    match cell {
        Cell::Null => {}
        Cell::Text(value) => text(bytes, number, value),
        Cell::Int(value) => int(bytes, number, *value),
        Cell::Bool(value) => bool(bytes, number, *value),
        Cell::Time(at) => int(bytes, number, at.micros()),
        Cell::Json(json) => text(bytes, number, &json.to_string()),
        Cell::Decimal(decimal) => text(bytes, number, &decimal.to_string()),
        Cell::Texts(texts) => texts.iter().for_each(|value| text(bytes, number, value)),
        Cell::Record(cells) => message(bytes, number, cells),
        Cell::Records(all) => all.iter().for_each(|cells| message(bytes, number, cells)),
    }
}

fn message(bytes: &mut Vec<u8>, number: u32, cells: &[Cell]) {
    let mut inner = Vec::new();
    record(&mut inner, 1, cells);
    delimited(bytes, number, &inner);
}

fn text(bytes: &mut Vec<u8>, number: u32, value: &str) {
    delimited(bytes, number, value.as_bytes());
}

fn delimited(bytes: &mut Vec<u8>, number: u32, content: &[u8]) {
    encode_key(number, WireType::LengthDelimited, bytes);
    encode_varint(content.len() as u64, bytes);
    bytes.extend_from_slice(content);
}

fn int(bytes: &mut Vec<u8>, number: u32, value: i64) {
    encode_key(number, WireType::Varint, bytes);
    encode_varint(u64::from_ne_bytes(value.to_ne_bytes()), bytes);
}

fn bool(bytes: &mut Vec<u8>, number: u32, value: bool) {
    encode_key(number, WireType::Varint, bytes);
    encode_varint(value.into(), bytes);
}
