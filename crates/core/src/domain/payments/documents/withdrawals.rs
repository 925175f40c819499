//! limits/{currency} and withdrawal_windows/{userId}.

use crate::{
    domain::payments::machine::{Entry, Limit, Window},
    kernel::ids::{Id, TransactionId},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::{Map, Value, map},
        write::Write,
    },
};

pub fn read_limit(document: &Document) -> Result<Limit, Unreadable> {
    Ok(Limit { per_withdrawal: document.optional_int("perWithdrawal")?, per_day: document.optional_int("perDay")? })
}

/// `entries`: currency -> list of {transactionId, amount, at}.
pub fn read_window(document: &Document) -> Result<Window, Unreadable> {
    let entries = document.map("entries")?;
    let of_currency = |(currency, list): (&String, &Value)| {
        let Value::Array(items) = list else { return Err(Unreadable::new("entries", "not lists")) };
        Ok((currency.clone(), items.iter().map(read_entry).collect::<Result<_, _>>()?))
    };
    Ok(Window { entries: entries.iter().map(of_currency).collect::<Result<_, _>>()? })
}

pub fn write_window(path: DocumentPath, window: &Window) -> Write {
    let of_currency = |(currency, entries): (&String, &Vec<Entry>)| {
        (currency.clone(), entries.iter().map(entry).collect::<Vec<_>>().into())
    };
    Write::to(path).set("entries", window.entries.iter().map(of_currency).collect::<Map>())
}

fn read_entry(value: &Value) -> Result<Entry, Unreadable> {
    let entry = Document::of("entries", value)?;
    Ok(Entry {
        transaction: entry.word("transactionId", |id| TransactionId::parse_stored(id).ok())?,
        amount: entry.int("amount")?,
        at: entry.timestamp("at")?,
    })
}

fn entry(entry: &Entry) -> Value {
    let Entry { transaction, amount, at } = *entry;
    let fields = [("transactionId", transaction.to_string().into()), ("amount", amount.into()), ("at", at.into())];
    Value::Map(map(fields))
}
