//! Sums as the document of one minute and one shard.

use std::collections::BTreeMap;

use crate::{
    domain::pulse::{
        newest::{Detail, Entry, Newest},
        sums::Sums,
    },
    kernel::{minute::Minute, timestamp::Timestamp},
    store::{
        path::DocumentPath,
        value::{Map, Value, map},
        write::Write,
    },
};

/// Long enough for the last hour, which is what operators look at.
const DAYS_KEPT: u32 = 1;

impl Sums {
    /// All that this shard knows of the minute. No other writes that document, so it needs no precondition.
    pub fn write(&self, minute: Minute, shard: u32, now: Timestamp) -> Write {
        let fields = map([
            ("minute", minute.start().into()),
            ("shard", format!("{shard:08x}").into()),
            ("writtenAt", now.into()),
            ("expireAt", minute.start().plus_days(DAYS_KEPT).into()),
            ("changes", numbers(&self.changes)),
            ("statuses", numbers(&self.statuses)),
            ("amounts", Value::Map(self.amounts.iter().map(|(kind, of)| (kind.clone(), numbers(of))).collect())),
            ("transactions", listed(&self.transactions, "id")),
            ("kyc", listed(&self.kyc, "userId")),
            ("letters", listed(&self.letters, "id")),
        ]);
        Write::over_anything(DocumentPath::pulse(minute, shard), fields)
    }
}

fn numbers<K: ToString>(sums: &BTreeMap<K, i64>) -> Value {
    Value::Map(sums.iter().map(|(name, number)| (name.to_string(), Value::Int(*number))).collect())
}

fn listed(newest: &Newest, id: &str) -> Value {
    let entry = |entry: &Entry| {
        let mut fields: Map = entry.details.iter().map(|(name, detail)| ((*name).to_owned(), value(detail))).collect();
        fields.insert(id.to_owned(), entry.id.as_str().into());
        fields.insert("at".to_owned(), entry.at.into());
        Value::Map(fields)
    };
    Value::Array(newest.iter().map(entry).collect())
}

fn value(detail: &Detail) -> Value {
    match detail {
        Detail::Text(text) => text.as_str().into(),
        Detail::Number(number) => Value::Int(*number),
    }
}
