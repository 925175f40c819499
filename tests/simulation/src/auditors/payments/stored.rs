//! Compares the stored balances and transactions with the book.

use std::collections::BTreeMap;

use super::{
    book::{Book, Held},
    transaction::Transaction,
};
use crate::{
    auditors::{Violation, customers, documents},
    stored::{Fields, integer, map, maps, moment_micros, text},
    world::World,
};

/// The name of this auditor.
pub(super) const BALANCES: &str = "balances";

type Balances = BTreeMap<(String, String), Held>;

pub(super) fn other_than(world: &World, book: &Book) -> Option<Violation> {
    let complain = |what: String| Some(Violation::new(BALANCES, what));
    let stored = balances(world);
    let differs = |mine: &Balances, theirs: &Balances| {
        mine.iter().find(|(of, held)| theirs.get(*of) != Some(held)).map(|(of, _)| of.clone())
    };
    if let Some(of) = differs(&stored, &book.held).or_else(|| differs(&book.held, &stored)) {
        let what = format!("{of:?} holds {:?}, should hold {:?}", stored.get(&of), book.held.get(&of));
        return Some(Violation::new(BALANCES, what).about(&of.0));
    }
    let posted = match posted(world) {
        Ok(posted) => posted,
        Err(id) => return complain(format!("the postings of transaction {id} don't sum to zero")),
    };
    if let Some(of) = differs(&stored, &posted).or_else(|| differs(&posted, &stored)) {
        let what = format!("{of:?} holds {:?}, and was posted {:?}", stored.get(&of), posted.get(&of));
        return Some(Violation::new(BALANCES, what).about(&of.0));
    }
    let transactions = documents(world, "transactions");
    if transactions.len() != book.transactions.len() {
        return complain(format!("{} transactions, should be {}", transactions.len(), book.transactions.len()));
    }
    transactions.into_iter().find_map(|(id, is)| {
        let (_, should) = book.transactions.get(id)?.last()?;
        (!is_the_same(is, should)).then(|| {
            Violation::new(BALANCES, format!("transaction {id} should be {should:?}, is {is:?}")).about(&should.user)
        })
    })
}

fn balances(world: &World) -> Balances {
    let of = |id: &str, currency: &str| (id.to_owned(), currency.to_owned());
    let all = customers(world).map(|(id, user)| held(user).map(move |(currency, held)| (of(id, currency), held)));
    all.flatten().collect()
}

/// By currency.
fn held(user: &Fields) -> impl Iterator<Item = (&str, Held)> {
    let balances = map(user, "balances");
    let currencies =
        balances.into_iter().flat_map(|balances| balances.keys().map(move |currency| (balances, currency)));
    currencies.map(|(balances, currency)| {
        let held = |account| map(balances, currency).and_then(|it| integer(it, account)).unwrap_or(i64::MIN);
        (currency.as_str(), ["available", "pending", "reserved"].map(held))
    })
}

/// Whether pending or reserved is below zero. Only available may be.
pub(in super::super) fn is_held_below_zero(user: &Fields) -> bool {
    held(user).any(|(_, [_, pending, reserved])| pending < 0 || reserved < 0)
}

/// The sums of all postings. An error names a transaction whose postings don't sum to zero.
fn posted(world: &World) -> Result<Balances, String> {
    let mut posted = Balances::new();
    for (id, transaction) in documents(world, "transactions") {
        let postings = maps(transaction, "postings");
        let amount = |posting: &&Fields| integer(posting, "amount").unwrap_or(i64::MIN);
        if postings.iter().map(amount).fold(0, i64::wrapping_add) != 0 {
            return Err(id.to_owned());
        }
        for posting in &postings {
            let of = (text(transaction, "userId").to_owned(), text(transaction, "currency").to_owned());
            let held = posted.entry(of).or_default();
            for (account, held) in ["available", "pending", "reserved"].into_iter().zip(held) {
                *held += if text(posting, "account") == account { amount(posting) } else { 0 };
            }
        }
    }
    Ok(posted)
}

fn is_the_same(is: &Fields, should: &Transaction) -> bool {
    let texts = [
        ("userId", should.user.as_str()),
        ("kind", should.kind),
        ("status", should.status),
        ("currency", &should.currency),
        ("paymentId", should.of.as_deref().unwrap_or_default()),
    ];
    // A payment without claims may have no such field.
    let is_counted = |name, should: i64| integer(is, name).unwrap_or(0) == should;
    texts.into_iter().all(|(name, should)| text(is, name) == should)
        && should.failed_because.is_none_or(|reason| text(is, "reason") == reason)
        && integer(is, "amount") == Some(should.minor)
        && integer(is, "settledAmount") == should.settled
        && integer(is, "reversedAmount") == should.reversed
        && moment_micros(is, "expiresAt") == should.expires_micros
        && is_counted("refunded", should.refunded)
        && is_counted("disputed", should.disputed)
}
