//! A document's fields, told apart into columns and rest.

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    kernel::money::Currency,
    store::value::{Map, Value},
    warehouse::{
        json::json_of,
        row::{Cell, Decimal},
        table::{Column, Kind, Table},
    },
};

/// The cells of a document, what no column takes, and which fields the table doesn't know.
pub(super) struct Typed {
    pub(super) cells: Vec<Cell>,
    pub(super) rest: JsonMap<String, Json>,
    pub(super) unknown: Vec<String>,
}

pub(super) fn typed(table: &Table, document: &Map) -> Typed {
    let mut unknown = Vec::new();
    let place = Place { document, key: None, path: String::new() };
    let (cells, mut rest) = cells(&table.columns, document, &place, &mut unknown);
    rest.retain(|name, _| !table.omitted.contains(name));
    unknown.retain(|name| !table.omitted.contains(name));
    Typed { cells, rest, unknown }
}

/// Where a map is in its document: for the currency of its money, which may stand above it, and for the names of unknown fields.
struct Place<'a> {
    document: &'a Map,
    /// The name of the map in the map around it, as the column of that name.
    key: Option<(&'a str, &'a str)>,
    path: String,
}

impl<'a> Place<'a> {
    fn below(&self, name: &str, key: Option<(&'a str, &'a str)>) -> Place<'a> {
        Place { document: self.document, key, path: format!("{}{name}.", self.path) }
    }

    fn currency(&self, field: &str, fields: &Map) -> Option<Currency> {
        if let Some((_, code)) = self.key.filter(|(name, _)| *name == field) {
            return Currency::parse(code).ok();
        }
        match fields.get(field).or_else(|| self.document.get(field)) {
            Some(Value::String(code)) => Currency::parse(code).ok(),
            Some(_) | None => None,
        }
    }
}

fn cells(
    columns: &[Column],
    fields: &Map,
    place: &Place<'_>,
    unknown: &mut Vec<String>,
) -> (Vec<Cell>, JsonMap<String, Json>) {
    let mut rest = JsonMap::new();
    let mut cell = |column: &Column| {
        if let Some((_, key)) = place.key.filter(|(name, _)| *name == column.name) {
            return Cell::Text(key.to_owned());
        }
        let Some(value) = fields.get(&column.name) else { return Cell::absent(&column.kind) };
        let (cell, left) = one(column, value, fields, place, unknown);
        rest.extend(left.map(|left| (column.name.clone(), left)));
        cell
    };
    let cells = columns.iter().map(&mut cell).collect();
    let is_key = |name: &str| place.key.is_some_and(|(key, _)| key == name);
    let is_known = |name: &str| columns.iter().any(|column| column.name == name) && !is_key(name);
    for (name, value) in fields.iter().filter(|(name, _)| !is_known(name)) {
        unknown.push(format!("{}{name}", place.path));
        rest.insert(name.clone(), json_of(value));
    }
    (cells, rest)
}

/// The cell, and what of the value it doesn't take.
fn one(
    column: &Column,
    value: &Value,
    fields: &Map,
    place: &Place<'_>,
    unknown: &mut Vec<String>,
) -> (Cell, Option<Json>) {
    let whole = |cell| (cell, None);
    match (&column.kind, value) {
        (Kind::Text, Value::String(text)) => whole(Cell::Text(text.clone())),
        (Kind::Int, Value::Int(number)) => whole(Cell::Int(*number)),
        (Kind::Bool, Value::Bool(value)) => whole(Cell::Bool(*value)),
        (Kind::Time, Value::Timestamp(at)) => whole(Cell::Time(*at)),
        (Kind::Json, value) if *value != Value::Null => whole(Cell::Json(json_of(value))),
        (Kind::Money { currency }, Value::Int(minor)) => match place.currency(currency, fields) {
            Some(currency) => whole(Cell::Decimal(Decimal::of(*minor, currency))),
            None => (Cell::Null, Some(json_of(value))),
        },
        (Kind::Texts { is_required }, Value::Array(items)) if *is_required || !items.is_empty() => {
            texts(items).map_or_else(|| (Cell::Texts(Vec::new()), Some(json_of(value))), whole)
        }
        (Kind::Record(columns), Value::Map(inner)) => {
            let (cells, rest) = cells(columns, inner, &place.below(&column.name, None), unknown);
            (Cell::Record(cells), some(rest))
        }
        (Kind::Records { key: None, is_required, columns }, Value::Array(items))
            if *is_required || !items.is_empty() =>
        {
            let (records, is_whole) = listed(columns, items, &place.below(&column.name, None), unknown);
            // A place in a list has no name: where one item has more than the columns take, the list is kept as it is.
            (Cell::Records(records), (!is_whole).then(|| json_of(value)))
        }
        (Kind::Records { key: Some(key), is_required, columns }, Value::Map(inner))
            if *is_required || !inner.is_empty() =>
        {
            let (records, rest) = keyed(columns, key, inner, &place.below(&column.name, None), unknown);
            (Cell::Records(records), some(rest))
        }
        (
            Kind::Text
            | Kind::Int
            | Kind::Bool
            | Kind::Time
            | Kind::Json
            | Kind::Money { .. }
            | Kind::Texts { .. }
            | Kind::Record(_)
            | Kind::Records { .. },
            _,
        ) => (Cell::absent(&column.kind), Some(json_of(value))),
    }
}

fn texts(items: &[Value]) -> Option<Cell> {
    items.iter().map(|item| item.as_text().map(str::to_owned)).collect::<Option<_>>().map(Cell::Texts)
}

/// The records, and whether they are all that the items have.
fn listed(columns: &[Column], items: &[Value], place: &Place<'_>, unknown: &mut Vec<String>) -> (Vec<Vec<Cell>>, bool) {
    let mut is_whole = true;
    let mut records = Vec::with_capacity(items.len());
    for item in items {
        let Value::Map(inner) = item else {
            is_whole = false;
            continue;
        };
        let (cells, rest) = cells(columns, inner, place, unknown);
        is_whole &= rest.is_empty();
        records.push(cells);
    }
    (records, is_whole)
}

fn keyed(
    columns: &[Column],
    key: &str,
    inner: &Map,
    place: &Place<'_>,
    unknown: &mut Vec<String>,
) -> (Vec<Vec<Cell>>, JsonMap<String, Json>) {
    let (mut records, mut rest) = (Vec::with_capacity(inner.len()), JsonMap::new());
    for (name, value) in inner {
        let Value::Map(fields) = value else {
            rest.insert(name.clone(), json_of(value));
            continue;
        };
        let of_this =
            Place { document: place.document, key: Some((key, name)), path: format!("{}{name}.", place.path) };
        let (cells, left) = cells(columns, fields, &of_this, unknown);
        records.push(cells);
        if !left.is_empty() {
            rest.insert(name.clone(), Json::Object(left));
        }
    }
    (records, rest)
}

fn some(rest: JsonMap<String, Json>) -> Option<Json> {
    (!rest.is_empty()).then_some(Json::Object(rest))
}
