//! users/{userId}.balances: currency -> {available, pending, reserved}.

use crate::{
    domain::{customer::documents::user::BALANCES, payments::machine::Balance},
    kernel::money::Currency,
    store::{
        document::{Document, Unreadable},
        value::map,
        write::Write,
    },
};

/// Nothing where there is no such currency yet.
pub fn read(user: &Document, currency: Currency) -> Result<Balance, Unreadable> {
    let held = |account| Ok(user.optional_int(&format!("{}.{account}", field_of(currency)))?.unwrap_or(0));
    Ok(Balance { available: held("available")?, pending: held("pending")?, reserved: held("reserved")? })
}

/// Other currencies stay as they are.
pub fn write(user: Write, currency: Currency, balance: Balance) -> Write {
    let held = map([
        ("available", balance.available.into()),
        ("pending", balance.pending.into()),
        ("reserved", balance.reserved.into()),
    ]);
    user.set(&field_of(currency), held)
}

fn field_of(currency: Currency) -> String {
    format!("{BALANCES}.{}", currency.code())
}
