//! JSON Schema, 2020-12, of an event: the envelope and its data.

use boma_core::{
    ids::Spelling,
    json::MAX_STRING_BYTES,
    questions::{Asked, Description, Kind, Question},
};
use serde_json::{Map, Value as Json, json};

use crate::{amounts, meanings};

/// Days, hours and the like by their digits; `format` says which of the days there are.
const MOMENT: &str = concat!(
    r"^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt]",
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
);

/// Names that begin and end with two underscores.
const OF_THE_DATABASE: &str = r"^__(?:_?|[\s\S]*__)$";

pub(crate) fn of(description: &Description) -> Json {
    let event_type = description.event_type;
    let mut schema = object(&description.envelope);
    schema["properties"]["type"] = json!({ "const": event_type.name() });
    schema["properties"]["data"] = object(&description.data);
    if schema["properties"]["data"].get("required").is_some() || !description.data.one_of.is_empty() {
        schema["required"].as_array_mut().expect("a list").push("data".into());
    }
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:boma:event:{event_type}:1"),
        "title": event_type.name(),
        "description": format!("{} Topic: {}.", meanings::of(event_type), event_type.topic()),
    });
    let Json::Object(mut whole) = head else { unreachable!("an object") };
    if let Json::Object(fields) = schema {
        whole.extend(fields);
    }
    whole.insert("examples".to_owned(), json!([description.example]));
    Json::Object(whole)
}

fn object(asked: &Asked) -> Json {
    let property = |question: &Question| (question.field.clone(), property(&question.kind));
    let properties: Map<_, _> = asked.questions.iter().map(property).collect();
    let required: Vec<_> = asked.questions.iter().filter(|it| it.is_required).map(|it| it.field.as_str()).collect();
    let mut object = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        object["required"] = required.into();
    }
    if !asked.one_of.is_empty() {
        object["anyOf"] = asked.one_of.iter().map(|field| json!({ "required": [field] })).collect();
    }
    let asks_for = |kind: &Kind| asked.questions.iter().any(|question| question.kind == *kind);
    if asks_for(&Kind::Amount) && asks_for(&Kind::Currency) {
        object["allOf"] = amounts::all_decimals().into_iter().map(amount_by_currency).collect();
    }
    object
}

fn property(kind: &Kind) -> Json {
    match kind {
        Kind::Text => text(),
        Kind::Texts(most) => {
            json!({ "type": "array", "maxItems": most, "items": { "type": "string", "maxLength": MAX_STRING_BYTES } })
        }
        Kind::Words(words) => json!({ "enum": words }),
        Kind::Id(spelling) | Kind::Subject(spelling) => id(spelling),
        Kind::Moment => json!({ "type": "string", "format": "date-time", "pattern": MOMENT }),
        Kind::Integer(one, same) if one == same => json!({ "const": one }),
        Kind::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Country => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
        Kind::Currency => {
            json!({ "enum": amounts::currencies().iter().map(|currency| currency.code()).collect::<Vec<_>>() })
        }
        // With as many decimals as any currency has; which ones, the field beside it or the transaction says.
        Kind::Amount => {
            let most = amounts::all_decimals().into_iter().max().unwrap_or_default();
            json!({ "anyOf": (0..=most).map(amounts::schema).collect::<Vec<_>>() })
        }
        Kind::Price => json!({ "type": "string", "pattern": r"^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,10})?$" }),
        Kind::TextMap(most) => json!({
            "type": "object",
            "maxProperties": most,
            "propertyNames": { "minLength": 1, "maxLength": MAX_STRING_BYTES, "not": { "pattern": OF_THE_DATABASE } },
            "additionalProperties": { "type": "string", "maxLength": MAX_STRING_BYTES },
        }),
        Kind::Object => json!({ "type": "object" }),
    }
}

fn id(spelling: &Spelling) -> Json {
    let mut id = json!({ "type": "string", "pattern": spelling.pattern, "maxLength": spelling.longest });
    if let Some(except) = spelling.except {
        id["not"] = json!({ "pattern": except });
    }
    id
}

/// Characters here, bytes in the reader: the schema language can't count those.
fn text() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": MAX_STRING_BYTES })
}

fn amount_by_currency(decimals: u8) -> Json {
    json!({
        "if": { "properties": { "currency": { "enum": amounts::codes_with(decimals) } } },
        "then": { "properties": { "amount": amounts::schema(decimals) } },
    })
}
