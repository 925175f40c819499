//! transactions/{transactionId}

use crate::{
    domain::payments::{
        facts::Method,
        machine::{Account, Kind, Posting, State, Transaction},
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
        user: document.word("userId", |id| UserId::parse(id).ok())?,
        state: document.word("status", |status| State::from_names(kind, status))?,
        money: Money::from_minor(amount, currency).ok_or_else(|| Unreadable::new("amount", "not an amount"))?,
        method: document.word("method", Method::from_name)?,
        at: document.timestamp("timestamp")?,
        postings: document.array("postings")?.iter().map(read_posting).collect::<Result<_, _>>()?,
        payment: document.optional_word("paymentId", |id| TransactionId::parse(id).ok())?,
        settled_amount: document.optional_int("settledAmount")?,
        refunded: document.optional_int("refunded")?,
        disputed: document.optional_int("disputed")?,
        expires_at: document.optional_timestamp("expiresAt")?,
        reason: document.optional_string("reason")?.map(str::to_owned),
    })
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
    let optional: [(&str, Option<Value>); 6] = [
        ("paymentId", transaction.payment.map(|id| id.to_string().into())),
        ("settledAmount", transaction.settled_amount.map(Value::from)),
        ("refunded", transaction.refunded.map(Value::from)),
        ("disputed", transaction.disputed.map(Value::from)),
        ("expiresAt", transaction.expires_at.map(Value::from)),
        ("reason", transaction.reason.clone().map(Value::from)),
    ];
    fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    fields
}

fn posting(posting: &Posting) -> Value {
    Value::Map(map([("account", posting.account.to_string().into()), ("amount", posting.amount.into())]))
}

fn read_posting(value: &Value) -> Result<Posting, Unreadable> {
    let posting = Document::of("postings", value)?;
    Ok(Posting { account: posting.word("account", Account::from_name)?, amount: posting.int("amount")? })
}
