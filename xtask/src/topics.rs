//! `dist/topics.json`: event type -> topic, told once in the core and read by the programs in JavaScript.

use std::collections::BTreeMap;
use std::path::Path;

use boma_core::event::catalog::EventType;

use crate::complaint::Complaint;
use crate::package;

pub fn write(path: &Path) -> Result<(), Complaint> {
    let topics: BTreeMap<_, _> = EventType::ALL.iter().map(|kind| (kind.name(), kind.topic().name())).collect();
    let text = serde_json::to_string_pretty(&topics).map_err(|error| error.to_string())? + "\n";
    package::write_if_new(path, &text)
}
