//! The books, recomputed from what is stored with nothing of the function's own code.

use std::collections::BTreeMap;

use boma_core::store::document::{Document, Unreadable};

use crate::town::Town;

/// (customer, currency, account)
type Account = (String, String, String);

/// The error says what doesn't.
pub(crate) fn adds_up(town: &Town) -> Result<(), String> {
    let sums = sums(town).map_err(|unreadable| unreadable.to_string())?;
    let held = held(town).map_err(|unreadable| unreadable.to_string())?;
    if sums != held {
        return Err(format!("the postings come to {sums:?}, the balances are {held:?}"));
    }
    if let Some((account, _)) = held.iter().find(|((_, _, account), amount)| account != "available" && **amount < 0) {
        return Err(format!("{account:?} is below zero"));
    }
    claims(town).map_err(|unreadable| unreadable.to_string())??;
    outside(town).map_err(|unreadable| unreadable.to_string())?
}

/// Of all postings, by account, where it isn't zero.
fn sums(town: &Town) -> Result<BTreeMap<Account, i64>, Unreadable> {
    let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
    for (id, transaction) in town.all("transactions") {
        let (user, currency) = (transaction.string("userId")?, transaction.string("currency")?);
        let mut rest = 0;
        for posting in transaction.array("postings")? {
            let posting = Document::of("postings", posting)?;
            let (account, amount) = (posting.string("account")?.to_owned(), posting.int("amount")?);
            rest += amount;
            if !account.starts_with("external:") {
                *sums.entry((user.to_owned(), currency.to_owned(), account)).or_default() += amount;
            }
        }
        assert_eq!(rest, 0, "the postings of {id}");
    }
    sums.retain(|_, amount| *amount != 0);
    Ok(sums)
}

/// What the customers' documents say, where it isn't zero.
fn held(town: &Town) -> Result<BTreeMap<Account, i64>, Unreadable> {
    let mut held = BTreeMap::new();
    for (id, user) in town.all("users") {
        for currency in user.map("balances")?.keys() {
            for account in ["available", "pending", "reserved"] {
                let amount = user.int(&format!("balances.{currency}.{account}"))?;
                held.insert((id.clone(), currency.clone(), account.to_owned()), amount);
            }
        }
    }
    held.retain(|_, amount| *amount != 0);
    Ok(held)
}

/// A payment counts what is open or lost of it, and never more than itself.
fn claims(town: &Town) -> Result<Result<(), String>, Unreadable> {
    let mut open: BTreeMap<(String, &str), i64> = BTreeMap::new();
    for (_, claim) in town.all("transactions") {
        let of = match (claim.string("kind")?, claim.string("status")?) {
            ("REFUND", "PENDING" | "SETTLED") => "refunded",
            ("DISPUTE", "PENDING" | "SETTLED") => "disputed",
            (_, _) => continue,
        };
        *open.entry((claim.string("paymentId")?.to_owned(), of)).or_default() += claim.int("amount")?;
    }
    for (id, payment) in town.all("transactions") {
        let mut claimed = 0;
        for of in ["refunded", "disputed"] {
            let says = payment.optional_int(of)?.unwrap_or(0);
            let is = open.get(&(id.clone(), of)).copied().unwrap_or(0);
            if says != is {
                return Ok(Err(format!("{id} says that {says} is {of}, and it is {is}")));
            }
            claimed += says;
        }
        if claimed > payment.int("amount")? {
            return Ok(Err(format!("{claimed} is claimed of {id}, more than it is")));
        }
    }
    Ok(Ok(()))
}

/// What of a deposit is back outside: what was lost of it; and once it was reversed all of it, but for what is still open.
fn outside(town: &Town) -> Result<Result<(), String>, Unreadable> {
    for (id, deposit) in town.all("transactions") {
        let is_reversed = match (deposit.string("kind")?, deposit.string("status")?) {
            ("DEPOSIT", "SETTLED") => false,
            ("DEPOSIT", "REVERSED") => true,
            (_, _) => continue,
        };
        let (mut is, mut should) = (external(deposit)?, if is_reversed { 0 } else { -deposit.int("amount")? });
        for (_, claim) in town.all("transactions") {
            if claim.optional_string("paymentId")? != Some(&id) {
                continue;
            }
            is += external(claim)?;
            should += match claim.string("status")? {
                "SETTLED" if !is_reversed => claim.int("amount")?,
                "PENDING" if is_reversed => -claim.int("amount")?,
                _ => 0,
            };
        }
        if is != should {
            return Ok(Err(format!("{is} of {id} is outside, and not {should}")));
        }
    }
    Ok(Ok(()))
}

fn external(transaction: &Document) -> Result<i64, Unreadable> {
    let mut sum = 0;
    for posting in transaction.array("postings")? {
        let posting = Document::of("postings", posting)?;
        sum += if posting.string("account")?.starts_with("external:") { posting.int("amount")? } else { 0 };
    }
    Ok(sum)
}
