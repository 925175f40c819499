//! The balances and claims, computed again from the stored transactions without the function's own code.

use std::collections::BTreeMap;

use boma_core::store::document::{Document, Unreadable};
use in_memory_store::InMemoryStore;

/// (customer, currency, account)
pub(crate) type Account = (String, String, String);

/// The error says which figures differ.
pub(crate) fn adds_up(store: &InMemoryStore) -> Result<(), String> {
    let sums = sums(store).map_err(|unreadable| unreadable.to_string())?;
    let held = held(store).map_err(|unreadable| unreadable.to_string())?;
    if sums != held {
        return Err(format!("the postings come to {sums:?}, the balances are {held:?}"));
    }
    if let Some((account, _)) = held.iter().find(|((_, _, account), amount)| account != "available" && **amount < 0) {
        return Err(format!("{account:?} is below zero"));
    }
    claims(store).map_err(|unreadable| unreadable.to_string())??;
    outside(store).map_err(|unreadable| unreadable.to_string())?
}

/// The sums of all postings by account, without those that are zero.
fn sums(store: &InMemoryStore) -> Result<BTreeMap<Account, i64>, Unreadable> {
    let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
    for (path, transaction) in store.collection("transactions") {
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
        assert_eq!(rest, 0, "the postings of {path}");
    }
    sums.retain(|_, amount| *amount != 0);
    Ok(sums)
}

/// The balances in the customers' documents, without those that are zero.
pub(crate) fn held(store: &InMemoryStore) -> Result<BTreeMap<Account, i64>, Unreadable> {
    let mut held = BTreeMap::new();
    for (path, user) in store.collection("users") {
        for currency in user.map("balances")?.keys() {
            for account in ["available", "pending", "reserved"] {
                let amount = user.int(&format!("balances.{currency}.{account}"))?;
                held.insert((path.id().to_owned(), currency.clone(), account.to_owned()), amount);
            }
        }
    }
    held.retain(|_, amount| *amount != 0);
    Ok(held)
}

/// `refunded` and `disputed` of a payment are the sums of its open and settled claims. A reversal never takes more than moved.
fn claims(store: &InMemoryStore) -> Result<Result<(), String>, Unreadable> {
    let mut open: BTreeMap<(String, &str), i64> = BTreeMap::new();
    for (_, claim) in store.collection("transactions") {
        let of = match (claim.string("kind")?, claim.string("status")?) {
            ("REFUND", "PENDING" | "SETTLED") => "refunded",
            ("DISPUTE", "PENDING" | "SETTLED") => "disputed",
            (_, _) => continue,
        };
        *open.entry((claim.string("paymentId")?.to_owned(), of)).or_default() += claim.int("amount")?;
    }
    for (path, payment) in store.collection("transactions") {
        for of in ["refunded", "disputed"] {
            let says = payment.optional_int(of)?.unwrap_or(0);
            let is = open.get(&(path.id().to_owned(), of)).copied().unwrap_or(0);
            if says != is {
                return Ok(Err(format!("{path} says that {says} is {of}, and it is {is}")));
            }
        }
        let (reversed, moved) = (payment.optional_int("reversedAmount")?.unwrap_or(0), moved(payment)?);
        if !(0..=moved).contains(&reversed) {
            return Ok(Err(format!("{reversed} of {path} is reversed, and {moved} had moved")));
        }
    }
    Ok(Ok(()))
}

/// Money of a deposit goes back outside by its settled claims and by its reversal.
fn outside(store: &InMemoryStore) -> Result<Result<(), String>, Unreadable> {
    for (path, deposit) in store.collection("transactions") {
        if deposit.string("kind")? != "DEPOSIT" || !["SETTLED", "REVERSED"].contains(&deposit.string("status")?) {
            continue;
        }
        let mut is = external(deposit)?;
        let mut should = deposit.optional_int("reversedAmount")?.unwrap_or(0) - moved(deposit)?;
        for (_, claim) in store.collection("transactions") {
            if claim.string("kind")? == "FEE" || claim.optional_string("paymentId")? != Some(path.id()) {
                continue;
            }
            is += external(claim)?;
            should += if claim.string("status")? == "SETTLED" { claim.int("amount")? } else { 0 };
        }
        if is != should {
            return Ok(Err(format!("{is} of {path} is outside, and not {should}")));
        }
    }
    Ok(Ok(()))
}

fn moved(transaction: &Document) -> Result<i64, Unreadable> {
    Ok(transaction.optional_int("settledAmount")?.unwrap_or(transaction.int("amount")?))
}

fn external(transaction: &Document) -> Result<i64, Unreadable> {
    let mut sum = 0;
    for posting in transaction.array("postings")? {
        let posting = Document::of("postings", posting)?;
        sum += if posting.string("account")?.starts_with("external:") { posting.int("amount")? } else { 0 };
    }
    Ok(sum)
}
