//! The tables, as their files say them.

use std::{hash::Hash, sync::LazyLock};

use serde_json::Value as Json;

/// One collection's table of changes.
#[derive(Debug)]
pub struct Table {
    pub collection: String,
    /// The field that tells where the document stands.
    pub status: String,
    /// The field that tells when what the document is about happened.
    pub event_time: String,
    /// Fields that are never copied.
    pub omitted: Vec<String>,
    pub columns: Vec<Column>,
}

#[derive(Debug)]
pub struct Column {
    /// The field's, too.
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    Text,
    Int,
    Bool,
    Time,
    /// Any value.
    Json,
    /// Minor units in the document; `currency` names the field with their ISO code.
    Money {
        currency: String,
    },
    Texts {
        is_required: bool,
    },
    /// A map with these fields.
    Record(Vec<Column>),
    /// A list of maps with these fields; or, with a key, a map of such maps, whose names are the column `key`.
    Records {
        key: Option<String>,
        is_required: bool,
        columns: Vec<Column>,
    },
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    [
        include_str!("../../../../analytics/tables/users.json"),
        include_str!("../../../../analytics/tables/transactions.json"),
        include_str!("../../../../analytics/tables/leads.json"),
        include_str!("../../../../analytics/tables/kyc_cases.json"),
        include_str!("../../../../analytics/tables/dead_letters.json"),
    ]
    .map(|file| Table::read(&serde_json::from_str(file).expect("JSON")))
    .into()
});

impl Table {
    pub fn all() -> &'static [Table] {
        &TABLES
    }

    pub fn of(collection: &str) -> Option<&'static Table> {
        TABLES.iter().find(|table| table.collection == collection)
    }

    /// The name in the dataset.
    pub fn name(&self) -> String {
        format!("{}_history", self.collection)
    }

    fn read(file: &Json) -> Table {
        Table {
            collection: text(file, "collection"),
            status: text(file, "status"),
            event_time: text(file, "eventTime"),
            omitted: list(file, "omitted").iter().map(|name| name.as_str().expect("a name").to_owned()).collect(),
            columns: columns(file, "columns"),
        }
    }
}

/// The files are part of the program: what is wrong in them is found by its first test.
fn text(file: &Json, field: &str) -> String {
    file[field].as_str().unwrap_or_else(|| panic!("{field}: not a text")).to_owned()
}

fn list<'a>(file: &'a Json, field: &str) -> &'a [Json] {
    file[field].as_array().map_or(&[], Vec::as_slice)
}

fn columns(file: &Json, field: &str) -> Vec<Column> {
    list(file, field).iter().map(|column| Column { name: text(column, "name"), kind: kind(column) }).collect()
}

fn kind(column: &Json) -> Kind {
    let is_required = column["required"].as_bool().unwrap_or(false);
    match text(column, "type").as_str() {
        "STRING" => Kind::Text,
        "INT64" => Kind::Int,
        "BOOL" => Kind::Bool,
        "TIMESTAMP" => Kind::Time,
        "JSON" => Kind::Json,
        "MONEY" => Kind::Money { currency: text(column, "currency") },
        "STRINGS" => Kind::Texts { is_required },
        "RECORD" => Kind::Record(columns(column, "fields")),
        "RECORDS" => {
            let key = column["key"].as_str().map(str::to_owned);
            Kind::Records { key, is_required, columns: columns(column, "fields") }
        }
        other => panic!("{other}: not a type of column"),
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Table) -> bool {
        self.collection == other.collection
    }
}

impl Eq for Table {}

impl Hash for Table {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.collection.hash(state);
    }
}
