//! The values of the examples: by the field's name where a plain one would tell nothing, else by its kind.

use boma_core::event::{
    catalog::{EventType, SubjectKind},
    shape::{FieldSpec, FieldType},
};
use serde_json::{Value as Json, json};

const CUSTOMER: &str = "a158d2ce-5e11-5035-81bf-299f0e0d6b56";
const LEAD: &str = "5e998ab3-f3c1-5777-bb3d-8fa73bad18bf";
const ALERT: &str = "75bf3740-301b-5051-b790-506ef2ac2f15";
const SYMBOL: &str = "BTC-EUR";

/// An answer that the reader accepts: the description of a type fails where one isn't accepted.
pub(crate) fn to(event_type: EventType, spec: &FieldSpec) -> Json {
    match spec.field.as_str() {
        "type" => event_type.name().into(),
        "id" => "1a9b3ebc-cd3f-5bf8-a4e9-e3ccadd2d17d".into(),
        "source" => "//provider/europe".into(),
        "subject" => subject(event_type.subject_kind()).into(),
        "correlationid" => "order-4711".into(),
        "causationid" => "0d8d0a2e-6a11-5f0c-8f0a-6a3b1c2d3e4f".into(),
        "traceparent" => "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into(),
        "userId" => CUSTOMER.into(),
        "leadId" => LEAD.into(),
        "email" => "ada@example.com".into(),
        "fullName" => "Ada Lovelace".into(),
        "phone" => "+420601234567".into(),
        "birthDate" => "1815-12-10".into(),
        "language" => "cs-CZ".into(),
        "address" => json!({ "street": "Dlouhá 13", "city": "Praha", "postalCode": "110 00" }),
        "assignee" => "eva@boma.example".into(),
        "region" => "Prague".into(),
        "channel" => "branch".into(),
        "operator" => "operator-7".into(),
        "approvedBy" => "operator-9".into(),
        "reference" => "2026-03-01/4711".into(),
        "description" => "Invoice 4711".into(),
        "counterparty" => json!({ "name": "Charles Babbage", "account": "CZ6508000000192000145399" }),
        "metadata" => json!({ "channel": "branch" }),
        "reason" => "DocumentExpired".into(),
        "reasons" => json!(["DocumentExpired"]),
        "documents" => json!(["passport.jpg"]),
        "provider" => "sumsub".into(),
        "reviewId" => "r-2041".into(),
        "alerts" => json!([{ "alertId": ALERT, "userId": CUSTOMER, "direction": "ABOVE", "threshold": "1200" }]),
        "validUntil" => "2031-03-01T00:00:00Z".into(),
        _ => plain(&spec.kind),
    }
}

fn subject(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::User => CUSTOMER,
        SubjectKind::Lead => LEAD,
        SubjectKind::Symbol => SYMBOL,
    }
}

fn plain(kind: &FieldType) -> Json {
    match kind {
        FieldType::Text | FieldType::OtherPerson(_) | FieldType::TextUpTo(_) | FieldType::FullName => "text".into(),
        FieldType::Email => "ada@example.com".into(),
        FieldType::Phone => "+420601234567".into(),
        FieldType::Date => "1815-12-10".into(),
        FieldType::Language => "cs".into(),
        FieldType::Texts(_) => json!(["text"]),
        FieldType::Words(words) => words[0].into(),
        FieldType::Id(_) | FieldType::Subject(_) => ALERT.into(),
        FieldType::Moment => "2026-03-01T10:00:00Z".into(),
        FieldType::Integer(least, most) => (least + 1).min(*most).into(),
        FieldType::Country => "CZ".into(),
        FieldType::Currency => "CZK".into(),
        FieldType::Amount => "700.00".into(),
        FieldType::Price => "1234.50".into(),
        FieldType::TextMap(_) => json!({ "amount": "700.00", "currency": "CZK" }),
        FieldType::List(..) => json!([]),
        FieldType::Fields(_) | FieldType::Object => json!({}),
    }
}
