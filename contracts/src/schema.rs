//! JSON Schema, 2020-12, of an event: the envelope and its data.

use boma_core::{
    event::{
        description::Description,
        fields::MOST_KEY_CHARS,
        shape::{FieldSpec, FieldSpecs, FieldType},
    },
    kernel::{contact, country, ids::Spelling, json::MAX_STRING_CHARS},
};
use serde_json::{Map, Value as Json, json};

use crate::{amounts, examples, meanings, texts};

/// Days, hours and the like by their digits; `format` says which of the days there are.
const MOMENT: &str = concat!(
    r"^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt]",
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
);

/// As above; the year 0 isn't one.
const DAY: &str =
    r"^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$";

/// Names that begin and end with two underscores.
const OF_THE_DATABASE: &str = r"^__(?:_?|[\s\S]*__)$";

pub(crate) fn of(description: &Description) -> Json {
    let event_type = description.event_type;
    let mut schema = object(&description.envelope);
    schema["properties"]["type"] = json!({ "const": event_type.name() });
    let data = object(&description.data);
    if data.get("required").is_some() || !description.data.one_of.is_empty() {
        schema["required"].as_array_mut().expect("a list").push("data".into());
        schema["properties"]["data"] = data;
    } else {
        schema["properties"]["data"] = or_null(&data);
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
    whole.insert("examples".to_owned(), examples(description));
    Json::Object(whole)
}

fn examples(description: &Description) -> Json {
    let (without, _) = examples::WITHOUT;
    if description.event_type == without {
        return json!([description.example]);
    }
    examples::of(description.event_type).into()
}

fn object(asked: &FieldSpecs) -> Json {
    let property = |spec: &FieldSpec| {
        let kind = property(&spec.kind);
        (spec.field.clone(), if spec.is_required { kind } else { or_null(&kind) })
    };
    let properties: Map<_, _> = asked.specs.iter().map(property).collect();
    let required: Vec<_> = asked.specs.iter().filter(|it| it.is_required).map(|it| it.field.as_str()).collect();
    let mut object = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        object["required"] = required.into();
    }
    if !asked.one_of.is_empty() {
        object["anyOf"] = asked.one_of.iter().map(|field| there(&[field])).collect();
    }
    if !asked.together.is_empty() {
        let none = asked.together.iter().map(|field| json!({ "not": there(&[field]) })).collect::<Vec<_>>();
        object["anyOf"] = json!([there(&asked.together), { "allOf": none }]);
    }
    let asks_for = |kind: &FieldType| asked.specs.iter().any(|spec| spec.kind == *kind);
    if asks_for(&FieldType::Amount) && asks_for(&FieldType::Currency) {
        object["allOf"] = amounts::all_decimals().into_iter().map(amount_by_currency).collect();
    }
    object
}

/// Null is the same as missing.
fn or_null(schema: &Json) -> Json {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// Fields that are there, and not null.
fn there(fields: &[&'static str]) -> Json {
    let not_null = |field: &&'static str| ((*field).to_owned(), json!({ "not": { "type": "null" } }));
    json!({ "required": fields, "properties": fields.iter().map(not_null).collect::<Map<_, _>>() })
}

fn property(kind: &FieldType) -> Json {
    match kind {
        FieldType::Text | FieldType::OtherPerson(_) => text(MAX_STRING_CHARS),
        FieldType::TextUpTo(most) => text(*most),
        FieldType::Texts(most) => {
            json!({ "type": "array", "maxItems": most, "items": { "type": "string", "maxLength": MAX_STRING_CHARS } })
        }
        FieldType::Words(words) => json!({ "enum": words }),
        FieldType::Id(spelling) | FieldType::Subject(spelling) => id(spelling),
        FieldType::Moment => {
            json!({ "type": "string", "format": "date-time", "pattern": MOMENT, "maxLength": MAX_STRING_CHARS })
        }
        FieldType::Integer(one, same) if one == same => json!({ "const": one }),
        FieldType::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        FieldType::Email => texts::email(),
        FieldType::FullName => texts::full_name(),
        FieldType::Country => json!({ "enum": country::all().collect::<Vec<_>>() }),
        FieldType::Phone => json!({ "type": "string", "pattern": contact::PHONE }),
        FieldType::Date => json!({ "type": "string", "format": "date", "pattern": DAY }),
        FieldType::Language => json!({ "type": "string", "pattern": contact::LANGUAGE, "maxLength": MAX_STRING_CHARS }),
        FieldType::Currency => {
            json!({ "enum": amounts::currencies().iter().map(|currency| currency.code()).collect::<Vec<_>>() })
        }
        // With as many decimals as any currency has; which ones, the field beside it or the transaction says.
        FieldType::Amount => {
            let most = amounts::all_decimals().into_iter().max().unwrap_or_default();
            json!({ "anyOf": (0..=most).map(amounts::schema).collect::<Vec<_>>() })
        }
        FieldType::Price => json!({ "type": "string", "pattern": r"^-?(?:0|[1-9][0-9]{0,37})(?:\.[0-9]{1,18})?$" }),
        FieldType::TextMap(most) => json!({
            "type": "object",
            "maxProperties": most,
            "propertyNames": { "minLength": 1, "maxLength": MOST_KEY_CHARS, "not": { "pattern": OF_THE_DATABASE } },
            "additionalProperties": { "type": "string", "maxLength": MAX_STRING_CHARS },
        }),
        FieldType::Fields(specs) => object(specs),
        FieldType::List(most, specs) => json!({ "type": "array", "maxItems": most, "items": object(specs) }),
        FieldType::Object => json!({ "type": "object" }),
    }
}

fn id(spelling: &Spelling) -> Json {
    let mut id = json!({ "type": "string", "pattern": spelling.pattern, "maxLength": spelling.longest });
    if let Some(except) = spelling.except {
        id["not"] = json!({ "pattern": except });
    }
    id
}

fn text(most: usize) -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
}

fn amount_by_currency(decimals: u8) -> Json {
    json!({
        "if": { "properties": { "currency": { "enum": amounts::codes_with(decimals) } } },
        "then": { "properties": { "amount": amounts::schema(decimals) } },
    })
}
