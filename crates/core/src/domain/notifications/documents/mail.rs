//! mail/{consumer}.{eventId}, as Firebase's Trigger Email extension reads it, which sends it. It adds a field `delivery`.

use crate::store::{
    path::DocumentPath,
    value::{Map, map},
    write::Write,
};

/// `data` is what the template mentions, by name.
pub fn write(path: DocumentPath, to: &str, template: &str, data: Map) -> Write {
    Write::to(path).set("to", to).set("template", map([("name", template.into()), ("data", data.into())]))
}
