//! A row as JSON: what a letter keeps of it, and what two rows are compared by.
//!
//! Integers are texts: readers of JSON take them for doubles. What is null is left out.

use serde_json::{Map as JsonMap, Value as Json, json};

use crate::{
    kernel::timestamp::Timestamp,
    warehouse::{
        row::{Cell, Decimal, Row, Version},
        table::{Column, Kind, Table},
    },
};

/// What the row says of the document; without when and why it was sent.
pub fn spelled(row: &Row) -> Json {
    let mut json = json!({
        "table": row.table.collection,
        "id": row.id,
        "version": row.version.micros.to_string(),
        "deleted": row.version.is_deleted,
        "changeTime": row.change_time.to_string(),
        "columns": record(&row.table.columns, &row.cells),
        "rest": row.rest,
    });
    let optional = [
        ("eventTime", row.event_time.map(|at| at.to_string())),
        ("oldStatus", row.old_status.clone()),
        ("newStatus", row.new_status.clone()),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            json[name] = text.into();
        }
    }
    json
}

/// The columns that have a value.
pub fn record(columns: &[Column], cells: &[Cell]) -> Json {
    let with_value = columns.iter().zip(cells).filter(|(_, cell)| **cell != Cell::Null);
    Json::Object(with_value.map(|(column, cell)| (column.name.clone(), value(&column.kind, cell))).collect())
}

fn value(kind: &Kind, cell: &Cell) -> Json {
    match (kind, cell) {
        (_, Cell::Null) => Json::Null,
        (_, Cell::Text(text)) => text.as_str().into(),
        (_, Cell::Int(number)) => number.to_string().into(),
        (_, Cell::Bool(value)) => (*value).into(),
        (_, Cell::Time(at)) => at.to_string().into(),
        (_, Cell::Json(json)) => json.clone(),
        (_, Cell::Decimal(decimal)) => decimal.to_string().into(),
        (_, Cell::Texts(texts)) => texts.as_slice().into(),
        (Kind::Record(columns), Cell::Record(cells)) => record(columns, cells),
        (Kind::Records { columns, .. }, Cell::Records(all)) => all.iter().map(|cells| record(columns, cells)).collect(),
        (_, Cell::Record(_) | Cell::Records(_)) => unreachable!("a record belongs to a column of records"),
    }
}

/// The row that was spelled so. None: it wasn't by this or an earlier release.
pub fn read(json: &Json) -> Option<Row> {
    let table = Table::of(json["table"].as_str()?)?;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let time = |name: &str| json[name].as_str().and_then(|text| Timestamp::parse(text).ok());
    Some(Row {
        table,
        id: text("id")?,
        version: Version { micros: json["version"].as_str()?.parse().ok()?, is_deleted: json["deleted"].as_bool()? },
        change_time: time("changeTime")?,
        event_time: time("eventTime"),
        old_status: text("oldStatus"),
        new_status: text("newStatus"),
        trace: None,
        cells: cells(&table.columns, json["columns"].as_object()?)?,
        rest: json["rest"].as_object()?.clone(),
    })
}

fn cells(columns: &[Column], record: &JsonMap<String, Json>) -> Option<Vec<Cell>> {
    columns.iter().map(|column| cell(&column.kind, record.get(&column.name))).collect()
}

fn cell(kind: &Kind, value: Option<&Json>) -> Option<Cell> {
    let listed = || value.map_or(Some(&[][..]), |value| value.as_array().map(Vec::as_slice));
    match kind {
        Kind::Texts { .. } => {
            let texts = listed()?.iter().map(|text| text.as_str().map(str::to_owned));
            return texts.collect::<Option<_>>().map(Cell::Texts);
        }
        Kind::Records { columns, .. } => {
            let records = listed()?.iter().map(|record| cells(columns, record.as_object()?));
            return records.collect::<Option<_>>().map(Cell::Records);
        }
        Kind::Text | Kind::Int | Kind::Bool | Kind::Time | Kind::Json | Kind::Money { .. } | Kind::Record(_) => {}
    }
    let Some(value) = value else { return Some(Cell::Null) };
    Some(match kind {
        Kind::Text => Cell::Text(value.as_str()?.to_owned()),
        Kind::Int => Cell::Int(value.as_str()?.parse().ok()?),
        Kind::Bool => Cell::Bool(value.as_bool()?),
        Kind::Time => Cell::Time(Timestamp::parse(value.as_str()?).ok()?),
        Kind::Json => Cell::Json(value.clone()),
        Kind::Money { .. } => Cell::Decimal(Decimal::parse(value.as_str()?)?),
        Kind::Record(columns) => Cell::Record(cells(columns, value.as_object()?)?),
        Kind::Texts { .. } | Kind::Records { .. } => return None,
    })
}
