//! What balances come to when every posting is added up again. It shares no code with what posts them.

use std::{collections::BTreeMap, fmt::Debug};

use crate::store::document::{Document, Unreadable};

/// What the documents say, as the function reads them.
pub trait BalanceReader: Clone + Debug {
    /// The name of the function that this works in.
    const FUNCTION: &'static str;

    /// The balances as the customer's document has them.
    fn balances(user: &Document) -> Result<Balances, Unreadable>;

    fn postings(transaction: &Document) -> Result<Vec<Posting>, Unreadable>;
}

/// Minor units by currency and account. Wider than what is stored, so that adding up can't overflow.
pub type Balances = BTreeMap<Account, i128>;

/// One of a customer's own accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    pub currency: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub currency: String,
    /// None: somewhere outside.
    pub account: Option<Account>,
    pub amount: i128,
}

/// Adds the postings to the balances. The answer is what they sum to in each currency: anything but 0 is wrong.
pub(super) fn add(balances: &mut Balances, postings: Vec<Posting>) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for Posting { currency, account, amount } in postings {
        *sums.entry(currency).or_default() += amount;
        if let Some(account) = account {
            *balances.entry(account).or_default() += amount;
        }
    }
    sums
}

/// Stored and recomputed of each account in which the two aren't the same. What isn't there counts as 0.
pub(super) fn differences(stored: &Balances, recomputed: &Balances) -> Vec<(Account, i128, i128)> {
    let mut accounts: Vec<_> = stored.keys().chain(recomputed.keys()).collect();
    accounts.sort();
    accounts.dedup();
    let amount = |balances: &Balances, account| balances.get(account).copied().unwrap_or_default();
    let both =
        accounts.into_iter().map(|account| (account.clone(), amount(stored, account), amount(recomputed, account)));
    both.filter(|(_, stored, recomputed)| stored != recomputed).collect()
}
