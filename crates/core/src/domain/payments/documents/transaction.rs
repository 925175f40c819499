//! transactions/{transactionId}

use std::collections::BTreeMap;

use crate::{
    domain::payments::{
        facts::Method,
        machine::{Account, Approval, Counterparty, Details, Kind, Posting, State, Transaction},
    },
    kernel::{
        ids::{Id, TransactionId, UserId},
        money::{Currency, Money},
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::{Map, Value, map},
        write::Write,
    },
};

pub fn read(document: &Document) -> Result<Transaction, Unreadable> {
    let kind = document.word("kind", Kind::from_name)?;
    let currency = document.word("currency", |code| Currency::parse(code).ok())?;
    let amount = document.int("amount")?;
    Ok(Transaction {
        user: document.word("userId", |id| UserId::parse_stored(id).ok())?,
        state: document.word("status", |status| State::from_names(kind, status))?,
        money: Money::from_minor(amount, currency).ok_or_else(|| Unreadable::new("amount", "not an amount"))?,
        method: document.word("method", Method::from_name)?,
        at: document.timestamp("timestamp")?,
        postings: document.array("postings")?.iter().map(read_posting).collect::<Result<_, _>>()?,
        payment: document.optional_word("paymentId", |id| TransactionId::parse_stored(id).ok())?,
        settled_amount: document.optional_int("settledAmount")?,
        refunded: document.optional_int("refunded")?,
        disputed: document.optional_int("disputed")?,
        reversed_amount: document.optional_int("reversedAmount")?,
        expires_at: document.optional_timestamp("expiresAt")?,
        reason: text(document, "reason")?,
        approval: text(document, "operator")?
            .zip(text(document, "approvedBy")?)
            .map(|(operator, approved_by)| Approval { operator, approved_by }),
        details: Details {
            reference: text(document, "reference")?,
            counterparty: document.optional_map("counterparty")?.map(read_counterparty).transpose()?,
            description: text(document, "description")?,
            metadata: document.optional_map("metadata")?.map(read_metadata).transpose()?,
        },
    })
}

fn text(document: &Document, field: &str) -> Result<Option<String>, Unreadable> {
    Ok(document.optional_string(field)?.map(str::to_owned))
}

fn read_counterparty(fields: &Map) -> Result<Counterparty, Unreadable> {
    let counterparty = Document { fields: fields.clone() };
    Ok(Counterparty { name: text(&counterparty, "name")?, account: text(&counterparty, "account")? })
}

fn read_metadata(fields: &Map) -> Result<BTreeMap<String, String>, Unreadable> {
    let read = |(name, value): (&String, &Value)| {
        let text = value.as_text().ok_or_else(|| Unreadable::new("metadata", "not strings"))?;
        Ok((name.clone(), text.to_owned()))
    };
    fields.iter().map(read).collect()
}

/// The fields that are other than before.
pub fn write(path: DocumentPath, before: Option<&Transaction>, after: &Transaction) -> Write {
    let before = before.map(fields).unwrap_or_default();
    let after = fields(after);
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let cleared = gone.fold(Write::to(path), |write, name| write.set_or_clear(name, None::<Value>));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed.fold(cleared, |write, (name, value)| write.set(name, value.clone()))
}

fn fields(transaction: &Transaction) -> Map {
    let mut fields = map([
        ("userId", transaction.user.to_string().into()),
        ("kind", transaction.state.kind().name().into()),
        ("amount", transaction.money.minor().into()),
        ("currency", transaction.currency().code().into()),
        ("status", transaction.state.status().into()),
        ("timestamp", transaction.at.into()),
        ("method", transaction.method.name().into()),
        ("postings", transaction.postings.iter().map(posting).collect::<Vec<_>>().into()),
    ]);
    let Details { reference, counterparty, description, metadata } = transaction.details.clone();
    let (operator, approved_by) = transaction.approval.clone().map(|it| (it.operator, it.approved_by)).unzip();
    let texts =
        |map: BTreeMap<String, String>| map.into_iter().map(|(name, text)| (name, text.into())).collect::<Map>();
    let optional: [(&str, Option<Value>); 13] = [
        ("paymentId", transaction.payment.map(|id| id.to_string().into())),
        ("settledAmount", transaction.settled_amount.map(Value::from)),
        ("refunded", transaction.refunded.map(Value::from)),
        ("disputed", transaction.disputed.map(Value::from)),
        ("reversedAmount", transaction.reversed_amount.map(Value::from)),
        ("expiresAt", transaction.expires_at.map(Value::from)),
        ("reason", transaction.reason.clone().map(Value::from)),
        ("operator", operator.map(Value::from)),
        ("approvedBy", approved_by.map(Value::from)),
        ("reference", reference.map(Value::from)),
        ("counterparty", counterparty.map(|it| Value::Map(written_counterparty(it)))),
        ("description", description.map(Value::from)),
        ("metadata", metadata.map(|it| Value::Map(texts(it)))),
    ];
    fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    fields
}

fn written_counterparty(Counterparty { name, account }: Counterparty) -> Map {
    let fields = [("name", name), ("account", account)];
    fields.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))).collect()
}

fn posting(posting: &Posting) -> Value {
    Value::Map(map([("account", posting.account.to_string().into()), ("amount", posting.amount.into())]))
}

fn read_posting(value: &Value) -> Result<Posting, Unreadable> {
    let posting = Document::of("postings", value)?;
    Ok(Posting { account: posting.word("account", Account::from_name)?, amount: posting.int("amount")? })
}
