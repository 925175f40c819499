//! mail/{consumer}.{eventId}, as Firebase's Trigger Email extension reads it, which sends it. It adds a field `delivery`.

use crate::{
    decision::Write,
    document::DocumentPath,
    value::{Map, map},
};

/// `data` is what the template mentions, by name.
pub fn write(path: DocumentPath, to: &str, template: &str, data: Map) -> Write {
    Write::to(path).set("to", to).set("template", map([("name", template.into()), ("data", data.into())]))
}
