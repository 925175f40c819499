//! At the borders of each text's length, in characters of one to four bytes, schema and reader say the same.

mod validator;

use boma_core::event::{
    description::Description,
    shape::{FieldSpec, FieldSpecs, FieldType},
};
use contracts::contract;
use serde_json::{Map, Value as Json, json};
use validator::Validator;

const CHARACTERS: [&str; 4] = ["a", "ř", "€", "😀"];

/// The bounds of all texts, and how many characters of two to four bytes were as many bytes.
const BOUNDS: [usize; 13] = [1, 32, 62, 63, 64, 128, 200, 254, 256, 341, 512, 1024, 2_000];

/// Texts at, and one beyond, each bound.
fn runs() -> Vec<String> {
    let lengths = BOUNDS.iter().flat_map(|bound| [*bound, bound + 1]);
    lengths.flat_map(|length| CHARACTERS.map(|character| character.repeat(length))).collect()
}

/// The text as it is, and in forms that the field may ask for.
fn formed(kind: &FieldType, run: &str) -> Vec<String> {
    let length = run.chars().count();
    let mut texts = Vec::new();
    if *kind == FieldType::Email {
        // As long as the text, of labels that are short enough.
        let host = run.chars().enumerate().map(|(place, c)| if place % 50 == 49 { '.' } else { c }).collect::<String>();
        let quoted = format!("\"{run}\"@example.com");
        texts.extend([quoted, format!("{run}@example.com"), format!("a@{run}.cz"), format!("a@{host}")]);
    }
    if *kind == FieldType::Moment {
        texts.push(format!("2026-01-05T10:00:00.{}Z", "1".repeat(length)));
    }
    if *kind == FieldType::Language {
        texts.push(format!("cs-x-{}", vec!["a1b2c3d4"; length / 9 + 1].join("-")));
    }
    texts.push(run.to_owned());
    texts
}

/// Values of a field with the text in them, wherever one may stand.
fn with_text(spec: &FieldSpec, example: &Json, text: &str) -> Vec<Json> {
    let nested = |specs: &FieldSpecs, whole: &Json| -> Vec<Json> {
        let field = |spec: &FieldSpec| {
            let values = with_text(spec, &whole[&spec.field], text).into_iter();
            values.map(|value| with(whole, &spec.field, value)).collect::<Vec<_>>()
        };
        specs.specs.iter().flat_map(field).collect()
    };
    match &spec.kind {
        FieldType::Texts(_) => vec![json!([text])],
        FieldType::TextMap(_) => vec![json!({ "name": text }), json!({ text: "text" })],
        FieldType::Fields(specs) => nested(specs, example),
        FieldType::List(_, specs) => nested(specs, &example[0]).into_iter().map(|item| json!([item])).collect(),
        FieldType::Integer(..) | FieldType::Object => Vec::new(),
        FieldType::Text
        | FieldType::OtherPerson(_)
        | FieldType::TextUpTo(_)
        | FieldType::Words(_)
        | FieldType::Id(_)
        | FieldType::Subject(_)
        | FieldType::Moment
        | FieldType::Email
        | FieldType::FullName
        | FieldType::Country
        | FieldType::Phone
        | FieldType::Date
        | FieldType::Language
        | FieldType::Currency
        | FieldType::Amount
        | FieldType::Price => formed(&spec.kind, text).into_iter().map(Json::from).collect(),
    }
}

fn with(object: &Json, field: &str, value: Json) -> Json {
    let mut object = object.as_object().cloned().unwrap_or_default();
    object.insert(field.to_owned(), value);
    Json::Object(object)
}

/// Events with one field of the envelope, or of the data, that has the text in it.
fn events(description: &Description, with_envelope: bool, text: &str) -> Vec<Json> {
    let example = Json::Object(description.example.clone());
    let of = |spec: &FieldSpec, whole: &Json| -> Vec<Json> {
        let values = with_text(spec, &whole[&spec.field], text).into_iter();
        values.map(|value| with(whole, &spec.field, value)).collect()
    };
    let envelope = description.envelope.specs.iter().filter(|_| with_envelope).flat_map(|spec| of(spec, &example));
    let data = description.data.specs.iter().flat_map(|spec| of(spec, &example["data"]));
    envelope.chain(data.map(|data| with(&example, "data", data))).collect()
}

#[test]
fn every_text_of_every_type_ends_where_its_schema_says() {
    let texts = runs();
    let (mut accepted, mut refused, mut long, mut first) = (0, 0, 0, true);
    for contract in contract::all() {
        let validator = Validator::of(&contract.schema());
        for text in &texts {
            // The envelope is the same for all types.
            for event in events(&contract.description, first, text) {
                let (complaint, read) = (validator.complaint(&event), contract.read(event.to_string().as_bytes()));
                // That two are different people is more than a schema can say, and so is that an id is the subject's.
                let is_more = read.as_ref().is_err_and(|malformed| {
                    ["the operator, and not another person", "not the subject"]
                        .iter()
                        .any(|it| malformed.reason().ends_with(it))
                });
                if is_more {
                    continue;
                }
                assert_eq!(
                    complaint.is_none(),
                    read.is_ok(),
                    "{}: {read:?}, {complaint:?}, {event}",
                    contract.event_type()
                );
                accepted += usize::from(read.is_ok());
                refused += usize::from(read.is_err());
                long += usize::from(read.is_ok() && text.len() > 1024);
            }
        }
        first = false;
    }
    assert!(accepted > 1_000 && refused > 1_000 && long > 100, "{accepted} accepted, {refused} refused, {long} long");
}

/// A description's example has all of its fields.
#[test]
fn no_field_is_left_out() {
    for contract in contract::all() {
        let data: &Map<String, Json> = contract.description.example["data"].as_object().expect("an object");
        assert!(contract.description.data.specs.iter().all(|spec| data.contains_key(&spec.field)));
    }
}
