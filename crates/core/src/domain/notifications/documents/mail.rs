//! mail/{consumer}.{eventId} and mail/welcome.{userId}, as Google's mail kit reads them, which sends them. It adds a field `delivery`. After `expireAt` the database deletes them: what was sent isn't kept for its address and its text.

use crate::{
    kernel::timestamp::Timestamp,
    store::{
        path::DocumentPath,
        value::{Map, map},
        write::Write,
    },
};

const KEPT_DAYS: u32 = 30;

/// `data` is what the template mentions, by name.
pub fn write(path: DocumentPath, to: &str, template: &str, data: Map, now: Timestamp) -> Write {
    Write::to(path)
        .set("to", to)
        .set("template", map([("name", template.into()), ("data", data.into())]))
        .set("expireAt", now.plus_days(KEPT_DAYS))
}
