//! One row: a document after a change of it.

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    kernel::{money::Currency, timestamp::Timestamp},
    warehouse::table::{Kind, Table},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub table: &'static Table,
    pub id: String,
    pub version: Version,
    /// When the document was written or deleted.
    pub change_time: Timestamp,
    pub event_time: Option<Timestamp>,
    pub old_status: Option<String>,
    pub new_status: Option<String>,
    pub trace: Option<String>,
    /// One for each of the table's columns.
    pub cells: Vec<Cell>,
    /// What no column takes, at its own path.
    pub rest: JsonMap<String, Json>,
}

impl Row {
    /// That a document isn't there.
    pub fn without_document(table: &'static Table, id: String, version: Version, change_time: Timestamp) -> Row {
        Row {
            table,
            id,
            version,
            change_time,
            event_time: None,
            old_status: None,
            new_status: None,
            trace: None,
            cells: table.columns.iter().map(|column| Cell::absent(&column.kind)).collect(),
            rest: JsonMap::new(),
        }
    }

    /// About as many bytes as it is sent in.
    pub fn weight(&self) -> usize {
        OF_THE_CHANGE_BYTES + self.cells.iter().map(Cell::weight).sum::<usize>() + json_weight(&self.rest)
    }
}

const OF_THE_CHANGE_BYTES: usize = 100;
const SCALAR_BYTES: usize = 12;

fn json_weight(rest: &JsonMap<String, Json>) -> usize {
    if rest.is_empty() { 0 } else { Json::Object(rest.clone()).to_string().len() }
}

impl Cell {
    /// Where the document has no such field.
    pub fn absent(kind: &Kind) -> Cell {
        match kind {
            Kind::Texts { .. } => Cell::Texts(Vec::new()),
            Kind::Records { .. } => Cell::Records(Vec::new()),
            Kind::Text | Kind::Int | Kind::Bool | Kind::Time | Kind::Json | Kind::Money { .. } | Kind::Record(_) => {
                Cell::Null
            }
        }
    }

    fn weight(&self) -> usize {
        match self {
            Cell::Null => 0,
            Cell::Int(_) | Cell::Bool(_) | Cell::Time(_) | Cell::Decimal(_) => SCALAR_BYTES,
            Cell::Text(text) => SCALAR_BYTES + text.len(),
            Cell::Json(json) => SCALAR_BYTES + json.to_string().len(),
            Cell::Texts(texts) => texts.iter().map(|text| SCALAR_BYTES + text.len()).sum(),
            Cell::Record(cells) => cells.iter().map(Cell::weight).sum(),
            Cell::Records(all) => all.iter().flatten().map(Cell::weight).sum(),
        }
    }
}

/// The order of a document's changes. The greatest is the present one: a deletion comes after whatever was written at the last update
/// time that is known, and what is created anew has a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Since 1970.
    pub micros: i64,
    pub is_deleted: bool,
}

/// A value as its column has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    Null,
    Text(String),
    Int(i64),
    Bool(bool),
    Time(Timestamp),
    Json(Json),
    Decimal(Decimal),
    Texts(Vec<String>),
    Record(Vec<Cell>),
    Records(Vec<Vec<Cell>>),
}

/// An amount in major units, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    pub minor: i64,
    pub decimals: u8,
}

impl Decimal {
    pub fn of(minor: i64, currency: Currency) -> Decimal {
        Decimal { minor, decimals: currency.decimals() }
    }

    /// As it is displayed.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let minor = format!("{whole}{fraction}").parse().ok()?;
        Some(Decimal { minor, decimals: u8::try_from(fraction.len()).ok()? })
    }
}

/// Without zeros at the end: `700`, `1.5`, `-0.01`.
impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let places = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}
