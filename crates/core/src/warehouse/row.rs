//! One row: a document after a change of it.

use serde_json::{Map as JsonMap, Value as Json};

use crate::{
    kernel::{money::Currency, timestamp::Timestamp},
    warehouse::table::Table,
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
