//! What producers and consumers of events are promised, generated from what reads the events and from the machines' tables:
//! a JSON Schema for each type in `contracts/schemas/`, and `docs/events.md` for people.
//!
//! A schema is made of what a type's reader asks while it reads ([`boma_core::event::shape`]), so the two can't differ; a table
//! is what a machine's own function answers for every state and input.

pub mod amounts;
mod answers;
pub mod cases;
pub mod contract;
mod diagrams;
pub mod examples;
mod machines;
mod markdown;
mod meanings;
mod refusals;
mod schema;
mod texts;

use std::collections::BTreeMap;

use boma_core::store::personal::{Collection, INVENTORY};
use contract::Contract;
use serde_json::{Map, Value as Json, json};

/// Every generated file, by its path below the project's root.
pub fn files() -> BTreeMap<String, String> {
    let contracts = contract::all();
    let mut files: BTreeMap<_, _> = contracts.iter().map(schema_file).collect();
    files.insert("docs/events.md".to_owned(), markdown::events(&contracts));
    files.insert("contracts/currencies.json".to_owned(), currencies_file());
    files.insert("contracts/personal.json".to_owned(), personal_file());
    files
}

/// The decimals of each currency, for whoever shows minor units.
/// Which stored fields are personal: for the warehouse's views.
fn personal_file() -> String {
    let fields = |known: &Collection| json!({ "personal": known.personal, "others": known.others });
    let all: Map<String, Json> = INVENTORY.iter().map(|known| (known.name.to_owned(), fields(known))).collect();
    format!("{}\n", serde_json::to_string_pretty(&all).expect("names"))
}

fn currencies_file() -> String {
    let decimals: BTreeMap<_, _> =
        amounts::currencies().into_iter().map(|currency| (currency.code(), currency.decimals())).collect();
    serde_json::to_string_pretty(&decimals).expect("JSON") + "\n"
}

fn schema_file(contract: &Contract) -> (String, String) {
    let text = ascii(&serde_json::to_string_pretty(&contract.schema()).expect("JSON")) + "\n";
    (format!("contracts/schemas/{}.json", contract.event_type()), text)
}

/// The same JSON: patterns have characters that nobody sees, or that turn the direction of a line.
fn ascii(json: &str) -> String {
    let one = |c: char| match c {
        _ if c.is_ascii() && c != '\u{7F}' => c.to_string(),
        _ => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
    };
    json.chars().map(one).collect()
}
